//! Data contracts as typed data: Open Data Contract Standard 3.1 files with the lab's own properties, and code lists.
//!
//! Place in the flow: the first thing a body and the lab agree on; the holder checks by it, the register and the base read by it.
//! It must not know data: it reads `contracts/` and `codes/` of the lab folder and nothing else.
//!
//! # How to write a contract
//!
//! One file for each dataset of a body: `contracts/<body>/<dataset>.odcs.yaml`.
//! It is a file of the Open Data Contract Standard 3.1, so other tools can read it; what the standard has no word for stands in `customProperties`, under names that begin with `wdl.`.
//! The file is YAML 1.2 and each value is read as its property asks: `036023`, `NO` and `2017-Q1` stay text without quotes.
//! In an entry of `customProperties`, `property` comes before `value`.
//!
//! Of the whole dataset, all of them needed but the last two:
//!
//! | property | what it says |
//! |---|---|
//! | `wdl.body`, `wdl.dataset` | who delivers what; the place of the file says the same |
//! | `wdl.title` | `{ it: …, en: … }` |
//! | `wdl.shape` | `episode` (`valid_from`, `valid_to`), `event` (`event_date`), `yearly` (`reference_year`), `aggregate` (`reference_year`, no person) |
//! | `wdl.encoding` | `utf8` or `windows-1252` |
//! | `wdl.delimiter` | `";"`, `","`, `"\|"` or a tab |
//! | `wdl.legal_basis`, `wdl.retention` | the law, how long the delivery is kept and what happens then |
//! | `wdl.purpose` | a purpose of the agreement |
//! | `wdl.notice` | where people are told (*informativa*) |
//! | `wdl.late_rule` | what happens to a delivery that comes late |
//!
//! Of each column (`properties` of the one object in `schema`), where `name` is the lab's name and `physicalName` the one in the export:
//!
//! | property | what it says |
//! |---|---|
//! | `wdl.kind` | `text`, `code`, `integer`, `money`, `decimal`, `date`, `tax_code` |
//! | `wdl.code_list` | for `code`: the name of a file of `codes/` |
//! | `wdl.max_length` | for `text`: the most characters, 200 when it is not said |
//! | `wdl.precision`, `wdl.scale` | for `decimal`: all digits, decimals |
//! | `wdl.min`, `wdl.max` | for numbers: the least and the most, in whole units (for `money` whole euro) |
//! | `wdl.treatment` | `keep`, `drop`, `oprf` (a token of the two custodians, for tax codes only), `keyed` (a hash with the holder's key), `coarsen_month` |
//! | `wdl.domain` | for `oprf` and `keyed`: `person`, `household`, `dwelling`, `record` |
//! | `wdl.known_at_end` | `true` for what only the end of an episode brings |
//! | `wdl.label`, `wdl.description` | `{ it: …, en: … }`, for people; the label is needed |
//! | `wdl.semantic_type`, `wdl.disclosure_class` | for catalogues and for those who judge a release |
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
mod contract;
mod error;
mod folder;
mod odcs;
mod properties;
mod shape;

pub use code_list::{CodeList, CodeLists, CodeRow};
pub use contract::{Column, Contract, Encoding, Kind, Rule, Shape, Treatment};
pub use error::{ContractError, ContractFault, Fault, FaultKind};
pub use folder::Contracts;
