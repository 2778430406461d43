//! A body's export as it comes: which kind of file, which encoding, which marks, which form of days and numbers, and its cells as text.
//!
//! Place in the flow: the first thing the holder's tool does with a file; the check reads rows from here and judges them.
//! It must not know rules, code lists, people or keys, and it never changes what a cell says: a column keeps the contract's type, and what does not fit stays in its cell.
//!
//! Content decides, never the name of the file.
//! What is decided is told ([`Decision`]), what could be read in two ways is asked ([`Question`]), and nobody is asked what the content, the contract or an earlier answer already say.
//! Memory is bounded for text files of any length, and hostile files are refused before they are expanded ([`limits`]).
//!
//! ```no_run
//! use std::{collections::BTreeMap, path::Path};
//! use wdl_intake::{Answers, Chunk, Hints, Reading};
//!
//! # fn contract() -> wdl_contract::Contract { unreachable!() }
//! let contract = contract();
//! let hints = Hints { contract: &contract, mapping: &BTreeMap::new(), answers: &Answers::default() };
//! let mut reading = Reading::open(Path::new("residenti.csv"), hints)?;
//! let mut chunk = Chunk::new();
//! while reading.chunk(&mut chunk)? {
//!     println!("{} rows", chunk.rows());
//! }
//! # Ok::<(), wdl_intake::IntakeError>(())
//! ```

mod agreement;
mod chunk;
mod error;
mod form;
mod header;
mod layout;
pub mod limits;
mod metadata;
mod plain;
mod question;
mod reading;
mod table;
mod text;
mod told;
mod workbook;

pub use chunk::{Cell, Chunk, Native};
pub use error::IntakeError;
pub use form::{DateForm, DateOrder, DecimalMark, Form};
pub use header::{Likeness, Suggestion};
pub use layout::Kind;
pub use metadata::Carrier;
pub use plain::{PlainText, Row};
pub use question::{Answers, Choice, Decision, Hints, Question, Subject};
pub use reading::{Reading, Tail};
pub use text::TextEncoding;
