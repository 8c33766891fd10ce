//! Whether the sandbox holds in this very build. Features of a dependency are global to a build: another crate that turns some of
//! rhai's on takes our limits away, and nothing in this crate's own manifest can keep it from doing so. What a type can tell, the
//! compiler refuses; the rest is tried once in a process, before the first pack is read.

use std::sync::OnceLock;

use rhai::{Dynamic, Engine, EvalAltResult, FnPtr, INT, ParseErrorType, Position};

use super::engine::{self, Shared};
use super::fault::{Fault, both};

const _: () = assert!(
    size_of::<INT>() == 8,
    "duly needs rhai with 64-bit integers: some crate of this build turns on rhai's feature `only_i32`"
);
const _: () = assert!(
    size_of::<Position>() > 0,
    "duly needs rhai with positions: some crate of this build turns on rhai's feature `no_position`"
);

/// What is missing, and the feature of rhai that takes it away.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Broken {
    what: String,
    feature: &'static str,
}

/// What is tried: the feature that would break it, what would be broken, and whether it holds.
type Trial = (&'static str, &'static str, fn(&Engine) -> bool);

/// On an engine with our limits and rhai's own operators.
const BARE: [Trial; 8] = [
    ("unchecked", "a runaway is not stopped", |bare| {
        // It ends by itself where nothing stops it.
        let run = bare.eval::<INT>("let n = 0; while n < 100_000 { n += 1; } n");
        matches!(
            run.as_ref().map_err(|error| &**error),
            Err(EvalAltResult::ErrorTooManyOperations(_))
        )
    }),
    (
        "unchecked",
        "a number that overflows is not refused",
        |bare| {
            let sum = bare.eval::<INT>("9223372036854775807 + 1");
            matches!(
                sum.as_ref().map_err(|error| &**error),
                Err(EvalAltResult::ErrorArithmetic(..))
            )
        },
    ),
    ("unchecked", "a text that grows is not refused", |bare| {
        let grown = bare.eval::<Dynamic>(
            "let s = \"0123456789abcdef\"; let n = 0; while n < 10 { s += s; n += 1; } s",
        );
        matches!(
            grown.as_ref().map_err(|error| &**error),
            Err(EvalAltResult::ErrorDataTooLarge(..))
        )
    }),
    ("unchecked", "nesting without end is not refused", |bare| {
        let deep = format!(
            "{}1{}",
            "(".repeat(engine::DEPTH + 36),
            ")".repeat(engine::DEPTH + 36)
        );
        matches!(
            bare.compile(deep).map_err(|error| *error.0),
            Err(ParseErrorType::ExprTooDeep)
        )
    }),
    ("only_i32", "numbers are not of 64 bits", |bare| {
        bare.eval::<i64>("9223372036854775807")
            .is_ok_and(|n| n == i64::MAX)
    }),
    ("no_position", "mistakes have no place", |bare| {
        bare.compile("\n  )")
            .is_err_and(|error| error.1.line() == Some(2) && error.1.position() == Some(3))
    }),
    ("no_closure", "a rule cannot read a constant", |bare| {
        let rule = bare.eval::<FnPtr>("let n = 1; let f = |m| n + m; f");
        rule.is_ok_and(|rule| rule.curry().len() == 1)
    }),
    ("no_index", "there are no lists", |bare| {
        bare.eval::<Dynamic>("[1, 2]")
            .is_ok_and(|list| list.is_array())
    }),
];

/// Programs that our own engine must refuse without any help from the scan of the text.
const SHUT: [&str; 13] = [
    "eval(\"1\")",
    "import \"x\" as y;",
    "export const X = 1;",
    "loop { }",
    "while true { }",
    "for n in 0..9 { }",
    "do { } until true",
    "fn f() { 1 }",
    "let x = 1;",
    "sleep(0)",
    "timestamp()",
    "print(1)",
    "const f = Fn(\"f\");",
];

/// Why no pack can be read in this build, if so. Found out on the first load of the process.
pub(super) fn refusal() -> Option<Fault> {
    static FOUND: OnceLock<Option<Broken>> = OnceLock::new();
    FOUND
        .get_or_init(|| broken(&bare(), &engine::engine(&Shared::default(), 10_000)))
        .as_ref()
        .map(fault)
}

fn fault(broken: &Broken) -> Fault {
    let (what, feature) = (&broken.what, broken.feature);
    let message = both!(
        "the sandbox of the rule language does not hold in this build: {what}",
        "这个程序里规则的防护失效,什么包都不读({what})"
    );
    Fault::new("D300", message).help(both!(
        "some crate of the build turns on the feature `{feature}` of `rhai`: `cargo tree -e features -i rhai` shows which",
        "请找维护程序的人:有组件打开了`rhai`的`{feature}`,用`cargo tree -e features -i rhai`看是哪一个"
    ))
}

/// Our limits, smaller, around rhai's own operators and statements.
fn bare() -> Engine {
    let mut bare = Engine::new_raw();
    engine::limit(&mut bare);
    bare.set_fast_operators(true).set_max_operations(2_000);
    bare
}

fn broken(bare: &Engine, own: &Engine) -> Option<Broken> {
    let fails = BARE.iter().find(|(_, _, holds)| !holds(bare));
    if let Some((feature, what, _)) = fails {
        return Some(Broken {
            what: (*what).to_owned(),
            feature,
        });
    }
    let opens = SHUT.iter().find(|text| own.eval::<Dynamic>(text).is_ok());
    opens.map(|text| Broken {
        what: format!("`{text}` is let through"),
        feature: "default",
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::script::draft::Draft;

    fn found(bare: &Engine) -> Option<Broken> {
        broken(
            bare,
            &engine::engine(&Shared::new(Draft::default().into()), 10_000),
        )
    }

    #[test]
    fn it_holds_in_this_build() {
        assert_eq!(found(&bare()), None);
        assert!(refusal().is_none());
    }

    /// Each limit taken away by itself is noticed, and by its own name.
    #[test]
    fn what_is_taken_away_is_named() {
        type Change = fn(&mut Engine);
        let changes: [(Change, &str); 4] = [
            (
                |e| {
                    e.set_max_operations(0);
                },
                "a runaway is not stopped",
            ),
            (
                |e| {
                    e.set_max_string_size(0);
                },
                "a text that grows is not refused",
            ),
            (
                |e| {
                    e.set_max_expr_depths(0, 0);
                },
                "nesting without end is not refused",
            ),
            (
                |e| {
                    e.set_fast_operators(false)
                        .register_fn("+", |a: INT, b: INT| a.wrapping_add(b));
                },
                "a number that overflows is not refused",
            ),
        ];
        for (change, what) in changes {
            let mut engine = bare();
            change(&mut engine);
            let broken = found(&engine).unwrap();
            assert_eq!((broken.what.as_str(), broken.feature), (what, "unchecked"));
            let shown = fault(&broken);
            assert_eq!(shown.code, "D300");
            assert!(
                shown.message.en.ends_with(what) && shown.help.unwrap().en.contains("`unchecked`")
            );
        }
    }

    /// An engine that has what `Engine::new` brings is no sandbox.
    #[test]
    fn an_open_engine_is_noticed() {
        let open = broken(&bare(), &Engine::new()).unwrap();
        assert_eq!(open.what, "`eval(\"1\")` is let through");
    }
}
