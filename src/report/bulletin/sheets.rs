//! A bulletin as tables: one wide one for a spreadsheet, narrow ones by theme for a page or a terminal.

use super::super::{Table, pick, term, wall};
use super::{Bulletin, Figures};
use crate::words::{Lang, UnitId};

/// What a narrow table of a bulletin is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Theme {
    /// 办理: what came in, was answered, when, and what is left.
    Handling,
    /// 流转与办结: what went back and forth, and how it ended.
    Course,
    /// 评价: what citizens said, and who said nothing.
    Voice,
}

impl Theme {
    /// Every theme, in the order in which they are read.
    pub const ALL: [Theme; 3] = [Theme::Handling, Theme::Course, Theme::Voice];
    /// The title.
    pub fn title(self, lang: Lang) -> &'static str {
        let (zh, en) = match self {
            Theme::Handling => ("答复", "replies"),
            Theme::Course => ("流转与销账", "course and striking off"),
            Theme::Voice => ("评价", "ratings"),
        };
        pick(lang, zh, en)
    }
    /// The heads and cells of these figures.
    fn cells(self, it: &Figures, lang: Lang) -> Vec<(&'static str, String)> {
        let p = |zh, en| pick(lang, zh, en);
        let n = |count: u64| count.to_string();
        match self {
            Theme::Handling => vec![
                (p("收", "received"), n(it.received)),
                (p("已首次答复", "answered"), n(it.answered)),
                (
                    p("首次答复率", "first-reply rate"),
                    it.first_reply_rate().to_string(),
                ),
                (p("答复", "replied"), n(it.replied)),
                (p("按期", "on time"), n(it.on_time)),
                (p("按期率", "on-time rate"), it.on_time_rate().to_string()),
                (p("实际按期", "effective"), n(it.effective)),
                (
                    p("实际按期率", "effective rate"),
                    it.effective_rate().to_string(),
                ),
                (p("超期", "late"), n(it.late)),
                (p("在办", "open"), n(it.open)),
                (p("现超期", "overdue now"), n(it.overdue)),
                (p("点名", "named"), n(it.named)),
            ],
            Theme::Course => vec![
                (p("退回", "returned"), n(it.returned)),
                (p("重开", "reopened"), n(it.reopened)),
                (p("退单", "objected"), n(it.objected)),
                (p("裁定", "ruled"), n(it.ruled)),
                (p("延期", "extended"), n(it.extended)),
                (p("并案", "merged"), n(it.merged)),
                (p("不予受理", "declined"), n(it.declined)),
                (p("撤回", "withdrawn"), n(it.withdrawn)),
                (p("销账", "struck off"), n(it.struck_off)),
                (
                    p("销账率", "strike-off rate"),
                    it.strike_off_rate().to_string(),
                ),
                (p("解决", "solved"), n(it.solved)),
                (p("依法解释", "explained"), n(it.explained)),
                (p("解决率", "solved rate"), it.solved_rate().to_string()),
            ],
            Theme::Voice => {
                let rates = [
                    (p("满意", "satisfied"), n(it.satisfied)),
                    (p("不满意", "unsatisfied"), n(it.unsatisfied)),
                    (
                        p("满意率", "satisfied rate"),
                        it.satisfied_rate().to_string(),
                    ),
                    (p("未评价", "silent"), n(it.not_rated)),
                    (p("自动好评", "auto-rated"), n(it.auto_rated)),
                    (p("参评率", "heard rate"), it.heard_rate().to_string()),
                    (p("评分", "scored"), n(it.scores.given)),
                ];
                let means = it.scores.means(lang);
                let means = means.map(|(head, mean)| (head, mean.to_string()));
                rates.into_iter().chain(means).collect()
            }
        }
    }
}

impl Bulletin {
    /// One row a unit, the total last.
    pub fn by_unit(&self, lang: Lang) -> Table {
        self.wide(lang, pick(lang, "单位", "unit"), self.units_named(lang))
    }
    /// One row a place, the total last.
    pub fn by_place(&self, lang: Lang) -> Table {
        self.wide(lang, pick(lang, "地方", "place"), self.places_named())
    }
    /// One row a channel, the total last.
    pub fn by_channel(&self, lang: Lang) -> Table {
        self.wide(lang, pick(lang, "渠道", "channel"), self.channels_named())
    }
    /// One row a naming.
    pub fn by_name(&self, lang: Lang) -> Table {
        let columns = match lang {
            Lang::Zh => ["时间", "编号", "单位", "地方", "事由"],
            Lang::En => ["at", "case", "unit", "place", "for"],
        };
        let title = format!("{} {}", self.headline(lang), pick(lang, "点名", "named"));
        self.named
            .iter()
            .fold(Table::new(title, columns), |table, it| {
                let why = match (&it.clock, &it.count) {
                    (Some(key), _) => term(lang, key.kind.zh(), key.kind.name()),
                    (None, Some((count, number))) => format!("{count} = {number}"),
                    (None, None) => String::new(),
                };
                let unit = it.unit.as_ref().map(UnitId::to_string).unwrap_or_default();
                table.row([
                    wall(it.at, self.zone),
                    it.case.to_string(),
                    unit,
                    it.place.to_string(),
                    why,
                ])
            })
    }
    /// Every figure of every unit and place in one table, the total last: for a spreadsheet.
    pub fn table(&self, lang: Lang) -> Table {
        let heads = [pick(lang, "口径", "by"), pick(lang, "名称", "name")];
        let table = Table::new(self.headline(lang), heads.into_iter().chain(heads_of(lang)));
        let unit = pick(lang, "单位", "unit");
        let place = pick(lang, "地方", "place");
        let units = self.units_named(lang).map(|(name, it)| (unit, name, it));
        let places = self.places_named().map(|(name, it)| (place, name, it));
        let channel = pick(lang, "渠道", "channel");
        let channels = self.channels_named().map(|(name, it)| (channel, name, it));
        let total = (pick(lang, "合计", "total"), String::new(), &self.total);
        units
            .chain(places)
            .chain(channels)
            .chain([total])
            .fold(table, |table, (by, name, it)| {
                table.row([by.to_owned(), name].into_iter().chain(cells_of(it, lang)))
            })
    }
    /// The same in narrow tables, by theme: by unit, by place, and by channel where there are several; who was named; who stands where, if
    /// the pack ranks.
    pub fn sheets(&self, lang: Lang) -> Vec<Table> {
        let mut sheets = Vec::new();
        for theme in Theme::ALL {
            let unit = pick(lang, "单位", "unit");
            sheets.push(self.narrow(lang, theme, unit, self.units_named(lang)));
            let place = pick(lang, "地方", "place");
            sheets.push(self.narrow(lang, theme, place, self.places_named()));
            if self.channels.len() > 1 {
                let channel = pick(lang, "渠道", "channel");
                sheets.push(self.narrow(lang, theme, channel, self.channels_named()));
            }
        }
        sheets.push(self.by_name(lang));
        sheets.extend(self.ranking.iter().map(|it| it.table(lang, &self.title)));
        sheets
    }

    fn units_named(&self, lang: Lang) -> impl Iterator<Item = (String, &Figures)> {
        let none = pick(lang, "尚无单位", "no unit yet");
        self.units.iter().map(move |it| {
            let name = it.unit.as_ref().map_or(none, UnitId::as_str);
            (name.to_owned(), &it.figures)
        })
    }
    fn places_named(&self) -> impl Iterator<Item = (String, &Figures)> {
        self.places.iter().map(|it| (it.title(), &it.figures))
    }
    fn channels_named(&self) -> impl Iterator<Item = (String, &Figures)> {
        let channels = self.channels.iter();
        channels.map(|it| (it.channel.to_string(), &it.figures))
    }
    fn narrow<'a>(
        &'a self,
        lang: Lang,
        theme: Theme,
        head: &str,
        rows: impl Iterator<Item = (String, &'a Figures)>,
    ) -> Table {
        let title = format!("{} {}", self.headline(lang), theme.title(lang));
        let heads = theme.cells(&self.total, lang).into_iter().map(|(it, _)| it);
        let table = Table::new(title, std::iter::once(head).chain(heads));
        let total = (pick(lang, "合计", "total").to_owned(), &self.total);
        rows.chain([total]).fold(table, |table, (name, it)| {
            let cells = theme.cells(it, lang).into_iter().map(|(_, cell)| cell);
            table.row(std::iter::once(name).chain(cells))
        })
    }
    fn wide<'a>(
        &'a self,
        lang: Lang,
        head: &str,
        rows: impl Iterator<Item = (String, &'a Figures)>,
    ) -> Table {
        let heads = std::iter::once(head).chain(heads_of(lang));
        let table = Table::new(self.headline(lang), heads);
        let total = (pick(lang, "合计", "total").to_owned(), &self.total);
        rows.chain([total]).fold(table, |table, (name, it)| {
            table.row(std::iter::once(name).chain(cells_of(it, lang)))
        })
    }
    /// The title with the period.
    pub(super) fn headline(&self, lang: Lang) -> String {
        super::super::headline(&self.title, self.period, self.zone, lang)
    }
}

/// The heads of every figure, rate and mean.
fn heads_of(lang: Lang) -> Vec<&'static str> {
    let none = Figures::default();
    let figures = none.list(lang).into_iter().map(|(head, _)| head);
    let rates = none.rates(lang).into_iter().map(|(head, _)| head);
    let means = none.scores.means(lang).map(|(head, _)| head);
    let scored = pick(lang, "评分", "scored");
    figures.chain(rates).chain([scored]).chain(means).collect()
}

fn cells_of(it: &Figures, lang: Lang) -> Vec<String> {
    let figures = it.list(lang).into_iter().map(|(_, n)| n.to_string());
    let rates = it.rates(lang).into_iter().map(|(_, rate)| rate.to_string());
    let means = it.scores.means(lang).map(|(_, mean)| mean.to_string());
    let scored = it.scores.given.to_string();
    figures.chain(rates).chain([scored]).chain(means).collect()
}
