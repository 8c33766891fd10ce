//! Routes a command to its move. Each move is written once, on the view of its stage.

use super::ask::Ask;
use super::model::Case;
use super::moves::{self, Adopted, Handling, ReplyAsked};
use super::turn::Turn;
use super::view::Stage;
use crate::plan::Plans;
use crate::time::Moment;
use crate::words::{
    Actor, Bound, By, Command, CommandName, Envelope, Event, ImportAsked, Outgoing, PlaceCode,
    Private, Record, Refusal, StageName, Thing, Why, accepted_in,
};

/// How long after an open case's last event a command is still believed, in seconds: ten years. Time alone brings such a case
/// something every few working days, so a longer silence is a wrong clock; and every notice in between would be written.
const HORIZON: i64 = 10 * 366 * 86_400;

/// What a command brings about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// What happened, in order: first what time had brought by then, then the command's own.
    pub records: Vec<Record>,
    /// The private texts that the records refer to.
    pub private: Vec<Private>,
    /// What the outside must be told.
    pub outgoing: Vec<Outgoing>,
    /// The case after it.
    pub case: Case,
}

/// Decides a command. The case is first advanced to the command's own moment, so that how often somebody polls
/// changes nothing; then the command is accepted with its events, or refused.
///
/// Time comes first, then the person: whoever may not do what they ask is told so of the case as it stands at that moment, and
/// what time has brought by then is neither theirs nor undone by it.
///
/// # Errors
/// A [`Refusal`], which changes nothing: what was asked, where the case stands, why not, what would be accepted.
/// What time has brought by then is still true; send a Tick to record it. A command that comes more than ten years after the
/// last event of an open case is refused before time is looked at ([`Why::TooFar`]); a Tick never is, and takes 10,000 steps
/// at most.
pub fn decide(
    case: Option<&Case>,
    envelope: &Envelope,
    plans: &Plans,
) -> Result<Decision, Refusal> {
    let mut stage = case.map(Case::stage_name);
    let follows = case.is_some_and(|case| case.follows().is_some());
    turn(case, envelope, plans, &mut stage).map_err(|why| Refusal {
        command: envelope.command.name(),
        case: envelope.case.clone(),
        stage,
        why: Box::new(why),
        accepted: match stage {
            Some(stage) => accepted_in(stage)
                .filter(|name| fits(*name, stage, follows))
                .collect(),
            None => vec![CommandName::Open, CommandName::Import],
        },
        zone: case
            .map_or_else(
                || plans.at(envelope.at).or_else(|| plans.latest()),
                |case| plans.get(case.plan()),
            )
            .map(|hand| hand.plan.zone),
    })
}

fn turn(
    case: Option<&Case>,
    envelope: &Envelope,
    plans: &Plans,
    stage: &mut Option<StageName>,
) -> Result<Decision, Why> {
    let name = envelope.command.name();
    let Some(case) = case else {
        return match &envelope.command {
            Command::Open { place, .. } => first(envelope, plans, place, |ask| {
                moves::open(ask, plans.board(), &envelope.command)
            }),
            Command::Import(asked) => taken_over(envelope, plans, asked),
            Command::OpenSub(asked) => first(envelope, plans, &asked.place, |ask| {
                moves::open_sub(ask, plans.board(), &envelope.case, asked)
            }),
            Command::Signal { place, .. } => first(envelope, plans, place, |ask| {
                moves::signal_opens(ask, plans.board(), &envelope.case, &envelope.command)
            }),
            _ => Err(Why::NoCase),
        };
    };
    if envelope.at < case.last_at() {
        return Err(Why::BeforeLast {
            last: case.last_at(),
        });
    }
    let until = case.last_at().plus(HORIZON);
    if name != CommandName::Tick && case.next_alarm().is_some() && envelope.at > until {
        return Err(Why::TooFar {
            last: case.last_at(),
            until,
        });
    }
    let hand = plans.get(case.plan()).ok_or_else(|| Why::NoPlan {
        plan: case.plan().clone(),
    })?;
    let mut turn = Turn::new(Some(case.clone()), plans, hand);
    let all = turn.advance(envelope.at)?;
    let case = turn.case()?.clone();
    *stage = Some(case.stage_name());
    if name == CommandName::Tick {
        held(name, &envelope.by, case.place())?;
        return turn.done(Vec::new());
    }
    if !all {
        return Err(Why::Bound {
            what: Thing::Backlog,
            bound: Bound::TickFirst,
        });
    }
    if matches!(
        name,
        CommandName::Open | CommandName::Import | CommandName::OpenSub
    ) {
        return Err(Why::AlreadyOpen);
    }
    if !name.stages().contains(&case.stage_name()) {
        return Err(Why::Stage);
    }
    let follows = case.follows().filter(|_| !case.is_closed());
    if let Some(into) = follows.filter(|_| !still_its_own(name)) {
        return Err(Why::Follows { into: into.clone() });
    }
    // In whichever of their roles they may: the first that fits; else what the first was told.
    let mut first = None;
    for by in held(name, &envelope.by, case.place())? {
        let mut ask = Ask::new(envelope, by, hand);
        match route(&case, &mut ask, &envelope.command, plans) {
            Ok(events) => return turn.run(envelope, ask, events),
            Err(why) => first = first.or(Some(why)),
        }
    }
    Err(first.unwrap_or(Why::Stage))
}

/// The first event of a case, however it comes in.
fn first<'a>(
    envelope: &'a Envelope,
    plans: &'a Plans,
    place: &PlaceCode,
    opens: impl FnOnce(&mut Ask<'a>) -> Result<Vec<Event>, Why>,
) -> Result<Decision, Why> {
    let hand = plans
        .at(envelope.at)
        .ok_or_else(|| none_in_force(plans, envelope.at))?;
    let by = first_of(held(envelope.command.name(), &envelope.by, place)?)?;
    let mut ask = Ask::new(envelope, by, hand);
    let events = opens(&mut ask)?;
    Turn::new(None, plans, hand).run(envelope, ask, events)
}

/// 接续登记. A case that is taken over comes under the plan that was in force when its message was received, as an equal case of this
/// system did; an office that had no plan then takes the one in force now.
fn taken_over(envelope: &Envelope, plans: &Plans, asked: &ImportAsked) -> Result<Decision, Why> {
    let until = asked.received.plus(HORIZON);
    if envelope.at > until {
        return Err(Why::TooFar {
            last: asked.received,
            until,
        });
    }
    let hand = plans
        .at(asked.received)
        .or_else(|| plans.at(envelope.at))
        .ok_or_else(|| none_in_force(plans, envelope.at))?;
    let by = first_of(held(CommandName::Import, &envelope.by, &asked.place)?)?;
    let mut ask = Ask::new(envelope, by, hand);
    let events = moves::import(&mut ask, plans.board(), asked)?;
    let mut turn = Turn::new(None, plans, hand);
    turn.asked(envelope, &ask.by);
    for event in events {
        turn.emit(event)?;
    }
    if let Some(reply) = &asked.replied {
        ask.back_then(reply.at);
        turn.replied_before(&mut ask, reply)?;
    }
    turn.done(ask.into_private())
}

/// Why no case can be opened at that moment, and from when one can.
fn none_in_force(plans: &Plans, at: Moment) -> Why {
    let Some(latest) = plans.latest() else {
        return Why::NotOffered {
            what: Thing::AnyPlan,
        };
    };
    let date = at.date(latest.plan.zone);
    let gap = plans.gaps().into_iter().find(|gap| gap.holds(date));
    Why::NotInForce {
        date,
        until: gap.and_then(|gap| gap.from?.pred_opt()),
        from: gap.and_then(|gap| gap.to?.succ_opt()),
    }
}

/// The actor in each of the command's roles that they hold for this place.
fn held(name: CommandName, actor: &Actor, place: &PlaceCode) -> Result<Vec<By>, Why> {
    let roles = name
        .roles()
        .iter()
        .filter(|role| actor.holds(**role, place));
    let held: Vec<By> = roles.map(|role| By::actor(actor, *role)).collect();
    match held.is_empty() {
        true => Err(Why::Role {
            needs: name.roles().to_vec(),
            place: place.clone(),
        }),
        false => Ok(held),
    }
}

fn first_of(held: Vec<By>) -> Result<By, Why> {
    held.into_iter().next().ok_or(Why::NoCase)
}

/// Whether a command that the stage takes can come up: a merged case takes its own few, and only a merged one is
/// rated before review, or goes on by itself.
fn fits(name: CommandName, stage: StageName, follows: bool) -> bool {
    use CommandName as C;
    let early = matches!(stage, StageName::Received | StageName::Assigned);
    match name {
        C::Unmerge | C::Relay | C::Release => follows,
        C::Rate if early => follows,
        _ => !follows || still_its_own(name) || stage == StageName::Closed,
    }
}

/// What a merged case still takes: whatever concerns its own citizen and its own file.
const fn still_its_own(name: CommandName) -> bool {
    matches!(
        name,
        CommandName::Unmerge
            | CommandName::Relay
            | CommandName::Release
            | CommandName::Leave
            | CommandName::Signal
            | CommandName::Rate
            | CommandName::Supplement
            | CommandName::Withdraw
            | CommandName::Note
            | CommandName::Correct
            | CommandName::Delivered
            | CommandName::Undelivered
            | CommandName::SetFact
            | CommandName::Redact
            | CommandName::AdoptPlan
            | CommandName::AdoptCalendar
            | CommandName::HandOver
            | CommandName::Tick
    )
}

fn route(
    case: &Case,
    ask: &mut Ask<'_>,
    command: &Command,
    plans: &Plans,
) -> Result<Vec<Event>, Why> {
    use Command as C;
    use Stage as S;
    match (command, case.stage()) {
        (C::Screen { class, facts }, S::Received(it)) => it.screen(ask, *class, facts),
        (C::List { matters }, S::Received(it)) => it.list(ask, matters),
        (C::AskCitizen { question }, S::Received(it)) => it.ask_citizen(ask, question),
        (C::Supplement { answer }, S::Received(it)) => it.supplement(ask, answer),
        (
            C::Decline {
                ground,
                told,
                facts,
            },
            _,
        ) => case.decline(ask, *ground, told, facts),
        (C::Merge { into }, _) => case.merge(ask, into),
        (C::Unmerge { reason }, _) => case.unmerge(ask, reason),
        (
            C::Join {
                follower,
                received,
                whole_due,
                reply_due,
                tracked,
            },
            _,
        ) => case.join(follower, *received, (*whole_due, *reply_due), *tracked),
        (C::Leave { follower }, _) => case.leave(follower),
        (C::Relay { from, news }, _) => case.relay(ask, from, news),
        (C::Release { from, why }, _) => case.release(ask, from, *why),
        (C::DropSub { sub, reason }, _) => case.drop_sub(ask, sub, reason),
        (
            C::Hear {
                sub,
                news,
                handlers,
            },
            _,
        ) => case.hear(ask, sub, news, handlers),
        (C::Want { main, due }, _) => case.want(main, *due),
        (C::CallOff { main, why }, _) => case.call_off(main, *why),
        (
            C::Signal {
                of, words, facts, ..
            },
            _,
        ) => case.signal_again(ask, of, words, facts),
        (
            C::Assign {
                unit,
                owner,
                co_handlers,
            },
            S::Received(it),
        ) => it.assign(ask, unit, owner, co_handlers),
        (
            C::Assign {
                unit,
                owner,
                co_handlers,
            },
            S::Returned(it),
        ) => it.assign(ask, unit, owner, co_handlers),
        (C::Sign {}, S::Assigned(it)) => it.sign(ask),
        (C::SubAssign { unit, owner }, S::Assigned(it)) => it.sub_assign(ask, unit, owner),
        (C::Object { reason, should_be }, S::Assigned(it)) => it.object(ask, reason, should_be),
        (
            C::Rule {
                unit,
                owner,
                reason,
            },
            S::Assigned(it),
        ) => it.rule(ask, unit, owner, reason),
        (
            C::Transfer {
                unit,
                owner,
                reason,
            },
            S::Assigned(it),
        ) => it.transfer(ask, unit, owner, reason),
        (C::Reclassify { class, reason }, S::Assigned(it)) => it.reclassify(ask, *class, reason),
        (C::Review(review), S::Replied(it)) => it.review(ask, review),
        (C::CallBack { result }, S::Reviewed(it)) => it.call_back(ask, result),
        (C::Rate { rating, said }, S::Reviewed(it)) => it.rate(ask, *rating, said),
        (C::Rate { rating, said }, S::Closed(it)) => it.rate(ask, *rating, said),
        (C::Rate { rating, said }, _) => case.rate_as_follower(ask, *rating, said),
        (C::Commit(new), S::Reviewed(it)) => it.commit(ask, new),
        (
            C::Recheck {
                passed,
                evidence,
                findings,
                return_for,
            },
            S::Reviewed(it),
        ) => it.recheck(ask, *passed, evidence, findings, return_for),
        (C::StrikeOff { outcome, matter }, S::Reviewed(it)) => {
            it.strike_off(ask, *outcome, *matter)
        }
        (C::Reopen { ground, reason }, S::Closed(it)) => it.reopen(ask, ground, reason),
        (_, S::Assigned(it)) if shared(command) => handle(it.into(), ask, command),
        (_, S::Returned(it)) if shared(command) => handle(it.into(), ask, command),
        (C::HandOver { to, unit, reason }, _) => {
            moves::hand_over(case, ask, to, unit.as_ref(), reason)
        }
        (
            C::Fulfil {
                commitment,
                evidence,
            },
            _,
        ) => moves::fulfil(case, ask, *commitment, evidence),
        (C::Withdraw { evidence }, _) => moves::withdraw(case, ask, evidence),
        (
            C::Direct {
                words,
                within,
                track,
                lead,
            },
            _,
        ) => moves::direct(case, ask, words, within, *track, lead),
        (C::Track { reason }, _) => moves::track(case, ask, reason),
        (C::Untrack { reason }, _) => moves::untrack(case, ask, reason),
        (C::Report { text }, _) => moves::report(case, ask, text),
        (C::SetFact { name, value }, _) => moves::set_fact(case, ask, name, value),
        (C::Note { text }, _) => moves::note(ask, text),
        (
            C::Correct {
                version,
                text,
                took_effect,
            },
            _,
        ) => moves::correct(case, ask, *version, text, *took_effect),
        (
            C::Exclude {
                reason,
                from,
                until,
                evidence,
            },
            _,
        ) => moves::exclude(case, ask, reason, *from, *until, evidence),
        (C::AdoptCalendar {}, _) => moves::adopt_calendar(case, ask),
        (C::Delivered { effect }, _) => moves::deliver(case, effect),
        (
            C::Undelivered {
                effect,
                why,
                instead,
            },
            _,
        ) => moves::undeliver(case, ask, effect, why, instead),
        (
            C::AdoptPlan {
                plan,
                approved_by,
                facts,
            },
            _,
        ) => moves::adopt_plan(
            case,
            ask,
            plans,
            &Adopted {
                plan,
                approved_by,
                facts,
            },
        ),
        (C::Redact { fields, basis }, _) => moves::redact(fields, basis),
        _ => Err(Why::Stage),
    }
}

const fn shared(command: &Command) -> bool {
    matches!(
        command,
        Command::CoReply { .. }
            | Command::Pause { .. }
            | Command::Resume { .. }
            | Command::AskExtension { .. }
            | Command::GrantExtension { .. }
            | Command::Update { .. }
            | Command::Divide { .. }
            | Command::Reply { .. }
    )
}

fn handle(it: Handling<'_>, ask: &mut Ask<'_>, command: &Command) -> Result<Vec<Event>, Why> {
    match command {
        Command::CoReply { text } => it.co_reply(ask, text),
        Command::Pause { reason, evidence } => it.pause(ask, reason, evidence),
        Command::Resume { reason } => it.resume(ask, reason),
        Command::AskExtension {
            clock,
            span,
            reason,
        } => it.ask_extension(ask, *clock, span, reason),
        Command::GrantExtension { clock, told } => it.grant_extension(ask, *clock, told),
        Command::Update { text } => it.update(ask, text),
        Command::Divide { bundle, subs } => it.divide(ask, bundle.as_deref(), subs),
        Command::Reply {
            answers,
            measures,
            contacts,
            basis,
            commitments,
            explained,
        } => {
            let explained = *explained;
            it.reply(
                ask,
                &ReplyAsked {
                    answers,
                    measures,
                    contacts,
                    basis,
                    commitments,
                    explained,
                },
            )
        }
        _ => Err(Why::Stage),
    }
}

impl<'a> Turn<'a> {
    fn run(
        mut self,
        envelope: &Envelope,
        ask: Ask<'a>,
        events: Vec<Event>,
    ) -> Result<Decision, Why> {
        self.asked(envelope, &ask.by);
        for event in events {
            self.emit(event)?;
        }
        self.done(ask.into_private())
    }
}
