//! Rounding of counts to a base: each by chance, or a whole table so that it still adds up.

mod controlled;
mod random;

pub use controlled::{
    AdditiveTable, NearlyRounded, Relation, RoundedTable, RoundingError, round_nearly, round_table,
};
pub use random::{RoundingKey, round_by_chance};
