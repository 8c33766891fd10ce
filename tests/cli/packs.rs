//! Packs and what is said of them.

use super::{Desk, duly};

const PACK: &str = include_str!("../../rules/hainan-board/pack.rhai");

#[test]
fn a_pack_that_can_be_used_says_what_it_holds() {
    for pack in [
        "rules/hainan-board",
        "rules/hainan-board/pack.rhai",
        "hainan-board",
    ] {
        for (lang, clocks, places) in [
            (&["--lang", "en"][..], "18 clocks", "6 places"),
            // The labels of this pack are in Chinese.
            (&[], "18 个时限", "6 个地方"),
        ] {
            let check = duly(&[&["check", pack], lang].concat());
            assert_eq!(check.code, Some(0), "{}", check.out);
            assert!(
                check.out.contains(clocks) && check.out.contains(places),
                "{}",
                check.out
            );
        }
    }
    let json = duly(&["check", "hainan-board", "--json"]).out;
    let last: serde_json::Value =
        serde_json::from_str(json.lines().last().expect("a line")).expect("JSON");
    assert_eq!(last["plan"].as_str().map(str::len), Some(64));
    assert_eq!(last["counts"]["places"], 6);
}

#[test]
fn an_overlay_finds_its_base_in_the_folder_beside_it() {
    let desk = Desk::new();
    std::fs::create_dir(desk.path("over")).expect("made");
    std::fs::create_dir(desk.path("base")).expect("made");
    let base = "pack(\"base\").in_force(\"2026-01-01\", \"2026-12-31\");\nplace(\"6325\", \"海南州\", \"受理岗\");\n";
    desk.file("base/pack.rhai", base);
    desk.file("over/pack.rhai", "pack(\"over\");\nbased_on(\"base\");\n");
    let check = duly(&["check", &desk.path("over")]);
    assert_eq!(check.code, Some(0), "{}", check.out);
    let dates = "in force  from 2026-01-01 to 2026-12-31";
    assert!(check.out.contains(dates), "{}", check.out);
    let told = duly(&["check", &desk.path("over"), "--lang", "zh"]).out;
    assert!(told.contains("施行  2026-01-01 至 2026-12-31\n"), "{told}");
}

/// A base that counts by a calendar of its own has it beside itself: whoever lays a pack over it need not copy the file.
#[test]
fn an_overlay_counts_by_the_calendar_beside_its_base() {
    let desk = Desk::new();
    for folder in ["prefecture", "prefecture/calendars", "county"] {
        std::fs::create_dir(desk.path(folder)).expect("made");
    }
    let base = "pack(\"prefecture\").holidays(\"cn\", \"own\");\nplace(\"6325\", \"海南州\", \"受理岗\");\n";
    desk.file("prefecture/pack.rhai", base);
    let over = "pack(\"county\");\nbased_on(\"prefecture\");\n";
    desk.file("county/pack.rhai", over);
    let missing = duly(&["check", &desk.path("county")]);
    assert_eq!(missing.code, Some(1), "{}", missing.out);
    assert!(missing.err.contains("`own`"), "{}", missing.err);
    let table = serde_json::json!({
        "id": "own", "revision": "2026-01-01", "coverage": { "from": "2026-01-01", "to": "2026-12-31" },
        "closed": { "2026-07-20": "州庆" }
    });
    desk.file("prefecture/calendars/own.json", &table.to_string());
    for pack in ["prefecture", "county"] {
        let check = duly(&["check", &desk.path(pack)]);
        assert_eq!(check.code, Some(0), "{}{}", check.err, check.out);
        assert!(check.out.contains("cn+own@"), "{}", check.out);
    }
}

/// The base that lies beside the pack is meant, also where it was saved in GBK, and not the one of that name that the tool carries along.
#[test]
fn a_base_that_cannot_be_read_is_named_and_no_other_taken() {
    let desk = Desk::new();
    std::fs::create_dir(desk.path("hainan-board")).expect("made");
    std::fs::create_dir(desk.path("over")).expect("made");
    let over = "pack(\"over\", \"县\");\nbased_on(\"hainan-board\");\n";
    let over = desk.file("over/pack.rhai", over);
    let facts = desk.file("facts.json", "{}");
    // Without it, the one that the tool carries along is meant.
    assert_eq!(duly(&["check", &over]).code, Some(0));
    let gbk = b"pack(\"hainan-board\", \"\xba\xa3\xc4\xcf\xd6\xdd\");\n";
    std::fs::write(desk.path("hainan-board/pack.rhai"), gbk).expect("written");
    for (args, code) in [
        (vec!["check", &over], 1),
        (vec!["check", &over, "--json"], 1),
        (vec!["explain", &over, "--facts", &facts], 2),
    ] {
        let ran = duly(&args);
        assert_eq!((ran.code, ran.out.as_str()), (Some(code), ""), "{args:?}");
        let said = "hainan-board/pack.rhai:1:23: not UTF-8 text; save the file as UTF-8";
        assert!(ran.err.contains(said), "{args:?}: {}", ran.err);
    }
}

#[test]
fn the_work_of_loading_is_told_rule_by_rule() {
    let told = duly(&["check", "hainan-board", "--stats", "--lang", "en"]).out;
    let line = |rule: &str| {
        let mut lines = told.lines().rev();
        let line = lines.find(|line| line.split_whitespace().next() == Some(rule));
        line.unwrap_or_else(|| panic!("{rule} in {told}"))
    };
    assert!(told.contains("loaded in "), "{told}");
    // Five kinds, four classes of which one asks whether it is urgent: the paths that one would count in the pack.
    let json = duly(&["check", "hainan-board", "--stats", "--json"]).out;
    let last: serde_json::Value =
        serde_json::from_str(json.lines().last().expect("a line")).expect("JSON");
    let rules = last["rules"].as_array().expect("rules");
    let of = |rule: &str| {
        let found = rules.iter().find(|one| one["rule"] == rule);
        found.unwrap_or_else(|| panic!("{rule} in {json}"))
    };
    let proposed = of("classify(class)");
    assert_eq!(
        (&proposed["paths"], &proposed["nodes"]),
        (&serde_json::json!(5), &serde_json::json!(1))
    );
    assert_eq!(of("clock(reply).within")["paths"], 5);
    assert!(line("clock(reply).within").contains('5'));
    let bytes: u64 = rules.iter().filter_map(|one| one["bytes"].as_u64()).sum();
    assert!(line("all").contains(&bytes.to_string()), "{told}");
    assert!(last["load_us"].is_u64());
}

/// What is written in clauses is told with its mode, and so is that lists take all that applies.
#[test]
fn the_clauses_of_a_pack_are_told_with_their_mode() {
    let desk = Desk::new();
    let pack = desk.file(
        "clauses.rhai",
        r#"pack("demo", "示例");
place("6325", "海南州", "州留言受理岗");
fact("heat", 0..=1_000).given_by(HOST).moves();
clock("reply", "答复").clauses(STRICTEST)
    .when(|m| m.heat >= 100, 3.working_days).title("热点件").cite("《办法》第五条")
    .when(|m| m.class == "问事", 5.working_days).ours("参照乐清")
    .otherwise(10.working_days);
gate("process").require(|m| m.has_contact, "联系网民").require(|m| m.has_basis, "写明依据");
"#,
    );
    let told = duly(&["check", &pack]).out;
    let (_, table) = told.split_once("where several apply").expect("a table");
    let rows: Vec<Vec<&str>> = table
        .lines()
        .skip(2)
        .map(|line| {
            line.split("  ")
                .map(str::trim)
                .filter(|it| !it.is_empty())
                .collect()
        })
        .collect();
    let all = "1 热点件 (《办法》第五条) / 2 (ours: 参照乐清) / 3 其余";
    assert_eq!(
        rows,
        [
            vec!["clock(reply).within", "STRICTEST", all],
            vec!["gates", "COLLECT", "2"],
        ]
    );
    let json = duly(&["check", &pack, "--json"]).out;
    let last: serde_json::Value =
        serde_json::from_str(json.lines().last().expect("a line")).expect("JSON");
    assert_eq!(last["clauses"][0]["mode"], "strictest");
    let second = &last["clauses"][0]["clauses"][1];
    assert_eq!(
        (&second["number"], &second["otherwise"]),
        (&2.into(), &false.into())
    );
    assert!(
        second["at"]
            .as_str()
            .expect("a place")
            .ends_with("clauses.rhai:6:6")
    );
}

#[test]
fn a_typo_is_shown_at_its_place_with_what_was_meant() {
    let desk = Desk::new();
    let pack = desk.file(
        "typo.rhai",
        &PACK.replace("m.heat >= 热度线", "m.heet >= 热度线"),
    );
    let line = PACK
        .lines()
        .position(|line| line.contains("m.heat >= 热度线"))
        .expect("there")
        + 1;
    let check = duly(&["check", &pack]);
    assert_eq!(check.code, Some(1));
    assert!(
        check.out.contains(&format!("typo.rhai:{line}:")),
        "{}",
        check.out
    );
    assert!(check.out.contains("是不是要写`heat`?"), "{}", check.out);
    let english = duly(&["check", &pack, "--lang", "en"]).out;
    assert!(english.contains("did you mean `heat`?"), "{english}");

    let json = duly(&["check", &pack, "--json"]);
    assert_eq!(json.code, Some(1));
    let found: serde_json::Value =
        serde_json::from_str(json.out.lines().next().expect("a line")).expect("JSON");
    assert_eq!(found["line"], line);
    // What works by a pack says the same of it.
    let replay = duly(&["replay", &pack, "--commands", "none"]);
    assert_eq!(
        (replay.code, replay.err.contains("是不是要写`heat`?")),
        (Some(1), true),
        "{}",
        replay.err
    );
}

#[test]
fn a_calendar_beside_the_pack_is_found_and_a_missing_one_is_named() {
    let desk = Desk::new();
    let pack = desk.file(
        "pack.rhai",
        &PACK.replace(".holidays(\"cn\")", ".holidays(\"cn\", \"hainan-632500\")"),
    );
    let missing = duly(&["check", &pack]);
    assert_eq!(missing.code, Some(1));
    assert!(missing.err.contains("`hainan-632500`"), "{}", missing.err);
    let line = PACK.lines().position(|line| line.contains(".holidays("));
    let place = format!("pack.rhai:{}:", line.expect("it has holidays") + 1);
    assert!(missing.err.contains(&place), "{}", missing.err);

    std::fs::create_dir(desk.path("calendars")).expect("made");
    let table = serde_json::json!({
        "id": "hainan-632500", "revision": "2026-01-01", "coverage": { "from": "2026-01-01", "to": "2026-12-31" },
        "closed": { "2026-07-20": "州庆" }
    });
    desk.file("calendars/hainan-632500.json", &table.to_string());
    let found = duly(&["check", &pack]);
    assert_eq!(found.code, Some(0), "{}{}", found.err, found.out);
    assert!(found.out.contains("cn+hainan-632500@"), "{}", found.out);
}

/// One of a thing is not many, and an overlay is told about in the language of its base, wherever that lies.
#[test]
fn what_is_said_is_said_well_in_the_language_of_the_pack_or_of_its_base() {
    let desk = Desk::new();
    let one = "pack(\"one\");\nplace(\"6325\", \"海南州\", \"受理岗\");\n";
    let check = duly(&["check", &desk.file("one.rhai", one)]).out;
    assert!(check.contains("holds     1 place, "), "{check}");
    std::fs::create_dir(desk.path("guide")).expect("made");
    let over = "pack(\"guide\", \"县\");\nbased_on(\"hainan-board\");\n";
    let fine = duly(&["check", &desk.file("guide/pack.rhai", over)]);
    assert!(fine.out.contains("可以使用"), "{}{}", fine.out, fine.err);
    let looser = format!("{over}clock(\"reply\").within(99.working_days);\n");
    let check = duly(&["check", &desk.file("guide/pack.rhai", &looser)]);
    assert_eq!(check.code, Some(1));
    assert!(check.out.contains("由底本规定"), "{}", check.out);
    assert!(
        check.out.ends_with("1 处错误,0 处提醒\n\n"),
        "{}",
        check.out
    );
}

#[test]
fn nothing_in_a_file_makes_the_tool_stumble() {
    let desk = Desk::new();
    for (name, bytes) in [
        ("empty", &b""[..]),
        ("zero", b"\0\0\0"),
        ("latin", b"pack(\"caf\xe9\")"),
        ("bom", b"\xef\xbb\xbf"),
    ] {
        let path = desk.path(name);
        std::fs::write(&path, bytes).expect("written");
        assert_eq!(duly(&["check", &path]).code, Some(1), "{name}");
    }
    let folder = desk.path("folder");
    std::fs::create_dir(&folder).expect("made");
    assert_eq!(duly(&["check", &folder]).code, Some(1));
}

#[test]
fn what_the_host_must_register_is_listed() {
    let desk = Desk::new();
    let derives = r#"pack("demo", "示例");
place("6325", "海南州", "受理岗");
fact("heat", 0..=9).given_by(HOST);
fact("again").derived();
fact("far", 0..=500).derived_from("heat", "class");
clock("reply").within(|m| if m.again || m.far > 100 || m.heat > 5 { 3.working_days } else { 5.working_days });
"#;
    let pack = desk.file("pack.rhai", derives);
    let check = duly(&["check", &pack]);
    assert_eq!(check.code, Some(0), "{}{}", check.err, check.out);
    let table = "\
the host registers  it finds                      from
------------------  ----------------------------  --------------------------
again               true or false                 what comes with the message
far                 a whole number from 0 to 500  heat, class";
    for line in table.lines().skip(2) {
        let cells: Vec<&str> = line
            .split("  ")
            .map(str::trim)
            .filter(|it| !it.is_empty())
            .collect();
        let shown = check
            .out
            .lines()
            .any(|line| cells.iter().all(|cell| line.contains(cell)));
        assert!(shown, "{line}\n{}", check.out);
    }
    let json = duly(&["check", &pack, "--json"]);
    let summary: serde_json::Value =
        serde_json::from_str(json.out.lines().last().expect("a line")).expect("JSON");
    assert_eq!(summary["derived"][0]["fact"], "again");
    assert_eq!(
        summary["derived"][1]["from"],
        serde_json::json!(["heat", "class"])
    );
    // Without the functions of a host, the log gives what they would find.
    let log = r#"{"case":"m01","at":"2026-03-02T09:14:00+08:00","by":{"id":"z","roles":["citizen"]},"command":{"open":{"place":"6325","channel":"b","external_id":"1","message":"…","facts":{"heat":1FACTS}}}}"#;
    for (facts, accepted) in [("", false), (r#","again":true,"far":3"#, true)] {
        let log = desk.file("log.jsonl", &log.replace("FACTS", facts));
        let ran = duly(&["replay", &pack, "--commands", &log]);
        let told = if accepted {
            "1 accepted, 0 refused"
        } else {
            "0 accepted, 1 refused"
        };
        assert!(ran.err.contains(told), "{}{}", ran.err, ran.out);
    }
}

/// The whole language: every word, name, unit, fact and term, in both languages.
#[test]
fn words_prints_the_whole_language() {
    let json = duly(&["words", "--json"]);
    assert_eq!(json.code, Some(0));
    let all: serde_json::Value = serde_json::from_str(&json.out).expect("JSON");
    for (lang, ask) in [("zh", "由人决定"), ("en", "names in capitals")] {
        let shown = duly(&["words", "--lang", lang]).out;
        assert!(shown.contains(ask), "{shown}");
        for part in ["words", "names", "units", "facts", "terms"] {
            let list = all[part].as_array().expect("a list");
            assert!(!list.is_empty());
            for one in list {
                for key in ["name", "zh"] {
                    let word = one[key].as_str().expect("a text");
                    assert!(
                        !word.is_empty() && shown.contains(word),
                        "{lang} {part}: {one}"
                    );
                }
            }
        }
    }
}

#[test]
fn the_packs_that_the_tool_carries_are_known_by_name() {
    for name in duly::script::SHIPPED {
        let check = duly(&["check", name, "--lang", "en"]);
        assert_eq!(check.code, Some(0), "{name}: {}", check.out);
        // Its tests come with it, every file of them.
        let test = duly(&["test", name, "--json"]);
        assert_eq!(test.code, Some(0), "{name}: {}", test.out);
        let beside = duly(&["test", &format!("rules/{name}"), "--json"]);
        let count = |out: &str| -> serde_json::Value {
            let json: serde_json::Value = serde_json::from_str(out).expect("JSON");
            json["tests"].clone()
        };
        assert_eq!(count(&test.out), count(&beside.out), "{name}");
    }
    let diff = duly(&["diff", "hotline-12345", "hotline-12345-shandong"]);
    assert_eq!(diff.code, Some(1), "{}", diff.out);
    insta::assert_snapshot!("hotline_and_shandong", diff.out);
}
