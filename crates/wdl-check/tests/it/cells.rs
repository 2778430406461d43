//! Each cell that is not what its column holds, by the code it is told under.

use wdl_vocab::Severity::{Error, Note, ToJustify};
use wdl_vocab::diagnostics::codes::holder as codes;

use crate::support::{Ground, Row, file, found, good, told, with};

#[test]
fn a_good_file_has_no_findings() {
    let checked = Ground::new().check(&file(&good(12)));
    assert_eq!(found(&checked), []);
    assert_eq!(
        (checked.rows, checked.accepted, checked.rejected),
        (12, 12, 0)
    );
    assert_eq!(checked.people[0].tax_codes, 12);
    assert_eq!(checked.filled[17], Some(0));
    assert_eq!(checked.summary.rows, 12);
    let amount = &checked.summary.columns["amount"];
    assert_eq!(
        amount.total.unwrap().cents,
        (0..12).map(|nth| 10_050 + 100 * nth).sum::<i64>()
    );
    assert_eq!(checked.summary.columns["measure"].codes["AFFITTO"], 4);
    assert!(!checked.summary.columns.contains_key("surname"));
}

#[test]
fn amounts() {
    for (amount, code) in [
        ("1.234,56", codes::DECIMAL_POINT),
        ("120.50", codes::DECIMAL_POINT),
        ("12O,00", codes::NOT_A_NUMBER),
        ("12,345", codes::TOO_MANY_DECIMALS),
        ("-45,00", codes::BELOW_MINIMUM),
        ("99999999,00", codes::ABOVE_MAXIMUM),
        ("1,2E+05", codes::EXCEL_NUMBER),
        ("#N/D", codes::FORMULA_ERROR),
        ("", codes::REQUIRED),
    ] {
        told("IMPORTO", amount, code, Error);
    }
    told("ISEE", "250000000,00", codes::ISEE_IMPLAUSIBLE, ToJustify);
    told("ISEE", "-1,00", codes::ISEE_IMPLAUSIBLE, ToJustify);
}

#[test]
fn dates() {
    for (date, code) in [
        ("31/02/2026", codes::IMPOSSIBLE_DATE),
        ("2026-07-15", codes::DATE_FORMAT),
        ("45123", codes::DATE_SERIAL),
        ("domani", codes::NOT_A_DATE),
        ("#RIF!", codes::FORMULA_ERROR),
    ] {
        told("DATA_INIZIO", date, code, Error);
    }
    let checked = Ground::new().check(&with(|row| {
        row.set("DATA_INIZIO", "01/10/2026");
        row.set("DATA_FINE", "");
    }));
    assert_eq!(found(&checked), [(codes::AFTER_PERIOD.id, Error, 1)]);
    told("DATA_INIZIO", "30/06/2026", codes::BEFORE_PERIOD, ToJustify);
    told("DATA_FINE", "31/12/2026", codes::PLANNED_END, Note);
}

#[test]
fn a_serial_says_its_day() {
    let checked = Ground::new().check(&with(|row| row.set("DATA_INIZIO", "45123")));
    let finding = checked.findings.iter().next().unwrap();
    assert_eq!(
        finding.examples[0].suggestion.as_deref(),
        Some("16/07/2023")
    );
}

#[test]
fn codes_of_lists() {
    told("TIPO", "AFITTO", codes::UNKNOWN_CODE, Error);
    told("SEZIONE", "12", codes::LOST_ZEROS, Error);
    told("SEZIONE", "012", codes::LOST_ZEROS, Error);
    for (column, value, meant) in [
        ("TIPO", "AFITTO", "AFFITTO"),
        ("TIPO", "utenze", "UTENZE"),
        ("SEZIONE", "107", "0107"),
    ] {
        let checked = Ground::new().check(&with(|row| row.set(column, value)));
        let finding = checked.findings.iter().next().unwrap();
        assert_eq!(finding.examples[0].suggestion.as_deref(), Some(meant));
    }
}

#[test]
fn places_and_numbers() {
    told("COMUNE", "36023", codes::LOST_ZEROS, Error);
    told("COMUNE", "Modena", codes::MUNICIPALITY, Error);
    told("CAP", "4112", codes::LOST_ZEROS, Error);
    told("CAP", "SW1A", codes::POST_CODE, ToJustify);
    told("PARTITA_IVA", "743110157", codes::LOST_ZEROS, Error);
    told("PARTITA_IVA", "00743110158", codes::VAT_NUMBER, ToJustify);
    told(
        "IBAN",
        "IT60X0542811101000000123457",
        codes::IBAN,
        ToJustify,
    );
    told("ID", "1,23E+15", codes::EXCEL_NUMBER, Error);
    told("NOTE", &"x".repeat(81), codes::TOO_LONG, Error);
}

#[test]
fn rounded_digits_are_told_when_all_are() {
    let mut rows = good(12);
    for (nth, row) in rows.iter_mut().enumerate() {
        row.set(
            "ID",
            format!("{}000", 1_234_567_890_123_450_i64 + nth as i64),
        );
    }
    // The sixteenth digit differs from row to row: nothing was lost.
    assert_eq!(found(&Ground::new().check(&file(&rows))), []);
    for (nth, row) in rows.iter_mut().enumerate() {
        row.set(
            "ID",
            format!("{}0000", 123_456_789_012_345_i64 + nth as i64),
        );
    }
    let checked = Ground::new().check(&file(&rows));
    assert_eq!(found(&checked), [(codes::ROUNDED_DIGITS.id, ToJustify, 12)]);
}

#[test]
fn an_end_comes_after_its_beginning() {
    told("DATA_FINE", "01/07/2026", codes::ENDS_BEFORE_START, Error);
}

#[test]
fn examples_stop_at_five_and_lines_do_not() {
    let rows: Vec<Row> = good(50)
        .into_iter()
        .map(|mut row| {
            row.set("DATA_INIZIO", "31/02/2026");
            row
        })
        .collect();
    let checked = Ground::new().check(&file(&rows));
    let finding = checked.findings.iter().next().unwrap();
    assert_eq!((finding.count, finding.examples.len()), (50, 5));
    assert_eq!(finding.lines, (2..52).collect::<Vec<u64>>());
    assert!(!finding.is_cut());
    assert_eq!((checked.accepted, checked.rejected_lines.len()), (0, 50));
}

#[test]
fn del_csv_injection() {
    // A cell that begins like a formula is data: it is kept as it is, and escaped by whoever writes a spreadsheet.
    for note in ["=1+1", "@SUM(A1)", "+39 059 1", "-"] {
        let ground = Ground::new();
        let text = with(|row| row.set("NOTE", note));
        let mut reading = ground.open("interventi.csv", text.as_bytes());
        let checked = wdl_check::check(&mut reading, ground.terms()).unwrap();
        assert_eq!(found(&checked), []);
        let typed: Vec<_> = wdl_check::typed(&mut reading, ground.terms(), &checked)
            .collect::<Result<_, _>>()
            .unwrap();
        let notes = typed[0].batch.column_by_name("note").unwrap();
        let notes = arrow::array::AsArray::as_string::<i32>(notes);
        assert_eq!(notes.value(4), note);
    }
}
