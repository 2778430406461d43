//! Each fault of a whole file by its name.

use wdl_check::CheckError;
use wdl_vocab::Diagnose as _;
use wdl_vocab::Severity::{Error, Note, ToJustify};
use wdl_vocab::diagnostics::codes::holder as codes;

use crate::support::{Ground, file, found, good, header, open, quarter, with, written};

#[test]
fn del_missing_column() {
    let checked = Ground::new().check(&with(|_| {}).replace("IMPORTO", "IMPORTI"));
    assert_eq!(
        found(&checked),
        [
            (codes::COLUMN_MISSING.id, Error, 1),
            (codes::COLUMN_EXTRA.id, Note, 1)
        ]
    );
    let meant = checked
        .findings
        .iter()
        .map(|finding| finding.diagnostic.suggestion.as_deref());
    assert_eq!(
        meant.collect::<Vec<_>>(),
        [Some("IMPORTI"), Some("IMPORTO")]
    );
    assert_eq!(
        (checked.rows, checked.accepted, checked.rejected),
        (12, 0, 12)
    );
    assert_eq!(
        checked.findings.iter().next().unwrap().column(),
        Some("IMPORTO")
    );
}

#[test]
fn del_extra_column() {
    // A column the contract does not have stays at the body; the rows go on without it.
    let ground = Ground::new();
    let plain = with(|_| {});
    let text = plain
        .replace("\r\n", ";x@example.org\r\n")
        .replace("NOTE;x@example.org", "NOTE;EMAIL");
    let mut reading = ground.open("interventi.csv", text.as_bytes());
    let checked = wdl_check::check(&mut reading, ground.terms()).unwrap();
    assert_eq!(found(&checked), [(codes::COLUMN_EXTRA.id, Note, 1)]);
    assert_eq!(
        checked.findings.iter().next().unwrap().diagnostic.args["name"],
        "EMAIL"
    );
    assert_eq!(checked.fingerprint, ground.check(&plain).fingerprint);
    for typed in wdl_check::typed(&mut reading, ground.terms(), &checked) {
        let batch = typed.unwrap().batch;
        assert_eq!(batch.num_columns(), ground.contract.columns.len());
    }
}

#[test]
fn an_extra_column_that_is_a_value_is_not_named() {
    let text = with(|_| {}).replace("\r\n", ";x\r\n");
    let text = text.replace("NOTE;x", "NOTE;maria.rossi@example.org");
    let checked = Ground::new().check(&text);
    let finding = checked.findings.iter().next().unwrap();
    assert_eq!(finding.diagnostic.args["name"], "#19");
}

#[test]
fn the_same_column_twice() {
    let text = with(|_| {})
        .replace("\r\n", ";x\r\n")
        .replace("NOTE;x", "NOTE;CAP");
    let checked = Ground::new().check(&text);
    assert_eq!(found(&checked), [(codes::COLUMN_TWICE.id, Error, 1)]);
    assert_eq!(checked.accepted, 0);
}

#[test]
fn empty_files() {
    for text in [format!("{}\r\n", header()), header()] {
        assert_eq!(
            found(&Ground::new().check(&text)),
            [(codes::NO_ROWS.id, Error, 1)]
        );
    }
}

#[test]
fn blank_rows_are_skipped() {
    let blank = format!("{}\r\n", ";".repeat(17));
    let text = with(|_| {}) + &blank + &blank;
    let checked = Ground::new().check(&text);
    assert_eq!(found(&checked), [(codes::EMPTY_ROW.id, Note, 2)]);
    assert_eq!(checked.accepted, 12);
    let text = with(|_| {});
    let (head, rows) = text.split_once("\r\n").unwrap();
    let checked = Ground::new().check(&format!("{head}\r\n{blank}{rows}"));
    assert_eq!(found(&checked), [(codes::EMPTY_ROW.id, Note, 1)]);
}

#[test]
fn del_truncated_file() {
    let text = with(|_| {});
    let checked = Ground::new().check(&text[..text.len() - 70]);
    assert_eq!(
        found(&checked),
        [
            (codes::ROW_LENGTH.id, Error, 1),
            (codes::TRUNCATED.id, Error, 1)
        ]
    );
    assert_eq!(checked.accepted, 0);
}

#[test]
fn a_text_with_the_delimiter_breaks_its_row_alone() {
    let checked = Ground::new().check(&with(|row| row.set("NOTE", "a;b")));
    assert_eq!(found(&checked), [(codes::ROW_LENGTH.id, Error, 1)]);
    assert_eq!(
        (checked.rows, checked.accepted, checked.rejected),
        (12, 11, 1)
    );
    assert_eq!(checked.rejected_lines, [6]);
    let checked = Ground::new().check(&with(|row| row.set("NOTE", "\"a;b\"")));
    assert!(checked.is_sealable());
}

#[test]
fn del_duplicate_rows() {
    let mut rows = good(12);
    rows.push(rows[3].clone());
    rows.push(rows[3].clone());
    let mut other = rows[5].clone();
    other.set("IMPORTO", "7,00");
    rows.push(other);
    let checked = Ground::new().check(&file(&rows));
    assert_eq!(
        found(&checked),
        [
            (codes::DUPLICATE.id, Error, 1),
            (codes::DUPLICATE_ROW.id, Error, 2)
        ]
    );
    let all: Vec<_> = checked.findings.iter().collect();
    assert_eq!(
        (all[0].lines.as_slice(), all[0].examples[0].other_line),
        (&[16][..], Some(7))
    );
    assert_eq!(
        (all[1].lines.as_slice(), all[1].examples[0].other_line),
        (&[14, 15][..], Some(5))
    );
    assert_eq!(all[0].examples[0].value, "A00005");
    assert_eq!((checked.accepted, checked.rejected), (12, 3));
    // The first of each stays, so the file is as if the others had never been in it.
    assert_eq!(
        checked.fingerprint,
        Ground::new().check(&file(&good(12))).fingerprint
    );
    assert_eq!(
        checked.summary,
        Ground::new().check(&file(&good(12))).summary
    );
}

#[test]
fn del_identifier_in_metadata() {
    let code = crate::support::Person::new(3).code();
    let text = with(|_| {});
    let checked = Ground::new().check_named(&format!("interventi {code}.csv"), text.as_bytes());
    assert_eq!(
        found(&checked),
        [(codes::IDENTIFIER_IN_METADATA.id, Error, 1)]
    );
    assert_eq!((checked.accepted, checked.file.as_str()), (0, "…"));
    let finding = checked.findings.iter().next().unwrap();
    assert!(!finding.message(wdl_vocab::Lang::It).contains(&code));
}

#[test]
fn encodings_are_read_and_rows_are_the_same() {
    let ground = Ground::new();
    let text = with(|row| row.set("NOTE", "già pagato, è così"));
    let utf8 = format!("\u{feff}{text}");
    let cp1252 = encoded(&text);
    let utf16: Vec<u8> = std::iter::once(0xfeff_u16)
        .chain(text.encode_utf16())
        .flat_map(u16::to_le_bytes)
        .collect();
    let one = ground.check_named("a.csv", &cp1252);
    assert_eq!(found(&one), []);
    for bytes in [utf8.as_bytes(), &utf16] {
        let other = ground.check_named("a.csv", bytes);
        assert_eq!(
            (other.accepted, other.fingerprint),
            (one.accepted, one.fingerprint)
        );
        assert_eq!(other.summary, one.summary);
    }
    let other = ground.check(&with(|row| row.set("NOTE", "gia pagato, e cosi")));
    assert_ne!(other.fingerprint, one.fingerprint);
}

/// Text in Windows-1252; the letters of the tests alone.
fn encoded(text: &str) -> Vec<u8> {
    text.chars()
        .map(|c| u8::try_from(c as u32).unwrap())
        .collect()
}

#[test]
fn a_sheet_as_long_as_a_sheet_can_be_is_asked_about() {
    let contract = written(
        "figure",
        "aggregate",
        &[
            (
                "reference_year",
                "ANNO",
                "kind: integer, treatment: keep, required",
            ),
            ("value", "VALORE", "kind: integer, treatment: keep"),
        ],
        ("", ""),
    );
    let ground = Ground::of(contract);
    let mut text = "ANNO;VALORE\n".to_owned();
    for value in 0..65_535 {
        text += &format!("2026;{value}\n");
    }
    let mut reading = open(&ground.contract, "figure.csv", text.as_bytes());
    let checked = wdl_check::check(&mut reading, ground.terms()).unwrap();
    assert_eq!(checked.findings.count(codes::ROW_LIMIT), 65_535);
}

#[test]
fn a_question_without_an_answer_stops_the_check() {
    // Every date reads both ways.
    let mut rows = good(12);
    for row in &mut rows {
        for column in ["DATA_INIZIO", "DATA_FINE"] {
            row.set(column, "05/06/2026");
        }
        row.set("DATA_NASCITA", "05/06/1980");
    }
    match Ground::new().try_check(&file(&rows)) {
        // Nothing to ask when the contract says how the dates are written.
        Ok(checked) => assert_eq!(checked.rows, 12),
        Err(error @ CheckError::OpenQuestions { .. }) => {
            assert_eq!(error.diagnostic().code, codes::OPEN_QUESTIONS);
        }
        Err(error) => panic!("{error}"),
    }
}

#[test]
fn everything_wrong_is_told_at_once() {
    let checked = Ground::new().check(&with(|row| {
        row.set("DATA_INIZIO", "31/02/2026");
        row.set("IMPORTO", "1.0");
        row.set("TIPO", "nulla");
        row.set("CODICE_FISCALE", "X");
    }));
    assert_eq!(checked.findings.iter().count(), 4);
    assert_eq!(checked.findings.counts().error, 3);
    assert_eq!(checked.findings.counts().to_justify, 1);
    assert_eq!((checked.rejected, quarter().year()), (1, 2026));
    let _ = ToJustify;
}
