//! A board in a test: commands in, records out.

use std::collections::BTreeMap;

use duly::case::{Case, Decision as Decided, Stage, decide};
use duly::plan::{
    ClockRule, Decision, DeclineRule, Diagram, Domain, ExtensionRule, FactRule, Given, Limit, On,
    Plan, Plans, Region, Rung, bare,
};
use duly::time::{Moment, Span};
use duly::words::{
    Actor, Answer, CallResult, CaseId, Class, ClockKind, Command, DeclineGround, Envelope,
    FactValue, Level, Mark, NewCommitment, Origin, Outcome, Rating, Record, Refusal, ReturnFor,
    Review, Role, RuleId, Salt, Scores, Text, Verb,
};

pub struct World {
    pub plan: Plan,
    pub plans: Plans,
    pub cases: BTreeMap<CaseId, Case>,
    pub records: Vec<Record>,
    commands: u32,
}

/// A failing board prints as its records, one a line.
impl std::fmt::Debug for World {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.records
            .iter()
            .try_for_each(|it| writeln!(f, "{} {} {} {:?}", it.at, it.case, it.version, it.event))
    }
}

/// The bare plan, with five working days for a reply, a ladder on it, a ground for declining and a fact for heat.
pub fn plan() -> Plan {
    let mut plan = bare("demo".parse().unwrap());
    plan.title = "海南州".into();
    let reply: &mut ClockRule = plan
        .clocks
        .iter_mut()
        .find(|clock| clock.kind == ClockKind::Reply)
        .unwrap();
    reply.within.diagram = Diagram::constant(Limit::Span(Span::WorkingDays(5)));
    let rung = |key: &str, on: On, title: &str, acts: &[(Verb, &str)]| Rung {
        key: key.into(),
        on,
        title: title.into(),
        acts: acts
            .iter()
            .map(|(verb, post)| (*verb, (*post).to_owned()))
            .collect(),
        when: None,
        at_once: false,
    };
    reply.extension = Some(ExtensionRule {
        times: 2,
        most: Span::WorkingDays(3),
        total: None,
        ask_before: None,
        granted_by: Role::Leader,
        told: false,
        rearms: false,
        when: None,
    });
    reply.rungs = vec![
        rung(
            "before-1",
            On::Before(Span::WorkingDays(1)),
            "蓝色提醒",
            &[(Verb::Remind, "owner")],
        ),
        rung(
            "due",
            On::At,
            "黄色警示",
            &[(Verb::Warn, "unit_head"), (Verb::Copy, "intake")],
        ),
        rung(
            "after-2",
            On::After(Span::WorkingDays(2)),
            "",
            &[(Verb::Supervise, "supervisor")],
        ),
        rung(
            "after-5",
            On::After(Span::WorkingDays(5)),
            "红色通报",
            &[(Verb::NameIn, "leader")],
        ),
    ];
    plan.declines = vec![DeclineRule {
        ground: DeclineGround::InProcedure,
        when: Decision::new(
            RuleId::new("decline(in_procedure)"),
            Diagram::constant(true),
        ),
        told: "法院".into(),
    }];
    plan.schema.facts.push(FactRule {
        moves: true,
        otherwise: Some(FactValue::Whole(0)),
        ..FactRule::new(
            "heat",
            Domain::Whole {
                least: 0,
                most: 1_000_000,
            },
            Given::Host,
        )
    });
    plan.schema.facts.push(FactRule {
        moves: true,
        otherwise: Some(FactValue::Label("投诉".into())),
        ..FactRule::new(
            "kind",
            Domain::Labels(["投诉", "求助", "咨询"].map(str::to_owned).to_vec()),
            Given::Host,
        )
    });
    let heat = plan.schema.index("heat").unwrap();
    let region = |least, most, answer| Region {
        bounds: BTreeMap::from([(heat, (least, most))]),
        answer,
    };
    let regions = vec![region(0, 999, false), region(1000, 1_000_000, true)];
    let diagram = Diagram::from_regions(&plan.schema, regions).unwrap();
    plan.digest.hot = Some(Decision::new(RuleId::new("digest.hot"), diagram));
    assert_eq!(plan.validate(), Ok(()));
    plan
}

pub fn at(text: &str) -> Moment {
    Moment::parse(&format!("2026-{}:00+08:00", text.replace(' ', "T"))).unwrap()
}

pub fn id(name: &str) -> CaseId {
    name.parse().unwrap()
}

fn text(words: &str) -> Text {
    Text::from(words)
}

impl World {
    pub fn new() -> World {
        World::with(|_| {})
    }
    pub fn with(change: impl FnOnce(&mut Plan)) -> World {
        let mut plan = plan();
        change(&mut plan);
        let mut plans = Plans::new("board".parse().unwrap());
        plans.take(plan.clone()).unwrap();
        World {
            plan,
            plans,
            cases: BTreeMap::new(),
            records: Vec::new(),
            commands: 0,
        }
    }
    pub fn ask(
        &mut self,
        case: &str,
        who: (Role, &str),
        at: Moment,
        command: Command,
    ) -> Result<(), Box<Refusal>> {
        self.ask_as(case, Actor::new(who.1.parse().unwrap(), who.0), at, command)
    }
    pub fn ask_as(
        &mut self,
        case: &str,
        by: Actor,
        at: Moment,
        command: Command,
    ) -> Result<(), Box<Refusal>> {
        self.commands += 1;
        let name = format!("c{}", self.commands);
        let case = id(case);
        let envelope = Envelope {
            id: name.parse().unwrap(),
            case: case.clone(),
            by,
            at,
            salt: Salt::derived(b"test", &name),
            command,
        };
        let Decided {
            records,
            case: after,
            ..
        } = decide(self.cases.get(&case), &envelope, &self.plans).map_err(Box::new)?;
        self.records.extend(records);
        self.cases.insert(case, after);
        Ok(())
    }
    pub fn does(&mut self, case: &str, who: (Role, &str), when: &str, command: Command) {
        if let Err(refusal) = self.ask(case, who, at(when), command) {
            panic!("{refusal}");
        }
    }
    pub fn tick(&mut self, when: Moment) {
        let cases: Vec<CaseId> = self.cases.keys().cloned().collect();
        for case in cases {
            self.ask(
                case.as_str(),
                (Role::System, "clock"),
                when,
                Command::Tick {},
            )
            .unwrap();
        }
    }

    // The steps of the usual way, each with its usual person.

    pub fn opens(&mut self, case: &str, place: &str, when: &str) {
        self.does(
            case,
            (Role::Citizen, "wang"),
            when,
            open(case, place, Origin::Message, 0),
        );
    }
    pub fn reaches(&mut self, case: &str, unit: &str, day: &str) {
        self.does(
            case,
            (Role::Intake, "in-1"),
            &format!("{day} 09:30"),
            screen(Class::Problem),
        );
        self.does(
            case,
            (Role::Intake, "in-1"),
            &format!("{day} 10:00"),
            assign(unit),
        );
        self.does(
            case,
            (Role::Owner, &owner(unit)),
            &format!("{day} 11:00"),
            Command::Sign {},
        );
    }
    pub fn replies(&mut self, case: &str, unit: &str, when: &str) {
        self.does(
            case,
            (Role::Owner, &owner(unit)),
            when,
            reply(Mark::A, false),
        );
    }
    pub fn passes(&mut self, case: &str, when: &str) {
        self.does(
            case,
            (Role::Reviewer, "re-1"),
            when,
            Command::Review(Review::default()),
        );
    }
    pub fn fails(&mut self, case: &str, when: &str) {
        self.does(
            case,
            (Role::Reviewer, "re-1"),
            when,
            Command::Review(send_back()),
        );
    }
    pub fn hears(&mut self, case: &str, when: &str, level: Level) {
        let result = CallResult::Reached {
            level: Some(level),
            scores: None,
            said: None,
        };
        self.does(
            case,
            (Role::Intake, "in-1"),
            when,
            Command::CallBack { result },
        );
    }
    pub fn rechecks(&mut self, case: &str, when: &str) {
        self.does(case, (Role::Reviewer, "re-2"), when, recheck());
    }
    pub fn strikes(&mut self, case: &str, when: &str, outcome: Outcome) {
        // Whom nobody reached had the notice of the answer delivered.
        if let Some(Stage::Reviewed(it)) = self.cases.get(&id(case)).map(Case::stage)
            && !it.data.reached
            && let Some(effect) = it.case.awaits_delivery()
        {
            self.does(
                case,
                (Role::System, "site"),
                when,
                Command::Delivered { effect },
            );
        }
        self.does(
            case,
            (Role::Supervisor, "su-1"),
            when,
            Command::StrikeOff {
                outcome,
                matter: None,
            },
        );
    }
}

pub fn owner(unit: &str) -> String {
    format!("{unit}-li")
}

pub fn open(case: &str, place: &str, origin: Origin, heat: i64) -> Command {
    Command::Open {
        place: place.parse().unwrap(),
        channel: "领导留言板".parse().unwrap(),
        external_id: format!("n-{case}").parse().unwrap(),
        message: text("路灯不亮"),
        contact: None,
        citizen: None,
        origin,
        facts: BTreeMap::from([("heat".to_owned(), FactValue::Whole(heat))]),
    }
}
pub fn screen(class: Class) -> Command {
    Command::Screen {
        class,
        facts: BTreeMap::new(),
    }
}
pub fn assign(unit: &str) -> Command {
    let (unit, owner) = (unit.parse().unwrap(), owner(unit).parse().unwrap());
    Command::Assign {
        unit,
        owner,
        co_handlers: Vec::new(),
    }
}
pub fn reply(mark: Mark, explained: bool) -> Command {
    Command::Reply {
        answers: vec![Answer {
            matter: 1,
            text: text("已修好"),
            mark,
        }],
        measures: Vec::new(),
        contacts: Vec::new(),
        basis: if explained {
            vec!["条例第三条".into()]
        } else {
            Vec::new()
        },
        commitments: Vec::new(),
        explained,
    }
}
pub fn send_back() -> Review {
    let return_for = Some(ReturnFor {
        ground: "调查不清楚".into(),
        mend: text("到现场看"),
    });
    Review {
        findings: BTreeMap::new(),
        return_for,
    }
}
pub fn unreached() -> Command {
    Command::CallBack {
        result: CallResult::Unreached {
            why: "无人接听".into(),
        },
    }
}
pub fn recheck() -> Command {
    Command::Recheck {
        passed: true,
        evidence: text("照片"),
        findings: BTreeMap::new(),
        return_for: None,
    }
}
pub fn rate(level: Level) -> Command {
    Command::Rate {
        rating: Rating::Given {
            level,
            scores: None,
        },
        said: None,
    }
}
/// A rating with the three scores.
pub fn scored(level: Level, scores: (u8, u8, u8)) -> Command {
    let (solved, attitude, speed) = scores;
    let scores = Some(Scores {
        solved,
        attitude,
        speed,
    });
    let rating = Rating::Given { level, scores };
    Command::Rate { rating, said: None }
}
pub fn promise(day: &str) -> NewCommitment {
    NewCommitment {
        matter: 1,
        action: text("换新灯"),
        person: "zhang".parse().unwrap(),
        by_date: format!("2026-{day}").parse().unwrap(),
    }
}
pub fn object() -> Command {
    Command::Object {
        reason: text("不归我们"),
        should_be: None,
    }
}
pub fn rule(unit: &str) -> Command {
    Command::Rule {
        unit: unit.parse().unwrap(),
        owner: owner(unit).parse().unwrap(),
        reason: text("按职责"),
    }
}
pub fn ask_extension() -> Command {
    Command::AskExtension {
        clock: ClockKind::Reply,
        span: Span::WorkingDays(1),
        reason: text("等材料"),
    }
}
pub fn grant_extension() -> Command {
    Command::GrantExtension {
        clock: ClockKind::Reply,
        told: text("延后一天"),
    }
}
pub fn decline() -> Command {
    Command::Decline {
        ground: DeclineGround::InProcedure,
        told: text("请找法院"),
        facts: BTreeMap::new(),
    }
}

/// September on one board: every way a case can go.
pub fn september() -> World {
    let mut w = World::new();
    // On time, satisfied, solved.
    w.opens("m01", "632521", "09-01 09:00");
    w.reaches("m01", "u-road", "09-01");
    w.replies("m01", "u-road", "09-03 10:00");
    w.passes("m01", "09-04 10:00");
    w.hears("m01", "09-07 10:00", Level::VerySatisfied);
    w.strikes("m01", "09-08 10:00", Outcome::Solved);
    // Late, unsatisfied, done again, satisfied.
    w.opens("m02", "632522", "09-01 09:00");
    w.reaches("m02", "u-water", "09-01");
    w.replies("m02", "u-water", "09-15 10:00");
    w.passes("m02", "09-15 11:00");
    w.hears("m02", "09-15 15:00", Level::Unsatisfied);
    w.replies("m02", "u-water", "09-17 10:00");
    w.passes("m02", "09-17 11:00");
    w.hears("m02", "09-17 15:00", Level::MostlySatisfied);
    w.strikes("m02", "09-17 16:00", Outcome::Solved);
    // On time, but returned; then nobody answers the phone and nobody rates.
    w.opens("m03", "632521", "09-02 09:00");
    w.reaches("m03", "u-road", "09-02");
    w.replies("m03", "u-road", "09-03 10:00");
    w.fails("m03", "09-04 10:00");
    w.replies("m03", "u-road", "09-07 10:00");
    w.passes("m03", "09-08 10:00");
    for day in ["09-08", "09-09", "09-10"] {
        w.does(
            "m03",
            (Role::Intake, "in-1"),
            &format!("{day} 15:00"),
            unreached(),
        );
    }
    w.rechecks("m03", "09-22 10:00");
    w.strikes("m03", "09-22 11:00", Outcome::Solved);
    // Explained by law; the channel enters a good rating by itself.
    w.opens("m04", "632525", "09-02 09:00");
    w.reaches("m04", "u-land", "09-02");
    w.does(
        "m04",
        (Role::Owner, &owner("u-land")),
        "09-04 10:00",
        reply(Mark::A, true),
    );
    w.passes("m04", "09-04 16:00");
    let reached = CallResult::Reached {
        level: None,
        scores: None,
        said: None,
    };
    w.does(
        "m04",
        (Role::Intake, "in-1"),
        "09-07 10:00",
        Command::CallBack { result: reached },
    );
    let auto = Command::Rate {
        rating: Rating::AutoByTimeout,
        said: None,
    };
    w.does("m04", (Role::System, "site"), "09-10 10:00", auto);
    w.rechecks("m04", "09-18 10:00");
    w.strikes("m04", "09-18 11:00", Outcome::Explained);
    // Not for this board.
    w.opens("m05", "632523", "09-03 09:00");
    w.does("m05", (Role::Intake, "in-1"), "09-03 10:00", decline());
    w.does("m05", (Role::Intake, "in-2"), "09-03 11:00", decline());
    // Solved in silence; then the citizen says no, and it is opened again.
    w.opens("m06", "632524", "09-03 09:00");
    w.reaches("m06", "u-road", "09-03");
    w.replies("m06", "u-road", "09-04 10:00");
    w.passes("m06", "09-04 11:00");
    for day in ["09-07", "09-08", "09-09"] {
        w.does(
            "m06",
            (Role::Intake, "in-1"),
            &format!("{day} 15:00"),
            unreached(),
        );
    }
    w.rechecks("m06", "09-21 10:00");
    w.strikes("m06", "09-21 11:00", Outcome::Solved);
    w.does(
        "m06",
        (Role::Citizen, "wang"),
        "09-23 09:00",
        rate(Level::Unsatisfied),
    );
    // Opinion that runs hot; a leader directs it two days later.
    w.does(
        "m07",
        (Role::System, "watch"),
        "09-14 09:00",
        open("m07", "6325", Origin::Opinion, 5000),
    );
    let directed = Command::Direct {
        words: text("速办"),
        within: None,
        track: true,
        lead: None,
    };
    w.does("m07", (Role::Leader, "le-1"), "09-16 09:00", directed);
    // Never answered.
    w.opens("m08", "632523", "09-09 09:00");
    w.reaches("m08", "u-water", "09-09");
    w
}
