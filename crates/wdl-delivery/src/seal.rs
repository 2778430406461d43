//! Sealing: rows go in as they come, a file comes out; memory does not grow with them.

use std::fs::File;
use std::io::{self, BufWriter, Seek as _, Write};
use std::path::{Path, PathBuf};

use arrow::datatypes::SchemaRef;
use arrow::record_batch::RecordBatch;
use wdl_crypto::{Recipient, SealStream, SigningKey};
use wdl_vocab::{Digest, DigestWriter};

use crate::error::SealError;
use crate::file::{self, Ciphertext, Front, beside, write_front};
use crate::header::{Declaration, FORMAT, Header};
use crate::payload::TableWriter;
use crate::state::{CONTEXT, Delivery, Sealed};

/// Rows on their way under a seal.
pub(crate) struct Pipe<W: Write + Send> {
    table: TableWriter<DigestWriter<SealStream<DigestWriter<W>>>>,
}

/// What became of the rows.
pub(crate) struct Piped<W> {
    pub(crate) out: W,
    rows: u64,
    ciphertext_bytes: u64,
    ciphertext_digest: Digest,
    content_digest: Digest,
}

impl<W: Write + Send> Pipe<W> {
    pub(crate) fn new(
        schema: SchemaRef,
        recipient: &Recipient,
        out: W,
    ) -> Result<Pipe<W>, SealError> {
        let seal = recipient.seal_stream(DigestWriter::new(out))?;
        Ok(Pipe {
            table: TableWriter::new(schema, DigestWriter::new(seal))?,
        })
    }

    pub(crate) fn push(&mut self, batch: &RecordBatch) -> Result<(), SealError> {
        Ok(self.table.push(batch)?)
    }

    pub(crate) fn finish(self) -> Result<Piped<W>, SealError> {
        let (content, rows) = self.table.finish()?;
        let (seal, _, content_digest) = content.finish();
        let (out, ciphertext_bytes, ciphertext_digest) = seal.finish()?.finish();
        Ok(Piped {
            out,
            rows,
            ciphertext_bytes,
            ciphertext_digest,
            content_digest,
        })
    }
}

impl<W> Piped<W> {
    /// The signed front of the file.
    pub(crate) fn front(
        &self,
        declared: Declaration,
        recipient: &Recipient,
        key: &SigningKey,
    ) -> Result<Front, SealError> {
        let header = Header {
            format: FORMAT,
            declared,
            recipient: recipient.clone(),
            signer: key.verifying_key(),
            rows: self.rows,
            ciphertext_bytes: self.ciphertext_bytes,
            ciphertext_digest: self.ciphertext_digest,
            content_digest: self.content_digest,
        };
        if let Some(rule) = header.fault() {
            return Err(SealError::Declaration { rule });
        }
        let header_bytes = header.to_canonical();
        let signature = key.sign(CONTEXT, &header_bytes);
        Ok(Front {
            header,
            header_bytes,
            signature,
        })
    }
}

/// Seals a delivery to a file, row by row.
///
/// The ciphertext grows in a file beside the delivery's; [`Sealer::finish`] puts the signed header before it.
/// A sealer that is dropped leaves nothing behind.
pub struct Sealer<'a> {
    declared: Declaration,
    recipient: &'a Recipient,
    key: &'a SigningKey,
    path: PathBuf,
    growing: Growing,
    pipe: Pipe<BufWriter<File>>,
}

/// The file in which the ciphertext grows; it goes when this is dropped.
struct Growing(PathBuf);

impl Drop for Growing {
    fn drop(&mut self) {
        // When the disk refuses, what is left is sealed.
        let _ = std::fs::remove_file(&self.0);
    }
}

impl<'a> Sealer<'a> {
    /// Begins a delivery that will stand at `path`.
    ///
    /// # Errors
    /// [`SealError`] when the declaration breaks a rule of the format, a file stands there or the disk refuses.
    pub fn new(
        declared: Declaration,
        schema: SchemaRef,
        recipient: &'a Recipient,
        key: &'a SigningKey,
        path: &Path,
    ) -> Result<Sealer<'a>, SealError> {
        if let Some(rule) = declared.fault() {
            return Err(SealError::Declaration { rule });
        }
        if path.exists() {
            return Err(SealError::Disk(io::ErrorKind::AlreadyExists.into()));
        }
        let growing = Growing(beside(path, ".sealing"));
        let file = File::options()
            .read(true)
            .write(true)
            .create(true)
            .truncate(true)
            .open(&growing.0)?;
        Ok(Sealer {
            declared,
            recipient,
            key,
            path: path.to_owned(),
            growing,
            pipe: Pipe::new(schema, recipient, BufWriter::with_capacity(1 << 18, file))?,
        })
    }

    /// What is declared: what is counted while the rows pass is set before the end.
    pub fn declared_mut(&mut self) -> &mut Declaration {
        &mut self.declared
    }

    /// Takes rows.
    ///
    /// # Errors
    /// [`SealError`] when they have another schema or the disk refuses.
    pub fn push(&mut self, batch: &RecordBatch) -> Result<(), SealError> {
        self.pipe.push(batch)
    }

    /// Signs what was sealed and puts the file in its place.
    ///
    /// # Errors
    /// [`SealError`] when the declaration breaks a rule of the format or the disk refuses; no file is there then.
    pub fn finish(self) -> Result<Delivery<Sealed>, SealError> {
        let piped = self.pipe.finish()?;
        let front = piped.front(self.declared, self.recipient, self.key)?;
        let mut ciphertext = piped
            .out
            .into_inner()
            .map_err(io::IntoInnerError::into_error)?;
        ciphertext.rewind()?;
        file::write_new(&self.path, |out| {
            write_front(out, &front.header_bytes, &front.signature)?;
            io::copy(&mut ciphertext, out).map(|_| ())
        })?;
        drop(self.growing);
        let file = File::open(&self.path)?;
        let len = front.header.ciphertext_bytes;
        let start = file.metadata()?.len() - len;
        Ok(Delivery::sealed(
            front,
            Ciphertext::File { file, start, len },
        ))
    }
}
