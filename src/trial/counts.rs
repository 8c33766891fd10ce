//! What a line expects of counts (退回、退单、延期、重开): that one reached a number at which the pack acts, and towards whom.

use serde_json::Value;

use super::expect::posts;
use super::pick;
use super::read::{Entry, Malformed};
use super::story::Story;
use super::told::{fits, wanted};
use crate::plan::Count;
use crate::words::Event;

/// Holds a line to the steps of counts that were reached so far.
pub(super) fn count(story: &mut Story<'_>, entry: &Entry) -> Result<(), Malformed> {
    let said = entry.text("count").unwrap_or_default().to_owned();
    let known = || Count::ALL.into_iter();
    let Some(count) = known().find(|it| it.name() == said || it.zh() == said) else {
        let names = known().flat_map(|it| [it.name(), it.zh()]);
        let near = crate::plan::near(&said, names)
            .map_or(String::new(), |near| format!("; did you mean `{near}`?"));
        return Err(story.wrong(entry, "count", format!("no count is called `{said}`{near}")));
    };
    let Some(number) = entry.map.get("step").and_then(Value::as_u64) else {
        let said = "it does not say at which number; write `\"step\": 2`";
        return Err(story.wrong(entry, "step", said));
    };
    let wanted = wanted(story, entry, "a count")?;
    let last = story
        .records
        .iter()
        .rev()
        .find_map(|record| match &record.event {
            Event::CountReached {
                count: own,
                number: at,
                acts,
                ..
            } if own == count.name() && u64::from(*at) == number => Some((record.at, acts)),
            _ => None,
        });
    let plan = story.hand().map(|hand| hand.plan.clone());
    let title = |id: &str| {
        let post = plan.as_ref().and_then(|plan| plan.post(id));
        post.map_or(String::new(), |post| post.title.clone())
    };
    let told: Vec<[String; 2]> = last.map_or_else(Vec::new, |(_, acts)| {
        let posts = acts.iter().map(|act| &act.to.post);
        posts.map(|id| [id.clone(), title(id)]).collect()
    });
    let at = last.map(|(at, _)| at);
    let to = posts(story, entry)?;
    let moment = story.moment(entry, "is")?;
    if fits(wanted, (at, &told), (moment, &to)) {
        return Ok(());
    }
    let when = moment.map_or(String::new(), |at| format!(" {}", story.local(at)));
    let whom = match to.is_empty() {
        true => String::new(),
        false => format!(" → {}", to.join(", ")),
    };
    let expected = match wanted {
        true => pick(
            story.lang,
            format!("“{said}”第 {number} 次{when}{whom}"),
            format!("`{said}` at {number}{when}{whom}"),
        ),
        false => pick(
            story.lang,
            format!("“{said}”第 {number} 次没有处置"),
            format!("nothing at `{said}` {number}"),
        ),
    };
    let names: Vec<&str> = told.iter().map(|[_, title]| title.as_str()).collect();
    let got = match at {
        None => pick(story.lang, "没有处置", "nothing was done"),
        Some(at) => format!("{} → {}", story.local(at), names.join(", ")),
    };
    story.fails(entry, expected, got, None);
    Ok(())
}
