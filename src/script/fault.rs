//! A fault on its way from where it is noticed to where it is shown.

use rhai::{Dynamic, EvalAltResult, Position};

/// Which part of a statement a fault is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Spot {
    /// The word that was being run.
    Word,
    /// One of its arguments.
    Arg(usize),
    /// A place of its own.
    At(Position),
}

/// What is wrong and what to write instead; where is settled on the way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fault {
    pub(super) code: &'static str,
    pub(super) message: String,
    pub(super) help: Option<String>,
    pub(super) spot: Spot,
}

pub(super) type Tried<T> = Result<T, Fault>;
pub(super) type Ran<T> = Result<T, Box<EvalAltResult>>;

impl Fault {
    pub(super) fn new(code: &'static str, message: impl Into<String>) -> Fault {
        Fault {
            code,
            message: message.into(),
            help: None,
            spot: Spot::Word,
        }
    }
    pub(super) fn help(mut self, help: impl Into<String>) -> Fault {
        self.help = Some(help.into());
        self
    }
    pub(super) fn maybe(mut self, help: Option<String>) -> Fault {
        self.help = help.or(self.help);
        self
    }
    pub(super) fn arg(mut self, at: usize) -> Fault {
        self.spot = Spot::Arg(at);
        self
    }
    pub(super) fn at(mut self, at: Position) -> Fault {
        self.spot = Spot::At(at);
        self
    }
    /// Through the interpreter, to whoever called it.
    pub(super) fn raise(self, position: Position) -> Box<EvalAltResult> {
        Box::new(EvalAltResult::ErrorRuntime(Dynamic::from(self), position))
    }
}

/// "did you mean", where something is near; else what there is.
pub(super) fn suggest<'a>(
    given: &str,
    known: impl Iterator<Item = &'a str> + Clone,
) -> Option<String> {
    if let Some(near) = crate::plan::near(given, known.clone()) {
        return Some(format!("did you mean `{near}`?"));
    }
    let all: Vec<String> = known.map(|name| format!("`{name}`")).collect();
    match all.len() {
        0 => None,
        1..=24 => Some(format!("there are {}", all.join(", "))),
        _ => None,
    }
}
