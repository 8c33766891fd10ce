//! The laws of obligations: the same as those of cases, in their own tables.

use std::error::Error;

use super::Held;
use super::draft::{at, plan, private};
use crate::desk::{
    Cursor, DeskError, DutyAlarm, DutyAnswer, DutyAnswered, DutyCommit, DutyCommitted, DutyDone,
    DutyEntry, DutyHead, Hash, Ledger, Sealed,
};
use crate::duty::{DutyEvent, DutyOutgoing, DutyRecord, effects, evolve};
use crate::time::{Counting, Moment, Span, Term};
use crate::words::{
    Addressee, DutyId, DutyKind, DutyStage, RuleId, Schedule, Step, StepKey, TextRef,
};

macro_rules! hold {
    ($what:expr) => {
        if !$what {
            return Err(format!("not so: {} (line {})", stringify!($what), line!()).into());
        }
    };
}

type Made<T> = Result<T, Box<dyn Error>>;

fn id(name: &str) -> Made<DutyId> {
    Ok(name.parse()?)
}

/// A commit of one event on top of what the ledger has. The first one imposes it, due after so many seconds.
fn draft(ledger: &dyn Ledger, name: &str, event: Option<DutyEvent>, due: i64) -> Made<DutyCommit> {
    let duty = id(name)?;
    let head = ledger.duties().load(&duty)?;
    let event = match event {
        Some(event) => event,
        None => imposed(name, due)?,
    };
    let last = head.as_ref().map(|head| head.duty.last_at().plus(1));
    let record = DutyRecord {
        duty: duty.clone(),
        version: head.as_ref().map_or(0, |head| head.duty.version()) + 1,
        at: last.unwrap_or(at(0)?),
        by: None,
        plan: plan()?,
        command: None,
        event,
    };
    let genesis = Hash::genesis_of_duty(ledger.board(), &duty);
    let prev = head.as_ref().map_or(genesis, |head| head.hash);
    let expected = record.version - 1;
    let after = evolve(ledger.board(), head.map(|head| head.duty), &record)?;
    let outgoing = effects(&record, &after);
    let sealed = Sealed::seal(prev, record)?;
    Ok(DutyCommit {
        duty,
        expected,
        head: Some(DutyHead {
            duty: after,
            hash: sealed.hash,
        }),
        records: vec![sealed],
        private: vec![private(name)],
        outgoing,
        answer: None,
        observed_at: at(0)?,
    })
}

fn imposed(name: &str, due: i64) -> Made<DutyEvent> {
    let due = at(due)?;
    Ok(DutyEvent::Imposed {
        kind: DutyKind::Digest,
        topic: private(name).reference,
        owed: Addressee {
            post: "leader".into(),
            role: None,
            place: "6325".parse()?,
            unit: None,
            person: None,
        },
        channels: Vec::new(),
        of: None,
        dated: None,
        rule: RuleId::new("duty(digest)"),
        term: Term::new(at(0)?, Span::WorkingDays(1), Counting::cn()),
        schedule: Schedule {
            legal_due: due,
            promised_due: due,
            provisional: false,
            calendar: "week".into(),
            steps: vec![Step {
                at: due,
                key: StepKey::Breach,
                deferred_from: None,
            }],
            rearmed: Vec::new(),
        },
    })
}

fn note(words: &str) -> DutyEvent {
    DutyEvent::Noted {
        text: private(words).reference,
    }
}

fn done(ledger: &dyn Ledger, commit: DutyCommit) -> Made<DutyCommit> {
    match ledger.duties().commit(&commit)? {
        DutyCommitted::Done => Ok(commit),
        other => Err(format!("the commit was not taken: {other:?}").into()),
    }
}

fn answered(commit: &DutyCommit, command: &str) -> Made<DutyAnswered> {
    let done = DutyDone {
        duty: commit.duty.clone(),
        stage: DutyStage::Owed,
        from_version: commit.expected,
        to_version: commit.expected + 1,
        at: at(0)?,
        due: at(9)?,
        next_alarm: None,
    };
    Ok(DutyAnswered {
        command: command.parse()?,
        duty: commit.duty.clone(),
        payload: Some(Hash::of(command.as_bytes())),
        said_at: at(-5)?,
        at: at(0)?,
        answer: DutyAnswer::Done(done),
    })
}

/// Everything that can be seen of obligations, to find that nothing changed.
#[derive(Debug, PartialEq)]
struct Seen {
    heads: Vec<Option<DutyHead>>,
    records: Vec<DutyEntry>,
    histories: Vec<Vec<DutyEntry>>,
    due: Vec<DutyAlarm>,
    outbox: Vec<DutyOutgoing>,
    texts: Vec<bool>,
}

fn seen(ledger: &dyn Ledger) -> Made<Seen> {
    let duties = ledger.duties();
    let all = duties.list(None, usize::MAX)?;
    let text = |duty: &DutyId| {
        let text: TextRef = private(duty.as_str()).reference;
        Ok::<_, DeskError>(duties.private(duty, &text)?.is_some())
    };
    Ok(Seen {
        heads: all
            .iter()
            .map(|duty| duties.load(duty))
            .collect::<Result<_, _>>()?,
        records: duties.read(&Cursor::start(), usize::MAX)?.items,
        histories: all
            .iter()
            .map(|duty| duties.history(duty))
            .collect::<Result<_, _>>()?,
        due: duties.due(Moment::MAX, None, usize::MAX)?,
        outbox: duties.outbox(&Cursor::start(), usize::MAX)?.items,
        texts: all.iter().map(text).collect::<Result<_, _>>()?,
    })
}

pub(super) fn read_back(ledger: &dyn Ledger) -> Held {
    let duties = ledger.duties();
    hold!(duties.load(&id("v01")?)?.is_none() && duties.next_alarm()?.is_none());
    hold!(duties.list(None, 10)?.is_empty() && duties.history(&id("v01")?)?.is_empty());
    let mut first = draft(ledger, "v01", None, 50)?;
    first.answer = Some(answered(&first, "d1")?);
    let first = done(ledger, first)?;
    let second = done(ledger, draft(ledger, "v01", Some(note("v01")), 0)?)?;
    hold!(duties.load(&id("v01")?)? == second.head);
    let sealed = [first.records, second.records].concat();
    let history = duties.history(&id("v01")?)?;
    hold!(history.iter().map(|entry| &entry.sealed).eq(&sealed));
    hold!(duties.read(&Cursor::start(), 10)?.items == history);
    let page = duties.read(&Cursor::start(), 1)?;
    hold!(duties.read(&page.next, 10)?.items.len() == 1);
    hold!(duties.answered(&"d1".parse()?)? == first.answer);
    hold!(duties.private(&id("v01")?, &private("v01").reference)? == Some(private("v01")));
    hold!(
        duties
            .private(&id("v02")?, &private("v01").reference)?
            .is_none()
    );
    // Obligations are no cases, and their commands are none of the cases'.
    hold!(ledger.cases(None, 10)?.is_empty() && ledger.answered(&"d1".parse()?)?.is_none());
    Ok(())
}

pub(super) fn stale_and_once(ledger: &dyn Ledger) -> Held {
    let duties = ledger.duties();
    let twice = draft(ledger, "v01", None, 50)?;
    let mut first = twice.clone();
    first.answer = Some(answered(&first, "d1")?);
    done(ledger, first)?;
    let before = seen(ledger)?;
    hold!(duties.commit(&twice)? == DutyCommitted::Conflict { actual: 1 });
    let mut again = draft(ledger, "v01", Some(note("v01")), 0)?;
    again.answer = Some(answered(&again, "d1")?);
    hold!(matches!(
        duties.commit(&again)?,
        DutyCommitted::Duplicate(_)
    ));
    let mut gap = draft(ledger, "v01", Some(note("v01")), 0)?;
    gap.expected = 5;
    hold!(duties.commit(&gap).is_err());
    hold!(seen(ledger)? == before);
    Ok(())
}

pub(super) fn alarms_and_outbox(ledger: &dyn Ledger) -> Held {
    let duties = ledger.duties();
    for (name, due) in [("c", 30), ("a", 10), ("b", 10)] {
        done(ledger, draft(ledger, name, None, due)?)?;
    }
    hold!(duties.next_alarm()? == Some(at(10)?));
    let due = duties.due(at(10)?, None, 10)?;
    hold!(due.iter().map(|it| it.duty.as_str()).eq(["a", "b"]));
    let after = duties.due(at(99)?, due.first(), 10)?;
    hold!(after.iter().map(|it| it.duty.as_str()).eq(["b", "c"]));
    hold!(duties.list(Some(&id("a")?), 1)? == [id("b")?]);
    let page = duties.outbox(&Cursor::start(), 2)?;
    hold!(page.items.len() == 2);
    let rest = duties.outbox(&page.next, 10)?.items;
    hold!(rest.len() == 1);
    let ids: Vec<_> = page.items.into_iter().map(|it| it.id).collect();
    duties.delivered(&ids)?;
    duties.delivered(&ids)?;
    hold!(duties.outbox(&Cursor::start(), 10)?.items == rest);
    hold!(ledger.outbox(&Cursor::start(), 10)?.items.is_empty());
    Ok(())
}

pub(super) fn erased(ledger: &dyn Ledger) -> Held {
    let duties = ledger.duties();
    let mut first = draft(ledger, "v01", None, 50)?;
    first.answer = Some(answered(&first, "d1")?);
    done(ledger, first)?;
    done(ledger, draft(ledger, "v02", None, 50)?)?;
    let fields = vec![private("v01").reference];
    let basis = "个人信息保护法第四十七条".to_owned();
    let mut erases = draft(
        ledger,
        "v01",
        Some(DutyEvent::Redacted { fields, basis }),
        0,
    )?;
    erases.private.clear();
    done(ledger, erases)?;
    hold!(
        duties
            .private(&id("v01")?, &private("v01").reference)?
            .is_none()
    );
    hold!(
        duties
            .private(&id("v02")?, &private("v02").reference)?
            .is_some()
    );
    let kept = duties
        .answered(&"d1".parse()?)?
        .ok_or("the answer is kept")?;
    hold!(kept.payload.is_none());
    Ok(())
}

pub(super) fn group(ledger: &dyn Ledger) -> Held {
    done(ledger, draft(ledger, "v01", None, 50)?)?;
    let before = seen(ledger)?;
    let mut failed = false;
    let undone = ledger.together(&mut || {
        let all = || -> Made<()> {
            done(ledger, draft(ledger, "v01", Some(note("v01")), 0)?)?;
            done(ledger, draft(ledger, "v02", None, 5)?)?;
            let out = ledger.duties().outbox(&Cursor::start(), 10)?.items;
            let ids: Vec<_> = out.into_iter().map(|it| it.id).collect();
            ledger.duties().delivered(&ids)?;
            Ok(())
        };
        failed = all().is_err();
        Err(DeskError::misuse("given up"))
    });
    hold!(undone.is_err() && !failed);
    hold!(seen(ledger)? == before);
    Ok(())
}
