//! CEL: one expression, parsed once. Variables are answered by a resolver that lends its values; nothing is copied.

use cel::common::types::{CelBool, CelInt, CelString};
use cel::common::value::{CowVal, Val};
use cel::context::VariableResolver;
use cel::{Context, Program, Value};

use super::{Fact, Facts, Peer};
use crate::three_parts::Case;

pub const EXPRESSION: &str = include_str!("rules/decision.cel");

pub struct Cel {
    facts: Facts,
    program: Program,
    root: Context<'static, 'static>,
}

pub enum Cell {
    Whole(CelInt),
    Yes(CelBool),
    Label(CelString<'static>),
}

pub struct Lent([Cell; 17]);

impl VariableResolver for Lent {
    fn resolve<'b>(&'b self, name: &str) -> Option<CowVal<'b, 'b>> {
        let value: &dyn Val = match &self.0[Facts::place(name)?] {
            Cell::Whole(whole) => whole,
            Cell::Yes(yes) => yes,
            Cell::Label(label) => label,
        };
        Some(CowVal::Borrowed(value))
    }
}

impl Cel {
    pub fn new() -> Cel {
        Cel {
            facts: Facts::new(),
            program: Program::compile(EXPRESSION).unwrap(),
            root: Context::default(),
        }
    }
}

impl Peer for Cel {
    type Facts = Lent;
    fn facts(&self, case: &Case) -> Lent {
        Lent(self.facts.of(case).map(|(_, fact)| match fact {
            Fact::Whole(number) => Cell::Whole(number.into()),
            Fact::Yes(yes) => Cell::Yes(yes.into()),
            Fact::Label(label) => Cell::Label(label.into()),
        }))
    }
    fn decide(&mut self, facts: &Lent) -> u32 {
        answer(&self.root, &self.program, facts).unwrap()
    }
}

pub fn answer<'v>(
    root: &Context<'_, 'v>,
    program: &Program,
    facts: &'v Lent,
) -> Result<u32, String> {
    let mut context = root.new_inner_scope();
    context.set_variable_resolver(facts);
    let answer = Value::resolve_val(program.expression(), &context);
    let answer = answer.map_err(|error| error.to_string())?;
    let answer = answer.downcast_ref::<CelInt>().ok_or("no whole number")?;
    u32::try_from(*answer.inner()).map_err(|error| error.to_string())
}
