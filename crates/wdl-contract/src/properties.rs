//! The lab's own properties of a contract or a column: `customProperties` whose name begins with `wdl.`.
//!
//! A value is read as what its property asks for, never guessed from how it looks: `036023` and `NO` stay text.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use serde::de::{Deserialize, Deserializer, Error, IgnoredAny, MapAccess, Visitor};
use wdl_vocab::Text;
use wdl_yaml::{Placed, Source};

use crate::error::{Fault, FaultKind};

/// The properties whose value is a pair `{ it: …, en: … }`.
const PAIRS: &[&str] = &["wdl.title", "wdl.label", "wdl.description"];

/// One entry of `customProperties`: `property`, `value` and perhaps `description`, in this order.
pub(crate) struct Custom {
    property: Placed<String>,
    value: Option<Value>,
}

enum Value {
    Word(Placed<String>),
    Pair(Text),
    /// Of another program: let through unread.
    Foreign,
}

impl<'de> Deserialize<'de> for Custom {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Custom, D::Error> {
        deserializer.deserialize_map(CustomVisitor)
    }
}

struct CustomVisitor;

const CUSTOM_KEYS: &[&str] = &["property", "value", "description", "id"];

impl<'de> Visitor<'de> for CustomVisitor {
    type Value = Custom;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an entry with `property` and `value`")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Custom, A::Error> {
        let mut property: Option<Placed<String>> = None;
        let mut value = None;
        while let Some(key) = map.next_key::<String>()? {
            match (key.as_str(), &property) {
                ("property", _) => property = Some(map.next_value()?),
                ("value", Some(name)) => value = Some(read_value(&name.value, &mut map)?),
                ("value", None) => return Err(A::Error::custom("`property` comes before `value`")),
                ("description" | "id", _) => {
                    map.next_value::<IgnoredAny>()?;
                }
                (other, _) => return Err(A::Error::unknown_field(other, CUSTOM_KEYS)),
            }
        }
        match property {
            Some(property) => Ok(Custom { property, value }),
            None => Err(A::Error::missing_field("property")),
        }
    }
}

fn read_value<'de, A: MapAccess<'de>>(name: &str, map: &mut A) -> Result<Value, A::Error> {
    if !name.starts_with("wdl.") {
        return map.next_value::<IgnoredAny>().map(|_| Value::Foreign);
    }
    match PAIRS.contains(&name) {
        true => map.next_value().map(Value::Pair),
        false => map.next_value().map(Value::Word),
    }
}

/// A word of a closed list.
pub(crate) trait Word: Copy + 'static {
    /// The words and what they stand for.
    const WORDS: &'static [(&'static str, Self)];
}

/// The properties of one contract or column, asked for one by one; what is wrong goes to `faults`.
pub(crate) struct Properties<'a, T> {
    values: BTreeMap<&'a str, &'a Custom>,
    source: &'a Source,
    /// Where a missing property is missing.
    place: &'a Placed<T>,
    faults: &'a mut Vec<Fault>,
}

impl<'a, T> Properties<'a, T> {
    /// Takes the list; a name that is not among `known`, or stands twice, is a fault.
    pub(crate) fn new(
        list: &'a [Custom],
        known: &'static [&'static str],
        (source, place): (&'a Source, &'a Placed<T>),
        faults: &'a mut Vec<Fault>,
    ) -> Properties<'a, T> {
        let mut values = BTreeMap::new();
        for custom in list {
            let key = custom.property.value.as_str();
            if !key.starts_with("wdl.") {
                continue;
            }
            if values.insert(key, custom).is_some() {
                let key = key.to_owned();
                faults.push(source.fault_at(&custom.property, FaultKind::DuplicateKey { key }));
            }
            if !known.contains(&key) {
                let kind = FaultKind::unknown_key(key, known);
                faults.push(source.fault_at(&custom.property, kind));
            }
        }
        Properties {
            values,
            source,
            place,
            faults,
        }
    }

    /// A pair of texts, when it is there.
    pub(crate) fn pair(&mut self, key: &'static str) -> Option<Text> {
        let custom = self.values.get(key)?;
        match &custom.value {
            Some(Value::Pair(text)) => Some(text.clone()),
            _ => self.missing("value"),
        }
    }

    /// The text of a value with its place, when it is there.
    pub(crate) fn word(&mut self, key: &'static str) -> Option<&'a Placed<String>> {
        let custom = self.values.get(key)?;
        match &custom.value {
            Some(Value::Word(word)) => Some(word),
            _ => self.missing("value"),
        }
    }

    /// A value that its type reads from text, when it is there.
    pub(crate) fn parsed<V: FromStr>(&mut self, key: &'static str, wanted: &str) -> Option<V> {
        let word = self.word(key)?;
        match word.value.parse() {
            Ok(value) => Some(value),
            Err(_) => {
                let detail = format!("`{key}` is {wanted}, not `{}`", word.value);
                self.fault(word, FaultKind::wrong(detail))
            }
        }
    }

    /// A word of a closed list, when it is there.
    pub(crate) fn one_of<W: Word>(&mut self, key: &'static str) -> Option<W> {
        let word = self.word(key)?;
        match W::WORDS.iter().find(|(name, _)| *name == word.value) {
            Some((_, meaning)) => Some(*meaning),
            None => {
                let names: Vec<&str> = W::WORDS.iter().map(|(name, _)| *name).collect();
                self.fault(word, FaultKind::unknown_word(&word.value, &names))
            }
        }
    }

    /// Asks for a property that must be there; used before the question itself.
    pub(crate) fn must(&mut self, key: &'static str) -> &mut Properties<'a, T> {
        if !self.values.contains_key(key) {
            self.missing::<()>(key);
        }
        self
    }

    /// A fault at a value; `None`, for the caller to return.
    pub(crate) fn fault<P, V>(&mut self, at: &Placed<P>, kind: FaultKind) -> Option<V> {
        self.faults.push(self.source.fault_at(at, kind));
        None
    }

    fn missing<V>(&mut self, key: &str) -> Option<V> {
        let key = key.to_owned();
        self.fault(self.place, FaultKind::MissingKey { key })
    }
}
