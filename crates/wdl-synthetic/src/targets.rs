//! The published figures the city must have, and what it has.
//!
//! Counts are scaled by size; tolerances grow as the city gets smaller.

use crate::calendar::{Day, Quarter};
use crate::city::{CONTRACT_CODES, City, Tenure};

/// A published figure and what the city has.
#[derive(Clone, Debug, serde::Serialize)]
pub struct Target {
    /// Its name.
    pub name: String,
    /// The published figure, scaled to the city's size when it is a count.
    pub expected: f64,
    /// What the city has.
    pub achieved: f64,
    /// How far it may be, in the figure's own unit.
    pub tolerance: f64,
}

impl Target {
    /// Whether the city is near enough.
    pub fn holds(&self) -> bool {
        (self.achieved - self.expected).abs() <= self.tolerance
    }
}

/// Figures taken while the city is lived.
#[derive(Default)]
pub(crate) struct Observed {
    figures: Vec<Target>,
}

fn share_tolerance(share: f64, units: f64, floor: f64) -> f64 {
    floor + 3.0 * (share * (1.0 - share) / units).sqrt()
}

fn add(city: &mut City, name: &str, expected: f64, achieved: f64, tolerance: f64) {
    city.observed.figures.push(Target {
        name: name.to_owned(),
        expected,
        achieved,
        tolerance,
    });
}

/// Takes the figures of a quarter's last day.
pub(crate) fn observe(city: &mut City, quarter: Quarter) {
    match (quarter.year, quarter.quarter) {
        (2021, 4) => {
            families(city);
            ages(city, quarter.last());
            rented(city);
        }
        (2022, 4) => foreigners(city),
        (2024, 4) => dwellings(city),
        _ => {}
    }
}

fn families(city: &mut City) {
    let mut sizes = [0.0; 5];
    for household in city.living() {
        sizes[city.household(household).members.len().min(5) - 1] += 1.0;
    }
    let families: f64 = sizes.iter().sum();
    let expected = 84_633.0 * city.scale;
    add(
        city,
        "families_2021",
        expected,
        families,
        0.004 * expected + 2.0,
    );
    for (index, share) in [0.401, 0.276, 0.159, 0.114, 0.050].into_iter().enumerate() {
        let name = format!("families_2021_share_size_{}", index + 1);
        let tolerance = share_tolerance(share, families, 0.004);
        add(city, &name, share, sizes[index] / families, tolerance);
    }
}

fn residents(city: &City) -> impl Iterator<Item = u32> + '_ {
    (0..city.persons.len() as u32).filter(|person| city.is_resident(*person))
}

fn share(city: &City, of: impl Fn(u32) -> bool) -> (f64, f64) {
    let all = residents(city).count() as f64;
    (
        residents(city).filter(|person| of(*person)).count() as f64 / all,
        all,
    )
}

fn ages(city: &mut City, on: Day) {
    let expected = f64::from(city.residents);
    let (young, all) = share(city, |person| city.age(person, on) < 15);
    let (old, _) = share(city, |person| city.age(person, on) >= 65);
    add(
        city,
        "residents_2021",
        expected,
        all,
        0.015 * expected + 1.5 * expected.sqrt(),
    );
    add(
        city,
        "share_aged_0_14_2021",
        0.128,
        young,
        share_tolerance(0.128, all, 0.004),
    );
    add(
        city,
        "share_aged_65_over_2021",
        0.243,
        old,
        share_tolerance(0.243, all, 0.004),
    );
}

fn foreigners(city: &mut City) {
    let (foreign, all) = share(city, |person| city.is_foreign(person));
    // Citizenship runs in families of about three.
    add(
        city,
        "share_foreign_2022",
        0.155,
        foreign,
        share_tolerance(0.155, all / 3.0, 0.004),
    );
}

fn rented(city: &mut City) {
    let count = |tenure: Tenure| city.tenure_counts[tenure as usize] as f64;
    let rented = count(Tenure::Rented) + count(Tenure::Public) + count(Tenure::Agency);
    let occupied = rented + count(Tenure::Owned) + count(Tenure::Lent);
    add(
        city,
        "share_of_occupied_dwellings_rented",
        0.26,
        rented / occupied,
        share_tolerance(0.26, occupied, 0.005),
    );
}

fn dwellings(city: &mut City) {
    for (name, full, tenure) in [
        ("erp_dwellings", 2_705.0, Tenure::Public),
        ("agency_dwellings", 500.0, Tenure::Agency),
    ] {
        let achieved = city.tenure_counts[tenure as usize] as f64;
        let expected = full * city.scale;
        add(city, name, expected, achieved, 1.0);
    }
}

/// Every target.
pub(crate) fn all(city: &City) -> Vec<Target> {
    let mut all = city.observed.figures.clone();
    incomes(city, &mut all);
    lists(city, &mut all);
    aided(city, &mut all);
    rent_support(city, &mut all);
    rents(city, &mut all);
    all
}

fn target(name: impl Into<String>, expected: f64, achieved: f64, tolerance: f64) -> Target {
    Target {
        name: name.into(),
        expected,
        achieved,
        tolerance,
    }
}

fn incomes(city: &City, all: &mut Vec<Target>) {
    let mut values: Vec<f64> = (0..city.persons.len() as u32)
        .map(|person| city.income(person, 2018))
        .filter(|income| income.filer)
        .map(|income| income.taxable() as f64 / 100.0)
        .collect();
    values.sort_by(f64::total_cmp);
    let count = values.len() as f64;
    let sum: f64 = values.iter().sum();
    let ranked: f64 = values
        .iter()
        .enumerate()
        .map(|(rank, value)| (rank as f64 + 1.0) * value)
        .sum();
    all.push(target(
        "taxable_income_2018_mean",
        24_775.0,
        sum / count,
        250.0 + 15_000.0 / count.sqrt(),
    ));
    all.push(target(
        "taxable_income_2018_median",
        19_769.0,
        values[values.len() / 2],
        60.0 + 2_000.0 / count.sqrt(),
    ));
    let gini = 2.0 * ranked / (count * sum) - (count + 1.0) / count;
    all.push(target(
        "taxable_income_2018_gini",
        0.489,
        gini,
        0.004 + 0.3 / count.sqrt(),
    ));
}

fn waiting(city: &City, list: u8, on: Day) -> f64 {
    let waits = |application: &&crate::rows::Application| {
        application.list == list && application.from <= on && application.to > on
    };
    city.applications.iter().filter(waits).count() as f64
}

fn lists(city: &City, all: &mut Vec<Target>) {
    for (list, name, year, full) in [
        (0, "erp_waiting", 2020, 921.0),
        (0, "erp_waiting", 2023, 1_093.0),
        (0, "erp_waiting", 2024, 1_141.0),
        (1, "agency_waiting", 2023, 1_200.0),
    ] {
        let expected = full * city.scale;
        let achieved = waiting(city, list, Day::new(year, 12, 31));
        all.push(target(
            format!("{name}_{year}"),
            expected,
            achieved,
            0.01 * expected + 1.0,
        ));
    }
}

fn aided(city: &City, all: &mut Vec<Target>) {
    for (year, full, euro) in [
        (2019, 1_191.0, 2.5e6),
        (2020, 4_105.0, 4.9e6),
        (2021, 3_163.0, 5.2e6),
        (2022, 1_617.0, 3.3e6),
    ] {
        let municipal = city.aids.iter().filter(|aid| {
            aid.measure < 3 && aid.day.year() == year && aid.household != crate::city::NONE
        });
        let mut households: Vec<u32> = municipal.clone().map(|aid| aid.household).collect();
        households.sort_unstable();
        households.dedup();
        let spent: i64 = municipal.map(|aid| aid.amount).sum();
        let expected = full * city.scale;
        all.push(target(
            format!("aided_households_{year}"),
            expected,
            households.len() as f64,
            1.0,
        ));
        let money = euro * city.scale;
        all.push(target(
            format!("aid_spending_{year}"),
            money,
            spent as f64 / 100.0,
            0.01 * money + 50.0,
        ));
    }
}

fn rent_support(city: &City, all: &mut Vec<Target>) {
    let call: Vec<_> = city
        .rent_applications
        .iter()
        .filter(|application| application.year == 2024)
        .collect();
    let count = |outcomes: &[&str]| {
        call.iter()
            .filter(|application| outcomes.contains(&application.outcome))
            .count() as f64
    };
    for (name, full, achieved, spread) in [
        (
            "rent_support_2024_applications",
            1_736.0,
            call.len() as f64,
            0.005,
        ),
        (
            "rent_support_2024_admitted",
            754.0,
            count(&["A", "P"]),
            0.005,
        ),
        ("rent_support_2024_paid", 383.0, count(&["P"]), 0.04),
    ] {
        let expected = full * city.scale;
        // How far the money goes depends on who stands first: a standard deviation of a count and a little.
        let luck = if spread > 0.01 {
            1.2 * expected.sqrt()
        } else {
            0.0
        };
        all.push(target(
            name,
            expected,
            achieved,
            spread * expected + luck + 1.0,
        ));
    }
}

fn rents(city: &City, all: &mut Vec<Target>) {
    for (year, published) in [
        (2018, [7.00, 6.02, 5.96, 5.81]),
        (2024, [9.24, 7.25, 7.56, 9.77]),
    ] {
        for (kind, expected) in published.into_iter().enumerate() {
            let signed: Vec<f64> = city
                .contracts
                .iter()
                .filter(|contract| {
                    contract.from.year() == year && usize::from(contract.kind) == kind
                })
                .map(|contract| {
                    contract.rent as f64
                        / 100.0
                        / f64::from(city.dwellings[contract.dwelling as usize].area)
                })
                .collect();
            let count = signed.len() as f64;
            let name = format!("rent_per_m2_{}_{year}", CONTRACT_CODES[kind]);
            let tolerance = 0.01 * expected + 3.0 * 0.18 * expected / count.max(1.0).sqrt();
            all.push(target(
                name,
                expected,
                signed.iter().sum::<f64>() / count.max(1.0),
                tolerance,
            ));
        }
        let full = if year == 2018 { 878.0 } else { 1_953.0 };
        let signed = city
            .contracts
            .iter()
            .filter(|contract| contract.from.year() == year && contract.kind == 3)
            .count();
        let expected = full * city.scale;
        all.push(target(
            format!("transitional_contracts_{year}"),
            expected,
            signed as f64,
            0.01 * expected + 2.0,
        ));
    }
}
