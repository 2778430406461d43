//! A figure in plain words: the newest value, what it was a year before, and whether the difference means anything.

use std::collections::BTreeMap;

use wdl_chart::numbers::{figure, is_within_error, with_unit};
use wdl_chart::{Gap, gap_word, names_dimension};
use wdl_result::{Cell, Dimension, Header, Protection, Status, Table, Unit};
use wdl_vocab::{Lang, Period};

use crate::model::{Indicator, is_all_by_construction, newest, totals};
use crate::words::{TEXTS, say};

/// The finding in two pieces, for a page that already says its name: the figure, or the word of what hides it, and what there is to say about it.
pub(crate) fn headline(indicator: &Indicator<'_>, lang: Lang) -> Option<(String, String)> {
    let table = indicator.telling()?.table();
    let (header, cells) = (&table.header, &totals(table));
    if let Some(spread) = spread(table, lang) {
        return Some((spread.range.clone(), spread.sentence("rest", lang)));
    }
    if let Some(hidden) = hidden_now(table) {
        let words = format!(
            "{}. {}",
            when(hidden.period, lang),
            last_shown(header, cells, lang)
        );
        return Some((gap_word(hidden.gap, lang), words));
    }
    let (period, value, error) = newest_value(cells)?;
    let args = [
        ("when", when(period, lang)),
        ("about", about(header.unit, value, lang).unwrap_or_default()),
    ];
    let mut sentences = vec![TEXTS.get(lang, "finding-rest", &args)];
    sentences.extend(change(header, cells, period, lang));
    sentences.extend(changed(header, error, lang));
    sentences.extend(newer_gap(cells, period, lang));
    Some((shown(header, value, lang), sentences.join(" ")))
}

/// The whole finding: value, share in small numbers, change over a year, newer periods without a value.
pub(crate) fn finding(indicator: &Indicator<'_>, lang: Lang) -> String {
    let title = indicator.header.title.get(lang).to_owned();
    let Some(released) = indicator.telling() else {
        return TEXTS.get(lang, "finding-title-none", &[("title", title)]);
    };
    let table = released.table();
    let (header, cells) = (&table.header, &totals(table));
    if let Some(spread) = spread(table, lang) {
        return spread.sentence("finding", lang);
    }
    if let Some(hidden) = hidden_now(table) {
        let args = [
            ("title", title),
            ("period", hidden.period.label(lang)),
            ("gap", key_of(hidden.gap)),
        ];
        let words = TEXTS.get(lang, "finding-hidden", &args);
        return format!("{words} {}", last_shown(header, cells, lang));
    }
    let Some((period, value, error)) = newest_value(cells) else {
        return TEXTS.get(lang, "finding-title-none", &[("title", title)]);
    };
    let args = [
        ("title", title),
        ("value", shown(header, value, lang)),
        ("when", when(period, lang)),
        ("about", about(header.unit, value, lang).unwrap_or_default()),
    ];
    let mut sentences = vec![TEXTS.get(lang, "finding", &args)];
    sentences.extend(change(header, cells, period, lang));
    sentences.extend(changed(header, error, lang));
    sentences.extend(newer_gap(cells, period, lang));
    sentences.join(" ")
}

/// A figure as words: `circa 62` where it was changed instead of hiding small ones.
pub(crate) fn shown(header: &Header, value: f64, lang: Lang) -> String {
    let words = figure(header, value, lang);
    match header.protection {
        Some(_) => TEXTS.get(lang, "changed-value", &[("value", words)]),
        None => words,
    }
}

/// That a number was changed instead of hiding small ones, and how far from the truth it may be.
pub(crate) fn changed(header: &Header, error: Option<f64>, lang: Lang) -> Option<String> {
    let protection = header.protection?;
    let (key, away) = match (protection.furthest(), error) {
        (Some(furthest), _) => ("changed-at-most", f64::from(furthest)),
        (None, Some(error)) => ("changed-by-chance", (error * SPREADS_OF_95).ceil()),
        (None, None) => return None,
    };
    let args = [("away", lang.number(away, 0))];
    Some(TEXTS.get(lang, key, &args))
}

/// In 95 of 100 draws Laplace noise is below so many standard deviations, ln 20 / √2, and a sum of several draws below fewer.
const SPREADS_OF_95: f64 = 2.12;

/// The newest figure that there is, where it may not be shown.
pub(crate) struct HiddenNow {
    pub(crate) period: Period,
    pub(crate) gap: Gap,
}

/// The newest period whose source arrived, when its figure is hidden or cannot be computed: what may be shown of earlier ones is no news of it.
///
/// A period without its source has no figure yet, and hides none.
pub(crate) fn hidden_now(table: &Table) -> Option<HiddenNow> {
    let arrived = |cell: &&Cell| cell.status != Status::NotCollected;
    let period = table
        .cells
        .iter()
        .filter(arrived)
        .map(|cell| cell.period)
        .max()?;
    let here = || table.cells.iter().filter(|cell| cell.period == period);
    let is_total = |cell: &&Cell| cell.keys.iter().all(Option::is_none);
    let total = here().find(is_total);
    if total.is_some_and(|cell| value_of(cell).is_some()) {
        return None;
    }
    // A source that gives groups only has a total that is never computable: what hides its groups counts.
    let is_hidden = |cell: &Cell| gap(cell.status) == Gap::Suppressed;
    let found = match total.map(|cell| cell.status) {
        Some(Status::NotComputableUndefined) | None if here().any(is_hidden) => Gap::Suppressed,
        Some(status) => gap(status),
        None => return None,
    };
    Some(HiddenNow { period, gap: found })
}

/// The last figure that may be shown before one that may not, or that there is none.
pub(crate) fn last_shown(header: &Header, cells: &BTreeMap<Period, &Cell>, lang: Lang) -> String {
    let Some((period, value, _)) = newest_value(cells) else {
        return say(lang, "last-none");
    };
    let args = [
        ("value", shown(header, value, lang)),
        ("when", when(period, lang)),
        ("about", about(header.unit, value, lang).unwrap_or_default()),
    ];
    TEXTS.get(lang, "last-shown", &args)
}

/// What the groups of a table have to say where no total does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Found {
    /// A lowest and a highest.
    Ends,
    /// The same figure for every group that has one.
    Same,
    /// One group alone has a figure: there is nothing to compare it with.
    One,
}

/// The groups of a table whose total says nothing: the lowest and the highest, or the only one that has a figure.
pub(crate) struct Spread {
    /// `45,1%–78,0%`, or one figure.
    pub(crate) range: String,
    /// `per difficoltà economiche, 2024`.
    pub(crate) when: String,
    found: Found,
    is_uncertain: bool,
    newer: Option<String>,
    args: [(&'static str, String); 7],
}

impl Spread {
    /// A sentence on it, with the warning that the ends may not differ at all, and that newer groups are hidden; `part` is `finding` with the title, `rest` without.
    fn sentence(&self, part: &str, lang: Lang) -> String {
        let found = match self.found {
            Found::Ends => "ends",
            Found::Same => "same",
            Found::One => "one",
        };
        let mut sentences = vec![TEXTS.get(lang, &format!("spread-{found}-{part}"), &self.args)];
        if self.is_uncertain {
            sentences.push(say(lang, "change-uncertain"));
        }
        sentences.extend(self.newer.clone());
        sentences.join(" ")
    }
}

/// Where a table has no total, as those of some surveys, or one that is all by construction: the ends of its newest period instead.
pub(crate) fn spread(table: &Table, lang: Lang) -> Option<Spread> {
    let [dimension] = table.dimensions.as_slice() else {
        return None;
    };
    let is_total = |cell: &&Cell| cell.keys == [None];
    let has_total = |cell: &Cell| cell.status != Status::NotComputableUndefined;
    let is_told = table.cells.iter().filter(is_total).any(has_total);
    if is_told && !is_all_by_construction(&table.header) {
        return None;
    }
    let period = newest(table)?;
    let (lowest, highest) = ends(table, period)?;
    let header = &table.header;
    let found = if lowest.1.keys == highest.1.keys {
        Found::One
    } else if is_same(header, lowest.0, highest.0, lang) {
        Found::Same
    } else {
        Found::Ends
    };
    let is_uncertain = found == Found::Ends && may_be_chance(header, lowest, highest);
    let newer = hidden_now(table).filter(|hidden| hidden.period > period);
    let newer = newer.map(|hidden| hidden_words(hidden.period, hidden.gap, lang));
    let label = |cell: &Cell| label_of(dimension, cell, lang);
    let (low, high) = (
        figure(header, lowest.0, lang),
        figure(header, highest.0, lang),
    );
    let (lowest, highest) = (lowest.1, highest.1);
    let dimension = dimension.label.get(lang).to_lowercase();
    let place = [
        ("dimension", dimension.clone()),
        ("label", label(lowest)),
        ("period", period.label(lang)),
    ];
    Some(Spread {
        range: match found {
            Found::One | Found::Same => low.clone(),
            Found::Ends => format!("{low}–{high}"),
        },
        when: match found {
            Found::One => TEXTS.get(lang, "spread-when-one", &place),
            Found::Same | Found::Ends => TEXTS.get(lang, "spread-when", &place),
        },
        found,
        is_uncertain,
        newer,
        args: [
            ("title", header.title.get(lang).to_owned()),
            ("low", low),
            ("low_label", label(lowest)),
            ("high", high),
            ("high_label", label(highest)),
            ("dimension", dimension),
            ("when", when(period, lang)),
        ],
    })
}

/// A category's value and its cell.
type End<'a> = (f64, &'a Cell);

/// The lowest and the highest category of a one-dimension table at a period.
fn ends(table: &Table, period: Period) -> Option<(End<'_>, End<'_>)> {
    let cells = || {
        let here = table
            .cells
            .iter()
            .filter(|cell| cell.period == period && cell.keys != [None]);
        here.filter_map(|cell| Some((value_of(cell)?, cell)))
    };
    let lowest = cells().min_by(|a, b| a.0.total_cmp(&b.0))?;
    let highest = cells().max_by(|a, b| a.0.total_cmp(&b.0))?;
    Some((lowest, highest))
}

/// The name of a cell's category.
fn label_of(dimension: &Dimension, cell: &Cell, lang: Lang) -> String {
    let key = cell.keys.first().and_then(Option::as_ref);
    let named = dimension
        .categories
        .iter()
        .find(|each| Some(&each.id) == key);
    named.map_or_else(String::new, |each| each.label.get(lang).to_owned())
}

/// What a chart of categories finds, as its title: its ends, and whether they may not differ at all; nothing without two different ones.
pub(crate) fn title_of_categories(table: &Table, period: Period, lang: Lang) -> Option<String> {
    let [dimension] = table.dimensions.as_slice() else {
        return None;
    };
    let header = &table.header;
    let (low, high) = ends(table, period)?;
    if is_same(header, low.0, high.0, lang) {
        return None;
    }
    let title = header.title.get(lang);
    let args = [
        ("title", title.to_owned()),
        ("said", said(title, dimension.label.get(lang), lang)),
        ("dimension", dimension.label.get(lang).to_lowercase()),
        ("low", figure(header, low.0, lang)),
        ("low_label", label_of(dimension, low.1, lang)),
        ("high", figure(header, high.0, lang)),
        ("high_label", label_of(dimension, high.1, lang)),
    ];
    let key = match may_be_chance(header, low, high) {
        true => "figure-ends-uncertain-title",
        false => "figure-ends-title",
    };
    Some(TEXTS.get(lang, key, &args))
}

/// What a single series finds, as its title: the newest value.
pub(crate) fn title_of_series(table: &Table, lang: Lang) -> Option<String> {
    let header = &table.header;
    let (period, value, _) = newest_value(&totals(table))?;
    let args = [
        ("title", header.title.get(lang).to_owned()),
        ("value", figure(header, value, lang)),
        ("when", when(period, lang)),
    ];
    Some(TEXTS.get(lang, "figure-series-title", &args))
}

/// `yes` when a title names its dimension already, for texts that would say it twice.
pub(crate) fn said(title: &str, dimension: &str, lang: Lang) -> String {
    match names_dimension(title, dimension, lang) {
        true => "yes".to_owned(),
        false => "no".to_owned(),
    }
}

/// True when two cells may differ by chance alone, or by what they were rounded.
fn may_be_chance(header: &Header, a: (f64, &Cell), b: (f64, &Cell)) -> bool {
    let rounded = header.protection.and_then(Protection::furthest);
    match (a.1.standard_error, b.1.standard_error, rounded) {
        (Some(first), Some(second), _) => is_within_error(header, (a.0, first), (b.0, second)),
        (_, _, Some(furthest)) => (a.0 - b.0).abs() <= 2.0 * f64::from(furthest),
        _ => false,
    }
}

/// `nel 2024`, `nel 3º trimestre 2026`.
pub(crate) fn when(period: Period, lang: Lang) -> String {
    TEXTS.get(lang, "when", &[("period", period.label(lang))])
}

/// The newest period with a value: period, estimate, standard error.
pub(crate) fn newest_value(cells: &BTreeMap<Period, &Cell>) -> Option<(Period, f64, Option<f64>)> {
    cells
        .iter()
        .rev()
        .find_map(|(period, cell)| Some((*period, value_of(cell)?, cell.standard_error)))
}

/// The value of a cell that may be shown.
pub(crate) fn value_of(cell: &Cell) -> Option<f64> {
    cell.estimate
        .filter(|value| cell.status == Status::Value && value.is_finite())
}

/// A share in small numbers: ` (circa 1 su 6)`.
fn about(unit: Unit, value: f64, lang: Lang) -> Option<String> {
    let words = one_in(value, lang).filter(|_| unit == Unit::Share)?;
    Some(TEXTS.get(lang, "finding-about", &[("words", words)]))
}

/// A share as `1 su 6` or `7 su 10`; nothing for shares too near to none or all.
pub(crate) fn one_in(share: f64, lang: Lang) -> Option<String> {
    if !(0.005..=0.97).contains(&share) {
        return None;
    }
    let (some, of) = match share {
        share if share < 0.4 => (1.0, (1.0 / share).round()),
        share => ((share * 10.0).round(), 10.0),
    };
    // 5 out of 10 is one half.
    let (some, of) = if some == 5.0 && of == 10.0 {
        (1.0, 2.0)
    } else {
        (some, of)
    };
    let args = [("some", lang.number(some, 0)), ("of", lang.number(of, 0))];
    Some(TEXTS.get(lang, "one-in", &args))
}

fn year_before(period: Period) -> Period {
    match period {
        Period::Year(year) => Period::Year(year - 1),
        Period::Quarter { year, quarter } => Period::Quarter {
            year: year - 1,
            quarter,
        },
    }
}

/// The change over a year in a sentence; says so when there is nothing to compare with, or when the difference is within the uncertainty.
pub(crate) fn change(
    header: &Header,
    cells: &BTreeMap<Period, &Cell>,
    period: Period,
    lang: Lang,
) -> Option<String> {
    let now = cells.get(&period)?;
    let value = value_of(now)?;
    let before = year_before(period);
    let Some(cell) = cells.get(&before) else {
        // The series begins here: there is nothing to say.
        return None;
    };
    let Some(old) = value_of(cell) else {
        let args = [
            ("period", before.label(lang)),
            ("gap", key_of(gap(cell.status))),
        ];
        return Some(TEXTS.get(lang, "change-unknown", &args));
    };
    let mut words = compared(header, value, old, lang);
    if may_be_chance(header, (value, now), (old, cell)) && !is_same(header, value, old, lang) {
        words.push(' ');
        words.push_str(&say(lang, "change-uncertain"));
    }
    Some(words)
}

fn is_same(header: &Header, value: f64, old: f64, lang: Lang) -> bool {
    figure(header, value, lang) == figure(header, old, lang)
}

fn compared(header: &Header, value: f64, old: f64, lang: Lang) -> String {
    let mut args = vec![("before", figure(header, old, lang))];
    if is_same(header, value, old, lang) {
        return TEXTS.get(lang, "change-none", &args);
    }
    let is_up = value > old;
    let decimals = usize::from(header.decimals);
    // The difference of what is shown, so that a reader who subtracts finds the same.
    let shown = rounded(header, value) - rounded(header, old);
    let key = match (header.unit, is_up) {
        (Unit::Share, true) => "change-up-points",
        (Unit::Share, false) => "change-down-points",
        (_, true) => "change-up",
        (_, false) => "change-down",
    };
    let diff = match header.unit {
        Unit::Share => lang.number(shown.abs() * 100.0, decimals),
        unit => with_unit(unit, decimals, shown.abs(), lang),
    };
    args.push(("diff", diff));
    let part = (value - old) / old;
    let percent = if part.is_finite() {
        let sign = if is_up { "+" } else { "" };
        format!(
            "{sign}{}",
            with_unit(
                Unit::Share,
                if part.abs() < 0.1 { 1 } else { 0 },
                part,
                lang
            )
        )
    } else {
        String::new()
    };
    args.push(("percent", percent));
    TEXTS.get(lang, key, &args)
}

fn rounded(header: &Header, value: f64) -> f64 {
    let places = i32::from(header.decimals) + if header.unit == Unit::Share { 2 } else { 0 };
    let power = 10f64.powi(places);
    (value * power).round() / power
}

/// That newer periods have no figure yet.
fn newer_gap(cells: &BTreeMap<Period, &Cell>, period: Period, lang: Lang) -> Option<String> {
    let (newest, cell) = cells.iter().next_back()?;
    if *newest <= period {
        return None;
    }
    Some(hidden_words(*newest, gap(cell.status), lang))
}

/// `Nel 2025 il dato non è raccolto.`
fn hidden_words(period: Period, gap: Gap, lang: Lang) -> String {
    let args = [("period", period.label(lang)), ("gap", key_of(gap))];
    TEXTS.get(lang, "finding-newer", &args)
}

/// The reason of a gap as texts choose by it.
fn key_of(gap: Gap) -> String {
    match gap {
        Gap::Suppressed => "suppressed",
        Gap::NotComputable => "not-computable",
        Gap::NotCollected => "not-collected",
        Gap::Absent => "absent",
    }
    .to_owned()
}

/// The public reason of a status without a value.
pub(crate) fn gap(status: Status) -> Gap {
    match status {
        Status::SuppressedPrimary | Status::SuppressedSecondary => Gap::Suppressed,
        Status::NotCollected => Gap::NotCollected,
        Status::Value | Status::NotComputableEmpty | Status::NotComputableUndefined => {
            Gap::NotComputable
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_in_small_numbers() {
        let it = |share| one_in(share, Lang::It);
        assert_eq!(it(0.166).as_deref(), Some("1 su 6"));
        assert_eq!(it(0.5).as_deref(), Some("1 su 2"));
        assert_eq!(it(0.62).as_deref(), Some("6 su 10"));
        assert_eq!(it(0.001), None);
        assert_eq!(it(0.99), None);
    }

    #[test]
    fn a_year_before_keeps_the_quarter() {
        assert_eq!(
            year_before(Period::quarter(2026, 1)),
            Period::quarter(2025, 1)
        );
    }
}
