//! The three signed letters of a release and the form they have on disk.
//!
//! A file is `{"body":…,"key":"…","signature":"…"}` in canonical JSON; the signature is over the bytes of the body as they stand.

use jiff::Timestamp;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use wdl_crypto::{Signature, SigningKey, VerifyingKey};
use wdl_protocol::ActorId;
use wdl_vocab::{Digest, ReleaseId};

/// What a reviewer says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Vote {
    /// It may be released.
    Approve,
    /// It may not.
    Reject,
}

/// A kind of letter.
pub(crate) trait Letter: Serialize + DeserializeOwned {
    /// What its signature is made for.
    const CONTEXT: &'static str;
    /// The office that signs.
    fn signer(&self) -> &ActorId;
}

/// Asks for the release of some tables.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RequestLetter {
    pub(crate) author: ActorId,
    #[serde(with = "time_text")]
    pub(crate) on: Timestamp,
    /// The digest of the agreement and of the rules in force.
    pub(crate) lab: Digest,
    pub(crate) tables: Vec<Digest>,
}

/// Votes on a request.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReviewLetter {
    pub(crate) release: ReleaseId,
    pub(crate) request: Digest,
    pub(crate) by: ActorId,
    #[serde(with = "time_text")]
    pub(crate) on: Timestamp,
    pub(crate) vote: Vote,
}

/// Lets a request out, on the strength of its reviews.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReleaseLetter {
    pub(crate) release: ReleaseId,
    pub(crate) request: Digest,
    pub(crate) reviews: Vec<Digest>,
    pub(crate) by: ActorId,
    #[serde(with = "time_text")]
    pub(crate) on: Timestamp,
}

impl Letter for RequestLetter {
    const CONTEXT: &'static str = "wdl-release-request-v1";
    fn signer(&self) -> &ActorId {
        &self.author
    }
}

impl Letter for ReviewLetter {
    const CONTEXT: &'static str = "wdl-release-review-v1";
    fn signer(&self) -> &ActorId {
        &self.by
    }
}

impl Letter for ReleaseLetter {
    const CONTEXT: &'static str = "wdl-release-released-v1";
    fn signer(&self) -> &ActorId {
        &self.by
    }
}

/// A letter whose signature holds.
pub(crate) struct Opened<L> {
    pub(crate) letter: L,
    pub(crate) key: VerifyingKey,
    /// The digest of the file.
    pub(crate) digest: Digest,
}

const HEAD: &[u8] = b"{\"body\":";

/// What stands after the body; its length is always the same.
fn tail(key: &VerifyingKey, signature: &Signature) -> Vec<u8> {
    format!(",\"key\":\"{key}\",\"signature\":\"{signature}\"}}").into_bytes()
}

/// The bytes of a tail: key and signature are 64 and 128 digits.
const TAIL_LENGTH: usize = ",\"key\":\"\",\"signature\":\"\"}".len() + 64 + 128;

/// The bytes of a letter's body: its name comes from them.
pub(crate) fn body<L: Letter>(letter: &L) -> Vec<u8> {
    serde_json_canonicalizer::to_vec(letter)
        .expect("a letter is ids, digests and dates, which all have a canonical form")
}

/// Signs a letter and gives the bytes of its file.
pub(crate) fn seal<L: Letter>(letter: &L, key: &SigningKey) -> Vec<u8> {
    let body = body(letter);
    let signature = key.sign(L::CONTEXT, &body);
    [HEAD, &body, &tail(&key.verifying_key(), &signature)].concat()
}

/// Opens the bytes of a file; `None` when it is no such letter or its signature does not hold.
pub(crate) fn open<L: Letter>(bytes: &[u8]) -> Option<Opened<L>> {
    let end = bytes.len().checked_sub(TAIL_LENGTH)?;
    let body_bytes = bytes.get(HEAD.len()..end)?;
    let tail_text = std::str::from_utf8(bytes.get(end..)?).ok()?;
    let (key, signature) = tail_text
        .strip_prefix(",\"key\":\"")?
        .strip_suffix("\"}")?
        .split_once("\",\"signature\":\"")?;
    let key: VerifyingKey = key.parse().ok()?;
    let signature: Signature = signature.parse().ok()?;
    key.verify(L::CONTEXT, body_bytes, &signature).ok()?;
    let letter: L = serde_json::from_slice(body_bytes).ok()?;
    let is_as_written = [HEAD, &body(&letter), &tail(&key, &signature)].concat() == bytes;
    is_as_written.then(|| Opened {
        letter,
        key,
        digest: Digest::of(bytes),
    })
}

/// Time as RFC 3339 text.
mod time_text {
    use super::{Deserialize, Deserializer, Serializer, Timestamp};

    pub(super) fn serialize<S: Serializer>(
        time: &Timestamp,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.collect_str(time)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Timestamp, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(serde::de::Error::custom)
    }
}
