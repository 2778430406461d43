//! Every number of the reference file for poverty measures: met, or left out with its reason.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde_json::Value;
use wdl_indicators::Line;
use wdl_indicators::plain::{Errors, MeasureOf, Options, Resampling, evaluate};
use wdl_stats::scores::{Bandwidth, Method};

/// What is not compared, by the beginning of its path, and why.
const LEFT_OUT: [(&str, &str); 9] = [
    (
        "/numpy_independent/mean_pos",
        "no measure of the catalog; the kernel's own tests meet it",
    ),
    ("/rows", "a count, checked by the number of rows read"),
    ("/households", "a count of the file, no measure"),
    (
        "/exact/sum_of_weights",
        "no measure; the kernel's own tests meet it",
    ),
    ("/numpy_independent/median", "the same as weightedMedian"),
    (
        "/numpy_independent/income_gap_ratio_I",
        "no measure of the catalog; the kernel's own tests meet it",
    ),
    (
        "/numpy_independent/gini_among_poor",
        "no measure of the catalog; the kernel's own tests meet it",
    ),
    (
        "/numpy_independent/n_nonpositive",
        "met as the rows left out",
    ),
    (
        "/bootstrap",
        "Monte Carlo numbers of R's random stream: met as bands in a test of their own",
    ),
];

/// Why a number of convey is not compared.
fn why_not(path: &str) -> Option<&'static str> {
    let ends = [
        (
            "/GINI/estimate",
            "convey's Gini depends on the scale of the weights: the reference marks it",
        ),
        (
            "/TOTAL_POP/estimate",
            "a sum of weights; the kernel's own tests meet its error",
        ),
        (
            "/TOTAL_POP/se",
            "a sum of weights; the kernel's own tests meet its error",
        ),
    ];
    let found = ends.iter().find(|(end, _)| path.ends_with(end));
    found.map(|(_, why)| *why)
}

fn reference() -> Option<PathBuf> {
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

/// Every number under a value, by its path; numbers written as text count.
fn leaves(value: &Value, path: String, found: &mut BTreeMap<String, f64>) {
    match value {
        Value::Object(map) => {
            for (key, value) in map {
                leaves(value, format!("{path}/{key}"), found);
            }
        }
        Value::Array(list) => {
            for (place, value) in list.iter().enumerate() {
                leaves(value, format!("{path}/{place}"), found);
            }
        }
        Value::Number(number) => drop(found.insert(path, number.as_f64().unwrap())),
        Value::String(text) => drop(text.parse().map(|number| found.insert(path, number))),
        Value::Null | Value::Bool(_) => {}
    }
}

/// The reference file with a column of age classes.
fn with_age_classes(folder: &Path, into: &Path) -> PathBuf {
    let mut reader = csv::Reader::from_path(folder.join("eusilc.csv")).unwrap();
    let file = into.join("eusilc.csv");
    let mut writer = csv::Writer::from_path(&file).unwrap();
    let mut head = reader.headers().unwrap().clone();
    let age = head.iter().position(|name| name == "age").unwrap();
    head.push_field("age_class");
    writer.write_record(&head).unwrap();
    for row in reader.records() {
        let mut row = row.unwrap();
        let class = match row[age].parse::<i32>().unwrap() {
            ..=17 => "0-17",
            18..=64 => "18-64",
            _ => "65+",
        };
        row.push_field(class);
        writer.write_record(&row).unwrap();
    }
    writer.flush().unwrap();
    file
}

struct Met<'a> {
    want: &'a BTreeMap<String, f64>,
    met: Vec<String>,
}

impl Met<'_> {
    fn near(&mut self, path: &str, got: Option<f64>, tolerance: f64) {
        let want = self.want.get(path).unwrap_or_else(|| panic!("no {path}"));
        let got = got.unwrap_or_else(|| panic!("{path} has no value"));
        let distance = (got - want).abs() / want.abs();
        assert!(
            distance <= tolerance,
            "{path}: {got} is not {want} ({distance:e})"
        );
        self.met.push(path.to_owned());
    }
}

fn measured(file: &Path, measures: &[&str], options: Options) -> Vec<MeasureOf> {
    let measures = measures.iter().map(|name| name.parse().unwrap()).collect();
    evaluate(
        file,
        &Options {
            measures,
            ..options
        },
    )
    .unwrap()
    .measures
}

fn of<'a>(answer: &'a [MeasureOf], id: &str, group: Option<&str>) -> &'a MeasureOf {
    let is_it = |one: &&MeasureOf| {
        let name = one.group.first().map(|(_, name)| name.as_deref().unwrap());
        one.id == id && name == group
    };
    answer.iter().find(is_it).unwrap()
}

fn weighted() -> Options {
    Options {
        weight: Some("rb050".into()),
        errors: Errors::None,
        ..Options::new("eqIncome")
    }
}

#[test]
fn every_number_of_the_reference_is_met_or_left_out_for_a_reason() {
    let Some(folder) = reference() else { return };
    let text = std::fs::read_to_string(folder.join("expected.json")).unwrap();
    let mut want = BTreeMap::new();
    leaves(
        &serde_json::from_str(&text).unwrap(),
        String::new(),
        &mut want,
    );
    let scratch = tempfile::tempdir().unwrap();
    let file = with_age_classes(&folder, scratch.path());
    let mut met = Met {
        want: &want,
        met: Vec::new(),
    };
    points(&file, &mut met);
    linearised(&file, &mut met);
    let mut forgotten = Vec::new();
    for path in want.keys() {
        let reason = LEFT_OUT.iter().find(|(begin, _)| path.starts_with(begin));
        let reason = reason.map(|(_, why)| *why).or_else(|| why_not(path));
        match (met.met.contains(path), reason) {
            (true, _) => {}
            (false, Some(why)) => println!("left out: {path}: {why}"),
            (false, None) => forgotten.push(path),
        }
    }
    assert_eq!(forgotten, Vec::<&String>::new());
}

/// The usual measures under their names in the reference; percents there, fractions here.
const USUAL: [(&str, &str, f64); 4] = [
    ("ARPR", "arpr", 100.0),
    ("QSR", "qsr", 1.0),
    ("RMPG", "rmpg", 100.0),
    ("GINI", "gini", 100.0),
];

fn points(file: &Path, met: &mut Met<'_>) {
    let ids: Vec<&str> = USUAL
        .iter()
        .map(|(_, id, _)| *id)
        .chain(["arpt", "median"])
        .collect();
    let overall = measured(file, &ids, weighted());
    let unweighted = measured(
        file,
        &ids,
        Options {
            weight: None,
            ..weighted()
        },
    );
    met.near("/laeken/ARPT", of(&overall, "arpt", None).value, 1e-12);
    met.near(
        "/laeken/weightedMedian",
        of(&overall, "median", None).value,
        1e-12,
    );
    let alone = of(&unweighted, "arpt", None).value;
    met.near("/laeken/overall_unweighted/ARPT", alone, 1e-12);
    for (name, id, factor) in USUAL {
        let scaled = |answer: &[MeasureOf], group| of(answer, id, group).value.map(|x| x * factor);
        met.near(
            &format!("/laeken/overall/{name}"),
            scaled(&overall, None),
            1e-12,
        );
        let path = format!("/laeken/overall_unweighted/{name}");
        met.near(&path, scaled(&unweighted, None), 1e-12);
        for (key, column, groups) in [
            ("by_gender", "rb090", &["male", "female"][..]),
            ("by_age_0_17_65", "age_class", &["0-17", "18-64", "65+"][..]),
        ] {
            let answer = measured(
                file,
                &[id],
                Options {
                    by: vec![column.into()],
                    ..weighted()
                },
            );
            for group in groups {
                let path = format!("/laeken/{key}/{name}/{group}");
                met.near(&path, scaled(&answer, Some(group)), 1e-12);
            }
        }
    }
    for part in ["0.4", "0.5", "0.7"] {
        let id = format!("arpr:{part}");
        let value = measured(file, &[&id], weighted())[0]
            .value
            .map(|x| 100.0 * x);
        met.near(&format!("/laeken/ARPR_at_p/{part}"), value, 1e-12);
    }
    for percent in [1, 5, 10, 20, 25, 40, 60, 75, 80, 90, 95, 99] {
        let id = format!("quantile:{}", f64::from(percent) / 100.0);
        let value = measured(file, &[&id], weighted())[0].value;
        met.near(
            &format!("/laeken/weightedQuantiles/p{percent:02}"),
            value,
            1e-12,
        );
    }
    let exact = [
        ("/exact/GINI_percent", "gini", 100.0, 1e-14),
        ("/exact/ARPR_percent", "arpr", 100.0, 1e-14),
        ("/exact/QSR", "qsr", 1.0, 1e-14),
        ("/exact/FGT1", "fgt:1", 1.0, 1e-14),
        ("/exact/FGT2", "fgt:2", 1.0, 1e-14),
        ("/exact/MEAN", "mean", 1.0, 1e-14),
        ("/numpy_independent/ARPT", "arpt", 1.0, 1e-12),
        ("/numpy_independent/ARPR", "arpr", 100.0, 1e-12),
        ("/numpy_independent/QSR", "qsr", 1.0, 1e-12),
        ("/numpy_independent/RMPG", "rmpg", 100.0, 1e-12),
        ("/numpy_independent/GINI", "gini", 100.0, 1e-12),
        ("/numpy_independent/FGT0", "fgt:0", 1.0, 1e-12),
        ("/numpy_independent/FGT1", "fgt:1", 1.0, 1e-12),
        ("/numpy_independent/FGT2", "fgt:2", 1.0, 1e-12),
        ("/numpy_independent/SST", "sst", 1.0, 1e-12),
        ("/numpy_independent/WATTS_pos", "watts", 1.0, 1e-12),
        ("/numpy_independent/mean_all", "mean", 1.0, 1e-12),
        ("/numpy_independent/ATK_0.5_pos", "atkinson:0.5", 1.0, 1e-11),
        ("/numpy_independent/ATK_1_pos", "atkinson:1", 1.0, 1e-11),
        ("/numpy_independent/GE_0_pos_MLD", "entropy:0", 1.0, 1e-11),
        ("/numpy_independent/GE_1_pos_Theil", "entropy:1", 1.0, 1e-11),
        ("/numpy_independent/GE_2_pos", "entropy:2", 1.0, 1e-11),
    ];
    for (path, id, factor, tolerance) in exact {
        let answer = measured(file, &[id], weighted());
        assert!(
            answer[0].left_out == 0 || answer[0].left_out == 3,
            "three have nothing"
        );
        met.near(path, answer[0].value.map(|x| x * factor), tolerance);
    }
}

fn linearised(file: &Path, met: &mut Met<'_>) {
    let designs = [
        ("cluster_hh_strata_region", Some("db030"), Some("db040")),
        ("person_strata_region", None, Some("db040")),
        ("srs_with_weights", None, None),
    ];
    for (design, household, strata) in designs {
        let options = |line| Options {
            household: household.map(str::to_owned),
            strata: strata.map(str::to_owned),
            errors: Errors::Linearised,
            line,
            method: Method {
                bandwidth: Bandwidth::Convey,
                ..Method::default()
            },
            ..weighted()
        };
        let estimated = [
            "arpt", "arpr", "qsr", "rmpg", "gini", "fgt:0", "fgt:1", "mean",
        ];
        let estimated = measured(file, &estimated, options(Line::default()));
        let given = Line::Fixed(of(&estimated, "arpt", None).value.unwrap());
        let fixed = [
            "fgt:0",
            "fgt:1",
            "watts",
            "atkinson:1",
            "entropy:0",
            "entropy:1",
        ];
        let fixed = measured(file, &fixed, options(given));
        let cases = [
            ("ARPT", &estimated, "arpt"),
            ("ARPR", &estimated, "arpr"),
            ("QSR", &estimated, "qsr"),
            ("RMPG", &estimated, "rmpg"),
            ("GINI", &estimated, "gini"),
            ("FGT0_relq60", &estimated, "fgt:0"),
            ("FGT1_relq60", &estimated, "fgt:1"),
            ("MEAN", &estimated, "mean"),
            ("FGT0_abs_z_fixed", &fixed, "fgt:0"),
            ("FGT1_abs_z_fixed", &fixed, "fgt:1"),
            ("WATTS_abs_pos", &fixed, "watts"),
            ("ATKINSON_1_pos", &fixed, "atkinson:1"),
            ("GE_0_pos", &fixed, "entropy:0"),
            ("GE_1_pos", &fixed, "entropy:1"),
        ];
        for (name, answer, id) in cases {
            let path = format!("/convey_linearised/values/{design}/{name}");
            let one = of(answer, id, None);
            // convey's Gini is not matched, and its error only as far as that allows.
            let tolerance = if name == "GINI" { 1e-3 } else { 1e-6 };
            met.near(&format!("{path}/se"), one.se, tolerance);
            if name != "GINI" {
                met.near(&format!("{path}/estimate"), one.value, 1e-11);
            }
        }
    }
}

/// R's replicates are another draw: the two errors agree within four Monte Carlo errors of both.
#[test]
fn bootstrap_errors_lie_in_the_bands_of_the_reference() {
    let Some(folder) = reference() else { return };
    let text = std::fs::read_to_string(folder.join("expected.json")).unwrap();
    let expected: Value = serde_json::from_str(&text).unwrap();
    let options = Options {
        household: Some("db030".into()),
        strata: Some("db040".into()),
        errors: Errors::Bootstrap(Resampling {
            replicates: 1000,
            seed: 5,
        }),
        ..weighted()
    };
    let answer = measured(
        &folder.join("eusilc.csv"),
        &["arpr", "qsr", "rmpg", "gini"],
        options,
    );
    let se = |id: &str, factor: f64| factor * of(&answer, id, None).se.unwrap();
    let bootstrap = &expected["bootstrap"];
    let own = &bootstrap["own_numpy_multiplicity_bootstrap_R1000_se"];
    let hundred = &bootstrap["R100_seed123"];
    let mut compared = 0;
    for (name, id, factor) in USUAL {
        let bands = [(&own[name], 1000.0), (&hundred[name]["naive_se"], 100.0)];
        for (want, replicates) in bands {
            let want = want.as_f64().unwrap();
            let band = 4.0 * (1.0 / 2000.0_f64 + 1.0 / (2.0 * replicates)).sqrt();
            let distance = (se(id, factor) / want - 1.0).abs();
            assert!(distance <= band, "{name}: {} is not {want}", se(id, factor));
            compared += 1;
        }
    }
    let arpr = bootstrap["ARPR_R1000_seed42"]["se"].as_f64().unwrap();
    assert!((se("arpr", 100.0) / arpr - 1.0).abs() <= 4.0 * (1.0_f64 / 1000.0).sqrt());
    assert_eq!(compared, 8);
}
