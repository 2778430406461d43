//! Model files: read back as they were written, every fault told at its place.

use wdl_linkage::{BlockingRule, Cardinality, Field, Key, Kind, Model, Part};
use wdl_vocab::Diagnose as _;

fn model() -> Model {
    let field = |column: &str, kind| Field {
        column: column.to_owned(),
        kind,
    };
    let key = |column: &str, part| Key {
        column: column.to_owned(),
        part,
    };
    Model {
        fields: vec![
            field("nome", Kind::GivenName),
            field("Data di nascita: giorno", Kind::BirthDate),
            field("no", Kind::Sex),
            field("\"quoted\" \\ #1", Kind::Code),
            field("a.year", Kind::Text),
        ],
        crossed: vec![("nome".to_owned(), "no".to_owned())],
        blocking: vec![
            BlockingRule(vec![
                key("nome", Part::Sound),
                key("Data di nascita: giorno", Part::YearMonth),
            ]),
            BlockingRule(vec![key("a.year", Part::Whole)]),
        ],
        cardinality: Cardinality::ManyToOne,
        cut: 0.85,
    }
}

#[test]
fn a_model_is_read_back_as_it_was_written() {
    let text = model().write();
    let read = Model::read("m.yaml", &text);
    assert_eq!(
        read.unwrap_or_else(|fault| panic!("{fault}\n{text}")),
        model()
    );
}

#[test]
fn what_is_left_out_has_its_default() {
    let text = "fields:\n  - { column: nome, kind: given_name }\n";
    let model = Model::read("m.yaml", text).unwrap();
    assert!(model.blocking.is_empty() && model.crossed.is_empty());
    assert_eq!(model.cardinality, Cardinality::Automatic);
    assert!((model.cut - 0.5).abs() < f64::EPSILON);
}

#[test]
fn every_fault_has_its_place_and_its_code() {
    let begun = "fields:\n  - { column: nome, kind: given_name }\n";
    let check = |text: &str, code: &str, line: usize| {
        let error = Model::read("m.yaml", text).unwrap_err();
        let fault = &error.faults()[0];
        let diagnostic = fault.diagnostic();
        assert_eq!((diagnostic.code.id, fault.line), (code, line), "{text}");
    };
    check("fields: []\n", "WDL-N040", 1);
    let twice = format!("{begun}  - {{ column: nome, kind: text }}\n");
    check(&twice, "WDL-N041", 3);
    check(
        &format!("{begun}blocking:\n  - nome & cognome\n"),
        "WDL-N042",
        4,
    );
    check(&format!("{begun}blocking:\n  - nome.ear\n"), "WDL-N042", 4);
    check(
        &format!("{begun}crossed:\n  - [nome, cognome]\n"),
        "WDL-N042",
        4,
    );
    check(&format!("{begun}cut: 1\n"), "WDL-N043", 3);
    check(&format!("{begun}cut: .nan\n"), "WDL-N043", 3);
    check(&begun.replace("given_name", "givenname"), "WDL-G006", 2);
}
