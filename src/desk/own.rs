//! Ids of the commands that a desk gives itself.

use super::Hash;
use crate::words::{CommandId, InvalidId};

/// An id that says what it is of, `tick/m01/7`. Where a case of a long id leaves no room for that, the hash of what it would say stands
/// there, so that no two of them are ever one.
pub(super) fn own_id(prefix: &str, says: &str) -> Result<CommandId, InvalidId> {
    let long = || format!("{prefix}/{}", Hash::of(says.as_bytes())).parse();
    format!("{prefix}/{says}").parse().or_else(|_| long())
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
