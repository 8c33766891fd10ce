//! Killed in the middle of it, and stopped in an orderly way.

use std::collections::BTreeMap;
use std::process::Stdio;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use serde_json::Value;

use crate::Place;
use crate::service::{CITIZEN, INTAKE, Said, Service};
use crate::story::OPEN;

const THREADS: usize = 6;
const EACH: usize = 40;

fn open(number: usize) -> String {
    OPEN.replace("三个月", &format!("{number} 天"))
}

/// Everything in the feed after a place, by case and version; and where it ends.
fn feed(service: &Service, after: &str) -> (Vec<(String, u64)>, String) {
    let (mut all, mut after) = (Vec::new(), after.to_owned());
    loop {
        let page = service
            .get(&format!("/events?after={after}"), INTAKE)
            .is(200)
            .json();
        let items = page["items"].as_array().unwrap();
        if items.is_empty() {
            return (all, after);
        }
        let of = |item: &Value| {
            let record = &item["sealed"]["record"];
            (
                record["case"].as_str().unwrap().to_owned(),
                record["version"].as_u64().unwrap(),
            )
        };
        all.extend(items.iter().map(of));
        after = page["next"].as_str().unwrap().to_owned();
    }
}

pub fn survives(place: &Place) {
    // Between requests.
    let service = place.serve(&[]);
    let first = service.post("/cases", CITIZEN, "k1", OPEN).is(201);
    let (before, cursor) = feed(&service, "");
    assert!(!before.is_empty());
    service.kill();

    // In the middle of many.
    let service = place.serve(&[]);
    assert_eq!(service.post("/cases", CITIZEN, "k1", OPEN), first);
    assert_eq!(feed(&service, &cursor).0, []);
    let acknowledged: Mutex<BTreeMap<usize, Said>> = Mutex::default();
    let many = AtomicUsize::new(0);
    std::thread::scope(|threads| {
        for thread in 0..THREADS {
            let (service, acknowledged, many) = (&service, &acknowledged, &many);
            threads.spawn(move || {
                for number in (0..EACH).map(|n| n * THREADS + thread) {
                    let headers = [
                        ("x-duly-actor", CITIZEN),
                        ("idempotency-key", &*format!("b{number}")),
                    ];
                    let Some(said) = service.try_ask("POST", "/cases", &headers, &open(number))
                    else {
                        return;
                    };
                    acknowledged.lock().unwrap().insert(number, said.is(201));
                    many.fetch_add(1, Ordering::SeqCst);
                }
            });
        }
        while many.load(Ordering::SeqCst) < THREADS * 5 {
            std::thread::sleep(Duration::from_millis(2));
        }
        service.signal("KILL");
    });
    service.kill();
    let acknowledged = acknowledged.into_inner().unwrap();
    assert!(
        acknowledged.len() < THREADS * EACH,
        "it was killed too late to tell anything"
    );

    // Everything acknowledged is there, answered as it was; the rest can be sent again; and each case is in the feed once.
    let service = place.serve(&[]);
    let (after_kill, _) = feed(&service, &cursor);
    for (number, said) in &acknowledged {
        let case = said.json()["done"]["case"].as_str().unwrap().to_owned();
        assert!(
            after_kill.contains(&(case.clone(), 1)),
            "case {number} was acknowledged and is lost"
        );
        assert_eq!(service.get(&format!("/cases/{case}"), INTAKE).status, 200);
    }
    for number in 0..THREADS * EACH {
        let again = service
            .post("/cases", CITIZEN, &format!("b{number}"), &open(number))
            .is(201);
        assert!(
            acknowledged.get(&number).is_none_or(|said| *said == again),
            "{again:?}"
        );
    }
    let (all, _) = feed(&service, &cursor);
    assert_eq!(
        all.get(..after_kill.len()),
        Some(&*after_kill),
        "the feed goes on where it was"
    );
    let opened = all.iter().filter(|(_, version)| *version == 1).count();
    assert_eq!(opened, THREADS * EACH);
    stops(service, place);
}

/// Told to stop: what is in hand is finished, nothing new is taken. Told twice: at once.
fn stops(service: Service, place: &Place) {
    let headers = |key: &'static str| [("x-duly-actor", CITIZEN), ("idempotency-key", key)];
    let last = open(100_000);
    let (one, two) = last.split_at(20);
    let mut begun = service
        .begin("POST", "/cases", &headers("last"), last.len())
        .unwrap();
    begun.write(one);
    std::thread::sleep(Duration::from_millis(300));
    service.signal("TERM");
    std::thread::sleep(Duration::from_millis(500));
    assert!(
        service.try_ask("GET", "/healthz", &[], "").is_none(),
        "it still takes requests"
    );
    begun.write(two);
    let said = begun.said().unwrap().is(201);
    assert_eq!(service.ended(Duration::from_secs(20)).code(), Some(0));

    let service = place.serve(&[]);
    assert_eq!(service.post("/cases", CITIZEN, "last", &last), said);
    let mut begun = service
        .begin("POST", "/cases", &headers("never"), last.len())
        .unwrap();
    begun.write(one);
    std::thread::sleep(Duration::from_millis(300));
    service.signal("TERM");
    std::thread::sleep(Duration::from_millis(300));
    service.signal("INT");
    assert_eq!(service.ended(Duration::from_secs(20)).code(), Some(130));
}

// Whoever stops reading standard output stops neither the answers nor the end.
#[test]
fn a_reader_who_stops_reading_stops_nothing() {
    let place = Place::sqlite();
    let settings = [
        ("DULY_LEDGER", place.ledger.as_str()),
        ("DULY_OUTBOX", "stdout"),
        ("DULY_GRACE_SECONDS", "2"),
    ];
    let service = Service::start(&settings, Stdio::piped());
    // More than a pipe holds.
    for number in 0..250 {
        let key = format!("k{number}");
        service.post("/cases", CITIZEN, &key, &open(number)).is(201);
    }
    let lying = || {
        let all = service.get("/outbox?limit=1000", INTAKE).is(200).json();
        all["items"].as_array().unwrap().len()
    };
    // Until the pipe is full, and nothing leaves the outbox any more.
    let mut before = usize::MAX;
    while lying() != before {
        before = lying();
        std::thread::sleep(Duration::from_secs(4));
    }
    assert_ne!(before, 0, "the pipe took it all");
    service.post("/cases", CITIZEN, "last", OPEN).is(201);
    service.signal("TERM");
    service.ended(Duration::from_secs(10));
}
