//! What of the spine a plan leaves open: some commands are taken only where the pack says on what grounds, or how long.

use super::{PauseKind, Plan};
use crate::words::CommandName;

impl Plan {
    /// Whether any case under this plan takes a command. Which stage does, and from whom, is the spine's
    /// ([`accepted_in`](crate::words::accepted_in)); a pack that names no ground for declining has nothing declined, and so on.
    ///
    /// ```
    /// use duly::plan::bare;
    /// use duly::words::CommandName;
    /// let plan = bare("demo".parse()?);
    /// assert!(plan.takes(CommandName::StrikeOff) && !plan.takes(CommandName::Decline));
    /// # Ok::<(), duly::words::InvalidId>(())
    /// ```
    pub fn takes(&self, name: CommandName) -> bool {
        use CommandName as C;
        let excludes = |kind: PauseKind| kind == PauseKind::Excludes;
        match name {
            C::Decline => !self.declines.is_empty(),
            C::Pause | C::Resume => self.pauses.iter().any(|rule| !excludes(rule.kind)),
            C::Exclude => self.pauses.iter().any(|rule| excludes(rule.kind)),
            C::AskExtension | C::GrantExtension => {
                self.clocks.iter().any(|clock| clock.extension.is_some())
            }
            C::Signal => !self.signals.is_empty(),
            _ => true,
        }
    }
}
