//! Models of population uniqueness: ARX's figures on the census records, and populations drawn from the models.

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use wdl_anonymisation::risk::{
    ClassSizes, MissingReading, Model, Unavailable, frequencies, population_uniqueness,
};

use super::reference::ADULT_KEYS;
use crate::files;

/// ARX 3.9.2; where it has 0 for the shifted negative binomial, that means it found none.
#[test]
fn the_census_records_have_the_population_risk_of_arx() {
    let Some(adult) = files::adult() else { return };
    let f = frequencies(&adult.keys(&ADULT_KEYS), None, MissingReading::OwnCategory).unwrap();
    let classes = ClassSizes::of_frequencies(&f.sample);
    for (fraction, pitman, zayatz) in [
        (0.1, 0.276_850, 0.320_740),
        (0.01, 0.144_608, 0.271_713),
        (0.5, 0.435_903, 0.431_949),
    ] {
        let estimate = population_uniqueness(&classes, fraction).unwrap();
        assert!(
            (estimate.pitman.unwrap() - pitman).abs() < 1e-6,
            "{estimate:?}"
        );
        assert!(
            (estimate.zayatz.unwrap() - zayatz).abs() < 1e-6,
            "{estimate:?}"
        );
        let dankar = estimate.dankar.unwrap();
        if fraction <= 0.1 {
            assert_eq!(dankar.model, Model::Pitman)
        } else {
            assert_ne!(dankar.model, Model::Pitman)
        }
    }
}

/// Classes of 1 + a negative binomial, each person drawn with the sampling fraction: the model must find its own unique people.
#[test]
fn the_shifted_negative_binomial_finds_its_own_population() {
    let (number, alpha, beta, fraction) = (20_000, 2.0, 0.6, 0.6);
    let mut random = ChaCha8Rng::seed_from_u64(7);
    let (mut people, mut uniques, mut sample) = (0_u32, 0_u32, Vec::new());
    for _ in 0..number {
        let size = 1 + (0..2).map(|_| geometric(&mut random, beta)).sum::<u32>();
        people += size;
        uniques += u32::from(size == 1);
        let drawn = (0..size)
            .filter(|_| random.random::<f64>() < fraction)
            .count();
        sample.extend(vec![u32::try_from(drawn).unwrap(); drawn]);
    }
    assert!((f64::from(uniques) - f64::from(number) * f64::powf(beta, alpha)).abs() < 300.0);
    let truth = f64::from(uniques) / f64::from(people);
    let estimate = population_uniqueness(
        &ClassSizes::of_frequencies(&sample),
        sample.len() as f64 / f64::from(people),
    )
    .unwrap();
    let snb = estimate.snb.unwrap();
    assert!((snb / truth - 1.0).abs() < 0.1, "{snb} is far from {truth}");
}

fn geometric(random: &mut ChaCha8Rng, beta: f64) -> u32 {
    let mut failures = 0;
    while random.random::<f64>() >= beta {
        failures += 1;
    }
    failures
}

#[test]
fn a_file_that_is_the_population_tells_its_own_uniques() {
    let classes = ClassSizes::of_frequencies(&[1, 1, 1, 2, 2, 4, 4, 4, 4]);
    let estimate = population_uniqueness(&classes, 1.0).unwrap();
    assert!((estimate.zayatz.unwrap() - 3.0 / 9.0).abs() < 1e-9);
    assert!((estimate.snb.unwrap() - 3.0 / 9.0).abs() < 1e-9);
}

#[test]
fn what_is_not_available_is_a_reason_and_never_zero() {
    let classes = ClassSizes::of_frequencies(&[1, 1, 1, 1, 3, 3, 3]);
    let estimate = population_uniqueness(&classes, 0.2).unwrap();
    assert_eq!(estimate.snb, Err(Unavailable::NoPairs));
    let all_alone = population_uniqueness(&ClassSizes::of_frequencies(&[1; 50]), 0.05).unwrap();
    assert!(all_alone.pitman.is_err(), "{all_alone:?}");
    assert_eq!(all_alone.dankar.unwrap().model, Model::Zayatz);
    assert!(all_alone.zayatz.unwrap() > 0.99);
    assert!(population_uniqueness(&classes, 0.0).is_err());
    assert!(population_uniqueness(&ClassSizes::of_frequencies(&[]), 0.5).is_err());
}

#[test]
fn without_records_alone_there_are_none() {
    let estimate =
        population_uniqueness(&ClassSizes::of_frequencies(&[2, 2, 3, 3, 3]), 0.1).unwrap();
    assert_eq!(
        (estimate.pitman, estimate.zayatz, estimate.snb),
        (Ok(0.0), Ok(0.0), Ok(0.0))
    );
}
