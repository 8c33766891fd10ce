//! What the citizen of a case is told.

use super::Said;
use crate::report::timeline::Say;
use crate::time::Moment;
use crate::words::Telling;

impl Say<'_> {
    pub(super) fn to_citizen(&self, what: &Telling) -> Said {
        let none = "";
        let (zh, en, todo, until): (String, String, (&str, &str), Option<Moment>) = match what {
            Telling::Received => (
                "您的留言已收到".into(),
                "your message was received".into(),
                (
                    "无须再做什么,有进展会告知您",
                    "nothing; you will be told how it goes on",
                ),
                None,
            ),
            Telling::Question { .. } => (
                "请您补充情况".into(),
                "something is asked of you".into(),
                (
                    "请回复以下问题;逾期未回复的,按现有情况办理",
                    "answer the question below; if you do not, it goes on with what is known",
                ),
                self.waits(),
            ),
            Telling::Assigned { unit, due } => (
                format!("您的留言已交{unit}办理"),
                format!("your message was given to {unit}"),
                (
                    "无须再做什么,届时会答复您",
                    "nothing; you will have an answer by then",
                ),
                *due,
            ),
            Telling::Progress { .. } => (
                "您的留言有了进展".into(),
                "there is news of your message".into(),
                (none, none),
                None,
            ),
            Telling::Extended { due, .. } => (
                "办理您的留言需要更长时间".into(),
                "your message takes longer".into(),
                (
                    "无须再做什么,届时会答复您",
                    "nothing; you will have an answer by then",
                ),
                *due,
            ),
            Telling::Answer { .. } => (
                "您的留言已有答复".into(),
                "your message has its answer".into(),
                (
                    "请评价;不满意的请说明,将重新办理",
                    "say whether you are satisfied; if you are not, say why, and it is done again",
                ),
                None,
            ),
            Telling::Declined { .. } => (
                "您的留言不在此受理".into(),
                "your message is not for this board".into(),
                (
                    "请按以下说明向有权处理的机关提出",
                    "turn to whom the words below name",
                ),
                None,
            ),
            // Whose the other case is, is no business of this citizen's.
            Telling::Merged { .. } => (
                "您的留言与另一件合并办理".into(),
                "your message is handled with another one".into(),
                (
                    "无须再做什么,进展和答复同样会告知您",
                    "nothing; you will be told what comes of it, and have the answer",
                ),
                None,
            ),
            Telling::Unmerged { .. } => (
                "您的留言改为单独办理".into(),
                "your message is handled by itself again".into(),
                (
                    "无须再做什么,会单独答复您",
                    "nothing; you will have an answer of its own",
                ),
                None,
            ),
            Telling::Retracted => (
                "对您的答复已收回,重新办理".into(),
                "the answer to you was taken back and is done again".into(),
                (
                    "无须再做什么,会重新答复您",
                    "nothing; you will have another answer",
                ),
                None,
            ),
            Telling::StruckOff => (
                "您的留言已办结".into(),
                "your message is finished".into(),
                (
                    "如问题再现,可以要求重开",
                    "if it comes up again, ask for it to be opened again",
                ),
                None,
            ),
            Telling::Reopened => (
                "您的留言已重开".into(),
                "your message was opened again".into(),
                (
                    "无须再做什么,会重新答复您",
                    "nothing; you will have another answer",
                ),
                None,
            ),
            Telling::Withdrawn => (
                "您撤回留言已登记".into(),
                "that you withdrew your message was recorded".into(),
                ("如并未撤回,请告知我们", "if you did not, tell us"),
                None,
            ),
            Telling::Notice { words } => (words.clone(), words.clone(), (none, none), None),
        };
        Said {
            what: self.pick(&zh, &en).to_owned(),
            todo: self.pick(todo.0, todo.1).to_owned(),
            until: until.map(|until| self.at(until)),
        }
    }

    /// Until when the citizen is waited for, where the case waits for them.
    fn waits(&self) -> Option<Moment> {
        let open = self
            .case
            .pauses()
            .iter()
            .filter(|pause| pause.ended.is_none());
        let theirs = open.filter(|pause| pause.side == crate::words::PauseSide::Citizen);
        theirs.map(|pause| pause.until).min()
    }
}
