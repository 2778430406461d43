//! The proposed schema under attack: people with addresses and households, several keys, every attack of the suite.

#[path = "../../../wdl-encoding/tests/it/attacks/attacker/mod.rs"]
#[expect(
    dead_code,
    reason = "attacks on tokens and on weak encodings are shown elsewhere"
)]
mod attacker;

use wdl_encoding::Schema;
use wdl_linkage::encoded::{proposed_schema, terms_wanted};
use wdl_linkage::{Builder, Data, Field, Kind};

use attacker::cases::Attack;
use attacker::encode::Way;
use attacker::people::{Known, Who, encoded, population};

/// No attack may name more.
const BEARABLE: f64 = 0.01;
/// Few, so that the tests stay short; the example `attack_proposed` runs with more, more cities and more keys.
const PEOPLE: usize = 1_000;

/// What a register holds; the last is a column of codes of places, coarse or as fine as a street.
fn columns(code: &'static str) -> [(&'static str, Kind); 8] {
    [
        ("surname", Kind::Surname),
        ("given_name", Kind::GivenName),
        ("birth_date", Kind::BirthDate),
        ("sex", Kind::Sex),
        ("birth_place", Kind::Place),
        ("street", Kind::Street),
        ("house_number", Kind::HouseNumber),
        (code, Kind::PostCode),
    ]
}

fn everybody(seed: u64) -> Vec<Known> {
    encoded(population(PEOPLE, seed), Who::Everybody, seed)
}

/// Three in a hundred of a city, those without a code.
fn without_code(seed: u64) -> Vec<Known> {
    encoded(
        population(PEOPLE * 100 / 3, seed),
        Who::WithoutCode(3),
        seed,
    )
}

fn data(people: &[Known], columns: &[(&str, Kind)]) -> Data {
    let mut builder = Builder::new(columns.iter().map(|(name, _)| (*name).to_owned()));
    builder.source("people");
    for (nth, person) in people.iter().enumerate() {
        let values: Vec<String> = columns.iter().map(|(name, _)| person.value(name)).collect();
        let values = values.iter().map(String::as_str);
        builder.push(&nth.to_string(), values).unwrap();
    }
    builder.finish().unwrap()
}

fn proposed(people: &[Known], columns: &[(&str, Kind)]) -> Schema {
    let data = data(people, columns);
    let fields: Vec<Field> = columns
        .iter()
        .map(|(name, kind)| Field {
            column: (*name).to_owned(),
            kind: *kind,
        })
        .collect();
    let schema = proposed_schema(&data, &fields, true).unwrap();
    assert_eq!(terms_wanted(&data, &schema), None, "{:?}", schema.salts());
    schema
}

#[track_caller]
fn bears(attacks: &[Attack], people: &[Known], columns: &[(&str, Kind)], keys: &[u64]) {
    let way = Way::of_file(proposed(people, columns));
    for key in keys {
        for attack in attacks {
            let outcome = attack.run(&way, people, *key);
            println!(
                "{}, {:?}, key {key}: {:.2} %",
                attack.word(),
                way.schema.salts(),
                outcome.share() * 100.0
            );
            assert!(
                outcome.share() <= BEARABLE,
                "{} {key}: {outcome:?}",
                attack.word()
            );
        }
    }
}

#[test]
fn closest_pairs_bear_on_what_is_proposed() {
    let pairs = [Attack::Pairs];
    let all = columns("post_code");
    bears(&pairs, &everybody(1), &all, &[7, 8]);
    bears(&pairs, &without_code(2), &all, &[7]);
    bears(&pairs, &everybody(3), &columns("street_code"), &[7]);
    // Without an address.
    bears(&pairs, &without_code(2), &all[..5], &[7]);
}

/// What one file hides must not be seen in how it is like the other.
#[test]
fn closest_pairs_across_two_files_bear_on_what_is_proposed() {
    let all = columns("post_code");
    bears(&[Attack::PairsAcross], &everybody(1), &all, &[7]);
}

#[test]
fn who_knows_a_tenth_learns_little_of_what_is_proposed() {
    let graph = [Attack::GraphWithTenth];
    bears(&graph, &everybody(1), &columns("post_code"), &[7]);
    // The same people where likeness is not taken away: the attack works.
    let people = everybody(1);
    let way = Way::of(proposed(&people, &columns("post_code")));
    let outcome = Attack::TogetherWithTenth.run(&way, &people, 7);
    assert!(outcome.share() > 0.1, "{outcome:?}");
}

#[test]
fn graphs_bear_on_what_is_proposed() {
    let graphs = [Attack::Graph, Attack::Together];
    bears(&graphs, &everybody(1), &columns("post_code"), &[7]);
    bears(&graphs, &without_code(2), &columns("post_code"), &[7]);
    bears(&graphs, &everybody(3), &columns("street_code"), &[7]);
    bears(&graphs, &without_code(2), &columns("post_code")[..5], &[7]);
}

#[test]
fn patterns_and_frequencies_bear_on_what_is_proposed() {
    let classic = [Attack::Patterns, Attack::Frequency];
    bears(&classic, &without_code(2), &columns("post_code"), &[7]);
}

#[test]
fn a_salt_that_many_share_wants_more_terms() {
    let people = everybody(1);
    let columns = columns("post_code");
    let data = data(&people, &columns);
    let mut schema = proposed(&people, &columns);
    let code = schema.filters[2].salt.len() - 1;
    assert!(code > 0, "{:?}", schema.salts());
    schema.filters[2].salt.truncate(1);
    assert_eq!(terms_wanted(&data, &schema), Some(3));
    schema.diffusion = 3;
    assert_eq!(terms_wanted(&data, &schema), None);
    for filter in &mut schema.filters {
        filter.salt.clear();
    }
    schema.diffusion = 0;
    assert_eq!(terms_wanted(&data, &schema), None, "nothing is hidden");
}
