//! Canonical bytes: one for every spelling, none for what is missing, different wherever people differ.

use proptest::prelude::*;
use wdl_encoding::{Combination, Person, Probe, Values, canonical};

use crate::{person, shipped, values};

fn combination(id: &str) -> Combination {
    let found = shipped().combinations.into_iter().find(|one| one.id == id);
    found.unwrap()
}

fn bytes(id: &str, person: &Person) -> Option<Vec<u8>> {
    canonical(&combination(id), person).map(|bytes| bytes.to_vec())
}

/// The bytes of a column of tokens.
fn column(name: &str, person: &Person) -> Option<Vec<u8>> {
    let recipe = shipped();
    let mut probes = recipe.combinations.iter().flat_map(Probe::of);
    let probe = probes.find(|probe| probe.column() == name).unwrap();
    probe.canonical(person).map(|bytes| bytes.to_vec())
}

#[test]
fn fixed_vector() {
    let bytes = bytes(
        "names_birth",
        &person("De Luca", "Niccolò Maria", (1960, 8, 17)),
    )
    .unwrap();
    let expected = b"\0\x0cwdl-normal-1\0\x0bnames_birth\0\x07surname\0\x06DELUCA\0\x0agiven_name\0\x0cNICCOLOMARIA\0\x0abirth_date\0\x0819600817";
    assert_eq!(bytes, expected);
    let sound = self::bytes(
        "sound_birth",
        &person("De Luca", "Niccolò Maria", (1960, 8, 17)),
    )
    .unwrap();
    assert!(sound.ends_with(b"\0\x0dsurname.sound\0\x03DLK\0\x10given_name.sound\0\x03NKL\0\x0abirth_date\0\x0819600817\0\x03sex\0\x01F"));
}

#[test]
fn columns_in_order() {
    let recipe = shipped();
    let columns: Vec<String> = recipe
        .combinations
        .iter()
        .flat_map(Probe::of)
        .map(|probe| probe.column())
        .collect();
    assert_eq!(
        columns,
        [
            "link_names_birth",
            "link_names_birth_swapped_names",
            "link_names_birth_swapped_day_month",
            "link_sound_birth",
            "link_initial_birth",
        ]
    );
}

#[test]
fn a_mistake_undone_meets_the_plain_form() {
    let right = person("ROSSI", "MARCO", (1980, 5, 7));
    assert_eq!(
        column(
            "link_names_birth_swapped_names",
            &person("Marco", "Rossi", (1980, 5, 7))
        ),
        bytes("names_birth", &right)
    );
    assert_eq!(
        column(
            "link_names_birth_swapped_day_month",
            &person("Rossi", "Marco", (1980, 7, 5))
        ),
        bytes("names_birth", &right)
    );
    assert_eq!(
        bytes("sound_birth", &person("ROSI", "MARCCO", (1980, 5, 7))),
        bytes("sound_birth", &right)
    );
    assert_eq!(
        bytes("initial_birth", &person("ROSSI VERDI", "M.", (1980, 5, 7))),
        bytes("initial_birth", &right)
    );
}

#[test]
fn no_token_that_many_share() {
    let whole = values("ROSSI", "MARCO", (1980, 5, 17));
    for values in [
        Values {
            surname: None,
            ..whole
        },
        Values {
            surname: Some("N.D."),
            ..whole
        },
        Values {
            given_name: Some("sconosciuto"),
            ..whole
        },
        Values {
            birth_date: None,
            ..whole
        },
        self::values("ROSSI", "MARCO", (1900, 1, 1)),
    ] {
        assert_eq!(bytes("names_birth", &Person::normal(&values)), None);
    }
    let nobody = Person::normal(&Values {
        sex: Some("?"),
        ..whole
    });
    assert_eq!(bytes("sound_birth", &nobody), None);
    // No mistake to undo.
    assert_eq!(
        column(
            "link_names_birth_swapped_day_month",
            &person("ROSSI", "MARCO", (1980, 5, 17))
        ),
        None
    );
    assert_eq!(
        column(
            "link_names_birth_swapped_day_month",
            &person("ROSSI", "MARCO", (1980, 5, 5))
        ),
        None
    );
    assert_eq!(
        column(
            "link_names_birth_swapped_names",
            &person("PAOLO", "PAOLO", (1980, 5, 5))
        ),
        None
    );
}

proptest! {
    #[test]
    fn letters_do_not_run_into_each_other(a in "[A-Z]{1,6}B", b in "[A-Z]{1,6}C", cut in 1_usize..4) {
        let all = format!("{a}{b}");
        let moved = person(&all[..cut], &all[cut..], (1980, 5, 17));
        let right = person(&a, &b, (1980, 5, 17));
        if let (Some(moved), Some(right)) = (bytes("names_birth", &moved), bytes("names_birth", &right)) {
            prop_assert_eq!(moved == right, cut == a.len());
        }
    }

    #[test]
    fn case_and_form_do_not_matter(name in "[A-Za-zàèìòùéçñöü' -]{1,20}") {
        use unicode_normalization::UnicodeNormalization as _;
        let forms = [name.nfc().collect::<String>(), name.nfd().collect(), name.to_lowercase(), format!("  {} ", name.to_uppercase())];
        let expected = bytes("names_birth", &person(&name, "ANNA", (1980, 5, 17)));
        for form in forms {
            prop_assert_eq!(&bytes("names_birth", &person(&form, "ANNA", (1980, 5, 17))), &expected);
        }
    }

    #[test]
    fn any_cell_is_survived(surname in any::<String>(), given_name in any::<String>()) {
        for probe in shipped().combinations.iter().flat_map(Probe::of) {
            let _ = probe.canonical(&person(&surname, &given_name, (1980, 5, 7)));
        }
    }
}
