//! Rego by regorus: compiled once for one entry point, by its interpreter and by its virtual machine.

use std::collections::BTreeMap;
use std::sync::Arc;

use regorus::languages::rego::compiler::Compiler;
use regorus::rvm::program::Program;
use regorus::rvm::vm::RegoVM;
use regorus::{CompiledPolicy, Engine, Value};

use super::{Fact, Facts, Peer};
use crate::three_parts::{Case, fact};

pub const POLICY: &str = include_str!("rules/decision.rego");
const ENTRY: &str = "data.decision.answer";

pub fn compiled() -> Result<CompiledPolicy, String> {
    compiled_from(POLICY)
}

pub fn compiled_from(policy: &str) -> Result<CompiledPolicy, String> {
    let said = |error: &dyn std::fmt::Display| error.to_string();
    let mut engine = Engine::new();
    engine
        .add_policy("decision.rego".to_owned(), policy.to_owned())
        .map_err(|error| said(&error))?;
    engine
        .compile_with_entrypoint(&ENTRY.into())
        .map_err(|error| said(&error))
}

pub fn program(policy: &CompiledPolicy) -> Result<Arc<Program>, String> {
    Compiler::compile_from_policy(policy, &[ENTRY]).map_err(|error| error.to_string())
}

/// Names and labels known before, as the texts that values share.
struct Values {
    facts: Facts,
    names: [Value; 17],
    labels: BTreeMap<&'static str, Value>,
}

impl Values {
    fn new() -> Values {
        let facts = Facts::new();
        let labels = facts.labels().map(|label| (label, Value::from(label)));
        Values {
            labels: labels.collect(),
            names: fact::ALL.map(|(name, ..)| Value::from(name)),
            facts,
        }
    }
    fn of(&self, case: &Case) -> Value {
        let values = self.facts.of(case).into_iter().map(|(_, fact)| match fact {
            Fact::Whole(number) => Value::from(number),
            Fact::Yes(yes) => Value::Bool(yes),
            Fact::Label(label) => self.labels[label].clone(),
        });
        Value::from(
            self.names
                .iter()
                .cloned()
                .zip(values)
                .collect::<BTreeMap<Value, Value>>(),
        )
    }
}

fn whole(answer: &Value) -> u32 {
    answer.as_u32().unwrap()
}

pub struct Rego {
    values: Values,
    policy: CompiledPolicy,
}

impl Rego {
    pub fn new() -> Rego {
        Rego {
            values: Values::new(),
            policy: compiled().unwrap(),
        }
    }
}

impl Peer for Rego {
    type Facts = Value;
    fn facts(&self, case: &Case) -> Value {
        self.values.of(case)
    }
    fn decide(&mut self, facts: &Value) -> u32 {
        whole(&self.policy.eval_with_input(facts.clone()).unwrap())
    }
}

pub struct RegoVm {
    values: Values,
    vm: RegoVM,
}

impl RegoVm {
    pub fn new() -> RegoVm {
        let mut vm = RegoVM::new();
        vm.load_program(program(&compiled().unwrap()).unwrap());
        RegoVm {
            values: Values::new(),
            vm,
        }
    }
}

impl Peer for RegoVm {
    type Facts = Value;
    fn facts(&self, case: &Case) -> Value {
        self.values.of(case)
    }
    fn decide(&mut self, facts: &Value) -> u32 {
        self.vm.set_input(facts.clone());
        whole(&self.vm.execute().unwrap())
    }
}
