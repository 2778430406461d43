//! From the letters of a file to the tree.

use std::collections::{BTreeMap, BTreeSet};

use serde_saphyr::granit_parser::{Event, Marker, Parser, ScalarStyle, StructureStyle, Tag};

use super::{Key, Node, Style, Value, plain};
use crate::fault::Fault;
use crate::kind::FaultKind;
use crate::source::Source;

/// The most values a document may have once its aliases are written out.
const VALUES_MAX: usize = 1_000_000;

impl Source {
    /// Reads the file as one YAML document, of which nothing is lost but comments, anchors and the choice of quotes.
    ///
    /// # Errors
    /// The first place where it is not YAML, where a key stands twice, or where it has more than one document.
    pub fn tree<K>(&self) -> Result<Node, Fault<K>> {
        let mut builder = Builder::new(self);
        for next in Parser::new_from_str(self.text()) {
            let (event, span) = next.map_err(|error| {
                let detail = error.to_string();
                builder.fault(*error.marker(), FaultKind::Syntax { detail })
            })?;
            builder.take(event, span.start)?;
        }
        builder.done.ok_or_else(|| {
            let detail = "the file is empty".to_owned();
            self.fault(0, 0, FaultKind::Syntax { detail })
        })
    }

    /// A fault at a node of the tree.
    pub fn fault_in<K>(&self, node: &Node, kind: impl Into<FaultKind<K>>) -> Fault<K> {
        self.fault(node.line, node.column, kind)
    }

    /// A fault at a key of the tree.
    pub fn fault_on<K>(&self, key: &Key, kind: impl Into<FaultKind<K>>) -> Fault<K> {
        self.fault(key.line, key.column, kind)
    }
}

/// A list or a mapping that is not closed yet.
struct Open {
    at: Marker,
    anchor: usize,
    style: Style,
    content: Content,
}

enum Content {
    List(Vec<Node>),
    Map {
        entries: Vec<(Key, Node)>,
        names: BTreeSet<String>,
        key: Option<Key>,
    },
}

struct Builder<'a> {
    source: &'a Source,
    open: Vec<Open>,
    anchors: BTreeMap<usize, Node>,
    values: usize,
    done: Option<Node>,
}

impl<'a> Builder<'a> {
    fn new(source: &'a Source) -> Builder<'a> {
        Builder {
            source,
            open: Vec::new(),
            anchors: BTreeMap::new(),
            values: 0,
            done: None,
        }
    }

    fn fault<K>(&self, at: Marker, kind: FaultKind<K>) -> Fault<K> {
        self.source.fault(at.line(), at.col() + 1, kind)
    }

    fn syntax<K>(&self, at: Marker, detail: &str) -> Fault<K> {
        let detail = detail.to_owned();
        self.fault(at, FaultKind::Syntax { detail })
    }

    fn take<K>(&mut self, event: Event<'_>, at: Marker) -> Result<(), Fault<K>> {
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                let value = self.scalar(&text, style, tag.as_deref(), at)?;
                self.put(node(at, value), anchor, at)
            }
            Event::SequenceStart(style, anchor, tag) => {
                self.untagged(tag.as_deref(), at)?;
                self.begin(at, anchor, style, Content::List(Vec::new()));
                Ok(())
            }
            Event::MappingStart(style, anchor, tag) => {
                self.untagged(tag.as_deref(), at)?;
                let content = Content::Map {
                    entries: Vec::new(),
                    names: BTreeSet::new(),
                    key: None,
                };
                self.begin(at, anchor, style, content);
                Ok(())
            }
            Event::SequenceEnd | Event::MappingEnd => self.end(),
            Event::Alias(anchor) => {
                let meant = self.anchors.get(&anchor).cloned();
                let meant =
                    meant.ok_or_else(|| self.syntax(at, "an alias inside its own value"))?;
                self.values += size(&meant);
                if self.values > VALUES_MAX {
                    return Err(self.syntax(at, "the aliases make the file too long"));
                }
                self.put(node(at, meant.value), 0, at)
            }
            Event::DocumentStart(..) if self.done.is_some() => {
                Err(self.syntax(at, "the file has more than one document"))
            }
            _ => Ok(()),
        }
    }

    fn begin(&mut self, at: Marker, anchor: usize, style: StructureStyle, content: Content) {
        let style = match style {
            StructureStyle::Block => Style::Block,
            StructureStyle::Flow => Style::Flow,
        };
        self.open.push(Open {
            at,
            anchor,
            style,
            content,
        });
    }

    fn end<K>(&mut self) -> Result<(), Fault<K>> {
        let open = self.open.pop().expect("the parser closes what it opened");
        let value = match open.content {
            Content::List(items) => Value::List(items, open.style),
            Content::Map { entries, .. } => Value::Map(entries, open.style),
        };
        self.put(node(open.at, value), open.anchor, open.at)
    }

    /// Puts a whole value where it belongs: in the list or mapping that is open, or as the document.
    fn put<K>(&mut self, node: Node, anchor: usize, at: Marker) -> Result<(), Fault<K>> {
        self.values += 1;
        if anchor != 0 {
            self.anchors.insert(anchor, node.clone());
        }
        let Some(open) = self.open.last_mut() else {
            self.done = Some(node);
            return Ok(());
        };
        match &mut open.content {
            Content::List(items) => items.push(node),
            Content::Map {
                entries,
                names,
                key,
            } => match key.take() {
                Some(key) => entries.push((key, node)),
                None => {
                    let name = match node.value {
                        Value::Text(name) | Value::Plain(name) => name,
                        Value::List(..) | Value::Map(..) => {
                            return Err(self.syntax(at, "a key is a word"));
                        }
                    };
                    if !names.insert(name.clone()) {
                        return Err(self.fault(at, FaultKind::DuplicateKey { key: name }));
                    }
                    *key = Some(Key {
                        line: node.line,
                        column: node.column,
                        name,
                    });
                }
            },
        }
        Ok(())
    }

    fn scalar<K>(
        &self,
        text: &str,
        style: ScalarStyle,
        tag: Option<&Tag>,
        at: Marker,
    ) -> Result<Value, Fault<K>> {
        let is_text = tag.is_some_and(|tag| tag.is_yaml_core_schema_tag("str"));
        if !is_text {
            self.untagged(tag, at)?;
        }
        let is_plain = style == ScalarStyle::Plain && !is_text;
        Ok(match is_plain && plain::is_typed(text) {
            true => Value::Plain(text.to_owned()),
            false => Value::Text(text.to_owned()),
        })
    }

    fn untagged<K>(&self, tag: Option<&Tag>, at: Marker) -> Result<(), Fault<K>> {
        match tag {
            None => Ok(()),
            Some(_) => Err(self.syntax(at, "tags other than !!str are not read")),
        }
    }
}

/// How many values a tree has.
fn size(node: &Node) -> usize {
    let inside: usize = match &node.value {
        Value::Plain(_) | Value::Text(_) => 0,
        Value::List(items, _) => items.iter().map(size).sum(),
        Value::Map(entries, _) => entries.iter().map(|(_, value)| size(value)).sum(),
    };
    1 + inside
}

fn node(at: Marker, value: Value) -> Node {
    Node {
        line: at.line(),
        column: at.col() + 1,
        value,
    }
}
