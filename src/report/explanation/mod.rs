//! 说明: why a case stands where it stands, when what is due and why, and who owes what next; for officers and for its
//! citizen, from one tree of reasons.
//!
//! The tree is built once, for the officer. The citizen's is cut from it: a reason that is the office's own business is
//! left out with all below it, and from every other one falls what is [inside](Inside): persons, rules, grounds. So the two
//! can never tell different facts. Sentences of the tree itself name no person and no ground; they are written for both.
//!
//! Commands that were refused leave no record, and are in no explanation: the refusal itself says why, when it is given.

mod limits;
mod next;
mod past;

use serde::{Deserialize, Serialize};

use super::timeline::Say;
use super::{Table, pick, wall};
use crate::case::Case;
use crate::plan::Plan;
use crate::time::{Calendar, Moment, Zone};
use crate::words::{CaseId, Lang, Reason, Record};

/// Who is told (给谁看).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Audience {
    /// 给工作人员.
    Officer,
    /// 给网民本人.
    Citizen,
}

/// What a reason is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum About {
    /// 现状: where it stands.
    Standing,
    /// 经过: what brought it there.
    Past,
    /// 期限: when something is due.
    Limit,
    /// 期限推算: why then.
    Reckoning,
    /// 下一步: who owes what.
    Next,
}

/// What only officers are told of a reason.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Inside {
    /// Who did it, or has to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub who: Option<String>,
    /// In the words of the timeline, with persons and grounds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub full: Option<String>,
    /// The rules that decided, with their clauses, and the facts that made them decide so.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reasons: Vec<Reason>,
    /// Where those rules stand in the pack's source: `file:line:column`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sources: Vec<String>,
}

/// A reason, with what lies below it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReasonNode {
    /// About what.
    pub about: About,
    /// When.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<Moment>,
    /// In words, for everybody who is told.
    pub says: String,
    /// What only officers are told of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub inside: Option<Inside>,
    /// What lies below it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub below: Vec<ReasonNode>,
    /// The whole reason is the office's own business.
    #[serde(skip)]
    internal: bool,
}

/// The explanation of a case (说明).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Explanation {
    /// The case.
    pub case: CaseId,
    /// For whom.
    pub audience: Audience,
    /// The language of its words.
    pub lang: Lang,
    /// The zone in which its times are shown.
    pub zone: Zone,
    /// Where it stands and what brought it there; what is due and why; who owes what next.
    pub reasons: Vec<ReasonNode>,
}

/// Why a case stands where it stands. `history` and `case` as for [`timeline`](super::timeline); `calendar` is that of the case's plan
/// ([`InHand::calendar`](crate::plan::InHand)). A limit that the calendar cannot reckon is told without its reckoning, and so is one that was
/// counted by another edition of the calendar ([`Schedule::calendar`](crate::words::Schedule::calendar)), which is said.
///
/// ```no_run
/// use duly::report::{Audience, Board, explanation};
/// use duly::words::{Lang, Record};
/// # fn of(records: &[Record], hand: &duly::plan::InHand) -> Result<(), Box<dyn std::error::Error>> {
/// let board = Board::fold(records, None)?;
/// if let Some(file) = board.file(&"m01".parse()?) {
///     let told = explanation(file.history(), file.case(), &hand.plan, &hand.calendar, Audience::Citizen, Lang::Zh);
///     println!("{}", told.table());
/// }
/// # Ok(())
/// # }
/// ```
pub fn explanation(
    history: &[Record],
    case: &Case,
    plan: &Plan,
    calendar: &Calendar,
    audience: Audience,
    lang: Lang,
) -> Explanation {
    let say = Say { plan, case, lang };
    let mut reasons = vec![past::standing(&say, history)];
    reasons.extend(limits::limits(&say, history, calendar));
    reasons.extend(next::next(&say));
    if audience == Audience::Citizen {
        reasons = for_citizen(reasons);
    }
    Explanation {
        case: case.id().clone(),
        audience,
        lang,
        zone: plan.zone,
        reasons,
    }
}

/// What is left for the citizen.
fn for_citizen(reasons: Vec<ReasonNode>) -> Vec<ReasonNode> {
    let open = reasons.into_iter().filter(|node| !node.internal);
    open.map(|node| ReasonNode {
        inside: None,
        below: for_citizen(node.below),
        ..node
    })
    .collect()
}

impl ReasonNode {
    fn new(about: About, at: Option<Moment>, says: impl Into<String>) -> ReasonNode {
        ReasonNode {
            about,
            at,
            says: says.into(),
            inside: None,
            below: Vec::new(),
            internal: false,
        }
    }
    fn internal(self, internal: bool) -> ReasonNode {
        ReasonNode { internal, ..self }
    }
    fn inside(self, inside: Inside) -> ReasonNode {
        let inside = (inside != Inside::default()).then_some(inside);
        ReasonNode { inside, ..self }
    }
    fn below(self, below: Vec<ReasonNode>) -> ReasonNode {
        ReasonNode { below, ..self }
    }
}

impl Inside {
    /// With the rules that decided, and where they stand.
    fn decided<'a>(mut self, plan: &Plan, reasons: impl IntoIterator<Item = &'a Reason>) -> Inside {
        for reason in reasons {
            let clauses = reason.clauses.iter();
            let clauses = clauses.map(|clause| reason.rule.clause(clause.number));
            let rules = std::iter::once(reason.rule.clone()).chain(clauses);
            for at in rules.filter_map(|rule| plan.sources.at.get(&rule).cloned()) {
                if !self.sources.contains(&at) {
                    self.sources.push(at);
                }
            }
            self.reasons.push(reason.clone());
        }
        self
    }
}

impl About {
    /// The title.
    pub fn title(self, lang: Lang) -> &'static str {
        let (zh, en) = match self {
            About::Standing => ("现状", "stands"),
            About::Past => ("经过", "because"),
            About::Limit => ("期限", "limit"),
            About::Reckoning => ("期限推算", "reckoned"),
            About::Next => ("下一步", "next"),
        };
        pick(lang, zh, en)
    }
}

impl Explanation {
    /// Every reason, each before those below it.
    pub fn flat(&self) -> Vec<&ReasonNode> {
        fn into<'a>(nodes: &'a [ReasonNode], all: &mut Vec<&'a ReasonNode>) {
            for node in nodes {
                all.push(node);
                into(&node.below, all);
            }
        }
        let mut all = Vec::new();
        into(&self.reasons, &mut all);
        all
    }
    /// One row a reason.
    pub fn table(&self) -> Table {
        let lang = self.lang;
        let for_officer = self.audience == Audience::Officer;
        let heads = match lang {
            Lang::Zh => ["", "时间", "说明", "谁、详情", "依据", "出处"],
            Lang::En => [
                "",
                "at",
                "what",
                "who, in full",
                "by which rule",
                "where it stands",
            ],
        };
        let heads = heads.into_iter().take(if for_officer { 6 } else { 3 });
        let title = match lang {
            Lang::Zh => format!("{} 办理说明", self.case),
            Lang::En => format!("{}: why it stands where it stands", self.case),
        };
        let table = Table::new(title, heads);
        self.flat().into_iter().fold(table, |table, node| {
            let inside = node.inside.clone().unwrap_or_default();
            let who: Vec<String> = inside.who.into_iter().chain(inside.full).collect();
            let reasons: Vec<String> = inside.reasons.iter().map(|it| told(it, lang)).collect();
            table.row([
                node.about.title(lang).to_owned(),
                node.at.map(|at| wall(at, self.zone)).unwrap_or_default(),
                node.says.clone(),
                who.join(pick(lang, ":", ": ")),
                reasons.join(pick(lang, ";", "; ")),
                inside.sources.join(pick(lang, "、", ", ")),
            ])
        })
    }
}

/// A rule and the facts, in words.
fn told(reason: &Reason, lang: Lang) -> String {
    let rule = Reason {
        because: Vec::new(),
        ..reason.clone()
    };
    let because: Vec<String> = reason.because.iter().map(|it| it.say(lang)).collect();
    match because.is_empty() {
        true => rule.to_string(),
        false => format!(
            "{rule}{}{}",
            pick(lang, ":", ": "),
            because.join(pick(lang, "、", ", "))
        ),
    }
}
