//! The newest figures of an indicator, beside those of a year before.

use serde::Serialize;
use wdl_result::{Protection, Table, Unit};
use wdl_vocab::{Period, Text};

use super::file::WantedNewest;
use super::{Figure, Ground};

/// Figures of an indicator.
#[derive(Clone, Debug, Serialize)]
pub struct Newest {
    /// What it is called in the list.
    pub title: Text,
    /// The indicator.
    pub indicator: String,
    /// What it measures.
    pub definition: Option<Text>,
    /// What its sources see and what they do not.
    pub coverage: Option<Text>,
    /// How its numbers were changed instead of hiding small ones.
    pub changed: Option<Text>,
    /// The unit of its numbers.
    pub unit: Unit,
    /// Decimals to show, of the percent for shares.
    pub decimals: u8,
    /// The newest period of its table; none when it has no table.
    pub period: Option<Period>,
    /// The figures.
    pub lines: Vec<NewestLine>,
}

/// One figure.
#[derive(Clone, Debug, Serialize)]
pub struct NewestLine {
    /// The category; nothing for the total.
    pub label: Option<Text>,
    /// In the newest period.
    pub now: Figure,
    /// In the same period a year before.
    pub year_before: Figure,
}

pub(super) fn of(ground: &Ground<'_>, wanted: &WantedNewest) -> Newest {
    let table = ground.table(&wanted.indicator, wanted.dimension.as_deref());
    let defined = ground.indicators.list().iter();
    let mut defined = defined.filter(|each| each.id().as_str() == wanted.indicator);
    let defined = defined.next();
    Newest {
        title: wanted.title.clone(),
        indicator: wanted.indicator.clone(),
        definition: defined.map(|each| each.definition().clone()),
        coverage: table.map(|table| table.header.coverage.clone()),
        changed: table
            .and_then(|table| table.header.protection)
            .map(Protection::words),
        unit: defined.map_or(Unit::Ratio, |each| each.unit()),
        decimals: table.map_or(0, |table| table.header.decimals),
        period: table.and_then(|table| table.periods().last().copied()),
        lines: lines(table, wanted),
    }
}

fn lines(table: Option<&Table>, wanted: &WantedNewest) -> Vec<NewestLine> {
    let categories: Vec<Option<&str>> = match wanted.categories.is_empty() {
        true => vec![None],
        false => wanted
            .categories
            .iter()
            .map(|each| Some(each.as_str()))
            .collect(),
    };
    categories
        .into_iter()
        .map(|category| line(table, category))
        .collect()
}

fn line(table: Option<&Table>, category: Option<&str>) -> NewestLine {
    let newest = table.and_then(|table| table.periods().last().copied());
    let (Some(table), Some(period)) = (table, newest) else {
        return NewestLine {
            label: None,
            now: Figure::NotCollected,
            year_before: Figure::NotCollected,
        };
    };
    let keys: Vec<Option<&str>> = table.dimensions.iter().map(|_| category).collect();
    let categories = table.dimensions.iter().flat_map(|each| &each.categories);
    let mut named = categories.filter(|each| Some(each.id.as_str()) == category);
    NewestLine {
        label: named.next().map(|each| each.label.clone()),
        now: Figure::of(table.cell(period, &keys)),
        year_before: Figure::of(table.cell(year_before(period), &keys)),
    }
}

fn year_before(period: Period) -> Period {
    match period {
        Period::Year(year) => Period::Year(year - 1),
        Period::Quarter { year, quarter } => Period::quarter(year - 1, quarter),
    }
}
