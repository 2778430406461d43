//! The stage of encodings against the truth of a city in which nobody has a code: what it links is right, and where it cannot know that it asks.
//!
//! In the lab the stage sees a handful of people; here it sees a whole city, so that its precision can be counted.

use std::collections::BTreeMap;
use std::path::Path;

use jiff::civil::date;
use rayon::prelude::*;
use wdl_encoding::{BirthDate, Cache, Encoder, EncodingKey, Person, Probe, Recipe, Role, Values};
use wdl_linkage::staged::{self, Encoding, Facts, Input, Judgement, Rows, Stage, State};
use wdl_vocab::Digest;

use crate::slow;
use crate::stage::{run, well};

const QUARTERS: [&str; 4] = ["2025-Q4", "2026-Q1", "2026-Q2", "2026-Q3"];

/// A dataset with names: where it is, its columns, and where the truth says whose a row is.
struct Named {
    body: &'static str,
    dataset: &'static str,
    key: &'static str,
    from: &'static str,
    until: &'static str,
    truth: (&'static str, &'static str),
}

const REGISTRY: Named = Named {
    body: "comune",
    dataset: "residenti",
    key: "ID_POSIZIONE",
    from: "DATA_INIZIO",
    until: "DATA_FINE",
    truth: ("spells", "record"),
};

const JOBS: Named = Named {
    body: "agenzia_lavoro",
    dataset: "rapporti_lavoro",
    key: "ID_RAPPORTO",
    from: "DATA_INIZIO",
    until: "DATA_CESSAZIONE",
    truth: ("jobs", "contract"),
};

fn number(domain: &str, value: &[u8]) -> i64 {
    let digest = Digest::of_parts([domain.as_bytes(), value]);
    i64::from_be_bytes(*digest.0.first_chunk().unwrap()) & i64::MAX
}

fn day(text: &str) -> Option<(i16, i8, i8)> {
    let mut parts = text.split('/');
    let mut next = || parts.next();
    let (day, month, year) = (next()?, next()?, next()?);
    Some((year.parse().ok()?, month.parse().ok()?, day.parse().ok()?))
}

fn days(text: &str) -> Option<i32> {
    let (year, month, day) = day(text)?;
    let since = date(year, month, day).duration_since(date(1970, 1, 1));
    Some((since.as_hours() / 24) as i32)
}

fn person(row: &slow::Row) -> Person {
    let birth_date = day(row.text("DATA_NASCITA"));
    Person::normal(&Values {
        surname: Some(row.text("COGNOME")),
        given_name: Some(row.text("NOME")),
        birth_date: birth_date
            .and_then(|(year, month, day)| BirthDate::new(year as u16, month as u8, day as u8)),
        sex: Some(row.text("SESSO")),
        birth_place: Some(row.text("COMUNE_NASCITA")),
    })
}

/// The rows of a dataset as the last delivery of each says them, without a code.
fn rows(city: &Path, of: &Named, recipe: &Recipe, encoder: &Encoder) -> Rows {
    let mut now: BTreeMap<i64, (slow::Row, u32)> = BTreeMap::new();
    for (delivery, quarter) in (0..).zip(QUARTERS) {
        let file = city.join(format!("exports/{}/{quarter}/{}.csv", of.body, of.dataset));
        for row in slow::read_export(&file).rows {
            now.insert(
                number(of.dataset, row.text(of.key).as_bytes()),
                (row, delivery),
            );
        }
    }
    let people: Vec<Person> = now.values().map(|(row, _)| person(row)).collect();
    let tokens = recipe.combinations.iter().flat_map(Probe::of);
    let tokens = tokens.map(|probe| {
        let value = |one: &Person| Some(number(&probe.combination.id, &probe.canonical(one)?));
        people.iter().map(value).collect()
    });
    let encodings: Vec<_> = people
        .par_iter()
        .map_init(Cache::default, |cache, one| encoder.clk(cache, one))
        .collect();
    let encodings = (0..).zip(encodings);
    Rows {
        dataset: format!("{}_{}", of.body, of.dataset),
        is_reference: recipe.reference.as_ref() == Some(&format!("{}_{}", of.body, of.dataset)),
        records: now.keys().copied().collect(),
        persons: vec![None; now.len()],
        deliveries: now.values().map(|(_, delivery)| *delivery).collect(),
        facts: now
            .values()
            .map(|(row, _)| Facts {
                from: days(row.text(of.from)),
                until: days(row.text(of.until)),
                ..Facts::default()
            })
            .collect(),
        tokens: tokens.collect(),
        encodings: encodings
            .filter_map(|(row, one)| Some((row, Encoding::from_bytes(&one?))))
            .collect(),
        superseded: Vec::new(),
    }
}

fn input(city: &Path, [registry, jobs]: [&Named; 2]) -> Input {
    let lab = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../labs/modena"));
    let recipes = Recipe::read_all(lab).unwrap();
    let recipe = recipes.get("person").unwrap();
    let rule = recipe.clk.as_ref().unwrap();
    let encoder = Encoder::new(rule, &EncodingKey::from_bytes(&[7; 32]));
    let probes = recipe
        .combinations
        .iter()
        .zip(0..)
        .flat_map(|(one, place)| {
            Probe::of(one).map(move |probe| staged::Probe {
                name: probe.column(),
                combination: place,
                is_plain: probe.role == Role::Plain,
            })
        });
    Input {
        probes: probes.collect(),
        sources: vec![
            rows(city, jobs, recipe, &encoder),
            rows(city, registry, recipe, &encoder),
        ],
        decisions: Vec::new(),
    }
}

/// Whose each row is.
fn truth(city: &Path) -> BTreeMap<(String, i64), String> {
    let mut truth = BTreeMap::new();
    for of in [REGISTRY, JOBS] {
        let (table, key) = of.truth;
        for row in slow::read_with(&city.join(format!("truth/{table}.csv")), b';').rows {
            let record = number(of.dataset, row.text(key).as_bytes());
            let dataset = format!("{}_{}", of.body, of.dataset);
            truth.insert((dataset, record), row.text("person").to_owned());
        }
    }
    truth
}

/// Groups of rows that encodings joined: how many there are, and how many hold one person alone.
fn judged(state: &State, truth: &BTreeMap<(String, i64), String>) -> (usize, usize) {
    let mut groups: BTreeMap<i64, Vec<&staged::Link>> = BTreeMap::new();
    for link in &state.links {
        groups.entry(link.person).or_default().push(link);
    }
    groups.retain(|_, links| links.iter().any(|link| link.stage == Stage::Encoding));
    let of = |link: &staged::Link| &truth[&(link.dataset.clone(), link.record)];
    let right = groups
        .values()
        .filter(|links| links.iter().all(|link| of(link) == of(links[0])));
    (groups.len(), right.count())
}

fn city(residents: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().to_str().unwrap();
    let arguments = ["--residents", residents, "--seed", "11", "--out", out];
    well(run("wdl-synthetic", &arguments));
    folder
}

#[test]
fn a_city_without_codes_is_linked_or_asked_about() {
    let folder = city("20000");
    let truth = truth(folder.path());
    let input = input(folder.path(), [&REGISTRY, &JOBS]);
    let (state, _) = staged::link(&input);
    let (linked, right) = judged(&state, &truth);
    let asked: Vec<_> = state
        .doubts
        .iter()
        .filter(|doubt| doubt.cause == staged::Cause::Alike)
        .collect();
    let of = |row: &(String, i64)| &truth[row];
    let same = asked.iter().filter(|doubt| {
        let mut people = doubt.about.records().map(of);
        let first = people.next().unwrap();
        people.all(|one| one == first)
    });
    let (asked, same) = (asked.len(), same.count());
    let told = format!(
        "{:?}: {right} of {linked} right; asked {asked}, of which one person {same}",
        state.residue
    );
    println!("{told}");
    // What is linked is right; where the stage cannot claim it, it links nothing.
    assert!(right * 100 >= linked * 99, "{told}");
    assert!(
        linked == 0 || state.residue.judgement == Judgement::Sound,
        "{told}"
    );
    // Where it links nothing, what is asked is worth asking.
    let is_worth_asking = asked >= 100 && same * 10 >= asked * 9;
    assert!(linked >= 100 || is_worth_asking, "{told}");
}
