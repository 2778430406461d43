//! The contract's rules in SQL: between columns, rows, files and quarters, and what they may not do.

use std::sync::Arc;

use arrow::array::{Decimal128Array, RecordBatch, StringArray};
use arrow::datatypes::{DataType, Field, Schema};
use wdl_check::{CheckError, Checked, History, Past, Summary, Terms, check, named_elsewhere};
use wdl_vocab::Severity::{Error, Note, ToJustify};
use wdl_vocab::diagnostics::codes::holder as codes;
use wdl_vocab::{DatasetId, Diagnose as _, Lang, Period};

use crate::support::{Ground, file, found, good, open, quarter, with, written};

/// A rule of quality of the contract's object.
fn rule(id: &str, severity: &str, lines: &str) -> String {
    format!(
        "    quality:\n      - id: {id}\n        type: sql\n        query: \"SELECT 0\"\n        mustBe: 0\n        customProperties:\n          - property: wdl.lines\n            value: \"{lines}\"\n          - property: wdl.severity\n            value: {severity}\n          - property: wdl.message\n            value: {{ it: \"Regola {id}\", en: \"Rule {id}\" }}\n          - property: wdl.fix\n            value: {{ it: \"Correggere\", en: \"Correct\" }}\n"
    )
}

fn checked_with(lines: &str, text: &str) -> Result<Checked, CheckError> {
    Ground::with(&rule("prova", "error", lines)).try_check(text)
}

#[test]
fn a_rule_between_columns() {
    let lines =
        "SELECT line, amount AS value FROM interventi WHERE measure = 'AFFITTO' AND amount > 50000";
    let text = with(|row| {
        row.set("TIPO", "AFFITTO");
        row.set("IMPORTO", "600,00");
    });
    let checked = checked_with(lines, &text).unwrap();
    assert_eq!(found(&checked), [(codes::RULE.id, Error, 1)]);
    let finding = checked.findings.iter().next().unwrap();
    assert_eq!(
        (finding.lines.as_slice(), finding.examples[0].value.as_str()),
        (&[6][..], "60000")
    );
    assert_eq!(finding.message(Lang::It), "Regola prova");
    assert_eq!(finding.fix(Lang::En), "Correct");
    assert!(!finding.cause(Lang::It).is_empty());
    assert_eq!((checked.accepted, checked.is_rejected(4)), (11, true));
    // The summary and the fingerprint are those of the rows that are left.
    let mut rows = good(12);
    rows.remove(4);
    assert_eq!(
        checked.fingerprint,
        Ground::new().check(&file(&rows)).fingerprint
    );
    let good = checked_with(lines, &with(|_| {})).unwrap();
    assert_eq!(found(&good), []);
}

#[test]
fn an_error_that_names_no_row_refuses_the_whole_file() {
    let text = with(|_| {});
    for lines in [
        "SELECT NULL AS line FROM interventi WHERE line = 3",
        // A line that is not in the file.
        "SELECT 900 AS line",
    ] {
        let checked = checked_with(lines, &text).unwrap();
        assert_eq!((checked.accepted, checked.rejected), (0, 12), "{lines}");
        assert!(!checked.is_sealable(), "{lines}");
    }
}

#[test]
fn a_rule_between_rows() {
    let lines = "SELECT line FROM (SELECT line, count(*) OVER (PARTITION BY person) AS n FROM interventi) WHERE n > 1";
    let mut rows = good(12);
    let mut again = rows[2].clone();
    again.set("ID", "Z1");
    rows.push(again);
    let checked = checked_with(lines, &file(&rows)).unwrap();
    let finding = checked.findings.iter().next().unwrap();
    assert_eq!(
        (finding.diagnostic.code, finding.lines.as_slice()),
        (codes::RULE, &[4, 14][..])
    );
}

#[test]
fn severities_are_the_contract_s() {
    let lines = "SELECT line FROM interventi WHERE section = '0107'";
    let text = with(|row| row.set("SEZIONE", "0107"));
    for (word, severity) in [("to_justify", ToJustify), ("note", Note)] {
        let checked = Ground::with(&rule("prova", word, lines)).check(&text);
        assert_eq!(found(&checked), [(codes::RULE.id, severity, 1)]);
        assert_eq!(checked.accepted, 12);
    }
}

#[test]
fn the_period_is_a_table() {
    let lines =
        "SELECT line, event_date AS value FROM interventi, delivery WHERE event_date < first_day";
    let text = with(|row| row.set("DATA_INIZIO", "30/06/2026"));
    let checked = checked_with(lines, &text).unwrap();
    assert_eq!(checked.findings.count(codes::RULE), 1);
}

#[test]
fn a_wrong_rule_is_the_contract_s_fault() {
    for lines in [
        "SELECT line FROM interventi WHERE",
        "SELECT line FROM interventi WHERE reddito > 1",
        "SELECT amount FROM interventi",
        "",
        "SELECT line FROM interventi; SELECT 1",
    ] {
        let error = checked_with(lines, &with(|_| {})).err().unwrap();
        assert!(
            matches!(&error, CheckError::RuleWrong { rule, .. } if rule == "prova"),
            "{lines}: {error}"
        );
        assert_eq!(error.diagnostic().args["name"], "prova");
    }
}

#[test]
fn a_rule_only_reads() {
    for lines in [
        "DELETE FROM interventi",
        "ATTACH DATABASE 'x.db' AS x",
        "PRAGMA journal_mode = WAL",
        "UPDATE interventi SET amount = 0 RETURNING line",
        "CREATE TABLE x (line)",
        "SELECT line FROM interventi WHERE load_extension('x') = 1",
        "SELECT line FROM interventi WHERE random() > 0",
        "VACUUM INTO 'x.db'",
        "SELECT name AS line FROM pragma_table_info('interventi')",
    ] {
        let error = checked_with(lines, &with(|_| {})).err().unwrap();
        let is_refused = matches!(
            error,
            CheckError::RuleForbidden { .. } | CheckError::RuleWrong { .. }
        );
        assert!(is_refused, "{lines}: {error}");
    }
    let error = checked_with("ATTACH DATABASE 'x.db' AS x", &with(|_| {}))
        .err()
        .unwrap();
    assert!(matches!(error, CheckError::RuleForbidden { .. }), "{error}");
    assert!(!std::path::Path::new("x.db").exists());
}

#[test]
fn a_rule_ends() {
    let lines = "WITH RECURSIVE n(line) AS (SELECT 1 UNION ALL SELECT line + 1 FROM n) SELECT line FROM n WHERE line < 0";
    let error = checked_with(lines, &with(|_| {})).err().unwrap();
    assert!(matches!(error, CheckError::RuleTooLong { .. }), "{error}");
}

#[test]
fn a_rule_between_files() {
    let people = written(
        "persone",
        "yearly",
        &[
            (
                "record",
                "ID",
                "kind: text, treatment: keyed, domain: record, key",
            ),
            (
                "person",
                "CF",
                "kind: tax_code, treatment: oprf, domain: person",
            ),
            (
                "reference_year",
                "ANNO",
                "kind: integer, treatment: keep, required",
            ),
        ],
        ("", ""),
    );
    let lines = "SELECT line FROM interventi WHERE person NOT IN (SELECT person FROM persone)";
    let ground = Ground::with(&rule("in-anagrafe", "error", lines));
    let kept = named_elsewhere(&people, [&people, &ground.contract]);
    assert_eq!(kept, ["person"]);
    let mut text = "ID;CF;ANNO\n".to_owned();
    for nth in 0..11 {
        text += &format!("P{nth};{};2025\n", crate::support::Person::new(nth).code());
    }
    let terms = Terms {
        kept: &kept,
        ..Terms::alone(&people, &ground.lists, quarter())
    };
    let sibling = check(&mut open(&people, "persone.csv", text.as_bytes()), terms).unwrap();
    let siblings = [&sibling];
    let terms = Terms {
        siblings: &siblings,
        ..ground.terms()
    };
    let text = with(|_| {});
    let checked = check(&mut ground.open("interventi.csv", text.as_bytes()), terms).unwrap();
    assert_eq!(found(&checked), [(codes::RULE.id, Error, 1)]);
    assert_eq!(checked.findings.iter().next().unwrap().lines, [13]);
    // Alone, the rule is passed over and that is said.
    let checked = ground.check(&text);
    assert_eq!(found(&checked), [(codes::RULE_SKIPPED.id, Note, 1)]);
}

/// A body that delivered before, with rows.
struct Before;

impl History for Before {
    fn previous(&self, _: &DatasetId) -> Option<Past> {
        let schema = Schema::new(vec![
            Field::new("record", DataType::Utf8, true),
            Field::new("amount", DataType::Decimal128(14, 2), true),
        ]);
        let records = StringArray::from(vec![Some("A00003"), Some("A00004"), None]);
        let amounts = Decimal128Array::from(vec![Some(10_350), Some(1), None]);
        let amounts = amounts.with_precision_and_scale(14, 2).unwrap();
        let batch =
            RecordBatch::try_new(Arc::new(schema), vec![Arc::new(records), Arc::new(amounts)])
                .unwrap();
        Some(Past {
            period: Period::quarter(2026, 2),
            summary: Summary {
                rows: 12,
                ..Summary::default()
            },
            rows: Some(vec![batch]),
        })
    }

    fn same_quarter_last_year(&self, _: &DatasetId) -> Option<Past> {
        None
    }
}

#[test]
fn a_rule_between_quarters() {
    let lines = "SELECT i.line, p.amount AS value FROM interventi i JOIN previous_interventi p ON p.record = i.record WHERE p.amount <> i.amount";
    let ground = Ground::with(&rule("stesso-importo", "to_justify", lines));
    let terms = Terms {
        history: &Before,
        ..ground.terms()
    };
    let text = with(|_| {});
    let checked = check(&mut ground.open("interventi.csv", text.as_bytes()), terms).unwrap();
    assert_eq!(found(&checked), [(codes::RULE.id, ToJustify, 1)]);
    let finding = checked.findings.iter().next().unwrap();
    assert_eq!(
        (finding.lines.as_slice(), finding.examples[0].value.as_str()),
        (&[6][..], "1")
    );
    assert_eq!(
        found(&ground.check(&text)),
        [(codes::RULE_SKIPPED.id, Note, 1)]
    );
}

#[test]
fn a_rule_that_fails_on_a_row_does_not_tell_its_cell() {
    let text = with(|row| row.set("NOTE", "ZQUALCUNO"));
    for lines in [
        "SELECT line FROM interventi WHERE json_extract('{}', note) = 1",
        "SELECT json_extract('{}', note) AS line FROM interventi",
        "SELECT note AS line FROM interventi",
    ] {
        let Err(error) = checked_with(lines, &text) else {
            panic!("{lines}");
        };
        let told = format!("{error:?} {:?}", error.diagnostic());
        assert!(!told.contains("ZQUALCUNO"), "{told}");
        assert_eq!(error.diagnostic().code, codes::RULE_WRONG);
    }
}

#[test]
fn a_rule_that_asks_for_too_much_memory_is_stopped() {
    for lines in [
        "SELECT length(hex(zeroblob(400000000))) AS line",
        "SELECT length(printf('%900000000s', 'x')) AS line",
    ] {
        let Err(error) = checked_with(lines, &with(|_| {})) else {
            panic!("{lines}");
        };
        assert_eq!(error.diagnostic().code, codes::RULE_TOO_LONG, "{error:?}");
    }
}
