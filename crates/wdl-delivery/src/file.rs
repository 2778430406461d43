//! The bytes of a delivery file.

use std::fs::OpenOptions;
use std::io::Write as _;
use std::path::Path;

use wdl_crypto::Signature;
use wdl_vocab::Digest;

use crate::error::DeliveryFileError;
use crate::header::{FORMAT, Header};
use crate::state::{Delivery, Sealed};

const MAGIC: &[u8; 8] = b"WDLDLV1\n";
/// A header says a few hundred names at most.
const MAX_HEADER_BYTES: usize = 1 << 20;
/// Magic, length, digest and signature.
const FIXED_BYTES: usize = 8 + 4 + 32 + 64;

/// The bytes of a sealed delivery.
pub(crate) fn encode(sealed: &Sealed) -> Vec<u8> {
    let header_len =
        u32::try_from(sealed.header_bytes.len()).expect("a header says a few hundred names");
    let total = FIXED_BYTES + sealed.header_bytes.len() + sealed.ciphertext.len();
    let mut bytes = Vec::with_capacity(total);
    bytes.extend_from_slice(MAGIC);
    bytes.extend_from_slice(&header_len.to_be_bytes());
    bytes.extend_from_slice(&sealed.header_bytes);
    bytes.extend_from_slice(&Digest::of(&sealed.header_bytes).0);
    bytes.extend_from_slice(&sealed.signature.to_bytes());
    bytes.extend_from_slice(&sealed.ciphertext);
    bytes
}

/// Reads the bytes of a sealed delivery: first what is damaged, then what is not of this version.
pub(crate) fn decode(bytes: &[u8]) -> Result<Delivery<Sealed>, DeliveryFileError> {
    let rest = match bytes.strip_prefix(MAGIC) {
        Some(rest) => rest,
        None if !bytes.is_empty() && MAGIC.starts_with(bytes) => {
            return Err(cut(bytes, FIXED_BYTES));
        }
        None => return Err(DeliveryFileError::NotADelivery),
    };
    let too_short = || cut(bytes, FIXED_BYTES);
    let (len, rest) = rest.split_first_chunk::<4>().ok_or_else(too_short)?;
    let len = u32::from_be_bytes(*len) as usize;
    if len > MAX_HEADER_BYTES {
        return Err(DeliveryFileError::HeaderDamaged);
    }
    let too_short = || cut(bytes, FIXED_BYTES + len);
    let (header_bytes, rest) = rest.split_at_checked(len).ok_or_else(too_short)?;
    let (digest, rest) = rest.split_first_chunk::<32>().ok_or_else(too_short)?;
    let (signature, ciphertext) = rest.split_first_chunk::<64>().ok_or_else(too_short)?;
    if Digest::of(header_bytes).0 != *digest {
        return Err(DeliveryFileError::HeaderDamaged);
    }
    let header = read_header(header_bytes)?;
    check_ciphertext(&header, ciphertext, bytes.len())?;
    Ok(Delivery::sealed(
        header,
        header_bytes.to_vec(),
        Signature::from_bytes(signature).ok_or(DeliveryFileError::HeaderDamaged)?,
        ciphertext.to_vec(),
    ))
}

fn cut(bytes: &[u8], expected: usize) -> DeliveryFileError {
    DeliveryFileError::Truncated {
        expected: expected as u64,
        actual: bytes.len() as u64,
    }
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
    Ok(header)
}

fn check_ciphertext(
    header: &Header,
    ciphertext: &[u8],
    file_bytes: usize,
) -> Result<(), DeliveryFileError> {
    let actual = file_bytes as u64;
    let expected = (actual - ciphertext.len() as u64).saturating_add(header.ciphertext_bytes);
    if actual < expected {
        return Err(DeliveryFileError::Truncated { expected, actual });
    }
    if actual > expected {
        return Err(DeliveryFileError::Trailing { expected, actual });
    }
    match Digest::of(ciphertext) == header.ciphertext_digest {
        true => Ok(()),
        false => Err(DeliveryFileError::CiphertextDamaged),
    }
}

/// Writes a new file whole or not at all: beside its place first, then moved there.
pub(crate) fn write_new(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    if path.exists() {
        return Err(std::io::ErrorKind::AlreadyExists.into());
    }
    let mut name = path.as_os_str().to_owned();
    name.push(".part");
    let part = Path::new(&name);
    let mut file = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .open(part)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    std::fs::rename(part, path)
}
