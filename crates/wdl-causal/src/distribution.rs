//! Probabilities and quantiles of the normal, t, F and chi-squared distributions, right in the tails.
//!
//! The incomplete beta function is a continued fraction on Loader's form of the binomial density ("Fast and accurate computation of binomial probabilities", 2000), so that many degrees of freedom cost no digits.

use statrs::function::{erf, gamma};

/// `P(Z ≤ z)` of a standard normal.
pub fn normal(z: f64) -> f64 {
    0.5 * libm::erfc(-z / std::f64::consts::SQRT_2)
}

/// `P(|Z| ≥ |z|)` of a standard normal.
pub fn normal_two_sided(z: f64) -> f64 {
    libm::erfc(z.abs() / std::f64::consts::SQRT_2)
}

/// The density of a standard normal.
pub fn normal_density(z: f64) -> f64 {
    (-0.5 * z * z).exp() / (2.0 * std::f64::consts::PI).sqrt()
}

/// The `z` with `P(Z ≤ z) = p`, for `0 < p < 1`.
pub fn normal_quantile(p: f64) -> f64 {
    let upper = p.min(1.0 - p);
    let mut z = std::f64::consts::SQRT_2 * erf::erfc_inv(2.0 * upper);
    // One step of Halley's makes the library's first guess exact.
    for _ in 0..2 {
        let error = (normal(-z) - upper) / normal_density(z);
        z += error / (1.0 - 0.5 * z * error);
    }
    match p < 0.5 {
        true => -z,
        false => z,
    }
}

/// `P(|T| ≥ |t|)` of Student's t; infinitely many degrees of freedom are the normal.
pub fn student_two_sided(t: f64, degrees: f64) -> f64 {
    if t.is_nan() || degrees.is_nan() || degrees <= 0.0 {
        return f64::NAN;
    }
    if degrees.is_infinite() {
        return normal_two_sided(t);
    }
    let square = t * t;
    match square.is_infinite() {
        true => 0.0,
        false => beta(
            degrees / 2.0,
            0.5,
            degrees / (degrees + square),
            square / (degrees + square),
        ),
    }
}

/// `P(T ≤ t)` of Student's t.
pub fn student(t: f64, degrees: f64) -> f64 {
    let outside = 0.5 * student_two_sided(t, degrees);
    match t < 0.0 {
        true => outside,
        false => 1.0 - outside,
    }
}

/// The `t` with `P(T ≤ t) = p`, for `0 < p < 1`.
pub fn student_quantile(p: f64, degrees: f64) -> f64 {
    let outside = 2.0 * p.min(1.0 - p);
    let t = decreasing_root(normal_quantile(1.0 - outside / 2.0), |t| {
        student_two_sided(t, degrees) - outside
    });
    match p < 0.5 {
        true => -t,
        false => t,
    }
}

/// `P(F ≥ f)` of Fisher's F.
pub fn fisher_upper(f: f64, first: f64, second: f64) -> f64 {
    if f.is_nan() || first.is_nan() || second.is_nan() || first <= 0.0 || second <= 0.0 {
        return f64::NAN;
    }
    if second.is_infinite() {
        return chi_squared_upper(first * f, first);
    }
    match f <= 0.0 {
        true => 1.0,
        false => {
            let total = second + first * f;
            beta(second / 2.0, first / 2.0, second / total, first * f / total)
        }
    }
}

/// `P(X ≥ x)` of the chi-squared.
pub fn chi_squared_upper(x: f64, degrees: f64) -> f64 {
    match x <= 0.0 {
        true => 1.0,
        false => gamma::gamma_ur(degrees / 2.0, x / 2.0),
    }
}

/// The `x` with `P(X ≥ x) = p`, for `0 < p < 1`.
pub fn chi_squared_quantile_upper(p: f64, degrees: f64) -> f64 {
    decreasing_root(degrees, |x| chi_squared_upper(x, degrees) - p)
}

/// The root over positive numbers of a function that falls.
fn decreasing_root(start: f64, function: impl Fn(f64) -> f64) -> f64 {
    let (mut low, mut high) = (0.0, start.max(1e-3));
    while function(high) > 0.0 && high.is_finite() {
        low = high;
        high *= 2.0;
    }
    for _ in 0..200 {
        let middle = 0.5 * (low + high);
        if middle <= low || middle >= high {
            break;
        }
        match function(middle) > 0.0 {
            true => low = middle,
            false => high = middle,
        }
    }
    0.5 * (low + high)
}

/// The regularised incomplete beta function `I_x(a, b)`, with `rest = 1 - x` given apart since it is known exactly more often.
pub fn beta(a: f64, b: f64, x: f64, rest: f64) -> f64 {
    if x <= 0.0 {
        return 0.0;
    }
    if rest <= 0.0 {
        return 1.0;
    }
    let front = a * b / (a + b) * binomial_density(a, b, x, rest);
    // Below the mean the fraction in `x` converges; above it, the one in the rest.
    match x < (a + 1.0) / (a + b + 2.0) {
        true => front * continued_fraction(a, b, x, rest),
        false => 1.0 - front * continued_fraction(b, a, rest, x),
    }
}

/// `x^a rest^b Γ(a+b+1) / (Γ(a+1) Γ(b+1))`, without losing digits for large `a` and `b`.
fn binomial_density(a: f64, b: f64, x: f64, rest: f64) -> f64 {
    let n = a + b;
    let exponent = stirling_error(n)
        - stirling_error(a)
        - stirling_error(b)
        - deviance(a, n * x)
        - deviance(b, n * rest);
    (exponent + 0.5 * (n / (2.0 * std::f64::consts::PI * a * b)).ln()).exp()
}

/// `ln Γ(n+1)` less Stirling's formula.
fn stirling_error(n: f64) -> f64 {
    if n < 16.0 {
        return libm::lgamma(n + 1.0)
            - (n + 0.5) * n.ln()
            - 0.5 * (2.0 * std::f64::consts::PI).ln()
            + n;
    }
    let square = n * n;
    (1.0 / 12.0
        - (1.0 / 360.0 - (1.0 / 1260.0 - (1.0 / 1680.0 - 1.0 / 1188.0 / square) / square) / square)
            / square)
        / n
}

/// `x ln(x/mean) + mean - x`, exact near `x = mean`.
fn deviance(x: f64, mean: f64) -> f64 {
    if (x - mean).abs() >= 0.1 * (x + mean) {
        return x * (x / mean).ln() + mean - x;
    }
    let ratio = (x - mean) / (x + mean);
    let square = ratio * ratio;
    let mut total = (x - mean) * ratio;
    let mut term = 2.0 * x * ratio;
    for odd in (3..2000).step_by(2) {
        term *= square;
        let next = total + term / f64::from(odd);
        if next == total {
            break;
        }
        total = next;
    }
    total
}

/// The continued fraction of `I_x(a, b)` over `x^a rest^b / B(a, b)`, in the form of Didonato and Morris (TOMS 708, BFRAC): `lambda` is computed from the smaller side, without cancellation.
fn continued_fraction(a: f64, b: f64, x: f64, rest: f64) -> f64 {
    let lambda = match rest <= x {
        true => (a + b) * rest - b,
        false => a - (a + b) * x,
    };
    let c = 1.0 + lambda;
    let c1 = 1.0 + 1.0 / a;
    let (mut p, mut s) = (1.0, a + 1.0);
    let (mut before, mut below_before) = (0.0, 1.0);
    let (mut now, mut below) = (1.0, c / c1);
    let mut ratio = c1 / c;
    let mut step = 0.0;
    while step < 1e6 {
        step += 1.0;
        let t = step / a;
        let w = step * (b - step) * x;
        let e = a / s;
        let alpha = p * (p + b / a) * e * e * (w * x);
        let e = (t + 1.0) / (c1 + t + t);
        let beta = step + w / s + e * (c + step * (rest + 1.0));
        p = t + 1.0;
        s += 2.0;
        (before, now) = (now, alpha * before + beta * now);
        (below_before, below) = (below, alpha * below_before + beta * below);
        let known = ratio;
        ratio = now / below;
        if (ratio - known).abs() <= 1e-16 * ratio.abs() {
            break;
        }
        before /= below;
        below_before /= below;
        (now, below) = (ratio, 1.0);
    }
    ratio
}
