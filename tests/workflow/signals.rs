//! 预警: what a comparison of data says of a household, and which case it opens or joins.

use std::collections::BTreeMap;

use duly::desk::{Answer as Said, SignalSaid};
use duly::words::*;

use crate::board::*;
use crate::parts::settled;

const BURDEN: &str = r#"
fact("burden", 0..=10_000).given_by(HOST).otherwise(0).asks("自付费用占家庭收入,万分之几");
signal("medical_burden", "医疗负担过重").when(|m| m.burden > 1_000).window(30.calendar_days).ours("与按月比对的周期一致");
"#;

fn burden(board: &Board, n: u32, subject: &str, when: &str, burden: i64) -> Said {
    let said = SignalSaid {
        id: format!("sig-{n}").parse().unwrap(),
        by: who(SYSTEM),
        at: at(when),
        salt: Salt::derived(b"workflow", &format!("sig-{n}")),
        of: SignalOf {
            indicator: "medical_burden".into(),
            subject: subject.parse().unwrap(),
        },
        place: "632521".parse().unwrap(),
        words: "本月自付医疗费用过高".into(),
        facts: Facts::from([
            ("burden".to_owned(), burden.into()),
            ("kind".to_owned(), label("求助")),
        ]),
    };
    board.desk.signal(&said).unwrap()
}

// 遇困即扶: what a comparison of data says of a household opens a case in the same step, where a rule of the pack heeds it; below the threshold it opens nothing, and
// says which rule and which figure. The same signal again within the window is the same case, however often it comes; after that, and
// with the case ended, it is another.
#[test]
fn c01_c02_a_signal_opens_one_case_in_its_window() {
    let board = Board::saying(BURDEN);
    let below = burden(&board, 1, "户-7", "2026-03-02 08:00", 1_000);
    let why = below.refusal().unwrap();
    assert!(matches!(&*why.why, Why::NotHeeded { .. }), "{why}");
    insta::assert_snapshot!("not_heeded", format!("{why}\n{}", why.say(Lang::Zh)));
    assert!(board.desk.cases(None, 10).unwrap().is_empty());
    let first = burden(&board, 2, "户-7", "2026-03-02 08:00", 1_001);
    let case = first.case().to_string();
    assert_eq!(board.stage(&case), StageName::Received);
    assert_eq!(board.case(&case).origin(), Origin::Signal);
    // Somebody has to take it from the first minute on.
    assert!(
        board
            .case(&case)
            .clock(ClockKind::Screen)
            .unwrap()
            .is_running()
    );
    let again = burden(&board, 3, "户-7", "2026-03-20 08:00", 1_400);
    assert_eq!(again.case().as_str(), case);
    assert_eq!(board.case(&case).signal().unwrap().times, 2);
    let other = burden(&board, 4, "户-8", "2026-03-20 08:00", 1_400);
    assert_ne!(other.case().as_str(), case);
    // Helped, and ended.
    board.does(&case, CAIHONG, "2026-03-20 09:00", screen(Class::Problem));
    board.does(
        &case,
        CAIHONG,
        "2026-03-20 09:30",
        assign(HOUSING, WANGGANG, &[]),
    );
    settled(&board, &case, "2026-03-23", WANGGANG);
    let joins = burden(&board, 5, "户-7", "2026-03-31 08:00", 1_200);
    assert_eq!(joins.case().as_str(), case);
    let next = burden(&board, 6, "户-7", "2026-04-02 08:00", 1_200);
    assert!(next.is_done());
    assert_ne!(next.case().as_str(), case);
    let all: BTreeMap<String, u32> = board
        .desk
        .cases(None, 10)
        .unwrap()
        .iter()
        .map(|id| {
            (
                id.to_string(),
                board.case(id.as_str()).signal().unwrap().times,
            )
        })
        .collect();
    assert_eq!(all.len(), 3);
    assert_eq!(all[&case], 3);
}
