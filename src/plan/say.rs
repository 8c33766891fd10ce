//! Facts and their values in words, for people.

use serde::Serialize;

use super::about::pick;
use super::{Domain, FactRule, Given, Said, Side};
use crate::words::{FactName, FactValue, Lang};

/// A fact, and the values that it is to have.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Bound {
    /// Which fact.
    pub fact: FactName,
    /// Of two plans the one that alone has it, where only one has.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub only: Option<Side>,
    /// The values: ranges with both ends.
    pub ranges: Vec<(FactValue, FactValue)>,
    /// In words: the fact, and its values.
    pub says: (Said, Said),
    #[serde(skip)]
    domain: Domain,
    #[serde(skip)]
    codes: Vec<(i64, i64)>,
}

impl Bound {
    /// Ranges of codes of a fact, clipped to those it has.
    pub(super) fn of(fact: &FactRule, only: Option<Side>, codes: &[(i64, i64)]) -> Bound {
        let domain = fact.domain.clone();
        let (floor, top) = domain.codes();
        let clip = |(least, most): &(i64, i64)| (*least.max(&floor), *most.min(&top));
        let codes: Vec<(i64, i64)> = codes.iter().map(clip).collect();
        let listed: Vec<(i64, i64)> = match domain {
            Domain::Whole { .. } | Domain::Percent { .. } | Domain::Date { .. } => codes.clone(),
            _ => {
                let all = codes.iter().flat_map(|(least, most)| *least..=*most);
                all.map(|code| (code, code)).collect()
            }
        };
        let value = |(least, most): (i64, i64)| (domain.value(least), domain.value(most));
        Bound {
            fact: fact.name.clone(),
            only,
            ranges: listed.into_iter().map(value).collect(),
            says: (
                Said::by(|lang| fact.called(lang)),
                Said::by(|lang| domain.words(&codes, lang)),
            ),
            domain,
            codes,
        }
    }
    /// In words: `heat is at least 100`.
    pub fn say(&self, lang: Lang) -> String {
        let (fact, is) = (self.says.0.say(lang), self.says.1.say(lang));
        let number = matches!(self.domain, Domain::Whole { .. } | Domain::Percent { .. });
        match lang {
            Lang::En => format!("{fact} is {is}"),
            Lang::Zh if number && !is.starts_with(|c: char| c.is_ascii_digit() || c == '-') => {
                format!("{fact} {is}")
            }
            Lang::Zh if matches!(self.domain, Domain::Date { .. }) => format!("{fact} 在 {is}"),
            Lang::Zh => {
                let blank = if fact.is_ascii() { " " } else { "" };
                format!("{fact}{blank}为{}{is}", if number { " " } else { "" })
            }
        }
    }
    /// Whether a value is among them.
    pub fn holds(&self, value: &FactValue) -> bool {
        let within = |code| {
            let mut ranges = self.codes.iter();
            ranges.any(|(least, most)| (*least..=*most).contains(&code))
        };
        self.domain.code(value).is_some_and(within)
    }
}

/// What the engine's facts are called in Chinese.
const CALLED: [(&str, &str); 18] = [
    ("class", "类别"),
    ("place_level", "地方代码位数"),
    ("opinion", "网络舆情"),
    ("returns", "退回次数"),
    ("bounces", "退单次数"),
    ("extensions", "延期次数"),
    ("reopens", "重开次数"),
    ("directed", "领导批示"),
    ("tracked", "督办"),
    ("mark", "答复等次"),
    ("has_action", "写明措施"),
    ("has_person", "写明责任人"),
    ("dated", "写明日期"),
    ("has_contact", "有联系记录"),
    ("has_basis", "有依据"),
    ("explains", "依法解释"),
    ("rating", "评价"),
    ("rechecked", "已复核"),
];

impl FactRule {
    /// The name for people: as rules write it, and for the engine's own facts in Chinese the term before it.
    ///
    /// ```
    /// use duly::plan::engine_facts;
    /// use duly::words::Lang;
    /// let facts = engine_facts(Lang::Zh);
    /// assert_eq!(facts[0].called(Lang::Zh), "类别(class)");
    /// assert_eq!(facts[0].called(Lang::En), "class");
    /// ```
    pub fn called(&self, lang: Lang) -> String {
        let term = CALLED.iter().find(|(name, _)| *name == self.name);
        match term {
            Some((name, zh)) if lang == Lang::Zh && self.given == Given::Engine => {
                format!("{zh}({name})")
            }
            _ => self.name.clone(),
        }
    }
}

impl Domain {
    /// A value in words.
    pub fn word(&self, code: i64, lang: Lang) -> String {
        match self {
            Domain::YesNo if code == 0 => pick(lang, "否", "no").into(),
            Domain::YesNo => pick(lang, "是", "yes").into(),
            _ => self.value(code).to_string(),
        }
    }
    /// Ranges of codes in words, rising and apart from each other.
    ///
    /// ```
    /// use duly::plan::Domain;
    /// use duly::words::Lang;
    /// let heat = Domain::Whole { least: 0, most: 1000 };
    /// assert_eq!(heat.words(&[(100, 1000)], Lang::Zh), "不少于 100");
    /// assert_eq!(heat.words(&[(0, 9), (20, 30)], Lang::En), "at most 9, or 20 to 30");
    /// ```
    pub fn words(&self, ranges: &[(i64, i64)], lang: Lang) -> String {
        if matches!(self, Domain::YesNo | Domain::Labels(_)) {
            let codes = ranges.iter().flat_map(|(least, most)| *least..=*most);
            let all: Vec<String> = codes.map(|code| self.word(code, lang)).collect();
            return all.join(pick(lang, "、", " or "));
        }
        let (floor, top) = self.codes();
        let date = matches!(self, Domain::Date { .. });
        let from = |low: &str| match lang {
            Lang::Zh if date => format!("{low} 及以后"),
            Lang::En if date => format!("on or after {low}"),
            Lang::Zh => format!("不少于 {low}"),
            Lang::En => format!("at least {low}"),
        };
        let to = |high: &str| match lang {
            Lang::Zh if date => format!("{high} 及以前"),
            Lang::En if date => format!("on or before {high}"),
            Lang::Zh => format!("不多于 {high}"),
            Lang::En => format!("at most {high}"),
        };
        let one = |(least, most): &(i64, i64)| {
            let (low, high) = (self.word(*least, lang), self.word(*most, lang));
            match (*least <= floor, *most >= top) {
                _ if least == most => low,
                (false, true) => from(&low),
                (true, false) => to(&high),
                _ => format!("{low} {} {high}", pick(lang, "至", "to")),
            }
        };
        let all: Vec<String> = ranges.iter().map(one).collect();
        all.join(pick(lang, ",或者 ", ", or "))
    }
    /// What a value must be, in words.
    ///
    /// ```
    /// use duly::plan::Domain;
    /// use duly::words::Lang;
    /// assert_eq!(Domain::YesNo.expected(Lang::En), "true or false");
    /// ```
    pub fn expected(&self, lang: Lang) -> String {
        match lang {
            Lang::En => self.expects(),
            Lang::Zh => self.expects_zh(),
        }
    }
}
