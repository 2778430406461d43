//! Agreement between coders beyond chance: Krippendorff, Cohen, Fleiss, Gwet.
//!
//! Place in the flow: [`Codes`] are parsed once from the cells of a coding sheet; each coefficient takes them and says why it is undefined where it is.
//! It must not know what is coded, nor the names of coders.

mod alpha;
mod chance;
mod kappa;

pub use alpha::{Alpha, Interval, Metric, krippendorff_alpha, unit_bootstrap};
pub use chance::{Many, Percentage, fleiss_kappa, gwet_ac1, percentage_agreement};
pub use kappa::{Kappa, Weights, cohen_kappa};

use rustc_hash::FxHashMap;

/// Why a coefficient of agreement has no value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoAgreement {
    /// Fewer than two coders.
    #[error("agreement needs at least two coders")]
    OneCoder,
    /// Not exactly two coders, for a coefficient of two.
    #[error("the coefficient is for two coders, and there are {0}")]
    NotTwoCoders(usize),
    /// The rows are not of one length.
    #[error("coder {0} has another number of units than the first")]
    Ragged(usize),
    /// A code is infinite or not a number.
    #[error("the code of coder {coder} for unit {unit} is not a finite number")]
    NotFinite {
        /// The coder, from zero.
        coder: usize,
        /// The unit, from zero.
        unit: usize,
    },
    /// A code of a ratio scale is below zero.
    #[error("the code of coder {coder} for unit {unit} is negative on a ratio scale")]
    Negative {
        /// The coder, from zero.
        coder: usize,
        /// The unit, from zero.
        unit: usize,
    },
    /// No unit has codes of two coders.
    #[error("no unit was coded by two coders")]
    NoPairableUnits,
    /// One unit only, where the spread between units is asked.
    #[error("one unit alone has no spread between units")]
    OneUnit,
    /// All codes that can be compared are the same, so that chance alone would agree as well.
    #[error("all comparable codes are the same: agreement beyond chance is undefined")]
    NoVariation,
    /// An interval at a level outside zero and one, or of no draws.
    #[error("the level of an interval lies between 0 and 1, and it needs draws")]
    NoLevel,
}

/// The codes of several coders for the same units.
// INVARIANT: `cells.len() == coders * units`, unit by unit; a cell is the place of its code in `categories`, which rise.
#[derive(Clone, Debug, PartialEq)]
pub struct Codes {
    coders: usize,
    units: usize,
    cells: Vec<Option<u32>>,
    categories: Vec<f64>,
}

impl Codes {
    /// One row of codes for each coder, one place for each unit; nothing where a coder did not code.
    ///
    /// # Errors
    /// [`NoAgreement`] when there are fewer than two coders, rows of unlike length or a code that is no number.
    pub fn new(rows: &[Vec<Option<f64>>]) -> Result<Codes, NoAgreement> {
        let coders = rows.len();
        if coders < 2 {
            return Err(NoAgreement::OneCoder);
        }
        let units = rows[0].len();
        if let Some(coder) = rows.iter().position(|row| row.len() != units) {
            return Err(NoAgreement::Ragged(coder));
        }
        let mut places: FxHashMap<u64, u32> = FxHashMap::default();
        let mut found: Vec<f64> = Vec::new();
        let mut cells = Vec::with_capacity(coders * units);
        for unit in 0..units {
            for (coder, row) in rows.iter().enumerate() {
                let Some(code) = row[unit] else {
                    cells.push(None);
                    continue;
                };
                if !code.is_finite() {
                    return Err(NoAgreement::NotFinite { coder, unit });
                }
                // Zero is one code, whatever its sign.
                let code = code + 0.0;
                let place = places.entry(code.to_bits()).or_insert_with(|| {
                    found.push(code);
                    found.len() as u32 - 1
                });
                cells.push(Some(*place));
            }
        }
        Ok(Codes {
            coders,
            units,
            ..in_order(cells, found)
        })
    }

    /// The number of coders.
    pub fn coders(&self) -> usize {
        self.coders
    }

    /// The number of units.
    pub fn units(&self) -> usize {
        self.units
    }

    /// The codes in use, rising.
    pub fn categories(&self) -> &[f64] {
        &self.categories
    }

    /// The places of the codes of one unit among the categories, coder by coder.
    fn unit(&self, unit: usize) -> &[Option<u32>] {
        &self.cells[unit * self.coders..(unit + 1) * self.coders]
    }

    /// The units with at least two codes.
    fn pairable(&self) -> Vec<usize> {
        (0..self.units)
            .filter(|unit| self.unit(*unit).iter().flatten().count() >= 2)
            .collect()
    }

    /// The units with fewer than two codes, which no coefficient can use.
    pub fn not_pairable(&self) -> Vec<usize> {
        (0..self.units)
            .filter(|unit| self.unit(*unit).iter().flatten().count() < 2)
            .collect()
    }
}

/// Cells by the order of the codes in place of the order of their appearance.
fn in_order(mut cells: Vec<Option<u32>>, found: Vec<f64>) -> Codes {
    let mut order: Vec<usize> = (0..found.len()).collect();
    order.sort_by(|left, right| found[*left].total_cmp(&found[*right]));
    let mut place = vec![0_u32; found.len()];
    for (rank, at) in order.iter().enumerate() {
        place[*at] = rank as u32;
    }
    for cell in cells.iter_mut().flatten() {
        *cell = place[*cell as usize];
    }
    Codes {
        coders: 0,
        units: 0,
        cells,
        categories: order.iter().map(|at| found[*at]).collect(),
    }
}
