//! The truth holds together: people, families, homes and contracts over time.

use std::collections::{BTreeMap, BTreeSet};

use crate::reading::{Row, city, covers, number, truth};

const DAYS: [&str; 5] = [
    "2017-03-31",
    "2019-06-30",
    "2021-12-31",
    "2024-03-31",
    "2026-09-30",
];

fn no_overlap(rows: &[Row], of: &str) {
    let mut by_unit: BTreeMap<&str, Vec<(&str, &str)>> = BTreeMap::new();
    for row in rows {
        let to = if row["valid_to"].is_empty() {
            "9999"
        } else {
            &row["valid_to"]
        };
        assert!(row["valid_from"].as_str() < to, "{row:?}");
        by_unit
            .entry(&row[of])
            .or_default()
            .push((&row["valid_from"], to));
    }
    for (unit, mut episodes) in by_unit {
        episodes.sort_unstable();
        assert!(
            episodes.windows(2).all(|pair| pair[0].1 <= pair[1].0),
            "{unit}: {episodes:?}"
        );
    }
}

#[test]
fn episodes_of_one_thing_do_not_overlap() {
    let folder = city(2_000, false);
    for (table, of) in [
        ("spells", "person"),
        ("dwellings", "dwelling"),
        ("contracts", "dwelling"),
        ("jobs", "person"),
        ("unemployment", "person"),
    ] {
        no_overlap(&truth(folder.path(), table), of);
    }
}

#[test]
fn each_family_has_one_head_and_one_home_of_its_own() {
    let folder = city(2_000, false);
    let spells = truth(folder.path(), "spells");
    for day in DAYS {
        let mut homes: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        let mut families: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        let mut heads: BTreeMap<&str, usize> = BTreeMap::new();
        for spell in spells
            .iter()
            .filter(|spell| spell["household_kind"] == "F" && covers(spell, day))
        {
            homes
                .entry(&spell["household"])
                .or_default()
                .insert(&spell["dwelling"]);
            families
                .entry(&spell["dwelling"])
                .or_default()
                .insert(&spell["household"]);
            *heads.entry(&spell["household"]).or_default() +=
                usize::from(spell["relationship"] == "IS");
        }
        assert!(
            homes
                .values()
                .all(|homes| homes.len() == 1 && !homes.contains("")),
            "{day}"
        );
        assert!(
            families.values().all(|families| families.len() == 1),
            "{day}"
        );
        assert!(heads.values().all(|heads| *heads == 1), "{day}");
    }
}

#[test]
fn who_rents_has_a_contract_and_nobody_else() {
    let folder = city(2_000, false);
    let tenures = truth(folder.path(), "dwellings");
    let contracts = truth(folder.path(), "contracts");
    for day in DAYS {
        let let_out: BTreeSet<&str> = contracts
            .iter()
            .filter(|contract| covers(contract, day))
            .map(|row| row["dwelling"].as_str())
            .collect();
        for dwelling in tenures.iter().filter(|dwelling| covers(dwelling, day)) {
            let has_contract = let_out.contains(dwelling["dwelling"].as_str());
            match dwelling["tenure"].as_str() {
                "A" => assert!(has_contract, "{day} {dwelling:?}"),
                "P" | "C" | "E" | "V" => assert!(!has_contract, "{day} {dwelling:?}"),
                tenure => assert_eq!(tenure, "G"),
            }
        }
    }
}

#[test]
fn nobody_is_registered_before_birth_and_incomes_add_up() {
    let folder = city(2_000, false);
    let born: BTreeMap<String, String> = truth(folder.path(), "persons")
        .into_iter()
        .map(|mut row| {
            (
                row.remove("person").unwrap(),
                row.remove("birth_date").unwrap(),
            )
        })
        .collect();
    for spell in truth(folder.path(), "spells") {
        assert!(born[&spell["person"]] <= spell["valid_from"], "{spell:?}");
    }
    for income in truth(folder.path(), "incomes") {
        let parts: f64 = ["employment", "pension", "self_employment", "property"]
            .iter()
            .map(|part| number(&income, part))
            .sum();
        assert!(
            (parts - number(&income, "taxable")).abs() < 0.005,
            "{income:?}"
        );
    }
}
