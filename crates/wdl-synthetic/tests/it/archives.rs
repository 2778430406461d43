//! What the archives get wrong, and that the truth lists it.

use std::collections::{BTreeMap, BTreeSet};

use wdl_identity::{NotATaxCode, TaxCode, find_in_text};
use wdl_synthetic::CANARIES;

use crate::reading::{DELIVERIES, city, delivery, truth};

/// Body, dataset, key column, column with a person's code.
const CODED: [(&str, &str, &str, &str); 12] = [
    ("comune", "residenti", "ID_POSIZIONE", "CODICE_FISCALE"),
    (
        "comune",
        "contratti_affitto",
        "NUMERO_CONTRATTO",
        "CF_CONDUTTORE",
    ),
    ("comune", "redditi", "PROGRESSIVO", "CODICE_FISCALE"),
    ("comune", "isee", "ID_RIGA", "CODICE_FISCALE"),
    ("comune", "aiuti", "ID_EROGAZIONE", "CODICE_FISCALE"),
    (
        "comune",
        "graduatoria_erp",
        "NUMERO_DOMANDA",
        "CODICE_FISCALE",
    ),
    ("comune", "agenzia_casa", "NUMERO_DOMANDA", "CODICE_FISCALE"),
    (
        "comune",
        "contributo_affitto",
        "NUMERO_DOMANDA",
        "CODICE_FISCALE",
    ),
    (
        "comune",
        "sfratti",
        "NUMERO_PROVVEDIMENTO",
        "CODICE_FISCALE",
    ),
    (
        "agenzia_lavoro",
        "rapporti_lavoro",
        "ID_RAPPORTO",
        "CF_LAVORATORE",
    ),
    (
        "agenzia_lavoro",
        "disoccupazione",
        "ID_DID",
        "CF_LAVORATORE",
    ),
    ("inail", "infortuni", "NUMERO_CASO", "CODICE_FISCALE"),
];

#[test]
fn every_wrong_cell_is_in_the_list_of_errors() {
    let folder = city(8_000, false);
    let errors = truth(folder.path(), "errors");
    let listed: BTreeMap<(&str, &str), &BTreeMap<String, String>> = errors
        .iter()
        .filter(|row| !row["dataset"].is_empty())
        .map(|row| ((row["dataset"].as_str(), row["record"].as_str()), row))
        .collect();
    let codes: BTreeSet<String> = truth(folder.path(), "persons")
        .into_iter()
        .map(|row| row["tax_code"].clone())
        .collect();
    for (body, dataset, key, column) in CODED {
        for (period, _) in DELIVERIES {
            for row in delivery(folder.path(), body, dataset, period) {
                let cell = &row[column];
                match (
                    TaxCode::canonical(cell),
                    listed.get(&(dataset, row[key].as_str())),
                ) {
                    // A mistake of the registry stands until the day of its correction.
                    (_, Some(fault)) if !fault["until"].is_empty() => {
                        assert!([&fault["written"], &fault["right"]].contains(&cell));
                    }
                    (_, Some(fault)) => assert_eq!(&fault["written"], cell),
                    (Ok(_) | Err(NotATaxCode::Stp | NotATaxCode::Eni), None) => {
                        assert!(codes.contains(cell))
                    }
                    (Err(why), None) => panic!("{dataset}: {why} and not listed"),
                }
            }
        }
    }
    let kinds: BTreeSet<&str> = errors.iter().map(|row| row["error"].as_str()).collect();
    for kind in [
        "missing",
        "mistyped",
        "provisional",
        "late",
        "homonym",
        "shared_code",
        "twins",
        "stp",
        "eni",
        "canary",
        "outside_the_registry",
    ] {
        assert!(kinds.contains(kind), "{kind}");
    }
}

#[test]
fn clean_archives_have_the_right_code_everywhere() {
    let folder = city(2_000, true);
    for (body, dataset, _, column) in CODED {
        for (period, _) in DELIVERIES {
            for row in delivery(folder.path(), body, dataset, period) {
                assert!(TaxCode::canonical(&row[column]).is_ok(), "{dataset}");
            }
        }
    }
    let errors = truth(folder.path(), "errors");
    assert!(
        errors
            .iter()
            .all(|row| matches!(row["error"].as_str(), "canary" | "outside_the_registry"))
    );
}

#[test]
fn two_people_never_share_a_code() {
    let folder = city(20_000, false);
    let persons = truth(folder.path(), "persons");
    let codes: BTreeSet<&str> = persons.iter().map(|row| row["tax_code"].as_str()).collect();
    assert_eq!(codes.len(), persons.len());
    let shared = persons
        .iter()
        .filter(|row| !row["base_code"].is_empty())
        .count();
    assert!(shared >= 2, "{shared}");
    for row in persons.iter().filter(|row| !row["base_code"].is_empty()) {
        assert_ne!(row["tax_code"], row["base_code"]);
        assert!(codes.contains(row["base_code"].as_str()));
    }
}

#[test]
fn canaries_live_in_the_registry_and_notes_name_nobody() {
    for clean in [true, false] {
        let folder = city(2_000, clean);
        let surnames: BTreeSet<String> = delivery(folder.path(), "comune", "residenti", "2025-Q4")
            .into_iter()
            .map(|row| row["COGNOME"].clone())
            .collect();
        for canary in CANARIES {
            assert_eq!(canary.len(), 12);
            assert!(surnames.contains(canary), "{canary}");
        }
        for row in delivery(folder.path(), "comune", "aiuti", "2025-Q4") {
            assert!(!find_in_text(&row["NOTE"]) && row["NOTE"].chars().count() <= 40);
        }
    }
}
