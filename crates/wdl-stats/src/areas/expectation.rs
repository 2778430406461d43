//! What is expected of the poverty of somebody whose income, on the model's scale, is normal: no draw, and no error of drawing.

use statrs::function::erf::erfc;

use super::transformation::Transformed;

/// The measures, in their order: rate, gap, squared gap, mean income.
pub(super) type Four = [f64; 4];

/// A poverty threshold on a scale.
#[derive(Clone, Copy, Debug)]
// INVARIANT: `amount` is positive.
pub(super) struct Line {
    pub(super) scale: Transformed,
    pub(super) amount: f64,
    /// The amount on the scale.
    pub(super) place: f64,
}

/// The places and weights of Gauss and Legendre with eight points, on `[−1, 1]`; the others mirror them.
const POINTS: [(f64, f64); 4] = [
    (0.183_434_642_495_649_8, 0.362_683_783_378_362),
    (0.525_532_409_916_329, 0.313_706_645_877_887_3),
    (0.796_666_477_413_626_7, 0.222_381_034_453_374_48),
    (0.960_289_856_497_536_3, 0.101_228_536_290_376_26),
];
/// How many standard deviations from the middle are integrated: what lies beyond is under 1e-18.
const REACH: f64 = 9.0;
/// Steps of the table for each standard deviation.
const FINENESS: f64 = 32.0;

impl Line {
    pub(super) fn new(scale: Transformed, amount: f64) -> Line {
        Line {
            scale,
            amount,
            place: scale.forward(amount),
        }
    }

    /// What each measure counts of one income.
    pub(super) fn of_income(&self, income: f64) -> Four {
        let mut four = [0.0, 0.0, 0.0, income];
        if income < self.amount {
            let gap = (self.amount - income) / self.amount;
            four[0] = 1.0;
            four[1] = gap;
            four[2] = gap * gap;
        }
        four
    }

    /// What is expected around `middle` with the standard deviation `spread`.
    pub(super) fn expected(&self, middle: f64, spread: f64) -> Four {
        let from = (self.place - middle) / spread;
        match self.scale {
            Transformed::Plain => {
                let (under, density) = (normal(from), density(from));
                let gap = spread * (from * under + density) / self.amount;
                let squares = (1.0 + from * from) * under + from * density;
                let severity = (spread / self.amount).powi(2) * squares;
                [under, gap.max(0.0), severity.max(0.0), middle]
            }
            Transformed::Log { shift } => {
                let whole = self.amount + shift;
                let mean = (middle + spread * spread / 2.0).exp();
                let under = normal(from);
                if whole <= 0.0 {
                    return [0.0, 0.0, 0.0, mean - shift];
                }
                // In parts of the shifted threshold, so that nothing overflows that is not a mean.
                let centre = middle - whole.ln();
                let first = (centre + spread * spread / 2.0).exp() * normal(from - spread);
                let second =
                    (2.0 * centre + 2.0 * spread * spread).exp() * normal(from - 2.0 * spread);
                let part = whole / self.amount;
                let gap = part * (under - first);
                let severity = part * part * (under - 2.0 * first + second);
                [under, gap.max(0.0), severity.max(0.0), mean - shift]
            }
            Transformed::Power { power } => self.integrated(-1.0 / power, middle, spread),
        }
    }

    /// By integration, on a scale that ends at `lowest`, below which the income is zero.
    fn integrated(&self, lowest: f64, middle: f64, spread: f64) -> Four {
        let from = |place: f64| (place - middle) / spread;
        let nothing = normal(from(lowest));
        let mut four = [normal(from(self.place)), nothing, nothing, 0.0];
        let reach = REACH * spread;
        let (begin, end) = ((middle - reach).max(lowest), middle + reach);
        let turn = self.place.clamp(begin.min(end), end);
        for (from, to) in [(begin, turn), (turn, end)] {
            panels(from, to, spread, &mut |place, width| {
                let away = (place - middle) / spread;
                let mass = width * density(away) / spread;
                let own = self.of_income(self.scale.inverse(place));
                four[1] += mass * own[1];
                four[2] += mass * own[2];
                four[3] += mass * own[3];
            });
        }
        four
    }

    /// What is expected at many middles with one spread, each so many times: their sum.
    pub(super) fn expected_sum(&self, middles: &[(f64, f64)], spread: f64) -> Four {
        let Some(table) = self.table(middles, spread) else {
            let terms = middles
                .iter()
                .map(|(middle, count)| (self.expected(*middle, spread), *count));
            return total(terms);
        };
        total(
            middles
                .iter()
                .map(|(middle, count)| (table.at(*middle), *count)),
        )
    }

    /// A table when the scale must be integrated and there are more middles than steps.
    fn table(&self, middles: &[(f64, f64)], spread: f64) -> Option<Table> {
        let Transformed::Power { .. } = self.scale else {
            return None;
        };
        let least = middles
            .iter()
            .map(|(middle, _)| *middle)
            .fold(f64::INFINITY, f64::min);
        let most = middles
            .iter()
            .map(|(middle, _)| *middle)
            .fold(f64::NEG_INFINITY, f64::max);
        let step = spread / FINENESS;
        let steps = ((most - least) / step).ceil() + 4.0;
        if steps.is_nan() || steps >= middles.len() as f64 {
            return None;
        }
        let start = least - step;
        let value = |at: usize| self.expected(start + at as f64 * step, spread);
        Some(Table {
            start,
            step,
            values: (0..steps as usize).map(value).collect(),
        })
    }
}

/// Expected values at equal steps.
struct Table {
    start: f64,
    step: f64,
    values: Vec<Four>,
}

impl Table {
    /// By the cubic through the four steps around; the error is under 1e-7 of the size of what is expected.
    fn at(&self, middle: f64) -> Four {
        let place = (middle - self.start) / self.step;
        let first = (place.floor() as usize).clamp(1, self.values.len() - 3) - 1;
        let t = place - first as f64;
        let weights = [
            -(t - 1.0) * (t - 2.0) * (t - 3.0) / 6.0,
            t * (t - 2.0) * (t - 3.0) / 2.0,
            -t * (t - 1.0) * (t - 3.0) / 2.0,
            t * (t - 1.0) * (t - 2.0) / 6.0,
        ];
        let mut four = [0.0; 4];
        for (weight, values) in weights.iter().zip(&self.values[first..]) {
            for (own, value) in four.iter_mut().zip(values) {
                *own += weight * value;
            }
        }
        four
    }
}

fn total(terms: impl Iterator<Item = (Four, f64)>) -> Four {
    let mut sums = [crate::Sum::ZERO; 4];
    for (four, count) in terms {
        for (sum, own) in sums.iter_mut().zip(four) {
            sum.add(count * own);
        }
    }
    sums.map(crate::Sum::value)
}

/// Calls back at the points of Gauss and Legendre between two places, in panels no wider than `width`.
fn panels(from: f64, to: f64, width: f64, at: &mut dyn FnMut(f64, f64)) {
    if to <= from {
        return;
    }
    let count = ((to - from) / width).ceil();
    let half = (to - from) / count / 2.0;
    for panel in 0..count as usize {
        let middle = from + (2.0 * panel as f64 + 1.0) * half;
        for (place, weight) in POINTS {
            at(middle - place * half, weight * half);
            at(middle + place * half, weight * half);
        }
    }
}

/// The part of a standard normal below `z`.
fn normal(z: f64) -> f64 {
    erfc(-z * std::f64::consts::FRAC_1_SQRT_2) / 2.0
}

fn density(z: f64) -> f64 {
    (-z * z / 2.0).exp() / (2.0 * std::f64::consts::PI).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(got: Four, want: Four, tolerance: f64) {
        for (got, want) in got.iter().zip(want) {
            assert!(
                (got - want).abs() <= tolerance * want.abs().max(1.0),
                "{got} is not {want}"
            );
        }
    }

    #[test]
    fn a_power_of_one_is_a_straight_line() {
        let (power, plain) = (
            Line::new(Transformed::Power { power: 1.0 }, 12.0),
            Line::new(Transformed::Plain, 12.0),
        );
        for (middle, spread) in [(14.0, 1.5), (11.0, 0.7), (20.0, 2.0)] {
            near(
                power.expected(middle - 1.0, spread),
                plain.expected(middle, spread),
                1e-10,
            );
        }
    }

    #[test]
    fn the_closed_forms_are_the_integrals() {
        let scales = [
            (Transformed::Log { shift: 0.0 }, 2.3, 0.5),
            (Transformed::Log { shift: 4.0 }, 2.9, 0.4),
            (Transformed::Log { shift: 0.0 }, 2.3, 0.05),
        ];
        for (scale, middle, spread) in scales {
            let line = Line::new(scale, 9.0);
            let whole = line.integrated(f64::NEG_INFINITY, middle, spread);
            near(line.expected(middle, spread), whole, 1e-10);
        }
    }

    #[test]
    fn the_table_is_what_it_was_made_from() {
        let line = Line::new(Transformed::Power { power: 0.3 }, 11_000.0);
        let middles: Vec<(f64, f64)> = (0..4_000)
            .map(|at| (40.0 + f64::from(at) * 0.01, f64::from(at % 3)))
            .collect();
        let slow = total(
            middles
                .iter()
                .map(|(middle, count)| (line.expected(*middle, 6.0), *count)),
        );
        let got = line.expected_sum(&middles, 6.0);
        for (got, want) in got.iter().zip(slow) {
            assert!(
                (got - want).abs() <= 1e-7 * want.abs(),
                "{got} is not {want}"
            );
        }
    }

    #[test]
    fn a_threshold_below_the_scale_has_nobody_under_it() {
        let line = Line::new(Transformed::Log { shift: -20.0 }, 10.0);
        assert_eq!(line.expected(1.0, 1.0)[..3], [0.0; 3]);
    }
}
