//! Averages of group-time effects: over everything, by time since treatment, by cohort, by period.
//!
//! Callaway and Sant'Anna (2021), section 3 and table 1; the influence of estimated cohort shares (their corollary 2) is part of every standard error.

use std::collections::BTreeMap;

use nalgebra::{DMatrix, DVector};
use rayon::iter::{IntoParallelIterator, ParallelIterator};

use super::group_time::{Cell, GroupTime, NoInference};
use crate::distribution;

/// How effects are averaged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// All effects under treatment, weighted by the size of the cohort.
    Simple,
    /// By periods since treatment; overall, their mean from treatment on.
    Dynamic(Window),
    /// By cohort; overall, weighted by their size.
    Group,
    /// By period; overall, the mean of the periods.
    Calendar,
}

/// Which periods since treatment are looked at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Window {
    /// Only cohorts seen at least so long under treatment, and no longer than that: the same cohorts in every period since.
    pub balance: Option<u32>,
    /// The earliest.
    pub min: Option<i64>,
    /// The latest.
    pub max: Option<i64>,
}

/// An average with what it is made of.
#[derive(Clone, Debug, PartialEq)]
pub struct Average {
    /// The time since treatment, the cohort or the period; nothing for the overall average.
    pub at: Option<i64>,
    /// The average.
    pub att: f64,
    /// The standard error, or why there is none.
    pub error: Result<f64, NoInference>,
    /// How many effects are in it.
    pub cells: usize,
    /// The effects that belong to it and could not be estimated: cohort and period.
    pub left_out: Vec<(i64, i64)>,
}

impl Average {
    /// The interval that covers with the given probability, by the normal.
    pub fn interval(&self, level: f64) -> Option<(f64, f64)> {
        let wide = distribution::normal_quantile(0.5 + level / 2.0) * self.error.ok()?;
        Some((self.att - wide, self.att + wide))
    }

    /// The two-sided p-value of no effect.
    pub fn p_value(&self) -> Option<f64> {
        Some(distribution::normal_two_sided(self.att / self.error.ok()?))
    }
}

/// Averages with an overall one.
#[derive(Clone, Debug)]
pub struct Aggregate {
    /// What was averaged.
    pub kind: Kind,
    /// The overall average; nothing when no effect under treatment is in it.
    pub overall: Option<Average>,
    /// The averages, ascending; empty for [`Kind::Simple`].
    pub effects: Vec<Average>,
    /// One row of influence per effect, by cluster (unit where there are none).
    pub(super) influence: Vec<Vec<f64>>,
}

impl Aggregate {
    /// The covariance of the effects, in their order.
    pub fn covariance(&self) -> DMatrix<f64> {
        covariance(&self.influence)
    }
}

pub(super) fn covariance(influence: &[Vec<f64>]) -> DMatrix<f64> {
    // Each half is the other's mirror; rows are shared out among the cores.
    let product = |one: usize, other: usize| -> f64 {
        let pairs = influence[one].iter().zip(&influence[other]);
        pairs.map(|(a, b)| a * b).sum()
    };
    let halves: Vec<Vec<f64>> = (0..influence.len())
        .into_par_iter()
        .map(|one| (0..=one).map(|other| product(one, other)).collect())
        .collect();
    DMatrix::from_fn(influence.len(), influence.len(), |one, other| {
        halves[one.max(other)][one.min(other)]
    })
}

/// A test that all effects before treatment are zero.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PreTrend {
    /// Wald's statistic.
    pub statistic: f64,
    /// The effects tested.
    pub degrees: usize,
    /// The probability of one so large.
    pub p_value: f64,
    /// Effects before treatment that could not be tested, having no estimate or no standard error.
    pub left_out: usize,
}

/// Why effects before treatment are not tested.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoPreTrend {
    /// No effects before treatment.
    #[error("no effects before treatment have a standard error")]
    None,
    /// More effects than clusters, or effects that repeat one another.
    #[error("the effects before treatment are not independent of one another")]
    Singular,
}

/// An average in the making: its value, influence by unit, cells and those left out.
struct Made {
    average: Average,
    influence: Vec<f64>,
}

impl GroupTime {
    /// Averages the effects.
    pub fn aggregate(&self, kind: Kind) -> Aggregate {
        let (parts, overall) = match kind {
            Kind::Simple => (Vec::new(), self.simple()),
            Kind::Dynamic(window) => self.dynamic(window),
            Kind::Group => self.group(),
            Kind::Calendar => self.calendar(),
        };
        let mut effects = Vec::with_capacity(parts.len());
        let mut influence = Vec::with_capacity(parts.len());
        for part in parts {
            let (average, own) = self.settled(part);
            effects.push(average);
            influence.push(own);
        }
        Aggregate {
            kind,
            overall: overall.map(|own| self.settled(own).0),
            effects,
            influence,
        }
    }

    /// The standard errors and influence of each cell, for bands over all of them: places of the cells, and their influence by cluster.
    pub(super) fn cell_influence(
        &self,
        wanted: impl Fn(&Cell) -> bool,
    ) -> (Vec<usize>, Vec<Vec<f64>>) {
        let places: Vec<usize> = (0..self.cells.len())
            .filter(|at| wanted(&self.cells[*at]) && self.cells[*at].error.is_ok())
            .collect();
        let influence = places.iter().map(|at| {
            let mut own = vec![0.0; self.population.weights.len()];
            self.add_cell(&mut own, *at, 1.0);
            self.population.clustered(own)
        });
        let influence = influence.collect();
        (places, influence)
    }

    /// Tests the effects before treatment together (Wald).
    ///
    /// # Errors
    /// [`NoPreTrend`] when there are none, or their covariance has no inverse.
    pub fn pre_trend(&self) -> Result<PreTrend, NoPreTrend> {
        let before = |cell: &Cell| !cell.is_after() && cell.error != Err(NoInference::Reference);
        let (places, influence) = self.cell_influence(before);
        if places.is_empty() {
            return Err(NoPreTrend::None);
        }
        if places.len() >= self.population.cluster_count {
            return Err(NoPreTrend::Singular);
        }
        let slices: Vec<&[f64]> = influence.iter().map(Vec::as_slice).collect();
        if crate::dense::independent(&slices, 1e-7).len() < places.len() {
            return Err(NoPreTrend::Singular);
        }
        let inverse = crate::dense::inverse(&covariance(&influence)).ok_or(NoPreTrend::Singular)?;
        let effects = places.iter().map(|at| self.cells[*at].att.unwrap_or(0.0));
        let effects = DVector::from_iterator(places.len(), effects);
        let statistic = effects.dot(&(&inverse * &effects));
        let all = self.cells.iter().filter(|cell| before(cell)).count();
        Ok(PreTrend {
            statistic,
            degrees: places.len(),
            p_value: distribution::chi_squared_upper(statistic, places.len() as f64),
            left_out: all - places.len(),
        })
    }

    fn add_cell(&self, influence: &mut [f64], at: usize, share: f64) {
        if let Some(own) = &self.influence[at] {
            for (row, value) in own.rows.iter().zip(&own.values) {
                influence[*row as usize] += share * value;
            }
        }
    }

    /// The standard error from the influence, unless a part of it has none.
    fn settled(&self, made: Made) -> (Average, Vec<f64>) {
        let mut average = made.average;
        let influence = self.population.clustered(made.influence);
        if average.error.is_ok() {
            let squares: f64 = influence.iter().map(|own| own * own).sum();
            average.error = match squares > 0.0 {
                true => Ok(squares.sqrt()),
                false => Err(NoInference::NoVariation),
            };
        }
        (average, influence)
    }

    /// The average of cells weighted by the size of their cohort, with the influence of the sizes.
    fn by_size(&self, at: Option<i64>, wanted: impl Fn(&Cell) -> bool) -> Option<Made> {
        let shares = &self.population.shares;
        let (cells, left_out) = self.chosen(wanted);
        let total: f64 = cells
            .iter()
            .map(|own| shares[&self.cells[*own].cohort])
            .sum();
        let att = |own: usize| self.cells[own].att.unwrap_or(f64::NAN);
        let weighted = cells
            .iter()
            .map(|own| shares[&self.cells[*own].cohort] * att(*own));
        let mean = weighted.sum::<f64>() / total;
        let mut influence = vec![0.0; self.population.weights.len()];
        let mut moved: BTreeMap<i64, f64> = BTreeMap::new();
        for own in &cells {
            let cohort = self.cells[*own].cohort;
            self.add_cell(&mut influence, *own, shares[&cohort] / total);
            *moved.entry(cohort).or_insert(0.0) += (att(*own) - mean) / total;
        }
        self.add_shares(&mut influence, &moved);
        (!cells.is_empty()).then(|| Made {
            average: Average {
                at,
                att: mean,
                error: self.first_fault(&cells),
                cells: cells.len(),
                left_out,
            },
            influence,
        })
    }

    /// Adds the influence of the shares: a unit of a cohort pulls the average to that cohort.
    fn add_shares(&self, influence: &mut [f64], moved: &BTreeMap<i64, f64>) {
        let count = influence.len() as f64;
        if moved.values().all(|own| *own == 0.0) {
            return;
        }
        let units = self.population.cohort.iter().zip(&self.population.weights);
        for (own, (cohort, weight)) in influence.iter_mut().zip(units) {
            if let Some(pull) = cohort.and_then(|cohort| moved.get(&cohort)) {
                *own += weight * pull / count;
            }
        }
    }

    /// The cells wanted that have an estimate, and those that have none.
    fn chosen(&self, wanted: impl Fn(&Cell) -> bool) -> (Vec<usize>, Vec<(i64, i64)>) {
        let all = (0..self.cells.len()).filter(|at| wanted(&self.cells[*at]));
        let (cells, gone): (Vec<usize>, Vec<usize>) =
            all.partition(|at| self.cells[*at].att.is_ok());
        let gone = gone.iter().map(|at| {
            let cell = &self.cells[*at];
            (cell.cohort, cell.period)
        });
        (cells, gone.collect())
    }

    /// Why a cell of an average has no standard error; the base period, and a cell in which nobody happened to differ, are no fault beside others.
    fn first_fault(&self, cells: &[usize]) -> Result<f64, NoInference> {
        let errors = cells.iter().map(|own| self.cells[*own].error);
        let is_harmless = |own: &NoInference| match own {
            NoInference::Reference | NoInference::NoVariation => true,
            NoInference::OneUnit | NoInference::OneCluster => false,
        };
        let mut faults = errors.clone().filter_map(Result::err);
        let fault = match errors.clone().any(|own| own.is_ok()) {
            false => faults.next(),
            true => faults.find(|own| !is_harmless(own)),
        };
        fault.map_or(Ok(0.0), Err)
    }

    fn simple(&self) -> Option<Made> {
        self.by_size(None, Cell::is_after)
    }

    fn dynamic(&self, window: Window) -> (Vec<Made>, Option<Made>) {
        let (first, last) = (self.periods[0], self.periods[self.periods.len() - 1]);
        let is_in = |cell: &Cell| {
            let event = cell.event_time();
            let is_balanced = window.balance.is_none_or(|balance| {
                let balance = i64::from(balance);
                last - cell.cohort >= balance
                    && event <= balance
                    && event >= balance - (last - first)
            });
            is_balanced
                && window.min.is_none_or(|own| event >= own)
                && window.max.is_none_or(|own| event <= own)
        };
        let events = self.labels(|cell| is_in(cell).then(|| cell.event_time()));
        let parts: Vec<Made> = events
            .iter()
            .filter_map(|event| {
                self.by_size(Some(*event), |cell| {
                    is_in(cell) && cell.event_time() == *event
                })
            })
            .collect();
        let overall = mean(parts.iter().filter(|own| own.average.at >= Some(0)));
        (parts, overall)
    }

    fn calendar(&self) -> (Vec<Made>, Option<Made>) {
        let periods = self.labels(|cell| cell.is_after().then_some(cell.period));
        let parts: Vec<Made> = periods
            .iter()
            .filter_map(|period| {
                self.by_size(Some(*period), |cell| {
                    cell.is_after() && cell.period == *period
                })
            })
            .collect();
        let overall = mean(parts.iter());
        (parts, overall)
    }

    fn group(&self) -> (Vec<Made>, Option<Made>) {
        let cohorts = self.labels(|cell| cell.is_after().then_some(cell.cohort));
        let parts: Vec<Made> = cohorts
            .iter()
            .filter_map(|cohort| {
                // All cells of a cohort weigh alike, so the shares have no influence.
                self.by_size(Some(*cohort), |cell| {
                    cell.is_after() && cell.cohort == *cohort
                })
            })
            .collect();
        let shares = &self.population.shares;
        let share = |own: &Made| shares[&own.average.at.unwrap_or_default()];
        let total: f64 = parts.iter().map(share).sum();
        let weights: Vec<f64> = parts.iter().map(|own| share(own) / total).collect();
        let overall = weighted(parts.iter(), &weights).map(|mut overall| {
            let moved = parts.iter().map(|own| {
                let pull = (own.average.att - overall.average.att) / total;
                (own.average.at.unwrap_or_default(), pull)
            });
            self.add_shares(&mut overall.influence, &moved.collect());
            overall
        });
        (parts, overall)
    }

    /// The distinct labels, ascending.
    fn labels(&self, label: impl Fn(&Cell) -> Option<i64>) -> Vec<i64> {
        let mut labels: Vec<i64> = self.cells.iter().filter_map(label).collect();
        labels.sort_unstable();
        labels.dedup();
        labels
    }
}

fn mean<'a>(parts: impl Iterator<Item = &'a Made> + Clone) -> Option<Made> {
    let count = parts.clone().count();
    weighted(parts, &vec![1.0 / count as f64; count])
}

/// The average of averages under known weights.
fn weighted<'a>(parts: impl Iterator<Item = &'a Made>, weights: &[f64]) -> Option<Made> {
    let mut made: Option<Made> = None;
    for (part, weight) in parts.zip(weights) {
        let sum = made.get_or_insert_with(|| Made {
            average: Average {
                at: None,
                att: 0.0,
                error: Ok(0.0),
                cells: 0,
                left_out: Vec::new(),
            },
            influence: vec![0.0; part.influence.len()],
        });
        sum.average.att += weight * part.average.att;
        sum.average.cells += part.average.cells;
        sum.average.left_out.extend(&part.average.left_out);
        // A part that does not vary adds nothing to the influence; where no part does, the sum of squares says so.
        if let (Ok(_), Err(why)) = (sum.average.error, part.average.error)
            && why != NoInference::NoVariation
        {
            sum.average.error = Err(why);
        }
        for (own, value) in sum.influence.iter_mut().zip(&part.influence) {
            *own += weight * value;
        }
    }
    made
}
