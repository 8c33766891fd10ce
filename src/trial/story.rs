//! Runs one test: its steps in order, each at its moment, and what is expected between them.

use std::collections::BTreeMap;

use chrono::{NaiveDate, NaiveDateTime};
use serde_json::{Map, Value};

use super::bounds::Generated;
use super::cover::Cover;
use super::defaults::Context;
use super::read::{Entry, Malformed, Test, Tests};
use super::{Failure, expect, pick};
use crate::case::{Case, Decision, decide, evolve, facts_row};
use crate::plan::{FactRule, Given, InHand, Plans};
use crate::time::{Calendar, Moment, Opened, Zone};
use crate::words::{
    Actor, Class, Command, CommandId, CommandName, Envelope, Event, FactName, Lang, PersonId,
    RECEIVED_ON, Record, Refusal, Role, Salt, Verdict, Why,
};

/// A test on its way.
pub(super) struct Story<'a> {
    pub(super) plans: Plans,
    pub(super) file: &'a Tests,
    pub(super) lang: Lang,
    pub(super) case: Option<Case>,
    pub(super) records: Vec<Record>,
    pub(super) proposed: Option<Class>,
    /// Why there is no case: what was said against the message.
    pub(super) not_taken: Option<String>,
    at: Option<Moment>,
    name: String,
    place: String,
    class: Class,
    facts: Map<String, Value>,
    failures: Vec<Failure>,
}

/// Runs a test; what did not hold.
pub(super) fn run(
    plans: &Plans,
    file: &Tests,
    test: &Test,
    lang: Lang,
    cover: &mut Cover<'_>,
    generated: &mut Generated,
) -> Result<Vec<Failure>, Malformed> {
    let head = &test.head;
    let mut story = Story {
        plans: plans.clone(),
        file,
        lang,
        case: None,
        records: Vec::new(),
        proposed: None,
        not_taken: None,
        at: None,
        name: head.text("test").unwrap_or("?").to_owned(),
        place: String::new(),
        class: Class::Problem,
        facts: Map::new(),
        failures: Vec::new(),
    };
    story.head(head)?;
    cover.begin();
    for entry in &test.lines {
        story.line(entry, cover, generated)?;
        // A message that was not taken has no story.
        if story.not_taken.is_some() && story.case.is_none() && !story.failures.is_empty() {
            break;
        }
    }
    Ok(story.failures)
}

impl Story<'_> {
    pub(super) fn hand(&self) -> Option<&InHand> {
        self.plans.latest()
    }
    pub(super) fn zone(&self) -> Zone {
        self.hand().map_or(Zone::UTC, |hand| hand.plan.zone)
    }
    pub(super) fn wrong(&self, entry: &Entry, key: &str, said: impl Into<String>) -> Malformed {
        Malformed {
            file: self.file.file.clone(),
            line: entry.line,
            column: entry.column(key),
            said: said.into(),
        }
    }
    pub(super) fn fails(
        &mut self,
        entry: &Entry,
        expected: String,
        got: String,
        why: Option<String>,
    ) {
        self.failures.push(Failure {
            at: format!("{}:{}", self.file.file, entry.line),
            test: self.name.clone(),
            expected,
            got,
            why,
        });
    }

    /// A moment: with an offset, or as the wall shows it where the pack is at home.
    pub(super) fn moment(&self, entry: &Entry, key: &str) -> Result<Option<Moment>, Malformed> {
        let Some(value) = entry.map.get(key) else {
            return Ok(None);
        };
        let said = value.as_str().unwrap_or_default();
        let local = ["%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S"]
            .iter()
            .find_map(|form| NaiveDateTime::parse_from_str(said, form).ok());
        match local {
            Some(local) => Ok(Some(self.zone().first(local))),
            None => Moment::parse(said).map(Some).map_err(|_| {
                self.wrong(entry, key, format!("`{value}` is no moment; write `2026-03-02 09:00`, or with an offset `2026-03-02T09:00:00+08:00`"))
            }),
        }
    }
    pub(super) fn local(&self, at: Moment) -> String {
        let local = at.local(self.zone());
        let whole = at.unix().rem_euclid(60) == 0;
        local
            .format(if whole {
                "%Y-%m-%d %H:%M"
            } else {
                "%Y-%m-%d %H:%M:%S"
            })
            .to_string()
    }

    fn head(&mut self, head: &Entry) -> Result<(), Malformed> {
        let Some(hand) = self.hand().cloned() else {
            return Ok(());
        };
        self.place = head.text("place").map_or_else(
            || {
                hand.plan
                    .places
                    .first()
                    .map_or(String::new(), |it| it.code.to_string())
            },
            str::to_owned,
        );
        if let Some(class) = head.map.get("class") {
            let known = class.as_str().and_then(Class::named);
            let names = || {
                Class::ALL
                    .iter()
                    .map(|it| format!("`{}`", it.zh()))
                    .collect::<Vec<_>>()
                    .join(", ")
            };
            self.class = known.ok_or_else(|| {
                self.wrong(
                    head,
                    "class",
                    format!("{class} is no class; write one of {}", names()),
                )
            })?;
        }
        match head.map.get("facts") {
            None => {}
            Some(Value::Object(facts)) => {
                for (name, value) in facts {
                    if name == RECEIVED_ON {
                        let said = pick(
                            self.lang,
                            "收到的日期(`received_on`)不用写,以“登记”那一行的时间为准;请改那一行的“时”",
                            "the date of receipt (`received_on`) is not given; it is that of the line that does `open`: set its `at`",
                        );
                        return Err(self.wrong(head, name, said));
                    }
                    let Some(fact) = hand.plan.schema.fact(name) else {
                        let near = hand
                            .plan
                            .schema
                            .near(name)
                            .map_or(String::new(), |near| format!("; did you mean `{near}`?"));
                        return Err(self.wrong(
                            head,
                            name,
                            format!("no fact is called `{name}`{near}"),
                        ));
                    };
                    if let Some(said) = elsewhere(fact, self.lang) {
                        return Err(self.wrong(head, name, said));
                    }
                    let read = serde_json::from_value(value.clone())
                        .ok()
                        .and_then(|value| fact.domain.code(&value));
                    if read.is_none() {
                        return Err(self.wrong(
                            head,
                            name,
                            format!(
                                "the fact `{name}` cannot be {value}; it is {}",
                                fact.domain.expects()
                            ),
                        ));
                    }
                }
                self.facts = facts.clone();
                // What the head says stands in the place of what the host's function would find.
                for rule in &hand.plan.derived {
                    if facts.contains_key(&rule.fact) {
                        self.plans.give_by_hand(&rule.fact);
                    }
                }
            }
            Some(_) => {
                return Err(self.wrong(head, "facts", "facts are written `{\"kind\": \"投诉\"}`"));
            }
        }
        let (closed, opened) = (self.dates(head, "closed")?, self.dates(head, "opened")?);
        if closed.is_empty() && opened.is_empty() {
            return Ok(());
        }
        // Laid over the last of the plan's tables, by its name, so that the plan stays the same.
        let Some(last) = hand.plan.holidays.last() else {
            return Err(self.wrong(
                head,
                "closed",
                "the pack counts by no day table; name one by `.holidays(\"cn\")`",
            ));
        };
        let Some(mut table) = self.plans.table(last) else {
            let said = pick(
                self.lang,
                format!(
                    "手里没有日历`{last}`,放假、上班的日子没有地方写;请把 `calendars/{last}.json` 放在规则包旁边"
                ),
                format!(
                    "the day table `{last}` is not at hand to lay days over; put `calendars/{last}.json` beside the pack"
                ),
            );
            return Err(self.wrong(head, "closed", said));
        };
        table.revision.push_str("+test");
        for (date, name) in closed {
            table.opened.remove(&date);
            table.closed.insert(date, name);
        }
        for (date, name) in opened {
            table.closed.remove(&date);
            table.opened.insert(
                date,
                Opened {
                    name,
                    windows: None,
                },
            );
        }
        let revised = self.plans.revise(table).map(|_| ());
        revised.map_err(|error| self.wrong(head, "closed", error.to_string()))
    }

    fn dates(&self, head: &Entry, key: &str) -> Result<BTreeMap<NaiveDate, String>, Malformed> {
        let named: Vec<(String, String)> = match head.map.get(key) {
            None => Vec::new(),
            Some(Value::Array(dates)) => dates
                .iter()
                .map(|date| {
                    (
                        date.as_str().unwrap_or_default().to_owned(),
                        "test".to_owned(),
                    )
                })
                .collect(),
            Some(Value::Object(dates)) => dates
                .iter()
                .map(|(date, name)| (date.clone(), name.as_str().unwrap_or("test").to_owned()))
                .collect(),
            Some(_) => vec![(String::new(), String::new())],
        };
        let read = |(date, name): (String, String)| {
            match date.parse() {
            Ok(date) => Ok((date, name)),
            Err(_) => Err(self.wrong(head, key, format!("`{date}` is no date; write `[\"2026-03-04\"]` or `{{\"2026-03-04\": \"name\"}}`"))),
        }
        };
        named.into_iter().map(read).collect()
    }

    fn line(
        &mut self,
        entry: &Entry,
        cover: &mut Cover<'_>,
        generated: &mut Generated,
    ) -> Result<(), Malformed> {
        if let Some(at) = self.moment(entry, "at")? {
            if self.at.is_some_and(|last| at < last) {
                return Err(self.wrong(
                    entry,
                    "at",
                    "this lies before the line above it; put lines in the order of time",
                ));
            }
            self.at = Some(at);
            self.tick(at, entry, cover)?;
        }
        if entry.map.contains_key("do") {
            self.step(entry, cover, generated)
        } else {
            expect::line(self, entry, cover)
        }
    }

    fn tick(&mut self, at: Moment, entry: &Entry, cover: &mut Cover<'_>) -> Result<(), Malformed> {
        while self
            .case
            .as_ref()
            .and_then(Case::next_alarm)
            .is_some_and(|alarm| alarm <= at)
        {
            let by = Actor::new(self.id::<PersonId>(entry, "system")?, Role::System);
            let envelope = self.envelope(entry, at, by, Command::Tick {})?;
            let ticked = decide(self.case.as_ref(), &envelope, &self.plans);
            let decision =
                ticked.map_err(|refusal| self.wrong(entry, "at", refusal.say(self.lang)))?;
            self.take(decision, entry, cover)?;
        }
        Ok(())
    }

    fn id<T: std::str::FromStr<Err: std::fmt::Display>>(
        &self,
        entry: &Entry,
        text: &str,
    ) -> Result<T, Malformed> {
        text.parse()
            .map_err(|error: T::Err| self.wrong(entry, "do", error.to_string()))
    }

    fn envelope(
        &self,
        entry: &Entry,
        at: Moment,
        by: Actor,
        command: Command,
    ) -> Result<Envelope, Malformed> {
        let id: CommandId = self.id(entry, &format!("line-{}", entry.line))?;
        let salt = Salt::derived(b"trial", id.as_str());
        Ok(Envelope {
            id,
            case: self.id(entry, "试")?,
            by,
            at,
            salt,
            command,
        })
    }

    fn take(
        &mut self,
        decision: Decision,
        entry: &Entry,
        cover: &mut Cover<'_>,
    ) -> Result<(), Malformed> {
        for record in decision.records {
            let before = self.case.take();
            let after = evolve(before.clone(), &record)
                .map_err(|error| self.wrong(entry, "do", error.to_string()))?;
            if let Event::Screened { proposed, .. } = &record.event {
                self.proposed = *proposed;
            }
            cover.record(before.as_ref(), &record, &after);
            self.records.push(record);
            self.case = Some(after);
        }
        Ok(())
    }

    fn step(
        &mut self,
        entry: &Entry,
        cover: &mut Cover<'_>,
        generated: &mut Generated,
    ) -> Result<(), Malformed> {
        let said = entry.text("do").unwrap_or_default();
        let Some(name) = CommandName::named(said) else {
            let names = CommandName::ALL.iter().flat_map(|it| [it.name(), it.zh()]);
            let near = crate::plan::near(said, names)
                .map_or(String::new(), |near| format!("; did you mean `{near}`?"));
            return Err(self.wrong(entry, "do", format!("no command is called `{said}`{near}")));
        };
        let Some(at) = self.at else {
            return Err(self.wrong(
                entry,
                "do",
                "it does not say when; write `\"at\": \"2026-03-02 09:00\"`",
            ));
        };
        let Some(hand) = self.hand().cloned() else {
            return Ok(());
        };
        let route = self.route(cover, name == CommandName::Assign);
        let derived = hand.plan.derived.iter().map(|rule| rule.fact.clone());
        let by_hand: Vec<FactName> = derived
            .filter(|fact| self.plans.is_given_by_hand(fact))
            .collect();
        let context = Context {
            plan: &hand.plan,
            by_hand: &by_hand,
            case: self.case.as_ref(),
            facts: &self.facts,
            class: self
                .case
                .as_ref()
                .and_then(Case::class)
                .unwrap_or(self.class),
            place: &self.place,
            route,
            today: at.date(hand.plan.zone).to_string(),
            at: at.to_string(),
        };
        let by = context
            .actor(name, entry.map.get("by"))
            .map_err(|said| self.wrong(entry, "by", said))?;
        let command: Command =
            serde_json::from_value(context.command(name, entry)).map_err(|error| {
                self.wrong(
                    entry,
                    "do",
                    format!("`{}` cannot be read: {error}", name.name()),
                )
            })?;
        let envelope = self.envelope(entry, at, by, command)?;
        let before = self.case.clone();
        match (
            decide(before.as_ref(), &envelope, &self.plans),
            entry.map.get("refused"),
        ) {
            (Ok(decision), None) => {
                generated.moved(
                    &self.plans,
                    before.as_ref(),
                    &envelope,
                    &decision,
                    cover,
                    &format!("{}:{}", self.file.file, entry.line),
                );
                self.take(decision, entry, cover)
            }
            (Ok(decision), Some(wanted)) => {
                let expected = pick(
                    self.lang,
                    format!("“{}”被拒绝:{wanted}", name.zh()),
                    format!("`{name}` refused by {wanted}"),
                );
                self.fails(
                    entry,
                    expected,
                    pick(self.lang, "办成了", "it was accepted"),
                    None,
                );
                self.take(decision, entry, cover)
            }
            (Err(refusal), wanted) => {
                if let Some(case) = &self.case {
                    cover.refused(case, &envelope.command, &refusal);
                } else if name == CommandName::Open {
                    self.not_taken = Some(refusal.say(self.lang));
                }
                let by = refusers(&refusal);
                let words = [refusal.say(Lang::Zh), refusal.say(Lang::En)];
                let is = |want: &str| {
                    by.iter().any(|it| it == want) || words.iter().any(|it| it.contains(want))
                };
                let fits = match wanted {
                    None => false,
                    Some(Value::String(want)) => is(want),
                    // A list names every clause that refuses, and no other.
                    Some(Value::Array(wants)) => {
                        let wants: Vec<&str> = wants.iter().filter_map(Value::as_str).collect();
                        let rules: Vec<&String> = by.iter().filter(|it| it.contains('(')).collect();
                        wants.iter().all(|want| is(want)) && rules.iter().all(|rule| wants.contains(&rule.as_str()))
                    }
                    Some(_) => return Err(self.wrong(entry, "refused", "a refusal is expected by `\"gate(process).1\"`, by its words, or by a list of clauses")),
                };
                if !fits {
                    let expected = match wanted {
                        None => pick(
                            self.lang,
                            format!("“{}”办成", name.zh()),
                            format!("`{name}` accepted"),
                        ),
                        Some(wanted) => pick(
                            self.lang,
                            format!("“{}”被拒绝:{wanted}", name.zh()),
                            format!("`{name}` refused by {wanted}"),
                        ),
                    };
                    let got = format!("{} [{}]", refusal.say(self.lang), by.join(", "));
                    self.fails(entry, expected, got, None);
                }
                Ok(())
            }
        }
    }

    /// Who should lead, as the rule says now.
    pub(super) fn route(&self, cover: &mut Cover<'_>, counts: bool) -> Option<String> {
        let hand = self.hand()?;
        let row = facts_row(&hand.plan, self.case.as_ref()?);
        let rule = &hand.plan.route.as_ref()?.lead;
        if counts {
            cover.read(&rule.rule, &row);
        }
        rule.answer(&row).as_ref().map(ToString::to_string)
    }

    pub(super) fn calendar(&self) -> Option<&Calendar> {
        self.hand().map(|hand| &hand.calendar)
    }
}

/// Where a fact is said that the head of a test does not give: there nothing would read it.
fn elsewhere(fact: &FactRule, lang: Lang) -> Option<String> {
    let name = &fact.name;
    let (zh, en) = match fact.given {
        Given::Citizen | Given::Host | Given::Intake | Given::Derived => return None,
        Given::Reviewer => (
            format!(
                "审核意见`{name}`不写在案头的“事实”里;写在“审核”那一行:`{{\"做\": \"审核\", \"审核意见\": {{\"{name}\": true}}}}`"
            ),
            format!(
                "the finding `{name}` is not given in the head; give it where the reviewer does: `{{\"do\": \"review\", \"findings\": {{\"{name}\": true}}}}`"
            ),
        ),
        Given::Reply => (
            format!(
                "用词`{name}`不写在案头的“事实”里,看的是答复;写在“答复”那一行的正文里:`{{\"做\": \"答复\", \"正文\": \"…\"}}`"
            ),
            format!(
                "the mention `{name}` is not given in the head, it is found in the reply: `{{\"do\": \"reply\", \"text\": \"…\"}}`"
            ),
        ),
        Given::Engine if name == "class" => (
            "类别(`class`)不写在“事实”里;写在它前面:`\"类别\": \"问事\"`".to_owned(),
            "the class (`class`) is no fact of the head; write it before them: `\"class\": \"question\"`"
                .to_owned(),
        ),
        Given::Engine if name == "place_level" => (
            "地方的级别(`place_level`)不写在“事实”里;写是哪个地方:`\"地方\": \"6325\"`".to_owned(),
            "the level of the place (`place_level`) is no fact of the head; write the place: `\"place\": \"6325\"`"
                .to_owned(),
        ),
        Given::Engine => (
            format!("`{name}`由办理情况本身得出,不写在案头的“事实”里;把办成这样的各步写出来"),
            format!(
                "`{name}` comes of the case itself and is not given in the head; write the steps that make it so"
            ),
        ),
    };
    Some(pick(lang, zh, en))
}

/// What refused: rules by their identity, gates by name, or the law of the machine.
fn refusers(refusal: &Refusal) -> Vec<String> {
    match &*refusal.why {
        Why::Gates { findings } => findings
            .iter()
            .flat_map(|it| {
                [
                    it.reason.rule.to_string(),
                    it.gate.name().to_owned(),
                    it.gate.zh().to_owned(),
                ]
            })
            .collect(),
        Why::Rule { source, .. } => vec![source.rule.to_string()],
        Why::OnlyWhen(it) => vec![it.rule.to_string(), "only_when".to_owned()],
        why => match serde_json::to_value(why) {
            Ok(Value::String(name)) => vec![name],
            Ok(Value::Object(map)) => map.keys().cloned().collect(),
            _ => Vec::new(),
        },
    }
}

/// Whether a verdict is what a word says.
pub(super) fn says(verdict: Verdict, word: &str) -> Option<bool> {
    match word {
        "on_time" | "按时" | "按期" => Some(verdict.is_on_time()),
        "late" | "超期" => Some(!verdict.is_on_time()),
        _ => None,
    }
}
