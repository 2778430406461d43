//! Values of the R packages laeken and convey on the synthetic EU-SILC, and the tiny quantile cases.

use std::path::PathBuf;

use serde_json::Value;
use wdl_stats::{
    Design, QuantileRule, Resampling, Sample, arpr, arpt, bootstrap_errors, gini, mean, qsr,
    quantile, rmpg, scores,
};

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

fn json(name: &str) -> Option<Value> {
    let text = std::fs::read_to_string(folder()?.join(name)).unwrap();
    Some(serde_json::from_str(&text).unwrap())
}

struct Silc {
    income: Vec<f64>,
    weight: Vec<f64>,
    household: Vec<u64>,
    region: Vec<u64>,
    is_female: Vec<bool>,
}

fn silc() -> Option<Silc> {
    let mut reader = csv::Reader::from_path(folder()?.join("eusilc.csv")).unwrap();
    let head = reader.headers().unwrap().clone();
    let place = |name: &str| head.iter().position(|column| column == name).unwrap();
    let (x, w, h, r, s) = (
        place("eqIncome"),
        place("rb050"),
        place("db030"),
        place("db040"),
        place("rb090"),
    );
    let mut silc = Silc {
        income: vec![],
        weight: vec![],
        household: vec![],
        region: vec![],
        is_female: vec![],
    };
    let mut regions: Vec<String> = vec![];
    for record in reader.records() {
        let record = record.unwrap();
        silc.income.push(record[x].parse().unwrap());
        silc.weight.push(record[w].parse().unwrap());
        silc.household.push(record[h].parse().unwrap());
        let region = record[r].to_owned();
        let known = regions.iter().position(|name| *name == region);
        silc.region.push(known.unwrap_or_else(|| {
            regions.push(region);
            regions.len() - 1
        }) as u64);
        silc.is_female.push(&record[s] == "female");
    }
    Some(silc)
}

fn near(got: f64, want: f64, tolerance: f64, name: &str) {
    let distance = (got - want).abs() / want.abs();
    assert!(
        distance <= tolerance,
        "{name}: {got} is not {want} ({distance:e})"
    );
}

#[test]
fn quantile_cases() {
    let Some(cases) = json("quantile_cases.json") else {
        return;
    };
    let numbers = |value: &Value| -> Vec<f64> {
        value
            .as_array()
            .unwrap()
            .iter()
            .map(|n| n.as_f64().unwrap())
            .collect()
    };
    for case in cases["cases"].as_array().unwrap() {
        let sample = Sample::new(&numbers(&case["x"]), &numbers(&case["w"])).unwrap();
        let p = case["p"].as_f64().unwrap();
        for (rule, key) in [
            (QuantileRule::Eurostat, "eurostat"),
            (QuantileRule::Laeken05, "laeken_0_5_code"),
        ] {
            assert_eq!(
                quantile(&sample, p, rule),
                case[key].as_f64(),
                "{case} {rule:?}"
            );
        }
    }
}

#[test]
fn point_values_equal_laeken() {
    let (Some(silc), Some(expected)) = (silc(), json("expected.json")) else {
        return;
    };
    let sample = Sample::new(&silc.income, &silc.weight).unwrap();
    let laeken = &expected["laeken"];
    let number = |value: &Value| value.as_f64().unwrap();
    for rule in [QuantileRule::Eurostat, QuantileRule::Laeken05] {
        let line = arpt(&sample, rule).unwrap();
        near(line, number(&laeken["ARPT"]), 1e-12, "arpt");
        let overall = &laeken["overall"];
        near(
            100.0 * arpr(&sample, line).unwrap(),
            number(&overall["ARPR"]),
            1e-12,
            "arpr",
        );
        near(
            qsr(&sample, rule).unwrap(),
            number(&overall["QSR"]),
            1e-12,
            "qsr",
        );
        near(
            100.0 * rmpg(&sample, line, rule).unwrap(),
            number(&overall["RMPG"]),
            1e-12,
            "rmpg",
        );
        near(
            100.0 * gini(&sample).unwrap(),
            number(&overall["GINI"]),
            1e-12,
            "gini",
        );
        for (name, value) in laeken["weightedQuantiles"].as_object().unwrap() {
            let p = name[1..].parse::<f64>().unwrap() / 100.0;
            near(
                quantile(&sample, p, rule).unwrap(),
                number(value),
                1e-12,
                name,
            );
        }
        for (sex, is_female) in [("male", false), ("female", true)] {
            let part = sample.restrict(&|row| silc.is_female[row] == is_female);
            let by = |measure: &str| number(&laeken["by_gender"][measure][sex]);
            near(100.0 * arpr(&part, line).unwrap(), by("ARPR"), 1e-12, sex);
            near(qsr(&part, rule).unwrap(), by("QSR"), 1e-12, sex);
            near(
                100.0 * rmpg(&part, line, rule).unwrap(),
                by("RMPG"),
                1e-12,
                sex,
            );
            near(100.0 * gini(&part).unwrap(), by("GINI"), 1e-12, sex);
        }
    }
    near(mean(&sample).unwrap(), 19890.806931295458, 1e-13, "mean");
    near(
        gini(&sample).unwrap(),
        0.264_896_192_113_229_07,
        4e-15,
        "gini, exact",
    );
}

#[test]
fn linearised_errors_equal_convey() {
    let (Some(silc), Some(expected)) = (silc(), json("expected.json")) else {
        return;
    };
    let sample = Sample::new(&silc.income, &silc.weight).unwrap();
    let rule = QuantileRule::Eurostat;
    let line = scores::threshold(&sample, rule).unwrap();
    let measures = [
        ("ARPT", line.scores.clone()),
        ("ARPR", scores::arpr(&sample, &line).unwrap()),
        ("QSR", scores::qsr(&sample, rule).unwrap()),
        ("RMPG", scores::rmpg(&sample, &line, rule).unwrap()),
        ("GINI", scores::gini(&sample).unwrap()),
        ("MEAN", scores::mean(&sample).unwrap()),
    ];
    let rows = silc.income.len();
    let (homes, regions) = (Some(&silc.household[..]), Some(&silc.region[..]));
    let designs = [
        (
            "cluster_hh_strata_region",
            Design::new(rows, homes, regions),
        ),
        ("person_strata_region", Design::new(rows, None, regions)),
        ("srs_with_weights", Design::new(rows, None, None)),
    ];
    for (name, design) in designs {
        for (measure, scores) in &measures {
            let want = expected["convey_linearised"]["values"][name][measure]["se"].as_f64();
            let got = design.standard_error(scores).unwrap();
            println!("{name} {measure} {got} {want:?}");
            near(got, want.unwrap(), 1e-3, &format!("{name} {measure}"));
        }
    }
}

#[test]
fn bootstrap_agrees_with_linearisation() {
    let (Some(silc), Some(expected)) = (silc(), json("expected.json")) else {
        return;
    };
    let sample = Sample::new(&silc.income, &silc.weight).unwrap();
    let rule = QuantileRule::Eurostat;
    let design = Design::new(silc.income.len(), Some(&silc.household), Some(&silc.region));
    let measure = |sample: &Sample| {
        let line = arpt(sample, rule);
        vec![
            line.and_then(|line| arpr(sample, line)),
            qsr(sample, rule),
            gini(sample),
            line.and_then(|line| rmpg(sample, line, rule)),
        ]
    };
    let resampling = Resampling {
        replicates: 400,
        seed: 7,
    };
    let errors = bootstrap_errors(&sample, &design, resampling, &measure);
    let own = &expected["bootstrap"]["own_numpy_multiplicity_bootstrap_R1000_se"];
    for ((name, factor), error) in [
        ("ARPR", 100.0),
        ("QSR", 1.0),
        ("GINI", 100.0),
        ("RMPG", 100.0),
    ]
    .iter()
    .zip(&errors)
    {
        let want = own[name].as_f64().unwrap();
        // Four Monte Carlo errors of a standard deviation, of 400 and of 1,000 replicates together.
        let band = 4.0 * (1.0 / 800.0_f64 + 1.0 / 2000.0).sqrt();
        near(factor * error.unwrap(), want, band, name);
    }
    let again = rayon::ThreadPoolBuilder::new()
        .num_threads(1)
        .build()
        .unwrap()
        .install(|| bootstrap_errors(&sample, &design, resampling, &measure));
    assert_eq!(errors, again, "the number of threads changes nothing");
}
