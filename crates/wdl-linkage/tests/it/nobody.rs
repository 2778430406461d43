//! Files in which nobody, or hardly anybody, is met twice: family, house and a common telephone are no person.

use rand::{Rng as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;
use wdl_linkage::recognise::recognise;
use wdl_linkage::{Builder, Data, Linked, Model, Options, link};

use crate::people::{COLUMNS, Record, data, persons, record, two_files};

fn linked(data: &Data) -> Linked {
    let model = Model::proposed(&recognise(data, &[]));
    link(data, &model, &Options::default()).unwrap()
}

/// Who a record is of.
fn person(records: &[&[Record]], data: &Data, record: u32) -> usize {
    let id = data.ids.get(record);
    let mut all = records.iter().flat_map(|file| file.iter());
    all.find(|one| one.id == id).unwrap().person
}

#[test]
fn two_files_of_other_people_have_no_link() {
    for seed in 0..3 {
        let [first, last] = two_files(2_000, 0, seed);
        let linked = linked(&data(&[&first, &last]));
        assert!(linked.links.is_empty(), "seed {seed}");
        assert!(linked.estimated.matches < 1.0, "seed {seed}");
    }
}

#[test]
fn a_few_people_are_found_among_thousands() {
    let [first, last] = two_files(2_000, 20, 5);
    let data = data(&[&first, &last]);
    let linked = linked(&data);
    let of = |record: u32| person(&[&first, &last], &data, record);
    let right = linked
        .links
        .iter()
        .filter(|pair| of(pair.a) == of(pair.b))
        .count();
    let wrong = linked.links.len() - right;
    assert!(right >= 16 && wrong <= 2, "{right} right, {wrong} wrong");
}

/// Records of one file, some with the two names exchanged.
fn one_file(people: usize, twice: usize, seed: u64) -> Vec<Record> {
    let persons = persons(people, seed);
    let mut random = ChaCha8Rng::seed_from_u64(seed ^ 7);
    let mut file = Vec::new();
    for nth in 0..people + twice {
        let person = nth % people;
        let mut one = record(format!("r{nth:06}"), person, &persons[person], &mut random);
        if random.random_range(0..100) < 3 {
            one.values.swap(0, 1);
        }
        file.push(one);
    }
    file
}

#[test]
fn a_file_without_duplicates_has_none_though_names_are_exchanged() {
    for seed in 0..3 {
        let file = one_file(3_000, 0, seed);
        let linked = linked(&data(&[&file]));
        assert!(
            linked.links.len() <= 1,
            "seed {seed}: {}",
            linked.links.len()
        );
    }
}

/// The right and the wrong links of a file, with a telephone or without.
fn of_house(file: &[Record], people: &[[String; 7]], has_phone: bool) -> (usize, usize) {
    let names = COLUMNS.iter().map(|name| (*name).to_owned());
    let phone = has_phone.then(|| "phone".to_owned());
    let mut builder = Builder::new(names.chain(phone));
    builder.source("one");
    for one in file {
        let [_, _, _, _, street, number, post_code] = &people[one.person];
        // Every third person has a number of his own.
        let phone = match one.person % 3 {
            0 => format!("3{:09}", one.person * 7_919 % 999_999_937),
            _ => {
                let dwelling = format!("{street}{number}{post_code}");
                let sum = dwelling.bytes().fold(7_u64, |sum, byte| {
                    (sum * 131 + u64::from(byte)) % 999_999_937
                });
                format!("0{sum:09}")
            }
        };
        let phone = has_phone.then_some(phone.as_str());
        let values = one.values.iter().map(String::as_str).chain(phone);
        builder.push(&one.id, values).unwrap();
    }
    let data = builder.finish().unwrap();
    let of = |record: u32| person(&[file], &data, record);
    let links = linked(&data).links;
    let right = links.iter().filter(|pair| of(pair.a) == of(pair.b)).count();
    (right, links.len() - right)
}

#[test]
fn a_telephone_of_the_house_makes_no_duplicates() {
    let file = one_file(2_000, 1_000, 11);
    let people = persons(2_000, 11);
    let (right, wrong) = of_house(&file, &people, true);
    let (_, without) = of_house(&file, &people, false);
    assert!(right >= 970, "{right} right");
    assert!(wrong <= without + 10, "{wrong} wrong, {without} without");
}
