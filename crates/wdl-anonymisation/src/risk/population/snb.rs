//! The shifted negative binomial model (Chen and Keller-McNulty 1998).
//!
//! Class sizes in the population are 1 + a negative binomial (α, β); the number of classes K comes from the third estimator of Shlosser's kind (Haas and Stokes 1998).
//! α and β solve the expected numbers of classes of one and of two records; unique people are K βᵅ.
//!
//! The square over the second equation divides by (1 − (1−f)(1−β))^(α+2), as the generating function of the sampled sizes gives it.

use super::{ClassSizes, Unavailable};

const STEPS: usize = 200;
const TOLERANCE: f64 = 1e-10;

/// Unique people in the population of which the file holds `fraction`.
pub(super) fn uniques(classes: &ClassSizes, fraction: f64) -> Result<f64, Unavailable> {
    if classes.of_size(2) == 0.0 {
        return Err(Unavailable::NoPairs);
    }
    if fraction >= 1.0 {
        return Ok(classes.of_size(1));
    }
    let moments = Moments {
        number: number_of_classes(classes, fraction),
        fraction,
        ones: classes.of_size(1),
        twos: classes.of_size(2),
    };
    let (alpha, beta) = moments.solve().ok_or(Unavailable::NoSolution)?;
    Ok(moments.number * beta.powf(alpha))
}

/// Classes in the population, seen or not.
fn number_of_classes(classes: &ClassSizes, f: f64) -> f64 {
    let (mut a, mut b, mut c, mut d) = (0.0, 0.0, 0.0, 0.0);
    for (size, number) in classes.sizes() {
        let unseen = (1.0 - f).powf(size);
        a += size * f * f * (1.0 - f * f).powf(size - 1.0) * number;
        b += unseen * ((1.0 + f).powf(size) - 1.0) * number;
        c += unseen * number;
        d += size * f * (1.0 - f).powf(size - 1.0) * number;
    }
    classes.number() + classes.of_size(1) * (a / b) * (c / d) * (c / d)
}

struct Moments {
    number: f64,
    fraction: f64,
    ones: f64,
    twos: f64,
}

impl Moments {
    /// Logarithms of expected over observed, ones and twos, at (ln α, logit β).
    fn at(&self, (x, y): (f64, f64)) -> (f64, f64) {
        let alpha = x.exp();
        let beta = 1.0 / (1.0 + (-y).exp());
        let kept = (1.0 - self.fraction) * (1.0 - beta);
        let rest = 1.0 - kept;
        let seen = self.number * self.fraction * (beta / rest).powf(alpha);
        let ones = seen * (alpha * kept / rest + 1.0);
        let twos = seen * self.fraction / 2.0 * alpha * (1.0 - beta) / (rest * rest)
            * (2.0 - (1.0 - alpha) * kept);
        ((ones / self.ones).ln(), (twos / self.twos).ln())
    }

    fn solve(&self) -> Option<(f64, f64)> {
        let grid = [0.0, -2.0, 2.0, -5.0, 4.0]
            .into_iter()
            .flat_map(|x| [0.0, -3.0, 3.0, -6.0, 6.0].map(|y| (x, y)));
        grid.into_iter()
            .find_map(|start| self.newton(start))
            .map(|(x, y)| (x.exp(), 1.0 / (1.0 + (-y).exp())))
    }

    /// Newton with differences, steps halved until both equations together come closer.
    fn newton(&self, mut place: (f64, f64)) -> Option<(f64, f64)> {
        let mut here = self.at(place);
        for _ in 0..STEPS {
            if here.0.abs() < TOLERANCE && here.1.abs() < TOLERANCE {
                return Some(place);
            }
            let step = self.step(place)?;
            let (next, there) =
                (0..40)
                    .map(|halving| 0.5_f64.powi(halving))
                    .find_map(|length| {
                        let next = (place.0 + length * step.0, place.1 + length * step.1);
                        let there = self.at(next);
                        (square(there) < square(here)).then_some((next, there))
                    })?;
            (place, here) = (next, there);
        }
        None
    }

    fn step(&self, (x, y): (f64, f64)) -> Option<(f64, f64)> {
        let h = 1e-6;
        let slope =
            |a: (f64, f64), b: (f64, f64)| ((a.0 - b.0) / (2.0 * h), (a.1 - b.1) / (2.0 * h));
        let by_x = slope(self.at((x + h, y)), self.at((x - h, y)));
        let by_y = slope(self.at((x, y + h)), self.at((x, y - h)));
        let here = self.at((x, y));
        let determinant = by_x.0 * by_y.1 - by_y.0 * by_x.1;
        let step = (
            (-here.0 * by_y.1 + here.1 * by_y.0) / determinant,
            (-here.1 * by_x.0 + here.0 * by_x.1) / determinant,
        );
        (step.0.is_finite() && step.1.is_finite()).then_some(step)
    }
}

fn square((a, b): (f64, f64)) -> f64 {
    a * a + b * b
}
