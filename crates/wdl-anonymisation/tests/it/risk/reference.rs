//! Against sdcMicro 5.8.1 on its household survey (4,580 records, 7 quasi-identifiers, weights 100).

use wdl_anonymisation::risk::{
    IndividualFormula, KeyTable, MissingReading, SampleWeights, SudaSettings, frequencies,
    household_risk, individual_risk, individual_risks, marketer, prosecutor, suda,
};

use crate::files::{self, SURVEY_KEYS};

fn close(actual: f64, expected: f64, tolerance: f64) {
    assert!(
        (actual - expected).abs() <= tolerance * expected.abs().max(1e-300),
        "{actual} is not {expected}"
    );
}

#[test]
fn every_record_of_the_survey_has_the_risk_of_sdcmicro() {
    let Some(survey) = files::survey() else {
        return;
    };
    let keys = survey.keys(&SURVEY_KEYS);
    let weights = SampleWeights::new(survey.numbers("sampling_weight")).unwrap();
    let f = frequencies(&keys, Some(&weights), MissingReading::OwnCategory).unwrap();
    let risks = individual_risks(&f, IndividualFormula::SdcMicro);
    let households: Vec<Option<u64>> = survey
        .texts("ori_hid")
        .iter()
        .map(|id| id.parse().ok())
        .collect();
    let together = household_risk(&risks, &households);
    let expected = ["fk", "Fk", "risk", "hier_risk"].map(|name| survey.numbers(name));
    for row in 0..keys.rows() {
        close(f64::from(f.sample[row]), expected[0][row], 0.0);
        close(f.population[row], expected[1][row], 0.0);
        close(risks[row], expected[2][row], 1e-9);
        close(together[row], expected[3][row], 1e-9);
    }
    close(risks.iter().sum(), 10.778_298_918_734_8, 1e-9);
    close(together.iter().sum(), 51.812_927_435_960_7, 1e-9);
    assert_eq!(f.sample.iter().filter(|f| **f == 1).count(), 157);
    assert_eq!(f.sample.iter().filter(|f| **f < 3).count(), 281);
    assert_eq!(f.sample.iter().filter(|f| **f < 5).count(), 458);
    close(marketer(&f.sample).unwrap() * 4580.0, 412.0, 1e-12);
    close(
        prosecutor(&f.sample, 0.99).unwrap().share_above,
        157.0 / 4580.0,
        1e-12,
    );
}

/// sdcMicro takes the odds of the simulation in single precision: seven digits of it are its own.
#[test]
fn every_record_of_the_survey_has_the_special_uniques_of_sdcmicro() {
    let Some(survey) = files::survey() else {
        return;
    };
    // The reference was made with the code 3 declared missing.
    let columns: Vec<Vec<Option<&str>>> = SURVEY_KEYS
        .iter()
        .map(|name| {
            survey
                .texts(name)
                .iter()
                .map(|text| Some(text.as_str()).filter(|text| *text != "3"))
                .collect()
        })
        .collect();
    let keys = KeyTable::of_texts(&columns).unwrap();
    let found = suda(
        &keys,
        &SudaSettings {
            largest_set: None,
            sampling_fraction: 0.01,
        },
    )
    .unwrap();
    let (score, dis) = (survey.numbers("score"), survey.numbers("dis"));
    for row in 0..keys.rows() {
        close(found.score[row], score[row], 1e-12);
        close(found.dis[row], dis[row], 1e-6);
    }
    close(found.score.iter().sum(), 4196.0, 0.0);
    let shares = [
        10.247_855_100_095_3,
        33.508_102_955_195_4,
        13.107_721_639_656_8,
        47.807_435_653_002_9,
        22.020_972_354_623_4,
    ];
    let contribution = found.contribution.unwrap();
    shares
        .iter()
        .zip(&contribution)
        .for_each(|(expected, actual)| close(actual * 100.0, *expected, 1e-12));
    close(contribution[5] * 100.0, 92.850_333_651_096_3, 1e-12);
}

/// The eight records of the package's example, weights of its own.
#[test]
fn the_small_example_has_the_risks_of_sdcmicro() {
    let keys = files::table(&[
        "1251", "1211", "1211", "3315", "4314", "4311", "6215", "1251",
    ]);
    let weights = SampleWeights::new(vec![18.0, 45.5, 39.0, 17.0, 541.0, 8.0, 5.0, 92.0]).unwrap();
    let f = frequencies(&keys, Some(&weights), MissingReading::OwnCategory).unwrap();
    assert_eq!(f.sample, [2, 2, 2, 1, 1, 1, 1, 2]);
    assert_eq!(
        f.population,
        [110.0, 84.5, 84.5, 17.0, 541.0, 8.0, 5.0, 110.0]
    );
    let expected = [
        0.017_144_261_596_285_2,
        0.022_042_326_183_256_2,
        0.022_042_326_183_256_2,
        0.177_075_834_003_514,
        0.011_654_480_146_012,
        0.297_063_077_382_834,
        0.402_359_478_108_525,
        0.017_144_261_596_285_2,
    ];
    // With one and two companions both formulae are the same.
    for formula in [IndividualFormula::Exact, IndividualFormula::SdcMicro] {
        for ((sample, population), expected) in f.sample.iter().zip(&f.population).zip(expected) {
            close(
                individual_risk(*sample, *population, formula),
                expected,
                1e-12,
            );
        }
    }
}

#[test]
fn the_census_records_have_the_sample_risk_of_arx() {
    let Some(adult) = files::adult() else { return };
    let f = frequencies(&adult.keys(&ADULT_KEYS), None, MissingReading::OwnCategory).unwrap();
    close(marketer(&f.sample).unwrap(), 19_502.0 / 30_162.0, 1e-12);
    let alone = f.sample.iter().filter(|f| **f == 1).count();
    close(alone as f64 / 30_162.0, 0.514_289_503_348_584_3, 1e-9);
}

/// All columns of the census records.
pub(super) const ADULT_KEYS: [&str; 9] = [
    "sex",
    "age",
    "race",
    "marital-status",
    "education",
    "native-country",
    "workclass",
    "occupation",
    "salary-class",
];
