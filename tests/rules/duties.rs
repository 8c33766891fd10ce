//! Obligations in a pack: what it says, what is found wrong, what two packs say otherwise, what lies over a base.

use duly::plan::On;
use duly::script::{Options, check, hainan_board, load, load_with};
use duly::time::Span;
use duly::words::{DutyKind, Lang, Verb};

use super::{in_both, with};

const HEAD: &str = "const 单位领导 = role(\"unit_head\", \"单位主要负责人\");";
const VIDEO: &str = "duty(\"video\", \"视频答复\").owed_by(单位领导).within(20.working_days)";

fn line(lines: &str) -> String {
    format!("{HEAD} {lines}")
}

#[test]
fn the_shipped_pack_says_who_owes_what() {
    let plan = load("pack.rhai", hainan_board()).unwrap();
    let video = plan.duty(DutyKind::Video).unwrap();
    assert_eq!(
        (video.owed_by.as_slice(), &video.within),
        (&["unit_head".to_owned()][..], &Span::WorkingDays(20))
    );
    let rungs: Vec<_> = video.rungs.iter().map(|rung| rung.key.as_str()).collect();
    assert_eq!(rungs, ["before-3", "due", "after-5"]);
    assert_eq!(video.rungs[2].acts.last().unwrap().0, Verb::NameIn);
    let digest = plan.duty(DutyKind::Digest).unwrap();
    assert_eq!(digest.owed_by, ["leader", "zhouban"]);
    assert_eq!(digest.counting.at, chrono::NaiveTime::from_hms_opt(9, 0, 0));
    assert_eq!(digest.rungs[0].on, On::At);
    // Stored and read back it is the same plan.
    let stored = serde_json::to_string(&plan).unwrap();
    let back: duly::plan::Plan = serde_json::from_str(&stored).unwrap();
    assert_eq!((back.id(), &back), (plan.id(), &plan));
}

/// What recurs says how often; a round has its whole period where no less is said. In Chinese it is said alike.
#[test]
fn a_pack_says_how_often_what_recurs_is_owed() {
    let plan = |lines: &str| load("pack.rhai", &with(&line(lines))).unwrap();
    let said = plan(
        "duty(\"走访\", \"入户走访\").owed_by(承办人).every(1.months).ours(\"每月\"); ladder(\"visit\").after(1.calendar_days).remind(承办人);
         duty(\"sweep\").owed_by(单位领导).every(6.months).within(30.calendar_days);
         duty(\"inspection\").owed_by(督查办).every(3.months).within(3.months);",
    );
    let of = |kind: DutyKind| {
        let rule = said.duty(kind).unwrap();
        (
            rule.every.clone().unwrap(),
            rule.within.clone(),
            rule.rungs.len(),
        )
    };
    assert_eq!(of(DutyKind::Visit), (Span::Months(1), Span::Months(1), 1));
    assert_eq!(
        of(DutyKind::Sweep),
        (Span::Months(6), Span::CalendarDays(30), 0)
    );
    assert_eq!(
        of(DutyKind::Inspection),
        (Span::Months(3), Span::Months(3), 0)
    );
    assert_eq!(said.duty(DutyKind::Visit).unwrap().title, "入户走访");
    let stored = serde_json::to_string(&said).unwrap();
    let back: duly::plan::Plan = serde_json::from_str(&stored).unwrap();
    assert_eq!((back.id(), &back), (said.id(), &said));
    // How often is a part of what a pack says: another period is another plan, and the difference is told.
    let other = plan(
        "duty(\"visit\", \"入户走访\").owed_by(承办人).every(2.months).within(1.months).ours(\"每月\");",
    );
    let mine =
        plan("duty(\"visit\", \"入户走访\").owed_by(承办人).every(1.months).ours(\"每月\");");
    assert_ne!(mine.id(), other.id());
    let changes = mine.diff(&other, usize::MAX).changes;
    let [only] = changes.as_slice() else {
        panic!("{changes:?}")
    };
    assert_eq!(
        (
            only.what.say(Lang::En),
            only.says.0.say(Lang::En),
            only.says.1.say(Lang::En)
        ),
        ("the obligation `visit`, every", "1 month", "2 months")
    );
    assert_eq!(only.what.say(Lang::Zh), "义务“走访”,多久一期");
    // Less often is looser.
    assert!(!other.loosened(&mine).is_empty() && mine.loosened(&mine).is_empty());
}

/// A pack that says nothing of obligations is stored as it was before there were any.
#[test]
fn a_plan_without_obligations_is_stored_as_before() {
    let plan = load("pack.rhai", &with("")).unwrap();
    let stored = serde_json::to_value(&plan).unwrap();
    assert!(stored.get("duties").is_none() && plan.duties.is_empty());
}

#[test]
fn mistakes_with_obligations_are_shown_in_both_languages() {
    let lines = [
        "duty(\"vidoe\").owed_by(单位领导).within(20.working_days);",
        "duty(\"digest\").owed_by(单位领导).within(1.working_days);",
        "duty(\"video\").within(20.working_days);",
        "duty(\"video\").owed_by(单位领导);",
        "duty(\"video\").owed_by(单位领导).within(20);",
        "duty(\"video\").owed_by(督查办).within(20.working_days);",
        &format!("{VIDEO}.within(5.working_days);"),
        &format!("{VIDEO}; {VIDEO};"),
        &format!("{VIDEO}.channels([\"网站\", \"网站\"]);"),
        &format!("{VIDEO}.ours(\"自定\").cite(\"第五条\");"),
        "ladder(\"video\").due().remind(督查办);",
        "ladder(\"digest\").due().remind(督查办);",
        &format!("{VIDEO}; ladder(\"video\");"),
        &format!("{VIDEO}; ladder(\"video\").due();"),
        &format!("{VIDEO}; ladder(\"video\").due().remind(督查办).when(|m| m.heat > 5);"),
        &format!("{VIDEO}; ladder(\"video\").before(20.working_days).remind(督查办);"),
        &format!(
            "{VIDEO}; ladder(\"video\").due().remind(督查办); ladder(\"video\").due().warn(督查办);"
        ),
        "duty(\"visit\").owed_by(承办人);",
        "duty(\"visit\").owed_by(承办人).every(1);",
        "duty(\"visit\").owed_by(承办人).every(24.hours);",
        "duty(\"visit\").owed_by(承办人).every(1.months).every(2.months);",
        "duty(\"visit\").owed_by(承办人).every(1.months).within(2.months);",
        "duty(\"visit\").owed_by(承办人).every(1.months).channels([\"网站\"]);",
        "duty(\"visit\").owed_by(承办人).every(earliest(1.months, 20.working_days));",
        "duty(\"走访\").owed_by(承办人).every(1.months); ladder(\"走访\").at_share(80.percent).remind(承办人);",
        "duty(\"sweep\").owed_by(承办人).every(1.months).within(10.calendar_days); ladder(\"sweep\").before(10.calendar_days).remind(承办人);",
        "ladder(\"inspection\").due().remind(督查办);",
        &format!("{VIDEO}.every(1.months);"),
        "digest(\"日报\").to(督查办).read_by(\"九点\");",
        "digest(\"日报\").to(督查办).read_by(\"09:00\").read_by(\"10:00\");",
    ];
    let mut said = String::new();
    for text in lines {
        said.push_str(&format!("{text}\n"));
        for one in in_both(&line(text)) {
            said.push_str(&format!("  {one}\n"));
        }
    }
    insta::assert_snapshot!(said);
}

#[test]
fn two_packs_that_say_otherwise_of_obligations_differ() {
    let plan = |lines: &str| load("pack.rhai", &with(&line(lines))).unwrap();
    let old = plan(&format!(
        "{VIDEO}.channels([\"网站\"]); ladder(\"video\").due().remind(督查办);"
    ));
    let new = plan(
        "duty(\"video\", \"视频答复\").owed_by(承办人).within(15.working_days); ladder(\"video\").due().warn(督查办).after(3.working_days).remind(督查办);",
    );
    let none = plan("");
    let mut said = String::new();
    for (was, is) in [(&old, &new), (&none, &old), (&old, &none)] {
        assert_ne!(was.id(), is.id());
        for change in was.diff(is, usize::MAX).changes {
            for lang in [Lang::Zh, Lang::En] {
                let (from, to) = (change.says.0.say(lang), change.says.1.say(lang));
                said.push_str(&format!("{}: {from} → {to}\n", change.what.say(lang)));
            }
        }
        said.push('\n');
    }
    insta::assert_snapshot!(said);
    assert!(old.diff(&old, usize::MAX).changes.is_empty());
}

/// Over a base, rungs are added and nothing is loosened.
#[test]
fn an_overlay_adds_rungs_to_its_bases_obligations() {
    let base = with(&line(&format!(
        "{VIDEO}; ladder(\"video\").due().remind(督查办);"
    )));
    let options = || {
        let base = base.clone();
        Options::default()
            .with_bases(move |name: &str| (name == "demo").then(|| ("base".into(), base.clone())))
    };
    let over = |lines: &str| format!("pack(\"over\", \"县\");\nbased_on(\"demo\");\n{lines}\n");
    let more = over("ladder(\"video\").after(2.working_days).warn(单位领导);");
    let plan = load_with("over.rhai", &more, &options()).unwrap_or_else(|found| panic!("{found}"));
    let keys: Vec<_> = plan.duties[0]
        .rungs
        .iter()
        .map(|rung| rung.key.as_str())
        .collect();
    assert_eq!(keys, ["due", "after-2"]);
    let again = over("duty(\"video\").owed_by(承办人).within(40.working_days);");
    let (_, found) = check("over.rhai", &again, &options());
    assert_eq!(found.all[0].code, "D211");
    // By hand too: a plan that drops a rung, or gives more time, loosens its base.
    let under = load("base.rhai", &base).unwrap();
    for loosen in [
        |plan: &mut duly::plan::Plan| plan.duties.clear(),
        |plan: &mut duly::plan::Plan| plan.duties[0].within = Span::WorkingDays(40),
        |plan: &mut duly::plan::Plan| plan.duties[0].rungs.clear(),
    ] {
        let mut own = plan.clone();
        loosen(&mut own);
        assert!(!own.loosened(&under).is_empty());
    }
    assert!(plan.loosened(&under).is_empty());
}
