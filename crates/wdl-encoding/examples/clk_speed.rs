//! Encodings a second on one core, with a cache as a file of people fills it.

use std::hint::black_box;
use std::path::Path;
use std::time::Instant;

use wdl_encoding::{BirthDate, Cache, Encoder, EncodingKey, Person, Probe, Recipe, Values};

const COUNT: usize = 100_000;

fn main() {
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../labs/modena/linkage/person.yaml"
    );
    let recipe = Recipe::read(Path::new(path)).expect("the shipped recipe is right");
    let rule = recipe
        .clk
        .as_ref()
        .expect("the shipped recipe has an encoding");
    // Names of four to ten letters, drawn by a fixed rule.
    let name = |nth: usize| -> String {
        (0..4 + nth % 7)
            .map(|place| char::from(b'A' + ((nth * 31 + place * place * 17 + nth / 26) % 26) as u8))
            .collect()
    };
    let names: Vec<(String, String)> = (0..COUNT)
        .map(|nth| (name(nth), name(nth * 7 + 3)))
        .collect();
    let values = |nth: usize| Values {
        surname: Some(names[nth].0.as_str()),
        given_name: Some(names[nth].1.as_str()),
        birth_date: BirthDate::new(
            1930 + (nth % 90) as u16,
            1 + (nth % 12) as u8,
            1 + (nth % 28) as u8,
        ),
        sex: Some(if nth.is_multiple_of(2) { "F" } else { "M" }),
        birth_place: Some("MODENA"),
    };
    let start = Instant::now();
    let people: Vec<Person> = (0..COUNT).map(|nth| Person::normal(&values(nth))).collect();
    report("normal form", start);
    let start = Instant::now();
    for probe in recipe.combinations.iter().flat_map(Probe::of) {
        people.iter().for_each(|person| {
            black_box(probe.canonical(person));
        });
    }
    report("canonical bytes, all columns", start);
    let encoder = Encoder::new(rule, &EncodingKey::from_bytes(&[7; 32]));
    let mut cache = Cache::default();
    let start = Instant::now();
    people.iter().for_each(|person| {
        black_box(encoder.clk(&mut cache, person));
    });
    report("encoding", start);
}

fn report(what: &str, start: Instant) {
    let seconds = start.elapsed().as_secs_f64();
    println!("{what:32} {:8.0} records/s", COUNT as f64 / seconds);
}
