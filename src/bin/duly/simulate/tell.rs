//! What a run says for itself: figures, laws, memory and time; as text, or as one JSON object.

use std::io::Write;

use duly::desk::Verified;
use duly::plan::Plan;
use duly::report::Table;
use duly::time::Moment;
use duly::words::{Lang, Outcome};
use serde_json::{Map, Value, json};

use super::check::Checked;
use super::gauge::{self, each};
use super::laws::Law;
use super::tally::KINDS;
use crate::fail::Fail;
use crate::figures;
use crate::text::pick;
use crate::world::{Log, Post, Step};

/// What it cost.
#[derive(Debug, Clone, Copy, Default)]
pub struct Costs {
    /// Processor time of the casework, in nanoseconds.
    pub casework: Option<u64>,
    /// The most memory until the casework was done.
    pub casework_peak: Option<u64>,
    /// Processor time of going over the ledger.
    pub checks: Option<u64>,
    /// The most memory at all.
    pub peak: Option<u64>,
}

/// Everything there is to say.
pub struct Told<'a> {
    /// In which language.
    pub lang: Lang,
    /// The plan.
    pub plan: &'a Plan,
    /// From when to when.
    pub span: (Moment, Moment),
    /// What came of the commands.
    pub log: &'a Log,
    /// What went out.
    pub post: Post,
    /// What the ledger holds.
    pub checked: &'a Checked,
    /// That its chains hold.
    pub verified: Verified,
    /// What it cost.
    pub costs: Costs,
}

impl Told<'_> {
    fn pick(&self, zh: &'static str, en: &'static str) -> &'static str {
        pick(self.lang, zh, en)
    }
    fn tried(&self) -> u64 {
        let tried = self.log.refused.iter().filter(|it| it.step == Step::Try);
        tried.count() as u64
    }
    fn late(&self) -> u64 {
        self.log.refused.len() as u64 - self.tried()
    }
    /// By the step of the course that came too late.
    fn late_as(&self) -> std::collections::BTreeMap<String, u64> {
        let mut all = std::collections::BTreeMap::new();
        for it in self.log.refused.iter().filter(|it| it.step != Step::Try) {
            *all.entry(format!("{:?}", it.step)).or_default() += 1;
        }
        all
    }
    fn commands(&self) -> u64 {
        self.log.accepted + self.log.refused.len() as u64
    }
    fn adds_up(&self) -> bool {
        let mut sums = self.checked.sums.iter();
        sums.all(|sum| sum.bulletin == sum.ledger && sum.parts == sum.ledger)
    }
    fn holds(&self) -> bool {
        self.adds_up()
            && self.checked.laws.hold()
            && self.log.stuck.is_empty()
            && self.log.slipped.is_empty()
    }
    fn endings(&self) -> Vec<(Outcome, u64)> {
        let all = Outcome::ALL.iter();
        all.map(|it| {
            (
                *it,
                self.checked.tally.endings.get(it).copied().unwrap_or(0),
            )
        })
        .collect()
    }

    /// As text. False, where something does not hold.
    pub fn text(&self, out: &mut dyn Write) -> Result<bool, Fail> {
        let (lang, zone) = (self.lang, self.plan.zone);
        let (first, until) = self.span;
        let (from, to) = (first.date(zone), until.date(zone));
        let told = &self.checked.bulletin;
        writeln!(out, "{}({from} → {to})", told.title)?;
        writeln!(out, "{}", figures::by_place(told, lang))?;
        let worst = self.pick(
            "超期、点名、退回最多的单位:",
            "the units that were most often late, named or sent back:",
        );
        writeln!(out, "{worst}")?;
        writeln!(out, "{}", figures::by_worst_unit(told, lang, 10))?;
        self.rows(out)?;
        self.happened(out)?;
        self.slipped(out)?;
        self.laws(out)?;
        self.sums(out)?;
        self.costs(out)?;
        Ok(self.holds())
    }

    fn rows(&self, out: &mut dyn Write) -> Result<(), Fail> {
        let tally = &self.checked.tally;
        let (_, asleep) = self.checked.laws.of(Law::Alarm);
        let rows = [
            (self.pick("留言", "messages"), tally.cases),
            (self.pick("记录", "records"), tally.records),
            (
                self.pick("接受的命令", "commands accepted"),
                self.log.accepted,
            ),
            (
                self.pick(
                    "挡回的命令:本不该做的",
                    "commands refused: ought not to be done",
                ),
                self.tried(),
            ),
            (
                self.pick("挡回的命令:晚了一步的", "commands refused: came too late"),
                self.late(),
            ),
            (
                self.pick("本不该做却做成的", "ought not to be done and was"),
                self.log.slipped.len() as u64,
            ),
            (self.pick("告知网民", "citizens told"), self.post.citizens),
            (self.pick("通知干部", "officers told"), self.post.officers),
            (self.pick("还在办", "still open"), tally.open),
            (self.pick("其中已超期", "of those, overdue"), tally.overdue),
            (
                self.pick("在办而没有时限在前的", "open with nothing scheduled"),
                asleep,
            ),
            (
                self.pick("叫不醒的", "could not be woken"),
                self.log.stuck.len() as u64,
            ),
        ];
        for (name, n) in rows {
            writeln!(out, "{n:>9}  {name}")?;
        }
        for it in &self.log.stuck {
            writeln!(out, "           {}: {}", it.case, it.why)?;
        }
        Ok(())
    }

    fn happened(&self, out: &mut dyn Write) -> Result<(), Fail> {
        let lang = self.lang;
        writeln!(out, "\n{}", self.pick("办结:", "how cases ended:"))?;
        for (outcome, n) in self.endings() {
            writeln!(out, "{n:>9}  {}", pick(lang, outcome.zh(), outcome.name()))?;
        }
        writeln!(out, "\n{}", self.pick("其间发生:", "what happened:"))?;
        for (key, zh, en) in KINDS {
            let n = self.checked.tally.count(key);
            writeln!(out, "{n:>9}  {}", pick(lang, zh, en))?;
        }
        Ok(())
    }

    /// Each by name: whoever reads this has to look at that case.
    fn slipped(&self, out: &mut dyn Write) -> Result<(), Fail> {
        for it in &self.log.slipped {
            let at = it.at.local(self.plan.zone).format("%Y-%m-%d %H:%M");
            let (by, case) = (&it.by, &it.case);
            match self.lang {
                Lang::Zh => writeln!(
                    out,
                    "           {at} {by} 在 {case} 上做成了:{}",
                    it.command.zh()
                )?,
                Lang::En => writeln!(
                    out,
                    "           {at} {by} got through on {case}: {}",
                    it.command
                )?,
            }
        }
        Ok(())
    }

    fn laws(&self, out: &mut dyn Write) -> Result<(), Fail> {
        let (laws, found) = (&self.checked.laws, self.verified);
        writeln!(
            out,
            "\n{}",
            self.pick("逐件核对:", "held against every case:")
        )?;
        for law in Law::ALL {
            let (held, broken) = laws.of(law);
            let (_, zh, en) = law.names();
            let name = pick(self.lang, zh, en);
            match (self.lang, broken) {
                (Lang::Zh, 0) => writeln!(out, "{held:>9}  {name}:无一违反")?,
                (Lang::En, 0) => writeln!(out, "{held:>9}  {name}: not once broken")?,
                (Lang::Zh, _) => writeln!(out, "{held:>9}  {name}:违反 {broken} 次!")?,
                (Lang::En, _) => writeln!(out, "{held:>9}  {name}: broken {broken} times!")?,
            }
        }
        for it in &laws.broken {
            let (key, _, _) = it.law.names();
            let said = pick(self.lang, it.said.0, it.said.1);
            writeln!(out, "           {key} {} /{}: {said}", it.case, it.version)?;
        }
        let clean = match self.lang {
            Lang::Zh => format!(
                "核验无误:{} 件、{} 条记录、{} 段正文。",
                found.cases, found.records, found.texts
            ),
            Lang::En => format!(
                "verification clean: {} cases, {} records, {} texts.",
                found.cases, found.records, found.texts
            ),
        };
        writeln!(out, "\n{clean}")?;
        Ok(())
    }

    fn sums(&self, out: &mut dyn Write) -> Result<(), Fail> {
        let head = pick(
            self.lang,
            ["通报与台账", "通报", "各单位之和", "各地之和", "台账"],
            [
                "bulletin and ledger",
                "bulletin",
                "sum of units",
                "sum of places",
                "ledger",
            ],
        );
        let sums = self.checked.sums.iter();
        let table = sums.fold(Table::new("", head), |table, sum| {
            table.row(sum.cells(self.lang))
        });
        writeln!(out, "\n{table}")?;
        let said = match self.adds_up() {
            true => self.pick(
                "通报的每个数都与台账相等。",
                "every figure of the bulletin equals the ledger.",
            ),
            false => self.pick("通报与台账不符!", "the bulletin does not equal the ledger!"),
        };
        writeln!(out, "{said}")?;
        Ok(())
    }

    fn costs(&self, out: &mut dyn Write) -> Result<(), Fail> {
        let (cases, costs, heads) = (self.checked.tally.cases, self.costs, &self.checked.heads);
        let unknown = self.pick("未知", "unknown");
        let time = |nanos| gauge::time(nanos, unknown);
        let bytes = |many| gauge::bytes(many, unknown);
        writeln!(out, "\n{}", self.pick("内存与时间:", "memory and time:"))?;
        let rows = [
            (
                self.pick("办理用的处理器时间", "processor time of the casework"),
                time(costs.casework),
            ),
            (
                self.pick("每件", "a case"),
                time(each(costs.casework, cases)),
            ),
            (
                self.pick(
                    "每条命令(连同其间到时的)",
                    "a command, with what came due between",
                ),
                time(each(costs.casework, self.commands())),
            ),
            (
                self.pick("核对、核验", "checks and verification"),
                time(costs.checks),
            ),
            (self.pick("每件", "a case"), time(each(costs.checks, cases))),
            (
                self.pick("办理时的最高内存", "peak memory of the casework"),
                bytes(costs.casework_peak),
            ),
            (
                self.pick("每件", "a case"),
                bytes(each(costs.casework_peak, cases)),
            ),
            (
                self.pick("最高内存", "peak memory at all"),
                bytes(costs.peak),
            ),
            (
                self.pick(
                    "在办件存储的大小,平均",
                    "an open case as stored, on average",
                ),
                bytes(heads.mean()),
            ),
            (
                self.pick("中位数", "the median"),
                bytes(heads.percentile(50)),
            ),
            (
                self.pick("百分之九十五不超过", "95 in 100 are no larger than"),
                bytes(heads.percentile(95)),
            ),
            (
                self.pick("最大的", "the largest"),
                bytes(heads.percentile(100)),
            ),
        ];
        for (name, said) in rows {
            writeln!(out, "{said:>12}  {name}")?;
        }
        Ok(())
    }

    /// As one JSON object. False, where something does not hold.
    pub fn json(&self, out: &mut dyn Write) -> Result<bool, Fail> {
        let (tally, laws, costs) = (&self.checked.tally, &self.checked.laws, self.costs);
        let map = |all: Vec<(&str, u64)>| -> Map<String, Value> {
            let all = all.into_iter();
            all.map(|(name, n)| (name.to_owned(), n.into())).collect()
        };
        let endings = self.endings().into_iter().map(|(it, n)| (it.name(), n));
        let kinds = KINDS.iter().map(|(key, ..)| (*key, tally.count(key)));
        let law = |law: Law| {
            let (held, broken) = laws.of(law);
            let value = json!({"held": held, "broken": broken});
            (law.names().0.to_owned(), value)
        };
        let broken: Vec<Value> = laws
            .broken
            .iter()
            .map(|it| {
                let said = pick(self.lang, it.said.0, it.said.1);
                json!({"law": it.law.names().0, "case": it.case, "version": it.version, "said": said})
            })
            .collect();
        let slipped: Vec<Value> = self
            .log
            .slipped
            .iter()
            .map(|it| json!({"case": it.case, "at": it.at, "by": it.by, "command": it.command}))
            .collect();
        let (cases, commands) = (tally.cases, self.commands());
        let heads = &self.checked.heads;
        let told = json!({
            "holds": self.holds(),
            "from": self.span.0, "until": self.span.1,
            "cases": cases, "records": tally.records, "open": tally.open, "overdue": tally.overdue,
            "commands": {
                "accepted": self.log.accepted, "refused_improper": self.tried(), "refused_late": self.late(), "refused_late_as": self.late_as(), "woken": self.log.woken,
            },
            "told": {"citizens": self.post.citizens, "officers": self.post.officers},
            "endings": map(endings.collect()),
            "happened": map(kinds.collect()),
            "laws": Law::ALL.map(law).into_iter().collect::<Map<String, Value>>(),
            "broken": broken,
            "slipped": slipped,
            "stuck": self.log.stuck.iter().map(|it| json!({"case": it.case, "why": it.why})).collect::<Vec<_>>(),
            "figures_equal_the_ledger": self.adds_up(),
            "verified": {"cases": self.verified.cases, "records": self.verified.records, "texts": self.verified.texts},
            "memory_bytes": {
                "peak_casework": costs.casework_peak, "peak": costs.peak, "peak_casework_per_case": each(costs.casework_peak, cases),
                "open_case_mean": heads.mean(), "open_case_median": heads.percentile(50),
                "open_case_95th": heads.percentile(95), "open_case_largest": heads.percentile(100),
            },
            "processor_nanos": {
                "casework": costs.casework, "per_case": each(costs.casework, cases), "per_command": each(costs.casework, commands),
                "checks": costs.checks, "checks_per_case": each(costs.checks, cases),
            },
        });
        writeln!(out, "{told}")?;
        Ok(self.holds())
    }
}
