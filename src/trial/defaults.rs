//! What a step leaves unsaid: who does it, and what a plain command of its kind holds.

use serde_json::{Map, Value, json};

use super::read::Entry;
use crate::case::{Case, Stage};
use crate::plan::{Domain, Given, Plan};
use crate::words::{
    Actor, Class, ClockKind, CommandName, DeclineGround, FactName, Level, Outcome, PersonId, Role,
};

/// The story so far, as a step needs it.
pub(super) struct Context<'a> {
    pub(super) plan: &'a Plan,
    pub(super) case: Option<&'a Case>,
    pub(super) facts: &'a Map<String, Value>,
    /// Derived facts that are given in the place of their functions.
    pub(super) by_hand: &'a [FactName],
    pub(super) class: Class,
    pub(super) place: &'a str,
    pub(super) route: Option<String>,
    pub(super) today: String,
    pub(super) at: String,
}

/// A field that is filled in with the same few words.
const WORDS: &str = "见附件";

impl Context<'_> {
    /// The facts given by these, as the head of the test has them; what must be given and is not there is no, the first label, the least.
    fn given(&self, by: &[Given]) -> Value {
        let mut facts = Map::new();
        for fact in self.plan.schema.facts.iter().filter(|fact| {
            by.contains(&fact.given)
                || (by.contains(&Given::Host) && self.by_hand.contains(&fact.name))
        }) {
            let said = self.facts.get(&fact.name).cloned();
            let plain = fact.otherwise.is_none().then(|| match &fact.domain {
                Domain::YesNo => json!(false),
                Domain::Labels(labels) => json!(labels.first()),
                Domain::Whole { least, .. } => json!(least),
                Domain::Date { least, .. } => json!(least),
                share @ Domain::Percent { least, .. } => json!(share.value(*least)),
            });
            if let Some(value) = said.or(plain) {
                facts.insert(fact.name.clone(), value);
            }
        }
        Value::Object(facts)
    }

    fn plain(&self, name: CommandName) -> Value {
        use CommandName as C;
        let unit = self.route.clone().unwrap_or_else(|| "承办单位".into());
        let owner = self.person(Role::Owner);
        match name {
            C::Open => {
                json!({"place": self.place, "channel": "领导留言板", "external_id": "试-1", "message": "村道路灯坏了三个月",
                "facts": self.given(&[Given::Citizen, Given::Host])})
            }
            C::Import => self.import(&unit, &owner),
            C::OpenSub => {
                json!({"main": {"case": "总", "key": "事项"}, "place": self.place, "task": WORDS,
                "facts": self.given(&[Given::Citizen, Given::Host])})
            }
            C::Signal => {
                let first = self.plan.signals.first().map(|signal| &signal.name);
                json!({"of": {"indicator": first, "subject": "户-1"}, "place": self.place, "words": WORDS,
                "facts": self.given(&[Given::Citizen, Given::Host])})
            }
            C::DropSub => json!({"sub": self.part(), "reason": WORDS}),
            C::Hear => {
                json!({"sub": self.sub_case(&self.part()), "news": {"ended": {"outcome": "solved"}}})
            }
            C::CallOff => json!({"main": "总", "why": "dropped"}),
            C::Want => json!({"main": "总"}),
            C::Screen => json!({"class": self.class, "facts": self.given(&[Given::Intake])}),
            C::List => json!({"matters": [WORDS]}),
            C::AskCitizen => json!({"question": WORDS}),
            C::Supplement => json!({"answer": WORDS}),
            C::Decline => json!({"told": WORDS, "facts": self.given(&[Given::Intake])}),
            C::Assign => json!({"unit": unit, "owner": "王刚"}),
            C::SubAssign => json!({"unit": "县属单位", "owner": "李强"}),
            C::Object | C::Track | C::Untrack => json!({"reason": WORDS}),
            C::Rule | C::Transfer => json!({"unit": "另一单位", "owner": "赵敏", "reason": WORDS}),
            C::Reclassify => json!({"class": self.class, "reason": WORDS}),
            C::HandOver => json!({"to": "赵敏", "reason": WORDS}),
            C::Pause | C::Withdraw => json!({"evidence": WORDS}),
            C::Exclude => json!({"evidence": WORDS}),
            C::AskExtension => {
                json!({"clock": "reply", "span": {"working_days": 5}, "reason": WORDS})
            }
            C::GrantExtension => json!({"clock": "reply", "told": WORDS}),
            C::Update | C::CoReply | C::Report | C::Note => json!({"text": WORDS}),
            C::Reply => {
                let matters = self.case.map_or(1, |case| case.matters().len().max(1));
                let answers: Vec<Value> = (1..=matters)
                    .map(|matter| json!({"matter": matter, "text": "已核实并办理", "mark": "A"}))
                    .collect();
                json!({"answers": answers, "measures": [{"action": "办理", "person": owner}],
                    "contacts": [{"at": self.at, "how": "phone"}], "basis": ["有关规定"]})
            }
            C::Review => {
                let asked = self
                    .plan
                    .schema
                    .facts
                    .iter()
                    .filter(|fact| fact.given == Given::Reviewer);
                json!({"findings": asked.map(|fact| (fact.name.clone(), json!(true))).collect::<Map<_, _>>()})
            }
            C::CallBack => json!({"result": {"reached": {"level": "satisfied"}}}),
            C::Rate => json!({"rating": {"given": {"level": "satisfied"}}}),
            C::Commit => json!({"action": "办成", "person": owner, "by_date": self.today}),
            C::Fulfil => json!({"commitment": 1, "evidence": WORDS}),
            C::Recheck => json!({"passed": true, "evidence": WORDS}),
            C::StrikeOff => {
                let allowed = self
                    .plan
                    .strike_off
                    .allow
                    .get(&self.class)
                    .and_then(|allowed| allowed.first());
                json!({"outcome": allowed.copied().unwrap_or(Outcome::Answered)})
            }
            C::Reopen => json!({"ground": self.plan.reopen.grounds.first(), "reason": WORDS}),
            C::Direct => json!({"words": WORDS}),
            C::Delivered => json!({"effect": self.effect()}),
            C::Undelivered => json!({"effect": self.effect(), "why": WORDS}),
            _ => json!({}),
        }
    }

    /// A case that another system had: assigned on the day, unless the line says otherwise.
    fn import(&self, unit: &str, owner: &str) -> Value {
        let facts = self.given(&[Given::Citizen, Given::Host, Given::Intake]);
        json!({"place": self.place, "channel": "领导留言板", "external_id": "试-1", "message": "村道路灯坏了三个月", "facts": facts,
            "from": "原系统", "approved_by": "批准人", "received": self.at, "stage": "assigned", "class": self.class,
            "unit": unit, "owner": owner})
    }

    /// The notice that is waited for; the very first, if none is.
    fn effect(&self) -> String {
        let awaited = self.case.and_then(Case::awaits_delivery);
        awaited.map_or_else(|| "试/1/0".into(), |effect| effect.to_string())
    }

    /// The command as JSON: what the line says, over what goes without saying.
    pub(super) fn command(&self, name: CommandName, entry: &Entry) -> Value {
        let mut body = match self.plain(name) {
            Value::Object(body) => body,
            _ => Map::new(),
        };
        for (key, value) in &entry.map {
            if ["at", "do", "by", "refused"].contains(&key.as_str()) {
                continue;
            }
            match (name, key.as_str(), value) {
                (CommandName::Review | CommandName::Recheck, "return", ground) => {
                    body.insert(
                        "return_for".into(),
                        json!({"ground": ground, "mend": WORDS}),
                    );
                    if name == CommandName::Recheck {
                        body.insert("passed".into(), json!(false));
                    }
                }
                (CommandName::CallBack, "level", level) => {
                    body.insert(
                        "result".into(),
                        json!({"reached": {"level": term(key, level)}}),
                    );
                }
                (CommandName::CallBack, "unreached", why) => {
                    body.insert("result".into(), json!({"unreached": {"why": why}}));
                }
                (CommandName::DropSub, "part", key) => {
                    body.insert("sub".into(), key.clone());
                }
                (CommandName::Hear, "part", key) => {
                    let sub = self.sub_case(key.as_str().unwrap_or_default());
                    body.insert("sub".into(), json!(sub));
                }
                (CommandName::Hear, "outcome", outcome) => {
                    let ended = json!({"ended": {"outcome": term(key, outcome)}});
                    body.insert("news".into(), ended);
                }
                (CommandName::Signal, "indicator" | "subject", value) => {
                    let of = body.get_mut("of").and_then(Value::as_object_mut);
                    of.map(|of| of.insert(key.clone(), value.clone()));
                }
                (CommandName::Rate, "level", level) => {
                    body.insert(
                        "rating".into(),
                        json!({"given": {"level": term(key, level)}}),
                    );
                }
                (CommandName::Reply, "text" | "mark", value) => {
                    for answer in body
                        .get_mut("answers")
                        .and_then(Value::as_array_mut)
                        .into_iter()
                        .flatten()
                    {
                        if let Some(answer) = answer.as_object_mut() {
                            answer.insert(key.clone(), value.clone());
                        }
                    }
                }
                (_, _, Value::Object(given))
                    if body.get(key).is_some_and(Value::is_object)
                        && ["facts", "findings"].contains(&key.as_str()) =>
                {
                    if let Some(plain) = body.get_mut(key).and_then(Value::as_object_mut) {
                        plain.extend(given.clone());
                    }
                }
                _ => {
                    body.insert(key.clone(), term(key, value));
                }
            }
        }
        json!({name.name(): body})
    }

    /// The part that is meant where none is named: the first that the answer needs, and that is not settled.
    fn part(&self) -> String {
        let wanting = self.case.map(Case::subs_wanting).unwrap_or_default();
        wanting
            .first()
            .map_or_else(String::new, ToString::to_string)
    }
    /// The case of a part.
    fn sub_case(&self, key: &str) -> String {
        let subs = self.case.map(Case::subs);
        let sub = subs.and_then(|subs| subs.iter().find(|(own, _)| own.as_str() == key));
        sub.map_or_else(|| format!("试.{key}"), |(_, sub)| sub.plan.case.to_string())
    }

    fn person(&self, role: Role) -> String {
        let team = self.case.and_then(Case::team);
        match (role, team) {
            (Role::Owner, Some(team)) => team.owner.to_string(),
            (Role::CoHandler, Some(team)) => team
                .parts
                .first()
                .map_or(Role::CoHandler.zh().into(), |part| part.owner.to_string()),
            _ => role.zh().into(),
        }
    }

    /// Who does it: an actor as in a command log, `name/role`, a role, or whoever the command is for.
    pub(super) fn actor(&self, name: CommandName, by: Option<&Value>) -> Result<Actor, String> {
        let (person, role) = match by {
            Some(Value::Object(_)) => {
                return serde_json::from_value(by.cloned().unwrap_or_default())
                    .map_err(|error| error.to_string());
            }
            Some(Value::String(said)) => match said.split_once('/') {
                Some((person, role)) => (Some(person.to_owned()), role.to_owned()),
                None => (None, said.clone()),
            },
            _ => (
                None,
                name.roles()
                    .first()
                    .map_or("system", |role| role.name())
                    .to_owned(),
            ),
        };
        let known = Role::ALL
            .into_iter()
            .find(|known| known.name() == role || known.zh() == role);
        let role = known.ok_or_else(|| {
            let names = Role::ALL.map(|role| format!("`{}`", role.zh())).join(", ");
            format!("no role is called `{role}`; write `name/role`, or one of {names}")
        })?;
        // The second of two reviews is another person's.
        let again = self.case.is_some_and(|case| match case.stage() {
            Stage::Replied(it) => it.data.first.is_some(),
            _ => false,
        });
        let own = || match again && role == Role::Reviewer {
            true => "复审人".to_owned(),
            false => self.person(role),
        };
        let id: PersonId = person
            .unwrap_or_else(own)
            .parse()
            .map_err(|error| format!("{error}"))?;
        let mut actor = Actor::new(id, role);
        let team = self.case.and_then(Case::team);
        actor.unit = match role {
            Role::Owner => team.map(|team| match &team.below {
                Some((unit, person)) if *person == actor.id => unit.clone(),
                _ => team.unit.clone(),
            }),
            Role::CoHandler => team
                .and_then(|team| team.parts.iter().find(|part| part.owner == actor.id))
                .map(|part| part.unit.clone()),
            _ => None,
        };
        Ok(actor)
    }
}

/// A term in Chinese, as commands write it.
fn term(key: &str, value: &Value) -> Value {
    let Some(said) = value.as_str() else {
        return value.clone();
    };
    let name = match key {
        "class" => Class::named(said).map(Class::name),
        "outcome" => Outcome::named(said).map(Outcome::name),
        "clock" => ClockKind::named(said).map(ClockKind::name),
        "level" => Level::named(said).map(Level::name),
        "ground" => DeclineGround::named(said).map(DeclineGround::name),
        _ => None,
    };
    json!(name.unwrap_or(said))
}
