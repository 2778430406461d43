//! Encodings: the second implementation, fixed vectors, and what they keep and hide.

use proptest::prelude::*;
use wdl_encoding::{
    Cache, ClkField, ClkRule, Encoder, EncodingKey, Field, Grams, Person, Rows, Salt, Values, clk,
};

use crate::slow::{self, Plain};
use crate::{key, key_bytes, person, shipped, values};

fn rule() -> ClkRule {
    shipped().clk.unwrap()
}

fn dice(a: &[u8; 128], b: &[u8; 128]) -> f64 {
    let ones = |bytes: &[u8; 128]| bytes.iter().map(|byte| byte.count_ones()).sum::<u32>();
    let both: [u8; 128] = std::array::from_fn(|place| a[place] & b[place]);
    2.0 * f64::from(ones(&both)) / f64::from(ones(a) + ones(b))
}

fn encoded(surname: &str, given_name: &str, birth: (u16, u8, u8)) -> [u8; 128] {
    clk(&key(), &rule(), &person(surname, given_name, birth)).unwrap()
}

/// A rule of the tests' own: a lab may change its recipe, the vectors stay. They were computed by a third implementation, in Python.
fn fixed_rule() -> ClkRule {
    let field = |field, grams, weight, grams_mean| ClkField {
        field,
        grams,
        weight,
        grams_mean,
    };
    ClkRule {
        rows: Rows::All,
        fill: 0.4,
        salt: vec![Salt::BirthYear],
        diffusion: 10,
        fields: vec![
            field(Field::Surname, Grams::Letters(2), 3.0, 8.0),
            field(Field::GivenName, Grams::Letters(3), 3.0, 9.0),
            field(Field::BirthDate, Grams::Places, 3.0, 8.0),
            field(Field::Sex, Grams::Whole, 0.5, 1.0),
        ],
    }
}

#[test]
fn fixed_vectors() {
    for (surname, given_name, birth, expected) in [
        (
            "De Luca",
            "Niccolò",
            (1960, 8, 17),
            "22d227901ae47ba0da9163e975a0be4480ef0d8692455cb56fce1d733abc2420",
        ),
        (
            "Hu",
            "Li",
            (2024, 2, 29),
            "a90ca03ca1212813b2a0c50830511d7389a33ad116abdd59261b85cf1e0cf9f7",
        ),
    ] {
        let encoded = clk(&key(), &fixed_rule(), &person(surname, given_name, birth)).unwrap();
        let digest = wdl_vocab::Digest::of(&encoded);
        assert_eq!(digest.to_string(), expected, "{surname}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn the_second_implementation_agrees(
        surname in "[A-Z]{2,14}Z",
        given_name in "[A-Z]{2,14}K",
        birth in (1900_u16..2030, 2_u8..=12, 1_u8..=28),
        bare in any::<bool>(),
    ) {
        let mut rule = rule();
        if bare {
            rule.diffusion = 0;
            rule.salt = vec![Salt::Sex, Salt::BirthDate];
        }
        let (year, month, day) = birth;
        let plain = Plain {
            surname: &surname,
            given_name: &given_name,
            birth_date: &format!("{year:04}{month:02}{day:02}"),
            sex: "F",
            birth_place: "MODENA",
        };
        // What is no bare word (a particle, a title, `IN`) is the business of the normal form.
        prop_assume!(wdl_encoding::Name::surname(&surname).is_some());
        let person = person(&surname, &given_name, birth);
        prop_assert_eq!(clk(&key(), &rule, &person).unwrap(), slow::clk(&key_bytes(), &rule, &plain));
    }

    #[test]
    fn a_cache_changes_nothing(names in proptest::collection::vec("[A-D]{2,6}Z", 2..20)) {
        let rule = rule();
        let encoder = Encoder::new(&rule, &key());
        let mut cache = Cache::default();
        for name in &names {
            let person = person(name, "ANNA", (1970, 1, 2));
            prop_assert_eq!(encoder.clk(&mut cache, &person), clk(&key(), &rule, &person));
        }
    }

    #[test]
    fn any_cell_is_encoded_or_not(surname in ".{0,40}", given_name in any::<String>(), place in any::<String>()) {
        let values = Values {
            birth_place: Some(&place),
            ..values(&surname, &given_name, (1980, 5, 6))
        };
        let _ = clk(&key(), &rule(), &Person::normal(&values));
    }
}

#[test]
fn one_mistake_stays_near_and_strangers_stay_far() {
    let birth = (1980, 5, 17);
    let mine = encoded("FERRARINI", "GIUSEPPINA", birth);
    let near = [
        encoded("FERARINI", "GIUSEPPINA", birth),
        encoded("FERRARINI", "GIUSEPINA", birth),
        encoded("FERRARINI", "GIUSEPPINA", (1980, 5, 7)),
        encoded("FERRARIMI", "GIUSEPPINA", birth),
    ];
    let far = [
        encoded("MONTANARI", "KWAME", (1980, 11, 2)),
        encoded("POPESCU", "ADRIAN", (1980, 1, 30)),
        encoded("HU", "LI", (1980, 9, 9)),
    ];
    let nearest_stranger = far
        .iter()
        .map(|other| dice(&mine, other))
        .fold(0.0, f64::max);
    let farthest_mistake = near
        .iter()
        .map(|other| dice(&mine, other))
        .fold(1.0, f64::min);
    assert!(nearest_stranger < 0.62, "{nearest_stranger}");
    assert!(
        farthest_mistake > nearest_stranger + 0.06,
        "{farthest_mistake} {nearest_stranger}"
    );
}

#[test]
fn the_fill_is_the_one_chosen() {
    let rule = ClkRule {
        diffusion: 0,
        ..rule()
    };
    let surnames = [
        "MONTANARI",
        "FERRARI",
        "BIANCHI",
        "COSTA",
        "GUERZONI",
        "SALA",
    ];
    let ones: u32 = surnames
        .iter()
        .map(|surname| clk(&key(), &rule, &person(surname, "LORENZA", (1971, 3, 4))).unwrap())
        .map(|bytes| bytes.iter().map(|byte| byte.count_ones()).sum::<u32>())
        .sum();
    let fill = f64::from(ones) / (1024.0 * surnames.len() as f64);
    assert!((fill - rule.fill).abs() < 0.05, "{fill}");
}

#[test]
fn every_spelling_has_one_encoding() {
    let expected = encoded("D'Angelo", "Niccolò", (1980, 5, 17));
    for (surname, given_name) in [
        ("DANGELO", "NICCOLO'"),
        ("D’angelo", "nicco\u{300}lo\u{300}"),
        ("Ｄ ANGELO", " Niccolo\u{300} "),
    ] {
        let other = encoded(surname, given_name, (1980, 5, 17));
        assert_eq!(other, expected, "{surname} {given_name}");
    }
}

#[test]
fn no_key_is_used_twice() {
    let rule = ClkRule {
        diffusion: 0,
        salt: Vec::new(),
        ..rule()
    };
    // One name in two fields sets unrelated bits: overlap is what chance gives.
    let only = |surname: Option<&str>, given_name: Option<&str>| {
        let values = Values {
            surname,
            given_name,
            sex: Some("F"),
            birth_place: Some("MODENA"),
            ..values("", "", (1980, 5, 17))
        };
        clk(&key(), &rule, &Person::normal(&values)).unwrap()
    };
    let (as_surname, as_given) = (only(Some("LORENZO"), None), only(None, Some("LORENZO")));
    let shared = only(None, None);
    let own = |bytes: &[u8; 128]| -> [u8; 128] {
        std::array::from_fn(|place| bytes[place] & !shared[place])
    };
    assert!(dice(&own(&as_surname), &own(&as_given)) < 0.4);
    // Another project, another recipe, another salt: strangers.
    let person = person("FERRARINI", "ANNA", (1980, 5, 17));
    let mine = clk(&key(), &rule, &person).unwrap();
    let other_project = clk(&EncodingKey::from_bytes(&[7; 32]), &rule, &person).unwrap();
    let other_recipe = clk(
        &key(),
        &ClkRule {
            fill: 0.41,
            ..rule.clone()
        },
        &person,
    )
    .unwrap();
    let salted = clk(
        &key(),
        &ClkRule {
            salt: vec![Salt::BirthYear],
            ..rule
        },
        &person,
    )
    .unwrap();
    for other in [other_project, other_recipe, salted] {
        assert!(dice(&mine, &other) < 0.6);
    }
}

#[test]
fn too_little_gives_nothing() {
    let rule = rule();
    let without = |change: fn(&mut Values<'_>)| {
        let mut values = values("FERRARINI", "ANNA", (1980, 5, 17));
        change(&mut values);
        clk(&key(), &rule, &Person::normal(&values))
    };
    assert!(without(|_| {}).is_some());
    assert!(without(|values| values.sex = None).is_some());
    assert!(
        without(|values| values.birth_date = None).is_none(),
        "the salt"
    );
    assert!(
        without(
            |values| (values.surname, values.given_name, values.birth_place) =
                (None, Some("N.D."), None)
        )
        .is_none()
    );
}

#[test]
fn keys_do_not_print() {
    assert_eq!(format!("{:?}", key()), "EncodingKey(…)");
}
