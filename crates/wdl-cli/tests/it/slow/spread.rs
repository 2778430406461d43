//! How incomes are spread: persons by class, and what each tenth has, from the definitions for people.

use super::city::City;
use super::day::Period;
use super::figures::{count, not_collected, plan};
use super::incomes::Persons;
use super::measures;
use super::table::{Cell, Figures, Measure, Plan, Unit};

const CLASSES: Plan = plan("income_distribution", &[&["income_class"]]);
const TENTHS: Plan = plan("income_share_by_tenth", &[&["income_tenth"]]);

/// The upper ends of the classes, in percent of the median; the last has none.
const ENDS: [i64; 12] = [20, 40, 50, 60, 70, 80, 100, 120, 140, 160, 200, 300];

fn class(cents: i64, twice_median: i64) -> String {
    let mut from = 0;
    for to in ENDS {
        if cents * 200 < twice_median * to {
            return format!("{from}_{to}");
        }
        from = to;
    }
    format!("{from}_")
}

/// Everybody with an income, by class and by tenth.
pub(super) fn classes(
    city: &City,
    year: Period,
    all: &Persons<'_>,
    is_collected: bool,
    figures: &mut Figures,
) {
    let mut cents: Vec<i64> = all.units.iter().filter_map(|unit| unit.cents).collect();
    cents.sort_unstable();
    let whole: i64 = cents.iter().sum();
    let twice_median = measures::twice_quantile(&cents, 1, 2).unwrap_or(0);
    let persons = cents.len();
    let (mut by_class, mut by_tenth) = (Vec::new(), Vec::new());
    for (place, cents) in cents.iter().enumerate() {
        by_class.push(Unit::new().at("income_class", Some(class(*cents, twice_median))));
        // The first tenth ends after a tenth of the persons, and so on; who stands on an end is in the lower one.
        let tenth = (1..=10).find(|tenth| place * 10 < tenth * persons);
        let mut unit = Unit::new().at("income_tenth", tenth.map(|tenth| tenth.to_string()));
        unit.cents = Some(*cents);
        by_tenth.push(unit);
    }
    let part = |units: &[&Unit]| {
        let own: i64 = units.iter().filter_map(|unit| unit.cents).sum();
        let thousandths = (1_000.0 * own as f64 / whole as f64).round();
        Cell {
            value: (whole > 0).then_some(thousandths / 1_000.0),
            ..count(units)
        }
    };
    let mut add = |plan: &Plan, units: &[Unit], measure: &Measure<'_>| {
        let measure = if is_collected {
            measure
        } else {
            &not_collected
        };
        figures.add(&city.codes, plan, year, units, measure);
    };
    add(&CLASSES, &by_class, &count);
    add(&TENTHS, &by_tenth, &part);
}
