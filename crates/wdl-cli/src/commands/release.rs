//! `wdl release request | review | finish | status`: results leave the lab.

use std::fmt::Write as _;

use serde_json::json;
use wdl_lab::{Stopped, release, request, requests, results, review};
use wdl_release::{Progress as Way, Vote};
use wdl_vocab::diagnostics::codes::usage as codes;
use wdl_vocab::{Diagnostic, Exit, Lang, ReleaseId, Text};

use crate::answer::Answer;
use crate::commands::build::show;
use crate::manner::{Format, Manner};
use crate::progress::Progress;

/// Asks for a release, reviews it, lets it out
#[derive(clap::Args)]
pub(crate) struct Release {
    #[command(subcommand)]
    step: Step,
}

#[derive(clap::Subcommand)]
enum Step {
    /// Asks for the release of every checked table of the base that stands
    Request,
    /// Votes on a request
    Review {
        /// The request
        id: String,
        /// Agrees
        #[arg(long, conflicts_with = "reject", required_unless_present = "reject")]
        approve: bool,
        /// Disagrees
        #[arg(long)]
        reject: bool,
    },
    /// Lets out a request that all reviewers agreed on
    Finish {
        /// The request
        id: String,
    },
    /// How far each request is
    Status,
}

impl Release {
    pub(crate) fn run(&self, manner: &Manner) -> Result<Answer, Stopped> {
        let mut desk = manner.desk()?;
        match &self.step {
            Step::Request => {
                let progress = Progress::new(manner.format == Format::Json);
                let checked = results(&desk, &mut |at| show(&progress, &at))?;
                let id = request(&mut desk, &checked)?;
                let text = Text::new(
                    format!(
                        "Richiesta {id}: {} tabelle aspettano le revisioni.",
                        checked.len()
                    ),
                    format!(
                        "Request {id}: {} tables wait for their reviews.",
                        checked.len()
                    ),
                );
                let value = json!({ "release": id, "tables": checked.len() });
                Ok(Answer::new(text, value).exit(Exit::Waiting))
            }
            Step::Review { id, approve, .. } => {
                let vote = if *approve {
                    Vote::Approve
                } else {
                    Vote::Reject
                };
                review(&mut desk, &parse(id)?, vote)?;
                let text = Text::fixed("Voto registrato.", "Vote recorded.");
                Ok(Answer::new(
                    text,
                    json!({ "release": id, "approved": approve }),
                ))
            }
            Step::Finish { id } => {
                let tables = release(&mut desk, &parse(id)?)?;
                let text = Text::new(
                    format!("Rilasciate {tables} tabelle; `wdl publish` le pubblica."),
                    format!("{tables} tables released; `wdl publish` publishes them."),
                );
                Ok(Answer::new(
                    text,
                    json!({ "release": id, "tables": tables }),
                ))
            }
            Step::Status => {
                let all = requests(&desk)?;
                let text = Text::new(words(&all, Lang::It), words(&all, Lang::En));
                let value: Vec<_> = all
                    .iter()
                    .map(|(id, way)| json!({ "release": id, "state": state(*way, Lang::En) }))
                    .collect();
                Ok(Answer::new(text, json!({ "requests": value })))
            }
        }
    }
}

fn parse(id: &str) -> Result<ReleaseId, Stopped> {
    ReleaseId::parse(id).map_err(|fault| {
        Stopped::new(
            Diagnostic::new(codes::BAD_OPTION)
                .with("option", "ID")
                .with("value", id.chars().take(40).collect::<String>())
                .with("expected", fault),
        )
    })
}

fn words(all: &[(ReleaseId, Way)], lang: Lang) -> String {
    if all.is_empty() {
        let none = Text::fixed("Nessuna richiesta.", "No request.");
        return none.get(lang).to_owned();
    }
    let mut shown = String::new();
    for (id, way) in all {
        let _ = writeln!(shown, "{id}  {}", state(*way, lang));
    }
    shown
}

fn state(way: Way, lang: Lang) -> String {
    let text = match way {
        Way::Waiting { votes, needed } => Text::new(
            format!("in attesa: {votes} revisioni su {needed}"),
            format!("waiting: {votes} reviews of {needed}"),
        ),
        Way::Rejected => Text::fixed("respinta", "rejected"),
        Way::Approved => Text::fixed("approvata, da rilasciare", "approved, to be released"),
        Way::Released => Text::fixed("rilasciata", "released"),
    };
    text.get(lang).to_owned()
}
