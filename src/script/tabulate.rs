//! Rules into diagrams: each rule is run on every case it tells apart.

use std::collections::BTreeMap;
use std::sync::Arc;

use rhai::{AST, Dynamic, Engine, FnPtr};
use serde::Serialize;

use super::dated::{self, Scale};
use super::draft::Draft;
use super::explain;
use super::fault::{Both, Fault, Spot, Tried, both};
use super::record::{Choice, Closure, Matter, Recorder, World};
use super::report::Report;
use super::source::{Kind as TokenKind, Token};
use super::value::Raw;
use crate::plan::{Decision, Diagram, DiagramError, Domain, Given, Region, Schema, case_zh};
use crate::words::RuleId;

/// What converts the answer of a rule.
pub(super) type Convert<A> = fn(&Dynamic) -> Tried<A>;

/// A clause that holds for some cases only: the fact, the codes for which its rule is asked, and the answer for all others.
#[derive(Debug, Clone)]
pub(super) struct Only<A> {
    pub(super) fact: usize,
    pub(super) codes: Vec<i64>,
    pub(super) otherwise: A,
}

/// Asks a rule on one case.
pub(super) type Ask =
    Box<dyn Fn(&Engine, &Arc<Recorder>) -> Tried<serde_json::Value> + Send + Sync>;

/// A rule as it was written, kept to be asked case by case.
pub(super) struct Written {
    pub(super) rule: RuleId,
    pub(super) ask: Ask,
    /// How many paths through it there are.
    pub(super) paths: u64,
}

type Bounds = BTreeMap<usize, (i64, i64)>;

/// One load's worth of tabulation.
pub(super) struct Tabulator<'a, 'b> {
    pub(super) engine: &'a Engine,
    pub(super) world: Arc<World>,
    pub(super) report: &'a mut Report<'b>,
    pub(super) trees: Vec<Arc<AST>>,
    pub(super) names: Vec<String>,
    /// Statements that are already found wanting: what their rules would answer says nothing.
    pub(super) skip: Vec<bool>,
    /// Facts and terms whose declarations failed: reading them is no further fault.
    pub(super) lost: Vec<String>,
    pub(super) paths: u64,
    pub(super) looks: u64,
    /// Pairs of nodes that clauses may still be compared by.
    pub(super) pairs: usize,
    /// Pairs of nodes by which a base's limits may still be laid under those of an overlay.
    pub(super) laid: usize,
    /// What all rules may take together is spent: said once.
    pub(super) spent: bool,
    pub(super) most: u64,
    pub(super) written: Vec<Written>,
}

/// Facts that the cases of one rule may look at, all cases taken together: they are held in memory until the rule is in order.
const CELLS: usize = 1_000_000;
/// How often the rules of a pack may compare numbers, all cases taken together.
const LOOKS: u64 = 1_000_000;
/// Pairs of nodes that the clauses of a pack may be compared by, all together.
pub(super) const PAIRS: usize = 200_000;
/// Pairs of nodes by which limits of an overlay may be laid over those of its base, all together.
pub(super) const LAID: usize = 500_000;

/// A closure made ready: what it captured is flattened to constants of its own, and it takes the matter alone.
pub(super) fn closure(raw: &Raw, trees: &[Arc<AST>]) -> Tried<Option<Closure>> {
    let Some(mut call) = raw.value.clone().try_cast::<FnPtr>() else {
        return Ok(None);
    };
    let Some(tree) = trees.get(raw.statement).cloned() else {
        return Ok(None);
    };
    let flat: Vec<Dynamic> = call.curry().iter().map(Dynamic::flatten_clone).collect();
    let captured = flat.len();
    call.set_curry(flat);
    let own = tree
        .iter_functions()
        .find(|function| function.name == call.fn_name());
    match own.map(|function| function.params.len()) {
        Some(n) if n == captured + 1 => Ok(Some(Closure { call, tree })),
        Some(n) => {
            let takes = n - captured.min(n);
            let message = both!(
                "a rule takes one parameter, the matter, and this one takes {takes}",
                "规则只带一个`m`,这里带了 {takes} 个"
            );
            Err(Fault::new("D314", message)
                .help(both!("write `|m| …`", "写`|m| …`"))
                .arg(raw.arg))
        }
        None => Err(Fault::new(
            "D314",
            both!("a rule is written where it is used", "规则要写在用它的地方"),
        )
        .help(both!(
            "write `|m| …` here, or name a condition by `term(…)`",
            "在这里写`|m| …`,或者用`term(\"…\", |m| …)`给条件起个名字"
        ))
        .arg(raw.arg)),
    }
}

impl Tabulator<'_, '_> {
    /// The decision that a rule makes, or nothing and a finding.
    pub(super) fn decide<A>(
        &mut self,
        rule: &RuleId,
        raw: &Raw,
        latest: Given,
        only: Option<Only<A>>,
        convert: Convert<A>,
    ) -> Option<Decision<A>>
    where
        A: Clone + PartialEq + Serialize + Send + Sync + 'static,
    {
        if self.spent || self.skip.get(raw.statement).copied().unwrap_or(false) {
            return None;
        }
        let ready = match closure(raw, &self.trees) {
            Ok(ready) => ready,
            Err(fault) => {
                self.report.add(fault, raw.at);
                return None;
            }
        };
        let Some(closure) = ready else {
            if dated::is_unit(&raw.value) {
                return self.by_date(rule, raw, convert);
            }
            return match convert(&raw.value) {
                Ok(answer) => {
                    let json = serde_json::to_value(&answer).unwrap_or_default();
                    self.written.push(Written {
                        rule: rule.clone(),
                        ask: Box::new(move |_, _| Ok(json.clone())),
                        paths: 1,
                    });
                    Some(Decision::new(rule.clone(), Diagram::constant(answer)))
                }
                Err(fault) => {
                    self.report.add(fault.arg(raw.arg), raw.at);
                    None
                }
            };
        };
        let before = self.paths;
        let diagram = self.tabulate(raw, &closure, latest, only.as_ref(), convert)?;
        self.written.push(Written {
            rule: rule.clone(),
            ask: interpreted(closure, only, convert),
            // Each was taken twice, forwards and backwards.
            paths: (self.paths - before) / 2,
        });
        Some(Decision::new(rule.clone(), diagram))
    }

    fn tabulate<A: Clone + PartialEq>(
        &mut self,
        raw: &Raw,
        closure: &Closure,
        latest: Given,
        only: Option<&Only<A>>,
        convert: Convert<A>,
    ) -> Option<Diagram<A>> {
        let forwards = self.explore(raw, closure, latest, only, convert, false)?;
        let backwards = self.explore(raw, closure, latest, only, convert, true)?;
        if forwards != backwards {
            let fault = Fault::new(
                "D311",
                both!(
                    "the rule answers differently when the same case is put to it again",
                    "同一种情形问了两次,规则答得不一样"
                ),
            );
            self.report.add(
                fault
                    .help(both!(
                        "a rule reads `m` and constants, and changes nothing",
                        "规则只读`m`和定好的值,不改任何东西"
                    ))
                    .arg(raw.arg),
                raw.at,
            );
            return None;
        }
        let regions = forwards
            .into_iter()
            .map(|(bounds, answer)| Region { bounds, answer })
            .collect();
        let diagram = match Diagram::from_regions(&self.world.schema, regions) {
            Ok(diagram) => diagram,
            Err(error) => {
                let code = if matches!(error, DiagramError::TooLarge { .. }) {
                    "D310"
                } else {
                    "D311"
                };
                self.report.add(
                    Fault::new(code, both!("{error}", "{error}"; error)).arg(raw.arg),
                    raw.at,
                );
                return None;
            }
        };
        let gaps: Vec<String> = gaps(&diagram, &self.world.schema);
        for gap in &gaps {
            let zh = case_zh(gap);
            let fault = Fault::new(
                "D307",
                both!("no answer when {gap}", "这种情形没有写怎么办:{zh}"),
            );
            self.report.add(
                fault
                    .help(both!(
                        "add the missing case, or `_ => …` for all others",
                        "补上这种情形,或者用`_ => …`写其余各种情形"
                    ))
                    .arg(raw.arg),
                raw.at,
            );
        }
        // Every answer is there: without gaps there is no `None` left to stand in for.
        let some = diagram.answers().iter().flatten().next().cloned();
        some.filter(|_| gaps.is_empty())
            .map(|any| diagram.map(|answer| answer.clone().unwrap_or_else(|| any.clone())))
    }

    /// Runs the rule along every path. Nothing, if any path failed.
    fn explore<A: Clone>(
        &mut self,
        raw: &Raw,
        closure: &Closure,
        latest: Given,
        only: Option<&Only<A>>,
        convert: Convert<A>,
        backwards: bool,
    ) -> Option<BTreeMap<Bounds, Option<A>>> {
        let mut found = BTreeMap::new();
        let mut failed = false;
        let mut cells = 0_usize;
        let mut choices: Vec<Choice> = Vec::new();
        let mut forks: BTreeMap<usize, u64> = BTreeMap::new();
        loop {
            self.paths += 1;
            if self.paths > self.most || cells > CELLS || self.looks > LOOKS {
                let message = if self.paths > self.most {
                    let most = self.most;
                    both!(
                        "the rules of this pack tell more than {most} cases apart",
                        "本包的规则分出的情形超过 {most} 种"
                    )
                } else {
                    both!(
                        "this rule tells too many cases apart",
                        "这条规则分出的情形太多"
                    )
                };
                self.spent |= cells <= CELLS;
                let fault = Fault::new("D310", message).maybe(self.multiply(&forks));
                self.report.add(fault.arg(raw.arg), raw.at);
                return None;
            }
            let recorder =
                Recorder::exploring(&self.world, std::mem::take(&mut choices), backwards, latest);
            let answer = ask(self.engine, closure, only, &recorder);
            let path = recorder.path();
            cells += path.known.len();
            self.looks += path.looks;
            path.choices
                .iter()
                .for_each(|choice| *forks.entry(choice.fact).or_default() += 1);
            failed |= self.misread(&path, answer.is_ok());
            match answer {
                Err(error) => {
                    failed = true;
                    let (fault, at) = explain::ran(&error, self.report.source, &self.names);
                    let lost = fault.code == "D301"
                        && self
                            .lost
                            .iter()
                            .any(|name| fault.message.en.contains(&format!("`{name}`")));
                    let stop = fault.code == "D312";
                    if !lost {
                        let multiply = self.multiply(&forks).filter(|_| stop);
                        self.place(fault.maybe(multiply), at, raw);
                    }
                    if stop {
                        self.spent |= explain::is_spent(&error);
                        return None;
                    }
                }
                Ok(Asked::Otherwise(answer)) => {
                    drop(found.insert(path.known.clone(), Some(answer)))
                }
                Ok(Asked::Answer(value)) if value.is_unit() => {
                    drop(found.insert(path.known.clone(), None))
                }
                Ok(Asked::Answer(value)) => match convert(&value) {
                    Ok(answer) => drop(found.insert(path.known.clone(), Some(answer))),
                    // That it was never compared is already told.
                    Err(_) if value.is::<super::record::Number>() => failed = true,
                    Err(mut fault) => {
                        failed = true;
                        let case = Region {
                            bounds: path.known.clone(),
                            answer: (),
                        }
                        .say(&self.world.schema);
                        if !path.known.is_empty() {
                            let Both { en, zh } = fault.message;
                            let zh_case = case_zh(&case);
                            fault.message = both!("{en}, when {case}", "{zh}(情形:{zh_case})");
                        }
                        let fault = match self.answered(raw, &value) {
                            Some(at) => fault.at(at),
                            None => fault.arg(raw.arg),
                        };
                        self.report.add(fault, raw.at);
                    }
                },
            }
            choices = path.choices.clone();
            while let Some(last) = choices.pop() {
                if last.taken + 1 < last.of {
                    choices.push(Choice {
                        taken: last.taken + 1,
                        ..last
                    });
                    break;
                }
            }
            if choices.is_empty() {
                return (!failed).then_some(found);
            }
        }
    }

    /// Where a rule answers so, if it stands there in so many letters: after the arrow of an arm, or in a block of its own.
    fn answered(&self, raw: &Raw, value: &Dynamic) -> Option<rhai::Position> {
        let source = self.report.source;
        let from = source.argument(raw.at, raw.arg)?.position();
        let from = source.token_at(from)?;
        let said = |token: &Token| match token.kind {
            TokenKind::Text => value.is_string() && value.to_string() == token.text,
            TokenKind::Number => value.as_int().ok() == token.text.replace('_', "").parse().ok(),
            _ => false,
        };
        let mut threes = source.tokens.get(from..)?.windows(3);
        let found = threes
            .by_ref()
            .take_while(|tokens| !tokens.iter().any(|token| token.is(";")))
            .find(|tokens| match tokens {
                [before, token, after] => {
                    (before.is("=>") || before.is("{"))
                        && said(token)
                        && !after.is("=>")
                        && !after.is("|")
                }
                _ => false,
            });
        found.and_then(|tokens| tokens.get(1)).map(Token::position)
    }

    /// Facts read too early, and numbers read but not compared.
    fn misread(&mut self, path: &super::record::Path, answered: bool) -> bool {
        let mut failed = false;
        for (fact, at) in path.early.iter().copied() {
            let Some(fact) = self.world.schema.facts.get(fact) else {
                continue;
            };
            let known = self.world.known_from(fact);
            let (from, zh) = if fact.given == Given::Engine && known == Given::Intake {
                ("once the matter is classified", "受理分类之后才有")
            } else {
                (known.say(), known.zh())
            };
            let name = &fact.name;
            let fault = Fault::new(
                "D306",
                both!(
                    "`{name}` is not known yet when this is read: it comes {from}",
                    "用到这条规则的时候,还不知道`{name}`:它{zh}"
                ),
            );
            let help = match fact.given {
                Given::Engine => both!(
                    "read something that is known by then",
                    "换一个那时已经知道的事实"
                ),
                _ => both!(
                    "declare what holds until then: `fact(\"{name}\", …).otherwise(…)`",
                    "写明没有给出时算什么:`fact(\"{name}\", …).otherwise(…)`"
                ),
            };
            self.report.add(fault.help(help).at(at), at);
            failed = true;
        }
        // A path that failed has its own finding.
        for (fact, at) in path.idle().filter(|_| answered) {
            let Some(fact) = self.world.schema.facts.get(fact) else {
                continue;
            };
            let name = &fact.name;
            let (kind, like) = match fact.domain {
                Domain::Date { .. } => (both!("date", "日期"), Scale::Date.like().1),
                _ => (both!("number", "数字"), "100"),
            };
            let fault = Fault::new(
                "D305",
                both!(
                    "the {kind} `{name}` is read, but never compared",
                    "读了{kind}`{name}`,却没有拿它比较";
                    kind
                ),
            );
            let help = both!(
                "compare it: `m.{name} >= {like}`",
                "写一个比较:`m.{name} >= {like}`"
            );
            self.report.add(fault.help(help).at(at), at);
            failed = true;
        }
        failed
    }

    fn place(&mut self, fault: Fault, at: rhai::Position, raw: &Raw) {
        if at.is_none() && fault.spot == Spot::Word {
            self.report.add(fault.arg(raw.arg), raw.at);
        } else {
            self.report
                .add(fault, if at.is_none() { raw.at } else { at });
        }
    }

    /// The facts over which a rule forked most.
    fn multiply(&self, forks: &BTreeMap<usize, u64>) -> Option<Both> {
        let mut by: Vec<(u64, usize)> = forks.iter().map(|(fact, times)| (*times, *fact)).collect();
        by.sort_unstable_by(|a, b| b.cmp(a));
        let name = |fact: usize| {
            self.world
                .schema
                .facts
                .get(fact)
                .map(|fact| format!("`{}`", fact.name))
        };
        let names: Vec<String> = by
            .iter()
            .take(4)
            .filter_map(|(_, fact)| name(*fact))
            .collect();
        (!names.is_empty()).then(|| {
            let (en, zh) = (names.join(", "), names.join("、"));
            both!(
                "{en} multiply here: decide some of them in a rule of their own",
                "{zh}在这里相乘:其中几个另写一条规则来定"
            )
        })
    }
}

/// Up to three regions without an answer, in words.
fn gaps<A>(diagram: &Diagram<Option<A>>, schema: &Schema) -> Vec<String> {
    diagram
        .regions_where(schema, Option::is_none)
        .take(3)
        .map(|region| region.say(schema))
        .collect()
}

enum Asked<A> {
    /// The clause does not hold for the case.
    Otherwise(A),
    Answer(Dynamic),
}

fn ask<A: Clone>(
    engine: &Engine,
    closure: &Closure,
    only: Option<&Only<A>>,
    recorder: &Arc<Recorder>,
) -> Result<Asked<A>, Box<rhai::EvalAltResult>> {
    if let Some(only) = only
        && !only.codes.contains(&recorder.code(only.fact))
    {
        return Ok(Asked::Otherwise(only.otherwise.clone()));
    }
    dated::bound(&closure.call, recorder)
        .call::<Dynamic>(engine, &closure.tree, (Matter(Arc::clone(recorder)),))
        .map(|value| Asked::Answer(value.flatten()))
}

fn interpreted<A>(closure: Closure, only: Option<Only<A>>, convert: Convert<A>) -> Ask
where
    A: Clone + Serialize + Send + Sync + 'static,
{
    Box::new(move |engine, recorder| {
        let failed = |error: Box<rhai::EvalAltResult>| {
            Fault::new("D308", both!("{error}", "规则没有算出来"))
        };
        let answer = match ask(engine, &closure, only.as_ref(), recorder).map_err(failed)? {
            Asked::Otherwise(answer) => answer,
            Asked::Answer(value) => convert(&value)?,
        };
        Ok(serde_json::to_value(&answer).unwrap_or_default())
    })
}

/// The terms made ready, for all rules to read.
pub(super) fn terms(
    draft: &Draft,
    trees: &[Arc<AST>],
    report: &mut Report<'_>,
) -> BTreeMap<String, Closure> {
    let mut terms = BTreeMap::new();
    for term in &draft.terms {
        let (name, raw) = &term.what;
        match closure(raw, trees) {
            Ok(Some(ready)) => drop(terms.insert(name.clone(), ready)),
            Ok(None) => {}
            Err(fault) => report.add(fault, raw.at),
        }
    }
    terms
}
