//! What is wrong with a command line, as a diagnostic in the reader's language: the parser itself speaks English only.

use std::error::Error as _;
use std::num::{IntErrorKind, ParseFloatError, ParseIntError};

use clap::error::{ContextKind, ContextValue, ErrorKind};
use wdl_vocab::diagnostics::codes::usage as codes;
use wdl_vocab::{Diagnostic, Text};

/// True when nothing is wrong: help or the version was asked for.
pub(crate) fn is_help(error: &clap::Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::DisplayHelp
            | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand
            | ErrorKind::DisplayVersion
    )
}

/// A page is asked of a command that has none.
pub(crate) fn no_page() -> Diagnostic {
    Diagnostic::new(codes::BAD_OPTION)
        .with("value", "html")
        .with("option", "--format")
        .with("expected", "text, json")
}

/// What is wrong with the line.
pub(crate) fn wrong(error: &clap::Error) -> Diagnostic {
    let of = |kind| words_of(error, kind).unwrap_or_default();
    let argument = || of(ContextKind::InvalidArg);
    let meant = |kind| words_of(error, kind);
    match error.kind() {
        ErrorKind::UnknownArgument => Diagnostic::new(codes::UNKNOWN_OPTION)
            .with("option", argument())
            .suggest(meant(ContextKind::SuggestedArg).as_deref()),
        ErrorKind::InvalidSubcommand => Diagnostic::new(codes::UNKNOWN_COMMAND)
            .with("command", of(ContextKind::InvalidSubcommand))
            .suggest(meant(ContextKind::SuggestedSubcommand).as_deref()),
        ErrorKind::MissingRequiredArgument => {
            Diagnostic::new(codes::MISSING_OPTION).with("expected", argument())
        }
        ErrorKind::MissingSubcommand => Diagnostic::new(codes::MISSING_OPTION)
            .with("expected", of(ContextKind::ValidSubcommand)),
        ErrorKind::ArgumentConflict => Diagnostic::new(codes::OPTIONS_DISAGREE)
            .with("option", argument())
            .with("other", of(ContextKind::PriorArg)),
        ErrorKind::InvalidValue if of(ContextKind::InvalidValue).is_empty() => {
            Diagnostic::new(codes::NO_VALUE).with("option", argument())
        }
        ErrorKind::NoEquals
        | ErrorKind::TooManyValues
        | ErrorKind::TooFewValues
        | ErrorKind::WrongNumberOfValues => {
            Diagnostic::new(codes::NO_VALUE).with("option", argument())
        }
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => {
            let told = Diagnostic::new(codes::BAD_OPTION)
                .with("value", of(ContextKind::InvalidValue))
                .with("option", argument())
                .suggest(meant(ContextKind::SuggestedValue).as_deref());
            match words_of(error, ContextKind::ValidValue) {
                Some(values) => told.with("expected", values),
                None => told.with_words("expected", &expected(error)),
            }
        }
        _ => Diagnostic::new(codes::LINE).with("detail", plain(&error.to_string())),
    }
}

/// What would be a value, where the type of the option tells.
fn expected(error: &clap::Error) -> Text {
    let Some(source) = error.source() else {
        return Text::fixed("vedere `--help`", "see `--help`");
    };
    if source.is::<ParseFloatError>() {
        return Text::fixed("un numero, con il punto decimale", "a number");
    }
    if let Some(fault) = source.downcast_ref::<ParseIntError>() {
        return match fault.kind() {
            IntErrorKind::PosOverflow | IntErrorKind::NegOverflow => {
                Text::fixed("un numero intero meno grande", "a smaller whole number")
            }
            _ => Text::fixed("un numero intero", "a whole number"),
        };
    }
    let words = source.to_string();
    match words.split_once(" is not in ") {
        Some((_, range)) => Text::new(
            format!("un numero intero in {range}"),
            format!("a whole number in {range}"),
        ),
        // The command's own words: they are those of its option in `--help`.
        None => Text::new(words.clone(), words),
    }
}

/// What the parser says of a kind, as one list.
fn words_of(error: &clap::Error, kind: ContextKind) -> Option<String> {
    let words = match error.get(kind)? {
        ContextValue::String(one) => one.clone(),
        ContextValue::Strings(several) => several.join(", "),
        ContextValue::Number(number) => number.to_string(),
        ContextValue::StyledStr(one) => one.to_string(),
        _ => return None,
    };
    Some(words)
}

/// The first line without the parser's own word for an error.
fn plain(words: &str) -> String {
    let first = words.lines().next().unwrap_or_default();
    first.trim_start_matches("error: ").to_owned()
}
