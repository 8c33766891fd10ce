//! What is owed besides messages: a video that came late, a digest that one of two posts has not read.

use std::io::Write;

use chrono::NaiveDate;
use duly::desk::Cursor;
use duly::duty::{Duty, DutyCommand, DutyEnvelope, DutyRecord};
use duly::report::{Period, duty_roll, obligations};
use duly::words::{Actor, Role, Salt, UnitId};

use super::cast::END;
use super::story::Story;
use crate::fail::{Fail, read};

/// Who sends what to which obligation, when.
const SENT: [(&str, Role, &str, &str, &str, &str); 4] = [
    (
        "duban",
        Role::Supervisor,
        "",
        "v01",
        "2026-03-02T09:00:00+08:00",
        r#"{"impose": {"kind": "video", "topic": "城区冬季供暖", "place": "632521", "unit": "共和县住建局"}}"#,
    ),
    (
        "zhang",
        Role::UnitHead,
        "共和县住建局",
        "v01",
        "2026-04-08T10:00:00+08:00",
        r#"{"fulfil": {"channel": "州政府网站", "link": "https://example.org/v01"}}"#,
    ),
    (
        "duban",
        Role::Supervisor,
        "",
        "v01",
        "2026-04-09T10:00:00+08:00",
        r#"{"accept": {}}"#,
    ),
    (
        "lv",
        Role::Leader,
        "",
        "digest/2026-04-29/leader",
        "2026-04-29T20:00:00+08:00",
        r#"{"read": {}}"#,
    ),
];

impl Story<'_> {
    /// Lets it happen, and tells it.
    pub(super) fn duties(&self, out: &mut dyn Write) -> Result<(), Fail> {
        self.caption(out, "不是留言的事", "owed besides messages")?;
        let day: NaiveDate = read("2026-04-29")?;
        for (number, (who, role, unit, duty, at, asked)) in (1..).zip(SENT) {
            if duty.starts_with("digest/") {
                self.desk
                    .issue_digest(day, read("2026-04-29T17:30:00+08:00")?)?;
            }
            let id = format!("duty-{number}");
            let mut by = Actor::new(read(who)?, role);
            if !unit.is_empty() {
                by.unit = Some(read::<UnitId>(unit)?);
            }
            let command: DutyCommand = serde_json::from_str(asked).map_err(Fail::said)?;
            let answer = self.desk.submit_duty(DutyEnvelope {
                salt: Salt::derived(b"demo", &id),
                id: read(&id)?,
                duty: read(duty)?,
                by,
                at: read(at)?,
                command,
            })?;
            if let Some(refusal) = answer.refusal() {
                return Err(Fail::said(refusal.say(self.lang)));
            }
        }
        let _ = self.desk.advance(read(END)?)?;
        writeln!(
            out,
            "{}\n",
            self.pick(
                "视频答复限二十个工作日,到期没有发布:催、警示、报告、点名;发布以后由督查办认可。\n日报送两处,次日九时没有阅知的,催。",
                "a video is due in twenty working days; when it was not there: reminded, warned, reported, named. Supervision accepted it.\nthe digest goes to two posts; who has not read it at nine next morning is reminded."
            )
        )?;
        let mut duties: Vec<Duty> = Vec::new();
        for id in self.desk.duties(None, 256)? {
            duties.extend(self.desk.duty(&id)?);
        }
        let plan = self.office.plan();
        writeln!(out, "{}", duty_roll(&duties, plan.zone, self.lang))?;
        let page = self.desk.read_duties(&Cursor::start(), 10_000)?.items;
        let records: Vec<DutyRecord> = page.into_iter().map(|it| it.sealed.record).collect();
        let period = Period::dates(read("2026-03-01")?, read("2026-04-30")?, plan.zone);
        let board = self.desk.plans().board().clone();
        let told = obligations(&board, &records, plan, period).map_err(Fail::said)?;
        writeln!(out, "{}", told.table(self.lang))?;
        writeln!(out, "{}", told.by_name(self.lang))?;
        Ok(())
    }
}
