//! 义务: what is owed besides cases, in a period. A section of the bulletin, and what yesterday's digest has left unread.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::coverage::{Coverage, Fate, Gathered, fell_due};
use super::{Period, Table, pick, term, wall};
use crate::duty::{Corrupt, Duty, DutyEvent, DutyRecord, RoundFate, State, evolve, rounds};
use crate::plan::Plan;
use crate::time::{Moment, Zone};
use crate::words::{
    Addressee, BoardId, DutyId, DutyKind, DutyStage, Lang, StepFate, SubjectId, Verb, Verdict,
};

/// The figures of a kind of obligation in a period. What happened counts once, when it took effect; what is overdue is how it
/// stands at the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ObligationFigures {
    /// The kind.
    pub kind: DutyKind,
    /// Imposed in the period (下达).
    pub imposed: u64,
    /// Done in time, by the day on which it was accepted or read; of what recurs, rounds (按时完成).
    pub on_time: u64,
    /// Done late (逾期完成).
    pub late: u64,
    /// Owed past the due moment at the end (逾期未完成).
    pub overdue: u64,
    /// Sent back (退回).
    pub sent_back: u64,
    /// Excused (免除).
    pub excused: u64,
    /// Rounds of what recurs that were over before they were done (漏期).
    #[serde(default)]
    pub missed: u64,
}

/// An obligation that was not done in time: late in the period, or owed past due at its end. Of what recurs, a round of it that fell due in
/// the period.
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
    /// Which household or person, or part of the place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<SubjectId>,
    /// Which round, of what recurs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub round: Option<u32>,
    /// Whether that round was over before it was done (漏期): it never will be.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub missed: bool,
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
    /// Digests of days before the last that are still to be read at the end, in the same order.
    pub unread: Vec<LateObligation>,
    /// Of the rounds that fell due, how many were done (覆盖率).
    #[serde(default)]
    pub coverage: Coverage,
    /// The obligations that time has overtaken by the end, by id: something scheduled at or before it is not recorded yet. Send each of
    /// them a Tick before a report is cut.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub behind: Vec<DutyId>,
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
            missed: 0,
        };
        figures.insert(kind, none);
    }
    let mut duties: BTreeMap<&DutyId, Duty> = BTreeMap::new();
    let mut told: BTreeMap<&DutyId, Vec<DutyRecord>> = BTreeMap::new();
    // Who owed a round when it was done or over, and whether a rung named it.
    let mut owed_then: BTreeMap<(&DutyId, u32), Addressee> = BTreeMap::new();
    let mut named: BTreeSet<(&DutyId, u32)> = BTreeSet::new();
    for record in records.iter().filter(|record| record.at <= period.until) {
        let duty = evolve(board, duties.remove(&record.duty), record)?;
        match &record.event {
            DutyEvent::RoundDone { round, .. } | DutyEvent::RoundMissed { round } => {
                owed_then.insert((&record.duty, *round), duty.owed().clone());
            }
            DutyEvent::StepTaken {
                round: Some(round),
                fate: StepFate::Fired { acts },
                ..
            } if acts.iter().any(|act| act.verb == Verb::NameIn) => {
                named.insert((&record.duty, *round));
            }
            _ => {}
        }
        if duty.kind().recurs() {
            told.entry(&record.duty).or_default().push(record.clone());
        }
        if let Some(count) = figures
            .get_mut(&duty.kind())
            .filter(|_| period.holds(record.at))
        {
            match &record.event {
                DutyEvent::Imposed { .. } => count.imposed += 1,
                DutyEvent::Accepted { verdict }
                | DutyEvent::Read { verdict }
                | DutyEvent::RoundDone { verdict, .. } => match verdict.is_on_time() {
                    true => count.on_time += 1,
                    false => count.late += 1,
                },
                DutyEvent::RoundMissed { .. } => count.missed += 1,
                DutyEvent::SentBack { .. } => count.sent_back += 1,
                DutyEvent::Excused { .. } => count.excused += 1,
                _ => {}
            }
        }
        duties.insert(&record.duty, duty);
    }
    let last_day = period.until.date(plan.zone);
    let (mut late, mut unread) = (Vec::new(), Vec::new());
    let mut coverage = Gathered::default();
    let overtaken = |duty: &&Duty| duty.next_alarm().is_some_and(|alarm| alarm <= period.until);
    let behind = duties.values().filter(overtaken);
    let behind = behind.map(|duty| duty.id().clone()).collect();
    for (id, duty) in &duties {
        let overdue = duty.is_overdue(period.until);
        if let Some(count) = figures.get_mut(&duty.kind()).filter(|_| overdue) {
            count.overdue += 1;
        }
        let done = match duty.state() {
            State::Done(done) => Some(done.at),
            _ => None,
        };
        let line = || LateObligation {
            duty: duty.id().clone(),
            kind: duty.kind(),
            owed: duty.owed().clone(),
            due: duty.due(),
            done,
            named: duty.is_named(),
            subject: duty.subject().cloned(),
            round: None,
            missed: false,
        };
        if let Some(records) = told.get(id) {
            let mut fates = Vec::new();
            for it in rounds(records) {
                let Some(fate) = fell_due(&it, period) else {
                    continue;
                };
                fates.push(fate);
                let (done, missed) = match (fate, &it.fate) {
                    (Fate::Done { in_time: true, .. } | Fate::Excused, _) => continue,
                    (_, RoundFate::Done { at, .. }) => (Some(*at), false),
                    (fate, _) => (None, matches!(fate, Fate::Missed)),
                };
                let of = (*id, it.round.number);
                late.push(LateObligation {
                    owed: owed_then.get(&of).unwrap_or(duty.owed()).clone(),
                    due: it.round.due,
                    done,
                    named: named.contains(&of),
                    round: Some(it.round.number),
                    missed,
                    ..line()
                });
            }
            coverage.take(duty, &fates);
            continue;
        }
        let was_late = matches!(duty.verdict(), Some(Verdict::Late { .. }));
        // It was done when it was accepted: until then nobody can say so.
        if overdue || (was_late && period.holds(duty.last_done())) {
            late.push(line());
        }
        // A digest is issued after its cut: it is the day of which it is that counts.
        let earlier = duty.of().is_some_and(|day| day < last_day);
        if duty.kind() == DutyKind::Digest && duty.stage() == DutyStage::Owed && earlier {
            unread.push(line());
        }
    }
    for lines in [&mut late, &mut unread] {
        lines.sort_by(|a, b| (a.due, &a.duty, a.round).cmp(&(b.due, &b.duty, b.round)));
    }
    Ok(Obligations {
        zone: plan.zone,
        period,
        figures: figures.into_values().collect(),
        late,
        unread,
        coverage: coverage.told(),
        behind,
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
            ("漏期", "missed"),
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
                it.missed,
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
            ("期", "round"),
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
                it.round.map(|n| n.to_string()).unwrap_or_default(),
                whom(&it.owed, lang),
                wall(it.due, self.zone),
                match (it.done, it.missed) {
                    (Some(at), _) => wall(at, self.zone),
                    (None, true) => pick(lang, "漏期", "missed").into(),
                    (None, false) => pick(lang, "未完成", "not yet").into(),
                },
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
        ("对象", "subject"),
        ("责任", "owed by"),
        ("下达", "imposed"),
        ("期", "round"),
        ("到期", "due"),
        ("状态", "stands at"),
        ("结论", "verdict"),
        ("漏期", "missed"),
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
            duty.subject().map(ToString::to_string).unwrap_or_default(),
            whom(duty.owed(), lang),
            wall(duty.imposed_at(), zone),
            duty.round()
                .map(|it| it.number.to_string())
                .unwrap_or_default(),
            wall(duty.due(), zone),
            term(lang, duty.stage().zh(), duty.stage().name()),
            verdict.to_owned(),
            duty.rounds()
                .map(|it| it.missed.to_string())
                .unwrap_or_default(),
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
