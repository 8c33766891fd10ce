//! What leaves the board, to a webhook that fails first; and rules that are taken anew.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::mpsc;
use std::time::{Duration, Instant};

use duly::desk::{Desk, SqliteLedger};
use duly::plan::Plans;
use duly::time::Moment;
use duly::words::{Actor, Command, EffectId, Envelope, Role, Salt};
use serde_json::{Value, json};

use crate::Place;
use crate::service::{CITIZEN, INTAKE, SYSTEM, Service};
use crate::story::{OPEN, is_reviewed};

/// Answers each delivery in turn with the next of these, and with 200 after the last; tells what came.
fn receiver(answers: &'static [u16]) -> (String, mpsc::Receiver<Value>) {
    receives(move |number, _| Some(*answers.get(number).unwrap_or(&200)))
}

/// Answers each delivery as it is told to by its number and what is in it, or hangs up; tells what came.
fn receives(
    answer: impl Fn(usize, &Value) -> Option<u16> + Send + 'static,
) -> (String, mpsc::Receiver<Value>) {
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
                assert_ne!(read, 0, "a request that ends in the middle");
                all.extend(&some[..read]);
                let text = String::from_utf8_lossy(&all).into_owned();
                if let Some((_, body)) = text.split_once("\r\n\r\n")
                    && let Ok(body) = serde_json::from_str::<Value>(body)
                {
                    break body;
                }
            };
            if let Some(answer) = answer(number, &body) {
                let said = format!("HTTP/1.1 {answer} x\r\ncontent-length: 0\r\n\r\n");
                let _ = stream.write_all(said.as_bytes());
            }
            if tell.send(body).is_err() {
                return;
            }
        }
    });
    (url, told)
}

/// A case opened by intake under that name, for nobody who is known by name.
fn opened(service: &Service, case: &str, more: &[(&str, &str)]) {
    let mut fields = json!({"case": case, "place": "632521", "channel": "12345", "external_id": case,
        "message": "村道路灯坏了三个月", "facts": {"kind": "投诉"}});
    for (name, value) in more {
        fields[name] = json!(value);
    }
    service
        .post("/cases", INTAKE, case, &fields.to_string())
        .is(201);
}

/// The first that comes and is what is waited for.
fn until(told: &mpsc::Receiver<Value>, is: impl Fn(&Value) -> bool) -> Value {
    let since = Instant::now();
    while since.elapsed() < Duration::from_secs(90) {
        match told.recv_timeout(Duration::from_secs(60)) {
            Ok(came) if is(&came) => return came,
            Ok(_) => {}
            Err(error) => panic!("{error}"),
        }
    }
    panic!("it did not come");
}

fn is_of(case: &str) -> impl Fn(&Value) -> bool {
    let start = format!("{case}/");
    move |came| came["id"].as_str().unwrap().starts_with(&start)
}

fn now() -> Moment {
    let now = std::time::SystemTime::now();
    let passed = now.duration_since(std::time::UNIX_EPOCH).unwrap();
    Moment::from_unix(passed.as_secs().try_into().unwrap()).unwrap()
}

// A post that nobody holds keeps no answer from a citizen: who is to review is told to nobody, and the answer goes out after it.
#[test]
fn a_vacant_post_keeps_no_answer_back() {
    let place = Place::sqlite();
    let (url, told) = receiver(&[]);
    let service = place.serve(&[("DULY_OUTBOX", &url)]);
    opened(&service, "m01", &[("citizen", "zhuoma")]);
    is_reviewed(&service, "m01");
    let answer = until(&told, |came| {
        came["delivery"]["effect"]["tell"]["what"]["answer"].is_object()
    });
    assert!(is_of("m01")(&answer), "{answer}");
}

// What one case cannot be told keeps nothing of another back. Its receipt cannot be given here: its name was used for another command.
#[test]
fn a_fault_of_one_case_keeps_no_other_back() {
    let place = Place::sqlite();
    let service = place.serve(&[]);
    opened(&service, "m01", &[]);
    opened(&service, "m02", &[]);
    service.kill();

    let file = place.ledger.strip_prefix("sqlite:").unwrap();
    let board = || "hainan".parse().unwrap();
    let ledger = SqliteLedger::open(file, board()).unwrap();
    let desk = Desk::new(ledger, Plans::new(board())).unwrap();
    let id = "receipt/m01/1/0/delivered";
    let effect = EffectId::try_from("m01/1/0".to_owned()).unwrap();
    let answered = desk.submit(Envelope {
        id: id.parse().unwrap(),
        case: "m01".parse().unwrap(),
        by: Actor::new("caihong".parse().unwrap(), Role::Intake),
        at: now(),
        salt: Salt::derived(b"test", id),
        command: Command::Delivered { effect },
    });
    assert_eq!(answered.unwrap().case().as_str(), "m01");
    drop(desk);

    let (url, told) = receiver(&[]);
    let service = place.serve(&[("DULY_OUTBOX", &url)]);
    assert_eq!(until(&told, is_of("m01"))["id"], "m01/1/0");
    until(&told, is_of("m02"));
    // It stays, and is not sent again for that.
    std::thread::sleep(Duration::from_secs(7));
    let lying = service.get("/outbox", INTAKE).is(200).json()["items"].clone();
    assert_eq!(lying[0]["id"], "m01/1/0", "{lying}");
    let more: Vec<Value> = told.try_iter().collect();
    assert!(more.iter().all(|it| it["id"] != "m01/1/0"), "{more:?}");
}

// A message at which the receiver hangs up is in nobody's way but its own case's.
#[test]
fn a_message_that_fails_is_in_no_others_way() {
    let place = Place::sqlite();
    let (url, told) = receives(|_, came| (!is_of("m01")(came)).then_some(200));
    let service = place.serve(&[("DULY_OUTBOX", &url)]);
    opened(&service, "m01", &[]);
    opened(&service, "m02", &[]);
    until(&told, is_of("m02"));
}

// However long one message has failed already, others do not wait for it.
#[test]
fn a_message_that_always_fails_delays_no_other() {
    let place = Place::sqlite();
    let (url, told) = receives(|_, came| Some(if is_of("m01")(came) { 500 } else { 200 }));
    let service = place.serve(&[("DULY_OUTBOX", &url)]);
    opened(&service, "m01", &[("citizen", "zhuoma")]);
    std::thread::sleep(Duration::from_secs(17));
    opened(&service, "m02", &[("citizen", "zhuoma")]);
    let since = Instant::now();
    until(&told, is_of("m02"));
    assert!(since.elapsed() < Duration::from_secs(10));
}

// What was accepted holds back what comes after it in its case until its receipt has come: an answer is not sent again after its retraction.
#[test]
fn what_was_accepted_waits_for_its_receipt() {
    let place = Place::sqlite();
    let (url, told) = receives(|_, _| Some(202));
    let service = place.serve(&[("DULY_OUTBOX", &url)]);
    opened(&service, "m01", &[("citizen", "zhuoma")]);
    is_reviewed(&service, "m01");
    let first = until(&told, is_of("m01"));
    std::thread::sleep(Duration::from_secs(8));
    let more: Vec<Value> = told.try_iter().collect();
    assert!(more.is_empty(), "{more:?}");
    let receipt = json!({"effect": first["id"], "at": now(), "outcome": {"delivered": {}}});
    service
        .post("/receipts", SYSTEM, "-", &receipt.to_string())
        .is(200);
    let next = until(&told, is_of("m01"));
    assert_ne!(next["id"], first["id"]);
}

// Where a citizen left something to be reached by, whoever is to tell them has it.
#[test]
fn a_citizen_is_reached_by_what_they_left() {
    let place = Place::sqlite();
    let (url, told) = receiver(&[]);
    let service = place.serve(&[("DULY_OUTBOX", &url)]);
    opened(&service, "m01", &[("contact", "139 0000 0000")]);
    opened(&service, "m02", &[]);
    let is_told = |came: &Value| !came["delivery"]["to"]["citizen"].is_null();
    let first = until(&told, |came| is_of("m01")(came) && is_told(came));
    assert_eq!(first["contact"], "139 0000 0000", "{first}");
    let second = until(&told, |came| is_of("m02")(came) && is_told(came));
    assert!(second.get("contact").is_none(), "{second}");
}

// A letter is in the words of the pack that its case is under, not of the one that is in hand now.
#[test]
fn a_letter_is_in_the_words_of_its_own_pack() {
    let place = Place::sqlite();
    let service = place.serve(&[]);
    opened(&service, "m01", &[]);
    service.kill();
    let shipped = include_str!("../../../../rules/hainan-board/pack.rhai");
    let title = "海南州网民留言办理\")";
    let changed = shipped.replacen(title, "新办法\")", 1);
    assert_ne!(changed, shipped);
    let pack = place.folder.path().join("pack.rhai");
    std::fs::write(&pack, changed).unwrap();
    let (url, told) = receiver(&[]);
    let settings = [
        ("DULY_OUTBOX", &*url),
        ("DULY_PACK", pack.to_str().unwrap()),
    ];
    let service = place.serve(&settings);
    let subject = |came: &Value| came["letter"]["subject"].as_str().unwrap().to_owned();
    let old = subject(&until(&told, is_of("m01")));
    assert!(old.contains("海南州网民留言办理"), "{old}");
    opened(&service, "m02", &[]);
    let new = subject(&until(&told, is_of("m02")));
    assert!(new.contains("新办法"), "{new}");
}

// A receipt tells of what has been: one that is dated ahead is not taken, but for clocks that are a little apart.
#[test]
fn no_receipt_is_of_what_is_still_to_come() {
    let place = Place::sqlite();
    let service = place.serve(&[]);
    opened(&service, "m01", &[]);
    let receipt = |ahead: i64| {
        let at = now().plus(ahead);
        let receipt = json!({"effect": "m01/1/0", "at": at, "outcome": {"delivered": {}}});
        service.post("/receipts", SYSTEM, "-", &receipt.to_string())
    };
    assert_eq!(receipt(3600).is(400).problem(), "at");
    assert_eq!(receipt(5).is(200).json()["known"], false);
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
    let plan_of = |service: &Service, key: &str| {
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
