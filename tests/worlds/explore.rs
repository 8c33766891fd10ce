//! Goes through a whole world, and says what was found.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::sync::Arc;

use duly::words::*;
use stateright::{Checker, HasDiscoveries, Model, Path};

use crate::laws::{Law, Seen};
use crate::world::{Action, Bounds, Graph, State, World};

/// A world that was gone through to its end.
struct Explored {
    states: usize,
    graph: Graph,
}

/// Goes through a world. Every law holds in every state; from every state in which a case is open some way leads to it being struck off; every one
/// of those things is seen, and there are as many states as were counted when this was written: a world that lost some would hold its laws of less,
/// and say nothing.
pub fn explore(name: &str, bounds: Bounds, states: usize, seen: &[Seen]) {
    let cases = bounds.opened.len();
    let world = World::new(bounds);
    let graph = Arc::clone(&world.graph);
    // One thread, so that the path to what is found first is the shortest; the worlds share the processors.
    let checker = world.checker().finish_when(HasDiscoveries::AnyFailures);
    let checker = checker.spawn_bfs().join();
    let found = checker.discoveries();
    let broken = Law::ALL
        .iter()
        .filter_map(|law| found.get(law.says()).map(|path| (law, path)));
    let told: Vec<String> = broken
        .map(|(law, path)| format!("broken: {}\n{}", law.says(), tell(path)))
        .collect();
    assert!(
        told.is_empty(),
        "{name}, after {} states\n{}",
        checker.unique_state_count(),
        told.join("\n")
    );
    let shown = *checker.model().seen.lock().unwrap();
    let never = seen.iter().filter(|it| !shown.has(**it));
    let never: Vec<_> = never.map(|it| it.says()).collect();
    let graph = std::mem::take(&mut *graph.lock().unwrap());
    let (found, depth) = (checker.unique_state_count(), checker.max_depth());
    println!(
        "{name}: {found} states, {} steps, {depth} deep",
        graph.edges.len()
    );
    let explored = Explored {
        states: found,
        graph,
    };
    for case in 0..cases {
        every_open_case_can_be_struck_off(&explored, case);
    }
    assert!(never.is_empty(), "{name}: never seen: {never:#?}");
    if deeper() == 0 {
        assert_eq!(found, states, "{name} is not the world that was counted");
    }
}

/// How many days more than usual, as `DULY_WORLDS_DEPTH` says.
pub fn deeper() -> i64 {
    std::env::var("DULY_WORLDS_DEPTH").map_or(0, |it| it.parse().unwrap())
}

/// From every state in which a case is open, some way leads to it being struck off.
fn every_open_case_can_be_struck_off(explored: &Explored, case: usize) {
    let graph = &explored.graph;
    let ended = |it: u64| graph.nodes[&it].cases[case];
    let struck =
        |it| ended(it).is_some_and(|it| !matches!(it, Outcome::Declined | Outcome::Withdrawn));
    let none = stuck(graph, |_| true, struck, |it| ended(it).is_none());
    let first = none
        .first()
        .map(|it| way_to(graph, *it))
        .unwrap_or_default();
    assert!(
        none.is_empty(),
        "from {} of {} states it can never be struck off, as after\n{first}",
        none.len(),
        explored.states
    );
}

/// A path, a line a step, as a person would tell it.
fn tell(path: &Path<State, Action>) -> String {
    let steps: Vec<_> = path.clone().into_vec();
    let mut told = String::new();
    for (before, after) in steps.iter().zip(steps.iter().skip(1)) {
        let (state, action) = before;
        told += &line(state, action.as_ref().unwrap(), &after.0);
    }
    if let Some((last, _)) = steps.last() {
        writeln!(told, "  at the end: {:?}", last.broken).unwrap();
    }
    told
}

fn line(before: &State, action: &Action, after: &State) -> String {
    let mut told = String::new();
    let zone = "Asia/Shanghai".parse().unwrap();
    let local = after.now.local(zone).format("%m-%d %H:%M:%S");
    let stages = after.rooms.iter().map(|room| room.case.stage_name().name());
    writeln!(
        told,
        "  {local}  {action} → {}",
        stages.collect::<Vec<_>>().join(", ")
    )
    .unwrap();
    for at in 0..after.rooms.len() {
        let had = before.records(at).len();
        for record in after
            .records(at)
            .iter()
            .skip(had)
            .filter(|it| it.command.is_none())
        {
            if let Event::StepTaken { clock, step, .. } = &record.event {
                writeln!(told, "                    {clock} {step}").unwrap();
            }
        }
    }
    told
}

/// The states from which none of those is reached, among those that are asked for.
///
/// A walk backwards over the recorded steps: a state reaches a goal if it is one, or if a step leads from it to one that does. The
/// graph is the whole of the world within its bounds, every step of it taken by the machine itself, so this is no estimate. It is the
/// question whether a case *can* still be solved, which is sound where states repeat; that something *will* happen is not asked.
fn stuck(
    graph: &Graph,
    allowed: impl Fn(bool) -> bool,
    goal: impl Fn(u64) -> bool,
    asked: impl Fn(u64) -> bool,
) -> Vec<u64> {
    let mut back: Vec<(u64, u64)> = graph
        .edges
        .iter()
        .filter(|it| allowed(it.2))
        .map(|(from, to, _)| (*to, *from))
        .collect();
    back.sort_unstable();
    back.dedup();
    let mut reached: BTreeSet<u64> = graph.nodes.keys().copied().filter(|it| goal(*it)).collect();
    let mut queue: Vec<u64> = reached.iter().copied().collect();
    while let Some(at) = queue.pop() {
        let first = back.partition_point(|(to, _)| *to < at);
        for (_, from) in back[first..].iter().take_while(|(to, _)| *to == at) {
            if reached.insert(*from) {
                queue.push(*from);
            }
        }
    }
    graph
        .nodes
        .keys()
        .copied()
        .filter(|it| asked(*it) && !reached.contains(it))
        .collect()
}

/// How a state was come upon first.
fn way_to(graph: &Graph, state: u64) -> String {
    let mut steps = Vec::new();
    let mut at = state;
    while let Some((from, action)) = graph.nodes[&at].first {
        steps.push(action.to_string());
        at = from;
    }
    steps.reverse();
    format!("  {}", steps.join("\n  "))
}
