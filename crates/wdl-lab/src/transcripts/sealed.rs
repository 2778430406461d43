//! The sealed file of a transcript: a first line of what is told of it, then the words, sealed together to the lab's key.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};
use wdl_crypto::{Recipient, SealingKey};
use wdl_ledger::Entry;
use wdl_protocol::PurposeId;
use wdl_vocab::diagnostics::codes::evaluation as codes;
use wdl_vocab::{Diagnostic, Digest, Text};
use zeroize::Zeroizing;

use crate::home::Part;
use crate::{Home, Stopped};

/// What a transcript is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TranscriptKind {
    /// One person was asked.
    Interview,
    /// Several people talked.
    FocusGroup,
    /// One person wrote, in answer to an open question.
    OpenAnswer,
}

impl TranscriptKind {
    /// The kind in words.
    pub fn label(self) -> Text {
        match self {
            TranscriptKind::Interview => Text::fixed("intervista", "interview"),
            TranscriptKind::FocusGroup => Text::fixed("gruppo di discussione", "focus group"),
            TranscriptKind::OpenAnswer => Text::fixed("risposta aperta", "open answer"),
        }
    }
}

/// What is told of a transcript, inside its seal.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct About {
    pub(super) kind: TranscriptKind,
    pub(super) consent: Consent,
    pub(super) participants: Vec<Speaker>,
}

/// What the participants agreed to, and when.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Consent {
    pub(super) purposes: Vec<PurposeId>,
    pub(super) on: String,
}

/// A participant, by a pseudonym.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Speaker {
    pub(super) name: String,
    pub(super) groups: BTreeMap<String, String>,
}

/// What people said, for one reader at one time.
///
/// It neither prints, clones nor serialises, and is wiped when dropped: no table, no answer to a request and no file of a release can be made of it.
// INVARIANT: `plain` holds a line of `About` up to `from`, and from there text.
pub struct Words {
    plain: Zeroizing<Vec<u8>>,
    from: usize,
}

impl Words {
    pub(super) fn bytes(&self) -> &[u8] {
        &self.plain[self.from..]
    }
}

/// Where a sealed transcript lies.
pub(super) fn file(home: &Home, name: &str) -> PathBuf {
    home.of(Part::Transcripts).join(format!("{name}.age"))
}

/// Seals a transcript: its name, the digest of the sealed bytes, and these.
pub(super) fn seal(about: &About, text: &str, to: &Recipient) -> (String, Digest, Vec<u8>) {
    let head = serde_json::to_vec(about).expect("what is told is names and days");
    let mut plain = Zeroizing::new(Vec::with_capacity(head.len() + 1 + text.len()));
    plain.extend_from_slice(&head);
    plain.push(b'\n');
    plain.extend_from_slice(text.as_bytes());
    let sealed = to.seal(&plain);
    let digest = Digest::of(&sealed);
    // Every seal is made with a new key: the name says nothing of what is inside.
    (digest.short(6), digest, sealed)
}

/// Opens a transcript, whose bytes must be those the record names.
pub(super) fn open(
    home: &Home,
    entry: &Entry,
    name: &str,
    key: &SealingKey,
) -> Result<(About, Words), Stopped> {
    let changed = || Stopped::new(Diagnostic::new(codes::TRANSCRIPT_CHANGED).with("entry", name));
    let sealed = std::fs::read(file(home, name)).map_err(|_| changed())?;
    if entry.object != Some(Digest::of(&sealed)) {
        return Err(changed());
    }
    let plain = Zeroizing::new(key.open(&sealed).map_err(|_| changed())?);
    let end = plain.iter().position(|byte| *byte == b'\n');
    let end = end.ok_or_else(changed)?;
    let about = serde_json::from_slice(&plain[..end]).map_err(|_| changed())?;
    Ok((
        about,
        Words {
            plain,
            from: end + 1,
        },
    ))
}

/// Removes a sealed transcript from the disk; one that is gone already is gone.
pub(super) fn remove(home: &Home, name: &str) -> Result<(), Stopped> {
    let path = file(home, name);
    match std::fs::remove_file(&path) {
        Ok(()) => {}
        Err(fault) if fault.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        Err(fault) => return Err(Stopped::file(&path, &fault)),
    }
    // The name must be gone from the disk too.
    let folder = home.of(Part::Transcripts);
    std::fs::File::open(&folder)
        .and_then(|folder| folder.sync_all())
        .map_err(|fault| Stopped::file(&folder, &fault))
}

#[cfg(test)]
mod tests {
    use super::Words;

    /// Of a type that has the trait there are two answers, and the program does not compile.
    macro_rules! has_not {
        ($type:ty, $($trait:tt)+) => {{
            trait OfEvery<A> {
                fn answer() {}
            }
            impl<T: ?Sized> OfEvery<()> for T {}
            impl<T: ?Sized + $($trait)+> OfEvery<u8> for T {}
            <$type as OfEvery<_>>::answer();
        }};
    }

    #[test]
    fn words_cannot_be_copied_printed_or_written_as_data() {
        has_not!(Words, Clone);
        has_not!(Words, std::fmt::Debug);
        has_not!(Words, std::fmt::Display);
        has_not!(Words, serde::Serialize);
    }
}
