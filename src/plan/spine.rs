//! What the spine brings to every plan, whatever the pack says: the facts it keeps itself, and a clock for every
//! place where a case could rest.

use chrono::NaiveTime;

use super::{
    BulletinRule, CallBackRule, ClockRule, Decision, Diagram, DigestRule, DirectRule, Domain,
    FactRule, Given, Limit, PauseKind, PauseRule, Place, Plan, Post, Provenance, RedoRule,
    ReopenCount, ReopenRule, Schema, Sources, StrikeOffRule, TrackRule, Uncovered,
};
use crate::time::{Counting, Hours, Span, Zone};
use crate::words::{
    Class, ClockClass, ClockKind, FactValue, Lang, Mark, Outcome, PackId, PauseSide, Role, RuleId,
};

/// The ground that stands with every number that a pack leaves to the engine.
pub(crate) const SPINE_DEFAULT: &str = "spine default";

/// The facts that the engine keeps of every case, in their order. With Chinese labels a rule reads
/// `m.class == "办事"`, with English ones `m.class == "problem"`; the codes are the same.
///
/// | fact | values | what |
/// |---|---|---|
/// | `class` | 办事 问事 建议 致谢 | the intake officer's class |
/// | `place_level` | 4..=12 | digits of the place code: 4 prefecture, 6 county |
/// | `opinion` | yes/no | no citizen waits for an answer: online opinion, a part, a signal |
/// | `returns`, `bounces`, `extensions`, `reopens` | 0..=99 | counts of the case |
/// | `directed`, `tracked` | yes/no | a leader directed it; supervision tracks it |
/// | `mark` | A B C D | the weakest mark of the reply |
/// | `has_action`, `has_person`, `dated` | yes/no | the reply names a measure, a person for each, a date for each |
/// | `has_contact`, `has_basis` | yes/no | the reply records a contact, cites a basis |
/// | `explains` | yes/no | the reply says that it lawfully cannot be done |
/// | `rating` | 满意 不满意 未评价 自动好评 | what is known of satisfaction |
/// | `rechecked` | yes/no | someone who had no part in it has checked |
///
/// After them comes [`received_on`](super::received_on), the date of receipt, in plans whose rules depend on it, and in no other.
pub fn engine_facts(labels: Lang) -> Vec<FactRule> {
    let pick = |zh: &[&str], en: &[&str]| {
        let names = if labels == Lang::Zh { zh } else { en };
        Domain::Labels(names.iter().map(|s| (*s).to_owned()).collect())
    };
    let fact = |name: &str, domain: Domain| FactRule {
        moves: true,
        ..FactRule::new(name, domain, Given::Engine)
    };
    let count = || Domain::Whole { least: 0, most: 99 };
    let class = Domain::Labels(
        Class::ALL
            .iter()
            .map(|c| if labels == Lang::Zh { c.zh() } else { c.name() }.to_owned())
            .collect(),
    );
    let mark = Domain::Labels(Mark::ALL.iter().map(|m| m.name().to_owned()).collect());
    let rating = pick(
        &["未评价", "满意", "不满意", "自动好评"],
        &["not_given", "satisfied", "unsatisfied", "auto_by_timeout"],
    );
    vec![
        fact("class", class),
        FactRule {
            otherwise: Some(FactValue::Whole(4)),
            ..fact("place_level", Domain::Whole { least: 2, most: 12 })
        },
        fact("opinion", Domain::YesNo),
        fact("returns", count()),
        fact("bounces", count()),
        fact("extensions", count()),
        fact("reopens", count()),
        fact("directed", Domain::YesNo),
        fact("tracked", Domain::YesNo),
        fact("mark", mark),
        fact("has_action", Domain::YesNo),
        fact("has_person", Domain::YesNo),
        fact("dated", Domain::YesNo),
        fact("has_contact", Domain::YesNo),
        fact("has_basis", Domain::YesNo),
        fact("explains", Domain::YesNo),
        fact("rating", rating),
        fact("rechecked", Domain::YesNo),
    ]
}

/// Gives the plan a clock of every kind that the spine needs and the pack leaves out, so that no case can rest
/// anywhere without an alarm ahead. What the pack says stays.
///
/// | clock | limit | |
/// |---|---|---|
/// | `screen`, `assign`, `rule` | 1 working day | |
/// | `sign`, `object` | 1 working day | lapses: deemed signed, objection barred |
/// | `reply` | 15 working days | |
/// | `co_reply` | half of the reply | |
/// | `review` | 2 working days | |
/// | `redo` | 5 working days | not past the whole |
/// | `callback`, `recheck` | 3 working days | |
/// | `rating` | 10 calendar days | lapses: silence is recorded as silence |
/// | `track` | 5 working days | |
/// | `commitment` | | due on the day promised |
/// | `whole` | 60 calendar days | |
///
/// ```
/// use duly::plan::{bare, complete};
/// use duly::words::ClockKind;
/// let mut plan = bare("demo".parse()?);
/// plan.clocks.retain(|clock| clock.kind != ClockKind::Review);
/// complete(&mut plan);
/// assert!(plan.clock(ClockKind::Review).is_some());
/// # Ok::<(), duly::words::InvalidId>(())
/// ```
pub fn complete(plan: &mut Plan) {
    for kind in ClockKind::ALL.iter().copied() {
        if plan.clock(kind).is_none() {
            plan.clocks
                .extend(spine_clock(kind, plan.counting, plan.labels));
        }
    }
    plan.clocks.sort_by_key(|clock| clock.kind);
}

/// The spine's own clock of a kind; none for the kinds that only a pack can want.
fn spine_clock(kind: ClockKind, counting: Counting, labels: Lang) -> Option<ClockRule> {
    let days = |n| Limit::Span(Span::WorkingDays(n));
    let limit = match kind {
        ClockKind::Screen
        | ClockKind::Assign
        | ClockKind::Rule
        | ClockKind::Sign
        | ClockKind::Object => days(1),
        ClockKind::Reply => days(15),
        ClockKind::CoReply => Limit::Share {
            of: ClockKind::Reply,
            percent: 50,
        },
        ClockKind::Review => days(2),
        ClockKind::Redo | ClockKind::Track => days(5),
        ClockKind::CallBack | ClockKind::Recheck => days(3),
        ClockKind::Rating => Limit::Span(Span::CalendarDays(10)),
        ClockKind::Whole => Limit::Span(Span::CalendarDays(60)),
        // Each promise carries its own date; the rule is there for its ladder.
        ClockKind::Commitment => Limit::Span(Span::CalendarDays(1)),
        // What is not needed is there only where a pack wants it.
        _ => return None,
    };
    Some(ClockRule {
        kind,
        title: kind.usual_title(labels),
        starts: kind.starts(),
        stops: kind.stops().to_vec(),
        within: Decision::new(
            RuleId::spine(&format!("clock({kind}).within")),
            Diagram::constant(limit),
        ),
        counting,
        class: kind.usual_class(),
        provenance: Provenance::Ours(SPINE_DEFAULT.into()),
        lapses: kind.lapses(),
        extension: None,
        not_past_whole: kind == ClockKind::Redo,
        leaves: None,
        rungs: Vec::new(),
    })
}

impl ClockKind {
    /// Whether every plan has it. The others are there where a pack wants them.
    pub const fn is_needed(self) -> bool {
        !matches!(
            self,
            ClockKind::SubReply
                | ClockKind::FirstReview
                | ClockKind::Update
                | ClockKind::Acknowledge
                | ClockKind::Waiting
                | ClockKind::Ownership
        )
    }
    /// Whether the limit has a consequence of its own: signed for, no longer objectionable, silence recorded.
    /// Such a clock always lapses, and no other does.
    pub const fn lapses(self) -> bool {
        matches!(
            self,
            ClockKind::Sign | ClockKind::Object | ClockKind::Rating
        )
    }
    /// What it is called where a pack gives it no title, by the language of the pack's labels.
    pub(crate) fn usual_title(self, labels: Lang) -> String {
        match labels {
            Lang::Zh => self.zh().to_owned(),
            Lang::En => self.name().replace('_', " "),
        }
    }
    /// Whose word the limit is unless the pack says: what the citizen waits for is a standard, the rest is
    /// between offices.
    pub(crate) const fn usual_class(self) -> ClockClass {
        match self {
            ClockKind::Screen
            | ClockKind::Acknowledge
            | ClockKind::Reply
            | ClockKind::Whole
            | ClockKind::Commitment
            | ClockKind::Update => ClockClass::Standard,
            _ => ClockClass::Internal,
        }
    }
    /// Whether a pack may say how much of it must be left for what follows the reply: on the clocks that the reply
    /// itself is measured by, and on the whole.
    pub const fn can_leave(self) -> bool {
        matches!(self, ClockKind::Whole | ClockKind::Reply | ClockKind::Redo)
    }
    /// Whether more time can be asked for: only where someone works on an answer.
    pub const fn can_be_extended(self) -> bool {
        matches!(
            self,
            ClockKind::Reply | ClockKind::SubReply | ClockKind::CoReply | ClockKind::Redo
        )
    }
}

/// A complete plan that says nothing of its own: the spine's clocks without ladders, the prefecture `6325` with
/// its five counties, one post for every officer of a case, Chinese labels, China's calendar and office hours.
/// For tests and first steps; a pack says more.
///
/// ```
/// let plan = duly::plan::bare("demo".parse()?);
/// assert_eq!(plan.validate(), Ok(()));
/// assert_eq!(plan.places.len(), 6);
/// # Ok::<(), duly::words::InvalidId>(())
/// ```
pub fn bare(pack: PackId) -> Plan {
    let mut plan = empty(pack, Lang::Zh);
    plan.places = PLACES
        .iter()
        .filter_map(|(code, name)| place(code, name))
        .collect();
    let officers = [
        Role::Intake,
        Role::Owner,
        Role::CoHandler,
        Role::UnitHead,
        Role::Reviewer,
        Role::Supervisor,
        Role::Leader,
    ];
    plan.posts = officers
        .into_iter()
        .map(|role| Post {
            id: role.name().to_owned(),
            title: role.zh().to_owned(),
            role: Some(role),
        })
        .collect();
    plan.pauses = vec![
        PauseRule {
            reason: "待网民补充".into(),
            side: PauseSide::Citizen,
            most: Span::WorkingDays(10),
            times: 1,
            kind: PauseKind::Waits,
            holds: Vec::new(),
            when: None,
        },
        PauseRule {
            reason: "鉴定检测".into(),
            side: PauseSide::Statutory,
            most: Span::CalendarDays(30),
            times: 1,
            kind: PauseKind::Waits,
            holds: Vec::new(),
            when: None,
        },
        PauseRule {
            reason: "等候配件".into(),
            side: PauseSide::Office,
            most: Span::WorkingDays(5),
            times: 1,
            kind: PauseKind::Waits,
            holds: Vec::new(),
            when: None,
        },
    ];
    plan.digest.to = vec![Role::Leader.name().to_owned()];
    plan.bulletin.to = vec![Role::UnitHead.name().to_owned()];
    plan
}

const PLACES: [(&str, &str); 6] = [
    ("6325", "海南州"),
    ("632521", "共和县"),
    ("632522", "同德县"),
    ("632523", "贵德县"),
    ("632524", "兴海县"),
    ("632525", "贵南县"),
];

fn place(code: &str, name: &str) -> Option<Place> {
    Some(Place {
        code: code.parse().ok()?,
        name: name.to_owned(),
        intake: format!("{name}留言受理岗"),
    })
}

/// A plan with all that the spine brings and nothing else: no places and no posts yet.
pub(crate) fn empty(pack: PackId, labels: Lang) -> Plan {
    let windows = ["09:00-12:30", "14:30-18:00"]
        .iter()
        .filter_map(|text| text.parse().ok())
        .collect();
    let allowed = |class: Class| {
        Outcome::ALL
            .iter()
            .copied()
            .filter(|outcome| class.allows(*outcome))
            .collect()
    };
    let words = |list: &[&str]| list.iter().map(|s| (*s).to_owned()).collect();
    let mut plan = Plan {
        shape: Plan::SHAPE,
        title: pack.as_str().to_owned(),
        pack,
        edition: String::new(),
        in_force: None,
        labels,
        sources_cited: Vec::new(),
        params: Vec::new(),
        // The zone is in the library's own table.
        zone: "Asia/Shanghai".parse().unwrap_or(Zone::UTC),
        hours: Hours::weekdays(windows),
        hours_provenance: Provenance::Ours(SPINE_DEFAULT.into()),
        holidays: vec!["cn".into()],
        uncovered: Uncovered::Provisional,
        counting: Counting::cn(),
        schema: Schema {
            facts: engine_facts(labels),
        },
        mentions: Vec::new(),
        derived: Vec::new(),
        places: Vec::new(),
        posts: Vec::new(),
        classify: None,
        declines: Vec::new(),
        route: None,
        clocks: Vec::new(),
        counts: Vec::new(),
        gates: Vec::new(),
        notices: Vec::new(),
        divide: super::DivideRule::default(),
        bundles: Vec::new(),
        signals: Vec::new(),
        duties: Vec::new(),
        pauses: Vec::new(),
        review: None,
        redo: RedoRule {
            grounds: words(&["调查不清楚", "处理不到位", "网民不满意"]),
        },
        callback: CallBackRule { attempts: 3 },
        strike_off: StrikeOffRule {
            allow: Class::ALL
                .iter()
                .map(|class| (*class, allowed(*class)))
                .collect(),
            rate_within: Span::CalendarDays(30),
        },
        reopen: ReopenRule {
            grounds: words(&["新的事实", "新的理由"]),
            count: ReopenCount::Min,
        },
        direct: DirectRule {
            floor: Span::WorkingDays(1),
        },
        track: TrackRule { when: None },
        overdue_every: OVERDUE_EVERY,
        quiet: None,
        digest: DigestRule {
            title: "日报".into(),
            cut: NaiveTime::from_hms_opt(17, 30, 0).unwrap_or_default(),
            hot: None,
            to: Vec::new(),
        },
        bulletin: BulletinRule {
            title: "通报".into(),
            to: Vec::new(),
            ranking: None,
        },
        sources: Sources::default(),
    };
    complete(&mut plan);
    plan
}

/// How many working days the spine lets pass between two notices of the same overdue clock. A pack may shorten it.
pub(crate) const OVERDUE_EVERY: u32 = 5;
