//! How two plans differ, in words: what each kind of thing is called and what stands in it, which thing is taken for which, and what
//! every kind of decision is about.

mod alone;
mod conditions;
mod facts;
mod likest;
mod limits;
mod otherwise;

use std::collections::BTreeMap;

use duly::plan::{
    ClockRule, Decision, Diagram, ExtensionRule, GateRule, Judged, NoticeRule, On, PauseKind,
    PauseRule, Plan, Provenance, Region, Rung, SignalRule, bare,
};
use duly::time::{Hours, Span, Window};
use duly::words::{ClockKind, ClockMark, Gate, Lang, PauseSide, Role, RuleId, Verb};

const ALL: usize = usize::MAX;

fn plain() -> Plan {
    bare("demo".parse().unwrap())
}

/// What is said otherwise, thing by thing.
fn changes(old: &Plan, new: &Plan, lang: Lang) -> Vec<String> {
    let diff = old.diff(new, ALL);
    let told = diff.changes.iter().map(|it| {
        let (was, is) = (it.says.0.say(lang), it.says.1.say(lang));
        format!("{}: {was} → {is}", it.what.say(lang))
    });
    told.collect()
}

/// What is decided otherwise, case by case.
fn decided(old: &Plan, new: &Plan, lang: Lang) -> Vec<String> {
    let mut all = Vec::new();
    for decision in old.diff(new, ALL).decisions {
        for region in &decision.regions {
            let when: Vec<String> = region.when.iter().map(|it| it.say(lang)).collect();
            let (was, is) = (region.says.0.say(lang), region.says.1.say(lang));
            let about = decision.about.say(lang);
            all.push(format!("{about}, {}: {was} → {is}", when.join(", ")));
        }
    }
    all
}

fn clock(plan: &mut Plan, kind: ClockKind) -> &mut ClockRule {
    let mut clocks = plan.clocks.iter_mut();
    clocks.find(|clock| clock.kind == kind).unwrap()
}

/// A rule that answers by whether the fact is so.
fn asks<A: PartialEq>(plan: &Plan, fact: &str, no: A, yes: A) -> Diagram<A> {
    let at = plan.schema.index(fact).unwrap();
    let region = |code: i64, answer: A| Region {
        bounds: BTreeMap::from([(at, (code, code))]),
        answer,
    };
    Diagram::from_regions(&plan.schema, vec![region(0, no), region(1, yes)]).unwrap()
}

fn rule<A>(diagram: Diagram<A>) -> Decision<A> {
    Decision::new(RuleId::new("the.rule"), diagram)
}

fn rung(key: &str, on: On, title: &str, act: (Verb, &str)) -> Rung {
    Rung {
        key: key.into(),
        on,
        title: title.into(),
        acts: vec![(act.0, act.1.into())],
        when: None,
        at_once: false,
    }
}

fn notice(mark: ClockMark, title: &str) -> NoticeRule {
    NoticeRule {
        rule: RuleId::new(format!("notice({mark}).{title}")),
        mark,
        title: title.into(),
        when: None,
        to: Vec::new(),
        citizen: false,
        words: String::new(),
    }
}

fn gate(gate: Gate, words: &str, met: Diagram<bool>) -> GateRule {
    GateRule {
        gate,
        judged: Judged::Review,
        met: rule(met),
        words: words.into(),
    }
}

fn pause(reason: &str, kind: PauseKind) -> PauseRule {
    PauseRule {
        reason: reason.into(),
        side: PauseSide::Statutory,
        most: Span::WorkingDays(5),
        times: 1,
        kind,
        holds: Vec::new(),
        when: None,
    }
}

fn extension() -> ExtensionRule {
    ExtensionRule {
        times: 1,
        most: Span::WorkingDays(5),
        total: None,
        ask_before: None,
        granted_by: Role::Supervisor,
        told: false,
        rearms: false,
        when: None,
    }
}

fn signal() -> SignalRule {
    SignalRule {
        name: "heat".into(),
        rule: RuleId::new("signal(heat)"),
        title: "热".into(),
        when: None,
        window: Span::CalendarDays(30),
        provenance: Provenance::Unsaid,
    }
}

fn day(windows: &[&str]) -> Vec<Window> {
    let parsed = windows.iter().map(|text| text.parse().unwrap());
    parsed.collect()
}

/// Hours of which Friday is short, and in summer all mornings.
fn other_hours() -> Hours {
    let whole = day(&["09:00-12:30", "14:30-18:00"]);
    let summer = std::array::from_fn(|_| day(&["08:00-12:00"]));
    let week = [
        whole.clone(),
        whole.clone(),
        whole.clone(),
        whole,
        day(&["09:00-12:00"]),
        Vec::new(),
        Vec::new(),
    ];
    Hours::new(week).between("05-01", "09-30", summer).unwrap()
}
