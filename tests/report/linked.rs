//! 并案: what the reports say of a case that follows another one.

use duly::plan::{Domain, FactRule, Given};
use duly::report::{Audience, Board, Figures, Period, PublicCase, bulletin, explanation, public};
use duly::time::Moment;
use duly::words::*;

use crate::world::*;

/// m1 is assigned to u-b and follows m2, which u-a has.
fn world() -> World {
    merged(World::new())
}

fn merged(mut w: World) -> World {
    for (case, unit) in [("m1", "u-b"), ("m2", "u-a")] {
        w.opens(case, "632521", "09-01 09:00");
        let intake = (Role::Intake, "in-1");
        w.does(case, intake, "09-01 09:30", screen(Class::Problem));
        w.does(case, intake, "09-01 10:00", assign(unit));
    }
    let into = Command::Merge { into: id("m2") };
    w.does("m1", (Role::Intake, "in-1"), "09-01 11:00", into);
    w
}

fn relays(w: &mut World, when: &str, news: News<Text>) {
    let from = id("m2");
    let relay = Command::Relay { from, news };
    w.does("m1", (Role::System, "desk"), when, relay);
}

fn answer() -> News<Text> {
    News::Answer {
        texts: vec!["已修好".into()],
    }
}

fn progress() -> News<Text> {
    News::Progress {
        text: "正在施工".into(),
    }
}

fn unmerges(w: &mut World, when: &str) {
    let reason = "不是同一件".into();
    let unmerge = Command::Unmerge { reason };
    w.does("m1", (Role::Intake, "in-1"), when, unmerge);
}

fn board(w: &World) -> Board {
    Board::fold(&w.records, None).unwrap()
}

fn view(w: &World) -> PublicCase {
    public(&board(w), &w.plan, &|_, _| None).cases.remove(0)
}

/// What the citizen reads of m1, in both languages.
fn told(w: &World) -> String {
    let board = board(w);
    let file = board.file(&id("m1")).unwrap();
    let hand = w.plans.latest().unwrap();
    let of = |lang| {
        let (plan, calendar) = (&hand.plan, &hand.calendar);
        let citizen = Audience::Citizen;
        explanation(file.history(), file.case(), plan, calendar, citizen, lang)
    };
    let all = [of(Lang::Zh), of(Lang::En)].map(|it| it.table().to_string());
    all.join("\n")
}

fn figures(w: &World) -> Figures {
    let told = bulletin(&board(w), &w.plan, Period::new(Moment::MIN, Moment::MAX));
    told.total
}

#[test]
fn the_citizen_is_told_what_the_other_case_was_told() {
    let mut w = world();
    relays(&mut w, "09-02 10:00", progress());
    let extended = News::Extended {
        text: "还要等备件".into(),
        due: Some(at("09-20 18:00")),
    };
    relays(&mut w, "09-02 11:00", extended);
    relays(&mut w, "09-03 10:00", answer());
    relays(&mut w, "09-04 10:00", News::Retracted);
    relays(&mut w, "09-05 10:00", answer());
    relays(&mut w, "09-06 10:00", News::Reopened);
    unmerges(&mut w, "09-07 10:00");
    let told = told(&w);
    for private in ["m2", "不是同一件", "in-1"] {
        assert!(!told.contains(private), "{private}");
    }
    insta::assert_snapshot!(told);
}

/// 待回复 until the other case is worked on or answered, and never again.
#[test]
fn what_is_answered_with_another_case_is_not_awaiting_an_answer() {
    let mut w = world();
    let before = view(&w);
    assert_eq!(
        (before.shown, before.answered_with),
        (Shown::Awaiting, None)
    );
    relays(&mut w, "09-02 10:00", progress());
    let worked = view(&w);
    assert_eq!(worked.shown, Shown::InProgress);
    assert_eq!(worked.updates, ["2026-09-02".parse().unwrap()]);
    relays(&mut w, "09-03 10:00", answer());
    let done = view(&w);
    let with = done.answered_with.unwrap();
    assert_eq!((done.shown, done.answer), (Shown::Done, None));
    assert_eq!(with.on, "2026-09-03".parse().unwrap());
    assert_eq!(with.case, Some(id("m2")));
    relays(&mut w, "09-04 10:00", News::Retracted);
    let back = view(&w);
    assert_eq!((back.shown, back.answered_with), (Shown::InProgress, None));
    relays(&mut w, "09-05 10:00", answer());
    unmerges(&mut w, "09-06 10:00");
    let alone = view(&w);
    assert_eq!(
        (alone.shown, alone.answered_with),
        (Shown::InProgress, None)
    );
}

#[test]
fn the_public_reads_where_it_was_answered() {
    let mut w = world();
    relays(&mut w, "09-03 10:00", answer());
    let view = public(&board(&w), &w.plan, &|_, _| None);
    let both = [Lang::Zh, Lang::En].map(|lang| view.table(lang).to_string());
    assert!(both[0].contains("与 m2 一并答复"), "{}", both[0]);
    assert!(both[1].contains("answered with m2"), "{}", both[1]);
}

/// Of two cases about one matter, the place of one is that of the other.
#[test]
fn a_hidden_place_is_not_named_by_the_other_case() {
    for hides in ["m1", "m2"] {
        let mut w = merged(World::with(|plan| {
            plan.schema.facts.push(FactRule {
                moves: true,
                otherwise: Some(FactValue::Yes(false)),
                ..FactRule::new("place_private", Domain::YesNo, Given::Host)
            });
        }));
        relays(&mut w, "09-03 10:00", answer());
        assert_eq!(view(&w).answered_with.unwrap().case, Some(id("m2")));
        let hide = Command::SetFact {
            name: "place_private".into(),
            value: FactValue::Yes(true),
        };
        w.does(hides, (Role::System, "site"), "09-04 10:00", hide);
        assert_eq!(view(&w).answered_with.unwrap().case, None, "{hides}");
    }
}

/// Whoever was told the answer has had their first one, whichever case it was given to.
#[test]
fn a_relayed_answer_is_a_first_answer() {
    let mut w = world();
    assert_eq!((figures(&w).received, figures(&w).answered), (2, 0));
    relays(&mut w, "09-02 10:00", progress());
    assert_eq!(figures(&w).answered, 0);
    relays(&mut w, "09-03 10:00", answer());
    assert_eq!(figures(&w).answered, 1);
    // It was merged wrongly: that answer was to another matter.
    unmerges(&mut w, "09-04 10:00");
    assert_eq!(figures(&w).answered, 0);
}

#[test]
fn what_is_not_merged_any_more_is_not_counted_as_merged() {
    let mut w = world();
    assert_eq!(figures(&w).merged, 1);
    unmerges(&mut w, "09-04 10:00");
    assert_eq!(figures(&w).merged, 0);
    let into = Command::Merge { into: id("m2") };
    w.does("m1", (Role::Intake, "in-1"), "09-04 11:00", into);
    assert_eq!(figures(&w).merged, 1);
    // A period that ended before it was unmerged stays as it was.
    let period = Period::new(Moment::MIN, at("09-03 10:00"));
    let first = bulletin(&board(&w), &w.plan, period);
    assert_eq!(first.total.merged, 1);
}

/// A citizen who was told two answers, one after the first was taken back, and rated both, has spoken twice: as if the case had been answered by
/// itself, and as when a month ends between the two.
#[test]
fn each_answer_that_was_told_has_a_rating_of_its_own() {
    let mut w = world();
    let citizen = (Role::Citizen, "wang");
    relays(&mut w, "09-03 10:00", answer());
    w.does("m1", citizen, "09-03 12:00", rate(Level::Satisfied));
    relays(&mut w, "09-04 10:00", News::Retracted);
    relays(&mut w, "09-05 10:00", answer());
    w.does("m1", citizen, "09-06 10:00", rate(Level::Unsatisfied));
    let all = figures(&w);
    assert_eq!((all.satisfied, all.unsatisfied), (1, 1));
    let between = at("09-05 09:00");
    let of = |after, until| {
        let told = bulletin(&board(&w), &w.plan, Period::new(after, until));
        (told.total.satisfied, told.total.unsatisfied)
    };
    assert_eq!(of(Moment::MIN, between), (1, 0));
    assert_eq!(of(between, Moment::MAX), (0, 1));
}
