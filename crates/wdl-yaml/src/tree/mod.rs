//! A YAML document as a tree of values with their places, for files whose every key must survive reading and writing.
//!
//! Place in the flow: a reader that understands a part of a document keeps the whole of it here, and writes it again without loss.
//! It must not know what any key means.
//!
//! What a scalar is does not depend on how it looks: one written plain that some reader of YAML could take for a number, a boolean or nothing stays [`Value::Plain`] with the letters of the file, everything else is [`Value::Text`].
//! Words that only YAML 1.1 misreads (`NO`, `2026-01-31`) are text, and are quoted when written.

mod parse;
mod plain;
mod write;

/// A value with its place in the file.
#[derive(Clone, Debug)]
pub struct Node {
    /// The line, from 1; 0 for a value that was made, not read.
    pub line: usize,
    /// The column, from 1.
    pub column: usize,
    /// The value.
    pub value: Value,
}

/// A key of a mapping with its place.
#[derive(Clone, Debug)]
pub struct Key {
    /// The line, from 1; 0 for a key that was made, not read.
    pub line: usize,
    /// The column, from 1.
    pub column: usize,
    /// The key.
    pub name: String,
}

/// What stands at a place.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// A number, a boolean or nothing, in the letters of the file.
    Plain(String),
    /// Text.
    Text(String),
    /// Values in order.
    List(Vec<Node>, Style),
    /// Values by key, in the order of the file.
    Map(Vec<(Key, Node)>, Style),
}

/// How a list or a mapping is written; it never makes a difference to what it says.
#[derive(Clone, Copy, Debug, Default)]
pub enum Style {
    /// A line for each value.
    #[default]
    Block,
    /// On one line: `{ it: sì, en: yes }`.
    Flow,
}

impl PartialEq for Style {
    fn eq(&self, _: &Style) -> bool {
        true
    }
}

impl PartialEq for Node {
    /// Whether both say the same, wherever they stand.
    fn eq(&self, other: &Node) -> bool {
        self.value == other.value
    }
}

impl PartialEq for Key {
    fn eq(&self, other: &Key) -> bool {
        self.name == other.name
    }
}

impl Node {
    /// A value that is made, not read.
    pub fn new(value: Value) -> Node {
        Node {
            line: 0,
            column: 0,
            value,
        }
    }

    /// A text that is made, not read.
    pub fn text(text: impl Into<String>) -> Node {
        Node::new(Value::Text(text.into()))
    }

    /// A number or a boolean that is made, not read.
    pub fn plain(value: impl ToString) -> Node {
        Node::new(Value::Plain(value.to_string()))
    }

    /// A mapping that is made, not read.
    pub fn map<'k>(entries: impl IntoIterator<Item = (&'k str, Node)>, style: Style) -> Node {
        let entries = entries
            .into_iter()
            .map(|(name, node)| (Key::new(name), node))
            .collect();
        Node::new(Value::Map(entries, style))
    }

    /// A list that is made, not read, a line for each value.
    pub fn list(items: impl IntoIterator<Item = Node>) -> Node {
        Node::new(Value::List(items.into_iter().collect(), Style::Block))
    }

    /// The value of a key, when this is a mapping that has it.
    pub fn get(&self, name: &str) -> Option<&Node> {
        self.entries()
            .iter()
            .find(|(key, _)| key.name == name)
            .map(|(_, node)| node)
    }

    /// The entries of a mapping; none when it is not one.
    pub fn entries(&self) -> &[(Key, Node)] {
        match &self.value {
            Value::Map(entries, _) => entries,
            Value::Plain(_) | Value::Text(_) | Value::List(..) => &[],
        }
    }

    /// The values of a list; none when it is not one.
    pub fn items(&self) -> &[Node] {
        match &self.value {
            Value::List(items, _) => items,
            Value::Plain(_) | Value::Text(_) | Value::Map(..) => &[],
        }
    }

    /// The letters of a scalar, for a reader that knows what it asks for; nothing for `null`.
    pub fn letters(&self) -> Option<&str> {
        match &self.value {
            Value::Text(text) => Some(text),
            Value::Plain(letters) if !plain::is_null(letters) => Some(letters),
            Value::Plain(_) | Value::List(..) | Value::Map(..) => None,
        }
    }

    /// The letters of a number, not quoted.
    pub fn number(&self) -> Option<&str> {
        match &self.value {
            Value::Plain(letters) if plain::is_number(letters) => Some(letters),
            Value::Plain(_) | Value::Text(_) | Value::List(..) | Value::Map(..) => None,
        }
    }

    /// Whether it is nothing: `null`, or no value at all.
    pub fn is_null(&self) -> bool {
        matches!(&self.value, Value::Plain(letters) if plain::is_null(letters))
    }

    /// A boolean: `true` or `false`, not quoted.
    pub fn boolean(&self) -> Option<bool> {
        match &self.value {
            Value::Plain(letters) => plain::boolean(letters),
            Value::Text(_) | Value::List(..) | Value::Map(..) => None,
        }
    }
}

impl Key {
    /// A key that is made, not read.
    pub fn new(name: impl Into<String>) -> Key {
        Key {
            line: 0,
            column: 0,
            name: name.into(),
        }
    }
}
