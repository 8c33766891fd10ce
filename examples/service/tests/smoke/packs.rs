//! Packs for later dates, and two of them at once.

use std::path::PathBuf;

use serde_json::Value;

use crate::Place;
use crate::service::{CITIZEN, INTAKE, SYSTEM, Service};
use crate::story::OPEN;

const SHIPPED: &str = include_str!("../../../../rules/hainan-board/pack.rhai");

/// The shipped pack in force from a date on.
fn from(date: &str) -> String {
    let head = r#".language(1).labels("zh")"#;
    let dated = SHIPPED.replacen(head, &format!(r#"{head}.in_force("{date}")"#), 1);
    assert_ne!(dated, SHIPPED);
    dated
}

/// The shipped pack under another title.
fn titled(title: &str) -> String {
    let changed = SHIPPED.replacen("海南州网民留言办理\")", &format!("{title}\")"), 1);
    assert_ne!(changed, SHIPPED);
    changed
}

/// A pack in a file of its own.
fn pack(place: &Place, source: &str) -> PathBuf {
    let pack = place.folder.path().join("pack.rhai");
    std::fs::write(&pack, source).unwrap();
    pack
}

/// Under which plan a message comes that is sent now.
fn plan_of(service: &Service, key: &str) -> Value {
    let opened = service.post("/cases", CITIZEN, key, OPEN).is(201).json();
    let case = opened["done"]["case"].as_str().unwrap().to_owned();
    let seen = service.get(&format!("/cases/{case}"), INTAKE);
    seen.is(200).json()["plan"].clone()
}

// A pack for a later date waits for it: the one in force stays so, also after a start.
#[test]
fn a_pack_for_a_later_date_waits_for_it() {
    let place = Place::sqlite();
    let pack = pack(&place, SHIPPED);
    let settings = [("DULY_PACK", pack.to_str().unwrap())];
    let service = place.serve(&settings);
    let before = plan_of(&service, "k1");
    let later = from("2099-01-01");
    let taken = service.post("/plans", SYSTEM, "-", &later).is(200).json();
    assert_eq!(taken["saved"], true);
    assert_eq!(plan_of(&service, "k2"), before);
    service.kill();
    assert_eq!(std::fs::read_to_string(&pack).unwrap(), SHIPPED);
    let service = place.serve(&settings);
    assert_eq!(plan_of(&service, "k3"), before);
}

// Where no pack is in force the service does not start, and says when there is none.
#[test]
fn nothing_starts_without_a_pack_in_force() {
    let place = Place::sqlite();
    let pack = pack(&place, &from("2099-01-01"));
    let said = std::process::Command::new(env!("CARGO_BIN_EXE_duly-service"))
        .env_clear()
        .env("DULY_LEDGER", &place.ledger)
        .env("DULY_PACK", &pack)
        .env("DULY_LISTEN", "127.0.0.1:0")
        .output()
        .unwrap();
    assert_eq!(said.status.code(), Some(1));
    let words = String::from_utf8(said.stderr).unwrap();
    assert!(words.contains("until 2098-12-31"), "{words}");
}

// Of packs that come at once the one that new cases open by is the one that the next start begins with, and nothing else is left beside it.
#[test]
fn packs_that_come_at_once_are_taken_one_after_another() {
    let place = Place::sqlite();
    let pack = pack(&place, SHIPPED);
    let settings = [("DULY_PACK", pack.to_str().unwrap())];
    let service = place.serve(&settings);
    std::thread::scope(|threads| {
        for title in ["甲", "乙"] {
            let service = &service;
            threads.spawn(move || {
                for _ in 0..2 {
                    let taken = service.post("/plans", SYSTEM, "-", &titled(title)).is(200);
                    assert_eq!(taken.json()["saved"], true);
                }
            });
        }
    });
    let last = plan_of(&service, "k1");
    service.kill();
    let beside = std::fs::read_dir(place.folder.path()).unwrap();
    let names: Vec<String> = beside
        .map(|it| it.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.starts_with("pack"))
        .collect();
    assert_eq!(names, ["pack.rhai"]);
    assert_eq!(plan_of(&place.serve(&settings), "k2"), last);
}
