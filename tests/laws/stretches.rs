//! When a clock stood still while another system had the case (接续登记), to the second: since when and until when, how long, how often, and whose it is
//! where it still lasts.

use duly::plan::SUPPLEMENT;
use duly::time::{Moment, Span};
use duly::words::*;

use crate::clocks::at;
use crate::counted::elsewhere;
use crate::taken::{in_hand, now, refused, standing, stood, taken, takes, waits};

const TWO_DAYS: i64 = 48 * 3600;

/// A test, at the longest of two days.
fn test(from: Moment, until: Moment) -> PausedBefore {
    stood("检测", from, Some(until))
}

fn lasts(reason: &str, from: Moment) -> PausedBefore {
    stood(reason, from, None)
}

fn waited(stage: ImportStage, pauses: Vec<PausedBefore>) -> ImportAsked {
    ImportAsked {
        pauses,
        ..standing(stage)
    }
}

// A clock stood still elsewhere for a reason of the pack, since receipt at the earliest and until now at the latest, as long and as often as anybody can
// have it here; what still lasts is its owner's while the case is handled, and its citizen's while intake waits for them.
#[test]
fn what_stood_still_elsewhere_stood_as_it_could_have_here() {
    use ImportStage::{Assigned, Received, Replied, Returned, Screened};
    let (received, then, now) = (at("02-24 09:00"), at("02-26 09:00"), now());
    let hours = |n: i64| then.plus(3600 * n);
    let plans = in_hand(waits());
    for (stage, pauses) in [
        (Assigned, vec![test(received, received.plus(1))]),
        (Assigned, vec![test(then, then.plus(TWO_DAYS))]),
        (Assigned, vec![test(now.plus(-1), now)]),
        (Assigned, vec![test(now.plus(-TWO_DAYS), now)]),
        (Assigned, vec![lasts("检测", now.plus(1 - TWO_DAYS))]),
        (Assigned, vec![lasts("检测", now)]),
        (Returned, vec![lasts("检测", now)]),
        (
            Assigned,
            vec![test(then, hours(1)), lasts("检测", now.plus(-1))],
        ),
        (
            Assigned,
            vec![test(then, hours(1)), test(hours(2), hours(3))],
        ),
        (Assigned, vec![lasts("检测", now), lasts("待网民补充", now)]),
        (Replied, vec![test(then, hours(1))]),
        (Assigned, vec![stood("听证", then, Some(hours(1)))]),
        (Received, vec![lasts(SUPPLEMENT, now)]),
        (Screened, vec![lasts(SUPPLEMENT, now)]),
        (Assigned, vec![stood(SUPPLEMENT, received, Some(then))]),
    ] {
        let play = takes(&plans, waited(stage, pauses.clone()));
        let play = play.unwrap_or_else(|why| panic!("{pauses:?}: {why:?}"));
        let had = play.case().pauses().iter();
        let had: Vec<_> = had
            .map(|it| (it.reason.clone(), it.from, it.ended))
            .collect();
        let asked = pauses.into_iter();
        let asked: Vec<_> = asked.map(|it| (it.reason, it.from, it.until)).collect();
        assert_eq!(had, asked);
    }
}

/// Each is refused by its bound.
fn are_refused(those: Vec<(ImportStage, Vec<PausedBefore>)>, bound: &Bound) {
    let plans = in_hand(waits());
    for (stage, pauses) in those {
        let what = Thing::Stretch(pauses[0].reason.clone());
        let bound = bound.clone();
        let why = Why::Bound { what, bound };
        let done = takes(&plans, waited(stage, pauses.clone()));
        assert_eq!(done.err(), Some(why), "{stage} {pauses:?}");
    }
}

// Nothing stood still elsewhere before the message came, later than now, or backwards: each to the second.
#[test]
fn what_stood_still_elsewhere_stood_between_receipt_and_now() {
    let assigned = |pause: PausedBefore| (ImportStage::Assigned, vec![pause]);
    let (received, then, now) = (at("02-24 09:00"), at("02-26 09:00"), now());
    let those = vec![
        assigned(test(received.plus(-1), received)),
        assigned(test(received.plus(-1), then)),
        assigned(test(received.plus(-3600), then)),
        assigned(test(then, then)),
        assigned(test(then.plus(1), then)),
        assigned(test(then.plus(3600), then)),
        assigned(test(then, now.plus(1))),
        assigned(test(then, now.plus(3600))),
        assigned(test(now.plus(1), now.plus(2))),
        assigned(lasts("检测", received.plus(-1))),
        assigned(lasts("检测", now.plus(1))),
        assigned(lasts("检测", now.plus(3600))),
    ];
    are_refused(those, &Bound::StretchSinceReceipt);
}

// What stood still elsewhere did so no longer than anybody can have it here, and what still lasts ends at a moment that is still ahead.
#[test]
fn what_stood_still_elsewhere_stood_no_longer_than_it_could_have_here() {
    let assigned = |pause: PausedBefore| (ImportStage::Assigned, vec![pause]);
    let (then, now) = (at("02-26 09:00"), now());
    let those = vec![
        assigned(test(then, then.plus(TWO_DAYS + 1))),
        assigned(test(then, then.plus(2 * TWO_DAYS))),
        assigned(lasts("检测", now.plus(-TWO_DAYS))),
        assigned(lasts("检测", now.plus(-TWO_DAYS - 1))),
        assigned(lasts("检测", now.plus(-2 * TWO_DAYS))),
    ];
    are_refused(those, &Bound::Span(Span::Elapsed(TWO_DAYS)));
    let hours = |n: i64| then.plus(3600 * n);
    let thrice = vec![
        test(then, hours(1)),
        test(hours(2), hours(3)),
        test(hours(4), hours(5)),
    ];
    let twice_and_now = vec![
        test(then, hours(1)),
        test(hours(2), hours(3)),
        lasts("检测", now),
    ];
    let those = [thrice, twice_and_now].map(|pauses| (ImportStage::Assigned, pauses));
    are_refused(those.into(), &Bound::Times(2));
}

// What still lasts is somebody's: nobody waits for a test of what they have not got yet, or have no longer; nobody at intake waits for a message that is
// handled by now; what is taken out is over; and nothing lasts twice.
#[test]
fn what_still_lasts_is_somebodys() {
    use ImportStage::{Assigned, Received, Replied, Returned, Screened};
    let now = now();
    let those = vec![
        (Received, vec![lasts("检测", now)]),
        (Screened, vec![lasts("检测", now)]),
        (Replied, vec![lasts("检测", now)]),
        (Assigned, vec![lasts(SUPPLEMENT, now)]),
        (Replied, vec![lasts(SUPPLEMENT, now)]),
        (Returned, vec![lasts(SUPPLEMENT, now)]),
        (Assigned, vec![lasts("听证", now)]),
        (Returned, vec![lasts("听证", now)]),
        (Assigned, vec![lasts("检测", now), lasts("检测", now)]),
    ];
    are_refused(those, &Bound::StretchSinceReceipt);
    let then = at("02-26 09:00");
    let strange = stood("天气", then, Some(then.plus(3600)));
    let known = waits().pauses.into_iter().map(|it| it.reason);
    let why = Why::NotListed {
        what: Thing::PauseReasons,
        given: "天气".into(),
        known: known.collect(),
    };
    assert_eq!(refused(waits(), waited(Assigned, vec![strange])), why);
}

// Online opinion has nobody who could be waited for now; what it waited for before, and what else it waits for, is taken over.
#[test]
fn nobody_is_waited_for_where_nobody_wrote() {
    let opinion = |pause: PausedBefore| ImportAsked {
        origin: Origin::Opinion,
        citizen: None,
        contact: None,
        pauses: vec![pause],
        ..elsewhere()
    };
    let then = at("02-26 09:00");
    taken(waits(), opinion(stood("待网民补充", then, Some(now()))));
    let play = taken(waits(), opinion(stood("检测", now(), None)));
    assert_eq!(play.case().origin(), Origin::Opinion);
    let why = Why::NothingPending {
        what: Thing::Citizen,
    };
    let lasting = opinion(stood("待网民补充", then, None));
    assert_eq!(refused(waits(), lasting), why);
    // Whoever can be named, or reached, has written.
    let had = Why::NotOffered {
        what: Thing::OpinionOfACitizen,
    };
    let past = || opinion(stood("检测", now(), None));
    let named = ImportAsked {
        citizen: Some("citizen".parse().unwrap()),
        ..past()
    };
    let reached = ImportAsked {
        contact: Some(Text::from("13912345678")),
        ..past()
    };
    for it in [named, reached] {
        assert_eq!(refused(waits(), it), had);
    }
}
