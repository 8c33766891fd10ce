//! Notices (告知): who is told when something happens.

use std::collections::BTreeMap;

use rhai::{Dynamic, Position};

use super::call::{Call, item, put};
use super::{Entry, MARKS, entry};
use crate::plan::{Given, NoticeRule, Plan};
use crate::script::draft::{At, Draft, NoticeDraft};
use crate::script::fault::{Fault, Tried, both};
use crate::script::tabulate::Tabulator;
use crate::script::value::{Kind, Named, as_yes};
use crate::words::{ClockMark, RuleId};

pub(super) const WORDS: &[Entry] = &[
    entry(
        Kind::Start,
        "notice",
        "notice(SCREENED, \"涉险来件\").when(|m| m.urgent).to(督查办)",
        "告知",
        notice,
    ),
    entry(Kind::Notice, "when", ".when(|m| m.urgent)", "条件", when),
    entry(Kind::Notice, "to", ".to(督查办)", "告知谁", to),
    entry(Kind::Notice, "says", ".says(\"…\")", "告知的话", says),
];

fn notice(draft: &mut Draft, call: &mut Call) -> Tried<Dynamic> {
    call.takes(2, 2)?;
    let name = call.named(0, &MARKS)?;
    // Every name in capitals of that list is a mark.
    let mark = super::mark(name).unwrap_or(ClockMark::Received);
    let title = call.text(1)?;
    let same = |other: &&At<NoticeDraft>| other.what.mark == mark && other.what.title == title;
    if let Some(first) = draft.notices.iter().find(same) {
        let what = both!(
            "the notice `{title}` on `{name}`",
            "`{name}`时的告知`{title}`"
        );
        return Err(draft.twice(what, first.at).arg(1));
    }
    let made = NoticeDraft {
        mark,
        title,
        when: None,
        to: Vec::new(),
        citizen: false,
        words: None,
    };
    draft.notices.push(draft.here(made, call.at));
    call.opens(Kind::Notice, draft.notices.len() - 1)
}

fn when(draft: &mut Draft, call: &mut Call) -> Tried<Dynamic> {
    call.takes(1, 1)?;
    let rule = call.condition(draft, 0)?;
    let notice = &mut item(&mut draft.notices, call.on())?.what;
    put(
        &mut notice.when,
        rule,
        both!("the condition of this notice", "告知的条件"),
    )?;
    call.same()
}

/// Posts, and `CITIZEN`.
fn to(draft: &mut Draft, call: &mut Call) -> Tried<Dynamic> {
    call.takes(1, usize::MAX)?;
    let (mut posts, mut citizen) = (Vec::new(), false);
    for (at, value) in call.args.iter().enumerate() {
        let twice = match value.clone().try_cast::<Named>() {
            Some(Named("CITIZEN")) => std::mem::replace(&mut citizen, true),
            Some(Named(other)) => {
                let not = both!("nobody is told as `{other}`", "不能告知`{other}`");
                let help = both!("name posts, or `CITIZEN`", "写岗位,或者`CITIZEN`(网民)");
                return Err(Fault::new("D206", not).help(help).arg(at));
            }
            None => {
                let post = call.post(draft, at)?.id;
                let twice = posts.contains(&post);
                posts.push(post);
                twice
            }
        };
        if twice {
            let said = both!("somebody stands twice", "同一个对象写了两遍");
            return Err(Fault::new("D204", said)
                .help(both!("delete one", "删去一个"))
                .arg(at));
        }
    }
    let notice = &mut item(&mut draft.notices, call.on())?.what;
    if notice.citizen || !notice.to.is_empty() {
        let said = both!("to whom is already said", "告知谁已经说过");
        let help = both!("name all in one `.to(…)`", "写在同一个`.to(…)`里");
        return Err(Fault::new("D204", said).help(help));
    }
    notice.to = posts;
    notice.citizen = citizen;
    call.same()
}

fn says(draft: &mut Draft, call: &mut Call) -> Tried<Dynamic> {
    call.takes(1, 1)?;
    let words = call.text(0)?;
    let notice = &mut item(&mut draft.notices, call.on())?.what;
    put(
        &mut notice.words,
        words,
        both!("what this notice says", "告知的话"),
    )?;
    call.same()
}

/// The latest facts that are known when a mark is made.
const fn known_by(mark: ClockMark) -> Given {
    match mark {
        ClockMark::Received
        | ClockMark::Acknowledged
        | ClockMark::Asked
        | ClockMark::Supplemented
        | ClockMark::Tracked
        | ClockMark::Untracked => Given::Host,
        ClockMark::Replied => Given::Reply,
        ClockMark::PassedFirst
        | ClockMark::Published
        | ClockMark::CalledBack
        | ClockMark::Rated
        | ClockMark::Rechecked => Given::Reviewer,
        // What is sent back or closed has no reply any more whose facts could be read.
        _ => Given::Intake,
    }
}

/// The notices into the plan.
pub(in crate::script) fn build(
    plan: &mut Plan,
    draft: &Draft,
    tab: &mut Tabulator<'_, '_>,
    places: &mut BTreeMap<RuleId, Position>,
) {
    for At { what, at, .. } in &draft.notices {
        let rule = RuleId::new(format!("notice({}).{}", what.mark, what.title));
        places.insert(rule.clone(), *at);
        let when = what
            .when
            .as_ref()
            .map(|raw| tab.decide(&rule, raw, known_by(what.mark), None, as_yes));
        let title = &what.title;
        if what.to.is_empty() && !what.citizen {
            let none = both!(
                "the notice `{title}` goes to nobody",
                "告知“{title}”没有说给谁"
            );
            let help = both!("add `.to(督查办)`", "加上`.to(督查办)`");
            tab.report.add(Fault::new("D207", none).help(help), *at);
        }
        if what.citizen && what.words.is_none() {
            let none = both!(
                "the notice `{title}` has no words for the citizen: a title is for officers",
                "告知“{title}”没有写给网民的话,名称只给工作人员看"
            );
            let help = both!("add `.says(\"…\")`", "加上`.says(\"…\")`");
            tab.report.add(Fault::new("D207", none).help(help), *at);
        }
        let when = match when {
            Some(None) => continue,
            when => when.flatten(),
        };
        let made = NoticeRule {
            rule,
            mark: what.mark,
            title: title.clone(),
            when,
            to: what.to.clone(),
            citizen: what.citizen,
            words: what.words.clone().unwrap_or_default(),
        };
        if let Some(first) = plan.notices.iter().find(|own| own.repeats(&made)) {
            let first = &first.title;
            let twice = both!(
                "the notice `{title}` tells the same people the same as `{first}`, on the same condition",
                "告知“{title}”与“{first}”在同样的条件下向同样的对象说同样的话"
            );
            let help = both!("keep one of the two", "两条留一条");
            tab.report.add(Fault::new("D204", twice).help(help), *at);
        }
        plan.notices.push(made);
    }
}

/// Where a notice stands.
pub(in crate::script) fn place(draft: &Draft, rule: &RuleId) -> Option<Position> {
    let own = |one: &&At<NoticeDraft>| {
        rule.as_str() == format!("notice({}).{}", one.what.mark, one.what.title)
    };
    draft.notices.iter().find(own).map(|one| one.at)
}
