//! One case in words: what happened, line by line, and what comes if nobody acts.

mod ahead;
mod en;
mod say;
mod zh;

use serde::{Deserialize, Serialize};

pub(super) use self::say::{Say, post};
use super::{Table, pick};
use crate::case::Case;
use crate::plan::Plan;
use crate::time::{Moment, Zone};
use crate::words::{CaseId, Event, Lang, Record};

/// One dated line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TimelineLine {
    /// When.
    pub at: Moment,
    /// Which version of the case it made; none for what is still ahead.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<u64>,
    /// Who did it, in which role; a rule, or the passing of time.
    pub who: String,
    /// What, and to whom.
    pub what: String,
}

/// A case in words of one language (办理经过). Words are made from records each time, never stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Timeline {
    /// The case.
    pub case: CaseId,
    /// The language of its lines.
    pub lang: Lang,
    /// The zone in which its times are shown.
    pub zone: Zone,
    /// What happened: a line for every record.
    pub past: Vec<TimelineLine>,
    /// What comes if nobody acts, in order; the first at [`Case::next_alarm`]. Empty once the case is closed. While a
    /// clock waits, only the end of the pause is known; its own steps are laid out when it goes on.
    pub ahead: Vec<TimelineLine>,
}

/// A case in words: its records, and the case after them. The plan is asked for titles only: of clocks, rungs, posts
/// and places, in the pack's own language, where that is the language asked for.
///
/// ```no_run
/// use duly::report::{Board, timeline};
/// use duly::words::{Lang, Record};
/// # fn of(records: &[Record], plan: &duly::plan::Plan) -> Result<(), Box<dyn std::error::Error>> {
/// let board = Board::fold(records, None)?;
/// if let Some(file) = board.file(&"m01".parse()?) {
///     println!("{}", timeline(file.history(), file.case(), plan, Lang::Zh).table());
/// }
/// # Ok(())
/// # }
/// ```
pub fn timeline(history: &[Record], case: &Case, plan: &Plan, lang: Lang) -> Timeline {
    let say = Say { plan, case, lang };
    let line = |record: &Record| TimelineLine {
        at: record.at,
        version: Some(record.version),
        who: say.who(record),
        what: say.event(&record.event),
    };
    Timeline {
        case: case.id().clone(),
        lang,
        zone: plan.zone,
        past: history.iter().map(line).collect(),
        ahead: ahead::ahead(&say),
    }
}

impl Say<'_> {
    /// An event as a sentence.
    pub(in crate::report) fn event(&self, event: &Event) -> String {
        match self.lang {
            Lang::Zh => self.zh(event),
            Lang::En => self.en(event),
        }
    }
}

impl Timeline {
    /// One row a line; what is ahead stands below and says so.
    pub fn table(&self) -> Table {
        let (title, columns) = match self.lang {
            Lang::Zh => (format!("{} 办理经过", self.case), ["时间", "谁", "什么"]),
            Lang::En => (
                format!("{}: what happened", self.case),
                ["at", "who", "what"],
            ),
        };
        let if_idle = pick(self.lang, "(若无人办理)", "(if nobody acts)");
        let past = self.past.iter().map(|line| (line, line.who.as_str()));
        let ahead = self.ahead.iter().map(|line| (line, if_idle));
        past.chain(ahead)
            .fold(Table::new(title, columns), |table, (line, who)| {
                table.row([
                    super::wall(line.at, self.zone),
                    who.to_owned(),
                    line.what.clone(),
                ])
            })
    }
}
