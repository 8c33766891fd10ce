//! Records that no machine wrote are not taken for a history: each is refused, and says why.

use duly::duty::{Duty, DutyCommand, DutyEffectId, DutyEvent, DutyRecord, decide, evolve};
use duly::time::{Moment, Pauses};
use duly::words::{Actor, BoardId, CancelWhy, Role, StepFate, StepKey, Verdict};

use super::{at, command, duban, envelope, fulfil, head, person, plans, video};

fn board() -> BoardId {
    "hainan".parse().unwrap()
}

/// An obligation after one more command, and the records of that.
fn next(duty: Option<&Duty>, by: Actor, when: &str, asked: DutyCommand) -> (Duty, Vec<DutyRecord>) {
    let asked = envelope("k", "v01", by, at(when), asked);
    let done = decide(duty, &asked, &plans()).unwrap();
    (done.duty, done.records)
}

/// The next record of it, as if that had happened.
fn record(duty: &Duty, event: DutyEvent) -> DutyRecord {
    DutyRecord {
        duty: duty.id().clone(),
        version: duty.version() + 1,
        at: duty.last_at(),
        by: None,
        plan: duty.plan().clone(),
        command: None,
        event,
    }
}

/// Why that record is not the next.
fn said(duty: &Duty, record: &DutyRecord) -> &'static str {
    evolve(&board(), Some(duty.clone()), record)
        .unwrap_err()
        .said
}

#[test]
fn what_does_not_follow_from_where_it_stands_is_found() {
    let morning = "2026-03-02 09:00";
    let back = || command(r#"{"send_back": {"mend": "没有答"}}"#);
    let (owed, imposed) = next(None, duban(), morning, video());
    let (submitted, fulfilled) = next(Some(&owed), head(), morning, fulfil());
    let (_, sent_back) = next(Some(&submitted), duban(), morning, back());
    let accept = command(r#"{"accept": {}}"#);
    let (done, accepted) = next(Some(&submitted), duban(), morning, accept);
    let excuse = command(r#"{"excuse": {"reason": "不必"}}"#);
    let (excused, let_off) = next(Some(&owed), duban(), morning, excuse);
    let tick = command(r#"{"tick": {}}"#);
    let host = person("host", Role::System, None);
    let (late, _) = next(Some(&owed), host, "2026-03-31 09:00", tick);
    assert!(late.breached_at().is_some());
    let event = |records: &[DutyRecord]| records[0].event.clone();
    let DutyEvent::Imposed { schedule, .. } = event(&imposed) else {
        panic!("{imposed:?}")
    };
    let verdict = Verdict::OnTime { margin: 1 };
    let fired = || StepFate::Fired { acts: Vec::new() };
    let taken = |round: Option<u32>, step: StepKey, fate: StepFate| DutyEvent::StepTaken {
        round,
        step,
        fate,
        deferred_from: None,
        title: String::new(),
        next: Vec::new(),
    };
    let nobody = match event(&fulfilled) {
        DutyEvent::Fulfilled { channel, link, .. } => DutyEvent::Fulfilled {
            channel,
            link,
            evidence: None,
            verdict,
            next: Vec::new(),
        },
        other => panic!("{other:?}"),
    };
    let adopted = |steps: bool| {
        let mut schedule = schedule.clone();
        if !steps {
            schedule.steps.clear();
        }
        DutyEvent::CalendarAdopted {
            term: owed.term().clone(),
            schedule,
            round: None,
        }
    };
    let over = DutyEvent::HandedOver {
        to: "li".parse().unwrap(),
        reason: owed.topic().clone(),
    };
    let untold: DutyEffectId = "v01/1/1".to_owned().try_into().unwrap();
    let why = owed.topic().clone();
    let void = StepFate::Voided {
        why: CancelWhy::BeforeStart,
    };
    let ninth = StepKey::Overdue { occurrence: 9 };
    let read = || DutyEvent::Read { verdict };
    let missed = DutyEvent::RoundMissed { round: 1 };
    let rounds = DutyEvent::RoundDone {
        round: 1,
        evidence: owed.topic().clone(),
        coverage: None,
        found: None,
        verdict,
    };
    let cases = [
        (&owed, event(&imposed), "it is imposed already"),
        (&owed, event(&accepted), "there is nothing to accept"),
        (&done, event(&accepted), "there is nothing to accept"),
        (&owed, event(&sent_back), "there is nothing to send back"),
        (&done, event(&sent_back), "there is nothing to send back"),
        (&submitted, event(&fulfilled), "it is not owed"),
        (&owed, nobody, "nobody is reminded to accept it"),
        (&submitted, read(), "it is not owed"),
        (&done, read(), "it is not owed"),
        (&submitted, adopted(true), "it is not owed"),
        (&late, adopted(true), "what is late stays late"),
        (&owed, adopted(false), "nothing comes of it"),
        (&done, over.clone(), "it is neither owed nor submitted"),
        (&excused, over, "it is neither owed nor submitted"),
        (
            &excused,
            event(&let_off),
            "it is neither owed nor submitted",
        ),
        (
            &owed,
            DutyEvent::Delivered {
                effect: untold.clone(),
            },
            "nothing of the kind was told",
        ),
        (
            &owed,
            DutyEvent::Undelivered {
                effect: untold,
                why,
            },
            "nothing of the kind was told",
        ),
        (&owed, taken(None, ninth, fired()), "no such step was ahead"),
        (
            &owed,
            taken(Some(1), StepKey::Breach, fired()),
            "it has no such round",
        ),
        (
            &late,
            taken(None, StepKey::Breach, void),
            "the step came before",
        ),
        (&owed, missed, "the round is not over"),
        (&owed, rounds, "it does not stand in that round"),
    ];
    for (duty, event, why) in cases {
        let forged = record(duty, event);
        assert_eq!(said(duty, &forged), why, "{forged:?}");
    }
}

#[test]
fn a_record_of_another_chain_or_place_in_it_is_found() {
    let (owed, imposed) = next(None, duban(), "2026-03-02 09:00", video());
    let text = owed.topic().clone();
    let good = record(&owed, DutyEvent::Noted { text });
    let after = evolve(&board(), Some(owed.clone()), &good).unwrap();
    assert_eq!((after.version(), after.last_at()), (2, owed.last_at()));
    let forged = |change: &dyn Fn(&mut DutyRecord), why: &str| {
        let mut forged = good.clone();
        change(&mut forged);
        assert_eq!(said(&owed, &forged), why, "{forged:?}");
    };
    forged(
        &|it| it.duty = "v02".parse().unwrap(),
        "it is of another obligation",
    );
    for version in [1, 3] {
        forged(
            &|it| it.version = version,
            "it does not follow the version before it",
        );
    }
    forged(
        &|it| it.at = it.at.plus(-1),
        "it is earlier than the one before it",
    );
    forged(
        &|it| it.plan = "0".repeat(64).parse().unwrap(),
        "it is under another plan",
    );
    // The first imposes it, with something ahead, and is the first.
    let first = |change: &dyn Fn(&mut DutyRecord)| {
        let mut forged = imposed[0].clone();
        change(&mut forged);
        evolve(&board(), None, &forged)
    };
    assert_eq!(first(&|_| ()).as_ref(), Ok(&owed));
    let none = |it: &mut DutyRecord| {
        if let DutyEvent::Imposed { schedule, .. } = &mut it.event {
            schedule.steps.clear();
        }
    };
    let noted = good.event.clone();
    for error in [
        first(&|it| it.version = 2).unwrap_err(),
        first(&none).unwrap_err(),
        first(&|it| it.event = noted.clone()).unwrap_err(),
    ] {
        assert_eq!(error.said, "the first record imposes it");
    }
    // And an obligation has no pauses and nobody's word before anything happens to it.
    assert_eq!(owed.pauses(), &Pauses::none());
    let nothing: (u32, Option<Moment>) = (owed.sent_back(), owed.delivered_at());
    assert_eq!(nothing, (0, None));
}
