//! Small areas on plain files: what is estimated, what is flagged, what is refused.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use wdl_indicators::plain::Resampling;
use wdl_indicators::plain::areas::{
    AreaLevel, Benchmark, BenchmarkAsked, CovariateColumns, ErrorColumn, LineOfSample, Method,
    Transformation, UnitLevel, of_areas, of_people,
};
use wdl_vocab::Diagnose;

fn folder() -> Option<PathBuf> {
    let folder = PathBuf::from(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../../shared/reference/poverty"
    ));
    if folder.is_dir() {
        return Some(folder);
    }
    println!("skipped: ../shared/reference/poverty is absent");
    None
}

fn asked(area: &str, estimate: &str, error: ErrorColumn) -> AreaLevel {
    AreaLevel {
        area: area.into(),
        estimate: estimate.into(),
        error,
        covariates: CovariateColumns::default(),
        method: Method::Reml,
        benchmark: None,
    }
}

fn write(folder: &Path, name: &str, text: &str) -> PathBuf {
    let file = folder.join(name);
    std::fs::write(&file, text).unwrap();
    file
}

fn as_json(answer: impl serde::Serialize) -> Value {
    serde_json::to_value(answer).unwrap()
}

fn near(got: &Value, want: f64, tolerance: f64) {
    let got = got.as_f64().unwrap();
    assert!(
        (got - want).abs() <= tolerance * want.abs(),
        "{got} is not {want}"
    );
}

#[test]
fn milk_from_the_file_is_as_the_package_sae_has_it() {
    let Some(folder) = folder() else { return };
    let asked = AreaLevel {
        covariates: CovariateColumns {
            columns: Vec::new(),
            categories: vec!["MajorArea".into()],
        },
        ..asked("SmallArea", "yi", ErrorColumn::StandardError("SD".into()))
    };
    let got = as_json(of_areas(&folder.join("milk.csv"), &asked).unwrap());
    let text = std::fs::read_to_string(folder.join("milk_expected.json")).unwrap();
    let expected: Value = serde_json::from_str(&text).unwrap();
    let expected = &expected["results"]["REML"]["tight_precision_1e_13"];
    near(
        &got["variance_between"],
        expected["sigma2u"].as_f64().unwrap(),
        1e-8,
    );
    assert_eq!(got["coefficients"][1]["name"], "MajorArea=2");
    let areas = got["areas"].as_array().unwrap();
    assert_eq!((areas.len(), &got["areas_used"]), (43, &json!(43)));
    for area in areas {
        let place = area["area"].as_str().unwrap().parse::<usize>().unwrap() - 1;
        near(
            &area["estimate"],
            expected["eblup"][place].as_f64().unwrap(),
            1e-8,
        );
        near(&area["mse"], expected["mse"][place].as_f64().unwrap(), 1e-8);
        assert!(area.get("flags").is_none());
    }
}

/// Zero sampling variance, missing direct estimate, missing variance, missing covariate, a category of its own: none of them is passed over.
const GAPS: &str = "zona;quota;varianza;tipo;famiglie\n\
    a;0.21;0.001;centro;10\nb;0.34;0.002;centro;20\nc;0.05;0.0015;periferia;30\n\
    d;0.11;0.003;periferia;20\ne;0.55;0.001;centro;10\nf;0.02;0.002;periferia;10\n\
    zero;0;0;centro;5\nvuota;;;periferia;5\nsenza;0.3;;centro;5\nignota;0.3;0.001;;5\nsola;;;isola;5\n";

#[test]
fn an_area_with_a_gap_is_estimated_by_the_model_and_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let file = write(folder.path(), "zone.csv", GAPS);
    let asked = AreaLevel {
        covariates: CovariateColumns {
            columns: vec!["tipo".into()],
            categories: Vec::new(),
        },
        ..asked("zona", "quota", ErrorColumn::Variance("varianza".into()))
    };
    let got = as_json(of_areas(&file, &asked).unwrap());
    let area = |name: &str| {
        let areas = got["areas"].as_array().unwrap();
        areas
            .iter()
            .find(|area| area["area"] == name)
            .unwrap()
            .clone()
    };
    assert_eq!(got["areas_used"], 6);
    assert_eq!(
        area("zero")["flags"],
        json!(["zero_sampling_variance", "synthetic"])
    );
    assert_eq!(
        area("vuota")["flags"],
        json!(["no_direct_estimate", "synthetic"])
    );
    assert_eq!(
        area("senza")["flags"],
        json!(["no_sampling_variance", "synthetic"])
    );
    for name in ["zero", "vuota", "senza"] {
        let area = area(name);
        assert_eq!(area["weight_of_direct"], 0.0);
        assert!(area["mse"].as_f64().unwrap() > got["variance_between"].as_f64().unwrap());
    }
    for (name, why) in [("ignota", "covariate_missing"), ("sola", "not_identified")] {
        let area = area(name);
        assert_eq!(
            (&area["estimate"], &area["why"]),
            (&Value::Null, &json!(why))
        );
        assert_eq!((&area["mse"], &area["rmse"]), (&Value::Null, &Value::Null));
    }
    // The island is no row with a value: its column adds nothing, and is told.
    assert_eq!(
        got["warnings"][0],
        json!({ "warning": "collinear", "columns": ["tipo=isola"] })
    );
}

#[test]
fn the_order_of_rows_changes_no_byte() {
    let folder = tempfile::tempdir().unwrap();
    let mut lines: Vec<&str> = GAPS.lines().collect();
    let asked = asked("zona", "quota", ErrorColumn::Variance("varianza".into()));
    let one = of_areas(&write(folder.path(), "a.csv", &lines.join("\n")), &asked).unwrap();
    lines[1..].reverse();
    let other = of_areas(&write(folder.path(), "b.csv", &lines.join("\n")), &asked).unwrap();
    assert_eq!(as_json(one).to_string(), as_json(other).to_string());
}

#[test]
fn the_benchmark_adds_up_to_the_direct_total_or_to_a_given_one() {
    let folder = tempfile::tempdir().unwrap();
    let whole: String = GAPS.lines().take(7).collect::<Vec<&str>>().join("\n");
    let file = write(folder.path(), "zone.csv", &whole);
    let check = |how, total: Option<f64>, want: f64| {
        let asked = AreaLevel {
            benchmark: Some(BenchmarkAsked {
                how,
                size: Some("famiglie".into()),
                total,
            }),
            ..asked("zona", "quota", ErrorColumn::Variance("varianza".into()))
        };
        let got = of_areas(&file, &asked).unwrap();
        let sizes = [10.0, 20.0, 30.0, 20.0, 10.0, 10.0];
        let all: f64 = got
            .areas
            .iter()
            .zip(sizes)
            .map(|(area, size)| area.benchmarked.unwrap() * size)
            .sum();
        assert!((all / 100.0 - want).abs() < 1e-12, "{all}");
    };
    let direct =
        (0.21 * 10.0 + 0.34 * 20.0 + 0.05 * 30.0 + 0.11 * 20.0 + 0.55 * 10.0 + 0.02 * 10.0) / 100.0;
    for how in [Benchmark::Ratio, Benchmark::Difference] {
        check(how, None, direct);
        check(how, Some(0.3), 0.3);
    }
    let gaps = write(folder.path(), "gaps.csv", GAPS);
    let asked = AreaLevel {
        benchmark: Some(BenchmarkAsked {
            how: Benchmark::Ratio,
            size: None,
            total: None,
        }),
        ..asked("zona", "quota", ErrorColumn::Variance("varianza".into()))
    };
    let told = of_areas(&gaps, &asked).unwrap_err().diagnostic();
    assert_eq!(told.code.id, "WDL-I043");
}

#[test]
fn no_variance_between_areas_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let file = write(
        folder.path(),
        "zone.csv",
        "a,y,v\n1,1.0,4\n2,1.1,4\n3,0.9,4\n4,1.0,4\n",
    );
    let got =
        as_json(of_areas(&file, &asked("a", "y", ErrorColumn::Variance("v".into()))).unwrap());
    assert_eq!(got["variance_between"], 0.0);
    assert_eq!(
        got["warnings"],
        json!([{ "warning": "area_variance_zero" }])
    );
    assert!(got["areas"][0]["mse"].as_f64().unwrap() > 0.0);
}

#[test]
fn impossible_areas_are_refused_at_their_line() {
    let folder = tempfile::tempdir().unwrap();
    let check = |text: &str, code: &str, line: usize| {
        let file = write(folder.path(), "zone.csv", text);
        let asked = asked("a", "y", ErrorColumn::Variance("v".into()));
        let told = of_areas(&file, &asked).unwrap_err().diagnostic();
        assert_eq!(
            (
                told.code.id,
                told.place.as_ref().map_or(0, |place| place.line)
            ),
            (code, line)
        );
    };
    check("a,y,v\n1,2,1\n2,3,1\n1,4,1\n", "WDL-I040", 4);
    check("a,y,v\n1,2,1\n2,3,-1\n", "WDL-I041", 3);
    check("a,y,v\n1,inf,1\n2,3,1\n", "WDL-I041", 2);
    check("a,y,v\n1,2,1\n,3,1\n", "WDL-I041", 3);
    check("a,y,v\n1,2,1\n2,,1\n", "WDL-I042", 0);
}

/// A sample of 60 people in three areas, a register of four areas.
fn people(folder: &Path) -> (PathBuf, UnitLevel) {
    let mut sample = String::from("zona,reddito,peso,lavoro,eta\n");
    let mut register = String::from("zona,lavoro,eta\n");
    for row in 0..60 {
        let (work, age) = (if row % 3 == 0 { "no" } else { "si" }, 20 + row * 37 % 50);
        let income =
            9_000 + row * 7_919 % 11_000 + 4_000 * i32::from(work == "si") + 1_500 * (row % 4 % 3);
        sample += &format!("z{},{income},{},{work},{age}\n", row % 4 % 3, 1 + row % 5);
    }
    for row in 0..400 {
        let work = if row % 4 == 0 { "no" } else { "si" };
        register += &format!("z{},{work},{}\n", row % 4, 20 + row * 13 % 50);
    }
    sample += "z0,,1,si,40\nz1,12000,0,si,40\nz9,12000,1,si,40\nz1,12000,1,,40\n";
    register += "z1,,50\n,si,50\nz1,studio,50\n";
    let asked = UnitLevel {
        population: write(folder, "registro.csv", &register),
        area: "zona".into(),
        income: "reddito".into(),
        weight: Some("peso".into()),
        covariates: CovariateColumns {
            columns: vec!["lavoro".into(), "eta".into()],
            categories: Vec::new(),
        },
        line: LineOfSample::Fixed(12_500.0),
        transformation: Transformation::Log,
        resampling: Resampling {
            replicates: 20,
            seed: 4,
        },
    };
    (write(folder, "campione.csv", &sample), asked)
}

#[test]
fn people_and_a_register_give_each_area_its_poverty() {
    let folder = tempfile::tempdir().unwrap();
    let (file, asked) = people(folder.path());
    let got = as_json(of_people(&file, &asked).unwrap());
    assert_eq!(
        (&got["sample_rows"], &got["sample_rows_left_out"]),
        (&json!(60), &json!(4))
    );
    assert_eq!(
        (&got["population_rows"], &got["population_rows_left_out"]),
        (&json!(401), &json!(2))
    );
    let areas = got["areas"].as_array().unwrap();
    let names: Vec<_> = areas
        .iter()
        .map(|area| area["area"].as_str().unwrap())
        .collect();
    assert_eq!(names, ["z0", "z1", "z2", "z3", "z9"]);
    for area in &areas[..4] {
        let rate = area["rate"]["estimate"].as_f64().unwrap();
        assert!(rate > 0.0 && rate < 1.0);
        assert!(area["rate"]["mse"].as_f64().unwrap() > 0.0);
        assert!(area["gap"]["estimate"].as_f64().unwrap() < rate);
    }
    assert_eq!(areas[1]["flags"], json!(["people_left_out"]));
    assert_eq!(areas[1]["people_left_out"], 1);
    assert_eq!(areas[3]["flags"], json!(["not_in_sample", "synthetic"]));
    assert_eq!(
        (&areas[3]["direct_rate"], &areas[3]["n"]),
        (&Value::Null, &json!(0))
    );
    assert_eq!(
        (&areas[4]["rate"], &areas[4]["why"]),
        (&Value::Null, &json!("not_in_population"))
    );
    assert_eq!(as_json(of_people(&file, &asked).unwrap()), got);
}

/// The sample with nobody's income above zero.
fn text_of_nothing(file: &Path) -> String {
    let text = std::fs::read_to_string(file).unwrap();
    let mut lines = text.lines();
    let head = lines.next().unwrap().to_owned();
    let rows = lines.enumerate().map(|(row, line)| {
        let mut cells: Vec<String> = line.split(',').map(str::to_owned).collect();
        cells[1] = (-(row as i64 % 7)).to_string();
        cells.join(",")
    });
    std::iter::once(head)
        .chain(rows)
        .collect::<Vec<_>>()
        .join("\n")
        + "\n"
}

#[test]
fn people_in_any_order_and_columns_named_twice() {
    let folder = tempfile::tempdir().unwrap();
    let (file, asked) = people(folder.path());
    let asked = UnitLevel {
        line: LineOfSample::OfMedian(0.6),
        ..asked
    };
    let got = as_json(of_people(&file, &asked).unwrap());
    let turned = |path: &Path, name: &str| {
        let text = std::fs::read_to_string(path).unwrap();
        let (head, rows) = text.split_once('\n').unwrap();
        let mut rows: Vec<&str> = rows.lines().collect();
        rows.reverse();
        write(
            folder.path(),
            name,
            &format!("{head}\n{}\n", rows.join("\n")),
        )
    };
    let other = UnitLevel {
        population: turned(&asked.population, "r.csv"),
        ..asked.clone()
    };
    assert_eq!(
        as_json(of_people(&turned(&file, "c.csv"), &other).unwrap()),
        got
    );

    // In both lists it is one covariate; a category of the register alone is compared with, and is no base.
    let twice = UnitLevel {
        covariates: CovariateColumns {
            columns: vec!["lavoro".into(), "eta".into()],
            categories: vec!["lavoro".into()],
        },
        ..asked.clone()
    };
    assert_eq!(as_json(of_people(&file, &twice).unwrap()), got);
    let register = std::fs::read_to_string(&asked.population).unwrap();
    let unseen = UnitLevel {
        population: write(folder.path(), "u.csv", &(register + "z1,alieno,50\n")),
        ..asked.clone()
    };
    let with = as_json(of_people(&file, &unseen).unwrap());
    let names: Vec<&str> = with["coefficients"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["name"].as_str().unwrap())
        .collect();
    assert!(names.contains(&"lavoro=alieno") && !names.contains(&"lavoro=no"));
    assert_eq!(with["areas"][1]["people_left_out"], 2);
    for place in [0, 2] {
        assert_eq!(with["areas"][place]["rate"], got["areas"][place]["rate"]);
    }

    // The median is of everybody with an income, also of areas that the register does not have.
    assert_eq!(got["areas"][4]["n"], 1);
    let moved = std::fs::read_to_string(&file)
        .unwrap()
        .replacen("\nz0,9000,", "\nz77,9000,", 1);
    let moved = as_json(of_people(&write(folder.path(), "m.csv", &moved), &asked).unwrap());
    assert_eq!(moved["threshold"], got["threshold"]);
}

#[test]
fn what_cannot_be_estimated_from_people_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let (file, asked) = people(folder.path());
    let check = |file: &Path, asked: &UnitLevel, code: &str| {
        assert_eq!(
            of_people(file, asked).unwrap_err().diagnostic().code.id,
            code
        );
    };
    let none = UnitLevel {
        line: LineOfSample::Fixed(0.0),
        ..asked.clone()
    };
    check(&file, &none, "WDL-I024");
    let endless = UnitLevel {
        line: LineOfSample::OfMedian(f64::NAN),
        ..asked.clone()
    };
    check(&file, &endless, "WDL-I024");
    let poor = write(folder.path(), "p.csv", &text_of_nothing(&file));
    let of_median = UnitLevel {
        line: LineOfSample::OfMedian(0.6),
        transformation: Transformation::None,
        ..asked.clone()
    };
    check(&poor, &of_median, "WDL-I047");
    let text = std::fs::read_to_string(&file).unwrap();
    let negative = write(
        folder.path(),
        "n.csv",
        &text.replace("z0,9000,1,", "z0,-50,1,"),
    );
    check(&negative, &asked, "WDL-I045");
    let shifted = UnitLevel {
        transformation: Transformation::LogShift,
        ..asked.clone()
    };
    assert!(of_people(&negative, &shifted).is_ok());
    let weightless = write(
        folder.path(),
        "w.csv",
        &text.replace("z0,9000,1,", "z0,9000,,"),
    );
    check(&weightless, &asked, "WDL-I041");
    let elsewhere = write(folder.path(), "e.csv", &text.replace("\nz", "\nq"));
    check(&elsewhere, &asked, "WDL-I048");
}
