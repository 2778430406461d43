//! The reference tables: proved optima of an independent implementation.

use serde_json::Value;
use wdl_suppression::verify::verify;

use crate::material::protect;

fn reference(name: &str) -> Option<Value> {
    let path = format!(
        concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/../../../shared/reference/disclosure/tables/{}"
        ),
        name
    );
    let Ok(text) = std::fs::read_to_string(path) else {
        println!("skipped: {name} is not there");
        return None;
    };
    Some(serde_json::from_str(&text).expect("the reference is JSON"))
}

fn check(table: &Value) {
    let done = protect(table).expect("can be protected");
    let name = &table["name"];
    let expected = &table["expected"];
    let cost = expected["cost"].as_f64().expect("a number");
    assert!(done.pattern.is_proved, "{name}");
    assert!(
        (done.pattern.cost - cost).abs() < 1e-6,
        "{name}: {} for {cost}",
        done.pattern.cost
    );
    let verified = verify(&done.certificate).expect("the certificate holds");
    assert_eq!(verified.exact, done.certificate.proofs.len(), "{name}");
    // Several choices can be the best; of the same choice the intervals are the same.
    let set = match expected.get("one_optimal_set") {
        Some(set) => set,
        None => &expected["set"],
    };
    let mut set: Vec<&str> = set
        .as_array()
        .expect("a list")
        .iter()
        .filter_map(Value::as_str)
        .collect();
    set.sort_unstable();
    let mut hidden = done.hidden();
    hidden.sort_unstable();
    if set != hidden {
        return;
    }
    let intervals = match expected.get("feasibility_intervals") {
        Some(intervals) => intervals,
        None => &expected["intervals"],
    };
    for proof in &done.certificate.proofs {
        let name = &done.certificate.cells[proof.terms[0].0].name;
        let ends = (intervals[name][0].as_f64(), intervals[name][1].as_f64());
        let got = (proof.low.reached.value(), proof.high.reached.value());
        assert!((ends.0.unwrap() - got.0).abs() < 1e-6, "{name}");
        assert!((ends.1.unwrap() - got.1).abs() < 1e-6, "{name}");
    }
}

#[test]
fn proved_optima() {
    let Some(tables) = reference("secondary_suppression.json") else {
        return;
    };
    for table in tables.as_array().expect("a list") {
        check(table);
    }
}

#[test]
fn linked_case() {
    let Some(table) = reference("linked_tables.json") else {
        return;
    };
    check(&table);
}

#[test]
fn linked_case_from_two_tables_of_the_same_units() {
    // Counts posted in issue 133 of sdcTools/UserSupport: a hierarchy of counties and one of sizes over the same units.
    use wdl_suppression::hierarchy::Hierarchy;
    use wdl_suppression::optimum::{Effort, optimum};
    use wdl_suppression::prepare::{Costs, Material, Wishes, prepare};
    use wdl_suppression::primary::Rules;
    use wdl_suppression::table::{Dimension, Entry, Linked, Table};
    let names = |text: &str| -> Vec<String> { text.split(' ').map(str::to_owned).collect() };
    let entries: Vec<Entry> = [("A", 11), ("B", 7), ("I", 3), ("J", 9), ("K", 4)]
        .iter()
        .map(|(label, n)| Entry {
            key: vec![(*label).to_owned()],
            units: *n,
            value: *n as i64,
            contributions: Vec::new(),
        })
        .collect();
    let table = |groups: &[(&str, &str)]| {
        let top: Vec<String> = groups
            .iter()
            .map(|(label, _)| (*label).to_owned())
            .collect();
        let mut parts = vec![("T".to_owned(), top)];
        parts.extend(
            groups
                .iter()
                .map(|(label, of)| ((*label).to_owned(), names(of))),
        );
        let dimension = Dimension {
            name: "unit".to_owned(),
            hierarchy: Hierarchy::new(&parts).expect("a tree"),
        };
        Table::new(vec![dimension], 0, &entries).expect("a table")
    };
    let tables = [
        table(&[("county-1", "A I"), ("county-4", "B"), ("county-10", "J K")]),
        table(&[("BIG", "A B"), ("small", "I J K")]),
    ];
    let linked = Linked::join(&tables).expect("they agree");
    assert_eq!(linked.system.len(), 11);
    let material = Material::linked(&tables, linked);
    let wishes = Wishes {
        rules: Rules::new(4).expect("not below three"),
        level: 1.0,
        percent: 0.0,
        may_hide_zeros: false,
        singletons: false,
        unions: false,
        costs: Costs::Value,
        waivers: Default::default(),
        asked: Default::default(),
        beliefs: None,
    };
    let prepared = prepare(material, &wishes);
    let pattern = optimum(&prepared.problem, Effort::default()).expect("can be protected");
    assert!(pattern.is_proved);
    assert_eq!(pattern.cost, 34.0);
}
