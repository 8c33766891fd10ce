//! The published table of kinds, stages, commands and roles is what the machine accepts, no wider and no narrower.

use duly::duty::{Duty, DutyCommand, DutyWhy, decide};
use duly::plan::Plans;
use duly::words::{Actor, DutyCommandName, DutyKind, DutyStage, Role, TextRef};

use super::{at, command, duban, envelope, fulfil, head, plans, video};

/// Obligations of every kind at every stage that it has.
fn all() -> Vec<Duty> {
    let plans = recurring_plans();
    let next = |duty: Option<&Duty>, by: Actor, asked: DutyCommand| {
        let asked = envelope("k", "v01", by, at("2026-03-02 09:00"), asked);
        decide(duty, &asked, &plans).unwrap().duty
    };
    let owed = next(None, duban(), video());
    let submitted = next(Some(&owed), head(), fulfil());
    let done = next(Some(&submitted), duban(), command(r#"{"accept": {}}"#));
    let excuse = || command(r#"{"excuse": {"reason": "不必"}}"#);
    let excused = next(Some(&owed), duban(), excuse());
    let digest = r#"{"impose": {"kind": "digest", "topic": "日报", "place": "632521", "post": "leader", "of": "2026-03-02"}}"#;
    let unread = next(None, duban(), command(digest));
    let read = next(Some(&unread), leader(), command(r#"{"read": {}}"#));
    let let_off = next(Some(&unread), duban(), excuse());
    let mut all = vec![owed, submitted, done, excused, unread, read, let_off];
    for kind in DutyKind::ALL.iter().copied().filter(|kind| kind.recurs()) {
        let owed = next(None, duban(), recurring(kind));
        all.push(next(Some(&owed), head(), covered(kind)));
        all.push(next(Some(&owed), duban(), excuse()));
        all.push(owed);
    }
    all
}

/// The shipped pack, with what recurs.
fn recurring_plans() -> Plans {
    let lines: String = DutyKind::ALL
        .iter()
        .filter(|kind| kind.recurs())
        .map(|kind| format!("duty(\"{kind}\").owed_by(单位领导).every(1.months);\n"))
        .collect();
    let text = format!("{}\n{lines}", duly::script::hainan_board());
    let mut plans = Plans::new("hainan".parse().unwrap());
    plans
        .take(duly::script::load("pack.rhai", &text).unwrap())
        .unwrap();
    plans
}

fn recurring(kind: DutyKind) -> DutyCommand {
    command(&format!(
        r#"{{"impose": {{"kind": "{kind}", "topic": "才让家", "subject": "H-17", "place": "632521", "unit": "共和县住建局"}}}}"#
    ))
}

/// A round of it, done.
fn covered(kind: DutyKind) -> DutyCommand {
    let of = match kind.covers() {
        true => r#", "covered": 41, "of": 43"#,
        false => "",
    };
    command(&format!(r#"{{"fulfil": {{"evidence": "见到户主"{of}}}}}"#))
}

fn leader() -> Actor {
    Actor::new("lv".parse().unwrap(), Role::Leader)
}

/// A command of that name that has nothing wrong with it but who sends it and when.
fn asked(name: DutyCommandName, duty: &Duty) -> DutyCommand {
    use DutyCommandName as C;
    let text: TextRef = duty.topic().clone();
    match name {
        C::Impose => video(),
        C::HandOver => command(r#"{"hand_over": {"to": "li", "reason": "调任"}}"#),
        C::Fulfil if duty.kind().recurs() => covered(duty.kind()),
        C::Fulfil => fulfil(),
        C::Accept => command(r#"{"accept": {}}"#),
        C::SendBack => command(r#"{"send_back": {"mend": "没有答"}}"#),
        C::Read => command(r#"{"read": {}}"#),
        C::Excuse => command(r#"{"excuse": {"reason": "不必"}}"#),
        C::Note => command(r#"{"note": {"text": "催过一次"}}"#),
        C::Delivered => command(r#"{"delivered": {"effect": "v01/1/0"}}"#),
        C::Undelivered => command(r#"{"undelivered": {"effect": "v01/1/0", "why": "停机"}}"#),
        C::Redact => DutyCommand::Redact {
            fields: vec![text],
            basis: "个人信息保护法第四十七条".into(),
        },
        C::AdoptCalendar => command(r#"{"adopt_calendar": {}}"#),
        C::Tick => command(r#"{"tick": {}}"#),
    }
}

#[test]
fn the_published_table_equals_what_decide_accepts() {
    let plans = recurring_plans();
    let revised = super::revised::revised(&plans);
    let mut accepted = 0;
    let stages: std::collections::BTreeSet<_> = all()
        .iter()
        .map(|duty| (duty.kind(), duty.stage()))
        .collect();
    // Every stage that a kind can have, and nothing waits to be accepted of a digest.
    assert_eq!(stages.len(), 7 + 3 * 3);
    assert!(!stages.contains(&(DutyKind::Digest, DutyStage::Submitted)));
    for duty in all() {
        for name in DutyCommandName::ALL.iter().copied() {
            for role in Role::ALL {
                for unit in [None, Some("共和县住建局"), Some("州交通局")] {
                    // Somebody else than all who had a part in it.
                    let mut by = Actor::new("someone".parse().unwrap(), role);
                    by.unit = unit.map(|unit| unit.parse().unwrap());
                    let owes = duty.is_owed_by(&by);
                    let said = name.stages(duty.kind()).contains(&duty.stage())
                        && (name.roles(duty.kind()).contains(&role)
                            || (name.from_who_owes() && owes));
                    let sent = envelope("k2", "v01", by, duty.last_at(), asked(name, &duty));
                    // There is no calendar to adopt but a revised one.
                    let plans = match name {
                        DutyCommandName::AdoptCalendar => &revised,
                        _ => &plans,
                    };
                    let came = decide(Some(&duty), &sent, plans);
                    assert_eq!(
                        came.is_ok(),
                        said,
                        "{name} of {:?} from {role}, {unit:?}: {came:?}",
                        duty.stage()
                    );
                    accepted += u32::from(said);
                    if let Err(refusal) = came {
                        let told: Vec<_> =
                            DutyCommandName::accepted_in(duty.kind(), duty.stage()).collect();
                        assert_eq!(refusal.accepted, told);
                    }
                }
            }
        }
    }
    assert!(accepted > 50);
}

/// What makes one is taken where there is none, from the roles of its kind, and nothing else is.
#[test]
fn only_imposing_makes_one() {
    let plans = plans();
    let any = &all()[0];
    for name in DutyCommandName::ALL.iter().copied() {
        for role in Role::ALL {
            let by = Actor::new("someone".parse().unwrap(), role);
            let sent = envelope("k", "v02", by, at("2026-03-02 09:00"), asked(name, any));
            let said =
                name == DutyCommandName::Impose && name.roles(DutyKind::Video).contains(&role);
            let came = decide(None, &sent, &plans);
            assert_eq!(came.is_ok(), said, "{name} from {role}: {came:?}");
            let no_duty = came.is_err_and(|it| *it.why == DutyWhy::NoDuty);
            assert_eq!(no_duty, name != DutyCommandName::Impose);
        }
    }
}
