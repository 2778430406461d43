//! Volume and drift against earlier deliveries, and what is justified.

use wdl_check::{
    Checked, History, Justified, JustifiedError, Past, Reason, Said, Summary, Terms, check,
};
use wdl_vocab::Severity::{Note, ToJustify};
use wdl_vocab::diagnostics::codes::holder as codes;
use wdl_vocab::{DatasetId, Diagnose as _, Euro, Lang, Period};

use crate::support::{Ground, Row, file, found, good};

/// A body that delivered this a quarter ago, and that a year ago.
struct Before {
    quarter: Option<Summary>,
    year: Option<Summary>,
}

impl History for Before {
    fn previous(&self, _: &DatasetId) -> Option<Past> {
        past(Period::quarter(2026, 2), &self.quarter)
    }

    fn same_quarter_last_year(&self, _: &DatasetId) -> Option<Past> {
        past(Period::quarter(2025, 3), &self.year)
    }
}

fn past(period: Period, summary: &Option<Summary>) -> Option<Past> {
    Some(Past {
        period,
        summary: summary.clone()?,
        rows: None,
    })
}

fn compared(rows: &[Row], history: &Before, justified: &[Justified]) -> Checked {
    let ground = Ground::new();
    let terms = Terms {
        history,
        justified,
        ..ground.terms()
    };
    let mut reading = ground.open("interventi.csv", file(rows).as_bytes());
    check(&mut reading, terms).unwrap()
}

fn summary(rows: &[Row]) -> Summary {
    Ground::new().check(&file(rows)).summary
}

#[test]
fn the_same_counts_are_no_drift() {
    let history = Before {
        quarter: Some(summary(&good(120))),
        year: Some(summary(&good(110))),
    };
    assert_eq!(found(&compared(&good(120), &history, &[])), []);
}

#[test]
fn fewer_rows_are_asked_about() {
    let history = Before {
        quarter: Some(summary(&good(120))),
        year: None,
    };
    let checked = compared(&good(60), &history, &[]);
    assert_eq!(checked.findings.count(codes::ROWS_CHANGED), 1);
    let finding = checked.findings.iter().next().unwrap();
    let args = &finding.diagnostic.args;
    assert_eq!(
        (
            args["actual"].as_str(),
            args["expected"].as_str(),
            args["period"].as_str()
        ),
        ("60", "120", "2026-Q2")
    );
    assert_eq!(checked.accepted, 60);
}

#[test]
fn both_comparisons_speak() {
    let history = Before {
        quarter: Some(summary(&good(120))),
        year: Some(summary(&good(200))),
    };
    let checked = compared(&good(60), &history, &[]);
    assert_eq!(checked.findings.count(codes::ROWS_CHANGED), 2);
}

#[test]
fn totals_missing_values_and_codes_drift() {
    let history = Before {
        quarter: Some(summary(&good(120))),
        year: None,
    };
    let mut rows = good(120);
    for row in &mut rows {
        row.set("IMPORTO", "9000,00");
        row.set("ISEE", "");
        row.set("TIPO", "AFFITTO");
        row.set("SEZIONE", "0107");
    }
    let checked = compared(&rows, &history, &[]);
    for (code, severity) in [
        (codes::TOTAL_CHANGED, ToJustify),
        (codes::MISSING_CHANGED, ToJustify),
        (codes::CODES_SHIFTED, ToJustify),
        (codes::CODES_NEW, Note),
        (codes::CODES_GONE, Note),
    ] {
        let finding = checked
            .findings
            .iter()
            .find(|finding| finding.diagnostic.code == code);
        assert_eq!(
            finding.unwrap().diagnostic.severity,
            severity,
            "{}",
            code.id
        );
    }
    assert_eq!(checked.findings.count(codes::ROWS_CHANGED), 0);
    // Which codes, and how much money, is for the body alone: no argument of a finding is a cell.
    for finding in checked.findings.iter() {
        let args = finding.diagnostic.args.values();
        assert!(
            args.into_iter()
                .all(|value| value != "AFFITTO" && !value.contains("9000"))
        );
    }
    let codes_new = checked
        .findings
        .iter()
        .find(|finding| finding.diagnostic.code == codes::CODES_NEW);
    let example = &codes_new.unwrap().examples[0];
    assert_eq!((example.value.as_str(), example.line), ("0107", 0));
}

#[test]
fn an_episode_that_ended_before_is_asked_about_after_the_first_delivery() {
    let contract = crate::support::written(
        "assegnazioni",
        "episode",
        &[
            (
                "record",
                "ID",
                "kind: text, treatment: keyed, domain: record, key",
            ),
            ("valid_from", "DAL", "kind: date, treatment: keep, required"),
            (
                "valid_to",
                "AL",
                "kind: date, treatment: keep, known_at_end: true",
            ),
        ],
        ("", ""),
    );
    let ground = Ground::of(contract);
    let text =
        "ID;DAL;AL\r\nA;13/01/2020;\r\nB;14/01/2020;30/06/2026\r\nC;15/01/2020;01/07/2026\r\n";
    assert_eq!(found(&ground.check(text)), []);
    let history = Before {
        quarter: Some(Summary {
            rows: 3,
            ..Summary::default()
        }),
        year: None,
    };
    let terms = Terms {
        history: &history,
        ..ground.terms()
    };
    let checked = check(&mut ground.open("assegnazioni.csv", text.as_bytes()), terms).unwrap();
    assert_eq!(found(&checked), [(codes::BEFORE_PERIOD.id, ToJustify, 1)]);
    assert_eq!(checked.findings.iter().next().unwrap().lines, [3]);
}

#[test]
fn a_justification_settles_its_finding_alone() {
    let said = |code: &str, column: Option<&str>| {
        Justified::try_from(Said {
            code: code.to_owned(),
            column: column.map(str::to_owned),
            rule: None,
            reason: Reason::ConfirmedAtSource,
            note: "visto in archivio".to_owned(),
        })
        .unwrap()
    };
    let mut rows = good(12);
    rows[3].set("CODICE_FISCALE", "");
    rows[4].set("ISEE", "2000000,00");
    let none = Before {
        quarter: None,
        year: None,
    };
    let justified = [said(codes::TAX_CODE_MISSING.id, Some("CODICE_FISCALE"))];
    let checked = compared(&rows, &none, &justified);
    let counts = checked.findings.counts();
    assert_eq!((counts.justified, counts.to_justify), (1, 1));
    let finding = checked
        .findings
        .iter()
        .find(|finding| finding.justified.is_some())
        .unwrap();
    assert_eq!(finding.diagnostic.code, codes::TAX_CODE_MISSING);
    assert_eq!(
        finding.justified.as_ref().unwrap().reason,
        Reason::ConfirmedAtSource
    );
    let other = compared(
        &rows,
        &none,
        &[said(codes::TAX_CODE_MISSING.id, Some("IMPORTO"))],
    );
    assert_eq!(other.findings.counts().justified, 0);
}

#[test]
fn a_note_names_nobody() {
    let said = |reason: Reason, note: &str| {
        Justified::try_from(Said {
            code: codes::TAX_CODE_MISSING.id.to_owned(),
            column: None,
            rule: None,
            reason,
            note: note.to_owned(),
        })
    };
    let code = crate::support::Person::new(3).code();
    let refused = said(Reason::Other, &format!("è {code}")).unwrap_err();
    assert_eq!(refused, JustifiedError::Identifier);
    assert_eq!(refused.diagnostic().code, codes::NOTE_IDENTIFIES);
    assert_eq!(
        said(Reason::Other, " ").unwrap_err(),
        JustifiedError::NoNote
    );
    assert_eq!(
        said(Reason::NotHeld, &"x".repeat(501)).unwrap_err(),
        JustifiedError::TooLong
    );
    assert!(said(Reason::NotHeld, "").is_ok());
    let read: Result<Justified, _> = serde_json::from_str(&format!(
        "{{\"code\":\"WDL-H151\",\"reason\":\"other\",\"note\":\"{code}\"}}"
    ));
    assert!(read.is_err());
    for reason in Reason::ALL {
        let text = reason.text();
        assert!(!text.get(Lang::It).is_empty() && !text.get(Lang::En).is_empty());
        let word = serde_json::to_string(&reason).unwrap();
        assert_eq!(word, format!("\"{}\"", reason.word()));
    }
}

#[test]
fn a_summary_is_kept_as_json() {
    let summary = summary(&good(12));
    let text = serde_json::to_string(&summary).unwrap();
    assert_eq!(serde_json::from_str::<Summary>(&text).unwrap(), summary);
    assert_eq!(
        summary.columns["isee"].total,
        Some(Euro::from_cents((0..12).map(|n| 500_000 + 100 * n).sum()))
    );
}
