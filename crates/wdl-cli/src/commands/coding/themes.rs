//! `wdl themes FILE…`: how many participants speak of each theme, by group, after disclosure control.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::PathBuf;

use serde_json::{Value, json};
use wdl_disclosure::Protected;
use wdl_evaluation::coding::{
    Codebook, CodingError, EntryId, Fieldwork, Participant, Themes as Counted, ThemesFile, count,
    protect,
};
use wdl_lab::{CODE_VERSION, Stopped, write};
use wdl_plain::PlainTable;
use wdl_protocol::{DisclosureRules, MinimumFrequency, Rule};
use wdl_result::{Cell, Status};
use wdl_vocab::{Digest, Lang, Text};

use super::codings::not_over;
use super::{Sheets, bad_option, codes, period, said};
use crate::answer::Answer;
use crate::manner::Manner;

/// Counts who speaks of each theme, by groups of participants, after disclosure control
#[derive(clap::Args)]
pub(crate) struct ThemesCommand {
    #[command(flatten)]
    sheets: Sheets,
    /// The participants: CSV or Parquet with a column participant and one for each breakdown
    #[arg(long, value_name = "FILE")]
    participants: PathBuf,
    /// A breakdown: a column of the participants; may be given several times
    #[arg(long, value_name = "COL")]
    by: Vec<String>,
    /// A theme of the codebook; may be given several times (those that are no part of another when left out)
    #[arg(long, value_name = "CODE")]
    theme: Vec<String>,
    /// When the interviews were held: 2026, 2026-Q2
    #[arg(long, value_name = "PERIOD")]
    period: String,
    /// The least participants a number may rest on
    #[arg(long, default_value_t = 5, value_name = "N")]
    min_frequency: u64,
    /// Shows where nobody speaks of a theme
    #[arg(long)]
    show_zero: bool,
    /// The people and what they say are invented
    #[arg(long)]
    synthetic: bool,
    /// The file to write the protected themes to, for `wdl joint`
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

impl ThemesCommand {
    pub(crate) fn run(&self, manner: &Manner) -> Result<Answer, Stopped> {
        let book = self.sheets.book(manner)?;
        let codings = self.sheets.codings(&book)?;
        let held = self.sheets.consensus(&book, &codings)?;
        let participants = self.participants()?;
        let bytes = serde_json::to_vec(&held).expect("codings are names");
        let fieldwork = Fieldwork {
            period: period(&self.period)?,
            synthetic: self.synthetic,
            data_date: String::new(),
            code_version: CODE_VERSION.to_owned(),
            evidence: Digest::of(&bytes),
        };
        let plain = |dimension: &str, category: Option<&str>| {
            let word = category.unwrap_or(dimension);
            Text::new(word, word)
        };
        let counted = count(
            &book,
            &held,
            &participants,
            &|transcript, said| Some(said.unwrap_or(transcript).to_owned()),
            (&self.by, &codes(&self.theme)?),
            (&fieldwork, &plain),
        )
        .map_err(|fault| Stopped::new(fault.of_file(&self.participants)))?;
        let protected = protect(&counted, &self.rules()?)?;
        let file = file(&book, &counted, &protected);
        if let Some(out) = &self.out {
            let inputs = self.sheets.files.iter().chain(&self.sheets.decisions);
            not_over(out, inputs.chain([&self.participants]))?;
            write(out, file.as_bytes())?;
        }
        let shown = Shown {
            book: &book,
            counted: &counted,
            protected: &protected,
            undecided: held.undecided.len(),
        };
        let text = Text::new(shown.text(Lang::It), shown.text(Lang::En));
        Ok(Answer::new(text, shown.value()))
    }

    fn rules(&self) -> Result<DisclosureRules, Stopped> {
        let minimum_frequency = MinimumFrequency::new(self.min_frequency).map_err(|_| {
            bad_option(
                "--min-frequency",
                &self.min_frequency.to_string(),
                &format!("≥ {}", MinimumFrequency::FLOOR),
            )
        })?;
        Ok(DisclosureRules::uniform(Rule {
            minimum_frequency,
            suppress_zero: !self.show_zero,
            ..Rule::default()
        }))
    }

    /// The participants with their groups, each once.
    fn participants(&self) -> Result<Vec<Participant>, Stopped> {
        let mut wanted = vec!["participant"];
        wanted.extend(self.by.iter().map(String::as_str));
        let table = PlainTable::read(&self.participants, &wanted)?;
        let names = table.text("participant");
        let groups: Vec<(&String, Vec<Option<String>>)> =
            self.by.iter().map(|by| (by, table.text(by))).collect();
        let mut found: BTreeMap<String, BTreeMap<String, String>> = BTreeMap::new();
        let wrong = |fault: CodingError| Stopped::new(fault.of_file(&self.participants));
        for (row, name) in names.into_iter().enumerate() {
            let line = table.line(row);
            let Some(name) = name else {
                let column = "participant";
                return Err(wrong(CodingError::Cell { column, line }));
            };
            let own = groups.iter().filter_map(|(by, cells)| {
                let category = cells[row].clone()?;
                Some(((*by).clone(), category))
            });
            if found
                .insert(name.to_ascii_lowercase(), own.collect())
                .is_some()
            {
                let column = "participant".to_owned();
                return Err(wrong(CodingError::TwoGroups { column, line }));
            }
        }
        let found = found.into_iter();
        Ok(found
            .map(|(name, groups)| Participant { name, groups })
            .collect())
    }
}

/// The protected themes as a file.
fn file(book: &Codebook, counted: &Counted, protected: &[Protected]) -> String {
    let themes = counted.themes.iter().zip(protected);
    let tables = themes.flat_map(|(theme, protected)| {
        let entry = book.entry(&theme.code).expect("what is counted is a code");
        let of = |table| (&theme.code, &entry.label, table);
        protected.tables.iter().map(of)
    });
    ThemesFile::write(tables)
}

/// What is told of counted and protected themes.
struct Shown<'s> {
    book: &'s Codebook,
    counted: &'s Counted,
    protected: &'s [Protected],
    undecided: usize,
}

impl Shown<'_> {
    fn themes(&self) -> impl Iterator<Item = (&EntryId, &Protected)> {
        let codes = self.counted.themes.iter().map(|theme| &theme.code);
        codes.zip(self.protected)
    }

    fn text(&self, lang: Lang) -> String {
        let mut shown = format!(
            "{} {}, {} {}; {} {}\n",
            said(lang, "Libro dei codici", "Codebook"),
            self.book.id(),
            said(lang, "versione", "version"),
            self.book.version(),
            said(lang, "soglia", "least"),
            self.protected
                .first()
                .map_or(0, |own| own.report.minimum_frequency),
        );
        if self.counted.not_coded > 0 {
            let _ = writeln!(
                shown,
                "{}: {}",
                said(
                    lang,
                    "Partecipanti senza segmenti codificati, lasciati fuori",
                    "Participants without a coded segment, left out"
                ),
                self.counted.not_coded
            );
        }
        if self.undecided > 0 {
            let _ = writeln!(
                shown,
                "{}: {}",
                said(
                    lang,
                    "Codici ancora in discussione, che non contano",
                    "Codes still in dispute, which do not count"
                ),
                self.undecided
            );
        }
        for (code, own) in self.themes() {
            let entry = self.book.entry(code).expect("what is counted is a code");
            let _ = writeln!(shown, "{} ({code})", entry.label.get(lang));
            for table in &own.tables {
                let table = table.get();
                for cell in &table.cells {
                    let group = cell.keys.first().cloned().flatten();
                    let group =
                        group.unwrap_or_else(|| said(lang, "tutti", "everybody").to_owned());
                    let _ = writeln!(shown, "  {group:<24} {}", cell_words(cell, lang));
                }
            }
        }
        shown.push_str(said(
            lang,
            "Le quote parlano soltanto di chi ha partecipato.",
            "The shares speak of those who took part and nobody else.",
        ));
        shown
    }

    fn value(&self) -> Value {
        let themes: Vec<Value> = self
            .themes()
            .map(|(code, own)| {
                let tables: Vec<Value> =
                    own.tables.iter().map(|table| json!(table.get())).collect();
                json!({
                    "theme": code,
                    "hidden": { "primary": own.report.primary, "secondary": own.report.secondary },
                    "tables": tables,
                })
            })
            .collect();
        json!({
            "codebook": self.book.id(),
            "version": self.book.version(),
            "minimum_frequency": self.protected.first().map(|own| own.report.minimum_frequency),
            "undecided": self.undecided,
            "themes": themes,
        })
    }
}

fn cell_words(cell: &Cell, lang: Lang) -> String {
    match (cell.status, cell.estimate, cell.n) {
        (Status::Value, Some(share), Some(n)) => format!(
            "{} % {} {n}",
            lang.number(100.0 * share, 0),
            said(lang, "di", "of")
        ),
        (Status::NotComputableEmpty, _, _) => {
            said(lang, "nessun partecipante", "no participant").to_owned()
        }
        _ => said(lang, "nascosta", "hidden").to_owned(),
    }
}
