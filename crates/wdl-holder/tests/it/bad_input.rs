//! Each bad input by name: the code it is told under, and whether it stops the seal.

use encoding_rs::WINDOWS_1252;
use wdl_holder::check::{Checked, Terms, check as holder_check};
use wdl_vocab::diagnostics::codes::holder as codes;
use wdl_vocab::{Code, Severity};

use crate::support::{AID_HEADER, Aid, Ground, aid_file, aid_with, quarter};

/// The findings of a check: code, severity, rows.
fn found(checked: &Checked) -> Vec<(&'static str, Severity, u64)> {
    checked
        .findings
        .iter()
        .map(|finding| {
            let diagnostic = &finding.diagnostic;
            (diagnostic.code.id, diagnostic.severity, finding.count)
        })
        .collect()
}

fn check(text: &str, code: Code, severity: Severity, rows: u64) {
    let checked = Ground::read().check("aiuti", text.as_bytes());
    assert_eq!(found(&checked), [(code.id, severity, rows)]);
    assert_eq!(checked.is_sealable(), severity != Severity::Error);
}

fn refused(text: &str, code: Code) {
    check(text, code, Severity::Error, 1);
}

#[test]
fn a_good_file_has_no_findings() {
    let checked = Ground::read().check("aiuti", aid_with(|_| {}).as_bytes());
    assert_eq!(found(&checked), []);
    assert_eq!(checked.rows, 10);
    assert_eq!(checked.people[0].tax_codes, 10);
}

#[test]
fn the_header_of_every_contract_is_read() {
    let ground = Ground::read();
    for contract in ground.contracts.iter() {
        let names: Vec<&str> = contract
            .columns
            .iter()
            .map(|column| column.physical_name.as_str())
            .collect();
        let header = format!(
            "{}\n",
            names.join(&char::from(contract.delimiter).to_string())
        );
        let terms = Terms {
            contract,
            codes: ground.contracts.lists(),
            period: quarter(),
        };
        let checked = holder_check(&contract.file_name(), header.as_bytes(), terms);
        let only = [(codes::NO_ROWS.id, Severity::Error, 1)];
        assert_eq!(found(&checked), only, "{}", contract.id);
    }
}

#[test]
fn missing_column() {
    let text = aid_with(|_| {}).replace("IMPORTO", "IMPORTI");
    let checked = Ground::read().check("aiuti", text.as_bytes());
    let told = found(&checked);
    assert_eq!(
        told,
        [
            (codes::COLUMN_EXTRA.id, Severity::Error, 1),
            (codes::COLUMN_MISSING.id, Severity::Error, 1),
        ]
    );
    let meant: Vec<_> = checked
        .findings
        .iter()
        .map(|finding| finding.diagnostic.suggestion.as_deref())
        .collect();
    assert_eq!(meant, [Some("IMPORTO"), Some("IMPORTI")]);
}

#[test]
fn extra_column() {
    let text = aid_with(|_| {}).replace("\r\n", ";x\r\n");
    let text = text.replace("NOTE;x", "NOTE;EMAIL");
    refused(&text, codes::COLUMN_EXTRA);
}

#[test]
fn an_extra_column_that_is_a_value_is_not_named() {
    let text = aid_with(|_| {}).replace("\r\n", ";x\r\n");
    let text = text.replace("NOTE;x", "NOTE;maria.rossi@example.org");
    let checked = Ground::read().check("aiuti", text.as_bytes());
    let finding = checked.findings.iter().next().unwrap();
    assert_eq!(finding.diagnostic.args["name"], "#8");
}

#[test]
fn the_same_column_twice() {
    let text = aid_with(|_| {}).replace("\r\n", ";x\r\n");
    refused(&text.replace("NOTE;x", "NOTE;DATA"), codes::COLUMN_TWICE);
}

#[test]
fn no_header() {
    let text = aid_with(|_| {});
    let (_, rows) = text.split_once("\r\n").unwrap();
    refused(rows, codes::NO_HEADER);
}

#[test]
fn wrong_delimiter() {
    let text = aid_with(|_| {}).replace(',', ".").replace(';', ",");
    refused(&text, codes::DELIMITER);
}

#[test]
fn empty_file() {
    refused("", codes::NO_ROWS);
    refused(&format!("{AID_HEADER}\r\n"), codes::NO_ROWS);
}

#[test]
fn empty_rows_are_skipped() {
    let text = aid_with(|_| {}) + ";;;;;;\r\n;;;;;;\r\n";
    check(&text, codes::EMPTY_ROW, Severity::Note, 2);
}

#[test]
fn truncated_row() {
    let text = aid_with(|_| {});
    let cut = &text[..text.len() - 20];
    let checked = Ground::read().check("aiuti", cut.as_bytes());
    assert_eq!(
        found(&checked),
        [
            (codes::ROW_LENGTH.id, Severity::Error, 1),
            (codes::TRUNCATED.id, Severity::Error, 1),
        ]
    );
}

#[test]
fn a_text_with_the_delimiter_breaks_its_row() {
    refused(&aid_with(|row| row.note = "a;b".into()), codes::ROW_LENGTH);
    let quoted = aid_with(|row| row.note = "\"a;b\"".into());
    assert!(
        Ground::read()
            .check("aiuti", quoted.as_bytes())
            .is_sealable()
    );
}

#[test]
fn wrong_encoding() {
    let text = aid_with(|row| row.note = "già pagato".into());
    refused(&text, codes::ENCODING);
    let bytes = WINDOWS_1252.encode(&text).0;
    assert!(Ground::read().check("aiuti", &bytes).is_sealable());
    let utf16: Vec<u8> = [0xff, 0xfe]
        .into_iter()
        .chain(text.encode_utf16().flat_map(u16::to_le_bytes))
        .collect();
    let checked = Ground::read().check("aiuti", &utf16);
    assert_eq!(found(&checked), [(codes::ENCODING.id, Severity::Error, 1)]);
}

#[test]
fn identifier_in_free_text() {
    let code = crate::support::tax_code(99);
    refused(
        &aid_with(|row| row.note = format!("cfr. {code}")),
        codes::IDENTIFIER_IN_TEXT,
    );
    refused(
        &aid_with(|row| row.note = format!("cfr. {}", code.to_lowercase())),
        codes::IDENTIFIER_IN_TEXT,
    );
}

#[test]
fn text_too_long() {
    refused(&aid_with(|row| row.note = "x".repeat(41)), codes::TOO_LONG);
}

#[test]
fn duplicate_key() {
    refused(
        &aid_with(|row| row.id = "ER000001".into()),
        codes::DUPLICATE,
    );
}

#[test]
fn missing_key() {
    refused(&aid_with(|row| row.id.clear()), codes::REQUIRED);
}

#[test]
fn a_key_that_a_spreadsheet_spoilt() {
    refused(
        &aid_with(|row| row.id = "1,23E+15".into()),
        codes::EXCEL_NUMBER,
    );
}

#[test]
fn codes_are_of_their_list() {
    let text = aid_with(|row| row.measure = "Utenza".into());
    let checked = Ground::read().check("aiuti", text.as_bytes());
    assert_eq!(
        found(&checked),
        [(codes::UNKNOWN_CODE.id, Severity::Error, 1)]
    );
    let finding = checked.findings.iter().next().unwrap();
    assert_eq!(finding.examples[0].suggestion.as_deref(), Some("utenze"));
    assert_eq!(finding.examples[0].line, 6);
}

#[test]
fn amounts() {
    for (amount, code) in [
        ("1.234,56", codes::DECIMAL_POINT),
        ("120.50", codes::DECIMAL_POINT),
        ("12O,00", codes::NOT_A_NUMBER),
        ("12,345", codes::TOO_MANY_DECIMALS),
        ("-45,00", codes::BELOW_MINIMUM),
        ("99999999999,00", codes::ABOVE_MAXIMUM),
    ] {
        refused(&aid_with(|row| row.amount = amount.into()), code);
    }
}

#[test]
fn dates() {
    for (date, code) in [
        ("31/02/2026", codes::IMPOSSIBLE_DATE),
        ("2026-02-15", codes::DATE_FORMAT),
        ("46068", codes::NOT_A_DATE),
        ("01/04/2026", codes::AFTER_PERIOD),
    ] {
        refused(&aid_with(|row| row.date = date.into()), code);
    }
}

#[test]
fn tax_codes_are_never_errors() {
    let justify = |value: &str, code| {
        let text = aid_with(|row| row.tax_code = value.into());
        check(&text, code, Severity::ToJustify, 1);
    };
    justify("", codes::TAX_CODE_MISSING);
    justify("RSSMRA80A01F257X", codes::TAX_CODE_WRONG);
    justify("1,23457E+15", codes::EXCEL_NUMBER);
    let health = aid_with(|row| row.tax_code = "STP0361230000001".into());
    check(&health, codes::NOT_TAX_CODES, Severity::Note, 1);
    let spelled = aid_with(|row| row.tax_code = format!(" {} ", row.tax_code.to_lowercase()));
    assert_eq!(
        found(&Ground::read().check("aiuti", spelled.as_bytes())),
        []
    );
}

#[test]
fn examples_stop_at_five_and_counts_do_not() {
    let rows: Vec<Aid> = (0..50)
        .map(|nth| Aid {
            date: "31/02/2026".into(),
            ..Aid::good(nth)
        })
        .collect();
    let checked = Ground::read().check("aiuti", aid_file(&rows).as_bytes());
    let finding = checked.findings.iter().next().unwrap();
    assert_eq!((finding.count, finding.examples.len()), (50, 5));
}

#[test]
fn everything_wrong_is_told_at_once() {
    let text = aid_with(|row| {
        row.date = "31/02/2026".into();
        row.amount = "1.0".into();
        row.measure = "nulla".into();
        row.tax_code = "X".into();
    });
    let checked = Ground::read().check("aiuti", text.as_bytes());
    assert_eq!(checked.findings.iter().count(), 4);
    assert_eq!(checked.findings.counts().error, 3);
}

#[test]
fn an_end_comes_after_its_beginning() {
    let text = "NUMERO_CONTRATTO;CHIAVE_CATASTALE;CF_CONDUTTORE;TIPO;CANONE_MENSILE;SUPERFICIE_MQ;DATA_STIPULA;DATA_FINE\r\n\
        C1;F257-1-2-3;;L;500,00;60,00;01/02/2026;31/01/2026\r\n\
        C2;F257-1-2-4;;L;500,00;60,00;01/02/2026;31/01/2030\r\n";
    let checked = Ground::read().check("contratti_affitto", text.as_bytes());
    assert_eq!(checked.findings.count(codes::ENDS_BEFORE_START), 1);
    assert_eq!(checked.findings.count(codes::PLANNED_END), 1);
    assert_eq!(checked.findings.counts().error, 1);
}

#[test]
fn incomes_sum() {
    let header = "PROGRESSIVO;CODICE_FISCALE;ANNO_IMPOSTA;REDDITO_IMPONIBILE;REDDITO_LAVORO;REDDITO_PENSIONE;REDDITO_AUTONOMO;REDDITO_FABBRICATI\r\n";
    let good = format!("{header}1;;2024;1000,00;600,00;300,00;50,00;50,00\r\n");
    let checked = Ground::read().check("redditi", good.as_bytes());
    assert_eq!(checked.findings.counts().error, 0);
    let bad = good.replace("300,00", "300,02");
    let checked = Ground::read().check("redditi", bad.as_bytes());
    assert_eq!(checked.findings.count(codes::SUM_DIFFERS), 1);
    let future = good.replace("2024", "2027");
    let checked = Ground::read().check("redditi", future.as_bytes());
    assert_eq!(checked.findings.counts().error, 1);
}
