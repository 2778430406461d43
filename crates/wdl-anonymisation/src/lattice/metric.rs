//! What telling less costs: the metrics of information loss over a node of the lattice.
//!
//! Loss after Iyengar (2002) as ARX aggregates it, discernibility after Bayardo and Agrawal (2005), average class size after LeFevre et al. (2006), non-uniform entropy after Gionis and Tassa (2009), precision after Sweeney (2002).
//! Sums are of whole numbers until the last division, so that a loss does not depend on the order of the records.

use crate::classes::{Classes, Layout};
use crate::records::Records;

/// How the losses of the quasi-identifiers become one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mean {
    /// `prod(v + 1)^(1/d) - 1`.
    Geometric,
    /// The mean.
    Arithmetic,
}

/// A metric of information loss; lower is better.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Metric {
    /// The share of the domain that a value told covers, a suppressed record covering all of it: from 0 to 1.
    Loss(Mean),
    /// Sum of squared class sizes; a suppressed record costs as many as there are records.
    Discernibility,
    /// Records per class, the suppressed ones counting as one class more.
    AverageClassSize,
    /// Bits lost per value, over all quasi-identifiers and records; suppressed ones lose what was still told of them.
    NonUniformEntropy,
    /// The mean share of its hierarchy that each value was raised, a suppressed one all of it: from 0 to 1.
    Precision,
    /// The sum of the levels.
    Height,
}

impl Metric {
    /// Every metric with its name.
    pub const NAMES: [(&'static str, Metric); 7] = [
        ("loss", Metric::Loss(Mean::Geometric)),
        ("loss-arithmetic", Metric::Loss(Mean::Arithmetic)),
        ("discernibility", Metric::Discernibility),
        ("average-class-size", Metric::AverageClassSize),
        ("non-uniform-entropy", Metric::NonUniformEntropy),
        ("precision", Metric::Precision),
        ("height", Metric::Height),
    ];
}

/// What is counted of a node: the records kept and lost.
#[derive(Clone, Debug, Default)]
pub(crate) struct Figures {
    pub(crate) suppressed: u64,
    pub(crate) kept_classes: u64,
    pub(crate) kept_squares: u128,
    /// The fewest persons of a class that is kept.
    pub(crate) smallest: u32,
    /// For each quasi-identifier the leaves under the values of the suppressed records, added up.
    pub(crate) suppressed_leaves: Vec<u64>,
    /// For each quasi-identifier how often each value is suppressed; only for the entropy.
    pub(crate) suppressed_values: Vec<Vec<u64>>,
}

/// What the metrics read of the records once: each quasi-identifier alone at each level.
#[derive(Clone, Debug)]
pub(crate) struct Marginals {
    rows: f64,
    columns: Vec<Marginal>,
}

#[derive(Clone, Debug)]
struct Marginal {
    leaves: u64,
    height: usize,
    /// For each level the leaves under the values told, added up over the records.
    covered: Vec<u64>,
    /// For each level the bits lost.
    bits: Vec<f64>,
}

impl Marginals {
    pub(crate) fn of(records: &Records) -> Marginals {
        let columns = records.quasi_identifiers().iter().map(|one| {
            let hierarchy = &one.hierarchy;
            let mut of_leaf = vec![0_u64; hierarchy.leaves()];
            for code in &one.codes {
                of_leaf[*code as usize] += 1;
            }
            let mut marginal = Marginal {
                leaves: hierarchy.leaves() as u64,
                height: hierarchy.levels() - 1,
                covered: Vec::new(),
                bits: Vec::new(),
            };
            for level in 0..hierarchy.levels() {
                let mut of_value = vec![0_u64; hierarchy.values(level)];
                for (count, value) in of_leaf.iter().zip(hierarchy.of_leaf(level)) {
                    of_value[*value as usize] += count;
                }
                let under = hierarchy.leaves_under(level).iter();
                marginal.covered.push(
                    of_value
                        .iter()
                        .zip(under)
                        .map(|(count, leaves)| count * u64::from(*leaves))
                        .sum(),
                );
                let bits = of_leaf
                    .iter()
                    .zip(hierarchy.of_leaf(level))
                    .filter(|(count, _)| **count > 0);
                marginal.bits.push(
                    bits.map(|(count, value)| {
                        *count as f64 * (of_value[*value as usize] as f64 / *count as f64).log2()
                    })
                    .sum(),
                );
            }
            marginal
        });
        Marginals {
            rows: records.rows() as f64,
            columns: columns.collect(),
        }
    }

    /// Counts what a node keeps and loses; `None` when more records are lost than `cap`.
    pub(crate) fn count<const W: usize>(
        &self,
        of: &Counting<'_>,
        classes: &Classes<W>,
        levels: &[usize],
        holds: impl Fn(usize) -> bool,
    ) -> Option<Figures> {
        let quasi = of.records.quasi_identifiers();
        let mut figures = Figures {
            smallest: u32::MAX,
            suppressed_leaves: vec![0; levels.len()],
            ..Figures::default()
        };
        if of.with_values {
            figures.suppressed_values = quasi
                .iter()
                .zip(levels)
                .map(|(one, level)| vec![0; one.hierarchy.values(*level)])
                .collect();
        }
        let under: Vec<&[u32]> = quasi
            .iter()
            .zip(levels)
            .map(|(one, level)| one.hierarchy.leaves_under(*level))
            .collect();
        for (class, rows) in classes
            .rows
            .iter()
            .enumerate()
            .filter(|(_, rows)| **rows > 0)
        {
            let rows = u64::from(*rows);
            if holds(class) {
                figures.kept_classes += 1;
                figures.kept_squares += u128::from(rows) * u128::from(rows);
                figures.smallest = figures.smallest.min(classes.persons(class));
                continue;
            }
            figures.suppressed += rows;
            if figures.suppressed > of.cap {
                return None;
            }
            for (column, under) in under.iter().enumerate() {
                let code = of.layout.code(&classes.keys[class], column) as usize;
                figures.suppressed_leaves[column] += rows * u64::from(under[code]);
                if of.with_values {
                    figures.suppressed_values[column][code] += rows;
                }
            }
        }
        Some(figures)
    }

    /// The loss of a node.
    pub(crate) fn cost(&self, metric: Metric, levels: &[usize], figures: &Figures) -> f64 {
        let lost = figures.suppressed as f64;
        match metric {
            Metric::Loss(mean) => self.loss(
                mean,
                levels,
                |column| figures.suppressed_leaves[column],
                figures.suppressed,
            ),
            Metric::Discernibility => figures.kept_squares as f64 + self.rows * lost,
            Metric::AverageClassSize => {
                self.rows / (figures.kept_classes + u64::from(figures.suppressed > 0)) as f64
            }
            Metric::NonUniformEntropy => {
                let still_told = figures
                    .suppressed_values
                    .iter()
                    .flatten()
                    .filter(|count| **count > 0);
                let still_told: f64 = still_told
                    .map(|count| *count as f64 * (lost / *count as f64).log2())
                    .sum();
                self.bits(levels) + still_told
            }
            Metric::Precision => self.precision(levels, lost),
            Metric::Height => levels.iter().sum::<usize>() as f64,
        }
    }

    /// What every node at or above these levels costs at least, without looking at classes.
    pub(crate) fn bound(&self, metric: Metric, levels: &[usize]) -> f64 {
        match metric {
            Metric::Loss(mean) => self.loss(mean, levels, |_| 0, 0),
            Metric::Discernibility | Metric::AverageClassSize => f64::NEG_INFINITY,
            Metric::NonUniformEntropy => self.bits(levels),
            Metric::Precision => self.precision(levels, 0.0),
            Metric::Height => levels.iter().sum::<usize>() as f64,
        }
    }

    /// The same from the classes of the node: merging classes only adds to their squares and takes from their number, and suppressing one costs more than keeping it.
    pub(crate) fn bound_of<const W: usize>(&self, metric: Metric, classes: &Classes<W>) -> f64 {
        let rows = || classes.rows.iter().filter(|rows| **rows > 0);
        match metric {
            Metric::Discernibility => rows()
                .map(|rows| u128::from(*rows) * u128::from(*rows))
                .sum::<u128>() as f64,
            Metric::AverageClassSize => self.rows / rows().count() as f64,
            Metric::Loss(_) | Metric::NonUniformEntropy | Metric::Precision | Metric::Height => {
                f64::NEG_INFINITY
            }
        }
    }

    fn loss(
        &self,
        mean: Mean,
        levels: &[usize],
        lost_leaves: impl Fn(usize) -> u64,
        lost: u64,
    ) -> f64 {
        let losses = self.columns.iter().enumerate().map(|(column, one)| {
            let kept = one.covered[levels[column]] - lost_leaves(column);
            one.normalised((kept + lost * one.leaves) as f64 / self.rows)
        });
        mean.of(losses, self.columns.len())
    }

    fn bits(&self, levels: &[usize]) -> f64 {
        self.columns
            .iter()
            .zip(levels)
            .map(|(one, level)| one.bits[*level])
            .sum()
    }

    fn precision(&self, levels: &[usize], lost: f64) -> f64 {
        let raised = self.columns.iter().zip(levels).map(|(one, level)| {
            let share = if one.height == 0 {
                0.0
            } else {
                *level as f64 / one.height as f64
            };
            ((self.rows - lost) * share + lost) / self.rows
        });
        raised.sum::<f64>() / self.columns.len() as f64
    }

    /// The loss when the leaves that the values of all records cover are added up for each quasi-identifier.
    pub(crate) fn loss_of(&self, mean: Mean, covered: &[u64]) -> f64 {
        let losses = self
            .columns
            .iter()
            .zip(covered)
            .map(|(one, covered)| one.normalised(*covered as f64 / self.rows));
        mean.of(losses, self.columns.len())
    }
}

impl Marginal {
    /// `(x - 1/n) / (1 - 1/n)` from the mean number of leaves covered: nothing at one leaf, one at all of them.
    fn normalised(&self, mean_leaves: f64) -> f64 {
        match self.leaves {
            0 | 1 => 0.0,
            leaves => (mean_leaves - 1.0) / (leaves as f64 - 1.0),
        }
    }
}

impl Mean {
    fn of(self, losses: impl Iterator<Item = f64>, columns: usize) -> f64 {
        match self {
            Mean::Geometric => {
                losses
                    .map(|loss| loss + 1.0)
                    .product::<f64>()
                    .powf(1.0 / columns as f64)
                    - 1.0
            }
            Mean::Arithmetic => losses.sum::<f64>() / columns as f64,
        }
    }
}

/// What counting a node needs beside its classes.
pub(crate) struct Counting<'a> {
    pub(crate) records: &'a Records,
    pub(crate) layout: &'a Layout,
    /// The most records that may be lost.
    pub(crate) cap: u64,
    /// Whether the values of the lost records are counted.
    pub(crate) with_values: bool,
}
