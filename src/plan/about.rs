//! What a decision is about and what it answers, in words.

use serde::Serialize;

use super::{
    ClockRule, DeclineRule, GateRule, Limit, NoticeRule, On, PauseKind, PauseRule, Rung,
    SUPPLEMENT, SignalRule,
};
use crate::words::{Class, ClockKind, Lang, UnitId};

/// The same in both languages.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Said {
    /// In English.
    pub en: String,
    /// In Chinese.
    pub zh: String,
}

impl Said {
    /// Says it in each language.
    pub fn by(mut say: impl FnMut(Lang) -> String) -> Said {
        Said {
            en: say(Lang::En),
            zh: say(Lang::Zh),
        }
    }
    /// In one of them.
    pub fn say(&self, lang: Lang) -> &str {
        pick(lang, &self.zh, &self.en)
    }
}

pub(super) const fn pick<'a>(lang: Lang, zh: &'a str, en: &'a str) -> &'a str {
    match lang {
        Lang::Zh => zh,
        Lang::En => en,
    }
}

/// What a decision answers, whatever it is about. As JSON it is the answer alone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
#[non_exhaustive]
pub enum Answer {
    /// Yes or no: a clause is met, a rung acts, a case is tracked.
    Yes(bool),
    /// How long.
    Limit(Limit),
    /// A class, or none.
    Class(Option<Class>),
    /// A unit, or nobody: then a person decides.
    Lead(Option<UnitId>),
}

impl From<bool> for Answer {
    fn from(yes: bool) -> Answer {
        Answer::Yes(yes)
    }
}
impl From<Limit> for Answer {
    fn from(limit: Limit) -> Answer {
        Answer::Limit(limit)
    }
}
impl From<Option<Class>> for Answer {
    fn from(class: Option<Class>) -> Answer {
        Answer::Class(class)
    }
}
impl From<Option<UnitId>> for Answer {
    fn from(unit: Option<UnitId>) -> Answer {
        Answer::Lead(unit)
    }
}

/// What a decision is about.
///
/// ```
/// use duly::plan::bare;
/// use duly::words::Lang;
/// let plan = bare("demo".parse()?);
/// let row = plan.schema.row(|_| None);
/// let reply = plan.decisions().into_iter().find(|asked| asked.rule.as_str() == "spine.clock(reply).within").unwrap();
/// assert_eq!(reply.about.say(Lang::Zh), "“答复”的时限");
/// assert_eq!(reply.about.answer(reply.diagram().answer(&row), Lang::En), "15 working days");
/// # Ok::<(), duly::words::InvalidId>(())
/// ```
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub enum About<'a> {
    /// The class that is proposed for a message (分类处置).
    Class,
    /// Whether a ground for declining may be used (不予受理).
    Decline(&'a DeclineRule),
    /// Who should lead (主办).
    Lead,
    /// How long a clock may run (时限).
    Within(&'a ClockRule),
    /// Whether a clock may be extended (延期).
    Extend(&'a ClockRule),
    /// Whether time may stand still, or be taken out, for a reason (中止计时、扣除时间).
    Pause(&'a PauseRule),
    /// Whether a rung of a ladder acts (催办督办).
    Rung(&'a ClockRule, &'a Rung),
    /// Whether a clause of a gate is met (三个不放过).
    Gate(&'a GateRule),
    /// Whether a notice goes out (告知).
    Notice(&'a NoticeRule),
    /// Whether a signal opens a case (预警).
    Signal(&'a SignalRule),
    /// Whether a reply is reviewed twice (两级审核).
    TwoSteps,
    /// Whether a case is to be tracked (督办).
    Track,
    /// Whether a case is hot (热点).
    Hot,
}

impl About<'_> {
    /// In words.
    pub fn say(&self, lang: Lang) -> String {
        let zh = lang == Lang::Zh;
        match self {
            About::Class => pick(lang, "建议的分类", "the class that is proposed").into(),
            About::Decline(rule) if zh => {
                format!("能否以“{}”不予受理", rule.ground.zh())
            }
            About::Decline(rule) => format!("whether `{}` is a ground to decline", rule.ground),
            About::Lead => pick(lang, "主办单位", "the lead unit").into(),
            About::Within(clock) if zh => format!("“{}”的时限", clock.title),
            About::Within(clock) => format!("the limit of the `{}` clock", clock.kind),
            About::Extend(clock) if zh => format!("“{}”能否延期", clock.title),
            About::Extend(clock) => format!("whether the `{}` clock may be extended", clock.kind),
            About::Pause(rule) if rule.reason == SUPPLEMENT => {
                pick(lang, "能否请网民补正", "whether the citizen may be asked").into()
            }
            About::Pause(rule) => {
                let reason = &rule.reason;
                match (rule.kind == PauseKind::Excludes, zh) {
                    (true, true) => format!("能否以“{reason}”扣除时间"),
                    (true, false) => format!("whether time may be taken out for `{reason}`"),
                    (false, true) => format!("能否以“{reason}”中止计时"),
                    (false, false) => format!("whether clocks may wait for `{reason}`"),
                }
            }
            About::Rung(clock, rung) if zh => {
                format!("“{}”{}的催办是否发出", clock.title, rung.on.say(lang))
            }
            About::Rung(clock, rung) => format!(
                "whether the rung {} of the `{}` clock acts",
                rung.on.say(lang),
                clock.kind
            ),
            About::Gate(rule) if zh => format!("“{}”:{}", rule.gate.zh(), rule.words),
            About::Gate(rule) => format!("the gate `{}`: {}", rule.gate, rule.words),
            About::Notice(rule) if zh => {
                format!("“{}”时的告知“{}”是否发出", rule.mark.zh(), rule.title)
            }
            About::Notice(rule) => {
                format!(
                    "whether the notice `{}` on `{}` goes out",
                    rule.title, rule.mark
                )
            }
            About::Signal(rule) if zh => format!("预警“{}”是否立件", rule.title),
            About::Signal(rule) => format!("whether the signal `{}` opens a case", rule.name),
            About::TwoSteps => {
                pick(lang, "是否两级审核", "whether the reply is reviewed twice").into()
            }
            About::Track => pick(lang, "是否督办", "whether the case is tracked").into(),
            About::Hot => pick(lang, "是否热点", "whether the case is hot").into(),
        }
    }
    /// What an answer means here, in words.
    pub fn answer(&self, answer: &Answer, lang: Lang) -> String {
        let yes = match answer {
            Answer::Yes(yes) => *yes,
            // A promise is due on its own day; the rule's limit only stands in for it.
            Answer::Limit(_) if self.is_promise() => {
                return pick(lang, "承诺的日期", "the promised day").into();
            }
            Answer::Limit(limit) => return limit.say(lang),
            Answer::Class(Some(class)) => return pick(lang, class.zh(), class.name()).into(),
            Answer::Class(None) => return pick(lang, "不提出", "none").into(),
            Answer::Lead(Some(unit)) => return unit.to_string(),
            Answer::Lead(None) => return pick(lang, "由人确定", "a person decides").into(),
        };
        let (zh, en) = match self {
            About::Decline(_) => (["不可以", "可以"], ["it is not", "it is"]),
            About::Extend(_) | About::Pause(_) => (["不可以", "可以"], ["it may not", "it may"]),
            About::Rung(..) => (["不发", "发出"], ["does not act", "acts"]),
            About::Notice(_) => (["不发", "发出"], ["does not go out", "goes out"]),
            About::Signal(_) => (["不立件", "立件"], ["opens nothing", "opens a case"]),
            About::Gate(_) => (["不符合", "符合"], ["not met", "met"]),
            About::TwoSteps => (["一级审核", "两级审核"], ["once", "twice"]),
            About::Track => (["不督办", "督办"], ["not tracked", "tracked"]),
            About::Hot => (["不是热点", "是热点"], ["not hot", "hot"]),
            _ => (["否", "是"], ["no", "yes"]),
        };
        let [no, yes_words] = if lang == Lang::Zh { zh } else { en };
        if yes { yes_words } else { no }.into()
    }
    fn is_promise(&self) -> bool {
        matches!(self, About::Within(clock) if clock.kind == ClockKind::Commitment)
    }
    /// The answer that an office takes where the plan says nothing: it proposes no class and no unit, declines on no ground, asks
    /// nothing at a gate, tracks nothing. None where saying nothing is no answer.
    pub(super) fn unsaid(&self) -> Option<Answer> {
        Some(match self {
            About::Class => Answer::Class(None),
            About::Lead => Answer::Lead(None),
            About::Decline(_) | About::TwoSteps | About::Track | About::Hot => Answer::Yes(false),
            About::Gate(_) => Answer::Yes(true),
            About::Within(_)
            | About::Extend(_)
            | About::Pause(_)
            | About::Rung(..)
            | About::Notice(_)
            | About::Signal(_) => return None,
        })
    }
}

impl Limit {
    /// In words.
    ///
    /// ```
    /// use duly::plan::Limit;
    /// use duly::words::{ClockKind, Lang};
    /// let half = Limit::Share { of: ClockKind::Reply, percent: 50 };
    /// assert_eq!(half.say(Lang::Zh), "“答复”时限的 50%");
    /// ```
    pub fn say(&self, lang: Lang) -> String {
        match self {
            _ if lang == Lang::En => self.to_string(),
            Limit::Span(span) => span.zh(),
            Limit::Share { of, percent } => format!("“{}”时限的 {percent}%", of.zh()),
        }
    }
}

impl On {
    /// In words.
    ///
    /// ```
    /// use duly::plan::On;
    /// use duly::time::Span;
    /// use duly::words::Lang;
    /// let on = On::Before(Span::WorkingDays(1));
    /// assert_eq!((on.say(Lang::Zh), on.say(Lang::En)), ("到期前 1 个工作日".into(), "1 working day before due".into()));
    /// ```
    pub fn say(&self, lang: Lang) -> String {
        let zh = lang == Lang::Zh;
        match self {
            On::Before(span) if zh => format!("到期前 {}", span.zh()),
            On::Before(span) => format!("{span} before due"),
            On::At => pick(lang, "到期时", "at due").into(),
            On::After(span) if zh => format!("逾期 {}", span.zh()),
            On::After(span) => format!("{span} after due"),
            On::Share(percent) if zh => format!("时间用去 {percent}% 时"),
            On::Share(percent) => format!("at {percent}% of the time"),
            On::Every { span, most } if zh => {
                format!("逾期后每 {},最多 {most} 次", span.zh())
            }
            On::Every { span, most } => format!("every {span} after due, {most} times at most"),
        }
    }
}
