//! What stands in the folder of a release, read again and verified: nothing of it is believed.

use std::path::Path;

use wdl_crypto::VerifyingKey;
use wdl_disclosure::between::Facts;
use wdl_disclosure::breaches;
use wdl_protocol::Act;
use wdl_result::Table;
use wdl_vocab::{Digest, ReleaseId};

use crate::desk::{Desk, check_reviewer, name};
use crate::error::ReleaseError;
use crate::files;
use crate::letters::{
    self, Letter, Opened, Opening, ReleaseLetter, RequestLetter, ReviewLetter, Vote, VoteLetter,
    WithdrawalLetter,
};
use crate::rules;
use crate::states::{Approval, Progress, Release, ReleaseFacts, Request, Review, Withdrawal};
use crate::voting::sealed_by;

/// A vote as it was found on disk, sealed, and opened when it was.
pub(crate) struct Ballot {
    pub(crate) letter: ReviewLetter,
    /// The digest of the sealed file.
    pub(crate) digest: Digest,
    pub(crate) key: VerifyingKey,
    pub(crate) opened: Option<Review>,
}

/// A request that was read, with the key that signed it.
pub(crate) struct Filed {
    pub(crate) request: Request,
    pub(crate) key: VerifyingKey,
}

impl Desk<'_> {
    /// What the reviewers said, once all have voted and opened their votes.
    ///
    /// # Errors
    /// [`ReleaseError`] while votes are missing or sealed, or when anything does not hold.
    pub fn opinions(&self, id: &ReleaseId) -> Result<Vec<Review>, ReleaseError> {
        let filed = self.filed(id)?;
        let ballots = self.ballots(&filed)?;
        match ballots.len() < self.needed(&filed.request) {
            true => Err(ReleaseError::TooEarly {
                release: id.clone(),
            }),
            false => {
                let sealed = sealed_by(&ballots);
                let opened = ballots.into_iter().map(|ballot| ballot.opened);
                opened.collect::<Option<_>>().ok_or(ReleaseError::Unopened {
                    release: id.clone(),
                    by: sealed,
                })
            }
        }
    }

    /// Every withdrawal that the ledger knows, in its order, verified.
    ///
    /// # Errors
    /// [`ReleaseError`] when one of them does not hold.
    pub fn withdrawals(&self) -> Result<Vec<Withdrawal>, ReleaseError> {
        self.withdrawn
            .iter()
            .map(|id| self.taken_back(id))
            .collect()
    }

    pub(crate) fn taken_back(&self, id: &ReleaseId) -> Result<Withdrawal, ReleaseError> {
        let path = self.folder_of(id).join(files::WITHDRAWN);
        let changed = || ReleaseError::Changed { file: path.clone() };
        let opened = self
            .letter::<WithdrawalLetter>(&path)?
            .ok_or_else(changed)?;
        self.check_signer(opened.letter.signer(), &opened.key, Act::Publish)?;
        let release = self.load(id)?;
        let is_of_this =
            opened.letter.release == *id && opened.letter.released == release.facts().digest;
        match is_of_this {
            true => Ok(withdrawal(opened.letter, opened.digest, &release)),
            false => Err(changed()),
        }
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
        if self.withdrawn.contains(id) {
            return self.taken_back(id).map(|_| Progress::Withdrawn);
        }
        if self.released.contains(id) {
            return self.load(id).map(|_| Progress::Released);
        }
        let filed = self.filed(id)?;
        let ballots = self.ballots(&filed)?;
        self.progress_of(&filed, &ballots)
    }

    /// A release, with everything about it verified again.
    ///
    /// # Errors
    /// [`ReleaseError`] when it is not out yet or anything about it does not hold.
    pub fn load(&self, id: &ReleaseId) -> Result<Release, ReleaseError> {
        let filed = self.filed(id)?;
        let ballots = self.ballots(&filed)?;
        let needed = self.needed(&filed.request);
        let voted = self.voted(&filed.request, &ballots);
        if let Some(refusal) = refusal(id, voted, &ballots) {
            return Err(refusal);
        }
        let path = self.folder_of(id).join(files::RELEASED);
        let Some(opened) = self.letter::<ReleaseLetter>(&path)? else {
            return Err(ReleaseError::Waiting {
                release: id.clone(),
                votes: ballots.len(),
                needed,
            });
        };
        self.check_signer(opened.letter.signer(), &opened.key, Act::Publish)?;
        let opened_votes = ballots.iter().filter_map(|ballot| ballot.opened.as_ref());
        let rests_on: Vec<Digest> = opened_votes.map(|review| review.digest).collect();
        let letter = opened.letter;
        let is_of_this = letter.release == *id
            && letter.request == filed.request.digest
            && letter.reviews == rests_on;
        if !is_of_this {
            return Err(ReleaseError::Changed { file: path });
        }
        let records = self.records(&filed.request, &letter.rules)?;
        Ok(made(
            filed.request,
            &ballots,
            letter,
            opened.digest,
            records,
        ))
    }

    /// The records of the rules applied, as they were when it was released; none for a release before there were such records.
    pub(crate) fn records(
        &self,
        request: &Request,
        expected: &[Digest],
    ) -> Result<Vec<Vec<u8>>, ReleaseError> {
        let folder = self.folder_of(&request.id);
        let pairs = request.tables.iter().zip(expected);
        pairs
            .map(|((table, _), expected)| {
                let file = files::rules(&folder, *table);
                let bytes = files::read(&file)?.filter(|bytes| Digest::of(bytes) == *expected);
                bytes.ok_or(ReleaseError::Changed { file })
            })
            .collect()
    }

    /// Every release that is out, in the order of the ledger: what was taken back is not among them.
    ///
    /// # Errors
    /// [`ReleaseError`] when one of them is missing or anything about it does not hold: nothing is then published.
    pub fn load_all(&self) -> Result<Vec<Release>, ReleaseError> {
        let standing = self.released.iter();
        standing
            .filter(|id| !self.withdrawn.contains(id))
            .map(|id| self.load(id))
            .collect()
    }

    /// How many reviewers it takes: more where the agreement asks it of the data.
    pub(crate) fn needed(&self, request: &Request) -> usize {
        self.lab.release.reviewers_for(&request.sources)
    }

    /// What the votes come to.
    pub(crate) fn voted(&self, request: &Request, ballots: &[Ballot]) -> Progress {
        let (votes, needed) = (ballots.len(), self.needed(request));
        if votes < needed {
            return Progress::Waiting { votes, needed };
        }
        let opened: Vec<&Review> = ballots
            .iter()
            .filter_map(|ballot| ballot.opened.as_ref())
            .collect();
        if opened.len() < votes {
            let opened = opened.len();
            return Progress::Sealed { opened, needed };
        }
        let any = |vote| opened.iter().any(|review| review.vote == vote);
        if any(Vote::Reject) {
            Progress::Rejected
        } else if any(Vote::Return) {
            Progress::Returned
        } else if any(Vote::ApproveIf) {
            Progress::Conditional
        } else {
            Progress::Approved
        }
    }

    /// Where a request stands.
    pub(crate) fn progress_of(
        &self,
        filed: &Filed,
        ballots: &[Ballot],
    ) -> Result<Progress, ReleaseError> {
        let id = &filed.request.id;
        if self.withdrawn.contains(id) {
            return Ok(Progress::Withdrawn);
        }
        if self.released.contains(id) {
            return Ok(Progress::Released);
        }
        for other in self.requested.iter().filter(|other| *other != id) {
            let path = self.folder_of(other).join(files::REQUEST);
            let letter = self.letter::<RequestLetter>(&path)?;
            if letter.is_some_and(|opened| opened.letter.replaces.as_ref() == Some(id)) {
                return Ok(Progress::Replaced);
            }
        }
        Ok(self.voted(&filed.request, ballots))
    }

    /// A letter that counts: `None` when there is none, or the ledger does not know the file.
    pub(crate) fn letter<L: Letter>(&self, path: &Path) -> Result<Option<Opened<L>>, ReleaseError> {
        let Some(bytes) = files::read(path)? else {
            return Ok(None);
        };
        let unread = || {
            let file = path.to_owned();
            match letters::is_earlier_vote(&bytes) {
                true => ReleaseError::EarlierVote { file },
                false => ReleaseError::Changed { file },
            }
        };
        let opened = letters::open::<L>(&bytes).ok_or_else(unread)?;
        Ok(self.committed.contains(&opened.digest).then_some(opened))
    }

    pub(crate) fn filed(&self, id: &ReleaseId) -> Result<Filed, ReleaseError> {
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
        let facts = self.facts(id, opened.letter.facts)?;
        Ok(Filed {
            request: requested(id.clone(), opened.digest, opened.letter, tables, facts),
            key: opened.key,
        })
    }

    /// What the lab alone knows of the tables; nothing for a request before there were such files.
    pub(crate) fn facts(
        &self,
        id: &ReleaseId,
        expected: Option<Digest>,
    ) -> Result<Facts, ReleaseError> {
        let Some(expected) = expected else {
            return Ok(Facts::default());
        };
        let file = self.folder_of(id).join(files::FACTS);
        let bytes = files::read(&file)?.filter(|bytes| Digest::of(bytes) == expected);
        let facts = bytes.and_then(|bytes| serde_json::from_slice(&bytes).ok());
        facts.ok_or(ReleaseError::Changed { file })
    }

    pub(crate) fn tables(
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

    /// The votes that count, each verified, by different people, none of them the author; a vote that the ledger knows of and that is not there stops everything.
    pub(crate) fn ballots(&self, filed: &Filed) -> Result<Vec<Ballot>, ReleaseError> {
        let id = &filed.request.id;
        let folder = self.folder_of(id);
        let mut ballots = Vec::new();
        for number in 1..=self.needed(&filed.request) {
            let path = folder.join(files::review(number));
            let Some(read) = self.letter::<ReviewLetter>(&path)? else {
                break;
            };
            let letter = read.letter;
            self.check_signer(&letter.by, &read.key, Act::ReviewRelease)?;
            check_reviewer(filed, &ballots, &letter.by, &read.key)?;
            if letter.release != *id || letter.request != filed.request.digest {
                return Err(ReleaseError::Changed { file: path });
            }
            ballots.push(Ballot {
                letter,
                digest: read.digest,
                key: read.key,
                opened: None,
            });
        }
        let is_there = |vote: &Digest| ballots.iter().any(|one| one.digest == *vote);
        let mut votes = self.votes.iter();
        if votes.any(|(release, vote)| release == id && !is_there(vote)) {
            let file = folder.join(files::review(ballots.len() + 1));
            return Err(ReleaseError::Changed { file });
        }
        self.open_ballots(filed, &mut ballots)?;
        Ok(ballots)
    }

    /// Reads the votes that were opened, each of them the one that was sealed; one that the ledger knows of and that is not there stops everything.
    fn open_ballots(&self, filed: &Filed, ballots: &mut [Ballot]) -> Result<(), ReleaseError> {
        let id = &filed.request.id;
        let folder = self.folder_of(id);
        let mut found: Vec<Digest> = Vec::new();
        // Nobody reads a vote while others are missing, whatever lies on the disk.
        let is_complete = ballots.len() == self.needed(&filed.request);
        for (at, ballot) in ballots.iter_mut().enumerate().filter(|_| is_complete) {
            let path = folder.join(files::vote(at + 1));
            let Some(read) = self.letter::<VoteLetter>(&path)? else {
                continue;
            };
            let letter = read.letter;
            let own = &ballot.letter;
            let is_of_this = letter.release == *id
                && letter.review == ballot.digest
                && letter.by == own.by
                && read.key == ballot.key
                && letter.opening.commitment(own.request, &own.by) == own.commitment;
            if !is_of_this {
                return Err(ReleaseError::Changed { file: path });
            }
            found.push(read.digest);
            ballot.opened = Some(opened(own, letter.opening, read.digest));
        }
        let is_lost =
            |(release, vote): &(ReleaseId, Digest)| release == id && !found.contains(vote);
        match self.opened.iter().any(is_lost) {
            true => {
                let sealed = ballots.iter().position(|one| one.opened.is_none());
                let file = folder.join(files::vote(sealed.unwrap_or_default() + 1));
                Err(ReleaseError::Changed { file })
            }
            false => Ok(()),
        }
    }
}

/// Why a request cannot be let out as its votes stand; `None` when it can.
pub(crate) fn refusal(id: &ReleaseId, voted: Progress, ballots: &[Ballot]) -> Option<ReleaseError> {
    let release = id.clone();
    match voted {
        Progress::Approved | Progress::Conditional | Progress::Released => None,
        Progress::Rejected => Some(ReleaseError::Rejected { release }),
        Progress::Returned => Some(ReleaseError::Returned { release }),
        Progress::Waiting { votes, needed } => Some(ReleaseError::Waiting {
            release,
            votes,
            needed,
        }),
        Progress::Sealed { .. } => Some(ReleaseError::Unopened {
            release,
            by: sealed_by(ballots),
        }),
        Progress::Withdrawn | Progress::Replaced => Some(ReleaseError::NotNow {
            release,
            state: voted.state(),
        }),
    }
}

pub(crate) fn requested(
    id: ReleaseId,
    digest: Digest,
    letter: RequestLetter,
    tables: Vec<(Digest, Table)>,
    facts: Facts,
) -> Request {
    Request {
        id,
        digest,
        author: letter.author,
        on: letter.on,
        tables,
        facts,
        sources: letter.sources,
        context: letter.context,
        replaces: letter.replaces,
        unproved: letter.unproved,
    }
}

pub(crate) fn opened(letter: &ReviewLetter, opening: Opening, digest: Digest) -> Review {
    Review {
        digest,
        release: letter.release.clone(),
        by: letter.by.clone(),
        on: letter.on,
        vote: opening.vote,
        words: opening.words,
        decides: None,
    }
}

pub(crate) fn withdrawal(
    letter: WithdrawalLetter,
    digest: Digest,
    release: &Release,
) -> Withdrawal {
    let names = release.tables().iter().map(|released| {
        let table = released.get();
        (table.header.indicator.clone(), table.breakdown())
    });
    let titled = release.tables().iter().map(|released| {
        let header = &released.get().header;
        (header.indicator.clone(), header.title.clone())
    });
    Withdrawal {
        release: letter.release,
        titles: titled.collect(),
        tables: names.collect(),
        by: letter.by,
        on: letter.on,
        why: letter.why,
        digest,
    }
}

pub(crate) fn made(
    request: Request,
    ballots: &[Ballot],
    letter: ReleaseLetter,
    digest: Digest,
    records: Vec<Vec<u8>>,
) -> Release {
    let all: Vec<&Review> = ballots
        .iter()
        .filter_map(|ballot| ballot.opened.as_ref())
        .collect();
    let mut reviews: Vec<Approval> = all
        .iter()
        .map(|review| Approval {
            by: review.by.clone(),
            on: review.on,
        })
        .collect();
    reviews.sort_by(|one, other| (one.on, &one.by).cmp(&(other.on, &other.by)));
    let facts = ReleaseFacts {
        id: request.id,
        requested_by: request.author,
        requested_on: request.on,
        reviews,
        released_by: letter.by,
        released_on: letter.on,
        conditions: rules::conditions(&all),
        digest,
    };
    Release::new(facts, request.tables, records)
}
