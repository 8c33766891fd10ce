//! Bulletins, cut to what fits a terminal.

use duly::report::{Bulletin, Figures, Table};
use duly::words::{Lang, UnitId};

use crate::text::pick;

fn heads(lang: Lang, first: &str) -> Vec<String> {
    let heads = match lang {
        Lang::Zh => [
            "收",
            "答复",
            "按期",
            "超期",
            "退回",
            "重开",
            "销账",
            "解决",
            "满意",
            "不满意",
            "未评价",
            "点名",
            "按期率",
            "实际按期率",
        ],
        Lang::En => [
            "received",
            "replied",
            "on time",
            "late",
            "returned",
            "reopened",
            "closed",
            "solved",
            "satisfied",
            "not",
            "silent",
            "named",
            "on-time",
            "effective",
        ],
    };
    std::iter::once(first.to_owned())
        .chain(heads.map(str::to_owned))
        .collect()
}

fn cells(name: String, it: &Figures) -> Vec<String> {
    let counts = [
        it.received,
        it.replied,
        it.on_time,
        it.late,
        it.returned,
        it.reopened,
        it.struck_off,
        it.solved,
        it.satisfied,
        it.unsatisfied,
        it.not_rated + it.auto_rated,
        it.named,
    ];
    let rates = [
        it.on_time_rate().to_string(),
        it.effective_rate().to_string(),
    ];
    std::iter::once(name)
        .chain(counts.map(|n| n.to_string()))
        .chain(rates)
        .collect()
}

/// One row a place, the total last.
pub fn by_place(bulletin: &Bulletin, lang: Lang) -> Table {
    let table = Table::new("", heads(lang, pick(lang, "地方", "place")));
    let rows = bulletin
        .places
        .iter()
        .map(|it| (format!("{} {}", it.place, it.name), &it.figures));
    let total = (pick(lang, "合计", "total").to_owned(), &bulletin.total);
    rows.chain([total]).fold(table, |table, (name, figures)| {
        table.row(cells(name, figures))
    })
}

/// One row for each unit that stands out: late, sent back, or named; at most so many, the worst first.
pub fn by_worst_unit(bulletin: &Bulletin, lang: Lang, most: usize) -> Table {
    let bad = |it: &Figures| (it.late + it.named, it.returned);
    let mut units: Vec<_> = bulletin
        .units
        .iter()
        .filter(|it| bad(&it.figures) != (0, 0))
        .collect();
    units.sort_by_key(|it| std::cmp::Reverse(bad(&it.figures)));
    units.truncate(most);
    let none = pick(lang, "尚无单位", "no unit yet");
    let table = Table::new("", heads(lang, pick(lang, "单位", "unit")));
    units.into_iter().fold(table, |table, it| {
        table.row(cells(
            it.unit.as_ref().map_or(none, UnitId::as_str).to_owned(),
            &it.figures,
        ))
    })
}
