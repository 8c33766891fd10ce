//! Deciding ahead: while a command of a group is written, those after it are decided on a thread of their own.
//!
//! What is decided ahead is never believed, as no [head in hand](super::recent) is. It names the record that it goes on from and counts
//! only if the chain ends there when its turn has come; or else it is decided anew. That thread comes by no ledger and by nothing of
//! the host's: whatever has to be looked up, is refused, or asks a function, is left to its turn.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::mpsc::sync_channel;
use std::thread;

use super::Shared;
use super::read::Head;
use super::submit::{Asks, Draft, Hand, stamp};
use crate::desk::Hash;
use crate::desk::kind::{Asked, Beside, Cases, Decided, Kind};
use crate::plan::Plans;
use crate::words::Envelope;

/// How far ahead of its turn a command is decided at most.
const FAR: usize = 32;

/// From so many commands on a thread of their own is worth while.
const FEW: usize = 3;

/// What was decided of a command before its turn.
pub(in crate::desk) struct Ahead<K: Kind> {
    pub(super) payload: Hash,
    draft: Option<Draft<K>>,
}

impl<K: Kind> Ahead<K> {
    /// The draft, if there is one and it goes on from what is in hand.
    pub(super) fn draft_on(self, hand: Option<&Hand<K>>) -> Option<Draft<K>> {
        let stands = hand.and_then(|hand| hand.head.as_ref());
        let goes_on =
            |draft: &Draft<K>| stands.is_none_or(|head| draft.commit.after == Some(head.hash));
        self.draft.filter(goes_on)
    }
}

/// What a command comes to on its chain alone; nothing, where that is not all it takes, or where it is refused.
fn decide<K: Kind>(
    state: Option<&K::State>,
    envelope: &K::Envelope,
    plans: &Plans,
) -> Option<Decided<K>> {
    // A function that looks at this desk would wait for the group, and the group for it.
    if plans.ask_functions() {
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
    /// Hands each command out in its turn, on this thread, with what was decided of it ahead; until one is not gone on from.
    pub(in crate::desk) fn in_turn(
        &self,
        envelopes: &[Envelope],
        mut turn: impl FnMut(&Envelope, Option<Ahead<Cases>>) -> bool,
    ) {
        if envelopes.len() < FEW {
            let _ = envelopes.iter().all(|envelope| turn(envelope, None));
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
                turn(envelope, ahead)
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
    ) -> Option<Draft<K>> {
        let Asked { of, begins, .. } = K::asked(asks.envelope);
        let before = stands.get(of).cloned();
        let head = before.or_else(|| K::recent(&self.hands).get(of));
        if head.is_none() && !begins {
            return None;
        }
        let state = head.as_ref().map(|head| &head.state);
        let stamped = stamp::<K>(asks.envelope, state);
        let decided = decide::<K>(state, &stamped, &self.plans())?;
        let draft = self.done(asks, head.as_deref(), &stamped, decided).ok()?;
        if let Some(after) = &draft.after {
            stands.insert(of.clone(), Arc::clone(after));
        }
        Some(draft)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::desk::MemoryLedger;
    use crate::desk::core::Core;
    use crate::desk::ready::{Ready, now};
    use crate::plan::bare;
    use crate::words::{Actor, Class, Command, Facts, Origin, Role, Salt};

    fn shared() -> Shared {
        let mut plans = Plans::new("hainan".parse().expect("an id"));
        let plan = bare("demo".parse().expect("an id"));
        plans.take(plan).expect("bare rules are whole");
        Shared::new(&"hainan".parse().expect("an id"), plans).expect("one board")
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
        shared.in_turn(group, |_, ahead| {
            drafted.push(ahead.is_some_and(|it| it.draft.is_some()));
            true
        });
        drafted
    }

    #[test]
    fn what_goes_on_from_what_was_decided_before_it_is_decided_ahead() {
        let shared = shared();
        // The third is refused, and the fourth is to a case that nobody has in hand.
        let group = [
            opened("a"),
            screened("a"),
            screened("a"),
            screened("b"),
            opened("c"),
        ];
        assert_eq!(drafted(&shared, &group), [true, true, false, false, true]);
        // Two are not worth a thread.
        assert_eq!(
            drafted(&shared, &[opened("a"), opened("b")]),
            [false, false]
        );
    }

    #[test]
    fn nothing_is_decided_ahead_where_a_function_is_asked() {
        let shared = shared();
        let ledger = Ready(MemoryLedger::new("hainan".parse().expect("an id")));
        Core::at_once(&ledger, &shared).derive("remote", |_| false);
        let group = ["a", "b", "c"].map(opened);
        assert_eq!(drafted(&shared, &group), [false; 3]);
    }

    /// A draft that goes on from what is not in hand any more is not even tried.
    #[test]
    fn a_draft_on_what_is_not_in_hand_any_more_is_dropped() {
        let shared = shared();
        let ledger = Ready(MemoryLedger::new("hainan".parse().expect("an id")));
        let core = Core::at_once(&ledger, &shared);
        let done = |envelope: &Envelope| {
            now(core.submit(envelope, None))
                .expect("a ledger")
                .is_done()
        };
        assert!(done(&opened("a")));
        let ahead = shared.ahead::<Cases>(&screened("a"), &mut BTreeMap::new());
        let before = core.hands.cases.get(&"a".parse().expect("an id"));
        let hand = |head| Hand::<Cases>::unsure(head);
        let stays = shared.ahead::<Cases>(&screened("a"), &mut BTreeMap::new());
        assert!(
            stays
                .and_then(|it| it.draft_on(Some(&hand(before))))
                .is_some()
        );
        let note = Command::Note {
            text: "a note".into(),
        };
        assert!(done(&envelope("n", "a", note)));
        let after = core.hands.cases.get(&"a".parse().expect("an id"));
        assert!(
            ahead
                .and_then(|it| it.draft_on(Some(&hand(after))))
                .is_none()
        );
    }
}
