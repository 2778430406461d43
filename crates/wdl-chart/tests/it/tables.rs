//! Tables beside the charts.

use std::fmt::Write as _;

use wdl_chart::{DataTable, crossed, latest, over_time};
use wdl_result::{Category, Status};
use wdl_vocab::{Lang, Period, Text};

use crate::invented::{by_quartiere, series};

pub(crate) fn shown(table: &DataTable) -> String {
    let heads: Vec<&str> = table.columns.iter().map(|c| c.text.as_str()).collect();
    let mut text = format!(
        "{}\n{} | {}\n",
        table.caption,
        table.corner,
        heads.join(" | ")
    );
    for row in &table.rows {
        let cells: Vec<&str> = row.cells.iter().map(|c| c.text.as_str()).collect();
        let mark = if row.is_total { "*" } else { "" };
        let _ = writeln!(text, "{}{mark} | {}", row.head, cells.join(" | "));
        assert_eq!(row.cells.len(), table.columns.len());
    }
    let _ = writeln!(text, "{:?}", table.gaps);
    text
}

#[test]
fn tables_over_time_and_at_a_period() {
    let mut text = shown(&over_time(&series(), Lang::It).unwrap());
    text += &shown(&over_time(&by_quartiere(), Lang::En).unwrap());
    let period = Period::quarter(2025, 1);
    text += &shown(&latest(&by_quartiere(), period, Lang::It).unwrap());
    insta::assert_snapshot!("tables", text);
    assert!(latest(&series(), period, Lang::It).is_err());
    assert!(crossed(&by_quartiere(), period, Lang::It).is_err());
}

#[test]
fn many_categories_become_rows_and_say_how_many_periods_are_shown() {
    let mut table = by_quartiere();
    for place in 5..=12 {
        table.dimensions[0].categories.push(Category {
            id: format!("Q{place}"),
            label: Text::new(format!("Q{place}"), format!("Q{place}")),
        });
    }
    let made = over_time(&table, Lang::It).unwrap();
    assert_eq!((made.columns.len(), made.rows.len()), (5, 13));
    assert!(
        made.caption.contains("ultimi 5 periodi su 9"),
        "{}",
        made.caption
    );
}

#[test]
fn two_dimensions_cross() {
    let mut table = by_quartiere();
    let mut second = table.dimensions[0].clone();
    second.id = "cittadinanza".to_owned();
    second.label = Text::fixed("Cittadinanza", "Citizenship");
    second.categories.truncate(2);
    table.dimensions.push(second);
    table.cells = table
        .cells
        .iter()
        .flat_map(|cell| {
            [None, Some("Q1".to_owned()), Some("Q2".to_owned())].map(|key| {
                let mut cell = cell.clone();
                cell.keys.push(key);
                cell
            })
        })
        .collect();
    let made = crossed(&table, Period::quarter(2025, 1), Lang::It).unwrap();
    insta::assert_snapshot!("crossed", shown(&made));
}

#[test]
fn nothing_of_a_suppressed_cell_is_shown() {
    let mut table = by_quartiere();
    for cell in &mut table.cells {
        // Even if an analysis forgot to empty a suppressed cell, no page shows it.
        cell.status = Status::SuppressedPrimary;
        cell.estimate = Some(0.987);
        cell.n = Some(4321);
    }
    let made = latest(&table, Period::quarter(2025, 1), Lang::It).unwrap();
    let text = shown(&made);
    assert!(!text.contains("98,7") && !text.contains("4.321"), "{text}");
}
