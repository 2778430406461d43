//! The attacks of the tests on the shipped encoding, its variants and weak ones, as JSON lines.
//!
//! `attacks [PEOPLE] [all]`: so many people (2,000 unless said), and with `all` the variants of salt and diffusion beside the main rows.

#[path = "../tests/it/attacks/attacker/mod.rs"]
mod attacker;

use std::time::Instant;

use attacker::cases::{Attack, Seen};
use attacker::encode::{Way, shipped};
use attacker::people::{Known, Who, encoded, population};
use attacker::tokens;
use wdl_encoding::Salt;

/// Of a city, those without a code.
const WITHOUT_CODE: usize = 3;

const ATTACKS: [Attack; 5] = [
    Attack::Frequency,
    Attack::Patterns,
    Attack::Graph,
    Attack::GraphWithTenth,
    Attack::Pairs,
];

fn main() {
    let mut arguments = std::env::args().skip(1);
    let count = arguments
        .next()
        .and_then(|count| count.parse().ok())
        .unwrap_or(2_000);
    let is_all = arguments.any(|word| word == "all");
    let everybody = encoded(population(count, 1), Who::Everybody, 1);
    let without_code = encoded(
        population(count * 100 / WITHOUT_CODE, 2),
        Who::WithoutCode(WITHOUT_CODE),
        2,
    );
    let main = [
        ("surname alone", Way::surname_alone()),
        ("double hashing", Way::double_hashed()),
        ("no salt, no diffusion", Way::variant(&[], 0)),
        (
            "salt birth_year, no diffusion",
            Way::variant(&[Salt::BirthYear], 0),
        ),
    ];
    for (encoding, way) in &main {
        for attack in ATTACKS {
            attacked(attack, (encoding, way), ("everybody", &everybody));
        }
    }
    let ours = [
        ("person.yaml", Way::ours()),
        ("person.yaml and salt sex", two_salts()),
    ];
    for (encoding, way) in &ours {
        for people in [("everybody", &everybody), ("without code", &without_code)] {
            for attack in ATTACKS {
                attacked(attack, (encoding, way), people);
            }
            likeness((encoding, way), people);
        }
    }
    if is_all {
        for salt in [
            &[][..],
            &[Salt::Sex],
            &[Salt::BirthYear],
            &[Salt::BirthYear, Salt::Sex],
            &[Salt::BirthDate],
        ] {
            for terms in [0, 1, 2, 3, 4, 5, 6, 8, 10] {
                let way = Way::variant(salt, terms);
                let words: Vec<String> = salt.iter().map(Salt::to_string).collect();
                let encoding = format!("salt [{}], diffusion {terms}", words.join(", "));
                for people in [("everybody", &everybody), ("without code", &without_code)] {
                    for attack in &ATTACKS[1..] {
                        attacked(*attack, (&encoding, &way), people);
                    }
                    likeness((&encoding, &way), people);
                }
            }
        }
    }
    structure(count);
}

fn two_salts() -> Way {
    let mut way = Way::ours();
    let second = Way::variant(&[Salt::Sex], way.rules[0].diffusion);
    way.rules.extend(second.rules);
    way
}

fn attacked(attack: Attack, (encoding, way): (&str, &Way), (who, people): (&str, &Vec<Known>)) {
    let start = Instant::now();
    let outcome = attack.run(way, people, 7);
    println!(
        r#"{{"attack":"{}","encoding":"{encoding}","who":"{who}","records":{},"claims":{},"right":{},"named":{:.4},"seconds":{:.1}}}"#,
        attack.word(),
        outcome.records,
        outcome.claims,
        outcome.right,
        outcome.share(),
        start.elapsed().as_secs_f64(),
    );
}

fn likeness((encoding, way): (&str, &Way), (who, people): (&str, &Vec<Known>)) {
    let seen = Seen::of(way, people, 7);
    println!(
        r#"{{"attack":"none","encoding":"{encoding}","who":"{who}","records":{},"visible":{:.4},"patterns":{}}}"#,
        people.len(),
        seen.visible,
        seen.patterns,
    );
}

/// Who shares a token: everybody with all columns, and a city where three in a hundred have them.
fn structure(count: usize) {
    let city = population(count * 10, 3);
    for (who, of_a_hundred) in [("everybody", 100), ("without code", WITHOUT_CODE)] {
        let is_without_code: Vec<bool> = (0..city.len())
            .map(|nth| nth % 100 < of_a_hundred)
            .collect();
        let shown = tokens::shown(&shipped(), &city, &is_without_code);
        println!(
            r#"{{"attack":"structure of tokens","encoding":"person.yaml","who":"{who}","records":{},"sharing":{},"largest":{},"alone":{},"named":{:.4}}}"#,
            shown.rows,
            shown.sharing,
            shown.largest,
            shown.alone,
            shown.share(),
        );
    }
}
