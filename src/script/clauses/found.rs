//! What is found in clauses: cases that none covers, clauses that contradict or hide one another, and those that nobody comes to.

use std::collections::BTreeSet;

use rhai::Position;

use super::super::fault::{Both, Fault, both};
use super::answer::Answer;
use super::laid::{Laid, One, Read};
use crate::plan::{Diagram, Mode, Schema, case_zh};

/// A fault and where it is.
type Found = Vec<(Fault, Position)>;

impl Laid {
    /// Cases without an answer.
    pub(super) fn uncovered(&self, at: Position, schema: &Schema) -> Found {
        let mut found = Vec::new();
        for when in cases(&self.decides, schema, Vec::is_empty).take(3) {
            let fault = Fault::new(
                "D307",
                both!(
                    "no clause applies when {when}",
                    "没有一款管到这种情形:{when}";
                    when
                ),
            );
            let help = both!(
                "add a clause, or `.otherwise(…)` for all other cases",
                "补一款,或者用`.otherwise(…)`管住其余"
            );
            found.push((fault.help(help), at));
        }
        found
    }

    /// Cases with two answers.
    pub(super) fn at_odds<A: Answer>(&self, read: &Read<'_, A>, schema: &Schema) -> Found {
        let mut found = Vec::new();
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
    pub(super) fn odd<A: Answer>(&self, read: &Read<'_, A>) -> Found {
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
            for (one, first) in self.overlaps(read).filter(|(one, first)| one.same(first)) {
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
) -> impl Iterator<Item = Both> {
    // Reduced to yes and no, so that every way soon leads to a case.
    let such = diagram.map(|answer| is(answer));
    let regions: Vec<Both> = such
        .regions(schema)
        .filter(|region| *region.answer)
        .map(|region| {
            let en = region.say(schema);
            let zh = case_zh(&en).to_owned();
            Both { en, zh }
        })
        .take(3)
        .collect();
    regions.into_iter()
}

fn contradiction<A: Answer>(
    read: &Read<'_, A>,
    first: &One<'_, A>,
    one: &One<'_, A>,
    when: &Both,
) -> (Fault, Position) {
    let name = read.name(&BTreeSet::from([first.number]));
    let (own, other) = (one.says.say(), first.says.say());
    let fault = Fault::new(
        "D315",
        both!(
            "this clause says {own}, and {name} says {other}, when {when}",
            "同一情形有两个结果:这一款是{own},{name}是{other};情形:{when}";
            own, name, other, when
        ),
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
    when: &Both,
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
    let each = Both {
        en: en.join(" and "),
        zh: zh.join("和"),
    };
    let fault = Fault::new(
        "D316",
        both!(
            "which is the stricter cannot be told beforehand: {each}, when {when}",
            "{each}事先比不出长短;情形:{when}";
            each, when
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
