//! The sandbox: rhai with nothing in it but the rule language.
//!
//! No package of rhai is loaded, so there is no `sleep`, no clock, no `eval` and no way to grow a text or a list without end. The
//! limits below are belt and braces: without loops and functions of its own every pack ends.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rhai::{Dynamic, Engine, ImmutableString, NativeCallContext, OptimizationLevel};

use super::dated::{self, Bound, Day, Scale};
use super::draft::Draft;
use super::fault::{Fault, Ran, Tried, both};
use super::record::{Matter, Number, reach};
use super::value::{
    Clause, Hundredths, Named, ParamValue, Percent, PostValue, ShareValue, Shares, UNITS, said,
    with_unit,
};
use super::words::{self, Call};
use crate::plan::day;
use crate::time::Span;

/// Operations of one statement or one run of a rule.
const OPERATIONS: u64 = 50_000;
/// How deep expressions and chains may nest.
pub(super) const DEPTH: usize = 64;

/// The draft under construction, shared with the words that write it.
pub(super) type Shared = Arc<Mutex<Draft>>;

pub(super) fn lock(draft: &Shared) -> MutexGuard<'_, Draft> {
    draft.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The engine for one pack. `budget` is how many operations all its statements and rules may take together.
pub(super) fn engine(draft: &Shared, budget: u64) -> Engine {
    let mut engine = Engine::new_raw();
    limit(&mut engine);
    shut(&mut engine, budget);
    engine.register_type_with_name::<Matter>("the matter");
    engine.register_type_with_name::<Number>("a number fact");
    engine.register_type_with_name::<Clause>("a declaration");
    engine.register_type_with_name::<ParamValue>("a parameter");
    engine.register_type_with_name::<Bound>("a parameter");
    engine.register_type_with_name::<Day>("a date");
    engine.register_type_with_name::<dated::Unit>("a span of time");
    engine.register_type_with_name::<PostValue>("a post");
    engine.register_type_with_name::<Named>("a name of the language");
    engine.register_type_with_name::<Span>("a span of time");
    engine.register_type_with_name::<Percent>("a share");
    engine.register_type_with_name::<ShareValue>("a share");
    engine.register_type_with_name::<Hundredths>("a share");
    engine.register_fn("..=", |a: Hundredths, b: Hundredths| Shares(a.0, b.0));
    engine.register_indexer_get(
        |ctx: NativeCallContext, matter: &mut Matter, name: ImmutableString| {
            matter.read(&ctx, &name)
        },
    );
    units(&mut engine, draft);
    comparisons(&mut engine, draft);
    arithmetic(&mut engine, draft);
    for name in words::names() {
        word(&mut engine, draft, name);
    }
    #[expect(
        deprecated,
        reason = "the only way to serve names that are neither the script's nor functions"
    )]
    engine.on_var(|name, _, _| Ok(words::named(name).map(|name| Dynamic::from(Named(name)))));
    engine
}

/// Whose limits hold. Where a crate of the build turns on rhai's feature `unchecked`, rhai has no limits to set, and the method
/// of [`Limited`] is found in the place of rhai's own: the compiler then says what follows.
#[diagnostic::on_unimplemented(
    message = "duly cannot run rules without limits: some crate of this build turns on rhai's feature `unchecked`",
    note = "features are global to a build: `cargo tree -e features -i rhai` shows which crate it is"
)]
trait Limits {}

trait Limited {
    #[expect(unused, reason = "never called while rhai has its own")]
    fn set_max_operations(&mut self, most: u64) -> &mut Self
    where
        Self: Limits;
}

impl<T> Limited for T {
    fn set_max_operations(&mut self, _: u64) -> &mut T
    where
        T: Limits,
    {
        self
    }
}

/// The limits, all of them by name: their defaults differ between debug and release builds.
pub(super) fn limit(engine: &mut Engine) {
    engine.set_max_operations(OPERATIONS);
    engine
        .set_strict_variables(true)
        // The built-in operators would answer `false` for values of different types before ours are asked.
        .set_fast_operators(false)
        .set_optimization_level(OptimizationLevel::None)
        .set_fail_on_invalid_map_property(true)
        .set_allow_shadowing(false)
        .set_max_expr_depths(DEPTH, DEPTH)
        .set_max_call_levels(8)
        .set_max_string_size(2048)
        .set_max_array_size(512)
        .set_max_map_size(128)
        .set_max_variables(1024)
        .set_max_functions(256)
        .set_max_modules(0);
}

/// What a pack has no use for is no part of the language, and what all its rules take together is counted.
fn shut(engine: &mut Engine, budget: u64) {
    for symbol in [
        "while", "loop", "for", "do", "until", "let", "fn", "eval", "import", "export", "Fn",
        "call", "curry", "this",
    ] {
        engine.disable_symbol(symbol);
    }
    for symbol in [
        "try",
        "throw",
        "exit",
        "global",
        "return",
        "type_of",
        "is_def_var",
        "is_def_fn",
        "is_shared",
        "print",
        "debug",
        "<<",
        ">>",
        "&",
        "^",
        "**",
        "%",
        "??",
        "?.",
        "?[",
        "::",
    ] {
        engine.disable_symbol(symbol);
    }
    let spent = AtomicU64::new(0);
    engine.on_progress(move |_| {
        let all = spent.fetch_add(1, Ordering::Relaxed);
        (all > budget).then(|| Dynamic::from(Named("budget")))
    });
}

fn units(engine: &mut Engine, draft: &Shared) {
    for (unit, _) in UNITS {
        let shared = Arc::clone(draft);
        engine.register_get(unit, move |ctx: NativeCallContext, n: &mut i64| {
            reach(&mut lock(&shared).reached, ctx.call_position());
            with_unit(*n, unit).map_err(|fault| fault.raise(ctx.call_position()))
        });
        let (shared, draft) = (Arc::clone(draft), Arc::clone(draft));
        engine.register_get(
            unit,
            move |ctx: NativeCallContext, param: &mut ParamValue| {
                let mut draft = lock(&draft);
                reach(&mut draft.reached, ctx.call_position());
                dated::unit(&mut draft, *param, unit)
                    .map_err(|fault| fault.raise(ctx.call_position()))
            },
        );
        engine.register_get(unit, move |ctx: NativeCallContext, param: &mut Bound| {
            {
                let mut draft = lock(&shared);
                draft.used.insert(param.at);
                reach(&mut draft.reached, ctx.call_position());
            }
            with_unit(param.value(), unit).map_err(|fault| fault.raise(ctx.call_position()))
        });
        engine.register_get(
            unit,
            move |ctx: NativeCallContext, number: &mut Number| -> Ran<Dynamic> {
                let name = number.name();
                let message = both!(
                    "a limit cannot be counted from the fact `{name}`",
                    "时限不能拿事实`{name}`来算"
                );
                let help = both!(
                    "compare the fact and answer a span of its own for each case",
                    "拿它比较,再分情形各写一个时长:`if m.{name} >= 100 {{ 3.working_days }} else {{ 5.working_days }}`"
                );
                Err(Fault::new("D304", message)
                    .help(help)
                    .raise(ctx.call_position()))
            },
        );
    }
}

/// A whole number that a rule may compare a fact with.
fn constant(draft: &Shared, value: &Dynamic) -> Tried<Option<i64>> {
    if let Some(param) = value.clone().try_cast::<ParamValue>() {
        return dated::plain(&mut lock(draft), param).map(Some);
    }
    if let Some(param) = value.clone().try_cast::<Bound>() {
        lock(draft).used.insert(param.at);
        return Ok(Some(param.value()));
    }
    Ok(value.as_int().ok())
}

/// A value that a fact may be compared with: its scale, and where it lies on it.
fn measure(draft: &Shared, value: &Dynamic) -> Tried<Option<(Scale, i64)>> {
    if let Some(share) = value.clone().try_cast::<Hundredths>() {
        return Ok(Some((Scale::Share, share.0)));
    }
    if let Some(date) = value.clone().try_cast::<Day>() {
        return Ok(Some((Scale::Date, day(date.0))));
    }
    Ok(constant(draft, value)?.map(|whole| (Scale::Whole, whole)))
}

/// One function for each operator and every pair of types: rhai would take values of different types for unequal without a word.
fn comparisons(engine: &mut Engine, draft: &Shared) {
    for (op, turned) in [
        ("==", "=="),
        ("!=", "!="),
        (">", "<"),
        ("<", ">"),
        (">=", "<="),
        ("<=", ">="),
    ] {
        let draft = Arc::clone(draft);
        engine.register_fn(
            op,
            move |ctx: NativeCallContext, a: Dynamic, b: Dynamic| -> Ran<bool> {
                compare(&draft, op, turned, &a.flatten(), &b.flatten())
                    .map_err(|fault| fault.raise(ctx.call_position()))
            },
        );
    }
    engine.register_fn("!", |ctx: NativeCallContext, a: Dynamic| -> Ran<bool> {
        let not = || {
            let given = said(&a);
            let message = both!(
                "`!` turns yes into no, and {given} is neither",
                "`!`(非)用在是或者否前面,{given}两样都不是";
                given
            );
            Fault::new("D304", message)
        };
        a.as_bool()
            .map(|yes| !yes)
            .map_err(|_| not().raise(ctx.call_position()))
    });
    let shared = Arc::clone(draft);
    engine.register_fn(
        "contains",
        move |ctx: NativeCallContext, list: Dynamic, item: Dynamic| -> Ran<bool> {
            let list = list.into_array().map_err(|_| {
                Fault::new(
                    "D304",
                    both!("`in` looks in a list", "`in`后面要跟一个列表"),
                )
                .help(both!(
                    "write `m.kind in [\"投诉\", \"求助\"]`",
                    "写`m.kind in [\"投诉\", \"求助\"]`"
                ))
                .raise(ctx.call_position())
            })?;
            let mut found = false;
            for one in list {
                let same = compare(&shared, "==", "==", &item.flatten_clone(), &one.flatten());
                found |= same.map_err(|fault| fault.raise(ctx.call_position()))?;
            }
            Ok(found)
        },
    );
}

fn compare(draft: &Shared, op: &str, turned: &str, a: &Dynamic, b: &Dynamic) -> Tried<bool> {
    let number = |value: &Dynamic| value.clone().try_cast::<Number>();
    let equal = |same: bool| match op {
        "==" => Some(same),
        "!=" => Some(!same),
        _ => None,
    };
    let (left, right) = (measure(draft, a)?, measure(draft, b)?);
    for (fact, other, on) in [(number(a), b, right), (number(b), a, left)] {
        let Some(fact) = fact.filter(|_| number(other).is_none()) else {
            continue;
        };
        let (own, on) = (fact.scale(), on.map(|(scale, _)| scale));
        let plain = own == Scale::Whole && on.is_none();
        if on != Some(own) && !plain {
            let (name, other, (is, like)) = (fact.name(), said(other), own.like());
            let op = if own == Scale::Date { ">=" } else { ">" };
            let message = both!(
                "`{name}` is {is}, and is compared with {other}",
                "`{name}`是{is},却拿来和{other}相比";
                is, other
            );
            return Err(Fault::new("D304", message).help(both!(
                "write `m.{name} {op} {like}`",
                "写`m.{name} {op} {like}`"
            )));
        }
    }
    let mixed = left.map(|it| it.0) != right.map(|it| it.0) && number(a).or(number(b)).is_none();
    let (left, right) = match mixed {
        true => (None, None),
        false => (left.map(|it| it.1), right.map(|it| it.1)),
    };
    let answer = match (number(a), number(b), left, right) {
        (Some(fact), _, _, Some(bound)) => Some(fact.compare(op, bound)),
        (_, Some(fact), Some(bound), _) => Some(fact.compare(turned, bound)),
        (Some(fact), Some(other), ..) => {
            let (one, other) = (fact.name(), other.name());
            let message = both!(
                "`{one}` and `{other}` cannot be compared with each other",
                "`{one}`和`{other}`两个事实不能互相比较"
            );
            return Err(Fault::new("D304", message).help(both!(
                "compare each with a number or a parameter",
                "各自和一个数或者参数相比"
            )));
        }
        (_, _, Some(a), Some(b)) => Some(match op {
            "==" => a == b,
            "!=" => a != b,
            ">" => a > b,
            "<" => a < b,
            ">=" => a >= b,
            _ => a <= b,
        }),
        _ => match (a.as_bool(), b.as_bool()) {
            (Ok(a), Ok(b)) => equal(a == b),
            _ => match (
                a.clone().into_immutable_string(),
                b.clone().into_immutable_string(),
            ) {
                (Ok(a), Ok(b)) if equal(true).is_some() => {
                    known_labels(draft, &a, &b)?;
                    equal(a == b)
                }
                _ => None,
            },
        },
    };
    answer.ok_or_else(|| {
        let (one, other) = (said(a), said(b));
        let message = both!(
            "`{op}` cannot compare {one} with {other}",
            "`{op}`不能拿{one}和{other}相比";
            one, other
        );
        let fault = Fault::new("D304", message);
        let text = |value: &Dynamic| {
            value
                .clone()
                .into_string()
                .ok()
                .filter(|text| text.trim().parse::<i64>().is_ok())
        };
        match (number(a).and(text(b)), number(b).and(text(a))) {
            (Some(digits), _) | (_, Some(digits)) => {
                let digits = digits.trim();
                fault.help(both!(
                    "write the number without quotes: `{digits}`",
                    "数字不加引号:写`{digits}`"
                ))
            }
            _ => fault.help(both!(
                "a label is compared with a label by `==` and `!=`, a number with a number",
                "标签用`==`、`!=`和标签比,数字和数字比"
            )),
        }
    })
}

/// Two texts are only compared where they can be labels of one fact.
fn known_labels(draft: &Shared, a: &str, b: &str) -> Tried<()> {
    let draft = lock(draft);
    if draft
        .labels
        .iter()
        .any(|labels| labels.iter().any(|l| l == a) && labels.iter().any(|l| l == b))
    {
        return Ok(());
    }
    let known = |text: &str| {
        draft
            .labels
            .iter()
            .any(|labels| labels.iter().any(|l| l == text))
    };
    let odd = if known(a) { b } else { a };
    let fault = Fault::new(
        "D303",
        both!(
            "no fact has both `{a}` and `{b}` among its values",
            "没有哪个事实既可以是`{a}`又可以是`{b}`"
        ),
    );
    Err(fault.maybe(super::fault::suggest(
        odd,
        draft.labels.iter().flatten().map(String::as_str),
    )))
}

fn arithmetic(engine: &mut Engine, draft: &Shared) {
    for (op, sign) in [("+", 1_i64), ("-", -1)] {
        let shared = Arc::clone(draft);
        engine.register_fn(
            op,
            move |ctx: NativeCallContext, fact: Number, by: Dynamic| -> Ran<Number> {
                let by = match fact.scale() {
                    Scale::Whole => {
                        constant(&shared, &by).map_err(|fault| fault.raise(ctx.call_position()))?
                    }
                    _ => None,
                };
                let by = by.and_then(|by| by.checked_mul(sign));
                let refuse = || {
                    Fault::new(
                        "D304",
                        both!(
                            "to a number fact only a number can be added",
                            "数字类的事实只能加减一个数"
                        ),
                    )
                    .help(both!("compare the facts one by one", "把事实一个一个地比"))
                };
                by.ok_or_else(refuse)
                    .and_then(|by| fact.shifted(by))
                    .map_err(|fault| fault.raise(ctx.call_position()))
            },
        );
        let shared = Arc::clone(draft);
        engine.register_fn(
            op,
            move |ctx: NativeCallContext, param: ParamValue, by: i64| -> Ran<ParamValue> {
                let value = dated::plain(&mut lock(&shared), param)
                    .and_then(|value| sum(value, by, sign))
                    .map_err(|fault| fault.raise(ctx.call_position()))?;
                Ok(ParamValue { value, ..param })
            },
        );
        let shared = Arc::clone(draft);
        engine.register_fn(
            op,
            move |ctx: NativeCallContext, param: Bound, by: i64| -> Ran<i64> {
                lock(&shared).used.insert(param.at);
                sum(param.value(), by, sign).map_err(|fault| fault.raise(ctx.call_position()))
            },
        );
    }
    engine.register_fn("-", |ctx: NativeCallContext, _: Span| -> Ran<Span> {
        let fault = Fault::new(
            "D208",
            both!("a span of time cannot be negative", "时长不能是负数"),
        )
        .help(both!(
            "say `.before(…)` for what comes earlier",
            "去掉负号;要写到期之前,用`.before(…)`"
        ));
        Err(fault.raise(ctx.call_position()))
    });
}

fn sum(value: i64, by: i64, sign: i64) -> Tried<i64> {
    let sum = by.checked_mul(sign).and_then(|by| value.checked_add(by));
    sum.ok_or_else(|| Fault::new("D304", both!("the number is too large", "数字太大")))
}

/// A word of the language, with any number of arguments: how many it takes is its own affair, and said in its own words.
fn word(engine: &mut Engine, draft: &Shared, name: &'static str) {
    macro_rules! arity {
        ($($arg:ident),*) => {{
            let draft = Arc::clone(draft);
            engine.register_fn(name, move |ctx: NativeCallContext, $($arg: Dynamic),*| -> Ran<Dynamic> {
                let args = vec![$($arg.flatten()),*];
                let at = ctx.call_position();
                words::run(&mut lock(&draft), Call::new(name, at, args)).map_err(|fault| fault.raise(at))
            });
        }};
    }
    arity!();
    arity!(a);
    arity!(a, b);
    arity!(a, b, c);
    arity!(a, b, c, d);
    arity!(a, b, c, d, e);
    arity!(a, b, c, d, e, f);
    arity!(a, b, c, d, e, f, g);
}
