//! Where chance comes from: a secret file, a number for trials, or the operating system, once.

use std::fs::OpenOptions;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use rand::TryRngCore as _;
use sha2::{Digest as _, Sha256};
use wdl_lab::Stopped;
use wdl_vocab::diagnostics::codes::disclosure as codes;
use wdl_vocab::{Diagnostic, Text};

/// Where chance comes from; without either, from the operating system, and never again the same.
#[derive(clap::Args)]
#[command(next_help_heading = "Chance")]
pub(super) struct Secret {
    /// The file of a secret key, made when it does not exist: the same key draws the same, and undoes what it drew
    #[arg(long, value_name = "FILE", conflicts_with = "seed")]
    key: Option<PathBuf>,
    /// A number in place of the key, for trials: whoever guesses it undoes what it drew
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
}

/// The shortest key, in bytes.
const SHORTEST: usize = 32;

impl Secret {
    /// The bytes that decide what is drawn.
    pub(super) fn bytes(&self) -> Result<Vec<u8>, Stopped> {
        match (&self.key, self.seed) {
            (Some(path), _) => of_file(path),
            (None, Some(seed)) => Ok([b"seed".as_slice(), &seed.to_le_bytes()].concat()),
            (None, None) => Ok(drawn().to_vec()),
        }
    }

    /// The same as the seed of a generator, with a name for each use.
    pub(super) fn seed(bytes: &[u8], purpose: &str) -> u64 {
        let mut hash = Sha256::new_with_prefix(b"seed of ");
        hash.update(purpose.as_bytes());
        hash.update([0]);
        hash.update(bytes);
        let hash = hash.finalize();
        u64::from_le_bytes(hash[..8].try_into().expect("a hash has 32 bytes"))
    }

    /// Where it came from, as a key of the answer.
    pub(super) fn name(&self) -> &'static str {
        match (&self.key, self.seed) {
            (Some(_), _) => "key",
            (None, Some(_)) => "seed",
            (None, None) => "operating_system",
        }
    }

    /// Where it came from, in words.
    pub(super) fn words(&self) -> Text {
        match (&self.key, self.seed) {
            (Some(_), _) => Text::fixed(
                "caso: dalla chiave, che va custodita; chi la ha disfa la modifica",
                "chance: from the key, to be kept secret; whoever has it undoes the change",
            ),
            (None, Some(_)) => Text::fixed(
                "caso: da un numero, per prova; chi lo indovina disfa la modifica, e così non si pubblica",
                "chance: from a number, for a trial; whoever guesses it undoes the change: not to be published like this",
            ),
            (None, None) => Text::fixed(
                "caso: dal sistema operativo, una volta sola; la stessa domanda darà un'altra risposta",
                "chance: from the operating system, once; the same question will have another answer",
            ),
        }
    }
}

/// 32 bytes of the operating system.
pub(super) fn drawn() -> [u8; SHORTEST] {
    let mut bytes = [0; SHORTEST];
    rand::rngs::OsRng
        .try_fill_bytes(&mut bytes)
        .expect("the operating system has randomness");
    bytes
}

/// Bytes as lower-case hexadecimal.
pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn of_file(path: &Path) -> Result<Vec<u8>, Stopped> {
    let text = match std::fs::read(path) {
        Ok(text) => text,
        Err(fault) if fault.kind() == io::ErrorKind::NotFound => made(path)?,
        Err(fault) => return Err(Stopped::file(path, &fault)),
    };
    let bytes = text.trim_ascii().to_vec();
    match bytes.len() {
        SHORTEST.. => Ok(bytes),
        have => Err(Stopped::new(
            Diagnostic::new(codes::SECRET_SHORT)
                .with("file", path.display())
                .with("have", have)
                .with("need", SHORTEST),
        )),
    }
}

/// A new key, for its owner alone.
fn made(path: &Path) -> Result<Vec<u8>, Stopped> {
    let text = format!("{}\n", hex(&drawn()));
    private(path)
        .and_then(|mut file| file.write_all(text.as_bytes()))
        .map_err(|fault| Stopped::file(path, &fault))?;
    Ok(text.into_bytes())
}

/// A file that is not there yet, and that its owner alone may read.
pub(super) fn private(path: &Path) -> io::Result<std::fs::File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}
