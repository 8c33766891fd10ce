//! A small generator, for the choices of one mutation.

/// Gives the same for the same seed.
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new(seed: u32) -> Dice {
        let mut dice = Dice(u64::from(seed) << 1 | 1);
        // The first hardly differs between seeds that hardly differ.
        for _ in 0..4 {
            dice.roll(1);
        }
        dice
    }
    /// One of so many sides, from 0; 0 where there are none.
    pub(crate) fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % sides.max(1) as u64) as usize
    }
}
