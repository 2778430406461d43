//! Local recoding and Mondrian: what they tell keeps to the models, and costs no more.

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use proptest::prelude::*;
use wdl_anonymisation::hierarchy::Hierarchy;
use wdl_anonymisation::lattice::{Mean, Metric, Problem};
use wdl_anonymisation::local::{recode, smallest_class};
use wdl_anonymisation::models::Model;
use wdl_anonymisation::mondrian::{MondrianError, part};
use wdl_anonymisation::records::{QuasiIdentifier, Records, Sensitive};

use super::reference::Adult;

fn records(rows: &[(u32, u32, u32)]) -> Records {
    let hierarchy = |text: &str| {
        let rows: Vec<Vec<&str>> = text.lines().map(|line| line.split(';').collect()).collect();
        Hierarchy::from_rows(&rows).unwrap().without_missing()
    };
    let ages = hierarchy("1;1-2;*\n2;1-2;*\n3;3-4;*\n4;3-4;*\n5;5-6;*\n6;5-6;*");
    let areas = hierarchy("a;*\nb;*\nc;*");
    let quasi = vec![
        QuasiIdentifier {
            hierarchy: ages,
            codes: rows.iter().map(|row| row.0).collect(),
        },
        QuasiIdentifier {
            hierarchy: areas,
            codes: rows.iter().map(|row| row.1).collect(),
        },
    ];
    let sensitive = Sensitive {
        codes: rows.iter().map(|row| Some(row.2)).collect(),
        values: 3,
    };
    Records::new(quasi)
        .unwrap()
        .with_sensitive(sensitive)
        .unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_record_is_told_once_and_safely(rows in prop::collection::vec((0..6_u32, 0..3_u32, 0..3_u32), 3..60), k in 2..4_u32, l in 1..3_u32) {
        let records = records(&rows);
        let models = [Model::KAnonymity(k), Model::DistinctL { sensitive: 0, l }];
        let Ok(problem) = Problem::new(&records, &models, Metric::Loss(Mean::Geometric), 0.3) else { return Ok(()) };
        let Some(best) = problem.optimum().best else { return Ok(()) };
        let local = recode(&records, &models, &best.levels).unwrap();
        prop_assert!((local.loss_before - best.loss).abs() < 1e-12);
        prop_assert!(local.loss <= local.loss_before + 1e-12);
        let mut seen: Vec<usize> = local.rounds.iter().flat_map(|round| round.rows.clone()).chain(local.suppressed.clone()).collect();
        seen.sort_unstable();
        prop_assert_eq!(seen, (0..rows.len()).collect::<Vec<_>>());
        for round in &local.rounds {
            let mut classes: BTreeMap<Vec<u32>, (u32, BTreeSet<u32>)> = BTreeMap::new();
            for row in &round.rows {
                let key = records.quasi_identifiers().iter().zip(&round.levels).map(|(one, level)| one.hierarchy.of_leaf(*level)[one.codes[*row] as usize]);
                let class = classes.entry(key.collect()).or_default();
                class.0 += 1;
                class.1.insert(rows[*row].2);
            }
            prop_assert!(classes.values().all(|(size, values)| *size >= k && values.len() >= l as usize));
        }
    }

    #[test]
    fn parts_are_safe_and_hold_what_they_say(rows in prop::collection::vec((0..6_u32, 0..3_u32, 0..3_u32), 3..60), k in 2..4_u32, l in 1..3_u32) {
        let records = records(&rows);
        let models = [Model::KAnonymity(k), Model::DistinctL { sensitive: 0, l }];
        let parts = match part(&records, &models) {
            Ok(parts) => parts,
            Err(fault) => {
                let values: BTreeSet<u32> = rows.iter().map(|row| row.2).collect();
                prop_assert!(fault == MondrianError::NoSolution && values.len() < l as usize);
                return Ok(());
            }
        };
        let mut seen: Vec<u32> = parts.parts.iter().flat_map(|part| part.rows.clone()).collect();
        seen.sort_unstable();
        prop_assert_eq!(seen, (0..rows.len() as u32).collect::<Vec<_>>());
        for part in &parts.parts {
            let values: BTreeSet<u32> = part.rows.iter().map(|row| rows[*row as usize].2).collect();
            prop_assert!(part.rows.len() >= k as usize && values.len() >= l as usize);
            for (column, leaves) in part.leaves.iter().enumerate() {
                let codes = &records.quasi_identifiers()[column].codes;
                prop_assert!(part.rows.iter().all(|row| leaves.contains(&codes[*row as usize])));
            }
        }
        prop_assert!((-1e-12..=1.0).contains(&parts.loss));
    }
}

#[test]
fn the_adult_set_loses_less_locally() {
    let Some(adult) = Adult::read() else { return };
    let quasi: Vec<&str> = adult.names.iter().map(String::as_str).collect();
    let records = adult.records(&quasi);
    let models = [Model::KAnonymity(5)];
    let levels = [0, 3, 0, 2, 2, 1, 1, 2, 0];
    let local = recode(&records, &models, &levels).unwrap();
    assert!((local.loss_before - 0.313_713_035_3).abs() < 1e-9);
    assert!(local.loss < local.loss_before && local.suppressed.len() < 506);
    assert!(smallest_class(&records, &local) >= 5);
    let parts = part(&records, &models).unwrap();
    assert!(parts.parts.iter().all(|part| part.rows.len() >= 5));
    println!(
        "{} {} {} rounds, {} left; Mondrian {} in {} parts",
        local.loss_before,
        local.loss,
        local.rounds.len(),
        local.suppressed.len(),
        parts.loss,
        parts.parts.len()
    );
    assert!(parts.loss < local.loss);
}
