//! Records weighed against themselves: those that do not reach the cut even so say too little to be linked.

use std::collections::BTreeMap;

use wdl_chart::linkage::SelfWeights;
use wdl_linkage::quality::{Unlinkable, unlinkable, unlinkable_by_group};
use wdl_linkage::{Data, Linked};

use super::of_run::bounded;

/// Of more records than these, every so-manieth is weighed: the share is then known to half a hundredth or better.
const MOST: usize = 20_000;
/// The picture tells weights in steps of this size; counts are of the weights themselves.
const STEP: f64 = 0.25;

/// The weights of records against themselves, of all or of every so-manieth.
pub(super) struct Selves {
    every: usize,
    weights: Vec<f64>,
    cut: f64,
}

impl Selves {
    pub(super) fn of(linked: &Linked, data: &Data) -> Selves {
        let every = data.len().div_ceil(MOST).max(1);
        let records = (0..data.len() as u32).step_by(every);
        let cut = linked.model.cut;
        Selves {
            every,
            weights: records
                .map(|record| linked.engine.own_weight(record))
                .collect(),
            cut: (cut / (1.0 - cut)).log2(),
        }
    }

    /// How many do not reach the cut.
    pub(super) fn unlinkable(&self) -> Unlinkable {
        unlinkable(&self.weights, &[self.cut]).swap_remove(0)
    }

    /// The same for each group of records.
    pub(super) fn by_group(&self, group_of: &[u32], groups: usize) -> Vec<Unlinkable> {
        let weighed: Vec<u32> = group_of.iter().step_by(self.every).copied().collect();
        unlinkable_by_group(&self.weights, self.cut, &weighed, groups)
    }

    /// For the picture.
    pub(super) fn steps(&self) -> Vec<SelfWeights> {
        let mut counts: BTreeMap<i64, u64> = BTreeMap::new();
        for weight in &self.weights {
            let step = (bounded(*weight) / STEP).floor() as i64;
            *counts.entry(step).or_default() += 1;
        }
        counts
            .into_iter()
            .map(|(step, records)| SelfWeights {
                weight: step as f64 * STEP,
                records,
            })
            .collect()
    }
}
