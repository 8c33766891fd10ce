//! What is wrong with what a plan says of parts, bundles and signals.

use std::collections::BTreeSet;

use super::{PlanFault, sized};
use crate::plan::{BundlePart, BundleRule, Plan};
use crate::words::SubKey;

type What = (&'static str, &'static str);

impl Plan {
    pub(super) fn check_parts(&self, faults: &mut Vec<PlanFault>) {
        if !sized(&self.divide.slack) {
            faults.push(PlanFault::Slack);
        }
        let mut seen = BTreeSet::new();
        for bundle in &self.bundles {
            let twice = !seen.insert(&bundle.name);
            let what = twice.then_some(("is declared twice", "写了两次"));
            if let Some(what) = what.or_else(|| self.wrong(bundle)) {
                let name = bundle.name.clone();
                faults.push(PlanFault::Bundle { name, what });
            }
        }
        let mut seen = BTreeSet::new();
        for signal in &self.signals {
            let what = match () {
                () if !seen.insert(&signal.name) => Some(("is declared twice", "写了两次")),
                () if signal.title.trim().is_empty() => Some(("has no title", "没有名称")),
                () if !sized(&signal.window) => Some((
                    "has a window without length: the same signal would open a case each time",
                    "合并期没有长短,同一预警来一次就立一件",
                )),
                () => None,
            };
            if let Some(what) = what {
                let name = signal.name.clone();
                faults.push(PlanFault::Signal { name, what });
            }
        }
    }

    fn wrong(&self, bundle: &BundleRule) -> Option<What> {
        let parts = &bundle.parts;
        let keys: BTreeSet<&SubKey> = parts.iter().map(|part| &part.key).collect();
        if bundle.title.trim().is_empty() {
            return Some(("has no title", "没有名称"));
        }
        if !parts.iter().any(|part| !part.optional) {
            return Some((
                "has no part that it needs: it would be done before it began",
                "没有一项是必办的,没开始就算办完了",
            ));
        }
        if keys.len() < parts.len() {
            return Some(("has a part twice", "同一事项写了两次"));
        }
        let odd = |part: &BundlePart| !sized(&part.within) || part.title.trim().is_empty();
        if parts.iter().any(odd) {
            return Some((
                "has a part without a title, or whose time has no length",
                "有一项没有名称,或者时限没有长短",
            ));
        }
        let known = |part: &BundlePart| part.after.iter().all(|key| keys.contains(key));
        if !parts.iter().all(known) {
            return Some((
                "has a part that waits for one that there is not",
                "有一项要等的事项并不存在",
            ));
        }
        let here = |part: &BundlePart| {
            part.place
                .as_ref()
                .is_none_or(|it| self.place(it).is_some())
        };
        if !parts.iter().all(here) {
            return Some((
                "has a part in a place that the plan does not have",
                "有一项交给了没有声明的地方",
            ));
        }
        let low = |part: &BundlePart| {
            let place = part.place.as_ref();
            let lowest = self.divide.lowest;
            place
                .zip(lowest)
                .is_some_and(|(place, lowest)| place.level() > lowest)
        };
        if parts.iter().any(low) {
            return Some((
                "has a part in a place below the lowest level that handles parts",
                "有一项交到了最低办理层级以下的地方",
            ));
        }
        // Whatever has nothing left to wait for goes, until nothing does.
        let mut left: Vec<&BundlePart> = parts.iter().collect();
        let mut done: BTreeSet<&SubKey> = BTreeSet::new();
        while !left.is_empty() {
            let before = left.len();
            left.retain(|part| {
                let ready = part.after.iter().all(|key| done.contains(key));
                if ready {
                    done.insert(&part.key);
                }
                !ready
            });
            if left.len() == before {
                return Some((
                    "has parts that wait for one another in a circle",
                    "有几项互相等待,成了一圈",
                ));
            }
        }
        // What can be left out may not be waited for by what cannot.
        let optional = |key: &SubKey| parts.iter().any(|part| part.key == *key && part.optional);
        let waits = |part: &BundlePart| !part.optional && part.after.iter().any(optional);
        parts.iter().any(waits).then_some((
            "has a part that it needs and that waits for one that may be left out",
            "必办的一项要等可缺的一项",
        ))
    }
}
