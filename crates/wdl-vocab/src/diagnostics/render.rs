//! Turns a diagnostic into words.

use std::fmt::Write as _;
use std::sync::LazyLock;

use super::codes::{self, STATIONS};
use super::{Code, Diagnostic, Severity};
use crate::text::{Lang, Texts};

static TEXTS: LazyLock<Texts> = LazyLock::new(|| {
    let it: Vec<&str> = STATIONS.iter().map(|station| station.it).collect();
    let en: Vec<&str> = STATIONS.iter().map(|station| station.en).collect();
    Texts::new(&it, &en)
});

/// The one-sentence message of a diagnostic.
pub fn message(diagnostic: &Diagnostic, lang: Lang) -> String {
    TEXTS.get(lang, diagnostic.code.id, &arguments(diagnostic, lang))
}

/// Why it happened, in one sentence.
pub fn cause(diagnostic: &Diagnostic, lang: Lang) -> String {
    part(diagnostic, "cause", lang)
}

/// What to do, in one sentence.
pub fn fix(diagnostic: &Diagnostic, lang: Lang) -> String {
    part(diagnostic, "fix", lang)
}

fn part(diagnostic: &Diagnostic, part: &str, lang: Lang) -> String {
    let key = format!("{}.{part}", diagnostic.code.id);
    TEXTS.get(lang, &key, &arguments(diagnostic, lang))
}

fn arguments(diagnostic: &Diagnostic, lang: Lang) -> Vec<(&str, String)> {
    let value = |(name, value): (&&'static str, &String)| {
        let words = diagnostic.words.get(name);
        let value = words.map_or(value.as_str(), |words| words.get(lang));
        (*name, value.to_owned())
    };
    diagnostic.args.iter().map(value).collect()
}

impl Diagnostic {
    /// The whole diagnostic as text: code, message, place, cause, what to do, suggestion.
    pub fn render(&self, lang: Lang) -> String {
        let args = arguments(self, lang);
        let mut shown = format!(
            "{} {}: {}",
            self.severity.label(lang),
            self.code.id,
            message(self, lang)
        );
        if let Some(place) = &self.place {
            let _ = match place.column {
                0 => write!(shown, "\n  --> {}:{}", place.file, place.line),
                column => write!(shown, "\n  --> {}:{}:{column}", place.file, place.line),
            };
        }
        let (cause, fix, meant) = words(lang);
        if let Some(text) = TEXTS.find(lang, &format!("{}.cause", self.code.id), &args) {
            let _ = write!(shown, "\n  {cause}: {text}");
        }
        if let Some(text) = TEXTS.find(lang, &format!("{}.fix", self.code.id), &args) {
            let _ = write!(shown, "\n  {fix}: {text}");
        }
        if let Some(suggestion) = &self.suggestion {
            let _ = write!(shown, "\n  {meant} `{suggestion}`?");
        }
        shown
    }
}

impl Severity {
    /// The word for people, at the head of a message.
    pub fn label(self, lang: Lang) -> &'static str {
        match (self, lang) {
            (Severity::Error, Lang::It) => "errore",
            (Severity::Error, Lang::En) => "error",
            (Severity::ToJustify, Lang::It) => "da giustificare",
            (Severity::ToJustify, Lang::En) => "to justify",
            (Severity::Note, Lang::It) => "nota",
            (Severity::Note, Lang::En) => "note",
        }
    }
}

fn words(lang: Lang) -> (&'static str, &'static str, &'static str) {
    match lang {
        Lang::It => ("causa", "che cosa fare", "si intendeva"),
        Lang::En => ("cause", "what to do", "did you mean"),
    }
}

/// What `wdl explain CODE` prints: the message with its gaps named, the cause, what to do; `None` for a code that does not exist.
pub fn explain(id: &str, lang: Lang) -> Option<String> {
    let code: Code = codes::all().find(|code| code.id.eq_ignore_ascii_case(id))?;
    let gaps: Vec<(&str, String)> = codes::ARGUMENTS
        .iter()
        .map(|name| (*name, format!("…{name}…")))
        .collect();
    let mut shown = format!(
        "{} (exit {})\n{}",
        code.id,
        code.exit.status(),
        TEXTS.get(lang, code.id, &gaps)
    );
    let (cause, fix, _) = words(lang);
    let _ = write!(
        shown,
        "\n\n{cause}: {}",
        TEXTS.get(lang, &format!("{}.cause", code.id), &gaps)
    );
    let _ = write!(
        shown,
        "\n\n{fix}: {}",
        TEXTS.get(lang, &format!("{}.fix", code.id), &gaps)
    );
    Some(shown)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::keys_of;

    #[test]
    fn every_code_speaks_both_languages() {
        for code in codes::all() {
            for lang in Lang::ALL {
                for part in ["", ".cause", ".fix"] {
                    let key = format!("{}{part}", code.id);
                    assert!(
                        TEXTS.find(lang, &key, &[]).is_some(),
                        "`{key}` has no text in {lang}"
                    );
                }
            }
        }
    }

    #[test]
    fn no_text_without_a_code_and_no_code_twice() {
        let mut known: Vec<&str> = codes::all().map(|code| code.id).collect();
        let count = known.len();
        known.sort_unstable();
        known.dedup();
        assert_eq!(known.len(), count, "a code stands twice in the table");
        for station in STATIONS {
            assert_eq!(
                keys_of(station.it),
                keys_of(station.en),
                "station {}",
                station.letter
            );
            for code in station.codes {
                assert_eq!(
                    &code.id[..5],
                    format!("WDL-{}", station.letter),
                    "{}",
                    code.id
                );
            }
            for key in keys_of(station.it) {
                let id = key.split('.').next().unwrap_or_default();
                assert!(known.contains(&id), "`{key}` belongs to no code");
            }
        }
    }

    #[test]
    fn every_argument_of_a_text_is_listed() {
        for station in STATIONS {
            for source in [station.it, station.en] {
                for gap in source.split("{ $").skip(1) {
                    let name = gap.split(' ').next().unwrap_or_default();
                    assert!(
                        codes::ARGUMENTS.contains(&name),
                        "`{name}` is not in codes::ARGUMENTS"
                    );
                }
            }
        }
    }

    #[test]
    fn explain_knows_every_code() {
        for code in codes::all() {
            assert!(
                explain(code.id, Lang::It).is_some_and(|text| !text.contains('<')),
                "{}",
                code.id
            );
        }
        assert!(explain("WDL-Q999", Lang::It).is_none());
    }
}
