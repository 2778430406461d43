//! The words of the page, in both languages.

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

/// `one` or `other`, for sentences that count.
pub(super) fn form(count: u64) -> String {
    if count == 1 { "one" } else { "other" }.to_owned()
}

pub(super) fn count(value: u64, lang: Lang) -> String {
    lang.number(value as f64, 0)
}

/// A part in per cent, as the pictures and their tables have it.
pub(super) fn percent(part: f64, lang: Lang) -> String {
    wdl_chart::linkage::share(part, lang)
}

/// An expected count in prose: `circa 12`, `meno di 1`.
pub(super) fn about(value: f64, lang: Lang) -> String {
    match value.round() < 1.0 {
        true => say(lang, "less-than-one"),
        false => tell(lang, "about", &[("count", lang.number(value, 0))]),
    }
}

/// A part, when there is one.
pub(super) fn known(part: Option<f64>, lang: Lang) -> String {
    part.map_or("–".to_owned(), |part| percent(part, lang))
}

/// A part somebody chose: without decimals where it has none.
pub(super) fn round_percent(part: f64, lang: Lang) -> String {
    let whole = 100.0 * part;
    match (whole - whole.round()).abs() < 1e-9 {
        true => format!("{}%", lang.number(whole, 0)),
        false => percent(part, lang),
    }
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
    fn parts_are_short() {
        assert_eq!(percent(0.9985, Lang::It), "99,85%");
        assert_eq!(round_percent(0.5, Lang::En), "50%");
        assert_eq!(round_percent(0.955, Lang::It), "95,50%");
    }
}
