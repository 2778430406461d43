//! The sealed map of people already seen: keyed hash of the canonical code to token.
//!
//! It saves the custodians from being asked twice about one person; on disk it is sealed to the body's own key and holds no code.

use std::collections::HashMap;
use std::fs;
use std::path::Path;

use rayon::prelude::*;
use wdl_crypto::{SealingKey, Token};
use zeroize::Zeroizing;

use crate::body::write_whole;
use crate::error::HolderError;

const MAGIC: &[u8; 8] = b"WDLPEOP1";

/// The keyed hash of a canonical code.
pub(crate) type PersonKey = [u8; 32];

/// Who has been seen, in one realm.
#[derive(Default)]
pub(crate) struct People {
    known: HashMap<PersonKey, Token>,
}

impl People {
    /// Reads the map; a body's first delivery has none.
    pub(crate) fn read(path: &Path, key: &SealingKey) -> Result<People, HolderError> {
        let sealed = match fs::read(path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                return Ok(People::default());
            }
            Err(source) => return Err(HolderError::file(path)(source)),
        };
        let fault = |detail: String| HolderError::PersonMap {
            path: path.to_owned(),
            detail,
        };
        let plain = Zeroizing::new(
            key.open(&sealed)
                .map_err(|error| fault(error.to_string()))?,
        );
        let pairs = plain
            .strip_prefix(MAGIC)
            .filter(|rest| rest.len().is_multiple_of(64))
            .ok_or_else(|| fault("not a map of people".to_owned()))?;
        let mut known = HashMap::with_capacity(pairs.len() / 64);
        for pair in pairs.as_chunks::<64>().0 {
            let (person, token) = pair.split_at(32);
            known.insert(
                person.try_into().expect("half of 64 bytes"),
                Token::from_bytes(token.try_into().expect("half of 64 bytes")),
            );
        }
        Ok(People { known })
    }

    /// Writes the map, in the order of its keys.
    pub(crate) fn write(&self, path: &Path, key: &SealingKey) -> Result<(), HolderError> {
        let mut pairs: Vec<_> = self.known.iter().collect();
        pairs.par_sort_unstable_by_key(|(person, _)| *person);
        let mut plain = Zeroizing::new(Vec::with_capacity(8 + 64 * pairs.len()));
        plain.extend_from_slice(MAGIC);
        for (person, token) in pairs {
            plain.extend_from_slice(person);
            plain.extend_from_slice(token.as_bytes());
        }
        write_whole(path, &key.recipient().seal(&plain)).map_err(HolderError::file(path))
    }

    /// How many people have been seen.
    pub(crate) fn len(&self) -> usize {
        self.known.len()
    }

    /// The token of a person, when seen before.
    pub(crate) fn token(&self, person: &PersonKey) -> Option<&Token> {
        self.known.get(person)
    }

    /// Remembers a person.
    pub(crate) fn insert(&mut self, person: PersonKey, token: Token) {
        self.known.insert(person, token);
    }
}
