//! Results leave: asked for, reviewed by two who did not make them, let out.

use wdl_disclosure::Checked;
use wdl_ledger::{Act, KnownKeys};
use wdl_protocol::Act as Permission;
use wdl_release::{Progress, Signer, Vote};
use wdl_result::Table;
use wdl_vocab::ReleaseId;

use crate::Stopped;
use crate::desk::{Desk, Done, known_keys};
use crate::home::Part;

/// The desk of the releases, as it stands now.
pub(crate) fn counter<'a>(desk: &'a Desk, keys: &'a KnownKeys) -> wdl_release::Desk<'a> {
    let folder = desk.home.of(Part::Release);
    wdl_release::Desk::new(&folder, &desk.lab, keys, desk.ledger.entries())
}

fn signer(desk: &Desk) -> Signer<'_> {
    Signer {
        actor: &desk.office.actor.id,
        key: &desk.office.key,
    }
}

/// Asks for the release of checked tables.
///
/// # Errors
/// [`Stopped`] when the office may not ask, or there is nothing to ask for.
pub fn request(desk: &mut Desk, tables: &[Checked<Table>]) -> Result<ReleaseId, Stopped> {
    let count = tables.len() as u64;
    let tried = Act::ReleaseRequested {
        release: None,
        tables: count,
    };
    let keys = known_keys(&desk.home, &desk.lab)?;
    desk.act(Permission::RequestRelease, tried, |desk| {
        let request = counter(desk, &keys).request(signer(desk), tables, desk.now)?;
        Ok(Done {
            act: Act::ReleaseRequested {
                release: Some(request.id().clone()),
                tables: count,
            },
            object: Some(request.digest()),
            value: request.id().clone(),
        })
    })
}

/// Votes on a request.
///
/// # Errors
/// [`Stopped`] when the office may not review, asked for it itself or has voted.
pub fn review(desk: &mut Desk, id: &ReleaseId, vote: Vote) -> Result<(), Stopped> {
    let tried = Act::ReleaseReviewed {
        release: id.clone(),
        approved: None,
    };
    let keys = known_keys(&desk.home, &desk.lab)?;
    desk.act(Permission::ReviewRelease, tried, |desk| {
        let review = counter(desk, &keys).review(id, signer(desk), vote, desk.now)?;
        Ok(Done {
            act: Act::ReleaseReviewed {
                release: id.clone(),
                approved: Some(vote == Vote::Approve),
            },
            object: Some(review.digest()),
            value: (),
        })
    })
}

/// Lets a request out that two reviewers agreed on.
///
/// # Errors
/// [`Stopped`] when votes are missing or a reviewer disagreed.
pub fn release(desk: &mut Desk, id: &ReleaseId) -> Result<usize, Stopped> {
    let tried = Act::Released {
        release: id.clone(),
    };
    let keys = known_keys(&desk.home, &desk.lab)?;
    desk.act(Permission::Publish, tried, |desk| {
        let release = counter(desk, &keys).release(id, signer(desk), desk.now)?;
        Ok(Done {
            act: Act::Released {
                release: id.clone(),
            },
            object: Some(release.facts().digest),
            value: release.tables().len(),
        })
    })
}

/// Every request with how far it has come.
///
/// # Errors
/// [`Stopped`] when a file of a request does not hold.
pub fn requests(desk: &Desk) -> Result<Vec<(ReleaseId, Progress)>, Stopped> {
    let keys = known_keys(&desk.home, &desk.lab)?;
    let counter = counter(desk, &keys);
    let mut found = Vec::new();
    for id in counter.requests() {
        found.push((id.clone(), counter.progress(id)?));
    }
    Ok(found)
}
