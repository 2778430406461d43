//! Cryptographic long-term keys: 1024 keyed bits that two records share as far as their grams do.
//!
//! Each field is cut into grams; each gram sets its field's number of bits, every position drawn from its own bits of a keyed hash (HMAC-SHA256 of salt and gram under the field's key); the diffusion then makes each bit the sum of several.
//! Sources: Schnell, Bachteler, Reiher, BMC Med. Inform. Decis. Mak. 9:41 (2009) for the vector; Armknecht, Heng, Schnell, PoPETs 2023(2) for the diffusion.
//! Bit `p` is bit `p % 8`, the lowest first, of byte `p / 8`.

mod diffusion;
mod grams;

use std::collections::HashMap;

use hmac::Mac as _;
use zeroize::{Zeroize as _, Zeroizing};

use crate::key::{EncodingKey, Prf};
use crate::normal::Person;
use crate::recipe::{ClkField, ClkRule, Field, Salt};
use diffusion::Diffusion;

/// The bytes of an encoding.
pub const CLK_BYTES: usize = 128;
pub(crate) const BITS: usize = CLK_BYTES * 8;
pub(crate) const WORDS: usize = BITS / 64;

/// A vector as words: bit `p` is bit `p % 64` of word `p / 64`.
pub(crate) type Bits = [u64; WORDS];

/// A record with fewer fields falls to the frequency of its values.
const FIELDS_MIN: usize = 3;
/// The positions that one block of a keyed hash gives: 16 bits each, of which the low ten count.
const POSITIONS_PER_BLOCK: usize = 16;
/// A cache forgets everything beyond so many grams, so that it stays small whatever a file holds.
const CACHE_MAX: usize = 200_000;

/// Encodes the records of one project.
pub struct Encoder {
    fields: Vec<FieldPlan>,
    salt: Vec<Salt>,
    diffusion: Option<Diffusion>,
}

struct FieldPlan {
    rule: ClkField,
    /// How many bits a gram sets.
    bits: usize,
    prf: Prf,
}

/// The positions of grams met before: most grams of a file are few.
///
/// One for each thread; its grams are wiped when it is dropped.
#[derive(Default)]
pub struct Cache {
    positions: HashMap<Vec<u8>, Box<[u16]>>,
    message: Zeroizing<Vec<u8>>,
}

impl Drop for Cache {
    fn drop(&mut self) {
        self.forget();
    }
}

impl Cache {
    fn forget(&mut self) {
        for (mut gram, mut positions) in self.positions.drain() {
            gram.zeroize();
            positions.zeroize();
        }
    }
}

/// The encoding of one record; many are faster through one [`Encoder`].
pub fn clk(key: &EncodingKey, rule: &ClkRule, person: &Person) -> Option<[u8; CLK_BYTES]> {
    Encoder::new(rule, key).clk(&mut Cache::default(), person)
}

/// The bits that all grams of an average record must set together for a share of all bits to be one: n = ln(1-d) / ln(1-1/l).
fn insertions(fill: f64) -> f64 {
    (1.0 - fill).ln() / (1.0 - 1.0 / BITS as f64).ln()
}

impl Encoder {
    /// Draws the keys of the fields and of the diffusion from the project's key.
    pub fn new(rule: &ClkRule, key: &EncodingKey) -> Encoder {
        let fingerprint = rule.fingerprint();
        let prf = |purpose: &str| key.prf(&[b"clk", &fingerprint.0, purpose.as_bytes()]);
        let weights: f64 = rule.fields.iter().map(|field| field.weight).sum();
        let total = insertions(rule.fill);
        let fields = rule.fields.iter().map(|field| {
            let bits = total * field.weight / weights / field.grams_mean;
            FieldPlan {
                rule: *field,
                // A handful to a few hundred: the recipe's ranges bound it.
                bits: (bits.round() as usize).max(1),
                prf: prf(&field.field.to_string()),
            }
        });
        Encoder {
            fields: fields.collect(),
            salt: rule.salt.clone(),
            diffusion: (rule.diffusion > 0)
                .then(|| Diffusion::new(rule.diffusion, &prf("diffusion"))),
        }
    }

    /// The encoding of a record; nothing when its salt is missing or fewer than three of its fields are there.
    pub fn clk(&self, cache: &mut Cache, person: &Person) -> Option<[u8; CLK_BYTES]> {
        let salt = self.salt(person)?;
        let mut bits: Bits = [0; WORDS];
        let mut present = 0;
        for (nth, plan) in self.fields.iter().enumerate() {
            let Some(value) = value(plan.rule.field, person) else {
                continue;
            };
            present += 1;
            grams::each(plan.rule.grams, &value, |gram| {
                plan.set(nth, (&salt, gram), cache, &mut bits);
            });
        }
        if present < FIELDS_MIN.min(self.fields.len()) {
            return None;
        }
        let bits = match &self.diffusion {
            Some(diffusion) => diffusion.spread(&bits),
            None => bits,
        };
        let mut bytes = [0; CLK_BYTES];
        for (place, word) in bytes.as_chunks_mut::<8>().0.iter_mut().zip(bits) {
            *place = word.to_le_bytes();
        }
        Some(bytes)
    }

    fn salt(&self, person: &Person) -> Option<Zeroizing<String>> {
        let mut salt = Zeroizing::new(String::new());
        for part in &self.salt {
            let digits = || person.birth_date.map(|date| date.digits());
            match part {
                Salt::BirthYear => salt.extend(digits()?[..4].iter().copied().map(char::from)),
                Salt::BirthDate => salt.extend(digits()?.into_iter().map(char::from)),
                Salt::Sex => salt.push_str(person.sex?.letter()),
            }
        }
        Some(salt)
    }
}

impl FieldPlan {
    /// Sets the bits of one gram.
    fn set(&self, nth: usize, (salt, gram): (&str, &str), cache: &mut Cache, bits: &mut Bits) {
        let Cache { positions, message } = cache;
        message.clear();
        message.push(u8::try_from(nth).expect("a recipe has few fields"));
        message.push(u8::try_from(salt.len()).expect("a salt is short"));
        message.extend_from_slice(salt.as_bytes());
        message.extend_from_slice(gram.as_bytes());
        if let Some(known) = positions.get(message.as_slice()) {
            return mark(known, bits);
        }
        let found = self.positions(&message[1..]);
        mark(&found, bits);
        if positions.len() >= CACHE_MAX {
            positions.drain().for_each(|(mut gram, _)| gram.zeroize());
        }
        positions.insert(message.to_vec(), found);
    }

    /// As many positions as a gram of this field sets; two may be the same.
    fn positions(&self, salted_gram: &[u8]) -> Box<[u16]> {
        let blocks = self.bits.div_ceil(POSITIONS_PER_BLOCK);
        let mut positions = Vec::with_capacity(blocks * POSITIONS_PER_BLOCK);
        for block in 0..blocks {
            let mut mac = self.prf.clone();
            mac.update(
                &u16::try_from(block)
                    .expect("a gram sets few bits")
                    .to_be_bytes(),
            );
            mac.update(salted_gram);
            let hash = <[u8; 32]>::from(mac.finalize().into_bytes());
            let drawn = hash.as_chunks::<2>().0.iter();
            positions.extend(drawn.map(|pair| u16::from_be_bytes(*pair) % BITS as u16));
        }
        positions.truncate(self.bits);
        positions.into_boxed_slice()
    }
}

fn mark(positions: &[u16], bits: &mut Bits) {
    for position in positions {
        bits[usize::from(position / 64)] |= 1 << (position % 64);
    }
}

/// A field of a record as the text that is cut.
fn value(field: Field, person: &Person) -> Option<Zeroizing<String>> {
    let text = match field {
        Field::Surname => person.surname.as_ref()?.whole().to_owned(),
        Field::GivenName => person.given_name.as_ref()?.whole().to_owned(),
        Field::BirthDate => {
            String::from_utf8(person.birth_date?.digits().to_vec()).expect("digits are ASCII")
        }
        Field::Sex => person.sex?.letter().to_owned(),
        Field::BirthPlace => person.birth_place.as_ref()?.whole().to_owned(),
    };
    Some(Zeroizing::new(text))
}
