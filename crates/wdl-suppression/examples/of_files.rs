//! What the search answers on tables in JSON, one line each: `of_files A.json B.json …`.

use std::time::Instant;

use wdl_suppression::form::TableForm;
use wdl_suppression::optimum::{Effort, optimum};
use wdl_suppression::prepare::prepare;

fn main() {
    for path in std::env::args().skip(1) {
        match of_file(&path) {
            Ok(line) => println!("{path}: {line}"),
            Err(fault) => println!("{path}: {fault}"),
        }
    }
}

fn of_file(path: &str) -> Result<String, Box<dyn std::error::Error>> {
    let form: TableForm = serde_json::from_str(&std::fs::read_to_string(path)?)?;
    let material = form.material()?;
    let wishes = form.wishes(&material)?;
    let prepared = prepare(material, &wishes);
    let begun = Instant::now();
    let pattern = optimum(&prepared.problem, Effort::default())?;
    Ok(format!(
        "{} cells, {} targets, {:.2} s: cost {} at least {:.3}, proved {}, joint {}, cuts {}",
        prepared.problem.system.len(),
        prepared.problem.targets.len(),
        begun.elapsed().as_secs_f64(),
        pattern.cost,
        pattern.at_least,
        pattern.is_proved,
        pattern.is_joint,
        pattern.cuts
    ))
}
