//! The desk where requests are laid down, voted on and let out.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use wdl_crypto::{SigningKey, VerifyingKey};
use wdl_disclosure::{Checked, breaches};
use wdl_ledger::{self as ledger, Entry, KnownKeys};
use wdl_protocol::{Act, ActorId, Lab};
use wdl_result::Table;
use wdl_vocab::{Digest, ReleaseId};

use crate::error::ReleaseError;
use crate::files;
use crate::letters::{self, Letter, Opened, ReleaseLetter, RequestLetter, ReviewLetter, Vote};
use crate::states::{Approval, Facts, Progress, Release, Request, Review};

/// The folder of releases, read under one agreement, with the keys that are known and the acts that the ledger holds.
pub struct Desk<'a> {
    folder: PathBuf,
    lab: &'a Lab,
    keys: &'a KnownKeys,
    /// The digests of files that a done entry of the ledger names.
    committed: BTreeSet<Digest>,
    requested: Vec<ReleaseId>,
    released: Vec<ReleaseId>,
}

/// An office and the key it signs with.
#[derive(Clone, Copy)]
pub struct Signer<'a> {
    /// The office.
    pub actor: &'a ActorId,
    /// Its key.
    pub key: &'a SigningKey,
}

/// A vote as it was found on disk.
struct Ballot {
    review: Review,
    key: VerifyingKey,
}

/// A request that was read, with the key that signed it.
struct Filed {
    request: Request,
    key: VerifyingKey,
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
        Desk {
            folder: folder.to_owned(),
            lab,
            keys,
            committed: done().filter_map(|entry| entry.object).collect(),
            requested: requested.collect(),
            released: released.collect(),
        }
    }

    /// Lays down a request. It counts once the ledger has a done entry of [`Request::act`] whose object is [`Request::digest`].
    ///
    /// The same request at the same time is the same file.
    ///
    /// # Errors
    /// [`ReleaseError`] when the office may not ask, or there is nothing to ask for.
    pub fn request(
        &self,
        by: Signer<'_>,
        tables: &[Checked<Table>],
        on: Timestamp,
    ) -> Result<Request, ReleaseError> {
        self.check_signer(by.actor, &by.key.verifying_key(), Act::RequestRelease)?;
        let digests: Vec<Digest> = tables.iter().map(|table| table.get().digest()).collect();
        let distinct: BTreeSet<&Digest> = digests.iter().collect();
        if tables.is_empty() || distinct.len() < tables.len() {
            return Err(ReleaseError::NoTables);
        }
        let letter = RequestLetter {
            author: by.actor.clone(),
            on,
            lab: self.lab.digest,
            tables: digests.clone(),
        };
        let id = name(&letter);
        let folder = self.folder_of(&id);
        for (digest, table) in digests.iter().zip(tables) {
            let bytes =
                serde_json::to_vec(table.get()).expect("a table is finite numbers and text");
            files::write(&files::table(&folder, *digest), &bytes)?;
        }
        let bytes = letters::seal(&letter, by.key);
        files::write(&folder.join(files::REQUEST), &bytes)?;
        Ok(Request {
            id,
            digest: Digest::of(&bytes),
            author: letter.author,
            on,
            tables: digests
                .into_iter()
                .zip(tables.iter().map(|table| table.get().clone()))
                .collect(),
        })
    }

    /// Lays down a vote. It counts once the ledger has a done entry of [`Review::act`] whose object is [`Review::digest`].
    ///
    /// # Errors
    /// [`ReleaseError`] when the office may not review, asked for it itself, has voted, or the request takes no more votes.
    pub fn review(
        &self,
        id: &ReleaseId,
        by: Signer<'_>,
        vote: Vote,
        on: Timestamp,
    ) -> Result<Review, ReleaseError> {
        let key = by.key.verifying_key();
        self.check_signer(by.actor, &key, Act::ReviewRelease)?;
        let filed = self.filed(id)?;
        let ballots = self.ballots(&filed)?;
        check_reviewer(&filed, &ballots, by.actor, &key)?;
        if self.progress_of(&ballots) != self.waiting(ballots.len()) || self.released.contains(id) {
            return Err(ReleaseError::Closed {
                release: id.clone(),
            });
        }
        let letter = ReviewLetter {
            release: id.clone(),
            request: filed.request.digest,
            by: by.actor.clone(),
            on,
            vote,
        };
        let bytes = letters::seal(&letter, by.key);
        let file = files::review(ballots.len() + 1);
        files::write(&self.folder_of(id).join(file), &bytes)?;
        Ok(Review {
            digest: Digest::of(&bytes),
            release: letter.release,
            by: letter.by,
            on,
            vote,
        })
    }

    /// Lets a request out that all reviewers agreed on. It counts once the ledger has a done entry of [`Release::act`] whose object is the digest in its facts.
    ///
    /// # Errors
    /// [`ReleaseError`] when the office may not, votes are missing, a reviewer disagreed, or it is out already.
    pub fn release(
        &self,
        id: &ReleaseId,
        by: Signer<'_>,
        on: Timestamp,
    ) -> Result<Release, ReleaseError> {
        self.check_signer(by.actor, &by.key.verifying_key(), Act::Publish)?;
        let filed = self.filed(id)?;
        let ballots = self.ballots(&filed)?;
        self.check_approved(id, &ballots)?;
        if self.released.contains(id) {
            return Err(ReleaseError::Closed {
                release: id.clone(),
            });
        }
        let letter = ReleaseLetter {
            release: id.clone(),
            request: filed.request.digest,
            reviews: ballots.iter().map(|ballot| ballot.review.digest).collect(),
            by: by.actor.clone(),
            on,
        };
        let bytes = letters::seal(&letter, by.key);
        files::write(&self.folder_of(id).join(files::RELEASED), &bytes)?;
        Ok(made(filed.request, &ballots, letter, Digest::of(&bytes)))
    }

    /// A request, verified, with its tables: what a reviewer reads.
    ///
    /// # Errors
    /// [`ReleaseError`] when it is not there or anything about it does not hold.
    pub fn read(&self, id: &ReleaseId) -> Result<Request, ReleaseError> {
        Ok(self.filed(id)?.request)
    }

    /// How far a request has come.
    ///
    /// # Errors
    /// [`ReleaseError`] when it is not there or anything about it does not hold.
    pub fn progress(&self, id: &ReleaseId) -> Result<Progress, ReleaseError> {
        if self.released.contains(id) {
            return self.load(id).map(|_| Progress::Released);
        }
        let ballots = self.ballots(&self.filed(id)?)?;
        Ok(self.progress_of(&ballots))
    }

    /// A release, with everything about it verified again.
    ///
    /// # Errors
    /// [`ReleaseError`] when it is not out yet or anything about it does not hold.
    pub fn load(&self, id: &ReleaseId) -> Result<Release, ReleaseError> {
        let filed = self.filed(id)?;
        let ballots = self.ballots(&filed)?;
        self.check_approved(id, &ballots)?;
        let path = self.folder_of(id).join(files::RELEASED);
        let Some(opened) = self.letter::<ReleaseLetter>(&path)? else {
            return Err(ReleaseError::Waiting {
                release: id.clone(),
                votes: ballots.len(),
                needed: self.needed(),
            });
        };
        self.check_signer(opened.letter.signer(), &opened.key, Act::Publish)?;
        let rests_on: Vec<Digest> = ballots.iter().map(|ballot| ballot.review.digest).collect();
        let letter = opened.letter;
        let is_of_this = letter.release == *id
            && letter.request == filed.request.digest
            && letter.reviews == rests_on;
        match is_of_this {
            true => Ok(made(filed.request, &ballots, letter, opened.digest)),
            false => Err(ReleaseError::Changed { file: path }),
        }
    }

    /// Every request that the ledger knows, in its order.
    pub fn requests(&self) -> &[ReleaseId] {
        &self.requested
    }

    /// Every release that the ledger knows, in its order.
    ///
    /// # Errors
    /// [`ReleaseError`] when one of them is missing or anything about it does not hold: nothing is then published.
    pub fn load_all(&self) -> Result<Vec<Release>, ReleaseError> {
        self.released.iter().map(|id| self.load(id)).collect()
    }

    fn folder_of(&self, id: &ReleaseId) -> PathBuf {
        self.folder.join(id.as_str())
    }

    fn needed(&self) -> usize {
        self.lab.release.reviewers_required.get()
    }

    fn waiting(&self, votes: usize) -> Progress {
        Progress::Waiting {
            votes,
            needed: self.needed(),
        }
    }

    fn progress_of(&self, ballots: &[Ballot]) -> Progress {
        if ballots.len() < self.needed() {
            return self.waiting(ballots.len());
        }
        let agrees = |ballot: &Ballot| ballot.review.vote == Vote::Approve;
        match ballots.iter().all(agrees) {
            true => Progress::Approved,
            false => Progress::Rejected,
        }
    }

    fn check_approved(&self, id: &ReleaseId, ballots: &[Ballot]) -> Result<(), ReleaseError> {
        let release = id.clone();
        match self.progress_of(ballots) {
            Progress::Approved | Progress::Released => Ok(()),
            Progress::Rejected => Err(ReleaseError::Rejected { release }),
            Progress::Waiting { votes, needed } => Err(ReleaseError::Waiting {
                release,
                votes,
                needed,
            }),
        }
    }

    /// A letter that counts: `None` when there is none, or the ledger does not know the file.
    fn letter<L: Letter>(&self, path: &Path) -> Result<Option<Opened<L>>, ReleaseError> {
        let Some(bytes) = files::read(path)? else {
            return Ok(None);
        };
        let changed = || ReleaseError::Changed {
            file: path.to_owned(),
        };
        let opened = letters::open::<L>(&bytes).ok_or_else(changed)?;
        Ok(self.committed.contains(&opened.digest).then_some(opened))
    }

    fn check_signer(
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

    fn filed(&self, id: &ReleaseId) -> Result<Filed, ReleaseError> {
        let folder = self.folder_of(id);
        let path = folder.join(files::REQUEST);
        let unknown = || ReleaseError::Unknown {
            release: id.clone(),
        };
        let opened = self.letter::<RequestLetter>(&path)?.ok_or_else(unknown)?;
        if name(&opened.letter) != *id {
            return Err(ReleaseError::Changed { file: path });
        }
        self.check_signer(&opened.letter.author, &opened.key, Act::RequestRelease)?;
        let tables = self.tables(id, &opened.letter.tables)?;
        Ok(Filed {
            request: Request {
                id: id.clone(),
                digest: opened.digest,
                author: opened.letter.author,
                on: opened.letter.on,
                tables,
            },
            key: opened.key,
        })
    }

    fn tables(
        &self,
        id: &ReleaseId,
        digests: &[Digest],
    ) -> Result<Vec<(Digest, Table)>, ReleaseError> {
        let folder = self.folder_of(id);
        let mut tables = Vec::new();
        for digest in digests {
            let file = files::table(&folder, *digest);
            let bytes = files::read(&file)?.filter(|bytes| Digest::of(bytes) == *digest);
            let table: Option<Table> = bytes.and_then(|bytes| serde_json::from_slice(&bytes).ok());
            let Some(table) = table else {
                return Err(ReleaseError::Changed { file });
            };
            let cells = breaches(&table, self.lab.disclosure.general());
            if cells > 0 {
                return Err(ReleaseError::TooSmall {
                    release: id.clone(),
                    cells,
                });
            }
            tables.push((*digest, table));
        }
        Ok(tables)
    }

    /// The votes that count, each verified, by different people, none of them the author.
    fn ballots(&self, filed: &Filed) -> Result<Vec<Ballot>, ReleaseError> {
        let mut ballots = Vec::new();
        for number in 1..=self.needed() {
            let path = self
                .folder_of(&filed.request.id)
                .join(files::review(number));
            let Some(opened) = self.letter::<ReviewLetter>(&path)? else {
                break;
            };
            let letter = opened.letter;
            self.check_signer(&letter.by, &opened.key, Act::ReviewRelease)?;
            check_reviewer(filed, &ballots, &letter.by, &opened.key)?;
            if letter.release != filed.request.id || letter.request != filed.request.digest {
                return Err(ReleaseError::Changed { file: path });
            }
            ballots.push(Ballot {
                review: Review {
                    digest: opened.digest,
                    release: letter.release,
                    by: letter.by,
                    on: letter.on,
                    vote: letter.vote,
                },
                key: opened.key,
            });
        }
        Ok(ballots)
    }
}

/// The name of a request: the beginning of the digest of what it says.
fn name(letter: &RequestLetter) -> ReleaseId {
    let digest = Digest::of(&letters::body(letter));
    ReleaseId::parse(&digest.short(8)).expect("hexadecimal digits are an identifier")
}

/// A reviewer is neither the author nor somebody who has voted, under whatever office the key signs.
fn check_reviewer(
    filed: &Filed,
    ballots: &[Ballot],
    actor: &ActorId,
    key: &VerifyingKey,
) -> Result<(), ReleaseError> {
    let (release, actor) = (filed.request.id.clone(), actor.clone());
    if filed.request.author == actor || filed.key == *key {
        return Err(ReleaseError::OwnRequest { release, actor });
    }
    let is_theirs = |ballot: &Ballot| ballot.review.by == actor || ballot.key == *key;
    match ballots.iter().any(is_theirs) {
        true => Err(ReleaseError::VotedAlready { release, actor }),
        false => Ok(()),
    }
}

fn made(request: Request, ballots: &[Ballot], letter: ReleaseLetter, digest: Digest) -> Release {
    let mut reviews: Vec<Approval> = ballots
        .iter()
        .map(|ballot| Approval {
            by: ballot.review.by.clone(),
            on: ballot.review.on,
        })
        .collect();
    reviews.sort_by(|one, other| (one.on, &one.by).cmp(&(other.on, &other.by)));
    let facts = Facts {
        id: request.id,
        requested_by: request.author,
        requested_on: request.on,
        reviews,
        released_by: letter.by,
        released_on: letter.on,
        digest,
    };
    Release::new(facts, request.tables)
}
