//! Rule tests (规则试案): stories that rule authors write beside a pack, run under a virtual calendar and clock, with coverage.
//!
//! A test file is a table of JSON objects, one a line; a line is a test's head, a step of its story, or what is expected at that point.
//! Keys are English or Chinese. Nothing reads a clock: every moment is on its line, with an offset or in the pack's own zone.
//!
//! | line | keys |
//! |---|---|
//! | head | `test` 测试, `place` 地方, `class` 类别, `facts` 事实, `closed` 放假, `opened` 上班 |
//! | step | `at` 时, `do` 做, `by` 由, `refused` 拒绝, and the fields of the command |
//! | expectation | `at` 时, `due` 到期, `is` 是, `provisional` 暂定, `rung` 催办, `step` 级, `to` 给, `fate` 结局, `verdict` 结论, `reason` 理由, `because` 因为, `clause` 条款, `run` 第几次 |
//! | notice | `told` 告知 (its title), `to` 给, `fate` 结局 (`fired` 已发, or `skipped` 跳过) |
//! | count | `count` 次数 (退回, 退单, 延期, 重开), `step` 级 (at which number), `to` 给, `is` 是, `fate` 结局 |
//! | how the case stands | `stage` 阶段, `outcome` 结果, `shown` 显示, `proposed` 拟类, `route` 主办, `hot` 热点, `tracked` 督办, `returns` 退回次数 |
//!
//! What a function of the host's would find ([`Plans::derive`]) is given in the head, among the facts; the function is asked where the
//! head does not say.
//!
//! Of a step goes without saying: who does it (`by` says otherwise: `督查办`, `李四/受理人`, or an actor as in a command log); facts that must be
//! given, of which the first label, the least number and *no* are taken; the unit that the route proposes; a reply that answers every
//! matter, with contact, basis and a measure; findings that are all yes; a satisfied citizen. What a line says goes before that. A refusal
//! is expected by a rule, a gate, the name of a law of the machine (`same_person`), by some of its words, or by the list of all clauses that refuse.
//!
//! ```
//! use duly::plan::Plans;
//! use duly::trial::{Tests, run};
//! use duly::words::Lang;
//! let source = duly::script::hainan_board();
//! let mut plans = Plans::new("hainan".parse()?);
//! plans.take(duly::script::load("pack.rhai", source)?)?;
//! let tests = Tests::read("weekend.jsonl", r#"
//!     {"测试": "周五交办,周末不算", "类别": "问事", "事实": {"kind": "咨询"}}
//!     {"时": "2026-03-06 09:00", "做": "登记"}
//!     {"时": "2026-03-06 09:10", "做": "受理"}
//!     {"时": "2026-03-06 09:20", "做": "交办"}
//!     {"到期": "答复", "是": "2026-03-13 18:00"}
//! "#)?;
//! let report = run(&plans, ("pack.rhai", source), &[tests], Lang::Zh)?;
//! assert!(report.failures.is_empty(), "{:?}", report.failures);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod beside;
mod bounds;
mod counts;
mod cover;
mod defaults;
mod expect;
mod parts;
mod read;
mod story;
mod told;

use serde::Serialize;

use crate::plan::Plans;
use crate::script::{Interpreter, Options};
use crate::words::Lang;

pub use bounds::Generated;
pub use cover::{Boundary, ClauseCover, Coverage, RuleCover};
pub use read::{Malformed, Tests, keys};

/// An expectation that did not hold, or a step that was refused against expectation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Failure {
    /// `file:line` of the line; the clock or rule, for a generated case.
    pub at: String,
    /// The test.
    pub test: String,
    /// What was expected.
    pub expected: String,
    /// What came.
    pub got: String,
    /// Why it is so: the reckoning of a limit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
}

/// What came of a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Report {
    /// How many tests authors wrote.
    pub tests: usize,
    /// How many of them hold throughout.
    pub passed: usize,
    /// Everything that did not hold.
    pub failures: Vec<Failure>,
    /// Cases that the tool made from the pack.
    pub generated: Generated,
    /// What the tests reach.
    pub coverage: Coverage,
}

/// Runs tests against the plan that was taken last, and no other: what is received on a day on which it is not in force is refused. `pack` is the name and the text of the source from which that plan was loaded.
///
/// # Errors
/// A line that says nothing that can be run, at its place; a pack that cannot be loaded.
pub fn run(
    plans: &Plans,
    pack: (&str, &str),
    files: &[Tests],
    lang: Lang,
) -> Result<Report, Malformed> {
    run_with(plans, pack, &Options::default(), files, lang)
}

/// As [`run`], for a plan that was loaded with options: over a base, or with parameters set. They must be those.
///
/// # Errors
/// As [`run`].
///
/// ```
/// use duly::plan::Plans;
/// use duly::script::{Options, load_with};
/// use duly::trial::{Tests, run_with};
/// use duly::words::Lang;
/// let source = r#"pack("demo"); place("6325", "海南州", "受理岗"); const 期限 = param("期限", 10, 1..=20);
///     clock("reply").within(期限.working_days);"#;
/// let mut options = Options::default();
/// options.params.insert("期限".into(), 5);
/// let mut plans = Plans::new("hainan".parse()?);
/// plans.take(load_with("demo.rhai", source, &options)?)?;
/// let report = run_with(&plans, ("demo.rhai", source), &options, &[], Lang::Zh)?;
/// assert!(report.failures.is_empty(), "{:?}", report.failures);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn run_with(
    plans: &Plans,
    pack: (&str, &str),
    options: &Options,
    files: &[Tests],
    lang: Lang,
) -> Result<Report, Malformed> {
    let whole = |said: String| Malformed {
        file: pack.0.to_owned(),
        line: 1,
        column: 1,
        said,
    };
    let hand = plans
        .latest()
        .ok_or_else(|| whole("no plan is in hand; take one first".into()))?;
    let plans = &plans.clone().offering(&hand.id);
    let mut cover = cover::Cover::new(&hand.plan);
    let mut generated = Generated::default();
    let (mut failures, mut tests, mut passed) = (Vec::new(), 0, 0);
    for file in files {
        for test in &file.tests {
            let failed = story::run(plans, file, test, lang, &mut cover, &mut generated)?;
            tests += 1;
            passed += usize::from(failed.is_empty());
            failures.extend(failed);
        }
    }
    let oracle = Interpreter::load_with(pack.0, pack.1, options)
        .map_err(|findings| whole(findings.in_words(lang).to_string()))?;
    bounds::diagrams(&oracle, &mut generated);
    bounds::eves(hand, &mut generated);
    failures.extend(generated.failures.iter().cloned());
    Ok(Report {
        tests,
        passed,
        failures,
        generated,
        coverage: cover.told(),
    })
}

/// One of two texts.
fn pick(lang: Lang, zh: impl Into<String>, en: impl Into<String>) -> String {
    match lang {
        Lang::Zh => zh.into(),
        Lang::En => en.into(),
    }
}
