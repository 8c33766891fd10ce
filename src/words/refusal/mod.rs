//! Why a command was not accepted, and what would be. A refusal changes nothing.

mod en;
mod zh;

use std::fmt;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::time::{Moment, Zone};
use crate::words::thing::{Bound, Thing};
use crate::words::{
    CaseId, Class, ClockKind, CommandName, EffectId, GateFinding, ImportStage, Mark, Outcome,
    PersonId, PlaceCode, PlaceLevel, PlanId, Role, RuleId, StageName, SubKey,
};

/// The language of a text for people.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Lang {
    /// 中文.
    Zh,
    /// English.
    #[default]
    En,
}

/// Where a rule stands, and in whose words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleSource {
    /// The rule.
    pub rule: RuleId,
    /// Its words, as the pack gives them.
    pub words: String,
    /// `file:line:column`, where the plan was loaded from a source.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<String>,
}

/// A command was not accepted: what was asked, where the case stands, why not, and what would be accepted now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{}", self.say(Lang::En))]
pub struct Refusal {
    /// What was asked.
    pub command: CommandName,
    /// Of which case.
    pub case: CaseId,
    /// Where the case stands; none, where there is no case.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stage: Option<StageName>,
    /// Why not.
    pub why: Box<Why>,
    /// What the stage takes.
    pub accepted: Vec<CommandName>,
    /// The zone in which moments are said; universal time, where no plan gives one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub zone: Option<Zone>,
}

/// What a pack lets happen in some cases only, and why this is none of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NotThisCase {
    /// What was asked.
    pub what: Thing,
    /// The rule that says in which cases.
    pub rule: RuleId,
    /// Where the rule stands: `file:line:column`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<String>,
    /// The facts that decided.
    pub because: Vec<crate::words::Because>,
    /// What the fewest facts would have to be for it to be accepted; nothing, where no case is.
    pub would: Vec<crate::words::Because>,
}

/// The reasons for which a command can be refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Why {
    /// The stage does not take this command.
    Stage,
    /// There is no such case.
    NoCase,
    /// The case is open already.
    AlreadyOpen,
    /// The plan that the case is under is not in hand.
    NoPlan {
        /// Which.
        plan: PlanId,
    },
    /// No plan in hand is in force on the date of receipt (施行日期).
    NotInForce {
        /// The date of receipt.
        date: NaiveDate,
        /// The last day before it on which one was.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        until: Option<NaiveDate>,
        /// The first day after it on which one is.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        from: Option<NaiveDate>,
    },
    /// The command is earlier than what the case has already seen.
    BeforeLast {
        /// The case's last moment.
        last: Moment,
    },
    /// The command is so much later than all the case has seen that a wrong clock is the likelier reason.
    TooFar {
        /// The case's last moment.
        last: Moment,
        /// The latest moment that is taken.
        until: Moment,
    },
    /// The actor holds none of the roles for this place.
    Role {
        /// The roles that may.
        needs: Vec<Role>,
        /// The place.
        place: PlaceCode,
    },
    /// Only the person named in the case may.
    NotThePerson {
        /// As what they would have to be named.
        role: Role,
        /// Who is.
        named: Vec<PersonId>,
    },
    /// The same person has had the other part in it.
    SamePerson {
        /// Who.
        person: PersonId,
        /// What they did that rules this out.
        was: Deed,
    },
    /// The place code is in no pack.
    UnknownPlace {
        /// Which.
        place: PlaceCode,
        /// Those there are.
        known: Vec<PlaceCode>,
    },
    /// A fact that must be given here is missing.
    FactMissing {
        /// Which.
        fact: String,
        /// Of what sort it must be.
        expected: String,
    },
    /// The plan to be adopted wants facts that the case was never given, or whose values it does not take.
    FactsWanted {
        /// Each of them.
        facts: Vec<WantedFact>,
    },
    /// No fact of that name is declared.
    FactUnknown {
        /// Which.
        fact: String,
        /// The nearest declared one.
        near: Option<String>,
    },
    /// A fact's value is not of its declared sort.
    FactValue {
        /// Which.
        fact: String,
        /// What was given.
        given: String,
        /// Of what sort it must be.
        expected: String,
    },
    /// The host's function found a value that its fact cannot have. The host mends the function; the command can be sent again.
    Derived {
        /// Which.
        fact: String,
        /// What it found.
        found: String,
        /// Of what sort it must be.
        expected: String,
        /// The same in Chinese.
        zh: String,
    },
    /// The fact is not given here, or does not move.
    FactNotGivenHere {
        /// Which.
        fact: String,
        /// By whom it is given.
        given_by: String,
    },
    /// Something that must be written was left blank.
    Blank {
        /// What.
        what: Thing,
    },
    /// A text is longer than any that is taken ([`Text::MOST`](crate::words::Text::MOST)).
    TooLong {
        /// What.
        what: Thing,
        /// How long it is, in bytes.
        bytes: u64,
        /// How long it may be.
        most: u64,
    },
    /// A text holds U+0000.
    Nul {
        /// What.
        what: Thing,
    },
    /// A value was not one of those the pack knows.
    NotListed {
        /// What it is.
        what: Thing,
        /// What was given.
        given: String,
        /// Those there are.
        known: Vec<String>,
    },
    /// A rule of the pack forbids it.
    Rule {
        /// Which, and in what words.
        source: RuleSource,
        /// The facts that decided.
        because: Vec<crate::words::Because>,
    },
    /// The pack lets it happen in some cases only, and this is none of them (条件不成立).
    OnlyWhen(Box<NotThisCase>),
    /// Gates are shut.
    Gates {
        /// Which clauses, and what would mend them.
        findings: Vec<GateFinding>,
    },
    /// The third gate: the citizen said not to be satisfied.
    Unsatisfied,
    /// The third gate: nobody has checked yet, and the citizen has not said to be satisfied.
    NeedsRecheck,
    /// The third gate: the citizen may still rate.
    RatingOpen {
        /// Until when.
        until: Moment,
    },
    /// The citizen was not called back yet.
    NeedsCallBack {
        /// Failed attempts on different days so far.
        attempts: u32,
        /// How many are needed.
        needed: u32,
    },
    /// Nobody reached the citizen, and the notice of the answer is not known to have come to them.
    NotTold {
        /// Which notice.
        effect: EffectId,
    },
    /// The class does not allow that outcome.
    OutcomeNotAllowed {
        /// Which.
        outcome: Outcome,
        /// The class.
        class: Class,
        /// Those it allows.
        allowed: Vec<Outcome>,
    },
    /// The reply does not carry that outcome: it was marked otherwise, or explains nothing.
    OutcomeNotReplied {
        /// Which.
        outcome: Outcome,
        /// The mark on the matter.
        mark: Mark,
    },
    /// A promise is still open.
    PromiseOpen {
        /// Its number.
        number: u32,
        /// For which day.
        by_date: NaiveDate,
    },
    /// A mark needs a dated promise.
    MarkNeedsPromise {
        /// Which matter.
        matter: u16,
        /// Which mark.
        mark: Mark,
    },
    /// A mark is refused on this class.
    MarkRefused {
        /// Which matter.
        matter: u16,
        /// Which mark.
        mark: Mark,
        /// The class.
        class: Class,
    },
    /// A matter has no answer.
    MatterUnanswered {
        /// Which.
        matter: u16,
    },
    /// No such matter, promise or entry, or it is done with.
    NoSuch {
        /// What it is.
        what: Thing,
        /// Its number.
        number: u64,
    },
    /// A co-handler's part is still open.
    PartOpen {
        /// Whose.
        unit: String,
    },
    /// A reply that explains must cite its basis.
    NeedsBasis,
    /// An objection can no longer be made: the time passed, or a ruling named the unit.
    ObjectionFinal,
    /// There is nothing of the kind to answer: no objection, no question, no request, no direction.
    NothingPending {
        /// What.
        what: Thing,
    },
    /// It is there already.
    Already {
        /// What.
        what: Thing,
    },
    /// The pack does not offer it.
    NotOffered {
        /// What.
        what: Thing,
    },
    /// The pack's bound is used up.
    Bound {
        /// Of what.
        what: Thing,
        /// The bound.
        bound: Bound,
    },
    /// It had to be asked earlier.
    TooLate {
        /// What.
        what: Thing,
        /// Until when.
        until: Moment,
    },
    /// No clock of that kind is running.
    NoClock {
        /// Which.
        clock: ClockKind,
    },
    /// It would make a limit longer.
    Loosens {
        /// Of which clock.
        clock: ClockKind,
        /// Due now.
        due: Moment,
        /// Due then.
        would_be: Moment,
    },
    /// The case follows another one and takes only what concerns its own citizen.
    Follows {
        /// Which.
        into: CaseId,
    },
    /// A case cannot follow itself.
    FollowsItself,
    /// It neither follows that case nor is followed by it.
    NotLinked {
        /// Which; any other, if not said.
        with: Option<CaseId>,
    },
    /// Other cases follow it, and a case that others follow follows none.
    Followed {
        /// Which.
        followers: Vec<CaseId>,
        /// The case that it was to follow.
        into: CaseId,
    },
    /// The case to follow, or followed, does not answer for this one.
    Survivor {
        /// Which.
        into: CaseId,
        /// How it stands.
        is: Survivor,
    },
    /// Parts that the answer needs are not settled.
    PartsOpen {
        /// Which.
        subs: Vec<SubKey>,
    },
    /// A case that is a part of another one, or that has parts, does not follow another one.
    NotAlone {
        /// The case that it is a part of.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        main: Option<CaseId>,
    },
    /// The parts take longer than there is time.
    PartsTooLong {
        /// The parts one after another that take longest.
        way: Vec<SubKey>,
        /// When the last of them would be done.
        done: Moment,
        /// When the case needs it.
        needed: Moment,
    },
    /// The case that this one is a part of wants it earlier than the extension would reach.
    PastMain {
        /// The main case.
        main: CaseId,
        /// Until when it wants it.
        due: Moment,
    },
    /// Parts wait for one another in a circle.
    PartsInCircle {
        /// Which.
        subs: Vec<SubKey>,
    },
    /// Another part waits for one of which nobody says how long it takes.
    PartUndated {
        /// Which.
        sub: SubKey,
    },
    /// A part was to be handled below the level at which the pack has it handled (不得下放).
    BelowLevel {
        /// The place.
        place: PlaceCode,
        /// The lowest level that may.
        lowest: PlaceLevel,
    },
    /// The pack does not heed it: the facts of the signal open no case.
    NotHeeded {
        /// The rule, and its words.
        source: RuleSource,
        /// The facts that decided.
        because: Vec<crate::words::Because>,
    },
    /// The case that the signal opened has ended and its window has passed: the signal opens another one.
    SignalPassed {
        /// When the window ended.
        until: Moment,
    },
    /// It was not screened yet: nobody has said of which class it is.
    NotScreened,
    /// What a case needs that is taken over in that stage was not given.
    ImportLacks {
        /// The stage.
        stage: ImportStage,
        /// The fields that are missing.
        fields: Vec<String>,
    },
    /// What was given does not belong to the stage in which a case is taken over.
    ImportNotYet {
        /// The stage.
        stage: ImportStage,
        /// The fields that do not belong to it.
        fields: Vec<String>,
    },
    /// A date lies in the past.
    DatePast {
        /// Which.
        date: NaiveDate,
    },
    /// The engine contradicts itself; nothing was changed.
    Fault {
        /// What it said.
        said: String,
    },
    /// The limit would reach beyond the dates whose holidays are known, and the plan takes no provisional ones.
    NotCovered {
        /// Which clock.
        clock: ClockKind,
        /// When it would be due by the ordinary week.
        due: Moment,
        /// The calendar.
        calendar: String,
        /// The last date it knows.
        until: NaiveDate,
    },
    /// The calendar could not answer.
    Calendar {
        /// What it said.
        said: String,
    },
}

/// A fact that must be given, and what it takes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WantedFact {
    /// Which.
    pub fact: String,
    /// Of what sort it must be.
    pub expected: String,
    /// The same in Chinese.
    pub zh: String,
}

/// How the case stands that another one follows, or is to follow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Survivor {
    /// There is none.
    Missing,
    /// It is struck off already.
    Closed,
    /// It follows another one itself.
    Follows,
    /// It has given no answer that holds.
    Unanswered,
    /// It has given an answer, and that holds.
    Answered,
    /// It is a part of another one, and answers no citizen.
    Part,
}

/// What a person did in a case that keeps them from judging it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Deed {
    /// Handled it.
    Handled,
    /// Asked for it.
    Asked,
    /// Proposed it.
    Proposed,
    /// Passed it in the first of two reviews.
    PassedFirst,
    /// Rechecked it.
    Rechecked,
}

impl Deed {
    const fn en(self) -> &'static str {
        match self {
            Deed::Handled => "handled it",
            Deed::Asked => "asked for it",
            Deed::Proposed => "proposed it",
            Deed::PassedFirst => "passed it in the first review",
            Deed::Rechecked => "rechecked it",
        }
    }
    const fn zh(self) -> &'static str {
        match self {
            Deed::Handled => "经办过本件",
            Deed::Asked => "是申请人",
            Deed::Proposed => "是提出人",
            Deed::PassedFirst => "是初审人",
            Deed::Rechecked => "是复核人",
        }
    }
}

impl Refusal {
    fn local(&self, at: Moment) -> String {
        match self.zone {
            Some(zone) => at.local(zone).format("%Y-%m-%d %H:%M").to_string(),
            None => at.to_string(),
        }
    }
    /// The refusal in words: what was asked, why not, and what would be accepted; notes and the like, which every
    /// stage takes, go without saying, and so does what only the system asks.
    pub fn say(&self, lang: Lang) -> String {
        let (what, why) = (self.command, self.why.say(self, lang));
        let names = |join: &str, name: fn(CommandName) -> &'static str| {
            let moves = self
                .accepted
                .iter()
                .filter(|c| c.stages().len() < StageName::ALL.len())
                .filter(|c| c.roles().iter().any(|role| *role != Role::System));
            moves.map(|c| name(*c)).collect::<Vec<_>>().join(join)
        };
        match lang {
            Lang::En => {
                let mut text = format!("cannot `{what}` case `{}`: {why}", self.case);
                if matches!(*self.why, Why::Stage) {
                    text.push_str(&format!(
                        "; accepted now: {}",
                        names(", ", CommandName::name)
                    ));
                }
                text
            }
            Lang::Zh => {
                let mut text = format!("本件“{}”不能{}:{why}", self.case, what.zh());
                if matches!(*self.why, Why::Stage) {
                    text.push_str(&format!(";现在可以:{}", names("、", CommandName::zh)));
                }
                text
            }
        }
    }
}

impl Why {
    /// Whether the reason is the host's to mend, its plans, its functions or its clock, and says nothing of the command: a desk remembers no such
    /// answer, and the same command can be sent again. A desk meets [`SignalPassed`](Why::SignalPassed) itself, by another case.
    ///
    /// An officer can name a plan that is not there to be adopted, or a date of receipt long ago for a case that is taken over: for those the
    /// reasons are [`NoPlan`](Why::NoPlan) and [`TooFar`](Why::TooFar) too.
    ///
    /// ```
    /// use duly::words::{Thing, Why};
    /// assert!(Why::NotOffered { what: Thing::AnyPlan }.is_the_hosts());
    /// assert!(!Why::NotOffered { what: Thing::Question }.is_the_hosts());
    /// assert!(!Why::Stage.is_the_hosts());
    /// ```
    pub fn is_the_hosts(&self) -> bool {
        matches!(
            self,
            Why::NoPlan { .. }
                | Why::Derived { .. }
                | Why::NotInForce { .. }
                | Why::TooFar { .. }
                | Why::SignalPassed { .. }
                | Why::NotOffered {
                    what: Thing::AnyPlan
                }
        )
    }
    fn say(&self, refusal: &Refusal, lang: Lang) -> String {
        match lang {
            Lang::En => self.en(refusal),
            Lang::Zh => self.in_zh(refusal),
        }
    }
}

/// Items, with something between them.
fn list<T: fmt::Display>(items: &[T], between: &str) -> String {
    items
        .iter()
        .map(T::to_string)
        .collect::<Vec<_>>()
        .join(between)
}

/// Facts that decided, with something between them.
fn facts(items: &[crate::words::Because], lang: Lang, between: &str) -> String {
    let said: Vec<String> = items.iter().map(|item| item.say(lang)).collect();
    said.join(between)
}

fn quoted(items: &[String]) -> String {
    items
        .iter()
        .map(|item| format!("`{item}`"))
        .collect::<Vec<_>>()
        .join(", ")
}
