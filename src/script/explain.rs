//! What rhai says, in the words of the rule language.

use rhai::{EvalAltResult, LexError, ParseErrorType, Position};

use super::engine::DEPTH;
use super::fault::{Fault, near, suggest};
use super::source::Source;
use super::value::UNITS;
use super::words;

/// A runtime error as a fault, with its place. `names` are the constants that the pack has named so far.
pub(super) fn ran(error: &EvalAltResult, source: &Source, names: &[String]) -> (Fault, Position) {
    let at = error.position();
    let fault = match error {
        EvalAltResult::ErrorInFunctionCall(_, _, inner, outer) => {
            let (fault, at) = ran(inner, source, names);
            return (fault, if at.is_none() { *outer } else { at });
        }
        EvalAltResult::ErrorRuntime(value, _) => match value.clone().try_cast::<Fault>() {
            Some(fault) => fault,
            None => Fault::new("D308", format!("the rule failed: {value}")),
        },
        EvalAltResult::ErrorParsing(kind, _) => parsed(kind, at, source, names),
        EvalAltResult::ErrorFunctionNotFound(signature, _) => {
            unknown_function(signature, at, source)
        }
        EvalAltResult::ErrorDotExpr(message, _) => unknown_property(message, at, source),
        EvalAltResult::ErrorPropertyNotFound(name, _) => unknown_unit(name),
        EvalAltResult::ErrorVariableNotFound(name, _) => unknown_name(name, names),
        EvalAltResult::ErrorMismatchDataType(wanted, given, _) if wanted == "bool" => Fault::new(
            "D304",
            format!("a condition is yes or no, not {}", plain(given)),
        )
        .help("compare something, as in `m.heat >= 100`"),
        EvalAltResult::ErrorMismatchDataType(wanted, given, _) => Fault::new(
            "D304",
            format!("{} is wanted here, not {}", plain(wanted), plain(given)),
        ),
        EvalAltResult::ErrorTooManyOperations(_) | EvalAltResult::ErrorTerminated(..) => {
            Fault::new(
                "D312",
                "the rules take too long to work out, and were stopped",
            )
            .help("say it with fewer facts, or fewer cases")
        }
        EvalAltResult::ErrorStackOverflow(_) => {
            Fault::new("D312", "rules stand within rules too deep")
        }
        EvalAltResult::ErrorDataTooLarge(what, _) => {
            let fault = Fault::new("D312", format!("too large: {}", what.to_lowercase()));
            fault.help("a text holds 2 KiB, a list 512 items, a map 128")
        }
        EvalAltResult::ErrorTooManyVariables(_) => Fault::new("D312", "too many constants"),
        EvalAltResult::ErrorArithmetic(what, _) => Fault::new(
            "D304",
            format!("this cannot be worked out: {}", what.to_lowercase()),
        ),
        EvalAltResult::ErrorAssignmentToConstant(name, _) => Fault::new(
            "D104",
            format!("`{name}` is a constant and stays what it is"),
        ),
        other => {
            let mut other =
                EvalAltResult::ErrorRuntime(other.to_string().into(), Position::NONE).to_string();
            other.truncate(
                other
                    .char_indices()
                    .nth(200)
                    .map_or(other.len(), |(at, _)| at),
            );
            Fault::new("D104", lower(other.trim_start_matches("Runtime error: ")))
        }
    };
    (fault, at)
}

/// Whether what all rules may take together is spent, and not what one may.
pub(super) fn is_spent(error: &EvalAltResult) -> bool {
    match error {
        EvalAltResult::ErrorInFunctionCall(_, _, inner, _) => is_spent(inner),
        EvalAltResult::ErrorTerminated(..) => true,
        _ => false,
    }
}

/// A parse error as a fault.
pub(super) fn parsed(
    kind: &ParseErrorType,
    at: Position,
    source: &Source,
    names: &[String],
) -> Fault {
    match kind {
        ParseErrorType::VariableUndefined(name) => unknown_name(name, names),
        ParseErrorType::ExprTooDeep => Fault::new("D104", format!("this is nested, or chained, more than {DEPTH} deep"))
            .help("name the declaration and go on with it: `const 门 = gate(\"process\"); 门.require(…);`"),
        ParseErrorType::UnexpectedEOF => Fault::new("D104", "the statement breaks off").help("close every bracket, and end it with `;`"),
        ParseErrorType::MissingToken(token, what) => {
            Fault::new("D104", format!("`{token}` is missing here")).help(lower(what).replace('\'', "`"))
        }
        ParseErrorType::Reserved(name) => Fault::new("D103", format!("`{name}` is not a word of the rule language")),
        ParseErrorType::AssignmentToConstant(name) if name.is_empty() => Fault::new("D104", "nothing can be assigned here"),
        ParseErrorType::AssignmentToConstant(name) => Fault::new("D104", format!("`{name}` is a constant and stays what it is")),
        ParseErrorType::VariableExists(name) => Fault::new("D204", format!("`{name}` is already named")).help("choose another name"),
        ParseErrorType::FnDuplicatedParam(..) => Fault::new("D314", "a rule takes one parameter").help("write `|m| …`"),
        ParseErrorType::DuplicatedProperty(name) => Fault::new("D204", format!("`{name}` stands twice in this map")),
        ParseErrorType::BadInput(LexError::UnexpectedInput(what)) => Fault::new("D101", format!("`{what}` has no place here")),
        ParseErrorType::BadInput(LexError::UnterminatedString) => Fault::new("D102", "the text that begins here is never closed"),
        ParseErrorType::BadInput(LexError::StringTooLong(_)) | ParseErrorType::LiteralTooLarge(..) => {
            Fault::new("D104", "a text, list or map is too large").help("a text holds 2 KiB, a list 512 items, a map 128")
        }
        ParseErrorType::BadInput(LexError::ImproperSymbol(symbol, _)) => {
            Fault::new("D104", format!("`{symbol}` is not part of the rule language"))
        }
        ParseErrorType::PropertyExpected => {
            let token = source.token_at(at).and_then(|at| source.tokens.get(at)).map_or("", |token| token.text.as_str());
            Fault::new("D104", format!("a name must follow the dot, and `{token}` is none or is reserved"))
        }
        other => Fault::new("D104", lower(&other.to_string())),
    }
}

fn unknown_name(name: &str, names: &[String]) -> Fault {
    let known = words::constants()
        .map(|name| -> &str { name })
        .chain(names.iter().map(String::as_str));
    let fault = Fault::new("D202", format!("nothing is called `{name}`"));
    if words::names().contains(name) {
        return fault.help(format!("`{name}` is a word: write `{name}(…)`"));
    }
    fault
        .help("texts stand between quotes; names are made by `const`")
        .maybe(near(name, known))
}

fn unknown_function(signature: &str, at: Position, source: &Source) -> Fault {
    let name = signature.split([' ', '(']).next().unwrap_or_default();
    let types = signature
        .split_once('(')
        .map_or("", |(_, types)| types.trim_end_matches(')'));
    if name.starts_with("anon$") {
        return Fault::new("D314", "a rule takes one parameter, the matter").help("write `|m| …`");
    }
    if words::names().contains(name) {
        return Fault::new("D203", format!("`{name}` was given too much"));
    }
    if !name
        .chars()
        .next()
        .is_some_and(|c| c.is_alphabetic() || c == '_')
    {
        let given: Vec<String> = types.split(',').map(|name| plain(name.trim())).collect();
        let fault = Fault::new(
            "D304",
            format!("`{name}` cannot be used with {}", given.join(" and ")),
        );
        return fault.help("a rule compares facts with numbers and labels, and joins conditions by `&&`, `||` and `!`");
    }
    let method = source
        .token_at(at)
        .and_then(|at| at.checked_sub(1))
        .and_then(|at| source.tokens.get(at))
        .is_some_and(|token| token.is("."));
    if method && UNITS.iter().any(|(unit, _)| *unit == name) {
        return Fault::new("D208", format!("`{name}` takes no brackets"))
            .help(format!("write `5.{name}`"));
    }
    let fault = Fault::new("D201", format!("the rule language has no word `{name}`"));
    let root = source
        .token_at(at)
        .map(|at| source.root(at))
        .unwrap_or_default();
    let own = words::all()
        .filter(|word| word.on.name().starts_with(&format!("`{root}(")))
        .map(|word| word.name);
    let known = words::all()
        .filter(|word| (word.on == super::value::Kind::Start) != method)
        .map(|word| word.name);
    fault.maybe(
        near(name, own.clone())
            .filter(|_| method)
            .or_else(|| near(name, known))
            .or_else(|| suggest(name, own)),
    )
}

/// What stands between single quotes in one of rhai's messages.
fn quoted(message: &str) -> Option<&str> {
    message.split('\'').nth(1)
}

fn unknown_property(message: &str, at: Position, source: &Source) -> Fault {
    let token = source
        .token_at(at)
        .and_then(|at| source.tokens.get(at..at + 2))
        .unwrap_or(&[]);
    let named = token
        .iter()
        .find(|token| token.kind == super::source::Kind::Name)
        .map(|token| token.text.as_str());
    match quoted(message).or(named) {
        Some(name) => unknown_unit(name),
        None => Fault::new("D208", lower(message)),
    }
}

fn unknown_unit(name: &str) -> Fault {
    let units = UNITS.iter().map(|(unit, _)| *unit);
    if words::all().any(|word| word.name == name) {
        return Fault::new("D201", format!("`{name}` takes brackets"))
            .help(format!("write `.{name}(…)`"));
    }
    Fault::new("D208", format!("nothing is counted in `{name}`")).maybe(suggest(name, units))
}

/// A type as messages call it.
fn plain(name: &str) -> String {
    match name {
        "i64" => "a number".into(),
        "bool" => "yes or no".into(),
        "string" | "&str" | "ImmutableString" => "text".into(),
        "array" => "a list".into(),
        "map" => "a map".into(),
        "()" => "nothing".into(),
        "Fn" => "a rule".into(),
        "f64" => "a number with a decimal point".into(),
        other if other.contains("Number") => "a number fact".into(),
        other if other.contains("Range") => "a range".into(),
        other => other.to_owned(),
    }
}

/// A sentence of rhai's in the manner of ours: lower case, no full stop.
fn lower(text: &str) -> String {
    let text = text.trim().trim_end_matches('.');
    let mut chars = text.chars();
    match chars.next() {
        Some(first) => first.to_lowercase().chain(chars).collect(),
        None => "this cannot be read".into(),
    }
}
