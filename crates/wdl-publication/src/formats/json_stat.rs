//! JSON-stat 2.0: one dataset per table and language, the measures as a dimension of their own.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};
use wdl_result::{Cell, Dimension, Table};
use wdl_vocab::{Digest, Lang, Period};

use super::csv::unit_word;
use super::status_word;
use crate::cell::TOTAL;
use crate::release_face::ReleasedTable;
use crate::sentence::value_of;
use crate::words::say;

/// The concept ids of SDMX for time and for the measures; upper case, so that no dimension of a lab has the same.
const TIME: &str = "TIME_PERIOD";
const METRIC: &str = "MEASURE";

/// The measures a table has, in order.
fn measures(table: &Table) -> Vec<&'static str> {
    let has = |present: fn(&Cell) -> bool| table.cells.iter().any(present);
    let mut names = vec!["value"];
    if has(|cell| cell.standard_error.is_some()) {
        names.push("standard_error");
    }
    if has(|cell| cell.n.is_some()) {
        names.push("n");
    }
    if has(|cell| cell.n_with.is_some()) {
        names.push("n_with");
    }
    if has(|cell| cell.coverage.is_some()) {
        names.push("coverage");
    }
    names
}

fn measure(cell: &Cell, name: &str) -> Value {
    let Some(value) = value_of(cell) else {
        return Value::Null;
    };
    match name {
        "value" => json!(value),
        "standard_error" => json!(cell.standard_error),
        "n" => json!(cell.n),
        "n_with" => json!(cell.n_with),
        _ => json!(cell.coverage),
    }
}

/// The table as a JSON-stat dataset.
pub(crate) fn dataset(released: &ReleasedTable<'_>, lang: Lang) -> Vec<u8> {
    let table = released.table();
    let header = &table.header;
    let periods = table.periods();
    let axes: Vec<Vec<Option<&str>>> = table
        .dimensions
        .iter()
        .enumerate()
        .map(|(place, dimension)| axis(table, place, dimension))
        .collect();
    let names = measures(table);
    let (values, status) = cube(table, &periods, &axes, &names);
    let mut id = vec![TIME.to_owned()];
    id.extend(
        table
            .dimensions
            .iter()
            .map(|dimension| dimension.id.clone()),
    );
    id.push(METRIC.to_owned());
    let mut size = vec![periods.len()];
    size.extend(axes.iter().map(Vec::len));
    size.push(names.len());
    let mut dimension = Map::new();
    dimension.insert(TIME.to_owned(), period_axis(&periods, lang));
    for (each, axis) in table.dimensions.iter().zip(&axes) {
        dimension.insert(each.id.clone(), dimension_axis(each, axis, lang));
    }
    dimension.insert(METRIC.to_owned(), measure_axis(table, &names, lang));
    let mut notes = Vec::new();
    if let Some(notice) = wdl_chart::notice(header, lang) {
        notes.push(notice);
    }
    notes.push(header.definition.get(lang).to_owned());
    notes.push(header.coverage.get(lang).to_owned());
    notes.push(header.uncertainty.get(lang).to_owned());
    let document = json!({
        "version": "2.0",
        "class": "dataset",
        "label": header.title.get(lang),
        "source": header.source.get(lang),
        "updated": header.data_date,
        "note": notes,
        "id": id,
        "size": size,
        "role": { "time": [TIME], "metric": [METRIC] },
        "dimension": dimension,
        "value": values,
        "status": status,
        "extension": extension(released, lang),
    });
    let mut bytes = serde_json::to_vec(&document).expect("a document of finite numbers and text");
    bytes.push(b'\n');
    bytes
}

fn extension(released: &ReleasedTable<'_>, lang: Lang) -> Value {
    let header = &released.table().header;
    let mut extension = json!({
        "indicator": header.indicator,
        "breakdown": released.table().breakdown(),
        "population": header.population.get(lang),
        "statistic": header.statistic,
        "release": released.release.id,
        "snapshot": header.lineage.snapshot,
        "table": released.table().digest(),
        "code_version": header.lineage.code_version,
        "synthetic": header.synthetic,
    });
    if let Some(protection) = header.protection {
        extension["protection"] = json!(protection);
    }
    extension
}

/// The categories of a dimension, the total first when any cell is one.
fn axis<'a>(table: &'a Table, place: usize, dimension: &'a Dimension) -> Vec<Option<&'a str>> {
    let has_total = table
        .cells
        .iter()
        .any(|cell| cell.keys.get(place).is_some_and(Option::is_none));
    has_total
        .then_some(None)
        .into_iter()
        .chain(
            dimension
                .categories
                .iter()
                .map(|category| Some(category.id.as_str())),
        )
        .collect()
}

/// The values in row-major order, and the status of those that are missing, by place.
fn cube(
    table: &Table,
    periods: &[Period],
    axes: &[Vec<Option<&str>>],
    names: &[&'static str],
) -> (Vec<Value>, Map<String, Value>) {
    let cells: BTreeMap<(Period, Vec<Option<&str>>), &Cell> = table
        .cells
        .iter()
        .map(|cell| {
            let keys = cell.keys.iter().map(Option::as_deref).collect();
            ((cell.period, keys), cell)
        })
        .collect();
    let mut keys: Vec<Vec<Option<&str>>> = vec![Vec::new()];
    for axis in axes {
        keys = keys
            .iter()
            .flat_map(|before| {
                axis.iter().map(|key| {
                    let mut longer = before.clone();
                    longer.push(*key);
                    longer
                })
            })
            .collect();
    }
    let mut values = Vec::new();
    let mut status = Map::new();
    for period in periods {
        for key in &keys {
            let cell = cells.get(&(*period, key.clone()));
            for name in names {
                let value = cell.map_or(Value::Null, |cell| measure(cell, name));
                if value.is_null() {
                    let word = cell.map_or("absent", |cell| match value_of(cell) {
                        Some(_) => "not_given",
                        None => status_word(cell.status),
                    });
                    status.insert(values.len().to_string(), json!(word));
                }
                values.push(value);
            }
        }
    }
    (values, status)
}

fn category(entries: impl Iterator<Item = (String, String)>) -> Value {
    let entries: Vec<(String, String)> = entries.collect();
    let index: Vec<&str> = entries.iter().map(|(id, _)| id.as_str()).collect();
    let mut label = Map::new();
    for (id, words) in &entries {
        label.insert(id.clone(), json!(words));
    }
    json!({ "index": index, "label": label })
}

fn period_axis(periods: &[Period], lang: Lang) -> Value {
    let entries = periods
        .iter()
        .map(|period| (period.to_string(), period.label(lang)));
    json!({ "label": say(lang, "csv-period"), "category": category(entries) })
}

fn dimension_axis(dimension: &Dimension, axis: &[Option<&str>], lang: Lang) -> Value {
    let entries = axis.iter().map(|key| match key {
        None => (TOTAL.to_owned(), say(lang, "total-word")),
        Some(id) => {
            let named = dimension.categories.iter().find(|each| each.id == *id);
            let words = named.map_or(*id, |each| each.label.get(lang));
            ((*id).to_owned(), words.to_owned())
        }
    });
    json!({ "label": dimension.label.get(lang), "category": category(entries) })
}

fn measure_axis(table: &Table, names: &[&'static str], lang: Lang) -> Value {
    let header = &table.header;
    let words = |name: &str| match name {
        "value" => header.title.get(lang).to_owned(),
        "standard_error" => say(lang, "measure-standard-error"),
        "n" => header.n_label.get(lang).to_owned(),
        "n_with" => say(lang, "measure-n-with"),
        _ => say(lang, "measure-coverage"),
    };
    let mut axis = category(names.iter().map(|name| ((*name).to_owned(), words(name))));
    let mut units = Map::new();
    for name in names {
        let unit = match *name {
            "value" | "standard_error" => unit_word(header.unit),
            "coverage" => "share",
            _ => "count",
        };
        units.insert((*name).to_owned(), json!({ "label": unit }));
    }
    axis["unit"] = Value::Object(units);
    json!({ "label": say(lang, "measure-label"), "category": axis })
}

/// The digest of a file's bytes as it stands in the index.
pub(crate) fn digest(bytes: &[u8]) -> String {
    Digest::of(bytes).to_string()
}
