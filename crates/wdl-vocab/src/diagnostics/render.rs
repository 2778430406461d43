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
        (*name, of_the_system(value, lang))
    };
    diagnostic.args.iter().map(value).collect()
}

/// What the operating system says of a file, as the standard library writes it: words in English, then ` (os error N)`.
const SYSTEM: &str = " (os error ";

/// The common errors of files by their number in POSIX, the same in Linux and macOS; how they begin in English, so that no other text is taken for one.
const OF_FILES: [(&str, &str, &str); 9] = [
    ("2", "No such file", "il file o la cartella non c'è"),
    ("5", "Input/output", "il disco non si legge o non si scrive"),
    ("13", "Permission", "mancano i permessi"),
    ("17", "File exists", "il file esiste già"),
    (
        "20",
        "Not a directory",
        "una parte del percorso non è una cartella",
    ),
    ("21", "Is a directory", "è una cartella e non un file"),
    ("27", "File too large", "il file è troppo grande"),
    ("28", "No space", "il disco è pieno"),
    ("30", "Read-only", "il disco non si può scrivere"),
];

/// A text in which what the operating system says of a file stands in the reader's language; any other text is given back as it is.
fn of_the_system(text: &str, lang: Lang) -> String {
    let Some((before, after)) = text.split_once(SYSTEM) else {
        return text.to_owned();
    };
    let Some((number, rest)) = after.split_once(')') else {
        return text.to_owned();
    };
    let mut known = OF_FILES.iter().filter(|(each, ..)| *each == number);
    let Some((begins, (_, _, italian))) =
        known.find_map(|each| Some((before.rfind(each.1)?, each)))
    else {
        return text.to_owned();
    };
    match lang {
        Lang::It => format!("{}{italian}{rest}", &before[..begins]),
        Lang::En => text.to_owned(),
    }
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
    fn the_system_speaks_the_language_of_the_reader() {
        let missing = std::fs::read("/nowhere/at/all").expect_err("no such file");
        assert_eq!(
            of_the_system(&missing.to_string(), Lang::It),
            "il file o la cartella non c'è"
        );
        assert_eq!(
            of_the_system(&missing.to_string(), Lang::En),
            missing.to_string()
        );
        let inside = format!("a.csv: {missing}; stop");
        assert_eq!(
            of_the_system(&inside, Lang::It),
            "a.csv: il file o la cartella non c'è; stop"
        );
        for plain in [
            "x (os error",
            "x (os error 2)",
            "No such file (os error 99)",
            "",
        ] {
            assert_eq!(of_the_system(plain, Lang::It), plain);
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
