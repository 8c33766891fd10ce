//! Arrivals from a CSV file.

use std::collections::BTreeMap;

use duly::time::Moment;
use duly::words::CaseId;

/// A message that came in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arrival {
    /// Its number.
    pub id: CaseId,
    /// When it was received.
    pub at: Moment,
    /// Votes for it.
    pub up: u32,
    /// Votes against it.
    pub down: u32,
}

/// What is wrong with a row: where, and what was expected.
#[derive(Debug, PartialEq, Eq)]
pub struct Flaw {
    /// The line, from 1.
    pub line: usize,
    /// The character on it, from 1.
    pub column: usize,
    /// What is wrong there.
    pub said: String,
}

const COLUMNS: [&str; 4] = ["id", "received_at", "up", "down"];

/// Reads a file: a head, then a row for each arrival. Every flaw is found, not the first only.
pub fn read(text: &str) -> Result<Vec<Arrival>, Vec<Flaw>> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut lines = (1..)
        .zip(text.lines())
        .filter(|(_, line)| !line.trim().is_empty());
    let Some((line, head)) = lines.next() else {
        let said = format!("the file is empty; its head is `{}`", COLUMNS.join(","));
        return Err(vec![Flaw {
            line: 1,
            column: 1,
            said,
        }]);
    };
    let head = cells(head);
    let mut places = Vec::new();
    for name in COLUMNS {
        match head.iter().position(|(_, cell)| *cell == name) {
            Some(at) => places.push(at),
            None => {
                let said = format!(
                    "the head has no column `{name}`; it needs `{}`",
                    COLUMNS.join("`, `")
                );
                return Err(vec![Flaw {
                    line,
                    column: 1,
                    said,
                }]);
            }
        }
    }
    let mut arrivals = Vec::new();
    let mut flaws = Vec::new();
    let mut seen: BTreeMap<CaseId, usize> = BTreeMap::new();
    for (line, text) in lines {
        let row = cells(text);
        let end = text.chars().count() + 1;
        let cell = |which: usize| {
            let found = places.get(which).and_then(|at| row.get(*at));
            found.copied().ok_or_else(|| {
                let name = COLUMNS.get(which).copied().unwrap_or_default();
                let said = format!(
                    "the row ends before `{name}`: {} cells where the head has {}",
                    row.len(),
                    head.len()
                );
                Flaw {
                    line,
                    column: end,
                    said,
                }
            })
        };
        match arrival(line, cell) {
            Ok((column, arrival)) => match seen.insert(arrival.id.clone(), line) {
                Some(first) => {
                    let said = format!("the id `{}` stands on line {first} already", arrival.id);
                    flaws.push(Flaw { line, column, said });
                }
                None => arrivals.push(arrival),
            },
            Err(flaw) => flaws.push(flaw),
        }
    }
    arrivals.sort_by(|a, b| (a.at, &a.id).cmp(&(b.at, &b.id)));
    if flaws.is_empty() {
        Ok(arrivals)
    } else {
        Err(flaws)
    }
}

fn arrival<'a>(
    line: usize,
    cell: impl Fn(usize) -> Result<(usize, &'a str), Flaw>,
) -> Result<(usize, Arrival), Flaw> {
    let (column, id) = cell(0)?;
    let id = id.parse().map_err(|error| Flaw {
        line,
        column,
        said: format!("{error}"),
    })?;
    let (at_column, at) = cell(1)?;
    let at = Moment::parse(at).map_err(|error| Flaw {
        line,
        column: at_column,
        said: format!("`received_at`: {error}"),
    })?;
    let votes = |which: usize| {
        let (column, text) = cell(which)?;
        let name = COLUMNS.get(which).copied().unwrap_or_default();
        let said = || {
            format!(
                "`{name}` is `{text}`, not a number of votes; write a whole number from 0 to {}",
                u32::MAX
            )
        };
        text.parse::<u32>().map_err(|_| Flaw {
            line,
            column,
            said: said(),
        })
    };
    Ok((
        column,
        Arrival {
            id,
            at,
            up: votes(2)?,
            down: votes(3)?,
        },
    ))
}

/// The cells of a line, each with the character at which it begins. There are no quoted cells: nothing here needs them.
fn cells(line: &str) -> Vec<(usize, &str)> {
    let mut column = 1;
    line.split(',')
        .map(|raw| {
            let lead = raw.chars().take_while(|c| c.is_whitespace()).count();
            let at = column + lead;
            column += raw.chars().count() + 1;
            (at, raw.trim())
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flaw_is_named_at_its_line_and_character() {
        let text = "id,received_at,up,down\n件,2019-01-01T09:00:00,1,2\n2,2019-01-01T09:00:00Z,-1,2\n3,2019-01-01T09:00:00Z\n\n4,2019-01-01T09:00:00Z, 1,x\n";
        let flaws = read(text).unwrap_err();
        let at: Vec<_> = flaws.iter().map(|flaw| (flaw.line, flaw.column)).collect();
        assert_eq!(at, [(2, 3), (3, 24), (4, 23), (6, 27)]);
        assert!(flaws[0].said.contains("offset"), "{}", flaws[0].said);
    }

    #[test]
    fn arrivals_are_put_in_the_order_of_time() {
        let text = "\u{feff}down,up,id,received_at\r\n0,9,b,2019-01-02T09:00:00+08:00\r\n1,2,a,2019-01-01T09:00:00+08:00\r\n";
        let ids: Vec<_> = read(text)
            .unwrap()
            .into_iter()
            .map(|it| (it.id.to_string(), it.up))
            .collect();
        assert_eq!(ids, [("a".to_owned(), 2), ("b".to_owned(), 9)]);
        assert_eq!(
            read("id,received_at,up,down\na,2019-01-01T09:00:00Z,1,2\na,2019-01-01T09:00:00Z,1,2")
                .unwrap_err()[0]
                .line,
            3
        );
    }
}
