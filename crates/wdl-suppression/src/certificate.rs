//! The certificate of a protected table, as written: what is hidden, between which values each hidden number can lie, and the proof of both ends.
//!
//! It holds the true values of hidden cells: it is for whoever checks the lab, never for the public.
//! All numbers are whole; an end is a fraction where it must be.

use serde::{Deserialize, Serialize};

/// The format this program writes and reads.
pub const FORMAT: &str = "wdl-suppression-certificate/1";

/// A protected table with its proofs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Certificate {
    /// [`FORMAT`].
    pub format: String,
    /// Values are in units of `10^-decimals`.
    pub decimals: u32,
    /// The minimum frequency that was applied.
    pub minimum_frequency: u64,
    /// The cells.
    pub cells: Vec<CertifiedCell>,
    /// The sums that tie them: cell and coefficient, adding up to zero.
    pub equations: Vec<Vec<(usize, i64)>>,
    /// What must stay uncertain.
    pub required: Vec<Required>,
    /// Between which values each hidden cell and each required form lies.
    pub proofs: Vec<Proof>,
}

/// A cell.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CertifiedCell {
    /// Its name.
    pub name: String,
    /// Its true value.
    pub value: i64,
    /// The units it counts.
    pub units: u64,
    /// Whether it is hidden.
    pub hidden: bool,
    /// The least that everybody believes possible beforehand.
    pub least: i64,
    /// The most.
    pub most: i64,
    /// Why it needs no protection of its own although it is small.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub waiver: Option<String>,
}

/// A form that must stay uncertain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Required {
    /// Cells and coefficients.
    pub terms: Vec<(usize, i64)>,
    /// How far below the truth must remain possible.
    pub lower: i64,
    /// How far above.
    pub upper: i64,
    /// How wide the interval must be.
    pub sliding: i64,
    /// The cells whose values this attacker knows.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub known: Vec<usize>,
}

/// The interval of a form, with the proof of both ends.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Proof {
    /// Cells and coefficients.
    pub terms: Vec<(usize, i64)>,
    /// The cells whose values the attacker knows.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub known: Vec<usize>,
    /// The lower end.
    pub low: End,
    /// The upper end.
    pub high: End,
}

/// One end of an interval.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct End {
    /// A value that the form has in a table that agrees with everything published.
    pub reached: Fraction,
    /// How that table differs from the true one: cell and change, over `moves_over`.
    pub moves: Vec<(usize, i64)>,
    /// The denominator of the moves: 1 when that table is of whole numbers.
    pub moves_over: i64,
    /// A value that the form cannot pass in any table that agrees: the same, save for what rounding leaves.
    pub limit: Fraction,
    /// The price of each equation, over `prices_over`: the dual vector that proves the limit.
    pub prices: Vec<(usize, i64)>,
    /// The denominator of the prices.
    pub prices_over: i64,
}

/// A fraction in lowest terms with a denominator above zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fraction {
    /// Above the line.
    pub over: i64,
    /// Below the line.
    pub under: i64,
}

impl Fraction {
    /// The fraction in lowest terms; none when it does not fit or the denominator is not above zero.
    pub fn new(over: i128, under: i128) -> Option<Fraction> {
        if under <= 0 {
            return None;
        }
        let divisor = gcd(over.unsigned_abs(), under.unsigned_abs()).max(1) as i128;
        Some(Fraction {
            over: i64::try_from(over / divisor).ok()?,
            under: i64::try_from(under / divisor).ok()?,
        })
    }

    /// As a floating number, in the unit of the table.
    pub fn value(self) -> f64 {
        self.over as f64 / self.under as f64
    }
}

fn gcd(mut one: u128, mut two: u128) -> u128 {
    while two != 0 {
        (one, two) = (two, one % two);
    }
    one
}
