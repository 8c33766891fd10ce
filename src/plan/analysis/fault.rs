//! What can be wrong with a plan.

use std::fmt;

use crate::plan::Judged;
use crate::time::Span;
use crate::words::{
    Class, ClockKind, ClockMark, DutyKind, FactName, Gate, Outcome, PlaceCode, Role, RuleId,
};

/// Something about a plan that no case could live with, or that would loosen what the spine holds. A pack can
/// only tighten the spine.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PlanFault {
    /// Written by a library of another time.
    #[error("the plan has shape `{found}`, this library reads shape `{reads}`")]
    Shape {
        /// The plan's.
        found: u32,
        /// This library's.
        reads: u32,
    },
    /// The schema does not begin with the engine's own facts.
    #[error("the schema does not begin with the engine's own facts: `{0}` is missing or altered")]
    EngineFact(FactName),
    /// Two facts of one name.
    #[error("the fact `{0}` is declared twice")]
    FactTwice(FactName),
    /// A domain without values, or with a value twice.
    #[error("the fact `{0}` has no values, the same value twice, or bounds the wrong way round")]
    Domain(FactName),
    /// `otherwise` is not a value of the fact.
    #[error("the fact `{0}` says otherwise with a value that it cannot have")]
    Otherwise(FactName),
    /// A derived fact that is not said to be one, or found from what nobody gives.
    #[error(
        "the derived fact `{0}` needs one rule, with inputs that the citizen, the host or the intake officer gives, or `class`"
    )]
    Derived(FactName),
    /// A mention whose fact is not a yes-or-no fact of the reply.
    #[error("the mention `{0}` needs a yes-or-no fact given by the reply, and at least one word")]
    Mention(FactName),
    /// A diagram tests facts that the schema does not have.
    #[error("the rule `{0}` reads facts or codes that the schema does not have")]
    Foreign(RuleId),
    /// Clauses that decide and are not there, or on facts that the schema does not have.
    #[error(
        "the rule `{0}` names clauses that it does not have, or facts that the schema does not have"
    )]
    Clauses(RuleId),
    /// Two rules of one name.
    #[error("two rules are called `{0}`")]
    RuleTwice(RuleId),
    /// No places.
    #[error("the plan names no place: at least one, with its intake office")]
    NoPlace,
    /// A place twice.
    #[error("the place `{0}` is named twice: a place has exactly one intake office")]
    PlaceTwice(PlaceCode),
    /// A post twice.
    #[error("the post `{0}` is named twice")]
    PostTwice(String),
    /// A post that nobody named.
    #[error("{at} names the post `{post}`, which the plan does not have")]
    NoPost {
        /// Where.
        at: PostUse,
        /// Which.
        post: String,
    },
    /// A clock that the spine needs is missing.
    #[error("the plan has no `{0}` clock, and the spine needs one")]
    NoClock(ClockKind),
    /// A clock twice.
    #[error("the plan has two `{0}` clocks")]
    ClockTwice(ClockKind),
    /// A clock that starts elsewhere than the spine says.
    #[error("the `{clock}` clock starts on {}, not on `{mark}`", super::starts_on(*clock))]
    Starts {
        /// Which clock.
        clock: ClockKind,
        /// Where the plan starts it.
        mark: ClockMark,
    },
    /// A clock that stops on what does not end it, or misses what does.
    #[error(
        "the `{0}` clock must stop on every mark that ends it, and on no other; one that waits for an answer may stop on `published` alone"
    )]
    Stops(ClockKind),
    /// A limit of no length, or longer than ten years.
    #[error("the `{0}` clock can answer with a limit of no length, or of more than ten years")]
    Limit(ClockKind),
    /// A share of a clock that is itself a share, is not there, or is not 1 to 100 percent.
    #[error(
        "the `{0}` clock takes a share of a clock that has no time of its own, or not 1 to 100 percent"
    )]
    Share(ClockKind),
    /// A clock that lapses although its limit has no consequence, or does not although it has.
    #[error("only `sign`, `object` and `rating` lapse, and they always do: `{0}`")]
    Lapses(ClockKind),
    /// Bound to the whole although it is not a redo.
    #[error("only `redo` is held within the whole: `{0}`")]
    NotPastWhole(ClockKind),
    /// A statute without a citation.
    #[error("the `{0}` clock is statutory: cite the article")]
    Uncited(ClockKind),
    /// A clock that cannot be extended.
    #[error(
        "the `{0}` clock cannot be extended: only `reply`, `sub_reply`, `co_reply` and `redo` can"
    )]
    Extended(ClockKind),
    /// An extension of no length or of no time.
    #[error(
        "an extension of the `{0}` clock has no length, or may be granted no time or more than ten times"
    )]
    ExtensionSize(ClockKind),
    /// An extension granted by the wrong role.
    #[error(
        "an extension of the `{clock}` clock is granted by `supervisor` or `leader`, not by `{by}`"
    )]
    GrantedBy {
        /// Which clock.
        clock: ClockKind,
        /// By whom the plan would have it.
        by: Role,
    },
    /// Two rungs of one key.
    #[error("the ladder of `{clock}` has two rungs `{rung}`")]
    RungTwice {
        /// Which clock.
        clock: ClockKind,
        /// Which rung.
        rung: String,
    },
    /// A rung that comes no later than the start.
    #[error("the rung `{rung}` of `{clock}` can come before the clock has started")]
    RungBeforeStart {
        /// Which clock.
        clock: ClockKind,
        /// Which rung.
        rung: String,
    },
    /// A rung below an earlier one.
    #[error(
        "the rung `{rung}` of `{clock}` stands after a rung that comes later: write them in order of time"
    )]
    RungOrder {
        /// Which clock.
        clock: ClockKind,
        /// Which rung.
        rung: String,
    },
    /// A rung that does nothing, or again and again without end or distance.
    #[error("the rung `{rung}` of `{clock}` does nothing, or repeats without a distance or an end")]
    RungIdle {
        /// Which clock.
        clock: ClockKind,
        /// Which rung.
        rung: String,
    },
    /// A rung after the limit of a clock that ends with it.
    #[error(
        "the rung `{rung}` of `{clock}` can never come: the clock lapses at due, and with it its ladder"
    )]
    RungUnreached {
        /// Which clock.
        clock: ClockKind,
        /// Which rung.
        rung: String,
    },
    /// Time left for what follows a reply, on a clock that waits for none.
    #[error(
        "the `{0}` clock waits for no reply: only `whole`, `reply` and `redo` can leave time for what follows it"
    )]
    LeavesOn(ClockKind),
    /// No time at all must be left, or an absurd one.
    #[error("the `{0}` clock leaves no time, or more than ten years, for what follows the reply")]
    LeavesSize(ClockKind),
    /// As much or more must be left than the clock ever has.
    #[error("the `{clock}` clock has no more than the {leaves} that it must leave: {witness}")]
    Leaves {
        /// Which clock.
        clock: ClockKind,
        /// What must be left.
        leaves: Span,
        /// A case in which that is all.
        witness: String,
    },
    /// Quiet hours that cover the whole day.
    #[error("the quiet hours cover the whole day: nobody could ever be told anything")]
    Quiet,
    /// A count that nobody reaches, or that does nothing.
    #[error("the rule `{0}` acts on a number outside 1 to 99, or does nothing")]
    Count(RuleId),
    /// A notice to nobody, or without words for the citizen.
    #[error("the notice `{0}` has no title, goes to nobody, or has no words for the citizen")]
    Notice(RuleId),
    /// An obligation that nobody can owe, or whose ladder cannot be climbed.
    #[error("the obligation `{kind}` {}", what.0)]
    Duty {
        /// Which.
        kind: DutyKind,
        /// What is wrong with it: in English and in Chinese.
        what: (&'static str, &'static str),
    },
    /// The time kept for putting results together has no length.
    #[error("the time kept for putting results together has no length: a day at the least")]
    Slack,
    /// A bundle that nobody could have done.
    #[error("the bundle `{name}` {}", what.0)]
    Bundle {
        /// Which.
        name: String,
        /// What is wrong with it: in English and in Chinese.
        what: (&'static str, &'static str),
    },
    /// A signal that says nothing, or too much.
    #[error("the signal `{name}` {}", what.0)]
    Signal {
        /// Which.
        name: String,
        /// What is wrong with it: in English and in Chinese.
        what: (&'static str, &'static str),
    },
    /// A gate read at the wrong door.
    #[error("a clause of the gate `{gate}` is read at {}", match gate {
        Gate::Satisfaction => "strike-off, before the case is closed",
        _ => "review, before the reply is published",
    })]
    Judged {
        /// Which gate.
        gate: Gate,
        /// When the plan reads it.
        judged: Judged,
    },
    /// A pause twice, without length, or without number.
    #[error(
        "the pause `{0}` is declared twice, has no length, or may be taken no time or more than ten times"
    )]
    Pause(String),
    /// A pause that would do what the spine does not let it do.
    #[error("the pause `{reason}` cannot {}", what.0)]
    PauseCannot {
        /// Which.
        reason: String,
        /// What it cannot do, and what can: in English and in Chinese.
        what: (&'static str, &'static str),
    },
    /// An outcome that the class does not allow.
    #[error(
        "`{class}` cannot be struck off as `{outcome}`: a pack can allow fewer outcomes, never more"
    )]
    Allow {
        /// The class.
        class: Class,
        /// The outcome.
        outcome: Outcome,
    },
    /// A class that can never be struck off.
    #[error("`{0}` has no outcome with which it can be struck off")]
    AllowNone(Class),
    /// No grounds, or a ground twice.
    #[error("{0} needs grounds, each once")]
    Grounds(&'static str),
    /// Too few or too many attempts.
    #[error("call-back takes 2 to 10 attempts before a citizen counts as unreachable, not `{0}`")]
    Attempts(u32),
    /// The floor of a direction has no length.
    #[error("a direction must leave some time from now: its floor has no length")]
    Floor,
    /// Overdue notices too rare.
    #[error(
        "overdue clocks are told again every 1 to 5 working days, not every `{0}`: a pack can shorten that, never lengthen it"
    )]
    OverdueEvery(u32),
    /// A parameter outside its own range, or with dates that do not rise.
    #[error(
        "the parameter `{0}` is set outside its range, declared twice, or changes on dates that do not rise"
    )]
    Param(String),
    /// In force until a day before the first.
    #[error("the plan is in force until a day before the first day that it is")]
    InForce,
}

/// What names a post.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum PostUse {
    /// A rung of a clock's ladder.
    Rung(ClockKind, String),
    /// A step of a count.
    Count(RuleId),
    /// A notice.
    Notice(RuleId),
    /// An obligation, or a rung of its ladder.
    Duty(DutyKind),
    /// The digest.
    Digest,
    /// The bulletin.
    Bulletin,
}

impl fmt::Display for PostUse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            PostUse::Rung(clock, rung) => write!(f, "the rung `{rung}` of `{clock}`"),
            PostUse::Count(rule) => write!(f, "the rule `{rule}`"),
            PostUse::Notice(rule) => write!(f, "the notice `{rule}`"),
            PostUse::Duty(kind) => write!(f, "the obligation `{kind}`"),
            PostUse::Digest => f.write_str("the digest"),
            PostUse::Bulletin => f.write_str("the bulletin"),
        }
    }
}

impl PostUse {
    /// The same in Chinese.
    pub fn zh(&self) -> String {
        match self {
            PostUse::Rung(clock, rung) => format!("“{}”催办督办的`{rung}`这一级", clock.zh()),
            PostUse::Count(rule) => format!("规则`{rule}`"),
            PostUse::Notice(rule) => format!("告知`{rule}`"),
            PostUse::Duty(kind) => format!("义务“{}”", kind.zh()),
            PostUse::Digest => "日报".into(),
            PostUse::Bulletin => "通报".into(),
        }
    }
}
