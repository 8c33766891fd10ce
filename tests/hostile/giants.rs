//! Packs that would be too large, or too dull, for a file.

use std::fmt::Write as _;

/// Declarations that are in order, for what follows them to be all that is wrong.
const HEAD: &str = r#"pack("hostile", "敌意样本");
place("6325", "海南州", "州留言受理岗");
const 承办人 = role("owner", "承办责任人");
const 督查办 = role("supervisor", "督查办公室");
fact("kind", ["投诉", "求助", "咨询"]).given_by(CITIZEN);
fact("heat", 0..=1_000).given_by(HOST).moves();
"#;

/// Bytes that a source may have.
const BYTES: usize = 64 * 1024;

/// The declarations, this before it, then so many of these that it is just not too large, then this.
fn filled(before: &str, each: &str, after: &str) -> String {
    let room = BYTES - HEAD.len() - before.len() - after.len();
    format!("{HEAD}{before}{}{after}", each.repeat(room / each.len()))
}

/// The same with something that opens and something that closes.
fn nested(before: &str, open: &str, middle: &str, close: &str, after: &str) -> String {
    let room = BYTES - HEAD.len() - before.len() - middle.len() - after.len();
    let depth = room / (open.len() + close.len());
    format!(
        "{HEAD}{before}{}{middle}{}{after}",
        open.repeat(depth),
        close.repeat(depth)
    )
}

fn numbered(count: usize, each: impl Fn(usize) -> String) -> String {
    (0..count).fold(String::from(HEAD), |mut all, n| {
        let _ = writeln!(all, "{}", each(n));
        all
    })
}

/// Every giant with its name.
pub fn all() -> Vec<(String, Vec<u8>)> {
    let name = "很长的名字".repeat(4_000);
    let yes = "track(督查办).start(|m| ";
    let limit = "clock(\"reply\").within(|m| ";
    let near: String = "a".repeat(28_000);
    let texts: Vec<(&str, String)> = vec![
        (
            "giant_4_mb_of_comment",
            "// 海南州网民留言办理\n".repeat(140_000),
        ),
        (
            "giant_4_mb_of_statements",
            numbered(70_000, |n| {
                format!("fact(\"f{n}\").given_by(HOST); // 事实")
            }),
        ),
        (
            "giant_4_mb_of_parentheses",
            format!(
                "{HEAD}const n = {}1{};",
                "(".repeat(2_000_000),
                ")".repeat(2_000_000)
            ),
        ),
        (
            "giant_line_of_1_mb",
            format!("{HEAD}// {}", "近期".repeat(170_000)),
        ),
        ("giant_million_statements", "a;".repeat(1_000_000)),
        ("giant_million_lines", "\n".repeat(1_000_000)),
        (
            "giant_name_of_1_mb",
            format!("{HEAD}const {} = 5;", "a".repeat(1_000_000)),
        ),
        (
            "giant_text_of_1_mb",
            format!(
                "{HEAD}mention(\"v\", [\"{}\"]).in_text(REPLY);",
                "近".repeat(340_000)
            ),
        ),
        (
            "giant_mention_of_100_000_words",
            format!(
                "{HEAD}mention(\"v\", [{}]).in_text(REPLY);",
                (0..100_000)
                    .map(|n| format!("\"词{n}\", "))
                    .collect::<String>()
            ),
        ),
        (
            "giant_lines_10_001",
            format!("{HEAD}{}", "\n".repeat(10_001)),
        ),
        (
            "giant_lines_10_000_then_mistake",
            format!("{HEAD}{}x;", "\n".repeat(9_990)),
        ),
        (
            "giant_statements_1_001",
            numbered(995, |n| format!("const n{n} = {n};")),
        ),
        (
            "giant_statements_900_of_names",
            numbered(900, |n| {
                format!(
                    "const n{n} = {};",
                    if n == 0 {
                        "1".into()
                    } else {
                        format!("n{}", n - 1)
                    }
                )
            }) + "n899x;",
        ),
        (
            "giant_statements_900_missing_ends",
            numbered(900, |n| format!("const n{n} = {n}")),
        ),
        (
            "giant_column_65_000",
            filled("/*", "x", "*/ while true { }"),
        ),
        ("giant_name_of_60_000", format!("{HEAD}const {name} = 5;\n")),
        (
            "giant_name_missed_by_one",
            format!("{HEAD}const {near}b = 5;\nclock(\"reply\").within({near}c.working_days);"),
        ),
        (
            "giant_fact_name_of_2_000",
            format!("{HEAD}fact(\"{}\").given_by(HOST);", "a".repeat(2_000)),
        ),
        (
            "giant_fact_missed_by_one",
            format!(
                "{HEAD}fact(\"{0}b\").given_by(HOST);\n{yes}m.{0}c);",
                "a".repeat(2_000)
            ),
        ),
        (
            "giant_label_missed_by_one",
            format!(
                "{HEAD}fact(\"v\", [\"{0}b\"]).given_by(HOST);\n{yes}m.v == \"{0}c\");",
                "a".repeat(1_900)
            ),
        ),
        ("giant_comment_10_000_deep_open", filled("", "/*", "")),
        (
            "giant_comment_10_000_deep_closed",
            nested("", "/*", "", "*/", "while true { }"),
        ),
        (
            "giant_nest_of_parentheses",
            nested("const n = ", "(", "1", ")", ";"),
        ),
        (
            "giant_nest_of_parentheses_open",
            filled("const n = ", "(", ""),
        ),
        (
            "giant_nest_of_parentheses_closed",
            filled("const n = 1", ")", ";"),
        ),
        (
            "giant_nest_of_lists",
            nested("const n = ", "[", "1", "]", ";"),
        ),
        (
            "giant_nest_of_maps",
            nested("const n = ", "#{a:", "1", "}", ";"),
        ),
        (
            "giant_nest_of_blocks",
            nested(yes, "{", "m.heat > 5", "}", ");"),
        ),
        ("giant_nest_of_blocks_open", filled(yes, "{", "")),
        (
            "giant_nest_of_if",
            nested(limit, "if true {", "1.working_days", "}", ");"),
        ),
        (
            "giant_nest_of_else",
            filled(limit, "if m.heat>1{1.weeks}else ", "{2.weeks});"),
        ),
        (
            "giant_nest_of_switch",
            nested(limit, "switch m.kind{_=>", "1.weeks", "}", ");"),
        ),
        ("giant_nest_of_rules", filled(yes, "|m|", "true);")),
        ("giant_nest_of_not", filled(yes, "!", "true);")),
        ("giant_nest_of_minus", filled(yes, "-", "5 > 1);")),
        ("giant_nest_of_minus_spaced", filled(yes, "- ", "5 > 1);")),
        (
            "giant_nest_of_calls",
            nested("", "clock(", "\"reply\"", ")", ";"),
        ),
        ("giant_nest_of_index", filled("const n = [1]", "[0]", ";")),
        (
            "giant_nest_of_backticks",
            nested("const s = ", "`${", "1", "}`", ";"),
        ),
        ("giant_chain_of_and", filled(yes, "m.heat>5&&", "true);")),
        ("giant_chain_of_unequal", filled(yes, "true!=", "true);")),
        ("giant_chain_of_plus", filled(yes, "1+", "1 > 1);")),
        ("giant_chain_of_power", filled(yes, "2**", "2 > 1);")),
        ("giant_chain_of_range", filled("const r = ", "1..", "1;")),
        (
            "giant_chain_of_words",
            filled("callback()", ".attempts(3)", ";"),
        ),
        ("giant_chain_of_dots", filled(yes, "m.", "heat > 5);")),
        (
            "giant_chain_of_getters",
            filled("const n = 5", ".weeks", ";"),
        ),
        (
            "giant_chain_of_coalescing",
            filled(yes, "m.heat??", "true);"),
        ),
        ("giant_list_of_30_000", filled("const a = [", "1,", "1];")),
        (
            "giant_list_after_in",
            filled("track(督查办).start(|m| m.heat in [", "1,", "1]);"),
        ),
        ("giant_arguments_30_000", filled("clock(", "1,", "1);")),
        (
            "giant_parameters_30_000",
            filled("track(督查办).start(|m", ",m", "| true);"),
        ),
        (
            "giant_switch_of_4_000_arms",
            filled(
                "clock(\"reply\").within(|m| switch m.kind {",
                "\"x\"=>1.weeks,",
                "_ => 1.weeks });",
            ),
        ),
        (
            "giant_switch_of_alternatives",
            filled(
                "clock(\"reply\").within(|m| switch m.kind {",
                "\"x\"|",
                "_ => 1.weeks });",
            ),
        ),
        ("giant_map_of_10_000", filled("const a = #{", "a:1,", "};")),
        ("giant_quotes", filled("", "\"", "")),
        ("giant_quotes_apart", filled("const s = ", "\"\"", ";")),
        ("giant_escapes", filled("const s = \"", "\\u{feff}", "\";")),
        ("giant_backslashes", filled("const s = \"", "\\\\", "\";")),
        ("giant_commas", filled("", ",", ";")),
        ("giant_semicolons", filled("", ";", "x")),
        ("giant_fullwidth", filled("", "；", "")),
        ("giant_nul", filled("", "\0", "")),
        ("giant_right_to_left", filled("// ", "\u{202e}", "")),
        ("giant_combining", filled("const a", "\u{301}", " = 5;")),
        ("giant_spaces_then_mistake", filled("", " ", "x;")),
        ("giant_digits", filled("const n = ", "9", ";")),
        ("giant_hashes", filled("const s = ", "#", "\"x\";")),
        ("giant_words_refused", filled("", "while ", ";")),
        (
            "giant_undeclared_facts",
            numbered(900, |n| format!("term(\"t{n}\", |m| m.x{n} > {n});")),
        ),
        (
            "giant_terms_each_of_all_before",
            numbered(190, |n| {
                format!(
                    "term(\"t{n}\", |m| {});",
                    if n == 0 {
                        "m.heat > 5".into()
                    } else {
                        (0..n.min(20))
                            .map(|k| format!("m.t{}", n - 1 - k))
                            .collect::<Vec<_>>()
                            .join(" && ")
                    }
                )
            }) + yes
                + "m.t189);",
        ),
        (
            "giant_terms_in_one_circle",
            numbered(190, |n| {
                format!("term(\"t{n}\", |m| m.t{});", (n + 1) % 190)
            }),
        ),
        (
            "giant_numbers_cut_8_000_times",
            format!(
                "{HEAD}{yes}(m.heat in [{}1]) || m.heet);",
                (0..400).map(|n| format!("{}, ", n * 2)).collect::<String>()
            ),
        ),
        ("giant_noise", noise(60_000)),
        ("giant_overlay_of_160_000_limits", overlay()),
    ];
    texts
        .into_iter()
        .map(|(name, text)| (name.to_owned(), text.into_bytes()))
        .collect()
}

/// A fact of 200 labels, and 400 limits by it and by another fact.
fn limits(fact: &str, by: &str, unit: &str) -> String {
    let arms = (0..200).fold(String::new(), |mut all, n| {
        let more = n + 201;
        let _ = write!(
            all,
            "\"{n}\" => if m.{by} {{ {}.{unit} }} else {{ {more}.{unit} }}, ",
            n + 1
        );
        all
    });
    format!("within(|m| switch m.{fact} {{ {arms}}})")
}

fn labelled(fact: &str) -> String {
    let labels: Vec<String> = (0..200).map(|n| format!("\"{n}\"")).collect();
    let labels = labels.join(", ");
    format!("fact(\"{fact}\", [{labels}]).given_by(HOST).otherwise(\"0\");\n")
}

/// The pack that some of the packs lie over.
pub fn base(name: &str) -> Option<(String, String)> {
    let (facts, limits) = (labelled("x"), limits("x", "y", "working_days"));
    let text = format!(
        "{HEAD}{facts}fact(\"y\").given_by(HOST).otherwise(false);\nclock(\"reply\").{limits};\n"
    );
    (name == "giant").then(|| ("giant.rhai".to_owned(), text))
}

/// A pack that lies over it, of which every limit is to be laid beside every limit of that.
fn overlay() -> String {
    let (facts, limits) = (labelled("z"), limits("z", "w", "hours"));
    format!(
        "pack(\"over\", \"敌意样本\");\nbased_on(\"giant\");\n{facts}fact(\"w\").given_by(HOST).otherwise(false);\ntighten(\"reply\").{limits};\n"
    )
}

/// Characters without any order, the same every time.
fn noise(count: usize) -> String {
    let marks: Vec<char> = "(){}[]<>;,.|&!=+-*/%^~#$@\\\"'` \nabm_09".chars().collect();
    let mut state = 20_261_125_u64;
    let mut next = || {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 33).unwrap()
    };
    (0..count).map(|_| marks[next() % marks.len()]).collect()
}
