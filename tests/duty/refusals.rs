//! Every refusal says what would be accepted, in both languages.

use duly::words::{Lang, Role};

use super::{at, command, desk, done, duban, fulfil, head, person, refused, video};

#[test]
fn refusals_are_read_by_people() {
    let desk = desk();
    done(&desk, "d0", "v01", duban(), "2026-03-02 09:00", video());
    let cases = [
        ("a1", "v02", head(), fulfil()),
        ("a2", "v01", duban(), video()),
        ("a3", "v02", head(), video()),
        ("a4", "v01", duban(), command(r#"{"accept": {}}"#)),
        ("a5", "v01", head(), command(r#"{"read": {}}"#)),
        (
            "a6",
            "v01",
            person("wang", Role::UnitHead, Some("州交通局")),
            fulfil(),
        ),
        (
            "a7",
            "v01",
            head(),
            command(r#"{"fulfil": {"channel": "抖音", "link": "https://example.org"}}"#),
        ),
        (
            "a8",
            "v01",
            head(),
            command(r#"{"fulfil": {"channel": "州政府网站", "link": " "}}"#),
        ),
        (
            "a9",
            "v02",
            duban(),
            command(r#"{"impose": {"kind": "video", "topic": "供暖", "place": "632521"}}"#),
        ),
        (
            "b1",
            "v02",
            duban(),
            command(
                r#"{"impose": {"kind": "video", "topic": "供暖", "place": "4600", "unit": "局"}}"#,
            ),
        ),
        (
            "b2",
            "v02",
            duban(),
            command(
                r#"{"impose": {"kind": "digest", "topic": "日报", "place": "6325", "of": "2026-03-02"}}"#,
            ),
        ),
        (
            "b3",
            "v02",
            duban(),
            command(
                r#"{"impose": {"kind": "digest", "topic": "日报", "place": "6325", "post": "leader"}}"#,
            ),
        ),
        (
            "b4",
            "v02",
            duban(),
            command(
                r#"{"impose": {"kind": "video", "topic": " ", "place": "632521", "unit": "局"}}"#,
            ),
        ),
    ];
    let mut all = String::new();
    for (id, duty, by, asked) in cases {
        let refusal = refused(&desk, id, duty, by, "2026-03-02 10:00", asked);
        all.push_str(&format!(
            "{}\n{}\n\n",
            refusal.say(Lang::En),
            refusal.say(Lang::Zh)
        ));
    }
    insta::assert_snapshot!(all);
    let far = refused(&desk, "c1", "v01", head(), "2036-06-01 09:00", fulfil());
    assert!(far.to_string().contains("check the clock"), "{far}");
    let duty = desk.duty(&"v01".parse().unwrap()).unwrap().unwrap();
    assert_eq!(
        duty.last_at(),
        at("2026-03-02 09:00"),
        "a moment that is not believed brings nothing"
    );
}
