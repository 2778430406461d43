//! The table of a chart's numbers: header cells with their scope, formatted cells, a word where a value is missing.

use wdl_result::{Additivity, Category, Table};
use wdl_vocab::{Lang, Period};

use crate::ChartError;
use crate::frame::range;
use crate::heat::Turned;
use crate::numbers::{count, figure, interval, unit_words, with_unit};
use crate::series::{Gap, Gaps, Keys, Point, View, rows_of};
use crate::words::{TEXTS, gap_word, names_dimension};

/// Which cells a header cell speaks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// The column under it.
    Column,
    /// The row beside it.
    Row,
}

impl Scope {
    /// The value of the `scope` attribute.
    pub fn attribute(self) -> &'static str {
        match self {
            Scope::Column => "col",
            Scope::Row => "row",
        }
    }
}

/// The head of a column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// The words.
    pub text: String,
    /// Always [`Scope::Column`].
    pub scope: Scope,
    /// True when its cells are numbers, shown to the right.
    pub is_number: bool,
}

/// One cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DataCell {
    /// The number as readers write it, or the word of what is missing.
    pub text: String,
    /// Why there is no number.
    pub gap: Option<Gap>,
}

/// One row: its head and its cells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The words of the head.
    pub head: String,
    /// Always [`Scope::Row`].
    pub scope: Scope,
    /// True for the row of the total.
    pub is_total: bool,
    /// The cells.
    pub cells: Vec<DataCell>,
}

/// A table ready to be written out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DataTable {
    /// What it shows: indicator, unit, breakdown, period.
    pub caption: String,
    /// The head of the first column, above the row heads.
    pub corner: String,
    /// The heads of the other columns.
    pub columns: Vec<Column>,
    /// The rows.
    pub rows: Vec<Row>,
    /// What is missing in it.
    pub gaps: Gaps,
}

/// Above this count of categories, categories become rows and only the newest periods are shown.
const MAX_COLUMNS: usize = 8;
/// The periods shown then.
const SHOWN_PERIODS: usize = 5;

/// All periods, newest first: the value with its interval and base for a single series, a column per category for one dimension.
///
/// # Errors
/// [`ChartError`] when the table is empty or has more than one dimension.
pub fn over_time(table: &Table, lang: Lang) -> Result<DataTable, ChartError> {
    let view = View::new(table);
    let mut periods = view.periods()?;
    periods.reverse();
    match table.dimensions.as_slice() {
        [] => Ok(single(&view, &periods, lang)),
        [dimension] if dimension.categories.len() <= MAX_COLUMNS => {
            Ok(by_period(&view, &periods, lang))
        }
        [_] => Ok(by_category(&view, &periods, lang)),
        more => Err(ChartError::WrongDimensions {
            table: table.breakdown(),
            expected: 1,
            actual: more.len(),
        }),
    }
}

fn single(view: &View<'_>, periods: &[Period], lang: Lang) -> DataTable {
    let extras = Extras::of(view);
    let keys = Keys::new();
    let rows = periods.iter().map(|period| Row {
        head: period.label(lang),
        scope: Scope::Row,
        is_total: false,
        cells: extras.cells(view, *period, &keys, lang),
    });
    let args = captions(view, periods, lang);
    DataTable {
        caption: TEXTS.get(lang, "caption-series", &args),
        corner: TEXTS.get(lang, "column-period", &[]),
        columns: extras.columns(view, lang),
        rows: rows.collect(),
        gaps: Gaps::new(),
    }
    .counted()
}

fn by_period(view: &View<'_>, periods: &[Period], lang: Lang) -> DataTable {
    let selections = rows_of(view);
    let rows = periods.iter().map(|period| Row {
        head: period.label(lang),
        scope: Scope::Row,
        is_total: false,
        cells: selections
            .iter()
            .map(|keys| value_cell(view, *period, keys, lang))
            .collect(),
    });
    let args = captions(view, periods, lang);
    DataTable {
        caption: TEXTS.get(lang, "caption-over-time", &args),
        corner: TEXTS.get(lang, "column-period", &[]),
        columns: selections
            .iter()
            .map(|keys| number_column(view.label(keys, lang)))
            .collect(),
        rows: rows.collect(),
        gaps: Gaps::new(),
    }
    .counted()
}

fn by_category(view: &View<'_>, periods: &[Period], lang: Lang) -> DataTable {
    let shown = &periods[..periods.len().min(SHOWN_PERIODS)];
    let rows = rows_of(view).into_iter().map(|keys| Row {
        head: view.label(&keys, lang),
        scope: Scope::Row,
        is_total: keys[0].is_none(),
        cells: shown
            .iter()
            .map(|period| value_cell(view, *period, &keys, lang))
            .collect(),
    });
    let mut args = captions(view, periods, lang);
    args.push(("shown", shown.len().to_string()));
    args.push(("count", periods.len().to_string()));
    let key = match shown.len() == periods.len() {
        true => "caption-over-time",
        false => "caption-over-time-cut",
    };
    DataTable {
        caption: TEXTS.get(lang, key, &args),
        corner: view.table.dimensions[0].label.get(lang).to_owned(),
        columns: shown
            .iter()
            .map(|period| number_column(period.label(lang)))
            .collect(),
        rows: rows.collect(),
        gaps: Gaps::new(),
    }
    .counted()
}

/// One period of a one-dimension table: category, value, interval, base, coverage.
///
/// # Errors
/// [`ChartError`] when the table has not exactly one dimension.
pub fn latest(table: &Table, period: Period, lang: Lang) -> Result<DataTable, ChartError> {
    let [dimension] = table.dimensions.as_slice() else {
        return Err(ChartError::WrongDimensions {
            table: table.breakdown(),
            expected: 1,
            actual: table.dimensions.len(),
        });
    };
    let view = View::new(table);
    let extras = Extras::of(&view);
    let rows = rows_of(&view).into_iter().map(|keys| Row {
        head: view.label(&keys, lang),
        scope: Scope::Row,
        is_total: keys[0].is_none(),
        cells: extras.cells(&view, period, &keys, lang),
    });
    Ok(DataTable {
        caption: TEXTS.get(lang, "caption-latest", &captions(&view, &[period], lang)),
        corner: dimension.label.get(lang).to_owned(),
        columns: extras.columns(&view, lang),
        rows: rows.collect(),
        gaps: Gaps::new(),
    }
    .counted())
}

/// One period of a two-dimension table: the dimension with more categories in rows, the other in columns.
///
/// # Errors
/// [`ChartError`] when the table has not exactly two dimensions.
pub fn crossed(table: &Table, period: Period, lang: Lang) -> Result<DataTable, ChartError> {
    let turned = Turned::of(table)?;
    let view = View::new(table);
    let total = TEXTS.get(lang, "total", &[]);
    let name = |category: Option<&Category>| match category {
        Some(category) => category.label.get(lang).to_owned(),
        None => total.clone(),
    };
    let (down, across) = (turned.down, turned.across);
    let columns = turned.side(&view, across);
    let rows = turned
        .side(&view, down)
        .into_iter()
        .map(|row| Row {
            head: name(row),
            scope: Scope::Row,
            is_total: row.is_none(),
            cells: columns
                .iter()
                .map(|column| value_cell(&view, period, &turned.keys(row, *column), lang))
                .collect(),
        })
        .collect();
    let mut args = captions(&view, &[period], lang);
    args.retain(|(name, _)| *name != "dimension");
    args.push(("dimension", down.label.get(lang).to_lowercase()));
    args.push(("other", across.label.get(lang).to_lowercase()));
    Ok(DataTable {
        caption: TEXTS.get(lang, "caption-crossed", &args),
        corner: down.label.get(lang).to_owned(),
        columns: columns
            .iter()
            .map(|column| number_column(name(*column)))
            .collect(),
        rows,
        gaps: Gaps::new(),
    }
    .counted())
}

impl DataTable {
    fn counted(mut self) -> DataTable {
        // A row that is missing shows its reason once, in the cell of the value.
        for row in &self.rows {
            for gap in row.cells.iter().filter_map(|cell| cell.gap) {
                *self.gaps.entry(gap).or_default() += 1;
            }
        }
        self
    }
}

/// Which columns beside the value have anything to say.
struct Extras {
    interval: bool,
    base: bool,
    coverage: bool,
}

impl Extras {
    fn of(view: &View<'_>) -> Extras {
        let cells = &view.table.cells;
        Extras {
            interval: cells.iter().any(|cell| cell.standard_error.is_some()),
            // The base of a count is the count itself.
            base: view.table.header.additivity != Additivity::Count
                && cells.iter().any(|cell| cell.n.is_some()),
            coverage: cells.iter().any(|cell| cell.coverage.is_some()),
        }
    }

    fn columns(&self, view: &View<'_>, lang: Lang) -> Vec<Column> {
        let header = &view.table.header;
        let value = format!(
            "{} ({})",
            TEXTS.get(lang, "column-value", &[]),
            unit_words(header.unit, lang)
        );
        let mut columns = vec![number_column(value)];
        if self.interval {
            columns.push(number_column(TEXTS.get(lang, "column-interval", &[])));
        }
        if self.base {
            columns.push(number_column(header.n_label.get(lang).to_owned()));
        }
        if self.coverage {
            columns.push(number_column(TEXTS.get(lang, "column-coverage", &[])));
        }
        columns
    }

    fn cells(&self, view: &View<'_>, period: Period, keys: &Keys, lang: Lang) -> Vec<DataCell> {
        let header = &view.table.header;
        let cell = view.cell(period, keys);
        let point = Point::of(cell);
        let mut cells = vec![value_cell(view, period, keys, lang)];
        let empty = "–".to_owned();
        let mut push = |text: Option<String>| {
            cells.push(DataCell {
                text: text.unwrap_or_else(|| empty.clone()),
                gap: None,
            });
        };
        if self.interval {
            push(match point {
                Point::Value {
                    estimate,
                    standard_error: Some(error),
                } => Some(interval(header, estimate, error, lang)),
                Point::Value { .. } | Point::Missing(_) => None,
            });
        }
        let is_shown = point.estimate().is_some();
        if self.base {
            let base = cell.filter(|_| is_shown).and_then(|cell| cell.n);
            push(base.map(|n| count(n, lang)));
        }
        if self.coverage {
            let part = cell.filter(|_| is_shown).and_then(|cell| cell.coverage);
            push(part.map(|part| with_unit(wdl_result::Unit::Share, 0, part, lang)));
        }
        cells
    }
}

fn number_column(text: String) -> Column {
    Column {
        text,
        scope: Scope::Column,
        is_number: true,
    }
}

fn value_cell(view: &View<'_>, period: Period, keys: &Keys, lang: Lang) -> DataCell {
    match Point::of(view.cell(period, keys)) {
        Point::Value { estimate, .. } => DataCell {
            text: figure(&view.table.header, estimate, lang),
            gap: None,
        },
        Point::Missing(gap) => DataCell {
            text: gap_word(gap, lang),
            gap: Some(gap),
        },
    }
}

/// The arguments of captions; `periods` newest first.
fn captions(view: &View<'_>, periods: &[Period], lang: Lang) -> Vec<(&'static str, String)> {
    let header = &view.table.header;
    let (newest, oldest) = (periods[0], periods[periods.len() - 1]);
    let dimension = view.table.dimensions.first();
    let title = header.title.get(lang);
    let is_said = dimension.is_some_and(|d| names_dimension(title, d.label.get(lang), lang));
    vec![
        ("title", title.to_owned()),
        ("said", if is_said { "yes" } else { "no" }.to_owned()),
        ("unit", unit_words(header.unit, lang)),
        ("period", range(oldest, newest, lang)),
        (
            "dimension",
            dimension.map_or(String::new(), |d| d.label.get(lang).to_lowercase()),
        ),
    ]
}
