//! The numbers of the shipped packs, each on the page of its pack, are those of the packs, each with who says so.

use std::collections::BTreeSet;

use duly::plan::{Domain, Limit, On, Plan, Provenance, Quiet};
use duly::script::{Options, SHIPPED, load_with, shipped};
use duly::words::{ClockKind, DutyKind};

/// Where numbers come from that a pack's language has no place to say it of: rungs, counts, extensions, and what a pack sets of its
/// base's. Pack, item, source.
const SOURCES: [(&str, &str, &str); 36] = [
    (
        "hainan-board",
        "延期 答复",
        "本包自定:西宁市城中区(2023)17 时以前申请",
    ),
    (
        "hainan-board",
        "催办 答复",
        "本包自定:颍州区(2022)、宿迁(2025)蓝黄红,三明(2017)蓝橙红",
    ),
    (
        "hainan-board",
        "条件 track.start",
        "本包自定:颍州区(2022)延期多次、再次不满意的亮红牌",
    ),
    (
        "hotline-12345",
        "催办 办理",
        "某市局的 12345 规定(城市不明):到期前催办,过期次日发通知书,逾期满 5 个工作日通报",
    ),
    (
        "hotline-12345",
        "次数 退回 1",
        "《济南市12345市民服务热线条例》第二十九条:承办单位研究;第几次为本包自定",
    ),
    (
        "hotline-12345",
        "次数 退回 2",
        "《济南市12345市民服务热线条例》第二十九条:政府办公室协调;第几次为本包自定",
    ),
    (
        "hotline-12345",
        "次数 退回 3",
        "《济南市12345市民服务热线条例》第三十条、潍坊条例第二十三条:提请常务会议;第几次为本包自定",
    ),
    (
        "hotline-12345",
        "条件 track.start",
        "《济南市12345市民服务热线条例》第二十八条、潍坊条例第二十六条:督办的情形;数为本包自定",
    ),
    (
        "hotline-12345-shandong",
        "参数 咨询期限",
        "山东省 12345 热线省办法(2020):5 个工作日",
    ),
    (
        "hotline-12345-shandong",
        "参数 求助期限",
        "山东省 12345 热线省办法(2020):5 个工作日",
    ),
    (
        "hotline-12345-shandong",
        "参数 建议期限",
        "山东省 12345 热线省办法(2020):5 个工作日",
    ),
    (
        "hotline-12345-shandong",
        "参数 投诉期限",
        "山东省 12345 热线省办法(2020):5 个工作日",
    ),
    (
        "hotline-12345-shandong",
        "参数 延期上限",
        "山东省 12345 热线省办法(2020):特别复杂的不超过 10 个工作日",
    ),
    (
        "hotline-12345-same-day",
        "参数 求助期限",
        "某市局的 12345 规定(城市不明):当日,当日办不了的 3 个工作日",
    ),
    (
        "hotline-12345-same-day",
        "参数 建议期限",
        "某市局的 12345 规定(城市不明):自收到次日起 13 个工作日",
    ),
    (
        "hotline-12345-same-day",
        "参数 投诉期限",
        "某市局的 12345 规定(城市不明):自收到次日起 13 个工作日",
    ),
    (
        "hotline-12345-same-day",
        "参数 应急时限",
        "某市局的 12345 规定(城市不明):当日;写成 8 小时为本包自定",
    ),
    (
        "hotline-12345-shandong",
        "延期 办理",
        "山东省 12345 热线省办法(2020):特别复杂的不超过 10 个工作日",
    ),
    (
        "hotline-12345-same-day",
        "时限 派单",
        "本包自定:收到当日派单;应急的照底本",
    ),
    (
        "hotline-12345-same-day",
        "时限 签收",
        "本包自定:半天内签收;应急的照底本",
    ),
    (
        "hotline-12345-shandong",
        "时限 办理",
        "见各参数;应急、表扬照底本",
    ),
    ("hotline-12345-same-day", "时限 办理", "见各参数"),
    (
        "petition",
        "延期 六十日办理",
        "信访工作条例第三十四条:经本机关负责人批准,至多 30 日,告知理由",
    ),
    (
        "petition",
        "催办 六十日办理",
        "信访工作条例第三十九条、第四十条:督办、约谈;提前、逾期几日为本包自定",
    ),
    (
        "petition",
        "次数 退单 2",
        "信访工作条例第四十条:推诿的督办;第几次为本包自定",
    ),
    (
        "petition",
        "次数 退回 2",
        "信访工作条例第四十条:敷衍、拖延的督办;第几次为本包自定",
    ),
    (
        "petition",
        "不计时 听证",
        "信访工作条例第三十六条:听证时间不计入;60 日、2 次为本包自定",
    ),
    (
        "disclosure",
        "延期 答复",
        "政府信息公开条例第三十三条:经工作机构负责人同意,至多 20 个工作日,告知申请人;一次为本包自定",
    ),
    (
        "disclosure",
        "不计时 补正",
        "政府信息公开条例第三十条:一次告知;7 个工作日为本包自定",
    ),
    (
        "disclosure",
        "不计时 征求第三方意见",
        "政府信息公开条例第三十二条、第三十三条;1 次为本包自定",
    ),
    (
        "disclosure",
        "不计时 征求其他机关意见",
        "政府信息公开条例第三十四条、第三十三条;1 次为本包自定",
    ),
    (
        "uk-housing-complaint",
        "延期 answer",
        "Complaint Handling Code 2024, 6.3 (stage 1: 10), section 6 (stage 2: 20); 分为两次为本包自定",
    ),
    ("us-foia", "延期 determination", "5 U.S.C. 552(a)(6)(B)"),
    (
        "us-foia",
        "不计时 information from the requester",
        "次数:5 U.S.C. 552(a)(6)(A);天数为本包自定",
    ),
    (
        "kr-minwon",
        "延期 answer",
        "Decree: 同样长以内一次,经同意再一次;分为每次 7 天为本包自定",
    ),
    ("kr-minwon", "条件 clock(reply).within", "Act art. 19"),
];

const OURS: &str = "本包自定";

fn who(provenance: &Provenance) -> String {
    match provenance {
        Provenance::Cited(law) => law.clone(),
        Provenance::Ours(why) if why != "自定" => format!("{OURS}:{why}"),
        Provenance::Ours(_) | Provenance::Unsaid => OURS.into(),
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

/// Item, number, from which event, who says so.
type Line = [String; 4];

/// The numbers with which a rule compares facts, and which facts those are.
fn compared(plan: &Plan) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for decision in plan.decisions() {
        let mut numbers = BTreeSet::new();
        for region in decision.diagram().regions(&plan.schema) {
            for (at, (from, _)) in &region.bounds {
                let fact = &plan.schema.facts[*at];
                if let Domain::Whole { least, .. } = fact.domain
                    && *from != least
                {
                    numbers.insert(format!("{} 到 {from}", fact.name));
                }
            }
        }
        if !numbers.is_empty() {
            let all: Vec<String> = numbers.into_iter().collect();
            found.push((decision.rule.to_string(), all.join("、")));
        }
    }
    found
}

fn lines(plan: &Plan) -> Vec<Line> {
    let mut lines: Vec<Line> = Vec::new();
    let mut line = |item: String, number: String, from: &str, who: String| {
        lines.push([item, number, from.to_owned(), who]);
    };
    let ours = || OURS.to_owned();
    let hours = serde_json::to_value(&plan.hours).unwrap();
    let day = hours["week"]["mon"].as_array().unwrap();
    let day: Vec<&str> = day.iter().filter_map(|it| it.as_str()).collect();
    line(
        "作息".into(),
        day.join("、"),
        "—",
        who(&plan.hours_provenance),
    );
    for param in &plan.params {
        let range = format!("{},可以设为 {} 至 {}", param.value, param.least, param.most);
        line(
            format!("参数 {}", param.name),
            range,
            "—",
            who(&param.provenance),
        );
    }
    for clock in &plan.clocks {
        let title = &clock.title;
        if !clock.within.rule.as_str().starts_with("spine.") && clock.kind != ClockKind::Commitment
        {
            let limits: Vec<String> = clock.within.diagram.answers().iter().map(limit).collect();
            line(
                format!("时限 {title}"),
                limits.join(" / "),
                clock.starts.zh(),
                who(&clock.provenance),
            );
        }
        if let Some(extension) = &clock.extension {
            let number = format!("{} 次,每次至多 {}", extension.times, extension.most.zh());
            let until = extension
                .ask_before
                .map_or("到期以前申请".to_owned(), |hour| {
                    format!("到期日 {} 以前申请", hour.format("%H:%M"))
                });
            line(format!("延期 {title}"), number, &until, ours());
        }
        if let Some(leaves) = &clock.leaves {
            line(format!("须留出 {title}"), leaves.zh(), "到期以前", ours());
        }
        if !clock.rungs.is_empty() {
            let rungs: Vec<String> = clock.rungs.iter().map(|rung| on(&rung.on)).collect();
            line(format!("催办 {title}"), rungs.join("、"), "—", ours());
        }
    }
    for duty in &plan.duties {
        let title = &duty.title;
        let number = match duty.counting.at {
            Some(at) => format!("{}后的 {}", duty.within.zh(), at.format("%H:%M")),
            None => duty.within.zh(),
        };
        let number = match &duty.every {
            Some(every) if *every == duty.within => format!("每 {}", every.zh()),
            Some(every) => format!("每 {},期内 {number}", every.zh()),
            None => number,
        };
        let from = if duty.kind == DutyKind::Digest {
            "截止"
        } else {
            "下达"
        };
        line(format!("义务 {title}"), number, from, who(&duty.provenance));
        if !duty.rungs.is_empty() {
            let rungs: Vec<String> = duty.rungs.iter().map(|rung| on(&rung.on)).collect();
            line(format!("催办 {title}"), rungs.join("、"), "—", ours());
        }
    }
    if plan.divide != Default::default() {
        let slack = plan.divide.slack.zh();
        line(
            "分办 汇总".into(),
            slack,
            "答复到期以前",
            who(&plan.divide.provenance),
        );
    }
    for bundle in &plan.bundles {
        for part in &bundle.parts {
            let after: Vec<&str> = part.after.iter().map(|key| key.as_str()).collect();
            let from = match after.is_empty() {
                true => "分办".to_owned(),
                false => format!("{} 办结", after.join("、")),
            };
            let item = format!("一件事 {}", part.title);
            line(item, part.within.zh(), &from, who(&bundle.provenance));
        }
    }
    for signal in &plan.signals {
        let item = format!("预警 {}", signal.title);
        let within = format!("{} 之内算同一件", signal.window.zh());
        line(item, within, "立件的预警", who(&signal.provenance));
    }
    for count in &plan.counts {
        let item = format!("次数 {} {}", count.count.zh(), count.at);
        line(
            item,
            format!("第 {} 次", count.at),
            count.count.zh(),
            ours(),
        );
    }
    for (rule, numbers) in compared(plan) {
        line(format!("条件 {rule}"), numbers, "—", ours());
    }
    for pause in &plan.pauses {
        let number = format!("至多 {},{} 次", pause.most.zh(), pause.times);
        line(format!("不计时 {}", pause.reason), number, "中止", ours());
    }
    let attempts = format!("不同日期 {} 次", plan.callback.attempts);
    line("回访 联系不上".into(), attempts, "公布", ours());
    line(
        "销账后评价".into(),
        plan.strike_off.rate_within.zh(),
        "销账",
        ours(),
    );
    line(
        "批示至少留出".into(),
        plan.direct.floor.zh(),
        "批示",
        ours(),
    );
    let again = format!("每 {} 个工作日", plan.overdue_every);
    line("超期再报".into(), again, "最后一级催办", ours());
    if let Some(Quiet::Daily(window)) = &plan.quiet {
        line("免打扰".into(), window.to_string(), "—", ours());
    }
    let cut = plan.digest.cut.format("%H:%M").to_string();
    line("日报截止".into(), cut, "每天", ours());
    lines
}

fn plan(name: &str) -> Plan {
    let options = Options::default().with_shipped();
    load_with(name, shipped(name).unwrap(), &options).unwrap()
}

/// What a pack lies over.
fn base(name: &str) -> Option<&'static str> {
    match name {
        "hainan-board-guide-county" => Some("hainan-board"),
        "hotline-12345-shandong" | "hotline-12345-same-day" => Some("hotline-12345"),
        _ => None,
    }
}

/// The table of a pack: all its numbers; of one over another, those that it does not share with it.
fn table(name: &str) -> Vec<String> {
    let below = base(name).map_or(Vec::new(), |base| lines(&plan(base)));
    let mut said = BTreeSet::new();
    let rows = lines(&plan(name))
        .into_iter()
        .filter(|line| !below.contains(line));
    let mut rows: Vec<String> = rows
        .map(|[item, number, from, who]| {
            let source = SOURCES
                .iter()
                .find(|(pack, of, _)| *pack == name && *of == item);
            let who = source.map_or(who, |(.., source)| (*source).to_owned());
            said.extend(source.map(|(_, of, _)| *of));
            format!("| {item} | {number} | {from} | {who} |")
        })
        .collect();
    let all = SOURCES.iter().filter(|(pack, ..)| *pack == name);
    let unused: Vec<_> = all.filter(|(_, of, _)| !said.contains(of)).collect();
    assert!(unused.is_empty(), "{name} has no such number: {unused:?}");
    rows.insert(
        0,
        "| 条目 item | 数 number | 从何时起 from | 谁定的 who says so |".into(),
    );
    rows.insert(1, "|---|---|---|---|".into());
    rows
}

// Whoever reads the table knows every number that a pack sets, and whom to ask why; and finds none that it does not set.
#[test]
fn the_page_of_a_pack_lists_every_number_of_it() {
    let mut differ = Vec::new();
    for name in SHIPPED {
        let page = format!("{}/rules/{name}/README.md", env!("CARGO_MANIFEST_DIR"));
        let text = std::fs::read_to_string(&page).unwrap();
        let (_, rest) = text
            .split_once("<!-- numbers -->\n")
            .expect("the table is there");
        let (was, _) = rest.split_once("<!-- end -->").expect("the table ends");
        let now = format!("\n{}\n\n", table(name).join("\n"));
        if std::env::var_os("DULY_UPDATE_GUIDE").is_some() {
            let marked = |table: &str| format!("<!-- numbers -->\n{table}<!-- end -->");
            std::fs::write(&page, text.replace(&marked(was), &marked(&now))).unwrap();
        }
        if was != now {
            differ.push(format!("{page}: {now}"));
        }
    }
    assert!(differ.is_empty(), "{}", differ.join("\n"));
}

// A range that the page shows is the range that a pack above may use, to the last number.
#[test]
fn a_parameter_goes_as_far_as_its_range_says_and_no_further() {
    // A parameter belongs to the pack that declares it.
    for name in SHIPPED.into_iter().filter(|name| base(name).is_none()) {
        for param in &plan(name).params {
            let with = |value: i64| {
                let mut options = Options::default().with_shipped();
                options.params.insert(param.name.clone(), value);
                load_with(name, shipped(name).unwrap(), &options).is_ok()
            };
            for (value, fits) in [
                (param.least - 1, false),
                (param.least, true),
                (param.most, true),
                (param.most + 1, false),
            ] {
                assert_eq!(with(value), fits, "{name}: {} = {value}", param.name);
            }
        }
    }
}
