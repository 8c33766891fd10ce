//! The receipts of a day's digest, asked for again.

use duly::desk::{Desk, MemoryLedger};
use duly::plan::Plans;

use super::at;

/// The digest got another title meanwhile: asking again for the day before changes nothing, as it says.
#[test]
fn a_digest_issued_again_under_new_rules_changes_nothing() {
    let pack = duly::script::hainan_board();
    let old = duly::script::load("pack.rhai", pack).unwrap();
    let mut new = old.clone();
    new.digest.title = "日报(新)".into();
    new.in_force = Some(duly::plan::InForce {
        from: "2026-03-03".parse().unwrap(),
        to: None,
    });
    let mut plans = Plans::new("hainan".parse().unwrap());
    plans.take(old).unwrap();
    plans.take(new).unwrap();
    let desk = Desk::new(MemoryLedger::new("hainan".parse().unwrap()), plans).unwrap();
    let day = "2026-03-02".parse().unwrap();
    let first = desk.issue_digest(day, at("2026-03-02 17:30")).unwrap();
    let again = desk.issue_digest(day, at("2026-03-03 08:00")).unwrap();
    assert_eq!(first, again);
}
