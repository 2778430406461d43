//! Strata: groups of records whose values go together, as names, place of birth and citizenship go with origin.
//!
//! Were columns independent among strangers, two who share three values would be as rare as the product of three shares.
//! Where an origin ties the columns, two of one origin share them all far more often, and the product takes strangers for one person.
//! Within a stratum the columns are taken to be independent (latent classes; Lazarsfeld, Henry 1968): strangers agree on some values as often as the sum over strata of the products of the shares there.
//!
//! The strata are estimated from records, never from pairs, so that no blocking rule and no match leaves a trace; a value of few records hardly moves them.

use crate::estimate::{Class, Levels, Place};
use crate::model::Kind;
use crate::prepare::{MISSING, Records};

/// No more strata are told apart.
const STRATA: usize = 12;
/// So many records, evenly over all, are enough to estimate them.
const RECORDS: usize = 100_000;
/// Rounds of EM.
const ROUNDS: usize = 20;
/// So many records of everybody are mixed with those of a value.
const SMOOTHING: f64 = 20.0;
/// A value of fewer records says nothing of which column to begin with.
const TELLING: u32 = 20;

/// How far somebody is of each stratum.
pub(crate) type Beliefs = [f64; STRATA];

/// The strata of all records.
pub(crate) struct Strata {
    /// The share of each stratum.
    shares: Vec<f64>,
    /// For each field that is tied, how many times as frequent each value is in each stratum as in all.
    ratios: Vec<Option<Vec<f32>>>,
}

/// Whether a kind may go with where a person comes from.
fn is_tied(kind: Kind) -> bool {
    match kind {
        Kind::GivenName | Kind::Surname | Kind::FullName | Kind::Category | Kind::Text => true,
        Kind::BirthDate
        | Kind::Sex
        | Kind::Code
        | Kind::Place
        | Kind::PostCode
        | Kind::Street
        | Kind::HouseNumber
        | Kind::Number
        | Kind::Clk => false,
    }
}

impl Strata {
    /// The strata of records; nothing where no column could tell them apart.
    pub(crate) fn of(records: &Records) -> Option<Strata> {
        let fields: Vec<usize> = (0..records.fields.len())
            .filter(|field| is_tied(records.fields[*field].kind))
            .collect();
        let step = records.len().div_ceil(RECORDS).max(1);
        let sample: Vec<u32> = (0..records.len() as u32).step_by(step).collect();
        let counts: Vec<Vec<u32>> = (0..records.fields.len())
            .map(|field| counts(records, field, &sample))
            .collect();
        let begin = beginning(records, &fields, &counts, &sample)?;
        let mut strata = Strata::begun(records, &fields, &counts, begin);
        for _ in 0..ROUNDS {
            strata = strata.next(records, &fields, &counts, &sample);
        }
        Some(strata)
    }

    /// Each of the most frequent values of a column a stratum, and the rest one.
    fn begun(records: &Records, fields: &[usize], counts: &[Vec<u32>], begin: usize) -> Strata {
        let top = most_frequent(&counts[begin]);
        let held: f64 = counts[begin][1..]
            .iter()
            .map(|count| f64::from(*count))
            .sum();
        let mut shares: Vec<f64> = top
            .iter()
            .map(|value| f64::from(counts[begin][*value as usize]) / held)
            .collect();
        shares.push((1.0 - shares.iter().sum::<f64>()).max(1e-6));
        let count = shares.len();
        let mut ratios: Vec<Option<Vec<f32>>> = vec![None; records.fields.len()];
        for field in fields {
            ratios[*field] = Some(vec![1.0; counts[*field].len() * count]);
        }
        let of_begin = ratios[begin]
            .as_mut()
            .expect("the column is one of the tied");
        for value in 1..counts[begin].len() {
            let own = top.iter().position(|top| *top as usize == value);
            let own = own.unwrap_or(count - 1);
            for (stratum, ratio) in of_begin[value * count..][..count].iter_mut().enumerate() {
                // Nobody is altogether of one stratum: the other columns have their say.
                *ratio = match stratum == own {
                    true => (0.9 / shares[stratum]) as f32,
                    false => (0.1 / (1.0 - shares[own])) as f32,
                };
            }
        }
        Strata { shares, ratios }
    }

    /// One round of EM.
    fn next(
        &self,
        records: &Records,
        fields: &[usize],
        counts: &[Vec<u32>],
        sample: &[u32],
    ) -> Strata {
        let count = self.shares.len();
        let mut shares = vec![0.0_f64; count];
        let mut sums: Vec<Vec<f64>> = counts
            .iter()
            .map(|of| vec![0.0_f64; of.len() * count])
            .collect();
        let mut belief = vec![0.0_f64; count];
        for record in sample {
            let row = records.row(*record);
            self.belief(row, fields, &mut belief);
            for (stratum, belief) in belief.iter().enumerate() {
                shares[stratum] += belief;
                for field in fields {
                    sums[*field][row[*field] as usize * count + stratum] += belief;
                }
            }
        }
        shares
            .iter_mut()
            .for_each(|share| *share = (*share / sample.len() as f64).max(1e-9));
        let mut ratios: Vec<Option<Vec<f32>>> = vec![None; counts.len()];
        for field in fields {
            let mut of_field = vec![1.0_f32; counts[*field].len() * count];
            for (value, held) in counts[*field].iter().enumerate().skip(1) {
                let held = f64::from(*held);
                for (stratum, share) in shares.iter().enumerate() {
                    let place = value * count + stratum;
                    let mine = sums[*field][place] + SMOOTHING * share;
                    of_field[place] = (mine / (held + SMOOTHING) / share) as f32;
                }
            }
            ratios[*field] = Some(of_field);
        }
        Strata { shares, ratios }
    }

    /// How far a record is of each stratum.
    fn belief(&self, row: &[u32], fields: &[usize], belief: &mut [f64]) {
        let count = self.shares.len();
        belief.copy_from_slice(&self.shares);
        for field in fields {
            let value = row[*field] as usize;
            if let Some(ratios) = &self.ratios[*field]
                && value != MISSING as usize
            {
                for (belief, ratio) in belief.iter_mut().zip(&ratios[value * count..][..count]) {
                    *belief *= f64::from(*ratio);
                }
            }
        }
        let sum: f64 = belief.iter().sum();
        belief
            .iter_mut()
            .for_each(|belief| *belief /= sum.max(f64::MIN_POSITIVE));
    }

    /// How many times as often strangers share these values of these fields as they would were the columns independent; never less than once.
    #[inline]
    pub(crate) fn together(&self, mut same: u16, row: &[u32]) -> f64 {
        let count = self.shares.len();
        let mut product = [0.0_f64; STRATA];
        product[..count].copy_from_slice(&self.shares);
        let mut fields = 0;
        while same != 0 {
            let field = same.trailing_zeros() as usize;
            same &= same - 1;
            if let Some(ratios) = &self.ratios[field] {
                fields += 1;
                let of_value = &ratios[row[field] as usize * count..][..count];
                for (product, ratio) in product[..count].iter_mut().zip(of_value) {
                    *product *= f64::from(*ratio);
                }
            }
        }
        match fields > 1 {
            true => product[..count].iter().sum::<f64>().max(1.0),
            false => 1.0,
        }
    }

    /// How far two people who belong together are of each stratum: both are of one, and all their values speak of it.
    pub(crate) fn of_two(&self, a: &[u32], b: &[u32]) -> Beliefs {
        let count = self.shares.len();
        let mut beliefs = [0.0_f64; STRATA];
        beliefs[..count].copy_from_slice(&self.shares);
        for (field, ratios) in self.ratios.iter().enumerate() {
            let Some(ratios) = ratios else { continue };
            // A value in common speaks once.
            let other = (a[field] != b[field]).then_some(b[field]);
            for value in std::iter::once(a[field]).chain(other) {
                if value != MISSING {
                    let of_value = &ratios[value as usize * count..][..count];
                    for (belief, ratio) in beliefs[..count].iter_mut().zip(of_value) {
                        *belief *= f64::from(*ratio);
                    }
                }
            }
        }
        let sum: f64 = beliefs.iter().sum();
        beliefs.map(|belief| belief / sum.max(f64::MIN_POSITIVE))
    }

    /// How likely two people of one stratum are to share these values: the sum, over the strata, of the products of `shares` given how many times as frequent each value is there.
    #[inline]
    pub(crate) fn shared(
        &self,
        beliefs: &Beliefs,
        mut same: u16,
        row: &[u32],
        share: impl Fn(usize, f64) -> f64,
    ) -> f64 {
        let count = self.shares.len();
        let mut product = *beliefs;
        while same != 0 {
            let field = same.trailing_zeros() as usize;
            same &= same - 1;
            match &self.ratios[field] {
                Some(ratios) => {
                    let of_value = &ratios[row[field] as usize * count..][..count];
                    for (product, ratio) in product[..count].iter_mut().zip(of_value) {
                        *product *= share(field, f64::from(*ratio));
                    }
                }
                None => {
                    let all = share(field, 1.0);
                    product[..count]
                        .iter_mut()
                        .for_each(|product| *product *= all);
                }
            }
        }
        product[..count].iter().sum()
    }

    /// Pairs of strangers of one stratum, a class for each.
    pub(crate) fn classes(
        &self,
        records: &Records,
        places: &[(Place, usize)],
        strangers: &Class,
        shares: impl Fn(usize, u32) -> f64,
    ) -> Vec<Class> {
        let count = self.shares.len();
        let of_stratum = |stratum: usize| Class {
            pairs: strangers.pairs * self.shares[stratum].powi(2),
            levels: (0..places.len())
                .map(|place| {
                    let base = &strangers.levels[place];
                    let Some(ratios) = self.ratios.get(place).and_then(Option::as_ref) else {
                        return *base;
                    };
                    let values = 1..records.dictionary(place).values.len();
                    let same = values.map(|value| {
                        let ratio = f64::from(ratios[value * count + stratum]);
                        (shares(place, value as u32) * ratio).powi(2)
                    });
                    raised(base, places[place].1, same.sum::<f64>().clamp(1e-12, 0.999))
                })
                .collect(),
        };
        (0..count).map(of_stratum).collect()
    }
}

/// Levels with the same value as often as said.
fn raised(base: &Levels, count: usize, same: f64) -> Levels {
    let mut levels = *base;
    levels[0] = same;
    let rest = 1.0 - base[0];
    for level in &mut levels[1..count] {
        *level *= (1.0 - same) / rest.max(f64::MIN_POSITIVE);
    }
    levels
}

fn counts(records: &Records, field: usize, sample: &[u32]) -> Vec<u32> {
    let mut counts = vec![0; records.dictionary(field).values.len()];
    for record in sample {
        counts[records.row(*record)[field] as usize] += 1;
    }
    counts
}

/// The most frequent values of a column, one stratum each.
fn most_frequent(counts: &[u32]) -> Vec<u32> {
    let mut values: Vec<u32> = (1..counts.len() as u32)
        .filter(|value| counts[*value as usize] >= TELLING)
        .collect();
    values.sort_unstable_by_key(|value| (std::cmp::Reverse(counts[*value as usize]), *value));
    values.truncate(STRATA - 1);
    values
}

/// The column whose values go most with those of another: Pearson's chi-squared of its most frequent values with the frequent ones of each other column.
fn beginning(
    records: &Records,
    fields: &[usize],
    counts: &[Vec<u32>],
    sample: &[u32],
) -> Option<usize> {
    let mut best: Option<(f64, usize)> = None;
    for field in fields {
        if !matches!(records.fields[*field].kind, Kind::Category | Kind::Text) {
            continue;
        }
        let top = most_frequent(&counts[*field]);
        if top.len() < 2 {
            continue;
        }
        let others = fields.iter().filter(|other| *other != field);
        let tie: f64 = others
            .map(|other| tie(records, (*field, &top), (*other, &counts[*other]), sample))
            .sum();
        if tie > 0.0 && best.is_none_or(|best| tie > best.0) {
            best = Some((tie, *field));
        }
    }
    best.map(|(_, field)| field)
}

/// How much more than chance the values of two columns go together.
fn tie(
    records: &Records,
    (field, top): (usize, &[u32]),
    (other, counts): (usize, &[u32]),
    sample: &[u32],
) -> f64 {
    let width = top.len() + 1;
    let mut group = vec![top.len(); records.dictionary(field).values.len()];
    for (place, value) in top.iter().enumerate() {
        group[*value as usize] = place;
    }
    let mut table = vec![0.0_f64; counts.len() * width];
    let (mut of_group, mut of_value) = (vec![0.0_f64; width], vec![0.0_f64; counts.len()]);
    let mut all = 0.0_f64;
    for record in sample {
        let row = records.row(*record);
        let (value, with) = (row[field], row[other] as usize);
        if value == MISSING || row[other] == MISSING || counts[with] < TELLING {
            continue;
        }
        let group = group[value as usize];
        table[with * width + group] += 1.0;
        of_group[group] += 1.0;
        of_value[with] += 1.0;
        all += 1.0;
    }
    let (mut chi, mut freedom) = (0.0_f64, 0.0);
    for (value, of_value) in of_value
        .iter()
        .enumerate()
        .filter(|(_, count)| **count > 0.0)
    {
        for (group, of_group) in of_group
            .iter()
            .enumerate()
            .filter(|(_, count)| **count > 0.0)
        {
            let expected = of_value * of_group / all;
            chi += (table[value * width + group] - expected).powi(2) / expected;
            freedom += 1.0;
        }
    }
    chi - 2.0 * freedom
}
