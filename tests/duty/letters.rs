//! What whoever owes an obligation is told, as they read it.

use duly::desk::{Cursor, Desk, MemoryLedger, PostTable, deliveries};
use duly::duty::{DutyEffect, DutyNotice, DutyOutgoing};
use duly::report::duty_letter;
use duly::words::{Lang, Verb};

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

/// What is recorded as done waits for somebody else: no letter of it asks whoever owes it for more, nor says until when.
#[test]
fn a_letter_of_what_waits_to_be_accepted_asks_for_nothing() {
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
    let said = "to do: nothing for now: it is recorded as done, and waits to be accepted";
    assert_eq!(waits.matches(said).count(), out.len(), "{waits}");
    assert!(!waits.contains("until:"), "{waits}");
    let accept = command(r#"{"accept": {}}"#);
    done(&desk, "c3", "v01", duban(), "2026-04-01 10:00", accept);
    let accepted = read(&desk, out.clone(), Lang::En);
    let said = "to do: nothing: it is done";
    assert_eq!(accepted.matches(said).count(), out.len(), "{accepted}");
    let zh = read(&desk, out.clone(), Lang::Zh);
    assert_eq!(zh.matches("请办:已经完成,无须再做什么").count(), out.len());
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
