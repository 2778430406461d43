//! The Ewens–Pitman sampling formula (Pitman 1995; Hoshino 2001), fitted by maximum likelihood.
//!
//! With parameters θ > −α and 0 < α < 1, a population of N has about Γ(θ+1)/Γ(θ+α) Nᵅ unique people.

use statrs::function::gamma::ln_gamma;

use super::{ClassSizes, Unavailable};

/// Newton's steps from one start: a search that settles does so in about ten.
const STEPS: usize = 50;
/// Halvings of one step: beyond them it leads out of the domain.
const HALVINGS: i32 = 30;
/// The scores of a solution, relative to the sums they are differences of.
const TOLERANCE: f64 = 1e-10;

/// Unique people in a population of `population`.
pub(super) fn uniques(classes: &ClassSizes, population: f64) -> Result<f64, Unavailable> {
    let likelihood = Likelihood::new(classes);
    let (theta, alpha) = starts(classes)
        .into_iter()
        .find_map(|start| likelihood.maximum(start))
        .ok_or(Unavailable::NoSolution)?;
    Ok((ln_gamma(theta + 1.0) - ln_gamma(theta + alpha) + alpha * population.ln()).exp())
}

/// The moment estimate of Hoshino, then two more places from which the search may begin.
fn starts(classes: &ClassSizes) -> Vec<(f64, f64)> {
    let (c1, c2, u, n) = (
        classes.of_size(1),
        classes.of_size(2).max(1.0),
        classes.number(),
        classes.records(),
    );
    let c = c1 * (c1 - 1.0) / c2;
    let theta = (n * u * c - c1 * (n - 1.0) * (2.0 * u + c)) / (2.0 * c1 * u + c1 * c - n * c);
    let alpha = (theta * (c1 - n) + (n - 1.0) * c1) / (n * u);
    [(theta, alpha), (u, 0.5), (1.0, 0.5)]
        .into_iter()
        .filter(|start| inside(*start))
        .collect()
}

fn inside((theta, alpha): (f64, f64)) -> bool {
    theta.is_finite() && alpha > 0.0 && alpha < 1.0 && theta > -alpha
}

struct Likelihood {
    classes: usize,
    records: usize,
    /// How many classes are larger than `j`, at `j`: each gives a factor (j − α).
    larger: Vec<(f64, f64)>,
}

/// Value, gradient and second derivatives.
struct Point {
    value: f64,
    gradient: (f64, f64),
    scale: (f64, f64),
    hessian: (f64, f64, f64),
}

impl Likelihood {
    fn new(classes: &ClassSizes) -> Self {
        let most = classes.classes.keys().next_back().copied().unwrap_or(0);
        let mut left = classes.number();
        let mut larger = Vec::new();
        for j in 1..most {
            left -= classes.of_size(j);
            larger.push((f64::from(j), left));
        }
        let whole = |x: u64| usize::try_from(x).unwrap_or(usize::MAX);
        let records = classes
            .classes
            .iter()
            .map(|(size, n)| u64::from(*size) * n)
            .sum();
        Likelihood {
            classes: whole(classes.classes.values().sum()),
            records: whole(records),
            larger,
        }
    }

    fn at(&self, (theta, alpha): (f64, f64)) -> Point {
        let (mut value, mut a, mut b) = (0.0, 0.0, 0.0);
        let (mut da, mut db, mut cross) = (0.0, 0.0, 0.0);
        for i in 1..self.classes {
            let i = super::count(i);
            let x = theta + i * alpha;
            value += x.ln();
            a += 1.0 / x;
            b += i / x;
            da -= 1.0 / (x * x);
            cross -= i / (x * x);
            db -= i * i / (x * x);
        }
        let (mut ends, mut small) = (0.0, 0.0);
        for i in 1..self.records {
            let x = theta + super::count(i);
            value -= x.ln();
            ends += 1.0 / x;
            da += 1.0 / (x * x);
        }
        for (j, classes) in &self.larger {
            value += classes * (j - alpha).ln();
            small += classes / (j - alpha);
            db -= classes / ((j - alpha) * (j - alpha));
        }
        Point {
            value,
            gradient: (a - ends, b - small),
            scale: (a + ends, b + small),
            hessian: (da, cross, db),
        }
    }

    /// Newton's steps, halved until they climb; `None` where they leave the domain or do not settle.
    fn maximum(&self, mut place: (f64, f64)) -> Option<(f64, f64)> {
        let mut here = self.at(place);
        for _ in 0..STEPS {
            if here.is_flat() {
                return Some(place);
            }
            let step = here.step();
            let (next, there) = (0..HALVINGS)
                .map(|halving| 0.5_f64.powi(halving))
                .find_map(|length| {
                    let next = (place.0 + length * step.0, place.1 + length * step.1);
                    let there = inside(next).then(|| self.at(next))?;
                    (there.value >= here.value).then_some((next, there))
                })?;
            if next == place {
                return None;
            }
            (place, here) = (next, there);
        }
        None
    }
}

impl Point {
    fn is_flat(&self) -> bool {
        self.gradient.0.abs() <= TOLERANCE * self.scale.0
            && self.gradient.1.abs() <= TOLERANCE * self.scale.1
    }

    /// Newton's step where the surface is concave, else up the gradient in each direction by its own curvature.
    fn step(&self) -> (f64, f64) {
        let (aa, ab, bb) = self.hessian;
        let (a, b) = self.gradient;
        let determinant = aa * bb - ab * ab;
        if aa < 0.0 && determinant > 0.0 {
            return (
                (-bb * a + ab * b) / determinant,
                (ab * a - aa * b) / determinant,
            );
        }
        (
            a / aa.abs().max(f64::MIN_POSITIVE),
            b / bb.abs().max(f64::MIN_POSITIVE),
        )
    }
}
