//! The story, told from the ledger alone.

use std::io::Write;
use std::path::Path;

use chrono::NaiveDate;
use duly::desk::{Desk, SqliteLedger};
use duly::report::{Board, Digest, Period, bulletin, digest};
use duly::time::Moment;
use duly::words::Lang;

use super::cast::END;
use super::samples::{Sample, samples_of};
use super::tale;
use crate::fail::{Fail, read};
use crate::text::{WIDTH, wrap};
use crate::world::{Log, Office, Step};
use crate::{figures, records};

/// Everything that is told of.
pub struct Story<'a> {
    /// The language of captions and timelines.
    pub lang: Lang,
    /// The plan and its calendar.
    pub office: &'a Office,
    /// The desk with its ledger.
    pub desk: &'a Desk<SqliteLedger>,
    /// The samples.
    pub samples: &'a [Sample],
    /// What came of all that was asked.
    pub log: &'a Log,
    /// Where the ledger stays, if it does.
    pub kept: Option<&'a Path>,
}

/// The three cases that are told in full, each with what it shows.
const TOLD: [(&str, &str, &str); 3] = [
    ("m01", "按期办好的", "in time"),
    (
        "m20",
        "超期的:一级一级催上去,延期申请晚了也不行",
        "late: rung by rung, and no extension after the fact",
    ),
    (
        "m28",
        "没有解决的:答复两次都按期,但水泵没有转,就销不了账",
        "unsolved: two replies in time, but the pump does not run",
    ),
];

impl Story<'_> {
    /// Tells it. False, where the ledger does not hold, or something slipped through.
    pub fn tell(&self, out: &mut dyn Write) -> Result<bool, Fail> {
        let records = records::all(self.desk)?;
        let until: Moment = read(END)?;
        let board = Board::fold(&records, Some(until)).map_err(Fail::said)?;
        let plan = self.office.plan();
        let all = Period::dates(read("2026-03-01")?, read("2026-04-30")?, plan.zone);
        let by_time = records
            .iter()
            .filter(|it| it.by.is_none() && it.command.is_none())
            .count();
        self.intro(
            out,
            &board,
            &bulletin(&board, plan, all).total,
            (records.len(), by_time),
        )?;

        self.caption(out, "三件事的经过", "three cases")?;
        for (id, zh, en) in TOLD {
            if let Some(file) = board.file(&read(id)?) {
                writeln!(out, "◆ {}\n", self.pick(zh, en))?;
                tale::tell(out, file, samples_of(self.samples, id), plan, self.lang)?;
            }
        }

        self.caption(out, "一天的日报", "the digest of a day")?;
        let first: NaiveDate = read("2026-03-02")?;
        let days = first
            .iter_days()
            .take(60)
            .map(|date| digest(&board, plan, Period::day(plan, date)));
        // The first of the days with most to read.
        let telling = |it: &Digest| {
            it.sections
                .iter()
                .filter(|section| !section.lines.is_empty())
                .count()
        };
        let day = days.reduce(|best, day| {
            if telling(&day) > telling(&best) {
                day
            } else {
                best
            }
        });
        if let Some(day) = day {
            writeln!(out, "{}", day.summary(self.lang))?;
        }

        self.caption(out, "三月的通报", "the bulletin of March")?;
        let march = bulletin(
            &board,
            plan,
            Period::dates(read("2026-03-01")?, read("2026-03-31")?, plan.zone),
        );
        writeln!(out, "{}(2026-03-01 → 2026-03-31)", march.title)?;
        writeln!(out, "{}", figures::by_place(&march, self.lang))?;
        writeln!(
            out,
            "{}",
            self.pick(
                "有超期、退回或点名的单位:",
                "units that were late, sent back or named:"
            )
        )?;
        writeln!(out, "{}", figures::by_worst_unit(&march, self.lang, 12))?;

        self.integrity(out, &board)?;
        self.linked(out)?;
        self.divided(out)?;
        self.duties(out)?;
        self.visits(out)?;
        self.refusals(out)?;
        self.ledger(out, &board)
    }

    pub(super) fn pick<'t>(&self, zh: &'t str, en: &'t str) -> &'t str {
        if self.lang == Lang::Zh { zh } else { en }
    }
    pub(super) fn caption(&self, out: &mut dyn Write, zh: &str, en: &str) -> Result<(), Fail> {
        let caption = match self.lang {
            Lang::Zh => format!("══ {zh} · {en} "),
            Lang::En => format!("══ {en} "),
        };
        let used: usize = caption
            .chars()
            .map(|c| {
                if c.is_ascii() || c == '·' || c == '═' {
                    1
                } else {
                    2
                }
            })
            .sum();
        writeln!(out, "{caption}{}\n", "═".repeat(WIDTH.saturating_sub(used)))?;
        Ok(())
    }

    fn refusals(&self, out: &mut dyn Write) -> Result<(), Fail> {
        self.caption(
            out,
            "挡回去的:每一条都是为了写信的人",
            "refused, for the citizen's sake",
        )?;
        let zone = self.office.plan().zone;
        for it in &self.log.refused {
            let at = it.at.local(zone).format("%m-%d %H:%M");
            let said = it.refusal.say(self.lang);
            writeln!(out, "{at}  {}  {}", it.by, wrap(&said, 13))?;
        }
        writeln!(out)?;
        Ok(())
    }

    fn ledger(&self, out: &mut dyn Write, board: &Board) -> Result<bool, Fail> {
        self.caption(out, "台账", "the ledger")?;
        let found = self.desk.verify()?;
        let asleep = board
            .files()
            .filter(|file| !file.case().is_closed() && file.case().next_alarm().is_none())
            .count();
        let unsolved = board
            .file(&read("m28")?)
            .is_some_and(|file| !file.case().is_closed());
        let odd = self
            .log
            .refused
            .iter()
            .filter(|it| it.step != Step::Try)
            .count()
            + self.log.slipped.len();
        let lines = match self.lang {
            Lang::Zh => vec![
                format!(
                    "核验无误:{} 件、{} 条记录,哈希链逐条相接,逐件重放与存档一致;{} 段正文与引用相符。改动任何一条记录,核验都会指出是哪一件的第几条。",
                    found.cases, found.records, found.texts
                ),
                format!("没有时限在前的在办件:{asleep} 件。"),
                format!(
                    "m28 没有解决,没有销账:{}。",
                    if unsolved { "还在办" } else { "错了" }
                ),
            ],
            Lang::En => vec![
                format!(
                    "verification clean: {} cases, {} records in unbroken chains, each case replays to its stored state; {} texts \
                     match their references. Change any byte, and verification names the case and the record.",
                    found.cases, found.records, found.texts
                ),
                format!("open cases with nothing scheduled: {asleep}."),
                format!(
                    "m28 is not solved, and not struck off: {}.",
                    if unsolved { "still open" } else { "wrong" }
                ),
            ],
        };
        for line in lines {
            writeln!(out, "{}", wrap(&line, 0))?;
        }
        match self.kept {
            Some(file) => {
                let file = file.display();
                writeln!(out, "\n{}", self.pick("台账在这里,可以接着看:", "the ledger is here; look further with:"))?;
                writeln!(out, "  {file}")?;
                writeln!(out, "  duly verify {file}")?;
                writeln!(out, "  duly show {file}")?;
                writeln!(out, "  duly show {file} m28")?;
            }
            None => writeln!(
                out,
                "\n{}",
                self.pick(
                    "台账写在临时文件夹里,讲完就删。要留下来接着看:duly demo --keep 文件夹",
                    "the ledger lay in a temporary folder, and is gone. to keep it: duly demo --keep DIR"
                )
            )?,
        }
        Ok(unsolved && asleep == 0 && odd == 0 && self.log.stuck.is_empty())
    }
}
