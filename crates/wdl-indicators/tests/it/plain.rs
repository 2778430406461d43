//! Measures on plain files against the reference values, and what is said of bad ones.

use std::path::{Path, PathBuf};

use wdl_indicators::Line;
use wdl_indicators::plain::{Errors, Measure, Options, RESAMPLING, Resampling, evaluate};
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
fn households_are_one_when_they_are_written_alike() {
    let folder = tempfile::tempdir().unwrap();
    let se = |names: [&str; 4]| {
        let file = folder.path().join("homes.csv");
        let row = |(name, income): (&str, u32)| format!("{name},{income}\n");
        let rows: String = names.into_iter().zip([10, 20, 30, 15]).map(row).collect();
        std::fs::write(&file, format!("casa,reddito\n{rows}")).unwrap();
        let options = Options {
            household: Some("casa".into()),
            measures: vec!["mean".parse().unwrap()],
            ..Options::new("reddito")
        };
        evaluate(&file, &options).unwrap().measures[0].se.unwrap()
    };
    let four = se(["a", "b", "c", "d"]);
    assert_eq!(
        se(["036023", "36023", "9007199254740993", "9007199254740992"]),
        four
    );
    assert_ne!(se(["36023", "36023", "c", "d"]), four);
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

#[test]
fn numbers_after_a_name_are_read_and_bounded() {
    let id = |text: &str| text.parse::<Measure>().map(Measure::id);
    assert_eq!(id("arpr:0.4").unwrap(), "arpr:0.4");
    let told = |text: &str| id(text).unwrap_err().to_string();
    assert!(told("arpr:7").contains("arpr:0.01"), "{}", told("arpr:7"));
    assert!(told("arpr:x").contains("arpr:0.01"));
    assert!(id("gini:2").is_err(), "takes no number");
}

#[test]
fn what_has_no_value_says_why() {
    let folder = tempfile::tempdir().unwrap();
    let file = write(folder.path(), "reddito;zona\n0;a\n0;a\n0;b\n10;b\n");
    let measures = ["arpr", "rmpg", "qsr", "watts", "gini"];
    let options = Options {
        by: vec!["zona".into()],
        measures: measures.map(|name| name.parse().unwrap()).into(),
        errors: Errors::None,
        ..Options::new("reddito")
    };
    let answer = serde_json::to_value(evaluate(&file, &options).unwrap()).unwrap();
    let told: Vec<(&str, &str)> = answer["measures"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|one| one["group"] == serde_json::json!({ "zona": "a" }))
        .filter(|one| one["value"].is_null())
        .map(|one| (one["id"].as_str().unwrap(), one["why"].as_str().unwrap()))
        .collect();
    assert_eq!(
        told,
        [
            ("rmpg", "threshold_not_positive"),
            ("qsr", "lower_sum_not_positive"),
            ("watts", "no_rows"),
            ("gini", "sum_not_positive"),
        ]
    );
    let watts = answer["measures"]
        .as_array()
        .unwrap()
        .iter()
        .find(|one| one["id"] == "watts" && one["group"] == serde_json::json!({}))
        .unwrap();
    assert_eq!((&watts["left_out"], &watts["n"]), (&3.into(), &1.into()));
}

#[test]
fn a_given_threshold_and_that_of_another_income() {
    let folder = tempfile::tempdir().unwrap();
    let text = "prima;dopo\n1;8\n2;9\n3;10\n20;20\n30;30\n";
    let file = write(folder.path(), text);
    let value = |options: Options| {
        let measures = vec!["arpr".parse().unwrap()];
        let errors = Errors::None;
        let asked = Options {
            measures,
            errors,
            ..options
        };
        evaluate(&file, &asked).unwrap().measures[0].value
    };
    // Six tenths of the median after transfers are 6: three are below before them, nobody after.
    let before = Options {
        reference: Some("dopo".into()),
        ..Options::new("prima")
    };
    assert_eq!(value(before), Some(0.6));
    assert_eq!(value(Options::new("dopo")), Some(0.0));
    let fixed = Options {
        line: Line::Fixed(9.5),
        ..Options::new("dopo")
    };
    assert_eq!(value(fixed), Some(0.4));
    let half = Options {
        line: Line::OfMedian(0.95),
        ..Options::new("dopo")
    };
    assert_eq!(value(half), Some(0.4));
}

#[test]
fn rounding_is_no_variance_to_compare_with() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("two.csv");
    std::fs::write(&file, "reddito;peso\n1,5;1\n2,5;2\n").unwrap();
    let options = Options {
        weight: Some("peso".into()),
        ..Options::new("reddito")
    };
    let answer = evaluate(&file, &options).unwrap();
    assert_eq!(answer.measures[0].value, Some(0.6 * 2.5));
    for measure in &answer.measures {
        assert!(measure.deff.is_none_or(|deff| deff < 100.0), "{measure:?}");
    }
}
