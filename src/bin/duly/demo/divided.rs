//! One matter that no unit can do alone: it is divided, two counties and an office of another province take part, and the lead alone answers.

use std::io::Write;

use duly::desk::{Desk, MemoryLedger};
use duly::report::{Board, parts};

use super::linked::act;
use super::story::Story;
use super::tale;
use crate::fail::{Fail, read};
use crate::records;

/// Who sends what to which case, when: person, role, case, moment, command.
const SENT: [(&str, &str, &str, &str, &str); 27] = [
    (
        "才让",
        "citizen",
        "m51",
        "2026-04-13T09:00:00+08:00",
        r#"{"open": {"place": "632521", "channel": "领导留言板", "external_id": "LY-2026-0413", "message": "搬来半年,自来水接不上,户口也落不了", "facts": {"kind": "求助"}}}"#,
    ),
    (
        "李海莲",
        "intake@632521",
        "m51",
        "2026-04-13T09:30:00+08:00",
        r#"{"screen": {"class": "problem", "facts": {"field": "城建", "urgent": false, "sub_judice": false}}}"#,
    ),
    (
        "李海莲",
        "intake@632521",
        "m51",
        "2026-04-13T09:40:00+08:00",
        r#"{"assign": {"unit": "共和县住房和城乡建设局", "owner": "祁永明"}}"#,
    ),
    (
        "祁永明",
        "owner",
        "m51",
        "2026-04-13T11:00:00+08:00",
        r#"{"divide": {"subs": [{"key": "接水", "task": "查明并接通自来水"}, {"key": "核户", "task": "核实原户籍", "party": {"place": "623027", "unit": "夏河县公安局"}, "within": {"working_days": 3}}, {"key": "落户", "task": "办理落户", "after": ["核户"], "within": {"working_days": 2}}]}}"#,
    ),
    (
        "祁永明",
        "owner",
        "m51",
        "2026-04-13T15:00:00+08:00",
        r#"{"reply": {"answers": [{"text": "正在办理"}], "measures": [{"action": "办理", "person": "祁永明"}], "contacts": [{"at": "2026-04-13T14:00:00+08:00", "how": "visit"}], "basis": ["《城镇排水与污水处理条例》第二十条"]}}"#,
    ),
    (
        "李海莲",
        "intake@632521",
        "m51.接水",
        "2026-04-15T09:00:00+08:00",
        r#"{"screen": {"class": "problem", "facts": {"field": "城建", "urgent": false, "sub_judice": false}}}"#,
    ),
    (
        "李海莲",
        "intake@632521",
        "m51.接水",
        "2026-04-15T09:10:00+08:00",
        r#"{"assign": {"unit": "共和县住房和城乡建设局", "owner": "星占雄"}}"#,
    ),
    (
        "星占雄",
        "owner",
        "m51.接水",
        "2026-04-15T11:00:00+08:00",
        r#"{"reply": {"answers": [{"text": "自来水已接通"}], "measures": [{"action": "办理", "person": "祁永明"}], "contacts": [{"at": "2026-04-15T10:30:00+08:00", "how": "visit"}], "basis": ["《城镇排水与污水处理条例》第二十条"]}}"#,
    ),
    (
        "索南措",
        "reviewer@632521",
        "m51.接水",
        "2026-04-15T14:30:00+08:00",
        r#"{"review": {"findings": {"contacted": true, "visited": true, "based": true, "every_matter": true}}}"#,
    ),
    (
        "何秀峰",
        "reviewer@6325",
        "m51.接水",
        "2026-04-15T15:00:00+08:00",
        r#"{"recheck": {"passed": true, "evidence": "到现场看过"}}"#,
    ),
    (
        "石国庆",
        "supervisor@6325",
        "m51.接水",
        "2026-04-15T16:00:00+08:00",
        r#"{"strike_off": {"outcome": "solved"}}"#,
    ),
    (
        "李海莲",
        "intake@632521",
        "m51.核户",
        "2026-04-16T09:00:00+08:00",
        r#"{"screen": {"class": "problem", "facts": {"field": "城建", "urgent": false, "sub_judice": false}}}"#,
    ),
    (
        "李海莲",
        "intake@632521",
        "m51.核户",
        "2026-04-16T09:10:00+08:00",
        r#"{"assign": {"unit": "共和县住房和城乡建设局", "owner": "星占雄"}}"#,
    ),
    (
        "星占雄",
        "owner",
        "m51.核户",
        "2026-04-16T11:00:00+08:00",
        r#"{"reply": {"answers": [{"text": "夏河县公安局回复:户籍属实"}], "measures": [{"action": "办理", "person": "祁永明"}], "contacts": [{"at": "2026-04-16T10:30:00+08:00", "how": "visit"}], "basis": ["《城镇排水与污水处理条例》第二十条"]}}"#,
    ),
    (
        "索南措",
        "reviewer@632521",
        "m51.核户",
        "2026-04-16T14:30:00+08:00",
        r#"{"review": {"findings": {"contacted": true, "visited": true, "based": true, "every_matter": true}}}"#,
    ),
    (
        "何秀峰",
        "reviewer@6325",
        "m51.核户",
        "2026-04-16T15:00:00+08:00",
        r#"{"recheck": {"passed": true, "evidence": "到现场看过"}}"#,
    ),
    (
        "石国庆",
        "supervisor@6325",
        "m51.核户",
        "2026-04-16T16:00:00+08:00",
        r#"{"strike_off": {"outcome": "solved"}}"#,
    ),
    (
        "李海莲",
        "intake@632521",
        "m51.落户",
        "2026-04-20T09:00:00+08:00",
        r#"{"screen": {"class": "problem", "facts": {"field": "城建", "urgent": false, "sub_judice": false}}}"#,
    ),
    (
        "李海莲",
        "intake@632521",
        "m51.落户",
        "2026-04-20T09:10:00+08:00",
        r#"{"assign": {"unit": "共和县住房和城乡建设局", "owner": "星占雄"}}"#,
    ),
    (
        "星占雄",
        "owner",
        "m51.落户",
        "2026-04-20T11:00:00+08:00",
        r#"{"reply": {"answers": [{"text": "已落户"}], "measures": [{"action": "办理", "person": "祁永明"}], "contacts": [{"at": "2026-04-20T10:30:00+08:00", "how": "visit"}], "basis": ["《城镇排水与污水处理条例》第二十条"]}}"#,
    ),
    (
        "索南措",
        "reviewer@632521",
        "m51.落户",
        "2026-04-20T14:30:00+08:00",
        r#"{"review": {"findings": {"contacted": true, "visited": true, "based": true, "every_matter": true}}}"#,
    ),
    (
        "何秀峰",
        "reviewer@6325",
        "m51.落户",
        "2026-04-20T15:00:00+08:00",
        r#"{"recheck": {"passed": true, "evidence": "到现场看过"}}"#,
    ),
    (
        "石国庆",
        "supervisor@6325",
        "m51.落户",
        "2026-04-20T16:00:00+08:00",
        r#"{"strike_off": {"outcome": "solved"}}"#,
    ),
    (
        "祁永明",
        "owner",
        "m51",
        "2026-04-21T10:00:00+08:00",
        r#"{"reply": {"answers": [{"text": "自来水已接通,户口已落在新址"}], "measures": [{"action": "办理", "person": "祁永明"}], "contacts": [{"at": "2026-04-21T09:00:00+08:00", "how": "visit"}], "basis": ["《城镇排水与污水处理条例》第二十条"]}}"#,
    ),
    (
        "索南措",
        "reviewer@632521",
        "m51",
        "2026-04-21T15:00:00+08:00",
        r#"{"review": {"findings": {"contacted": true, "visited": true, "based": true, "every_matter": true}}}"#,
    ),
    (
        "李海莲",
        "intake@632521",
        "m51",
        "2026-04-22T10:00:00+08:00",
        r#"{"call_back": {"result": {"reached": {"level": "very_satisfied"}}}}"#,
    ),
    (
        "石国庆",
        "supervisor@6325",
        "m51",
        "2026-04-22T15:00:00+08:00",
        r#"{"strike_off": {"outcome": "solved"}}"#,
    ),
];

impl Story<'_> {
    /// Lets it happen at a desk of its own, and tells it.
    pub(super) fn divided(&self, out: &mut dyn Write) -> Result<(), Fail> {
        self.caption(out, "一件诉求,三项分办", "one matter, three parts")?;
        let plans = self.desk.plans();
        let desk = Desk::new(MemoryLedger::new(plans.board().clone()), (*plans).clone())?;
        let mut refused = Vec::new();
        for (number, (who, role, case, at, asked)) in (1..).zip(SENT) {
            let command = serde_json::from_str(asked).map_err(Fail::said)?;
            let id = format!("divided-{number}");
            let refusal = act(&desk, &id, (who, role), (case, at), command)?;
            refused.extend(refusal.map(|refusal| refusal.say(self.lang)));
        }
        let told = Board::fold(&records::all(&desk)?, None).map_err(Fail::said)?;
        let plan = self.office.plan();
        if let Some(file) = told.file(&read("m51")?) {
            writeln!(out, "【m51】")?;
            tale::tell(out, file, None, plan, self.lang)?;
        }
        for said in refused {
            writeln!(out, "{}{said}\n", self.pick("挡回:", "refused: "))?;
        }
        writeln!(out, "{}", parts(&told, plan).table(self.lang)).map_err(Fail::from)
    }
}
