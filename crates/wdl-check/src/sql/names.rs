//! Which names a rule speaks of: enough to load its columns and no others.

use std::collections::BTreeSet;

/// Every word of a rule that may be the name of a table or a column, in lower case; texts and comments hold none.
///
/// It may name more than the rule uses, never less, but for `*`: a rule names the columns it wants.
pub(super) fn words(sql: &str) -> BTreeSet<String> {
    let mut words = BTreeSet::new();
    let mut rest = sql;
    while let Some(first) = rest.chars().next() {
        let taken = match first {
            '\'' => quoted(rest, '\''),
            '"' | '`' => {
                let length = quoted(rest, first);
                let inner = rest[1..length].trim_end_matches(first);
                words.insert(inner.to_lowercase());
                length
            }
            '[' => {
                let length = rest.find(']').map_or(rest.len(), |end| end + 1);
                words.insert(rest[1..length].trim_end_matches(']').to_lowercase());
                length
            }
            '-' if rest.starts_with("--") => rest.find('\n').unwrap_or(rest.len()),
            '/' if rest.starts_with("/*") => rest.find("*/").map_or(rest.len(), |end| end + 2),
            c if is_word(c) => {
                let length = rest.find(|c| !is_word(c)).unwrap_or(rest.len());
                words.insert(rest[..length].to_lowercase());
                length
            }
            other => other.len_utf8(),
        };
        rest = &rest[taken..];
    }
    words
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// The length of a quotation, its marks included.
fn quoted(text: &str, mark: char) -> usize {
    text[1..].find(mark).map_or(text.len(), |end| end + 2)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn names_are_found_and_texts_are_not() {
        let sql = "SELECT line, a.Importo AS value FROM \"aiuti\" a -- persona\n WHERE [data fine] < 'nome' /* cognome */ AND `x` = 1";
        let found = words(sql);
        for name in ["line", "importo", "aiuti", "data fine", "x", "a"] {
            assert!(found.contains(name), "{name}");
        }
        for text in ["persona", "nome", "cognome"] {
            assert!(!found.contains(text), "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_answered(sql in "\\PC{0,80}", marks in "['\"`\\[\\]/*\\-a-z]{0,40}") {
            let _ = (words(&sql), words(&marks));
        }
    }
}
