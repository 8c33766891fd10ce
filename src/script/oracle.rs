//! The interpreter as the judge of the diagrams: the same rules, asked case by case.

use std::fmt;
use std::sync::Arc;

use rhai::Engine;

use super::finish::Finished;
use super::record::Recorder;
use super::{Findings, Options, load};
use crate::plan::{Plan, Row};
use crate::words::RuleId;

/// A pack whose rules are still asked through the interpreter. Slow; for tests that hold the diagrams to what was written.
///
/// ```
/// use duly::script::{Interpreter, hainan_board};
/// let oracle = Interpreter::load("pack.rhai", hainan_board())?;
/// let row = oracle.plan().schema.row(|_| None);
/// for asked in oracle.plan().decisions() {
///     if let Some(answer) = oracle.answer(asked.rule, &row) {
///         assert_eq!(answer.unwrap(), asked.answer(&row), "{}", asked.rule);
///     }
/// }
/// # Ok::<(), duly::script::Findings>(())
/// ```
pub struct Interpreter {
    engine: Engine,
    finished: Finished,
}

impl Interpreter {
    /// Loads a pack and keeps its rules.
    ///
    /// # Errors
    /// As for [`load`](super::load).
    pub fn load(name: &str, source: &str) -> Result<Interpreter, Findings> {
        Interpreter::load_with(name, source, &Options::default())
    }
    /// Loads a pack with options, and keeps its rules.
    ///
    /// # Errors
    /// As for [`load_with`](super::load_with).
    pub fn load_with(name: &str, source: &str, options: &Options) -> Result<Interpreter, Findings> {
        // Many cases are asked one after the other: each is bounded by itself.
        let options = Options {
            operations: u64::MAX,
            ..options.clone()
        };
        let loaded = load::load(name, source, &options);
        match (loaded.engine, loaded.finished) {
            (Some(engine), Some(finished)) => Ok(Interpreter { engine, finished }),
            _ => Err(loaded.findings),
        }
    }
    /// The plan made from the same rules.
    pub fn plan(&self) -> &Plan {
        &self.finished.plan
    }
    /// What the rule answers for a row, as JSON; nothing for a rule that the pack did not write. The error is what the interpreter
    /// said.
    pub fn answer(&self, rule: &RuleId, row: &Row) -> Option<Result<serde_json::Value, String>> {
        let written = self
            .finished
            .written
            .iter()
            .find(|written| written.rule == *rule)?;
        let recorder = Recorder::fixed(&self.finished.world, row);
        Some((written.ask)(&self.engine, &Arc::clone(&recorder)).map_err(|fault| fault.message.en))
    }
}

impl fmt::Debug for Interpreter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Interpreter")
            .field("pack", &self.finished.plan.pack)
            .finish_non_exhaustive()
    }
}
