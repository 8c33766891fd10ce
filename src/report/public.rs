//! 公开视图: what everybody may read of a case, and nothing else.
//!
//! It is built up from what may be shown, not cut down from what there is. There is no contact in it, no citizen and no
//! officer by name, no word of the citizen's that an officer has not cleared, and no word of an officer's that was not
//! reviewed: an interim update is shown by its date, since nobody else has read it before it goes to its citizen, and so is
//! a promise that its owner registered later.
//!
//! Two facts of the pack decide, by their names ([`PLACE_PRIVATE`], [`MESSAGE_PUBLIC`]): with the first, given by
//! the citizen, the place is not shown; only with the second, given by the intake officer when screening, are the
//! message's own words. A pack that declares neither shows every place and no message.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{Board, File, Table, pick, term};
use crate::case::{Case, PromiseKept};
use crate::plan::{Domain, Given, Plan};
use crate::time::{Moment, Zone};
use crate::words::{
    Answered, CaseId, Channel, Class, Event, FactValue, Lang, Mark, News, Origin, Outcome,
    PlaceCode, Rating, Shown, Text, TextRef, UnitId,
};

/// The yes-or-no fact that keeps the place of a message from the public (地方不公开), in either language.
pub const PLACE_PRIVATE: [&str; 2] = ["place_private", "地方不公开"];
/// The yes-or-no fact by which an officer clears the message's own words for the public (内容可公开), in either language. It counts only
/// where the pack has it given by the intake officer.
pub const MESSAGE_PUBLIC: [&str; 2] = ["message_public", "内容可公开"];

/// Words that may be read, or what stands for them where they were not looked up or are erased.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PublicText {
    /// The words.
    Text(String),
    /// Their reference.
    Reference(TextRef),
}

/// What the published answer says on one matter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublicMatter {
    /// The matter's number.
    pub matter: u16,
    /// How far it is solved.
    pub mark: Mark,
    /// The words.
    pub text: PublicText,
}

/// The answer that is published.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublicAnswer {
    /// On which day it passed review.
    pub published: NaiveDate,
    /// The unit that answers; none, where the place is not shown, since units are named by their places.
    pub unit: Option<UnitId>,
    /// By matter.
    pub matters: Vec<PublicMatter>,
    /// It says that it lawfully cannot be done.
    pub explained: bool,
    /// The legal basis.
    pub basis: Vec<String>,
}

/// The answer to the same matter that was given to another case, and told to the citizen of this one (并案).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublicElsewhere {
    /// On which day it was told.
    pub on: NaiveDate,
    /// The case that was answered, where that one is public and neither keeps its place from the public.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub case: Option<CaseId>,
}

/// Whether a promise was kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PromiseState {
    /// 未到期: its day is still to come, or has not ended.
    Open,
    /// 已兑现: kept by its day.
    Kept(NaiveDate),
    /// 逾期兑现: kept later.
    KeptLate(NaiveDate),
    /// 未兑现: its day is over.
    Missed,
}

/// A promise that was published, or told to the citizen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublicPromise {
    /// Its number in the case.
    pub number: u32,
    /// The matter.
    pub matter: u16,
    /// For which day.
    pub by_date: NaiveDate,
    /// What is promised, in a reply that passed review. None of a promise that was registered later: nobody else has read its words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub action: Option<PublicText>,
    /// Whether it was kept.
    pub state: PromiseState,
}

/// One case, as everybody may read it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublicCase {
    /// Its identity on the board.
    pub case: CaseId,
    /// The place; none, where the citizen asked for that.
    pub place: Option<PlaceCode>,
    /// Its name.
    pub place_name: String,
    /// Where it came in.
    pub channel: Channel,
    /// Its class, once screened.
    pub class: Option<Class>,
    /// On which day it was received.
    pub received: NaiveDate,
    /// On which day it was taken over from another system: what came before was not witnessed here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub taken_over: Option<NaiveDate>,
    /// 待回复, 办理中 or 已办理.
    pub shown: Shown,
    /// What was written, where an officer has cleared it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<PublicText>,
    /// The days on which the citizen was told how far it is.
    pub updates: Vec<NaiveDate>,
    /// The answer that stands published.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer: Option<PublicAnswer>,
    /// Where it was answered, if it was merged into another case; the words stand there, once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answered_with: Option<PublicElsewhere>,
    /// The promises.
    pub promises: Vec<PublicPromise>,
    /// How it ended.
    pub outcome: Option<Outcome>,
    /// What is known of the citizen's satisfaction: level and scores, never words.
    pub rating: Option<Rating>,
}

/// The public view of a board (公开视图).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublicView {
    /// The pack's title.
    pub title: String,
    /// The zone of its dates.
    pub zone: Zone,
    /// As of when.
    pub until: Option<Moment>,
    /// Its cases, in the order of receipt, then of ids. Online opinion has no citizen who wrote, and is not among them.
    pub cases: Vec<PublicCase>,
}

/// What everybody may read, as of the moment up to which the board was folded. `texts` looks up the words of a reference of a
/// case; where it gives none, the reference stands for them.
///
/// ```
/// use duly::report::{Board, public};
/// let plan = duly::plan::bare("demo".parse()?);
/// let view = public(&Board::fold(&[], None)?, &plan, &|_, _| None);
/// assert!(view.cases.is_empty());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn public(
    board: &Board,
    plan: &Plan,
    texts: &dyn Fn(&CaseId, &TextRef) -> Option<Text>,
) -> PublicView {
    let until = board.until();
    let mut cases: Vec<(Moment, PublicCase)> = board
        .files()
        .filter(|file| file.case().origin() == Origin::Message)
        .map(|file| (file.case().received_at(), one(board, file, plan, texts)))
        .collect();
    cases.sort_by(|(a, one), (b, other)| (a, &one.case).cmp(&(b, &other.case)));
    PublicView {
        title: plan.title.clone(),
        zone: plan.zone,
        until,
        cases: cases.into_iter().map(|(_, case)| case).collect(),
    }
}

/// What a history has made public.
#[derive(Default)]
struct Shows<'a> {
    /// The reply that waits for review.
    draft: Option<Draft<'a>>,
    /// The one that passed, and stands.
    answer: Option<(NaiveDate, Option<UnitId>, Draft<'a>)>,
    /// The answer of the case that it follows, which stands told.
    elsewhere: Option<(NaiveDate, &'a CaseId)>,
    updates: Vec<NaiveDate>,
    /// The promises by number, and whether their words were reviewed.
    promised: BTreeMap<u32, bool>,
}

#[derive(Clone)]
struct Draft<'a> {
    answers: &'a [Answered],
    basis: &'a [String],
    explained: bool,
    promises: Vec<u32>,
}

fn shows(file: &File, zone: Zone) -> Shows<'_> {
    let mut shows = Shows::default();
    for record in file.history() {
        let day = record.at.date(zone);
        match &record.event {
            Event::Updated { .. } => shows.updates.push(day),
            Event::Replied {
                answers,
                basis,
                explained,
                promises,
                ..
            } => {
                shows.draft = Some(Draft {
                    answers,
                    basis,
                    explained: *explained,
                    promises: promises.iter().map(|it| it.number).collect(),
                });
            }
            Event::Published { .. } => {
                if let Some(draft) = shows.draft.take() {
                    let reviewed = draft.promises.iter().map(|number| (*number, true));
                    shows.promised.extend(reviewed);
                    let after = file.at(record.at);
                    let unit = after.and_then(|case| case.team().map(|team| team.unit.clone()));
                    shows.answer = Some((day, unit, draft));
                }
            }
            Event::Committed { promise } => {
                shows.promised.insert(promise.number, false);
            }
            // Sent back, or opened again: what was said does not stand any more.
            Event::Returned { .. } | Event::Reopened { .. } => {
                shows.draft = None;
                shows.answer = None;
                shows.elsewhere = None;
            }
            Event::Relayed { from, news } => match news {
                News::Progress { .. } => shows.updates.push(day),
                News::Answer { .. } => shows.elsewhere = Some((day, from)),
                News::Retracted | News::Reopened => shows.elsewhere = None,
                News::Extended { .. }
                | News::Ended { .. }
                | News::NotOpened
                | News::Question { .. } => {}
            },
            Event::Unmerged { .. } => shows.elsewhere = None,
            _ => {}
        }
    }
    shows
}

fn hides_place(case: &Case) -> bool {
    PLACE_PRIVATE.iter().any(|name| is(case, name))
}

fn one(
    board: &Board,
    file: &File,
    plan: &Plan,
    texts: &dyn Fn(&CaseId, &TextRef) -> Option<Text>,
) -> PublicCase {
    let case = file.case();
    let words = |reference: &TextRef| match texts(case.id(), reference) {
        Some(text) => PublicText::Text(text.as_str().to_owned()),
        None => PublicText::Reference(reference.clone()),
    };
    let shows = shows(file, plan.zone);
    let withdrawn = case.outcome() == Some(Outcome::Withdrawn);
    let hidden = hides_place(case);
    let cleared = MESSAGE_PUBLIC
        .iter()
        .any(|name| by_intake(plan, name) && is(case, name));
    let place = Some(case.place()).filter(|_| !hidden);
    let name = place.and_then(|code| plan.place(code));
    let answer = shows.answer.filter(|_| !withdrawn);
    let elsewhere = shows
        .elsewhere
        .filter(|_| !withdrawn)
        .map(|(on, survivor)| {
            let survivor = board.file(survivor).map(File::case);
            let public =
                survivor.filter(|it| it.origin() == Origin::Message && !hidden && !hides_place(it));
            PublicElsewhere {
                on,
                case: public.map(|it| it.id().clone()),
            }
        });
    let today = board.until().map(|until| until.date(plan.zone));
    let promises = case.promises().iter();
    // What was withdrawn is promised to nobody any more.
    let promises = promises.filter(|it| !withdrawn && !it.void);
    let promises = promises.filter_map(|it| {
        let reviewed = shows.promised.get(&it.promise.number)?;
        Some((it, *reviewed))
    });
    PublicCase {
        case: case.id().clone(),
        place: place.cloned(),
        place_name: name.map(|place| place.name.clone()).unwrap_or_default(),
        channel: case.channel().clone(),
        class: case.class(),
        received: case.received_at().date(plan.zone),
        taken_over: case.imported().map(|it| it.at.date(plan.zone)),
        shown: case.shown(),
        message: (cleared && !withdrawn).then(|| words(case.message())),
        updates: shows.updates,
        answer: answer.map(|(published, unit, draft)| PublicAnswer {
            published,
            // A unit is named by its place.
            unit: unit.filter(|_| !hidden),
            matters: draft
                .answers
                .iter()
                .map(|it| PublicMatter {
                    matter: it.matter,
                    mark: it.mark,
                    text: words(&it.text),
                })
                .collect(),
            explained: draft.explained,
            basis: draft.basis.to_vec(),
        }),
        answered_with: elsewhere,
        promises: promises
            .map(|(it, reviewed)| PublicPromise {
                number: it.promise.number,
                matter: it.promise.matter,
                by_date: it.promise.by_date,
                action: reviewed.then(|| words(&it.promise.action)),
                state: state(it, today, plan.zone),
            })
            .collect(),
        outcome: case.outcome(),
        rating: case.rating(),
    }
}

fn is(case: &Case, name: &str) -> bool {
    case.facts().get(name) == Some(&FactValue::Yes(true))
}

fn by_intake(plan: &Plan, name: &str) -> bool {
    let mut facts = plan.schema.facts.iter();
    facts.any(|fact| {
        fact.name == name && fact.given == Given::Intake && fact.domain == Domain::YesNo
    })
}

pub(super) fn state(kept: &PromiseKept, today: Option<NaiveDate>, zone: Zone) -> PromiseState {
    let by_date = kept.promise.by_date;
    match kept.fulfilled.map(|at| at.date(zone)) {
        Some(on) if on <= by_date => PromiseState::Kept(on),
        Some(on) => PromiseState::KeptLate(on),
        None if today.is_some_and(|today| today > by_date) => PromiseState::Missed,
        None => PromiseState::Open,
    }
}

impl PublicView {
    /// One row a case.
    pub fn table(&self, lang: Lang) -> Table {
        let columns = match lang {
            Lang::Zh => [
                "编号",
                "收到",
                "地方",
                "渠道",
                "类别",
                "状态",
                "留言",
                "进展告知",
                "答复日期",
                "答复单位",
                "答复",
                "承诺",
                "结果",
                "评价",
            ],
            Lang::En => [
                "case",
                "received",
                "place",
                "channel",
                "class",
                "state",
                "message",
                "updates",
                "answered on",
                "by",
                "answer",
                "promises",
                "outcome",
                "rating",
            ],
        };
        let title = format!("{} {}", self.title, pick(lang, "公开视图", "public view"));
        self.cases
            .iter()
            .fold(Table::new(title, columns), |table, it| {
                table.row(it.cells(lang))
            })
    }
}

impl PublicCase {
    fn cells(&self, lang: Lang) -> [String; 14] {
        let comma = pick(lang, "、", ", ");
        let answer = self.answer.as_ref();
        let elsewhere = self.answered_with.as_ref();
        let place = match &self.place {
            Some(code) => format!("{code} {}", self.place_name).trim_end().to_owned(),
            None => pick(lang, "不公开", "not public").to_owned(),
        };
        let updates: Vec<String> = self.updates.iter().map(NaiveDate::to_string).collect();
        let matters = answer.into_iter().flat_map(|it| &it.matters);
        let texts: Vec<String> = matters.map(|it| it.text.to_string()).collect();
        let promises: Vec<String> = self.promises.iter().map(|it| it.say(lang)).collect();
        [
            self.case.to_string(),
            self.received.to_string(),
            place,
            self.channel.to_string(),
            self.class
                .map(|it| term(lang, it.zh(), it.name()))
                .unwrap_or_default(),
            self.state(lang),
            self.message
                .as_ref()
                .map(PublicText::to_string)
                .unwrap_or_default(),
            updates.join(comma),
            answer
                .map(|it| it.published)
                .or(elsewhere.map(|it| it.on))
                .map(|on| on.to_string())
                .unwrap_or_default(),
            answer
                .and_then(|it| it.unit.as_ref().map(UnitId::to_string))
                .unwrap_or_default(),
            match (texts.as_slice(), elsewhere) {
                ([], Some(it)) => it.say(lang),
                _ => texts.join(" / "),
            },
            promises.join(comma),
            self.outcome
                .map(|it| term(lang, it.zh(), it.name()))
                .unwrap_or_default(),
            self.rating.map(|it| rated(it, lang)).unwrap_or_default(),
        ]
    }
}

impl PublicCase {
    fn state(&self, lang: Lang) -> String {
        let shown = term(lang, self.shown.zh(), self.shown.name());
        match (self.taken_over, lang) {
            (None, _) => shown,
            (Some(on), Lang::Zh) => {
                format!("{shown}({on} 从另一系统接续,此前经过未经本系统见证)")
            }
            (Some(on), Lang::En) => format!(
                "{shown} (taken over from another system on {on}; what came before was not witnessed here)"
            ),
        }
    }
}

impl PublicElsewhere {
    fn say(&self, lang: Lang) -> String {
        match (lang, &self.case) {
            (Lang::Zh, Some(case)) => format!("与 {case} 一并答复"),
            (Lang::Zh, None) => "与同一诉求的另一件一并答复".into(),
            (Lang::En, Some(case)) => format!("answered with {case}"),
            (Lang::En, None) => "answered with another message about the same".into(),
        }
    }
}

impl PromiseState {
    /// In words, without the day.
    pub fn say(&self, lang: Lang) -> String {
        let state = match self {
            PromiseState::Open => pick(lang, "未到期", "open"),
            PromiseState::Kept(_) => pick(lang, "已兑现", "kept"),
            PromiseState::KeptLate(_) => pick(lang, "逾期兑现", "kept late"),
            PromiseState::Missed => pick(lang, "未兑现", "missed"),
        };
        state.to_owned()
    }
}

impl PublicPromise {
    fn say(&self, lang: Lang) -> String {
        format!("{} {}", self.by_date, self.state.say(lang))
    }
}

impl std::fmt::Display for PublicText {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            PublicText::Text(text) => f.write_str(text),
            PublicText::Reference(reference) => write!(f, "[{reference}]"),
        }
    }
}

fn rated(rating: Rating, lang: Lang) -> String {
    let Rating::Given { level, scores } = rating else {
        return term(lang, rating.zh(), rating.name());
    };
    let level = term(lang, level.zh(), level.name());
    match scores {
        Some(it) => format!("{level} {}/{}/{}", it.solved, it.attitude, it.speed),
        None => level,
    }
}
