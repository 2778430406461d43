//! How alike two values are: names, edit distance, days, numbers, post codes, streets, places on the globe.
//!
//! Place in the flow: the linkage prepares each value once and asks here for every pair that a block brings together.
//! It must not know fields, levels of a model or weights: two values in, one answer out, nothing allocated for values of usual length.

mod date;
mod edit;
mod jaro;
mod number;
mod places;
mod signature;
mod street;

pub use date::{Date, DateLevel, DateOrder, OrderEvidence, date, read_date, read_date_in};
pub use edit::{damerau_levenshtein, damerau_levenshtein_within};
pub use jaro::jaro_winkler;
pub use number::{distance_km, number, post_code, read_number};
pub use signature::{Signature, damerau_levenshtein_bound, jaro_winkler_bound};
pub use street::{HouseLevel, HouseNumber, Street, house_number, is_street_kind};
