//! Every report in every form, of the first days of the sample board.

use super::{Desk, Ran, duly};

const KINDS: [&str; 8] = [
    "digest",
    "bulletin",
    "roll",
    "insight",
    "timeline",
    "integrity",
    "public",
    "explanation",
];

/// The sample messages in a ledger of the test's own.
fn samples() -> (Desk, String) {
    let desk = Desk::new();
    let folder = desk.path("kept");
    let made = duly(&["demo", "--keep", &folder]);
    assert_eq!(made.code, Some(0), "{}", made.err);
    (desk, format!("{folder}/demo.db"))
}

fn report(kind: &str, ledger: &str, more: &[&str]) -> Ran {
    let of_case = ["timeline", "explanation"].contains(&kind);
    let case: &[&str] = if of_case { &["--case", "m02"] } else { &[] };
    let at = ["report", kind, "--ledger", ledger];
    duly(&[&at[..], case, more].concat())
}

#[test]
fn every_report_reads_in_every_form_and_language() {
    let (_desk, ledger) = samples();
    for kind in KINDS {
        for format in ["text", "markdown", "csv", "json"] {
            let mut both = String::new();
            for lang in ["zh", "en"] {
                let at = "2026-03-05T18:30:00+08:00";
                let form = ["--at", at, "--format", format, "--lang", lang];
                let ran = report(kind, &ledger, &form);
                assert_eq!(ran.code, Some(0), "{kind} {format} {lang}: {}", ran.err);
                if format == "json" {
                    let read: Result<serde_json::Value, _> = serde_json::from_str(&ran.out);
                    assert!(read.is_ok(), "{kind} {lang}: {}", ran.out);
                }
                assert_eq!(ran.out, report(kind, &ledger, &form).out, "the same bytes");
                // Of what is the same in both languages, once.
                if !both.ends_with(&ran.out) {
                    both.push_str(&ran.out);
                }
            }
            insta::assert_snapshot!(format!("{kind}_{format}"), both);
        }
    }
}

#[test]
fn the_citizen_reads_the_same_without_persons() {
    let (_desk, ledger) = samples();
    let at = ["--at", "2026-03-05T18:30:00+08:00", "--lang", "zh"];
    let of = |reader| {
        report(
            "explanation",
            &ledger,
            &[&at[..], &["--for", reader]].concat(),
        )
        .out
    };
    let (officer, citizen) = (of("officer"), of("citizen"));
    assert!(officer.contains("李文海"), "{officer}");
    assert!(!citizen.contains("李文海"), "{citizen}");
    assert!(citizen.contains("留言已收到"), "{citizen}");
}

#[test]
fn what_is_taken_for_granted_is_said_beside_the_report() {
    let (_desk, ledger) = samples();
    let ran = report("bulletin", &ledger, &["--lang", "en"]);
    assert!(
        ran.err
            .contains("as of 2026-04-27 18:00:00, the last record of the ledger"),
        "{}",
        ran.err
    );
    assert!(
        ran.out.contains("2026-04-01 00:00 to 2026-04-30"),
        "{}",
        ran.out
    );
    assert!(ran.err.contains("the ledger is read up to"), "{}", ran.err);
    let day = report(
        "digest",
        &ledger,
        &["--at", "2026-03-05T10:00:00+08:00", "--lang", "en"],
    );
    assert!(
        day.out.contains("2026-03-03 17:30 to 2026-03-04 17:30"),
        "{}",
        day.out
    );
    // Long after the last record, time has overtaken what is open.
    let late = report(
        "roll",
        &ledger,
        &["--at", "2026-09-01T09:00:00+08:00", "--lang", "en"],
    );
    assert!(late.err.contains("time has overtaken"), "{}", late.err);
    assert!(late.err.contains("desk.advance(now)"), "{}", late.err);
    let quiet = report("roll", &ledger, &["--at", "2026-03-05T18:30:00+08:00"]);
    assert_eq!(quiet.err, "");
}

#[test]
fn months_days_and_stretches() {
    let (_desk, ledger) = samples();
    let headline = |more: &[&str]| {
        let ran = report("integrity", &ledger, &[more, &["--lang", "en"]].concat());
        assert_eq!(ran.code, Some(0), "{}", ran.err);
        ran.out.lines().next().unwrap_or_default().to_owned()
    };
    let said = |from: &str, to: &str| format!("what to look at ({from} 00:00 to {to} 23:59:59)");
    let march = said("2026-03-01", "2026-03-31");
    assert_eq!(headline(&["--month", "2026-03"]), march);
    assert_eq!(
        headline(&["--from", "2026-03-01", "--to", "2026-03-31"]),
        march
    );
    let day = said("2026-03-05", "2026-03-05");
    assert_eq!(headline(&["--day", "2026-03-05"]), day);
    // A month is compared with the month before, a week with the week before.
    let before = |more: &[&str]| {
        let json = report("insight", &ledger, &[more, &["--format", "json"]].concat()).out;
        let read: serde_json::Value = serde_json::from_str(&json).unwrap_or_default();
        [
            read["before"]["after"].clone(),
            read["before"]["until"].clone(),
        ]
        .map(|it| it.to_string())
    };
    assert_eq!(
        before(&["--month", "2026-03"]),
        ["\"2026-01-31T15:59:59Z\"", "\"2026-02-28T15:59:59Z\""]
    );
    assert_eq!(
        before(&["--from", "2026-03-09", "--to", "2026-03-15"]),
        ["\"2026-03-01T15:59:59Z\"", "\"2026-03-08T15:59:59Z\""]
    );
}

#[test]
fn what_cannot_be_reported_says_what_to_do() {
    let (desk, ledger) = samples();
    let mut said = String::new();
    let mut refused = |kind: &str, more: &[&str]| {
        let ran = duly(&[&["report", kind, "--ledger", &ledger][..], more].concat());
        assert_ne!(ran.code, Some(0), "{kind} {more:?}: {}", ran.out);
        said.push_str(&ran.err.replace(&ledger, "FILE.db"));
    };
    refused("timeline", &[]);
    refused("explanation", &["--case", "m99"]);
    refused("bulletin", &["--case", "m01"]);
    refused("roll", &["--month", "2026-03"]);
    refused("digest", &["--from", "2026-03-05", "--to", "2026-03-01"]);
    refused("roll", &["--board", "nowhere"]);
    refused("digest", &["--month", "2026-3x"]);
    insta::assert_snapshot!(said);
    let none = desk.path("none.db");
    let ran = duly(&["report", "roll", "--ledger", &none]);
    assert_eq!(ran.err, format!("error: `{none}`: there is no such file\n"));
}
