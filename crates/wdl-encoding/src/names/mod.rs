//! The forms of a name: what two spellings of it share.
//!
//! The normal form is the house's own ([`crate::Name`]): accents and apostrophes gone, particles one with the word they lead, titles and the husband's surname left out, placeholders nothing.
//! Here it is kept by parts, with how it sounds and with short forms led back to the name.
//! It must not know columns or records.

mod variants;

use crate::normal;
use crate::sound;

/// Further words for nothing, without blanks, in the order of the alphabet.
///
/// The normal form of tokens knows the usual ones; these are kept apart from it, since a longer list there would change tokens.
const NOTHING: &[&str] = &[
    "ASSENTE",
    "DACOMPILARE",
    "DADEFINIRE",
    "DATOMANCANTE",
    "DATONONDISPONIBILE",
    "MISSING",
    "NESSUNA",
    "NONCOMUNICATO",
    "NONCONOSCIUTA",
    "NONCONOSCIUTO",
    "NONDEFINITO",
    "NONDICHIARATA",
    "NONDICHIARATO",
    "NONE",
    "NONPRESENTE",
    "NONRILEVATO",
    "NONSPECIFICATO",
    "NOTAPPLICABLE",
    "NOTAVAILABLE",
    "NOTGIVEN",
    "NOTKNOWN",
    "NOTPROVIDED",
    "NOTSTATED",
    "SENZACOGNOME",
    "SENZADIMORA",
    "SENZAFISSADIMORA",
    "SENZANOME",
    "SENZATETTO",
    "UNSPECIFIED",
];

/// Initials of "not available" and "not communicated", when each letter is a word: `N.A.` is nothing and `NA` a name.
const INITIALS: &[&str] = &["NA", "NC"];

/// English titles that lead a name, which the normal form does not know.
const TITLES: &[&str] = &["MISS", "MR", "MRS", "MS", "REV"];

/// Whether words in normal form say that there is no value.
pub(crate) fn says_nothing(words: &[String]) -> bool {
    let whole = words.concat();
    let is_of_initials = words.len() == 2 && INITIALS.contains(&whole.as_str());
    whole.is_empty()
        || is_of_initials
        || (normal::is_filler(&whole) && whole.contains(char::is_alphabetic))
        || NOTHING.binary_search(&whole.as_str()).is_ok()
}

/// What a name is to its bearer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Role {
    /// One or several surnames.
    Surname,
    /// One or several given names.
    Given,
    /// Given names and surnames in one field, in any order.
    Full,
    /// The name or code of a place.
    Place,
}

/// The forms of one name.
// INVARIANT: at least one part, no part empty; `roots` has one root for each part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Forms {
    parts: Vec<String>,
    roots: Vec<String>,
}

/// What two names share, the likest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Shared {
    /// All letters in their order, wherever the blanks are.
    Letters,
    /// All parts in another order, or led back to the same names.
    Names,
    /// All parts of the shorter one, which the longer one adds to: a second name dropped, one of two surnames.
    Subset,
    /// Some part.
    Part,
    /// No part.
    Nothing,
}

impl Forms {
    /// The forms of a name; nothing when it is missing or a placeholder.
    pub fn of(raw: &str, role: Role) -> Option<Forms> {
        let mut words = match role {
            Role::Surname => normal::surname_words(raw),
            Role::Given | Role::Full => normal::given_words(raw),
            Role::Place => normal::place_words(raw),
        };
        if says_nothing(&words) {
            return None;
        }
        if role != Role::Place && words.len() > 1 && TITLES.contains(&words[0].as_str()) {
            words.remove(0);
        }
        let parts = normal::parts(&words);
        let root = |part: &String| match role {
            Role::Given | Role::Full => variants::root(part).to_owned(),
            Role::Surname | Role::Place => part.clone(),
        };
        Some(Forms {
            roots: parts.iter().map(root).collect(),
            parts,
        })
    }

    /// The words with the particles that lead them: `DELUCA`, `ROSSI`.
    pub fn parts(&self) -> &[String] {
        &self.parts
    }

    /// The parts with short forms and spellings led back to the name: `GIUSEPPE` for `PINO`.
    pub fn roots(&self) -> &[String] {
        &self.roots
    }

    /// The first part.
    pub fn first(&self) -> &str {
        &self.parts[0]
    }

    /// The root of the first part.
    pub fn first_root(&self) -> &str {
        &self.roots[0]
    }

    /// All parts with one blank between them.
    pub fn plain(&self) -> String {
        self.parts.join(" ")
    }

    /// All letters.
    pub fn joined(&self) -> String {
        self.parts.concat()
    }

    /// All roots in the order of the alphabet, so that the order of the parts is gone.
    pub fn root(&self) -> String {
        let mut roots: Vec<&str> = self.roots.iter().map(String::as_str).collect();
        roots.sort_unstable();
        roots.concat()
    }

    /// How all parts sound, as an Italian office would hear them.
    pub fn sound(&self) -> String {
        sound::key(&self.joined())
    }

    /// How the first part sounds.
    pub fn first_sound(&self) -> String {
        sound::key(self.first())
    }

    /// What two names share.
    pub fn shared(&self, other: &Forms) -> Shared {
        let letters = |forms: &'_ Forms| forms.parts.iter().map(String::len).sum::<usize>();
        let bytes = |forms: &'_ Forms| -> Vec<u8> { forms.parts.concat().into_bytes() };
        if letters(self) == letters(other) && bytes(self) == bytes(other) {
            return Shared::Letters;
        }
        let (short, long) = match self.roots.len() <= other.roots.len() {
            true => (&self.roots, &other.roots),
            false => (&other.roots, &self.roots),
        };
        let mut free = vec![true; long.len()];
        let mut common = 0;
        for root in short {
            let found = (0..long.len()).find(|place| free[*place] && long[*place] == *root);
            if let Some(place) = found {
                free[place] = false;
                common += 1;
            }
        }
        match common {
            0 => Shared::Nothing,
            _ if common == long.len() => Shared::Names,
            _ if common == short.len() => Shared::Subset,
            _ => Shared::Part,
        }
    }
}

/// Whether a normalised word is a usual given name, as far as the table of variants goes.
pub fn is_known_given_name(word: &str) -> bool {
    variants::is_known(word)
}

/// Whether a text is written where there is no value, in words of four letters or more: `NULL`, `UNKNOWN`, `NON DISPONIBILE`.
///
/// For values that are no names: a short one (`ND`, `XX`) may be a code.
pub fn is_written_for_nothing(raw: &str) -> bool {
    // A word with a digit says something; codes are seen so without being taken apart.
    if raw.bytes().any(|byte| byte.is_ascii_digit()) {
        return false;
    }
    let words = normal::place_words(raw);
    let letters: usize = words.iter().map(String::len).sum();
    let is_number = || words.iter().any(|word| word.contains(char::is_numeric));
    words.is_empty() || (letters >= 4 && !is_number() && says_nothing(&words))
}

/// Whether a text says that there is no value: `N.D.`, `XXX`, `SCONOSCIUTO`, `VIA NON NOTA`.
pub fn is_placeholder(raw: &str) -> bool {
    let mut words = normal::place_words(raw);
    if words.len() > 1 && crate::compare::is_street_kind(&words[0]) {
        words.remove(0);
    }
    says_nothing(&words)
}

#[cfg(test)]
mod tests {
    use super::NOTHING;

    #[test]
    fn words_for_nothing_are_in_order() {
        assert!(NOTHING.is_sorted());
    }
}
