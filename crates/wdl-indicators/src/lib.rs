//! Indicators of poverty, inequality, housing and aid: their definitions, their statistics, their evaluation over the linked base and over plain files.
//!
//! Place in the flow: from a snapshot of the base to drafts of result tables.
//! An indicator is a file of the lab folder (a `frame`, one SELECT that gives unit rows, and the name of a `statistic`); a statistic is a file of the [`catalog`].
//! It must not know deliveries, bodies, disclosure control or publication.

mod asked;
mod base;
mod behind;
mod cache;
pub mod catalog;
mod cells;
mod definition;
mod definition_file;
mod documents;
mod evaluate;
mod fault;
mod frame;
mod nested;
mod parameter;
pub mod plain;
mod plausibility;
mod population;

pub use base::{Base, BaseFault};
pub use behind::{Behind, BehindCell, SetsOf};
pub use catalog::{Asked, Statistic};
pub use cells::unknown_category;
pub use definition::{Audience, Dimensions, Indicator, Indicators, Span, UnknownIndicator};
pub use documents::{Theme, documents};
pub use evaluate::{Context, EvaluateError, Evaluated, check, evaluate, evaluate_behind};
pub use fault::{DefinitionError, DefinitionFault, Fault, FaultKind};
pub use nested::Nested;
pub use parameter::{Parameter, ParameterValue};
pub use plausibility::{Justification, Limit, Test};
pub use population::{Line, Population, Terms};
