//! 并案 across channels: cases that are merged are linked by the desk, and every citizen of a group is answered.

mod answers;
mod chance;
mod failures;
mod partings;
mod struck_off;

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use duly::case::Case;
use duly::desk::rows::Shelf;
use duly::desk::{Answer, Cursor, Desk, DeskError, Flaw, Ledger, MemoryLedger, SqliteLedger};
use duly::plan::{Decision, DeclineRule, Diagram, Plans, bare};
use duly::words::*;
use proptest::prelude::*;

use super::around::{Around, Asks};
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
