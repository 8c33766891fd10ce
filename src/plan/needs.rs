//! What a plan wants to be given that whoever works by another plan does not give.

use std::fmt;

use chrono::NaiveDate;

use super::{Domain, FactRule, Given, InForce, Judged, Plan, Plans};
use crate::words::{FactName, Lang};

/// A fact that a plan wants and that whoever works by the plan before it does not give, or gives with values that are
/// refused now.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Need {
    /// The fact.
    pub fact: FactName,
    /// Who is to give it.
    pub given: Given,
    /// The values it takes.
    pub wants: Domain,
    /// The values given today, where some of them are no longer taken.
    pub gives: Option<Domain>,
}

/// A plan wants facts that nobody sends yet (缺少的事实): [`Plan::needs`].
///
/// ```
/// use duly::plan::{Domain, FactRule, Given, bare};
/// use duly::words::Lang;
/// let before = bare("demo".parse()?);
/// let mut next = before.clone();
/// next.schema.facts.push(FactRule::new("crowd", Domain::Whole { least: 0, most: 99 }, Given::Host));
/// let needs = next.needs(&before, &[]).unwrap_err();
/// assert_eq!(needs.facts[0].fact, "crowd");
/// assert_eq!(needs.say(Lang::Zh), "新规则需要现在没有人给出的事实:“crowd”,由平台随留言或者以后(`set_fact`)给出,应为 0 到 99 的整数;\
///     请写上 `.otherwise(…)`,或者说明现在已经给出");
/// // Whoever sends it now says so.
/// assert!(next.needs(&before, &["crowd"]).is_ok());
/// # Ok::<(), duly::words::InvalidId>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.say(Lang::En))]
pub struct Needs {
    /// Which, in the order of the plan.
    pub facts: Vec<Need>,
}

impl Needs {
    /// In words: each fact, who gives it, and what it takes.
    pub fn say(&self, lang: Lang) -> String {
        let each = |between: &str| {
            let said: Vec<String> = self.facts.iter().map(|need| need.say(lang)).collect();
            said.join(between)
        };
        match lang {
            Lang::En => format!(
                "the plan needs facts that are not sent today: {}; write `.otherwise(…)` for each, or say that they are sent now",
                each("; ")
            ),
            Lang::Zh => format!(
                "新规则需要现在没有人给出的事实:{};请写上 `.otherwise(…)`,或者说明现在已经给出",
                each(";")
            ),
        }
    }
}

impl Need {
    /// In words: the fact, who gives it, what it takes, and what is given today.
    pub fn say(&self, lang: Lang) -> String {
        let fact = &self.fact;
        match (lang, &self.gives) {
            (Lang::En, None) => format!("`{fact}` {}, {}", self.given.say(), self.wants.expects()),
            (Lang::En, Some(gives)) => format!(
                "`{fact}` {}, {}, where {} is given today",
                self.given.say(),
                self.wants.expects(),
                gives.expects()
            ),
            (Lang::Zh, None) => {
                let (giver, wants) = (self.given.zh(), self.wants.expects_zh());
                format!("“{fact}”,{giver},应为 {wants}")
            }
            (Lang::Zh, Some(gives)) => {
                let (giver, wants) = (self.given.zh(), self.wants.expects_zh());
                format!(
                    "“{fact}”,{giver},应为 {wants},现在给的是 {}",
                    gives.expects_zh()
                )
            }
        }
    }
}

impl fmt::Display for Need {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.say(Lang::En))
    }
}

impl Domain {
    /// Whether every value of the other is a value of this one.
    ///
    /// ```
    /// use duly::plan::Domain;
    /// let wide = Domain::Whole { least: 0, most: 100 };
    /// let narrow = Domain::Whole { least: 0, most: 9 };
    /// assert!(wide.covers(&narrow) && !narrow.covers(&wide));
    /// ```
    pub fn covers(&self, other: &Domain) -> bool {
        match (self, other) {
            (Domain::YesNo, Domain::YesNo) => true,
            (Domain::Labels(own), Domain::Labels(theirs)) => {
                theirs.iter().all(|label| own.contains(label))
            }
            (Domain::Whole { .. }, Domain::Whole { .. })
            | (Domain::Percent { .. }, Domain::Percent { .. }) => {
                let ((least, most), (from, to)) = (self.codes(), other.codes());
                least <= from && to <= most
            }
            _ => false,
        }
    }
}

/// At which door a fact comes in.
#[derive(PartialEq, Eq)]
enum Door {
    Open,
    Screen,
    Review,
}

fn door(given: Given) -> Option<Door> {
    match given {
        Given::Citizen | Given::Host => Some(Door::Open),
        Given::Intake => Some(Door::Screen),
        Given::Reviewer => Some(Door::Review),
        Given::Reply | Given::Engine | Given::Derived => None,
    }
}

impl Plan {
    /// Whether whoever works by the plan `before` can work by this one, with the facts in `sends` that they send from now on
    /// besides. A command that is in order under the one is then not refused under the other for want of a fact, or for its value.
    ///
    /// # Errors
    /// The facts that are wanted and not sent: a fact without `otherwise` that the other plan does not have, gives in another
    /// place or lets be left out; a fact whose values have become fewer; a finding that a gate reads before publication.
    pub fn needs(&self, before: &Plan, sends: &[&str]) -> Result<(), Needs> {
        let unsent = |fact: &&FactRule| !sends.contains(&fact.name.as_str());
        let need = |fact: &FactRule| {
            let own = door(fact.given)?;
            let had = before.schema.fact(&fact.name);
            let same = had.filter(|had| door(had.given).as_ref() == Some(&own));
            let lacks = match (same, had) {
                (Some(had), _) => {
                    let anew = self.must_be_given(fact) && !before.must_be_given(had);
                    anew || !fact.domain.covers(&had.domain)
                }
                // What is given in another place than before is refused there.
                (None, Some(had)) => door(had.given).is_some() || self.must_be_given(fact),
                (None, None) => self.must_be_given(fact),
            };
            lacks.then(|| Need {
                fact: fact.name.clone(),
                given: fact.given,
                wants: fact.domain.clone(),
                gives: same
                    .map(|had| &had.domain)
                    .filter(|had| !fact.domain.covers(had))
                    .cloned(),
            })
        };
        let facts: Vec<Need> = self
            .schema
            .facts
            .iter()
            .filter(unsent)
            .filter_map(need)
            .collect();
        match facts.is_empty() {
            true => Ok(()),
            false => Err(Needs { facts }),
        }
    }

    /// Whether a command is refused where the fact is left out.
    fn must_be_given(&self, fact: &FactRule) -> bool {
        match fact.given {
            Given::Reviewer => {
                let at = self.schema.index(&fact.name);
                let mut read = self
                    .gates
                    .iter()
                    .filter(|gate| gate.judged == Judged::Review)
                    .flat_map(|gate| gate.met.diagram.reads());
                read.any(|place| Some(place) == at)
            }
            _ => fact.otherwise.is_none(),
        }
    }
}

impl Plans {
    /// Whether those who send commands by the plans in hand can work by this one on the dates on which it is in force, with the facts
    /// in `sends` that they send from now on besides. On each of its dates they send what the plan wants under which cases come then;
    /// what only another plan wants, on other dates, nobody sends on these. Where none is in force on any of its dates, they send what
    /// they sent last before; where none was, nobody sends anything yet, and nothing is needed.
    ///
    /// # Errors
    /// As for [`Plan::needs`], all plans together.
    ///
    /// ```
    /// use duly::plan::{Domain, FactRule, Given, InForce, Plans, bare};
    /// let year = |from: &str, to: &str| -> Result<_, chrono::ParseError> {
    ///     Ok(Some(InForce { from: from.parse()?, to: Some(to.parse()?) }))
    /// };
    /// let mut this = bare("demo".parse()?);
    /// this.in_force = year("2026-01-01", "2026-12-31")?;
    /// let mut next = this.clone();
    /// next.in_force = year("2027-01-01", "2027-12-31")?;
    /// this.schema.facts.push(FactRule::new("heat", Domain::YesNo, Given::Host));
    /// let mut plans = Plans::new("hainan".parse()?);
    /// plans.take(this.clone())?;
    /// plans.take(next)?;
    /// // This year it is sent, whatever next year's plan wants; next year it is not.
    /// assert!(plans.lacks(&this, &[]).is_ok());
    /// this.in_force = year("2026-01-01", "2027-12-31")?;
    /// assert!(plans.lacks(&this, &[]).is_err());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn lacks(&self, plan: &Plan, sends: &[&str]) -> Result<(), Needs> {
        let mut facts: Vec<Need> = Vec::new();
        for before in self.sent_by(plan) {
            let needs = plan.needs(before, sends).err();
            for need in needs.into_iter().flat_map(|needs| needs.facts) {
                if facts.iter().all(|known| known.fact != need.fact) {
                    facts.push(need);
                }
            }
        }
        facts.sort_by_key(|need| plan.schema.index(&need.fact));
        match facts.is_empty() {
            true => Ok(()),
            false => Err(Needs { facts }),
        }
    }

    /// The plans by which people send commands on the dates of that plan, the one taken last first.
    fn sent_by<'a>(&'a self, plan: &Plan) -> Vec<&'a Plan> {
        let all = || self.offered().map(|hand| &*hand.plan);
        let begins = |it: Option<InForce>| it.map_or(NaiveDate::MIN, |it| it.from);
        let ends = |it: Option<InForce>| it.and_then(|it| it.to);
        // Between these dates it is the same plan.
        let turns: Vec<NaiveDate> = std::iter::once(plan.in_force)
            .chain(all().map(|it| it.in_force))
            .flat_map(|it| [Some(begins(it)), ends(it).and_then(|to| to.succ_opt())])
            .flatten()
            .filter(|date| plan.is_in_force(*date))
            .collect();
        let on = |date: &NaiveDate| all().find(|it| it.is_in_force(*date));
        let governing: Vec<&Plan> = turns.iter().filter_map(on).collect();
        let mut sent: Vec<&Plan> = all()
            .filter(|it| governing.iter().any(|own| std::ptr::eq(*own, *it)))
            .collect();
        if sent.is_empty() {
            let begin = begins(plan.in_force);
            let before = all().filter(|it| ends(it.in_force).is_some_and(|to| to < begin));
            // Of two that end on one day, the one that was taken last.
            sent.extend(before.reduce(|last, it| {
                let later = ends(it.in_force) > ends(last.in_force);
                if later { it } else { last }
            }));
        }
        sent
    }
}
