//! The posterior mean against its definition, and what it must never do.

use proptest::prelude::*;
use wdl_anonymisation::risk::{
    IndividualFormula, RiskError, SampleWeights, household_risk, individual_risk, journalist,
    prosecutor,
};

/// E[1/F | f] with P(F = h) = C(h−1, f−1) pᶠ (1−p)^(h−f), summed until nothing more comes.
fn by_definition(f: u32, p: f64) -> f64 {
    let mut chance = p.powi(i32::try_from(f).unwrap());
    let (mut sum, mut mass, mut h) = (0.0, 0.0, f64::from(f));
    while 1.0 - mass > 1e-14 && h < 20_000.0 {
        sum += chance / h;
        mass += chance;
        chance *= h / (h + 1.0 - f64::from(f)) * (1.0 - p);
        h += 1.0;
    }
    sum
}

#[test]
fn the_exact_risk_is_the_posterior_mean() {
    for f in [1, 2, 3, 4, 7, 15, 39, 40, 41, 80] {
        for p in [0.02, 0.05, 0.2, 0.49, 0.5, 0.51, 0.8, 0.999, 1.0] {
            let exact = individual_risk(f, f64::from(f) / p, IndividualFormula::Exact);
            let slow = by_definition(f, p);
            assert!(
                (exact - slow).abs() <= 1e-9 * slow,
                "f {f} p {p}: {exact} is not {slow}"
            );
        }
    }
}

proptest! {
    /// Between one over the population and one over the sample; the formula of sdcMicro never below it.
    #[test]
    fn the_risk_lies_between_population_and_sample(f in 1_u32..500, p in 0.0001_f64..1.0) {
        let population = f64::from(f) / p;
        let exact = individual_risk(f, population, IndividualFormula::Exact);
        prop_assert!(exact >= 1.0 / population * (1.0 - 1e-12));
        prop_assert!(exact <= 1.0 / f64::from(f) * (1.0 + 1e-12));
        prop_assert!(individual_risk(f, population, IndividualFormula::SdcMicro) >= exact * (1.0 - 1e-12));
    }

    /// A household is at least as exposed as any member.
    #[test]
    fn a_household_is_never_safer_than_its_members(risks in prop::collection::vec(0.0_f64..1.0, 1..30), seed in 0_u64..9) {
        let households: Vec<Option<u64>> = (0..risks.len() as u64).map(|row| (row % 7 != 0).then_some((row * (seed + 1)) % 5)).collect();
        let together = household_risk(&risks, &households);
        for row in 0..risks.len() {
            prop_assert!(together[row] >= risks[row] * (1.0 - 1e-12) && together[row] <= 1.0);
            if households[row].is_none() { prop_assert_eq!(together[row], risks[row]); }
        }
    }
}

#[test]
fn a_population_smaller_than_the_sample_counts_as_the_sample() {
    assert_eq!(individual_risk(4, 2.0, IndividualFormula::Exact), 0.25);
    assert_eq!(individual_risk(4, 2.0, IndividualFormula::SdcMicro), 0.25);
    assert_eq!(journalist(&[0.5], 0.2).unwrap().maximum, 1.0);
}

#[test]
fn weights_that_are_none_are_counted_not_shown() {
    let bad = SampleWeights::new(vec![1.0, 0.0, -3.0, f64::NAN, f64::INFINITY]).unwrap_err();
    assert_eq!(bad, RiskError::Weights { rows: 4 });
    assert!(!bad.to_string().contains("-3"));
}

#[test]
fn thresholds_and_empty_files_are_refused() {
    assert!(matches!(
        prosecutor(&[1, 2], 0.0),
        Err(RiskError::Share { .. })
    ));
    assert!(matches!(
        prosecutor(&[1, 2], f64::NAN),
        Err(RiskError::Share { .. })
    ));
    assert_eq!(prosecutor(&[], 0.2), Err(RiskError::NoRows));
}
