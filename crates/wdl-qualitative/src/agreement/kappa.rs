//! Cohen's kappa of two coders, also weighted, with the standard errors of Fleiss, Cohen and Everitt (1969).

use super::{Codes, NoAgreement};

/// How much two unlike codes still agree.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Weights {
    /// Not at all.
    None,
    /// Less by every step between their places among the codes in use.
    Linear,
    /// Less by the square of the steps.
    Quadratic,
}

/// Cohen's kappa.
#[derive(Clone, Debug, PartialEq)]
pub struct Kappa {
    /// One for perfect agreement, zero for what chance gives.
    pub kappa: f64,
    /// The agreement observed, weighted.
    pub observed: f64,
    /// The agreement expected of two coders who code by chance with their own frequencies.
    pub expected: f64,
    /// The standard error, for an interval.
    pub standard_error: f64,
    /// The standard error if there were no agreement beyond chance, for a test.
    pub standard_error_null: f64,
    /// The units that both coded.
    pub units: usize,
    /// The units that one or none coded, which are left out.
    pub left_out: Vec<usize>,
}

/// Cohen's kappa (1960; weighted 1968). The places of the weights are those among the codes that either coder used in units both coded.
///
/// # Errors
/// [`NoAgreement`] when there are not two coders, no unit that both coded, or one code only.
pub fn cohen_kappa(codes: &Codes, weights: Weights) -> Result<Kappa, NoAgreement> {
    if codes.coders != 2 {
        return Err(NoAgreement::NotTwoCoders(codes.coders));
    }
    let units = codes.pairable();
    if units.is_empty() {
        return Err(NoAgreement::NoPairableUnits);
    }
    let pairs: Vec<(usize, usize)> = units
        .iter()
        .filter_map(|unit| match codes.unit(*unit) {
            [Some(first), Some(second)] => Some((*first as usize, *second as usize)),
            _ => None,
        })
        .collect();
    let table = Table::of(&pairs, codes.categories.len());
    if table.categories < 2 {
        return Err(NoAgreement::NoVariation);
    }
    let weight = |row: usize, column: usize| {
        let steps = row.abs_diff(column) as f64 / (table.categories - 1) as f64;
        match weights {
            Weights::None => f64::from(row == column),
            Weights::Linear => 1.0 - steps,
            Weights::Quadratic => 1.0 - steps * steps,
        }
    };
    let mut kappa = table.kappa(weight, pairs.len())?;
    kappa.left_out = codes.not_pairable();
    Ok(kappa)
}

/// The shares of the pairs of codes in use, row by row.
struct Table {
    categories: usize,
    shares: Vec<f64>,
}

impl Table {
    fn of(pairs: &[(usize, usize)], categories: usize) -> Table {
        let mut is_used = vec![false; categories];
        for (first, second) in pairs {
            is_used[*first] = true;
            is_used[*second] = true;
        }
        let place: Vec<usize> = is_used
            .iter()
            .scan(0, |next, is_used| {
                let own = *next;
                *next += usize::from(*is_used);
                Some(own)
            })
            .collect();
        let categories = is_used.iter().filter(|is_used| **is_used).count();
        let mut counts = vec![0_u64; categories * categories];
        for (first, second) in pairs {
            counts[place[*first] * categories + place[*second]] += 1;
        }
        let shares = counts.iter().map(|own| *own as f64 / pairs.len() as f64);
        Table {
            categories,
            shares: shares.collect(),
        }
    }

    fn cells(&self) -> impl Iterator<Item = (usize, usize, f64)> {
        let place = |at: usize| (at / self.categories, at % self.categories);
        let cells = self.shares.iter().enumerate();
        cells.map(move |(at, share)| (place(at).0, place(at).1, *share))
    }

    fn kappa(
        &self,
        weight: impl Fn(usize, usize) -> f64,
        units: usize,
    ) -> Result<Kappa, NoAgreement> {
        let mut rows = vec![0.0; self.categories];
        let mut columns = vec![0.0; self.categories];
        for (row, column, share) in self.cells() {
            rows[row] += share;
            columns[column] += share;
        }
        let mean = |margin: &[f64], of: &dyn Fn(usize) -> f64| {
            let shares = margin.iter().enumerate();
            shares.map(|(at, share)| share * of(at)).sum::<f64>()
        };
        let row_means: Vec<f64> = (0..self.categories)
            .map(|row| mean(&columns, &|column| weight(row, column)))
            .collect();
        let column_means: Vec<f64> = (0..self.categories)
            .map(|column| mean(&rows, &|row| weight(row, column)))
            .collect();
        let observed: f64 = self.cells().map(|(r, c, share)| share * weight(r, c)).sum();
        let expected = mean(&rows, &|row| row_means[row]);
        if 1.0 - expected <= 1e-15 {
            return Err(NoAgreement::NoVariation);
        }
        let kappa = (observed - expected) / (1.0 - expected);
        let spread = |beyond: f64, share: &dyn Fn(usize, usize, f64) -> f64| -> f64 {
            let cells = self.cells().map(|(row, column, own)| {
                let part = weight(row, column) - (row_means[row] + column_means[column]) * beyond;
                share(row, column, own) * part * part
            });
            cells.sum()
        };
        let scale = units as f64 * (1.0 - expected).powi(2);
        let variance =
            spread(1.0 - kappa, &|_, _, own| own) - (kappa - expected * (1.0 - kappa)).powi(2);
        let variance_null =
            spread(1.0, &|row, column, _| rows[row] * columns[column]) - expected * expected;
        Ok(Kappa {
            kappa,
            observed,
            expected,
            standard_error: (variance.max(0.0) / scale).sqrt(),
            standard_error_null: (variance_null.max(0.0) / scale).sqrt(),
            units,
            left_out: Vec::new(),
        })
    }
}
