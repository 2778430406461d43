//! Measures on plain files against the reference values, and what is said of bad ones.

use std::path::{Path, PathBuf};

use wdl_indicators::plain::{Errors, Measure, Options, RESAMPLING, evaluate};
use wdl_stats::Resampling;
use wdl_vocab::{Diagnose, Exit};

fn eusilc() -> Option<PathBuf> {
    let file = PathBuf::from(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../../shared/reference/poverty/eusilc.csv"
    ));
    if file.is_file() {
        return Some(file);
    }
    println!("skipped: ../shared/reference/poverty is absent");
    None
}

fn silc_options() -> Options {
    Options {
        weight: Some("rb050".into()),
        household: Some("db030".into()),
        strata: Some("db040".into()),
        ..Options::new("eqIncome")
    }
}

fn near(got: Option<f64>, want: f64, tolerance: f64) {
    let got = got.unwrap();
    assert!(
        (got - want).abs() <= tolerance * want.abs(),
        "{got} is not {want}"
    );
}

#[test]
fn the_five_measures_equal_the_reference() {
    let Some(file) = eusilc() else { return };
    let text = std::fs::read_to_string(file.with_file_name("expected.json")).unwrap();
    let expected: serde_json::Value = serde_json::from_str(&text).unwrap();
    let answer = evaluate(&file, &silc_options()).unwrap();
    assert_eq!(answer.rows, 14827);
    let laeken = |name: &str| expected["laeken"]["overall"][name].as_f64().unwrap();
    let error = |name: &str| {
        expected["convey_linearised"]["values"]["cluster_hh_strata_region"][name]["se"]
            .as_f64()
            .unwrap()
    };
    let want = [
        (
            "arpt",
            expected["laeken"]["ARPT"].as_f64().unwrap(),
            error("ARPT"),
        ),
        ("arpr", laeken("ARPR") / 100.0, error("ARPR")),
        ("qsr", laeken("QSR"), error("QSR")),
        ("rmpg", laeken("RMPG") / 100.0, error("RMPG")),
        ("gini", laeken("GINI") / 100.0, error("GINI")),
    ];
    assert_eq!(answer.measures.len(), want.len());
    for (got, (id, value, se)) in answer.measures.iter().zip(want) {
        assert_eq!((got.id, got.n), (id, 14827));
        near(got.value, value, 1e-9);
        near(got.se, se, 1e-3);
    }
}

#[test]
fn groups_share_the_threshold_of_everybody() {
    let Some(file) = eusilc() else { return };
    let options = Options {
        by: vec!["rb090".into()],
        measures: vec!["arpt".parse().unwrap(), "arpr".parse().unwrap()],
        ..silc_options()
    };
    let answer = serde_json::to_value(evaluate(&file, &options).unwrap()).unwrap();
    let measures = answer["measures"].as_array().unwrap();
    let ids: Vec<_> = measures
        .iter()
        .map(|m| (m["id"].as_str().unwrap(), m["group"].clone()))
        .collect();
    let sex = |name: &str| serde_json::json!({ "rb090": name });
    let nobody = serde_json::json!({});
    assert_eq!(
        ids,
        [
            ("arpt", nobody.clone()),
            ("arpr", nobody),
            ("arpr", sex("female")),
            ("arpr", sex("male"))
        ]
    );
    near(measures[2]["value"].as_f64(), 0.16733508079078788, 1e-12);
    near(measures[2]["se"].as_f64(), 0.0056421428, 1e-2);
    near(
        measures[3]["value"].as_f64(),
        0.120_265_999_772_075_5,
        1e-12,
    );
    near(measures[3]["se"].as_f64(), 0.0049969565, 1e-2);
    assert_eq!(
        measures[2]["n"].as_u64().unwrap() + measures[3]["n"].as_u64().unwrap(),
        14827
    );
}

#[test]
fn the_bootstrap_is_repeatable() {
    let Some(file) = eusilc() else { return };
    let errors = Errors::Bootstrap(Resampling {
        replicates: 100,
        ..RESAMPLING
    });
    let options = Options {
        errors,
        ..silc_options()
    };
    let answer = evaluate(&file, &options).unwrap();
    assert_eq!(answer, evaluate(&file, &options).unwrap());
    near(answer.measures[1].se, 0.00478, 0.3);
}

fn write(folder: &Path, text: &str) -> PathBuf {
    let file = folder.join("redditi.csv");
    std::fs::write(&file, text).unwrap();
    file
}

#[test]
fn rows_without_income_are_left_out_and_counted() {
    let folder = tempfile::tempdir().unwrap();
    let file = write(folder.path(), "reddito;peso\n10;1\n;1\n30;2\n");
    let options = Options {
        errors: Errors::None,
        weight: Some("peso".into()),
        ..Options::new("reddito")
    };
    let answer = serde_json::to_value(evaluate(&file, &options).unwrap()).unwrap();
    assert_eq!(answer["rows"], 3);
    assert_eq!(answer["rows_without_income"], 1);
    assert_eq!(answer["measures"][0]["value"], 18.0);
    assert_eq!(answer["measures"][0]["se"], serde_json::Value::Null);
}

#[test]
fn bad_files_and_words_are_told() {
    let folder = tempfile::tempdir().unwrap();
    let file = write(folder.path(), "reddito;peso;casa\n10;1;a\n20;-1;\nx;1;c\n");
    let check = |options: Options, code: &str, exit: Exit, meant: Option<&str>, line: usize| {
        let told = evaluate(&file, &options).unwrap_err().diagnostic();
        assert_eq!((told.code.id, told.code.exit), (code, exit), "{told:?}");
        assert_eq!(told.suggestion.as_deref(), meant);
        assert_eq!(told.place.map_or(0, |place| place.line), line);
    };
    check(
        Options::new("redito"),
        "WDL-S009",
        Exit::Usage,
        Some("reddito"),
        0,
    );
    check(
        Options::new("reddito"),
        "WDL-S010",
        Exit::ChecksFailed,
        None,
        4,
    );
    let on_weight = Options {
        weight: Some("peso".into()),
        ..Options::new("peso")
    };
    check(on_weight, "WDL-I013", Exit::ChecksFailed, None, 3);
    let with_gaps = Options {
        household: Some("casa".into()),
        ..Options::new("peso")
    };
    check(with_gaps, "WDL-I012", Exit::ChecksFailed, None, 0);

    let told = "ginni".parse::<Measure>().unwrap_err().diagnostic();
    assert_eq!(
        (told.code.id, told.suggestion.as_deref()),
        ("WDL-I011", Some("gini"))
    );
    assert!(
        "count".parse::<Measure>().is_err(),
        "needs more than incomes"
    );
    assert_eq!(
        "linearized"
            .parse::<Errors>()
            .unwrap_err()
            .diagnostic()
            .suggestion
            .as_deref(),
        Some("linearised")
    );
}
