//! Between releases: what a new release gives away together with everything that was released before.
//!
//! Every count that was ever told, or hidden, becomes a statement about a region of the population: which units, in which categories, on which version of the base.
//! The statements of the new release are stacked with all earlier ones on their common refinement, and three attacks are tried:
//!
//! 1. *The same cell twice*: two versions of the base, or two cohorts, whose counts differ by fewer units than the minimum. Where the exact sets are known their symmetric difference decides.
//! 2. *One cell inside another*: everybody, then men, and the women are the difference.
//! 3. *Any combination at all*: the least and the greatest value of every hidden cell, by linear programming over all that was told.
//!
//! What cannot be bounded is no finding and no clearance: it is told as [`Unproved`].
//!
//! Against the third the attacker is granted that a group changed only where a number shows it: a group that two versions show with the same count is taken to be the same people.
//!
//! It derives everything from the released tables and keeps no second record. It must not know microdata: the sets it compares are [`UnitSet`]s, made with a secret of the lab, and nothing it returns holds one.
//!
//! **What is not covered.** Sums of money, and statistics that do not add up, are compared through the units they rest on alone. Where three or more crossed tables hang together in a circle over more categories than can be crossed, the bounds are those of each pair of tables.

mod attack;
mod bounds;
mod classes;
mod edition;
mod explain;
mod finding;
mod pool;
mod region;
mod repair;
mod sets;
mod stack;
mod unproved;

pub use attack::{Outcome, check};
pub use edition::{CellName, Edition, Facts, Ground, Nesting};
pub use finding::{Attack, Finding, Mention};
pub use repair::{Mend, Repair, hide, keep_earlier};
pub use sets::UnitSet;
pub use unproved::{Unproved, Why};
