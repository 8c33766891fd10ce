//! The flow chart of a pack (流程图): every stage and every move from one to another that its cases can make, and no other.

mod mermaid;
mod svg;

use serde::Serialize;

use super::{pick, term};
use crate::plan::Plan;
use crate::words::{CommandName, Lang, Role, StageName};

/// The stages of a pack and the moves between them. It is drawn as [Mermaid](Flow::mermaid), which code hosts and many editors show, and as
/// [SVG](Flow::svg), which every browser shows and every office suite takes in.
///
/// ```
/// use duly::plan::bare;
/// use duly::report::Flow;
/// use duly::words::{Lang, StageName};
/// let flow = Flow::of(&bare("demo".parse()?), Lang::En);
/// assert_eq!(flow.stages.len(), StageName::ALL.len());
/// assert!(flow.mermaid().contains("reviewed --> closed: call off (system); strike off (supervisor); withdraw (citizen, intake)"));
/// # Ok::<(), duly::words::InvalidId>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Flow {
    /// The pack's title.
    pub title: String,
    /// The stages, in the order of the work, each with its term.
    pub stages: Vec<(StageName, String)>,
    /// The moves, in the order of the stages.
    pub moves: Vec<FlowMove>,
}

/// All that can bring a case from one stage to another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FlowMove {
    /// From where; from nowhere, where a case begins.
    pub from: Option<StageName>,
    /// To where.
    pub to: StageName,
    /// What brings it there, and who may ask for that.
    pub by: Vec<(CommandName, &'static [Role])>,
    /// The same in words.
    pub label: String,
}

impl Flow {
    /// The chart of a plan.
    pub fn of(plan: &Plan, lang: Lang) -> Flow {
        let stages = StageName::ALL.iter();
        let stages: Vec<_> = stages
            .map(|stage| (*stage, term(lang, stage.zh(), stage.name())))
            .collect();
        let sources = std::iter::once(None).chain(StageName::ALL.iter().copied().map(Some));
        let moves = sources.flat_map(|from| {
            let to = StageName::ALL.iter().copied();
            to.filter_map(move |to| FlowMove::of(plan, from, to, lang))
        });
        Flow {
            title: plan.title.clone(),
            stages,
            moves: moves.collect(),
        }
    }
}

impl FlowMove {
    fn of(plan: &Plan, from: Option<StageName>, to: StageName, lang: Lang) -> Option<FlowMove> {
        let names = CommandName::ALL.iter().copied();
        let by: Vec<_> = names
            .filter(|name| plan.takes(*name) && name.moves().contains(&(from, to)))
            .map(|name| (name, name.roles()))
            .collect();
        let label: Vec<String> = by
            .iter()
            .map(|(name, roles)| said(*name, roles, lang))
            .collect();
        (!by.is_empty()).then(|| FlowMove {
            from,
            to,
            by,
            label: label.join(pick(lang, ";", "; ")),
        })
    }
}

fn said(name: CommandName, by: &[Role], lang: Lang) -> String {
    let (name, by) = (term(lang, name.zh(), name.name()), roles(by, lang));
    match lang {
        Lang::Zh => format!("{name}({by})"),
        Lang::En => format!("{name} ({by})"),
    }
}

/// Roles in words.
pub(super) fn roles(all: &[Role], lang: Lang) -> String {
    let all: Vec<String> = all
        .iter()
        .map(|role| term(lang, role.zh(), role.name()))
        .collect();
    all.join(pick(lang, "、", ", "))
}
