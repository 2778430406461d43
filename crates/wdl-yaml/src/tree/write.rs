//! From the tree to the letters of a file that any reader of YAML, 1.1 or 1.2, reads as the same values.

use std::fmt::Write as _;

use super::{Node, Style, Value, plain};

impl Node {
    /// The tree as a YAML document.
    pub fn to_yaml(&self) -> String {
        let mut out = String::new();
        match &self.value {
            Value::Map(entries, _) if !entries.is_empty() => block(self, 0, &mut out),
            Value::List(items, _) if !items.is_empty() => block(self, 0, &mut out),
            _ => {
                flow(self, &mut out);
                out.push('\n');
            }
        }
        out
    }
}

/// A list or mapping that is not empty, a line for each value; the first line's indent is already there.
fn block(node: &Node, indent: usize, out: &mut String) {
    match &node.value {
        Value::Map(entries, _) => {
            for (place, (key, value)) in entries.iter().enumerate() {
                if place > 0 {
                    pad(indent, out);
                }
                scalar(&key.name, out);
                out.push(':');
                after_key(value, indent, out);
            }
        }
        Value::List(items, _) => {
            for (place, item) in items.iter().enumerate() {
                if place > 0 {
                    pad(indent, out);
                }
                out.push('-');
                after_dash(item, indent, out);
            }
        }
        Value::Plain(_) | Value::Text(_) => flow(node, out),
    }
}

fn after_key(value: &Node, indent: usize, out: &mut String) {
    match is_block(value) {
        true => {
            out.push('\n');
            pad(indent + 2, out);
            block(value, indent + 2, out);
        }
        false => inline(value, indent, out),
    }
}

fn after_dash(value: &Node, indent: usize, out: &mut String) {
    match is_block(value) {
        true => {
            out.push(' ');
            block(value, indent + 2, out);
        }
        false => inline(value, indent, out),
    }
}

/// A value on the line of its key, with the line's end.
fn inline(value: &Node, indent: usize, out: &mut String) {
    out.push(' ');
    match &value.value {
        Value::Text(text) if is_literal(text) => literal(text, indent + 2, out),
        _ => {
            flow(value, out);
            out.push('\n');
        }
    }
}

/// Whether a value is written over several lines.
fn is_block(node: &Node) -> bool {
    match &node.value {
        Value::List(items, style) => {
            let is_short = matches!(style, Style::Flow) || items.is_empty();
            !is_short || has_lines(node)
        }
        Value::Map(entries, style) => {
            let is_short = matches!(style, Style::Flow) || entries.is_empty();
            !is_short || has_lines(node)
        }
        Value::Plain(_) | Value::Text(_) => false,
    }
}

/// Whether a text of several lines stands somewhere inside.
fn has_lines(node: &Node) -> bool {
    match &node.value {
        Value::Text(text) => is_literal(text),
        Value::Plain(_) => false,
        Value::List(items, _) => items.iter().any(has_lines),
        Value::Map(entries, _) => entries.iter().any(|(_, value)| has_lines(value)),
    }
}

fn flow(node: &Node, out: &mut String) {
    match &node.value {
        Value::Plain(letters) if letters.is_empty() => out.push_str("null"),
        Value::Plain(letters) => out.push_str(letters),
        Value::Text(text) => scalar(text, out),
        Value::List(items, _) => {
            out.push('[');
            for (place, item) in items.iter().enumerate() {
                if place > 0 {
                    out.push_str(", ");
                }
                flow(item, out);
            }
            out.push(']');
        }
        Value::Map(entries, _) if entries.is_empty() => out.push_str("{}"),
        Value::Map(entries, _) => {
            out.push_str("{ ");
            for (place, (key, value)) in entries.iter().enumerate() {
                if place > 0 {
                    out.push_str(", ");
                }
                scalar(&key.name, out);
                out.push_str(": ");
                flow(value, out);
            }
            out.push_str(" }");
        }
    }
}

/// A text, quoted unless no reader can take it for anything else.
fn scalar(text: &str, out: &mut String) {
    match plain::is_safe(text) {
        true => out.push_str(text),
        false => quoted(text, out),
    }
}

fn quoted(text: &str, out: &mut String) {
    out.push('"');
    for mark in text.chars() {
        match mark {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            mark if is_written_out(mark) => {
                let _ = match u32::from(mark) {
                    code @ ..=0xFFFF => write!(out, "\\u{code:04X}"),
                    code => write!(out, "\\U{code:08X}"),
                };
            }
            mark => out.push(mark),
        }
    }
    out.push('"');
}

/// Whether a mark must be written by its number: controls, line separators and what YAML does not print.
fn is_written_out(mark: char) -> bool {
    mark.is_control()
        || matches!(
            mark,
            '\u{2028}' | '\u{2029}' | '\u{FEFF}' | '\u{FFFE}' | '\u{FFFF}'
        )
}

/// Whether a text reads better line by line, and survives it.
fn is_literal(text: &str) -> bool {
    let body = text.strip_suffix('\n').unwrap_or(text);
    let first = text.chars().next();
    let is_clean = |line: &str| !line.ends_with([' ', '\t']);
    body.contains('\n')
        && !body.ends_with('\n')
        && first.is_some_and(|mark| !mark.is_whitespace())
        && body.split('\n').all(is_clean)
        && !text
            .chars()
            .any(|mark| mark != '\n' && is_written_out(mark))
}

fn literal(text: &str, indent: usize, out: &mut String) {
    let (mark, body) = match text.strip_suffix('\n') {
        Some(body) => ("|", body),
        None => ("|-", text),
    };
    out.push_str(mark);
    out.push('\n');
    for line in body.split('\n') {
        if !line.is_empty() {
            pad(indent, out);
        }
        out.push_str(line);
        out.push('\n');
    }
}

fn pad(indent: usize, out: &mut String) {
    out.extend(std::iter::repeat_n(' ', indent));
}
