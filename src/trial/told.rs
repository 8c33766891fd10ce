//! What a line expects of notices: that one went out, to whom; or that it did not.

use super::expect::posts;
use super::pick;
use super::read::{Entry, Malformed};
use super::story::Story;
use crate::time::Moment;
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
    let wanted = wanted(story, entry, "a notice")?;
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
    let moment = story.moment(entry, "is")?;
    if fits(wanted, (at, &told), (moment, &to)) {
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

/// Whether a line wants that somebody was told, or that nobody was.
pub(super) fn wanted(story: &Story<'_>, entry: &Entry, of: &str) -> Result<bool, Malformed> {
    match entry.text("fate") {
        None | Some("fired" | "已发") => Ok(true),
        Some("skipped" | "跳过") => Ok(false),
        Some(other) => {
            let said = format!("`{other}` is not what becomes of {of}; write `fired` or `skipped`");
            Err(story.wrong(entry, "fate", said))
        }
    }
}

/// Whether what came, when and to whom by each of their names, is what a line says: that moment, if it gives one; those and no others,
/// if it names any.
pub(super) fn fits(
    wanted: bool,
    (came, told): (Option<Moment>, &[[String; 2]]),
    (moment, to): (Option<Moment>, &[String]),
) -> bool {
    if !wanted {
        return came.is_none();
    }
    let all = to
        .iter()
        .all(|who| told.iter().any(|names| names.contains(who)));
    let only = told
        .iter()
        .all(|names| to.iter().any(|who| names.contains(who)));
    let when = moment.is_none_or(|moment| came == Some(moment));
    came.is_some() && when && (to.is_empty() || (all && only))
}
