//! What is promised of wrong links holds: people of one house and one name, and households that are in a file whole or not at all.

use rand::{Rng as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;
use wdl_linkage::recognise::recognise;
use wdl_linkage::{Data, Linked, Model, Options, link};

use crate::people::{Record, data, persons, record};

/// Cuts of the probability.
const CUTS: [f64; 3] = [0.5, 0.7, 0.9];

fn linked(data: &Data) -> Linked {
    let model = Model::proposed(&recognise(data, &[]));
    link(data, &model, &Options::default()).unwrap()
}

/// At each cut how many wrong pairs are promised and how many there are.
fn wrong(linked: &Linked, data: &Data, files: &[&[Record]]) -> [(f64, f64); 3] {
    let person = |record: u32| {
        let source = data.source_of(record);
        let id = data.ids.get(record);
        let place = files[source].binary_search_by(|one| one.id.as_str().cmp(id));
        files[source][place.unwrap()].person
    };
    CUTS.map(|cut| {
        let above = linked.near.iter().filter(|pair| pair.probability >= cut);
        above.fold((0.0, 0.0), |(promised, wrong), pair| {
            let is_wrong = person(pair.a) != person(pair.b);
            (
                promised + 1.0 - pair.probability,
                wrong + f64::from(u8::from(is_wrong)),
            )
        })
    })
}

/// Within 30 %, and what chance adds to a count of rare events; two records of each of two people give up to four pairs, so that the deviation is twice that of single events.
fn holds(sums: [(f64, f64); 3]) {
    for ((promised, wrong), cut) in sums.into_iter().zip(CUTS) {
        let slack = 0.3 * wrong.max(promised) + 4.0 * (wrong + 1.0).sqrt();
        assert!(
            (promised - wrong).abs() <= slack,
            "at {cut}: {promised:.1} promised, {wrong} wrong"
        );
        println!("at {cut}: {promised:.1} promised, {wrong} wrong");
    }
}

fn add(sums: &mut [(f64, f64); 3], more: [(f64, f64); 3]) {
    for (sum, more) in sums.iter_mut().zip(more) {
        sum.0 += more.0;
        sum.1 += more.1;
    }
}

#[test]
fn one_file_without_codes_promises_what_is_true() {
    let mut sums = [(0.0, 0.0); 3];
    for seed in 0..3 {
        let people = persons(10_000, 40 + seed);
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        let of = |nth: usize| nth % people.len();
        let file: Vec<Record> = (0..15_000)
            .map(|nth| record(format!("r{nth:06}"), of(nth), &people[of(nth)], &mut random))
            .collect();
        let data = data(&[&file]);
        add(&mut sums, wrong(&linked(&data), &data, &[&file]));
    }
    holds(sums);
}

#[test]
fn households_that_are_in_a_file_whole_promise_no_fewer_than_are_wrong() {
    let mut sums = [(0.0, 0.0); 3];
    for seed in 0..3 {
        let people = persons(20_000, 80 + seed);
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        let mut files: [Vec<Record>; 2] = [Vec::new(), Vec::new()];
        let mut is_in = [true, true];
        for (nth, one) in people.iter().enumerate() {
            // The house changes where the address does.
            if nth == 0 || one[4..] != people[nth - 1][4..] {
                is_in = match random.random_range(0..3) {
                    0 => [true, false],
                    1 => [false, true],
                    _ => [true, true],
                };
            }
            for (name, (file, is_in)) in ["a", "b"].iter().zip(files.iter_mut().zip(is_in)) {
                if is_in {
                    file.push(record(format!("{name}{nth:06}"), nth, one, &mut random));
                }
            }
        }
        let [a, b] = files;
        let data = data(&[&a, &b]);
        add(&mut sums, wrong(&linked(&data), &data, &[&a, &b]));
    }
    // Too many are promised here, up to two and a half times as many as there are from 0.9 on: never too few.
    for ((promised, wrong), cut) in sums.into_iter().zip(CUTS) {
        let least = 0.7 * wrong - 2.0 * (wrong + 1.0).sqrt();
        assert!(
            promised >= least,
            "at {cut}: {promised:.1} promised, {wrong} wrong"
        );
    }
}
