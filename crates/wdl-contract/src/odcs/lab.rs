//! The lab's own properties in a document: held to their table, then asked for one by one.

use std::collections::BTreeSet;

use wdl_vocab::Text;
use wdl_yaml::{Key, Node, Source, Value};

use crate::error::{ContractFault, Fault, FaultKind};
use crate::properties::{self, Holds, Needed, On, PREFIX, Part, Property};
use crate::words::{self, Word};

const LIST: &str = "customProperties";

/// Holds the lab's properties of a mapping to their table: unknown, twice, missing or wrong ones are faults.
pub(super) fn hold(owner: &mut Node, on: On, source: &Source, faults: &mut Vec<Fault>) {
    let mut place = (owner.line, owner.column);
    let mut seen = BTreeSet::new();
    if let Some(list) = child(owner, LIST) {
        if on == On::Contract {
            place = (list.line, list.column);
        }
        if let Value::List(entries, _) = &mut list.value {
            for entry in entries {
                hold_entry(entry, on, &mut seen, source, faults);
            }
        }
    }
    for property in properties::of(on) {
        let is_due = matches!(property.needed, Needed::Always | Needed::ByLaw);
        if is_due && !seen.contains(property.name) {
            faults.push(source.fault(place.0, place.1, missing(property)));
        }
    }
}

/// A property that is not there.
fn missing(property: &Property) -> FaultKind {
    let key = property.name.to_owned();
    match property.needed {
        Needed::ByLaw => ContractFault::Unlawful { key }.into(),
        Needed::Always | Needed::Sometimes | Needed::No => FaultKind::MissingKey { key },
    }
}

fn hold_entry(
    entry: &mut Node,
    on: On,
    seen: &mut BTreeSet<String>,
    source: &Source,
    faults: &mut Vec<Fault>,
) {
    let Some((name, place)) = entry.get("property").and_then(named) else {
        return;
    };
    if !name.starts_with(PREFIX) {
        return;
    }
    let mut fault = |kind| faults.push(source.fault(place.0, place.1, kind));
    if !seen.insert(name.clone()) {
        return fault(FaultKind::DuplicateKey { key: name });
    }
    let table = properties::of(on);
    let Some(property) = table.iter().find(|property| property.name == name) else {
        let known: Vec<&str> = table.iter().map(|property| property.name).collect();
        return fault(FaultKind::unknown_key(&name, &known));
    };
    if let Some(value) = child(entry, "value") {
        let is_empty = value.letters().is_some_and(|text| text.trim().is_empty());
        match is_empty && property.needed == Needed::ByLaw {
            true => faults.push(source.fault_in(value, missing(property))),
            false => hold_value(&name, value, property.holds, source, faults),
        }
    }
}

fn named(node: &Node) -> Option<(String, (usize, usize))> {
    let name = node.letters()?.to_owned();
    Some((name, (node.line, node.column)))
}

fn hold_value(name: &str, node: &mut Node, holds: Holds, source: &Source, faults: &mut Vec<Fault>) {
    let wanted = match holds {
        Holds::Text => return hold_text(name, node, source, faults),
        Holds::Word(list) => return hold_word(name, node, &list(), source, faults),
        Holds::Pair => return hold_parts(node, properties::PAIR, source, faults),
        Holds::Parts(parts) => return hold_parts(node, parts, source, faults),
        Holds::Texts => {
            if let Value::List(items, _) = &mut node.value {
                for item in items {
                    hold_text(name, item, source, faults);
                }
                return;
            }
            "a list of texts"
        }
        Holds::Boolean if node.boolean().is_some() => return,
        Holds::Boolean => "true or false",
        Holds::Whole if number::<i64>(node).is_some() => return,
        Holds::Whole => "a whole number",
        Holds::Share
            if number::<f64>(node).is_some_and(|share| share >= 0.0 && share.is_finite()) =>
        {
            return;
        }
        Holds::Share => "a number from 0 up",
    };
    let found = node
        .letters()
        .map_or(String::new(), |letters| format!(", not `{letters}`"));
    let detail = format!("`{name}` is {wanted}{found}");
    faults.push(source.fault_in(node, FaultKind::wrong(detail)));
}

fn number<N: std::str::FromStr>(node: &Node) -> Option<N> {
    node.letters()?.parse().ok()
}

fn hold_text(name: &str, node: &mut Node, source: &Source, faults: &mut Vec<Fault>) {
    match node.letters().map(str::to_owned) {
        Some(letters) => node.value = Value::Text(letters),
        None => {
            let detail = format!("`{name}` is text");
            faults.push(source.fault_in(node, FaultKind::wrong(detail)));
        }
    }
}

fn hold_word(name: &str, node: &mut Node, list: &[&str], source: &Source, faults: &mut Vec<Fault>) {
    match node.letters().map(str::to_owned) {
        Some(letters) if list.contains(&letters.as_str()) => node.value = Value::Text(letters),
        Some(letters) => {
            faults.push(source.fault_in(node, FaultKind::unknown_word(&letters, list)));
        }
        None => {
            let detail = format!("`{name}` is one of {}", list.join(", "));
            faults.push(source.fault_in(node, FaultKind::wrong(detail)));
        }
    }
}

fn hold_parts(node: &mut Node, parts: &'static [Part], source: &Source, faults: &mut Vec<Fault>) {
    let known: Vec<&str> = parts.iter().map(|part| part.name).collect();
    let Value::Map(entries, _) = &mut node.value else {
        let detail = format!("expected a mapping with {}", known.join(", "));
        return faults.push(source.fault_in(node, FaultKind::wrong(detail)));
    };
    let is_there =
        |entries: &[(Key, Node)], name: &str| entries.iter().any(|(key, _)| key.name == name);
    for part in parts.iter().filter(|part| part.is_needed) {
        if !is_there(entries, part.name) {
            let key = part.name.to_owned();
            faults.push(source.fault(node.line, node.column, FaultKind::MissingKey { key }));
        }
    }
    for (key, value) in entries {
        match parts.iter().find(|part| part.name == key.name) {
            Some(part) => hold_value(&key.name, value, part.holds, source, faults),
            None => faults.push(source.fault_on(key, FaultKind::unknown_key(&key.name, &known))),
        }
    }
}

/// The value of a key of a mapping, to be changed.
pub(super) fn child<'a>(node: &'a mut Node, name: &str) -> Option<&'a mut Node> {
    match &mut node.value {
        Value::Map(entries, _) => entries
            .iter_mut()
            .find(|(key, _)| key.name == name)
            .map(|(_, value)| value),
        Value::Plain(_) | Value::Text(_) | Value::List(..) => None,
    }
}

/// Whether a mapping has any property of the lab.
pub(super) fn has_any(owner: &Node) -> bool {
    entries(owner).any(|(name, _)| name.starts_with(PREFIX))
}

fn entries(owner: &Node) -> impl Iterator<Item = (&str, &Node)> {
    let list = owner.get(LIST).map_or(&[][..], Node::items);
    list.iter().filter_map(|entry| {
        let name = entry.get("property")?.letters()?;
        Some((name, entry.get("value")?))
    })
}

/// The lab's properties of a mapping, asked for one by one; one that is wrong is a fault already and is not there.
pub(super) struct Lab<'a> {
    pub(super) owner: &'a Node,
}

impl<'a> Lab<'a> {
    /// The value of a property.
    pub(super) fn node(&self, name: &str) -> Option<&'a Node> {
        entries(self.owner)
            .find(|(known, _)| *known == name)
            .map(|(_, value)| value)
    }

    pub(super) fn text(&self, name: &str) -> Option<String> {
        self.node(name)?.letters().map(str::to_owned)
    }

    pub(super) fn word<W: Word>(&self, name: &str) -> Option<W> {
        words::meaning(self.node(name)?.letters()?)
    }

    pub(super) fn pair(&self, name: &str) -> Option<Text> {
        pair(self.node(name)?)
    }

    pub(super) fn boolean(&self, name: &str) -> Option<bool> {
        self.node(name)?.boolean()
    }

    pub(super) fn whole(&self, name: &str) -> Option<i64> {
        number(self.node(name)?)
    }

    pub(super) fn texts(&self, name: &str) -> Vec<String> {
        let items = self.node(name).map_or(&[][..], Node::items);
        let letters = items.iter().filter_map(Node::letters);
        letters.map(str::to_owned).collect()
    }

    /// A number of a property that is a mapping.
    pub(super) fn part<N: std::str::FromStr>(&self, name: &str, part: &str) -> Option<N> {
        number(self.node(name)?.get(part)?)
    }
}

/// A text in both languages.
pub(super) fn pair(node: &Node) -> Option<Text> {
    let letters = |lang| node.get(lang)?.letters();
    Some(Text::new(letters("it")?, letters("en")?))
}
