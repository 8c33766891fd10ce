//! Times in turns, medians, and a table with a line of JSON for each row.

use crate::timing::median;

/// Figures by round and side; each side gives `N` a round.
pub struct Times<const N: usize>(Vec<Vec<[f64; N]>>);

/// Every side once a round, so that what slows a round slows all of them; each round begins with another one.
pub fn interleaved<const N: usize>(
    rounds: usize,
    sides: usize,
    mut time: impl FnMut(usize, usize) -> [f64; N],
) -> Times<N> {
    let round = |round: usize| {
        let mut figures = vec![[0.0; N]; sides];
        for turn in 0..sides {
            let side = (round + turn) % sides;
            figures[side] = time(round, side);
        }
        figures
    };
    Times((0..rounds).map(round).collect())
}

impl<const N: usize> Times<N> {
    pub fn median(&self, side: usize, figure: usize) -> Option<f64> {
        finite(median(self.0.iter().map(|round| round[side][figure])))
    }
    /// The median of the ratios of each round.
    pub fn ratio(&self, of: (usize, usize), to: (usize, usize)) -> Option<f64> {
        let of_round = |round: &Vec<[f64; N]>| round[of.0][of.1] / round[to.0][to.1];
        finite(median(self.0.iter().map(of_round)))
    }
}

/// What a side does not do is not a number.
fn finite(value: Option<f64>) -> Option<f64> {
    value.filter(|value| value.is_finite())
}

pub struct Table {
    part: &'static str,
    columns: Vec<&'static str>,
    rows: Vec<(String, Vec<Option<f64>>)>,
}

impl Table {
    pub fn new(part: &'static str, columns: &[&'static str]) -> Table {
        Table {
            part,
            columns: columns.to_vec(),
            rows: Vec::new(),
        }
    }
    pub fn row(&mut self, name: &str, figures: &[Option<f64>]) {
        self.rows.push((name.to_owned(), figures.to_vec()));
    }
    pub fn print(&self) {
        let wide = |column: &str| column.chars().count().max(9) + 2;
        print!("\n{:<40}", self.part);
        for column in &self.columns {
            print!("{column:>wide$}", wide = wide(column));
        }
        println!();
        for (name, figures) in &self.rows {
            print!("{name:<40}");
            for (column, figure) in self.columns.iter().zip(figures) {
                print!("{:>wide$}", shown(*figure), wide = wide(column));
            }
            println!();
        }
        println!();
        for (name, figures) in &self.rows {
            let mut line = serde_json::json!({ "part": self.part, "name": name });
            for (column, figure) in self.columns.iter().zip(figures) {
                line[*column] = figure.map(|figure| (figure * 100.0).round() / 100.0).into();
            }
            println!("{line}");
        }
    }
}

fn shown(figure: Option<f64>) -> String {
    match figure {
        None => "-".to_owned(),
        Some(figure) if figure >= 1_000.0 => format!("{figure:.0}"),
        Some(figure) if figure >= 100.0 => format!("{figure:.1}"),
        Some(figure) => format!("{figure:.2}"),
    }
}
