//! The bytes of a delivery file: a front in the clear, then the ciphertext.

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::Path;

use bytes::Bytes;
use wdl_crypto::Signature;
use wdl_vocab::{Digest, DigestWriter};

use crate::error::DeliveryFileError;
use crate::header::{FORMAT, Header};

/// What every format begins with; a digit and a line end follow.
const FAMILY: &[u8; 6] = b"WDLDLV";
const MAGIC: &[u8; 8] = b"WDLDLV2\n";
/// A header says a few hundred names at most.
const MAX_HEADER_BYTES: usize = 1 << 20;
/// Magic, length, digest and signature.
const FIXED_BYTES: u64 = 8 + 4 + 32 + 64;

/// The part of a file that stands in the clear.
pub(crate) struct Front {
    pub(crate) header: Header,
    pub(crate) header_bytes: Vec<u8>,
    pub(crate) signature: Signature,
}

/// Where the ciphertext of a delivery stands.
pub(crate) enum Ciphertext {
    /// In memory.
    Memory(Bytes),
    /// In a file, from a place to its end.
    File {
        /// The file, open: another that takes its name later is not read.
        file: File,
        /// Where it begins.
        start: u64,
        /// Its length.
        len: u64,
    },
}

/// Something that is read from any place.
pub(crate) trait ReadSeek: Read + Seek + Send {}

impl<T: Read + Seek + Send> ReadSeek for T {}

impl Ciphertext {
    /// A reader from its beginning.
    pub(crate) fn reader(&self) -> io::Result<Box<dyn ReadSeek>> {
        match self {
            Ciphertext::Memory(bytes) => Ok(Box::new(io::Cursor::new(bytes.clone()))),
            Ciphertext::File { file, start, len } => Ok(Box::new(Window {
                file: file.try_clone()?,
                start: *start,
                len: *len,
                place: 0,
            })),
        }
    }

    fn digest(&self) -> io::Result<Digest> {
        let mut hashing = DigestWriter::new(io::sink());
        io::copy(&mut self.reader()?, &mut hashing)?;
        Ok(hashing.finish().2)
    }
}

/// A part of a file, as if nothing stood before and after it.
struct Window {
    file: File,
    start: u64,
    len: u64,
    place: u64,
}

impl Read for Window {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        let left = usize::try_from(self.len.saturating_sub(self.place)).unwrap_or(usize::MAX);
        let wanted = bytes.len().min(left);
        // The handle is shared with others of the same file: its place is never relied on.
        self.file.seek(SeekFrom::Start(self.start + self.place))?;
        let read = self.file.read(&mut bytes[..wanted])?;
        self.place += read as u64;
        Ok(read)
    }
}

impl Seek for Window {
    fn seek(&mut self, place: SeekFrom) -> io::Result<u64> {
        let target = match place {
            SeekFrom::Start(place) => Some(place),
            SeekFrom::End(by) => self.len.checked_add_signed(by),
            SeekFrom::Current(by) => self.place.checked_add_signed(by),
        };
        self.place = target.ok_or(io::ErrorKind::InvalidInput)?;
        Ok(self.place)
    }
}

/// Writes the front of a file; the ciphertext follows it.
pub(crate) fn write_front(
    out: &mut dyn Write,
    header_bytes: &[u8],
    signature: &Signature,
) -> io::Result<()> {
    let len = u32::try_from(header_bytes.len()).map_err(|_| io::ErrorKind::InvalidInput)?;
    out.write_all(MAGIC)?;
    out.write_all(&len.to_be_bytes())?;
    out.write_all(header_bytes)?;
    out.write_all(&Digest::of(header_bytes).0)?;
    out.write_all(&signature.to_bytes())
}

/// Why a front could not be read: the file's fault, or the disk's.
pub(crate) enum FrontError {
    Disk(io::Error),
    File(DeliveryFileError),
}

impl From<DeliveryFileError> for FrontError {
    fn from(fault: DeliveryFileError) -> FrontError {
        FrontError::File(fault)
    }
}

impl From<io::Error> for FrontError {
    fn from(fault: io::Error) -> FrontError {
        FrontError::Disk(fault)
    }
}

/// Reads the front of a file of so many bytes: first what is damaged, then what is not of this version, then whether it is whole.
pub(crate) fn read_front(source: &mut dyn Read, total: u64) -> Result<(Front, u64), FrontError> {
    let cut = |expected| FrontError::File(truncated(expected, total));
    let magic = take(source, 8)?;
    if magic != MAGIC {
        return Err(FrontError::File(not_ours(&magic, total)));
    }
    let len: [u8; 4] = take(source, 4)?.try_into().map_err(|_| cut(FIXED_BYTES))?;
    let len = u32::from_be_bytes(len) as usize;
    if len > MAX_HEADER_BYTES {
        return Err(DeliveryFileError::HeaderDamaged.into());
    }
    let least = FIXED_BYTES + len as u64;
    let header_bytes = take(source, len)?;
    let digest = take(source, 32)?;
    let signature = take(source, 64)?;
    let signature: [u8; 64] = signature.try_into().map_err(|_| cut(least))?;
    if Digest::of(&header_bytes).0 != *digest {
        return Err(DeliveryFileError::HeaderDamaged.into());
    }
    let header = read_header(&header_bytes)?;
    let expected = least.saturating_add(header.ciphertext_bytes);
    if total < expected {
        return Err(cut(expected));
    }
    if total > expected {
        let actual = total;
        return Err(DeliveryFileError::Trailing { expected, actual }.into());
    }
    let signature = Signature::from_bytes(&signature).ok_or(DeliveryFileError::HeaderDamaged)?;
    let front = Front {
        header,
        header_bytes,
        signature,
    };
    Ok((front, least))
}

/// So many bytes, or as many as there are.
fn take(source: &mut dyn Read, len: usize) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    source.take(len as u64).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn not_ours(magic: &[u8], total: u64) -> DeliveryFileError {
    if !magic.is_empty() && magic.len() < MAGIC.len() && MAGIC.starts_with(magic) {
        return truncated(FIXED_BYTES, total);
    }
    match magic.strip_prefix(FAMILY) {
        Some([digit @ b'0'..=b'9', b'\n']) => DeliveryFileError::Version {
            actual: u32::from(digit - b'0'),
        },
        _ => DeliveryFileError::NotADelivery,
    }
}

fn truncated(expected: u64, actual: u64) -> DeliveryFileError {
    DeliveryFileError::Truncated { expected, actual }
}

fn read_header(bytes: &[u8]) -> Result<Header, DeliveryFileError> {
    let header: Header = serde_json::from_slice(bytes).map_err(DeliveryFileError::HeaderForm)?;
    if header.format != FORMAT {
        return Err(DeliveryFileError::Version {
            actual: header.format,
        });
    }
    // One header has one form, so that a delivery has one name.
    if header.to_canonical() != bytes {
        return Err(DeliveryFileError::NotCanonical);
    }
    match header.fault() {
        None => Ok(header),
        Some(rule) => Err(DeliveryFileError::HeaderRule { rule }),
    }
}

/// Whether the ciphertext is the one that the header declares.
pub(crate) fn check_ciphertext(header: &Header, ciphertext: &Ciphertext) -> Result<(), FrontError> {
    match ciphertext.digest()? == header.ciphertext_digest {
        true => Ok(()),
        false => Err(DeliveryFileError::CiphertextDamaged.into()),
    }
}

/// Writes a new file whole or not at all: beside its place first, then moved there.
pub(crate) fn write_new(
    path: &Path,
    write: impl FnOnce(&mut File) -> io::Result<()>,
) -> io::Result<()> {
    if path.exists() {
        return Err(io::ErrorKind::AlreadyExists.into());
    }
    let part = beside(path, ".part");
    let mut file = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .open(&part)?;
    let written = write(&mut file).and_then(|()| file.sync_all());
    drop(file);
    match written.and_then(|()| std::fs::rename(&part, path)) {
        Ok(()) => Ok(()),
        Err(fault) => {
            let _ = std::fs::remove_file(&part);
            Err(fault)
        }
    }
}

/// A name beside another.
pub(crate) fn beside(path: &Path, ending: &str) -> std::path::PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    name.into()
}
