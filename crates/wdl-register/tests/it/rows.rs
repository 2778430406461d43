//! Which rows come in, and what is said of the others: numbers and codes, never values.

use std::sync::Arc;

use arrow::array::{ArrayRef, FixedSizeBinaryArray};
use arrow::record_batch::RecordBatch;
use wdl_vocab::Diagnose as _;

use crate::invented::{Home, Lab, homes, numbers};

const ROWS: [Home; 3] = [
    (1, Some(11), "F", 10),
    (2, Some(12), "M", 20),
    (3, Some(13), "F", 30),
];

/// Row, code and column of every rejection.
fn told(lab: &Lab, rows: &[Home]) -> Vec<(u32, String, String)> {
    let answer = lab.answer(lab.homes(1, rows), &[]).unwrap();
    answer
        .rejected_rows
        .iter()
        .flat_map(|row| row.reasons.iter().map(move |reason| (row.row, reason)))
        .map(|(row, reason)| {
            let column = reason.column.clone().unwrap_or_default();
            (row, reason.code.clone(), column)
        })
        .collect()
}

fn one(row: u32, code: &str, column: &str) -> (u32, String, String) {
    (row, code.to_owned(), column.to_owned())
}

#[test]
fn rows_that_break_the_contract_are_rejected_alone() {
    let lab = Lab::new();
    assert_eq!(told(&lab, &ROWS), []);
    let lab = Lab::new();
    let mut bad = ROWS;
    bad[1].2 = "X";
    assert_eq!(told(&lab, &bad), [one(2, "WDL-R032", "sex")]);
    let lab = Lab::new();
    bad[2].3 = 30_000;
    assert_eq!(
        told(&lab, &bad),
        [one(2, "WDL-R032", "sex"), one(3, "WDL-R036", "valid_from")]
    );
    let text = format!("{:?}", told(&Lab::new(), &bad));
    assert!(!text.contains('X'), "no value is told: {text}");
}

#[test]
fn del_duplicate_rows() {
    // Which of two rows of a key is right cannot be known: neither comes in.
    let lab = Lab::new();
    let twice = [ROWS[0], ROWS[1], (1, Some(13), "M", 30)];
    let answer = lab.answer(lab.homes(1, &twice), &[]).unwrap();
    let rows: Vec<u32> = answer.rejected_rows.iter().map(|row| row.row).collect();
    assert_eq!(rows, [1, 3]);
    let accepted = [answer.accepted];
    let kept = lab
        .register
        .dataset(lab.contract("comune", "case"), &accepted);
    let records = numbers(&kept.unwrap(), "record");
    assert_eq!(records, [Some(lab.id_key.number("record", &[2; 32]))]);
}

#[test]
fn missing_values_and_impossible_ends_are_rejected() {
    let lab = Lab::new();
    let good = homes(&ROWS);
    let change = |place: usize, column: ArrayRef| {
        let mut columns = good.columns().to_vec();
        columns[place] = column;
        let batch = RecordBatch::try_new(good.schema(), columns).unwrap();
        let delivery = lab.seal(lab.declaration("comune", "case", 1), &batch);
        lab.answer(delivery, &[]).unwrap().rejected_rows
    };
    let sexes = arrow::array::StringArray::from(vec![Some("F"), None, Some("M")]);
    let rows = change(2, Arc::new(sexes));
    assert_eq!((rows.len(), rows[0].row), (1, 2));
    assert_eq!(rows[0].reasons[0].code, "WDL-R011");
    let ends = arrow::array::Date32Array::from(vec![Some(9), Some(20), None]);
    let rows = change(5, Arc::new(ends));
    assert_eq!((rows.len(), rows[0].row), (1, 1));
    assert_eq!(rows[0].reasons[0].code, "WDL-R036");
}

#[test]
fn a_delivery_of_bad_rows_only_is_refused() {
    let lab = Lab::new();
    let bad = ROWS.map(|row| (row.0, row.1, "X", row.3));
    let refused = lab.answer(lab.homes(1, &bad), &[]).unwrap_err();
    assert_eq!(refused.diagnostic().code.id, "WDL-R022");
    let vault = std::fs::read_dir(lab.folder.path().join("state/vault")).unwrap();
    assert_eq!(vault.count(), 0);
}

/// A column made for linkage, so many bytes wide.
fn with_encodings(lab: &Lab, declared: &[&str], columns: &[(&str, i32)]) -> &'static str {
    let good = homes(&ROWS);
    let schema = good.schema();
    let mut all: Vec<(String, ArrayRef, bool)> = schema
        .fields()
        .iter()
        .zip(good.columns())
        .map(|(field, values)| (field.name().clone(), Arc::clone(values), true))
        .collect();
    for (name, width) in columns {
        let bytes = vec![7; usize::try_from(*width).unwrap()];
        let values = FixedSizeBinaryArray::try_from_iter((0..3).map(|_| bytes.clone())).unwrap();
        all.push(((*name).to_owned(), Arc::new(values), true));
    }
    let batch = RecordBatch::try_from_iter_with_nullable(all).unwrap();
    let mut said = lab.declaration("comune", "case", 1);
    said.encodings = declared.iter().map(|name| (*name).to_owned()).collect();
    match lab.answer(lab.seal(said, &batch), &[]) {
        Ok(answer) => {
            let accepted = [answer.accepted];
            let contract = lab.contract("comune", "case");
            let kept = lab.register.dataset(contract, &accepted).unwrap();
            assert_eq!(kept.schema(), wdl_register::Register::schema(contract));
            let sealed = lab.register.sealed(&accepted[0]).unwrap();
            let opened = sealed.open(&lab.sealing_key).unwrap();
            assert_eq!(opened.batch().num_columns(), 6 + columns.len());
            "accepted"
        }
        Err(refused) => refused.diagnostic().code.id,
    }
}

#[test]
fn encodings_are_checked_and_stay_in_the_vault() {
    let lab = Lab::with_linkage;
    let two = [("link_name_birth", 32), ("link_clk", 128)];
    let names = ["link_name_birth", "link_clk"];
    assert_eq!(with_encodings(&lab(), &names, &two), "accepted");
    assert_eq!(with_encodings(&lab(), &names[..1], &two), "WDL-R021");
    assert_eq!(
        with_encodings(&lab(), &["link_clk", "link_name_birth"], &two),
        "WDL-R021"
    );
    assert_eq!(with_encodings(&lab(), &[], &two[..1]), "WDL-R009");
    assert_eq!(
        with_encodings(&lab(), &["link_clk"], &[("link_clk", 64)]),
        "WDL-R021"
    );
    assert_eq!(
        with_encodings(&lab(), &["surname"], &[("surname", 32)]),
        "WDL-R021"
    );
    assert_eq!(with_encodings(&Lab::new(), &names, &two), "WDL-R021");
}
