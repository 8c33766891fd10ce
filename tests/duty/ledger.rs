//! Obligations in the ledger: kept in a file, answered as the first time, erased, found out when altered.

use duly::desk::rows::Kept;
use duly::desk::{Answer, Cursor, Desk, Failure, Fate, Flaw, Ledger, Receipt, SqliteLedger};
use duly::words::{DutyStage, EffectId, Envelope, Role, Salt};
use rusqlite::Connection;

use super::{at, command, done, duban, envelope, fulfil, head, person, plans, refused, video};

fn open(path: &std::path::Path) -> Desk<SqliteLedger> {
    Desk::new(
        SqliteLedger::open(path, "hainan".parse().unwrap()).unwrap(),
        plans(),
    )
    .unwrap()
}

fn file() -> (tempfile::TempDir, std::path::PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("board.db");
    (folder, path)
}

/// A video that was imposed, let lapse, done and sent back, with all its texts.
fn story<L: Ledger>(desk: &Desk<L>) {
    done(desk, "d1", "v01", duban(), "2026-03-02 09:00", video());
    let _ = desk.advance(at("2026-04-20 09:00")).unwrap();
    done(desk, "d2", "v01", head(), "2026-04-20 10:00", fulfil());
    let back = command(r#"{"send_back": {"mend": "没有答"}}"#);
    done(desk, "d3", "v01", duban(), "2026-04-21 10:00", back);
}

#[test]
fn a_file_opened_again_goes_on_where_it_stood() {
    let (_folder, path) = file();
    let memory = super::desk();
    let sqlite = open(&path);
    story(&memory);
    story(&sqlite);
    drop(sqlite);
    let sqlite = open(&path);
    let id = "v01".parse().unwrap();
    assert_eq!(sqlite.duty(&id).unwrap(), memory.duty(&id).unwrap());
    let lines = |history: Vec<duly::desk::DutyEntry>| -> Vec<String> {
        history
            .iter()
            .map(|entry| entry.sealed.line().unwrap())
            .collect()
    };
    assert_eq!(
        lines(sqlite.duty_history(&id).unwrap()),
        lines(memory.duty_history(&id).unwrap())
    );
    assert_eq!(sqlite.next_alarm().unwrap(), memory.next_alarm().unwrap());
    // The same command is answered as the first time, refusals too; with something else in it, it is a mistake.
    let again = envelope("d2", "v01", head(), at("2026-05-20 10:00"), fulfil());
    let first = memory.submit_duty(again.clone()).unwrap();
    assert_eq!(sqlite.submit_duty(again.clone()).unwrap(), first);
    assert!(
        first
            .done()
            .is_some_and(|done| done.stage == DutyStage::Submitted)
    );
    let other = duly::duty::DutyEnvelope {
        command: command(r#"{"note": {"text": "x"}}"#),
        ..again
    };
    assert!(sqlite.submit_duty(other).unwrap_err().is_reused());
    assert_eq!(sqlite.outbox(&Cursor::start(), 10).unwrap().items.len(), 0);
    let out = sqlite.duty_outbox(&Cursor::start(), 100).unwrap().items;
    assert_eq!(
        out,
        memory.duty_outbox(&Cursor::start(), 100).unwrap().items
    );
    let verified = sqlite.verify().unwrap();
    assert_eq!((verified.cases, verified.duties), (0, 1));
    assert_eq!(
        verified.duty_records,
        sqlite.duty_history(&id).unwrap().len() as u64
    );
    assert_eq!(verified.texts, 3);
}

#[test]
fn an_erased_text_is_gone_and_the_chain_holds() {
    let (_folder, path) = file();
    let desk = open(&path);
    story(&desk);
    let id = "v01".parse().unwrap();
    let topic = desk.duty(&id).unwrap().unwrap().topic().clone();
    assert_eq!(
        desk.duty_text(&id, &topic).unwrap().unwrap().as_str(),
        "城区冬季供暖"
    );
    let redact = |text: &str| {
        command(&format!(
            r#"{{"redact": {{"fields": ["{text}"], "basis": "个人信息保护法第四十七条"}}}}"#
        ))
    };
    let stranger = refused(
        &desk,
        "e1",
        "v01",
        duban(),
        "2026-04-22 09:00",
        redact(&"0".repeat(64)),
    );
    assert!(
        stranger
            .to_string()
            .contains("the text number 1 is not its own")
    );
    done(
        &desk,
        "e2",
        "v01",
        duban(),
        "2026-04-22 09:00",
        redact(topic.as_str()),
    );
    assert_eq!(desk.duty_text(&id, &topic).unwrap(), None);
    assert_eq!(desk.verify().unwrap().texts, 2);
    drop(desk);
    let bytes = std::fs::read(&path).unwrap();
    let words = "城区冬季供暖".as_bytes();
    assert!(!bytes.windows(words.len()).any(|window| window == words));
}

/// What is done to the file, the version that is named (0 where it is not known beforehand), and the flaw.
type Damage = (&'static str, u64, fn(&Flaw) -> bool);

/// Each damage is found, and named at its place.
#[test]
fn verify_finds_what_was_altered() {
    let damages: [Damage; 6] = [
        (
            "UPDATE records SET record = replace(record, '632521', '632522') WHERE version = 1",
            1,
            |flaw| matches!(flaw, Flaw::Hash),
        ),
        ("DELETE FROM records WHERE version = 3", 3, |flaw| {
            matches!(
                flaw,
                Flaw::Gap {
                    expected: 3,
                    found: 4
                }
            )
        }),
        (
            "DELETE FROM records WHERE version = (SELECT max(version) FROM records)",
            0,
            |flaw| matches!(flaw, Flaw::Missing { .. }),
        ),
        ("UPDATE heads SET alarm = alarm + 1", 0, |flaw| {
            matches!(flaw, Flaw::Alarm)
        }),
        (
            "UPDATE private SET text = '别的' WHERE id = 1",
            1,
            |flaw| matches!(flaw, Flaw::Text { .. }),
        ),
        ("DELETE FROM private WHERE id = 1", 1, |flaw| {
            matches!(flaw, Flaw::TextGone { .. })
        }),
    ];
    for (sql, version, is) in damages {
        let (_folder, path) = file();
        let desk = open(&path);
        story(&desk);
        let _ = desk.verify().unwrap();
        drop(desk);
        Connection::open(&path).unwrap().execute_batch(sql).unwrap();
        let error = open(&path).verify().unwrap_err();
        let broken = error
            .broken_duty()
            .unwrap_or_else(|| panic!("{sql}: {error}"));
        assert!(is(&broken.flaw), "{sql}: {broken}");
        assert_eq!(broken.duty.as_str(), "v01");
        assert!(version == 0 || broken.version == version, "{sql}: {broken}");
    }
}

/// A desk that was asleep writes the same records as one that ticked every day; a limit lets some through, and says that more is due.
#[test]
fn waking_late_or_often_is_the_same() {
    let (late, often) = (super::desk(), super::desk());
    for desk in [&late, &often] {
        for n in 1..4 {
            done(
                desk,
                &format!("d{n}"),
                &format!("v0{n}"),
                duban(),
                "2026-03-02 09:00",
                video(),
            );
        }
    }
    let end = at("2026-05-20 09:00");
    let mut now = at("2026-03-02 09:00");
    while now < end {
        now = now.plus(86_400);
        let _ = often.advance(now.min(end)).unwrap();
    }
    let first = late.tick(end, 1).unwrap();
    assert_eq!((first.fired, first.more), (1, true));
    let rest = late.advance(end).unwrap();
    assert!(rest.fired > 10 && rest.stuck_duties.is_empty());
    for n in 1..4 {
        let id = format!("v0{n}").parse().unwrap();
        let sealed = |entries: Vec<duly::desk::DutyEntry>| -> Vec<_> {
            entries.into_iter().map(|it| it.sealed).collect()
        };
        assert_eq!(
            sealed(late.duty_history(&id).unwrap()),
            sealed(often.duty_history(&id).unwrap())
        );
    }
    assert!(late.next_alarm().unwrap().unwrap() > end);
    // A refused command leaves only what a tick would have.
    let third = super::desk();
    done(&third, "d1", "v01", duban(), "2026-03-02 09:00", video());
    let citizen = person("someone", Role::Citizen, None);
    let _ = refused(
        &third,
        "x1",
        "v01",
        citizen,
        "2026-05-20 09:00",
        command(r#"{"note": {"text": "x"}}"#),
    );
    let id = "v01".parse().unwrap();
    assert_eq!(third.duty(&id).unwrap(), late.duty(&id).unwrap());
}

/// One limit is for cases and obligations together: where cases have just used it up, more is due, and the obligation comes with the next tick.
#[test]
fn a_limit_is_for_cases_and_obligations_together() {
    let (both, alone) = (super::desk(), super::desk());
    for desk in [&both, &alone] {
        let open = r#"{"open": {"place": "632521", "channel": "领导留言板", "external_id": "LY-1", "message": "路灯不亮", "facts": {"kind": "投诉"}}}"#;
        let open = Envelope {
            id: "c1".parse().unwrap(),
            case: "m01".parse().unwrap(),
            by: person("zhuoma", Role::Citizen, None),
            at: at("2026-03-02 09:00"),
            salt: Salt::derived(b"test", "c1"),
            command: serde_json::from_str(open).unwrap(),
        };
        assert!(matches!(desk.submit(open).unwrap(), Answer::Done(_)));
    }
    done(&both, "d1", "v01", duban(), "2026-03-02 09:00", video());
    let end = at("2026-04-20 09:00");
    let cases = alone.advance(end).unwrap().fired;
    assert!(cases > 0);
    let first = both.tick(end, cases).unwrap();
    assert_eq!((first.fired, first.more), (cases, true));
    let version = || {
        both.duty(&"v01".parse().unwrap())
            .unwrap()
            .unwrap()
            .version()
    };
    assert_eq!(version(), 1);
    let rest = both.tick(end, 256).unwrap();
    assert!(rest.fired > 0 && !rest.more, "{rest:?}");
    assert!(version() > 1);
    assert!(both.next_alarm().unwrap().unwrap() > end);
}

/// Every byte of every record line.
#[test]
fn a_flipped_byte_anywhere_in_a_record_is_found_and_located() {
    let (_folder, path) = file();
    let desk = open(&path);
    done(&desk, "d1", "v01", duban(), "2026-03-02 09:00", video());
    done(&desk, "d2", "v01", head(), "2026-03-03 10:00", fulfil());
    let file = Connection::open(&path).unwrap();
    file.pragma_update(None, "synchronous", "OFF").unwrap();
    let mut all = file
        .prepare("SELECT seq, version, record FROM records ORDER BY seq")
        .unwrap();
    let read = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?, row.get(2)?));
    let lines = all.query_map([], read).unwrap();
    let lines: Vec<(i64, u32, String)> = lines.map(Result::unwrap).collect();
    let mut put = file
        .prepare("UPDATE records SET record = CAST(?2 AS TEXT) WHERE seq = ?1")
        .unwrap();
    let mut flipped = 0;
    for (seq, version, record) in &lines {
        for at in 0..record.len() {
            let mut bytes = record.clone().into_bytes();
            bytes[at] ^= 1;
            put.execute(rusqlite::params![seq, bytes]).unwrap();
            // Verifying reads it so as well; here it is that of one chain, since the shipped pack takes its time to hash.
            let error = desk.duty_history(&"v01".parse().unwrap()).unwrap_err();
            let broken = error.broken_duty().unwrap_or_else(|| panic!("{error}"));
            assert_eq!(broken.version, u64::from(*version), "byte {at}: {broken}");
            if at % 97 == 0 {
                let verified = desk.verify().unwrap_err();
                assert_eq!(verified.broken_duty(), Some(broken));
            }
            flipped += 1;
        }
        put.execute(rusqlite::params![seq, record.as_bytes()])
            .unwrap();
    }
    assert!(flipped > 500, "{flipped}");
    desk.verify().unwrap();
}

/// Obligations are under the seal as cases are.
#[test]
fn an_obligation_that_was_taken_away_is_missed_and_its_records_can_be_shown() {
    use duly::desk::rows::{Kept, Shelf};
    use duly::desk::{MemoryLedger, SealFlaw};
    let new = || Desk::new(MemoryLedger::new("hainan".parse().unwrap()), plans()).unwrap();
    let (whole, short) = (new(), new());
    for desk in [&whole, &short] {
        done(desk, "d1", "v01", duban(), "2026-03-02 09:00", video());
    }
    done(&whole, "d2", "v02", duban(), "2026-03-02 10:00", video());
    let seal = whole
        .seal("2026-03-02".parse().unwrap(), at("2026-03-02 18:00"))
        .unwrap();
    let verified = whole.verify().unwrap();
    assert_eq!(
        (verified.seals, verified.sealed),
        (1, verified.duty_records)
    );
    for of in ["v01", "v02"] {
        let of = of.parse().unwrap();
        for entry in whole.duty_history(&of).unwrap() {
            let proof = whole
                .duty_proof(&of, entry.sealed.record.version)
                .unwrap()
                .unwrap();
            assert!(proof.shows(&entry.sealed.hash, &seal.hash()));
        }
    }
    short.verify().unwrap();
    let text = whole
        .ledger()
        .kept(Kept::Seal, "00000001")
        .unwrap()
        .unwrap();
    short.ledger().keep(Kept::Seal, "00000001", &text).unwrap();
    let error = short.verify().unwrap_err();
    let broken = error.broken_seal().unwrap();
    assert!(
        matches!(
            broken.flaw,
            SealFlaw::Fewer {
                log: Shelf::Duties,
                first: 1,
                ..
            }
        ),
        "{broken}"
    );
}

#[test]
fn receipts_of_an_obligation_are_not_those_of_a_case_of_the_same_name() {
    let desk = super::desk();
    done(&desk, "d1", "v01", duban(), "2026-03-02 09:00", video());
    let effect = desk.duty_outbox(&Cursor::start(), 1).unwrap().items[0]
        .id
        .clone();
    // The citizen of a case `v01` was told, by an effect of the same place.
    let of_case = format!(
        r#"{{"effect": "{effect}", "at": "2026-03-02T09:01:00+08:00", "outcome": {{"delivered": {{}}}}}}"#
    );
    let of_case: Receipt = serde_json::from_str(&of_case).unwrap();
    let name = Receipt::<EffectId>::kept_name(&of_case.effect, 1);
    let kept = serde_json::to_string(&of_case).unwrap();
    desk.ledger().keep(Kept::Receipt, &name, &kept).unwrap();
    let failed = Receipt {
        effect,
        at: at("2026-03-02 09:02"),
        means: None,
        outcome: Fate::Failed {
            why: Failure::NotReached,
            instead: None,
        },
    };
    let filed = desk.duty_receipt(&failed).unwrap().filed;
    assert!(filed.before.is_empty(), "{filed:?}");
    assert!(!filed.is_contradiction());
    assert!(desk.duty_receipt(&failed).unwrap().filed.known);
}

#[test]
fn a_host_cannot_take_the_ids_that_the_desk_gives_to_obligations() {
    let desk = super::desk();
    done(&desk, "d1", "v01", duban(), "2026-03-02 09:00", video());
    let note = || command(r#"{"note": {"text": "x"}}"#);
    for id in ["digest/2026-03-06/leader", "receipt/v01/1/0/delivered"] {
        let taken = desk.submit_duty(envelope(id, "v01", duban(), at("2026-03-02 10:00"), note()));
        assert!(taken.is_err_and(|error| error.is_misuse()), "{id}");
    }
}
