//! Reports (日报、通报、台账): what a board looks like, told from its records alone.
//!
//! A report never looks anything up. It takes records, up to an instant, and folds them: the same records give the
//! same bytes, on every machine and in every year. Rules are asked for titles and for what is hot, nothing else.
//!
//! Start with a [`Board`], the cases of one board with their histories, and a [`Period`]:
//!
//! ```
//! use duly::plan::bare;
//! use duly::report::{Board, Period, bulletin, digest, roll};
//! let plan = bare("demo".parse()?);
//! # let records: Vec<duly::words::Record> = Vec::new();
//! let board = Board::fold(&records, None)?;
//!
//! let today = Period::day(&plan, "2026-09-30".parse()?);
//! println!("{}", digest(&board, &plan, today).summary(plan.labels));
//! let month = Period::dates("2026-09-01".parse()?, "2026-09-30".parse()?, plan.zone);
//! println!("{}", bulletin(&board, &plan, month).by_unit(plan.labels).markdown());
//! println!("{}", roll(&board, &plan).table(plan.labels).csv());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! | report | what it is | law |
//! |---|---|---|
//! | [`digest`] 日报 | one day, from cut-off to cut-off | every record is in exactly one digest |
//! | [`bulletin`] 通报 | a period, by unit, by place and by channel | units, places and channels each sum to the total |
//! | [`roll`] 台账 | every case, one row each | as many rows as messages |
//! | [`parts`] 分办台账 | every part of a divided case: where, until when, how it stands | one row a part that a main case knows |
//! | [`commitments`] 承诺台账 | every dated promise: by whom, for which day, kept or not | kept, late, missed and open sum to all |
//! | [`obligations`] 义务 | what is owed besides cases, in a period | done and overdue are those that the records give |
//! | [`Coverage`] 覆盖率 | of the rounds that fell due, how many were done, and what they covered | a round counts in the period in which it fell due, whenever it was done |
//! | [`insight`] 民意分析 | what came in, by place, class, channel and the pack's labels, beside the period before | every aspect sums to the ledger |
//! | [`integrity`] 防数字注水 | where figures may look better than the work was, with cases | parts sum to the whole |
//! | [`explanation`] 说明 | why a case stands where it stands, for officers and for its citizen | the citizen's is a part of the officer's |
//! | [`public`] 公开视图 | what everybody may read | nothing that was not reviewed or cleared, and nobody by name |
//! | [`Guide`] 办事指南 | what a pack promises a citizen, and who does what; of a pack, not of a board | every command it takes and no other |
//! | [`Flow`] 流程图 | the stages and moves of a pack, as Mermaid and as SVG | every move it makes and no other |
//! | [`letter`] 通知 | what somebody is told: which case, what happened, what to do, until when | no citizen reads an officer's name |
//! | [`timeline`] | one case in words, and what comes if nobody acts | a line for every record |
//!
//! All of them become a [`Table`], which prints as plain text, Markdown and CSV; as JSON they are serde values.
//!
//! # What a figure counts
//!
//! - A record belongs to the moment at which it took effect, whenever it was noticed. So that what time has brought
//!   is in the records, send a Tick to every case that is [behind](Board::behind) before you cut.
//! - A figure of a period counts what happened in it, once, and gives it to the unit that led the case at that moment.
//!   Only `received` looks ahead: a message has no unit when it comes, so it counts for the unit that has it at the
//!   end.
//! - A reply is judged once: late at the second its limit passes, whether or not it comes afterwards, else on time
//!   when it is given. A unit that never answers is late, not absent.
//! - On time counts as *effective* only where the reply is not sent back by the end of the period, and solved only where
//!   the case is not opened again by then.
//! - Silence is not satisfaction, and neither is a rating that the channel entered by itself: both have columns of
//!   their own and no part in any rate of satisfaction. Solved is one thing, satisfied is another.
//! - The first-reply rate is of the messages that came in; strike-off is of what stood to be struck off. Rates of one bulletin have wholes of their
//!   own: do not add them.
//! - A [`Rate`] is two whole numbers. It prints 100.0% only when all are.

mod adoption;
mod board;
mod bulletin;
mod commitments;
mod coverage;
mod digest;
mod explanation;
mod flow;
mod guide;
mod insight;
mod integrity;
mod letter;
mod obligations;
mod parts;
mod period;
mod public;
mod rate;
mod roll;
mod section;
mod shadow;
mod table;
mod timeline;

pub use board::{Board, File};
pub use bulletin::{
    Bulletin, ChannelFigures, Figures, Named, PlaceFigures, Ranked, Ranking, ScoreSums, Theme,
    UnitFigures, bulletin,
};
pub use commitments::{CommitmentFigures, CommitmentLine, Commitments, commitments};
pub use coverage::{Coverage, CoverageLine, RoundFigures};
pub use digest::{Digest, Entries, digest};
pub use explanation::{About, Audience, Explanation, Inside, ReasonNode, explanation};
pub use flow::{Flow, FlowMove};
pub use guide::Guide;
pub use insight::{Aspect, AspectTopics, Insight, Topic, insight};
pub use integrity::{Concern, ConcernLine, Integrity, integrity};
pub use letter::{Letter, duty_letter, letter};
pub use obligations::{LateObligation, ObligationFigures, Obligations, duty_roll, obligations};
pub use parts::{PartLine, PartState, Parts, parts};
pub use period::Period;
pub use public::{
    MESSAGE_PUBLIC, PLACE_PRIVATE, PromiseState, PublicAnswer, PublicCase, PublicElsewhere,
    PublicMatter, PublicPromise, PublicText, PublicView, public,
};
pub use rate::{Mean, Rate};
pub use roll::{Roll, RollRow, roll};
pub use section::{DigestLine, Section, SectionKind};
pub use table::Table;
pub use timeline::{Timeline, TimelineLine, timeline};

use crate::time::{Moment, Zone};
use crate::words::Lang;

/// One of two texts.
fn pick<'a>(lang: Lang, zh: &'a str, en: &'a str) -> &'a str {
    match lang {
        Lang::Zh => zh,
        Lang::En => en,
    }
}

/// A term of the vocabulary: its Chinese term, or its English name as people write it.
fn term(lang: Lang, zh: &str, name: &str) -> String {
    match lang {
        Lang::Zh => zh.to_owned(),
        Lang::En => name.replace('_', " "),
    }
}

/// A moment as the wall clock shows it; seconds only where there are any.
fn wall(at: Moment, zone: Zone) -> String {
    let local = at.local(zone);
    let whole = local.and_utc().timestamp() % 60 == 0;
    local
        .format(if whole {
            "%Y-%m-%d %H:%M"
        } else {
            "%Y-%m-%d %H:%M:%S"
        })
        .to_string()
}

/// A title with the period it is of.
fn headline(title: &str, period: Period, zone: Zone, lang: Lang) -> String {
    let (after, until) = (wall(period.after.plus(1), zone), wall(period.until, zone));
    match lang {
        Lang::Zh => format!("{title}({after} 至 {until})"),
        Lang::En => format!("{title} ({after} to {until})"),
    }
}
