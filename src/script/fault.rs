//! A fault on its way from where it is noticed to where it is shown.

use rhai::{Dynamic, EvalAltResult, Position};

use super::draft::LadderOf;
use crate::plan::{DiagramError, Limit, Loosened, PlanFault, PlanWarning};
use crate::time::{Span, TimeError};
use crate::words::{ClockKind, DutyKind, Gate, InvalidId};

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

/// The same thing said in English and in Chinese.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Both {
    pub(super) en: String,
    pub(super) zh: String,
}

/// What is called otherwise in Chinese.
pub(super) trait Say {
    fn en(&self) -> String;
    fn zh(&self) -> String;
}

impl<T: Say + ?Sized> Say for &T {
    fn en(&self) -> String {
        T::en(self)
    }
    fn zh(&self) -> String {
        T::zh(self)
    }
}

impl Say for Both {
    fn en(&self) -> String {
        self.en.clone()
    }
    fn zh(&self) -> String {
        self.zh.clone()
    }
}

macro_rules! say {
    ($(|$it:ident: $name:ty| $zh:expr),+ $(,)?) => {
        $(impl Say for $name {
            fn en(&self) -> String {
                self.to_string()
            }
            fn zh(&self) -> String {
                let $it = self;
                $zh.to_owned()
            }
        })+
    };
}
say!(
    |it: ClockKind| ClockKind::zh(*it),
    |it: DutyKind| DutyKind::zh(*it),
    |it: LadderOf| LadderOf::zh(*it),
    |it: Gate| Gate::zh(*it),
    |it: Span| Span::zh(it),
    |it: Limit| Limit::zh(it),
    |it: PlanFault| PlanFault::zh(it),
    |it: PlanWarning| PlanWarning::zh(it),
    |it: Loosened| Loosened::zh(it),
    |it: DiagramError| DiagramError::zh(it),
    |it: TimeError| TimeError::zh(it),
    |it: InvalidId| InvalidId::zh(it),
);

/// The same thing in both languages, each as `format!` would write it. What stands after `;` is written in each by its own name.
macro_rules! both {
    ($en:literal, $zh:literal $(; $($name:ident),+)? $(,)?) => {
        $crate::script::fault::Both {
            en: {
                $($(let $name = $crate::script::fault::Say::en(&$name);)+)?
                format!($en)
            },
            zh: {
                $($(let $name = $crate::script::fault::Say::zh(&$name);)+)?
                format!($zh)
            },
        }
    };
}
pub(super) use both;

/// What is wrong and what to write instead; where is settled on the way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fault {
    pub(super) code: &'static str,
    pub(super) message: Both,
    pub(super) help: Option<Box<Both>>,
    pub(super) spot: Spot,
}

pub(super) type Tried<T> = Result<T, Fault>;
pub(super) type Ran<T> = Result<T, Box<EvalAltResult>>;

impl Fault {
    pub(super) fn new(code: &'static str, message: Both) -> Fault {
        Fault {
            code,
            message,
            help: None,
            spot: Spot::Word,
        }
    }
    pub(super) fn help(mut self, help: Both) -> Fault {
        self.help = Some(Box::new(help));
        self
    }
    pub(super) fn maybe(mut self, help: Option<Both>) -> Fault {
        self.help = help.map(Box::new).or(self.help);
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
) -> Option<Both> {
    near(given, known.clone()).or_else(|| {
        let all: Vec<String> = known.map(|name| format!("`{name}`")).collect();
        let (en, zh) = (all.join(", "), all.join("、"));
        (1..=24)
            .contains(&all.len())
            .then(|| both!("there are {en}", "可以写:{zh}"))
    })
}

/// "did you mean", where something is near.
pub(super) fn near<'a>(given: &str, known: impl Iterator<Item = &'a str> + Clone) -> Option<Both> {
    crate::plan::near(given, known)
        .map(|near| both!("did you mean `{near}`?", "是不是要写`{near}`?"))
}
