//! How large a violation of parallel trends a conclusion bears (Rambachan and Roth).

use nalgebra::{DMatrix, DVector};
use proptest::prelude::{ProptestConfig, Strategy, prop_assert, proptest};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution, StandardNormal};
use serde_json::Value;
use wdl_causal::honest::{
    self, Breakdown, Direction, EventStudy, Interval, NoInterval, Question, Restriction, Test,
};

use crate::elsewhere;

fn numbers(value: &Value) -> Vec<f64> {
    let list = value.as_array().expect("a list");
    list.iter()
        .map(|own| own.as_f64().expect("a number"))
        .collect()
}

fn reference() -> Option<(Vec<f64>, DMatrix<f64>, Value)> {
    let text = std::fs::read_to_string(elsewhere::path("honest_did.json")?).expect("it is there");
    let value: Value = serde_json::from_str(&text).expect("it is JSON");
    let coefficients = numbers(&value["input"]["betahat"]);
    let rows = value["input"]["sigma"].as_array().expect("rows");
    let rows: Vec<f64> = rows.iter().flat_map(numbers).collect();
    let covariance = DMatrix::from_row_slice(coefficients.len(), coefficients.len(), &rows);
    Some((coefficients, covariance, value))
}

fn reference_study() -> Option<(EventStudy, Value)> {
    let (coefficients, covariance, value) = reference()?;
    let study = EventStudy::new(&coefficients, &covariance, 4).expect("a study");
    Some((study, value))
}

#[track_caller]
fn near(ours: (f64, f64), theirs: (f64, f64), tolerance: f64) {
    let distance = (ours.0 - theirs.0).abs().max((ours.1 - theirs.1).abs());
    assert!(
        distance <= tolerance,
        "{ours:?} is not {theirs:?}: {distance}"
    );
}

fn ends(interval: &Interval) -> (f64, f64) {
    (interval.lower.value, interval.upper.value)
}

#[test]
fn fixed_lengths_agree_with_elsewhere() {
    let Some((study, value)) = reference_study() else {
        return;
    };
    let question = Question::of_period(0, 4, 0.05);
    for row in value["moderndid_0.2.0"]["DeltaSD_FLCI"]
        .as_array()
        .expect("rows")
    {
        let bound = row["m"].as_f64().expect("a bound");
        let own = honest::fixed_length(&study, &question, bound).expect("an interval");
        let theirs = (
            row["lb"].as_f64().expect("an end"),
            row["ub"].as_f64().expect("an end"),
        );
        near((own.lower, own.upper), theirs, 1e-4);
        // Never longer than theirs, whose search stops earlier.
        assert!(own.upper - own.lower <= theirs.1 - theirs.0 + 1e-9);
    }
    // moderndid 0.2.0, `compute_flci`, for the mean of the four periods.
    let question = Question::of_mean(4, 0.05);
    for (bound, theirs) in [
        (0.0, (0.133_334_389_515, 0.230_391_070_948)),
        (0.01, (0.124_041_906_294, 0.368_043_166_196)),
        (0.03, (0.119_067_359_804, 0.592_209_318_493)),
    ] {
        let own = honest::fixed_length(&study, &question, bound).expect("an interval");
        near((own.lower, own.upper), theirs, 1e-4);
        assert!(own.upper - own.lower <= theirs.1 - theirs.0 + 1e-9);
    }
}

#[test]
fn magnitudes_agree_with_elsewhere() {
    let Some((study, value)) = reference_study() else {
        return;
    };
    let question = Question::of_period(0, 4, 0.05);
    for row in value["moderndid_0.2.0"]["DeltaRM_CLF_grid1000"]
        .as_array()
        .expect("rows")
    {
        let bound = Restriction::RelativeMagnitude(row["Mbar"].as_f64().expect("a bound"));
        let own = honest::interval(&study, &question, bound, question.usual_test());
        let theirs = (
            row["lb"].as_f64().expect("an end"),
            row["ub"].as_f64().expect("an end"),
        );
        near(ends(&own.expect("an interval")), theirs, 0.005);
    }
}

#[test]
fn hybrids_agree_with_elsewhere() {
    let Some((study, _)) = reference_study() else {
        return;
    };
    // moderndid 0.2.0 on grids of 1,000 points, whose steps are 0.0008 to 0.0011.
    let question = Question::of_period(0, 4, 0.05);
    for (bound, theirs) in [
        (0.01, (0.203_110_591_717_8, 0.334_879_075_404_2)),
        (0.03, (0.186_489_760_225_4, 0.351_256_537_391_6)),
    ] {
        for test in [question.usual_test(), Test::Conditional] {
            let own = honest::interval(&study, &question, Restriction::Smoothness(bound), test);
            near(ends(&own.expect("an interval")), theirs, 0.0015);
        }
    }
    let question = Question::of_mean(4, 0.05);
    for (bound, theirs) in [
        (0.5, (0.068_487_841_293_3, 0.368_316_691_711_5)),
        (1.0, (-0.069_384_109_680_3, 0.506_188_642_685_1)),
    ] {
        let bound = Restriction::RelativeMagnitude(bound);
        let own = honest::interval(&study, &question, bound, question.usual_test());
        near(ends(&own.expect("an interval")), theirs, 0.005);
    }
}

#[test]
fn four_magnitudes_take_no_time() {
    let Some((study, _)) = reference_study() else {
        return;
    };
    let question = Question::of_period(0, 4, 0.05);
    let start = std::time::Instant::now();
    for bound in [0.5, 1.0, 1.5, 2.0] {
        let bound = Restriction::RelativeMagnitude(bound);
        honest::interval(&study, &question, bound, question.usual_test()).expect("an interval");
    }
    println!("four intervals: {:?}", start.elapsed());
    // A fiftieth of moderndid's 45.7 seconds.
    assert!(start.elapsed().as_secs_f64() < 0.914);
}

/// A study with the given sizes, from numbers of a seed.
fn drawn(before: usize, after: usize, seed: u64) -> (Vec<f64>, DMatrix<f64>) {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let count = before + after;
    let mut normal = || -> f64 { StandardNormal.sample(&mut random) };
    let root = DMatrix::from_fn(count, count, |_, _| normal());
    let coefficients = (0..count).map(|_| normal()).collect();
    let covariance = (&root * root.transpose() + DMatrix::identity(count, count)) * 0.1;
    (coefficients, covariance)
}

/// The slow opinion: inequalities `A δ ≤ d` written out with every period on the line, the statistic as the best of all bases of its linear program.
struct Slow {
    rows: DMatrix<f64>,
    limits: DVector<f64>,
    nuisance: DMatrix<f64>,
    theta: DVector<f64>,
    coefficients: DVector<f64>,
    covariance: DMatrix<f64>,
}

impl Slow {
    fn new(
        study: &(Vec<f64>, DMatrix<f64>),
        before: usize,
        weights: &[f64],
        restriction: Restriction,
        step: usize,
        sign: f64,
    ) -> Slow {
        let count = study.0.len();
        let line = count + 1;
        let mut rows: Vec<DVector<f64>> = Vec::new();
        let mut limits = Vec::new();
        for period in before + 1..line {
            for direction in [1.0, -1.0] {
                let mut row = DVector::zeros(line);
                row[period] += direction;
                match restriction {
                    Restriction::Smoothness(limit) => {
                        row[period - 1] -= 2.0 * direction;
                        row[period - 2] += direction;
                        limits.push(limit);
                    }
                    Restriction::RelativeMagnitude(bound) => {
                        row[period - 1] -= direction;
                        row[step + 1] -= sign * bound;
                        row[step] += sign * bound;
                        limits.push(0.0);
                    }
                }
                rows.push(row.remove_row(before));
            }
        }
        let rows = DMatrix::from_fn(rows.len(), count, |row, column| rows[row][column]);
        let after = weights.len();
        // A basis of the periods after the start: one direction that raises θ by one, and those that leave it.
        let largest = (0..after)
            .max_by(|a, b| weights[*a].abs().total_cmp(&weights[*b].abs()))
            .expect("a period");
        let later = rows.columns(before, after).into_owned();
        let theta = later.column(largest) / weights[largest];
        let others: Vec<DVector<f64>> = (0..after)
            .filter(|own| *own != largest)
            .map(|own| {
                later.column(own) - later.column(largest) * (weights[own] / weights[largest])
            })
            .collect();
        let nuisance = DMatrix::from_fn(rows.nrows(), others.len(), |row, column| {
            others[column][row]
        });
        Slow {
            limits: DVector::from_vec(limits),
            nuisance,
            theta,
            rows,
            coefficients: DVector::from_column_slice(&study.0),
            covariance: study.1.clone(),
        }
    }

    fn sigma(&self) -> DMatrix<f64> {
        &self.rows * &self.covariance * self.rows.transpose()
    }

    /// Every vertex of `{γ ≥ 0, γ'X = 0, γ'σ = 1}`, by solving every basis.
    fn vertices(&self) -> Vec<DVector<f64>> {
        let (count, columns) = (self.rows.nrows(), self.nuisance.ncols() + 1);
        let deviations = self.sigma().diagonal().map(f64::sqrt);
        let mut vertices: Vec<DVector<f64>> = Vec::new();
        for mask in 0_u32..1 << count {
            if mask.count_ones() as usize != columns {
                continue;
            }
            let basis: Vec<usize> = (0..count).filter(|row| mask >> row & 1 == 1).collect();
            let system = DMatrix::from_fn(columns, columns, |row, column| match row {
                0 => deviations[basis[column]],
                _ => self.nuisance[(basis[column], row - 1)],
            });
            let mut right = DVector::zeros(columns);
            right[0] = 1.0;
            let Some(solved) = system.clone().lu().solve(&right) else {
                continue;
            };
            let is_right = (&system * &solved - &right).amax() < 1e-9;
            if !is_right || solved.min() < -1e-9 || !solved.iter().all(|own| own.is_finite()) {
                continue;
            }
            let mut vertex = DVector::zeros(count);
            for (at, row) in basis.iter().enumerate() {
                vertex[*row] = solved[at].max(0.0);
            }
            if vertices.iter().all(|own| (own - &vertex).amax() > 1e-9) {
                vertices.push(vertex);
            }
        }
        vertices
    }

    /// Whether the conditional test rejects (no first stage when `cap` is infinite), quantile by bisection.
    fn accepts(&self, vertices: &[DVector<f64>], theta: f64, size: f64, cap: f64) -> bool {
        let y = &self.rows * &self.coefficients - &self.limits - &self.theta * theta;
        let sigma = self.sigma();
        let best = vertices
            .iter()
            .max_by(|a, b| a.dot(&y).total_cmp(&b.dot(&y)))
            .expect("a vertex");
        let eta = best.dot(&y);
        if eta <= 0.0 {
            return true;
        }
        let product = &sigma * best;
        let variance = best.dot(&product);
        if eta > cap || variance < 1e-14 {
            return false;
        }
        let along = &product / variance;
        let rest = &y - &along * eta;
        let (mut low, mut high) = (f64::NEG_INFINITY, cap);
        for vertex in vertices {
            let slope = 1.0 - vertex.dot(&along);
            if slope > 1e-10 {
                low = low.max(vertex.dot(&rest) / slope);
            } else if slope < -1e-10 {
                high = high.min(vertex.dot(&rest) / slope);
            }
        }
        let normal = |z: f64| wdl_causal::distribution::normal(z / variance.sqrt());
        // Upper tails, so that nothing cancels far out.
        let share = (normal(-eta) - normal(-high)) / (normal(-low) - normal(-high));
        share >= size
    }
}

/// The hull of what a grid of places does not reject, over all polyhedra.
fn slow_ends(
    study: &(Vec<f64>, DMatrix<f64>),
    before: usize,
    question: &Question,
    restriction: Restriction,
    ours: &Interval,
    is_hybrid: bool,
    places: u32,
) -> (f64, f64) {
    let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
    let (from, to) = ends(ours);
    let margin = 0.3 * (to - from);
    for piece in &ours.pieces {
        let (step, sign) = match piece.largest_step {
            Some((step, Direction::Up)) => (step, 1.0),
            Some((step, Direction::Down)) => (step, -1.0),
            None => (0, 1.0),
        };
        let slow = Slow::new(study, before, &question.weights, restriction, step, sign);
        let vertices = slow.vertices();
        let (size, cap) = match is_hybrid {
            true => (
                0.9 * question.alpha / (1.0 - question.alpha / 10.0),
                piece.least_favourable.expect("a first stage"),
            ),
            false => (question.alpha, f64::INFINITY),
        };
        for place in 0..=places {
            let theta =
                from - margin + (to - from + 2.0 * margin) * f64::from(place) / f64::from(places);
            if slow.accepts(&vertices, theta, size, cap) {
                low = low.min(theta);
                high = high.max(theta);
            }
        }
    }
    (low, high)
}

#[test]
fn ends_are_those_of_the_linear_program_on_a_grid() {
    for seed in 0..6 {
        let study = drawn(3, 3, seed);
        let kernel = EventStudy::new(&study.0, &study.1, 3).expect("a study");
        let mut question = Question::of_period(seed as usize % 3, 3, 0.1);
        if seed > 2 {
            question.weights = vec![0.5, -0.2, 0.7];
        }
        for (restriction, test) in [
            (Restriction::RelativeMagnitude(0.7), question.usual_test()),
            (Restriction::RelativeMagnitude(1.3), Test::Conditional),
            (Restriction::Smoothness(0.4), question.usual_test()),
            (Restriction::Smoothness(0.4), Test::Conditional),
        ] {
            let own = honest::interval(&kernel, &question, restriction, test).expect("an interval");
            let is_hybrid = test != Test::Conditional;
            let slow = slow_ends(&study, 3, &question, restriction, &own, is_hybrid, 800);
            let step = 1.6 * (own.upper.value - own.lower.value) / 800.0;
            near(ends(&own), slow, 1.01 * step);
            // The grid lies inside: nothing outside our ends is accepted.
            assert!(slow.0 >= own.lower.value - 1e-9 && slow.1 <= own.upper.value + 1e-9);
        }
    }
}

#[test]
fn the_first_stage_is_the_quantile_of_the_largest_moment() {
    let study = drawn(3, 3, 11);
    let kernel = EventStudy::new(&study.0, &study.1, 3).expect("a study");
    let question = Question::of_period(1, 3, 0.5);
    let bound = Restriction::RelativeMagnitude(0.8);
    let own = honest::interval(&kernel, &question, bound, Test::Hybrid { kappa: 0.2 });
    let own = own.expect("an interval");
    let slow = Slow::new(&study, 3, &question.weights, bound, 0, 1.0);
    let vertices = slow.vertices();
    let root = study.1.clone().cholesky().expect("a covariance").l();
    let mut random = ChaCha8Rng::seed_from_u64(5);
    let mut largest: Vec<f64> = (0..40_000)
        .map(|_| {
            let normal = DVector::from_fn(6, |_, _| StandardNormal.sample(&mut random));
            let moments: DVector<f64> = &slow.rows * (&root * normal);
            let each = vertices.iter().map(|own| own.dot(&moments));
            each.fold(f64::NEG_INFINITY, f64::max)
        })
        .collect();
    largest.sort_by(f64::total_cmp);
    let drawn = largest[32_000];
    let ours = own.pieces[0].least_favourable.expect("a first stage");
    assert!((ours - drawn).abs() < 0.02, "{ours} is not {drawn}");
}

#[test]
fn a_fixed_length_is_the_shortest() {
    for seed in 20..26 {
        let (before, after) = (4, 2);
        let (coefficients, covariance) = drawn(before, after, seed);
        let study = EventStudy::new(&coefficients, &covariance, before).expect("a study");
        let question = Question {
            weights: vec![0.3, 0.7],
            alpha: 0.05,
        };
        for bound in [0.0, 0.05, 0.5, 20.0] {
            let own = honest::fixed_length(&study, &question, bound).expect("an interval");
            let half = 0.5 * (own.upper - own.lower);
            let length = |weights: &DVector<f64>| {
                let deviation = weights.dot(&(&covariance * weights)).sqrt();
                let bias = bound * worst_bias(weights, before);
                deviation * honest::folded_normal_quantile(bias / deviation, 0.05)
            };
            let found = DVector::from_column_slice(&own.weights);
            assert!((length(&found) - half).abs() < 1e-9 * half);
            // Any other estimator without a straight line in its bias is longer.
            let mut random = ChaCha8Rng::seed_from_u64(seed);
            for scale in [1e-6, 1e-4, 1e-2, 0.3] {
                for _ in 0..200 {
                    let mut other = found.clone();
                    for _ in 0..2 {
                        let place = rand::Rng::random_range(&mut random, 0..before - 1);
                        let normal: f64 = StandardNormal.sample(&mut random);
                        let turn = normal * scale;
                        // A straight line stays out when two neighbours' sums with distance cancel.
                        let (near, far) = (before - 1 - place, before - 2 - place);
                        let (one, two) = ((before - near) as f64, (before - far) as f64);
                        other[near] += turn / one;
                        other[far] -= turn / two;
                    }
                    assert!(
                        length(&other) >= half * (1.0 - 1e-10),
                        "seed {seed}, {bound}"
                    );
                }
            }
        }
    }
}

/// The worst bias of a combination under second differences of at most one, by its corners: each second difference by itself.
fn worst_bias(weights: &DVector<f64>, before: usize) -> f64 {
    let line = weights.len() + 1;
    (1..line - 1)
        .map(|turn| {
            // The path that bends at `turn` only, away from the reference period, and is zero on its side.
            let path = (0..line).filter(|own| *own != before).enumerate();
            path.map(|(at, own)| {
                let (own, turn, zero) = (own as f64, turn as f64, before as f64);
                let distance = match turn >= zero {
                    true => (own - turn).max(0.0),
                    false => (turn - own).max(0.0),
                };
                weights[at] * distance
            })
            .sum::<f64>()
            .abs()
        })
        .sum()
}

#[test]
fn the_folded_normal_keeps_its_ends() {
    assert!((honest::folded_normal_quantile(0.0, 0.05) - 1.959_963_984_540_054).abs() < 1e-12);
    // Far from zero the other tail is gone.
    assert!((honest::folded_normal_quantile(1e3, 0.05) - 1_001.644_853_626_951).abs() < 1e-9);
    // scipy 1.17.1: foldnorm.ppf(0.95, 1).
    assert!((honest::folded_normal_quantile(1.0, 0.05) - FOLDED_AT_ONE).abs() < 1e-10);
}

const FOLDED_AT_ONE: f64 = 2.646_145_548_215_311;

#[test]
fn without_a_bound_parallel_trends_hold() {
    // M̄ = 0: the trends are parallel after the reference period, so that the test is that of the mean.
    let study = drawn(2, 1, 3);
    let kernel = EventStudy::new(&study.0, &study.1, 2).expect("a study");
    let question = Question::of_period(0, 1, 0.05);
    let own = honest::interval(
        &kernel,
        &question,
        Restriction::RelativeMagnitude(0.0),
        Test::Conditional,
    );
    let original = honest::original(&kernel, &question).expect("an interval");
    near(ends(&own.expect("an interval")), original, 1e-9);
}

#[test]
fn one_period_before_and_after_is_enough() {
    let covariance = DMatrix::from_row_slice(2, 2, &[0.01, 0.002, 0.002, 0.02]);
    let study = EventStudy::new(&[0.1, 1.0], &covariance, 1).expect("a study");
    let question = Question::of_period(0, 1, 0.05);
    let magnitude = Restriction::RelativeMagnitude(1.0);
    let own = honest::interval(&study, &question, magnitude, question.usual_test());
    let own = own.expect("an interval");
    // The only step before is 0.1 down: the effect lies within 0.1 of 1, and errors around it.
    assert!(own.lower.value < 0.9 && own.upper.value > 1.1 && own.lower.value > 0.3);
    // A single estimator has no straight line in its bias: 1.0 + 0.1 with the variance of the sum.
    let fixed = honest::fixed_length(&study, &question, 0.0).expect("an interval");
    assert!((fixed.estimate - 1.1).abs() < 1e-12);
    assert!((fixed.standard_error - 0.034_f64.sqrt()).abs() < 1e-12);
    assert!((fixed.worst_bias).abs() < 1e-12);
    let smooth = honest::interval(
        &study,
        &question,
        Restriction::Smoothness(0.05),
        question.usual_test(),
    );
    assert!(smooth.is_ok());
}

#[test]
fn tiny_variances_and_neighbouring_bounds_have_their_own_ends() {
    // Known troubles of a grid: ends open at tiny variances, the same interval for bounds beside each other.
    let (coefficients, covariance) = drawn(3, 2, 40);
    let study = EventStudy::new(&coefficients, &(covariance * 1e-12), 3).expect("a study");
    let question = Question::of_period(1, 2, 0.05);
    let mut known: Option<(f64, f64)> = None;
    for step in 0..5 {
        let bound = Restriction::RelativeMagnitude(1.0 + 1e-3 * f64::from(step));
        let own = honest::interval(&study, &question, bound, question.usual_test());
        let own = own.expect("an interval");
        assert!(!own.lower.is_open && !own.upper.is_open);
        if let Some(known) = known {
            assert!(own.lower.value < known.0 && own.upper.value > known.1);
        }
        known = Some(ends(&own));
    }
    // Without noise the ends are the identified set: two steps of the largest before.
    let line = [coefficients[0], coefficients[1], coefficients[2], 0.0];
    let steps = line.windows(2).map(|pair| (pair[1] - pair[0]).abs());
    let reach = 2.0 * 1.004 * steps.fold(0.0, f64::max);
    near(
        known.expect("five intervals"),
        (coefficients[4] - reach, coefficients[4] + reach),
        1e-4,
    );
}

#[test]
fn the_breakdown_is_where_the_interval_reaches_zero() {
    let Some((study, _)) = reference_study() else {
        return;
    };
    let question = Question::of_period(0, 4, 0.05);
    let at = |family, test| honest::breakdown(&study, &question, family, test, 0.0);
    let Ok(Breakdown::At(magnitude)) = at(Restriction::RelativeMagnitude, None) else {
        panic!("there is one")
    };
    // The reference's grid holds zero at 2 and not at 1.5.
    assert!(magnitude > 1.5 && magnitude < 2.0, "{magnitude}");
    let just = |bound: f64| {
        let bound = Restriction::RelativeMagnitude(bound);
        let own = honest::interval(&study, &question, bound, question.usual_test());
        own.expect("an interval").contains(0.0)
    };
    assert!(!just(magnitude * (1.0 - 1e-7)) && just(magnitude));
    let Ok(Breakdown::At(smooth)) = at(Restriction::Smoothness, None) else {
        panic!("there is one")
    };
    let own = honest::fixed_length(&study, &question, smooth).expect("an interval");
    assert!(own.lower.abs() < 1e-8);
    let nothing = honest::breakdown(&study, &question, Restriction::Smoothness, None, 0.17);
    assert_eq!(nothing, Ok(Breakdown::AtOnce));
}

#[test]
fn what_is_no_event_study_is_refused() {
    let identity = DMatrix::identity(3, 3);
    let refused = |coefficients: &[f64], covariance: &DMatrix<f64>, before| {
        EventStudy::new(coefficients, covariance, before).err()
    };
    assert_eq!(
        refused(&[1.0, 2.0, 3.0], &identity, 0),
        Some(NoInterval::TooFewPeriods)
    );
    assert_eq!(
        refused(&[1.0, 2.0, 3.0], &identity, 3),
        Some(NoInterval::TooFewPeriods)
    );
    assert_eq!(
        refused(&[1.0, 2.0], &identity, 1),
        Some(NoInterval::Shape(2))
    );
    assert_eq!(
        refused(&[1.0, f64::NAN, 3.0], &identity, 1),
        Some(NoInterval::NotFinite(1))
    );
    let mut lopsided = identity.clone();
    lopsided[(0, 1)] = 0.5;
    assert_eq!(
        refused(&[1.0, 2.0, 3.0], &lopsided, 1),
        Some(NoInterval::NotACovariance)
    );
    assert_eq!(
        refused(&[1.0, 2.0, 3.0], &-identity.clone(), 1),
        Some(NoInterval::NotACovariance)
    );
    let study = EventStudy::new(&[1.0, 2.0, 3.0], &identity, 1).expect("a study");
    let question = Question::of_period(0, 3, 0.05);
    assert_eq!(
        honest::original(&study, &question),
        Err(NoInterval::Weights(2))
    );
    let question = Question::of_period(0, 2, 0.05);
    let bad = honest::fixed_length(&study, &question, f64::NAN);
    assert!(matches!(bad, Err(NoInterval::Bound(_))));
    let bad = honest::interval(
        &study,
        &question,
        Restriction::Smoothness(1.0),
        Test::Hybrid { kappa: 0.05 },
    );
    assert_eq!(bad, Err(NoInterval::Size(0.05)));
    let empty = DMatrix::zeros(3, 3);
    let still = EventStudy::new(&[1.0, 2.0, 3.0], &empty, 1).expect("a study");
    assert_eq!(
        honest::original(&still, &question),
        Err(NoInterval::NoVariance)
    );
}

#[test]
fn the_interval_covers_where_the_restriction_holds() {
    // Trends that bend as much as they may; 1,000 draws.
    let (_, covariance) = drawn(3, 2, 7);
    let root = covariance.clone().cholesky().expect("a covariance").l();
    let bound = 0.3;
    let line: Vec<f64> = [-3.0, -2.0, -1.0, 1.0, 2.0]
        .iter()
        .map(|time: &f64| 0.5 * bound * time * time)
        .collect();
    let question = Question::of_period(0, 2, 0.1);
    let mut random = ChaCha8Rng::seed_from_u64(99);
    let (mut fixed, mut hybrid) = (0, 0);
    for _ in 0..1000 {
        let normal = DVector::from_fn(5, |_, _| StandardNormal.sample(&mut random));
        let drawn = DVector::from_column_slice(&line) + &root * normal;
        let study = EventStudy::new(drawn.as_slice(), &covariance, 3).expect("a study");
        let own = honest::fixed_length(&study, &question, bound).expect("an interval");
        fixed += usize::from(own.lower <= 0.0 && 0.0 <= own.upper);
        let smooth = Restriction::Smoothness(bound);
        let own = honest::interval(&study, &question, smooth, question.usual_test());
        hybrid += usize::from(own.is_ok_and(|own| own.contains(0.0)));
    }
    // Three standard errors of a share of 0.9 over 1,000 draws.
    assert!(fixed >= 872 && hybrid >= 872, "{fixed} {hybrid}");
}

#[test]
fn magnitudes_cover_at_the_edge_of_what_they_allow() {
    // One period after the start, whose step is just M̄ times the largest before; 400 draws.
    let (_, covariance) = drawn(2, 1, 8);
    let root = covariance.clone().cholesky().expect("a covariance").l();
    let (bound, effect) = (1.5, 0.7);
    let line = DVector::from_vec(vec![1.2, 0.9, effect - 0.9 * bound]);
    let question = Question::of_period(0, 1, 0.1);
    let mut random = ChaCha8Rng::seed_from_u64(12);
    let covers = (0..400).filter(|_| {
        let normal = DVector::from_fn(3, |_, _| StandardNormal.sample(&mut random));
        let drawn = &line + &root * normal;
        let study = EventStudy::new(drawn.as_slice(), &covariance, 2).expect("a study");
        let magnitude = Restriction::RelativeMagnitude(bound);
        let own = honest::interval(&study, &question, magnitude, question.usual_test());
        own.is_ok_and(|own| own.contains(effect))
    });
    // Three standard errors of a share of 0.9 over 400 draws.
    assert!(covers.count() >= 342);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn looser_bounds_and_units_behave(seed in (0_u64..1000).prop_map(|seed| seed + 100), factor in 0.01_f64..100.0) {
        let (coefficients, covariance) = drawn(3, 2, seed);
        let study = EventStudy::new(&coefficients, &covariance, 3).expect("a study");
        let question = Question::of_mean(2, 0.05);
        let at = |study: &EventStudy, bound: f64| {
            let bound = Restriction::RelativeMagnitude(bound);
            honest::interval(study, &question, bound, question.usual_test()).expect("an interval")
        };
        // The identified set grows in the bound; so does the interval, but for what the conditioning moves.
        let (strict, loose) = (at(&study, 0.5), at(&study, 3.0));
        prop_assert!(loose.upper.value - loose.lower.value > strict.upper.value - strict.lower.value);
        // Another unit of the outcome is another unit of the ends.
        let scaled: Vec<f64> = coefficients.iter().map(|own| own * factor).collect();
        let scaled = EventStudy::new(&scaled, &(covariance * factor * factor), 3).expect("a study");
        let own = at(&scaled, 0.5);
        let size = factor * (strict.upper.value - strict.lower.value);
        prop_assert!((own.lower.value - factor * strict.lower.value).abs() < 1e-6 * size);
        prop_assert!((own.upper.value - factor * strict.upper.value).abs() < 1e-6 * size);
    }
}
