//! Holds what cases say of each other (并案) against each other. Two cases are two chains, and what one tells the other is on its way for a
//! while; what is said once all of it has arrived must agree.

use super::Core;
use super::audit::{PAGE, TRIES};
use crate::case::Case;
use crate::desk::kind::{Cases, Kind};
use crate::desk::rows::Shelf;
use crate::desk::{AsyncLedger, Cursor, DeskError, Flaw};
use crate::words::CaseId;

/// That one case follows another, as one of them says.
pub(super) struct Tie {
    follower: CaseId,
    into: CaseId,
    /// Which of them says so.
    says: Says,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Says {
    Follower,
    Survivor,
}

impl Tie {
    /// All that a chain says.
    pub(super) fn all<K: Kind>(state: &K::State) -> Vec<Tie> {
        let Some(ties) = K::ties(state) else {
            return Vec::new();
        };
        let own = ties.own;
        let follows = ties.follows.map(|into| Tie {
            follower: own.clone(),
            into: into.clone(),
            says: Says::Follower,
        });
        let followed = ties.followers.into_iter().map(|follower| Tie {
            follower: follower.clone(),
            into: own.clone(),
            says: Says::Survivor,
        });
        follows.into_iter().chain(followed).collect()
    }
    /// Whether both say so, or neither.
    fn holds(&self, follower: Option<&Case>, into: Option<&Case>) -> bool {
        let follows = |open: bool| {
            let it = follower.filter(|it| !open || !it.is_closed());
            it.and_then(Case::follows) == Some(&self.into)
        };
        let known = into.is_some_and(|it| it.followers().contains_key(&self.follower));
        match self.says {
            // One that is closed may have been left since.
            Says::Follower => known || !follows(true),
            Says::Survivor => follows(false) || !known,
        }
    }
}

impl<L: AsyncLedger> Core<'_, L> {
    /// Gives those of which nobody can say yet whether they hold, each with what keeps it from being said.
    pub(super) async fn verify_ties(
        &self,
        ties: Vec<Tie>,
    ) -> Result<Vec<(Tie, DeskError)>, DeskError> {
        let mut unsure = Vec::new();
        for tie in ties {
            match self.verify_tie(&tie).await {
                Err(error) if error.is_busy() => unsure.push((tie, error)),
                verified => verified?,
            }
        }
        Ok(unsure)
    }

    /// Others may be merging and parting meanwhile: what does not agree is said only of one moment, at which nothing was on its way.
    async fn verify_tie(&self, tie: &Tie) -> Result<(), DeskError> {
        for _ in 0..TRIES {
            let (follower, into) = (self.case(&tie.follower).await?, self.case(&tie.into).await?);
            if tie.holds(follower.as_ref(), into.as_ref()) || self.is_on_the_way(tie).await? {
                return Ok(());
            }
            let both = [(&tie.follower, &follower), (&tie.into, &into)];
            // What a reader does not see yet, the outbox does not show yet.
            if !self.are_read(&both).await? {
                return Err(DeskError::hidden());
            }
            let again = (self.case(&tie.follower).await?, self.case(&tie.into).await?);
            if self.is_on_the_way(tie).await? || again != (follower.clone(), into.clone()) {
                continue;
            }
            let (id, case, flaw) = match tie.says {
                Says::Follower => {
                    let into = tie.into.clone();
                    (&tie.follower, &follower, Flaw::Follows { into })
                }
                Says::Survivor => {
                    let follower = tie.follower.clone();
                    (&tie.into, &into, Flaw::Followed { follower })
                }
            };
            let version = case.as_ref().map_or(0, Case::version);
            return Err(Cases::broken(id, version, flaw));
        }
        // They do not agree, and nobody can say yet whether they should.
        Err(DeskError::busy())
    }

    /// Whether either has news for another case that has not arrived.
    async fn is_on_the_way(&self, tie: &Tie) -> Result<bool, DeskError> {
        let mut after = Cursor::start();
        loop {
            let page = self.links(&after, PAGE).await?;
            let own = |case: &CaseId| *case == tie.follower || *case == tie.into;
            if page.items.iter().any(|link| own(&link.case)) {
                return Ok(true);
            }
            if page.items.is_empty() {
                return Ok(false);
            }
            after = page.next;
        }
    }

    /// Whether whoever reads the log comes by the last record of each.
    async fn are_read(&self, cases: &[(&CaseId, &Option<Case>)]) -> Result<bool, DeskError> {
        let last = |(id, case): &(&CaseId, &Option<Case>)| {
            let case = case.as_ref()?;
            Some((id.to_string(), case.version()))
        };
        let mut wanted: Vec<(String, u64)> = cases.iter().filter_map(last).collect();
        let mut after = Cursor::start();
        while !wanted.is_empty() {
            let page = self.ledger.read(Shelf::Cases, &after, PAGE).await?;
            if page.items.is_empty() {
                return Ok(false);
            }
            for row in &page.items {
                wanted.retain(|(key, version)| *key != row.key || *version != row.version);
            }
            after = page.next;
        }
        Ok(true)
    }
}
