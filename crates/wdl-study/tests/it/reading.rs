//! The file: what it states, and where it is wrong.

use wdl_vocab::{Diagnose as _, Period};

use crate::made::{CALL, DESK, call, read};

#[test]
fn a_study_is_read() {
    let study = call(CALL);
    assert_eq!(study.method(), "rd/1");
    assert_eq!(study.periods(), [Period::Year(2025)]);
    let runs: Vec<String> = study.runs().into_iter().map(|own| own.id).collect();
    assert_eq!(
        runs,
        [
            "main",
            "uniform",
            "difference",
            "origin.a",
            "origin.b",
            "origin.c"
        ]
    );
    assert_eq!(
        study.methods(),
        ["power/1", "rd-density/1", "rd/1", "regression/1"]
    );
    let quarters = CALL.replace("{ last: 2025 }", "{ first: 2024-Q3, last: 2025-Q2 }");
    assert_eq!(call(&quarters).periods().len(), 4);
    assert!(wdl_study::Studies::read(std::path::Path::new("/nowhere")).is_ok());
}

#[test]
fn a_fault_has_its_place_and_what_was_meant() {
    let cases = [
        (
            "method: rd-density",
            "method: rd-densty",
            "WDL-V001",
            Some("rd-density"),
        ),
        (
            "{ kernel: uniform }",
            "{ kernl: uniform }",
            "WDL-V032",
            Some("kernel"),
        ),
        (
            "kernel: uniform",
            "kernel: [uniform, triangular]",
            "WDL-G005",
            None,
        ),
        (
            "distance, funded, age",
            "distance, notice, age",
            "WDL-V033",
            None,
        ),
        (
            "SELECT application, distance, funded, age, origin",
            "SELECT *",
            "WDL-V033",
            None,
        ),
        ("id: call", "id: called", "WDL-V030", None),
        (
            "  options: { running: distance, cutoff: 0 }\nassumptions",
            "  options: { running: distance }\nassumptions",
            "WDL-G004",
            None,
        ),
        ("better: lower", "better: lowest", "WDL-G006", Some("lower")),
        ("\"1500.00\"", "\"1500\"", "WDL-G005", None),
        (
            "tables: [effects, p_values",
            "tables: [p_values",
            "WDL-G005",
            None,
        ),
        ("question:", "qestion:", "WDL-G003", Some("question")),
        ("id: uniform", "id: main", "WDL-G005", None),
        (
            "{ last: 2025 }",
            "{ first: 2025-Q1, last: 2025 }",
            "WDL-G005",
            None,
        ),
    ];
    for (from, to, code, meant) in cases {
        assert!(CALL.contains(from), "{from}");
        let error = read("call.yaml", &CALL.replacen(from, to, 1)).unwrap_err();
        let found = error.faults()[0].diagnostic();
        assert_eq!(found.suggestion.as_deref(), meant, "{to}: {error}");
        assert_eq!(found.code.id, code, "{to}: {error}");
        assert!(error.faults()[0].line > 0 || code == "WDL-G004", "{error}");
    }
}

#[test]
fn a_design_of_several_starts_is_not_planned_by_a_formula() {
    let power = "power:\n  method: power\n  basis: { it: supposta, en: assumed }\n  options: { design: panel, deviation: 3, correlation: 0.1, before: 8, after: 8 }\ntables:";
    let error = read("desk.yaml", &DESK.replacen("tables:", power, 1)).unwrap_err();
    assert!(error.to_string().contains("simulation"), "{error}");
    for (wrong, why) in [
        ("{ deviation: 1 }", "level"),
        ("{ level: 1, like: renting }", "like"),
        ("{ level: 1, autocorrelation: 1 }", "autocorrelation"),
        ("{ level: 1, draws: 3 }", "draws"),
        ("{ level: -1, per: 100 }", "per"),
    ] {
        let power = format!(
            "power:\n  simulation: {wrong}\n  basis: {{ it: supposta, en: assumed }}\ntables:"
        );
        let error = read("desk.yaml", &DESK.replacen("tables:", &power, 1)).unwrap_err();
        assert!(error.to_string().contains(why), "{wrong}: {error}");
    }
}

#[test]
fn an_unknown_study_is_told_with_what_was_meant() {
    let studies = read("call.yaml", CALL).unwrap();
    let fault = studies.get("cal").unwrap_err().diagnostic();
    assert_eq!(
        (fault.code.id, fault.suggestion.as_deref()),
        ("WDL-V031", Some("call"))
    );
}

#[test]
fn the_studies_of_the_shipped_lab_are_read() {
    let lab = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../labs/modena");
    let studies = wdl_study::Studies::read(&lab).unwrap_or_else(|fault| panic!("{fault}"));
    let ids: Vec<&str> = studies.list().iter().map(|own| own.id().as_str()).collect();
    assert_eq!(ids, ["rent_support", "rione_desk"]);
}
