//! Ladders on clocks, and steps on counts: when, and then what to whom; and when nobody is to be disturbed.

use std::cmp::Ordering;

use rhai::Dynamic;

use super::call::{Call, item, put};
use super::clocks::kind;
use super::{Entry, duties, entry};
use crate::plan::{Count, On, Quiet, order};
use crate::script::draft::{CountDraft, Draft, LadderDraft, LadderOf, RungDraft, once};
use crate::script::fault::{Fault, Tried, both};
use crate::script::value::{Kind, Percent};
use crate::time::Window;
use crate::words::Verb;

pub(super) const WORDS: &[Entry] = &[
    entry(
        Kind::Start,
        "ladder",
        "ladder(\"reply\", \"催办督办\")",
        "催办督办",
        ladder,
    ),
    entry(
        Kind::Ladder,
        "before",
        ".before(1.working_days)",
        "到期前",
        before,
    ),
    entry(
        Kind::Ladder,
        "at_share",
        ".at_share(80.percent)",
        "用去几成时",
        at_share,
    ),
    entry(Kind::Ladder, "due", ".due()", "到期", due),
    entry(
        Kind::Ladder,
        "after",
        ".after(2.working_days)",
        "超期",
        after,
    ),
    entry(
        Kind::Ladder,
        "every",
        ".every(5.working_days, 3)",
        "其后每隔",
        every,
    ),
    entry(Kind::Ladder, "remind", ".remind(承办人)", "催办", rung_act),
    entry(Kind::Ladder, "warn", ".warn(单位领导)", "警示", rung_act),
    entry(Kind::Ladder, "copy", ".copy(受理人)", "抄送", rung_act),
    entry(
        Kind::Ladder,
        "supervise",
        ".supervise(督查办)",
        "交督查",
        rung_act,
    ),
    entry(
        Kind::Ladder,
        "summon",
        ".summon(单位领导)",
        "约谈",
        rung_act,
    ),
    entry(
        Kind::Ladder,
        "report",
        ".report(州委领导)",
        "报告",
        rung_act,
    ),
    entry(
        Kind::Ladder,
        "name_in",
        ".name_in(单位领导)",
        "通报点名",
        rung_act,
    ),
    entry(Kind::Ladder, "when", ".when(|m| m.热点)", "条件", when),
    entry(Kind::Ladder, "title", ".title(\"红牌\")", "名称", title),
    entry(
        Kind::Ladder,
        "at_once",
        ".at_once()",
        "不避免打扰时段",
        at_once,
    ),
    entry(
        Kind::Start,
        "quiet",
        "quiet(\"21:00-08:00\")",
        "免打扰",
        quiet,
    ),
    entry(
        Kind::Start,
        "count",
        "count(\"returns\").at(2).supervise(督查办)",
        "次数",
        count,
    ),
    entry(Kind::Count, "at", ".at(2)", "到第几次", at),
    entry(Kind::Count, "remind", ".remind(承办人)", "催办", count_act),
    entry(Kind::Count, "warn", ".warn(单位领导)", "警示", count_act),
    entry(Kind::Count, "copy", ".copy(受理人)", "抄送", count_act),
    entry(
        Kind::Count,
        "supervise",
        ".supervise(督查办)",
        "交督查",
        count_act,
    ),
    entry(
        Kind::Count,
        "summon",
        ".summon(单位领导)",
        "约谈",
        count_act,
    ),
    entry(
        Kind::Count,
        "report",
        ".report(州委领导)",
        "报告",
        count_act,
    ),
    entry(
        Kind::Count,
        "name_in",
        ".name_in(单位领导)",
        "通报点名",
        count_act,
    ),
];

fn ladder(draft: &mut Draft, call: &mut Call) -> Tried<Dynamic> {
    call.takes(1, 2)?;
    let of = match duties::named(call, 0) {
        Some(duty) => LadderOf::Duty(duty),
        None => LadderOf::Clock(kind(call, 0)?),
    };
    let known = draft.ladders.iter().position(|ladder| ladder.what.of == of);
    if let Some(at) = known.filter(|at| draft.ladders.get(*at).is_some_and(|it| !draft.own(it.at)))
    {
        if call.args.len() > 1 {
            let message = both!(
                "the ladder of `{of}` is the base pack's, and an overlay changes no title",
                "“{of}”催办督办由底本规定,名称不能改";
                of
            );
            let help = both!(
                "leave the title out: a rung of your own takes one by `.title(…)`",
                "删去这个名称;自己加的一级,可以用`.title(…)`另起名称"
            );
            return Err(Fault::new("D211", message).help(help).arg(1));
        }
        item(&mut draft.ladders, at)?.what.latest = NO_RUNG;
        return call.opens(Kind::Ladder, at);
    }
    if let Some(first) = draft.ladders.iter().find(|ladder| ladder.what.of == of) {
        return Err(draft
            .twice(
                both!("the ladder of `{of}`", "“{of}”催办督办"; of),
                first.at,
            )
            .arg(0));
    }
    let title = call.text_or(1, "")?;
    draft.ladders.push(draft.here(
        LadderDraft {
            of,
            title,
            rungs: Vec::new(),
            latest: NO_RUNG,
        },
        call.at,
    ));
    call.opens(Kind::Ladder, draft.ladders.len() - 1)
}

/// No rung was said yet.
const NO_RUNG: usize = usize::MAX;

/// What an overlay says of its base's ladders says first when.
pub(in crate::script) fn anew(draft: &mut Draft) {
    for ladder in &mut draft.ladders {
        ladder.what.latest = NO_RUNG;
    }
}

fn rung(draft: &mut Draft, call: &Call, on: On) -> Tried<Dynamic> {
    let from = draft.from;
    let own = |at: rhai::Position| at.line().is_none_or(|line| line > from);
    let ladder = item(&mut draft.ladders, call.on())?;
    let over = !own(ladder.at);
    let ladder = &mut ladder.what;
    // An overlay may add acts to a rung of its base.
    let known = ladder.rungs.iter().position(|rung| rung.on == on);
    if let Some(at) = known
        && let Some(rung) = ladder.rungs.get_mut(at).filter(|rung| !own(rung.at))
    {
        rung.added.push(call.at);
        ladder.latest = at;
        return call.same();
    }
    if known.is_some() {
        let message = both!("the ladder already has this rung", "这一级前面已经写过");
        return Err(Fault::new("D204", message).help(both!(
            "write its acts one after the other",
            "同一级要做的几件事接着写:`.due().remind(…).warn(…)`"
        )));
    }
    let rung = RungDraft {
        on,
        title: String::new(),
        acts: Vec::new(),
        when: None,
        at_once: false,
        at: call.at,
        added: Vec::new(),
    };
    // A rung that is added to a base's ladder takes its place in time.
    let later = |own: &RungDraft| order(&own.on, &rung.on).is_some_and(Ordering::is_gt);
    ladder.latest = match over {
        true => ladder
            .rungs
            .iter()
            .position(later)
            .unwrap_or(ladder.rungs.len()),
        false => ladder.rungs.len(),
    };
    ladder.rungs.insert(ladder.latest, rung);
    call.same()
}

fn before(draft: &mut Draft, call: &mut Call) -> Tried<Dynamic> {
    call.takes(1, 1)?;
    rung(draft, call, On::Before(call.span(0)?))
}

fn at_share(draft: &mut Draft, call: &mut Call) -> Tried<Dynamic> {
    call.takes(1, 1)?;
    let percent = call
        .args
        .first()
        .and_then(|value| value.clone().try_cast::<Percent>());
    let percent = percent.ok_or_else(|| {
        call.wrong(
            0,
            both!("a share such as `80.percent`", "几成,如`80.percent`"),
        )
    })?;
    if percent.0 > 99 {
        let message = both!("all of the time is used up at due", "时间用完就是到期");
        return Err(Fault::new("D208", message)
            .help(both!("write `.due()`", "写`.due()`(到期)"))
            .arg(0));
    }
    rung(draft, call, On::Share(percent.0))
}

fn due(draft: &mut Draft, call: &mut Call) -> Tried<Dynamic> {
    call.takes(0, 0)?;
    rung(draft, call, On::At)
}

fn after(draft: &mut Draft, call: &mut Call) -> Tried<Dynamic> {
    call.takes(1, 1)?;
    rung(draft, call, On::After(call.span(0)?))
}

fn every(draft: &mut Draft, call: &mut Call) -> Tried<Dynamic> {
    call.takes(2, 2)?;
    let span = call.span(0)?;
    let most = call.within(draft, 1, both!("how often", "次数"), 1..=100)?;
    rung(draft, call, On::Every { span, most })
}

fn verb(name: &str) -> Verb {
    match name {
        "remind" => Verb::Remind,
        "warn" => Verb::Warn,
        "copy" => Verb::Copy,
        "supervise" => Verb::Supervise,
        "summon" => Verb::Summon,
        "report" => Verb::Report,
        _ => Verb::NameIn,
    }
}

fn acts(draft: &Draft, call: &Call, to: &mut Vec<(Verb, String)>) -> Tried<()> {
    for post in call.posts(draft)? {
        let act = (verb(call.name), post);
        if to.contains(&act) {
            let post = &act.1;
            let message = both!(
                "`{post}` is already told so on this rung",
                "这一级里对`{post}`已经写过这件事"
            );
            return Err(Fault::new("D204", message).help(once()));
        }
        to.push(act);
    }
    Ok(())
}

fn last<'a>(draft: &'a mut Draft, call: &Call) -> Tried<&'a mut RungDraft> {
    let ladder = &mut item(&mut draft.ladders, call.on())?.what;
    let rung = ladder.rungs.get_mut(ladder.latest);
    rung.ok_or_else(|| {
        let name = call.name;
        Fault::new(
            "D207",
            both!("`{name}` does not say when", "`{name}`前面没有写什么时候"),
        )
        .help(both!(
            "write `.before(…)`, `.due()`, `.after(…)`, `.at_share(…)` or `.every(…)` first",
            "先写`.before(…)`(到期前)、`.due()`(到期)、`.after(…)`(超期)、`.at_share(…)`(用去几成时)或者`.every(…)`(其后每隔)"
        ))
    })
}

fn rung_act(draft: &mut Draft, call: &mut Call) -> Tried<Dynamic> {
    let mut to = std::mem::take(&mut last(draft, call)?.acts);
    let done = acts(draft, call, &mut to);
    last(draft, call)?.acts = to;
    done.and_then(|()| call.same())
}

fn when(draft: &mut Draft, call: &mut Call) -> Tried<Dynamic> {
    call.takes(1, 1)?;
    let rule = call.condition(draft, 0)?;
    put(
        &mut last(draft, call)?.when,
        rule,
        both!("the condition of this rung", "这一级的条件"),
    )?;
    call.same()
}

fn title(draft: &mut Draft, call: &mut Call) -> Tried<Dynamic> {
    call.takes(1, 1)?;
    let words = call.text(0)?;
    let rung = last(draft, call)?;
    if !rung.title.is_empty() {
        let message = both!(
            "the title of this rung is already said",
            "这一级的名称已经写过"
        );
        return Err(Fault::new("D204", message).help(once()));
    }
    rung.title = words;
    call.same()
}

fn at_once(draft: &mut Draft, call: &mut Call) -> Tried<Dynamic> {
    call.takes(0, 0)?;
    let rung = last(draft, call)?;
    if rung.at_once {
        let message = both!(
            "this rung comes at once already",
            "这一级已经写了`.at_once()`"
        );
        return Err(Fault::new("D204", message).help(once()));
    }
    rung.at_once = true;
    call.same()
}

/// The pack's quiet hours: a window of the day as a text, or the name of the time in which the office is shut.
fn quiet(draft: &mut Draft, call: &mut Call) -> Tried<Dynamic> {
    call.takes(1, 1)?;
    draft.once(
        &draft.quiet,
        both!("when nobody is to be disturbed", "免打扰时段"),
    )?;
    let text = call.args.first().filter(|it| it.is_string());
    let quiet = match text {
        Some(_) => {
            let window: Window = call.text(0)?.parse().map_err(|e: crate::time::TimeError| {
                Fault::new("D203", both!("{e}", "{e}"; e)).arg(0)
            })?;
            Quiet::Daily(window)
        }
        None => {
            call.named(0, &["OUTSIDE_OFFICE_HOURS"])?;
            Quiet::OutsideHours
        }
    };
    if quiet.never_ends() {
        let message = both!(
            "quiet hours that never end let nobody be told anything",
            "免打扰时段没有尽头,谁也通知不到"
        );
        let help = both!(
            "leave some of the day: `quiet(\"21:00-08:00\")`",
            "一天里留出一段:`quiet(\"21:00-08:00\")`"
        );
        return Err(Fault::new("D209", message).help(help).arg(0));
    }
    draft.quiet = Some(draft.here(quiet, call.at));
    call.opens(Kind::End, 0)
}

fn count(draft: &mut Draft, call: &mut Call) -> Tried<Dynamic> {
    call.takes(1, 1)?;
    let count = call.term(0, both!("count", "次数"), &Count::ALL, |count| {
        [count.name(), count.zh()]
    })?;
    let known = draft
        .counts
        .iter()
        .position(|other| other.what.count == count);
    if let Some(at) = known.filter(|at| draft.counts.get(*at).is_some_and(|it| !draft.own(it.at))) {
        return call.opens(Kind::Count, at);
    }
    if let Some(first) = draft.counts.iter().find(|other| other.what.count == count) {
        let name = count.name();
        return Err(draft
            .twice(both!("the count `{name}`", "次数`{name}`"), first.at)
            .arg(0));
    }
    draft.counts.push(draft.here(
        CountDraft {
            count,
            steps: Vec::new(),
        },
        call.at,
    ));
    call.opens(Kind::Count, draft.counts.len() - 1)
}

fn at(draft: &mut Draft, call: &mut Call) -> Tried<Dynamic> {
    call.takes(1, 1)?;
    let n = call.within(draft, 0, both!("a number", "第几次"), 1..=99)?;
    let steps = &mut item(&mut draft.counts, call.on())?.what.steps;
    if steps.last().is_some_and(|(last, ..)| *last >= n) {
        let message = both!(
            "`.at({n})` stands after a higher number, or the same",
            "`.at({n})`写在了更大的或者相同的次数后面"
        );
        return Err(Fault::new("D209", message)
            .help(both!("write them in rising order", "从小到大写"))
            .arg(0));
    }
    steps.push((n, Vec::new(), call.at));
    call.same()
}

fn count_act(draft: &mut Draft, call: &mut Call) -> Tried<Dynamic> {
    let missing = || {
        let name = call.name;
        Fault::new(
            "D207",
            both!(
                "`{name}` does not say at which number",
                "`{name}`前面没有写到第几次"
            ),
        )
        .help(both!("write `.at(2)` first", "先写`.at(2)`(到第 2 次)"))
    };
    let steps = &mut item(&mut draft.counts, call.on())?.what.steps;
    let mut to = std::mem::take(&mut steps.last_mut().ok_or_else(missing)?.1);
    let done = acts(draft, call, &mut to);
    if let Some(step) = item(&mut draft.counts, call.on())?.what.steps.last_mut() {
        step.1 = to;
    }
    done.and_then(|()| call.same())
}
