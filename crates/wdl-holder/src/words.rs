//! The tool's own words, in both languages.

use std::sync::LazyLock;

use wdl_vocab::{Lang, Texts};

const IT: &str = include_str!("../texts/holder.it.ftl");
const EN: &str = include_str!("../texts/holder.en.ftl");

const PAGE_IT: &str = include_str!("../texts/ui.it.ftl");
const PAGE_EN: &str = include_str!("../texts/ui.en.ftl");

static TEXTS: LazyLock<Texts> = LazyLock::new(|| Texts::new(&[IT, PAGE_IT], &[EN, PAGE_EN]));

/// The words under a key.
pub(crate) fn say(lang: Lang, key: &str, args: &[(&str, String)]) -> String {
    TEXTS.get(lang, key, args)
}

/// A count as readers of the language write it.
pub(crate) fn count(lang: Lang, value: u64) -> String {
    lang.number(value as f64, 0)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
mod tests {
    use std::collections::BTreeSet;

    use wdl_vocab::text::keys_of;

    use super::*;

    #[test]
    fn both_languages_say_the_same_things() {
        assert_eq!(keys_of(IT), keys_of(EN));
        assert_eq!(keys_of(PAGE_IT), keys_of(PAGE_EN));
        assert!(!say(Lang::It, "title", &[]).starts_with('<'));
    }

    /// Every key that a template or a source file of the page or of the reports asks for by name.
    fn asked() -> BTreeSet<String> {
        let mut keys = BTreeSet::new();
        let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
        for folder in ["src/ui", "src/ui/pages", "src/report", "templates"] {
            for entry in std::fs::read_dir(root.join(folder)).unwrap().flatten() {
                let Ok(text) = std::fs::read_to_string(entry.path()) else {
                    continue;
                };
                for start in [
                    "say(\"",
                    "say(lang, \"",
                    "shell.with(\"",
                    "word(lang, \"",
                    "\"ui-",
                ] {
                    for rest in text.split(start).skip(1) {
                        let key = rest.split('"').next().unwrap_or_default();
                        let prefix = if start == "\"ui-" { "ui-" } else { "" };
                        keys.insert(format!("{prefix}{key}"));
                    }
                }
            }
        }
        keys
    }

    #[test]
    fn every_key_asked_for_has_its_words() {
        let have: BTreeSet<String> = [IT, PAGE_IT].into_iter().flat_map(keys_of).collect();
        for key in asked().iter().filter(|key| !key.contains(' ')) {
            assert!(have.contains(key), "`{key}` has no text");
        }
    }
}
