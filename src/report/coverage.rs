//! 覆盖率: of the rounds that fell due, how many were done, and of those that say so, how much was seen. By kind, by place, by subject.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Period, Rate, Table, pick, term};
use crate::duty::{Covered, Duty, RoundFate, RoundOutcome};
use crate::words::{DutyKind, Lang, PlaceCode, SubjectId};

/// The rounds (期) that fell due in a period, each once: those whose due moment was past by its end. What was done early counts when it
/// would have been due. `in_time + late + missed + overdue + excused == due`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoundFigures {
    /// Fell due (到期).
    pub due: u64,
    /// Done in time (按时完成).
    pub in_time: u64,
    /// Done late, before the round was over (逾期完成).
    pub late: u64,
    /// Over before it was done (漏期).
    pub missed: u64,
    /// Past due at the end, and not over yet (逾期未完成).
    pub overdue: u64,
    /// Excused when it was past due already (逾期后免除). Excused before, it never fell due.
    pub excused: u64,
    /// What the rounds that were done covered: households seen, items inspected (已覆盖).
    #[serde(default, skip_serializing_if = "nothing")]
    pub covered: u64,
    /// Of how many (应覆盖). Nobody knows how many there were in a round that was not done: those are in no sum.
    #[serde(default, skip_serializing_if = "nothing")]
    pub of: u64,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for it")]
fn nothing(n: &u64) -> bool {
    *n == 0
}

impl RoundFigures {
    /// 覆盖率: done, in time or late, of those that fell due. Of none there is none.
    pub const fn coverage(&self) -> Rate {
        Rate::new(self.in_time.saturating_add(self.late), self.due)
    }
    /// 按时率: done in time, of those that fell due.
    pub const fn on_time(&self) -> Rate {
        Rate::new(self.in_time, self.due)
    }
    /// 覆盖面: what was seen of what there was, over the rounds that were done.
    pub const fn seen(&self) -> Rate {
        Rate::new(self.covered, self.of)
    }

    fn add(&mut self, fate: Fate) {
        let one = |count: &mut u64| *count = count.saturating_add(1);
        one(&mut self.due);
        match fate {
            Fate::Done { in_time, coverage } => {
                one(match in_time {
                    true => &mut self.in_time,
                    false => &mut self.late,
                });
                if let Some(Covered { covered, of }) = coverage {
                    self.covered = self.covered.saturating_add(covered);
                    self.of = self.of.saturating_add(of);
                }
            }
            Fate::Missed => one(&mut self.missed),
            Fate::Overdue => one(&mut self.overdue),
            Fate::Excused => one(&mut self.excused),
        }
    }
}

/// What became of a round that fell due, by the end of the period.
#[derive(Debug, Clone, Copy)]
pub(super) enum Fate {
    Done {
        in_time: bool,
        coverage: Option<Covered>,
    },
    Missed,
    Overdue,
    Excused,
}

/// What became of it, if it fell due in the period. Nothing later than the end is in it.
pub(super) fn fell_due(it: &RoundOutcome, period: Period) -> Option<Fate> {
    let past = it.round.due.plus(1);
    if !period.holds(past) {
        return None;
    }
    Some(match &it.fate {
        RoundFate::Done {
            verdict, coverage, ..
        } => Fate::Done {
            in_time: verdict.is_on_time(),
            coverage: *coverage,
        },
        RoundFate::Missed { .. } => Fate::Missed,
        RoundFate::Excused { at } if *at < past => return None,
        RoundFate::Excused { .. } => Fate::Excused,
        RoundFate::Open => Fate::Overdue,
    })
}

/// The figures of one kind, in one place, of one subject; of all places or all subjects, where none is named.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CoverageLine {
    /// The kind.
    pub kind: DutyKind,
    /// Where.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<PlaceCode>,
    /// Of which household, person or part of the place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<SubjectId>,
    /// The figures.
    pub figures: RoundFigures,
}

/// Coverage (覆盖率) of what recurs, in a period. The same rounds three times over: each list sums up to the others.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Coverage {
    /// By kind, in the order of kinds: every kind of which there is an obligation.
    pub kinds: Vec<CoverageLine>,
    /// By kind and place.
    pub places: Vec<CoverageLine>,
    /// By kind, place and subject; where no subject is named, the place is it.
    pub subjects: Vec<CoverageLine>,
}

type Key = (DutyKind, Option<PlaceCode>, Option<SubjectId>);

/// Gathers rounds.
#[derive(Default)]
pub(super) struct Gathered {
    kinds: BTreeMap<Key, RoundFigures>,
    places: BTreeMap<Key, RoundFigures>,
    subjects: BTreeMap<Key, RoundFigures>,
}

impl Gathered {
    /// One obligation, with what became of those of its rounds that fell due. With none, it stands there with nothing.
    pub(super) fn take(&mut self, duty: &Duty, fates: &[Fate]) {
        let (kind, place) = (duty.kind(), duty.owed().place.clone());
        let subject = duty.subject().cloned();
        let lists = [
            (&mut self.kinds, (kind, None, None)),
            (&mut self.places, (kind, Some(place.clone()), None)),
            (&mut self.subjects, (kind, Some(place), subject)),
        ];
        for (list, key) in lists {
            let figures = list.entry(key).or_default();
            fates.iter().for_each(|fate| figures.add(*fate));
        }
    }
    pub(super) fn told(self) -> Coverage {
        let lines = |list: BTreeMap<Key, RoundFigures>| {
            let line = |((kind, place, subject), figures)| CoverageLine {
                kind,
                place,
                subject,
                figures,
            };
            list.into_iter().map(line).collect()
        };
        Coverage {
            kinds: lines(self.kinds),
            places: lines(self.places),
            subjects: lines(self.subjects),
        }
    }
}

impl Coverage {
    /// By kind.
    pub fn table(&self, lang: Lang) -> Table {
        lines(pick(lang, "覆盖率", "Coverage"), &self.kinds, 0, lang)
    }
    /// By kind and place.
    pub fn by_place(&self, lang: Lang) -> Table {
        let title = pick(lang, "各地覆盖率", "Coverage by place");
        lines(title, &self.places, 1, lang)
    }
    /// By kind, place and subject.
    pub fn by_subject(&self, lang: Lang) -> Table {
        let title = pick(lang, "逐户逐村覆盖率", "Coverage by subject");
        lines(title, &self.subjects, 2, lang)
    }
}

/// With so many of place and subject.
fn lines(title: &str, lines: &[CoverageLine], named: usize, lang: Lang) -> Table {
    let who = [("地方", "place"), ("对象", "subject")];
    let columns = std::iter::once(("义务", "obligation"))
        .chain(who.into_iter().take(named))
        .chain([
            ("到期", "due"),
            ("按时", "in time"),
            ("逾期完成", "late"),
            ("漏期", "missed"),
            ("逾期未完成", "overdue"),
            ("免除", "excused"),
            ("覆盖率", "coverage"),
            ("按时率", "on time"),
            ("应覆盖", "of"),
            ("已覆盖", "covered"),
            ("覆盖面", "seen"),
        ])
        .map(|(zh, en)| pick(lang, zh, en));
    lines.iter().fold(Table::new(title, columns), |table, it| {
        let own = it.figures;
        let who = [
            it.place.as_ref().map(ToString::to_string),
            it.subject.as_ref().map(ToString::to_string),
        ];
        let who = who.into_iter().take(named).map(Option::unwrap_or_default);
        let counts = [
            own.due,
            own.in_time,
            own.late,
            own.missed,
            own.overdue,
            own.excused,
        ];
        // A visit says nothing of how many there were.
        let seen = match it.kind.covers() {
            true => [
                own.of.to_string(),
                own.covered.to_string(),
                own.seen().to_string(),
            ],
            false => Default::default(),
        };
        table.row(
            std::iter::once(term(lang, it.kind.zh(), it.kind.name()))
                .chain(who)
                .chain(counts.iter().map(u64::to_string))
                .chain([own.coverage().to_string(), own.on_time().to_string()])
                .chain(seen),
        )
    })
}
