//! 民意分析: what citizens wrote about in a period, and what has changed.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Board, File, Period, Table, headline, pick, term};
use crate::case::Case;
use crate::plan::{Domain, Given, Plan};
use crate::time::Zone;
use crate::words::{CaseId, Class, FactName, FactValue, Lang, Origin, PlaceCode};

/// By what messages are sorted.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Aspect {
    /// 地方: the place it is about.
    Place,
    /// 类别: the intake officer's class.
    Class,
    /// 渠道: where it came in.
    Channel,
    /// 来源: a citizen's message, or online opinion.
    Origin,
    /// A fact of the pack that has labels: the field (领域), the citizen's own kind.
    Fact(FactName),
}

/// Messages that are alike in an aspect.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Topic {
    /// In what they are alike: a code, a label, an engine's name. None: it was not said.
    pub is: Option<String>,
    /// The cases received in the period, by id. Their number is the count.
    pub cases: Vec<CaseId>,
    /// How many there were in the period before.
    pub before: u64,
    /// The sums over these cases of the pack's moving numbers, as they stand at the end of the period: heat (热度), or how many wrote the
    /// same (聚集).
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub weight: BTreeMap<FactName, i64>,
}

/// One aspect with its topics: those of the most cases first, then by name; what was not said comes last.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AspectTopics {
    /// By what.
    pub aspect: Aspect,
    /// The topics. Over all of them, each case received in the period is there exactly once.
    pub topics: Vec<Topic>,
}

/// What citizens wrote about (民意分析).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Insight {
    /// The zone in which its times are shown.
    pub zone: Zone,
    /// The period.
    pub period: Period,
    /// The period it is compared with.
    pub before: Period,
    /// How many came in.
    pub received: u64,
    /// How many came in before.
    pub received_before: u64,
    /// By every aspect.
    pub aspects: Vec<AspectTopics>,
    /// The names of places.
    pub places: BTreeMap<PlaceCode, String>,
}

/// What came in during a period, sorted by every aspect, beside the period before. Facts count as they stand at the end of each
/// period. A part of a divided case is no message: nobody wrote it.
///
/// ```
/// use duly::report::{Board, Period, insight};
/// let plan = duly::plan::bare("demo".parse()?);
/// let month = |first: &str, last: &str| Some(Period::dates(first.parse().ok()?, last.parse().ok()?, plan.zone));
/// let (september, august) = (month("2026-09-01", "2026-09-30"), month("2026-08-01", "2026-08-31"));
/// if let (Some(september), Some(august)) = (september, august) {
///     let found = insight(&Board::fold(&[], None)?, &plan, september, august);
///     assert_eq!(found.received, 0);
/// }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn insight(board: &Board, plan: &Plan, period: Period, before: Period) -> Insight {
    let received = |of: Period| -> Vec<Case> {
        // What was taken over came in elsewhere.
        let own = board
            .messages()
            .filter(|file| file.case().imported().is_none());
        let files = own.filter(|file| of.holds(file.case().received_at()));
        files.filter_map(|file| File::at(file, of.until)).collect()
    };
    let (now, then) = (received(period), received(before));
    let labels = plan.schema.facts.iter().filter(|fact| {
        matches!(fact.domain, Domain::Labels(_))
            && matches!(fact.given, Given::Citizen | Given::Host | Given::Intake)
    });
    let engine = [
        Aspect::Place,
        Aspect::Class,
        Aspect::Channel,
        Aspect::Origin,
    ];
    let aspects = engine
        .into_iter()
        .chain(labels.map(|fact| Aspect::Fact(fact.name.clone())));
    let weights = plan.schema.facts.iter().filter(|fact| {
        fact.moves && fact.given == Given::Host && matches!(fact.domain, Domain::Whole { .. })
    });
    let weights: Vec<(&FactName, i64)> = weights
        .map(|fact| match &fact.otherwise {
            Some(FactValue::Whole(n)) => (&fact.name, *n),
            _ => (&fact.name, 0),
        })
        .collect();
    let aspects = aspects.map(|aspect| AspectTopics {
        topics: topics(&aspect, &now, &then, &weights),
        aspect,
    });
    Insight {
        zone: plan.zone,
        period,
        before,
        received: now.len() as u64,
        received_before: then.len() as u64,
        aspects: aspects.collect(),
        places: plan
            .places
            .iter()
            .map(|it| (it.code.clone(), it.name.clone()))
            .collect(),
    }
}

fn topics(
    aspect: &Aspect,
    now: &[Case],
    then: &[Case],
    weights: &[(&FactName, i64)],
) -> Vec<Topic> {
    let mut topics: BTreeMap<Option<String>, Topic> = BTreeMap::new();
    let empty = |is: Option<String>| Topic {
        is,
        cases: Vec::new(),
        before: 0,
        weight: BTreeMap::new(),
    };
    for case in now {
        let is = aspect.of(case);
        let topic = topics.entry(is.clone()).or_insert_with(|| empty(is));
        topic.cases.push(case.id().clone());
        for (name, otherwise) in weights {
            let value = match case.facts().get(*name) {
                Some(FactValue::Whole(n)) => *n,
                _ => *otherwise,
            };
            let sum = topic.weight.entry((*name).clone()).or_default();
            *sum = sum.saturating_add(value);
        }
    }
    for case in then {
        let is = aspect.of(case);
        topics.entry(is.clone()).or_insert_with(|| empty(is)).before += 1;
    }
    let mut topics: Vec<Topic> = topics.into_values().collect();
    topics.sort_by(|a, b| {
        let key = |it: &Topic| (it.is.is_none(), std::cmp::Reverse(it.cases.len()));
        key(a).cmp(&key(b)).then_with(|| a.is.cmp(&b.is))
    });
    topics
}

impl Aspect {
    /// What a case is in this aspect.
    fn of(&self, case: &Case) -> Option<String> {
        match self {
            Aspect::Place => Some(case.place().to_string()),
            Aspect::Class => case.class().map(|class| class.name().to_owned()),
            Aspect::Channel => Some(case.channel().to_string()),
            Aspect::Origin => Some(origin(case.origin()).1.to_owned()),
            Aspect::Fact(name) => case.facts().get(name).map(FactValue::to_string),
        }
    }
    /// What it is called.
    pub fn title(&self, lang: Lang) -> String {
        let (zh, en) = match self {
            Aspect::Place => ("地方", "place"),
            Aspect::Class => ("类别", "class"),
            Aspect::Channel => ("渠道", "channel"),
            Aspect::Origin => ("来源", "origin"),
            Aspect::Fact(name) if name == "field" => ("领域", "field"),
            Aspect::Fact(name) if name == "kind" => ("网民自选类别", "kind"),
            Aspect::Fact(name) => return name.clone(),
        };
        pick(lang, zh, en).to_owned()
    }
}

/// Where a case comes from, in Chinese and in English.
fn origin(origin: Origin) -> (&'static str, &'static str) {
    (origin.zh(), origin.name())
}

impl Insight {
    /// The topics of an aspect.
    pub fn of(&self, aspect: &Aspect) -> Option<&AspectTopics> {
        self.aspects.iter().find(|it| it.aspect == *aspect)
    }
    /// One row a topic, the sum of each aspect below it.
    pub fn table(&self, lang: Lang) -> Table {
        let heads = match lang {
            Lang::Zh => ["按", "内容", "件数", "上期", "增减"],
            Lang::En => ["by", "what", "cases", "before", "change"],
        };
        let all = self.aspects.iter().flat_map(|it| &it.topics);
        let weights: std::collections::BTreeSet<&FactName> =
            all.flat_map(|it| it.weight.keys()).collect();
        let columns = heads.into_iter().map(str::to_owned);
        let columns = columns.chain(weights.iter().map(|name| weight_title(name, lang)));
        let columns = columns.chain([pick(lang, "编号", "which").to_owned()]);
        let title = pick(lang, "民意分析", "what citizens wrote about");
        let mut table = Table::new(headline(title, self.period, self.zone, lang), columns);
        for aspect in &self.aspects {
            for topic in &aspect.topics {
                let ids: Vec<&str> = topic.cases.iter().map(CaseId::as_str).collect();
                let heavy = weights.iter().map(|name| {
                    let sum = topic.weight.get(*name);
                    sum.map(i64::to_string).unwrap_or_default()
                });
                let row = [
                    aspect.aspect.title(lang),
                    self.name(&aspect.aspect, topic, lang),
                    topic.cases.len().to_string(),
                    topic.before.to_string(),
                    change(topic.cases.len() as u64, topic.before, lang),
                ];
                table = table.row(
                    row.into_iter()
                        .chain(heavy)
                        .chain([ids.join(pick(lang, "、", ", "))]),
                );
            }
            table = table.row([
                aspect.aspect.title(lang),
                pick(lang, "合计", "total").to_owned(),
                self.received.to_string(),
                self.received_before.to_string(),
                change(self.received, self.received_before, lang),
            ]);
        }
        table
    }

    fn name(&self, aspect: &Aspect, topic: &Topic, lang: Lang) -> String {
        let Some(is) = &topic.is else {
            return pick(lang, "未填", "not said").to_owned();
        };
        match aspect {
            Aspect::Place => {
                let mut places = self.places.iter();
                let name = places.find(|(code, _)| code.as_str() == is);
                name.map_or(is.clone(), |(code, name)| format!("{code} {name}"))
            }
            Aspect::Class => {
                Class::named(is).map_or(is.clone(), |it| term(lang, it.zh(), it.name()))
            }
            Aspect::Origin => {
                let mut all = Origin::ALL.iter().map(|it| origin(*it));
                let known = all.find(|(_, en)| en == is);
                known.map_or(is.clone(), |(zh, en)| pick(lang, zh, en).to_owned())
            }
            _ => is.clone(),
        }
    }
}

fn weight_title(name: &str, lang: Lang) -> String {
    match name {
        "heat" => pick(lang, "热度合计", "sum of heat").to_owned(),
        "crowd" => pick(lang, "同诉求合计", "sum of crowd").to_owned(),
        _ => match lang {
            Lang::Zh => format!("{name} 合计"),
            Lang::En => format!("sum of {name}"),
        },
    }
}

/// In words: a leading sign would make it a formula to a spreadsheet.
fn change(now: u64, before: u64, lang: Lang) -> String {
    let more = now.saturating_sub(before);
    let fewer = before.saturating_sub(now);
    match (more, fewer) {
        (0, 0) => pick(lang, "持平", "same").to_owned(),
        (0, fewer) => format!("{} {fewer}", pick(lang, "少", "fewer by")),
        (more, _) => format!("{} {more}", pick(lang, "多", "more by")),
    }
}
