//! Contributors who know their own values, and sums of hidden cells.

use std::collections::BTreeSet;

use serde_json::json;
use wdl_suppression::problem::Target;
use wdl_suppression::verify::verify;

use crate::material::{prepared, protect, two_way};

#[test]
fn two_singletons_in_a_row_do_not_see_each_other() {
    // Row 1 has two cells of one person each: either, knowing his own, subtracts.
    let mut table = two_way(&[
        vec![1, 1, 20, 30],
        vec![15, 25, 35, 18],
        vec![22, 12, 41, 17],
    ]);
    let alone = protect(&table).expect("can be protected");
    table["singletons"] = true.into();
    let against = protect(&table).expect("can be protected");
    assert!(against.pattern.cost > alone.pattern.cost);
    verify(&against.certificate).expect("the certificate holds");
    let names = against.prepared.problem.system.names();
    let is_against = |target: &&Target| !target.known.is_empty();
    let targets = against.prepared.problem.targets.iter();
    let known: Vec<&str> = targets
        .filter(is_against)
        .flat_map(|target| target.known.iter().map(|cell| names[*cell].as_str()))
        .collect();
    assert!(known.contains(&"r1|c1") && known.contains(&"r1|c2"));
}

#[test]
fn a_union_below_the_threshold_is_a_cell_like_any_other() {
    // Two cells of one person in a row: hidden together alone, their sum of 2 could be read off.
    let mut table = two_way(&[
        vec![1, 1, 20, 30],
        vec![15, 25, 35, 18],
        vec![22, 12, 41, 17],
    ]);
    table["unions"] = true.into();
    let done = protect(&table).expect("can be protected");
    let union = done
        .certificate
        .proofs
        .iter()
        .find(|proof| proof.terms.len() == 2)
        .expect("the union is a form of its own");
    assert!(union.low.reached.value() <= 1.0);
    assert!(union.high.reached.value() >= 3.0);
    verify(&done.certificate).expect("the certificate holds");
}

#[test]
fn a_dominant_contributor_in_a_union_is_still_dominant() {
    // One enterprise is nearly all of two cells of a row (issue 160 of sdcTools/UserSupport).
    let leaf = |row: &str, column: &str, values: &[(&str, f64)]| {
        let of: Vec<_> = values
            .iter()
            .map(|(by, value)| json!({ "by": by, "value": value }))
            .collect();
        json!({ "key": [row, column], "contributions": of })
    };
    let others = |name: &str| -> Vec<(String, f64)> {
        (0..5)
            .map(|at| (format!("{name} {at}"), 20.0 + f64::from(at)))
            .collect()
    };
    let mut leaves = vec![
        leaf(
            "r1",
            "c1",
            &[("giant", 900.0), ("a", 10.0), ("b", 5.0), ("c", 5.0)],
        ),
        leaf(
            "r1",
            "c2",
            &[("giant", 700.0), ("d", 8.0), ("e", 4.0), ("f", 4.0)],
        ),
    ];
    for (row, columns) in [
        ("r1", &["c3", "c4"][..]),
        ("r2", &["c1", "c2", "c3", "c4"]),
        ("r3", &["c1", "c2", "c3", "c4"]),
    ] {
        for column in columns {
            let of = others(&format!("{row}{column}"));
            let of: Vec<(&str, f64)> = of.iter().map(|(by, value)| (by.as_str(), *value)).collect();
            leaves.push(leaf(row, column, &of));
        }
    }
    let table = json!({
        "hierarchies": [{ "T": ["r1", "r2", "r3"] }, { "T": ["c1", "c2", "c3", "c4"] }],
        "leaves": leaves,
        "min_frequency": 3,
        "dominance": [{ "p": { "p": 10.0 } }],
    });
    let problem = prepared(&table).problem;
    let is_union = |target: &&Target| target.terms.len() == 2;
    assert!(problem.targets.iter().any(|target| is_union(&target)));
    let done = protect(&table).expect("can be protected");
    verify(&done.certificate).expect("the certificate holds");
}

#[test]
fn a_holding_alone_in_a_cell_knows_it_by_all_its_members() {
    let of = |by: &[(&str, f64)]| -> Vec<_> {
        let one = |(by, value): &(&str, f64)| json!({ "by": by, "value": value });
        by.iter().map(one).collect()
    };
    let many = |name: &str| -> Vec<(String, f64)> {
        let one = |at: u8| (format!("{name} {at}"), 20.0 + f64::from(at));
        (0..5).map(one).collect()
    };
    let mut leaves = vec![
        json!({ "key": ["r1", "c1"], "contributions": of(&[("holding", 10.0), ("holding", 20.0)]) }),
        json!({ "key": ["r1", "c2"], "contributions": of(&[("other", 30.0), ("third", 8.0)]) }),
    ];
    for (row, column) in [("r1", "c3"), ("r2", "c1"), ("r2", "c2"), ("r2", "c3")] {
        let many = many(&format!("{row}{column}"));
        let many: Vec<(&str, f64)> = many.iter().map(|(by, value)| (&**by, *value)).collect();
        leaves.push(json!({ "key": [row, column], "contributions": of(&many) }));
    }
    let table = json!({
        "hierarchies": [{ "T": ["r1", "r2"] }, { "T": ["c1", "c2", "c3"] }],
        "leaves": leaves,
        "min_frequency": 3,
        "singletons": true,
    });
    let problem = prepared(&table).problem;
    let names = problem.system.names();
    let known = problem.targets.iter().flat_map(|target| &target.known);
    let known: BTreeSet<&str> = known.map(|cell| names[*cell].as_str()).collect();
    // Two that share a cell do not know it alone.
    assert_eq!(known, BTreeSet::from(["r1|c1"]));
}
