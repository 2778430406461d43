//! Rules of quality of type `sql` that carry the lab's properties.

use std::collections::BTreeSet;

use wdl_vocab::Severity;
use wdl_yaml::Node;

use super::lab::{self, Lab};
use super::read::Reader;
use crate::column::Column;
use crate::error::{ContractFault, FaultKind};
use crate::rule::SqlRule;
use crate::words::SeverityWord;

/// The rules of an object and of its columns, in the order of the file.
pub(super) fn rules(reader: &mut Reader<'_>, object: &Node, columns: &[Column]) -> Vec<SqlRule> {
    let mut found: Vec<(&Node, Option<&str>)> = Vec::new();
    let of_object = object.get("quality").map_or(&[][..], Node::items);
    found.extend(of_object.iter().map(|node| (node, None)));
    for property in object.get("properties").map_or(&[][..], Node::items) {
        let name = property.get("name").and_then(Node::letters);
        let quality = property.get("quality").map_or(&[][..], Node::items);
        found.extend(quality.iter().map(|node| (node, name)));
    }
    let mut ids = BTreeSet::new();
    let mut rules = Vec::new();
    for (node, column) in found {
        if !lab::has_any(node) {
            continue;
        }
        if let Some(rule) = rule(reader, object, node, column) {
            if !ids.insert(rule.id.clone()) {
                let (name, list) = (rule.id.clone(), "quality".to_owned());
                reader.fault(node, FaultKind::DuplicateName { name, list });
            }
            if let Some(name) = rule.column.as_deref() {
                let place = Lab { owner: node }.node("wdl.column").unwrap_or(node);
                reader.known_column(place, name, columns);
            }
            rules.push(rule);
        }
    }
    rules
}

fn rule(
    reader: &mut Reader<'_>,
    object: &Node,
    node: &Node,
    column: Option<&str>,
) -> Option<SqlRule> {
    let mut ask = |holds: bool, detail: &str| {
        if !holds {
            let detail = detail.to_owned();
            reader.fault(node, ContractFault::RuleShape { detail });
        }
        holds
    };
    let text = |key: &str| node.get(key).and_then(Node::letters);
    let id = text("id").filter(|id| is_id(id));
    let query = text("query");
    let is_sql = ask(
        text("type") == Some("sql"),
        "a rule of the lab has `type: sql`",
    );
    let has_id = ask(
        id.is_some(),
        "a rule has an `id` of small letters, digits, `-` and `_`",
    );
    let has_query = ask(
        query.is_some(),
        "a rule has a `query` that counts, for other tools",
    );
    let counts_to_none = text("mustBe") == Some("0");
    let is_none = ask(
        counts_to_none,
        "a rule has `mustBe: 0`: what breaks it is counted",
    );
    if !(is_sql && has_id && has_query && is_none) {
        return None;
    }
    let lab = Lab { owner: node };
    let lines = lab.text("wdl.lines");
    let table = object.get("name").and_then(Node::letters)?;
    let sql = lines.as_deref().or(query)?.replace("${table}", table);
    let severity: Option<SeverityWord> = lab.word("wdl.severity");
    Some(SqlRule {
        id: id?.to_owned(),
        lines: sql.replace("${column}", column.unwrap_or_default()),
        counts: lines.is_none(),
        severity: severity.map_or(Severity::Error, |word| word.0),
        column: lab.text("wdl.column").or(column.map(str::to_owned)),
        message: lab.pair("wdl.message")?,
        cause: lab.pair("wdl.cause"),
        fix: lab.pair("wdl.fix")?,
    })
}

fn is_id(id: &str) -> bool {
    let is_mark =
        |mark: char| mark.is_ascii_lowercase() || mark.is_ascii_digit() || "-_".contains(mark);
    !id.is_empty() && id.chars().all(is_mark)
}
