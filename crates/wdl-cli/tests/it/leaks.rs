//! Nothing that names a person is anywhere in the lab: every file decoded, Parquet and sealed deliveries too, and searched.

use std::fs;
use std::path::{Path, PathBuf};

use wdl_crypto::SealingKey;
use wdl_delivery::Delivery;
use wdl_frame::{RecordBatch, read_parquet};

/// A place where something that names a person was found.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Leak {
    pub(crate) file: PathBuf,
    pub(crate) what: &'static str,
}

/// Every file under `folder`, decoded, searched for tax codes and for the canary names.
pub(crate) fn leaks(folder: &Path, sealing: &SealingKey, canaries: &[String]) -> Vec<Leak> {
    let mut found = Vec::new();
    for file in files(folder) {
        for (text, read_as) in decoded(&file, sealing) {
            if let Some(what) = names_a_person(&text, read_as, canaries) {
                found.push(Leak {
                    file: file.clone(),
                    what,
                });
                break;
            }
        }
    }
    found
}

/// Every file under a folder, sorted.
pub(crate) fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut waiting = vec![folder.to_owned()];
    while let Some(path) = waiting.pop() {
        match path.is_dir() {
            true => waiting.extend(
                fs::read_dir(&path)
                    .unwrap()
                    .map(|entry| entry.unwrap().path()),
            ),
            false => found.push(path),
        }
    }
    found.sort();
    found
}

/// How bytes came to be read as text.
#[derive(Clone, Copy)]
enum ReadAs {
    /// They are text, or cells shown as a person would read them.
    Text,
    /// They are the pages of a Parquet file, whose numbers may look like letters.
    Pages,
}

/// The texts a file holds: its raw bytes, and what stands inside when it is Parquet or a sealed delivery.
fn decoded(file: &Path, sealing: &SealingKey) -> Vec<(Vec<u8>, ReadAs)> {
    let raw = fs::read(file).unwrap();
    let mut texts = Vec::new();
    let mut read_as = ReadAs::Text;
    if raw.starts_with(b"PAR1") {
        read_as = ReadAs::Pages;
        let (_, batches) = read_parquet(file).unwrap();
        texts.extend(batches.iter().flat_map(cells));
    }
    if let Ok(delivery) = Delivery::from_bytes(&raw) {
        let opened = delivery.open(sealing).unwrap();
        texts.extend(cells(opened.batch()));
    }
    let mut texts: Vec<(Vec<u8>, ReadAs)> =
        texts.into_iter().map(|text| (text, ReadAs::Text)).collect();
    texts.push((raw, read_as));
    texts
}

/// Each column of a batch as the text a person would read.
fn cells(batch: &RecordBatch) -> Vec<Vec<u8>> {
    let shown = |column: &arrow::array::ArrayRef| {
        let format = arrow::util::display::FormatOptions::default();
        let formatter = arrow::util::display::ArrayFormatter::try_new(column, &format).unwrap();
        let mut text = String::new();
        for row in 0..column.len() {
            text.push_str(&formatter.value(row).to_string());
            text.push('\n');
        }
        text.into_bytes()
    };
    batch.columns().iter().map(shown).collect()
}

fn names_a_person(text: &[u8], read_as: ReadAs, canaries: &[String]) -> Option<&'static str> {
    let has = |needle: &str| {
        text.windows(needle.len())
            .any(|window| window.eq_ignore_ascii_case(needle.as_bytes()))
    };
    // A word of its own: sixteen characters inside a longer hexadecimal number are not a code.
    let words = text.split(|byte| !byte.is_ascii_alphanumeric());
    let is_code = |word: &[u8]| match read_as {
        ReadAs::Text => has_shape(word),
        ReadAs::Pages => has_shape(word) && is_code_in_pages(word),
    };
    if words.filter(|word| word.len() == 16).any(is_code) {
        return Some("a tax code");
    }
    canaries
        .iter()
        .any(|name| has(name))
        .then_some("a canary name")
}

/// Six letters, two digits or their omocodic letters, a month letter, two digits, a letter, three digits, a letter.
fn has_shape(word: &[u8]) -> bool {
    const SHAPE: &[u8; 16] = b"LLLLLLDDMDDLDDDL";
    word.iter().zip(SHAPE).all(|(byte, kind)| {
        let byte = byte.to_ascii_uppercase();
        match kind {
            b'L' => byte.is_ascii_uppercase(),
            b'M' => b"ABCDEHLMPRST".contains(&byte),
            _ => byte.is_ascii_digit() || b"LMNPQRSTUV".contains(&byte),
        }
    })
}

/// A page numbers its values in order, and bytes in order read as letters in order (`FGHIJKLMPQRSTUVW` has the shape of a code): there a code must be without a fault and not in order.
///
/// The cells of the same file are searched by the shape alone.
fn is_code_in_pages(word: &[u8]) -> bool {
    let text = String::from_utf8_lossy(word).to_ascii_uppercase();
    let is_ascending = word.windows(2).all(|pair| pair[0] < pair[1]);
    wdl_encoding::code::is_faultless(&text) && !is_ascending
}
