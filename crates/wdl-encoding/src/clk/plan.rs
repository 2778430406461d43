//! One vector of a record: the grams of its fields under a salt, then the diffusion.
//!
//! Both the encoder of people and the encoder of plain files end here.

use hmac::Mac as _;
use zeroize::Zeroizing;

use super::cache::Cache;
use super::diffusion::Diffusion;
use super::{BITS, Bits, WORDS, grams};
use crate::key::Prf;
use crate::recipe::Grams;

/// The positions that one block of a keyed hash gives: 16 bits each, of which the low ten count.
const POSITIONS_PER_BLOCK: usize = 16;

/// A field as it is cut, and its share of the bits.
pub(super) struct Share<'a> {
    /// What the field's key is drawn for.
    pub(super) purpose: &'a str,
    pub(super) grams: Grams,
    pub(super) weight: f64,
    pub(super) grams_mean: f64,
}

/// How one vector of each record is made.
pub(super) struct Plan {
    /// Its number among the plans that share a cache.
    number: u8,
    pub(super) fields: Vec<FieldPlan>,
    diffusion: Option<Diffusion>,
}

pub(super) struct FieldPlan {
    grams: Grams,
    /// How many bits a gram sets.
    bits: usize,
    prf: Prf,
}

/// The bits that all grams of an average record must set together for a share of all bits to be one: n = ln(1-d) / ln(1-1/l).
fn insertions(fill: f64) -> f64 {
    (1.0 - fill).ln() / (1.0 - 1.0 / BITS as f64).ln()
}

impl Plan {
    /// Shares the bits out among the fields; `prf` gives the key of a purpose.
    pub(super) fn new(
        number: u8,
        (fill, diffusion): (f64, usize),
        fields: &[Share<'_>],
        prf: impl Fn(&str) -> Prf,
    ) -> Plan {
        let weights: f64 = fields.iter().map(|field| field.weight).sum();
        let total = insertions(fill);
        let planned = fields.iter().map(|field| {
            let bits = total * field.weight / weights / field.grams_mean;
            FieldPlan {
                grams: field.grams,
                // A handful to a few hundred: the recipe's ranges bound it.
                bits: (bits.round() as usize).max(1),
                prf: prf(field.purpose),
            }
        });
        Plan {
            number,
            fields: planned.collect(),
            diffusion: (diffusion > 0).then(|| Diffusion::new(diffusion, &prf("diffusion"))),
        }
    }

    /// The vector of a record whose fields have these values, in the plan's order.
    pub(super) fn vector<'v>(
        &self,
        cache: &mut Cache,
        salt: &[u8],
        values: impl Iterator<Item = Option<&'v str>>,
    ) -> Bits {
        let mut bits: Bits = [0; WORDS];
        for (nth, (field, value)) in self.fields.iter().zip(values).enumerate() {
            if let Some(value) = value {
                let name = [self.number, u8::try_from(nth).expect("few fields")];
                field.add(name, (salt, value), cache, &mut bits);
            }
        }
        self.spread(&bits)
    }

    /// The diffusion of filled bits.
    pub(super) fn spread(&self, bits: &Bits) -> Bits {
        match &self.diffusion {
            Some(diffusion) => diffusion.spread(bits),
            None => *bits,
        }
    }
}

impl FieldPlan {
    /// Adds the bits of one value.
    ///
    /// Whole values are kept only without a salt: under one, few come again.
    fn add(&self, name: [u8; 2], (salt, value): (&[u8], &str), cache: &mut Cache, bits: &mut Bits) {
        let Cache {
            values,
            grams,
            message,
            drawn,
        } = cache;
        begin(message, name, salt);
        let start = message.len();
        if salt.is_empty() {
            message.extend_from_slice(value.as_bytes());
            if let Some(known) = values.get(message) {
                return mark(known, bits);
            }
        }
        let mut all = Zeroizing::new(Vec::new());
        grams::each(self.grams, value, |gram| {
            message.truncate(start);
            message.extend_from_slice(gram.as_bytes());
            if let Some(known) = grams.get(message) {
                return match salt.is_empty() {
                    true => all.extend_from_slice(known),
                    false => mark(known, bits),
                };
            }
            self.draw(&message[name.len()..], drawn);
            grams.keep(message, drawn);
            match salt.is_empty() {
                true => all.extend_from_slice(drawn),
                false => mark(drawn, bits),
            }
        });
        if salt.is_empty() {
            mark(&all, bits);
            message.truncate(start);
            message.extend_from_slice(value.as_bytes());
            values.keep(message, &all);
        }
    }

    /// How long what a gram draws is.
    pub(super) fn drawn_bytes(&self) -> usize {
        2 * self.bits
    }

    /// As many positions as a gram of this field sets, two bytes each; two may be the same.
    pub(super) fn draw(&self, salted_gram: &[u8], drawn: &mut Vec<u8>) {
        drawn.clear();
        for block in 0..self.bits.div_ceil(POSITIONS_PER_BLOCK) {
            let mut mac = self.prf.clone();
            mac.update(
                &u16::try_from(block)
                    .expect("a gram sets few bits")
                    .to_be_bytes(),
            );
            mac.update(salted_gram);
            drawn.extend_from_slice(&mac.finalize().into_bytes());
        }
        drawn.truncate(2 * self.bits);
    }
}

/// What stands before a gram: whose it is, and the salt with its length.
fn begin(message: &mut Vec<u8>, name: [u8; 2], salt: &[u8]) {
    message.clear();
    message.extend_from_slice(&name);
    salted(message, salt);
}

/// The salt with its length, before a gram.
pub(super) fn salted(message: &mut Vec<u8>, salt: &[u8]) {
    message.push(u8::try_from(salt.len()).expect("a salt is short"));
    message.extend_from_slice(salt);
}

/// Sets the bits of drawn positions: 16 bits each, of which the low ten count.
pub(super) fn mark(drawn: &[u8], bits: &mut Bits) {
    for pair in drawn.as_chunks::<2>().0 {
        let position = usize::from(u16::from_be_bytes(*pair)) % BITS;
        bits[position / 64] |= 1 << (position % 64);
    }
}
