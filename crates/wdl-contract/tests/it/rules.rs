//! The rules in SQL of the shipped contracts run in SQLite, and find what they say they find.

use rusqlite::Connection;
use wdl_contract::{Contract, Contracts, Kind, SqlRule};

use crate::folder::shipped;

/// The tables a rule may name, empty: the datasets of the body now, last quarter and a year ago.
fn tables(contracts: &Contracts, of: &Contract) -> Connection {
    let base = Connection::open_in_memory().unwrap();
    for contract in contracts.of_body(&of.body) {
        let columns: Vec<String> = contract
            .columns
            .iter()
            .map(|column| {
                let kind = match column.kind {
                    Kind::Integer { .. } | Kind::Money { .. } | Kind::Decimal { .. } => "INTEGER",
                    Kind::Text { .. } | Kind::Code { .. } | Kind::Date | Kind::TaxCode => "TEXT",
                };
                format!("{} {kind}", column.name)
            })
            .collect();
        for prefix in ["", "previous_", "last_year_"] {
            let (name, columns) = (&contract.dataset, columns.join(", "));
            let sql = format!("CREATE TABLE {prefix}{name} (line INTEGER, {columns})");
            base.execute_batch(&sql).unwrap();
        }
    }
    base
}

/// The lines that a rule finds.
fn lines(base: &Connection, rule: &SqlRule) -> Vec<i64> {
    let mut query = base.prepare(&rule.lines).unwrap();
    let rows = query.query_map([], |row| row.get("line")).unwrap();
    rows.map(Result::unwrap).collect()
}

/// The count that other tools see.
fn count(base: &Connection, contract: &Contract, id: &str) -> i64 {
    let schema = contract.document().get("schema").unwrap();
    let rules = schema.items()[0].get("quality").unwrap().items();
    let of_id = |rule: &&wdl_yaml::Node| rule.get("id").unwrap().letters() == Some(id);
    let query = rules.iter().find(of_id).unwrap().get("query").unwrap();
    base.query_row(query.letters().unwrap(), [], |row| row.get(0))
        .unwrap()
}

#[test]
fn every_rule_runs_and_finds_nothing_in_empty_tables() {
    let contracts = shipped();
    let mut run = 0;
    for contract in contracts.iter() {
        let base = tables(&contracts, contract);
        for rule in &contract.sql_rules {
            assert!(!rule.counts, "{}: {} gives lines", contract.id, rule.id);
            assert_eq!(lines(&base, rule), [0; 0]);
            assert_eq!(count(&base, contract, &rule.id), 0);
            run += 1;
        }
    }
    assert_eq!(run, 16);
}

/// What a rule finds in rows that are given, and that the count for other tools is not zero.
fn check(dataset: &str, id: &str, rows: &[&str], due: &[i64]) {
    let contracts = shipped();
    let contract = contracts
        .iter()
        .find(|one| one.dataset.as_str() == dataset)
        .unwrap();
    let base = tables(&contracts, contract);
    for row in rows {
        base.execute_batch(&format!("INSERT INTO {row}")).unwrap();
    }
    let rule = contract
        .sql_rules
        .iter()
        .find(|rule| rule.id == id)
        .unwrap();
    assert_eq!(lines(&base, rule), due, "{id}");
    assert!(count(&base, contract, id) > 0, "{id}");
}

#[test]
fn each_rule_finds_what_breaks_it() {
    check(
        "isee",
        "members-are-all-there",
        &["isee (line, declaration, members) VALUES (2, 'A', 2), (3, 'A', 2), (4, 'B', 3)"],
        &[4],
    );
    check(
        "isee",
        "declaration-says-one-thing",
        &[
            "isee (line, declaration, isee, event_date) VALUES (2, 'A', 100, '2026-01-01'), (3, 'A', 200, '2026-01-01'), (4, 'B', 1, '2026-01-01')",
        ],
        &[2, 3],
    );
    check(
        "isee",
        "ise-is-isee-times-scale",
        &[
            "isee (line, isee, ise, scale) VALUES (2, 1000000, 2460000, 246), (3, 1000000, 1000000, 246)",
        ],
        &[3],
    );
    check(
        "residenti",
        "end-has-its-reason",
        &[
            "residenti (line, valid_to, end_reason) VALUES (2, NULL, NULL), (3, '2026-01-01', NULL), (4, '2026-01-01', 'D')",
        ],
        &[3],
    );
    check(
        "residenti",
        "episode-keeps-its-start",
        &[
            "previous_residenti (line, record, valid_from, valid_to) VALUES (9, 'A', '2020-01-01', NULL), (8, 'B', '2020-01-01', '2025-01-01')",
            "residenti (line, record, valid_from, valid_to) VALUES (2, 'A', '2020-01-01', '2026-01-01'), (3, 'B', '2020-01-01', NULL)",
        ],
        &[3],
    );
    check(
        "rapporti_lavoro",
        "episode-keeps-its-start",
        &[
            "previous_rapporti_lavoro (line, contract, valid_from) VALUES (9, 'A', '2020-01-01')",
            "rapporti_lavoro (line, contract, valid_from) VALUES (2, 'A', '2020-01-02'), (3, 'B', '2020-01-01')",
        ],
        &[2],
    );
    check(
        "infortuni",
        "case-keeps-its-day",
        &[
            "previous_infortuni (line, record, event_date) VALUES (9, 'A', '2020-01-01')",
            "infortuni (line, record, event_date) VALUES (2, 'A', '2020-01-02'), (3, 'B', '2020-01-01')",
        ],
        &[2],
    );
    check(
        "passi",
        "share-is-in-its-interval",
        &["passi (line, share, ci_low, ci_high) VALUES (2, 5, 4, 6), (3, 7, 4, 6)"],
        &[3],
    );
}

#[test]
fn each_rule_of_housing_and_aid_finds_what_breaks_it() {
    let dead = "residenti (line, person, valid_to, end_reason) VALUES (2, 'A', '2025-01-01', 'D'), (3, 'B', '2025-01-01', 'E')";
    check(
        "contratti_affitto",
        "lasts-a-day",
        &[
            "contratti_affitto (line, valid_from, valid_to) VALUES (2, '2025-01-01', '2025-01-01'), (3, '2025-01-01', NULL)",
        ],
        &[2],
    );
    check(
        "contratti_affitto",
        "one-contract-at-a-time",
        &[
            "contratti_affitto (line, contract, dwelling, valid_from, valid_to) VALUES (2, 'A', 'x', '2024-01-01', NULL), (3, 'B', 'x', '2025-01-01', NULL), (4, 'C', 'y', '2025-01-01', NULL)",
        ],
        &[3],
    );
    check(
        "contratti_affitto",
        "tenant-was-alive",
        &[
            dead,
            "contratti_affitto (line, tenant, valid_from) VALUES (2, 'A', '2026-01-01'), (3, 'B', '2026-01-01')",
        ],
        &[2],
    );
    check(
        "aiuti",
        "person-was-alive",
        &[
            dead,
            "aiuti (line, person, event_date) VALUES (2, 'A', '2026-01-01'), (3, 'A', '2024-01-01')",
        ],
        &[2],
    );
    check(
        "contributo_affitto",
        "paid-when-granted",
        &[
            "contributo_affitto (line, outcome, amount_paid) VALUES (2, 'P', 100), (3, 'P', 0), (4, 'R', 0)",
        ],
        &[3],
    );
    for dataset in ["graduatoria_erp", "agenzia_casa"] {
        let rows =
            format!("{dataset} (line, valid_to, outcome) VALUES (2, NULL, 'A'), (3, NULL, NULL)");
        check(dataset, "end-has-its-outcome", &[&rows], &[2]);
    }
}
