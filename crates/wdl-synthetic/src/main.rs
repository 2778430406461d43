//! `wdl-synthetic`: makes a synthetic Modena in a folder.
//!
//! It only reads its arguments, asks the library and tells what was written.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, ValueEnum};
use wdl_synthetic::{City, Report, Request};
use wdl_vocab::{Diagnose, Lang, SYNTHETIC_NOTICE};

/// A synthetic Modena: each body's exports from 2017 to 2026, and the truth apart.
#[derive(Parser)]
#[command(name = "wdl-synthetic", version, about)]
struct Arguments {
    /// Residents, about (500 to 1,000,000; Modena has 185,000).
    #[arg(long, default_value_t = 20_000)]
    residents: u32,
    /// Seed: the same seed gives the same bytes.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Folder to write into.
    #[arg(long)]
    out: PathBuf,
    /// Archives without errors.
    #[arg(long)]
    clean: bool,
    /// How to report.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// Language of the messages.
    #[arg(long, value_enum)]
    lang: Option<Language>,
}

impl Arguments {
    /// The language asked for, else the locale's.
    fn lang(&self) -> Lang {
        let locale = || {
            ["LC_ALL", "LC_MESSAGES", "LANG"]
                .iter()
                .find_map(|name| std::env::var(name).ok())
        };
        match self.lang {
            Some(Language::It) => Lang::It,
            Some(Language::En) => Lang::En,
            None => Lang::from_locale(&locale().unwrap_or_default()),
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Language {
    /// Italian.
    It,
    /// English.
    En,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Lines for people.
    Text,
    /// One document.
    Json,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let request = Request {
        residents: arguments.residents,
        seed: arguments.seed,
        clean: arguments.clean,
    };
    let made = City::live(request).and_then(|city| city.write(&arguments.out));
    match made {
        Ok(report) => {
            tell(&report, &arguments);
            ExitCode::SUCCESS
        }
        Err(error) => {
            let diagnostic = error.diagnostic();
            eprintln!("{}", diagnostic.render(arguments.lang()));
            ExitCode::from(diagnostic.code.exit.status())
        }
    }
}

fn tell(report: &Report, arguments: &Arguments) {
    if arguments.format == Format::Json {
        println!(
            "{}",
            serde_json::to_string_pretty(report).expect("the report is plain data")
        );
        return;
    }
    let lang = arguments.lang();
    for file in report.exports.iter().chain(&report.truth) {
        println!(
            "{:>12}  {}",
            lang.number(file.rows as f64, 0),
            file.file.display()
        );
    }
    let (expected, achieved, held, missed) = match lang {
        Lang::It => ("atteso", "ottenuto", "sì", "NO"),
        Lang::En => ("expected", "achieved", "yes", "NO"),
    };
    println!("\n{:<42} {expected:>16} {achieved:>16}", "");
    for target in &report.targets {
        let mark = if target.holds() { held } else { missed };
        let decimals = if target.expected < 1_000.0 { 4 } else { 0 };
        let shown = |value: f64| lang.number(value, decimals);
        println!(
            "{:<42} {:>16} {:>16}  {mark}",
            target.name,
            shown(target.expected),
            shown(target.achieved)
        );
    }
    println!("\n{}", SYNTHETIC_NOTICE.get(lang));
}
