//! Dates: from when a pack is in force, and from when a number is another one.

use rhai::Dynamic;

use super::call::{Call, item, slot};
use super::{Entry, entry};
use crate::plan::{InForce, Since, read_date};
use crate::script::dated::Day;
use crate::script::draft::Draft;
use crate::script::fault::{Fault, Tried, both};
use crate::script::value::{Kind, ParamValue};

pub(super) const WORDS: &[Entry] = &[
    entry(
        Kind::Pack,
        "in_force",
        ".in_force(\"2026-01-01\", \"2026-12-31\")",
        "施行日期",
        in_force,
    ),
    entry(
        Kind::Param,
        "from",
        ".from(\"2026-01-01\", 7)",
        "自收件之日起",
        from,
    ),
    entry(Kind::Start, "date", "date(\"2026-01-01\")", "日期", date),
];

impl Call {
    /// A date, as a text or by `date(…)`.
    fn date(&self, at: usize) -> Tried<chrono::NaiveDate> {
        let value = self.args.get(at).cloned().unwrap_or_default();
        if let Some(day) = value.clone().try_cast::<Day>() {
            return Ok(day.0);
        }
        if !value.is_string() {
            return Err(self.wrong(at, both!("a date", "日期")));
        }
        let text = self.text(at)?;
        read_date(&text).ok_or_else(|| {
            Fault::new(
                "D203",
                both!("`{text}` is not a date", "`{text}`不是一个日期"),
            )
            .help(both!(
                "write year, month and day of a day that there is: `\"2026-01-01\"`",
                "写确有其日的年月日:`\"2026-01-01\"`"
            ))
            .arg(at)
        })
    }
}

fn date(_: &mut Draft, call: &mut Call) -> Tried<Dynamic> {
    call.takes(1, 1)?;
    Ok(Dynamic::from(Day(call.date(0)?)))
}

fn in_force(draft: &mut Draft, call: &mut Call) -> Tried<Dynamic> {
    call.takes(1, 2)?;
    let from = call.date(0)?;
    let to = (call.args.len() > 1).then(|| call.date(1)).transpose()?;
    if let Some(to) = to.filter(|to| *to < from) {
        let message = both!(
            "the last day, {to}, lies before the first, {from}",
            "最后一日 {to} 在第一日 {from} 之前"
        );
        return Err(Fault::new("D203", message)
            .help(both!(
                "write the first day, then the last: `.in_force(\"2026-01-01\", \"2026-12-31\")`",
                "先写第一日,再写最后一日:`.in_force(\"2026-01-01\", \"2026-12-31\")`"
            ))
            .arg(1));
    }
    let own = InForce { from, to };
    let before = slot(&mut draft.pack)?.what.in_force.clone();
    if let Some(before) = before {
        if draft.own(before.at) {
            let message = both!(
                "when the pack is in force is already said",
                "施行日期已经说过"
            );
            return Err(
                Fault::new("D204", message).help(both!("keep one of the two", "两处留一处"))
            );
        }
        if !own.within(&before.what) {
            let (base, zh, own_zh) = (before.what, in_zh(&before.what), in_zh(&own));
            let message = both!(
                "the base pack is in force {base}, and this one would be {own}",
                "底本{zh}施行,本包却{own_zh}施行"
            );
            return Err(Fault::new("D211", message).help(both!(
                "stay within the dates of the base pack, or leave this out: then they hold",
                "不要超出底本的施行日期;不写就与底本相同"
            )));
        }
    }
    let said = draft.here(own, call.at);
    slot(&mut draft.pack)?.what.in_force = Some(said);
    call.same()
}

fn in_zh(in_force: &InForce) -> String {
    let from = in_force.from;
    match in_force.to {
        Some(to) => format!("自 {from} 至 {to} "),
        None => format!("自 {from} 起"),
    }
}

/// A parameter's value for what is received from a date on. A value that is set from outside holds on all dates.
fn from(draft: &mut Draft, call: &mut Call) -> Tried<Dynamic> {
    call.takes(2, 2)?;
    let from = call.date(0)?;
    let value = call.whole(draft, 1, both!("a number", "数字"))?;
    let at = call.on();
    let used = draft.used.contains(&at);
    let param = &mut item(&mut draft.params, at)?.what;
    let name = param.name.clone();
    if used {
        let message = both!(
            "the parameter `{name}` is used above, before all its values are said",
            "参数`{name}`在上面已经用过,那时还没有说完它的各个值"
        );
        return Err(Fault::new("D214", message).help(both!(
            "say `.from(…)` where the parameter is declared",
            "把`.from(…)`写在声明这个参数的那一句里"
        )));
    }
    let (least, most) = (param.least, param.most);
    if !(least..=most).contains(&value) {
        let message = both!(
            "the value `{value}` of `{name}` from {from} on lies outside `{least}..={most}`",
            "`{name}`自 {from} 起的值`{value}`超出了`{least}..={most}`"
        );
        return Err(Fault::new("D203", message)
            .help(both!(
                "change the number, or the range",
                "改这个数,或者改范围"
            ))
            .arg(1));
    }
    if let Some(last) = param.later.last().filter(|last| from <= last.from) {
        let last = last.from;
        let message = both!(
            "{from} does not come after {last}, which is said before it",
            "{from} 不在前面已写的 {last} 之后"
        );
        return Err(Fault::new("D203", message)
            .help(both!(
                "write the dates in their order, each once",
                "按先后写日期,每个日期一次"
            ))
            .arg(0));
    }
    param.later.push(Since { from, value });
    let value = param.value;
    if !draft.set.contains_key(&name) {
        draft.dated.insert(at, name);
    }
    Ok(Dynamic::from(ParamValue { at, value }))
}
