//! Bad values: what stands for no value is set aside and told without showing anybody's; what is only usual stays.

use std::collections::BTreeMap;

use wdl_linkage::recognise::recognise;
use wdl_linkage::{Data, Field, Kind, LEVEL_MISSING, Linked, Model, Options, SetAside, link};

use crate::people::{COLUMNS, Record, data, two_files};

/// Given name, surname, birth date, street and post code by their place.
const GIVEN_NAME: usize = 0;
const SURNAME: usize = 1;
const BIRTH_DATE: usize = 2;
const STREET: usize = 4;
const POST_CODE: usize = 6;

/// The records with a value of a column replaced in every so many of them.
fn spoilt(file: &[Record], column: usize, value: &str, every: usize) -> Vec<Record> {
    let mut file = file.to_vec();
    for record in file.iter_mut().step_by(every) {
        record.values[column] = value.to_owned();
    }
    file
}

/// A model in which the column is of a kind.
fn model(data: &Data, column: usize, kind: Kind) -> Model {
    let mut model = Model::proposed(&recognise(data, &[]));
    let name = COLUMNS[column];
    match model.fields.iter_mut().find(|field| field.column == name) {
        Some(field) => field.kind = kind,
        None => model.fields.push(Field {
            column: name.to_owned(),
            kind,
        }),
    }
    model.crossed.clear();
    model
}

fn linked(files: &[&[Record]], column: usize, kind: Kind) -> (Data, Linked) {
    let data = data(files);
    let model = model(&data, column, kind);
    let linked = link(&data, &model, &Options { seed: 3 }).unwrap();
    (data, linked)
}

fn aside(linked: &Linked, column: usize) -> Option<&SetAside> {
    let name = COLUMNS[column];
    linked.set_aside.iter().find(|aside| aside.column == name)
}

/// The level of a column for two records that both have a value.
fn level(data: &Data, linked: &Linked, column: usize, value: &str) -> u8 {
    let cells = data.column(COLUMNS[column]).unwrap();
    let has = |record: &usize| cells.values.get(cells.cells[*record]) == value;
    let mut holders = (0..data.len()).filter(has);
    let (one, other) = (holders.next().unwrap(), holders.next().unwrap());
    let fields = &linked.model.fields;
    let place = fields
        .iter()
        .position(|field| field.column == COLUMNS[column]);
    let pattern = linked.engine.pattern(one as u32, other as u32);
    pattern.level(place.unwrap())
}

/// Right and wrong links.
fn judged(data: &Data, linked: &Linked, files: &[&[Record]]) -> (usize, usize) {
    let records = files.iter().flat_map(|file| file.iter());
    let person: BTreeMap<&str, usize> = records
        .map(|record| (record.id.as_str(), record.person))
        .collect();
    let of = |record: u32| person[data.ids.get(record)];
    let right = linked.links.iter().filter(|pair| of(pair.a) == of(pair.b));
    let right = right.count();
    (right, linked.links.len() - right)
}

#[test]
fn values_of_the_public_lists_are_missing_and_named() {
    let [a, b] = two_files(3_000, 1_500, 21);
    for (column, kind, value, told) in [
        (SURNAME, Kind::Surname, "N.D.", "N.D."),
        (SURNAME, Kind::Surname, "sconosciuto", "SCONOSCIUTO"),
        (GIVEN_NAME, Kind::GivenName, "XXX", "XXX"),
        (BIRTH_DATE, Kind::BirthDate, "01/01/1900", "1900-01-01"),
        (STREET, Kind::Street, "Via non nota", "VIA NON NOTA"),
        (POST_CODE, Kind::PostCode, "99999", "99999"),
        (POST_CODE, Kind::Code, "0000000", "0000000"),
    ] {
        let (a, b) = (spoilt(&a, column, value, 10), spoilt(&b, column, value, 10));
        let (data, linked) = linked(&[&a, &b], column, kind);
        let aside = aside(&linked, column).unwrap();
        assert_eq!((aside.values, aside.records), (1, 600), "{value}");
        assert_eq!(aside.known, [told], "{value}");
        let level = level(&data, &linked, column, value);
        assert_eq!(level, LEVEL_MISSING, "{value}");
    }
}

#[test]
fn a_value_that_nature_does_not_make_so_frequent_is_missing_and_not_named() {
    let [a, b] = two_files(6_000, 3_000, 22);
    for (column, kind, value) in [
        (BIRTH_DATE, Kind::BirthDate, "1970-01-01"),
        (BIRTH_DATE, Kind::BirthDate, "1950-06-15"),
        (POST_CODE, Kind::Code, "123-4567"),
    ] {
        let spoilt = |file: &[Record]| {
            let mut file = spoilt(file, column, value, 10);
            // A personal number: nearly everybody's own.
            if kind == Kind::Code {
                for (nth, record) in file.iter_mut().enumerate().filter(|(nth, _)| nth % 10 > 0) {
                    record.values[column] = format!("{:07}", record.person * 37 + nth % 2);
                }
            }
            file
        };
        let (a, b) = (spoilt(&a), spoilt(&b));
        let (data, linked) = linked(&[&a, &b], column, kind);
        let aside = aside(&linked, column).unwrap();
        assert_eq!((aside.values, aside.records), (1, 1_200), "{value}");
        assert!(aside.known.is_empty(), "no value of a person is told");
        assert_eq!(level(&data, &linked, column, value), LEVEL_MISSING);
        let (right, wrong) = judged(&data, &linked, &[&a, &b]);
        assert!(
            right > 2_800 && wrong < 60,
            "{value}: {right} right, {wrong} wrong"
        );
        let placeholder = linked.blocking.iter().map(|rule| rule.values_left_out);
        assert_eq!(placeholder.max(), Some(0), "it makes no block");
    }
}

#[test]
fn what_is_only_usual_stays_a_value() {
    let [a, b] = two_files(4_000, 2_000, 23);
    for (column, kind, value, every) in [
        // One surname in ten, and the post code of a town that has one.
        (SURNAME, Kind::Surname, "ROSSI", 10),
        (POST_CODE, Kind::PostCode, "41037", 1),
        (POST_CODE, Kind::PostCode, "2222", 8),
        (GIVEN_NAME, Kind::GivenName, "MARIA", 4),
        (STREET, Kind::Street, "VIA EMILIA", 4),
    ] {
        let (a, b) = (
            spoilt(&a, column, value, every),
            spoilt(&b, column, value, every),
        );
        let (data, linked) = linked(&[&a, &b], column, kind);
        assert_eq!(aside(&linked, column), None, "{value}");
        assert_eq!(level(&data, &linked, column, value), 0, "{value}");
    }
}

#[test]
fn a_placeholder_makes_no_chain() {
    let [a, _] = two_files(3_000, 0, 24);
    let a = spoilt(&a, SURNAME, "SCONOSCIUTO", 3);
    let a = spoilt(&a, BIRTH_DATE, "1970-01-01", 7);
    let (_, linked) = linked(&[&a], SURNAME, Kind::Surname);
    let mut sizes = vec![0; linked.clusters.len()];
    for cluster in &linked.clusters {
        sizes[*cluster as usize] += 1;
    }
    assert!(sizes.iter().all(|size| *size <= 4), "no more than a house");
    assert!(linked.links.len() <= 60, "{} links", linked.links.len());
}

#[test]
fn a_level_that_no_pair_shows_has_a_finite_weight() {
    // The same file on both sides: matches agree on all they have, and no other level is ever seen among them.
    let [a, _] = two_files(2_000, 0, 25);
    let (data, linked) = linked(&[&a, &a], SURNAME, Kind::Surname);
    let weights = linked.near.iter().map(|pair| pair.weight);
    assert!(weights.clone().count() >= 1_990);
    assert!(weights.clone().all(f64::is_finite));
    let fields = &linked.parameters.fields;
    let levels = fields.iter().flat_map(|field| &field.levels);
    assert!(levels.clone().all(|level| level.m > 0.0 && level.u > 0.0));
    let same = |pair: &wdl_linkage::Scored| data.ids.get(pair.a) == data.ids.get(pair.b);
    assert!(linked.links.iter().filter(|pair| same(pair)).count() >= 1_990);
}

#[test]
fn values_of_any_length_and_letters_are_linked() {
    let [a, b] = two_files(400, 200, 26);
    let long = "ROSSI ".repeat(1_700);
    for value in [
        long.as_str(),
        "\u{202e}ISSOR",
        "A\0B",
        "\u{1}",
        "Ǆ",
        "李",
        "O",
        "''''",
        "e\u{301}",
    ] {
        for column in 0..COLUMNS.len() {
            let (a, b) = (spoilt(&a, column, value, 5), spoilt(&b, column, value, 5));
            let data = data(&[&a, &b]);
            let model = Model::proposed(&recognise(&data, &[]));
            let linked = link(&data, &model, &Options::default()).unwrap();
            let (_, wrong) = judged(&data, &linked, &[&a, &b]);
            assert!(wrong <= 8, "{wrong} wrong");
        }
    }
}
