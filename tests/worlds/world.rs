//! A small world: one case, or two that may be merged, as the machine itself has them; the persons who act on them; a clock that is let
//! pass from one alarm to the next. The checker goes through all of it, over the real `decide` and `evolve`.

use std::collections::BTreeMap;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};

use duly::case::{Case, Decision, StepOutcome, decide, evolve, outcomes};
use duly::plan::Plans;
use duly::time::Moment;
use duly::words::*;
use stateright::{Model, Property};

use crate::act::{What, Who, envelope, id, open};
use crate::essence::{essence, in_full};
use crate::laws::{Broken, Law, Seen, Shows};
use crate::read::Reading;

/// One step of a world.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// Time passes up to the next alarm of any case.
    Wait,
    /// Somebody asks something of a case.
    Do(usize, Who, What),
    /// The desk carries the first link of a case to the other one.
    Carry(usize),
}

/// What a world may do, and how much of it.
#[derive(Debug, Clone)]
pub struct Bounds {
    /// When each case was opened.
    pub opened: Vec<Moment>,
    /// Time is let pass up to here.
    pub until: Moment,
    pub returns: u32,
    pub reopens: u32,
    /// How often an owner is named again after a return.
    pub renames: bool,
    /// Whether cases are looked at only when somebody asks something of them; else whenever time has passed.
    pub lazy: bool,
    /// How many links of one case wait to be carried at most.
    pub behind: usize,
    /// What has happened when the world begins.
    pub before: Vec<Action>,
    pub acts: Vec<Action>,
}

/// The records of a case, the last first: shared by all that comes after them.
#[derive(Debug)]
pub struct Page {
    record: Record,
    before: Ledger,
}

pub type Ledger = Option<Arc<Page>>;

/// One case of a state.
#[derive(Debug, Clone)]
pub struct Room {
    /// As it was left.
    pub left: Arc<Case>,
    /// As it is now: with what time has brought since, which nobody has looked at.
    pub case: Arc<Case>,
    /// What time has brought since.
    brought: Arc<Vec<Record>>,
    pub read: Arc<Reading>,
    ledger: Ledger,
}

/// A link on its way to another case.
#[derive(Debug, Clone)]
struct OnItsWay {
    from: usize,
    command: Command,
}

/// A state of a world.
#[derive(Debug, Clone)]
pub struct State {
    pub now: Moment,
    pub rooms: Vec<Room>,
    wire: Vec<OnItsWay>,
    pub broken: Broken,
    /// What the last step showed.
    shows: Shows,
    key: u64,
}

impl PartialEq for State {
    fn eq(&self, other: &State) -> bool {
        self.key == other.key
    }
}

impl Hash for State {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.key.hash(state);
    }
}

/// How a state was come upon first, and what leads on from it.
#[derive(Debug, Default)]
pub struct Graph {
    /// From, to, and whether a citizen did it.
    pub edges: Vec<(u64, u64, bool)>,
    pub nodes: BTreeMap<u64, Node>,
}

#[derive(Debug, Clone)]
pub struct Node {
    /// Not known of the first.
    pub first: Option<(u64, Action)>,
    /// Of each case: whether it is open, and how it ended.
    pub cases: Vec<Option<Outcome>>,
}

pub struct World {
    pub plans: Plans,
    pub bounds: Bounds,
    pub graph: Arc<Mutex<Graph>>,
    /// Laws that were found broken already.
    found: AtomicU32,
    /// What was seen on the way. Of steps, not of states: a step that leads to a known state is nothing new to the checker.
    pub seen: Mutex<Shows>,
}

pub fn plans() -> Plans {
    let plan = duly::script::load("pack.rhai", include_str!("pack.rhai"));
    let mut plans = Plans::new("board".parse().unwrap());
    plans
        .take(plan.unwrap_or_else(|findings| panic!("{findings}")))
        .unwrap();
    plans
}

/// A moment of March 2026 in Shanghai: `02 09:00`.
pub fn at(text: &str) -> Moment {
    let text = text.replace(' ', "T");
    Moment::parse(&format!("2026-03-{text}:00+08:00")).unwrap()
}

impl World {
    pub fn new(bounds: Bounds) -> World {
        World {
            plans: plans(),
            bounds,
            graph: Arc::default(),
            found: AtomicU32::new(0),
            seen: Mutex::default(),
        }
    }

    /// Whether a law holds in a state. The checker keeps the last path on which one was found broken, and the first is the shortest: so a
    /// law is found broken once.
    fn keeps(&self, state: &State, law: Law) -> bool {
        let bit = 1 << law as u32;
        !state.broken.has(law) || self.found.fetch_or(bit, Ordering::Relaxed) & bit != 0
    }

    fn tick(&self, case: &Case, now: Moment) -> Decision {
        let system = Who::System.actor();
        let tick = envelope(
            case.id().clone(),
            system,
            now,
            case.version(),
            Command::Tick {},
        );
        decide(Some(case), &tick, &self.plans).expect("time always passes")
    }

    /// A room after time has passed to a moment, or somebody has looked at it.
    fn passed(
        &self,
        room: &Room,
        now: Moment,
        broken: &mut Broken,
        shows: &mut Shows,
    ) -> (Room, Vec<Outgoing>) {
        let ticked = self.tick(&room.left, now);
        // Whoever looked on the way has changed nothing, and looking twice is looking once.
        let looked = self.tick(&room.case, now);
        let on_the_way = [&room.brought[..], &looked.records].concat();
        broken.unless(
            looked.case == ticked.case && on_the_way == ticked.records,
            Law::Polling,
        );
        let again = self.tick(&ticked.case, now);
        broken.unless(
            again.records.is_empty() && again.case == ticked.case,
            Law::Polling,
        );
        let mut next = Room {
            brought: Arc::new(ticked.records),
            ..room.clone()
        };
        self.step(&mut next, &looked.records, looked.case, broken, shows);
        // Nothing is left over, and something is ahead.
        let alarm = next.case.next_alarm();
        let ahead = match next.case.is_closed() {
            true => alarm.is_none(),
            false => alarm.is_some_and(|at| at > now),
        };
        broken.unless(ahead, Law::Alarm);
        *broken = broken.and(next.read.by(now));
        if !self.bounds.lazy {
            next.left = Arc::clone(&next.case);
            next.brought = Arc::default();
        }
        (next, looked.outgoing)
    }

    /// Takes records into a room, and holds every law against the step.
    fn step(
        &self,
        room: &mut Room,
        records: &[Record],
        case: Case,
        broken: &mut Broken,
        shows: &mut Shows,
    ) {
        let before = Arc::clone(&room.case);
        let mut read = (*room.read).clone();
        let mut rebuilt = Some((*before).clone());
        for record in records {
            *broken = broken.and(read.take(record));
            rebuilt = rebuilt.and_then(|case| evolve(Some(case), record).ok());
            room.ledger = Some(Arc::new(Page {
                record: record.clone(),
                before: room.ledger.take(),
            }));
        }
        broken.unless(rebuilt.as_ref() == Some(&case), Law::Replay);
        *broken = broken.and(compared(&before, &case, &read));
        shown(&before, &case, records, shows);
        if case.is_closed() && !before.is_closed() {
            broken.unless(each_has_one_outcome(&room.ledger), Law::Steps);
        }
        room.read = Arc::new(read);
        room.case = Arc::new(case);
    }

    /// Asks something of a case. False where it is refused.
    fn ask(&self, state: &State, at: usize, by: Actor, command: Command, next: &mut State) -> bool {
        let room = &state.rooms[at];
        let name = command.name();
        let ask = |case: &Case| {
            envelope(
                case.id().clone(),
                by.clone(),
                state.now,
                room.case.version(),
                command.clone(),
            )
        };
        let left = decide(Some(&room.left), &ask(&room.left), &self.plans);
        let looked_at = match room.brought.is_empty() {
            true => None,
            false => Some(decide(Some(&room.case), &ask(&room.case), &self.plans)),
        };
        let decision = match (left, looked_at) {
            (Ok(left), None) => left,
            (Ok(left), Some(Ok(looked))) => {
                let all = [&room.brought[..], &looked.records].concat();
                next.broken.unless(
                    all == left.records && left.case == looked.case,
                    Law::Polling,
                );
                looked
            }
            (Err(why), looked) => {
                let same = looked.is_none_or(|looked| looked.is_err_and(|it| it == why));
                if !same {
                    next.broken.add(Law::Refusals);
                }
                let kind = &*why.why;
                if name == CommandName::Review {
                    let shows = &mut next.shows;
                    shows.add(matches!(kind, Why::SamePerson { .. }), Seen::OwnReview);
                    shows.add(matches!(kind, Why::FactMissing { .. }), Seen::Blind);
                }
                return false;
            }
            (Ok(_), Some(Err(_))) => {
                next.broken.add(Law::Refusals);
                return false;
            }
        };
        // The table says so: the stage, a role that they hold, and the move.
        let (from, to) = (room.case.stage_name(), decision.case.stage_name());
        let role = name
            .roles()
            .iter()
            .any(|role| by.holds(*role, room.case.place()));
        let moves = from == to || name.moves().contains(&(Some(from), to));
        next.broken
            .unless(name.stages().contains(&from) && role && moves, Law::Table);
        let room = &mut next.rooms[at];
        let (mut broken, mut shows) = (next.broken, next.shows);
        self.step(
            room,
            &decision.records,
            decision.case.clone(),
            &mut broken,
            &mut shows,
        );
        room.left = Arc::clone(&room.case);
        room.brought = Arc::default();
        self.send(next, at, &decision.outgoing, &decision.private);
        // What the command laid out to come at once comes with the next look.
        let (room, outgoing) = self.passed(&next.rooms[at], state.now, &mut broken, &mut shows);
        next.rooms[at] = room;
        (next.broken, next.shows) = (broken, shows);
        self.send(next, at, &outgoing, &[]);
        true
    }

    /// Whether a world goes on from there: within its bounds.
    fn may(&self, state: &State, action: &Action) -> bool {
        let bounds = &self.bounds;
        let waits = |from: usize| state.wire.iter().filter(|it| it.from == from).count();
        match action {
            Action::Wait => self.next_alarm(state).is_some_and(|at| at <= bounds.until),
            // What is carried to the first may have it tell the other something.
            Action::Carry(from) => waits(*from) > 0 && (*from == 0 || waits(0) < bounds.behind),
            Action::Do(at, _, what) => {
                let case = &state.rooms[*at].case;
                match what {
                    _ if waits(*at) >= bounds.behind => false,
                    What::SendBack | What::RecheckFails => case.returns() < bounds.returns,
                    What::Dislike if case.is_closed() => case.reopens() < bounds.reopens,
                    What::Dislike => case.returns() < bounds.returns,
                    What::Reopen => case.reopens() < bounds.reopens,
                    What::AssignTo(_) => bounds.renames || case.stage_name() == StageName::Received,
                    // The desk looks at the survivor before it has the case decide.
                    What::MergeInto(other) => {
                        let into = &state.rooms[*other].case;
                        !into.is_closed() && into.follows().is_none()
                    }
                    _ => true,
                }
            }
        }
    }

    fn is_in_table(&self, state: &State, action: &Action) -> bool {
        let Action::Do(at, _, what) = action else {
            return true;
        };
        let case = &state.rooms[*at].case;
        let name = what.command(case).map(|it| it.name());
        name.is_some_and(|it| it.stages().contains(&case.stage_name()))
    }

    fn next_alarm(&self, state: &State) -> Option<Moment> {
        let all = state.rooms.iter().filter_map(|room| room.case.next_alarm());
        all.min()
    }

    /// What a step leads to; none, where nothing changes.
    pub fn leads_to(&self, state: &State, action: Action) -> Option<State> {
        let mut next = State {
            shows: Shows::default(),
            ..state.clone()
        };
        let done = match action {
            Action::Wait => {
                next.now = self.next_alarm(state)?;
                for at in 0..state.rooms.len() {
                    let (mut broken, mut shows) = (next.broken, next.shows);
                    let (room, outgoing) =
                        self.passed(&state.rooms[at], next.now, &mut broken, &mut shows);
                    next.rooms[at] = room;
                    (next.broken, next.shows) = (broken, shows);
                    self.send(&mut next, at, &outgoing, &[]);
                }
                true
            }
            Action::Do(at, who, what) => {
                let command = what.command(&state.rooms[at].case)?;
                self.ask(state, at, who.actor(), command, &mut next)
            }
            Action::Carry(from) => {
                let first = state.wire.iter().position(|it| it.from == from)?;
                let link = next.wire.remove(first);
                let to = 1 - from;
                let before = next.clone();
                let joins = matches!(link.command, Command::Join { .. });
                let done = self.ask(&before, to, Who::System.actor(), link.command, &mut next);
                if joins && !done {
                    // Nobody answers for it there: it goes on by itself.
                    let release = Command::Release {
                        from: id(to),
                        why: UnmergeWhy::NotJoined,
                    };
                    let before = next.clone();
                    self.ask(&before, from, Who::System.actor(), release, &mut next);
                }
                true
            }
        };
        self.seen.lock().unwrap().include(next.shows);
        if !done && !next.broken.any() {
            return None;
        }
        next.key = next.essence_key();
        Some(next)
    }

    /// Links that a case has for the other one, as the desk says them.
    fn send(&self, state: &mut State, from: usize, outgoing: &[Outgoing], private: &[Private]) {
        for out in outgoing {
            let Effect::Link { what, .. } = &out.effect else {
                continue;
            };
            let text = |of: &TextRef| {
                let its = private.iter().find(|it| it.reference == *of);
                its.map(|it| it.text.clone()).ok_or(())
            };
            let command = match what {
                Link::Join {
                    received,
                    whole_due,
                    reply_due,
                    tracked,
                } => Command::Join {
                    follower: id(from),
                    received: *received,
                    whole_due: *whole_due,
                    reply_due: *reply_due,
                    tracked: *tracked,
                },
                Link::Leave => Command::Leave { follower: id(from) },
                Link::Release { why } => Command::Release {
                    from: id(from),
                    why: *why,
                },
                Link::Relay { news } => Command::Relay {
                    from: id(from),
                    // What was said in an earlier turn is said in the same words.
                    news: news
                        .try_map(|it| Ok::<_, ()>(text(it).unwrap_or("已修好".into())))
                        .unwrap(),
                },
                other => unreachable!("no small world has parts: {other:?}"),
            };
            state.wire.push(OnItsWay { from, command });
        }
        // What one tells stays in order; what came first of two cases is nobody's matter.
        state.wire.sort_by_key(|it| it.from);
    }

    fn note(&self, from: &State, to: &State, action: Action) {
        let citizens = matches!(action, Action::Do(_, who, _) if who.is_citizen());
        let mut graph = self.graph.lock().unwrap();
        graph.edges.push((from.key, to.key, citizens));
        graph
            .nodes
            .entry(to.key)
            .or_insert_with(|| to.node(Some((from.key, action))));
    }
}

impl State {
    fn essence_key(&self) -> u64 {
        let mut hasher = std::hash::DefaultHasher::new();
        self.essence().hash(&mut hasher);
        hasher.finish()
    }
    /// What states are told apart by.
    pub fn essence(&self) -> String {
        let mut all = format!("{} {:?}", self.now, self.broken);
        for room in &self.rooms {
            essence(&room.case, &mut all);
            room.read.essence(&mut all);
        }
        for link in &self.wire {
            in_full(&(link.from, &link.command), &mut all);
        }
        all
    }
    pub const fn key(&self) -> u64 {
        self.key
    }
    fn node(&self, first: Option<(u64, Action)>) -> Node {
        Node {
            first,
            cases: self.rooms.iter().map(|room| room.case.outcome()).collect(),
        }
    }
    /// The records of a case, in order.
    pub fn records(&self, at: usize) -> Vec<Record> {
        records(&self.rooms[at].ledger)
    }
}

fn records(ledger: &Ledger) -> Vec<Record> {
    let mut all = Vec::new();
    let mut page = ledger;
    while let Some(it) = page {
        all.push(it.record.clone());
        page = &it.before;
    }
    all.reverse();
    all
}

/// The ledger of a case that has ended: each occurrence has one outcome, and none is ahead.
fn each_has_one_outcome(ledger: &Ledger) -> bool {
    let all = outcomes(&records(ledger)).expect("its own records");
    let keys: std::collections::BTreeSet<_> =
        all.iter().map(|it| (it.clock, it.step.clone())).collect();
    keys.len() == all.len()
        && !all
            .iter()
            .any(|it| matches!(it.outcome, StepOutcome::Ahead { .. }))
}

/// The case before a step and after it.
fn compared(before: &Case, after: &Case, read: &Reading) -> Broken {
    let mut broken = Broken::default();
    let awaiting = |case: &Case| case.shown() == Shown::Awaiting;
    broken.unless(awaiting(before) || !awaiting(after), Law::Shown);
    for had in before.clocks() {
        let has = after.clocks().iter().find(|it| it.key == had.key);
        let stay = has.is_some_and(|has| {
            let verdict = |it: &duly::case::Judgement| (it.at, it.mark, it.verdict, it.entry);
            let same = had
                .verdicts
                .iter()
                .zip(&has.verdicts)
                .all(|(had, has)| verdict(had) == verdict(has));
            let breach = had.breached.is_none() || had.breached == has.breached;
            same && had.verdicts.len() <= has.verdicts.len() && breach
        });
        broken.unless(stay, Law::Verdicts);
    }
    broken.unless(after.is_closed() == read.is_closed(), Law::Replay);
    let owner = after.team().map(|team| &team.owner);
    let past = !matches!(after.stage_name(), StageName::Received | StageName::Closed);
    broken.unless(
        !past || (owner.is_some() && owner == read.owner()),
        Law::Owner,
    );
    broken.unless(
        after.stage_name() != StageName::Received || owner.is_none(),
        Law::Owner,
    );
    // Somebody answers for it while it is in hands, and one only; of one that follows, the other's owner does.
    let in_hands = matches!(
        after.stage_name(),
        StageName::Assigned | StageName::Returned
    ) && after.follows().is_none();
    let open: Vec<_> = after
        .segments()
        .iter()
        .filter(|it| it.until.is_none())
        .collect();
    broken.unless(open.len() == usize::from(in_hands), Law::Owner);
    broken.unless(open.iter().all(|it| Some(&it.owner) == owner), Law::Owner);
    broken
}

/// What a step shows.
fn shown(before: &Case, after: &Case, records: &[Record], shows: &mut Shows) {
    let ends = after.is_closed() && !before.is_closed();
    let outcome = after.outcome().filter(|_| ends);
    let struck = outcome.is_some_and(|it| !matches!(it, Outcome::Declined | Outcome::Withdrawn));
    shows.add(outcome == Some(Outcome::Solved), Seen::Solved);
    shows.add(outcome == Some(Outcome::Explained), Seen::Explained);
    shows.add(outcome == Some(Outcome::Declined), Seen::Declined);
    shows.add(outcome == Some(Outcome::Withdrawn), Seen::Withdrawn);
    shows.add(outcome == Some(Outcome::Merged), Seen::Merged);
    let alone = before.follows().is_some() && after.follows().is_none();
    let again = before.is_closed() && !after.is_closed();
    let by_the_desk = records.iter().any(|it| {
        let why = UnmergeWhy::Withdrawn;
        matches!(it.event, Event::Unmerged { why: its, .. } if its == why)
    });
    shows.add(alone && again && by_the_desk, Seen::Unanswered);
    shows.add(struck && after.reopens() > 0, Seen::AgainClosed);
    shows.add(
        struck && after.promises().iter().any(|it| it.fulfilled.is_some()),
        Seen::Kept,
    );
    let silent = matches!(before.rating(), Some(Rating::NotGiven));
    shows.add(struck && silent, Seen::Silence);
    let by_itself = matches!(before.rating(), Some(Rating::AutoByTimeout));
    shows.add(struck && by_itself, Seen::ByItself);
    shows.add(
        after.returns() == 2 && before.returns() == 1,
        Seen::SecondReturn,
    );
    for record in records {
        let why = |it: ProjectedFor| matches!(&record.event, Event::ClockProjected { why, .. } if *why == it);
        let fired = |breach: bool| match &record.event {
            Event::StepTaken {
                step,
                fate: StepFate::Fired { acts },
                ..
            } => (*step == StepKey::Breach) == breach && (breach || !acts.is_empty()),
            _ => false,
        };
        shows.add(fired(true), Seen::Breach);
        shows.add(fired(false), Seen::Rung);
        shows.add(why(ProjectedFor::Extended), Seen::Extended);
        if let Event::ClockProjected {
            key,
            why: ProjectedFor::Resumed,
            schedule,
            ..
        } = &record.event
        {
            let was = before.clocks().iter().find(|it| it.key == *key);
            shows.add(
                was.is_some_and(|it| it.schedule.legal_due < schedule.legal_due),
                Seen::PauseMoves,
            );
        }
        if let Event::ClockProjected {
            key,
            why: ProjectedFor::Joined,
            schedule,
            ..
        } = &record.event
        {
            let was = before.clocks().iter().find(|it| it.key == *key);
            shows.add(
                was.is_some_and(|it| it.schedule.legal_due > schedule.legal_due),
                Seen::Earlier,
            );
        }
        shows.add(
            matches!(record.event, Event::ExtensionLapsed { .. }),
            Seen::ExtensionLapsed,
        );
        let by_rating = matches!(&record.event, Event::Returned { mend: None, .. });
        shows.add(by_rating, Seen::SentBack);
        shows.add(
            matches!(
                &record.event,
                Event::Relayed {
                    news: News::Retracted,
                    ..
                }
            ),
            Seen::Taken,
        );
        let released =
            matches!(&record.event, Event::Unmerged { why, .. } if *why != UnmergeWhy::Undone);
        shows.add(released, Seen::Released);
    }
}

macro_rules! properties {
    ($kind:ident, $name:ident, $holds:expr, $($one:ident)+) => {
        [$(Property::$kind($name::$one.says(), |world: &World, state: &State| ($holds)(world, state, $name::$one)),)+]
    };
}

impl Model for World {
    type State = State;
    type Action = Action;

    fn init_states(&self) -> Vec<State> {
        let opened = &self.bounds.opened;
        let begins = opened.iter().copied().max().expect("a world has a case");
        let (mut broken, mut shows) = (Broken::default(), Shows::default());
        let rooms = opened.iter().enumerate().map(|(at, now)| {
            let by = [Who::Zhuoma, Who::Danzeng][at];
            let open = envelope(id(at), by.actor(), *now, 0, open(by));
            let opened = decide(None, &open, &self.plans).expect("a message is taken");
            let mut read = Reading::default();
            let mut ledger = None;
            for record in opened.records {
                read.take(&record);
                ledger = Some(Arc::new(Page {
                    record,
                    before: ledger,
                }));
            }
            let case = Arc::new(opened.case);
            let room = Room {
                left: Arc::clone(&case),
                case,
                brought: Arc::default(),
                read: Arc::new(read),
                ledger,
            };
            // Up to where the world begins.
            self.passed(&room, begins, &mut broken, &mut shows).0
        });
        let rooms = rooms.collect();
        let mut first = State {
            now: begins,
            rooms,
            wire: Vec::new(),
            broken,
            shows: Shows::default(),
            key: 0,
        };
        first.key = first.essence_key();
        for action in &self.bounds.before {
            first = self
                .leads_to(&first, *action)
                .expect("what has happened could happen");
        }
        let mut graph = self.graph.lock().unwrap();
        graph
            .nodes
            .entry(first.key)
            .or_insert_with(|| first.node(None));
        vec![first]
    }

    fn actions(&self, state: &State, actions: &mut Vec<Action>) {
        // From where a law is broken nobody goes on.
        if !state.broken.any() {
            // What the table refuses is asked of every sixteenth state: that depends on nothing but the stage.
            let beyond = state.key.is_multiple_of(16);
            let its = |act: &&Action| beyond || self.is_in_table(state, act);
            actions.extend(
                self.bounds
                    .acts
                    .iter()
                    .filter(its)
                    .filter(|it| self.may(state, it)),
            );
        }
    }

    fn next_state(&self, state: &State, action: Action) -> Option<State> {
        let next = self.leads_to(state, action)?;
        self.note(state, &next, action);
        Some(next)
    }

    fn properties(&self) -> Vec<Property<World>> {
        let laws = properties!(always, Law, World::keeps,
            Solved Reviewed Apart Owner Redo Steps Told Verdicts Shown Alarm Refusals Polling Table Replay);
        assert_eq!(laws.len(), Law::ALL.len());
        laws.into()
    }
}

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Action::Wait => f.write_str("time passes"),
            Action::Do(at, who, what) => write!(f, "{}: {} {what}", id(*at), who.name()),
            Action::Carry(from) => {
                write!(f, "the desk carries what {} has for the other", id(*from))
            }
        }
    }
}
