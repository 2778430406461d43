//! The orchestrator: each step of the street permitted by the agreement, done, and left in the record.
//!
//! Seventh floor: it calls every room below and is called by the binary.
//! It must not know direct identifiers, nor how a page or a message looks.

mod agreed;
mod audit;
mod build;
mod certify;
mod change;
pub mod cycle;
mod decide;
mod desk;
mod found;
mod home;
mod linkage;
mod monday;
mod noise_account;
mod office;
mod publish;
mod receipt;
mod receipt_page;
mod receive;
mod release;
mod results;
mod stopped;
mod study;
mod trace;
mod transcripts;

pub use agreed::disagreements;
pub use audit::{Audited, audit};
pub use build::{Built, CODE_VERSION, Planned, PlannedStep, Progress, build, latest, plan};
pub use certify::{Certified, certify};
pub use change::Paid;
pub use decide::{Decided, Ruling, decide, decisions};
pub use desk::{Desk, known_keys};
pub use found::{found, office_key};
pub use home::{Home, Part, read, write};
pub use linkage::{
    LinkageChanges, LinkageStatus, Linked, LinkedGroup, LinkedRows, ToldChange, ToldDoubt,
    linkage_changes, linkage_doubts, linkage_status,
};
pub use monday::{
    Arrival, Basis, Budgeted, BudgetedLine, Day, Figure, Item, Monday, MondayFault, Newest,
    NewestLine, Outlook, SourceState, monday,
};
pub use noise_account::{NoiseAccount, NoiseQuestion, noise_stopped};
pub use office::{Office, Secrets, agreement_file, public_key, recipient_file};
pub use publish::{Published, publish};
pub use receipt::Answered;
pub use receive::{Reception, TakenIn, accepted, quarter_of, realm, receive};
pub use release::{
    Asked, Mending, Requested, look_between, open_vote, open_votes, opinions, progress, release,
    request, request_all, requests, review, unopened, withdraw,
};
pub use results::{Results, results};
pub use stopped::Stopped;
pub use study::{
    Before, Registered, StudyState, look_registration, plan_study, register_study, run_study,
    shown as study_tables, studies, study_report,
};
pub use trace::{CellName, Traced, TracedDelivery, TracedRelease, trace};
pub use transcripts::{
    Derived, Handed, Kept, ThemesAsked, TranscriptKind, TranscriptLine, Words, destroy, keep, open,
    request_themes, transcripts,
};
