//! States are told apart by what can still matter (`essence`). What if something was left out that does? Then two states that are held to
//! be one would go on differently: some step would be taken from one and refused from the other, or lead elsewhere. So whenever a step
//! leads to a state that is known already, it is gone on from as well, and every step from it has to lead where the same step leads from
//! the state that was there first. If that holds of every such pair, whatever can be done from one can be done from the other, for ever.

use std::collections::{BTreeMap, VecDeque};

use stateright::Model;

use crate::world::{Action, State, World};

/// What each step leads to.
fn ways(world: &World, state: &State) -> Vec<(Action, Option<State>)> {
    let mut actions = Vec::new();
    world.actions(state, &mut actions);
    let leads = |action: Action| (action, world.leads_to(state, action));
    actions.into_iter().map(leads).collect()
}

/// Goes through a world, and says how many pairs were compared.
pub fn go_on_alike(world: &World) -> usize {
    let first = world.init_states().remove(0);
    let mut known: BTreeMap<u64, Vec<(Action, Option<u64>)>> = BTreeMap::new();
    let mut queue = VecDeque::from([first]);
    let mut pairs = 0;
    while let Some(state) = queue.pop_front() {
        let ways = ways(world, &state);
        let keys: Vec<_> = ways
            .iter()
            .map(|(action, next)| (*action, next.as_ref().map(State::key)))
            .collect();
        if let Some(had) = known.get(&state.key()) {
            pairs += 1;
            assert_eq!(had.len(), keys.len(), "not the same steps from one state");
            for (had, (action, next)) in had.iter().zip(&ways) {
                let same = had.0 == *action && had.1 == next.as_ref().map(State::key);
                let told = || next.as_ref().map(State::essence).unwrap_or_default();
                assert!(
                    same,
                    "`{action}` leads elsewhere from another state held to be the same\n{}\n{}",
                    state.essence(),
                    told()
                );
            }
            continue;
        }
        known.insert(state.key(), keys);
        queue.extend(ways.into_iter().filter_map(|(_, next)| next));
    }
    pairs
}
