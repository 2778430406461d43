//! The model of people: a (transformed) income is a line in covariates plus an effect of the area plus one of the person.
//!
//! Battese, Harter and Fuller, *Journal of the American Statistical Association* 83 (1988), the variances by restricted maximum likelihood.
//! With sampling weights, line and effects are those of You and Rao, *Canadian Journal of Statistics* 30 (2002).

use std::ops::Range;

use super::AreaError;
use super::basis::{Basis, dot};
use super::half_line;
use super::units::Units;
use crate::factor::Factor;
use crate::sum::{Sum, sum};

/// What the model needs of the people, whatever their incomes.
///
/// Everything is split into what lies within areas and what lies between them, so that one look at the likelihood costs as much as there are areas.
pub(super) struct Nest {
    basis: Basis,
    areas: Vec<Area>,
    /// Of the covariates, within areas: `Σ (q − q̄)(q − q̄)'`.
    within: Vec<f64>,
    /// Of the covariates, weighted: `Σ w q q'`.
    weighted: Vec<f64>,
    weights: Vec<f64>,
}

/// The people of one area; only areas that have some.
struct Area {
    number: usize,
    rows: Range<usize>,
    count: f64,
    /// The sum of the covariates.
    sums: Vec<f64>,
    weight: f64,
    /// The sum of the squared weights over the square of their sum: one over the count without weights.
    concentration: f64,
    /// The weighted mean of the covariates.
    weighted_mean: Vec<f64>,
}

/// The fitted model.
#[derive(Clone, Debug)]
pub(super) struct Fitted {
    /// The variance between areas.
    pub(super) between: f64,
    /// The variance within.
    pub(super) within: f64,
    /// The coefficients of the covariates' columns.
    pub(super) coefficients: Vec<f64>,
    /// Their standard errors, without the weights' design.
    pub(super) errors: Vec<Option<f64>>,
    /// Of each area: the predicted effect and the weight of the area's own people in it; zeros without people.
    pub(super) effects: Vec<(f64, f64)>,
}

/// What the incomes add.
struct Incomes {
    /// The coefficients of the line without areas.
    line: Vec<f64>,
    /// The sums of what lies around it in each area.
    sums: Vec<f64>,
    /// The squares within areas.
    within: f64,
    /// With the covariates, within areas.
    products: Vec<f64>,
}

/// The model at one ratio of the two variances.
struct AtRatio {
    root: Factor,
    /// What is added to the coefficients of the line without areas.
    change: Vec<f64>,
    squares: f64,
    likelihood: f64,
}

impl Nest {
    /// # Errors
    /// [`AreaError::TooFew`] with people in fewer than two areas, or no more people than coefficients.
    pub(super) fn of(units: &Units, areas: usize) -> Result<Nest, AreaError> {
        let basis = Basis::of(&units.covariates);
        let rank = basis.rank();
        let seen: Vec<Area> = units
            .ranges(areas)
            .into_iter()
            .enumerate()
            .filter(|(_, rows)| !rows.is_empty())
            .map(|(number, rows)| Area::of(number, rows, &basis, &units.weights))
            .collect();
        let checks = [(seen.len(), 2), (units.rows(), rank.max(seen.len()) + 1)];
        if let Some((have, need)) = checks.into_iter().find(|(have, need)| have < need) {
            return Err(AreaError::TooFew { have, need });
        }
        let mut within = vec![Sum::ZERO; rank * rank];
        let mut weighted = vec![Sum::ZERO; rank * rank];
        for area in &seen {
            let mean: Vec<f64> = area.sums.iter().map(|sum| sum / area.count).collect();
            for row in area.rows.clone() {
                let own = basis.row(row);
                let away: Vec<f64> = own
                    .iter()
                    .zip(&mean)
                    .map(|(own, mean)| own - mean)
                    .collect();
                add_product(&mut within, 1.0, &away, &away);
                add_product(&mut weighted, units.weights[row], own, own);
            }
        }
        let value = |sums: Vec<Sum>| sums.into_iter().map(Sum::value).collect();
        Ok(Nest {
            basis,
            areas: seen,
            within: value(within),
            weighted: value(weighted),
            weights: units.weights.clone(),
        })
    }

    /// The basis of the covariates, which tells what the sample says nothing about.
    pub(super) fn basis(&self) -> &Basis {
        &self.basis
    }

    /// Fits the model to incomes, transformed as they may be; `areas` is how many effects are given.
    ///
    /// # Errors
    /// [`AreaError::NoVariation`] when nothing is left inside the areas.
    pub(super) fn fit(&self, incomes: &[f64], areas: usize) -> Result<Fitted, AreaError> {
        let own = self.incomes(incomes);
        let (ratio, at) = self.highest(&own)?;
        let within = at.squares / self.free();
        let between = ratio * within;
        let coefficients = self.weighted_line(incomes, ratio).unwrap_or_else(|| {
            let parts = own.line.iter().zip(&at.change);
            parts.map(|(line, change)| line + change).collect()
        });
        let covariance: Vec<f64> = at.root.inverse().iter().map(|part| part * within).collect();
        Ok(Fitted {
            between,
            within,
            effects: self.effects(incomes, ratio, &coefficients, areas),
            errors: self.basis.errors(&covariance),
            coefficients: self.basis.coefficients(&coefficients),
        })
    }

    /// The restricted likelihood at its highest, without its constant; nothing where there is none.
    pub(super) fn likelihood(&self, incomes: &[f64]) -> Option<f64> {
        let (_, at) = self.highest(&self.incomes(incomes)).ok()?;
        Some(at.likelihood)
    }

    /// The ratio of the variances with the highest likelihood.
    fn highest(&self, own: &Incomes) -> Result<(f64, AtRatio), AreaError> {
        if own.within <= 0.0 || !own.within.is_finite() {
            return Err(AreaError::NoVariation);
        }
        let height = |ratio: f64| {
            let at = self.at(ratio, own);
            at.map_or(f64::NEG_INFINITY, |at| at.likelihood)
        };
        let slope = |ratio: f64| {
            let at = self.at(ratio, own);
            at.map_or(f64::NAN, |at| self.slope(ratio, own, &at))
        };
        let ratio = half_line::highest(1.0, &height, &slope);
        let at = self.at(ratio, own).ok_or(AreaError::NoVariation)?;
        Ok((ratio, at))
    }

    /// The people less the coefficients.
    pub(super) fn free(&self) -> f64 {
        (self.weights.len() - self.basis.rank()) as f64
    }

    fn incomes(&self, incomes: &[f64]) -> Incomes {
        let rank = self.basis.rank();
        let mut line = vec![Sum::ZERO; rank];
        for (row, income) in incomes.iter().enumerate() {
            for (line, own) in line.iter_mut().zip(self.basis.row(row)) {
                line.add(own * income);
            }
        }
        let line: Vec<f64> = line.into_iter().map(Sum::value).collect();
        let around: Vec<f64> = incomes
            .iter()
            .enumerate()
            .map(|(row, income)| income - dot(self.basis.row(row), &line))
            .collect();
        let (mut sums, mut squares) = (Vec::new(), Sum::ZERO);
        for area in &self.areas {
            let total = sum(around[area.rows.clone()].iter().copied());
            let mean = total / area.count;
            let own = around[area.rows.clone()].iter();
            own.for_each(|around| squares.add((around - mean).powi(2)));
            sums.push(total);
        }
        // The line without areas leaves nothing that goes with a covariate: within is what between lacks.
        let product = |column: usize| {
            let parts = self.areas.iter().zip(&sums);
            -sum(parts.map(|(area, sum)| area.sums[column] * sum / area.count))
        };
        Incomes {
            products: (0..rank).map(product).collect(),
            line,
            sums,
            within: squares.value(),
        }
    }

    /// The likelihood at a ratio of the variance between areas to that within.
    fn at(&self, ratio: f64, own: &Incomes) -> Option<AtRatio> {
        let rank = self.basis.rank();
        let mut matrix: Vec<Sum> = self.within.iter().copied().map(Sum::of).collect();
        let mut told: Vec<Sum> = own.products.iter().copied().map(Sum::of).collect();
        let (mut squares, mut logarithms) = (Sum::of(own.within), Sum::ZERO);
        for (area, total) in self.areas.iter().zip(&own.sums) {
            let spread = 1.0 + ratio * area.count;
            let share = 1.0 / (area.count * spread);
            for (told, own) in told.iter_mut().zip(&area.sums) {
                told.add(own * share * total);
            }
            add_product(&mut matrix, share, &area.sums, &area.sums);
            squares.add(total * total * share);
            logarithms.add(spread.ln());
        }
        let value = |sums: Vec<Sum>| sums.into_iter().map(Sum::value).collect::<Vec<f64>>();
        let told = value(told);
        let root = Factor::definite(&value(matrix), rank)?;
        let squares = squares.value() - root.quadratic(&told);
        if squares <= 0.0 {
            return None;
        }
        let likelihood = self.free() * (squares / self.free()).ln()
            + logarithms.value()
            + root.log_determinant();
        Some(AtRatio {
            change: root.solve(&told),
            root,
            squares,
            likelihood: -likelihood / 2.0,
        })
    }

    fn slope(&self, ratio: f64, own: &Incomes, at: &AtRatio) -> f64 {
        let rank = self.basis.rank();
        let mut matrix = vec![Sum::ZERO; rank * rank];
        let (mut squares, mut logarithms) = (Sum::ZERO, Sum::ZERO);
        for (area, total) in self.areas.iter().zip(&own.sums) {
            let spread = 1.0 + ratio * area.count;
            let around = (total - dot(&area.sums, &at.change)) / spread;
            squares.add(around * around);
            logarithms.add(area.count / spread);
            add_product(&mut matrix, 1.0 / (spread * spread), &area.sums, &area.sums);
        }
        let matrix: Vec<f64> = matrix.into_iter().map(Sum::value).collect();
        let of_squares = self.free() * squares.value() / at.squares;
        (of_squares - logarithms.value() + at.root.trace_of_quotient(&matrix)) / 2.0
    }

    /// The line of the weighted equations, which are those of the model when all weights are one.
    fn weighted_line(&self, incomes: &[f64], ratio: f64) -> Option<Vec<f64>> {
        let rank = self.basis.rank();
        let mut matrix: Vec<Sum> = self.weighted.iter().copied().map(Sum::of).collect();
        let mut told = vec![Sum::ZERO; rank];
        for area in &self.areas {
            let taken = area.share_of_own(ratio) * area.weight;
            let mean = self.weighted_income(area, incomes);
            for row in area.rows.clone() {
                let scaled = self.weights[row] * incomes[row];
                for (told, own) in told.iter_mut().zip(self.basis.row(row)) {
                    told.add(scaled * own);
                }
            }
            for (told, own) in told.iter_mut().zip(&area.weighted_mean) {
                told.add(-taken * own * mean);
            }
            add_product(
                &mut matrix,
                -taken,
                &area.weighted_mean,
                &area.weighted_mean,
            );
        }
        let value = |sums: Vec<Sum>| sums.into_iter().map(Sum::value).collect::<Vec<f64>>();
        Some(Factor::definite(&value(matrix), rank)?.solve(&value(told)))
    }

    fn weighted_income(&self, area: &Area, incomes: &[f64]) -> f64 {
        let terms = area
            .rows
            .clone()
            .map(|row| self.weights[row] * incomes[row]);
        sum(terms) / area.weight
    }

    fn effects(&self, incomes: &[f64], ratio: f64, line: &[f64], areas: usize) -> Vec<(f64, f64)> {
        let mut effects = vec![(0.0, 0.0); areas];
        for area in &self.areas {
            let share = area.share_of_own(ratio);
            let around = self.weighted_income(area, incomes) - dot(&area.weighted_mean, line);
            effects[area.number] = (share * around, share);
        }
        effects
    }
}

impl Area {
    fn of(number: usize, rows: Range<usize>, basis: &Basis, weights: &[f64]) -> Area {
        let weight = sum(rows.clone().map(|row| weights[row]));
        let squares = sum(rows.clone().map(|row| weights[row] * weights[row]));
        let column = |of: &dyn Fn(usize) -> f64, column: usize| {
            sum(rows.clone().map(|row| of(row) * basis.row(row)[column]))
        };
        let columns = 0..basis.rank();
        Area {
            number,
            count: rows.len() as f64,
            sums: columns.clone().map(|at| column(&|_| 1.0, at)).collect(),
            weighted_mean: columns
                .map(|at| column(&|row| weights[row], at) / weight)
                .collect(),
            weight,
            concentration: squares / (weight * weight),
            rows,
        }
    }

    /// How much of the area's effect its own people tell, from zero to one.
    fn share_of_own(&self, ratio: f64) -> f64 {
        ratio / (ratio + self.concentration)
    }
}

/// Adds `factor × one other'`, row by row.
fn add_product(sums: &mut [Sum], factor: f64, one: &[f64], other: &[f64]) {
    for (row, one) in sums.chunks_exact_mut(other.len()).zip(one) {
        for (sum, other) in row.iter_mut().zip(other) {
            sum.add(factor * one * other);
        }
    }
}
