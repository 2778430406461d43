//! The street, end to end, inside the lab: what came is received, the base is built, results are checked, asked for, reviewed, released, published.
//!
//! Each step takes what only the step before can make: a checked table comes out of disclosure control alone, a released one out of two reviews alone.

use std::path::{Path, PathBuf};

use wdl_release::{Progress as Way, Vote};
use wdl_vocab::ReleaseId;

use crate::build::{Built, Progress, build};
use crate::publish::{Published, publish};
use crate::receive::{Reception, receive};
use crate::release::{Asked, open_votes, progress, release, request, review};
use crate::results::results;
use crate::study::{Before, plan_study, register_study, run_study};
use crate::{Desk, Stopped};

/// The keys of the offices that take a turn at the desk.
pub struct Offices<'a> {
    /// Receives, builds, releases and publishes.
    pub data_manager: &'a Path,
    /// Asks for a release.
    pub author: &'a Path,
    /// Review it, as many of them as the agreement asks: neither the author nor one another.
    pub reviewers: &'a [PathBuf],
}

/// What came of one turn of the street.
pub struct Turn {
    /// What became of each file.
    pub receptions: Vec<Reception>,
    /// What the build did.
    pub built: Built,
}

/// A quarter's deliveries come in, and the base and the results follow.
///
/// # Errors
/// [`Stopped`] when the lab cannot work; a refused delivery is told in its reception and stops nothing.
pub fn take_in(
    desk: &mut Desk,
    files: &[PathBuf],
    tell: &mut dyn FnMut(Progress),
) -> Result<Turn, Stopped> {
    let receptions = receive(desk, files)?;
    let built = build(desk, tell)?;
    Ok(Turn { receptions, built })
}

/// A study of the lab is stated and answered: its design is read, it is registered, and only then its outcome is read.
///
/// # Errors
/// [`Stopped`] at the first step that is refused; each refusal is in the record.
pub fn evaluate(desk: &mut Desk, author: &Path, study: &str) -> Result<(), Stopped> {
    desk.hand_over(author)?;
    plan_study(desk, study)?;
    register_study(desk, study)?;
    run_study(desk, study, Before::Refuse)?;
    Ok(())
}

/// The results of the snapshot that stands leave the lab: the author asks, reviewers agree, the data manager releases and publishes.
///
/// # Errors
/// [`Stopped`] at the first step that is refused; each refusal is in the record.
pub fn let_out(
    desk: &mut Desk,
    offices: &Offices<'_>,
    asked: &Asked,
    tell: &mut dyn FnMut(Progress),
) -> Result<(ReleaseId, Published), Stopped> {
    desk.hand_over(offices.author)?;
    let checked = results(desk, tell)?;
    let id = request(desk, &checked, asked)?.release;
    for reviewer in offices.reviewers {
        if !matches!(progress(desk, &id)?, Way::Waiting { .. }) {
            break;
        }
        desk.hand_over(reviewer)?;
        review(desk, &id, &Vote::Approve.into())?;
    }
    // Each comes back to open the vote, now that all have voted.
    for reviewer in offices.reviewers {
        if !matches!(progress(desk, &id)?, Way::Sealed { .. }) {
            break;
        }
        desk.hand_over(reviewer)?;
        open_votes(desk)?;
    }
    desk.hand_over(offices.data_manager)?;
    release(desk, &id)?;
    let published = publish(desk)?;
    Ok((id, published))
}
