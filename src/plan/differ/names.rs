//! What the parts of a plan are called, and what stands in them, in words.

use serde::de::DeserializeOwned;
use serde_json::Value;

use super::fields::{FIELDS, KEYS, TERMED, TERMS};
use super::pick;
use crate::plan::{Domain, Given, InForce, Limit, Mode, On, Plan, Provenance, RankBy, Since};
use crate::time::Span;
use crate::words::{
    Class, ClockClass, ClockKind, ClockMark, DeclineGround, DutyKind, Gate, Lang, Outcome,
    PauseSide, PlaceLevel, Role, Verb,
};

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
        "derived" if zh => format!("推定的事实“{key}”"),
        "derived" => format!("the derived fact `{key}`"),
        "notices" if zh => format!(
            "“{}”时的告知“{rest}”",
            ClockMark::ALL
                .iter()
                .find(|mark| mark.name() == first)
                .map_or(first, |mark| mark.zh())
        ),
        "notices" => format!("the notice `{rest}` on `{first}`"),
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
        "duties" if zh => format!("义务“{}”", DutyKind::named(key).map_or(key, |it| it.zh())),
        "duties" => format!("the obligation `{key}`"),
        "bundles" if zh => format!("一件事“{key}”"),
        "bundles" => format!("the bundle `{key}`"),
        "signals" if zh => format!("预警“{key}”"),
        "signals" => format!("the signal `{key}`"),
        "pauses" if zh => format!("暂停“{key}”"),
        "pauses" => format!("the pause `{key}`"),
        _ => key.to_owned(),
    }
}

/// What a field is called; where it has no name here, as it is stored.
pub(super) fn field(part: &str, field: &str, lang: Lang) -> String {
    if part == "strike_off"
        && let Some(class) = Class::named(field)
    {
        return pick(lang, class.zh(), class.name()).to_owned();
    }
    let mut all = FIELDS.iter();
    match all.find(|(own, name, ..)| named((own, name), part, field)) {
        Some((_, _, zh, en)) => pick(lang, zh, en).to_owned(),
        None => field.to_owned(),
    }
}

fn named((own, name): (&str, &str), part: &str, field: &str) -> bool {
    name == field && (own.is_empty() || own == part)
}

/// What a plan means that leaves a field out.
pub(super) fn unsaid(part: &str, field: &str) -> Value {
    match (part, field) {
        ("pauses", "kind") => "waits".into(),
        (_, "uncovered") => "provisional".into(),
        (_, "holds" | "channels" | "rungs" | "after") => Value::Array(Vec::new()),
        (_, "question") => "".into(),
        (_, "fixed" | "told" | "rearms" | "at_once" | "optional") => false.into(),
        _ => Value::Null,
    }
}

/// What a plan says there, in words.
pub(super) fn value(plan: &Plan, (part, field): (&str, &str), value: &Value, lang: Lang) -> String {
    let inner = |name: &str, item: &Value| self::value(plan, (part, name), item, lang);
    match value {
        Value::Null => return pick(lang, "无", "none").into(),
        Value::Bool(true) => return pick(lang, "是", "yes").into(),
        Value::Bool(false) => return pick(lang, "否", "no").into(),
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
            let counting = serde_json::to_value(plan.counting).unwrap_or_default();
            // What goes without saying is not said.
            let says = |(name, item): &(&String, &Value)| {
                let usual = name.as_str() == "counting" && **item == counting;
                let empty = item.as_array().is_some_and(Vec::is_empty);
                let no = **item == Value::Bool(false) && name.as_str() != "otherwise";
                let nothing = item.is_null() || no || *item == "unsaid";
                !(usual || empty || nothing || KEYS.contains(&(part, name.as_str())))
            };
            let one = |(name, item): (&String, &Value)| {
                format!("{} {}", self::field(part, name, lang), inner(name, item))
            };
            let mut all: Vec<(&String, &Value)> = fields.iter().filter(says).collect();
            all.sort_by_key(|(name, _)| {
                FIELDS
                    .iter()
                    .position(|(own, it, ..)| named((own, it), part, name))
            });
            let all: Vec<String> = all.into_iter().map(one).collect();
            match all.is_empty() {
                // Its name says all that there is to say.
                true => pick(lang, "有", "there").into(),
                false => all.join(pick(lang, ";", "; ")),
            }
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
        "class" => return term!(ClockClass),
        "mode" => return term!(Mode),
        "by" => return term!(RankBy),
        "in_force" => {
            let InForce { from, to } = read(value)?;
            return Some(match (lang, to) {
                (Lang::Zh, None) => format!("{from} 起"),
                (Lang::Zh, Some(to)) => format!("{from} 至 {to}"),
                (Lang::En, None) => format!("from {from}"),
                (Lang::En, Some(to)) => format!("{from} to {to}"),
            });
        }
        "later" => {
            let Since { from, value } = read(value)?;
            return Some(match lang {
                Lang::Zh => format!("{from} 起 {value}"),
                Lang::En => format!("{value} from {from}"),
            });
        }
        "side" => return term!(PauseSide),
        "role" | "granted_by" => return term!(Role),
        "lowest" => return term!(PlaceLevel),
        // Of which other cases is compared case by case.
        "review" => return term("下级交办的件", "what is handed down"),
        "to" | "owed_by" => return title(plan, value.as_str()?),
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
        "ask_before" | "cut" => return value.as_str()?.strip_suffix(":00").map(str::to_owned),
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
