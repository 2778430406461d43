//! An answer in words: the table of estimates, the rows behind them, the notes, the further tables.
//!
//! The pieces are rows of words, the first one their head, for a terminal and for a page alike.

use std::fmt::Write as _;

use wdl_vocab::{Lang, Text};

use crate::answer::{Cell, Estimate, Evaluation, Kept, NoteKind, Table};
use crate::glossary::{self, Unit};
use crate::numbers::{self, ABSENT, Digits};

/// The whole answer as a reader of one language sees it on a terminal.
pub fn text(evaluation: &Evaluation, lang: Lang) -> String {
    let digits = Digits::Economist;
    let mut out = format!("{}\n", evaluation.estimand.get(lang));
    if !evaluation.summary.get(lang).is_empty() {
        let _ = writeln!(out, "{}", evaluation.summary.get(lang));
    }
    out.push('\n');
    if !evaluation.estimates.is_empty() {
        out.push_str(&grid(&estimates(&evaluation.estimates, lang, digits)));
        out.push('\n');
    }
    for line in sample(&evaluation.sample, lang) {
        let _ = writeln!(out, "{line}");
    }
    for key in evaluation.figures.keys() {
        let [name, value] = figure(evaluation, key, lang, digits);
        let _ = writeln!(out, "{name}: {value}");
    }
    for own in &evaluation.tables {
        let _ = writeln!(out, "\n{}\n", own.title.get(lang));
        out.push_str(&grid(&table(own, lang, digits)));
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
    if let Some(words) = small_groups(evaluation, lang) {
        let kind = Text::fixed("Attenzione", "Warning");
        let _ = writeln!(out, "{}: {words}", kind.get(lang));
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
pub fn estimates(estimates: &[Estimate], lang: Lang, digits: Digits) -> Vec<Vec<String>> {
    let say = |it: &'static str, en: &'static str| Text::fixed(it, en).get(lang).to_owned();
    let level = estimates.first().map_or(0.95, |own| own.level);
    let level = numbers::level(level, lang);
    let interval = Text::new(
        format!("intervallo di confidenza al {level}"),
        format!("{level} confidence interval"),
    );
    let mut rows = vec![vec![
        say("stima di", "estimate of"),
        say("stima", "estimate"),
        say("errore standard", "standard error"),
        "p".to_owned(),
        interval.get(lang).to_owned(),
    ]];
    rows.extend(estimates.iter().map(|own| {
        let decimals = decimals_of(own);
        let number = |value: f64| match digits {
            Digits::Person => numbers::fixed(value, decimals, lang),
            Digits::Economist => numbers::six(value, lang),
        };
        let absent = || ABSENT.to_owned();
        let p = |p: f64| match digits {
            Digits::Person => numbers::p_value(p, lang),
            Digits::Economist => numbers::six(p, lang),
        };
        let interval = own.interval.map_or_else(absent, |[low, high]| {
            format!("[{}; {}]", number(low), number(high))
        });
        vec![
            own.label.get(lang).to_owned(),
            number(own.estimate),
            own.standard_error.map_or_else(absent, number),
            own.p_value.map_or_else(absent, p),
            interval,
        ]
    }));
    rows
}

/// The decimals that mean something: two digits of the error, or of what the interval says it is; three of the estimate where nothing says it.
pub fn decimals_of(own: &Estimate) -> usize {
    let half = own
        .interval
        .map(|[low, high]| (high - low) / 4.0)
        .filter(|own| own.is_finite() && *own > 0.0);
    match own.standard_error.or(half) {
        Some(error) => numbers::decimals_of_error(error),
        None if own.estimate.fract() == 0.0 => 0,
        None => numbers::decimals_of(own.estimate, 3),
    }
}

/// A single figure: its name and its value.
pub fn figure(evaluation: &Evaluation, key: &str, lang: Lang, digits: Digits) -> [String; 2] {
    let own = glossary::figure(key);
    let name = own.map_or(key, |own| own.name.get(lang)).to_owned();
    let unit = own.map_or(Unit::Number, |own| own.unit);
    let value = match (evaluation.figures.get(key), unit, digits) {
        (Some(Cell::Number(value)), Unit::Effect, Digits::Person) => {
            let decimals = evaluation.headline().map_or(3, decimals_of);
            let own = numbers::decimals_of(*value, 2);
            numbers::fixed(*value, decimals.max(own.min(decimals + 1)), lang)
        }
        (Some(Cell::Count(value)), Unit::Period, _) => value.to_string(),
        (Some(value), unit, digits) => cell(value, unit, lang, digits),
        (None, ..) => ABSENT.to_owned(),
    };
    [name, value]
}

/// A table of diagnostics.
pub fn table(table: &Table, lang: Lang, digits: Digits) -> Vec<Vec<String>> {
    let titles = table
        .columns
        .iter()
        .map(|(_, title)| title.get(lang).to_owned());
    let mut rows = vec![titles.collect::<Vec<_>>()];
    rows.extend((0..table.rows.len()).map(|row| cells(table, row, lang, digits)));
    rows
}

/// A row of a table.
pub(crate) fn cells(table: &Table, row: usize, lang: Lang, digits: Digits) -> Vec<String> {
    let own = table.rows[row].iter().zip(&table.columns).enumerate();
    own.map(|(at, (value, (key, _)))| {
        let unit = glossary::unit(table.key, key);
        match (value, unit, digits) {
            (Cell::Number(value), Unit::Effect, Digits::Person) => {
                numbers::fixed(*value, decimals_of_effects(table), lang)
            }
            (Cell::Number(value), Unit::Number, Digits::Person) => {
                match decimals_of_column(table, at) {
                    Some(decimals) => numbers::fixed(*value, decimals, lang),
                    None => numbers::significant(*value, 3, lang),
                }
            }
            (value, unit, digits) => cell(value, unit, lang, digits),
        }
    })
    .collect()
}

/// The decimals of everything on the scale of the estimates: two digits of the middle error, or three of the largest value.
fn decimals_of_effects(table: &Table) -> usize {
    let is_effect = |key: &str| glossary::unit(table.key, key) == Unit::Effect;
    let column = |at: usize| table.rows.iter().filter_map(move |row| finite(&row[at]));
    let keys = || table.columns.iter().enumerate();
    let error = keys().find(|(_, (key, _))| *key == "standard_error" && is_effect(key));
    let mut errors: Vec<f64> = error.map_or_else(Vec::new, |(at, _)| {
        column(at).filter(|own| *own > 0.0).collect()
    });
    errors.sort_by(f64::total_cmp);
    if let Some(middle) = errors.get(errors.len() / 2) {
        return numbers::decimals_of_error(*middle);
    }
    let effects = keys().filter(|(_, (key, _))| is_effect(key));
    let largest = effects
        .flat_map(|(at, _)| column(at))
        .fold(0.0, |largest: f64, own| largest.max(own.abs()));
    numbers::decimals_of(largest, 3)
}

/// The decimals of a column of numbers on one scale: three digits of the largest; nothing when they are on several.
fn decimals_of_column(table: &Table, at: usize) -> Option<usize> {
    let sizes = || {
        let values = table.rows.iter().filter_map(|row| finite(&row[at]));
        values.map(f64::abs).filter(|own| *own > 0.0)
    };
    let largest = sizes().fold(0.0, f64::max);
    let least = sizes().fold(f64::INFINITY, f64::min);
    if sizes().all(|own| own.fract() == 0.0) {
        return Some(0);
    }
    (largest < 1e3 * least).then(|| numbers::decimals_of(largest, 3))
}

fn finite(cell: &Cell) -> Option<f64> {
    match cell {
        Cell::Number(value) if value.is_finite() => Some(*value),
        Cell::Number(_)
        | Cell::Count(_)
        | Cell::Flag(_)
        | Cell::Words(_)
        | Cell::Said(_)
        | Cell::None => None,
    }
}

/// A value by itself.
pub fn cell(cell: &Cell, unit: Unit, lang: Lang, digits: Digits) -> String {
    match cell {
        Cell::Number(value) => match (unit, digits) {
            (Unit::Period, _) => numbers::period(*value, lang),
            (Unit::P, Digits::Person) => numbers::p_value(*value, lang),
            (Unit::Share, Digits::Person) => numbers::percent(*value, 1, lang),
            (_, Digits::Person) => numbers::significant(*value, 4, lang),
            (_, Digits::Economist) => numbers::six(*value, lang),
        },
        Cell::Count(count) => match unit {
            Unit::Period => count.to_string(),
            _ => lang.number(*count as f64, 0),
        },
        Cell::Flag(flag) => match flag {
            true => Text::fixed("sì", "yes").get(lang).to_owned(),
            false => "no".to_owned(),
        },
        Cell::Words(words) => words.clone(),
        Cell::Said(said) => said.text.get(lang).to_owned(),
        Cell::None => ABSENT.to_owned(),
    }
}

/// Rows named at most in a warning: of more, how many there are.
const NAMED: usize = 6;

/// The warning that some rows rest on few units; nothing where none does.
pub fn small_groups(evaluation: &Evaluation, lang: Lang) -> Option<String> {
    let small = &evaluation.small_groups;
    let fewest = evaluation.smallest_group.filter(|_| !small.is_empty())?;
    let mut rows: Vec<&str> = small.iter().map(|own| own.row.get(lang)).collect();
    rows.dedup();
    let named = rows.len().min(NAMED);
    let further = rows.len() - named;
    let mut names = rows[..named].join("; ");
    if further > 0 {
        let more = Text::new(
            format!("; e altre {further}"),
            format!("; and {further} more"),
        );
        names.push_str(more.get(lang));
    }
    let words = Text::new(
        format!(
            "alcune righe poggiano su pochissime unità (la più piccola su {fewest}) e, se le unità sono persone o famiglie, possono farle riconoscere: {names}."
        ),
        format!(
            "some rows rest on very few units (the smallest on {fewest}) and may give them away if the units are persons or households: {names}."
        ),
    );
    Some(words.get(lang).to_owned())
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
