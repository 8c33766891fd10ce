//! The laws.

use std::error::Error;

use super::Held;
use super::draft::{Draft, at, case, plan, private};
use crate::case::evolve;
use crate::desk::{
    Alarm, Commit, Committed, Cursor, DeskError, Entry, Hash, Head, Ledger, Sealed, follow,
};
use crate::time::Moment;
use crate::words::{EffectId, Event, Outgoing, Record, TextRef};

macro_rules! hold {
    ($what:expr) => {
        if !$what {
            return Err(format!("not so: {} (line {})", stringify!($what), line!()).into());
        }
    };
}

/// Everything that can be seen of a ledger, to find that nothing changed.
#[derive(Debug, PartialEq)]
struct Seen {
    cases: Vec<(Head, Vec<Entry>)>,
    records: Vec<Entry>,
    due: Vec<Alarm>,
    outbox: Vec<Outgoing>,
    links: Vec<Outgoing>,
}

fn seen(ledger: &dyn Ledger) -> Result<Seen, Box<dyn Error>> {
    let mut cases = Vec::new();
    for case in ledger.cases(None, usize::MAX)? {
        cases.push((
            ledger
                .load(&case)?
                .ok_or("a case that is listed has a head")?,
            ledger.history(&case)?,
        ));
    }
    Ok(Seen {
        cases,
        records: ledger.read(&Cursor::start(), usize::MAX)?.items,
        due: ledger.due(Moment::MAX, None, usize::MAX)?,
        outbox: ledger.outbox(&Cursor::start(), usize::MAX)?.items,
        links: ledger.links(usize::MAX)?,
    })
}

pub(super) fn empty(ledger: &dyn Ledger) -> Held {
    let id = case("m01")?;
    hold!(ledger.load(&id)?.is_none());
    hold!(ledger.history(&id)?.is_empty());
    hold!(ledger.cases(None, 10)?.is_empty());
    hold!(ledger.next_alarm()?.is_none());
    hold!(ledger.due(Moment::MAX, None, 10)?.is_empty());
    hold!(ledger.read(&Cursor::start(), 10)?.items.is_empty());
    hold!(ledger.outbox(&Cursor::start(), 10)?.items.is_empty());
    hold!(ledger.answered(&"c1".parse()?)?.is_none());
    hold!(ledger.find(&"board".parse()?, &"m01".parse()?)?.is_none());
    hold!(ledger.private(&id, &private("m01").reference)?.is_none());
    hold!(ledger.plan(&plan()?)?.is_none());
    ledger.delivered(&["m01/1/0".to_owned().try_into()?])?;
    ledger.check()?;
    Ok(())
}

pub(super) fn read_back(ledger: &dyn Ledger) -> Held {
    let first = Draft::on(ledger, "m01")?
        .tells(0)?
        .answers("c1", "open")?
        .done(ledger)?;
    let second = Draft::on(ledger, "m01")?
        .note(ledger, "one")?
        .note(ledger, "two")?
        .done(ledger)?;
    let id = case("m01")?;
    hold!(ledger.load(&id)? == second.head);
    let history = ledger.history(&id)?;
    let sealed: Vec<Sealed> = first
        .records
        .iter()
        .chain(&second.records)
        .cloned()
        .collect();
    hold!(history.iter().map(|entry| &entry.sealed).eq(&sealed));
    hold!(
        history
            .iter()
            .all(|entry| entry.observed_at == first.observed_at)
    );
    hold!(Some(follow(ledger.board(), &id, &sealed)?) == second.head.map(|head| head.hash));
    hold!(ledger.answered(&"c1".parse()?)? == first.answer);
    hold!(ledger.find(&"board".parse()?, &"m01".parse()?)?.as_ref() == Some(&id));
    for text in ["m01", "one", "two"].map(private) {
        hold!(ledger.private(&id, &text.reference)? == Some(text));
    }
    hold!(
        ledger
            .private(&case("m02")?, &private("one").reference)?
            .is_none()
    );
    hold!(ledger.cases(None, 10)? == [id]);
    Ok(())
}

pub(super) fn stale(ledger: &dyn Ledger) -> Held {
    let opens_twice = Draft::on(ledger, "m01")?.tells(0)?.answers("c0", "open")?;
    Draft::on(ledger, "m01")?.done(ledger)?;
    let late = Draft::on(ledger, "m01")?
        .note(ledger, "late")?
        .wakes(ledger, "w", at(9)?)?
        .tells(0)?
        .answers("c1", "x")?;
    Draft::on(ledger, "m01")?
        .note(ledger, "first")?
        .done(ledger)?;
    let before = seen(ledger)?;
    hold!(ledger.commit(&late.commit)? == Committed::Conflict { actual: 2 });
    hold!(ledger.commit(&opens_twice.commit)? == Committed::Conflict { actual: 2 });
    hold!(seen(ledger)? == before);
    hold!(ledger.answered(&"c1".parse()?)?.is_none());
    hold!(
        ledger
            .private(&case("m01")?, &private("late").reference)?
            .is_none()
    );
    Ok(())
}

pub(super) fn once(ledger: &dyn Ledger) -> Held {
    let first = Draft::on(ledger, "m01")?
        .answers("c1", "open")?
        .done(ledger)?;
    let before = seen(ledger)?;
    let again = Draft::on(ledger, "m01")?
        .note(ledger, "n")?
        .answers("c1", "note")?;
    let told = Committed::Duplicate(Box::new(first.answer.clone().ok_or("an answer")?));
    hold!(ledger.commit(&again.commit)? == told);
    // The id is looked at before the version and the number.
    hold!(ledger.commit(&first)? == told);
    let elsewhere = Draft::on(ledger, "m02")?.answers("c1", "open")?;
    hold!(ledger.commit(&elsewhere.commit)? == told);
    hold!(seen(ledger)? == before);
    Ok(())
}

pub(super) fn one_case(ledger: &dyn Ledger) -> Held {
    let mut other = Draft::on(ledger, "m01")?;
    Draft::on(ledger, "m01")?.done(ledger)?;
    let before = seen(ledger)?;
    // The same message under another case id.
    let id = case("m02")?;
    let prev = Hash::genesis(ledger.board(), &id);
    for sealed in &mut other.commit.records {
        let record = Record {
            case: id.clone(),
            ..sealed.record.clone()
        };
        let after = evolve(None, &record)?;
        *sealed = Sealed::seal(prev, record)?;
        other.commit.head = Some(Head {
            case: after,
            hash: sealed.hash,
        });
    }
    other.commit.case = id.clone();
    hold!(ledger.commit(&other.commit)? == Committed::Known { case: case("m01")? });
    hold!(seen(ledger)? == before);
    hold!(ledger.load(&id)?.is_none());
    Ok(())
}

pub(super) fn refusal(ledger: &dyn Ledger) -> Held {
    Draft::on(ledger, "m01")?.done(ledger)?;
    let before = seen(ledger)?;
    let refused = Draft::on(ledger, "m01")?
        .answers("c1", "sign")?
        .done(ledger)?;
    hold!(seen(ledger)? == before);
    hold!(ledger.answered(&"c1".parse()?)? == refused.answer);
    // Of a case that there is not, too.
    let mut nowhere = Draft::on(ledger, "m02")?.answers("c2", "sign")?;
    nowhere.commit.records.clear();
    nowhere.commit.head = None;
    nowhere.commit.private.clear();
    nowhere.done(ledger)?;
    hold!(ledger.load(&case("m02")?)?.is_none());
    hold!(ledger.answered(&"c2".parse()?)?.is_some());
    hold!(ledger.cases(None, 10)? == [case("m01")?]);
    Ok(())
}

pub(super) fn alarms(ledger: &dyn Ledger) -> Held {
    for (name, seconds) in [("b", 100), ("a", 100), ("c", 50), ("d", 300)] {
        Draft::on(ledger, name)?
            .wakes(ledger, "w", at(seconds)?)?
            .done(ledger)?;
    }
    Draft::on(ledger, "e")?.done(ledger)?;
    let alarm = |name: &str, seconds: i64| {
        Ok::<_, Box<dyn Error>>(Alarm {
            at: at(seconds)?,
            case: case(name)?,
        })
    };
    let (c, a, b, d) = (
        alarm("c", 50)?,
        alarm("a", 100)?,
        alarm("b", 100)?,
        alarm("d", 300)?,
    );
    hold!(ledger.next_alarm()? == Some(at(50)?));
    hold!(ledger.due(at(49)?, None, 10)?.is_empty());
    hold!(ledger.due(at(50)?, None, 10)? == [c.clone()]);
    hold!(ledger.due(at(299)?, None, 10)? == [c.clone(), a.clone(), b.clone()]);
    hold!(ledger.due(at(299)?, None, 2)? == [c.clone(), a.clone()]);
    hold!(ledger.due(at(299)?, Some(&a), 10)? == [b.clone()]);
    hold!(ledger.due(Moment::MAX, Some(&c), 10)? == [a.clone(), b.clone(), d.clone()]);
    // An alarm moves with its case, and goes when the case wants none.
    let resumed = || Event::Resumed {
        reason: "w".to_owned(),
        lapsed: false,
    };
    Draft::on(ledger, "c")?
        .with(ledger, resumed())?
        .done(ledger)?;
    Draft::on(ledger, "a")?
        .with(ledger, resumed())?
        .wakes(ledger, "v", at(400)?)?
        .done(ledger)?;
    hold!(ledger.next_alarm()? == Some(at(100)?));
    hold!(ledger.due(Moment::MAX, None, 10)? == [b, d, alarm("a", 400)?]);
    Ok(())
}

pub(super) fn every_record_once(ledger: &dyn Ledger) -> Held {
    let mut read = Vec::new();
    let mut cursor = Cursor::start();
    for round in 0..5 {
        for name in ["a", "b", "c"] {
            Draft::on(ledger, name)?
                .note(ledger, &format!("{name}{round}"))?
                .done(ledger)?;
        }
        let page = ledger.read(&cursor, 2)?;
        hold!(page.items.len() == 2);
        cursor = page.next;
        read.extend(page.items);
    }
    loop {
        let page = ledger.read(&cursor, 4)?;
        if page.items.is_empty() {
            hold!(page.next == cursor);
            break;
        }
        cursor = page.next;
        read.extend(page.items);
    }
    hold!(read.len() == 18);
    hold!(read == ledger.read(&Cursor::start(), usize::MAX)?.items);
    for name in ["a", "b", "c"] {
        let id = case(name)?;
        let own = read.iter().filter(|entry| entry.sealed.record.case == id);
        hold!(own.eq(&ledger.history(&id)?));
    }
    hold!(ledger.cases(None, 2)? == [case("a")?, case("b")?]);
    hold!(ledger.cases(Some(&case("b")?), 2)? == [case("c")?]);
    hold!(ledger.read(&Cursor::new("nonsense"), 1).is_err());
    Ok(())
}

pub(super) fn outbox(ledger: &dyn Ledger) -> Held {
    Draft::on(ledger, "a")?.tells(0)?.tells(1)?.done(ledger)?;
    Draft::on(ledger, "b")?.tells(0)?.done(ledger)?;
    let ids = |after: &Cursor, limit: usize| {
        let page = ledger.outbox(after, limit)?;
        let ids: Vec<String> = page
            .items
            .iter()
            .map(|outgoing| outgoing.id.to_string())
            .collect();
        Ok::<_, DeskError>((ids, page.next))
    };
    let effect = |id: &str| EffectId::try_from(id.to_owned());
    let start = Cursor::start();
    hold!(ids(&start, 10)?.0 == ["a/1/0", "a/1/1", "b/1/0"]);
    // Taken again, the same: whoever died over it did not say that it was delivered.
    let (first, next) = ids(&start, 2)?;
    hold!(first == ["a/1/0", "a/1/1"]);
    hold!(ids(&next, 10)?.0 == ["b/1/0"]);
    ledger.delivered(&[effect("a/1/1")?, effect("b/1/0")?])?;
    ledger.delivered(&[effect("b/1/0")?])?;
    hold!(ids(&start, 10)?.0 == ["a/1/0"]);
    // What comes later is behind every cursor that was given, though the last place was freed.
    let (_, end) = ids(&next, 10)?;
    Draft::on(ledger, "c")?.tells(0)?.done(ledger)?;
    hold!(ids(&next, 10)?.0 == ["c/1/0"]);
    hold!(ids(&end, 10)?.0 == ["c/1/0"]);
    hold!(ids(&start, 10)?.0 == ["a/1/0", "c/1/0"]);
    Ok(())
}

pub(super) fn links(ledger: &dyn Ledger) -> Held {
    let ids = |limit: usize| {
        let all = ledger.links(limit)?.into_iter();
        Ok::<_, DeskError>(all.map(|it| it.id.to_string()).collect::<Vec<_>>())
    };
    let effect = |id: &str| EffectId::try_from(id.to_owned());
    hold!(ids(10)?.is_empty());
    Draft::on(ledger, "a")?.tells(0)?.links(1)?.done(ledger)?;
    Draft::on(ledger, "b")?
        .links(0)?
        .tells(1)?
        .links(2)?
        .done(ledger)?;
    hold!(ids(10)? == ["a/1/1", "b/1/0", "b/1/2"]);
    hold!(ids(2)? == ["a/1/1", "b/1/0"]);
    // They lie in the outbox with the rest, and leave it like the rest.
    let all = ledger.outbox(&Cursor::start(), 10)?.items;
    hold!(all.len() == 5 && all.iter().filter(|it| it.is_link()).count() == 3);
    ledger.delivered(&[effect("b/1/0")?, effect("a/1/0")?])?;
    hold!(ids(10)? == ["a/1/1", "b/1/2"]);
    // What a group took out is there again when the group fails.
    let failed = ledger.together(&mut || {
        ledger.delivered(&[effect("a/1/1").map_err(DeskError::misuse)?])?;
        match ids(10)? == ["b/1/2"] {
            true => Err(DeskError::misuse("changed our mind")),
            false => Ok(()),
        }
    });
    hold!(failed.is_err());
    hold!(ids(10)? == ["a/1/1", "b/1/2"]);
    Ok(())
}

fn redacted(fields: &[&TextRef]) -> Event {
    Event::Redacted {
        fields: fields.iter().map(|field| (*field).clone()).collect(),
        basis: "law".to_owned(),
    }
}

pub(super) fn erased(ledger: &dyn Ledger) -> Held {
    let (secret, kept) = (private("13912345678"), private("kept"));
    Draft::on(ledger, "a")?
        .note(ledger, "13912345678")?
        .note(ledger, "kept")?
        .answers("c1", "x")?
        .done(ledger)?;
    Draft::on(ledger, "b")?
        .note(ledger, "13912345678")?
        .answers("c2", "y")?
        .done(ledger)?;
    Draft::on(ledger, "a")?
        .with(ledger, redacted(&[&secret.reference]))?
        .done(ledger)?;
    hold!(ledger.private(&case("a")?, &secret.reference)?.is_none());
    hold!(ledger.text(&case("a")?, &secret.reference)?.is_none());
    hold!(ledger.private(&case("a")?, &kept.reference)? == Some(kept));
    hold!(ledger.private(&case("b")?, &secret.reference)? == Some(secret));
    // A hash of what was asked can be guessed at, so it goes as well; the answer stays.
    let answered =
        |id: &str| Ok::<_, Box<dyn Error>>(ledger.answered(&id.parse()?)?.ok_or("an answer")?);
    hold!(answered("c1")?.payload.is_none());
    hold!(answered("c2")?.payload.is_some());
    let history: Vec<Sealed> = ledger
        .history(&case("a")?)?
        .into_iter()
        .map(|entry| entry.sealed)
        .collect();
    follow(ledger.board(), &case("a")?, &history)?;
    Ok(())
}

pub(super) fn plans(ledger: &dyn Ledger) -> Held {
    let id = plan()?;
    hold!(!ledger.has_plan(&id)?);
    ledger.keep_plan(&id, "{\"a\":1}")?;
    ledger.keep_plan(&id, "{\"b\":2}")?;
    hold!(ledger.plan(&id)?.as_deref() == Some("{\"a\":1}"));
    hold!(ledger.has_plan(&id)?);
    Ok(())
}

pub(super) fn malformed(ledger: &dyn Ledger) -> Held {
    let good = Draft::on(ledger, "a")?.note(ledger, "n")?.commit;
    let gap = Commit {
        expected: 1,
        ..good.clone()
    };
    let elsewhere = Commit {
        case: case("b")?,
        ..good.clone()
    };
    let headless = Commit {
        head: None,
        ..good.clone()
    };
    let bodiless = Commit {
        records: Vec::new(),
        ..good.clone()
    };
    let reversed = Commit {
        records: good.records.iter().rev().cloned().collect(),
        ..good.clone()
    };
    for bad in [gap, elsewhere, headless, bodiless, reversed] {
        hold!(ledger.commit(&bad).is_err());
    }
    hold!(ledger.cases(None, 10)?.is_empty());
    hold!(ledger.commit(&good)? == Committed::Done);
    Ok(())
}

/// Runs a group that may fail in ways of its own.
fn in_group(ledger: &dyn Ledger, mut group: impl FnMut() -> Held) -> Result<(), DeskError> {
    ledger.together(&mut || group().map_err(|error| DeskError::misuse(error.to_string())))
}

pub(super) fn group(ledger: &dyn Ledger) -> Held {
    let text = private("a0");
    Draft::on(ledger, "a")?
        .note(ledger, "a0")?
        .wakes(ledger, "w", at(50)?)?
        .tells(0)?
        .answers("c0", "x")?
        .done(ledger)?;
    let before = seen(ledger)?;
    let failed = in_group(ledger, || {
        Draft::on(ledger, "b")?
            .wakes(ledger, "w", at(10)?)?
            .tells(0)?
            .answers("c1", "x")?
            .done(ledger)?;
        let resumed = Event::Resumed {
            reason: "w".to_owned(),
            lapsed: true,
        };
        Draft::on(ledger, "a")?
            .with(ledger, resumed)?
            .done(ledger)?;
        Draft::on(ledger, "a")?
            .with(ledger, redacted(&[&text.reference]))?
            .tells(0)?
            .done(ledger)?;
        ledger.keep_plan(&plan()?, "{}")?;
        ledger.delivered(&[EffectId::try_from("a/3/0".to_owned())?])?;
        // Inside, all of it is there.
        hold!(ledger.next_alarm()? == Some(at(10)?));
        hold!(ledger.private(&case("a")?, &text.reference)?.is_none());
        hold!(ledger.outbox(&Cursor::start(), 10)?.items.len() == 2);
        Err("on purpose".into())
    });
    hold!(failed.is_err_and(|error| error.to_string() == "on purpose"));
    hold!(seen(ledger)? == before);
    hold!(ledger.answered(&"c1".parse()?)?.is_none());
    hold!(
        ledger
            .answered(&"c0".parse()?)?
            .is_some_and(|answered| answered.payload.is_some())
    );
    hold!(ledger.find(&"board".parse()?, &"b".parse()?)?.is_none());
    hold!(ledger.private(&case("a")?, &text.reference)?.is_some());
    hold!(
        ledger
            .private(&case("b")?, &private("b").reference)?
            .is_none()
    );
    hold!(ledger.plan(&plan()?)?.is_none());
    in_group(ledger, || {
        Draft::on(ledger, "b")?.done(ledger)?;
        Draft::on(ledger, "b")?.note(ledger, "n")?.done(ledger)?;
        Ok(())
    })?;
    hold!(ledger.history(&case("b")?)?.len() == 2);
    Ok(())
}

pub(super) fn inner_group(ledger: &dyn Ledger) -> Held {
    in_group(ledger, || {
        Draft::on(ledger, "a")?.done(ledger)?;
        let failed = in_group(ledger, || {
            Draft::on(ledger, "b")?.done(ledger)?;
            Err("on purpose".into())
        });
        hold!(failed.is_err());
        in_group(ledger, || Draft::on(ledger, "c")?.done(ledger).map(drop))?;
        Ok(())
    })?;
    hold!(ledger.cases(None, 10)? == [case("a")?, case("c")?]);
    // What succeeded inside goes with a group that fails.
    let failed = in_group(ledger, || {
        in_group(ledger, || Draft::on(ledger, "d")?.done(ledger).map(drop))?;
        Err("on purpose".into())
    });
    hold!(failed.is_err());
    hold!(ledger.cases(None, 10)? == [case("a")?, case("c")?]);
    Ok(())
}

pub(super) fn race(ledger: &dyn Ledger) -> Held {
    const EACH: usize = 20;
    Draft::on(ledger, "a")?.done(ledger)?;
    let run = |who: usize| -> Result<(), String> {
        let mut written = 0;
        while written < EACH {
            let draft = Draft::on(ledger, "a")
                .and_then(|draft| draft.note(ledger, &format!("{who}/{written}")));
            let draft = draft.map_err(|error| error.to_string())?;
            match ledger
                .commit(&draft.commit)
                .map_err(|error| error.to_string())?
            {
                Committed::Done => written += 1,
                Committed::Conflict { .. } => {}
                other => return Err(format!("{other:?}")),
            }
        }
        Ok(())
    };
    std::thread::scope(|scope| {
        let racers: Vec<_> = (0..4).map(|who| scope.spawn(move || run(who))).collect();
        racers
            .into_iter()
            .try_for_each(|racer| racer.join().map_err(|_| "a writer panicked".to_owned())?)
    })?;
    let history: Vec<Sealed> = ledger
        .history(&case("a")?)?
        .into_iter()
        .map(|entry| entry.sealed)
        .collect();
    hold!(history.len() == 1 + 4 * EACH);
    follow(ledger.board(), &case("a")?, &history)?;
    Ok(())
}

pub(super) fn apart(ledger: &dyn Ledger) -> Held {
    let other = || -> Result<(), String> {
        Draft::on(ledger, "b")
            .and_then(|draft| draft.done(ledger))
            .map(drop)
            .map_err(|error| error.to_string())
    };
    std::thread::scope(|scope| -> Held {
        let mut racer = None;
        let failed = in_group(ledger, || {
            Draft::on(ledger, "a")?.done(ledger)?;
            racer = Some(scope.spawn(other));
            // Time enough for the other to slip in, if it could.
            std::thread::sleep(std::time::Duration::from_millis(30));
            Err("on purpose".into())
        });
        hold!(failed.is_err());
        racer
            .ok_or("a racer")?
            .join()
            .map_err(|_| "the other writer panicked")??;
        Ok(())
    })?;
    hold!(ledger.cases(None, 10)? == [case("b")?]);
    Ok(())
}
