//! What is just taken, and what is just not: the first and the last moment, the longest link, the fields of another kind.

use duly::duty::{Duty, DutyCommand, DutyDecision, DutyWhy, decide};
use duly::time::Moment;
use duly::words::{Actor, Channel, DutyKind, DutyStage, Role, Text};

use super::{
    at, command, desk, done, duban, envelope, fulfil, head, person, plans, refused, video,
};

const MORNING: &str = "2026-03-02 09:00";

fn asked(
    duty: Option<&Duty>,
    by: Actor,
    when: Moment,
    command: DutyCommand,
) -> Result<DutyDecision, DutyWhy> {
    let asked = envelope("k", "v01", by, when, command);
    decide(duty, &asked, &plans()).map_err(|refusal| *refusal.why)
}

fn owed() -> Duty {
    asked(None, duban(), at(MORNING), video()).unwrap().duty
}

fn note() -> DutyCommand {
    command(r#"{"note": {"text": "催过"}}"#)
}

/// Commands come in the order of time, the same second with it; and ten years after the last event, leap days and all, is the latest that is believed
/// of what is open. What is closed takes a note whenever it comes, and time itself may be as late as it likes.
#[test]
fn a_command_comes_no_earlier_than_the_last_event_and_no_later_than_ten_years_after_it() {
    let owed = owed();
    let last = owed.last_at();
    let until = last.plus(10 * 366 * 86_400);
    let early = asked(Some(&owed), duban(), last.plus(-1), note());
    assert_eq!(early.unwrap_err(), DutyWhy::BeforeLast { last });
    assert!(asked(Some(&owed), duban(), last, note()).is_ok());
    let noted = asked(Some(&owed), duban(), until, note()).unwrap();
    assert_eq!(noted.duty.last_at(), until);
    let far = asked(Some(&owed), duban(), until.plus(1), note());
    assert_eq!(far.unwrap_err(), DutyWhy::TooFar { last, until });
    let host = person("host", Role::System, None);
    let tick = command(r#"{"tick": {}}"#);
    let ticked = asked(Some(&owed), host, until.plus(1), tick).unwrap();
    assert_eq!(ticked.duty.stage(), DutyStage::Owed);
    let excuse = command(r#"{"excuse": {"reason": "不必"}}"#);
    let excused = asked(Some(&owed), duban(), last, excuse).unwrap().duty;
    assert!(asked(Some(&excused), duban(), until.plus(1), note()).is_ok());
}

/// Today can be named until it is over: due at midnight, and the day before cannot.
#[test]
fn today_is_the_earliest_day_that_can_be_named() {
    let on = |day: &str| {
        command(&format!(
            r#"{{"impose": {{"kind": "video", "topic": "供暖", "place": "632521", "unit": "共和县住建局", "due": "{day}"}}}}"#
        ))
    };
    for when in [at(MORNING), at("2026-03-03 00:00").plus(-1)] {
        let duty = asked(None, duban(), when, on("2026-03-02")).unwrap().duty;
        assert_eq!(duty.due(), at("2026-03-03 00:00"));
        assert!(duty.next_alarm().unwrap() > when);
    }
    let [due, today] = ["2026-03-02", "2026-03-03"].map(|day| day.parse().unwrap());
    let past = asked(None, duban(), at("2026-03-03 00:00"), on("2026-03-02"));
    assert_eq!(past.unwrap_err(), DutyWhy::DuePast { due, today });
}

/// A link has up to 2048 bytes and no control characters.
#[test]
fn a_link_is_as_long_as_it_may_be_and_no_longer() {
    let linked = |link: &str| {
        let fulfil = serde_json::json!({"fulfil": {"channel": "州政府网站", "link": link}});
        let fulfil = serde_json::from_value(fulfil).unwrap();
        asked(Some(&owed()), head(), at(MORNING), fulfil)
    };
    let site = "https://example.org/";
    let of = |bytes: usize| format!("{site}{}", "v".repeat(bytes - site.len()));
    assert!(linked(&of(2048)).is_ok());
    for bad in [of(2049), format!("{site}\u{7}"), "\u{3000} ".to_owned()] {
        assert_eq!(linked(&bad).unwrap_err(), DutyWhy::Link, "{bad:?}");
    }
}

/// What is said of a video that is a sweep's or a visit's is left out, and what a video cannot do without is asked for.
#[test]
fn a_video_says_what_a_video_has() {
    let why = |json: &str| {
        let duty = owed();
        asked(Some(&duty), head(), at(MORNING), command(json)).unwrap_err()
    };
    let kind = DutyKind::Video;
    let link = r#""channel": "州政府网站", "link": "https://example.org/v""#;
    for (field, value) in [("covered", "1"), ("of", "2"), ("found", "\"冷\"")] {
        let field = field.to_owned();
        let said = why(&format!(r#"{{"fulfil": {{{link}, "{field}": {value}}}}}"#));
        assert_eq!(said, DutyWhy::Unfit { kind, field });
    }
    let field = "channel".to_owned();
    let said = why(r#"{"fulfil": {"link": "https://example.org/v"}}"#);
    assert_eq!(said, DutyWhy::Wanted { kind, field });
    let field = "link".to_owned();
    let said = why(r#"{"fulfil": {"channel": "州政府网站"}}"#);
    assert_eq!(said, DutyWhy::Wanted { kind, field });
    let subject = r#"{"impose": {"kind": "video", "topic": "供暖", "subject": "H-1", "place": "632521", "unit": "局"}}"#;
    let field = "subject".to_owned();
    let said = asked(None, duban(), at(MORNING), command(subject));
    assert_eq!(said.unwrap_err(), DutyWhy::Unfit { kind, field });
}

/// Whoever imposes a video may name some of the rule's channels, and it is published there; none that the rule has not.
#[test]
fn some_of_the_rules_channels_may_be_named() {
    let on = |channels: &str| {
        let impose = command(&format!(
            r#"{{"impose": {{"kind": "video", "topic": "供暖", "place": "632521", "unit": "共和县住建局", "channels": {channels}}}}}"#
        ));
        asked(None, duban(), at(MORNING), impose)
    };
    let all = ["州政府网站", "领导留言板", "海南州电视台"];
    let known: Vec<Channel> = all.iter().map(|it| it.parse().unwrap()).collect();
    assert_eq!(owed().channels(), known);
    let stranger = on(r#"["领导留言板", "抖音"]"#);
    let channel = "抖音".parse().unwrap();
    let refused = DutyWhy::Channel { channel, known };
    assert_eq!(stranger.unwrap_err(), refused);
    let duty = on(r#"["领导留言板"]"#).unwrap().duty;
    let known: Vec<Channel> = vec!["领导留言板".parse().unwrap()];
    assert_eq!(duty.channels(), known);
    let elsewhere = asked(Some(&duty), head(), at(MORNING), fulfil());
    let channel = "州政府网站".parse().unwrap();
    let refused = DutyWhy::Channel { channel, known };
    assert_eq!(elsewhere.unwrap_err(), refused);
}

/// A text has up to a mebibyte, no U+0000 and something in it; a redaction says what and on what basis.
#[test]
fn texts_are_as_long_as_they_may_be_and_say_something() {
    let noted = |text: String| {
        let text = Text::new(text);
        let note = DutyCommand::Note { text };
        asked(Some(&owed()), duban(), at(MORNING), note).map(|done| done.private.len())
    };
    let what = || "text".to_owned();
    assert_eq!(noted("v".repeat(Text::MOST)), Ok(1));
    let long = DutyWhy::TooLong {
        what: what(),
        bytes: 1_048_577,
        most: 1_048_576,
    };
    assert_eq!(noted("v".repeat(Text::MOST + 1)), Err(long));
    let nul = DutyWhy::Nul { what: what() };
    assert_eq!(noted("催\0过".to_owned()), Err(nul));
    let blank = |what: &str| DutyWhy::Blank { what: what.into() };
    assert_eq!(noted("\u{3000}\n".to_owned()), Err(blank("text")));
    let redact = |fields: bool, basis: &str| {
        let topic = owed().topic().clone();
        let redact = DutyCommand::Redact {
            fields: fields.then_some(topic).into_iter().collect(),
            basis: basis.to_owned(),
        };
        asked(Some(&owed()), duban(), at(MORNING), redact)
    };
    assert_eq!(redact(false, "法").unwrap_err(), blank("fields"));
    assert_eq!(redact(true, " ").unwrap_err(), blank("basis"));
    assert!(redact(true, "法").is_ok());
}

/// What was told of another obligation, or at another version, was not told of this one.
#[test]
fn a_receipt_is_of_what_was_told() {
    let host = || person("host", Role::System, None);
    let sent = |what: &str, effect: &str| {
        let why = match what {
            "undelivered" => r#", "why": "停机""#,
            _ => "",
        };
        let json = format!(r#"{{"{what}": {{"effect": "{effect}"{why}}}}}"#);
        asked(Some(&owed()), host(), at(MORNING), command(&json))
    };
    for what in ["delivered", "undelivered"] {
        assert!(sent(what, "v01/1/0").is_ok());
        for effect in ["v02/1/0", "v01/2/0", "v01/1/1"] {
            let refused = DutyWhy::NoEffect {
                effect: effect.to_owned().try_into().unwrap(),
            };
            assert_eq!(sent(what, effect).unwrap_err(), refused);
        }
    }
}

/// It goes with the post, and whoever has it now is to be told: the receipt of what the one before was told counts no more. The first time that they were
/// told is the one that stands.
#[test]
fn told_is_who_owes_it_now() {
    let host = || person("host", Role::System, None);
    let delivered =
        |effect: &str| command(&format!(r#"{{"delivered": {{"effect": "{effect}"}}}}"#));
    let over = command(r#"{"hand_over": {"to": "li", "reason": "调任"}}"#);
    let minute = |n: i64| at(MORNING).plus(60 * n);
    let mut duty = owed();
    let steps = [
        (host(), delivered("v01/1/0"), Some(minute(1))),
        (host(), delivered("v01/1/0"), Some(minute(1))),
        (duban(), over, None),
        (host(), delivered("v01/1/0"), None),
        (host(), delivered("v01/4/0"), Some(minute(5))),
        (host(), delivered("v01/4/0"), Some(minute(5))),
    ];
    for (n, (by, command, told)) in (1..).zip(steps) {
        duty = asked(Some(&duty), by, minute(n), command).unwrap().duty;
        assert_eq!(duty.delivered_at(), told, "{n}");
    }
}

/// Whoever has owed it by name has no word on it, also where it went on to somebody else before it was done.
#[test]
fn whoever_once_had_it_does_not_accept_it() {
    let over = |to: &str| {
        let json = format!(r#"{{"hand_over": {{"to": "{to}", "reason": "调任"}}}}"#);
        command(&json)
    };
    let mut duty = owed();
    let ma = person("ma", Role::UnitHead, None);
    let steps = [(duban(), over("li")), (duban(), over("ma")), (ma, fulfil())];
    for (by, command) in steps {
        duty = asked(Some(&duty), by, at(MORNING), command).unwrap().duty;
    }
    for name in ["li", "ma"] {
        for word in [
            r#"{"accept": {}}"#,
            r#"{"send_back": {"mend": "没有答"}}"#,
            r#"{"excuse": {"reason": "不必"}}"#,
        ] {
            let supervisor = person(name, Role::Supervisor, None);
            let own = asked(Some(&duty), supervisor, at(MORNING), command(word));
            let person = name.parse().unwrap();
            assert_eq!(own.unwrap_err(), DutyWhy::SamePerson { person }, "{word}");
        }
    }
    let accept = command(r#"{"accept": {}}"#);
    let done = asked(Some(&duty), duban(), at(MORNING), accept).unwrap();
    assert_eq!(done.duty.stage(), DutyStage::Done);
}

/// Once it is done with, a note or a receipt moves nothing of when that was.
#[test]
fn what_comes_after_the_last_word_does_not_move_it() {
    let submitted = asked(Some(&owed()), head(), at(MORNING), fulfil()).unwrap();
    let word = at("2026-03-04 10:00");
    let accept = command(r#"{"accept": {}}"#);
    let done = asked(Some(&submitted.duty), duban(), word, accept).unwrap();
    assert_eq!(done.duty.last_done(), word);
    let later = at("2026-03-05 10:00");
    let noted = asked(Some(&done.duty), duban(), later, note()).unwrap();
    assert_eq!(noted.duty.last_done(), word);
    assert_eq!(noted.duty.last_at(), later);
    // While it is open the last word is the last event's.
    let noted = asked(Some(&owed()), duban(), later, note()).unwrap();
    assert_eq!(noted.duty.last_done(), later);
}

/// An office reads by whoever is of it and in a role that reaches its place: not by a citizen or the machinery of the same name, not by an officer of
/// a county.
#[test]
fn an_office_is_who_holds_a_role_in_it() {
    let desk = desk();
    let day = "2026-03-06".parse().unwrap();
    let _ = desk.issue_digest(day, at("2026-03-06 17:30")).unwrap();
    let digest = "digest/2026-03-06/zhouban";
    let office = Some("州委办公室");
    let strangers = [
        person("zhuoma", Role::Citizen, office),
        person("host", Role::System, office),
        person("ma", Role::Intake, None),
        Actor {
            roles: vec!["intake@632521".parse().unwrap()],
            ..person("ma", Role::Intake, office)
        },
    ];
    let read = || command(r#"{"read": {}}"#);
    let evening = "2026-03-06 20:00";
    for (n, by) in strangers.into_iter().enumerate() {
        let refusal = refused(&desk, &format!("d{n}"), digest, by, evening, read());
        assert!(
            matches!(&*refusal.why, DutyWhy::NotTheirs { .. }),
            "{refusal}"
        );
    }
    let clerk = person("ma", Role::Intake, office);
    done(&desk, "e1", digest, clerk, evening, read());
}
