//! A pack can be wrong, huge or malicious: loading it ends, and says so.

use std::fmt::Write as _;

use super::{found, one, with};
use duly::script::{Options, check, hainan_board};

#[test]
fn a_source_that_is_too_large_is_not_read() {
    let giant = "// 海南 ".repeat(20_000);
    let (plan, findings) = check("pack.rhai", &giant, &Options::default());
    assert!(plan.is_none());
    assert_eq!(findings.all[0].code, "D100");
    let many = "a;".repeat(3_000);
    let (_, findings) = check("pack.rhai", &many, &Options::default());
    assert!(findings.all.iter().any(|f| f.code == "D100"), "{findings}");
}

#[test]
fn huge_nesting_is_refused_and_not_climbed() {
    for (open, close) in [
        ("(", ")"),
        ("[", "]"),
        ("!", ""),
        ("-", ""),
        ("if true { ", "}"),
        ("#{a: ", "}"),
    ] {
        for depth in [60, 200, 2_000, 9_000] {
            let nest = format!("{}1{}", open.repeat(depth), close.repeat(depth));
            let _ = found(&format!("clock(\"reply\").within(|m| {nest});"));
            let _ = found(&format!("clock(\"reply\").within({nest});"));
        }
    }
    let chain = format!("callback(){};", ".attempts(3)".repeat(500));
    assert!(one(&chain).starts_with("D104"), "{}", one(&chain));
    let elses: String = (0..200)
        .map(|n| format!("if m.heat > {n} {{ 1.working_days }} else "))
        .collect();
    assert!(
        one(&format!(
            "clock(\"reply\").within(|m| {elses} {{ 2.working_days }});"
        ))
        .starts_with("D104")
    );
}

#[test]
fn terms_within_terms_end() {
    let mut deep = String::from("term(\"t0\", |m| m.heat > 5);\n");
    for n in 1..150 {
        let _ = writeln!(
            deep,
            "term(\"t{n}\", |m| m.t{} && (m.t{} || m.t{}));",
            n - 1,
            n - 1,
            n - 1
        );
    }
    assert!(
        one(&format!("{deep}track(督查办).start(|m| m.t149);")).starts_with("D309"),
        "too deep"
    );
    // Shallow enough, and each reads the last one three times: read once all the same.
    let shallow: String = deep
        .lines()
        .take(12)
        .map(|line| format!("{line}\n"))
        .collect();
    assert!(
        found(&format!("{shallow}track(督查办).start(|m| m.t11);"))
            .all
            .is_empty()
    );
}

#[test]
fn a_rule_that_tells_too_many_cases_apart_is_stopped_and_says_what_multiplies() {
    let mut lines = String::new();
    let mut all = Vec::new();
    for n in 0..16 {
        let _ = writeln!(
            lines,
            "fact(\"f{n}\", [\"a\", \"b\", \"c\", \"d\"]).given_by(HOST);"
        );
        all.push(format!("(if m.f{n} == \"a\" {{ 1 }} else {{ 0 }})"));
    }
    let sum = format!("{lines}track(督查办).start(|m| {} > 3);", all.join(" + "));
    let options = {
        let mut o = Options::default();
        o.paths = 3_000;
        o
    };
    let (_, findings) = check("pack.rhai", &with(&sum), &options);
    let stop = findings
        .all
        .iter()
        .find(|f| f.code == "D310")
        .unwrap_or_else(|| panic!("{findings}"));
    assert!(stop.help.as_ref().unwrap().contains("`f15`"), "{stop}");
    let options = {
        let mut o = Options::default();
        o.operations = 20_000;
        o
    };
    let (_, findings) = check("pack.rhai", &with(&sum), &options);
    assert!(findings.all.iter().any(|f| f.code == "D312"), "{findings}");
}

#[test]
fn nothing_runs_for_ever_grows_without_end_or_reaches_outside() {
    let text = "x".repeat(2_000);
    let refused = [
        "while true { }",
        "loop { }",
        "for x in 0..9 { }",
        "do { } until true",
        "fn f() { f() } f();",
        "eval(\"1\");",
        "import \"x\" as y;",
        "let x = 1;",
        "throw 1;",
        "try { } catch { }",
        "return 1;",
        "sleep(9);",
        "timestamp();",
        "print(\"x\");",
        "const f = Fn(\"clock\");",
        "clock.call(\"reply\");",
        "exit(1);",
        "this.x;",
        "global::x;",
        "std::process::exit(1);",
        "track(督查办).start(|m| { m = 5; true });",
        "track(督查办).start(|m| { m.heat = 5; true });",
        "track(督查办).start(|m| (|x| x.call(x)).call(m));",
        "track(督查办).start(|m| m.kind.pad(9, \"\"));",
        "track(督查办).start(|m| m.kind.replace(\"a\", \"b\"));",
        "track(督查办).start(|m| m.kind.len() > 3);",
        "track(督查办).start(|m| type_of(m.heat) == \"i64\");",
        "track(督查办).start(|m| m.heat in 0..5);",
        "track(督查办).start(|m| m);",
        "track(督查办).start(|m| [m.heat > 5]);",
        "track(督查办).start(|m| 1 / 0 > 1);",
        "track(督查办).start(|m| 9_223_372_036_854_775_807 + 1 > 1);",
        "track(督查办).start(|m| 1.0 > 0.5);",
        "const a = [|m| true]; track(督查办).start(a[0]);",
        "const kind = 5; fact(\"x\").given_by(HOST).given_by(HOST);",
        "clock(\"reply\").within(|m| { m.heat > 5; });",
        "place();",
        "const x = place;",
        "const clock = 5;; clock;",
        "const 承办人 = 5;",
        "term(\"t\", |m| { term(\"u\", |m| true); true });",
    ];
    for line in refused {
        assert!(found(line).has_errors(), "accepted: {line}");
    }
    let mut grow = String::new();
    for n in 0..40 {
        let last = if n == 0 {
            format!("\"{text}\"")
        } else {
            format!("s{}", n - 1)
        };
        let _ = writeln!(grow, "const s{n} = {last} + {last};");
    }
    assert!(found(&grow).all[0].code == "D312", "{}", found(&grow));
    let mut grow = String::from("const a0 = [1, 2, 3, 4, 5, 6, 7, 8];\n");
    for n in 1..40 {
        let _ = writeln!(
            grow,
            "const a{n} = [a{0}, a{0}, a{0}, a{0}, a{0}, a{0}, a{0}, a{0}];",
            n - 1
        );
    }
    assert!(found(&grow).has_errors());
}

#[test]
fn a_rule_cannot_hide_a_fact_from_the_tabulation() {
    // Each of these would be wrong if it went through: the number never forks.
    for rule in [
        "switch m.heat { 5 => true, _ => false }",
        "switch m { _ => m.heat == \"5\" }",
        "[m.heat] == [5]",
        "#{a: m.heat}.a",
        "if m.heat == m.heat { true } else { false }",
        "!m.heat",
        "m.heat || true",
        "m[\"heat\"] == \"5\"",
        "m.heat == ()",
        "m.kind == 0",
        "m.kind == true",
        "m.kind == \"\" + \"投\"",
    ] {
        assert!(
            found(&format!("track(督查办).start(|m| {rule});")).has_errors(),
            "accepted: {rule}"
        );
    }
}

#[test]
fn what_a_rule_captures_is_its_own() {
    // Assignment is refused outright; a list that was captured cannot be changed either, so no rule counts how often it was asked.
    for line in [
        "const n = 0; track(督查办).start(|m| { n += 1; n > 1 });",
        "const l = [0]; track(督查办).start(|m| { l[0] += 1; l[0] > 1 });",
        "const l = [0]; track(督查办).start(|m| { l.push(1); true });",
        "const g = gate(\"process\"); g.require(|m| { g.judged(REVIEW); true }, \"…\");",
    ] {
        assert!(found(line).has_errors(), "accepted: {line}");
    }
}

/// 64 bits of a linear congruence: enough to choose where to cut.
fn next(state: &mut u64) -> usize {
    *state = state
        .wrapping_mul(6_364_136_223_846_793_005)
        .wrapping_add(1_442_695_040_888_963_407);
    (*state >> 33) as usize
}

#[test]
fn no_mutation_of_a_pack_brings_the_loader_down() {
    let pack: Vec<char> = hainan_board().chars().collect();
    let odd: Vec<char> = "\"'`(){}[];,.|&!=#$\\\u{feff}。（“\n0a海/*"
        .chars()
        .collect();
    let mut state = 20_251_122;
    let options = {
        let mut o = Options::default();
        o.paths = 2_000;
        o.operations = 200_000;
        o
    };
    let mut loaded = 0;
    for round in 0..300 {
        let mut text = pack.clone();
        for _ in 0..=round % 3 {
            let at = next(&mut state) % text.len().max(1);
            if text.is_empty() {
                break;
            }
            match next(&mut state) % 4 {
                0 => text.truncate(at.max(1)),
                1 => drop(text.remove(at)),
                2 => text.insert(at, odd[next(&mut state) % odd.len()]),
                _ => {
                    let to = (at + next(&mut state) % 40).min(text.len());
                    text.drain(at..to);
                }
            }
        }
        let text: String = text.into_iter().collect();
        let (plan, findings) = check("pack.rhai", &text, &options);
        assert!(plan.is_some() || findings.has_errors());
        loaded += usize::from(plan.is_some());
        for finding in &findings.all {
            let _ = finding.to_string();
        }
    }
    assert!(
        loaded < 250,
        "mutations in comments load, but most do not: {loaded}"
    );
}
