//! 按人删除: what the ledger holds of one citizen goes, and nothing of anybody else's.

use std::path::Path;

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use duly::desk::{Desk, Erasables, Erasure, Extent, Ledger, MemoryLedger, SqliteLedger};
use duly::words::{Actor, CallResult, Command, Envelope, Event, Level, Review, Role, Text};

use super::around::{Around, Asks};
use super::{actor, at, board, case, done, envelope, noted, open, opened, plans, screened};

const BASIS: &str = "《个人信息保护法》第四十七条";

/// Opens a case of a citizen with words of their own.
fn wrote(id: &str, of: &str, citizen: &str, minutes: i64) -> Envelope {
    let mut command = open(of);
    if let Command::Open {
        citizen: who,
        message,
        contact,
        ..
    } = &mut command
    {
        *who = Some(citizen.parse().unwrap());
        *message = Text::from(format!("{citizen} wrote {of}").as_str());
        *contact = Some(Text::from(format!("phone of {citizen}").as_str()));
    }
    envelope(id, of, Role::Intake, minutes, command)
}

fn by(mut envelope: Envelope, who: &str, role: Role) -> Envelope {
    envelope.by = Actor::new(who.parse().unwrap(), role);
    envelope
}

fn supervisor() -> Actor {
    actor(Role::Supervisor)
}

/// Two cases of one citizen, one of another's that follows the first, and one of a third.
fn lived<L: Ledger>(desk: &Desk<L>) {
    done(desk, wrote("o1", "m01", "zhang", 0));
    done(desk, wrote("o2", "m02", "li", 1));
    done(desk, wrote("o3", "m03", "zhang", 2));
    done(desk, wrote("o4", "m04", "wang", 3));
    let go = |id: &str, of: &str, role, minutes, command| {
        done(desk, envelope(id, of, role, minutes, command))
    };
    let question = Text::from("officer asks");
    go(
        "q1",
        "m01",
        Role::Intake,
        4,
        Command::AskCitizen { question },
    );
    let answer = Text::from("zhang added this");
    let supplement = envelope(
        "sup",
        "m01",
        Role::Citizen,
        4,
        Command::Supplement { answer },
    );
    done(desk, by(supplement, "zhang", Role::Citizen));
    let into = case("m01");
    go("merge", "m02", Role::Intake, 5, Command::Merge { into });
    done(desk, screened("s1", "m01", 10));
    let owner = "the-owner".parse().unwrap();
    let unit = "water".parse().unwrap();
    let co_handlers = vec![];
    go(
        "a1",
        "m01",
        Role::Intake,
        11,
        Command::Assign {
            unit,
            owner,
            co_handlers,
        },
    );
    let text = Text::from("officer tells how far it is");
    go("u1", "m01", Role::Owner, 14, Command::Update { text });
    let reply = Command::Reply {
        answers: vec![duly::words::Answer {
            matter: 1,
            text: Text::from("officer answers zhang"),
            mark: duly::words::Mark::A,
        }],
        measures: vec![],
        contacts: vec![],
        basis: vec![],
        commitments: vec![],
        explained: false,
    };
    go("r1", "m01", Role::Owner, 20, reply);
    go(
        "v1",
        "m01",
        Role::Reviewer,
        30,
        Command::Review(Review::default()),
    );
    let why = Text::from("nobody answers the call");
    let result = CallResult::Unreached { why };
    go("b0", "m01", Role::Intake, 35, Command::CallBack { result });
    let result = CallResult::Reached {
        level: Some(Level::Satisfied),
        scores: None,
        said: Some(Text::from("zhang said on the phone")),
    };
    go("b1", "m01", Role::Intake, 40, Command::CallBack { result });
    done(desk, noted("n3", "m03", 41, "officer notes on zhang"));
    done(desk, noted("n4", "m04", 42, "officer notes on wang"));
    let _ = desk.advance(at(50)).unwrap();
}

fn words<L: Ledger>(desk: &Desk<L>) -> Vec<String> {
    let mut all = Vec::new();
    for id in desk.cases(None, 100).unwrap() {
        for entry in desk.history(&id).unwrap() {
            let json = serde_json::to_string(&entry.sealed.record.event).unwrap();
            // Every reference in it, by its form.
            for word in json.split('"').filter(|word| word.len() == 64) {
                let reference = serde_json::from_str(&format!("\"{word}\"")).unwrap();
                let text = desk.text(&id, &reference).unwrap();
                all.extend(text.map(|text| format!("{id}: {}", text.as_str())));
            }
        }
    }
    all.sort();
    all.dedup();
    all
}

fn both(scenario: impl Fn(&Path, Desk<Box<dyn Ledger>>)) {
    let folder = tempfile::tempdir().unwrap();
    let ledgers: [Box<dyn Ledger>; 2] = [
        Box::new(MemoryLedger::new(board())),
        Box::new(SqliteLedger::open(folder.path().join("ledger.db"), board()).unwrap()),
    ];
    for ledger in ledgers {
        scenario(folder.path(), Desk::new(ledger, plans()).unwrap());
    }
}

/// Whether the words are in any byte of any file of the folder.
fn is_in(folder: &Path, needle: &str) -> bool {
    std::fs::read_dir(folder).unwrap().any(|file| {
        let bytes = std::fs::read(file.unwrap().path()).unwrap();
        bytes
            .windows(needle.len())
            .any(|window| window == needle.as_bytes())
    })
}

#[test]
fn what_a_citizen_wrote_goes_and_what_officers_wrote_stays() {
    both(|folder, desk| {
        lived(&desk);
        let outcome = duly::words::Outcome::Solved;
        let strike_off = Command::StrikeOff {
            outcome,
            matter: None,
        };
        done(
            &desk,
            envelope("x1", "m01", Role::Supervisor, 60, strike_off),
        );
        // Intake enters what the citizen said.
        let reopen = Command::Reopen {
            ground: "新的事实".into(),
            reason: Text::from("zhang wants it opened again"),
        };
        done(&desk, envelope("x2", "m01", Role::Intake, 70, reopen));
        let seal = desk
            .seal("2026-03-02".parse().unwrap(), at(14 * 60))
            .unwrap();
        let before = words(&desk);
        let zhang = "zhang".parse().unwrap();
        let would = desk.erasable(&zhang, Extent::Own).unwrap();
        assert_eq!(words(&desk), before, "a dry run changes nothing");
        let done = desk
            .erase_subject(&zhang, BASIS, &supervisor(), at(900), Extent::Own)
            .unwrap();
        assert_eq!((done.erased, done.refused.len()), (would.cases, 0));
        let after = words(&desk);
        let gone: Vec<_> = before.iter().filter(|it| !after.contains(it)).collect();
        insta::assert_debug_snapshot!("own", gone);
        for gone in [
            "zhang wrote m01",
            "zhang wrote m03",
            "phone of zhang",
            "zhang added this",
            "zhang said on the phone",
            "zhang wants it opened again",
        ] {
            assert!(!is_in(folder, gone), "{gone}");
        }
        // Others, and those who handled it, have theirs.
        for stays in [
            "li wrote m02",
            "wang wrote m04",
            "phone of li",
            "officer answers zhang",
            "nobody answers the call",
            "officer notes on zhang",
        ] {
            assert!(after.iter().any(|it| it.contains(stays)), "{stays}");
        }
        assert_eq!(
            desk.verify_against(&[(seal.day, seal.hash())])
                .unwrap()
                .seals,
            1
        );
        // Nothing is left to compare a repetition with.
        assert_eq!(
            desk.answered(&"o1".parse().unwrap())
                .unwrap()
                .unwrap()
                .payload,
            None
        );
        assert!(
            desk.answered(&"o4".parse().unwrap())
                .unwrap()
                .unwrap()
                .payload
                .is_some()
        );
    });
}

#[test]
fn all_of_it_goes_with_what_was_relayed_and_others_keep_their_own() {
    both(|folder, desk| {
        lived(&desk);
        let before = words(&desk);
        let relayed = |all: &[String]| {
            all.iter()
                .filter(|it| it.starts_with("m02: officer"))
                .count()
        };
        assert!(relayed(&before) > 0, "{before:#?}");
        let zhang = "zhang".parse().unwrap();
        let would = desk.erasable(&zhang, Extent::All).unwrap();
        assert_eq!(
            would
                .cases
                .iter()
                .filter(|it| it.relayed)
                .map(|it| it.case.as_str())
                .collect::<Vec<_>>(),
            ["m02"]
        );
        let done = desk
            .erase_subject(&zhang, BASIS, &supervisor(), at(900), Extent::All)
            .unwrap();
        assert_eq!(done.erased, would.cases);
        insta::assert_debug_snapshot!("left", words(&desk));
        for gone in [
            "zhang wrote",
            "phone of zhang",
            "zhang added",
            "zhang said",
            "nobody answers the call",
            "officer answers zhang",
            "officer notes on zhang",
            "how far it is",
        ] {
            assert!(!is_in(folder, gone), "{gone}");
        }
        desk.verify().unwrap();
        let left = desk.erasable(&zhang, Extent::All).unwrap();
        assert_eq!(left, Erasables::default());
        // The erasure stands in the chain, with its basis.
        let history = desk.history(&case("m03")).unwrap();
        let Event::Redacted { basis, .. } = &history.last().unwrap().sealed.record.event else {
            panic!("no redaction");
        };
        assert_eq!(basis, BASIS);
    });
}

#[test]
fn an_erasure_can_be_asked_for_again_and_takes_what_came_in_since() {
    both(|_, desk| {
        lived(&desk);
        let zhang = "zhang".parse().unwrap();
        // It was interrupted after the first case.
        let first = desk.erasable(&zhang, Extent::Own).unwrap().cases.remove(0);
        let fields = first.texts.clone();
        let basis = BASIS.to_owned();
        let redact = Command::Redact { fields, basis };
        done(
            &desk,
            envelope("x1", first.case.as_str(), Role::Supervisor, 800, redact),
        );
        let go = |at| {
            desk.erase_subject(&zhang, BASIS, &supervisor(), at, Extent::Own)
                .unwrap()
        };
        let rest = go(at(900));
        let cases: Vec<_> = rest.erased.iter().map(|it| it.case.as_str()).collect();
        assert_eq!(cases, ["m03"]);
        let versions = || {
            desk.cases(None, 10)
                .unwrap()
                .iter()
                .map(|id| desk.case(id).unwrap().unwrap().version())
                .collect::<Vec<_>>()
        };
        let stood = versions();
        assert!(go(at(901)).erased.is_empty());
        assert_eq!(versions(), stood, "nothing is written for nothing");
        // The case goes on, and more comes in.
        let evidence = Text::from("zhang wants it no more");
        let withdraw = envelope(
            "late",
            "m03",
            Role::Citizen,
            950,
            Command::Withdraw { evidence },
        );
        done(&desk, by(withdraw, "zhang", Role::Citizen));
        let late = go(at(960)).erased;
        assert_eq!((late.len(), late[0].texts.len()), (1, 1));
        assert!(words(&desk).iter().all(|it| !it.contains(": zhang")));
        desk.verify().unwrap();
    });
}

#[test]
fn whoever_has_no_say_erases_nothing_and_is_told() {
    both(|_, desk| {
        done(&desk, wrote("o1", "m01", "zhang", 0));
        done(&desk, opened("o9", "m09", 0));
        let zhang = "zhang".parse().unwrap();
        let before = words(&desk);
        let none = desk
            .erase_subject(&zhang, BASIS, &actor(Role::Intake), at(10), Extent::All)
            .unwrap();
        assert!(none.erased.is_empty());
        assert_eq!(none.refused.len(), 1);
        let blank = desk
            .erase_subject(&zhang, " ", &supervisor(), at(10), Extent::All)
            .unwrap();
        insta::assert_snapshot!(
            "no_say",
            format!("{}\n{}", none.refused[0], blank.refused[0])
        );
        assert_eq!(words(&desk), before);
        let nobody = desk
            .erasable(&"nobody".parse().unwrap(), Extent::All)
            .unwrap();
        assert_eq!(nobody, Erasables::default());
    });
}

/// Two cases, the second following the first, and the owner's words on their way from the first to the second.
fn merged<L: Ledger>(desk: &Desk<L>) -> Envelope {
    done(desk, wrote("o1", "m01", "zhang", 0));
    done(desk, wrote("o2", "m02", "li", 1));
    let into = case("m01");
    done(
        desk,
        envelope("merge", "m02", Role::Intake, 5, Command::Merge { into }),
    );
    done(desk, screened("s1", "m01", 10));
    let assign = Command::Assign {
        unit: "water".parse().unwrap(),
        owner: "the-owner".parse().unwrap(),
        co_handlers: vec![],
    };
    done(desk, envelope("a1", "m01", Role::Intake, 11, assign));
    let text = Text::from("officer tells how far it is");
    envelope("u1", "m01", Role::Owner, 14, Command::Update { text })
}

// 并案: another desk has read the words, and has not told them yet, when they are erased.
#[test]
fn what_is_on_its_way_to_a_follower_while_it_is_erased_does_not_arrive() {
    let extent = Extent::All;
    let below = Arc::new(MemoryLedger::new(board()));
    let eraser = Desk::new(Arc::clone(&below), plans()).unwrap();
    let update = merged(&eraser);
    let commits = AtomicUsize::new(0);
    let came = Arc::new(Mutex::new(None));
    let heard = Arc::clone(&came);
    let carrier = Around::new(Arc::clone(&below), move |asks| {
        // The first commit is the update, the second what the follower is told of it.
        if asks == Asks::Commit && commits.fetch_add(1, Ordering::SeqCst) == 1 {
            let zhang = "zhang".parse().unwrap();
            let erasure = eraser.erase_subject(&zhang, BASIS, &supervisor(), at(20), extent);
            *heard.lock().unwrap() = Some(erasure.unwrap());
        }
        Ok(())
    });
    let carrier = Desk::new(carrier, plans()).unwrap();
    done(&carrier, update);
    let erasure = came
        .lock()
        .unwrap()
        .take()
        .expect("it was erased meanwhile");
    assert!(erasure.refused.is_empty() && erasure.stuck.is_empty());
    let left = words(&carrier);
    assert!(
        left.iter().all(|it| !it.contains("how far it is")),
        "{left:#?}"
    );
    assert_eq!(
        carrier.erasable(&"zhang".parse().unwrap(), extent).unwrap(),
        Erasables::default()
    );
    let _ = carrier.advance(at(30)).unwrap();
    carrier.verify().unwrap();
}

#[test]
fn what_came_through_before_it_was_erased_is_erased_where_it_came_to() {
    let desk = Desk::new(MemoryLedger::new(board()), plans()).unwrap();
    let update = merged(&desk);
    done(&desk, update);
    assert!(
        words(&desk)
            .iter()
            .any(|it| it == "m02: officer tells how far it is")
    );
    let zhang = "zhang".parse().unwrap();
    let erasure = desk
        .erase_subject(&zhang, BASIS, &supervisor(), at(20), Extent::All)
        .unwrap();
    assert_eq!(erasure.erased.len(), 2);
    assert!(words(&desk).iter().all(|it| it.contains("li")));
    desk.verify().unwrap();
}

#[test]
fn a_damaged_case_is_named_and_the_others_are_erased() {
    for damage in [
        "UPDATE heads SET hash = x'00' WHERE chain = 'm01'",
        "UPDATE records SET record = replace(record, 'm01', 'm00') WHERE chain = 'm01' AND version = 2",
        // Of a case of somebody else's too: nobody can tell whose it is.
        "UPDATE heads SET state = substr(state, 1, length(state) - 1) WHERE chain = 'm04'",
    ] {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ledger.db");
        let desk = Desk::new(SqliteLedger::open(&path, board()).unwrap(), plans()).unwrap();
        lived(&desk);
        let file = rusqlite::Connection::open(&path).unwrap();
        assert!(file.execute(damage, []).unwrap() > 0);
        let of = if damage.contains("m04") { "m04" } else { "m01" };
        let zhang = "zhang".parse().unwrap();
        let would = desk.erasable(&zhang, Extent::Own).unwrap();
        let go = || -> Erasure {
            desk.erase_subject(&zhang, BASIS, &supervisor(), at(900), Extent::Own)
                .unwrap()
        };
        let done = go();
        assert_eq!(done.erased, would.cases);
        assert_eq!(done.stuck, would.stuck);
        assert_eq!(done.stuck.len(), 1, "{damage}: {done:?}");
        assert_eq!(done.stuck[0].case, case(of));
        assert!(done.stuck[0].why.contains(of), "{}", done.stuck[0].why);
        let erased: Vec<_> = done.erased.iter().map(|it| it.case.as_str()).collect();
        assert!(erased.contains(&"m03"), "{damage}: {erased:?}");
        assert!(!is_in(folder.path(), "zhang wrote m03"));
        assert_eq!(go().stuck, done.stuck, "asked again, it is named again");
    }
}
