//! One comparison of a cohort with its controls between two periods of repeated cross-sections.
//!
//! Sant'Anna and Zhao (2020), section 3.2: the doubly robust estimator is the locally efficient one, with regressions among the treated too.
//! The improved variant gives its influence without the estimation of score and regressions, which is of smaller order when both models hold.

use nalgebra::{DMatrix, DVector};

use super::comparison::{Compared, add_mean, slope};
use super::design::{Design, Regression, Sample};
use super::group_time::{Method, NoCell, Plan, Request};
use super::sections::Sections;

/// The rows of both periods that are compared.
pub(super) fn rows(sections: &Sections, plan: &Plan, anticipation: i64) -> Vec<u32> {
    let periods = sections.periods();
    let last = periods[periods.len() - 1].saturating_add(anticipation);
    let first_treated = sections.first_treated();
    (0..first_treated.len())
        .filter(|row| {
            let period = sections.period()[*row] as usize;
            let own = first_treated[*row];
            (period == plan.period || Some(period) == plan.base)
                && (own == Some(plan.cohort) || plan.is_control(own, last))
        })
        .map(|row| u32::try_from(row).expect("fewer rows than four billion"))
        .collect()
}

/// How many rows belong to the cohort, and how many are controls: the fewer of the two periods.
pub(super) fn counts(sections: &Sections, plan: &Plan, rows: &[u32]) -> (usize, usize) {
    let count = |is_treated: bool, is_after: bool| {
        let own = rows.iter().map(|row| *row as usize).filter(|row| {
            (sections.first_treated()[*row] == Some(plan.cohort)) == is_treated
                && (sections.period()[*row] as usize == plan.period) == is_after
        });
        own.count()
    };
    (
        count(true, true).min(count(true, false)),
        count(false, true).min(count(false, false)),
    )
}

/// What the weighted means are made of.
struct Means<'a> {
    design: &'a Design,
    influence: Vec<f64>,
    att: f64,
}

impl Means<'_> {
    /// Adds a mean and, where the weights are odds, what the estimation of the score does to it.
    fn add(&mut self, sign: f64, weights: &[f64], values: &[f64], has_odds: bool) {
        let mean = add_mean(&mut self.influence, weights, values, sign);
        self.att += sign * mean;
        if let (true, Some(propensity)) = (has_odds, &self.design.propensity) {
            let slope = slope(self.design, weights, values, mean);
            propensity.add_influence(&self.design.sample, &mut self.influence, &slope, sign);
        }
    }
}

/// A regression with its fitted values and residuals for every row.
struct Fitted {
    regression: Regression,
    values: Vec<f64>,
    residuals: Vec<f64>,
}

impl Fitted {
    fn new(
        design: &Design,
        outcome: &[f64],
        is_treated: bool,
        chosen: &[bool],
        wanted: bool,
    ) -> Result<Fitted, NoCell> {
        let regression = design.regression(is_treated, |row| chosen[row] == wanted)?;
        let values = design.sample.times(&regression.coefficients(outcome));
        let residuals = outcome.iter().zip(values.iter()).map(|(a, b)| a - b);
        Ok(Fitted {
            regression,
            residuals: residuals.collect(),
            values: values.iter().copied().collect(),
        })
    }

    fn add(&self, influence: &mut [f64], moment: &DVector<f64>, sign: f64) {
        self.regression
            .add_influence(influence, &self.residuals, moment, sign);
    }
}

/// Compares the rows; the answer with the controls left out for their score.
pub(super) fn compare(
    sections: &Sections,
    request: Request,
    plan: &Plan,
    rows: &[u32],
) -> Result<(Compared, usize), NoCell> {
    let (treated, controls) = counts(sections, plan, rows);
    if treated == 0 {
        return Err(NoCell::NoTreated);
    }
    if controls == 0 {
        return Err(NoCell::NoControls);
    }
    let own = |row: &u32| *row as usize;
    let sample =
        Sample {
            treated: rows
                .iter()
                .map(|row| sections.first_treated()[own(row)] == Some(plan.cohort))
                .collect(),
            weights: rows
                .iter()
                .map(|row| sections.weights()[own(row)])
                .collect(),
            x: DMatrix::from_fn(rows.len(), sections.covariates().len() + 1, |at, column| {
                match column {
                    0 => 1.0,
                    other => sections.covariates()[other - 1][rows[at] as usize],
                }
            }),
        };
    let outcome: Vec<f64> = rows
        .iter()
        .map(|row| sections.outcome()[own(row)])
        .collect();
    let after: Vec<bool> = rows
        .iter()
        .map(|row| sections.period()[own(row)] as usize == plan.period)
        .collect();
    let design = Design::new(sample, request.method, request.trim)?;
    let trimmed = design.propensity.as_ref().map_or(0, |own| own.trimmed);
    let mut means = Means {
        design: &design,
        influence: vec![0.0; rows.len()],
        att: 0.0,
    };
    match request.method {
        Method::OutcomeRegression => regress(&mut means, &outcome, &after)?,
        Method::Weighting => weigh(&mut means, &outcome, &after),
        Method::DoublyRobust | Method::DoublyRobustImproved => both(&mut means, &outcome, &after)?,
    }
    let compared = Compared {
        att: means.att,
        influence: means.influence,
    };
    Ok((compared, trimmed))
}

/// The weights of one period, zero in the other.
fn of_period(weights: &[f64], after: &[bool], is_after: bool) -> Vec<f64> {
    let pairs = weights.iter().zip(after);
    pairs
        .map(|(weight, own)| match *own == is_after {
            true => *weight,
            false => 0.0,
        })
        .collect()
}

fn regress(means: &mut Means<'_>, outcome: &[f64], after: &[bool]) -> Result<(), NoCell> {
    let cohort = &means.design.cohort;
    for (sign, is_after) in [(1.0, true), (-1.0, false)] {
        let fitted = Fitted::new(means.design, outcome, false, after, is_after)?;
        means.add(sign, &of_period(cohort, after, is_after), outcome, false);
        means.add(-sign, cohort, &fitted.values, false);
        let moment = means.design.sample.mean(cohort);
        fitted.add(&mut means.influence, &moment, -sign);
    }
    Ok(())
}

fn weigh(means: &mut Means<'_>, outcome: &[f64], after: &[bool]) {
    let propensity = means.design.propensity.as_ref();
    let odds = &propensity.expect("weighting has a score").odds;
    for (sign, is_after) in [(1.0, true), (-1.0, false)] {
        let cohort = of_period(&means.design.cohort, after, is_after);
        means.add(sign, &cohort, outcome, false);
        means.add(-sign, &of_period(odds, after, is_after), outcome, true);
    }
}

fn both(means: &mut Means<'_>, outcome: &[f64], after: &[bool]) -> Result<(), NoCell> {
    let design = means.design;
    let propensity = design.propensity.as_ref().expect("it has a score");
    let is_improved = design.method == Method::DoublyRobustImproved;
    for (sign, is_after) in [(1.0, true), (-1.0, false)] {
        let controls = Fitted::new(design, outcome, false, after, is_after)?;
        let treated = Fitted::new(design, outcome, true, after, is_after)?;
        let cohort = of_period(&design.cohort, after, is_after);
        let odds = of_period(&propensity.odds, after, is_after);
        means.add(sign, &cohort, &controls.residuals, false);
        means.add(-sign, &odds, &controls.residuals, !is_improved);
        // The efficient part: the effect the regressions see, over all of the cohort instead of those of one period.
        let pairs = treated.values.iter().zip(&controls.values);
        let gap: Vec<f64> = pairs.map(|(a, b)| a - b).collect();
        means.add(sign, &design.cohort, &gap, false);
        means.add(-sign, &cohort, &gap, false);
        if is_improved {
            continue;
        }
        let (all, own) = (
            design.sample.mean(&design.cohort),
            design.sample.mean(&cohort),
        );
        let among_controls = design.sample.mean(&odds) - &own - (&all - &own);
        controls.add(&mut means.influence, &among_controls, sign);
        treated.add(&mut means.influence, &(all - own), sign);
    }
    Ok(())
}
