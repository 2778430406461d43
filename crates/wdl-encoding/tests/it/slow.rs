//! The encoding written again from its description, one bit at a time, with an HMAC of its own.

use sha2::{Digest as _, Sha256};
use wdl_encoding::{ClkRule, Field, Grams, Salt};

/// HMAC-SHA256 as RFC 2104 writes it.
pub(crate) fn hmac(key: &[u8], message: &[u8]) -> [u8; 32] {
    assert!(key.len() <= 64);
    let mut padded = [0; 64];
    padded[..key.len()].copy_from_slice(key);
    let xor = |with: u8| padded.map(|byte| byte ^ with);
    let inner = Sha256::new()
        .chain_update(xor(0x36))
        .chain_update(message)
        .finalize();
    Sha256::new()
        .chain_update(xor(0x5c))
        .chain_update(inner)
        .finalize()
        .into()
}

/// A record in its normal form.
#[derive(Clone, Copy)]
pub(crate) struct Plain<'a> {
    pub(crate) surname: &'a str,
    pub(crate) given_name: &'a str,
    /// Eight digits.
    pub(crate) birth_date: &'a str,
    pub(crate) sex: &'a str,
    pub(crate) birth_place: &'a str,
}

impl<'a> Plain<'a> {
    fn field(&self, field: Field) -> &'a str {
        match field {
            Field::Surname => self.surname,
            Field::GivenName => self.given_name,
            Field::BirthDate => self.birth_date,
            Field::Sex => self.sex,
            Field::BirthPlace => self.birth_place,
        }
    }
}

fn derived(key: &[u8; 32], rule: &ClkRule, purpose: &str) -> [u8; 32] {
    let fingerprint = rule.fingerprint();
    let mut message = b"wdl-encoding-v1".to_vec();
    for part in [b"clk".as_slice(), &fingerprint.0, purpose.as_bytes()] {
        message.extend((part.len() as u64).to_be_bytes());
        message.extend(part);
    }
    hmac(key, &message)
}

fn grams(how: Grams, value: &str) -> Vec<String> {
    match how {
        Grams::Whole => vec![value.to_owned()],
        Grams::Places => value
            .chars()
            .enumerate()
            .map(|(n, c)| format!("{n}:{c}"))
            .collect(),
        Grams::Letters(length) => {
            let ends = "_".repeat(length - 1);
            let marked: Vec<char> = format!("{ends}{value}{ends}").chars().collect();
            (0..=marked.len() - length)
                .map(|from| marked[from..from + length].iter().collect())
                .collect()
        }
    }
}

/// Position `nth` of a stream of keyed blocks.
fn position(key: &[u8; 32], before: &[u8], block: &[u8], after: &[u8], nth: usize) -> usize {
    let hash = hmac(key, &[before, block, after].concat());
    (usize::from(hash[2 * nth]) << 8 | usize::from(hash[2 * nth + 1])) & 1023
}

/// The encoding before the diffusion.
pub(crate) fn filled(key: &[u8; 32], rule: &ClkRule, record: &Plain<'_>) -> Vec<bool> {
    let mut salt = String::new();
    for part in &rule.salt {
        salt.push_str(match part {
            Salt::BirthYear => &record.birth_date[..4],
            Salt::BirthDate => record.birth_date,
            Salt::Sex => record.sex,
        });
    }
    let mut bits = vec![false; 1024];
    let weights: f64 = rule.fields.iter().map(|field| field.weight).sum();
    let insertions = (1.0 - rule.fill).ln() / (1.0 - 1.0 / 1024.0_f64).ln();
    for field in &rule.fields {
        let count = (insertions * field.weight / weights / field.grams_mean)
            .round()
            .max(1.0) as usize;
        let key = derived(key, rule, &field.field.to_string());
        for gram in grams(field.grams, record.field(field.field)) {
            let salted = [&[salt.len() as u8], salt.as_bytes(), gram.as_bytes()].concat();
            for nth in 0..count {
                let block = ((nth / 16) as u16).to_be_bytes();
                bits[position(&key, &[], &block, &salted, nth % 16)] = true;
            }
        }
    }
    bits
}

/// The whole encoding.
pub(crate) fn clk(key: &[u8; 32], rule: &ClkRule, record: &Plain<'_>) -> [u8; 128] {
    let filled = filled(key, rule, record);
    let bits: Vec<bool> = match rule.diffusion {
        0 => filled,
        terms => {
            let key = derived(key, rule, "diffusion");
            (0..1024)
                .map(|output| {
                    let before = (output as u16).to_be_bytes();
                    let mut chosen: Vec<usize> = Vec::new();
                    let mut nth = 0;
                    while chosen.len() < terms {
                        let block = ((nth / 16) as u32).to_be_bytes();
                        let next = position(&key, &before, &block, &[], nth % 16);
                        if !chosen.contains(&next) {
                            chosen.push(next);
                        }
                        nth += 1;
                    }
                    chosen.iter().filter(|place| filled[**place]).count() % 2 == 1
                })
                .collect()
        }
    };
    let mut bytes = [0; 128];
    for (place, _) in bits.iter().enumerate().filter(|(_, bit)| **bit) {
        bytes[place / 8] |= 1 << (place % 8);
    }
    bytes
}
