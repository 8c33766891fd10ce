//! 12345 连心线: several channels, one case model, and nobody forgotten.

use duly::words::*;

use crate::board::*;

fn merge(into: &str) -> Command {
    Command::Merge {
        into: into.parse().unwrap(),
    }
}

// The board, the county's board, the hotline and a letter are channels of one model: the same classes, limits, gates and ways to
// end, whatever the message came in by.
#[test]
fn a26_every_channel_is_the_same_case() {
    let board = Board::new();
    let channels = ["领导留言板", "县留言板", "12345", "来信"];
    let told: Vec<_> = channels
        .iter()
        .map(|channel| {
            let case = format!("c-{channel}");
            board.does(
                &case,
                SYSTEM,
                "2026-03-02 09:00",
                of(TASHI, written("7", "632521", "投诉", channel)),
            );
            board.screens(&case, "2026-03-02 09:15");
            board.assigns(&case, "2026-03-02 09:30");
            board.replies(&case, "2026-03-02 15:00");
            board.passes(&case, "2026-03-02 16:00");
            board.does(
                &case,
                CAIHONG,
                "2026-03-03 10:00",
                reached(Level::Satisfied),
            );
            board.does(
                &case,
                DUCHA,
                "2026-03-03 11:00",
                strike_off(Outcome::Solved),
            );
            let case = board.case(&case);
            assert_eq!(case.channel().as_str(), *channel);
            let dues: Vec<_> = case
                .clocks()
                .iter()
                .map(|it| (it.key, it.schedule.legal_due))
                .collect();
            (dues, case.version())
        })
        .collect();
    assert!(told.windows(2).all(|pair| pair[0] == pair[1]));
}

// Two citizens wrote of the same lamp, one on the board and one by telephone. The second case follows the first; its citizen is told
// so, it stays open on its own sixty days, nobody works on it twice, and it is struck off only when the first one has its answer.
#[test]
fn a26_a_merged_case_waits_for_the_answer_of_the_one_it_follows() {
    let board = Board::new();
    board.assigned("m01", "2026-03-02");
    board.does(
        "h01",
        SYSTEM,
        "2026-03-02 10:00",
        of(TASHI, written("h01", "632521", "投诉", "12345")),
    );
    let itself = board.refuses("h01", CAIHONG, "2026-03-02 10:10", merge("h01"));
    assert_eq!(itself, Why::FollowsItself);
    let nowhere = board.refuses("h01", CAIHONG, "2026-03-02 10:10", merge("m77"));
    assert!(
        matches!(
            nowhere,
            Why::Survivor {
                is: Survivor::Missing,
                ..
            }
        ),
        "{nowhere:?}"
    );
    board.does("h01", CAIHONG, "2026-03-02 10:20", merge("m01"));
    assert!(
        board
            .told("h01")
            .contains(&Telling::Merged { into: id("m01") })
    );
    let case = board.case("h01");
    assert!(!case.is_closed() && case.clock(ClockKind::Whole).unwrap().is_running());
    let back = board.refuses("m01", CAIHONG, "2026-03-02 10:30", merge("h01"));
    assert!(
        matches!(
            back,
            Why::Survivor {
                is: Survivor::Follows,
                ..
            }
        ),
        "no ring: {back:?}"
    );
    let work = board.refuses("h01", CAIHONG, "2026-03-02 10:40", screen(Class::Problem));
    assert_eq!(work, Why::Follows { into: id("m01") });
    let early = board.refuses(
        "h01",
        DUCHA,
        "2026-03-02 11:00",
        strike_off(Outcome::Merged),
    );
    assert!(
        matches!(
            early,
            Why::Survivor {
                is: Survivor::Unanswered,
                ..
            }
        ),
        "{early:?}"
    );
    let solved = board.refuses(
        "h01",
        DUCHA,
        "2026-03-02 11:00",
        strike_off(Outcome::Solved),
    );
    assert_eq!(solved, Why::Stage);

    board.replies("m01", "2026-03-03 09:00");
    board.passes("m01", "2026-03-03 10:00");
    board.does(
        "m01",
        CAIHONG,
        "2026-03-04 10:00",
        reached(Level::Satisfied),
    );
    board.does(
        "m01",
        DUCHA,
        "2026-03-04 11:00",
        strike_off(Outcome::Solved),
    );
    // Both were told: who it was merged with, and that it is done.
    if !board.case("h01").is_closed() {
        board.does(
            "h01",
            DUCHA,
            "2026-03-04 15:00",
            strike_off(Outcome::Merged),
        );
    }
    assert_eq!(board.case("h01").outcome(), Some(Outcome::Merged));
    assert!(board.told("h01").contains(&Telling::StruckOff));
    assert!(board.told("m01").contains(&Telling::StruckOff));
}
