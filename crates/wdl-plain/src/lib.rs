//! Plain files by column: what the commands that work outside a lab read, CSV in any usual form or Parquet.
//!
//! Place in the flow: before the analyses, in place of the linked base.
//! It must not know what a column means; a name stays the text it is (`036023` and `36023` are two, `NA` is Naples), and only a column asked for as numbers is read as numbers.

mod cells;
mod codes;
mod column;
mod error;
mod number;
mod table;

pub use codes::{Coded, Names};
pub use error::PlainError;
pub use table::PlainTable;
pub use wdl_frame::Values;
