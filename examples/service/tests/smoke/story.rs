//! One case from its opening to its review, with everything beside it that can go wrong.

use serde_json::{Value, json};

use crate::Place;
use crate::service::{CITIZEN, INTAKE, OWNER, REVIEWER, SYSTEM, Service};

pub const OPEN: &str = r#"{"place": "632521", "message": "村道路灯坏了三个月", "citizen": "zhuoma", "facts": {"kind": "投诉"}}"#;
pub const SCREEN: &str = r#"{"screen": {"class": "problem", "facts": {"field": "城建", "urgent": false, "sub_judice": false}}}"#;
pub const ASSIGN: &str = r#"{"assign": {"unit": "共和县住建局", "owner": "wanggang"}}"#;
const REVIEW: &str = r#"{"review": {"findings": {"contacted": true, "visited": true, "based": true, "every_matter": true}}}"#;

fn reply(at: &Value) -> String {
    json!({"reply": {
        "answers": [{"text": "三盏路灯已于昨日修好,灯杆编号 12 至 14。"}],
        "measures": [{"action": "更换三盏路灯的灯泡和线路", "person": "wanggang"}],
        "contacts": [{"at": at, "how": "phone"}],
        "basis": ["《城市照明管理规定》第二十一条"],
    }})
    .to_string()
}

/// Has a case replied to and passed, from its opening on.
pub fn is_reviewed(service: &Service, case: &str) {
    let path = format!("/cases/{case}");
    let commands = format!("{path}/commands");
    let ask = |who: &str, name: &str, body: &str| {
        let key = format!("{case}-{name}");
        service.post(&commands, who, &key, body).is(200);
    };
    ask(INTAKE, "screen", SCREEN);
    ask(INTAKE, "assign", ASSIGN);
    ask(OWNER, "sign", r#"{"sign": {}}"#);
    let seen = service.get(&path, INTAKE).is(200).json();
    ask(OWNER, "reply", &reply(&seen["received_at"]));
    ask(REVIEWER, "review", REVIEW);
}

pub fn goes_its_way(place: &Place) {
    let service = place.serve(&[("DULY_BODY_LIMIT", "20000")]);
    assert_eq!(service.get("/healthz", "{}").is(200).body, "ok\n");
    assert_eq!(service.get("/readyz", "{}").is(200).body, "ready\n");
    is_not_read(&service);

    // Opened once, however often it is sent.
    let first = service.post("/cases", CITIZEN, "k1", OPEN).is(201);
    assert_eq!(service.post("/cases", CITIZEN, "k1", OPEN), first);
    let case = first.json()["done"]["case"].as_str().unwrap().to_owned();
    let other = OPEN.replace("三个月", "四个月");
    let reused = service.post("/cases", CITIZEN, "k1", &other).is(409);
    assert_eq!(reused.problem(), "reused");
    // The message's own number leads to the case that it has.
    let by_number = json!({"place": "632521", "channel": "领导留言板", "external_id": case,
        "message": "村道路灯坏了三个月", "facts": {"kind": "投诉"}})
    .to_string();
    let known = service.post("/cases", INTAKE, "k1b", &by_number).is(200);
    assert_eq!(known.json()["known"]["case"], case.as_str());

    // Refused, with what would be accepted; and refused the same when it is sent again.
    let commands = format!("/cases/{case}/commands");
    let hasty = service.post(&commands, REVIEWER, "k2", REVIEW).is(422);
    assert_eq!(hasty.problem(), "refused");
    let accepted = hasty.json()["error"]["accepted"].clone();
    assert!(
        accepted.as_array().unwrap().contains(&json!("screen")),
        "{accepted}"
    );
    assert_eq!(service.post(&commands, REVIEWER, "k2", REVIEW), hasty);

    service.post(&commands, INTAKE, "k3", SCREEN).is(200);
    service.post(&commands, INTAKE, "k4", ASSIGN).is(200);
    let path = format!("/cases/{case}");
    let seen = service.get(&path, INTAKE).is(200).json();
    assert_eq!(
        (&seen["stage"], &seen["message"]),
        (&json!("assigned"), &json!("村道路灯坏了三个月"))
    );
    let dues = seen["dues"].as_array().unwrap();
    assert!(dues.iter().any(|due| due["clock"] == "reply/1"), "{dues:?}");
    assert!(seen["next_alarm"].as_str().unwrap() <= dues[0]["due"].as_str().unwrap());
    // Its citizen is shown less, and another citizen nothing.
    let shown = service.get(&path, CITIZEN).is(200).json();
    assert!(
        shown["shown"].is_string() && shown.get("team").is_none(),
        "{shown}"
    );
    let stranger = service.get(&path, r#"{"id": "other", "roles": ["citizen"]}"#);
    assert_eq!(stranger.is(404).problem(), "not_found");

    service
        .post(&commands, OWNER, "k5", r#"{"sign": {}}"#)
        .is(200);
    service
        .post(&commands, OWNER, "k6", &reply(&seen["received_at"]))
        .is(200);
    // Whoever handled it does not review it.
    let own = OWNER.replace("owner", "reviewer");
    assert_eq!(
        service
            .post(&commands, &own, "k7", REVIEW)
            .is(422)
            .problem(),
        "refused"
    );
    service.post(&commands, REVIEWER, "k8", REVIEW).is(200);
    assert_eq!(service.get(&path, INTAKE).json()["stage"], "reviewed");

    let history = service
        .get(&format!("{path}/history"), INTAKE)
        .is(200)
        .json();
    let versions = history["items"].as_array().unwrap().iter();
    let versions: Vec<&Value> = versions
        .map(|it| &it["sealed"]["record"]["version"])
        .collect();
    assert!(
        versions.iter().zip(1..).all(|(it, n)| **it == json!(n)),
        "{versions:?}"
    );
    assert_eq!(
        service.get("/cases?after=", INTAKE).json()["items"],
        json!([case])
    );
    reports(&service, &case);
    feed(&service, versions.len());
    outbox(&service);
    let counted = service
        .try_ask("GET", "/metrics", &[], "")
        .unwrap()
        .is(200)
        .body;
    let refused = counted
        .lines()
        .find(|line| line.starts_with("duly_refused_total "));
    assert!(
        counted.contains("\nduly_worker_silent_seconds "),
        "{counted}"
    );
    // Two refusals, one of them asked for twice.
    assert_eq!(refused, Some("duly_refused_total 3"), "{counted}");
}

/// Requests that are not so much as read.
fn is_not_read(service: &Service) {
    let ask = |headers: &[(&str, &str)], body: &str| {
        service.try_ask("POST", "/cases", headers, body).unwrap()
    };
    let who = ("x-duly-actor", CITIZEN);
    let key = ("idempotency-key", "k0");
    assert_eq!(ask(&[key], OPEN).is(401).problem(), "no_actor");
    assert_eq!(ask(&[who], OPEN).is(400).problem(), "no_key");
    assert_eq!(ask(&[who, key], "{").is(400).problem(), "body");
    let unknown = ask(&[who, key], &OPEN.replace("facts", "fact"));
    assert!(
        unknown.clone().is(400).body.contains("expected one of"),
        "{unknown:?}"
    );
    assert_eq!(
        ask(&[who, key], &OPEN.replace("632521", "共和"))
            .is(400)
            .problem(),
        "body"
    );
    let large = ask(&[who, key], &OPEN.replace("三个月", &"久".repeat(10_000)));
    assert_eq!(large.is(413).problem(), "too_large");
    assert_eq!(
        service.get("/nothing", CITIZEN).is(404).problem(),
        "not_found"
    );
    assert_eq!(service.get("/plans", CITIZEN).is(405).problem(), "method");
    assert_eq!(
        service.get("/events", CITIZEN).is(403).problem(),
        "not_yours"
    );
    assert_eq!(
        service.get("/events?aftre=1", INTAKE).is(400).problem(),
        "query"
    );
    assert_eq!(
        service.get("/events?after=%21", INTAKE).is(400).problem(),
        "misuse"
    );
}

/// In all forms; the public one for nobody in particular, and with no officer in it.
fn reports(service: &Service, case: &str) {
    let csv = service.get("/reports/roll?format=csv", INTAKE).is(200).body;
    assert!(csv.contains(case) && csv.contains("wanggang"), "{csv}");
    let text = service.get(
        &format!("/reports/timeline?format=text&lang=zh&case={case}"),
        INTAKE,
    );
    assert!(text.clone().is(200).body.contains("办理经过"), "{text:?}");
    let digest = service
        .get("/reports/digest?format=markdown", INTAKE)
        .is(200)
        .body;
    assert!(digest.starts_with("## "), "{digest}");
    let bulletin = service.get("/reports/bulletin", INTAKE).is(200).json();
    assert_eq!(bulletin["total"]["received"], 1);
    let public = service
        .try_ask("GET", "/reports/public", &[], "")
        .unwrap()
        .is(200)
        .body;
    assert!(
        public.contains("三盏路灯已于昨日修好") && !public.contains("wanggang"),
        "{public}"
    );
    assert_eq!(
        service.get("/reports/roll", CITIZEN).is(403).problem(),
        "not_yours"
    );
    assert_eq!(
        service.get("/reports/nothing", INTAKE).is(404).problem(),
        "not_found"
    );
}

/// In pages, each record once.
fn feed(service: &Service, records: usize) {
    let (mut after, mut seen) = (String::new(), 0);
    loop {
        let page = service
            .get(&format!("/events?limit=3&after={after}"), INTAKE)
            .is(200)
            .json();
        let items = page["items"].as_array().unwrap();
        if items.is_empty() {
            break;
        }
        for item in items {
            seen += 1;
            assert_eq!(item["sealed"]["record"]["version"], seen);
        }
        after = page["next"].as_str().unwrap().replace(' ', "%20");
    }
    assert_eq!(seen, records);
}

/// What lies there is there until somebody says what became of it.
fn outbox(service: &Service) {
    let lying = || {
        service.get("/outbox", SYSTEM).is(200).json()["items"]
            .as_array()
            .unwrap()
            .clone()
    };
    let all = lying();
    let first = all.first().unwrap()["id"].clone();
    let at = all.first().unwrap()["at"].clone();
    let receipt = |outcome: Value| {
        json!({"effect": first, "at": at, "means": "短信", "outcome": outcome}).to_string()
    };
    let failed = receipt(json!({"failed": {"why": "not_reached"}}));
    service.post("/receipts", SYSTEM, "-", &failed).is(200);
    assert_eq!(lying().len(), all.len());
    let delivered = receipt(json!({"delivered": {}}));
    assert_eq!(
        service
            .post("/receipts", OWNER, "-", &delivered)
            .is(403)
            .problem(),
        "not_yours"
    );
    service.post("/receipts", SYSTEM, "-", &delivered).is(200);
    assert_eq!(
        service
            .post("/receipts", SYSTEM, "-", &delivered)
            .is(200)
            .json()["known"],
        true
    );
    assert!(lying().iter().all(|it| it["id"] != first));
}
