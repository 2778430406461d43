//! From units to the cells of a table and its margins.

use std::collections::BTreeMap;

use super::city::Codes;
use super::day::Period;

/// The total of a dimension, as it is published.
pub(crate) const TOTAL: &str = "_T";
/// The category of what is not known.
pub(crate) const UNKNOWN: &str = "unknown";

/// What is counted or measured: a person, a family, an act.
#[derive(Default)]
pub(crate) struct Unit {
    places: Vec<(&'static str, Option<String>)>,
    /// Its number among the units of the indicator.
    pub(crate) serial: usize,
    /// An amount in cents, where it is known.
    pub(crate) cents: Option<i64>,
    /// A number that is no amount.
    pub(crate) number: Option<f64>,
    /// Whether it has the property of a share, where it is known.
    pub(crate) has: Option<bool>,
}

impl Unit {
    /// A unit that only counts.
    pub(crate) fn new() -> Unit {
        Unit::default()
    }

    /// Its category in a dimension, or nothing when it is not known.
    pub(crate) fn at(mut self, dimension: &'static str, category: Option<String>) -> Unit {
        self.places.push((dimension, category));
        self
    }

    fn category(&self, dimension: &str) -> String {
        let place = self.places.iter().find(|(own, _)| *own == dimension);
        let (_, category) = place.unwrap_or_else(|| panic!("no `{dimension}`"));
        category.clone().unwrap_or_else(|| UNKNOWN.to_owned())
    }
}

/// A cell as it should be.
#[derive(Clone, Debug)]
pub(crate) struct Cell {
    /// Whether the source was delivered.
    pub(crate) is_collected: bool,
    pub(crate) value: Option<f64>,
    pub(crate) standard_error: Option<f64>,
    pub(crate) n: u64,
    pub(crate) n_with: Option<u64>,
    /// In whole percent, where it is stated.
    pub(crate) coverage: Option<f64>,
}

/// A cell's period and its category in each dimension.
pub(crate) type Address = (String, Vec<String>);

/// The figures: by indicator and breakdown, the cells.
#[derive(Default)]
pub(crate) struct Figures {
    pub(crate) tables: BTreeMap<(String, String), BTreeMap<Address, Cell>>,
}

/// Measures the units of one cell.
pub(crate) type Measure<'a> = dyn Fn(&[&Unit]) -> Cell + 'a;

/// An indicator and its breakdowns, beside the plain series.
pub(crate) struct Plan {
    pub(crate) indicator: &'static str,
    pub(crate) breakdowns: &'static [&'static [&'static str]],
    /// Whether there is a plain series.
    pub(crate) has_total: bool,
}

impl Figures {
    /// Adds the cells of one period.
    pub(crate) fn add(
        &mut self,
        codes: &Codes,
        plan: &Plan,
        period: Period,
        units: &[Unit],
        measure: &Measure<'_>,
    ) {
        let mut breakdowns: Vec<&[&str]> = plan.breakdowns.to_vec();
        if plan.has_total {
            breakdowns.push(&[]);
        }
        for breakdown in breakdowns {
            let name = match breakdown {
                [] => "total".to_owned(),
                some => some.join("-"),
            };
            let table = (plan.indicator.to_owned(), name);
            let cells = self.tables.entry(table).or_default();
            for (keys, inside) in crossed(codes, breakdown, units) {
                let is_new = cells
                    .insert((period.name(), keys), measure(&inside))
                    .is_none();
                assert!(
                    is_new,
                    "{} of {} comes twice",
                    plan.indicator,
                    period.name()
                );
            }
        }
    }
}

/// Every cell of a breakdown with its units, the margins and the unknown included.
fn crossed<'a>(
    codes: &Codes,
    breakdown: &[&str],
    units: &'a [Unit],
) -> BTreeMap<Vec<String>, Vec<&'a Unit>> {
    let mut places: Vec<Vec<String>> = vec![Vec::new()];
    for dimension in breakdown {
        let mut choices = codes.categories(dimension);
        choices.extend([TOTAL.to_owned(), UNKNOWN.to_owned()]);
        let mut longer = Vec::new();
        for place in &places {
            for choice in &choices {
                let mut place = place.clone();
                place.push(choice.clone());
                longer.push(place);
            }
        }
        places = longer;
    }
    let mut cells = BTreeMap::new();
    for place in places {
        let is_in = |unit: &&Unit| {
            let mut pairs = breakdown.iter().zip(&place);
            pairs.all(|(dimension, key)| key == TOTAL || unit.category(dimension) == *key)
        };
        cells.insert(place.clone(), units.iter().filter(is_in).collect());
    }
    cells
}
