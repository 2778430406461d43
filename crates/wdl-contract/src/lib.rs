//! Data contracts as typed data: Open Data Contract Standard 3.1 files with the lab's own properties, and code lists.
//!
//! Place in the flow: the first thing a body and the lab agree on; the holder checks by it, the register and the base read by it.
//! It must not know data: it reads `contracts/` and `codes/` of the lab folder and nothing else.
//!
//! # How to write a contract
//!
//! One file for each dataset of a body: `contracts/<body>/<dataset>.odcs.yaml`.
//! It is a file of the Open Data Contract Standard 3.1, so other tools can read it; what the standard has no word for stands in `customProperties`, under names that begin with `wdl.`: [`properties`] lists them, and `docs/reference/contracts.md` explains them with an example.
//! The file is YAML 1.2 and each value is read as its property asks: `036023`, `NO` and `2017-Q1` stay text without quotes.
//! What the standard has and the lab does not read is kept: [`Contract::to_yaml`] writes it again.
//!
//! Every dataset but an `aggregate` has exactly one column with `primaryKey: true`, required and `keyed`: a later row with the same key replaces the earlier one.
//!
//! A code list is `codes/<list>.csv`, UTF-8, with the columns `code,it,en` and any others.
//!
//! ```
//! use std::path::Path;
//! use wdl_contract::{Contracts, Shape};
//! # let lab = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../labs/modena"));
//! let contracts = Contracts::read(lab)?;
//! let yearly = contracts.iter().filter(|contract| contract.shape == Shape::Yearly);
//! assert_eq!(yearly.count(), 2);
//! # Ok::<(), wdl_contract::ContractError>(())
//! ```

mod code_list;
mod column;
mod contract;
mod diff;
mod error;
mod folder;
mod frictionless;
mod odcs;
mod properties;
mod roles;
mod rule;
mod schema;
mod shape;
mod words;

pub use code_list::{CodeList, CodeLists, CodeRow};
pub use column::{Column, Kind, Semantic, Treatment};
pub use contract::{Contract, Encoding, Layout, Shape};
pub use diff::{Change, Raise, Versions, What, diff, diff_codes};
pub use error::{ContractError, ContractFault, Fault, FaultKind};
pub use folder::Contracts;
pub use frictionless::{Draft, FrictionlessError, from_frictionless, to_frictionless};
pub use properties::{Holds, Needed, On, PREFIX, Part, Property, properties};
pub use roles::{Drift, LateRule, Notice, Roles};
pub use rule::{Rule, SqlRule};
pub use schema::json_schema;
