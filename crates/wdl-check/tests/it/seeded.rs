//! A quarter of 2,000 rows with one fault of each kind, each on its line: all are found, and nothing else is.

use std::collections::BTreeMap;

use wdl_vocab::Code;
use wdl_vocab::diagnostics::codes::holder as codes;

use crate::support::{Ground, Row, file, good};

/// The line of a fault, its column, the wrong value, the code it is told under.
const FAULTS: &[(u64, &str, &str, Code)] = &[
    (
        12,
        "CODICE_FISCALE",
        "RSSMRA80A01F257X",
        codes::TAX_CODE_WRONG,
    ),
    (22, "CODICE_FISCALE", "", codes::TAX_CODE_MISSING),
    (32, "ID", "A00003", codes::DUPLICATE),
    (42, "DATA_INIZIO", "31/02/2026", codes::IMPOSSIBLE_DATE),
    (52, "DATA_INIZIO", "2026-07-15", codes::DATE_FORMAT),
    (62, "DATA_FINE", "01/08/2026", codes::ENDS_BEFORE_START),
    (72, "IMPORTO", "1.234,56", codes::DECIMAL_POINT),
    (82, "IMPORTO", "-45,00", codes::BELOW_MINIMUM),
    (92, "TIPO", "AFITTO", codes::UNKNOWN_CODE),
    (102, "ISEE", "250000000,00", codes::ISEE_IMPLAUSIBLE),
    (112, "SEZIONE", "12", codes::LOST_ZEROS),
    (122, "CODICE_FISCALE", "1,23457E+15", codes::EXCEL_NUMBER),
    (132, "DATA_NASCITA", "01/01/2031", codes::AFTER_PERIOD),
    (142, "DATA_NASCITA", "13/05/1971", codes::BIRTH_DATE_DIFFERS),
    (152, "DATA_INIZIO", "15/06/2026", codes::BEFORE_PERIOD),
    (162, "IMPORTO", "120.50", codes::DECIMAL_POINT),
    (172, "SESSO", "?", codes::UNKNOWN_CODE),
    (182, "DATA_FINE", "46082", codes::DATE_SERIAL),
    (192, "IMPORTO", "#N/D", codes::FORMULA_ERROR),
    (
        202,
        "NOTE",
        "cfr. rssmra80a01f257g",
        codes::IDENTIFIER_IN_TEXT,
    ),
    (212, "COMUNE", "36023", codes::LOST_ZEROS),
    (222, "PARTITA_IVA", "00743110158", codes::VAT_NUMBER),
    (232, "IBAN", "IT61X0542811101000000123456", codes::IBAN),
    (242, "CAP", "4112", codes::LOST_ZEROS),
    (
        252,
        "CODICE_FISCALE",
        "STP0361230000001",
        codes::NOT_TAX_CODES,
    ),
    (
        262,
        "CODICE_FISCALE",
        "RSSMR\u{c4}80A01F257G",
        codes::TAX_CODE_LOOKALIKE,
    ),
    (272, "IMPORTO", "", codes::REQUIRED),
    (282, "TIPO", "", codes::REQUIRED),
];

fn rows() -> Vec<Row> {
    let mut rows = good(2_000);
    for (line, column, value, _) in FAULTS {
        rows[usize::try_from(line - 2).unwrap()].set(column, *value);
    }
    let twin = rows[300].clone();
    rows.push(twin);
    rows
}

#[test]
fn every_fault_is_found_and_nothing_else() {
    let checked = Ground::new().check(&file(&rows()));
    let mut by_line: BTreeMap<u64, Vec<(&str, Option<&str>)>> = BTreeMap::new();
    for finding in checked.findings.iter() {
        assert_eq!(finding.count, finding.lines.len() as u64);
        for line in &finding.lines {
            let told = (finding.diagnostic.code.id, finding.column());
            by_line.entry(*line).or_default().push(told);
        }
    }
    for (line, column, _, code) in FAULTS {
        let told = by_line.remove(line).unwrap_or_default();
        assert!(
            told.iter().any(|(id, _)| *id == code.id),
            "line {line}: {told:?}"
        );
        let is_named = told.iter().any(|(_, shown)| shown.is_some());
        assert!(is_named, "line {line}, column {column}: {told:?}");
    }
    assert_eq!(
        by_line.remove(&2_002),
        Some(vec![(codes::DUPLICATE_ROW.id, Some("ID"))])
    );
    assert_eq!(by_line, BTreeMap::new(), "a false alarm");
    assert_eq!(checked.rows, 2_001);
    assert_eq!(checked.accepted + checked.rejected, 2_001);
}

#[test]
fn a_quarter_without_faults_has_no_alarm() {
    let checked = Ground::new().check(&file(&good(2_000)));
    assert_eq!(checked.findings.iter().count(), 0);
    assert_eq!(checked.accepted, 2_000);
}
