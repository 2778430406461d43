//! Rows of words as the tables of a page.

use wdl_chart::{Column, DataCell, DataTable, Gaps, Row, Scope};
use wdl_evaluation::glossary::Section;
use wdl_evaluation::numbers::{ABSENT, Digits};
use wdl_evaluation::{Cell, Evaluation, Table, shown};
use wdl_vocab::Lang;

use super::page::{quoted, said};

/// The estimates.
pub(super) fn estimates(evaluation: &Evaluation, lang: Lang) -> DataTable {
    let mut rows = shown::estimates(&evaluation.estimates, lang, Digits::Person);
    let columns = rows.first().map_or(0, Vec::len);
    // An error, a p or an interval that no estimate has is no column.
    for at in (1..columns).rev() {
        if rows.iter().skip(1).all(|row| row[at] == ABSENT) {
            for row in &mut rows {
                row.remove(at);
            }
        }
    }
    let caption = said(lang, "Le stime", "The estimates");
    table_of(caption, rows, |_| true, lang)
}

/// A table of the method.
pub(super) fn table(table: &Table, lang: Lang) -> DataTable {
    let table = &without_empty(table);
    let rows = shown::table(table, lang, Digits::Person);
    // A column of words stands to the left.
    let is_number = |at: usize| {
        let mut cells = table.rows.iter().map(|row| &row[at]);
        cells.all(|own| matches!(own, Cell::Number(_) | Cell::Count(_) | Cell::None))
    };
    table_of(table.title.get(lang), rows, is_number, lang)
}

/// The table without the columns in which no row has anything.
fn without_empty(table: &Table) -> Table {
    let is_told = |at: usize| at == 0 || table.rows.iter().any(|row| row[at] != Cell::None);
    let told: Vec<usize> = (0..table.columns.len()).filter(|at| is_told(*at)).collect();
    let row = |row: &Vec<Cell>| told.iter().map(|at| row[*at].clone()).collect();
    Table {
        key: table.key,
        title: table.title.clone(),
        columns: told.iter().map(|at| table.columns[*at].clone()).collect(),
        rows: table.rows.iter().map(row).collect(),
    }
}

/// Single figures of a part of the page, each with its name.
pub(super) fn figures(section: Section, figures: Vec<[String; 2]>, lang: Lang) -> DataTable {
    let head = [said(lang, "voce", "figure"), said(lang, "valore", "value")];
    let mut rows = vec![head.map(str::to_owned).to_vec()];
    rows.extend(figures.into_iter().map(Vec::from));
    // Each table of a page has a name of its own, for those who go from one to the next.
    let caption = match section {
        Section::Result => said(
            lang,
            "Altre cifre del risultato",
            "Further figures of the result",
        ),
        Section::Diagnostics => said(lang, "Cifre delle prove", "Figures of the tests"),
        Section::Sensitivity => said(
            lang,
            "Cifre della sensibilità",
            "Figures of the sensitivity",
        ),
        Section::Sample => said(lang, "Quanti", "How many"),
        Section::Method => said(lang, "Cifre del calcolo", "Figures of the computation"),
    };
    table_of(caption, rows, |_| true, lang)
}

/// The first row is the head, the first column names each row.
fn table_of(
    caption: &str,
    rows: Vec<Vec<String>>,
    is_number: impl Fn(usize) -> bool,
    lang: Lang,
) -> DataTable {
    let mut rows = rows.into_iter();
    let mut head = rows.next().unwrap_or_default().into_iter();
    let corner = head.next().unwrap_or_default();
    let column = |(at, text)| Column {
        text,
        scope: Scope::Column,
        is_number: is_number(at + 1),
    };
    let row = |row: Vec<String>| {
        let mut cells = row.into_iter();
        Row {
            head: quoted(&cells.next().unwrap_or_default(), lang),
            scope: Scope::Row,
            is_total: false,
            cells: cells.map(|text| DataCell { text, gap: None }).collect(),
        }
    };
    DataTable {
        caption: quoted(caption, lang),
        corner,
        columns: head.enumerate().map(column).collect(),
        rows: rows.map(row).collect(),
        gaps: Gaps::new(),
    }
}
