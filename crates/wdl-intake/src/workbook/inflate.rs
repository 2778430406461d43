//! DEFLATE (RFC 1951), to see what a part of a workbook holds without trusting what it says of itself.
//!
//! Gives the content in pieces of bounded size and stops at a limit; the workbook's cells are read by another library afterwards.

/// Why a stream cannot be expanded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum InflateFault {
    /// It is not DEFLATE, or is cut.
    Damaged,
    /// The receiver has seen enough.
    Stopped,
}

/// The farthest a copy may reach back.
const WINDOW: usize = 1 << 15;

/// Bits, from the lowest of each byte.
struct Bits<'a> {
    bytes: &'a [u8],
    held: u64,
    count: u32,
}

impl Bits<'_> {
    fn refill(&mut self) {
        while self.count <= 56
            && let Some((byte, rest)) = self.bytes.split_first()
        {
            self.held |= u64::from(*byte) << self.count;
            self.count += 8;
            self.bytes = rest;
        }
    }

    fn take(&mut self, count: u32) -> Result<u32, InflateFault> {
        if self.count < count {
            self.refill();
        }
        if self.count < count {
            return Err(InflateFault::Damaged);
        }
        let value = (self.held & ((1 << count) - 1)) as u32;
        self.held >>= count;
        self.count -= count;
        Ok(value)
    }
}

const FAST_BITS: u32 = 10;

/// A Huffman code: canonical counts, and a table for the short words.
struct Huffman {
    counts: [u16; 16],
    symbols: Vec<u16>,
    // Symbol and length of the word that begins with these bits; length 0 for longer words.
    fast: Vec<(u16, u8)>,
}

impl Huffman {
    fn new(lengths: &[u8]) -> Result<Huffman, InflateFault> {
        let mut counts = [0_u16; 16];
        for length in lengths {
            counts[usize::from(*length)] += 1;
        }
        counts[0] = 0;
        let mut left = 1_i32;
        for count in &counts[1..] {
            left = (left << 1) - i32::from(*count);
            if left < 0 {
                return Err(InflateFault::Damaged);
            }
        }
        let mut offsets = [0_u16; 16];
        for length in 1..15 {
            offsets[length + 1] = offsets[length] + counts[length];
        }
        let mut symbols = vec![0; lengths.len()];
        for (symbol, length) in lengths
            .iter()
            .enumerate()
            .filter(|(_, length)| **length > 0)
        {
            let place = &mut offsets[usize::from(*length)];
            symbols[usize::from(*place)] = symbol as u16;
            *place += 1;
        }
        let fast = fast_table(&counts, &symbols);
        Ok(Huffman {
            counts,
            symbols,
            fast,
        })
    }

    fn decode(&self, bits: &mut Bits<'_>) -> Result<u16, InflateFault> {
        bits.refill();
        let (symbol, length) = self.fast[(bits.held & ((1 << FAST_BITS) - 1)) as usize];
        if length > 0 && u32::from(length) <= bits.count {
            bits.held >>= length;
            bits.count -= u32::from(length);
            return Ok(symbol);
        }
        let (mut code, mut first, mut index) = (0_i32, 0_i32, 0_i32);
        for count in &self.counts[1..] {
            code |= bits.take(1)? as i32;
            let count = i32::from(*count);
            if code - count < first {
                return Ok(self.symbols[(index + code - first) as usize]);
            }
            index += count;
            first = (first + count) << 1;
            code <<= 1;
        }
        Err(InflateFault::Damaged)
    }
}

fn fast_table(counts: &[u16; 16], symbols: &[u16]) -> Vec<(u16, u8)> {
    let mut fast = vec![(0, 0); 1 << FAST_BITS];
    let (mut code, mut index) = (0_u32, 0_usize);
    for length in 1..=FAST_BITS {
        for _ in 0..counts[length as usize] {
            let reversed = code.reverse_bits() >> (32 - length);
            for place in (reversed as usize..fast.len()).step_by(1 << length) {
                fast[place] = (symbols[index], length as u8);
            }
            code += 1;
            index += 1;
        }
        code <<= 1;
    }
    fast
}

const LENGTH_BASES: [u16; 29] = [
    3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131,
    163, 195, 227, 258,
];
const LENGTH_BITS: [u8; 29] = [
    0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0,
];
const DISTANCE_BASES: [u16; 30] = [
    1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537,
    2049, 3073, 4097, 6145, 8193, 12289, 16385, 24577,
];
const DISTANCE_BITS: [u8; 30] = [
    0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13,
    13,
];
const CODE_LENGTH_ORDER: [usize; 19] = [
    16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15,
];

/// What was expanded: the last [`WINDOW`] bytes are kept, the rest goes to the receiver.
struct Output<'f> {
    buffer: Vec<u8>,
    given: usize,
    receiver: &'f mut dyn FnMut(&[u8]) -> bool,
}

impl Output<'_> {
    fn room(&mut self) -> Result<(), InflateFault> {
        if self.buffer.len() >= 4 * WINDOW {
            self.give()?;
            let cut = self.buffer.len() - WINDOW;
            self.buffer.drain(..cut);
            self.given = WINDOW;
        }
        Ok(())
    }

    fn give(&mut self) -> Result<(), InflateFault> {
        let fresh = &self.buffer[self.given..];
        self.given = self.buffer.len();
        match fresh.is_empty() || (self.receiver)(fresh) {
            true => Ok(()),
            false => Err(InflateFault::Stopped),
        }
    }

    fn copy(&mut self, distance: usize, length: usize) -> Result<(), InflateFault> {
        let from = self
            .buffer
            .len()
            .checked_sub(distance)
            .ok_or(InflateFault::Damaged)?;
        if distance >= length {
            self.buffer.extend_from_within(from..from + length);
            return Ok(());
        }
        for place in from..from + length {
            self.buffer.push(self.buffer[place]);
        }
        Ok(())
    }
}

/// Expands a stream; the receiver says whether it wants more.
pub(super) fn inflate(
    bytes: &[u8],
    receiver: &mut dyn FnMut(&[u8]) -> bool,
) -> Result<(), InflateFault> {
    let mut bits = Bits {
        bytes,
        held: 0,
        count: 0,
    };
    let mut output = Output {
        buffer: Vec::with_capacity(5 * WINDOW),
        given: 0,
        receiver,
    };
    loop {
        let is_last = bits.take(1)? == 1;
        match bits.take(2)? {
            0 => stored(&mut bits, &mut output)?,
            1 => coded(&mut bits, &mut output, &fixed_codes()?)?,
            2 => {
                let codes = dynamic_codes(&mut bits)?;
                coded(&mut bits, &mut output, &codes)?;
            }
            _ => return Err(InflateFault::Damaged),
        }
        if is_last {
            return output.give();
        }
    }
}

fn stored(bits: &mut Bits<'_>, output: &mut Output<'_>) -> Result<(), InflateFault> {
    bits.take(bits.count % 8)?;
    let length = bits.take(16)?;
    if bits.take(16)? != length ^ 0xffff {
        return Err(InflateFault::Damaged);
    }
    for _ in 0..length {
        output.buffer.push(bits.take(8)? as u8);
    }
    output.room()
}

fn coded(
    bits: &mut Bits<'_>,
    output: &mut Output<'_>,
    (literals, distances): &(Huffman, Huffman),
) -> Result<(), InflateFault> {
    loop {
        match literals.decode(bits)? {
            literal @ 0..256 => output.buffer.push(literal as u8),
            256 => return Ok(()),
            symbol => {
                let kind = usize::from(symbol - 257);
                let base = LENGTH_BASES.get(kind).ok_or(InflateFault::Damaged)?;
                let length = usize::from(*base) + bits.take(u32::from(LENGTH_BITS[kind]))? as usize;
                let kind = usize::from(distances.decode(bits)?);
                let base = DISTANCE_BASES.get(kind).ok_or(InflateFault::Damaged)?;
                let extra = bits.take(u32::from(DISTANCE_BITS[kind]))? as usize;
                output.copy(usize::from(*base) + extra, length)?;
            }
        }
        output.room()?;
    }
}

fn fixed_codes() -> Result<(Huffman, Huffman), InflateFault> {
    let mut lengths = [8_u8; 288];
    lengths[144..256].fill(9);
    lengths[256..280].fill(7);
    Ok((Huffman::new(&lengths)?, Huffman::new(&[5; 30])?))
}

fn dynamic_codes(bits: &mut Bits<'_>) -> Result<(Huffman, Huffman), InflateFault> {
    let literals = bits.take(5)? as usize + 257;
    let distances = bits.take(5)? as usize + 1;
    let words = bits.take(4)? as usize + 4;
    if literals > 286 || distances > 30 {
        return Err(InflateFault::Damaged);
    }
    let mut lengths = [0_u8; 320];
    for place in &CODE_LENGTH_ORDER[..words] {
        lengths[*place] = bits.take(3)? as u8;
    }
    let code = Huffman::new(&lengths[..19])?;
    let total = literals + distances;
    lengths = [0; 320];
    let mut place = 0;
    while place < total {
        let (value, times) = match code.decode(bits)? {
            length @ 0..16 => (length as u8, 1),
            16 if place > 0 => (lengths[place - 1], 3 + bits.take(2)? as usize),
            17 => (0, 3 + bits.take(3)? as usize),
            18 => (0, 11 + bits.take(7)? as usize),
            _ => return Err(InflateFault::Damaged),
        };
        if place + times > total {
            return Err(InflateFault::Damaged);
        }
        lengths[place..place + times].fill(value);
        place += times;
    }
    Ok((
        Huffman::new(&lengths[..literals])?,
        Huffman::new(&lengths[literals..total])?,
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn expand(bytes: &[u8]) -> Result<Vec<u8>, InflateFault> {
        let mut all = Vec::new();
        inflate(bytes, &mut |piece| {
            all.extend_from_slice(piece);
            true
        })?;
        Ok(all)
    }

    #[test]
    fn small_streams_expand() {
        // Python: zlib.compressobj(9, zlib.DEFLATED, -15).
        assert_eq!(expand(b"\x03\x00"), Ok(Vec::new()));
        assert_eq!(expand(b"\x01\x03\x00\xfc\xffabc"), Ok(b"abc".to_vec()));
        assert_eq!(expand(b"KLJN\x84!\x00"), Ok(b"abcabcabcabc".to_vec()));
    }

    #[test]
    fn a_cut_stream_is_damaged_and_a_receiver_can_stop() {
        assert_eq!(expand(b"KLJ"), Err(InflateFault::Damaged));
        assert_eq!(expand(b""), Err(InflateFault::Damaged));
        assert_eq!(expand(b"\x07"), Err(InflateFault::Damaged));
        let stopped = inflate(b"\x01\x03\x00\xfc\xffabc", &mut |_| false);
        assert_eq!(stopped, Err(InflateFault::Stopped));
    }
}
