//! The packs that come with the library: each loads, its tests hold, and every number in it is held by a dated test.

use std::fs;
use std::path::PathBuf;

use duly::desk::{Desk, MemoryLedger};
use duly::duty::DutyEnvelope;
use duly::plan::{Plan, Plans};
use duly::script::{Options, SHIPPED, check, load_with, shipped};
use duly::time::{Counting, DayTable, Moment};
use duly::trial::{Report, Tests, run_with};
use duly::words::{Actor, CommandName, DutyKind, Lang, Role, Salt};

/// The test files beside a pack.
fn cases(name: &str) -> Vec<Tests> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(format!("rules/{name}/cases"));
    let mut files: Vec<PathBuf> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    let read = |path: &PathBuf| {
        let file = path.file_name().unwrap().to_string_lossy().into_owned();
        Tests::read(&file, &fs::read_to_string(path).unwrap()).unwrap_or_else(|it| panic!("{it}"))
    };
    files.iter().map(read).collect()
}

fn run(plan: Plan, name: &str, text: &str, cases: &[Tests]) -> Result<Report, String> {
    let mut plans = Plans::new("trial".parse().unwrap());
    plans.take(plan).unwrap();
    let options = Options::default().with_shipped();
    run_with(&plans, (name, text), &options, cases, Lang::Zh).map_err(|it| it.to_string())
}

/// When what is owed besides cases is due and reminded of, by a plan that says so, if it is imposed on the morning of Monday, 2 March 2026; the
/// digest is that day's. Tests beside a pack know cases only, so that these dates stand here.
fn obligations(plan: Plan) -> Vec<String> {
    let at = |text: &str| Moment::parse(text).unwrap();
    let place = plan.places.last().unwrap().code.clone();
    let kinds: Vec<DutyKind> = plan.duties.iter().map(|it| it.kind).collect();
    let mut plans = Plans::new("trial".parse().unwrap());
    plans.take(plan).unwrap();
    let desk = Desk::new(MemoryLedger::new("trial".parse().unwrap()), plans).unwrap();
    for kind in kinds.into_iter().filter(|kind| *kind != DutyKind::Digest) {
        let subject = match kind.recurs() {
            true => r#", "subject": "H-17""#,
            false => "",
        };
        let asked = format!(
            r#"{{"impose": {{"kind": "{kind}", "topic": "供暖", "place": "{place}", "unit": "住建局"{subject}}}}}"#
        );
        let imposed = desk.submit_duty(DutyEnvelope {
            id: format!("c-{kind}").parse().unwrap(),
            duty: format!("{kind}-1").parse().unwrap(),
            by: Actor::new("duban".parse().unwrap(), Role::Supervisor),
            at: at("2026-03-02T09:14:00+08:00"),
            salt: Salt::new([7; 16]),
            command: serde_json::from_str(&asked).unwrap(),
        });
        assert!(imposed.unwrap().done().is_some());
    }
    desk.issue_digest(
        "2026-03-02".parse().unwrap(),
        at("2026-03-02T17:30:00+08:00"),
    )
    .unwrap();
    let all = desk.duties(None, 10).unwrap();
    let mut said = Vec::new();
    for duty in all.iter().map(|id| desk.duty(id).unwrap().unwrap()) {
        said.push(format!("{} due {}", duty.id(), duty.due()));
        let steps = duty.ahead().iter();
        said.extend(steps.map(|step| format!("{} {} {}", duty.id(), step.key, step.at)));
    }
    said
}

// Each due moment is worked out by hand: twenty working days from 2 March end on Monday, the 30th; three before it is the 25th, five after it
// Tuesday, 7 April, since Monday the 6th is Qingming.
#[test]
fn the_obligations_of_the_board_are_due_and_reminded_of_on_these_days() {
    let plan = load_with(
        "hainan-board",
        shipped("hainan-board").unwrap(),
        &Options::default(),
    );
    insta::assert_snapshot!(obligations(plan.unwrap()).join("\n"));
}

// A month from 2 March is 2 April, a Thursday; a day after its end is Friday evening, and not put off; five days after it Tuesday, the 7th, since the 4th to the
// 6th are Qingming; ten days Monday, the 13th. Thirty days from 2 March are 1 April; five before it the 27th of March; six months 2 September. Twenty
// working days are 30 March, five before it the 23rd; three months 2 June.
#[test]
fn the_rounds_of_the_watch_are_due_and_reminded_of_on_these_days() {
    let plan = load_with(
        "poverty-watch",
        shipped("poverty-watch").unwrap(),
        &Options::default(),
    );
    insta::assert_snapshot!(obligations(plan.unwrap()).join("\n"));
}

// Whoever starts from a pack gets one that says nothing doubtful, and whose tests hold and reach every rule.
#[test]
fn every_shipped_pack_loads_without_a_finding_and_its_tests_hold() {
    for name in SHIPPED {
        let text = shipped(name).unwrap();
        let (plan, findings) = check(name, text, &Options::default().with_shipped());
        // The Korean decree itself counts short terms in hours of eight to a day.
        let known = |code: &str| (name, code) == ("kr-minwon", "D405");
        let doubtful = findings.all.iter().filter(|it| !known(it.code));
        assert_eq!(doubtful.count(), 0, "{name}: {findings}");
        let report = run(plan.unwrap(), name, text, &cases(name)).unwrap();
        assert_eq!(report.failures, [], "{name}");
        let unread = report.coverage.by_rule.iter().filter(|it| it.read == 0);
        // What a pack over another adds is tried by its own tests, the rest by those of its base.
        let own: Vec<String> = unread
            .filter(|it| it.at.as_ref().is_none_or(|at| at.starts_with(name)))
            .map(|it| it.rule.to_string())
            .collect();
        assert_eq!(own, Vec::<String>::new(), "{name}: no test reaches");
    }
}

/// A number in the source of a pack: where it stands, and what is written in its place to try whether anybody minds.
struct Number {
    at: usize,
    end: usize,
    line: usize,
    /// Most often one more; one less, where the loader takes no more.
    others: Vec<String>,
}

/// Every number of a pack: those of its statements, and the times of day in quotes. Not those in other quotes or in comments.
fn numbers(text: &str) -> Vec<Number> {
    let mut found = Vec::new();
    let (mut at, mut line) = (0, 1);
    let bytes = text.as_bytes();
    while at < bytes.len() {
        let rest = &text[at..];
        let skip = match bytes[at] {
            b'/' if rest.starts_with("//") => rest.find('\n').unwrap_or(rest.len()),
            b'"' => {
                let end = 1 + rest[1..].find('"').unwrap();
                for (start, _) in rest[..end].match_indices(':') {
                    let time = |range| rest.get(range).and_then(|it: &str| it.parse::<u32>().ok());
                    let hour = start.checked_sub(2).and_then(|from| time(from..start));
                    if let (Some(_), Some(minute)) = (hour, time(start + 1..start + 3)) {
                        let others = vec![format!("{:02}", minute + 1)];
                        found.push(Number {
                            at: at + start + 1,
                            end: at + start + 3,
                            line,
                            others,
                        });
                    }
                }
                end + 1
            }
            b'0'..=b'9' => {
                let end = rest
                    .find(|c: char| !c.is_ascii_digit() && c != '_')
                    .unwrap_or(rest.len());
                let value: i64 = rest[..end].replace('_', "").parse().unwrap();
                let others = vec![(value + 1).to_string(), (value - 1).to_string()];
                found.push(Number {
                    at,
                    end: at + end,
                    line,
                    others,
                });
                end
            }
            b'\n' => {
                line += 1;
                1
            }
            // Letters and digits of a name.
            b'a'..=b'z' | b'A'..=b'Z' | b'_' => rest
                .find(|c: char| !c.is_ascii_alphanumeric() && c != '_')
                .unwrap_or(rest.len()),
            _ => rest.chars().next().unwrap().len_utf8(),
        };
        at += skip;
    }
    found
}

/// Numbers that no date can show, each with the test that holds it instead.
fn elsewhere(name: &str, line: &str) -> bool {
    // Laws that count whole days: of an office's hours they read nothing.
    let whole_days = ["disclosure", "uk-foi", "us-foia"].contains(&name);
    if whole_days && line.contains(".hours(") {
        return true;
    }
    // Which words the pack is written in; which values a fact may have at all.
    let inert = line.contains(".language(") || line.starts_with("fact(");
    // When the day's digest is cut: `the_page_of_a_pack_lists_every_number_of_it`.
    inert || line.starts_with("digest(")
}

// A number that could be changed without any test failing would be a number that nobody has tried. Each is changed by one, alone.
#[test]
fn no_number_of_a_pack_can_change_without_a_test_of_it_failing() {
    let mut survivors = Vec::new();
    let mut tried = 0;
    for name in SHIPPED {
        let text = shipped(name).unwrap();
        let cases = cases(name);
        let options = Options::default().with_shipped();
        let owed = match name {
            "hainan-board" | "poverty-watch" => {
                obligations(load_with(name, text, &options).unwrap())
            }
            _ => Vec::new(),
        };
        for number in numbers(text) {
            let line = text.lines().nth(number.line - 1).unwrap();
            let written = &text[number.at..number.end];
            // The range of a parameter is tried by `a_parameter_goes_as_far_as_its_range_says`.
            let code = line.split("//").next().unwrap();
            let ranged =
                text[number.end..].starts_with("..=") || text[..number.at].ends_with("..=");
            if elsewhere(name, line) || (code.contains("param(") && ranged) {
                continue;
            }
            tried += 1;
            let mut minded = None;
            for other in &number.others {
                let changed = format!("{}{other}{}", &text[..number.at], &text[number.end..]);
                let Ok(plan) = load_with(name, &changed, &options) else {
                    minded.get_or_insert(true);
                    continue;
                };
                let other = (!owed.is_empty()).then(|| obligations(plan.clone()));
                let held = run(plan, name, &changed, &cases);
                let failed = held.is_err() || held.is_ok_and(|it| !it.failures.is_empty());
                minded = Some(failed || other.is_some_and(|other| other != owed));
                break;
            }
            if minded != Some(true) {
                survivors.push(format!(
                    "{name}:{}: {written} in {}",
                    number.line,
                    code.trim()
                ));
            }
        }
    }
    assert_eq!(survivors, Vec::<String>::new());
    assert!(tried > 150, "only {tried} numbers were found");
}

// Whoever writes a test finds every step, every key and every name that comes along on one page.
#[test]
fn the_page_for_stories_names_every_step_key_calendar_and_way_of_counting() {
    let page = include_str!("../../rules/STORIES.md");
    let has =
        |name: &str| page.contains(&format!("`{name}`")) || page.contains(&format!("\"{name}\""));
    let own = ["join", "leave", "relay", "release", "tick"];
    for name in CommandName::ALL
        .iter()
        .filter(|name| !own.contains(&name.name()))
    {
        assert!(has(name.name()) && page.contains(name.zh()), "{name}");
    }
    for (key, zh) in duly::trial::keys() {
        assert!(has(key), "{key} {zh}");
    }
    let names = DayTable::SHIPPED.iter().chain(&Counting::NAMES);
    for name in names {
        assert!(has(name), "{name}");
    }
    assert!(include_str!("../../rules/README.md").contains("(STORIES.md)"));
}

/// A pack does not differ from itself, whatever it decides.
#[test]
fn no_shipped_pack_differs_from_itself() {
    for name in SHIPPED {
        let source = shipped(name).unwrap();
        let options = Options::default().with_shipped();
        let plan = load_with(name, source, &options).unwrap_or_else(|it| panic!("{name}: {it}"));
        let diff = plan.diff(&plan.clone(), usize::MAX);
        assert!(diff.is_empty(), "{name}: {diff:?}");
    }
}
