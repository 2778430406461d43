//! The optimum of every case that ARX 3.9.2 solved on the Adult set, and the whole lattice beside an exhaustive search.

use std::io::Read as _;

use wdl_anonymisation::lattice::{Mean, Metric, Problem, whole};
use wdl_anonymisation::models::{Absent, Distance, Model, Tree};
use wdl_anonymisation::records::Records;

use super::reference::{Adult, folder, json};

/// The models of a case by its name; sensitive is the occupation.
fn models(name: &str, adult: &Adult) -> Vec<Model> {
    let mut models = Vec::new();
    for part in name.split('.') {
        let k = part.strip_prefix('k').and_then(|k| k.parse().ok());
        models.extend(k.map(Model::KAnonymity));
    }
    let sensitive = 0;
    let tree = || {
        let hierarchy = &adult.hierarchies["occupation"];
        let (_, values) = adult.sensitive("occupation");
        Tree::new(hierarchy, &hierarchy.leaves_of(&values).unwrap()).unwrap()
    };
    let closeness = |distance| Model::TCloseness {
        sensitive,
        t: 0.2,
        distance,
    };
    let model = match name.split(".k").next().unwrap().split(".s").next().unwrap() {
        "distinctl3" => Model::DistinctL { sensitive, l: 3 },
        "entropyl3" => Model::EntropyL { sensitive, l: 3.0 },
        "recursive_c4_l3" => Model::RecursiveL {
            sensitive,
            c: 4.0,
            l: 3,
        },
        "eqt0.2" => closeness(Distance::Equal),
        "hiert0.2" => closeness(Distance::Hierarchical(tree())),
        // ARX counts in bits and leaves out the values that a class lacks.
        "deltadisc1" => Model::DeltaDisclosure {
            sensitive,
            delta: f64::ln(2.0),
            absent: Absent::LeftOut,
        },
        "basicbeta2" => Model::BasicBeta {
            sensitive,
            beta: 2.0,
        },
        "enhbeta2" => Model::EnhancedBeta {
            sensitive,
            beta: 2.0,
        },
        _ => return models,
    };
    models.push(model);
    models
}

fn metric(name: &str) -> Metric {
    match name.split('.').next().unwrap() {
        "loss_am" => Metric::Loss(Mean::Arithmetic),
        "dm" => Metric::Discernibility,
        "entropy_nu" => Metric::NonUniformEntropy,
        "aecs" => Metric::AverageClassSize,
        "height" => Metric::Height,
        "precision" => Metric::Precision,
        _ => Metric::Loss(Mean::Geometric),
    }
}

fn records(adult: &Adult, of_occupation: bool) -> Records {
    let quasi: Vec<&str> = adult.names.iter().map(String::as_str).collect();
    if !of_occupation {
        return adult.records(&quasi);
    }
    let quasi: Vec<&str> = quasi
        .into_iter()
        .filter(|name| *name != "occupation")
        .collect();
    let (sensitive, _) = adult.sensitive("occupation");
    adult.records(&quasi).with_sensitive(sensitive).unwrap()
}

/// Solves the cases whose names a condition takes.
fn cases(takes: impl Fn(&str) -> bool) {
    let (Some(adult), Some(folder)) = (Adult::read(), folder()) else {
        return;
    };
    let expected = json(&folder.join("expected_arx.json"));
    let (plain, sensitive) = (records(&adult, false), records(&adult, true));
    for (name, case) in expected["cases"].as_object().unwrap() {
        if name.starts_with("risk") || !takes(name) {
            continue;
        }
        let models = models(name, &adult);
        let has_sensitive = models.iter().any(|model| model.sensitive().is_some());
        let records = if has_sensitive { &sensitive } else { &plain };
        let limit: f64 = name.split(".s").last().unwrap().parse().unwrap();
        let problem = Problem::new(records, &models, metric(name), limit).unwrap();
        let optimum = problem.optimum();
        let best = optimum.best.as_ref().unwrap();
        let score: f64 = case["score"].as_str().unwrap().parse().unwrap();
        if name.starts_with("entropyl3") && limit > 0.0 {
            // ARX loses some classes of exactly three equally frequent values to the rounding of a logarithm: what is best without that is better.
            assert!(best.loss < score && score - best.loss < 1e-3);
            continue;
        }
        let loss = best.loss;
        assert!(
            (loss - score).abs() <= 1e-9 * score.max(1.0),
            "{name}: {loss} and not {score}"
        );
        assert_eq!(optimum.nodes, if has_sensitive { 4320 } else { 12960 });
        // Where everything is told as nothing, ARX calls every record suppressed.
        let is_useless = name == "deltadisc1.k5.s0.0" || name == "deltadisc1.k5.s0.02";
        assert_eq!(optimum.useful, !is_useless, "{name}");
    }
}

#[test]
fn nothing_left_out() {
    cases(|name| name.ends_with(".s0.0"));
}

#[test]
fn little_left_out_under_the_loss() {
    cases(|name| name.starts_with("loss") && name.contains(".s0.0") && !name.ends_with(".s0.0"));
}

#[test]
fn little_left_out_under_other_metrics() {
    let metrics = ["dm", "entropy_nu", "aecs", "height", "precision"];
    let takes = |name: &str| metrics.contains(&name.split('.').next().unwrap());
    cases(|name| takes(name) && !name.ends_with(".s0.0"));
}

#[test]
fn little_left_out_under_diversity() {
    let models = ["distinct", "entropyl", "recursive"];
    let takes = |name: &str| models.iter().any(|model| name.starts_with(model));
    cases(|name| takes(name) && !name.ends_with(".s0.0"));
}

#[test]
fn little_left_out_under_closeness() {
    cases(|name| name.contains("t0.2") && !name.ends_with(".s0.0"));
}

#[test]
fn little_left_out_under_likeness() {
    let models = ["delta", "basic", "enh"];
    let takes = |name: &str| models.iter().any(|model| name.starts_with(model));
    cases(|name| takes(name) && !name.ends_with(".s0.0"));
}

#[test]
fn anything_left_out() {
    cases(|name| name.starts_with("loss") && name.ends_with(".s1.0") && !name.contains(".k100."));
}

#[test]
fn anything_left_out_for_large_classes() {
    cases(|name| name == "loss_gm.k100.s1.0");
}

#[test]
fn the_case_of_the_title_is_the_same_node() {
    let Some(adult) = Adult::read() else { return };
    let records = records(&adult, false);
    let problem = Problem::new(
        &records,
        &[Model::KAnonymity(5)],
        Metric::Loss(Mean::Geometric),
        0.02,
    )
    .unwrap();
    let optimum = problem.optimum();
    let best = optimum.best.unwrap();
    assert!((best.loss - 0.313_713_035_3).abs() < 1e-9);
    assert_eq!(
        (best.suppressed, best.levels),
        (506, vec![0, 3, 0, 2, 2, 1, 1, 2, 0])
    );
}

#[test]
fn the_whole_lattice_is_that_of_an_exhaustive_search() {
    let (Some(adult), Some(folder)) = (Adult::read(), folder()) else {
        return;
    };
    let output = std::process::Command::new("gzip")
        .arg("-dc")
        .arg(folder.join("lattice_all_nodes_k2_k5.csv.gz"))
        .output()
        .unwrap();
    let mut text = String::new();
    output.stdout.as_slice().read_to_string(&mut text).unwrap();
    let records = records(&adult, false);
    let metrics = [
        Metric::Loss(Mean::Geometric),
        Metric::Loss(Mean::Arithmetic),
    ];
    let all = |k| {
        let models = [Model::KAnonymity(k)];
        let problem = Problem::new(&records, &models, metrics[0], 1.0).unwrap();
        whole(&problem, &metrics).unwrap()
    };
    let (two, five) = (all(2), all(5));
    let mut seen = 0;
    for (line, (two, five)) in text.lines().skip(1).zip(two.iter().zip(&five)) {
        let numbers: Vec<f64> = line.split(',').map(|cell| cell.parse().unwrap()).collect();
        let levels: Vec<usize> = numbers[..9].iter().map(|level| *level as usize).collect();
        for (node, from) in [(two, 9), (five, 12)] {
            assert_eq!(node.levels, levels);
            assert_eq!(node.suppressed, Some(numbers[from] as u64));
            assert!((node.losses[0] - numbers[from + 1]).abs() < 1e-9);
            assert!((node.losses[1] - numbers[from + 2]).abs() < 1e-9);
        }
        seen += 1;
    }
    assert_eq!(seen, 12960);
}
