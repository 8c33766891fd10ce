//! Refusals in English: lower case, no full stop, what was given in backticks.

use super::{Refusal, Survivor, Why, facts, list, quoted};
use crate::words::{GateFinding, Lang, Thing, WantedFact};

impl Why {
    pub(super) fn en(&self, refusal: &Refusal) -> String {
        match self {
            Why::Stage => match refusal.stage {
                Some(stage) => format!("it is {stage}"),
                None => "there is no such case".into(),
            },
            Why::NoCase => "there is no such case; the first command of a case is `open`".into(),
            Why::AlreadyOpen => "a case of that id exists already".into(),
            Why::NoPlan { plan } => {
                format!("its plan `{plan}` is not loaded here; load the pack it was opened under")
            }
            Why::NotInForce { date, until, from } => {
                let mut text = format!("no plan is in force on {date}");
                if let Some(until) = until {
                    text.push_str(&format!("; the last one was until {until}"));
                }
                match from {
                    Some(from) => text.push_str(&format!("; the next one is from {from} on")),
                    None => text.push_str("; load one that is in force then"),
                }
                text
            }
            Why::BeforeLast { last } => format!(
                "the case has already seen {}; commands come in the order of time",
                refusal.local(*last)
            ),
            Why::TooFar { last, until } => format!(
                "it comes long after {}, the last that the case has seen, and is taken up to {}; look at the clock, or send a tick first",
                refusal.local(*last),
                refusal.local(*until)
            ),
            Why::Role { needs, place } => {
                format!("it takes the role {} at place {place}", list(needs, " or "))
            }
            Why::NotThePerson { role, named } => {
                format!(
                    "only the {role} named in the case may, and that is `{}`",
                    list(named, "`, `")
                )
            }
            Why::SamePerson { person, was } => {
                format!("`{person}` {}; it takes another person", was.en())
            }
            Why::UnknownPlace { place, known } => {
                format!(
                    "no place has the code `{place}`; the pack knows {}",
                    list(known, ", ")
                )
            }
            Why::FactMissing { fact, expected } => {
                format!("the fact `{fact}` is missing; give {expected}")
            }
            Why::FactsWanted { facts } => {
                let each = |it: &WantedFact| format!("`{}`, {}", it.fact, it.expected);
                let all = facts.iter().map(each).collect::<Vec<_>>().join("; ");
                format!(
                    "the plan wants facts that it was not given: {all}; give them with the command"
                )
            }
            Why::FactUnknown { fact, near } => match near {
                Some(near) => format!("no fact is called `{fact}`; did you mean `{near}`?"),
                None => format!("no fact is called `{fact}`"),
            },
            Why::FactValue {
                fact,
                given,
                expected,
            } => {
                format!("the fact `{fact}` cannot be {given}; give {expected}")
            }
            Why::Derived {
                fact,
                found,
                expected,
                ..
            } => {
                format!(
                    "the host's function found `{found}` for the fact `{fact}`, which is {expected}; mend the function"
                )
            }
            Why::FactNotGivenHere { fact, given_by } => {
                format!("the fact `{fact}` is not given here; it comes {given_by}")
            }
            Why::Blank { what } => format!("{} is blank; write it", what.en()),
            Why::TooLong { what, bytes, most } => format!(
                "{} is {bytes} bytes long and may have {most}, about 350,000 Chinese characters; shorten it, and keep the rest as an \
                 attachment",
                what.en()
            ),
            Why::Nul { what } => format!(
                "{} holds the character U+0000, which cannot be kept; take it out",
                what.en()
            ),
            Why::NotListed { what, given, known } => {
                format!(
                    "`{given}` is not one of the {}; there are {}",
                    what.en(),
                    quoted(known)
                )
            }
            Why::Rule { source, because } => {
                let at = source
                    .at
                    .as_deref()
                    .map(|at| format!(" ({at})"))
                    .unwrap_or_default();
                let facts = if because.is_empty() {
                    String::new()
                } else {
                    format!(": {}", facts(because, Lang::En, ", "))
                };
                format!("rule `{}`{at} says `{}`{facts}", source.rule, source.words)
            }
            Why::OnlyWhen(it) => {
                let super::NotThisCase {
                    what,
                    rule,
                    at,
                    because,
                    would,
                } = &**it;
                let at = at.as_deref().map(|at| format!(" ({at})"));
                let would = match would.is_empty() {
                    true => "it holds for no case".to_owned(),
                    false => format!("it would with {}", facts(would, Lang::En, ", ")),
                };
                format!(
                    "{} is for certain cases only: rule `{rule}`{} does not hold with {}; {would}",
                    what.en(),
                    at.unwrap_or_default(),
                    facts(because, Lang::En, ", ")
                )
            }
            Why::Gates { findings } => {
                let each = |f: &GateFinding| {
                    let facts = if f.reason.because.is_empty() {
                        String::new()
                    } else {
                        format!(" ({})", facts(&f.reason.because, Lang::En, ", "))
                    };
                    format!("gate `{}`: {}{facts}", f.gate, f.words)
                };
                let all = findings.iter().map(each).collect::<Vec<_>>().join("; ");
                format!("{all}; return it with ground and mend instead")
            }
            Why::Unsatisfied => {
                "the citizen is not satisfied; it goes back to be done again, or is closed as \
                                 `explained` where the law allows no other answer"
                    .into()
            }
            Why::NeedsRecheck => {
                "the citizen has not said to be satisfied, and nobody who had no part in it has \
                                  checked; recheck it first"
                    .into()
            }
            Why::RatingOpen { until } => {
                format!(
                    "the citizen may still rate until {}; wait for their word",
                    refusal.local(*until)
                )
            }
            Why::NeedsCallBack { attempts, needed } => format!(
                "the citizen was not called back: reach them, or fail on {needed} different days ({attempts} so far)"
            ),
            Why::NotTold { effect } => format!(
                "nobody reached the citizen, and the notice of the answer ({effect}) was not delivered: record `delivered`, or `undelivered` with `instead`, the channel by which it was told"
            ),
            Why::OutcomeNotAllowed {
                outcome,
                class,
                allowed,
            } => {
                format!(
                    "a {class} is not closed as `{outcome}`; it takes {}",
                    list(allowed, " or ")
                )
            }
            Why::OutcomeNotReplied { outcome, mark } => {
                format!(
                    "the reply does not say `{outcome}`: the matter is marked {mark}; it takes a reply that does"
                )
            }
            Why::PromiseOpen { number, by_date } => {
                format!("promise {number} for {by_date} is still open; fulfil it first")
            }
            Why::MarkNeedsPromise { matter, mark } => {
                format!(
                    "matter {matter} is marked {mark}, which needs a commitment with person and date"
                )
            }
            Why::MarkRefused {
                matter,
                mark,
                class,
            } => {
                format!("matter {matter} is marked {mark}, which is not an answer to a {class}")
            }
            Why::MatterUnanswered { matter } => {
                format!("matter {matter} has no answer; every matter gets one")
            }
            Why::NoSuch {
                what: Thing::Effect,
                number,
            } => format!(
                "entry {number} of this case has no such effect to be told of; take the id from the outbox"
            ),
            Why::NoSuch {
                what: what @ (Thing::Text | Thing::Entry),
                number,
            } => format!("there is no {} {number}", what.en()),
            Why::NoSuch { what, number } => format!("there is no open {} {number}", what.en()),
            Why::PartOpen { unit } => {
                format!("the part of `{unit}` is still open; it must deliver first")
            }
            Why::NeedsBasis => {
                "a reply that explains why it cannot be done must cite its basis".into()
            }
            Why::ObjectionFinal => {
                "the time to object has passed, or a ruling has named the unit".into()
            }
            Why::NothingPending { what } => format!("there is no {} to answer", what.en()),
            Why::Already {
                what: Thing::ThatCalendar,
            } => "its clocks are counted by the calendar in hand already; nothing is left to do"
                .into(),
            Why::Already { what } => format!("{} is there already", what.en()),
            Why::NotOffered { what } => format!("the pack does not offer {}", what.en()),
            Why::Bound { what, bound } => format!("{} is bounded: {}", what.en(), bound.en()),
            Why::TooLate { what, until } => {
                format!("{} had to come by {}", what.en(), refusal.local(*until))
            }
            Why::NoClock { clock } => format!("no `{clock}` clock is running"),
            Why::Loosens {
                clock,
                due,
                would_be,
            } => {
                format!(
                    "it would move the `{clock}` clock from {} to {}; that takes an approver",
                    refusal.local(*due),
                    refusal.local(*would_be)
                )
            }
            Why::Follows { into } => {
                format!(
                    "it follows case `{into}`, and is struck off by itself once its citizen has that answer; `unmerge` it first to handle it alone"
                )
            }
            Why::FollowsItself => "a case cannot follow itself".into(),
            Why::Followed { followers, into } => format!(
                "it is followed by {}, and a case that others follow follows none; merge the other way round: `merge` case `{into}` into this one",
                list(followers, ", ")
            ),
            Why::PartsOpen { subs } => format!(
                "the parts `{}` are not settled; wait for them, divide anew what was not accepted, or have supervision drop what is not needed (`drop_sub`)",
                list(subs, "`, `")
            ),
            Why::NotAlone { main: Some(main) } => format!(
                "it is a part of case `{main}`, which needs its result; whoever has case `{main}` drops it there if another case covers it"
            ),
            Why::NotAlone { main: None } => {
                "it is divided into parts that report to it; merge the other case into this one"
                    .into()
            }
            Why::PartsTooLong { way, done, needed } => format!(
                "the parts `{}` one after another are done by {}, and the case needs them by {}; give them less time, or have its limit extended first",
                list(way, "` → `"),
                refusal.local(*done),
                refusal.local(*needed)
            ),
            Why::PastMain { main, due } => format!(
                "case `{main}`, which it is a part of, wants it by {}; have the limit of case `{main}` extended first",
                refusal.local(*due)
            ),
            Why::PartsInCircle { subs } => format!(
                "the parts `{}` wait for one another in a circle; take one `after` out",
                list(subs, "`, `")
            ),
            Why::PartUndated { sub } => format!(
                "another part waits for `{sub}`, and nobody says how long that takes; give it `within`"
            ),
            Why::BelowLevel { place, lowest } => format!(
                "place {place} is at {} level, and the pack has such work handled no lower than {lowest} level; name a place of that level or above",
                place.level()
            ),
            Why::NotHeeded { source, because } => {
                let at = source
                    .at
                    .as_deref()
                    .map(|at| format!(" ({at})"))
                    .unwrap_or_default();
                format!(
                    "rule `{}`{at} heeds no such signal: {}; nothing is opened",
                    source.rule,
                    facts(because, Lang::En, ", ")
                )
            }
            Why::SignalPassed { until } => format!(
                "the case has ended and its window ended at {}; the signal opens a case of its own",
                refusal.local(*until)
            ),
            Why::NotLinked { with: Some(with) } => format!("it is not linked with case `{with}`"),
            Why::NotLinked { with: None } => {
                "it follows no other case; there is no merging to undo".into()
            }
            Why::Survivor { into, is } => match is {
                Survivor::Missing => format!("there is no case `{into}` to follow"),
                Survivor::Part => format!(
                    "case `{into}` is a part of another one and answers no citizen; merge into the case that it is a part of"
                ),
                Survivor::Closed => {
                    format!("case `{into}` is struck off already; it answers nobody any more")
                }
                Survivor::Follows => {
                    format!("case `{into}` follows another one itself; follow that one")
                }
                Survivor::Answered => {
                    format!("case `{into}`, which it follows, has answered, and that stands")
                }
                Survivor::Unanswered => {
                    format!("case `{into}`, which it follows, has given no answer yet; wait for it")
                }
            },
            Why::NotScreened => {
                "it was not screened yet; `screen` it first, so that its class and limits are known"
                    .into()
            }
            Why::ImportLacks { stage, fields } => format!(
                "a case that is taken over as `{stage}` needs {}; give it as the other system has it, or take the case over in an earlier stage",
                quoted(fields)
            ),
            Why::ImportNotYet { stage, fields } => format!(
                "a case that is taken over as `{stage}` has no {} yet; leave that out, or name the stage that it has reached",
                quoted(fields)
            ),
            Why::DatePast { date } => {
                format!("{date} is past; promise a day that is still to come")
            }
            Why::Fault { said } => format!(
                "the engine contradicts itself, and nothing was changed: {said}; report this"
            ),
            Why::NotCovered {
                clock,
                due,
                calendar,
                until,
            } => format!(
                "the `{clock}` clock would be due about {}, and the calendar `{calendar}` knows the holidays only up to {until}; \
                 install the next notice, or let the pack take provisional limits",
                refusal.local(*due)
            ),
            Why::Calendar { said } => format!("the calendar cannot answer: {said}"),
        }
    }
}
