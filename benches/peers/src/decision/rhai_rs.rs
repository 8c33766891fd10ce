//! rhai's bytecode VM: the same script as the interpreter runs, compiled whole, with the same engine.

use rhai::grain::{Compiler, Program, Vm};
use rhai::{CallFnOptions, Engine, OptimizationLevel, Scope};

use super::Peer;
use crate::three_parts::Case;
use crate::three_parts::interpreted::{Args, SCRIPT};

pub struct Grain {
    vm: Vm<'static>,
    program: Program<'static>,
    scope: Scope<'static>,
}

pub fn engine() -> Engine {
    let mut engine = Engine::new_raw();
    engine.set_fast_operators(true);
    engine.set_optimization_level(OptimizationLevel::Full);
    engine.set_max_expr_depths(0, 0);
    engine
}

pub fn program(engine: &Engine) -> Program<'static> {
    let program = Compiler::new().compile(&engine.compile(SCRIPT).unwrap());
    assert_eq!(
        program.residual_count(),
        0,
        "a part is left to the interpreter"
    );
    program
}

impl Grain {
    pub fn new() -> Grain {
        let engine: &'static Engine = Box::leak(Box::new(engine()));
        Grain {
            vm: Vm::new(engine),
            program: program(engine),
            scope: Scope::new(),
        }
    }
}

impl Peer for Grain {
    type Facts = Case;
    fn facts(&self, case: &Case) -> Case {
        *case
    }
    fn decide(&mut self, case: &Case) -> u32 {
        let options = CallFnOptions::new().eval_ast(false);
        let answer: i64 = self
            .vm
            .call_fn_with_options(
                options,
                &mut self.scope,
                &self.program,
                "decide",
                Args(case),
            )
            .unwrap();
        u32::try_from(answer).unwrap()
    }
}
