//! An answer in words: the table of estimates, the rows behind them, the notes, the further tables.
//!
//! The pieces are rows of words, the first one their head, for a terminal and for a page alike.

use std::fmt::Write as _;

use wdl_vocab::{Lang, Text};

use crate::answer::{Cell, Estimate, Evaluation, Kept, NoteKind, Table};

/// The whole answer as a reader of one language sees it on a terminal.
pub fn text(evaluation: &Evaluation, lang: Lang) -> String {
    let mut out = format!("{}\n\n", evaluation.estimand.get(lang));
    if !evaluation.estimates.is_empty() {
        out.push_str(&grid(&estimates(&evaluation.estimates, lang)));
        out.push('\n');
    }
    for line in sample(&evaluation.sample, lang) {
        let _ = writeln!(out, "{line}");
    }
    for (key, value) in &evaluation.figures {
        let _ = writeln!(out, "{key}: {}", cell(value, lang));
    }
    for own in &evaluation.tables {
        let _ = writeln!(out, "\n{}\n", own.title.get(lang));
        out.push_str(&grid(&table(own, lang)));
    }
    if !evaluation.notes.is_empty() {
        out.push('\n');
    }
    for note in &evaluation.notes {
        let kind = match note.kind {
            NoteKind::Assumption => Text::fixed("Ipotesi", "Assumption"),
            NoteKind::Warning => Text::fixed("Attenzione", "Warning"),
            NoteKind::Convention => Text::fixed("Convenzione", "Convention"),
        };
        let _ = writeln!(out, "{}: {}", kind.get(lang), note.text.get(lang));
    }
    out
}

/// The rows used, and those left out with the reason.
pub fn sample(kept: &Kept, lang: Lang) -> Vec<String> {
    let count = |count: usize| lang.number(count as f64, 0);
    let (used, rows) = (count(kept.used), count(kept.rows));
    let first = Text::new(
        format!("Righe usate: {used} su {rows}"),
        format!("Rows used: {used} of {rows}"),
    );
    let mut lines = vec![first.get(lang).to_owned()];
    for (column, missing) in &kept.missing {
        let missing = count(*missing);
        let words = Text::new(
            format!("Valori mancanti in `{column}`: {missing}"),
            format!("Missing values in `{column}`: {missing}"),
        );
        lines.push(words.get(lang).to_owned());
    }
    for left_out in &kept.left_out {
        let (reason, left) = (left_out.reason.get(lang), count(left_out.count));
        let words = Text::new(
            format!("Lasciate fuori, {reason}: {left}"),
            format!("Left out, {reason}: {left}"),
        );
        lines.push(words.get(lang).to_owned());
    }
    lines
}

/// The estimates, one a row.
pub fn estimates(estimates: &[Estimate], lang: Lang) -> Vec<Vec<String>> {
    let say = |it: &'static str, en: &'static str| Text::fixed(it, en).get(lang).to_owned();
    let mut rows = vec![vec![
        String::new(),
        say("stima", "estimate"),
        say("errore std.", "std. error"),
        "p".to_owned(),
        say("intervallo", "interval"),
    ]];
    rows.extend(estimates.iter().map(|own| {
        let number = |value: Option<f64>| {
            value.map_or_else(|| "\u{2013}".to_owned(), |value| decimal(value, lang))
        };
        let interval = own.interval.map_or_else(
            || "\u{2013}".to_owned(),
            |[low, high]| format!("[{}; {}]", decimal(low, lang), decimal(high, lang)),
        );
        vec![
            own.name.clone(),
            decimal(own.estimate, lang),
            number(own.standard_error),
            number(own.p_value),
            interval,
        ]
    }));
    rows
}

/// A table of diagnostics.
pub fn table(table: &Table, lang: Lang) -> Vec<Vec<String>> {
    let titles = table
        .columns
        .iter()
        .map(|(_, title)| title.get(lang).to_owned());
    let mut rows = vec![titles.collect::<Vec<_>>()];
    rows.extend(table.rows.iter().map(|row| {
        let cells = row.iter().zip(&table.columns);
        cells
            .map(|(value, (key, _))| match value {
                Cell::Number(value) if PERIODS.contains(key) => format!("{value}"),
                value => cell(value, lang),
            })
            .collect()
    }));
    rows
}

/// Columns of periods: 2004 is a year and no amount.
const PERIODS: &[&str] = &["at", "base", "cohort", "period", "time"];

/// A value.
pub fn cell(cell: &Cell, lang: Lang) -> String {
    match cell {
        Cell::Number(value) => decimal(*value, lang),
        Cell::Count(count) => lang.number(*count as f64, 0),
        Cell::Flag(flag) => match flag {
            true => Text::fixed("sì", "yes").get(lang).to_owned(),
            false => "no".to_owned(),
        },
        Cell::Words(words) => words.clone(),
        Cell::None => "\u{2013}".to_owned(),
    }
}

/// Six digits that count, in the reader's manner.
pub fn decimal(value: f64, lang: Lang) -> String {
    if !value.is_finite() {
        return "\u{2013}".to_owned();
    }
    if value != 0.0 && !(1e-4..1e9).contains(&value.abs()) {
        return format!("{value:.3e}").replace('.', &lang.decimal_mark().to_string());
    }
    let digits = if value == 0.0 {
        1.0
    } else {
        value.abs().log10().floor() + 1.0
    };
    if value.fract() == 0.0 {
        return lang.number(value, 0);
    }
    let decimals = (6.0 - digits.max(1.0)).clamp(0.0, 6.0);
    lang.number(value, decimals as usize)
}

/// Rows with their columns one under the other: the first to the left, numbers to the right.
fn grid(rows: &[Vec<String>]) -> String {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let wide = |column: usize| {
        rows.iter()
            .filter_map(|row| row.get(column))
            .map(|own| own.chars().count())
            .max()
            .unwrap_or(0)
    };
    let widths: Vec<usize> = (0..columns).map(wide).collect();
    let mut out = String::new();
    for row in rows {
        let line: Vec<String> = row
            .iter()
            .enumerate()
            .map(|(column, own)| match column {
                0 => format!("{own:<width$}", width = widths[0]),
                column => format!("{own:>width$}", width = widths[column]),
            })
            .collect();
        let _ = writeln!(out, "{}", line.join("  ").trim_end());
    }
    out
}
