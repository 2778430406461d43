//! Bootstrap and randomisation against refits of every draw.

use wdl_causal::regression::{
    self, ClusterFactor, Column, Draws, Model, RandomisationAsked, RegressionError, Variance,
    WildAsked,
};

use super::laws::panel;
use super::{Noise, close};

#[test]
fn a_wild_bootstrap_is_a_refit_of_each_draw() {
    // Units lie in the clusters, periods and areas cross them.
    let panel = panel(120, 12, 4, 3, 14);
    let cluster: Vec<u32> = panel.unit.iter().map(|unit| unit % 6).collect();
    let model = panel.model();
    let fit = regression::fit(&model).unwrap();
    let variance = Variance::Cluster {
        ways: vec![&cluster],
        factor: ClusterFactor::None,
    };
    let hypothesis = fit.coefficients[0] - 0.15;
    let asked = WildAsked {
        regressor: 0,
        clusters: &cluster,
        hypothesis,
        draws: 999,
        kind: Draws::Rademacher,
        level: 0.9,
        seed: 1,
    };
    let own = fit.wild(&asked).unwrap();
    assert!(own.is_enumerated && own.draws == 64 && own.clusters == 6);
    let own_t = fit.inference(&variance, 0.95).unwrap().coefficients[0].standard_error;
    close(own.t, 0.15 / own_t, 1e-9);
    // Under the hypothesis: the outcome less the regressor times it, on the others; the residual comes from dummies.
    let less: Vec<f64> = (0..120)
        .map(|row| panel.y[row] - hypothesis * panel.x[row])
        .collect();
    let residual = residuals(&panel, &less);
    let (mut far, mut above, mut below) = (0, 0, 0);
    for draw in 0..64_u32 {
        let y: Vec<f64> = (0..120)
            .map(|row| {
                let sign = if draw & (1 << cluster[row]) == 0 {
                    1.0
                } else {
                    -1.0
                };
                panel.y[row] - residual[row] + sign * residual[row]
            })
            .collect();
        let drawn = Model {
            outcome: &y,
            ..model.clone()
        };
        let drawn = regression::fit(&drawn).unwrap();
        let error = drawn.inference(&variance, 0.95).unwrap().coefficients[0].standard_error;
        let t = (drawn.coefficients[0] - hypothesis) / error;
        far += usize::from(t.abs() >= own.t.abs() - 1e-7);
        above += usize::from(t >= own.t - 1e-7);
        below += usize::from(t <= own.t + 1e-7);
    }
    close(own.p_symmetric, far as f64 / 64.0, 1e-12);
    close(
        own.p_equal_tailed,
        (2.0 * above.min(below) as f64 / 64.0).min(1.0),
        1e-12,
    );
    // The ends of the interval are where the test turns.
    for (end, outward) in [(own.low, -1.0), (own.high, 1.0)] {
        if end.is_finite() {
            let p = |hypothesis: f64| {
                fit.wild(&WildAsked {
                    hypothesis,
                    ..asked
                })
                .unwrap()
            };
            assert!(p(end - outward * 1e-6).p_symmetric > 0.1);
            assert!(p(end + outward * 1e-6).p_symmetric <= 0.1);
        }
    }
}

/// Residuals without the first regressor, by dummies.
fn residuals(panel: &super::laws::Panel, outcome: &[f64]) -> Vec<f64> {
    use nalgebra::{DMatrix, DVector};
    let mut columns = vec![panel.z.clone()];
    for codes in [&panel.unit, &panel.period, &panel.area] {
        for level in 0..=*codes.iter().max().unwrap() {
            let column = codes.iter().map(|own| f64::from(u8::from(*own == level)));
            columns.push(column.collect());
        }
    }
    let slices: Vec<&[f64]> = columns.iter().map(Vec::as_slice).collect();
    let kept = wdl_causal::dense::independent(&slices, 1e-8);
    let x = DMatrix::from_fn(outcome.len(), kept.len(), |row, at| columns[kept[at]][row]);
    let y = DVector::from_column_slice(outcome);
    let fit = wdl_causal::dense::least_squares(&x, &y, Some(&panel.weights)).unwrap();
    fit.residuals.iter().copied().collect()
}

#[test]
fn few_clusters_take_webbs_points_and_the_seed_decides() {
    let panel = panel(200, 20, 4, 3, 15);
    let cluster: Vec<u32> = panel.unit.iter().map(|unit| unit % 8).collect();
    let fit = regression::fit(&panel.model()).unwrap();
    let asked = |seed: u64| WildAsked {
        regressor: 1,
        clusters: &cluster,
        hypothesis: 0.0,
        draws: 199,
        kind: Draws::ByClusters,
        level: 0.95,
        seed,
    };
    let own = fit.wild(&asked(1)).unwrap();
    assert_eq!(
        (own.kind, own.draws, own.is_enumerated),
        (Draws::Webb, 199, false)
    );
    assert_eq!(own, fit.wild(&asked(1)).unwrap());
    assert!(own.low < fit.coefficients[1] && fit.coefficients[1] < own.high);
    let one = vec![0; 200];
    let fault = fit
        .wild(&WildAsked {
            clusters: &one,
            ..asked(1)
        })
        .unwrap_err();
    assert_eq!(fault, RegressionError::OneCluster);
}

#[test]
fn the_wild_bootstrap_keeps_its_size_with_ten_clusters() {
    let mut rejected = 0;
    let draws = 300;
    for seed in 0..draws {
        let mut noise = Noise::new(1000 + seed);
        let (mut y, mut x, mut cluster) = (Vec::new(), Vec::new(), Vec::new());
        for group in 0..10 {
            let (own, shared) = (noise.normal(), noise.normal());
            for _ in 0..12 {
                x.push(own + noise.normal());
                y.push(shared + noise.normal());
                cluster.push(group);
            }
        }
        let model = Model {
            outcome: &y,
            regressors: vec![Column::Values(&x)],
            ..Model::default()
        };
        let fit = regression::fit(&model).unwrap();
        let own = fit.wild(&WildAsked {
            regressor: 0,
            clusters: &cluster,
            hypothesis: 0.0,
            draws: 199,
            kind: Draws::ByClusters,
            level: 0.95,
            seed,
        });
        rejected += usize::from(own.unwrap().p_symmetric <= 0.05);
    }
    // Four standard errors of a share of 0.05 in 300 draws.
    let share = rejected as f64 / draws as f64;
    assert!((share - 0.05).abs() < 0.051, "{share}");
}

#[test]
fn all_arrangements_are_refits() {
    let mut noise = Noise::new(77);
    let unit: Vec<u32> = (0..32).map(|row| row / 4).collect();
    let period: Vec<u32> = (0..32).map(|row| row % 4).collect();
    // Eight units, three treated from the second period on.
    let treated = |unit: u32, period: u32, who: &[u32]| {
        f64::from(u8::from(who.contains(&unit) && period >= 2))
    };
    let d: Vec<f64> = (0..32)
        .map(|row| treated(unit[row], period[row], &[1, 4, 6]))
        .collect();
    let x: Vec<f64> = (0..32).map(|_| noise.normal()).collect();
    let y: Vec<f64> = (0..32)
        .map(|row| 0.8 * d[row] + x[row] + f64::from(unit[row]) + noise.normal())
        .collect();
    let model = |d| Model {
        outcome: &y,
        regressors: vec![Column::Values(&x), Column::Values(d)],
        fixed_effects: vec![&unit, &period],
        ..Model::default()
    };
    let asked = RandomisationAsked {
        regressor: 1,
        units: &unit,
        periods: Some(&period),
        draws: 999,
        level: 0.95,
        seed: 3,
    };
    let own = regression::randomise(&model(&d), &asked).unwrap();
    assert_eq!((own.draws, own.is_enumerated, own.courses), (56, true, 2));
    let mut all = Vec::new();
    for a in 0..8 {
        for b in a + 1..8 {
            for c in b + 1..8 {
                let one = (0..32).map(|row| treated(unit[row], period[row], &[a, b, c]));
                all.push(one.collect::<Vec<f64>>());
            }
        }
    }
    let far = all.iter().filter(|d| {
        let fit = regression::fit(&model(d)).unwrap();
        fit.coefficients[1].abs() >= own.estimate.abs() - 1e-9
    });
    let far = far.count();
    close(own.p, far as f64 / 56.0, 1e-12);
    let random = RandomisationAsked { draws: 40, ..asked };
    let random = regression::randomise(&model(&d), &random).unwrap();
    assert!(!random.is_enumerated && random.low <= random.p && random.p <= random.high + 0.05);
    let without = RandomisationAsked {
        periods: None,
        ..asked
    };
    let fault = regression::randomise(&model(&d), &without).unwrap_err();
    assert_eq!(fault, RegressionError::TreatmentVariesInside(3));
}
