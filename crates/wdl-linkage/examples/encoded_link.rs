//! Encodes two CSV files with a proposed schema, links the encodings and holds the links against the truth: a JSON line.
//!
//! `encoded_link A.csv B.csv ID TRUTH KINDS plain|salted [CARDINALITY]`: `KINDS` is `column=kind,…`; the truth is a column, or `-N-` for the number inside the ids of the FEBRL files.

use std::collections::BTreeMap;

use wdl_encoding::EncodingKey;
use wdl_linkage::encoded::{self, Encoded, Options};
use wdl_linkage::{Builder, Cardinality, Data, Field, Kind};

type Truth = Vec<BTreeMap<String, String>>;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [first, second, id, truth, kinds, way, cardinality @ ..] = arguments.as_slice() else {
        panic!("A.csv B.csv ID TRUTH KINDS plain|salted [CARDINALITY]");
    };
    let cardinality = cardinality.first().map_or(Cardinality::Automatic, |word| {
        Cardinality::of(word).expect("a cardinality")
    });
    let fields: Vec<Field> = kinds
        .split(',')
        .map(|field| {
            let (column, kind) = field.split_once('=').expect("column=kind");
            Field {
                column: column.to_owned(),
                kind: Kind::of(kind).expect("a kind"),
            }
        })
        .collect();
    let start = cpu_seconds();
    let (data, truth) = read(&[first, second], id, truth, &fields);
    let read = cpu_seconds();
    let schema = encoded::proposed_schema(&data, &fields, way == "salted").expect("enough columns");
    let key = EncodingKey::from_secret(b"the secret of an example");
    let files: Vec<Encoded> = (0..2)
        .map(|source| encoded::encode(&data, source, &schema, &key, None).expect("columns"))
        .map(|(file, _)| file)
        .map(|file| Encoded::read(&file.write()).expect("what was written"))
        .collect();
    let encoded = cpu_seconds();
    let options = Options {
        cardinality,
        ..Options::default()
    };
    let found = encoded::link(&files[0], &files[1], &options).expect("comparable");
    let linked = cpu_seconds();
    let is_right = |link: &encoded::EncodedLink| {
        truth[0][files[0].id(link.a)] == truth[1][files[1].id(link.b)]
    };
    let right = found.links.iter().filter(|link| is_right(link)).count();
    let all = truth[0]
        .values()
        .filter(|one| truth[1].values().any(|other| *one == other));
    let all = match truth[0].len() > 20_000 {
        true => {
            let other: std::collections::BTreeSet<&String> = truth[1].values().collect();
            truth[0].values().filter(|one| other.contains(one)).count()
        }
        false => all.count(),
    };
    let wrong = found.links.len() - right;
    let f1 = 2.0 * right as f64 / (found.links.len() + all).max(1) as f64;
    println!(
        "{{\"way\":\"{way}\",\"links\":{},\"true\":{all},\"right\":{right},\"false\":{wrong},\"missed\":{},\"errors\":{},\"f1\":{f1:.4},\"estimated_false\":{:.2},\"estimated_matches\":{:.0},\"candidates\":{},\"cut\":{:?},\"fill\":{:.3},\"diffusion\":{},\"learnt\":{},\"duplicates\":{:.0?},\"suspected\":{:?},\"unseen\":{:?},\"cpu_read\":{:.3},\"cpu_encode\":{:.3},\"cpu_link\":{:.3}}}",
        found.links.len(),
        all - right,
        all - right + wrong,
        found.estimated_false_share * found.links.len() as f64,
        found.estimated_matches,
        found.candidates,
        found.cut,
        files[0].fill(),
        schema.diffusion,
        found.is_learnt,
        found.duplicates,
        found.is_suspected,
        found.estimated_unseen,
        read - start,
        encoded - read,
        linked - encoded,
    );
}

fn read(paths: &[&String], id: &str, truth: &str, fields: &[Field]) -> (Data, Truth) {
    let mut builder = Builder::new(fields.iter().map(|field| field.column.clone()));
    let mut truths = Vec::new();
    for (nth, path) in paths.iter().enumerate() {
        builder.source(&format!("{nth}"));
        let mut of = BTreeMap::new();
        let mut reader = csv::Reader::from_path(path).expect("a CSV file");
        let header = reader.headers().expect("a header").clone();
        let place = |name: &str| header.iter().position(|known| known == name);
        let places: Vec<usize> = fields
            .iter()
            .map(|field| place(&field.column).expect("a column"))
            .collect();
        for record in reader.records() {
            let record = record.expect("a row");
            let name = &record[place(id).expect("the column of ids")];
            let values = places.iter().map(|place| &record[*place]);
            builder.push(name, values).expect("room");
            let known = match truth {
                "-N-" => name.split('-').nth(1).expect("a number").to_owned(),
                column => record[place(column).expect("the truth")].to_owned(),
            };
            of.insert(name.to_owned(), known);
        }
        truths.push(of);
    }
    (builder.finish().expect("unique ids"), truths)
}

/// The seconds that all threads have had a core.
fn cpu_seconds() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").expect("Linux counts");
    let (_, rest) = stat.rsplit_once(')').expect("a name");
    let ticks: Vec<f64> = rest
        .split_whitespace()
        .skip(11)
        .take(2)
        .map(|ticks| ticks.parse().expect("a number"))
        .collect();
    (ticks[0] + ticks[1]) / 100.0
}
