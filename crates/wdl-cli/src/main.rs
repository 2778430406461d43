//! The binary `wdl`: the lab's commands.
//!
//! Each command is one file in [`commands`]; this file reads the command line, and turns what came back into text or JSON and an exit code.

mod answer;
mod commands;
mod line;
mod manner;
mod progress;

use std::process::ExitCode;

use clap::Parser as _;
use wdl_vocab::Diagnostic;

use crate::commands::Command;
use crate::manner::{Format, Manner, Spoken};

#[global_allocator]
static MEMORY: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Welfare DataLab: the lab's commands.
#[derive(clap::Parser)]
#[command(name = "wdl", version, propagate_version = true)]
struct Line {
    #[command(flatten)]
    manner: Manner,
    #[command(subcommand)]
    command: Command,
}

fn main() -> ExitCode {
    let line = match Line::try_parse() {
        Ok(line) => line,
        Err(error) if line::is_help(&error) => error.exit(),
        Err(error) => {
            let spoken = Spoken::of_words(std::env::args_os());
            return stop(&line::wrong(&error), spoken);
        }
    };
    if line.manner.format == Format::Html && !line.command.has_page() {
        return stop(&line::no_page(), line.manner.spoken());
    }
    match line.command.run(&line.manner) {
        Ok(answer) => {
            answer.print(&line.manner);
            ExitCode::from(answer.exit.status())
        }
        Err(stopped) => stop(stopped.diagnostic(), line.manner.spoken()),
    }
}

/// Says why the command stopped.
fn stop(diagnostic: &Diagnostic, spoken: Spoken) -> ExitCode {
    let words = diagnostic.render(spoken.lang);
    match spoken.format {
        Format::Text | Format::Html => eprintln!("{words}"),
        Format::Json => eprintln!(
            "{}",
            serde_json::json!({ "error": diagnostic, "message": words })
        ),
    }
    ExitCode::from(diagnostic.code.exit.status())
}
