//! Laws, and the slow and obvious way on small data.

use nalgebra::{DMatrix, DVector};
use wdl_causal::dense;
use wdl_causal::regression::{
    self, ClusterFactor, Column, JackknifeFactor, LeftOut, Model, Variance,
};

use super::{Noise, close};

/// An unbalanced panel with three effects and weights.
pub(super) struct Panel {
    pub(super) y: Vec<f64>,
    pub(super) x: Vec<f64>,
    pub(super) z: Vec<f64>,
    pub(super) unit: Vec<u32>,
    pub(super) period: Vec<u32>,
    pub(super) area: Vec<u32>,
    pub(super) weights: Vec<f64>,
}

pub(super) fn panel(rows: usize, units: u32, periods: u32, areas: u32, seed: u64) -> Panel {
    let mut noise = Noise::new(seed);
    let mut panel = Panel {
        y: Vec::new(),
        x: Vec::new(),
        z: Vec::new(),
        unit: Vec::new(),
        period: Vec::new(),
        area: Vec::new(),
        weights: Vec::new(),
    };
    for _ in 0..rows {
        let (unit, period, area) = (noise.below(units), noise.below(periods), noise.below(areas));
        let x = noise.normal() + 0.1 * f64::from(unit % 7) + 0.2 * f64::from(period);
        let z = noise.normal() + 0.3 * x;
        let error = noise.normal() * (1.0 + 0.2 * f64::from(unit % 3));
        panel
            .y
            .push(1.5 * x - 0.7 * z + f64::from(unit % 5) + 0.3 * f64::from(period * area) + error);
        panel.x.push(x);
        panel.z.push(z);
        panel.unit.push(unit);
        panel.period.push(period);
        panel.area.push(area);
        panel.weights.push(0.5 + noise.uniform());
    }
    panel
}

impl Panel {
    pub(super) fn model(&self) -> Model<'_> {
        Model {
            outcome: &self.y,
            regressors: vec![Column::Values(&self.x), Column::Values(&self.z)],
            fixed_effects: vec![&self.period, &self.unit, &self.area],
            weights: Some(&self.weights),
            ..Model::default()
        }
    }

    /// The regressors and a dummy for each group of each effect, those that follow from others left out.
    fn dummies(&self) -> DMatrix<f64> {
        let mut columns = vec![self.x.clone(), self.z.clone()];
        for codes in [&self.unit, &self.period, &self.area] {
            for level in 0..=*codes.iter().max().unwrap() {
                let column = codes.iter().map(|own| f64::from(u8::from(*own == level)));
                columns.push(column.collect());
            }
        }
        let slices: Vec<&[f64]> = columns.iter().map(Vec::as_slice).collect();
        let kept = dense::independent(&slices, 1e-8);
        DMatrix::from_fn(self.y.len(), kept.len(), |row, at| columns[kept[at]][row])
    }
}

#[test]
fn effects_are_dummies() {
    let panel = panel(160, 30, 5, 4, 3);
    let x = panel.dummies();
    let y = DVector::from_column_slice(&panel.y);
    let slow = dense::least_squares(&x, &y, Some(&panel.weights)).unwrap();
    let fit = regression::fit(&panel.model()).unwrap();
    let clusters = |row: usize| panel.unit[row] as usize;
    let leverage: Vec<f64> = (0..y.len())
        .map(|row| panel.weights[row] * (x.row(row) * &slow.bread * x.row(row).transpose())[(0, 0)])
        .collect();
    let sandwich = |by: &dyn Fn(usize) -> f64, group: &dyn Fn(usize) -> usize, count: usize| {
        let mut sums = DMatrix::zeros(count, x.ncols());
        for row in 0..y.len() {
            let part = x.row(row) * (panel.weights[row] * slow.residuals[row] * by(row));
            let mut own = sums.row_mut(group(row));
            own += part;
        }
        (&slow.bread * sums.transpose() * sums * &slow.bread)
            .diagonal()
            .map(f64::sqrt)
    };
    let white = |by: &dyn Fn(usize) -> f64| sandwich(by, &|row| row, y.len());
    let clustered = Variance::Cluster {
        ways: vec![&panel.unit],
        factor: ClusterFactor::None,
    };
    for (variance, errors) in [
        (Variance::Hc0, white(&|_| 1.0)),
        (
            Variance::Hc2,
            white(&|row| (1.0 - leverage[row]).powf(-0.5)),
        ),
        (Variance::Hc3, white(&|row| 1.0 / (1.0 - leverage[row]))),
        (clustered, sandwich(&|_| 1.0, &clusters, 30)),
    ] {
        let ours = fit.inference(&variance, 0.9).unwrap();
        for at in 0..2 {
            close(ours.coefficients[at].estimate, slow.coefficients[at], 1e-10);
            close(ours.coefficients[at].standard_error, errors[at], 1e-9);
        }
    }
}

#[test]
fn many_crossed_groups_change_nothing_when_the_outcome_moves_with_them() {
    let mut panel = panel(6_000, 900, 700, 6, 11);
    let fit = regression::fit(&panel.model()).unwrap();
    assert!(fit.absorption.steps > 0 && fit.absorption.gap < 1e-11);
    for row in 0..panel.y.len() {
        panel.y[row] += 10.0 * f64::from(panel.unit[row] % 13)
            - 7.0 * f64::from(panel.period[row] % 17)
            + f64::from(panel.area[row]);
    }
    let moved = regression::fit(&panel.model()).unwrap();
    for (moved, own) in moved.coefficients.iter().zip(&fit.coefficients) {
        close(*moved, *own, 1e-9);
    }
    // The same effects with the small one alone beside the large one are solved directly.
    let few = Model {
        fixed_effects: vec![&panel.unit, &panel.area],
        ..panel.model()
    };
    assert_eq!(regression::fit(&few).unwrap().absorption.steps, 0);
}

#[test]
fn threads_change_no_bit() {
    let panel = panel(120_000, 9_000, 12, 800, 5);
    let run = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
        pool.unwrap().install(|| {
            let fit = regression::fit(&panel.model()).unwrap();
            let clustered = Variance::Cluster {
                ways: vec![&panel.area, &panel.period],
                factor: ClusterFactor::EachTerm,
            };
            let own = fit.inference(&clustered, 0.95).unwrap();
            (fit.coefficients, own.covariance)
        })
    };
    assert_eq!(run(1), run(3));
}

#[test]
fn a_jackknife_is_a_fit_without_each_cluster() {
    let panel = panel(240, 24, 4, 3, 9);
    let group: Vec<u32> = panel.unit.iter().map(|unit| unit % 8).collect();
    let model = panel.model();
    let fit = regression::fit(&model).unwrap();
    let mut squares = [0.0; 2];
    for left in 0..8 {
        let rows: Vec<usize> = (0..panel.y.len())
            .filter(|row| group[*row] != left)
            .collect();
        let pick = |from: &[f64]| rows.iter().map(|row| from[*row]).collect::<Vec<f64>>();
        let codes = |from: &[u32]| rows.iter().map(|row| from[*row]).collect::<Vec<u32>>();
        let (y, x, z, weights) = (
            pick(&panel.y),
            pick(&panel.x),
            pick(&panel.z),
            pick(&panel.weights),
        );
        let (unit, period, area) = (codes(&panel.unit), codes(&panel.period), codes(&panel.area));
        let without = Model {
            outcome: &y,
            regressors: vec![Column::Values(&x), Column::Values(&z)],
            fixed_effects: vec![&unit, &period, &area],
            weights: Some(&weights),
            ..Model::default()
        };
        let without = regression::fit(&without).unwrap();
        for (at, square) in squares.iter_mut().enumerate() {
            *square += (without.coefficients[at] - fit.coefficients[at]).powi(2);
        }
    }
    let jackknife = Variance::Jackknife {
        clusters: &group,
        factor: JackknifeFactor::Textbook,
    };
    let ours = fit.inference(&jackknife, 0.95).unwrap();
    for (own, square) in ours.coefficients.iter().zip(squares) {
        close(own.standard_error, (square * 7.0 / 8.0).sqrt(), 1e-8);
    }
}

#[test]
fn instruments_are_a_ratio_when_there_is_one() {
    let mut noise = Noise::new(21);
    let rows = 400;
    let unit: Vec<u32> = (0..rows).map(|row| row as u32 / 8).collect();
    let z: Vec<f64> = (0..rows).map(|_| noise.normal()).collect();
    let hidden: Vec<f64> = (0..rows).map(|_| noise.normal()).collect();
    let mix = |row: usize| (z[row], hidden[row], f64::from(unit[row] % 4));
    let d: Vec<f64> = (0..rows)
        .map(|row| 0.8 * mix(row).0 + mix(row).1 + mix(row).2)
        .collect();
    let y: Vec<f64> = (0..rows)
        .map(|row| 2.0 * d[row] - mix(row).1 + mix(row).2)
        .collect();
    let model = Model {
        outcome: &y,
        regressors: vec![Column::Values(&d)],
        fixed_effects: vec![&unit],
        endogenous: vec![0],
        instruments: vec![Column::Values(&z)],
        ..Model::default()
    };
    let fit = regression::fit(&model).unwrap();
    let on_z = |outcome: &[f64]| {
        let own = Model {
            outcome,
            regressors: vec![Column::Values(&z)],
            fixed_effects: vec![&unit],
            ..Model::default()
        };
        regression::fit(&own).unwrap().coefficients[0]
    };
    close(fit.coefficients[0], on_z(&y) / on_z(&d), 1e-10);
    let first = regression::first_stage(&model, 0).unwrap();
    let first = regression::fit(&first).unwrap();
    let first = first.inference(&Variance::Iid, 0.95).unwrap();
    let strength = fit.strength.as_ref().unwrap();
    let own = strength.first_stages[0];
    close(own.f, first.wald(&[0]).unwrap().f, 1e-9);
    close(own.p, first.wald(&[0]).unwrap().p, 1e-6);
    close(strength.cragg_donald, own.f, 1e-9);
    // With one of each, Anderson's statistic is rows times the partial R squared.
    close(strength.anderson, rows as f64 * own.partial_r_squared, 1e-9);
    // The scores of the estimate: `ẑ e`, by hand.
    let clustered = Variance::Cluster {
        ways: vec![&unit],
        factor: ClusterFactor::None,
    };
    let within = |values: &[f64]| -> Vec<f64> {
        let mean = |row: usize| values[row / 8 * 8..row / 8 * 8 + 8].iter().sum::<f64>() / 8.0;
        (0..rows).map(|row| values[row] - mean(row)).collect()
    };
    let (y, d, z) = (within(&y), within(&d), within(&z));
    let product: f64 = z.iter().zip(&d).map(|(z, d)| z * d).sum();
    let mut sums = vec![0.0; 50];
    for row in 0..rows {
        sums[row / 8] += z[row] * (y[row] - fit.coefficients[0] * d[row]);
    }
    let error = sums.iter().map(|own| own * own).sum::<f64>().sqrt() / product.abs();
    let ours = fit.inference(&clustered, 0.95).unwrap();
    close(ours.coefficients[0].standard_error, error, 1e-9);
}

#[test]
fn columns_without_news_are_named_with_their_reason() {
    let panel = panel(300, 20, 5, 4, 2);
    let rows = panel.y.len();
    let constant = vec![3.0; rows];
    let of_unit: Vec<f64> = panel
        .unit
        .iter()
        .map(|unit| f64::from(*unit).sqrt())
        .collect();
    let mut noise = Noise::new(8);
    let near: Vec<f64> = panel
        .x
        .iter()
        .map(|x| 2.0 * x + 1e-9 * noise.normal())
        .collect();
    let mut model = panel.model();
    for column in [&constant, &of_unit, &near] {
        model.regressors.push(Column::Values(column));
    }
    let fit = regression::fit(&model).unwrap();
    assert_eq!(
        fit.left_out,
        [
            (2, LeftOut::NoVariation),
            (3, LeftOut::Absorbed),
            (4, LeftOut::Collinear)
        ]
    );
    let plain = regression::fit(&panel.model()).unwrap();
    close(fit.coefficients[0], plain.coefficients[0], 1e-12);
}

#[test]
fn singletons_leave_only_when_asked() {
    let mut panel = panel(200, 12, 5, 4, 6);
    panel.unit[17] = 99;
    panel.unit[40] = 98;
    let mut model = panel.model();
    assert!(regression::fit(&model).unwrap().singletons.is_empty());
    let with = regression::fit(&model).unwrap();
    assert_eq!(with.groups[1], 14);
    model.drops_singletons = true;
    let without = regression::fit(&model).unwrap();
    assert_eq!(
        (without.singletons.as_slice(), without.rows),
        ([17, 40].as_slice(), 198)
    );
    close(without.coefficients[0], with.coefficients[0], 1e-11);
}

#[test]
fn a_joint_test_of_one_is_the_square_of_t() {
    let panel = panel(300, 20, 5, 4, 4);
    let fit = regression::fit(&panel.model()).unwrap();
    let own = fit.inference(&Variance::Hc1, 0.95).unwrap();
    let wald = own.wald(&[1]).unwrap();
    close(wald.f, own.of(1).unwrap().t.powi(2), 1e-12);
    close(wald.p, own.of(1).unwrap().p, 1e-9);
    assert_eq!(own.wald(&[0, 1]).unwrap().first, 2.0);
}
