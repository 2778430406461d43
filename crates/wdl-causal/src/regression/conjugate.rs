//! Conjugate gradients for the effects beside the first, each column with its own steps and all columns in one pass over the rows.

use super::absorb::Absorber;

/// Steps at most in one solution.
const STEPS: usize = 2_000;

/// Residual of the equations, relative to the size of the column, at which a column is done.
const TOLERANCE: f64 = 1e-14;

/// State of all columns, effects by group and column.
struct State {
    effects: Vec<f64>,
    residual: Vec<f64>,
    direction: Vec<f64>,
    /// `r'M⁻¹r` by column.
    energy: Vec<f64>,
    is_done: Vec<bool>,
}

/// The effects that solve the equations, and steps taken; the weight of each group is the preconditioner.
pub(super) fn solve(
    absorber: &Absorber,
    right: &[f64],
    stride: usize,
    sizes: &[f64],
) -> (Vec<f64>, usize) {
    let scaled = |values: &[f64]| -> Vec<f64> {
        let by_group = values.chunks_exact(stride).zip(&absorber.masses);
        by_group
            .flat_map(|(values, mass)| values.iter().map(move |value| value / mass))
            .collect()
    };
    let direction = scaled(right);
    let energy = products(right, &direction, stride);
    let mut state = State {
        effects: vec![0.0; right.len()],
        residual: right.to_vec(),
        is_done: done(&energy, sizes),
        direction,
        energy,
    };
    for step in 0..STEPS {
        if state.is_done.iter().all(|is_done| *is_done) {
            return (state.effects, step);
        }
        let image = absorber.apply(&state.direction, stride);
        let curvature = products(&state.direction, &image, stride);
        let lengths: Vec<f64> = (0..stride)
            .map(
                |column| match state.is_done[column] || curvature[column] <= 0.0 {
                    true => 0.0,
                    false => state.energy[column] / curvature[column],
                },
            )
            .collect();
        step_by(&mut state.effects, &state.direction, &lengths, 1.0);
        step_by(&mut state.residual, &image, &lengths, -1.0);
        let preconditioned = scaled(&state.residual);
        let energy = products(&state.residual, &preconditioned, stride);
        for (own, fresh) in state
            .direction
            .chunks_exact_mut(stride)
            .zip(preconditioned.chunks_exact(stride))
        {
            for column in 0..stride {
                let kept = match state.energy[column] > 0.0 {
                    true => energy[column] / state.energy[column],
                    false => 0.0,
                };
                own[column] = fresh[column] + kept * own[column];
            }
        }
        state.is_done = done(&energy, sizes);
        // A direction without curvature lies in what the equations leave open: nothing more is to be had.
        for (is_done, length) in state.is_done.iter_mut().zip(&lengths) {
            *is_done |= *length == 0.0;
        }
        state.energy = energy;
    }
    (state.effects, STEPS)
}

fn done(energy: &[f64], sizes: &[f64]) -> Vec<bool> {
    let pairs = energy.iter().zip(sizes);
    pairs
        .map(|(energy, size)| energy.max(0.0).sqrt() <= TOLERANCE * size)
        .collect()
}

/// Column by column, the sums of products.
fn products(left: &[f64], right: &[f64], stride: usize) -> Vec<f64> {
    let mut sums = vec![0.0; stride];
    for (left, right) in left.chunks_exact(stride).zip(right.chunks_exact(stride)) {
        for column in 0..stride {
            sums[column] += left[column] * right[column];
        }
    }
    sums
}

fn step_by(to: &mut [f64], along: &[f64], lengths: &[f64], sign: f64) {
    let stride = lengths.len();
    for (to, along) in to.chunks_exact_mut(stride).zip(along.chunks_exact(stride)) {
        for column in 0..stride {
            to[column] += sign * lengths[column] * along[column];
        }
    }
}
