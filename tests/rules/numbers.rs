//! The numbers of the shipped packs, in the guide for rule authors, are those of the packs, each with who says so.

use duly::plan::{Limit, On, Plan, Provenance};

const GUIDE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/rules/README.md");

fn who(provenance: &Provenance) -> String {
    match provenance {
        Provenance::Cited(law) => law.clone(),
        Provenance::Ours(why) => format!("本包自定:{why}"),
        Provenance::Unsaid => "本包自定".into(),
    }
}

fn limit(limit: &Limit) -> String {
    match limit {
        Limit::Span(span) => span.zh(),
        Limit::Share { of, percent } => format!("“{}”的 {percent}%", of.zh()),
    }
}

fn on(on: &On) -> String {
    match on {
        On::Before(span) => format!("到期前 {}", span.zh()),
        On::At => "到期".into(),
        On::After(span) => format!("逾期 {}", span.zh()),
        On::Share(percent) => format!("用去 {percent}%"),
        On::Every { span, most } => format!("逾期后每 {},至多 {most} 次", span.zh()),
    }
}

fn rows(plan: &Plan) -> Vec<String> {
    let row = |item: String, number: String, who: &str| format!("| {item} | {number} | {who} |");
    let ours = who(&Provenance::Unsaid);
    let mut rows = Vec::new();
    for param in &plan.params {
        let range = format!("{},可以设为 {} 至 {}", param.value, param.least, param.most);
        rows.push(row(
            format!("参数 {}", param.name),
            range,
            &who(&param.provenance),
        ));
    }
    for clock in &plan.clocks {
        let title = &clock.title;
        let said = !clock.within.rule.as_str().starts_with("spine.");
        if said && clock.kind != duly::words::ClockKind::Commitment {
            let answers = clock.within.diagram.answers().iter();
            let limits: Vec<String> = answers.map(limit).collect();
            rows.push(row(
                format!("时限 {title}"),
                limits.join(" / "),
                &who(&clock.provenance),
            ));
        }
        if let Some(extension) = &clock.extension {
            let number = format!("{} 次,每次至多 {}", extension.times, extension.most.zh());
            rows.push(row(format!("延期 {title}"), number, &ours));
        }
        if let Some(leaves) = &clock.leaves {
            rows.push(row(format!("须留出 {title}"), leaves.zh(), &ours));
        }
        if !clock.rungs.is_empty() {
            let rungs: Vec<String> = clock.rungs.iter().map(|rung| on(&rung.on)).collect();
            rows.push(row(format!("催办 {title}"), rungs.join("、"), &ours));
        }
    }
    for count in &plan.counts {
        rows.push(row(
            format!("次数 {}", count.count.name()),
            count.at.to_string(),
            &ours,
        ));
    }
    for pause in &plan.pauses {
        let number = format!("至多 {},{} 次", pause.most.zh(), pause.times);
        rows.push(row(format!("不计时 {}", pause.reason), number, &ours));
    }
    rows.push(row(
        "回访 联系不上".into(),
        format!("不同日期 {} 次", plan.callback.attempts),
        &ours,
    ));
    rows.push(row(
        "销账后评价".into(),
        plan.strike_off.rate_within.zh(),
        &ours,
    ));
    rows.push(row("批示至少留出".into(), plan.direct.floor.zh(), &ours));
    rows
}

// Whoever reads the table knows every number that the pack sets, and whom to ask why.
#[test]
fn the_guide_lists_every_number_of_the_pack() {
    let plan = duly::script::load("pack.rhai", duly::script::hainan_board()).unwrap();
    let guide = std::fs::read_to_string(GUIDE).unwrap();
    let (_, rest) = guide
        .split_once("<!-- hainan-board -->\n")
        .expect("the table is there");
    let (table, _) = rest.split_once("<!-- end -->").expect("the table ends");
    let head = [
        "| 条目 item | 数 number | 谁定的 who says so |",
        "|---|---|---|",
    ];
    let all: Vec<String> = head
        .map(str::to_owned)
        .into_iter()
        .chain(rows(&plan))
        .collect();
    let now = format!("\n{}\n\n", all.join("\n"));
    if std::env::var_os("DULY_UPDATE_GUIDE").is_some() {
        let marked = |table: &str| format!("<!-- hainan-board -->\n{table}<!-- end -->");
        std::fs::write(GUIDE, guide.replace(&marked(table), &marked(&now))).unwrap();
    }
    assert_eq!(table, now);
}
