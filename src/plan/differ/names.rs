//! What the parts of a plan are called, and what stands in them, in words.

use serde::de::DeserializeOwned;
use serde_json::Value;

use super::pick;
use crate::plan::{Domain, Given, Limit, On, Plan, Provenance};
use crate::time::Span;
use crate::words::{
    Class, ClockClass, ClockKind, ClockMark, DeclineGround, Gate, Lang, Outcome, PauseSide, Role,
    Verb,
};

/// Fields whose value is one thing, however it is stored.
pub(super) const ATOMS: [&str; 14] = [
    "domain",
    "given",
    "hours",
    "hours_provenance",
    "leaves",
    "most",
    "on",
    "otherwise",
    "provenance",
    "quiet",
    "rate_within",
    "floor",
    "total",
    "within",
];

/// Lists in which it matters what comes first: the later day tables lie over the earlier, and so do seasons; the parts of an act and of a window.
pub(super) const ORDERED: [&str; 3] = ["holidays", "seasons", ""];

/// Fields that a thing is known by: they are in what it is called, and need not be said again.
const KEYS: [(&str, &str); 12] = [
    ("params", "name"),
    ("facts", "name"),
    ("mentions", "fact"),
    ("places", "code"),
    ("posts", "id"),
    ("declines", "ground"),
    ("clocks", "kind"),
    ("counts", "count"),
    ("counts", "at"),
    ("gates", "gate"),
    ("gates", "words"),
    ("pauses", "reason"),
];

/// A thing of the plan by its key.
pub(super) fn thing(part: &str, key: &str, lang: Lang) -> String {
    let zh = lang == Lang::Zh;
    let (first, rest) = key.split_once('.').unwrap_or((key, ""));
    match part {
        "params" if zh => format!("参数“{key}”"),
        "params" => format!("the parameter `{key}`"),
        "facts" if zh => format!("事实“{key}”"),
        "facts" => format!("the fact `{key}`"),
        "mentions" if zh => format!("词语“{key}”"),
        "mentions" => format!("the mention `{key}`"),
        "places" if zh => format!("地方 {key}"),
        "places" => format!("the place `{key}`"),
        "posts" if zh => format!("岗位“{key}”"),
        "posts" => format!("the post `{key}`"),
        "declines" if zh => {
            let ground = DeclineGround::named(key).map_or(key, |it| it.zh());
            format!("不予受理“{ground}”")
        }
        "declines" => format!("declining on `{key}`"),
        "clocks" if zh => format!("“{}”", ClockKind::named(key).map_or(key, |it| it.zh())),
        "clocks" => format!("the `{key}` clock"),
        "counts" if zh => {
            let count = match first {
                "returns" => "退回重办",
                "bounces" => "退单",
                "extensions" => "延期",
                "reopens" => "重开",
                other => other,
            };
            format!("{count}满 {rest} 次")
        }
        "counts" => format!("when `{first}` reaches {rest}"),
        "gates" if zh => format!(
            "“{}”:{rest}",
            Gate::named(first).map_or(first, |it| it.zh())
        ),
        "gates" => format!("the gate `{first}`: {rest}"),
        "pauses" if zh => format!("暂停“{key}”"),
        "pauses" => format!("the pause `{key}`"),
        _ => key.to_owned(),
    }
}

/// Part of the plan, field, and what it is called. The first that fits holds; an empty part fits all.
const FIELDS: &[(&str, &str, &str, &str)] = &[
    (
        "params",
        "least",
        "可改到的最小值",
        "least that it may be set to",
    ),
    (
        "params",
        "most",
        "可改到的最大值",
        "most that it may be set to",
    ),
    ("params", "value", "值", "value"),
    ("params", "fixed", "不许改", "fixed"),
    ("facts", "domain", "取值", "values"),
    ("facts", "given", "由谁填", "given"),
    ("facts", "moves", "会变", "moves"),
    ("facts", "otherwise", "没填时作", "otherwise"),
    ("facts", "question", "问法", "question"),
    ("mentions", "words", "词", "words"),
    ("gates", "words", "要求", "asks for"),
    ("gates", "judged", "何时把关", "judged"),
    ("gates", "gate", "哪一关", "gate"),
    ("counts", "count", "次数", "count"),
    ("counts", "at", "满几次", "at"),
    ("pauses", "side", "算谁的时间", "whose time"),
    ("pauses", "kind", "怎样停", "how it stops time"),
    ("pauses", "most", "每次最长", "at most each time"),
    ("pauses", "times", "最多几次", "times at most"),
    ("pauses", "holds", "只停哪些时限", "holds only"),
    ("pauses", "reason", "事由", "reason"),
    ("places", "intake", "受理岗", "intake office"),
    ("places", "code", "代码", "code"),
    ("declines", "told", "告知去处", "told"),
    ("declines", "ground", "理由", "ground"),
    ("clocks", "class", "谁定的时限", "whose word"),
    ("clocks", "starts", "起算", "starts"),
    ("clocks", "stops", "停止", "stops"),
    ("clocks", "within", "时限", "within"),
    ("clocks", "lapses", "过时即失效", "lapses"),
    ("clocks", "leaves", "须留出", "leaves"),
    (
        "clocks",
        "not_past_whole",
        "不得超过办结时限",
        "not past the whole",
    ),
    ("clocks", "extension", "延期", "extension"),
    ("clocks", "most", "每次最多延", "at most each time"),
    ("clocks", "total", "总共最多延", "at most all together"),
    ("clocks", "times", "最多延几次", "times"),
    ("clocks", "ask_before", "到期日几时前申请", "asked before"),
    ("clocks", "granted_by", "由谁批", "granted by"),
    ("clocks", "told", "告知网民才算数", "counts only once told"),
    ("clocks", "rearms", "延后重新催办", "rearms"),
    ("clocks", "rungs", "催办", "rungs"),
    ("clocks", "kind", "时限", "clock"),
    ("rungs", "on", "何时", "comes"),
    ("rungs", "acts", "做什么", "acts"),
    ("rungs", "at_once", "夜里也发", "at once"),
    ("digest", "cut", "截止时刻", "cut"),
    ("callback", "attempts", "联系不上须试几次", "attempts"),
    ("redo", "grounds", "退回理由", "grounds"),
    ("reopen", "grounds", "重开理由", "grounds"),
    ("reopen", "count", "重开后的时限", "count"),
    ("direct", "floor", "至少留", "floor"),
    ("strike_off", "allow", "准许的办理结果", "allowed outcomes"),
    (
        "strike_off",
        "rate_within",
        "销账后评价仍有效",
        "a rating counts for",
    ),
    ("", "shape", "格式版本", "shape"),
    ("", "pack", "规则包", "pack"),
    ("", "edition", "版次", "edition"),
    ("", "labels", "标签的语言", "language of the labels"),
    ("", "sources_cited", "依据", "sources"),
    ("", "zone", "时区", "zone"),
    ("", "hours", "工作时间", "office hours"),
    (
        "",
        "hours_provenance",
        "工作时间的依据",
        "who sets the office hours",
    ),
    ("", "holidays", "节假日表", "day tables"),
    (
        "",
        "uncovered",
        "节假日未公布的日子",
        "beyond the known holidays",
    ),
    ("", "counting", "怎样计日", "counting"),
    ("", "day_one", "首日", "day one"),
    ("", "ends", "末日止于", "ends"),
    ("", "roll", "末日遇休息日", "roll"),
    ("", "at", "末日几时止", "ends at"),
    ("", "callback", "回访", "call-back"),
    ("", "strike_off", "销账", "striking off"),
    ("", "redo", "退回重办", "redo"),
    ("", "reopen", "重开", "reopening"),
    ("", "direct", "批示", "direction"),
    ("", "track", "督办", "tracking"),
    (
        "",
        "overdue_every",
        "逾期后再报督查(工作日)",
        "working days between notices of overdue",
    ),
    ("", "quiet", "免打扰", "quiet hours"),
    ("", "digest", "日报", "digest"),
    ("", "bulletin", "通报", "bulletin"),
    ("", "name", "名称", "name"),
    ("", "title", "名称", "title"),
    ("", "role", "角色", "role"),
    ("", "id", "代号", "id"),
    ("", "fact", "事实", "fact"),
    ("", "acts", "做什么", "acts"),
    ("", "to", "发给", "to"),
    ("", "provenance", "依据", "provenance"),
];

/// What a field is called; where it has no name here, as it is stored.
pub(super) fn field(part: &str, field: &str, lang: Lang) -> String {
    if part == "strike_off"
        && let Some(class) = Class::named(field)
    {
        return pick(lang, class.zh(), class.name()).to_owned();
    }
    let fits = |(own, name, ..): &&(&str, &str, &str, &str)| {
        *name == field && (own.is_empty() || *own == part)
    };
    match FIELDS.iter().find(fits) {
        Some((_, _, zh, en)) => pick(lang, zh, en).to_owned(),
        None => field.to_owned(),
    }
}

/// What a plan means that leaves a field out.
pub(super) fn unsaid(part: &str, field: &str) -> Value {
    match (part, field) {
        ("pauses", "kind") => "waits".into(),
        (_, "uncovered") => "provisional".into(),
        (_, "holds") => Value::Array(Vec::new()),
        (_, "question") => "".into(),
        (_, "fixed" | "told" | "rearms" | "at_once") => false.into(),
        _ => Value::Null,
    }
}

/// What a plan says there, in words.
pub(super) fn value(plan: &Plan, (part, field): (&str, &str), value: &Value, lang: Lang) -> String {
    let inner = |name: &str, item: &Value| self::value(plan, (part, name), item, lang);
    match value {
        Value::Null => return pick(lang, "无", "none").into(),
        Value::Bool(yes) => {
            return pick(
                lang,
                ["否", "是"][usize::from(*yes)],
                ["no", "yes"][usize::from(*yes)],
            )
            .into();
        }
        Value::String(text) if text.is_empty() => return pick(lang, "空", "empty").into(),
        _ => {}
    }
    if let Some(known) = known(plan, (part, field), value, lang) {
        return known;
    }
    match value {
        Value::String(text) => text.clone(),
        Value::Array(items) if items.is_empty() => pick(lang, "无", "none").into(),
        Value::Array(items) => {
            let all: Vec<String> = items.iter().map(|item| inner(field, item)).collect();
            all.join(pick(lang, "、", ", "))
        }
        Value::Object(fields) => {
            let one = |(name, item): (&String, &Value)| {
                let what = self::field(part, name, lang);
                format!("{what} {}", inner(name, item))
            };
            let own = |(name, _): &(&String, &Value)| !KEYS.contains(&(part, name.as_str()));
            let all: Vec<String> = fields.iter().filter(own).map(one).collect();
            all.join(pick(lang, ";", "; "))
        }
        other => other.to_string(),
    }
}

fn read<T: DeserializeOwned>(value: &Value) -> Option<T> {
    T::deserialize(value).ok()
}

/// What is a term, a length of time or the like.
fn known(plan: &Plan, (part, field): (&str, &str), value: &Value, lang: Lang) -> Option<String> {
    let zh = lang == Lang::Zh;
    let term = |zh: &str, en: &str| Some(pick(lang, zh, en).to_owned());
    macro_rules! term {
        ($type:ty) => {
            read::<$type>(value).and_then(|it| term(it.zh(), it.name()))
        };
    }
    match field {
        "starts" | "stops" => return term!(ClockMark),
        "holds" => return term!(ClockKind),
        "kind" if part == "clocks" => return term!(ClockKind),
        "class" => return term!(ClockClass),
        "side" => return term!(PauseSide),
        "role" | "granted_by" => return term!(Role),
        "ground" => return term!(DeclineGround),
        "gate" => return term!(Gate),
        "to" => return title(plan, value.as_str()?),
        "acts" => {
            let (verb, post): (Verb, String) = read(value)?;
            let post = title(plan, &post)?;
            let name = serde_json::to_value(verb).ok()?;
            return Some(match zh {
                true => format!("{} {post}", verb.zh()),
                false => format!("{} {post}", name.as_str().unwrap_or_default()),
            });
        }
        "given" => return read::<Given>(value).and_then(|it| term(it.zh(), it.say())),
        "domain" => return read::<Domain>(value).map(|it| it.expected(lang)),
        "on" => return read::<On>(value).map(|it| it.say(lang)),
        "provenance" | "hours_provenance" => {
            return Some(match read(value)? {
                Provenance::Unsaid => pick(lang, "没有写", "unsaid").into(),
                Provenance::Cited(text) => format!("{}{text}", pick(lang, "依据 ", "by ")),
                Provenance::Ours(text) => format!("{}{text}", pick(lang, "自定:", "our own: ")),
            });
        }
        "hours" => return hours(value, lang),
        "quiet" => {
            if let Some(window) = value.get("daily").and_then(Value::as_str) {
                return Some(format!("{} {window}", pick(lang, "每天", "daily")));
            }
        }
        _ => {}
    }
    if part == "strike_off" && Class::named(field).is_some() {
        return term!(Outcome);
    }
    if value.is_object() {
        let span = || read::<Span>(value).map(Limit::Span);
        return read::<Limit>(value).or_else(span).map(|it| it.say(lang));
    }
    let text = value.as_str().filter(|_| TERMED.contains(&field))?;
    let words = TERMS.iter().find(|(name, ..)| *name == text);
    words.and_then(|(_, zh, en)| term(zh, en))
}

/// Fields that hold one of [`TERMS`].
const TERMED: [&str; 8] = [
    "count",
    "day_one",
    "ends",
    "judged",
    "kind",
    "quiet",
    "roll",
    "uncovered",
];

/// The words of enums that have none of their own.
const TERMS: &[(&str, &str, &str)] = &[
    ("review", "审核时", "at review"),
    ("strike_off", "销账时", "at striking off"),
    ("waits", "停下,恢复后接着算", "waits, then goes on"),
    ("restarts", "停下,恢复后重新算", "waits, then runs anew"),
    ("excludes", "事后扣除", "is taken out when over"),
    (
        "provisional",
        "先按平常的周算",
        "by the ordinary week, provisionally",
    ),
    ("refuse", "不许设这样的时限", "refused"),
    ("fresh", "重新算", "runs anew"),
    ("continue", "接着算", "goes on"),
    ("min", "从短", "the shorter of the two"),
    ("exclude", "不计入", "is not counted"),
    ("include", "计入", "is counted"),
    (
        "from_instant",
        "满二十四小时为一日",
        "a day is full at the same time of the next",
    ),
    ("same_time", "同一时刻", "at the same time of day"),
    ("close_of_business", "下班时", "at the close of business"),
    ("end_of_day", "二十四时", "at midnight"),
    ("next_working", "顺延", "moves to the next working day"),
    ("prev_working", "提前", "moves to the working day before"),
    ("outside_hours", "工作时间以外", "outside office hours"),
];

fn title(plan: &Plan, post: &str) -> Option<String> {
    let known = plan.post(post).map(|post| post.title.clone());
    Some(known.unwrap_or_else(|| post.to_owned()))
}

/// Days that are alike, together.
fn hours(value: &Value, lang: Lang) -> Option<String> {
    const DAYS: [(&str, &str, &str); 7] = [
        ("mon", "周一", "Mon"),
        ("tue", "周二", "Tue"),
        ("wed", "周三", "Wed"),
        ("thu", "周四", "Thu"),
        ("fri", "周五", "Fri"),
        ("sat", "周六", "Sat"),
        ("sun", "周日", "Sun"),
    ];
    let week = value.get("week")?;
    let mut all: Vec<(&str, &str, String)> = Vec::new();
    for (day, zh, en) in DAYS {
        let name = pick(lang, zh, en);
        let windows: Vec<&str> = week
            .get(day)?
            .as_array()?
            .iter()
            .filter_map(Value::as_str)
            .collect();
        let windows = match windows.is_empty() {
            true => pick(lang, "休息", "closed").to_owned(),
            false => windows.join(pick(lang, "、", ", ")),
        };
        match all.last_mut() {
            Some((_, to, known)) if *known == windows => *to = name,
            _ => all.push((name, name, windows)),
        }
    }
    let one = |(from, to, windows): &(&str, &str, String)| match from == to {
        true => format!("{from} {windows}"),
        false => format!("{from}{}{to} {windows}", pick(lang, "至", " to ")),
    };
    let mut said: Vec<String> = all.iter().map(one).collect();
    let seasons = value.get("seasons").and_then(Value::as_array);
    if let Some(seasons) = seasons.filter(|seasons| !seasons.is_empty()) {
        let of = |season: &Value| {
            let bound = |name| season.get(name).and_then(Value::as_str).unwrap_or_default();
            format!(
                "{}{}{}: {}",
                bound("from"),
                pick(lang, "至", " to "),
                bound("to"),
                hours(season, lang).unwrap_or_default()
            )
        };
        said.extend(seasons.iter().map(of));
    }
    Some(said.join(pick(lang, ";", "; ")))
}
