//! Who is told what: of everything that tells somebody, the whole list of what goes out, in its order; and of what tells nobody, that
//! it does not.

use duly::plan::{Count, CountRule, On, Plan, Provenance, Rung, SignalRule};
use duly::time::{DayTable, Moment, Span};
use duly::words::*;

use crate::clocks::{
    Play, answer, ask, assign, at, correct, delivered, grant, joint, plan, within,
};
use crate::counted::{elsewhere, law, review, screen, takes_over};
use crate::office::wall;
use crate::situations::{called, relay, strike_off, unmerge};
use crate::stands::jointly;
use crate::taken::standing;
use crate::world::open;

// ── in a line each ────────────────────────────────────────────────────────────────────────────────────────────────

/// What the last command sent out.
fn out(play: &Play) -> Vec<String> {
    play.told.iter().map(|it| line(&it.effect)).collect()
}

fn line(effect: &Effect) -> String {
    match effect {
        Effect::Tell { citizen, what } => {
            let citizen = citizen.as_ref().map_or("-", PersonId::as_str);
            format!("tell {citizen}: {}", telling(what))
        }
        Effect::Publish { texts } => format!("publish {}", texts.len()),
        Effect::Retract => "retract".to_owned(),
        Effect::Notify { to, what } => {
            let unit = to.unit.as_ref().map_or("-", UnitId::as_str);
            let person = to.person.as_ref().map_or("-", PersonId::as_str);
            let (post, place) = (&to.post, &to.place);
            format!("{post}@{place} {unit} {person}: {}", notice(what))
        }
        Effect::Erase { fields } => format!("erase {}", fields.len()),
        Effect::Link { to, what } => format!("link {to}: {}", link(what)),
    }
}

fn moment(due: Option<Moment>) -> String {
    due.map_or_else(|| "-".to_owned(), wall)
}

fn telling(what: &Telling) -> String {
    match what {
        Telling::Received => "received".to_owned(),
        Telling::Question { .. } => "question".to_owned(),
        Telling::Assigned { unit, due } => format!("assigned {unit} {}", moment(*due)),
        Telling::Progress { .. } => "progress".to_owned(),
        Telling::Extended { due, .. } => format!("extended {}", moment(*due)),
        Telling::Answer { texts } => format!("answer {}", texts.len()),
        Telling::Declined { .. } => "declined".to_owned(),
        Telling::Merged { into } => format!("merged {into}"),
        Telling::Unmerged { from } => format!("unmerged {from}"),
        Telling::Retracted => "retracted".to_owned(),
        Telling::StruckOff => "struck off".to_owned(),
        Telling::Reopened => "reopened".to_owned(),
        Telling::Withdrawn => "withdrawn".to_owned(),
        Telling::Notice { words } => format!("notice {words}"),
    }
}

fn notice(what: &Notice) -> String {
    match what {
        Notice::Assigned => "assigned".to_owned(),
        Notice::Objected => "objected".to_owned(),
        Notice::ToReview => "to review".to_owned(),
        Notice::Returned => "returned".to_owned(),
        Notice::PartReplied => "part replied".to_owned(),
        Notice::PartBack { sub } => format!("back {sub}"),
        Notice::PartQuestion { sub, .. } => format!("asks {sub}"),
        Notice::PartAsked { due } => format!("asked {}", moment(*due)),
        Notice::CalledOff => "called off".to_owned(),
        Notice::SignalAgain { number } => format!("signal {number}"),
        Notice::Directed => "directed".to_owned(),
        Notice::Rung { clock, verb, title } => format!("rung {clock} {verb:?} {title}"),
        Notice::Overdue { clock, occurrence } => format!("overdue {clock} {occurrence}"),
        Notice::ExtensionLapsed { clock } => format!("lapsed {clock}"),
        Notice::Corrected { entry } => format!("corrected {entry}"),
        Notice::Infeasible { clock } => format!("infeasible {clock}"),
        Notice::Informed { title, .. } => format!("informed {title}"),
        Notice::Count {
            count,
            number,
            verb,
        } => format!("{count} {number} {verb:?}"),
    }
}

fn link(what: &Link) -> String {
    match what {
        Link::Join {
            received,
            whole_due,
            reply_due,
            tracked,
        } => {
            let (whole, reply) = (moment(*whole_due), moment(*reply_due));
            let tracked = if *tracked { " tracked" } else { "" };
            format!("join {} {whole} {reply}{tracked}", wall(*received))
        }
        Link::Leave => "leave".to_owned(),
        Link::Relay { news } => format!("relay {}", said(news)),
        Link::Release { why } => format!("release {why:?}"),
        Link::Begin { key, due, apart } => {
            let apart: Vec<&str> = apart.iter().map(PersonId::as_str).collect();
            format!("begin {key} {} {}", moment(*due), apart.join(","))
        }
        Link::Want { due } => format!("want {}", wall(*due)),
        Link::CallOff { why } => format!("call off {why:?}"),
        Link::Hear { news, handlers } => {
            let by: Vec<&str> = handlers.iter().map(PersonId::as_str).collect();
            format!("hear {} by {}", said(news), by.join(","))
        }
        other => panic!("{other:?}"),
    }
}

fn said(news: &News<TextRef>) -> String {
    match news {
        News::Progress { .. } => "progress".to_owned(),
        News::Extended { due, .. } => format!("extended {}", moment(*due)),
        News::Answer { texts } => format!("answer {}", texts.len()),
        News::Retracted => "retracted".to_owned(),
        News::Ended { outcome } => format!("ended {outcome:?}"),
        News::Reopened => "reopened".to_owned(),
        News::NotOpened => "not opened".to_owned(),
        News::Question { of, .. } => {
            format!("question {}", of.as_ref().map_or("-", CaseId::as_str))
        }
        other => panic!("{other:?}"),
    }
}

/// Somebody does something, and this is all that goes out.
#[track_caller]
fn tells(play: &mut Play, by: &str, when: &str, command: Command, expected: &[&str]) {
    let name = command.name();
    play.does(by, when, command);
    assert_eq!(out(play), expected, "{name} at {when}");
}

// ── commands ──────────────────────────────────────────────────────────────────────────────────────────────────────

fn count(count: Count, number: u32, acts: &[(Verb, &str)]) -> CountRule {
    let acts = acts.iter().map(|(verb, post)| (*verb, (*post).to_owned()));
    CountRule {
        rule: RuleId::new(format!("count.{number}")),
        count,
        at: number,
        acts: acts.collect(),
    }
}

fn transfer(unit: &str, owner: &str) -> Command {
    Command::Transfer {
        unit: unit.parse().unwrap(),
        owner: owner.parse().unwrap(),
        reason: Text::from("按职责"),
    }
}

fn update() -> Command {
    Command::Update {
        text: Text::from("正在施工"),
    }
}

pub fn reopen() -> Command {
    Command::Reopen {
        ground: "新的事实".into(),
        reason: Text::from("又坏了"),
    }
}

pub fn withdraw() -> Command {
    Command::Withdraw {
        evidence: Text::from("不用了"),
    }
}

fn direct() -> Command {
    Command::Direct {
        words: Text::from("请限期办结"),
        within: None,
        track: true,
        lead: None,
    }
}

pub fn declines() -> Command {
    Command::Decline {
        ground: DeclineGround::OutOfScope,
        told: Text::from("请向法院反映"),
        facts: Facts::new(),
    }
}

pub fn merge() -> Command {
    Command::Merge {
        into: "d".parse().unwrap(),
    }
}

fn join(follower: &str, whole_due: &str) -> Command {
    Command::Join {
        follower: follower.parse().unwrap(),
        received: at("02-27 09:00"),
        whole_due: Some(at(whole_due)),
        reply_due: None,
        tracked: false,
    }
}

pub fn hear(sub: &str, news: News<Text>) -> Command {
    Command::Hear {
        sub: sub.parse().unwrap(),
        news,
        handlers: Default::default(),
    }
}

pub const fn ended<T>(outcome: Outcome) -> News<T> {
    News::Ended { outcome }
}

fn question(of: Option<&str>) -> News<Text> {
    News::Question {
        text: Text::from("户口本在谁手里"),
        of: of.map(|it| it.parse().unwrap()),
    }
}

const OWNER: &str = "owner-1 owner";
const INTAKE: &str = "intake-1 intake";
const REVIEWER: &str = "reviewer-1 reviewer";
const SUPERVISOR: &str = "supervisor-1 supervisor";
const CITIZEN: &str = "citizen citizen";
const SYSTEM: &str = "system system";

// ── stories ───────────────────────────────────────────────────────────────────────────────────────────────────────

// What is counted names a case for the bulletin where its rule says so, and whatever else a rule does names none.
#[test]
fn what_is_counted_names_a_case_where_its_rule_says_so() {
    for (act, named) in [
        ((Verb::NameIn, "leader"), true),
        ((Verb::Warn, "unit_head"), false),
    ] {
        let mut rules = plan();
        rules.counts = vec![count(Count::Returns, 1, &[act])];
        let mut play = Play::assigned(rules);
        play.does(OWNER, "03-03 09:00", answer());
        assert!(!play.case().is_named());
        play.does(REVIEWER, "03-03 10:00", review(true));
        assert_eq!(play.case().is_named(), named, "{act:?}");
    }
}

// While it is handed round: whoever has it now is told so, by name, and nobody else; whoever said "not ours" is told to intake; what is
// counted is told to those whom the pack names, but for the bulletin, which names by itself; the citizen hears once who has it and until when.
#[test]
fn whoever_gets_it_is_told_by_name() {
    let mut rules = plan();
    let acts = [(Verb::Warn, "unit_head"), (Verb::NameIn, "leader")];
    rules.counts = vec![count(Count::Bounces, 1, &acts)];
    let mut play = Play::new(rules);
    let it = &mut play;
    let received = ["tell citizen: received"];
    tells(it, CITIZEN, "03-02 09:00", open(true, false), &received);
    tells(it, INTAKE, "03-02 09:30", screen(), &[]);
    let given = [
        "owner@632521 住建局 owner-1: assigned",
        "tell citizen: assigned 住建局 03-16 18:00",
    ];
    let to = assign("住建局", "owner-1");
    tells(it, INTAKE, "03-02 10:00", to, &given);
    let below = Command::SubAssign {
        unit: "镇政府".parse().unwrap(),
        owner: "below-1".parse().unwrap(),
    };
    let told = ["owner@632521 镇政府 below-1: assigned"];
    tells(it, INTAKE, "03-02 11:00", below, &told);
    let object = Command::Object {
        reason: Text::from("不属于本单位"),
        should_be: Some("交通局".parse().unwrap()),
    };
    let told = ["intake@632521 - -: objected"];
    tells(it, OWNER, "03-02 12:00", object, &told);
    assert!(!it.case().is_named());
    let rule = Command::Rule {
        unit: "交通局".parse().unwrap(),
        owner: "owner-2".parse().unwrap(),
        reason: Text::from("属于交通局"),
    };
    let told = [
        "owner@632521 交通局 owner-2: assigned",
        "unit_head@632521 交通局 -: bounces 1 Warn",
    ];
    tells(it, INTAKE, "03-02 14:00", rule, &told);
    assert!(it.case().is_named());
    let hand_over = Command::HandOver {
        to: "owner-3".parse().unwrap(),
        unit: None,
        reason: Text::from("调离"),
    };
    let told = ["owner@632521 交通局 owner-3: assigned"];
    tells(it, INTAKE, "03-02 15:00", hand_over, &told);
    let told = ["owner@632521 住建局 owner-1: assigned"];
    let back = transfer("住建局", "owner-1");
    tells(it, INTAKE, "03-02 16:00", back, &told);
}

// Co-handlers are told by name too, and the lead when a part is there.
#[test]
fn co_handlers_are_told_and_the_lead_hears_of_their_parts() {
    let mut play = joint(&[("水利局", "co-1")]);
    let given = [
        "owner@632521 住建局 owner-1: assigned",
        "co_handler@632521 水利局 co-1: assigned",
        "tell citizen: assigned 住建局 03-16 18:00",
    ];
    assert_eq!(out(&play), given);
    let text = Text::from("水管已修好");
    let told = ["owner@632521 住建局 owner-1: part replied"];
    let part = Command::CoReply { text };
    tells(&mut play, "co-1 co_handler", "03-03 10:00", part, &told);
}

// From the first word on how far it is until it is struck off, and opened again: what the citizen hears, what is published and taken down, and
// whom in the office it concerns.
#[test]
fn what_goes_out_while_it_is_answered() {
    let mut rules = plan();
    let acts = [(Verb::Supervise, "supervisor"), (Verb::Summon, "unit_head")];
    rules.counts = vec![count(Count::Returns, 2, &acts)];
    let mut play = Play::assigned(rules);
    let it = &mut play;
    let progress = ["tell citizen: progress"];
    tells(it, OWNER, "03-03 09:00", update(), &progress);
    let words = it.told[0].effect.texts().to_vec();
    tells(it, OWNER, "03-03 10:00", ask(5), &[]);
    let extended = ["tell citizen: extended 03-23 18:00"];
    tells(it, SUPERVISOR, "03-03 11:00", grant(), &extended);
    let granted = it.version(|event| matches!(event, Event::ExtensionGranted { .. }));
    tells(it, SYSTEM, "03-03 12:00", delivered(granted), &[]);

    let review_it = ["reviewer@632521 - -: to review"];
    tells(it, OWNER, "03-04 09:00", answer(), &review_it);
    let entry = it.version(|event| matches!(event, Event::Replied { .. }));
    let words_only = Command::Correct {
        version: entry,
        text: Text::from("应为三月二十一日"),
        took_effect: None,
    };
    tells(it, SUPERVISOR, "03-04 09:30", words_only, &[]);
    let corrected = [
        format!("owner@632521 住建局 owner-1: corrected {entry}"),
        format!("supervisor@632521 - -: corrected {entry}"),
    ];
    it.does(SUPERVISOR, "03-04 10:00", correct(entry, at("03-03 17:00")));
    assert_eq!(out(it), corrected);
    let returned = [
        "owner@632521 住建局 owner-1: returned",
        "unit_head@632521 住建局 -: returned",
    ];
    tells(it, REVIEWER, "03-04 11:00", review(true), &returned);

    tells(it, OWNER, "03-05 09:00", answer(), &review_it);
    let published = ["publish 1", "tell citizen: answer 1"];
    tells(it, REVIEWER, "03-05 10:00", review(false), &published);
    assert!(!it.case().is_tracked());
    let displeased = called(Some(Level::Unsatisfied));
    let taken_down = [
        "owner@632521 住建局 owner-1: returned",
        "unit_head@632521 住建局 -: returned",
        "retract",
        "tell citizen: retracted",
        "supervisor@632521 - -: returns 2 Supervise",
        "unit_head@632521 住建局 -: returns 2 Summon",
    ];
    tells(it, INTAKE, "03-05 11:00", displeased, &taken_down);
    assert!(it.case().is_tracked(), "handed to supervision");

    tells(it, OWNER, "03-06 09:00", answer(), &review_it);
    tells(it, REVIEWER, "03-06 10:00", review(false), &published);
    let satisfied = called(Some(Level::Satisfied));
    tells(it, INTAKE, "03-06 11:00", satisfied, &[]);
    let off = ["tell citizen: struck off"];
    let strike = strike_off(Outcome::Solved);
    tells(it, SUPERVISOR, "03-06 12:00", strike, &off);
    // What stood published stands no more, and the citizen knows why; who has it again, and until when.
    it.does(CITIZEN, "03-09 09:00", reopen());
    let due = it.clock(ClockKind::Reply).schedule.promised_due;
    let again = [
        "tell citizen: reopened".to_owned(),
        "retract".to_owned(),
        format!("tell citizen: assigned 住建局 {}", wall(due)),
    ];
    assert_eq!(out(it), again);
    let directed = [
        "owner@632521 住建局 owner-1: directed",
        "supervisor@632521 - -: directed",
    ];
    tells(it, "leader-1 leader", "03-09 10:00", direct(), &directed);
    let redact = Command::Redact {
        fields: words,
        basis: "本人要求".into(),
    };
    tells(it, SUPERVISOR, "03-09 11:00", redact, &["erase 1"]);
    let gone = ["tell citizen: withdrawn"];
    tells(it, CITIZEN, "03-09 12:00", withdraw(), &gone);
}

// What comes of its own with time: a rung tells whom it names, each with what is done, and whoever is named in the bulletin nothing; after the
// ladder supervision hears that it is overdue. A breach alone tells nobody.
#[test]
fn rungs_and_overdue_clocks_tell_those_whom_they_name() {
    let mut rules = plan();
    let acts = [
        (Verb::Warn, "unit_head"),
        (Verb::NameIn, "leader"),
        (Verb::Copy, "intake"),
    ];
    let due = Rung {
        key: "due".into(),
        on: On::At,
        title: "黄".into(),
        acts: acts.map(|(verb, post)| (verb, post.to_owned())).to_vec(),
        when: None,
        at_once: false,
    };
    let mut clocks = rules.clocks.iter_mut();
    let reply = clocks.find(|it| it.kind == ClockKind::Reply).unwrap();
    reply.rungs = vec![due];
    let mut play = Play::assigned(rules);
    let tick = || Command::Tick {};
    tells(&mut play, SYSTEM, "03-16 17:59", tick(), &[]);
    let rung = [
        "unit_head@632521 住建局 -: rung reply/1 Warn 黄",
        "intake@632521 - -: rung reply/1 Copy 黄",
    ];
    tells(&mut play, SYSTEM, "03-17 09:00", tick(), &rung);
    assert!(play.case().is_named());
    let overdue = ["supervisor@632521 - -: overdue reply/1 1"];
    tells(&mut play, SYSTEM, "03-24 09:00", tick(), &overdue);
}

// What is not accepted is told when the second person says so; whoever follows it goes on alone.
#[test]
fn what_is_declined_is_told_and_lets_go_whoever_follows() {
    let mut play = Play::new(law(ClockMark::Assigned, ClockMark::Replied));
    play.does(CITIZEN, "03-02 09:00", open(true, false));
    let asked = Command::AskCitizen {
        question: Text::from("是哪个村"),
    };
    let told = ["tell citizen: question"];
    tells(&mut play, INTAKE, "03-02 10:00", asked, &told);
    let answer = Text::from("次汗素村");
    let supplement = Command::Supplement { answer };
    tells(&mut play, CITIZEN, "03-02 11:00", supplement, &[]);
    let followed = join("x", "04-20 18:00");
    tells(&mut play, SYSTEM, "03-02 12:00", followed, &[]);
    tells(&mut play, INTAKE, "03-02 14:00", declines(), &[]);
    let told = ["tell citizen: declined", "link x: release Declined"];
    tells(
        &mut play,
        "intake-3 intake",
        "03-02 15:00",
        declines(),
        &told,
    );
}

// Whoever follows a case hears what its citizen hears, once each and after them; whoever follows an answered one hears the answer at once, and
// whoever says their limits again does not hear it again.
#[test]
fn followers_hear_what_the_citizen_hears() {
    let mut play = Play::assigned(plan());
    let it = &mut play;
    tells(it, SYSTEM, "03-02 11:00", join("x", "04-20 18:00"), &[]);
    let told = ["tell citizen: progress", "link x: relay progress"];
    tells(it, OWNER, "03-03 09:00", update(), &told);
    it.does(OWNER, "03-03 10:00", ask(5));
    let told = [
        "tell citizen: extended 03-23 18:00",
        "link x: relay extended 03-23 18:00",
    ];
    tells(it, SUPERVISOR, "03-03 11:00", grant(), &told);
    it.does(OWNER, "03-04 09:00", answer());
    let told = [
        "publish 1",
        "tell citizen: answer 1",
        "link x: relay answer 1",
    ];
    tells(it, REVIEWER, "03-04 10:00", review(false), &told);
    let told = ["link y: relay answer 1"];
    tells(it, SYSTEM, "03-04 11:00", join("y", "04-21 18:00"), &told);
    tells(it, SYSTEM, "03-04 12:00", join("x", "04-17 18:00"), &[]);
    let displeased = called(Some(Level::Unsatisfied));
    let told = [
        "owner@632521 住建局 owner-1: returned",
        "unit_head@632521 住建局 -: returned",
        "retract",
        "tell citizen: retracted",
        "link x: relay retracted",
        "link y: relay retracted",
    ];
    tells(it, INTAKE, "03-04 14:00", displeased, &told);
    it.does(OWNER, "03-05 09:00", answer());
    it.does(REVIEWER, "03-05 10:00", review(false));
    it.does(INTAKE, "03-05 11:00", called(Some(Level::Satisfied)));
    let strike = strike_off(Outcome::Solved);
    let told = [
        "tell citizen: struck off",
        "link x: relay ended Solved",
        "link y: relay ended Solved",
    ];
    tells(it, SUPERVISOR, "03-05 12:00", strike, &told);
    it.does(CITIZEN, "03-06 09:00", reopen());
    let told = [
        "tell citizen: reopened",
        "retract",
        "link x: relay reopened",
        "link y: relay reopened",
    ];
    assert_eq!(out(it)[..4], told);
    let told = [
        "tell citizen: withdrawn",
        "link x: release Withdrawn",
        "link y: release Withdrawn",
    ];
    tells(it, CITIZEN, "03-06 10:00", withdraw(), &told);
}

/// With a notice of receipt that is supervised when it is due.
fn acknowledged() -> Plan {
    let mut rules = plan();
    let mut like = rules.clock(ClockKind::Screen).unwrap().clone();
    like.kind = ClockKind::Acknowledge;
    like.starts = like.kind.starts();
    like.stops = like.kind.stops().to_vec();
    like.rungs = vec![Rung {
        key: "due".into(),
        on: On::At,
        title: "告知".into(),
        acts: vec![(Verb::Supervise, "supervisor".to_owned())],
        when: None,
        at_once: false,
    }];
    rules.clocks.push(like);
    rules
}

// A case that follows another one says when it was due; said again is what becomes earlier or later of its whole, and of no other limit, and
// that it is tracked by now. Its own citizen hears what it is told of the other one.
#[test]
fn a_follower_says_what_its_survivor_must_know() {
    let mut play = Play::assigned(acknowledged());
    let it = &mut play;
    let told = [
        "tell citizen: merged d",
        "link d: join 03-02 09:00 05-06 18:00 03-16 18:00",
    ];
    tells(it, INTAKE, "03-02 11:00", merge(), &told);
    // The day on which its sixty days end is made a holiday.
    let mut notice = DayTable::cn();
    notice.revision = "2026-03-03".into();
    let holiday = "2026-05-06".parse().unwrap();
    notice.closed.insert(holiday, "州庆".into());
    it.plans.revise(notice).unwrap();
    let adopt = Command::AdoptCalendar {};
    let told = ["link d: join 03-02 09:00 05-07 18:00 -"];
    tells(it, SYSTEM, "03-03 10:00", adopt, &told);
    let told = [
        "supervisor@632521 - -: rung acknowledge/1 Supervise 告知",
        "link d: join 03-02 09:00 - - tracked",
    ];
    tells(it, SYSTEM, "03-04 09:00", Command::Tick {}, &told);

    let progress = relay(News::Progress {
        text: Text::from("正在施工"),
    });
    let told = ["tell citizen: progress"];
    tells(it, SYSTEM, "03-04 10:00", progress, &told);
    let extended = relay(News::Extended {
        text: Text::from("延至下周"),
        due: Some(at("03-23 18:00")),
    });
    let told = ["tell citizen: extended 03-23 18:00"];
    tells(it, SYSTEM, "03-04 11:00", extended, &told);
    let answer = relay(News::Answer {
        texts: vec!["已修好".into(), "已清理".into()],
    });
    let told = ["tell citizen: answer 2"];
    tells(it, SYSTEM, "03-04 12:00", answer, &told);
    let told = ["tell citizen: retracted"];
    let retracted = relay(News::Retracted);
    tells(it, SYSTEM, "03-04 14:00", retracted, &told);
    // What ends is told with what ends it: their own case is struck off once they have the answer.
    let over = relay(ended(Outcome::Solved));
    tells(it, SYSTEM, "03-04 15:00", over, &[]);
    // It answers again, and is told what it was not told while it did not.
    let told = [
        "tell citizen: reopened",
        "link d: join 03-02 09:00 05-07 18:00 - tracked",
    ];
    let reopened = relay(News::Reopened);
    tells(it, SYSTEM, "03-04 16:00", reopened, &told);
    let told = ["tell citizen: unmerged d", "link d: leave"];
    tells(it, INTAKE, "03-04 17:00", unmerge(), &told);

    // Struck off with it once they have its answer, a case says nothing more of its own limits.
    let mut play = Play::assigned(plan());
    let it = &mut play;
    it.does(INTAKE, "03-02 11:00", merge());
    let answer = relay(News::Answer {
        texts: vec!["已修好".into()],
    });
    let told = ["tell citizen: answer 1"];
    tells(it, SYSTEM, "03-03 09:00", answer, &told);
    let relayed = it.version(|event| matches!(event, Event::Relayed { .. }));
    tells(it, SYSTEM, "03-03 10:00", delivered(relayed), &[]);
    let told = ["tell citizen: struck off"];
    let over = relay(ended(Outcome::Solved));
    tells(it, SYSTEM, "03-03 11:00", over, &told);
    let told = ["tell citizen: reopened"];
    let reopened = relay(News::Reopened);
    tells(it, SYSTEM, "03-03 12:00", reopened, &told);

    let mut play = Play::assigned(plan());
    play.does(INTAKE, "03-02 11:00", merge());
    let told = ["tell citizen: withdrawn", "link d: leave"];
    tells(&mut play, CITIZEN, "03-02 12:00", withdraw(), &told);
}

pub fn part(key: &str, after: &[&str], optional: bool, days: Option<u32>) -> NewSub {
    NewSub {
        key: key.parse().unwrap(),
        task: Some("核实户籍".into()),
        cites: None,
        place: None,
        party: None,
        after: after.iter().map(|key| key.parse().unwrap()).collect(),
        within: days.map(Span::WorkingDays),
        optional,
        facts: Facts::new(),
    }
}

// Whoever answers for the whole hears what its parts have to say: an answer, a question, and that one is back, which supervision hears too.
// The parts hear when they begin, until when they are wanted, and that they are not needed.
#[test]
fn a_divided_case_and_its_parts_tell_each_other() {
    let mut play = Play::assigned(plan());
    let it = &mut play;
    let divide = Command::Divide {
        bundle: None,
        subs: vec![
            part("birth", &[], false, Some(2)),
            part("card", &["birth"], false, None),
            part("photo", &[], true, Some(5)),
        ],
    };
    let told = [
        "link c.birth: begin birth 03-04 18:00 owner-1",
        "link c.photo: begin photo 03-09 18:00 owner-1",
    ];
    tells(it, OWNER, "03-02 11:00", divide, &told);
    let progress = hear(
        "c.birth",
        News::Progress {
            text: Text::from("已到现场"),
        },
    );
    tells(it, SYSTEM, "03-03 09:00", progress, &[]);
    let answered = hear(
        "c.birth",
        News::Answer {
            texts: vec!["户籍属实".into()],
        },
    );
    let told = ["owner@632521 住建局 owner-1: part replied"];
    tells(it, SYSTEM, "03-03 10:00", answered, &told);
    let asks = hear("c.birth", question(None));
    let told = ["owner@632521 住建局 owner-1: asks c.birth"];
    tells(it, SYSTEM, "03-03 11:00", asks, &told);
    let asks = hear("c.birth", question(Some("c.birth.x")));
    let told = ["owner@632521 住建局 owner-1: asks c.birth.x"];
    tells(it, SYSTEM, "03-03 12:00", asks, &told);
    let back = [
        "owner@632521 住建局 owner-1: back c.birth",
        "supervisor@632521 - -: back c.birth",
    ];
    let declined = hear("c.birth", ended(Outcome::Declined));
    tells(it, SYSTEM, "03-03 14:00", declined, &back);
    // Opened again it is wanted when the answer needs it: a working day before the sixteenth.
    let again = [back[0], back[1], "link c.birth: want 03-13 18:00"];
    let reopened = hear("c.birth", News::Reopened);
    tells(it, SYSTEM, "03-03 15:00", reopened, &again);
    let told = ["link c.card: begin card 03-13 18:00 owner-1"];
    let solved = hear("c.birth", ended(Outcome::Solved));
    tells(it, SYSTEM, "03-03 16:00", solved, &told);
    let told = [
        "owner@632521 住建局 owner-1: back c.card",
        "supervisor@632521 - -: back c.card",
    ];
    let not_opened = hear("c.card", News::NotOpened);
    tells(it, SYSTEM, "03-03 17:00", not_opened, &told);
    let drop = Command::DropSub {
        sub: "card".parse().unwrap(),
        reason: Text::from("不再需要"),
    };
    let told = ["link c.card: call off Dropped"];
    tells(it, SUPERVISOR, "03-04 09:00", drop, &told);
    // Struck off without the photo: nobody has it any more, so that what the photo asks goes to intake and supervision, and its end to nobody.
    it.does(OWNER, "03-04 10:00", answer());
    it.does(REVIEWER, "03-04 11:00", review(false));
    it.does(INTAKE, "03-04 12:00", called(Some(Level::Satisfied)));
    it.does(SUPERVISOR, "03-04 14:00", strike_off(Outcome::Solved));
    let asks = hear("c.photo", question(None));
    let told = [
        "intake@632521 - -: asks c.photo",
        "supervisor@632521 - -: asks c.photo",
    ];
    tells(it, SYSTEM, "03-04 15:00", asks, &told);
    let declined = hear("c.photo", ended(Outcome::Declined));
    tells(it, SYSTEM, "03-04 16:00", declined, &[]);
}

// The citizen withdraws: the parts that are handled are called off, and those that have not begun have nothing to hear.
#[test]
fn what_is_withdrawn_calls_off_the_parts_that_are_handled() {
    let mut play = Play::assigned(plan());
    let divide = Command::Divide {
        bundle: None,
        subs: vec![
            part("birth", &[], false, Some(2)),
            part("card", &["birth"], false, None),
        ],
    };
    play.does(OWNER, "03-02 11:00", divide);
    let told = [
        "tell citizen: withdrawn",
        "link c.birth: call off MainWithdrawn",
    ];
    tells(&mut play, CITIZEN, "03-02 12:00", withdraw(), &told);
}

/// A part of the case `main`, asked of an office of another jurisdiction.
fn of_a_party() -> Command {
    Command::OpenSub(Box::new(SubAsked {
        main: MainCase {
            case: "main".parse().unwrap(),
            key: "birth".parse().unwrap(),
            due: Some(at("03-13 18:00")),
            party: Some(Party {
                place: "6224".parse().unwrap(),
                unit: "某县民政局".parse().unwrap(),
            }),
            apart: Default::default(),
        },
        place: "632521".parse().unwrap(),
        task: "核实户籍".into(),
        facts: Facts::new(),
    }))
}

fn call_off() -> Command {
    Command::CallOff {
        main: "main".parse().unwrap(),
        why: OffWhy::Dropped,
    }
}

/// Screened and given to 住建局.
fn given(play: &mut Play) {
    play.does(INTAKE, "03-02 10:00", screen());
    let told = ["owner@632521 住建局 owner-1: assigned"];
    let to = assign("住建局", "owner-1");
    tells(play, INTAKE, "03-02 11:00", to, &told);
}

// A part tells no citizen anything: what it has to say goes to the case that it is a part of, with who has handled it; the office of another
// jurisdiction hears what is asked of it and until when, and that it is asked no more.
#[test]
fn a_part_speaks_to_its_main_case_alone() {
    let asked = || {
        let mut play = Play::new(plan());
        let told = ["party@6224 某县民政局 -: asked 03-13 18:00"];
        tells(&mut play, SYSTEM, "03-02 09:00", of_a_party(), &told);
        play
    };
    let mut play = asked();
    let it = &mut play;
    let want = Command::Want {
        main: "main".parse().unwrap(),
        due: at("03-12 18:00"),
    };
    let told = ["party@6224 某县民政局 -: asked 03-12 18:00"];
    tells(it, SYSTEM, "03-02 09:30", want, &told);
    given(it);
    let told = ["link main: hear progress by owner-1"];
    tells(it, OWNER, "03-02 12:00", update(), &told);
    it.does(OWNER, "03-03 09:00", answer());
    let told = ["link main: hear answer 1 by owner-1"];
    tells(it, REVIEWER, "03-03 10:00", review(false), &told);
    let recheck = Command::Recheck {
        passed: true,
        evidence: Text::from("到现场看过"),
        findings: Default::default(),
        return_for: None,
    };
    tells(it, "reviewer-2 reviewer", "03-03 11:00", recheck, &[]);
    let told = ["link main: hear ended Solved by owner-1"];
    let strike = strike_off(Outcome::Solved);
    tells(it, SUPERVISOR, "03-03 12:00", strike, &told);
    // Who has answered is asked no more, and nobody is told of that.
    tells(it, SYSTEM, "03-03 14:00", call_off(), &[]);

    let mut play = asked();
    given(&mut play);
    let told = [
        "owner@632521 住建局 owner-1: called off",
        "party@6224 某县民政局 -: called off",
        "link main: hear ended Withdrawn by owner-1",
    ];
    tells(&mut play, SYSTEM, "03-03 09:00", call_off(), &told);

    let mut play = asked();
    let ask_citizen = Command::AskCitizen {
        question: Text::from("户口本在谁手里"),
    };
    let told = ["link main: hear question - by "];
    tells(&mut play, INTAKE, "03-02 10:00", ask_citizen, &told);
}

// 预警: what opened by a signal tells nobody; when the signal comes again whoever has it hears for what time, and before anybody has it intake
// does. Its answer is nobody's to read.
#[test]
fn a_signal_that_comes_again_is_told_to_whoever_has_it() {
    let mut rules = plan();
    rules.signals = vec![SignalRule {
        name: "burden".into(),
        rule: RuleId::new("signal(burden)"),
        title: "医疗负担".into(),
        when: None,
        window: Span::CalendarDays(30),
        provenance: Provenance::Unsaid,
    }];
    let signal = || Command::Signal {
        of: SignalOf {
            indicator: "burden".into(),
            subject: "household-7".parse().unwrap(),
        },
        place: "632521".parse().unwrap(),
        words: Text::from("自付医疗费用过高"),
        facts: Facts::new(),
    };
    let mut play = Play::new(rules);
    let it = &mut play;
    tells(it, SYSTEM, "03-02 09:00", signal(), &[]);
    let told = ["intake@632521 - -: signal 2"];
    tells(it, SYSTEM, "03-02 09:30", signal(), &told);
    given(it);
    let told = ["owner@632521 住建局 owner-1: signal 3"];
    tells(it, SYSTEM, "03-02 12:00", signal(), &told);
    assert_eq!(it.case().signal().unwrap().times, 3);
    it.does(OWNER, "03-03 09:00", answer());
    tells(it, REVIEWER, "03-03 10:00", review(false), &[]);
}

// Of a case that is taken over whoever has it is told that it is here now; the citizen was told elsewhere.
#[test]
fn of_what_is_taken_over_the_citizen_hears_nothing_anew() {
    let mut rules = plan();
    within(ClockKind::Reply, Span::WorkingDays(20))(&mut rules);
    let mut play = Play::new(rules.clone());
    takes_over(&mut play, elsewhere()).unwrap();
    assert_eq!(out(&play), ["owner@632521 住建局 owner-1: assigned"]);
    // So is whoever does a part of what is to be done again.
    let mut play = Play::new(rules);
    let back = jointly(standing(ImportStage::Returned));
    takes_over(&mut play, back).unwrap();
    let given = [
        "owner@632521 住建局 owner-1: assigned",
        "co_handler@632521 水利局 co-1: assigned",
    ];
    assert_eq!(out(&play), given);
}

// What happens to it here is told as of any other: where nobody had it, its citizen hears who has it and until when once somebody does; one who was answered
// there hears who has it again when it is opened again; and of a reply that was given there its reviewer hears, and its owner does not.
#[test]
fn of_what_was_taken_over_the_citizen_hears_what_happens_here() {
    let mut play = Play::new(plan());
    takes_over(&mut play, standing(ImportStage::Screened)).unwrap();
    assert!(play.told.is_empty(), "{:?}", out(&play));
    let given = [
        "owner@632521 住建局 owner-1: assigned",
        "tell citizen: assigned 住建局 03-16 18:00",
    ];
    let to = assign("住建局", "owner-1");
    tells(&mut play, INTAKE, "03-02 10:00", to, &given);

    let mut play = Play::new(plan());
    let it = &mut play;
    takes_over(it, standing(ImportStage::Replied)).unwrap();
    assert_eq!(out(it), ["reviewer@632521 - -: to review"]);
    let published = ["publish 1", "tell citizen: answer 1"];
    tells(it, REVIEWER, "03-02 10:00", review(false), &published);
    it.does(INTAKE, "03-02 11:00", called(Some(Level::Satisfied)));
    it.does(SUPERVISOR, "03-02 12:00", strike_off(Outcome::Solved));
    it.does(CITIZEN, "03-03 09:00", reopen());
    let due = it.clock(ClockKind::Reply).schedule.promised_due;
    let again = [
        "tell citizen: reopened".to_owned(),
        "retract".to_owned(),
        format!("tell citizen: assigned 住建局 {}", wall(due)),
    ];
    assert_eq!(out(it), again);
}

// A case that was struck off with the one it followed is opened again by its citizen alone: that one is left, and nothing is taken down that this one had
// not published.
#[test]
fn whoever_opens_again_what_was_struck_off_as_merged_leaves_the_other() {
    let mut play = Play::new(plan());
    let it = &mut play;
    it.does(CITIZEN, "03-02 09:00", open(true, false));
    it.does(INTAKE, "03-02 10:00", merge());
    let answer = relay(News::Answer {
        texts: vec!["已修好".into()],
    });
    it.does(SYSTEM, "03-03 09:00", answer);
    let relayed = it.version(|event| matches!(event, Event::Relayed { .. }));
    it.does(SYSTEM, "03-03 10:00", delivered(relayed));
    it.does(SYSTEM, "03-03 11:00", relay(ended(Outcome::Solved)));
    assert_eq!(it.case().outcome(), Some(Outcome::Merged));
    let told = ["link d: leave", "tell citizen: reopened"];
    tells(it, CITIZEN, "03-04 09:00", reopen(), &told);
    assert_eq!(it.case().follows(), None);
    assert_eq!(it.case().stage_name(), StageName::Received);
}
