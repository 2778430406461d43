//! The key service of one custodian: it answers blinded values under its key and sees neither values nor data.
//!
//! Place in the flow: between the holder's check and its seal; two custodians run it side by side, each with its own key.
//! It must not know contracts, columns, deliveries or the lab: it depends on the words, the cryptography and the web server alone.
//! It writes counts and nothing else about what it was asked.

mod backup;
mod bodies;
mod ceremony;
mod counts;
mod custodian;
mod error;
mod refusal;
mod service;
mod tls;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};
use wdl_crypto::VerifyingKey;
use wdl_vocab::{Diagnose as _, Lang};

use crate::bodies::Bodies;
use crate::counts::{Counts, Limits};
use crate::custodian::{Custodian, Name};
use crate::error::KeysError;
use crate::service::Parts;
use crate::tls::Tls;

/// What the service has answered, in the custodian's folder.
const COUNTS: &str = "counts.jsonl";

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
        /// The lab of the agreement (il laboratorio dell'accordo).
        #[arg(long)]
        lab: String,
        /// The project the key is for (il progetto della chiave).
        #[arg(long)]
        project: String,
        /// The period the key is for (il periodo della chiave).
        #[arg(long)]
        key_period: String,
    },
    /// Prepare the same custodian's folder for a new key period, beside the old one (prepara un nuovo periodo, accanto al vecchio).
    Rotate {
        /// The custodian's folder, which stays as it is (la cartella del custode, che resta com'è).
        #[arg(long)]
        dir: PathBuf,
        /// The new folder (la cartella nuova).
        #[arg(long)]
        to: PathBuf,
        /// The new key period (il nuovo periodo della chiave).
        #[arg(long)]
        key_period: String,
    },
    /// Make a key for whoever keeps copies (crea una chiave per chi custodisce le copie).
    EscrowKey {
        /// The secret file; the recipient is written beside it (il file segreto; accanto, il destinatario).
        #[arg(long)]
        out: PathBuf,
    },
    /// Copy the key, sealed to those who will keep it (copia la chiave, sigillata per chi la custodirà).
    Backup {
        /// The custodian's folder (la cartella del custode).
        #[arg(long)]
        dir: PathBuf,
        /// A keeper: `age1…` or the file that holds it; several may be named (un depositario; se ne possono indicare più di uno).
        #[arg(long, required = true, value_name = "RECIPIENT")]
        to: Vec<String>,
        /// The copy (la copia).
        #[arg(long)]
        out: PathBuf,
    },
    /// Try a copy: open it, use the key, write nothing (prova una copia: la apre, usa la chiave, non scrive nulla).
    BackupCheck {
        /// The keeper's secret file (il file segreto del depositario).
        #[arg(long)]
        identity: PathBuf,
        /// The copy (la copia).
        backup: PathBuf,
    },
    /// Prepare a folder from a copy (prepara una cartella da una copia).
    Restore {
        /// The keeper's secret file (il file segreto del depositario).
        #[arg(long)]
        identity: PathBuf,
        /// The new folder (la cartella nuova).
        #[arg(long)]
        dir: PathBuf,
        /// The copy (la copia).
        backup: PathBuf,
    },
    /// Answer the bodies of the agreement (risponde agli enti dell'accordo).
    Serve(Serve),
}

#[derive(Args)]
struct Serve {
    /// The custodian's folder (la cartella del custode).
    #[arg(long)]
    dir: PathBuf,
    /// Folder with the certificate of each body, `….cert.json` (cartella con il certificato di ogni ente).
    #[arg(long)]
    bodies: PathBuf,
    /// Public key of the agreement, which signs the certificates (chiave pubblica dell'accordo, che firma i certificati).
    #[arg(long)]
    agreement: PathBuf,
    /// Address to listen on; one that others reach needs the two `--tls` options (indirizzo su cui ascoltare).
    #[arg(long, default_value = "127.0.0.1:0")]
    listen: SocketAddr,
    /// Certificates of the encrypted connection, in PEM (certificati della connessione cifrata).
    #[arg(long, requires = "tls_key")]
    tls_certificate: Option<PathBuf>,
    /// Key of the encrypted connection, in PEM (chiave della connessione cifrata).
    #[arg(long, requires = "tls_certificate")]
    tls_key: Option<PathBuf>,
    /// Most values of one declared delivery (valori al massimo per un conferimento dichiarato).
    #[arg(long, default_value_t = 1_000_000)]
    max_values: u64,
    /// Values for one body in one day that raise the alarm (valori di un ente in un giorno che danno l'allarme).
    #[arg(long, default_value_t = 500_000)]
    alarm_values_a_day: u64,
    /// Most values for one body in one day (valori al massimo per un ente in un giorno).
    #[arg(long, default_value_t = 2_000_000)]
    max_values_a_day: u64,
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
            lab,
            project,
            key_period,
        } => {
            let name = Name::new(&id, (&lab, &project, &key_period))?;
            let custodian = Custodian::create(&dir, name)?;
            println!("{}", custodian.public());
            Ok(())
        }
        Verb::Serve(words) => serve(&words),
        Verb::Rotate {
            dir,
            to,
            key_period,
        } => ceremony::rotate(&dir, &to, &key_period),
        Verb::EscrowKey { out } => ceremony::escrow_key(&out),
        Verb::Backup { dir, to, out } => ceremony::back_up(&dir, &to, &out),
        Verb::BackupCheck { identity, backup } => ceremony::check(&identity, &backup),
        Verb::Restore {
            identity,
            dir,
            backup,
        } => ceremony::restore(&identity, &backup, &dir),
    }
}

fn serve(words: &Serve) -> Result<(), KeysError> {
    let custodian = Custodian::open(&words.dir)?;
    let agreement = VerifyingKey::read(&words.agreement)?;
    let limits = Limits {
        delivery: words.max_values,
        alarm: words.alarm_values_a_day,
        day: words.max_values_a_day,
    };
    let tls = match (&words.tls_certificate, &words.tls_key) {
        (Some(certificate), Some(key)) => Some(Tls::read(certificate, key)?),
        _ => None,
    };
    let lab = custodian.public().realm.lab();
    let parts = Parts {
        bodies: Bodies::read(&words.bodies, lab, &agreement)?,
        counts: Counts::open(&words.dir.join(COUNTS), limits, service::now())?,
        custodian,
        limits,
        tls,
    };
    service::serve(parts, words.listen)
}
