//! What somebody is told, as a letter (通知、告知书): which case, what happened, what is to be done, and until when.

mod citizen;
mod duty;
mod officer;

pub use duty::duty_letter;

use serde::{Deserialize, Serialize};

use super::timeline::{Say, post};
use super::{pick, wall};
use crate::case::Case;
use crate::desk::{Addressed, Delivery, Found, To, Words};
use crate::plan::Plan;
use crate::time::Moment;
use crate::words::{Addressee, Effect, Lang, TextRef, Verb};

/// A plain text with a subject, in one language. It is made each time and never stored: it holds private words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Letter {
    /// One line.
    pub subject: String,
    /// Several lines, each ended by a line feed.
    pub body: String,
}

/// What a letter says, apart from whom it is about.
struct Said {
    /// What happened, in few words.
    what: String,
    /// What is to be done.
    todo: String,
    /// Until when, where there is a limit.
    until: Option<String>,
}

/// A delivery in words: the case as it stands when the letter is made, and its plan, which is asked for titles and the zone only. A
/// limit is that of the clock as it stands now, so a letter that goes out late does not name a limit that has moved. None of what goes to another
/// case of the board.
///
/// A citizen is told no officer's name and no internal limit.
///
/// ```no_run
/// use duly::desk::Delivery;
/// use duly::report::letter;
/// use duly::words::Lang;
/// # fn of(delivery: &Delivery, case: &duly::case::Case, plan: &duly::plan::Plan) {
/// if let Some(letter) = letter(delivery, case, plan, Lang::Zh) {
///     println!("{}\n\n{}", letter.subject, letter.body);
/// }
/// # }
/// ```
pub fn letter(delivery: &Delivery, case: &Case, plan: &Plan, lang: Lang) -> Option<Letter> {
    let say = Say { plan, case, lang };
    let said = match &delivery.outgoing.effect {
        Effect::Tell { what, .. } => say.to_citizen(what),
        Effect::Notify { to, what } => say.to_officer(to, what),
        Effect::Publish { .. } => say.plain(
            ("公布答复", "publish the answer"),
            (
                "请把下列答复公布在留言板上",
                "show these words on the board",
            ),
        ),
        Effect::Retract => say.plain(
            ("撤下答复", "take the answer down"),
            (
                "已公布的答复被退回重办,请从留言板上撤下",
                "the published answer was sent back; take it off the board",
            ),
        ),
        Effect::Erase { fields } => erase(fields, lang),
        Effect::Link { .. } => return None,
    };
    let about = About {
        plan,
        lang,
        id: case.id().as_str(),
        line: say.which(),
    };
    Some(about.letter(&delivery.to, delivery.outgoing.at, said, &delivery.words))
}

/// What a letter is about.
struct About<'a> {
    plan: &'a Plan,
    lang: Lang,
    id: &'a str,
    /// The case or the obligation, as a reader finds it again.
    line: String,
}

impl About<'_> {
    fn letter(&self, to: &To, at: Moment, said: Said, words: &[Words]) -> Letter {
        let (plan, lang) = (self.plan, self.lang);
        let mut body = String::new();
        let mut line = |zh: &str, en: &str, what: &str| {
            if !what.is_empty() {
                let (head, colon) = (pick(lang, zh, en), pick(lang, ":", ": "));
                body += &format!("{head}{colon}{what}\n");
            }
        };
        line("事项", "about", &self.line);
        // A citizen knows who they are.
        if let To::Officers { people } = to {
            line("收件", "to", &recipients(plan, lang, people));
            line("说明", "note", &people.remark(lang).unwrap_or_default());
        }
        let at = wall(at, plan.zone);
        let what = match lang {
            Lang::Zh => format!("{}({at})", said.what),
            Lang::En => format!("{} ({at})", said.what),
        };
        line("情况", "what", &what);
        line("请办", "to do", &said.todo);
        line("时限", "until", said.until.as_deref().unwrap_or_default());
        for it in words {
            body += &format!("\n{}\n", it.shown(lang));
        }
        let subject = match lang {
            Lang::Zh => format!("【{}】{}:{}", plan.title, said.what, self.id),
            Lang::En => format!("[{}] {}: {}", plan.title, self.id, said.what),
        };
        Letter { subject, body }
    }
}

/// The people by name, and as what they are told; nothing, where there is nobody.
fn recipients(plan: &Plan, lang: Lang, people: &Addressed) -> String {
    if people.is_nobody() {
        return String::new();
    }
    let each = people.people.iter().map(|it| match (&it.acting_for, lang) {
        (Some(whom), Lang::Zh) => format!("{}(代 {whom})", it.person),
        (Some(whom), Lang::En) => format!("{} (acting for {whom})", it.person),
        (None, _) => it.person.to_string(),
    });
    let names: Vec<String> = each.collect();
    let held = match &people.found {
        Found::Instead { post } => post,
        _ => &people.post,
    };
    let held = Addressee {
        person: None,
        ..held.clone()
    };
    format!(
        "{}{}{}",
        names.join(pick(lang, "、", ", ")),
        pick(lang, ",", ", "),
        post(plan, lang, &held)
    )
}

fn erase(fields: &[TextRef], lang: Lang) -> Said {
    let todo = pick(
        lang,
        "请删除所存的下列文字及其副本",
        "delete these texts and every copy of them",
    );
    let each = fields.iter().map(|field| format!("\n  {field}"));
    Said {
        what: pick(lang, "依法删除文字", "erase texts").to_owned(),
        todo: format!("{todo}{}", each.collect::<String>()),
        until: None,
    }
}

/// A rung by its title, else by what it does.
fn rung(verb: Verb, title: &str, lang: Lang) -> &str {
    let en = match verb {
        Verb::Remind => "reminder",
        Verb::Warn => "warning",
        Verb::Copy => "copy",
        Verb::Supervise => "taken under supervision",
        Verb::Summon => "call for a talk",
        Verb::Report => "report",
        Verb::NameIn => "named in the bulletin",
    };
    match title.is_empty() {
        true => pick(lang, verb.zh(), en),
        false => title,
    }
}

/// What a verb asks of whoever it is addressed to.
fn deed(verb: Verb, lang: Lang) -> &'static str {
    let (zh, en) = match verb {
        Verb::Remind => ("请抓紧办理", "get on with it"),
        Verb::Warn => ("请立即办理", "do it at once"),
        Verb::Copy => ("抄送,供知悉", "for your information"),
        Verb::Supervise => (
            "请督办,直到办出结果",
            "take it under supervision until it is done",
        ),
        Verb::Summon => ("请接受约谈,说明情况", "come in for a talk and explain"),
        Verb::Report => ("请阅示", "for you to read and direct"),
        Verb::NameIn => ("将在通报中点名", "it will be named in the bulletin"),
    };
    pick(lang, zh, en)
}

impl Say<'_> {
    fn plain(&self, what: (&str, &str), todo: (&str, &str)) -> Said {
        Said {
            what: pick(self.lang, what.0, what.1).to_owned(),
            todo: pick(self.lang, todo.0, todo.1).to_owned(),
            until: None,
        }
    }
    /// Which case: its id, its number where it came in, its place.
    fn which(&self) -> String {
        let case = self.case;
        let number = format!("{} {}", case.channel(), case.external_id());
        let comma = self.pick(",", ", ");
        format!(
            "{}{comma}{number}{comma}{}",
            case.id(),
            self.place(case.place())
        )
    }
}
