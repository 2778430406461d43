//! The door for the files of a lab folder: YAML 1.2, typed by the schema, every fault with its file, line and column.
//!
//! Place in the flow: the rooms that read the lab folder (the agreement, the contracts, the indicators) read it through here, so a slip is told in the same words wherever it stands.
//! A room adds what only it can find wrong as a type of its own, the `K` of [`FaultKind`].
//! It must not know what any file says.
//!
//! ```
//! use serde::Deserialize;
//! use wdl_vocab::{Diagnose, Diagnostic, diagnostics::codes};
//! use wdl_yaml::{Placed, Source};
//!
//! #[derive(Debug, thiserror::Error)]
//! enum SeatFault {
//!     #[error("a quorum of {0} cannot be reached")]
//!     Quorum(usize),
//! }
//!
//! impl Diagnose for SeatFault {
//!     fn diagnostic(&self) -> Diagnostic {
//!         let SeatFault::Quorum(value) = self;
//!         Diagnostic::new(codes::lab::QUORUM).with("value", value).with("maximum", 3)
//!     }
//! }
//!
//! #[derive(Deserialize)]
//! struct Committee {
//!     quorum: Placed<usize>,
//! }
//!
//! type Fault = wdl_yaml::Fault<SeatFault>;
//!
//! fn quorum(source: &Source) -> Result<usize, Fault> {
//!     let committee: Committee = source.parse()?;
//!     match committee.quorum.value {
//!         value @ ..=3 => Ok(value),
//!         value => Err(source.fault_at(&committee.quorum, SeatFault::Quorum(value))),
//!     }
//! }
//! # let folder = tempfile::tempdir()?;
//! # let path = folder.path().join("committee.yaml");
//! std::fs::write(&path, "# three seats\nquorum: 4\n")?;
//! let fault = quorum(&Source::read::<SeatFault>(&path)?).unwrap_err();
//! assert_eq!((fault.line, fault.column), (2, 9));
//! assert_eq!(fault.diagnostic().code, codes::lab::QUORUM);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod fault;
mod kind;
mod source;
mod tree;

pub use fault::{Fault, FolderError};
pub use kind::FaultKind;
pub use source::{Placed, Source};
pub use tree::{Key, Node, Style, Value};
