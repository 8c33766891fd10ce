//! One case of the story: the message, what happened that people would tell, and what comes if nobody acts.

use std::io::Write;

use duly::plan::Plan;
use duly::report::{File, TimelineLine, timeline};
use duly::words::{ClockKind, Event, Lang, Record, StepFate, StepKey, Verb, Verdict};

use super::samples::Sample;
use crate::fail::Fail;
use crate::text::{first, wrap};

/// How many of the steps ahead are told.
const AHEAD: usize = 9;

/// Tells a case.
pub fn tell(
    out: &mut dyn Write,
    file: &File,
    sample: Option<&Sample>,
    plan: &Plan,
    lang: Lang,
) -> Result<(), Fail> {
    let case = file.case();
    let pick = |zh: &'static str, en: &'static str| if lang == Lang::Zh { zh } else { en };
    if let Some(sample) = sample {
        writeln!(out, "【{}】{}", sample.id, sample.title)?;
        writeln!(out, "    {}", wrap(&first(&sample.message, 96), 4))?;
        if let Some(reply) = sample.replies.last() {
            let head = pick("答复", "reply");
            writeln!(
                out,
                "    {}",
                wrap(&format!("{head}:{}", first(reply, 96)), 4)
            )?;
        }
        writeln!(out)?;
    }
    let told = timeline(file.history(), case, plan, lang);
    let mut left_out = 0;
    for (record, line) in file.history().iter().zip(&told.past) {
        match worth_telling(record) {
            true => print(out, line, plan)?,
            false => left_out += 1,
        }
    }
    if left_out > 0 {
        match lang {
            Lang::Zh => writeln!(out, "    (另有 {left_out} 条记录:各个时限的起止、提醒)")?,
            Lang::En => writeln!(
                out,
                "    ({left_out} more records: clocks that start and stop, and reminders)"
            )?,
        }
    }
    if !told.ahead.is_empty() {
        writeln!(out, "\n  {}", pick("如果没有人办:", "if nobody acts:"))?;
        for line in told.ahead.iter().take(AHEAD) {
            print(out, line, plan)?;
        }
        if let Some(more) = told.ahead.len().checked_sub(AHEAD).filter(|more| *more > 0) {
            match lang {
                Lang::Zh => writeln!(out, "    ……已经排好的还有 {more} 步,办结之前不会停")?,
                Lang::En => writeln!(
                    out,
                    "    … {more} more steps are laid out; they do not end before it is struck off"
                )?,
            }
        }
    }
    writeln!(out)?;
    Ok(())
}

fn print(out: &mut dyn Write, line: &TimelineLine, plan: &Plan) -> Result<(), Fail> {
    let at = line.at.local(plan.zone).format("%m-%d %H:%M");
    let who = if line.who.is_empty() {
        String::new()
    } else {
        format!("{}  ", line.who)
    };
    writeln!(out, "  {at}  {}", wrap(&format!("{who}{}", line.what), 15))?;
    Ok(())
}

/// What people do, what time brings, and the limits that a citizen would ask about.
fn worth_telling(record: &Record) -> bool {
    let asked_about =
        |kind: ClockKind| matches!(kind, ClockKind::Reply | ClockKind::Redo | ClockKind::Whole);
    match &record.event {
        Event::ClockStarted { key, .. } | Event::ClockProjected { key, .. } => {
            asked_about(key.kind)
        }
        Event::ClockStopped { key, verdict, .. } => {
            asked_about(key.kind) || matches!(verdict, Verdict::Late { .. })
        }
        Event::ClockCancelled { .. } | Event::ObjectionLapsed {} => false,
        Event::StepTaken {
            clock, step, fate, ..
        } => {
            let StepFate::Fired { acts } = fate else {
                return false;
            };
            let harmless = *step == StepKey::Lapse && clock.kind == ClockKind::Object;
            // Of promises, only what they cost.
            let small = [Verb::Remind, Verb::Warn];
            let mild = clock.kind == ClockKind::Commitment
                && acts.iter().any(|act| small.contains(&act.verb));
            !harmless && !mild
        }
        _ => true,
    }
}
