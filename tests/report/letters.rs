//! What somebody is told, as they read it.

use std::collections::BTreeMap;
use std::convert::Infallible;

use duly::case::{Case, effects, evolve};
use duly::desk::{Delivery, PostTable, Reach, To, deliver};
use duly::report::letter;
use duly::words::{
    Addressee, CaseId, ClockKey, ClockKind, Command, Effect, Lang, Notice, Outgoing, Private, Role,
    Salt, Telling, Text, TextRef, Verb,
};

use crate::world::{World, assign, at, id, screen, september};

fn table() -> PostTable {
    serde_json::from_str(
        r#"{
            "held": [
                {"post": "unit_head", "place": "6325", "unit": "u-water", "person": "zhangju"},
                {"post": "intake", "place": "6325", "person": "in-1"},
                {"post": "reviewer", "place": "6325", "person": "re-1"},
                {"post": "supervisor", "place": "6325", "person": "su-1"}
            ],
            "absent": [{"person": "u-water-li", "from": "2026-09-16T00:00:00+08:00", "acting": ["u-water-zhao"]}]
        }"#,
    )
    .unwrap()
}

fn reach(case: &Case) -> Reach {
    Reach {
        channel: case.channel().clone(),
        external_id: case.external_id().clone(),
        contact: None,
    }
}

/// An effect, addressed; of its texts, the words that `words` gives.
fn addressed(outgoing: Outgoing, case: &Case, words: Option<&str>) -> Delivery {
    let now = outgoing.at;
    deliver(
        outgoing,
        &table(),
        now,
        |_| Ok::<_, Infallible>(Some(reach(case))),
        |_, _| Ok(words.map(Text::from)),
    )
    .unwrap()
    .unwrap()
    .unwrap()
}

fn read(w: &World, case: &Case, effect: Effect, words: Option<&str>, lang: Lang) -> String {
    let outgoing = Outgoing {
        id: format!("{}/{}/0", case.id(), case.version())
            .try_into()
            .unwrap(),
        at: case.last_at(),
        effect,
    };
    let letter = letter(&addressed(outgoing, case, words), case, &w.plan, lang).unwrap();
    format!("{}\n\n{}", letter.subject, letter.body)
}

fn to(case: &Case, role: Role) -> Addressee {
    let of_unit = matches!(role, Role::Owner | Role::UnitHead | Role::CoHandler);
    let team = case.team().filter(|_| of_unit);
    Addressee {
        post: role.name().into(),
        role: Some(role),
        place: case.place().clone(),
        unit: team.map(|team| team.unit.clone()),
        person: team
            .filter(|_| role == Role::Owner)
            .map(|team| team.owner.clone()),
    }
}

fn text() -> TextRef {
    Private::seal(Salt::derived(b"test", "t"), "text", "路灯".into()).reference
}

/// A case whose owner is on leave, assigned on a Monday morning.
fn assigned() -> (World, Case) {
    let mut w = World::new();
    w.opens("m02", "632522", "09-21 09:00");
    w.does(
        "m02",
        (Role::Intake, "in-1"),
        "09-21 09:30",
        screen(duly::words::Class::Problem),
    );
    w.does(
        "m02",
        (Role::Intake, "in-1"),
        "09-21 10:00",
        assign("u-water"),
    );
    let case = w.cases[&id("m02")].clone();
    (w, case)
}

// Read as the person who acts for the owner: which case it is, that it is theirs to do, and by when.
#[test]
fn who_acts_for_the_owner_knows_what_to_do_and_until_when() {
    let (w, case) = assigned();
    let notify = || Effect::Notify {
        to: to(&case, Role::Owner),
        what: Notice::Assigned,
    };
    insta::assert_snapshot!(
        "letter_acting_zh",
        read(&w, &case, notify(), None, Lang::Zh)
    );
    insta::assert_snapshot!(
        "letter_acting_en",
        read(&w, &case, notify(), None, Lang::En)
    );
}

// Read as supervision: why they have it, and what is late.
#[test]
fn whoever_is_told_in_place_of_another_knows_why() {
    let (mut w, case) = assigned();
    w.tick(at("09-29 09:00"));
    let case = w.cases[case.id()].clone();
    let mut head = to(&case, Role::UnitHead);
    head.unit = Some("u-road".parse().unwrap());
    let clock = ClockKey {
        kind: ClockKind::Reply,
        run: 1,
    };
    let rung = Notice::Rung {
        clock,
        verb: Verb::Warn,
        title: "黄色警示".into(),
    };
    let notify = || Effect::Notify {
        to: head.clone(),
        what: rung.clone(),
    };
    insta::assert_snapshot!(
        "letter_instead_zh",
        read(&w, &case, notify(), None, Lang::Zh)
    );
    insta::assert_snapshot!(
        "letter_instead_en",
        read(&w, &case, notify(), None, Lang::En)
    );
}

// Read as the citizen: what was done with their message, in words that were erased for one and not for the other.
#[test]
fn the_citizen_reads_the_answer_or_that_it_was_erased() {
    let w = september();
    let case = &w.cases[&id("m01")];
    let tell = || Effect::Tell {
        citizen: None,
        what: Telling::Answer {
            texts: vec![text()],
        },
    };
    insta::assert_snapshot!(
        "letter_answer_zh",
        read(&w, case, tell(), Some("路灯已于 9 月 3 日修好。"), Lang::Zh)
    );
    insta::assert_snapshot!(
        "letter_answer_erased_en",
        read(&w, case, tell(), None, Lang::En)
    );
}

/// Every notice and every telling in one language, subject and body.
fn all(lang: Lang) -> String {
    let (w, case) = assigned();
    let clock = ClockKey {
        kind: ClockKind::Reply,
        run: 1,
    };
    let owner = || to(&case, Role::Owner);
    let mut of: Vec<(Addressee, Notice)> = vec![
        (to(&case, Role::CoHandler), Notice::Assigned),
        (to(&case, Role::Intake), Notice::Objected),
        (to(&case, Role::Reviewer), Notice::ToReview),
        (to(&case, Role::UnitHead), Notice::Returned),
    ];
    let owners = [
        Notice::Returned,
        Notice::PartReplied,
        Notice::Directed,
        Notice::Rung {
            clock,
            verb: Verb::Remind,
            title: String::new(),
        },
        Notice::Overdue {
            clock,
            occurrence: 2,
        },
        Notice::ExtensionLapsed {
            clock: ClockKind::Reply,
        },
        Notice::Corrected { entry: 4 },
        Notice::Infeasible { clock },
        Notice::Informed {
            title: "涉险来件".into(),
            words: String::new(),
        },
        Notice::Informed {
            title: "涉险来件".into(),
            words: "请立即核实人员安全".into(),
        },
        Notice::Count {
            count: "returns".into(),
            number: 3,
            verb: Verb::Summon,
        },
    ];
    of.extend(owners.into_iter().map(|what| (owner(), what)));
    let due = Some(at("09-28 18:00"));
    let tellings = [
        Telling::Received,
        Telling::Question { text: text() },
        Telling::Assigned {
            unit: "u-water".parse().unwrap(),
            due,
        },
        Telling::Progress { text: text() },
        Telling::Extended { text: text(), due },
        Telling::Declined { text: text() },
        Telling::Merged { into: id("m01") },
        Telling::Unmerged { from: id("m01") },
        Telling::Retracted,
        Telling::StruckOff,
        Telling::Reopened,
        Telling::Withdrawn,
        Telling::Notice {
            words: "您的来件涉及安全,已优先处理".into(),
        },
    ];
    let mut effects: Vec<Effect> = of
        .into_iter()
        .map(|(to, what)| Effect::Notify { to, what })
        .collect();
    effects.extend(tellings.into_iter().map(|what| Effect::Tell {
        citizen: None,
        what,
    }));
    effects.push(Effect::Publish {
        texts: vec![text()],
    });
    effects.push(Effect::Retract);
    effects.push(Effect::Erase {
        fields: vec![text()],
    });
    let each = effects
        .into_iter()
        .map(|effect| read(&w, &case, effect, Some("(正文)"), lang));
    each.collect::<Vec<_>>().join("----\n")
}

#[test]
fn every_notice_and_telling_in_both_languages() {
    insta::assert_snapshot!("letters_zh", all(Lang::Zh));
    insta::assert_snapshot!("letters_en", all(Lang::En));
}

#[test]
fn every_effect_of_a_month_has_a_letter_and_no_citizen_reads_a_name_or_another_case() {
    let mut w = september();
    w.tick(at("10-20 09:00"));
    let mut cases: BTreeMap<CaseId, Case> = BTreeMap::new();
    let (mut letters, mut tellings) = (0, 0);
    let names: Vec<String> = ["in-1", "re-1", "su-1", "le-1"]
        .iter()
        .map(|it| (*it).to_owned())
        .collect();
    for record in &w.records {
        let after = evolve(cases.remove(&record.case), record).unwrap();
        for outgoing in effects(record, &after) {
            let delivery = addressed(outgoing, &after, Some("(正文)"));
            for lang in [Lang::Zh, Lang::En] {
                let letter = letter(&delivery, &after, &w.plan, lang).unwrap();
                assert!(
                    !letter.subject.contains('\n') && letter.subject.contains(after.id().as_str())
                );
                assert!(
                    letter.body.contains(after.external_id().as_str()),
                    "{}",
                    letter.body
                );
                if let To::Citizen { .. } = delivery.to {
                    tellings += 1;
                    let all = format!("{}{}", letter.subject, letter.body);
                    assert!(
                        !names.iter().any(|name| all.contains(name)) && !all.contains("-li"),
                        "{all}"
                    );
                }
                letters += 1;
            }
        }
        cases.insert(record.case.clone(), after);
    }
    assert!(letters > 100 && tellings > 40, "{letters} {tellings}");
}

// What goes out late names the limit as it is now, and says that there is none any more.
#[test]
fn a_late_letter_names_the_limit_as_it_stands() {
    let (mut w, case) = assigned();
    let clock = ClockKey {
        kind: ClockKind::Reply,
        run: 1,
    };
    let rung = || Effect::Notify {
        to: to(&case, Role::Owner),
        what: Notice::Rung {
            clock,
            verb: Verb::Remind,
            title: "蓝色提醒".into(),
        },
    };
    assert!(read(&w, &case, rung(), None, Lang::En).contains("until: 2026-09-"));
    w.does(
        "m02",
        (Role::Owner, "u-water-li"),
        "09-21 11:00",
        Command::Sign {},
    );
    w.replies("m02", "u-water", "09-22 10:00");
    let replied = w.cases[case.id()].clone();
    let said = read(&w, &replied, rung(), None, Lang::En);
    assert!(said.contains("until: the reply clock has ended"), "{said}");
}
