//! A turn: events become records, each is applied at once, and the clocks follow it.

use super::decide::Decision;
use super::effects::effects;
use super::evolve::evolve;
use super::imported::Taking;
use super::marks::marks;
use super::model::Case;
use super::row;
use super::stages::StageData;
use crate::plan::{Count, InHand, Plan, Plans};
use crate::time::Moment;
use crate::words::{
    Act, Addressee, By, CancelWhy, CaseId, ClockKind, ClockMark, CommandId, Envelope, Event, Facts,
    Outgoing, Private, ProjectedFor, Record, Role, StepFate, StepKey, Verb, Why,
};

pub(super) struct Turn<'a> {
    pub(super) hand: &'a InHand,
    plans: &'a Plans,
    case: Option<Case>,
    records: Vec<Record>,
    outgoing: Vec<Outgoing>,
    pub(super) at: Moment,
    by: Option<By>,
    command: Option<(CommandId, CaseId)>,
    /// Who approved that an adopted plan makes limits longer.
    pub(super) approved: bool,
    /// The citizen has answered in this turn.
    pub(super) supplemented: bool,
    /// What happened before a case was taken over is being laid out.
    pub(super) taking: Option<Taking>,
    /// The case before an entry that sets right what is past.
    before: Option<Case>,
}

/// Why clocks are looked at anew that were judged already, where an event moves what is past.
const fn sets_right(event: &Event) -> Option<ProjectedFor> {
    match event {
        Event::Excluded { .. } => Some(ProjectedFor::Excluded),
        Event::Corrected {
            took_effect: Some(_),
            ..
        } => Some(ProjectedFor::Corrected),
        _ => None,
    }
}

impl<'a> Turn<'a> {
    pub(super) fn new(case: Option<Case>, plans: &'a Plans, hand: &'a InHand) -> Turn<'a> {
        let at = case.as_ref().map_or(Moment::MIN, Case::last_at);
        Turn {
            hand,
            plans,
            case,
            records: Vec::new(),
            outgoing: Vec::new(),
            at,
            by: None,
            command: None,
            approved: false,
            supplemented: false,
            taking: None,
            before: None,
        }
    }
    /// From here on, events are the command's own.
    pub(super) fn asked(&mut self, envelope: &Envelope, by: &By) {
        self.at = envelope.at;
        self.by = Some(by.clone());
        self.command = Some((envelope.id.clone(), envelope.case.clone()));
    }
    /// The moment from which a clock that starts counts: now, or when what starts it happened elsewhere.
    pub(super) fn from(&self) -> Moment {
        self.taking.as_ref().map_or(self.at, Taking::from)
    }
    pub(super) fn plan(&self) -> &'a Plan {
        &self.hand.plan
    }
    pub(super) fn case(&self) -> Result<&Case, Why> {
        self.case.as_ref().ok_or(Why::NoCase)
    }
    pub(super) fn done(self, private: Vec<Private>) -> Result<Decision, Why> {
        let case = self.case.ok_or(Why::NoCase)?;
        Ok(Decision {
            records: self.records,
            private,
            outgoing: self.outgoing,
            case,
        })
    }

    /// Records an event, applies it, and lets clocks, counts and tracking follow.
    pub(super) fn emit(&mut self, event: Event) -> Result<(), Why> {
        let follows = event.clone();
        if sets_right(&event).is_some() {
            self.before = self.case.clone();
        }
        self.record(event, true)?;
        self.follow(&follows)
    }

    /// Whether an officer's command is being carried out, as against a citizen's or the passing of time.
    pub(super) fn is_an_officers(&self) -> bool {
        let officer = |by: &By| !matches!(by.role, Role::Citizen | Role::System);
        self.by.as_ref().is_some_and(officer)
    }

    /// Records what a rule did, and lets clocks, counts and tracking follow.
    pub(super) fn emit_by_rule(&mut self, event: Event) -> Result<(), Why> {
        let follows = event.clone();
        self.record(event, false)?;
        self.follow(&follows)
    }

    /// Records what a rule did: nobody's act.
    pub(super) fn by_rule(&mut self, event: Event) -> Result<(), Why> {
        self.record(event, false)
    }

    fn record(&mut self, event: Event, own: bool) -> Result<(), Why> {
        let (version, id) = match (&self.case, &self.command) {
            (Some(case), _) => (case.version() + 1, case.id().clone()),
            (None, Some((_, id))) => (1, id.clone()),
            (None, None) => return Err(Why::NoCase),
        };
        let record = Record {
            case: id,
            version,
            at: self.at,
            by: if own { self.by.clone() } else { None },
            plan: self.hand.id.clone(),
            command: self.command.as_ref().map(|(id, _)| id.clone()),
            event,
        };
        let case = evolve(self.case.take(), &record).map_err(|e| Why::Fault {
            said: e.to_string(),
        })?;
        self.outgoing.extend(effects(&record, &case));
        self.case = Some(case);
        self.records.push(record);
        Ok(())
    }

    fn follow(&mut self, event: &Event) -> Result<(), Why> {
        let marks = marks(self.case()?, event, self.by.is_some());
        let notices = match self.taking {
            // Of what happened elsewhere nobody is told anew.
            Some(_) => Vec::new(),
            None => self.notices(&marks)?,
        };
        self.settle(event, marks)?;
        self.want_parts()?;
        self.inform(notices)
    }

    /// Lets clocks, counts and tracking follow.
    fn settle(&mut self, event: &Event, marks: Vec<ClockMark>) -> Result<(), Why> {
        for mark in marks {
            self.on(mark, event)?;
        }
        // Named again to do it again: no new cycle, but new parts have their own time.
        if let (Event::Assigned { .. }, StageData::Returned(_)) = (event, &self.case()?.stage) {
            let theirs = [ClockKind::CoReply, ClockKind::Ownership];
            self.cancel_all(CancelWhy::Reassigned, |kind| theirs.contains(&kind))?;
            self.start(ClockKind::Ownership, None)?;
            self.start_parts()?;
        }
        if let (Some(before), Some(why)) = (self.before.take(), sets_right(event)) {
            let entry = match event {
                Event::Corrected { version, .. } => *version,
                _ => self.case()?.version(),
            };
            self.set_right(&before, entry, why)?;
        }
        match event {
            Event::Imported { case, .. } => self.take_over(case, event)?,
            Event::Supplemented { .. } => self.supplemented = true,
            Event::Resumed { reason, .. } => self.resume_clocks(reason)?,
            // What is answered needs no more time; an extension that the citizen has not heard of comes to nothing.
            Event::Replied { .. } | Event::Published { .. } => self.no_more_awaited()?,
            Event::ExtensionGranted {
                clock,
                span,
                on_delivery: false,
                ..
            } => self.counts(*clock, span)?,
            Event::ExtensionCounted { clock, span } => self.extend(*clock, span)?,
            Event::Delivered { effect }
            | Event::Undelivered {
                effect,
                instead: Some(_),
                ..
            } => {
                self.told(effect)?;
                self.struck_off_once_told()?;
            }
            Event::Relayed { .. } => self.struck_off_once_told()?,
            Event::Joined { tracked, .. } => {
                self.join_clocks()?;
                if *tracked && !self.case()?.tracked {
                    self.start_tracking()?;
                }
            }
            Event::Divided { due: Some(due), .. } => self.answer_by(*due)?,
            Event::Wanted { .. } => self.wanted()?,
            Event::Unmerged { .. } => self.go_on_alone()?,
            Event::StepTaken {
                clock,
                step: StepKey::Breach,
                ..
            } => self.told_too_late(clock.kind)?,
            Event::CalendarAdopted { .. } => {
                self.project_all(ProjectedFor::CalendarRevised, None)?
            }
            Event::Directed {
                within: Some(span), ..
            } => self.hasten(span)?,
            Event::Screened { .. }
            | Event::Reclassified { .. }
            | Event::FactSet { .. }
            | Event::Directed { .. } => {
                self.reassess()?;
            }
            Event::PlanAdopted {
                to, approved_by, ..
            } => {
                let before = self.plan();
                self.hand = self
                    .plans
                    .get(to)
                    .ok_or_else(|| Why::NoPlan { plan: to.clone() })?;
                self.approved = approved_by.is_some();
                self.project_all(ProjectedFor::PlanAdopted, Some(before))?;
                self.start_what_counts_by_now()?;
            }
            Event::Merged { .. } => {
                // Its citizen's own time runs on, and so does that of the notice of receipt.
                let runs = [ClockKind::Whole, ClockKind::Acknowledge];
                self.cancel_all(CancelWhy::Merged, |kind| !runs.contains(&kind))?
            }
            Event::StepTaken {
                fate: StepFate::Fired { acts },
                ..
            } => self.supervised(acts)?,
            _ => {}
        }
        if self.case()?.is_closed() {
            return self.cancel_all(CancelWhy::Closed, |_| true);
        }
        self.count(event)?;
        self.track_if_due(event)
    }

    fn count(&mut self, event: &Event) -> Result<(), Why> {
        let case = self.case()?;
        let (count, number) = match event {
            Event::Returned { .. } => (Count::Returns, case.returns),
            Event::Ruled { .. } => (Count::Bounces, case.bounces),
            Event::ExtensionCounted { .. } => (Count::Extensions, case.extensions),
            Event::Reopened { .. } => (Count::Reopens, case.reopens),
            _ => return Ok(()),
        };
        for rule in self
            .plan()
            .counts
            .iter()
            .filter(|rule| rule.count == count && rule.at == number)
        {
            let acts = self.acts(&rule.acts)?;
            let count = count.name().to_owned();
            self.by_rule(Event::CountReached {
                count,
                number,
                rule: rule.rule.clone(),
                acts: acts.clone(),
            })?;
            self.supervised(&acts)?;
        }
        Ok(())
    }

    /// A case that is handed to supervision is tracked from then on.
    pub(super) fn supervised(&mut self, acts: &[Act]) -> Result<(), Why> {
        if !self.case()?.tracked && acts.iter().any(|act| act.verb == Verb::Supervise) {
            self.start_tracking()?;
        }
        Ok(())
    }

    fn track_if_due(&mut self, event: &Event) -> Result<(), Why> {
        let moves = matches!(
            event,
            Event::Assigned { .. }
                | Event::Imported { .. }
                | Event::Returned { .. }
                | Event::FactSet { .. }
                | Event::Directed { .. }
                | Event::ExtensionCounted { .. }
                | Event::Unmerged { .. }
        );
        let case = self.case()?;
        let Some(rule) = self
            .plan()
            .track
            .when
            .as_ref()
            .filter(|_| moves && !case.tracked)
        else {
            return Ok(());
        };
        if case.team().is_some() && *rule.answer(&row(self.plan(), case, &Facts::new())) {
            self.start_tracking()?;
        }
        Ok(())
    }

    fn start_tracking(&mut self) -> Result<(), Why> {
        let tracked = Event::Tracked { reason: None };
        self.by_rule(tracked.clone())?;
        // Nobody can report on a case that follows another one; that one hears that it is tracked.
        if self.case()?.follows().is_some() {
            return Ok(());
        }
        let notices = self.notices(&[ClockMark::Tracked])?;
        self.on(ClockMark::Tracked, &tracked)?;
        self.inform(notices)
    }

    /// A rule's acts, with the posts resolved as far as the case names anyone.
    pub(super) fn acts(&self, acts: &[(Verb, String)]) -> Result<Vec<Act>, Why> {
        let case = self.case()?;
        let to = |post: &String| self.post(case, post);
        Ok(acts
            .iter()
            .map(|(verb, post)| Act {
                verb: *verb,
                to: to(post),
            })
            .collect())
    }

    /// A post of the plan, resolved as far as the case names anyone.
    pub(super) fn post(&self, case: &Case, post: &str) -> Addressee {
        let role = self.plan().post(post).and_then(|post| post.role);
        Addressee {
            post: post.to_owned(),
            ..addressee(case, role)
        }
    }
}

/// Whom a role is, as far as the case names anyone.
pub(super) fn addressee(case: &Case, role: Option<Role>) -> Addressee {
    let team = case.team();
    let of_unit = matches!(role, Some(Role::Owner | Role::UnitHead | Role::CoHandler));
    Addressee {
        post: role.map_or("", Role::name).to_owned(),
        role,
        place: case.place().clone(),
        unit: team.filter(|_| of_unit).map(|team| team.unit.clone()),
        person: team
            .filter(|_| role == Some(Role::Owner))
            .map(|team| team.owner.clone()),
    }
}
