//! What leaves a board: addressed to whoever holds the post today, with its words, and what the host says became of it.

use std::convert::Infallible;

use duly::desk::{
    Answer, Cursor, Deliveries, Delivery, Desk, Directory, DirectoryError, Failure, Fate, Found,
    Ledger, PostTable, Presence, Reach, Receipt, To, address, deliveries, effect_of,
};
use duly::duty::{DutyEffect, DutyEffectId, DutyNotice, DutyOutgoing};
use duly::time::Moment;
use duly::words::{
    Addressee, Command, Effect, EffectId, Event, Lang, Notice, Outgoing, PersonId, Record, Role,
    Telling,
};

use super::{at, case, envelope, on_every_ledger, opened, screened};

/// A county's office, its prefecture's, and who is away in March.
fn table() -> PostTable {
    serde_json::from_str(
        r#"{
            "held": [
                {"post": "intake", "place": "632521", "person": "caihong"},
                {"post": "unit_head", "place": "632521", "unit": "water", "person": "lizhang"},
                {"post": "ducha", "place": "632521", "person": "county-ducha", "until": "2026-03-01T00:00:00+08:00"},
                {"post": "supervisor", "place": "6325", "person": "duchazhang"},
                {"post": "supervisor", "place": "6325", "person": "duchafu"},
                {"post": "leader", "place": "63", "person": "shuji"}
            ],
            "absent": [
                {"person": "wanggang", "from": "2026-03-01T00:00:00+08:00", "until": "2026-03-08T00:00:00+08:00", "acting": ["zhaomin", "sick"]},
                {"person": "sick", "from": "2026-03-01T00:00:00+08:00"},
                {"person": "lizhang", "from": "2026-04-01T00:00:00+08:00"}
            ]
        }"#,
    )
    .unwrap()
}

fn post(post: &str, role: Option<Role>, unit: Option<&str>, person: Option<&str>) -> Addressee {
    Addressee {
        post: post.into(),
        role,
        place: "632521".parse().unwrap(),
        unit: unit.map(|it| it.parse().unwrap()),
        person: person.map(|it| it.parse().unwrap()),
    }
}

fn owner(person: &str) -> Addressee {
    post("owner", Some(Role::Owner), Some("water"), Some(person))
}

fn day(date: &str) -> Moment {
    Moment::parse(&format!("2026-{date}T09:00:00+08:00")).unwrap()
}

/// Who is told, and by what they were found.
fn told(to: &Addressee, on: &str) -> String {
    let found = address(to, &table(), day(on)).unwrap();
    let people = found.people.iter().map(|it| match &it.acting_for {
        Some(whom) => format!("{} for {whom}", it.person),
        None => it.person.to_string(),
    });
    let by = match &found.found {
        Found::Named => "named".to_owned(),
        Found::Post => "post".to_owned(),
        Found::Instead { post } => format!("instead {}", post.post),
        Found::Nobody => "nobody".to_owned(),
        other => format!("{other:?}"),
    };
    assert_eq!(found.is_nobody(), by == "nobody");
    assert_eq!(
        found.remark(Lang::En).is_some(),
        by.starts_with("instead") || by == "nobody"
    );
    format!("{} ({by})", people.collect::<Vec<_>>().join(", "))
}

#[test]
fn a_post_is_whoever_holds_it_when_the_outbox_is_drained() {
    // The person that the case names; on leave, whoever acts for them and is here; and again the person.
    assert_eq!(told(&owner("wanggang"), "02-27"), "wanggang (named)");
    assert_eq!(
        told(&owner("wanggang"), "03-02"),
        "zhaomin for wanggang (named)"
    );
    assert_eq!(told(&owner("wanggang"), "03-08"), "wanggang (named)");
    // An owner who has gone for good, and for whom nobody acts: the head of the unit.
    assert_eq!(told(&owner("sick"), "03-02"), "lizhang (instead unit_head)");
    // And the head has gone as well: supervision, every one of them.
    assert_eq!(
        told(&owner("sick"), "04-02"),
        "duchazhang, duchafu (instead supervisor)"
    );
    // The office that the pack names; once the county has none, its role at the prefecture.
    let ducha = post("ducha", Some(Role::Supervisor), None, None);
    assert_eq!(told(&ducha, "02-27"), "county-ducha (post)");
    assert_eq!(told(&ducha, "03-02"), "duchazhang, duchafu (post)");
    // A post that nobody has, of no unit: supervision.
    let reviewer = post("reviewer", Some(Role::Reviewer), None, None);
    assert_eq!(
        told(&reviewer, "03-02"),
        "duchazhang, duchafu (instead supervisor)"
    );
    // A head of another unit is no head of this one.
    let other = post("unit_head", Some(Role::UnitHead), Some("roads"), None);
    assert_eq!(
        told(&other, "03-02"),
        "duchazhang, duchafu (instead supervisor)"
    );
}

#[test]
fn a_place_whose_people_are_all_away_is_passed_over() {
    let mut table = table();
    let county = r#"{"post": "supervisor", "place": "632521", "person": "sick"}"#;
    table.held.push(serde_json::from_str(county).unwrap());
    let ducha = post("supervisor", Some(Role::Supervisor), None, None);
    let found = address(&ducha, &table, day("03-02")).unwrap();
    assert_eq!(found.people[0].person.as_str(), "duchazhang");
    assert_eq!(
        address(&ducha, &table, day("02-27")).unwrap().people[0]
            .person
            .as_str(),
        "sick"
    );
}

#[test]
fn nobody_is_said_in_both_languages_and_never_dropped() {
    let empty = PostTable::default();
    let found = address(&owner("sick"), &table(), day("03-02")).unwrap();
    assert_eq!(found.absent, ["sick".parse().unwrap()]);
    insta::assert_snapshot!(found.remark(Lang::Zh).unwrap(), @"632521(water)的`owner`无人在岗,改由`unit_head`代收");
    insta::assert_snapshot!(found.remark(Lang::En).unwrap(), @"nobody holds the post `owner` of water at 632521: `unit_head` is told in its place");
    let head = post("unit_head", Some(Role::UnitHead), Some("water"), None);
    let found = address(&head, &empty, day("03-02")).unwrap();
    insta::assert_snapshot!(found.remark(Lang::Zh).unwrap(), @"632521(water)的`unit_head`无人在岗,应代收的`supervisor`也无人在岗:在通讯录补上之前,无人收到");
    let supervisor = post("supervisor", Some(Role::Supervisor), None, None);
    let found = address(&supervisor, &empty, day("03-02")).unwrap();
    assert!(found.is_nobody());
    insta::assert_snapshot!(found.remark(Lang::En).unwrap(), @"nobody holds the post `supervisor` at 632521: nobody is told until the directory names somebody");
}

/// A directory that answers for no post of a unit.
struct Down;

impl Directory for Down {
    fn holders(&self, post: &Addressee, _: Moment) -> Result<Vec<PersonId>, DirectoryError> {
        match post.unit {
            Some(_) => Err(DirectoryError::new("timed out")),
            None => Ok(vec!["somebody".parse().unwrap()]),
        }
    }
    fn presence(&self, _: &PersonId, _: Moment) -> Result<Presence, DirectoryError> {
        Ok(Presence::Here)
    }
}

fn drained<L: Ledger>(
    desk: &Desk<L>,
    directory: &dyn Directory,
    now: Moment,
) -> Deliveries<Outgoing> {
    let page = desk.outbox(&Cursor::start(), 1000).unwrap();
    let records = |of: &Outgoing| desk.history(&of.id.case);
    deliveries(
        page,
        directory,
        now,
        |it| {
            Ok(records(it)?
                .first()
                .and_then(|it| Reach::of(&it.sealed.record)))
        },
        |it, text| desk.text(&it.id.case, text),
    )
    .unwrap_or_else(|error: duly::desk::DeskError| panic!("{error}"))
}

fn asked(id: &str, of: &str, minutes: i64) -> duly::words::Envelope {
    let command: Command =
        serde_json::from_str(r#"{"ask_citizen": {"question": "路灯在哪条路上?"}}"#).unwrap();
    envelope(id, of, Role::Intake, minutes, command)
}

fn assigned(id: &str, of: &str, minutes: i64) -> duly::words::Envelope {
    let command: Command =
        serde_json::from_str(r#"{"assign": {"unit": "water", "owner": "wanggang"}}"#).unwrap();
    envelope(id, of, Role::Intake, minutes, command)
}

fn done<L: Ledger>(desk: &Desk<L>, envelope: duly::words::Envelope) {
    let answer = desk.submit(envelope).unwrap();
    assert!(matches!(answer, Answer::Done(_)), "{answer:?}");
}

#[test]
fn a_page_is_addressed_with_its_words_and_a_directory_that_is_down_holds_nothing_else_back() {
    on_every_ledger(|desk| {
        done(&desk, opened("c1", "m01", 0));
        done(&desk, screened("c2", "m01", 1));
        done(&desk, assigned("c3", "m01", 2));
        let taken = drained(&desk, &table(), at(3));
        assert!(taken.put_off.is_empty() && !taken.is_end);
        let names: Vec<String> = taken.items.iter().map(Delivery::id).collect();
        let there: Vec<String> = desk
            .outbox(&Cursor::start(), 1000)
            .unwrap()
            .items
            .iter()
            .map(|it| it.id.to_string())
            .collect();
        assert_eq!(names, there);
        // The citizen by name, and the contact by its reference alone.
        let To::Citizen { citizen, reach } = &taken.items[0].to else {
            panic!("{:?}", taken.items[0])
        };
        assert_eq!(citizen.as_ref().unwrap().as_str(), "citizen-1");
        let reach = reach.as_ref().unwrap();
        assert_eq!(
            (reach.channel.as_str(), reach.external_id.as_str()),
            ("board", "n-m01")
        );
        let contact = reach.contact.as_ref().unwrap();
        assert_eq!(
            desk.text(&case("m01"), contact).unwrap().unwrap().as_str(),
            "13912345678"
        );
        let json = serde_json::to_string(&taken.items).unwrap();
        assert!(!json.contains("13912345678"), "{json}");
        assert_eq!(
            serde_json::from_str::<Vec<Delivery>>(&json).unwrap(),
            taken.items
        );
        // The owner is on leave.
        let to_owner = taken
            .items
            .iter()
            .find(|it| {
                matches!(
                    &it.outgoing.effect,
                    Effect::Notify {
                        what: Notice::Assigned,
                        ..
                    }
                )
            })
            .unwrap();
        let To::Officers { people } = &to_owner.to else {
            panic!("{to_owner:?}")
        };
        assert_eq!(people.people[0].person.as_str(), "zhaomin");
        // Whoever is down is asked for no post that it cannot tell of; the rest goes out, and the effect stays.
        let mut directory_asked = drained(&desk, &Down, at(3));
        assert!(
            directory_asked.put_off.is_empty(),
            "the case names the owner"
        );
        let page = desk.outbox(&Cursor::start(), 1000).unwrap();
        let mut items = page.items;
        if let Some(Effect::Notify { to, .. }) = items
            .iter_mut()
            .map(|it| &mut it.effect)
            .find(|it| matches!(it, Effect::Notify { .. }))
        {
            to.person = None;
        }
        let page = duly::desk::Page {
            items,
            next: page.next,
        };
        directory_asked = deliveries(
            page,
            &Down,
            at(3),
            |_| Ok::<_, Infallible>(None),
            |_, _| Ok(None),
        )
        .unwrap();
        assert_eq!(directory_asked.put_off.len(), 1);
        assert_eq!(directory_asked.items.len() + 1, taken.items.len());
        assert_eq!(directory_asked.put_off[0].id, to_owner.id());
        let said = directory_asked.put_off[0].to_string();
        assert!(said.ends_with("the directory of posts cannot be asked now: timed out; what is addressed to a post stays in the outbox, try again later"), "{said}");
    });
}

#[test]
fn words_that_were_erased_meanwhile_are_given_as_erased() {
    on_every_ledger(|desk| {
        done(&desk, opened("c1", "m01", 0));
        done(&desk, asked("c2", "m01", 1));
        let question = |taken: &Deliveries| {
            let mut items = taken.items.iter();
            let it = items.find(|it| {
                matches!(
                    &it.outgoing.effect,
                    Effect::Tell {
                        what: Telling::Question { .. },
                        ..
                    }
                )
            });
            it.unwrap().words[0].clone()
        };
        let words = question(&drained(&desk, &table(), at(2)));
        assert_eq!(words.shown(Lang::Zh), "路灯在哪条路上?");
        let redact = Command::Redact {
            fields: vec![words.reference.clone()],
            basis: "《个人信息保护法》第四十七条".into(),
        };
        done(&desk, envelope("c3", "m01", Role::Supervisor, 3, redact));
        let taken = drained(&desk, &table(), at(4));
        let words = question(&taken);
        assert_eq!(
            (
                words.text.as_ref(),
                words.shown(Lang::Zh),
                words.shown(Lang::En)
            ),
            (None, "(已依法删除)", "[erased]")
        );
        // What is to be erased is told by reference, and no words of it go out.
        let erase = taken
            .items
            .iter()
            .find(|it| matches!(it.outgoing.effect, Effect::Erase { .. }))
            .unwrap();
        assert!(erase.words.is_empty() && erase.to == To::Stores && !erase.is_nobody());
    });
}

fn receipt(effect: &str, minutes: i64, outcome: Fate) -> Receipt {
    Receipt {
        effect: effect.to_owned().try_into().unwrap(),
        at: at(minutes),
        means: Some("短信".parse().unwrap()),
        outcome,
    }
}

fn arrived() -> Fate {
    Fate::Delivered {
        to: vec!["citizen-1".parse().unwrap()],
    }
}

fn failed(instead: Option<&str>) -> Fate {
    Fate::Failed {
        why: Failure::NotReached,
        instead: instead.map(|it| it.parse().unwrap()),
    }
}

/// What a desk does with a receipt: the effect by its id, the command that follows, and out of the outbox what is settled.
fn give<L: Ledger>(desk: &Desk<L>, receipt: &Receipt) -> Option<Answer> {
    desk.receipt(receipt).unwrap().answer
}

fn events<L: Ledger>(desk: &Desk<L>, of: &str) -> Vec<Event> {
    let all = desk.history(&case(of)).unwrap().into_iter();
    all.map(|it| it.sealed.record.event)
        .filter(|it| matches!(it, Event::Delivered { .. } | Event::Undelivered { .. }))
        .collect()
}

#[test]
fn a_receipt_is_heard_by_the_case_once_however_often_it_is_given() {
    on_every_ledger(|desk| {
        done(&desk, opened("c1", "m01", 0));
        let before = desk.outbox(&Cursor::start(), 1000).unwrap().items.len();
        let first = receipt("m01/1/0", 5, failed(None));
        let answer = give(&desk, &first).unwrap();
        assert!(matches!(answer, Answer::Done(_)), "{answer:?}");
        assert_eq!(give(&desk, &first).unwrap(), answer);
        // Tried again and failed in the same way: no second entry, and it is still in the outbox.
        assert_eq!(
            give(&desk, &receipt("m01/1/0", 65, failed(None))).unwrap(),
            answer
        );
        assert_eq!(
            desk.outbox(&Cursor::start(), 1000).unwrap().items.len(),
            before
        );
        // Delivered at last.
        let second = receipt("m01/1/0", 125, arrived());
        assert!(matches!(give(&desk, &second), Some(Answer::Done(_))));
        assert!(matches!(give(&desk, &second), Some(Answer::Done(_))));
        assert_eq!(
            desk.outbox(&Cursor::start(), 1000).unwrap().items.len(),
            before - 1
        );
        // And found to be the wrong number after all: both stand.
        assert!(matches!(
            give(
                &desk,
                &receipt(
                    "m01/1/0",
                    500,
                    Fate::Failed {
                        why: Failure::WrongContact,
                        instead: None
                    }
                )
            ),
            Some(Answer::Done(_))
        ));
        let all = events(&desk, "m01");
        assert!(
            matches!(
                all.as_slice(),
                [
                    Event::Undelivered { .. },
                    Event::Delivered { .. },
                    Event::Undelivered { .. }
                ]
            ),
            "{all:?}"
        );
        assert_eq!(desk.verify().unwrap().cases, 1);
    });
}

#[test]
fn an_officers_receipt_asks_nothing_of_the_case_and_an_invented_effect_is_none() {
    on_every_ledger(|desk| {
        done(&desk, opened("c1", "m01", 0));
        done(&desk, screened("c2", "m01", 1));
        done(&desk, assigned("c3", "m01", 2));
        let out = desk.outbox(&Cursor::start(), 1000).unwrap().items;
        let officer = out
            .iter()
            .find(|it| matches!(it.effect, Effect::Notify { .. }))
            .unwrap();
        assert_eq!(
            give(&desk, &receipt(&officer.id.to_string(), 5, arrived())),
            None
        );
        assert!(events(&desk, "m01").is_empty());
        assert_eq!(
            desk.outbox(&Cursor::start(), 1000).unwrap().items.len(),
            out.len() - 1
        );
        // Every effect is found again from the records, and no other.
        let records: Vec<Record> = desk
            .history(&case("m01"))
            .unwrap()
            .into_iter()
            .map(|it| it.sealed.record)
            .collect();
        for it in &out {
            assert_eq!(effect_of(&records, &it.id).unwrap().as_ref(), Some(it));
        }
        for id in ["m01/1/9", "m01/99/0", "m02/1/0"] {
            let id: EffectId = id.to_owned().try_into().unwrap();
            assert_eq!(effect_of(&records, &id).unwrap(), None, "{id}");
        }
    });
}

#[test]
fn the_id_of_the_command_comes_from_the_effect_and_the_outcome_and_always_fits() {
    let tell = Effect::Tell {
        citizen: None,
        what: Telling::Received,
    };
    let long = "件".repeat(42);
    let outcomes = [
        arrived(),
        failed(None),
        failed(Some("电话")),
        failed(Some("上门")),
    ];
    let mut ids = std::collections::BTreeSet::new();
    for of in [
        "m01/1/0",
        "m01/1/1",
        &format!("{long}/1/0"),
        &format!("{long}/1/1"),
    ] {
        for outcome in &outcomes {
            let id = |minutes| {
                receipt(of, minutes, outcome.clone())
                    .command(&tell)
                    .unwrap()
                    .unwrap()
                    .0
            };
            assert_eq!(id(1), id(2));
            assert!(id(1).as_str().starts_with("receipt/"));
            assert!(ids.insert(id(1)), "{of} {outcome:?}");
        }
    }
    assert_eq!(
        receipt("m01/1/0", 1, failed(Some("电话")))
            .command(&tell)
            .unwrap()
            .unwrap()
            .0
            .as_str(),
        "receipt/m01/1/0/not_reached/电话"
    );
}

#[test]
fn every_receipt_is_kept_once_and_a_contradiction_is_seen() {
    on_every_ledger(|desk| {
        done(&desk, opened("c1", "m01", 0));
        let file = |receipt: &Receipt| desk.receipt(receipt).unwrap().filed;
        let (not, yes, back) = (
            receipt("m01/1/0", 5, failed(None)),
            receipt("m01/1/0", 65, arrived()),
            receipt(
                "m01/1/0",
                500,
                Fate::Failed {
                    why: Failure::Bounced,
                    instead: None,
                },
            ),
        );
        let first = file(&not);
        assert!(
            !first.known && !first.full && first.before.is_empty() && !first.is_contradiction()
        );
        assert!(file(&not).known);
        let second = file(&yes);
        assert_eq!(
            (second.before.as_slice(), second.is_contradiction()),
            ([not.clone()].as_slice(), false)
        );
        let third = file(&back);
        assert_eq!(third.before, [not.clone(), yes.clone()]);
        assert_eq!(
            third.remark(Lang::Zh).unwrap(),
            "此前回执称已送达,现称未送达:两条都记入本件,已据前一条生效的时限和结论不变;请督查办核实,向网民重新告知或回访"
        );
        // Given again in another order: nothing is kept twice, and none is taken for another.
        for (receipt, contradicts) in [(&back, true), (&not, false), (&yes, false)] {
            let again = file(receipt);
            assert_eq!((again.known, again.is_contradiction()), (true, contradicts));
        }
        assert_eq!(
            kept_names(desk.ledger()),
            ["m01/1/0#1", "m01/1/0#2", "m01/1/0#3"]
        );
        // What is no receipt is passed over; there is an end to it.
        done(&desk, opened("c2", "m03", 0));
        let kept = duly::desk::rows::Kept::Receipt;
        desk.ledger().keep(kept, "m03/1/0#1", "{").unwrap();
        for minutes in 0..70 {
            let filed = file(&receipt("m03/1/0", minutes, failed(None)));
            assert_eq!(filed.full, minutes >= 63, "{minutes}");
        }
        assert_eq!(kept_names(desk.ledger()).len(), 3 + 64);
        desk.verify().unwrap();
    });
}

fn kept_names(ledger: &impl Ledger) -> Vec<String> {
    ledger
        .kept_names(duly::desk::rows::Kept::Receipt, None, 1000)
        .unwrap()
}

#[test]
fn whoever_owes_an_obligation_has_it_from_the_notice_and_from_no_other() {
    let effect: DutyEffectId = "v01/1/0".to_owned().try_into().unwrap();
    let of = |outcome: Fate| Receipt {
        effect: effect.clone(),
        at: at(1),
        means: None,
        outcome,
    };
    let to = || post("unit_head", Some(Role::UnitHead), Some("water"), None);
    let topic = duly::words::Private::seal(
        duly::words::Salt::derived(b"test", "t"),
        "topic",
        "供水".into(),
    )
    .reference;
    let imposed = DutyEffect::Notify {
        to: to(),
        what: DutyNotice::Imposed {
            topic: topic.clone(),
            due: at(9),
        },
    };
    let name = |outcome: Fate, effect: &DutyEffect| {
        of(outcome)
            .duty_command(effect)
            .unwrap()
            .map(|(id, command)| (id.to_string(), command.name().name()))
    };
    assert_eq!(
        name(arrived(), &imposed),
        Some(("receipt/v01/1/0/delivered".into(), "delivered"))
    );
    assert_eq!(
        name(failed(None), &imposed),
        Some(("receipt/v01/1/0/not_reached".into(), "undelivered"))
    );
    assert_eq!(
        name(failed(Some("电话")), &imposed),
        Some(("receipt/v01/1/0/not_reached/电话".into(), "delivered"))
    );
    let accepted = DutyEffect::Notify {
        to: to(),
        what: DutyNotice::Accepted,
    };
    assert_eq!(name(arrived(), &accepted), None);
    // The topic goes out with it.
    let page = duly::desk::Page {
        items: vec![DutyOutgoing {
            id: effect.clone(),
            at: at(1),
            effect: imposed,
        }],
        next: Cursor::start(),
    };
    let taken = deliveries(
        page,
        &table(),
        day("03-02"),
        |_| Ok::<_, Infallible>(None),
        |_, _| Ok(Some("供水".into())),
    )
    .unwrap();
    assert_eq!(taken.items[0].words[0].shown(Lang::Zh), "供水");
    assert_eq!(taken.items[0].words[0].reference, topic);
    let To::Officers { people } = &taken.items[0].to else {
        panic!()
    };
    assert_eq!(people.people[0].person.as_str(), "lizhang");
}
