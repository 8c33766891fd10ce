//! Ids of the commands that a desk gives itself.

use super::{DeskError, Hash};
use crate::duty::DutyCommand;
use crate::words::{Command, CommandId, InvalidId};

/// An id that says what it is of, `tick/m01/7`. Where a case of a long id leaves no room for that, the hash of what it would say stands
/// there, so that no two of them are ever one.
pub(super) fn own_id(prefix: &str, says: &str) -> Result<CommandId, InvalidId> {
    let long = || format!("{prefix}/{}", Hash::of(says.as_bytes())).parse();
    format!("{prefix}/{says}").parse().or_else(|_| long())
}

/// Refuses a host's command under an id that the desk gives to another kind of command. What the desk would send may be sent by hand,
/// but for what cases tell each other.
pub(super) fn is_not_own(id: &CommandId, asked: &Command) -> Result<(), DeskError> {
    if matches!(
        asked,
        Command::OpenSub(_) | Command::Hear { .. } | Command::Want { .. } | Command::CallOff { .. }
    ) {
        return Err(DeskError::misuse(format!(
            "`{}` is what a case and its parts tell each other, and the desk sends it: leave it to the desk",
            asked.name()
        )));
    }
    let taken = match prefix(id) {
        "link" => true,
        "receipt" => !matches!(
            asked,
            Command::Delivered { .. } | Command::Undelivered { .. }
        ),
        "adopt" => !matches!(asked, Command::AdoptPlan { .. }),
        "calendar" => !matches!(asked, Command::AdoptCalendar {}),
        "erase" => !matches!(asked, Command::Redact { .. }),
        _ => false,
    };
    refuse(id, taken)
}

/// As [`is_not_own`], for obligations.
pub(super) fn is_not_own_of_duties(id: &CommandId, asked: &DutyCommand) -> Result<(), DeskError> {
    let taken = match prefix(id) {
        "receipt" => !matches!(
            asked,
            DutyCommand::Delivered { .. } | DutyCommand::Undelivered { .. }
        ),
        "digest" => !matches!(asked, DutyCommand::Impose { .. }),
        "calendar" => !matches!(asked, DutyCommand::AdoptCalendar {}),
        _ => false,
    };
    refuse(id, taken)
}

fn prefix(id: &CommandId) -> &str {
    id.as_str().split_once('/').map_or("", |(prefix, _)| prefix)
}

fn refuse(id: &CommandId, taken: bool) -> Result<(), DeskError> {
    match taken {
        true => Err(DeskError::misuse(format!(
            "command ids that begin with `{}/` are the desk's own: give `{id}` another id",
            prefix(id)
        ))),
        false => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_says_what_it_is_of_and_is_nobody_elses_where_it_cannot() {
        let short = own_id("tick", "m01/7").map(|id| id.to_string());
        assert_eq!(short, Ok("tick/m01/7".to_owned()));
        let of = |case: char| own_id("tick", &format!("{}/7", String::from(case).repeat(200)));
        let (one, other) = (of('a'), of('b'));
        assert!(one.is_ok() && other.is_ok());
        assert_ne!(one, other);
    }
}
