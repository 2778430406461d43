//! Recipes, combinations and encodings at the crate's face: fixed vectors, a slow second implementation, laws.
#![expect(clippy::unwrap_used, reason = "tests")]

mod attacks;
mod combinations;
mod comparators;
mod dice;
mod encodings;
mod names;
mod recipes;
mod schemas;
mod slow;

use wdl_encoding::{BirthDate, EncodingKey, Person, Recipe, Values};

/// The recipe the product ships.
fn shipped() -> Recipe {
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../labs/modena/linkage/person.yaml"
    );
    Recipe::read(std::path::Path::new(path)).unwrap()
}

/// The bytes 0 to 31.
fn key_bytes() -> [u8; 32] {
    std::array::from_fn(|place| u8::try_from(place).unwrap())
}

fn key() -> EncodingKey {
    EncodingKey::from_bytes(&key_bytes())
}

/// An invented person.
fn values<'a>(
    surname: &'a str,
    given_name: &'a str,
    (year, month, day): (u16, u8, u8),
) -> Values<'a> {
    Values {
        surname: Some(surname),
        given_name: Some(given_name),
        birth_date: BirthDate::new(year, month, day),
        sex: Some("F"),
        birth_place: Some("Modena"),
    }
}

fn person(surname: &str, given_name: &str, birth: (u16, u8, u8)) -> Person {
    Person::normal(&values(surname, given_name, birth))
}
