//! How long tables of growing size take: rows and columns, hierarchical rows, three dimensions.

use std::time::Instant;

use serde_json::{Value, json};
use wdl_suppression::form::TableForm;
use wdl_suppression::optimum::{Effort, optimum};
use wdl_suppression::prepare::prepare;

/// A small generator of counts, the same everywhere.
struct Counts(u64);

impl Counts {
    fn next(&mut self, mean: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        let one = (self.0 >> 33) % 1000;
        let two = (self.0 >> 43) % 1000;
        one * two * mean * 4 / 1_000_000
    }
}

fn labels(of: &str, many: usize) -> Vec<String> {
    (1..=many).map(|at| format!("{of}{at}")).collect()
}

fn table(districts: usize, parts: usize, columns: usize, third: usize, mean: u64) -> Value {
    let mut tree = serde_json::Map::new();
    let top = labels("d", districts);
    let mut rows = Vec::new();
    for district in &top {
        let of: Vec<String> = labels(&format!("{district}s"), parts);
        rows.extend(of.clone());
        tree.insert(district.clone(), json!(of));
    }
    tree.insert("T".into(), json!(top));
    let mut counts = Counts(7);
    let mut leaves = Vec::new();
    for row in &rows {
        for column in labels("c", columns) {
            for deep in labels("x", third) {
                let n = counts.next(mean);
                leaves.push(json!({ "key": [row, column, deep], "n": n }));
            }
        }
    }
    json!({
        "hierarchies": [tree, { "T": labels("c", columns) }, { "T": labels("x", third) }],
        "leaves": leaves,
        "min_frequency": 3,
    })
}

fn main() {
    let shapes = [
        (4, 4, 8, 1, 20),
        (4, 5, 12, 2, 20),
        (6, 6, 12, 2, 20),
        (10, 8, 15, 2, 20),
        (8, 8, 10, 5, 20),
    ];
    // With a number only that shape.
    let only: Option<usize> = std::env::args().nth(1).and_then(|at| at.parse().ok());
    for (at, (districts, parts, columns, third, mean)) in shapes.into_iter().enumerate() {
        if only.is_some_and(|only| only != at) {
            continue;
        }
        let form: TableForm =
            serde_json::from_value(table(districts, parts, columns, third, mean)).expect("a table");
        let material = form.material().expect("additive");
        let wishes = form.wishes(&material).expect("readable");
        let prepared = prepare(material, &wishes);
        let begun = Instant::now();
        let pattern = optimum(&prepared.problem, Effort::default());
        match pattern {
            Ok(pattern) => println!(
                "{} cells, {} targets: {:?}, cost {} at least {:.1}, proved {}, gap {:.4}, cuts {}",
                prepared.problem.system.len(),
                prepared.problem.targets.len(),
                begun.elapsed(),
                pattern.cost,
                pattern.at_least,
                pattern.is_proved,
                pattern.gap(),
                pattern.cuts
            ),
            Err(error) => println!("{error} {:?}", begun.elapsed()),
        }
    }
}
