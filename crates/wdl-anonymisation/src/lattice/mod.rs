//! The lattice of full-domain generalisations: the one with least loss that keeps nobody exposed, with the proof that no other is better.
//!
//! Place in the flow: after the records are coded; what it finds is applied by the caller.
//! It must not know files, nor how a value is written.
//!
//! **Proof.**
//! Telling less and suppressing never lower a metric's bound, so a node whose bound is above the loss found, and all nodes above it, cannot be better.
//! Where a class that fails fails in all its parts (persons too few, values too few), a node that loses more than the limit does so at every node below it.
//! Every other node is evaluated.

mod metric;
mod search;
mod whole;

pub use metric::{Mean, Metric};
pub use whole::{NodeFigures, frontier, whole};

pub(crate) use metric::{Counting, Figures, Marginals};

use crate::classes::{Classes, Layout, Scratch, wide};
use crate::models::{Model, ModelError, Overall, Rules, overall};
use crate::records::Records;

/// Why a problem cannot be put.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum LatticeError {
    /// A model cannot be asked of these records.
    #[error(transparent)]
    Model(#[from] ModelError),
    /// No model is asked for: nothing would be protected.
    #[error("no privacy model is asked for")]
    NoModel,
    /// The limit of suppression is no share.
    #[error("the limit of suppressed records is not between 0 and 1")]
    Limit,
    /// The lattice has more nodes than can be told one by one.
    #[error("the lattice has {nodes} nodes, more than {maximum}")]
    TooManyNodes {
        /// The nodes.
        nodes: u128,
        /// The most that are told.
        maximum: u128,
    },
}

/// What is asked: records, the models that must hold of what is told, the metric, the share of records that may be left out.
#[derive(Clone, Debug)]
pub struct Problem<'a> {
    records: &'a Records,
    models: &'a [Model],
    metric: Metric,
    cap: u64,
    overall: Vec<Overall>,
}

/// A node of the lattice with what it costs.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// The level of each quasi-identifier, in their order.
    pub levels: Vec<usize>,
    /// The loss, in the metric asked for.
    pub loss: f64,
    /// Records left out.
    pub suppressed: u64,
    /// Classes told.
    pub classes: u64,
    /// The fewest persons of a class told; 0 when none is.
    pub smallest: u32,
}

/// What the search found.
#[derive(Clone, Debug, PartialEq)]
pub struct Optimum {
    /// The node of least loss; nothing when no node keeps to the limit.
    ///
    /// Among nodes whose losses differ by rounding alone (1e-12): fewest records left out, then lowest sum of levels, then lowest levels in the order of the quasi-identifiers.
    pub best: Option<Node>,
    /// Whether anything is told: some record kept, and some quasi-identifier of it above nothing.
    pub useful: bool,
    /// Nodes of the lattice.
    pub nodes: u128,
    /// Nodes that their bound alone shows to be worse than the best; nothing where the metric has no bound without classes, or the lattice is too large to count them.
    pub bounded_out: Option<u128>,
}

impl<'a> Problem<'a> {
    /// A problem; `limit` is the share of records that may be left out.
    ///
    /// # Errors
    /// [`LatticeError`] when a model cannot be asked, there is none, or the limit is no share.
    pub fn new(
        records: &'a Records,
        models: &'a [Model],
        metric: Metric,
        limit: f64,
    ) -> Result<Problem<'a>, LatticeError> {
        let overall = overall(records);
        Problem::against(records, models, metric, limit, overall)
    }

    /// The same where the shares of the sensitive values are those of more records than these.
    pub(crate) fn against(
        records: &'a Records,
        models: &'a [Model],
        metric: Metric,
        limit: f64,
        overall: Vec<Overall>,
    ) -> Result<Problem<'a>, LatticeError> {
        if models.is_empty() {
            return Err(LatticeError::NoModel);
        }
        if !(0.0..=1.0).contains(&limit) {
            return Err(LatticeError::Limit);
        }
        for model in models {
            model.check(records)?;
        }
        // INVARIANT: a share of the records, so not negative and not above their number. A limit written in decimals must not lose a record to binary arithmetic.
        let cap = (limit * records.rows() as f64 * (1.0 + 1e-12))
            .floor()
            .min(records.rows() as f64) as u64;
        Ok(Problem {
            records,
            models,
            metric,
            cap,
            overall,
        })
    }

    /// The records.
    pub fn records(&self) -> &'a Records {
        self.records
    }

    /// The most records that may be left out.
    pub fn suppression_cap(&self) -> u64 {
        self.cap
    }

    /// The node of least loss.
    pub fn optimum(&self) -> Optimum {
        wide!(self.records, W => search::optimum::<W>(self))
    }

    /// Which records a node leaves out.
    ///
    /// # Panics
    /// When the levels are not those of a node of the lattice.
    pub fn suppressed(&self, levels: &[usize]) -> Vec<bool> {
        wide!(self.records, W => self.left_out::<W>(levels))
    }

    /// The losses of a node in every metric, in the order of [`Metric::NAMES`].
    ///
    /// # Panics
    /// When the levels are not those of a node of the lattice.
    pub fn losses(&self, levels: &[usize]) -> [f64; 7] {
        wide!(self.records, W => self.in_all_metrics::<W>(levels))
    }

    fn left_out<const W: usize>(&self, levels: &[usize]) -> Vec<bool> {
        let layout = Layout::of(self.records);
        let (classes, of_row) =
            Classes::<W>::of(self.records, &layout, levels, &mut Scratch::default());
        let rules = self.rules();
        let fails: Vec<bool> = (0..classes.len())
            .map(|class| classes.rows[class] > 0 && !rules.hold(&classes, class))
            .collect();
        of_row.iter().map(|class| fails[*class as usize]).collect()
    }

    fn in_all_metrics<const W: usize>(&self, levels: &[usize]) -> [f64; 7] {
        let layout = Layout::of(self.records);
        let (classes, _) = Classes::<W>::of(self.records, &layout, levels, &mut Scratch::default());
        let rules = self.rules();
        let marginals = Marginals::of(self.records);
        let counting = Counting {
            records: self.records,
            layout: &layout,
            cap: u64::MAX,
            with_values: true,
        };
        let figures = marginals
            .count(&counting, &classes, levels, |class| {
                rules.hold(&classes, class)
            })
            .unwrap_or_default();
        Metric::NAMES.map(|(_, metric)| marginals.cost(metric, levels, &figures))
    }

    fn rules(&self) -> Rules<'a> {
        Rules::new(self.models, self.records, self.overall.clone())
    }

    fn heights(&self) -> Vec<usize> {
        self.records
            .quasi_identifiers()
            .iter()
            .map(|one| one.hierarchy.levels())
            .collect()
    }

    fn nodes(&self) -> u128 {
        self.heights()
            .iter()
            .map(|levels| *levels as u128)
            .fold(1, u128::saturating_mul)
    }

    /// Whether a node tells anything of the records it keeps.
    pub(crate) fn tells(&self, levels: &[usize], kept_classes: u64) -> bool {
        let quasi = self.records.quasi_identifiers().iter().zip(levels);
        kept_classes > 0
            && quasi
                .into_iter()
                .any(|(one, level)| one.hierarchy.values(*level) > 1)
    }
}

impl Node {
    fn new(levels: &[usize], loss: f64, figures: &Figures) -> Node {
        Node {
            levels: levels.to_vec(),
            loss,
            suppressed: figures.suppressed,
            classes: figures.kept_classes,
            smallest: if figures.kept_classes == 0 {
                0
            } else {
                figures.smallest
            },
        }
    }
}
