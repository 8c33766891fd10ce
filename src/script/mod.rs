//! Packs in rhai, read once and turned into native [`Plan`]s; no script runs when cases do.
//!
//! A pack is a list of declarations that reads like the regulation it encodes. Conditions and limits are *rules*: `|m| m.heat >=
//! 100`. When a pack is loaded each rule is run on every case it tells apart, and the answers become a decision diagram: a fault
//! in any branch, a case without an answer, a label that no fact has are found then, with file, line and column, all at once.
//!
//! ```
//! let source = r#"
//!     pack("demo", "示例");
//!     place("6325", "海南州", "州留言受理岗");
//!     const 承办人 = role("owner", "承办责任人");
//!     fact("heat", 0..=1000).given_by(HOST).moves();
//!     term("热点", |m| m.heat >= 100);
//!     clock("reply").within(|m| if m.热点 { 3.working_days } else { 10.working_days });
//!     ladder("reply").before(1.working_days).remind(承办人);
//! "#;
//! let plan = duly::script::load("demo.rhai", source)?;
//! let reply = plan.clock(duly::words::ClockKind::Reply).unwrap();
//! let hot = plan.schema.row(|fact| (fact.name == "heat").then(|| 250.into()));
//! let (limit, reason) = reply.within.decide(&plan.schema, &hot);
//! assert_eq!(*limit, duly::plan::Limit::Span(duly::time::Span::WorkingDays(3)));
//! assert_eq!(reason.to_string(), "clock(reply).within: heat = 100..=1000");
//! # Ok::<(), duly::script::Findings>(())
//! ```
//!
//! What a regulation says in numbered clauses (逐款规定) is written so: each `.when(condition, answer)` is a clause, with a `.title(…)` and a
//! `.cite(…)` or `.ours(…)` of its own, and `.otherwise(answer)` is for all that is left. Which clause holds where several apply is said by the
//! mode, and the reason of an answer names it:
//!
//! | mode | holds | of |
//! |---|---|---|
//! | `FIRST` | the first in the order written; the mode where none is said | limits, routes, classification, tracking |
//! | `UNIQUE` | the one that applies; two that say different things are an error | the same |
//! | `STRICTEST` | the limit that ends first, or the earliest of those that cannot be told apart | limits |
//! | `COLLECT` | all of them | gates, grounds for declining, rungs, counts |
//!
//! A limit needs an answer for every case. Where the clauses of a route or of a classification say nothing, a person decides; where those
//! of tracking say nothing, nothing is tracked; where those that tighten a base say nothing, the base's limit holds.
//!
//! ```
//! let source = r#"
//!     pack("demo", "示例");
//!     place("6325", "海南州", "州留言受理岗");
//!     fact("heat", 0..=1000).given_by(HOST).moves();
//!     clock("reply", "答复").clauses(STRICTEST)
//!         .when(|m| m.heat >= 100, 3.working_days).title("热点件").cite("《办法》第五条")
//!         .when(|m| m.class == "问事", 5.working_days).title("咨询件").ours("参照邻州")
//!         .otherwise(10.working_days);
//! "#;
//! let plan = duly::script::load("demo.rhai", source)?;
//! let reply = &plan.clock(duly::words::ClockKind::Reply).unwrap().within;
//! let question = plan.schema.row(|fact| (fact.name == "class").then(|| "问事".into()));
//! let (_, reason) = reply.decide(&plan.schema, &question);
//! assert_eq!(reason.to_string(), "clock(reply).within.2 (咨询件): class = 问事, heat = 0..=99");
//! # Ok::<(), duly::script::Findings>(())
//! ```
//!
//! A mistake is shown at its place, with what to write instead:
//!
//! ```
//! let found = duly::script::load("demo.rhai", r#"
//! pack("demo");
//! place("6325", "海南州", "州留言受理岗");
//! clock("reply").within(5.working_dayz);
//! "#).unwrap_err();
//! assert!(found.to_string().starts_with("\
//! error[D208]: nothing is counted in `working_dayz`
//!  --> demo.rhai:4:25
//!   |
//! 4 | clock(\"reply\").within(5.working_dayz);
//!   |                         ^^^^^^^^^^^^
//!   = help: did you mean `working_days`?"));
//! ```

mod build;
mod canary;
mod clauses;
mod constant;
mod dated;
mod draft;
mod engine;
mod explain;
mod fault;
mod finding;
mod finish;
mod lexicon;
mod load;
mod oracle;
mod overlay;
mod record;
mod report;
mod scan;
mod shipped;
mod source;
mod tabulate;
mod value;
mod vocabulary;
mod words;

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use crate::plan::Plan;
use crate::words::{Lang, RuleId};

pub use finding::{Finding, Findings, InChinese, Severity};
pub use lexicon::{EngineFact, Name, Term, Unit, facts, names, terms, units};
pub use oracle::Interpreter;
pub use shipped::{SHIPPED, hainan_board, shipped};
pub use vocabulary::{Word, vocabulary};

/// How a pack is loaded.
///
/// ```
/// use duly::script::{Options, load_with};
/// let source = r#"pack("demo"); place("6325", "海南州", "受理岗"); const 期限 = param("期限", 10, 1..=20);
///     clock("reply").within(期限.working_days);"#;
/// let mut options = Options::default();
/// options.params.insert("期限".into(), 5);
/// let plan = load_with("demo.rhai", source, &options)?;
/// assert_eq!(plan.params[0].value, 5);
/// # Ok::<(), duly::script::Findings>(())
/// ```
#[derive(Clone)]
#[non_exhaustive]
pub struct Options {
    /// Parameters of the pack that are set from outside, by name. They must lie within the pack's own ranges. Where a parameter changes
    /// with the date of receipt, `.from(…)`, the value that is set holds on all dates.
    pub params: BTreeMap<String, i64>,
    /// How many cases all rules together may tell apart.
    pub paths: u64,
    /// How many operations of the interpreter the load may take.
    pub operations: u64,
    /// Finds the pack that another is [based on](Options::with_bases).
    pub bases: Option<FindBase>,
}

/// Finds a base pack by the name that `based_on(…)` gives: how findings are to call its file, and its source.
pub type FindBase = Arc<dyn Fn(&str) -> Option<(String, String)> + Send + Sync>;

impl Options {
    /// With a way to find the packs that others are based on (在上级规则之上). An overlay reads its base, with some of its
    /// parameters set, and adds to it or tightens it; whatever it loosens is refused, with a case.
    ///
    /// ```
    /// use duly::script::{Options, hainan_board, load_with};
    /// let options = Options::default().with_bases(|name| {
    ///     (name == "hainan-board").then(|| ("hainan-board/pack.rhai".into(), hainan_board().into()))
    /// });
    /// let plan = load_with("guide/pack.rhai", r#"
    ///     pack("guide-board", "贵德县网民留言办理");
    ///     based_on("hainan-board", #{ "办理期限": 7 });
    ///     tighten("review").within(1.working_days).ours("县里自定");
    /// "#, &options)?;
    /// assert_eq!(plan.pack.as_str(), "guide-board");
    /// let value = plan.params.iter().find(|param| param.name == "办理期限").map(|param| param.value);
    /// assert_eq!(value, Some(7));
    /// # Ok::<(), duly::script::Findings>(())
    /// ```
    #[must_use]
    pub fn with_bases(
        mut self,
        find: impl Fn(&str) -> Option<(String, String)> + Send + Sync + 'static,
    ) -> Options {
        self.bases = Some(Arc::new(find));
        self
    }
}

impl fmt::Debug for Options {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Options")
            .field("params", &self.params)
            .field("paths", &self.paths)
            .field("operations", &self.operations)
            .finish_non_exhaustive()
    }
}

impl Default for Options {
    fn default() -> Options {
        Options {
            params: BTreeMap::new(),
            paths: 50_000,
            operations: 1_500_000,
            bases: None,
        }
    }
}

/// Reads a pack. `name` is how findings call the file.
///
/// # Errors
/// Everything that is wrong with it, not the first thing only; and the warnings, so that nothing is lost.
pub fn load(name: &str, source: &str) -> Result<Plan, Findings> {
    load_with(name, source, &Options::default())
}

/// Reads a pack with parameters set from outside, or other bounds on the work.
///
/// # Errors
/// As for [`load`].
pub fn load_with(name: &str, source: &str, options: &Options) -> Result<Plan, Findings> {
    let (plan, findings) = check(name, source, options);
    plan.ok_or(findings)
}

/// Reads a pack and returns warnings even where it can be used. Without errors there is a plan.
///
/// ```
/// use duly::script::{Options, check};
/// let source = r#"pack("demo"); place("6325", "海南州", "受理岗"); fact("heat", 0..=9).given_by(HOST);"#;
/// let (plan, findings) = check("demo.rhai", source, &Options::default());
/// assert!(plan.is_some());
/// assert_eq!(findings.all[0].message, "no rule reads the fact `heat`");
/// ```
pub fn check(name: &str, source: &str, options: &Options) -> (Option<Plan>, Findings) {
    let (tabulated, findings) = tabulate(name, source, options);
    (tabulated.map(|it| it.plan), findings)
}

/// The language that a pack says its labels are in (标签用语), or its base says for it. It is read off the text, so that a pack that
/// cannot be used can still be told so in its own language.
///
/// ```
/// use duly::{script::{Options, labels}, words::Lang};
/// let broken = r#"pack("demo").labels("zh"); plaice("6325");"#;
/// assert_eq!(labels(broken, &Options::default()), Some(Lang::Zh));
/// ```
pub fn labels(source: &str, options: &Options) -> Option<Lang> {
    let mut text = source.to_owned();
    for _ in 0..=overlay::DEEP {
        let said = |word| source::Source::read("", &text).0.said_of(word);
        match said("labels").as_deref() {
            Some("zh") => return Some(Lang::Zh),
            Some("en") => return Some(Lang::En),
            _ => text = options.bases.as_ref()?(&said("based_on")?)?.1,
        }
    }
    None
}

/// A plan, and what it took to read it off the rules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tabulated {
    /// The plan.
    pub plan: Plan,
    /// How many paths each rule that the pack wrote was found to have.
    pub paths: BTreeMap<RuleId, u64>,
}

/// Reads a pack, and tells how many paths each rule has: where the time of loading goes.
///
/// ```
/// use duly::script::{Options, tabulate};
/// let source = r#"pack("demo"); place("6325", "海南州", "受理岗"); fact("heat", 0..=9).given_by(HOST);
///     clock("reply").within(|m| if m.heat >= 5 { 3.working_days } else { 5.working_days });"#;
/// let (tabulated, _) = tabulate("demo.rhai", source, &Options::default());
/// let paths: Vec<u64> = tabulated.unwrap().paths.into_values().collect();
/// assert_eq!(paths, [2]);
/// ```
pub fn tabulate(name: &str, source: &str, options: &Options) -> (Option<Tabulated>, Findings) {
    let loaded = load::load(name, source, options);
    let tabulated = loaded.finished.map(|finished| Tabulated {
        plan: finished.plan,
        paths: finished
            .written
            .into_iter()
            .map(|written| (written.rule, written.paths))
            .collect(),
    });
    (tabulated, loaded.findings)
}
