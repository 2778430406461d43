//! Invented people with known truth: households, twins, namesakes, typing errors, moves, missing values.

use rand::{Rng as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;
use wdl_linkage::{Builder, Data};

/// One record: its id, the person it is of, its values.
#[derive(Clone)]
pub(crate) struct Record {
    pub(crate) id: String,
    pub(crate) person: usize,
    pub(crate) values: [String; 7],
}

pub(crate) const COLUMNS: [&str; 7] = [
    "given_name",
    "surname",
    "birth_date",
    "sex",
    "street",
    "house_number",
    "post_code",
];

const GIVEN: [&str; 24] = [
    "ANNA", "MARIA", "LUCIA", "PAOLA", "CHIARA", "ELENA", "SOFIA", "GIULIA", "RITA", "SARA",
    "FATIMA", "OLGA", "MARCO", "LUCA", "PAOLO", "ANDREA", "GIORGIO", "PIETRO", "FABIO", "SIMONE",
    "AHMED", "IVAN", "CARLO", "DAVIDE",
];
const BEGIN: [&str; 14] = [
    "BAR", "FER", "MON", "VAC", "GOL", "MAL", "BER", "ZAN", "COR", "TAV", "PEL", "RIG", "LOM",
    "SER",
];
const MIDDLE: [&str; 9] = ["", "A", "TO", "LI", "RE", "NA", "GU", "BE", "SI"];
const END: [&str; 12] = [
    "INI", "ARI", "OTTI", "ELLI", "ANTI", "ONI", "ESE", "ETTI", "UCCI", "AZZI", "ALDI", "ICCHI",
];

/// A population of persons in households.
pub(crate) fn persons(count: usize, seed: u64) -> Vec<[String; 7]> {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let mut persons: Vec<[String; 7]> = Vec::new();
    while persons.len() < count {
        let surname = surname(&mut random);
        let dwelling = dwelling(&mut random);
        let mut birth = String::new();
        for member in 0..random.random_range(1..5) {
            // A third child in a hundred is a twin of the one before.
            if member < 3 || random.random_range(0..100) > 0 {
                birth = format!(
                    "{:04}-{:02}-{:02}",
                    random.random_range(1935..2022),
                    random.random_range(1..13),
                    random.random_range(1..29)
                );
            }
            let given = random.random_range(0..GIVEN.len());
            let surname = match member {
                1 => self::surname(&mut random),
                _ => surname.clone(),
            };
            let sex = if given < 12 { "F" } else { "M" };
            let [street, number, post_code] = dwelling.clone();
            persons.push([
                GIVEN[given].to_owned(),
                surname,
                birth.clone(),
                sex.to_owned(),
                street,
                number,
                post_code,
            ]);
        }
    }
    persons.truncate(count);
    persons
}

fn surname(random: &mut ChaCha8Rng) -> String {
    let pick = |random: &mut ChaCha8Rng, of: &[&'static str]| of[random.random_range(0..of.len())];
    [
        pick(random, &BEGIN),
        pick(random, &MIDDLE),
        pick(random, &END),
    ]
    .concat()
}

fn dwelling(random: &mut ChaCha8Rng) -> [String; 3] {
    [
        format!("VIA {}", surname(random)),
        random.random_range(1..120).to_string(),
        format!("4112{}", random.random_range(1..7)),
    ]
}

/// A record of a person with the errors of an office.
pub(crate) fn record(
    id: String,
    person: usize,
    of: &[String; 7],
    random: &mut ChaCha8Rng,
) -> Record {
    let mut values = of.clone();
    for place in [0, 1, 4] {
        if random.random_range(0..100) < 6 {
            values[place] = mistyped(&values[place], random);
        }
    }
    if random.random_range(0..100) < 3 {
        let day = random.random_range(1..29);
        values[2].replace_range(8.., &format!("{day:02}"));
    }
    if random.random_range(0..100) < 12 {
        let [street, number, post_code] = dwelling(random);
        values[4] = street;
        values[5] = number;
        values[6] = post_code;
    }
    for value in &mut values {
        if random.random_range(0..100) < 3 {
            value.clear();
        }
    }
    Record { id, person, values }
}

fn mistyped(text: &str, random: &mut ChaCha8Rng) -> String {
    let mut letters: Vec<char> = text.chars().collect();
    let place = random.random_range(0..letters.len());
    match random.random_range(0..3) {
        0 => letters[place] = char::from(b'A' + random.random_range(0..26)),
        1 if letters.len() > 3 => drop(letters.remove(place)),
        _ => letters.insert(place, 'E'),
    }
    letters.into_iter().collect()
}

/// Two files of which `common` persons are in both.
pub(crate) fn two_files(each: usize, common: usize, seed: u64) -> [Vec<Record>; 2] {
    let persons = persons(2 * each - common, seed);
    let mut random = ChaCha8Rng::seed_from_u64(seed ^ 1);
    let file = |name: char, from: usize, random: &mut ChaCha8Rng| {
        let of = from..from + each;
        of.map(|person| {
            record(
                format!("{name}{person:07}"),
                person,
                &persons[person],
                random,
            )
        })
        .collect()
    };
    let first = file('a', 0, &mut random);
    let last = file('b', each - common, &mut random);
    [first, last]
}

/// The records as the engine takes them.
pub(crate) fn data(files: &[&[Record]]) -> Data {
    let mut builder = Builder::new(COLUMNS.map(str::to_owned));
    for (place, file) in files.iter().enumerate() {
        builder.source(&format!("source {place}"));
        for record in *file {
            let values = record.values.iter().map(String::as_str);
            builder.push(&record.id, values).unwrap();
        }
    }
    builder.finish().unwrap()
}
