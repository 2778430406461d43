//! How a checked result leaves the lab: a request, two reviews by people who did not ask for it, a release.
//!
//! Place in the flow: between disclosure control and publication; [`Checked`](wdl_disclosure::Checked) tables go in, [`Released`] ones come out, and only the [`Desk`] makes them.
//! It must not know microdata, nor how tables are shown.
//!
//! Each step is a signed file under `release/<id>/`: `request.json` with the digests of the tables, the tables themselves under `tables/`, `review-1.json` and so on, `released.json`.
//! Whoever does a step appends its `act()` and digest to the ledger.
//! A file counts only when a done entry of the ledger names its digest; before that it is inert, and the step can be repeated.
//! Every loading verifies all of it again: signatures, keys, permissions of the agreement, digests, the minimum frequency.
//!
//! Reviewers are blind: until all have voted, the desk tells how many votes there are and nothing of them.

mod desk;
mod error;
mod files;
mod letters;
mod states;

pub use desk::{Desk, Signer};
pub use error::ReleaseError;
pub use letters::Vote;
pub use states::{Approval, Facts, Progress, Release, Released, Request, Review, latest};
