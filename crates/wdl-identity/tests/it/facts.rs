//! Agreement of a code with the facts of its row, and the codes of places and numbers.

use jiff::civil::date;
use proptest::prelude::*;
use wdl_identity::{
    CadastralPlace, CodeFault, Disagreement, Facts, Iban, Identity, MunicipalityCode, NotATaxCode,
    PostCode, Registration, Sex, TaxCode, VatNumber, compose, names_person, provisional, read_sex,
};

fn facts(year: i16, month: i8, day: i8, sex: Sex, place: &str) -> Facts {
    Facts {
        born: Some(date(year, month, day)),
        sex: Some(sex),
        place: CadastralPlace::read(place).ok(),
    }
}

#[test]
fn worked_codes_agree_with_their_people() {
    for (code, said) in [
        ("RSSMRA80A01F257G", facts(1980, 1, 1, Sex::Male, "F257")),
        ("RSSMRA80A01F25TD", facts(1980, 1, 1, Sex::Male, "F257")),
        ("RSSMRAULALMFNRTP", facts(1980, 1, 1, Sex::Male, "F257")),
        ("BNCGLI85D52B819P", facts(1985, 4, 12, Sex::Female, "B819")),
        ("FOXLIX01T31I462W", facts(2001, 12, 31, Sex::Male, "I462")),
        ("NGYTHI95L47Z251Y", facts(1995, 7, 7, Sex::Female, "Z251")),
    ] {
        let code = TaxCode::canonical(code).unwrap();
        assert_eq!(code.disagreement(&said), Disagreement::default());
        assert_eq!(
            code.disagreement(&Facts::default()),
            Disagreement::default()
        );
    }
}

#[test]
fn each_disagreement_is_told_apart() {
    let code = TaxCode::canonical("RSSMRA80A01F257G").unwrap();
    let said = code.disagreement(&facts(1980, 1, 2, Sex::Female, "B819"));
    assert!(said.born && said.sex && said.place && said.is_any());
    let said = code.disagreement(&facts(1980, 2, 1, Sex::Male, "F257"));
    assert_eq!((said.born, said.sex, said.place), (true, false, false));
}

#[test]
fn cf_century_comes_from_the_birth_date_alone() {
    // Two digits fit a newborn and somebody over a hundred; a century is never guessed.
    let code = TaxCode::canonical("DSNNNA33H70F257P").unwrap();
    for year in [1833, 1933, 2033] {
        assert!(
            !code
                .disagreement(&facts(year, 6, 30, Sex::Female, "F257"))
                .born
        );
    }
    assert!(
        code.disagreement(&facts(1934, 6, 30, Sex::Female, "F257"))
            .born
    );
}

#[test]
fn a_provisional_code_says_nothing_of_the_person() {
    let code = provisional(8_001_234, 36).unwrap();
    assert!(
        !code
            .disagreement(&facts(1980, 1, 1, Sex::Male, "F257"))
            .is_any()
    );
    assert!(code.has_known_office());
    assert!(!provisional(1, 400).unwrap().has_known_office());
}

#[test]
fn letters_of_another_alphabet_are_refused() {
    // Cyrillic A, Greek omicron.
    for code in ["RSSMR\u{0410}80A01F257G", "RSSMRA8\u{039f}A01F257G"] {
        assert_eq!(Identity::read(code), Err(NotATaxCode::Lookalike));
    }
    assert!(Identity::read("ＲＳＳＭＲＡ８０Ａ０１Ｆ２５７Ｇ").is_ok());
}

#[test]
fn vat_numbers() {
    for right in ["00743110157", "80012340362", "12345670363", "IT12345670363"] {
        assert!(VatNumber::read(right).is_ok(), "{right}");
    }
    for (wrong, fault) in [
        ("00743110158", CodeFault::Check),
        ("743110157", CodeFault::LostZeros),
        ("0000000000", CodeFault::Shape),
        ("1234567036A", CodeFault::Shape),
        ("", CodeFault::Shape),
    ] {
        assert_eq!(VatNumber::read(wrong).err(), Some(fault), "{wrong}");
    }
}

#[test]
fn ibans() {
    // The examples of the SWIFT IBAN registry.
    for right in [
        "IT60X0542811101000000123456",
        "SM86 U032 2509 8000 0000 0270 100",
        "gb29nwbk60161331926819",
        "DE89370400440532013000",
    ] {
        assert!(Iban::read(right).is_ok(), "{right}");
    }
    for (wrong, fault) in [
        ("IT60X0542811101000000123465", CodeFault::Check),
        ("IT60X054281110100000012345", CodeFault::Shape),
        ("DE88370400440532013000", CodeFault::Check),
        ("0000", CodeFault::Shape),
        ("", CodeFault::Shape),
    ] {
        assert_eq!(Iban::read(wrong).err(), Some(fault), "{wrong}");
    }
}

#[test]
fn places() {
    assert_eq!(MunicipalityCode::read("036023").unwrap().province(), "036");
    assert_eq!(MunicipalityCode::read("36023"), Err(CodeFault::LostZeros));
    assert_eq!(MunicipalityCode::read("1001"), Err(CodeFault::LostZeros));
    for wrong in ["", "36", "036000", "000023", "0360230", "03602A", "٠٣٦٠٢٣"] {
        assert_eq!(
            MunicipalityCode::read(wrong),
            Err(CodeFault::Shape),
            "{wrong}"
        );
    }
    assert_eq!(CadastralPlace::read("f257").unwrap().as_str(), "F257");
    assert!(CadastralPlace::read("Z330").unwrap().is_foreign());
    for wrong in ["", "F25", "2570", "F25T", "FF57", "F2577"] {
        assert!(CadastralPlace::read(wrong).is_err(), "{wrong}");
    }
    assert_eq!(PostCode::read("41121").unwrap().as_str(), "41121");
    assert_eq!(PostCode::read("0184"), Err(CodeFault::LostZeros));
    assert_eq!(PostCode::read("00000"), Err(CodeFault::Shape));
    assert_eq!(PostCode::read("4112O"), Err(CodeFault::Shape));
}

#[test]
fn names_in_text() {
    for (text, surname, name) in [
        ("Rossi Mario non risponde", "ROSSI", "MARIO"),
        ("tel. a MARIO ROSSI", "Rossi", "Mario"),
        ("De Santis, Anna: ok", "De Santis", "Anna"),
        ("Nicolò e D’Angelo", "d'angelo", "NICOLO'"),
    ] {
        assert!(names_person(text, surname, name), "{text}");
    }
    for (text, surname, name) in [
        ("Rossi non risponde", "ROSSI", "MARIO"),
        ("rossini mariologia", "ROSSI", "MARIO"),
        ("", "ROSSI", "MARIO"),
        ("a b", "A", "B"),
        ("Rossi Mario", "", ""),
    ] {
        assert!(!names_person(text, surname, name), "{text}");
    }
    assert_eq!(read_sex("f"), Some(Sex::Female));
    assert_eq!(read_sex("1"), None);
}

proptest! {
    #[test]
    fn a_code_agrees_with_what_it_is_made_from(
        year in 1900_i16..2027, month in 1_i8..=12, day in 1_i8..=28, is_female in any::<bool>(),
        place in "[A-MZ][0-9]{3}", nth in 0_usize..=7,
    ) {
        let sex = if is_female { Sex::Female } else { Sex::Male };
        let person = Registration { surname: "Rossi", name: "Mario", sex, born: date(year, month, day), place: &place };
        let code = compose(&person).unwrap();
        let code = code.omocodic(nth).unwrap_or(code);
        prop_assert!(!code.disagreement(&facts(year, month, day, sex, &place)).is_any());
        let other = Facts { born: Some(date(year, month, day % 28 + 1)), ..Facts::default() };
        prop_assert!(code.disagreement(&other).born);
    }

    #[test]
    fn any_text_is_answered(text in "\\PC{0,40}", other in "[0-9A-Z ]{0,40}") {
        for text in [text.as_str(), other.as_str()] {
            let _ = (VatNumber::read(text).is_ok(), Iban::read(text).is_ok(), PostCode::read(text).is_ok());
            let _ = (MunicipalityCode::read(text).is_ok(), CadastralPlace::read(text).is_ok());
            let _ = (names_person(text, &other, text), read_sex(text), Identity::read(text).is_ok());
        }
    }

    #[test]
    fn one_wrong_digit_of_an_iban_never_passes(place in 2_usize..27, digit in 0_u8..10) {
        let mut iban = b"IT60X0542811101000000123456".to_vec();
        prop_assume!(iban[place].is_ascii_digit() && iban[place] != b'0' + digit);
        iban[place] = b'0' + digit;
        prop_assert!(Iban::read(std::str::from_utf8(&iban).unwrap()).is_err());
    }
}
