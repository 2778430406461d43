//! Sealing to one recipient (age, X25519 and ChaCha20-Poly1305).

use std::fmt;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::Path;
use std::str::FromStr;

use age::secrecy::ExposeSecret as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::key_file::{self, KeyError};

/// A secret key that opens what was sealed to its recipient.
pub struct SealingKey(age::x25519::Identity);

/// Whom to seal to: the public half of a sealing key, `age1…`.
#[derive(Clone, PartialEq, Eq)]
pub struct Recipient(age::x25519::Recipient);

/// The text is not a recipient.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("not a recipient: it begins with `age1`")]
pub struct RecipientError;

/// Why a seal did not open.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum UnsealError {
    /// It was sealed to somebody else.
    #[error("sealed to another recipient")]
    OtherRecipient,
    /// Bytes are missing or changed.
    #[error("the sealed bytes are damaged")]
    Damaged,
}

const SECRET_KIND: &str = "wdl-sealing-key-v1";
const PUBLIC_KIND: &str = "wdl-recipient-v1";

impl SealingKey {
    /// A new key.
    pub fn generate() -> SealingKey {
        SealingKey(age::x25519::Identity::generate())
    }

    /// Reads a key file.
    ///
    /// # Errors
    /// [`KeyError`] when it is missing, of another kind, or readable by others.
    pub fn read(path: &Path) -> Result<SealingKey, KeyError> {
        let text = key_file::read_secret(path, SECRET_KIND)?;
        let identity =
            FromStr::from_str(&text).map_err(|_| key_file::wrong_kind(path, SECRET_KIND))?;
        Ok(SealingKey(identity))
    }

    /// Writes a new key file, for its owner alone.
    ///
    /// # Errors
    /// [`KeyError`] when a file stands there already or the disk refuses.
    pub fn write(&self, path: &Path) -> Result<(), KeyError> {
        key_file::write_secret(path, SECRET_KIND, self.0.to_string().expose_secret())
    }

    /// The public half.
    pub fn recipient(&self) -> Recipient {
        Recipient(self.0.to_public())
    }

    /// Opens a stream that was sealed to this key, a chunk of 64 KiB at a time: memory does not grow with its length.
    ///
    /// # Errors
    /// [`UnsealError`] when it was sealed to another or its head is damaged; damage further on is an error of the reader.
    pub fn open_stream<R: Read + Seek>(&self, sealed: R) -> Result<OpenStream<R>, UnsealError> {
        let told = |fault| match fault {
            age::DecryptError::NoMatchingKeys => UnsealError::OtherRecipient,
            _ => UnsealError::Damaged,
        };
        let decryptor = age::Decryptor::new(sealed).map_err(told)?;
        let stream = decryptor
            .decrypt(std::iter::once(&self.0 as &dyn age::Identity))
            .map_err(told)?;
        Ok(OpenStream(stream))
    }

    /// Opens what was sealed to this key.
    ///
    /// # Errors
    /// [`UnsealError`] when it was sealed to another or is damaged.
    pub fn open(&self, sealed: &[u8]) -> Result<Vec<u8>, UnsealError> {
        age::decrypt(&self.0, sealed).map_err(|fault| match fault {
            age::DecryptError::NoMatchingKeys => UnsealError::OtherRecipient,
            _ => UnsealError::Damaged,
        })
    }
}

/// Seals what is written to it; without [`SealStream::finish`] what came out opens as cut.
pub struct SealStream<W: Write>(age::stream::StreamWriter<W>);

impl<W: Write> SealStream<W> {
    /// Writes the last chunk and gives the writer back.
    ///
    /// # Errors
    /// When the writer refuses.
    pub fn finish(self) -> io::Result<W> {
        self.0.finish()
    }
}

impl<W: Write> Write for SealStream<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

/// Reads what was sealed; each chunk is authenticated before a byte of it is given out.
pub struct OpenStream<R>(age::stream::StreamReader<R>);

impl<R: Read> Read for OpenStream<R> {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        self.0.read(bytes)
    }
}

impl<R: Read + Seek> Seek for OpenStream<R> {
    fn seek(&mut self, place: SeekFrom) -> io::Result<u64> {
        self.0.seek(place)
    }
}

impl Recipient {
    /// Reads a public key file.
    ///
    /// # Errors
    /// [`KeyError`] when it is missing or of another kind.
    pub fn read(path: &Path) -> Result<Recipient, KeyError> {
        key_file::read_public(path, PUBLIC_KIND)?
            .parse()
            .map_err(|_| key_file::wrong_kind(path, PUBLIC_KIND))
    }

    /// Writes a public key file.
    ///
    /// # Errors
    /// [`KeyError`] when another key stands there or the disk refuses.
    pub fn write(&self, path: &Path) -> Result<(), KeyError> {
        key_file::write_public(path, PUBLIC_KIND, &self.to_string())
    }

    /// Seals what is written, a chunk of 64 KiB at a time: memory does not grow with its length.
    ///
    /// # Errors
    /// When the writer refuses the head of the seal.
    pub fn seal_stream<W: Write>(&self, out: W) -> io::Result<SealStream<W>> {
        let encryptor =
            age::Encryptor::with_recipients(std::iter::once(&self.0 as &dyn age::Recipient))
                .expect("one X25519 recipient is a recipient");
        Ok(SealStream(encryptor.wrap_output(out)?))
    }

    /// Seals some bytes to several recipients, any of whom opens them; `None` without a recipient.
    pub fn seal_to_any(recipients: &[Recipient], plain: &[u8]) -> Option<Vec<u8>> {
        let all = recipients.iter().map(|one| &one.0 as &dyn age::Recipient);
        let encryptor = age::Encryptor::with_recipients(all).ok()?;
        let mut sealed = Vec::new();
        let mut writer = encryptor.wrap_output(&mut sealed).ok()?;
        writer.write_all(plain).ok()?;
        writer.finish().ok()?;
        Some(sealed)
    }

    /// Seals some bytes: only the holder of the key opens them, and any change is seen.
    pub fn seal(&self, plain: &[u8]) -> Vec<u8> {
        age::encrypt(&self.0, plain).expect("sealing to one X25519 recipient in memory cannot fail")
    }
}

impl fmt::Display for Recipient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl fmt::Debug for Recipient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Recipient({self})")
    }
}

impl FromStr for Recipient {
    type Err = RecipientError;
    fn from_str(text: &str) -> Result<Recipient, RecipientError> {
        text.trim()
            .parse()
            .map(Recipient)
            .map_err(|_| RecipientError)
    }
}

impl Serialize for Recipient {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Recipient {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Recipient, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(serde::de::Error::custom)
    }
}
