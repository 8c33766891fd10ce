//! Clauses into one decision: each condition is tabulated by itself, and the diagrams are laid over one another as the mode says. On
//! the way it is seen which clause hides which, which two contradict each other, and which cases none covers.

use std::collections::{BTreeMap, BTreeSet};

use rhai::Position;
use serde::Serialize;

use super::draft::{ClauseDraft, ClausesDraft, Draft, Says};
use super::fault::{Both, Fault, both};
use super::tabulate::{Ask, Convert, Tabulator, Written};
use super::value::as_yes;
use crate::plan::{
    Clause, Clauses, Decision, Diagram, DiagramError, Given, Limit, Mode, Schema, beats,
    limit_order,
};
use crate::words::{Class, Lang, RuleId, UnitId};

/// What a decision can answer.
pub(super) trait Answer: Clone + PartialEq + Serialize + Send + Sync + 'static {
    /// In words.
    fn say(&self) -> Both;
    /// What a clause says that says nothing but when it applies.
    fn unsaid() -> Option<Self> {
        None
    }
    /// As a limit, where it is one and so can be stricter than another.
    fn limit(&self) -> Option<&Limit> {
        None
    }
    /// The other way round.
    fn of(_: Limit) -> Option<Self> {
        None
    }
}

impl Answer for Limit {
    fn say(&self) -> Both {
        match self {
            Limit::Span(span) => Both {
                en: span.to_string(),
                zh: span.zh(),
            },
            Limit::Share { of, percent } => {
                let clock = of.zh();
                both!("{self}", "“{clock}”时限的 {percent}%")
            }
        }
    }
    fn limit(&self) -> Option<&Limit> {
        Some(self)
    }
    fn of(limit: Limit) -> Option<Limit> {
        Some(limit)
    }
}

impl Answer for Option<Limit> {
    fn say(&self) -> Both {
        let none = || both!("nothing", "不另定");
        self.as_ref().map_or_else(none, Answer::say)
    }
    fn limit(&self) -> Option<&Limit> {
        self.as_ref()
    }
    fn of(limit: Limit) -> Option<Option<Limit>> {
        Some(Some(limit))
    }
}

impl Answer for Option<UnitId> {
    fn say(&self) -> Both {
        match self {
            Some(unit) => both!("`{unit}`", "“{unit}”"),
            None => both!("a person decides", "交人定"),
        }
    }
}

impl Answer for Option<Class> {
    fn say(&self) -> Both {
        match self.map(Class::zh) {
            Some(class) => both!("`{class}`", "“{class}”"),
            None => both!("a person decides", "交人定"),
        }
    }
}

impl Answer for bool {
    fn say(&self) -> Both {
        match self {
            true => both!("yes", "是"),
            false => both!("no", "否"),
        }
    }
    fn unsaid() -> Option<bool> {
        Some(true)
    }
}

type Places = BTreeMap<RuleId, Position>;

/// A decision that can be written as one rule or in clauses.
pub(super) struct Point<'a, A> {
    rule: &'a RuleId,
    latest: Given,
    convert: Convert<A>,
    /// What holds where no clause applies and none says otherwise.
    rest: Option<A>,
    /// Clauses of a base that come before.
    after: usize,
}

impl<'a, A: Answer> Point<'a, A> {
    pub(super) fn new(rule: &'a RuleId, latest: Given, convert: Convert<A>) -> Point<'a, A> {
        Point {
            rule,
            latest,
            convert,
            rest: None,
            after: 0,
        }
    }
    pub(super) fn rest(self, rest: A) -> Point<'a, A> {
        Point {
            rest: Some(rest),
            ..self
        }
    }
    pub(super) fn after(self, after: usize) -> Point<'a, A> {
        Point { after, ..self }
    }

    /// The decision, or nothing and a finding.
    pub(super) fn decide(
        self,
        says: &Says,
        draft: &Draft,
        tab: &mut Tabulator<'_, '_>,
        at: &mut Places,
    ) -> Option<Decision<A>> {
        let place = match says {
            Says::Rule(raw) => {
                return tab.decide(self.rule, raw, self.latest, None, self.convert);
            }
            Says::Clauses(place) => *place,
        };
        let said = draft.clauses.get(place)?;
        if said.what.all.is_empty() {
            let fault = Fault::new("D207", both!("there is no clause here", "这里一款也没有"));
            let help = both!(
                "add `.when(|m| …, …)` or `.otherwise(…)`",
                "补上`.when(|m| …, …)`或者`.otherwise(…)`"
            );
            tab.report.add(fault.help(help), said.at);
            return None;
        }
        for (number, clause) in (1..).zip(&said.what.all) {
            at.insert(self.rule.clause(self.number(number)), clause.at);
        }
        let read = self.read(&said.what, tab)?;
        let laid = match read.lay(&mut tab.pairs) {
            Ok(laid) => laid,
            Err(error) => {
                tab.report
                    .add(Fault::new("D310", error.to_string()), said.at);
                return None;
            }
        };
        let schema = &tab.world.schema.clone();
        let mut failed = false;
        for (fault, place) in laid.wrong(&read, self.rest.is_none(), said.at, schema) {
            failed = true;
            tab.report.add(fault, place);
        }
        for (fault, place) in laid.odd(&read) {
            tab.report.warn(fault, place);
        }
        if failed {
            return None;
        }
        let lang = draft.pack.as_ref().and_then(|pack| pack.what.labels);
        Some(self.made(&said.what, read, &laid, lang.unwrap_or(Lang::Zh), tab))
    }

    /// The number of a clause among all of the decision.
    fn number(&self, number: u32) -> u32 {
        number + u32::try_from(self.after).unwrap_or(u32::MAX - 1_000)
    }

    /// Every condition and every answer; nothing, if one of them is at fault.
    fn read<'d>(&self, said: &'d ClausesDraft, tab: &mut Tabulator<'_, '_>) -> Option<Read<'d, A>> {
        let (mut all, mut failed) = (Vec::new(), false);
        for (number, clause) in (1..).zip(&said.all) {
            let says = match &clause.says {
                None => A::unsaid(),
                Some(raw) => match (self.convert)(&raw.value) {
                    Ok(says) => Some(says),
                    Err(fault) => {
                        tab.report.add(fault.arg(raw.arg), raw.at);
                        None
                    }
                },
            };
            let applies = match &clause.when {
                None => Some((Diagram::constant(true), None)),
                Some(raw) => {
                    let rule = self.rule.clause(self.number(number));
                    let own = tab.decide(&rule, raw, self.latest, None, as_yes);
                    own.map(|own| (own.diagram, tab.written.pop()))
                }
            };
            match (says, applies) {
                (Some(says), Some((applies, written))) => all.push(One {
                    number,
                    clause,
                    applies,
                    written,
                    says,
                }),
                _ => failed = true,
            }
        }
        (!failed).then_some(Read {
            mode: said.mode,
            all,
        })
    }

    fn made(
        self,
        said: &ClausesDraft,
        read: Read<'_, A>,
        laid: &Laid,
        lang: Lang,
        tab: &mut Tabulator<'_, '_>,
    ) -> Decision<A> {
        let rest = read
            .left()
            .map(|one| one.says.clone())
            .or(self.rest.clone());
        // Without a finding there is an answer for every set that comes up; what stands in is never asked for.
        let any = read.all.first().map(|one| one.says.clone());
        let answer = |set: &Vec<u32>| {
            let chosen = read.chosen(set).map(|(_, answer)| answer);
            let or = || rest.clone().filter(|_| set.is_empty()).or(any.clone());
            chosen.or_else(or)
        };
        let diagram = laid.decides.map(answer);
        let diagram = match diagram.answers().iter().flatten().next().cloned() {
            Some(any) => diagram.map(|answer| answer.clone().unwrap_or_else(|| any.clone())),
            None => unreachable!("every clause says something, and there is one"),
        };
        let decides = laid.decides.map(|set| match (set.is_empty(), read.left()) {
            (true, Some(left)) => vec![left.number],
            _ => read.chosen(set).map_or_else(Vec::new, |(whose, _)| whose),
        });
        let clause = |clause: &ClauseDraft| Clause {
            title: match (clause.title.is_empty() && clause.when.is_none(), lang) {
                (true, Lang::Zh) => "其余".to_owned(),
                (true, Lang::En) => "otherwise".to_owned(),
                _ => clause.title.clone(),
            },
            provenance: clause.provenance.clone(),
            otherwise: clause.when.is_none(),
        };
        let clauses = Clauses {
            mode: said.mode,
            all: said.all.iter().map(clause).collect(),
            decides,
        };
        let written = read.written(self.rule, rest);
        tab.written.push(written);
        Decision {
            rule: self.rule.clone(),
            diagram,
            clauses: Some(Box::new(clauses)),
        }
    }
}

/// One clause, read.
struct One<'d, A> {
    number: u32,
    clause: &'d ClauseDraft,
    applies: Diagram<bool>,
    written: Option<Written>,
    says: A,
}

/// The clauses of one decision, read.
struct Read<'d, A> {
    mode: Mode,
    all: Vec<One<'d, A>>,
}

/// A decision's clauses laid over one another.
struct Laid {
    /// Which clauses decide; none, where none applies.
    decides: Diagram<Vec<u32>>,
    /// Clause → what decided its cases before it was laid, or at the end where the order says nothing. Nothing for the cases to which
    /// it does not apply.
    met: BTreeMap<u32, Diagram<Option<Vec<u32>>>>,
}

impl<'d, A: Answer> Read<'d, A> {
    fn get(&self, number: u32) -> Option<&One<'d, A>> {
        self.all.iter().find(|one| one.number == number)
    }
    /// The clauses with a condition.
    fn conditional(&self) -> impl DoubleEndedIterator<Item = &One<'d, A>> {
        self.all.iter().filter(|one| one.clause.when.is_some())
    }
    /// The one for all other cases.
    fn left(&self) -> Option<&One<'d, A>> {
        self.all.iter().find(|one| one.clause.when.is_none())
    }
    fn limited(&self, number: u32) -> Option<(u32, &Limit)> {
        Some((number, self.get(number)?.says.limit()?))
    }
    /// What these clauses, which are not beaten by any that applies with them, come to, and whose word it is. Nothing where they cannot
    /// be compared, or where there are none.
    fn chosen(&self, set: &[u32]) -> Option<(Vec<u32>, A)> {
        if let [only] = set {
            return Some((set.to_vec(), self.get(*only)?.says.clone()));
        }
        let limits = set.iter().filter_map(|number| self.limited(*number));
        let (whose, limit) = Limit::strictest(limits)?;
        Some((whose, A::of(limit)?))
    }
    /// The set with one more clause that applies.
    fn with(&self, set: &[u32], number: u32) -> Vec<u32> {
        if self.mode != Mode::Strictest {
            return if set.is_empty() {
                vec![number]
            } else {
                set.to_vec()
            };
        }
        let Some(new) = self.limited(number) else {
            return set.to_vec();
        };
        let known = || set.iter().filter_map(|known| self.limited(*known));
        if known().any(|known| beats(known, new)) {
            return set.to_vec();
        }
        let kept = known().filter(|known| !beats(new, *known));
        let kept: BTreeSet<u32> = kept.map(|(known, _)| known).chain([number]).collect();
        kept.into_iter().collect()
    }
    /// Lays them over one another. Where the order says nothing they are laid in one that does not hang on how they are written.
    fn lay(&self, room: &mut usize) -> Result<Laid, DiagramError> {
        let mut order: Vec<&One<'d, A>> = self.conditional().collect();
        if self.mode == Mode::Strictest {
            order.sort_by_cached_key(|one| self.limited(one.number).map(limit_order));
        }
        let mut decides = Diagram::constant(Vec::new());
        let mut met = BTreeMap::new();
        let among = |set: &Vec<u32>, yes: &bool| yes.then(|| set.clone());
        for one in &order {
            if self.mode != Mode::Strictest {
                met.insert(one.number, decides.zip_within(&one.applies, room, among)?);
            }
            decides = decides.zip_within(&one.applies, room, |set, yes| match yes {
                true => self.with(set, one.number),
                false => set.clone(),
            })?;
        }
        for one in order.iter().filter(|_| self.mode == Mode::Strictest) {
            met.insert(one.number, decides.zip_within(&one.applies, room, among)?);
        }
        Ok(Laid { decides, met })
    }
    /// The rule as it was written: every condition is asked.
    fn written(self, rule: &RuleId, rest: Option<A>) -> Written {
        let paths = self.all.iter().filter_map(|one| one.written.as_ref());
        let paths = paths.map(|written| written.paths).sum();
        let asks: Vec<(u32, A, Option<Ask>)> = self
            .all
            .into_iter()
            .filter(|one| one.clause.when.is_some())
            .map(|one| (one.number, one.says, one.written.map(|written| written.ask)))
            .collect();
        let strictest = self.mode == Mode::Strictest;
        Written {
            rule: rule.clone(),
            paths,
            ask: Box::new(move |engine, recorder| {
                let mut hold: Vec<(u32, &A)> = Vec::new();
                for (number, says, ask) in &asks {
                    let yes = ask.as_ref().map(|ask| ask(engine, recorder)).transpose()?;
                    if yes == Some(true.into()) {
                        hold.push((*number, says));
                    }
                }
                let limits = hold
                    .iter()
                    .filter_map(|(number, says)| Some((*number, says.limit()?)));
                let answer = match hold.first() {
                    None => rest.clone(),
                    Some(_) if strictest => Limit::strictest(limits).and_then(|(_, it)| A::of(it)),
                    Some((_, says)) => Some((*says).clone()),
                };
                Ok(serde_json::to_value(&answer).unwrap_or_default())
            }),
        }
    }

    /// Clauses by number, with their titles.
    fn name(&self, numbers: &BTreeSet<u32>) -> Both {
        let title = |number: &u32| {
            self.get(*number)
                .map(|one| one.clause.title.as_str())
                .filter(|title| !title.is_empty())
        };
        let one = |number: &u32| match title(number) {
            Some(title) => both!("{number} (`{title}`)", "第 {number} 款“{title}”"),
            None => both!("{number}", "第 {number} 款"),
        };
        let (en, zh): (Vec<String>, Vec<String>) = numbers
            .iter()
            .map(one)
            .map(|both| (both.en, both.zh))
            .unzip();
        let (en, zh) = (en.join(", "), zh.join("、"));
        match numbers.len() {
            1 => both!("clause {en}", "{zh}"),
            _ => both!("clauses {en}", "{zh}"),
        }
    }
}

/// A fault and where it is.
type Found = Vec<(Fault, Position)>;

impl Laid {
    /// What makes the decision unusable: cases without an answer, and cases with two.
    fn wrong<A: Answer>(
        &self,
        read: &Read<'_, A>,
        needed: bool,
        at: Position,
        schema: &Schema,
    ) -> Found {
        let mut found = Vec::new();
        if needed && read.left().is_none() {
            for when in cases(&self.decides, schema, Vec::is_empty).take(3) {
                let fault = Fault::new(
                    "D307",
                    both!(
                        "no clause applies when {when}",
                        "没有一款管到这种情形:{when}"
                    ),
                );
                let help = both!(
                    "add a clause, or `.otherwise(…)` for all other cases",
                    "补一款,或者用`.otherwise(…)`管住其余"
                );
                found.push((fault.help(help), at));
            }
        }
        if read.mode == Mode::Strictest {
            let mixed = |set: &Vec<u32>| !set.is_empty() && read.chosen(set).is_none();
            let set = self.decides.answers().iter().find(|set| mixed(set));
            if let (Some(set), Some(when)) = (set, cases(&self.decides, schema, mixed).next()) {
                found.extend(incomparable(read, set, &when));
            }
        }
        if read.mode == Mode::Unique {
            for (one, first) in self.overlaps(read) {
                if one.says != first.says
                    && let Some(met) = self.met.get(&one.number)
                {
                    let both = Some(vec![first.number]);
                    let when = cases(met, schema, |set| *set == both).next();
                    found.push(contradiction(read, first, one, &when.unwrap_or_default()));
                }
            }
        }
        found
    }

    /// Pairs of clauses that apply together, the later and the first that applies with it.
    fn overlaps<'r, 'd, A: Answer>(
        &'r self,
        read: &'r Read<'d, A>,
    ) -> impl Iterator<Item = (&'r One<'d, A>, &'r One<'d, A>)> {
        read.conditional().flat_map(move |one| {
            let with = self.before(one.number).into_iter().flatten();
            with.filter_map(move |first| Some((one, read.get(first)?)))
        })
    }

    /// What decides the cases of a clause besides it; nothing, where it has a case of its own or no case at all.
    fn before(&self, number: u32) -> Option<BTreeSet<u32>> {
        let sets = self.met.get(&number)?.answers().iter().flatten();
        Some(sets.flatten().copied().collect())
    }

    /// What can be used and was hardly meant: clauses that nobody comes to.
    fn odd<A: Answer>(&self, read: &Read<'_, A>) -> Found {
        let mut found = Vec::new();
        let mut closed = false;
        for one in read.conditional() {
            let sets: Vec<&Vec<u32>> = match self.met.get(&one.number) {
                Some(met) => met.answers().iter().flatten().collect(),
                None => continue,
            };
            let name = read.name(&BTreeSet::from([one.number]));
            if sets.is_empty() {
                found.push((never(&name), one.clause.at));
                continue;
            }
            let by: BTreeSet<u32> = sets.iter().copied().flatten().copied().collect();
            let idle = match read.mode {
                Mode::First => sets.iter().all(|set| !set.is_empty()),
                Mode::Strictest => !by.contains(&one.number),
                _ => false,
            };
            if idle && !closed {
                found.push((shadowed(read, one, &by), one.clause.at));
            }
            let later = read.conditional().filter(|it| it.number > one.number);
            let later: BTreeSet<u32> = later.map(|it| it.number).collect();
            if read.mode == Mode::First
                && !idle
                && one.applies.answers() == [true]
                && !later.is_empty()
            {
                closed = true;
                found.push((always(&name, &read.name(&later)), one.clause.at));
            }
        }
        if read.mode == Mode::Unique {
            for (one, first) in self
                .overlaps(read)
                .filter(|(one, first)| one.says == first.says)
            {
                found.push((alike(read, first, one), one.clause.at));
            }
        }
        let covered = self.decides.answers().iter().all(|set| !set.is_empty());
        if let Some(left) = read.left().filter(|_| covered && !closed) {
            found.push((unreached(), left.clause.at));
        }
        found
    }
}

/// Cases, in words, with an answer of that kind.
fn cases<T: PartialEq>(
    diagram: &Diagram<T>,
    schema: &Schema,
    is: impl Fn(&T) -> bool,
) -> impl Iterator<Item = String> {
    // Reduced to yes and no, so that every way soon leads to a case.
    let such = diagram.map(|answer| is(answer));
    let regions: Vec<String> = such
        .regions(schema)
        .filter(|region| *region.answer)
        .map(|region| region.say(schema))
        .take(3)
        .collect();
    regions.into_iter()
}

fn contradiction<A: Answer>(
    read: &Read<'_, A>,
    first: &One<'_, A>,
    one: &One<'_, A>,
    when: &str,
) -> (Fault, Position) {
    let name = read.name(&BTreeSet::from([first.number]));
    let (own, other) = (one.says.say(), first.says.say());
    let fault = Fault::new(
        "D315",
        Both {
            en: format!(
                "this clause says {}, and {} says {}, when {when}",
                own.en, name.en, other.en
            ),
            zh: format!(
                "同一情形有两个结果:这一款是{},{}是{};情形:{when}",
                own.zh, name.zh, other.zh
            ),
        },
    );
    let help = match one.says.limit() {
        None => both!(
            "narrow one of the two conditions, or let the one written first hold: `FIRST`",
            "把其中一款的条件收窄;或者用`FIRST`,以先列的为准"
        ),
        Some(_) => both!(
            "narrow one of the two conditions, or let the one written first hold, or the shorter limit: `FIRST`, `STRICTEST`",
            "把其中一款的条件收窄;或者用`FIRST`,以先列的为准;或者用`STRICTEST`,以短的为准"
        ),
    };
    (fault.help(help), one.clause.at)
}

fn incomparable<A: Answer>(
    read: &Read<'_, A>,
    set: &[u32],
    when: &str,
) -> Option<(Fault, Position)> {
    let last = read.get(*set.last()?)?;
    let each = set.iter().filter_map(|number| {
        let name = read.name(&BTreeSet::from([*number]));
        let says = read.get(*number)?.says.say();
        Some((
            format!("{} of {}", says.en, name.en),
            format!("{}({})", name.zh, says.zh),
        ))
    });
    let (en, zh): (Vec<String>, Vec<String>) = each.unzip();
    let (en, zh) = (en.join(" and "), zh.join("和"));
    let fault = Fault::new(
        "D316",
        both!(
            "which is the stricter cannot be told beforehand: {en}, when {when}",
            "{zh}事先比不出长短;情形:{when}"
        ),
    );
    let help = both!(
        "say both as spans, or both as shares of one clock",
        "都写成天数,或者都写成同一时限的几成"
    );
    Some((fault.help(help), last.clause.at))
}

fn never(name: &Both) -> Fault {
    let Both { en, zh } = name;
    Fault::new(
        "D409",
        both!("{en} applies to no case", "没有一个件符合{zh}"),
    )
    .help(both!(
        "look at its condition again, or delete it",
        "再看看它的条件,或者删去这一款"
    ))
}

fn unreached() -> Fault {
    Fault::new(
        "D409",
        both!(
            "nothing is left over: the clauses before it apply to every case",
            "没有其余的情形了:前面各款已经管到所有的件"
        ),
    )
    .help(both!(
        "delete it, or look at the conditions again",
        "删去它,或者再看看前面的条件"
    ))
}

fn always(name: &Both, later: &Both) -> Fault {
    let ((en, zh), (later_en, later_zh)) = ((&name.en, &name.zh), (&later.en, &later.zh));
    Fault::new(
        "D410",
        both!(
            "{en} applies to every case, so that nothing is left for {later_en}",
            "所有的件都符合{zh},后面的{later_zh}轮不到"
        ),
    )
    .help(both!(
        "look at its condition again, or make it `.otherwise(…)` and write it last",
        "再看看它的条件;它若管其余,就写成`.otherwise(…)`,放在最后"
    ))
}

fn shadowed<A: Answer>(read: &Read<'_, A>, one: &One<'_, A>, by: &BTreeSet<u32>) -> Fault {
    let name = read.name(&BTreeSet::from([one.number]));
    let (
        (en, zh),
        Both {
            en: by_en,
            zh: by_zh,
        },
    ) = ((name.en, name.zh), read.name(by));
    match read.mode {
        Mode::Strictest => Fault::new(
            "D408",
            both!(
                "{en} never decides: wherever it applies, a limit of {by_en} ends no later",
                "{zh}从来用不上:凡是它管到的,{by_zh}都不比它长"
            ),
        ),
        _ => Fault::new(
            "D408",
            both!(
                "{en} never decides: wherever it applies, it comes after {by_en}",
                "{zh}从来用不上:凡是它管到的,都先归{by_zh}"
            ),
        ),
    }
    .help(match read.mode {
        Mode::Strictest => both!("make it shorter, or delete it", "把它改短,或者删去这一款"),
        _ => both!(
            "write the narrower clause before the wider one, or delete it",
            "管得窄的写在前面,管得宽的写在后面;或者删去这一款"
        ),
    })
}

fn alike<A: Answer>(read: &Read<'_, A>, first: &One<'_, A>, one: &One<'_, A>) -> Fault {
    let name = read.name(&BTreeSet::from([one.number]));
    let (
        (en, zh),
        Both {
            en: by_en,
            zh: by_zh,
        },
    ) = (
        (name.en, name.zh),
        read.name(&BTreeSet::from([first.number])),
    );
    Fault::new(
        "D411",
        both!(
            "{en} and {by_en} can apply together and say the same: the reason then names the one written first",
            "{zh}和{by_zh}会管到同一个件,结果相同:理由里写的是先列的一款"
        ),
    )
    .help(both!(
        "narrow one of the two conditions, or make them one clause",
        "把其中一款的条件收窄,或者并成一款"
    ))
}

/// The clauses of a limit that an overlay laid over its base's: whose is the earlier decides, and both where it cannot be told
/// beforehand. Nothing, where neither is written in clauses.
pub(super) fn laid_over(
    base: &Decision<Limit>,
    over: &Decision<Option<Limit>>,
) -> Result<Option<Clauses>, DiagramError> {
    let (under, own) = (base.clauses.as_deref(), over.clauses.as_deref());
    if under.is_none() && own.is_none() {
        return Ok(None);
    }
    let before = under.map_or(0, |clauses| clauses.all.len() as u32);
    let none = Diagram::constant(Vec::new());
    let decides = |clauses: Option<&Clauses>, shift: u32| {
        let decides = clauses.map_or(&none, |clauses| &clauses.decides);
        decides.map(|set| {
            set.iter()
                .map(|number| number + shift)
                .collect::<Vec<u32>>()
        })
    };
    let under_set = decides(under, 0);
    let own_set = decides(own, before);
    let under_all = base
        .diagram
        .zip(&under_set, |it, set| (it.clone(), set.clone()))?;
    let own_all = over
        .diagram
        .zip(&own_set, |it, set| (it.clone(), set.clone()))?;
    let decides = under_all.zip(&own_all, |(limit, set), (own, own_set)| match own {
        Some(own) if !limit.within(own) && own.within(limit) => own_set.clone(),
        Some(own) if !limit.within(own) => set.iter().chain(own_set).copied().collect(),
        _ => set.clone(),
    })?;
    let clauses = |it: Option<&Clauses>| it.map(|it| it.all.clone()).unwrap_or_default();
    let mut all = clauses(under);
    all.extend(clauses(own));
    let mode = under.or(own).map_or(Mode::First, |clauses| clauses.mode);
    Ok(Some(Clauses { mode, all, decides }))
}
