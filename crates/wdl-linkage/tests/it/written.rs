//! Files that write the same thing differently, few matches, columns that say the same: the links hold, and so does what is believed of them.

use std::collections::BTreeMap;

use rand::{Rng as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;
use wdl_linkage::recognise::recognise;
use wdl_linkage::{Builder, Cardinality, Data, Level, Linked, Model, Options, link};

use crate::people::{Record, data, two_files};

fn linked(data: &Data, cardinality: Cardinality) -> Linked {
    let model = Model {
        cardinality,
        ..Model::proposed(&recognise(data, &[]))
    };
    link(data, &model, &Options { seed: 7 }).unwrap()
}

/// Right links and all links.
fn right(linked: &Linked, data: &Data, files: &[&[Record]]) -> (usize, usize) {
    let of = files.iter().flat_map(|file| file.iter());
    let person: BTreeMap<&str, usize> = of
        .map(|record| (record.id.as_str(), record.person))
        .collect();
    let of = |record: u32| person[data.ids.get(record)];
    let right = linked.links.iter().filter(|pair| of(pair.a) == of(pair.b));
    (right.count(), linked.links.len())
}

/// Right links and all links of two files whose last was rewritten.
fn rewritten(rewrite: impl Fn(&mut [String; 7])) -> (usize, usize, Linked) {
    let [a, mut b] = two_files(2_000, 1_000, 21);
    for record in &mut b {
        rewrite(&mut record.values);
    }
    let data = data(&[&a, &b]);
    let linked = linked(&data, Cardinality::Automatic);
    let (right, all) = right(&linked, &data, &[&a, &b]);
    println!("{right} right of {all}, {:?}", linked.model.cardinality);
    (right, all, linked)
}

#[test]
fn a_file_that_leaves_out_the_century_links_like_one_that_writes_it() {
    let (right, all, linked) = rewritten(|values| {
        if let [year, month, day] = *values[2].split('-').collect::<Vec<_>>() {
            values[2] = format!("{day}/{month}/{}", &year[2..]);
        }
    });
    assert_eq!(linked.model.cardinality, Cardinality::OneToOne);
    assert!(right >= 950, "{right} of 1,000");
    assert!(all - right <= 20, "{} wrong", all - right);
}

#[test]
fn names_and_surnames_exchanged_throughout_a_file_are_put_back() {
    let (straight, ..) = rewritten(|_| {});
    let (right, all, linked) = rewritten(|values| values.swap(0, 1));
    assert_eq!(linked.model.cardinality, Cardinality::OneToOne);
    assert!(
        right + 10 >= straight,
        "{right}, with right headers {straight}"
    );
    assert!(all - right <= 20, "{} wrong", all - right);
    let pair = linked.links[0];
    let explained = linked.engine.explain(pair.a, pair.b);
    let order = explained.steps.last().unwrap();
    assert_eq!(order.level, Some(Level::Crossed));
}

#[test]
fn who_moved_is_found_where_there_are_few_matches() {
    let (mut found, mut wrong) = (0, 0);
    for seed in 30..36 {
        let [a, b] = two_files(3_000, 60, seed);
        let data = data(&[&a, &b]);
        let linked = linked(&data, Cardinality::Automatic);
        let (right, all) = right(&linked, &data, &[&a, &b]);
        println!("{right} right of {all}");
        found += right;
        wrong += all - right;
    }
    let f1 = 2.0 * found as f64 / (found + wrong + 360) as f64;
    assert!(f1 >= 0.96, "{found} of 360, {wrong} wrong");
    assert!(wrong <= 12, "{wrong} wrong");
}

/// Companies whose site is named after them, in two files; companies that begin alike have one site and little else in common.
fn companies(seed: u64) -> Data {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let words: Vec<String> = (0..400)
        .map(|_| {
            let length = random.random_range(2..4);
            (0..length)
                .map(|_| {
                    let letter = |of: &[u8], random: &mut ChaCha8Rng| {
                        char::from(of[random.random_range(0..of.len())])
                    };
                    let (one, other) = (
                        letter(b"BCDFGMNPRST", &mut random),
                        letter(b"AEIOU", &mut random),
                    );
                    format!("{one}{other}")
                })
                .collect()
        })
        .collect();
    let trades = ["FOODS", "ENERGY", "TRADING", "SERVICES", "HOLDING"];
    let word = |random: &mut ChaCha8Rng| words[random.random_range(0..words.len())].clone();
    let mut person = |_| {
        let first = word(&mut random);
        let second = match random.random_range(0..2) {
            0 => format!(" {}", word(&mut random)),
            _ => String::new(),
        };
        let trade = trades[random.random_range(0..trades.len())];
        let phone = random.random_range(1_000_000..9_999_999);
        [
            format!("{first}{second} {trade}"),
            format!(
                "{} {} STREET",
                random.random_range(1..300),
                word(&mut random)
            ),
            format!("{}TON", word(&mut random)),
            format!("059 {phone}"),
            format!("www.{}.com", first.to_lowercase()),
        ]
    };
    let persons: Vec<[String; 5]> = (0..2_300).map(&mut person).collect();
    let mut builder =
        Builder::new(["company", "address", "city", "phone", "website"].map(str::to_owned));
    for (name, from) in [("a", 0), ("b", 800)] {
        builder.source(name);
        for (nth, company) in persons.iter().enumerate().skip(from).take(1_500) {
            let mut values = company.clone();
            let forms = ["LTD", "SPA", "GMBH", "INC"];
            values[0] = format!(
                "{} {}",
                values[0],
                forms[random.random_range(0..forms.len())]
            );
            for (place, share) in [(3, 30), (4, 40)] {
                if random.random_range(0..100) < share {
                    values[place].clear();
                }
            }
            for place in [0, 1] {
                if random.random_range(0..100) < 10 {
                    values[place].remove(2);
                }
            }
            let values = values.iter().map(String::as_str);
            builder.push(&format!("{nth:05}"), values).unwrap();
        }
    }
    builder.finish().unwrap()
}

/// Right links and all links of companies: those of one have one id.
fn of_companies(cardinality: Cardinality) -> (usize, Linked) {
    let data = companies(41);
    let linked = linked(&data, cardinality);
    let is_right = |a: u32, b: u32| data.ids.get(a) == data.ids.get(b);
    let right = linked.links.iter().filter(|pair| is_right(pair.a, pair.b));
    let right = right.count();
    println!(
        "{right} right of {}, {:?}",
        linked.links.len(),
        linked.duplicates
    );
    (right, linked)
}

#[test]
fn columns_that_say_the_same_do_not_make_duplicates() {
    let (right, linked) = of_companies(Cardinality::Automatic);
    assert_eq!(linked.model.cardinality, Cardinality::OneToOne);
    let wrong = linked.links.len() - right;
    assert!(right >= 665 && wrong <= 20, "{right} of 700, {wrong} wrong");
}

#[test]
fn a_cardinality_that_is_stated_reaches_the_estimation() {
    let (right, linked) = of_companies(Cardinality::OneToOne);
    let wrong = linked.links.len() - right;
    assert!(right >= 665 && wrong <= 20, "{right} of 700, {wrong} wrong");
}
