//! The agreement as typed data: bodies, roles in law, purposes, permissions, rules of disclosure and of release.
//!
//! First room of the street: every later step asks the [`Lab`] what the agreement allows.
//! It reads `lab.yaml` and `protocol/` of the lab folder and nothing else; it must not know data, keys or the ledger.

mod agreement;
mod agreement_file;
mod articles;
mod disclosure_rules;
mod dominance;
mod error;
mod ids;
mod lab;
mod lab_file;
mod permission;

pub use agreement::{
    Agreement, Article, Committee, LegalRole, Purpose, Retention, Seat, SeatKind, Term,
};
pub use disclosure_rules::{
    Counted, DisclosureRules, Method, MinimumFrequency, NoThousandths, Override, Rule, SameUnits,
    Selection, Thousandths, TooLow,
};
pub use dominance::{Dominance, DominanceClause, NoClause};
pub use error::{Fault, FaultKind, LabError, LabFault};
pub use ids::{
    ActorId, ArticleId, CustodianId, KeyPeriod, LabId, MunicipalityCode, MunicipalityError,
    ProjectId, PurposeId, SeatId, ThemeId,
};
pub use lab::{
    Actor, Body, BodyRole, Cadence, Calendar, CheckpointRule, CheckpointWhen, Custodian, Lab,
    Licence, Publication, ReleaseRules, ReviewersOverride, ReviewersRequired, Territory, Theme,
};
pub use permission::{Act, Authority, Permission, Permissions, Refusal, Role};
