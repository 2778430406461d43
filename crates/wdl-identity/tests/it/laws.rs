//! Properties that always hold.

use jiff::civil::date;
use proptest::prelude::*;
use wdl_identity::{Registration, Sex, TaxCode, compose, find_in_text};

fn code() -> impl Strategy<Value = TaxCode> {
    let sex = prop_oneof![Just(Sex::Female), Just(Sex::Male)];
    (
        "[A-ZÀÈÌÒÙ' ]{0,12}",
        "[A-ZÀÈÌÒÙ' ]{0,12}",
        sex,
        1910_i16..2027,
        1_i8..=12,
        1_i8..=28,
        "[A-Z][0-9]{3}",
    )
        .prop_map(|(surname, name, sex, year, month, day, place)| {
            let born = date(year, month, day);
            compose(&Registration {
                surname: &surname,
                name: &name,
                sex,
                born,
                place: &place,
            })
            .unwrap()
        })
}

proptest! {
    #[test]
    fn a_composed_code_is_canonical(code in code(), nth in 1_usize..=7) {
        prop_assert_eq!(&TaxCode::canonical(code.expose()).unwrap(), &code);
        let shared = code.omocodic(nth).unwrap();
        prop_assert_eq!(&TaxCode::canonical(shared.expose()).unwrap(), &shared);
        let note = format!("nota {} fine", shared.expose().to_lowercase());
        prop_assert!(find_in_text(&note));
    }

    #[test]
    fn one_wrong_character_never_passes(code in code(), place in 0_usize..16, byte in prop::sample::select(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789".to_vec())) {
        let mut wrong = code.bytes().to_vec();
        prop_assume!(wrong[place] != byte);
        wrong[place] = byte;
        prop_assert!(TaxCode::canonical(std::str::from_utf8(&wrong).unwrap()).is_err());
    }

    #[test]
    fn any_text_is_answered(text in "\\PC{0,60}") {
        let _ = TaxCode::canonical(&text);
        let _ = find_in_text(&text);
    }
}
