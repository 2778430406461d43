//! A contract goes out as a Table Schema and comes back; what a Table Schema does not say is listed.

use serde_json::json;
use wdl_contract::{Contract, diff, from_frictionless, json_schema, properties, to_frictionless};
use wdl_vocab::{Diagnose, Lang};

use crate::folder::shipped;

#[test]
fn the_shipped_contracts_come_back_as_they_went() {
    let contracts = shipped();
    for contract in contracts.iter() {
        let schema = to_frictionless(contract, Some(contracts.lists()), Lang::It);
        let draft = from_frictionless("draft", &schema.to_string()).unwrap();
        assert!(
            draft.missing.is_empty(),
            "{:#?}\n{}",
            draft.missing,
            draft.yaml
        );
        let back = Contract::parse("draft", &draft.yaml).unwrap();
        // Rules of quality have no place in a Table Schema, nor has what the lab does not read.
        let changes = diff(contract, &back);
        let lost: Vec<&str> = changes
            .iter()
            .map(|change| change.about.as_str())
            .filter(|about| !about.is_empty())
            .collect();
        let rules: Vec<&str> = contract
            .sql_rules
            .iter()
            .map(|rule| rule.id.as_str())
            .collect();
        assert_eq!(lost, rules, "{}", contract.id);
        assert_eq!(
            to_frictionless(&back, Some(contracts.lists()), Lang::It),
            schema
        );
    }
}

#[test]
fn a_field_says_what_table_schema_has_words_for() {
    let contracts = shipped();
    let find = |id: &str| contracts.iter().find(|contract| contract.id == id).unwrap();
    let residents = to_frictionless(find("comune-residenti"), Some(contracts.lists()), Lang::En);
    assert_eq!(residents["primaryKey"], json!(["ID_POSIZIONE"]));
    let sex = residents["fields"]
        .as_array()
        .unwrap()
        .iter()
        .find(|field| field["name"] == "SESSO");
    let sex = sex.unwrap();
    assert_eq!(sex["type"], "string");
    assert_eq!(sex["title"], "sex");
    assert_eq!(
        sex["constraints"],
        json!({ "required": true, "enum": ["M", "F"] })
    );
    let rents = to_frictionless(find("comune-contratti_affitto"), None, Lang::It);
    let rent = rents["fields"]
        .as_array()
        .unwrap()
        .iter()
        .find(|field| field["name"] == "CANONE_MENSILE");
    let constraints = &rent.unwrap()["constraints"];
    assert_eq!(
        *constraints,
        json!({ "required": true, "minimum": 0.0, "maximum": 20000.0 })
    );
}

#[test]
fn what_a_table_schema_does_not_say_is_listed() {
    let schema = json!({
        "name": "segnalazioni",
        "title": "Segnalazioni",
        "primaryKey": "ID",
        "fields": [
            { "name": "ID", "type": "string", "constraints": { "required": true, "maxLength": 20 } },
            { "name": "Data arrivo", "type": "date", "format": "%d/%m/%Y", "title": "Data" },
            { "name": "FASE", "type": "string", "constraints": { "enum": ["A", "B"] } },
            { "name": "IMPORTO", "type": "number" },
            { "name": "2ANNO", "type": "year" },
        ],
    });
    let draft = from_frictionless("draft", &schema.to_string()).unwrap();
    assert_eq!(
        draft.codes,
        [("fase".to_owned(), vec!["A".to_owned(), "B".to_owned()])]
    );
    for line in [
        "name: data_arrivo",
        "{ format: dd/MM/yyyy }",
        "name: column_2anno",
        "primaryKey: true",
    ] {
        assert!(draft.yaml.contains(line), "{line}\n{}", draft.yaml);
    }
    let told: Vec<(&str, String)> = draft
        .missing
        .iter()
        .map(Diagnose::diagnostic)
        .map(|one| {
            (
                one.code.id,
                one.args.get("key").cloned().unwrap_or_default(),
            )
        })
        .collect();
    let count = |id: &str, key: &str| {
        told.iter()
            .filter(|(code, of)| *code == id && of == key)
            .count()
    };
    assert_eq!(count("WDL-C012", "wdl.notice"), 1);
    assert_eq!(count("WDL-C012", "wdl.controller"), 1);
    assert_eq!(count("WDL-G004", "wdl.body"), 1);
    assert_eq!(count("WDL-G004", "wdl.treatment"), 5);
    assert_eq!(
        count("WDL-G004", "wdl.kind"),
        1,
        "a number may be euro or not: {told:?}"
    );
    assert_eq!(
        count("WDL-G004", "en"),
        1,
        "a title is in one language: {told:?}"
    );
}

#[test]
fn what_is_no_table_schema_is_told() {
    for text in [
        "",
        "[]",
        "{}",
        "{\"fields\": [{\"type\": \"string\"}]}",
        "{\"fields\": 1}",
    ] {
        assert!(from_frictionless("draft", text).is_err(), "{text}");
    }
}

#[test]
fn the_schema_has_every_property_of_the_table() {
    for lang in Lang::ALL {
        let schema = json_schema(lang);
        for property in properties() {
            let entry = &schema["$defs"][property.name];
            assert_eq!(entry["properties"]["property"]["const"], property.name);
            assert_eq!(entry["description"], property.means(lang));
        }
    }
}

#[test]
fn the_reference_explains_every_property_of_the_table() {
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../docs/reference/contracts.md"
    );
    let reference = std::fs::read_to_string(path).unwrap();
    for property in properties() {
        let line = format!("`{}`", property.name);
        let meaning = property.means(Lang::En);
        let is_there = reference
            .lines()
            .any(|row| row.contains(&line) && row.contains(meaning));
        assert!(is_there, "{line}: {meaning}");
    }
}
