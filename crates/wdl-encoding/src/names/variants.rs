//! Short forms and spellings of given names; the table says where it comes from.

use std::collections::HashMap;
use std::sync::LazyLock;

const TABLE: &str = include_str!("variants.txt");

/// Each name and variant with the name.
static NAMES: LazyLock<HashMap<&'static str, &'static str>> = LazyLock::new(|| {
    let mut names = HashMap::new();
    for line in TABLE.lines().filter(|line| !line.starts_with('#')) {
        let mut words = line.split_ascii_whitespace();
        if let Some(name) = words.next() {
            names.insert(name, name);
            names.extend(words.map(|variant| (variant, name)));
        }
    }
    names
});

/// The name that a normalised word is a form of, or the word itself.
pub(super) fn root(word: &str) -> &str {
    NAMES.get(word).copied().unwrap_or(word)
}

/// Whether a normalised word is in the table.
pub(super) fn is_known(word: &str) -> bool {
    NAMES.contains_key(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_word_stands_in_one_line() {
        let mut words: Vec<&str> = TABLE
            .lines()
            .filter(|line| !line.starts_with('#'))
            .flat_map(str::split_ascii_whitespace)
            .collect();
        words.sort_unstable();
        let twice: Vec<_> = words.windows(2).filter(|two| two[0] == two[1]).collect();
        assert!(twice.is_empty(), "{twice:?}");
        assert!(
            words
                .iter()
                .all(|word| word.bytes().all(|byte| byte.is_ascii_uppercase()))
        );
    }

    #[test]
    fn a_variant_leads_to_its_name() {
        for (variant, name) in [
            ("BEPPE", "GIUSEPPE"),
            ("PINO", "GIUSEPPE"),
            ("NANDO", "FERDINANDO"),
            ("GIANNI", "GIOVANNI"),
            ("BILL", "WILLIAM"),
            ("MUHAMMAD", "MOHAMED"),
            ("YUSUF", "YOUSSEF"),
            ("ALEKSANDR", "OLEKSANDR"),
            ("GIOVANNI", "GIOVANNI"),
            ("CAVAZZUTI", "CAVAZZUTI"),
        ] {
            assert_eq!(root(variant), name);
        }
    }
}
