//! One normal form for every spelling of a name.
//!
//! Accents, apostrophes, hyphens, case, full-width letters, titles and stray spaces are gone; particles are one with the word they lead (`DE LUCA` is `DELUCA`); what only fills a cell (`N.D.`, `SCONOSCIUTO`) is nothing.
//! It must not know keys or recipes.

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;
use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::sound;
use crate::values::{BirthDate, Sex, Values};

/// Version of this normal form: two versions never share a token.
pub(crate) const NORMAL_FORM: &str = "wdl-normal-1";

/// A name keeps this many letters; an exported cell of thousands is a fault of the file, not a name.
const LETTERS_MAX: usize = 64;

/// Words that lead another word of the same name.
const PARTICLES: &[&str] = &[
    "AL", "AT", "BEN", "BIN", "D", "DA", "DAL", "DALL", "DALLA", "DAS", "DE", "DEGLI", "DEI",
    "DEL", "DELL", "DELLA", "DELLE", "DELLO", "DEN", "DER", "DI", "DOS", "DU", "EL", "IBN", "L",
    "LA", "LE", "LI", "LO", "MAC", "MC", "O", "SAN", "SANT", "SANTA", "VAN", "VON",
];

/// Words that are about a person and no part of the name.
const TITLES: &[&str] = &[
    "AVV",
    "DOTT",
    "DOTTORE",
    "DOTTORESSA",
    "DR",
    "DSSA",
    "GEOM",
    "ING",
    "PROF",
    "PROFSSA",
    "RA",
    "RAG",
    "SIG",
    "SIGNOR",
    "SIGNORA",
    "SIGRA",
    "SSA",
];

/// What follows is the husband's surname, by which a woman was once filed.
const HUSBAND: &[&str] = &["IN", "VED", "VEDOVA"];

/// Whole names that say that there is none.
const PLACEHOLDERS: &[&str] = &[
    "ANONIMA",
    "ANONIMO",
    "FIGLIA",
    "FIGLIO",
    "IGNOTA",
    "IGNOTO",
    "MANCANTE",
    "ND",
    "NEONATA",
    "NEONATO",
    "NESSUNO",
    "NN",
    "NONDISP",
    "NONDISPONIBILE",
    "NONINDICATO",
    "NONNOTA",
    "NONNOTO",
    "NONPERVENUTO",
    "NP",
    "NULL",
    "PROVA",
    "SCONOSCIUTA",
    "SCONOSCIUTO",
    "TEST",
    "UNKNOWN",
];

/// A record in its normal form; what is missing or a placeholder is nothing.
///
/// It does not print, and is wiped when dropped.
pub struct Person {
    pub(crate) surname: Option<Name>,
    pub(crate) given_name: Option<Name>,
    pub(crate) birth_date: Option<BirthDate>,
    pub(crate) sex: Option<Sex>,
    pub(crate) birth_place: Option<Name>,
}

impl Person {
    /// Brings a record to its normal form.
    pub fn normal(values: &Values<'_>) -> Person {
        Person {
            surname: values.surname.and_then(Name::surname),
            given_name: values.given_name.and_then(Name::given),
            birth_date: values.birth_date.filter(|date| !date.is_placeholder()),
            sex: values.sex.and_then(Sex::read),
            birth_place: values.birth_place.and_then(Name::place),
        }
    }
}

/// A name in its normal form.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
// INVARIANT: at least one letter or digit; `first` is a character boundary past the first word.
pub struct Name {
    whole: String,
    first: usize,
}

impl Name {
    /// A surname: titles and the husband's surname left out.
    pub fn surname(raw: &str) -> Option<Name> {
        Name::of_words(surname_words(raw))
    }

    /// A given name: titles left out.
    pub fn given(raw: &str) -> Option<Name> {
        Name::of_words(given_words(raw))
    }

    /// A place: a name or a code, so that digits count.
    pub fn place(raw: &str) -> Option<Name> {
        Name::of_words(place_words(raw))
    }

    /// As [`Name::place`], without a first word of a list unless nothing else is there.
    pub(crate) fn place_without(raw: &str, first: &[&str]) -> Option<Name> {
        let mut words = words(raw, char::is_alphanumeric);
        if words.len() > 1 && first.contains(&words[0].as_str()) {
            words.remove(0).zeroize();
        }
        Name::of_words(words)
    }

    fn of_words(mut words: Vec<String>) -> Option<Name> {
        let mut name = Name {
            whole: String::new(),
            first: 0,
        };
        let mut leads = true;
        for word in &words {
            name.whole.extend(
                word.chars()
                    .take(LETTERS_MAX.saturating_sub(name.whole.chars().count())),
            );
            if leads {
                name.first = name.whole.len();
                leads = PARTICLES.contains(&word.as_str());
            }
        }
        words.zeroize();
        (!name.whole.is_empty() && !is_filler(&name.whole)).then_some(name)
    }

    /// All letters, without spaces.
    pub fn whole(&self) -> &str {
        &self.whole
    }

    /// The first word with the particles that lead it: one of two surnames, the first of several names.
    pub fn first(&self) -> &str {
        &self.whole[..self.first]
    }

    /// How the first word sounds, as an Italian office would hear it.
    pub fn sound(&self) -> String {
        sound::key(self.first())
    }

    pub(crate) fn initial(&self) -> &str {
        let end = self.whole.chars().next().map_or(0, char::len_utf8);
        &self.whole[..end]
    }
}

/// The words of a surname: titles and the husband's surname left out.
pub(crate) fn surname_words(raw: &str) -> Vec<String> {
    let mut words = given_words(raw);
    if let Some(cut) = words
        .iter()
        .skip(1)
        .position(|word| HUSBAND.contains(&word.as_str()))
    {
        words.truncate(cut + 1);
    }
    words
}

/// The words of a given name: titles left out.
pub(crate) fn given_words(raw: &str) -> Vec<String> {
    let mut words = words(raw, char::is_alphabetic);
    words.retain(|word| !TITLES.contains(&word.as_str()));
    words
}

/// The words of a place or of any text, digits among them.
pub(crate) fn place_words(raw: &str) -> Vec<String> {
    words(raw, char::is_alphanumeric)
}

/// Words with the particles that lead them, as far as a name is kept.
pub(crate) fn parts(words: &[String]) -> Vec<String> {
    let mut parts: Vec<String> = Vec::with_capacity(words.len());
    let (mut leads, mut left) = (false, LETTERS_MAX);
    for word in words {
        if left == 0 {
            break;
        }
        if !leads {
            parts.push(String::new());
        }
        let part = parts
            .last_mut()
            .expect("the first word does not follow a particle");
        for letter in word.chars().take(left) {
            part.push(letter);
            left -= 1;
        }
        leads = PARTICLES.contains(&word.as_str());
    }
    parts
}

/// Whether the letters of a whole name say that there is none.
pub(crate) fn is_filler(whole: &str) -> bool {
    PLACEHOLDERS.contains(&whole) || is_one_letter_repeated(whole)
}

/// `XX`, `AAA`: what a clerk types to get past a required field; one letter alone may be a real name.
fn is_one_letter_repeated(name: &str) -> bool {
    let mut letters = name.chars();
    let Some(first) = letters.next() else {
        return false;
    };
    let mut rest = letters.peekable();
    rest.peek().is_some() && rest.all(|letter| letter == first)
}

/// The words of a name in upper case, with only the letters that count.
fn words(raw: &str, counts: fn(char) -> bool) -> Vec<String> {
    match raw.is_ascii() {
        // Plain letters are their own decomposition.
        true => words_of(raw.chars(), counts),
        false => words_of(raw.nfkd(), counts),
    }
}

fn words_of(letters: impl Iterator<Item = char>, counts: fn(char) -> bool) -> Vec<String> {
    let mut words = vec![String::new()];
    for letter in letters.take(16 * LETTERS_MAX) {
        let word = words.last_mut().expect("there is always a word");
        match letter {
            // Apostrophes of every kind, also as accents written behind: D'ANGELO is DANGELO, NICOLO' is NICOLO.
            '\'' | '\u{2018}' | '\u{2019}' | '\u{201B}' | '\u{02B9}' | '\u{02BB}' | '\u{02BC}'
            | '\u{02BF}' | '\u{02BE}' | '\u{2032}' | '`' | '\u{00B4}' | '\u{A78C}' => {}
            letter if letter.is_ascii_alphanumeric() && counts(letter) => {
                word.push(letter.to_ascii_uppercase());
            }
            letter if is_combining_mark(letter) || is_invisible(letter) => {}
            letter => match plain(letter) {
                Some(letters) => word.push_str(letters),
                None if counts(letter) => word.extend(letter.to_uppercase()),
                None => {
                    if !word.is_empty() {
                        words.push(String::new());
                    }
                }
            },
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

/// Letters that Unicode does not take apart, as a register without them would write them.
fn plain(letter: char) -> Option<&'static str> {
    Some(match letter {
        'ß' | 'ẞ' => "SS",
        'Æ' | 'æ' => "AE",
        'Œ' | 'œ' => "OE",
        'Ø' | 'ø' => "O",
        'Ł' | 'ł' => "L",
        'Đ' | 'đ' | 'Ð' | 'ð' => "D",
        'Þ' | 'þ' => "TH",
        'Ħ' | 'ħ' => "H",
        'ı' => "I",
        'Ə' | 'ə' => "E",
        _ => return None,
    })
}

/// Characters without a width that web pages and spreadsheets leave inside a cell, and control characters.
fn is_invisible(letter: char) -> bool {
    (letter.is_control() && !letter.is_whitespace())
        || matches!(
            letter,
            '\u{00AD}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2064}'
                | '\u{2066}'..='\u{2069}' | '\u{FEFF}'
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(raw: &str, whole: &str, first: &str) {
        let name = Name::surname(raw).expect("a name");
        assert_eq!((name.whole(), name.first()), (whole, first), "{raw}");
    }

    #[test]
    fn spellings_of_one_surname_are_one() {
        for raw in [
            "De Luca",
            "DELUCA",
            "de  luca",
            " De-Luca ",
            "DE\u{a0}LUCA",
            "ＤＥ ＬＵＣＡ",
        ] {
            check(raw, "DELUCA", "DELUCA");
        }
        for raw in [
            "D'Angelo",
            "D’ANGELO",
            "DANGELO",
            "D ANGELO",
            "D' Angelo",
            "d\u{2bc}angelo",
        ] {
            check(raw, "DANGELO", "DANGELO");
        }
        for raw in [
            "NICOLÒ",
            "Nicolo'",
            "NICOLO`",
            "nicolo\u{300}",
            "NICOLO\u{200b}",
        ] {
            check(raw, "NICOLO", "NICOLO");
        }
        check("Straße", "STRASSE", "STRASSE");
        check("El-Amrani", "ELAMRANI", "ELAMRANI");
        check("Łukasz", "LUKASZ", "LUKASZ");
    }

    #[test]
    fn first_of_two_surnames() {
        check("García López", "GARCIALOPEZ", "GARCIA");
        check("Della Rovere Bianchi", "DELLAROVEREBIANCHI", "DELLAROVERE");
        check("Rossi ved. Verdi", "ROSSI", "ROSSI");
        check("ROSSI IN VERDI", "ROSSI", "ROSSI");
        check("Sig.ra Rossi", "ROSSI", "ROSSI");
        check("In", "IN", "IN");
        check("LO", "LO", "LO");
    }

    #[test]
    fn fillers_are_nothing() {
        for raw in [
            "",
            "  ",
            "N.D.",
            "n d",
            "XXX",
            "Sconosciuto",
            "???",
            "--",
            "123",
            "\u{0}",
            "Non noto",
        ] {
            assert!(Name::surname(raw).is_none(), "{raw}");
        }
        assert!(Name::place("H223").is_some() && Name::place("036023").is_some());
    }

    #[test]
    fn a_cell_of_any_length_ends() {
        let long = "LORENZO ".repeat(10_000);
        assert_eq!(
            Name::given(&long).expect("a name").whole().len(),
            LETTERS_MAX
        );
    }
}
