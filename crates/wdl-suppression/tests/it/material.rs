//! Small tables for the tests.

use serde_json::{Value, json};
use wdl_suppression::audit::{Told, certify};
use wdl_suppression::certificate::Certificate;
use wdl_suppression::form::TableForm;
use wdl_suppression::optimum::{Effort, OptimumError, Pattern, optimum};
use wdl_suppression::prepare::{Prepared, prepare};

/// A protected table.
pub(crate) struct Done {
    pub(crate) prepared: Prepared,
    pub(crate) told: Told,
    pub(crate) pattern: Pattern,
    pub(crate) certificate: Certificate,
}

impl Done {
    pub(crate) fn hidden(&self) -> Vec<&str> {
        let names = self.prepared.problem.system.names().iter();
        let of = names.zip(&self.pattern.is_hidden);
        of.filter(|(_, hidden)| **hidden)
            .map(|(name, _)| name.as_str())
            .collect()
    }
}

pub(crate) fn prepared(table: &Value) -> Prepared {
    let form: TableForm = serde_json::from_value(table.clone()).expect("a table");
    let material = form.material().expect("additive");
    let wishes = form.wishes(&material).expect("readable");
    prepare(material, &wishes)
}

pub(crate) fn protect(table: &Value) -> Result<Done, OptimumError> {
    let form: TableForm = serde_json::from_value(table.clone()).expect("a table");
    let material = form.material().expect("additive");
    let wishes = form.wishes(&material).expect("readable");
    let told = Told {
        minimum_frequency: wishes.rules.minimum(),
        units: material.units.clone(),
        waivers: (0..material.system.len())
            .map(|at| wishes.waivers.get(&at).cloned())
            .collect(),
    };
    let prepared = prepare(material, &wishes);
    let pattern = optimum(&prepared.problem, Effort::default())?;
    let certificate = certify(&prepared, &told, &pattern.is_hidden).expect("solved");
    Ok(Done {
        prepared,
        told,
        pattern,
        certificate,
    })
}

/// A table of two dimensions from its inner counts.
pub(crate) fn two_way(counts: &[Vec<u64>]) -> Value {
    let rows: Vec<String> = (1..=counts.len()).map(|at| format!("r{at}")).collect();
    let columns: Vec<String> = (1..=counts[0].len()).map(|at| format!("c{at}")).collect();
    let mut leaves = Vec::new();
    for (row, of) in rows.iter().zip(counts) {
        for (column, n) in columns.iter().zip(of) {
            leaves.push(json!({ "key": [row, column], "n": n }));
        }
    }
    json!({
        "hierarchies": [{ "T": rows }, { "T": columns }],
        "leaves": leaves,
        "min_frequency": 3,
        "weights": "value",
    })
}
