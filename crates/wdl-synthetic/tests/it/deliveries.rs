//! What a delivery may know, and that all of them together are the truth.

use std::collections::BTreeMap;

use crate::reading::{DELIVERIES, Row, city, delivery, iso, truth, upserted};

/// Dataset, key, first day, end.
const EPISODES: [(&str, &str, &str, &str, &str); 6] = [
    (
        "comune",
        "residenti",
        "ID_POSIZIONE",
        "DATA_INIZIO",
        "DATA_FINE",
    ),
    (
        "comune",
        "alloggi",
        "ID_ALLOGGIO",
        "DATA_INIZIO",
        "DATA_FINE",
    ),
    (
        "comune",
        "contratti_affitto",
        "NUMERO_CONTRATTO",
        "DATA_STIPULA",
        "DATA_FINE",
    ),
    (
        "comune",
        "graduatoria_erp",
        "NUMERO_DOMANDA",
        "DATA_DOMANDA",
        "DATA_ESITO",
    ),
    (
        "agenzia_lavoro",
        "rapporti_lavoro",
        "ID_RAPPORTO",
        "DATA_INIZIO",
        "DATA_CESSAZIONE",
    ),
    (
        "agenzia_lavoro",
        "disoccupazione",
        "ID_DID",
        "DATA_DID",
        "DATA_USCITA",
    ),
];

#[test]
fn a_delivery_knows_nothing_of_the_days_after_it() {
    let folder = city(2_000, false);
    for (body, dataset, key, from, to) in EPISODES {
        for (period, last) in DELIVERIES {
            let rows = delivery(folder.path(), body, dataset, period);
            let mut keys: Vec<&String> = rows.iter().map(|row| &row[key]).collect();
            keys.sort();
            assert!(
                keys.windows(2).all(|pair| pair[0] != pair[1]),
                "{dataset} {period}"
            );
            for row in &rows {
                assert!(
                    iso(&row[from]).as_str() <= last && iso(&row[to]).as_str() <= last,
                    "{dataset} {period} {row:?}"
                );
            }
        }
    }
    for (dataset, column) in [
        ("isee", "DATA_PRESENTAZIONE"),
        ("aiuti", "DATA"),
        ("sfratti", "DATA"),
    ] {
        let mut before = "0000".to_owned();
        for (period, last) in DELIVERIES {
            for row in delivery(folder.path(), "comune", dataset, period) {
                let day = iso(&row[column]);
                assert!(
                    day.as_str() <= last && day > before,
                    "{dataset} {period} {row:?}"
                );
            }
            before = last.to_owned();
        }
    }
}

fn by_key(rows: Vec<Row>, key: &str) -> BTreeMap<String, Row> {
    rows.into_iter()
        .map(|row| (row[key].clone(), row))
        .collect()
}

#[test]
fn all_deliveries_together_are_the_truth() {
    let folder = city(2_000, true);
    let codes: BTreeMap<String, String> = by_key(truth(folder.path(), "persons"), "person")
        .into_iter()
        .map(|(person, mut row)| (person, row.remove("tax_code").unwrap()))
        .collect();
    let told = upserted(folder.path(), "comune", "residenti", "ID_POSIZIONE");
    let known: Vec<Row> = truth(folder.path(), "spells")
        .into_iter()
        .filter(|spell| spell["valid_from"].as_str() <= "2026-09-30")
        .collect();
    assert_eq!(told.len(), known.len());
    for spell in known {
        let row = &told[&spell["record"]];
        let to = if spell["valid_to"].as_str() > "2026-09-30" {
            ""
        } else {
            &spell["valid_to"]
        };
        assert_eq!(iso(&row["DATA_FINE"]), to);
        assert_eq!(row["CODICE_FISCALE"], codes[&spell["person"]]);
        for (column, truth) in [
            ("CODICE_FAMIGLIA", "household"),
            ("RELAZIONE", "relationship"),
            ("CITTADINANZA", "citizenship"),
            ("CHIAVE_CATASTALE", "dwelling"),
            ("RIONE", "rione"),
            ("TIPO_SCHEDA", "household_kind"),
        ] {
            assert_eq!(row[column], spell[truth]);
        }
    }
    let told = upserted(folder.path(), "comune", "redditi", "PROGRESSIVO");
    for row in truth(folder.path(), "returns") {
        assert_eq!(
            told[&row["record"]]["REDDITO_IMPONIBILE"].replace(',', "."),
            row["taxable_income"]
        );
        assert_eq!(
            told[&row["record"]]["CODICE_FISCALE"],
            codes[&row["person"]]
        );
    }
}

#[test]
fn what_is_learnt_later_replaces_what_was_known() {
    let folder = city(20_000, true);
    let first = by_key(
        delivery(folder.path(), "inail", "infortuni", "2025-Q4"),
        "NUMERO_CASO",
    );
    let recognised = delivery(folder.path(), "inail", "infortuni", "2026-Q1")
        .into_iter()
        .filter(|row| {
            first
                .get(&row["NUMERO_CASO"])
                .is_some_and(|was| was["STATO"] == "denunciato")
        })
        .inspect(|row| assert_eq!(row["STATO"], "riconosciuto"))
        .count();
    assert!(recognised > 0);
    let first = by_key(
        delivery(folder.path(), "comune", "contributo_affitto", "2025-Q4"),
        "NUMERO_DOMANDA",
    );
    let paid = delivery(folder.path(), "comune", "contributo_affitto", "2026-Q1");
    assert!(!paid.is_empty());
    for row in paid {
        assert_eq!(
            (
                first[&row["NUMERO_DOMANDA"]]["ESITO"].as_str(),
                row["ESITO"].as_str()
            ),
            ("A", "P")
        );
        assert_eq!(first[&row["NUMERO_DOMANDA"]]["IMPORTO_EROGATO"], "0,00");
    }
}

#[test]
fn the_tax_year_2024_comes_with_the_second_quarter_of_2026() {
    let folder = city(2_000, true);
    let years = |period: &str| -> Vec<String> {
        let mut years: Vec<String> = delivery(folder.path(), "comune", "redditi", period)
            .into_iter()
            .map(|row| row["ANNO_IMPOSTA"].clone())
            .collect();
        years.sort();
        years.dedup();
        years
    };
    assert_eq!(
        years("2025-Q4"),
        ["2017", "2018", "2019", "2020", "2021", "2022", "2023"]
    );
    assert_eq!(years("2026-Q2"), ["2024"]);
    assert!(years("2026-Q1").is_empty() && years("2026-Q3").is_empty());
}
