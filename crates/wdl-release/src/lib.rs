//! How a checked result leaves the lab: a request, two reviews by people who did not ask for it, a release.
//!
//! Place in the flow: between disclosure control and publication; [`Checked`](wdl_disclosure::Checked) tables go in, [`Released`] ones come out, and only the [`Desk`] makes them.
//! It must not know microdata, nor how tables are shown.
//!
//! Each step is a signed file under `release/<id>/`: `request.json` with the digests of the tables, the tables themselves under `tables/`, `review-1.json` and so on for the sealed votes, `vote-1.json` and so on once they are opened, `released.json` with the rules applied to each table under `rules/`, `withdrawn.json`.
//! Whoever does a step appends its `act()` and digest to the ledger.
//! A file counts only when a done entry of the ledger names its digest; before that it is inert, and the step can be repeated.
//! Every loading verifies all of it again: signatures, keys, permissions of the agreement, digests, the minimum frequency.
//!
//! Reviewers are blind: a vote lies sealed under the reviewer's own key until all have voted, so that not even the disk tells it; it was fixed when it was given, and is opened by the same key.
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
mod sealed;
mod states;
mod voting;

pub use desk::{Desk, Dossier, Signer};
pub use error::ReleaseError;
pub use kinds::{Kind, KindError, admitted};
pub use letters::{Context, Opinion, Vote};
pub use machine::{State, Step, table};
pub use states::{
    Approval, Progress, Release, ReleaseFacts, Released, Request, Review, SealedVote, Withdrawal,
    latest, standing,
};
