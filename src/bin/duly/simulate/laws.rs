//! The laws, held against the records of every case: from what is written, without asking the machine that wrote it.

use std::collections::BTreeSet;

use duly::case::Case;
use duly::case::{StepOutcome, outcomes};
use duly::desk::{Desk, Ledger};
use duly::plan::Plan;
use duly::report::{Board, File, Period, digest};
use duly::time::Moment;
use duly::words::{
    CaseId, Class, ClockKey, EffectId, Event, News, Origin, Outcome, PersonId, Rating, Record,
    StepKey, TextRef,
};

use crate::fail::Fail;

/// The laws.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Law {
    /// An open case has an alarm ahead.
    Alarm,
    /// Struck off with an outcome that the class allows, and promises kept.
    Outcome,
    /// Published and struck off by persons who had no part in it.
    Persons,
    /// The citizen was told.
    Told,
    /// Who is not satisfied has no closed case.
    Satisfied,
    /// Each step once, none lost.
    Steps,
    /// The records replay to the stored case.
    Replay,
    /// Merged cases hear of one another.
    Linked,
    /// Digests that follow one another have each record once.
    Digests,
}

impl Law {
    /// All, in order.
    pub const ALL: [Law; 9] = [
        Law::Alarm,
        Law::Outcome,
        Law::Persons,
        Law::Told,
        Law::Satisfied,
        Law::Steps,
        Law::Replay,
        Law::Linked,
        Law::Digests,
    ];
    /// Its key in JSON, Chinese, English.
    pub const fn names(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Law::Alarm => (
                "alarm",
                "在办必有时限在前",
                "every open case has an alarm ahead",
            ),
            Law::Outcome => (
                "outcome",
                "问题不解决不销账",
                "nothing struck off without an outcome that its class allows",
            ),
            Law::Persons => (
                "persons",
                "审核、销账与办理人分开",
                "answers published and cases struck off by other persons than the handlers",
            ),
            Law::Told => ("told", "件件有回复", "every closed case's citizen was told"),
            Law::Satisfied => (
                "satisfied",
                "不满意不销账",
                "no unsatisfied citizen's case is closed",
            ),
            Law::Steps => ("steps", "催办一次不多一次不少", "each step once, none lost"),
            Law::Replay => (
                "replay",
                "重放与台账一致",
                "the records replay to the stored case",
            ),
            Law::Linked => (
                "linked",
                "并案互通",
                "merged cases hear of one another, in the same words",
            ),
            Law::Digests => (
                "digests",
                "日报不重不漏(抽样)",
                "digests that follow one another have each record once (of a sample)",
            ),
        }
    }
}

/// A law that does not hold.
#[derive(Debug)]
pub struct Broken {
    /// Which.
    pub law: Law,
    /// Of which case.
    pub case: CaseId,
    /// At which version.
    pub version: u64,
    /// In Chinese and English.
    pub said: (&'static str, &'static str),
}

/// How many broken laws are kept by name.
const KEPT: usize = 100;

/// What the laws said.
#[derive(Debug, Default)]
pub struct Laws {
    /// How often each was held against something, in the order of [`Law::ALL`].
    held: std::collections::BTreeMap<Law, (u64, u64)>,
    /// The first that do not hold.
    pub broken: Vec<Broken>,
}

impl Laws {
    /// How often a law was held against something, and how often it did not hold.
    pub fn of(&self, law: Law) -> (u64, u64) {
        self.held.get(&law).copied().unwrap_or_default()
    }
    /// Whether all hold.
    pub fn hold(&self) -> bool {
        self.held.values().all(|(_, broken)| *broken == 0)
    }
    fn hold_to(
        &mut self,
        law: Law,
        holds: bool,
        (case, version): (&CaseId, u64),
        said: (&'static str, &'static str),
    ) {
        let (held, broken) = self.held.entry(law).or_default();
        *held += 1;
        if holds {
            return;
        }
        *broken += 1;
        if self.broken.len() < KEPT {
            self.broken.push(Broken {
                law,
                case: case.clone(),
                version,
                said,
            });
        }
    }

    /// Holds every law of single cases against one.
    pub fn file<L: Ledger>(
        &mut self,
        desk: &Desk<L>,
        file: &File,
        stored: Option<&Case>,
        end: Moment,
    ) -> Result<(), Fail> {
        let case = file.case();
        let at = (case.id(), case.version());
        self.hold_to(
            Law::Replay,
            stored == Some(case),
            at,
            (
                "重放出来的不是台账里的",
                "what replays is not what is stored",
            ),
        );
        if !case.is_closed() {
            let ahead = case.next_alarm().is_some_and(|alarm| alarm > end);
            self.hold_to(
                Law::Alarm,
                ahead,
                at,
                ("在办,没有时限在前", "it is open, and nothing is ahead"),
            );
        }
        self.steps(file, end)?;
        self.course(file);
        self.linked(desk, file)
    }

    fn steps(&mut self, file: &File, end: Moment) -> Result<(), Fail> {
        let case = file.case();
        let mut taken: BTreeSet<(ClockKey, &StepKey)> = BTreeSet::new();
        for record in file.history() {
            if let Event::StepTaken { clock, step, .. } = &record.event {
                self.hold_to(
                    Law::Steps,
                    taken.insert((*clock, step)),
                    (case.id(), record.version),
                    ("同一步走了两次", "a step was taken twice"),
                );
            }
        }
        for it in outcomes(file.history()).map_err(Fail::said)? {
            let left = match it.outcome {
                StepOutcome::Ahead { at } => case.is_closed() || at.is_some_and(|at| at <= end),
                StepOutcome::Fired { .. }
                | StepOutcome::Coalesced { .. }
                | StepOutcome::Skipped { .. } => !taken.contains(&(it.clock, &it.step)),
                StepOutcome::Voided { .. } => false,
            };
            self.hold_to(
                Law::Steps,
                !left,
                (case.id(), case.version()),
                ("有一步到时没有走", "a step was due and did not come"),
            );
        }
        Ok(())
    }

    fn course(&mut self, file: &File) {
        let case = file.case();
        let mut seen = Seen::default();
        for record in file.history() {
            let at = (case.id(), record.version);
            for (law, holds, said) in seen.judge(record) {
                self.hold_to(law, holds, at, said);
            }
            seen.read(record);
        }
        if !case.is_closed() {
            return;
        }
        let at = (case.id(), case.version());
        self.hold_to(
            Law::Satisfied,
            !seen.late_complaint,
            at,
            (
                "销账后不满意,没有重开",
                "an unsatisfied rating after striking off did not open it again",
            ),
        );
        let given_up = matches!(
            case.outcome(),
            Some(Outcome::Declined | Outcome::Withdrawn | Outcome::Merged)
        );
        self.hold_to(
            Law::Outcome,
            given_up || case.promises().iter().all(|it| !it.is_open()),
            at,
            (
                "销账时还有承诺没有兑现",
                "it is closed, and a promise is open",
            ),
        );
    }

    /// 并案: what each knows of the other.
    fn linked<L: Ledger>(&mut self, desk: &Desk<L>, file: &File) -> Result<(), Fail> {
        let case = file.case();
        // Whoever withdrew, or was declined, has left; what it followed stays on record.
        let apart = case.outcome().is_some_and(|it| it != Outcome::Merged);
        let Some(into) = case.follows().filter(|_| !apart) else {
            return Ok(());
        };
        let at = (case.id(), case.version());
        let Some(survivor) = desk.case(into)? else {
            let said = ("并入的件不存在", "the case it follows is not there");
            self.hold_to(Law::Linked, false, at, said);
            return Ok(());
        };
        self.hold_to(
            Law::Linked,
            survivor.followers().contains_key(case.id()),
            at,
            ("主件不知道有它", "the case it follows does not know it"),
        );
        let left = matches!(
            survivor.outcome(),
            Some(Outcome::Declined | Outcome::Withdrawn)
        );
        self.hold_to(
            Law::Linked,
            case.is_closed() || (!left && survivor.follows().is_none()),
            at,
            (
                "主件不再答复,它还跟着",
                "it follows a case that nobody answers any more",
            ),
        );
        let mut heard: Option<(&Record, &Vec<TextRef>)> = None;
        for record in file.history() {
            match &record.event {
                Event::Relayed { news, .. } => match news {
                    News::Answer { texts } => heard = Some((record, texts)),
                    News::Retracted => heard = None,
                    _ => {}
                },
                Event::Merged { .. } => heard = None,
                _ => {}
            }
        }
        // What the survivor's citizen had last been told by then.
        let answered = survivor.reply().is_some()
            && survivor.stage_name() == duly::words::StageName::Reviewed
            || survivor.is_closed() && !left;
        if answered && !case.is_closed() {
            let said = (
                "主件的答复没有转告它",
                "its citizen was not told the answer of the case it follows",
            );
            self.hold_to(Law::Linked, heard.is_some(), at, said);
        }
        let Some((relayed, texts)) = heard else {
            return Ok(());
        };
        let mut reply: Vec<TextRef> = Vec::new();
        let mut published: Vec<TextRef> = Vec::new();
        for entry in desk.history(into)? {
            let record = entry.sealed.record;
            if record.at > relayed.at {
                break;
            }
            match record.event {
                Event::Replied { answers, .. } => {
                    reply = answers.into_iter().map(|it| it.text).collect();
                }
                Event::Published { .. } => published.clone_from(&reply),
                _ => {}
            }
        }
        let mut same = texts.len() == published.len() && !texts.is_empty();
        for (own, theirs) in texts.iter().zip(&published) {
            let own = desk.text(case.id(), own)?;
            same &= own.is_some() && own == desk.text(into, theirs)?;
        }
        let said = (
            "转告的不是主件公布的答复",
            "what its citizen was told is not what was published",
        );
        self.hold_to(Law::Linked, same, (case.id(), relayed.version), said);
        Ok(())
    }

    /// Cuts the digests of all days of a few cases: each record is in exactly one.
    pub fn digests(&mut self, board: &Board, plan: &Plan, (first, end): (Moment, Moment)) {
        let mut next: std::collections::BTreeMap<CaseId, u64> = Default::default();
        let mut date = first.date(plan.zone);
        let mut period = Period::day(plan, date);
        while period.after < end {
            for covered in digest(board, plan, period).entries {
                let expected = next.entry(covered.case.clone()).or_insert(1);
                self.hold_to(
                    Law::Digests,
                    covered.first == *expected && covered.last >= covered.first,
                    (&covered.case, covered.first),
                    ("日报有重有漏", "digests have a record twice, or not at all"),
                );
                *expected = covered.last + 1;
            }
            let Some(after) = date.succ_opt() else { break };
            date = after;
            period = period.then(plan, date);
        }
        for file in board.files() {
            let version = file.case().version();
            self.hold_to(
                Law::Digests,
                next.get(file.case().id()) == Some(&(version + 1)),
                (file.case().id(), version),
                ("日报漏了最后的记录", "no digest has the last record"),
            );
        }
    }
}

/// What the records have said so far.
#[derive(Default)]
struct Seen {
    opinion: bool,
    class: Option<Class>,
    handlers: BTreeSet<PersonId>,
    first_reviewers: BTreeSet<PersonId>,
    checkers: BTreeSet<PersonId>,
    /// The version that published the answer that stands, and the telling of it.
    answer: Option<EffectId>,
    told: bool,
    explained: bool,
    follows: bool,
    rating: Option<Rating>,
    closed: bool,
    late_complaint: bool,
}

type Judged = (Law, bool, (&'static str, &'static str));

fn persons(record: &Record) -> impl Iterator<Item = &PersonId> {
    record.by.iter().flat_map(|by| by.persons())
}

const fn allowed(class: Class, outcome: Outcome) -> bool {
    match class {
        Class::Problem => matches!(outcome, Outcome::Solved | Outcome::Explained),
        Class::Idea => matches!(outcome, Outcome::Adopted | Outcome::Answered),
        Class::Question | Class::Thanks => matches!(outcome, Outcome::Answered),
    }
}

impl Seen {
    /// What has to hold for this to happen now.
    fn judge(&self, record: &Record) -> Vec<Judged> {
        let apart = |from: &BTreeSet<PersonId>| persons(record).all(|it| !from.contains(it));
        match &record.event {
            Event::Published { .. } => vec![
                (
                    Law::Persons,
                    record.by.is_some() && apart(&self.handlers),
                    ("办理人审核了自己的答复", "a handler published the answer"),
                ),
                (
                    Law::Persons,
                    apart(&self.first_reviewers),
                    ("初审、复审是同一人", "one person took both reviews"),
                ),
            ],
            Event::MatterStruckOff { outcome, .. } => vec![(
                Law::Outcome,
                self.class.is_some_and(|class| allowed(class, *outcome)),
                ("此类不能这样销账", "its class does not allow that outcome"),
            )],
            Event::StruckOff {
                outcome: Outcome::Merged,
                ..
            } => vec![
                (
                    Law::Outcome,
                    self.follows,
                    (
                        "没有并案却按并案销账",
                        "struck off as merged, and it follows no case",
                    ),
                ),
                (
                    Law::Told,
                    self.answer.is_some() && self.told,
                    (
                        "并案销账,本人没有收到答复",
                        "struck off as merged, and its citizen has no answer",
                    ),
                ),
                (
                    Law::Satisfied,
                    !self.rating.is_some_and(Rating::is_unsatisfied),
                    ("不满意而销账", "struck off against an unsatisfied rating"),
                ),
            ],
            Event::StruckOff { outcome, .. } => {
                let explained = *outcome == Outcome::Explained;
                vec![
                    (
                        Law::Outcome,
                        self.class.is_some_and(|class| allowed(class, *outcome))
                            && self.answer.is_some()
                            && (!explained || self.explained),
                        (
                            "此类不能这样销账,或者没有审核过的答复",
                            "its class does not allow that outcome, or no reviewed answer says so",
                        ),
                    ),
                    (
                        Law::Persons,
                        record.by.is_some() && apart(&self.handlers) && apart(&self.checkers),
                        (
                            "办理人或者复核人自己销账",
                            "struck off by a handler, or by whoever rechecked it",
                        ),
                    ),
                    (
                        Law::Told,
                        self.opinion || self.told,
                        (
                            "销账而网民没有收到答复",
                            "struck off, and the citizen has no answer",
                        ),
                    ),
                    (
                        Law::Satisfied,
                        explained || !self.rating.is_some_and(Rating::is_unsatisfied),
                        ("不满意而销账", "struck off against an unsatisfied rating"),
                    ),
                ]
            }
            _ => Vec::new(),
        }
    }

    fn read(&mut self, record: &Record) {
        match &record.event {
            Event::Opened { origin, .. } => self.opinion = *origin == Origin::Opinion,
            Event::Screened { class, .. } | Event::Reclassified { class, .. } => {
                self.class = Some(*class);
            }
            Event::Assigned { owner, parts, .. } => {
                self.handlers.insert(owner.clone());
                self.handlers
                    .extend(parts.iter().map(|part| part.owner.clone()));
            }
            Event::SubAssigned { owner, .. }
            | Event::Ruled { owner, .. }
            | Event::Transferred { owner, .. } => {
                self.handlers.insert(owner.clone());
            }
            Event::HandedOver { to, .. } => {
                self.handlers.insert(to.clone());
            }
            Event::Replied {
                author, explained, ..
            } => {
                self.handlers.insert(author.clone());
                self.explained = *explained;
                self.first_reviewers.clear();
                self.checkers.clear();
            }
            Event::PassedFirst { .. } => self.first_reviewers.extend(persons(record).cloned()),
            Event::Published { .. } => self.answered(record, 1),
            Event::Relayed { news, .. } => match news {
                News::Answer { .. } => self.answered(record, 0),
                News::Retracted => self.answer = None,
                _ => {}
            },
            Event::Merged { .. } => {
                self.follows = true;
                self.answer = None;
            }
            Event::Unmerged { .. } => {
                self.follows = false;
                self.answer = None;
            }
            Event::Returned { .. } => self.answer = None,
            Event::CalledBack { reached: true, .. } => self.told = true,
            Event::Rated { rating, .. } => {
                self.rating = Some(*rating);
                self.told |= matches!(rating, Rating::Given { .. });
                self.late_complaint |= self.closed && rating.is_unsatisfied();
            }
            Event::Delivered { effect }
            | Event::Undelivered {
                effect,
                instead: Some(_),
                ..
            } => self.told |= self.answer.as_ref() == Some(effect),
            Event::Rechecked { .. } => self.checkers.extend(persons(record).cloned()),
            Event::StruckOff { .. } | Event::Declined { .. } | Event::Withdrawn { .. } => {
                self.closed = true;
            }
            Event::Reopened { .. } => {
                self.closed = false;
                self.late_complaint = false;
                self.answer = None;
            }
            _ => {}
        }
    }
    /// Another answer stands: its telling is that effect of the record.
    fn answered(&mut self, record: &Record, index: u32) {
        self.answer = Some(EffectId {
            case: record.case.clone(),
            version: record.version,
            index,
        });
        self.told = false;
        self.rating = None;
    }
}
