//! Methods on panels with treatment at different dates: did, bacon, sun-abraham, imputation, two-stage.

use wdl_evaluation::{Cell, EvaluationError};

use crate::asked::{File, ask};

const MPDTA: [(&str, &str); 4] = [
    ("outcome", "lemp"),
    ("unit", "countyreal"),
    ("period", "year"),
    ("first-treated", "first.treat"),
];

fn with<'a>(more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    MPDTA.iter().chain(more).copied().collect()
}

/// Four units over three periods, two of them treated in the second.
fn small() -> File {
    File::default()
        .with(
            "u",
            &["a", "a", "a", "b", "b", "b", "c", "c", "c", "d", "d", "d"],
        )
        .with("t", &[1, 2, 3, 1, 2, 3, 1, 2, 3, 1, 2, 3])
        .with(
            "g",
            &["2", "2", "2", "2", "2", "2", "", "", "", "0", "0", "0"],
        )
        .with(
            "y",
            &[1.0, 4.0, 5.0, 2.0, 5.5, 6.0, 1.0, 2.0, 3.0, 0.0, 1.5, 2.0],
        )
}

const SMALL: [(&str, &str); 4] = [
    ("outcome", "y"),
    ("unit", "u"),
    ("period", "t"),
    ("first-treated", "g"),
];

fn close(own: f64, expected: f64) {
    assert!((own - expected).abs() < 1e-9, "{own} is not {expected}");
}

#[test]
fn did_on_county_employment() {
    let Some(file) = File::reference("mpdta.csv", b',') else {
        return;
    };
    let simple = ask("did", &file, &with(&[("aggregation", "simple")])).unwrap();
    close(simple.estimates[0].estimate, -0.039_951_275_155_176_31);
    close(
        simple.estimates[0].standard_error.unwrap(),
        0.012_034_012_770_185_42,
    );
    let options = [
        ("covariates", "lpop"),
        ("estimator", "doubly-robust-improved"),
        ("aggregation", "simple"),
    ];
    let improved = ask("did", &file, &with(&options)).unwrap();
    close(improved.estimates[0].estimate, -0.041_757_728_736_380_4);
    // Written out a second time in numpy from the moments of the paper: its first steps add nothing to the influence values.
    close(
        improved.estimates[0].standard_error.unwrap(),
        0.011_500_833_109_726_38,
    );
    let dynamic = ask("did", &file, &with(&[])).unwrap();
    let names: Vec<&str> = dynamic
        .estimates
        .iter()
        .map(|own| own.name.as_str())
        .collect();
    assert_eq!(names, ["att", "-3", "-2", "-1", "0", "1", "2", "3"]);
    close(dynamic.estimates[0].estimate, -0.077_239_821_457_315_14);
    let Some(Cell::Number(critical)) = dynamic.figures.get("critical_value") else {
        panic!("bands");
    };
    assert!(*critical > 1.96);
    let again = ask("did", &file, &with(&[("seed", "1")])).unwrap();
    assert_eq!(again.figures, dynamic.figures);
    assert_eq!(
        dynamic
            .tables
            .iter()
            .map(|own| own.rows.len())
            .sum::<usize>(),
        7 + 12
    );
}

#[test]
fn the_others_on_county_employment() {
    let Some(file) = File::reference("mpdta.csv", b',') else {
        return;
    };
    for (method, estimate, error) in [
        ("bacon", -0.036_548_936_674_066_96, 0.013_265_155_429_339),
        (
            "sun-abraham",
            -0.039_951_275_155_176_276,
            0.011_796_277_441_754_287,
        ),
        (
            "imputation",
            -0.047_709_918_277_817_27,
            0.013_222_488_650_016_436,
        ),
        (
            "two-stage",
            -0.047_709_918_277_817_26,
            0.013_478_408_807_759_21,
        ),
    ] {
        let answer = ask(method, &file, &with(&[])).unwrap();
        close(answer.estimates[0].estimate, estimate);
        close(answer.estimates[0].standard_error.unwrap(), error);
        assert_eq!(answer.sample.used, 2_500);
    }
    let bacon = ask("bacon", &file, &with(&[])).unwrap();
    let Some(Cell::Number(weight)) = bacon.figures.get("weight_against_never") else {
        panic!("weights");
    };
    close(*weight, 0.862_774_418_081_488_5);
}

#[test]
fn two_groups_by_hand() {
    // In period 2: (3 + 3.5)/2 - (1 + 1.5)/2 = 2; in period 3 against period 1: (4 + 4)/2 - (2 + 2)/2 = 2.
    for method in ["did", "bacon", "sun-abraham", "imputation", "two-stage"] {
        let answer = ask(method, &small(), &SMALL).unwrap();
        close(answer.estimates[0].estimate, 2.0);
    }
}

#[test]
fn rows_that_are_no_panel_are_refused_without_their_cells() {
    let changed = small().with("h", &["2", "3", "2", "2", "2", "2", "", "", "", "", "", ""]);
    for method in ["did", "bacon", "sun-abraham", "imputation", "two-stage"] {
        let mut options = SMALL;
        options[3].1 = "h";
        let fault = ask(method, &changed, &options).unwrap_err();
        let EvaluationError::Data { detail } = fault else {
            panic!("{method}");
        };
        assert_eq!(detail.en, "the date of treatment changes inside 1 units");
    }
    let half = small().with("h", &["2.5"; 12]);
    let mut options = SMALL;
    options[3].1 = "h";
    assert!(matches!(
        ask("did", &half, &options),
        Err(EvaluationError::Data { .. })
    ));
    let all = small().with("h", &[1; 12]);
    assert!(matches!(
        ask("did", &all, &options),
        Err(EvaluationError::Data { .. })
    ));
}

#[test]
fn missing_rows_unbalance_the_panel_and_the_choice_is_told() {
    let file = small().with(
        "z",
        &[
            "", "4", "5", "2", "5.5", "6", "1", "2", "3", "0", "1.5", "2",
        ],
    );
    let mut options = SMALL.to_vec();
    options[0].1 = "z";
    assert!(matches!(
        ask("did", &file, &options),
        Err(EvaluationError::Data { .. })
    ));
    options.push(("gaps", "drop-units"));
    let answer = ask("did", &file, &options).unwrap();
    assert_eq!((answer.sample.rows, answer.sample.used), (12, 9));
    assert_eq!(answer.sample.left_out[0].count, 2);
    // One treated unit is left: an effect, but no error.
    assert_eq!(answer.estimates[0].standard_error, None);
    options[4].1 = "as-they-are";
    let answer = ask("did", &file, &options).unwrap();
    assert_eq!(answer.sample.used, 11);
}

#[test]
fn options_that_do_not_go_together_are_refused() {
    let mut options = SMALL.to_vec();
    options.push(("aggregation", "group"));
    options.push(("balance", "1"));
    let fault = ask("did", &small(), &options).unwrap_err();
    assert!(matches!(
        fault,
        EvaluationError::Options {
            option: "aggregation",
            ..
        }
    ));
    let mut options = SMALL.to_vec();
    options.push(("sections", ""));
    let fault = ask("did", &small(), &options).unwrap_err();
    assert!(matches!(
        fault,
        EvaluationError::Options { option: "unit", .. }
    ));
    options.remove(1);
    let sections = ask("did", &small(), &options).unwrap();
    close(sections.estimates[0].estimate, 2.0);
}

#[test]
fn newly_treated_beside_those_not_yet() {
    // Three units; the first is treated from the third period, by two.
    let file = File::default()
        .with("u", &[1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3])
        .with("t", &[1, 2, 3, 4, 1, 2, 3, 4, 1, 2, 3, 4])
        .with("g", &["3", "3", "3", "3", "", "", "", "", "", "", "", ""])
        .with(
            "y",
            &[1.0, 2.0, 5.0, 6.0, 0.0, 1.0, 1.5, 3.0, 4.0, 5.0, 6.5, 7.0],
        );
    let asked = [
        ("outcome", "y"),
        ("unit", "u"),
        ("period", "t"),
        ("first-treated", "g"),
    ];
    let own = ask("lp-did", &file, &asked).unwrap();
    // By hand: 3 less the mean of 0.5 and 1.5; then 4 less the mean of 2 and 2.
    let effect = |name: &str| own.estimates.iter().find(|own| own.name == name).unwrap();
    assert!((effect("0").estimate - 2.0).abs() < 1e-12);
    assert!((effect("1").estimate - 2.0).abs() < 1e-12);
    let pooled = [&asked[..], &[("horizon", "1")]].concat();
    let pooled = ask("lp-did", &file, &pooled).unwrap();
    assert_eq!(pooled.estimates[0].name, "att");
    assert!((pooled.estimates[0].estimate - 2.0).abs() < 1e-12);
    let beyond = [&asked[..], &[("horizon", "9")]].concat();
    assert!(ask("lp-did", &file, &beyond).is_err());
}

/// Sixteen areas over twelve quarters, ten of which begin in three waves; those to begin drift by `drift` in each quarter before.
fn sixteen(drift: f64) -> File {
    let (mut unit, mut period, mut first, mut outcome) = (vec![], vec![], vec![], vec![]);
    let mut state = 5_u64;
    for area in 0..16_i32 {
        let start = match area {
            ..4 => 7,
            4..7 => 9,
            7..10 => 11,
            _ => 0,
        };
        for quarter in 1..=12 {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            let chance = (state >> 40) as f64 / (1_u64 << 24) as f64;
            let ahead = match start {
                0 => 0,
                start => (quarter - start + 5).clamp(0, 5),
            };
            unit.push(format!("r{area}"));
            period.push(f64::from(quarter));
            first.push(f64::from(start));
            outcome.push(chance + drift * f64::from(ahead));
        }
    }
    let unit: Vec<&str> = unit.iter().map(String::as_str).collect();
    File::default()
        .with("u", &unit)
        .with("t", &period)
        .with("g", &first)
        .with("y", &outcome)
}

#[test]
fn sixteen_areas_have_a_test_of_trends_before() {
    let p = |drift: f64| {
        let answer = ask("did", &sixteen(drift), &SMALL).unwrap();
        assert!(answer.notes.iter().any(|own| own.key == "pre_trend_of_few"));
        assert!(!answer.figures.contains_key("pre_trend_statistic"));
        match answer.figures["pre_trend_p_value"] {
            Cell::Number(p) => p,
            ref other => panic!("{other:?}"),
        }
    };
    assert!(p(0.0) > 0.1, "{}", p(0.0));
    assert!(p(0.5) < 0.02, "{}", p(0.5));
}

#[test]
fn a_quarter_in_which_nothing_happens_leaves_the_average_its_error() {
    // In the last quarter the outcome of everybody is as in the first: two cells do not vary.
    let file = File::default()
        .with(
            "u",
            &["a", "a", "a", "b", "b", "b", "c", "c", "c", "d", "d", "d"],
        )
        .with("t", &[1, 2, 3, 1, 2, 3, 1, 2, 3, 1, 2, 3])
        .with("g", &["2", "2", "2", "2", "2", "2", "", "", "", "", "", ""])
        .with(
            "y",
            &[1.0, 4.0, 1.0, 2.0, 5.5, 2.0, 1.0, 2.0, 1.0, 0.0, 1.5, 0.0],
        );
    let answer = ask("did", &file, &SMALL).unwrap();
    assert!(answer.estimates[0].standard_error.unwrap() > 0.0);
    let still = answer.estimates.iter().find(|own| own.name == "1").unwrap();
    assert_eq!((still.estimate, still.standard_error), (0.0, None));
}
