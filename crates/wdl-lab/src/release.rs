//! Results leave: asked for, reviewed by two who did not make them, let out.

use wdl_contract::Contracts;
use wdl_disclosure::Checked;
use wdl_disclosure::between::{
    Edition, Facts, Nesting, Outcome as Attacked, Repair, hide, keep_earlier,
};
use wdl_indicators::Indicators;
use wdl_ledger::{Act, KnownKeys, Outcome, Word};
use wdl_protocol::{Act as Permission, ActorId};
use wdl_release::{Context, Dossier, Opinion, Progress, Review, Signer};
use wdl_result::Table;
use wdl_vocab::{ReleaseId, Text};

use crate::Stopped;
use crate::change::{Paid, recorded};
use crate::decide::without_codes;
use crate::desk::{Desk, Done, known_keys};
use crate::home::Part;
use crate::publish::{Published, publish};
use crate::results::{Results, results};

/// The desk of the releases, as it stands now.
pub(crate) fn counter<'a>(desk: &'a Desk, keys: &'a KnownKeys) -> wdl_release::Desk<'a> {
    let folder = desk.home.of(Part::Release);
    wdl_release::Desk::new(&folder, &desk.lab, keys, desk.ledger.entries())
}

/// The same desk for whoever holds a release against earlier ones: it knows which breakdowns lie in which.
fn counter_between<'a>(
    desk: &'a Desk,
    keys: &'a KnownKeys,
) -> Result<wdl_release::Desk<'a>, Stopped> {
    let lab = desk.home.lab();
    let contracts = Contracts::read(&lab)?;
    let indicators = Indicators::read(&lab, contracts.lists())?;
    let nested = indicators.dimensions().nested(contracts.lists());
    let nestings = nested.into_iter().map(|one| Nesting {
        first: one.inner,
        second: one.outer,
        pairs: one.pairs,
    });
    Ok(counter(desk, keys).with_nestings(nestings.collect()))
}

fn signer(desk: &Desk) -> Signer<'_> {
    Signer {
        actor: &desk.office.actor.id,
        key: &desk.office.key,
    }
}

/// What the lab alone knows of the results.
fn facts_of(results: &Results) -> Facts {
    Facts::of_reports(&results.reports).with_units(results.units.clone())
}

/// How a release that would give somebody away is mended before it is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mending {
    /// The numbers that are out already stand for what is attacked.
    Keep,
    /// Cells are hidden.
    Hide,
}

/// What goes with a request.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    /// Why it is asked for.
    pub context: Option<Context>,
    /// The request it takes the place of.
    pub replaces: Option<ReleaseId>,
    /// How it is mended, should it give somebody away together with earlier releases.
    pub mending: Option<Mending>,
}

/// What a request came to.
#[derive(Clone, Debug)]
pub struct Requested {
    /// Its name.
    pub release: ReleaseId,
    /// How many tables.
    pub tables: usize,
    /// How it was mended.
    pub repair: Option<Repair>,
    /// What could not be bounded together with earlier releases: reviewers who let it go say why.
    pub unproved: Vec<Text>,
}

/// Asks for the release of every table of the snapshot that stands.
///
/// # Errors
/// [`Stopped`] when the office may not ask, the tables cannot be made or protected, or as for every request.
pub fn request_all(
    desk: &mut Desk,
    asked: &Asked,
    tell: &mut dyn FnMut(crate::build::Progress),
) -> Result<Requested, Stopped> {
    request_made(desk, asked, |desk| results(desk, tell))
}

/// Asks for the release of results to be made; that they cannot be is in the record like any refusal.
pub(crate) fn request_made(
    desk: &mut Desk,
    asked: &Asked,
    make: impl FnOnce(&mut Desk) -> Result<Results, Stopped>,
) -> Result<Requested, Stopped> {
    let may = desk.office.may(&desk.lab, Permission::RequestRelease);
    match may.and_then(|()| make(desk)) {
        Ok(results) => request(desk, &results, asked),
        Err(stopped) => {
            let tried = Act::ReleaseRequested {
                release: None,
                tables: 0,
            };
            desk.record(tried, None, Outcome::refused(stopped.code()))?;
            Err(stopped)
        }
    }
}

/// Asks for the release of checked tables.
///
/// # Errors
/// [`Stopped`] when the office may not ask, there is nothing to ask for, or the tables and earlier releases together would give somebody away.
pub fn request(desk: &mut Desk, results: &Results, asked: &Asked) -> Result<Requested, Stopped> {
    let tables = results.tables.len();
    let tried = Act::ReleaseRequested {
        release: None,
        tables: tables as u64,
    };
    let keys = known_keys(&desk.home, &desk.lab)?;
    record_paid(desk, &results.paid)?;
    desk.act(Permission::RequestRelease, tried, |desk| {
        if let Some(context) = &asked.context {
            without_codes(&context.why)?;
        }
        let counter = counter_between(desk, &keys)?;
        let facts = facts_of(results);
        let mend = match asked.mending {
            Some(mending) => counter.with_earlier(|ground, earlier| {
                let new = edition(&results.tables, &facts);
                match mending {
                    Mending::Keep => keep_earlier(ground, earlier, &new),
                    Mending::Hide => hide(ground, earlier, &new),
                }
            })?,
            None => None,
        };
        let repair = mend.as_ref().map(|mend| mend.repair.clone());
        let mended = mend.map(|mend| (mend.facts.clone(), mend.checked(&results.tables)));
        let (facts, shown) = match &mended {
            Some((facts, tables)) => (facts.clone(), tables.as_slice()),
            None => (facts, results.tables.as_slice()),
        };
        let dossier = Dossier {
            tables: shown,
            facts,
            sources: results.sources.iter().cloned().collect(),
            context: asked.context.clone(),
            replaces: asked.replaces.clone(),
        };
        let request = counter.request(signer(desk), &dossier, desk.now)?;
        Ok(Done {
            act: request.act(),
            object: Some(request.digest()),
            value: Requested {
                release: request.id().clone(),
                tables,
                repair,
                unproved: request.unproved().to_vec(),
            },
        })
    })
}

/// What noise has cost stands in the record before anything of it is asked for.
fn record_paid(desk: &mut Desk, paid: &[Paid]) -> Result<(), Stopped> {
    for one in paid {
        let known = recorded(desk, &one.population);
        let is_known = known.is_some_and(|(_, account)| account == Some(one.account));
        let may = desk.office.may(&desk.lab, Permission::RequestRelease);
        if is_known || may.is_err() {
            continue;
        }
        let population = Word::parse(&one.population).expect("a population is a word");
        let act = Act::NoisePaid {
            population,
            spent_thousandths: one.spent_thousandths,
        };
        desk.record(act, Some(one.account), Outcome::DONE)?;
    }
    Ok(())
}

fn edition<'t>(tables: &'t [Checked<Table>], facts: &'t Facts) -> Edition<'t> {
    Edition {
        name: String::new(),
        tables: tables.iter().map(Checked::get).collect(),
        facts,
    }
}

/// What the results would give away together with everything that was released, and the ways out; nothing is recorded.
///
/// # Errors
/// [`Stopped`] when an earlier release does not hold.
pub fn look_between(desk: &Desk, results: &Results) -> Result<(Attacked, Vec<Repair>), Stopped> {
    let keys = known_keys(&desk.home, &desk.lab)?;
    let tables: Vec<&Table> = results.tables.iter().map(Checked::get).collect();
    let facts = facts_of(results);
    Ok(counter_between(desk, &keys)?.look_between(&tables, &facts)?)
}

/// Votes on a request: the vote is sealed with the office's key.
///
/// # Errors
/// [`Stopped`] when the office may not review, asked for it itself or has voted.
pub fn review(desk: &mut Desk, id: &ReleaseId, opinion: &Opinion) -> Result<(), Stopped> {
    let tried = Act::ReleaseReviewed {
        release: id.clone(),
    };
    let keys = known_keys(&desk.home, &desk.lab)?;
    desk.act(Permission::ReviewRelease, tried, |desk| {
        without_codes(opinion.words.as_deref().unwrap_or_default())?;
        let review = counter(desk, &keys).review(id, signer(desk), opinion.clone(), desk.now)?;
        Ok(Done {
            act: review.act(),
            object: Some(review.digest()),
            value: (),
        })
    })
}

/// Opens the office's vote on a request, when all have voted.
///
/// # Errors
/// [`Stopped`] while votes are missing, and when no vote waits that this key sealed.
pub fn open_vote(desk: &mut Desk, id: &ReleaseId) -> Result<(), Stopped> {
    let tried = Act::VoteOpened {
        release: id.clone(),
        approved: None,
    };
    let keys = known_keys(&desk.home, &desk.lab)?;
    desk.act(Permission::ReviewRelease, tried, |desk| {
        let review = counter(desk, &keys).open(id, signer(desk), desk.now)?;
        Ok(Done {
            act: review.act(),
            object: Some(review.digest()),
            value: (),
        })
    })
}

/// Opens every vote of the office that can be opened with its key; tells of which requests.
///
/// # Errors
/// [`Stopped`] when a file of a request does not hold.
pub fn open_votes(desk: &mut Desk) -> Result<Vec<ReleaseId>, Stopped> {
    let keys = known_keys(&desk.home, &desk.lab)?;
    if desk
        .office
        .may(&desk.lab, Permission::ReviewRelease)
        .is_err()
    {
        return Ok(Vec::new());
    }
    let found = counter(desk, &keys).to_open(signer(desk))?;
    for id in &found {
        open_vote(desk, id)?;
    }
    Ok(found)
}

/// The offices whose votes on a request are still sealed, when all have voted.
///
/// # Errors
/// [`Stopped`] when a file of it does not hold.
pub fn unopened(desk: &Desk, id: &ReleaseId) -> Result<Vec<ActorId>, Stopped> {
    let keys = known_keys(&desk.home, &desk.lab)?;
    Ok(counter(desk, &keys).unopened(id)?)
}

/// How far a request has come.
///
/// # Errors
/// [`Stopped`] when a file of it does not hold.
pub fn progress(desk: &Desk, id: &ReleaseId) -> Result<Progress, Stopped> {
    let keys = known_keys(&desk.home, &desk.lab)?;
    Ok(counter(desk, &keys).progress(id)?)
}

/// What the reviewers said, once all have voted.
///
/// # Errors
/// [`Stopped`] while votes are missing.
pub fn opinions(desk: &Desk, id: &ReleaseId) -> Result<Vec<Review>, Stopped> {
    let keys = known_keys(&desk.home, &desk.lab)?;
    Ok(counter(desk, &keys).opinions(id)?)
}

/// Takes a release back, and the site with it.
///
/// # Errors
/// [`Stopped`] when the office may not, it is not out, or the site cannot be made; the withdrawal then stands, and `wdl publish` makes the site.
pub fn withdraw(desk: &mut Desk, id: &ReleaseId, why: &str) -> Result<Published, Stopped> {
    let tried = Act::Withdrawn {
        release: id.clone(),
    };
    let keys = known_keys(&desk.home, &desk.lab)?;
    desk.act(Permission::Publish, tried, |desk| {
        without_codes(why)?;
        let withdrawal = counter(desk, &keys).withdraw(id, signer(desk), why, desk.now)?;
        Ok(Done {
            act: withdrawal.act(),
            object: Some(withdrawal.digest),
            value: (),
        })
    })?;
    publish(desk)
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
        let release = counter_between(desk, &keys)?.release(id, signer(desk), desk.now)?;
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
