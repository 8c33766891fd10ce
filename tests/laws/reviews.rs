//! Two reviews, one after the other (两级审核), on worked dates.

use duly::case::{Case, decide};
use duly::plan::{Plan, Plans, ReviewRule, bare};
use duly::words::*;

use crate::world::{actor, envelope, moment, open, reply};

struct Play {
    plans: Plans,
    case: Option<Case>,
    told: Vec<Outgoing>,
    n: u32,
}

impl Play {
    /// Replied on Tuesday, 3 March 2026, by the unit that the county named.
    fn replied(plan: Plan, handed_down: bool) -> Play {
        let mut plans = Plans::new("board".parse().unwrap());
        plans.take(plan).unwrap();
        let mut play = Play {
            plans,
            case: None,
            told: Vec::new(),
            n: 0,
        };
        let unit = |unit: &str| unit.parse().unwrap();
        let person = |person: &str| person.parse().unwrap();
        play.does("citizen citizen", "03-02 09:00", open(true, false));
        let screen = Command::Screen {
            class: Class::Problem,
            facts: Facts::new(),
        };
        play.does("intake-1 intake", "03-02 09:30", screen);
        let assign = Command::Assign {
            unit: unit("州住建局"),
            owner: person("owner-1"),
            co_handlers: Vec::new(),
        };
        play.does("intake-1 intake", "03-02 10:00", assign);
        if handed_down {
            let sub = Command::SubAssign {
                unit: unit("共和县住建局"),
                owner: person("owner-2"),
            };
            play.does("intake-2 intake@632521", "03-02 11:00", sub);
            let given = reply(Mark::A, false, false, 1, false);
            play.does("owner-2 owner", "03-03 10:00", given);
        } else {
            let given = reply(Mark::A, false, false, 1, false);
            play.does("owner-1 owner", "03-03 10:00", given);
        }
        play
    }
    fn go(&mut self, by: &str, when: &str, command: Command) -> Result<(), Refusal> {
        self.n += 1;
        let (person, role) = by.split_once(' ').unwrap();
        let at = moment(&format!("2026-{}:00+08:00", when.replace(' ', "T")));
        let envelope = envelope(&format!("k{}", self.n), actor(person, &[role]), at, command);
        let decision = decide(self.case.as_ref(), &envelope, &self.plans)?;
        self.told = decision.outgoing;
        self.case = Some(decision.case);
        Ok(())
    }
    fn does(&mut self, by: &str, when: &str, command: Command) {
        self.go(by, when, command).unwrap_or_else(|e| panic!("{e}"));
    }
    fn passes(&mut self, by: &str, when: &str) -> Result<(), Refusal> {
        self.go(by, when, Command::Review(Review::default()))
    }
    fn stage(&self) -> StageName {
        self.case.as_ref().unwrap().stage_name()
    }
}

fn twice() -> Plan {
    let mut plan = bare("two".parse().unwrap());
    plan.review = Some(ReviewRule { when: None });
    let like = plan.clock(ClockKind::Review).unwrap().clone();
    plan.clocks.push(duly::plan::ClockRule {
        kind: ClockKind::FirstReview,
        starts: ClockKind::FirstReview.starts(),
        stops: ClockKind::FirstReview.stops().to_vec(),
        within: duly::plan::Decision::new(
            RuleId::new("clock(first_review).within"),
            duly::plan::Diagram::constant(duly::plan::Limit::Span(duly::time::Span::WorkingDays(
                1,
            ))),
        ),
        ..like
    });
    plan.clocks.sort_by_key(|clock| clock.kind);
    plan
}

/// What a county handles for the prefecture is passed by the county's reviewer, and published only when a reviewer of the prefecture, another
/// person, has passed it too.
#[test]
fn what_is_handed_down_is_reviewed_by_the_county_and_then_by_the_prefecture() {
    let mut play = Play::replied(twice(), true);
    play.passes("reviewer-3 reviewer@632521", "03-03 11:00")
        .unwrap();
    assert_eq!(play.stage(), StageName::Replied);
    // Nothing is published; the prefecture's reviewer hears of it.
    let [told] = play.told.as_slice() else {
        panic!("{:?}", play.told)
    };
    let Effect::Notify { to, what } = &told.effect else {
        panic!("{told:?}")
    };
    assert_eq!((to.role, to.place.as_str()), (Some(Role::Reviewer), "6325"));
    assert_eq!(*what, Notice::ToReview);

    let refused = play
        .passes("reviewer-4 reviewer@632521", "03-03 12:00")
        .unwrap_err();
    let above = Why::Role {
        needs: vec![Role::Reviewer],
        place: "6325".parse().unwrap(),
    };
    assert_eq!(*refused.why, above);
    let refused = play
        .passes("reviewer-3 reviewer", "03-03 12:00")
        .unwrap_err();
    let same = Why::SamePerson {
        person: "reviewer-3".parse().unwrap(),
        was: Deed::PassedFirst,
    };
    assert_eq!(*refused.why, same);
    assert_eq!(play.stage(), StageName::Replied);

    play.passes("reviewer-1 reviewer@6325", "03-04 09:00")
        .unwrap();
    assert_eq!(play.stage(), StageName::Reviewed);
    // One working day for the first from Tuesday 10:00, two for both.
    let case = play.case.unwrap();
    let ended = |kind: ClockKind| {
        let clock = case.clock(kind).unwrap();
        (clock.verdicts[0].mark, clock.schedule.legal_due)
    };
    let due = |day: u32| moment(&format!("2026-03-{day:02}T18:00:00+08:00"));
    assert_eq!(
        ended(ClockKind::FirstReview),
        (ClockMark::PassedFirst, due(4))
    );
    assert_eq!(ended(ClockKind::Review), (ClockMark::Published, due(5)));
}

/// The prefecture's reviewer sends back what the county's passed; the next reply is reviewed twice again.
#[test]
fn the_second_review_can_send_it_back_and_the_first_comes_again() {
    let mut play = Play::replied(twice(), true);
    play.passes("reviewer-3 reviewer@632521", "03-03 11:00")
        .unwrap();
    let back = Review {
        findings: Default::default(),
        return_for: Some(ReturnFor {
            ground: "调查不清楚".into(),
            mend: Text::from("到现场再看"),
        }),
    };
    play.does(
        "reviewer-1 reviewer@6325",
        "03-04 09:00",
        Command::Review(back),
    );
    assert_eq!(play.stage(), StageName::Returned);
    // Named again, the prefecture's unit still has the county do it.
    let assign = Command::Assign {
        unit: "州住建局".parse().unwrap(),
        owner: "owner-1".parse().unwrap(),
        co_handlers: Vec::new(),
    };
    play.does("intake-1 intake", "03-04 10:00", assign);
    let again = reply(Mark::A, false, false, 1, false);
    play.does("owner-2 owner", "03-05 09:00", again);
    play.passes("reviewer-1 reviewer@6325", "03-05 10:00")
        .unwrap();
    assert_eq!(play.stage(), StageName::Replied);
    play.passes("reviewer-5 reviewer@6325", "03-05 11:00")
        .unwrap();
    assert_eq!(play.stage(), StageName::Reviewed);
}

/// What was not handed down is reviewed once, and no first review is measured.
#[test]
fn what_is_not_handed_down_is_reviewed_once() {
    let mut play = Play::replied(twice(), false);
    play.passes("reviewer-3 reviewer@632521", "03-03 11:00")
        .unwrap();
    assert_eq!(play.stage(), StageName::Reviewed);
    assert!(play.case.unwrap().clock(ClockKind::FirstReview).is_none());
}
