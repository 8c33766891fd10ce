//! The guide of a pack (办事指南): what a citizen may count on, and who does what, until when. All of it is the pack's own word or the
//! spine's; nothing is written by hand, so it says what the rules do.

use serde::Serialize;

use super::flow::roles;
use super::{Flow, Table, pick, term};
use crate::plan::{About, Answer, Asked, Plan, Provenance, Region, SPINE_DEFAULT};
use crate::words::{Class, CommandName, Lang, Outcome, StageName, Verb, accepted_in};

/// So many lines a limit has at most; the rest are counted.
const LINES: usize = 24;

/// What a pack promises, and the way of a case under it.
///
/// ```
/// use duly::plan::bare;
/// use duly::report::Guide;
/// use duly::words::Lang;
/// let guide = Guide::of(&bare("demo".parse()?), Lang::En);
/// assert!(guide.markdown().contains("| strike off | reviewed | supervisor |"));
/// # Ok::<(), duly::words::InvalidId>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Guide {
    /// The pack's title, with its edition.
    pub title: String,
    /// Its parts, in order; those of which the pack says nothing are left out.
    pub parts: Vec<Table>,
    /// The way of a case.
    pub flow: Flow,
}

impl Guide {
    /// The guide to a plan.
    pub fn of(plan: &Plan, lang: Lang) -> Guide {
        let parts = [
            places(plan, lang),
            classes(plan, lang),
            limits(plan, lang),
            late(plan, lang),
            declined(plan, lang),
            waits(plan, lang),
            gates(plan, lang),
            steps(plan, lang),
        ];
        Guide {
            title: match plan.edition.as_str() {
                "" => plan.title.clone(),
                edition if lang == Lang::Zh => format!("{}({edition})", plan.title),
                edition => format!("{} ({edition})", plan.title),
            },
            parts: parts
                .into_iter()
                .filter(|part| !part.rows.is_empty())
                .collect(),
            flow: Flow::of(plan, lang),
        }
    }
    /// As Markdown, with the chart as a Mermaid block at its end.
    pub fn markdown(&self) -> String {
        let mut text = format!("# {}\n\n", super::table::escaped(&self.title));
        for part in &self.parts {
            text += &part.markdown();
            text.push('\n');
        }
        text += "```mermaid\n";
        text += &self.flow.mermaid();
        text + "```\n"
    }
}

fn table<const N: usize>(lang: Lang, title: [&str; 2], columns: [[&str; 2]; N]) -> Table {
    let one = |[zh, en]: [&str; 2]| pick(lang, zh, en).to_owned();
    Table::new(one(title), columns.map(one))
}

fn places(plan: &Plan, lang: Lang) -> Table {
    let head = table(
        lang,
        ["向谁反映", "Where to turn"],
        [
            ["地方", "place"],
            ["代码", "code"],
            ["受理岗", "intake office"],
        ],
    );
    plan.places.iter().fold(head, |table, place| {
        table.row([
            place.name.clone(),
            place.code.to_string(),
            place.intake.clone(),
        ])
    })
}

/// What becomes of a matter of each class at the end.
fn classes(plan: &Plan, lang: Lang) -> Table {
    let head = table(
        lang,
        ["受理什么", "What is taken"],
        [["类别", "class"], ["可以怎样了结", "how it may end"]],
    );
    Class::ALL.iter().fold(head, |table, class| {
        let may = |outcome: &Outcome| match plan.strike_off.allow.get(class) {
            Some(named) => named.contains(outcome),
            None => class.allows(*outcome),
        };
        let ends: Vec<String> = Outcome::ALL
            .iter()
            .filter(|outcome| may(outcome))
            .map(|it| term(lang, it.zh(), it.name()))
            .collect();
        table.row([
            term(lang, class.zh(), class.name()),
            ends.join(pick(lang, "、", ", ")),
        ])
    })
}

fn source(said: &Provenance, lang: Lang) -> String {
    match said {
        Provenance::Unsaid => pick(lang, "没有写明", "not said").into(),
        Provenance::Cited(law) => law.clone(),
        Provenance::Ours(why) if why == SPINE_DEFAULT => {
            pick(lang, "没有写明,程序自定", "not said: the engine's own").into()
        }
        Provenance::Ours(why) if matches!(why.as_str(), "自定" | "ours") => {
            pick(lang, "本规则自定", "this pack's own").into()
        }
        Provenance::Ours(why) if lang == Lang::Zh => format!("本规则自定:{why}"),
        Provenance::Ours(why) => format!("this pack's own: {why}"),
    }
}

/// The cases of a region in words.
fn when(plan: &Plan, region: &Region<&Answer>, lang: Lang) -> String {
    let bounds = region.bounds.iter();
    let each: Vec<String> = bounds
        .filter_map(|(fact, range)| {
            let fact = plan.schema.facts.get(*fact)?;
            let bound = *range != fact.domain.codes();
            bound.then(|| {
                let words = fact.domain.words(&[*range], lang);
                format!("{}{}{words}", fact.called(lang), pick(lang, "为", " is "))
            })
        })
        .collect();
    match each.is_empty() {
        true => pick(lang, "任何情形", "always").to_owned(),
        false => each.join(pick(lang, ",", ", ")),
    }
}

/// When a decision answers what, of the answers that are asked for, line by line: the first cases that it tells apart, and how many more there are.
fn cases(
    plan: &Plan,
    asked: &Asked<'_>,
    is: impl Fn(&Answer) -> bool,
    lang: Lang,
) -> Vec<(String, String)> {
    let diagram = asked.diagram();
    let all = diagram.count_where(&is);
    let mut said: Vec<(String, String)> = diagram
        .regions_where(&plan.schema, &is)
        .take(LINES)
        .map(|region| {
            let answer = asked.about.answer(region.answer, lang);
            (when(plan, &region, lang), answer)
        })
        .collect();
    let more = all.saturating_sub(said.len() as u64);
    if more > 0 {
        said.push((
            match lang {
                Lang::Zh => format!("另有 {more} 种情形"),
                Lang::En => format!("{more} more cases"),
            },
            "…".into(),
        ));
    }
    said
}

fn limits(plan: &Plan, lang: Lang) -> Table {
    let head = table(
        lang,
        ["多久", "How long"],
        [
            ["时限", "limit"],
            ["从何时到何时", "from, until"],
            ["什么情形", "in which case"],
            ["多长", "how long"],
            ["延长", "longer"],
            ["依据", "says who"],
        ],
    );
    let decisions = plan.decisions();
    let mut table = head;
    for asked in &decisions {
        let About::Within(clock) = asked.about else {
            continue;
        };
        let stops: Vec<String> = clock
            .stops
            .iter()
            .map(|mark| term(lang, mark.zh(), mark.name()))
            .collect();
        let starts = term(lang, clock.starts.zh(), clock.starts.name());
        let way = format!("{starts} → {}", stops.join(" | "));
        let when = decisions
            .iter()
            .find(|it| matches!(it.about, About::Extend(its) if its.kind == clock.kind));
        let only = only(plan, when, lang);
        let longer = clock.extension.as_ref().map(|it| match lang {
            Lang::Zh => format!("{} 次,每次至多 {}{only}", it.times, it.most.zh()),
            Lang::En => format!("{} times, by {} at most{only}", it.times, it.most),
        });
        for (n, (when, long)) in cases(plan, asked, |_| true, lang).into_iter().enumerate() {
            let first = |text: &str| {
                if n == 0 {
                    text.to_owned()
                } else {
                    String::new()
                }
            };
            let called = match clock.title.as_str() {
                "" => term(lang, clock.kind.zh(), clock.kind.name()),
                title => title.to_owned(),
            };
            table = table.row([
                first(&called),
                first(&way),
                when,
                long,
                first(longer.as_deref().unwrap_or_default()),
                first(&source(&clock.provenance, lang)),
            ]);
        }
    }
    table
}

/// What happens when it is late.
fn late(plan: &Plan, lang: Lang) -> Table {
    let head = table(
        lang,
        ["到时没有办", "When it is late"],
        [
            ["时限", "limit"],
            ["什么时候", "when"],
            ["做什么", "what is done"],
        ],
    );
    let post = |id: &str| {
        let post = plan.posts.iter().find(|post| post.id == id);
        post.map_or_else(|| id.to_owned(), |post| post.title.clone())
    };
    let decisions = plan.decisions();
    let mut table = head;
    for clock in &plan.clocks {
        for rung in &clock.rungs {
            let acts: Vec<String> = rung
                .acts
                .iter()
                .map(|(verb, whom)| acts(*verb, &post(whom), lang))
                .collect();
            let only = decisions
                .iter()
                .find(|it| matches!(it.about, About::Rung(_, its) if std::ptr::eq(its, rung)));
            let when = format!("{}{}", rung.on.say(lang), self::only(plan, only, lang));
            table = table.row([clock.title.clone(), when, acts.join(pick(lang, ";", "; "))]);
        }
    }
    table
}

fn acts(verb: Verb, whom: &str, lang: Lang) -> String {
    format!("{} {whom}", pick(lang, verb.zh(), verb.en()))
}

fn declined(plan: &Plan, lang: Lang) -> Table {
    let head = table(
        lang,
        ["不予受理的", "What is not taken"],
        [["事由", "ground"], ["可以去哪里", "where to turn instead"]],
    );
    let decisions = plan.decisions();
    plan.declines.iter().fold(head, |table, rule| {
        let when = decisions
            .iter()
            .find(|it| matches!(it.about, About::Decline(its) if std::ptr::eq(its, rule)));
        let ground = term(lang, rule.ground.zh(), rule.ground.name());
        table.row([
            format!("{ground}{}", only(plan, when, lang)),
            rule.told.clone(),
        ])
    })
}

/// For which cases something may happen, where not for all.
fn only(plan: &Plan, when: Option<&Asked<'_>>, lang: Lang) -> String {
    let Some(asked) = when else {
        return String::new();
    };
    if asked.diagram().answers() == [Answer::Yes(true)] {
        return String::new();
    }
    let yes = |answer: &Answer| *answer == Answer::Yes(true);
    let all = cases(plan, asked, yes, lang).into_iter();
    let all: Vec<String> = all.map(|(when, _)| when).collect();
    if all.is_empty() {
        return pick(lang, "(没有这样的情形)", " (in no case)").to_owned();
    }
    match lang {
        Lang::Zh => format!("(只限:{})", all.join(";")),
        Lang::En => format!(" (only where {})", all.join("; or ")),
    }
}

fn waits(plan: &Plan, lang: Lang) -> Table {
    let head = table(
        lang,
        ["不计入时限的", "Time that does not count"],
        [["事由", "reason"], ["至多", "at most"], ["次数", "times"]],
    );
    let decisions = plan.decisions();
    plan.pauses.iter().fold(head, |table, rule| {
        let when = decisions
            .iter()
            .find(|it| matches!(it.about, About::Pause(its) if its.reason == rule.reason));
        let reason = format!("{}{}", rule.reason, only(plan, when, lang));
        let most = match lang {
            Lang::Zh => rule.most.zh(),
            Lang::En => rule.most.to_string(),
        };
        table.row([reason, most, rule.times.to_string()])
    })
}

fn gates(plan: &Plan, lang: Lang) -> Table {
    let head = table(
        lang,
        ["怎样才算办好", "What must hold"],
        [["关口", "gate"], ["要求", "what is asked"]],
    );
    plan.gates.iter().fold(head, |table, rule| {
        table.row([
            term(lang, rule.gate.zh(), rule.gate.name()),
            rule.words.clone(),
        ])
    })
}

/// Every command that the pack leaves open, with the stages that take it and who may ask it.
fn steps(plan: &Plan, lang: Lang) -> Table {
    let head = table(
        lang,
        ["谁可以做什么", "Who does what"],
        [
            ["环节", "step"],
            ["在什么阶段", "in which stage"],
            ["由谁", "by whom"],
        ],
    );
    let sep = pick(lang, "、", ", ");
    let names = CommandName::ALL.iter().copied();
    let asked = names.filter(|name| plan.takes(*name) && *name != CommandName::Tick);
    asked.fold(head, |table, name| {
        let stages: Vec<String> = StageName::ALL
            .iter()
            .filter(|stage| accepted_in(**stage).any(|it| it == name))
            .map(|stage| term(lang, stage.zh(), stage.name()))
            .collect();
        let stages = match stages.len() {
            0 => pick(lang, "尚未登记", "before there is a case").to_owned(),
            n if n == StageName::ALL.len() => pick(lang, "任何阶段", "any").to_owned(),
            _ => stages.join(sep),
        };
        table.row([
            term(lang, name.zh(), name.name()),
            stages,
            roles(name.roles(), lang),
        ])
    })
}
