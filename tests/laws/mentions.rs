//! Words that a pack looks for in a reply: nothing that a reader would not see hides one.

use duly::plan::{Domain, FactRule, Given, Mention, Plan};
use duly::words::*;
use proptest::prelude::*;

use crate::clocks::{Play, plan};
use crate::config;

const WORDS: [&str; 4] = ["尽快", "as soon as possible", "正在 研究", "ＡＳＡＰ"];

fn looking() -> Plan {
    let mut plan = plan();
    plan.schema.facts.push(FactRule {
        otherwise: Some(FactValue::Yes(false)),
        ..FactRule::new("vague", Domain::YesNo, Given::Reply)
    });
    plan.mentions.push(Mention {
        fact: "vague".into(),
        words: WORDS.map(String::from).to_vec(),
    });
    plan
}

/// Whether a reply of that text is found to be vague.
fn vague(words: &str) -> bool {
    let mut play = Play::assigned(looking());
    let mut reply = crate::clocks::answer();
    if let Command::Reply { answers, .. } = &mut reply {
        answers[0].text = Text::from(words);
    }
    play.does("owner-1 owner", "03-03 09:00", reply);
    let facts = play.last.iter().find_map(|record| match &record.event {
        Event::Replied { facts, .. } => facts.get("vague"),
        _ => None,
    });
    facts == Some(&FactValue::Yes(true))
}

proptest! {
    #![proptest_config(config())]

    // Whatever is put between the letters of a word and is not seen, the word is found; without the word nothing is.
    #[test]
    fn nothing_unseen_hides_a_word(
        word in prop::sample::select(WORDS.to_vec()),
        between in prop::collection::vec(
            prop::sample::select(vec!["", "", " ", "\n", "\u{3000}", "\u{a0}", "\u{200b}", "\u{200d}", "\u{2060}", "\u{feff}", "\u{ad}", "\u{fe0f}", "\u{e0001}"]),
            1..30,
        ),
    ) {
        let hidden: String = word
            .chars()
            .zip(between.iter().cycle())
            .flat_map(|(letter, unseen)| [letter.to_string(), (*unseen).to_owned()])
            .collect();
        prop_assert!(vague(&format!("我们将{hidden}处理")), "{:?}", hidden);
        prop_assert!(!vague("三月二十日前修好,由张三负责"));
    }
}
