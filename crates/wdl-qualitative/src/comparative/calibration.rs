//! Calibration: from raw values to memberships in a set.

/// The raw values at which a case is out of a set, neither in nor out, and in it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Thresholds {
    /// Full exclusion.
    pub exclusion: f64,
    /// The crossover.
    pub crossover: f64,
    /// Full inclusion.
    pub inclusion: f64,
}

/// Why values cannot be calibrated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CalibrationError {
    /// The thresholds neither rise nor fall.
    #[error("the thresholds must rise, or fall, from exclusion over crossover to inclusion")]
    Thresholds,
    /// A degree of membership at the thresholds that is not between one half and one.
    #[error("the membership at full inclusion lies between 0.5 and 1")]
    Degree,
    /// A value is infinite or not a number.
    #[error("the value of case {0} is not a finite number")]
    NotFinite(usize),
    /// A value of zero or below, where powers and logarithms are taken.
    #[error("the value of case {0} is not positive, and the indirect method takes powers of it")]
    NotPositive(usize),
    /// Another number of grades than of values, or a grade outside zero and one.
    #[error("every case needs a grade between 0 and 1")]
    Grades,
    /// The grades are all the same, or tell a curve without an end.
    #[error(
        "the grades do not determine a curve: they are all alike, or only 0 and 1 and parted by a value"
    )]
    NoCurve,
}

impl Thresholds {
    fn check(self, values: &[f64]) -> Result<(), CalibrationError> {
        let rises = self.exclusion < self.crossover && self.crossover < self.inclusion;
        let falls = self.exclusion > self.crossover && self.crossover > self.inclusion;
        let is_finite = self.exclusion.is_finite() && self.inclusion.is_finite();
        if !(rises || falls) || !is_finite {
            return Err(CalibrationError::Thresholds);
        }
        finite(values)
    }

    /// The distance from the crossover, one at full inclusion and minus one at full exclusion.
    fn place(self, value: f64) -> f64 {
        let towards = (value - self.crossover) / (self.inclusion - self.crossover);
        match towards >= 0.0 {
            true => towards,
            false => (value - self.crossover) / (self.crossover - self.exclusion),
        }
    }
}

fn finite(values: &[f64]) -> Result<(), CalibrationError> {
    match values.iter().position(|own| !own.is_finite()) {
        Some(case) => Err(CalibrationError::NotFinite(case)),
        None => Ok(()),
    }
}

/// The direct method (Ragin 2008, chapter 5): log odds linear on each side of the crossover, `degree` (usually .95) at full inclusion and one less it at full exclusion.
///
/// # Errors
/// [`CalibrationError`].
pub fn direct(
    values: &[f64],
    thresholds: Thresholds,
    degree: f64,
) -> Result<Vec<f64>, CalibrationError> {
    thresholds.check(values)?;
    if !(degree > 0.5 && degree < 1.0) {
        return Err(CalibrationError::Degree);
    }
    let odds = (degree / (1.0 - degree)).ln();
    let membership = |value: &f64| 1.0 / (1.0 + (-odds * thresholds.place(*value)).exp());
    Ok(values.iter().map(membership).collect())
}

/// Memberships linear between the thresholds, zero and one beyond them.
///
/// # Errors
/// [`CalibrationError`].
pub fn linear(values: &[f64], thresholds: Thresholds) -> Result<Vec<f64>, CalibrationError> {
    thresholds.check(values)?;
    let membership = |value: &f64| 0.5 + 0.5 * thresholds.place(*value).clamp(-1.0, 1.0);
    Ok(values.iter().map(membership).collect())
}

/// The indirect method (Ragin 2008, chapter 5): a fractional logit of the grades that a person gave on a fractional polynomial of the values.
///
/// The two powers are those of -2, -1, -½, 0 (the logarithm), ½, 1, 2, 3 with the least deviance (Royston and Altman 1994).
///
/// # Errors
/// [`CalibrationError`] when values are not positive or the grades tell no curve.
pub fn indirect(values: &[f64], grades: &[f64]) -> Result<Vec<f64>, CalibrationError> {
    finite(values)?;
    if grades.len() != values.len() || grades.iter().any(|own| !(0.0..=1.0).contains(own)) {
        return Err(CalibrationError::Grades);
    }
    if let Some(case) = values.iter().position(|own| *own <= 0.0) {
        return Err(CalibrationError::NotPositive(case));
    }
    if grades.iter().all(|own| *own == grades[0]) {
        return Err(CalibrationError::NoCurve);
    }
    // The geometric mean as unit keeps the powers in one size.
    let logs = values.iter().map(|own| own.ln());
    let unit = (logs.sum::<f64>() / values.len() as f64).exp();
    let scaled: Vec<f64> = values.iter().map(|own| own / unit).collect();
    let mut best: Option<Curve> = None;
    for (at, first) in POWERS.iter().enumerate() {
        for second in &POWERS[at..] {
            let columns = polynomial(&scaled, *first, *second);
            if let Some(curve) = fractional_logit(&columns, grades)
                && best
                    .as_ref()
                    .is_none_or(|known| curve.deviance < known.deviance)
            {
                best = Some(curve);
            }
        }
    }
    best.map(|own| own.fitted).ok_or(CalibrationError::NoCurve)
}

const POWERS: [f64; 8] = [-2.0, -1.0, -0.5, 0.0, 0.5, 1.0, 2.0, 3.0];

struct Curve {
    fitted: Vec<f64>,
    deviance: f64,
}

/// A constant and two powers, centred and of one size; the same power twice is the second time by the logarithm.
fn polynomial(values: &[f64], first: f64, second: f64) -> Vec<[f64; 3]> {
    let power = |value: f64, power: f64| match power == 0.0 {
        true => value.ln(),
        false => value.powf(power),
    };
    let column = |of: &dyn Fn(f64) -> f64| {
        let own: Vec<f64> = values.iter().map(|value| of(*value)).collect();
        let mean = own.iter().sum::<f64>() / own.len() as f64;
        let spread = own.iter().map(|own| (own - mean).powi(2)).sum::<f64>();
        let size = (spread / own.len() as f64).sqrt().max(f64::MIN_POSITIVE);
        own.into_iter()
            .map(|own| (own - mean) / size)
            .collect::<Vec<f64>>()
    };
    let one = column(&|value| power(value, first));
    let two = column(&|value| match first == second {
        true => power(value, second) * value.ln(),
        false => power(value, second),
    });
    one.into_iter()
        .zip(two)
        .map(|(one, two)| [1.0, one, two])
        .collect()
}

/// Newton's method for the Bernoulli quasi-likelihood (Papke and Wooldridge 1996).
fn fractional_logit(columns: &[[f64; 3]], grades: &[f64]) -> Option<Curve> {
    let mut coefficients = [0.0; 3];
    let mut known = deviance(columns, grades, &coefficients);
    for _ in 0..100 {
        let mut information = [[0.0; 3]; 3];
        let mut slope = [0.0; 3];
        for (row, grade) in columns.iter().zip(grades) {
            let fitted = logistic(row, &coefficients);
            for (at, own) in row.iter().enumerate() {
                slope[at] += own * (grade - fitted);
                for (other, next) in row.iter().enumerate() {
                    information[at][other] += own * next * fitted * (1.0 - fitted);
                }
            }
        }
        let step = solve_three(information, slope)?;
        let mut part = 1.0;
        let (next, reached) = loop {
            let next = std::array::from_fn(|at| coefficients[at] + part * step[at]);
            let reached = deviance(columns, grades, &next);
            if reached <= known + 1e-12 || part < 1e-8 {
                break (next, reached);
            }
            part /= 2.0;
        };
        let has_settled = step
            .iter()
            .all(|own| own.abs() <= 1e-10 * (1.0 + largest(&next)));
        (coefficients, known) = (next, reached);
        if largest(&coefficients) > 1e3 {
            return None;
        }
        if has_settled {
            let fitted = columns.iter().map(|row| logistic(row, &coefficients));
            return Some(Curve {
                fitted: fitted.collect(),
                deviance: known,
            });
        }
    }
    None
}

fn largest(values: &[f64; 3]) -> f64 {
    values.iter().fold(0.0, |most, own| own.abs().max(most))
}

fn index(row: &[f64; 3], coefficients: &[f64; 3]) -> f64 {
    row.iter().zip(coefficients).map(|(own, by)| own * by).sum()
}

fn logistic(row: &[f64; 3], coefficients: &[f64; 3]) -> f64 {
    1.0 / (1.0 + (-index(row, coefficients)).exp())
}

fn deviance(columns: &[[f64; 3]], grades: &[f64], coefficients: &[f64; 3]) -> f64 {
    let rows = columns.iter().zip(grades).map(|(row, grade)| {
        let index = index(row, coefficients);
        index.max(0.0) + (-index.abs()).exp().ln_1p() - grade * index
    });
    2.0 * rows.sum::<f64>()
}

/// Three equations by Gauss with the largest pivot; nothing when they repeat each other.
fn solve_three(mut matrix: [[f64; 3]; 3], mut right: [f64; 3]) -> Option<[f64; 3]> {
    let scale = matrix[0][0].max(f64::MIN_POSITIVE);
    for column in 0..3 {
        let pivot = (column..3).max_by(|one, other| {
            matrix[*one][column]
                .abs()
                .total_cmp(&matrix[*other][column].abs())
        })?;
        if matrix[pivot][column].abs() <= 1e-11 * scale {
            return None;
        }
        matrix.swap(column, pivot);
        right.swap(column, pivot);
        for row in column + 1..3 {
            let factor = matrix[row][column] / matrix[column][column];
            let above = matrix[column];
            for (own, above) in matrix[row].iter_mut().zip(above).skip(column) {
                *own -= factor * above;
            }
            right[row] -= factor * right[column];
        }
    }
    for row in (0..3).rev() {
        for at in row + 1..3 {
            right[row] -= matrix[row][at] * right[at];
        }
        right[row] /= matrix[row][row];
    }
    Some(right)
}
