//! Persons over years, and what inequality and deprivation are made of, on small invented files.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use wdl_indicators::Line;
use wdl_indicators::plain::{Deprivations, Errors, MeasureOf, Measures, Options, evaluate};
use wdl_vocab::Diagnose;

fn write(folder: &Path, text: &str) -> PathBuf {
    let file = folder.join("righe.csv");
    std::fs::write(&file, text).unwrap();
    file
}

fn find<'a>(
    answer: &'a Measures,
    id: &str,
    period: Option<&str>,
    group: Option<&str>,
) -> &'a MeasureOf {
    let is_it = |one: &&MeasureOf| {
        let name = one.group.first().map(|(_, name)| name.as_deref().unwrap());
        one.id == id && one.period.as_deref() == period && name == group
    };
    answer.measures.iter().find(is_it).unwrap()
}

/// Incomes of six people over four years under a threshold of 10; nothing where somebody was not seen.
const YEARS: [(&str, [Option<u32>; 4]); 6] = [
    ("ada", [Some(5), Some(6), Some(12), Some(7)]),
    ("bea", [Some(12), Some(13), Some(5), Some(6)]),
    ("ciro", [Some(20), Some(20), Some(20), Some(20)]),
    ("dino", [None, Some(5), Some(5), Some(5)]),
    ("elsa", [Some(8), Some(15), Some(15), Some(8)]),
    ("fede", [Some(30), Some(30), Some(30), None]),
];

fn panel(folder: &Path) -> (PathBuf, Options) {
    let mut text = "anno,persona,reddito,sesso\n".to_owned();
    for year in [3, 1, 0, 2] {
        for (place, (name, incomes)) in YEARS.iter().enumerate() {
            if let Some(income) = incomes[year] {
                let sex = if place % 2 == 0 { "f" } else { "m" };
                let _ = writeln!(text, "{},{name},{income},{sex}", 2020 + year);
            }
        }
    }
    let options = Options {
        wave: Some("anno".into()),
        person: Some("persona".into()),
        line: Line::Fixed(10.0),
        measures: vec!["arpr".parse().unwrap()],
        by: vec!["sesso".into()],
        ..Options::new("reddito")
    };
    (write(folder, &text), options)
}

#[test]
fn persons_are_followed() {
    let folder = tempfile::tempdir().unwrap();
    let (file, options) = panel(folder.path());
    let answer = evaluate(&file, &options).unwrap();
    let value = |id: &str, year: &str, group| find(&answer, id, Some(year), group).value;
    assert_eq!(value("arpr", "2020", None), Some(0.4));
    // Ada alone of the four who were seen in all years: now, and in two of three.
    let persistent = find(&answer, "persistent_poverty", Some("2023"), None);
    assert_eq!((persistent.value, persistent.n), (Some(0.25), 4));
    assert!(persistent.se.is_some());
    assert_eq!(
        value("persistent_poverty", "2023", Some("f")),
        Some(1.0 / 3.0)
    );
    let is_early =
        |one: &MeasureOf| one.id == "persistent_poverty" && one.period.as_deref() != Some("2023");
    assert!(!answer.measures.iter().any(is_early));
    // 2022: Bea enters, of Bea, Ciro, Elsa and Fede; Ada leaves, of Ada and Dino.
    assert_eq!(value("poverty_entry", "2022", None), Some(0.25));
    assert_eq!(value("poverty_exit", "2022", None), Some(0.5));
    let panel = answer.panel.as_ref().unwrap();
    // Begun in sight: Bea's in 2022 and Ada's and Elsa's in 2023; only Bea's second year is seen, and it goes on.
    let exits: Vec<(usize, usize, f64)> = panel
        .exits_by_duration
        .iter()
        .map(|one| (one.duration, one.n, one.hazard))
        .collect();
    assert_eq!(exits, [(1, 1, 0.0)]);
    let moves: Vec<(&str, usize)> = panel
        .mobility
        .iter()
        .map(|one| (one.to.as_str(), one.n))
        .collect();
    assert_eq!(moves, [("2021", 5), ("2022", 6), ("2023", 5)]);
    for one in &panel.mobility {
        assert!((one.same + one.up + one.down - 1.0).abs() < 1e-12);
    }
    assert_eq!(
        answer.differences.len(),
        9,
        "three years with the one before, three groups"
    );
}

#[test]
fn a_year_between_that_lacks_is_no_year_before() {
    let folder = tempfile::tempdir().unwrap();
    let text =
        "anno,persona,reddito\n2019,a,1\n2019,b,20\n2021,a,1\n2021,b,20\n2022,a,1\n2022,b,20\n";
    let options = Options {
        line: Line::Fixed(10.0),
        by: Vec::new(),
        ..panel(folder.path()).1
    };
    let answer = evaluate(&write(folder.path(), text), &options).unwrap();
    let entries: Vec<_> = answer
        .measures
        .iter()
        .filter(|one| one.id == "poverty_exit")
        .collect();
    assert_eq!(entries.len(), 1);
    assert_eq!(
        (entries[0].period.as_deref(), entries[0].value),
        (Some("2022"), Some(0.0))
    );
    assert!(
        !answer
            .measures
            .iter()
            .any(|one| one.id == "persistent_poverty")
    );
}

#[test]
fn one_person_twice_in_a_year_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let (_, options) = panel(folder.path());
    let told = |text: &str| {
        let file = write(folder.path(), text);
        evaluate(&file, &options).unwrap_err().diagnostic().code.id
    };
    assert_eq!(
        told("anno,persona,reddito,sesso\n1,a,3,f\n1,a,4,f\n2,a,4,f\n"),
        "WDL-I026"
    );
    assert_eq!(
        told("anno,persona,reddito,sesso\nuno,a,3,f\ndue,a,4,f\n"),
        "WDL-I026"
    );
    assert_eq!(
        told("anno,persona,reddito,sesso\n1,a,3,f\n1,,4,f\n2,a,4,f\n"),
        "WDL-I012"
    );
    assert_eq!(
        told("anno,persona,reddito,sesso\n1,a,3,f\n,b,4,f\n2,a,4,f\n"),
        "WDL-I012"
    );
}

#[test]
fn inequality_is_the_sum_of_its_parts() {
    let folder = tempfile::tempdir().unwrap();
    let mut text = "zona,lavoro,affitti,totale\n".to_owned();
    for place in 0..40 {
        let (work, rents) = (10 + (place * 7) % 31, (place * place) % 11);
        let _ = writeln!(text, "{},{work},{rents},{}", place % 3, work + rents + 2);
    }
    let file = write(folder.path(), &text);
    let options = Options {
        by: vec!["zona".into()],
        decompose: true,
        sources: vec!["lavoro".into(), "affitti".into()],
        measures: ["gini", "entropy:0", "entropy:1", "entropy:2"]
            .map(|name| name.parse().unwrap())
            .into(),
        ..Options::new("totale")
    };
    let answer = evaluate(&file, &options).unwrap();
    let near = |got: f64, want: f64| assert!((got - want).abs() < 1e-12, "{got} {want}");
    for (at, parts) in answer.entropy_of_groups.iter().enumerate() {
        let whole = answer.measures[at + 1].value.unwrap();
        near(parts.within.unwrap() + parts.between.unwrap(), whole);
    }
    let names: Vec<&str> = answer
        .gini_of_sources
        .iter()
        .map(|own| own.source.as_str())
        .collect();
    assert_eq!(
        names,
        ["lavoro", "affitti", "rest"],
        "two of each income are not explained"
    );
    let parts = answer
        .gini_of_sources
        .iter()
        .map(|own| own.part.unwrap())
        .sum();
    near(parts, answer.measures[0].value.unwrap());
    near(
        answer
            .gini_of_sources
            .iter()
            .map(|own| own.share_of_gini.unwrap())
            .sum(),
        1.0,
    );
    near(answer.gini_of_sources[2].gini.unwrap(), 0.0);
}

#[test]
fn deprivations_are_counted_with_errors() {
    let folder = tempfile::tempdir().unwrap();
    let text = "reddito,zona,a,b,c\n1,x,1,1,0\n2,x,0,0,1\n3,y,1,1,1\n4,y,0,0,0\n5,y,,1,1\n";
    let file = write(folder.path(), text);
    let asked = Deprivations {
        columns: ["a", "b", "c"].map(str::to_owned).into(),
        weights: Vec::new(),
        cut: 0.5,
    };
    let options = Options {
        deprivations: Some(asked.clone()),
        by: vec!["zona".into()],
        ..Options::new("reddito")
    };
    let answer = evaluate(&file, &options).unwrap();
    let near = |got: Option<f64>, want: f64| {
        assert!((got.unwrap() - want).abs() < 1e-12, "{got:?} {want}");
    };
    let of = |id: &str, group| find(&answer, id, None, group);
    near(of("mpi_headcount", None).value, 0.5);
    near(of("mpi_adjusted", None).value, 5.0 / 12.0);
    near(of("mpi_intensity", None).value, 5.0 / 6.0);
    assert_eq!(
        (
            of("mpi_headcount", None).n,
            of("mpi_headcount", None).left_out
        ),
        (4, 1)
    );
    near(of("mpi_adjusted", Some("x")).value, 1.0 / 3.0);
    // The error of a mean of 2/3, 0, 1, 0.
    let scores: [f64; 4] = [2.0 / 3.0, 0.0, 1.0, 0.0];
    let around: f64 = scores.iter().map(|own| (own - 5.0 / 12.0).powi(2)).sum();
    // Five rows were drawn; who lacks an answer adds nothing.
    near(
        of("mpi_adjusted", None).se,
        (around / 16.0 * 5.0 / 4.0).sqrt(),
    );
    let parts: f64 = answer
        .dimensions
        .iter()
        .filter(|part| part.group.is_empty())
        .map(|part| part.part)
        .sum();
    near(Some(parts), 5.0 / 12.0);
    let told = |asked: Deprivations| {
        let options = Options {
            deprivations: Some(asked),
            errors: Errors::None,
            ..options.clone()
        };
        evaluate(&file, &options).unwrap_err().diagnostic().code.id
    };
    let wrong = Deprivations {
        columns: vec!["reddito".into()],
        ..asked.clone()
    };
    assert_eq!(told(wrong), "WDL-I026");
    let two = Deprivations {
        weights: vec![1.0, 2.0],
        ..asked.clone()
    };
    assert_eq!(told(two), "WDL-I024");
    assert_eq!(told(Deprivations { cut: 0.0, ..asked }), "WDL-I024");
}

#[test]
fn the_tail_has_its_exponent() {
    let folder = tempfile::tempdir().unwrap();
    let mut text = "reddito\n".to_owned();
    for place in 0..2000 {
        let _ = writeln!(
            text,
            "{}",
            1000.0 * (1.0 - (f64::from(place) + 0.5) / 2000.0).powf(-0.5)
        );
    }
    let file = write(folder.path(), &text);
    let options = Options {
        measures: ["pareto", "pareto:2000"]
            .map(|name| name.parse().unwrap())
            .into(),
        ..Options::new("reddito")
    };
    let answer = evaluate(&file, &options).unwrap();
    for measure in &answer.measures {
        assert!((measure.value.unwrap() - 2.0).abs() < 0.1, "{measure:?}");
    }
    assert_eq!(
        answer.measures[0].se, None,
        "an estimated amount: by the bootstrap"
    );
    assert!(answer.measures[1].se.unwrap() > 0.0);
}
