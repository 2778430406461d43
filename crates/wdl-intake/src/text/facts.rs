//! What the bytes of a text say about its encoding: one pass over the whole file, in bounded memory.

use std::io::{self, Read};

/// Counts over all bytes of a file.
#[derive(Clone, Debug)]
pub(crate) struct Facts {
    /// All bytes.
    pub(crate) len: u64,
    /// The first bytes.
    pub(crate) start: Vec<u8>,
    /// NUL bytes at even and at odd places.
    pub(crate) nul: [u64; 2],
    /// How often each byte from 0x80 occurs.
    pub(crate) high: [u64; 128],
    /// Sequences of several bytes that are UTF-8.
    pub(crate) sequences: u64,
    /// Those of them that are letters of Latin alphabets or marks of print.
    pub(crate) usual: u64,
    /// Places that are not UTF-8.
    pub(crate) faults: u64,
}

impl Facts {
    /// Reads everything.
    pub(crate) fn gather(source: &mut dyn Read) -> io::Result<Facts> {
        let mut facts = Facts {
            len: 0,
            start: Vec::new(),
            nul: [0; 2],
            high: [0; 128],
            sequences: 0,
            usual: 0,
            faults: 0,
        };
        let mut buffer = vec![0; 1 << 16];
        let mut kept = 0;
        loop {
            let read = source.read(&mut buffer[kept..])?;
            let filled = kept + read;
            facts.count(&buffer[kept..filled]);
            let whole = facts.utf8(&buffer[..filled], read == 0);
            buffer.copy_within(whole..filled, 0);
            kept = filled - whole;
            if read == 0 {
                return Ok(facts);
            }
        }
    }

    /// How many bytes are not ASCII.
    pub(crate) fn high_count(&self) -> u64 {
        self.high.iter().sum()
    }

    fn count(&mut self, bytes: &[u8]) {
        if self.start.len() < 4 {
            let wanted = 4 - self.start.len();
            self.start.extend(bytes.iter().take(wanted));
        }
        if bytes.contains(&0) {
            for (place, _) in bytes.iter().enumerate().filter(|(_, byte)| **byte == 0) {
                self.nul[((self.len + place as u64) % 2) as usize] += 1;
            }
        }
        if !bytes.is_ascii() {
            for byte in bytes.iter().filter(|byte| **byte >= 0x80) {
                self.high[usize::from(byte - 0x80)] += 1;
            }
        }
        self.len += bytes.len() as u64;
    }

    fn sequences(&mut self, valid: &[u8]) {
        if valid.is_ascii() {
            return;
        }
        let text = std::str::from_utf8(valid).unwrap_or_default();
        for letter in text.chars().filter(|letter| !letter.is_ascii()) {
            self.sequences += 1;
            self.usual += u64::from(is_usual(letter));
        }
    }

    /// Counts sequences and faults; the bytes of a sequence that may go on are left for the next time.
    fn utf8(&mut self, bytes: &[u8], is_last: bool) -> usize {
        let mut done = 0;
        loop {
            let rest = &bytes[done..];
            let (valid, fault) = match std::str::from_utf8(rest) {
                Ok(_) => (rest.len(), None),
                Err(error) => (error.valid_up_to(), Some(error.error_len())),
            };
            self.sequences(&rest[..valid]);
            done += valid;
            match fault {
                None => return done,
                Some(Some(length)) => {
                    self.faults += 1;
                    done += length;
                }
                Some(None) if is_last => {
                    self.faults += 1;
                    return bytes.len();
                }
                Some(None) => return done,
            }
        }
    }
}

/// Latin-1 and the letters of Central Europe, dashes and quotation marks, the euro.
fn is_usual(letter: char) -> bool {
    matches!(letter, '\u{a0}'..='\u{17f}' | '\u{2010}'..='\u{2044}' | '€')
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    /// Gives one byte at a time, so that every sequence is cut.
    struct Drops<'a>(&'a [u8]);

    impl Read for Drops<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let Some((first, rest)) = self.0.split_first() else {
                return Ok(0);
            };
            buffer[0] = *first;
            self.0 = rest;
            Ok(1)
        }
    }

    #[test]
    fn sequences_are_counted_wherever_they_are_cut() {
        let text = "NICOLÒ è qui: €\u{1f600}".as_bytes();
        for facts in [
            Facts::gather(&mut &text[..]).unwrap(),
            Facts::gather(&mut Drops(text)).unwrap(),
        ] {
            assert_eq!((facts.sequences, facts.faults), (4, 0));
            assert_eq!(facts.len, text.len() as u64);
            assert_eq!(facts.high_count(), 2 + 2 + 3 + 4);
        }
        let cut = Facts::gather(&mut Drops(b"NICOL\xd2;a\xe8")).unwrap();
        assert_eq!((cut.sequences, cut.faults), (0, 2));
    }
}
