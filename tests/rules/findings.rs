//! A mistake is shown at its place, with what to write instead.

use super::{HEAD, found, one, with};
use duly::script::{Options, check, load};

/// Line → `code line:column message | help`.
const ONE: &[(&str, &str)] = &[
    // Names.
    (
        r#"term("热点", |m| m.heet >= 100);"#,
        "D301 8:18 no fact is called `heet` | did you mean `heat`?",
    ),
    (
        r#"clock("replly").within(5.working_days);"#,
        "D206 8:7 no clock is called `replly` | did you mean `reply`?",
    ),
    (
        r#"clok("reply").within(5.working_days);"#,
        "D201 8:1 the rule language has no word `clok` | did you mean `clock`?",
    ),
    (
        r#"clock("reply").startz(ASSIGNED).within(5.working_days);"#,
        "D201 8:16 the rule language has no word `startz` | did you mean `starts`?",
    ),
    (
        r#"clock("reply").starts(ASIGNED).within(5.working_days);"#,
        "D202 8:23 nothing is called `ASIGNED` | did you mean `ASSIGNED`?",
    ),
    (
        r#"clock("reply").starts("assigned").within(5.working_days);"#,
        "D206 8:23 `starts` takes a name without quotes, not `\"assigned\"` | did you mean `ASSIGNED`?",
    ),
    (
        r#"clock("reply").starts(CITIZEN).within(5.working_days);"#,
        "D206 8:23 `starts` does not take `CITIZEN` | write `ASSIGNED`, `SCREENED`, `RECEIVED`",
    ),
    (
        r#"ladder("reply").due().remind(承辨人);"#,
        "D202 8:30 nothing is called `承辨人` | did you mean `承办人`?",
    ),
    (
        r#"ladder("reply").due().remind("ownr");"#,
        "D205 8:30 no post is called `ownr` | did you mean `owner`?",
    ),
    (
        r#"role("revewer");"#,
        "D206 8:6 no role is called `revewer` | did you mean `reviewer`?",
    ),
    (
        r#"gate("proces").require(|m| m.heat > 5, "…");"#,
        "D206 8:6 no gate is called `proces` | did you mean `process`?",
    ),
    (
        r#"strike_off().allow("问是", [ANSWERED]);"#,
        "D206 8:20 no class is called `问是` | did you mean `问事`?",
    ),
    (
        r#"strike_off().allow("办事", [SOLVE]);"#,
        "D202 8:27 nothing is called `SOLVE` | did you mean `SOLVED`?",
    ),
    (
        r#"decline("已进入法定程", |m| m.kind == "投诉").told("…");"#,
        "D206 8:9 no ground for declining is called `已进入法定程` | did you mean `已进入法定程序`?",
    ),
    (
        r#"place("海南", "海南州", "受理岗");"#,
        "D203 8:7 a place code is 2 to 12 digits, as in `632521`: `海南` is not | -",
    ),
    // Time.
    (
        r#"clock("reply").within(5.working_dayz);"#,
        "D208 8:25 nothing is counted in `working_dayz` | did you mean `working_days`?",
    ),
    (
        r#"clock("reply").within(5);"#,
        "D208 8:23 `5` has no unit | write `5.working_days`, or another unit",
    ),
    (
        r#"clock("reply").within(|m| 热度线);"#,
        "D208 8:23 `100` has no unit | write `100.working_days`, or another unit",
    ),
    (
        r#"clock("reply").within(0.working_days);"#,
        "D208 8:25 `0.working_days` has no length | a span is at least 1",
    ),
    (
        r#"clock("reply").within(-1.working_days);"#,
        "D208 8:26 `-1.working_days` has no length | a span is at least 1; say `.before(…)` for what comes before due",
    ),
    (
        r#"clock("reply").within(99_999.months);"#,
        "D208 8:30 `99999.months` is longer than ten years | no office means that",
    ),
    (
        r#"clock("reply").within(5.5.working_days);"#,
        "D107 8:23 a pack has whole numbers only | say it in a smaller unit: half a working day is so many `.office_hours`; a share is `percent(\"10.00\")`",
    ),
    (
        r#"clock("reply").within(5.working_days());"#,
        "D208 8:25 `working_days` takes no brackets | write `5.working_days`",
    ),
    // Types.
    (
        r#"clock("reply").within("5");"#,
        "D308 8:23 a limit is a span of time, not the text `5` | write `5.working_days`, `2.office_hours`, `30.calendar_days` or `share(\"reply\", 50.percent)`",
    ),
    (
        r#"term("热", |m| m.heat > "100");"#,
        "D304 8:22 `>` cannot compare a number fact with the text `100` | write the number without quotes: `100`",
    ),
    (
        r#"term("热", |m| m.kind > 3);"#,
        "D304 8:22 `>` cannot compare the text `投诉` with the number `3` | a label is compared with a label by `==` and `!=`, a number with a number",
    ),
    (
        r#"term("热", |m| m.heat);"#,
        "D305 8:17 the number `heat` is read, but never compared | compare it: `m.heat >= 100`",
    ),
    (
        r#"track(督查办).start(|m| if m.heat { true } else { false });"#,
        "D304 8:27 a condition is yes or no, not a number fact | compare something, as in `m.heat >= 100`",
    ),
    (
        r#"track(督查办).start(|m| m.heat * 2 > 5);"#,
        "D304 8:29 `*` cannot be used with a number fact and a number | a rule compares facts with numbers and labels, and joins conditions by `&&`, `||` and `!`",
    ),
    (
        r#"classify("class").propose(|m| "办亊");"#,
        "D308 8:27 no class is called `办亊` | did you mean `办事`?",
    ),
    (
        r#"track(督查办).start(true);"#,
        "D203 8:18 `start` takes a rule such as `|m| m.heat >= 100` here, not `true` | write `.start(|m| m.督办件)`",
    ),
    // Labels.
    (
        r#"term("诉", |m| m.kind == "投拆");"#,
        "D303 8:25 `投拆` is not a value of `kind` | did you mean `投诉`?",
    ),
    (
        r#"term("诉", |m| m.kind in ["投诉", "求组"]);"#,
        "D303 8:32 `求组` is not a value of `kind` | did you mean `求助`?",
    ),
    (
        r#"clock("reply").within(|m| switch m.kind { "投拆" => 1.working_days, _ => 2.working_days });"#,
        "D303 8:43 `投拆` is not a value of `kind`, so this arm is never taken | did you mean `投诉`?",
    ),
    (
        r#"clock("reply").within(|m| switch m.kind { "投诉" => 1.working_days, "投诉" | "求助" => 2.working_days, _ => 3.working_days });"#,
        "D303 8:67 `投诉` stands twice in this `switch` | the second arm is never taken: delete one",
    ),
    (
        r#"clock("reply").within(|m| switch m.heat { 1 => 1.working_days, _ => 2.working_days });"#,
        "D302 8:36 `switch` cannot take the number `heat` | compare it: `if m.heat >= 100 { … }`",
    ),
    (
        r#"clock("reply").within(|m| switch "投诉" { _ => 1.working_days });"#,
        "D302 8:27 `switch` takes a fact and nothing else | write `switch m.kind { … }`",
    ),
    // Gaps, early facts, circles.
    (
        r#"clock("reply").within(|m| switch m.kind { "投诉" => 1.working_days, "咨询" => 2.working_days });"#,
        "D307 8:23 no answer when kind = 求助 | add the missing case, or `_ => …` for all others",
    ),
    (
        r#"clock("screen").within(|m| if m.class == "办事" { 1.working_days } else { 2.working_days });"#,
        "D306 8:33 `class` is not known yet when this is read: it comes once the matter is classified | read something that is known by then",
    ),
    (
        r#"fact("急").given_by(INTAKE); clock("screen").within(|m| if m.急 { 1.working_days } else { 2.working_days });"#,
        "D306 8:61 `急` is not known yet when this is read: it comes from the intake officer, when screening | declare what holds until then: `fact(\"急\", …).otherwise(…)`",
    ),
    (
        r#"term("a", |m| m.b); term("b", |m| m.a);"#,
        "D309 8:17 the term `b` is defined by itself: b → a → b | say it with the facts themselves",
    ),
    // Signs.
    (
        r#"clock(“reply”.within(5.working_days);"#,
        "D101 8:7 `“` is a full-width mark | write `\"`; full-width marks are for text and comments",
    ),
    (
        r#"clock("reply"）.within(5.working_days);"#,
        "D101 8:14 `）` is a full-width mark | write `)`; full-width marks are for text and comments",
    ),
    (
        r#"clock("reply").within(５.working_days);"#,
        "D101 8:23 `５` is a full-width mark | write `5`; full-width marks are for text and comments",
    ),
    (
        r#"clock("reply").within(5.working_days)；"#,
        "D101 8:38 `；` is a full-width mark | write `;`; full-width marks are for text and comments",
    ),
    (
        "clock(\"reply\").within(5.working\u{200b}_days);",
        "D101 8:32 the character `\\u{200b}` has no place here | delete it; it may be invisible",
    ),
    (
        r#"clock("reply).within(5.working_days);"#,
        "D102 8:7 the text that begins here is never closed | close it on the same line with `\"`",
    ),
    (
        r#"clock("reply".within(5.working_days);"#,
        "D104 8:37 `)` is missing here | to close the arguments list of this function call `clock`",
    ),
    (
        r#"term("a", |m| m.heat > 5 && m.kind == "投诉" || m.kind == "求助");"#,
        "D106 8:44 `&&` and `||` stand side by side, and readers disagree which binds first | put parentheses around the one that belongs together",
    ),
    // What the spine holds.
    (
        r#"clock("reply").starts(SIGNED).within(5.working_days);"#,
        "D209 8:23 the clock `reply` does not start on `SIGNED` | write `ASSIGNED`, `SCREENED`, `RECEIVED`, or leave `.starts(…)` out",
    ),
    (
        r#"clock("sign").starts(RECEIVED).within(1.working_days).lapses();"#,
        "D209 8:22 the clock `sign` does not start on `RECEIVED` | write `ASSIGNED`, or leave `.starts(…)` out",
    ),
    (
        r#"clock("reply").stops(REPLIED, PUBLISHED).within(5.working_days);"#,
        "D209 8:22 the clock `reply` runs until one of these, not until both | write `.stops(PUBLISHED)` where the answer must have gone out in time, review included; else leave it out",
    ),
    (
        r#"clock("reply").stops(REPLIED).stops(PUBLISHED).within(5.working_days);"#,
        "D204 8:31 what it runs until is already said in this declaration | keep one of the two",
    ),
    (
        r#"clock("sign").stops(SIGNED, RULED, REPLIED).stops(SIGNED).within(1.working_days).lapses();"#,
        "D204 8:45 what it runs until is already said in this declaration | keep one of the two",
    ),
    (
        r#"clock("co_reply").stops(PUBLISHED).within(5.working_days);"#,
        "D209 8:25 the clock `co_reply` does not stop on `PUBLISHED` | write `CO_REPLIED`, or leave `.stops(…)` out",
    ),
    (
        r#"clock("reply").starts(RECEIVED).starts(SCREENED).within(5.working_days);"#,
        "D204 8:33 what it counts from is already said in this declaration | keep one of the two",
    ),
    (
        r#"clock("reply").starts(RECEIVED).within(|m| switch m.class { "问事" => 3.working_days, _ => 5.working_days });"#,
        "D306 8:53 `class` is not known yet when this is read: it comes once the matter is classified | read something that is known by then",
    ),
    (
        r#"clock("reply").within(5.working_days).when(|m| m.heat > 5);"#,
        "D207 8:39 the clock `reply` has no extension that this could be a condition of | write `.extend(#{ … }).when(|m| …)`; how long a limit is in which case is said in `.within(|m| …)`, or in clauses",
    ),
    (
        r#"pause("x").side(CITIZEN).most(5.working_days).when(true);"#,
        "D203 8:52 `when` takes a rule such as `|m| m.heat >= 100` here, not `true` | write `.when(|m| m.level == \"请求复核\")`",
    ),
    (
        r#"exclude("x").side(CITIZEN);"#,
        "D207 8:1 time that is taken out says whose it is, and how long at most | write `.side(CITIZEN).most(10.working_days)`",
    ),
    (
        r#"clock("whole").stops(REPLIED).within(9.months);"#,
        "D209 8:22 the clock `whole` does not stop on `REPLIED` | write `STRUCK_OFF`, or leave `.stops(…)` out",
    ),
    (
        r#"strike_off().allow("办事", [ANSWERED]);"#,
        "D209 8:26 `办事` cannot be struck off as `ANSWERED` | the spine allows `SOLVED`, `EXPLAINED`; a pack can allow fewer, never more",
    ),
    (
        r#"strike_off().allow("办事", []);"#,
        "D209 8:26 `办事` could never be struck off | name at least one of `SOLVED`, `EXPLAINED`",
    ),
    (
        r#"clock("reply").within(5.working_days).lapses();"#,
        "D209 8:39 the clock `reply` does not lapse: what it waits for must be done | only `sign`, `object` and `rating` lapse",
    ),
    (
        r#"clock("sign").within(1.working_days);"#,
        "D207 8:1 the clock `sign` lapses, and the pack must say so | add `.lapses()`",
    ),
    (
        r#"clock("reply").within(5.working_days).extend(#{ granted_by: 承办人, most: 5.working_days });"#,
        "D209 8:46 `owner` cannot grant extensions | only the roles `supervisor` and `leader` can",
    ),
    (
        r#"clock("reply").within(5.working_days).extend(#{ granted: 督查办, most: 5.working_days });"#,
        "D206 8:46 `extend` has no part `granted` | did you mean `granted_by`?",
    ),
    (
        r#"overdue_every(9.working_days);"#,
        "D209 8:15 overdue clocks are told again every 1 to 5 working days, not every 9 working days | a pack can shorten that, never lengthen it",
    ),
    (
        r#"quiet("9pm-8am");"#,
        "D203 8:7 `9pm-8am` is not a window of the day: write it like `09:00-12:30`, with hours from 00:00 to 24:00 | -",
    ),
    (
        r#"quiet(OFFICE);"#,
        "D206 8:7 `quiet` does not take `OFFICE` | it takes `OUTSIDE_OFFICE_HOURS`",
    ),
    (
        r#"quiet("00:00-24:00");"#,
        "D209 8:7 quiet hours that never end let nobody be told anything | leave some of the day: `quiet(\"21:00-08:00\")`",
    ),
    (
        r#"quiet("21:00-08:00"); quiet(OUTSIDE_OFFICE_HOURS);"#,
        "D204 8:23 when nobody is to be disturbed is already declared on line 8 | keep one of the two",
    ),
    (
        r#"ladder("reply").at_once();"#,
        "D207 8:17 `at_once` does not say when | write `.before(…)`, `.due()`, `.after(…)`, `.at_share(…)` or `.every(…)` first",
    ),
    (
        r#"clock("review").within(5.working_days).leaves(2.working_days);"#,
        "D209 8:40 the clock `review` does not wait for a reply | only `whole`, `reply` and `redo` can leave time for what follows it",
    ),
    (
        r#"clock("reply").within(|m| if m.heat > 9 { 2.working_days } else { 5.working_days }).leaves(2.working_days);"#,
        "D209 8:1 the `reply` clock has no more than the 2 working days that it must leave: heat = 10..=1000 | leave less, or make the limit longer",
    ),
    (
        r#"clock("whole").within(5.calendar_days).leaves(5.working_days);"#,
        "D209 8:1 the `whole` clock has no more than the 5 working days that it must leave: always | leave less, or make the limit longer",
    ),
    (
        r#"clock("reply").within(5.working_days).extend(#{ granted_by: 督查办, most: 5.working_days, rearms: 1 });"#,
        "D203 8:46 `rearms` takes `true` or `false` | `rearms: true`: rungs that came already come again, where the new due moment puts them ahead",
    ),
    (
        r#"ladder("sign").after(2.working_days).remind(承办人);"#,
        "D209 8:16 the rung `after-2` of `sign` can never come: the clock lapses at due, and with it its ladder | remind by `.due()` or before it; what the lapse brings has its own clock",
    ),
    (
        r#"ladder("update").due().remind(承办人);"#,
        "D207 8:1 there is no clock `update` for this ladder | declare it: `clock(\"update\").within(…)`",
    ),
    (
        r#"callback().attempts(1);"#,
        "D203 8:21 `attempts` takes a number from 2 to 10, not `1` | -",
    ),
    (
        r#"gate("process").judged(STRIKE_OFF).require(|m| m.heat > 5, "…");"#,
        "D209 8:24 the gate `process` is judged elsewhere | before publication: write `.judged(REVIEW)`",
    ),
    (
        r#"ladder("sign").before(1.working_days).remind(承办人);"#,
        "D209 8:16 the rung `before-1` of `sign` can come before the clock has started | bring the rung nearer to due, or make the limit longer",
    ),
    (
        r#"ladder("reply").after(3.working_days).remind(承办人).due().warn(承办人);"#,
        "D209 8:51 the rung `due` of `reply` stands after a rung that comes later: write them in order of time | write what comes first before what comes later",
    ),
    (
        r#"clock("whole").class(STATUTORY).within(60.calendar_days);"#,
        "D209 8:1 the `whole` clock is statutory: cite the article | -",
    ),
    (
        r#"clock("commitment").within(5.working_days);"#,
        "D209 8:21 a promise carries its own date, so `clock(\"commitment\")` has no limit of its own | leave `.within(…)` out",
    ),
    (
        r#"track(承办人).start(|m| m.heat > 5);"#,
        "D209 8:7 `owner` does not track cases: the supervision office does | declare `role(\"supervisor\", …)` and name it here",
    ),
    // What is half said, said twice, or said for nothing.
    (
        r#"clock("reply");"#,
        "D207 8:1 the clock `reply` has no limit | add `.within(5.working_days)`",
    ),
    (
        r#"ladder("reply").due();"#,
        "D207 8:17 this rung does nothing | say what and to whom: `.remind(承办人)`",
    ),
    (
        r#"ladder("reply").remind(承办人);"#,
        "D207 8:17 `remind` does not say when | write `.before(…)`, `.due()`, `.after(…)`, `.at_share(…)` or `.every(…)` first",
    ),
    (
        r#"fact("v");"#,
        "D207 8:1 who gives `v` is not said | write `.given_by(CITIZEN)`, `.given_by(HOST)` or `.given_by(INTAKE)`",
    ),
    (
        r#"fact("kind").given_by(INTAKE);"#,
        "D204 8:6 `kind` is already declared on line 6 | keep one of the two",
    ),
    (
        r#"fact("class").given_by(INTAKE);"#,
        "D204 8:6 `class` is one of the engine's own facts | it is there without being declared: delete this line",
    ),
    (
        r#"fact("case").given_by(INTAKE);"#,
        "D203 8:6 `case` cannot be read as `m.case` | use letters, digits and `_`, at most 64, and no reserved word",
    ),
    (
        r#"pack("again");"#,
        "D204 8:1 the pack is already declared on line 1 | keep one of the two",
    ),
    (
        r#"clock("reply").within(5.working_days).within(6.working_days);"#,
        "D204 8:39 the limit is already said in this declaration | keep one of the two",
    ),
    (
        r#"5;"#,
        "D201 8:1 this statement declares nothing | a statement begins with a word such as `clock(…)`, or with `const name = `",
    ),
    (
        r#"share("reply", 50.percent);"#,
        "D201 8:1 this statement declares nothing | a statement begins with a word such as `clock(…)`, or with `const name = `",
    ),
    (
        r#"if true { fact("v").given_by(HOST); }"#,
        "D201 8:1 this statement declares nothing | a statement begins with a word such as `clock(…)`, or with `const name = `",
    ),
    (
        r#"within(5.working_days);"#,
        "D201 8:1 `within` does not begin a statement: it follows `clock(…)`, `duty(…)`, `tighten(…)` | -",
    ),
    (
        r#"clock("reply").attempts(3);"#,
        "D201 8:16 `attempts` does not follow `clock(…)`, only `callback()` | after `clock(…)` come `starts`, `stops`, `within`, `extend`, `when`, `lapses`, `counting`, `class`, `cite`, `ours`, `not_past`, `leaves`, `fixed`, `clauses`",
    ),
    (
        r#"clock("reply").within(1.working_days, 2.working_days);"#,
        "D203 8:16 `within` takes 1 value, it was given 2 | write `.within(5.working_days)`",
    ),
    (
        r#"const 期 = param("期", 99, 1..=20);"#,
        "D203 8:22 the default `99` of `期` lies outside `1..=20` | change the number, or the range",
    ),
    (
        r#"const f = |m| m.heat > 5;"#,
        "D203 8:1 the constant `f` cannot hold a rule | name a condition by `term(\"f\", |m| …)`",
    ),
    (
        r#"clock("reply").within(|m| clock("redo"));"#,
        "D313 8:27 `clock` declares something, and a rule only answers | write it as a statement of its own",
    ),
    (
        r#"clock("reply").within(|m, n| 2.working_days);"#,
        "D314 8:23 a rule takes one parameter, the matter, and this one takes 2 | write `|m| …`",
    ),
];

#[test]
fn a_mistake_is_shown_at_its_place_with_what_to_write_instead() {
    let mut odd = Vec::new();
    for (line, wanted) in ONE {
        // The marks of one pair of quotes are two findings of one kind: the first will do.
        let shown = if line.contains('“') {
            first(line)
        } else {
            one(line)
        };
        if shown != *wanted {
            odd.push(format!("{line}\n  wanted {wanted}\n  found  {shown}"));
        }
    }
    assert!(odd.is_empty(), "{}", odd.join("\n"));
}

fn first(line: &str) -> String {
    let f = &found(line).all[0];
    format!(
        "{} {}:{} {} | {}",
        f.code,
        f.line,
        f.column,
        f.message,
        f.help.as_deref().unwrap_or("-")
    )
}

#[test]
fn carets_stand_under_the_word_however_wide_its_neighbours_are() {
    let shown = found(r#"ladder("reply", "催办督办").due().remind(承辨人);"#).to_string();
    let lines: Vec<&str> = shown.lines().collect();
    assert_eq!(lines[1], " --> pack.rhai:8:38");
    let cells = |text: &str| unicode_width::UnicodeWidthStr::width(text);
    let before = lines[3].find("承辨人").unwrap();
    let caret = lines[4].find('^').unwrap();
    assert_eq!(
        cells(&lines[3][..before]),
        cells(&lines[4][..caret]),
        "{shown}"
    );
    assert_eq!(
        lines[4].matches('^').count(),
        6,
        "three characters of two cells each: {shown}"
    );
}

#[test]
fn all_mistakes_of_a_file_come_out_at_once_and_none_brings_others_along() {
    let findings = found(
        r#"const 单位领导 = rol("unit_head", "负责人");
fact("urgent").given_by(INTAK);
fact("field", ["城建", "交通").given_by(INTAKE)
ladder("reply").due().warn(单位领导);
clock("reply").within(|m| if m.heat > 5 { 1.working_days } else { 2.workng_days });
clock("co_reply").within(|m| if m.urgent { 1.working_days } else { 2.working_days });
clock("redo").within(5.working_days).not_past("hole");
term("热点", |m| m.heet >= 热度线);
gate("process").require(|m| m.热点, "…").only_for("办亊");
while true { }"#,
    );
    let shown: Vec<String> = findings
        .all
        .iter()
        .map(|f| format!("{}:{} {}", f.line, f.column, f.code))
        .collect();
    assert_eq!(
        shown,
        [
            "8:14 D201",
            "9:25 D202",
            "10:26 D104",
            "12:69 D208",
            "14:47 D206",
            "15:18 D301",
            "16:49 D206",
            "17:1 D103"
        ],
        "{findings}"
    );
}

#[test]
fn findings_are_data_too() {
    let findings = found(r#"clock("reply").within(5.working_dayz);"#);
    let line: serde_json::Value = serde_json::from_str(findings.to_json_lines().trim()).unwrap();
    assert_eq!(line["code"], "D208");
    assert_eq!(
        (
            line["line"].as_u64(),
            line["column"].as_u64(),
            line["width"].as_u64()
        ),
        (Some(8), Some(25), Some(12))
    );
    assert_eq!(
        (line["severity"].as_str(), line["file"].as_str()),
        (Some("error"), Some("pack.rhai"))
    );
}

#[test]
fn warnings_do_not_stand_in_the_way_but_are_told() {
    let lines = r#"gate("process").require(|m| m.heat >= 0, "总是满足");"#;
    let (plan, findings) = check("pack.rhai", &with(lines), &Options::default());
    assert!(plan.is_some(), "{findings}");
    let shown: Vec<(&str, usize)> = findings.all.iter().map(|f| (f.code, f.line)).collect();
    assert_eq!(shown, [("D402", 5), ("D401", 6), ("D404", 8)], "{findings}");
    assert!(load("pack.rhai", HEAD).is_ok());
}

#[test]
fn units_that_look_alike_and_rungs_that_never_act_are_told() {
    let told = |lines: &str| -> Vec<String> {
        let (plan, findings) = check("pack.rhai", &with(lines), &Options::default());
        assert!(plan.is_some(), "{findings}");
        let ladder = |code| matches!(code, "D405" | "D406");
        let own = findings.all.iter().filter(|f| ladder(f.code));
        own.map(|f| format!("{} {}:{} {}", f.code, f.line, f.column, f.message))
            .collect()
    };
    assert_eq!(
        told(r#"clock("reply").within(|m| if m.heat > 9 { 24.hours } else { 5.working_days });"#),
        [
            "D405 8:1 the `reply` clock mixes units that are not the same: 24 hours when heat = 10..=1000, 5 working days when heat = 0..=9"
        ]
    );
    assert_eq!(
        told(
            r#"clock("reply").within(|m| if m.heat > 9 { 8.office_hours } else { 1.working_days });"#
        ),
        [
            "D405 8:1 the `reply` clock mixes units that are not the same: 8 working hours when heat = 10..=1000, 1 working day when heat = 0..=9"
        ]
    );
    // Two hours for what is urgent are shorter than a day on purpose.
    let fine =
        r#"clock("reply").within(|m| if m.heat > 9 { 2.office_hours } else { 1.working_days });"#;
    assert!(told(fine).is_empty());
    assert_eq!(
        told(r#"ladder("reply").due().remind(承办人).when(|m| m.heat > 5 && m.heat < 3);"#),
        ["D406 8:17 the rung `due` of `reply` can never act: its condition never holds"]
    );
}

#[test]
fn quiet_hours_leaves_and_rearming_are_in_the_plan() {
    let lines = r#"quiet("21:00-08:00");
clock("whole").within(60.calendar_days).leaves(5.working_days);
clock("reply").within(5.working_days).extend(#{ granted_by: 督查办, most: 5.working_days, rearms: true });
ladder("reply").due().remind(承办人).at_once().after(1.working_days).remind(承办人);"#;
    let plan = load("pack.rhai", &with(lines)).unwrap();
    let night = duly::plan::Quiet::Daily("21:00-08:00".parse().unwrap());
    assert_eq!(plan.quiet, Some(night));
    let clock = |kind| plan.clock(kind).unwrap();
    let whole = clock(duly::words::ClockKind::Whole);
    assert_eq!(whole.leaves, Some(duly::time::Span::WorkingDays(5)));
    let reply = clock(duly::words::ClockKind::Reply);
    assert!(reply.extension.as_ref().unwrap().rearms);
    let at_once: Vec<bool> = reply.rungs.iter().map(|rung| rung.at_once).collect();
    assert_eq!(at_once, [true, false]);
    let shut = load("pack.rhai", &with("quiet(OUTSIDE_OFFICE_HOURS);")).unwrap();
    assert_eq!(shut.quiet, Some(duly::plan::Quiet::OutsideHours));
    assert_ne!(shut.id(), load("pack.rhai", HEAD).unwrap().id());
}

#[test]
fn a_byte_order_mark_and_windows_line_ends_are_the_editors_affair() {
    let marked = format!("\u{feff}{}", HEAD.replace('\n', "\r\n"));
    let plan = load("pack.rhai", &marked).unwrap();
    assert_eq!(plan.id(), load("pack.rhai", HEAD).unwrap().id());
}

// A condition that is the same for every case is no condition, of an extension and of a pause as of a rung; and two clocks of one name are
// taken for each other.
#[test]
fn what_happens_always_or_never_and_what_is_called_alike_is_warned_about() {
    let warned = |lines: &str| -> Vec<String> {
        let (plan, findings) = check("pack.rhai", &with(lines), &Default::default());
        assert!(plan.is_some(), "{findings}");
        super::said_in_chinese(&findings);
        let own = findings
            .all
            .iter()
            .filter(|it| ["D412", "D416"].contains(&it.code));
        own.map(|it| format!("{} {}:{} {}", it.code, it.line, it.column, it.message))
            .collect()
    };
    let extend = |when: &str| {
        let extension = "#{ granted_by: 督查办, times: 1, most: 5.working_days }";
        warned(&format!(
            "clock(\"reply\").within(5.working_days).extend({extension}).when(|m| {when});"
        ))
    };
    assert_eq!(extend("m.heat >= 100"), Vec::<String>::new());
    let always = extend("m.heat >= 0");
    assert!(
        always[0].contains("the condition of extending `reply` always holds"),
        "{always:?}"
    );
    let pause = |when: &str| {
        warned(&format!(
            "exclude(\"听证\").side(STATUTORY).most(5.working_days).when(|m| {when});"
        ))
    };
    assert_eq!(pause("m.kind == \"求助\""), Vec::<String>::new());
    let never = pause("m.heat > 1_000");
    assert!(
        never[0].contains("the condition of `听证` never holds"),
        "{never:?}"
    );
    let called = |title: &str| {
        warned(&format!(
            "clock(\"sub_reply\", \"{title}\").within(5.working_days);"
        ))
    };
    assert_eq!(called("县级办理"), Vec::<String>::new());
    assert_eq!(called("下级办理"), Vec::<String>::new());
    assert!(
        called("重办")[0].starts_with("D416 8:1"),
        "{:?}",
        called("重办")
    );
}

/// An error is told however much else there is to tell: no number of warnings leaves a pack without one of its rules.
#[test]
fn no_number_of_warnings_hides_an_error() {
    let facts: String = (0..21)
        .map(|n| format!("fact(\"f{n}\").given_by(HOST).otherwise(false); "))
        .collect();
    let clauses: String = (0..21)
        .map(|n| format!(".when(|m| m.f{n}, 5.working_days)"))
        .collect();
    let wrong = "gate(\"process\").require(|m| m.heet > 5, \"热度\");";
    let lines = format!(
        "{facts}\nclock(\"reply\").clauses(UNIQUE){clauses}.otherwise(10.working_days);\n{wrong}"
    );
    let (plan, findings) = check("pack.rhai", &with(&lines), &Options::default());
    let warnings = findings.all.iter().filter(|it| it.code == "D411").count();
    assert!(warnings >= 200, "{warnings}");
    assert!(plan.is_none() && findings.has_errors());
    assert!(findings.all.iter().any(|it| it.code == "D301"));
}
