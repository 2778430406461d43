//! The diffusion: each bit that leaves is the sum, modulo two, of several keyed choices among the bits made.
//!
//! It is linear, so it is computed as the sum of one precomputed vector for each four bits of the input.
//! Similar vectors stay nearer than strangers, and no bit belongs to one gram any more, which is what pattern mining needs (Christen et al., PAKDD 2018).

use hmac::Mac as _;

use super::{BITS, Bits, WORDS};
use crate::key::Prf;

const NIBBLES: usize = BITS / 4;

/// The linear map of one key.
pub(super) struct Diffusion {
    /// What each value of each four bits of the input adds to the output.
    tables: Vec<[Bits; 16]>,
}

impl Diffusion {
    /// For each bit that leaves, `terms` different bits of the input.
    pub(super) fn new(terms: usize, prf: &Prf) -> Diffusion {
        let mut columns = vec![[0; WORDS]; BITS];
        for output in 0..BITS {
            for input in choices(terms, output, prf) {
                columns[usize::from(input)][output / 64] |= 1 << (output % 64);
            }
        }
        let table = |nibble: usize| {
            let mut table = [[0; WORDS]; 16];
            for (value, sum) in table.iter_mut().enumerate() {
                for bit in (0..4).filter(|bit| value >> bit & 1 == 1) {
                    add(sum, &columns[nibble * 4 + bit]);
                }
            }
            table
        };
        Diffusion {
            tables: (0..NIBBLES).map(table).collect(),
        }
    }

    pub(super) fn spread(&self, bits: &Bits) -> Bits {
        let mut sum = [0; WORDS];
        for (word, tables) in bits.iter().zip(self.tables.as_chunks::<16>().0) {
            for (place, table) in tables.iter().enumerate() {
                add(&mut sum, &table[(word >> (place * 4) & 15) as usize]);
            }
        }
        sum
    }
}

/// The first different positions of the keyed stream of an output bit.
fn choices(terms: usize, output: usize, prf: &Prf) -> Vec<u16> {
    let mut chosen: Vec<u16> = Vec::with_capacity(terms);
    for block in 0_u32.. {
        let mut mac = prf.clone();
        mac.update(&u16::try_from(output).expect("a position").to_be_bytes());
        mac.update(&block.to_be_bytes());
        let hash = <[u8; 32]>::from(mac.finalize().into_bytes());
        for pair in hash.as_chunks::<2>().0 {
            let position = u16::from_be_bytes(*pair) % BITS as u16;
            if chosen.len() < terms && !chosen.contains(&position) {
                chosen.push(position);
            }
        }
        if chosen.len() == terms {
            break;
        }
    }
    chosen
}

fn add(sum: &mut Bits, other: &Bits) {
    for (word, other) in sum.iter_mut().zip(other) {
        *word ^= other;
    }
}
