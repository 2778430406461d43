//! `wdl transcript add | list | open | withdraw | request`: what people said, sealed in the lab; only counts of themes can be asked for.

use std::fmt::Write as _;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use wdl_lab::{
    Asked, Derived, Handed, Home, Stopped, ThemesAsked, TranscriptKind, TranscriptLine, destroy,
    keep, open, request_themes, transcripts,
};
use wdl_protocol::PurposeId;
use wdl_release::Context;
use wdl_vocab::{Exit, Lang, Text};
use zeroize::Zeroizing;

use crate::answer::Answer;
use crate::commands::coding::{Sheets, bad_option, codes, period};
use crate::manner::Manner;

/// Seals interviews, focus groups and open answers, and asks for counts of their themes
#[derive(clap::Args)]
pub(crate) struct Transcript {
    #[command(subcommand)]
    step: Step,
}

#[derive(clap::Subcommand)]
enum Step {
    /// Seals a transcript to the lab's key
    Add(Box<Add>),
    /// What the record says of every transcript: when it was sealed, how often it was read, whether it was destroyed
    List,
    /// Shows a transcript on the screen, for a purpose its participants agreed to; each reading is in the record
    Open {
        /// The transcript
        id: String,
        /// The purpose of the agreement it is read for
        #[arg(long = "for", value_name = "PURPOSE")]
        purpose: String,
    },
    /// Destroys a transcript because its consent was withdrawn, and says what was made from it
    Withdraw {
        /// The transcript
        id: String,
    },
    /// Asks for the release of counts: who speaks of each theme, by groups, after disclosure control
    Request(Box<Request>),
}

#[derive(clap::Args)]
struct Add {
    /// The text, in UTF-8; `-` reads it from standard input
    file: PathBuf,
    /// What it is of
    #[arg(long)]
    kind: KindName,
    /// A purpose of the agreement that the participants agreed to; may be given several times
    #[arg(long, required = true, value_name = "PURPOSE")]
    consent: Vec<String>,
    /// The day they agreed: 2026-05-04
    #[arg(long, value_name = "DAY")]
    consented_on: String,
    /// The pseudonym of a participant; several in a focus group
    #[arg(long, required = true, value_name = "NAME")]
    participant: Vec<String>,
    /// A group of all participants, or of one: quartiere=Q1, p07:quartiere=Q1
    #[arg(long, value_name = "KEY=VALUE")]
    group: Vec<String>,
    /// Keeps a text although it holds what looks like a code or a number of somebody
    #[arg(long)]
    with_identifiers: bool,
}

#[derive(Clone, Copy, clap::ValueEnum)]
#[value(rename_all = "snake_case")]
enum KindName {
    /// One person was asked
    Interview,
    /// Several people talked
    FocusGroup,
    /// One person wrote
    OpenAnswer,
}

impl From<KindName> for TranscriptKind {
    fn from(name: KindName) -> TranscriptKind {
        match name {
            KindName::Interview => TranscriptKind::Interview,
            KindName::FocusGroup => TranscriptKind::FocusGroup,
            KindName::OpenAnswer => TranscriptKind::OpenAnswer,
        }
    }
}

#[derive(clap::Args)]
struct Request {
    #[command(flatten)]
    sheets: Sheets,
    /// A breakdown: a group told when transcripts were sealed; may be given several times
    #[arg(long, value_name = "KEY")]
    by: Vec<String>,
    /// A theme of the codebook; may be given several times (those that are no part of another when left out)
    #[arg(long, value_name = "CODE")]
    theme: Vec<String>,
    /// When the interviews were held: 2026, 2026-Q2
    #[arg(long, value_name = "PERIOD")]
    period: String,
    /// The purpose of the agreement that every participant agreed to
    #[arg(long = "for", value_name = "PURPOSE")]
    purpose: String,
    /// The question it answers, in a sentence or two: the reviewers read it
    #[arg(long, value_name = "TEXT")]
    why: String,
}

impl Transcript {
    pub(crate) fn run(&self, manner: &Manner) -> Result<Answer, Stopped> {
        match &self.step {
            Step::Add(add) => add.run(manner),
            Step::List => {
                let all = transcripts(&Home::open(&manner.dir)?)?;
                let text = Text::new(listed(&all, Lang::It), listed(&all, Lang::En));
                Ok(Answer::new(text, json!({ "transcripts": all })))
            }
            Step::Open { id, purpose } => {
                let words = open(&mut manner.desk()?, id, purpose)?.shown();
                let shown = String::from_utf8_lossy(&words);
                let text = Text::new(shown.clone(), shown.clone());
                Ok(Answer::new(
                    text,
                    json!({ "transcript": id, "text": shown }),
                ))
            }
            Step::Withdraw { id } => {
                let derived = destroy(&mut manner.desk()?, id)?;
                let text = Text::new(
                    destroyed(id, &derived, Lang::It),
                    destroyed(id, &derived, Lang::En),
                );
                let derived: Vec<Value> = derived
                    .iter()
                    .map(|own| json!({ "release": own.release, "state": own.state.get(Lang::En) }))
                    .collect();
                Ok(Answer::new(
                    text,
                    json!({ "transcript": id, "derived": derived }),
                ))
            }
            Step::Request(request) => request.run(manner),
        }
    }
}

impl Add {
    fn run(&self, manner: &Manner) -> Result<Answer, Stopped> {
        let mut desk = manner.desk()?;
        let bytes = self.bytes()?;
        let handed = Handed {
            kind: self.kind.into(),
            consent: &self.consent,
            consented_on: &self.consented_on,
            participants: &self.participant,
            groups: &self.group,
            with_identifiers: self.with_identifiers,
        };
        let kept = keep(&mut desk, &bytes, &handed)?;
        let warned = |it: &str, en: &str, lang| match (kept.identifiers, lang) {
            (0, _) => String::new(),
            (n, Lang::It) => format!("\nAttenzione: {n} {it}"),
            (n, Lang::En) => format!("\nBeware: {n} {en}"),
        };
        let warned = |lang| {
            warned(
                "passi possono identificare qualcuno, e sono stati tenuti.",
                "passages may identify somebody, and were kept.",
                lang,
            )
        };
        let text = Text::new(
            format!(
                "Sigillata: {}. Nelle codifiche si chiama così. Ora distruggere il file di partenza e le sue copie.{}",
                kept.transcript,
                warned(Lang::It)
            ),
            format!(
                "Sealed: {}. Codings call it by this name. Now destroy the file it came from, and its copies.{}",
                kept.transcript,
                warned(Lang::En)
            ),
        );
        Ok(Answer::new(text, kept))
    }

    fn bytes(&self) -> Result<Zeroizing<Vec<u8>>, Stopped> {
        let mut bytes = Zeroizing::new(Vec::new());
        let read = match self.file == Path::new("-") {
            true => std::io::stdin().read_to_end(&mut bytes),
            false => {
                std::fs::File::open(&self.file).and_then(|mut file| file.read_to_end(&mut bytes))
            }
        };
        match read {
            Ok(_) => Ok(bytes),
            Err(fault) => Err(Stopped::file(&self.file, &fault)),
        }
    }
}

impl Request {
    fn run(&self, manner: &Manner) -> Result<Answer, Stopped> {
        let mut desk = manner.desk()?;
        let book = self.sheets.book(manner)?;
        let codings = self.sheets.codings(&book)?;
        let consensus = self.sheets.consensus(&book, &codings)?;
        let purpose = PurposeId::parse(&self.purpose)
            .map_err(|fault| bad_option("--for", &self.purpose, &fault.to_string()))?;
        let asked = Asked {
            context: Some(Context {
                purposes: vec![purpose],
                why: self.why.clone(),
            }),
            ..Asked::default()
        };
        let themes = codes(&self.theme)?;
        let asked_for = ThemesAsked {
            book: &book,
            consensus: &consensus,
            by: &self.by,
            codes: &themes,
            period: period(&self.period)?,
            purpose: &self.purpose,
        };
        let made = request_themes(&mut desk, asked_for, &asked)?;
        let (id, tables) = (&made.release, made.tables);
        let text = Text::new(
            format!("Richiesta {id}: {tables} tabelle di temi aspettano le revisioni."),
            format!("Request {id}: {tables} tables of themes wait for their reviews."),
        );
        let value = json!({ "release": id, "tables": tables, "unproved": made.unproved });
        Ok(Answer::new(text, value).exit(Exit::Waiting))
    }
}

fn listed(all: &[TranscriptLine], lang: Lang) -> String {
    let mut shown = String::new();
    for own in all {
        let what = match (&own.destroyed_on, lang) {
            (None, Lang::It) => format!("letta {} volte", own.readings),
            (None, Lang::En) => format!("read {} times", own.readings),
            (Some(on), Lang::It) => format!("distrutta il {on}"),
            (Some(on), Lang::En) => format!("destroyed on {on}"),
        };
        let _ = writeln!(shown, "{}  {}  {}  {what}", own.transcript, own.on, own.by);
    }
    match (all.len(), lang) {
        (0, Lang::It) => "Nessuna trascrizione.".to_owned(),
        (0, Lang::En) => "No transcript.".to_owned(),
        _ => shown,
    }
}

fn destroyed(id: &str, derived: &[Derived], lang: Lang) -> String {
    let mut shown = match lang {
        Lang::It => format!(
            "Distrutta: {id}. Togliere le sue righe dalle codifiche; nelle copie di sicurezza del laboratorio resta, sigillata, finché durano.\n"
        ),
        Lang::En => format!(
            "Destroyed: {id}. Take its rows out of the codings; in the lab's backups it stays, sealed, as long as they last.\n"
        ),
    };
    let head = match (derived.len(), lang) {
        (0, Lang::It) => "Nessun rilascio la contava.",
        (0, Lang::En) => "No release counted it.",
        (_, Lang::It) => "La contavano, insieme ad altre:",
        (_, Lang::En) => "Counted together with others in:",
    };
    shown.push_str(head);
    for own in derived {
        let _ = write!(shown, "\n- {} ({})", own.release, own.state.get(lang));
    }
    shown
}
