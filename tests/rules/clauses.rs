//! Decisions written in clauses: what they answer, which clause is named for it, and what is found in them. Judged by brute force over
//! every case, from the list of clauses alone.

use std::collections::{BTreeMap, BTreeSet};

use duly::plan::{Asked, Plan, Row};
use duly::script::{Finding, Findings, Interpreter, Options, check};
use duly::words::{Because, Facts};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::tries::config;
use super::{plan, with};

/// One matter: every fact of the little packs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Case {
    a: bool,
    b: usize,
    n: i64,
}

pub const LABELS: [&str; 3] = ["甲", "乙", "丙"];
const NUMBERS: std::ops::RangeInclusive<i64> = 0..=4;

pub fn every_case() -> impl Iterator<Item = Case> {
    [false, true]
        .into_iter()
        .flat_map(|a| (0..LABELS.len()).flat_map(move |b| NUMBERS.map(move |n| Case { a, b, n })))
}

fn row(plan: &Plan, case: Case) -> Row {
    plan.schema.row(|fact| match fact.name.as_str() {
        "a" => Some(case.a.into()),
        "b" => Some(LABELS[case.b].into()),
        "n" => Some(case.n.into()),
        _ => None,
    })
}

fn facts(case: Case) -> Facts {
    Facts::from([
        ("a".into(), case.a.into()),
        ("b".into(), LABELS[case.b].into()),
        ("n".into(), case.n.into()),
    ])
}

#[derive(Debug, Clone)]
pub enum Cond {
    A,
    B(usize),
    AtLeast(i64),
    Not(Box<Cond>),
    And(Box<Cond>, Box<Cond>),
    Or(Box<Cond>, Box<Cond>),
}

impl Cond {
    pub fn text(&self) -> String {
        match self {
            Cond::A => "m.a".into(),
            Cond::B(b) => format!("m.b == \"{}\"", LABELS[*b]),
            Cond::AtLeast(n) => format!("m.n >= {n}"),
            Cond::Not(one) => format!("!({})", one.text()),
            Cond::And(a, b) => format!("({}) && ({})", a.text(), b.text()),
            Cond::Or(a, b) => format!("({}) || ({})", a.text(), b.text()),
        }
    }
    pub fn holds(&self, case: Case) -> bool {
        match self {
            Cond::A => case.a,
            Cond::B(b) => case.b == *b,
            Cond::AtLeast(n) => case.n >= *n,
            Cond::Not(one) => !one.holds(case),
            Cond::And(a, b) => a.holds(case) && b.holds(case),
            Cond::Or(a, b) => a.holds(case) || b.holds(case),
        }
    }
}

fn conditions() -> impl Strategy<Value = Cond> {
    let leaf = prop_oneof![
        Just(Cond::A),
        (0..LABELS.len()).prop_map(Cond::B),
        // Also what always holds and what never does.
        (0_i64..=5).prop_map(Cond::AtLeast),
    ];
    leaf.prop_recursive(2, 6, 2, |inner| {
        let one = inner.prop_map(Box::new);
        prop_oneof![
            one.clone().prop_map(Cond::Not),
            (one.clone(), one.clone()).prop_map(|(a, b)| Cond::And(a, b)),
            (one.clone(), one).prop_map(|(a, b)| Cond::Or(a, b)),
        ]
    })
}

/// A limit, as the judge of the test knows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Limit {
    Working(u32),
    Calendar(u32),
    Weeks(u32),
    Months(u32),
    Share(u32),
}

impl Limit {
    fn text(self) -> String {
        match self {
            Limit::Working(n) => format!("{n}.working_days"),
            Limit::Calendar(n) => format!("{n}.calendar_days"),
            Limit::Weeks(n) => format!("{n}.weeks"),
            Limit::Months(n) => format!("{n}.months"),
            Limit::Share(n) => format!("share(\"reply\", {n}.percent)"),
        }
    }
    fn json(self) -> Value {
        match self {
            Limit::Working(n) => json!({ "working_days": n }),
            Limit::Calendar(n) => json!({ "calendar_days": n }),
            Limit::Weeks(n) => json!({ "weeks": n }),
            Limit::Months(n) => json!({ "months": n }),
            Limit::Share(n) => json!({ "share": { "of": "reply", "percent": n } }),
        }
    }
    fn whole(self) -> Value {
        match self {
            Limit::Share(_) => self.json(),
            _ => json!({ "span": self.json() }),
        }
    }
    /// Surely no later, on any calendar.
    fn no_later(self, other: Limit) -> bool {
        match (self, other) {
            (Limit::Working(a), Limit::Working(b))
            | (Limit::Calendar(a), Limit::Calendar(b) | Limit::Working(b))
            | (Limit::Weeks(a), Limit::Weeks(b))
            | (Limit::Months(a), Limit::Months(b))
            | (Limit::Share(a), Limit::Share(b)) => a <= b,
            (Limit::Weeks(a), Limit::Working(b) | Limit::Calendar(b)) => 7 * a <= b,
            _ => false,
        }
    }
}

/// What is decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Point {
    Clock,
    Route,
    Track,
}

const SPANS: [Limit; 7] = [
    Limit::Working(1),
    Limit::Working(3),
    Limit::Calendar(2),
    Limit::Calendar(7),
    Limit::Weeks(1),
    Limit::Months(1),
    Limit::Share(50),
];
const UNITS: [&str; 3] = ["教育局", "住建局", ""];

impl Point {
    fn rule(self) -> &'static str {
        match self {
            Point::Clock => "clock(update).within",
            Point::Route => "route.lead",
            Point::Track => "track.start",
        }
    }
    fn head(self) -> &'static str {
        match self {
            Point::Clock => "clock(\"update\")",
            Point::Route => "route()",
            Point::Track => "track(督查办)",
        }
    }
    fn says(self, says: usize) -> String {
        match self {
            Point::Clock => SPANS[says % SPANS.len()].text(),
            Point::Route => match UNITS[says % UNITS.len()] {
                "" => "ASK".into(),
                unit => format!("\"{unit}\""),
            },
            Point::Track => says.is_multiple_of(2).to_string(),
        }
    }
    fn json(self, says: usize) -> Value {
        match self {
            Point::Clock => SPANS[says % SPANS.len()].whole(),
            Point::Route => match UNITS[says % UNITS.len()] {
                "" => Value::Null,
                unit => unit.into(),
            },
            Point::Track => says.is_multiple_of(2).into(),
        }
    }
    /// Where nothing applies and nothing is said.
    fn rest(self) -> Option<Value> {
        match self {
            Point::Clock => None,
            Point::Route => Some(Value::Null),
            Point::Track => Some(false.into()),
        }
    }
}

/// A decision as a list of clauses.
#[derive(Debug, Clone)]
struct Decision {
    point: Point,
    mode: &'static str,
    clauses: Vec<(Cond, usize)>,
    otherwise: Option<usize>,
}

/// Declarations before the clauses: the first clause stands on the line after them.
pub const FACTS: &str = r#"fact("a").given_by(HOST);
fact("b", ["甲", "乙", "丙"]).given_by(HOST);
fact("n", 0..=4).given_by(HOST);
"#;

impl Decision {
    fn text(&self) -> String {
        let mut text = format!("{FACTS}{}.clauses({})", self.point.head(), self.mode);
        for (cond, says) in &self.clauses {
            text += &format!(
                "\n    .when(|m| {}, {})",
                cond.text(),
                self.point.says(*says)
            );
        }
        if let Some(says) = self.otherwise {
            text += &format!("\n    .otherwise({})", self.point.says(says));
        }
        with(&(text + ";"))
    }
    /// The line of the clause of that number.
    fn line(&self, number: u32) -> usize {
        super::HEAD.lines().count() + FACTS.lines().count() + 1 + number as usize
    }
    fn applying(&self, case: Case) -> Vec<u32> {
        let all = (1..).zip(&self.clauses);
        all.filter(|(_, (cond, _))| cond.holds(case))
            .map(|(number, _)| number)
            .collect()
    }
    fn says(&self, number: u32) -> usize {
        self.clauses[number as usize - 1].1
    }
    fn limit(&self, number: u32) -> Limit {
        SPANS[self.says(number) % SPANS.len()]
    }
    fn answer_of(&self, number: u32) -> Value {
        self.point.json(self.says(number))
    }
    /// The clauses that decide: the first; under STRICTEST those that no other is surely earlier than, of equal limits the first.
    fn deciding(&self, case: Case) -> Vec<u32> {
        let all = self.applying(case);
        if self.mode != "STRICTEST" {
            return all.into_iter().take(1).collect();
        }
        let beaten = |own: u32| {
            all.iter().any(|other| {
                let (a, b) = (self.limit(*other), self.limit(own));
                a.no_later(b) && (!b.no_later(a) || *other < own)
            })
        };
        all.iter()
            .copied()
            .filter(|number| !beaten(*number))
            .collect()
    }
    /// The answer, where there is one.
    fn answer(&self, case: Case) -> Option<Value> {
        match self.deciding(case).as_slice() {
            [] => self
                .otherwise
                .map(|says| self.point.json(says))
                .or(self.point.rest()),
            [one] => Some(self.answer_of(*one)),
            several => {
                let limits: BTreeSet<Limit> = several.iter().map(|it| self.limit(*it)).collect();
                if limits.iter().any(|it| matches!(it, Limit::Share(_))) {
                    return None;
                }
                let spans: BTreeSet<String> =
                    limits.iter().map(|it| it.json().to_string()).collect();
                Some(json!({ "span": { "earliest": spans } }))
            }
        }
    }
    fn numbers(&self) -> impl Iterator<Item = u32> + use<> {
        1..=self.clauses.len() as u32
    }
    fn cases_of(&self, number: u32) -> Vec<Case> {
        every_case()
            .filter(|case| self.applying(*case).contains(&number))
            .collect()
    }
    fn never(&self) -> BTreeSet<u32> {
        self.numbers()
            .filter(|number| self.cases_of(*number).is_empty())
            .collect()
    }
    /// The clauses that have cases and decide none of them.
    fn idle(&self) -> BTreeSet<u32> {
        let decides = |number: u32| every_case().any(|case| self.deciding(case).contains(&number));
        self.numbers()
            .filter(|number| !self.cases_of(*number).is_empty() && !decides(*number))
            .collect()
    }
    /// Under FIRST the clause that takes every case and leaves none to those after it.
    fn closing(&self) -> Option<u32> {
        let all = every_case().count();
        let mut always = self.numbers().filter(|it| self.cases_of(*it).len() == all);
        let first = always.next()?;
        let last = self.numbers().last() == Some(first);
        (self.mode == "FIRST" && !last && !self.idle().contains(&first)).then_some(first)
    }
    fn uncovered(&self) -> Vec<Case> {
        every_case()
            .filter(|case| self.applying(*case).is_empty())
            .collect()
    }
    /// Each clause with the first that applies to one of its cases beside it, and whether they say the same.
    fn overlaps(&self) -> BTreeSet<(u32, u32)> {
        let mut found = BTreeSet::new();
        for case in every_case() {
            let all = self.applying(case);
            if let [first, rest @ ..] = all.as_slice() {
                found.extend(rest.iter().map(|one| (*one, *first)));
            }
        }
        found
    }
    fn same(&self, (a, b): (u32, u32)) -> bool {
        self.answer_of(a) == self.answer_of(b)
    }
    /// Cases whose limits cannot be told apart beforehand.
    fn mixed(&self) -> Vec<Case> {
        every_case()
            .filter(|case| self.deciding(*case).len() > 1 && self.answer(*case).is_none())
            .collect()
    }
}

fn decisions() -> impl Strategy<Value = Decision> {
    let clauses = proptest::collection::vec((conditions(), 0_usize..12), 1..=4);
    let points = prop_oneof![
        3 => Just(Point::Clock),
        1 => Just(Point::Route),
        1 => Just(Point::Track),
    ];
    let modes = proptest::sample::select(vec!["FIRST", "UNIQUE", "STRICTEST"]);
    let otherwise = prop_oneof![2 => (0_usize..12).prop_map(Some), 1 => Just(None)];
    (points, modes, clauses, otherwise).prop_map(|(point, mode, clauses, otherwise)| Decision {
        point,
        mode: if point == Point::Clock || mode != "STRICTEST" {
            mode
        } else {
            "FIRST"
        },
        clauses,
        otherwise,
    })
}

fn asked<'a>(plan: &'a Plan, decision: &Decision) -> Asked<'a> {
    let all = plan.decisions();
    let own = all
        .into_iter()
        .find(|it| it.rule.as_str() == decision.point.rule());
    own.unwrap()
}

/// The reason of whichever decision it is: the numbers of its clauses, and its facts.
fn reason(plan: &Plan, decision: &Decision, case: Case) -> (Vec<u32>, Vec<Because>) {
    let row = row(plan, case);
    let update = duly::words::ClockKind::Update;
    let reason = match decision.point {
        Point::Clock => {
            plan.clock(update)
                .unwrap()
                .within
                .decide(&plan.schema, &row)
                .1
        }
        Point::Route => {
            plan.route
                .as_ref()
                .unwrap()
                .lead
                .decide(&plan.schema, &row)
                .1
        }
        Point::Track => {
            plan.track
                .when
                .as_ref()
                .unwrap()
                .decide(&plan.schema, &row)
                .1
        }
    };
    assert_eq!(reason.rule.as_str(), decision.point.rule());
    let numbers = reason.clauses.iter().map(|clause| clause.number).collect();
    (numbers, reason.because)
}

/// The limits of an earliest of several as a set: which is written first says nothing.
fn as_set(answer: Value) -> Value {
    let spans = answer.pointer("/span/earliest").and_then(Value::as_array);
    match spans {
        Some(spans) => {
            let spans: BTreeSet<String> = spans.iter().map(Value::to_string).collect();
            json!({ "span": { "earliest": spans } })
        }
        None => answer,
    }
}

/// Lines at which a finding of that code was shown.
pub fn lines(found: &Findings, code: &str) -> BTreeSet<usize> {
    let own = found.all.iter().filter(|it| it.code == code);
    own.map(|it| it.line).collect()
}

/// The cases that words such as `a = true, n = 2..=4` describe.
fn described(words: &str) -> Vec<Case> {
    let facts: BTreeMap<&str, &str> = words
        .split(", ")
        .filter_map(|part| part.split_once(" = "))
        .collect();
    assert!(words == "always" || !facts.is_empty(), "{words}");
    let fits = |name: &str, is: &dyn Fn(&str) -> bool| facts.get(name).is_none_or(|it| is(it));
    let within = |range: &str, n: i64| match range.split_once("..=") {
        Some((least, most)) => (least.parse().unwrap()..=most.parse().unwrap()).contains(&n),
        None => range.parse::<i64>().unwrap() == n,
    };
    every_case()
        .filter(|case| {
            fits("a", &|it| it == case.a.to_string())
                && fits("b", &|it| {
                    it.split(" | ").any(|label| label == LABELS[case.b])
                })
                && fits("n", &|it| within(it, case.n))
        })
        .collect()
}

/// The case that a finding gives, in both languages.
fn witness(finding: &Finding) -> Vec<Case> {
    let (_, en) = finding.message.rsplit_once("when ").unwrap();
    let (_, zh) = finding.zh.message.rsplit_once("情形:").unwrap();
    assert_eq!(zh, if en == "always" { "任何情形" } else { en });
    described(en)
}

fn judged(found: &Findings, decision: &Decision) -> Result<(), TestCaseError> {
    let at = |numbers: &BTreeSet<u32>| -> BTreeSet<usize> {
        numbers.iter().map(|it| decision.line(*it)).collect()
    };
    let text = || format!("{}\n{found}", decision.text());
    let of = |code: &'static str| found.all.iter().filter(move |it| it.code == code);

    // A gap: a case that no clause covers, of a decision that must have an answer.
    let gap = decision.point == Point::Clock && decision.otherwise.is_none();
    let uncovered = decision.uncovered();
    prop_assert_eq!(
        of("D307").count() > 0,
        gap && !uncovered.is_empty(),
        "{}",
        text()
    );
    for finding in of("D307") {
        prop_assert_eq!(finding.line, decision.line(0));
        let all = witness(finding);
        prop_assert!(
            !all.is_empty() && all.iter().all(|it| uncovered.contains(it)),
            "{}",
            text()
        );
    }

    // Overlaps: two that say different things are an error, two that say the same are told, and only where one is to apply.
    let unique = decision.mode == "UNIQUE";
    let overlaps: BTreeSet<(u32, u32)> = match unique {
        true => decision.overlaps(),
        false => BTreeSet::new(),
    };
    let (same, differ): (BTreeSet<_>, BTreeSet<_>) =
        overlaps.into_iter().partition(|pair| decision.same(*pair));
    let later = |pairs: &BTreeSet<(u32, u32)>| pairs.iter().map(|(one, _)| *one).collect();
    prop_assert_eq!(lines(found, "D315"), at(&later(&differ)), "{}", text());
    prop_assert_eq!(of("D315").count(), differ.len(), "{}", text());
    prop_assert_eq!(lines(found, "D411"), at(&later(&same)), "{}", text());
    for finding in of("D315") {
        let one = (1..).find(|it| decision.line(*it) == finding.line).unwrap();
        let both = |case: &Case| {
            let all = decision.applying(*case);
            let named = all.first().is_some_and(|it| {
                finding.message.contains(&format!("clause {it} says"))
                    && differ.contains(&(one, *it))
            });
            named && all.contains(&one)
        };
        let all = witness(finding);
        prop_assert!(!all.is_empty() && all.iter().all(both), "{}", text());
    }

    // Limits that cannot be compared.
    let mixed = decision.mixed();
    prop_assert_eq!(
        of("D316").count(),
        usize::from(!mixed.is_empty()),
        "{}",
        text()
    );
    for finding in of("D316") {
        let all = witness(finding);
        prop_assert!(
            !all.is_empty() && all.iter().all(|it| mixed.contains(it)),
            "{}",
            text()
        );
    }

    // What nobody comes to. After a clause that takes every case, that one is told and not those after it.
    let closing = decision.closing();
    prop_assert_eq!(
        lines(found, "D410"),
        at(&closing.into_iter().collect()),
        "{}",
        text()
    );
    let mut idle = match unique {
        true => BTreeSet::new(),
        false => decision.idle(),
    };
    idle.retain(|it| closing.is_none_or(|closing| *it < closing));
    prop_assert_eq!(lines(found, "D408"), at(&idle), "{}", text());
    let mut never = at(&decision.never());
    if decision.otherwise.is_some() && uncovered.is_empty() && closing.is_none() {
        never.insert(decision.line(decision.clauses.len() as u32 + 1));
    }
    prop_assert_eq!(lines(found, "D409"), never, "{}", text());

    // What hides a clause is named: every case of it is decided by one of those, and each of those decides one of them.
    for finding in of("D408") {
        let one = (1..).find(|it| decision.line(*it) == finding.line).unwrap();
        let decided = decision
            .cases_of(one)
            .into_iter()
            .flat_map(|it| decision.deciding(it));
        let by: BTreeSet<u32> = decided.collect();
        let named: Vec<String> = by.iter().map(u32::to_string).collect();
        let (_, after) = finding.message.rsplit_once("clause").unwrap();
        let after = after.trim_start_matches('s').trim();
        let after = after.strip_suffix(" ends no later").unwrap_or(after);
        prop_assert_eq!(after, named.join(", "), "{}", text());
    }
    Ok(())
}

proptest! {
    #![proptest_config(config(250))]

    // Clauses answer for every case what their list says, by the interpreter and by the diagram; the reason names the clause that
    // decides, and its facts are such that every case that has them has that answer from that clause. A pack is refused exactly where
    // a case has no answer or two; everything found is found by brute force too, each at its clause, with a case that shows it.
    #[test]
    fn clauses_answer_and_are_found_wanting_as_their_list_says(decision in decisions()) {
        let text = decision.text();
        let (plan, found) = check("pack.rhai", &text, &Options::default());
        judged(&found, &decision)?;
        let (again, same) = check("pack.rhai", &text, &Options::default());
        prop_assert_eq!(&found, &same);
        prop_assert_eq!(&plan, &again);
        let refused = every_case().any(|case| decision.answer(case).is_none())
            || (decision.mode == "UNIQUE" && decision.overlaps().into_iter().any(|it| !decision.same(it)));
        prop_assert_eq!(plan.is_none(), refused, "{}\n{}", text, found);
        let Some(plan) = plan else { return Ok(()) };
        let oracle = Interpreter::load("pack.rhai", &text).unwrap();
        let asked = asked(&plan, &decision);
        let reasons: Vec<_> = every_case().map(|case| (case, reason(&plan, &decision, case))).collect();
        for (case, (numbers, because)) in &reasons {
            let row = row(&plan, *case);
            let wanted = decision.answer(*case).unwrap();
            let answer = asked.answer(&row);
            prop_assert_eq!(as_set(answer.clone()), wanted.clone(), "{} for {:?}", text, case);
            prop_assert_eq!(oracle.answer(asked.rule, &row).unwrap().unwrap(), answer, "{} for {:?}", text, case);
            let mut deciding = decision.deciding(*case);
            if deciding.is_empty() && decision.otherwise.is_some() {
                deciding.push(decision.clauses.len() as u32 + 1);
            }
            prop_assert_eq!(numbers, &deciding, "{} for {:?}", text, case);
            // Whoever asks why is told what is recorded with a case.
            let told = asked.reason(&plan.schema, &row);
            prop_assert_eq!(&told.because, because);
            prop_assert_eq!(told.clauses.iter().map(|it| it.number).collect::<Vec<_>>(), numbers.clone());
            let why = asked.why(&plan.schema, &plan.schema.take(&facts(*case)).unwrap());
            prop_assert_eq!(why.clauses.iter().map(|it| it.clause.number).collect::<Vec<_>>(), numbers.clone());
            let because: Vec<String> = because.iter().map(ToString::to_string).collect();
            let alike = if because.is_empty() { "always".into() } else { because.join(", ") };
            for other in described(&alike) {
                prop_assert_eq!(decision.answer(other).unwrap(), wanted.clone(), "{}: {}", text, alike);
                let (_, own) = reasons.iter().find(|(it, _)| *it == other).unwrap();
                prop_assert_eq!(&own.0, numbers, "{}: {}", text, alike);
            }
            let grounds = |it: &Case| {
                let facts = facts(*it);
                why.because.iter().all(|bound| bound.holds(&facts[&bound.fact]))
            };
            let same: Vec<Case> = every_case().filter(grounds).collect();
            prop_assert_eq!(same, described(&alike), "{}: {}", text, alike);
        }
        // Stored and read again it is the same plan.
        let stored = serde_json::to_string(&plan).unwrap();
        prop_assert_eq!(serde_json::from_str::<Plan>(&stored).unwrap(), plan);
    }

    // Where the order says nothing, clauses in another order are the same diagram.
    #[test]
    fn the_order_of_clauses_says_nothing_but_under_first(
        (decision, clauses) in decisions()
            .prop_filter("no order", |it| it.mode != "FIRST")
            .prop_flat_map(|it| (Just(it.clone()), Just(it.clauses).prop_shuffle())),
    ) {
        let other = Decision { clauses, ..decision.clone() };
        let one = check("pack.rhai", &decision.text(), &Options::default()).0;
        let two = check("pack.rhai", &other.text(), &Options::default()).0;
        prop_assert_eq!(one.is_some(), two.is_some());
        let (Some(one), Some(two)) = (one, two) else { return Ok(()) };
        let diagram = |plan: &Plan| match decision.point {
            Point::Clock => serde_json::to_value(&plan.clock(duly::words::ClockKind::Update).unwrap().within.diagram),
            Point::Route => serde_json::to_value(&plan.route.as_ref().unwrap().lead.diagram),
            Point::Track => serde_json::to_value(&plan.track.when.as_ref().unwrap().diagram),
        };
        prop_assert_eq!(diagram(&one).unwrap(), diagram(&two).unwrap(), "{}\n{}", decision.text(), other.text());
    }
}

/// An overlay's clauses over a base's: both lists on the same clock.
fn layers() -> impl Strategy<Value = (Decision, Decision)> {
    let list = || proptest::collection::vec((conditions(), 0_usize..6), 1..=3);
    (list(), 0_usize..6, list(), proptest::option::of(0_usize..6)).prop_map(
        |(base, rest, over, otherwise)| {
            let of = |clauses, otherwise| Decision {
                point: Point::Clock,
                mode: "FIRST",
                clauses,
                otherwise,
            };
            (of(base, Some(rest)), of(over, otherwise))
        },
    )
}

/// An overlay of these lines on that text.
fn over(base: &str, lines: &str) -> (String, Options) {
    let base = base.to_owned();
    let find = move |name: &str| (name == "demo").then(|| ("demo.rhai".into(), base.clone()));
    let text = format!("pack(\"over\");\nbased_on(\"demo\");\n{lines}\n");
    (text, Options::default().with_bases(find))
}

proptest! {
    #![proptest_config(config(100))]

    // An overlay's clauses lie over its base's: case by case the earlier limit holds and its clause is named, both where it cannot be
    // told beforehand; where the overlay says nothing, the base decides. The numbers of the overlay's clauses go on from the base's.
    #[test]
    fn clauses_are_tightened_by_clauses_case_by_case((base, own) in layers()) {
        let own_lines = own.text().split_once(".clauses").map(|(_, rest)| rest.to_owned()).unwrap();
        let (text, options) = over(&base.text(), &format!("tighten(\"update\").clauses{own_lines}"));
        let (plan, found) = check("over.rhai", &text, &options);
        let Some(plan) = plan else { return Err(TestCaseError::fail(format!("{text}\n{found}"))) };
        let oracle = Interpreter::load_with("over.rhai", &text, &options).unwrap();
        let asked = asked(&plan, &base);
        let number = |it: &Decision, case: Case, before: usize| {
            let first = it.deciding(case).first().copied();
            let left = it.otherwise.map(|_| it.clauses.len() as u32 + 1);
            first.or(left).map(|it| it + before as u32)
        };
        let limit = |it: &Decision, case: Case| {
            let says = it.deciding(case).first().map(|own| it.says(*own)).or(it.otherwise);
            says.map(|says| SPANS[says % SPANS.len()])
        };
        for case in every_case() {
            let under = number(&base, case, 0);
            let above = number(&own, case, base.clauses.len() + 1);
            let least = limit(&base, case).unwrap();
            let (wanted, numbers) = match limit(&own, case) {
                None => (least.whole(), vec![under]),
                Some(it) if least.no_later(it) => (least.whole(), vec![under]),
                Some(it) if it.no_later(least) => (it.whole(), vec![above]),
                Some(it) => {
                    let spans = BTreeSet::from([least.json().to_string(), it.json().to_string()]);
                    (json!({ "span": { "earliest": spans } }), vec![under, above])
                }
            };
            let numbers: Vec<u32> = numbers.into_iter().flatten().collect();
            let row = row(&plan, case);
            let answer = asked.answer(&row);
            prop_assert_eq!(as_set(answer.clone()), wanted, "{}{} for {:?}", base.text(), text, case);
            prop_assert_eq!(oracle.answer(asked.rule, &row).unwrap().unwrap(), answer);
            prop_assert_eq!(reason(&plan, &base, case).0, numbers, "{}{} for {:?}", base.text(), text, case);
        }
    }
}

/// Clauses in a file of their own line each, from line 8 on.
const REPLY: &str = r#"clock("reply", "答复").ours("见各款")
    .clauses(STRICTEST)
    .when(|m| m.heat >= 热度线, 3.working_days).title("热点件").cite("《办法》第五条")
    .when(|m| m.kind == "咨询", 5.working_days).title("咨询件").ours("参照乐清")
    .when(|m| m.kind == "求助", 1.months)
    .otherwise(10.working_days);"#;

#[test]
fn the_reason_names_the_clause_with_its_title_and_its_place() {
    let plan = plan(REPLY);
    let within = &plan.clock(duly::words::ClockKind::Reply).unwrap().within;
    let clauses = within.clauses.as_ref().unwrap();
    let cited = duly::plan::Provenance::Cited("《办法》第五条".into());
    assert_eq!(clauses.get(1).unwrap().provenance, cited);
    assert_eq!(
        clauses.get(4).map(|it| (it.title.as_str(), it.otherwise)),
        Some(("其余", true))
    );
    assert_eq!((clauses.get(0), clauses.get(5)), (None, None));
    let said = |kind: &str, heat: i64| {
        let row = plan.schema.row(|fact| match fact.name.as_str() {
            "kind" => Some(kind.into()),
            "heat" => Some(heat.into()),
            _ => None,
        });
        let (limit, reason) = within.decide(&plan.schema, &row);
        assert_eq!(within.decided(&row).reason(&plan.schema), reason);
        format!("{limit} by {reason}")
    };
    assert_eq!(
        [
            said("咨询", 500),
            said("咨询", 9),
            said("求助", 500),
            said("投诉", 0)
        ],
        [
            "3 working days by clock(reply).within.1 (热点件): kind = 咨询, heat = 100..=1000",
            "5 working days by clock(reply).within.2 (咨询件): kind = 咨询, heat = 0..=99",
            "the earliest of (1 month, 3 working days) by clock(reply).within.1+3 (热点件): kind = 求助, heat = 100..=1000",
            "10 working days by clock(reply).within.4 (其余): kind = 投诉, heat = 0..=99",
        ]
    );
    let at = |number: u32| plan.sources.at[&within.rule.clause(number)].as_str();
    assert_eq!([at(1), at(4)], ["pack.rhai:10:6", "pack.rhai:13:6"]);
    assert_eq!(plan.sources.at[&within.rule], "pack.rhai:9:6");
}

/// A plan without clauses says nothing of clauses, so that it is the plan it was and has the identity it had.
#[test]
fn a_plan_without_clauses_is_stored_as_before() {
    let without = serde_json::to_string(&plan("clock(\"reply\").within(5.working_days);")).unwrap();
    assert!(!without.contains("clauses"));
    let with = serde_json::to_string(&plan(REPLY)).unwrap();
    assert!(with.contains("\"clauses\":{\"mode\":\"strictest\""));
    // Clauses that are not there, or that decide on facts that are not there, are no plan.
    let damaged = with.replace("[1,3]", "[1,9]");
    assert!(damaged != with);
    let damaged: Plan = serde_json::from_str(&damaged).unwrap();
    let rule = duly::words::RuleId::new("clock(reply).within");
    assert_eq!(
        damaged.validate(),
        Err(vec![duly::plan::PlanFault::Clauses(rule)])
    );
}

/// What the base says in clauses an overlay tightens by a plain rule, too, and the reason then names no clause.
#[test]
fn a_plain_limit_tightens_clauses() {
    let (text, options) = over(&with(REPLY), "tighten(\"reply\").within(4.working_days);");
    let plan = duly::script::load_with("over.rhai", &text, &options).unwrap();
    let within = &plan.clock(duly::words::ClockKind::Reply).unwrap().within;
    let said = |heat: i64| {
        let known = |fact: &duly::plan::FactRule| (fact.name == "heat").then(|| heat.into());
        let (limit, reason) = within.decide(&plan.schema, &plan.schema.row(known));
        format!("{limit} by {reason}")
    };
    assert_eq!(
        [said(500), said(0)],
        [
            "3 working days by clock(reply).within.1 (热点件): kind = 投诉, heat = 100..=1000",
            "4 working days by clock(reply).within: kind = 投诉, heat = 0..=99",
        ]
    );
    assert_eq!(plan.sources.at[&within.rule], "over.rhai:3:18");
}

/// Gates are lists by nature: all their clauses are read, a pack may say so, and no other mode is taken.
#[test]
fn what_is_a_list_collects() {
    let gate = |mode: &str| {
        format!(
            "gate(\"process\"){mode}.require(|m| m.has_contact, \"联系\").require(|m| m.has_basis, \"依据\");"
        )
    };
    assert_eq!(
        plan(&gate("")).gates,
        plan(&gate(".clauses(COLLECT)")).gates
    );
    assert_eq!(plan(&gate(".clauses()")).gates, plan(&gate("")).gates);
}
