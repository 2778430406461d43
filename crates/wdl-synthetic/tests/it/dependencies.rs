//! What the city's people go through hangs together as it does in the world.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use crate::reading::{Row, city, covers, number, truth};

fn mean(values: impl Iterator<Item = f64>) -> f64 {
    let values: Vec<f64> = values.collect();
    values.iter().sum::<f64>() / values.len() as f64
}

fn share(rows: &[&Row], of: impl Fn(&Row) -> bool) -> f64 {
    mean(rows.iter().map(|row| f64::from(u8::from(of(row)))))
}

/// Heads of families on a day.
fn heads<'a>(spells: &'a [Row], day: &str) -> Vec<&'a Row> {
    spells
        .iter()
        .filter(|spell| spell["relationship"] == "IS" && covers(spell, day))
        .collect()
}

fn households(folder: &Path, table: &str, keep: impl Fn(&Row) -> bool) -> BTreeSet<String> {
    truth(folder, table)
        .into_iter()
        .filter(|row| keep(row))
        .map(|row| row["household"].clone())
        .collect()
}

#[test]
fn foreigners_rent_more_and_tenants_in_arrears_are_evicted_and_helped() {
    let folder = city(20_000, false);
    let folder = folder.path();
    let spells = truth(folder, "spells");
    let rented: BTreeSet<String> = truth(folder, "dwellings")
        .into_iter()
        .filter(|row| row["tenure"] == "A" && covers(row, "2023-12-31"))
        .map(|row| row["dwelling"].clone())
        .collect();
    let (foreign, italian): (Vec<&Row>, Vec<&Row>) = heads(&spells, "2023-12-31")
        .into_iter()
        .partition(|head| head["citizenship"] != "100");
    let rents = |row: &Row| rented.contains(&row["dwelling"]);
    assert!(share(&foreign, rents) > 3.0 * share(&italian, rents));

    let arrears = truth(folder, "arrears");
    assert!(mean(arrears.iter().map(|row| number(row, "burden"))) > 0.4);
    let behind: BTreeSet<String> = arrears.iter().map(|row| row["household"].clone()).collect();
    let evicted = households(folder, "evictions", |row| row["reason"] == "morosita");
    let in_arrears = evicted
        .iter()
        .filter(|household| behind.contains(*household))
        .count() as f64;
    assert!(in_arrears / evicted.len() as f64 > 0.95);

    let aided = households(folder, "aid", |row| {
        !row["measure"].starts_with("reddito") && !row["measure"].starts_with("assegno")
    });
    let ordered: Vec<&Row> = heads(&spells, "2023-12-31")
        .into_iter()
        .filter(|head| evicted.contains(&head["household"]))
        .collect();
    let others: Vec<&Row> = heads(&spells, "2023-12-31")
        .into_iter()
        .filter(|head| !evicted.contains(&head["household"]))
        .collect();
    let is_aided = |row: &Row| aided.contains(&row["household"]);
    assert!(share(&ordered, is_aided) > 2.0 * share(&others, is_aided));
}

#[test]
fn a_job_lost_shows_in_the_isee_two_years_later() {
    let folder = city(20_000, false);
    let folder = folder.path();
    let mut without_work: BTreeMap<String, bool> = BTreeMap::new();
    for row in truth(folder, "unemployment") {
        let all_year = row["valid_from"].as_str() < "2021-02-01"
            && (row["valid_to"].is_empty() || row["valid_to"].as_str() > "2021-12-01");
        *without_work.entry(row["person"].clone()).or_default() |= all_year;
    }
    let lost: BTreeSet<&String> = without_work
        .iter()
        .filter(|(_, lost)| **lost)
        .map(|(person, _)| person)
        .collect();
    let working: BTreeSet<String> = truth(folder, "jobs")
        .into_iter()
        .filter(|row| covers(row, "2021-02-01") && covers(row, "2021-12-01"))
        .map(|row| row["person"].clone())
        .collect();
    let isee: Vec<Row> = truth(folder, "isee")
        .into_iter()
        .filter(|row| row["income_year"] == "2021")
        .collect();
    assert!(isee.iter().all(|row| row["event_date"].starts_with("2023")));
    let values = |of: &dyn Fn(&String) -> bool| {
        mean(
            isee.iter()
                .filter(|row| of(&row["person"]))
                .map(|row| number(row, "isee")),
        )
    };
    assert!(
        values(&|person| lost.contains(person)) < 0.65 * values(&|person| working.contains(person))
    );
    let filed: BTreeSet<&String> = isee.iter().map(|row| &row["person"]).collect();
    let filing = |people: &mut dyn Iterator<Item = &String>| {
        mean(people.map(|person| f64::from(u8::from(filed.contains(person)))))
    };
    assert!(filing(&mut lost.iter().copied()) > 1.15 * filing(&mut working.iter()));
}

#[test]
fn filing_grows_with_need_and_with_contact() {
    let folder = city(20_000, false);
    let folder = folder.path();
    let filed = households(folder, "isee", |row| row["event_date"].starts_with("2019"));
    let aided = households(folder, "aid", |row| row["event_date"].starts_with("2018"));
    let mut income: BTreeMap<String, f64> = BTreeMap::new();
    for row in truth(folder, "incomes")
        .iter()
        .filter(|row| row["year"] == "2018")
    {
        income.insert(
            row["person"].clone(),
            number(row, "taxable") + number(row, "exempt") + number(row, "undeclared"),
        );
    }
    let spells = truth(folder, "spells");
    let mut of_household: BTreeMap<&str, f64> = BTreeMap::new();
    for spell in spells
        .iter()
        .filter(|spell| spell["household_kind"] == "F" && covers(spell, "2019-01-01"))
    {
        *of_household.entry(&spell["household"]).or_default() +=
            income.get(&spell["person"]).copied().unwrap_or(0.0);
    }
    let all: Vec<&Row> = heads(&spells, "2019-01-01");
    let is_poor = |row: &Row| of_household[row["household"].as_str()] < 15_000.0;
    let (poor, others): (Vec<&Row>, Vec<&Row>) = all.into_iter().partition(|row| is_poor(row));
    let files = |row: &Row| filed.contains(&row["household"]);
    assert!(share(&poor, files) > 2.0 * share(&others, files));
    let (known, unknown): (Vec<&Row>, Vec<&Row>) = poor
        .into_iter()
        .partition(|row| aided.contains(&row["household"]));
    assert!(share(&known, files) > 1.4 * share(&unknown, files));
}

#[test]
fn one_national_measure_ends_when_the_other_begins() {
    let folder = city(2_000, false);
    let aid = truth(folder.path(), "aid");
    let years = |measure: &str| -> BTreeSet<String> {
        aid.iter()
            .filter(|row| row["measure"] == measure)
            .map(|row| row["event_date"][..4].to_owned())
            .collect()
    };
    assert_eq!(
        years("reddito_cittadinanza")
            .into_iter()
            .collect::<Vec<_>>(),
        ["2019", "2020", "2021", "2022", "2023"]
    );
    assert_eq!(
        years("assegno_inclusione").into_iter().collect::<Vec<_>>(),
        ["2024", "2025", "2026"]
    );
}

#[test]
fn hardship_and_health_cross_as_in_the_survey() {
    let folder = city(20_000, false);
    for year in ["2018", "2024"] {
        let rate = |indicator: &str, difficulty: &str| {
            let rows = truth(folder.path(), "health");
            let row = rows
                .iter()
                .find(|row| {
                    row["year"] == year
                        && row["indicator"] == indicator
                        && row["economic_difficulty"] == difficulty
                })
                .unwrap();
            number(row, "population_positive") / number(row, "population")
        };
        assert!(rate("salute_buona", "molte") < rate("salute_buona", "nessuna") - 0.08);
        assert!(rate("patologia_cronica", "molte") > rate("patologia_cronica", "nessuna") + 0.08);
        assert!(rate("screening", "molte") < rate("screening", "nessuna"));
    }
}
