//! Everything of two plans that is not decided case by case, compared as the plans are stored: so nothing that a plan can say is passed over,
//! and what is new in a plan is compared before it has a name here.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::fields::{ATOMS, ORDERED};
use super::names;
use super::pairs::{self, Pair, pairs};
use super::{Shift, pick};
use crate::plan::{Asked, ClockRule, DutyRule, Limit, Plan, Rung, Said};
use crate::time::Span;
use crate::words::Lang;

/// One thing that two plans do not say alike.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Change {
    /// Where it is in a stored plan, by names: `clocks.reply.extension.times`.
    pub path: String,
    /// What it is called.
    pub what: Said,
    /// What the old plan says; null, where it says nothing.
    pub old: Value,
    /// What the new plan says; null, where it says nothing.
    pub new: Value,
    /// Both in words.
    pub says: (Said, Said),
    /// Of two spans, whether the new one is shorter.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shift: Option<Shift>,
}

/// What is compared thing by thing, or not at all: positions in the source, and the pack's rules for cases.
const APART: [&str; 18] = [
    "params", "schema", "mentions", "derived", "places", "posts", "classify", "declines", "route",
    "clocks", "counts", "gates", "notices", "bundles", "signals", "duties", "pauses", "sources",
];

pub(super) fn changes(old: &Plan, new: &Plan) -> Vec<Change> {
    let mut all = Changes {
        plans: (old, new),
        found: Vec::new(),
    };
    let plain = |plan: &Plan| {
        let mut value = stored(plan);
        if let Some(fields) = value.as_object_mut() {
            fields.retain(|name, _| !APART.contains(&name.as_str()));
        }
        value
    };
    all.compare(&At::top(), &plain(old), &plain(new));
    all.each(
        "params",
        pairs(&old.params, &new.params, &[&|a, b| a.name == b.name]),
        |it| it.name.clone(),
    );
    let (facts, were) = (&new.schema.facts, &old.schema.facts);
    all.each(
        "facts",
        pairs(were, facts, &[&|a, b| a.name == b.name]),
        |it| it.name.clone(),
    );
    all.each(
        "mentions",
        pairs(&old.mentions, &new.mentions, &[&|a, b| a.fact == b.fact]),
        |it| it.fact.clone(),
    );
    all.each(
        "derived",
        pairs(&old.derived, &new.derived, &[&|a, b| a.fact == b.fact]),
        |it| it.fact.clone(),
    );
    all.each(
        "places",
        pairs(&old.places, &new.places, &[&|a, b| a.code == b.code]),
        |it| it.code.to_string(),
    );
    all.each(
        "posts",
        pairs(&old.posts, &new.posts, &[&|a, b| a.id == b.id]),
        |it| it.id.clone(),
    );
    all.each(
        "declines",
        pairs(
            &old.declines,
            &new.declines,
            &[&|a, b| a.ground == b.ground],
        ),
        |it| it.ground.name().to_owned(),
    );
    for pair in pairs::clocks(old, new) {
        all.clock(pair);
    }
    let counts = pairs(
        &old.counts,
        &new.counts,
        &[&|a, b| (a.count, a.at) == (b.count, b.at)],
    );
    all.each("counts", counts, |it| {
        format!("{}.{}", it.count.name(), it.at)
    });
    all.each("gates", pairs::gates(old, new), |it| {
        format!("{}.{}", it.gate, it.words)
    });
    let notices = pairs(
        &old.notices,
        &new.notices,
        &[&|a, b| (a.mark, &a.title) == (b.mark, &b.title)],
    );
    all.each("notices", notices, |it| {
        format!("{}.{}", it.mark.name(), it.title)
    });
    all.each(
        "bundles",
        pairs(&old.bundles, &new.bundles, &[&|a, b| a.name == b.name]),
        |it| it.name.clone(),
    );
    all.each(
        "signals",
        pairs(&old.signals, &new.signals, &[&|a, b| a.name == b.name]),
        |it| it.name.clone(),
    );
    for pair in pairs(&old.duties, &new.duties, &[&|a, b| a.kind == b.kind]) {
        all.duty(pair);
    }
    let (were, are) = (old.decisions(), new.decisions());
    let clauses = pairs(&were, &are, &[&|a, b| a.rule == b.rule]);
    for (was, is) in clauses {
        all.clauses(was, is);
    }
    all.each(
        "pauses",
        pairs(&old.pauses, &new.pauses, &[&|a, b| a.reason == b.reason]),
        |it| it.reason.clone(),
    );
    all.found
}

/// A place in a stored plan.
#[derive(Clone)]
struct At {
    /// The list or part of the plan it belongs to; empty at the top.
    part: String,
    /// Its last name.
    field: String,
    path: String,
    what: Said,
}

impl At {
    fn top() -> At {
        At {
            part: String::new(),
            field: String::new(),
            path: String::new(),
            what: Said::by(|_| String::new()),
        }
    }
    fn thing(part: &str, key: &str, what: Said) -> At {
        At {
            part: part.to_owned(),
            field: String::new(),
            path: format!("{part}.{key}"),
            what,
        }
    }
    fn within(&self, field: &str) -> At {
        let (dot, part) = match self.path.is_empty() {
            true => ("", field),
            false => (".", self.part.as_str()),
        };
        At {
            part: part.to_owned(),
            field: field.to_owned(),
            path: format!("{}{dot}{field}", self.path),
            what: Said::by(|lang| {
                let (outer, own) = (self.what.say(lang), names::field(&self.part, field, lang));
                match outer.is_empty() {
                    true => own,
                    false => format!("{outer}{}{own}", pick(lang, ",", ", ")),
                }
            }),
        }
    }
}

struct Changes<'a> {
    plans: (&'a Plan, &'a Plan),
    found: Vec<Change>,
}

impl Changes<'_> {
    fn each<T: Serialize>(
        &mut self,
        part: &str,
        pairs: Vec<Pair<'_, T>>,
        key: impl Fn(&T) -> String,
    ) {
        for (was, is) in pairs {
            let key = is.or(was).map(&key).unwrap_or_default();
            let at = At::thing(part, &key, Said::by(|lang| names::thing(part, &key, lang)));
            let value = |it: Option<&T>| it.map_or(Value::Null, stored);
            self.compare(&at, &value(was), &value(is));
        }
    }
    /// The clauses of a decision that is written so: how they are taken, what they are called and who says so.
    fn clauses(&mut self, was: Option<&Asked<'_>>, is: Option<&Asked<'_>>) {
        let Some(any) = is.or(was) else {
            return;
        };
        let key = any.rule.as_str();
        let what = Said::by(|lang| {
            format!(
                "{}{}",
                any.about.say(lang),
                pick(lang, "的条款", ", clauses")
            )
        });
        let value = |asked: Option<&Asked<'_>>| {
            let mut value = asked.and_then(|it| it.clauses).map_or(Value::Null, stored);
            if let Some(fields) = value.as_object_mut() {
                fields.remove("decides");
            }
            value
        };
        self.compare(&At::thing("clauses", key, what), &value(was), &value(is));
    }
    fn clock(&mut self, (was, is): Pair<'_, ClockRule>) {
        let Some(kind) = is.or(was).map(|clock| clock.kind) else {
            return;
        };
        let at = At::thing(
            "clocks",
            kind.name(),
            Said::by(|lang| names::thing("clocks", kind.name(), lang)),
        );
        let both = was.zip(is);
        let value = |clock: Option<&ClockRule>| {
            let Some(clock) = clock else {
                return Value::Null;
            };
            let mut value = stored(clock);
            if let Some(fields) = value.as_object_mut() {
                // Of a clock that only one plan has the limits belong to it; else they are compared case by case, and rung by rung.
                match both {
                    Some(_) => drop(fields.remove("rungs")),
                    None => {
                        let limits = clock.within.diagram.answers().iter().map(stored);
                        fields.insert("within".into(), limits.collect());
                    }
                }
            }
            value
        };
        self.compare(&at, &value(was), &value(is));
        let Some((was, is)) = both else {
            return;
        };
        let name = |lang| names::thing("clocks", kind.name(), lang);
        for rungs in pairs::rungs(was, is) {
            self.rung(rungs, kind.name(), name);
        }
    }
    /// A rung of a clock or of an obligation.
    fn rung(&mut self, (old, new): Pair<'_, Rung>, of: &str, name: impl Fn(Lang) -> String) {
        let (Some(rung), Some(placed)) = (new.or(old), old.or(new)) else {
            return;
        };
        let what = Said::by(|lang| {
            let (its, on) = (name(lang), placed.on.say(lang));
            match lang {
                Lang::Zh => format!("{its}{on}的催办"),
                Lang::En => format!("{its}, the rung {on}"),
            }
        });
        let at = At::thing("rungs", &format!("{of}.{}", rung.key), what);
        // The key says the same as what the rung is fixed to.
        let value = |rung: Option<&Rung>| {
            let mut value = rung.map_or(Value::Null, stored);
            if let Some(fields) = value.as_object_mut() {
                fields.remove("key");
            }
            value
        };
        self.compare(&at, &value(old), &value(new));
    }
    /// An obligation, and its ladder rung by rung.
    fn duty(&mut self, (was, is): Pair<'_, DutyRule>) {
        let Some(kind) = is.or(was).map(|duty| duty.kind) else {
            return;
        };
        let name = |lang| names::thing("duties", kind.name(), lang);
        let at = At::thing("duties", kind.name(), Said::by(name));
        let both = was.is_some() && is.is_some();
        let value = |duty: Option<&DutyRule>| {
            let mut value = duty.map_or(Value::Null, stored);
            if let Some(fields) = value.as_object_mut().filter(|_| both) {
                fields.remove("rungs");
            }
            value
        };
        self.compare(&at, &value(was), &value(is));
        let (Some(was), Some(is)) = (was, is) else {
            return;
        };
        for rungs in pairs(&was.rungs, &is.rungs, &[&|a, b| a.on == b.on]) {
            self.rung(rungs, kind.name(), name);
        }
    }
    fn compare(&mut self, at: &At, old: &Value, new: &Value) {
        if old == new {
            return;
        }
        if let (Value::Object(was), Value::Object(is)) = (old, new)
            && !ATOMS.contains(&at.field.as_str())
        {
            let mut fields: Vec<&String> = is.keys().collect();
            fields.extend(was.keys().filter(|name| !is.contains_key(*name)));
            for field in fields {
                let value = |side: &Map<String, Value>| side.get(field).cloned();
                let at = at.within(field);
                let unsaid = || names::unsaid(&at.part, field);
                let old = value(was).unwrap_or_else(unsaid);
                let new = value(is).unwrap_or_else(unsaid);
                self.compare(&at, &old, &new);
            }
            return;
        }
        let (was, is) = self.plans;
        self.found.push(Change {
            path: at.path.clone(),
            what: at.what.clone(),
            old: old.clone(),
            new: new.clone(),
            says: (
                Said::by(|lang| names::value(was, (&at.part, &at.field), old, lang)),
                Said::by(|lang| names::value(is, (&at.part, &at.field), new, lang)),
            ),
            shift: shift(old, new),
        });
    }
}

fn shift(old: &Value, new: &Value) -> Option<Shift> {
    let span = |value: &Value| Some(Limit::Span(Span::deserialize(value).ok()?));
    Some(Shift::of(&span(old)?, &span(new)?))
}

/// A thing as it is stored, without its decisions and without what is the same in another order.
fn stored<T: Serialize>(thing: &T) -> Value {
    let mut value = serde_json::to_value(thing).unwrap_or_default();
    tidy(&mut value, "");
    value
}

fn tidy(value: &mut Value, name: &str) {
    match value {
        Value::Object(fields) => {
            fields.retain(|_, field| !is_decision(field));
            fields.remove("rule");
            fields
                .iter_mut()
                .for_each(|(name, field)| tidy(field, name));
        }
        Value::Array(items) => {
            items.iter_mut().for_each(|item| tidy(item, ""));
            if !ORDERED.contains(&name) {
                items.sort_by_key(Value::to_string);
            }
        }
        _ => {}
    }
}

/// Nothing but a decision has a diagram.
fn is_decision(value: &Value) -> bool {
    value.get("diagram").is_some()
}
