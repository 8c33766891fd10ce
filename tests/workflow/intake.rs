//! 受理: where a message goes, what it is, and what is sent back to the citizen.

use std::collections::BTreeSet;

use duly::desk::Answer as Said;
use duly::plan::{Domain, FactRule, Given};
use duly::words::*;

use crate::board::*;

const COUNTIES: [&str; 5] = ["632521", "632522", "632523", "632524", "632525"];

// 五个县全部开通: the prefecture's code is 6325 and its counties' are the five below it. Each has one intake office and no
// other; a code of nobody's is an error; places are known by code, since the name 海南 is another province's as well.
#[test]
fn a05_five_counties_each_with_one_intake_office_by_code() {
    let board = Board::new();
    let codes: Vec<&str> = board
        .plan
        .places
        .iter()
        .map(|it| it.code.as_str())
        .collect();
    assert_eq!(codes, [&["6325"][..], &COUNTIES[..]].concat());
    let offices: BTreeSet<&str> = board
        .plan
        .places
        .iter()
        .map(|it| it.intake.as_str())
        .collect();
    assert_eq!(offices.len(), 6, "two places share an intake office");

    // Each county's message is its own officer's and no neighbour's; the prefecture's officer reaches all of them.
    for (n, county) in COUNTIES.iter().enumerate() {
        let message = format!("m{n}");
        let number = format!("LY-{n}");
        board.does(
            &message,
            ZHUOMA,
            "2026-03-02 09:00",
            open(&number, county, "投诉"),
        );
        for other in COUNTIES.iter().filter(|other| *other != county) {
            let role: &'static str = format!("intake@{other}").leak();
            let why = board.refuses(
                &message,
                ("邻县", role),
                "2026-03-02 09:30",
                screen(Class::Problem),
            );
            let place = county.parse().unwrap();
            assert_eq!(
                why,
                Why::Role {
                    needs: vec![Role::Intake],
                    place
                }
            );
        }
        let role: &'static str = format!("intake@{county}").leak();
        board.does(
            &message,
            ("本县", role),
            "2026-03-02 10:00",
            screen(Class::Problem),
        );
        board.does(
            &message,
            PREFECTURE,
            "2026-03-02 10:30",
            assign("承办单位", WANGGANG, &[]),
        );
    }
    // The prefecture's own message is no county's.
    board.does(
        "m-prefecture",
        ZHUOMA,
        "2026-03-02 09:00",
        open("p", "6325", "咨询"),
    );
    let why = board.refuses(
        "m-prefecture",
        CAIHONG,
        "2026-03-02 09:30",
        screen(Class::Question),
    );
    assert!(matches!(why, Why::Role { .. }), "{why:?}");

    // 海南 the province has the code 46; a sixth county, and a township below one, are in no list either.
    for stranger in ["46", "460000", "632526", "632521100"] {
        let why = board.refuses(
            "m-stranger",
            ZHUOMA,
            "2026-03-02 09:00",
            open("s", stranger, "投诉"),
        );
        let Why::UnknownPlace { place, known } = why else {
            panic!("{why:?}")
        };
        assert_eq!((place.as_str(), known.len()), (stranger, 6));
    }
    assert!("海南".parse::<PlaceCode>().is_err() && "海南州".parse::<PlaceCode>().is_err());
}

// A place with two intake offices would have none that is answerable: such a pack does not load.
#[test]
fn a05_a_place_with_two_intake_offices_does_not_load() {
    let twice = r#"place("632521", "共和县", "共和县留言受理岗");"#;
    let two = format!(
        "{twice}\n{}",
        twice.replace("共和县留言受理岗", "另一个受理岗")
    );
    let source = duly::script::hainan_board().replace(twice, &two);
    let findings = duly::script::load("pack.rhai", &source).unwrap_err();
    assert!(findings.to_string().contains("632521"), "{findings}");
}

/// The values of a fact that a rule can tell apart: every label, yes and no, and numbers on both sides of each limit.
fn values(fact: &FactRule) -> Vec<FactValue> {
    match &fact.domain {
        Domain::YesNo => vec![true.into(), false.into()],
        Domain::Labels(labels) => labels.iter().map(|it| label(it)).collect(),
        Domain::Whole { least, most } => {
            let all = [*least, 4, 5, 99, 100, *most]
                .into_iter()
                .filter(|n| (*least..=*most).contains(n));
            all.map(FactValue::Whole).collect()
        }
        other => panic!("facts of a new sort: {other:?}"),
    }
}

// 分类处置: for whatever a citizen, a host and an intake officer can say of a message there is one class, or it is for a
// person to say; never two and never nothing. So it is with the unit that gets it.
#[test]
fn a12_every_message_has_one_class_or_needs_a_person() {
    let plan = hainan();
    let given =
        |fact: &&FactRule| matches!(fact.given, Given::Citizen | Given::Intake | Given::Host);
    let facts: Vec<&FactRule> = plan.schema.facts.iter().filter(given).collect();
    assert_eq!(
        facts.len(),
        7,
        "kind, field, urgent, sub_judice, out_of_scope, heat, crowd"
    );
    let mut rows: Vec<Facts> = vec![Facts::new()];
    for fact in &facts {
        rows = rows
            .iter()
            .flat_map(|row| {
                values(fact).into_iter().map(move |value| {
                    let mut row = row.clone();
                    row.insert(fact.name.clone(), value);
                    row
                })
            })
            .collect();
    }
    assert_eq!(rows.len(), 5 * 13 * 2 * 2 * 2 * 6 * 6);
    let (classify, route) = (
        plan.classify.as_ref().unwrap(),
        &plan.route.as_ref().unwrap().lead,
    );
    for known in &rows {
        let row = plan.schema.row(|fact| known.get(&fact.name).cloned());
        let class = match &known["kind"] {
            FactValue::Label(kind) => match kind.as_str() {
                "咨询" => Class::Question,
                "投诉" | "求助" => Class::Problem,
                "建言" => Class::Idea,
                "感谢" => Class::Thanks,
                other => panic!("a kind without a class: {other}"),
            },
            other => panic!("{other:?}"),
        };
        assert_eq!(*classify.answer(&row), Some(class), "{known:?}");
        let person = ["金融", "企业", "政务"]
            .map(label)
            .contains(&known["field"]);
        assert_eq!(route.answer(&row).is_none(), person, "{known:?}");
    }
}

// What the rule proposes is kept beside what the officer decides; the officer's is the class, once and for all but a
// reclassification; before there is one nobody gets the message.
#[test]
fn a12_the_officer_decides_and_the_proposal_stays_beside_it() {
    let board = Board::new();
    for (n, (kind, class)) in [
        ("咨询", Class::Question),
        ("投诉", Class::Problem),
        ("求助", Class::Problem),
        ("建言", Class::Idea),
        ("感谢", Class::Thanks),
    ]
    .into_iter()
    .enumerate()
    {
        let message = format!("m{n}");
        board.does(
            &message,
            ZHUOMA,
            "2026-03-02 09:00",
            open(&message, "632521", kind),
        );
        let early = board.refuses(
            &message,
            CAIHONG,
            "2026-03-02 09:10",
            assign(HOUSING, WANGGANG, &[]),
        );
        assert_eq!(early, Why::NotScreened);
        board.does(&message, CAIHONG, "2026-03-02 09:20", screen(Class::Idea));
        let screened = board
            .history(&message)
            .into_iter()
            .find_map(|record| match record.event {
                Event::Screened {
                    class, proposed, ..
                } => Some((class, proposed)),
                _ => None,
            });
        assert_eq!(screened, Some((Class::Idea, Some(class))));
        let again = board.refuses(&message, CAIHONG, "2026-03-02 09:30", screen(class));
        assert_eq!(
            again,
            Why::Already {
                what: Thing::Screening
            }
        );
    }
}

// A classification that says nothing of a kind leaves it to a person only where it says so.
#[test]
fn a12_a_kind_left_out_is_found_at_load_or_asked_of_a_person() {
    let line = r#"    "感谢"          => "致谢","#;
    let source = duly::script::hainan_board();
    assert!(source.contains(line));
    let findings = duly::script::load("pack.rhai", &source.replace(line, "")).unwrap_err();
    assert!(findings.to_string().contains("感谢"), "{findings}");
    let asks =
        duly::script::load("pack.rhai", &source.replace(line, r#"    "感谢" => ASK,"#)).unwrap();
    let thanks = asks
        .schema
        .row(|fact| (fact.name == "kind").then(|| label("感谢")));
    assert_eq!(*asks.classify.as_ref().unwrap().answer(&thanks), None);
}

// A crawler reads the same page twice: a message is known by its channel and its number there, and is opened once. The
// same number in another channel is another message.
#[test]
fn a_crawlers_retry_opens_nothing() {
    let board = Board::new();
    board.opens("m01", "2026-03-02 09:00");
    let before = board.records();
    let again = board.ask(
        "m99",
        SYSTEM,
        "2026-03-02 09:05",
        open("m01", "632521", "投诉"),
    );
    assert_eq!(again, Said::Known { case: id("m01") });
    assert_eq!(board.records(), before);
    assert!(board.desk.case(&id("m99")).unwrap().is_none());
    let hotline = written("m01", "632521", "投诉", "12345");
    board.does("m02", SYSTEM, "2026-03-02 09:06", hotline);
}

// 补正: an unclear message goes back to its citizen, once. The office's clock waits for the answer, no longer than ten
// working days, and is counted afresh from it; the citizen's whole clock waits too. Only the citizen answers.
#[test]
fn an_unclear_message_goes_back_to_its_citizen() {
    let board = Board::new();
    let question = || Command::AskCitizen {
        question: "是哪个村、哪一段路".into(),
    };
    let answer = || Command::Supplement {
        answer: "次汗素村村口到小学".into(),
    };
    board.opens("m01", "2026-03-02 09:00");
    assert_eq!(board.due("m01", ClockKind::Screen), at("2026-03-03 18:00"));
    let nothing = board.refuses("m01", ZHUOMA, "2026-03-02 09:10", answer());
    assert_eq!(
        nothing,
        Why::NothingPending {
            what: Thing::Question
        }
    );
    board.does("m01", CAIHONG, "2026-03-02 10:00", question());
    assert!(!board.clock("m01", ClockKind::Screen).is_running());
    assert!(
        board
            .told("m01")
            .iter()
            .any(|it| matches!(it, Telling::Question { .. }))
    );
    let twice = board.refuses("m01", CAIHONG, "2026-03-02 10:30", question());
    assert_eq!(
        twice,
        Why::Already {
            what: Thing::Question
        }
    );
    let other = board.refuses("m01", TASHI, "2026-03-03 09:00", answer());
    let named = vec!["卓玛".parse().unwrap()];
    assert_eq!(
        other,
        Why::NotThePerson {
            role: Role::Citizen,
            named
        }
    );
    board.does("m01", ZHUOMA, "2026-03-05 09:00", answer());
    assert_eq!(board.due("m01", ClockKind::Screen), at("2026-03-06 18:00"));
    let again = board.refuses("m01", CAIHONG, "2026-03-05 10:00", question());
    assert_eq!(
        again,
        Why::Bound {
            what: Thing::Asking,
            bound: Bound::Times(1)
        }
    );

    // Whoever does not answer in ten working days is waited for no longer.
    board.opens("m02", "2026-03-02 09:00");
    board.does("m02", CAIHONG, "2026-03-02 10:00", question());
    board.sleeps_until("2026-03-16 18:00");
    let late = board.refuses("m02", ZHUOMA, "2026-03-17 09:00", answer());
    assert_eq!(
        late,
        Why::NothingPending {
            what: Thing::Question
        }
    );
    assert!(board.clock("m02", ClockKind::Screen).is_running());
}

// 法院、补贴: what is not the board's is screened out, by two persons, and the channel for it is told.
#[test]
fn b17_what_is_for_the_courts_is_screened_out_with_the_channel_told() {
    let board = Board::new();
    board.opens("m01", "2026-03-02 09:00");
    let decline = Command::Decline {
        ground: DeclineGround::InProcedure,
        told: "本案已立案,请向共和县人民法院查询".into(),
        facts: Facts::from([
            ("field".to_owned(), label("治安")),
            ("urgent".to_owned(), false.into()),
            ("sub_judice".to_owned(), true.into()),
        ]),
    };
    board.does("m01", CAIHONG, "2026-03-02 09:30", decline.clone());
    assert_eq!(
        board.does("m01", LIQING, "2026-03-02 10:00", decline),
        StageName::Closed
    );
    assert_eq!(board.case("m01").outcome(), Some(Outcome::Declined));
    assert!(
        board
            .told("m01")
            .iter()
            .any(|told| matches!(told, Telling::Declined { .. }))
    );
}
