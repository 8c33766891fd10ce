//! The laws of casework, as properties over random plans, persons, commands and times. Each law stands in prose
//! above its test; a test is named for the row of the workflow that it holds. Where a law can be judged from the
//! ledger alone it is, by a reading of its own that shares nothing with the machine.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a test stops where it is wrong"
)]

mod asked;
mod audit;
mod bounds;
mod clocks;
mod counted;
mod divided;
mod given;
mod going_on;
mod heads;
mod joined;
mod ladders;
mod mentions;
mod needs;
mod notices;
#[path = "../field_bugs/office.rs"]
mod office;
mod orders;
mod outgoing;
mod parts;
mod past;
mod reach;
mod replies;
mod reviews;
mod said;
mod set_right;
mod signals;
mod situations;
mod stands;
mod stretches;
mod struck;
mod table;
mod taken;
mod told;
#[path = "../tries/mod.rs"]
mod tries;
mod world;

use std::collections::BTreeSet;

use duly::case::{Clock, decide, evolve, outcomes, rehearse_import, replay};
use duly::desk::{Cursor, Desk, MemoryLedger};
use duly::plan::Plans;
use duly::time::Moment;
use duly::words::*;
use proptest::prelude::*;
use world::{
    Choices, History, Step, choices, envelope, moment, persons, plans, play, play_until, revised,
    steps,
};

/// How a law over whole histories is tried.
pub fn config() -> ProptestConfig {
    tries::config(200)
}

fn desk(plans: &Plans) -> Desk<MemoryLedger> {
    Desk::new(MemoryLedger::new("board".parse().unwrap()), plans.clone()).unwrap()
}

/// The passing of time at the moment of a command.
fn system_tick(of: &Envelope) -> Envelope {
    let system = persons()
        .into_iter()
        .find(|person| person.id.as_str() == "system")
        .unwrap();
    envelope(&format!("tick-{}", of.id), system, of.at, Command::Tick {})
}

/// In half of the worlds the next holidays are published halfway.
fn history(choices: &Choices, steps: &[Step]) -> History {
    let plans = plans(choices);
    match choices.lengths[7].is_multiple_of(2) {
        true => play_until(&plans, steps.len() / 2, &revised(&plans), steps),
        false => play(&plans, steps),
    }
}

proptest! {
    #![proptest_config(config())]

    // 专人负责: past intake, every open case has exactly one named owner.
    #[test]
    fn a06_exactly_one_named_owner_in_every_open_stage_past_intake(c in choices(), s in steps(60)) {
        for tried in history(&c, &s).tried {
            if let Ok(decision) = tried.answer {
                let case = decision.case;
                let past = !matches!(case.stage_name(), StageName::Received | StageName::Closed);
                prop_assert_eq!(past, case.team().is_some() && !case.is_closed());
                if case.stage_name() == StageName::Received {
                    prop_assert!(case.team().is_none());
                }
            }
        }
    }

    // 限时办结: an open case has a running clock, or one that waits for a reason that ends.
    #[test]
    fn a07_an_open_case_always_has_a_clock(c in choices(), s in steps(60)) {
        for tried in history(&c, &s).tried {
            let Ok(decision) = tried.answer else { continue };
            let case = decision.case;
            if case.is_closed() {
                prop_assert!(case.clocks().iter().all(|clock| !clock.is_live()), "a clock outlives the case");
                continue;
            }
            let waits = case.pauses().iter().any(|pause| pause.ended.is_none() && pause.until >= case.last_at());
            prop_assert!(case.clocks().iter().any(|clock| clock.is_running()) || waits);
            prop_assert!(case.clock(ClockKind::Whole).is_some_and(|whole| whole.is_live()), "the whole clock is not live");
        }
    }

    // 督办督查: a step of a clock has one fate and never two; it comes at its own scheduled moment, never before it;
    // and whatever was scheduled and fell due has had its fate.
    #[test]
    fn a08_each_step_once_at_its_moment_and_none_lost(c in choices(), s in steps(60)) {
        audit::steps(&history(&c, &s).records)?;
    }

    // Every occurrence that a clock ever had ahead has exactly one outcome. None comes before its moment, before its
    // clock started, or twice; the rungs of a clock come in the order of its schedule; what coalesces does so into a
    // later occurrence of the same moment that acts; what ends a case leaves nothing ahead.
    #[test]
    fn each_occurrence_has_exactly_one_outcome(c in choices(), s in steps(80)) {
        let history = history(&c, &s);
        audit::outcomes(&history.records, history.case.as_ref())?;
    }

    // 免打扰: quiet hours put a reminder off to their end, unless it is to come at once, and never drop it; what the law
    // dates (breach, lapse, a missed promise) is never put off.
    #[test]
    fn quiet_hours_defer_and_never_drop(c in choices(), s in steps(80)) {
        let plans = plans(&c);
        audit::quiet(&play(&plans, &s).records, &plans)?;
    }

    // 回访复核: nothing is struck off after review without a call-back that reached the citizen, or failed attempts on
    // as many different days as the plan asks, or the citizen's own rating; and who rechecked had not handled it.
    #[test]
    fn a09_called_back_before_struck_off_and_rechecked_by_another(c in choices(), s in steps(90)) {
        audit::called_back(&history(&c, &s).records, c.attempts)?;
    }

    // 回访复核: of a citizen who is not reached, as many calls on different days as the pack asks are enough, and one less is not, however
    // often they were called on the same day.
    #[test]
    fn a09_a_citizen_who_is_not_reached_is_called_on_as_many_days_as_the_pack_asks(c in choices(), days in 0u32..5) {
        let mut c = c;
        c.gates = 0;
        match table::rechecked_after_calls(&c, days) {
            Ok(_) => prop_assert!(days >= c.attempts, "{days} days of {}", c.attempts),
            Err(refusal) => {
                let enough = days >= c.attempts;
                prop_assert!(matches!(*refusal.why, Why::NeedsCallBack { .. }) && !enough, "{refusal}");
            }
        }
    }

    // 问题不解决不销账: a case is struck off only with an outcome that its class allows and a reply that says so, with
    // every promise on it kept; an unsatisfied citizen's only with an explanation that cites its basis.
    #[test]
    fn a13_not_struck_off_until_solved(c in choices(), s in steps(90)) {
        audit::struck_off(&history(&c, &s).records)?;
    }

    // 事事有回应、件件有回复: an answer that is published answers every matter; and when a case is closed its citizen has been told how
    // it ended.
    #[test]
    fn a14_every_message_answered(c in choices(), s in steps(90)) {
        let history = history(&c, &s);
        audit::answered(&history)?;
    }

    // 群众满意为最高标准: an unsatisfied rating never leads straight to closed. Silence and an automatic good rating are
    // not satisfaction: neither closes a case that nobody has rechecked.
    #[test]
    fn a15_unsatisfied_goes_back_and_silence_is_not_satisfaction(c in choices(), s in steps(90)) {
        audit::satisfied(&history(&c, &s).records)?;
    }

    // 并案: a case that follows another one ends when its own citizen has that one's answer, and not before.
    #[test]
    fn a26_a_follower_is_struck_off_once_its_own_citizen_is_told(c in choices(), s in steps(90)) {
        audit::merged(&history(&c, &s).records)?;
    }

    // 并案取早: a case is due no later than those that follow it, and nothing an office does lifts that.
    #[test]
    fn a26_a_survivor_is_due_no_later_than_its_followers(c in choices(), s in steps(90)) {
        let plans = plans(&c);
        let hand = plans.latest().unwrap();
        let floor = |at| {
            let after = duly::time::after(&hand.calendar, &hand.plan.counting, at, &hand.plan.direct.floor);
            after.unwrap().at
        };
        audit::joined(&play(&plans, &s).records, floor)?;
    }

    // 逐条审核把关: nothing is published that a reviewer other than its handlers did not pass.
    #[test]
    fn a16_nothing_published_unreviewed(c in choices(), s in steps(90)) {
        let history = history(&c, &s);
        audit::reviewed(&history)?;
        audit::reviewed_twice(&history, &plans(&c))?;
        audit::taken_down(&history)?;
    }

    // 退回重办: a return names its ground; a reviewer's or rechecker's return says what to mend; rounds are counted.
    #[test]
    fn a17_a_return_names_its_ground_and_is_counted(c in choices(), s in steps(90)) {
        let history = history(&c, &s);
        let returned: Vec<&Record> =
            history.records.iter().filter(|r| matches!(r.event, Event::Returned { .. })).collect();
        for record in &returned {
            if let Event::Returned { ground, mend, .. } = &record.event {
                prop_assert!(!ground.is_empty());
                let by_rating = ground == "网民不满意" && mend.is_none();
                prop_assert!(mend.is_some() || by_rating, "a return without what to mend");
            }
        }
        if let Some(case) = &history.case {
            // What another system counted is taken over with the case.
            let before = history.records.iter().find_map(|it| match &it.event {
                Event::Imported { case, .. } => Some(case.returns as usize),
                _ => None,
            });
            prop_assert_eq!(case.returns() as usize, before.unwrap_or(0) + returned.len());
        }
    }

    // 三个不放过: each gate alone keeps a reply from being published, whatever the other facts; and when none is shut
    // it passes.
    #[test]
    fn a20_a21_each_gate_alone_blocks(c in choices(), contacted in any::<bool>(), vague in any::<bool>()) {
        let mut c = c;
        for gates in 0..4u8 {
            c.gates = gates;
            let shut = (gates & 1 != 0 && !contacted) || (gates & 2 != 0 && vague);
            let answer = table::review(&plans(&c), contacted, vague);
            match answer {
                Ok(_) => prop_assert!(!shut, "a shut gate let a reply through"),
                Err(refusal) => {
                    prop_assert!(shut, "an open gate held a reply back: {refusal}");
                    let Why::Gates { findings } = *refusal.why else { panic!("refused for another reason: {refusal}") };
                    let named: Vec<Gate> = findings.iter().map(|finding| finding.gate).collect();
                    prop_assert_eq!(named.contains(&Gate::Process), gates & 1 != 0 && !contacted);
                    prop_assert_eq!(named.contains(&Gate::Measures), gates & 2 != 0 && vague);
                }
            }
        }
    }

    // 群众不满意不放过: before striking off, the third gate alone blocks. An unsatisfied citizen, and one who was silent
    // and whom nobody has rechecked, each keep a case open whatever else is in order; so does a pack's own clause.
    #[test]
    fn a22_the_third_gate_alone_blocks(
        c in choices(), satisfied in any::<bool>(), rechecked in any::<bool>(), clause in any::<bool>()
    ) {
        let mut c = c;
        c.gates = if clause { 4 } else { 0 };
        let refusal = table::struck_off(&c, satisfied, rechecked).err().map(|refusal| *refusal.why);
        match refusal {
            None => prop_assert!(rechecked || (satisfied && !clause)),
            Some(Why::NeedsRecheck) => prop_assert!(!satisfied && !rechecked),
            Some(Why::Gates { findings }) => {
                prop_assert!(clause && !rechecked);
                prop_assert!(findings.iter().all(|it| it.gate == Gate::Satisfaction));
            }
            Some(why) => return Err(TestCaseError::fail(format!("refused for another reason: {why:?}"))),
        }
    }

    // A ledger replays to the same case, also after its records were written down and read back.
    #[test]
    fn law3_replay_rebuilds(c in choices(), s in steps(80)) {
        let history = history(&c, &s);
        let mut case = None;
        let mut read = Vec::new();
        for record in &history.records {
            let text = serde_json::to_string(record).unwrap();
            read.push(serde_json::from_str::<Record>(&text).unwrap());
            prop_assert_eq!(read.last(), Some(record));
            case = Some(evolve(case, record).unwrap());
        }
        prop_assert_eq!(&case, &history.case);
        prop_assert_eq!(replay(&read).unwrap(), history.case);
        if let Some(case) = case {
            let text = serde_json::to_string(&case).unwrap();
            prop_assert_eq!(serde_json::from_str::<duly::case::Case>(&text).unwrap(), case);
        }
    }

    // Of a history of which a record is gone, changed places with the next, or is another case's, nothing is made, and the first record that
    // does not follow is named; only what is cut off at the end is for the head to miss.
    #[test]
    fn law3_no_history_with_a_hole_replays(c in choices(), s in steps(40), at in any::<prop::sample::Index>(), how in 0..3) {
        let mut records = history(&c, &s).records;
        prop_assume!(records.len() > 1);
        let at = at.index(records.len() - 1);
        let broken = match how {
            0 => {
                records.remove(at);
                at
            }
            1 => {
                records.swap(at, at + 1);
                at
            }
            _ => {
                records[at + 1].case = "another".parse().unwrap();
                at + 1
            }
        };
        let corrupt = replay(&records).unwrap_err();
        prop_assert_eq!(corrupt.version(), records[broken].version);
    }

    // A refused command leaves nothing behind but what time itself brought: ledger, case and outbox are, byte for byte,
    // what a tick at that moment would have made of them. Sent again, whenever, it is answered the same.
    #[test]
    fn law3_a_refusal_changes_nothing(c in choices(), s in steps(60)) {
        let plans = plans(&c);
        let (asked, ticked) = (desk(&plans), desk(&plans));
        let id: CaseId = "c".parse().unwrap();
        let mut refused = Vec::new();
        for tried in play(&plans, &s).tried {
            let answer = match asked.submit(tried.envelope.clone()) {
                Ok(answer) => answer,
                // What a case and its parts tell each other no host may say.
                Err(error) if error.to_string().contains("leave it to the desk") => continue,
                Err(error) => panic!("{error}"),
            };
            let other = match answer.refusal() {
                None => Some(tried.envelope.clone()),
                Some(_) => asked.case(&id).unwrap().map(|_| system_tick(&tried.envelope)),
            };
            if let Some(other) = other {
                let same = ticked.submit(other).unwrap();
                prop_assert_eq!(same.is_done(), answer.is_done() || answer.refusal().is_some());
            }
            if answer.refusal().is_some() {
                refused.push((tried.envelope, answer));
            }
        }
        let written = |desk: &Desk<MemoryLedger>| -> Vec<_> {
            let history = desk.history(&id).unwrap().into_iter();
            history.map(|entry| (serde_json::to_string(&entry.sealed).unwrap(), entry.observed_at)).collect()
        };
        for (mut envelope, answer) in refused {
            envelope.at = envelope.at.plus(40 * 86_400);
            envelope.salt = Salt::derived(b"another", "salt");
            prop_assert_eq!(asked.submit(envelope).unwrap(), answer);
        }
        prop_assert_eq!(written(&asked), written(&ticked));
        prop_assert_eq!(asked.case(&id).unwrap(), ticked.case(&id).unwrap());
        let outbox = |desk: &Desk<MemoryLedger>| desk.outbox(&Cursor::start(), 10_000).unwrap().items;
        prop_assert_eq!(outbox(&asked), outbox(&ticked));
    }

    // A delivery is of something that was to be told: each effect that an event of the case has had is taken, and nothing
    // else that looks like one.
    #[test]
    fn law3_only_what_was_to_be_told_is_delivered(c in choices(), s in steps(60)) {
        let plans = plans(&c);
        let history = play(&plans, &s);
        let Some(case) = history.case else { return Ok(()) };
        let done = history.tried.iter().filter_map(|tried| tried.answer.as_ref().ok());
        // What goes to other cases is delivered by the desk, and to nobody outside.
        let outside = |out: &&Outgoing| !out.is_link();
        let all = done.flat_map(|decision| &decision.outgoing).filter(outside);
        let mut told: BTreeSet<EffectId> = all.map(|out| out.id.clone()).collect();
        let system = persons().into_iter().find(|person| person.id.as_str() == "system").unwrap();
        // What was laid out to come at once comes first; after that, the case's last moment brings nothing new.
        let tick = envelope("t", system.clone(), case.last_at(), Command::Tick {});
        let ticked = decide(Some(&case), &tick, &plans).unwrap();
        told.extend(ticked.outgoing.iter().filter(outside).map(|out| out.id.clone()));
        let case = ticked.case;
        for version in 0..=case.version() + 2 {
            for index in 0..4 {
                let effect = EffectId { case: case.id().clone(), version, index };
                let taken = case.has_told(&effect);
                prop_assert_eq!(taken, told.contains(&effect), "{}", effect);
                if version % 7 == 0 {
                    let command = Command::Delivered { effect };
                    let answer = decide(Some(&case), &envelope("d", system.clone(), case.last_at(), command), &plans);
                    prop_assert_eq!(answer.is_ok(), taken);
                }
            }
        }
    }

    // Poll independence: ticks sent at any moments in between, or none at all, give the same records byte for byte.
    #[test]
    fn law_ticks_are_idempotent_and_polling_changes_nothing(
        c in choices(), s in steps(50), polls in proptest::collection::vec(0i64..4_000_000, 0..40)
    ) {
        let plans = plans(&c);
        let plain = play(&plans, &s);
        let sent: Vec<&Envelope> =
            plain.tried.iter().filter(|tried| tried.answer.is_ok()).map(|tried| &tried.envelope).collect();
        let Some(last) = sent.last().map(|envelope| envelope.at.plus(30 * 86_400)) else { return Ok(()) };
        let start = moment("2026-03-02T09:00:00+08:00");
        let mut polls: Vec<Moment> = polls.into_iter().map(|gap| start.plus(gap)).collect();
        polls.sort();
        let bytes = |polled: &[Moment]| -> Result<String, TestCaseError> {
            let mut case = None;
            let mut records = Vec::new();
            let mut polled = polled.iter().peekable();
            let system = persons().into_iter().find(|person| person.id.as_str() == "system").unwrap();
            let tick = |case: &mut Option<_>, records: &mut Vec<Record>, at: Moment| {
                let envelope = envelope("tick", system.clone(), at, Command::Tick {});
                let Some(was) = case.take() else { return };
                let decision = decide(Some(&was), &envelope, &plans).unwrap();
                // Twice does no harm.
                let again = decide(Some(&decision.case), &envelope, &plans).unwrap();
                assert!(again.records.is_empty(), "a second tick at the same moment did something");
                records.extend(decision.records);
                *case = Some(decision.case);
            };
            for envelope in &sent {
                while let Some(at) = polled.next_if(|at| **at <= envelope.at) {
                    tick(&mut case, &mut records, *at);
                }
                let decision = decide(case.as_ref(), envelope, &plans);
                let decision = decision.map_err(|e| TestCaseError::fail(format!("polling changed an answer: {e}")))?;
                records.extend(decision.records);
                case = Some(decision.case);
            }
            for at in polled.filter(|at| **at <= last) {
                tick(&mut case, &mut records, *at);
            }
            tick(&mut case, &mut records, last);
            Ok(serde_json::to_string(&records).unwrap())
        };
        let (polled, unpolled) = (bytes(&polls)?, bytes(&[])?);
        prop_assert_eq!(&polled, &unpolled);
        let told = |text: &str| outcomes(&serde_json::from_str::<Vec<Record>>(text).unwrap()).unwrap();
        prop_assert_eq!(told(&polled), told(&unpolled));
    }

    // Every open case has an alarm ahead: once a tick has been taken, strictly later than it. Also where the tick comes at the very second of the
    // alarm, which is when a desk wakes.
    #[test]
    fn law4_the_next_alarm_is_strictly_ahead(c in choices(), s in steps(60), gap in 0i64..40_000_000) {
        let plans = plans(&c);
        let history = play(&plans, &s);
        let Some(case) = history.case else { return Ok(()) };
        let at = case.last_at().plus(gap);
        let system = persons().into_iter().find(|person| person.id.as_str() == "system").unwrap();
        for at in case.next_alarm().map(|alarm| alarm.max(case.last_at())).into_iter().chain([at]) {
            let after = decide(Some(&case), &envelope("t", system.clone(), at, Command::Tick {}), &plans).unwrap().case;
            match after.next_alarm() {
                Some(alarm) => prop_assert!(alarm > at && !after.is_closed(), "alarm {alarm} after a tick at {at}"),
                None => prop_assert!(after.is_closed(), "an open case without an alarm"),
            }
        }
    }

    // Separation of persons: who reviews has not handled the round; who rechecks, corrects or strikes off has never
    // handled the case; who grants an extension did not ask for it; who confirms a decline did not propose it.
    #[test]
    fn law2_separation_of_persons(c in choices(), s in steps(90)) {
        audit::separate(&history(&c, &s).records)?;
    }

    // No act of an office other than solving improves the citizen's Whole clock: while it runs its due moment never
    // moves later but by a pause that is the citizen's or the statute's, or by the time it was struck off; a plan that
    // makes it longer has an approver; and where holidays are published meanwhile the citizen's promise stays.
    #[test]
    fn law1_nothing_an_office_does_moves_the_whole_clock_later(c in choices(), s in steps(80)) {
        let records = history(&c, &s).records;
        audit::whole(&records)?;
        audit::corrected(&records, &plans(&c))?;
    }

    // The same of the limit of the reply, where it counts from receipt or screening: only a pause, an extension, the citizen's own
    // completion, a reopening after an answer, an exclusion or correction, and what was approved, move it later; it starts once a cycle, and where
    // it was cut off by declining, it goes on.
    #[test]
    fn law1_nothing_an_office_does_moves_the_limit_of_the_reply_later(c in choices(), s in steps(90)) {
        audit::reply(&plans(&c), &history(&c, &s).records)?;
    }

    // 答复送出才算: where a limit runs until the answer has gone out, a draft does not stop it, and neither does the reviewer who sends it back;
    // once it is out none runs on. While it is reviewed nothing that the handler waited for holds it.
    #[test]
    fn a_limit_runs_until_its_answer_has_gone_out(c in choices(), s in steps(90)) {
        audit::gone_out(&plans(&c), &history(&c, &s))?;
    }

    // What a pack lets happen in some cases only happens in no other: no extension is asked or granted, nothing waits, nothing is taken
    // out, no citizen is asked. Whoever is refused is told the rule, what decided, and what would do; and that would do.
    #[test]
    fn what_is_for_some_cases_only_happens_in_no_other(c in choices(), s in steps(90)) {
        audit::only_when(&plans(&c), &history(&c, &s))?;
    }

    // Told means delivered: an extension counts only once the citizen has the notice of it, and not after the old due moment.
    #[test]
    fn an_extension_counts_only_once_the_citizen_has_the_notice(c in choices(), s in steps(90)) {
        audit::extensions(&history(&c, &s).records, &plans(&c))?;
    }

    // A verdict once given is never changed, and what was breached stays breached: not by return, reopening, extension, exclusion,
    // correction or a new plan. What is found out later stands beside it.
    #[test]
    fn a_verdict_and_a_breach_survive_everything_after_them(c in choices(), s in steps(100)) {
        audit::verdicts(&history(&c, &s))?;
    }

    // One unit and one owner are answerable at a time, from when they got it to when they gave it on.
    #[test]
    fn ownership_is_a_line_of_segments(c in choices(), s in steps(90)) {
        audit::segments(&history(&c, &s))?;
    }

    // 接续登记: a dry run tells what taking a case over brings. What lies before it has one fate, and never comes; what lies ahead comes when
    // it was told to; and the citizen, who was told elsewhere, is told nothing.
    #[test]
    fn a_dry_run_tells_what_taking_over_brings(c in choices(), pick in any::<u16>()) {
        let plans = plans(&c);
        let system = persons().into_iter().find(|person| person.id.as_str() == "system").unwrap();
        let at = moment("2026-03-02T09:00:00+08:00");
        let asked = envelope("k", system.clone(), at, Command::Import(Box::new(world::import(pick))));
        let (told, done) = match (rehearse_import(&asked, &plans), decide(None, &asked, &plans)) {
            (Ok(told), Ok(done)) => (told, done),
            (told, done) => {
                prop_assert_eq!(told.err(), done.err());
                return Ok(());
            }
        };
        let tells = |out: &Outgoing| matches!(out.effect, Effect::Tell { .. });
        prop_assert!(!done.outgoing.iter().any(tells));
        let waits = done.case.pauses().iter().any(|it| it.ended.is_none());
        let tick = envelope("t", system, at.plus(200 * 86_400), Command::Tick {});
        let later = decide(Some(&done.case), &tick, &plans).unwrap();
        let taken = |records: &[Record], clock: ClockKey, key: &StepKey| -> Vec<Moment> {
            let its = records.iter().filter(|it| matches!(&it.event,
                Event::StepTaken { clock: of, step, .. } if *of == clock && step == key));
            its.map(|it| it.at).collect()
        };
        for clock in &told.clocks {
            let limit = matches!(clock.clock.kind, ClockKind::Reply | ClockKind::Redo | ClockKind::Whole);
            for key in &clock.suppressed {
                prop_assert_eq!(taken(&done.records, clock.clock, key), [at]);
                prop_assert!(taken(&later.records, clock.clock, key).is_empty(), "{} came after all", key);
            }
            for step in clock.ahead.iter().filter(|_| limit && !waits) {
                prop_assert!(step.at > at || step.key == StepKey::Lapse, "{} lies before", step.key);
                let came = taken(&later.records, clock.clock, &step.key);
                let soon = step.at <= at.plus(200 * 86_400);
                prop_assert_eq!(came, if soon { vec![step.at] } else { vec![] }, "{}", step.key);
            }
            // Late means late by the rule, as of before.
            prop_assert_eq!(clock.overdue, clock.suppressed.contains(&StepKey::Breach));
            if limit {
                prop_assert_eq!(clock.overdue, clock.legal_due < at, "{} due {}", clock.clock, clock.legal_due);
            }
        }
        // Nobody here saw how its limits began: they are not counted as this board's.
        let own = |clock: &&Clock| matches!(clock.key.kind, ClockKind::Reply | ClockKind::Redo | ClockKind::Whole);
        for clock in done.case.clocks().iter().filter(own) {
            prop_assert_eq!(done.case.took_over(clock), clock.started < at);
        }
    }

    // What the citizen sees never goes back to 待回复 once anything later was shown.
    #[test]
    fn shown_never_goes_back_to_awaiting(c in choices(), s in steps(80)) {
        let mut later = false;
        for tried in history(&c, &s).tried {
            if let Ok(decision) = tried.answer {
                let awaiting = decision.case.shown() == Shown::Awaiting;
                prop_assert!(!(later && awaiting), "back to awaiting");
                later |= !awaiting;
            }
        }
    }

    // Private words never enter the chained records, the effects or the case.
    #[test]
    fn law5_private_words_stay_out_of_the_ledger(c in choices(), s in steps(60)) {
        let plans = plans(&c);
        for tried in play(&plans, &s).tried {
            let Ok(decision) = tried.answer else { continue };
            let mut public = serde_json::to_string(&decision.records).unwrap();
            public.push_str(&serde_json::to_string(&decision.outgoing).unwrap());
            public.push_str(&serde_json::to_string(&decision.case).unwrap());
            for private in &decision.private {
                prop_assert!(private.holds());
                prop_assert!(!public.contains(private.text.as_str()), "`{}` leaked", private.text.as_str());
            }
        }
    }

    // A refusal lists what the case takes as it stands: never the command that it refuses for its stage or because the case follows another,
    // and always the one that is done next.
    #[test]
    fn a_refusal_lists_what_would_be_taken(c in choices(), s in steps(80)) {
        let tried = history(&c, &s).tried;
        for (refused, next) in tried.iter().zip(tried.iter().skip(1)) {
            let Err(refusal) = &refused.answer else { continue };
            let name = refused.envelope.command.name();
            if matches!(*refusal.why, Why::Stage | Why::Follows { .. }) {
                prop_assert!(!refusal.accepted.contains(&name), "{}", refusal);
            }
            let (Some(before), Ok(done)) = (&next.before, &next.answer) else { continue };
            if refusal.stage == Some(table::advanced(before, &done.records)) {
                let name = next.envelope.command.name();
                prop_assert!(refusal.accepted.contains(&name), "{} is done: {}", name, refusal);
            }
        }
    }

    // Accepted or refused, a command is answered within the published table: of a stage that takes it, and by a role
    // that may.
    #[test]
    fn nothing_is_accepted_outside_the_published_table(c in choices(), s in steps(60)) {
        for tried in history(&c, &s).tried {
            let name = tried.envelope.command.name();
            if let (Ok(decision), Some(before)) = (&tried.answer, &tried.before) {
                // What time brought before the command may have moved the case first.
                let stage = table::advanced(before, &decision.records);
                prop_assert!(name.stages().contains(&stage), "{} accepted in {}", name, stage);
                prop_assert!(name.roles().iter().any(|role| tried.envelope.by.holds(*role, before.place())));
            }
            if let Err(refusal) = &tried.answer {
                let said = refusal.say(Lang::En);
                prop_assert!(!said.is_empty() && !said.ends_with('.') && !refusal.say(Lang::Zh).is_empty());
                if matches!(*refusal.why, Why::Fault { .. }) {
                    return Err(TestCaseError::fail(said));
                }
            }
        }
    }
}
