//! The built service, from outside: over HTTP, over a ledger in a temporary folder, killed and started again.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on fails"
)]

mod citizens;
mod killed;
mod outlet;
mod packs;
mod postgres;
mod service;
mod story;

use std::fs::File;
use std::path::PathBuf;

use service::Service;
use tempfile::TempDir;

/// A ledger, and what is needed to serve it again and again.
pub struct Place {
    pub folder: TempDir,
    pub ledger: String,
}

impl Place {
    /// A file that nobody else has.
    fn sqlite() -> Place {
        let folder = tempfile::tempdir().unwrap();
        let ledger = format!("sqlite:{}", folder.path().join("ledger.db").display());
        Place { folder, ledger }
    }
    pub fn out(&self) -> PathBuf {
        self.folder.path().join("out")
    }
    pub fn serve(&self, more: &[(&str, &str)]) -> Service {
        let mut settings = vec![("DULY_LEDGER", self.ledger.as_str())];
        settings.extend(more);
        let mut out = File::options();
        let out = out.create(true).append(true).open(self.out());
        Service::start(&settings, out.unwrap())
    }
}

#[test]
fn a_case_goes_its_way_over_sqlite() {
    story::goes_its_way(&Place::sqlite());
}

#[test]
fn what_was_acknowledged_survives_a_kill_over_sqlite() {
    killed::survives(&Place::sqlite());
}

#[test]
fn the_same_over_postgres() {
    let Some(server) = postgres::server() else {
        return;
    };
    story::goes_its_way(&server.place());
    killed::survives(&server.place());
}

#[test]
fn a_setting_that_makes_no_sense_is_said() {
    let said = std::process::Command::new(env!("CARGO_BIN_EXE_duly-service"))
        .env_clear()
        .env("DULY_LEDGER", "mysql://root:hunter2@host")
        .output()
        .unwrap();
    assert_eq!(said.status.code(), Some(1));
    let words = String::from_utf8(said.stderr).unwrap();
    assert!(
        words.contains("`sqlite:/path/to/file.db`") && !words.contains("hunter2"),
        "{words}"
    );
}

// A setting that is read nowhere keeps the service from starting: what was meant by it would not be so.
#[test]
fn a_setting_that_there_is_not_is_said() {
    let place = Place::sqlite();
    let said = std::process::Command::new(env!("CARGO_BIN_EXE_duly-service"))
        .env_clear()
        .env("DULY_LEDGER", &place.ledger)
        .env("DULY_LISTEN", "127.0.0.1:0")
        .env("DULY_OUTBOKS", "none")
        .output()
        .unwrap();
    assert_eq!(said.status.code(), Some(1));
    let words = String::from_utf8(said.stderr).unwrap();
    assert!(
        words.contains("`DULY_OUTBOKS`") && words.contains("`DULY_OUTBOX`"),
        "{words}"
    );
}
