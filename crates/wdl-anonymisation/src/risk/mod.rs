//! How exposed each record of a file is, before and after protection.
//!
//! Place in the flow: a table of codes comes in, figures per record and for the file go out.
//! It must not know what a column means, nor where the codes come from.

mod attackers;
mod fault;
mod frequency;
mod individual;
mod keys;
mod population;
mod suda;

pub use attackers::{AttackerRisk, journalist, marketer, prosecutor};
pub use fault::RiskError;
pub use frequency::{Frequencies, MissingReading, frequencies};
pub use individual::{IndividualFormula, household_risk, individual_risk, individual_risks};
pub use keys::{KeyTable, MAX_COLUMNS, SampleWeights};
pub(crate) use keys::{MISSING, index};
pub use population::{
    ClassSizes, Dankar, Model, PopulationUniqueness, Unavailable, population_uniqueness,
};
pub use suda::{MinimalUnique, Suda, SudaSettings, suda};
