//! The words of the list, in both languages.

use std::sync::LazyLock;

use wdl_vocab::{Lang, Texts};

const IT: &str = include_str!("it.ftl");
const EN: &str = include_str!("en.ftl");

static TEXTS: LazyLock<Texts> = LazyLock::new(|| Texts::new(&[IT], &[EN]));

pub(super) fn say(lang: Lang, key: &str) -> String {
    TEXTS.get(lang, key, &[])
}

pub(super) fn tell(lang: Lang, key: &str, args: &[(&str, String)]) -> String {
    TEXTS.get(lang, key, args)
}

#[cfg(test)]
mod tests {
    use wdl_vocab::text::keys_of;

    use super::*;

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
        let source = include_str!("view.rs");
        let have = keys_of(IT);
        for start in ["say(lang, \"", "tell(lang, \"", "self.say(\"", "key(\""] {
            for rest in source.split(start).skip(1) {
                let key = rest.split('"').next().unwrap_or_default();
                assert!(have.iter().any(|each| each == key), "`{key}` has no text");
            }
        }
    }
}
