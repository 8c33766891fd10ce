//! 适用新规: what another plan means to the cases of a board, for whoever decides on it.

use super::{Table, pick, term, wall};
use crate::desk::{
    AdoptCounts, Adoptions, Adverse, CaseAdoption, ClockAdoption, DueMoments, RungAhead, StaysFor,
};
use crate::time::Moment;
use crate::words::{Lang, StepKey};

impl Adverse {
    /// In words.
    ///
    /// ```
    /// use duly::desk::Adverse;
    /// use duly::words::Lang;
    /// assert_eq!(Adverse::DueLater.say(Lang::Zh), "期限推后");
    /// ```
    pub const fn say(self, lang: Lang) -> &'static str {
        let (zh, en) = match self {
            Adverse::DueLater => ("期限推后", "due later"),
            Adverse::ClockGone => ("期限取消", "a limit falls away"),
            Adverse::RungGone => ("少一次催督", "a rung falls away"),
            Adverse::RungLater => ("催督推后", "a rung comes later"),
            Adverse::InTimeNow => ("由超期变为未超期", "late becomes in time"),
            Adverse::GateGone => ("关口减少", "a gate asks for less"),
            Adverse::ReviewGone => ("少审一次", "one review less"),
            Adverse::OwnTimeShorter => ("网民自己的时间缩短", "the citizen's own time is shorter"),
            Adverse::RulesLooser => ("规则放宽", "the rules bind what may come by less"),
            Adverse::DueEarlier => ("期限提前", "due earlier"),
            Adverse::LateNow => ("由未超期变为超期", "in time becomes late"),
            Adverse::RungAtOnce => ("立即催督", "a rung comes at once"),
            Adverse::GateNew => ("关口增加", "a gate asks for more"),
            Adverse::ReviewNew => ("多审一次", "one review more"),
        };
        match lang {
            Lang::Zh => zh,
            Lang::En => en,
        }
    }
}

impl StaysFor {
    /// In words: why, and what would change it.
    pub fn say(&self, lang: Lang) -> String {
        match self {
            StaysFor::Adverse => pick(
                lang,
                "有不利变化,不在这次范围内",
                "something gets worse, and only cases for whom nothing does were asked for",
            )
            .to_owned(),
            StaysFor::NoApprover => pick(
                lang,
                "对网民不利,须写明批准人",
                "it gets worse for the citizen: name who approves it",
            )
            .to_owned(),
            StaysFor::Approver { refusal } | StaysFor::Refused { refusal } => refusal.say(lang),
            StaysFor::Wants { facts } => {
                let each = facts.iter().map(|it| match lang {
                    Lang::Zh => format!("“{}”({})", it.fact, it.zh),
                    Lang::En => format!("`{}` ({})", it.fact, it.expected),
                });
                let all: Vec<String> = each.collect();
                match lang {
                    Lang::Zh => format!("缺事实:{}", all.join("、")),
                    Lang::En => format!("it lacks facts: {}", all.join(", ")),
                }
            }
        }
    }
}

impl AdoptCounts {
    /// In words, a line each.
    ///
    /// ```
    /// use duly::desk::AdoptCounts;
    /// use duly::words::Lang;
    /// assert!(AdoptCounts::default().say(false, Lang::En).starts_with("0 cases looked at"));
    /// ```
    pub fn say(&self, done: bool, lang: Lang) -> String {
        let adopt = match (lang, done) {
            (Lang::Zh, true) => "已适用",
            (Lang::Zh, false) => "将适用",
            (Lang::En, true) => "went over",
            (Lang::En, false) => "would go over",
        };
        let few = |parts: &[(u64, &str)]| {
            let some = parts.iter().filter(|(many, _)| *many > 0);
            let said = some.map(|(many, what)| match lang {
                Lang::Zh => format!("{what} {many} 件"),
                Lang::En => format!("{many} {what}"),
            });
            said.collect::<Vec<_>>().join(pick(lang, ",", ", "))
        };
        let stay = |zh: &'static str, en: &'static str| pick(lang, zh, en);
        let first = match lang {
            Lang::Zh => format!("查看 {} 件;{adopt} {} 件", self.looked, self.adopt),
            Lang::En => format!("{} cases looked at; {} {adopt}", self.looked, self.adopt),
        };
        let none = few(&[
            (self.closed, stay("已销账", "closed")),
            (self.under_it, stay("已在新规之下", "under it already")),
            (self.not_asked, stay("未指定", "not asked for")),
        ]);
        let stays = few(&[
            (
                self.stay_adverse,
                stay("有不利变化", "something gets worse"),
            ),
            (
                self.stay_unapproved,
                stay("缺批准人", "want an approver who may"),
            ),
            (self.stay_wanting, stay("缺事实", "lack facts")),
            (self.stay_refused, stay("不予接受", "refused")),
            (self.stuck, stay("查看不了", "could not be looked at")),
        ]);
        let worse = few(&[
            (
                self.worse_for_citizens,
                stay("对网民不利", "worse for the citizen"),
            ),
            (
                self.worse_for_offices,
                stay("对承办方不利", "worse for the office"),
            ),
        ]);
        let steps = match lang {
            Lang::Zh => format!(
                "判定会变 {} 项,立即催督 {} 次,少催督 {} 次",
                self.flips, self.at_once, self.gone
            ),
            Lang::En => format!(
                "{} clocks judged otherwise, {} rungs at once, {} rungs gone",
                self.flips, self.at_once, self.gone
            ),
        };
        let line = |zh: &str, en: &str, said: String| match said.is_empty() {
            true => String::new(),
            false => format!("\n{}{said}", pick(lang, zh, en)),
        };
        format!(
            "{first}{}{}{}\n{steps}",
            line("不涉及:", "not concerned: ", none),
            line("仍按原规则:", "stay: ", stays),
            line("变化:", "among the open: ", worse)
        )
    }
}

impl Adoptions {
    /// One row a clock whose due moment changes, or that has rungs that do; one row a case without any.
    pub fn table(&self, lang: Lang) -> Table {
        let columns = match lang {
            Lang::Zh => [
                "编号",
                "环节",
                "时限",
                "现到期",
                "新到期",
                "对外承诺",
                "催督",
                "不利",
                "结果",
            ],
            Lang::En => [
                "case",
                "stage",
                "clock",
                "due now",
                "due then",
                "promised",
                "rungs",
                "worse in",
                "what becomes of it",
            ],
        };
        let at = wall(self.at, self.zone);
        let title = match (lang, self.done) {
            (Lang::Zh, false) => format!("{} 适用新规预览 {at}", self.title),
            (Lang::Zh, true) => format!("{} 适用新规 {at}", self.title),
            (Lang::En, false) => format!("{}: what adopting it would mean, {at}", self.title),
            (Lang::En, true) => format!("{}: adopted, {at}", self.title),
        };
        let rows = self.cases.iter().flat_map(|it| self.rows(it, lang));
        let stuck = self.stuck.iter().map(|it| {
            let mut row = vec![it.case.to_string()];
            row.resize(8, String::new());
            row.push(it.why.clone());
            row
        });
        rows.chain(stuck)
            .fold(Table::new(title, columns), |table, row| table.row(row))
    }

    fn rows(&self, it: &CaseAdoption, lang: Lang) -> Vec<Vec<String>> {
        let adverse: Vec<&str> = it.adverse.iter().map(|in_what| in_what.say(lang)).collect();
        let mut fate = match (&it.stays, self.done) {
            (Some(why), _) => why.say(lang),
            (None, true) => pick(lang, "已适用", "went over").to_owned(),
            (None, false) => pick(lang, "将适用", "would go over").to_owned(),
        };
        if let Some(approver) = &it.approved_by {
            fate.push_str(&match lang {
                Lang::Zh => format!(",{approver} 批准"),
                Lang::En => format!(", approved by {approver}"),
            });
        }
        let others: Vec<String> = it
            .gates
            .iter()
            .map(|gate| {
                let sign = if gate.new { "+" } else { "−" };
                let gate_term = term(lang, gate.gate.zh(), gate.gate.name());
                format!("{sign}{gate_term}: {}", gate.words)
            })
            .chain(it.reviews.map(|(was, is)| match lang {
                Lang::Zh => format!("审核 {was} → {is} 次"),
                Lang::En => format!("reviews {was} → {is}"),
            }))
            .collect();
        let clocks = it.clocks.iter().filter(|clock| clock.is_changed());
        let mut changed: Vec<[String; 5]> =
            clocks.map(|clock| self.clock(clock, it.at, lang)).collect();
        if !others.is_empty() {
            let mut cells: [String; 5] = Default::default();
            let [name, .., said] = &mut cells;
            *name = pick(lang, "关口", "gates").to_owned();
            *said = others.join(pick(lang, ";", "; "));
            changed.push(cells);
        }
        if changed.is_empty() {
            changed.push(Default::default());
        }
        let mut rows = Vec::new();
        for cells in changed {
            let first = rows.is_empty();
            let once = |said: String| if first { said } else { String::new() };
            let mut row = vec![
                once(it.case.to_string()),
                once(term(lang, it.stage.zh(), it.stage.name())),
            ];
            row.extend(cells);
            row.extend([
                once(adverse.join(pick(lang, "、", ", "))),
                once(fate.clone()),
            ]);
            rows.push(row);
        }
        rows
    }

    /// The clock, due now, due then, as promised, and its rungs.
    fn clock(&self, it: &ClockAdoption, at: Moment, lang: Lang) -> [String; 5] {
        let kind = it.clock.kind;
        let about = it.about.as_ref().map(|about| format!(" {about}"));
        let name = format!(
            "{}{}",
            term(lang, kind.zh(), kind.name()),
            about.unwrap_or_default()
        );
        let late = |due: Moment| match at > due {
            true => pick(lang, "(超期)", " (late)"),
            false => "",
        };
        let legal = |due: &DueMoments| format!("{}{}", wall(due.legal, self.zone), late(due.legal));
        let after = match &it.after {
            Some(due) => legal(due),
            None => pick(lang, "取消", "none").to_owned(),
        };
        let rung = |it: &RungAhead, sign: &str| {
            let name = match it.title.is_empty() {
                true => step(&it.step, lang),
                false => it.title.clone(),
            };
            format!("{sign}{name}")
        };
        let rungs: Vec<String> = it
            .at_once
            .iter()
            .map(|it| rung(it, "+"))
            .chain(it.gone.iter().map(|it| rung(it, "−")))
            .collect();
        let promised = wall(it.before.promised, self.zone);
        [
            name,
            legal(&it.before),
            after,
            promised,
            rungs.join(pick(lang, "、", ", ")),
        ]
    }
}

/// A step that has no title.
pub(super) fn step(key: &StepKey, lang: Lang) -> String {
    match (lang, key) {
        (Lang::Zh, StepKey::Infeasible) => "来不及".to_owned(),
        (Lang::Zh, StepKey::Overdue { occurrence }) => format!("超期催告第 {occurrence} 次"),
        (_, key) => key.to_string(),
    }
}
