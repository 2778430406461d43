//! Agreement of several coders: Fleiss' kappa and Gwet's AC1 in the form that takes missing codes (Gwet 2008; 2014, chapter 5), and the share of agreeing pairs.

use super::{Codes, NoAgreement};

/// A coefficient of several coders.
#[derive(Clone, Debug, PartialEq)]
pub struct Many {
    /// One for perfect agreement, zero for what chance gives.
    pub coefficient: f64,
    /// The agreement observed: of two codes of a unit, how often they are the same.
    pub observed: f64,
    /// The agreement expected by chance.
    pub expected: f64,
    /// The standard error over units by linearisation (Gwet 2008); nothing with one unit.
    pub standard_error: Option<f64>,
    /// For Fleiss' kappa, the standard error if there were no agreement beyond chance (Fleiss, Nee and Landis 1979); nothing where units have unlike numbers of codes.
    pub standard_error_null: Option<f64>,
    /// The units with at least one code, whose codes make the frequencies.
    pub units_coded: usize,
    /// The units with at least two codes.
    pub units_pairable: usize,
    /// The units with fewer than two codes.
    pub left_out: Vec<usize>,
}

/// The share of pairs that agree.
#[derive(Clone, Debug, PartialEq)]
pub struct Percentage {
    /// Of two codes of a unit, how often they are the same; the mean over units.
    pub pairwise: f64,
    /// The share of units whose codes are all the same.
    pub unanimous: f64,
    /// The units with at least two codes.
    pub units: usize,
    /// The units with fewer than two codes, which are left out.
    pub left_out: Vec<usize>,
}

/// The share of pairs that agree, not corrected for chance.
///
/// # Errors
/// [`NoAgreement::NoPairableUnits`].
pub fn percentage_agreement(codes: &Codes) -> Result<Percentage, NoAgreement> {
    let counts = Counts::of(codes);
    let agreements: Vec<f64> = counts.rows.iter().filter_map(|own| own.agreement).collect();
    if agreements.is_empty() {
        return Err(NoAgreement::NoPairableUnits);
    }
    let units = agreements.len();
    Ok(Percentage {
        pairwise: agreements.iter().sum::<f64>() / units as f64,
        unanimous: agreements.iter().filter(|own| **own == 1.0).count() as f64 / units as f64,
        units,
        left_out: codes.not_pairable(),
    })
}

/// Fleiss' kappa (1971): chance draws two codes from the frequencies of all.
///
/// # Errors
/// [`NoAgreement`] when no unit has two codes or there is one code only.
pub fn fleiss_kappa(codes: &Codes) -> Result<Many, NoAgreement> {
    let counts = Counts::of(codes);
    let expected = counts.shares.iter().map(|share| share * share).sum();
    let mut many = counts.coefficient(codes, expected, |category| counts.shares[category])?;
    many.standard_error_null = counts.null_error();
    Ok(many)
}

/// Gwet's AC1 (2008): chance is small where one code prevails.
///
/// # Errors
/// [`NoAgreement`] when no unit has two codes or there is one code only.
pub fn gwet_ac1(codes: &Codes) -> Result<Many, NoAgreement> {
    let counts = Counts::of(codes);
    if counts.shares.len() < 2 {
        return Err(
            match counts.rows.iter().any(|own| own.agreement.is_some()) {
                true => NoAgreement::NoVariation,
                false => NoAgreement::NoPairableUnits,
            },
        );
    }
    let others = (counts.shares.len() - 1) as f64;
    let spread: f64 = counts
        .shares
        .iter()
        .map(|share| share * (1.0 - share))
        .sum();
    counts.coefficient(codes, spread / others, |category| {
        (1.0 - counts.shares[category]) / others
    })
}

/// One unit: how often it has each code in use.
struct Unit {
    /// The codes in use and how often.
    counts: Vec<(usize, f64)>,
    codes: f64,
    /// Of two codes, how often they are the same; nothing with one code.
    agreement: Option<f64>,
}

struct Counts {
    rows: Vec<Unit>,
    /// The mean over units of the share of each category.
    shares: Vec<f64>,
}

impl Counts {
    fn of(codes: &Codes) -> Counts {
        let mut shares = vec![0.0; codes.categories.len()];
        let mut rows = Vec::with_capacity(codes.units);
        for unit in 0..codes.units {
            let mut own: Vec<u32> = codes.unit(unit).iter().flatten().copied().collect();
            if own.is_empty() {
                continue;
            }
            own.sort_unstable();
            let mut counts: Vec<(usize, f64)> = Vec::new();
            for category in own.iter().map(|category| *category as usize) {
                match counts.last_mut() {
                    Some((known, count)) if *known == category => *count += 1.0,
                    _ => counts.push((category, 1.0)),
                }
            }
            let codes = own.len() as f64;
            for (category, count) in &counts {
                shares[*category] += count / codes;
            }
            let same: f64 = counts.iter().map(|(_, count)| count * (count - 1.0)).sum();
            rows.push(Unit {
                counts,
                codes,
                agreement: (own.len() >= 2).then(|| same / (codes * (codes - 1.0))),
            });
        }
        let units = rows.len() as f64;
        shares.iter_mut().for_each(|share| *share /= units);
        Counts { rows, shares }
    }

    /// `(p_a - p_e) / (1 - p_e)` and its error; `influence` is what a code of a category adds to chance.
    fn coefficient(
        &self,
        codes: &Codes,
        expected: f64,
        influence: impl Fn(usize) -> f64,
    ) -> Result<Many, NoAgreement> {
        let agreements: Vec<f64> = self.rows.iter().filter_map(|own| own.agreement).collect();
        if agreements.is_empty() {
            return Err(NoAgreement::NoPairableUnits);
        }
        if self.shares.len() < 2 || 1.0 - expected <= 1e-15 {
            return Err(NoAgreement::NoVariation);
        }
        let observed = agreements.iter().sum::<f64>() / agreements.len() as f64;
        let coefficient = (observed - expected) / (1.0 - expected);
        let units = self.rows.len() as f64;
        let squares = self.rows.iter().map(|own| {
            let pairable = units / agreements.len() as f64;
            let beyond = own.agreement.map_or(0.0, |agreement| agreement - expected);
            let chance: f64 = own
                .counts
                .iter()
                .map(|(category, count)| influence(*category) * count / own.codes)
                .sum();
            let value = pairable * beyond / (1.0 - expected)
                - 2.0 * (1.0 - coefficient) * (chance - expected) / (1.0 - expected);
            (value - coefficient).powi(2)
        });
        let squares: f64 = squares.sum();
        Ok(Many {
            coefficient,
            observed,
            expected,
            standard_error: (self.rows.len() > 1)
                .then(|| (squares / (units * (units - 1.0))).sqrt()),
            standard_error_null: None,
            units_coded: self.rows.len(),
            units_pairable: agreements.len(),
            left_out: codes.not_pairable(),
        })
    }

    fn null_error(&self) -> Option<f64> {
        let codes = self.rows.first()?.codes;
        if self.rows.iter().any(|own| own.codes != codes) {
            return None;
        }
        let spread: f64 = self.shares.iter().map(|p| p * (1.0 - p)).sum();
        let skew: f64 = self
            .shares
            .iter()
            .map(|p| p * (1.0 - p) * (1.0 - 2.0 * p))
            .sum();
        let units = self.rows.len() as f64;
        let variance =
            2.0 * (spread * spread - skew) / (units * codes * (codes - 1.0) * spread * spread);
        Some(variance.max(0.0).sqrt())
    }
}
