//! What is compared after every command, as lines that can be read.

use duly::case::{Clock as RealClock, ClockState};
use duly::words::{ClockKind, Event, Outcome, StageName, StepFate, StepKey, Verdict};

use crate::calendar::{At, read, wall};
use crate::case::{Case, End, Stage};
use crate::clocks::{Clock, Stand};
use crate::ladder::Step;
use crate::persons::PERSONS;
use crate::real::{Real, clock};

/// The model and the machine say the same of the case.
pub fn same(model: &Case, real: &Real) {
    let (model, real) = (of_model(model), of_real(real));
    if model != real {
        let only = |these: &[String], those: &[String]| -> String {
            let mut lines: Vec<&String> = these.iter().filter(|it| !those.contains(it)).collect();
            lines.dedup();
            lines.iter().map(|it| format!("\n    {it}")).collect()
        };
        let (ours, theirs) = (only(&model, &real), only(&real, &model));
        let both: String = model
            .iter()
            .filter(|it| real.contains(it))
            .map(|it| format!("\n    {it}"))
            .collect();
        panic!(
            "\n  both say{both}\n  the model alone says{ours}\n  the machine alone says{theirs}"
        );
    }
}

fn moments(all: impl Iterator<Item = At>) -> String {
    all.map(read).collect::<Vec<_>>().join(", ")
}

fn of_model(case: &Case) -> Vec<String> {
    let stage = match case.stage {
        Stage::Received => StageName::Received,
        Stage::Assigned => StageName::Assigned,
        Stage::Replied => StageName::Replied,
        Stage::Reviewed => StageName::Reviewed,
        Stage::Returned => StageName::Returned,
        Stage::Closed => StageName::Closed,
    };
    let end = case.end.map(|end| match end {
        End::Solved => Outcome::Solved,
        End::Explained => Outcome::Explained,
        End::Answered => Outcome::Answered,
        End::Withdrawn => Outcome::Withdrawn,
    });
    let owner = case.owner().map(|who| PERSONS[who].id.to_owned());
    let mut lines = vec![
        format!("now {}", read(case.now)),
        format!("{stage}, owner {owner:?}, outcome {end:?}"),
        format!(
            "cycle {}, returns {}, bounces {}, extensions {}, reopens {}, tracked {}",
            case.cycle, case.returns, case.bounces, case.extensions, case.reopens, case.tracked
        ),
        format!("alarm {}", moments(case.alarm().into_iter())),
        format!("a notice is waited for: {}", case.awaits_delivery()),
    ];
    lines.extend(case.pauses.iter().map(|it| {
        let ended = moments(it.ended.into_iter());
        let reason = case.pack.waits[it.wait].reason;
        format!(
            "waits for {reason} from {} until {}, ended {ended}",
            read(it.from),
            read(it.until)
        )
    }));
    let mut clocks: Vec<String> = case.clocks.iter().map(clock_of_model).collect();
    clocks.sort();
    lines.extend(clocks);
    let mut fired: Vec<String> = case
        .fired
        .iter()
        .map(|(at, kind, run, step)| {
            format!(
                "{} {}/{run} {}",
                read(*at),
                clock(*kind),
                step_of_model(*step)
            )
        })
        .collect();
    fired.sort();
    lines.extend(fired);
    lines
}

fn clock_of_model(it: &Clock) -> String {
    let ended = it.ended.iter().map(|it| {
        let void = if it.void { " void" } else { "" };
        // At the very second it is due it is in time.
        let by = match it.margin {
            0.. => format!("in time by {}", it.margin),
            _ => format!("late by {}", -it.margin),
        };
        format!("{} {by}{void}", read(it.at))
    });
    let ahead = it
        .ahead
        .iter()
        .map(|it| format!("{} {}", read(it.at), step_of_model(it.step)));
    let stand = match it.stand {
        Stand::Running => {
            let ahead = ahead.collect::<Vec<_>>().join(", ");
            format!("runs, due {}, ahead: {ahead}", read(it.due))
        }
        Stand::Paused => "waits".to_owned(),
        Stand::Stopped => "stopped".to_owned(),
        Stand::Cancelled => "cancelled".to_owned(),
    };
    format!(
        "{}/{} of cycle {} {stand}; extended {}; breached {}; ended {}",
        clock(it.kind),
        it.run,
        it.cycle,
        it.extended,
        moments(it.breached.into_iter()),
        ended.collect::<Vec<_>>().join(", ")
    )
}

fn step_of_model(step: Step) -> String {
    match step {
        Step::Rung(key) => key.to_owned(),
        Step::Breach => StepKey::Breach.to_string(),
        Step::Lapse => StepKey::Lapse.to_string(),
        Step::Overdue(occurrence) => StepKey::Overdue { occurrence }.to_string(),
    }
}

fn of_real(real: &Real) -> Vec<String> {
    let case = real.case.as_ref().unwrap();
    let owner = case.team().map(|it| it.owner.as_str().to_owned());
    let mut lines = vec![
        format!("now {}", read(wall(real.at))),
        format!(
            "{}, owner {owner:?}, outcome {:?}",
            case.stage_name(),
            case.outcome()
        ),
        format!(
            "cycle {}, returns {}, bounces {}, extensions {}, reopens {}, tracked {}",
            case.cycle(),
            case.returns(),
            case.bounces(),
            case.extensions(),
            case.reopens(),
            case.is_tracked()
        ),
        format!("alarm {}", moments(case.next_alarm().map(wall).into_iter())),
        format!(
            "a notice is waited for: {}",
            case.awaits_delivery().is_some()
        ),
    ];
    lines.extend(case.pauses().iter().map(|it| {
        let ended = moments(it.ended.map(wall).into_iter());
        format!(
            "waits for {} from {} until {}, ended {ended}",
            it.reason,
            read(wall(it.from)),
            read(wall(it.until))
        )
    }));
    let mut clocks: Vec<String> = case.clocks().iter().map(clock_of_real).collect();
    clocks.sort();
    lines.extend(clocks);
    let fired = real
        .records
        .iter()
        .filter_map(|record| match &record.event {
            Event::StepTaken {
                clock,
                step,
                fate: StepFate::Fired { .. },
                ..
            } => Some(format!(
                "{} {}/{} {step}",
                read(wall(record.at)),
                clock.kind,
                clock.run
            )),
            _ => None,
        });
    let mut fired: Vec<String> = fired.collect();
    fired.sort();
    lines.extend(fired);
    lines
}

fn clock_of_real(it: &RealClock) -> String {
    let ended = it.verdicts.iter().map(|it| {
        let void = if it.void { " void" } else { "" };
        let by = match it.verdict {
            Verdict::OnTime { margin } => format!("in time by {margin}"),
            Verdict::Late { by } => format!("late by {by}"),
        };
        format!("{} {by}{void}", read(wall(it.at)))
    });
    let schedule = &it.schedule;
    let ahead = schedule
        .steps
        .iter()
        .map(|it| format!("{} {}", read(wall(it.at)), it.key));
    let stand = match it.state {
        ClockState::Running => {
            let ahead = ahead.collect::<Vec<_>>().join(", ");
            format!(
                "runs, due {}, ahead: {ahead}",
                read(wall(schedule.legal_due))
            )
        }
        ClockState::Paused => "waits".to_owned(),
        ClockState::Stopped { .. } => "stopped".to_owned(),
        ClockState::Cancelled { .. } => "cancelled".to_owned(),
    };
    let kind: ClockKind = it.key.kind;
    format!(
        "{kind}/{} of cycle {} {stand}; extended {}; breached {}; ended {}",
        it.key.run,
        it.cycle,
        it.extended.len(),
        moments(it.breached.map(wall).into_iter()),
        ended.collect::<Vec<_>>().join(", ")
    )
}
