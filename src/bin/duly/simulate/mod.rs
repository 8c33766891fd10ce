//! `duly simulate`: a board under real arrivals.

mod arrivals;
mod beside;
mod lots;
mod replies;
mod sums;

use std::io::Write;

use duly::desk::{Desk, Ledger, MemoryLedger, SqliteLedger};
use duly::report::{Board, Period, bulletin};
use duly::time::Moment;
use duly::words::{BoardId, Lang};
use indicatif::{ProgressBar, ProgressStyle};

use self::arrivals::Arrival;
use crate::args::Simulate;
use crate::fail::{Fail, read};
use crate::pack::{self, Source};
use crate::world::{Drive, Office, People, Step};
use crate::{figures, records};

const DAY: i64 = 86_400;
/// How many flaws of a file are told.
const FLAWS: usize = 20;

/// Simulates a board. False, where a figure does not add up.
pub fn run(asked: &Simulate, out: &mut dyn Write) -> Result<bool, Fail> {
    let source = Source::find(&asked.pack)?;
    let plan = source.plan(Some(asked.lang.into()))?;
    let people = People::of(&plan);
    let board: BoardId = read(plan.pack.as_str())?;
    let plans = source.plans(plan, board.clone())?;
    let office = plans.latest().map(|hand| Office { hand: hand.clone() });
    let office = office.ok_or_else(|| Fail::said("the pack is not in hand"))?;
    let arrivals = read_arrivals(asked)?;
    let (Some(first), Some(last)) = (arrivals.first(), arrivals.last()) else {
        return Err(Fail::file(
            &asked.arrivals.display().to_string(),
            "it has a head and no arrivals",
        ));
    };
    let until = last.at.plus(i64::from(asked.days) * DAY);
    let span = (first.at, until);
    let run = Run {
        asked,
        office: &office,
        people: &people,
        arrivals: &arrivals,
        span,
    };
    match &asked.ledger {
        None => run.on(Desk::new(MemoryLedger::new(board), plans)?, out),
        Some(path) => {
            let shown = path.display().to_string();
            if path.exists() {
                return Err(Fail::file(
                    &shown,
                    "it is there already, and a simulation does not write over anything",
                ));
            }
            let ledger = SqliteLedger::open(path, board).and_then(SqliteLedger::relaxed);
            run.on(
                Desk::new(ledger.map_err(|error| Fail::file(&shown, error))?, plans)?,
                out,
            )
        }
    }
}

fn read_arrivals(asked: &Simulate) -> Result<Vec<Arrival>, Fail> {
    let shown = asked.arrivals.display().to_string();
    let text = pack::text(&asked.arrivals)?;
    arrivals::read(&text).map_err(|flaws| {
        let mut lines: Vec<String> = flaws
            .iter()
            .take(FLAWS)
            .map(|it| format!("{shown}:{}:{}: {}", it.line, it.column, it.said))
            .collect();
        if flaws.len() > FLAWS {
            lines.push(format!("… and {} more", flaws.len() - FLAWS));
        }
        let rows = if flaws.len() == 1 {
            "one row"
        } else {
            "some rows"
        };
        Fail::said(format!(
            "{rows} of the arrivals cannot be read\n{}",
            lines.join("\n")
        ))
    })
}

struct Run<'a> {
    asked: &'a Simulate,
    office: &'a Office,
    people: &'a People,
    arrivals: &'a [Arrival],
    span: (Moment, Moment),
}

impl Run<'_> {
    fn on<L: Ledger>(&self, desk: Desk<L>, out: &mut dyn Write) -> Result<bool, Fail> {
        let draw = |arrival| lots::draw(arrival, self.office, self.people, self.asked.seed);
        let courses = self
            .arrivals
            .iter()
            .map(draw)
            .collect::<Result<Vec<_>, Fail>>()?;
        let (first, until) = self.span;
        let days = u64::try_from(until.since(first) / DAY).unwrap_or(0);
        let bar = ProgressBar::new(days);
        if let Ok(style) = ProgressStyle::with_template("{msg} {bar:40} day {pos}/{len} {elapsed}")
        {
            bar.set_style(style);
        }
        bar.set_message("casework");
        let mut drive = Drive::new(
            &desk,
            (self.office, self.people),
            (self.asked.seed, self.asked.ticks),
            courses,
        );
        drive.run(until, |now| {
            let day = u64::try_from(now.since(first) / DAY).unwrap_or(0);
            if day != bar.position() {
                bar.set_position(day);
            }
        })?;
        let log = drive.log;
        bar.set_message("reports");
        let told = self.tell(&desk, &log, out);
        bar.finish_and_clear();
        told
    }

    fn tell<L: Ledger>(
        &self,
        desk: &Desk<L>,
        log: &crate::world::Log,
        out: &mut dyn Write,
    ) -> Result<bool, Fail> {
        let lang = Lang::from(self.asked.lang);
        let pick = |zh: &'static str, en: &'static str| if lang == Lang::Zh { zh } else { en };
        let (plan, (first, until)) = (self.office.plan(), self.span);
        let board = Board::fold(&records::all(desk)?, Some(until)).map_err(Fail::said)?;
        let records: usize = board.files().map(|file| file.history().len()).sum();
        let (from, to) = (first.date(plan.zone), until.date(plan.zone));
        let period = Period::dates(from, to, plan.zone);
        let told = bulletin(&board, plan, period);

        writeln!(out, "{}({from} → {to})", told.title)?;
        writeln!(out, "{}", figures::by_place(&told, lang))?;
        writeln!(
            out,
            "{}",
            pick(
                "超期、点名、退回最多的单位:",
                "the units that were most often late, named or sent back:"
            )
        )?;
        writeln!(out, "{}", figures::by_worst_unit(&told, lang, 10))?;

        let open: Vec<_> = board
            .files()
            .map(|file| file.case())
            .filter(|case| !case.is_closed())
            .collect();
        let asleep = open
            .iter()
            .filter(|case| case.next_alarm().is_none())
            .count();
        let tried = log.refused.iter().filter(|it| it.step == Step::Try).count();
        let (citizens, officers) = records::told(desk)?;
        let found = desk.verify()?;
        let rows = [
            (pick("留言", "messages"), board.files().count()),
            (pick("记录", "records"), records),
            (
                pick("接受的命令", "commands accepted"),
                usize::try_from(log.accepted).unwrap_or(usize::MAX),
            ),
            (
                pick(
                    "挡回的命令:本不该做的",
                    "commands refused: ought not to be done",
                ),
                tried,
            ),
            (
                pick("挡回的命令:晚了一步的", "commands refused: came too late"),
                log.refused.len() - tried,
            ),
            (
                pick("本不该做却做成的", "ought not to be done and was"),
                log.slipped.len(),
            ),
            (pick("告知网民", "citizens told"), citizens),
            (pick("通知干部", "officers told"), officers),
            (pick("还在办", "still open"), open.len()),
            (
                pick("在办而没有时限在前的", "open with nothing scheduled"),
                asleep,
            ),
            (pick("叫不醒的", "could not be woken"), log.stuck.len()),
        ];
        for (name, n) in rows {
            writeln!(out, "{n:>9}  {name}")?;
        }
        // Each by name: whoever reads this has to look at that case.
        for it in &log.slipped {
            let (at, by, case) = (
                it.at.local(plan.zone).format("%Y-%m-%d %H:%M"),
                &it.by,
                &it.case,
            );
            match lang {
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
        writeln!(
            out,
            "\n{}",
            match lang {
                Lang::Zh => format!(
                    "核验无误:{} 件、{} 条记录、{} 段正文。",
                    found.cases, found.records, found.texts
                ),
                Lang::En => format!(
                    "verification clean: {} cases, {} records, {} texts.",
                    found.cases, found.records, found.texts
                ),
            }
        )?;
        let sums = sums::compare(&told, board.files());
        let equal = sums
            .iter()
            .all(|sum| sum.bulletin == sum.ledger && sum.parts == sum.ledger);
        let head = match lang {
            Lang::Zh => ["通报与台账", "通报", "各单位之和", "各地之和", "台账"],
            Lang::En => [
                "bulletin and ledger",
                "bulletin",
                "sum of units",
                "sum of places",
                "ledger",
            ],
        };
        let table = sums
            .iter()
            .fold(duly::report::Table::new("", head), |table, sum| {
                table.row(sum.cells(lang))
            });
        writeln!(out, "\n{table}")?;
        writeln!(
            out,
            "{}",
            match equal {
                true => pick(
                    "通报的每个数都与台账相等。",
                    "every figure of the bulletin equals the ledger."
                ),
                false => pick("通报与台账不符!", "the bulletin does not equal the ledger!"),
            }
        )?;
        Ok(equal && asleep == 0 && log.stuck.is_empty() && log.slipped.is_empty())
    }
}
