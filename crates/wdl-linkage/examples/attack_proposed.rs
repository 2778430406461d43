//! All attacks of the suite on the proposed schema, as JSON lines: several invented cities and keys, a post code of a city's part or of a street, and without addresses.
//!
//! `attack_proposed [PEOPLE] [CITIES] [KEYS] [pairs]`; with `pairs` the closest pairs alone, with every key.

#[path = "../../wdl-encoding/tests/it/attacks/attacker/mod.rs"]
#[expect(
    dead_code,
    reason = "attacks on tokens and on weak encodings are shown elsewhere"
)]
mod attacker;

use attacker::cases::Attack;
use attacker::encode::Way;
use attacker::people::{Known, Who, encoded, population};
use wdl_linkage::encoded::proposed_schema;
use wdl_linkage::{Builder, Field, Kind};

/// Of a city, those without a code.
const WITHOUT_CODE: usize = 3;
/// The first attacks run with every key, the others, which take long, with one.
const PAIRS: [Attack; 2] = [Attack::Pairs, Attack::PairsAcross];
const OTHERS: [Attack; 6] = [
    Attack::Graph,
    Attack::Together,
    Attack::GraphWithTenth,
    Attack::TogetherWithTenth,
    Attack::Frequency,
    Attack::Patterns,
];

fn main() {
    let mut numbers = std::env::args().skip(1).map(|text| text.parse::<u64>());
    let mut next = |usual: u64| {
        numbers
            .next()
            .map_or(usual, |number| number.expect("a number"))
    };
    let (people, cities, keys) = (next(2_000) as usize, next(2), next(3));
    let others: &[Attack] = match std::env::args().nth(4).as_deref() {
        Some("pairs") => &[],
        _ => &OTHERS,
    };
    for city in 1..=cities {
        let everybody = encoded(population(people, city), Who::Everybody, city);
        let whole = population(people * 100 / WITHOUT_CODE, city + 100);
        let without_code = encoded(whole, Who::WithoutCode(WITHOUT_CODE), city + 100);
        for (who, people) in [("everybody", &everybody), ("without code", &without_code)] {
            for code in ["post_code", "street_code", ""] {
                attacked((who, city), (people, code), (others, keys));
            }
        }
    }
}

fn attacked(
    (who, city): (&str, u64),
    (people, code): (&[Known], &str),
    (others, keys): (&[Attack], u64),
) {
    let way = Way::of_file(schema(people, code));
    for key in 7..7 + keys {
        let others = if key == 7 { others } else { &[] };
        for attack in PAIRS.iter().chain(others) {
            let outcome = attack.run(&way, people, key);
            println!(
                r#"{{"attack":"{}","who":"{who}","city":{city},"key":{key},"address":"{code}","salts":{:?},"diffusion":{},"records":{},"claims":{},"named":{:.4}}}"#,
                attack.word(),
                way.schema.salts(),
                way.schema.diffusion,
                outcome.records,
                outcome.claims,
                outcome.share(),
            );
        }
    }
}

fn schema(people: &[Known], code: &str) -> wdl_encoding::Schema {
    let mut kinds = vec![
        ("surname", Kind::Surname),
        ("given_name", Kind::GivenName),
        ("birth_date", Kind::BirthDate),
        ("sex", Kind::Sex),
        ("birth_place", Kind::Place),
    ];
    if !code.is_empty() {
        kinds.extend([
            ("street", Kind::Street),
            ("house_number", Kind::HouseNumber),
            (code, Kind::PostCode),
        ]);
    }
    let mut builder = Builder::new(kinds.iter().map(|(name, _)| (*name).to_owned()));
    builder.source("people");
    for (nth, person) in people.iter().enumerate() {
        let values: Vec<String> = kinds.iter().map(|(name, _)| person.value(name)).collect();
        let values = values.iter().map(String::as_str);
        builder.push(&nth.to_string(), values).expect("room");
    }
    let data = builder.finish().expect("numbers are unique");
    let fields: Vec<Field> = kinds
        .iter()
        .map(|(name, kind)| Field {
            column: (*name).to_owned(),
            kind: *kind,
        })
        .collect();
    proposed_schema(&data, &fields, true).expect("enough columns")
}
