//! What a reader sees on the pages is what the published tables say, rounded to the places shown.

use std::path::Path;

use crate::slow::{self, Row, TextTable};

/// A language of the site: its folder, that of its indicators, and its decimal and thousands marks.
struct Language {
    folder: &'static str,
    indicators: &'static str,
    decimal: char,
    thousands: char,
}

const LANGUAGES: [Language; 2] = [
    Language {
        folder: "it",
        indicators: "indicatori",
        decimal: ',',
        thousands: '.',
    },
    Language {
        folder: "en",
        indicators: "indicators",
        decimal: '.',
        thousands: ',',
    },
];

/// Every period of every table of one dimension or none, on the pages of both languages, and the newest figures of the home page.
///
/// Gives how many numbers were compared.
pub(crate) fn pages_agree(
    site: &Path,
    tables: &[(String, String)],
    faults: &mut Vec<String>,
) -> usize {
    let mut compared = 0;
    for language in &LANGUAGES {
        let home = read(&site.join(language.folder).join("index.html"));
        for (indicator, breakdown) in tables {
            let data = site.join("data").join(indicator);
            let table = slow::read(&data.join(format!("{breakdown}.csv")));
            let page = site.join(language.folder).join(language.indicators);
            let page = read(&page.join(format!("{indicator}.html")));
            let place = format!("{}/{indicator}/{breakdown}", language.folder);
            compared += match breakdown.as_str() {
                "total" => {
                    let shown = rows_of(&page, "t-total-caption");
                    first_of_home(language, &home, indicator, &table, faults);
                    history_agrees(language, &shown, &table, &place, faults)
                }
                one if !one.contains('-') => {
                    let shown = rows_of(&page, &format!("t-{one}-h-caption"));
                    history_agrees(language, &shown, &table, &place, faults)
                }
                _ => 0,
            };
        }
    }
    compared
}

fn read(file: &Path) -> String {
    let text = std::fs::read_to_string(file);
    text.unwrap_or_else(|fault| panic!("{}: {fault}", file.display()))
}

/// The cells of the table with a caption, row by row, the head left out.
fn rows_of(page: &str, caption: &str) -> Vec<Vec<String>> {
    let Some((_, rest)) = page.split_once(&format!("<caption id=\"{caption}\"")) else {
        return Vec::new();
    };
    let table = rest.split("</table>").next().unwrap();
    let body = table.split("<tbody>").nth(1).unwrap();
    let mut rows = Vec::new();
    for row in body.split("<tr").skip(1) {
        let cells = row.split("<td").skip(1);
        let inside = cells.map(|cell| {
            let text = cell.split_once('>').unwrap().1;
            text.split("</td>").next().unwrap().to_owned()
        });
        rows.push(inside.collect());
    }
    rows
}

/// So many categories, and the total, stand in columns; more stand in rows, under the newest periods.
const MOST_COLUMNS: usize = 9;
/// So many of them.
const NEWEST: usize = 5;

/// Rows as columns.
fn turned(rows: &[Vec<String>]) -> Vec<Vec<String>> {
    let columns = rows.first().map_or(0, Vec::len);
    let column = |place: usize| rows.iter().map(|row| row[place].clone()).collect();
    (0..columns).map(column).collect()
}

/// The newest period first, in each row the categories in their order; a plain series has further columns that are not looked at.
fn history_agrees(
    language: &Language,
    shown: &[Vec<String>],
    table: &TextTable,
    place: &str,
    faults: &mut Vec<String>,
) -> usize {
    let mut periods: Vec<(String, Vec<&Row>)> = Vec::new();
    for row in &table.rows {
        match periods.last_mut() {
            Some((period, rows)) if period == row.text("period") => rows.push(row),
            _ => periods.push((row.text("period").to_owned(), vec![row])),
        }
    }
    let is_turned = periods
        .first()
        .is_some_and(|(_, rows)| rows.len() > MOST_COLUMNS);
    let shown = match is_turned {
        true => turned(shown),
        false => shown.to_vec(),
    };
    let wanted = match is_turned {
        true => periods.len().min(NEWEST),
        false => periods.len(),
    };
    if shown.len() != wanted {
        faults.push(format!("{place}: {wanted} periods, {} shown", shown.len()));
        return 0;
    }
    let mut compared = 0;
    for ((period, rows), cells) in periods.iter().rev().zip(&shown) {
        for (row, cell) in rows.iter().zip(cells) {
            if !says(language, cell, row) {
                faults.push(format!(
                    "{place} {period}: `{cell}` for `{}`",
                    row.text("value")
                ));
            }
            compared += 1;
        }
    }
    compared
}

/// The figure of an indicator on the home page is its newest one.
fn first_of_home(
    language: &Language,
    home: &str,
    indicator: &str,
    table: &TextTable,
    faults: &mut Vec<String>,
) {
    let link = format!("/{}/{indicator}.html\">", language.indicators);
    let Some((_, rest)) = home.split_once(&link) else {
        return;
    };
    let item = rest.split("</li>").next().unwrap();
    let Some((_, newest)) = item.split_once("class=\"wdl-newest\"><strong") else {
        return;
    };
    let shown = newest.split("</strong>").next().unwrap();
    let shown = shown.split_once('>').unwrap().1;
    if shown.contains('–') {
        // A total that is all by construction gives way to the ends of its breakdown.
        return;
    }
    let mut known = table
        .rows
        .iter()
        .rev()
        .filter(|row| row.text("status") != "not_collected");
    let is_right = match known.next() {
        // A newest figure that is hidden is a word, and no older number stands in its place.
        Some(row) => says(language, shown, row),
        None => shown.is_empty(),
    };
    if !is_right {
        faults.push(format!(
            "{}: the home page says `{shown}` of {indicator}",
            language.folder
        ));
    }
}

/// Whether a cell of a page says what a row of the table does.
fn says(language: &Language, cell: &str, row: &Row) -> bool {
    let is_number = cell.chars().any(|sign| sign.is_ascii_digit());
    let Some(value) = row.some("value") else {
        return !is_number;
    };
    let plain: String = cell
        .chars()
        .filter(|sign| *sign != language.thousands)
        .map(|sign| if sign == language.decimal { '.' } else { sign })
        .filter(|sign| sign.is_ascii_digit() || *sign == '.')
        .collect();
    let places = plain.split_once('.').map_or(0, |(_, part)| part.len());
    let Ok(shown) = plain.parse::<f64>() else {
        return false;
    };
    // A number that was changed has a word before it.
    let is_negative = cell.contains('\u{2212}');
    let shown = if is_negative { -shown } else { shown };
    let value: f64 = value.parse().unwrap();
    let value = if cell.contains('%') {
        value * 100.0
    } else {
        value
    };
    let half = 0.5 / 10_f64.powi(i32::try_from(places).unwrap());
    (shown - value).abs() <= half * (1.0 + 1e-9)
}
