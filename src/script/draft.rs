//! The pack as its statements leave it: everything said, no rule run yet.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveTime;
use rhai::{AST, Position};

use super::fault::{Both, Fault, Tried, both};
use super::record::Reached;
use super::value::{Clause, Kind, Raw};
use crate::plan::{
    BulletinRule, BundlePart, Count, ExtensionRule, FactRule, InForce, Judged, Mode, On, Param,
    PauseKind, PauseRule, Place, Post, Provenance, Quiet, ReopenCount, Uncovered,
};
use crate::time::{Counting, Hours, Span, Window, Zone};
use crate::words::{
    Channel, Class, ClockClass, ClockKind, ClockMark, DeclineGround, DutyKind, FactName, Gate,
    Lang, Outcome, PackId, PauseSide, PlaceLevel, Verb,
};

/// Something with the place where it was said.
#[derive(Debug, Clone)]
pub(super) struct At<T> {
    pub(super) what: T,
    pub(super) at: Position,
    pub(super) statement: usize,
}

#[derive(Debug)]
pub(super) struct PackDraft {
    pub(super) id: PackId,
    pub(super) title: String,
    pub(super) edition: String,
    /// When it is in force; in an overlay that does not say, as its base.
    pub(super) in_force: Option<At<InForce>>,
    pub(super) labels: Option<Lang>,
    pub(super) cited: Vec<String>,
    pub(super) zone: Option<Zone>,
    pub(super) hours: Option<Hours>,
    pub(super) season: Vec<(Vec<Window>, String, String)>,
    pub(super) provenance: Provenance,
    pub(super) uncovered: Uncovered,
    /// The day tables, each with the word that named it and as which of its arguments.
    pub(super) holidays: Vec<(String, Position, usize)>,
    pub(super) counting: Option<Counting>,
}

#[derive(Debug)]
pub(super) struct FactDraft {
    pub(super) rule: FactRule,
    pub(super) given: bool,
    /// What a function finds it from, and the word that says so.
    pub(super) from: Option<(Vec<FactName>, Position)>,
}

/// How a decision is written: as one rule, or as clauses, by their place in the draft.
#[derive(Debug, Clone)]
pub(super) enum Says {
    Rule(Raw),
    Clauses(usize),
}

/// One clause of a decision: when it applies, what it says, and who says so.
#[derive(Debug)]
pub(super) struct ClauseDraft {
    /// Always, where it is what is left over.
    pub(super) when: Option<Raw>,
    /// Yes, where nothing is said.
    pub(super) says: Option<Raw>,
    pub(super) title: String,
    pub(super) provenance: Provenance,
    pub(super) at: Position,
}

#[derive(Debug)]
pub(super) struct ClausesDraft {
    /// What they decide, as messages call it.
    pub(super) of: &'static str,
    pub(super) mode: Mode,
    pub(super) all: Vec<ClauseDraft>,
}

#[derive(Debug)]
pub(super) struct ClockDraft {
    pub(super) kind: ClockKind,
    pub(super) title: String,
    /// What it counts from, where that is not its usual mark.
    pub(super) starts: Option<ClockMark>,
    /// Whether it is said what it runs until, and that mark, where it is not its usual one.
    pub(super) until: Option<Option<ClockMark>>,
    pub(super) within: Option<Says>,
    pub(super) counting: Option<Counting>,
    pub(super) class: Option<ClockClass>,
    pub(super) provenance: Provenance,
    pub(super) lapses: bool,
    pub(super) not_past_whole: bool,
    pub(super) leaves: Option<Span>,
    pub(super) extension: Option<ExtensionRule>,
    /// For which cases it may be extended.
    pub(super) extended_when: Option<Raw>,
    /// No overlay may tighten it.
    pub(super) fixed: bool,
}

/// A limit that an overlay lays beside its base's.
#[derive(Debug)]
pub(super) struct TightenDraft {
    pub(super) kind: ClockKind,
    pub(super) within: Option<Says>,
    pub(super) provenance: Provenance,
}

#[derive(Debug)]
pub(super) struct RungDraft {
    pub(super) on: On,
    pub(super) title: String,
    pub(super) acts: Vec<(Verb, String)>,
    pub(super) when: Option<Raw>,
    pub(super) at_once: bool,
    pub(super) at: Position,
    /// Where overlays add acts to it.
    pub(super) added: Vec<Position>,
}

/// What a ladder stands on: a clock, or an obligation that is no case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LadderOf {
    Clock(ClockKind),
    Duty(DutyKind),
}

impl std::fmt::Display for LadderOf {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            LadderOf::Clock(kind) => kind.fmt(f),
            LadderOf::Duty(kind) => kind.fmt(f),
        }
    }
}

impl LadderOf {
    pub(super) const fn zh(self) -> &'static str {
        match self {
            LadderOf::Clock(kind) => kind.zh(),
            LadderOf::Duty(kind) => kind.zh(),
        }
    }
}

#[derive(Debug)]
pub(super) struct DutyDraft {
    pub(super) kind: DutyKind,
    pub(super) title: String,
    pub(super) owed_by: Option<String>,
    pub(super) every: Option<Span>,
    pub(super) within: Option<Span>,
    pub(super) channels: Vec<Channel>,
    pub(super) provenance: Provenance,
}

#[derive(Debug)]
pub(super) struct LadderDraft {
    pub(super) of: LadderOf,
    pub(super) title: String,
    pub(super) rungs: Vec<RungDraft>,
    /// The rung that words follow: the one that was said last in the file that is being read. Past them all, where none was.
    pub(super) latest: usize,
}

/// At which number a count acts, how, and where that was said.
pub(super) type StepDraft = (u32, Vec<(Verb, String)>, Position);

#[derive(Debug)]
pub(super) struct CountDraft {
    pub(super) count: Count,
    pub(super) steps: Vec<StepDraft>,
}

#[derive(Debug)]
pub(super) struct GateClause {
    pub(super) rule: Raw,
    /// Whether the rule says what is refused, instead of what is required.
    pub(super) refuses: bool,
    pub(super) words: String,
    pub(super) only_for: Vec<Class>,
}

#[derive(Debug)]
pub(super) struct GateDraft {
    pub(super) gate: Gate,
    pub(super) judged: Option<Judged>,
    pub(super) clauses: Vec<GateClause>,
}

#[derive(Debug)]
pub(super) struct NoticeDraft {
    pub(super) mark: ClockMark,
    pub(super) title: String,
    pub(super) when: Option<Raw>,
    pub(super) to: Vec<String>,
    pub(super) citizen: bool,
    pub(super) words: Option<String>,
}

/// How cases are divided.
#[derive(Debug, Default)]
pub(super) struct DivideDraft {
    pub(super) slack: Option<Span>,
    pub(super) lowest: Option<PlaceLevel>,
    pub(super) provenance: Provenance,
}

#[derive(Debug)]
pub(super) struct BundleDraft {
    pub(super) name: String,
    pub(super) title: String,
    pub(super) parts: Vec<BundlePart>,
    pub(super) provenance: Provenance,
}

#[derive(Debug)]
pub(super) struct SignalDraft {
    pub(super) name: String,
    pub(super) title: String,
    pub(super) when: Option<Raw>,
    pub(super) window: Option<Span>,
    pub(super) provenance: Provenance,
}

#[derive(Debug)]
pub(super) struct DeclineDraft {
    pub(super) ground: DeclineGround,
    pub(super) when: Raw,
    pub(super) told: Option<String>,
}

#[derive(Debug)]
pub(super) struct PauseDraft {
    pub(super) reason: String,
    pub(super) side: Option<PauseSide>,
    pub(super) most: Option<Span>,
    pub(super) times: Option<u32>,
    pub(super) kind: PauseKind,
    pub(super) holds: Vec<ClockKind>,
    /// For which cases it may be claimed.
    pub(super) when: Option<Raw>,
}

impl PauseDraft {
    pub(super) fn rule(&self) -> Option<PauseRule> {
        Some(PauseRule {
            reason: self.reason.clone(),
            side: self.side?,
            most: self.most.clone()?,
            times: self.times.unwrap_or(1),
            kind: self.kind,
            holds: self.holds.clone(),
            when: None,
        })
    }
}

/// What each class allows, and how long a rating still counts.
pub(super) type StrikeOffDraft = (Vec<(Class, Vec<Outcome>)>, Option<Span>);

#[derive(Debug, Default)]
pub(super) struct DigestDraft {
    pub(super) title: String,
    pub(super) cut: Option<NaiveTime>,
    pub(super) hot: Option<Raw>,
    pub(super) to: Vec<String>,
    /// Until when on the next morning it is to be read.
    pub(super) read_by: Option<NaiveTime>,
    pub(super) provenance: Provenance,
}

/// Everything a pack said.
#[derive(Debug, Default)]
pub(super) struct Draft {
    /// The statement that is being run.
    pub(super) statement: usize,
    /// No statement is being run: rules are.
    pub(super) frozen: bool,
    /// The files, bases first, each with the line before its first; and the line before the first of the one that is being read.
    pub(super) files: Vec<(String, usize)>,
    pub(super) from: usize,
    /// What the file that is being read is based on, and the parameters it sets there.
    pub(super) based: Option<At<(String, BTreeMap<String, i64>)>>,
    pub(super) tightened: Vec<At<TightenDraft>>,
    /// The trees of the statements, which their rules run in.
    pub(super) trees: Vec<AST>,
    /// The labels of every fact, known when rules are run.
    pub(super) labels: Vec<Vec<String>>,
    /// Where spans of time were made of numbers.
    pub(super) reached: Reached,
    /// Parameters set from outside.
    pub(super) set: BTreeMap<String, i64>,
    /// The parameters that something read.
    pub(super) used: BTreeSet<usize>,
    /// The parameters that change by date, with their names.
    pub(super) dated: BTreeMap<usize, String>,
    pub(super) pack: Option<At<PackDraft>>,
    pub(super) params: Vec<At<Param>>,
    pub(super) places: Vec<At<Place>>,
    pub(super) posts: Vec<At<Post>>,
    pub(super) facts: Vec<At<FactDraft>>,
    pub(super) mentions: Vec<At<(FactName, Vec<String>)>>,
    pub(super) terms: Vec<At<(String, Raw)>>,
    pub(super) classify: Option<At<Option<Says>>>,
    pub(super) declines: Vec<At<DeclineDraft>>,
    pub(super) route: Option<At<Option<Says>>>,
    pub(super) clocks: Vec<At<ClockDraft>>,
    /// Never forgotten, since they are named by place.
    pub(super) clauses: Vec<At<ClausesDraft>>,
    pub(super) ladders: Vec<At<LadderDraft>>,
    pub(super) counts: Vec<At<CountDraft>>,
    pub(super) gates: Vec<At<GateDraft>>,
    pub(super) notices: Vec<At<NoticeDraft>>,
    pub(super) duties: Vec<At<DutyDraft>>,
    pub(super) divide: Option<At<DivideDraft>>,
    pub(super) bundles: Vec<At<BundleDraft>>,
    pub(super) signals: Vec<At<SignalDraft>>,
    pub(super) pauses: Vec<At<PauseDraft>>,
    pub(super) redo: Option<At<Vec<String>>>,
    /// Said at all, and when.
    pub(super) review: Option<At<Option<Option<Raw>>>>,
    pub(super) callback: Option<At<Option<u32>>>,
    pub(super) strike_off: Option<At<StrikeOffDraft>>,
    pub(super) reopen: Option<At<(Vec<String>, Option<ReopenCount>)>>,
    pub(super) direction: Option<At<Option<Span>>>,
    pub(super) track: Option<At<Option<Says>>>,
    pub(super) overdue_every: Option<At<u32>>,
    pub(super) quiet: Option<At<Quiet>>,
    pub(super) digest: Option<At<DigestDraft>>,
    pub(super) bulletin: Option<At<BulletinRule>>,
}

impl Draft {
    /// Something said here and now.
    pub(super) fn here<T>(&self, what: T, at: Position) -> At<T> {
        At {
            what,
            at,
            statement: self.statement,
        }
    }
    /// Drops what statements that failed have half said: its gaps are no further faults. Facts and posts stay, since others name
    /// them.
    pub(super) fn forget(&mut self, failed: impl Fn(usize) -> bool) {
        fn list<T>(list: &mut Vec<At<T>>, failed: &impl Fn(usize) -> bool) {
            list.retain(|one| !failed(one.statement));
        }
        fn slot<T>(slot: &mut Option<At<T>>, failed: &impl Fn(usize) -> bool) {
            if slot.as_ref().is_some_and(|one| failed(one.statement)) {
                *slot = None;
            }
        }
        list(&mut self.declines, &failed);
        list(&mut self.clocks, &failed);
        list(&mut self.tightened, &failed);
        list(&mut self.ladders, &failed);
        list(&mut self.counts, &failed);
        list(&mut self.gates, &failed);
        list(&mut self.notices, &failed);
        list(&mut self.duties, &failed);
        list(&mut self.bundles, &failed);
        list(&mut self.signals, &failed);
        slot(&mut self.divide, &failed);
        list(&mut self.pauses, &failed);
        slot(&mut self.classify, &failed);
        slot(&mut self.route, &failed);
        slot(&mut self.redo, &failed);
        slot(&mut self.review, &failed);
        slot(&mut self.callback, &failed);
        slot(&mut self.strike_off, &failed);
        slot(&mut self.reopen, &failed);
        slot(&mut self.direction, &failed);
        slot(&mut self.track, &failed);
        slot(&mut self.digest, &failed);
        slot(&mut self.bulletin, &failed);
        self.facts
            .iter_mut()
            .filter(|fact| failed(fact.statement))
            .for_each(|fact| fact.what.given = true);
    }
    /// The post of that id, or what is near.
    pub(super) fn post(&self, id: &str) -> Tried<&Post> {
        self.posts.iter().map(|post| &post.what).find(|post| post.id == id).ok_or_else(|| {
            let known = self.posts.iter().map(|post| post.what.id.as_str());
            let none = both!(
                "declare it first: `role(\"owner\", \"承办责任人\")` or `office(\"ducha\", \"督查办公室\")`",
                "先声明:`role(\"owner\", \"承办责任人\")`或者`office(\"ducha\", \"督查办公室\")`"
            );
            let message = both!("no post is called `{id}`", "没有叫`{id}`的岗位");
            Fault::new("D205", message).help(none).maybe(super::fault::suggest(id, known))
        })
    }
    /// Refuses a second declaration of the same thing.
    pub(super) fn once<T>(&self, slot: &Option<At<T>>, what: Both) -> Tried<()> {
        match slot {
            None => Ok(()),
            Some(first) => Err(self.twice(what, first.at)),
        }
    }
    /// A thing declared a second time.
    pub(super) fn twice(&self, what: Both, first: Position) -> Fault {
        let line = first.line().unwrap_or(0);
        if self.own(first) {
            let line = line - self.from.min(line);
            let message = both!(
                "{what} is already declared on line {line}",
                "{what}在第 {line} 行已经写过";
                what
            );
            return Fault::new("D204", message).help(once());
        }
        let file = self.files.iter().rev().find(|(_, before)| *before < line);
        let (file, before) = file.map_or(("", 0), |(file, before)| (file, *before));
        let line = line - before;
        let message = both!(
            "{what} is the base pack's: it is declared on line {line} of `{file}`",
            "{what}由底本规定,写在`{file}`第 {line} 行";
            what
        );
        Fault::new("D211", message).help(both!(
            "an overlay adds to its base and tightens it, and changes nothing",
            "叠在底本上的包只能增加、从严,不能改底本;删去这一句"
        ))
    }
    /// Whether something was said in the file that is being read, and not in one that it is based on.
    pub(super) fn own(&self, at: Position) -> bool {
        at.line().is_none_or(|line| line > self.from)
    }
    /// Whether the file that is being read is laid over another.
    pub(super) fn over(&self) -> bool {
        self.files.iter().any(|(_, before)| *before < self.from)
    }
    /// Where a rule or its clauses were said: the word that took them.
    pub(super) fn place_of(&self, says: &Says) -> Option<Position> {
        match says {
            Says::Rule(raw) => Some(raw.at),
            Says::Clauses(at) => self.clauses.get(*at).map(|one| one.at),
        }
    }
    /// Where the declaration was made that a word follows.
    pub(super) fn place(&self, clause: Clause) -> Option<Position> {
        fn at<T>(list: &[At<T>], clause: Clause) -> Option<Position> {
            list.get(clause.at).map(|one| one.at)
        }
        fn one<T>(slot: &Option<At<T>>) -> Option<Position> {
            slot.as_ref().map(|one| one.at)
        }
        match clause.kind {
            Kind::Param => at(&self.params, clause),
            Kind::Fact | Kind::Finding | Kind::Mention => at(&self.facts, clause),
            Kind::Decline => at(&self.declines, clause),
            Kind::Clock => at(&self.clocks, clause),
            Kind::Tighten => at(&self.tightened, clause),
            Kind::Clauses => at(&self.clauses, clause),
            Kind::Ladder => at(&self.ladders, clause),
            Kind::Count => at(&self.counts, clause),
            Kind::Gate => at(&self.gates, clause),
            Kind::Notice => at(&self.notices, clause),
            Kind::Duty => at(&self.duties, clause),
            Kind::Divide => one(&self.divide),
            Kind::Bundle => at(&self.bundles, clause),
            Kind::Signal => at(&self.signals, clause),
            Kind::Pause => at(&self.pauses, clause),
            Kind::Pack => one(&self.pack),
            Kind::Classify => one(&self.classify),
            Kind::Route => one(&self.route),
            Kind::Redo => one(&self.redo),
            Kind::Review => one(&self.review),
            Kind::CallBack => one(&self.callback),
            Kind::StrikeOff => one(&self.strike_off),
            Kind::Reopen => one(&self.reopen),
            Kind::Direction => one(&self.direction),
            Kind::Track => one(&self.track),
            Kind::Digest => one(&self.digest),
            Kind::Bulletin => one(&self.bulletin),
            Kind::Start | Kind::End => None,
        }
    }
}

/// What to do about a thing said twice.
pub(super) fn once() -> Both {
    both!("keep one of the two", "两处留一处")
}
