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
            ("arpr", "threshold_not_positive"),
            ("rmpg", "threshold_not_positive"),
            ("qsr", "lower_sum_not_positive"),
            ("watts", "threshold_not_positive"),
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
fn a_line_is_a_finite_positive_number() {
    let folder = tempfile::tempdir().unwrap();
    let file = write(folder.path(), "reddito\n1\n2\n3\n");
    for wrong in [0.0, -1.0, f64::NAN, f64::INFINITY] {
        for (line, option) in [
            (Line::Fixed(wrong), "--threshold"),
            (Line::OfMedian(wrong), "--line"),
        ] {
            let options = Options {
                line,
                ..Options::new("reddito")
            };
            let told = evaluate(&file, &options).unwrap_err();
            assert_eq!(told.diagnostic().code.id, "WDL-I024");
            assert!(told.to_string().contains(option));
        }
    }
    let file = write(folder.path(), "reddito\n-5\n-3\n-1\n4\n");
    let answer = evaluate(&file, &Options::new("reddito")).unwrap();
    for one in answer
        .measures
        .iter()
        .filter(|one| one.id.starts_with("arp"))
    {
        assert_eq!(one.value, None, "{}", one.id);
        assert_eq!(one.why.unwrap().name(), "threshold_not_positive");
    }
}

#[test]
fn an_error_of_one_unit_is_none() {
    let folder = tempfile::tempdir().unwrap();
    let file = write(folder.path(), "x,g\n-5,a\n-3,a\n-1,a\n4,b\n");
    let drawn = Errors::Bootstrap(Resampling {
        replicates: 20,
        ..RESAMPLING
    });
    for errors in [Errors::Linearised, drawn] {
        let options = Options {
            by: vec!["g".into()],
            measures: ["atkinson", "mean"]
                .map(|name| name.parse().unwrap())
                .into(),
            errors,
            ..Options::new("x")
        };
        let answer = evaluate(&file, &options).unwrap();
        let of = |id: &str, groups: usize| {
            let mut found = answer.measures.iter();
            let found = found.find(|one| one.id == id && one.group.len() == groups);
            let own = found.unwrap();
            (own.se, own.why.map(|why| why.name()))
        };
        assert_eq!(of("atkinson", 0), (None, Some("too_few_rows")));
        assert!(of("mean", 0).0.is_some());
        let alone = answer.measures.last().unwrap();
        assert_eq!((alone.value, alone.se), (Some(4.0), None));
        assert_eq!(alone.why.unwrap().name(), "too_few_rows");
    }
}

/// The same people in another order of the rows, with households and without, and beside other columns.
#[test]
fn the_order_of_rows_changes_no_draw() {
    let folder = tempfile::tempdir().unwrap();
    let mut rows: Vec<String> = (0..200)
        .map(|row| {
            let income = 9_000 + row * 7_919 % 11_000;
            format!(
                "{income},{},f{},{},{}",
                1 + row % 7,
                row * 31 % 90,
                row % 3,
                row % 2
            )
        })
        .collect();
    let mut told: Vec<String> = Vec::new();
    for turn in [0, 83, 171] {
        rows.rotate_left(turn);
        let text = format!("x,w,casa,zona,sesso\n{}\n", rows.join("\n"));
        let file = write(folder.path(), &text);
        for (household, by) in [(true, true), (true, false), (false, false)] {
            let options = Options {
                weight: Some("w".into()),
                household: household.then(|| "casa".into()),
                strata: household.then(|| "zona".into()),
                by: by.then(|| "sesso".into()).into_iter().collect(),
                errors: Errors::Bootstrap(Resampling {
                    replicates: 30,
                    ..RESAMPLING
                }),
                ..Options::new("x")
            };
            let answer = evaluate(&file, &options).unwrap();
            let whole = answer.measures.iter().filter(|one| one.group.is_empty());
            told.push(format!("{:?}", whole.collect::<Vec<_>>()));
            told.push(format!("{:?}", answer.measures));
        }
    }
    for other in told[6..].chunks(6) {
        assert_eq!(told[..6], *other);
    }
    assert_eq!(told[0], told[2], "groups change no draw of everybody");
}

#[test]
fn one_name_of_two_groups_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let file = write(folder.path(), "x,g,k\n1,a/b,c\n2,a,b/c\n3,a,c\n5,NA,c\n");
    let compared = |names: [&str; 2]| {
        let options = Options {
            by: vec!["g".into(), "k".into()],
            compare: names.map(str::to_owned).into(),
            ..Options::new("x")
        };
        evaluate(&file, &options).map_err(|fault| fault.diagnostic().code.id)
    };
    assert_eq!(compared(["a/b/c", "a/c"]).unwrap_err(), "WDL-I024");
    let answer = compared(["NA/c", "a/c"]).unwrap();
    assert!(!answer.differences.is_empty(), "`NA` is a name");
}

/// Near the ends of what a double holds there is a number or a reason, never something that is neither.
#[test]
fn extreme_sizes_are_measured_or_say_why() {
    let folder = tempfile::tempdir().unwrap();
    let measured = |text: &str| {
        let options = Options {
            weight: Some("w".into()),
            measures: Measure::all().collect(),
            ..Options::new("x")
        };
        evaluate(&write(folder.path(), text), &options)
            .unwrap()
            .measures
    };
    for text in [
        "x,w\n1,1e300\n2,1e308\n3,1e308\n4,1e307\n",
        "x,w\n1,1e-320\n2,1e-310\n3,1e-300\n4,1e-300\n",
        "x,w\n1e300,1\n2e300,1\n3e300,1\n9e307,1\n",
        "x,w\n1e-300,1\n2e-300,1\n3e-300,1\n9e-300,1\n",
    ] {
        for one in measured(text) {
            let numbers = [one.value, one.se, one.cv, one.deff, one.deff_weights];
            assert!(numbers.into_iter().flatten().all(f64::is_finite), "{one:?}");
            assert!(one.value.is_some() || one.why.is_some(), "{one:?}");
        }
    }
    let find = |id: &str| {
        let all = measured("x,w\n1,1e300\n2,1e308\n3,1e308\n4,1e307\n");
        all.into_iter().find(|one| one.id == id).unwrap().value
    };
    assert_eq!(find("median"), Some(3.0));
    near(find("mean"), 5.4 / 2.1, 1e-7);
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
