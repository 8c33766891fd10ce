//! The commands and their options.

use std::path::PathBuf;

use chrono::NaiveDate;
use clap::{Args, Parser, Subcommand, ValueEnum};
use duly::desk::Hash;
use duly::plan::Plan;
use duly::time::Moment;
use duly::words;

/// Public-message casework, duly handled: checks rule packs, replays command logs, verifies ledgers, and shows a board
/// at work.
#[derive(Debug, Parser)]
#[command(
    name = "duly",
    version,
    arg_required_else_help = true,
    max_term_width = 100
)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub what: What,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum What {
    /// Handle 36 sample messages over the weeks of one spring and tell how it went
    Demo(Demo),
    /// Read a pack and show what is wrong with it, or what it says
    Check(Check),
    /// Apply a log of commands, one JSON object a line, and show where each case stands
    Replay(Replay),
    /// Go over a whole ledger: chains, replay, heads, texts, seals
    Verify(Verify),
    /// Seal a day of a ledger, and print the hash that shows later that nothing was taken away
    Seal(Seal),
    /// Show the roll of a ledger, or the timeline of one of its cases
    Show(Show),
    /// Drive a board with real arrivals and made-up handlers, and check that every figure adds up
    Simulate(Simulate),
    /// Run the tests beside a pack: what holds, what does not, and what no test reaches
    Test(Test),
    /// Compare two packs: which cases get another answer, and what else is said otherwise
    Diff(Diff),
    /// Show what another pack means to the open cases of a ledger, or have them go on under it
    Adopt(Adopt),
    /// Tell what a pack decides for given facts, why, and what would change it
    Explain(Explain),
    /// Print a report of a ledger: digest, bulletin, roll, insight, timeline, integrity, public view, explanation
    Report(Report),
    /// Print the guide of a pack for citizens and clerks (办事指南), or its flow chart (流程图)
    Guide(Guide),
    /// Print the rule language as a table: its words and names, in English and Chinese
    Words(Words),
    /// Print the JSON Schema of what a board has others told
    Schema(Schema),
}

/// Options of `schema`.
#[derive(Debug, Args)]
pub struct Schema {
    /// Of what
    #[arg(value_enum)]
    pub of: SchemaOf,
}

/// What has a schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum SchemaOf {
    /// An effect of a case on its way out
    Outgoing,
    /// An effect of an obligation on its way out
    DutyOutgoing,
}

/// The language of captions and timelines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Lang {
    /// 中文
    Zh,
    /// English
    En,
}

impl From<Lang> for words::Lang {
    fn from(lang: Lang) -> words::Lang {
        match lang {
            Lang::Zh => words::Lang::Zh,
            Lang::En => words::Lang::En,
        }
    }
}

/// How often somebody looks at the clock. What happens does not depend on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Ticks {
    /// At every moment at which a case wants to be woken
    Alarms,
    /// Once a day
    Daily,
}

/// Options of `demo`.
#[derive(Debug, Args)]
pub struct Demo {
    /// Another number gives other hours of the day; the same number gives the same bytes
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Keep the ledger, and the sample messages, in this folder
    #[arg(long, value_name = "DIR")]
    pub keep: Option<PathBuf>,
    /// The language of captions and timelines
    #[arg(long, value_enum, default_value_t = Lang::Zh)]
    pub lang: Lang,
    /// How often the desk looks at the clock; the story is the same
    #[arg(long, value_enum, default_value_t = Ticks::Alarms)]
    pub ticks: Ticks,
}

/// Options of `check`.
#[derive(Debug, Args)]
pub struct Check {
    /// A pack: its file, a folder that holds `pack.rhai`, or the name of one that is carried along, as `hainan-board` or `hotline-12345`
    pub pack: String,
    /// Print one JSON object a line: every finding, then the summary
    #[arg(long)]
    pub json: bool,
    /// The language; that of the pack's labels, if not said
    #[arg(long, value_enum)]
    pub lang: Option<Lang>,
    /// Also say how many paths each rule has, how large its diagram is, and how long loading took: that differs from run to run
    #[arg(long)]
    pub stats: bool,
}

/// Options of `replay`.
#[derive(Debug, Args)]
pub struct Replay {
    /// The pack to open cases under: a file, a folder that holds `pack.rhai`, or `hainan-board`. Of several, each case comes under the last
    /// one that is in force on the day of its receipt
    #[arg(required = true, value_name = "PACK")]
    pub packs: Vec<String>,
    /// The log: `{"case","at","by":{"id","roles","unit"},"command":{…}}` on each line; `-` for standard input
    #[arg(long, value_name = "FILE")]
    pub commands: String,
    /// Write to this ledger; without it, to one in memory
    #[arg(long, value_name = "FILE")]
    pub ledger: Option<PathBuf>,
    /// The board; the name of the first pack, if not said
    #[arg(long, value_name = "ID")]
    pub board: Option<String>,
    /// Let time pass up to this moment after the last line, as in `2026-04-30T18:00:00+08:00`
    #[arg(long, value_name = "INSTANT", value_parser = moment)]
    pub until: Option<Moment>,
    /// Print one JSON object a case instead of a table
    #[arg(long)]
    pub json: bool,
    /// The language of the table and of refusals; the last pack's own, if not said
    #[arg(long, value_enum)]
    pub lang: Option<Lang>,
    /// What the salts of private texts are derived from
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Derive the salts from the bytes of this file as well; for a ledger that holds real messages, keep them secret
    #[arg(long, value_name = "FILE")]
    pub secret: Option<PathBuf>,
}

/// Options of `verify`.
#[derive(Debug, Args)]
pub struct Verify {
    /// The ledger
    #[arg(value_name = "FILE")]
    pub ledger: PathBuf,
    /// The hash of a day's seal, from where it was kept: `2026-03-02=5f70…`. Every ledger that was sealed deserves one
    #[arg(long = "seal", value_name = "DAY=HASH", value_parser = sealed)]
    pub seals: Vec<(NaiveDate, Hash)>,
    /// The board that these are of, where the file holds several
    #[arg(long, value_name = "ID")]
    pub board: Option<String>,
    /// Print one JSON object a board
    #[arg(long)]
    pub json: bool,
}

/// Options of `seal`.
#[derive(Debug, Args)]
pub struct Seal {
    /// The ledger
    #[arg(value_name = "FILE")]
    pub ledger: PathBuf,
    /// The day that is over
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub day: NaiveDate,
    /// When it is sealed; that of the last record, if not said
    #[arg(long, value_name = "INSTANT", value_parser = moment)]
    pub at: Option<Moment>,
    /// The board, where the file holds several
    #[arg(long, value_name = "ID")]
    pub board: Option<String>,
    /// Print the seal itself, as one line of canonical JSON: the bytes that the hash is of
    #[arg(long)]
    pub json: bool,
    /// The language; the pack's own, if not said
    #[arg(long, value_enum)]
    pub lang: Option<Lang>,
}

/// Options of `show`.
#[derive(Debug, Args)]
pub struct Show {
    /// The ledger
    #[arg(value_name = "FILE")]
    pub ledger: PathBuf,
    /// The case; without it, the roll of all of them
    #[arg(value_name = "CASE")]
    pub case: Option<String>,
    /// List the obligations instead: who owes what until when, and how it stands
    #[arg(long, conflicts_with_all = ["case", "until"])]
    pub duties: bool,
    /// Tell why a clock of the case is due when it is: `reply`, `whole`, …
    #[arg(long, value_name = "CLOCK", requires = "case")]
    pub why: Option<String>,
    /// The pack beside which a calendar lies that the case counts by, where it is not the one that comes along
    #[arg(long, value_name = "PACK", requires = "why")]
    pub pack: Option<String>,
    /// The board, where the file holds several
    #[arg(long, value_name = "ID")]
    pub board: Option<String>,
    /// As of which moment; the last record, if not said
    #[arg(long, value_name = "INSTANT", value_parser = moment)]
    pub until: Option<Moment>,
    /// The language; that of the plan's labels, if not said
    #[arg(long, value_enum)]
    pub lang: Option<Lang>,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

impl Show {
    /// The language to speak: what is asked for, or that of a plan's labels.
    pub fn lang(&self, plan: &Plan) -> words::Lang {
        self.lang.map_or(plan.labels, words::Lang::from)
    }
}

/// Options of `simulate`.
#[derive(Debug, Args)]
pub struct Simulate {
    /// The pack: a file, a folder that holds `pack.rhai`, or `hainan-board`
    pub pack: String,
    /// The arrivals: CSV with the columns `id`, `received_at`, `up`, `down`
    #[arg(long, value_name = "CSV", required_unless_present = "cases")]
    pub arrivals: Option<PathBuf>,
    /// Instead of a file: so many messages over 360 days, made up by the seed
    #[arg(long, value_name = "N", conflicts_with = "arrivals", value_parser = clap::value_parser!(u32).range(1..=10_000_000))]
    pub cases: Option<u32>,
    /// Print one JSON object: what happened, which laws held, memory and time
    #[arg(long)]
    pub json: bool,
    /// Another number gives other handlers, delays and turns of fate
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Write to this ledger, which must not be there yet; without it, to one in memory
    #[arg(long, value_name = "FILE")]
    pub ledger: Option<PathBuf>,
    /// How many days to go on after the last arrival
    #[arg(long, value_name = "N", default_value_t = 120, value_parser = clap::value_parser!(u32).range(0..=36_500))]
    pub days: u32,
    /// The language of captions
    #[arg(long, value_enum, default_value_t = Lang::Zh)]
    pub lang: Lang,
    /// How often the desk looks at the clock; the figures are the same
    #[arg(long, value_enum, default_value_t = Ticks::Alarms)]
    pub ticks: Ticks,
}

/// Options of `test`.
#[derive(Debug, Args)]
pub struct Test {
    /// The pack: its file, or a folder that holds `pack.rhai`
    pub pack: String,
    /// These test files, instead of `cases/*.jsonl` beside the pack
    #[arg(long, value_name = "FILE")]
    pub cases: Vec<PathBuf>,
    /// Print one JSON object: failures, generated cases, coverage
    #[arg(long)]
    pub json: bool,
    /// Fail where less than so many percent is reached
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u8).range(0..=100))]
    pub min_coverage: Option<u8>,
    /// The language of messages; the pack's own, if not said
    #[arg(long, value_enum)]
    pub lang: Option<Lang>,
}

/// Options of `diff`.
#[derive(Debug, Args)]
pub struct Diff {
    /// The pack that was: a file, a folder that holds `pack.rhai`, or `hainan-board`
    pub old: String,
    /// The pack that is to be
    pub new: String,
    /// Count the cases of this ledger that get another answer
    #[arg(long, value_name = "FILE")]
    pub ledger: Option<PathBuf>,
    /// Print one JSON object
    #[arg(long)]
    pub json: bool,
    /// The language; that of the new pack, if not said
    #[arg(long, value_enum)]
    pub lang: Option<Lang>,
}

/// Which cases go on under the other pack.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Who {
    /// 仅新件: none of those under way; the pack is only read
    New,
    /// 无不利变化: those for whom nothing gets worse
    NoneAdverse,
    /// 全部: all; what is worse for the citizen needs `--approver`
    All,
}

/// Options of `adopt`.
#[derive(Debug, Args)]
#[command(group = clap::ArgGroup::new("what").required(true).multiple(true).args(["preview", "mode", "cases"]))]
pub struct Adopt {
    /// The ledger
    #[arg(value_name = "FILE")]
    pub ledger: PathBuf,
    /// The pack that is to hold: a file, a folder that holds `pack.rhai`, or the name of one that is carried along
    #[arg(value_name = "PACK")]
    pub pack: String,
    /// Change nothing: show for each open case what would become of it; of all of them, if no mode is said
    #[arg(long)]
    pub preview: bool,
    /// Which cases
    #[arg(long, value_enum)]
    pub mode: Option<Who>,
    /// This case; may be said several times
    #[arg(long = "case", value_name = "ID", conflicts_with = "mode")]
    pub cases: Vec<String>,
    /// Who asks for it: a supervisor
    #[arg(long, value_name = "PERSON", required_unless_present = "preview")]
    pub by: Option<String>,
    /// Who approved what is worse for citizens: neither whoever asks nor anybody who has handled the case
    #[arg(long, value_name = "PERSON")]
    pub approver: Option<String>,
    /// Values of facts that the pack wants, for cases that were never given them, as a JSON object
    #[arg(long, value_name = "FILE")]
    pub facts: Option<String>,
    /// When; at the last record, if not said
    #[arg(long, value_name = "INSTANT", value_parser = moment)]
    pub at: Option<Moment>,
    /// The board, where the file holds several
    #[arg(long, value_name = "ID")]
    pub board: Option<String>,
    /// Print one JSON object
    #[arg(long)]
    pub json: bool,
    /// The language; that of the pack's labels, if not said
    #[arg(long, value_enum)]
    pub lang: Option<Lang>,
}

/// Options of `explain`.
#[derive(Debug, Args)]
pub struct Explain {
    /// The pack: a file, a folder that holds `pack.rhai`, or `hainan-board`
    pub pack: String,
    /// The facts of one case, as a JSON object: `{"class": "办事", "urgent": true}`; `-` for standard input
    #[arg(long, value_name = "FILE")]
    pub facts: String,
    /// Only this rule: `clock(reply).within`, …
    #[arg(long, value_name = "RULE")]
    pub rule: Option<String>,
    /// Tell why the rule does not answer this, and what would make it: `3 working days`, `符合`, …
    #[arg(long, value_name = "ANSWER", requires = "rule")]
    pub not: Option<String>,
    /// Print one JSON object
    #[arg(long)]
    pub json: bool,
    /// The language; the pack's own, if not said
    #[arg(long, value_enum)]
    pub lang: Option<Lang>,
}

/// Which report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Kind {
    /// 日报: one day, from cut to cut
    Digest,
    /// 通报: a period, by unit and by place
    Bulletin,
    /// 台账: every case, one row each
    Roll,
    /// 承诺台账: every dated promise, by whom, kept or not
    Commitments,
    /// 分办台账: every part of a divided case, where, until when, how it stands
    Parts,
    /// 义务: what is owed besides cases in a period, and what share of the visits, sweeps and inspections was made
    Obligations,
    /// 民意分析: what citizens wrote about, and what has changed
    Insight,
    /// 办理经过: one case in words
    Timeline,
    /// 防数字注水: where figures may look better than the work was
    Integrity,
    /// 公开视图: what everybody may read
    Public,
    /// 说明: why one case stands where it stands, and what comes next
    Explanation,
}

/// In what form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// Tables for a terminal
    Text,
    /// Tables in Markdown
    Markdown,
    /// One table for a spreadsheet
    Csv,
    /// One JSON value
    Json,
}

/// For whom an explanation is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Reader {
    /// For officers: with persons, rules, clauses and where they stand
    Officer,
    /// For the citizen who wrote: the same facts without the office's own
    Citizen,
}

/// Options of `report`.
#[derive(Debug, Args)]
pub struct Report {
    /// Which report
    #[arg(value_enum)]
    pub kind: Kind,
    /// The ledger
    #[arg(long, value_name = "FILE")]
    pub ledger: PathBuf,
    /// The board, where the file holds several
    #[arg(long, value_name = "ID")]
    pub board: Option<String>,
    /// As of which moment; that of the last record, if not said
    #[arg(long, value_name = "INSTANT", value_parser = moment)]
    pub at: Option<Moment>,
    /// The first day of the period
    #[arg(long, value_name = "DATE", requires = "to", conflicts_with_all = ["month", "day"], value_parser = date)]
    pub from: Option<NaiveDate>,
    /// The last day of the period
    #[arg(long, value_name = "DATE", requires = "from", value_parser = date)]
    pub to: Option<NaiveDate>,
    /// A whole month, as in `2026-03`
    #[arg(long, value_name = "YYYY-MM", conflicts_with = "day", value_parser = month)]
    pub month: Option<NaiveDate>,
    /// One day; of a digest, until the cut of that day
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub day: Option<NaiveDate>,
    /// The case of a timeline or an explanation
    #[arg(long, value_name = "ID")]
    pub case: Option<String>,
    /// For whom an explanation is; an officer, if not said
    #[arg(long = "for", value_enum)]
    pub reader: Option<Reader>,
    /// Take titles, rules and the calendars beside it from this pack, instead of the plan that the ledger's last record was decided by
    #[arg(long, value_name = "PACK")]
    pub pack: Option<String>,
    /// The language; that of the plan's labels, if not said
    #[arg(long, value_enum)]
    pub lang: Option<Lang>,
    /// In what form
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub format: Format,
}

/// Options of `guide`.
#[derive(Debug, Args)]
pub struct Guide {
    /// A pack: its file, a folder that holds `pack.rhai`, or the name of one that is carried along
    pub pack: String,
    /// What to print
    #[arg(long, value_enum, default_value_t = GuideForm::Text)]
    pub format: GuideForm,
    /// The language; that of the pack's labels, if not said
    #[arg(long, value_enum)]
    pub lang: Option<Lang>,
}

/// Forms of a guide.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum GuideForm {
    /// Tables of plain text
    Text,
    /// Markdown, with the flow chart at its end
    Markdown,
    /// The flow chart alone, as Mermaid
    Mermaid,
    /// The flow chart alone, as a picture
    Svg,
    /// One JSON object
    Json,
}

/// Options of `words`.
#[derive(Debug, Args)]
pub struct Words {
    /// The language of captions, and of the values of facts
    #[arg(long, value_enum, default_value_t = Lang::Zh)]
    pub lang: Lang,
    /// Print one JSON object
    #[arg(long)]
    pub json: bool,
}

fn moment(text: &str) -> Result<Moment, String> {
    Moment::parse(text).map_err(|error| error.to_string())
}

fn sealed(text: &str) -> Result<(NaiveDate, Hash), String> {
    let (day, hash) = text
        .split_once('=')
        .ok_or_else(|| format!("a seal is written `2026-03-02=HASH`: `{text}` is none"))?;
    Ok((date(day)?, hash.parse()?))
}

fn date(text: &str) -> Result<NaiveDate, String> {
    let known = text.parse();
    known.map_err(|_| format!("a day is written `2026-03-02`: `{text}` is none"))
}

fn month(text: &str) -> Result<NaiveDate, String> {
    let first = format!("{text}-01").parse();
    first.map_err(|_| format!("a month is written `2026-03`: `{text}` is none"))
}
