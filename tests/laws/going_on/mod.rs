//! What goes on beside what changes, on worked dates: each promise and each wait by itself, hands and rounds, and limits that are counted
//! from where they began whatever another plan, another case or another calendar had to say meanwhile.

mod borders;
mod hands;
mod limits;
mod others;
mod parts;
mod steps;

use duly::time::Span;
use duly::words::*;

use crate::clocks::Play;
use crate::counted::{clock, goes_on, wait};

const OWNER: &str = "owner-1 owner";
const INTAKE: &str = "intake-1 intake";
const REVIEWER: &str = "reviewer-1 reviewer";
const SUPERVISOR: &str = "supervisor-1 supervisor";
const CITIZEN: &str = "citizen citizen";
const SYSTEM: &str = "system system";

fn reopen() -> Command {
    Command::Reopen {
        ground: "新的事实".into(),
        reason: Text::from("又坏了"),
    }
}

fn direct(days: u32) -> Command {
    Command::Direct {
        words: Text::from("请限期办结"),
        within: Some(Span::WorkingDays(days)),
        track: false,
        lead: None,
    }
}

/// Which clocks the last command had due anew, and why.
fn projected(play: &Play) -> Vec<(ClockKind, ProjectedFor)> {
    let all = play.last.iter().filter_map(|it| match &it.event {
        Event::ClockProjected { key, why, .. } => Some((key.kind, *why)),
        _ => None,
    });
    all.collect()
}
