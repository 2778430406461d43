//! The measures of income, from the definitions for people: poverty under several lines, and inequality.

use std::collections::BTreeMap;

use super::city::{City, Position};
use super::day::Period;
use super::errors::{Everybody, Person};
use super::figures::{at_home, not_collected, plan, share, with_coverage};
use super::housing::{self, FamilyYear};
use super::measures;
use super::spread;
use super::table::{Cell, Figures, Measure, Plan, Unit};
use super::work;

/// What a measure is asked of: a cell of the city.
struct Asked<'a> {
    everybody: &'a Everybody,
    /// The incomes of the cell, sorted.
    cents: &'a [i64],
    /// The numbers of its persons.
    persons: &'a [usize],
}

/// A measure and its standard error.
type Measured = (Option<f64>, Option<f64>);

fn threshold(asked: &Asked<'_>) -> Measured {
    // In whole euro: sixty hundredths of the median can be those of one family's exact income.
    (
        Some(asked.everybody.threshold.round()),
        asked.everybody.of_threshold(),
    )
}

fn rate(asked: &Asked<'_>) -> Measured {
    let poor = measures::poor(asked.cents, asked.everybody.twenty_thresholds).len();
    let rate = poor as f64 / asked.cents.len() as f64;
    let is_there = !asked.cents.is_empty();
    (
        is_there.then_some(rate),
        asked.everybody.of_rate(asked.persons),
    )
}

fn gap(asked: &Asked<'_>) -> Measured {
    let gap = measures::gap(asked.cents, asked.everybody.twenty_thresholds);
    (gap, asked.everybody.of_gap(asked.persons))
}

fn quintile_ratio(asked: &Asked<'_>) -> Measured {
    ratio(asked, measures::QUINTILES)
}

fn palma(asked: &Asked<'_>) -> Measured {
    ratio(asked, measures::PALMA)
}

fn ratio(asked: &Asked<'_>, tails: (measures::Part, measures::Part)) -> Measured {
    let ratio = measures::share_ratio(asked.cents, tails);
    let error = asked.everybody.of_ratio(asked.persons, asked.cents, tails);
    (ratio, error)
}

fn gini(asked: &Asked<'_>) -> Measured {
    let gini = measures::gini(asked.cents);
    let error = gini.and_then(|gini| asked.everybody.of_gini(asked.persons, gini));
    (gini, error)
}

fn both(measured: Option<(f64, Option<f64>)>) -> Measured {
    match measured {
        Some((value, error)) => (Some(value), error),
        None => (None, None),
    }
}

fn quantile(asked: &Asked<'_>, part: measures::Part) -> Measured {
    // In whole euro, like the threshold.
    let twice = measures::twice_quantile(asked.cents, part.0, part.1);
    let error = asked
        .everybody
        .of_quantile(asked.persons, asked.cents, part);
    (twice.map(|twice| (twice as f64 / 200.0).round()), error)
}

fn poorest_fifth(asked: &Asked<'_>) -> Measured {
    let error = asked
        .everybody
        .of_poorest_share(asked.persons, asked.cents, (1, 5));
    (measures::poorest_share(asked.cents, (1, 5)), error)
}

fn richest_tenth(asked: &Asked<'_>) -> Measured {
    let others = measures::poorest_share(asked.cents, (9, 10));
    let error = asked
        .everybody
        .of_poorest_share(asked.persons, asked.cents, (9, 10));
    (others.map(|others| 1.0 - others), error)
}

/// An indicator, the tenths of the median its line is at, and how it is measured.
struct Way {
    plan: Plan,
    tenths: i64,
    measure: fn(&Asked<'_>) -> Measured,
    /// Whether its poor are counted.
    is_rate: bool,
    /// Whether who has no income is left out.
    is_of_positive: bool,
}

const fn way(
    indicator: &'static str,
    breakdowns: &'static [&'static [&'static str]],
    measure: fn(&Asked<'_>) -> Measured,
) -> Way {
    Way {
        plan: plan(indicator, breakdowns),
        tenths: 6,
        measure,
        is_rate: false,
        is_of_positive: false,
    }
}

const fn line(
    indicator: &'static str,
    breakdowns: &'static [&'static [&'static str]],
    tenths: i64,
) -> Way {
    Way {
        tenths,
        is_rate: true,
        ..way(indicator, breakdowns, rate)
    }
}

const fn positive(indicator: &'static str, measure: fn(&Asked<'_>) -> Measured) -> Way {
    Way {
        is_of_positive: true,
        ..way(indicator, &[], measure)
    }
}

const RATE: &[&[&str]] = &[
    &["quartiere"],
    &["citizenship_group"],
    &["family_type"],
    &["age_group"],
    &["sex"],
    &["quartiere", "citizenship_group"],
];
const BY_CITIZENSHIP: &[&[&str]] = &[&["citizenship_group"]];
const BY_PLACE: &[&[&str]] = &[&["quartiere"], &["citizenship_group"]];

const WAYS: &[Way] = &[
    way("at_risk_of_poverty_threshold", &[], threshold),
    line("at_risk_of_poverty_rate", RATE, 6),
    line("at_risk_of_poverty_rate_40", BY_CITIZENSHIP, 4),
    line("at_risk_of_poverty_rate_50", BY_CITIZENSHIP, 5),
    line("at_risk_of_poverty_rate_70", &[], 7),
    way(
        "poverty_gap",
        &[&["citizenship_group"], &["family_type"]],
        gap,
    ),
    way("poverty_gap_index", BY_CITIZENSHIP, |asked| {
        both(asked.everybody.gap_power(asked.persons, 1))
    }),
    way("poverty_severity", &[], |asked| {
        both(asked.everybody.gap_power(asked.persons, 2))
    }),
    way("sen_shorrocks_thon", &[], |asked| {
        both(asked.everybody.larger_gap(asked.persons))
    }),
    way("income_quintile_share_ratio", BY_PLACE, quintile_ratio),
    way("palma_ratio", &[], palma),
    way("gini", BY_PLACE, gini),
    way("income_share_poorest_fifth", &[], poorest_fifth),
    way("income_share_richest_tenth", &[], richest_tenth),
    way("income_first_decile", &[], |asked| quantile(asked, (1, 10))),
    way("median_income", BY_PLACE, |asked| quantile(asked, (1, 2))),
    way("income_ninth_decile", &[], |asked| quantile(asked, (9, 10))),
    positive("atkinson_index", |asked| {
        both(asked.everybody.atkinson_half(asked.persons))
    }),
    positive("theil_index", |asked| {
        both(asked.everybody.theil(asked.persons))
    }),
    positive("mean_log_deviation", |asked| {
        both(asked.everybody.log_deviation(asked.persons))
    }),
];

/// The group of an age.
pub(super) fn age_group(age: i32) -> String {
    match age {
        ..18 => "0_17",
        18..35 => "18_34",
        35..65 => "35_64",
        _ => "65_plus",
    }
    .to_owned()
}

/// Who was at risk of poverty in a year, where it is known; and twice the median, in cents.
struct YearOfPoverty {
    is_poor: BTreeMap<String, Option<bool>>,
    twice_median: i64,
}

/// What is known of the years before.
#[derive(Default)]
pub(crate) struct History {
    years: BTreeMap<i32, YearOfPoverty>,
}

impl History {
    fn is_poor(&self, year: i32, person: Option<&str>) -> Option<bool> {
        *self.years.get(&year)?.is_poor.get(person?)?
    }

    /// Whether the family of a person is at risk of poverty, when the person is in one; and whether that is known.
    pub(super) fn seen(&self, year: i32, person: &str) -> Option<Option<bool>> {
        self.years.get(&year)?.is_poor.get(person).copied()
    }
}

/// Everybody in a family, each with the family's equivalised income.
pub(super) struct Persons<'a> {
    positions: Vec<&'a Position>,
    pub(super) units: Vec<Unit>,
    persons: Vec<Person>,
}

fn persons<'a>(city: &City, year: Period, families: &[FamilyYear<'a>]) -> Persons<'a> {
    let mut all = Persons {
        positions: Vec::new(),
        units: Vec::new(),
        persons: Vec::new(),
    };
    for (number, of_year) in families.iter().enumerate() {
        for member in &of_year.family.members {
            let age = year.last_day().age_of(member.born);
            let mut unit = at_home(city, Some(member))
                .at("family_type", Some(of_year.family.family_type.to_owned()))
                .at("age_group", Some(age_group(age)))
                .at("sex", Some(member.sex.clone()));
            unit.cents = of_year.equivalised_cents;
            unit.serial = all.persons.len();
            all.units.push(unit);
            all.positions.push(member);
            all.persons.push(Person {
                family: number,
                cents: of_year.equivalised_cents,
            });
        }
    }
    all
}

/// The incomes of units that have one, sorted.
fn sorted_cents(units: &[&Unit]) -> Vec<i64> {
    let mut cents: Vec<i64> = units.iter().filter_map(|unit| unit.cents).collect();
    cents.sort_unstable();
    cents
}

/// All measures of income of a year.
pub(super) fn incomes(
    city: &City,
    year: Period,
    families: &[FamilyYear<'_>],
    history: &mut History,
    figures: &mut Figures,
) {
    let all = persons(city, year, families);
    let is_collected = housing::has_returns(city, year.year);
    remember(year, &all, is_collected, history);
    for way in WAYS {
        if !is_collected {
            figures.add(&city.codes, &way.plan, year, &all.units, &not_collected);
            continue;
        }
        let everybody = Everybody::new(all.persons.clone(), families.len(), way.tenths).unwrap();
        let measured = |units: &[&Unit]| with_coverage(measure(way, &everybody, units), units);
        figures.add(&city.codes, &way.plan, year, &all.units, &measured);
    }
    anchored(
        city,
        year,
        &all,
        (families.len(), is_collected),
        history,
        figures,
    );
    over_years(city, year, &all, is_collected, history, figures);
    spread::classes(city, year, &all, is_collected, figures);
    working(city, year, &all, (families.len(), is_collected), figures);
}

fn measure(way: &Way, everybody: &Everybody, units: &[&Unit]) -> Cell {
    let taken: Vec<&Unit> = units
        .iter()
        .copied()
        .filter(|unit| !way.is_of_positive || unit.cents.is_none_or(|cents| cents > 0))
        .collect();
    let cents = sorted_cents(&taken);
    let persons: Vec<usize> = taken.iter().map(|unit| unit.serial).collect();
    let (value, error) = (way.measure)(&Asked {
        everybody,
        cents: &cents,
        persons: &persons,
    });
    let poor = measures::poor(&cents, everybody.twenty_thresholds).len() as u64;
    Cell {
        is_collected: true,
        value,
        standard_error: error.filter(|_| value.is_some()),
        n: cents.len() as u64,
        n_with: way.is_rate.then_some(poor),
        coverage: None,
    }
}

fn remember(year: Period, all: &Persons<'_>, is_collected: bool, history: &mut History) {
    if !is_collected {
        return;
    }
    let units: Vec<&Unit> = all.units.iter().collect();
    let cents = sorted_cents(&units);
    let twice_median = measures::twice_quantile(&cents, 1, 2).unwrap();
    let mut is_poor = BTreeMap::new();
    for (position, person) in all.positions.iter().zip(&all.persons) {
        if let Some(own) = &position.person {
            let poor = person.cents.map(|cents| cents * 20 < 6 * twice_median);
            is_poor.insert(own.clone(), poor);
        }
    }
    history.years.insert(
        year.year,
        YearOfPoverty {
            is_poor,
            twice_median,
        },
    );
}

const ANCHORED: Plan = plan("at_risk_of_poverty_rate_anchored", BY_CITIZENSHIP);

/// Harmonised index of consumer prices of Italy, 2015 = 100, yearly means (Eurostat, prc_hicp_aind).
fn prices(year: i32) -> f64 {
    match year {
        2017 => 101.3,
        2018 => 102.5,
        2019 => 103.2,
        2020 => 103.0,
        2021 => 105.0,
        2022 => 114.2,
        2023 => 120.9,
        2024 => 122.3,
        2025 => 124.3,
        other => panic!("no prices of {other}"),
    }
}

/// Under the threshold of three years before, at the prices of the year.
fn anchored(
    city: &City,
    year: Period,
    all: &Persons<'_>,
    (families, is_collected): (usize, bool),
    history: &History,
    figures: &mut Figures,
) {
    if year.year < 2020 {
        return;
    }
    let before = history.years.get(&(year.year - 3));
    let (Some(before), true) = (before, is_collected) else {
        figures.add(&city.codes, &ANCHORED, year, &all.units, &not_collected);
        return;
    };
    let line = 0.6 * before.twice_median as f64 / 200.0 * prices(year.year) / prices(year.year - 3);
    let everybody = Everybody::new(all.persons.clone(), families, 6).unwrap();
    let measured = |units: &[&Unit]| {
        let cents = sorted_cents(units);
        let persons: Vec<usize> = units.iter().map(|unit| unit.serial).collect();
        let poor = cents.iter().filter(|one| (**one as f64) / 100.0 < line);
        let poor = poor.count() as u64;
        let is_there = !cents.is_empty();
        let cell = Cell {
            is_collected: true,
            value: is_there.then(|| poor as f64 / cents.len() as f64),
            standard_error: everybody.of_given_rate(&persons, line).filter(|_| is_there),
            n: cents.len() as u64,
            n_with: Some(poor),
            coverage: None,
        };
        with_coverage(cell, units)
    };
    figures.add(&city.codes, &ANCHORED, year, &all.units, &measured);
}

const PERSISTENT: Plan = plan("persistent_poverty_rate", BY_CITIZENSHIP);
const ENTRY: Plan = plan("poverty_entry_rate", BY_CITIZENSHIP);
const EXIT: Plan = plan("poverty_exit_rate", BY_CITIZENSHIP);

/// Poverty that lasts, and who enters and leaves it.
fn over_years(
    city: &City,
    year: Period,
    all: &Persons<'_>,
    is_collected: bool,
    history: &History,
    figures: &mut Figures,
) {
    let now = year.year;
    let (mut lasting, mut entering, mut leaving) = (Vec::new(), Vec::new(), Vec::new());
    for position in &all.positions {
        let person = position.person.as_deref();
        let status = |years: i32| history.is_poor(now - years, person);
        let mut unit = at_home(city, Some(position));
        if let [Some(own), Some(a), Some(b), Some(c)] = [0, 1, 2, 3].map(status) {
            unit.has = Some(own && usize::from(a) + usize::from(b) + usize::from(c) >= 2);
        }
        lasting.push(unit);
        if let (Some(own), Some(before)) = (status(0), status(1)) {
            let mut unit = at_home(city, Some(position));
            unit.has = Some(own != before);
            if before {
                leaving.push(unit);
            } else {
                entering.push(unit);
            }
        }
    }
    let covered = |units: &[&Unit]| with_coverage(share(units), units);
    let measure: &Measure<'_> = if is_collected {
        &covered
    } else {
        &not_collected
    };
    if now >= 2020 {
        figures.add(&city.codes, &PERSISTENT, year, &lasting, measure);
    }
    let measure: &Measure<'_> = if is_collected { &share } else { &not_collected };
    if now >= 2018 {
        figures.add(&city.codes, &ENTRY, year, &entering, measure);
        figures.add(&city.codes, &EXIT, year, &leaving, measure);
    }
}

const WORKING: Plan = plan("working_poor", &[&["sex"], &["citizenship_group"]]);

/// The poor among those who worked for seven months or more.
fn working(
    city: &City,
    year: Period,
    all: &Persons<'_>,
    (families, is_collected): (usize, bool),
    figures: &mut Figures,
) {
    if !is_collected {
        figures.add(&city.codes, &WORKING, year, &all.units, &not_collected);
        return;
    }
    let months = work::months_by_person(city, year);
    let is_worker: Vec<bool> = all
        .positions
        .iter()
        .map(|position| {
            let age = year.last_day().age_of(position.born);
            let person = position.person.as_deref();
            let worked = person.and_then(|person| months.get(person));
            (18..65).contains(&age) && worked.is_some_and(|months| *months >= 7)
        })
        .collect();
    let everybody = Everybody::new(all.persons.clone(), families, 6).unwrap();
    let way = line("working_poor", &[], 6);
    let measured = |units: &[&Unit]| {
        let workers: Vec<&Unit> = units
            .iter()
            .copied()
            .filter(|unit| is_worker[unit.serial])
            .collect();
        measure(&way, &everybody, &workers)
    };
    figures.add(&city.codes, &WORKING, year, &all.units, &measured);
}
