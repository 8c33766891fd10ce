//! What a line expects of notices: that one went out, to whom; or that it did not.

use super::expect::posts;
use super::pick;
use super::read::{Entry, Malformed};
use super::story::Story;
use crate::words::{Event, Role};

/// Holds a line to the notices that went out so far.
pub(super) fn told(story: &mut Story<'_>, entry: &Entry) -> Result<(), Malformed> {
    let title = entry.text("told").unwrap_or_default().to_owned();
    let Some(plan) = story.hand().map(|hand| hand.plan.clone()) else {
        return Ok(());
    };
    let known = || plan.notices.iter().map(|notice| notice.title.as_str());
    if known().all(|own| own != title) {
        let near = crate::plan::near(&title, known())
            .map_or(String::new(), |near| format!("; did you mean `{near}`?"));
        return Err(story.wrong(
            entry,
            "told",
            format!("no notice is called `{title}`{near}"),
        ));
    }
    let wanted = match entry.text("fate") {
        None | Some("fired" | "已发") => true,
        Some("skipped" | "跳过") => false,
        Some(other) => {
            let said =
                format!("`{other}` is not what becomes of a notice; write `fired` or `skipped`");
            return Err(story.wrong(entry, "fate", said));
        }
    };
    let last = story
        .records
        .iter()
        .rev()
        .find_map(|record| match &record.event {
            Event::NoticeGiven {
                title: own,
                to,
                citizen,
                ..
            } if *own == title => Some((record.at, to, *citizen)),
            _ => None,
        });
    let at = last.map(|(at, ..)| at);
    // Whoever was told, by every name that a line may give them.
    let told: Vec<[String; 2]> = last.map_or_else(Vec::new, |(_, to, citizen)| {
        let officers = to.iter().map(|to| {
            let post = plan.post(&to.post);
            [
                to.post.clone(),
                post.map_or(String::new(), |post| post.title.clone()),
            ]
        });
        let citizen =
            citizen.then(|| [Role::Citizen.name(), Role::Citizen.zh()].map(str::to_owned));
        officers.chain(citizen).collect()
    });
    let to = posts(story, entry)?;
    let all = to
        .iter()
        .all(|who| told.iter().any(|names| names.contains(who)));
    let only = told
        .iter()
        .all(|names| to.iter().any(|who| names.contains(who)));
    let moment = story.moment(entry, "is")?;
    let when = moment.is_none_or(|wanted| at == Some(wanted));
    let fits = match (wanted, at) {
        (true, Some(_)) => when && (to.is_empty() || (all && only)),
        (false, at) => at.is_none(),
        (true, None) => false,
    };
    if fits {
        return Ok(());
    }
    let (lang, whom) = (story.lang, to.join(", "));
    let when = moment.map_or(String::new(), |at| format!(" {}", story.local(at)));
    let expected = match wanted {
        true => pick(
            lang,
            format!("告知“{title}”{whom}{when}"),
            format!("`{title}` told {whom}{when}"),
        ),
        false => pick(
            lang,
            format!("没有告知“{title}”"),
            format!("`{title}` not told"),
        ),
    };
    let names: Vec<&str> = told
        .iter()
        .map(|[id, title]| match title.is_empty() {
            true => id.as_str(),
            false => title.as_str(),
        })
        .collect();
    let got = match at {
        None => pick(lang, "没有告知", "nobody was told"),
        Some(at) => format!("{} → {}", story.local(at), names.join(", ")),
    };
    story.fails(entry, expected.trim_end().to_owned(), got, None);
    Ok(())
}
