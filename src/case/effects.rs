//! What the outside must be told, from a record alone: the same record gives the same effects each time.

use super::model::Case;
use super::stages::SubState;
use super::turn::addressee;
use super::view::Stage;
use crate::time::Moment;
use crate::words::{
    Act, Addressee, CaseId, ClockKind, Effect, EffectId, Event, Link, News, Notice, OffWhy, Origin,
    Outcome, Outgoing, Party, ProjectedFor, Record, Role, StageName, StepFate, StepKey, SubDue,
    SubKey, Telling, TextRef, UnmergeWhy, Verb,
};

/// The effects of a record, with the case as it is after it.
pub fn effects(record: &Record, after: &Case) -> Vec<Outgoing> {
    let mut list = outside(record, after);
    // What other cases are told comes last, so that whatever goes outside keeps its place.
    list.extend(links(record, after));
    (0u32..)
        .zip(list)
        .map(|(index, effect)| Outgoing {
            id: EffectId {
                case: record.case.clone(),
                version: record.version,
                index,
            },
            at: record.at,
            effect,
        })
        .collect()
}

/// How many effects a record has that go outside, and can be delivered there.
pub(super) fn count(record: &Record, after: &Case) -> u32 {
    u32::try_from(outside(record, after).len()).unwrap_or(u32::MAX)
}

fn outside(record: &Record, case: &Case) -> Vec<Effect> {
    let mut all = of(record, case);
    // A published answer that does not stand any more is taken down, and its citizen does not learn of it by finding it gone.
    if case.took_down == record.version && !is_within(case) {
        all.push(Effect::Retract);
        if matches!(record.event, Event::Returned { .. }) && case.origin().has_citizen() {
            all.push(Effect::Tell {
                citizen: case.citizen().cloned(),
                what: Telling::Retracted,
            });
        }
    }
    all
}

/// Whether the case ended with this record.
fn ended_now(record: &Record, case: &Case) -> bool {
    matches!(case.stage(), Stage::Closed(it) if it.data.at == record.at)
}

/// Whether its answer goes to nobody outside.
fn is_within(case: &Case) -> bool {
    matches!(case.origin(), Origin::Part | Origin::Signal)
}

fn of(record: &Record, case: &Case) -> Vec<Effect> {
    let tell = |what: Telling| match case.origin().has_citizen() {
        true => vec![Effect::Tell {
            citizen: case.citizen().cloned(),
            what,
        }],
        false => Vec::new(),
    };
    let notify = |role: Role, what: Notice| Effect::Notify {
        to: addressee(case, Some(role)),
        what,
    };
    match &record.event {
        // An office of another jurisdiction is asked; the unit that keeps the part here hears of it by its own assignment.
        Event::Opened {
            main: Some(main), ..
        } => main
            .party
            .iter()
            .map(|party| asked_of(party, main.due))
            .collect(),
        Event::Opened { .. } => tell(Telling::Received),
        Event::SubHeard {
            news: News::Answer { .. },
            ..
        } => vec![notify(Role::Owner, Notice::PartReplied)],
        Event::SubHeard { sub, news, .. } if is_back(news) && !case.is_closed() => {
            let Some(sub) = case.subs().get(sub) else {
                return Vec::new();
            };
            let what = || Notice::PartBack {
                sub: sub.plan.case.clone(),
            };
            vec![
                notify(Role::Owner, what()),
                notify(Role::Supervisor, what()),
            ]
        }
        // Of a part of a part, the question goes on to the case that reaches the citizen.
        Event::SubHeard {
            sub,
            news: News::Question { text, of },
            ..
        } if case.main().is_none() => {
            let Some(asking) = asking(case, sub, of) else {
                return Vec::new();
            };
            let to: &[Role] = match case.is_closed() {
                false => &[Role::Owner],
                // Nobody has it any more.
                true => &[Role::Intake, Role::Supervisor],
            };
            let asks = |role: &Role| {
                let (sub, text) = (asking.clone(), text.clone());
                notify(*role, Notice::PartQuestion { sub, text })
            };
            to.iter().map(asks).collect()
        }
        Event::CalledOff { .. } if ended_now(record, case) => {
            let owner = case.team().map(|_| notify(Role::Owner, Notice::CalledOff));
            let party = case.main().and_then(|main| main.party.as_ref());
            let party = party.map(|party| to_party(party, Notice::CalledOff));
            owner.into_iter().chain(party).collect()
        }
        Event::Wanted { due } => {
            let party = case.main().and_then(|main| main.party.as_ref());
            party
                .map(|party| asked_of(party, Some(*due)))
                .into_iter()
                .collect()
        }
        Event::Signalled { number, .. } => {
            let role = match case.team() {
                Some(_) => Role::Owner,
                None => Role::Intake,
            };
            vec![notify(role, Notice::SignalAgain { number: *number })]
        }
        Event::AskedCitizen { question, .. } => tell(Telling::Question {
            text: question.clone(),
        }),
        Event::Declined { told, .. } => tell(Telling::Declined { text: told.clone() }),
        Event::Merged { into, .. } => tell(Telling::Merged { into: into.clone() }),
        // A case that is opened again on its own says so by that.
        Event::Unmerged {
            why: UnmergeWhy::Reopened,
            ..
        } => Vec::new(),
        Event::Unmerged { from, .. } => tell(Telling::Unmerged { from: from.clone() }),
        Event::Relayed { news, .. } => match relayed(news) {
            Some(what) => tell(what),
            None => Vec::new(),
        },
        Event::Assigned { .. } => {
            let mut all = to_team(case);
            all.extend(who_has_it(case).into_iter().flat_map(tell));
            all
        }
        // Whoever has it hears that it is here now; the citizen has heard of it from the system that had it before.
        Event::Imported { .. } => match case.stage_name() {
            StageName::Assigned | StageName::Returned if !is_replied(&record.event) => {
                to_team(case)
            }
            _ => Vec::new(),
        },
        Event::ClockStarted { .. } if case.imported().is_some() && case.entry == 1 => Vec::new(),
        // The citizen hears who has it and until when, once the reply clock says until when.
        Event::ClockStarted { key, schedule, .. } if key.kind == ClockKind::Reply => {
            match case.team() {
                Some(team) => tell(Telling::Assigned {
                    unit: team.unit.clone(),
                    due: Some(schedule.promised_due),
                }),
                None => Vec::new(),
            }
        }
        Event::Ruled { .. } | Event::Transferred { .. } | Event::HandedOver { .. } => {
            vec![notify(Role::Owner, Notice::Assigned)]
        }
        Event::SubAssigned { unit, owner } => {
            let mut to = addressee(case, Some(Role::Owner));
            to.unit = Some(unit.clone());
            to.person = Some(owner.clone());
            vec![Effect::Notify {
                to,
                what: Notice::Assigned,
            }]
        }
        Event::Objected { .. } => vec![notify(Role::Intake, Notice::Objected)],
        Event::Updated { text } => tell(Telling::Progress { text: text.clone() }),
        Event::ExtensionGranted { told, due, .. } => tell(Telling::Extended {
            text: told.clone(),
            due: *due,
        }),
        Event::ExtensionLapsed { clock } => {
            let what = || Notice::ExtensionLapsed { clock: *clock };
            vec![
                notify(Role::Owner, what()),
                notify(Role::Supervisor, what()),
            ]
        }
        // What went out before is not called back; whoever acts on it hears that the record was wrong.
        Event::Corrected {
            version,
            took_effect: Some(_),
            ..
        } => {
            let what = || Notice::Corrected { entry: *version };
            vec![
                notify(Role::Owner, what()),
                notify(Role::Supervisor, what()),
            ]
        }
        Event::CoReplied { .. } => vec![notify(Role::Owner, Notice::PartReplied)],
        Event::Replied { .. } => vec![notify(Role::Reviewer, Notice::ToReview)],
        Event::PassedFirst { next, .. } => {
            let mut to = addressee(case, Some(Role::Reviewer));
            to.place = next.clone();
            vec![Effect::Notify {
                to,
                what: Notice::ToReview,
            }]
        }
        // What a part says is for whoever answers; what became of a signal is nobody's to read.
        Event::Published { .. } if is_within(case) => Vec::new(),
        Event::Published { .. } => {
            let texts = answers(case);
            let mut all = vec![Effect::Publish {
                texts: texts.clone(),
            }];
            all.extend(tell(Telling::Answer { texts }));
            all
        }
        Event::Returned { .. } => {
            vec![
                notify(Role::Owner, Notice::Returned),
                notify(Role::UnitHead, Notice::Returned),
            ]
        }
        Event::StruckOff { .. } => tell(Telling::StruckOff),
        Event::Reopened { .. } => tell(Telling::Reopened),
        Event::Withdrawn { .. } => tell(Telling::Withdrawn),
        Event::Directed { .. } => {
            vec![
                notify(Role::Owner, Notice::Directed),
                notify(Role::Supervisor, Notice::Directed),
            ]
        }
        Event::CountReached {
            count,
            number,
            acts,
            ..
        } => acted(acts, |verb| Notice::Count {
            count: count.clone(),
            number: *number,
            verb,
        }),
        Event::NoticeGiven {
            title,
            to,
            citizen,
            words,
            ..
        } => {
            let what = || Notice::Informed {
                title: title.clone(),
                words: words.clone(),
            };
            let officers = to.iter().map(|to| Effect::Notify {
                to: to.clone(),
                what: what(),
            });
            let mut all: Vec<Effect> = officers.collect();
            if *citizen {
                all.extend(tell(Telling::Notice {
                    words: words.clone(),
                }));
            }
            all
        }
        Event::StepTaken {
            clock,
            step: StepKey::Overdue { occurrence },
            fate: StepFate::Fired { acts },
            ..
        } => acted(acts, |_| Notice::Overdue {
            clock: *clock,
            occurrence: *occurrence,
        }),
        Event::StepTaken {
            clock,
            step: StepKey::Infeasible,
            fate: StepFate::Fired { acts },
            ..
        } => acted(acts, |_| Notice::Infeasible { clock: *clock }),
        Event::StepTaken {
            clock,
            fate: StepFate::Fired { acts },
            title,
            ..
        } => acted(acts, |verb| Notice::Rung {
            clock: *clock,
            verb,
            title: title.clone(),
        }),
        Event::Redacted { fields, .. } => vec![Effect::Erase {
            fields: fields.clone(),
        }],
        _ => Vec::new(),
    }
}

/// A part is asked of an office of another jurisdiction.
fn asked_of(party: &Party, due: Option<Moment>) -> Effect {
    to_party(party, Notice::PartAsked { due })
}

fn to_party(party: &Party, what: Notice) -> Effect {
    Effect::Notify {
        to: Addressee {
            post: PARTY.to_owned(),
            role: None,
            place: party.place.clone(),
            unit: Some(party.unit.clone()),
            person: None,
        },
        what,
    }
}

/// The post under which an office of another jurisdiction is addressed.
const PARTY: &str = "party";

/// Whether a part is back with whoever answers for the whole: without it there is no answer.
const fn is_back(news: &News<TextRef>) -> bool {
    matches!(
        news,
        News::NotOpened
            | News::Reopened
            | News::Ended {
                outcome: Outcome::Declined | Outcome::Withdrawn | Outcome::Merged
            }
    )
}

/// Its owner and co-handlers are told that they have it.
fn to_team(case: &Case) -> Vec<Effect> {
    let told = |to| Effect::Notify {
        to,
        what: Notice::Assigned,
    };
    let owner = told(addressee(case, Some(Role::Owner)));
    let parts = case.team().into_iter().flat_map(|team| &team.parts);
    let parts = parts.map(|part| {
        let mut to = addressee(case, Some(Role::CoHandler));
        to.unit = Some(part.unit.clone());
        to.person = Some(part.owner.clone());
        told(to)
    });
    std::iter::once(owner).chain(parts).collect()
}

/// What the citizen hears of who has it and until when, where the limit of the reply has run since before anybody had it.
fn who_has_it(case: &Case) -> Option<Telling> {
    let clock = case.clock(ClockKind::Reply).filter(|it| it.is_live())?;
    let first = case.stage_name() == StageName::Assigned;
    let team = case.team().filter(|_| first)?;
    Some(Telling::Assigned {
        unit: team.unit.clone(),
        due: Some(clock.schedule.promised_due),
    })
}

/// A reply that was given elsewhere follows, and a reviewer is told of that.
const fn is_replied(event: &Event) -> bool {
    matches!(event, Event::Imported { case, .. } if case.replied.is_some())
}

/// What a citizen is told of what the citizen of the case that theirs follows was told.
fn relayed(news: &News<TextRef>) -> Option<Telling> {
    Some(match news {
        News::Progress { text } => Telling::Progress { text: text.clone() },
        News::Extended { text, due } => Telling::Extended {
            text: text.clone(),
            due: *due,
        },
        News::Answer { texts } => Telling::Answer {
            texts: texts.clone(),
        },
        News::Retracted => Telling::Retracted,
        News::Reopened => Telling::Reopened,
        // Their own case is struck off once they have the answer, and that is told.
        News::Ended { .. } => return None,
        // Said of parts alone.
        News::NotOpened | News::Question { .. } => return None,
    })
}

/// What other cases of the board are told: the one that this one follows, or those that follow it (并案).
fn links(record: &Record, case: &Case) -> Vec<Effect> {
    let to = |to: &CaseId, what: Link| Effect::Link {
        to: to.clone(),
        what,
    };
    let all = |what: Link| -> Vec<Effect> {
        let each = case.followers().keys();
        each.map(|follower| to(follower, what.clone())).collect()
    };
    let hear = |news: News<TextRef>| {
        let handlers = case.handlers().clone();
        case.main()
            .map(|main| to(&main.case, Link::Hear { news, handlers }))
    };
    // Whoever follows it, and the case that it is a part of.
    let relay = |news: News<TextRef>| {
        let main = hear(news.clone());
        let mut list = all(Link::Relay { news });
        list.extend(main);
        list
    };
    let part = |key: &SubKey, what: Link| {
        let sub = case.subs().get(key);
        sub.map(|sub| to(&sub.plan.case, what))
    };
    let begin = |key: &SubKey| {
        let due = case.subs().get(key).and_then(|sub| sub.plan.due);
        let begin = Link::Begin {
            key: key.clone(),
            due,
            apart: case.handlers().clone(),
        };
        part(key, begin)
    };
    let begun = |begins: &[SubDue]| -> Vec<Effect> {
        begins.iter().filter_map(|due| begin(&due.key)).collect()
    };
    let open = || {
        let open = case.subs().iter();
        open.filter(|(_, sub)| sub.state == SubState::Open)
    };
    match &record.event {
        Event::Divided { subs, .. } => {
            let new = open().filter(|(key, _)| subs.iter().any(|it| it.key == **key));
            new.filter_map(|(key, _)| begin(key)).collect()
        }
        Event::SubHeard {
            sub, begins, news, ..
        } => {
            let mut list = begun(begins);
            if let News::Question { text, of } = news {
                let (text, of) = (text.clone(), asking(case, sub, of).cloned());
                list.extend(hear(News::Question { text, of }));
            }
            list
        }
        Event::SubDropped { sub, begins, .. } => {
            // One that did not begin, or has ended, has nothing to hear: the desk finds nothing to call off.
            let why = OffWhy::Dropped;
            let mut list: Vec<Effect> = part(sub, Link::CallOff { why }).into_iter().collect();
            list.extend(begun(begins));
            list
        }
        Event::SubsWanted { dues } => {
            let moved = dues.iter().filter_map(|it| {
                let due = it.due?;
                let sub = case.subs().get(&it.key)?;
                (sub.state == SubState::Open).then(|| part(&it.key, Link::Want { due }))?
            });
            moved.collect()
        }
        Event::Merged {
            into,
            whole_due,
            reply_due,
        } => vec![to(
            into,
            Link::Join {
                received: case.received_at(),
                whole_due: *whole_due,
                reply_due: *reply_due,
                tracked: case.is_tracked(),
            },
        )],
        // Its whole runs on; where that becomes due earlier, so does the survivor's.
        Event::ClockProjected {
            key,
            why:
                ProjectedFor::FactMoved
                | ProjectedFor::PlanAdopted
                | ProjectedFor::CalendarRevised
                | ProjectedFor::Corrected,
            schedule,
            ..
        } if key.kind == ClockKind::Whole => joins(case, Some(schedule.legal_due), false),
        // Nobody reports on a case that follows another one: that one is tracked. It is said once, so that supervision may end it there.
        Event::Tracked { .. } => joins(case, None, true),
        // Only the main case reaches the citizen.
        Event::AskedCitizen { question, .. } => {
            let text = question.clone();
            hear(News::Question { text, of: None })
                .into_iter()
                .collect()
        }
        // It answers again: what it was not told while it did not is said now.
        Event::Relayed {
            news: News::Reopened,
            ..
        } if !case.is_closed() => {
            let whole = case.clock(ClockKind::Whole).filter(|it| it.is_live());
            joins(case, whole.and_then(|it| it.due()), case.is_tracked())
        }
        Event::Unmerged { from, .. } => vec![to(from, Link::Leave)],
        // Whoever follows it already has heard.
        Event::Joined {
            follower,
            again: false,
            ..
        } if case.stage_name() == StageName::Reviewed => {
            let news = News::Answer {
                texts: answers(case),
            };
            vec![to(follower, Link::Relay { news })]
        }
        Event::Updated { text } => relay(News::Progress { text: text.clone() }),
        Event::ExtensionGranted { told, due, .. } => relay(News::Extended {
            text: told.clone(),
            due: *due,
        }),
        Event::Published { .. } => relay(News::Answer {
            texts: answers(case),
        }),
        // Refused by whoever has had no answer: it was not published yet.
        Event::Returned { .. } => relay(News::Retracted),
        Event::StruckOff { outcome, .. } if *outcome != Outcome::Merged => {
            relay(News::Ended { outcome: *outcome })
        }
        Event::Reopened { begins, .. } => {
            let mut list = relay(News::Reopened);
            list.extend(begun(begins));
            list
        }
        Event::Declined { .. } => {
            let mut list = all(Link::Release {
                why: UnmergeWhy::Declined,
            });
            let outcome = Outcome::Declined;
            let news = News::Ended { outcome };
            list.extend(hear(news));
            list
        }
        // Its own parts, and who follows it, hear of it; and so does the case that it is a part of, which may have dropped it.
        Event::CalledOff { .. } if ended_now(record, case) => {
            let mut list = all(Link::Release {
                why: UnmergeWhy::Withdrawn,
            });
            let why = OffWhy::MainWithdrawn;
            list.extend(open().filter_map(|(key, _)| part(key, Link::CallOff { why })));
            let outcome = Outcome::Withdrawn;
            list.extend(hear(News::Ended { outcome }));
            list
        }
        Event::Withdrawn { .. } => {
            let leaves = case.follows().map(|into| to(into, Link::Leave));
            let mut list: Vec<Effect> = leaves.into_iter().collect();
            list.extend(all(Link::Release {
                why: UnmergeWhy::Withdrawn,
            }));
            let why = OffWhy::MainWithdrawn;
            list.extend(open().filter_map(|(key, _)| part(key, Link::CallOff { why })));
            list
        }
        _ => Vec::new(),
    }
}

/// Which part asks something of the citizen: the one that says so, or a part of it.
fn asking<'a>(case: &'a Case, sub: &SubKey, of: &'a Option<CaseId>) -> Option<&'a CaseId> {
    let own = case.subs().get(sub).map(|sub| &sub.plan.case);
    of.as_ref().or(own)
}

/// Said again to the case that this one follows, while that answers.
fn joins(case: &Case, whole_due: Option<Moment>, tracked: bool) -> Vec<Effect> {
    let join = |into: &CaseId| Effect::Link {
        to: into.clone(),
        what: Link::Join {
            received: case.received_at(),
            whole_due,
            reply_due: None,
            tracked,
        },
    };
    let answers = case.following.as_ref().is_some_and(|it| it.ended.is_none());
    let into = case.follows().filter(|_| answers);
    into.map(join).into_iter().collect()
}

/// The words of the reply that stands, matter by matter.
fn answers(case: &Case) -> Vec<TextRef> {
    let reply = case.reply();
    reply
        .map(|reply| reply.answers.iter().map(|it| it.text.clone()).collect())
        .unwrap_or_default()
}

/// Every act but naming in the bulletin, which the bulletin itself does.
fn acted(acts: &[Act], notice: impl Fn(Verb) -> Notice) -> Vec<Effect> {
    acts.iter()
        .filter(|act| act.verb != Verb::NameIn)
        .map(|act| Effect::Notify {
            to: act.to.clone(),
            what: notice(act.verb),
        })
        .collect()
}
