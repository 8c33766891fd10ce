//! What comes if nobody acts.

use super::TimelineLine;
use super::say::Say;
use crate::plan::Rung;
use crate::time::Moment;
use crate::words::{Act, Addressee, ClockKey, Lang, Role, Step, StepKey, Verb};

/// Every step ahead of the case and every end of a pause, in the order of time.
pub(super) fn ahead(say: &Say<'_>) -> Vec<TimelineLine> {
    if say.case.is_closed() {
        return Vec::new();
    }
    let line = |at: Moment, what: String| TimelineLine {
        at,
        version: None,
        who: String::new(),
        what,
    };
    let pauses = say
        .case
        .pauses()
        .iter()
        .filter(|pause| pause.ended.is_none());
    let pauses = pauses.map(|pause| {
        line(
            pause.until,
            match say.lang {
                Lang::Zh => format!("恢复计时:{}(最长时间已到)", pause.reason),
                Lang::En => format!("resumes: {} (its longest time has passed)", pause.reason),
            },
        )
    });
    let steps = say.case.ahead();
    let steps = steps
        .iter()
        .map(|(key, step)| line(step.at, say.step(*key, step)));
    let mut all: Vec<TimelineLine> = pauses.chain(steps).collect();
    all.sort_by_key(|line| line.at);
    all
}

impl Say<'_> {
    fn step(&self, key: ClockKey, step: &Step) -> String {
        let said = self.nominal_step(key, step);
        format!("{said}{}", self.deferred(step.deferred_from))
    }

    /// The moment that a step's rule gives, where it comes later.
    pub(super) fn deferred(&self, from: Option<Moment>) -> String {
        from.map(|from| {
            let at = self.at(from);
            match self.lang {
                Lang::Zh => format!("(原定 {at},顺延)"),
                Lang::En => format!(" (put off from {at})"),
            }
        })
        .unwrap_or_default()
    }

    fn nominal_step(&self, key: ClockKey, step: &Step) -> String {
        let clock = self.clock(key);
        let colon = self.pick(":", ": ");
        match &step.key {
            StepKey::Breach => format!("{clock}{}", self.pick("超期", " overdue")),
            StepKey::PromiseMissed => {
                let past = self.pick("已过承诺的期限", " past the promised date");
                format!("{clock}{past}")
            }
            StepKey::Infeasible => {
                let to = |role: Role| Act {
                    verb: Verb::Warn,
                    to: self.to(role.name(), Some(role)),
                };
                let has = match self.case.team() {
                    Some(_) => Role::Owner,
                    None => Role::Intake,
                };
                let late = self.pick(
                    "来不及(届时仍无答复的话)",
                    " will not be in time (if there is no reply by then)",
                );
                let acts = self.acts(&[to(has), to(Role::Supervisor)]);
                format!("{clock}{late}{colon}{acts}")
            }
            StepKey::Lapse => format!(
                "{clock}{}{colon}{}",
                self.pick("已过", " lapses"),
                self.lapsed(key.kind)
            ),
            StepKey::Overdue { .. } => {
                let supervisor = Act {
                    verb: Verb::Remind,
                    to: self.to(Role::Supervisor.name(), Some(Role::Supervisor)),
                };
                let every = self.plan.overdue_every;
                let again = match self.lang {
                    Lang::Zh => format!(",此后每 {every} 个工作日一次"),
                    Lang::En => format!(", and again every {every} working days"),
                };
                let overdue = self.pick("仍超期", " still overdue");
                format!("{clock}{overdue}{colon}{}{again}", self.acts(&[supervisor]))
            }
            StepKey::Rung { rung, .. } => {
                let rule = self.plan.clock(key.kind);
                let rule = rule.and_then(|rule| rule.rungs.iter().find(|it| it.key == *rung));
                let name = self.rung(&step.key, rule.map_or("", |rung| rung.title.as_str()));
                let comma = self.pick(",", ", ");
                format!(
                    "{clock}{comma}{name}{}",
                    rule.map(|rule| self.rung_acts(rule)).unwrap_or_default()
                )
            }
        }
    }

    fn rung_acts(&self, rung: &Rung) -> String {
        let act = |(verb, post): &(Verb, String)| {
            let role = self.plan.post(post).and_then(|post| post.role);
            Act {
                verb: *verb,
                to: self.to(post, role),
            }
        };
        let acts: Vec<Act> = rung.acts.iter().map(act).collect();
        let when = match rung.when {
            Some(_) => self.pick("(届时条件成立的话)", " (if its condition holds then)"),
            None => "",
        };
        format!("{when}{}{}", self.pick(":", ": "), self.acts(&acts))
    }

    /// Whom a post is today, as far as the case names anyone.
    fn to(&self, post: &str, role: Option<Role>) -> Addressee {
        let team = self.case.team();
        let of_unit = matches!(role, Some(Role::Owner | Role::UnitHead | Role::CoHandler));
        Addressee {
            post: post.to_owned(),
            role,
            place: self.case.place().clone(),
            unit: team.filter(|_| of_unit).map(|team| team.unit.clone()),
            person: team
                .filter(|_| role == Some(Role::Owner))
                .map(|team| team.owner.clone()),
        }
    }

    /// A rung by its title, else by its key; which time, past the first.
    pub(super) fn rung(&self, step: &StepKey, title: &str) -> String {
        let (name, occurrence) = match step {
            StepKey::Rung { rung, occurrence } if title.is_empty() => (rung.as_str(), *occurrence),
            StepKey::Rung { occurrence, .. } => (title, *occurrence),
            StepKey::Overdue { occurrence } => (self.pick("仍超期", "still overdue"), *occurrence),
            StepKey::Infeasible => (self.pick("来不及", "will not be in time"), 1),
            _ => return step.to_string(),
        };
        let again = match (occurrence, self.lang) {
            (1, _) => String::new(),
            (n, Lang::Zh) => format!("(第 {n} 次)"),
            (n, Lang::En) => format!(" #{n}"),
        };
        match self.lang {
            Lang::Zh => format!("{name}{again}"),
            Lang::En => format!("{name}{again}"),
        }
    }
}
