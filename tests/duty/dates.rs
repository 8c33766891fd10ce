//! Worked dates, by the shipped pack and the published holidays: what each is due, reckoned by hand.

use duly::time::Moment;

use super::{at, command, desk, done, duban, refused, video};

fn video_due(from: &str) -> Moment {
    let desk = desk();
    done(&desk, "d1", "v01", duban(), from, video());
    desk.duty(&"v01".parse().unwrap()).unwrap().unwrap().due()
}

/// When a digest that is cut on that day is to be read, and whether that may yet move.
fn read_by(day: &str, cut: &str) -> (Moment, bool) {
    let desk = desk();
    let receipts = desk.issue_digest(day.parse().unwrap(), at(cut)).unwrap();
    assert_eq!(receipts.len(), 2);
    let id = format!("digest/{day}/leader").parse().unwrap();
    let duty = desk.duty(&id).unwrap().unwrap();
    (duty.due(), duty.is_provisional())
}

#[test]
fn a_video_is_due_twenty_working_days_after_it_is_imposed() {
    // Monday; four plain weeks.
    assert_eq!(video_due("2026-03-02 09:14"), at("2026-03-30 18:00"));
    // Friday evening and the weekend after it count from Monday.
    assert_eq!(video_due("2026-03-06 20:00"), at("2026-04-03 18:00"));
    assert_eq!(video_due("2026-03-08 10:00"), at("2026-04-03 18:00"));
    // Over Qingming (4–6 April): Monday the 6th is off, so one day more.
    assert_eq!(video_due("2026-03-09 09:00"), at("2026-04-07 18:00"));
    // Over mid-autumn (25–27 September), National Day (1–7 October) and the make-up Saturday of the 10th:
    // 21–24, 28–30 September are 7, 8–10 October 3, 12–16 October 5, 19–23 October 5.
    assert_eq!(video_due("2026-09-20 09:00"), at("2026-10-23 18:00"));
    // The make-up Sunday of 20 September counts.
    assert_eq!(video_due("2026-09-18 09:00"), at("2026-10-22 18:00"));
}

#[test]
fn beyond_the_known_holidays_the_due_moment_may_yet_move() {
    let desk = desk();
    done(&desk, "d1", "v01", duban(), "2026-12-21 09:00", video());
    let duty = desk.duty(&"v01".parse().unwrap()).unwrap().unwrap();
    assert!(duty.is_provisional());
    assert_eq!(duty.due(), at("2027-01-18 18:00"));
}

#[test]
fn a_digest_is_read_by_the_next_morning_on_which_anybody_works() {
    assert_eq!(
        read_by("2026-03-02", "2026-03-02 17:30"),
        (at("2026-03-03 09:00"), false)
    );
    // A Friday's on Monday.
    assert_eq!(
        read_by("2026-03-06", "2026-03-06 17:30"),
        (at("2026-03-09 09:00"), false)
    );
    // But on a Saturday that makes up for a holiday.
    assert_eq!(
        read_by("2026-05-08", "2026-05-08 17:30"),
        (at("2026-05-09 09:00"), false)
    );
    // National Day.
    assert_eq!(
        read_by("2026-09-30", "2026-09-30 17:30"),
        (at("2026-10-08 09:00"), false)
    );
    // New Year: 1–3 January are off, and Sunday the 4th makes up for it.
    assert_eq!(
        read_by("2025-12-31", "2025-12-31 17:30"),
        (at("2026-01-04 09:00"), false)
    );
    // 2027's holidays are not known yet.
    assert_eq!(
        read_by("2026-12-31", "2026-12-31 17:30"),
        (at("2027-01-01 09:00"), true)
    );
    // A desk that slept over the cut gives a whole day all the same.
    assert_eq!(
        read_by("2026-03-02", "2026-03-03 08:00"),
        (at("2026-03-04 09:00"), false)
    );
}

#[test]
fn an_earlier_day_can_be_named_and_a_later_one_cannot() {
    let on = |day: &str| {
        let json = format!(
            r#"{{"impose": {{"kind": "video", "topic": "供暖", "place": "632521", "unit": "共和县住建局", "due": "{day}"}}}}"#
        );
        command(&json)
    };
    let desk = desk();
    done(
        &desk,
        "d1",
        "v01",
        duban(),
        "2026-03-02 09:14",
        on("2026-03-14"),
    );
    let duty = desk.duty(&"v01".parse().unwrap()).unwrap().unwrap();
    // To the end of the day, though it is a Saturday.
    assert_eq!(duty.due(), at("2026-03-15 00:00"));
    done(
        &desk,
        "d2",
        "v02",
        duban(),
        "2026-03-02 09:14",
        on("2026-03-30"),
    );
    let duty = desk.duty(&"v02".parse().unwrap()).unwrap().unwrap();
    assert_eq!(duty.due(), at("2026-03-30 18:00"));
    let late = refused(
        &desk,
        "d3",
        "v03",
        duban(),
        "2026-03-02 09:14",
        on("2026-03-31"),
    );
    assert!(
        late.to_string().contains(
            "2026-03-31 is later than the rule `duty(video)` allows, which is 2026-03-30"
        )
    );
    let past = refused(
        &desk,
        "d4",
        "v04",
        duban(),
        "2026-03-02 09:14",
        on("2026-03-01"),
    );
    assert!(
        past.to_string()
            .contains("2026-03-01 has passed; today is 2026-03-02")
    );
}
