//! What a ledger keeps beside the records, for speed, is the fold of the records and nothing else.

use duly::case::{Case, evolve};
use duly::desk::shape::{pack, unpack};
use proptest::prelude::*;

use crate::world::{choices, steps};
use crate::{config, history};

proptest! {
    #![proptest_config(config())]

    // Whatever a case has been through: it can be packed, what is unpacked is the case, and the records give the same.
    #[test]
    fn a_packed_case_is_the_fold_of_its_records(c in choices(), s in steps(60)) {
        let history = history(&c, &s);
        let mut case: Option<Case> = None;
        for record in &history.records {
            let next = evolve(case.take(), record).unwrap();
            let bytes = pack(&next).unwrap();
            let back = unpack::<Case>(&bytes).unwrap();
            prop_assert_eq!(back.as_ref(), Some(&next));
            // The same case is the same bytes: whoever holds heads against one another may hold their bytes.
            prop_assert_eq!(&pack(&next.clone()).unwrap(), &bytes);
            case = Some(next);
        }
        prop_assert_eq!(case, history.case);
    }

    // A head that was damaged is no other head: it is said to be damaged, or to be of another shape.
    #[test]
    fn a_damaged_head_is_never_taken(c in choices(), s in steps(30), at in any::<prop::sample::Index>(), bit in 0u8..8) {
        let Some(case) = history(&c, &s).case else { return Ok(()) };
        let whole = pack(&case).unwrap();
        let mut bytes = whole.clone();
        bytes[at.index(whole.len())] ^= 1 << bit;
        prop_assert!(!matches!(unpack::<Case>(&bytes), Ok(Some(_))));
        let cut = &whole[..at.index(whole.len())];
        prop_assert!(!matches!(unpack::<Case>(cut), Ok(Some(_))));
    }
}
