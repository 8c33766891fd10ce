//! evalexpr: one expression, its tree built once, over a context that lends its values. `if` is a function there: all its arguments are
//! worked out before one of them is taken, and so are both sides of `&&` and `||`.

use evalexpr::{Context, EvalexprError, EvalexprResult, Node, Value, build_operator_tree};

use super::{Fact, Facts, Peer};
use crate::three_parts::Case;

pub const EXPRESSION: &str = include_str!("rules/decision.evalexpr");

pub struct Evalexpr {
    facts: Facts,
    tree: Node,
}

pub struct Lent([Value; 17]);

impl Context for Lent {
    fn get_value(&self, name: &str) -> Option<&Value> {
        Facts::place(name).map(|at| &self.0[at])
    }
    fn call_function(&self, name: &str, _: &Value) -> EvalexprResult<Value> {
        Err(EvalexprError::FunctionIdentifierNotFound(name.to_owned()))
    }
    fn are_builtin_functions_disabled(&self) -> bool {
        false
    }
    fn set_builtin_functions_disabled(&mut self, _: bool) -> EvalexprResult<()> {
        Ok(())
    }
}

impl Evalexpr {
    pub fn new() -> Evalexpr {
        Evalexpr {
            facts: Facts::new(),
            tree: build_operator_tree(EXPRESSION).unwrap(),
        }
    }
}

impl Peer for Evalexpr {
    type Facts = Lent;
    fn facts(&self, case: &Case) -> Lent {
        Lent(self.facts.of(case).map(|(_, fact)| match fact {
            Fact::Whole(number) => Value::Int(number),
            Fact::Yes(yes) => Value::Boolean(yes),
            Fact::Label(label) => Value::String(label.to_owned()),
        }))
    }
    fn decide(&mut self, facts: &Lent) -> u32 {
        let answer = self.tree.eval_int_with_context(facts).unwrap();
        u32::try_from(answer).unwrap()
    }
}
