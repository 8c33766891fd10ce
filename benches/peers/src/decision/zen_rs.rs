//! GoRules zen: decision tables and an expression node, loaded and compiled once.

use std::pin::pin;
use std::task::{Context, Poll, Waker};

use serde_json::json;
use zen_engine::model::GraphContent;
use zen_engine::{Decision, EvaluationOptions, Variable};

use super::zen_expression_rs::{EXPRESSION, Values};
use super::{Fact, Facts, Peer};
use crate::three_parts::{Case, fact};

pub const TABLES: &str = include_str!("rules/tables.json");

pub fn load(text: &str) -> Result<Decision, String> {
    let graph: GraphContent = serde_json::from_str(text).map_err(|error| error.to_string())?;
    let mut decision = Decision::from(graph);
    decision.compile();
    Ok(decision)
}

/// The facts as a schema of what comes in: what zen's own checks go by.
pub fn input_schema() -> serde_json::Value {
    let facts = Facts::new();
    let properties = facts.of(&[0; 17]).map(|(name, fact)| {
        let schema = match fact {
            Fact::Whole(_) => json!({"type": "number"}),
            Fact::Yes(_) => json!({"type": "boolean"}),
            Fact::Label(_) => json!({"type": "string", "enum": facts.labels_of(name)}),
        };
        (name.to_owned(), schema)
    });
    json!({
        "type": "object",
        "properties": serde_json::Map::from_iter(properties),
        "required": fact::ALL.map(|(name, ..)| name),
    })
}

/// The one expression as a graph of its own.
pub fn expression_graph() -> String {
    let node = json!({"expressions": [{"id": "e1", "key": "answer", "value": EXPRESSION}]});
    json!({
        "nodes": [
            {"id": "in", "name": "in", "type": "inputNode", "content": {}},
            {"id": "decide", "name": "decide", "type": "expressionNode", "content": node},
            {"id": "out", "name": "out", "type": "outputNode", "content": {}},
        ],
        "edges": [
            {"id": "in-decide", "sourceId": "in", "targetId": "decide"},
            {"id": "decide-out", "sourceId": "decide", "targetId": "out"},
        ],
    })
    .to_string()
}

pub struct Zen {
    values: Values,
    decision: Decision,
    outputs: &'static [(&'static str, u32)],
    trace: bool,
}

impl Zen {
    pub fn tables() -> Zen {
        Zen::tables_of(TABLES).unwrap()
    }
    pub fn tables_of(text: &str) -> Result<Zen, String> {
        Ok(Zen {
            values: Values::new(),
            decision: load(text)?,
            outputs: &[
                ("days", 100),
                ("to", 10),
                ("process", 1),
                ("measures", 1),
                ("satisfaction", 1),
            ],
            trace: false,
        })
    }
    /// With what it gives for reasons: which row of which table matched.
    pub fn traced() -> Zen {
        Zen {
            trace: true,
            ..Zen::tables()
        }
    }
    pub fn expression() -> Zen {
        Zen {
            decision: load(&expression_graph()).unwrap(),
            outputs: &[("answer", 1)],
            ..Zen::tables()
        }
    }
}

impl Peer for Zen {
    type Facts = Variable;
    fn facts(&self, case: &Case) -> Variable {
        self.values.of(case)
    }
    fn decide(&mut self, facts: &Variable) -> u32 {
        self.answer(facts).unwrap()
    }
}

impl Zen {
    pub fn answer(&mut self, facts: &Variable) -> Result<u32, String> {
        let options = EvaluationOptions {
            trace: self.trace,
            ..EvaluationOptions::default()
        };
        let response = at_once(self.decision.evaluate_with_opts(facts.clone(), options));
        let response = response.map_err(|error| error.to_string())?;
        assert_eq!(response.trace.is_some(), self.trace);
        let result = response.result.as_object().ok_or("no object")?;
        let result = result.borrow();
        let mut sum = 0;
        for (name, times) in self.outputs {
            let answer = result.get_str(name).and_then(Variable::as_number);
            let answer = answer.ok_or_else(|| format!("no answer `{name}`"))?;
            sum += u32::try_from(answer).map_err(|error| error.to_string())? * times;
        }
        Ok(sum)
    }
}

/// There is nothing to wait for in these graphs, so no runtime is paid for.
fn at_once<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => value,
        Poll::Pending => panic!("the graph waits for something"),
    }
}
