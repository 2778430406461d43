//! The binary `wdl`: the lab's commands.
//!
//! Each command is one file in [`commands`]; this file reads the command line, and turns what came back into text or JSON and an exit code.

mod answer;
mod commands;
mod manner;
mod progress;

use std::process::ExitCode;

use clap::Parser as _;

use crate::commands::Command;
use crate::manner::{Format, Manner};

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
    let line = Line::parse();
    match line.command.run(&line.manner) {
        Ok(answer) => {
            answer.print(&line.manner);
            ExitCode::from(answer.exit.status())
        }
        Err(stopped) => {
            let diagnostic = stopped.diagnostic();
            match line.manner.format {
                Format::Text => eprintln!("{}", diagnostic.render(line.manner.lang())),
                Format::Json => eprintln!(
                    "{}",
                    serde_json::json!({ "error": diagnostic, "message": diagnostic.render(line.manner.lang()) })
                ),
            }
            ExitCode::from(diagnostic.code.exit.status())
        }
    }
}
