//! A vote that its reviewer alone can read until all have voted, and cannot change any more.
//!
//! The commitment is the SHA-256 of the request, the office and the opening (vote, words, nonce) in canonical JSON: it binds the reviewer, and tells nothing.
//! The opening lies beside it under the reviewer's own signing key, so that nothing but that key need be kept; all sealed votes are equally long.

use std::fmt::Write as _;

use serde::Serialize;
use wdl_crypto::SigningKey;
use wdl_protocol::ActorId;
use wdl_vocab::Digest;

use crate::letters::{Opening, Opinion, ReviewLetter};

const CONTEXT: &str = "wdl-release-sealed-vote-v1";

/// Every opening is filled up to this: five hundred characters of six bytes each, and the rest.
const LENGTH: usize = 4096;

/// What a commitment is the hash of.
#[derive(Serialize)]
struct Committed<'a> {
    context: &'static str,
    request: Digest,
    by: &'a ActorId,
    opening: &'a Opening,
}

impl Opening {
    /// A vote with a fresh nonce.
    pub(crate) fn new(opinion: Opinion) -> Opening {
        Opening {
            vote: opinion.vote,
            words: opinion.words,
            nonce: digits(&wdl_crypto::nonce()),
        }
    }

    /// What fixes it for one office and one request.
    pub(crate) fn commitment(&self, request: Digest, by: &ActorId) -> Digest {
        let committed = Committed {
            context: CONTEXT,
            request,
            by,
            opening: self,
        };
        let bytes = serde_json_canonicalizer::to_vec(&committed)
            .expect("digests, names and text have a canonical form");
        Digest::of(&bytes)
    }

    /// The opening under a key of its own.
    pub(crate) fn seal(&self, request: Digest, key: &SigningKey) -> String {
        let mut plain = serde_json::to_vec(self).expect("a vote is text");
        assert!(plain.len() <= LENGTH, "words are at most so long");
        plain.resize(LENGTH, b' ');
        digits(&key.seal_own(CONTEXT, &request.0, &plain))
    }

    /// Opens a sealed vote; `None` when the key did not seal it, or what is in it is not what was promised.
    pub(crate) fn read(letter: &ReviewLetter, key: &SigningKey) -> Option<Opening> {
        let sealed = bytes(&letter.sealed)?;
        let plain = key.open_own(CONTEXT, &letter.request.0, &sealed)?;
        let opening: Opening = serde_json::from_slice(&plain).ok()?;
        let is_promised = opening.commitment(letter.request, &letter.by) == letter.commitment;
        is_promised.then_some(opening)
    }
}

fn digits(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

fn bytes(digits: &str) -> Option<Vec<u8>> {
    let is_right =
        digits.len().is_multiple_of(2) && digits.bytes().all(|one| one.is_ascii_hexdigit());
    let byte = |at: usize| u8::from_str_radix(digits.get(at..at + 2)?, 16).ok();
    is_right
        .then(|| (0..digits.len()).step_by(2).map(byte).collect())
        .flatten()
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test that cannot go on stops")]
mod tests {
    use wdl_crypto::SigningKey;
    use wdl_protocol::ActorId;
    use wdl_vocab::{Digest, ReleaseId};

    use crate::letters::{Opening, ReviewLetter, Vote};

    #[test]
    fn what_is_sealed_is_read_only_where_it_was_promised() {
        let (key, request) = (SigningKey::generate(), Digest::of(b"request"));
        let by = ActorId::parse("revisione_comune").unwrap();
        let [sealed, promised] =
            [Vote::Approve, Vote::Reject].map(|vote| Opening::new(vote.into()));
        let letter = |commitment: Digest| ReviewLetter {
            release: ReleaseId::parse("r1").unwrap(),
            request,
            by: by.clone(),
            on: "2026-11-05T09:00:00Z".parse().unwrap(),
            commitment,
            sealed: sealed.seal(request, &key),
        };
        let own = letter(sealed.commitment(request, &by));
        assert_eq!(Opening::read(&own, &key), Some(sealed.clone()));
        assert_eq!(Opening::read(&own, &SigningKey::generate()), None);
        let other = letter(promised.commitment(request, &by));
        assert_eq!(Opening::read(&other, &key), None);
    }
}
