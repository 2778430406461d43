//! Published worked values: codes accepted by python-codicefiscale 0.12.1 and python-stdnum 2.2.

use jiff::civil::date;
use wdl_identity::{
    Identity, NotATaxCode, Registration, Sex, TaxCode, compose, eni, find_in_text, provisional, stp,
};

type Case = (
    &'static str,
    &'static str,
    Sex,
    (i16, i8, i8),
    &'static str,
    &'static str,
);

/// Invented people: surname, name, sex, day of birth, place, code.
const PEOPLE: &[Case] = &[
    (
        "Rossi",
        "Mario",
        Sex::Male,
        (1980, 1, 1),
        "F257",
        "RSSMRA80A01F257G",
    ),
    (
        "Bianchi",
        "Giulia",
        Sex::Female,
        (1985, 4, 12),
        "B819",
        "BNCGLI85D52B819P",
    ),
    (
        "Fo",
        "Li",
        Sex::Male,
        (2001, 12, 31),
        "I462",
        "FOXLIX01T31I462W",
    ),
    (
        "El Amrani",
        "Youssef",
        Sex::Male,
        (1992, 9, 15),
        "Z330",
        "LMRYSF92P15Z330L",
    ),
    (
        "Nguyen",
        "Thi",
        Sex::Female,
        (1995, 7, 7),
        "Z251",
        "NGYTHI95L47Z251Y",
    ),
    (
        "D'Angelo",
        "Maria Teresa",
        Sex::Female,
        (1999, 2, 28),
        "D711",
        "DNGMTR99B68D711Y",
    ),
    (
        "Òrtisi",
        "Niccolò",
        Sex::Male,
        (1975, 8, 9),
        "L885",
        "RTSNCL75M09L885Y",
    ),
    (
        "De Santis",
        "Anna",
        Sex::Female,
        (1933, 6, 30),
        "F257",
        "DSNNNA33H70F257P",
    ),
    (
        "Wu",
        "Xi",
        Sex::Female,
        (2010, 10, 10),
        "Z210",
        "WUXXIX10R50Z210W",
    ),
    (
        "Bo",
        "Aia",
        Sex::Female,
        (1960, 3, 1),
        "F240",
        "BOXAIA60C41F240T",
    ),
    (
        "Ferrari",
        "Gianfranco",
        Sex::Male,
        (1951, 11, 5),
        "G393",
        "FRRGFR51S05G393M",
    ),
    (
        "Müller",
        "Jürgen",
        Sex::Male,
        (1968, 5, 20),
        "Z112",
        "MLLJGN68E20Z112G",
    ),
    (
        "Marano",
        "Lucio",
        Sex::Male,
        (1993, 8, 6),
        "H501",
        "MRNLCU93M06H501M",
    ),
    (
        "Moreno",
        "Luca",
        Sex::Male,
        (1993, 8, 6),
        "H501",
        "MRNLCU93M06H501M",
    ),
];

#[test]
fn codes_of_invented_people() {
    for (surname, name, sex, (year, month, day), place, code) in PEOPLE {
        let born = date(*year, *month, *day);
        let made = compose(&Registration {
            surname,
            name,
            sex: *sex,
            born,
            place,
        })
        .unwrap();
        assert_eq!(made.expose(), *code);
        assert_eq!(TaxCode::canonical(code).unwrap(), made);
    }
}

#[test]
fn the_ladder_of_omocodia_is_kept_as_issued() {
    let ladder = [
        "RSSMRA80A01F25TD",
        "RSSMRA80A01F2RTP",
        "RSSMRA80A01FNRTE",
        "RSSMRA80A0MFNRTW",
        "RSSMRA80ALMFNRTH",
        "RSSMRA8LALMFNRTS",
        "RSSMRAULALMFNRTP",
    ];
    let base = TaxCode::canonical("RSSMRA80A01F257G").unwrap();
    for (index, form) in ladder.iter().enumerate() {
        assert_eq!(base.omocodic(index + 1).unwrap().expose(), *form);
        assert_eq!(TaxCode::canonical(form).unwrap().bytes(), form.as_bytes());
        assert_ne!(TaxCode::canonical(form).unwrap(), base);
    }
    assert!(base.omocodic(0).is_none() && base.omocodic(8).is_none());
    assert!(base.omocodic(1).unwrap().omocodic(1).is_none());
}

#[test]
fn one_spelling_whatever_the_spreadsheet_did() {
    for raw in [
        "rssmra80a01f257g",
        " RSSMRA80A01F257G\t",
        "RSS MRA 80A01 F257G",
        "RSSMRA80A01F257G\u{200b}",
        "\u{feff}RSSMRA80A01F257G",
        "ＲＳＳＭＲＡ８０Ａ０１Ｆ２５７Ｇ",
    ] {
        assert_eq!(
            TaxCode::canonical(raw).unwrap().bytes(),
            b"RSSMRA80A01F257G",
            "{raw}"
        );
    }
}

#[test]
fn what_is_not_a_code_says_why() {
    let cases = [
        ("", NotATaxCode::Missing),
        (" \u{200b}", NotATaxCode::Missing),
        ("RSSMRA80A01F257X", NotATaxCode::CheckCharacter),
        ("RSSMRA80B31F257I", NotATaxCode::Day),
        ("RSSMRA80A72F257S", NotATaxCode::Day),
        ("RSSMRA80A00F257H", NotATaxCode::Day),
        ("RSSMRA80A40F257L", NotATaxCode::Day),
        ("RSSMRA80G01F257U", NotATaxCode::Shape),
        ("RSSMRA8A001F257G", NotATaxCode::Shape),
        ("RSSMRA80A01F257", NotATaxCode::Shape),
        ("RSSMRA80A01F257GG", NotATaxCode::Shape),
        ("ŔSSMRA80A01F257G", NotATaxCode::Lookalike),
        ("RSSMRA80A01F257G\0", NotATaxCode::Shape),
        ("00743110158", NotATaxCode::CheckCharacter),
        ("STP0801060012345", NotATaxCode::Stp),
        ("eni0801060012345", NotATaxCode::Eni),
    ];
    for (raw, why) in cases {
        assert_eq!(TaxCode::canonical(raw).unwrap_err(), why, "{raw}");
    }
}

#[test]
fn provisional_and_health_codes() {
    for (serial, office, code) in [
        (74311, 15, "00743110157"),
        (8_001_234, 36, "80012340362"),
        (1_234_567, 36, "12345670363"),
    ] {
        let made = provisional(serial, office).unwrap();
        assert_eq!(made.expose(), code);
        assert!(made.is_provisional());
        assert!(matches!(Identity::read(code), Ok(Identity::Provisional(_))));
    }
    assert_eq!(
        Identity::read(&stp(80, 106, 12345).unwrap()),
        Ok(Identity::Stp)
    );
    assert_eq!(
        Identity::read(&eni(80, 106, 12345).unwrap()),
        Ok(Identity::Eni)
    );
    assert!(provisional(0, 36).is_err() && stp(1000, 0, 0).is_err());
}

#[test]
fn identifiers_in_free_text() {
    for text in [
        "cfr RSSMRA80A01F257G pagato",
        "rssmra80a01f257g",
        "RSS MRA 80A01 F257G",
        "(RSS-MRA-80A01-F257G)",
        "RSSMRA80A01F257X mistyped",
        "RSSMRA80A01F25TD",
        "STP 0801060012345",
        "n. 80012340362",
        "ＲＳＳＭＲＡ８０Ａ０１Ｆ２５７Ｇ",
    ] {
        assert!(find_in_text(text), "{text}");
    }
    for text in [
        "",
        "seconda rata",
        "bollette luce e gas 2024",
        "delibera 123/2023",
        "tel 0592032033",
        "IBAN IT60X0542811101",
        "contributo per affitto 1200 euro",
        "80012340361",
    ] {
        assert!(!find_in_text(text), "{text}");
    }
}

#[test]
fn nothing_prints() {
    let code = TaxCode::canonical("RSSMRA80A01F257G").unwrap();
    assert!(!format!("{code:?} {:?}", Identity::read("RSSMRA80A01F257G")).contains("RSS"));
    for why in [
        NotATaxCode::Shape,
        NotATaxCode::CheckCharacter,
        NotATaxCode::Day,
    ] {
        assert!(!why.to_string().contains("RSS"));
    }
}
