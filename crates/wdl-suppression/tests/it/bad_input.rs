//! Input that must be refused by name, and input that only looks bad.

use serde_json::{Value, json};
use wdl_suppression::form::{FormError, TableForm, decimals, units};
use wdl_suppression::hierarchy::{Hierarchy, HierarchyError};
use wdl_suppression::optimum::OptimumError;
use wdl_suppression::primary::RuleError;
use wdl_suppression::problem::{System, SystemError};
use wdl_suppression::table::{Dimension, Entry, Linked, Table, TableError};

use crate::material::{protect, two_way};

fn refused(table: &Value) -> FormError {
    let form: TableForm = serde_json::from_value(table.clone()).expect("a form");
    match form.material() {
        Ok(material) => form.wishes(&material).expect_err("refused"),
        Err(error) => error,
    }
}

fn table() -> Value {
    two_way(&[vec![5, 12, 1], vec![2, 7, 9], vec![14, 3, 8]])
}

#[test]
fn a_threshold_below_three() {
    let mut table = table();
    table["min_frequency"] = 2.into();
    assert_eq!(
        refused(&table),
        FormError::Rules(RuleError::BelowThree { given: 2, least: 3 })
    );
    table
        .as_object_mut()
        .expect("an object")
        .remove("min_frequency");
    assert_eq!(
        refused(&table),
        FormError::Missing {
            field: "min_frequency"
        }
    );
}

#[test]
fn margins_that_do_not_add_up() {
    let mut table = table();
    let leaves = table["leaves"].as_array_mut().expect("a list");
    leaves.push(json!({ "key": ["r1", "T"], "n": 19 }));
    let error = refused(&table);
    assert_eq!(
        error,
        FormError::Table(TableError::NotAdditive { key: "r1|T".into() })
    );
    assert!(!error.to_string().contains("19"));
    // The right one is welcome.
    let leaves = table["leaves"].as_array_mut().expect("a list");
    leaves.pop();
    leaves.push(json!({ "key": ["r1", "T"], "n": 18 }));
    assert_eq!(protect(&table).expect("protected").pattern.cost, 17.0);
}

#[test]
fn equations_that_do_not_hold() {
    let system = System::new(
        vec!["T".into(), "a".into(), "b".into()],
        vec![10, 4, 5],
        0,
        vec![vec![(1, 1), (2, 1), (0, -1)]],
    );
    assert_eq!(system, Err(SystemError::NotAdditive { total: "T".into() }));
}

#[test]
fn leaves_twice_or_unknown() {
    let with = |leaf: Value| {
        let mut table = table();
        table["leaves"].as_array_mut().expect("a list").push(leaf);
        refused(&table)
    };
    assert_eq!(
        with(json!({ "key": ["r1", "c1"], "n": 5 })),
        FormError::Table(TableError::Twice {
            key: "r1|c1".into()
        })
    );
    assert_eq!(
        with(json!({ "key": ["r1", "c9"], "n": 5 })),
        FormError::Table(TableError::UnknownLabel {
            label: "c9".into(),
            dimension: "2".into()
        })
    );
    assert!(matches!(
        with(json!({ "key": ["r1"], "n": 5 })),
        FormError::Table(TableError::KeyLength { .. })
    ));
    assert!(matches!(
        with(json!({ "key": ["r1", "c1"], "n": -1 })),
        FormError::Unreadable { field: "n", .. }
    ));
    assert!(matches!(
        with(json!({ "key": ["r1", "c1"], "n": 2.5 })),
        FormError::Unreadable { field: "n", .. }
    ));
}

#[test]
fn hierarchies_that_are_no_trees() {
    let with = |hierarchy: Value| {
        let mut table = table();
        table["hierarchies"][0] = hierarchy;
        match refused(&table) {
            FormError::Hierarchy { source, .. } => source,
            other => panic!("{other}"),
        }
    };
    assert_eq!(
        with(json!({ "T": ["A", "B"], "A": ["r1", "r2"], "B": ["r2", "r3"] })),
        HierarchyError::TwoParents {
            label: "r2".into(),
            first: "A".into(),
            second: "B".into()
        }
    );
    assert_eq!(
        with(json!({ "T": ["r1", "r1"] })),
        HierarchyError::Twice {
            label: "r1".into(),
            parent: "T".into()
        }
    );
    assert_eq!(with(json!({})), HierarchyError::Empty);
    assert!(matches!(
        with(json!({ "T": ["r1"], "U": ["r2"] })),
        HierarchyError::TwoTotals { .. }
    ));
    assert!(matches!(
        with(json!({ "A": ["B"], "B": ["A"] })),
        HierarchyError::Circle { .. }
    ));
    assert!(matches!(
        with(json!({ "T": ["r1"], "A": ["B"], "B": ["A"] })),
        HierarchyError::Circle { .. }
    ));
    assert!(matches!(
        with(json!({ "T": [] })),
        HierarchyError::NoParts { .. }
    ));
    assert!(matches!(
        with(json!({ "T": [" "] })),
        HierarchyError::NoName { .. }
    ));
}

#[test]
fn a_cell_that_nothing_protects_is_named() {
    // Row 1 has one cell that is not empty, and empty ones may not be hidden.
    let table = two_way(&[vec![2, 0, 0], vec![10, 20, 30], vec![11, 12, 13]]);
    // The total of the row can be hidden with it.
    assert!(protect(&table).is_ok());
    // The total of everything hides nothing when it is all in one cell.
    let table = two_way(&[vec![2, 0], vec![0, 0]]);
    let done = protect(&table).expect("all four that are not empty are hidden together");
    assert_eq!(done.hidden().len(), 4);
}

#[test]
fn an_infeasible_cell_among_cells_and_sums() {
    let table = json!({
        "cells": { "T": 9, "a": 2, "b": 0, "c": 7 },
        "equations": [{ "parent": "T", "children": ["a", "b", "c"] }],
        "min_frequency": 3,
        "attacker_bounds": { "c": [7, 7], "T": [9, 9] },
    });
    let error = protect(&table).err().expect("infeasible");
    assert_eq!(
        error,
        OptimumError::Infeasible {
            name: "a".into(),
            target: 0
        }
    );
}

#[test]
fn labels_shared_by_hierarchies_and_codes_with_a_dot() {
    let table = json!({
        "hierarchies": [{ "T": [".a", "b", "c"] }, { "T": ["b", ".a", "c|d"] }],
        "leaves": [
            { "key": [".a", "b"], "n": 5 }, { "key": [".a", ".a"], "n": 12 }, { "key": [".a", "c|d"], "n": 1 },
            { "key": ["b", "b"], "n": 2 }, { "key": ["b", ".a"], "n": 7 }, { "key": ["b", "c|d"], "n": 9 },
            { "key": ["c", "b"], "n": 14 }, { "key": ["c", ".a"], "n": 3 }, { "key": ["c", "c|d"], "n": 8 },
        ],
        "min_frequency": 3,
    });
    let done = protect(&table).expect("protected");
    assert_eq!(done.pattern.cost, 17.0);
    assert_eq!(done.hidden(), [".a|b", ".a|c\\|d", "b|b", "b|c\\|d"]);
}

#[test]
fn floating_sums() {
    assert_eq!(decimals(0.1 + 0.2), 1);
    assert_eq!(units(0.1 + 0.2, 1), Some(3));
    assert_eq!(units(f64::NAN, 0), None);
    assert_eq!(units(1e300, 0), None);
    let table = json!({
        "hierarchies": [{ "T": ["a", "b", "c"] }],
        "leaves": [
            { "key": ["a"], "n": 9, "value": 0.1 },
            { "key": ["b"], "n": 9, "value": 0.2 },
            { "key": ["c"], "n": 9, "value": 0.7 },
            { "key": ["T"], "n": 27, "value": 0.1 + 0.2 + 0.7 },
        ],
        "min_frequency": 3,
    });
    assert_eq!(protect(&table).expect("additive").pattern.cost, 0.0);
}

#[test]
fn negative_amounts_widen_what_is_believed() {
    let table = json!({
        "hierarchies": [{ "T": ["a", "b", "c", "d"] }],
        "leaves": [
            { "key": ["a"], "n": 2, "value": -50 },
            { "key": ["b"], "n": 9, "value": 200 },
            { "key": ["c"], "n": 9, "value": 300 },
            { "key": ["d"], "n": 9, "value": 40 },
        ],
        "min_frequency": 3,
    });
    let done = protect(&table).expect("protected");
    assert_eq!(done.hidden(), ["a", "d"]);
    let problem = &done.prepared.problem;
    // The greatest number is the total, 490: the loss may be so much larger.
    let loss = problem.system.names().iter().position(|name| name == "a");
    assert_eq!(problem.least[loss.expect("there is one")], -540);
    wdl_suppression::verify::verify(&done.certificate).expect("it holds");
}

#[test]
fn waivers_need_a_reason() {
    let mut table = table();
    table["waivers"] = json!([{ "cell": "r1|c3", "reason": " " }]);
    assert!(matches!(refused(&table), FormError::NoReason { .. }));
    table["waivers"] = json!([{ "cell": "r9|c3", "reason": "public register" }]);
    assert!(matches!(refused(&table), FormError::UnknownCell { .. }));
    table["waivers"] = json!([
        { "cell": "r1|c3", "reason": "public register" },
        { "cell": "r2|c1", "reason": "public register" },
    ]);
    let done = protect(&table).expect("protected");
    assert_eq!(done.pattern.cost, 0.0);
    assert_eq!(done.prepared.waived.len(), 2);
    wdl_suppression::verify::verify(&done.certificate).expect("it holds");
}

#[test]
fn words_that_mean_nothing_here() {
    let mut table = table();
    table["min_freqency"] = 5.into();
    let form: TableForm = serde_json::from_value(table.clone()).expect("a form");
    assert_eq!(form.ignored(), ["min_freqency"]);
    table["attacker_bounds"] = "anything goes".into();
    assert!(matches!(
        refused(&table),
        FormError::Unreadable {
            field: "attacker_bounds",
            ..
        }
    ));
}

#[test]
fn any_order_of_leaves_gives_the_same() {
    let table = table();
    let first = protect(&table).expect("protected");
    let mut turned = table.clone();
    turned["leaves"].as_array_mut().expect("a list").reverse();
    let second = protect(&turned).expect("protected");
    assert_eq!(first.pattern, second.pattern);
    assert_eq!(first.certificate, second.certificate);
}

#[test]
fn names_of_dimensions_that_are_none() {
    for names in [json!(["r", "r"]), json!(["r"]), json!(["r", " "])] {
        let mut table = table();
        table["dimensions"] = names;
        let error = refused(&table);
        assert!(matches!(
            error,
            FormError::Unreadable {
                field: "dimensions",
                ..
            }
        ));
    }
}

#[test]
fn no_protection_is_no_level() {
    let mut table = table();
    table["protection_level"] = 0.into();
    assert_eq!(
        refused(&table),
        FormError::Unreadable {
            field: "protection_level",
            of: "0".into()
        }
    );
    // In percent it may be told instead, and is one unit at least.
    table["protection_percent"] = 10.into();
    protect(&table).expect("protected");
}

#[test]
fn nobody_contributes() {
    let mut table = table();
    table["leaves"][0] =
        json!({ "key": ["r1", "c1"], "contributions": [{ "by": "a", "value": 5 }] });
    table["leaves"][1] = json!({ "key": ["r1", "c2"], "contributions": [] });
    assert_eq!(
        refused(&table),
        FormError::Unreadable {
            field: "contributions",
            of: "r1|c2".into()
        }
    );
}

#[test]
fn linked_tables_that_disagree() {
    // A part of two, with its units and its value; the other part is the same in all.
    let table = |units: u64, value: i64| {
        let parts = vec![("T".to_owned(), vec!["a".to_owned(), "b".to_owned()])];
        let dimension = Dimension {
            name: "part".to_owned(),
            hierarchy: Hierarchy::new(&parts).expect("a tree"),
        };
        let entry = |label: &str, units, value| Entry {
            key: vec![label.to_owned()],
            units,
            value,
            contributions: Vec::new(),
        };
        let entries = [entry("a", units, value), entry("b", 7, 70)];
        Table::new(vec![dimension], 0, &entries).expect("a table")
    };
    let join = |other: Table| Linked::join(&[table(5, 50), other]);
    assert!(join(table(5, 50)).is_ok());
    // More, less, and the same value of other units.
    for other in [table(5, 60), table(5, 40), table(6, 50), table(4, 50)] {
        let error = join(other).expect_err("refused");
        assert_eq!(
            error,
            TableError::Disagree {
                key: "T".to_owned()
            }
        );
    }
}
