//! `wdl codings check | agreement | consensus`: double coding, how far coders agree, what holds in the end.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use wdl_evaluation::coding::{Agreement, Codebook, Codings, Coefficient, Consensus, agreement};
use wdl_lab::{Stopped, write};
use wdl_vocab::{Diagnostic, Exit, Lang, Text};

use super::read::{Sheets, of_file};
use super::{bad_option, said};
use crate::answer::Answer;
use crate::manner::Manner;

/// So many disagreements are told in words; the JSON has them all.
const MOST_TOLD: usize = 20;

/// Checks the codings of several coders, measures how far they agree, and says what holds
#[derive(clap::Args)]
pub(crate) struct CodingsCommand {
    #[command(subcommand)]
    step: Step,
}

#[derive(clap::Subcommand)]
enum Step {
    /// Reads codings by their codebook: every row that cannot be used, with its line
    Check {
        #[command(flatten)]
        sheets: Sheets,
    },
    /// How far coders agree, code by code and over all, with the segments they differ on
    Agreement {
        #[command(flatten)]
        sheets: Sheets,
        /// How many draws of segments for the intervals
        #[arg(long, default_value_t = 1000, value_name = "N")]
        draws: usize,
        /// The seed of the draws
        #[arg(long, default_value_t = 1, value_name = "N")]
        seed: u64,
    },
    /// What holds of each segment: what all agree on, and what somebody decided
    Consensus {
        #[command(flatten)]
        sheets: Sheets,
        /// The file to write it to, as codings
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
    },
}

impl CodingsCommand {
    pub(crate) fn run(&self, manner: &Manner) -> Result<Answer, Stopped> {
        match &self.step {
            Step::Check { sheets } => check(sheets, &sheets.book(manner)?),
            Step::Agreement {
                sheets,
                draws,
                seed,
            } => {
                let book = sheets.book(manner)?;
                let codings = sheets.codings(&book)?;
                let found = agreement(&book, &codings, *draws, *seed)?;
                let text = |lang| agreed(&book, &codings, &found, lang);
                let value = json!({
                    "codebook": book.id(),
                    "version": book.version(),
                    "coders": codings.coders(),
                    "segments": codings.segments(),
                    "double": codings.double(),
                    "draws": draws,
                    "seed": seed,
                    "overall": found.overall,
                    "codes": found.codes,
                    "disagreements": found.disagreements,
                });
                Ok(Answer::new(
                    Text::new(text(Lang::It), text(Lang::En)),
                    value,
                ))
            }
            Step::Consensus { sheets, out } => {
                let book = sheets.book(manner)?;
                let codings = sheets.codings(&book)?;
                let held = sheets.consensus(&book, &codings)?;
                if let Some(out) = out {
                    let inputs = sheets.files.iter().chain(&sheets.decisions);
                    not_over(out, inputs)?;
                    write(out, written(&book, &held).as_bytes())?;
                }
                let text = |lang| holds(&held, lang);
                let value = json!({
                    "codebook": book.id(),
                    "version": book.version(),
                    "segments": held.segments,
                    "undecided": held.undecided,
                });
                Ok(Answer::new(
                    Text::new(text(Lang::It), text(Lang::En)),
                    value,
                ))
            }
        }
    }
}

/// That a file to write is none of those that were read.
pub(super) fn not_over<'p>(
    out: &Path,
    mut inputs: impl Iterator<Item = &'p PathBuf>,
) -> Result<(), Stopped> {
    let real = |path: &Path| path.canonicalize().ok();
    let is_same = |input: &PathBuf| real(input).is_some_and(|own| Some(own) == real(out));
    match inputs.any(is_same) {
        true => Err(bad_option("--out", &out.display().to_string(), "≠ FILE")),
        false => Ok(()),
    }
}

fn check(sheets: &Sheets, book: &Codebook) -> Result<Answer, Stopped> {
    let mut faults: Vec<Diagnostic> = Vec::new();
    let mut read: Vec<(&PathBuf, Codings)> = Vec::new();
    let mut all = Codings::default();
    for file in sheets.files.iter().chain(&sheets.decisions) {
        match of_file(book, file)? {
            Ok(own) => read.push((file, own)),
            Err(own) => faults.extend(own.diagnostics()),
        }
    }
    for (file, own) in &read {
        if sheets.decisions.as_ref() == Some(*file) {
            continue;
        }
        match all.clone().with(own.clone()) {
            Ok(both) => all = both,
            Err(fault) => faults.push(fault.of_file(file)),
        }
    }
    let text = |lang| {
        let mut shown = String::new();
        for (file, own) in &read {
            let coders: Vec<&str> = own.coders().iter().map(String::as_str).collect();
            let _ = writeln!(
                shown,
                "{}: {} {}, {} {}, {} {}, {} {}",
                file.display(),
                said(lang, "codificatori", "coders"),
                coders.join(" "),
                own.segments(),
                said(lang, "segmenti", "segments"),
                own.repeated(),
                said(lang, "righe ripetute", "rows repeated"),
                own.brought(),
                said(
                    lang,
                    "righe con un codice che ora si chiama altrimenti",
                    "rows with a code that is called otherwise now"
                ),
            );
        }
        let _ = writeln!(
            shown,
            "{}: {} {} {}",
            said(lang, "Insieme", "Together"),
            all.segments(),
            said(
                lang,
                "segmenti, guardati da due o più:",
                "segments, looked at by two or more:"
            ),
            all.double(),
        );
        for fault in &faults {
            let _ = writeln!(shown, "{}", fault.render(lang));
        }
        shown
    };
    let files: Vec<Value> = read
        .iter()
        .map(|(file, own)| {
            json!({
                "file": file,
                "coders": own.coders(),
                "segments": own.segments(),
                "repeated": own.repeated(),
                "brought": own.brought(),
            })
        })
        .collect();
    let uses: serde_json::Map<String, Value> = book
        .entries()
        .iter()
        .map(|entry| (entry.id.to_string(), json!(all.uses(&entry.id))))
        .collect();
    let value = json!({
        "codebook": book.id(),
        "version": book.version(),
        "files": files,
        "segments": all.segments(),
        "double": all.double(),
        "uses": uses,
        "faults": faults,
    });
    let answer = Answer::new(Text::new(text(Lang::It), text(Lang::En)), value);
    Ok(match faults.is_empty() {
        true => answer,
        false => answer.exit(Exit::ChecksFailed),
    })
}

/// A coefficient in words.
fn coefficient(own: &Coefficient, lang: Lang) -> String {
    let number = |value: f64| lang.number(value, 3);
    let Some(alpha) = own.alpha else {
        let why = own.why_not.as_ref().map(|why| why.get(lang));
        return format!("α –: {}", why.unwrap_or_default());
    };
    let mut shown = format!("α {}", number(alpha));
    if let Some([low, high]) = own.interval {
        let _ = write!(shown, " [{}; {}]", number(low), number(high));
    }
    if let Some(kappa) = own.kappa {
        let _ = write!(shown, ", κ {}", number(kappa));
    }
    if let Some(observed) = own.observed {
        let percent = lang.number(100.0 * observed, 0);
        let _ = write!(shown, ", {} {percent} %", said(lang, "uguali", "same"));
    }
    shown
}

fn agreed(book: &Codebook, codings: &Codings, found: &Agreement, lang: Lang) -> String {
    let coders: Vec<&str> = codings.coders().iter().map(String::as_str).collect();
    let mut shown = format!(
        "{} {}: {}; {} {}, {} {}\n",
        said(lang, "Libro dei codici", "Codebook"),
        book.id(),
        coders.join(", "),
        codings.segments(),
        said(lang, "segmenti", "segments"),
        codings.double(),
        said(lang, "guardati da due o più", "looked at by two or more"),
    );
    let _ = writeln!(
        shown,
        "{}: {}",
        said(
            lang,
            "Nell'insieme (stessi codici al segmento)",
            "Over all (the same codes of a segment)"
        ),
        coefficient(&found.overall, lang)
    );
    for own in &found.codes {
        let uses: Vec<String> = own
            .uses
            .iter()
            .map(|(coder, count)| format!("{coder} {count}"))
            .collect();
        let _ = writeln!(
            shown,
            "  {}: {} ({})",
            own.code,
            coefficient(&own.agreement, lang),
            uses.join(", ")
        );
    }
    let _ = writeln!(
        shown,
        "{}: {}",
        said(lang, "Disaccordi", "Disagreements"),
        found.disagreements.len()
    );
    for one in found.disagreements.iter().take(MOST_TOLD) {
        let _ = writeln!(
            shown,
            "  {}/{} {}: {} {}; {} {}",
            one.transcript,
            one.segment,
            one.code,
            said(lang, "sì", "yes"),
            one.given_by.join(", "),
            said(lang, "no", "no"),
            one.not_by.join(", ")
        );
    }
    if found.disagreements.len() > MOST_TOLD {
        let _ = writeln!(shown, "  … +{}", found.disagreements.len() - MOST_TOLD);
    }
    shown
}

fn holds(held: &Consensus, lang: Lang) -> String {
    let count = |word: &str| {
        let all = held.segments.iter().flat_map(|own| own.codes.values());
        all.filter(|basis| basis.as_str() == word).count()
    };
    format!(
        "{} {}; {}: {} {}, {} {}, {} {}\n{}: {}",
        held.segments.len(),
        said(lang, "segmenti", "segments"),
        said(lang, "codici che valgono", "codes that hold"),
        count("agreed"),
        said(lang, "concordi", "agreed"),
        count("adjudicated"),
        said(lang, "decisi da terzi", "decided by a third"),
        count("single"),
        said(lang, "di un solo codificatore", "of one coder alone"),
        said(
            lang,
            "Ancora in discussione (non contano)",
            "Still in dispute (they do not count)"
        ),
        held.undecided.len(),
    )
}

/// What holds, in the form of codings.
fn written(book: &Codebook, held: &Consensus) -> String {
    let mut text = String::from("transcript,segment,participant,coder,code,version,basis\n");
    for own in &held.segments {
        let who = own.participant.as_deref().unwrap_or_default();
        let mut row = |code: &str, basis: &str| {
            let _ = writeln!(
                text,
                "{},{},{who},consensus,{code},{},{basis}",
                own.transcript,
                own.segment,
                book.version()
            );
        };
        match own.codes.is_empty() {
            true => row("", ""),
            false => own
                .codes
                .iter()
                .for_each(|(code, basis)| row(code.as_str(), basis.as_str())),
        }
    }
    text
}
