//! The rows of one period as the kernel sees them, with the threshold they all share.

use std::sync::OnceLock;

use wdl_stats::calibration::Residuals;
use wdl_stats::scores::{Method, Scores, Threshold};
use wdl_stats::{
    Design, Everywhere, Measured, Sample, Touched, Undefined, measures, quantile, sum,
};
use wdl_vocab::Text;

/// Where the poverty threshold comes from.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Line {
    /// A part of the median, estimated from the rows.
    OfMedian(f64),
    /// An amount that is given: an absolute threshold, or that of another year.
    Fixed(f64),
}

impl Line {
    /// The option that is no line, when the part or the amount is not a finite positive number.
    pub(crate) fn wrong_option(self) -> Option<&'static str> {
        let is_line = |number: f64| number > 0.0 && number.is_finite();
        match self {
            Line::OfMedian(part) => (!is_line(part)).then_some("--line"),
            Line::Fixed(amount) => (!is_line(amount)).then_some("--threshold"),
        }
    }

    /// What such an option must be, in words.
    pub(crate) const MUST_BE: Text =
        Text::fixed("un numero positivo e finito", "a finite positive number");
}

impl Default for Line {
    fn default() -> Line {
        Line::OfMedian(measures::POVERTY_LINE)
    }
}

/// The part of a sum of squares that its own rounding may leave behind.
const ROUNDING: f64 = 1e-10;

/// An error of less than this part of its value is zero but for its rounding.
const NOTHING: f64 = 1e-14;

/// What every measure of a population shares.
#[derive(Clone, Copy, Debug)]
pub struct Terms<'a> {
    /// The rows whose median the threshold is a part of.
    pub reference: &'a Sample,
    /// The threshold.
    pub line: Line,
    /// The conventions.
    pub method: Method,
}

impl Terms<'_> {
    /// The poverty threshold; a part that is asked for replaces the usual one, unless the threshold is given.
    ///
    /// Where half of the people have nothing or less there is none.
    pub(crate) fn threshold(&self, part: Option<f64>) -> Measured {
        let amount = match (self.line, part) {
            (Line::Fixed(amount), _) => amount,
            (Line::OfMedian(part), None) | (Line::OfMedian(_), Some(part)) => {
                measures::arpt(self.reference, part, self.method.rule)?
            }
        };
        match amount > 0.0 && amount.is_finite() {
            true => Ok(amount),
            false => Err(Undefined::ThresholdNotPositive),
        }
    }

    /// The scores of a measure under the threshold; what they say of the threshold then speaks of the median.
    pub(crate) fn scored(
        &self,
        part: Option<f64>,
        measure: impl FnOnce(&Threshold) -> Result<Scores, Undefined>,
    ) -> Result<Scores, Undefined> {
        let mut scores = measure(&Threshold::fixed(self.threshold(part)?))?;
        scores.of_threshold *= self.of_median(part);
        Ok(scores)
    }

    /// The scores of the threshold itself.
    pub(crate) fn of_threshold(&self, part: Option<f64>) -> Result<Scores, Undefined> {
        Ok(Scores {
            own: Vec::new(),
            of_threshold: self.of_median(part),
        })
    }

    fn of_median(&self, part: Option<f64>) -> f64 {
        match (self.line, part) {
            (Line::Fixed(_), _) => 0.0,
            (Line::OfMedian(part), None) | (Line::OfMedian(_), Some(part)) => part,
        }
    }

    /// The median of a part of the population, or another quantile.
    pub(crate) fn quantile(&self, part: &Sample, p: f64) -> Measured {
        quantile(part, p, self.method.rule)
    }
}

/// A population with the design that its rows were drawn by.
#[derive(Debug)]
pub struct Population {
    sample: Sample,
    reference: Option<Sample>,
    line: Line,
    method: Method,
    design: Design,
    residuals: Option<Residuals>,
    median: OnceLock<Result<Median, Undefined>>,
}

/// The scores of the median the threshold is a part of.
#[derive(Debug)]
struct Median {
    /// By row; zero for a row that does not count.
    by_row: Vec<f64>,
    /// By drawn unit.
    everywhere: Everywhere,
    /// Their sum.
    sum: f64,
    /// The sum of their squares over the weights.
    squares: f64,
}

impl Population {
    /// Rows and their design; the threshold rests on the rows themselves.
    pub fn new(sample: Sample, design: Design) -> Population {
        Population {
            sample,
            reference: None,
            line: Line::default(),
            method: Method::default(),
            design,
            residuals: None,
            median: OnceLock::new(),
        }
    }

    /// The same rows, whose weights were calibrated: errors rest on what the margins do not explain.
    #[must_use]
    pub fn calibrated(self, residuals: Residuals) -> Population {
        Population {
            residuals: Some(residuals),
            ..self
        }
    }

    /// The same rows under another threshold and other conventions; the threshold rests on `reference`, when there is one.
    #[must_use]
    pub fn under(self, line: Line, method: Method, reference: Option<Sample>) -> Population {
        Population {
            reference,
            line,
            method,
            ..self
        }
    }

    /// Everybody.
    pub fn sample(&self) -> &Sample {
        &self.sample
    }

    /// How the rows were drawn.
    pub fn design(&self) -> &Design {
        &self.design
    }

    /// What all measures share.
    pub fn terms(&self) -> Terms<'_> {
        Terms {
            reference: self.reference.as_ref().unwrap_or(&self.sample),
            line: self.line,
            method: self.method,
        }
    }

    /// What the scores of a measure of a part add up to in each drawn unit, the threshold's part included.
    pub(crate) fn totals(&self, part: &Sample, scores: &Scores) -> Result<Vec<f64>, Undefined> {
        let Some(residuals) = &self.residuals else {
            let mut totals = self.design.totals(part, &scores.own);
            if scores.of_threshold != 0.0 {
                for (own, median) in totals.iter_mut().zip(self.median()?.everywhere.totals()) {
                    *own += scores.of_threshold * median;
                }
            }
            return Ok(totals);
        };
        let mut by_row = vec![0.0; self.design.rows()];
        for (row, score) in part.rows().zip(&scores.own) {
            by_row[row] = *score;
        }
        if scores.of_threshold != 0.0 {
            for (own, median) in by_row.iter_mut().zip(&self.median()?.by_row) {
                *own += scores.of_threshold * median;
            }
        }
        residuals.apply(&mut by_row);
        let mut totals = vec![0.0; self.design.units()];
        for (unit, score) in self.design.unit_of_row().zip(by_row) {
            totals[unit] += score;
        }
        Ok(totals)
    }

    /// The standard error of a measure of a part, from the scores of its rows; `touched` are the units of the part, when they are known to be few.
    pub(crate) fn error(
        &self,
        part: &Sample,
        touched: Option<&Touched>,
        scores: &Scores,
    ) -> Measured {
        let Some(touched) = touched.filter(|_| self.residuals.is_none()) else {
            return self.design.standard_error(&self.totals(part, scores)?);
        };
        let everywhere = match scores.of_threshold == 0.0 {
            true => None,
            false => Some((scores.of_threshold, &self.median()?.everywhere)),
        };
        let variance = self
            .design
            .variance_of_part(touched, &scores.own, everywhere);
        variance.map(f64::sqrt)
    }

    /// An error, unless it is one of nothing: zero because all rows of a part lie in one drawn unit, so that nothing of it varies.
    pub(crate) fn error_of_units(&self, part: &Sample, value: f64, error: f64) -> Measured {
        if !error.is_finite() {
            return Err(Undefined::OutOfRange);
        }
        let mut units = part.rows().map(|row| self.design.unit(row));
        let first = units.next();
        let is_nothing = error <= NOTHING * value.abs();
        match is_nothing && units.all(|unit| Some(unit) == first) {
            true => Err(Undefined::TooFewRows),
            false => Ok(error),
        }
    }

    /// The variance the measure would have if as many rows had been drawn one by one from everybody, with the same weights: what a design effect compares with (Kish, *Survey Sampling*, 1965).
    pub(crate) fn variance_at_random(&self, part: &Sample, scores: &Scores) -> Measured {
        let rows = self.sample.len() as f64;
        if rows < 2.0 {
            return Err(Undefined::TooFewRows);
        }
        let factor = scores.of_threshold;
        let own = || scores.own.iter().zip(part.weights());
        let (squares, total) = match factor == 0.0 {
            true => (
                sum(own().map(|(score, weight)| score * score / weight)),
                sum(scores.own.iter().copied()),
            ),
            false => {
                let median = self.median()?;
                // Rows outside the part have the threshold's score alone.
                let crossed = own().zip(part.rows()).map(|((score, weight), row)| {
                    score * (score + 2.0 * factor * median.by_row[row]) / weight
                });
                let all = factor * median.sum;
                (
                    sum(crossed) + factor * factor * median.squares,
                    sum(scores.own.iter().copied()) + all,
                )
            }
        };
        let whole = self.sample.total_weight() * squares;
        let around = whole - total * total;
        // What is left of two numbers that are one but for their rounding is no variance.
        let is_rounding = around <= ROUNDING * whole;
        Ok(if is_rounding {
            0.0
        } else {
            around / (rows - 1.0)
        })
    }

    fn median(&self) -> Result<&Median, Undefined> {
        let median = self.median.get_or_init(|| self.median_scores());
        median.as_ref().map_err(|why| *why)
    }

    fn median_scores(&self) -> Result<Median, Undefined> {
        let terms = self.terms();
        let median = Threshold::of_median(terms.reference, 1.0, terms.method)?;
        let mut by_row = vec![0.0; self.design.rows()];
        for (row, score) in terms.reference.rows().zip(&median.scores) {
            by_row[row] = *score;
        }
        let weights = terms.reference.weights().iter();
        Ok(Median {
            everywhere: Everywhere::of(
                &self.design,
                self.design.totals(terms.reference, &median.scores),
            ),
            sum: sum(median.scores.iter().copied()),
            squares: sum(median
                .scores
                .iter()
                .zip(weights)
                .map(|(own, weight)| own * own / weight)),
            by_row,
        })
    }
}
