//! Definitions: what is read, and what is said of a slip.

use std::path::PathBuf;

use wdl_base::Models;
use wdl_contract::{CodeLists, Contracts};
use wdl_indicators::catalog::STATISTICS;
use wdl_indicators::{Indicators, Span, check};
use wdl_result::ObservableFrom;
use wdl_vocab::{Diagnose, Diagnostic, Exit, Lang, Period};

use crate::city::{definition, lab};

const FRAME: &str = "frame: |\n  SELECT quartiere FROM base.person_year\n";

fn told(own: &str) -> Diagnostic {
    let folder = tempfile::tempdir().unwrap();
    let fault = lab(folder.path(), &[("prova.yaml", definition("prova", own))]).unwrap_err();
    let told = fault.diagnostic();
    assert!(told.render(Lang::It).contains("prova.yaml"), "{told:?}");
    told
}

/// The lines before those of the definition's own.
const ABOVE: usize = 12;

fn slip(own: &str, code: &str, line: usize, meant: Option<&str>) {
    let told = told(own);
    assert_eq!(told.code.id, code, "{told:?}");
    let place = told.place.clone().unwrap();
    assert_eq!(place.line, ABOVE + line, "{told:?}");
    assert_eq!(told.suggestion.as_deref(), meant);
    assert_eq!(told.code.exit, Exit::Usage);
}

#[test]
fn a_slip_has_a_place_and_a_suggestion() {
    slip(
        &format!("statistic: cuont\nperiod: year\n{FRAME}"),
        "WDL-I001",
        1,
        Some("count"),
    );
    slip(
        &format!("statistic: count\nperiod: yaer\n{FRAME}"),
        "WDL-G006",
        2,
        Some("year"),
    );
    slip(
        &format!("statistic: count\nperiod: year\nbreakdown: []\n{FRAME}"),
        "WDL-G003",
        3,
        Some("breakdowns"),
    );
    slip(
        &format!("statistic: count\nperiod: year\nbreakdowns: [[quartere]]\n{FRAME}"),
        "WDL-G009",
        3,
        Some("quartiere"),
    );
    slip(
        &format!("statistic: count\nperiod: year\nbreakdowns: [[quartiere, quartiere]]\n{FRAME}"),
        "WDL-G008",
        3,
        None,
    );
    slip(
        &format!("statistic: arpt\nperiod: year\nbreakdowns: [[quartiere]]\n{FRAME}"),
        "WDL-I003",
        3,
        None,
    );
    slip(
        &format!("statistic: count\nperiod: year\nfrom: 2020-Q1\n{FRAME}"),
        "WDL-G005",
        3,
        None,
    );
    slip(
        "statistic: count\nperiod: year\nframe: |\n  SELECT *\n  FORM base.person_year\n",
        "WDL-S001",
        5,
        None,
    );
    slip(
        "statistic: count\nperiod: year\nframe: |\n  SELECT 1 FROM elsewhere.x\n",
        "WDL-S003",
        4,
        None,
    );
}

#[test]
fn a_frame_stands_where_there_is_something_to_observe() {
    let told = told("statistic: count\nperiod: year\n");
    assert_eq!(told.code.id, "WDL-I004");
}

#[test]
fn every_fault_is_told_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let files = [
        (
            "uno.yaml",
            definition("due", &format!("statistic: cont\nperiod: year\n{FRAME}")),
        ),
        (
            "tre.yaml",
            definition("tre", &format!("statistic: count\n{FRAME}")),
        ),
    ];
    let fault = lab(folder.path(), &files).unwrap_err();
    let codes: Vec<&str> = fault
        .diagnostics()
        .iter()
        .map(|told| told.code.id)
        .collect();
    assert_eq!(codes, ["WDL-G004", "WDL-I002", "WDL-I001"]);
}

#[test]
fn an_unknown_indicator_is_usage() {
    let folder = tempfile::tempdir().unwrap();
    let file = definition(
        "residenti",
        &format!("statistic: count\nperiod: year\nfrom: 2020\n{FRAME}"),
    );
    let indicators = lab(folder.path(), &[("residenti.yaml", file)]).unwrap();
    assert_eq!(indicators.list().len(), 1);
    let told = indicators.get("residneti").unwrap_err().diagnostic();
    assert_eq!((told.code.id, told.code.exit), ("WDL-I005", Exit::Usage));
    assert_eq!(told.suggestion.as_deref(), Some("residenti"));
}

#[test]
fn dated_amounts_hold_from_their_day() {
    let folder = tempfile::tempdir().unwrap();
    let own = "statistic: share\nperiod: year\nparameters:\n  - name: limite\n    label: { it: x, en: x }\n    values:\n      - { from: 2025-01-01, value: 10140.00, source: { it: b, en: b } }\n      - { from: 2019-04-01, value: 9360.00, source: { it: a, en: a } }\nframe: |\n  SELECT income < {limite} AS has_property FROM base.person_year\n";
    let indicators = lab(folder.path(), &[("prova.yaml", definition("prova", own))]).unwrap();
    let parameter = &indicators.get("prova").unwrap().parameters()[0];
    let at = |year: i16| {
        parameter
            .at(Period::Year(year))
            .map(|value| value.value.as_str())
    };
    assert_eq!(
        [at(2018), at(2019), at(2024), at(2025)],
        [None, Some("9360.00"), Some("9360.00"), Some("10140.00")]
    );
}

#[test]
fn the_definitions_of_modena_all_read() {
    let lab = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../labs/modena");
    let code_lists = CodeLists::read(&lab).unwrap();
    let indicators = Indicators::read(&lab, &code_lists).unwrap();
    assert!(indicators.list().len() >= 20);
    for indicator in indicators.list() {
        for lang in Lang::ALL {
            for words in [indicator.title(), indicator.definition()] {
                let text = words.get(lang);
                assert!(
                    !text.is_empty() && !text.contains("povertà relativa"),
                    "{}",
                    indicator.id()
                );
            }
        }
        let is_observable = indicator.observable_from() != ObservableFrom::NoneHere;
        assert_eq!(
            !indicator.tables().is_empty(),
            is_observable,
            "{}",
            indicator.id()
        );
    }
}

#[test]
fn the_frames_of_modena_fit_the_base() {
    let lab = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../labs/modena");
    let contracts = Contracts::read(&lab).unwrap();
    let models = Models::read(&lab, &contracts).unwrap();
    let indicators = Indicators::read(&lab, contracts.lists()).unwrap();
    let mut faults = Vec::new();
    for indicator in indicators.list() {
        let period = match indicator.span() {
            Span::Quarter => Period::quarter(2025, 2),
            Span::Year => Period::Year(2024),
        };
        let scope = models.empty_scope(period).unwrap();
        if let Err(fault) = check(indicator, &scope) {
            faults.push(format!(
                "{}: {}",
                indicator.id(),
                fault.diagnostic().render(Lang::En)
            ));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn the_catalog_lists_its_folder() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("src/catalog");
    let mut files: Vec<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| {
            entry
                .unwrap()
                .path()
                .file_stem()
                .unwrap()
                .to_str()
                .unwrap()
                .to_owned()
        })
        .filter(|name| name != "mod")
        .collect();
    files.sort();
    let mut listed: Vec<&str> = STATISTICS.iter().map(|statistic| statistic.name).collect();
    listed.sort_unstable();
    assert_eq!(files, listed);
}
