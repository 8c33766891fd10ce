//! The rules of a plan.

use std::collections::BTreeMap;

use chrono::NaiveTime;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use unicode_normalization::UnicodeNormalization;

use super::{
    BundleRule, Clauses, DerivedRule, Diagram, DivideRule, DutyRule, InForce, NoticeRule, Path,
    Quiet, RankingRule, Row, Schema, SignalRule, Since,
};
use crate::time::{Counting, Hours, Span, Zone};
use crate::words::{
    Class, ClockClass, ClockKind, ClockMark, DeclineGround, FactName, Gate, Lang, Outcome, PackId,
    PauseSide, PlaceCode, PlanId, Reason, Role, RuleId, RuleSource, UnitId, Verb, unseen,
};

/// Who says so: a citation, or the deploying office itself.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Provenance {
    /// Nothing was said.
    #[default]
    Unsaid,
    /// A law, regulation or standard, with article.
    Cited(String),
    /// The pack's own number, with the precedents it lies within; whoever deploys it answers for it.
    Ours(String),
}

impl Provenance {
    pub(super) fn is_unsaid(&self) -> bool {
        *self == Provenance::Unsaid
    }
}

/// One rule: its identity and its diagram.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(bound(deserialize = "A: Deserialize<'de> + PartialEq"))]
pub struct Decision<A> {
    /// Its identity in the pack.
    pub rule: RuleId,
    /// Every answer it can give, and when.
    pub diagram: Diagram<A>,
    /// Its clauses, where it is written in clauses.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clauses: Option<Box<Clauses>>,
}

impl<A> Decision<A> {
    /// A rule that is not written in clauses.
    pub fn new(rule: RuleId, diagram: Diagram<A>) -> Decision<A> {
        Decision {
            rule,
            diagram,
            clauses: None,
        }
    }
    /// The answer and the path to it: little dearer than the answer alone. [`Decided::reason`] puts it into words.
    #[inline]
    pub fn decided<'a>(&'a self, row: &'a Row) -> Decided<'a, A> {
        Decided {
            decision: self,
            row,
            path: self.diagram.path(row),
        }
    }
    /// The answer, with the facts that led to it and the clause that decided, in words.
    pub fn decide(&self, schema: &Schema, row: &Row) -> (&A, Reason) {
        let path = self.diagram.path(row);
        (path.answer(), self.reason(schema, row, &path))
    }
    fn reason(&self, schema: &Schema, row: &Row, path: &Path<'_, A>) -> Reason {
        let (clauses, because) = match &self.clauses {
            None => (Vec::new(), path.because(schema)),
            Some(clauses) => {
                let facts = clauses.grounds(row, path.facts());
                (
                    clauses.decisive(row),
                    super::path::because(schema, facts.into_iter()),
                )
            }
        };
        Reason {
            rule: self.rule.clone(),
            clauses,
            because,
        }
    }
    /// The answer alone.
    pub fn answer(&self, row: &Row) -> &A {
        self.diagram.answer(row)
    }
}

/// What a rule decided for one row, and on what grounds.
///
/// ```
/// use duly::plan::bare;
/// use duly::words::ClockKind;
/// let plan = bare("demo".parse()?);
/// let row = plan.schema.row(|_| None);
/// let decided = plan.clock(ClockKind::Reply).unwrap().within.decided(&row);
/// assert_eq!(decided.reason(&plan.schema).to_string(), "spine.clock(reply).within");
/// # Ok::<(), duly::words::InvalidId>(())
/// ```
#[derive(Debug, Clone)]
pub struct Decided<'a, A> {
    decision: &'a Decision<A>,
    row: &'a Row,
    path: Path<'a, A>,
}

impl<'a, A> Decided<'a, A> {
    /// The answer.
    #[inline]
    pub fn answer(&self) -> &'a A {
        self.path.answer()
    }
    /// The path to it.
    #[inline]
    pub fn path(&self) -> &Path<'a, A> {
        &self.path
    }
    /// The rule, the clause of it that decided, and the facts that made it answer so, in words.
    pub fn reason(&self, schema: &Schema) -> Reason {
        self.decision.reason(schema, self.row, &self.path)
    }
}

/// A place (地方) with its one intake office.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// The administrative code.
    pub code: PlaceCode,
    /// The name, for people.
    pub name: String,
    /// The intake office (受理岗).
    pub intake: String,
}

/// A post that is told things: a role of the case, or an office by itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Post {
    /// As rules name it: `owner`, `ducha`.
    pub id: String,
    /// The title, for people.
    pub title: String,
    /// The role it is, where it is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<Role>,
}

/// A number that a pack names and whoever deploys it may set anew.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Param {
    /// Its name.
    pub name: String,
    /// What it is set to. Rules were read with it: to set it anew, load the pack again.
    pub value: i64,
    /// What it is for what is received from later dates on, dates rising. Empty where it was set from outside: such a value holds
    /// on all dates.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub later: Vec<Since>,
    /// The least it may be set to.
    pub least: i64,
    /// The most it may be set to.
    pub most: i64,
    /// Nobody may set it anew.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub fixed: bool,
    /// Who says so.
    #[serde(default)]
    pub provenance: Provenance,
}

/// Words to be found in a reply, as a yes-or-no fact.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mention {
    /// The fact that says whether any was found.
    pub fact: FactName,
    /// The words, compared without white space and whatever else is not seen, after NFKC normalisation.
    pub words: Vec<String>,
}

impl Mention {
    /// A word, or a text in which words are looked for, as they are compared: nothing that is not seen hides a word, nor does a full-width form.
    pub(crate) fn compared(text: &str) -> String {
        let joins = |c: &char| matches!(c, '\u{34f}' | '\u{180b}'..='\u{180f}' | '\u{200c}' | '\u{200d}' | '\u{fe00}'..='\u{fe0f}');
        let seen = |c: &char| !c.is_whitespace() && !unseen(*c) && !joins(c);
        text.nfkc().filter(seen).collect()
    }
}

/// A ground for declining.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeclineRule {
    /// The ground.
    pub ground: DeclineGround,
    /// Whether it may be used.
    pub when: Decision<bool>,
    /// Where the citizen is to be sent.
    pub told: String,
}

/// Who should lead.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RouteRule {
    /// The unit, or nobody: then a person decides.
    pub lead: Decision<Option<UnitId>>,
}

/// How long a clock may run.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Limit {
    /// A span of its own.
    Span(Span),
    /// A share of another clock's time, in percent: a co-handler's part within half of the lead's.
    Share {
        /// Of which clock.
        of: ClockKind,
        /// 1 to 100.
        percent: u8,
    },
}

/// How a clock can be extended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExtensionRule {
    /// How many times.
    pub times: u32,
    /// By how much at most, each time.
    pub most: Span,
    /// By how much at most, all together; counted from the due moment before the first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub total: Option<Span>,
    /// Until which hour of the due day it may be asked; until the due moment itself, if not said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ask_before: Option<NaiveTime>,
    /// Who grants.
    pub granted_by: Role,
    /// Whether it counts only once the citizen has the notice of reason and new date, and no later than the old due moment. Told
    /// means delivered.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub told: bool,
    /// Whether rungs that came already, and that the new due moment puts ahead again, come again. Without it what
    /// has come stays come.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub rearms: bool,
    /// For which cases it may be asked and granted; for all, if nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<Decision<bool>>,
}

/// What a rung is fixed to.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum On {
    /// So long before due, counted on the clock itself.
    Before(Span),
    /// At due.
    At,
    /// So long after due, by the calendar.
    After(Span),
    /// When that share of the time is used up, in percent.
    Share(u8),
    /// Again and again after due.
    Every {
        /// How far apart.
        span: Span,
        /// How often at most.
        most: u32,
    },
}

/// One rung of a ladder (催办督办).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rung {
    /// Its key in the ladder: `before-1`, `due`, `after-2`.
    pub key: String,
    /// What it is fixed to.
    pub on: On,
    /// Its title, for people.
    #[serde(default)]
    pub title: String,
    /// What it does, and to which posts.
    pub acts: Vec<(Verb, String)>,
    /// Whether it does it; read once, when it comes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<Decision<bool>>,
    /// It comes at once (立即), also in quiet hours.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub at_once: bool,
}

/// A clock of the plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClockRule {
    /// What it measures.
    pub kind: ClockKind,
    /// Its title, for people.
    pub title: String,
    /// What starts it.
    pub starts: ClockMark,
    /// What stops it.
    pub stops: Vec<ClockMark>,
    /// How long.
    pub within: Decision<Limit>,
    /// How days are counted.
    pub counting: Counting,
    /// Whose word it is.
    pub class: ClockClass,
    /// Who says so.
    #[serde(default)]
    pub provenance: Provenance,
    /// Whether the limit has a consequence of its own: signed, objection dropped, silence recorded.
    #[serde(default)]
    pub lapses: bool,
    /// How it can be extended, if it can.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub extension: Option<ExtensionRule>,
    /// A redo is due no later than the whole.
    #[serde(default)]
    pub not_past_whole: bool,
    /// The least time that must be left on this clock while there is no reply (须留出): what review, signature and
    /// call-back take. When less is left, the owner and supervision are told that it will not be in time (来不及).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub leaves: Option<Span>,
    /// The ladder, in the order written.
    pub rungs: Vec<Rung>,
}

impl ClockRule {
    /// Whether some case is given a share of another clock's time.
    pub(crate) fn is_a_share(&self) -> bool {
        let share = |limit: &Limit| matches!(limit, Limit::Share { .. });
        self.within.diagram.answers().iter().any(share)
    }
}

/// A count that a case keeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Count {
    /// Returns to be done again (退回重办).
    Returns,
    /// Objections ruled upon: units that said "not ours" (退单).
    Bounces,
    /// Extensions granted.
    Extensions,
    /// Reopenings.
    Reopens,
}

impl Count {
    /// Every count.
    pub const ALL: [Count; 4] = [
        Count::Returns,
        Count::Bounces,
        Count::Extensions,
        Count::Reopens,
    ];
    /// The Chinese term.
    ///
    /// ```
    /// assert_eq!(duly::plan::Count::Bounces.zh(), "退单");
    /// ```
    pub const fn zh(self) -> &'static str {
        match self {
            Count::Returns => "退回",
            Count::Bounces => "退单",
            Count::Extensions => "延期",
            Count::Reopens => "重开",
        }
    }
    /// The name, as rules write it and as the engine fact is called.
    pub const fn name(self) -> &'static str {
        match self {
            Count::Returns => "returns",
            Count::Bounces => "bounces",
            Count::Extensions => "extensions",
            Count::Reopens => "reopens",
        }
    }
}

/// What happens when a count reaches a number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CountRule {
    /// Its identity.
    pub rule: RuleId,
    /// Which count.
    pub count: Count,
    /// At which number.
    pub at: u32,
    /// What it does, and to which posts.
    pub acts: Vec<(Verb, String)>,
}

/// When a gate is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Judged {
    /// Before a reply is published.
    Review,
    /// Before a case is struck off.
    StrikeOff,
}

/// One clause of a gate (三个不放过).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GateRule {
    /// Which gate.
    pub gate: Gate,
    /// When it is read.
    pub judged: Judged,
    /// Whether it is met. `only_for` a class is part of the diagram.
    pub met: Decision<bool>,
    /// What must be done to meet it, for people.
    pub words: String,
}

/// How a stretch that does not count comes about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PauseKind {
    /// Clocks wait, and then go on with what was left (中止).
    #[default]
    Waits,
    /// Clocks wait, and if what was waited for has come, their time runs anew from then (补正后重新计算). The whole clock only waits.
    Restarts,
    /// Nothing waits; a stretch that is over, such as a hearing, is taken out of the count (扣除).
    Excludes,
}

/// The reason that pauses carry while the citizen is asked to complete a message (补正).
pub const SUPPLEMENT: &str = "补正";

impl PauseKind {
    fn waits(&self) -> bool {
        *self == PauseKind::Waits
    }
}

/// What becomes of a limit that reaches beyond the dates whose holidays are known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Uncovered {
    /// It is reckoned by the ordinary week, marked provisional, and follows when the calendar is revised.
    #[default]
    Provisional,
    /// An officer's command that would set such a limit is refused until the calendar is there. What a citizen does, and what time
    /// brings, is never refused for it: there the limit is provisional all the same.
    Refuse,
}

impl Uncovered {
    fn provisional(&self) -> bool {
        *self == Uncovered::Provisional
    }
}

/// A reason for which time does not count.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PauseRule {
    /// The reason, as commands name it.
    pub reason: String,
    /// Whose time it is.
    pub side: PauseSide,
    /// How long at most each time; then the clock goes on by itself.
    pub most: Span,
    /// How many times in a case.
    pub times: u32,
    /// How it comes about, and what follows it.
    #[serde(default, skip_serializing_if = "PauseKind::waits")]
    pub kind: PauseKind,
    /// The only clocks that wait for it; all that heed whose time it is, if none is named.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub holds: Vec<ClockKind>,
    /// For which cases it may be claimed; for all, if nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<Decision<bool>>,
}

/// Redo (退回重办).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RedoRule {
    /// The grounds for which a reply goes back.
    pub grounds: Vec<String>,
}

/// Call-back (回访).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CallBackRule {
    /// How many failed attempts, on as many different days, stand for an unreachable citizen.
    pub attempts: u32,
}

/// Striking off (销账).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StrikeOffRule {
    /// The outcomes that each class allows; within the spine's own ([`Class::allows`]).
    pub allow: BTreeMap<Class, Vec<Outcome>>,
    /// How long after striking off a rating still counts.
    pub rate_within: Span,
}

/// What the reply clock of a reopened case counts from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReopenCount {
    /// The full time again, from reopening.
    Fresh,
    /// What was left when the last cycle's reply was given.
    Continue,
    /// The shorter of the two.
    Min,
}

/// Reopening (重开).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReopenRule {
    /// The grounds.
    pub grounds: Vec<String>,
    /// How the reply is counted.
    pub count: ReopenCount,
}

/// Direction by a leader (批示).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DirectRule {
    /// The shortest time that a direction, or a moving fact, can leave from now: nobody is late at once.
    pub floor: Span,
}

/// Tracking by the supervision office (督办).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrackRule {
    /// Whether a case is to be tracked; read when facts move and when a case is assigned or returned.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<Decision<bool>>,
}

/// Two reviews, one after the other (两级审核): of a case that was handed down, first where it was handled, then above.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReviewRule {
    /// Whether a case that was not handed down takes two as well.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<Decision<bool>>,
}

/// The digest of a day (日报).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DigestRule {
    /// Its title.
    pub title: String,
    /// The local time at which a day is cut.
    pub cut: NaiveTime,
    /// Whether a case is hot (热点) and heads the digest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hot: Option<Decision<bool>>,
    /// The posts it goes to.
    pub to: Vec<String>,
}

/// The bulletin of a period (通报).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BulletinRule {
    /// Its title.
    pub title: String,
    /// The posts or groups it goes to.
    pub to: Vec<String>,
    /// How units and places are ranked; not at all, if the pack does not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ranking: Option<RankingRule>,
}

/// Where rules stand in the source they were loaded from. Outside the plan's identity.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Sources {
    /// SHA-256 of the source text, 64 hexadecimal digits.
    pub source_id: String,
    /// Rule → `file:line:column`.
    pub at: BTreeMap<RuleId, String>,
}

/// Everything a pack says. Frozen: a plan is never changed, only replaced by another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// The version of this shape.
    pub shape: u32,
    /// The pack.
    pub pack: PackId,
    /// Its title, for people.
    pub title: String,
    /// Its edition, as the pack says.
    pub edition: String,
    /// When it is in force; always, if the pack does not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub in_force: Option<InForce>,
    /// In which language its rules write the engine's labels (`办事` or `problem`).
    pub labels: Lang,
    /// Where it comes from.
    pub sources_cited: Vec<String>,
    /// The numbers that may be set anew.
    #[serde(default)]
    pub params: Vec<Param>,
    /// The zone of its clocks.
    pub zone: Zone,
    /// The office hours.
    pub hours: Hours,
    /// Who says so.
    pub hours_provenance: Provenance,
    /// The day tables, the later ones laid over the earlier: `cn`, then a prefecture's own.
    pub holidays: Vec<String>,
    /// What becomes of limits beyond the known holidays.
    #[serde(default, skip_serializing_if = "Uncovered::provisional")]
    pub uncovered: Uncovered,
    /// How days are counted unless a clock says otherwise.
    pub counting: Counting,
    /// The facts.
    pub schema: Schema,
    /// The words looked for in replies.
    pub mentions: Vec<Mention>,
    /// The facts that functions of the host find.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub derived: Vec<DerivedRule>,
    /// The places.
    pub places: Vec<Place>,
    /// The posts.
    pub posts: Vec<Post>,
    /// The class that is proposed for a message, if the pack proposes one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub classify: Option<Decision<Option<Class>>>,
    /// The grounds for declining.
    pub declines: Vec<DeclineRule>,
    /// Who should lead.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub route: Option<RouteRule>,
    /// The clocks; every kind that the spine needs is there.
    pub clocks: Vec<ClockRule>,
    /// The counts.
    pub counts: Vec<CountRule>,
    /// The gates.
    pub gates: Vec<GateRule>,
    /// The notices.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notices: Vec<NoticeRule>,
    /// The obligations that are no cases (义务).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub duties: Vec<DutyRule>,
    /// How cases are divided into parts (分办).
    #[serde(default, skip_serializing_if = "DivideRule::is_default")]
    pub divide: DivideRule,
    /// Several things done as one (一件事).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub bundles: Vec<BundleRule>,
    /// The signals that open cases (预警).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub signals: Vec<SignalRule>,
    /// The pauses.
    pub pauses: Vec<PauseRule>,
    /// Which replies are reviewed twice; none, if nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub review: Option<ReviewRule>,
    /// Redo.
    pub redo: RedoRule,
    /// Call-back.
    pub callback: CallBackRule,
    /// Striking off.
    pub strike_off: StrikeOffRule,
    /// Reopening.
    pub reopen: ReopenRule,
    /// Direction.
    pub direct: DirectRule,
    /// Tracking.
    pub track: TrackRule,
    /// After the last rung of a ladder, supervision is told again every so many working days.
    pub overdue_every: u32,
    /// When nobody is to be disturbed, if the pack says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quiet: Option<Quiet>,
    /// The digest.
    pub digest: DigestRule,
    /// The bulletin.
    pub bulletin: BulletinRule,
    /// Where the rules stand in the source.
    #[serde(default)]
    pub sources: Sources,
}

impl Plan {
    /// The version of the shape that this library writes.
    pub const SHAPE: u32 = 1;

    /// The plan's identity: SHA-256 over its canonical JSON without positions. The same rules give the same id
    /// on every machine.
    pub fn id(&self) -> PlanId {
        let bare = Plan {
            sources: Sources::default(),
            ..self.clone()
        };
        let text = serde_json_canonicalizer::to_vec(&bare).unwrap_or_default();
        let hex: String = Sha256::digest(&text)
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        // 64 hexadecimal digits by construction.
        hex.parse()
            .unwrap_or_else(|_| unreachable!("a SHA-256 is 64 hexadecimal digits"))
    }
    /// The clock rule of a kind.
    pub fn clock(&self, kind: ClockKind) -> Option<&ClockRule> {
        self.clocks.iter().find(|rule| rule.kind == kind)
    }
    /// The place of a code.
    pub fn place(&self, code: &PlaceCode) -> Option<&Place> {
        self.places.iter().find(|place| place.code == *code)
    }
    /// The nearest place of the plan above one (上级), if there is any.
    ///
    /// ```
    /// let plan = duly::plan::bare("demo".parse()?);
    /// let county = "632521".parse()?;
    /// assert_eq!(plan.above(&county).map(|place| place.code.as_str()), Some("6325"));
    /// assert_eq!(plan.above(&"6325".parse()?), None);
    /// # Ok::<(), duly::words::InvalidId>(())
    /// ```
    pub fn above(&self, code: &PlaceCode) -> Option<&Place> {
        let above = self.places.iter().filter(|place| place.code != *code);
        above
            .filter(|place| place.code.covers(code))
            .max_by_key(|place| place.code.as_str().len())
    }
    /// The post of an id.
    pub fn post(&self, id: &str) -> Option<&Post> {
        self.posts.iter().find(|post| post.id == id)
    }
    /// The pause of a reason.
    pub fn pause(&self, reason: &str) -> Option<&PauseRule> {
        self.pauses.iter().find(|pause| pause.reason == reason)
    }
    /// How long the citizen is given to complete a message (补正): the pack's, or ten working days.
    pub fn supplement_within(&self) -> Span {
        self.pause(SUPPLEMENT)
            .map_or(Span::WorkingDays(10), |rule| rule.most.clone())
    }
    /// As what a matter of a class may be struck off (销账口径): what the class allows, as far as the pack does.
    pub fn outcomes(&self, class: Class) -> Vec<Outcome> {
        let own = self.strike_off.allow.get(&class);
        let allowed = |it: &Outcome| class.allows(*it) && own.is_none_or(|own| own.contains(it));
        Outcome::ALL.iter().copied().filter(allowed).collect()
    }
    /// Where a rule stands and what it says, for a refusal.
    pub fn source(&self, rule: &RuleId, words: &str) -> RuleSource {
        RuleSource {
            rule: rule.clone(),
            words: words.to_owned(),
            at: self.sources.at.get(rule).cloned(),
        }
    }
}
