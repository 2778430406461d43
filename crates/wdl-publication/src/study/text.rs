//! The report of a study inside the lab: on a terminal, and as a page that stands alone.

use std::fmt::Write as _;

use askama::Template;
use wdl_chart::DataTable;
use wdl_chart::numbers::date;
use wdl_result::study::{ARM, CHECK, Part, RunFace};
use wdl_vocab::{Lang, SYNTHETIC_NOTICE};

use super::figures::{estimates, plain, sample_tables};
use super::{Figures, Sentences, Study, figures};
use crate::parts::figures::rendered;
use crate::parts::moment;
use crate::words::{TEXTS, say};

/// The whole study in words, for a terminal.
pub fn text(study: &Study<'_>, lang: Lang) -> String {
    let said = Said::of(study, lang);
    let mut out = String::new();
    let mut line = |words: &str| {
        let _ = writeln!(out, "{words}");
    };
    line(study.face().title.get(lang));
    if let Some(mark) = &said.mark {
        line(&format!("!! {mark}"));
    }
    line(study.face().question.get(lang));
    line("");
    line(&said.finding);
    if let Some(verdict) = &said.verdict {
        line(verdict);
    }
    for section in &said.sections {
        line("");
        line(&section.title);
        for words in &section.lines {
            line(&format!("- {words}"));
        }
    }
    let mut tables = vec![estimates(study, lang)];
    tables.extend(sample_tables(study, lang));
    for (part, dimension) in [(Part::Means, ARM), (Part::Checks, CHECK)] {
        tables.extend(
            study
                .of_part(part)
                .map(|table| plain(table, dimension, lang)),
        );
    }
    for table in &tables {
        line("");
        line(&table.caption);
        line(&grid(table));
    }
    for section in said.technical() {
        line("");
        line(&section.title);
        for words in &section.lines {
            line(&format!("- {words}"));
        }
    }
    out
}

/// Columns one under the other.
fn grid(table: &DataTable) -> String {
    let head = std::iter::once(table.corner.clone());
    let head = head.chain(table.columns.iter().map(|own| own.text.clone()));
    let mut rows: Vec<Vec<String>> = vec![head.collect()];
    rows.extend(table.rows.iter().map(|row| {
        let cells = row.cells.iter().map(|cell| cell.text.clone());
        std::iter::once(row.head.clone()).chain(cells).collect()
    }));
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width = |column: usize| {
        let cells = rows.iter().filter_map(|row| row.get(column));
        cells.map(|own| own.chars().count()).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..columns).map(width).collect();
    let written = rows.iter().map(|row| {
        let cells = row.iter().zip(&widths).enumerate();
        let cells = cells.map(|(place, (own, width))| match place {
            0 => format!("{own:<width$}"),
            _ => format!("{own:>width$}"),
        });
        cells.collect::<Vec<_>>().join("  ").trim_end().to_owned()
    });
    written.collect::<Vec<_>>().join("\n")
}

/// A heading with its points.
pub(crate) struct Section {
    pub(crate) id: &'static str,
    pub(crate) title: String,
    pub(crate) lines: Vec<String>,
}

/// What is said of a study, in the order in which it is read.
pub(crate) struct Said {
    pub(crate) mark: Option<String>,
    pub(crate) number: Option<String>,
    pub(crate) finding: String,
    pub(crate) verdict: Option<String>,
    /// How sure, for whom, what it costs, how we know, what we do not know.
    pub(crate) sections: Vec<Section>,
    /// What must hold, what the methods warn of, which usages they followed.
    pub(crate) method: Vec<Section>,
    /// Each run with its method and options.
    pub(crate) runs: Section,
    pub(crate) origin_title: String,
    /// Registration, versions, snapshot.
    pub(crate) origin: Vec<(String, String)>,
    pub(crate) deviations_title: String,
    /// What changed since registration: key, as registered, now, why.
    pub(crate) deviations: Vec<[String; 4]>,
}

impl Said {
    pub(crate) fn of(study: &Study<'_>, lang: Lang) -> Said {
        let sentences = Sentences { study, lang };
        let face = study.face();
        let section = |id, key: &str, lines: Vec<String>| Section {
            id,
            title: say(lang, key),
            lines,
        };
        let texts = |all: &[wdl_vocab::Text]| -> Vec<String> {
            all.iter().map(|own| own.get(lang).to_owned()).collect()
        };
        let mut whom = vec![face.for_whom.get(lang).to_owned()];
        whom.extend(sentences.counted());
        whom.extend(sentences.groups());
        let sections = [
            section("sure", "study-sure", sentences.sure()),
            section("whom", "study-whom", whom),
            section("cost", "study-cost", sentences.cost().unwrap_or_default()),
            section("how", "study-how", vec![face.how.get(lang).to_owned()]),
            section("limits", "study-limits", texts(&face.limits)),
        ];
        let mut warnings = texts(&face.warnings);
        warnings.extend(sentences.few());
        if face.warnings_kept > 0 {
            warnings.push(say(lang, "study-warnings-kept"));
        }
        let method = [
            section("assumptions", "study-assumptions", texts(&face.assumptions)),
            section("warnings", "study-warnings", warnings),
            section("conventions", "study-conventions", texts(&face.conventions)),
        ];
        let is_said = |own: &Section| !own.lines.is_empty();
        Said {
            mark: sentences.mark(),
            number: sentences.number(),
            finding: sentences.finding(),
            verdict: sentences.verdict(),
            sections: sections.into_iter().filter(is_said).collect(),
            method: method.into_iter().filter(is_said).collect(),
            runs: section("runs", "study-runs", runs(study, lang)),
            origin_title: say(lang, "study-origin"),
            origin: origin(study, lang),
            deviations_title: say(lang, "study-deviations"),
            deviations: deviations(study, lang),
        }
    }

    /// The technical part as sections of words.
    fn technical(&self) -> Vec<Section> {
        let plain = |own: &Section| Section {
            id: own.id,
            title: own.title.clone(),
            lines: own.lines.clone(),
        };
        let mut sections: Vec<Section> = self.method.iter().map(plain).collect();
        sections.push(plain(&self.runs));
        let origin = self
            .origin
            .iter()
            .map(|(term, words)| format!("{term}: {words}"));
        sections.push(Section {
            id: "origin",
            title: self.origin_title.clone(),
            lines: origin.collect(),
        });
        if !self.deviations.is_empty() {
            let lines = self.deviations.iter();
            let lines =
                lines.map(|[key, before, now, why]| format!("{key}: {before} → {now} ({why})"));
            sections.push(Section {
                id: "deviations",
                title: self.deviations_title.clone(),
                lines: lines.collect(),
            });
        }
        sections
    }
}

fn runs(study: &Study<'_>, lang: Lang) -> Vec<String> {
    let runs = study.face().runs.iter().map(|own| {
        let options = own
            .options
            .iter()
            .map(|(name, value)| format!("{name}: {}", called(own, value, lang)));
        let options = options.collect::<Vec<_>>().join("; ");
        let label = study.label(&own.id, lang);
        let failed = own
            .failed
            .as_ref()
            .map(|own| format!(" – {}", own.get(lang)));
        format!(
            "{label}: {} ({}; {options}){}",
            own.method_title.get(lang),
            own.method,
            failed.unwrap_or_default()
        )
    });
    runs.collect()
}

/// The value of an option, with its columns by what they are called.
fn called(run: &RunFace, value: &str, lang: Lang) -> String {
    let words = value.split(", ").map(|word| {
        let named = run.columns.iter().find(|(column, _)| column == word);
        match named {
            Some((_, label)) => format!("“{}”", label.get(lang)),
            None => word.to_owned(),
        }
    });
    words.collect::<Vec<String>>().join(", ")
}

fn origin(study: &Study<'_>, lang: Lang) -> Vec<(String, String)> {
    let face = study.face();
    let lineage = &study.header().lineage;
    let term = |key: &str| say(lang, key);
    let mut facts = vec![(term("study-origin-run"), moment(&face.run_on, lang))];
    match &face.registration {
        None => facts.push((term("study-origin-registered"), term("study-origin-none"))),
        Some(own) => {
            facts.push((term("study-origin-registered"), moment(&own.on, lang)));
            facts.push((term("study-origin-digest"), own.digest.to_string()));
            facts.push((term("study-origin-entry"), lang.number(own.entry as f64, 0)));
            facts.push((term("study-origin-methods"), own.methods.join(", ")));
        }
    }
    facts.push((term("origin-code"), lineage.code_version.clone()));
    facts.push((term("origin-snapshot"), lineage.snapshot.to_string()));
    facts.push((term("fact-date"), date(&study.header().data_date, lang)));
    facts.push((
        term("fact-source"),
        study.header().source.get(lang).to_owned(),
    ));
    facts.push((
        term("fact-coverage"),
        study.header().coverage.get(lang).to_owned(),
    ));
    facts
}

fn deviations(study: &Study<'_>, lang: Lang) -> Vec<[String; 4]> {
    let words =
        |own: Option<&String>| own.map_or_else(|| "–".to_owned(), |own| own.trim().to_owned());
    let all = study.face().deviations.iter().map(|own| {
        let reason = own.reason.as_ref();
        [
            own.key.clone(),
            words(own.registered.as_ref()),
            words(own.now.as_ref()),
            reason.map_or_else(
                || say(lang, "study-no-reason"),
                |own| own.get(lang).to_owned(),
            ),
        ]
    });
    all.collect()
}

/// The body of a study's page, the same on the site and alone.
#[derive(Template)]
#[template(path = "parts/study.html")]
pub(crate) struct Body<'a> {
    pub(crate) lang: Lang,
    pub(crate) question: &'a str,
    pub(crate) said: Said,
    pub(crate) figures: Figures,
    pub(crate) facts: Vec<(String, String)>,
}

impl<'a> Body<'a> {
    pub(crate) fn of(study: &'a Study<'_>, lang: Lang) -> Body<'a> {
        let face = study.face();
        let header = study.header();
        let fact = |key: &str, words: &str| (say(lang, key), words.to_owned());
        Body {
            lang,
            question: face.question.get(lang),
            said: Said::of(study, lang),
            figures: figures(study, lang),
            facts: vec![
                fact("study-treatment", face.treatment.get(lang)),
                fact("study-outcome", face.outcome.get(lang)),
                fact("fact-population", header.population.get(lang)),
                fact("study-estimand", face.estimand.get(lang)),
            ],
        }
    }

    fn say(&self, key: &str) -> String {
        say(self.lang, key)
    }
}

#[derive(Template)]
#[template(path = "study-alone.html")]
struct Alone<'a> {
    lang: Lang,
    style: &'static str,
    title: &'a str,
    notice: Option<String>,
    foot: String,
    body: String,
}

/// A page that stands alone, for whoever runs the study inside the lab.
pub fn page(study: &Study<'_>, lang: Lang) -> String {
    let notice = study
        .header()
        .synthetic
        .then(|| SYNTHETIC_NOTICE.get(lang).to_owned());
    rendered(&Alone {
        lang,
        style: include_str!("../../assets/site.css"),
        title: study.face().title.get(lang),
        notice,
        foot: TEXTS.get(lang, "study-draft", &[]),
        body: rendered(&Body::of(study, lang)),
    })
}
