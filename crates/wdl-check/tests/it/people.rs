//! Codes of people, each hostile or rare kind by its name.

use std::collections::BTreeSet;

use wdl_identity::TaxCode;
use wdl_vocab::Severity::{Error, Note, ToJustify};
use wdl_vocab::diagnostics::codes::holder as codes;

use crate::support::{Ground, Row, file, found, good, told, with};

#[test]
fn cf_missing_is_counted_and_goes_on() {
    told("CODICE_FISCALE", "", codes::TAX_CODE_MISSING, ToJustify);
    told(
        "CODICE_FISCALE",
        "1,23457E+15",
        codes::EXCEL_NUMBER,
        ToJustify,
    );
}

#[test]
fn cf_bad_check() {
    // The row goes on without a person; the code is never corrected.
    told(
        "CODICE_FISCALE",
        "RSSMRA80A01F257X",
        codes::TAX_CODE_WRONG,
        ToJustify,
    );
    told(
        "CODICE_FISCALE",
        "RSSMRA80B31F257I",
        codes::TAX_CODE_WRONG,
        ToJustify,
    );
    let ground = Ground::new();
    let text = with(|row| row.set("CODICE_FISCALE", "RSSMRA80A01F257X"));
    let mut reading = ground.open("interventi.csv", text.as_bytes());
    let checked = wdl_check::check(&mut reading, ground.terms()).unwrap();
    let typed: Vec<_> = wdl_check::typed(&mut reading, ground.terms(), &checked)
        .collect::<Result<_, _>>()
        .unwrap();
    let people = typed[0].batch.column_by_name("person").unwrap();
    assert_eq!(people.null_count(), 1);
    assert_eq!(checked.people[0].wrong, 1);
}

/// Every form omocodia can give a code: digits of seven places written as letters or not.
fn variants(code: &str) -> BTreeSet<String> {
    const PLACES: [usize; 7] = [14, 13, 12, 10, 9, 7, 6];
    (0_u32..128)
        .map(|mask| {
            let mut letters = code.as_bytes().to_vec();
            for (bit, place) in PLACES.iter().enumerate() {
                if mask & (1 << bit) != 0 {
                    letters[*place] = b"LMNPQRSTUV"[usize::from(letters[*place] - b'0')];
                }
            }
            letters.pop();
            (b'A'..=b'Z')
                .map(|check| {
                    let mut whole = letters.clone();
                    whole.push(check);
                    String::from_utf8(whole).unwrap()
                })
                .find(|whole| TaxCode::canonical(whole).is_ok())
                .unwrap()
        })
        .collect()
}

#[test]
fn cf_omocodia() {
    let ground = Ground::new();
    let base = Row::good(0);
    let variants = variants("RSSMRA80A01F257G");
    assert_eq!(variants.len(), 128);
    let rows: Vec<Row> = variants
        .iter()
        .enumerate()
        .map(|(nth, code)| {
            let mut row = base.clone();
            row.set("ID", format!("A{nth}"));
            row.set("CODICE_FISCALE", code.clone());
            row.set("SESSO", "M");
            row.set("DATA_NASCITA", "01/01/1980");
            row
        })
        .collect();
    let text = file(&rows);
    let mut reading = ground.open("interventi.csv", text.as_bytes());
    let checked = wdl_check::check(&mut reading, ground.terms()).unwrap();
    assert_eq!(found(&checked), []);
    assert_eq!(checked.people[0].tax_codes, 128);
    let typed: Vec<_> = wdl_check::typed(&mut reading, ground.terms(), &checked)
        .collect::<Result<_, _>>()
        .unwrap();
    let people = typed[0].batch.column_by_name("person").unwrap();
    let people = arrow::array::AsArray::as_string::<i32>(people);
    let distinct: BTreeSet<&str> = people.iter().flatten().collect();
    assert_eq!(distinct.len(), 128, "128 variants are 128 people");
}

#[test]
fn cf_collision() {
    // Lucio Marano and Luca Moreno, Rome, 6 August 1993, compute to one code: neither merged nor corrected, told.
    let mut rows = good(12);
    for (place, surname, name) in [(3, "MARANO", "LUCIO"), (8, "MORENO", "LUCA")] {
        let row: &mut Row = &mut rows[place];
        row.set("CODICE_FISCALE", "MRNLCU93M06H501M");
        row.set("COGNOME", surname);
        row.set("NOME", name);
        row.set("DATA_NASCITA", "06/08/1993");
        row.set("SESSO", "M");
        row.set("LUOGO", "H501");
    }
    let checked = Ground::new().check(&file(&rows));
    assert_eq!(found(&checked), [(codes::TAX_CODE_SHARED.id, ToJustify, 1)]);
    let finding = checked.findings.iter().next().unwrap();
    assert_eq!(finding.lines, [10]);
    assert_eq!(finding.examples[0].other_line, Some(5));
    assert_eq!(finding.examples[0].value, "MRNLCU93M06H501M");
    assert_eq!(checked.accepted, 12);
}

#[test]
fn cf_numeric_11() {
    told("CODICE_FISCALE", "80012340362", codes::NUMERIC_CODE, Note);
    told(
        "CODICE_FISCALE",
        "80012340363",
        codes::TAX_CODE_WRONG,
        ToJustify,
    );
    let checked = Ground::new().check(&with(|row| row.set("CODICE_FISCALE", "80012344000")));
    let text = format!("{:?}", found(&checked));
    assert!(text.contains(codes::OFFICE_UNKNOWN.id) || text.contains(codes::TAX_CODE_WRONG.id));
}

#[test]
fn cf_company() {
    // Where a person is due, a number of eleven digits in a row without name and birth date is somebody's company.
    let checked = Ground::new().check(&with(|row| {
        row.set("CODICE_FISCALE", "00743110157");
        row.set("COGNOME", "COOPERATIVA");
        row.set("NOME", "");
        row.set("DATA_NASCITA", "");
        row.set("SESSO", "");
        row.set("LUOGO", "");
    }));
    assert_eq!(
        found(&checked),
        [
            (codes::COMPANY_NUMBER.id, ToJustify, 1),
            (codes::NUMERIC_CODE.id, Note, 1)
        ]
    );
}

#[test]
fn cf_unicode() {
    // Full-width letters and invisible marks have one canonical form; look-alikes of other alphabets are refused.
    let person = crate::support::Person::new(4).code();
    let wide: String = person
        .chars()
        .map(|c| char::from_u32(c as u32 + 0xfee0).unwrap())
        .collect();
    let ground = Ground::new();
    let good = ground.check_named("a.csv", with(|_| {}).as_bytes());
    for spelled in [wide, format!(" {}\u{200b}", person.to_lowercase())] {
        let text = "\u{feff}".to_owned() + &with(|row| row.set("CODICE_FISCALE", spelled.clone()));
        let checked = ground.check_named("a.csv", text.as_bytes());
        assert_eq!(found(&checked), []);
        assert_eq!(checked.fingerprint, good.fingerprint);
    }
    let cyrillic = person.replacen(&person[11..12], "\u{0416}", 1);
    let text = "\u{feff}".to_owned() + &with(|row| row.set("CODICE_FISCALE", cyrillic.clone()));
    let checked = ground.check_named("a.csv", text.as_bytes());
    assert_eq!(found(&checked), [(codes::TAX_CODE_LOOKALIKE.id, Error, 1)]);
}

#[test]
fn cf_century() {
    // The code holds two digits of the year: both centuries agree, and only the birth date decides.
    let anna = |born: &str| {
        Ground::new().check(&with(|row| {
            row.set("CODICE_FISCALE", "DSNNNA33H70F257P");
            row.set("DATA_NASCITA", born);
            row.set("SESSO", "F");
        }))
    };
    assert_eq!(found(&anna("30/06/1933")), []);
    assert_eq!(found(&anna("")), []);
    assert_eq!(
        found(&anna("30/06/1934")),
        [(codes::BIRTH_DATE_DIFFERS.id, ToJustify, 1)]
    );
}

#[test]
fn cf_disagreements() {
    told(
        "DATA_NASCITA",
        "02/01/1980",
        codes::BIRTH_DATE_DIFFERS,
        ToJustify,
    );
    told("SESSO", "M", codes::SEX_DIFFERS, ToJustify);
    told("LUOGO", "B819", codes::BIRTH_PLACE_DIFFERS, Note);
    // A place that cannot be compared is nobody's fault.
    let checked = Ground::new().check(&with(|row| row.set("LUOGO", "Casablanca")));
    assert_eq!(found(&checked), []);
}

#[test]
fn cf_health_codes_are_their_own_kind() {
    told(
        "CODICE_FISCALE",
        "STP0361230000001",
        codes::NOT_TAX_CODES,
        Note,
    );
    told(
        "CODICE_FISCALE",
        "ENI0361230000001",
        codes::NOT_TAX_CODES,
        Note,
    );
}

#[test]
fn del_cf_in_free_text() {
    let code = crate::support::Person::new(40).code();
    let omocodic = TaxCode::canonical(&code).unwrap().omocodic(3).unwrap();
    let spaced: Vec<&str> = [&code[..6], &code[6..11], &code[11..]].into();
    for note in [
        format!("cfr. {code}"),
        format!("cfr. {}", code.to_lowercase()),
        format!("cfr {}", spaced.join(" ")),
        format!("vedi {} ok", omocodic.expose()),
        "STP0361230000001".to_owned(),
    ] {
        told("NOTE", &note, codes::IDENTIFIER_IN_TEXT, Error);
        let checked = Ground::new().check(&with(|row| row.set("NOTE", note.clone())));
        let finding = checked.findings.iter().next().unwrap();
        assert_eq!(finding.examples[0].value, "", "the value is never repeated");
    }
}

#[test]
fn a_note_that_names_the_person() {
    let person = crate::support::Person::new(4);
    let note = format!("sentito {} {}", person.name.to_lowercase(), person.surname);
    told("NOTE", &note, codes::NAME_IN_TEXT, Error);
    let other = crate::support::Person::new(5);
    let checked = Ground::new().check(&with(|row| {
        row.set("NOTE", format!("sentito {} {}", other.name, other.surname));
    }));
    assert_eq!(found(&checked), []);
}
