//! Packs laid over others: the base is read first, by itself; then both texts are read as one, and what comes of them is held against
//! the base alone, case by case.

use std::collections::BTreeMap;

use rhai::Position;

use super::draft::Draft;
use super::fault::{Fault, Spot, both, suggest};
use super::load::{self, Loaded};
use super::report::Report;
use super::source::Source;
use super::{Findings, Options, dated};
use crate::plan::Plan;

/// How many packs may lie under one.
pub(super) const DEEP: usize = 3;

/// What lies under a pack.
#[derive(Default)]
pub(super) struct Below {
    /// The texts, the lowest first.
    pub(super) layers: Vec<(String, String)>,
    /// The parameters that overlays set.
    pub(super) set: BTreeMap<String, i64>,
    /// The plan of the base alone, with those parameters.
    pub(super) plan: Option<Plan>,
    /// Later values of the base that are lower than what is set in their place, and the citizen's own time that what is set makes shorter.
    pub(super) raised: Vec<Fault>,
}

/// Finds and reads what a pack is based on; nothing, if it stands on its own.
pub(super) fn below(
    name: &str,
    text: &str,
    options: &Options,
    above: &[String],
    dated: bool,
) -> Result<Below, Findings> {
    let (source, _) = Source::read(name, text);
    // The facts of a base come first, as they are: what this pack depends on, its base has too.
    let dated = dated || dated::matters(&source);
    let mut report = Report::new(&source);
    let Some(draft) = load::based_on(&source, &mut report) else {
        return Ok(Below::default());
    };
    let Some(based) = draft.based else {
        return Err(report.finish());
    };
    let (base, params) = based.what;
    let found = match find(&base, options, above) {
        Ok(found) => found,
        Err(fault) => {
            report.add(fault.arg(0), based.at);
            return Err(report.finish());
        }
    };
    let mut above = above.to_vec();
    above.push(base.clone());
    let mut plain = options.clone();
    plain.params = BTreeMap::new();
    let mut raised = Vec::new();
    // Once as it stands, to know its parameters; then with those that are set.
    let mut loaded = load::load_over(&found.0, &found.1, &plain, &above, dated);
    if let Some(own) = plan(&loaded).cloned() {
        for (param, value) in &params {
            if let Some(fault) = unfit(&own, &base, param, *value) {
                report.add(fault.arg(1), based.at);
            }
        }
        if report.has_errors() {
            return Err(report.finish());
        }
        let mut with = |params: BTreeMap<String, i64>| {
            plain.params = params;
            load::load_over(&found.0, &found.1, &plain, &above, dated)
        };
        for (param, value) in &params {
            let Some(fault) = raises(&own, &base, param, *value) else {
                continue;
            };
            let alone = with(BTreeMap::from([(param.clone(), *value)]));
            if !plan(&alone).is_some_and(|set| is_the_citizens(&own, set)) {
                raised.push(fault);
            }
        }
        let mut set = params.clone();
        set.extend(options.params.clone());
        set.retain(|param, _| own.params.iter().any(|known| known.name == *param));
        if !params.is_empty() {
            loaded = with(params.clone());
            let laid = plan(&loaded).into_iter();
            raised.extend(laid.flat_map(|laid| cuts(&own, laid, &base)));
        }
        if set != params {
            loaded = with(set);
        }
    }
    let Some(plan) = plan(&loaded).cloned() else {
        let message = both!(
            "the base pack `{base}` cannot be used",
            "底本`{base}`有错,用不了"
        );
        let help = both!("mend it first", "先改好底本");
        report.add(Fault::new("D212", message).help(help).arg(0), based.at);
        let mut all = loaded.findings.all;
        all.extend(report.finish().all);
        return Err(Findings { all });
    };
    Ok(Below {
        layers: loaded.layers,
        set: loaded.set,
        plan: Some(plan),
        raised,
    })
}

fn plan(loaded: &Loaded) -> Option<&Plan> {
    loaded.finished.as_ref().map(|finished| &finished.plan)
}

fn find(base: &str, options: &Options, above: &[String]) -> Result<(String, String), Fault> {
    if above.iter().any(|name| name == base) {
        let above = above.join(" → ");
        let message = both!(
            "the pack `{base}` is based on itself: {above} → {base}",
            "规则包`{base}`绕了一圈以自己为底本:`{above} → {base}`"
        );
        return Err(Fault::new("D212", message));
    }
    if above.len() >= DEEP {
        let message = both!(
            "more than {DEEP} packs lie under this one",
            "底本下面还有底本,超过了 {DEEP} 层"
        );
        return Err(Fault::new("D212", message));
    }
    let none = || {
        let message = both!("no pack is called `{base}`", "没有叫`{base}`的规则包");
        Fault::new("D212", message).help(match options.bases {
            Some(_) => both!(
                "base packs are looked for by the name of their folder, beside this one",
                "底本放在本包文件夹旁边,文件夹名就是底本的名字;看看名字写对没有"
            ),
            None => both!(
                "whoever loads the pack says where base packs are: `Options::with_bases`",
                "装载的程序没有说底本在哪里(`Options::with_bases`),请找维护程序的人"
            ),
        })
    };
    options
        .bases
        .as_ref()
        .and_then(|find| find(base))
        .ok_or_else(none)
}

/// Why a parameter of the base cannot be set so.
fn unfit(plan: &Plan, base: &str, param: &str, value: i64) -> Option<Fault> {
    let Some(own) = plan.params.iter().find(|own| own.name == param) else {
        let known = plan
            .params
            .iter()
            .filter(|own| !own.fixed)
            .map(|own| own.name.as_str());
        let message = both!(
            "`{base}` has no parameter `{param}`",
            "底本`{base}`没有叫`{param}`的参数"
        );
        return Some(Fault::new("D206", message).maybe(suggest(param, known)));
    };
    if own.fixed {
        let fault = Fault::new(
            "D211",
            both!(
                "the parameter `{param}` of `{base}` is fixed",
                "底本`{base}`的参数`{param}`不得另定"
            ),
        );
        return Some(fault.help(both!("leave it out", "删去这一项")));
    }
    let (least, most) = (own.least, own.most);
    (!(least..=most).contains(&value)).then(|| {
        let message = both!(
            "`{value}` for `{param}` lies outside `{least}..={most}`, which `{base}` allows",
            "给`{param}`定的`{value}`超出了底本`{base}`准许的范围`{least}..={most}`"
        );
        Fault::new("D203", message).help(both!(
            "an overlay sets a parameter within the base pack's range",
            "改成 {least} 到 {most} 之间的数"
        ))
    })
}

/// Where a value that is set for all dates is larger than one that the base has from some date on.
fn raises(plan: &Plan, base: &str, param: &str, value: i64) -> Option<Fault> {
    let own = plan.params.iter().find(|own| own.name == param)?;
    let since = own.later.iter().find(|since| since.value < value)?;
    let (from, less) = (since.from, since.value);
    let message = both!(
        "`{param}` is {less} from {from} on in `{base}`, and `{value}` is set for all dates: larger from then on",
        "底本`{base}`的参数`{param}`自 {from} 起是 {less},这里不分日期都定成`{value}`,从那天起反而大了"
    );
    Some(Fault::new("D415", message).help(both!(
        "set {less} or less, or leave it out and tighten what shall be shorter by `tighten(…)`",
        "定成不超过 {less} 的数;或者不定这一项,要缩短的用`tighten(…)`另写"
    )))
}

/// Whether all that a parameter changes is how long the citizen's own time is.
fn is_the_citizens(own: &Plan, set: &Plan) -> bool {
    let rest = |plan: &Plan| {
        let mut plan = plan.clone();
        plan.params.clear();
        plan.clocks.retain(|clock| !clock.kind.is_the_citizens());
        plan.id()
    };
    rest(own) == rest(set)
}

/// Where the citizen's own time is shorter by what is set than the base has it by itself.
fn cuts(own: &Plan, set: &Plan, base: &str) -> Vec<Fault> {
    let mut all = Vec::new();
    for (kind, less) in set.runs_longer(own) {
        if !kind.is_the_citizens() {
            continue;
        }
        let message = both!(
            "what is set here leaves the citizen less time than `{base}` does by itself: {less}",
            "这里定的数,使留给网民的时间比底本`{base}`自己的短:{less}";
            less
        );
        all.push(Fault::new("D415", message).help(both!(
            "set no less than the base has, or leave it out: less of the citizen's own time is looser",
            "定成不小于底本的数,或者不定这一项:留给网民的时间,短了才是放宽"
        )));
    }
    all
}

/// Holds an overlay against its base: whatever it loosens is an error, with a case.
pub(super) fn held(base: &Plan, over: &Plan, draft: &Draft, report: &mut Report<'_>) {
    let at = draft
        .based
        .as_ref()
        .map_or(Position::NONE, |based| based.at);
    for loosened in over.loosened(base) {
        let message = both!(
            "an overlay only tightens, and this loosens its base: {loosened}",
            "叠在底本上的包只能从严,这里放宽了:{loosened}";
            loosened
        );
        report.add(Fault::new("D211", message), at);
    }
    for fact in &draft.facts {
        let rule = &fact.what.rule;
        let sent = matches!(
            rule.given,
            crate::plan::Given::Citizen | crate::plan::Given::Host | crate::plan::Given::Intake
        );
        if draft.own(fact.at) && sent && rule.otherwise.is_none() {
            let name = &rule.name;
            let message = both!(
                "whoever works by the base pack does not give `{name}` yet",
                "照底本办事的人还不会给出`{name}`"
            );
            let mut fault = Fault::new("D211", message).help(both!(
                "say what holds until then: `fact(\"{name}\", …).otherwise(…)`",
                "写明没有给出时算什么:`fact(\"{name}\", …).otherwise(…)`"
            ));
            fault.spot = Spot::Word;
            report.add(fault, fact.at);
        }
    }
}
