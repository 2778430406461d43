//! Evaluation studies: a file of the lab that says what is asked and how, registered before its outcome is read, run on a snapshot, answered in tables.
//!
//! Place in the flow: beside the indicators; a study is read from `studies/<id>.yaml`, its rows from the linked base, its estimates from the catalog of methods, and its answers are tables like any other result.
//! It must not know who may do what, nor the record: the lab permits and logs, and hands over what was registered.
//!
//! **The outcome is read last.** A study has two queries: the design (units, who has the measure, covariates) and the outcome.
//! [`plan`] reads the first alone; [`run`] joins both.

mod counts;
mod fault;
mod file;
mod plan;
mod promise;
mod protect;
mod reading;
mod registration;
mod rows;
mod run;
mod said;
mod study;
mod tables;

pub use counts::Standing;
pub use fault::{Fault, FaultKind, RunError, StudyError, StudyFault};
pub use plan::{Planned, PlannedCheck, plan};
pub use protect::{Protected, protect};
pub use registration::{Registration, RegistrationError, deviations};
pub use run::{Context, Ran, run};
pub use study::{Runs, Studies, Study, UnknownStudy};
