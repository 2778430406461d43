//! How a checked result leaves the lab: a request, two reviews by people who did not ask for it, a release.
//!
//! Place in the flow: between disclosure control and publication; [`Checked`](wdl_disclosure::Checked) tables go in, [`Released`] ones come out, and only the [`Desk`] makes them.
//! It must not know microdata, nor how tables are shown.
//!
//! Each step is a signed file under `release/<id>/`: `request.json` with the digests of the tables, the tables themselves under `tables/`, `review-1.json` and so on, `released.json` with the rules applied to each table under `rules/`, `withdrawn.json`.
//! Whoever does a step appends its `act()` and digest to the ledger.
//! A file counts only when a done entry of the ledger names its digest; before that it is inert, and the step can be repeated.
//! Every loading verifies all of it again: signatures, keys, permissions of the agreement, digests, the minimum frequency.
//!
//! Reviewers are blind: until all have voted, neither the desk nor the ledger tells more than how many votes there are.
//! Which step may follow on which state is one table, [`table`].
//! A request is held against every release that ever left, also one that was taken back: what was read once stays known.

mod desk;
mod error;
mod files;
mod kinds;
mod letters;
mod machine;
mod reading;
mod rules;
mod states;

pub use desk::{Desk, Dossier, Signer};
pub use error::ReleaseError;
pub use kinds::{Kind, KindError, admitted};
pub use letters::{Context, Opinion, Vote};
pub use machine::{State, Step, table};
pub use states::{
    Approval, Progress, Release, ReleaseFacts, Released, Request, Review, Withdrawal, latest,
    standing,
};
