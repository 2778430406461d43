//! Surveys on plain files: design effects, calibration, replicate weights, comparisons, against the R package survey 4.1.1.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use wdl_indicators::plain::{
    Bounds, Calibration, Centre, Difference, Distance, Errors, MeasureOf, Options, ReplicateKind,
    ReplicateRule, Resampling, evaluate,
};
use wdl_vocab::{Diagnose, Exit, Lang};

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

fn measures(names: &[&str]) -> Vec<wdl_indicators::plain::Measure> {
    names.iter().map(|name| name.parse().unwrap()).collect()
}

fn silc_options() -> Options {
    Options {
        weight: Some("rb050".into()),
        household: Some("db030".into()),
        strata: Some("db040".into()),
        measures: measures(&["mean"]),
        ..Options::new("eqIncome")
    }
}

fn near(got: Option<f64>, want: f64, tolerance: f64) {
    let got = got.unwrap();
    let distance = (got - want).abs() / want.abs();
    assert!(distance <= tolerance, "{got} is not {want} ({distance:e})");
}

fn write(folder: &Path, name: &str, text: &str) -> PathBuf {
    let file = folder.join(name);
    std::fs::write(&file, text).unwrap();
    file
}

#[test]
fn the_design_effect_equals_that_of_survey() {
    let Some(file) = eusilc() else { return };
    let answer = evaluate(&file, &silc_options()).unwrap();
    near(answer.measures[0].se, 141.164_079_555_676_17, 1e-10);
    near(answer.measures[0].deff, 2.727_683_999_973_81, 1e-9);
    let kish = answer.measures[0].deff_weights.unwrap();
    assert!((1.0..1.2).contains(&kish), "{kish}");
    let alone = Options {
        household: None,
        strata: None,
        ..silc_options()
    };
    // Person by person only the weights are left, which cost what Kish says: not far from one.
    let alone = evaluate(&file, &alone).unwrap().measures[0].deff.unwrap();
    assert!((1.0..1.1).contains(&alone), "{alone}");
}

/// Totals of regions and sexes a little away from the sample's.
const MARGINS: &str = "column,category,total
db040,Burgenland,268381
db040,Carinthia,552375
db040,Lower Austria,1571266
db040,Salzburg,519387
db040,Styria,1225397
db040,Tyrol,701899
db040,Upper Austria,1407404
db040,Vienna,1630910
db040,Vorarlberg,362261
rb090,male,4012529
rb090,female,4226751
";

fn calibrated(margins: PathBuf, distance: Distance) -> Options {
    Options {
        calibration: Some(Calibration {
            margins,
            distance,
            of_households: false,
        }),
        ..silc_options()
    }
}

#[test]
fn calibrated_means_and_errors_equal_survey() {
    let Some(file) = eusilc() else { return };
    let folder = tempfile::tempdir().unwrap();
    let margins = write(folder.path(), "margins.csv", MARGINS);
    let cases = [
        (
            Distance::Raking,
            19_889.761_979_191_182,
            140.727_273_122_082,
            0.958_978_588_985_575,
        ),
        (
            Distance::Linear,
            19_889.760_978_580_674,
            140.727_231_745_357,
            0.958_928_579_517_004,
        ),
        (
            Distance::Logit(Bounds::new(0.5, 2.0).unwrap()),
            19_889.761_908_561_55,
            140.727_272_697_383,
            0.958_980_652_554_144,
        ),
    ];
    for (distance, mean, error, factor) in cases {
        let answer = evaluate(&file, &calibrated(margins.clone(), distance)).unwrap();
        near(answer.measures[0].value, mean, 1e-10);
        near(answer.measures[0].se, error, 1e-8);
        let report = answer.calibration.unwrap();
        near(Some(report.factor_min), factor, 1e-9);
        assert_eq!(report.margins, 11);
    }
}

/// The linearised error of calibrated rates and that of a calibrated bootstrap tell the same, within Monte Carlo noise and the bandwidth.
#[test]
fn the_calibrated_bootstrap_agrees_with_residuals() {
    let Some(file) = eusilc() else { return };
    let folder = tempfile::tempdir().unwrap();
    let margins = write(folder.path(), "margins.csv", MARGINS);
    let ids = measures(&["arpr", "gini", "mean", "total"]);
    let linearised = Options {
        measures: ids,
        ..calibrated(margins, Distance::Raking)
    };
    let drawn = Options {
        errors: Errors::Bootstrap(Resampling {
            replicates: 300,
            seed: 8,
        }),
        ..linearised.clone()
    };
    let residuals = evaluate(&file, &linearised).unwrap();
    let answer = evaluate(&file, &drawn).unwrap();
    assert_eq!(answer, evaluate(&file, &drawn).unwrap());
    for (one, other) in residuals.measures.iter().zip(&answer.measures) {
        assert_eq!((&one.id, one.value), (&other.id, other.value));
        near(other.se, one.se.unwrap(), 0.2);
        assert_eq!(other.replicates_left_out, 0);
    }
}

#[test]
fn totals_that_cannot_be_met_are_told() {
    let folder = tempfile::tempdir().unwrap();
    let rows = "reddito,zona,sesso,casa\n10,a,m,1\n20,a,f,1\n30,b,m,2\n40,b,f,3\n";
    let file = write(folder.path(), "redditi.csv", rows);
    let told = |text: &str, of_households: bool| {
        let margins = write(folder.path(), "totali.csv", text);
        let options = Options {
            household: Some("casa".into()),
            calibration: Some(Calibration {
                margins,
                distance: Distance::Raking,
                of_households,
            }),
            ..Options::new("reddito")
        };
        evaluate(&file, &options).map_err(|fault| Box::new(fault.diagnostic()))
    };
    let code = |text: &str| {
        let told = told(text, false).unwrap_err();
        (told.code.id, told.code.exit)
    };
    let head = "column,category,total\n";
    let contradicting = format!("{head}zona,a,6\nzona,b,4\nsesso,m,6\nsesso,f,5\n");
    assert_eq!(code(&contradicting), ("WDL-I022", Exit::ChecksFailed));
    let empty = format!("{head}zona,a,6\nzona,b,4\nzona,c,1\n");
    assert_eq!(code(&empty), ("WDL-I022", Exit::ChecksFailed));
    let lost = format!("{head}zona,a,0\nzona,b,4\n");
    assert_eq!(code(&lost), ("WDL-I022", Exit::ChecksFailed));
    let words = told(&lost, false).unwrap_err().render(Lang::En);
    assert!(words.contains("is zero, but rows count in it"), "{words}");
    let lacking = format!("{head}zona,a,6\n");
    assert_eq!(code(&lacking), ("WDL-I021", Exit::ChecksFailed));
    let twice = format!("{head}zona,a,6\nzona,a,6\nzona,b,4\n");
    assert_eq!(code(&twice), ("WDL-I021", Exit::ChecksFailed));
    assert_eq!(code(head), ("WDL-I021", Exit::ChecksFailed));
    assert_eq!(
        code(&format!("{head}zona,a,\n")),
        ("WDL-I012", Exit::ChecksFailed)
    );
    let contradicts = told(&contradicting, false).unwrap_err();
    assert!(contradicts.render(Lang::It).contains("danno insieme 10"));
    assert!(contradicts.render(Lang::En).contains("add up to 10"));
    // The number of all, and the sum of a column of numbers.
    let sums = format!("{head},,8\nreddito,,200\n");
    let answer = told(&sums, true).unwrap();
    assert_eq!(answer.calibration.unwrap().margins, 2);
    let mean = |answer: &wdl_indicators::plain::Measures| answer.measures[0].value;
    let asked = |distance| Options {
        calibration: Some(Calibration {
            margins: folder.path().join("totali.csv"),
            distance,
            of_households: false,
        }),
        measures: measures(&["mean"]),
        errors: Errors::None,
        ..Options::new("reddito")
    };
    near(
        mean(&evaluate(&file, &asked(Distance::Linear)).unwrap()),
        25.0,
        1e-9,
    );
}

/// `svrepdesign` with `mse = TRUE` (BRR, Fay of 0.3) and around the mean (BRR, JK1 of scale 4/5, bootstrap of scale 1/4).
const WANTED: [f64; 5] = [
    0.938_530_523_051_071,
    0.423_384_374_171_733,
    1.340_757_890_072_96,
    0.846_768_748_343_465,
    0.473_358_120_629_6,
];

#[test]
fn replicate_weights_give_the_errors_of_survey() {
    let folder = tempfile::tempdir().unwrap();
    let income = [10, 12, 9, 30, 22, 14, 8, 16, 19, 21, 11, 13];
    let weight = [1.0, 2.0, 1.5, 3.0, 1.0, 2.0, 2.5, 1.0, 1.0, 2.0, 1.5, 1.0];
    let mut text = "y,w,rep1,rep2,rep3,rep4,rep5\n".to_owned();
    for (row, (income, weight)) in income.iter().zip(weight).enumerate() {
        let _ = write!(text, "{income},{weight}");
        for replicate in 1..=5 {
            let factor = ((row * replicate) % 3 + 1) as f64 / 2.0;
            let _ = write!(text, ",{}", weight * factor);
        }
        text.push('\n');
    }
    let file = write(folder.path(), "rep.csv", &text);
    let options = |kind, centre| Options {
        weight: Some("w".into()),
        replicate_weights: vec!["rep*".into()],
        replicate_rule: Some(ReplicateRule { kind, centre }),
        measures: measures(&["mean"]),
        ..Options::new("y")
    };
    let se = |kind, centre| evaluate(&file, &options(kind, centre)).unwrap().measures[0].se;
    let [brr, around_mean, fay, jackknife, bootstrap] = WANTED;
    near(se(ReplicateKind::Brr, Centre::Estimate), brr, 1e-12);
    near(se(ReplicateKind::Brr, Centre::Mean), around_mean, 1e-12);
    near(se(ReplicateKind::Fay(0.3), Centre::Estimate), fay, 1e-12);
    near(se(ReplicateKind::Jackknife, Centre::Mean), jackknife, 1e-12);
    near(se(ReplicateKind::Bootstrap, Centre::Mean), bootstrap, 1e-12);
    let unknown = Options {
        replicate_weights: vec!["brr*".into()],
        ..options(ReplicateKind::Brr, Centre::Estimate)
    };
    let told = evaluate(&file, &unknown).unwrap_err().diagnostic();
    assert_eq!(told.code.id, "WDL-I025");
    let alone = Options {
        weight: None,
        ..options(ReplicateKind::Brr, Centre::Estimate)
    };
    assert_eq!(
        evaluate(&file, &alone).unwrap_err().diagnostic().code.id,
        "WDL-I024"
    );
}

/// `svrepdesign(type = "JKn", scale = 1, rscales = (n - 1) / n)` of survey 4.1.1 around the estimate and around the mean, two strata of three and two units.
const STRATIFIED: [f64; 2] = [5.043_384_923_822_463, 5.043_809_630_003_891];

#[test]
fn the_jackknife_within_strata_gives_the_errors_of_survey() {
    let folder = tempfile::tempdir().unwrap();
    let rows = [
        (10, 1.0, "a", 1),
        (12, 2.0, "a", 1),
        (9, 1.5, "a", 2),
        (30, 3.0, "a", 3),
        (22, 1.0, "a", 3),
        (14, 2.0, "b", 4),
        (8, 2.5, "b", 4),
        (16, 1.0, "b", 5),
    ];
    let units = [
        (1, "a", 3.0),
        (2, "a", 3.0),
        (3, "a", 3.0),
        (4, "b", 2.0),
        (5, "b", 2.0),
    ];
    let mut text = "y,w,zona,r1,r2,r3,r4,r5\n".to_owned();
    for (income, weight, zone, unit) in rows {
        let _ = write!(text, "{income},{weight},{zone}");
        for (left_out, stratum, size) in units {
            let own = match (unit == left_out, zone == stratum) {
                (true, _) => 0.0,
                (false, true) => weight * size / (size - 1.0),
                (false, false) => weight,
            };
            let _ = write!(text, ",{own}");
        }
        text.push('\n');
    }
    let file = write(folder.path(), "jkn.csv", &text);
    let options = |strata: Option<&str>, weights: &str, centre| Options {
        weight: Some("w".into()),
        strata: strata.map(str::to_owned),
        replicate_weights: weights.split(',').map(str::to_owned).collect(),
        replicate_rule: Some(ReplicateRule {
            kind: ReplicateKind::Stratified,
            centre,
        }),
        measures: measures(&["mean"]),
        ..Options::new("y")
    };
    let se = |centre| {
        let answer = evaluate(&file, &options(Some("zona"), "r*", centre)).unwrap();
        answer.measures[0].se
    };
    near(se(Centre::Estimate), STRATIFIED[0], 1e-12);
    near(se(Centre::Mean), STRATIFIED[1], 1e-12);
    let code = |strata, weights| {
        let fault = evaluate(&file, &options(strata, weights, Centre::Estimate)).unwrap_err();
        fault.diagnostic().code.id
    };
    assert_eq!(code(None, "r*"), "WDL-I024");
    // One replicate of a stratum says nothing, and the full weights leave out nobody.
    assert_eq!(code(Some("zona"), "r1,r2,r4"), "WDL-I026");
    assert_eq!(code(Some("zona"), "r1,r2,r3,w"), "WDL-I026");
}

#[test]
fn totals_in_yaml_are_those_in_a_table() {
    let folder = tempfile::tempdir().unwrap();
    let rows = "reddito,zona\n10,036023\n20,036023\n30,NO\n40,NO\n";
    let file = write(folder.path(), "redditi.csv", rows);
    let told = |name: &str, text: &str| {
        let margins = write(folder.path(), name, text);
        let options = Options {
            measures: measures(&["mean", "gini"]),
            ..calibrated(margins, Distance::Raking)
        };
        let options = Options {
            weight: None,
            household: None,
            strata: None,
            income: "reddito".into(),
            ..options
        };
        evaluate(&file, &options).map_err(|fault| Box::new(fault.diagnostic()))
    };
    let table = "column,category,total\n,,10\nzona,036023,6\nzona,NO,4\n";
    let yaml = "margins:\n  - total: 10\n  - column: zona\n    categories: {036023: 6, NO: 4}\n";
    let (one, other) = (told("m.csv", table).unwrap(), told("m.yaml", yaml).unwrap());
    assert_eq!(one.calibration.as_ref().unwrap().margins, 3);
    assert_eq!(one, other);
    for wrong in [
        "margins: []\n",
        "margins:\n  - column: zona\n",
        "margins:\n  - categories: {a: 1}\n",
        "margins:\n  - {column: zona, total: 1, categories: {a: 1}}\n",
        "margins:\n  - {total: 1}\n  - {total: 2}\n",
    ] {
        assert_eq!(
            told("m.yaml", wrong).unwrap_err().code.id,
            "WDL-I021",
            "{wrong}"
        );
    }
    assert!(told("m.yml", "margins:\n  - {colonna: zona}\n").is_err());
}

/// `svyby(~eqIncome, ~rb090, svymean, covmat = TRUE)` and `svycontrast`: the two live in the same households.
#[test]
fn groups_are_compared_with_their_covariance() {
    let Some(file) = eusilc() else { return };
    let options = Options {
        by: vec!["rb090".into()],
        compare: vec!["female".into(), "male".into()],
        ..silc_options()
    };
    let answer = evaluate(&file, &options).unwrap();
    let [difference] = &answer.differences[..] else {
        panic!("{:?}", answer.differences)
    };
    near(difference.value, -1_582.888_316_967, 1e-10);
    near(difference.se, 123.219_370_608_018, 1e-8);
    near(
        difference.correlation,
        16_027.287_319_720_1 / (146.980_956_130_627 * 160.106_797_068_091),
        1e-8,
    );
    assert!(difference.p.unwrap() < 1e-30);
    let one = Options {
        by: vec!["db040".into()],
        compare: vec!["Tyrol".into()],
        ..silc_options()
    };
    let differences = evaluate(&file, &one).unwrap().differences;
    assert_eq!(differences.len(), 8, "all other regions with one");
    // Strata are drawn apart: nothing is shared.
    assert!(
        differences
            .iter()
            .all(|one| one.correlation.unwrap().abs() < 1e-12)
    );
    let wrong = Options {
        compare: vec!["Tirol".into()],
        ..one
    };
    let told = evaluate(&file, &wrong).unwrap_err().diagnostic();
    assert_eq!(
        (told.code.id, told.suggestion.as_deref()),
        ("WDL-I020", Some("Tyrol"))
    );
    let drawn = Options {
        errors: Errors::Bootstrap(Resampling {
            replicates: 400,
            seed: 3,
        }),
        ..options
    };
    let drawn = evaluate(&file, &drawn).unwrap();
    near(drawn.differences[0].se, 123.219_370_608_018, 0.2);
}

fn one<'a>(answer: &'a [MeasureOf], period: &str) -> &'a MeasureOf {
    let is_it = |one: &&MeasureOf| one.period.as_deref() == Some(period);
    answer.iter().find(is_it).unwrap()
}

/// A panel of two years: all households in both, or none.
#[test]
fn periods_are_compared_with_their_covariance() {
    let folder = tempfile::tempdir().unwrap();
    let row = |place: usize, year: usize| {
        let income = 100 + (place * 37) % 91 + if year == 2 { (place * 13) % 17 } else { 0 };
        (place / 2, income)
    };
    let text_of = |year: usize, shift: usize| {
        let mut text = "casa,reddito\n".to_owned();
        for place in 0..60 {
            let (house, income) = row(place, year);
            let _ = writeln!(text, "{},{income}", house + shift);
        }
        text
    };
    let options = |before: PathBuf| Options {
        household: Some("casa".into()),
        before: Some(before),
        measures: measures(&["mean"]),
        ..Options::new("reddito")
    };
    let now = write(folder.path(), "due.csv", &text_of(2, 0));
    let same = write(folder.path(), "uno.csv", &text_of(1, 0));
    let others = write(folder.path(), "altri.csv", &text_of(1, 1000));
    let panel = evaluate(&now, &options(same)).unwrap();
    let apart = evaluate(&now, &options(others)).unwrap();
    let (late, early) = (one(&panel.measures, "now"), one(&panel.measures, "before"));
    let alone = late.se.unwrap().hypot(early.se.unwrap());
    let difference: &Difference = &apart.differences[0];
    near(difference.se, alone, 1e-12);
    near(
        difference.value,
        late.value.unwrap() - early.value.unwrap(),
        1e-12,
    );
    // By hand: the error of the mean of each household's own change.
    let mut changes = vec![0.0; 30];
    for place in 0..60 {
        let ((house, then), (_, now)) = (row(place, 1), row(place, 2));
        changes[house] += (now as f64 - then as f64) / 60.0;
    }
    let mean = changes.iter().sum::<f64>() / 30.0;
    let around: f64 = changes.iter().map(|own| (own - mean).powi(2)).sum();
    near(panel.differences[0].se, (around * 30.0 / 29.0).sqrt(), 1e-9);
    // The same two years in one file, with a column.
    let mut both = "anno,casa,reddito\n".to_owned();
    for year in [2, 1] {
        for place in 0..60 {
            let (house, income) = row(place, year);
            let _ = writeln!(both, "{year},{house},{income}");
        }
    }
    let both = write(folder.path(), "anni.csv", &both);
    let waves = Options {
        household: Some("casa".into()),
        wave: Some("anno".into()),
        measures: measures(&["mean"]),
        ..Options::new("reddito")
    };
    let waves = evaluate(&both, &waves).unwrap();
    assert_eq!(waves.differences[0].se, panel.differences[0].se);
    assert_eq!(one(&waves.measures, "2").value, late.value);
    let drawn = Options {
        wave: Some("anno".into()),
        errors: Errors::Bootstrap(Resampling {
            replicates: 10,
            seed: 3,
        }),
        ..Options::new("reddito")
    };
    assert_eq!(
        evaluate(&both, &drawn).unwrap_err().diagnostic().code.id,
        "WDL-I024"
    );
}
