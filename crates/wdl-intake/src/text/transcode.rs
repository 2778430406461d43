//! A stream of bytes as a stream of UTF-8 with `\n` at the end of every line.
//!
//! Replaces what cannot be read with U+FFFD, never fails on content, and stops a row that would not end.

use std::io::{self, Read, Seek as _, SeekFrom};

use encoding_rs::{CoderResult, Decoder, MACINTOSH, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

use super::encoding::IBM850;
use super::{Stream, TextEncoding};
use crate::limits::ROW_BYTES_MAX;

/// What follows the last byte: a line end and a row no file holds, so that an unclosed quotation mark shows.
pub(crate) const SENTINEL: &str = "\u{1}\u{2}\u{3}";

const RAW_BYTES: usize = 1 << 15;

/// Reads a source in its encoding.
pub(crate) struct Transcoder {
    source: Box<dyn Stream>,
    encoding: TextEncoding,
    decoder: Option<Decoder>,
    raw: Vec<u8>,
    raw_place: usize,
    phase: Phase,
    after_return: bool,
    returns: Returns,
    last_byte: Option<u8>,
    // What may still be read before a row must have ended.
    budget: usize,
    given: u64,
}

/// Which line ends with `\r` were seen.
#[derive(Clone, Copy, Default)]
struct Returns {
    pair: bool,
    lone: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Phase {
    Reading,
    Flushing,
    Sentinel(usize),
    Done,
}

impl Transcoder {
    /// From the beginning of a source.
    pub(crate) fn new(
        mut source: Box<dyn Stream>,
        encoding: TextEncoding,
    ) -> io::Result<Transcoder> {
        source.seek(SeekFrom::Start(0))?;
        let decoder = match encoding {
            TextEncoding::Utf8 => Some(UTF_8.new_decoder_with_bom_removal()),
            TextEncoding::Utf16Le => Some(UTF_16LE.new_decoder_with_bom_removal()),
            TextEncoding::Utf16Be => Some(UTF_16BE.new_decoder_with_bom_removal()),
            TextEncoding::Windows1252 => Some(WINDOWS_1252.new_decoder_without_bom_handling()),
            TextEncoding::Macintosh => Some(MACINTOSH.new_decoder_without_bom_handling()),
            TextEncoding::Ibm850 => None,
        };
        Ok(Transcoder {
            source,
            encoding,
            decoder,
            raw: Vec::with_capacity(RAW_BYTES),
            raw_place: 0,
            phase: Phase::Reading,
            after_return: false,
            returns: Returns::default(),
            last_byte: None,
            budget: ROW_BYTES_MAX,
            given: 0,
        })
    }

    /// The same source in the same encoding, from the beginning again.
    pub(crate) fn again(self) -> io::Result<Transcoder> {
        Transcoder::new(self.source, self.encoding)
    }

    /// The source, wherever it stands.
    pub(crate) fn into_source(self) -> Box<dyn Stream> {
        self.source
    }

    /// A row has ended: the next may be as long.
    pub(crate) fn renew(&mut self) {
        self.budget = ROW_BYTES_MAX;
    }

    /// Whether everything was given, and how many bytes that was.
    pub(crate) fn total(&self) -> Option<u64> {
        (self.phase == Phase::Done).then_some(self.given)
    }

    /// Whether the text ends without a line end; known when everything was read.
    pub(crate) fn is_open(&self) -> bool {
        self.last_byte.is_some_and(|byte| byte != b'\n')
    }

    /// How the lines end in what was read so far.
    pub(crate) fn line_ends(&self) -> &'static str {
        match (self.returns.pair, self.returns.lone) {
            (false, false) => "LF",
            (true, false) => "CRLF",
            (false, true) => "CR",
            (true, true) => "CRLF, CR",
        }
    }

    /// Up to so many bytes from the beginning of the text, without the sentinel.
    pub(crate) fn sample(&mut self, size: usize) -> io::Result<String> {
        let mut sample = vec![0; size];
        let mut filled = 0;
        while filled + 8 < size && matches!(self.phase, Phase::Reading | Phase::Flushing) {
            filled += self.decode(&mut sample[filled..])?;
        }
        sample.truncate(filled);
        Ok(String::from_utf8_lossy(&sample).into_owned())
    }

    /// Decodes into a buffer of at least eight bytes; gives nothing only at the end of the source.
    fn decode(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            if self.raw_place == self.raw.len() && self.phase == Phase::Reading {
                self.fill()?;
            }
            let is_last = self.phase == Phase::Flushing;
            let raw = &self.raw[self.raw_place..];
            let (result, read, written) = match &mut self.decoder {
                Some(decoder) => {
                    let (result, read, written, _) = decoder.decode_to_utf8(raw, buffer, is_last);
                    (result, read, written)
                }
                None => decode_ibm850(raw, buffer),
            };
            self.raw_place += read;
            if is_last && matches!(result, CoderResult::InputEmpty) {
                self.phase = Phase::Sentinel(0);
            }
            let kept = self.one_line_end(&mut buffer[..written]);
            if kept > 0 {
                self.last_byte = Some(buffer[kept - 1]);
                return Ok(kept);
            }
            if self.phase != Phase::Reading && self.phase != Phase::Flushing {
                return Ok(0);
            }
        }
    }

    /// Writes every `\r\n` and every lone `\r` as `\n`, in place; gives how many bytes are left.
    fn one_line_end(&mut self, text: &mut [u8]) -> usize {
        if !self.after_return && !text.contains(&b'\r') {
            return text.len();
        }
        let mut kept = 0;
        for place in 0..text.len() {
            let byte = text[place];
            let was_after = std::mem::replace(&mut self.after_return, byte == b'\r');
            self.returns.pair |= was_after && byte == b'\n';
            self.returns.lone |= was_after && byte != b'\n';
            if was_after && byte == b'\n' {
                continue;
            }
            text[kept] = if byte == b'\r' { b'\n' } else { byte };
            kept += 1;
        }
        kept
    }

    fn fill(&mut self) -> io::Result<()> {
        self.raw.resize(RAW_BYTES, 0);
        let read = loop {
            match self.source.read(&mut self.raw) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                other => break other?,
            }
        };
        self.raw.truncate(read);
        self.raw_place = 0;
        if read == 0 {
            self.phase = Phase::Flushing;
        }
        Ok(())
    }

    fn sentinel(&mut self, place: usize, buffer: &mut [u8]) -> usize {
        let sentinel = format!("\n{SENTINEL}\n");
        let rest = &sentinel.as_bytes()[place..];
        let count = rest.len().min(buffer.len());
        buffer[..count].copy_from_slice(&rest[..count]);
        self.phase = match count == rest.len() {
            true => Phase::Done,
            false => Phase::Sentinel(place + count),
        };
        count
    }
}

impl Read for Transcoder {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if buffer.len() < 8 {
            return Err(io::Error::other("the buffer is too small for a character"));
        }
        let mut given = 0;
        if matches!(self.phase, Phase::Reading | Phase::Flushing) {
            given = self.decode(buffer)?;
        }
        if given == 0
            && let Phase::Sentinel(place) = self.phase
        {
            given = self.sentinel(place, buffer);
        }
        self.given += given as u64;
        if given > self.budget {
            return Err(io::Error::other(RowTooLong));
        }
        self.budget -= given;
        Ok(given)
    }
}

/// Why reading stopped: one row goes on and on.
#[derive(Debug, thiserror::Error)]
#[error("a row does not end")]
pub(super) struct RowTooLong;

fn decode_ibm850(raw: &[u8], buffer: &mut [u8]) -> (CoderResult, usize, usize) {
    let mut written = 0;
    for (read, byte) in raw.iter().enumerate() {
        if written + 4 > buffer.len() {
            return (CoderResult::OutputFull, read, written);
        }
        let character = match byte {
            0x80.. => IBM850[usize::from(byte - 0x80)],
            _ => char::from(*byte),
        };
        written += character.encode_utf8(&mut buffer[written..]).len();
    }
    (CoderResult::InputEmpty, raw.len(), written)
}
