//! What the room promises: unbiased rounding, tables that add up, noise of stated size, budgets that hold.
#![expect(clippy::unwrap_used, reason = "tests")]

mod cell_key;
mod privacy;
mod rounding;
mod utility;
