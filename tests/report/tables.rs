//! Tables as text, Markdown and CSV.

use duly::report::{Board, Period, Rate, Table, bulletin, digest};
use duly::words::Lang;
use proptest::prelude::*;

use crate::tries::config;
use crate::world::september;

#[test]
fn chinese_takes_two_columns() {
    let table = Table::new("台账", ["编号", "unit", "件"])
        .row(["m1", "交通运输局", "3"])
        .row(["m22", "u", "12"]);
    insta::assert_snapshot!(table.to_string(), @r"
    台账
    编号  unit        件
    ----  ----------  --
    m1    交通运输局  3
    m22   u           12
    ");
}

#[test]
fn the_summary_of_a_day_reads() {
    let w = september();
    let board = Board::fold(&w.records, None).unwrap();
    let day = digest(
        &board,
        &w.plan,
        Period::day(&w.plan, "2026-09-15".parse().unwrap()),
    );
    insta::assert_snapshot!(day.summary(Lang::Zh).to_string(), @r"
    日报(2026-09-14 17:30 至 2026-09-15 17:30)
    栏目      件数  编号
    --------  ----  ----
    热点待批  1     m07
    舆情      0
    新收      0
    接续登记  0
    今日到期  1     m07
    超期      0
    退回      1     m02
    督办      1     m02
    销账      0
    记录      13
    ");
    insta::assert_snapshot!(day.table(Lang::En).to_string(), @r"
    日报 (2026-09-14 17:30 to 2026-09-15 17:30)
    section                  case  at                clock   outcome
    -----------------------  ----  ----------------  ------  -------
    hot, awaiting direction  m07   2026-09-14 09:00
    due today                m07   2026-09-15 18:00  screen
    returned                 m02   2026-09-15 15:00
    supervised               m02   2026-09-10 18:00
    ");
}

#[test]
fn the_bulletin_reads() {
    let w = september();
    let board = Board::fold(&w.records, None).unwrap();
    let month = Period::dates(
        "2026-09-01".parse().unwrap(),
        "2026-09-30".parse().unwrap(),
        w.plan.zone,
    );
    let told = bulletin(&board, &w.plan, month);
    insta::assert_snapshot!("bulletin_by_unit", told.by_unit(Lang::Zh).to_string());
    insta::assert_snapshot!("bulletin_by_place", told.by_place(Lang::En).markdown());
    for lang in [Lang::Zh, Lang::En] {
        let sheets: Vec<String> = told.sheets(lang).iter().map(Table::to_string).collect();
        let name = format!("bulletin_sheets_{lang:?}").to_lowercase();
        insta::assert_snapshot!(name, sheets.join("\n"));
    }
}

#[test]
fn no_cell_is_a_formula() {
    for cell in [
        "=1+1",
        "+1",
        "-1",
        "@a",
        "\t=1",
        " =1",
        "\u{ff1d}1",
        "\r\n=1",
        "\u{ff20}a",
    ] {
        let line = Table::new("", ["a"]).row([cell]).csv();
        let line = line.strip_prefix("a\r\n").unwrap();
        assert!(
            line.starts_with('\'') || line.starts_with("\"'"),
            "{line:?}"
        );
    }
}

#[test]
fn a_row_has_a_cell_for_every_column() {
    let table = Table::new("", ["a", "b"]).row(["1"]).row(["1", "2", "3"]);
    assert_eq!(table.rows, [["1", ""], ["1", "2"]]);
    assert_eq!(
        serde_json::from_str::<Table>(&serde_json::to_string(&table).unwrap()).unwrap(),
        table
    );
}

/// Reads one line of CSV as RFC 4180 says.
fn read(text: &str) -> Vec<Vec<String>> {
    let (mut rows, mut row, mut cell, mut inside) = (Vec::new(), Vec::new(), String::new(), false);
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match (c, inside) {
            ('"', true) if chars.peek() == Some(&'"') => cell.push(chars.next().unwrap()),
            ('"', _) => inside = !inside,
            (',', false) => row.push(std::mem::take(&mut cell)),
            ('\r', false) => {
                assert_eq!(chars.next(), Some('\n'));
                row.push(std::mem::take(&mut cell));
                rows.push(std::mem::take(&mut row));
            }
            _ => cell.push(c),
        }
    }
    assert!(row.is_empty() && cell.is_empty() && !inside);
    rows
}

proptest! {
    #![proptest_config(config(256))]

    #[test]
    fn csv_reads_back(cells in proptest::collection::vec("[a-c\"',;=+@\r\n 办\t-]{0,6}", 3)) {
        let table = Table::new("t", ["a", "b", "c"]).row(cells.clone());
        let back = read(&table.csv());
        prop_assert_eq!(back.len(), 2);
        for (wrote, read) in cells.iter().zip(&back[1]) {
            prop_assert!(read == wrote || read.strip_prefix('\'') == Some(wrote));
        }
    }

    /// A whole number of lines, none of them broken, and as many bars as columns ask for.
    #[test]
    fn a_cell_breaks_no_line(cell in "[|\\\\`*_\n\r<>办a]{0,8}") {
        let table = Table::new("t", ["a", "b"]).row([cell.as_str(), "x"]);
        prop_assert_eq!(table.to_string().lines().count(), 4);
        let markdown = table.markdown();
        let row = markdown.lines().last().unwrap();
        let mut bars = 0;
        let mut chars = row.chars();
        while let Some(c) = chars.next() {
            match c {
                '\\' => { chars.next(); }
                '|' => bars += 1,
                _ => {}
            }
        }
        prop_assert_eq!(bars, 3);
    }

    #[test]
    fn a_rate_says_all_only_of_all_and_none_only_of_none(part in 0u64..5000, more in 0u64..5000) {
        let rate = Rate::new(part, part + more);
        if part + more > 0 {
            prop_assert_eq!(rate.per_mille() == Some(1000), more == 0);
            prop_assert_eq!(rate.per_mille() == Some(0), part == 0);
            let exact = 1000 * part;
            let shown = rate.per_mille().unwrap() * (part + more);
            prop_assert!(exact.abs_diff(shown) <= part + more);
        } else {
            prop_assert_eq!(rate.per_mille(), None);
        }
    }
}
