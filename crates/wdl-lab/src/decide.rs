//! A person decides on a doubt of the linkage: permitted by the agreement, left in the record, applied at the next build.
//!
//! What was decided about, and why, stands in `state/decisions/`, one file a decision; the record names the file by its digest and the doubt by a name made with a secret of the lab.
//! A file that no entry names is inert; one that an entry names and that is not as it was stops the build.
//! A decision is undone by a later one only: on one doubt the last word counts.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use wdl_crypto::HashKey;
use wdl_ledger::{Act, Entry, KnownKeys, Word, verify};
use wdl_linkage::staged::{self, Question, Verdict};
use wdl_protocol::{Act as Permission, ActorId, Lab};
use wdl_vocab::diagnostics::codes::linkage as codes;
use wdl_vocab::{Diagnostic, Digest};

use crate::desk::{Done, known_keys};
use crate::home::Part;
use crate::linkage::{Doubts, accepted_before};
use crate::office::Secrets;
use crate::{Desk, Home, Stopped, write};

/// The longest reason.
const REASON_MAX: usize = 500;

/// What a person wants to decide.
#[derive(Clone, Copy, Debug)]
pub struct Ruling<'a> {
    /// The doubt, by its name.
    pub doubt: &'a str,
    /// The answer.
    pub verdict: Verdict,
    /// Why.
    pub reason: &'a str,
    /// Whether it is known that somebody has decided before.
    pub is_again: bool,
}

/// A decision that counts.
#[derive(Clone, Debug, Serialize)]
pub struct Decided {
    /// The doubt, by its name.
    pub doubt: String,
    /// The answer.
    pub verdict: Verdict,
    /// Who decided.
    pub by: ActorId,
    /// When.
    pub on: String,
    /// Why.
    pub reason: String,
    /// Whether a later decision took its place.
    pub is_replaced: bool,
    /// What was asked, in numbers of the lab.
    #[serde(skip)]
    pub(crate) about: Question,
    /// The place of the newest delivery of its time among all that came.
    #[serde(skip)]
    delivery: u32,
}

/// A decision as its file says it.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Letter {
    doubt: String,
    about: Question,
    verdict: Verdict,
    reason: String,
    by: ActorId,
    on: String,
}

/// The name of a doubt: it follows from who and what it is about, and only the lab can make it.
pub(crate) fn name(about: &Question, ids: &HashKey) -> String {
    let bytes = serde_json::to_vec(about).expect("numbers and names have a JSON form");
    Digest(ids.hash("doubt", &bytes)).short(5)
}

/// Decides on a doubt.
///
/// # Errors
/// [`Stopped`] when the office may not, there is no such doubt any more, somebody has decided, or the reason does not do.
pub fn decide(desk: &mut Desk, ruling: Ruling<'_>) -> Result<(), Stopped> {
    let keys = known_keys(&desk.home, &desk.lab)?;
    let before = read_all(&desk.home, &desk.lab, &keys, desk.ledger.entries())?;
    let secrets = Secrets::read(&desk.home)?;
    let doubts = Doubts::read(&desk.home, desk.ledger.entries(), &secrets.ids);
    let last = before.iter().rev().find(|one| one.doubt == ruling.doubt);
    let is_known = last.is_some() || doubts.as_ref().is_ok_and(|all| all.knows(ruling.doubt));
    let word = Word::parse(ruling.doubt).ok().filter(|_| is_known);
    let act = |same| Act::DoubtDecided {
        doubt: word.clone(),
        same,
    };
    desk.act(Permission::DecideDoubt, act(None), |desk| {
        let reason = checked(ruling.reason)?;
        let about = asked(ruling, last, &doubts?)?;
        let letter = Letter {
            doubt: ruling.doubt.to_owned(),
            about,
            verdict: ruling.verdict,
            reason: reason.to_owned(),
            by: desk.office.actor.id.clone(),
            on: desk.now.to_string(),
        };
        let bytes = serde_json::to_vec(&letter).expect("a letter is numbers and text");
        let digest = Digest::of(&bytes);
        write(&file(&desk.home, &digest), &bytes)?;
        Ok(Done {
            act: act(Some(ruling.verdict == Verdict::Same)),
            object: Some(digest),
            value: (),
        })
    })
}

/// Every decision, the earliest first; nobody needs to act for it, and nothing is recorded.
///
/// # Errors
/// [`Stopped`] when the record or a decision does not hold.
pub fn decisions(home: &Home) -> Result<Vec<Decided>, Stopped> {
    let lab = Lab::read(&home.lab())?;
    let keys = known_keys(home, &lab)?;
    let record = verify(&home.of(Part::Ledger), &keys)?;
    read_all(home, &lab, &keys, record.entries())
}

/// What is asked by a doubt that may be decided on.
fn asked(ruling: Ruling<'_>, last: Option<&Decided>, doubts: &Doubts) -> Result<Question, Stopped> {
    if let Some(last) = last {
        let is_other = last.verdict != ruling.verdict;
        if ruling.is_again && is_other {
            return Ok(last.about.clone());
        }
        return Err(Stopped::new(
            Diagnostic::new(codes::ALREADY_DECIDED)
                .with("entry", ruling.doubt)
                .with("name", &last.by),
        ));
    }
    match doubts.standing(ruling.doubt) {
        Some(about) => Ok(about.clone()),
        None if doubts.knows(ruling.doubt) => Err(Stopped::new(
            Diagnostic::new(codes::STALE_DOUBT)
                .with("entry", ruling.doubt)
                .with("snapshot", &doubts.snapshot),
        )),
        // What was typed is not repeated: it may be anything.
        None => Err(Stopped::new(Diagnostic::new(codes::UNKNOWN_DOUBT))),
    }
}

/// A reason that says something and holds nobody's code.
fn checked(reason: &str) -> Result<&str, Stopped> {
    let reason = reason.trim();
    if reason.is_empty() || reason.chars().count() > REASON_MAX {
        let diagnostic = Diagnostic::new(codes::NO_REASON);
        return Err(Stopped::new(diagnostic.with("maximum", REASON_MAX)));
    }
    without_codes(reason).map(|()| reason)
}

/// Whether words hold nobody's code.
///
/// # Errors
/// [`Stopped`] when they do.
pub(crate) fn without_codes(words: &str) -> Result<(), Stopped> {
    match holds_code(words) {
        true => Err(Stopped::new(Diagnostic::new(codes::REASON_HOLDS_CODE))),
        false => Ok(()),
    }
}

/// Whether a text holds something with the shape of a tax code, of an STP or ENI code, or a number long enough to be anybody's.
///
/// Spaces, dots and dashes inside a code hide nothing.
fn holds_code(text: &str) -> bool {
    let without = |marks: &str| -> Vec<char> {
        let is_mark = |one: &char| one.is_whitespace() || marks.contains(*one);
        text.chars().filter(|one| !is_mark(one)).collect()
    };
    // Days are written with dashes and strokes, and two of them are no number.
    let (close, numbers) = (without(".-_/"), without("."));
    let mut spoken = text.split(|one: char| !one.is_alphanumeric());
    let is_word = |word: &str| has_tax_code_shape(&word.chars().collect::<Vec<char>>(), 0);
    // Words that stand together may look like a code with letters for digits: together they need digits.
    close.windows(16).any(|part| has_tax_code_shape(part, 3))
        || spoken.any(is_word)
        || numbers
            .windows(9)
            .any(|part| part.iter().all(|one| one.is_numeric()))
}

/// Six letters, then the signs of a birth date, a place and a check letter, of which so many are digits; the letters that stand for digits in codes made unequal count as such.
pub(crate) fn has_tax_code_shape(signs: &[char], digits_min: usize) -> bool {
    const NUMBERS: [usize; 7] = [6, 7, 9, 10, 12, 13, 14];
    if signs.len() != 16 {
        return false;
    }
    let is_number =
        |sign: char| sign.is_ascii_digit() || "LMNPQRSTUV".contains(sign.to_ascii_uppercase());
    let digits = NUMBERS
        .iter()
        .filter(|place| signs[**place].is_ascii_digit());
    digits.count() >= digits_min
        && signs
            .iter()
            .enumerate()
            .all(|(place, sign)| match NUMBERS.contains(&place) {
                true => is_number(*sign),
                false => sign.is_ascii_alphabetic(),
            })
}

fn file(home: &Home, digest: &Digest) -> std::path::PathBuf {
    let name = format!("{}.json", digest.short(16));
    home.of(Part::Decisions).join(name)
}

/// The decisions that the record names, the earliest first, each as it was and by an office that may.
pub(crate) fn read_all(
    home: &Home,
    lab: &Lab,
    keys: &KnownKeys,
    entries: &[Entry],
) -> Result<Vec<Decided>, Stopped> {
    let mut found: Vec<Decided> = Vec::new();
    for (place, entry) in entries.iter().enumerate() {
        let Act::DoubtDecided {
            doubt: Some(doubt),
            same: Some(same),
        } = &entry.act
        else {
            continue;
        };
        if !entry.outcome.is_done() {
            continue;
        }
        let letter = letter(home, entry, doubt, *same)?;
        let office = lab
            .actor(&entry.actor)
            .filter(|_| keys.knows(&entry.actor, &entry.key));
        match office {
            Some(office) => lab.actor_may(office, Permission::DecideDoubt)?,
            None => return Err(changed(home, entry, doubt)),
        }
        for before in found.iter_mut().filter(|one| one.doubt == letter.doubt) {
            before.is_replaced = true;
        }
        found.push(Decided {
            doubt: letter.doubt,
            verdict: letter.verdict,
            by: letter.by,
            on: letter.on,
            reason: letter.reason,
            is_replaced: false,
            about: letter.about,
            delivery: accepted_before(&entries[..place]),
        });
    }
    Ok(found)
}

fn letter(home: &Home, entry: &Entry, doubt: &Word, same: bool) -> Result<Letter, Stopped> {
    let bytes = entry.object.and_then(|digest| {
        let bytes = std::fs::read(file(home, &digest)).ok()?;
        (Digest::of(&bytes) == digest).then_some(bytes)
    });
    let letter = bytes.and_then(|bytes| serde_json::from_slice::<Letter>(&bytes).ok());
    let is_of_this = |letter: &Letter| {
        letter.doubt == doubt.as_str()
            && letter.by == entry.actor
            && letter.on == entry.time.to_string()
            && (letter.verdict == Verdict::Same) == same
    };
    letter
        .filter(is_of_this)
        .ok_or_else(|| changed(home, entry, doubt))
}

fn changed(home: &Home, entry: &Entry, doubt: &Word) -> Stopped {
    let file = entry.object.map(|digest| file(home, &digest));
    let file = file.unwrap_or_else(|| home.of(Part::Decisions));
    Stopped::new(
        Diagnostic::new(codes::DECISION_CHANGED)
            .with("entry", doubt)
            .with("file", file.display()),
    )
}

/// What the linkage reads, in the order of the record.
pub(crate) fn for_linkage(decisions: Vec<Decided>) -> Vec<staged::Decision> {
    let decisions = decisions.into_iter();
    decisions
        .map(|one| staged::Decision {
            about: one.about,
            verdict: one.verdict,
            delivery: one.delivery,
        })
        .collect()
}

/// The last word on each doubt, by name.
pub(crate) fn last_words(decisions: &[Decided]) -> BTreeMap<&str, &Decided> {
    let decisions = decisions.iter();
    decisions.map(|one| (one.doubt.as_str(), one)).collect()
}

#[cfg(test)]
mod tests {
    use super::{checked, holds_code};

    #[test]
    fn a_reason_holds_no_code() {
        for text in [
            "RSSMRA85T10A562S",
            "è la stessa: rssmra85t10a562s, vista ieri",
            "RSS MRA 85T10 A562S",
            "RSSMRAU5TMLAR6NS",
            "STP1234567890123",
            "tel. 059 203 2311",
            "riga 4611686018427387",
        ] {
            assert!(holds_code(text), "{text}");
            assert!(checked(text).is_err());
        }
        for text in [
            "stesso nome, stessa casa dal 2024, nato lo stesso mese",
            "The household was renumbered on 12 March 2025; same dwelling.",
            "due persone: posizioni contemporanee in due case",
        ] {
            assert!(!holds_code(text), "{text}");
            assert_eq!(checked(&format!(" {text} ")).ok(), Some(text));
        }
        for text in ["", "  \n"] {
            assert!(checked(text).is_err());
        }
    }
}
