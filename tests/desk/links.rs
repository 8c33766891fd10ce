//! 并案 across channels: cases that are merged are linked by the desk, and every citizen of a group is answered.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use duly::case::Case;
use duly::desk::rows::Shelf;
use duly::desk::{Answer, Cursor, Desk, DeskError, Flaw, Ledger, MemoryLedger, SqliteLedger};
use duly::plan::{Decision, DeclineRule, Diagram, Domain, FactRule, Given, Plans, Region, bare};
use duly::time::Moment;
use duly::words::*;
use proptest::prelude::*;

use super::around::{Around, Asks};
use super::tries::config;
use super::{actor, at, board, case};

/// A ledger whose links nobody sees for a while: as if every process had died between a commit and what comes of it.
#[derive(Clone)]
struct Crashing {
    ledger: Arc<Around<MemoryLedger>>,
    dead: Arc<AtomicBool>,
}

impl Crashing {
    fn new() -> Crashing {
        let dead = Arc::new(AtomicBool::new(false));
        let is_dead = Arc::clone(&dead);
        let ledger = Around::new(MemoryLedger::new(board()), move |asks| {
            match asks == Asks::Links && is_dead.load(Ordering::SeqCst) {
                true => Err(DeskError::storage("the process died")),
                false => Ok(()),
            }
        });
        Crashing {
            ledger: Arc::new(ledger),
            dead,
        }
    }
    fn dies(&self, dead: bool) {
        self.dead.store(dead, Ordering::SeqCst);
    }
}

/// What is still to go to other cases.
fn links<L: Ledger>(desk: &Desk<L>) -> usize {
    let page = desk
        .ledger()
        .outbox(Shelf::Cases, true, &Cursor::start(), 10);
    page.unwrap().items.len()
}

/// Bare rules, by which a message can be declined as well.
fn plans() -> Plans {
    let mut plan = bare("demo".parse().unwrap());
    plan.declines.push(DeclineRule {
        ground: DeclineGround::InProcedure,
        when: Decision::new(RuleId::new("decline"), Diagram::constant(true)),
        told: "法院".into(),
    });
    let mut plans = Plans::new(board());
    plans.take(plan).unwrap();
    plans
}

const CHANNELS: [&str; 4] = ["领导留言板", "12345", "来信", "小程序"];

fn name(n: usize) -> String {
    format!("m{:02}", n + 1)
}

fn citizen(n: usize) -> Actor {
    Actor::new(format!("citizen-{n}").parse().unwrap(), Role::Citizen)
}

/// Several messages from several channels, and whoever handles them.
struct Group<L: Ledger> {
    desk: Desk<L>,
    sent: Mutex<usize>,
}

impl<L: Ledger> Group<L> {
    fn new(ledger: L, size: usize) -> Group<L> {
        Group::under(ledger, plans(), size)
    }
    fn under(ledger: L, plans: Plans, size: usize) -> Group<L> {
        let desk = Desk::new(ledger, plans).unwrap();
        let sent = Mutex::new(0);
        let group = Group { desk, sent };
        for n in 0..size {
            let open = Command::Open {
                place: "632521".parse().unwrap(),
                channel: CHANNELS[n % 4].parse().unwrap(),
                external_id: format!("n-{n}").parse().unwrap(),
                message: Text::from("路灯不亮"),
                contact: None,
                citizen: Some(citizen(n).id),
                origin: Origin::Message,
                facts: Facts::new(),
            };
            assert!(
                group
                    .go(n, actor(Role::Intake), 600 * n as i64, open)
                    .is_done()
            );
        }
        group
    }
    fn go(&self, n: usize, by: Actor, minutes: i64, command: Command) -> Answer {
        let mut sent = self.sent.lock().unwrap();
        *sent += 1;
        let id = format!("k{sent}");
        drop(sent);
        let envelope = Envelope {
            id: id.parse().unwrap(),
            case: case(&name(n)),
            by,
            at: at(minutes),
            salt: Salt::derived(b"the host's randomness", &id),
            command,
        };
        self.desk.submit(envelope).unwrap()
    }
    fn does(&self, n: usize, role: Role, minutes: i64, command: Command) {
        let what = command.name();
        let answer = self.go(n, actor(role), minutes, command);
        assert!(
            answer.is_done(),
            "`{what}` of {}: {:?}",
            name(n),
            answer.refusal()
        );
    }
    fn merge(&self, n: usize, into: usize, minutes: i64) -> Answer {
        let into = case(&name(into));
        self.go(n, actor(Role::Intake), minutes, Command::Merge { into })
    }
    fn case(&self, n: usize) -> Case {
        self.desk.case(&case(&name(n))).unwrap().unwrap()
    }
    fn records(&self, n: usize) -> Vec<Record> {
        let history = self.desk.history(&case(&name(n))).unwrap();
        history
            .into_iter()
            .map(|entry| entry.sealed.record)
            .collect()
    }
    /// What citizens are to be told of a case.
    fn told(&self, n: usize) -> Vec<(EffectId, Telling)> {
        let all = self.desk.outbox(&Cursor::start(), 10_000).unwrap().items;
        let of = all.into_iter().filter(|it| it.id.case == case(&name(n)));
        of.filter_map(|it| match it.effect {
            Effect::Tell { what, .. } => Some((it.id, what)),
            _ => None,
        })
        .collect()
    }
    /// Tells the citizens of a case what they are to be told, and says so to it.
    fn deliver(&self, n: usize, minutes: i64) {
        for (effect, _) in self.told(n) {
            let delivered = Command::Delivered {
                effect: effect.clone(),
            };
            self.does(n, Role::System, minutes, delivered);
            self.desk.delivered(&[effect]).unwrap();
        }
    }
    fn words(&self, n: usize, text: &TextRef) -> Option<String> {
        let text = self.desk.text(&case(&name(n)), text).unwrap();
        text.map(|text| text.as_str().to_owned())
    }
    /// Up to a reply that waits for its review.
    fn replied(&self, n: usize, minutes: i64) {
        for (role, command) in [
            (Role::Intake, screen()),
            (Role::Intake, assign()),
            (Role::Owner, reply()),
        ] {
            self.does(n, role, minutes, command);
        }
    }
    fn reviewed(&self, n: usize, minutes: i64) {
        self.replied(n, minutes);
        self.does(
            n,
            Role::Reviewer,
            minutes,
            Command::Review(Review::default()),
        );
    }
    fn struck_off(&self, n: usize, minutes: i64) {
        self.does(n, Role::Intake, minutes, reached(Level::Satisfied));
        self.does(n, Role::Supervisor, minutes, solved());
    }
}

pub(super) fn screen() -> Command {
    Command::Screen {
        class: Class::Problem,
        facts: Facts::new(),
    }
}

pub(super) fn assign() -> Command {
    Command::Assign {
        unit: "water".parse().unwrap(),
        owner: "the-owner".parse().unwrap(),
        co_handlers: vec![],
    }
}

pub(super) fn reply() -> Command {
    Command::Reply {
        answers: vec![duly::words::Answer {
            matter: 1,
            text: Text::from("路灯已修好"),
            mark: Mark::A,
        }],
        measures: vec![],
        contacts: vec![],
        basis: vec![],
        commitments: vec![],
        explained: false,
    }
}

fn reached(level: Level) -> Command {
    Command::CallBack {
        result: CallResult::Reached {
            level: Some(level),
            scores: None,
            said: None,
        },
    }
}

fn solved() -> Command {
    Command::StrikeOff {
        outcome: Outcome::Solved,
        matter: None,
    }
}

fn rate(level: Level) -> Command {
    Command::Rate {
        rating: Rating::Given {
            level,
            scores: None,
        },
        said: None,
    }
}

fn update() -> Command {
    Command::Update {
        text: Text::from("正在施工"),
    }
}

fn withdraw() -> Command {
    Command::Withdraw {
        evidence: Text::from("不用了"),
    }
}

fn unmerge() -> Command {
    Command::Unmerge {
        reason: Text::from("不是一回事"),
    }
}

fn answer_of(told: &[(EffectId, Telling)]) -> Option<(EffectId, Vec<TextRef>)> {
    told.iter().rev().find_map(|(id, what)| match what {
        Telling::Answer { texts } => Some((id.clone(), texts.clone())),
        _ => None,
    })
}

fn whole_due(case: &Case) -> Moment {
    case.clock(ClockKind::Whole).unwrap().schedule.legal_due
}

fn every(scenario: impl Fn(Group<Box<dyn Ledger>>), size: usize) {
    let folder = tempfile::tempdir().unwrap();
    let ledgers: [Box<dyn Ledger>; 2] = [
        Box::new(MemoryLedger::new(board())),
        Box::new(SqliteLedger::open(folder.path().join("ledger.db"), board()).unwrap()),
    ];
    for ledger in ledgers {
        scenario(Group::new(ledger, size));
    }
}

// 并案: both citizens hear how far it is and what came of it, and the second case is struck off when its citizen has the answer.
#[test]
fn a26_every_citizen_of_a_group_is_told_the_answer() {
    every(
        |group| {
            assert!(group.merge(0, 1, 700).is_done());
            let survivor = group.case(1);
            assert!(survivor.followers().contains_key(&case("m01")));
            // The older message counts: received first, and due no later.
            assert_eq!(survivor.received_first(), group.case(0).received_at());
            assert!(survivor.received_at() > survivor.received_first());
            assert!(whole_due(&survivor) <= whole_due(&group.case(0)));
            group.does(1, Role::Intake, 710, screen());
            group.does(1, Role::Intake, 711, assign());
            group.does(1, Role::Owner, 720, update());
            let progress = |(_, what): &(EffectId, Telling)| match what {
                Telling::Progress { text } => group.words(0, text),
                _ => None,
            };
            let said: Vec<String> = group.told(0).iter().filter_map(progress).collect();
            assert_eq!(said, ["正在施工"]);
            group.does(1, Role::Owner, 730, reply());
            assert!(
                answer_of(&group.told(0)).is_none(),
                "told before it was reviewed"
            );
            group.does(1, Role::Reviewer, 740, Command::Review(Review::default()));
            let (_, theirs) = answer_of(&group.told(0)).unwrap();
            let (_, own) = answer_of(&group.told(1)).unwrap();
            assert_eq!(group.words(0, &theirs[0]).unwrap(), "路灯已修好");
            assert_ne!(theirs, own, "the same reference would be the same text");
            group.struck_off(1, 750);
            assert!(group.case(1).is_closed() && !group.case(0).is_closed());
            // What is erased in one case stays in the other.
            let erase = |n: usize, text: &TextRef| {
                let redact = Command::Redact {
                    fields: vec![text.clone()],
                    basis: "个人信息保护法第四十七条".into(),
                };
                group.does(n, Role::Supervisor, 760, redact);
            };
            erase(1, &own[0]);
            assert!(group.words(1, &own[0]).is_none() && group.words(0, &theirs[0]).is_some());
            group.deliver(0, 770);
            let closed = group.case(0);
            assert_eq!(closed.outcome(), Some(Outcome::Merged));
            assert_eq!(closed.follows(), Some(&case("m02")));
            erase(0, &theirs[0]);
            group.desk.verify().unwrap();
            // Nothing of it is left to do, and none of it was shown outside.
            assert_eq!(links(&group.desk), 0);
            let out = group.desk.outbox(&Cursor::start(), 1_000).unwrap().items;
            assert!(out.iter().all(|it| !it.is_link()));
        },
        2,
    );
}

// What people read of it: both cases' course in both languages, and their rows on the roll.
#[test]
fn a26_the_course_of_a_group_reads_well() {
    let group = Group::new(MemoryLedger::new(board()), 3);
    group.merge(0, 2, 1300).done().unwrap();
    group.merge(1, 2, 1301).done().unwrap();
    group.does(1, Role::Intake, 1302, unmerge());
    group.does(2, Role::Intake, 1303, screen());
    group.does(2, Role::Intake, 1303, assign());
    group.does(2, Role::Owner, 1304, update());
    group.does(2, Role::Owner, 1305, reply());
    group.does(2, Role::Reviewer, 1306, Command::Review(Review::default()));
    group.struck_off(2, 1307);
    group.deliver(0, 1310);
    let plans = plans();
    let plan = &plans.latest().unwrap().plan;
    let linked = |n: usize, lang: Lang| {
        let history = group.records(n);
        let told = duly::report::timeline(&history, &group.case(n), plan, lang);
        let own = |version: u64| {
            let event = &history[version as usize - 1].event;
            matches!(
                event,
                Event::Merged { .. }
                    | Event::Unmerged { .. }
                    | Event::Joined { .. }
                    | Event::Left { .. }
                    | Event::Relayed { .. }
                    | Event::StruckOff { .. }
            ) || matches!(event, Event::ClockProjected { .. })
        };
        let lines = told
            .past
            .into_iter()
            .filter(|it| it.version.is_some_and(own));
        lines
            .map(|it| format!("{} | {}", it.who, it.what))
            .collect::<Vec<_>>()
            .join("\n")
    };
    insta::assert_snapshot!(linked(0, Lang::Zh));
    insta::assert_snapshot!(linked(0, Lang::En));
    insta::assert_snapshot!(linked(1, Lang::Zh));
    insta::assert_snapshot!(linked(1, Lang::En));
    insta::assert_snapshot!(linked(2, Lang::Zh));
    insta::assert_snapshot!(linked(2, Lang::En));
    let records: Vec<Record> = (0..3).flat_map(|n| group.records(n)).collect();
    let folded = duly::report::Board::fold(&records, None).unwrap();
    let roll = duly::report::roll(&folded, plan);
    let row = |n: usize| {
        roll.rows
            .iter()
            .find(|row| row.case == case(&name(n)))
            .unwrap()
    };
    assert_eq!(row(0).follows, Some(case("m03")));
    assert_eq!(row(0).outcome, Some(Outcome::Merged));
    assert_eq!(row(2).received_first, Some(group.case(0).received_at()));
    assert_eq!(
        (row(1).follows.as_ref(), row(1).received_first),
        (None, None)
    );
}

// Not told is not told: a notice that did not reach anyone strikes nothing off; one that was told some other way does.
#[test]
fn a26_told_means_delivered() {
    every(
        |group| {
            group.merge(0, 1, 700).done().unwrap();
            group.reviewed(1, 710);
            group.struck_off(1, 720);
            let (effect, _) = answer_of(&group.told(0)).unwrap();
            let not = |instead: Option<&str>| Command::Undelivered {
                effect: effect.clone(),
                why: Text::from("号码已停机"),
                instead: instead.map(|it| it.parse().unwrap()),
            };
            group.does(0, Role::System, 730, not(None));
            assert!(!group.case(0).is_closed());
            assert!(group.case(0).next_alarm().is_some());
            group.does(0, Role::System, 740, not(Some("来信")));
            assert_eq!(group.case(0).outcome(), Some(Outcome::Merged));
        },
        2,
    );
}

// A survivor that nobody answers any more releases whoever follows it: withdrawn, not accepted.
#[test]
fn a26_a_survivor_without_an_answer_releases_its_followers() {
    every(
        |group| {
            group.merge(0, 2, 1300).done().unwrap();
            group.merge(1, 2, 1301).done().unwrap();
            assert!(group.go(2, citizen(2), 1310, withdraw()).is_done());
            for n in [0, 1] {
                let alone = group.case(n);
                assert!(alone.follows().is_none() && !alone.is_closed());
                let screen = alone.clock(ClockKind::Screen).unwrap();
                assert!(screen.is_live(), "its clocks do not run again");
                let told = group.told(n);
                assert!(
                    told.iter()
                        .any(|(_, it)| matches!(it, Telling::Unmerged { .. }))
                );
            }
            assert!(group.case(2).followers().is_empty());
            // It goes on where it stood.
            group.reviewed(0, 1320);
            group.desk.verify().unwrap();
        },
        3,
    );
}

// 撤销并案: it goes on from where it stood; nothing is due later than it would have been, and the other one forgets it.
#[test]
fn a26_a_wrong_merge_is_undone() {
    every(
        |group| {
            group.does(0, Role::Intake, 600, screen());
            group.does(0, Role::Intake, 601, assign());
            let before = group.case(0);
            group.merge(0, 1, 700).done().unwrap();
            let reply = |case: &Case| case.clock(ClockKind::Reply).unwrap().clone();
            assert!(!reply(&group.case(0)).is_live());
            group.does(0, Role::Supervisor, 900, unmerge());
            let after = group.case(0);
            assert!(reply(&after).is_running());
            assert_eq!(
                reply(&after).schedule.legal_due,
                reply(&before).schedule.legal_due
            );
            assert_eq!(after.stage_name(), StageName::Assigned);
            assert!(
                after.segments().last().unwrap().until.is_none(),
                "nobody has it"
            );
            assert!(group.case(1).followers().is_empty());
            // News of the other one does not reach it any more.
            group.does(1, Role::Intake, 910, screen());
            group.does(1, Role::Intake, 911, assign());
            group.does(1, Role::Owner, 912, update());
            let told = group.told(0);
            assert!(
                !told
                    .iter()
                    .any(|(_, it)| matches!(it, Telling::Progress { .. }))
            );
            group.does(0, Role::Owner, 920, super::links::reply());
        },
        2,
    );
}

// A case that others follow follows none; the refusal says what to do instead.
#[test]
fn a26_a_case_that_others_follow_follows_none() {
    every(
        |group| {
            group.merge(0, 1, 1300).done().unwrap();
            let answer = group.merge(1, 2, 1310);
            let refusal = answer.refusal().unwrap();
            assert_eq!(
                refusal.to_string(),
                "cannot `merge` case `m02`: it is followed by m01, and a case that others follow follows none; \
                 merge the other way round: `merge` case `m03` into this one"
            );
            assert_eq!(
                refusal.say(Lang::Zh),
                "本件“m02”不能并案:“m01”已并入本件,有件并入的不再并入别的件;请反过来,把“m03”并入(merge)本件"
            );
            group.merge(2, 1, 1320).done().unwrap();
            assert_eq!(group.case(1).followers().len(), 2);
            let own = group.merge(2, 2, 1330);
            assert!(own.refusal().is_some());
        },
        3,
    );
}

// 群众不满意不放过: whoever is not satisfied with the other one's answer has their own case handled, before it was struck off and after.
#[test]
fn a26_a_follower_that_is_not_satisfied_goes_on_alone() {
    every(
        |group| {
            group.merge(0, 2, 1300).done().unwrap();
            group.merge(1, 2, 1301).done().unwrap();
            let early = group.go(0, citizen(0), 1302, rate(Level::Unsatisfied));
            assert!(early.refusal().is_some(), "rated what nobody answered");
            group.reviewed(2, 1310);
            let other = group.go(0, citizen(1), 1311, rate(Level::Unsatisfied));
            assert!(other.refusal().is_some(), "rated by another case's citizen");
            assert!(
                group
                    .go(0, citizen(0), 1312, rate(Level::Unsatisfied))
                    .is_done()
            );
            assert!(group.case(0).follows().is_none());
            group.struck_off(2, 1320);
            group.deliver(0, 1330);
            group.deliver(1, 1330);
            assert!(!group.case(0).is_closed() && group.case(1).is_closed());
            assert!(
                group
                    .go(1, citizen(1), 1340, rate(Level::VeryUnsatisfied))
                    .is_done()
            );
            let again = group.case(1);
            assert!(!again.is_closed() && again.follows().is_none());
            assert!(group.case(2).followers().is_empty());
        },
        3,
    );
}

// An answer that was taken back strikes nothing off; the next one does.
#[test]
fn a26_an_answer_that_was_taken_back_is_none() {
    every(
        |group| {
            group.merge(0, 1, 700).done().unwrap();
            group.reviewed(1, 710);
            group.deliver(0, 720);
            group.does(1, Role::Intake, 730, reached(Level::Unsatisfied));
            let told = group.told(0);
            assert!(
                told.iter().any(|(_, it)| *it == Telling::Retracted),
                "{told:?}"
            );
            group.does(1, Role::Owner, 740, reply());
            group.does(1, Role::Reviewer, 750, Command::Review(Review::default()));
            group.struck_off(1, 760);
            assert!(
                !group.case(0).is_closed(),
                "the answer that it had does not hold"
            );
            group.deliver(0, 770);
            assert!(group.case(0).is_closed());
        },
        2,
    );
}

/// The first is struck off with the second, which is opened again then.
fn struck_off_with<L: Ledger>(group: &Group<L>) {
    group.merge(0, 1, 700).done().unwrap();
    group.reviewed(1, 710);
    group.struck_off(1, 720);
    group.deliver(0, 730);
    assert!(group.case(0).is_closed());
    let reopen = Command::Reopen {
        ground: "新的事实".into(),
        reason: Text::from("又坏了"),
    };
    group.go(1, citizen(1), 740, reopen).done().unwrap();
}

// The answer with which a case was struck off does not stand any more: its citizen hears that, and hears the next one. Their case stays
// struck off; it is theirs to open.
#[test]
fn a26_whoever_was_struck_off_hears_that_the_answer_is_another_now() {
    every(
        |group| {
            struck_off_with(&group);
            group.does(1, Role::Owner, 750, reply());
            group.does(1, Role::Reviewer, 760, Command::Review(Review::default()));
            let told: Vec<Telling> = group.told(0).into_iter().map(|(_, what)| what).collect();
            let [
                Telling::StruckOff,
                Telling::Reopened,
                Telling::Answer { texts },
            ] = told.as_slice()
            else {
                panic!("{told:?}")
            };
            assert_eq!(group.words(0, &texts[0]).unwrap(), "路灯已修好");
            group.struck_off(1, 770);
            group.deliver(0, 780);
            assert_eq!(group.case(0).outcome(), Some(Outcome::Merged));
            group.desk.verify().unwrap();
        },
        2,
    );
}

// The case with which theirs was struck off is opened again, so that its answer stands no more, and then withdrawn: nobody answers there any more, and theirs
// is opened again.
#[test]
fn a26_whoever_was_struck_off_with_a_case_that_nobody_answers_any_more_is_answered() {
    every(
        |group| {
            struck_off_with(&group);
            group.go(1, citizen(1), 750, withdraw()).done().unwrap();
            let case = group.case(0);
            assert!(!case.is_closed() && case.follows().is_none());
            assert_eq!(case.shown(), Shown::InProgress);
            assert!(case.next_alarm().is_some());
            let told: Vec<Telling> = group.told(0).into_iter().map(|(_, what)| what).collect();
            let from = name(1).parse().unwrap();
            assert!(
                told.ends_with(&[Telling::Unmerged { from }, Telling::Reopened]),
                "{told:?}"
            );
            group.desk.verify().unwrap();
        },
        2,
    );
}

// Answered again before it is withdrawn, it leaves whoever was struck off with it with an answer that stands, and struck off.
#[test]
fn a26_whoever_has_an_answer_that_stands_is_not_opened_again() {
    every(
        |group| {
            struck_off_with(&group);
            group.does(1, Role::Owner, 750, reply());
            group.does(1, Role::Reviewer, 760, Command::Review(Review::default()));
            group.go(1, citizen(1), 770, withdraw()).done().unwrap();
            assert!(group.case(1).is_closed());
            assert_eq!(group.case(0).outcome(), Some(Outcome::Merged));
            assert_eq!(links(&group.desk), 0);
            group.desk.verify().unwrap();
        },
        2,
    );
}

// Supervision takes a case in hand that follows one that is struck off: when that one is opened again, it is tracked there.
#[test]
fn a26_what_is_tracked_meanwhile_is_tracked_when_the_other_is_opened_again() {
    let mut plan = bare("demo".parse().unwrap());
    let urgent = FactRule {
        moves: true,
        ..FactRule::new("urgent", Domain::YesNo, Given::Intake)
    };
    plan.schema.facts.push(urgent);
    let fact = plan.schema.index("urgent").unwrap();
    let regions = [0, 1].map(|code| Region {
        bounds: [(fact, (code, code))].into(),
        answer: code == 1,
    });
    let when = Diagram::from_regions(&plan.schema, regions.to_vec()).unwrap();
    plan.track.when = Some(Decision::new(RuleId::new("track.start"), when));
    let mut plans = Plans::new(board());
    plans.take(plan).unwrap();
    let group = Group::under(MemoryLedger::new(board()), plans, 2);
    let screen = Command::Screen {
        class: Class::Problem,
        facts: Facts::from([("urgent".to_owned(), FactValue::Yes(false))]),
    };
    for n in [0, 1] {
        group.does(n, Role::Intake, 690, screen.clone());
        group.does(n, Role::Intake, 691, assign());
    }
    group.merge(0, 1, 700).done().unwrap();
    group.does(1, Role::Owner, 710, reply());
    group.does(1, Role::Reviewer, 715, Command::Review(Review::default()));
    group.struck_off(1, 720);
    let set = Command::SetFact {
        name: "urgent".into(),
        value: FactValue::Yes(true),
    };
    group.does(0, Role::Intake, 730, set);
    assert!(group.case(0).is_tracked() && !group.case(1).is_tracked());
    let reopen = Command::Reopen {
        ground: "新的事实".into(),
        reason: Text::from("又坏了"),
    };
    group.go(1, citizen(1), 740, reopen).done().unwrap();
    assert!(group.case(1).is_tracked());
    group.desk.verify().unwrap();
}

// What follows a case that is struck off waits for nothing but that its citizen has the answer: that its whole is counted by another calendar parts nobody.
#[test]
fn a26_whoever_has_the_answer_stays_with_a_case_that_is_struck_off() {
    every(
        |group| {
            group.merge(0, 1, 700).done().unwrap();
            group.reviewed(1, 710);
            group.struck_off(1, 720);
            assert!(!group.case(0).is_closed());
            let mut table = duly::time::DayTable::cn();
            table.revision = "2026-03-02".into();
            group.desk.revise(table).unwrap();
            group.does(0, Role::System, 725, Command::AdoptCalendar {});
            assert_eq!(group.case(0).follows(), Some(&case(&name(1))));
            group.deliver(0, 730);
            assert_eq!(group.case(0).outcome(), Some(Outcome::Merged));
            group.desk.verify().unwrap();
        },
        2,
    );
}

// A citizen who was asked something answers it, whatever their case follows meanwhile; nothing waits for them then.
#[test]
fn a26_what_was_asked_can_be_answered_after_the_merge() {
    every(
        |group| {
            let question = Text::from("哪一盏");
            group.does(0, Role::Intake, 650, Command::AskCitizen { question });
            group.merge(0, 1, 700).done().unwrap();
            let answer = Text::from("村口那盏");
            group
                .go(0, citizen(0), 710, Command::Supplement { answer })
                .done()
                .unwrap();
            let whole = group.case(0);
            assert!(whole.clock(ClockKind::Whole).unwrap().is_running());
        },
        2,
    );
}

// Whoever comes late hears what was said already.
#[test]
fn a26_a_case_merged_after_the_answer_is_told_it() {
    every(
        |group| {
            group.reviewed(1, 700);
            group.merge(0, 1, 710).done().unwrap();
            assert!(answer_of(&group.told(0)).is_some());
            group.struck_off(1, 720);
            group.deliver(0, 730);
            assert!(group.case(0).is_closed());
        },
        2,
    );
}

// A process that died between a commit and what comes of it has lost nothing: the next tick does it, and the desk does not sleep over
// it. A survivor that was struck off meanwhile takes nobody, and whoever was to follow it goes on alone.
#[test]
fn a26_what_a_dead_process_left_is_done_by_the_next_tick() {
    let ledger = Crashing::new();
    let group = Group::new(Arc::clone(&ledger.ledger), 3);
    ledger.dies(true);
    group.merge(0, 2, 1300).done().unwrap();
    group.merge(1, 2, 1300).done().unwrap();
    ledger.dies(false);
    assert!(group.case(2).followers().is_empty());
    assert_eq!(group.desk.next_alarm().unwrap(), Some(at(1300)));
    let shown = group.desk.outbox(&Cursor::start(), 1).unwrap();
    assert!(shown.items.iter().all(|it| !it.is_link()));
    let _ = group.desk.tick(at(1301), 10).unwrap();
    assert_eq!(group.case(2).followers().len(), 2);
    assert!(group.desk.next_alarm().unwrap() > Some(at(1301)));
    // Again: nothing is left, and nothing changes.
    let before = (group.records(0), group.records(1), group.records(2));
    let _ = group.desk.tick(at(1301), 10).unwrap();
    assert_eq!(
        before,
        (group.records(0), group.records(1), group.records(2))
    );
    group.does(0, Role::Intake, 1302, unmerge());
    ledger.dies(true);
    group.merge(0, 2, 1303).done().unwrap();
    assert!(group.go(2, citizen(2), 1304, withdraw()).is_done());
    ledger.dies(false);
    let _ = group.desk.tick(at(1305), 10).unwrap();
    for n in [0, 1] {
        let alone = group.case(n);
        assert!(alone.follows().is_none() && alone.next_alarm().is_some());
    }
    let why = |n: usize| {
        let all = group.records(n);
        all.iter().rev().find_map(|it| match &it.event {
            Event::Unmerged { why, .. } => Some(*why),
            _ => None,
        })
    };
    assert_eq!(
        (why(0), why(1)),
        (Some(UnmergeWhy::NotJoined), Some(UnmergeWhy::Withdrawn))
    );
    group.desk.verify().unwrap();
}

// An answer that is erased before it could be told is told to nobody; the case goes on by itself.
#[test]
fn a26_what_was_erased_meanwhile_is_not_told() {
    let ledger = Crashing::new();
    let group = Group::new(Arc::clone(&ledger.ledger), 2);
    group.merge(0, 1, 700).done().unwrap();
    group.replied(1, 710);
    ledger.dies(true);
    group.does(1, Role::Reviewer, 720, Command::Review(Review::default()));
    let (_, own) = answer_of(&group.told(1)).unwrap();
    let redact = Command::Redact {
        fields: own,
        basis: "个人信息保护法第四十七条".into(),
    };
    group.does(1, Role::Supervisor, 730, redact);
    ledger.dies(false);
    let _ = group.desk.tick(at(740), 10).unwrap();
    assert!(answer_of(&group.told(0)).is_none());
    assert!(group.case(0).follows().is_none() && !group.case(0).is_closed());
    group.desk.verify().unwrap();
}

// A case that says that it follows another, which does not know of it, is named: nobody would ever answer its citizen.
// A row of the outbox can be damaged so that carrying it out does not take it out: it has another name in its column than in what it says, it
// goes to nobody's case, it says nothing at all. Nobody goes round for ever with that: its case is named, and the others hear.
#[test]
fn a26_a_damaged_link_keeps_no_other_case_waiting() {
    for damage in [
        "UPDATE outbox SET effect = 'm01/99/0' WHERE link = 1 AND effect LIKE 'm01/%'",
        "UPDATE outbox SET link = 1 WHERE link = 0 AND effect LIKE 'm01/%'",
        "UPDATE outbox SET outgoing = '{}' WHERE link = 1 AND effect LIKE 'm01/%'",
        "UPDATE outbox SET outgoing = CAST(x'E4BDFF' AS TEXT) WHERE link = 1 AND effect LIKE 'm01/%'",
    ] {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ledger.db");
        let dead = Arc::new(AtomicBool::new(false));
        let is_dead = Arc::clone(&dead);
        let ledger = SqliteLedger::open(&path, board()).unwrap();
        let ledger = Around::new(ledger, move |asks| {
            match asks == Asks::Links && is_dead.load(Ordering::SeqCst) {
                true => Err(DeskError::storage("the process died")),
                false => Ok(()),
            }
        });
        let group = Group::new(ledger, 4);
        dead.store(true, Ordering::SeqCst);
        assert!(group.merge(0, 1, 2000).is_done());
        assert!(group.merge(2, 3, 2001).is_done());
        let file = rusqlite::Connection::open(&path).unwrap();
        assert!(file.execute(damage, []).unwrap() > 0, "{damage}");
        dead.store(false, Ordering::SeqCst);
        let ticked = group.desk.tick(at(2010), 100).unwrap();
        let named = |it: &duly::desk::Stuck| it.case == case("m01") && it.why.contains("m01/");
        assert!(
            !ticked.stuck.is_empty() && ticked.stuck.iter().all(named),
            "{damage}: {:?}",
            ticked.stuck
        );
        assert!(group.case(3).followers().contains_key(&case("m03")));
        assert!(links(&group.desk) > 0, "what is damaged stays for a person");
        // It stays due, in the past, and is said again.
        assert!(group.desk.next_alarm().unwrap().unwrap() <= at(2010));
        assert_eq!(group.desk.tick(at(2010), 100).unwrap().stuck, ticked.stuck);
    }
}

// A damaged index can list a row that nothing takes out any more.
#[test]
fn a26_a_link_that_stays_though_it_was_carried_out_is_named() {
    let ledger = Around::deaf(MemoryLedger::new(board()));
    let group = Group::new(ledger, 2);
    assert!(group.merge(0, 1, 700).is_done());
    assert!(group.case(1).followers().contains_key(&case("m01")));
    let ticked = group.desk.tick(at(710), 100).unwrap();
    let stuck: Vec<&str> = ticked.stuck.iter().map(|it| it.case.as_str()).collect();
    assert_eq!(stuck, ["m01"]);
    insta::assert_snapshot!("stays", ticked.stuck[0].why);
}

#[test]
fn a26_verifying_holds_what_cases_say_of_each_other_against_each_other() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger.db");
    let ledger = Crashing::new();
    let group = Group::new(Arc::clone(&ledger.ledger), 3);
    // What is on its way is no contradiction.
    ledger.dies(true);
    group.merge(0, 1, 1300).done().unwrap();
    ledger.dies(false);
    assert!(group.case(1).followers().is_empty());
    group.desk.verify().unwrap();
    // Once it has gone without having arrived, it is.
    let lost = group
        .desk
        .ledger()
        .outbox(Shelf::Cases, true, &Cursor::start(), 10)
        .unwrap();
    let lost: Vec<String> = lost.items.into_iter().map(|it| it.effect).collect();
    group.desk.ledger().delivered(Shelf::Cases, &lost).unwrap();
    let version = group.case(0).version();
    let error = group.desk.verify().unwrap_err();
    let into = case("m02");
    let broken = error.broken().unwrap_or_else(|| panic!("{error}"));
    assert_eq!((broken.case.as_str(), broken.version), ("m01", version));
    assert_eq!(broken.flaw, Flaw::Follows { into });
    insta::assert_snapshot!("verify_follows", error);

    // The other way round: a chain that was taken back to before it followed.
    let group = Group::new(SqliteLedger::open(&path, board()).unwrap(), 3);
    let file = rusqlite::Connection::open(&path).unwrap();
    let keep = |into: &str| {
        let tables = ["heads", "records", "commands", "outbox"];
        let copy = tables.map(|table| {
            format!(
                "CREATE TABLE temp.{into}_{table} AS SELECT * FROM main.{table} WHERE {} = 'm01';",
                if table == "outbox" { "''" } else { "chain" }
            )
        });
        file.execute_batch(&copy.join("\n")).unwrap();
    };
    keep("before");
    group.merge(0, 1, 1300).done().unwrap();
    group.desk.verify().unwrap();
    assert!(group.case(1).followers().contains_key(&case("m01")));
    file.execute_batch(
        "DELETE FROM heads WHERE chain = 'm01'; INSERT INTO heads SELECT * FROM temp.before_heads;
         DELETE FROM records WHERE chain = 'm01'; INSERT INTO records SELECT * FROM temp.before_records;
         DELETE FROM commands WHERE chain = 'm01'; INSERT INTO commands SELECT * FROM temp.before_commands;",
    )
    .unwrap();
    let error = group.desk.verify().unwrap_err();
    let broken = error.broken().unwrap_or_else(|| panic!("{error}"));
    let follower = case("m01");
    assert_eq!(broken.case.as_str(), "m02");
    assert_eq!(broken.flaw, Flaw::Followed { follower });
    insta::assert_snapshot!("verify_followed", error);
}

// The desk's own command ids are its own; a group commit holds what comes of its commands; nothing of it is left when it fails.
#[test]
fn a26_links_belong_to_the_group_that_brings_them_about() {
    every(
        |group| {
            let foreign = Envelope {
                id: "link/m01/1/0".parse().unwrap(),
                case: case("m01"),
                by: actor(Role::Intake),
                at: at(700),
                salt: Salt::derived(b"test", "x"),
                command: screen(),
            };
            let error = group.desk.submit(foreign).unwrap_err();
            assert!(error.to_string().contains("the desk's own"), "{error}");
            let failed = group.desk.together(|| {
                group.merge(0, 1, 700).done().unwrap();
                assert_eq!(group.case(1).followers().len(), 1);
                Err(DeskError::misuse("changed our mind"))
            });
            assert!(failed.is_err());
            assert!(group.case(0).follows().is_none() && group.case(1).followers().is_empty());
            assert_eq!(links(&group.desk), 0);
            let kept = group.desk.together(|| {
                group.merge(0, 1, 700).done().unwrap();
                Ok(())
            });
            kept.unwrap();
            assert_eq!(group.case(1).followers().len(), 1);
            group.desk.verify().unwrap();
        },
        2,
    );
}

// Several desks on one ledger: two cases merged into one another at once do not follow each other for ever, and whatever is linked is
// linked on both sides.
#[test]
fn a26_desks_that_race_leave_every_link_whole() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger.db");
    let open = || SqliteLedger::open(&path, board()).unwrap();
    let first = Group::new(open(), 4);
    for round in 0..6i64 {
        let minutes = 2_000 + 10 * round;
        std::thread::scope(|scope| {
            for n in 0..4usize {
                let path = &path;
                scope.spawn(move || {
                    let ledger = SqliteLedger::open(path, board()).unwrap();
                    let desk = Desk::new(ledger, plans()).unwrap();
                    let send = |k: usize, of: usize, command: Command| {
                        let envelope = Envelope {
                            id: format!("r{round}-{n}-{k}").parse().unwrap(),
                            case: case(&name(of)),
                            by: actor(Role::Intake),
                            at: at(minutes),
                            salt: Salt::derived(b"test", "race"),
                            command,
                        };
                        while desk.submit(envelope.clone()).is_err_and(|it| it.is_busy()) {}
                    };
                    let into = case(&name((n + 1 + round as usize % 3) % 4));
                    send(0, n, Command::Merge { into });
                    while desk.tick(at(minutes), 100).is_err_and(|it| it.is_busy()) {}
                    if n as i64 == round % 4 {
                        send(1, n, unmerge());
                    }
                });
            }
        });
        let _ = first.desk.advance(at(minutes + 1)).unwrap();
        linked(&first, 4).unwrap();
    }
    first.desk.verify().unwrap();
}

// ── random groups ─────────────────────────────────────────────────────────────────────────────────────────────

/// Whatever follows is known to what it follows, and the other way round.
fn linked<L: Ledger>(group: &Group<L>, size: usize) -> Result<(), TestCaseError> {
    prop_assert_eq!(links(&group.desk), 0);
    for n in 0..size {
        let one = group.case(n);
        if let Some(into) = one.follows().filter(|_| !one.is_closed()) {
            let survivor = group.desk.case(into).unwrap().unwrap();
            prop_assert!(
                survivor.followers().contains_key(one.id()),
                "{} is not known",
                one.id()
            );
            prop_assert!(one.followers().is_empty() && survivor.follows().is_none());
        }
        for id in one.followers().keys() {
            let follower = group.desk.case(id).unwrap().unwrap();
            prop_assert_eq!(follower.follows(), Some(one.id()));
        }
    }
    Ok(())
}

/// Reads a case's ledger: no clock of a whole is moved later but by a wait, an exclusion or reopening; joining moves nothing later; a
/// case is struck off as merged only once its citizen had the answer.
fn lawful(records: &[Record]) -> Result<(), TestCaseError> {
    let mut whole: Option<Moment> = None;
    let (mut answer, mut had) = (None, false);
    for record in records {
        match &record.event {
            Event::ClockStarted { key, schedule, .. } if key.kind == ClockKind::Whole => {
                whole = Some(schedule.legal_due);
            }
            Event::ClockProjected {
                key, schedule, why, ..
            } if key.kind == ClockKind::Whole => {
                let may = matches!(why, ProjectedFor::Resumed | ProjectedFor::Reopened);
                prop_assert!(
                    may || whole.is_none_or(|was| schedule.legal_due <= was),
                    "{record:?}"
                );
                whole = Some(schedule.legal_due);
            }
            Event::Relayed { news, .. } => match news {
                News::Answer { .. } => (answer, had) = (Some(record.version), false),
                News::Retracted | News::Reopened => (answer, had) = (None, false),
                _ => {}
            },
            Event::Delivered { effect } => had |= answer == Some(effect.version),
            Event::StruckOff {
                outcome: Outcome::Merged,
                ..
            } => prop_assert!(had, "struck off untold: {record:?}"),
            Event::Unmerged { .. } => (answer, had) = (None, false),
            _ => {}
        }
    }
    Ok(())
}

#[derive(Debug, Clone)]
struct Act {
    of: usize,
    what: u8,
    pick: u8,
    gap: i64,
    dies: bool,
}

fn acts() -> impl Strategy<Value = (usize, Vec<Act>)> {
    let gap = prop_oneof![6 => 0i64..90, 2 => 200i64..3_000, 1 => 10_000i64..60_000];
    let act = (0usize..4, any::<u8>(), any::<u8>(), gap, any::<u8>());
    let act = act.prop_map(|(of, what, pick, gap, dies)| Act {
        of,
        what,
        pick,
        gap,
        dies: dies.is_multiple_of(4),
    });
    (2usize..5, proptest::collection::vec(act, 20..90))
}

/// What may happen to a case next; sometimes what may not.
fn chosen(case: &Case, size: usize, act: &Act) -> (Actor, Command) {
    let n: usize = case.id().as_str()[1..].parse::<usize>().unwrap() - 1;
    let into = super::case(&name((n + 1 + usize::from(act.pick)) % size));
    let merge = || (actor(Role::Intake), Command::Merge { into: into.clone() });
    let by = |role: Role, command: Command| (actor(role), command);
    let level = [Level::Satisfied, Level::Satisfied, Level::Unsatisfied][usize::from(act.pick) % 3];
    let rated = || (citizen(n), rate(level));
    if case.follows().is_some() && !case.is_closed() {
        return match act.what % 8 {
            0 if act.pick.is_multiple_of(3) => by(Role::Intake, unmerge()),
            1 if act.pick.is_multiple_of(3) => (citizen(n), withdraw()),
            2..=4 => rated(),
            5 => merge(),
            _ => by(Role::System, Command::Tick {}),
        };
    }
    let decline = || {
        let mut second = actor(Role::Intake);
        second.id = format!("intake-{}", act.pick % 2).parse().unwrap();
        let told = Text::from("请向法院反映");
        let ground = DeclineGround::InProcedure;
        (
            second,
            Command::Decline {
                ground,
                told,
                facts: Facts::new(),
            },
        )
    };
    match (case.stage_name(), act.what % 12) {
        (StageName::Received | StageName::Assigned, 0..=2) => merge(),
        (StageName::Received | StageName::Assigned, 3) => decline(),
        (stage, 4) if stage != StageName::Closed && act.pick.is_multiple_of(3) => {
            (citizen(n), withdraw())
        }
        (StageName::Received, 5..=6) => by(Role::Intake, screen()),
        (StageName::Received, 7) => by(
            Role::Intake,
            Command::AskCitizen {
                question: Text::from("是哪个村"),
            },
        ),
        (StageName::Received, 8) => by(
            Role::Intake,
            Command::Assign {
                unit: "water".parse().unwrap(),
                owner: "the-owner".parse().unwrap(),
                co_handlers: vec![NewPart {
                    unit: "road".parse().unwrap(),
                    owner: "the-co_handler".parse().unwrap(),
                }],
            },
        ),
        (StageName::Received, _) => by(Role::Intake, assign()),
        (StageName::Assigned | StageName::Returned, 5) => by(Role::Owner, update()),
        (StageName::Assigned | StageName::Returned, 6) => {
            let mut other = actor(Role::CoHandler);
            other.unit = Some("road".parse().unwrap());
            (
                other,
                Command::CoReply {
                    text: Text::from("水管已修"),
                },
            )
        }
        (StageName::Assigned | StageName::Returned, 7) => by(
            Role::Owner,
            Command::AskExtension {
                clock: ClockKind::Reply,
                span: duly::time::Span::WorkingDays(3),
                reason: Text::from("需要检测"),
            },
        ),
        (StageName::Assigned | StageName::Returned, 8) => by(
            Role::Leader,
            Command::GrantExtension {
                clock: ClockKind::Reply,
                told: Text::from("延期至下周"),
            },
        ),
        (StageName::Assigned | StageName::Returned, _) => by(Role::Owner, reply()),
        (StageName::Replied, 0..=3) => by(
            Role::Reviewer,
            Command::Review(Review {
                return_for: Some(ReturnFor {
                    ground: "调查不清楚".into(),
                    mend: Text::from("写明时间"),
                }),
                ..Review::default()
            }),
        ),
        (StageName::Replied, _) => by(Role::Reviewer, Command::Review(Review::default())),
        (StageName::Reviewed, 0..=3) => by(Role::Intake, reached(level)),
        (StageName::Reviewed, 5..=6) => rated(),
        (StageName::Reviewed, _) => by(Role::Supervisor, solved()),
        (StageName::Closed, 0..=2) => rated(),
        (StageName::Closed, 3) => (
            citizen(n),
            Command::Reopen {
                ground: "新的事实".into(),
                reason: Text::from("又坏了"),
            },
        ),
        (StageName::Closed, _) => by(Role::System, Command::Tick {}),
    }
}

/// A group after its acts, and how late it is.
type Played = (Group<Arc<Around<MemoryLedger>>>, i64);

/// Plays the acts. Where a process dies, what it left is done by a tick at once, or after several more acts.
fn played(
    (size, acts): &(usize, Vec<Act>),
    crashes: bool,
    late: bool,
) -> Result<Played, TestCaseError> {
    let ledger = Crashing::new();
    let group = Group::new(Arc::clone(&ledger.ledger), *size);
    let mut minutes = 3_000;
    for (k, act) in acts.iter().enumerate() {
        minutes += act.gap;
        let of = act.of % size;
        ledger.dies(crashes && act.dies);
        let (by, command) = chosen(&group.case(of), *size, act);
        let _ = group.go(of, by, minutes, command);
        if !late || k % 5 == 4 {
            ledger.dies(false);
            let _ = group.desk.advance(at(minutes)).unwrap();
            linked(&group, *size)?;
            for n in 0..*size {
                let one = group.case(n);
                prop_assert!(one.is_closed() || one.next_alarm() > Some(at(minutes)));
            }
        }
        if act.what.is_multiple_of(3) {
            group.deliver(usize::from(act.pick) % size, minutes);
        }
    }
    ledger.dies(false);
    let _ = group.desk.advance(at(minutes)).unwrap();
    Ok((group, minutes))
}

/// Whoever is left handles what is left, until every case is closed.
fn finished<L: Ledger>(group: &Group<L>, size: usize, mut minutes: i64) -> bool {
    for _ in 0..60 {
        for n in 0..size {
            group.deliver(n, minutes);
            let one = group.case(n);
            if one.is_closed() || one.follows().is_some() {
                continue;
            }
            let tries: Vec<(Actor, Command)> = match one.stage_name() {
                StageName::Received => vec![
                    (actor(Role::Intake), screen()),
                    (actor(Role::Intake), assign()),
                ],
                StageName::Assigned | StageName::Returned => {
                    let mut other = actor(Role::CoHandler);
                    other.unit = Some("road".parse().unwrap());
                    let text = Text::from("水管已修");
                    vec![
                        (other, Command::CoReply { text }),
                        (actor(Role::Owner), reply()),
                    ]
                }
                StageName::Replied => {
                    vec![(actor(Role::Reviewer), Command::Review(Review::default()))]
                }
                StageName::Reviewed => vec![
                    (actor(Role::Intake), reached(Level::Satisfied)),
                    (citizen(n), rate(Level::Satisfied)),
                    (actor(Role::Supervisor), solved()),
                ],
                StageName::Closed => vec![],
            };
            for (by, command) in tries {
                minutes += 1;
                let _ = group.go(n, by, minutes, command);
            }
        }
        if (0..size).all(|n| group.case(n).is_closed()) {
            return true;
        }
    }
    false
}

/// How a case's own citizen was answered, after it was last opened.
fn is_answered(records: &[Record]) -> bool {
    let opened = records
        .iter()
        .rposition(|it| matches!(it.event, Event::Opened { .. } | Event::Reopened { .. }));
    records[opened.unwrap_or(0)..].iter().any(|it| {
        matches!(
            &it.event,
            Event::Published { .. }
                | Event::Declined { .. }
                | Event::Withdrawn { .. }
                | Event::Relayed {
                    news: News::Answer { .. },
                    ..
                }
        )
    })
}

proptest! {
    #![proptest_config(config(60))]

    // Whatever becomes of a group, in whatever order, with whatever processes that die: every link is whole, every open case has an
    // alarm, no clock is moved later by merging, and every citizen has an answer in the end.
    #[test]
    fn a26_every_citizen_of_a_random_group_is_answered(acts in acts()) {
        let (group, minutes) = played(&acts, true, false)?;
        let all = finished(&group, acts.0, minutes + 1);
        prop_assert!(all, "a case is left open");
        for n in 0..acts.0 {
            let records = group.records(n);
            lawful(&records)?;
            prop_assert!(is_answered(&records), "{} was closed unanswered", name(n));
        }
        group.desk.verify().unwrap();
    }

    // What dead processes left, done late: the laws hold all the same.
    #[test]
    fn a26_links_that_come_late_keep_the_laws(acts in acts()) {
        let (group, minutes) = played(&acts, true, true)?;
        linked(&group, acts.0)?;
        prop_assert!(finished(&group, acts.0, minutes + 1), "a case is left open");
        for n in 0..acts.0 {
            lawful(&group.records(n))?;
        }
    }

    // A process that dies before anything else happens changes nothing: the ledger is, record for record, the one of a process that
    // did not.
    #[test]
    fn a26_dying_between_changes_nothing(acts in acts()) {
        let (died, _) = played(&acts, true, false)?;
        let (lived, _) = played(&acts, false, false)?;
        for n in 0..acts.0 {
            prop_assert_eq!(died.records(n), lived.records(n));
        }
    }
}

// The random groups are not shallow: they merge, part, are told and end in every way.
#[test]
fn random_groups_reach_every_way_of_parting_and_ending() {
    use proptest::strategy::ValueTree;
    use proptest::test_runner::TestRunner;
    let mut runner = TestRunner::new(config(60));
    let mut seen = std::collections::BTreeSet::new();
    for _ in 0..60 {
        let acts = acts().new_tree(&mut runner).unwrap().current();
        let (group, minutes) = played(&acts, true, false).unwrap();
        finished(&group, acts.0, minutes + 1);
        for record in (0..acts.0).flat_map(|n| group.records(n)) {
            match &record.event {
                Event::Unmerged { why, .. } => drop(seen.insert(format!("{why:?}"))),
                Event::StruckOff { outcome, .. } => drop(seen.insert(outcome.to_string())),
                Event::Relayed { news, .. } => {
                    let name = format!("{news:?}");
                    let end = name.find(' ').unwrap_or(name.len());
                    seen.insert(name[..end].to_owned());
                }
                Event::ClockProjected { why, .. } => drop(seen.insert(format!("due {why:?}"))),
                _ => {}
            }
        }
    }
    for wanted in [
        "Undone",
        "Withdrawn",
        "Declined",
        "Unsatisfied",
        "Reopened",
        "merged",
        "solved",
        "Answer",
        "Ended",
        "Retracted",
        "Progress",
        "due Joined",
        "due Unmerged",
    ] {
        assert!(seen.contains(wanted), "never: {wanted}; seen: {seen:?}");
    }
}
