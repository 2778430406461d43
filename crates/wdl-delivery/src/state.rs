//! The two states of a delivery.

use std::fs::File;
use std::io::{self, Write};
use std::path::Path;

use arrow::compute::concat_batches;
use arrow::datatypes::SchemaRef;
use arrow::record_batch::RecordBatch;
use bytes::Bytes;
use parquet::arrow::arrow_reader::ParquetRecordBatchReader;
use parquet::errors::ParquetError;
use wdl_crypto::{Recipient, SealingKey, Signature, SigningKey, UnsealError, VerifyingKey};
use wdl_vocab::{DeliveryId, Digest, DigestWriter};

use crate::error::{DeliveryFileError, OpenError, SealError, VerifyError};
use crate::file::{self, Ciphertext, Front, FrontError};
use crate::header::{Declaration, Header, delivery_id};
use crate::payload::{self, Content};
use crate::seal::Pipe;

/// What the body's signature on a delivery is for.
pub(crate) const CONTEXT: &str = "delivery-v2";
/// A content up to this size is deciphered once and kept; a larger one twice, so that memory is bounded.
const IN_MEMORY_BYTES: u64 = 32 << 20;

/// Sealed: only its header can be read.
pub struct Sealed {
    header_bytes: Vec<u8>,
    signature: Signature,
    ciphertext: Ciphertext,
}

/// Opened: its table is in memory, beside what it was sealed in.
pub struct Opened {
    batch: RecordBatch,
    sealed: Sealed,
}

/// A delivery in one of its states.
pub struct Delivery<S> {
    header: Header,
    id: DeliveryId,
    state: S,
}

impl<S> Delivery<S> {
    /// The name of the delivery: the digest of its header.
    pub fn id(&self) -> &DeliveryId {
        &self.id
    }

    /// What it says in the clear.
    pub fn header(&self) -> &Header {
        &self.header
    }
}

impl Delivery<Sealed> {
    /// Seals a table that is in memory; [`Sealer`](crate::Sealer) seals one as it comes.
    ///
    /// # Errors
    /// [`SealError`] when the table cannot be written or the declaration breaks a rule of the format.
    pub fn seal(
        declared: Declaration,
        batch: &RecordBatch,
        recipient: &Recipient,
        key: &SigningKey,
    ) -> Result<Delivery<Sealed>, SealError> {
        let mut pipe = Pipe::new(batch.schema(), recipient, Vec::new())?;
        pipe.push(batch)?;
        let piped = pipe.finish()?;
        let front = piped.front(declared, recipient, key)?;
        let ciphertext = Ciphertext::Memory(Bytes::from(piped.out));
        Ok(Delivery::sealed(front, ciphertext))
    }

    pub(crate) fn sealed(front: Front, ciphertext: Ciphertext) -> Delivery<Sealed> {
        Delivery {
            id: delivery_id(&Digest::of(&front.header_bytes)),
            header: front.header,
            state: Sealed {
                header_bytes: front.header_bytes,
                signature: front.signature,
                ciphertext,
            },
        }
    }

    /// Reads a delivery file, which stays open; its lengths and digests are checked, its signature is not.
    ///
    /// # Errors
    /// [`DeliveryFileError`], one variant for each fault.
    pub fn read(path: &Path) -> Result<Delivery<Sealed>, DeliveryFileError> {
        let read = || -> Result<Delivery<Sealed>, FrontError> {
            let mut file = File::open(path)?;
            let total = file.metadata()?.len();
            let (front, start) = file::read_front(&mut file, total)?;
            let len = front.header.ciphertext_bytes;
            whole(front, Ciphertext::File { file, start, len })
        };
        read().map_err(|fault| match fault {
            FrontError::File(fault) => fault,
            FrontError::Disk(source) => DeliveryFileError::Unreadable {
                file: path.to_owned(),
                source,
            },
        })
    }

    /// Reads a delivery from bytes.
    ///
    /// # Errors
    /// [`DeliveryFileError`], one variant for each fault.
    pub fn from_bytes(bytes: &[u8]) -> Result<Delivery<Sealed>, DeliveryFileError> {
        let read = || -> Result<Delivery<Sealed>, FrontError> {
            let mut rest = bytes;
            let (front, _) = file::read_front(&mut rest, bytes.len() as u64)?;
            whole(front, Ciphertext::Memory(Bytes::copy_from_slice(rest)))
        };
        read().map_err(|fault| match fault {
            FrontError::File(fault) => fault,
            FrontError::Disk(source) => DeliveryFileError::Unreadable {
                file: Path::new("-").to_owned(),
                source,
            },
        })
    }

    /// The delivery as the bytes of its file.
    ///
    /// # Errors
    /// When the file it was read from can be read no longer.
    pub fn to_bytes(&self) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        self.copy_to(&mut bytes)?;
        Ok(bytes)
    }

    /// Writes the bytes of its file to a writer.
    ///
    /// # Errors
    /// When the writer refuses, or the file it was read from can be read no longer.
    pub fn copy_to(&self, out: &mut dyn Write) -> io::Result<()> {
        self.state.copy_to(out)
    }

    /// Writes the delivery to a new file.
    ///
    /// # Errors
    /// [`DeliveryFileError::Unwritable`] when a file stands there or the disk refuses.
    pub fn write(&self, path: &Path) -> Result<(), DeliveryFileError> {
        file::write_new(path, |out| self.copy_to(out)).map_err(|source| {
            DeliveryFileError::Unwritable {
                file: path.to_owned(),
                source,
            }
        })
    }

    /// Checks that the body with this key signed it.
    ///
    /// # Errors
    /// [`VerifyError::UnknownSigner`] when another key signed it, [`VerifyError::Signature`] when the signature does not hold.
    pub fn verify(&self, key: &VerifyingKey) -> Result<(), VerifyError> {
        if self.header.signer != *key {
            return Err(VerifyError::UnknownSigner {
                body: self.header.declared.body.clone(),
            });
        }
        key.verify(CONTEXT, &self.state.header_bytes, &self.state.signature)
            .map_err(|_| VerifyError::Signature)
    }

    /// Opens the seal, with the whole table in memory.
    ///
    /// # Errors
    /// [`OpenError`] when it is sealed to another, does not open, or holds something else than its header declares.
    pub fn open(self, key: &SealingKey) -> Result<Delivery<Opened>, OpenError> {
        let mut rows = self.rows(key)?;
        let batches: Vec<RecordBatch> = rows.by_ref().collect::<Result<_, _>>()?;
        let batch = concat_batches(&rows.schema, &batches)
            .map_err(|fault| OpenError::Table(fault.into()))?;
        Ok(Delivery {
            header: self.header,
            id: self.id,
            state: Opened {
                batch,
                sealed: self.state,
            },
        })
    }

    /// Opens the seal and gives the rows a group at a time: memory does not grow with them.
    ///
    /// Before the first row is given out, everything under the seal was deciphered once and is what the header declares.
    ///
    /// # Errors
    /// [`OpenError`] when it is sealed to another, does not open, or holds something else than its header declares.
    pub fn rows(&self, key: &SealingKey) -> Result<Rows, OpenError> {
        if key.recipient() != self.header.recipient {
            return Err(OpenError::OtherRecipient);
        }
        let content = self.content(key)?;
        let reader = payload::read(content, self.header.rows).map_err(OpenError::Table)?;
        Ok(Rows {
            schema: arrow::record_batch::RecordBatchReader::schema(&reader),
            reader,
            left: self.header.rows,
            is_broken: false,
        })
    }

    fn content(&self, key: &SealingKey) -> Result<Content, OpenError> {
        let open = || {
            let sealed = self.state.ciphertext.reader().map_err(OpenError::Disk)?;
            key.open_stream(sealed).map_err(|fault| match fault {
                UnsealError::OtherRecipient => OpenError::OtherRecipient,
                UnsealError::Damaged => OpenError::Seal,
            })
        };
        let is_small = self.header.ciphertext_bytes <= IN_MEMORY_BYTES;
        let expected = self.header.content_digest;
        if is_small {
            let mut memory = Vec::new();
            check_content(open()?, &mut memory, expected)?;
            return Ok(Content::Memory(Bytes::from(memory)));
        }
        let len = check_content(open()?, io::sink(), expected)?;
        Ok(Content::stream(open()?, len))
    }
}

/// Deciphers everything once: each chunk is authenticated, and the whole is what was declared.
fn check_content(
    mut content: impl io::Read,
    keep: impl Write,
    expected: Digest,
) -> Result<u64, OpenError> {
    let mut hashing = DigestWriter::new(keep);
    io::copy(&mut content, &mut hashing).map_err(|_| OpenError::Seal)?;
    let (_, len, digest) = hashing.finish();
    match digest == expected {
        true => Ok(len),
        false => Err(OpenError::Content),
    }
}

fn whole(front: Front, ciphertext: Ciphertext) -> Result<Delivery<Sealed>, FrontError> {
    file::check_ciphertext(&front.header, &ciphertext)?;
    Ok(Delivery::sealed(front, ciphertext))
}

/// The rows of a delivery, a group at a time.
pub struct Rows {
    schema: SchemaRef,
    reader: ParquetRecordBatchReader,
    left: u64,
    // INVARIANT: once a row could not be read, nothing more is asked of the reader.
    is_broken: bool,
}

impl Rows {
    /// The columns.
    pub fn schema(&self) -> &SchemaRef {
        &self.schema
    }
}

impl Iterator for Rows {
    type Item = Result<RecordBatch, OpenError>;

    fn next(&mut self) -> Option<Result<RecordBatch, OpenError>> {
        if self.is_broken {
            return None;
        }
        let reader = &mut self.reader;
        let next = payload::held(|| reader.next().transpose().map_err(ParquetError::from));
        self.is_broken = next.is_err();
        match next.transpose() {
            Some(Ok(batch)) => {
                let left = self.left.checked_sub(batch.num_rows() as u64);
                self.left = left.unwrap_or_default();
                Some(left.map(|_| batch).ok_or(OpenError::Content))
            }
            Some(Err(fault)) => Some(Err(OpenError::Table(fault))),
            None if self.left > 0 => {
                self.left = 0;
                let fewer = ParquetError::EOF("fewer rows than declared".to_owned());
                Some(Err(OpenError::Table(fewer)))
            }
            None => None,
        }
    }
}

impl Sealed {
    fn copy_to(&self, out: &mut dyn Write) -> io::Result<()> {
        file::write_front(out, &self.header_bytes, &self.signature)?;
        io::copy(&mut self.ciphertext.reader()?, out).map(|_| ())
    }
}

impl Delivery<Opened> {
    /// Writes the bytes of the file it was opened from, as it was sealed, to a writer.
    ///
    /// # Errors
    /// When the writer refuses, or the file can be read no longer.
    pub fn copy_sealed_to(&self, out: &mut dyn Write) -> io::Result<()> {
        self.state.sealed.copy_to(out)
    }

    /// The table.
    pub fn batch(&self) -> &RecordBatch {
        &self.state.batch
    }
}
