//! An identifier hidden inside free text.
//!
//! It answers yes or no and never repeats what it found.

use zeroize::Zeroize;

use crate::fold::{fold, words};
use wdl_encoding::code as check;

/// Whether free text holds a personal code: a codice fiscale (also mistyped or spaced), a provisional code, an STP or ENI code.
///
/// A sixteen-character code counts with a wrong check letter too when its digits are digits: it still points to a person.
pub fn find_in_text(text: &str) -> bool {
    // Most notes are too short to hold any code, and nothing need be copied to see it.
    if text.chars().filter(|c| c.is_alphanumeric()).count() < SHORTEST {
        return false;
    }
    let mut folded = fold(text);
    let mut squeezed: Vec<u8> = folded
        .bytes()
        .filter(|byte| !matches!(byte, b'-' | b'.' | b'/' | b'_' | b'\''))
        .collect();
    let found = squeezed.windows(16).any(is_sixteen) || has_provisional(text);
    squeezed.zeroize();
    folded.zeroize();
    found
}

/// The letters and digits of the shortest code, the provisional one.
const SHORTEST: usize = 11;

fn is_sixteen(window: &[u8]) -> bool {
    let is_health =
        matches!(&window[..3], b"STP" | b"ENI") && window[3..].iter().all(u8::is_ascii_digit);
    if is_health {
        return true;
    }
    let digits = [6, 7, 9, 10, 12, 13, 14];
    check::has_shape(window)
        && (digits.iter().all(|place| window[*place].is_ascii_digit())
            || check::check_letter(&window[..15]) == window[15])
}

/// Eleven digits that stand alone and whose check digit agrees.
fn has_provisional(text: &str) -> bool {
    text.split(|c: char| !c.is_ascii_digit()).any(|run| {
        run.len() == 11 && {
            let digits = run.as_bytes();
            check::check_digit(&digits[..10]) == digits[10]
        }
    })
}

/// Whether a text names a person: the words of the surname and those of the name both stand in it, one after the other, in any order of the two.
///
/// Accents, case and apostrophes do not matter; a name or a surname of one letter is never looked for.
///
/// ```
/// use wdl_identity::names_person;
///
/// assert!(names_person("sentito il sig. Nicolò D'Angelo", "D'ANGELO", "Nicolo'"));
/// assert!(!names_person("sentita la sig.ra D'Angelo", "D'ANGELO", "Nicolo'"));
/// ```
pub fn names_person(text: &str, surname: &str, name: &str) -> bool {
    if !may_stand(text, surname) {
        return false;
    }
    let (text, surname, name) = (words(text), words(surname), words(name));
    let stands = |wanted: &[String]| {
        wanted.iter().map(String::len).sum::<usize>() > 1
            && text.windows(wanted.len()).any(|window| window == wanted)
    };
    stands(&surname) && stands(&name)
}

/// Whether a surname may stand in a text: false only when plain letters already say that it does not.
fn may_stand(text: &str, surname: &str) -> bool {
    let is_plain = text.is_ascii()
        && !text.contains(['\'', '`'])
        && surname.bytes().all(|byte| byte.is_ascii_alphabetic());
    if !is_plain || surname.is_empty() {
        return !surname.is_empty();
    }
    let mut windows = text.as_bytes().windows(surname.len());
    windows.any(|window| window.eq_ignore_ascii_case(surname.as_bytes()))
}
