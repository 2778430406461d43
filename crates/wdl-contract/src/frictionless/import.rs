//! From a Table Schema to a draft contract.

use serde_json::{Map, Value as Json};
use wdl_yaml::{Node, Style};

use super::export::{NAME, VERSION};
use super::{DATE_PARTS, from_json};
use crate::contract::Contract;
use crate::error::{ContractError, Fault};
use crate::odcs::{API_VERSION, custom};
use crate::properties::{self, On};

/// A contract that is not whole yet, made from a Table Schema.
#[derive(Debug)]
#[non_exhaustive]
pub struct Draft {
    /// The contract, as far as the schema says.
    pub yaml: String,
    /// What is missing or wrong, each at its place in [`Draft::yaml`]; nothing when the contract is whole.
    pub missing: Vec<Fault>,
    /// The code lists that the schema gives by their codes only: name and codes. Their words in both languages are still to be written.
    pub codes: Vec<(String, Vec<String>)>,
}

/// A text is not a Table Schema.
#[derive(Debug, thiserror::Error)]
pub enum FrictionlessError {
    /// It is not JSON.
    #[error("this is not JSON")]
    Json(#[source] serde_json::Error),
    /// It has no list of fields, each with a name.
    #[error("a Table Schema has `fields`, a list in which each one has a `name`")]
    Fields,
}

/// A draft contract from a Table Schema; `name` is what its faults call it.
///
/// # Errors
/// [`FrictionlessError`] when the text is not a Table Schema.
pub fn from_frictionless(name: &str, text: &str) -> Result<Draft, FrictionlessError> {
    let schema: Json = serde_json::from_str(text).map_err(FrictionlessError::Json)?;
    let fields = schema.get("fields").and_then(Json::as_array);
    let fields = fields.ok_or(FrictionlessError::Fields)?;
    let mut codes = Vec::new();
    let keys = keys(&schema);
    let mut columns = Vec::new();
    for field in fields {
        columns.push(column(field, &keys, &mut codes).ok_or(FrictionlessError::Fields)?);
    }
    let document = document(&schema, columns);
    let yaml = document.to_yaml();
    let missing = match Contract::parse(name, &yaml) {
        Ok(_) => Vec::new(),
        Err(error) => ContractError::into_faults(error),
    };
    Ok(Draft {
        yaml,
        missing,
        codes,
    })
}

/// The names of the fields that make the key: a text or a list of texts.
fn keys(schema: &Json) -> Vec<&str> {
    match schema.get("primaryKey") {
        Some(Json::String(key)) => vec![key],
        Some(Json::Array(keys)) => keys.iter().filter_map(Json::as_str).collect(),
        _ => Vec::new(),
    }
}

fn document(schema: &Json, columns: Vec<Node>) -> Node {
    let text = |key: &str| schema.get(key).and_then(Json::as_str);
    let body = text("wdl.body");
    let dataset = text("wdl.dataset").or(text("name")).unwrap_or("dataset");
    let id = body.map_or_else(|| dataset.to_owned(), |body| format!("{body}-{dataset}"));
    let title = text("title").unwrap_or(dataset);
    let object = Node::map(
        [
            ("name", Node::text(dataset)),
            ("logicalType", Node::text("object")),
            ("physicalName", Node::text(format!("{dataset}.csv"))),
            (
                "description",
                Node::text(text("description").unwrap_or(title)),
            ),
            ("properties", Node::list(columns)),
        ],
        Style::Block,
    );
    let own = own(schema, On::Contract);
    Node::map(
        [
            ("apiVersion", Node::text(API_VERSION)),
            ("kind", Node::text("DataContract")),
            ("id", Node::text(id)),
            ("name", Node::text(title)),
            ("version", Node::text(text(VERSION).unwrap_or("0.1.0"))),
            ("status", Node::text("draft")),
            ("customProperties", Node::list(own)),
            ("schema", Node::list([object])),
        ],
        Style::Block,
    )
}

/// The lab's own properties that the schema carries.
fn own(from: &Json, on: On) -> Vec<Node> {
    properties::of(on)
        .iter()
        .filter_map(|property| Some(custom(property.name, from_json(from.get(property.name)?))))
        .collect()
}

/// A column, or `None` when the field has no name.
fn column(field: &Json, keys: &[&str], codes: &mut Vec<(String, Vec<String>)>) -> Option<Node> {
    let name = field.get("name")?.as_str()?;
    let text = |key: &str| field.get(key).and_then(Json::as_str);
    let lab_name = text(NAME).map_or_else(|| plain_name(name), str::to_owned);
    let empty = Map::new();
    let constraints = field
        .get("constraints")
        .and_then(Json::as_object)
        .unwrap_or(&empty);
    let is = |key: &str| constraints.get(key) == Some(&Json::Bool(true));
    let (logical_type, kind) = types(text("type").unwrap_or("string"));
    let mut entries = vec![
        ("name", Node::text(lab_name.as_str())),
        ("physicalName", Node::text(name)),
        ("logicalType", Node::text(logical_type)),
        ("required", Node::plain(is("required"))),
    ];
    if is("unique") {
        entries.push(("unique", Node::plain(true)));
    }
    if keys.contains(&name) {
        entries.push(("primaryKey", Node::plain(true)));
    }
    if let Some(description) = text("description") {
        entries.push(("description", Node::text(description)));
    }
    if let (Some("date"), Some(format)) = (text("type"), text("format")) {
        let format = Node::text(form(format));
        entries.push((
            "logicalTypeOptions",
            Node::map([("format", format)], Style::Flow),
        ));
    }
    let mut own = own(field, On::Column);
    if field.get("wdl.kind").is_none() {
        own.extend(guessed(&lab_name, field, constraints, kind, codes));
    }
    entries.push(("customProperties", Node::list(own)));
    Some(Node::map(entries, Style::Block))
}

/// The lab's properties that follow from what Table Schema has words for.
fn guessed(
    name: &str,
    field: &Json,
    constraints: &Map<String, Json>,
    kind: Option<&'static str>,
    codes: &mut Vec<(String, Vec<String>)>,
) -> Vec<Node> {
    let mut own = Vec::new();
    let mut put = |property: &str, value: Node| own.push(custom(property, value));
    let list = constraints.get("enum").and_then(Json::as_array);
    match (list, kind) {
        (Some(list), Some("text")) => {
            let texts = list.iter().filter_map(Json::as_str).map(str::to_owned);
            codes.push((name.to_owned(), texts.collect()));
            put("wdl.kind", Node::text("code"));
            put("wdl.code_list", Node::text(name));
        }
        (_, Some(kind)) => put("wdl.kind", Node::text(kind)),
        (_, None) => {}
    }
    for (theirs, ours) in [
        ("maxLength", "wdl.max_length"),
        ("minimum", "wdl.min"),
        ("maximum", "wdl.max"),
    ] {
        let whole = constraints.get(theirs).and_then(Json::as_i64);
        if let Some(whole) = whole {
            put(ours, Node::plain(whole));
        }
    }
    if let Some(title) = field.get("title").and_then(Json::as_str) {
        // One language only: the other is for people to write.
        put(
            "wdl.label",
            Node::map([("it", Node::text(title))], Style::Flow),
        );
    }
    own
}

/// The logical type of the standard and the kind of the lab, where one follows.
fn types(theirs: &str) -> (&'static str, Option<&'static str>) {
    match theirs {
        "integer" | "year" => ("integer", Some("integer")),
        "date" => ("date", Some("date")),
        // Euro, or which digits: the schema does not say.
        "number" => ("number", None),
        "boolean" => ("boolean", None),
        "datetime" => ("timestamp", None),
        "time" => ("time", None),
        "array" => ("array", None),
        "object" => ("object", None),
        "string" | "any" => ("string", Some("text")),
        _ => ("string", None),
    }
}

/// `%d/%m/%Y` as `dd/MM/yyyy`; the default of Table Schema is ISO 8601.
fn form(format: &str) -> String {
    if matches!(format, "default" | "any") {
        return "yyyy-MM-dd".to_owned();
    }
    let parts = DATE_PARTS.iter();
    parts.fold(format.to_owned(), |text, (ours, theirs)| {
        text.replace(theirs, ours)
    })
}

/// The name of a column in the lab, from that of the export: small letters, digits and `_`.
fn plain_name(name: &str) -> String {
    let mark = |mark: char| match mark.is_ascii_alphanumeric() {
        true => mark.to_ascii_lowercase(),
        false => '_',
    };
    let plain: String = name.chars().map(mark).collect();
    match plain.chars().next() {
        Some(first) if !first.is_ascii_digit() => plain,
        _ => format!("column_{plain}"),
    }
}
