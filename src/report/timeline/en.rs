//! Every event as an English sentence.

use super::say::Say;
use crate::words::{Event, News, OffWhy, Origin, Rating, StepFate, StepKey};

impl Say<'_> {
    pub(super) fn en(&self, event: &Event) -> String {
        match event {
            Event::Opened {
                place,
                channel,
                external_id,
                origin,
                main,
                ..
            } => {
                let opinion = match (origin, main) {
                    (_, Some(main)) => format!(" as part {} of {}", main.key, main.case),
                    (Origin::Opinion, _) => " as online opinion".into(),
                    (Origin::Signal, _) => " by a signal".into(),
                    (Origin::Message | Origin::Part, _) => String::new(),
                };
                format!(
                    "opened{opinion}: {channel} {external_id}, {}",
                    self.place(place)
                )
            }
            Event::Imported { case, .. } => self.taken_over(case),
            Event::Screened {
                class, proposed, ..
            } => {
                let other = proposed.filter(|it| it != class);
                let other = other
                    .map(|it| format!(" (the rules proposed {it})"))
                    .unwrap_or_default();
                format!("screened as {class}{other}")
            }
            Event::Listed { matters } => format!("listed {} matters", matters.len()),
            Event::AskedCitizen { until, .. } => {
                format!(
                    "asked the citizen to complete it; waits until {} at most",
                    self.at(*until)
                )
            }
            Event::Supplemented { .. } => "the citizen completed it".into(),
            Event::DeclineProposed { ground, .. } => {
                format!(
                    "proposed to decline: {}",
                    self.term(ground.zh(), ground.name())
                )
            }
            Event::Declined { ground, .. } => {
                format!(
                    "declined: {}; the citizen was told where to go",
                    self.term(ground.zh(), ground.name())
                )
            }
            Event::Merged { into, .. } => format!("merged: follows {into}"),
            Event::Unmerged { from, why, .. } => {
                format!("follows {from} no longer: {}", self.unmerged(*why))
            }
            Event::Joined {
                follower,
                received,
                again,
                tracked,
                ..
            } => match again {
                true if *tracked => format!("{follower}, which follows it, is tracked"),
                true => format!("{follower} became due earlier"),
                false => format!("{follower} follows it, received {}", self.at(*received)),
            },
            Event::Left { follower } => format!("{follower} follows it no longer"),
            Event::Relayed { from, news } => match news {
                News::Ended { .. } => format!("{from} was {}", self.news(news)),
                _ => format!("told the citizen from {from}: {}", self.news(news)),
            },
            Event::Divided { bundle, subs, due } => {
                let each = subs.iter().map(|sub| {
                    let due = sub.due.map(|due| format!(", by {}", self.at(due)));
                    let after = self.list(sub.after.iter());
                    let after = match after.is_empty() {
                        true => String::new(),
                        false => format!(", after {after}"),
                    };
                    let party = sub
                        .party
                        .as_ref()
                        .map(|it| format!(", asked of {}", it.unit));
                    format!(
                        "{} ({}{}{after}{})",
                        sub.key,
                        self.place(&sub.place),
                        party.unwrap_or_default(),
                        due.unwrap_or_default()
                    )
                });
                let each = each.collect::<Vec<_>>().join("; ");
                let bundle = bundle.as_ref().map(|it| format!(" as the bundle {it}"));
                let due = due.map(|due| format!("; to be answered by {}", self.at(due)));
                format!(
                    "divided{}: {each}{}",
                    bundle.unwrap_or_default(),
                    due.unwrap_or_default()
                )
            }
            Event::SubDropped { sub, .. } => format!("part {sub} is not needed any more"),
            Event::SubHeard { sub, news, .. } => format!("part {sub}: {}", self.news(news)),
            Event::SubsWanted { dues } => {
                let each = dues.iter().filter_map(|it| {
                    let due = self.at(it.due?);
                    Some(format!("{} by {due}", it.key))
                });
                format!(
                    "its parts are wanted: {}",
                    each.collect::<Vec<_>>().join("; ")
                )
            }
            Event::Wanted { due } => format!("its main case wants it by {}", self.at(*due)),
            Event::CalledOff { why } => match why {
                OffWhy::Dropped => "called off: its main case does not need it any more".into(),
                OffWhy::MainWithdrawn => "called off: its main case was withdrawn".into(),
            },
            Event::Signalled { number, .. } => format!("the signal came again, for time {number}"),
            Event::Assigned { unit, owner, parts } => {
                let parts = self.list(
                    parts
                        .iter()
                        .map(|part| format!("{} ({})", part.unit, part.owner)),
                );
                let parts = if parts.is_empty() {
                    parts
                } else {
                    format!("; with {parts}")
                };
                format!("assigned to {unit}, owner {owner}{parts}")
            }
            Event::Signed { deemed: false } => "signed for".into(),
            Event::Signed { deemed: true } => "deemed signed for".into(),
            Event::SubAssigned { unit, owner } => {
                format!("assigned below to {unit}, owner {owner}")
            }
            Event::Objected {
                unit, should_be, ..
            } => {
                let other = should_be
                    .as_ref()
                    .map(|it| format!(", {it} should have it"))
                    .unwrap_or_default();
                format!("objected: {unit} says it is not theirs{other}")
            }
            Event::ObjectionLapsed {} => "no objection was made: deemed accepted".into(),
            Event::Ruled { unit, owner, .. } => format!("ruled: {unit} handles it, owner {owner}"),
            Event::Reclassified { class, derived, .. } => {
                format!("reclassified as {class}{}", self.facts(derived))
            }
            Event::Transferred { unit, owner, .. } => {
                format!("transferred to {unit}, owner {owner}")
            }
            Event::HandedOver { unit, from, to, .. } => {
                format!("handed over in {unit} from {from} to {to}")
            }
            Event::Paused {
                reason,
                side,
                until,
                ..
            } => {
                format!(
                    "paused: {reason} ({side}), until {} at most",
                    self.at(*until)
                )
            }
            Event::Resumed { reason, lapsed } => {
                format!(
                    "resumed: {reason}{}",
                    if *lapsed {
                        " (its longest time passed)"
                    } else {
                        ""
                    }
                )
            }
            Event::ExtensionAsked { clock, span, .. } => {
                format!("asked to extend the {} by {span}", self.kind(*clock))
            }
            Event::Excluded {
                reason,
                side,
                from,
                until,
                ..
            } => format!(
                "excluded {} to {}: {reason} ({side})",
                self.at(*from),
                self.at(*until)
            ),
            Event::ExtensionGranted {
                clock,
                span,
                due,
                on_delivery,
                ..
            } => {
                let due = due.map(|due| format!(", to {}", self.at(due)));
                let once = match on_delivery {
                    true => "; it counts once the citizen has the notice",
                    false => "",
                };
                format!(
                    "granted an extension of the {} by {span}{}{once}",
                    self.kind(*clock),
                    due.unwrap_or_default()
                )
            }
            Event::ExtensionCounted { clock, span } => {
                format!(
                    "the extension of the {} by {span} counts",
                    self.kind(*clock)
                )
            }
            Event::ExtensionLapsed { clock } => format!(
                "the extension of the {} does not count: its limit passed and the citizen had no notice",
                self.kind(*clock)
            ),
            Event::Updated { .. } => "told the citizen how far it is".into(),
            Event::CoReplied { unit, .. } => format!("{unit} delivered its part"),
            Event::Replied {
                answers,
                promises,
                explained,
                ..
            } => {
                let marks = self.list(answers.iter().map(|it| match answers.len() {
                    1 => self.mark(it.mark),
                    _ => format!("matter {} {}", it.matter, self.mark(it.mark)),
                }));
                let said = if *explained {
                    "lawfully cannot be done"
                } else {
                    marks.as_str()
                };
                let promises = promises
                    .iter()
                    .map(|it| format!("; promise {}: {}, {}", it.number, it.person, it.by_date));
                format!("replied: {said}{}", promises.collect::<String>())
            }
            Event::PassedFirst { next, .. } => {
                format!("passed the first review; a reviewer of {next} takes the second")
            }
            Event::Published { .. } => "passed review; the reply is published".into(),
            Event::Returned { ground, gates, .. } => {
                let gates = gates
                    .iter()
                    .map(|it| format!("; {}: {}", it.gate, it.words));
                format!(
                    "returned to be done again: {ground}{}",
                    gates.collect::<String>()
                )
            }
            Event::CalledBack { reached: true, .. } => "called back: reached".into(),
            Event::CalledBack { concluded, .. } => {
                format!(
                    "called back: not reached{}",
                    if *concluded {
                        "; attempts complete"
                    } else {
                        ""
                    }
                )
            }
            Event::Rated {
                rating: Rating::NotGiven,
                ..
            } => "the time to rate passed in silence".into(),
            Event::Rated {
                rating: Rating::AutoByTimeout,
                ..
            } => "the channel entered a good rating by itself".into(),
            Event::Rated { rating, .. } => format!("rated: {}", self.rating(*rating)),
            Event::Committed { promise } => {
                format!(
                    "promise {}: {}, {}",
                    promise.number, promise.person, promise.by_date
                )
            }
            Event::Fulfilled { commitment, .. } => format!("kept promise {commitment}"),
            Event::Rechecked { .. } => "passed the recheck".into(),
            Event::MatterStruckOff { matter, outcome } => {
                format!("struck off matter {matter}: {outcome}")
            }
            Event::StruckOff { outcome, .. } => format!("struck off: {outcome}"),
            Event::Reopened { ground, .. } => format!("reopened: {ground}"),
            Event::WithdrawalProposed { .. } => {
                "withdrawal reported; another person has to confirm".into()
            }
            Event::Withdrawn { .. } => "withdrawn".into(),
            Event::Directed { within, .. } => {
                let within = within
                    .as_ref()
                    .map(|span| format!(": reply within {span}"))
                    .unwrap_or_default();
                format!("directed{within}")
            }
            Event::Tracked { .. } => "tracked by supervision".into(),
            Event::Untracked { .. } => "no longer tracked".into(),
            Event::Reported { .. } => "reported progress".into(),
            Event::FactSet {
                name,
                value,
                derived,
            } => format!("fact {name} = {value}{}", self.facts(derived)),
            Event::Noted { .. } => "noted".into(),
            Event::Corrected {
                version,
                took_effect,
                ..
            } => {
                let at = took_effect.map(|at| format!(": it happened at {}", self.at(at)));
                format!("corrected entry {version}{}", at.unwrap_or_default())
            }
            Event::VerdictCorrected { key, verdict, .. } => format!(
                "by the corrected moment, the {} ended: {}",
                self.clock(*key),
                self.verdict(*verdict)
            ),
            Event::CalendarAdopted { from, to } => {
                format!(
                    "counted by the calendar {to} instead of {}",
                    self.list(from)
                )
            }
            Event::Delivered { effect } => format!("delivered {effect}"),
            Event::Undelivered {
                effect, instead, ..
            } => {
                let instead = instead
                    .as_ref()
                    .map(|it| format!("; told by {it} instead"))
                    .unwrap_or_default();
                format!("not delivered {effect}{instead}")
            }
            Event::PlanAdopted {
                to,
                approved_by,
                facts,
                ..
            } => {
                let by = approved_by
                    .as_ref()
                    .map(|it| format!(", approved by {it}"))
                    .unwrap_or_default();
                format!("adopted plan {:.8}{by}{}", to.as_str(), self.facts(facts))
            }
            Event::Redacted { fields, basis } => {
                format!("erased {} private texts: {basis}", fields.len())
            }
            Event::CountReached {
                count,
                number,
                acts,
                ..
            } => {
                format!(
                    "{} reached {number}: {}",
                    self.count(count),
                    self.acts(acts)
                )
            }
            Event::NoticeGiven {
                title,
                reason,
                to,
                citizen,
                ..
            } => format!(
                "told {}: {title} (by {})",
                self.told(to, *citizen),
                self.reason(reason)
            ),
            Event::ClockStarted {
                key,
                class,
                term,
                reason,
                schedule,
                ..
            } => {
                let (due, span) = (self.at(schedule.legal_due), self.span(&term.span));
                let provisional = if schedule.provisional {
                    " provisionally, by the ordinary week"
                } else {
                    ""
                };
                let reason = self.reason(reason);
                format!(
                    "{} started: {span}, due {due}{provisional} ({class}, by {reason})",
                    self.clock(*key)
                )
            }
            Event::ClockProjected {
                key, why, schedule, ..
            } => {
                let due = self.at(schedule.legal_due);
                format!(
                    "{} now due {due}: {}",
                    self.clock(*key),
                    self.projected(*why)
                )
            }
            Event::ClockStopped { key, verdict, .. } => {
                format!("{} stopped: {}", self.clock(*key), self.verdict(*verdict))
            }
            Event::ClockCancelled { key, why } => {
                format!("{} cancelled: {}", self.clock(*key), self.cancelled(*why))
            }
            Event::StepTaken {
                clock,
                step,
                fate,
                title,
                deferred_from,
                ..
            } => {
                let clock = self.clock(*clock);
                let said = match (step, fate) {
                    (StepKey::Breach, _) => format!("{clock} overdue"),
                    (StepKey::PromiseMissed, _) => format!("{clock} past the promised date"),
                    (StepKey::Infeasible, StepFate::Fired { acts }) => {
                        format!("{clock} will not be in time: {}", self.acts(acts))
                    }
                    (StepKey::Lapse, _) => format!("{clock} lapsed"),
                    (StepKey::Overdue { occurrence }, StepFate::Fired { acts }) => {
                        format!(
                            "{clock} still overdue, notice {occurrence}: {}",
                            self.acts(acts)
                        )
                    }
                    (_, StepFate::Fired { acts }) => {
                        format!("{clock}, {}: {}", self.rung(step, title), self.acts(acts))
                    }
                    (_, StepFate::Skipped { reason }) => {
                        format!(
                            "{clock}, {}: its condition did not hold ({})",
                            self.rung(step, title),
                            self.reason(reason)
                        )
                    }
                    (_, StepFate::Coalesced { into }) => {
                        format!("{clock}, {}: one with #{into}", self.rung(step, title))
                    }
                    (_, StepFate::Voided { why }) => {
                        format!(
                            "{clock}, {}: void, {}",
                            self.rung(step, title),
                            self.cancelled(*why)
                        )
                    }
                };
                format!("{said}{}", self.deferred(*deferred_from))
            }
        }
    }
}
