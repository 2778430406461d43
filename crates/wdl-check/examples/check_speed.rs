//! Checks a file again and again and says how long it took: `measure CONTRACTS_LAB DATASET FILE PERIOD`.
#![expect(clippy::print_stdout, reason = "an example for whoever measures")]

use std::collections::BTreeMap;
use std::error::Error;
use std::path::Path;
use std::time::Instant;

use wdl_check::{Terms, check, typed};
use wdl_contract::Contracts;
use wdl_intake::{Answers, Hints, Reading};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [lab, dataset, file, period] = arguments.as_slice() else {
        return Err("measure LAB DATASET FILE PERIOD".into());
    };
    let contracts = Contracts::read(Path::new(lab))?;
    let contract = contracts
        .iter()
        .find(|contract| contract.dataset.as_str() == dataset)
        .ok_or("no such dataset")?;
    let terms = Terms::alone(contract, contracts.lists(), period.parse()?);
    let (mapping, answers) = (BTreeMap::new(), Answers::default());
    let hints = Hints {
        contract,
        mapping: &mapping,
        answers: &answers,
    };
    for _ in 0..3 {
        let start = Instant::now();
        let mut reading = Reading::open(Path::new(file), hints)?;
        let checked = check(&mut reading, terms)?;
        let check = start.elapsed();
        let rows: usize = typed(&mut reading, terms, &checked)
            .map(|batch| batch.map(|batch| batch.batch.num_rows()))
            .sum::<Result<usize, _>>()?;
        let all = start.elapsed();
        println!(
            "{} rows, {} accepted, {rows} typed, {} kinds of finding: check {check:?}, with the second pass {all:?}",
            checked.rows,
            checked.accepted,
            checked.findings.iter().count(),
        );
    }
    Ok(())
}
