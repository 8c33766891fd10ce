//! cedar: policies parsed and validated against a schema once; request and entities made through its types, without JSON.

use std::collections::{HashMap, HashSet};

use cedar_policy::{
    Authorizer, Context, Decision, Entities, Entity, EntityUid, PolicySet, Request,
    RestrictedExpression as Value, Schema, ValidationMode, Validator,
};

use super::Peer;
use super::cases::Asked;

pub const CLAUSES: &str = include_str!("rules/clauses.cedar");
const ONE: &str = include_str!("rules/one.cedar");
const SCHEMA: &str = include_str!("rules/guard.cedarschema");

pub fn parsed(text: &str) -> PolicySet {
    text.parse().unwrap()
}

pub fn validated(text: &str) -> PolicySet {
    let (schema, _) = Schema::from_cedarschema_str(SCHEMA).unwrap();
    let policies = parsed(text);
    let checked = Validator::new(schema).validate(&policies, ValidationMode::Strict);
    assert!(checked.validation_passed(), "{checked}");
    policies
}

pub struct Cedar {
    authorizer: Authorizer,
    policies: PolicySet,
    action: EntityUid,
    supervisor: EntityUid,
    matter: EntityUid,
}

impl Cedar {
    fn new(text: &str) -> Cedar {
        Cedar {
            authorizer: Authorizer::new(),
            policies: validated(text),
            action: r#"Action::"strike_off""#.parse().unwrap(),
            supervisor: r#"Role::"supervisor""#.parse().unwrap(),
            matter: r#"Matter::"m1""#.parse().unwrap(),
        }
    }
    pub fn clauses() -> Cedar {
        Cedar::new(CLAUSES)
    }
    pub fn one() -> Cedar {
        Cedar::new(ONE)
    }
}

fn user(name: &str) -> EntityUid {
    let kind = "User".parse().unwrap();
    EntityUid::from_type_name_and_id(kind, cedar_policy::EntityId::new(name))
}

impl Peer for Cedar {
    type Facts = (Request, Entities);

    fn facts(&self, asked: &Asked) -> (Request, Entities) {
        let text = |value: &str| Value::new_string(value.to_owned());
        let persons = |all: &[String]| {
            Value::new_set(all.iter().map(|person| Value::new_entity_uid(user(person))))
        };
        let facts = &asked.facts;
        let attributes = HashMap::from([
            ("stage", text(facts.stage)),
            ("class", text(facts.class)),
            ("mark", text(facts.mark)),
            ("rating", text(facts.rating)),
            ("explained", Value::new_bool(facts.explained)),
            ("called_back", Value::new_bool(facts.called_back)),
            ("told", Value::new_bool(facts.told)),
            ("rating_open", Value::new_bool(facts.rating_open)),
            ("rechecked", Value::new_bool(facts.rechecked)),
            ("promises_open", Value::new_long(facts.promises_open.into())),
            ("returns", Value::new_long(facts.returns.into())),
            ("handlers", persons(&facts.handlers)),
            ("recheckers", persons(&facts.recheckers)),
        ]);
        let attributes = attributes
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value));
        let matter = Entity::new(self.matter.clone(), attributes.collect(), HashSet::new());
        let who = user(&asked.person);
        let roles = asked.supervisor.then(|| self.supervisor.clone());
        let person = Entity::new_no_attrs(who.clone(), roles.into_iter().collect());
        let role = Entity::new_no_attrs(self.supervisor.clone(), HashSet::new());
        let entities = Entities::from_entities([matter.unwrap(), person, role], None).unwrap();
        let context = [("outcome".to_owned(), text(asked.outcome.name()))];
        let request = Request::new(
            who,
            self.action.clone(),
            self.matter.clone(),
            Context::from_pairs(context).unwrap(),
            None,
        );
        (request.unwrap(), entities)
    }

    fn may(&self, (request, entities): &(Request, Entities)) -> bool {
        let response = self
            .authorizer
            .is_authorized(request, &self.policies, entities);
        assert_eq!(response.diagnostics().errors().count(), 0);
        response.decision() == Decision::Allow
    }
}
