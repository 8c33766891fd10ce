//! What rhai says, in the words of the rule language.

use rhai::{EvalAltResult, LexError, ParseErrorType, Position};

use super::engine::DEPTH;
use super::fault::{Both, Fault, both, near};
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
            None => Fault::new("D308", both!("the rule failed: {value}", "规则没有算出来")),
        },
        EvalAltResult::ErrorParsing(kind, _) => parsed(kind, at, source, names),
        EvalAltResult::ErrorFunctionNotFound(signature, _) => {
            unknown_function(signature, at, source)
        }
        EvalAltResult::ErrorDotExpr(message, _) => unknown_property(message, at, source),
        EvalAltResult::ErrorPropertyNotFound(name, _) => unknown_unit(name),
        EvalAltResult::ErrorVariableNotFound(name, _) => unknown_name(name, names),
        EvalAltResult::ErrorMismatchDataType(wanted, given, _) if wanted == "bool" => {
            let given = plain(given);
            Fault::new(
                "D304",
                both!(
                    "a condition is yes or no, not {given}",
                    "条件应当是“是”或者“否”,这里却是{given}";
                    given
                ),
            )
            .help(both!(
                "compare something, as in `m.heat >= 100`",
                "写一个比较,如`m.heat >= 100`"
            ))
        }
        EvalAltResult::ErrorMismatchDataType(wanted, given, _) => {
            let (wanted, given) = (plain(wanted), plain(given));
            Fault::new(
                "D304",
                both!(
                    "{wanted} is wanted here, not {given}",
                    "这里要的是{wanted},不是{given}";
                    wanted, given
                ),
            )
        }
        EvalAltResult::ErrorTooManyOperations(_) | EvalAltResult::ErrorTerminated(..) => {
            Fault::new(
                "D312",
                both!(
                    "the rules take too long to work out, and were stopped",
                    "规则算得太久,已经停下"
                ),
            )
            .help(both!(
                "say it with fewer facts, or fewer cases",
                "少用几个事实,或者少分几种情形"
            ))
        }
        EvalAltResult::ErrorStackOverflow(_) => Fault::new(
            "D312",
            both!("rules stand within rules too deep", "规则套规则,套得太深"),
        ),
        EvalAltResult::ErrorDataTooLarge(what, _) => {
            let what = what.to_lowercase();
            Fault::new(
                "D312",
                both!("too large: {what}", "一段文字、一个列表或者一张表太大"),
            )
            .help(size())
        }
        EvalAltResult::ErrorTooManyVariables(_) => {
            Fault::new("D312", both!("too many constants", "`const`起的名字太多"))
        }
        EvalAltResult::ErrorArithmetic(what, _) => {
            let what = what.to_lowercase();
            Fault::new(
                "D304",
                both!(
                    "this cannot be worked out: {what}",
                    "这里算不出来:数字太大,或者用了零作除数"
                ),
            )
        }
        EvalAltResult::ErrorAssignmentToConstant(name, _) => constant(name),
        EvalAltResult::ErrorVariableExists(name, _) => named(name),
        other => {
            let mut other =
                EvalAltResult::ErrorRuntime(other.to_string().into(), Position::NONE).to_string();
            other.truncate(
                other
                    .char_indices()
                    .nth(200)
                    .map_or(other.len(), |(at, _)| at),
            );
            unread(lower(other.trim_start_matches("Runtime error: ")))
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
        ParseErrorType::ExprTooDeep => Fault::new(
            "D104",
            both!(
                "this is nested, or chained, more than {DEPTH} deep",
                "一层套一层,或者一句接一句,超过了 {DEPTH} 层"
            ),
        )
        .help(both!(
            "name the declaration and go on with it: `const 门 = gate(\"process\"); 门.require(…);`",
            "给这条声明起个名字,分几句写:`const 门 = gate(\"process\"); 门.require(…);`"
        )),
        ParseErrorType::UnexpectedEOF => {
            Fault::new("D104", both!("the statement breaks off", "这句话没有写完")).help(both!(
                "close every bracket, and end it with `;`",
                "每个括号都要配对,句末写`;`"
            ))
        }
        ParseErrorType::MissingToken(..) if joined(at, source).is_some() => {
            let (word, mark, says) = joined(at, source).unwrap_or_default();
            Fault::new(
                "D104",
                both!("`{word}` is written as a mark", "`{word}`要用符号来写"),
            )
            .help(both!("write `{mark}`", "写`{mark}`({says})"))
        }
        ParseErrorType::MissingToken(..) if counted(at, source).is_some() => {
            let (number, unit) = counted(at, source).unwrap_or_default();
            Fault::new(
                "D208",
                both!(
                    "`{unit}` after a number is no unit",
                    "单位不能写成`{number}{unit}`这样"
                ),
            )
            .help(both!(
                "write `{number}.working_days`, `{number}.calendar_days` or `{number}.office_hours`",
                "写`{number}.working_days`(工作日)、`{number}.calendar_days`(自然日)或者`{number}.office_hours`(工作小时)"
            ))
        }
        ParseErrorType::MissingToken(token, what) => {
            let what = lower(what).replace('\'', "`");
            Fault::new("D104", both!("`{token}` is missing here", "这里少了`{token}`"))
                .help(both!("{what}", "看看前后的括号、逗号有没有配齐,在这里补上`{token}`"))
        }
        ParseErrorType::Reserved(name) => Fault::new(
            "D103",
            both!(
                "`{name}` is not a word of the rule language",
                "规则里没有`{name}`这个词"
            ),
        ),
        ParseErrorType::AssignmentToConstant(name) if name.is_empty() => Fault::new(
            "D104",
            both!("nothing can be assigned here", "这里不能赋值"),
        ),
        ParseErrorType::AssignmentToConstant(name) => constant(name),
        ParseErrorType::VariableExists(name) => named(name),
        ParseErrorType::FnDuplicatedParam(..) => Fault::new(
            "D314",
            both!("a rule takes one parameter", "规则只带一个`m`"),
        )
        .help(both!("write `|m| …`", "写`|m| …`")),
        ParseErrorType::DuplicatedProperty(name) => Fault::new(
            "D204",
            both!("`{name}` stands twice in this map", "这张表里`{name}`写了两次"),
        ),
        ParseErrorType::BadInput(LexError::UnexpectedInput(what)) => Fault::new(
            "D101",
            both!("`{what}` has no place here", "`{what}`不能写在这里"),
        ),
        ParseErrorType::BadInput(LexError::UnterminatedString) => Fault::new(
            "D102",
            both!(
                "the text that begins here is never closed",
                "从这里开始的文字,没有写收尾的引号"
            ),
        ),
        ParseErrorType::BadInput(LexError::StringTooLong(_))
        | ParseErrorType::LiteralTooLarge(..) => Fault::new(
            "D104",
            both!(
                "a text, list or map is too large",
                "一段文字、一个列表或者一张表太大"
            ),
        )
        .help(size()),
        ParseErrorType::BadInput(LexError::ImproperSymbol(symbol, _))
        | ParseErrorType::UnknownOperator(symbol) => Fault::new(
            "D104",
            both!(
                "`{symbol}` is not part of the rule language",
                "规则里没有`{symbol}`这个符号"
            ),
        )
        .help(marks()),
        ParseErrorType::BadInput(LexError::MalformedEscapeSequence(escape)) => Fault::new(
            "D104",
            both!(
                "`{escape}` stands for no character",
                "`{escape}`不代表任何字:文字里的反斜杠另有用处"
            ),
        )
        .help(both!(
            "leave the backslash out, or write two",
            "删去反斜杠;一定要写反斜杠的,写两个"
        )),
        ParseErrorType::PropertyExpected => {
            let token = source.token_at(at).and_then(|at| source.tokens.get(at));
            let token = token.map_or("", |token| token.text.as_str());
            Fault::new(
                "D104",
                both!(
                    "a name must follow the dot, and `{token}` is none or is reserved",
                    "点号后面要写一个名字,`{token}`不是名字,或者是留着不用的词"
                ),
            )
        }
        ParseErrorType::WrongSwitchDefaultCase => Fault::new(
            "D104",
            both!(
                "`_` is the last arm of a `switch`, and without `if`",
                "`_`(其余各种情形)要写在`switch`的最后一行,后面不带`if`"
            ),
        ),
        ParseErrorType::ExprExpected(_) | ParseErrorType::MissingSymbol(_) => {
            let said = lower(&kind.to_string());
            let token = source.token_at(at).and_then(|at| source.tokens.get(at));
            let token = token.map_or("", |token| token.text.as_str());
            Fault::new(
                "D104",
                both!("{said}", "`{token}`前面少写了东西,或者它多余"),
            )
            .help(look())
        }
        _ => unread(lower(&kind.to_string())),
    }
}

/// A word that joins conditions, where a mark is meant.
fn joined(at: Position, source: &Source) -> Option<(&str, &'static str, &'static str)> {
    let word = &source.tokens.get(source.token_at(at)?)?.text;
    let (mark, says) = match word.to_lowercase().as_str() {
        "and" | "并且" | "而且" | "且" | "和" | "并" | "及" => ("&&", "并且"),
        "or" | "或者" | "或" => ("||", "或者"),
        "等于" => ("==", "等于"),
        "不等于" => ("!=", "不等于"),
        "大于" => (">", "大于"),
        "小于" => ("<", "小于"),
        _ => return None,
    };
    Some((word, mark, says))
}

/// A number, and a word that follows it as its unit.
fn counted(at: Position, source: &Source) -> Option<(&str, &str)> {
    let at = source.token_at(at)?;
    let (number, unit) = (
        source.tokens.get(at.checked_sub(1)?)?,
        source.tokens.get(at)?,
    );
    let fits = number.kind == super::source::Kind::Number
        && unit.kind == super::source::Kind::Name
        && number.end == unit.start;
    fits.then_some((&number.text, &unit.text))
}

/// A name that is given a second time.
pub(super) fn named(name: &str) -> Fault {
    let message = both!("`{name}` is already named", "`{name}`这个名字已经用过了");
    Fault::new("D204", message).help(both!("choose another name", "换一个名字"))
}

fn marks() -> Both {
    both!(
        "a rule compares facts with numbers and labels, and joins conditions by `&&`, `||` and `!`",
        "规则只拿事实和数字、标签比较,用`&&`(并且)、`||`(或者)、`!`(非)连接"
    )
}

fn constant(name: &str) -> Fault {
    let message = both!(
        "`{name}` is a constant and stays what it is",
        "`{name}`的值已经定了,不能再改"
    );
    Fault::new("D104", message)
}

fn size() -> Both {
    both!(
        "a text holds 2 KiB, a list 512 items, a map 128",
        "一段文字至多 2 KiB(约 680 个汉字),一个列表至多 512 项,一张表至多 128 项"
    )
}

/// What the interpreter says in words of its own.
fn unread(said: String) -> Fault {
    Fault::new("D104", both!("{said}", "这里读不通")).help(look())
}

fn look() -> Both {
    both!(
        "a bracket, a comma or a quotation mark is missing before it, or one is too many",
        "看看这前面的括号、逗号、引号,是少写了还是多写了"
    )
}

fn unknown_name(name: &str, names: &[String]) -> Fault {
    let known = words::constants()
        .map(|name| -> &str { name })
        .chain(names.iter().map(String::as_str));
    let fault = Fault::new(
        "D202",
        both!("nothing is called `{name}`", "没有`{name}`这个名字"),
    );
    if let Some(digits) = digits(name) {
        return fault.help(both!(
            "write numbers in digits: `{digits}`",
            "数用阿拉伯数字写:`{digits}`"
        ));
    }
    if words::names().contains(name) {
        return fault.help(both!(
            "`{name}` is a word: write `{name}(…)`",
            "`{name}`后面要带括号:写`{name}(…)`"
        ));
    }
    fault
        .help(both!(
            "texts stand between quotes; names are made by `const`",
            "如果是文字,两边加引号`\"`;如果是名字,先用`const {name} = …`起名"
        ))
        .maybe(near(name, known))
}

/// A number up to ninety-nine in Chinese.
fn digits(name: &str) -> Option<usize> {
    let one = |c: char| match c {
        '两' => Some(2),
        c => "〇一二三四五六七八九".chars().position(|own| own == c),
    };
    let mut parts = name.split('十').map(|part| {
        let mut chars = part.chars();
        match (chars.next(), chars.next()) {
            (None, _) => Some(None),
            (Some(c), None) => one(c).map(Some),
            _ => None,
        }
    });
    match (parts.next()??, parts.next(), parts.next()) {
        (units, None, _) => units,
        (tens, Some(units), None) => Some(tens.unwrap_or(1) * 10 + units?.unwrap_or(0)),
        _ => None,
    }
}

fn unknown_function(signature: &str, at: Position, source: &Source) -> Fault {
    let name = signature.split([' ', '(']).next().unwrap_or_default();
    let types = signature
        .split_once('(')
        .map_or("", |(_, types)| types.trim_end_matches(')'));
    if name.starts_with("anon$") {
        return Fault::new(
            "D314",
            both!("a rule takes one parameter, the matter", "规则只带一个`m`"),
        )
        .help(both!("write `|m| …`", "写`|m| …`"));
    }
    if words::names().contains(name) {
        return Fault::new(
            "D203",
            both!("`{name}` was given too much", "`{name}`括号里写的太多"),
        );
    }
    if !name
        .chars()
        .next()
        .is_some_and(|c| c.is_alphabetic() || c == '_')
    {
        let given: Vec<Both> = types.split(',').map(|name| plain(name.trim())).collect();
        let en: Vec<&str> = given.iter().map(|one| one.en.as_str()).collect();
        let zh: Vec<&str> = given.iter().map(|one| one.zh.as_str()).collect();
        let (en, zh) = (en.join(" and "), zh.join("和"));
        let message = both!(
            "`{name}` cannot be used with {en}",
            "`{name}`不能用在{zh}上"
        );
        return Fault::new("D304", message).help(marks());
    }
    let method = source
        .token_at(at)
        .and_then(|at| at.checked_sub(1))
        .and_then(|at| source.tokens.get(at))
        .is_some_and(|token| token.is("."));
    if method && UNITS.iter().any(|(unit, _)| *unit == name) {
        return Fault::new(
            "D208",
            both!("`{name}` takes no brackets", "`{name}`后面不带括号"),
        )
        .help(both!("write `5.{name}`", "写`5.{name}`"));
    }
    let fault = Fault::new(
        "D201",
        both!(
            "the rule language has no word `{name}`",
            "规则里没有`{name}`这个词"
        ),
    );
    let root = source
        .token_at(at)
        .map(|at| source.root(at))
        .unwrap_or_default();
    let on_root = |word: &&words::Entry| word.on.name().starts_with(&format!("`{root}("));
    let own = words::all().filter(on_root).map(|word| word.name);
    let known = words::all()
        .filter(|word| (word.on == super::value::Kind::Start) != method)
        .map(|word| word.name);
    fault.maybe(
        near(name, own.clone())
            .filter(|_| method)
            .or_else(|| near(name, known))
            .or_else(|| {
                let list = words::listed(words::all().filter(on_root))?;
                Some(both!("there are {list}", "可以写:{list}"; list))
            }),
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
        None => {
            let said = lower(message);
            Fault::new("D208", both!("{said}", "这里读不通")).help(look())
        }
    }
}

pub(super) fn unknown_unit(name: &str) -> Fault {
    let units = UNITS.iter().map(|(unit, _)| *unit);
    if words::all().any(|word| word.name == name) {
        return Fault::new(
            "D201",
            both!("`{name}` takes brackets", "`{name}`后面要带括号"),
        )
        .help(both!("write `.{name}(…)`", "写`.{name}(…)`"));
    }
    Fault::new(
        "D208",
        both!("nothing is counted in `{name}`", "没有`{name}`这个单位"),
    )
    .maybe(near(name, units.clone()).or_else(|| {
        let en: Vec<String> = units.map(|unit| format!("`{unit}`")).collect();
        let zh = UNITS.map(|(unit, zh)| format!("`{unit}`({})", zh.trim_start_matches('个')));
        let (en, zh) = (en.join(", "), zh.join("、"));
        Some(both!("there are {en}", "可以写:{zh}"))
    }))
}

/// A type as messages call it.
fn plain(name: &str) -> Both {
    match name {
        "i64" => both!("a number", "数字"),
        "bool" => both!("yes or no", "是或者否"),
        "string" | "&str" | "ImmutableString" => both!("text", "文字"),
        "array" => both!("a list", "列表"),
        "map" => both!("a map", "一张表"),
        "()" => both!("nothing", "空"),
        "Fn" => both!("a rule", "规则"),
        "f64" => both!("a number with a decimal point", "小数"),
        "the matter" => both!("the matter", "`m`本身"),
        "a declaration" => both!("a declaration", "一条声明"),
        "a parameter" => both!("a parameter", "参数"),
        "a post" => both!("a post", "岗位"),
        "a name of the language" => both!("a name of the language", "大写的名称"),
        "a span of time" => both!("a span of time", "时长"),
        "a share" => both!("a share", "百分数"),
        "a date" => both!("a date", "日期"),
        other if other.contains("umber") => both!("a number fact", "数字类的事实"),
        other if other.contains("Range") => both!("a range", "范围"),
        other => both!("{other}", "“{other}”"),
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
