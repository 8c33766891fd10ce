//! casbin: one matcher over attributes, and a policy line for each outcome that a class allows. Requests are values of its own engine.

use std::hash::Hash;

use casbin::{CoreApi, DefaultModel, Enforcer, StringAdapter};
use rhai::Dynamic;
use rhai::serde::to_dynamic;
use serde::Serialize;

use super::Peer;
use super::cases::{Asked, Facts};

const MODEL: &str = include_str!("rules/model.conf");
const POLICY: &str = include_str!("rules/policy.csv");

pub fn enforcer() -> Enforcer {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    runtime.block_on(async {
        let model = DefaultModel::from_str(MODEL).await.unwrap();
        let policy = StringAdapter::new(POLICY);
        Enforcer::new(model, policy).await.unwrap()
    })
}

#[derive(Serialize, Hash, Clone)]
pub struct Subject<'a> {
    name: &'a str,
    supervisor: bool,
}

pub struct Casbin(Enforcer);

impl Casbin {
    pub fn new() -> Casbin {
        Casbin(enforcer())
    }
}

impl Peer for Casbin {
    type Facts = Vec<Dynamic>;

    fn facts(&self, asked: &Asked) -> Vec<Dynamic> {
        let subject = Subject {
            name: &asked.person,
            supervisor: asked.supervisor,
        };
        let facts: &Facts = &asked.facts;
        vec![
            to_dynamic(subject).unwrap(),
            to_dynamic(facts).unwrap(),
            asked.outcome.name().into(),
        ]
    }

    fn may(&self, facts: &Vec<Dynamic>) -> bool {
        self.0.enforce(facts.clone()).unwrap()
    }
}
