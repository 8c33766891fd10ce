//! Tables laid over one another, and tables of several offices.

use chrono::NaiveDate;

use super::table::{Coverage, DayTable};

impl DayTable {
    /// This table with the dates of `over` laid on top: a prefecture's own holidays over the nation's. A date that `over`
    /// lists is as `over` says; all others stay. The result covers what both cover.
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
    /// "a bank holiday in any part of the United Kingdom" made from the parts. The result covers what both cover.
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
        both.opened
            .retain(|date, _| other.opened.contains_key(date));
        // Opened beats closed in one table, but not across tables: one closed party is enough.
        let shut = |table: &DayTable, date: &NaiveDate| {
            table.closed.contains_key(date) && !table.opened.contains_key(date)
        };
        both.closed
            .retain(|date, _| shut(self, date) || shut(other, date));
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
