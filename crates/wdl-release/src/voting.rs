//! Votes at the desk: sealed when they are given, opened when all have voted.

use jiff::Timestamp;
use wdl_protocol::{Act, ActorId};
use wdl_vocab::{Digest, ReleaseId};

use crate::desk::{Desk, Signer, WORDS_MAX, check_reviewer, said};
use crate::error::ReleaseError;
use crate::files;
use crate::letters::{self, Opening, Opinion, ReviewLetter, VoteLetter};
use crate::machine::{State, Step};
use crate::reading::{Ballot, opened};
use crate::states::{Review, SealedVote};

impl Desk<'_> {
    /// Lays down a sealed vote. It counts once the ledger has a done entry of [`SealedVote::act`] whose object is [`SealedVote::digest`].
    ///
    /// # Errors
    /// [`ReleaseError`] when the office may not review, asked for it itself, has voted, the vote lacks its words, or the request takes no more votes.
    pub fn review(
        &self,
        id: &ReleaseId,
        by: Signer<'_>,
        opinion: impl Into<Opinion>,
        on: Timestamp,
    ) -> Result<SealedVote, ReleaseError> {
        let Opinion { vote, words } = opinion.into();
        let key = by.key.verifying_key();
        self.check_signer(by.actor, &key, Act::ReviewRelease)?;
        self.check_term(on)?;
        let filed = self.filed(id)?;
        let ballots = self.ballots(&filed)?;
        check_reviewer(&filed, &ballots, by.actor, &key)?;
        self.check_step(&filed, &ballots, Step::Review)?;
        let words = words.map(|words| said(&words)).transpose()?;
        if vote.needs_words() && words.is_none() {
            return Err(ReleaseError::NoWords { maximum: WORDS_MAX });
        }
        let unproved = &filed.request.unproved;
        if vote.is_for() && !unproved.is_empty() && words.is_none() {
            return Err(ReleaseError::NotBounded {
                release: id.clone(),
                unproved: unproved.clone(),
            });
        }
        let request = filed.request.digest;
        let opening = Opening::new(Opinion { vote, words });
        let letter = ReviewLetter {
            release: id.clone(),
            request,
            by: by.actor.clone(),
            on,
            commitment: opening.commitment(request, by.actor),
            sealed: opening.seal(request, by.key),
        };
        let bytes = letters::seal(&letter, by.key);
        let file = files::review(ballots.len() + 1);
        files::write(&self.folder_of(id).join(file), &bytes)?;
        Ok(SealedVote {
            digest: Digest::of(&bytes),
            release: letter.release,
            by: letter.by,
            on,
        })
    }

    /// Opens the vote of an office when all have voted. It counts once the ledger has a done entry of [`Review::act`] whose object is [`Review::digest`].
    ///
    /// # Errors
    /// [`ReleaseError`] while votes are missing, and when no vote waits that this key sealed.
    pub fn open(
        &self,
        id: &ReleaseId,
        by: Signer<'_>,
        on: Timestamp,
    ) -> Result<Review, ReleaseError> {
        let key = by.key.verifying_key();
        self.check_signer(by.actor, &key, Act::ReviewRelease)?;
        self.check_term(on)?;
        let filed = self.filed(id)?;
        let mut ballots = self.ballots(&filed)?;
        self.check_step(&filed, &ballots, Step::Open)?;
        let none = || ReleaseError::NotSealedBy {
            release: id.clone(),
            actor: by.actor.clone(),
        };
        let theirs = ballots.iter().position(|one| waits_for(one, by));
        let at = theirs.ok_or_else(none)?;
        let ballot = &ballots[at];
        let opening = Opening::read(&ballot.letter, by.key).ok_or_else(none)?;
        let letter = VoteLetter {
            release: id.clone(),
            review: ballot.digest,
            by: by.actor.clone(),
            on,
            opening,
        };
        let bytes = letters::seal(&letter, by.key);
        files::write(&self.folder_of(id).join(files::vote(at + 1)), &bytes)?;
        let review = opened(&ballot.letter, letter.opening, Digest::of(&bytes));
        ballots[at].opened = Some(review.clone());
        let all: Option<Vec<&Review>> = ballots.iter().map(|one| one.opened.as_ref()).collect();
        Ok(Review {
            decides: all.map(|all| all.iter().all(|one| one.vote.is_for())),
            ..review
        })
    }

    /// The requests on which a vote of this key waits to be opened, and can be.
    ///
    /// # Errors
    /// [`ReleaseError`] when a file of a request does not hold.
    pub fn to_open(&self, by: Signer<'_>) -> Result<Vec<ReleaseId>, ReleaseError> {
        let mut found = Vec::new();
        for id in self
            .requested
            .iter()
            .filter(|id| !self.released.contains(id))
        {
            let filed = self.filed(id)?;
            let ballots = self.ballots(&filed)?;
            let state = self.progress_of(&filed, &ballots)?.state();
            let is_open = !state.after(Step::Open).is_empty();
            if is_open && ballots.iter().any(|one| waits_for(one, by)) {
                found.push(id.clone());
            }
        }
        Ok(found)
    }

    /// The offices whose votes are still sealed, when all have voted; none in any other state.
    ///
    /// # Errors
    /// [`ReleaseError`] when a file of the request does not hold.
    pub fn unopened(&self, id: &ReleaseId) -> Result<Vec<ActorId>, ReleaseError> {
        let filed = self.filed(id)?;
        let ballots = self.ballots(&filed)?;
        match self.progress_of(&filed, &ballots)?.state() == State::Sealed {
            true => Ok(sealed_by(&ballots)),
            false => Ok(Vec::new()),
        }
    }
}

/// The offices whose votes are not opened.
pub(crate) fn sealed_by(ballots: &[Ballot]) -> Vec<ActorId> {
    let sealed = ballots.iter().filter(|one| one.opened.is_none());
    sealed.map(|one| one.letter.by.clone()).collect()
}

/// Whether a vote is sealed with a key, for the office that holds it.
fn waits_for(ballot: &Ballot, by: Signer<'_>) -> bool {
    let is_theirs = ballot.letter.by == *by.actor && ballot.key == by.key.verifying_key();
    is_theirs && ballot.opened.is_none()
}
