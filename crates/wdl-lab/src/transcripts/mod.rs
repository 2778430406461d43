//! Transcripts of interviews, of focus groups and open answers: sealed as they come, read by who may, destroyed when the consent is withdrawn.
//!
//! What somebody said stands in one place alone, the sealed file in the vault; whose it is, the groups they are in and what they agreed to stand inside the same seal.
//! The record names a transcript by the digest of its sealed bytes, which says nothing of what they hold.
//! No type here that holds words can be printed, copied or written as data, so that no result and no release can carry them.

mod screening;
mod sealed;
mod themes;

use std::io::Write as _;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::Serialize;
use wdl_crypto::Recipient;
use wdl_ledger::{Act, Entry, Word, verify};
use wdl_protocol::{Act as Permission, ActorId, Lab, PurposeId};
use wdl_release::Progress;
use wdl_vocab::diagnostics::codes::approval;
use wdl_vocab::diagnostics::codes::evaluation as codes;
use wdl_vocab::{Diagnostic, ReleaseId, Text, did_you_mean};
use zeroize::Zeroizing;

use crate::decide::without_codes;
use crate::desk::{Done, known_keys};
use crate::home::Part;
use crate::office::{Secrets, recipient_file};
use crate::{Desk, Home, Stopped, write};

use sealed::{About, Consent, Speaker};
pub use sealed::{TranscriptKind, Words};
pub use themes::{ThemesAsked, request_themes};

/// What is told of a transcript when it is handed in, as it was typed.
#[derive(Clone, Debug)]
pub struct Handed<'a> {
    /// What it is of.
    pub kind: TranscriptKind,
    /// The purposes of the agreement that the participants agreed to.
    pub consent: &'a [String],
    /// The day they did.
    pub consented_on: &'a str,
    /// Their pseudonyms.
    pub participants: &'a [String],
    /// Their groups: `quartiere=Q1` of all, `p07:quartiere=Q1` of one.
    pub groups: &'a [String],
    /// Whether it is kept although it holds what looks like a name or a number of somebody.
    pub with_identifiers: bool,
}

/// A transcript that was sealed.
#[derive(Clone, Debug, Serialize)]
pub struct Kept {
    /// The name the lab gave it.
    pub transcript: String,
    /// Its participants.
    pub participants: usize,
    /// Passages that may identify somebody and were kept nonetheless.
    pub identifiers: usize,
}

/// What the record says of a transcript.
#[derive(Clone, Debug, Serialize)]
pub struct TranscriptLine {
    /// Its name.
    pub transcript: String,
    /// The office that sealed it.
    pub by: ActorId,
    /// When.
    pub on: String,
    /// How often it was read.
    pub readings: usize,
    /// When it was destroyed, if it was.
    pub destroyed_on: Option<String>,
}

/// What was made from a transcript before its consent was withdrawn.
#[derive(Clone, Debug, Serialize)]
pub struct Derived {
    /// The release whose tables counted it.
    pub release: ReleaseId,
    /// How far it has come.
    pub state: Text,
}

/// Seals a transcript into the lab.
///
/// # Errors
/// [`Stopped`] when the office may not, the agreement or the consent does not hold, or the text is none that can be kept.
pub fn keep(desk: &mut Desk, bytes: &[u8], handed: &Handed<'_>) -> Result<Kept, Stopped> {
    let act = |transcript| Act::TranscriptKept { transcript };
    desk.act(Permission::KeepTranscript, act(None), |desk| {
        let today = desk.now.to_zoned(TimeZone::UTC).date();
        if !desk.lab.holds_on(today) {
            let expired = Diagnostic::new(approval::EXPIRED);
            return Err(Stopped::new(expired.with("value", today)));
        }
        let about = about(desk, handed, today)?;
        let text = screening::text(bytes)?;
        let found = screening::identifiers(text);
        if !found.is_empty() && !handed.with_identifiers {
            return Err(Stopped::new(
                Diagnostic::new(codes::TRANSCRIPT_IDENTIFIERS)
                    .with("count", found.len())
                    .with_words("detail", &screening::words(&found)),
            ));
        }
        let recipient = Recipient::read(&recipient_file(&desk.home))?;
        let (name, digest, sealed) = sealed::seal(&about, text, &recipient);
        write(&sealed::file(&desk.home, &name), &sealed)?;
        Ok(Done {
            act: act(Word::parse(&name).ok()),
            object: Some(digest),
            value: Kept {
                transcript: name,
                participants: about.participants.len(),
                identifiers: found.len(),
            },
        })
    })
}

/// Reads a transcript, for one of the purposes its participants agreed to; the reading is in the record before a word is shown.
///
/// # Errors
/// [`Stopped`] when the office may not, there is no such transcript any more, or they did not agree to the purpose.
pub fn open(desk: &mut Desk, name: &str, purpose: &str) -> Result<Words, Stopped> {
    let known = standing(desk.ledger.entries(), name);
    let word = Word::parse(name).ok().filter(|_| known.is_some());
    let act = Act::TranscriptRead { transcript: word };
    let purpose = purpose_of(&desk.lab, purpose);
    desk.act(Permission::ReadTranscript, act.clone(), |desk| {
        let entry = there(desk.ledger.entries(), name)?;
        let secrets = Secrets::read(&desk.home)?;
        let (about, words) = sealed::open(&desk.home, entry, name, &secrets.sealing)?;
        agreed(name, &about, &purpose?)?;
        Ok(Done {
            act,
            object: entry.object,
            value: words,
        })
    })
}

/// Destroys a transcript because its consent was withdrawn, and says what was made from it.
///
/// # Errors
/// [`Stopped`] when the office may not, there is no such transcript any more, or the disk refuses.
pub fn destroy(desk: &mut Desk, name: &str) -> Result<Vec<Derived>, Stopped> {
    let known = standing(desk.ledger.entries(), name);
    let word = Word::parse(name).ok().filter(|_| known.is_some());
    let act = Act::TranscriptDestroyed { transcript: word };
    let keys = known_keys(&desk.home, &desk.lab)?;
    desk.act(Permission::KeepTranscript, act.clone(), |desk| {
        let entry = there(desk.ledger.entries(), name)?;
        let secrets = Secrets::read(&desk.home)?;
        let derived = themes::derived(desk, &keys, &secrets, name)?;
        // The record follows: a crash between leaves a transcript that cannot be read and can be withdrawn again.
        sealed::remove(&desk.home, name)?;
        Ok(Done {
            act,
            object: entry.object,
            value: derived,
        })
    })
}

/// What the record says of every transcript; nobody needs to act for it, and nothing is recorded.
///
/// # Errors
/// [`Stopped`] when the record does not hold.
pub fn transcripts(home: &Home) -> Result<Vec<TranscriptLine>, Stopped> {
    let lab = Lab::read(&home.lab())?;
    let keys = known_keys(home, &lab)?;
    let record = verify(&home.of(Part::Ledger), &keys)?;
    let mut lines: Vec<TranscriptLine> = Vec::new();
    for entry in record.entries().iter().filter(|one| one.outcome.is_done()) {
        match &entry.act {
            Act::TranscriptKept {
                transcript: Some(name),
            } => lines.push(TranscriptLine {
                transcript: name.to_string(),
                by: entry.actor.clone(),
                on: entry.time.to_string(),
                readings: 0,
                destroyed_on: None,
            }),
            Act::TranscriptRead {
                transcript: Some(name),
            } => {
                for own in lines
                    .iter_mut()
                    .filter(|own| own.transcript == name.as_str())
                {
                    own.readings += 1;
                }
            }
            Act::TranscriptDestroyed {
                transcript: Some(name),
            } => {
                for own in lines
                    .iter_mut()
                    .filter(|own| own.transcript == name.as_str())
                {
                    own.destroyed_on = Some(entry.time.to_string());
                }
            }
            _ => {}
        }
    }
    Ok(lines)
}

/// The entry that sealed a transcript, and whether it was destroyed since; none when the record knows no such name.
fn standing<'e>(entries: &'e [Entry], name: &str) -> Option<(&'e Entry, bool)> {
    let is_it = |own: &Option<Word>| own.as_ref().is_some_and(|own| own.as_str() == name);
    let done = || entries.iter().filter(|one| one.outcome.is_done());
    let kept = done()
        .find(|one| matches!(&one.act, Act::TranscriptKept { transcript } if is_it(transcript)))?;
    let is_gone = done().any(
        |one| matches!(&one.act, Act::TranscriptDestroyed { transcript } if is_it(transcript)),
    );
    Some((kept, is_gone))
}

/// The entry of a transcript that can still be read.
fn there<'e>(entries: &'e [Entry], name: &str) -> Result<&'e Entry, Stopped> {
    match standing(entries, name) {
        Some((entry, false)) => Ok(entry),
        Some((_, true)) => Err(Stopped::new(
            Diagnostic::new(codes::TRANSCRIPT_WITHDRAWN).with("entry", name),
        )),
        // What was typed is not repeated: it may be anything.
        None => Err(Stopped::new(Diagnostic::new(codes::TRANSCRIPT_UNKNOWN))),
    }
}

/// That the participants agreed to a purpose.
fn agreed(name: &str, about: &About, purpose: &PurposeId) -> Result<(), Stopped> {
    match about.consent.purposes.contains(purpose) {
        true => Ok(()),
        false => {
            let all = about.consent.purposes.iter().map(PurposeId::as_str);
            Err(Stopped::new(
                Diagnostic::new(codes::CONSENT_MISSING)
                    .with("entry", name)
                    .with("name", purpose)
                    .with("expected", all.collect::<Vec<_>>().join(", ")),
            ))
        }
    }
}

/// A purpose of the agreement.
fn purpose_of(lab: &Lab, typed: &str) -> Result<PurposeId, Stopped> {
    let all = lab.agreement.purposes.iter();
    let known: Vec<&str> = all.map(|own| own.id.as_str()).collect();
    let found = PurposeId::parse(typed)
        .ok()
        .filter(|id| lab.agreement.purpose(id).is_some());
    found.ok_or_else(|| {
        Stopped::new(
            Diagnostic::new(approval::UNKNOWN_PURPOSE)
                .with("name", typed)
                .with("expected", known.join(", "))
                .suggest(did_you_mean(typed, known.iter().copied())),
        )
    })
}

/// What is told of a transcript, once it is as it must be.
fn about(desk: &Desk, handed: &Handed<'_>, today: Date) -> Result<About, Stopped> {
    let purposes = handed.consent.iter();
    let purposes: Vec<PurposeId> = purposes
        .map(|typed| purpose_of(&desk.lab, typed))
        .collect::<Result<_, _>>()?;
    let day = handed.consented_on.parse::<Date>().ok();
    let Some(on) = day.filter(|day| *day <= today) else {
        let detail = match day {
            Some(_) => Text::fixed("è dopo oggi", "it is after today"),
            None => Text::fixed("non è un giorno", "it is no day"),
        };
        let told = Diagnostic::new(codes::CONSENT_DATE).with_words("detail", &detail);
        return Err(Stopped::new(told));
    };
    Ok(About {
        kind: handed.kind,
        consent: Consent {
            purposes,
            on: on.to_string(),
        },
        participants: speakers(handed)?,
    })
}

fn badly_told(option: &str, it: &str, en: &str) -> Stopped {
    Stopped::new(
        Diagnostic::new(codes::PARTICIPANT)
            .with("option", option)
            .with_words("detail", &Text::new(it, en)),
    )
}

/// The participants with their groups.
fn speakers(handed: &Handed<'_>) -> Result<Vec<Speaker>, Stopped> {
    let mut speakers: Vec<Speaker> = Vec::new();
    for typed in handed.participants {
        let name = named("--participant", typed)?;
        if speakers.iter().any(|own| own.name == name) {
            return Err(badly_told(
                "--participant",
                "è detto due volte",
                "it is told twice",
            ));
        }
        speakers.push(Speaker {
            name,
            groups: std::collections::BTreeMap::new(),
        });
    }
    match (handed.kind, speakers.len()) {
        (_, 0) => {
            return Err(badly_told(
                "--participant",
                "non c'è nessuno",
                "there is nobody",
            ));
        }
        (TranscriptKind::Interview | TranscriptKind::OpenAnswer, 2..) => {
            return Err(badly_told(
                "--participant",
                "più persone sono un gruppo di discussione",
                "several people are a focus group",
            ));
        }
        (
            TranscriptKind::Interview | TranscriptKind::OpenAnswer | TranscriptKind::FocusGroup,
            _,
        ) => {}
    }
    for typed in handed.groups {
        add_group(&mut speakers, typed)?;
    }
    Ok(speakers)
}

fn add_group(speakers: &mut [Speaker], typed: &str) -> Result<(), Stopped> {
    let bad = |it, en| badly_told("--group", it, en);
    let Some((key, value)) = typed.split_once('=') else {
        return Err(bad("manca `=`", "`=` is missing"));
    };
    let (of, dimension) = match key.split_once(':') {
        Some((of, dimension)) => (Some(of), dimension),
        None => (None, key),
    };
    let dimension = named("--group", dimension)?;
    // Categories keep their case: those of the lab's code lists have it.
    without_codes(value)?;
    let is_legal = |b: u8| b.is_ascii_alphanumeric() || b"_-".contains(&b);
    if value.is_empty() || value.len() > 40 || !value.bytes().all(is_legal) {
        return Err(bad(
            "il valore non è una categoria",
            "the value is no category",
        ));
    }
    let mut met = false;
    for own in speakers
        .iter_mut()
        .filter(|own| of.is_none_or(|of| own.name == of))
    {
        met = true;
        if own
            .groups
            .insert(dimension.clone(), value.to_owned())
            .is_some()
        {
            return Err(bad("una persona ha due valori", "a person has two values"));
        }
    }
    match met {
        true => Ok(()),
        false => Err(bad("di nessun partecipante", "of no participant")),
    }
}

/// A pseudonym, or the name of a breakdown: a short word that is nobody's code.
fn named(option: &str, typed: &str) -> Result<String, Stopped> {
    without_codes(typed)?;
    let is_short = typed.len() <= 40;
    match wdl_vocab::ids::checked(typed) {
        Ok(name) if is_short => Ok(name),
        _ => Err(badly_told(
            option,
            "non è uno pseudonimo",
            "it is no pseudonym",
        )),
    }
}

/// How far a release is, in words.
fn state_words(progress: Progress) -> Text {
    progress.state().label()
}

impl Words {
    /// Writes what was said; to whom, the caller answers for.
    ///
    /// # Errors
    /// When the writer refuses.
    pub fn write_to(&self, out: &mut dyn std::io::Write) -> std::io::Result<()> {
        out.write_all(self.bytes())
    }

    /// The words as they are shown on a screen.
    ///
    /// # Panics
    /// Never: memory takes what is written.
    pub fn shown(&self) -> Zeroizing<Vec<u8>> {
        let mut shown = Zeroizing::new(Vec::with_capacity(self.bytes().len()));
        shown
            .write_all(self.bytes())
            .expect("memory takes what is written");
        shown
    }
}
