//! The site's own sentences, in both languages.

use std::sync::LazyLock;

use wdl_vocab::{Lang, Texts};

const IT: &str = include_str!("../texts/it.ftl");
const EN: &str = include_str!("../texts/en.ftl");

/// The texts of this crate.
pub static TEXTS: LazyLock<Texts> = LazyLock::new(|| Texts::new(&[IT], &[EN]));

/// The Fluent sources, Italian and English, for tests that both say the same things.
pub fn fluent_sources() -> [&'static str; 2] {
    [IT, EN]
}

/// A sentence without arguments.
pub(crate) fn say(lang: Lang, key: &str) -> String {
    TEXTS.get(lang, key, &[])
}

/// `one` or `other`, for sentences that count.
pub(crate) fn form(count: usize) -> String {
    if count == 1 { "one" } else { "other" }.to_owned()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use wdl_vocab::text::keys_of;

    use super::*;

    /// Every key that a template or a source file asks for by name.
    fn asked() -> BTreeSet<String> {
        let mut keys = BTreeSet::new();
        for folder in [
            "src",
            "src/pages",
            "src/parts",
            "src/formats",
            "src/study",
            "templates",
            "templates/parts",
        ] {
            let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
            for entry in std::fs::read_dir(path)
                .expect("the crate's own folder")
                .flatten()
            {
                let Ok(text) = std::fs::read_to_string(entry.path()) else {
                    continue;
                };
                for start in [
                    "say(\"",
                    "say(lang, \"",
                    "with(\"",
                    "get(lang, \"",
                    "sentence(\"",
                ] {
                    for rest in text.split(start).skip(1) {
                        keys.extend(rest.split('"').next().map(str::to_owned));
                    }
                }
            }
        }
        keys
    }

    #[test]
    fn both_languages_have_every_key() {
        assert_eq!(keys_of(IT), keys_of(EN));
        for key in keys_of(IT) {
            for lang in Lang::ALL {
                assert!(TEXTS.find(lang, &key, &[]).is_some(), "{key}");
            }
        }
    }

    #[test]
    fn every_key_asked_for_exists() {
        let have = keys_of(IT);
        let is_key = |key: &&String| key.contains('-') && !key.contains(' ');
        for key in asked().iter().filter(is_key) {
            assert!(have.contains(key), "`{key}` has no text");
        }
    }
}
