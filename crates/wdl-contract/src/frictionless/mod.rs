//! Frictionless Table Schema: a contract as the description of a table that many other tools read, and a draft contract from one.
//!
//! Going out, the standard's part says what Table Schema has words for, and the lab's own properties go along under their names (`wdl.kind`), which Table Schema lets pass.
//! Coming in, what the file does not say is not guessed: the draft lists it.

mod export;
mod import;

pub use export::to_frictionless;
pub use import::{Draft, FrictionlessError, from_frictionless};

use serde_json::Value as Json;
use wdl_yaml::{Node, Style, Value};

/// A tree as JSON: numbers and booleans of YAML 1.2 are those of JSON, everything else is text.
fn to_json(node: &Node) -> Json {
    match &node.value {
        Value::Text(text) => Json::String(text.clone()),
        Value::Plain(letters) => match node.boolean() {
            Some(boolean) => Json::Bool(boolean),
            None if node.is_null() => Json::Null,
            None => serde_json::from_str(letters).unwrap_or_else(|_| Json::String(letters.clone())),
        },
        Value::List(items, _) => items.iter().map(to_json).collect(),
        Value::Map(entries, _) => {
            let entries = entries.iter();
            Json::Object(
                entries
                    .map(|(key, value)| (key.name.clone(), to_json(value)))
                    .collect(),
            )
        }
    }
}

/// JSON as a tree.
fn from_json(json: &Json) -> Node {
    match json {
        Json::Null => Node::plain("null"),
        Json::Bool(boolean) => Node::plain(boolean),
        Json::Number(number) => Node::plain(number),
        Json::String(text) => Node::text(text.as_str()),
        Json::Array(items) => Node::new(Value::List(
            items.iter().map(from_json).collect(),
            Style::Flow,
        )),
        Json::Object(entries) => {
            let entries = entries
                .iter()
                .map(|(key, value)| (key.as_str(), from_json(value)));
            Node::map(entries, Style::Flow)
        }
    }
}

/// The form of a date of the contract (`dd/MM/yyyy`) and that of Table Schema (`%d/%m/%Y`), part by part.
const DATE_PARTS: [(&str, &str); 4] = [("dd", "%d"), ("MM", "%m"), ("yyyy", "%Y"), ("yy", "%y")];
