//! Scales and ticks at round numbers.

use wdl_result::Unit;

/// A straight scale from values to units of the drawing.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Scale {
    low: f64,
    high: f64,
    from: f64,
    to: f64,
}

impl Scale {
    /// A scale that puts `low` at `from` and `high` at `to`.
    pub(crate) fn new((low, high): (f64, f64), (from, to): (f64, f64)) -> Scale {
        Scale {
            low,
            high,
            from,
            to,
        }
    }

    /// Where a value stands.
    pub(crate) fn at(&self, value: f64) -> f64 {
        let part = (value - self.low) / (self.high - self.low);
        self.from + part.clamp(0.0, 1.0) * (self.to - self.from)
    }
}

/// Ticks at 1, 2 or 5 times a power of ten, covering all values.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Ticks {
    /// The ticks, rising.
    pub(crate) values: Vec<f64>,
    /// The decimals needed to tell them apart.
    pub(crate) decimals: usize,
    /// True when the scale does not begin at zero.
    pub(crate) is_cut: bool,
}

impl Ticks {
    /// No mark at all, where there is no value.
    pub(crate) fn none() -> Ticks {
        Ticks {
            values: Vec::new(),
            decimals: 0,
            is_cut: false,
        }
    }

    /// The decimals of single values: down to a tenth of the digit that tells two marks apart.
    pub(crate) fn decimals_of_values(&self) -> usize {
        let [first, second, ..] = self.values[..] else {
            return self.decimals + 1;
        };
        // A step a hair under its power of ten is still that power.
        let digit = ((second - first) * (1.0 + 1e-9)).log10().floor();
        (1.0 - digit).max(0.0) as usize
    }

    /// The first and the last tick.
    pub(crate) fn ends(&self) -> (f64, f64) {
        let first = self.values.first().copied().unwrap_or(0.0);
        (first, self.values.last().copied().unwrap_or(1.0))
    }
}

/// Ticks for values between `low` and `high`, about `wanted` of them.
///
/// The scale begins at zero, unless all values stand in its upper half: a line of residents would be flat, so the cut is made and must be told.
pub(crate) fn ticks(low: f64, high: f64, wanted: usize) -> Ticks {
    let is_cut = low > 0.0 && low > 0.5 * high;
    let low = if is_cut { low } else { low.min(0.0) };
    let high = if high > low {
        high
    } else {
        low + if low == 0.0 { 1.0 } else { low.abs() * 0.1 }
    };
    let step = round_step((high - low) / wanted.max(1) as f64);
    let first = (low / step + 1e-9).floor() as i64;
    let last = (high / step - 1e-9).ceil() as i64;
    let decimals = (-step.log10().floor()).max(0.0) as usize;
    Ticks {
        values: (first..=last).map(|i| i as f64 * step).collect(),
        decimals,
        is_cut: is_cut && first > 0,
    }
}

/// Ticks for values of a unit: those of shares begin at none and never pass all, those of counted units fall on whole numbers.
pub(crate) fn ticks_of(unit: Unit, low: f64, high: f64, wanted: usize) -> Ticks {
    match unit {
        Unit::Share => {
            // A sum of parts may pass one by the error of its last digit; steps of 1, 2 and 5 then end at one.
            let high = if high <= 1.0 + 1e-9 {
                high.min(1.0)
            } else {
                high
            };
            ticks(low.min(0.0), high, wanted)
        }
        Unit::Persons | Unit::Households | Unit::Dwellings | Unit::Acts => {
            // No step is smaller than one: at most as many steps as whole numbers between the ends.
            let (low, high) = (low.floor(), high.ceil());
            let from = if low > 0.5 * high { low } else { low.min(0.0) };
            ticks(low, high, wanted.min((high - from).max(1.0) as usize))
        }
        Unit::Euro | Unit::Days | Unit::Months | Unit::Years | Unit::Ratio => {
            ticks(low, high, wanted)
        }
    }
}

/// The limits of at most `wanted` + 1 classes at round numbers, covering all values and no more than they need; the decimals that tell limits apart.
///
/// Values that are all the same make one class without width.
pub(crate) fn limits(low: f64, high: f64, wanted: usize) -> (Vec<f64>, usize) {
    if high <= low {
        return (vec![low, low], 0);
    }
    let step = round_step((high - low) / wanted.max(1) as f64);
    let first = (low / step + 1e-9).floor() as i64;
    let last = (high / step - 1e-9).ceil() as i64;
    let decimals = (-step.log10().floor()).max(0.0) as usize;
    let limits = (first..=last.max(first + 1)).map(|i| i as f64 * step);
    (limits.collect(), decimals)
}

fn round_step(raw: f64) -> f64 {
    let power = 10f64.powi(raw.log10().floor() as i32);
    let part = raw / power;
    let round = if part <= 1.0 {
        1.0
    } else if part <= 2.0 {
        2.0
    } else if part <= 5.0 {
        5.0
    } else {
        10.0
    };
    round * power
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(low: f64, high: f64) -> (Vec<String>, bool) {
        let ticks = ticks(low, high, 5);
        let show = |value: &f64| format!("{value:.*}", ticks.decimals);
        (ticks.values.iter().map(show).collect(), ticks.is_cut)
    }

    #[test]
    fn ticks_are_round_and_cover() {
        assert_eq!(
            shown(0.0, 18.0).0,
            ["0", "5", "10", "15", "20"],
            "from zero"
        );
        assert_eq!(shown(2.0, 0.3 * 10.0).0[0], "2.0", "cut");
        assert_eq!(
            shown(0.0, 0.9).0,
            ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"]
        );
        let (values, is_cut) = shown(183_500.0, 186_200.0);
        assert_eq!(values[0], "183000");
        assert_eq!(values[values.len() - 1], "187000");
        assert!(is_cut);
    }

    #[test]
    fn limits_are_round_and_no_wider_than_needed() {
        let shown = |low: f64, high: f64| {
            let (limits, decimals) = limits(low, high, 4);
            let show = |value: &f64| format!("{value:.decimals$}");
            limits.iter().map(show).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(shown(0.121, 0.189), "0.12 0.14 0.16 0.18 0.20");
        assert_eq!(shown(101.0, 199.0), "100 150 200");
        assert_eq!(shown(-3.0, 2.0), "-4 -2 0 2");
        assert_eq!(shown(5.0, 5.0), "5 5");
        assert_eq!(shown(0.0, 4.0), "0 1 2 3 4");
    }

    #[test]
    fn shares_begin_at_none_and_end_at_all_and_counts_are_whole() {
        let shown = |unit: Unit, low: f64, high: f64| {
            let ticks = ticks_of(unit, low, high, 5);
            let show = |value: &f64| format!("{value:.*}", ticks.decimals);
            assert!(!ticks.is_cut || unit != Unit::Share);
            ticks.values.iter().map(show).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(shown(Unit::Share, 1.0, 1.0), "0.0 0.2 0.4 0.6 0.8 1.0");
        assert_eq!(
            shown(Unit::Share, 0.999, 1.0 + 1e-15),
            "0.0 0.2 0.4 0.6 0.8 1.0"
        );
        assert_eq!(shown(Unit::Share, 0.61, 0.68), "0.0 0.2 0.4 0.6 0.8");
        assert_eq!(shown(Unit::Acts, 0.0, 0.0), "0 1");
        assert_eq!(shown(Unit::Acts, 0.0, 1.0), "0 1");
        assert_eq!(shown(Unit::Persons, 0.0, 3.0), "0 1 2 3");
        assert_eq!(shown(Unit::Persons, 1.0, 2.0), "0 1 2");
        assert_eq!(shown(Unit::Persons, 9.0, 10.0), "9 10");
        assert_eq!(shown(Unit::Ratio, 0.0, 0.9), "0.0 0.2 0.4 0.6 0.8 1.0");
    }

    #[test]
    fn flat_and_negative_ranges_have_ticks() {
        assert!(ticks(0.0, 0.0, 5).values.len() > 1);
        assert!(ticks(7.0, 7.0, 5).values.len() > 1);
        let below = ticks(-3.0, 2.0, 5);
        assert!(below.ends().0 <= -3.0 && below.ends().1 >= 2.0);
        assert!(!below.is_cut);
    }
}
