//! `duly report`: the reports of a ledger, by what the ledger itself holds.
//!
//! The report alone goes to standard output. What was taken for granted, and which cases time has overtaken, is said beside it.

mod print;
mod span;

use std::cell::RefCell;
use std::io::Write;

use duly::plan::Plan;
use duly::report::{
    Audience, Board, Explanation, File, Period, bulletin, commitments, digest, explanation,
    insight, integrity, obligations, parts, public, roll, timeline,
};
use duly::time::Moment;
use duly::words::{CaseId, DutyId, Lang, TextRef};

use self::print::print;
use self::span::Span;
use crate::args::{Kind, Reader, Report};
use crate::fail::{Fail, read, say};
use crate::pack::Source;
use crate::text::pick;
use crate::{held, records};

/// A report of a ledger.
pub fn run(asked: &Report, out: &mut dyn Write) -> Result<bool, Fail> {
    let shown = asked.ledger.display().to_string();
    let desk = held::open(&asked.ledger, asked.board.as_deref())?;
    span::fits(asked)?;
    let records = records::all(&desk)?;
    let of_duties = asked.kind == Kind::Obligations;
    let owed = match of_duties {
        true => records::duties(&desk)?,
        false => Vec::new(),
    };
    let used = match held::InUse::read(&desk, &records, asked.at)? {
        Some(used) => Some(used),
        None => match owed.iter().max_by_key(|record| record.at) {
            Some(last) => held::kept(&desk, &last.plan)?.map(held::InUse::always),
            None => None,
        },
    };
    let Some(used) = used else {
        let none = match of_duties {
            true => {
                "there is no obligation in it yet, so there is nothing to report; a desk imposes them with `submit_duty`"
            }
            false => {
                "there is no case in it yet, so there is nothing to report; `duly replay` and `duly simulate` write ledgers"
            }
        };
        return Err(Fail::file(&shown, none));
    };
    let source = asked.pack.as_deref().map(Source::find).transpose()?;
    let given = match &source {
        Some(source) => Some(source.plan(asked.lang.map(Into::into))?),
        None => None,
    };
    let board = Board::fold(&records, asked.at).map_err(Fail::said)?;
    let last = owed.iter().map(|record| record.at).max();
    let at = match of_duties {
        true => asked.at.or_else(|| board.until().max(last)),
        false => board.until(),
    };
    let at = at.unwrap_or(Moment::MIN);
    // One case is told by its own plan, whatever is in use meanwhile.
    let own = match (&given, &asked.case) {
        (None, Some(case)) => match board.file(&read(case)?) {
            Some(file) => held::kept(&desk, file.case().plan())?,
            None => None,
        },
        _ => None,
    };
    let used = given.or(own).map_or(used, held::InUse::always);
    let span = span::of(asked, &used, at);
    let plan = span.plan;
    let lang: Lang = asked.lang.map_or(plan.labels, Into::into);
    tell(asked, &board, plan, at, lang);
    let told = Told {
        asked,
        board: &board,
        span: &span,
        source: source.as_ref(),
        at,
        lang,
    };
    let form = (asked.format, lang);
    match asked.kind {
        Kind::Digest => {
            let before = span.last.pred_opt();
            let seal = desk.seals(before, 1)?.into_iter().next();
            let seal = seal.filter(|seal| seal.day == span.last);
            let digest = digest(&board, plan, told.period());
            let digest = digest.sealed(seal.map(|seal| seal.hash()));
            print(&digest, form, out)?;
        }
        Kind::Bulletin => print(&bulletin(&board, plan, told.period()), form, out)?,
        Kind::Roll => print(&roll(&board, plan), form, out)?,
        Kind::Commitments => print(&commitments(&board, plan), form, out)?,
        Kind::Parts => print(&parts(&board, plan), form, out)?,
        Kind::Obligations => {
            // What is still ahead is not overdue yet.
            let period = told.period();
            let period = Period::new(period.after, period.until.min(at));
            let board = desk.plans().board().clone();
            let told = obligations(&board, &owed, plan, period).map_err(Fail::said)?;
            overtaken(&told.behind, lang);
            print(&told, form, out)?;
        }
        Kind::Insight => {
            let period = told.period();
            print(&insight(&board, plan, period, span.before), form, out)?;
        }
        Kind::Integrity => print(&integrity(&board, plan, told.period()), form, out)?,
        Kind::Public => {
            let stopped = RefCell::new(None);
            let words = |case: &CaseId, reference: &TextRef| match desk.text(case, reference) {
                Ok(text) => text,
                Err(error) => {
                    *stopped.borrow_mut() = Some(error);
                    None
                }
            };
            let view = public(&board, plan, &words);
            if let Some(error) = stopped.into_inner() {
                return Err(error.into());
            }
            print(&view, form, out)?;
        }
        Kind::Timeline => {
            let file = told.file()?;
            print(
                &timeline(file.history(), file.case(), plan, lang),
                form,
                out,
            )?;
        }
        Kind::Explanation => print(&told.explained()?, form, out)?,
    }
    Ok(true)
}

struct Told<'a> {
    asked: &'a Report,
    board: &'a Board,
    span: &'a Span<'a>,
    /// The pack that is named, with the calendars beside it.
    source: Option<&'a Source>,
    at: Moment,
    lang: Lang,
}

impl Told<'_> {
    /// The period that is asked for, or the usual one of such a report; said, where the ledger does not reach its end.
    fn period(&self) -> Period {
        let period = self.span.period;
        let zone = self.span.plan.zone;
        if period.until > self.at {
            let (known, ends) = (
                self.at.local(zone).to_string(),
                period.until.local(zone).to_string(),
            );
            say(&match self.lang {
                Lang::Zh => format!("提示:期间到 {ends} 为止,账只读到 {known}"),
                Lang::En => {
                    format!(
                        "note: the period ends at {ends}, and the ledger is read up to {known} only"
                    )
                }
            });
        }
        period
    }
    fn file(&self) -> Result<&File, Fail> {
        let shown = self.asked.ledger.display();
        let id = self.asked.case.as_deref().unwrap_or_default();
        let case: CaseId = read(id)?;
        self.board.file(&case).ok_or_else(|| {
            Fail::said(format!(
                "`{shown}`: there is no case `{case}` by then; `duly report roll --ledger {shown}` lists those there are"
            ))
        })
    }
    fn explained(&self) -> Result<Explanation, Fail> {
        let file = self.file()?;
        let audience = match self.asked.reader {
            None | Some(Reader::Officer) => Audience::Officer,
            Some(Reader::Citizen) => Audience::Citizen,
        };
        let (history, case) = (file.history(), file.case());
        let (plan, lang) = (self.span.plan, self.lang);
        let calendar = held::calendar(plan, case.board(), self.source, lang)?;
        for clock in case.clocks().iter().filter(|clock| clock.is_live()) {
            if let Some(said) = held::other_edition(clock, &calendar, lang) {
                say(&said);
            }
        }
        Ok(explanation(history, case, plan, &calendar, audience, lang))
    }
}

/// Says what was taken for granted, and which cases the report does not know the present state of.
fn tell(asked: &Report, board: &Board, plan: &Plan, at: Moment, lang: Lang) {
    let local = at.local(plan.zone);
    if asked.at.is_none() {
        say(&match lang {
            Lang::Zh => format!("截至 {local}(账上最后一条记录)"),
            Lang::En => format!("as of {local}, the last record of the ledger"),
        });
    }
    let behind: Vec<&str> = board.behind(at).map(CaseId::as_str).collect();
    if behind.is_empty() {
        return;
    }
    let (many, named) = (behind.len(), first_ten(&behind, lang));
    let at = at.to_string();
    say(&match lang {
        Lang::Zh => format!(
            "提示:有 {many} 件的时限已过而账上还没有记({named});超期照算,催办、点名和视为签收还没有记。\n             先让时间走到这里再出报表:`desk.advance(now)`,或者`duly replay … --until {at}`"
        ),
        Lang::En => format!(
            "note: time has overtaken {many} cases ({named}): what is late counts all the same, but rungs, namings and \
             what is deemed done are not on record yet.\n             let time pass first: `desk.advance(now)`, or `duly replay … --until {at}`"
        ),
    });
}

/// Says which obligations the report does not know the present state of.
fn overtaken(behind: &[DutyId], lang: Lang) {
    let behind: Vec<&str> = behind.iter().map(DutyId::as_str).collect();
    if behind.is_empty() {
        return;
    }
    let (many, named) = (behind.len(), first_ten(&behind, lang));
    say(&match lang {
        Lang::Zh => format!(
            "提示:有 {many} 项义务到时的事账上还没有记({named});超期照算,催办、点名、漏期和下期还没有记。\n             先让时间走到这里再出报表:`desk.advance(now)`"
        ),
        Lang::En => format!(
            "note: time has overtaken {many} obligations ({named}): what is late counts all the same, but rungs, namings, missed rounds \
             and those that follow them are not on record yet.\n             let time pass first: `desk.advance(now)`"
        ),
    });
}

/// The first ten, and that there are more.
fn first_ten(behind: &[&str], lang: Lang) -> String {
    let mut named = behind.iter().take(10).copied().collect::<Vec<_>>();
    if behind.len() > named.len() {
        named.push("…");
    }
    named.join(pick(lang, "、", ", "))
}
