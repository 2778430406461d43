//! Mondrian: records parted again and again at the median of their widest quasi-identifier, as long as both parts keep to the models (LeFevre et al. 2006, strict partitioning).
//!
//! A quasi-identifier is ordered as its hierarchy lists its values, those under one node beside each other; what is told of a part is the range it covers.
//! It must not know how a range is written.

use crate::classes::Classes;
use crate::lattice::{LatticeError, Marginals, Mean};
use crate::models::{Model, Rules, overall};
use crate::records::Records;

/// Why records cannot be parted.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum MondrianError {
    /// A model cannot be asked, or there is none.
    #[error(transparent)]
    Lattice(#[from] LatticeError),
    /// A model speaks of the population register, whose people are in no part.
    #[error("a model that needs the population cannot be held of ranges")]
    Population,
    /// Even all records together do not keep to the models.
    #[error("even all records together do not keep to the models")]
    NoSolution,
}

/// Records that are told as one range of each quasi-identifier.
#[derive(Clone, Debug, PartialEq)]
pub struct Part {
    /// The records, by their places.
    pub rows: Vec<u32>,
    /// For each quasi-identifier the leaves that its range covers, in order.
    pub leaves: Vec<Vec<u32>>,
}

/// Records parted.
#[derive(Clone, Debug, PartialEq)]
pub struct Parts {
    /// The parts, those with lower values first.
    pub parts: Vec<Part>,
    /// The loss (geometric mean), a record costing the share of the leaves that its ranges cover.
    pub loss: f64,
}

/// Parts the records.
///
/// # Errors
/// [`MondrianError`] when nothing can be told that keeps to the models.
pub fn part(records: &Records, models: &[Model]) -> Result<Parts, MondrianError> {
    if models.is_empty() {
        return Err(LatticeError::NoModel.into());
    }
    for model in models {
        model.check(records).map_err(LatticeError::from)?;
        if matches!(model, Model::KMap(_) | Model::DeltaPresence { .. }) {
            return Err(MondrianError::Population);
        }
    }
    let parting = Parting::new(records, models);
    let all: Vec<u32> = (0..records.rows() as u32).collect();
    if !parting.may_be(&all) {
        return Err(MondrianError::NoSolution);
    }
    let mut parts = Vec::new();
    parting.part(all, &mut parts);
    let covered = (0..records.quasi_identifiers().len()).map(|column| {
        let one = |part: &Part| (part.rows.len() * part.leaves[column].len()) as u64;
        parts.iter().map(one).sum::<u64>()
    });
    let covered: Vec<u64> = covered.collect();
    let loss = Marginals::of(records).loss_of(Mean::Geometric, &covered);
    Ok(Parts { parts, loss })
}

struct Parting<'a> {
    records: &'a Records,
    rules: Rules<'a>,
    /// For each quasi-identifier the rank of each leaf, and the leaf of each rank.
    ranks: Vec<(Vec<u32>, Vec<u32>)>,
}

impl<'a> Parting<'a> {
    fn new(records: &'a Records, models: &'a [Model]) -> Parting<'a> {
        let ranks = records.quasi_identifiers().iter().map(|one| {
            let hierarchy = &one.hierarchy;
            let mut leaves: Vec<u32> = (0..hierarchy.leaves() as u32).collect();
            leaves.sort_by_key(|leaf| {
                let path = (0..hierarchy.levels())
                    .rev()
                    .map(|level| hierarchy.of_leaf(level)[*leaf as usize]);
                path.collect::<Vec<u32>>()
            });
            let mut rank = vec![0; leaves.len()];
            for (place, leaf) in leaves.iter().enumerate() {
                rank[*leaf as usize] = place as u32;
            }
            (rank, leaves)
        });
        Parting {
            records,
            rules: Rules::new(models, records, overall(records)),
            ranks: ranks.collect(),
        }
    }

    fn may_be(&self, rows: &[u32]) -> bool {
        !rows.is_empty() && self.rules.hold(&Classes::<1>::one(self.records, rows), 0)
    }

    fn rank(&self, column: usize, row: u32) -> u32 {
        let code = self.records.quasi_identifiers()[column].codes[row as usize];
        self.ranks[column].0[code as usize]
    }

    /// The lowest and the highest rank of each quasi-identifier.
    fn ranges(&self, rows: &[u32]) -> Vec<(u32, u32)> {
        let range = |column: usize| {
            let ranks = rows.iter().map(|row| self.rank(column, *row));
            ranks.fold((u32::MAX, 0), |(low, high), rank| {
                (low.min(rank), high.max(rank))
            })
        };
        (0..self.ranks.len()).map(range).collect()
    }

    fn part(&self, rows: Vec<u32>, parts: &mut Vec<Part>) {
        let ranges = self.ranges(&rows);
        let width = |column: &usize| {
            let (low, high) = ranges[*column];
            f64::from(high - low) / (self.ranks[*column].1.len().max(2) - 1) as f64
        };
        let mut columns: Vec<usize> = (0..ranges.len())
            .filter(|column| ranges[*column].0 < ranges[*column].1)
            .collect();
        columns.sort_by(|a, b| width(b).total_cmp(&width(a)).then(a.cmp(b)));
        for column in columns {
            if let Some((low, high)) = self.cut(&rows, column) {
                self.part(low, parts);
                self.part(high, parts);
                return;
            }
        }
        let leaves = ranges.iter().enumerate().map(|(column, (low, high))| {
            self.ranks[column].1[*low as usize..=*high as usize].to_vec()
        });
        parts.push(Part {
            leaves: leaves.collect(),
            rows,
        });
    }

    /// Parts at the median, equal values on one side: the lower one, or the upper one where that leaves the upper part empty or unsafe.
    fn cut(&self, rows: &[u32], column: usize) -> Option<(Vec<u32>, Vec<u32>)> {
        let mut ranks: Vec<u32> = rows.iter().map(|row| self.rank(column, *row)).collect();
        let middle = (ranks.len() - 1) / 2;
        let median = *ranks.select_nth_unstable(middle).1;
        [median + 1, median].into_iter().find_map(|first_above| {
            let (low, high): (Vec<u32>, Vec<u32>) = rows
                .iter()
                .partition(|row| self.rank(column, **row) < first_above);
            (self.may_be(&low) && self.may_be(&high)).then_some((low, high))
        })
    }
}
