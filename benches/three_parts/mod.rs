//! One decision in three parts, four times over: by hand, as diagrams of a pack, as diagrams that keep their reasons, and
//! interpreted by rhai. All are held to the same answers on a million different cases before anything is timed.
//!
//! By hand and by diagram the same [`Row`] is read, fact by fact, by [`Row::code`]. The interpreter is given the 17 facts that the
//! decision reads as plain numbers and booleans, taken out of the row before the time begins.

pub mod by_hand;
pub mod interpreted;

use std::collections::BTreeSet;
use std::hint::black_box;

use duly::plan::{Decision, Limit, Plan, Row};
use duly::time::Span;
use duly::words::{ClockKind, RuleId};

use crate::timing::{Dice, median, thread_time};
pub use interpreted::Interpreted;

/// The facts that the decision reads, by place in the pack's schema: checked against it before anything else.
pub mod fact {
    pub const RETURNS: usize = 3;
    pub const EXTENSIONS: usize = 5;
    pub const HAS_ACTION: usize = 10;
    pub const HAS_PERSON: usize = 11;
    pub const DATED: usize = 12;
    pub const HAS_CONTACT: usize = 13;
    pub const EXPLAINS: usize = 15;
    pub const RATING: usize = 16;
    pub const RECHECKED: usize = 17;
    pub const KIND: usize = 18;
    pub const LEVEL: usize = 19;
    pub const CHANNEL: usize = 20;
    pub const HEAT: usize = 21;
    pub const PCT: usize = 22;
    pub const CONTACTED: usize = 23;
    pub const VISITED: usize = 24;
    pub const VAGUE: usize = 25;

    /// Name, place, and how many values are drawn; heat has a draw of its own.
    pub const ALL: [(&str, usize, i64); 17] = [
        ("kind", KIND, 8),
        ("heat", HEAT, 0),
        ("level", LEVEL, 4),
        ("channel", CHANNEL, 4),
        ("extensions", EXTENSIONS, 4),
        ("pct", PCT, 201),
        ("returns", RETURNS, 5),
        ("contacted", CONTACTED, 2),
        ("has_contact", HAS_CONTACT, 2),
        ("visited", VISITED, 2),
        ("vague", VAGUE, 2),
        ("dated", DATED, 2),
        ("explains", EXPLAINS, 2),
        ("has_action", HAS_ACTION, 2),
        ("has_person", HAS_PERSON, 2),
        ("rating", RATING, 4),
        ("rechecked", RECHECKED, 2),
    ];
}

/// The facts of one case, in the order of [`fact::ALL`].
pub type Case = [i64; 17];

pub const PACK: &str = include_str!("pack.rhai");

/// To whom a matter can go, least first; nobody before them.
const TO: [&str; 4] = ["承办人", "单位领导", "督查办", "州委领导"];

/// The decision's five diagrams. Answers are numbers, so that they can be added up as those of the others are.
pub struct Diagrams {
    within: Decision<u32>,
    to: Decision<u32>,
    gates: [Decision<bool>; 3],
    pub plan: Plan,
}

impl Diagrams {
    pub fn load() -> Diagrams {
        let plan =
            duly::script::load("pack.rhai", PACK).unwrap_or_else(|findings| panic!("{findings}"));
        for (name, place, _) in fact::ALL {
            assert_eq!(plan.schema.index(name), Some(place), "{name}");
        }
        let within = &plan.clock(ClockKind::Reply).unwrap().within;
        let lead = &plan.route.as_ref().unwrap().lead;
        let to = |unit: &str| TO.iter().position(|known| *known == unit).unwrap() as u32 + 1;
        let gates: Vec<Decision<bool>> = plan.gates.iter().map(|gate| gate.met.clone()).collect();
        Diagrams {
            within: Decision::new(
                within.rule.clone(),
                within.diagram.map(|limit| match limit {
                    Limit::Span(Span::WorkingDays(days)) => *days,
                    other => panic!("{other:?}"),
                }),
            ),
            to: Decision::new(
                lead.rule.clone(),
                lead.diagram
                    .map(|unit| unit.as_ref().map_or(0, |unit| to(unit.as_str()))),
            ),
            gates: gates.try_into().unwrap(),
            plan,
        }
    }

    /// The answers alone.
    #[inline]
    pub fn answer(&self, row: &Row) -> u32 {
        let [process, measures, satisfaction] = &self.gates;
        packed(
            *self.within.answer(row),
            *self.to.answer(row),
            [
                *process.answer(row),
                *measures.answer(row),
                *satisfaction.answer(row),
            ],
        )
    }

    /// The answers, each with the path to it: the facts that decided, and the values that decide alike.
    #[inline]
    pub fn decided(&self, row: &Row) -> u32 {
        let [process, measures, satisfaction] = &self.gates;
        let (within, to) = (self.within.decided(row), self.to.decided(row));
        let (process, measures) = (process.decided(row), measures.decided(row));
        let satisfaction = satisfaction.decided(row);
        black_box((&within, &to, &process, &measures, &satisfaction));
        packed(
            *within.answer(),
            *to.answer(),
            [
                *process.answer(),
                *measures.answer(),
                *satisfaction.answer(),
            ],
        )
    }

    /// The answers, each with its reason in words.
    pub fn in_words(&self, row: &Row) -> u32 {
        let schema = &self.plan.schema;
        let (days, why) = self.within.decide(schema, row);
        let (to, who) = self.to.decide(schema, row);
        black_box((&why, &who));
        let met = self.gates.each_ref().map(|gate| {
            let (met, why) = gate.decide(schema, row);
            black_box(&why);
            *met
        });
        packed(*days, *to, met)
    }

    /// Every path leads to the answer, and holds for the case.
    fn sound(&self, row: &Row) {
        let holds = |rule: &RuleId, mut facts: Box<dyn Iterator<Item = (usize, i64, i64)> + '_>| {
            let on = |(fact, least, most)| (least..=most).contains(&row.code(fact));
            assert!(facts.all(on), "{rule} for {row:?}");
        };
        for decision in [&self.within, &self.to] {
            holds(&decision.rule, Box::new(decision.diagram.path(row).facts()));
        }
        for gate in &self.gates {
            holds(&gate.rule, Box::new(gate.diagram.path(row).facts()));
        }
    }
}

/// All answers in one number, as the script gives them.
#[inline]
fn packed(days: u32, to: u32, met: [bool; 3]) -> u32 {
    let [process, measures, satisfaction] = met.map(|met| u32::from(!met));
    days * 100 + to * 10 + process + 2 * measures + 4 * satisfaction
}

/// Cases that all differ, the same in each run. Half of the heats lie near a threshold; all else is drawn evenly.
pub fn cases(many: usize) -> Vec<Case> {
    let mut dice = Dice(2026);
    let mut known = BTreeSet::new();
    let mut cases = Vec::with_capacity(many);
    while cases.len() < many {
        let near = [98, 100, 998, 1_000][dice.below(4) as usize];
        let heat = match dice.below(4) {
            0 => dice.below(1_000_001),
            1 => dice.below(2_000),
            _ => near + dice.below(4),
        };
        let case = fact::ALL.map(|(_, _, values)| match values {
            0 => heat,
            values => dice.below(values),
        });
        let key = case
            .iter()
            .zip(fact::ALL)
            .fold(0_u64, |key, (code, (_, _, values))| {
                let values = if values == 0 { 1_000_001 } else { values };
                key * values as u64 + *code as u64
            });
        if known.insert(key) {
            cases.push(case);
        }
    }
    cases
}

/// The case as a row of the pack's schema.
pub fn row(case: &Case) -> Row {
    let mut codes = vec![0; fact::VAGUE + 1];
    for (code, (_, place, _)) in case.iter().zip(fact::ALL) {
        codes[place] = *code;
    }
    Row::new(codes)
}

/// How much is done.
pub struct Size {
    pub cases: usize,
    /// Every so many of them the interpreter is asked too.
    pub every: usize,
    /// Cases in a round.
    pub round: usize,
    pub rounds: usize,
}

impl Size {
    /// All of it: a million cases, 20 000 of them interpreted.
    pub const WHOLE: Size = Size {
        cases: 1_000_000,
        every: 50,
        round: 4_096,
        rounds: 41,
    };
    /// A little of everything.
    pub const LITTLE: Size = Size {
        cases: 2_000,
        every: 20,
        round: 64,
        rounds: 1,
    };
}

/// One of those compared: what a decision costs, and how that stands to the others.
pub struct Cost {
    pub name: &'static str,
    pub ns: f64,
    /// Times what it costs by hand.
    pub vs_native: f64,
    /// Times as cheap as interpreted.
    pub vs_rhai: f64,
}

/// Holds all to the same answers, then times them in turns. Each round takes cases that no round had before, so that nobody's branches
/// are known by heart; each side finds their rows in the cache, and its own code as the side before it left it.
pub fn compare(size: &Size) -> Vec<Cost> {
    let diagrams = Diagrams::load();
    let mut script = Interpreted::new();
    let cases = cases(size.cases);
    for (at, case) in cases.iter().enumerate() {
        let row = row(case);
        let answer = by_hand::decide(&row);
        assert_eq!(diagrams.answer(&row), answer, "{case:?}");
        assert_eq!(diagrams.decided(&row), answer, "{case:?}");
        diagrams.sound(&row);
        if at % size.every == 0 {
            assert_eq!(diagrams.in_words(&row), answer, "{case:?}");
            assert_eq!(script.decide(case), answer, "{case:?}");
        }
    }
    let names = [
        "native",
        "diagram",
        "diagram with reasons",
        "diagram with reasons in words",
        "rhai",
    ];
    let mut times: Vec<[f64; 5]> = Vec::new();
    for window in cases.chunks_exact(size.round).take(size.rounds) {
        let rows: Vec<Row> = window.iter().map(row).collect();
        let touch = || {
            let all = rows
                .iter()
                .flat_map(|row| (0..=fact::VAGUE).map(|at| row.code(at)));
            black_box(all.fold(0, i64::wrapping_add));
        };
        let ns = |round: &mut dyn FnMut() -> u64| {
            touch();
            let begin = thread_time();
            black_box(round());
            (thread_time() - begin).as_secs_f64() * 1e9 / window.len() as f64
        };
        times.push([
            ns(&mut || sum(&rows, by_hand::decide)),
            ns(&mut || sum(&rows, |row| diagrams.answer(row))),
            ns(&mut || sum(&rows, |row| diagrams.decided(row))),
            ns(&mut || sum(&rows, |row| diagrams.in_words(row))),
            ns(&mut || sum(window, |case| script.decide(case))),
        ]);
    }
    let cost = |(side, name): (usize, &'static str)| Cost {
        name,
        ns: median(times.iter().map(|round| round[side])).unwrap(),
        vs_native: median(times.iter().map(|round| round[side] / round[0])).unwrap(),
        vs_rhai: median(times.iter().map(|round| round[4] / round[side])).unwrap(),
    };
    names.into_iter().enumerate().map(cost).collect()
}

#[inline]
fn sum<T>(all: &[T], mut decide: impl FnMut(&T) -> u32) -> u64 {
    all.iter()
        .fold(0, |sum, one| sum + u64::from(decide(black_box(one))))
}

/// The costs as JSON, one a line.
pub fn lines(costs: &[Cost]) -> String {
    let round = |value: f64| (value * 100.0).round() / 100.0;
    let line = |cost: &Cost| {
        let line = serde_json::json!({
            "name": cost.name,
            "ns": round(cost.ns),
            "vs_native": round(cost.vs_native),
            "vs_rhai": round(cost.vs_rhai),
        });
        format!("{line}\n")
    };
    costs.iter().map(line).collect()
}
