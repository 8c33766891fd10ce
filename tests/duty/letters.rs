//! What whoever owes an obligation is told, as they read it.

use duly::desk::{Cursor, Desk, MemoryLedger, PostTable, deliveries};
use duly::duty::{DutyEffect, DutyNotice, DutyOutgoing};
use duly::report::duty_letter;
use duly::words::{Lang, Role, Verb};

use super::{at, command, desk, done, duban, fulfil, head, plans, video};

fn read(desk: &Desk<MemoryLedger>, out: Vec<DutyOutgoing>, lang: Lang) -> String {
    let table: PostTable = serde_json::from_str(
        r#"{"held": [
            {"post": "unit_head", "place": "632521", "unit": "共和县住建局", "person": "zhang"},
            {"post": "supervisor", "place": "6325", "person": "duban"}
        ]}"#,
    )
    .unwrap();
    let page = duly::desk::Page {
        items: out,
        next: Cursor::start(),
    };
    let now = at("2026-03-02 10:00");
    let taken = deliveries(
        page,
        &table,
        now,
        |_| Ok(None),
        |it, text| desk.duty_text(&it.id.duty, text),
    );
    let taken: duly::desk::Deliveries<DutyOutgoing> =
        taken.unwrap_or_else(|error: duly::desk::DeskError| panic!("{error}"));
    let duty = desk.duty(&"v01".parse().unwrap()).unwrap().unwrap();
    let plans = plans();
    let plan = plans.latest().unwrap();
    let each = taken.items.iter().map(|it| {
        let letter = duty_letter(it, &duty, &plan.plan, lang);
        format!("{}\n\n{}", letter.subject, letter.body)
    });
    each.collect::<Vec<_>>().join("----\n")
}

/// Whether supervision is told.
fn is_supervision(out: &DutyOutgoing) -> bool {
    matches!(&out.effect, DutyEffect::Notify { to, .. } if to.role == Some(Role::Supervisor))
}

/// What is recorded as done waits for somebody else: no letter of it asks whoever owes it for more, nor says until when. Supervision, for whose word
/// it waits, is asked for that.
#[test]
fn a_letter_of_what_waits_to_be_accepted_asks_supervision_alone() {
    let desk = desk();
    done(&desk, "c1", "v01", duban(), "2026-03-02 09:00", video());
    // Imposed, reminded, warned, reported to supervision.
    let _ = desk.advance(at("2026-03-31 09:00")).unwrap();
    let out = desk.duty_outbox(&Cursor::start(), 10).unwrap().items;
    assert!(out.len() > 2, "{out:?}");
    let owed = read(&desk, out.clone(), Lang::En);
    assert_eq!(owed.matches("until: 2026-03-30 18:00").count(), out.len());
    done(&desk, "c2", "v01", head(), "2026-03-31 10:00", fulfil());
    let waits = read(&desk, out.clone(), Lang::En);
    let supervised = out.iter().filter(|it| is_supervision(it)).count();
    assert!(0 < supervised && supervised < out.len(), "{out:?}");
    let said = "to do: nothing for now: it is recorded as done, and waits to be accepted";
    let others = out.len() - supervised;
    assert_eq!(waits.matches(said).count(), others, "{waits}");
    let said = "to do: accept it or send it back";
    assert_eq!(waits.matches(said).count(), supervised, "{waits}");
    assert!(!waits.contains("until:"), "{waits}");
    let zh = read(&desk, out.clone(), Lang::Zh);
    assert_eq!(zh.matches("请办:请认可或者退回").count(), supervised);
    let accept = command(r#"{"accept": {}}"#);
    done(&desk, "c3", "v01", duban(), "2026-04-01 10:00", accept);
    let accepted = read(&desk, out.clone(), Lang::En);
    let said = "to do: nothing: it is done";
    assert_eq!(accepted.matches(said).count(), out.len(), "{accepted}");
    let zh = read(&desk, out.clone(), Lang::Zh);
    assert_eq!(zh.matches("请办:已经完成,无须再做什么").count(), out.len());
}

/// Supervision was reminded for weeks that it is overdue: once it is recorded as done, the latest of those letters asks for their word and not for haste.
#[test]
fn a_letter_that_it_is_overdue_asks_supervision_for_their_word_once_it_waits() {
    let desk = desk();
    done(&desk, "c1", "v01", duban(), "2026-03-02 09:00", video());
    let _ = desk.advance(at("2026-05-08 18:00")).unwrap();
    let mut out = desk.duty_outbox(&Cursor::start(), 100).unwrap().items;
    out.retain(|it| {
        matches!(&it.effect, DutyEffect::Notify { what: DutyNotice::Overdue { .. }, .. } if is_supervision(it))
    });
    assert!(!out.is_empty());
    let overdue = read(&desk, out.clone(), Lang::En);
    let said = "to do: see to it until it is done";
    assert_eq!(overdue.matches(said).count(), out.len(), "{overdue}");
    done(&desk, "c2", "v01", head(), "2026-05-09 10:00", fulfil());
    let waits = read(&desk, out.clone(), Lang::En);
    let said = "to do: accept it or send it back";
    assert_eq!(waits.matches(said).count(), out.len(), "{waits}");
    assert!(!waits.contains("until:"), "{waits}");
}

/// A letter that something waits to be accepted goes out after it was sent back: there is nothing to accept, until it is recorded again.
#[test]
fn a_letter_of_what_was_sent_back_meanwhile_asks_for_no_word() {
    let desk = desk();
    done(&desk, "c1", "v01", duban(), "2026-03-02 09:00", video());
    done(&desk, "c2", "v01", head(), "2026-03-04 10:00", fulfil());
    let _ = desk.advance(at("2026-03-20 18:00")).unwrap();
    let mut out = desk.duty_outbox(&Cursor::start(), 100).unwrap().items;
    out.retain(is_supervision);
    // To accept it, and reminded of that.
    assert!(out.len() > 1, "{out:?}");
    let back = command(r#"{"send_back": {"mend": "没有答"}}"#);
    done(&desk, "c3", "v01", duban(), "2026-03-23 10:00", back);
    let en = read(&desk, out.clone(), Lang::En);
    let said = "to do: nothing for now: it was sent back, and is to be recorded again";
    assert_eq!(en.matches(said).count(), out.len(), "{en}");
    assert!(!en.contains("accept it"), "{en}");
    let zh = read(&desk, out.clone(), Lang::Zh);
    let said = "请办:已经退回,等待改好后重新登记;现在无须再做什么";
    assert_eq!(zh.matches(said).count(), out.len(), "{zh}");
    done(&desk, "c4", "v01", head(), "2026-03-24 10:00", fulfil());
    let again = read(&desk, out.clone(), Lang::En);
    let asked = again.matches("accept it").count();
    assert_eq!(asked, out.len(), "{again}");
}

#[test]
fn every_notice_of_an_obligation_says_what_is_owed_and_until_when() {
    let desk = desk();
    done(&desk, "c1", "v01", duban(), "2026-03-02 09:00", video());
    let imposed = desk.duty_outbox(&Cursor::start(), 10).unwrap().items;
    let [first] = imposed.as_slice() else {
        panic!("{imposed:?}")
    };
    let DutyEffect::Notify {
        to,
        what: DutyNotice::Imposed { topic, due },
    } = &first.effect
    else {
        panic!("{first:?}")
    };
    let others = [
        DutyNotice::ToAccept {
            link: "https://example.org/v".into(),
        },
        DutyNotice::Accepted,
        DutyNotice::SentBack {
            mend: topic.clone(),
            due: *due,
        },
        DutyNotice::Excused,
        DutyNotice::Rung {
            verb: Verb::Remind,
            title: String::new(),
            round: None,
        },
        DutyNotice::Rung {
            verb: Verb::Warn,
            title: "黄色警示".into(),
            round: None,
        },
        DutyNotice::Overdue {
            occurrence: 2,
            round: None,
        },
        DutyNotice::Waits { occurrence: 1 },
    ];
    let mut all = imposed.clone();
    all.extend(others.into_iter().map(|what| DutyOutgoing {
        effect: DutyEffect::Notify {
            to: to.clone(),
            what,
        },
        ..first.clone()
    }));
    all.push(DutyOutgoing {
        effect: DutyEffect::Erase {
            fields: vec![topic.clone()],
        },
        ..first.clone()
    });
    insta::assert_snapshot!("letters_zh", read(&desk, all.clone(), Lang::Zh));
    insta::assert_snapshot!("letters_en", read(&desk, all, Lang::En));
}
