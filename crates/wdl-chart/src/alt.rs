//! The words for those who do not see a chart, made from its data.

use wdl_result::{Dimension, Header, Table};
use wdl_vocab::{Lang, Period};

use crate::dots::Dot;
use crate::frame::range;
use crate::lines::Line;
use crate::numbers::figure;
use crate::series::Gaps;
use crate::words::{TEXTS, form, gap_word};

/// What a chart of lines shows: each series from its first to its last value, its highest and lowest, and what is missing.
pub(crate) fn of_lines(
    header: &Header,
    periods: &[Period],
    lines: &[Line],
    gaps: &Gaps,
    lang: Lang,
) -> String {
    let span = range(periods[0], periods[periods.len() - 1], lang);
    let args = [
        ("period", span),
        ("population", sentence(header.population.get(lang))),
    ];
    let mut words = vec![TEXTS.get(lang, "alt-lines", &args)];
    words.extend(lines.iter().map(|line| series(header, periods, line, lang)));
    words.extend(missing(gaps, lang));
    words.join(" ")
}

/// A text without its final stop, with a capital letter: the frame sets the stop.
pub(crate) fn sentence(text: &str) -> String {
    let text = text.trim().trim_end_matches('.');
    let mut letters = text.chars();
    match letters.next() {
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None => String::new(),
    }
}

fn series(header: &Header, periods: &[Period], line: &Line, lang: Lang) -> String {
    let values: Vec<(Period, f64)> = periods
        .iter()
        .zip(&line.points)
        .filter_map(|(period, point)| Some((*period, point.estimate()?)))
        .collect();
    let label = || ("label", line.label.clone());
    let (Some(first), Some(last)) = (values.first(), values.last()) else {
        return TEXTS.get(lang, "alt-series-none", &[label()]);
    };
    let mut high = first;
    let mut low = first;
    for value in &values {
        if value.1 > high.1 {
            high = value;
        }
        if value.1 < low.1 {
            low = value;
        }
    }
    let shown = |value: &(Period, f64)| figure(header, value.1, lang);
    let when = |value: &(Period, f64)| value.0.label(lang);
    let mut args = vec![
        label(),
        ("first", shown(first)),
        ("first_period", when(first)),
    ];
    if values.len() == 1 {
        return TEXTS.get(lang, "alt-series-one", &args);
    }
    args.extend([
        ("last", shown(last)),
        ("last_period", when(last)),
        ("high", shown(high)),
        ("high_period", when(high)),
        ("low", shown(low)),
        ("low_period", when(low)),
    ]);
    TEXTS.get(lang, "alt-series", &args)
}

/// What a chart of categories shows: the total, the highest and the lowest category, and what is missing; `key` names the kind of drawing.
pub(crate) fn of_dots(
    key: &str,
    (table, period): (&Table, Period),
    dots: &[Dot],
    gaps: &Gaps,
    lang: Lang,
) -> String {
    let header = &table.header;
    let dimension = table.dimensions.first().map_or("", |d| d.label.get(lang));
    let args = [
        ("dimension", dimension.to_lowercase()),
        ("period", period.label(lang)),
        ("population", sentence(header.population.get(lang))),
    ];
    let mut words = vec![TEXTS.get(lang, key, &args)];
    let total = dots
        .iter()
        .find(|dot| dot.is_total)
        .and_then(|dot| dot.point.estimate());
    if let Some(value) = total {
        let args = [("value", figure(header, value, lang))];
        words.push(TEXTS.get(lang, "alt-dots-total", &args));
    }
    words.push(ends(header, dots, lang));
    words.extend(missing(gaps, lang));
    words.join(" ")
}

/// What a shaded table shows: its highest and lowest cell, and what is missing.
pub(crate) fn of_heat(
    (table, period): (&Table, Period),
    (down, across): (&Dimension, &Dimension),
    values: &[(String, f64)],
    gaps: &Gaps,
    lang: Lang,
) -> String {
    let header = &table.header;
    let args = [
        ("dimension", down.label.get(lang).to_lowercase()),
        ("other", across.label.get(lang).to_lowercase()),
        ("period", period.label(lang)),
        ("population", sentence(header.population.get(lang))),
    ];
    let mut words = vec![TEXTS.get(lang, "alt-heat", &args)];
    let values = values.iter().map(|(label, value)| (label.as_str(), *value));
    words.push(ends_of(header, values.collect(), lang));
    words.extend(missing(gaps, lang));
    words.join(" ")
}

/// What small charts show: where the newest values stand, and what is missing.
pub(crate) fn of_multiples(
    table: &Table,
    periods: &[Period],
    newest: Vec<(&str, f64)>,
    gaps: &Gaps,
    lang: Lang,
) -> String {
    let header = &table.header;
    let dimension = table.dimensions.first().map_or("", |d| d.label.get(lang));
    let last = periods[periods.len() - 1];
    let args = [
        ("dimension", dimension.to_lowercase()),
        ("period", range(periods[0], last, lang)),
        ("last", last.label(lang)),
        ("population", sentence(header.population.get(lang))),
    ];
    let mut words = vec![TEXTS.get(lang, "alt-multiples", &args)];
    words.push(ends_of(header, newest, lang));
    words.extend(missing(gaps, lang));
    words.join(" ")
}

fn ends(header: &Header, dots: &[Dot], lang: Lang) -> String {
    let values = dots
        .iter()
        .filter(|dot| !dot.is_total)
        .filter_map(|dot| Some((dot.label.as_str(), dot.point.estimate()?)));
    ends_of(header, values.collect(), lang)
}

/// The highest and the lowest of named values; one alone is neither.
pub(crate) fn ends_of(header: &Header, mut values: Vec<(&str, f64)>, lang: Lang) -> String {
    values.sort_by(|a, b| a.1.total_cmp(&b.1));
    let (Some(low), Some(high)) = (values.first(), values.last()) else {
        return TEXTS.get(lang, "alt-dots-none", &[]);
    };
    if let [(label, value)] = values.as_slice() {
        let args = [
            ("label", (*label).to_owned()),
            ("value", figure(header, *value, lang)),
        ];
        return TEXTS.get(lang, "alt-dots-one", &args);
    }
    let args = [
        ("high", figure(header, high.1, lang)),
        ("high_label", high.0.to_owned()),
        ("low", figure(header, low.1, lang)),
        ("low_label", low.0.to_owned()),
    ];
    TEXTS.get(lang, "alt-dots-ends", &args)
}

/// Words with what is missing after them.
pub(crate) fn with_missing(words: String, gaps: &Gaps, lang: Lang) -> String {
    match missing(gaps, lang) {
        Some(gaps) => format!("{words} {gaps}"),
        None => words,
    }
}

fn missing(gaps: &Gaps, lang: Lang) -> Option<String> {
    let count: usize = gaps.values().sum();
    if count == 0 {
        return None;
    }
    let reasons: Vec<String> = gaps
        .iter()
        .map(|(gap, count)| format!("{} {count}", gap_word(*gap, lang)))
        .collect();
    let args = [
        ("count", count.to_string()),
        ("form", form(count)),
        ("reasons", reasons.join(", ")),
    ];
    Some(TEXTS.get(lang, "alt-gaps", &args))
}
