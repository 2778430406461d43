//! Bilingual text: a pair of sentences for labels that live with the data, and Fluent bundles for the program's own words.

use std::borrow::Cow;
use std::fmt;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use serde::{Deserialize, Serialize};

/// A language of the program.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, Default,
)]
#[serde(rename_all = "lowercase")]
pub enum Lang {
    /// Italian, the language of the agreement.
    #[default]
    It,
    /// English.
    En,
}

impl Lang {
    /// Both languages, Italian first.
    pub const ALL: [Lang; 2] = [Lang::It, Lang::En];

    /// The ISO 639-1 code.
    pub fn code(self) -> &'static str {
        match self {
            Lang::It => "it",
            Lang::En => "en",
        }
    }

    /// The language a POSIX locale such as `it_IT.UTF-8` asks for; English for every other one.
    pub fn from_locale(locale: &str) -> Lang {
        if locale.starts_with("it") {
            Lang::It
        } else {
            Lang::En
        }
    }

    /// The decimal mark readers of this language expect.
    pub fn decimal_mark(self) -> char {
        match self {
            Lang::It => ',',
            Lang::En => '.',
        }
    }

    /// The mark between thousands.
    pub fn thousands_mark(self) -> char {
        match self {
            Lang::It => '.',
            Lang::En => ',',
        }
    }

    /// A number with a fixed count of decimals, as readers of this language write it.
    pub fn number(self, value: f64, decimals: usize) -> String {
        let plain = format!("{:.*}", decimals, value.abs());
        let (whole, fraction) = plain.split_once('.').unwrap_or((&plain, ""));
        let mut shown = String::new();
        let is_zero = plain.bytes().all(|b| b == b'0' || b == b'.');
        if value < 0.0 && !is_zero {
            shown.push('\u{2212}');
        }
        for (place, digit) in whole.chars().enumerate() {
            if place > 0 && (whole.len() - place).is_multiple_of(3) {
                shown.push(self.thousands_mark());
            }
            shown.push(digit);
        }
        if decimals > 0 {
            shown.push(self.decimal_mark());
            shown.push_str(fraction);
        }
        shown
    }
}

impl fmt::Display for Lang {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// The same words in Italian and in English, for labels that travel with the data.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Text {
    /// Italian.
    pub it: Cow<'static, str>,
    /// English.
    pub en: Cow<'static, str>,
}

impl Text {
    /// A pair made at run time.
    pub fn new(it: impl Into<String>, en: impl Into<String>) -> Text {
        Text {
            it: Cow::Owned(it.into()),
            en: Cow::Owned(en.into()),
        }
    }

    /// A pair fixed in the program.
    pub const fn fixed(it: &'static str, en: &'static str) -> Text {
        Text {
            it: Cow::Borrowed(it),
            en: Cow::Borrowed(en),
        }
    }

    /// The words in one language.
    pub fn get(&self, lang: Lang) -> &str {
        match lang {
            Lang::It => &self.it,
            Lang::En => &self.en,
        }
    }
}

/// The program's own words: one Fluent source per language, the same keys in both.
pub struct Texts {
    it: FluentBundle<FluentResource>,
    en: FluentBundle<FluentResource>,
}

impl Texts {
    /// Reads Fluent sources embedded in the program.
    ///
    /// # Panics
    /// When a source is not valid Fluent: it is part of the program, and a test reads every one.
    pub fn new(it: &[&str], en: &[&str]) -> Texts {
        Texts {
            it: bundle("it", it),
            en: bundle("en", en),
        }
    }

    fn bundle(&self, lang: Lang) -> &FluentBundle<FluentResource> {
        match lang {
            Lang::It => &self.it,
            Lang::En => &self.en,
        }
    }

    /// The words under `key` with `args` filled in, or `None` when the key does not exist.
    /// A key with a dot names an attribute: `WDL-G001.cause`.
    pub fn find(&self, lang: Lang, key: &str, args: &[(&str, String)]) -> Option<String> {
        let bundle = self.bundle(lang);
        let (id, attribute) = match key.split_once('.') {
            Some((id, attribute)) => (id, Some(attribute)),
            None => (key, None),
        };
        let message = bundle.get_message(id)?;
        let pattern = match attribute {
            Some(name) => message.get_attribute(name)?.value(),
            None => message.value()?,
        };
        let mut values = FluentArgs::new();
        for (name, value) in args {
            values.set(*name, FluentValue::from(value.as_str()));
        }
        let mut faults = Vec::new();
        Some(
            bundle
                .format_pattern(pattern, Some(&values), &mut faults)
                .into_owned(),
        )
    }

    /// The words under `key`, or the key itself between angle brackets: a test proves that no shipped key is missing.
    pub fn get(&self, lang: Lang, key: &str, args: &[(&str, String)]) -> String {
        self.find(lang, key, args)
            .unwrap_or_else(|| format!("<{key}>"))
    }
}

fn bundle(code: &str, sources: &[&str]) -> FluentBundle<FluentResource> {
    let language = code
        .parse()
        .expect("a two-letter code is a language identifier");
    let mut bundle = FluentBundle::new_concurrent(vec![language]);
    bundle.set_use_isolating(false);
    for source in sources {
        let resource =
            FluentResource::try_new((*source).to_owned()).unwrap_or_else(|(_, faults)| {
                panic!("a text of the program is not Fluent: {faults:?}")
            });
        if let Err(faults) = bundle.add_resource(resource) {
            panic!("a text of the program is defined twice: {faults:?}");
        }
    }
    bundle
}

/// The keys (with their attributes as `key.attribute`) that a Fluent source defines, for tests that both languages say the same things.
pub fn keys_of(source: &str) -> Vec<String> {
    let mut keys = Vec::new();
    let mut current = String::new();
    for line in source.lines() {
        let trimmed = line.trim_start();
        let Some((name, _)) = trimmed.split_once('=') else {
            continue;
        };
        let name = name.trim();
        if line.starts_with(|c: char| c.is_ascii_alphabetic()) {
            current = name.to_owned();
            keys.push(current.clone());
        } else if let Some(attribute) = name.strip_prefix('.') {
            keys.push(format!("{current}.{attribute}"));
        }
    }
    keys.sort();
    keys
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_follow_the_reader() {
        assert_eq!(Lang::It.number(1234567.891, 2), "1.234.567,89");
        assert_eq!(Lang::En.number(1234567.891, 2), "1,234,567.89");
        assert_eq!(Lang::It.number(-0.001, 2), "0,00");
        assert_eq!(Lang::It.number(-12.5, 1), "\u{2212}12,5");
        assert_eq!(Lang::It.number(999.0, 0), "999");
    }

    #[test]
    fn a_missing_key_is_visible() {
        let texts = Texts::new(
            &["a = uno { $n }\n    .b = due"],
            &["a = one { $n }\n    .b = two"],
        );
        assert_eq!(texts.get(Lang::It, "a", &[("n", "3".into())]), "uno 3");
        assert_eq!(texts.get(Lang::En, "a.b", &[]), "two");
        assert_eq!(texts.get(Lang::En, "c", &[]), "<c>");
    }
}
