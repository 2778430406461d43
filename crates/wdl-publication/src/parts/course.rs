//! The stages of a course from indicators that say, of the same whole, which part reaches a stage.
//!
//! It rests on released totals alone: nothing is shown that their own pages do not show.

use wdl_result::{Category, Cell, Dimension, Status, Table, Unit};
use wdl_vocab::{Lang, Period, Text};

use crate::model::Indicator;
use crate::sentence;
use crate::words::TEXTS;

/// The dimension that the stages are categories of.
const STAGES: &str = "course_stage";

/// A table of shares: the whole, then the total of each indicator at a period, in their order.
///
/// None when an indicator is no share, or says nothing of the period.
pub(crate) fn of(indicators: &[&Indicator<'_>], period: Period) -> Option<Table> {
    let first = indicators.first()?;
    let mut categories = vec![Category {
        id: "all".to_owned(),
        label: capital(&first.header.n_label),
    }];
    let mut cells = vec![Cell {
        period,
        keys: vec![Some("all".to_owned())],
        estimate: Some(1.0),
        standard_error: None,
        n: None,
        n_with: None,
        coverage: None,
        status: Status::Value,
    }];
    for indicator in indicators {
        if indicator.header.unit != Unit::Share {
            return None;
        }
        let cell = *indicator.totals().get(&period)?;
        categories.push(Category {
            id: indicator.id.to_owned(),
            label: indicator.header.title.clone(),
        });
        cells.push(Cell {
            keys: vec![Some(indicator.id.to_owned())],
            ..cell.clone()
        });
    }
    Some(Table {
        header: first.header.clone(),
        dimensions: vec![Dimension {
            id: STAGES.to_owned(),
            label: Text::fixed("passaggio", "stage"),
            categories,
        }],
        cells,
    })
}

/// The title of a course: its last stage that has a number.
pub(crate) fn title(table: &Table, lang: Lang) -> Option<String> {
    let [dimension] = table.dimensions.as_slice() else {
        return None;
    };
    if dimension.id != STAGES {
        return None;
    }
    let last = table.cells.iter().rev().find_map(|cell| {
        let value = sentence::value_of(cell)?;
        let id = cell.keys.first()?.as_ref()?;
        let mut named = dimension.categories.iter();
        let category = named.find(|category| category.id == *id)?;
        Some((cell.period, value, category))
    });
    let (period, value, category) = last?;
    let args = [
        ("title", category.label.get(lang).to_owned()),
        (
            "value",
            wdl_chart::numbers::figure(&table.header, value, lang),
        ),
        ("when", sentence::when(period, lang)),
    ];
    Some(TEXTS.get(lang, "figure-series-title", &args))
}

fn capital(words: &Text) -> Text {
    let of = |lang: Lang| {
        let mut letters = words.get(lang).chars();
        let first = letters.next().into_iter().flat_map(char::to_uppercase);
        first.chain(letters).collect::<String>()
    };
    Text::new(of(Lang::It), of(Lang::En))
}
