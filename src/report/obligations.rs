//! 义务: what is owed besides cases, in a period. A section of the bulletin, and what yesterday's digest has left unread.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Period, Table, pick, term, wall};
use crate::duty::{Corrupt, Duty, DutyEvent, DutyRecord, evolve};
use crate::plan::Plan;
use crate::time::{Moment, Zone};
use crate::words::{Addressee, BoardId, DutyId, DutyKind, DutyStage, Lang, Verdict};

/// The figures of a kind of obligation in a period. What happened counts once, when it took effect; what is overdue is how it
/// stands at the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ObligationFigures {
    /// The kind.
    pub kind: DutyKind,
    /// Imposed in the period (下达).
    pub imposed: u64,
    /// Done in time, by the day on which it was accepted or read (按时完成).
    pub on_time: u64,
    /// Done late (逾期完成).
    pub late: u64,
    /// Owed past the due moment at the end (逾期未完成).
    pub overdue: u64,
    /// Sent back (退回).
    pub sent_back: u64,
    /// Excused (免除).
    pub excused: u64,
}

/// An obligation that was not done in time: late in the period, or owed past due at its end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LateObligation {
    /// Which.
    pub duty: DutyId,
    /// The kind.
    pub kind: DutyKind,
    /// Who owes or owed it.
    pub owed: Addressee,
    /// When it was due.
    pub due: Moment,
    /// When it was done; not yet, if none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub done: Option<Moment>,
    /// Whether a rung has named it for the bulletin.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub named: bool,
}

/// The obligations of a period (义务).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Obligations {
    /// The zone in which its times are shown.
    pub zone: Zone,
    /// The period.
    pub period: Period,
    /// The figures by kind, in the order of the kinds.
    pub figures: Vec<ObligationFigures>,
    /// What was not done in time, in the order of the due moments, then of ids.
    pub late: Vec<LateObligation>,
    /// Digests of earlier days that are still to be read at the end, in the same order.
    pub unread: Vec<LateObligation>,
}

/// Folds the records of obligations, in the order of each one's versions, up to the end of a period.
///
/// # Errors
/// [`Corrupt`], where records do not follow one another.
///
/// ```
/// use duly::report::{Period, obligations};
/// let plan = duly::plan::bare("demo".parse()?);
/// let period = Period::day(&plan, "2026-09-30".parse()?);
/// let none = obligations(&"hainan".parse()?, &[], &plan, period)?;
/// assert!(none.late.is_empty() && none.figures.iter().all(|it| it.imposed == 0));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn obligations(
    board: &BoardId,
    records: &[DutyRecord],
    plan: &Plan,
    period: Period,
) -> Result<Obligations, Corrupt> {
    let mut figures: BTreeMap<DutyKind, ObligationFigures> = BTreeMap::new();
    for kind in DutyKind::ALL.iter().copied() {
        let none = ObligationFigures {
            kind,
            imposed: 0,
            on_time: 0,
            late: 0,
            overdue: 0,
            sent_back: 0,
            excused: 0,
        };
        figures.insert(kind, none);
    }
    let mut duties: BTreeMap<&DutyId, Duty> = BTreeMap::new();
    for record in records.iter().filter(|record| record.at <= period.until) {
        let duty = evolve(board, duties.remove(&record.duty), record)?;
        if let Some(count) = figures
            .get_mut(&duty.kind())
            .filter(|_| period.holds(record.at))
        {
            match &record.event {
                DutyEvent::Imposed { .. } => count.imposed += 1,
                DutyEvent::Accepted { verdict } | DutyEvent::Read { verdict } => {
                    match verdict.is_on_time() {
                        true => count.on_time += 1,
                        false => count.late += 1,
                    }
                }
                DutyEvent::SentBack { .. } => count.sent_back += 1,
                DutyEvent::Excused { .. } => count.excused += 1,
                _ => {}
            }
        }
        duties.insert(&record.duty, duty);
    }
    let (mut late, mut unread) = (Vec::new(), Vec::new());
    for duty in duties.values() {
        let overdue = duty.is_overdue(period.until);
        if let Some(count) = figures.get_mut(&duty.kind()).filter(|_| overdue) {
            count.overdue += 1;
        }
        let done = match duty.state() {
            crate::duty::State::Done(done) => Some(done.at),
            _ => None,
        };
        let line = || LateObligation {
            duty: duty.id().clone(),
            kind: duty.kind(),
            owed: duty.owed().clone(),
            due: duty.due(),
            done,
            named: duty.is_named(),
        };
        let was_late = matches!(duty.verdict(), Some(Verdict::Late { .. }));
        // It was done when it was accepted: until then nobody can say so.
        if overdue || (was_late && period.holds(duty.last_done())) {
            late.push(line());
        }
        let owed = duty.stage() == DutyStage::Owed && duty.imposed_at() <= period.after;
        if duty.kind() == DutyKind::Digest && owed {
            unread.push(line());
        }
    }
    for lines in [&mut late, &mut unread] {
        lines.sort_by(|a, b| (a.due, &a.duty).cmp(&(b.due, &b.duty)));
    }
    Ok(Obligations {
        zone: plan.zone,
        period,
        figures: figures.into_values().collect(),
        late,
        unread,
    })
}

impl Obligations {
    /// The figures by kind.
    pub fn table(&self, lang: Lang) -> Table {
        let columns = [
            ("义务", "obligation"),
            ("下达", "imposed"),
            ("按时完成", "on time"),
            ("逾期完成", "late"),
            ("逾期未完成", "overdue"),
            ("退回", "sent back"),
            ("免除", "excused"),
        ];
        let columns = columns.map(|(zh, en)| pick(lang, zh, en));
        let table = Table::new(pick(lang, "义务", "Obligations"), columns);
        self.figures.iter().fold(table, |table, it| {
            let counts = [
                it.imposed,
                it.on_time,
                it.late,
                it.overdue,
                it.sent_back,
                it.excused,
            ];
            let kind = term(lang, it.kind.zh(), it.kind.name());
            table.row(std::iter::once(kind).chain(counts.iter().map(u64::to_string)))
        })
    }
    /// What was not done in time, and by whom.
    pub fn by_name(&self, lang: Lang) -> Table {
        let title = pick(lang, "逾期的义务", "Obligations not met in time");
        self.lines(title, &self.late, lang)
    }
    /// The digests of earlier days that nobody has read.
    pub fn unread_table(&self, lang: Lang) -> Table {
        let title = pick(lang, "未阅知的日报", "Digests not read");
        self.lines(title, &self.unread, lang)
    }

    fn lines(&self, title: &str, lines: &[LateObligation], lang: Lang) -> Table {
        let columns = [
            ("编号", "id"),
            ("义务", "obligation"),
            ("责任", "owed by"),
            ("到期", "due"),
            ("完成", "done"),
            ("点名", "named"),
        ];
        let table = Table::new(title, columns.map(|(zh, en)| pick(lang, zh, en)));
        lines.iter().fold(table, |table, it| {
            table.row([
                it.duty.to_string(),
                term(lang, it.kind.zh(), it.kind.name()),
                whom(&it.owed, lang),
                wall(it.due, self.zone),
                it.done.map_or_else(
                    || pick(lang, "未完成", "not yet").into(),
                    |at| wall(at, self.zone),
                ),
                match it.named {
                    true => pick(lang, "是", "yes").to_owned(),
                    false => String::new(),
                },
            ])
        })
    }
}

/// Every obligation as it stands, one row each.
///
/// ```
/// use duly::{report::duty_roll, words::Lang};
/// assert_eq!(duty_roll(&[], duly::time::Zone::UTC, Lang::En).rows.len(), 0);
/// ```
pub fn duty_roll(duties: &[Duty], zone: Zone, lang: Lang) -> Table {
    let columns = [
        ("编号", "id"),
        ("义务", "obligation"),
        ("责任", "owed by"),
        ("下达", "imposed"),
        ("到期", "due"),
        ("状态", "stands at"),
        ("结论", "verdict"),
    ];
    let columns = columns.map(|(zh, en)| pick(lang, zh, en));
    let table = Table::new(pick(lang, "义务台账", "Roll of obligations"), columns);
    duties.iter().fold(table, |table, duty| {
        let verdict = match (duty.verdict(), duty.breached_at()) {
            (Some(verdict), _) if verdict.is_on_time() => pick(lang, "按时", "on time"),
            (Some(_), _) => pick(lang, "逾期完成", "late"),
            (None, Some(_)) if duty.is_open() => pick(lang, "已逾期", "overdue"),
            _ => "",
        };
        table.row([
            duty.id().to_string(),
            term(lang, duty.kind().zh(), duty.kind().name()),
            whom(duty.owed(), lang),
            wall(duty.imposed_at(), zone),
            wall(duty.due(), zone),
            term(lang, duty.stage().zh(), duty.stage().name()),
            verdict.to_owned(),
        ])
    })
}

/// Who owes it, in words: the person where one is named, else the post, with its unit.
fn whom(owed: &Addressee, lang: Lang) -> String {
    let post = match lang {
        Lang::Zh => owed
            .role
            .map_or(owed.post.as_str(), |role| role.zh())
            .to_owned(),
        Lang::En => owed.post.replace('_', " "),
    };
    let unit = owed.unit.as_ref().map(ToString::to_string);
    match (&owed.person, unit) {
        (Some(person), Some(unit)) => format!("{person} ({unit})"),
        (Some(person), None) => person.to_string(),
        (None, Some(unit)) if owed.role.is_some() => format!("{unit} {post}"),
        (None, Some(unit)) => unit,
        (None, None) => post,
    }
}
