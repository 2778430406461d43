//! The sampling design: which rows were drawn together, and in which strata.

use std::collections::HashMap;

use crate::sample::Sample;
use crate::sum::Sum;
use crate::undefined::{Measured, Undefined};

/// Primary units (clusters of rows) in strata.
///
/// The same cluster name in two strata is two units.
// INVARIANT: `unit_of_row[i]` indexes `stratum_of_unit`, which indexes `0..strata`; `name_of_unit` has as many, or none where each row is a unit of one stratum.
#[derive(Clone, Debug)]
pub struct Design {
    unit_of_row: Vec<u32>,
    stratum_of_unit: Vec<u32>,
    /// The names of stratum and cluster, by which units of two designs are recognised.
    name_of_unit: Vec<(u64, u64)>,
    units_of_stratum: Vec<usize>,
    strata: usize,
}

impl Design {
    /// The design of `rows` rows; without clusters each row is a unit, without strata there is one stratum.
    ///
    /// # Panics
    /// When `clusters` or `strata` has another length than `rows`.
    pub fn new(rows: usize, clusters: Option<&[u64]>, strata: Option<&[u64]>) -> Design {
        for names in [clusters, strata].into_iter().flatten() {
            assert_eq!(names.len(), rows, "one name per row");
        }
        if clusters.is_none() && strata.is_none() {
            return Design::of_rows(rows);
        }
        let mut design = Design {
            unit_of_row: Vec::with_capacity(rows),
            stratum_of_unit: Vec::new(),
            name_of_unit: Vec::new(),
            units_of_stratum: Vec::new(),
            strata: 0,
        };
        let mut known_strata: HashMap<u64, u32> = HashMap::new();
        let mut known_units: HashMap<(u32, u64), u32, Quick> = HashMap::default();
        for row in 0..rows {
            let stratum_name = strata.map_or(0, |names| names[row]);
            let stratum = match strata {
                None => 0,
                Some(_) => {
                    let next = number(known_strata.len());
                    *known_strata.entry(stratum_name).or_insert(next)
                }
            };
            let next = number(design.stratum_of_unit.len());
            let name = clusters.map_or(row as u64, |names| names[row]);
            let unit = match clusters {
                None => next,
                Some(_) => *known_units.entry((stratum, name)).or_insert(next),
            };
            if unit == next {
                design.stratum_of_unit.push(stratum);
                design.name_of_unit.push((stratum_name, name));
            }
            design.unit_of_row.push(unit);
        }
        let strata_met = design.stratum_of_unit.iter().max();
        design.strata = strata_met.map_or(0, |last| *last as usize + 1);
        design.units_of_stratum = vec![0; design.strata];
        for stratum in &design.stratum_of_unit {
            design.units_of_stratum[*stratum as usize] += 1;
        }
        design
    }

    /// Each row a unit of one stratum.
    fn of_rows(rows: usize) -> Design {
        let strata = usize::from(rows > 0);
        Design {
            unit_of_row: (0..number(rows)).collect(),
            stratum_of_unit: vec![0; rows],
            name_of_unit: Vec::new(),
            units_of_stratum: vec![rows; strata],
            strata,
        }
    }

    /// The names of stratum and cluster of each unit.
    fn names(&self) -> impl Iterator<Item = (u64, u64)> {
        let name = |unit: usize| match self.name_of_unit.get(unit) {
            Some(name) => *name,
            None => (0, unit as u64),
        };
        (0..self.units()).map(name)
    }

    /// The number of rows.
    pub fn rows(&self) -> usize {
        self.unit_of_row.len()
    }

    /// The unit of a row.
    pub fn unit(&self, row: usize) -> usize {
        self.unit_of_row[row] as usize
    }

    /// The number of strata.
    pub(crate) fn strata(&self) -> usize {
        self.strata
    }

    /// The stratum of a unit.
    pub(crate) fn stratum(&self, unit: usize) -> usize {
        self.stratum_of_unit[unit] as usize
    }

    /// The number of units of a stratum.
    pub(crate) fn units_of(&self, stratum: usize) -> usize {
        self.units_of_stratum[stratum]
    }

    /// The unit of each row.
    pub fn unit_of_row(&self) -> impl ExactSizeIterator<Item = usize> {
        self.unit_of_row.iter().map(|unit| *unit as usize)
    }

    /// The number of units.
    pub fn units(&self) -> usize {
        self.stratum_of_unit.len()
    }

    /// The units of each stratum.
    pub(crate) fn units_by_stratum(&self) -> Vec<Vec<usize>> {
        let mut strata = vec![Vec::new(); self.strata];
        for (unit, stratum) in self.stratum_of_unit.iter().enumerate() {
            strata[*stratum as usize].push(unit);
        }
        strata
    }

    /// What the scores of a sample's rows add up to in each unit.
    ///
    /// # Panics
    /// When the design has another number of rows than the sample came from.
    pub fn totals(&self, sample: &Sample, scores: &[f64]) -> Vec<f64> {
        assert_eq!(sample.length(), self.rows(), "one unit per row");
        let mut totals = vec![0.0; self.units()];
        for (row, score) in sample.rows().zip(scores) {
            totals[self.unit(row)] += score;
        }
        totals
    }

    /// The variance of a measure whose scores add up so in the units, which were drawn with replacement within strata.
    ///
    /// A stratum of one unit is centred at the mean of all units, which overstates its part rather than leaving it out.
    ///
    /// # Errors
    /// [`Undefined::TooFewRows`] with fewer than two units.
    ///
    /// # Panics
    /// When there is not one total per unit.
    pub fn variance(&self, totals: &[f64]) -> Measured {
        self.covariance(totals, totals)
    }

    /// The covariance of two measures, for the error of their difference.
    ///
    /// # Errors
    /// As [`Design::variance`].
    ///
    /// # Panics
    /// When there is not one total per unit.
    pub fn covariance(&self, one: &[f64], other: &[f64]) -> Measured {
        assert_eq!(one.len(), self.units(), "one total per unit");
        assert_eq!(other.len(), self.units(), "one total per unit");
        if self.units() < 2 {
            return Err(Undefined::TooFewRows);
        }
        let whole = |totals: &[f64]| crate::sum(totals.iter().copied()) / self.units() as f64;
        let (whole_one, whole_other) = (whole(one), whole(other));
        let mut strata = vec![Stratum::default(); self.strata];
        for (unit, stratum) in self.stratum_of_unit.iter().enumerate() {
            strata[*stratum as usize].meet(one[unit], other[unit]);
        }
        strata
            .iter_mut()
            .for_each(|stratum| stratum.centre(whole_one, whole_other));
        for (unit, stratum) in self.stratum_of_unit.iter().enumerate() {
            strata[*stratum as usize].add(one[unit], other[unit]);
        }
        Ok(crate::sum(strata.iter().map(Stratum::part)))
    }

    /// The standard error: the square root of [`Design::variance`].
    ///
    /// # Errors
    /// As [`Design::variance`].
    ///
    /// # Panics
    /// When there is not one total per unit.
    pub fn standard_error(&self, totals: &[f64]) -> Measured {
        self.variance(totals).map(f64::sqrt)
    }
}

/// The units that two designs share: a panel's households in two years.
///
/// Units are one when their clusters and strata have one name; names must mean the same in both.
#[derive(Clone, Debug)]
pub struct Overlap {
    /// The unit in the one design, in the other, and the stratum.
    shared: Vec<(u32, u32, u32)>,
    strata: usize,
    units: (usize, usize),
}

impl Overlap {
    /// Of two designs.
    pub fn of(one: &Design, other: &Design) -> Overlap {
        let known: HashMap<(u64, u64), u32> = other.names().zip(0..).collect();
        let names = one.names().zip(&one.stratum_of_unit).zip(0..);
        let shared = names.filter_map(|((name, stratum), unit)| {
            known.get(&name).map(|other| (unit, *other, *stratum))
        });
        Overlap {
            shared: shared.collect(),
            strata: one.strata,
            units: (one.units(), other.units()),
        }
    }

    /// How many units are in both.
    pub fn shared(&self) -> usize {
        self.shared.len()
    }

    /// The covariance of a measure under the one design with a measure under the other, from the units in both (Kish, *Survey Sampling*, 1965, section 12.4: samples that overlap in part).
    ///
    /// What only one of the two has adds to the variances alone; a stratum with one shared unit says nothing of how the two move together.
    ///
    /// # Panics
    /// When there is not one total per unit.
    pub fn covariance(&self, one: &[f64], other: &[f64]) -> f64 {
        assert_eq!((one.len(), other.len()), self.units, "one total per unit");
        let mut strata = vec![Stratum::default(); self.strata];
        let pair = |(a, b, _): &(u32, u32, u32)| (one[*a as usize], other[*b as usize]);
        for shared in &self.shared {
            let (one, other) = pair(shared);
            strata[shared.2 as usize].meet(one, other);
        }
        for stratum in &mut strata {
            stratum.centre(0.0, 0.0);
        }
        for shared in &self.shared {
            let (one, other) = pair(shared);
            strata[shared.2 as usize].add(one, other);
        }
        let told = strata.iter().filter(|stratum| stratum.units > 1.0);
        crate::sum(told.map(Stratum::part))
    }
}

/// The units of one stratum, met twice: for their mean, then for what lies around it.
#[derive(Clone, Copy, Default)]
struct Stratum {
    units: f64,
    one: Sum,
    other: Sum,
    around: Sum,
}

impl Stratum {
    fn meet(&mut self, one: f64, other: f64) {
        self.units += 1.0;
        self.one.add(one);
        self.other.add(other);
    }

    /// Puts the means where the sums were; a single unit is measured from the mean of all strata.
    fn centre(&mut self, whole_one: f64, whole_other: f64) {
        let (one, other) = match self.units == 1.0 {
            true => (whole_one, whole_other),
            false => (
                self.one.value() / self.units,
                self.other.value() / self.units,
            ),
        };
        (self.one, self.other) = (Sum::of(one), Sum::of(other));
    }

    fn add(&mut self, one: f64, other: f64) {
        self.around
            .add((one - self.one.value()) * (other - self.other.value()));
    }

    fn part(&self) -> f64 {
        match self.units == 1.0 {
            true => self.around.value(),
            false => self.around.value() * self.units / (self.units - 1.0),
        }
    }
}

/// A quick hash of numbers that nobody chooses to do harm; only looked up, never walked through.
#[derive(Clone, Copy, Default)]
struct Quick;

/// Its state.
#[derive(Default)]
struct Mixed(u64);

impl std::hash::BuildHasher for Quick {
    type Hasher = Mixed;

    fn build_hasher(&self) -> Mixed {
        Mixed::default()
    }
}

impl std::hash::Hasher for Mixed {
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.write_u64(u64::from(*byte));
        }
    }

    fn write_u32(&mut self, number: u32) {
        self.write_u64(u64::from(number));
    }

    fn write_u64(&mut self, number: u64) {
        // Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014: the finaliser.
        let mut mixed = self.0.rotate_left(5) ^ number;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        self.0 = mixed ^ (mixed >> 31);
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

fn number(count: usize) -> u32 {
    u32::try_from(count).expect("a sample has fewer than four thousand million rows")
}
