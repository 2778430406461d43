//! Values of the R packages laeken and convey on the synthetic EU-SILC, and the tiny quantile cases.

use std::path::PathBuf;

use serde_json::Value;
use wdl_stats::measures::{
    arpr, arpt, atkinson, entropy, fgt, gini, mean, qsr, rmpg, sen, sst, watts,
};
use wdl_stats::scores::{self, Bandwidth, Method, Scores, Threshold};
use wdl_stats::{Design, Draw, QuantileRule, Resampling, Sample, bootstrap_errors, quantile};

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
                quantile(&sample, p, rule).ok(),
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
        let line = arpt(&sample, 0.6, rule).unwrap();
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
fn indices_equal_the_independent_computations() {
    let (Some(silc), Some(expected)) = (silc(), json("expected.json")) else {
        return;
    };
    let sample = Sample::new(&silc.income, &silc.weight).unwrap();
    let positive = sample.restrict(&|row| silc.income[row] > 0.0);
    assert_eq!(sample.len() - positive.len(), 3);
    let line = arpt(&sample, 0.6, QuantileRule::Eurostat).unwrap();
    let rate = arpr(&sample, line).unwrap();
    let numbers = &expected["numpy_independent"];
    let gap = fgt(&sample, line, 1.0).unwrap() / rate;
    let among_poor = sample.restrict(&|row| silc.income[row] < line);
    let values = [
        ("ARPT", line),
        ("FGT0", rate),
        ("FGT1", fgt(&sample, line, 1.0).unwrap()),
        ("FGT2", fgt(&sample, line, 2.0).unwrap()),
        ("income_gap_ratio_I", gap),
        ("gini_among_poor", gini(&among_poor).unwrap()),
        ("SST", sst(&sample, line).unwrap()),
        ("WATTS_pos", watts(&positive, line).unwrap()),
        ("mean_all", mean(&sample).unwrap()),
        ("mean_pos", mean(&positive).unwrap()),
        ("ATK_0.5_pos", atkinson(&positive, 0.5).unwrap()),
        ("ATK_1_pos", atkinson(&positive, 1.0).unwrap()),
        ("GE_0_pos_MLD", entropy(&positive, 0.0).unwrap()),
        ("GE_1_pos_Theil", entropy(&positive, 1.0).unwrap()),
        ("GE_2_pos", entropy(&positive, 2.0).unwrap()),
    ];
    for (name, got) in values {
        near(got, numbers[name].as_f64().unwrap(), 1e-11, name);
    }
    let composed = rate * (gap + (1.0 - gap) * gini(&among_poor).unwrap());
    near(sen(&sample, line).unwrap(), composed, 1e-12, "sen");
    for (part, want) in expected["laeken"]["ARPR_at_p"].as_object().unwrap() {
        let line = arpt(&sample, part.parse().unwrap(), QuantileRule::Eurostat).unwrap();
        let got = 100.0 * arpr(&sample, line).unwrap();
        near(got, want.as_f64().unwrap(), 1e-12, part);
    }
}

#[test]
fn values_equal_the_exact_ones() {
    let (Some(silc), Some(expected)) = (silc(), json("expected.json")) else {
        return;
    };
    let sample = Sample::new(&silc.income, &silc.weight).unwrap();
    let rule = QuantileRule::Eurostat;
    let line = arpt(&sample, 0.6, rule).unwrap();
    let values = [
        ("GINI_percent", 100.0 * gini(&sample).unwrap()),
        ("ARPR_percent", 100.0 * arpr(&sample, line).unwrap()),
        ("QSR", qsr(&sample, rule).unwrap()),
        ("FGT1", fgt(&sample, line, 1.0).unwrap()),
        ("FGT2", fgt(&sample, line, 2.0).unwrap()),
        ("MEAN", mean(&sample).unwrap()),
        ("sum_of_weights", sample.total_weight()),
    ];
    for (name, got) in values {
        let want = expected["exact"][name].as_str().unwrap().parse().unwrap();
        near(got, want, 1e-14, name);
    }
}

/// The unit totals of a measure with those of its threshold.
fn totals(
    design: &Design,
    sample: &Sample,
    line: &Threshold,
    everybody: &Sample,
    scores: &Scores,
) -> Vec<f64> {
    let mut totals = design.totals(sample, &scores.own);
    let of_line = design.totals(everybody, &line.scores);
    for (own, line) in totals.iter_mut().zip(of_line) {
        *own += scores.of_threshold * line;
    }
    totals
}

#[test]
fn linearised_errors_equal_convey() {
    let (Some(silc), Some(expected)) = (silc(), json("expected.json")) else {
        return;
    };
    let sample = Sample::new(&silc.income, &silc.weight).unwrap();
    let positive = sample.restrict(&|row| silc.income[row] > 0.0);
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
    // Ours is compared with convey's within what another bandwidth may change.
    for (bandwidth, tolerance) in [(Bandwidth::Convey, 1e-6), (Bandwidth::Undersmoothed, 5e-3)] {
        let method = Method {
            bandwidth,
            ..Method::default()
        };
        let line = Threshold::of_median(&sample, 0.6, method).unwrap();
        let fixed = Threshold::fixed(line.value);
        let threshold = Scores {
            own: line.scores.clone(),
            of_threshold: 0.0,
        };
        let all = &sample;
        let some = &positive;
        let measures = [
            ("ARPT", all, &line, threshold),
            (
                "ARPR",
                all,
                &line,
                scores::arpr(all, &line, method).unwrap(),
            ),
            ("QSR", all, &line, scores::qsr(all, method).unwrap()),
            (
                "RMPG",
                all,
                &line,
                scores::rmpg(all, &line, method).unwrap(),
            ),
            ("GINI", all, &line, scores::gini(all).unwrap()),
            (
                "FGT0_relq60",
                all,
                &line,
                scores::fgt(all, &line, 0.0, method).unwrap(),
            ),
            (
                "FGT1_relq60",
                all,
                &line,
                scores::fgt(all, &line, 1.0, method).unwrap(),
            ),
            (
                "FGT0_abs_z_fixed",
                all,
                &fixed,
                scores::fgt(all, &fixed, 0.0, method).unwrap(),
            ),
            (
                "FGT1_abs_z_fixed",
                all,
                &fixed,
                scores::fgt(all, &fixed, 1.0, method).unwrap(),
            ),
            (
                "WATTS_abs_pos",
                some,
                &fixed,
                scores::watts(some, &fixed).unwrap(),
            ),
            (
                "ATKINSON_1_pos",
                some,
                &fixed,
                scores::atkinson(some, 1.0).unwrap(),
            ),
            (
                "GE_0_pos",
                some,
                &fixed,
                scores::entropy(some, 0.0).unwrap(),
            ),
            (
                "GE_1_pos",
                some,
                &fixed,
                scores::entropy(some, 1.0).unwrap(),
            ),
            ("MEAN", all, &fixed, scores::mean(all).unwrap()),
            (
                "TOTAL_POP",
                all,
                &fixed,
                Scores {
                    own: all.weights().to_vec(),
                    of_threshold: 0.0,
                },
            ),
        ];
        for (name, design) in &designs {
            for (measure, part, line, scores) in &measures {
                let want = expected["convey_linearised"]["values"][name][measure]["se"].as_f64();
                let totals = totals(design, part, line, all, scores);
                let got = design.standard_error(&totals).unwrap();
                let distance = got / want.unwrap() - 1.0;
                // convey's Gini, and so its error, depends on the scale of the weights; the reference marks it so.
                let tolerance = match *measure {
                    "GINI" => 1e-3,
                    _ => tolerance,
                };
                println!("{bandwidth:?} {name} {measure} {got} {want:?} {distance:e}");
                near(
                    got,
                    want.unwrap(),
                    tolerance,
                    &format!("{bandwidth:?} {name} {measure}"),
                );
            }
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
    let measure = |draw: &Draw<'_>| {
        let sample = draw.of(&sample);
        let line = arpt(&sample, 0.6, rule);
        vec![
            line.and_then(|line| arpr(&sample, line)),
            qsr(&sample, rule),
            gini(&sample),
            line.and_then(|line| rmpg(&sample, line, rule)),
        ]
    };
    let resampling = Resampling {
        replicates: 400,
        seed: 7,
    };
    let errors = bootstrap_errors(&design, resampling, &measure);
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
        .install(|| bootstrap_errors(&design, resampling, &measure));
    assert_eq!(errors, again, "the number of threads changes nothing");
}
