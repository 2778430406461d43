//! What is registered of a study, as the bytes whose digest the record keeps, and what differs from it later.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::Value;
use wdl_result::study::Deviation;
use wdl_vocab::{Digest, StudyId};

use crate::study::Study;

/// A registration: the study as it was stated, its methods, the program.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Registration {
    /// The study.
    pub study: StudyId,
    /// Everything it states.
    pub stated: Value,
    /// The methods with their versions: `rd/1`.
    pub methods: Vec<String>,
    /// The version of the program.
    pub code_version: String,
}

/// The bytes are no registration.
#[derive(Debug, thiserror::Error)]
#[error("not a registration of a study")]
pub struct RegistrationError(#[from] serde_json::Error);

impl Registration {
    /// What a study states now.
    ///
    /// # Panics
    /// Never: a study is text and numbers, which all have a JSON form.
    pub fn of(study: &Study, code_version: &str) -> Registration {
        Registration {
            study: study.id().clone(),
            stated: serde_json::to_value(&study.stated).expect("a study is text and numbers"),
            methods: study.methods(),
            code_version: code_version.to_owned(),
        }
    }

    /// The canonical form (RFC 8785): layout and comments of the file do not count.
    ///
    /// # Panics
    /// Never: a registration is text and numbers.
    pub fn bytes(&self) -> Vec<u8> {
        serde_json_canonicalizer::to_vec(self).expect("a registration is text and numbers")
    }

    /// The digest of the canonical form.
    pub fn digest(&self) -> Digest {
        Digest::of(&self.bytes())
    }

    /// The same as it is read back: the canonical form writes a whole number without decimals.
    fn as_kept(&self) -> Registration {
        Registration::read(&self.bytes()).expect("what was written is read back")
    }

    /// Reads a registration.
    ///
    /// # Errors
    /// [`RegistrationError`] when the bytes are none.
    pub fn read(bytes: &[u8]) -> Result<Registration, RegistrationError> {
        Ok(serde_json::from_slice(bytes)?)
    }
}

/// What of a study, or of its methods, is not as it was registered, key by key, with the reasons that the study gives.
pub fn deviations(registered: &Registration, study: &Study, code_version: &str) -> Vec<Deviation> {
    let now = Registration::of(study, code_version).as_kept();
    let (before, after) = (words(registered), words(&now));
    let keys: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    let differs = keys
        .into_iter()
        .filter(|key| before.get(*key) != after.get(*key));
    differs
        .map(|key| Deviation {
            key: key.clone(),
            registered: before.get(key).cloned(),
            now: after.get(key).cloned(),
            reason: reason(study, key),
        })
        .collect()
}

/// The reason given for a key, or for what it stands in: `design.options` speaks for `design.options.kernel`.
fn reason(study: &Study, key: &str) -> Option<wdl_vocab::Text> {
    let holds = |given: &String| {
        let rest = key.strip_prefix(given.as_str());
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    };
    let given = study.reasons.iter().filter(|(given, _)| holds(given));
    let nearest = given.max_by_key(|(given, _)| given.len());
    nearest.map(|(_, reason)| reason.clone())
}

/// Every word of a registration by its place; lists of words are one value.
fn words(registration: &Registration) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    flatten("", &registration.stated, &mut found);
    for method in &registration.methods {
        let (name, version) = method.split_once('/').unwrap_or((method, ""));
        found.insert(format!("methods.{name}"), version.to_owned());
    }
    found.insert("program".to_owned(), registration.code_version.clone());
    found
}

fn flatten(at: &str, value: &Value, found: &mut BTreeMap<String, String>) {
    let inside = |key: &str| match at {
        "" => key.to_owned(),
        _ => format!("{at}.{key}"),
    };
    match value {
        Value::Object(keys) => {
            for (key, value) in keys {
                flatten(&inside(key), value, found);
            }
        }
        Value::Array(list) if list.iter().any(Value::is_object) => {
            for (place, value) in list.iter().enumerate() {
                // What has a name is known by it, so that one taken out does not move the others.
                let name = value.get("id").or_else(|| value.get("column"));
                let name = name.and_then(Value::as_str);
                let key = name.map_or_else(|| (place + 1).to_string(), str::to_owned);
                flatten(&inside(&key), value, found);
            }
        }
        Value::Array(list) => {
            let list: Vec<String> = list.iter().map(word).collect();
            found.insert(at.to_owned(), list.join(", "));
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {
            found.insert(at.to_owned(), word(value));
        }
    }
}

fn word(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
