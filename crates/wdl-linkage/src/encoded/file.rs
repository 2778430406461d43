//! The file of encodings: one line of JSON, the records, a checksum.
//!
//! A record is the length of its id (two bytes, the lower first), the id, one byte that says which vectors follow (the lowest bit for the first), and those vectors of 128 bytes each.
//! The last 32 bytes are the SHA-256 of all before: a slip of the transport is seen, a forger is not kept away (deliveries are sealed and signed elsewhere).

use serde::{Deserialize, Serialize};
use wdl_encoding::CLK_BYTES;
use wdl_vocab::Digest;

use super::agreed::Agreed;
use super::faults::ReadError;
use super::hidden::Hidden;
use crate::data::Values;

/// The format's name and version.
const FORMAT: &str = "wdl-encoded-1";
const LENGTH: u64 = 1024;
const CHECKSUM: usize = 32;
/// A record of one byte of id and no vector.
const RECORD_MIN: u64 = 4;
/// A head is a few hundred bytes.
const HEAD_MAX: usize = 1 << 16;
const FILTERS_MAX: usize = 8;
/// How many times its length a file may take in memory: eight vectors of which nearly all are missing take seven.
const SWELL_MAX: u64 = 32;

/// A vector as bytes.
pub(super) type Vector = [u8; CLK_BYTES];
/// What stands where a record has no vector.
pub(super) const NO_VECTOR: Vector = [0; CLK_BYTES];

/// The encodings of one file.
#[derive(Clone, Debug, PartialEq, Eq)]
// INVARIANT: ids ascend and are unique; a list of vectors for each salt, as long as the ids; a vector is missing as noughts, and none is full of ones.
pub struct Encoded {
    pub(super) agreed: Agreed,
    pub(super) ids: Values,
    pub(super) vectors: Vec<Vec<Vector>>,
    pub(super) set_aside: usize,
    pub(super) hidden: Hidden,
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Head {
    format: String,
    length: u64,
    records: u64,
    schema: Digest,
    key_check: String,
    salts: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    hidden: Vec<(u16, u64)>,
}

impl Encoded {
    /// Encodings of records in any order.
    ///
    /// # Errors
    /// [`ReadError::DuplicateIds`] and [`ReadError::Record`] for an id that is empty or too long.
    pub(crate) fn new(
        agreed: Agreed,
        ids: &[&str],
        vectors: &[Vec<Vector>],
    ) -> Result<Encoded, ReadError> {
        if let Some(nth) = ids
            .iter()
            .position(|id| id.is_empty() || id.len() > usize::from(u16::MAX))
        {
            return Err(ReadError::Record { place: nth + 1 });
        }
        let mut order: Vec<usize> = (0..ids.len()).collect();
        order.sort_by_key(|place| ids[*place]);
        let same = order.chunk_by(|a, b| ids[*a] == ids[*b]);
        let count = same.filter(|same| same.len() > 1).count();
        if count > 0 {
            return Err(ReadError::DuplicateIds { count });
        }
        let mut sorted = Values::default();
        for place in &order {
            if sorted.push(ids[*place]).is_none() {
                return Err(ReadError::Record { place: *place + 1 });
            }
        }
        let mut set_aside = 0;
        let mut usable = |vector: &Vector| -> Vector {
            let is_full = *vector == [u8::MAX; CLK_BYTES];
            set_aside += usize::from(is_full);
            if is_full { NO_VECTOR } else { *vector }
        };
        let vectors = vectors
            .iter()
            .map(|of| order.iter().map(|place| usable(&of[*place])).collect())
            .collect();
        Ok(Encoded {
            agreed,
            ids: sorted,
            vectors,
            set_aside,
            hidden: Hidden::default(),
        })
    }

    /// What its maker agreed on.
    pub fn agreed(&self) -> &Agreed {
        &self.agreed
    }

    /// How many records.
    pub fn len(&self) -> usize {
        self.ids.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    /// The id of a record.
    pub fn id(&self, record: u32) -> &str {
        self.ids.get(record)
    }

    /// Vectors of noughts or ones alone that the file held: they say nothing and are not compared.
    pub fn set_aside(&self) -> usize {
        self.set_aside
    }

    /// Records without any vector: their salts or too many of their fields are missing.
    pub fn without_vectors(&self) -> usize {
        (0..self.len())
            .filter(|record| self.vectors.iter().all(|of| of[*record] == NO_VECTOR))
            .count()
    }

    /// Pairs of different records whose likeness was taken away, so that nobody sees who they are.
    pub fn hidden_pairs(&self) -> u64 {
        self.hidden.count()
    }

    /// The share of ones in the vectors there are; 0 without any.
    pub fn fill(&self) -> f64 {
        let there = self.vectors.iter().flatten();
        let there = there.filter(|vector| **vector != NO_VECTOR);
        let (mut count, mut ones) = (0_u64, 0_u64);
        for vector in there {
            count += 1;
            ones += vector
                .iter()
                .map(|byte| u64::from(byte.count_ones()))
                .sum::<u64>();
        }
        ones as f64 / (count * LENGTH).max(1) as f64
    }

    /// The bytes of the file; the same for the same records in any order.
    pub fn write(&self) -> Vec<u8> {
        let head = Head {
            format: FORMAT.to_owned(),
            length: LENGTH,
            records: self.len() as u64,
            schema: self.agreed.schema,
            key_check: self.agreed.key_check_text(),
            salts: self.agreed.salts.clone(),
            hidden: self.hidden.steps().to_vec(),
        };
        let mut bytes = serde_json::to_vec(&head).expect("a head is text and numbers");
        bytes.push(b'\n');
        for (record, id) in self.ids.iter().enumerate() {
            let length = u16::try_from(id.len()).expect("ids are short");
            bytes.extend(length.to_le_bytes());
            bytes.extend(id.bytes());
            let there = |of: &&Vec<Vector>| of[record] != NO_VECTOR;
            let which = self.vectors.iter().enumerate();
            let which = which.filter(|(_, of)| there(of));
            bytes.push(which.fold(0, |which, (nth, _)| which | 1 << nth));
            for of in self.vectors.iter().filter(there) {
                bytes.extend(of[record]);
            }
        }
        bytes.extend(Digest::of(&bytes).0);
        bytes
    }

    /// Reads a file.
    ///
    /// # Errors
    /// [`ReadError`]; nothing of a damaged file is used.
    pub fn read(bytes: &[u8]) -> Result<Encoded, ReadError> {
        let line = bytes.iter().take(HEAD_MAX).position(|byte| *byte == b'\n');
        let line = line.ok_or(ReadError::NotEncoded)?;
        let agreed_and_count = head(&bytes[..line])?;
        let content = bytes
            .len()
            .checked_sub(CHECKSUM)
            .filter(|end| *end > line)
            .ok_or(ReadError::Damaged)?;
        if Digest::of(&bytes[..content]).0 != bytes[content..] {
            return Err(ReadError::Damaged);
        }
        let (agreed, promised, hidden) = agreed_and_count;
        let rows = &bytes[line + 1..content];
        if promised > rows.len() as u64 / RECORD_MIN {
            return Err(ReadError::Count { promised });
        }
        // A record without vectors is short in the file and not in memory: a forged head must not fill it.
        let needed = promised.saturating_mul((agreed.salts.len() * CLK_BYTES) as u64);
        if needed > SWELL_MAX * bytes.len() as u64 + (1 << 20) {
            return Err(ReadError::Count { promised });
        }
        let (ids, vectors, noughts) = records(rows, (promised, agreed.salts.len()))?;
        let mut encoded = Encoded::new(agreed, &ids, &vectors)?;
        encoded.set_aside += noughts;
        encoded.hidden = hidden;
        Ok(encoded)
    }
}

/// What the head says: what was agreed on, how many records follow, and how alike some of them were.
fn head(line: &[u8]) -> Result<(Agreed, u64, Hidden), ReadError> {
    #[derive(Deserialize)]
    struct Kind {
        format: String,
        length: u64,
    }
    let kind: Kind = serde_json::from_slice(line).map_err(|_| ReadError::NotEncoded)?;
    if (kind.format.as_str(), kind.length) != (FORMAT, LENGTH) {
        // What a stranger's file says is told by its first characters at most.
        let said: String = kind.format.chars().take(40).collect();
        return Err(ReadError::Format {
            actual: format!("{said}, {} bits", kind.length),
            expected: format!("{FORMAT}, {LENGTH} bits"),
        });
    }
    let head: Head = serde_json::from_slice(line).map_err(|_| ReadError::NotEncoded)?;
    if !(1..=FILTERS_MAX).contains(&head.salts.len()) {
        return Err(ReadError::NotEncoded);
    }
    let agreed = Agreed {
        schema: head.schema,
        key_check: key_check(&head.key_check).ok_or(ReadError::NotEncoded)?,
        salts: head.salts,
    };
    let hidden = Hidden::read(head.hidden, head.records).ok_or(ReadError::NotEncoded)?;
    Ok((agreed, head.records, hidden))
}

fn key_check(text: &str) -> Option<[u8; 16]> {
    let is_digits = text.len() == 32 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_digits.then(|| {
        std::array::from_fn(|nth| {
            u8::from_str_radix(&text[2 * nth..2 * nth + 2], 16).expect("two digits")
        })
    })
}

type Records<'a> = (Vec<&'a str>, Vec<Vec<Vector>>, usize);

/// All rows, none left over; and how many vectors were of noughts.
fn records(mut rest: &[u8], (promised, filters): (u64, usize)) -> Result<Records<'_>, ReadError> {
    let count = usize::try_from(promised).map_err(|_| ReadError::Count { promised })?;
    let mut ids = Vec::with_capacity(count);
    let mut vectors: Vec<Vec<Vector>> = vec![Vec::with_capacity(count); filters];
    let mut noughts = 0;
    for nth in 0..count {
        let bad = ReadError::Record { place: nth + 1 };
        let id = row(&mut rest, &mut vectors, &mut noughts).ok_or(bad)?;
        ids.push(id);
    }
    match rest.is_empty() {
        true => Ok((ids, vectors, noughts)),
        false => Err(ReadError::Count { promised }),
    }
}

fn row<'a>(
    rest: &mut &'a [u8],
    vectors: &mut [Vec<Vector>],
    noughts: &mut usize,
) -> Option<&'a str> {
    let length = u16::from_le_bytes(*take(rest, 2)?.first_chunk()?);
    let id = std::str::from_utf8(take(rest, usize::from(length))?).ok()?;
    let which = take(rest, 1)?[0];
    if u32::from(which) >> vectors.len() != 0 {
        return None;
    }
    for (nth, of) in vectors.iter_mut().enumerate() {
        let vector = match which >> nth & 1 {
            0 => NO_VECTOR,
            _ => {
                let vector = *take(rest, CLK_BYTES)?.first_chunk()?;
                *noughts += usize::from(vector == NO_VECTOR);
                vector
            }
        };
        of.push(vector);
    }
    Some(id)
}

fn take<'a>(rest: &mut &'a [u8], length: usize) -> Option<&'a [u8]> {
    let (taken, left) = rest.split_at_checked(length)?;
    *rest = left;
    Some(taken)
}
