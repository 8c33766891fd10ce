//! What citizens may do, as whom, and what they hear: of their own cases alone.

use serde_json::{Value, json};

use crate::Place;
use crate::service::{CITIZEN, INTAKE, Service};
use crate::story::{ASSIGN, OPEN, SCREEN, is_reviewed};

const OTHER: &str = r#"{"id": "other", "roles": ["citizen"]}"#;

/// A case of `zhuoma`'s that was given to somebody, by its name.
fn assigned(service: &Service) -> String {
    let opened = service.post("/cases", CITIZEN, "k1", OPEN).is(201).json();
    let case = opened["done"]["case"].as_str().unwrap().to_owned();
    let commands = format!("/cases/{case}/commands");
    service.post(&commands, INTAKE, "k2", SCREEN).is(200);
    service.post(&commands, INTAKE, "k3", ASSIGN).is(200);
    case
}

/// Opened by intake, for nobody who is known by name.
fn nameless(service: &Service, case: &str) {
    let fields = json!({"case": case, "place": "632521", "channel": "12345", "external_id": case,
        "message": "村道路灯坏了三个月", "facts": {"kind": "投诉"}});
    service
        .post("/cases", INTAKE, case, &fields.to_string())
        .is(201);
}

fn without(said: &str, words: &[&str]) {
    for word in words {
        assert!(!said.contains(word), "`{word}` in {said}");
    }
}

// A stranger's command is answered as if there were no such case, and names nobody; so is one to a case whose citizen nobody knows.
#[test]
fn a_case_is_its_own_citizens() {
    let place = Place::sqlite();
    let service = place.serve(&[]);
    let case = assigned(&service);
    let withdraw = r#"{"withdraw": {"evidence": "网民来电"}}"#;
    let said = service.post(&format!("/cases/{case}/commands"), OTHER, "o1", withdraw);
    without(&said.body, &["zhuoma", "wanggang", "632521", &case]);
    let none = service.post("/cases/m99/commands", OTHER, "o2", withdraw);
    assert_eq!(said.is(404), none.is(404));

    nameless(&service, "m02");
    let asked = r#"{"ask_citizen": {"question": "哪一段路?"}}"#;
    service
        .post("/cases/m02/commands", INTAKE, "k4", asked)
        .is(200);
    let version = || service.get("/cases/m02", INTAKE).is(200).json()["version"].clone();
    let before = version();
    let supplement = r#"{"supplement": {"answer": "村口"}}"#;
    let said = service.post("/cases/m02/commands", OTHER, "o3", supplement);
    assert_eq!(said.is(404).problem(), "not_found");
    assert_eq!(version(), before);
}

// Its own citizen hears neither where the house has the case, nor when it looks at it again, nor who has it.
#[test]
fn a_citizen_hears_nothing_of_the_house() {
    let place = Place::sqlite();
    let service = place.serve(&[]);
    let case = assigned(&service);
    let again = service.post("/cases", CITIZEN, "k1", OPEN).is(201);
    let done = again.json()["done"].clone();
    assert_eq!(done, json!({"case": case, "at": done["at"]}));
    let commands = format!("/cases/{case}/commands");
    let review = r#"{"review": {"findings": {}}}"#;
    let refused = service.post(&commands, CITIZEN, "c1", review).is(422);
    assert_eq!(refused.problem(), "refused");
    let house = ["wanggang", "632521", "共和", "assigned", "accepted", "sign"];
    without(&refused.body, &house);
    // What is wrong with what they wrote themselves is said.
    let blank = r#"{"withdraw": {"evidence": " "}}"#;
    let refused = service.post(&commands, CITIZEN, "c2", blank).is(422).json();
    assert_eq!(refused["error"]["refusal"]["command"], "withdraw");
    assert!(refused["error"]["refusal"].get("accepted").is_none());
    let nowhere = OPEN.replace("632521", "999999");
    let refused = service.post("/cases", CITIZEN, "c3", &nowhere).is(422);
    assert_eq!(refused.problem(), "refused");
    without(&refused.body, &["632522"]);
}

// A citizen opens no case in another's name, and says neither what it is called nor by which channel and number it came.
#[test]
fn a_citizen_writes_in_their_own_name() {
    let place = Place::sqlite();
    let service = place.serve(&[("DULY_CHANNEL", "县留言板")]);
    let said = service.post("/cases", OTHER, "o1", OPEN).is(403);
    assert_eq!(said.problem(), "not_yours");
    for field in ["case", "channel", "external_id"] {
        let mut fields: Value = serde_json::from_str(OPEN).unwrap();
        fields[field] = json!("m77");
        let said = service.post("/cases", CITIZEN, field, &fields.to_string());
        assert_eq!(said.is(403).problem(), "not_yours");
    }
    let opened = service.post("/cases", CITIZEN, "k1", OPEN).is(201).json();
    let case = opened["done"]["case"].as_str().unwrap();
    let seen = service
        .get(&format!("/cases/{case}"), INTAKE)
        .is(200)
        .json();
    assert_eq!(
        (&seen["channel"], &seen["external_id"]),
        (&json!("县留言板"), &json!(case))
    );
    // Who does not say whose it is, is it themselves.
    let mine = OPEN.replace(r#""citizen": "zhuoma", "#, "");
    assert_ne!(mine, OPEN);
    let opened = service.post("/cases", OTHER, "o2", &mine).is(201).json();
    let case = opened["done"]["case"].as_str().unwrap();
    service.get(&format!("/cases/{case}"), OTHER).is(200);
}

// Whoever is an officer besides is a citizen to cases of their own, and to no others: there, and where they open one, another role must do.
#[test]
fn an_officer_is_no_citizen_of_others_cases() {
    let place = Place::sqlite();
    let service = place.serve(&[]);
    nameless(&service, "m02");
    is_reviewed(&service, "m02");
    let both = r#"{"id": "duban", "roles": ["citizen", "supervisor"]}"#;
    let rate = r#"{"rate": {"rating": {"given": {"level": "satisfied"}}}}"#;
    let version = || service.get("/cases/m02", INTAKE).is(200).json()["version"].clone();
    let before = version();
    let said = service.post("/cases/m02/commands", both, "d1", rate);
    assert_eq!(said.is(422).problem(), "refused");
    assert_eq!(version(), before);

    // An owner opens no case: whoever is a citizen besides opens it as one.
    let both = r#"{"id": "other", "roles": ["citizen", "owner"]}"#;
    let said = service.post("/cases", both, "o1", OPEN);
    assert_eq!(said.is(403).problem(), "not_yours");
    // Intake does: then it registers what somebody else wrote.
    let both = r#"{"id": "caihong", "roles": ["citizen", "intake@6325"]}"#;
    let fields = json!({"case": "m03", "place": "632521", "channel": "12345", "external_id": "m03",
        "message": "村道路灯坏了三个月", "facts": {"kind": "投诉"}});
    let said = service.post("/cases", both, "i1", &fields.to_string());
    said.is(201);
    let alone = r#"{"id": "caihong", "roles": ["citizen"]}"#;
    let said = service.get("/cases/m03", alone);
    assert_eq!(said.is(404).problem(), "not_found");
}

// A citizen opens no case by the path of commands: under another's number they would be answered with another's case.
#[test]
fn a_citizen_opens_by_one_path() {
    let place = Place::sqlite();
    let service = place.serve(&[]);
    let case = assigned(&service);
    nameless(&service, "m02");
    let open = json!({"open": {"place": "632521", "channel": "12345", "external_id": "m02",
        "message": "村道路灯坏了三个月", "facts": {"kind": "投诉"}}});
    let commands = format!("/cases/{case}/commands");
    let said = service.post(&commands, CITIZEN, "c1", &open.to_string());
    without(&said.body, &["m02"]);
    said.is(404);
}

// What the platform finds out about a message is not the citizen's to say.
#[test]
fn a_citizen_gives_no_fact_of_the_hosts() {
    let place = Place::sqlite();
    let service = place.serve(&[]);
    for (fact, value) in [("heat", 1_000_000), ("crowd", 100_000)] {
        let mut fields: Value = serde_json::from_str(OPEN).unwrap();
        fields["facts"][fact] = json!(value);
        let said = service.post("/cases", CITIZEN, fact, &fields.to_string());
        assert_eq!(said.is(403).problem(), "not_yours");
        fields["channel"] = json!("12345");
        fields["external_id"] = json!(fact);
        let said = service.post("/cases", INTAKE, fact, &fields.to_string());
        said.is(201);
    }
}

// A key is its owner's: another citizen under the same one has a case of their own, and not the first one's answer.
#[test]
fn a_key_is_nobody_elses() {
    let place = Place::sqlite();
    let service = place.serve(&[]);
    let first = service.post("/cases", CITIZEN, "k1", OPEN).is(201);
    let theirs = OPEN.replace("zhuoma", "other");
    let second = service.post("/cases", OTHER, "k1", &theirs).is(201);
    assert_ne!(first.json()["done"]["case"], second.json()["done"]["case"]);
    assert_eq!(service.post("/cases", CITIZEN, "k1", OPEN), first);
    assert_eq!(service.post("/cases", OTHER, "k1", &theirs), second);
}

// In whatever order the gateway lists somebody's roles, they are the same person with the same command; and it names one person.
#[test]
fn whoever_asks_is_one_person() {
    let place = Place::sqlite();
    let service = place.serve(&[]);
    let fields = json!({"place": "632521", "channel": "12345", "external_id": "LY-1",
        "message": "村道路灯坏了三个月", "facts": {"kind": "投诉"}})
    .to_string();
    let one = r#"{"id": "caihong", "roles": ["intake@6325", "supervisor"]}"#;
    let other = r#"{"id": "caihong", "roles": ["supervisor", "intake@6325", "supervisor"]}"#;
    let first = service.post("/cases", one, "k1", &fields).is(201);
    assert_eq!(service.post("/cases", other, "k1", &fields), first);

    let headers = [("x-duly-actor", CITIZEN), ("x-duly-actor", INTAKE)];
    let twice = service.try_ask("GET", "/cases", &headers, "").unwrap();
    assert_eq!(twice.is(401).problem(), "no_actor");
}
