//! Two desks over one ledger, each with a command of its own, in every order of their steps. A step is what a desk does between two calls
//! of its ledger; before each of them, and after each commit, the other desk may go on, or the process may die. Nothing runs on threads:
//! the futures of `AsyncDesk` are polled by hand, so that an order is a list of who goes next, and the same each time. What `Desk` does it
//! does by the same code.
//!
//! Whatever the order, it comes to what one desk would have come to that was asked one command after the other. Whoever died sends its
//! command again, as hosts do, and is answered as if it had been heard the first time.

use std::future::Future;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};

use duly::desk::rows::{
    AlarmRow, CommandRow, Commit, Committed, HeadRow, Kept, NumberRow, OutgoingRow, PrivateRow,
    RecordRow, Shelf,
};
use duly::desk::{
    Answer, AsyncDesk, AsyncLedger, Cursor, Desk, DeskError, Ledger, MemoryLedger, Page,
};
use duly::plan::Plans;
use duly::time::Moment;
use duly::words::*;
use stateright::{Checker, Model, Property};

use crate::act::{What, Who, envelope, id, open};
use crate::world::{at, plans};

/// Lets the other desk go on, once.
struct Turn(bool);

impl Future for Turn {
    type Output = ();
    fn poll(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<()> {
        match std::mem::replace(&mut self.0, true) {
            true => Poll::Ready(()),
            false => Poll::Pending,
        }
    }
}

/// A ledger that stops before each call, and after each commit, and notes what it answered.
#[derive(Clone)]
struct Stepwise {
    below: Arc<MemoryLedger>,
    heard: Arc<Mutex<String>>,
}

impl Stepwise {
    async fn stop<T: std::fmt::Debug>(&self, ask: impl FnOnce(&MemoryLedger) -> T) -> T {
        Turn(false).await;
        let said = ask(&self.below);
        *self.heard.lock().unwrap() += &format!("{said:?}\n");
        said
    }
}

type Read<T> = Result<T, DeskError>;

impl AsyncLedger for Stepwise {
    fn board(&self) -> &BoardId {
        Ledger::board(&*self.below)
    }
    async fn load(&self, shelf: Shelf, key: &str) -> Read<Option<HeadRow>> {
        self.stop(|it| it.load(shelf, key)).await
    }
    async fn answered(&self, shelf: Shelf, command: &str) -> Read<Option<CommandRow>> {
        self.stop(|it| it.answered(shelf, command)).await
    }
    async fn find(&self, number: &NumberRow) -> Read<Option<String>> {
        self.stop(|it| it.find(number)).await
    }
    async fn commit(&self, commit: &Commit) -> Read<Committed> {
        let done = self.stop(|it| it.commit(commit)).await;
        // Here a process dies that has done what it was asked, and has told nobody.
        Turn(false).await;
        done
    }
    async fn due(
        &self,
        shelf: Shelf,
        now: Moment,
        after: Option<&AlarmRow>,
        limit: usize,
    ) -> Read<Vec<AlarmRow>> {
        self.stop(|it| it.due(shelf, now, after, limit)).await
    }
    async fn next_alarm(&self, shelf: Shelf) -> Read<Option<Moment>> {
        self.stop(|it| it.next_alarm(shelf)).await
    }
    async fn read(&self, shelf: Shelf, after: &Cursor, limit: usize) -> Read<Page<RecordRow>> {
        self.stop(|it| it.read(shelf, after, limit)).await
    }
    async fn history(&self, shelf: Shelf, key: &str) -> Read<Vec<RecordRow>> {
        self.stop(|it| it.history(shelf, key)).await
    }
    async fn keys(&self, shelf: Shelf, after: Option<&str>, limit: usize) -> Read<Vec<String>> {
        self.stop(|it| it.keys(shelf, after, limit)).await
    }
    async fn outbox(
        &self,
        shelf: Shelf,
        links: bool,
        after: &Cursor,
        limit: usize,
    ) -> Read<Page<OutgoingRow>> {
        self.stop(|it| it.outbox(shelf, links, after, limit)).await
    }
    async fn delivered(&self, shelf: Shelf, effects: &[String]) -> Read<()> {
        self.stop(|it| it.delivered(shelf, effects)).await
    }
    async fn private(&self, shelf: Shelf, key: &str, of: &str) -> Read<Option<PrivateRow>> {
        self.stop(|it| it.private(shelf, key, of)).await
    }
    async fn keep(&self, kept: Kept, name: &str, text: &str) -> Read<()> {
        self.stop(|it| it.keep(kept, name, text)).await
    }
    async fn kept(&self, kept: Kept, name: &str) -> Read<Option<String>> {
        self.stop(|it| it.kept(kept, name)).await
    }
    async fn kept_names(&self, kept: Kept, after: Option<&str>, limit: usize) -> Read<Vec<String>> {
        self.stop(|it| it.kept_names(kept, after, limit)).await
    }
}

/// Who goes next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Next {
    Goes(usize),
    Dies(usize),
}

/// An order of steps, and what came of it.
#[derive(Debug, Clone)]
struct Order {
    steps: Vec<Next>,
    /// Who has neither answered nor died.
    at_work: [bool; 2],
    died: bool,
    key: u64,
    /// What is wrong, once all is over.
    wrong: Option<String>,
}

impl PartialEq for Order {
    fn eq(&self, other: &Order) -> bool {
        self.key == other.key
    }
}

impl Hash for Order {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.key.hash(state);
    }
}

/// What came of two commands: their answers, and the ledger of each case.
type Came = (Vec<Answer>, Vec<Vec<String>>);

struct Pair {
    plans: Plans,
    before: Vec<Envelope>,
    asked: [Envelope; 2],
    may_come: [Came; 2],
}

fn ledgers<L: Ledger>(desk: &Desk<L>) -> Vec<Vec<String>> {
    let of = |case| desk.history(&id(case)).unwrap();
    let line = |it: duly::desk::Entry| serde_json::to_string(&it.sealed).unwrap();
    [0, 1]
        .map(|case| of(case).into_iter().map(line).collect())
        .into()
}

impl Pair {
    fn new(before: Vec<Envelope>, asked: [Envelope; 2]) -> Pair {
        let plans = plans();
        let serial = |order: [usize; 2]| {
            let desk = Desk::new(MemoryLedger::new("board".parse().unwrap()), plans.clone());
            let desk = desk.unwrap();
            for envelope in &before {
                assert!(
                    desk.submit(envelope.clone()).unwrap().is_done(),
                    "{envelope:?}"
                );
            }
            let mut answers: Vec<_> = order
                .iter()
                .map(|at| (*at, desk.submit(asked[*at].clone()).unwrap()))
                .collect();
            answers.sort_by_key(|(at, _)| *at);
            (
                answers.into_iter().map(|(_, it)| it).collect(),
                ledgers(&desk),
            )
        };
        let may_come = [serial([0, 1]), serial([1, 0])];
        Pair {
            plans,
            before,
            asked,
            may_come,
        }
    }

    /// Goes through an order from the beginning.
    fn go(&self, steps: &[Next]) -> Order {
        let ledger = Arc::new(MemoryLedger::new("board".parse().unwrap()));
        let first = Desk::new(Arc::clone(&ledger), self.plans.clone()).unwrap();
        for envelope in &self.before {
            let _ = first.submit(envelope.clone()).unwrap();
        }
        let heard = [Arc::<Mutex<String>>::default(), Arc::default()];
        let mut at_work: [_; 2] = std::array::from_fn(|at| {
            let below = Stepwise {
                below: Arc::clone(&ledger),
                heard: Arc::clone(&heard[at]),
            };
            let desk = AsyncDesk::new(below, self.plans.clone()).unwrap();
            let asked = self.asked[at].clone();
            Some(Box::pin(async move { desk.submit(asked).await })
                as Pin<Box<dyn Future<Output = Read<Answer>>>>)
        });
        let mut answers: [Option<Answer>; 2] = [None, None];
        let mut context = Context::from_waker(Waker::noop());
        let mut wrong = None;
        for step in steps {
            match step {
                Next::Dies(at) => at_work[*at] = None,
                Next::Goes(at) => {
                    let Some(work) = &mut at_work[*at] else {
                        continue;
                    };
                    if let Poll::Ready(answer) = work.as_mut().poll(&mut context) {
                        at_work[*at] = None;
                        match answer {
                            Ok(answer) => answers[*at] = Some(answer),
                            Err(error) => wrong = Some(format!("{step:?}: {error}")),
                        }
                    }
                }
            }
        }
        let mut hasher = DefaultHasher::new();
        let working = [0, 1].map(|at: usize| at_work[at].is_some());
        // A desk that has stopped before its next call is not where it was, though nobody can see it.
        let went = [0, 1].map(|at| steps.iter().filter(|it| **it == Next::Goes(at)).count());
        (ledgers(&first), working, went, format!("{answers:?}")).hash(&mut hasher);
        heard
            .iter()
            .for_each(|it| it.lock().unwrap().hash(&mut hasher));
        if working == [false, false] && wrong.is_none() {
            wrong = self.judge(&ledger, &answers);
        }
        Order {
            died: steps.iter().any(|it| matches!(it, Next::Dies(_))),
            steps: steps.to_vec(),
            at_work: working,
            key: hasher.finish(),
            wrong,
        }
    }

    /// All is over: whoever died asks again, at a new desk; and whoever was answered, too.
    fn judge(&self, ledger: &Arc<MemoryLedger>, answers: &[Option<Answer>; 2]) -> Option<String> {
        let desk = Desk::new(Arc::clone(ledger), self.plans.clone()).unwrap();
        let again: Result<Vec<_>, _> = self
            .asked
            .iter()
            .map(|it| desk.submit(it.clone()))
            .collect();
        let again = match again {
            Ok(again) => again,
            Err(error) => return Some(error.to_string()),
        };
        for (first, again) in answers.iter().zip(&again) {
            if first.as_ref().is_some_and(|first| first != again) {
                return Some(format!("answered {first:?}, and then {again:?}"));
            }
        }
        let last = self.asked.iter().map(|it| it.at).max()?;
        if let Err(error) = desk.advance(last) {
            return Some(error.to_string());
        }
        if let Err(error) = desk.verify() {
            return Some(error.to_string());
        }
        let came = (again, ledgers(&desk));
        match self.may_come.contains(&came) {
            true => None,
            false => Some(format!("no order of two commands comes to {came:#?}")),
        }
    }
}

impl Model for Pair {
    type State = Order;
    type Action = Next;

    fn init_states(&self) -> Vec<Order> {
        vec![self.go(&[])]
    }
    fn actions(&self, order: &Order, actions: &mut Vec<Next>) {
        for at in [0, 1].into_iter().filter(|at| order.at_work[*at]) {
            actions.push(Next::Goes(at));
            if !order.died {
                actions.push(Next::Dies(at));
            }
        }
    }
    fn next_state(&self, order: &Order, next: Next) -> Option<Order> {
        Some(self.go(&[&order.steps[..], &[next]].concat()))
    }
    fn properties(&self) -> Vec<Property<Pair>> {
        vec![
            Property::always(
                "two desks do what one would have done",
                |_, order: &Order| order.wrong.is_none(),
            ),
            Property::sometimes("one dies, and is heard all the same", |_, order: &Order| {
                order.died && order.at_work == [false, false]
            }),
        ]
    }
}

fn explore(name: &str, pair: Pair) -> usize {
    let checker = pair.checker().spawn_bfs().join();
    let found = checker.discoveries();
    if let Some(path) = found.get("two desks do what one would have done") {
        let order = path.last_state();
        let steps: Vec<_> = order
            .steps
            .iter()
            .map(|step| match step {
                Next::Goes(at) => format!(
                    "  desk {} goes on with `{}`",
                    at + 1,
                    checker.model().asked[*at].command.name()
                ),
                Next::Dies(at) => format!("  desk {} dies", at + 1),
            })
            .collect();
        panic!(
            "{name}:\n{}\n{}",
            steps.join("\n"),
            order.wrong.clone().unwrap_or_default()
        );
    }
    assert_eq!(found.len(), 1, "{name}: nobody dies");
    println!("{name}: {} orders", checker.unique_state_count());
    checker.unique_state_count()
}

/// The story of a case, a command after the other, one an hour.
fn story(case: usize, by: Who, all: &[(Who, What)]) -> Vec<Envelope> {
    let plans = plans();
    let start = at("02 09:00");
    let mut told = vec![envelope(id(case), by.actor(), start, 0, open(by))];
    let mut as_it_is = duly::case::decide(None, &told[0], &plans).unwrap().case;
    for (n, (who, what)) in (1..).zip(all) {
        let command = what.command(&as_it_is).unwrap();
        let asked = envelope(
            id(case),
            who.actor(),
            start.plus(600 * n),
            as_it_is.version(),
            command,
        );
        as_it_is = duly::case::decide(Some(&as_it_is), &asked, &plans)
            .unwrap()
            .case;
        told.push(asked);
    }
    told
}

/// Two commands after a story.
fn pair(all: &[(Who, What)], when: &str, asked: [(Who, What); 2]) -> Pair {
    let before = story(0, Who::Zhuoma, all);
    let plans = plans();
    let mut case = None;
    for envelope in &before {
        case = Some(
            duly::case::decide(case.as_ref(), envelope, &plans)
                .unwrap()
                .case,
        );
    }
    let case = case.unwrap();
    let mut n = 0;
    let asked = asked.map(|(who, what)| {
        n += 1;
        let mut it = envelope(
            id(0),
            who.actor(),
            at(when),
            n,
            what.command(&case).unwrap(),
        );
        it.id = format!("asked-{n}").parse().unwrap();
        it
    });
    Pair::new(before, asked)
}

const GIVEN: &[(Who, What)] = &[
    (Who::Caihong, What::Screen),
    (Who::Caihong, What::AssignTo(Who::Wanggang)),
];

fn after(more: &[(Who, What)]) -> Vec<(Who, What)> {
    [GIVEN, more].concat()
}

#[test]
fn two_desks_do_what_one_would_have_done_in_every_order_of_their_steps() {
    let solved = What::StrikeOff(Outcome::Solved);
    let replied = after(&[(Who::Wanggang, What::Reply)]);
    let published = after(&[(Who::Wanggang, What::Reply), (Who::Zhaxi, What::Pass)]);
    let liked = after(&[
        (Who::Wanggang, What::Reply),
        (Who::Zhaxi, What::Pass),
        (Who::Zhuoma, What::Like),
    ]);
    let mut orders = 0;
    let mut go = |name: &str, pair: Pair| orders += explore(name, pair);
    go(
        "two replies",
        pair(
            GIVEN,
            "02 11:00",
            [(Who::Wanggang, What::Reply), (Who::Wanggang, What::Explain)],
        ),
    );
    go(
        "a reply and a pause",
        pair(
            GIVEN,
            "02 11:00",
            [(Who::Wanggang, What::Reply), (Who::Wanggang, What::Pause)],
        ),
    );
    go(
        "two rungs later",
        pair(
            GIVEN,
            "05 11:00",
            [
                (Who::Wanggang, What::Reply),
                (Who::Wanggang, What::AskExtension),
            ],
        ),
    );
    go(
        "passed and sent back",
        pair(
            &replied,
            "02 11:00",
            [(Who::Zhaxi, What::Pass), (Who::Everything, What::SendBack)],
        ),
    );
    go(
        "passed twice",
        pair(
            &replied,
            "02 11:00",
            [(Who::Zhaxi, What::Pass), (Who::Everything, What::Pass)],
        ),
    );
    go(
        "liked and not",
        pair(
            &published,
            "02 11:00",
            [(Who::Zhuoma, What::Like), (Who::Caihong, What::Reach)],
        ),
    );
    go(
        "struck off and not satisfied",
        pair(
            &liked,
            "02 11:00",
            [(Who::Ducha, solved), (Who::Zhuoma, What::Dislike)],
        ),
    );
    go(
        "struck off twice",
        pair(
            &liked,
            "02 11:00",
            [(Who::Ducha, solved), (Who::Lamu, solved)],
        ),
    );
    go(
        "struck off and withdrawn",
        pair(
            &liked,
            "02 11:00",
            [(Who::Ducha, solved), (Who::Zhuoma, What::Withdraw)],
        ),
    );
    // The same command at both desks: a host that did not wait for the answer.
    let mut same = pair(
        &replied,
        "02 11:00",
        [(Who::Zhaxi, What::Pass), (Who::Zhaxi, What::Pass)],
    );
    same.asked[1] = same.asked[0].clone();
    go("one command twice", Pair::new(same.before, same.asked));
    assert_eq!(orders, 1_463, "not the orders that were counted");
}
