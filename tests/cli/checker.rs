//! A checker for the part of JSON Schema that the published schemas use. A keyword that it does not know fails the test, so that no
//! part of a schema goes unchecked.

use regex::Regex;
use serde_json::Value;

/// Keywords that say something to people only.
const SAID: [&str; 5] = ["$schema", "$defs", "title", "description", "format"];

pub struct Checker<'a>(pub &'a Value);

impl Checker<'_> {
    /// What is wrong with a value; nothing, where it holds to the schema.
    pub fn check(&self, value: &Value) -> Result<(), String> {
        self.by(self.0, value, "$")
    }

    fn by(&self, schema: &Value, value: &Value, at: &str) -> Result<(), String> {
        if let Some(any) = schema.as_bool() {
            return holds(any, at, "nothing is allowed here");
        }
        let schema = schema.as_object().expect("a schema is an object");
        for (keyword, asked) in schema {
            match keyword.as_str() {
                "$ref" => {
                    let path = asked.as_str().and_then(|it| it.strip_prefix('#'));
                    let target = path.and_then(|path| self.0.pointer(path));
                    self.by(target.expect("a reference leads somewhere"), value, at)?;
                }
                "type" => {
                    let names: Vec<&Value> = asked
                        .as_array()
                        .map_or(vec![asked], |it| it.iter().collect());
                    let is = names
                        .iter()
                        .any(|name| is(name.as_str().expect("a name"), value));
                    holds(is, at, &format!("is no {asked}"))?;
                }
                "const" => holds(value == asked, at, &format!("is not {asked}"))?,
                "enum" => {
                    let all = asked.as_array().expect("a list");
                    holds(all.contains(value), at, &format!("is none of {asked}"))?;
                }
                "oneOf" | "anyOf" => {
                    let ways = asked.as_array().expect("a list");
                    let fit = ways
                        .iter()
                        .filter(|way| self.by(way, value, at).is_ok())
                        .count();
                    let right = fit == 1 || (keyword == "anyOf" && fit > 1);
                    holds(right, at, &format!("fits {fit} of {keyword}"))?;
                }
                "required" => {
                    for name in asked.as_array().expect("a list") {
                        let name = name.as_str().expect("a name");
                        let there = value.as_object().is_none_or(|it| it.contains_key(name));
                        holds(there, at, &format!("lacks {name}"))?;
                    }
                }
                "properties" => {
                    for (name, way) in asked.as_object().expect("an object") {
                        if let Some(inner) = value.get(name) {
                            self.by(way, inner, &format!("{at}.{name}"))?;
                        }
                    }
                }
                "additionalProperties" => {
                    let known = schema.get("properties").and_then(Value::as_object);
                    for (name, inner) in value.as_object().into_iter().flatten() {
                        if known.is_none_or(|known| !known.contains_key(name)) {
                            self.by(asked, inner, &format!("{at}.{name}"))?;
                        }
                    }
                }
                "items" => {
                    for inner in value.as_array().into_iter().flatten() {
                        self.by(asked, inner, &format!("{at}[]"))?;
                    }
                }
                "pattern" => {
                    let pattern =
                        Regex::new(asked.as_str().expect("a pattern")).expect("a pattern");
                    let fits = value.as_str().is_none_or(|it| pattern.is_match(it));
                    holds(fits, at, &format!("does not fit {asked}"))?;
                }
                "minLength" | "maxLength" => {
                    let bound = asked.as_u64().expect("a number");
                    let long = value.as_str().map(|it| it.chars().count() as u64);
                    let fits = long.is_none_or(|long| match keyword.as_str() {
                        "minLength" => long >= bound,
                        _ => long <= bound,
                    });
                    holds(fits, at, &format!("{keyword} {bound}"))?;
                }
                "minimum" => {
                    let bound = asked.as_i64().expect("a number");
                    holds(
                        value.as_i64().is_none_or(|it| it >= bound),
                        at,
                        "is too small",
                    )?;
                }
                "maximum" => {
                    let bound = asked.as_i64().expect("a number");
                    holds(
                        value.as_i64().is_none_or(|it| it <= bound),
                        at,
                        "is too large",
                    )?;
                }
                said if SAID.contains(&said) => {}
                other => panic!("the checker does not know `{other}`"),
            }
        }
        Ok(())
    }
}

fn is(name: &str, value: &Value) -> bool {
    match name {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "integer" => value.is_i64() || value.is_u64(),
        "boolean" => value.is_boolean(),
        "null" => value.is_null(),
        other => panic!("the checker does not know the type `{other}`"),
    }
}

fn holds(it: bool, at: &str, why: &str) -> Result<(), String> {
    if it {
        Ok(())
    } else {
        Err(format!("{at} {why}"))
    }
}
