//! The privacy models beside their definitions in plain Python, on four generalised Adult sets.

use std::collections::HashMap;

use serde_json::Value;
use wdl_anonymisation::models::{Tree, measure};
use wdl_anonymisation::records::{QuasiIdentifier, Records, Sensitive};

use super::reference::{Adult, folder, json};

/// The records of a case: told at its levels, without those in too small classes.
fn told(adult: &Adult, case: &Value) -> (Records, Option<Tree>) {
    let sensitive = case["sensitive"].as_str().unwrap();
    let levels = case["levels"].as_object().unwrap();
    let least = case["min_class_kept"].as_u64().unwrap() as usize;
    let rows = adult.columns[sensitive].len();
    let mut keys: Vec<Vec<u32>> = vec![Vec::new(); rows];
    for (name, level) in levels {
        let hierarchy = &adult.hierarchies[name];
        let told = hierarchy.of_leaf(level.as_u64().unwrap() as usize);
        for (key, leaf) in keys
            .iter_mut()
            .zip(hierarchy.leaves_of(&adult.columns[name]).unwrap())
        {
            key.push(told[leaf as usize]);
        }
    }
    let mut sizes: HashMap<&Vec<u32>, usize> = HashMap::new();
    for key in &keys {
        *sizes.entry(key).or_default() += 1;
    }
    let kept: Vec<usize> = (0..rows)
        .filter(|row| sizes[&keys[*row]] >= least)
        .collect();
    let (column, values) = adult.sensitive(sensitive);
    // A column of codes alone: a hierarchy of one level over them.
    let quasi = (0..levels.len()).map(|place| {
        let highest = keys.iter().map(|key| key[place]).max().unwrap();
        let own: Vec<[String; 1]> = (0..=highest).map(|code| [code.to_string()]).collect();
        let hierarchy = wdl_anonymisation::hierarchy::Hierarchy::from_rows(&own).unwrap();
        QuasiIdentifier {
            hierarchy,
            codes: kept.iter().map(|row| keys[*row][place]).collect(),
        }
    });
    let sensitive_column = Sensitive {
        codes: kept.iter().map(|row| column.codes[*row]).collect(),
        values: column.values,
    };
    let tree = (sensitive == "occupation").then(|| {
        let hierarchy = &adult.hierarchies[sensitive];
        Tree::new(hierarchy, &hierarchy.leaves_of(&values).unwrap()).unwrap()
    });
    (
        Records::new(quasi.collect())
            .unwrap()
            .with_sensitive(sensitive_column)
            .unwrap(),
        tree,
    )
}

#[test]
fn every_model_is_its_definition() {
    let (Some(adult), Some(folder)) = (Adult::read(), folder()) else {
        return;
    };
    for case in json(&folder.join("expected_privacy_models.json"))
        .as_array()
        .unwrap()
    {
        let (records, tree) = told(&adult, case);
        let has_tree = tree.is_some();
        let all = measure(&records, &[tree]);
        let one = &all.sensitive[0];
        let expected = &case["definition_values"];
        let tag = &case["tag"];
        let check = |name: &str, number: Option<f64>| {
            let wanted = expected[name].as_f64();
            match (number, wanted) {
                (Some(number), Some(wanted)) => assert!(
                    (number - wanted).abs() <= 1e-9 * wanted.abs().max(1.0),
                    "{tag} {name}: {number} and not {wanted}"
                ),
                (number, wanted) => assert_eq!(number, wanted, "{tag} {name}"),
            }
        };
        check("rows", Some(all.rows as f64));
        check("classes", Some(all.classes as f64));
        check("k", Some(f64::from(all.k)));
        check("avg_class", Some(all.average_class));
        check("unique_rows", Some(all.unique_rows as f64));
        check("alpha", Some(one.alpha));
        check("l_distinct", Some(f64::from(one.distinct_l)));
        check("l_entropy", Some(one.entropy_l));
        check("beta_basic", Some(one.beta));
        check("delta_disclosure_over_present", Some(one.delta_present));
        check("delta_disclosure_strict", one.delta);
        check("t_equal", Some(one.t_equal));
        if has_tree {
            check("t_hierarchical", one.t_hierarchical);
        } else {
            check("t_ordered", Some(one.t_ordered));
        }
        let recursive = expected["recursive"].as_object().unwrap();
        assert_eq!(recursive.len(), one.recursive.len());
        for (l, wanted) in recursive {
            let number = one.recursive[&l.parse::<u32>().unwrap()];
            assert!(
                (number - wanted.as_f64().unwrap()).abs() <= 1e-9,
                "{tag} recursive {l}"
            );
        }
    }
}
