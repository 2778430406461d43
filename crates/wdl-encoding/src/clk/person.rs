//! The encoding of people by a lab's recipe.

use zeroize::Zeroizing;

use super::cache::Cache;
use super::plan::{Plan, Share};
use super::{CLK_BYTES, FIELDS_MIN, bytes};
use crate::key::EncodingKey;
use crate::normal::Person;
use crate::recipe::{ClkRule, Field, Salt};

/// Encodes the records of one project.
pub struct Encoder {
    fields: Vec<Field>,
    salt: Vec<Salt>,
    plan: Plan,
}

/// The encoding of one record; many are faster through one [`Encoder`].
pub fn clk(key: &EncodingKey, rule: &ClkRule, person: &Person) -> Option<[u8; CLK_BYTES]> {
    Encoder::new(rule, key).clk(&mut Cache::default(), person)
}

impl Encoder {
    /// Draws the keys of the fields and of the diffusion from the project's key.
    pub fn new(rule: &ClkRule, key: &EncodingKey) -> Encoder {
        let fingerprint = rule.fingerprint();
        let purposes: Vec<String> = rule
            .fields
            .iter()
            .map(|field| field.field.to_string())
            .collect();
        let shares = rule.fields.iter().zip(&purposes);
        let shares = shares.map(|(field, purpose)| Share {
            purpose,
            grams: field.grams,
            weight: field.weight,
            grams_mean: field.grams_mean,
        });
        Encoder {
            fields: rule.fields.iter().map(|field| field.field).collect(),
            salt: rule.salt.clone(),
            plan: Plan::new(
                0,
                (rule.fill, rule.diffusion),
                &shares.collect::<Vec<_>>(),
                |purpose| key.prf(&[b"clk", &fingerprint.0, purpose.as_bytes()]),
            ),
        }
    }

    /// The encoding of a record; nothing when its salt is missing or fewer than three of its fields are there.
    pub fn clk(&self, cache: &mut Cache, person: &Person) -> Option<[u8; CLK_BYTES]> {
        let salt = self.salt(person)?;
        let birth_date = person
            .birth_date
            .map(|date| Zeroizing::new(date.digits()))
            .unwrap_or_default();
        let value = |field: &Field| value(*field, person, &birth_date);
        let present = self.fields.iter().filter_map(value).count();
        if present < FIELDS_MIN.min(self.fields.len()) {
            return None;
        }
        let values = self.fields.iter().map(value);
        Some(bytes(&self.plan.vector(cache, salt.as_bytes(), values)))
    }

    fn salt(&self, person: &Person) -> Option<Zeroizing<String>> {
        let mut salt = Zeroizing::new(String::with_capacity(16));
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

/// A field of a record as the text that is cut.
fn value<'p>(field: Field, person: &'p Person, birth_date: &'p [u8; 8]) -> Option<&'p str> {
    match field {
        Field::Surname => person.surname.as_ref().map(|name| name.whole()),
        Field::GivenName => person.given_name.as_ref().map(|name| name.whole()),
        Field::BirthDate => person
            .birth_date
            .map(|_| std::str::from_utf8(birth_date).expect("digits are ASCII")),
        Field::Sex => person.sex.map(|sex| sex.letter()),
        Field::BirthPlace => person.birth_place.as_ref().map(|name| name.whole()),
    }
}
