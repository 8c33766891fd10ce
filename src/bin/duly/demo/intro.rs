//! How the story begins: the figures of the whole spring.

use std::collections::BTreeMap;
use std::io::Write;

use duly::report::{Board, Figures};
use duly::time::Moment;
use duly::words::{Class, Lang};

use super::cast::END;
use super::story::Story;
use crate::fail::{Fail, read};
use crate::records;
use crate::text::wrap;

impl Story<'_> {
    pub(super) fn intro(
        &self,
        out: &mut dyn Write,
        board: &Board,
        total: &Figures,
        counts: (usize, usize),
    ) -> Result<(), Fail> {
        let mut classes: BTreeMap<Class, usize> = BTreeMap::new();
        for sample in self.samples {
            *classes.entry(sample.class).or_default() += 1;
        }
        let open = board
            .files()
            .filter(|file| !file.case().is_closed())
            .count();
        let (records, by_time) = counts;
        let (citizens, officers) = records::told(self.desk)?;
        let zone = self.office.plan().zone;
        let end = read::<Moment>(END)?
            .local(zone)
            .format("%Y-%m-%d")
            .to_string();
        self.caption(
            out,
            &format!("duly demo:{}", self.office.plan().title),
            "36 messages, one spring",
        )?;
        let text = match self.lang {
            Lang::Zh => {
                let classes: Vec<String> = classes
                    .iter()
                    .map(|(class, n)| format!("{} {n}", class.zh()))
                    .collect();
                vec![
                    format!(
                        "{} 封留言({}),2026-03-02 起,到 {end} 止。受理、承办、审核、督查、网民都由程序扮演,时间是虚拟的;\
                         规则是本库自带的“{}”,一个字没有为演示改过。",
                        self.samples.len(),
                        classes.join("、"),
                        self.office.plan().pack
                    ),
                    format!(
                        "收 {},答复按期 {}、超期 {}(按期率 {},扣除被退回的 {}),退回 {},销账 {},其中解决 {}、依法解释 {};\
                         满意 {}、不满意 {}、没有评价 {};还在办 {open}。",
                        total.received,
                        total.on_time,
                        total.late,
                        total.on_time_rate(),
                        total.effective_rate(),
                        total.returned,
                        total.struck_off,
                        total.solved,
                        total.explained,
                        total.satisfied,
                        total.unsatisfied,
                        total.not_rated + total.auto_rated
                    ),
                    format!(
                        "命令 {} 条被接受、{} 条被挡回;记录 {records} 条,其中 {by_time} 条是到时自动记的;告知网民 {citizens} 次,通知干部 {officers} 次。",
                        self.log.accepted,
                        self.log.refused.len()
                    ),
                ]
            }
            Lang::En => {
                let classes: Vec<String> = classes
                    .iter()
                    .map(|(class, n)| format!("{n} {class}"))
                    .collect();
                vec![
                    format!(
                        "{} messages ({}), from 2026-03-02 to {end}. Citizens, intake, owners, reviewers and supervision are \
                         played by the program, in virtual time, under the bundled pack `{}` as it stands.",
                        self.samples.len(),
                        classes.join(", "),
                        self.office.plan().pack
                    ),
                    format!(
                        "{} received; {} replies on time, {} late ({} on time, {} when those sent back are not counted); {} sent \
                         back; {} struck off, {} of them solved, {} lawfully explained; {} citizens satisfied, {} not, {} silent; \
                         {open} still open.",
                        total.received,
                        total.on_time,
                        total.late,
                        total.on_time_rate(),
                        total.effective_rate(),
                        total.returned,
                        total.struck_off,
                        total.solved,
                        total.explained,
                        total.satisfied,
                        total.unsatisfied,
                        total.not_rated + total.auto_rated
                    ),
                    format!(
                        "{} commands accepted, {} refused; {records} records, {by_time} of them brought by time alone; citizens told {citizens} times, officers \
                         {officers} times.",
                        self.log.accepted,
                        self.log.refused.len()
                    ),
                ]
            }
        };
        for paragraph in text {
            writeln!(out, "{}\n", wrap(&paragraph, 0))?;
        }
        Ok(())
    }
}
