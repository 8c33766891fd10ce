//! The decision interpreted by rhai as fast as it can be: a raw engine without limits, built-in operators, everything optimised,
//! the tree compiled once, one call a decision, the scope used again, plain values as arguments. Nothing is recorded.

use rhai::{AST, CallFnOptions, Engine, FuncArgs, OptimizationLevel, Scope};

use super::Case;

pub const SCRIPT: &str = include_str!("script.rhai");

pub struct Interpreted {
    engine: Engine,
    tree: AST,
    scope: Scope<'static>,
}

/// A case as arguments: numbers as numbers, yes or no as booleans.
pub struct Args<'a>(pub &'a Case);

impl FuncArgs for Args<'_> {
    fn parse<C: Extend<rhai::Dynamic>>(self, args: &mut C) {
        let [
            kind,
            heat,
            level,
            channel,
            extensions,
            pct,
            returns,
            contacted,
            has_contact,
            visited,
            vague,
            dated,
            explains,
            has_action,
            has_person,
            rating,
            rechecked,
        ] = *self.0;
        args.extend([kind, heat, level, channel, extensions, pct, returns].map(Into::into));
        let yes = [
            contacted,
            has_contact,
            visited,
            vague,
            dated,
            explains,
            has_action,
            has_person,
        ];
        args.extend(yes.map(|code| (code != 0).into()));
        args.extend([rating.into(), (rechecked != 0).into()]);
    }
}

impl Interpreted {
    pub fn new() -> Interpreted {
        let mut engine = Engine::new_raw();
        engine.set_fast_operators(true);
        engine.set_optimization_level(OptimizationLevel::Full);
        // A debug build would bound how deep an expression may be.
        engine.set_max_expr_depths(0, 0);
        let tree = engine.compile(SCRIPT).unwrap();
        Interpreted {
            engine,
            tree,
            scope: Scope::new(),
        }
    }

    pub fn decide(&mut self, case: &Case) -> u32 {
        let options = CallFnOptions::new().eval_ast(false);
        let answer: i64 = self
            .engine
            .call_fn_with_options(options, &mut self.scope, &self.tree, "decide", Args(case))
            .unwrap();
        u32::try_from(answer).unwrap()
    }
}
