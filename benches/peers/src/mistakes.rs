//! The same slips in everybody's rules: who says so when the rules are read, who when a case comes, and who never. A slip that nobody
//! notices gives other answers than were meant; they are counted.

use std::collections::BTreeMap;

use cel::{Context, Program};
use rhai::{Engine, Scope};
#[cfg(feature = "zen")]
use zen_engine::Workspace;
#[cfg(feature = "zen")]
use zen_engine::model::DecisionContent;

#[cfg(feature = "zen")]
use crate::decision::zen_rs;
use crate::decision::{Peer, cel_rs, evalexpr_rs, regorus_rs, zen_expression_rs};
use crate::three_parts::{Case, PACK, by_hand, cases, interpreted, row};

type Answer = Box<dyn FnMut(&Case) -> Result<u32, String>>;

/// Rules in one language, and how to read them. Without a way to ask, reading alone is looked at.
struct Language {
    name: &'static str,
    text: String,
    read: fn(&str) -> Result<Option<Answer>, String>,
    /// What is written where, and what is written there by mistake. Nothing where the language cannot have the slip.
    slips: [Option<(&'static str, &'static str)>; 5],
}

const SLIPS: [&str; 5] = [
    "a fact misspelt",
    "a label misspelt",
    "a number compared with text",
    "a case left out",
    "a row that is never reached",
];

fn said(error: impl std::fmt::Display) -> String {
    error.to_string()
}

fn languages() -> Vec<Language> {
    let expression = |quoted: bool| -> [Option<(&'static str, &'static str)>; 5] {
        [
            Some(("extensions >= 1 ? 15", "extension >= 1 ? 15")),
            Some((r#"kind == "投诉""#, r#"kind == "投拆""#)),
            Some(("heat >= 1000 ? 1 :", r#"heat >= "1000" ? 1 :"#)),
            None,
            Some(match quoted {
                true => (
                    r#"|| level == "村" ? 2 :"#,
                    r#"|| level == "村" ? 2 : heat >= 1000 ? 1 :"#,
                ),
                false => (
                    r#"or level == "村" ? 2 :"#,
                    r#"or level == "村" ? 2 : heat >= 1000 ? 1 :"#,
                ),
            }),
        ]
    };
    #[cfg(feature = "zen")]
    let table: [Option<(&'static str, &'static str)>; 5] = [
        Some(("\"field\": \"extensions\"", "\"field\": \"extension\"")),
        Some((r#"\"投诉\""#, r#"\"投拆\""#)),
        Some((r#"">= 1000""#, r#"">= \"1000\"""#)),
        Some((LAST_ROW, NO_ROW)),
        Some((SECOND_ROW, TWO_ROWS)),
    ];
    vec![
        Language {
            name: "duly",
            text: PACK.to_owned(),
            read: |text| match duly::script::load("pack.rhai", text) {
                Ok(_) => Ok(None),
                Err(findings) => Err(said(findings)),
            },
            slips: [
                Some(("if m.extensions >= 1 { 15", "if m.extension >= 1 { 15")),
                Some((r#"    "投诉" =>"#, r#"    "投拆" =>"#)),
                Some((
                    r#""安全" => if m.heat >= 高热"#,
                    r#""安全" => if m.heat >= "1000""#,
                )),
                Some(("    \"致谢\" => 3.working_days,\n", "")),
                Some((
                    r#"m.level == "村" { 2.working_days }"#,
                    r#"m.level == "村" { 2.working_days } else if m.heat >= 高热 { 1.working_days }"#,
                )),
            ],
        },
        Language {
            name: "rhai, strict variables",
            text: interpreted::SCRIPT.to_owned(),
            read: rhai,
            slips: [
                Some(("if extensions >= 1 { 15", "if extension >= 1 { 15")),
                None,
                Some(("0 => if heat >= 1000", r#"0 => if heat >= "1000""#)),
                Some(("        _ => 3,\n", "")),
                Some((
                    "level == 3 { 2 }",
                    "level == 3 { 2 } else if heat >= 1000 { 1 }",
                )),
            ],
        },
        Language {
            name: "cel",
            text: cel_rs::EXPRESSION.to_owned(),
            read: cel,
            slips: expression(true),
        },
        Language {
            name: "evalexpr",
            text: evalexpr_rs::EXPRESSION.to_owned(),
            read: evalexpr,
            slips: [
                Some(("if(extensions >= 1, 15", "if(extension >= 1, 15")),
                Some((r#"kind == "投诉""#, r#"kind == "投拆""#)),
                Some(("if(heat >= 1000, 1,", r#"if(heat >= "1000", 1,"#)),
                None,
                Some((
                    r#"level == "村", 2, 3)"#,
                    r#"level == "村", 2, if(heat >= 1000, 1, 3))"#,
                )),
            ],
        },
        Language {
            name: "zen-expression",
            text: zen_expression_rs::EXPRESSION.to_owned(),
            read: zen_expression,
            slips: expression(false),
        },
        #[cfg(feature = "zen")]
        Language {
            name: "zen-engine, tables",
            text: zen_rs::TABLES.to_owned(),
            read: zen_tables,
            slips: table,
        },
        #[cfg(feature = "zen")]
        Language {
            name: "zen-engine, tables, its workspace asked",
            text: zen_rs::TABLES.to_owned(),
            read: zen_workspace,
            slips: table,
        },
        Language {
            name: "regorus",
            text: regorus_rs::POLICY.to_owned(),
            read: rego,
            slips: [
                Some((
                    "15 if input.extensions >= 1\nelse := 10",
                    "15 if input.extension >= 1\nelse := 10",
                )),
                Some((r#"input.kind == "投诉""#, r#"input.kind == "投拆""#)),
                Some((
                    "security := 1 if input.heat >= 1000",
                    r#"security := 1 if input.heat >= "1000""#,
                )),
                Some((
                    "else := old if input.kind == \"积案\"\nelse := 3",
                    "else := old if input.kind == \"积案\"",
                )),
                Some((
                    "else := 2 if input.level == \"村\"\nelse := 3",
                    "else := 2 if input.level == \"村\"\nelse := 1 if input.heat >= 1000\nelse := 3",
                )),
            ],
        },
    ]
}

#[cfg(feature = "zen")]
const LAST_ROW: &str = r#",
     {
      "_id": "days-25",
      "days-kind": "\"致谢\"",
      "days-heat": "",
      "days-level": "",
      "days-channel": "",
      "days-extensions": "",
      "days-days": "3"
     }"#;
#[cfg(feature = "zen")]
const NO_ROW: &str = "";
#[cfg(feature = "zen")]
const SECOND_ROW: &str = r#"     {
      "_id": "days-6","#;
#[cfg(feature = "zen")]
const TWO_ROWS: &str = r#"     {
      "_id": "days-5b",
      "days-kind": "\"停供\"",
      "days-heat": ">= 1000",
      "days-level": "",
      "days-channel": "",
      "days-extensions": "",
      "days-days": "1"
     },
     {
      "_id": "days-6","#;

fn rhai(text: &str) -> Result<Option<Answer>, String> {
    let mut engine = Engine::new_raw();
    engine.set_fast_operators(true);
    engine.set_strict_variables(true);
    engine.set_max_expr_depths(0, 0);
    let tree = engine.compile(text).map_err(said)?;
    Ok(Some(Box::new(move |case| {
        let answer =
            engine.call_fn::<i64>(&mut Scope::new(), &tree, "decide", interpreted::Args(case));
        u32::try_from(answer.map_err(said)?).map_err(said)
    })))
}

fn cel(text: &str) -> Result<Option<Answer>, String> {
    let program = Program::compile(text).map_err(said)?;
    let peer = cel_rs::Cel::new();
    let root = Context::default();
    Ok(Some(Box::new(move |case| {
        cel_rs::answer(&root, &program, &peer.facts(case))
    })))
}

fn evalexpr(text: &str) -> Result<Option<Answer>, String> {
    let tree = evalexpr::build_operator_tree(text).map_err(said)?;
    let peer = evalexpr_rs::Evalexpr::new();
    Ok(Some(Box::new(move |case| {
        let facts = peer.facts(case);
        let answer = tree.eval_int_with_context(&facts).map_err(said)?;
        u32::try_from(answer).map_err(said)
    })))
}

fn zen_expression(text: &str) -> Result<Option<Answer>, String> {
    let expression = zen_expression::compile_expression(text).map_err(said)?;
    let peer = zen_expression_rs::ZenExpression::new();
    Ok(Some(Box::new(move |case| {
        let facts = peer.facts(case);
        let answer = expression.evaluate(facts).map_err(said)?;
        let answer = answer.as_number().ok_or("no number")?;
        answer.try_into().map_err(said)
    })))
}

#[cfg(feature = "zen")]
fn zen_tables(text: &str) -> Result<Option<Answer>, String> {
    let mut peer = zen_rs::Zen::tables_of(text)?;
    Ok(Some(Box::new(move |case| {
        let facts = peer.facts(case);
        peer.answer(&facts)
    })))
}

/// What the engine's own workspace says of the graph, with a schema of what comes in (labels, numbers, yes or no), and does not say of
/// the graph as it is meant: advice on style is not about the slip.
#[cfg(feature = "zen")]
fn zen_workspace(text: &str) -> Result<Option<Answer>, String> {
    let meant = diagnostics(zen_rs::TABLES)?;
    let mut found = diagnostics(text)?;
    found.retain(|it| !meant.contains(it));
    match found.is_empty() {
        true => Ok(None),
        false => Err(found.join("; ")),
    }
}

#[cfg(feature = "zen")]
fn diagnostics(text: &str) -> Result<Vec<String>, String> {
    let mut graph: serde_json::Value = serde_json::from_str(text).map_err(said)?;
    graph["nodes"][0]["content"]["schema"] = zen_rs::input_schema().to_string().into();
    let document: DecisionContent = serde_json::from_value(graph).map_err(said)?;
    let mut workspace = Workspace::new();
    workspace.set_document("decision.json", document);
    let found = workspace.diagnostics("decision.json");
    Ok(found
        .iter()
        .map(|it| format!("{:?}: {}", it.code, it.message))
        .collect())
}

fn rego(text: &str) -> Result<Option<Answer>, String> {
    let policy = regorus_rs::compiled_from(text)?;
    regorus_rs::program(&policy)?;
    let peer = regorus_rs::Rego::new();
    Ok(Some(Box::new(move |case| {
        let facts = peer.facts(case);
        let answer = policy.eval_with_input(facts).map_err(said)?;
        answer.as_u32().map_err(said)
    })))
}

pub fn compare() {
    const CASES: usize = 20_000;
    let cases = cases(CASES);
    for language in languages() {
        // As it is meant, nobody has anything against it.
        if let Err(error) = (language.read)(&language.text) {
            panic!("{}: {error}", language.name);
        }
        println!("\n{}", language.name);
        for (slip, what) in language.slips.iter().zip(SLIPS) {
            let found = match slip {
                None => "cannot be written".to_owned(),
                Some((right, wrong)) => {
                    assert!(language.text.contains(right), "{}: {right}", language.name);
                    let text = language.text.replacen(right, wrong, 1);
                    found(&language, &text, &cases)
                }
            };
            println!("  {what:<30} {found}");
            let line = serde_json::json!({ "part": "mistakes", "name": language.name, "slip": what, "found": found });
            println!("{line}");
        }
    }
}

fn found(language: &Language, text: &str, cases: &[Case]) -> String {
    let mut answer = match (language.read)(text) {
        Err(error) => return format!("when read: {}", first_line(&error)),
        Ok(None) => return "not when read".to_owned(),
        Ok(Some(answer)) => answer,
    };
    let (mut wrong, mut errors) = (0, BTreeMap::<String, usize>::new());
    for case in cases {
        match answer(case) {
            Ok(answer) => wrong += usize::from(answer != by_hand::decide(&row(case))),
            Err(error) => *errors.entry(first_line(&error)).or_default() += 1,
        }
    }
    let failed: usize = errors.values().sum();
    match errors.into_iter().max_by_key(|(_, many)| *many) {
        Some((error, _)) => format!(
            "when a case comes, {failed} of {} fail: {error}; {wrong} others have another answer",
            cases.len()
        ),
        None if wrong > 0 => format!(
            "never; {wrong} of {} cases have another answer",
            cases.len()
        ),
        None => "never; no case has another answer".to_owned(),
    }
}

fn first_line(text: &str) -> String {
    let line = text
        .lines()
        .find(|line| !line.trim().is_empty())
        .unwrap_or("");
    line.chars().take(160).collect()
}
