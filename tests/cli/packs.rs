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
        let check = duly(&["check", pack]);
        assert_eq!(check.code, Some(0), "{}", check.out);
        assert!(
            check.out.contains("17 clocks") && check.out.contains("6 places"),
            "{}",
            check.out
        );
    }
    let json = duly(&["check", "hainan-board", "--json"]).out;
    let last: serde_json::Value =
        serde_json::from_str(json.lines().last().expect("a line")).expect("JSON");
    assert_eq!(last["plan"].as_str().map(str::len), Some(64));
    assert_eq!(last["counts"]["places"], 6);
}

#[test]
fn the_work_of_loading_is_told_rule_by_rule() {
    let told = duly(&["check", "hainan-board", "--stats"]).out;
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
            vec!["clock(reply).within", "STRICTEST 以最短期限为准", all],
            vec!["gates", "COLLECT 全部适用", "2"],
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
    assert!(check.out.contains("did you mean `heat`?"), "{}", check.out);

    let json = duly(&["check", &pack, "--json"]);
    assert_eq!(json.code, Some(1));
    let found: serde_json::Value =
        serde_json::from_str(json.out.lines().next().expect("a line")).expect("JSON");
    assert_eq!(found["line"], line);
    // What works by a pack says the same of it.
    let replay = duly(&["replay", &pack, "--commands", "none"]);
    assert_eq!(
        (replay.code, replay.err.contains("did you mean `heat`?")),
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
