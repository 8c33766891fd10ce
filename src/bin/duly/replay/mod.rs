//! `duly replay`: applies a log of commands and shows where each case stands.

mod line;
mod stand;

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Write};

use duly::desk::{Answer, Desk, DeskError, Ticked};
use duly::plan::{Plan, Plans};
use duly::time::{DayTable, Moment, Zone};
use duly::words::{CaseId, Envelope, Lang};

use self::line::{Line, Malformed, says_something};
use crate::args::Replay;
use crate::fail::{Fail, read, say};
use crate::pack::Source;
use crate::store::{self, Store};
use crate::text::pick;

/// How many lines go into one transaction.
const GROUP: usize = 256;
/// How long a line can be, in bytes. A message of a citizen is a thousandth of it.
const LONGEST: usize = 1024 * 1024;

/// Replays a log. False, where a line of it is malformed or could not be carried out, or something could not be woken.
pub fn run(asked: &Replay, out: &mut dyn Write) -> Result<bool, Fail> {
    let plans = plans(asked)?;
    let board = plans.board().clone();
    let latest = plans
        .latest()
        .map(|hand| (hand.plan.labels, hand.plan.zone));
    let (labels, zone) = latest.unwrap_or((Lang::Zh, Zone::UTC));
    let lang = asked.lang.map_or(labels, Lang::from);
    let secret = secret(asked)?;
    // The log is opened before the ledger is made, so that a misspelt name leaves nothing behind.
    let log: Box<dyn BufRead> = match asked.commands.as_str() {
        "-" => Box::new(io::stdin().lock()),
        path => Box::new(BufReader::new(
            File::open(path).map_err(|error| Fail::file(path, error))?,
        )),
    };
    let desk =
        Desk::new(store::open(asked.ledger.as_deref(), &board)?, plans)?.with_secret(&secret);
    let mut replay = Replaying {
        desk: &desk,
        name: &asked.commands,
        lang,
        counts: Counts::default(),
        cases: BTreeSet::new(),
    };
    replay.lines(log, &secret)?;
    let woken = match asked.until {
        Some(until) => woken(&desk.advance(until)?, asked, lang),
        None => true,
    };
    let Replaying { counts, cases, .. } = replay;
    stand::print(&desk, &cases, (lang, zone), asked.json, out)?;
    out.flush()?;
    say(&counts.to_string());
    Ok(counts.malformed == 0 && counts.failed == 0 && woken)
}

/// Whether everything that was due was woken; what was not is said.
fn woken(ticked: &Ticked, asked: &Replay, lang: Lang) -> bool {
    let cases = ticked.stuck.iter();
    let cases = cases.map(|it| (pick(lang, "办件", "case"), it.case.as_str(), &it.why));
    let duties = ticked.stuck_duties.iter();
    let duties = duties.map(|it| (pick(lang, "事项", "obligation"), it.duty.as_str(), &it.why));
    let mut all = true;
    for (what, id, why) in cases.chain(duties) {
        all = false;
        say(&pick(
            lang,
            format!("{what}`{id}`到时未能唤醒:{why}"),
            format!("{what} `{id}` could not be woken: {why}"),
        ));
    }
    if let (false, Some(ledger)) = (all, &asked.ledger) {
        let ledger = ledger.display();
        say(&pick(
            lang,
            format!("账上哪里坏了,用 `duly verify {ledger}` 查"),
            format!("`duly verify {ledger}` says what of the ledger is damaged"),
        ));
    }
    all
}

/// The packs in the order in which they were named.
fn plans(asked: &Replay) -> Result<Plans, Fail> {
    let mut read_in = Vec::new();
    for pack in &asked.packs {
        let source = Source::find(pack)?;
        read_in.push((source.plan(asked.lang.map(Lang::from))?, source));
    }
    let board = match (&asked.board, read_in.first()) {
        (Some(board), _) => read(board)?,
        (None, Some((first, _))) => read(first.pack.as_str())?,
        (None, None) => return Err(Fail::said("name a pack")),
    };
    one_table(asked, &read_in)?;
    let mut plans = Plans::new(board);
    for (plan, source) in read_in {
        plans = source.beside(plan, plans)?;
    }
    Ok(plans)
}

/// Stops where two packs have different calendars of one name: on a board there is one of each.
fn one_table(asked: &Replay, packs: &[(Plan, Source)]) -> Result<(), Fail> {
    let mut known: BTreeMap<&str, (Option<DayTable>, &str)> = BTreeMap::new();
    for (plan, source) in packs {
        for id in &plan.holidays {
            let own = source.table(id)?;
            let (table, first) = known
                .entry(id)
                .or_insert_with(|| (own.clone(), source.name.as_str()));
            if *table == own {
                continue;
            }
            let second = &source.name;
            return Err(Fail::said(pick(
                asked.lang.map_or(plan.labels, Lang::from),
                format!(
                    "规则包`{first}`和`{second}`的日历`{id}`不同;请在两个包旁边放同一份 `calendars/{id}.json`"
                ),
                format!(
                    "the packs `{first}` and `{second}` count by different day tables `{id}`; put the same `calendars/{id}.json` beside both"
                ),
            )));
        }
    }
    Ok(())
}

/// What salts are derived from: the seed, and the secret if there is one.
fn secret(asked: &Replay) -> Result<Vec<u8>, Fail> {
    let mut secret = format!("replay/{}/", asked.seed).into_bytes();
    if let Some(path) = &asked.secret {
        let shown = path.display().to_string();
        let file = File::open(path).map_err(|error| Fail::file(&shown, error))?;
        let most = LONGEST as u64;
        file.take(most)
            .read_to_end(&mut secret)
            .map_err(|error| Fail::file(&shown, error))?;
    }
    Ok(secret)
}

#[derive(Debug, Default)]
struct Counts {
    accepted: u64,
    refused: u64,
    malformed: u64,
    failed: u64,
    known: u64,
    stamped: u64,
}

impl std::fmt::Display for Counts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "{} accepted, {} refused, {} malformed",
            self.accepted, self.refused, self.malformed
        )?;
        if self.failed > 0 {
            write!(f, "; {} could not be carried out", self.failed)?;
        }
        if self.known > 0 {
            write!(
                f,
                "; {} of the accepted opened nothing: their message has its case already",
                self.known
            )?;
        }
        if self.stamped > 0 {
            write!(
                f,
                "; {} came out of order and took effect at their case's last moment",
                self.stamped
            )?;
        }
        Ok(())
    }
}

struct Replaying<'a> {
    desk: &'a Desk<Store>,
    name: &'a str,
    lang: Lang,
    counts: Counts,
    cases: BTreeSet<CaseId>,
}

impl Replaying<'_> {
    fn lines(&mut self, mut log: Box<dyn BufRead>, secret: &[u8]) -> Result<(), Fail> {
        let mut group: Vec<(u64, Result<Envelope, Malformed>)> = Vec::new();
        let mut number = 0;
        while let Some(bytes) = next_line(&mut log).map_err(|error| Fail::file(self.name, error))? {
            number += 1;
            let bytes = match &bytes {
                Some(bytes) if number == 1 => bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes),
                Some(bytes) => bytes,
                None => {
                    let said = format!("the line is longer than {} KiB", LONGEST >> 10);
                    group.push((number, Err(Malformed::whole(said))));
                    continue;
                }
            };
            if !says_something(bytes) {
                continue;
            }
            let read = Line::read(bytes).and_then(|line| line.envelope(number, bytes, secret));
            group.push((number, read));
            if group.len() >= GROUP {
                self.submit(std::mem::take(&mut group))?;
            }
        }
        self.submit(group)
    }

    fn malformed(&mut self, number: u64, flaw: &Malformed) {
        self.counts.malformed += 1;
        say(&format!(
            "{}:{number}:{}: malformed: {}",
            self.name, flaw.column, flaw.said
        ));
    }

    /// Applies a group of lines in one transaction, and tells of each in the order of the file.
    fn submit(&mut self, group: Vec<(u64, Result<Envelope, Malformed>)>) -> Result<(), Fail> {
        let (mut lines, mut envelopes) = (Vec::new(), Vec::new());
        for (number, read) in group {
            lines.push((
                number,
                read.as_ref()
                    .map(|it| (it.case.clone(), it.at))
                    .map_err(Malformed::clone),
            ));
            envelopes.extend(read);
        }
        let mut answers = self.desk.submit_many(envelopes)?.into_iter();
        for (number, line) in lines {
            match line {
                Err(flaw) => self.malformed(number, &flaw),
                Ok((case, at)) => {
                    if let Some(answer) = answers.next() {
                        self.answered(number, case, at, answer);
                    }
                }
            }
        }
        Ok(())
    }

    fn answered(
        &mut self,
        number: u64,
        case: CaseId,
        at: Moment,
        answer: Result<Answer, DeskError>,
    ) {
        let told = |what: String| say(&format!("{}:{number}: {what}", self.name));
        match answer {
            Ok(Answer::Done(done)) => {
                self.counts.accepted += 1;
                if done.at != at {
                    self.counts.stamped += 1;
                    told(format!(
                        "out of order: case `{case}` was at {} already, so {at} took effect then",
                        done.at
                    ));
                }
                self.cases.insert(case);
            }
            Ok(Answer::Known { case }) => {
                self.counts.accepted += 1;
                self.counts.known += 1;
                told(format!(
                    "nothing opened: the message has the case `{case}` already"
                ));
                self.cases.insert(case);
            }
            Ok(Answer::Refused(refusal)) => {
                self.counts.refused += 1;
                told(format!("refused: {}", refusal.say(self.lang)));
                self.cases.insert(case);
            }
            Ok(_) => self.counts.accepted += 1,
            Err(error) if error.is_misuse() || error.is_reused() || error.is_plan() => {
                self.counts.refused += 1;
                told(format!("refused: {error}"));
            }
            // It is the ledger that stands in the way, not the line.
            Err(error) => {
                self.counts.failed += 1;
                told(format!("could not be carried out: {error}"));
            }
        }
    }
}

/// The next line without its end; nothing in it, if it is too long to be read.
#[allow(
    clippy::option_option,
    reason = "the outer says whether there is a line, the inner whether it can be read"
)]
fn next_line(log: &mut impl BufRead) -> io::Result<Option<Option<Vec<u8>>>> {
    let mut line = Vec::new();
    let most = LONGEST as u64 + 1;
    if log.by_ref().take(most).read_until(b'\n', &mut line)? == 0 {
        return Ok(None);
    }
    if line.last() == Some(&b'\n') {
        line.pop();
        return Ok(Some(Some(line)));
    }
    if line.len() <= LONGEST {
        return Ok(Some(Some(line)));
    }
    log.skip_until(b'\n')?;
    Ok(Some(None))
}
