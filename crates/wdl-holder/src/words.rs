//! The tool's own words, in both languages.

use std::sync::LazyLock;

use wdl_vocab::{Lang, Texts};

const IT: &str = include_str!("../texts/holder.it.ftl");
const EN: &str = include_str!("../texts/holder.en.ftl");

static TEXTS: LazyLock<Texts> = LazyLock::new(|| Texts::new(&[IT], &[EN]));

/// The words under a key.
pub(crate) fn say(lang: Lang, key: &str, args: &[(&str, String)]) -> String {
    TEXTS.get(lang, key, args)
}

/// A count as readers of the language write it.
pub(crate) fn count(lang: Lang, value: u64) -> String {
    lang.number(value as f64, 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_languages_say_the_same_things() {
        use wdl_vocab::text::keys_of;
        assert_eq!(keys_of(IT), keys_of(EN));
        assert!(!say(Lang::It, "title", &[]).starts_with('<'));
    }
}
