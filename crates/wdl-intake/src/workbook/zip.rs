//! The directory of a ZIP archive, read strictly: what two readers could see differently is refused.
//!
//! Office programs write one directory at the very end, without a comment, that starts where it says; nothing else is accepted.

use std::io::{Read as _, SeekFrom};

use crate::IntakeError;
use crate::limits::PARTS_MAX;
use crate::text::Stream;

/// One part of an archive.
#[derive(Clone, Debug)]
pub(super) struct Part {
    pub(super) name: String,
    pub(super) method: Method,
    pub(super) packed: u64,
    pub(super) declared: u64,
    header: u64,
}

/// How a part is packed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Method {
    Stored,
    Deflated,
}

const END_BYTES: u64 = 22;
const CUT: IntakeError = IntakeError::BrokenWorkbook("ZIP");

fn u16_at(bytes: &[u8], place: usize) -> Result<u64, IntakeError> {
    let two = bytes.get(place..place + 2).ok_or(CUT)?;
    Ok(u64::from(u16::from_le_bytes([two[0], two[1]])))
}

fn u32_at(bytes: &[u8], place: usize) -> Result<u64, IntakeError> {
    Ok(u16_at(bytes, place)? | u16_at(bytes, place + 2)? << 16)
}

/// Reads the directory.
pub(super) fn directory(source: &mut dyn Stream, len: u64) -> Result<Vec<Part>, IntakeError> {
    let at = len.checked_sub(END_BYTES).ok_or(CUT)?;
    let end = read_at(source, at, END_BYTES)?;
    let count = u16_at(&end, 10)?;
    let (size, start) = (u32_at(&end, 12)?, u32_at(&end, 16)?);
    let is_whole = end.starts_with(b"PK\x05\x06")
        && u32_at(&end, 4)? == 0
        && u16_at(&end, 8)? == count
        && u16_at(&end, 20)? == 0
        && start.checked_add(size) == Some(at);
    if !is_whole {
        return Err(CUT);
    }
    if count as usize > PARTS_MAX {
        return Err(IntakeError::Expansion);
    }
    let directory = read_at(source, start, size)?;
    let mut rest = directory.as_slice();
    let mut parts = Vec::new();
    for _ in 0..count {
        let (part, length) = part(rest)?;
        parts.push(part);
        rest = rest.get(length..).ok_or(CUT)?;
    }
    match rest.is_empty() {
        true => Ok(parts),
        false => Err(CUT),
    }
}

/// One entry of the directory and its length.
fn part(entry: &[u8]) -> Result<(Part, usize), IntakeError> {
    if !entry.starts_with(b"PK\x01\x02") {
        return Err(CUT);
    }
    let flags = u16_at(entry, 8)?;
    if flags & 1 != 0 {
        return Err(IntakeError::OldWorkbook);
    }
    let method = match u16_at(entry, 10)? {
        0 => Method::Stored,
        8 => Method::Deflated,
        _ => return Err(CUT),
    };
    let (name, extra, comment) = (u16_at(entry, 28)?, u16_at(entry, 30)?, u16_at(entry, 32)?);
    let raw = entry.get(46..46 + name as usize).ok_or(CUT)?;
    let name = String::from_utf8_lossy(raw).into_owned();
    let unix_kind = u32_at(entry, 38)? >> 28;
    const SYMBOLIC_LINK: u64 = 0xa;
    if leads_out(&name) || unix_kind == SYMBOLIC_LINK {
        return Err(IntakeError::ArchivePath);
    }
    let (packed, declared, header) = (u32_at(entry, 20)?, u32_at(entry, 24)?, u32_at(entry, 42)?);
    if [packed, declared, header].contains(&0xffff_ffff) {
        // The sizes of a ZIP of more than 4 GB stand elsewhere.
        return Err(IntakeError::Expansion);
    }
    let length = 46 + raw.len() + (extra + comment) as usize;
    let part = Part {
        name,
        method,
        packed,
        declared,
        header,
    };
    Ok((part, length))
}

/// Whether a name points outside the archive, on any system.
fn leads_out(name: &str) -> bool {
    name.starts_with(['/', '\\'])
        || name.as_bytes().get(1) == Some(&b':')
        || name.contains('\0')
        || name.split(['/', '\\']).any(|step| step == "..")
}

/// The packed bytes of a part.
pub(super) fn packed(source: &mut dyn Stream, part: &Part) -> Result<Vec<u8>, IntakeError> {
    const HEADER_BYTES: u64 = 30;
    let header = read_at(source, part.header, HEADER_BYTES)?;
    if !header.starts_with(b"PK\x03\x04") {
        return Err(CUT);
    }
    let skipped = u16_at(&header, 26)? + u16_at(&header, 28)?;
    read_at(source, part.header + HEADER_BYTES + skipped, part.packed)
}

fn read_at(source: &mut dyn Stream, at: u64, size: u64) -> Result<Vec<u8>, IntakeError> {
    let mut bytes = Vec::new();
    source.seek(SeekFrom::Start(at)).map_err(|_| CUT)?;
    source.take(size).read_to_end(&mut bytes).map_err(|_| CUT)?;
    match bytes.len() as u64 == size {
        true => Ok(bytes),
        false => Err(CUT),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_lead_out_are_seen_on_every_system() {
        for name in ["../x", "xl/../../x", "/etc/x", "\\x", "C:\\x", "xl\\..\\x"] {
            assert!(leads_out(name), "{name}");
        }
        for name in [
            "xl/workbook.xml",
            "[Content_Types].xml",
            "xl/..a",
            "Pictures/",
        ] {
            assert!(!leads_out(name), "{name}");
        }
    }
}
