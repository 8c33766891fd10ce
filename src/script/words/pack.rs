//! The pack itself, its places, posts and numbers.

use rhai::Dynamic;

use super::call::{Call, item, put, slot};
use super::{Entry, entry};
use crate::plan::{Param, Place, Post, Provenance, Uncovered};
use crate::script::draft::{Draft, PackDraft, once};
use crate::script::fault::{Fault, Tried, both};
use crate::script::source::{NAME, foreign};
use crate::script::value::{Kind, ParamValue, PostValue};
use crate::time::{Counting, Window, Zone};
use crate::words::{Lang, PlaceCode, Role};

pub(super) const WORDS: &[Entry] = &[
    entry(
        Kind::Start,
        "pack",
        "pack(\"hainan-board\", \"海南州网民留言办理\")",
        "规则包",
        pack,
    ),
    entry(
        Kind::Pack,
        "edition",
        ".edition(\"2021-10\")",
        "版次",
        edition,
    ),
    entry(
        Kind::Pack,
        "language",
        ".language(1)",
        "规则语言版次",
        language,
    ),
    entry(
        Kind::Pack,
        "source",
        ".source(\"专访\", \"…\")",
        "出处",
        source,
    ),
    entry(Kind::Pack, "zone", ".zone(\"Asia/Shanghai\")", "时区", zone),
    entry(
        Kind::Pack,
        "holidays",
        ".holidays(\"cn\")",
        "放假调休",
        holidays,
    ),
    entry(
        Kind::Pack,
        "known_days_only",
        ".known_days_only()",
        "只认已公布的放假安排",
        known_days_only,
    ),
    entry(
        Kind::Pack,
        "counting",
        ".counting(\"cn\")",
        "起算规则",
        counting,
    ),
    entry(
        Kind::Pack,
        "hours",
        ".hours([\"09:00-12:30\", \"14:30-18:00\"])",
        "作息",
        hours,
    ),
    entry(Kind::Pack, "labels", ".labels(\"zh\")", "标签用语", labels),
    entry(
        Kind::Pack,
        "ours",
        ".ours(\"作息\")",
        "自定",
        pack_provenance,
    ),
    entry(
        Kind::Pack,
        "cite",
        ".cite(\"《…》第…条\")",
        "依据",
        pack_provenance,
    ),
    entry(
        Kind::Start,
        "place",
        "place(\"632521\", \"共和县\", \"共和县留言受理岗\")",
        "地方",
        place,
    ),
    entry(
        Kind::Start,
        "role",
        "role(\"owner\", \"承办责任人\")",
        "角色",
        role,
    ),
    entry(
        Kind::Start,
        "office",
        "office(\"zhouban\", \"州委办公室\")",
        "机构",
        office,
    ),
    entry(
        Kind::Start,
        "param",
        "param(\"办理期限\", 10, 1..=20)",
        "可改的数",
        param,
    ),
    entry(
        Kind::Param,
        "ours",
        ".ours(\"…\")",
        "自定",
        param_provenance,
    ),
    entry(
        Kind::Param,
        "cite",
        ".cite(\"《…》第…条\")",
        "依据",
        param_provenance,
    ),
];

fn pack(draft: &mut Draft, call: &mut Call) -> Tried<Dynamic> {
    call.takes(1, 2)?;
    let id = call.text(0)?;
    if let Some(base) = draft
        .pack
        .as_mut()
        .filter(|pack| pack.at.line().is_some_and(|line| line <= draft.from))
    {
        // The base's pack under another name; what it says of time and dates is kept.
        if base.what.id.as_str() == id {
            let message = both!(
                "`{id}` is what the base pack is called",
                "`{id}`是底本的名字"
            );
            let help = both!("give the overlay a name of its own", "给本包另起一个名字");
            return Err(Fault::new("D211", message).help(help).arg(0));
        }
        base.what.id = id.parse().map_err(|e: crate::words::InvalidId| {
            Fault::new("D203", both!("{e}", "{e}"; e)).arg(0)
        })?;
        base.what.title = call.text_or(1, &id)?;
        base.what.edition = String::new();
        (base.at, base.statement) = (call.at, draft.statement);
        return call.opens(Kind::Pack, 0);
    }
    draft.once(&draft.pack, both!("the pack", "规则包"))?;
    let parsed = id
        .parse()
        .map_err(|e: crate::words::InvalidId| Fault::new("D203", both!("{e}", "{e}"; e)).arg(0))?;
    let made = PackDraft {
        title: call.text_or(1, &id)?,
        id: parsed,
        edition: String::new(),
        in_force: None,
        labels: None,
        cited: Vec::new(),
        zone: None,
        hours: None,
        season: Vec::new(),
        provenance: Provenance::Unsaid,
        holidays: Vec::new(),
        uncovered: Uncovered::Provisional,
        counting: None,
    };
    draft.pack = Some(draft.here(made, call.at));
    call.opens(Kind::Pack, 0)
}

fn edition(draft: &mut Draft, call: &mut Call) -> Tried<Dynamic> {
    call.takes(1, 1)?;
    let pack = &mut slot(&mut draft.pack)?.what;
    if !pack.edition.is_empty() {
        let message = both!("the edition is already said", "版次已经写过");
        return Err(Fault::new("D204", message).help(once()));
    }
    pack.edition = call.text(0)?;
    call.same()
}

/// The language's own edition, apart from the crate's version: a pack of a later one is refused here instead of misread.
fn language(draft: &mut Draft, call: &mut Call) -> Tried<Dynamic> {
    call.takes(1, 1)?;
    match call.whole(draft, 0, both!("a number", "数"))? {
        1 => call.same(),
        n => Err(Fault::new(
            "D206",
            both!(
                "this library reads edition `1` of the rule language, not `{n}`",
                "本程序读第`1`版的规则语言,不读第`{n}`版"
            ),
        )
        .arg(0)),
    }
}

fn source(draft: &mut Draft, call: &mut Call) -> Tried<Dynamic> {
    call.takes(1, 2)?;
    let words = call.texts_from(0)?.join(":");
    slot(&mut draft.pack)?.what.cited.push(words);
    call.same()
}

fn zone(draft: &mut Draft, call: &mut Call) -> Tried<Dynamic> {
    call.takes(1, 1)?;
    let zone: Zone = call
        .text(0)?
        .parse()
        .map_err(|e: crate::time::TimeError| Fault::new("D206", both!("{e}", "{e}"; e)).arg(0))?;
    put(
        &mut slot(&mut draft.pack)?.what.zone,
        zone,
        both!("the zone", "时区"),
    )?;
    call.same()
}

fn holidays(draft: &mut Draft, call: &mut Call) -> Tried<Dynamic> {
    call.takes(1, usize::MAX)?;
    let pack = &mut slot(&mut draft.pack)?.what;
    for (at, id) in call.texts_from(0)?.into_iter().enumerate() {
        if pack.holidays.iter().any(|(known, ..)| *known == id) {
            let message = both!(
                "the day table `{id}` stands twice",
                "放假调休表`{id}`写了两次"
            );
            return Err(Fault::new("D204", message).arg(at));
        }
        pack.holidays.push((id, call.at, at));
    }
    call.same()
}

/// Limits beyond the last notice are refused to officers, instead of reckoned by the ordinary week.
fn known_days_only(draft: &mut Draft, call: &mut Call) -> Tried<Dynamic> {
    call.takes(0, 0)?;
    slot(&mut draft.pack)?.what.uncovered = Uncovered::Refuse;
    call.same()
}

fn counting(draft: &mut Draft, call: &mut Call) -> Tried<Dynamic> {
    call.takes(1, 1)?;
    let counting = named_counting(call)?;
    put(
        &mut slot(&mut draft.pack)?.what.counting,
        counting,
        both!("the counting", "起算规则"),
    )?;
    call.same()
}

pub(super) fn named_counting(call: &Call) -> Tried<Counting> {
    Counting::from_name(&call.text(0)?)
        .map_err(|e| Fault::new("D206", both!("{e}", "{e}"; e)).arg(0))
}

fn hours(draft: &mut Draft, call: &mut Call) -> Tried<Dynamic> {
    if call.args.len() == 2 {
        call.takes(3, 3)?;
    }
    call.takes(1, 3)?;
    let mut windows: Vec<Window> = Vec::new();
    for text in call.texts(0)? {
        windows.push(text.parse().map_err(|e: crate::time::TimeError| {
            Fault::new("D203", both!("{e}", "{e}"; e)).arg(0)
        })?);
    }
    let pack = &mut slot(&mut draft.pack)?.what;
    if call.args.len() == 3 {
        pack.season.push((windows, call.text(1)?, call.text(2)?));
    } else {
        put(
            &mut pack.hours,
            crate::time::Hours::weekdays(windows),
            both!("the ordinary week", "作息"),
        )?;
    }
    call.same()
}

fn labels(draft: &mut Draft, call: &mut Call) -> Tried<Dynamic> {
    call.takes(1, 1)?;
    let lang = match call.text(0)?.as_str() {
        "zh" => Lang::Zh,
        "en" => Lang::En,
        other => {
            let fault = Fault::new(
                "D206",
                both!(
                    "labels are written in `zh` or `en`, not in `{other}`",
                    "标签用语写`zh`(中文)或者`en`(英文),不能是`{other}`"
                ),
            );
            return Err(fault.arg(0));
        }
    };
    put(
        &mut slot(&mut draft.pack)?.what.labels,
        lang,
        both!("the language of the labels", "标签用语"),
    )?;
    call.same()
}

fn pack_provenance(draft: &mut Draft, call: &mut Call) -> Tried<Dynamic> {
    let pack = &mut slot(&mut draft.pack)?.what;
    if pack.hours.is_none() {
        let name = call.name;
        let message = both!(
            "`{name}` is said of the hours",
            "`{name}`说的是作息从哪里来,这里还没有写作息"
        );
        return Err(Fault::new("D207", message).help(both!(
            "write it after `.hours([…])`",
            "写在`.hours([…])`后面"
        )));
    }
    pack.provenance = call.provenance(&pack.provenance)?;
    call.same()
}

fn place(draft: &mut Draft, call: &mut Call) -> Tried<Dynamic> {
    call.takes(3, 3)?;
    let code: PlaceCode = call
        .text(0)?
        .parse()
        .map_err(|e: crate::words::InvalidId| Fault::new("D203", both!("{e}", "{e}"; e)).arg(0))?;
    if let Some(first) = draft.places.iter().find(|place| place.what.code == code) {
        return Err(draft
            .twice(both!("the place `{code}`", "地方`{code}`"), first.at)
            .arg(0));
    }
    let place = Place {
        code,
        name: call.text(1)?,
        intake: call.text(2)?,
    };
    draft.places.push(draft.here(place, call.at));
    call.opens(Kind::End, 0)
}

fn role(draft: &mut Draft, call: &mut Call) -> Tried<Dynamic> {
    call.takes(1, 2)?;
    let role = call.term(0, both!("role", "角色"), &Role::ALL, |role| {
        [role.name(), role.zh()]
    })?;
    if role == Role::System {
        return Err(Fault::new(
            "D206",
            both!(
                "`system` is nobody's post: nobody can be told through it",
                "`system`(系统)不是谁的岗位,通知不到人"
            ),
        )
        .arg(0));
    }
    post(
        draft,
        call,
        role.name().to_owned(),
        call.text_or(1, role.zh())?,
        Some(role),
    )
}

fn office(draft: &mut Draft, call: &mut Call) -> Tried<Dynamic> {
    call.takes(2, 2)?;
    let id = call.text(0)?;
    if Role::ALL.iter().any(|role| role.name() == id) {
        let message = both!(
            "`{id}` is a role of the case, not an office",
            "`{id}`是办理中的角色,不是机构"
        );
        let help = both!("write `role(\"{id}\", …)`", "写`role(\"{id}\", …)`");
        return Err(Fault::new("D206", message).help(help).arg(0));
    }
    post(draft, call, id, call.text(1)?, None)
}

fn post(
    draft: &mut Draft,
    call: &Call,
    id: String,
    title: String,
    role: Option<Role>,
) -> Tried<Dynamic> {
    if let Some(first) = draft.posts.iter().find(|post| post.what.id == id) {
        return Err(draft
            .twice(both!("the post `{id}`", "岗位`{id}`"), first.at)
            .arg(0));
    }
    draft.posts.push(draft.here(
        Post {
            id: id.clone(),
            title,
            role,
        },
        call.at,
    ));
    Ok(Dynamic::from(PostValue { id, role }))
}

fn param(draft: &mut Draft, call: &mut Call) -> Tried<Dynamic> {
    call.takes(3, 3)?;
    let name = call.text(0)?;
    if let Some(first) = draft.params.iter().find(|param| param.what.name == name) {
        return Err(draft
            .twice(both!("the parameter `{name}`", "参数`{name}`"), first.at)
            .arg(0));
    }
    let (least, most) = range(call, 2)?;
    let own = call.whole(draft, 1, both!("a number", "数"))?;
    let value = draft.set.get(&name).copied().unwrap_or(own);
    for (value, at, whose) in [
        (own, 1, both!("the default", "现在的值")),
        (value, 0, both!("the value set from outside", "另外设的值")),
    ] {
        if !(least..=most).contains(&value) {
            let message = both!(
                "{whose} `{value}` of `{name}` lies outside `{least}..={most}`",
                "参数`{name}`{whose}`{value}`超出了它的范围`{least}..={most}`";
                whose
            );
            let help = both!("change the number, or the range", "改这个数,或者改范围");
            return Err(Fault::new("D203", message).help(help).arg(at));
        }
    }
    draft.params.push(draft.here(
        Param {
            name,
            value,
            later: Vec::new(),
            least,
            most,
            fixed: false,
            provenance: Provenance::Unsaid,
        },
        call.at,
    ));
    Ok(Dynamic::from(ParamValue {
        at: draft.params.len() - 1,
        value,
    }))
}

/// No number of a pack lies further from nothing.
const COUNTED: i64 = 1 << 53;

/// A range of whole numbers: `1..=20`, or `1..21`.
pub(super) fn range(call: &Call, at: usize) -> Tried<(i64, i64)> {
    let value = call.args.get(at).cloned().unwrap_or_default();
    let closed = value
        .clone()
        .try_cast::<std::ops::RangeInclusive<i64>>()
        .map(|range| (*range.start(), *range.end()));
    let open = || {
        value
            .try_cast::<std::ops::Range<i64>>()
            .and_then(|range| Some((range.start, range.end.checked_sub(1)?)))
    };
    let (least, most) = closed
        .or_else(open)
        .ok_or_else(|| call.wrong(at, both!("a range such as `1..=20`", "范围,如`1..=20`")))?;
    // An open end is as far as numbers go, and would have no code past it.
    if least > most || least < -COUNTED || most > COUNTED {
        let message = both!(
            "the range `{least}..={most}` holds no number, or too many",
            "范围`{least}..={most}`里一个数也没有,或者太大"
        );
        let help = match least > most {
            true => both!(
                "write the smaller number first: `1..=20`",
                "小的写在前,大的写在后,如`1..=20`"
            ),
            false => both!(
                "write the largest number that can be meant: `0..=1_000_000`",
                "写一个用得着的上限,如`0..=1_000_000`"
            ),
        };
        return Err(Fault::new("D203", message).help(help).arg(at));
    }
    Ok((least, most))
}

fn param_provenance(draft: &mut Draft, call: &mut Call) -> Tried<Dynamic> {
    let at = call.on();
    let param = &mut item(&mut draft.params, at)?.what;
    param.provenance = call.provenance(&param.provenance)?;
    Ok(Dynamic::from(ParamValue {
        at,
        value: param.value,
    }))
}

/// Whether a name can be read as `m.name`.
pub(super) fn readable(name: &str) -> Tried<()> {
    let mut chars = name.chars();
    let fits = chars.next().is_some_and(|c| c.is_alphabetic() || c == '_')
        && chars.all(|c| c.is_alphanumeric() || c == '_')
        && name.chars().nth(NAME).is_none()
        && !name.chars().any(foreign);
    if !fits
        || rhai::Engine::new_raw()
            .compile(format!("m.{name}"))
            .is_err()
    {
        let message = both!(
            "`{name}` cannot be read as `m.{name}`",
            "`{name}`不能用作名字:规则里要写成`m.{name}`"
        );
        let help = both!(
            "use letters, digits and `_`, at most 64, and no reserved word",
            "用汉字、字母、数字和`_`,不以数字开头,至多 64 个字,不用规则里已有的词"
        );
        return Err(Fault::new("D203", message).help(help).arg(0));
    }
    Ok(())
}
