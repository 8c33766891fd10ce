//! 影子运行: what a plan on trial would have decided otherwise, for whoever decides on it.

use super::adoption::step;
use super::{Table, pick, term, wall};
use crate::desk::{Difference, DifferenceKind, DueMoments, RungAhead, ShadowReport};
use crate::time::Zone;
use crate::words::{Effect, Lang, Notice, Telling, Verdict};

impl DifferenceKind {
    /// In words.
    ///
    /// ```
    /// use duly::desk::DifferenceKind;
    /// use duly::words::Lang;
    /// assert_eq!(DifferenceKind::Due.say(Lang::En), "due at another moment");
    /// ```
    pub const fn say(self, lang: Lang) -> &'static str {
        let (zh, en) = match self {
            DifferenceKind::RefusedThere => ("新规不予接受", "refused on trial"),
            DifferenceKind::AcceptedThere => ("新规可以接受", "accepted on trial"),
            DifferenceKind::RefusedOtherwise => ("拒绝理由不同", "refused for other reasons"),
            DifferenceKind::Due => ("期限不同", "due at another moment"),
            DifferenceKind::Verdict => ("判定不同", "judged otherwise"),
            DifferenceKind::Rungs => ("催督不同", "other rungs ahead"),
            DifferenceKind::Route => ("交办建议不同", "another unit proposed"),
            DifferenceKind::Class => ("分类建议不同", "another class proposed"),
            DifferenceKind::Gates => ("关口不同", "other gates shut"),
            DifferenceKind::Notices => ("通知不同", "other notices"),
            DifferenceKind::Events => ("后续不同", "something else happens"),
            DifferenceKind::CannotAdopt => ("不能适用", "cannot go over"),
            DifferenceKind::Fault => ("影子出错", "the trial went wrong"),
        };
        match lang {
            Lang::Zh => zh,
            Lang::En => en,
        }
    }
}

impl Difference {
    /// In words: what it is, and what it would be.
    pub fn say(&self, zone: Zone, lang: Lang) -> String {
        let or_none = |said: Option<String>| said.unwrap_or(pick(lang, "无", "none").to_owned());
        let due = |due: &Option<DueMoments>| or_none(due.as_ref().map(|due| wall(due.legal, zone)));
        let list = |all: Vec<String>| match all.is_empty() {
            true => pick(lang, "无", "none").to_owned(),
            false => all.join(pick(lang, "、", ", ")),
        };
        let rungs = |all: &[RungAhead]| {
            let each = all.iter().map(|it| {
                let name = match it.title.is_empty() {
                    true => step(&it.step, lang),
                    false => it.title.clone(),
                };
                format!("{name} {}", wall(it.at, zone))
            });
            list(each.collect())
        };
        let verdict = |it: &Verdict| match it.is_on_time() {
            true => pick(lang, "按期", "in time").to_owned(),
            false => pick(lang, "超期", "late").to_owned(),
        };
        let effects = |all: &[Effect]| list(all.iter().map(|it| effect(it, zone, lang)).collect());
        let (was, is) = match self {
            Difference::RefusedThere { trial } | Difference::CannotAdopt { trial } => {
                return trial.say(lang);
            }
            Difference::AcceptedThere { active } => return active.say(lang),
            Difference::Fault { said } => return said.clone(),
            Difference::RefusedOtherwise { active, trial } => (active.say(lang), trial.say(lang)),
            Difference::Due {
                clock,
                active,
                trial,
            } => {
                let name = term(lang, clock.kind.zh(), clock.kind.name());
                (format!("{name} {}", due(active)), due(trial))
            }
            Difference::Verdict {
                clock,
                active,
                trial,
            } => {
                let name = term(lang, clock.kind.zh(), clock.kind.name());
                (format!("{name} {}", verdict(active)), verdict(trial))
            }
            Difference::Rungs {
                clock,
                active,
                trial,
            } => {
                let name = term(lang, clock.kind.zh(), clock.kind.name());
                let colon = pick(lang, ":", ": ");
                (format!("{name}{colon}{}", rungs(active)), rungs(trial))
            }
            Difference::Route { active, trial } => {
                let unit = |it: &Option<_>| or_none(it.as_ref().map(ToString::to_string));
                (unit(active), unit(trial))
            }
            Difference::Class { active, trial } => {
                let class = |it: &Option<crate::words::Class>| {
                    or_none(it.map(|it| term(lang, it.zh(), it.name())))
                };
                (class(active), class(trial))
            }
            Difference::Gates { active, trial } => (list(active.clone()), list(trial.clone())),
            Difference::Events { active, trial } => (list(active.clone()), list(trial.clone())),
            Difference::Notices { active, trial } => (effects(active), effects(trial)),
        };
        format!("{was} → {is}")
    }
}

/// What goes out, in a few words.
fn effect(effect: &Effect, zone: Zone, lang: Lang) -> String {
    match effect {
        Effect::Notify { to, what } => {
            let what = match what {
                Notice::Rung { title, .. } | Notice::Informed { title, .. } => title.clone(),
                other => name(other),
            };
            format!("{}{}{what}", to.post, pick(lang, ":", ": "))
        }
        Effect::Tell { what, .. } => {
            let citizen = pick(lang, "网民:", "citizen: ");
            let until = |what: &str, due: &Option<_>| {
                let due = due.map(|due| wall(due, zone)).unwrap_or_default();
                format!("{what} {due}").trim_end().to_owned()
            };
            let what = match what {
                Telling::Assigned { due, .. } => until(pick(lang, "已交办", "assigned"), due),
                Telling::Extended { due, .. } => until(pick(lang, "已延期", "extended"), due),
                Telling::Notice { words } => words.clone(),
                other => name(other),
            };
            format!("{citizen}{what}")
        }
        other => name(other),
    }
}

/// As the ledger calls it.
fn name(what: &impl serde::Serialize) -> String {
    match serde_json::to_value(what) {
        Ok(serde_json::Value::String(name)) => name,
        Ok(serde_json::Value::Object(fields)) => {
            let first = fields.into_iter().next();
            first.map(|(name, _)| name).unwrap_or_default()
        }
        _ => String::new(),
    }
}

impl ShadowReport {
    /// How many commands, and how many differ in what, a line each.
    pub fn summary(&self, lang: Lang) -> String {
        let head = match lang {
            Lang::Zh => format!(
                "{} 影子运行:比对 {} 条命令,不同 {} 条",
                self.title, self.decided, self.differing
            ),
            Lang::En => format!(
                "{} on trial: {} commands decided by both, {} otherwise",
                self.title, self.decided, self.differing
            ),
        };
        let lines = self.kinds.iter().map(|(kind, many)| match lang {
            Lang::Zh => format!("\n{} {many} 处", kind.say(lang)),
            Lang::En => format!("\n{many} {}", kind.say(lang)),
        });
        format!("{head}{}", lines.collect::<String>())
    }
    /// The latest differences, one row each.
    pub fn table(&self, lang: Lang) -> Table {
        let columns = match lang {
            Lang::Zh => ["时间", "编号", "命令", "不同在", "现规则 → 新规则"],
            Lang::En => ["at", "case", "command", "differs in", "as it is → on trial"],
        };
        let title = match lang {
            Lang::Zh => format!("{} 影子运行", self.title),
            Lang::En => format!("{} on trial", self.title),
        };
        let each = self
            .latest
            .iter()
            .flat_map(|it| it.found.iter().map(move |found| (it, found)));
        each.fold(Table::new(title, columns), |table, (it, found)| {
            table.row([
                wall(it.at, self.zone),
                it.case.to_string(),
                term(lang, it.asked.zh(), &it.asked.to_string()),
                found.kind().say(lang).to_owned(),
                found.say(self.zone, lang),
            ])
        })
    }
}
