//! Whole runs: right, calibrated, the same for any order and number of threads, and sober where there is nothing to find.

use std::collections::BTreeMap;

use rand::SeedableRng as _;
use rand::seq::SliceRandom as _;
use rand_chacha::ChaCha8Rng;
use wdl_linkage::recognise::recognise;
use wdl_linkage::{
    Builder, Cardinality, Data, Kind, LinkError, Linked, Model, Options, count_pairs, link,
};

use crate::people::{COLUMNS, Record, data, persons, record, two_files};

fn model(data: &Data) -> Model {
    Model::proposed(&recognise(data, &[]))
}

fn linked(data: &Data) -> Linked {
    link(data, &model(data), &Options { seed: 7 }).unwrap()
}

/// Right links, wrong links, and how many wrong ones are expected.
fn judged(linked: &Linked, data: &Data, files: &[&[Record]]) -> (usize, usize, f64) {
    let person: BTreeMap<&str, usize> = files
        .iter()
        .flat_map(|file| {
            file.iter()
                .map(|record| (record.id.as_str(), record.person))
        })
        .collect();
    let of = |record: u32| person[data.ids.get(record)];
    let right = linked.links.iter().filter(|pair| of(pair.a) == of(pair.b));
    let right = right.count();
    let expected = linked.links.iter().map(|pair| 1.0 - pair.probability);
    (right, linked.links.len() - right, expected.sum())
}

#[test]
fn two_files_are_linked_and_the_probabilities_hold() {
    let [a, b] = two_files(20_000, 10_000, 1);
    let data = data(&[&a, &b]);
    let linked = linked(&data);
    let (right, wrong, expected) = judged(&linked, &data, &[&a, &b]);
    assert!(right > 9_800, "{right} of 10,000 were found");
    assert!(wrong < 150, "{wrong} are wrong, {expected} expected");
    // The number of wrong links is a count of rare events: three deviations of it, beside the bar of 30 %.
    let slack = 0.3 * expected + 3.0 * expected.sqrt() + 3.0;
    assert!(
        (wrong as f64 - expected).abs() <= slack,
        "{wrong} wrong links, {expected:.1} expected"
    );
    let recall = right as f64 / 10_000.0;
    assert!((linked.estimated.recall.unwrap() - recall).abs() < 0.02);
    assert_eq!(linked.model.cardinality, Cardinality::OneToOne);
}

#[test]
fn no_record_has_two_partners_where_no_source_has_duplicates() {
    let [a, b] = two_files(5_000, 3_000, 2);
    let linked = linked(&data(&[&a, &b]));
    for side in [0, 1] {
        let mut records: Vec<u32> = linked
            .links
            .iter()
            .map(|pair| [pair.a, pair.b][side])
            .collect();
        let before = records.len();
        records.sort_unstable();
        records.dedup();
        assert_eq!(records.len(), before);
    }
}

#[test]
fn files_with_nobody_in_common_give_next_to_no_link() {
    let [a, b] = two_files(5_000, 0, 3);
    let linked = linked(&data(&[&a, &b]));
    assert!(linked.links.len() <= 5, "{} links", linked.links.len());
}

#[test]
fn a_file_without_duplicates_gives_next_to_no_link() {
    let [a, _] = two_files(5_000, 0, 4);
    let linked = linked(&data(&[&a]));
    assert!(linked.links.len() <= 10, "{} links", linked.links.len());
}

#[test]
fn every_record_twice_is_found_twice() {
    let mut random = ChaCha8Rng::seed_from_u64(5);
    let persons = persons(3_000, 5);
    let twice = || {
        persons
            .iter()
            .enumerate()
            .flat_map(|person| [person, person])
    };
    let file: Vec<Record> = twice()
        .enumerate()
        .map(|(nth, (person, of))| record(format!("r{nth:06}"), person, of, &mut random))
        .collect();
    let data = data(&[&file]);
    let linked = linked(&data);
    let (right, wrong, _) = judged(&linked, &data, &[&file]);
    assert!(right > 2_850, "{right} of 3,000");
    assert!(wrong < 60, "{wrong} are wrong");
    for pair in &linked.links {
        assert_eq!(
            linked.clusters[pair.a as usize],
            linked.clusters[pair.b as usize]
        );
    }
}

#[test]
fn a_source_with_duplicates_is_seen() {
    let persons = persons(3_000, 6);
    let mut random = ChaCha8Rng::seed_from_u64(6);
    let a: Vec<Record> = (0..3_000)
        .map(|person| {
            record(
                format!("a{person:06}"),
                person,
                &persons[person],
                &mut random,
            )
        })
        .collect();
    let b: Vec<Record> = (0..4_500)
        .map(|nth| {
            record(
                format!("b{nth:06}"),
                nth % 3_000,
                &persons[nth % 3_000],
                &mut random,
            )
        })
        .collect();
    let data = data(&[&a, &b]);
    let linked = linked(&data);
    assert_eq!(linked.model.cardinality, Cardinality::OneToMany);
    let (right, wrong, _) = judged(&linked, &data, &[&a, &b]);
    assert!(right > 4_250, "{right} of 4,500");
    assert!(wrong < 60, "{wrong} are wrong");
}

fn told(linked: &Linked, data: &Data) -> Vec<String> {
    let id = |record: u32| data.ids.get(record);
    let links = linked.links.iter();
    links
        .map(|pair| {
            format!(
                "{} {} {:x} {:?} {:?}",
                id(pair.a),
                id(pair.b),
                pair.pattern.0,
                pair.weight.to_bits(),
                pair.probability.to_bits()
            )
        })
        .collect()
}

#[test]
fn the_order_of_rows_and_the_number_of_threads_leave_no_trace() {
    let [mut a, mut b] = two_files(4_000, 2_000, 8);
    let first = data(&[&a, &b]);
    let expected = told(&linked(&first), &first);
    let mut random = ChaCha8Rng::seed_from_u64(9);
    for threads in [1, 2, 3] {
        a.shuffle(&mut random);
        b.shuffle(&mut random);
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
        let (shuffled, linked) = pool.unwrap().install(|| {
            let shuffled = data(&[&a, &b]);
            let linked = linked(&shuffled);
            (shuffled, linked)
        });
        assert_eq!(told(&linked, &shuffled), expected, "{threads} threads");
    }
}

#[test]
fn a_weight_is_the_sum_of_what_explains_it() {
    let [a, b] = two_files(2_000, 1_000, 10);
    let data = data(&[&a, &b]);
    let linked = linked(&data);
    for pair in linked.near.iter().take(200) {
        let explained = linked.engine.explain(pair.a, pair.b);
        let steps: f64 = explained
            .steps
            .iter()
            .map(|step| step.weight + step.rarity)
            .sum();
        let sum = explained.prior + steps + explained.together + explained.calibration;
        assert!((sum - explained.weight).abs() < 1e-9);
        assert!((explained.weight - pair.weight).abs() < 1e-9);
        let back = linked.engine.explain(pair.b, pair.a);
        assert_eq!(back.pattern, explained.pattern, "linkage is symmetric");
        assert!((back.weight - explained.weight).abs() < 1e-9);
    }
}

/// The first of two files with one column changed.
fn with(file: &[Record], column: usize, value: impl Fn(usize, &str) -> String) -> Vec<Record> {
    let mut file = file.to_vec();
    for (nth, record) in file.iter_mut().enumerate() {
        record.values[column] = value(nth, &record.values[column]);
    }
    file
}

#[test]
fn constant_and_empty_columns_say_nothing() {
    let [a, b] = two_files(3_000, 1_500, 11);
    for constant in ["", "41100"] {
        let flat = |file: &[Record]| with(file, 6, |_, _| constant.to_owned());
        let (a, b) = (flat(&a), flat(&b));
        let data = data(&[&a, &b]);
        // The model names the column although it says nothing.
        let mut given = model(&data);
        if !given.fields.iter().any(|field| field.column == "post_code") {
            let column = "post_code".to_owned();
            let kind = Kind::PostCode;
            given.fields.push(wdl_linkage::Field { column, kind });
        }
        let linked = link(&data, &given, &Options::default()).unwrap();
        let (right, wrong, _) = judged(&linked, &data, &[&a, &b]);
        assert!(right > 1_380 && wrong < 25, "{right} right, {wrong} wrong");
        assert!(linked.near.iter().all(|pair| pair.weight.is_finite()));
    }
}

#[test]
fn one_value_that_half_the_records_share_does_not_explode_a_block() {
    let [a, b] = two_files(20_000, 5_000, 12);
    let spoilt = |file: &[Record]| {
        with(file, 4, |nth, value| match nth % 2 {
            0 => "VIA EMILIA".to_owned(),
            _ => value.to_owned(),
        })
    };
    let (a, b) = (spoilt(&a), spoilt(&b));
    let data = data(&[&a, &b]);
    let mut given = model(&data);
    let rule = |keys: &[&str]| {
        let columns: Vec<&str> = COLUMNS.to_vec();
        let keys = keys
            .iter()
            .map(|key| wdl_linkage::Key::read(key, &columns).unwrap());
        wdl_linkage::BlockingRule(keys.collect())
    };
    given.blocking = vec![rule(&["street"]), rule(&["surname", "birth_date"])];
    let counts = count_pairs(&data, &given).unwrap();
    assert_eq!(counts[0].values_left_out, 1);
    assert!(counts[0].pairs_left_out >= 90_000_000);
    assert!(counts[0].pairs < 1_000_000);
    let linked = link(&data, &given, &Options::default()).unwrap();
    let (right, wrong, _) = judged(&linked, &data, &[&a, &b]);
    assert!(right > 1_500 && wrong < 100, "{right} right, {wrong} wrong");
}

#[test]
fn few_records_against_many() {
    let [many, _] = two_files(500_000, 0, 13);
    let mut random = ChaCha8Rng::seed_from_u64(13);
    let persons = persons(1_000_000, 13);
    let few: Vec<Record> = (0..100)
        .map(|nth| {
            record(
                format!("f{nth:03}"),
                nth * 5_000,
                &persons[nth * 5_000],
                &mut random,
            )
        })
        .collect();
    let data = data(&[&few, &many]);
    let linked = linked(&data);
    let (right, wrong, _) = judged(&linked, &data, &[&few, &many]);
    assert!(right >= 70 && wrong <= 2, "{right} right, {wrong} wrong");
}

#[test]
fn tiny_and_empty_files_link_without_a_fault() {
    let [a, b] = two_files(40, 20, 14);
    for (first, last) in [(0, 0), (0, 5), (1, 0), (1, 1), (3, 2), (40, 40)] {
        let data = data(&[&a[..first], &b[..last]]);
        let mut given = model(&data);
        if given.fields.is_empty() {
            let column = "surname".to_owned();
            given.fields.push(wdl_linkage::Field {
                column,
                kind: Kind::Surname,
            });
        }
        let linked = link(&data, &given, &Options::default()).unwrap();
        assert_eq!(linked.clusters.len(), first + last);
    }
}

#[test]
fn bit_vectors_are_compared_by_their_bits() {
    // Ten bits of 64, of which nine, six and none are common; the last is the first as base64.
    let vectors = [
        ("1", "ffc0000000000000"),
        ("2", "ff80000000000001"),
        ("3", "fc0000000000000f"),
        ("4", "00000000000003ff"),
        ("5", "/8AAAAAAAAA="),
        ("6", "0000000000000000"),
    ];
    let mut builder = Builder::new(["nome", "vettore"].map(str::to_owned));
    builder.source("one");
    for (id, vector) in vectors {
        builder.push(id, ["MARIO", vector]).unwrap();
    }
    for nth in 7..400 {
        let name = format!("PERSONA{nth}");
        let vector = format!("{:016x}", 0x9e37_79b9_7f4a_7c15_u64.wrapping_mul(nth));
        builder
            .push(&format!("{nth:03}"), [name.as_str(), &vector])
            .unwrap();
    }
    let data = builder.finish().unwrap();
    let record = |id: &str| data.find(0, id).unwrap();
    let field = |column: &str, kind| wdl_linkage::Field {
        column: column.to_owned(),
        kind,
    };
    let given = Model {
        fields: vec![field("nome", Kind::GivenName), field("vettore", Kind::Clk)],
        ..Model::proposed(&[])
    };
    let linked = link(&data, &given, &Options::default()).unwrap();
    let level = |b: &str| linked.engine.pattern(record("1"), record(b)).level(1);
    let levels = ["5", "2", "3", "4"].map(level);
    assert_eq!(levels, [0, 1, 4, 4], "Dice 1, 0.9, 0.6, 0");
    assert_eq!(
        level("6"),
        wdl_linkage::LEVEL_MISSING,
        "no bit likens nobody to anybody"
    );
}

#[test]
fn two_tax_codes_without_a_fault_are_two_people() {
    let mut builder = Builder::new(["nome", "cognome", "codice_fiscale"].map(str::to_owned));
    builder.source("one");
    let mut push = |id: &str, values: [&str; 3]| builder.push(id, values).unwrap();
    // The same code in both its forms, with digits and with the letters that stand for them.
    push("1", ["MARIO", "ROSSI", "RSSMRA85T10A562S"]);
    push("2", ["MARIO", "ROSSI", "RSSMRA85T10A56NH"]);
    // A namesake born on another day of the month.
    push("3", ["MARIO", "ROSSI", "RSSMRA85T11A562R"]);
    for nth in 4..400 {
        let (id, name) = (format!("{nth:03}"), format!("PERSONA{nth}"));
        push(&id, [&name, &name, ""]);
    }
    let data = builder.finish().unwrap();
    let record = |id: &str| data.find(0, id).unwrap();
    let field = |column: &str, kind| wdl_linkage::Field {
        column: column.to_owned(),
        kind,
    };
    let given = Model {
        fields: vec![
            field("nome", Kind::GivenName),
            field("cognome", Kind::Surname),
            field("codice_fiscale", Kind::Code),
        ],
        ..Model::proposed(&[])
    };
    let linked = link(&data, &given, &Options::default()).unwrap();
    let level = |a: &str, b: &str| linked.engine.pattern(record(a), record(b)).level(2);
    assert_eq!(level("1", "2"), 0);
    assert_eq!(level("1", "3"), 4);
    let cluster = |id: &str| linked.clusters[record(id) as usize];
    assert_ne!(cluster("1"), cluster("3"));
}

#[test]
fn models_that_do_not_fit_are_refused() {
    let [a, b] = two_files(20, 10, 15);
    let data = data(&[&a, &b]);
    let refused = |given: &Model| link(&data, given, &Options::default()).unwrap_err();
    let good = model(&data);
    let mut nothing = good.clone();
    nothing.fields.clear();
    nothing.crossed.clear();
    assert_eq!(refused(&nothing), LinkError::NoFields);
    let mut unknown = good.clone();
    unknown.fields[0].column = "nope".to_owned();
    assert!(matches!(refused(&unknown), LinkError::NoColumn { .. }));
    let mut many = good.clone();
    let first = many.fields[0].clone();
    many.fields.resize(17, first);
    assert!(matches!(refused(&many), LinkError::TooManyFields { .. }));
    let mut rule = good;
    rule.blocking = vec![wdl_linkage::BlockingRule(Vec::new())];
    assert!(matches!(refused(&rule), LinkError::Rule { .. }));
    let none = Builder::new(["surname".to_owned()]).finish().unwrap();
    let error = link(&none, &unknown, &Options::default()).unwrap_err();
    assert_eq!(error, LinkError::NoSource);
}
