//! What two plans say otherwise of a thing that both have.

use duly::plan::{
    Clauses, Diagram, Domain, Given, InForce, Judged, Mode, PauseKind, Plan, Provenance, Quiet,
    RankBy, RankingRule, ReopenCount, Shift, Uncovered,
};
use duly::time::{Ends, Span};
use duly::words::{Class, ClockClass, ClockKind, Lang, Outcome, PlaceLevel, Verb};

use super::alone::full;
use super::{ALL, changes, clock, decided, extension, other_hours};
use crate::small::days;

/// Something else that a plan says: one change, told so.
struct Field {
    edit: fn(&mut Plan),
    zh: &'static str,
    en: &'static str,
}

fn field(edit: fn(&mut Plan), zh: &'static str, en: &'static str) -> Field {
    Field { edit, zh, en }
}

fn fields() -> Vec<Field> {
    vec![
        field(
            |plan| plan.params[0].value = 7,
            "参数“期限”,值: 10 → 7",
            "the parameter `期限`, value: 10 → 7",
        ),
        field(
            |plan| plan.params[0].fixed = true,
            "参数“期限”,不许改: 否 → 是",
            "the parameter `期限`, fixed: no → yes",
        ),
        field(
            |plan| plan.params[0].later = Vec::new(),
            "参数“期限”,以后的值: 2026-07-01 起 7 → 无",
            "the parameter `期限`, later values: 7 from 2026-07-01 → none",
        ),
        field(
            |plan| plan.schema.facts.last_mut().unwrap().question = String::new(),
            "事实“urgent”,问法: 是否紧急 → 空",
            "the fact `urgent`, question: 是否紧急 → empty",
        ),
        field(
            |plan| plan.schema.facts.last_mut().unwrap().otherwise = None,
            "事实“urgent”,没填时作: 否 → 无",
            "the fact `urgent`, otherwise: no → none",
        ),
        field(
            |plan| plan.schema.facts.last_mut().unwrap().given = Given::Reviewer,
            "事实“urgent”,由谁填: 由受理人在受理时给出 → 由审核人在审核时给出",
            "the fact `urgent`, given: from the intake officer, when screening → from the reviewer, with the findings",
        ),
        field(
            |plan| {
                let whole = Domain::Whole { least: 0, most: 9 };
                plan.schema.facts.last_mut().unwrap().domain = whole;
            },
            "事实“urgent”,取值: `true`(是)或者`false`(否) → 0 到 9 的整数",
            "the fact `urgent`, values: true or false → a whole number from 0 to 9",
        ),
        field(
            |plan| plan.mentions[0].words = vec!["近期".into()],
            "词语“vague”,词: 尽快、近期 → 近期",
            "the mention `vague`, words: 尽快, 近期 → 近期",
        ),
        field(
            |plan| plan.derived[0].from = Vec::new(),
            "推定的事实“远”,依据: kind → 无",
            "the derived fact `远`, from: kind → none",
        ),
        field(
            |plan| plan.notices[0].to = vec!["owner".into(), "nobody".into()],
            "“收到”时的告知“来件”,发给: 督查办 → nobody、承办责任人",
            "the notice `来件` on `received`, to: 督查办 → nobody, 承办责任人",
        ),
        field(
            |plan| plan.places.last_mut().unwrap().intake = "新岗".into(),
            "地方 632526,受理岗: 某县受理岗 → 新岗",
            "the place `632526`, intake office: 某县受理岗 → 新岗",
        ),
        field(
            |plan| plan.posts.last_mut().unwrap().role = None,
            "岗位“zhouban”,角色: 领导 → 无",
            "the post `zhouban`, role: leader → none",
        ),
        field(
            |plan| plan.declines[0].told = "119".into(),
            "不予受理“应急事项”,告知去处: 110 → 119",
            "declining on `emergency`, told: 110 → 119",
        ),
        field(
            |plan| clock(plan, ClockKind::Acknowledge).class = ClockClass::Statutory,
            "“告知收到”,谁定的时限: 办法规定 → 法定",
            "the `acknowledge` clock, whose word: standard → statutory",
        ),
        field(
            |plan| clock(plan, ClockKind::Reply).leaves = Some(Span::WorkingDays(5)),
            "“答复”,须留出: 无 → 5 个工作日",
            "the `reply` clock, leaves: none → 5 working days",
        ),
        field(
            |plan| clock(plan, ClockKind::Reply).extension = Some(extension()),
            "“答复”,延期: 无 → 每次最多延 5 个工作日;最多延几次 1;由谁批 督查办",
            "the `reply` clock, extension: none → at most each time 5 working days; times 1; granted by supervisor",
        ),
        field(
            |plan| clock(plan, ClockKind::Update).rungs[0].at_once = false,
            "“进展告知”到期时的催办,夜里也发: 是 → 否",
            "the `update` clock, the rung at due, at once: yes → no",
        ),
        field(
            |plan| plan.counts[0].acts = vec![(Verb::Summon, "unit_head".into())],
            "退单满 2 次,做什么: 交督查 督查办 → 约谈 单位主要负责人",
            "when `bounces` reaches 2, acts: supervise 督查办 → summon 单位主要负责人",
        ),
        field(
            |plan| plan.gates[0].judged = Judged::StrikeOff,
            "“办理过程不细致不放过”:写明依据,何时把关: 审核时 → 销账时",
            "the gate `process`: 写明依据, judged: at review → at striking off",
        ),
        field(
            |plan| plan.duties[0].within = Span::WorkingDays(15),
            "义务“视频答复”,时限: 20 个工作日 → 15 个工作日",
            "the obligation `video`, within: 20 working days → 15 working days",
        ),
        field(
            |plan| plan.bundles[0].title = "新生儿".into(),
            "一件事“newborn”,名称: 出生一件事 → 新生儿",
            "the bundle `newborn`, title: 出生一件事 → 新生儿",
        ),
        field(
            |plan| plan.signals[0].window = Span::CalendarDays(20),
            "预警“heat”,合并期: 30 天 → 20 天",
            "the signal `heat`, window: 30 calendar days → 20 calendar days",
        ),
        field(
            |plan| plan.pauses.last_mut().unwrap().kind = PauseKind::Waits,
            "暂停“听证”,怎样停: 事后扣除 → 停下,恢复后接着算",
            "the pause `听证`, how it stops time: is taken out when over → waits, then goes on",
        ),
        field(
            |plan| plan.pauses.last_mut().unwrap().holds = Vec::new(),
            "暂停“听证”,只停哪些时限: 重办、答复 → 无",
            "the pause `听证`, holds only: redo, reply → none",
        ),
        field(
            |plan| reply_clauses(plan).mode = Mode::Unique,
            "“答复”的时限的条款,竞合时: 以先列者为准 → 只能适用一条",
            "the limit of the `reply` clock, clauses, where several apply: FIRST → UNIQUE",
        ),
        field(
            |plan| reply_clauses(plan).all[0].title = "乙".into(),
            "“答复”的时限的条款,各款: 名称 甲;依据 依据 第一条 → 名称 乙;依据 依据 第一条",
            "the limit of the `reply` clock, clauses, clauses: title 甲; provenance by 第一条 → title 乙; provenance by 第一条",
        ),
        field(
            |plan| plan.title = "新版".into(),
            "名称: demo → 新版",
            "title: demo → 新版",
        ),
        field(
            |plan| plan.edition = "2".into(),
            "版次: 空 → 2",
            "edition: empty → 2",
        ),
        field(
            |plan| plan.in_force = Some(from_new_year(None)),
            "施行日期: 无 → 2026-01-01 起",
            "in force: none → from 2026-01-01",
        ),
        field(
            |plan| plan.in_force = Some(from_new_year(Some("2026-12-31"))),
            "施行日期: 无 → 2026-01-01 至 2026-12-31",
            "in force: none → 2026-01-01 to 2026-12-31",
        ),
        field(
            |plan| plan.hours = other_hours(),
            "工作时间: 周一至周五 09:00-12:30、14:30-18:00;周六至周日 休息 → 周一至周四 09:00-12:30、14:30-18:00;周五 09:00-12:00;周六至周日 休息;05-01至09-30: 周一至周日 08:00-12:00",
            "office hours: Mon to Fri 09:00-12:30, 14:30-18:00; Sat to Sun closed → Mon to Thu 09:00-12:30, 14:30-18:00; Fri 09:00-12:00; Sat to Sun closed; 05-01 to 09-30: Mon to Sun 08:00-12:00",
        ),
        field(
            |plan| plan.hours_provenance = Provenance::Cited("某令".into()),
            "工作时间的依据: 自定:spine default → 依据 某令",
            "who sets the office hours: our own: spine default → by 某令",
        ),
        field(
            |plan| plan.hours_provenance = Provenance::Unsaid,
            "工作时间的依据: 自定:spine default → 没有写",
            "who sets the office hours: our own: spine default → unsaid",
        ),
        field(
            |plan| plan.holidays = Vec::new(),
            "节假日表: cn → 无",
            "day tables: cn → none",
        ),
        field(
            |plan| plan.uncovered = Uncovered::Refuse,
            "节假日未公布的日子: 先按平常的周算 → 不许设这样的时限",
            "beyond the known holidays: by the ordinary week, provisionally → refused",
        ),
        field(
            |plan| plan.counting.ends = Ends::EndOfDay,
            "怎样计日,末日止于: 下班时 → 二十四时",
            "counting, ends: at the close of business → at midnight",
        ),
        field(
            |plan| plan.divide.lowest = Some(PlaceLevel::County),
            "分办: 无 → 汇总时间 1 个工作日;最低办理层级 县级",
            "division: none → kept for putting together 1 working day; handled no lower than county",
        ),
        field(
            |plan| plan.callback.attempts = 2,
            "回访,联系不上须试几次: 3 → 2",
            "call-back, attempts: 3 → 2",
        ),
        field(
            |plan| {
                let solved = vec![Outcome::Solved];
                plan.strike_off.allow.insert(Class::Problem, solved);
            },
            "销账,准许的办理结果,办事: 依法解释、已解决 → 已解决",
            "striking off, allowed outcomes, problem: explained, solved → solved",
        ),
        field(
            |plan| plan.strike_off.rate_within = Span::CalendarDays(20),
            "销账,销账后评价仍有效: 30 天 → 20 天",
            "striking off, a rating counts for: 30 calendar days → 20 calendar days",
        ),
        field(
            |plan| plan.reopen.count = ReopenCount::Fresh,
            "重开,重开后的时限: 从短 → 重新算",
            "reopening, count: the shorter of the two → runs anew",
        ),
        field(
            |plan| plan.direct.floor = Span::WorkingDays(2),
            "批示,至少留: 1 个工作日 → 2 个工作日",
            "direction, floor: 1 working day → 2 working days",
        ),
        field(
            |plan| plan.quiet = Some(Quiet::Daily("21:00-08:00".parse().unwrap())),
            "免打扰: 无 → 每天 21:00-08:00",
            "quiet hours: none → daily 21:00-08:00",
        ),
        field(
            |plan| plan.quiet = Some(Quiet::OutsideHours),
            "免打扰: 无 → 工作时间以外",
            "quiet hours: none → outside office hours",
        ),
        field(
            |plan| plan.digest.cut = "18:00:00".parse().unwrap(),
            "日报,截止时刻: 17:30 → 18:00",
            "digest, cut: 17:30 → 18:00",
        ),
        field(
            |plan| {
                plan.bulletin.ranking = Some(RankingRule {
                    by: RankBy::OnTime,
                    at_least: 5,
                });
            },
            "通报,排名: 无 → 按 按期率;不足几件的不排 5",
            "bulletin, ranking: none → by on_time; cases at least 5",
        ),
        field(
            |plan| plan.overdue_every = 3,
            "逾期后再报督查(工作日): 5 → 3",
            "working days between notices of overdue: 5 → 3",
        ),
    ]
}

fn from_new_year(to: Option<&str>) -> InForce {
    InForce {
        from: "2026-01-01".parse().unwrap(),
        to: to.map(|date| date.parse().unwrap()),
    }
}

fn reply_clauses(plan: &mut Plan) -> &mut Clauses {
    let clauses = clock(plan, ClockKind::Reply).within.clauses.as_mut();
    clauses.unwrap()
}

// Whatever two plans say otherwise of a thing that both have is told by the names of the thing and of what changed, in the words of
// people and not as it is stored; what a plan leaves out is told as what that means.
#[test]
fn what_is_said_otherwise_is_told_by_name() {
    let old = full();
    for field in fields() {
        let mut new = old.clone();
        (field.edit)(&mut new);
        assert_eq!(changes(&old, &new, Lang::Zh), [field.zh]);
        assert_eq!(changes(&old, &new, Lang::En), [field.en]);
    }
    assert_eq!(changes(&old, &old.clone(), Lang::En), Vec::<String>::new());
}

// A programme that reads the difference finds an empty list where a plan names none, and not that nothing is known.
#[test]
fn a_list_that_is_left_out_is_an_empty_one() {
    let old = full();
    let mut new = old.clone();
    new.pauses.last_mut().unwrap().holds = Vec::new();
    let diff = old.diff(&new, ALL);
    assert_eq!(diff.changes[0].path, "pauses.听证.holds");
    assert_eq!(diff.changes[0].old, serde_json::json!(["redo", "reply"]));
    assert_eq!(diff.changes[0].new, serde_json::json!([]));
}

// Of two lengths of time it is said which way they moved; of anything else nothing is.
#[test]
fn a_length_that_changes_says_which_way() {
    let shift = |edit: fn(&mut Plan)| {
        let (old, mut new) = (full(), full());
        edit(&mut new);
        let changes = old.diff(&new, ALL).changes;
        assert_eq!(changes.len(), 1);
        changes[0].shift
    };
    let floor = |plan: &mut Plan| plan.direct.floor = Span::WorkingDays(2);
    assert_eq!(shift(floor), Some(Shift::Longer));
    let video = |plan: &mut Plan| plan.duties[0].within = Span::WorkingDays(15);
    assert_eq!(shift(video), Some(Shift::Shorter));
    let attempts = |plan: &mut Plan| plan.callback.attempts = 2;
    assert_eq!(shift(attempts), None);
}

// Two plans say the same only where neither what they say of things nor what they decide case by case is otherwise.
#[test]
fn plans_say_the_same_where_nothing_and_no_case_is_otherwise() {
    let old = full();
    let differs = |edit: fn(&mut Plan)| {
        let mut new = old.clone();
        edit(&mut new);
        let diff = old.diff(&new, ALL);
        let (changes, decisions) = (diff.changes.len(), diff.decisions.len());
        (changes, decisions, diff.is_empty())
    };
    assert_eq!(differs(|_| ()), (0, 0, true));
    assert_eq!(differs(|plan| plan.edition = "2".into()), (1, 0, false));
    let shorter = |plan: &mut Plan| {
        clock(plan, ClockKind::Redo).within.diagram = Diagram::constant(days(3));
    };
    assert_eq!(differs(shorter), (0, 1, false));
    let both = |plan: &mut Plan| {
        plan.edition = "2".into();
        clock(plan, ClockKind::Redo).within.diagram = Diagram::constant(days(3));
    };
    assert_eq!(differs(both), (1, 1, false));
}

// Which clauses give an answer is compared where both plans have the rule in clauses; where one has it plain, the answers alone are.
#[test]
fn clauses_are_compared_with_clauses_alone() {
    let old = full();
    let mut renamed = old.clone();
    reply_clauses(&mut renamed).all[0].title = "乙".into();
    let mut bare = old.clone();
    clock(&mut bare, ClockKind::Reply).within.clauses = None;
    let none = Vec::<String>::new();
    assert_eq!(decided(&old, &bare, Lang::Zh), none);
    assert_eq!(decided(&bare, &old, Lang::Zh), none);
    assert_eq!(
        decided(&old, &renamed, Lang::Zh),
        ["“答复”的时限, : 15 个工作日(依据 甲) → 15 个工作日(依据 乙)"]
    );
    assert_eq!(
        decided(&old, &renamed, Lang::En),
        ["the limit of the `reply` clock, : 15 working days (by 甲) → 15 working days (by 乙)"]
    );
}
