//! The rules of clocks, each on worked dates: what holds them up, what moves them, and what stays whatever moves.

use duly::case::{Case, Decision, decide};
use duly::desk::{Desk, MemoryLedger};
use duly::plan::{
    ClockRule, Decision as Rule, Diagram, ExtensionRule, Limit, PauseKind, PauseRule,
};
use duly::plan::{Plan, Plans, SUPPLEMENT, Uncovered, bare};
use duly::time::{Counting, DayTable, Moment, Span};
use duly::words::*;

use crate::world::{actor, envelope, moment, open, reply};

/// A case under one plan, moved on command by command. Moments are of 2026, in Shanghai.
pub struct Play {
    pub plans: Plans,
    case: Option<Case>,
    pub last: Vec<Record>,
    pub told: Vec<Outgoing>,
    n: u32,
}

pub fn at(text: &str) -> Moment {
    moment(&format!("2026-{}:00+08:00", text.replace(' ', "T")))
}

impl Play {
    pub fn new(plan: Plan) -> Play {
        let mut plans = Plans::new("board".parse().unwrap());
        plans.take(plan).unwrap();
        Play::under(plans)
    }
    /// Under plans that are in hand already, with their calendars.
    pub fn under(plans: Plans) -> Play {
        Play {
            plans,
            case: None,
            last: Vec::new(),
            told: Vec::new(),
            n: 0,
        }
    }
    /// By whom: `owner-1 owner`, or `deputy-1 owner owner-1` for whoever acts for another.
    pub fn go(&mut self, by: &str, when: &str, command: Command) -> Result<(), Refusal> {
        self.n += 1;
        let mut words = by.split(' ');
        let mut by = actor(words.next().unwrap(), &[words.next().unwrap()]);
        by.acting_for = words.next().map(|named| named.parse().unwrap());
        let envelope = envelope(&format!("k{}", self.n), by, at(when), command);
        let Decision {
            records,
            case,
            outgoing,
            ..
        } = decide(self.case.as_ref(), &envelope, &self.plans)?;
        self.last = records;
        self.told = outgoing;
        self.case = Some(case);
        Ok(())
    }
    /// To the second.
    pub fn at_moment(&mut self, by: &str, when: Moment, command: Command) {
        self.n += 1;
        let (person, role) = by.split_once(' ').unwrap();
        let envelope = envelope(
            &format!("k{}", self.n),
            actor(person, &[role]),
            when,
            command,
        );
        let decision = decide(self.case.as_ref(), &envelope, &self.plans);
        let Decision { records, case, .. } = decision.unwrap_or_else(|e| panic!("{e}"));
        (self.last, self.case) = (records, Some(case));
    }
    pub fn does(&mut self, by: &str, when: &str, command: Command) -> &mut Play {
        self.go(by, when, command).unwrap_or_else(|e| panic!("{e}"));
        self
    }
    /// Opened, screened and assigned on Monday, 2 March 2026.
    pub fn assigned(plan: Plan) -> Play {
        Play::assigned_on("03-02", plan)
    }
    /// A case that came in on a date, and was assigned an hour later.
    pub fn assigned_on(date: &str, plan: Plan) -> Play {
        let mut play = Play::new(plan);
        let hour = |hour: &str| format!("{date} {hour}");
        let screen = Command::Screen {
            class: Class::Problem,
            facts: Facts::new(),
        };
        play.does("citizen citizen", &hour("09:00"), open(true, false));
        play.does("intake-1 intake", &hour("09:30"), screen);
        play.does(
            "intake-1 intake",
            &hour("10:00"),
            assign("住建局", "owner-1"),
        );
        play
    }
    pub fn case(&self) -> &Case {
        self.case.as_ref().unwrap()
    }
    pub fn clock(&self, kind: ClockKind) -> &duly::case::Clock {
        self.case().clock(kind).unwrap()
    }
    pub fn due(&self, kind: ClockKind) -> Moment {
        self.clock(kind).schedule.legal_due
    }
    /// The version of the last record of the last command that the test's closure picks.
    pub fn version(&self, which: impl Fn(&Event) -> bool) -> u64 {
        self.last
            .iter()
            .rev()
            .find(|it| which(&it.event))
            .unwrap()
            .version
    }
}

pub fn assign(unit: &str, owner: &str) -> Command {
    Command::Assign {
        unit: unit.parse().unwrap(),
        owner: owner.parse().unwrap(),
        co_handlers: Vec::new(),
    }
}

pub fn answer() -> Command {
    reply(Mark::A, false, false, 1, false)
}

pub fn within(kind: ClockKind, span: Span) -> impl Fn(&mut Plan) {
    move |plan| {
        let clock = plan
            .clocks
            .iter_mut()
            .find(|clock| clock.kind == kind)
            .unwrap();
        clock.within = Rule::new(
            RuleId::new("within"),
            Diagram::constant(Limit::Span(span.clone())),
        );
    }
}

/// Ten working days to reply, extendable by five each and seven in all, told to the citizen.
pub fn plan() -> Plan {
    let mut plan = bare("clocks".parse().unwrap());
    within(ClockKind::Reply, Span::WorkingDays(10))(&mut plan);
    for clock in plan
        .clocks
        .iter_mut()
        .filter(|clock| clock.kind == ClockKind::Reply)
    {
        clock.extension = Some(ExtensionRule {
            times: 2,
            most: Span::WorkingDays(5),
            total: Some(Span::WorkingDays(7)),
            ask_before: None,
            granted_by: Role::Supervisor,
            told: true,
            rearms: false,
            when: None,
        });
    }
    plan
}

pub fn ask(days: u32) -> Command {
    Command::AskExtension {
        clock: ClockKind::Reply,
        span: Span::WorkingDays(days),
        reason: Text::from("需要检测"),
    }
}

pub fn grant() -> Command {
    Command::GrantExtension {
        clock: ClockKind::Reply,
        told: Text::from("延至下周"),
    }
}

pub fn delivered(version: u64) -> Command {
    Command::Delivered {
        effect: EffectId {
            case: "c".parse().unwrap(),
            version,
            index: 0,
        },
    }
}

pub fn pauses(reason: &str, side: PauseSide, kind: PauseKind) -> PauseRule {
    PauseRule {
        reason: reason.to_owned(),
        side,
        most: Span::CalendarDays(10),
        times: 1,
        kind,
        holds: Vec::new(),
        when: None,
    }
}

fn is_granted(event: &Event) -> bool {
    matches!(event, Event::ExtensionGranted { .. })
}

// Told means delivered: granted on the 12th, the limit stays on the 16th until the citizen has the notice; then it is the 23rd.
#[test]
fn an_extension_counts_from_the_delivery_of_its_notice() {
    let mut play = Play::assigned(plan());
    assert_eq!(play.due(ClockKind::Reply), at("03-16 18:00"));
    play.does("owner-1 owner", "03-12 10:00", ask(5));
    play.does("supervisor-1 supervisor", "03-12 11:00", grant());
    let granted = play.version(is_granted);
    assert_eq!(play.due(ClockKind::Reply), at("03-16 18:00"));
    assert_eq!(play.case().extensions(), 0);
    play.does("system system", "03-13 09:00", delivered(1));
    assert_eq!(play.due(ClockKind::Reply), at("03-16 18:00"));
    play.does("system system", "03-16 18:00", delivered(granted));
    assert_eq!(play.due(ClockKind::Reply), at("03-23 18:00"));
    assert_eq!(play.case().extensions(), 1);
    // A second notice of the same grant adds nothing.
    play.does("system system", "03-17 09:00", delivered(granted));
    assert_eq!(play.due(ClockKind::Reply), at("03-23 18:00"));
    // What the citizen was told is the new date, whenever it came to count.
    let Some(Event::ExtensionGranted { was, due, .. }) = None.or({
        let mut again = Play::assigned(plan());
        again.does("owner-1 owner", "03-12 10:00", ask(5));
        again.does("supervisor-1 supervisor", "03-12 11:00", grant());
        again
            .last
            .iter()
            .map(|it| it.event.clone())
            .find(is_granted)
    }) else {
        panic!("granted");
    };
    assert_eq!(
        (was, due),
        (Some(at("03-16 18:00")), Some(at("03-23 18:00")))
    );
}

// A notice that comes a second after the old limit comes too late: what was granted does not count, the breach stands, owner and
// supervision hear of it.
#[test]
fn an_extension_told_too_late_does_not_count() {
    let mut play = Play::assigned(plan());
    play.does("owner-1 owner", "03-12 10:00", ask(5));
    play.does("supervisor-1 supervisor", "03-12 11:00", grant());
    let granted = play.version(is_granted);
    let late = envelope(
        "late",
        actor("system", &["system"]),
        at("03-16 18:00").plus(1),
        delivered(granted),
    );
    let decision = decide(Some(play.case()), &late, &play.plans).unwrap();
    let lapsed = decision
        .records
        .iter()
        .any(|it| matches!(it.event, Event::ExtensionLapsed { .. }));
    let clock = decision.case.clock(ClockKind::Reply).unwrap();
    assert!(lapsed);
    assert_eq!(clock.schedule.legal_due, at("03-16 18:00"));
    assert_eq!(clock.breached, Some(at("03-16 18:00").plus(1)));
    let told = decision.outgoing.iter().filter(|it| {
        matches!(
            it.effect,
            Effect::Notify {
                what: Notice::ExtensionLapsed { .. },
                ..
            }
        )
    });
    assert_eq!(told.count(), 2);
}

// Five days were granted; of the seven that all extensions together may have, two are left.
#[test]
fn extensions_are_bounded_in_number_and_in_total() {
    let mut play = Play::assigned(plan());
    play.does("owner-1 owner", "03-12 10:00", ask(5));
    play.does("supervisor-1 supervisor", "03-12 11:00", grant());
    let granted = play.version(is_granted);
    let pending = play.go("owner-1 owner", "03-12 12:00", ask(1)).unwrap_err();
    assert!(matches!(*pending.why, Why::Already { .. }), "{pending}");
    play.does("system system", "03-13 09:00", delivered(granted));
    let refusal = play.go("owner-1 owner", "03-18 09:00", ask(3)).unwrap_err();
    assert_eq!(
        refusal.to_string(),
        "cannot `ask_extension` case `c`: extension of the `reply` clock is bounded: at most 7 working days"
    );
    play.does("owner-1 owner", "03-18 09:00", ask(2));
}

/// A case that was received earlier follows this one now, and had its answer due then.
pub fn joined_until(reply_due: &str) -> Command {
    Command::Join {
        follower: "x".parse().unwrap(),
        received: at("02-27 09:00"),
        whole_due: None,
        reply_due: Some(at(reply_due)),
        tracked: false,
    }
}

pub fn hearing(from: &str, until: &str) -> Command {
    Command::Exclude {
        reason: "听证".into(),
        from: at(from),
        until: at(until),
        evidence: Text::from("听证笔录"),
    }
}

// A hearing from Wednesday morning to Thursday night took two working days that do not count: the 16th becomes the 18th, and so does the
// citizen's sixty days, which are of dates. Nothing stood still meanwhile.
#[test]
fn a_hearing_is_taken_out_of_the_count_when_it_is_over() {
    let mut with = plan();
    with.pauses
        .push(pauses("听证", PauseSide::Statutory, PauseKind::Excludes));
    let mut play = Play::assigned(with);
    let whole = play.due(ClockKind::Whole);
    let refused = |play: &mut Play, by: &str, when: &str, command: Command| {
        play.go(by, when, command).unwrap_err().to_string()
    };
    let own = refused(
        &mut play,
        "owner-1 supervisor",
        "03-06 09:00",
        hearing("03-04 08:00", "03-05 20:00"),
    );
    assert_eq!(
        own,
        "cannot `exclude` case `c`: `owner-1` handled it; it takes another person"
    );
    let ahead = refused(
        &mut play,
        "supervisor-1 supervisor",
        "03-04 12:00",
        hearing("03-04 08:00", "03-05 20:00"),
    );
    assert_eq!(
        ahead,
        "cannot `exclude` case `c`: the stretch excluded for `听证` is bounded: it begins after the message was received, ends later than it begins, and is over"
    );
    let long = refused(
        &mut play,
        "supervisor-1 supervisor",
        "03-15 09:00",
        hearing("03-02 12:00", "03-14 20:00"),
    );
    assert!(long.contains("at most 10 calendar days"), "{long}");
    play.does(
        "supervisor-1 supervisor",
        "03-16 09:00",
        hearing("03-04 08:00", "03-05 20:00"),
    );
    assert_eq!(play.due(ClockKind::Reply), at("03-18 18:00"));
    // Sixty dates from 2 March end on 1 May, a holiday that gives way to 6 May; two more end on 3 May, still the 6th.
    assert_eq!(play.due(ClockKind::Whole), whole);
    let twice = refused(
        &mut play,
        "supervisor-1 supervisor",
        "03-16 10:00",
        hearing("03-06 08:00", "03-06 20:00"),
    );
    assert!(twice.contains("1 times a case"), "{twice}");
    let other = Command::Exclude {
        reason: "天气".into(),
        from: at("03-04 08:00"),
        until: at("03-05 20:00"),
        evidence: Text::from("x"),
    };
    let unknown = refused(&mut play, "supervisor-1 supervisor", "03-16 10:00", other);
    assert!(unknown.contains("听证"), "{unknown}");
}

// An unclear message: screening is due on Tuesday; the citizen completes it on Wednesday and the time to screen runs anew, to Thursday. The
// whole clock only waits: of its sixty dates two did not count.
#[test]
fn completing_a_message_restarts_the_time_to_screen_and_never_the_whole() {
    let screened = |kind: PauseKind| {
        let mut with = plan();
        within(ClockKind::Whole, Span::CalendarDays(20))(&mut with);
        with.pauses
            .push(pauses(SUPPLEMENT, PauseSide::Citizen, kind));
        let mut play = Play::new(with);
        play.does("citizen citizen", "03-02 09:00", open(true, false));
        assert_eq!(play.due(ClockKind::Screen), at("03-03 18:00"));
        let question = Text::from("是哪个村");
        play.does(
            "intake-1 intake",
            "03-03 10:00",
            Command::AskCitizen { question },
        );
        let answer = Text::from("次汗素村");
        play.does(
            "citizen citizen",
            "03-04 16:00",
            Command::Supplement { answer },
        );
        (play.due(ClockKind::Screen), play.due(ClockKind::Whole))
    };
    // Twenty dates from 2 March end on Sunday the 22nd, which rolls to the 23rd; one did not count, for it was over before the answer came.
    let whole = at("03-23 18:00");
    assert_eq!(screened(PauseKind::Restarts), (at("03-05 18:00"), whole));
    assert_eq!(screened(PauseKind::Waits), (at("03-04 18:00"), whole));
}

// The office waits for parts: only the clock that the pack names stands still, and the citizen's own never.
#[test]
fn a_pause_holds_only_the_clocks_that_it_names() {
    let run = |holds: Vec<ClockKind>| {
        let mut with = plan();
        let parts = with
            .pauses
            .iter_mut()
            .find(|it| it.reason == "等候配件")
            .unwrap();
        parts.holds = holds;
        let mut play = Play::assigned(with);
        let assign = Command::SubAssign {
            unit: "县住建局".parse().unwrap(),
            owner: "owner-2".parse().unwrap(),
        };
        let _ = play.go("intake-1 intake", "03-02 11:00", assign);
        let pause = Command::Pause {
            reason: "等候配件".into(),
            evidence: Text::from("订单"),
        };
        play.does("owner-1 owner", "03-03 10:00", pause);
        let paused: Vec<ClockKind> = play
            .case()
            .clocks()
            .iter()
            .filter(|clock| clock.is_live() && !clock.is_running())
            .map(|clock| clock.key.kind)
            .collect();
        paused
    };
    assert_eq!(run(Vec::new()), [ClockKind::Reply]);
    assert_eq!(run(vec![ClockKind::Redo]), []);
}

pub fn correct(version: u64, took_effect: Moment) -> Command {
    Command::Correct {
        version,
        text: Text::from("当日已书面答复,次日补录"),
        took_effect: Some(took_effect),
    }
}

// A reply given in writing on the day it was due, and recorded the day after, was late by the record. The correction stands beside the verdict
// and takes nothing away; a handler cannot make it; the breach that was noted stays noted.
#[test]
fn a_reply_recorded_late_gets_a_corrected_verdict_beside_the_first() {
    let mut play = Play::assigned(plan());
    play.does("owner-1 owner", "03-17 09:00", answer());
    let entry = play.version(|event| matches!(event, Event::Replied { .. }));
    let own = play
        .go(
            "owner-1 supervisor",
            "03-18 09:00",
            correct(entry, at("03-16 17:00")),
        )
        .unwrap_err();
    assert!(matches!(*own.why, Why::SamePerson { .. }), "{own}");
    let none = play
        .go(
            "supervisor-1 supervisor",
            "03-18 09:00",
            correct(2, at("03-16 17:00")),
        )
        .unwrap_err();
    assert_eq!(
        none.to_string(),
        "cannot `correct` case `c`: the pack does not offer another moment for entry 2; no clock depends on it"
    );
    let early = play
        .go(
            "supervisor-1 supervisor",
            "03-18 09:00",
            correct(entry, at("03-02 09:00")),
        )
        .unwrap_err();
    assert!(matches!(*early.why, Why::Bound { .. }), "{early}");
    play.does(
        "supervisor-1 supervisor",
        "03-18 09:00",
        correct(entry, at("03-16 17:00")),
    );
    let clock = play.clock(ClockKind::Reply);
    let judged = &clock.verdicts[0];
    assert_eq!(judged.verdict, Verdict::Late { by: 15 * 3600 });
    assert_eq!(judged.corrected, Some(Verdict::OnTime { margin: 3600 }));
    assert_eq!(clock.breached, Some(at("03-16 18:00").plus(1)));
}

// The citizen's answer came on the 5th and was recorded on the 9th: two working days too many did not count. The limit comes back by them, but
// nobody is late at once by a correction.
#[test]
fn a_pause_that_ended_before_it_was_recorded_gets_its_right_end() {
    let paused = |corrected_on: &str| {
        let mut play = Play::assigned(plan());
        let pause = Command::Pause {
            reason: "待网民补充".into(),
            evidence: Text::from("电话记录"),
        };
        play.does("owner-1 owner", "03-04 09:00", pause);
        let reason = "待网民补充".to_owned();
        play.does("owner-1 owner", "03-09 09:00", Command::Resume { reason });
        assert_eq!(play.due(ClockKind::Reply), at("03-19 18:00"));
        let entry = play.version(|event| matches!(event, Event::Resumed { .. }));
        play.does(
            "supervisor-1 supervisor",
            corrected_on,
            correct(entry, at("03-05 09:00")),
        );
        play.due(ClockKind::Reply)
    };
    assert_eq!(paused("03-10 09:00"), at("03-17 18:00"));
    // On the 17th itself, one working day is left, not none.
    assert_eq!(paused("03-17 17:30"), at("03-18 18:00"));
}

// Sent back, the first reply's verdict stays as it was, and is marked void: it answered nobody.
#[test]
fn a_reply_that_is_sent_back_keeps_its_verdict_and_is_void() {
    let mut play = Play::assigned(plan());
    play.does("owner-1 owner", "03-10 09:00", answer());
    assert!(!play.clock(ClockKind::Reply).verdicts[0].void);
    let back = Command::Review(Review {
        findings: Default::default(),
        return_for: Some(ReturnFor {
            ground: "处理不到位".into(),
            mend: Text::from("写明时间"),
        }),
    });
    play.does("reviewer-1 reviewer", "03-11 09:00", back);
    let judged = &play.clock(ClockKind::Reply).verdicts[0];
    assert!(judged.verdict.is_on_time() && judged.void);
    // The redo is a clock of its own, and its verdict is not void.
    play.does("owner-1 owner", "03-12 09:00", answer());
    assert!(!play.clock(ClockKind::Redo).verdicts[0].void);
}

// The first unit had it for five working days less two hours, of which the citizen was waited for in one; the second for one. Reply and whole went on through the
// transfer; who has it has a clock of their own.
#[test]
fn a_unit_answers_for_its_own_time_only() {
    let mut with = plan();
    let like: ClockRule = with.clock(ClockKind::Review).unwrap().clone();
    let kind = ClockKind::Ownership;
    with.clocks.push(ClockRule {
        kind,
        starts: kind.starts(),
        stops: kind.stops().to_vec(),
        ..like
    });
    let mut play = Play::assigned(with);
    let (reply, whole) = (play.due(ClockKind::Reply), play.due(ClockKind::Whole));
    let transfer = Command::Transfer {
        unit: "交通局".parse().unwrap(),
        owner: "owner-2".parse().unwrap(),
        reason: Text::from("机构改革"),
    };
    play.does("intake-1 intake", "03-06 10:00", transfer);
    assert_eq!(
        (play.due(ClockKind::Reply), play.due(ClockKind::Whole)),
        (reply, whole)
    );
    assert_eq!(play.clock(kind).key.run, 2);
    play.does("owner-2 owner", "03-09 10:00", answer());
    let calendar = &play.plans.latest().unwrap().calendar;
    let day = 7 * 3600;
    let held = play.case().held(calendar, at("03-20 10:00"));
    let held: Vec<(&str, i64)> = held
        .iter()
        .map(|(unit, seconds)| (unit.as_str(), *seconds))
        .collect();
    assert_eq!(held, [("交通局", day), ("住建局", 4 * day)]);
    let late: Vec<bool> = play
        .case()
        .clocks()
        .iter()
        .filter(|clock| clock.key.kind == kind)
        .flat_map(|clock| clock.verdicts.iter().map(|it| !it.verdict.is_on_time()))
        .collect();
    assert_eq!(late, [true, false]);
}

fn notice() -> DayTable {
    let mut notice = DayTable::cn();
    notice.revision = "2026-03-05".into();
    notice
        .closed
        .insert("2026-03-09".parse().unwrap(), "州庆".into());
    notice
}

// A holiday on the 9th is announced on the 5th. Legal limits move by it, what the citizen was promised does not; a case adopts it once.
#[test]
fn a_revised_calendar_moves_the_legal_due_and_not_the_promise() {
    let mut play = Play::assigned(plan());
    play.plans.revise(notice()).unwrap();
    play.does("system system", "03-05 09:00", Command::AdoptCalendar {});
    let schedule = &play.clock(ClockKind::Reply).schedule;
    assert_eq!(schedule.legal_due, at("03-17 18:00"));
    assert_eq!(schedule.promised_due, at("03-16 18:00"));
    assert_eq!(schedule.calendar, "cn@2026-03-05");
    let again = play
        .go("system system", "03-05 10:00", Command::AdoptCalendar {})
        .unwrap_err();
    assert!(matches!(*again.why, Why::Already { .. }), "{again}");
}

// Once the citizen is told of a new date, that date is what they are promised, whatever kept the old promise from the limit before.
#[test]
fn an_extension_that_is_told_promises_the_new_date() {
    let mut play = Play::assigned(plan());
    play.plans.revise(notice()).unwrap();
    play.does("system system", "03-05 09:00", Command::AdoptCalendar {});
    play.does("owner-1 owner", "03-12 10:00", ask(5));
    play.does("supervisor-1 supervisor", "03-12 11:00", grant());
    let granted = play.version(is_granted);
    play.does("system system", "03-13 09:00", delivered(granted));
    let schedule = &play.clock(ClockKind::Reply).schedule;
    assert_eq!(schedule.legal_due, at("03-24 18:00"));
    assert_eq!(schedule.promised_due, at("03-24 18:00"));
}

// Nor does what happens after a holiday was announced, before anybody adopted it, carry the holiday into the promise: a day's pause
// moves the promise by that day, and a case that is merged and taken back was promised what it was promised.
#[test]
fn an_announced_holiday_moves_no_promise_by_the_way() {
    let pause = || Command::Pause {
        reason: "等候配件".into(),
        evidence: Text::from("订单"),
    };
    let resume = || Command::Resume {
        reason: "等候配件".into(),
    };
    let mut with = plan();
    with.pauses
        .push(pauses("听证", PauseSide::Statutory, PauseKind::Excludes));
    let mut play = Play::assigned(with.clone());
    play.plans.revise(notice()).unwrap();
    play.does("owner-1 owner", "03-05 09:00", pause());
    play.does("owner-1 owner", "03-06 09:00", resume());
    let schedule = &play.clock(ClockKind::Reply).schedule;
    assert_eq!(schedule.legal_due, at("03-18 18:00"));
    assert_eq!(schedule.promised_due, at("03-17 18:00"));
    // Once it has the holiday in it, what comes after moves both alike.
    let taken_out = hearing("03-10 08:00", "03-10 20:00");
    play.does("supervisor-1 supervisor", "03-11 09:00", taken_out);
    let schedule = &play.clock(ClockKind::Reply).schedule;
    assert_eq!(schedule.legal_due, at("03-19 18:00"));
    assert_eq!(schedule.promised_due, at("03-18 18:00"));

    // Taken out of the count before anybody adopted the holiday.
    let mut play = Play::assigned(with.clone());
    play.plans.revise(notice()).unwrap();
    let taken_out = hearing("03-04 08:00", "03-04 20:00");
    play.does("supervisor-1 supervisor", "03-05 09:00", taken_out);
    let schedule = &play.clock(ClockKind::Reply).schedule;
    assert_eq!(schedule.legal_due, at("03-18 18:00"));
    assert_eq!(schedule.promised_due, at("03-17 18:00"));

    let mut play = Play::assigned(plan());
    play.plans.revise(notice()).unwrap();
    let merge = Command::Merge {
        into: "d".parse().unwrap(),
    };
    let unmerge = Command::Unmerge {
        reason: Text::from("并错了"),
    };
    play.does("intake-1 intake", "03-05 09:00", merge);
    play.does("intake-1 intake", "03-05 10:00", unmerge);
    let schedule = &play.clock(ClockKind::Reply).schedule;
    assert_eq!(schedule.legal_due, at("03-17 18:00"));
    assert_eq!(schedule.promised_due, at("03-16 18:00"));
}

// A reply that is sent back is no effective answer; what was answered, and struck off, before the case was opened again stays one.
#[test]
fn a_return_voids_the_answer_of_its_own_cycle_only() {
    let mut play = Play::assigned(plan());
    let reached = CallResult::Reached {
        level: Some(Level::Satisfied),
        scores: None,
        said: None,
    };
    let strike = Command::StrikeOff {
        outcome: Outcome::Solved,
        matter: None,
    };
    let reopen = Command::Reopen {
        ground: "新的事实".into(),
        reason: Text::from("又坏了"),
    };
    let back = Command::Review(Review {
        findings: Default::default(),
        return_for: Some(ReturnFor {
            ground: "处理不到位".into(),
            mend: Text::from("换灯"),
        }),
    });
    play.does("owner-1 owner", "03-03 09:00", answer());
    play.does(
        "reviewer-1 reviewer",
        "03-03 10:00",
        Command::Review(Review::default()),
    );
    play.does(
        "intake-2 intake",
        "03-03 11:00",
        Command::CallBack { result: reached },
    );
    play.does("supervisor-1 supervisor", "03-03 12:00", strike);
    play.does("citizen citizen", "03-04 09:00", reopen);
    play.does("owner-1 owner", "03-04 10:00", answer());
    play.does("reviewer-1 reviewer", "03-04 11:00", back);
    let answers = play.case().clocks().iter();
    let answers = answers.filter(|clock| clock.key.kind == ClockKind::Reply);
    let void: Vec<(u32, bool)> = answers
        .flat_map(|clock| clock.verdicts.iter().map(|it| (clock.cycle, it.void)))
        .collect();
    assert_eq!(void, [(1, false), (2, true)]);
}

// More time is granted by somebody who did not ask for it and never had the case.
#[test]
fn whoever_asked_for_more_time_or_had_the_case_does_not_grant_it() {
    let mut play = Play::assigned(plan());
    let transfer = Command::Transfer {
        unit: "水利局".parse().unwrap(),
        owner: "owner-2".parse().unwrap(),
        reason: Text::from("按职责"),
    };
    play.does("intake-1 intake", "03-02 11:00", transfer);
    play.does("owner-2 owner", "03-03 09:00", ask(2));
    for (person, was) in [("owner-2", Deed::Asked), ("owner-1", Deed::Handled)] {
        let by = format!("{person} supervisor");
        let refused = play.go(&by, "03-03 10:00", grant()).unwrap_err();
        let same = Why::SamePerson {
            person: person.parse().unwrap(),
            was,
        };
        assert_eq!(*refused.why, same, "{refused}");
    }
    play.does("supervisor-1 supervisor", "03-03 11:00", grant());
}

// The hour by which an extension is asked for passes also while the clock waits: to pause on the last day opens it again for nobody.
#[test]
fn a_pause_does_not_open_again_the_hour_for_asking() {
    let mut with = plan();
    let reply = with
        .clocks
        .iter_mut()
        .find(|clock| clock.kind == ClockKind::Reply);
    if let Some(extension) = reply.and_then(|clock| clock.extension.as_mut()) {
        extension.ask_before = chrono::NaiveTime::from_hms_opt(17, 0, 0);
    }
    let mut play = Play::assigned(with);
    let pause = Command::Pause {
        reason: "等候配件".into(),
        evidence: Text::from("订单"),
    };
    play.does("owner-1 owner", "03-16 17:30", pause);
    let late = play.go("owner-1 owner", "03-16 17:40", ask(2)).unwrap_err();
    assert!(
        matches!(*late.why, Why::TooLate { until, .. } if until == at("03-16 17:00")),
        "{late}"
    );
}

// The hour by which an extension is asked for is one of the last day, also of a limit that ends with that day, at midnight.
#[test]
fn the_hour_for_asking_is_of_the_last_day_where_it_ends_at_midnight() {
    let mut with = plan();
    let reply = with
        .clocks
        .iter_mut()
        .find(|clock| clock.kind == ClockKind::Reply);
    if let Some(reply) = reply {
        reply.counting = Counting::uk_foi();
        if let Some(extension) = reply.extension.as_mut() {
            extension.ask_before = chrono::NaiveTime::from_hms_opt(17, 0, 0);
        }
    }
    let mut play = Play::assigned(with.clone());
    assert_eq!(
        play.clock(ClockKind::Reply).schedule.legal_due,
        at("03-17 00:00")
    );
    let late = play.go("owner-1 owner", "03-16 17:40", ask(2)).unwrap_err();
    assert!(
        matches!(*late.why, Why::TooLate { until, .. } if until == at("03-16 17:00")),
        "{late}"
    );
    let mut play = Play::assigned(with);
    play.does("owner-1 owner", "03-16 17:00", ask(2));
}

// The desk tells what a revision would move before it does, does exactly that, and does it once.
#[test]
fn a_desk_previews_and_adopts_a_revised_calendar() {
    let mut plans = Plans::new("board".parse().unwrap());
    plans.take(plan()).unwrap();
    let desk = Desk::new(MemoryLedger::new("board".parse().unwrap()), plans).unwrap();
    let screen = Command::Screen {
        class: Class::Problem,
        facts: Facts::new(),
    };
    for (id, by, when, command) in [
        (
            "1",
            actor("citizen", &["citizen"]),
            "03-02 09:00",
            open(true, false),
        ),
        ("2", actor("intake-1", &["intake"]), "03-02 09:30", screen),
        (
            "3",
            actor("intake-1", &["intake"]),
            "03-02 10:00",
            assign("住建局", "owner-1"),
        ),
    ] {
        let answer = desk.submit(envelope(id, by, at(when), command)).unwrap();
        assert!(answer.refusal().is_none());
    }
    assert!(desk.calendar_moves(at("03-05 09:00")).unwrap().is_empty());
    desk.revise(notice()).unwrap();
    let would = desk.calendar_moves(at("03-05 09:00")).unwrap();
    let reply: Vec<_> = would
        .cases
        .iter()
        .filter(|it| it.clock.kind == ClockKind::Reply)
        .collect();
    assert_eq!(
        (reply[0].was, reply[0].due),
        (at("03-16 18:00"), at("03-17 18:00"))
    );
    let system = actor("system", &["system"]);
    assert_eq!(
        desk.adopt_calendar(&system, at("03-05 09:00")).unwrap(),
        would
    );
    assert!(
        desk.adopt_calendar(&system, at("03-05 09:00"))
            .unwrap()
            .is_empty()
    );
    assert!(desk.verify().is_ok());
}

// Where a plan takes no provisional limits, an officer's act that would set one is refused and told what to install; a citizen's message is
// always taken.
#[test]
fn a_plan_may_take_no_limit_beyond_the_known_holidays() {
    let mut with = plan();
    with.uncovered = Uncovered::Refuse;
    let mut play = Play::new(with);
    play.does("citizen citizen", "12-21 09:00", open(true, false));
    assert!(play.clock(ClockKind::Whole).schedule.provisional);
    let screen = Command::Screen {
        class: Class::Problem,
        facts: Facts::new(),
    };
    play.does("intake-1 intake", "12-21 10:00", screen);
    let refusal = play
        .go(
            "intake-1 intake",
            "12-21 11:00",
            assign("住建局", "owner-1"),
        )
        .unwrap_err();
    assert_eq!(
        refusal.to_string(),
        "cannot `assign` case `c`: the `reply` clock would be due about 2027-01-04 18:00, and the calendar `cn@2025-11-04` knows the holidays only up to 2026-12-31; install the next notice, or let the pack take provisional limits"
    );
    assert_eq!(
        refusal.say(Lang::Zh),
        "本件“c”不能交办:“答复”时限约到 2027-01-04 18:00,而日历“cn@2025-11-04”的放假安排只到 2026-12-31;请先装入下一年的放假通知,或者让规则允许暂定时限"
    );
    let mut next = DayTable::cn();
    next.revision = "2026-11-05".into();
    next.coverage.to = "2027-12-31".parse().unwrap();
    play.plans.revise(next).unwrap();
    play.does(
        "intake-1 intake",
        "12-21 11:00",
        assign("住建局", "owner-1"),
    );
    assert!(!play.clock(ClockKind::Reply).schedule.provisional);
}

// The citizen has been told when the notice of receipt was delivered, and not before; while the citizen is waited for, a clock of theirs runs.
#[test]
fn acknowledgement_stops_on_delivery_and_waiting_has_its_own_clock() {
    let mut with = plan();
    for kind in [ClockKind::Acknowledge, ClockKind::Waiting] {
        let like: ClockRule = with.clock(ClockKind::Screen).unwrap().clone();
        with.clocks.push(ClockRule {
            kind,
            starts: kind.starts(),
            stops: kind.stops().to_vec(),
            ..like
        });
    }
    let mut play = Play::new(with);
    play.does("citizen citizen", "03-02 09:00", open(true, false));
    assert!(play.clock(ClockKind::Acknowledge).is_running());
    let question = Text::from("是哪个村");
    play.does(
        "intake-1 intake",
        "03-02 10:00",
        Command::AskCitizen { question },
    );
    assert!(play.clock(ClockKind::Waiting).is_running());
    assert!(!play.clock(ClockKind::Screen).is_running());
    let never = play
        .go("system system", "03-02 11:00", delivered(2))
        .unwrap_err();
    assert_eq!(
        never.to_string(),
        "cannot `delivered` case `c`: entry 2 of this case has no such effect to be told of; take the id from the outbox"
    );
    assert_eq!(
        never.say(Lang::Zh),
        "本件“c”不能送达:本件第 2 条记录没有这样一条要告知的内容;编号以待发件箱(outbox)所列为准"
    );
    play.does("system system", "03-02 11:00", delivered(1));
    assert!(
        play.clock(ClockKind::Acknowledge).verdicts[0]
            .verdict
            .is_on_time()
    );
    let answer = Text::from("次汗素村");
    play.does(
        "citizen citizen",
        "03-03 11:00",
        Command::Supplement { answer },
    );
    assert!(!play.clock(ClockKind::Waiting).is_live());
    assert!(play.clock(ClockKind::Screen).is_running());
}

// A clock that only a pack can want goes with the pack: adopted another that has none, it is cancelled and reminds nobody any more.
#[test]
fn a_clock_that_the_adopted_plan_does_not_have_is_cancelled() {
    let mut with = plan();
    let like: ClockRule = with.clock(ClockKind::Review).unwrap().clone();
    let kind = ClockKind::Update;
    with.clocks.push(ClockRule {
        kind,
        starts: kind.starts(),
        stops: kind.stops().to_vec(),
        ..like
    });
    let mut play = Play::assigned(with);
    assert!(play.clock(kind).is_running());
    let without = play.plans.take(plan()).unwrap();
    let adopt = Command::AdoptPlan {
        plan: without,
        approved_by: None,
        facts: Default::default(),
    };
    play.does("supervisor-1 supervisor", "03-03 09:00", adopt);
    assert!(!play.clock(kind).is_live());
    play.does("system system", "03-20 09:00", Command::Tick {});
    let reminded = play
        .last
        .iter()
        .any(|it| matches!(&it.event, Event::StepTaken { clock, .. } if clock.kind == kind));
    assert!(!reminded);
}

fn wait_for_tests() -> Command {
    Command::Pause {
        reason: "检测".into(),
        evidence: Text::from("送检单"),
    }
}

// What all extensions together may have is bounded while the clock waits as well.
#[test]
fn a_pause_lifts_no_bound_on_extensions() {
    let mut plan = plan();
    plan.pauses
        .push(pauses("检测", PauseSide::Office, PauseKind::Waits));
    for clock in &mut plan.clocks {
        if let Some(rule) = &mut clock.extension {
            rule.told = false;
        }
    }
    let mut play = Play::assigned(plan);
    play.does("owner-1 owner", "03-03 10:00", ask(5));
    play.does("supervisor-1 supervisor", "03-03 11:00", grant());
    play.does("owner-1 owner", "03-04 11:00", wait_for_tests());
    let more = play.go("owner-1 owner", "03-04 12:00", ask(3)).unwrap_err();
    assert!(matches!(*more.why, Why::Bound { .. }), "{more}");
    play.does("owner-1 owner", "03-04 12:00", ask(2));
}

// An overdue limit stays overdue: pausing it first does not make it one that can be extended.
#[test]
fn an_overdue_clock_is_not_extended_by_pausing_it_first() {
    let mut plan = plan();
    plan.pauses
        .push(pauses("检测", PauseSide::Office, PauseKind::Waits));
    let mut play = Play::assigned(plan);
    play.does("owner-1 owner", "03-18 10:00", wait_for_tests());
    let late = play.go("owner-1 owner", "03-18 10:10", ask(5)).unwrap_err();
    assert!(matches!(*late.why, Why::TooLate { .. }), "{late}");
}

// Taken out after the reply was given: the late verdict stays, and the right one stands beside it.
#[test]
fn a_hearing_taken_out_after_the_reply_corrects_its_verdict() {
    let mut with = plan();
    with.pauses
        .push(pauses("听证", PauseSide::Statutory, PauseKind::Excludes));
    let mut play = Play::assigned(with);
    play.does("owner-1 owner", "03-17 10:00", answer());
    play.does(
        "supervisor-1 supervisor",
        "03-17 11:00",
        hearing("03-10 10:00", "03-13 09:00"),
    );
    let judged = &play.clock(ClockKind::Reply).verdicts[0];
    assert!(!judged.verdict.is_on_time());
    assert!(judged.corrected.is_some_and(Verdict::is_on_time));
}

// Set right, a pause or a hearing is no longer than the pack lets any be.
#[test]
fn a_correction_does_not_lift_the_bound_on_a_pause() {
    let mut play = Play::assigned(plan());
    let pause = Command::Pause {
        reason: "待网民补充".into(),
        evidence: Text::from("电话记录"),
    };
    play.does("owner-1 owner", "03-04 09:00", pause);
    let reason = "待网民补充".to_owned();
    play.does("owner-1 owner", "03-05 09:00", Command::Resume { reason });
    let entry = play.version(|event| matches!(event, Event::Resumed { .. }));
    let refusal = play
        .go(
            "supervisor-1 supervisor",
            "06-10 09:00",
            correct(entry, at("06-09 09:00")),
        )
        .unwrap_err();
    assert_eq!(
        refusal.to_string(),
        "cannot `correct` case `c`: pause for `待网民补充` is bounded: at most 10 working days"
    );
}

// A calendar that takes days away while a clock waits does not make it late the moment it goes on.
#[test]
fn a_revised_calendar_makes_nobody_late_at_once() {
    let mut with = plan();
    within(ClockKind::Reply, Span::WorkingDays(5))(&mut with);
    let mut play = Play::assigned(with);
    assert_eq!(play.due(ClockKind::Reply), at("03-09 18:00"));
    let pause = Command::Pause {
        reason: "待网民补充".into(),
        evidence: Text::from("电话记录"),
    };
    play.does("owner-1 owner", "03-09 10:00", pause);
    let mut notice = DayTable::cn();
    notice.revision = "2026-03-10".into();
    for day in ["2026-03-07", "2026-03-08"] {
        let opened = duly::time::Opened {
            name: "调休".into(),
            windows: None,
        };
        notice.opened.insert(day.parse().unwrap(), opened);
    }
    play.plans.revise(notice).unwrap();
    play.does("system system", "03-11 10:00", Command::AdoptCalendar {});
    let reason = "待网民补充".to_owned();
    play.does("owner-1 owner", "03-11 11:00", Command::Resume { reason });
    assert!(play.due(ClockKind::Reply) > at("03-11 11:00"));
    play.does("system system", "03-11 12:00", Command::Tick {});
    assert_eq!(play.clock(ClockKind::Reply).breached, None);
}

/// A case that several units handle together (协办).
pub fn joint(parts: &[(&str, &str)]) -> Play {
    joint_under(plan(), parts)
}

pub fn joint_under(plan: Plan, parts: &[(&str, &str)]) -> Play {
    let part = |(unit, owner): &(&str, &str)| NewPart {
        unit: unit.parse().unwrap(),
        owner: owner.parse().unwrap(),
    };
    let joint = Command::Assign {
        unit: "住建局".parse().unwrap(),
        owner: "owner-1".parse().unwrap(),
        co_handlers: parts.iter().map(part).collect(),
    };
    let mut play = Play::new(plan);
    let screen = Command::Screen {
        class: Class::Problem,
        facts: Facts::new(),
    };
    play.does("citizen citizen", "03-02 09:00", open(true, false));
    play.does("intake-1 intake", "03-02 09:30", screen);
    play.does("intake-1 intake", "03-02 10:00", joint);
    play
}

// A unit that has given its part by its time is done with it, and only that unit: who has not is late at their own limit.
#[test]
fn a_part_is_over_for_the_unit_that_has_given_it() {
    let mut play = joint(&[("水利局", "co-1"), ("供电公司", "co-2")]);
    let part = |play: &Play, unit: &str| {
        let mut its = play.case().clocks().iter();
        let its = its.find(|it| it.about.as_deref() == Some(unit));
        its.unwrap().clone()
    };
    let text = Text::from("水管已修好");
    play.does("co-1 co_handler", "03-03 10:00", Command::CoReply { text });
    let given = part(&play, "水利局");
    assert_eq!(given.key.kind, ClockKind::CoReply);
    assert!(!given.is_live());
    assert_eq!(given.verdicts.len(), 1);
    assert_eq!(given.verdicts[0].mark, ClockMark::CoReplied);
    assert!(matches!(given.verdicts[0].verdict, Verdict::OnTime { .. }));
    assert!(part(&play, "供电公司").is_running());
    play.does("system system", "03-20 10:00", Command::Tick {});
    assert_eq!(part(&play, "水利局").breached, None);
    assert!(part(&play, "供电公司").breached.is_some());
}

// A part is half of the lead's time: where a leader shortens that, the part is due before the lead, and where the lead is extended so is the part.
#[test]
fn a_part_follows_its_lead() {
    let mut play = joint(&[("水利局", "co-1")]);
    let part = play.due(ClockKind::CoReply);
    let direct = Command::Direct {
        words: Text::from("请限期办结"),
        within: Some(Span::WorkingDays(2)),
        track: false,
        lead: None,
    };
    play.does("leader-1 leader", "03-03 09:00", direct);
    assert_eq!(play.due(ClockKind::Reply), at("03-05 18:00"));
    assert!(
        play.due(ClockKind::CoReply) < at("03-05 18:00") && play.due(ClockKind::CoReply) < part
    );
    let shorter = play.due(ClockKind::CoReply);
    play.does("owner-1 owner", "03-04 10:00", ask(5));
    play.does("supervisor-1 supervisor", "03-04 11:00", grant());
    let granted = play.version(is_granted);
    play.does("system system", "03-04 12:00", delivered(granted));
    assert!(play.due(ClockKind::CoReply) > shorter);
}

/// Another plan is adopted without an approver.
fn adopts(play: &mut Play, plan: Plan, when: &str) {
    let plan = play.plans.take(plan).unwrap();
    let adopt = Command::AdoptPlan {
        plan,
        approved_by: None,
        facts: Facts::new(),
    };
    play.does("supervisor-1 supervisor", when, adopt);
}

// Six working days to reply are the 10th: half of them the 5th, by a new plan as by a direction. Days that are added to the calendar shorten
// the part as they shorten the lead: of ten days the fifth is the 7th.
#[test]
fn a_part_follows_what_a_new_plan_or_calendar_makes_of_its_lead() {
    let mut play = joint(&[("水利局", "co-1")]);
    assert_eq!(play.due(ClockKind::CoReply), at("03-09 18:00"));
    let mut shorter = plan();
    within(ClockKind::Reply, Span::WorkingDays(6))(&mut shorter);
    adopts(&mut play, shorter, "03-03 09:00");
    assert_eq!(play.due(ClockKind::Reply), at("03-10 18:00"));
    assert_eq!(play.due(ClockKind::CoReply), at("03-05 18:00"));

    let mut play = joint(&[("水利局", "co-1")]);
    let mut notice = DayTable::cn();
    notice.revision = "2026-03-03".into();
    for day in ["2026-03-07", "2026-03-08"] {
        let opened = duly::time::Opened {
            name: "调休".into(),
            windows: None,
        };
        notice.opened.insert(day.parse().unwrap(), opened);
    }
    play.plans.revise(notice).unwrap();
    play.does("system system", "03-03 09:00", Command::AdoptCalendar {});
    assert_eq!(play.due(ClockKind::Reply), at("03-12 18:00"));
    assert_eq!(play.due(ClockKind::CoReply), at("03-07 18:00"));
}

// From Friday evening until Monday morning no working time passes: the lead's limit stays, and so does the part's half of it.
#[test]
fn a_part_that_waited_out_of_hours_is_due_within_its_share_of_the_leads_time() {
    let mut with = plan();
    with.pauses
        .push(pauses("检测", PauseSide::Office, PauseKind::Waits));
    let waits = |revised: bool| {
        let mut play = joint_under(with.clone(), &[("水利局", "co-1")]);
        assert_eq!(play.due(ClockKind::CoReply), at("03-09 18:00"));
        play.does("owner-1 owner", "03-06 18:30", wait_for_tests());
        if revised {
            // Another edition with the same days.
            let mut table = DayTable::cn();
            table.revision = "2026-03-08".into();
            play.plans.revise(table).unwrap();
            play.does("system system", "03-08 12:00", Command::AdoptCalendar {});
        }
        let reason = "检测".to_owned();
        play.does("owner-1 owner", "03-09 08:30", Command::Resume { reason });
        assert_eq!(play.due(ClockKind::Reply), at("03-16 18:00"));
        assert_eq!(play.due(ClockKind::CoReply), at("03-09 18:00"));
    };
    [false, true].into_iter().for_each(waits);
}

// Another case that is due sooner is merged into it while all wait: the lead is due with that when it goes on, and no part after the lead.
#[test]
fn a_part_that_waited_is_due_no_later_than_a_lead_that_was_brought_forward() {
    let mut with = plan();
    with.pauses
        .push(pauses("检测", PauseSide::Office, PauseKind::Waits));
    let mut play = joint_under(with, &[("水利局", "co-1")]);
    play.does("owner-1 owner", "03-03 10:00", wait_for_tests());
    let join = joined_until("03-05 18:00");
    play.does("system system", "03-03 11:00", join);
    let reason = "检测".to_owned();
    play.does("owner-1 owner", "03-03 12:00", Command::Resume { reason });
    assert_eq!(play.due(ClockKind::Reply), at("03-05 18:00"));
    assert!(play.due(ClockKind::CoReply) <= at("03-05 18:00"));
}

// A pause that holds the part alone, while its lead runs on past the part's share: whoever has the part is not late the moment it goes on.
#[test]
fn a_part_that_waited_alone_is_not_late_at_once() {
    let mut with = plan();
    let mut alone = pauses("检测", PauseSide::Office, PauseKind::Waits);
    alone.holds = vec![ClockKind::CoReply];
    with.pauses.push(alone);
    let mut play = joint_under(with, &[("水利局", "co-1")]);
    play.does("owner-1 owner", "03-06 10:00", wait_for_tests());
    let reason = "检测".to_owned();
    play.does("owner-1 owner", "03-11 10:00", Command::Resume { reason });
    assert_eq!(play.due(ClockKind::Reply), at("03-16 18:00"));
    // One working day from then.
    assert_eq!(play.due(ClockKind::CoReply), at("03-12 18:00"));
}

/// Extended at once, without a notice: what was asked of a limit is granted an hour later.
pub fn extends(play: &mut Play, clock: ClockKind, day: &str, days: u32) {
    let ask = Command::AskExtension {
        clock,
        span: Span::WorkingDays(days),
        reason: Text::from("需要检测"),
    };
    let grant = Command::GrantExtension {
        clock,
        told: Text::from("延至下周"),
    };
    play.does("owner-1 owner", &format!("{day} 10:00"), ask);
    play.does("supervisor-1 supervisor", &format!("{day} 11:00"), grant);
}

/// Reply and part may both be extended, and nobody need be told.
pub fn both_extendable() -> Plan {
    let mut plan = plan();
    let mut rule = plan.clock(ClockKind::Reply).unwrap().extension.clone();
    if let Some(rule) = &mut rule {
        rule.told = false;
    }
    for clock in &mut plan.clocks {
        if matches!(clock.kind, ClockKind::Reply | ClockKind::CoReply) {
            clock.extension.clone_from(&rule);
        }
    }
    plan
}

// Five more working days for the lead, counted while all wait for the citizen: half of fifteen days are eight, and the evening that was waited
// is none of them. The part has them as it would have if the lead had gone on first.
#[test]
fn an_extension_of_a_lead_that_waits_is_the_parts_too() {
    let mut play = joint_under(both_extendable(), &[("水利局", "co-1")]);
    let wait = Command::Pause {
        reason: "待网民补充".into(),
        evidence: Text::from("电话记录"),
    };
    play.does("owner-1 owner", "03-03 09:00", wait);
    extends(&mut play, ClockKind::Reply, "03-04", 5);
    let reason = "待网民补充".to_owned();
    play.does("owner-1 owner", "03-04 11:00", Command::Resume { reason });
    assert_eq!(play.due(ClockKind::Reply), at("03-24 18:00"));
    // Neither the 2nd nor the 3rd counts; eight working days from the 4th.
    assert_eq!(play.due(ClockKind::CoReply), at("03-13 18:00"));
}

// A part that has three working days more than its half keeps them: an extension of the lead that moves the half moves the part by as much, one that
// does not moves nothing. Where a leader shortens the lead, the part is due no later than that.
#[test]
fn a_part_that_was_extended_keeps_its_extension() {
    let extended = || {
        let mut play = joint_under(both_extendable(), &[("水利局", "co-1")]);
        assert_eq!(play.due(ClockKind::CoReply), at("03-09 18:00"));
        extends(&mut play, ClockKind::CoReply, "03-05", 3);
        assert_eq!(play.due(ClockKind::CoReply), at("03-12 18:00"));
        play
    };
    let mut play = extended();
    // Half of eleven days are six: the 10th, and three more.
    extends(&mut play, ClockKind::Reply, "03-10", 1);
    assert_eq!(play.due(ClockKind::CoReply), at("03-13 18:00"));
    // Half of twelve are six as well.
    extends(&mut play, ClockKind::Reply, "03-13", 1);
    assert_eq!(play.due(ClockKind::CoReply), at("03-13 18:00"));
    let mut play = extended();
    let direct = Command::Direct {
        words: Text::from("请限期办结"),
        within: Some(Span::WorkingDays(2)),
        track: false,
        lead: None,
    };
    play.does("leader-1 leader", "03-09 09:00", direct);
    assert_eq!(play.due(ClockKind::Reply), at("03-11 18:00"));
    assert_eq!(play.due(ClockKind::CoReply), at("03-11 18:00"));
}

// Whoever follows another case has it no longer; and a direction does not give extensions anew.
#[test]
fn a_merged_case_is_nobodys_to_handle_and_a_direction_renews_no_extension() {
    let mut play = Play::assigned(plan());
    let into = "d".parse().unwrap();
    play.does("intake-1 intake", "03-03 09:00", Command::Merge { into });
    assert_eq!(play.case().segments()[0].until, Some(at("03-03 09:00")));

    let mut play = Play::assigned(plan());
    for (day, days) in [("03-10", 5), ("03-11", 2)] {
        play.does("owner-1 owner", &format!("{day} 09:00"), ask(days));
        play.does("supervisor-1 supervisor", &format!("{day} 10:00"), grant());
        let granted = play.version(is_granted);
        play.does("system system", &format!("{day} 11:00"), delivered(granted));
    }
    let direct = Command::Direct {
        words: Text::from("请限期办结"),
        within: Some(Span::WorkingDays(2)),
        track: false,
        lead: None,
    };
    play.does("leader-1 leader", "03-12 09:00", direct);
    let again = play.go("owner-1 owner", "03-12 10:00", ask(1)).unwrap_err();
    assert!(matches!(*again.why, Why::Bound { .. }), "{again}");
}

// Answered before the citizen had the notice: what was granted comes to nothing, and that is on record.
#[test]
fn a_reply_ends_an_extension_that_waits_for_its_notice() {
    let mut play = Play::assigned(plan());
    play.does("owner-1 owner", "03-12 10:00", ask(5));
    play.does("supervisor-1 supervisor", "03-12 11:00", grant());
    play.does("owner-1 owner", "03-13 10:00", answer());
    let lapsed = play
        .last
        .iter()
        .any(|it| matches!(it.event, Event::ExtensionLapsed { .. }));
    assert!(lapsed && play.case().awaits_delivery().is_none() && play.case().extensions() == 0);
}
