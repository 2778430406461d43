//! What a value of a document may be, as tables say it; one walk over the document holds them all to it.

use wdl_vocab::did_you_mean;
use wdl_yaml::{Key, Node, Source, Style, Value};

use crate::error::{Fault, FaultKind};

/// What a value may be.
#[derive(Clone, Copy)]
pub(crate) enum Form {
    /// Text, however it looks: `036023` and `NO` stay what they are.
    Text,
    /// One of these words.
    Word(&'static [&'static str]),
    /// `true` or `false`.
    Bool,
    /// A number.
    Number,
    /// Anything: it is kept as it is.
    Any,
    /// A list of texts.
    Texts,
    /// A list of exactly two numbers.
    TwoNumbers,
    /// A mapping with these keys.
    One(&'static Section),
    /// A list of mappings with these keys.
    Many(&'static Section),
    /// A mapping, or a list of other mappings.
    Either(&'static Section, &'static Section),
}

/// The keys a mapping may have.
pub(crate) struct Section {
    /// What it is called.
    pub(crate) name: &'static str,
    /// Its keys.
    pub(crate) keys: &'static [(&'static str, Form)],
    /// The keys it must have.
    pub(crate) must: &'static [&'static str],
}

/// Holds a node to a form: faults are collected, scalars that are text there become [`Value::Text`].
pub(crate) fn hold(node: &mut Node, form: Form, source: &Source, faults: &mut Vec<Fault>) {
    let is_right = match (form, &mut node.value) {
        (Form::Any, _) | (Form::Text, Value::Text(_)) => true,
        (Form::Text, Value::Plain(letters)) if !letters.is_empty() => {
            let letters = std::mem::take(letters);
            node.value = Value::Text(letters);
            true
        }
        (Form::Word(words), value) => {
            return word(value, words, (node.line, node.column), source, faults);
        }
        (Form::Bool, Value::Plain(_)) => node.boolean().is_some(),
        (Form::Number, Value::Plain(_)) => node.number().is_some(),
        (Form::Texts, Value::List(items, _)) => {
            for item in items {
                hold(item, Form::Text, source, faults);
            }
            true
        }
        (Form::TwoNumbers, Value::List(items, _)) => {
            items.len() == 2 && items.iter().all(|item| item.number().is_some())
        }
        (Form::One(section) | Form::Either(section, _), Value::Map(entries, _)) => {
            let place = (node.line, node.column);
            return keys(entries, section, place, source, faults);
        }
        (Form::Many(section) | Form::Either(_, section), Value::List(items, _)) => {
            for item in items {
                hold(item, Form::One(section), source, faults);
            }
            true
        }
        _ => false,
    };
    if !is_right {
        faults.push(source.fault_in(node, FaultKind::wrong(format!("expected {}", wanted(form)))));
    }
}

fn keys(
    entries: &mut [(Key, Node)],
    section: &Section,
    (line, column): (usize, usize),
    source: &Source,
    faults: &mut Vec<Fault>,
) {
    let mut meant = Vec::new();
    let names: Vec<String> = entries.iter().map(|(key, _)| key.name.clone()).collect();
    for (key, value) in entries {
        match section.keys.iter().find(|(name, _)| *name == key.name) {
            Some((_, form)) => hold(value, *form, source, faults),
            None => {
                let kind = unknown_key(&key.name, section);
                if let FaultKind::UnknownKey {
                    meant: Some(name), ..
                } = &kind
                {
                    meant.push(name.clone());
                }
                faults.push(source.fault_on(key, kind));
            }
        }
    }
    // A key that is misspelt is not missing too.
    let is_there = |must: &str| names.iter().chain(&meant).any(|name| name == must);
    for must in section.must.iter().filter(|must| !is_there(must)) {
        let key = (*must).to_owned();
        faults.push(source.fault(line, column, FaultKind::MissingKey { key }));
    }
}

fn unknown_key(name: &str, section: &Section) -> FaultKind {
    let known: Vec<&str> = section.keys.iter().map(|(known, _)| *known).collect();
    FaultKind::UnknownKey {
        key: name.to_owned(),
        meant: did_you_mean(name, known.iter().copied()).map(str::to_owned),
        known: format!("{}: {}", section.name, known.join(", ")),
    }
}

fn word(
    value: &mut Value,
    words: &'static [&'static str],
    (line, column): (usize, usize),
    source: &Source,
    faults: &mut Vec<Fault>,
) {
    let kind = match value {
        Value::Text(letters) | Value::Plain(letters) if words.contains(&letters.as_str()) => {
            *value = Value::Text(std::mem::take(letters));
            return;
        }
        Value::Text(letters) | Value::Plain(letters) => FaultKind::unknown_word(letters, words),
        Value::List(..) | Value::Map(..) => {
            FaultKind::wrong(format!("expected one of {}", words.join(", ")))
        }
    };
    faults.push(source.fault(line, column, kind));
}

fn wanted(form: Form) -> String {
    match form {
        Form::Text => "text".to_owned(),
        Form::Word(words) => words.join(", "),
        Form::Bool => "true or false".to_owned(),
        Form::Number => "a number".to_owned(),
        Form::Any => "a value".to_owned(),
        Form::Texts => "a list of texts".to_owned(),
        Form::TwoNumbers => "a list of two numbers".to_owned(),
        Form::One(section) => format!("the keys of {}", section.name),
        Form::Many(section) => format!("a list of {}", section.name),
        Form::Either(one, many) => format!("the keys of {} or a list of {}", one.name, many.name),
    }
}

/// An entry of `customProperties` that is made, not read.
pub(crate) fn custom(property: &str, value: Node) -> Node {
    let entries = [("property", Node::text(property)), ("value", value)];
    Node::map(entries, Style::Block)
}
