//! Packs for later dates, and two of them at once.

use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::Place;
use crate::service::{CITIZEN, INTAKE, SYSTEM, Service};
use crate::story::{OPEN, SCREEN};

const SHIPPED: &str = include_str!("../../../../rules/hainan-board/pack.rhai");

/// The shipped pack in force from a date on.
fn from(date: &str) -> String {
    on(&format!(r#""{date}""#))
}

/// The shipped pack in force on some dates.
fn on(dates: &str) -> String {
    let head = r#".language(1).labels("zh")"#;
    let dated = SHIPPED.replacen(head, &format!("{head}.in_force({dates})"), 1);
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
    let beside = pack.with_file_name("pack.2099-01-01.rhai");
    assert_eq!(std::fs::read_to_string(beside).unwrap(), later);
    let service = place.serve(&settings);
    assert_eq!(plan_of(&service, "k3"), before);
}

// Where no pack is in force any more, whoever is at work on the cases that there are goes on; new messages wait until there is one.
#[test]
fn a_lapsed_pack_keeps_nobody_from_their_cases() {
    let place = Place::sqlite();
    let pack = pack(&place, SHIPPED);
    let settings = [("DULY_PACK", pack.to_str().unwrap())];
    let service = place.serve(&settings);
    let opened = service.post("/cases", CITIZEN, "k1", OPEN).is(201).json();
    let case = opened["done"]["case"].as_str().unwrap().to_owned();
    service.kill();
    std::fs::write(&pack, on(r#""2020-01-01", "2020-12-31""#)).unwrap();
    let service = place.serve(&settings);
    assert_eq!(service.get("/readyz", "{}").is(200).body, "ready\n");
    let commands = format!("/cases/{case}/commands");
    service.post(&commands, INTAKE, "k2", SCREEN).is(200);
    let said = service.post("/cases", CITIZEN, "k3", OPEN);
    assert_eq!(said.is(503).problem(), "rules");
    service.post("/plans", SYSTEM, "-", SHIPPED).is(200);
    service.post("/cases", CITIZEN, "k3", OPEN).is(201);
}

// A pack that waits in the pack's own file still waits when an undated one is written there: it lies beside it then.
#[test]
fn a_pack_that_waits_in_the_file_itself_is_not_lost() {
    let place = Place::sqlite();
    let later = from("2099-01-01");
    let pack = pack(&place, &later);
    let settings = [("DULY_PACK", pack.to_str().unwrap())];
    let service = place.serve(&settings);
    let taken = service.post("/plans", SYSTEM, "-", SHIPPED).is(200).json();
    assert_eq!(taken["saved"], true);
    assert_eq!(plan_of(&service, "k1"), taken["plan"]);
    service.kill();
    assert_eq!(std::fs::read_to_string(&pack).unwrap(), SHIPPED);
    let beside = pack.with_file_name("pack.2099-01-01.rhai");
    assert_eq!(std::fs::read_to_string(beside).unwrap(), later);
    assert_eq!(plan_of(&place.serve(&settings), "k2"), taken["plan"]);
}

// A file with a date in its name that says none itself would be in force at once: nothing starts with it, and it is said which.
#[test]
fn a_pack_for_a_date_says_so_itself() {
    let place = Place::sqlite();
    let pack = pack(&place, SHIPPED);
    std::fs::write(pack.with_file_name("pack.2099-01-01.rhai"), SHIPPED).unwrap();
    let words = why_it_does_not_start(&place, &pack);
    assert!(words.contains("pack.2099-01-01.rhai"), "{words}");
}

// A pack that waits as the version before left it would never come in force: nothing starts beside it, and it is said what to do.
#[test]
fn a_pack_that_waits_as_before_is_said() {
    let place = Place::sqlite();
    let pack = pack(&place, SHIPPED);
    std::fs::write(pack.with_file_name("pack.rhai.next"), from("2099-01-01")).unwrap();
    let words = why_it_does_not_start(&place, &pack);
    assert!(
        words.contains("pack.rhai.next") && words.contains("pack.<day>.rhai"),
        "{words}"
    );
}

/// What a service says that ends at its start.
fn why_it_does_not_start(place: &Place, pack: &Path) -> String {
    let said = std::process::Command::new(env!("CARGO_BIN_EXE_duly-service"))
        .env_clear()
        .env("DULY_LEDGER", &place.ledger)
        .env("DULY_PACK", pack)
        .env("DULY_LISTEN", "127.0.0.1:0")
        .output()
        .unwrap();
    assert_eq!(said.status.code(), Some(1));
    String::from_utf8(said.stderr).unwrap()
}

// A pack with a last day goes before the one that outlasts it, and both are there after a start.
#[test]
fn a_pack_that_ends_takes_no_others_place() {
    let place = Place::sqlite();
    let pack = pack(&place, SHIPPED);
    let settings = [("DULY_PACK", pack.to_str().unwrap())];
    let service = place.serve(&settings);
    let short = on(r#""2020-01-01", "2098-12-31""#);
    let taken = service.post("/plans", SYSTEM, "-", &short).is(200).json();
    assert_eq!(taken["saved"], true);
    assert_eq!(plan_of(&service, "k1"), taken["plan"]);
    service.kill();
    assert_eq!(std::fs::read_to_string(&pack).unwrap(), SHIPPED);
    assert_eq!(plan_of(&place.serve(&settings), "k2"), taken["plan"]);
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
