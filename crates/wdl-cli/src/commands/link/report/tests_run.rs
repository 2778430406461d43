//! The page of a real run over invented records.

#![expect(
    clippy::unwrap_used,
    reason = "a test stops at the first thing that is not as it should be"
)]

use wdl_linkage::{Builder, Cardinality, Data, Field, Kind, Linked, Model, Options, link};
use wdl_vocab::Lang;

use super::facts::Measure;
use super::report;

const NAMES: [&str; 12] = [
    "ARDUINA",
    "BERENICE",
    "CLODOVEO",
    "DESDEMONA",
    "EUTIMIO",
    "FIORDALISO",
    "GELTRUDE",
    "IPPOLITO",
    "LUDOVICA",
    "MAFALDA",
    "NICODEMO",
    "ORTENSIA",
];
const SURNAMES: [&str; 16] = [
    "ABBRACCIAVENTO",
    "BOCCADIFUOCO",
    "CANTALUPPI",
    "DIOTALLEVI",
    "ERBAVERDE",
    "FINOCCHIARO",
    "GUADAGNABENE",
    "INVERNIZZI",
    "LANZACCHI",
    "MANGIAPANE",
    "NOTARBARTOLO",
    "OLTREMARI",
    "PASSALACQUA",
    "QUATTROCCHI",
    "RICCIOTTI",
    "SPACCAPIETRA",
];

/// A small sequence of numbers that looks random and is always the same.
struct Sequence(u64);

impl Sequence {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % bound
    }
}

fn records() -> Data {
    let columns = ["nome", "cognome", "data_nascita", "cap"];
    let mut builder = Builder::new(columns.map(str::to_owned));
    let mut sequence = Sequence(7);
    let people: Vec<[String; 4]> = (0..900)
        .map(|_| {
            let name = NAMES[sequence.below(12) as usize];
            let surname = SURNAMES[sequence.below(16) as usize];
            let (year, month, day) = (
                1931 + sequence.below(80),
                1 + sequence.below(12),
                1 + sequence.below(28),
            );
            [
                name.to_owned(),
                surname.to_owned(),
                format!("{year:04}-{month:02}-{day:02}"),
                format!("{}", 97_010 + sequence.below(60)),
            ]
        })
        .collect();
    builder.source("anagrafe");
    for (place, person) in people[..700].iter().enumerate() {
        let values = person.iter().map(String::as_str);
        builder.push(&format!("K{place:04}"), values).unwrap();
    }
    builder.source("ausl");
    for (place, person) in people[300..].iter().enumerate() {
        let mut person = person.clone();
        match sequence.below(8) {
            0 => person[1].replace_range(2..3, "X"),
            1 => person[3] = String::new(),
            2 => {
                person[2] = format!(
                    "{}-{}-{}",
                    &person[2][..4],
                    &person[2][8..],
                    &person[2][5..7]
                )
            }
            _ => {}
        }
        builder
            .push(&format!("W{place:04}"), person.iter().map(String::as_str))
            .unwrap();
    }
    builder.finish().unwrap()
}

fn run(data: &Data) -> Linked {
    let field = |column: &str, kind: Kind| Field {
        column: column.to_owned(),
        kind,
    };
    let model = Model {
        fields: vec![
            field("nome", Kind::GivenName),
            field("cognome", Kind::Surname),
            field("data_nascita", Kind::BirthDate),
            field("cap", Kind::PostCode),
        ],
        crossed: Vec::new(),
        blocking: Vec::new(),
        cardinality: Cardinality::Automatic,
        cut: 0.5,
    };
    link(data, &model, &Options::default()).unwrap()
}

#[test]
fn no_value_of_a_record_is_on_the_page() {
    let data = records();
    let linked = run(&data);
    assert!(linked.links.len() > 300, "{}", linked.links.len());
    for lang in Lang::ALL {
        let html = report(&linked, &data, &[], None, lang);
        for column in &data.columns {
            for value in column.values.iter().filter(|value| !value.is_empty()) {
                assert!(!html.contains(value), "a value of {}", column.name);
            }
        }
        let ids = data.ids.iter().filter(|id| html.contains(id));
        assert!(
            (2..=6).contains(&ids.count()),
            "three pairs are shown at most"
        );
        assert!(!html.contains("NaN"));
    }
}

#[test]
fn the_page_tells_a_real_run() {
    let data = records();
    let linked = run(&data);
    let measured = Measure {
        pairs: 400,
        precision: Some(0.99),
        recall: Some(0.98),
        f1: Some(0.985),
    };
    let html = report(&linked, &data, &[], Some(measured), Lang::En);
    for section in [
        "trust",
        "weights",
        "fields",
        "blocking",
        "unlinkable",
        "clusters",
        "examples",
        "review",
        "model",
    ] {
        assert!(
            html.contains(&format!("<h2 id=\"{section}\">")),
            "{section}"
        );
    }
    assert!(html.contains("without “cap”") && html.contains("born 1940–1959"));
    assert!(html.contains("Measured on the known pairs (400)"));
}
