//! How a case is to go: who does what, and when.

use std::collections::{BTreeSet, VecDeque};

use chrono::NaiveDate;
use duly::time::{Moment, Span};
use duly::words::{
    Actor, CaseId, Class, Command, DeclineGround, Facts, Level, NewPart, Outcome, PersonId,
    PlaceCode, Role, UnitId,
};

use super::Dice;

/// One thing that somebody will do.
#[derive(Debug, Clone)]
pub struct Act {
    /// When.
    pub at: Moment,
    /// Who.
    pub by: Actor,
    /// What.
    pub command: Command,
    /// As which step of the case's course.
    pub step: Step,
}

/// The steps of a course.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs, reason = "each is the command of that name")]
pub enum Step {
    Open,
    Screen,
    List,
    Merge,
    Unmerge,
    Decline,
    Assign,
    Object,
    Rule,
    Sign,
    SubAssign,
    HandOver,
    Transfer,
    Pause,
    Resume,
    AskExtension,
    GrantExtension,
    Delivered,
    AnswerDelivered,
    CoReply,
    Update,
    Report,
    Reply,
    /// A review that passes the reply, if the gates let it.
    Pass,
    /// A review that sends it back.
    SendBack,
    CallBack,
    Rate,
    Fulfil,
    Recheck,
    Untrack,
    StrikeOff,
    Reopen,
    /// Something that ought to be refused.
    Try,
    /// Something beside the course.
    Aside,
    /// No act: somebody looks at a case of which the citizen was told something.
    Look,
}

impl Step {
    /// Whether the course goes on without it.
    pub const fn can_fail(self) -> bool {
        !matches!(
            self,
            Step::Open
                | Step::Screen
                | Step::Assign
                | Step::Reply
                | Step::SendBack
                | Step::StrikeOff
        )
    }
}

/// How fast the offices work: working minutes for each piece of desk work, from and to.
#[derive(Debug, Clone, Copy)]
pub struct Pace {
    /// The least.
    pub least: u32,
    /// The most.
    pub most: u32,
}

/// When a reply is given.
#[derive(Debug, Clone, Copy)]
pub enum ReplyAt {
    /// On that date, but in time.
    InTime(NaiveDate),
    /// On that date, whatever is due when.
    On(NaiveDate),
    /// When that share of the time is used up, in percent.
    Share(u32),
    /// So many working minutes after it was due.
    Late(u32),
}

/// What a reply says.
#[derive(Debug, Clone)]
pub struct Words {
    /// The command that says it.
    pub reply: Command,
    /// Whether it is fit to be published.
    pub good: bool,
}

/// What the citizen does after a reply.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Citizen {
    /// Is reached after so many failed attempts, and says how satisfied.
    Says {
        /// How.
        level: Level,
        /// After how many.
        misses: u32,
    },
    /// Is never reached and says nothing.
    Silent,
    /// Is never reached; the channel enters a good rating by itself.
    AutoRated,
}

/// One round of handling: a reply, its review, and what the citizen makes of it.
#[derive(Debug, Clone)]
pub struct Round {
    /// When the reply is given.
    pub at: ReplyAt,
    /// What it says.
    pub words: Words,
    /// On what ground it is sent back, if it is.
    pub back: Option<(String, String)>,
    /// What the citizen makes of it.
    pub citizen: Citizen,
}

/// What happens after striking off.
#[derive(Debug, Clone)]
pub enum After {
    /// The citizen comes back, so many days later, not satisfied.
    Complains(u32),
    /// Something new comes up, so many days later.
    Reopens(u32),
}

/// Not for this board.
#[derive(Debug, Clone)]
pub struct Decline {
    /// Why.
    pub ground: DeclineGround,
    /// Where the citizen should go.
    pub told: String,
    /// The facts that make it so.
    pub facts: Facts,
}

/// When something is tried that ought to be refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hook {
    /// When one person has proposed not to accept it.
    Declining,
    /// When a ruling has named the unit.
    Ruled,
    /// While a reply waits for review.
    Replied,
    /// When it is published and nobody has called back yet.
    Published,
    /// After so many failed call-backs.
    Missed(u32),
    /// When the channel has entered a good rating by itself.
    AutoRated,
    /// When the citizen is not satisfied and it was sent back for that.
    Unsatisfied,
    /// When the reply is overdue.
    Overdue,
    /// When it is done but for a promise.
    Promised,
    /// When it follows another case.
    Following,
}

/// Who tries it. Whom a rule forbids something can depend on how the case went: someone who was to handle it and never did
/// is no handler, and may review.
#[derive(Debug, Clone)]
pub enum Who {
    /// This person, whatever happened.
    Person(Actor),
    /// Whoever wrote the reply that stands, as the role besides: found out when it is tried.
    Author(Role),
}

/// Something that ought to be refused.
#[derive(Debug, Clone)]
pub struct Try {
    /// When.
    pub hook: Hook,
    /// By whom.
    pub by: Who,
    /// What.
    pub command: Command,
}

/// Something that happens beside the course, at its own moment.
#[derive(Debug, Clone)]
pub struct Aside {
    /// When.
    pub at: Moment,
    /// By whom.
    pub by: Actor,
    /// What.
    pub command: Command,
}

/// 并案: the message is about what another one is about.
#[derive(Debug, Clone)]
pub struct Merge {
    /// The case that intake merges it with.
    pub into: CaseId,
    /// Whether a unit has it first.
    pub late: bool,
    /// After how many working days that is undone, if it is.
    pub undone: Option<u32>,
    /// What the citizen says of the other case's answer, if anything, and so many working days after it.
    pub says: Option<(Level, u32)>,
    /// Whether the notice of that answer has to go by another channel.
    pub undelivered: bool,
}

/// How a case is to go.
#[derive(Debug, Clone)]
pub struct Course {
    /// The case.
    pub case: CaseId,
    /// The place it is about.
    pub place: PlaceCode,
    /// When it comes in.
    pub received: Moment,
    /// How it is opened, and by whom.
    pub open: (Actor, Command),
    /// The citizen, if there is one.
    pub citizen: Option<PersonId>,
    /// The class.
    pub class: Class,
    /// The intake officer's facts.
    pub facts: Facts,
    /// The matters, where there are several.
    pub matters: Vec<String>,
    /// Not for this board.
    pub decline: Option<Decline>,
    /// After how many working days a second person confirms that.
    pub decline_days: u32,
    /// The same matter as another case.
    pub merge: Option<Merge>,
    /// The unit that has it first and says "not ours", with its owner.
    pub first: Option<(UnitId, PersonId)>,
    /// The unit and the owner.
    pub team: (UnitId, PersonId),
    /// The unit and the person that a county names below the lead, if it does.
    pub below: Option<(UnitId, PersonId)>,
    /// The co-handlers.
    pub parts: Vec<NewPart>,
    /// The person to whom the owner hands it over, who leaves.
    pub successor: Option<PersonId>,
    /// The unit and the owner to whom it is transferred, once it is signed for.
    pub transfer: Option<(UnitId, PersonId)>,
    /// How fast the offices work.
    pub pace: Pace,
    /// A pause, for one of the pack's reasons, of so many working days.
    pub pause: Option<(String, u32)>,
    /// An extension, by that much.
    pub extension: Option<Span>,
    /// Whether the citizen never has the notice of it.
    pub extension_untold: bool,
    /// Whether the citizen hears of progress.
    pub update: bool,
    /// The rounds; when they are used up, nobody acts any more.
    pub rounds: VecDeque<Round>,
    /// How it ends when it ends well.
    pub outcome: Outcome,
    /// Whether promises are kept.
    pub keeps_promises: bool,
    /// After how many working days beyond the date.
    pub promises_late: u32,
    /// Whether progress reports are made.
    pub reports: bool,
    /// What comes after striking off.
    pub after: VecDeque<After>,
    /// What is tried and ought to be refused.
    pub tries: Vec<Try>,
    /// What happens beside the course.
    pub asides: Vec<Aside>,
    /// Chance.
    pub dice: Dice,
    /// What was done once and is not to be done again in this round.
    pub(super) did: BTreeSet<Step>,
    /// Failed call-backs in this round.
    pub(super) missed: u32,
}

impl Course {
    /// A plain course: the pieces that every case has, and nothing unusual.
    pub fn new(
        case: CaseId,
        place: PlaceCode,
        received: Moment,
        open: (Actor, Command),
        class: Class,
        team: (UnitId, PersonId),
        dice: Dice,
    ) -> Course {
        Course {
            case,
            place,
            received,
            open,
            citizen: None,
            class,
            facts: Facts::new(),
            matters: Vec::new(),
            decline: None,
            decline_days: 0,
            merge: None,
            first: None,
            team,
            below: None,
            successor: None,
            transfer: None,
            parts: Vec::new(),
            pace: Pace {
                least: 10,
                most: 60,
            },
            pause: None,
            extension: None,
            extension_untold: false,
            update: false,
            rounds: VecDeque::new(),
            outcome: usual(class),
            keeps_promises: true,
            promises_late: 0,
            reports: true,
            after: VecDeque::new(),
            tries: Vec::new(),
            asides: Vec::new(),
            dice,
            did: BTreeSet::new(),
            missed: 0,
        }
    }
}

/// How a case of a class usually ends.
const fn usual(class: Class) -> Outcome {
    match class {
        Class::Problem => Outcome::Solved,
        Class::Question | Class::Idea | Class::Thanks => Outcome::Answered,
    }
}
