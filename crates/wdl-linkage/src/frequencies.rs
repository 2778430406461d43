//! How often each value occurs, in each source and altogether.

use rayon::prelude::*;

use crate::data::Data;
use crate::model::Part;
use crate::prepare::{MISSING, Records};

/// Counts of values, for each source and field.
pub(crate) struct Frequencies {
    /// For each source, for each field, how many records have each value.
    counts: Vec<Vec<Vec<u32>>>,
    /// For each field, the share of the records with a value that have this one.
    shares: Vec<Vec<f32>>,
}

/// How often two records have a part in common, and how often both have one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Common {
    /// The share of all pairs that have it in common.
    pub(crate) same: f64,
    /// The share of all pairs of which both have it.
    pub(crate) present: f64,
}

impl Frequencies {
    pub(crate) fn of(data: &Data, records: &Records) -> Frequencies {
        let width = records.fields.len();
        let counts: Vec<Vec<Vec<u32>>> = data
            .sources
            .iter()
            .map(|source| {
                (0..width)
                    .into_par_iter()
                    .map(|field| {
                        let mut counts = vec![0; records.dictionary(field).values.len()];
                        for record in source.records.clone() {
                            counts[records.row(record)[field] as usize] += 1;
                        }
                        counts
                    })
                    .collect()
            })
            .collect();
        let shares = (0..width)
            .map(|field| {
                let values = records.dictionary(field).values.len();
                let total = |value: usize| -> u64 {
                    counts.iter().map(|of| u64::from(of[field][value])).sum()
                };
                let present: u64 = (1..values).map(total).sum();
                (0..values)
                    .map(|value| (total(value) as f64 / present.max(1) as f64) as f32)
                    .collect()
            })
            .collect();
        Frequencies { counts, shares }
    }

    /// How many records of all sources have each value of a field.
    pub(crate) fn totals(&self, field: usize) -> Vec<u32> {
        let mut sources = self.counts.iter();
        let mut counts = sources.next().map_or_else(Vec::new, |of| of[field].clone());
        for source in sources {
            for (count, more) in counts.iter_mut().zip(&source[field]) {
                *count += more;
            }
        }
        counts
    }

    /// How many records of all sources have a value.
    pub(crate) fn count(&self, field: usize, value: u32) -> u64 {
        let sources = self.counts.iter();
        sources.map(|of| u64::from(of[field][value as usize])).sum()
    }

    /// Counts the records with a value as records without one.
    pub(crate) fn forget(&mut self, field: usize, value: u32) {
        for source in &mut self.counts {
            let count = std::mem::take(&mut source[field][value as usize]);
            source[field][MISSING as usize] += count;
        }
        let left = 1.0 - self.shares[field][value as usize];
        self.shares[field][value as usize] = 0.0;
        for share in self.shares[field].iter_mut().skip(1) {
            *share /= left.max(f32::MIN_POSITIVE);
        }
    }

    /// The share of the records with a value that have this one.
    #[inline]
    pub(crate) fn share(&self, field: usize, value: u32) -> f64 {
        f64::from(self.shares[field][value as usize])
    }

    /// How many sources there are.
    pub(crate) fn sources(&self) -> usize {
        self.counts.len()
    }

    /// How many records of a source have each value of a field, the missing one first.
    pub(crate) fn counts(&self, source: usize, field: usize) -> &[u32] {
        &self.counts[source][field]
    }

    /// How many records of a source have a value of a field.
    pub(crate) fn present(&self, source: usize, field: usize) -> f64 {
        let counts = self.counts(source, field).iter().skip(1);
        counts.map(|count| f64::from(*count)).sum()
    }

    /// How often a pair of records has a part of a field in common: of two sources, or of one where there is one only.
    pub(crate) fn common(&self, records: &Records, field: usize, part: Part) -> Common {
        let numbers = records.part(field, part);
        let last = match numbers {
            Some(numbers) => numbers.iter().copied().max().unwrap_or(0) as usize,
            None => records.dictionary(field).values.len().saturating_sub(1),
        };
        let of_source = |source: &Vec<Vec<u32>>| -> (Vec<u32>, u64) {
            let mut counts = vec![0; last + 1];
            let mut all = 0;
            for (value, count) in source[field].iter().enumerate() {
                all += u64::from(*count);
                let number = numbers.map_or(value, |numbers| numbers[value] as usize);
                counts[number] += *count;
            }
            counts[MISSING as usize] = 0;
            (counts, all)
        };
        let sources: Vec<(Vec<u32>, u64)> = self.counts.iter().map(of_source).collect();
        let pairs = |sizes: &[f64]| -> f64 {
            match sizes {
                [only] => only * (only - 1.0).max(0.0),
                [one, other] => 2.0 * one * other,
                _ => {
                    let total: f64 = sizes.iter().sum();
                    total * total - sizes.iter().map(|size| size * size).sum::<f64>()
                }
            }
        };
        let mut sizes = vec![0.0; sources.len()];
        let mut same = 0.0;
        for value in 0..=last {
            for (size, (counts, _)) in sizes.iter_mut().zip(&sources) {
                *size = f64::from(counts[value]);
            }
            same += pairs(&sizes);
        }
        let present: Vec<f64> = sources
            .iter()
            .map(|(counts, _)| counts.iter().map(|count| f64::from(*count)).sum())
            .collect();
        let all: Vec<f64> = sources.iter().map(|(_, all)| *all as f64).collect();
        let total = pairs(&all).max(1.0);
        Common {
            same: same / total,
            present: pairs(&present) / total,
        }
    }
}
