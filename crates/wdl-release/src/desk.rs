//! The desk where requests are laid down, voted on and let out.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use jiff::{SignedDuration, Timestamp, tz};
use wdl_crypto::{SigningKey, VerifyingKey};
use wdl_disclosure::Checked;
use wdl_disclosure::between::{self, Edition, Facts, Ground, Nesting, Outcome, Repair};
use wdl_ledger::{self as ledger, Entry, KnownKeys};
use wdl_protocol::{Act, ActorId, Lab};
use wdl_result::Table;
use wdl_vocab::{BodyId, DatasetId, Digest, ReleaseId, Text};

use crate::error::ReleaseError;
use crate::files;
use crate::letters::{self, Context, ReleaseLetter, RequestLetter, WithdrawalLetter};
use crate::machine::{State, Step};
use crate::reading::{Ballot, Filed, made, refusal, requested, withdrawal};
use crate::rules::Applied;
use crate::states::{Release, Request, Review, Withdrawal};

/// The longest condition, question or reason.
pub(crate) const WORDS_MAX: usize = 500;

/// The folder of releases, read under one agreement, with the keys that are known and the acts that the ledger holds.
pub struct Desk<'a> {
    pub(crate) folder: PathBuf,
    pub(crate) lab: &'a Lab,
    pub(crate) keys: &'a KnownKeys,
    /// The digests of files that a done entry of the ledger names.
    pub(crate) committed: BTreeSet<Digest>,
    /// The sealed votes that the ledger knows of, each with its request.
    pub(crate) votes: BTreeSet<(ReleaseId, Digest)>,
    /// The same for votes that were opened.
    pub(crate) opened: BTreeSet<(ReleaseId, Digest)>,
    pub(crate) requested: Vec<ReleaseId>,
    pub(crate) released: Vec<ReleaseId>,
    pub(crate) withdrawn: Vec<ReleaseId>,
    pub(crate) nestings: Vec<Nesting>,
}

/// What is asked for: tables, what the lab alone knows of them, what they rest on, and why.
#[derive(Clone, Debug)]
pub struct Dossier<'a> {
    /// The tables.
    pub tables: &'a [Checked<Table>],
    /// What disclosure control said of them.
    pub facts: Facts,
    /// The datasets they rest on.
    pub sources: Vec<(BodyId, DatasetId)>,
    /// Why.
    pub context: Option<Context>,
    /// The request that this one takes the place of.
    pub replaces: Option<ReleaseId>,
}

impl<'a> Dossier<'a> {
    /// Tables of which nothing else is said.
    pub fn of(tables: &'a [Checked<Table>]) -> Dossier<'a> {
        Dossier {
            tables,
            facts: Facts::default(),
            sources: Vec::new(),
            context: None,
            replaces: None,
        }
    }
}

/// An office and the key it signs with.
#[derive(Clone, Copy)]
pub struct Signer<'a> {
    /// The office.
    pub actor: &'a ActorId,
    /// Its key.
    pub key: &'a SigningKey,
}

impl<'a> Desk<'a> {
    /// The desk of a lab: `folder` is its `state/release`, `entries` those of its ledger.
    pub fn new(folder: &Path, lab: &'a Lab, keys: &'a KnownKeys, entries: &[Entry]) -> Desk<'a> {
        let done = || entries.iter().filter(|entry| entry.outcome.is_done());
        let requested = done().filter_map(|entry| match &entry.act {
            ledger::Act::ReleaseRequested { release, .. } => release.clone(),
            _ => None,
        });
        let released = done().filter_map(|entry| match &entry.act {
            ledger::Act::Released { release } => Some(release.clone()),
            _ => None,
        });
        let withdrawn = done().filter_map(|entry| match &entry.act {
            ledger::Act::Withdrawn { release } => Some(release.clone()),
            _ => None,
        });
        let votes = done().filter_map(|entry| match &entry.act {
            ledger::Act::ReleaseReviewed { release } => Some((release.clone(), entry.object?)),
            _ => None,
        });
        let opened = done().filter_map(|entry| match &entry.act {
            ledger::Act::VoteOpened { release, .. } => Some((release.clone(), entry.object?)),
            _ => None,
        });
        Desk {
            votes: votes.collect(),
            opened: opened.collect(),
            withdrawn: withdrawn.collect(),
            nestings: Vec::new(),
            folder: folder.to_owned(),
            lab,
            keys,
            committed: done().filter_map(|entry| entry.object).collect(),
            requested: requested.collect(),
            released: released.collect(),
        }
    }

    /// The same desk, knowing which breakdowns lie in each other.
    pub fn with_nestings(self, nestings: Vec<Nesting>) -> Desk<'a> {
        Desk { nestings, ..self }
    }

    /// Lays down a request. It counts once the ledger has a done entry of [`Request::act`] whose object is [`Request::digest`].
    ///
    /// The same request at the same time is the same file.
    ///
    /// # Errors
    /// [`ReleaseError`] when the office may not ask, there is nothing to ask for, or the tables and earlier releases together would give somebody away.
    pub fn request(
        &self,
        by: Signer<'_>,
        dossier: &Dossier<'_>,
        on: Timestamp,
    ) -> Result<Request, ReleaseError> {
        self.check_signer(by.actor, &by.key.verifying_key(), Act::RequestRelease)?;
        self.check_term(on)?;
        let tables = dossier.tables;
        let digests: Vec<Digest> = tables.iter().map(|table| table.get().digest()).collect();
        let distinct: BTreeSet<&Digest> = digests.iter().collect();
        if tables.is_empty() || distinct.len() < tables.len() {
            return Err(ReleaseError::NoTables);
        }
        self.check_context(dossier.context.as_ref())?;
        if let Some(old) = &dossier.replaces {
            self.check_replaces(old, by.actor)?;
        }
        let shown: Vec<&Table> = tables.iter().map(Checked::get).collect();
        let unproved = self.check_between(&shown, &dossier.facts)?;
        let mut sources = dossier.sources.clone();
        sources.sort();
        sources.dedup();
        let facts = serde_json::to_vec(&dossier.facts).expect("facts are names and counts");
        let letter = RequestLetter {
            author: by.actor.clone(),
            on,
            lab: self.lab.digest,
            tables: digests.clone(),
            facts: Some(Digest::of(&facts)),
            sources,
            context: dossier.context.clone(),
            replaces: dossier.replaces.clone(),
            unproved,
        };
        let id = name(&letter);
        let folder = self.folder_of(&id);
        for (digest, table) in digests.iter().zip(tables) {
            let bytes =
                serde_json::to_vec(table.get()).expect("a table is finite numbers and text");
            files::write(&files::table(&folder, *digest), &bytes)?;
        }
        files::write(&folder.join(files::FACTS), &facts)?;
        let bytes = letters::seal(&letter, by.key);
        files::write(&folder.join(files::REQUEST), &bytes)?;
        let shown = tables.iter().map(|table| table.get().clone());
        Ok(requested(
            id,
            Digest::of(&bytes),
            letter,
            digests.into_iter().zip(shown).collect(),
            dossier.facts.clone(),
        ))
    }

    /// What tables would give away together with everything that was released, and what the ways out cost; nothing is written.
    ///
    /// # Errors
    /// [`ReleaseError`] when an earlier release does not hold.
    pub fn look_between(
        &self,
        tables: &[&Table],
        facts: &Facts,
    ) -> Result<(Outcome, Vec<Repair>), ReleaseError> {
        self.with_earlier(|ground, earlier| {
            let new = edition(String::new(), tables.to_vec(), facts);
            let outcome = between::check(ground, earlier, &new);
            let repairs = outcome.repairs(ground, earlier, &new);
            (outcome, repairs)
        })
    }

    /// Hands over the ground and every release that ever left, also those that were taken back.
    ///
    /// # Errors
    /// [`ReleaseError`] when an earlier release does not hold.
    pub fn with_earlier<T>(
        &self,
        work: impl FnOnce(&Ground, &[Edition<'_>]) -> T,
    ) -> Result<T, ReleaseError> {
        let filed: Vec<(Release, Facts)> = self
            .released
            .iter()
            .map(|id| Ok((self.load(id)?, self.filed(id)?.request.facts)))
            .collect::<Result<_, ReleaseError>>()?;
        let earlier: Vec<Edition<'_>> = filed
            .iter()
            .map(|(release, facts)| {
                let tables = release.tables().iter().map(|table| table.get());
                edition(release.facts().id.to_string(), tables.collect(), facts)
            })
            .collect();
        let ground = Ground::new(self.lab.disclosure.clone()).with_nestings(self.nestings.clone());
        Ok(work(&ground, &earlier))
    }

    /// Lets a request out that all reviewers agreed on. It counts once the ledger has a done entry of [`Release::act`] whose object is the digest in its facts.
    ///
    /// # Errors
    /// [`ReleaseError`] when the office may not, the agreement is over, votes are missing, a reviewer disagreed, it is out already, or what was released meanwhile makes it unsafe.
    pub fn release(
        &self,
        id: &ReleaseId,
        by: Signer<'_>,
        on: Timestamp,
    ) -> Result<Release, ReleaseError> {
        self.check_signer(by.actor, &by.key.verifying_key(), Act::Publish)?;
        self.check_term(on)?;
        let filed = self.filed(id)?;
        let ballots = self.ballots(&filed)?;
        self.check_step(&filed, &ballots, Step::Release)?;
        let shown: Vec<&Table> = filed
            .request
            .tables
            .iter()
            .map(|(_, table)| table)
            .collect();
        self.check_known(
            id,
            self.check_between(&shown, &filed.request.facts)?,
            &filed,
        )?;
        let reviews: Vec<&Review> = ballots
            .iter()
            .filter_map(|ballot| ballot.opened.as_ref())
            .collect();
        let applied = Applied {
            lab: self.lab,
            request: &filed.request,
            reviews: &reviews,
            needed: self.needed(&filed.request),
            earlier: self.released.len(),
            by,
            on,
        };
        let mut records = Vec::with_capacity(filed.request.tables.len());
        for (digest, table) in &filed.request.tables {
            let bytes = applied.seal(*digest, table);
            files::write(&files::rules(&self.folder_of(id), *digest), &bytes)?;
            records.push(bytes);
        }
        let letter = ReleaseLetter {
            release: id.clone(),
            request: filed.request.digest,
            reviews: reviews.iter().map(|review| review.digest).collect(),
            by: by.actor.clone(),
            on,
            rules: records.iter().map(|record| Digest::of(record)).collect(),
        };
        let bytes = letters::seal(&letter, by.key);
        files::write(&self.folder_of(id).join(files::RELEASED), &bytes)?;
        Ok(made(
            filed.request,
            &ballots,
            letter,
            Digest::of(&bytes),
            records,
        ))
    }

    /// Takes a release back, whether or not the agreement still holds. It counts once the ledger has a done entry of [`Withdrawal::act`] whose object is its digest.
    ///
    /// # Errors
    /// [`ReleaseError`] when the office may not, it is not out, or no reason is given.
    pub fn withdraw(
        &self,
        id: &ReleaseId,
        by: Signer<'_>,
        why: &str,
        on: Timestamp,
    ) -> Result<Withdrawal, ReleaseError> {
        self.check_signer(by.actor, &by.key.verifying_key(), Act::Publish)?;
        let filed = self.filed(id)?;
        let ballots = self.ballots(&filed)?;
        self.check_step(&filed, &ballots, Step::Withdraw)?;
        let release = self.load(id)?;
        let letter = WithdrawalLetter {
            release: id.clone(),
            released: release.facts().digest,
            by: by.actor.clone(),
            on,
            why: said(why)?,
        };
        let bytes = letters::seal(&letter, by.key);
        files::write(&self.folder_of(id).join(files::WITHDRAWN), &bytes)?;
        Ok(withdrawal(letter, Digest::of(&bytes), &release))
    }

    /// Every request that the ledger knows, in its order.
    pub fn requests(&self) -> &[ReleaseId] {
        &self.requested
    }

    pub(crate) fn folder_of(&self, id: &ReleaseId) -> PathBuf {
        self.folder.join(id.as_str())
    }

    /// Whether a step may follow where a request stands.
    pub(crate) fn check_step(
        &self,
        filed: &Filed,
        ballots: &[Ballot],
        step: Step,
    ) -> Result<(), ReleaseError> {
        let progress = self.progress_of(filed, ballots)?;
        let state = progress.state();
        if !state.after(step).is_empty() {
            return Ok(());
        }
        let release = filed.request.id.clone();
        Err(match (state, step) {
            (_, Step::Review) | (State::Released, Step::Release) => {
                ReleaseError::Closed { release }
            }
            (State::Waiting, Step::Open) => ReleaseError::TooEarly { release },
            (_, Step::Release) => refusal(&release, progress, ballots)
                .unwrap_or(ReleaseError::NotNow { release, state }),
            (_, Step::Open | Step::Replace | Step::Withdraw) => {
                ReleaseError::NotNow { release, state }
            }
        })
    }

    /// Whether a request may take the place of another: the same office asked for it, and it is not settled for good.
    fn check_replaces(&self, old: &ReleaseId, by: &ActorId) -> Result<(), ReleaseError> {
        let filed = self.filed(old)?;
        let ballots = self.ballots(&filed)?;
        if filed.request.author != *by {
            return Err(ReleaseError::UnknownKey { actor: by.clone() });
        }
        self.check_step(&filed, &ballots, Step::Replace)
    }

    /// Whether the agreement holds at an instant: on its day in Greenwich and two hours on, so that no hour of the day after is ever inside.
    pub(crate) fn check_term(&self, on: Timestamp) -> Result<(), ReleaseError> {
        let ahead = on + SignedDuration::from_hours(2);
        for instant in [on, ahead] {
            let day = instant.to_zoned(tz::TimeZone::UTC).date();
            if !self.lab.holds_on(day) {
                return Err(ReleaseError::Expired { day });
            }
        }
        Ok(())
    }

    fn check_context(&self, context: Option<&Context>) -> Result<(), ReleaseError> {
        let Some(context) = context else {
            return Ok(());
        };
        said(&context.why)?;
        let known = &self.lab.agreement;
        let unknown = context
            .purposes
            .iter()
            .find(|id| known.purpose(id).is_none());
        match unknown {
            None if context.purposes.is_empty() => {
                Err(ReleaseError::NoWords { maximum: WORDS_MAX })
            }
            None => Ok(()),
            Some(name) => Err(ReleaseError::UnknownPurpose {
                name: name.clone(),
                known: known.purposes.iter().map(|one| one.id.clone()).collect(),
            }),
        }
    }

    /// Whether the reviewers saw everything that cannot be bounded now.
    fn check_known(
        &self,
        id: &ReleaseId,
        unproved: Vec<Text>,
        filed: &Filed,
    ) -> Result<(), ReleaseError> {
        let seen = &filed.request.unproved;
        let unseen: Vec<Text> = unproved
            .into_iter()
            .filter(|one| !seen.contains(one))
            .collect();
        match unseen.is_empty() {
            true => Ok(()),
            false => Err(ReleaseError::Unseen {
                release: id.clone(),
                unproved: unseen,
            }),
        }
    }

    /// Whether tables may leave beside everything that has left; what could not be bounded is told.
    fn check_between(&self, tables: &[&Table], facts: &Facts) -> Result<Vec<Text>, ReleaseError> {
        let outcome = self.with_earlier(|ground, earlier| {
            let new = edition(String::new(), tables.to_vec(), facts);
            between::check(ground, earlier, &new)
        })?;
        match outcome.findings.is_empty() {
            true => Ok(outcome.unproved.iter().map(|one| one.text()).collect()),
            false => Err(ReleaseError::GivesAway {
                findings: outcome.findings,
            }),
        }
    }

    pub(crate) fn check_signer(
        &self,
        actor: &ActorId,
        key: &VerifyingKey,
        act: Act,
    ) -> Result<(), ReleaseError> {
        let office = self
            .lab
            .actor(actor)
            .ok_or_else(|| ReleaseError::UnknownOffice {
                actor: actor.clone(),
            })?;
        if !self.keys.knows(actor, key) {
            return Err(ReleaseError::UnknownKey {
                actor: actor.clone(),
            });
        }
        Ok(self.lab.actor_may(office, act)?)
    }
}

/// The name of a request: the beginning of the digest of what it says.
pub(crate) fn name(letter: &RequestLetter) -> ReleaseId {
    let digest = Digest::of(&letters::body(letter));
    ReleaseId::parse(&digest.short(8)).expect("hexadecimal digits are an identifier")
}

/// A reviewer is neither the author nor somebody who has voted, under whatever office the key signs.
pub(crate) fn check_reviewer(
    filed: &Filed,
    ballots: &[Ballot],
    actor: &ActorId,
    key: &VerifyingKey,
) -> Result<(), ReleaseError> {
    let (release, actor) = (filed.request.id.clone(), actor.clone());
    if filed.request.author == actor || filed.key == *key {
        return Err(ReleaseError::OwnRequest { release, actor });
    }
    let is_theirs = |ballot: &Ballot| ballot.letter.by == actor || ballot.key == *key;
    match ballots.iter().any(is_theirs) {
        true => Err(ReleaseError::VotedAlready { release, actor }),
        false => Ok(()),
    }
}

/// Words that say something, on one line.
pub(crate) fn said(words: &str) -> Result<String, ReleaseError> {
    let words: Vec<&str> = words.split_whitespace().collect();
    let words = words.join(" ");
    match (1..=WORDS_MAX).contains(&words.chars().count()) {
        true => Ok(words),
        false => Err(ReleaseError::NoWords { maximum: WORDS_MAX }),
    }
}

fn edition<'t>(name: String, tables: Vec<&'t Table>, facts: &'t Facts) -> Edition<'t> {
    Edition {
        name,
        tables,
        facts,
    }
}
