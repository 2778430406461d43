//! The signed letters of a release and the form they have on disk.
//!
//! A file is `{"body":…,"key":"…","signature":"…"}` in canonical JSON; the signature is over the bytes of the body as they stand.

use jiff::Timestamp;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use wdl_crypto::{Signature, SigningKey, VerifyingKey};
use wdl_protocol::{ActorId, PurposeId};
use wdl_result::Protection;
use wdl_vocab::{BodyId, DatasetId, Digest, IndicatorId, ReleaseId, Text};

/// What a reviewer says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Vote {
    /// It may be released.
    Approve,
    /// It may be released under a condition, which is published with it.
    ApproveIf,
    /// Not as it is: the author changes it and asks again.
    Return,
    /// It may not.
    Reject,
}

impl Vote {
    /// Every vote.
    pub const ALL: [Vote; 4] = [Vote::Approve, Vote::ApproveIf, Vote::Return, Vote::Reject];

    /// Whether it lets the release go.
    pub fn is_for(self) -> bool {
        match self {
            Vote::Approve | Vote::ApproveIf => true,
            Vote::Return | Vote::Reject => false,
        }
    }

    /// Whether it says nothing without words: the condition, or what must change.
    pub fn needs_words(self) -> bool {
        match self {
            Vote::ApproveIf | Vote::Return => true,
            Vote::Approve | Vote::Reject => false,
        }
    }
}

/// What a reviewer says, with the words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opinion {
    /// The vote.
    pub vote: Vote,
    /// The condition, what must change, or why not.
    pub words: Option<String>,
}

impl From<Vote> for Opinion {
    fn from(vote: Vote) -> Opinion {
        Opinion { vote, words: None }
    }
}

/// Why a release is asked for: its purpose under the agreement, and the question it answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Context {
    /// The purposes of the agreement.
    pub purposes: Vec<PurposeId>,
    /// The question, in the author's words.
    pub why: String,
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
    /// What disclosure control reported of the tables, a file that stays in the lab.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) facts: Option<Digest>,
    /// The datasets that the tables rest on: they decide how many reviewers it takes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) sources: Vec<(BodyId, DatasetId)>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) context: Option<Context>,
    /// The request that this one takes the place of: its votes do not count for this one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) replaces: Option<ReleaseId>,
    /// What could not be bounded together with earlier releases: the reviewers answer for it in words.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) unproved: Vec<Text>,
}

/// Votes on a request, sealed: the vote is fixed, and nobody but the reviewer can read it.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReviewLetter {
    pub(crate) release: ReleaseId,
    pub(crate) request: Digest,
    pub(crate) by: ActorId,
    #[serde(with = "time_text")]
    pub(crate) on: Timestamp,
    /// What the vote will be held to: see [`crate::sealed`].
    pub(crate) commitment: Digest,
    /// The vote under the reviewer's own key, in hexadecimal digits.
    pub(crate) sealed: String,
}

/// The same vote, opened when all had voted.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct VoteLetter {
    pub(crate) release: ReleaseId,
    /// The file of the sealed vote.
    pub(crate) review: Digest,
    pub(crate) by: ActorId,
    #[serde(with = "time_text")]
    pub(crate) on: Timestamp,
    pub(crate) opening: Opening,
}

/// What a sealed vote holds: with the nonce nobody can find the vote by trying all of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Opening {
    pub(crate) vote: Vote,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) words: Option<String>,
    /// Thirty-two random bytes, in hexadecimal digits.
    pub(crate) nonce: String,
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
    /// The records of the rules applied, table by table.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) rules: Vec<Digest>,
}

/// Takes a release back.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct WithdrawalLetter {
    pub(crate) release: ReleaseId,
    /// The letter that let it out.
    pub(crate) released: Digest,
    pub(crate) by: ActorId,
    #[serde(with = "time_text")]
    pub(crate) on: Timestamp,
    /// Why, in words for the public.
    pub(crate) why: String,
}

/// The rules that were applied to one released table: published beside it.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RulesLetter {
    /// That the data are invented, when they are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) notice: Option<String>,
    pub(crate) release: ReleaseId,
    pub(crate) request: Digest,
    pub(crate) table: Digest,
    pub(crate) indicator: IndicatorId,
    pub(crate) breakdown: String,
    pub(crate) statistic: String,
    /// The agreement and its rules, as a digest of their files.
    pub(crate) agreement: Digest,
    pub(crate) minimum_frequency: u64,
    pub(crate) suppress_zero: bool,
    pub(crate) suppress_hundred_percent: bool,
    /// How the numbers were changed, where small ones are not hidden.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) protection: Option<Protection>,
    pub(crate) cells: u64,
    pub(crate) cells_hidden: u64,
    /// How many earlier releases it was held against.
    pub(crate) earlier_releases: u64,
    /// How many populations of the release could not be bounded together with them; the reviewers let it go nonetheless, and said why.
    #[serde(default, skip_serializing_if = "is_none")]
    pub(crate) populations_not_bounded: u64,
    pub(crate) reviewers_required: u64,
    pub(crate) reviewers: Vec<ActorId>,
    pub(crate) conditions: Vec<String>,
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
    const CONTEXT: &'static str = "wdl-release-review-v2";
    fn signer(&self) -> &ActorId {
        &self.by
    }
}

impl Letter for VoteLetter {
    const CONTEXT: &'static str = "wdl-release-vote-v1";
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

impl Letter for WithdrawalLetter {
    const CONTEXT: &'static str = "wdl-release-withdrawn-v1";
    fn signer(&self) -> &ActorId {
        &self.by
    }
}

impl Letter for RulesLetter {
    const CONTEXT: &'static str = "wdl-release-rules-v1";
    fn signer(&self) -> &ActorId {
        &self.by
    }
}

/// Whether a number is nought, and not written.
fn is_none(count: &u64) -> bool {
    *count == 0
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

/// What a vote was signed under before votes were sealed.
const EARLIER_VOTE: &str = "wdl-release-review-v1";

/// Whether a file is a vote of a version that did not seal votes, signed and whole.
pub(crate) fn is_earlier_vote(bytes: &[u8]) -> bool {
    signed(bytes, EARLIER_VOTE).is_some()
}

/// The body of a file that a key signed in a context, with key and signature.
fn signed<'b>(bytes: &'b [u8], context: &str) -> Option<(&'b [u8], VerifyingKey, Signature)> {
    let end = bytes.len().checked_sub(TAIL_LENGTH)?;
    let body_bytes = bytes.get(HEAD.len()..end)?;
    let tail_text = std::str::from_utf8(bytes.get(end..)?).ok()?;
    let (key, signature) = tail_text
        .strip_prefix(",\"key\":\"")?
        .strip_suffix("\"}")?
        .split_once("\",\"signature\":\"")?;
    let key: VerifyingKey = key.parse().ok()?;
    let signature: Signature = signature.parse().ok()?;
    key.verify(context, body_bytes, &signature).ok()?;
    Some((body_bytes, key, signature))
}

/// Opens the bytes of a file; `None` when it is no such letter or its signature does not hold.
pub(crate) fn open<L: Letter>(bytes: &[u8]) -> Option<Opened<L>> {
    let (body_bytes, key, signature) = signed(bytes, L::CONTEXT)?;
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
