//! Heads in hand: where the chains stood that were written to or looked at last, so that a hot one need not be asked for.
//!
//! A head in hand is never believed. A state is what the records of a chain come to, and the hash of the last one says which records
//! those are. So what is decided on a head in hand goes to the ledger with that hash ([`Commit::after`](crate::desk::rows::Commit::after)),
//! and counts only if the chain still ends there: whoever wrote meanwhile, whichever group was taken back, whatever a failover took
//! away. A head holds no private text, so nothing that was erased lives on in it.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use super::read::Head;
use crate::desk::gate::lock;
use crate::desk::kind::{Cases, Duties, Kind};

/// How many heads of a kind are in hand, some ten kilobytes each.
const MOST: usize = 512;

/// Heads of both kinds.
#[derive(Default)]
pub(in crate::desk) struct Hands {
    pub(in crate::desk) cases: Recent<Cases>,
    pub(in crate::desk) duties: Recent<Duties>,
}

/// Heads of one kind.
pub(in crate::desk) struct Recent<K: Kind> {
    heads: Mutex<Heads<K>>,
}

struct Heads<K: Kind> {
    all: BTreeMap<K::Id, (u64, Arc<Head<K>>)>,
    /// Which came in when; the oldest goes first.
    order: BTreeMap<u64, K::Id>,
    count: u64,
}

impl<K: Kind> Default for Recent<K> {
    fn default() -> Recent<K> {
        Recent {
            heads: Mutex::new(Heads {
                all: BTreeMap::new(),
                order: BTreeMap::new(),
                count: 0,
            }),
        }
    }
}

impl<K: Kind> Recent<K> {
    pub(in crate::desk) fn get(&self, id: &K::Id) -> Option<Arc<Head<K>>> {
        let heads = lock(&self.heads);
        heads.all.get(id).map(|(_, head)| Arc::clone(head))
    }
    pub(in crate::desk) fn put(&self, head: Arc<Head<K>>) {
        let id = K::id(&head.state).clone();
        let mut heads = lock(&self.heads);
        heads.count = heads.count.wrapping_add(1);
        let count = heads.count;
        if let Some((before, _)) = heads.all.insert(id.clone(), (count, head)) {
            heads.order.remove(&before);
        }
        heads.order.insert(count, id);
        while heads.order.len() > MOST
            && let Some((_, oldest)) = heads.order.pop_first()
        {
            heads.all.remove(&oldest);
        }
    }
    /// It stands elsewhere, or nowhere.
    pub(in crate::desk) fn forget(&self, id: &K::Id) {
        let mut heads = lock(&self.heads);
        if let Some((before, _)) = heads.all.remove(id) {
            heads.order.remove(&before);
        }
    }
}
