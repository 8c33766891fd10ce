//! GoRules zen's expression language alone: one expression, compiled once to its bytecode, its stack used again.

use zen_expression::expression::Standard;
use zen_expression::variable::{Symbol, VariableMap};
use zen_expression::vm::VM;
use zen_expression::{Expression, Variable, compile_expression};

use super::{Fact, Facts, Peer};
use crate::three_parts::{Case, fact};

pub const EXPRESSION: &str = include_str!("rules/decision.zen");

/// Names known before, values made of the case.
pub struct Values {
    facts: Facts,
    names: [Symbol; 17],
}

impl Values {
    pub fn new() -> Values {
        Values {
            facts: Facts::new(),
            names: fact::ALL.map(|(name, ..)| Symbol::from_static(name)),
        }
    }
    pub fn of(&self, case: &Case) -> Variable {
        let values = self.facts.of(case).into_iter().map(|(_, fact)| match fact {
            Fact::Whole(number) => Variable::Number(number.into()),
            Fact::Yes(yes) => Variable::Bool(yes),
            Fact::Label(label) => Variable::String(Symbol::from_static(label)),
        });
        let named: VariableMap = self.names.iter().cloned().zip(values).collect();
        Variable::from_object(named)
    }
}

fn whole(value: &Variable) -> u32 {
    value.as_number().unwrap().try_into().unwrap()
}

pub struct ZenExpression {
    values: Values,
    expression: Expression<Standard>,
    vm: VM,
}

impl ZenExpression {
    pub fn new() -> ZenExpression {
        ZenExpression {
            values: Values::new(),
            expression: compile_expression(EXPRESSION).unwrap(),
            vm: VM::new(),
        }
    }
}

impl Peer for ZenExpression {
    type Facts = Variable;
    fn facts(&self, case: &Case) -> Variable {
        self.values.of(case)
    }
    fn decide(&mut self, facts: &Variable) -> u32 {
        whole(
            &self
                .expression
                .evaluate_with(facts.clone(), &mut self.vm)
                .unwrap(),
        )
    }
}
