//! What recurs: a household of the watch against falling back into poverty, visited in one month and missed in the next.

use std::io::Write;

use duly::desk::{Cursor, Desk, MemoryLedger};
use duly::duty::{DutyEffect, DutyEnvelope, DutyNotice, DutyRecord};
use duly::report::{Period, duty_roll, obligations};
use duly::words::{Actor, BoardId, DutyId, Lang, Role, Salt, UnitId};

use super::story::Story;
use crate::fail::{Fail, read};
use crate::pack::Source;

const PACK: &str = "poverty-watch";

/// Who sends what, when.
const SENT: [(&str, Role, &str, &str); 3] = [
    (
        "bangfuban",
        Role::Supervisor,
        "2026-03-02T09:00:00+08:00",
        r#"{"impose": {"kind": "visit", "topic": "牧民才让家", "subject": "H-17", "place": "000001", "person": "suonan", "unit": "本乡"}}"#,
    ),
    (
        "suonan",
        Role::Owner,
        "2026-03-20T10:00:00+08:00",
        r#"{"fulfil": {"evidence": "见到户主才让", "found": "羊舍已经动工"}}"#,
    ),
    (
        "suonan",
        Role::Owner,
        "2026-05-13T10:00:00+08:00",
        r#"{"fulfil": {"evidence": "见到户主才让", "found": "羊已入圈"}}"#,
    ),
];

impl Story<'_> {
    /// Lets it happen, on a board of its own, and tells it.
    pub(super) fn visits(&self, out: &mut dyn Write) -> Result<(), Fail> {
        self.caption(out, "一期一期做的事", "owed round by round")?;
        let source = Source::bundled(PACK)
            .ok_or_else(|| Fail::said("the pack of the watch is not there"))?;
        let plan = source.plan(Some(self.lang))?;
        let board: BoardId = read(PACK)?;
        let plans = source.plans(plan.clone(), board.clone())?;
        let desk = Desk::new(MemoryLedger::new(board.clone()), plans)?;
        let duty: DutyId = read("z17")?;
        for (number, (who, role, at, asked)) in (1..).zip(SENT) {
            let id = format!("visit-{number}");
            let mut by = Actor::new(read(who)?, role);
            by.unit = Some(read::<UnitId>("本乡")?);
            let answer = desk.submit_duty(DutyEnvelope {
                salt: Salt::derived(b"demo", &id),
                id: read(&id)?,
                duty: duty.clone(),
                by,
                at: read(at)?,
                command: serde_json::from_str(asked).map_err(Fail::said)?,
            })?;
            if let Some(refusal) = answer.refusal() {
                return Err(Fail::said(refusal.say(self.lang)));
            }
        }
        writeln!(
            out,
            "{}\n",
            self.pick(
                "一户每月走访一次。三月去了,四月没有去:下一期一开始就记漏期,第二天催,再往上报,到五月有人去了才停。漏了的一期补不回来。",
                "a household is visited every month. In March somebody came, in April nobody did: missed when the next round began, reminded of the day \
                 after,\nthen further up, until somebody came in May. What was missed stays missed."
            )
        )?;
        for it in desk.duty_outbox(&Cursor::start(), 100)?.items {
            let DutyEffect::Notify { to, what } = it.effect else {
                continue;
            };
            let what = match (&what, self.lang) {
                (DutyNotice::Imposed { .. }, Lang::Zh) => "第 1 期开始".to_owned(),
                (DutyNotice::Imposed { .. }, Lang::En) => "round 1 begins".to_owned(),
                (DutyNotice::Round { round, .. }, Lang::Zh) => format!("第 {round} 期开始"),
                (DutyNotice::Round { round, .. }, Lang::En) => format!("round {round} begins"),
                (DutyNotice::Rung { verb, round, .. }, Lang::Zh) => {
                    format!("第 {} 期漏期:{}", round.unwrap_or(1), verb.zh())
                }
                (DutyNotice::Rung { verb, round, .. }, Lang::En) => {
                    let verb = serde_json::to_value(verb).map_err(Fail::said)?;
                    let verb = verb.as_str().unwrap_or_default().replace('_', " ");
                    format!("round {} missed: {verb}", round.unwrap_or(1))
                }
                _ => continue,
            };
            let who = plan
                .post(&to.post)
                .map_or(to.post.as_str(), |post| &post.title);
            let when = it.at.local(plan.zone).format("%m-%d %H:%M");
            writeln!(out, "  {when}  {what} → {who}")?;
        }
        writeln!(out)?;
        let told: Vec<_> = desk.duty(&duty)?.into_iter().collect();
        writeln!(out, "{}", duty_roll(&told, plan.zone, self.lang))?;
        let page = desk.read_duties(&Cursor::start(), 1000)?.items;
        let records: Vec<DutyRecord> = page.into_iter().map(|it| it.sealed.record).collect();
        let period = Period::dates(read("2026-03-01")?, read("2026-05-31")?, plan.zone);
        let told = obligations(&board, &records, &plan, period).map_err(Fail::said)?;
        writeln!(out, "{}", told.coverage.by_subject(self.lang))?;
        Ok(())
    }
}
