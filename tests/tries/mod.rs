//! How properties are tried, in several folders.

use proptest::prelude::ProptestConfig;
use proptest::test_runner::RngSeed;

/// The same inputs on every machine, so that a gate means the same each time; `PROPTEST_RNG_SEED=7`, or any other number, looks elsewhere;
/// `PROPTEST_CASES` makes it more of them, or fewer.
pub fn config(cases: u32) -> ProptestConfig {
    let default = ProptestConfig::default();
    ProptestConfig {
        cases: match std::env::var_os("PROPTEST_CASES") {
            Some(_) => default.cases,
            None => cases,
        },
        rng_seed: match std::env::var_os("PROPTEST_RNG_SEED") {
            Some(_) => default.rng_seed,
            None => RngSeed::Fixed(632_521),
        },
        failure_persistence: None,
        ..default
    }
}
