//! Poverty of areas from people: whole covariance matrices, draws, and laws.

use proptest::prelude::*;
use wdl_stats::Resampling;
use wdl_stats::areas::{
    AreaError, Asked, Covariates, NoEstimate, Population, Poverty, Transformation, Transformed,
    Units, poverty,
};

/// A small invented city: areas, covariates (constant, a category, a number), incomes, weights.
fn people(seed: u64, rows: usize, areas: u32) -> (Vec<u32>, Covariates, Vec<f64>, Vec<f64>) {
    let mut state = seed;
    let mut next = || {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (state >> 11) as f64 / (1u64 << 53) as f64
    };
    let (mut of, mut x, mut y, mut w) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for row in 0..rows {
        let area = row as u32 * 7 % areas;
        let (work, age) = (
            f64::from(u8::from(next() < 0.6)),
            (next() * 60.0).floor() / 10.0,
        );
        let noise: f64 = (0..12).map(|_| next()).sum::<f64>() - 6.0;
        let place = 9.2
            + 0.4 * work
            + 0.05 * age
            + 0.2 * (f64::from(area) - 2.0) / f64::from(areas)
            + 0.45 * noise;
        of.push(area);
        x.extend([1.0, work, age]);
        y.push(place.exp());
        w.push(0.5 + 2.0 * next());
    }
    (of, Covariates::new(3, x), y, w)
}

/// Whole covariance matrices of all people.
fn slow_nested(of: &[u32], x: &Covariates, t: &[f64]) -> (f64, f64) {
    use crate::dense::{self, column, inverse, less, times, transposed};
    let n = t.len();
    let rows: dense::Matrix = (0..n).map(|row| x.row(row).to_vec()).collect();
    let free = (n - x.columns()) as f64;
    let profile = |ratio: f64| {
        let h: dense::Matrix = (0..n)
            .map(|i| {
                (0..n)
                    .map(|j| f64::from(u8::from(i == j)) + if of[i] == of[j] { ratio } else { 0.0 })
                    .collect()
            })
            .collect();
        let (v, determinant) = inverse(&h);
        let (q, of_line) = inverse(&times(&times(&transposed(&rows), &v), &rows));
        let beta = times(&q, &times(&times(&transposed(&rows), &v), &column(t)));
        let residual = less(&column(t), &times(&rows, &beta));
        let squares = times(&times(&transposed(&residual), &v), &residual)[0][0];
        (
            -(free * squares.ln() + determinant.ln() + of_line.ln()) / 2.0,
            squares / free,
        )
    };
    let ratio = dense::highest(0.0, 3.0, &|ratio| profile(ratio).0);
    let within = profile(ratio).1;
    (ratio * within, within)
}

const NO_BOOTSTRAP: Resampling = Resampling {
    replicates: 0,
    seed: 1,
};

#[test]
fn the_variances_are_those_of_whole_matrices() {
    for seed in [3, 11] {
        let (of, x, y, _) = people(seed, 40, 6);
        let logs: Vec<f64> = y.iter().map(|y| y.ln()).collect();
        let units = Units::new(&of, &x, &y, &vec![1.0; y.len()]);
        let asked = Asked {
            threshold: 11_000.0,
            transformation: Transformation::Log,
            resampling: NO_BOOTSTRAP,
        };
        let got = poverty(&units, &Population::new(6, &of, &x), &asked).unwrap();
        let (between, within) = slow_nested(&of, &x, &logs);
        assert!(
            (got.model.between - between).abs() < 1e-6,
            "{} {between}",
            got.model.between
        );
        near(got.model.within, within, 1e-6);
    }
}

fn near(got: f64, want: f64, tolerance: f64) {
    assert!(
        (got - want).abs() <= tolerance * want.abs(),
        "{got} is not {want}"
    );
}

/// Every fourth person of the city answers; areas 4 and 5 have nobody in the sample, and the register everybody.
struct City {
    of: Vec<u32>,
    x: Covariates,
    y: Vec<f64>,
    w: Vec<f64>,
    areas: u32,
}

impl City {
    fn new(seed: u64) -> City {
        let (of, x, y, w) = people(seed, 900, 9);
        City {
            of,
            x,
            y,
            w,
            areas: 9,
        }
    }

    fn sampled(&self) -> Vec<usize> {
        (0..self.of.len())
            .filter(|row| row % 4 == 0 && !(4..6).contains(&self.of[*row]))
            .collect()
    }

    fn answer(
        &self,
        order: &dyn Fn(&mut Vec<usize>),
        unit: f64,
        weight: f64,
        asked: Asked,
    ) -> Result<Poverty, AreaError> {
        let pick = |rows: &[usize]| {
            let x = rows
                .iter()
                .flat_map(|row| self.x.row(*row).to_vec())
                .collect();
            let of: Vec<u32> = rows.iter().map(|row| self.of[*row]).collect();
            (of, Covariates::new(self.x.columns(), x))
        };
        let mut sampled = self.sampled();
        let mut all: Vec<usize> = (0..self.of.len()).collect();
        order(&mut sampled);
        order(&mut all);
        let (of, x) = pick(&sampled);
        let y: Vec<f64> = sampled.iter().map(|row| self.y[*row] * unit).collect();
        let w: Vec<f64> = sampled.iter().map(|row| self.w[*row] * weight).collect();
        let (of_all, x_all) = pick(&all);
        let population = Population::new(self.areas as usize, &of_all, &x_all);
        poverty(&Units::new(&of, &x, &y, &w), &population, &asked)
    }
}

fn asked(transformation: Transformation, replicates: u32) -> Asked {
    Asked {
        threshold: 11_000.0,
        transformation,
        resampling: Resampling {
            replicates,
            seed: 5,
        },
    }
}

const KINDS: [Transformation; 4] = [
    Transformation::None,
    Transformation::Log,
    Transformation::LogShift,
    Transformation::BoxCox,
];

#[test]
fn the_order_of_rows_and_the_number_of_threads_change_no_byte() {
    let city = City::new(8);
    for kind in KINDS {
        let answer = |threads: usize, order: &(dyn Fn(&mut Vec<usize>) + Sync)| {
            let pool = rayon::ThreadPoolBuilder::new()
                .num_threads(threads)
                .build()
                .unwrap();
            pool.install(|| city.answer(order, 1.0, 1.0, asked(kind, 6)).unwrap())
        };
        let one = answer(1, &|_| ());
        assert_eq!(one, answer(3, &|rows| rows.reverse()));
        assert_eq!(one, answer(2, &|rows| rows.sort_by_key(|row| row % 17)));
        assert!(
            one.areas
                .iter()
                .all(|area| area.unwrap().mse.unwrap().iter().all(|mse| *mse > 0.0))
        );
    }
}

#[test]
fn the_scale_of_weights_and_the_unit_of_money_change_nothing() {
    let city = City::new(21);
    for kind in KINDS {
        let own = city.answer(&|_| (), 1.0, 1.0, asked(kind, 0)).unwrap();
        let heavy = city.answer(&|_| (), 1.0, 1e6, asked(kind, 0)).unwrap();
        let cents = Asked {
            threshold: 1_100_000.0,
            ..asked(kind, 0)
        };
        let cents = city.answer(&|_| (), 100.0, 1.0, cents).unwrap();
        // What the likelihood chooses is found to a millionth of what was searched.
        let tolerance = if matches!(kind, Transformation::None | Transformation::Log) {
            1e-9
        } else {
            1e-3
        };
        for (area, own) in own.areas.iter().enumerate() {
            let own = own.unwrap();
            let (heavy, cents) = (heavy.areas[area].unwrap(), cents.areas[area].unwrap());
            for measure in 0..4 {
                near(heavy.estimates[measure], own.estimates[measure], 1e-9);
                let unit = if measure == 3 { 100.0 } else { 1.0 };
                near(
                    cents.estimates[measure],
                    own.estimates[measure] * unit,
                    tolerance,
                );
            }
        }
    }
}

/// The predictor by draws, from the printed model: the formulae of Guadarrama, Molina and Rao 2018, row by row.
#[test]
fn the_expectation_is_what_draws_come_to() {
    let city = City::new(8);
    let got = city
        .answer(&|_| (), 1.0, 1.0, asked(Transformation::Log, 0))
        .unwrap();
    let (between, within) = (got.model.between, got.model.within);
    assert!(between > 0.0);
    let line = |row: usize| -> f64 {
        city.x
            .row(row)
            .iter()
            .zip(&got.model.coefficients)
            .map(|(x, b)| x * b)
            .sum()
    };
    let mut state = 99u64;
    let mut next = || {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (state >> 11) as f64 / (1u64 << 53) as f64
    };
    let mut normal = || (0..12).map(|_| next()).sum::<f64>() - 6.0;
    for area in 0..city.areas {
        let own: Vec<usize> = city
            .sampled()
            .into_iter()
            .filter(|row| city.of[*row] == area)
            .collect();
        let weight: f64 = own.iter().map(|row| city.w[*row]).sum();
        let squares: f64 = own.iter().map(|row| city.w[*row].powi(2)).sum();
        let (effect, share) = match own.is_empty() {
            true => (0.0, 0.0),
            false => {
                let share = between / (between + within * squares / weight.powi(2));
                let around: f64 = own
                    .iter()
                    .map(|row| city.w[*row] * (city.y[*row].ln() - line(*row)))
                    .sum();
                (share * around / weight, share)
            }
        };
        let area_got = got.areas[area as usize].unwrap();
        assert!((area_got.weight_of_own - share).abs() < 1e-12);
        let everybody: Vec<usize> = (0..city.of.len())
            .filter(|row| city.of[*row] == area)
            .collect();
        let draws = 400;
        let mut means = vec![[0.0; 4]; draws];
        for mean in &mut means {
            let common = effect + (between * (1.0 - share)).sqrt() * normal();
            for row in &everybody {
                let income = (line(*row) + common + within.sqrt() * normal()).exp();
                let gap = ((11_000.0 - income) / 11_000.0).max(0.0);
                for (sum, own) in
                    mean.iter_mut()
                        .zip([f64::from(u8::from(gap > 0.0)), gap, gap * gap, income])
                {
                    *sum += own / everybody.len() as f64;
                }
            }
        }
        for measure in 0..4 {
            let mean = means.iter().map(|mean| mean[measure]).sum::<f64>() / draws as f64;
            let variance = means
                .iter()
                .map(|own| (own[measure] - mean).powi(2))
                .sum::<f64>()
                / draws as f64;
            let allowed = 5.0 * (variance / draws as f64).sqrt();
            // Twelve uniform numbers are nearly normal: their tails are a little thin.
            let thin = 0.01 * mean.abs();
            let got = area_got.estimates[measure];
            assert!(
                (got - mean).abs() <= allowed + thin,
                "{area} {measure} {got} {mean} {allowed}"
            );
        }
    }
}

#[test]
fn an_area_without_sample_is_known_worst() {
    let got = City::new(8)
        .answer(&|_| (), 1.0, 1.0, asked(Transformation::Log, 60))
        .unwrap();
    let mse = |area: &usize| got.areas[*area].unwrap().mse.unwrap()[0];
    let (empty, seen): (Vec<usize>, Vec<usize>) =
        (0..9).partition(|area| got.areas[*area].unwrap().weight_of_own == 0.0);
    assert_eq!(empty, [4, 5]);
    let mean = |areas: &[usize]| areas.iter().map(mse).sum::<f64>() / areas.len() as f64;
    assert!(
        mean(&empty) > 1.5 * mean(&seen),
        "{} {}",
        mean(&empty),
        mean(&seen)
    );
}

#[test]
fn with_a_large_sample_only_chance_is_left_of_the_error() {
    let (of, x, y, w) = people(4, 9_000, 3);
    let units = Units::new(&of, &x, &y, &w);
    // A register of a hundred people like the first ones of each area: the truth itself varies as counts do.
    let few = 300;
    let rows = (0..few).flat_map(|row| x.row(row).to_vec()).collect();
    let population = Population::new(3, &of[..few], &Covariates::new(3, rows));
    let got = poverty(&units, &population, &asked(Transformation::Log, 600)).unwrap();
    for area in got.areas {
        let area = area.unwrap();
        let rate = area.estimates[0];
        let ratio = area.mse.unwrap()[0] / (rate * (1.0 - rate) / area.people as f64);
        assert!((0.75..1.2).contains(&ratio), "{ratio}");
    }
}

#[test]
fn the_likelihood_finds_shift_and_power() {
    let (of, x, y, _) = people(17, 4_000, 8);
    let ones = vec![1.0; y.len()];
    let population = Population::new(8, &of, &x);
    let scale = |incomes: &[f64], kind| {
        let units = Units::new(&of, &x, incomes, &ones);
        let got = poverty(
            &units,
            &population,
            &Asked {
                threshold: 1_000.0,
                ..asked(kind, 0)
            },
        )
        .unwrap();
        assert!(!got.model.is_at_end);
        got.model.scale
    };
    let less: Vec<f64> = y.iter().map(|y| y - 6_000.0).collect();
    assert!(less.iter().any(|y| *y < 0.0));
    match scale(&less, Transformation::LogShift) {
        Transformed::Log { shift } => near(shift, 6_000.0, 0.15),
        other => panic!("{other:?}"),
    }
    // Where `ln y` is normal, so is the power `p` of `(1 + p ln y)^(1/p)`.
    let powered: Vec<f64> = y
        .iter()
        .map(|y| (1.0 + 0.5 * (y.ln() - 5.0)).powf(2.0))
        .collect();
    match scale(&powered, Transformation::BoxCox) {
        Transformed::Power { power } => near(power, 0.5, 0.25),
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_cannot_be_fitted_is_told() {
    let (of, x, mut y, w) = people(2, 60, 4);
    let population = Population::new(4, &of, &x);
    let check = |of: &[u32], y: &[f64], asked: Asked| {
        poverty(&Units::new(of, &x, y, &w), &population, &asked).unwrap_err()
    };
    let log = asked(Transformation::Log, 0);
    assert_eq!(
        check(&[0; 60], &y, log),
        AreaError::TooFew { have: 1, need: 2 }
    );
    assert_eq!(check(&of, &[7.0; 60], log), AreaError::NoVariation);
    let below = Asked {
        threshold: -0.0,
        ..log
    };
    assert_eq!(check(&of, &y, below), AreaError::ThresholdNotPositive);
    (y[3], y[8]) = (0.0, -4.0);
    assert_eq!(check(&of, &y, log), AreaError::NotPositive { count: 2 });
    assert_eq!(
        check(&of, &y, asked(Transformation::BoxCox, 0)),
        AreaError::NotPositive { count: 2 }
    );
    let shifted = asked(Transformation::LogShift, 0);
    assert!(poverty(&Units::new(&of, &x, &y, &w), &population, &shifted).is_ok());
}

#[test]
fn people_unlike_the_sample_are_left_out_and_counted() {
    let (of, x, y, w) = people(2, 60, 4);
    // A fourth covariate that nobody in the sample has, and in the register one in ten, and all of area 5.
    let wider = |has: &dyn Fn(usize) -> bool| {
        let row = |row: usize| {
            let own = x.row(row).iter().copied();
            own.chain([f64::from(u8::from(has(row)))])
                .collect::<Vec<f64>>()
        };
        Covariates::new(4, (0..60).flat_map(row).collect())
    };
    let register: Vec<u32> = of
        .iter()
        .enumerate()
        .map(|(row, area)| if row >= 57 { 5 } else { *area })
        .collect();
    let has = |row: usize| row.is_multiple_of(10) || row >= 57;
    let units = Units::new(&of, &wider(&|_| false), &y, &w);
    let population = Population::new(7, &register, &wider(&has));
    let got = poverty(&units, &population, &asked(Transformation::Log, 2)).unwrap();
    let counted: u64 = got.areas.iter().flatten().map(|area| area.left_out).sum();
    assert_eq!(counted, 6);
    assert_eq!(got.areas[5], Err(NoEstimate::NotIdentified));
    assert_eq!(
        [got.areas[4], got.areas[6]],
        [Err(NoEstimate::NotInPopulation); 2]
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn rates_are_shares_and_the_deeper_the_line_the_fewer(seed in 0u64..1_000) {
        let city = City::new(seed);
        let mut before = vec![0.0; 9];
        for threshold in [4_000.0, 9_000.0, 16_000.0, 60_000.0] {
            let asked = Asked { threshold, ..asked(Transformation::Log, 0) };
            let got = city.answer(&|_| (), 1.0, 1.0, asked).unwrap();
            for (area, before) in got.areas.iter().zip(&mut before) {
                let [rate, gap, severity, _] = area.unwrap().estimates;
                prop_assert!(rate >= *before && rate <= 1.0 && gap <= rate && severity <= gap && severity >= 0.0);
                *before = rate;
            }
        }
    }
}
