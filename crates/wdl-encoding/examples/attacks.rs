//! The attacks of the tests on the shipped encoding, its variants and weak ones, as JSON lines.
//!
//! `attacks [PEOPLE] [SALTS] [TERMS]`: so many people (2,000 unless said); with `all`, or the name of some salts, the variants of salt and diffusion in place of the main rows.

#[path = "../tests/it/attacks/attacker/mod.rs"]
mod attacker;

use std::time::Instant;

use attacker::cases::{Attack, Seen};
use attacker::encode::{DATE, SEX, Way, YEAR, shipped};
use attacker::people::{Known, Who, encoded, population};
use attacker::tokens;
use wdl_encoding::{Cut, Field};

/// Of a city, those without a code.
const WITHOUT_CODE: usize = 3;

const ATTACKS: [Attack; 8] = [
    Attack::Frequency,
    Attack::Patterns,
    Attack::Graph,
    Attack::GraphWithTenth,
    Attack::Together,
    Attack::TogetherWithTenth,
    Attack::Pairs,
    Attack::PairsAcross,
];

fn main() {
    let mut arguments = std::env::args().skip(1);
    let count = arguments
        .next()
        .and_then(|count| count.parse().ok())
        .unwrap_or(2_000);
    let variants_named = arguments.next();
    let terms = arguments.next().and_then(|terms| terms.parse().ok());
    let everybody = encoded(population(count, 1), Who::Everybody, 1);
    let without_code = encoded(
        population(count * 100 / WITHOUT_CODE, 2),
        Who::WithoutCode(WITHOUT_CODE),
        2,
    );
    if let Some(name) = variants_named {
        variants((&name, terms), &everybody, &without_code);
        return;
    }
    let main = [
        ("surname alone", Way::surname_alone()),
        ("double hashing", Way::double_hashed()),
        ("no salt, no diffusion", Way::variant(&[&[]], 0)),
        ("salt birth_year, no diffusion", Way::variant(&[&[YEAR]], 0)),
    ];
    for (encoding, way) in &main {
        for attack in ATTACKS {
            attacked(attack, (encoding, way), ("everybody", &everybody));
        }
    }
    let ours = [
        ("person.yaml", Way::ours()),
        ("person.yaml and salt sex", two_salts()),
        (
            "person.yaml and salt sex, a file kept apart",
            Way::of_file(two_salts().schema),
        ),
    ];
    for (encoding, way) in &ours {
        for people in [("everybody", &everybody), ("without code", &without_code)] {
            for attack in ATTACKS {
                attacked(attack, (encoding, way), people);
            }
            likeness((encoding, way), people);
        }
    }
    structure(count);
}

/// Salts and terms of diffusion, on who is easier to name: those without a code.
fn variants(
    (chosen, only): (&str, Option<usize>),
    everybody: &Vec<Known>,
    without_code: &Vec<Known>,
) {
    const INITIALS: [(Field, Cut); 2] = [
        (Field::Surname, Cut::Initial),
        (Field::GivenName, Cut::Initial),
    ];
    const PLACE: (Field, Cut) = (Field::BirthPlace, Cut::Whole);
    const PLACE_INITIAL: [(Field, Cut); 2] = [PLACE, (Field::GivenName, Cut::Initial)];
    let salts: [(&str, Salts<'_>); 9] = [
        ("none", &[&[]]),
        ("place", &[&[PLACE]]),
        ("sex", &[&[SEX]]),
        ("year", &[&[YEAR]]),
        ("initials", &[&INITIALS]),
        ("year | initials", &[&[YEAR], &INITIALS]),
        ("year | initials | place", &[&[YEAR], &INITIALS, &[PLACE]]),
        (
            "year | initials | place and given initial",
            &[&[YEAR], &INITIALS, &PLACE_INITIAL],
        ),
        ("date", &[&[DATE]]),
    ];
    for (name, salts) in salts
        .iter()
        .filter(|(name, _)| chosen == "all" || chosen == *name)
    {
        let all = [0, 2, 3, 4, 6, 10];
        for terms in all
            .into_iter()
            .filter(|terms| only.is_none_or(|only| only == *terms))
        {
            let way = Way::variant(salts, terms);
            let encoding = format!("salts {name}, diffusion {terms}");
            for people in [("everybody", everybody), ("without code", without_code)] {
                for attack in [
                    Attack::Graph,
                    Attack::GraphWithTenth,
                    Attack::Together,
                    Attack::TogetherWithTenth,
                    Attack::Pairs,
                ] {
                    attacked(attack, (&encoding, &way), people);
                }
                likeness((&encoding, &way), people);
            }
        }
    }
}

fn two_salts() -> Way {
    Way::variant(&[&[YEAR], &[SEX]], Way::ours().schema.diffusion)
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

/// The parts of each salt.
type Salts<'a> = &'a [&'a [(Field, Cut)]];
