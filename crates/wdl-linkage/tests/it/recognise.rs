//! Columns recognised by their names and by their values alone; placeholders; what is left out.

use rand::{Rng as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;
use wdl_linkage::recognise::{Reason, Recognised, recognise};
use wdl_linkage::{Builder, Data, Kind};

/// Columns of invented records, each a name and its values.
fn data(columns: &[(&str, Vec<String>)]) -> Data {
    let mut builder = Builder::new(columns.iter().map(|(name, _)| (*name).to_owned()));
    builder.source("a");
    for row in 0..columns[0].1.len() {
        let values = columns.iter().map(|(_, values)| values[row].as_str());
        builder.push(&format!("{row:06}"), values).unwrap();
    }
    builder.finish().unwrap()
}

fn kinds(data: &Data) -> Vec<(String, Option<Kind>)> {
    let found = recognise(data, &[]);
    found
        .into_iter()
        .map(|one| (one.column, one.kind))
        .collect()
}

fn one(name: &str, values: Vec<String>) -> Recognised {
    recognise(&data(&[(name, values)]), &[]).remove(0)
}

/// A random word of some syllables.
fn word(random: &mut ChaCha8Rng, syllables: usize) -> String {
    const SYLLABLES: [&str; 24] = [
        "BA", "CE", "DI", "FO", "GU", "LA", "ME", "NI", "PO", "RU", "SA", "TE", "VI", "ZO", "BRA",
        "CRE", "STA", "TTI", "NNI", "RRO", "LLA", "GHE", "CHI", "GNO",
    ];
    (0..syllables)
        .map(|_| SYLLABLES[random.random_range(0..SYLLABLES.len())])
        .collect()
}

/// Draws the first of a list most often, as names are.
fn frequent<'a>(random: &mut ChaCha8Rng, list: &'a [String]) -> &'a str {
    let draw: f64 = random.random();
    let place = (list.len() as f64).powf(draw) as usize - 1;
    &list[place.min(list.len() - 1)]
}

const NAMES: [&str; 10] = [
    "MARIA", "GIUSEPPE", "ANNA", "GIOVANNI", "LUIGI", "CARLA", "AHMED", "LUCIA", "PAOLO", "ELENA",
];

/// Invented people, each value in its own column.
fn people(count: usize) -> Vec<(&'static str, Vec<String>)> {
    let mut random = ChaCha8Rng::seed_from_u64(11);
    let surnames: Vec<String> = (0..900).map(|nth| word(&mut random, 2 + nth % 3)).collect();
    let towns: Vec<String> = (0..40).map(|_| word(&mut random, 3)).collect();
    let streets: Vec<String> = (0..300)
        .map(|_| format!("VIA {}", word(&mut random, 3)))
        .collect();
    let mut columns: Vec<(&str, Vec<String>)> = [
        "surname", "name", "birth", "sex", "code", "town", "post", "street", "house", "state",
        "clk", "notes",
    ]
    .map(|name| (name, Vec::with_capacity(count)))
    .to_vec();
    for _ in 0..count {
        let year = random.random_range(1930..2020);
        let (month, day) = (random.random_range(1..=12), random.random_range(1..=28));
        let given = match random.random_bool(0.5) {
            true => NAMES[random.random_range(0..NAMES.len())].to_owned(),
            false => word(&mut random, 3),
        };
        let suffix = if random.random_bool(0.1) { "/A" } else { "" };
        let bits: String = (0..256)
            .map(|_| format!("{:x}", random.random_range(0..16)))
            .collect();
        let notes: Vec<String> = (0..15).map(|_| word(&mut random, 2)).collect();
        let row = [
            frequent(&mut random, &surnames).to_owned(),
            given,
            format!("{year}-{month:02}-{day:02}"),
            ["F", "M"][random.random_range(0..2)].to_owned(),
            format!("{:07}", random.random_range(1_000_000..9_999_999)),
            frequent(&mut random, &towns).to_owned(),
            format!("{}", random.random_range(41_000..41_300)),
            frequent(&mut random, &streets).to_owned(),
            format!("{}{suffix}", random.random_range(1..200)),
            ["MO", "RE", "PR", "BO", "FE"][random.random_range(0..5)].to_owned(),
            bits,
            notes.join(" "),
        ];
        for (value, (_, values)) in row.into_iter().zip(&mut columns) {
            values.push(value);
        }
    }
    columns
}

#[test]
fn by_values_alone() {
    let expected = [
        Some(Kind::Surname),
        Some(Kind::GivenName),
        Some(Kind::BirthDate),
        Some(Kind::Sex),
        Some(Kind::Code),
        Some(Kind::Place),
        Some(Kind::PostCode),
        Some(Kind::Street),
        Some(Kind::HouseNumber),
        Some(Kind::Category),
        Some(Kind::Clk),
        None,
    ];
    for count in [800, 6_000] {
        let mut columns = people(count);
        let names: Vec<String> = (0..columns.len())
            .map(|nth| format!("field{nth}"))
            .collect();
        for ((name, _), new) in columns.iter_mut().zip(&names) {
            *name = new;
        }
        let found: Vec<_> = kinds(&data(&columns))
            .into_iter()
            .map(|(_, kind)| kind)
            .collect();
        assert_eq!(found, expected, "{count}");
    }
}

#[test]
fn by_name() {
    let columns: Vec<(&str, Vec<String>)> = [
        "cognome",
        "nome",
        "data_nascita",
        "sesso",
        "cf",
        "comune",
        "cap",
        "indirizzo",
        "civico",
        "provincia",
        "clk",
        "note",
    ]
    .into_iter()
    .zip(people(1_000))
    .map(|(name, (_, values))| (name, values))
    .collect();
    let found = recognise(&data(&columns), &["cf"]);
    let kinds: Vec<_> = found.iter().map(|one| one.kind).collect();
    let expected = [
        Some(Kind::Surname),
        Some(Kind::GivenName),
        Some(Kind::BirthDate),
        Some(Kind::Sex),
        Some(Kind::Place),
        Some(Kind::PostCode),
        Some(Kind::Street),
        Some(Kind::HouseNumber),
        Some(Kind::Category),
        Some(Kind::Clk),
        None,
    ];
    assert_eq!(kinds, expected);
    assert!(found[..10].iter().all(|one| one.reason == Reason::Name));
    assert_eq!(found[10].reason, Reason::FreeText);
}

#[test]
fn a_name_that_the_values_contradict_does_not_count() {
    let mut columns = people(1_000);
    // Days under the name of a surname, surnames under that of a day.
    (columns[0].0, columns[2].0) = ("dob", "surname");
    let found = kinds(&data(&columns));
    assert_eq!(found[0].1, Some(Kind::Surname));
    assert_eq!(found[2].1, Some(Kind::BirthDate));
}

#[test]
fn a_name_alone_is_whole_when_it_has_several_words() {
    let columns = people(600);
    let whole: Vec<String> = columns[0]
        .1
        .iter()
        .zip(&columns[1].1)
        .map(|(a, b)| format!("{a} {b}"))
        .collect();
    assert_eq!(one("nome", whole.clone()).kind, Some(Kind::FullName));
    assert_eq!(one("field", whole).kind, Some(Kind::FullName));
    assert_eq!(
        one("name", columns[1].1.clone()).kind,
        Some(Kind::GivenName)
    );
}

#[test]
fn nothing_to_compare() {
    let empty = one("cognome", vec![String::new(); 50]);
    assert_eq!(
        (empty.kind, empty.reason, empty.share_missing),
        (None, Reason::Empty, 1.0)
    );
    let constant = one("comune", vec!["MODENA".to_owned(); 50]);
    assert_eq!((constant.kind, constant.reason), (None, Reason::Constant));
    let mut some = vec!["MODENA".to_owned(); 50];
    some[3] = String::new();
    assert_eq!(one("comune", some).share_missing, 0.02);
    let none = data(&[("cognome", Vec::new())]);
    assert_eq!(recognise(&none, &[])[0].reason, Reason::Empty);
}

#[test]
fn numbers_are_told_by_what_they_can_be() {
    let numbers = |from: usize, to: usize| -> Vec<String> {
        (0..900)
            .map(|nth| (from + nth * 37 % (to - from)).to_string())
            .collect()
    };
    for (values, kind) in [
        (numbers(1930, 2020), Kind::BirthDate),
        (numbers(18, 90), Kind::Number),
        (numbers(1, 400), Kind::HouseNumber),
        (numbers(10_000, 10_300), Kind::PostCode),
        (numbers(1_000_000, 9_000_000), Kind::Code),
    ] {
        assert_eq!(one("field", values).kind, Some(kind));
    }
    let amounts = (0..900)
        .map(|nth| format!("{}.{:02}", nth * 7, nth % 100))
        .collect();
    assert_eq!(one("field", amounts).kind, Some(Kind::Number));
    // Days as a spreadsheet numbers them, under a name that says what they are.
    assert_eq!(
        one("data di nascita", numbers(20_000, 30_000)).kind,
        Some(Kind::BirthDate)
    );
}

#[test]
fn values_of_any_length_and_letters() {
    let long: Vec<String> = (0..40)
        .map(|nth| "X\0\u{202e}Щ".repeat(nth * 250))
        .collect();
    let found = one("cognome", long);
    assert!(found.kind.is_some() || found.reason == Reason::FreeText);
}

/// The values found as placeholders, missing ones and others.
fn placeholders(name: &str, values: Vec<String>) -> (Vec<String>, Vec<String>) {
    let data = data(&[(name, values)]);
    let found = recognise(&data, &[]).remove(0);
    let texts = |is_missing| {
        found
            .placeholders
            .iter()
            .filter(|one| one.is_missing == is_missing)
            .map(|one| data.columns[0].values.get(one.place).to_owned())
            .collect()
    };
    (texts(true), texts(false))
}

#[test]
fn placeholders_of_each_kind() {
    let columns = people(4_000);
    let with = |column: usize, value: &str, every: usize| -> Vec<String> {
        let mut values = columns[column].1.clone();
        values
            .iter_mut()
            .step_by(every)
            .for_each(|cell| *cell = value.to_owned());
        values
    };
    let none: [String; 0] = [];
    // What says that there is no value is missing, however seldom.
    for (name, column, value) in [
        ("cognome", 0, "N.D."),
        ("cognome", 0, "SCONOSCIUTO"),
        ("nome", 1, "XXX"),
        ("data_nascita", 2, "1900-01-01"),
        ("data_nascita", 2, "01/01/0001"),
        ("cf", 4, "0000000"),
        ("cap", 6, "00000"),
        ("indirizzo", 7, "VIA NON NOTA"),
        ("civico", 8, "Non disponibile"),
    ] {
        let (missing, frequent) = placeholders(name, with(column, value, 400));
        assert_eq!(
            (missing, frequent.as_slice()),
            (vec![value.to_owned()], none.as_slice()),
            "{value}"
        );
    }
    // What is only too frequent is a value, and no key.
    for (name, column, value, every) in [
        ("cap", 6, "41100", 10),
        ("indirizzo", 7, "VIA CASA COMUNALE", 2),
        ("data_nascita", 2, "1980-01-01", 10),
        ("cf", 4, "1234567", 10),
    ] {
        let (missing, frequent) = placeholders(name, with(column, value, every));
        assert_eq!(
            (missing.as_slice(), frequent),
            (none.as_slice(), vec![value.to_owned()]),
            "{value}"
        );
    }
    // Common names, towns and streets are neither.
    for (name, column) in [
        ("cognome", 0),
        ("nome", 1),
        ("data_nascita", 2),
        ("comune", 5),
        ("cap", 6),
        ("indirizzo", 7),
        ("civico", 8),
    ] {
        assert_eq!(
            placeholders(name, columns[column].1.clone()),
            (Vec::new(), Vec::new()),
            "{name}"
        );
    }
}

#[test]
fn the_order_of_the_rows_is_no_matter() {
    let columns = people(500);
    let names: Vec<String> = columns.iter().map(|(name, _)| (*name).to_owned()).collect();
    let build = |order: &mut dyn Iterator<Item = usize>| {
        let mut builder = Builder::new(names.clone());
        builder.source("a");
        for row in order {
            let values = columns.iter().map(|(_, values)| values[row].as_str());
            builder.push(&format!("{row:06}"), values).unwrap();
        }
        builder.finish().unwrap()
    };
    let (one, other) = (build(&mut (0..500)), build(&mut (0..500).rev()));
    assert_eq!(recognise(&one, &[]), recognise(&other, &[]));
}

#[test]
fn a_code_that_a_household_shares_is_no_code_of_a_person() {
    let mut builder = Builder::new(["nome", "codice", "codice_famiglia"].map(str::to_owned));
    builder.source("one");
    let names = ["ANNA", "BRUNO", "CARLA", "DINO", "ELSA"];
    for nth in 0..200_usize {
        let (person, household) = (format!("P{nth:08}"), format!("H{:08}", nth / 3));
        let values = [names[nth % 5], &person, &household];
        builder.push(&nth.to_string(), values).unwrap();
    }
    let data = builder.finish().unwrap();
    let kinds: Vec<Option<Kind>> = recognise(&data, &[]).iter().map(|of| of.kind).collect();
    let expected = [Kind::GivenName, Kind::Code, Kind::Category];
    assert_eq!(kinds, expected.map(Some));
}

#[test]
fn of_more_columns_than_fit_those_that_tell_people_apart_stay() {
    let mut random = ChaCha8Rng::seed_from_u64(3);
    let rows = 600;
    let mut few: Vec<Vec<String>> = Vec::new();
    for nth in 0..14_u32 {
        let values = 2 + nth;
        few.push(
            (0..rows)
                .map(|_| format!("V{}", random.random_range(0..values)))
                .collect(),
        );
    }
    let names: Vec<String> = (0..14).map(|nth| format!("segno_{nth:02}")).collect();
    let mut columns: Vec<(&str, Vec<String>)> = names.iter().map(String::as_str).zip(few).collect();
    columns.push(("cognome", (0..rows).map(|_| word(&mut random, 3)).collect()));
    columns.push((
        "matricola",
        (0..rows).map(|row| format!("{:08}", 7919 * row)).collect(),
    ));
    let found = recognise(&data(&columns), &[]);
    let left_out: Vec<&str> = found
        .iter()
        .filter(|one| one.kind.is_none())
        .map(|one| one.column.as_str())
        .collect();
    assert_eq!(left_out, ["segno_00", "segno_01"], "two and three values");
    assert!(left_out.iter().all(|name| {
        let one = found.iter().find(|one| one.column == *name);
        one.is_some_and(|one| one.reason == Reason::NoRoom)
    }));
}
