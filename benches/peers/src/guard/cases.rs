//! Cases as the machine itself brings them about: random commands, by random persons, at random moments, up to anywhere. Then the question.

use std::sync::Arc;

use duly::case::{Case, Stage, decide};
use duly::plan::{Decision, Diagram, GateRule, InHand, Judged, Plans, Region, bare};
use duly::time::Moment;
use duly::words::{
    Actor, Class, ClockKind, Command, Envelope, Gate, Outcome, Rating, Role, RuleId, Salt,
};
use serde::Serialize;
use serde_json::json;

use crate::timing::Dice;

/// A case, and who asks to strike it off with which outcome.
#[derive(Debug)]
pub struct Asked {
    pub case: Arc<Case>,
    pub person: String,
    pub supervisor: bool,
    pub outcome: Outcome,
    pub facts: Facts,
}

/// What the others are told of the case. Before a reply is published there is nothing yet to say of it.
#[derive(Debug, Clone, Serialize, Hash)]
pub struct Facts {
    pub stage: &'static str,
    pub class: &'static str,
    pub mark: &'static str,
    pub rating: &'static str,
    pub explained: bool,
    pub called_back: bool,
    pub told: bool,
    pub rating_open: bool,
    pub rechecked: bool,
    pub promises_open: i32,
    pub returns: i32,
    pub handlers: Vec<String>,
    pub recheckers: Vec<String>,
}

/// The spine alone with one gate more: what was sent back twice is struck off only when somebody has checked it.
pub fn plans() -> Plans {
    let mut plan = bare("guard".parse().unwrap());
    let schema = &plan.schema;
    let (returns, rechecked) = (schema.index("returns"), schema.index("rechecked"));
    let (returns, rechecked) = (returns.unwrap(), rechecked.unwrap());
    let region = |bounds: &[(usize, (i64, i64))], answer| Region {
        bounds: bounds.iter().copied().collect(),
        answer,
    };
    let met = Diagram::from_regions(
        schema,
        vec![
            region(&[(returns, (0, 1))], true),
            region(&[(returns, (2, 99)), (rechecked, (1, 1))], true),
            region(&[(returns, (2, 99)), (rechecked, (0, 0))], false),
        ],
    );
    plan.gates.push(GateRule {
        gate: Gate::Satisfaction,
        judged: Judged::StrikeOff,
        met: Decision::new(RuleId::new("gate(satisfaction)"), met.unwrap()),
        words: "复核".to_owned(),
    });
    let mut plans = Plans::new("peers".parse().unwrap());
    plans.take(plan).unwrap();
    plans
}

/// The question is asked at the moment of the last thing that happened, so that time brings nothing in between.
pub fn asked_at(case: &Case) -> Moment {
    case.last_at()
}

/// So many questions about different cases, the same for the same seed.
pub fn asked(many: usize, seed: u64) -> Vec<Asked> {
    let plans = plans();
    let mut dice = Dice(seed);
    let mut all = Vec::with_capacity(many);
    while all.len() < many {
        let case = Arc::new(Story::new(&plans, &mut dice, all.len()).told());
        for _ in 0..2 {
            let class = case.class().unwrap_or(Class::Problem);
            let allowed: Vec<Outcome> = Outcome::ALL
                .iter()
                .copied()
                .filter(|outcome| class.allows(*outcome))
                .collect();
            let outcome = match dice.below(8) {
                0 => Outcome::ALL[dice.below(Outcome::ALL.len() as i64) as usize],
                _ => allowed[dice.below(allowed.len() as i64) as usize],
            };
            all.push(Asked {
                person: format!("p{}", dice.below(20)),
                supervisor: dice.below(12) > 0,
                outcome,
                facts: facts(&case, plans.get(case.plan()).unwrap()),
                case: case.clone(),
            });
        }
    }
    all.truncate(many);
    all
}

fn person(dice: &mut Dice) -> String {
    format!("p{}", dice.below(8))
}

fn facts(case: &Case, hand: &InHand) -> Facts {
    let mut facts = Facts {
        stage: case.stage_name().name(),
        class: case.class().map_or("", Class::name),
        mark: "",
        rating: "none",
        explained: false,
        called_back: false,
        told: false,
        rating_open: false,
        rechecked: false,
        promises_open: case.promises().iter().filter(|it| it.is_open()).count() as i32,
        returns: case.returns() as i32,
        handlers: case.handlers().iter().map(ToString::to_string).collect(),
        recheckers: Vec::new(),
    };
    if let Stage::Reviewed(reviewed) = case.stage() {
        let data = reviewed.data;
        let spoke = matches!(data.rating, Some(Rating::Given { .. }));
        let attempts = hand.plan.callback.attempts.max(1) as usize;
        facts.mark = data.reply.mark(1).unwrap().name();
        facts.rating = match data.rating {
            Some(rating) if rating.is_satisfied() => "satisfied",
            Some(rating) if rating.is_unsatisfied() => "unsatisfied",
            Some(_) => "silent",
            None => "none",
        };
        facts.explained = data.reply.explained;
        facts.called_back = data.reached || data.failed.len() >= attempts || spoke;
        facts.told = data.reached || spoke || case.awaits_delivery().is_none();
        let said_nothing = matches!(data.rating, None | Some(Rating::AutoByTimeout));
        let window = case.clock(ClockKind::Rating);
        facts.rating_open = said_nothing && window.is_some_and(|it| it.is_live());
        facts.rechecked = data.rechecked;
        facts.recheckers = data.rechecked_by.iter().map(ToString::to_string).collect();
    }
    facts
}

/// One case on its way. A command that is refused changes nothing, and the story goes on.
struct Story<'a> {
    plans: &'a Plans,
    dice: &'a mut Dice,
    number: usize,
    commands: usize,
    at: Moment,
    case: Option<Case>,
}

impl<'a> Story<'a> {
    fn new(plans: &'a Plans, dice: &'a mut Dice, number: usize) -> Story<'a> {
        let start = Moment::parse("2026-03-02T09:00:00+08:00").unwrap();
        Story {
            plans,
            at: start.plus(dice.below(200 * 86_400)),
            dice,
            number,
            commands: 0,
            case: None,
        }
    }

    fn told(mut self) -> Case {
        let class = ["problem", "question", "idea", "thanks"][self.dice.below(4) as usize];
        let stops = self.dice.below(24);
        self.by("citizen", Role::Citizen, json!({"open": {
            "place": "632521", "channel": "领导留言板", "external_id": format!("LY-{}", self.number), "message": "路灯坏了",
        }}));
        self.by("p0", Role::Intake, json!({"screen": {"class": class}}));
        if stops > 0 {
            self.handled(stops);
        }
        if stops > 2 {
            self.afterwards();
        }
        self.case.unwrap()
    }

    /// Assigned, replied and reviewed, a time or three.
    fn handled(&mut self, stops: i64) {
        for round in 0..=self.dice.below(4) {
            let owner = person(self.dice);
            self.by(
                "p0",
                Role::Intake,
                json!({"assign": {"unit": "住建局", "owner": owner}}),
            );
            self.by(&owner, Role::Owner, json!({"sign": {}}));
            if stops == 1 {
                return;
            }
            let explained = self.dice.below(4) == 0;
            let mark = ["A", "A", "A", "A", "B", "D"][self.dice.below(6) as usize];
            let promised = mark == "B" || self.dice.below(8) == 0;
            let promise = json!({"action": "换灯", "person": owner, "by_date": "2027-06-30"});
            self.by(
                &owner,
                Role::Owner,
                json!({"reply": {
                    "answers": [{"text": "已修好", "mark": mark}],
                    "explained": explained,
                    "basis": if explained { vec!["《条例》第八条"] } else { Vec::new() },
                    "commitments": if promised { vec![promise] } else { Vec::new() },
                }}),
            );
            if stops == 2 {
                return;
            }
            let reviewer = person(self.dice);
            if round < 2 && self.dice.below(3) == 0 {
                let back = json!({"ground": "处理不到位", "mend": "换灯"});
                self.by(
                    &reviewer,
                    Role::Reviewer,
                    json!({"review": {"return_for": back}}),
                );
            } else {
                self.by(&reviewer, Role::Reviewer, json!({"review": {}}));
                return;
            }
        }
    }

    /// What happens to a reply that was published, in any order.
    fn afterwards(&mut self) {
        for _ in 0..5 + self.dice.below(7) {
            let who = person(self.dice);
            match self.dice.below(8) {
                0 | 1 => {
                    let reached = match self.dice.below(7) {
                        0 => json!({"unreached": {"why": "无人接听"}}),
                        1 => json!({"reached": {}}),
                        2 => json!({"reached": {"level": "unsatisfied"}}),
                        _ => json!({"reached": {"level": "satisfied"}}),
                    };
                    self.by(
                        &who,
                        Role::Intake,
                        json!({"call_back": {"result": reached}}),
                    );
                }
                2 => {
                    let level = ["very_satisfied", "unsatisfied"][self.dice.below(2) as usize];
                    let rating = json!({"given": {"level": level}});
                    self.by(
                        "citizen",
                        Role::Citizen,
                        json!({"rate": {"rating": rating}}),
                    );
                }
                3 | 4 => self.by(
                    &who,
                    Role::Supervisor,
                    json!({"recheck": {
                        "passed": true, "evidence": "现场照片",
                    }}),
                ),
                5 => {
                    if let Some(effect) = self.case.as_ref().and_then(Case::awaits_delivery) {
                        self.by(
                            "system",
                            Role::System,
                            json!({"delivered": {"effect": effect}}),
                        );
                    }
                }
                6 => self.by(
                    &who,
                    Role::Owner,
                    json!({"fulfil": {
                        "commitment": 1, "evidence": "已换",
                    }}),
                ),
                _ => {
                    self.at = self.at.plus(self.dice.below(14 * 86_400));
                    self.by("system", Role::System, json!({"tick": {}}));
                }
            }
        }
        if self.dice.below(30) == 0 {
            for outcome in ["solved", "answered"] {
                let command = json!({"strike_off": {"outcome": outcome}});
                self.by("p9", Role::Supervisor, command);
            }
        }
    }

    fn by(&mut self, who: &str, role: Role, command: serde_json::Value) {
        let id = format!("k{}-{}", self.number, self.commands);
        let envelope = Envelope {
            case: format!("m{}", self.number).parse().unwrap(),
            by: Actor::new(who.parse().unwrap(), role),
            at: self.at,
            salt: Salt::derived(b"peers", &id),
            command: serde_json::from_value::<Command>(command).unwrap(),
            id: id.parse().unwrap(),
        };
        self.commands += 1;
        if let Ok(decision) = decide(self.case.as_ref(), &envelope, self.plans) {
            self.case = Some(decision.case);
        }
        self.at = self.at.plus(60 + self.dice.below(4 * 3_600));
    }
}
