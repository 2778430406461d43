//! What the keys of answers are called, in both languages: figures, estimates, words in tables; what a number is, and where on the page it belongs.
//!
//! One place for the whole catalog: a word that several methods share stands here once, and a method that brings a new key brings its line.

mod columns;
mod figures;
mod rows;

use wdl_vocab::Text;

/// What a number is, and so how it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// A number on a scale of its own.
    Number,
    /// A number on the scale of the estimates.
    Effect,
    /// How many.
    Count,
    /// How often chance alone goes as far.
    P,
    /// A part of one, shown as a percentage.
    Share,
    /// A year, a time since the start, a number in a list: written without marks.
    Period,
}

/// Where a figure or a table stands on the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Section {
    /// Beside the estimates.
    Result,
    /// What says whether the method may be trusted here.
    Diagnostics,
    /// How the answer changes when something else is supposed.
    Sensitivity,
    /// Who was counted.
    Sample,
    /// How it was computed.
    Method,
}

/// A figure under a stable key.
#[derive(Clone, Debug)]
pub struct Figure {
    /// The key: `pre_trend_p_value`.
    pub key: &'static str,
    /// What its number is.
    pub unit: Unit,
    /// Where it stands.
    pub section: Section,
    /// What it is called.
    pub name: Text,
}

/// The figure of a key.
pub fn figure(key: &str) -> Option<&'static Figure> {
    figures::FIGURES.iter().find(|own| own.key == key)
}

/// Every figure.
pub fn figures() -> &'static [Figure] {
    figures::FIGURES
}

/// The words for an estimate of ours; nothing for the name of a column.
pub fn estimate(name: &str) -> Option<Text> {
    if let Some((before, rest)) = name.split_once(", ")
        && let (Some(before), Some(rest)) = (found(rows::ESTIMATES, before), estimate(rest))
    {
        return Some(joined(&before, &rest));
    }
    if let Some(plain) = name.strip_suffix("_adjusted")
        && let Some(plain) = found(rows::ESTIMATES, plain)
    {
        let corrected = Text::fixed(
            "corretto con una regressione sulle covariate",
            "corrected by a regression on the covariates",
        );
        return Some(joined(&plain, &corrected));
    }
    found(rows::ESTIMATES, name)
}

/// A word that stands in tables under a stable key.
pub fn word(key: &str) -> Option<Text> {
    found(rows::WORDS, key)
}

/// What the numbers of a column are, in the table of a key.
pub fn unit(table: &str, column: &str) -> Unit {
    let of = |whose: &str| {
        let own = columns::UNITS.iter();
        own.copied()
            .find(|(table, key, _)| *table == whose && *key == column)
            .map(|(_, _, unit)| unit)
    };
    of(table).or_else(|| of("")).unwrap_or(Unit::Number)
}

/// Where a table stands; beside the diagnostics unless said.
pub fn section(table: &str) -> Section {
    let found = columns::SECTIONS.iter().find(|(key, _)| *key == table);
    found.map_or(Section::Diagnostics, |(_, section)| *section)
}

/// A time since the start in words: `2 periodi dopo l'inizio`.
pub fn since_start(time: i64) -> Text {
    let count = time.unsigned_abs();
    let (it, en) = match count {
        1 => ("periodo", "period"),
        _ => ("periodi", "periods"),
    };
    match time {
        0 => Text::fixed("periodo d'inizio", "period of the start"),
        1.. => Text::new(
            format!("{count} {it} dopo l'inizio"),
            format!("{count} {en} after the start"),
        ),
        _ => Text::new(
            format!("{count} {it} prima dell'inizio"),
            format!("{count} {en} before the start"),
        ),
    }
}

/// Those treated first in a period.
pub fn cohort(first: i64) -> Text {
    Text::new(
        format!("trattati dal {first}"),
        format!("treated from {first} on"),
    )
}

/// A period of the calendar.
pub fn period(own: impl std::fmt::Display) -> Text {
    Text::new(format!("periodo {own}"), format!("period {own}"))
}

/// A coefficient of a column, by the column's own name.
pub fn column(name: &str) -> Text {
    match name {
        "constant" => Text::fixed("costante", "constant"),
        name => Text::new(name, name),
    }
}

/// Two words with a comma between them.
pub fn joined(first: &Text, second: &Text) -> Text {
    Text::new(
        format!("{}, {}", first.it, second.it),
        format!("{}, {}", first.en, second.en),
    )
}

fn found(words: &[(&str, Text)], key: &str) -> Option<Text> {
    let own = words.iter().find(|(own, _)| *own == key);
    own.map(|(_, text)| text.clone())
}
