//! The board in a test: the shipped pack, everybody by name, commands in, answers out. A story reads like the file.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::path::Path;

use duly::case::{Case, Clock};
use duly::desk::{Answer as Said, Cursor, Desk, Entry, Ledger, MemoryLedger, SqliteLedger};
use duly::duty::{Duty, DutyCommand, DutyEffect, DutyEnvelope, DutyNotice, DutyRecord, DutyWhy};
use duly::plan::{Plan, Plans};
use duly::report;
use duly::time::Moment;
use duly::words::*;

/// A person: id, and their roles with a blank between, each with its place where it is local.
pub type Who = (&'static str, &'static str);

pub const ZHUOMA: Who = ("卓玛", "citizen");
pub const TASHI: Who = ("扎西", "citizen");
/// 共和县留言受理岗.
pub const CAIHONG: Who = ("彩虹", "intake@632521");
/// The second officer of the same office.
pub const LIQING: Who = ("李青", "intake@632521");
/// 州留言受理岗.
pub const PREFECTURE: Who = ("州受理", "intake@6325");
pub const WANGGANG: Who = ("王刚", "owner");
pub const MADENG: Who = ("马登", "owner");
pub const SUHUA: Who = ("苏华", "reviewer");
pub const DENGZHU: Who = ("邓珠", "reviewer");
/// 督查办.
pub const DUCHA: Who = ("督查一", "supervisor");
pub const LEADER: Who = ("州领导", "leader");
pub const SYSTEM: Who = ("主机", "system");

pub const HOUSING: &str = "共和县住建局";
pub const WATER: &str = "共和县水利局";

/// A moment in Beijing, as people write it.
pub fn at(text: &str) -> Moment {
    Moment::parse(&format!("{}:00+08:00", text.replace(' ', "T"))).unwrap()
}

/// The same person as somebody of a unit or an office.
pub fn whose(person: Who, unit: &str) -> Actor {
    let mut actor = who(person);
    actor.unit = Some(unit.parse().unwrap());
    actor
}

pub fn who((id, role): Who) -> Actor {
    Actor {
        id: id.parse().unwrap(),
        roles: role.split(' ').map(|role| role.parse().unwrap()).collect(),
        unit: None,
        acting_for: None,
    }
}

pub fn id(case: &str) -> CaseId {
    case.parse().unwrap()
}

pub fn hainan() -> Plan {
    duly::script::load("pack.rhai", duly::script::hainan_board()).unwrap()
}

fn name() -> BoardId {
    "hainan".parse().unwrap()
}

pub struct Board {
    pub desk: Desk<Box<dyn Ledger>>,
    pub plan: Plan,
    sent: Cell<u32>,
}

impl Board {
    pub fn new() -> Board {
        Board::over(Box::new(MemoryLedger::new(name())))
    }
    pub fn in_file(path: &Path) -> Board {
        Board::over(Box::new(SqliteLedger::open(path, name()).unwrap()))
    }
    /// With more rules than the shipped pack has.
    pub fn saying(more: &str) -> Board {
        let text = format!("{}\n{more}", duly::script::hainan_board());
        Board::under(duly::script::load("pack.rhai", &text).unwrap())
    }
    /// Under another pack than the prefecture's.
    pub fn under(plan: Plan) -> Board {
        Board::with(Box::new(MemoryLedger::new(name())), plan)
    }
    fn over(ledger: Box<dyn Ledger>) -> Board {
        Board::with(ledger, hainan())
    }
    fn with(ledger: Box<dyn Ledger>, plan: Plan) -> Board {
        let mut plans = Plans::new(name());
        plans.take(plan.clone()).unwrap();
        Board {
            desk: Desk::new(ledger, plans).unwrap(),
            plan,
            sent: Cell::new(0),
        }
    }

    // ── asking ────────────────────────────────────────────────────────────────────────────────────────────────

    pub fn ask(&self, case: &str, by: Who, when: &str, command: Command) -> Said {
        self.sent.set(self.sent.get() + 1);
        let id = format!("k{}", self.sent.get());
        let envelope = Envelope {
            case: case.parse().unwrap(),
            by: who(by),
            at: at(when),
            salt: Salt::derived(b"workflow", &id),
            id: id.parse().unwrap(),
            command,
        };
        self.desk.submit(envelope).unwrap()
    }
    /// It is done.
    #[track_caller]
    pub fn does(&self, case: &str, by: Who, when: &str, command: Command) -> StageName {
        match self.ask(case, by, when, command) {
            Said::Done(done) => done.stage,
            Said::Refused(refusal) => panic!("{refusal}\n{}", refusal.say(Lang::Zh)),
            other => panic!("{other:?}"),
        }
    }
    /// It is refused, changes nothing, and says in both languages why.
    #[track_caller]
    pub fn refuses(&self, case: &str, by: Who, when: &str, command: Command) -> Why {
        let before = self.desk.case(&id(case)).unwrap();
        let answer = self.ask(case, by, when, command);
        let Some(refusal) = answer.refusal() else {
            panic!("it was accepted: {answer:?}");
        };
        let (en, zh) = (refusal.say(Lang::En), refusal.say(Lang::Zh));
        assert!(
            en.starts_with("cannot `") && zh.starts_with("本件"),
            "{en}\n{zh}"
        );
        let after = self.desk.case(&id(case)).unwrap();
        // Time may have brought something by then; the command has not.
        assert_eq!(
            before.as_ref().map(Case::stage_name),
            after.as_ref().map(Case::stage_name)
        );
        (*refusal.why).clone()
    }
    /// The notice of the answer, by which the citizen is told it.
    #[track_caller]
    pub fn notice(&self, case: &str) -> EffectId {
        let all = self.outbox(case).into_iter().rev();
        let mut told = all.filter(|out| {
            matches!(
                out.effect,
                Effect::Tell {
                    what: Telling::Answer { .. },
                    ..
                }
            )
        });
        told.next().expect("the citizen was told the answer").id
    }
    /// It has reached the citizen.
    #[track_caller]
    pub fn reaches(&self, case: &str, when: &str) {
        let effect = self.notice(case);
        self.does(case, SYSTEM, when, Command::Delivered { effect });
    }
    /// It has not; perhaps the citizen was told in some other way.
    #[track_caller]
    pub fn misses(&self, case: &str, when: &str, instead: Option<&str>) {
        let failed = Command::Undelivered {
            effect: self.notice(case),
            why: "号码已停机".into(),
            instead: instead.map(|it| it.parse().unwrap()),
        };
        self.does(case, SYSTEM, when, failed);
    }
    /// Time passes on the whole board.
    pub fn sleeps_until(&self, when: &str) {
        let ticked = self.desk.advance(at(when)).unwrap();
        assert!(ticked.stuck.is_empty(), "{:?}", ticked.stuck);
    }

    // ── the usual way, each step with its usual person ─────────────────────────────────────────────────────────

    /// 卓玛 writes about a street lamp in 共和县.
    #[track_caller]
    pub fn opens(&self, case: &str, when: &str) {
        self.does(case, ZHUOMA, when, open(case, "632521", "投诉"));
    }
    #[track_caller]
    pub fn screens(&self, case: &str, when: &str) {
        self.does(case, CAIHONG, when, screen(Class::Problem));
    }
    #[track_caller]
    pub fn assigns(&self, case: &str, when: &str) {
        self.does(case, CAIHONG, when, assign(HOUSING, WANGGANG, &[]));
    }
    #[track_caller]
    pub fn replies(&self, case: &str, when: &str) {
        self.does(case, WANGGANG, when, reply(when).into());
    }
    #[track_caller]
    pub fn passes(&self, case: &str, when: &str) {
        self.does(case, SUHUA, when, pass());
    }
    /// The citizen is reached, and says how satisfied they are.
    #[track_caller]
    pub fn calls(&self, case: &str, when: &str, level: Level) {
        self.does(case, CAIHONG, when, reached(level));
    }
    #[track_caller]
    pub fn strikes(&self, case: &str, when: &str, outcome: Outcome) {
        self.does(case, DUCHA, when, strike_off(outcome));
    }
    /// Opened, screened and assigned on one morning: at nine, a quarter past and half past.
    #[track_caller]
    pub fn assigned(&self, case: &str, day: &str) {
        self.opens(case, &format!("{day} 09:00"));
        self.screens(case, &format!("{day} 09:15"));
        self.assigns(case, &format!("{day} 09:30"));
    }
    /// And replied to and passed the same afternoon.
    #[track_caller]
    pub fn reviewed(&self, case: &str, day: &str) {
        self.assigned(case, day);
        self.replies(case, &format!("{day} 15:00"));
        self.passes(case, &format!("{day} 16:00"));
    }

    // ── obligations besides cases ──────────────────────────────────────────────────────────────────────────────

    fn asked_of(&self, duty: &str, by: Actor, when: &str, command: DutyCommand) -> DutyEnvelope {
        self.sent.set(self.sent.get() + 1);
        let id = format!("k{}", self.sent.get());
        DutyEnvelope {
            duty: duty.parse().unwrap(),
            by,
            at: at(when),
            salt: Salt::derived(b"workflow", &id),
            id: id.parse().unwrap(),
            command,
        }
    }
    /// It is done, as in JSON.
    #[track_caller]
    pub fn owes(&self, duty: &str, by: Actor, when: &str, command: &str) {
        let command = serde_json::from_str(command).unwrap();
        let envelope = self.asked_of(duty, by, when, command);
        let answer = self.desk.submit_duty(envelope).unwrap();
        assert!(answer.done().is_some(), "{}", answer.refusal().unwrap());
    }
    /// It is refused, and changes nothing but what time brings.
    #[track_caller]
    pub fn owes_not(&self, duty: &str, by: Actor, when: &str, command: &str) -> DutyWhy {
        let command = serde_json::from_str(command).unwrap();
        let envelope = self.asked_of(duty, by, when, command);
        let stage = |board: &Board| {
            let duty = board.desk.duty(&duty.parse().unwrap()).unwrap();
            duty.map(|it| it.stage())
        };
        let before = stage(self);
        let answer = self.desk.submit_duty(envelope).unwrap();
        assert_eq!(stage(self), before);
        let refusal = answer.refusal().expect("it was accepted");
        (*refusal.why).clone()
    }
    #[track_caller]
    pub fn duty(&self, duty: &str) -> Duty {
        let found = self.desk.duty(&duty.parse().unwrap()).unwrap();
        found.expect("there is such an obligation")
    }
    pub fn duty_records(&self) -> Vec<DutyRecord> {
        let all = self.desk.read_duties(&Cursor::start(), 10_000).unwrap();
        let entries = all.items.into_iter();
        entries.map(|entry| entry.sealed.record).collect()
    }
    /// The acts of its ladder: when, what, to which post.
    pub fn duty_rungs(&self, duty: &str) -> Vec<(Moment, Verb, String)> {
        let all = self.desk.duty_outbox(&Cursor::start(), 10_000).unwrap();
        let own = all
            .items
            .into_iter()
            .filter(|it| it.id.duty.as_str() == duty);
        own.filter_map(|out| match out.effect {
            DutyEffect::Notify {
                to,
                what: DutyNotice::Rung { verb, .. },
            } => Some((out.at, verb, to.post)),
            _ => None,
        })
        .collect()
    }

    // ── looking ────────────────────────────────────────────────────────────────────────────────────────────────

    #[track_caller]
    pub fn case(&self, case: &str) -> Case {
        self.desk
            .case(&id(case))
            .unwrap()
            .expect("there is such a case")
    }
    #[track_caller]
    pub fn stage(&self, case: &str) -> StageName {
        self.case(case).stage_name()
    }
    #[track_caller]
    pub fn clock(&self, case: &str, kind: ClockKind) -> Clock {
        let found = self.case(case).clock(kind).cloned();
        found.unwrap_or_else(|| panic!("no {kind} clock"))
    }
    #[track_caller]
    pub fn due(&self, case: &str, kind: ClockKind) -> Moment {
        let clock = self.clock(case, kind);
        assert!(clock.is_running(), "{:?}", clock.state);
        clock.schedule.legal_due
    }
    pub fn history(&self, case: &str) -> Vec<Record> {
        let entries = self.desk.history(&id(case)).unwrap();
        entries
            .into_iter()
            .map(|entry| entry.sealed.record)
            .collect()
    }
    pub fn entries(&self) -> Vec<Entry> {
        let mut all = Vec::new();
        let mut after = Cursor::start();
        loop {
            let page = self.desk.read(&after, 500).unwrap();
            if page.items.is_empty() {
                return all;
            }
            all.extend(page.items);
            after = page.next;
        }
    }
    pub fn records(&self) -> Vec<Record> {
        let entries = self.entries().into_iter();
        entries.map(|entry| entry.sealed.record).collect()
    }
    /// The board as reports see it, as of a moment.
    pub fn report(&self, until: &str) -> report::Board {
        report::Board::fold(&self.records(), Some(at(until))).unwrap()
    }
    /// Everything of a case that the outside was to be told.
    pub fn outbox(&self, case: &str) -> Vec<Outgoing> {
        let mut all = Vec::new();
        let mut after = Cursor::start();
        loop {
            let page = self.desk.outbox(&after, 500).unwrap();
            if page.items.is_empty() {
                break;
            }
            all.extend(page.items);
            after = page.next;
        }
        all.retain(|out| out.id.case.as_str() == case);
        all
    }
    /// What its citizen was told.
    pub fn told(&self, case: &str) -> Vec<Telling> {
        let all = self.outbox(case).into_iter();
        all.filter_map(|out| match out.effect {
            Effect::Tell { what, .. } => Some(what),
            _ => None,
        })
        .collect()
    }
    /// Its rungs and notices of one clock, in order: when, and which.
    pub fn steps(&self, case: &str, kind: ClockKind) -> Vec<(Moment, String)> {
        let all = self.history(case).into_iter();
        all.filter_map(|record| match record.event {
            Event::StepTaken {
                clock,
                step,
                fate: StepFate::Fired { .. },
                ..
            } if clock.kind == kind => Some((record.at, step.to_string())),
            _ => None,
        })
        .collect()
    }
}

// ── commands ──────────────────────────────────────────────────────────────────────────────────────────────────────

pub fn label(text: &str) -> FactValue {
    FactValue::Label(text.to_owned())
}

pub fn open(case: &str, place: &str, kind: &str) -> Command {
    written(case, place, kind, "领导留言板")
}

/// A message that came in by that channel.
pub fn written(number: &str, place: &str, kind: &str, channel: &str) -> Command {
    Command::Open {
        place: place.parse().unwrap(),
        channel: channel.parse().unwrap(),
        external_id: format!("LY-{number}").parse().unwrap(),
        message: "村道路灯坏了三个月".into(),
        contact: Some("13912345678".into()),
        citizen: None,
        origin: Origin::Message,
        facts: Facts::from([("kind".to_owned(), label(kind))]),
    }
}

/// The same, of that citizen, whoever wrote it down.
pub fn of((who, _): Who, mut open: Command) -> Command {
    if let Command::Open { citizen, .. } = &mut open {
        *citizen = Some(who.parse().unwrap());
    }
    open
}

/// Online opinion (舆情): nobody wrote, and nobody can be reached.
pub fn opinion(number: &str, place: &str, heat: i64) -> Command {
    let mut open = written(number, place, "投诉", "网络舆情");
    if let Command::Open {
        origin,
        contact,
        facts,
        ..
    } = &mut open
    {
        *origin = Origin::Opinion;
        *contact = None;
        facts.insert("heat".to_owned(), heat.into());
    }
    open
}

pub fn screen(class: Class) -> Command {
    screened(class, "城建", false)
}

pub fn screened(class: Class, field: &str, urgent: bool) -> Command {
    Command::Screen {
        class,
        facts: Facts::from([
            ("field".to_owned(), label(field)),
            ("urgent".to_owned(), urgent.into()),
            ("sub_judice".to_owned(), false.into()),
        ]),
    }
}

pub fn assign(unit: &str, owner: Who, co_handlers: &[(&str, Who)]) -> Command {
    let part = |(unit, owner): &(&str, Who)| NewPart {
        unit: unit.parse().unwrap(),
        owner: owner.0.parse().unwrap(),
    };
    Command::Assign {
        unit: unit.parse().unwrap(),
        owner: owner.0.parse().unwrap(),
        co_handlers: co_handlers.iter().map(part).collect(),
    }
}

/// A reply as it should be; a story says what is wrong with its own.
#[derive(Clone)]
pub struct Reply {
    pub answers: Vec<Answer>,
    pub measures: Vec<Measure>,
    pub contacts: Vec<Contact>,
    pub basis: Vec<String>,
    pub commitments: Vec<NewCommitment>,
    pub explained: bool,
}

pub fn answer(matter: u16, words: &str, mark: Mark) -> Answer {
    Answer {
        matter,
        text: words.into(),
        mark,
    }
}

/// A reply that passes every gate; who wrote it was there shortly before.
pub fn reply(when: &str) -> Reply {
    Reply {
        answers: vec![answer(1, "路灯已经修好", Mark::A)],
        measures: vec![Measure {
            action: "更换线路和灯具".into(),
            person: Some("王刚".parse().unwrap()),
            by_date: None,
        }],
        contacts: vec![Contact {
            at: at(when),
            how: ContactHow::Visit,
        }],
        basis: vec!["《城市照明管理规定》第二十一条".into()],
        commitments: vec![],
        explained: false,
    }
}

impl From<Reply> for Command {
    fn from(it: Reply) -> Command {
        Command::Reply {
            answers: it.answers,
            measures: it.measures,
            contacts: it.contacts,
            basis: it.basis,
            commitments: it.commitments,
            explained: it.explained,
        }
    }
}

pub fn promise(matter: u16, by_date: &str) -> NewCommitment {
    NewCommitment {
        matter,
        action: "更换全村路灯".into(),
        person: "王刚".parse().unwrap(),
        by_date: by_date.parse().unwrap(),
    }
}

/// Every question of the pack, answered with yes.
pub fn findings() -> BTreeMap<String, bool> {
    ["contacted", "visited", "based", "every_matter"]
        .map(|name| (name.to_owned(), true))
        .into()
}

pub fn pass() -> Command {
    Command::Review(Review {
        findings: findings(),
        return_for: None,
    })
}

pub fn back(ground: &str, mend: &str) -> ReturnFor {
    ReturnFor {
        ground: ground.to_owned(),
        mend: mend.into(),
    }
}

pub fn send_back(ground: &str, mend: &str) -> Command {
    Command::Review(Review {
        findings: findings(),
        return_for: Some(back(ground, mend)),
    })
}

pub fn reached(level: impl Into<Option<Level>>) -> Command {
    Command::CallBack {
        result: CallResult::Reached {
            level: level.into(),
            scores: None,
            said: None,
        },
    }
}

pub fn unreached() -> Command {
    Command::CallBack {
        result: CallResult::Unreached {
            why: "电话无人接听".into(),
        },
    }
}

pub fn rate(level: Level) -> Command {
    Command::Rate {
        rating: Rating::Given {
            level,
            scores: None,
        },
        said: None,
    }
}

pub fn recheck() -> Command {
    Command::Recheck {
        passed: true,
        evidence: "到现场看过,有照片".into(),
        findings: BTreeMap::new(),
        return_for: None,
    }
}

pub fn strike_off(outcome: Outcome) -> Command {
    Command::StrikeOff {
        outcome,
        matter: None,
    }
}

pub fn set(name: &str, value: i64) -> Command {
    Command::SetFact {
        name: name.to_owned(),
        value: FactValue::Whole(value),
    }
}
