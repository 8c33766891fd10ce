//! `duly adopt`.

use serde_json::{Value, json};

use super::{Desk, duly, unread};

const OLD: &str = r#"pack("demo", "示例").hours(["09:00-12:00", "14:00-18:00"]);
place("6325", "海南州", "州留言受理岗");
place("632521", "共和县", "县留言受理岗");
const 承办人 = role("owner", "承办责任人");
const 督查办 = role("supervisor", "督查办公室");
fact("heat", 0..=1_000).given_by(HOST).moves().otherwise(0);
clock("reply", "答复").within(10.working_days);
ladder("reply", "催办").before(1.working_days).remind(承办人).after(2.working_days).supervise(督查办);
"#;

fn line(case: &str, at: &str, command: Value) -> String {
    let by = json!({ "id": "李", "roles": ["intake"] });
    json!({ "case": case, "at": at, "by": by, "command": command }).to_string()
}

fn open(case: &str) -> String {
    let at = "2026-03-02T09:00:00+08:00";
    let open = json!({ "open": {
        "place": "632521", "channel": "12345", "external_id": case, "message": "路灯不亮"
    } });
    line(case, at, open)
}

/// A ledger of two cases, of which one is assigned; the old pack and a new one.
fn ledger(desk: &Desk, new: &str) -> (String, String) {
    let old = desk.file("old.rhai", OLD);
    let screen = json!({ "screen": { "class": "problem" } });
    let assign = json!({ "assign": { "unit": "住建局", "owner": "王" } });
    let log = [
        open("件一"),
        open("件二"),
        line("件一", "2026-03-02T09:30:00+08:00", screen),
        line("件一", "2026-03-02T10:00:00+08:00", assign),
    ];
    let (log, db) = (desk.file("log.jsonl", &log.join("\n")), desk.path("a.db"));
    let ran = duly(&["replay", &old, "--commands", &log, "--ledger", &db]);
    assert_eq!(ran.code, Some(0), "{}{}", ran.out, ran.err);
    (db, desk.file("new.rhai", new))
}

fn looser() -> String {
    OLD.replace("10.working_days", "15.working_days")
        .replace("示例", "示例(新)")
}

#[test]
fn a_preview_is_shown_to_people_and_to_machines_and_changes_nothing() {
    let desk = Desk::new();
    let (db, new) = ledger(&desk, &looser());
    let before = duly(&["verify", &db]).out;
    let zh = duly(&["adopt", &db, &new, "--preview"]);
    assert_eq!(zh.code, Some(0), "{}", zh.err);
    let en = duly(&["adopt", &db, &new, "--preview", "--lang", "en"]);
    insta::assert_snapshot!("adopt_preview", format!("{}\n{}", zh.out, en.out));
    let json = duly(&["adopt", &db, &new, "--preview", "--json"]);
    let json: Value = serde_json::from_str(&json.out).expect("JSON");
    assert_eq!(
        (&json["done"], &json["counts"]["adopt"]),
        (&json!(false), &json!(0))
    );
    assert_eq!(json["cases"][0]["stays"], json!("no_approver"));
    assert_eq!(duly(&["verify", &db]).out, before);
}

#[test]
fn cases_go_over_as_the_mode_says_and_once() {
    let desk = Desk::new();
    let (db, new) = ledger(&desk, &looser());
    let run = |more: &[&str]| {
        let args = [&["adopt", &db, &new, "--by", "督查员", "--json"], more].concat();
        let ran = duly(&args);
        assert_eq!(ran.code, Some(0), "{}", ran.err);
        let json: Value = serde_json::from_str(&ran.out).expect("JSON");
        let count = |name: &str| json["counts"][name].as_u64().expect("a count");
        (
            count("adopt"),
            count("under_it"),
            count("stay_adverse") + count("stay_unapproved"),
        )
    };
    assert_eq!(run(&["--mode", "new"]), (0, 0, 0));
    // The one has its reply due later; the other is at intake, and would have.
    assert_eq!(run(&["--mode", "none-adverse"]), (0, 0, 2));
    assert_eq!(run(&["--mode", "all"]), (0, 0, 2));
    assert_eq!(run(&["--mode", "all", "--approver", "督查员"]), (0, 0, 2));
    assert_eq!(
        run(&["--case", "件一", "--approver", "分管领导"]),
        (1, 0, 0)
    );
    assert_eq!(run(&["--mode", "all"]), (0, 1, 1));
    assert_eq!(run(&["--mode", "all", "--approver", "分管领导"]), (1, 1, 0));
    assert_eq!(run(&["--mode", "all"]), (0, 2, 0));
    assert_eq!(duly(&["verify", &db]).code, Some(0));
    let told = duly(&["show", &db, "件一"]);
    assert!(told.out.contains("分管领导"), "{}", told.out);
}

#[test]
fn facts_that_a_pack_wants_are_given_in_a_file() {
    let desk = Desk::new();
    let wants = OLD.replace(
        "fact(\"heat\"",
        "fact(\"crowd\").given_by(HOST);\nfact(\"heat\"",
    );
    let (db, new) = ledger(&desk, &wants);
    let bare = duly(&["adopt", &db, &new, "--mode", "all", "--by", "督查员"]);
    assert!(bare.out.contains("缺事实:“crowd”"), "{}", bare.out);
    let facts = desk.file("facts.json", r#"{"crowd": false}"#);
    let given = duly(&[
        "adopt",
        &db,
        &new,
        "--mode",
        "all",
        "--by",
        "督查员",
        "--facts",
        &facts,
    ]);
    assert!(given.out.contains("已适用 2 件"), "{}", given.out);
    let bad = desk.file("bad.json", "[1]");
    let ran = duly(&["adopt", &db, &new, "--preview", "--facts", &bad]);
    assert_eq!(ran.code, Some(2));
    assert!(ran.err.contains("bad.json"), "{}", ran.err);
}

/// A case that could not be looked at is no success, also where nobody reads the list that it stands in.
#[test]
fn a_case_that_is_stuck_is_a_verdict_though_nobody_reads_it() {
    let desk = Desk::new();
    let old = desk.file("old.rhai", OLD);
    let lines: Vec<String> = (0..150).map(|n| open(&format!("m{n:03}"))).collect();
    let (log, db) = (
        desk.file("log.jsonl", &lines.join("\n")),
        desk.path("many.db"),
    );
    let ran = duly(&["replay", &old, "--commands", &log, "--ledger", &db]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    let new = desk.file("new.rhai", &looser());
    let args = ["adopt", &db, &new, "--preview", "--json"];
    assert_eq!((duly(&args).code, unread(&args)), (Some(0), Some(0)));
    let file = rusqlite::Connection::open(&db).expect("a ledger");
    let damage = "UPDATE heads SET version = -1 WHERE chain = 'm000'";
    assert_eq!(file.execute(damage, []).expect("damaged"), 1);
    drop(file);
    let told = duly(&args);
    let json: Value = serde_json::from_str(&told.out).expect("JSON");
    assert_eq!(json["stuck"][0]["case"], "m000");
    // More than is held back before it is written.
    assert!(told.out.len() > 16 * 1024, "{}", told.out.len());
    assert_eq!((told.code, unread(&args)), (Some(1), Some(1)));
}

#[test]
fn what_is_wrong_with_the_asking_is_said() {
    let desk = Desk::new();
    let (db, new) = ledger(&desk, &looser());
    // Neither a preview nor whom it is for; nobody who asks.
    assert_eq!(duly(&["adopt", &db, &new]).code, Some(2));
    let nobody = duly(&["adopt", &db, &new, "--mode", "all"]);
    assert!(nobody.err.contains("--by"), "{}", nobody.err);
    let gone = duly(&["adopt", &desk.path("gone.db"), &new, "--preview"]);
    assert_eq!(gone.code, Some(2));
    assert!(gone.err.contains("there is no such file"));
    let faulty = desk.file("faulty.rhai", "pack(");
    assert_eq!(duly(&["adopt", &db, &faulty, "--preview"]).code, Some(2));
}

// A ledger of English rules is shown in English: the language is that of the plan's labels, unless another is asked for.
#[test]
fn a_ledger_is_shown_in_the_language_of_its_plan() {
    let desk = Desk::new();
    let log = desk.file("log.jsonl", &open("m1").replace("632521", "10"));
    let pack = desk.file(
        "pack.rhai",
        r#"pack("harbour", "Harbour").labels("en").zone("Europe/London").holidays("uk-england").hours(["09:00-17:00"]);
place("10", "Harbour", "front desk");
"#,
    );
    let db = desk.path("english.db");
    let told = duly(&["replay", &pack, "--commands", &log, "--ledger", &db]);
    assert_eq!(told.code, Some(0), "{}", told.err);
    for asked in [
        vec!["show", &db],
        vec!["show", &db, "m1"],
        vec!["show", &db, "m1", "--why", "screen"],
    ] {
        let of = |lang: &str| duly(&[asked.clone(), vec!["--lang", lang]].concat()).out;
        let shown = duly(&asked).out;
        assert_eq!(shown, of("en"));
        assert_ne!(shown, of("zh"));
    }
}
