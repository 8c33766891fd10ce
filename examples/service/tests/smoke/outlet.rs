//! What leaves the board, to a webhook that fails first; and rules that are taken anew.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::mpsc;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::Place;
use crate::service::{CITIZEN, INTAKE, SYSTEM};
use crate::story::OPEN;

/// Answers each delivery in turn with the next of these, and with 200 after the last; tells what came.
fn receiver(answers: &'static [u16]) -> (String, mpsc::Receiver<Value>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/messages", listener.local_addr().unwrap());
    let (tell, told) = mpsc::channel();
    std::thread::spawn(move || {
        for (number, stream) in listener.incoming().enumerate() {
            let mut stream = stream.unwrap();
            let mut all = Vec::new();
            let body = loop {
                let mut some = [0; 4096];
                let read = stream.read(&mut some).unwrap();
                all.extend(&some[..read]);
                let text = String::from_utf8_lossy(&all).into_owned();
                if let Some((_, body)) = text.split_once("\r\n\r\n")
                    && let Ok(body) = serde_json::from_str::<Value>(body)
                {
                    break body;
                }
            };
            let answer = answers.get(number).unwrap_or(&200);
            let _ = stream
                .write_all(format!("HTTP/1.1 {answer} x\r\ncontent-length: 0\r\n\r\n").as_bytes());
            if tell.send(body).is_err() {
                return;
            }
        }
    });
    (url, told)
}

#[test]
fn what_leaves_the_board_is_sent_until_it_is_taken() {
    let place = Place::sqlite();
    let directory = place.folder.path().join("posts.json");
    let posts = json!({"held": [{"post": "intake", "place": "6325", "person": "caihong"},
        {"post": "supervisor", "place": "6325", "person": "duban"}]});
    std::fs::write(&directory, posts.to_string()).unwrap();
    // The first try fails, the second is accepted without a receipt.
    let (url, told) = receiver(&[500, 202]);
    let service = place.serve(&[
        ("DULY_OUTBOX", &url),
        ("DULY_DIRECTORY", directory.to_str().unwrap()),
    ]);
    let opened = service.post("/cases", CITIZEN, "k1", OPEN).is(201).json();
    let next = || told.recv_timeout(Duration::from_secs(60)).unwrap();
    let (first, second) = (next(), next());
    // What failed holds back what comes after it in its case.
    assert_eq!(first["id"], second["id"]);
    assert_eq!(first["delivery"]["to"]["citizen"]["citizen"], "zhuoma");
    assert!(
        first["letter"]["body"]
            .as_str()
            .is_some_and(|body| !body.is_empty()),
        "{first}"
    );

    // The receiver says itself what became of what it accepted; the rest is delivered by its 200.
    let receipt =
        json!({"effect": first["id"], "at": opened["done"]["at"], "outcome": {"delivered": {}}});
    service
        .post("/receipts", SYSTEM, "-", &receipt.to_string())
        .is(200);
    let since = Instant::now();
    loop {
        let lying = service.get("/outbox", INTAKE).json()["items"].clone();
        if lying == json!([]) {
            break;
        }
        assert!(since.elapsed() < Duration::from_secs(60), "{lying}");
        std::thread::sleep(Duration::from_millis(50));
    }
    let rest: Vec<Value> = told.try_iter().collect();
    assert!(rest.iter().all(|it| it["id"] != first["id"]), "{rest:?}");
}

#[test]
fn a_pack_with_an_error_leaves_the_last_good_one_in_force() {
    let place = Place::sqlite();
    let pack = place.folder.path().join("pack.rhai");
    let shipped = include_str!("../../../../rules/hainan-board/pack.rhai");
    std::fs::write(&pack, shipped).unwrap();
    let settings = [("DULY_PACK", pack.to_str().unwrap())];
    let service = place.serve(&settings);
    let plan_of = |service: &crate::service::Service, key: &str| {
        let opened = service.post("/cases", CITIZEN, key, OPEN).is(201).json();
        let case = opened["done"]["case"].as_str().unwrap().to_owned();
        service
            .get(&format!("/cases/{case}"), INTAKE)
            .is(200)
            .json()["plan"]
            .clone()
    };
    let before = plan_of(&service, "k1");

    let broken = shipped.replace("count(\"bounces\")", "cuont(\"bounces\")");
    assert_ne!(broken, shipped);
    let said = service.post("/plans", SYSTEM, "-", &broken).is(422);
    assert_eq!(said.problem(), "pack");
    assert_eq!(said.json()["error"]["findings"][0]["severity"], "error");
    assert_eq!(plan_of(&service, "k2"), before);
    assert_eq!(
        service
            .post("/plans", INTAKE, "-", shipped)
            .is(403)
            .problem(),
        "not_yours"
    );

    let changed = shipped.replacen(
        ".within(2.working_days).ours(\"自定\")",
        ".within(3.working_days).ours(\"自定\")",
        1,
    );
    assert_ne!(changed, shipped);
    let taken = service.post("/plans", SYSTEM, "-", &changed).is(200).json();
    assert_eq!(taken["saved"], true);
    let after = plan_of(&service, "k3");
    assert_eq!(after, taken["plan"]);
    assert_ne!(after, before);
    service.kill();
    assert_eq!(plan_of(&place.serve(&settings), "k4"), after);
}
