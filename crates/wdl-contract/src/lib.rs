//! Data contracts as typed data: Open Data Contract Standard 3.1 files with the lab's own properties, and code lists.
//!
//! Place in the flow: the first thing a body and the lab agree on; the holder checks by it, the register and the base read by it.
//! It must not know data: it reads `contracts/` and `codes/` of the lab folder and nothing else.

mod code_list;
mod contract;
mod error;
mod folder;
mod odcs;
mod properties;
mod shape;
mod yaml;

pub use code_list::{CodeList, CodeLists, CodeRow};
pub use contract::{Column, Contract, Encoding, Kind, Rule, Shape, Treatment};
pub use error::{ContractError, Fault, FaultKind};
pub use folder::Contracts;
