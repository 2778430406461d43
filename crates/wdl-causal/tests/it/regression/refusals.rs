//! Bad inputs by name.

use wdl_causal::regression::{
    self, ClusterFactor, Column, JackknifeFactor, Model, Note, Place, RegressionError, Variance,
};

use super::laws::panel;

#[test]
fn a_treatment_that_says_nothing_is_an_error_of_its_own() {
    let panel = panel(200, 15, 5, 4, 1);
    let with = |column: &[f64]| {
        let mut model = panel.model();
        model.regressors.push(Column::Values(column));
        model.focus = vec![2];
        regression::fit(&model).map(|_| ()).unwrap_err()
    };
    let rows = panel.y.len();
    assert_eq!(
        with(&vec![1.0; rows]),
        RegressionError::TreatmentWithoutVariation(2)
    );
    let of_unit: Vec<f64> = panel.unit.iter().map(|unit| f64::from(unit % 2)).collect();
    assert_eq!(with(&of_unit), RegressionError::TreatmentAbsorbed(2));
    let sum: Vec<f64> = panel.x.iter().zip(&panel.z).map(|(x, z)| x - z).collect();
    assert_eq!(with(&sum), RegressionError::TreatmentCollinear(2));
    // Also when the covariate that tells it comes after it.
    let mut model = panel.model();
    model.regressors = vec![Column::Values(&panel.x), Column::Values(&panel.x)];
    model.focus = vec![0];
    let fault = regression::fit(&model).map(|_| ()).unwrap_err();
    assert_eq!(fault, RegressionError::TreatmentCollinear(0));
}

#[test]
fn values_that_are_none_are_counted() {
    let mut panel = panel(50, 5, 3, 2, 1);
    panel.z[4] = f64::NAN;
    panel.z[9] = f64::INFINITY;
    let fault = regression::fit(&panel.model()).map(|_| ()).unwrap_err();
    assert_eq!(
        fault,
        RegressionError::NotFinite {
            place: Place::Regressor(1),
            rows: 2,
            first: 4
        }
    );
    panel.y[2] = f64::NEG_INFINITY;
    let fault = regression::fit(&panel.model()).map(|_| ()).unwrap_err();
    assert!(matches!(
        fault,
        RegressionError::NotFinite {
            place: Place::Outcome,
            rows: 1,
            first: 2
        }
    ));
}

#[test]
fn few_clusters_are_told() {
    let panel = panel(120, 10, 4, 3, 1);
    let fit = regression::fit(&panel.model()).unwrap();
    let of = |groups: u32| -> Vec<u32> { panel.unit.iter().map(|unit| unit % groups).collect() };
    let clustered = |codes: &[u32]| {
        fit.inference(
            &Variance::Cluster {
                ways: vec![codes],
                factor: ClusterFactor::Least,
            },
            0.95,
        )
    };
    assert_eq!(clustered(&of(1)).unwrap_err(), RegressionError::OneCluster);
    assert_eq!(clustered(&of(2)).unwrap().notes, [Note::TwoClusters]);
    assert_eq!(clustered(&of(5)).unwrap().notes, [Note::FewClusters(5)]);
    let jackknife = Variance::Jackknife {
        clusters: &of(1),
        factor: JackknifeFactor::Textbook,
    };
    let fault = fit.inference(&jackknife, 0.95).unwrap_err();
    assert_eq!(fault, RegressionError::OneCluster);
}

#[test]
fn a_covariance_below_zero_is_repaired_and_told() {
    // Two ways whose crossing has more spread than both: the subtraction leaves less than nothing.
    let mut found = 0;
    for seed in 0..40 {
        let panel = panel(60, 4, 3, 4, seed);
        let fit = regression::fit(&Model {
            fixed_effects: Vec::new(),
            ..panel.model()
        })
        .unwrap();
        let two = Variance::Cluster {
            ways: vec![&panel.area, &panel.period],
            factor: ClusterFactor::EachTerm,
        };
        let own = fit.inference(&two, 0.95).unwrap();
        let is_told = own
            .notes
            .iter()
            .any(|note| matches!(note, Note::Repaired(_)));
        let least = own.covariance.clone().symmetric_eigenvalues();
        assert!(least.min() >= -1e-9 * least.max());
        found += usize::from(is_told);
    }
    assert!(found > 0);
}

#[test]
fn leverages_of_one_are_counted() {
    let mut panel = panel(100, 10, 4, 3, 1);
    panel.unit[5] = 77;
    let fit = regression::fit(&panel.model()).unwrap();
    let fault = fit.inference(&Variance::Hc3, 0.95).unwrap_err();
    assert_eq!(fault, RegressionError::LeverageOne(1));
}

#[test]
fn instruments_that_tell_nothing_do_not_identify() {
    let panel = panel(100, 10, 4, 3, 1);
    let of_unit: Vec<f64> = panel.unit.iter().map(|unit| f64::from(unit % 3)).collect();
    let mut model = panel.model();
    model.endogenous = vec![0];
    model.instruments = vec![Column::Values(&of_unit)];
    let fault = regression::fit(&model).map(|_| ()).unwrap_err();
    assert_eq!(
        fault,
        RegressionError::NotIdentified {
            instruments: 0,
            endogenous: 1
        }
    );
}

#[test]
fn lengths_weights_and_outcomes_are_checked() {
    let panel = panel(60, 6, 4, 3, 1);
    let mut model = panel.model();
    model.fixed_effects[0] = &panel.unit[..10];
    let fault = regression::fit(&model).map(|_| ()).unwrap_err();
    assert!(matches!(
        fault,
        RegressionError::Length {
            have: 10,
            want: 60,
            ..
        }
    ));
    let mut weights = panel.weights.clone();
    weights[3] = -1.0;
    let mut model = panel.model();
    model.weights = Some(&weights);
    let fault = regression::fit(&model).map(|_| ()).unwrap_err();
    assert!(matches!(
        fault,
        RegressionError::Negative {
            rows: 1,
            first: 3,
            ..
        }
    ));
    weights[3] = 0.0;
    let mut model = panel.model();
    model.weights = Some(&weights);
    assert_eq!(regression::fit(&model).unwrap().weightless, 1);
    let same = vec![2.0; 60];
    let mut model = panel.model();
    model.outcome = &same;
    let fault = regression::fit(&model).map(|_| ()).unwrap_err();
    assert_eq!(fault, RegressionError::OutcomeWithoutVariation);
}
