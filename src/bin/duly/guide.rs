//! `duly guide`: what a pack promises and the way of a case under it, for the door of the office.

use std::io::Write;

use duly::report::{Flow, Guide};

use crate::args::{Guide as Asked, GuideForm};
use crate::fail::Fail;
use crate::pack::Source;

/// Prints the guide of a pack, or its flow chart.
pub fn run(asked: &Asked, out: &mut dyn Write) -> Result<bool, Fail> {
    let source = Source::find(&asked.pack)?;
    let asked_for = asked.lang.map(Into::into);
    let (plan, lang) = (source.plan(asked_for)?, source.lang(asked_for));
    match asked.format {
        GuideForm::Text => {
            let guide = Guide::of(&plan, lang);
            writeln!(out, "{}", guide.title)?;
            for part in &guide.parts {
                write!(out, "\n{part}")?;
            }
        }
        GuideForm::Markdown => write!(out, "{}", Guide::of(&plan, lang).markdown())?,
        GuideForm::Mermaid => write!(out, "{}", Flow::of(&plan, lang).mermaid())?,
        GuideForm::Svg => write!(out, "{}", Flow::of(&plan, lang).svg())?,
        GuideForm::Json => {
            let guide = Guide::of(&plan, lang);
            writeln!(
                out,
                "{}",
                serde_json::to_string(&guide).map_err(Fail::said)?
            )?;
        }
    }
    Ok(true)
}
