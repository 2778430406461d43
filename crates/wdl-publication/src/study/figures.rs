//! The pictures of a study with their tables: effects on a scale in points or euros, effects by time, those in the study, tests.

use std::collections::BTreeMap;

use wdl_chart::{
    Column, DataCell, DataTable, Effect, Effects, Gaps, Origin, Picture as _, Place, Row, Scope,
    Width,
};
use wdl_result::study::{ARM, ARMS, CHECK, FIGURE, FIGURES, MAIN, Part, RUN, RunKind, STEP, TIME};
use wdl_result::{Cell, Table, Unit};
use wdl_vocab::Lang;

use super::{Sentences, Study, end, is_hidden, part_of, shown_value};
use crate::parts::figures::{chart_html, table_html};
use crate::words::{TEXTS, say};

/// What a page shows of a study, as HTML.
pub(crate) struct Figures {
    /// The answer, on a scale with zero.
    pub(crate) main: Option<String>,
    /// The answer beside other ways of estimating.
    pub(crate) ways: Option<String>,
    /// The answer for some only.
    pub(crate) groups: Option<String>,
    /// Effects by time since the beginning, one picture for each run that has them.
    pub(crate) times: Vec<(String, String)>,
    /// Every estimate with interval, p-value and units.
    pub(crate) estimates: String,
    /// The units, from the design to the estimate.
    pub(crate) sample: Vec<String>,
    /// The plain means.
    pub(crate) means: Option<String>,
    /// The tests of the design.
    pub(crate) checks: Option<String>,
}

/// Everything that is drawn and tabled of a study.
pub(crate) fn figures(study: &Study<'_>, lang: Lang) -> Figures {
    let ways: Vec<&str> = runs(study, &[RunKind::Main, RunKind::Robustness]);
    let groups: Vec<&str> = runs(study, &[RunKind::Main, RunKind::Subgroup]);
    Figures {
        main: drawn(study, "study-main", "study-picture-main", &[MAIN], lang),
        ways: (ways.len() > 1)
            .then(|| drawn(study, "study-ways", "study-picture-ways", &ways, lang))
            .flatten(),
        groups: (groups.len() > 1)
            .then(|| drawn(study, "study-groups", "study-picture-groups", &groups, lang))
            .flatten(),
        times: times(study, lang),
        estimates: table_html(&estimates(study, lang), "study-estimates", lang),
        sample: sample(study, lang),
        means: study
            .of_part(Part::Means)
            .next()
            .map(|table| table_html(&plain(table, ARM, lang), "study-means", lang)),
        checks: study
            .of_part(Part::Checks)
            .next()
            .map(|table| table_html(&plain(table, CHECK, lang), "study-checks", lang)),
    }
}

fn runs<'a>(study: &Study<'a>, kinds: &[RunKind]) -> Vec<&'a str> {
    let all = study.face().runs.iter();
    let wanted = all.filter(|own| kinds.contains(&own.kind));
    wanted.map(|own| own.id.as_str()).collect()
}

/// The scale of the effects, in words.
pub(crate) fn scale(study: &Study<'_>, lang: Lang) -> String {
    let key = match study.header().unit {
        Unit::Share => "study-scale-share",
        Unit::Euro => "study-scale-euro",
        Unit::Days => "study-scale-days",
        Unit::Months => "study-scale-months",
        Unit::Years => "study-scale-years",
        Unit::Persons | Unit::Households | Unit::Dwellings | Unit::Acts | Unit::Ratio => {
            "study-scale-plain"
        }
    };
    let outcome = study.face().outcome.get(lang).to_owned();
    TEXTS.get(lang, key, &[("outcome", outcome)])
}

/// Runs one under the other, those that show something.
pub(crate) fn effects(study: &Study<'_>, runs: &[&str], lang: Lang) -> Effects {
    let scaled = |value: f64| shown_value(study.header(), value);
    let shown = runs.iter().filter_map(|run| {
        let own = study.shown(run)?;
        Some(Effect {
            label: study.label(run, lang),
            estimate: scaled(own.estimate),
            interval: own.interval.map(|ends| ends.map(scaled)),
        })
    });
    Effects {
        effects: shown.collect(),
        level: study.level(),
    }
}

fn drawn(study: &Study<'_>, id: &str, title: &str, runs: &[&str], lang: Lang) -> Option<String> {
    let picture = effects(study, runs, lang);
    let title = TEXTS.get(lang, title, &[("scale", scale(study, lang))]);
    (!picture.effects.is_empty()).then(|| in_both_widths(study, &picture, id, &title, lang))
}

fn origin(study: &Study<'_>) -> Origin {
    match study.header().synthetic {
        true => Origin::Synthetic,
        false => Origin::Unsaid,
    }
}

fn in_both_widths(
    study: &Study<'_>,
    picture: &Effects,
    id: &str,
    title: &str,
    lang: Lang,
) -> String {
    let draw = |ending: &str, width: Width| {
        let id = format!("{id}-{ending}");
        let place = Place {
            id: &id,
            title,
            width,
            origin: origin(study),
        };
        picture.draw(&place, lang).svg
    };
    chart_html(&draw("w", Width::Wide), &draw("n", Width::Narrow))
}

/// The picture of the effects, as a file of its own.
pub(crate) fn svg(study: &Study<'_>, lang: Lang) -> Option<String> {
    let ways = runs(study, &[RunKind::Main, RunKind::Robustness]);
    let picture = effects(study, &ways, lang);
    let title = TEXTS.get(lang, "study-picture-ways", &[("scale", scale(study, lang))]);
    let place = Place {
        id: "chart",
        title: &title,
        width: Width::Wide,
        origin: origin(study),
    };
    (!picture.effects.is_empty()).then(|| picture.draw(&place, lang).svg)
}

/// The place of a dimension in a table.
fn at(table: &Table, dimension: &str) -> Option<usize> {
    table.dimensions.iter().position(|own| own.id == dimension)
}

/// Effects by time, a picture and its table for each run.
fn times(study: &Study<'_>, lang: Lang) -> Vec<(String, String)> {
    let Some(table) = study.of_part(Part::Times).next() else {
        return Vec::new();
    };
    let places = (at(table, RUN), at(table, TIME), at(table, FIGURE));
    let (Some(run), Some(time), Some(figure)) = places else {
        return Vec::new();
    };
    let scaled = |value: f64| shown_value(study.header(), value);
    let mut found = Vec::new();
    for (place, own) in table.dimensions[run].categories.iter().enumerate() {
        let mut effects = Vec::new();
        for at in &table.dimensions[time].categories {
            let value = |wanted: &str| {
                let is_it = |cell: &&Cell| {
                    let is = |place: usize, id: &str| cell.keys[place].as_deref() == Some(id);
                    is(run, &own.id) && is(time, &at.id) && is(figure, wanted)
                };
                table.cells.iter().find(is_it)?.estimate
            };
            if let Some(estimate) = value(FIGURES[0]) {
                let ends = value(FIGURES[1]).zip(value(FIGURES[2]));
                effects.push(Effect {
                    label: TEXTS.get(
                        lang,
                        "study-time",
                        &[("time", at.label.get(lang).to_owned())],
                    ),
                    estimate: scaled(estimate),
                    interval: ends.map(|(low, high)| [scaled(low), scaled(high)]),
                });
            }
        }
        if effects.is_empty() {
            continue;
        }
        let level = study.level();
        let picture = Effects { effects, level };
        let title = TEXTS.get(
            lang,
            "study-picture-times",
            &[("scale", scale(study, lang))],
        );
        let of_run = |cell: &&Cell| cell.keys[run].as_deref() == Some(own.id.as_str());
        let note = match table.cells.iter().filter(of_run).any(is_hidden) {
            true => format!(
                "<p class=\"wdl-small\">{}</p>\n",
                crate::parts::escaped(&say(lang, "study-times-hidden"))
            ),
            false => String::new(),
        };
        let id = format!("study-times-{place}");
        let drawn = in_both_widths(study, &picture, &id, &title, lang);
        // Several tables of one page: each says which run it is of.
        let label = own.label.get(lang);
        let mut numbers = picture.table(lang);
        numbers.caption = format!("{} – {label}", numbers.caption);
        let numbers = table_html(&numbers, &format!("{id}-t"), lang);
        found.push((label.to_owned(), format!("{drawn}{note}{numbers}")));
    }
    found
}

fn row(head: String, cells: Vec<String>) -> Row {
    Row {
        head,
        scope: Scope::Row,
        is_total: false,
        cells: cells
            .into_iter()
            .map(|text| DataCell { text, gap: None })
            .collect(),
    }
}

fn data_table(caption: String, corner: String, columns: &[String], rows: Vec<Row>) -> DataTable {
    DataTable {
        caption,
        corner,
        columns: columns
            .iter()
            .map(|text| Column {
                text: text.clone(),
                scope: Scope::Column,
                is_number: true,
            })
            .collect(),
        rows,
        gaps: Gaps::new(),
    }
}

/// A p-value as people read it: never nought.
pub(crate) fn p_words(p: Option<f64>, lang: Lang) -> String {
    match p {
        None => "–".to_owned(),
        Some(p) if p < 0.001 => format!("<\u{a0}{}", lang.number(0.001, 3)),
        Some(p) => lang.number(p, 3),
    }
}

/// Every run with its estimate, interval, p-value and units.
pub(crate) fn estimates(study: &Study<'_>, lang: Lang) -> DataTable {
    let sentences = Sentences { study, lang };
    let header = study.header();
    let rows = study.face().runs.iter().map(|own| {
        let label = study.label(&own.id, lang);
        let Some(shown) = study.shown(&own.id) else {
            let none = "–".to_owned();
            let cells = vec![sentences.missing(&own.id), none.clone(), none.clone(), none];
            return row(label, cells);
        };
        let interval = shown.interval.map_or_else(
            || "–".to_owned(),
            |[low, high]| format!("[{}; {}]", end(header, low, lang), end(header, high, lang)),
        );
        let n = shown
            .n
            .map_or_else(|| "–".to_owned(), |n| lang.number(n as f64, 0));
        row(
            label,
            vec![
                end(header, shown.estimate, lang),
                interval,
                p_words(shown.p_value, lang),
                n,
            ],
        )
    });
    let columns = ["study-estimate", "study-interval", "study-p", "study-n"];
    data_table(
        TEXTS.get(
            lang,
            "study-estimates-caption",
            &[("scale", scale(study, lang))],
        ),
        say(lang, "study-run"),
        &columns.map(|key| say(lang, key)),
        rows.collect(),
    )
}

fn is_of_p_values(table: &Table) -> bool {
    matches!(part_of(table), Some(Part::Checks | Part::PValues))
}

/// What a cell shows, or why it shows nothing.
fn words(table: &Table, cell: Option<&Cell>, lang: Lang) -> String {
    let Some(cell) = cell else {
        return "–".to_owned();
    };
    match cell.estimate {
        Some(value) if is_of_p_values(table) => p_words(Some(value), lang),
        Some(value) => wdl_chart::numbers::figure(&table.header, value, lang),
        None if is_hidden(cell) => say(lang, "study-run-hidden"),
        None => "–".to_owned(),
    }
}

/// A table of one dimension, with the units that each number rests on.
pub(crate) fn plain(table: &Table, dimension: &str, lang: Lang) -> DataTable {
    let Some(place) = at(table, dimension) else {
        return data_table(String::new(), String::new(), &[], Vec::new());
    };
    let own = &table.dimensions[place];
    let rows = own.categories.iter().map(|category| {
        let is_it = |cell: &&Cell| cell.keys[place].as_deref() == Some(category.id.as_str());
        let cell = table.cells.iter().find(is_it);
        let n = cell.and_then(|cell| cell.n);
        let n = n.map_or_else(|| "–".to_owned(), |n| lang.number(n as f64, 0));
        let label = category.label.get(lang).to_owned();
        row(label, vec![words(table, cell, lang), n])
    });
    let value = match is_of_p_values(table) {
        true => say(lang, "study-p"),
        false => say(lang, "study-mean"),
    };
    data_table(
        table.header.definition.get(lang).to_owned(),
        own.label.get(lang).to_owned(),
        &[value, say(lang, "study-n")],
        rows.collect(),
    )
}

/// The units by what became of them, with and without the measure; and by subgroup those used.
pub(crate) fn sample_tables(study: &Study<'_>, lang: Lang) -> Vec<DataTable> {
    study
        .of_part(Part::Sample)
        .filter_map(|table| {
            let (step, arm) = (at(table, STEP)?, at(table, ARM)?);
            let group = (0..table.dimensions.len()).find(|own| *own != step && *own != arm);
            let by_keys: BTreeMap<&[Option<String>], &Cell> = table
                .cells
                .iter()
                .map(|cell| (cell.keys.as_slice(), cell))
                .collect();
            // By step in all, or the categories of a subgroup among those used.
            let (rows_of, fixed) = match group {
                None => (step, None),
                Some(group) => (group, Some(step)),
            };
            let heads = table.dimensions[rows_of]
                .categories
                .iter()
                .map(|own| (own.id.clone(), own.label.get(lang).to_owned()));
            let rows = heads.map(|(id, label)| {
                let arms = [Some(ARMS[0]), Some(ARMS[1]), None].map(|own| {
                    let mut keys: Vec<Option<String>> = vec![None; table.dimensions.len()];
                    keys[rows_of] = Some(id.clone());
                    keys[arm] = own.map(str::to_owned);
                    if let Some(fixed) = fixed {
                        keys[fixed] = Some("used".to_owned());
                    }
                    words(table, by_keys.get(keys.as_slice()).copied(), lang)
                });
                row(label, arms.into())
            });
            let face = study.face();
            let columns = [
                face.treated.get(lang).to_owned(),
                face.others.get(lang).to_owned(),
                say(lang, "study-all"),
            ];
            let caption = match group {
                None => TEXTS.get(
                    lang,
                    "study-sample-caption",
                    &[("unit", table.header.n_label.get(lang).to_owned())],
                ),
                Some(group) => TEXTS.get(
                    lang,
                    "study-group-caption",
                    &[
                        ("unit", table.header.n_label.get(lang).to_owned()),
                        ("group", table.dimensions[group].label.get(lang).to_owned()),
                    ],
                ),
            };
            let corner = table.dimensions[rows_of].label.get(lang).to_owned();
            Some(data_table(caption, corner, &columns, rows.collect()))
        })
        .collect()
}

fn sample(study: &Study<'_>, lang: Lang) -> Vec<String> {
    let tables = sample_tables(study, lang).into_iter().enumerate();
    tables
        .map(|(place, table)| table_html(&table, &format!("study-sample-{place}"), lang))
        .collect()
}
