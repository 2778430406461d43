//! The models of small areas against another route: what `scripts/reference-areas` prints, which is R 4.2.2 with nlme 3.1-162, whole matrices and R's own quadrature.
//!
//! For areas, nlme holds the sampling variances (`sigma = 1`) for ML, and `uniroot` solves the score of the restricted likelihood and the equation of the moments; for people nlme gives the variances, and the expectations are integrals of each person, where the kernel has closed forms.
//! The invented data come out of a generator whose every product is exact, the same in both programs.

mod values;

use wdl_stats::Resampling;
use wdl_stats::areas::{
    Asked, Covariates, Direct, Method, Population, Poverty, Transformation, Transformed, Units,
    fay_herriot, poverty,
};

use values::{
    COEFFICIENTS, GAP, MEAN, ML, ML_ESTIMATES, ML_MSE, MOMENTS, MOMENTS_ESTIMATES, MOMENTS_MSE,
    POWER, POWER_GAP, POWER_MEAN, POWER_RATE, POWER_SEVERITY, RATE, RATE_MSE, REML, REML_ESTIMATES,
    REML_MSE, SEVERITY, VARIANCES, WEIGHTED_COEFFICIENTS, WEIGHTED_GAP, WEIGHTED_MEAN,
    WEIGHTED_RATE, WEIGHTED_SEVERITY,
};

/// Lehmer's generator, as the script has it.
struct Draws(u64);

impl Draws {
    fn next(&mut self) -> f64 {
        self.0 = 48_271 * self.0 % 2_147_483_647;
        self.0 as f64 / 2_147_483_647.0
    }

    fn bell(&mut self) -> f64 {
        (self.next() + self.next() + self.next() + self.next() - 2.0) * 3f64.sqrt()
    }
}

const SEED: u64 = 20_261_126;
const AREAS: usize = 30;

/// Direct estimates with two covariates.
fn areas(draws: &mut Draws) -> (Vec<Option<Direct>>, Covariates) {
    let (mut direct, mut x) = (Vec::new(), Vec::new());
    for _ in 0..AREAS {
        let (one, two) = (draws.next(), draws.next());
        let variance = 0.1 + 0.9 * draws.next();
        let line = 1.0 + 2.0 * one - two + 0.6 * draws.bell();
        direct.push(Direct::new(line + variance.sqrt() * draws.bell(), variance));
        x.extend([1.0, one, two]);
    }
    (direct, Covariates::new(3, x))
}

/// The people of some areas: area, covariates, weight, income.
#[derive(Default)]
struct People {
    areas: Vec<u32>,
    x: Vec<f64>,
    weights: Vec<f64>,
    incomes: Vec<f64>,
}

impl People {
    fn put(&mut self, draws: &mut Draws, rows: u32, area: u32, effect: f64) {
        for _ in 0..rows {
            let works = f64::from(u8::from(draws.next() < 0.6));
            let age = (40.0 * draws.next()).floor();
            self.areas.push(area);
            self.x.extend([1.0, works, age]);
            self.weights.push(1.0 + (4.0 * draws.next()).floor());
            let line = 9.0 + 0.4 * works + 0.01 * age + effect + 0.5 * draws.bell();
            self.incomes.push(line.exp());
        }
    }

    fn covariates(&self) -> Covariates {
        Covariates::new(3, self.x.clone())
    }
}

/// Twelve areas, the last without sample.
fn answer(transformation: Transformation, is_weighted: bool, replicates: u32) -> Poverty {
    let mut draws = Draws(SEED);
    areas(&mut draws);
    let effects: Vec<f64> = (0..12).map(|_| 0.3 * draws.bell()).collect();
    let (mut sample, mut register) = (People::default(), People::default());
    for (area, effect) in (0..11).zip(&effects) {
        sample.put(&mut draws, 4 + 3 * ((area + 1) % 4), area, *effect);
    }
    for (area, effect) in (0..12).zip(&effects) {
        register.put(&mut draws, 20 + 5 * (area + 1), area, *effect);
    }
    let weights = match is_weighted {
        true => sample.weights.clone(),
        false => vec![1.0; sample.areas.len()],
    };
    let units = Units::new(
        &sample.areas,
        &sample.covariates(),
        &sample.incomes,
        &weights,
    );
    let population = Population::new(12, &register.areas, &register.covariates());
    let asked = Asked {
        threshold: 9_000.0,
        transformation,
        resampling: Resampling {
            replicates,
            seed: 1,
        },
    };
    poverty(&units, &population, &asked).unwrap()
}

fn near(what: &str, got: &[f64], want: &[f64], tolerance: f64) {
    assert_eq!(got.len(), want.len(), "{what}");
    let misses = got.iter().zip(want);
    let miss = misses.map(|(got, want)| ((got - want) / want).abs());
    let worst = miss.fold(0.0, f64::max);
    println!("{what}: {worst:.1e}");
    assert!(worst <= tolerance, "{what}: {worst:e}\n{got:?}\n{want:?}");
}

fn estimates(answer: &Poverty, measure: usize) -> Vec<f64> {
    let own = answer.areas.iter();
    own.map(|area| area.unwrap().estimates[measure]).collect()
}

#[test]
fn areas_are_as_nlme_and_the_equation_of_moments_have_them() {
    let (direct, x) = areas(&mut Draws(SEED));
    let cases = [
        (Method::Ml, &ML, &ML_ESTIMATES, &ML_MSE),
        (Method::Reml, &REML, &REML_ESTIMATES, &REML_MSE),
        (
            Method::FayHerriot,
            &MOMENTS,
            &MOMENTS_ESTIMATES,
            &MOMENTS_MSE,
        ),
    ];
    for (method, of_model, of_areas, of_errors) in cases {
        let got = fay_herriot(&direct, &x, method).unwrap();
        let own: Vec<f64> = std::iter::once(got.variance)
            .chain(got.coefficients.iter().copied())
            .collect();
        let areas: Vec<_> = got.areas.iter().map(|area| area.unwrap()).collect();
        let estimates: Vec<f64> = areas.iter().map(|area| area.estimate).collect();
        let errors: Vec<f64> = areas.iter().map(|area| area.mse).collect();
        near(
            &format!("{method:?}, model"),
            &own,
            of_model,
            TOLERANCE_MODEL,
        );
        near(
            &format!("{method:?}, areas"),
            &estimates,
            of_areas,
            TOLERANCE_MODEL,
        );
        near(
            &format!("{method:?}, errors"),
            &errors,
            of_errors,
            TOLERANCE_MODEL,
        );
    }
}

#[test]
fn people_are_as_nlme_and_quadrature_have_them() {
    let got = answer(Transformation::Log, false, 0);
    let own = [got.model.between, got.model.within];
    near("variances", &own, &VARIANCES, TOLERANCE_PEOPLE);
    near(
        "coefficients",
        &got.model.coefficients,
        &COEFFICIENTS,
        TOLERANCE_PEOPLE,
    );
    for (measure, want) in [RATE, GAP, SEVERITY, MEAN].iter().enumerate() {
        near(
            &format!("measure {measure}"),
            &estimates(&got, measure),
            want,
            TOLERANCE_PEOPLE,
        );
    }
}

#[test]
fn people_with_weights_are_as_the_equations_of_you_and_rao_have_them() {
    let got = answer(Transformation::Log, true, 0);
    near(
        "coefficients",
        &got.model.coefficients,
        &WEIGHTED_COEFFICIENTS,
        TOLERANCE_PEOPLE,
    );
    let wanted = [
        WEIGHTED_RATE,
        WEIGHTED_GAP,
        WEIGHTED_SEVERITY,
        WEIGHTED_MEAN,
    ];
    for (measure, want) in wanted.iter().enumerate() {
        near(
            &format!("measure {measure}"),
            &estimates(&got, measure),
            want,
            TOLERANCE_PEOPLE,
        );
    }
}

#[test]
fn the_power_is_that_of_the_likelihood_of_nlme() {
    let got = answer(Transformation::BoxCox, false, 0);
    let Transformed::Power { power } = got.model.scale else {
        panic!("a power: {:?}", got.model.scale);
    };
    // The top of the likelihood is flat: half the digits, and those of the interval that is searched.
    assert!((power - POWER).abs() < 2e-5, "{power}");
    for (measure, want) in [POWER_RATE, POWER_GAP, POWER_SEVERITY, POWER_MEAN]
        .iter()
        .enumerate()
    {
        near(
            &format!("measure {measure}"),
            &estimates(&got, measure),
            want,
            1e-5,
        );
    }
}

#[test]
fn the_errors_are_those_of_another_bootstrap() {
    let got = answer(Transformation::Log, false, 1_000);
    let errors: Vec<f64> = got
        .areas
        .iter()
        .map(|area| area.unwrap().mse.unwrap()[0])
        .collect();
    // 4,000 replicates there and 1,000 here: chance alone moves each by 5 %.
    near("errors", &errors, &RATE_MSE, 0.2);
    let (own, other): (f64, f64) = (errors.iter().sum(), RATE_MSE.iter().sum());
    assert!((own / other - 1.0).abs() < 0.05, "{own} {other}");
}

/// Relative; nlme stops where its likelihood is flat.
const TOLERANCE_MODEL: f64 = 5e-8;
/// The same for people.
const TOLERANCE_PEOPLE: f64 = 2e-9;
