//! The conventions on households as pure functions: equivalence scales, rooms needed, work intensity, deprivation, housing costs, exclusion.
//!
//! Place in the flow: files and registers say who lives together and what they have; this crate says what follows for the household by the conventions of Eurostat and of Italian law; the statistics count it.
//! Amounts of a law are dated data that a file of the lab gives ([`IseeScales`]); what stands in code is a statistical convention with its source.
//! It must not know files of people, columns, weights or statistics.
//!
//! **Invariant:** what the members do not tell is never a number or a no: it is [`Untold`] with its reason.
//! A condition made of several is told only when each of them is, whatever the others say: a yes and a no are told equally often, so that a rate over those of whom it is told is not one of people chosen by their answer.

mod compare;
mod costs;
mod deprivation;
mod exclusion;
mod isee_scale;
mod member;
mod rooms;
mod scale;
mod shelter;
mod untold;
mod work;

pub use compare::{exceeds, is_at_most};
pub use costs::{Above, Burden, Costs, WithoutIncome};
pub use deprivation::{CHILDREN_UNDER, Item, Lacks, Severity, items_of_children};
pub use exclusion::{Exclusion, is_at_risk};
pub use isee_scale::{
    Hundredths, IseeFamily, IseeScale, IseeScales, Minors, Parents, Regime, ScaleFault,
};
pub use member::{Age, AgeError, Member, Partner, Sex};
pub use rooms::{Composition, is_overcrowded};
pub use scale::Scale;
pub use shelter::{Defects, is_severely_deprived};
pub use untold::{Told, Untold};
pub use work::{AtBound, WorkRule, Worker, work_intensity};
