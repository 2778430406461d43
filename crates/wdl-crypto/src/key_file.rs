//! Key files: one line that says what kind of key it is, then the key in hexadecimal.
//!
//! A secret file is readable by its owner alone and is never overwritten: a lost key cannot be made again.
//! On Unix that is the file's mode, checked again whenever it is read; on Windows it is the file's access list, set when it is made.

use std::fs::OpenOptions;
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};

use wdl_vocab::diagnostics::codes::keys as codes;
use wdl_vocab::{Diagnose, Diagnostic};
use zeroize::Zeroizing;

/// A key file could not be read or written.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The file is missing or the disk refuses.
    #[error("the key file `{}` cannot be read", file.display())]
    Unreadable {
        /// The file.
        file: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// The disk refuses.
    #[error("the key file `{}` cannot be written", file.display())]
    Unwritable {
        /// The file.
        file: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// A key stands there already.
    #[error("the key file `{}` exists and is not overwritten", file.display())]
    Exists {
        /// The file.
        file: PathBuf,
    },
    /// The file is not a key of this kind.
    #[error("the file `{}` is not a `{expected}`", file.display())]
    WrongKind {
        /// The file.
        file: PathBuf,
        /// The kind that was expected.
        expected: &'static str,
    },
    /// Others than the owner can read the secret.
    #[error("the secret key file `{}` can be read by others than its owner", file.display())]
    OpenToOthers {
        /// The file.
        file: PathBuf,
    },
}

impl Diagnose for KeyError {
    fn diagnostic(&self) -> Diagnostic {
        match self {
            KeyError::Unreadable { file, source } => Diagnostic::new(codes::KEY_UNREADABLE)
                .with("file", file.display())
                .with("detail", source),
            KeyError::Unwritable { file, source } => Diagnostic::new(codes::KEY_UNWRITABLE)
                .with("file", file.display())
                .with("detail", source),
            KeyError::Exists { file } => {
                Diagnostic::new(codes::KEY_EXISTS).with("file", file.display())
            }
            KeyError::WrongKind { file, expected } => Diagnostic::new(codes::KEY_WRONG_KIND)
                .with("file", file.display())
                .with("expected", expected),
            KeyError::OpenToOthers { file } => {
                Diagnostic::new(codes::KEY_OPEN_TO_OTHERS).with("file", file.display())
            }
        }
    }
}

/// Longest key file that is read.
const MAX_BYTES: u64 = 4096;

/// Writes a secret to a new file that only its owner can read.
pub(crate) fn write_secret(path: &Path, kind: &str, secret: &str) -> Result<(), KeyError> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    write_new(path, &options, kind, secret, for_owner_alone)
}

/// The file was made for its owner alone.
#[cfg(unix)]
fn for_owner_alone(_: &Path) -> std::io::Result<()> {
    Ok(())
}

/// The file, still empty, is taken from everybody but its owner, with the system's own tool.
#[cfg(windows)]
fn for_owner_alone(path: &Path) -> std::io::Result<()> {
    let name = |variable: &str| std::env::var(variable).unwrap_or_default();
    let owner = format!("{}\\{}:F", name("USERDOMAIN"), name("USERNAME"));
    let status = std::process::Command::new("icacls")
        .arg(path)
        .args(["/inheritance:r", "/grant:r", &owner])
        .stdout(std::process::Stdio::null())
        .status()?;
    match status.success() {
        true => Ok(()),
        false => Err(std::io::Error::other("icacls")),
    }
}

/// Writes a public key to a new file; the same key may be written again.
pub(crate) fn write_public(path: &Path, kind: &'static str, key: &str) -> Result<(), KeyError> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    match write_new(path, &options, kind, key, |_| Ok(())) {
        Err(KeyError::Exists { .. }) if read_line(path, kind)?.as_str() == key => Ok(()),
        done => done,
    }
}

fn write_new(
    path: &Path,
    options: &OpenOptions,
    kind: &str,
    key: &str,
    protect: fn(&Path) -> std::io::Result<()>,
) -> Result<(), KeyError> {
    let mut file = options.open(path).map_err(|source| match source.kind() {
        std::io::ErrorKind::AlreadyExists => KeyError::Exists {
            file: path.to_owned(),
        },
        _ => KeyError::Unwritable {
            file: path.to_owned(),
            source,
        },
    })?;
    let text = Zeroizing::new(format!("{kind} {key}\n"));
    protect(path)
        .and_then(|()| file.write_all(text.as_bytes()))
        .and_then(|()| file.sync_all())
        .map_err(|source| KeyError::Unwritable {
            file: path.to_owned(),
            source,
        })
}

/// Reads a secret written by [`write_secret`].
pub(crate) fn read_secret(path: &Path, kind: &'static str) -> Result<Zeroizing<String>, KeyError> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = std::fs::metadata(path)
            .map_err(|source| unreadable(path, source))?
            .permissions()
            .mode();
        if mode & 0o077 != 0 {
            return Err(KeyError::OpenToOthers {
                file: path.to_owned(),
            });
        }
    }
    read_line(path, kind)
}

/// Reads a public key written by [`write_public`].
pub(crate) fn read_public(path: &Path, kind: &'static str) -> Result<Zeroizing<String>, KeyError> {
    read_line(path, kind)
}

fn read_line(path: &Path, kind: &'static str) -> Result<Zeroizing<String>, KeyError> {
    let mut text = Zeroizing::new(String::with_capacity(MAX_BYTES as usize));
    std::fs::File::open(path)
        .and_then(|file| file.take(MAX_BYTES).read_to_string(&mut text))
        .map_err(|source| match source.kind() {
            // Not text, so not a key of ours.
            std::io::ErrorKind::InvalidData => wrong_kind(path, kind),
            _ => unreadable(path, source),
        })?;
    match text.trim_end().split_once(' ') {
        Some((found, key)) if found == kind => Ok(Zeroizing::new(key.to_owned())),
        _ => Err(wrong_kind(path, kind)),
    }
}

fn unreadable(path: &Path, source: std::io::Error) -> KeyError {
    KeyError::Unreadable {
        file: path.to_owned(),
        source,
    }
}

/// The file is not a key of this kind.
pub(crate) fn wrong_kind(path: &Path, expected: &'static str) -> KeyError {
    KeyError::WrongKind {
        file: path.to_owned(),
        expected,
    }
}

/// Reads a secret of `N` bytes.
pub(crate) fn read_secret_bytes<const N: usize>(
    path: &Path,
    kind: &'static str,
) -> Result<Zeroizing<[u8; N]>, KeyError> {
    let text = read_secret(path, kind)?;
    let mut bytes = Zeroizing::new([0; N]);
    hex::decode_to_slice(text.as_bytes(), bytes.as_mut_slice())
        .map_err(|_| wrong_kind(path, kind))?;
    Ok(bytes)
}

/// Writes a secret of bytes.
pub(crate) fn write_secret_bytes(path: &Path, kind: &str, bytes: &[u8]) -> Result<(), KeyError> {
    let text = Zeroizing::new(hex::encode(bytes));
    write_secret(path, kind, &text)
}
