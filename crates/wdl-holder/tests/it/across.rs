//! What one file alone does not show: the other file of the delivery, the quarter before, and how much the counts moved.

use std::collections::{BTreeMap, BTreeSet};

use wdl_check::{
    Checked, Finding, History, Justified, NoHistory, Past, Terms, check, named_elsewhere, typed,
};
use wdl_contract::{Contract, Contracts};
use wdl_intake::{Answers, Hints, Reading};
use wdl_vocab::{DatasetId, Period, Severity};

use crate::fixture::{self, Layout, Row};

/// The fixture's lab.
struct Town {
    contracts: Contracts,
}

/// What the office delivered in the quarter before.
struct Before(Past);

impl History for Before {
    fn previous(&self, dataset: &DatasetId) -> Option<Past> {
        (dataset.as_str() == "interventi").then(|| self.0.clone())
    }

    fn same_quarter_last_year(&self, _: &DatasetId) -> Option<Past> {
        None
    }
}

impl Town {
    fn read() -> Town {
        Town {
            contracts: Contracts::read(&fixture::lab()).unwrap(),
        }
    }

    fn contract(&self, dataset: &str) -> &Contract {
        self.contracts
            .iter()
            .find(|contract| contract.dataset.as_str() == dataset)
            .unwrap()
    }

    fn terms<'a>(&'a self, dataset: &str, period: Period, history: &'a dyn History) -> Terms<'a> {
        Terms {
            contract: self.contract(dataset),
            codes: self.contracts.lists(),
            period,
            history,
            siblings: &[],
            kept: &[],
            justified: &[],
        }
    }

    fn reading(&self, dataset: &str, bytes: Vec<u8>) -> Reading {
        let hints = Hints {
            contract: self.contract(dataset),
            mapping: &BTreeMap::new(),
            answers: &Answers::default(),
        };
        Reading::from_bytes(&format!("{dataset}.csv"), bytes, hints).unwrap()
    }

    /// The quarter before, as a body remembers it.
    fn before(&self) -> Before {
        let period = Period::quarter(2026, 2);
        let mut reading = self.reading(
            "interventi",
            fixture::write(&fixture::last_quarter(), Layout::Utf8),
        );
        let terms = self.terms("interventi", period, &NoHistory);
        let checked = check(&mut reading, terms).unwrap();
        assert_eq!(checked.accepted, 2_000);
        let rows = typed(&mut reading, terms, &checked)
            .map(|batch| batch.unwrap().batch)
            .collect();
        Before(Past {
            period,
            summary: checked.summary.clone(),
            rows: Some(rows),
        })
    }

    /// Checks the interventions beside the households.
    fn check(&self, rows: &[Row], history: &dyn History, justified: &[Justified]) -> Checked {
        let period = Period::quarter(2026, 3);
        let kept = named_elsewhere(self.contract("famiglie"), self.contracts.iter());
        assert_eq!(kept, ["household"]);
        let mut families = self.reading("famiglie", fixture::families().into_bytes());
        let terms = Terms {
            kept: &kept,
            ..self.terms("famiglie", period, &NoHistory)
        };
        let families = check(&mut families, terms).unwrap();
        assert_eq!((families.accepted, families.rejected), (1_000, 0));
        let mut reading = self.reading("interventi", fixture::write(rows, Layout::Utf8));
        let terms = Terms {
            siblings: &[&families],
            justified,
            ..self.terms("interventi", period, history)
        };
        check(&mut reading, terms).unwrap()
    }
}

/// What is more than a note.
fn grave(checked: &Checked) -> Vec<&Finding> {
    checked
        .findings
        .iter()
        .filter(|finding| finding.diagnostic.severity != Severity::Note)
        .collect()
}

/// The findings of rows: their rule, their lines and their severity.
fn rules(checked: &Checked) -> BTreeSet<(String, Vec<u64>, Severity)> {
    let told = |finding: &&Finding| {
        let words = finding.words.as_ref().unwrap();
        (
            words.id.clone(),
            finding.lines.clone(),
            finding.diagnostic.severity,
        )
    };
    grave(checked).iter().map(told).collect()
}

#[test]
fn a_good_quarter_fits_the_other_file_and_the_quarter_before() {
    let town = Town::read();
    let checked = town.check(&fixture::good(), &town.before(), &[]);
    assert_eq!(grave(&checked).len(), 0, "{:?}", grave(&checked));
    assert!(
        checked
            .findings
            .iter()
            .all(|finding| finding.diagnostic.code.id != "WDL-H182"),
        "every rule is held"
    );
}

#[test]
fn rules_between_files_and_between_quarters() {
    let town = Town::read();
    let mut rows = fixture::good();
    let mut due = BTreeSet::new();
    for fault in fixture::late_faults() {
        (fault.spoil)(&mut rows, fault.line - 2);
        let (rule, severity) = match fault.severity {
            fixture::ERROR => ("famiglia_sconosciuta", Severity::Error),
            _ => ("tipo_cambiato", Severity::ToJustify),
        };
        due.insert((rule.to_owned(), vec![fault.line as u64], severity));
    }
    let checked = town.check(&rows, &town.before(), &[]);
    assert_eq!(rules(&checked), due);
    assert_eq!(checked.rejected, 1);
    // Without the quarter before, its rule is told as not held, and the others still are.
    let alone = town.check(&rows, &NoHistory, &[]);
    let skipped: Vec<&str> = alone
        .findings
        .iter()
        .filter(|finding| finding.diagnostic.code.id == "WDL-H182")
        .map(|finding| finding.diagnostic.args["name"].as_str())
        .collect();
    assert_eq!(skipped, ["tipo_cambiato"]);
}

#[test]
fn what_moved_since_the_quarter_before_is_to_justify() {
    let town = Town::read();
    let before = town.before();
    let codes = |rows: &[Row]| -> BTreeSet<&'static str> {
        grave(&town.check(rows, &before, &[]))
            .iter()
            .map(|finding| finding.diagnostic.code.id)
            .collect()
    };
    let good = fixture::good();
    assert_eq!(
        codes(&good[..1_200]),
        BTreeSet::from(["WDL-H171", "WDL-H172"])
    );
    let mut dear = good.clone();
    dear.iter_mut().for_each(|row| {
        let amount = row.get("IMPORTO").replace(',', "0,");
        row.set("IMPORTO", &amount);
    });
    // Ten times as much also makes some food vouchers dear.
    assert_eq!(codes(&dear), BTreeSet::from(["WDL-H172", "WDL-H181"]));
    let mut bare = good.clone();
    bare.iter_mut()
        .step_by(2)
        .for_each(|row| row.set("ISEE", ""));
    let told = codes(&bare);
    assert!(told.contains("WDL-H173"), "{told:?}");
}

#[test]
fn a_justification_travels_and_changes_no_count() {
    let town = Town::read();
    let mut rows = fixture::good();
    rows[10].set("CODICE_FISCALE", "");
    let said = r#"{ "code": "WDL-H151", "column": "CODICE_FISCALE", "reason": "not_held" }"#;
    let justified: Justified = serde_json::from_str(said).unwrap();
    let checked = town.check(&rows, &NoHistory, &[justified]);
    let finding = grave(&checked)[0];
    assert_eq!((finding.diagnostic.code.id, finding.count), ("WDL-H151", 1));
    assert!(finding.justified.is_some());
    assert_eq!(checked.rejected, 0);
    let code = fixture::good()[0].get("CODICE_FISCALE").to_lowercase();
    let said = format!(r#"{{ "code": "WDL-H151", "reason": "other", "note": "vedi {code}" }}"#);
    let refused = serde_json::from_str::<Justified>(&said)
        .unwrap_err()
        .to_string();
    assert!(!refused.contains(&code), "{refused}");
}
