//! Whether a plan is one that cases can live with.

pub(crate) mod clocks;
mod duties;
mod fault;
mod parts;
mod warning;
mod zh;

use std::collections::BTreeSet;

pub use fault::{PlanFault, PostUse};
pub use warning::PlanWarning;

use super::{
    Clauses, Domain, FactRule, Given, Judged, Mention, PauseKind, Plan, Provenance, SUPPLEMENT,
    engine_facts, received_on,
};
use crate::time::Span;
use crate::words::{Class, Gate, PauseSide};

impl Plan {
    /// Whether cases can live with the plan: its names resolve, its diagrams fit its schema, every kind of clock
    /// that the spine needs is there, and nothing loosens what the spine holds.
    ///
    /// # Errors
    /// Everything that is wrong, not the first thing only.
    ///
    /// ```
    /// use duly::plan::{PlanFault, bare};
    /// let mut plan = bare("demo".parse()?);
    /// plan.callback.attempts = 0;
    /// assert_eq!(plan.validate(), Err(vec![PlanFault::Attempts(0)]));
    /// # Ok::<(), duly::words::InvalidId>(())
    /// ```
    pub fn validate(&self) -> Result<(), Vec<PlanFault>> {
        let mut faults = Vec::new();
        if self.shape != Plan::SHAPE {
            faults.push(PlanFault::Shape {
                found: self.shape,
                reads: Plan::SHAPE,
            });
        }
        self.check_facts(&mut faults);
        self.check_derived(&mut faults);
        self.check_rules(&mut faults);
        self.check_people(&mut faults);
        clocks::check(self, &mut faults);
        duties::check(self, &mut faults);
        self.check_doors(&mut faults);
        self.check_numbers(&mut faults);
        if faults.is_empty() {
            Ok(())
        } else {
            Err(faults)
        }
    }

    fn check_facts(&self, faults: &mut Vec<PlanFault>) {
        let own = engine_facts(self.labels);
        for (at, fact) in own.iter().enumerate() {
            if self.schema.facts.get(at) != Some(fact) {
                faults.push(PlanFault::EngineFact(fact.name.clone()));
            }
        }
        // The date of receipt comes after them, if at all.
        let date = received_on();
        let dated = self
            .schema
            .fact(&date.name)
            .filter(|fact| fact.given == Given::Engine);
        if dated.is_some() && self.schema.facts.get(own.len()) != Some(&date) {
            faults.push(PlanFault::EngineFact(date.name));
        }
        let mut seen = BTreeSet::new();
        for fact in &self.schema.facts {
            if !seen.insert(&fact.name) {
                faults.push(PlanFault::FactTwice(fact.name.clone()));
            }
            if !sound(fact) {
                faults.push(PlanFault::Domain(fact.name.clone()));
            }
            if fact
                .otherwise
                .as_ref()
                .is_some_and(|value| fact.domain.code(value).is_none())
            {
                faults.push(PlanFault::Otherwise(fact.name.clone()));
            }
        }
        for mention in &self.mentions {
            let fits = |fact: &FactRule| fact.domain == Domain::YesNo && fact.given == Given::Reply;
            let nothing = |word: &String| Mention::compared(word).is_empty();
            let blank = mention.words.is_empty() || mention.words.iter().any(nothing);
            if blank || !self.schema.fact(&mention.fact).is_some_and(fits) {
                faults.push(PlanFault::Mention(mention.fact.clone()));
            }
        }
    }

    /// Each derived fact has its one rule, and each rule its fact and inputs.
    fn check_derived(&self, faults: &mut Vec<PlanFault>) {
        let mut seen = BTreeSet::new();
        for rule in &self.derived {
            if !seen.insert(&rule.fact) || !self.derives_soundly(rule) {
                faults.push(PlanFault::Derived(rule.fact.clone()));
            }
        }
        let derived = self
            .schema
            .facts
            .iter()
            .filter(|fact| fact.given == Given::Derived);
        for fact in derived.filter(|fact| !seen.contains(&fact.name)) {
            faults.push(PlanFault::Derived(fact.name.clone()));
        }
    }

    fn check_rules(&self, faults: &mut Vec<PlanFault>) {
        let mut seen = BTreeSet::new();
        for asked in self.decisions() {
            if !asked.fits(&self.schema) {
                faults.push(PlanFault::Foreign(asked.rule.clone()));
            }
            if !seen.insert(asked.rule) {
                faults.push(PlanFault::RuleTwice(asked.rule.clone()));
            }
            let sound = |clauses: &Clauses| clauses.sound() && clauses.decides.fits(&self.schema);
            if !asked.clauses.is_none_or(sound) {
                faults.push(PlanFault::Clauses(asked.rule.clone()));
            }
        }
        let unasked = self.notices.iter().filter(|notice| notice.when.is_none());
        let unasked = unasked.map(|notice| &notice.rule);
        let plain = self.counts.iter().map(|count| &count.rule);
        let plain = plain.chain(self.duties.iter().map(|duty| &duty.rule));
        let plain = plain.chain(self.bundles.iter().map(|bundle| &bundle.rule));
        let heeded = self.signals.iter().filter(|signal| signal.when.is_none());
        let plain = plain.chain(heeded.map(|signal| &signal.rule));
        for rule in plain.chain(unasked) {
            if !seen.insert(rule) {
                faults.push(PlanFault::RuleTwice(rule.clone()));
            }
        }
    }

    fn check_people(&self, faults: &mut Vec<PlanFault>) {
        if self.places.is_empty() {
            faults.push(PlanFault::NoPlace);
        }
        let mut seen = BTreeSet::new();
        for place in self.places.iter().filter(|place| !seen.insert(&place.code)) {
            faults.push(PlanFault::PlaceTwice(place.code.clone()));
        }
        let mut seen = BTreeSet::new();
        for post in self.posts.iter().filter(|post| !seen.insert(&post.id)) {
            faults.push(PlanFault::PostTwice(post.id.clone()));
        }
        let mut need = |at: PostUse, post: &str| {
            if self.post(post).is_none() {
                faults.push(PlanFault::NoPost {
                    at,
                    post: post.to_owned(),
                });
            }
        };
        for clock in &self.clocks {
            for rung in &clock.rungs {
                rung.acts
                    .iter()
                    .for_each(|(_, post)| need(PostUse::Rung(clock.kind, rung.key.clone()), post));
            }
        }
        for count in &self.counts {
            count
                .acts
                .iter()
                .for_each(|(_, post)| need(PostUse::Count(count.rule.clone()), post));
        }
        for notice in &self.notices {
            notice
                .to
                .iter()
                .for_each(|post| need(PostUse::Notice(notice.rule.clone()), post));
        }
        for duty in &self.duties {
            let rungs = duty.rungs.iter().flat_map(|rung| &rung.acts);
            let posts = duty.owed_by.iter().chain(rungs.map(|(_, post)| post));
            posts.for_each(|post| need(PostUse::Duty(duty.kind), post));
        }
        self.digest
            .to
            .iter()
            .for_each(|post| need(PostUse::Digest, post));
        self.bulletin
            .to
            .iter()
            .for_each(|post| need(PostUse::Bulletin, post));
    }

    fn check_doors(&self, faults: &mut Vec<PlanFault>) {
        for rule in &self.gates {
            let due = if rule.gate == Gate::Satisfaction {
                Judged::StrikeOff
            } else {
                Judged::Review
            };
            if rule.judged != due {
                faults.push(PlanFault::Judged {
                    gate: rule.gate,
                    judged: rule.judged,
                });
            }
        }
        for class in Class::ALL.iter().copied() {
            let outcomes = self
                .strike_off
                .allow
                .get(&class)
                .map_or(&[][..], Vec::as_slice);
            if outcomes.is_empty() {
                faults.push(PlanFault::AllowNone(class));
            }
            let more = outcomes.iter().filter(|outcome| !class.allows(**outcome));
            faults.extend(more.map(|outcome| PlanFault::Allow {
                class,
                outcome: *outcome,
            }));
        }
        for (what, grounds) in [
            ("redo", &self.redo.grounds),
            ("reopening", &self.reopen.grounds),
        ] {
            let once: BTreeSet<&String> = grounds.iter().collect();
            if grounds.is_empty()
                || once.len() != grounds.len()
                || grounds.iter().any(|ground| ground.trim().is_empty())
            {
                faults.push(PlanFault::Grounds(what));
            }
        }
    }

    fn check_numbers(&self, faults: &mut Vec<PlanFault>) {
        let mut seen = BTreeSet::new();
        for pause in &self.pauses {
            let fine = sized(&pause.most)
                && (1..=10).contains(&pause.times)
                && !pause.reason.trim().is_empty();
            if !fine || !seen.insert(&pause.reason) {
                faults.push(PlanFault::Pause(pause.reason.clone()));
            }
            let cannot = |what| PlanFault::PauseCannot {
                reason: pause.reason.clone(),
                what,
            };
            match pause.kind {
                PauseKind::Restarts if pause.reason != SUPPLEMENT => faults.push(cannot((
                    "restart time: only 补正 can, when the citizen has completed the message",
                    "不能重新起算:只有网民补全留言的“补正”可以",
                ))),
                PauseKind::Excludes if pause.side != PauseSide::Statutory => faults.push(cannot((
                    "exclude time: only what a statute excludes can be taken out when it is over",
                    "不能事后扣除:只有法定的(`STATUTORY`)可以事后扣除",
                ))),
                _ => {}
            }
            if pause.reason == SUPPLEMENT && !pause.holds.is_empty() {
                faults.push(cannot((
                    "name the clocks that wait: while a message is incomplete, all wait that heed the citizen's time",
                    "不能点名只停哪几个时限:留言没有补全,凡等网民的时限都停",
                )));
            }
            if !pause.holds.iter().all(|clock| clock.heeds(pause.side)) {
                faults.push(cannot((
                    "hold a clock that does not heed whose time it is: the citizen's own clocks wait for the citizen and for statutes alone, and \
                     only clocks of handling wait for the office",
                    "不能停住不等它的时限:网民的时限只等网民和法定事由,只有办理环节的时限等单位",
                )));
            }
        }
        for count in &self.counts {
            if !(1..=99).contains(&count.at) || count.acts.is_empty() {
                faults.push(PlanFault::Count(count.rule.clone()));
            }
        }
        self.check_parts(faults);
        for notice in self.notices.iter().filter(|notice| !notice.tells()) {
            faults.push(PlanFault::Notice(notice.rule.clone()));
        }
        if !(2..=10).contains(&self.callback.attempts) {
            faults.push(PlanFault::Attempts(self.callback.attempts));
        }
        if !sized(&self.direct.floor) {
            faults.push(PlanFault::Floor);
        }
        if !(1..=super::spine::OVERDUE_EVERY).contains(&self.overdue_every) {
            faults.push(PlanFault::OverdueEvery(self.overdue_every));
        }
        if self.in_force.is_some_and(|in_force| !in_force.is_sound()) {
            faults.push(PlanFault::InForce);
        }
        let mut seen = BTreeSet::new();
        for param in &self.params {
            if !param.is_sound() || !seen.insert(&param.name) {
                faults.push(PlanFault::Param(param.name.clone()));
            }
        }
    }
}

fn sound(fact: &FactRule) -> bool {
    match &fact.domain {
        Domain::YesNo => true,
        Domain::Labels(labels) => {
            let once: BTreeSet<&String> = labels.iter().collect();
            !labels.is_empty()
                && once.len() == labels.len()
                && labels.iter().all(|label| !label.trim().is_empty())
        }
        Domain::Percent { least, most } => 0 <= *least && least <= most && *most < i64::MAX,
        Domain::Whole { least, most } => least <= most && *least > i64::MIN && *most < i64::MAX,
        Domain::Date { least, most } => least <= most,
    }
}

/// Whether a span has a length, and one that an office can mean: at most ten years.
pub(crate) fn sized(span: &Span) -> bool {
    const YEARS: i64 = 10;
    match span {
        Span::Elapsed(seconds) | Span::WorkingTime(seconds) => {
            (1..=YEARS * 366 * 86_400).contains(seconds)
        }
        Span::WorkingDays(n) | Span::CalendarDays(n) => (1..=YEARS * 366).contains(&i64::from(*n)),
        Span::Weeks(n) => (1..=YEARS * 53).contains(&i64::from(*n)),
        Span::Months(n) => (1..=YEARS * 12).contains(&i64::from(*n)),
        Span::Years(n) => (1..=YEARS).contains(&i64::from(*n)),
        Span::Earliest(spans) | Span::Latest(spans) => !spans.is_empty() && spans.iter().all(sized),
    }
}

pub(super) const fn cited(provenance: &Provenance) -> bool {
    matches!(provenance, Provenance::Cited(_))
}

#[cfg(test)]
mod tests;

/// What a clock may start on, in words.
pub(super) fn starts_on(kind: crate::words::ClockKind) -> String {
    let all = std::iter::once(kind.starts()).chain(kind.earlier().iter().copied());
    let all: Vec<String> = all.map(|mark| format!("`{mark}`")).collect();
    match all.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} or {last}", rest.join(", ")),
        _ => all.concat(),
    }
}
