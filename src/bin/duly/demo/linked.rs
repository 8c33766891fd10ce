//! One matter, two channels: two citizens write of the same thing, the county handles it for the prefecture, two reviewers pass the reply, and
//! both citizens have the answer. Then what everybody may read of it, and what a supervisor should look at in the month.

use std::io::Write;

use duly::desk::{Answer, Cursor, Desk, MemoryLedger};
use duly::report::{Audience, Board, Period, explanation, integrity, public};
use duly::words::{
    Actor, CaseId, Command, Effect, Envelope, Grant, Outgoing, Refusal, Salt, Telling, Text,
    TextRef,
};

use super::story::Story;
use super::tale;
use crate::fail::{Fail, read};
use crate::records;

/// What the host says of the notices to the citizen of a case: that all of them have come.
const DELIVERED: &str = "delivered";

/// Who sends what to which case, when: person, role, case, moment, command.
const SENT: [(&str, &str, &str, &str, &str); 16] = [
    (
        "才让",
        "citizen",
        "m41",
        "2026-04-01T09:10:00+08:00",
        r#"{"open": {"place": "632521", "channel": "领导留言板", "external_id": "LY-2026-0401", "message": "恰卜恰镇东大街下雨就积水,出不了门", "facts": {"kind": "投诉"}}}"#,
    ),
    (
        "李海莲",
        "intake@632521",
        "m41",
        "2026-04-01T10:00:00+08:00",
        r#"{"screen": {"class": "problem", "facts": {"field": "城建", "urgent": false, "sub_judice": false}}}"#,
    ),
    (
        "李海莲",
        "intake@632521",
        "m41",
        "2026-04-01T10:20:00+08:00",
        r#"{"assign": {"unit": "州住房和城乡建设局", "owner": "星占雄"}}"#,
    ),
    (
        "星占雄",
        "owner",
        "m41",
        "2026-04-01T11:00:00+08:00",
        r#"{"sign": {}}"#,
    ),
    (
        "李海莲",
        "intake@632521",
        "m41",
        "2026-04-01T15:00:00+08:00",
        r#"{"sub_assign": {"unit": "共和县住房和城乡建设局", "owner": "祁永明"}}"#,
    ),
    (
        "马秀兰",
        "citizen",
        "h41",
        "2026-04-02T08:40:00+08:00",
        r#"{"open": {"place": "632521", "channel": "12345", "external_id": "RX-2026-00502", "message": "东大街积水,老人出不了门", "facts": {"kind": "求助"}}}"#,
    ),
    (
        "李海莲",
        "intake@632521",
        "h41",
        "2026-04-02T09:00:00+08:00",
        r#"{"merge": {"into": "m41"}}"#,
    ),
    (
        "祁永明",
        "owner",
        "m41",
        "2026-04-03T16:00:00+08:00",
        r#"{"update": {"text": "排水管淤塞,今日开始清掏"}}"#,
    ),
    (
        "祁永明",
        "owner",
        "m41",
        "2026-04-09T10:00:00+08:00",
        r#"{"reply": {"answers": [{"text": "东大街排水管已清掏并更换三处雨水篦,4 月 8 日降雨后复看没有积水"}], "measures": [{"action": "清掏排水管,更换雨水篦", "person": "祁永明"}], "contacts": [{"at": "2026-04-02T15:00:00+08:00", "how": "visit"}], "basis": ["《城镇排水与污水处理条例》第二十条"]}}"#,
    ),
    (
        "索南措",
        "reviewer@632521",
        "m41",
        "2026-04-09T14:00:00+08:00",
        r#"{"review": {"findings": {"contacted": true, "visited": true, "based": true, "every_matter": true}}}"#,
    ),
    (
        "索南措",
        "reviewer@632521",
        "m41",
        "2026-04-09T14:05:00+08:00",
        r#"{"review": {"findings": {"contacted": true, "visited": true, "based": true, "every_matter": true}}}"#,
    ),
    (
        "何秀峰",
        "reviewer@6325",
        "m41",
        "2026-04-09T17:00:00+08:00",
        r#"{"review": {"findings": {"contacted": true, "visited": true, "based": true, "every_matter": true}}}"#,
    ),
    (
        "李海莲",
        "intake@632521",
        "m41",
        "2026-04-10T10:00:00+08:00",
        r#"{"call_back": {"result": {"reached": {"level": "satisfied", "scores": {"solved": 5, "attitude": 5, "speed": 4}}}}}"#,
    ),
    (
        "石国庆",
        "supervisor@6325",
        "m41",
        "2026-04-10T15:00:00+08:00",
        r#"{"strike_off": {"outcome": "solved"}}"#,
    ),
    // Her notices have come by text message; with the answer in hand, her own case is struck off by itself.
    (
        "留言接口",
        "system",
        "h41",
        "2026-04-10T16:00:00+08:00",
        DELIVERED,
    ),
    (
        "马秀兰",
        "citizen",
        "h41",
        "2026-04-11T09:00:00+08:00",
        r#"{"rate": {"rating": {"given": {"level": "satisfied"}}}}"#,
    ),
];

impl Story<'_> {
    /// Lets it happen at a desk of its own, and tells it.
    pub(super) fn linked(&self, out: &mut dyn Write) -> Result<(), Fail> {
        self.caption(
            out,
            "一件事,两个渠道,两级审核",
            "one matter, two channels, two reviews",
        )?;
        let plans = self.desk.plans();
        let board = plans.board().clone();
        let desk = Desk::new(MemoryLedger::new(board), (*plans).clone())?;
        let mut refused = Vec::new();
        for (number, (who, role, case, at, asked)) in (1..).zip(SENT) {
            let commands = match asked {
                DELIVERED => notices(&desk, &read(case)?)?,
                _ => vec![serde_json::from_str(asked).map_err(Fail::said)?],
            };
            for (place, command) in commands.into_iter().enumerate() {
                let id = format!("linked-{number}-{place}");
                let refusal = act(&desk, &id, (who, role), (case, at), command)?;
                refused.extend(refusal.map(|refusal| refusal.say(self.lang)));
            }
        }
        let told = Board::fold(&records::all(&desk)?, None).map_err(Fail::said)?;
        let plan = self.office.plan();
        for case in ["m41", "h41"] {
            if let Some(file) = told.file(&read(case)?) {
                writeln!(out, "【{case}】")?;
                tale::tell(out, file, None, plan, self.lang)?;
            }
        }
        for said in refused {
            writeln!(out, "{}{said}\n", self.pick("挡回:", "refused: "))?;
        }
        if let Some(file) = told.file(&read("h41")?) {
            let calendar = &self.office.hand.calendar;
            let why = explanation(
                file.history(),
                file.case(),
                plan,
                calendar,
                Audience::Citizen,
                self.lang,
            );
            writeln!(out, "{}", why.table())?;
        }
        let texts = |case: &CaseId, text: &TextRef| -> Option<Text> { desk.text(case, text).ok()? };
        writeln!(out, "{}", public(&told, plan, &texts).table(self.lang)).map_err(Fail::from)
    }

    /// What a supervisor should look at in a month of the story.
    pub(super) fn integrity(&self, out: &mut dyn Write, board: &Board) -> Result<(), Fail> {
        self.caption(out, "防数字注水", "behind the figures")?;
        let plan = self.office.plan();
        let march = Period::dates(read("2026-03-01")?, read("2026-03-31")?, plan.zone);
        writeln!(out, "{}", integrity(board, plan, march).table(self.lang))?;
        Ok(())
    }
}

/// Somebody sends something to a case, when; why it was refused, if it was.
pub(super) fn act(
    desk: &Desk<MemoryLedger>,
    id: &str,
    (who, role): (&str, &str),
    (case, at): (&str, &str),
    command: Command,
) -> Result<Option<Refusal>, Fail> {
    let grant: Grant = read(role)?;
    let by = Actor {
        roles: vec![grant.clone()],
        ..Actor::new(read(who)?, grant.role)
    };
    let answer = desk.submit(Envelope {
        salt: Salt::derived(b"demo", id),
        id: read(id)?,
        case: read(case)?,
        by,
        at: read(at)?,
        command,
    })?;
    Ok(match answer {
        Answer::Refused(refusal) => Some(refusal),
        _ => None,
    })
}

/// Every notice to the citizen of a case, delivered.
fn notices(desk: &Desk<MemoryLedger>, case: &CaseId) -> Result<Vec<Command>, Fail> {
    let out: Vec<Outgoing> = desk.outbox(&Cursor::start(), 1_000)?.items;
    let told = out
        .into_iter()
        .filter(|it| it.id.case == *case)
        .filter(|it| matches!(&it.effect, Effect::Tell { what, .. } if *what != Telling::Received));
    Ok(told
        .map(|it| Command::Delivered { effect: it.id })
        .collect())
}
