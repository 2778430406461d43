//! The two passes agree with each other, and with a slow and obvious check of small files.

use std::collections::BTreeSet;

use arrow::array::{Array as _, AsArray as _};
use arrow::datatypes::{Date32Type, Decimal128Type};
use proptest::prelude::*;
use wdl_check::{CheckError, check, typed};
use wdl_vocab::Severity;

use crate::support::{Ground, Row, file, good};

/// Cells right and wrong, by column.
fn cell() -> impl Strategy<Value = (&'static str, &'static str)> {
    prop::sample::select(vec![
        ("IMPORTO", "12,5"),
        ("IMPORTO", "12O,00"),
        ("IMPORTO", "-3,00"),
        ("IMPORTO", ""),
        ("DATA_INIZIO", "31/02/2026"),
        ("DATA_INIZIO", "20/07/2026"),
        ("DATA_INIZIO", "01/01/2027"),
        ("DATA_FINE", ""),
        ("DATA_FINE", "01/07/2026"),
        ("TIPO", "AFITTO"),
        ("TIPO", "UTENZE"),
        ("SEZIONE", "12"),
        ("SEZIONE", ""),
        ("NOTE", "RSSMRA80A01F257G"),
        ("NOTE", "tutto bene"),
        ("ID", "A00001"),
        ("CODICE_FISCALE", "RSSMRA80A01F257X"),
    ])
}

/// Whether a row has an error, told without any of the crate's machinery.
fn is_wrong(
    cells: &[(&'static str, &'static str)],
    seen: &mut BTreeSet<String>,
    nth: usize,
) -> bool {
    let of = |column: &str| {
        cells
            .iter()
            .rev()
            .find(|(name, _)| *name == column)
            .map(|(_, value)| *value)
    };
    let id = of("ID").map_or_else(|| format!("A{nth:05}"), str::to_owned);
    let is_repeated = !seen.insert(id);
    let amount = matches!(of("IMPORTO"), Some("12O,00" | "-3,00" | ""));
    let start = matches!(of("DATA_INIZIO"), Some("31/02/2026" | "01/01/2027"));
    // Every good start is in August; a start that is no date is compared with nothing.
    let starts_before = of("DATA_INIZIO") == Some("20/07/2026");
    let has_start = of("DATA_INIZIO") != Some("31/02/2026");
    let end = match of("DATA_FINE") {
        Some("01/07/2026") => has_start,
        Some(_) => false,
        // The good ends are in September.
        None => of("DATA_INIZIO") == Some("01/01/2027"),
    };
    let _ = starts_before;
    let kind = of("TIPO") == Some("AFITTO");
    let section = of("SEZIONE") == Some("12");
    let note = of("NOTE") == Some("RSSMRA80A01F257G");
    is_repeated || amount || start || end || kind || section || note
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn rows_are_accepted_as_the_obvious_check_says(changes in prop::collection::vec(prop::collection::vec(cell(), 0..3), 1..20)) {
        let mut rows = good(changes.len());
        for (row, changes) in rows.iter_mut().zip(&changes) {
            changes.iter().for_each(|(column, value)| row.set(column, *value));
        }
        let ground = Ground::new();
        let text = file(&rows);
        let mut reading = ground.open("interventi.csv", text.as_bytes());
        let checked = check(&mut reading, ground.terms()).unwrap();
        let mut seen = BTreeSet::new();
        let wrong: Vec<bool> = changes.iter().enumerate().map(|(nth, cells)| is_wrong(cells, &mut seen, nth)).collect();
        for (row, is_wrong) in wrong.iter().enumerate() {
            prop_assert_eq!(checked.is_rejected(row as u64), *is_wrong, "row {}", row);
        }
        prop_assert_eq!(checked.rejected, wrong.iter().filter(|wrong| **wrong).count() as u64);
        // The second pass gives the accepted rows and no others, with their lines.
        let kept: Vec<Row> = rows.iter().zip(&wrong).filter(|(_, wrong)| !**wrong).map(|(row, _)| row.clone()).collect();
        let lines: Vec<u64> = (2..).zip(&wrong).filter(|(_, wrong)| !**wrong).map(|(line, _)| line).collect();
        let batches: Vec<_> = typed(&mut reading, ground.terms(), &checked).collect::<Result<_, _>>().unwrap();
        let given: Vec<u64> = batches.iter().flat_map(|batch| batch.lines.clone()).collect();
        prop_assert_eq!(given, lines);
        let total: i128 = batches.iter().map(|batch| {
            let amounts = batch.batch.column_by_name("amount").unwrap();
            amounts.as_primitive::<Decimal128Type>().iter().flatten().sum::<i128>()
        }).sum();
        prop_assert_eq!(checked.summary.columns["amount"].total.map(|euro| i128::from(euro.cents)), Some(total));
        // And the file without the rejected rows is the same delivery.
        if !kept.is_empty() {
            let only = ground.check(&file(&kept));
            prop_assert_eq!(only.findings.counts().error, 0);
            prop_assert_eq!(only.fingerprint, checked.fingerprint);
            prop_assert_eq!(only.summary, checked.summary);
        }
    }

    #[test]
    fn any_table_is_answered(rows in prop::collection::vec(prop::collection::vec("[^\n\r\";\0]{0,12}", 18), 0..6)) {
        let mut text = crate::support::header() + "\n";
        for row in &rows {
            text += &(row.join(";") + "\n");
        }
        let ground = Ground::new();
        let mut reading = ground.open("interventi.csv", text.as_bytes());
        match check(&mut reading, ground.terms()) {
            Ok(checked) => {
                prop_assert_eq!(checked.rows, checked.accepted + checked.rejected);
                for finding in checked.findings.iter() {
                    if finding.diagnostic.severity == Severity::Error {
                        prop_assert!(checked.rejected > 0 || checked.rows == 0);
                    }
                    for value in finding.diagnostic.args.values() {
                        prop_assert!(!rows.iter().flatten().any(|cell| cell.len() > 5 && cell == value));
                    }
                }
            }
            Err(CheckError::OpenQuestions { .. }) => {}
            Err(error) => prop_assert!(false, "{error}"),
        }
    }
}

#[test]
fn the_second_pass_is_typed_as_the_contract_says() {
    let ground = Ground::new();
    let text = file(&good(3));
    let mut reading = ground.open("interventi.csv", text.as_bytes());
    let checked = check(&mut reading, ground.terms()).unwrap();
    let batches: Vec<_> = typed(&mut reading, ground.terms(), &checked)
        .collect::<Result<_, _>>()
        .unwrap();
    let batch = &batches[0].batch;
    let names: Vec<&str> = ground
        .contract
        .columns
        .iter()
        .map(|c| c.name.as_str())
        .collect();
    let schema = batch.schema();
    let fields: Vec<&str> = schema.fields().iter().map(|f| f.name().as_str()).collect();
    assert_eq!(fields, names);
    let start = batch.column_by_name("event_date").unwrap();
    // 13 August 2026 is day 20,678 from 1970.
    assert_eq!(start.as_primitive::<Date32Type>().value(0), 20_678);
    let note = batch.column_by_name("note").unwrap();
    assert_eq!(note.null_count(), 3);
    let surname = batch.column_by_name("surname").unwrap();
    assert!(surname.as_string::<i32>().is_valid(2));
}

#[test]
fn a_file_that_changed_is_not_sealed() {
    let ground = Ground::new();
    let text = file(&good(5));
    let checked = ground.check(&text);
    let other = text.replace("036023", "036024");
    let mut reading = ground.open("interventi.csv", other.as_bytes());
    let last = typed(&mut reading, ground.terms(), &checked)
        .last()
        .unwrap();
    assert!(matches!(last, Err(CheckError::Changed)));
}
