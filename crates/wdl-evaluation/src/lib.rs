//! Impact evaluation and qualitative evidence: a catalog of methods, each with its estimand, its options, its assumptions and its diagnostics.
//!
//! Place in the flow: beside the indicators; the lab and the commands on plain files hand the same methods their columns, and both get an [`Evaluation`].
//! It must not know where columns come from, files, queries or persons; the numbers are computed by `wdl-causal` and `wdl-qualitative`.
//!
//! [`coding`] holds what comes before and after the coefficients of agreement: codebooks, codings, themes, joint displays.
//!
//! A method is one file of [`mod@methods`]: [`Method`] says what it is called, what it takes and what it does with a [`Request`].

mod answer;
mod catalog;
pub mod coding;
mod columns;
mod document;
mod fault;
pub mod glossary;
mod groups;
pub mod methods;
pub mod numbers;
mod opening;
mod options;
pub mod promised;
mod request;
mod sample;
pub mod shown;

pub use answer::{Behind, Cell, Estimate, Evaluation, Kept, LeftOut, Note, NoteKind, Said, Table};
pub use catalog::{Method, evaluate, method, methods};
pub use columns::{Columns, Labels, Names};
pub use document::document;
pub use fault::EvaluationError;
pub use groups::{Rests, SMALLEST_GROUP, SmallGroup};
pub use opening::{Claim, Opening, Scale, caveat};
pub use options::{Given, Kind, Opt, Role};
pub use request::Request;
pub use sample::{Covariate, Sample};
pub use shown::text;
