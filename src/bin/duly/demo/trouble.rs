//! What somebody tries in the story and must not get away with.

use duly::time::Span;
use duly::words::{ClockKind, Command, DeclineGround, Facts, Outcome, Review, Role, Text};

use super::samples::Sample;
use crate::fail::Fail;
use crate::world::{Hook, Office, People, Try, Who, findings};

/// What is tried on a case, in the order of its course.
pub fn tries(sample: &Sample, office: &Office, people: &People) -> Result<Vec<Try>, Fail> {
    let supervisor = people.supervisor(0)?;
    let owner = people.handler(Role::Owner, &sample.unit, &sample.owner, &sample.place);
    let pass = |faults| {
        Command::Review(Review {
            findings: findings(office.plan(), faults),
            return_for: None,
        })
    };
    let strike_off = |outcome| Command::StrikeOff {
        outcome,
        matter: None,
    };
    let all = match sample.id.as_str() {
        // Whoever wrote it wants to pass it.
        "m01" => {
            return Ok(vec![Try {
                hook: Hook::Replied,
                by: Who::Author(Role::Reviewer),
                command: pass(0),
            }]);
        }
        // Fine words without a date.
        "m04" | "m12" => vec![(Hook::Replied, people.reviewer(0)?, pass(2))],
        "m07" => vec![(Hook::Promised, supervisor, strike_off(Outcome::Adopted))],
        "m15" => {
            let reason = Text::from("还是不该我们办");
            vec![(
                Hook::Ruled,
                owner,
                Command::Object {
                    reason,
                    should_be: None,
                },
            )]
        }
        "m17" => {
            let told = Text::from("请向法院反映");
            let ground = DeclineGround::InProcedure;
            let alone = Command::Decline {
                ground,
                told,
                facts: Facts::new(),
            };
            vec![(Hook::Declining, people.intake(&sample.place, 0)?, alone)]
        }
        "m19" => vec![(Hook::Missed(2), supervisor, strike_off(Outcome::Solved))],
        "m20" => {
            let reason = Text::from("账目还没有核对完");
            let span = Span::WorkingDays(5);
            vec![(
                Hook::Overdue,
                owner,
                Command::AskExtension {
                    clock: ClockKind::Reply,
                    span,
                    reason,
                },
            )]
        }
        "m28" => vec![
            (
                Hook::Published,
                supervisor.clone(),
                strike_off(Outcome::Answered),
            ),
            (
                Hook::Published,
                supervisor.clone(),
                strike_off(Outcome::Explained),
            ),
            (
                Hook::Published,
                supervisor.clone(),
                strike_off(Outcome::Solved),
            ),
            (Hook::Unsatisfied, supervisor, strike_off(Outcome::Solved)),
        ],
        "m32" => vec![(Hook::AutoRated, supervisor, strike_off(Outcome::Solved))],
        _ => Vec::new(),
    };
    Ok(all
        .into_iter()
        .map(|(hook, by, command)| Try {
            hook,
            by: Who::Person(by),
            command,
        })
        .collect())
}

/// What a reviewer wants mended in a poor reply.
pub fn mend(id: &str) -> &'static str {
    match id {
        "m04" => "与写信人联系并到塌口看过;写明谁负责、哪天修通;塌口先设警示",
        "m12" => "写明积存垃圾哪天清走、今后几天一清、谁负责;卫生费收支要答",
        "m18" => "不能推给企业;代收点哪天恢复、捎货费收不收、丢件怎么赔,逐件答复",
        "m23" => "转给物业不算答复;写明修复日期和老人临时下楼的办法",
        "m27" => "采不采纳要有准话,采纳的写明从哪天起",
        _ => "按审核意见补办",
    }
}
