//! An evaluation study as people read it, from its tables alone: the page of the site, the report inside the lab, the sheet on paper.
//!
//! Every number comes from a checked table, every word of the study from the header of its table of effects.

mod figures;
mod sentences;
mod sheet;
pub(crate) mod text;

pub(crate) use figures::svg;
pub use sheet::sheet;
pub use text::{page, text};

use wdl_chart::numbers;
use wdl_result::study::{FIGURES, MAIN, Part, RunFace, RunKind, StudyFace};
use wdl_result::{Cell, Header, Status, Table, Unit};
use wdl_vocab::Lang;

pub(crate) use figures::{Figures, figures};
pub(crate) use sentences::Sentences;

/// The tables of one study.
#[derive(Clone, Debug)]
pub struct Study<'a> {
    tables: Vec<&'a Table>,
    effects: &'a Table,
    face: &'a StudyFace,
}

/// An estimate with its interval, as the tables show it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Shown {
    pub(crate) estimate: f64,
    pub(crate) interval: Option<[f64; 2]>,
    pub(crate) p_value: Option<f64>,
    pub(crate) n: Option<u64>,
}

impl<'a> Study<'a> {
    /// The study of some tables; nothing when the table of effects, which speaks for it, is not among them.
    pub fn of(tables: impl IntoIterator<Item = &'a Table>) -> Option<Study<'a>> {
        let mut tables: Vec<&Table> = tables.into_iter().collect();
        tables.sort_by_key(|table| (part_of(table), table.dimensions.len(), table.breakdown()));
        let effects = *tables
            .iter()
            .find(|table| part_of(table) == Some(Part::Effects))?;
        let face = effects.header.study.as_ref()?.face.as_deref()?;
        Some(Study {
            effects,
            face,
            tables,
        })
    }

    /// What it says.
    pub fn face(&self) -> &'a StudyFace {
        self.face
    }

    pub(crate) fn header(&self) -> &'a Header {
        &self.effects.header
    }

    pub(crate) fn breakdown(&self) -> String {
        self.effects.breakdown()
    }

    pub(crate) fn id(&self) -> &'a str {
        let study = self.header().study.as_ref();
        study.map_or("", |own| own.study.as_str())
    }

    pub(crate) fn of_part(&self, part: Part) -> impl Iterator<Item = &'a Table> + '_ {
        let of = self.tables.iter().copied();
        of.filter(move |table| part_of(table) == Some(part))
    }

    pub(crate) fn runs(&self, kind: RunKind) -> impl Iterator<Item = &'a RunFace> + '_ {
        self.face.runs.iter().filter(move |own| own.kind == kind)
    }

    /// What is shown of a run; nothing when it is hidden or has no estimate.
    pub(crate) fn shown(&self, run: &str) -> Option<Shown> {
        let period = self.effects.periods().last().copied()?;
        let value = |figure: &str| {
            let cell = self.effects.cell(period, &[Some(run), Some(figure)])?;
            cell.estimate
        };
        let first = self.effects.cell(period, &[Some(run), Some(FIGURES[0])])?;
        let p_values = self.of_part(Part::PValues).next();
        let p_value = p_values.and_then(|table| table.cell(period, &[Some(run)])?.estimate);
        Some(Shown {
            estimate: first.estimate?,
            interval: value(FIGURES[1])
                .zip(value(FIGURES[2]))
                .map(|(low, high)| [low, high]),
            p_value,
            n: first.n,
        })
    }

    pub(crate) fn main(&self) -> Option<Shown> {
        self.shown(MAIN)
    }

    /// Whether a run is hidden, and not only without an estimate.
    pub(crate) fn is_hidden(&self, run: &str) -> bool {
        let cells = self.effects.cells.iter();
        let of_run = cells.filter(|cell| cell.keys.first().and_then(Option::as_deref) == Some(run));
        of_run.into_iter().any(is_hidden)
    }

    /// The label of a category in the table of effects.
    pub(crate) fn label(&self, run: &str, lang: Lang) -> String {
        let categories = self
            .effects
            .dimensions
            .iter()
            .flat_map(|own| &own.categories);
        let named = categories.into_iter().find(|own| own.id == run);
        named.map_or_else(|| run.to_owned(), |own| own.label.get(lang).to_owned())
    }

    /// The level of the intervals of the main run.
    pub(crate) fn level(&self) -> f64 {
        self.face.runs.first().map_or(0.95, |own| own.level)
    }
}

pub(crate) fn part_of(table: &Table) -> Option<Part> {
    table.header.study.as_ref().map(|own| own.part)
}

pub(crate) fn is_hidden(cell: &Cell) -> bool {
    match cell.status {
        Status::SuppressedPrimary | Status::SuppressedSecondary => true,
        Status::Value
        | Status::NotComputableEmpty
        | Status::NotComputableUndefined
        | Status::NotCollected => false,
    }
}

/// A difference in the unit of the outcome, with its sign: `−6,1 punti`, `+120 €`.
pub(crate) fn difference(header: &Header, value: f64, lang: Lang) -> String {
    let sign = match shown_value(header, value) {
        own if own > 0.0 => "+",
        own if own < 0.0 => "\u{2212}",
        _ => "",
    };
    format!("{sign}{}", size(header, value, lang))
}

/// A difference with its sign, for where the unit is said beside it: shares are numbers alone.
pub(crate) fn end(header: &Header, value: f64, lang: Lang) -> String {
    let words = difference(header, value, lang);
    match (header.unit, words.split_once('\u{a0}')) {
        (Unit::Share, Some((number, _))) => number.to_owned(),
        _ => words,
    }
}

/// The size of a difference, without its sign.
pub(crate) fn size(header: &Header, value: f64, lang: Lang) -> String {
    let value = value.abs();
    match header.unit {
        Unit::Share => {
            let number = lang.number(100.0 * value, usize::from(header.decimals));
            let word = match lang {
                Lang::It => "punti percentuali",
                Lang::En => "percentage points",
            };
            format!("{number}\u{a0}{word}")
        }
        Unit::Persons
        | Unit::Households
        | Unit::Dwellings
        | Unit::Acts
        | Unit::Euro
        | Unit::Days
        | Unit::Months
        | Unit::Years
        | Unit::Ratio => numbers::figure(header, value, lang),
    }
}

/// A value on the scale that readers see: points of a hundred for shares.
pub(crate) fn shown_value(header: &Header, value: f64) -> f64 {
    let value = match header.unit {
        Unit::Share => 100.0 * value,
        Unit::Persons
        | Unit::Households
        | Unit::Dwellings
        | Unit::Acts
        | Unit::Euro
        | Unit::Days
        | Unit::Months
        | Unit::Years
        | Unit::Ratio => value,
    };
    let power = 10f64.powi(i32::from(header.decimals));
    (value * power).round() / power
}

/// Euros with two digits that count: what is known of a cost is not known to the cent.
pub(crate) fn about_euros(value: f64, lang: Lang) -> String {
    let power = 10f64.powi((value.abs().max(1.0).log10().floor() as i32 - 1).max(0));
    numbers::with_unit(Unit::Euro, 0, (value / power).round() * power, lang)
}
