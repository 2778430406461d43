//! An invented table: a poverty rate by quartiere, with a gap of each kind.

use wdl_result::{
    Additivity, Category, Cell, Dimension, Header, Lineage, ObservableFrom, Status, Table, Unit,
};
use wdl_vocab::{Digest, IndicatorId, Period, SnapshotId, Text};

pub(crate) fn header(unit: Unit, decimals: u8) -> Header {
    Header {
        indicator: IndicatorId::parse("arpr").unwrap(),
        theme: "poverta".to_owned(),
        title: Text::fixed("Rischio di povertà", "At risk of poverty"),
        definition: Text::fixed("Quota sotto la soglia.", "Share below the threshold."),
        source: Text::fixed("Eurostat", "Eurostat"),
        unit,
        decimals,
        interval: wdl_result::Interval::Plain,
        additivity: Additivity::Share,
        population: Text::fixed(
            "persone in famiglie con almeno un dichiarante",
            "persons in households with at least one filer",
        ),
        n_label: Text::fixed("Persone osservate", "Persons observed"),
        statistic: "arpr/1".to_owned(),
        observable_from: ObservableFrom::Register,
        uncertainty: Text::fixed("Errore di superpopolazione.", "Superpopulation error."),
        coverage: Text::fixed("Solo chi dichiara.", "Filers only."),
        synthetic: true,
        data_date: "2026-11-05".to_owned(),
        lineage: Lineage {
            snapshot: SnapshotId::parse("s-0123456789ab").unwrap(),
            definition: Digest::of(b"definition"),
            code_version: "0.1.0".to_owned(),
            inputs: Vec::new(),
        },
        protection: None,
        study: None,
    }
}

fn cell(period: Period, keys: Vec<Option<String>>, value: Result<f64, Status>) -> Cell {
    let status = value.err().unwrap_or(Status::Value);
    let estimate = value.ok();
    Cell {
        period,
        keys,
        estimate,
        standard_error: estimate.map(|v| v * 0.05),
        n: estimate.map(|v| (v * 10_000.0) as u64),
        n_with: None,
        coverage: estimate.map(|_| 0.87),
        status,
    }
}

/// A single series of years with one year not collected.
pub(crate) fn series() -> Table {
    let values = [0.152, 0.149, 0.147, 0.171, 0.168, 0.159, 0.163, 0.166];
    let cells = values.iter().enumerate().map(|(place, value)| {
        let value = if place == 3 {
            Err(Status::NotCollected)
        } else {
            Ok(*value)
        };
        cell(Period::Year(2017 + place as i16), Vec::new(), value)
    });
    Table {
        header: header(Unit::Share, 1),
        dimensions: Vec::new(),
        cells: cells.collect(),
    }
}

/// Quarters of four quartieri, with suppressed cells.
pub(crate) fn by_quartiere() -> Table {
    let names = [
        "Centro Storico",
        "Crocetta",
        "Buon Pastore",
        "Madonnina & co.",
    ];
    let categories = names.iter().enumerate().map(|(place, name)| Category {
        id: format!("Q{}", place + 1),
        label: Text::new(*name, *name),
    });
    let mut cells = Vec::new();
    let mut period = Period::quarter(2024, 2);
    for step in 0..9 {
        let at = |place: f64| 0.14 + 0.03 * place + 0.002 * f64::from(step);
        cells.push(cell(period, vec![None], Ok(at(1.5))));
        for place in 0..4 {
            let value = match (place, step) {
                (3, 2..=4) => Err(Status::SuppressedPrimary),
                (2, 3) => Err(Status::SuppressedSecondary),
                (0, 8) => Err(Status::NotComputableEmpty),
                _ => Ok(at(f64::from(place))),
            };
            cells.push(cell(period, vec![Some(format!("Q{}", place + 1))], value));
        }
        period = period.next();
    }
    Table {
        header: header(Unit::Share, 1),
        dimensions: vec![Dimension {
            id: "quartiere".to_owned(),
            label: Text::fixed("Quartiere", "District"),
            categories: categories.collect(),
        }],
        cells,
    }
}

/// No attribute and no coordinate of a drawing is what a division by nothing leaves.
pub(crate) fn numbers_are_finite(svg: &str) -> bool {
    let wrong = ["NaN", "\"inf", "-inf", ",inf", " inf "];
    wrong.iter().all(|word| !svg.contains(word))
}
