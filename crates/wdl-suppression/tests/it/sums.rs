//! Tables given by their cells and the sums that tie them, alone and beside others.

use serde_json::{Value, json};
use wdl_suppression::form::cells::{Percentage, same_numbers};
use wdl_suppression::form::{FormError, TableForm};
use wdl_suppression::joint::{Joint, JointError, Public, join};
use wdl_suppression::optimum::{Effort, Pattern, optimum};
use wdl_suppression::primary::{Reason, RuleError};
use wdl_suppression::table::TableError;

use crate::material::{prepared, protect, two_way};

fn form(table: &Value) -> TableForm {
    serde_json::from_value(table.clone()).expect("a form")
}

fn joined(tables: &[Value]) -> Result<Joint, JointError> {
    join(&tables.iter().map(form).collect::<Vec<_>>(), &[])
}

fn best(joint: &Joint) -> Pattern {
    optimum(&joint.prepared.problem, Effort::default()).expect("can be protected")
}

/// Two classifications of the same units.
fn counties() -> Value {
    json!({
        "cells": { "T": 34, "county-1": 14, "county-4": 7, "county-10": 13, "A": 11, "B": 7, "I": 3, "J": 9, "K": 4 },
        "equations": [
            { "parent": "county-1", "children": ["A", "I"] },
            { "parent": "county-4", "children": ["B"] },
            { "parent": "county-10", "children": ["J", "K"] },
            { "parent": "T", "children": ["county-1", "county-4", "county-10"] },
        ],
        "primary": ["I"],
        "rule": "n <= 3",
        "protection_level": 1,
        "weights": "value",
        "attacker_bounds": "0 <= y_j <= a_j + max(a)",
    })
}

fn sizes() -> Value {
    json!({
        "cells": { "T": 34, "BIG": 18, "small": 16, "A": 11, "B": 7, "I": 3, "J": 9, "K": 4 },
        "equations": [
            { "parent": "BIG", "children": ["A", "B"] },
            { "parent": "small", "children": ["I", "J", "K"] },
            { "parent": "T", "children": ["BIG", "small"] },
        ],
        "primary": ["I"],
        "rule": "n <= 3",
        "protection_level": 1,
    })
}

#[test]
fn two_files_of_sums_are_one_problem() {
    // The counts of issue 133 of sdcTools/UserSupport, whose joint optimum is 34.
    let joint = joined(&[counties(), sizes()]).expect("they agree");
    assert_eq!(joint.material.system.len(), 11);
    let pattern = best(&joint);
    assert!(pattern.is_proved);
    assert_eq!(pattern.cost, 34.0);
    // Alone each is cheaper, and both together would then give I away.
    for one in [counties(), sizes()] {
        assert!(best(&joined(&[one]).expect("a table")).cost < 34.0);
    }
    // The order of the files changes the order of the cells alone.
    let turned = joined(&[sizes(), counties()]).expect("they agree");
    assert_eq!(best(&turned).cost, 34.0);
    assert!(joint.same_numbers.is_empty());
}

#[test]
fn files_of_sums_that_disagree() {
    let mut other = sizes();
    other["cells"]["A"] = 12.into();
    other["cells"]["BIG"] = 19.into();
    other["cells"]["T"] = 35.into();
    let error = joined(&[counties(), other]).expect_err("refused");
    let disagree = |key: &str| FormError::Table(TableError::Disagree { key: key.into() });
    assert_eq!((error.table, error.source), (1, disagree("A")));
}

#[test]
fn sums_beside_a_table_with_dimensions() {
    let mut table = two_way(&[vec![5, 12, 1], vec![2, 7, 9], vec![14, 3, 8]]);
    table["dimensions"] = json!(["row", "column"]);
    let more = json!({
        "cells": { "row=r1": 18, "north": 36, "row=r2": 18, "row=r3": 25, "total": 61 },
        "equations": [
            { "parent": "north", "children": ["row=r1", "row=r2"] },
            { "parent": "total", "children": ["north", "row=r3"] },
        ],
        "min_frequency": 3,
    });
    let joint = joined(&[table, more]).expect("they agree");
    assert_eq!(joint.material.system.len(), 17);
    let north = joint
        .material
        .system
        .names()
        .iter()
        .position(|name| name == "north")
        .expect("a cell of the sums");
    assert_eq!(joint.material.units[north], 36);
    assert_eq!(best(&joint).cost, 17.0);
}

#[test]
fn costs_and_beliefs_of_a_file_hold_in_company_too() {
    let mut dear = sizes();
    dear["weights"] = json!({ "K": 1000 });
    dear["attacker_bounds"] = json!({ "J": [9, 9] });
    let joint = joined(&[counties(), dear]).expect("they agree");
    let problem = &joint.prepared.problem;
    let at = |name: &str| {
        let mut names = problem.system.names().iter();
        names.position(|one| one == name).expect("a cell")
    };
    assert_eq!(problem.costs[at("K")], 1000.0);
    assert_eq!(problem.costs[at("A")], 11.0);
    assert_eq!((problem.least[at("J")], problem.most[at("J")]), (9, 9));
    assert_eq!(problem.most[at("A")], 11 + 34);
}

fn refused(table: &Value) -> FormError {
    let form = form(table);
    match form.material() {
        Ok(material) => match form.wishes(&material) {
            Ok(_) => form.percentages(&material.system).expect_err("refused"),
            Err(error) => error,
        },
        Err(error) => error,
    }
}

#[test]
fn the_sum_that_does_not_hold_is_named() {
    let mut table = counties();
    table["cells"]["county-10"] = 14.into();
    let key = |key: &str| FormError::Table(TableError::NotAdditive { key: key.into() });
    assert_eq!(refused(&table), key("county-10"));
    // A total of several sums is told with the parts that fail.
    let mut both = counties();
    for (name, value) in [("BIG", 18), ("small", 17)] {
        both["cells"][name] = value.into();
    }
    let equations = both["equations"].as_array_mut().expect("a list");
    equations.push(json!({ "parent": "T", "children": ["BIG", "small"] }));
    let error = refused(&both);
    assert_eq!(error, key("T = BIG + small"));
    assert!(!error.to_string().contains("34"));
}

#[test]
fn cells_that_are_not_there() {
    let unknown = |field: &'static str, cell: &str| FormError::UnknownCell {
        field,
        cell: cell.into(),
    };
    let mut table = counties();
    table["equations"][0]["children"][0] = "a".into();
    assert_eq!(refused(&table), unknown("equations", "a"));
    let mut table = counties();
    table["equations"][0]["parent"] = "county-2".into();
    assert_eq!(refused(&table), unknown("equations", "county-2"));
    for (field, value) in [
        ("primary", json!(["X"])),
        ("weights", json!({ "X": 1 })),
        ("attacker_bounds", json!({ "X": [0, 1] })),
        ("waivers", json!([{ "cell": "X", "reason": "public" }])),
        ("percentages", json!([{ "part": "X", "of": "T" }])),
    ] {
        let mut table = counties();
        table[field] = value;
        assert_eq!(refused(&table), unknown(field, "X"));
    }
}

#[test]
fn sums_that_are_none() {
    let mut table = counties();
    table["equations"][1]["children"] = json!([]);
    let field = "equations";
    let of = "county-4".into();
    assert_eq!(refused(&table), FormError::Unreadable { field, of });
    for children in [json!(["A", "I", "A"]), json!(["A", "county-1"])] {
        let mut table = counties();
        let twice = children.as_array().and_then(|all| all.last()).cloned();
        table["equations"][0]["children"] = children;
        let key = twice.as_ref().and_then(Value::as_str).expect("a name");
        let key = key.to_owned();
        assert_eq!(refused(&table), FormError::Table(TableError::Twice { key }));
    }
}

#[test]
fn a_cell_in_no_sum_is_told_and_stands_alone() {
    let mut table = counties();
    table["cells"]["Z"] = 2.into();
    let done = protect(&table).expect("protected");
    let system = &done.prepared.problem.system;
    let untied: Vec<&str> = system
        .untied()
        .into_iter()
        .map(|at| system.names()[at].as_str())
        .collect();
    assert_eq!(untied, ["Z"]);
    // It is small, and nothing else needs to be hidden for it.
    assert!(done.hidden().contains(&"Z"));
    assert_eq!(
        done.pattern.cost,
        2.0 + protect(&counties()).expect("protected").pattern.cost
    );
}

#[test]
fn counts_are_whole_and_not_negative() {
    let unreadable = |of: &str| FormError::Unreadable {
        field: "cells",
        of: of.into(),
    };
    // Percentages of a base of three, given as if they were counts.
    let table = json!({
        "cells": { "T": 100, "a": 33.3, "b": 66.7 },
        "equations": [{ "parent": "T", "children": ["a", "b"] }],
        "min_frequency": 3,
    });
    assert_eq!(refused(&table), unreadable("a"));
    let mut table = counties();
    table["cells"]["A"] = (-11).into();
    assert_eq!(refused(&table), unreadable("A"));
}

#[test]
fn negative_amounts_and_a_belief_that_excludes_them() {
    let mut table = json!({
        "cells": { "T": 490, "a": -50, "b": 200, "c": 300, "d": 40 },
        "equations": [{ "parent": "T", "children": ["a", "b", "c", "d"] }],
        "primary": ["a"],
        "protection_level": 5,
    });
    let done = protect(&table).expect("protected");
    assert_eq!(done.hidden(), ["a", "d"]);
    table["attacker_bounds"] = "0 <= y_j ; y_j <= a_j + max(a)".into();
    let field = "attacker_bounds";
    let of = "a".into();
    assert_eq!(refused(&table), FormError::Unreadable { field, of });
}

#[test]
fn negative_contributions_count_by_their_size() {
    // A loss of one enterprise is nearly all of the cell, although the cell is small.
    let leaf = |key: &str, values: &[f64]| {
        let of = values.iter().enumerate();
        let of: Vec<Value> = of
            .map(|(at, value)| json!({ "by": format!("{key}{at}"), "value": value }))
            .collect();
        json!({ "key": [key], "contributions": of })
    };
    let table = json!({
        "hierarchies": [{ "T": ["a", "b", "c"] }],
        "leaves": [
            leaf("a", &[-900.0, 20.0, 15.0, 5.0]),
            leaf("b", &[300.0, 310.0, 290.0, 280.0]),
            leaf("c", &[300.0, 310.0, 290.0, 270.0]),
        ],
        "min_frequency": 3,
        "dominance": [{ "p": { "p": 10 } }],
        "singletons": false,
        "unions": false,
    });
    let prepared = prepared(&table);
    let names = prepared.problem.system.names();
    let hidden: Vec<(&str, Reason)> = names
        .iter()
        .zip(&prepared.reasons)
        .filter_map(|(name, reason)| Some((name.as_str(), (*reason)?)))
        .collect();
    assert_eq!(hidden, [("a", Reason::Estimable)]);
}

#[test]
fn rules_in_words() {
    // Without the list of cells to hide the rule finds the same one.
    let mut table = counties();
    table.as_object_mut().expect("an object").remove("primary");
    let done = protect(&table).expect("protected");
    let is_reason = |of: &Option<Reason>| *of == Some(Reason::TooFew);
    assert_eq!(
        done.prepared
            .reasons
            .iter()
            .filter(|of| is_reason(of))
            .count(),
        1
    );
    table["rule"] = "n < 5".into();
    let five = protect(&table).expect("protected");
    assert_eq!(five.prepared.reasons.iter().flatten().count(), 2);
    // The stricter of the rule and of the number holds.
    table["min_frequency"] = 3.into();
    assert_eq!(protect(&table).expect("protected").hidden(), five.hidden());
    table["min_frequency"] = Value::Null;
    table["rule"] = "n <= 1".into();
    assert_eq!(
        refused(&table),
        FormError::Rules(RuleError::BelowThree { given: 2, least: 3 })
    );
    table["rule"] = "as usual".into();
    let (field, of) = ("rule", "as usual".into());
    assert_eq!(refused(&table), FormError::Unreadable { field, of });
    table["primary"] = json!(["I"]);
    assert_eq!(form(&table).ignored(), ["rule"]);
}

#[test]
fn a_percentage_of_a_hidden_cell_is_hidden() {
    let mut table = counties();
    table["percentages"] = json!([
        { "part": "I", "of": "T" },
        { "part": "B", "of": "T", "name": "share of B" },
        { "part": "A", "of": "county-1" },
    ]);
    let form = form(&table);
    let done = protect(&table).expect("protected");
    let told = form
        .percentages(&done.prepared.problem.system)
        .expect("known cells");
    let shown: Vec<&str> = told
        .iter()
        .filter(|one| one.is_shown(&done.pattern.is_hidden))
        .map(|one| one.name.as_str())
        .collect();
    let hidden = done.hidden();
    assert!(hidden.contains(&"I") && !hidden.contains(&"B") && !hidden.contains(&"T"));
    assert!(shown.contains(&"share of B") && !shown.contains(&"I / T"));
    // The base may be what is hidden.
    let is_base_hidden = hidden.contains(&"county-1") || hidden.contains(&"A");
    assert_eq!(shown.contains(&"A / county-1"), !is_base_hidden);
}

#[test]
fn one_table_under_two_names() {
    let table = two_way(&[vec![5, 12, 1], vec![2, 7, 9], vec![14, 3, 8]]);
    let with = |names: [&str; 2]| {
        let mut table = table.clone();
        table["dimensions"] = json!(names);
        table
    };
    // The same names: one table, protected once.
    let same = joined(&[with(["row", "column"]), with(["row", "column"])]).expect("they agree");
    assert_eq!(same.material.system.len(), 16);
    assert!(same.same_numbers.is_empty());
    assert_eq!(best(&same).cost, 17.0);
    // Other names: the categories and the numbers say that they are the same units.
    // They are told, and protected as one.
    let other = joined(&[with(["row", "column"]), with(["district", "age"])]).expect("they agree");
    assert_eq!(other.same_numbers, [(0, 1)]);
    assert_eq!(other.places[0], other.places[1]);
    assert_eq!(best(&other).cost, 17.0);
    let mut turned = with(["age", "district"]);
    turned["hierarchies"]
        .as_array_mut()
        .expect("a list")
        .reverse();
    for leaf in turned["leaves"].as_array_mut().expect("a list") {
        leaf["key"].as_array_mut().expect("a list").reverse();
    }
    let other = joined(&[with(["row", "column"]), turned]).expect("they agree");
    assert_eq!(other.same_numbers, [(0, 1)]);
    assert_eq!(other.material.system.len(), 16);
    let mut permuted = with(["row", "column"]);
    permuted["leaves"].as_array_mut().expect("a list").reverse();
    let other = form(&with(["district", "age"]));
    assert_eq!(same_numbers(&[&form(&permuted), &other]), [(0, 1)]);
    // A public table among them is named too.
    let public = Public {
        form: other,
        hidden: Vec::new(),
    };
    let told = join(&[form(&table)], std::slice::from_ref(&public));
    assert!(
        told.is_err(),
        "without dimensions two tables cannot be told apart"
    );
}

#[test]
fn the_one_person_of_a_cell_is_that_of_its_totals() {
    let table = json!({
        "cells": { "T": 27, "x": 1, "a": 1, "b": 0, "c": 1, "d": 25 },
        "equations": [
            { "parent": "x", "children": ["a", "b"] },
            { "parent": "T", "children": ["x", "c", "d"] },
        ],
        "min_frequency": 3,
    });
    let material = form(&table).material().expect("additive");
    let names = material.system.names();
    let sole = |name: &str| {
        let at = names.iter().position(|one| one == name).expect("a cell");
        material.sole[at]
    };
    assert_eq!(sole("x"), sole("a"));
    assert!(sole("a").is_some() && sole("c").is_some() && sole("a") != sole("c"));
    assert_eq!((sole("T"), sole("b"), sole("d")), (None, None, None));
}

#[test]
fn module_by_module_the_whole_stays_protected() {
    // As if the table were too large for the joint search: the choice protects, and the optimum lies between bound and cost.
    let counts: Vec<Vec<u64>> = (0..6)
        .map(|row| {
            (0..7)
                .map(|column| (row * 7 + column * 5 + row * column) % 23)
                .collect()
        })
        .collect();
    let table = two_way(&counts);
    let best = protect(&table).expect("protected").pattern;
    assert!(best.is_proved);
    let problem = prepared(&table).problem;
    let with = |passes| Effort {
        cells: 0,
        passes,
        ..Effort::default()
    };
    let first = optimum(&problem, with(0)).expect("protected");
    let improved = optimum(&problem, with(2)).expect("protected");
    assert!(!improved.is_joint);
    assert!(improved.cost <= first.cost && improved.at_least >= first.at_least);
    assert!(improved.at_least <= best.cost + 1e-6 && best.cost <= improved.cost + 1e-6);
    let exposed = wdl_suppression::audit::exposed(&problem, &improved.is_hidden);
    assert_eq!(exposed, Ok(Vec::new()));
}

#[test]
fn a_public_table_under_other_names_binds() {
    let with = |names: [&str; 2]| {
        let mut table = two_way(&[vec![12, 3, 15], vec![20, 21, 20]]);
        table["dimensions"] = json!(names);
        table["min_frequency"] = 5.into();
        table
    };
    let hidden = ["r1|c2", "r1|c3", "r2|c2", "r2|c3"];
    let public = Public {
        form: form(&with(["r", "c"])),
        hidden: hidden.map(str::to_owned).to_vec(),
    };
    let joint = join(&[form(&with(["row", "col"]))], &[public]).expect("they agree");
    assert_eq!(joint.same_numbers, [(0, 1)]);
    let pattern = best(&joint);
    let names = joint.material.system.names().iter();
    let found = names.zip(&pattern.is_hidden).filter(|(_, hidden)| **hidden);
    let found: Vec<&str> = found.map(|(name, _)| name.as_str()).collect();
    assert_eq!(found.len(), 4);
    assert!(found.iter().all(|name| !name.contains("c1")), "{found:?}");
}

#[test]
fn what_hiding_costs_is_what_each_table_says() {
    let mut table = two_way(&[vec![12, 3, 15], vec![20, 21, 20]]);
    table["dimensions"] = json!(["r", "c"]);
    table["min_frequency"] = 5.into();
    table["weights"] = json!({ "r1|c1": 1000, "r2|c1": 1000 });
    let joint = joined(&[table.clone()]).expect("a table");
    assert_eq!(best(&joint).cost, 59.0);
    table["weights"] = json!("unit");
    let joint = joined(&[table]).expect("a table");
    assert_eq!(best(&joint).cost, 4.0);
}

#[test]
fn several_tables_take_the_strictest_of_their_wishes() {
    let table = |level: f64, zeros: bool, minimum: u64| {
        let mut table = two_way(&[vec![2, 20], vec![30, 40]]);
        table["dimensions"] = json!(["row", "column"]);
        table["protection_level"] = level.into();
        table["zeros_may_be_suppressed"] = zeros.into();
        table["min_frequency"] = minimum.into();
        table
    };
    let (mild, strict) = (table(1.0, true, 3), table(2.0, false, 5));
    for pair in [[&mild, &strict], [&strict, &mild]] {
        let joint = join(&pair.map(form), &[]).expect("they agree");
        assert!((joint.wishes.level - 2.0).abs() < 1e-9);
        assert!(!joint.wishes.may_hide_zeros);
        assert_eq!(joint.wishes.rules.minimum(), 5);
    }
}

#[test]
fn a_percentage_is_shown_where_both_its_cells_are() {
    let percentage = Percentage {
        name: "share".to_owned(),
        part: 0,
        of: 1,
    };
    for (hidden, is_shown) in [
        ([false, false], true),
        ([true, false], false),
        ([false, true], false),
        ([true, true], false),
    ] {
        assert_eq!(percentage.is_shown(&hidden), is_shown, "{hidden:?}");
    }
}
