//! What the targets have in common: bounds on memory, and mutators for lines of JSON and for packs.

mod bounded;
mod dice;
mod lines;
mod statements;

pub use bounded::within;
pub use lines::mutate as mutate_lines;
pub use statements::mutate as mutate_statements;

/// Bytes of the input that are choices and no text, taken from its front. What is not there any more is 0.
pub struct Draw<'a>(&'a [u8]);

impl<'a> Draw<'a> {
    /// Choices by these bytes.
    pub fn new(bytes: &'a [u8]) -> Draw<'a> {
        Draw(bytes)
    }
    /// The next byte.
    pub fn byte(&mut self) -> u8 {
        let Some((first, rest)) = self.0.split_first() else {
            return 0;
        };
        self.0 = rest;
        *first
    }
    /// A number of so many bytes, the lowest first.
    pub fn number(&mut self, bytes: usize) -> usize {
        (0..bytes).fold(0, |all, at| all | usize::from(self.byte()) << (8 * at))
    }
    /// So many bytes, or all that are left.
    pub fn bytes(&mut self, count: usize) -> &'a [u8] {
        let (taken, rest) = self.0.split_at(count.min(self.0.len()));
        self.0 = rest;
        taken
    }
    /// Whether anything is left.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}
