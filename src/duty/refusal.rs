//! Why a command to an obligation was not accepted, and what would be.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::DutyEffectId;
use crate::time::{Moment, Zone};
use crate::words::{
    Addressee, Channel, DutyCommandName, DutyId, DutyKind, DutyStage, Lang, PersonId, PlaceCode,
    PlanId, Role, RuleSource,
};

/// A command was not accepted: what was asked, where the obligation stands, why not, and what would be accepted now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{}", self.say(Lang::En))]
pub struct DutyRefusal {
    /// What was asked.
    pub command: DutyCommandName,
    /// Of which obligation.
    pub duty: DutyId,
    /// What is owed, where that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<DutyKind>,
    /// Where it stands; none, where there is none of that id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stage: Option<DutyStage>,
    /// Why not.
    pub why: Box<DutyWhy>,
    /// What would be accepted.
    pub accepted: Vec<DutyCommandName>,
    /// The zone in which moments are said; universal time, where no plan gives one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub zone: Option<Zone>,
}

/// The reasons for which a command can be refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum DutyWhy {
    /// The stage does not take this command from this kind.
    Stage,
    /// There is no such obligation.
    NoDuty,
    /// It is imposed already.
    AlreadyImposed,
    /// The plan that it is under is not in hand.
    NoPlan {
        /// Which.
        plan: PlanId,
    },
    /// No plan in hand is in force.
    NotInForce,
    /// The plan says nothing of this kind.
    NoRule {
        /// Which.
        kind: DutyKind,
    },
    /// The command is earlier than what has already happened.
    BeforeLast {
        /// The last moment.
        last: Moment,
    },
    /// The command is so much later that a wrong clock is the likelier reason.
    TooFar {
        /// The last moment.
        last: Moment,
        /// The latest that is taken.
        until: Moment,
    },
    /// More has come about than one turn takes.
    TickFirst,
    /// The actor holds none of the roles for this place.
    Role {
        /// The roles that may.
        needs: Vec<Role>,
        /// The place.
        place: PlaceCode,
    },
    /// Only whoever owes it may.
    NotTheirs {
        /// Who that is.
        owed: Addressee,
    },
    /// Whoever owes it, or has said that it is done, has no word on whether it is.
    SamePerson {
        /// Who.
        person: PersonId,
    },
    /// It is that person's already.
    SameHands {
        /// Who.
        person: PersonId,
    },
    /// No such place.
    UnknownPlace {
        /// What was given.
        place: PlaceCode,
        /// Those there are.
        known: Vec<PlaceCode>,
    },
    /// No such post owes it, or none was named where several do.
    Post {
        /// What was given.
        post: Option<String>,
        /// Those that do.
        known: Vec<String>,
    },
    /// Every unit has that post: which unit, or which person, is not said.
    Nobody {
        /// The post.
        post: String,
    },
    /// This round is done, and the next has not begun.
    Resting {
        /// The round that is done.
        round: u32,
        /// When the next begins.
        begins: Moment,
    },
    /// The kind has no use for it.
    Unfit {
        /// What is owed.
        kind: DutyKind,
        /// Which field.
        field: String,
    },
    /// The kind cannot do without it.
    Wanted {
        /// What is owed.
        kind: DutyKind,
        /// Which field.
        field: String,
    },
    /// More was covered than there is, or there is nothing.
    Covered {
        /// What was covered, they say.
        covered: u64,
        /// Of how many.
        of: u64,
    },
    /// A digest's day is not said.
    NoDay,
    /// The day has passed.
    DuePast {
        /// What was given.
        due: NaiveDate,
        /// Today.
        today: NaiveDate,
    },
    /// The day is later than the rule's limit.
    DueBeyond {
        /// What was given.
        due: NaiveDate,
        /// The rule's.
        limit: NaiveDate,
        /// The rule.
        rule: RuleSource,
    },
    /// A text is blank.
    Blank {
        /// Which field.
        what: String,
    },
    /// A text is longer than any that is taken ([`Text::MOST`](crate::words::Text::MOST)).
    TooLong {
        /// Which field.
        what: String,
        /// How long it is, in bytes.
        bytes: u64,
        /// How long it may be.
        most: u64,
    },
    /// A text holds U+0000.
    Nul {
        /// Which field.
        what: String,
    },
    /// It may not be published there.
    Channel {
        /// What was given.
        channel: Channel,
        /// Where it may.
        known: Vec<Channel>,
    },
    /// A link that nobody can follow.
    Link,
    /// Nothing of the kind was told.
    NoEffect {
        /// Which.
        effect: DutyEffectId,
    },
    /// A private text that is not its own.
    NoText {
        /// Its place in the list, from 1.
        number: u64,
    },
    /// The limit would reach beyond the dates whose holidays are known, and the plan takes no provisional ones.
    NotCovered {
        /// What is owed.
        kind: DutyKind,
        /// When it would be due by the ordinary week.
        due: Moment,
        /// The calendar.
        calendar: String,
        /// The last date it knows.
        until: NaiveDate,
    },
    /// It goes by the revision of its calendar that is in hand already.
    SameCalendar {
        /// Which.
        calendar: String,
    },
    /// It is late already: no calendar moves that.
    Late {
        /// When it was due.
        due: Moment,
    },
    /// The calendar could not reckon it.
    Calendar {
        /// What it said.
        said: String,
    },
    /// The machine's own fault.
    Fault {
        /// What happened.
        said: String,
    },
}

impl DutyRefusal {
    /// In words: what was asked and why not, and what would be accepted.
    pub fn say(&self, lang: Lang) -> String {
        let accepted: Vec<String> = self
            .accepted
            .iter()
            // What the host's machinery sends is of no use to whoever reads this.
            .filter(|name| !matches!(name, DutyCommandName::Tick | DutyCommandName::AdoptCalendar))
            .map(|name| match lang {
                Lang::Zh => name.zh().to_owned(),
                Lang::En => format!("`{name}`"),
            })
            .collect();
        match lang {
            Lang::Zh => {
                let why = self.zh();
                let accepted = accepted.join("、");
                format!(
                    "不能{}“{}”:{why};可以:{accepted}",
                    self.command.zh(),
                    self.duty
                )
            }
            Lang::En => {
                let why = self.en();
                let accepted = accepted.join(", ");
                format!(
                    "`{}` of obligation `{}` is refused: {why}; accepted: {accepted}",
                    self.command, self.duty
                )
            }
        }
    }

    fn local(&self, at: Moment) -> String {
        let zone = self.zone.unwrap_or(Zone::UTC);
        at.local(zone).format("%Y-%m-%d %H:%M:%S").to_string()
    }

    fn en(&self) -> String {
        match &*self.why {
            DutyWhy::Stage => match (self.kind, self.stage) {
                (Some(kind), Some(stage)) => format!("it is a `{kind}` and stands at `{stage}`"),
                _ => "there is no such obligation".into(),
            },
            DutyWhy::NoDuty => {
                "there is no such obligation; the first command of one is `impose`".into()
            }
            DutyWhy::AlreadyImposed => "there is one of that id already".into(),
            DutyWhy::NoPlan { plan } => {
                format!("the plan `{plan}` that it is under is not in hand")
            }
            DutyWhy::NotInForce => "no plan in hand is in force that day".into(),
            DutyWhy::NoRule { kind } => format!(
                "the plan says nothing of `{kind}`; declare it in the pack: {}",
                declared(*kind)
            ),
            DutyWhy::BeforeLast { last } => format!(
                "it has seen {} already, and commands come in the order of time",
                self.local(*last)
            ),
            DutyWhy::TooFar { last, until } => format!(
                "its last event was at {}, and commands are taken until {}; check the clock, or send a tick first",
                self.local(*last),
                self.local(*until)
            ),
            DutyWhy::TickFirst => {
                "more has come about than one turn takes; send a tick first".into()
            }
            DutyWhy::Role { needs, place } => {
                let needs: Vec<String> = needs.iter().map(|role| format!("`{role}`")).collect();
                format!("it takes {} of `{place}`", needs.join(" or "))
            }
            DutyWhy::NotTheirs { owed } => format!("only {} owes it", whom(owed, Lang::En)),
            DutyWhy::SamePerson { person } => format!(
                "`{person}` owes it or has said that it is done, and nobody has the last word on their own work; another person is needed"
            ),
            DutyWhy::SameHands { person } => format!("it is `{person}`'s already"),
            DutyWhy::UnknownPlace { place, known } => {
                format!(
                    "no place has the code `{place}`; there are {}",
                    list(known, "`")
                )
            }
            DutyWhy::Post { post, known } => match post {
                Some(post) => format!(
                    "the post `{post}` does not owe it; it is owed by {}",
                    list(known, "`")
                ),
                None => format!("say which post owes it: {}", list(known, "`")),
            },
            DutyWhy::Nobody { post } => {
                format!("every unit has a `{post}`; say which `unit`, or which `person`")
            }
            DutyWhy::Resting { round, begins } => format!(
                "round {round} is done already, and nothing more counts in it; the next begins at {}; what was seen meanwhile is a \
                 `note`",
                self.local(*begins)
            ),
            DutyWhy::Unfit { kind, field } => {
                format!("`{field}` says nothing of `{kind}`; leave it out")
            }
            DutyWhy::Wanted { kind, field } => {
                format!("`{kind}` needs `{field}`: {}", field_en(field))
            }
            DutyWhy::Covered { of: 0, .. } => {
                "`of` is 0: say how many there are to be seen; where there is none, ask to be excused".into()
            }
            DutyWhy::Covered { covered, of } => {
                format!("`covered` is {covered}, which is more than `of`, {of}; count again")
            }
            DutyWhy::NoDay => "the day of the digest is not said; give `of`".into(),
            DutyWhy::DuePast { due, today } => format!("{due} has passed; today is {today}"),
            DutyWhy::DueBeyond { due, limit, rule } => format!(
                "{due} is later than the rule `{}` allows, which is {limit}; name an earlier day, or none",
                rule.rule
            ),
            DutyWhy::Blank { what } => format!("`{what}` is empty"),
            DutyWhy::TooLong { what, bytes, most } => format!(
                "`{what}` is {bytes} bytes long and may have {most}, about 350,000 Chinese characters; shorten it, and keep the rest \
                 as an attachment"
            ),
            DutyWhy::Nul { what } => {
                format!("`{what}` holds the character U+0000, which cannot be kept; take it out")
            }
            DutyWhy::Channel { channel, known } => {
                format!(
                    "it is not to be published on `{channel}`; {} will do",
                    list(known, "`")
                )
            }
            DutyWhy::Link => {
                "the link is empty, longer than 2048 bytes, or holds control characters".into()
            }
            DutyWhy::NoEffect { effect } => format!("nothing was told as `{effect}`"),
            DutyWhy::NoText { number } => format!("the text number {number} is not its own"),
            DutyWhy::NotCovered {
                kind,
                due,
                calendar,
                until,
            } => format!(
                "the `{kind}` would be due about {}, and the calendar `{calendar}` knows the holidays only up to {until}; install the \
                 next notice, name an earlier day where the kind takes one, or let the pack take provisional limits",
                self.local(*due)
            ),
            DutyWhy::SameCalendar { calendar } => {
                format!("it goes by the calendar `{calendar}` already; put a revised one in hand first")
            }
            DutyWhy::Late { due } => format!(
                "it was due at {} and is late, and no calendar moves that",
                self.local(*due)
            ),
            DutyWhy::Calendar { said } => format!("the calendar cannot reckon it: {said}"),
            DutyWhy::Fault { said } => format!("the machine is at fault: {said}"),
        }
    }

    fn zh(&self) -> String {
        match &*self.why {
            DutyWhy::Stage => match (self.kind, self.stage) {
                (Some(kind), Some(stage)) => format!("这是“{}”,现处于“{}”", kind.zh(), stage.zh()),
                _ => "没有这一项".into(),
            },
            DutyWhy::NoDuty => "没有这一项;一项的第一条命令是下达(impose)".into(),
            DutyWhy::AlreadyImposed => "已有同号的一项".into(),
            DutyWhy::NoPlan { plan } => format!("它适用的规则“{plan}”没有装入"),
            DutyWhy::NotInForce => "当日没有正在施行的规则".into(),
            DutyWhy::NoRule { kind } => format!(
                "规则里没有“{}”;请在规则包里写{}",
                kind.zh(),
                declared(*kind)
            ),
            DutyWhy::BeforeLast { last } => {
                format!("已记到 {},命令须按时间先后", self.local(*last))
            }
            DutyWhy::TooFar { last, until } => format!(
                "最后记到 {},只收到 {} 为止的命令;请核对时钟,或者先送一次计时(tick)",
                self.local(*last),
                self.local(*until)
            ),
            DutyWhy::TickFirst => "到时未记的事太多,请先送一次计时(tick)".into(),
            DutyWhy::Role { needs, place } => {
                let needs: Vec<&str> = needs.iter().map(|role| role.zh()).collect();
                format!("须由{place}的{}来做", needs.join("或"))
            }
            DutyWhy::NotTheirs { owed } => format!("这是{}的事", whom(owed, Lang::Zh)),
            DutyWhy::SamePerson { person } => {
                format!("“{person}”是责任人或者报过完成,自己不能给自己下结论,须换一个人")
            }
            DutyWhy::SameHands { person } => format!("已经由“{person}”负责"),
            DutyWhy::UnknownPlace { place, known } => {
                format!("没有代码为“{place}”的地方;现有{}", list(known, "“"))
            }
            DutyWhy::Post { post, known } => match post {
                Some(post) => format!("不由岗位“{post}”来做,由{}来做", list(known, "“")),
                None => format!("请写明由哪个岗位来做:{}", list(known, "“")),
            },
            DutyWhy::Nobody { post } => {
                format!("每个单位都有“{post}”,请写明哪个单位(unit)或者哪个人(person)")
            }
            DutyWhy::Resting { round, begins } => format!(
                "第 {round} 期已经完成,多做的不算下一期;下一期从 {} 开始;这期间看到的可以附注(note)",
                self.local(*begins)
            ),
            DutyWhy::Unfit { kind, field } => {
                format!("“{}”没有“{field}”这一项,请删去", kind.zh())
            }
            DutyWhy::Wanted { kind, field } => {
                format!("“{}”要写“{field}”:{}", kind.zh(), field_zh(field))
            }
            DutyWhy::Covered { of: 0, .. } => {
                "“of”是 0:请写应查多少;一户也没有的,请督查办免除".into()
            }
            DutyWhy::Covered { covered, of } => {
                format!("“covered”是 {covered},多于“of”的 {of};请重新数")
            }
            DutyWhy::NoDay => "没有写是哪一天的日报(of)".into(),
            DutyWhy::DuePast { due, today } => format!("{due} 已过,今天是 {today}"),
            DutyWhy::DueBeyond { due, limit, rule } => format!(
                "{due} 晚于规则“{}”的期限 {limit};请写早一些的日期,或者不写",
                rule.rule
            ),
            DutyWhy::Blank { what } => format!("“{what}”是空的"),
            DutyWhy::TooLong { what, bytes, most } => format!(
                "“{what}”有 {bytes} 个字节,最多 {most} 个字节(约 35 万个汉字);请缩短,其余作为附件保存"
            ),
            DutyWhy::Nul { what } => format!("“{what}”里有字符 U+0000,无法保存;请删去"),
            DutyWhy::Channel { channel, known } => {
                format!("不在“{channel}”发布,可在{}发布", list(known, "“"))
            }
            DutyWhy::Link => "链接是空的、超过 2048 字节或者含有控制字符".into(),
            DutyWhy::NoEffect { effect } => format!("没有“{effect}”这条通知"),
            DutyWhy::NoText { number } => format!("第 {number} 段文字不是本项的"),
            DutyWhy::NotCovered {
                kind,
                due,
                calendar,
                until,
            } => format!(
                "“{}”期限约到 {},而日历“{calendar}”的放假安排只到 {until};请先装入下一年的放假通知,能写日期的写早一些的日期,或者让规则允许暂定时限",
                kind.zh(),
                self.local(*due)
            ),
            DutyWhy::SameCalendar { calendar } => {
                format!("它已按日历“{calendar}”计算;请先装入修订后的日历")
            }
            DutyWhy::Late { due } => {
                format!("它 {} 到期,已经逾期,改日历不改这一点", self.local(*due))
            }
            DutyWhy::Calendar { said } => format!("期限算不出来:{said}"),
            DutyWhy::Fault { said } => format!("程序出错:{said}"),
        }
    }
}

/// How a pack declares a kind.
fn declared(kind: DutyKind) -> String {
    match kind {
        DutyKind::Digest => "`digest(…).read_by(\"09:00\")`".into(),
        DutyKind::Video | DutyKind::Visit | DutyKind::Sweep | DutyKind::Inspection => {
            format!("`duty(\"{kind}\", …)`")
        }
    }
}

/// What a field that is wanted says.
fn field_en(field: &str) -> &'static str {
    match field {
        "subject" => "which household or person, as you number them",
        "evidence" => "who was seen and when",
        "covered" => "how many were seen",
        "of" => "of how many",
        "channel" => "where it was published",
        _ => "where it can be seen",
    }
}

fn field_zh(field: &str) -> &'static str {
    match field {
        "subject" => "哪一户、哪个人的编号",
        "evidence" => "何时见了谁",
        "covered" => "看了多少",
        "of" => "应看多少",
        "channel" => "在何处发布",
        _ => "在何处可看",
    }
}

fn list<T: ToString>(all: &[T], quote: &str) -> String {
    let (close, between) = if quote == "“" {
        ("”", "、")
    } else {
        (quote, ", ")
    };
    let each = |it: &T| format!("{quote}{}{close}", it.to_string());
    all.iter().map(each).collect::<Vec<_>>().join(between)
}

/// Whoever owes it, in words. A person owes it in the post, not as whoever else they are.
fn whom(owed: &Addressee, lang: Lang) -> String {
    let unit = owed.unit.as_ref().map(ToString::to_string);
    let post = match lang {
        Lang::Zh => owed.role.map_or(owed.post.as_str(), |role| role.zh()),
        Lang::En => owed.post.as_str(),
    };
    match (lang, &owed.person, unit) {
        (Lang::Zh, Some(person), _) if owed.role.is_none() => {
            format!("“{person}”(以{}的职务)", owed.place)
        }
        (Lang::Zh, Some(person), _) => format!("“{person}”(以{}的{post}身份)", owed.place),
        (Lang::Zh, None, Some(unit)) if owed.role.is_none() => format!("“{unit}”"),
        (Lang::En, None, Some(unit)) if owed.role.is_none() => format!("the office `{unit}`"),
        (Lang::Zh, None, Some(unit)) => format!("“{unit}”{post}"),
        (Lang::Zh, None, None) => format!("{}的{post}", owed.place),
        (Lang::En, Some(person), _) if owed.role.is_none() => {
            format!("`{person}`, in a role of `{}`,", owed.place)
        }
        (Lang::En, Some(person), _) => format!("`{person}`, as `{post}` of `{}`,", owed.place),
        (Lang::En, None, Some(unit)) => format!("the `{post}` of `{unit}`"),
        (Lang::En, None, None) => format!("the `{post}` of `{}`", owed.place),
    }
}
