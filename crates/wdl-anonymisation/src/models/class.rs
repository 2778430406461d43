//! What a class of records that look alike tells of a sensitive column: one number for each privacy model.
//!
//! A missing value may be any value, so each number is that of the worst case among all ways to fill the missing ones in: they never make a class look safer.
//! Every model here is worst when all missing values of the class are one and the same value, because each of them is convex in the shares or grows with the largest count.
//! It must not know how the records were grouped.

use crate::hierarchy::Hierarchy;

/// The values of a sensitive column in one class: codes ascending with their counts, how many records lack it.
#[derive(Clone, Copy, Debug)]
pub struct ClassValues<'a> {
    codes: &'a [u32],
    counts: &'a [u32],
    missing: u32,
    total: u32,
}

/// The shares of the values in all records that have one, in the order of the codes.
#[derive(Clone, Debug)]
pub struct Overall {
    shares: Vec<f64>,
}

/// The values of a sensitive column as leaves of a hierarchy, for the distance between them.
#[derive(Clone, Debug)]
pub struct Tree {
    // For each level above the values: for each node below its parent, and the number of nodes.
    levels: Vec<(Vec<u32>, usize)>,
}

/// How far apart two values of a sensitive column are.
#[derive(Clone, Debug)]
pub enum Distance {
    /// Any two different values are equally far.
    Equal,
    /// Values in order, neighbours at equal steps.
    Ordered,
    /// By the height of the lowest node of a hierarchy above both.
    Hierarchical(Tree),
}

impl Tree {
    /// The tree over the values of a column, `leaves[code]` being the leaf of each; `None` when the hierarchy does not end in one value or tells nothing beyond it.
    pub fn new(hierarchy: &Hierarchy, leaves: &[u32]) -> Option<Tree> {
        if !hierarchy.is_closed() || hierarchy.levels() < 2 {
            return None;
        }
        let first = leaves
            .iter()
            .map(|leaf| hierarchy.of_leaf(1)[*leaf as usize])
            .collect();
        let mut levels = vec![(first, hierarchy.values(1))];
        for level in 2..hierarchy.levels() {
            levels.push((
                hierarchy.parents(level - 1).to_vec(),
                hierarchy.values(level),
            ));
        }
        Some(Tree { levels })
    }

    /// Sum over the nodes of height over total height, times what must be moved between its children.
    fn cost(&self, excess: &[f64]) -> f64 {
        let height = self.levels.len() as f64;
        let mut below = excess.to_vec();
        let mut cost = 0.0;
        for (level, (parent, nodes)) in self.levels.iter().enumerate() {
            let mut more = vec![0.0; *nodes];
            let mut less = vec![0.0; *nodes];
            for (one, up) in below.iter().zip(parent) {
                match *one > 0.0 {
                    true => more[*up as usize] += one,
                    false => less[*up as usize] -= one,
                }
            }
            let moved: f64 = more
                .iter()
                .zip(&less)
                .map(|(more, less)| more.min(*less))
                .sum();
            cost += (level + 1) as f64 / height * moved;
            below = more
                .iter()
                .zip(&less)
                .map(|(more, less)| more - less)
                .collect();
        }
        cost
    }
}

impl Overall {
    /// The shares from counts, in the order of the codes.
    pub fn new(counts: &[u64]) -> Overall {
        let total: u64 = counts.iter().sum();
        let share = |count: &u64| {
            if total == 0 {
                0.0
            } else {
                *count as f64 / total as f64
            }
        };
        Overall {
            shares: counts.iter().map(share).collect(),
        }
    }

    /// The share of each value, in the order of the codes.
    pub fn shares(&self) -> &[f64] {
        &self.shares
    }
}

impl<'a> ClassValues<'a> {
    /// The values of a class: ascending codes below `values`, each with its count; the code `values` itself is a missing value.
    pub fn new(codes: &'a [u32], counts: &'a [u32], values: usize) -> ClassValues<'a> {
        let total = counts.iter().sum();
        match (codes.split_last(), counts.split_last()) {
            (Some((last, codes)), Some((missing, counts))) if *last as usize == values => {
                ClassValues {
                    codes,
                    counts,
                    missing: *missing,
                    total,
                }
            }
            _ => ClassValues {
                codes,
                counts,
                missing: 0,
                total,
            },
        }
    }

    fn largest(&self) -> u32 {
        self.counts.iter().max().copied().unwrap_or(0)
    }

    /// Distinct values, at least.
    pub fn distinct(&self) -> u32 {
        (self.codes.len() as u32).max(u32::from(self.total > 0))
    }

    /// `exp(-sum q ln q)`, at least.
    pub fn entropy(&self) -> f64 {
        let total = f64::from(self.total);
        let largest = self
            .counts
            .iter()
            .position(|count| *count == self.largest());
        let term = |(place, count): (usize, &u32)| {
            let missing = if Some(place) == largest {
                self.missing
            } else {
                0
            };
            let share = f64::from(count + missing) / total;
            share * share.ln()
        };
        let sum: f64 = self.counts.iter().enumerate().map(term).sum();
        (-sum).exp()
    }

    /// The number that `c` must be above for recursive (c,l)-diversity: `r1 / (r_l + … + r_m)`, counts descending; infinite with fewer than `l` values.
    pub fn recursive(&self, l: usize) -> f64 {
        let mut counts = self.counts.to_vec();
        counts.sort_unstable_by(|a, b| b.cmp(a));
        let tail: u32 = match l {
            0 | 1 => counts.iter().sum::<u32>() + self.missing,
            _ => counts.iter().skip(l - 1).sum(),
        };
        match tail {
            0 => f64::INFINITY,
            _ => f64::from(self.largest() + self.missing) / f64::from(tail),
        }
    }

    /// The largest share of one value, at most.
    pub fn largest_share(&self) -> f64 {
        f64::from(self.largest() + self.missing) / f64::from(self.total)
    }

    /// The distance of earth movers between the class and all records, at most.
    pub fn closeness(&self, overall: &Overall, distance: &Distance) -> f64 {
        self.worst(overall, |excess| match distance {
            Distance::Equal => excess.iter().map(|one| one.abs()).sum::<f64>() / 2.0,
            Distance::Ordered => ordered(excess),
            Distance::Hierarchical(tree) => tree.cost(excess),
        })
    }

    /// Basic beta-likeness: the largest `(q - p) / p` over values more frequent than in all records.
    pub fn beta(&self, overall: &Overall) -> f64 {
        self.worst(overall, |excess| {
            let gains = excess
                .iter()
                .zip(&overall.shares)
                .filter(|(one, _)| **one > 0.0);
            gains.map(|(one, share)| one / share).fold(0.0, f64::max)
        })
    }

    /// Enhanced beta-likeness: the least `beta` that bounds every `(q - p) / p` by `min(beta, -ln p)`; infinite where one is above `-ln p`, which no `beta` allows.
    pub fn enhanced_beta(&self, overall: &Overall) -> f64 {
        self.worst(overall, |excess| {
            let gain = |(one, share): (&f64, &f64)| {
                let gain = one / share;
                if exceeds(gain, -share.ln()) {
                    f64::INFINITY
                } else {
                    gain
                }
            };
            excess
                .iter()
                .zip(&overall.shares)
                .filter(|(one, _)| **one > 0.0)
                .map(gain)
                .fold(0.0, f64::max)
        })
    }

    /// Delta-disclosure over the values that the class has: the largest `|ln(q / p)|`.
    ///
    /// A value is farthest where all the missing ones are it or none is; one that no record is known to have, where one missing value is it.
    pub fn delta_present(&self, overall: &Overall) -> f64 {
        let total = f64::from(self.total);
        let there = overall
            .shares
            .iter()
            .enumerate()
            .filter(|(_, share)| **share > 0.0);
        let others = overall.shares.iter().filter(|share| **share > 0.0).count() > 1;
        let mut worst: f64 = 0.0;
        for (value, share) in there {
            let known = self
                .codes
                .binary_search(&(value as u32))
                .map_or(0, |place| self.counts[place]);
            let least = match (known, self.missing) {
                (0, 0) => continue,
                (0, _) => 1,
                (known, _) => known,
            };
            let most = known + self.missing;
            for count in [if others { least } else { most }, most] {
                worst = worst.max((f64::from(count) / total / share).ln().abs());
            }
        }
        worst
    }

    /// Delta-disclosure: the same over all values; infinite where the class lacks one.
    pub fn delta(&self, overall: &Overall) -> f64 {
        let there = overall.shares.iter().filter(|share| **share > 0.0).count();
        match self.codes.len() < there {
            true => f64::INFINITY,
            false => self.delta_present(overall),
        }
    }

    /// The largest number over the ways to give all missing values one value.
    fn worst(&self, overall: &Overall, number: impl Fn(&[f64]) -> f64) -> f64 {
        let total = f64::from(self.total);
        let mut excess: Vec<f64> = overall.shares.iter().map(|share| -share).collect();
        for (code, count) in self.codes.iter().zip(self.counts) {
            excess[*code as usize] = f64::from(*count) / total - overall.shares[*code as usize];
        }
        if self.missing == 0 {
            return number(&excess);
        }
        let mut worst: f64 = 0.0;
        for value in 0..excess.len() {
            if overall.shares[value] <= 0.0 {
                continue;
            }
            let kept = excess[value];
            let known = self
                .codes
                .binary_search(&(value as u32))
                .map_or(0, |place| self.counts[place]);
            excess[value] = f64::from(known + self.missing) / total - overall.shares[value];
            worst = worst.max(number(&excess));
            excess[value] = kept;
        }
        worst
    }
}

/// `1/(m-1) sum |cumulative excess|`.
fn ordered(excess: &[f64]) -> f64 {
    if excess.len() < 2 {
        return 0.0;
    }
    let mut sum = 0.0;
    let mut moved = 0.0;
    for one in &excess[..excess.len() - 1] {
        sum += one;
        moved += f64::abs(sum);
    }
    moved / (excess.len() - 1) as f64
}

/// Whether a number is above its bound by more than rounding.
pub(crate) fn exceeds(number: f64, bound: f64) -> bool {
    number > bound + 1e-12 * bound.abs().max(1.0)
}
