//! Deciding ahead: while a command of a group is written, those after it are decided on a thread of their own.
//!
//! What is decided ahead is never believed, as no [head in hand](super::recent) is. It names the record that it goes on from and counts
//! only if the chain ends there when its turn has come, and the plans in hand are the same; or else it is decided anew. That thread
//! comes by no ledger and by nothing of the host's: what has to be looked up, or is refused, is left to its turn, and so is everything
//! where functions are registered.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::mpsc::sync_channel;
use std::thread;

use super::Shared;
use super::read::Head;
use super::submit::{Asks, Comes, Draft, Hand, stamp};
use crate::desk::Hash;
use crate::desk::kind::{Asked, Beside, Cases, Decided, Kind};
use crate::plan::Plans;
use crate::words::Envelope;

/// How far ahead of its turn a command is decided at most.
const FAR: usize = 32;

/// From so many commands on a thread of their own is worth while.
const FEW: usize = 8;

/// What was decided of a command before its turn.
pub(in crate::desk) struct Ahead<K: Kind> {
    pub(super) payload: Hash,
    draft: Option<(Draft<K>, Arc<Plans>)>,
}

impl<K: Kind> Ahead<K> {
    /// The draft, if there is one that was decided on what is in hand.
    pub(super) fn draft_on(self, hand: Option<&Hand<K>>, now: &Arc<Plans>) -> Option<Draft<K>> {
        let (draft, plans) = self.draft?;
        let stands = hand.and_then(|hand| hand.head.as_ref());
        let goes_on = draft.commit.after == stands.map(|head| head.hash);
        (goes_on && Arc::ptr_eq(&plans, now)).then_some(draft)
    }
}

/// What a command comes to on its chain alone; nothing, where that is not all it takes, or where it is refused.
fn decide<K: Kind>(
    state: Option<&K::State>,
    envelope: &K::Envelope,
    plans: &Plans,
) -> Option<Decided<K>> {
    // One that looks at this desk would wait for the group, and the group for it.
    if plans.has_functions() {
        return None;
    }
    let wants = K::wants(state, envelope);
    let known = wants.plans.iter().all(|plan| plans.get(plan).is_some());
    if !known || !wants.own.is_empty() || wants.survivor.is_some() {
        return None;
    }
    K::decide(state, envelope, plans, Beside::default()).ok()
}

impl Shared {
    /// Hands each command out in its turn, on this thread, with what was decided of it ahead, as long as `turn` says to go on.
    pub(in crate::desk) fn in_turn(
        &self,
        envelopes: &[Envelope],
        mut turn: impl FnMut(&Envelope, Comes<'_, Cases>) -> bool,
    ) {
        if envelopes.len() < FEW || self.plans().has_functions() {
            let _ = envelopes
                .iter()
                .all(|envelope| turn(envelope, Comes::Alone));
            return;
        }
        thread::scope(|scope| {
            let (decided, ahead) = sync_channel(FAR);
            let decide = move || {
                let mut stands = BTreeMap::new();
                for envelope in envelopes {
                    let ahead = self.ahead::<Cases>(envelope, &mut stands);
                    if decided.send(ahead).is_err() {
                        return;
                    }
                }
            };
            let deciding = thread::Builder::new().name("duly-ahead".into());
            // Where there is no thread to be had, or where it falls over, nothing is decided ahead.
            let deciding = deciding.spawn_scoped(scope, decide);
            let _ = envelopes.iter().all(|envelope| {
                let ahead = ahead.recv().ok().flatten();
                turn(envelope, ahead.map_or(Comes::Alone, Comes::Decided))
            });
            drop(ahead);
            let _ = deciding.map(|thread| thread.join());
        });
    }

    /// A command on the chain as it will stand: as those before it leave it, or as it is in hand.
    fn ahead<K: Kind>(
        &self,
        envelope: &K::Envelope,
        stands: &mut BTreeMap<K::Id, Arc<Head<K>>>,
    ) -> Option<Ahead<K>> {
        let asks = Asks {
            envelope,
            observed_at: K::asked(envelope).at,
            payload: K::payload(envelope, &self.secret).ok()?,
            carries: None,
        };
        let draft = self.draft_ahead(&asks, stands);
        Some(Ahead {
            payload: asks.payload,
            draft,
        })
    }

    fn draft_ahead<K: Kind>(
        &self,
        asks: &Asks<'_, K>,
        stands: &mut BTreeMap<K::Id, Arc<Head<K>>>,
    ) -> Option<(Draft<K>, Arc<Plans>)> {
        let plans = self.plans();
        let Asked { of, begins, .. } = K::asked(asks.envelope);
        let before = stands.get(of).cloned();
        let head = before.or_else(|| K::recent(&self.hands).get(of));
        if head.is_none() && !begins {
            return None;
        }
        let state = head.as_ref().map(|head| &head.state);
        let stamped = stamp::<K>(asks.envelope, state);
        let decided = decide::<K>(state, &stamped, &plans)?;
        let draft = self.draft_of(asks, head.as_deref(), &stamped, decided, &plans);
        let draft = draft.ok()?;
        if let Some(after) = &draft.after {
            stands.insert(of.clone(), Arc::clone(after));
        }
        Some((draft, plans))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::desk::core::Core;
    use crate::desk::ready::{Ready, now};
    use crate::desk::{Answer, MemoryLedger};
    use crate::plan::bare;
    use crate::words::{Actor, BoardId, Class, Command, Facts, Origin, Role, Salt};

    fn board() -> BoardId {
        "hainan".parse().expect("an id")
    }

    fn shared() -> Shared {
        let mut plans = Plans::new(board());
        let plan = bare("demo".parse().expect("an id"));
        plans.take(plan).expect("bare rules are whole");
        Shared::new(&board(), plans).expect("one board")
    }

    fn envelope(id: &str, case: &str, command: Command) -> Envelope {
        Envelope {
            id: id.parse().expect("an id"),
            case: case.parse().expect("an id"),
            by: Actor::new("intake-1".parse().expect("an id"), Role::Intake),
            at: "2026-03-02T09:00:00+08:00".parse().expect("a moment"),
            salt: Salt::derived(b"a test", id),
            command,
        }
    }

    fn opened(case: &str) -> Envelope {
        let open = Command::Open {
            place: "632521".parse().expect("a place"),
            channel: "board".parse().expect("a channel"),
            external_id: case.parse().expect("an id"),
            message: "路灯不亮".into(),
            contact: None,
            citizen: None,
            origin: Origin::Message,
            facts: Facts::new(),
        };
        envelope(&format!("o-{case}"), case, open)
    }

    fn screened(case: &str) -> Envelope {
        let screen = Command::Screen {
            class: Class::Problem,
            facts: Facts::new(),
        };
        envelope(&format!("s-{case}"), case, screen)
    }

    /// Of each command of a group, whether it was decided ahead.
    fn drafted(shared: &Shared, group: &[Envelope]) -> Vec<bool> {
        let mut drafted = Vec::new();
        shared.in_turn(group, |_, comes| {
            drafted.push(matches!(comes, Comes::Decided(it) if it.draft.is_some()));
            true
        });
        drafted
    }

    #[test]
    fn what_goes_on_from_what_was_decided_before_it_is_decided_ahead() {
        let shared = shared();
        let mut group = vec![opened("a"), screened("a")];
        // Refused; and to a case that nobody has in hand.
        group.extend([screened("a"), screened("b")]);
        group.extend(["c", "d", "e", "f"].map(opened));
        let expected = [true, true, false, false, true, true, true, true];
        assert_eq!(drafted(&shared, &group), expected);
        // A few are not worth a thread.
        let few = ["a", "b", "c", "d"].map(opened);
        assert_eq!(drafted(&shared, &few), [false; 4]);
    }

    #[test]
    fn nothing_is_decided_ahead_where_a_function_is_asked() {
        let shared = shared();
        let ledger = Ready(MemoryLedger::new(board()));
        Core::at_once(&ledger, &shared).derive("remote", |_| false);
        let group = ["a", "b", "c", "d", "e", "f", "g", "h", "i"].map(opened);
        assert_eq!(drafted(&shared, &group), [false; 9]);
    }

    /// A desk that has a case in hand, to do with what a test wants.
    fn at_a_desk(test: impl Fn(&Core<'_, Ready<MemoryLedger>>)) {
        let (shared, ledger) = (shared(), Ready(MemoryLedger::new(board())));
        let core = Core::at_once(&ledger, &shared);
        assert!(submit(&core, &opened("a"), None).is_done());
        test(&core);
    }

    fn submit(
        core: &Core<'_, Ready<MemoryLedger>>,
        envelope: &Envelope,
        ahead: Option<Ahead<Cases>>,
    ) -> Answer {
        let comes = ahead.map_or(Comes::Alone, Comes::Decided);
        now(core.submit(envelope, comes)).expect("a ledger in memory fails nothing")
    }

    /// Decided ahead, with an answer that no decision gives, so that it is seen whose answer it is.
    fn marked(core: &Core<'_, Ready<MemoryLedger>>, envelope: &Envelope) -> (Ahead<Cases>, Answer) {
        let case = "marked".parse().expect("an id");
        let mark = Answer::Known { case };
        let ahead = core.ahead::<Cases>(envelope, &mut BTreeMap::new());
        let mut ahead = ahead.expect("it has a payload");
        ahead.draft.as_mut().expect("it is decided").0.answer = mark.clone();
        (ahead, mark)
    }

    #[test]
    fn a_draft_counts_as_long_as_case_and_plans_are_those_it_was_decided_on() {
        at_a_desk(|core| {
            let (ahead, mark) = marked(core, &screened("a"));
            assert_eq!(submit(core, &screened("a"), Some(ahead)), mark);
        });
        at_a_desk(|core| {
            let (ahead, _) = marked(core, &screened("a"));
            let text = "a note".into();
            let note = envelope("n", "a", Command::Note { text });
            assert!(submit(core, &note, None).is_done());
            assert!(submit(core, &screened("a"), Some(ahead)).is_done());
        });
        at_a_desk(|core| {
            let (ahead, _) = marked(core, &opened("b"));
            let mut next = bare("demo".parse().expect("an id"));
            next.edition = "2".into();
            let next = core.reload(next, &[]).expect("it lacks nothing");
            assert!(submit(core, &opened("b"), Some(ahead)).is_done());
            let case = now(core.case(&"b".parse().expect("an id"))).expect("a ledger");
            assert_eq!(case.map(|case| case.plan().clone()), Some(next));
        });
    }

    /// Where what it was decided on never came to be, nothing is tried that could not be, and nobody is told that others were first.
    #[test]
    fn a_draft_on_what_never_came_to_be_is_dropped() {
        at_a_desk(|core| {
            let mut stands = BTreeMap::new();
            assert!(
                core.ahead::<Cases>(&opened("b"), &mut stands)
                    .is_some_and(|it| it.draft.is_some())
            );
            let ahead = core
                .ahead::<Cases>(&screened("b"), &mut stands)
                .expect("a payload");
            assert!(ahead.draft.is_some());
            assert!(ahead.draft_on(None, &core.plans()).is_none());
        });
    }
}
