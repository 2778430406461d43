//! The key service of one custodian: it answers blinded values under its key and sees neither values nor data.
//!
//! Place in the flow: between the holder's check and its seal; two custodians run it side by side, each with its own key.
//! It must not know contracts, columns, deliveries or the lab: it depends on the words, the cryptography and the web server alone.
//! It writes counts and nothing else about what it was asked.

mod custodian;
mod error;
mod refusal;
mod service;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use wdl_vocab::{Diagnose as _, Lang};

use crate::custodian::{Bodies, Custodian};
use crate::error::KeysError;

/// Key service of a custodian of the pseudonyms (servizio delle chiavi di un custode).
#[derive(Parser)]
#[command(name = "wdl-keys", version)]
struct Command {
    /// Language of the messages: it, en (lingua dei messaggi).
    #[arg(long, global = true, value_parser = language)]
    lang: Option<Lang>,
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Subcommand)]
enum Verb {
    /// Prepare the folder of a custodian with a new key (prepara la cartella con una chiave nuova).
    Init {
        /// The custodian's folder (la cartella del custode).
        #[arg(long)]
        dir: PathBuf,
        /// The custodian's name in the agreement (il nome del custode nell'accordo).
        #[arg(long)]
        id: String,
        /// The period the key is for (il periodo della chiave).
        #[arg(long)]
        key_period: String,
    },
    /// Answer the bodies of the agreement (risponde agli enti dell'accordo).
    Serve {
        /// The custodian's folder (la cartella del custode).
        #[arg(long)]
        dir: PathBuf,
        /// Folder with the public key of each body, `<body>.pub` (cartella con la chiave pubblica di ogni ente).
        #[arg(long)]
        bodies: PathBuf,
        /// Address to listen on (indirizzo su cui ascoltare).
        #[arg(long, default_value = "127.0.0.1:0")]
        listen: SocketAddr,
        /// Most values answered for one delivery (valori al massimo per un conferimento).
        #[arg(long, default_value_t = 5_000_000)]
        max_values: u64,
    },
}

fn language(text: &str) -> Result<Lang, String> {
    Lang::ALL
        .into_iter()
        .find(|lang| lang.code() == text)
        .ok_or_else(|| "it, en".to_owned())
}

fn main() -> ExitCode {
    let command = Command::parse();
    let lang = command.lang.unwrap_or_else(|| {
        let locale = ["LC_ALL", "LC_MESSAGES", "LANG"]
            .iter()
            .find_map(|name| std::env::var(name).ok().filter(|value| !value.is_empty()));
        Lang::from_locale(&locale.unwrap_or_default())
    });
    match run(command.verb) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let diagnostic = error.diagnostic();
            eprintln!("{}", diagnostic.render(lang));
            ExitCode::from(diagnostic.code.exit.status())
        }
    }
}

fn run(verb: Verb) -> Result<(), KeysError> {
    match verb {
        Verb::Init {
            dir,
            id,
            key_period,
        } => {
            let custodian = Custodian::create(&dir, &id, &key_period)?;
            println!("{}", custodian.public());
            Ok(())
        }
        Verb::Serve {
            dir,
            bodies,
            listen,
            max_values,
        } => {
            let custodian = Custodian::open(&dir)?;
            let bodies = Bodies::read(&bodies)?;
            service::serve(custodian, bodies, listen, max_values)
        }
    }
}
