//! The spelling of a code before anything is asked of it.
//!
//! Two well-known packages disagree on full-width letters, so every holder folds with this one function.
//! It must not know what a valid code is.

use unicode_normalization::UnicodeNormalization;

/// Invisible characters that spreadsheets and web pages leave inside a cell.
fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{00AD}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2064}'
            | '\u{2066}'..='\u{2069}' | '\u{FEFF}'
    )
}

/// Unicode NFKC, without spaces and invisible characters, ASCII letters in upper case.
///
/// Only ASCII letters change case: `ı` must not become an `I`.
pub(crate) fn fold(raw: &str) -> String {
    if raw.is_ascii() {
        return raw
            .bytes()
            .filter(|byte| !byte.is_ascii_whitespace())
            .map(|byte| char::from(byte.to_ascii_uppercase()))
            .collect();
    }
    raw.nfkc()
        .filter(|c| !c.is_whitespace() && !is_invisible(*c))
        .map(|c| c.to_ascii_uppercase())
        .collect()
}

/// The bare letters A to Z of a name: accents, apostrophes and spaces dropped, as the decree says.
pub fn bare_letters(name: &str) -> Vec<u8> {
    let letter = |c: char| {
        let upper = c.to_ascii_uppercase();
        upper.is_ascii_uppercase().then_some(upper as u8)
    };
    if name.is_ascii() {
        return name.chars().filter_map(letter).collect();
    }
    name.nfkd().filter_map(letter).collect()
}

/// The words of a text as bare lower-case letters: `D'Angelo` is one word, as `Dangelo` is.
pub(crate) fn words(text: &str) -> Vec<String> {
    let is_apart = |c: char| !c.is_alphabetic() && !is_apostrophe(c) && !is_accent(c);
    text.split(is_apart)
        .map(|word| {
            let letters = word.nfkd().filter(|c| c.is_alphabetic());
            letters.flat_map(char::to_lowercase).collect::<String>()
        })
        .filter(|word| !word.is_empty())
        .collect()
}

fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '\u{2019}' | '`')
}

/// A mark that stands above the letter before it.
fn is_accent(c: char) -> bool {
    ('\u{0300}'..='\u{036f}').contains(&c)
}
