//! The parts of a sentence, in either language: persons, posts, clocks, acts, lengths of time.

use crate::case::Case;
use crate::plan::{Count, Plan};
use crate::report::{pick, term, wall};
use crate::time::{Moment, Span};
use crate::words::{
    Act, Addressee, CancelWhy, ClockKey, ClockKind, Facts, Import, Lang, Mark, News, PlaceCode,
    ProjectedFor, Rating, Reason, Record, Role, TextRef, UnmergeWhy, Verb, Verdict,
};

/// What words are taken from.
pub(in crate::report) struct Say<'a> {
    pub(in crate::report) plan: &'a Plan,
    pub(in crate::report) case: &'a Case,
    pub(in crate::report) lang: Lang,
}

impl Say<'_> {
    pub(in crate::report) fn pick<'t>(&self, zh: &'t str, en: &'t str) -> &'t str {
        pick(self.lang, zh, en)
    }
    pub(in crate::report) fn term(&self, zh: &str, name: &str) -> String {
        term(self.lang, zh, name)
    }
    pub(in crate::report) fn at(&self, at: Moment) -> String {
        wall(at, self.plan.zone)
    }
    pub(in crate::report) fn list<T: ToString>(
        &self,
        items: impl IntoIterator<Item = T>,
    ) -> String {
        let items: Vec<String> = items.into_iter().map(|item| item.to_string()).collect();
        items.join(self.pick("、", ", "))
    }
    fn role(&self, role: Role) -> String {
        self.term(role.zh(), role.name())
    }

    /// Who did it: a person in a role, a rule that followed a command, or time.
    pub(in crate::report) fn who(&self, record: &Record) -> String {
        let Some(by) = &record.by else {
            return match record.command {
                Some(_) => self.pick("规则", "rule").to_owned(),
                None => self.pick("到时", "time").to_owned(),
            };
        };
        let unit = by
            .unit
            .as_ref()
            .map(|unit| self.aside(unit.as_str()))
            .unwrap_or_default();
        let for_whom = by
            .acting_for
            .as_ref()
            .map(|whom| format!("{}{whom}", self.pick(",代 ", " for ")));
        format!(
            "{} {}{unit}{}",
            self.role(by.role),
            by.id,
            for_whom.unwrap_or_default()
        )
    }
    /// In brackets.
    pub(in crate::report) fn aside(&self, text: &str) -> String {
        format!("{}{text})", self.pick("(", " ("))
    }
    pub(in crate::report) fn place(&self, code: &PlaceCode) -> String {
        let place = self.plan.place(code);
        place.map_or_else(
            || code.to_string(),
            |place| format!("{code} {}", place.name),
        )
    }
    pub(in crate::report) fn span(&self, span: &Span) -> String {
        let (spans, zh, en) = match span {
            // What is counted to a given moment comes out in odd minutes.
            Span::Elapsed(seconds) if *seconds > 2 * 86_400 => return self.length(*seconds),
            Span::Earliest(spans) => (spans, "中先到者", "the earliest of"),
            Span::Latest(spans) => (spans, "中后到者", "the latest of"),
            span if self.lang == Lang::Zh => return span.zh(),
            span => return span.to_string(),
        };
        // A choice within a choice stands in brackets, so that one sees which of them it is among.
        let part = |part: &Span| match (part, self.lang) {
            (Span::Earliest(_) | Span::Latest(_), Lang::Zh) => format!("({})", self.span(part)),
            _ => self.span(part),
        };
        let list = self.list(spans.iter().map(part));
        match self.lang {
            Lang::Zh => format!("{list}{zh}"),
            Lang::En => format!("{en} ({list})"),
        }
    }
    /// Elapsed time in its two largest units.
    pub(in crate::report) fn length(&self, seconds: i64) -> String {
        let units = match self.lang {
            Lang::Zh => [("天", 86_400), ("小时", 3600), ("分", 60), ("秒", 1)],
            Lang::En => [("d", 86_400), ("h", 3600), ("min", 60), ("s", 1)],
        };
        let mut left = seconds.max(0);
        let mut parts = Vec::new();
        for (unit, size) in units {
            let n = left / size;
            left %= size;
            // Two units that follow one another; a whole number of days says nothing of minutes.
            match (n, parts.is_empty()) {
                (0, true) => {}
                (0, false) => break,
                _ => parts.push(format!("{n} {unit}")),
            }
            if parts.len() == 2 {
                break;
            }
        }
        match parts.is_empty() {
            true => format!("0 {}", self.pick("秒", "s")),
            false => parts.join(" "),
        }
    }

    /// A clock by its title; which run of it, past the first; about what. A promise goes by its own number.
    pub(in crate::report) fn clock(&self, key: ClockKey) -> String {
        let clock = self.case.clocks().iter().find(|clock| clock.key == key);
        if key.kind == ClockKind::Commitment
            && let Some(number) = clock.and_then(|clock| clock.about.as_ref())
        {
            let title = self.title(key.kind);
            return match self.lang {
                Lang::Zh => format!("“{title} {number}”时限"),
                Lang::En => format!("{title} clock {number}"),
            };
        }
        let about = clock
            .and_then(|clock| clock.about.as_ref())
            .map(|about| self.aside(about))
            .unwrap_or_default();
        let kind = self.kind(key.kind);
        let run = match (key.run, self.lang) {
            (1, _) => String::new(),
            (run, Lang::Zh) => format!("(第 {run} 次)"),
            (run, Lang::En) => format!(" {run}"),
        };
        format!("{kind}{run}{about}")
    }
    pub(in crate::report) fn kind(&self, kind: ClockKind) -> String {
        let title = self.title(kind);
        match self.lang {
            Lang::Zh => format!("“{title}”时限"),
            Lang::En => format!("{title} clock"),
        }
    }
    fn title(&self, kind: ClockKind) -> String {
        let title = self.plan.clock(kind).map(|rule| rule.title.as_str());
        let own = title.filter(|title| self.plan.labels == self.lang && !title.is_empty());
        own.map_or_else(|| self.term(kind.zh(), kind.name()), str::to_owned)
    }
    pub(in crate::report) fn reason(&self, reason: &Reason) -> String {
        // The rule with its clauses, as the reason writes them.
        let rule = Reason {
            because: Vec::new(),
            ..reason.clone()
        };
        match reason.because.is_empty() {
            true => rule.to_string(),
            false => format!(
                "{rule}:{}{}",
                self.pick("", " "),
                self.list(reason.because.iter().map(|it| it.say(self.lang)))
            ),
        }
    }
    pub(in crate::report) fn verdict(&self, verdict: Verdict) -> String {
        match (verdict, self.lang) {
            (Verdict::OnTime { margin }, Lang::Zh) => format!("按期,余 {}", self.length(margin)),
            (Verdict::Late { by }, Lang::Zh) => format!("超期 {}", self.length(by)),
            (Verdict::OnTime { margin }, Lang::En) => {
                format!("on time, {} left", self.length(margin))
            }
            (Verdict::Late { by }, Lang::En) => format!("{} late", self.length(by)),
        }
    }
    pub(in crate::report) fn projected(&self, why: ProjectedFor) -> &'static str {
        let (zh, en) = match why {
            ProjectedFor::Resumed => ("恢复计时", "a pause ended"),
            ProjectedFor::Extended => ("延期", "it was extended"),
            ProjectedFor::Directed => ("领导批示", "a leader directed"),
            ProjectedFor::FactMoved => ("事实变化", "a fact moved"),
            ProjectedFor::PlanAdopted => ("适用新规", "another plan was adopted"),
            ProjectedFor::Reopened => ("重开", "the case was opened again"),
            ProjectedFor::Restarted => ("补正后重新计算", "the citizen completed the message"),
            ProjectedFor::Lead => ("主办时限变化", "the lead's time changed"),
            ProjectedFor::Excluded => ("扣除时间", "time was excluded"),
            ProjectedFor::Corrected => ("更正", "an entry was corrected"),
            ProjectedFor::CalendarRevised => ("日历修订", "the calendar was revised"),
            ProjectedFor::Joined => ("并案取早", "a case that follows it is due earlier"),
            ProjectedFor::Unmerged => ("撤销并案", "it follows another case no longer"),
            ProjectedFor::Divided => ("一件事联办", "the parts of its bundle are done earlier"),
            ProjectedFor::Wanted => ("主件限期", "its main case wants it at another time"),
        };
        pick(self.lang, zh, en)
    }
    pub(in crate::report) fn cancelled(&self, why: CancelWhy) -> &'static str {
        let (zh, en) = match why {
            CancelWhy::Closed => ("已销账", "the case is closed"),
            CancelWhy::Merged => ("已并案", "the case follows another one"),
            CancelWhy::Reassigned => ("换了单位", "another unit took over"),
            CancelWhy::Superseded => ("不再需要", "it has no more use"),
            CancelWhy::Lapsed => ("时间已过", "its time passed"),
            CancelWhy::BeforeStart => ("早于开始", "it would have come before the start"),
            CancelWhy::BeforeImport => ("在接续登记之前", "it lies before the case was taken over"),
        };
        pick(self.lang, zh, en)
    }
    /// What was taken over from another system, and that nobody here saw it.
    pub(super) fn taken_over(&self, it: &Import<TextRef, Moment>) -> String {
        let (number, place, stage) = (&it.external_id, self.place(&it.place), it.stage);
        let (channel, from, received) = (&it.channel, &it.from, self.at(it.received));
        let history = match it.history.as_slice() {
            [] => String::new(),
            lines => {
                let at = self.list(lines.iter().map(|line| self.at(line.at)));
                match self.lang {
                    Lang::Zh => format!(";原系统所记 {} 条:{at}", lines.len()),
                    Lang::En => format!("; it has {} lines of its own: {at}", lines.len()),
                }
            }
        };
        match self.lang {
            Lang::Zh => format!(
                "从“{from}”接续登记:{channel} {number},{place};{received} 收到,现为“{}”,{} 批准;此前经过未经本系统见证{history}",
                stage.zh(),
                it.approved_by
            ),
            Lang::En => format!(
                "taken over from {from}: {channel} {number}, {place}; received {received}, stands {stage}, approved by {}; what came before was not witnessed here{history}",
                it.approved_by
            ),
        }
    }
    /// Why a case follows another one no longer.
    pub(super) fn unmerged(&self, why: UnmergeWhy) -> &'static str {
        let (zh, en) = match why {
            UnmergeWhy::Undone => ("撤销并案", "the merging was undone"),
            UnmergeWhy::NotJoined => (
                "那一件当时已不能并入",
                "that case could not take it any more",
            ),
            UnmergeWhy::Withdrawn => ("那一件已撤回", "that case was withdrawn"),
            UnmergeWhy::Declined => ("那一件不予受理", "that case was declined"),
            UnmergeWhy::Erased => ("那一件的答复已删除", "the answer of that case is erased"),
            UnmergeWhy::Unsatisfied => ("网民不满意", "its citizen is not satisfied"),
            UnmergeWhy::Reopened => ("重开", "it was opened again"),
        };
        pick(self.lang, zh, en)
    }
    /// What the citizen was told of the case that theirs follows.
    pub(super) fn news<T>(&self, news: &News<T>) -> String {
        match news {
            News::Progress { .. } => self.pick("进展", "progress").to_owned(),
            News::Extended { due, .. } => {
                let due = due.map(|due| format!("{}{}", self.pick("至 ", " to "), self.at(due)));
                format!(
                    "{}{}",
                    self.pick("延期", "extended"),
                    due.unwrap_or_default()
                )
            }
            News::Answer { .. } => self.pick("答复", "the answer").to_owned(),
            News::Retracted => self
                .pick("答复收回、重新办理", "the answer was taken back")
                .to_owned(),
            News::Ended { outcome } => format!(
                "{}{}",
                self.pick("已销账:", "struck off: "),
                self.term(outcome.zh(), outcome.name())
            ),
            News::Reopened => self.pick("重开", "opened again").to_owned(),
            News::NotOpened => self
                .pick("未能立件", "could not be opened as a case")
                .to_owned(),
            News::Question { .. } => self
                .pick("要问网民的问题", "a question for the citizen")
                .to_owned(),
        }
    }
    /// What the passing of a limit brings by itself.
    pub(in crate::report) fn lapsed(&self, kind: ClockKind) -> &'static str {
        let (zh, en) = match kind {
            ClockKind::Sign => ("视为签收", "deemed signed for"),
            ClockKind::Object => ("视为接受,不得再退单", "no longer open to objection"),
            ClockKind::Rating => ("记为未评价", "recorded as not rated"),
            _ => ("时间已过", "its time passed"),
        };
        pick(self.lang, zh, en)
    }

    /// Acts with those they go to.
    pub(in crate::report) fn acts(&self, acts: &[Act]) -> String {
        let act = |act: &Act| match act.verb {
            Verb::NameIn => self.verb(act.verb).to_owned(),
            verb => format!("{} {}", self.verb(verb), self.addressee(&act.to)),
        };
        acts.iter()
            .map(act)
            .collect::<Vec<_>>()
            .join(self.pick(";", "; "))
    }
    fn verb(&self, verb: Verb) -> &'static str {
        pick(self.lang, verb.zh(), verb.en())
    }
    fn addressee(&self, to: &Addressee) -> String {
        post(self.plan, self.lang, to)
    }

    /// Those who were told.
    pub(in crate::report) fn told(&self, to: &[Addressee], citizen: bool) -> String {
        let citizen = citizen.then(|| self.role(Role::Citizen));
        self.list(to.iter().map(|to| self.addressee(to)).chain(citizen))
    }
    /// Facts that came with something else, after it.
    pub(in crate::report) fn facts(&self, facts: &Facts) -> String {
        let each = facts
            .iter()
            .map(|(name, value)| format!("{name} = {value}"));
        match facts.is_empty() {
            true => String::new(),
            false => format!("{}{}", self.pick(";", "; "), self.list(each)),
        }
    }
    pub(in crate::report) fn mark(&self, mark: Mark) -> String {
        let en = match mark {
            Mark::A => "solved",
            Mark::B => "being solved",
            Mark::C => "planned",
            Mark::D => "for reference",
        };
        format!("{mark} {}", self.pick(mark.zh(), en))
    }
    pub(in crate::report) fn rating(&self, rating: Rating) -> String {
        let Rating::Given { level, scores } = rating else {
            return self.term(rating.zh(), rating.name());
        };
        let scores = scores.map(|it| {
            let (solved, attitude, speed) = (it.solved, it.attitude, it.speed);
            self.aside(&match self.lang {
                Lang::Zh => format!("解决程度 {solved}、办理态度 {attitude}、办理速度 {speed}"),
                Lang::En => format!("solved {solved}, attitude {attitude}, speed {speed}"),
            })
        });
        format!(
            "{}{}",
            self.term(level.zh(), level.name()),
            scores.unwrap_or_default()
        )
    }
    /// A count of the case, by the name that rules give it.
    pub(in crate::report) fn count(&self, name: &str) -> String {
        let known = Count::ALL.into_iter().find(|count| count.name() == name);
        match (known, self.lang) {
            (Some(count), Lang::Zh) => count.zh().to_owned(),
            _ => name.to_owned(),
        }
    }
}

/// An addressee: the post by its title, the person and the unit, where they are named.
pub(in crate::report) fn post(plan: &Plan, lang: Lang, to: &Addressee) -> String {
    let post = plan.post(&to.post);
    let title = post
        .map(|post| post.title.as_str())
        .filter(|title| !title.is_empty());
    let name = match (title, to.role.or(post.and_then(|post| post.role))) {
        (Some(title), _) if plan.labels == lang => title.to_owned(),
        (_, Some(role)) => term(lang, role.zh(), role.name()),
        (Some(title), None) => title.to_owned(),
        (None, None) => to.post.clone(),
    };
    let person = to.person.as_ref().map(|person| format!(" {person}"));
    let unit = to
        .unit
        .as_ref()
        .map(|unit| format!("{}{unit})", pick(lang, "(", " (")));
    format!(
        "{name}{}{}",
        person.unwrap_or_default(),
        unit.unwrap_or_default()
    )
}
