//! The words of the command line, with their help in both languages.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Args, CommandFactory as _, FromArgMatches as _, Parser, Subcommand, ValueEnum};
use wdl_vocab::diagnostics::codes::holder as codes;
use wdl_vocab::{DeliveryId, Diagnostic, Lang, Period};

use crate::words::say;

#[derive(Parser)]
#[command(name = "wdl-holder", version, disable_help_subcommand = true)]
pub(super) struct Command {
    #[arg(long, global = true, value_parser = ["it", "en"])]
    lang: Option<String>,
    #[arg(long, global = true, value_enum, default_value_t = Format::Text)]
    pub(super) format: Format,
    #[command(subcommand)]
    pub(super) verb: Verb,
}

/// The form of the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    Text,
    Json,
}

#[derive(Subcommand)]
pub(super) enum Verb {
    Init {
        #[arg(long)]
        dir: PathBuf,
        #[arg(long)]
        body: String,
    },
    Check {
        #[command(flatten)]
        quarter: Quarter,
        #[arg(
            long,
            conflicts_with = "contract",
            required_unless_present = "contract",
            requires = "body"
        )]
        lab: Option<PathBuf>,
        #[arg(long)]
        contract: Option<PathBuf>,
        #[arg(long)]
        body: Option<String>,
        #[arg(long)]
        dir: Option<PathBuf>,
        #[arg(long)]
        reports: Option<PathBuf>,
    },
    Seal {
        #[command(flatten)]
        quarter: Quarter,
        #[command(flatten)]
        desk: MyDesk,
        #[command(flatten)]
        sending: Sending,
        #[arg(long)]
        reports: Option<PathBuf>,
        #[arg(long)]
        only_accepted: bool,
        #[command(flatten)]
        correction: Correction,
    },
    Cancel {
        delivery: DeliveryId,
        #[command(flatten)]
        desk: MyDesk,
        #[command(flatten)]
        sending: Sending,
        #[arg(long)]
        reason: String,
    },
    Receipt {
        #[arg(required = true)]
        files: Vec<PathBuf>,
        #[command(flatten)]
        desk: MyDesk,
        #[arg(long)]
        lab_key: Option<PathBuf>,
    },
    Ui {
        #[command(flatten)]
        desk: MyDesk,
        #[command(flatten)]
        sending: Sending,
        #[arg(long)]
        lab_key: Option<PathBuf>,
        #[arg(long, default_value_t = 0)]
        port: u16,
    },
}

/// The files of a quarter.
#[derive(Args)]
pub(super) struct Quarter {
    #[arg(required = true)]
    pub(super) files: Vec<PathBuf>,
    #[arg(long)]
    pub(super) period: Period,
    #[arg(long, value_name = "QUESTION=ANSWER")]
    pub(super) answer: Vec<String>,
    #[arg(long, value_name = "NAME=COLUMN")]
    pub(super) column: Vec<String>,
    #[arg(long, value_name = "FILE")]
    pub(super) justify: Option<PathBuf>,
}

/// What a delivery does to one before it.
#[derive(Args)]
pub(super) struct Correction {
    #[arg(long, value_name = "DELIVERY", requires = "reason")]
    pub(super) replaces: Option<DeliveryId>,
    #[arg(long, requires = "replaces")]
    pub(super) rejected_only: bool,
    #[arg(long)]
    pub(super) reason: Option<String>,
}

/// Whose desk it is.
#[derive(Args)]
pub(super) struct MyDesk {
    #[arg(long)]
    pub(super) lab: PathBuf,
    #[arg(long)]
    pub(super) body: String,
    #[arg(long)]
    pub(super) dir: PathBuf,
}

/// Whom a delivery goes to, and who makes its pseudonyms.
#[derive(Args)]
pub(super) struct Sending {
    #[arg(long)]
    pub(super) recipient: PathBuf,
    #[arg(long)]
    pub(super) custodian: Vec<String>,
    #[arg(long, value_name = "NAME=FILE")]
    pub(super) custodian_key: Vec<String>,
    #[arg(long, value_name = "PEM")]
    pub(super) custodian_root: Option<PathBuf>,
    #[arg(long)]
    pub(super) out: PathBuf,
}

/// Why no command is run.
pub(super) enum Stop {
    /// The help or the version was asked for.
    Shown(String),
    /// The words are wrong.
    Wrong(Box<Diagnostic>),
}

/// The language asked for, before anything else is read.
pub(super) fn language(arguments: &[OsString]) -> Option<Lang> {
    let texts: Vec<&str> = arguments.iter().filter_map(|word| word.to_str()).collect();
    let named = |word: &str| Lang::ALL.into_iter().find(|lang| lang.code() == word);
    let spaced = texts
        .windows(2)
        .find(|pair| pair[0] == "--lang")
        .and_then(|pair| named(pair[1]));
    spaced.or_else(|| {
        texts
            .iter()
            .find_map(|word| word.strip_prefix("--lang="))
            .and_then(named)
    })
}

/// Reads the words.
pub(super) fn parse(arguments: Vec<OsString>, lang: Lang) -> Result<Command, Stop> {
    localised(lang)
        .try_get_matches_from(arguments)
        .and_then(|matches| Command::from_arg_matches(&matches))
        .map_err(stop)
}

fn stop(error: clap::Error) -> Stop {
    let text = error.render().to_string();
    match error.kind() {
        ErrorKind::DisplayHelp
        | ErrorKind::DisplayVersion
        | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => Stop::Shown(text),
        _ => {
            let detail: Vec<&str> = text
                .lines()
                .take_while(|line| !line.starts_with("Usage") && !line.contains("tip:"))
                .map(str::trim)
                .filter(|line| !line.is_empty())
                .collect();
            let detail = detail.join(" ");
            let detail = detail.strip_prefix("error: ").unwrap_or(&detail);
            let meant = [
                ContextKind::SuggestedArg,
                ContextKind::SuggestedSubcommand,
                ContextKind::SuggestedValue,
            ]
            .into_iter()
            .find_map(|kind| error.get(kind).and_then(first));
            Stop::Wrong(Box::new(
                Diagnostic::new(codes::BAD_COMMAND)
                    .with("detail", detail)
                    .suggest(meant),
            ))
        }
    }
}

fn first(value: &ContextValue) -> Option<&str> {
    match value {
        ContextValue::String(text) => Some(text),
        ContextValue::Strings(texts) => texts.first().map(String::as_str),
        _ => None,
    }
}

/// The verbs, as they stand in the help.
const VERBS: [&str; 6] = ["init", "check", "seal", "cancel", "receipt", "ui"];

fn localised(lang: Lang) -> clap::Command {
    let help = |key: &str| say(lang, &format!("help-{key}"), &[]);
    let word = |arg: clap::Arg| match arg.get_id().as_str() {
        "help" | "version" => arg,
        id => {
            let key = id.to_owned();
            arg.help(help(&key))
        }
    };
    let mut command = Command::command().about(help("about")).mut_args(word);
    for verb in VERBS {
        command = command.mut_subcommand(verb, |sub| sub.about(help(verb)).mut_args(word));
    }
    command
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_has_its_help_in_both_languages() {
        for lang in Lang::ALL {
            let command = localised(lang);
            command.clone().debug_assert();
            for sub in command.get_subcommands() {
                assert!(VERBS.contains(&sub.get_name()), "{}", sub.get_name());
                for arg in sub.get_arguments() {
                    let help = arg.get_help().map(ToString::to_string).unwrap_or_default();
                    assert!(
                        !help.is_empty() && !help.starts_with('<'),
                        "{}",
                        arg.get_id()
                    );
                }
            }
        }
    }
}
