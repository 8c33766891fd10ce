//! Tables laid over one another, and tables of several offices.

use chrono::NaiveDate;

use super::table::{Coverage, DayTable, Opened};
use super::window::Window;

impl DayTable {
    /// This table with the dates of `over` laid on top: a prefecture's own holidays over the nation's. A date that `over`
    /// lists is as `over` says; all others stay. The result covers what both cover: a table that knows of no end, as one made with
    /// [`plain`](DayTable::plain), takes nothing from the other's. It does not matter in which order three are joined, and a table laid
    /// over itself changes no day. Ids and revisions of both are joined by `+`.
    ///
    /// ```
    /// use duly::time::DayTable;
    /// let date = "2026-07-20".parse().unwrap();
    /// let nation = DayTable::plain("cn");
    /// let mut prefecture = DayTable::plain("prefecture");
    /// prefecture.closed.insert(date, "州庆".to_owned());
    /// let both = nation.overlay(&prefecture);
    /// assert_eq!(both.id, "cn+prefecture");
    /// assert_eq!(both.closed[&date], "州庆");
    /// ```
    #[must_use]
    pub fn overlay(&self, over: &DayTable) -> DayTable {
        let mut both = self.join(over);
        for date in over.closed.keys() {
            both.opened.remove(date);
        }
        for date in over.opened.keys() {
            both.closed.remove(date);
        }
        both.closed.extend(over.closed.clone());
        both.opened.extend(over.opened.clone());
        both
    }

    /// The table of an office that works only when both do: closed where either is closed, opened where both are. So is
    /// "a bank holiday in any part of the United Kingdom" made from the parts. The result covers what both cover. Order does not
    /// matter but for the names of days, as long as dates opened in several tables share some hours.
    ///
    /// A date opened in both tables has the hours that lie in both; if there are none, it is closed. One opened in a single table is left
    /// to the week, for the other office keeps to it.
    ///
    /// ```
    /// use duly::time::DayTable;
    /// let mut scotland = DayTable::plain("scotland");
    /// scotland.closed.insert("2026-11-30".parse().unwrap(), "St Andrew's Day".to_owned());
    /// assert_eq!(DayTable::plain("england").union(&scotland).closed.len(), 1);
    /// ```
    #[must_use]
    pub fn union(&self, other: &DayTable) -> DayTable {
        let mut both = self.join(other);
        for (date, name) in &other.closed {
            both.closed.entry(*date).or_insert_with(|| name.clone());
        }
        let opened = std::mem::take(&mut both.opened);
        both.opened = opened
            .into_iter()
            .filter_map(|(date, mine)| Some((date, mine.meet(other.opened.get(&date)?))))
            .collect();
        // Opened beats closed in one table, but not across tables: one closed party is enough.
        let shut = |table: &DayTable, date: &NaiveDate| {
            table.closed.contains_key(date) && !table.opened.contains_key(date)
        };
        both.closed
            .retain(|date, _| shut(self, date) || shut(other, date));
        // Opened in both, but never at the same time.
        let apart = |opened: &Opened| opened.windows.as_ref().is_some_and(Vec::is_empty);
        for (date, opened) in both.opened.extract_if(.., |_, opened| apart(opened)) {
            both.closed.insert(date, opened.name);
        }
        both
    }

    fn join(&self, other: &DayTable) -> DayTable {
        DayTable {
            id: format!("{}+{}", self.id, other.id),
            revision: format!("{}+{}", self.revision, other.revision),
            source: self.source.iter().chain(&other.source).cloned().collect(),
            coverage: self.coverage.meet(&other.coverage),
            closed: self.closed.clone(),
            opened: self.opened.clone(),
        }
    }
}

impl Opened {
    /// The day of an office that works only when both do. A day without hours of its own has those of any day of work.
    fn meet(self, other: &Opened) -> Opened {
        let windows = match (self.windows, &other.windows) {
            (Some(mine), Some(theirs)) => {
                let pairs = mine
                    .iter()
                    .flat_map(|mine| theirs.iter().filter_map(|theirs| mine.meet(theirs)));
                let mut windows: Vec<Window> = pairs.collect();
                windows.sort_unstable();
                windows.dedup();
                Some(windows)
            }
            (mine, theirs) => mine.or_else(|| theirs.clone()),
        };
        Opened {
            name: self.name,
            windows,
        }
    }
}

impl Coverage {
    fn meet(&self, other: &Coverage) -> Coverage {
        Coverage {
            from: self.from.max(other.from),
            to: self.to.min(other.to),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn json(body: &str) -> DayTable {
        let coverage = r#""coverage": { "from": "2026-01-01", "to": "2026-12-31" }"#;
        DayTable::from_json(&format!(
            r#"{{ "id": "x", "revision": "1", {coverage}, {body} }}"#
        ))
        .unwrap()
    }

    #[test]
    fn an_overlay_wins_and_a_union_closes() {
        let (a, b) = (day("2026-10-01"), day("2026-10-10"));
        let mut nation = json(
            r#""closed": { "2026-10-01": "国庆节" }, "opened": { "2026-10-10": { "name": "国庆节" } }"#,
        );
        let local = json(
            r#""closed": { "2026-10-10": "州庆" }, "opened": { "2026-10-01": { "name": "州庆" } }"#,
        );
        let over = nation.overlay(&local);
        assert!(
            over.closed.contains_key(&b)
                && !over.closed.contains_key(&a)
                && over.opened.contains_key(&a)
        );
        let both = nation.union(&local);
        assert!(
            both.closed.contains_key(&a) && both.closed.contains_key(&b) && both.opened.is_empty()
        );
        nation.coverage.to = day("2026-06-30");
        assert_eq!(nation.overlay(&local).coverage.to, day("2026-06-30"));
    }
}
