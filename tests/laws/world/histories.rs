//! Random histories: steps, what a person makes of each where the case stands, and what comes of it.

use duly::case::{Case, Decision, decide, evolve};
use duly::plan::Plans;
use duly::time::Moment;
use duly::words::*;
use proptest::prelude::*;

use super::{actor, command, moment, persons};

/// One step of a random history: how long after the last, which command, by whom.
#[derive(Debug, Clone, Copy)]
pub struct Step {
    pub gap: i64,
    pub pick: u16,
    pub who: u8,
    pub kind: u8,
}

pub fn steps(most: usize) -> impl Strategy<Value = Vec<Step>> {
    let gap = prop_oneof![
        4 => 0i64..600,
        4 => 600i64..40_000,
        4 => 40_000i64..300_000,
        1 => 300_000i64..3_000_000,
        1 => Just(0i64),
    ];
    let step =
        (gap, any::<u16>(), any::<u8>(), any::<u8>()).prop_map(|(gap, pick, who, kind)| Step {
            gap,
            pick,
            who,
            kind,
        });
    proptest::collection::vec(step, 1..most)
}

/// What came of one command.
#[derive(Debug, Clone)]
pub struct Tried {
    pub envelope: Envelope,
    pub before: Option<Case>,
    pub answer: Result<Decision, Refusal>,
}

#[derive(Clone)]
pub struct History {
    pub tried: Vec<Tried>,
    pub records: Vec<Record>,
    pub case: Option<Case>,
}

pub fn envelope(id: &str, by: Actor, at: Moment, command: Command) -> Envelope {
    Envelope {
        id: id.parse().unwrap(),
        case: "c".parse().unwrap(),
        salt: Salt::derived(b"laws", id),
        by,
        at,
        command,
    }
}

/// The person who most likely may: by role, and where the case names someone, that one.
fn likely(name: CommandName, case: Option<&Case>, who: u8) -> Actor {
    let everyone = persons();
    let role = name.roles()[usize::from(who) % name.roles().len()];
    let owner = case
        .and_then(|case| case.team())
        .map(|team| team.owner.clone());
    // Sometimes somebody does it for the owner who judges answers as well.
    if let (Role::Owner, Some(owner), 7) = (role, &owner, who % 8) {
        let mut deputy = actor(
            "many",
            &["owner", "intake", "reviewer", "supervisor", "co_handler"],
        );
        deputy.acting_for = Some(owner.clone()).filter(|owner| *owner != deputy.id);
        return deputy;
    }
    let named = everyone
        .iter()
        .filter(|person| match role {
            Role::Owner => owner.as_ref() == Some(&person.id),
            Role::Citizen => person.id.as_str() == "citizen",
            _ => true,
        })
        .filter(|person| person.roles.iter().any(|grant| grant.role == role));
    let named: Vec<&Actor> = named.collect();
    match named.get(usize::from(who / 8) % named.len().max(1)) {
        Some(person) => (*person).clone(),
        None => everyone[usize::from(who) % everyone.len()].clone(),
    }
}

/// Plays the steps. Half of them are of the stage's own moves by a likely person, with the rest anything by anyone.
pub fn play(plans: &Plans, steps: &[Step]) -> History {
    play_until(plans, steps.len(), plans, steps)
}

/// The same, with other plans in hand from a step on.
pub fn play_until(first: &Plans, until: usize, then: &Plans, steps: &[Step]) -> History {
    let mut history = History {
        tried: Vec::new(),
        records: Vec::new(),
        case: None,
    };
    let mut at = moment("2026-03-02T09:00:00+08:00");
    let other_plan = first
        .iter()
        .map(|hand| &hand.id)
        .find(|id| first.latest().map(|hand| &hand.id) != Some(id));
    for (n, step) in steps.iter().enumerate() {
        let plans = if n < until { first } else { then };
        at = at.plus(step.gap);
        let before = history.case.clone();
        let (name, by) = choose(before.as_ref(), step);
        let command = command(name, step.pick, before.as_ref(), other_plan);
        let envelope = envelope(&format!("k{n}"), by, at, command);
        let answer = decide(before.as_ref(), &envelope, plans);
        if let Ok(decision) = &answer {
            let mut case = before.clone();
            for record in &decision.records {
                case = Some(evolve(case, record).expect("a decision's own records follow"));
                history.records.push(record.clone());
            }
            assert_eq!(
                case.as_ref(),
                Some(&decision.case),
                "the decision's case is its records applied"
            );
            history.case = case;
        }
        history.tried.push(Tried {
            envelope,
            before,
            answer,
        });
    }
    history
}

fn choose(case: Option<&Case>, step: &Step) -> (CommandName, Actor) {
    let everyone = persons();
    let anyone = || everyone[usize::from(step.who) % everyone.len()].clone();
    let Some(case) = case else {
        let name = match step.kind {
            0..160 => CommandName::Open,
            160..180 => CommandName::OpenSub,
            180..195 => CommandName::Signal,
            195..240 => CommandName::Import,
            _ => CommandName::Screen,
        };
        return (name, likely(name, None, step.who));
    };
    if step.kind % 16 == 15 {
        let names = CommandName::ALL;
        return (names[usize::from(step.pick) % names.len()], anyone());
    }
    // A notice that is waited for comes more often than not.
    if case.awaits_delivery().is_some() && !step.kind.is_multiple_of(4) {
        let name = CommandName::Delivered;
        return (name, likely(name, Some(case), step.who));
    }
    // Merging comes too seldom by chance for what comes after it.
    let early = matches!(case.stage_name(), StageName::Received | StageName::Assigned);
    if early && case.follows().is_none() && step.kind % 64 == 33 {
        let name = CommandName::Merge;
        return (name, likely(name, Some(case), step.who));
    }
    // A part is called off in any stage, and the same signal comes again also when its case is closed.
    if case.main().is_some() && step.kind % 64 == 19 {
        return (
            CommandName::CallOff,
            likely(CommandName::CallOff, Some(case), step.who),
        );
    }
    if case.signal().is_some() && case.is_closed() && step.kind.is_multiple_of(3) {
        return (
            CommandName::Signal,
            likely(CommandName::Signal, Some(case), step.who),
        );
    }
    // A part that an answer waits for says something more often than not.
    if !case.subs_wanting().is_empty() && step.kind % 4 == 1 {
        let name = [CommandName::Hear, CommandName::Hear, CommandName::DropSub]
            [usize::from(step.kind / 4) % 3];
        return (name, likely(name, Some(case), step.who));
    }
    let on = moving(case);
    // Ends that end everything come seldom, so that histories go deep.
    let ends = [
        CommandName::Withdraw,
        CommandName::Merge,
        CommandName::Decline,
        CommandName::CallOff,
    ];
    let seldom = |name: &CommandName| !ends.contains(name) || step.pick.is_multiple_of(5);
    let all: Vec<CommandName> = accepted_in(case.stage_name()).filter(seldom).collect();
    let name = match step.kind % 5 {
        0 => all[usize::from(step.pick) % all.len()],
        _ => on[usize::from(step.kind / 5) % on.len()],
    };
    if step.kind % 16 == 7 {
        (name, anyone())
    } else {
        (name, likely(name, Some(case), step.who))
    }
}

/// What moves a case on from a stage; the first more often.
fn moving(case: &Case) -> &'static [CommandName] {
    use CommandName as C;
    match case.stage_name() {
        StageName::Received | StageName::Assigned if case.follows().is_some() => &[
            C::Relay,
            C::Delivered,
            C::Relay,
            C::Delivered,
            C::Relay,
            C::Delivered,
            C::Relay,
            C::Delivered,
            C::Rate,
            C::Note,
            C::Unmerge,
        ],
        StageName::Received => &[
            C::Assign,
            C::Assign,
            C::Screen,
            C::Screen,
            C::Assign,
            C::Screen,
            C::AskCitizen,
            C::Supplement,
            C::List,
            C::Decline,
        ],
        StageName::Assigned => &[
            C::Reply,
            C::CoReply,
            C::AskExtension,
            C::Reply,
            C::GrantExtension,
            C::AskExtension,
            C::GrantExtension,
            C::Sign,
            C::Reply,
            C::GrantExtension,
            C::Pause,
            C::Object,
            C::Rule,
            C::Divide,
        ],
        StageName::Replied => &[C::Review],
        StageName::Reviewed => &[
            C::StrikeOff,
            C::StrikeOff,
            C::CallBack,
            C::CallBack,
            C::Recheck,
            C::Rate,
            C::Recheck,
            C::Fulfil,
        ],
        StageName::Returned => &[
            C::Reply,
            C::Reply,
            C::CoReply,
            C::Reply,
            C::Pause,
            C::AskExtension,
            C::GrantExtension,
            C::Delivered,
            C::Divide,
        ],
        StageName::Closed if case.follows().is_some() => {
            &[C::Relay, C::Release, C::Relay, C::Release, C::Rate]
        }
        StageName::Closed => &[C::Rate, C::Rate, C::Rate, C::Rate, C::Reopen],
    }
}
