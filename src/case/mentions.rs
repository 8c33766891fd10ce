//! Words looked for in a reply: neither a full-width form nor anything that is not seen hides one.

use aho_corasick::AhoCorasick;

use crate::plan::{Mention, Plan};
use crate::words::{FactValue, Facts};

/// Each mention of the plan, and whether any of its words stands in any of the texts.
pub(super) fn mentioned<'a>(plan: &Plan, texts: impl Iterator<Item = &'a str>) -> Facts {
    let mut facts: Facts = plan
        .mentions
        .iter()
        .map(|it| (it.fact.clone(), FactValue::Yes(false)))
        .collect();
    let words: Vec<(String, &str)> = plan
        .mentions
        .iter()
        .flat_map(|it| {
            it.words
                .iter()
                .map(|word| (Mention::compared(word), it.fact.as_str()))
        })
        .collect();
    // Only a set of words too large to index fails here, and the loader bounds them.
    let Ok(finder) = AhoCorasick::new(words.iter().map(|(word, _)| word)) else {
        return facts;
    };
    for text in texts {
        let text = Mention::compared(text);
        for hit in finder.find_overlapping_iter(&text) {
            if let Some((_, fact)) = words.get(hit.pattern().as_usize()) {
                facts.insert((*fact).to_owned(), FactValue::Yes(true));
            }
        }
    }
    facts
}
