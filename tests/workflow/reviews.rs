//! 审核把关: no answer goes out that another person has not passed, and some only when two have.

use duly::words::*;

use crate::board::*;

// 逐条审核把关: no reply is published that somebody else than its author, and than all who had a hand in it, has passed;
// acting for a colleague does not help.
#[test]
fn a16_nothing_is_published_that_another_person_did_not_pass() {
    let board = Board::new();
    let public = |case: &str| {
        let out = board.outbox(case).into_iter().map(|out| out.effect);
        out.filter(|it| {
            matches!(
                it,
                Effect::Publish { .. }
                    | Effect::Tell {
                        what: Telling::Answer { .. },
                        ..
                    }
            )
        })
        .count()
    };
    board.assigned("m01", "2026-03-02");
    board.does(
        "m01",
        CAIHONG,
        "2026-03-02 10:00",
        Command::HandOver {
            to: "马登".parse().unwrap(),
            unit: None,
            reason: "休假".into(),
        },
    );
    board.does(
        "m01",
        MADENG,
        "2026-03-02 15:00",
        reply("2026-03-02 14:50").into(),
    );
    assert_eq!(public("m01"), 0);
    for had_a_hand in ["马登", "王刚"] {
        let why = board.refuses(
            "m01",
            (had_a_hand, "reviewer owner intake supervisor leader"),
            "2026-03-02 15:30",
            pass(),
        );
        assert_eq!(
            why,
            Why::SamePerson {
                person: had_a_hand.parse().unwrap(),
                was: Deed::Handled
            }
        );
    }
    for (other, role) in [
        ("甲", "supervisor"),
        ("乙", "leader"),
        ("丙", "intake"),
        ("丁", "unit_head"),
        ("戊", "system"),
        ("己", "citizen"),
    ] {
        let why = board.refuses("m01", (other, role), "2026-03-02 15:40", pass());
        assert!(matches!(why, Why::Role { .. }), "{role}: {why:?}");
    }
    // For a colleague who had: both names count.
    let mut deputy = who(SUHUA);
    deputy.acting_for = Some("马登".parse().unwrap());
    let envelope = Envelope {
        id: "deputy".parse().unwrap(),
        case: id("m01"),
        by: deputy,
        at: at("2026-03-02 15:45"),
        salt: Salt::derived(b"workflow", "deputy"),
        command: pass(),
    };
    let answer = board.desk.submit(envelope).unwrap();
    assert!(
        matches!(&*answer.refusal().unwrap().why, Why::SamePerson { .. }),
        "{answer:?}"
    );
    assert_eq!(public("m01"), 0);
    board.passes("m01", "2026-03-02 16:00");
    assert_eq!(public("m01"), 2, "published, and told");
}

// 两级审核: what the prefecture had a county do is passed by the county first and by the prefecture then, by another person; only the
// second publishes it.
#[test]
fn a16_what_a_county_handled_for_the_prefecture_is_passed_twice() {
    let board = Board::new();
    let county = ("县审核", "reviewer@632521");
    let above = ("州审核", "reviewer@6325");
    board.does(
        "m01",
        ZHUOMA,
        "2026-03-02 09:00",
        open("m01", "632521", "投诉"),
    );
    board.does(
        "m01",
        PREFECTURE,
        "2026-03-02 09:15",
        screen(Class::Problem),
    );
    board.does(
        "m01",
        PREFECTURE,
        "2026-03-02 09:30",
        assign("州住建局", WANGGANG, &[]),
    );
    let below = Command::SubAssign {
        unit: HOUSING.parse().unwrap(),
        owner: "马登".parse().unwrap(),
    };
    board.does("m01", CAIHONG, "2026-03-02 10:00", below);
    board.does(
        "m01",
        MADENG,
        "2026-03-03 10:00",
        reply("2026-03-03 09:00").into(),
    );
    assert_eq!(
        board.due("m01", ClockKind::FirstReview),
        at("2026-03-04 18:00")
    );
    assert_eq!(
        board.does("m01", SUHUA, "2026-03-03 11:00", pass()),
        StageName::Replied
    );
    let public = |it: &Outgoing| matches!(it.effect, Effect::Publish { .. });
    assert!(!board.outbox("m01").iter().any(public));
    // Neither the same person, who may review anywhere, nor the county again.
    let same = board.refuses("m01", SUHUA, "2026-03-03 15:00", pass());
    assert_eq!(
        same,
        Why::SamePerson {
            person: "苏华".parse().unwrap(),
            was: Deed::PassedFirst
        }
    );
    let again = board.refuses("m01", county, "2026-03-03 15:00", pass());
    assert_eq!(
        again,
        Why::Role {
            needs: vec![Role::Reviewer],
            place: "6325".parse().unwrap()
        }
    );
    assert_eq!(
        board.does("m01", above, "2026-03-03 15:30", pass()),
        StageName::Reviewed
    );
    assert_eq!(
        board.outbox("m01").iter().filter(|it| public(it)).count(),
        1
    );
}

// With the county first and the prefecture second: the places decide, not the order in which people come; what the second sends back
// is passed twice again; and what the prefecture gave to a unit of its own is passed once.
#[test]
fn a16_the_county_passes_it_first_and_the_prefecture_second() {
    let board = Board::new();
    let (county, colleague) = (
        ("县审核", "reviewer@632521"),
        ("县审核二", "reviewer@632521"),
    );
    let neighbour = ("邻县审核", "reviewer@632523");
    let above = ("州审核", "reviewer@6325");
    let handed_down = |case: &str| {
        board.opens(case, "2026-03-02 09:00");
        board.does(case, PREFECTURE, "2026-03-02 09:15", screen(Class::Problem));
        board.does(
            case,
            PREFECTURE,
            "2026-03-02 09:30",
            assign("州住建局", WANGGANG, &[]),
        );
        let below = Command::SubAssign {
            unit: HOUSING.parse().unwrap(),
            owner: "马登".parse().unwrap(),
        };
        board.does(case, CAIHONG, "2026-03-02 10:00", below);
        let given = reply("2026-03-03 09:00").into();
        board.does(case, MADENG, "2026-03-03 10:00", given);
    };
    let shown = |case: &str| {
        let of = board.report("2026-03-31 09:00");
        let mut view = duly::report::public(&of, &board.plan, &|_, _| None).cases;
        view.retain(|it| it.case.as_str() == case);
        view.remove(0).answer.is_some()
    };
    handed_down("m01");
    let strange = board.refuses("m01", neighbour, "2026-03-03 11:00", pass());
    assert!(matches!(strange, Why::Role { .. }), "{strange:?}");
    board.does("m01", county, "2026-03-03 11:00", pass());
    assert!(!shown("m01"), "one of two is none");
    for again in [county, colleague, neighbour] {
        let why = board.refuses("m01", again, "2026-03-03 15:00", pass());
        assert!(matches!(why, Why::Role { .. }), "{again:?}: {why:?}");
    }
    // The second sends it back; done again, it takes both again.
    board.does(
        "m01",
        above,
        "2026-03-03 15:30",
        send_back("处理不到位", "灯不亮"),
    );
    let given = reply("2026-03-04 09:00").into();
    board.does("m01", MADENG, "2026-03-04 10:00", given);
    let stands = board.does("m01", county, "2026-03-04 11:00", pass());
    assert_eq!((stands, shown("m01")), (StageName::Replied, false));
    board.does("m01", above, "2026-03-04 15:00", pass());
    assert!(shown("m01"));

    // The prefecture first: the second reaches the prefecture as well, and is another person.
    handed_down("m02");
    board.does("m02", above, "2026-03-03 11:00", pass());
    let same = board.refuses("m02", above, "2026-03-03 15:00", pass());
    assert_eq!(
        same,
        Why::SamePerson {
            person: "州审核".parse().unwrap(),
            was: Deed::PassedFirst
        }
    );
    let below = board.refuses("m02", county, "2026-03-03 15:00", pass());
    assert!(matches!(below, Why::Role { .. }), "{below:?}");
    board.does(
        "m02",
        ("州审核二", "reviewer@6325"),
        "2026-03-03 15:30",
        pass(),
    );
    assert!(shown("m02"));

    // Not handed down, it is passed once.
    board.assigned("m03", "2026-03-02");
    board.replies("m03", "2026-03-03 10:00");
    let stands = board.does("m03", county, "2026-03-03 11:00", pass());
    assert_eq!((stands, shown("m03")), (StageName::Reviewed, true));
}
