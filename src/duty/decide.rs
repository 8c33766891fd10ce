//! What a command brings about, or why not.

use chrono::NaiveDate;

use super::model::office_role;
use super::schedule::{Laid, Of, addressee, calendar, is_chained, lay, of_unit, waits};
use super::{
    Covered, Duty, DutyCommand, DutyEnvelope, DutyEvent, DutyOutgoing, DutyRecord, DutyRefusal,
    DutyWhy, State, effects, evolve, rounds,
};
use crate::plan::{DutyRule, InHand, Plans, Uncovered};
use crate::time::{Counting, DayOne, Ends, Moment, Pauses, Roll, Span, Term};
use crate::words::{
    Actor, Addressee, By, Channel, DutyCommandName, DutyKind, DutyStage, PersonId, PlaceCode,
    Private, Role, Schedule, Text, TextRef, UnitId, Verdict,
};

/// How long after an open obligation's last event a command is still believed, in seconds: ten years. A longer silence is a wrong
/// clock, since time alone brings it something every few working days.
const HORIZON: i64 = 10 * 366 * 86_400;
/// The longest link that is taken, in bytes.
const LINK: usize = 2048;

/// Seconds and instants: nothing about days.
const INSTANT: Counting = Counting {
    day_one: DayOne::FromInstant,
    ends: Ends::SameTime,
    roll: Roll::None,
    at: None,
};

/// What a command brings about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DutyDecision {
    /// What happened, in order: first what time had brought by then, then the command's own.
    pub records: Vec<DutyRecord>,
    /// The private texts that the records refer to.
    pub private: Vec<Private>,
    /// What the outside must be told.
    pub outgoing: Vec<DutyOutgoing>,
    /// The obligation after it.
    pub duty: Duty,
}

/// Decides a command. The obligation is first advanced to the command's own moment; then the command is accepted with its events,
/// or refused.
///
/// # Errors
/// A [`DutyRefusal`], which changes nothing: what was asked, where it stands, why not, what would be accepted. What time has brought
/// by then is still true; send a Tick to record it.
///
/// ```
/// use duly::duty::{DutyCommand, DutyEnvelope, decide};
/// use duly::plan::{DutyRule, Plans, Provenance, bare};
/// use duly::time::Span;
/// use duly::words::{Actor, DutyKind, Role, RuleId, Salt};
/// let mut plan = bare("demo".parse()?);
/// plan.duties.push(DutyRule {
///     kind: DutyKind::Video, rule: RuleId::new("duty(video)"), title: "视频答复".into(), owed_by: vec!["unit_head".into()], every: None,
///     within: Span::WorkingDays(20), counting: plan.counting, channels: Vec::new(), provenance: Provenance::Unsaid, rungs: Vec::new(),
/// });
/// let mut plans = Plans::new("board".parse()?);
/// plans.take(plan)?;
/// let impose = DutyEnvelope {
///     id: "d1".parse()?, duty: "v01".parse()?, by: Actor::new("duban".parse()?, Role::Supervisor),
///     at: "2026-03-02T09:00:00+08:00".parse()?, salt: Salt::new([7; 16]),
///     command: serde_json::from_str::<DutyCommand>(r#"{"impose": {"kind": "video", "topic": "城区供暖", "place": "632521",
///         "unit": "共和县住建局"}}"#)?,
/// };
/// let duty = decide(None, &impose, &plans)?.duty;
/// assert_eq!(duty.due().to_string(), "2026-03-30T10:00:00Z");
/// assert!(duty.next_alarm().is_some());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn decide(
    duty: Option<&Duty>,
    envelope: &DutyEnvelope,
    plans: &Plans,
) -> Result<DutyDecision, DutyRefusal> {
    let kind = match (duty, &envelope.command) {
        (Some(duty), _) => Some(duty.kind),
        (None, DutyCommand::Impose { kind, .. }) => Some(*kind),
        _ => None,
    };
    let mut stage = duty.map(Duty::stage);
    turn(duty, envelope, plans, &mut stage).map_err(|why| DutyRefusal {
        command: envelope.command.name(),
        duty: envelope.duty.clone(),
        kind,
        stage,
        why: Box::new(why),
        accepted: match (kind, stage) {
            (Some(kind), Some(stage)) => DutyCommandName::accepted_in(kind, stage).collect(),
            _ => vec![DutyCommandName::Impose],
        },
        zone: duty
            .map_or_else(
                || plans.at(envelope.at).or_else(|| plans.latest()),
                |duty| plans.get(&duty.plan),
            )
            .map(|hand| hand.plan.zone),
    })
}

fn turn(
    duty: Option<&Duty>,
    envelope: &DutyEnvelope,
    plans: &Plans,
    stage: &mut Option<DutyStage>,
) -> Result<DutyDecision, DutyWhy> {
    let Some(duty) = duty else {
        let DutyCommand::Impose { kind, place, .. } = &envelope.command else {
            return Err(DutyWhy::NoDuty);
        };
        let hand = plans.at(envelope.at).ok_or(DutyWhy::NotInForce)?;
        let by = held(DutyCommandName::Impose, *kind, &envelope.by, place)?;
        let mut turn = Turn::new(None, plans, hand, envelope, by);
        turn.impose(&envelope.command)?;
        return turn.done();
    };
    if envelope.at < duty.last {
        return Err(DutyWhy::BeforeLast { last: duty.last });
    }
    let name = envelope.command.name();
    let until = duty.last.plus(HORIZON);
    if name != DutyCommandName::Tick && duty.is_open() && envelope.at > until {
        return Err(DutyWhy::TooFar {
            last: duty.last,
            until,
        });
    }
    let hand = plans.get(&duty.plan).ok_or_else(|| DutyWhy::NoPlan {
        plan: duty.plan.clone(),
    })?;
    // Time is nobody's act.
    let nobody = By::actor(&envelope.by, Role::System);
    let mut turn = Turn::new(Some(duty.clone()), plans, hand, envelope, nobody);
    let all = turn.advance(envelope.at)?;
    turn.at = envelope.at;
    let now = turn.duty()?.clone();
    *stage = Some(now.stage());
    if name == DutyCommandName::Tick {
        held(name, now.kind, &envelope.by, &now.owed.place)?;
        return turn.done();
    }
    if !all {
        return Err(DutyWhy::TickFirst);
    }
    if name == DutyCommandName::Impose {
        return Err(DutyWhy::AlreadyImposed);
    }
    if !name.stages(now.kind).contains(&now.stage()) {
        return Err(match (name, now.stage(), now.round()) {
            (DutyCommandName::Fulfil, DutyStage::Resting, Some(round)) => DutyWhy::Resting {
                round: round.number,
                begins: round.ends.plus(1),
            },
            _ => DutyWhy::Stage,
        });
    }
    turn.by = allowed(name, &now, &envelope.by)?;
    turn.ask(&now, &envelope.command, &envelope.by)?;
    // What a schedule laid out anew holds of the past comes now, so that the alarm lies ahead.
    turn.advance(envelope.at)?;
    turn.done()
}

/// The actor in the first of the command's roles that they hold for this place.
fn held(
    name: DutyCommandName,
    kind: DutyKind,
    actor: &Actor,
    place: &PlaceCode,
) -> Result<By, DutyWhy> {
    let needs = name.roles(kind);
    let role = needs.iter().find(|role| actor.holds(**role, place));
    role.map(|role| By::actor(actor, *role))
        .ok_or_else(|| DutyWhy::Role {
            needs: needs.to_vec(),
            place: place.clone(),
        })
}

/// Whoever may: one of the command's roles, or whoever owes it, where the command is taken from them.
fn allowed(name: DutyCommandName, duty: &Duty, actor: &Actor) -> Result<By, DutyWhy> {
    if name.from_who_owes() && duty.is_owed_by(actor) {
        let role = duty.owed.role.or_else(|| office_role(actor, duty));
        if let Some(role) = role {
            return Ok(By::actor(actor, role));
        }
    }
    match name.roles(duty.kind) {
        [] => Err(DutyWhy::NotTheirs {
            owed: duty.owed.clone(),
        }),
        _ => held(name, duty.kind, actor, &duty.owed.place),
    }
}

/// Events become records, each is applied at once.
pub(super) struct Turn<'a> {
    pub(super) hand: &'a InHand,
    plans: &'a Plans,
    duty: Option<Duty>,
    envelope: &'a DutyEnvelope,
    by: By,
    pub(super) at: Moment,
    records: Vec<DutyRecord>,
    private: Vec<Private>,
    outgoing: Vec<DutyOutgoing>,
}

impl<'a> Turn<'a> {
    fn new(
        duty: Option<Duty>,
        plans: &'a Plans,
        hand: &'a InHand,
        envelope: &'a DutyEnvelope,
        by: By,
    ) -> Turn<'a> {
        Turn {
            hand,
            plans,
            duty,
            envelope,
            by,
            at: envelope.at,
            records: Vec::new(),
            private: Vec::new(),
            outgoing: Vec::new(),
        }
    }
    pub(super) fn duty(&self) -> Result<&Duty, DutyWhy> {
        self.duty.as_ref().ok_or(DutyWhy::NoDuty)
    }
    fn done(self) -> Result<DutyDecision, DutyWhy> {
        Ok(DutyDecision {
            duty: self.duty.ok_or(DutyWhy::NoDuty)?,
            records: self.records,
            private: self.private,
            outgoing: self.outgoing,
        })
    }
    /// Records what time did.
    pub(super) fn by_time(&mut self, event: DutyEvent) -> Result<(), DutyWhy> {
        self.record(event, false)
    }
    fn record(&mut self, event: DutyEvent, own: bool) -> Result<(), DutyWhy> {
        let record = DutyRecord {
            duty: self.envelope.duty.clone(),
            version: self.duty.as_ref().map_or(0, Duty::version) + 1,
            at: self.at,
            by: own.then(|| self.by.clone()),
            plan: self.hand.id.clone(),
            command: own.then(|| self.envelope.id.clone()),
            event,
        };
        let duty =
            evolve(self.plans.board(), self.duty.take(), &record).map_err(|e| DutyWhy::Fault {
                said: e.to_string(),
            })?;
        self.outgoing.extend(effects(&record, &duty));
        self.duty = Some(duty);
        self.records.push(record);
        Ok(())
    }
    /// Seals a text that must not be blank, too long, or of characters that cannot be kept.
    fn text(&mut self, what: &str, text: &Text) -> Result<TextRef, DutyWhy> {
        if text.is_too_long() {
            let size = |bytes: usize| u64::try_from(bytes).unwrap_or(u64::MAX);
            return Err(DutyWhy::TooLong {
                what: what.into(),
                bytes: size(text.as_str().len()),
                most: size(Text::MOST),
            });
        }
        if text.holds_nul() {
            return Err(DutyWhy::Nul { what: what.into() });
        }
        if text.is_blank() {
            return Err(DutyWhy::Blank { what: what.into() });
        }
        let place = format!("{what}#{}", self.private.len());
        let sealed = Private::seal(self.envelope.salt, &place, text.clone());
        let reference = sealed.reference.clone();
        self.private.push(sealed);
        Ok(reference)
    }

    fn impose(&mut self, command: &DutyCommand) -> Result<(), DutyWhy> {
        let DutyCommand::Impose {
            kind,
            topic,
            subject,
            place,
            post,
            unit,
            person,
            due,
            channels,
            of,
        } = command
        else {
            return Err(DutyWhy::NoDuty);
        };
        match kind.recurs() {
            true => {
                unfit(*kind, "due", due.is_some())?;
                unfit(*kind, "channels", !channels.is_empty())?;
                unfit(*kind, "of", of.is_some())?;
            }
            false => unfit(*kind, "subject", subject.is_some())?,
        }
        if *kind == DutyKind::Visit {
            let _ = wanted(*kind, "subject", subject.as_ref())?;
        }
        let plan = &self.hand.plan;
        let rule = plan.duty(*kind).ok_or(DutyWhy::NoRule { kind: *kind })?;
        if plan.place(place).is_none() {
            let known = plan.places.iter().map(|place| place.code.clone()).collect();
            return Err(DutyWhy::UnknownPlace {
                place: place.clone(),
                known,
            });
        }
        if *kind == DutyKind::Digest && of.is_none() {
            return Err(DutyWhy::NoDay);
        }
        let owed = self.owed(rule, place, post.as_deref(), unit.as_ref(), person.as_ref())?;
        let channels = some_of(&rule.channels, channels)?;
        let (round, term) = match kind.recurs() {
            true => {
                let (round, term) = rounds::next(self.hand, rule, self.at, None)?;
                (Some(round), term)
            }
            false => (None, self.term(rule, *due)?),
        };
        let of_what = round
            .as_ref()
            .map_or(Of::Once(None), |it| Of::Round(it, false));
        let Laid { schedule, void } =
            lay(self.hand, rule, &term, &Pauses::none(), of_what, self.at)?;
        self.is_covered(*kind, &schedule)?;
        let topic = self.text("topic", topic)?;
        self.record(
            DutyEvent::Imposed {
                kind: *kind,
                topic,
                subject: subject.clone(),
                owed,
                channels,
                of: *of,
                dated: *due,
                rule: rule.rule.clone(),
                term,
                schedule,
                round,
            },
            true,
        )?;
        self.before_start(void)
    }

    /// Refuses an officer's limit beyond the known holidays, where the plan takes none.
    fn is_covered(&self, kind: DutyKind, schedule: &Schedule) -> Result<(), DutyWhy> {
        let refuses = self.hand.plan.uncovered == Uncovered::Refuse && self.by.role != Role::System;
        match schedule.provisional && refuses {
            true => Err(DutyWhy::NotCovered {
                kind,
                due: schedule.legal_due,
                calendar: schedule.calendar.clone(),
                until: self.hand.calendar.coverage().to,
            }),
            false => Ok(()),
        }
    }

    /// Who owes it: one of the rule's posts, and whoever holds it can be told apart.
    fn owed(
        &self,
        rule: &DutyRule,
        place: &PlaceCode,
        post: Option<&str>,
        unit: Option<&UnitId>,
        person: Option<&PersonId>,
    ) -> Result<Addressee, DutyWhy> {
        let known = || rule.owed_by.clone();
        let post = match (post, rule.owed_by.as_slice()) {
            (Some(post), all) if all.iter().any(|own| own == post) => post,
            (None, [only]) => only,
            _ => {
                return Err(DutyWhy::Post {
                    post: post.map(str::to_owned),
                    known: known(),
                });
            }
        };
        let mut owed = addressee(self.hand, post, place, unit);
        owed.person = person.cloned();
        let office = owed.role.is_none();
        if office && owed.unit.is_none() {
            // An office is held by whoever is of it.
            let title = self.hand.plan.post(post).map(|post| post.title.as_str());
            owed.unit = unit.cloned().or_else(|| title?.parse().ok());
        }
        let vague = office || owed.role.is_some_and(of_unit);
        if vague && owed.unit.is_none() && owed.person.is_none() {
            return Err(DutyWhy::Nobody {
                post: post.to_owned(),
            });
        }
        Ok(owed)
    }

    /// The rule's limit, or an earlier day.
    fn term(&self, rule: &DutyRule, due: Option<NaiveDate>) -> Result<Term, DutyWhy> {
        let zone = self.hand.plan.zone;
        let term = Term::new(self.at, rule.within.clone(), rule.counting);
        let Some(day) = due else { return Ok(term) };
        let limit = term
            .due(&self.hand.calendar, &Pauses::none())
            .map_err(calendar)?
            .map_or(Moment::MAX, |due| due.at)
            // Midnight is the end of the day before it.
            .plus(-1)
            .date(zone);
        let today = self.at.date(zone);
        if day < today {
            return Err(DutyWhy::DuePast { due: day, today });
        }
        if day > limit {
            return Err(DutyWhy::DueBeyond {
                due: day,
                limit,
                rule: self.hand.plan.source(&rule.rule, &rule.title),
            });
        }
        if day == limit {
            return Ok(term);
        }
        let end = match day.succ_opt() {
            Some(next) => zone.first(next.and_time(chrono::NaiveTime::MIN)),
            None => Moment::MAX,
        };
        let left = end.since(self.at).max(1);
        Ok(Term::new(self.at, Span::Elapsed(left), INSTANT))
    }

    fn ask(&mut self, duty: &Duty, command: &DutyCommand, actor: &Actor) -> Result<(), DutyWhy> {
        let event = match command {
            DutyCommand::HandOver { to, reason } => {
                if duty.owed.person.as_ref() == Some(to) {
                    return Err(DutyWhy::SameHands { person: to.clone() });
                }
                DutyEvent::HandedOver {
                    to: to.clone(),
                    reason: self.text("reason", reason)?,
                }
            }
            DutyCommand::Fulfil { .. } => self.fulfilled(duty, command)?,
            DutyCommand::Accept {} => {
                let verdict = self.submitted(duty, actor)?.1;
                DutyEvent::Accepted { verdict }
            }
            DutyCommand::SendBack { mend } => {
                let since = self.submitted(duty, actor)?.0;
                let mend = self.text("mend", mend)?;
                self.sent_back(duty, since, mend)?
            }
            DutyCommand::Read {} => DutyEvent::Read {
                verdict: Verdict::of(self.at, duty.due),
            },
            DutyCommand::Excuse { reason } => {
                // Who owes it does not let themselves off, nor who has said that it is done.
                if duty.is_owed_by(actor) {
                    return Err(self.same(&actor.id));
                }
                self.apart(duty)?;
                DutyEvent::Excused {
                    reason: self.text("reason", reason)?,
                }
            }
            DutyCommand::Note { text } => DutyEvent::Noted {
                text: self.text("text", text)?,
            },
            DutyCommand::Delivered { effect } | DutyCommand::Undelivered { effect, .. }
                if !duty.has_told(effect) =>
            {
                return Err(DutyWhy::NoEffect {
                    effect: effect.clone(),
                });
            }
            DutyCommand::Delivered { effect } => DutyEvent::Delivered {
                effect: effect.clone(),
            },
            DutyCommand::Undelivered { effect, why } => DutyEvent::Undelivered {
                effect: effect.clone(),
                why: self.text("why", why)?,
            },
            DutyCommand::Redact { fields, basis } => {
                if fields.is_empty() || basis.trim().is_empty() {
                    let what = if fields.is_empty() { "fields" } else { "basis" };
                    return Err(DutyWhy::Blank { what: what.into() });
                }
                DutyEvent::Redacted {
                    fields: fields.clone(),
                    basis: basis.clone(),
                }
            }
            DutyCommand::AdoptCalendar {} => self.calendar_adopted(duty)?,
            DutyCommand::Impose { .. } => return Err(DutyWhy::AlreadyImposed),
            DutyCommand::Tick {} => return Ok(()),
        };
        self.record(event, true)
    }

    /// What is owed is laid out anew by the calendar in hand. What has come of it has come.
    fn calendar_adopted(&self, duty: &Duty) -> Result<DutyEvent, DutyWhy> {
        let cal = &self.hand.calendar;
        if duty.calendar == cal.revision() {
            return Err(DutyWhy::SameCalendar {
                calendar: duty.calendar.clone(),
            });
        }
        if !duty.heeds_calendar() {
            return Err(DutyWhy::Late { due: duty.due });
        }
        let rule = self
            .hand
            .plan
            .duty(duty.kind)
            .ok_or(DutyWhy::NoRule { kind: duty.kind })?;
        let (round, mut term, by_now) = match duty.round() {
            Some(before) => {
                let (mut round, term) = rounds::again(self.hand, rule, duty.imposed, before)?;
                let by_now = round.due;
                round.ends = self.no_later_at_once(before.ends, round.ends)?;
                let due = self.no_later_at_once(before.due, by_now)?;
                round.due = due.min(round.ends);
                (Some(round), term, by_now)
            }
            None => {
                let term = whole(duty, rule);
                let due = term.due(cal, &duty.pauses).map_err(calendar)?;
                let by_now = due.map_or(duty.due, |due| due.at);
                (None, term, by_now)
            }
        };
        let due = match &round {
            Some(round) => round.due,
            None => self.no_later_at_once(duty.due, by_now)?,
        };
        // What is counted ends elsewhere where the moment gave way, or where a round that by now would be over before it began ends when it did.
        let counted = term.due(cal, &duty.pauses).map_err(calendar)?;
        if counted.is_none_or(|counted| counted.at != due) {
            term = self.until(due);
        }
        let of = match &round {
            Some(round) => Of::RoundAgain(round, is_chained(duty), &duty.taken),
            None => Of::Once(Some(&duty.taken)),
        };
        let laid = lay(self.hand, rule, &term, &duty.pauses, of, self.at)?;
        Ok(DutyEvent::CalendarAdopted {
            term,
            schedule: laid.schedule,
            round,
        })
    }

    /// Nobody is late at once by a calendar: a moment that would lie before the floor from now gives way to the floor, or to what it was where
    /// that comes first.
    fn no_later_at_once(&self, was: Moment, by_now: Moment) -> Result<Moment, DutyWhy> {
        let (plan, cal) = (&self.hand.plan, &self.hand.calendar);
        let floor = plan.first_after(cal, self.at, &plan.direct.floor);
        let floor = floor.map_err(calendar)?;
        Ok(match by_now >= was || by_now >= floor {
            true => by_now,
            false => floor.min(was),
        })
    }

    /// What is counted from now to a moment; where that is this very second, the second that ends with it.
    fn until(&self, due: Moment) -> Term {
        let from = self.at.min(due.plus(-1));
        Term::new(from, Span::Elapsed(due.since(from)), INSTANT)
    }

    /// It is done, by their own word: a video waits for another's, what recurs rests until the next round.
    fn fulfilled(&mut self, duty: &Duty, command: &DutyCommand) -> Result<DutyEvent, DutyWhy> {
        let DutyCommand::Fulfil {
            channel,
            link,
            evidence,
            covered,
            of,
            found,
        } = command
        else {
            return Err(DutyWhy::Stage);
        };
        let kind = duty.kind;
        if !kind.covers() {
            unfit(kind, "covered", covered.is_some())?;
            unfit(kind, "of", of.is_some())?;
        }
        let verdict = Verdict::of(self.at, duty.due);
        if let Some(round) = duty.round() {
            unfit(kind, "channel", channel.is_some())?;
            unfit(kind, "link", link.is_some())?;
            let evidence = wanted(kind, "evidence", evidence.as_ref())?;
            let coverage = match kind.covers() {
                true => {
                    let covered = *wanted(kind, "covered", covered.as_ref())?;
                    let of = *wanted(kind, "of", of.as_ref())?;
                    let fits = Covered::new(covered, of);
                    Some(fits.ok_or(DutyWhy::Covered { covered, of })?)
                }
                false => None,
            };
            return Ok(DutyEvent::RoundDone {
                round: round.number,
                evidence: self.text("evidence", evidence)?,
                coverage,
                found: match found {
                    Some(text) => Some(self.text("found", text)?),
                    None => None,
                },
                verdict,
            });
        }
        unfit(kind, "found", found.is_some())?;
        let channel = wanted(kind, "channel", channel.as_ref())?;
        let link = wanted(kind, "link", link.as_ref())?;
        let allowed = duty.channels.is_empty() || duty.channels.contains(channel);
        if !allowed {
            return Err(DutyWhy::Channel {
                channel: channel.clone(),
                known: duty.channels.clone(),
            });
        }
        let blank = link.trim().is_empty();
        if blank || link.len() > LINK || link.chars().any(char::is_control) {
            return Err(DutyWhy::Link);
        }
        let evidence = match evidence {
            Some(text) => Some(self.text("evidence", text)?),
            None => None,
        };
        Ok(DutyEvent::Fulfilled {
            channel: channel.clone(),
            link: link.clone(),
            evidence,
            verdict,
            next: vec![waits(self.hand, duty, self.at)?],
        })
    }

    /// What waits to be accepted, for somebody who neither owes it nor had a part in it.
    fn submitted(&self, duty: &Duty, actor: &Actor) -> Result<(Moment, Verdict), DutyWhy> {
        if duty.is_owed_by(actor) {
            return Err(self.same(&actor.id));
        }
        self.apart(duty)?;
        match &duty.state {
            State::Submitted(it) => Ok((it.at, it.verdict)),
            _ => Err(DutyWhy::Stage),
        }
    }

    /// Refuses whoever has owed it or has said that it is done.
    fn apart(&self, duty: &Duty) -> Result<(), DutyWhy> {
        match self
            .by
            .persons()
            .find(|person| duty.doers.contains(*person))
        {
            Some(person) => Err(self.same(person)),
            None => Ok(()),
        }
    }
    fn same(&self, person: &PersonId) -> DutyWhy {
        DutyWhy::SamePerson {
            person: person.clone(),
        }
    }

    /// It is owed still. The time that it waited for somebody's word does not count. What was done in time is not late at once by a calendar that was
    /// revised meanwhile; what was late stays late, and no calendar moves when it was due.
    fn sent_back(&self, duty: &Duty, since: Moment, mend: TextRef) -> Result<DutyEvent, DutyWhy> {
        let rule = self
            .hand
            .plan
            .duty(duty.kind)
            .ok_or(DutyWhy::NoRule { kind: duty.kind })?;
        let cal = &self.hand.calendar;
        // The last moment that is in time is theirs: who says in it that it is done has it left when it comes back.
        let from = match since == duty.due && self.at > since {
            true => since.plus(-1),
            false => since,
        };
        let pauses = duty.pauses.clone().with(from, Some(self.at));
        let mut term = None;
        if duty.breached.is_none() && duty.calendar != cal.revision() {
            let was = duty.due.plus(self.at.since(from));
            let whole = whole(duty, rule);
            let due = whole.due(cal, &pauses).map_err(calendar)?;
            let by_now = due.map_or(was, |due| due.at);
            // Nothing gives way but to the calendar: that little was left when it was done is none of its doing.
            let without = whole.due(cal, &duty.pauses).map_err(calendar)?;
            let due = match without.is_some_and(|due| due.at < duty.due) {
                true => self.no_later_at_once(was, by_now)?,
                false => by_now,
            };
            let counted = match due == by_now {
                true => whole,
                false => self.until(due),
            };
            term = (counted != duty.term).then_some(counted);
        }
        let counted = term.as_ref().unwrap_or(&duty.term);
        let of = match duty.breached {
            Some(_) => Of::Late(duty.due, &duty.taken),
            None => Of::Once(Some(&duty.taken)),
        };
        let laid = lay(self.hand, rule, counted, &pauses, of, self.at)?;
        Ok(DutyEvent::SentBack {
            mend,
            pauses,
            schedule: laid.schedule,
            term,
        })
    }
}

/// What is counted of what is owed once, from when it was imposed. Where a revised calendar would have had it late at once, its term is what was left
/// to the floor, and begins later: the next calendar counts the rule's limit again. An earlier day that was named depends on no calendar, and
/// its term never gave way.
fn whole(duty: &Duty, rule: &DutyRule) -> Term {
    match duty.term.anchor == duty.imposed {
        true => duty.term.clone(),
        false => Term::new(duty.imposed, rule.within.clone(), rule.counting),
    }
}

/// Refuses what says nothing of that kind.
fn unfit(kind: DutyKind, field: &str, given: bool) -> Result<(), DutyWhy> {
    match given {
        true => Err(DutyWhy::Unfit {
            kind,
            field: field.to_owned(),
        }),
        false => Ok(()),
    }
}

/// What that kind cannot do without.
fn wanted<'a, T>(kind: DutyKind, field: &str, given: Option<&'a T>) -> Result<&'a T, DutyWhy> {
    given.ok_or_else(|| DutyWhy::Wanted {
        kind,
        field: field.to_owned(),
    })
}

/// The channels that are asked for; the rule's own, where none is.
fn some_of(rule: &[Channel], asked: &[Channel]) -> Result<Vec<Channel>, DutyWhy> {
    if asked.is_empty() {
        return Ok(rule.to_vec());
    }
    match asked
        .iter()
        .find(|one| !rule.is_empty() && !rule.contains(one))
    {
        Some(stranger) => Err(DutyWhy::Channel {
            channel: stranger.clone(),
            known: rule.to_vec(),
        }),
        None => Ok(asked.to_vec()),
    }
}
