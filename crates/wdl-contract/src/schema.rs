//! The JSON Schema of the lab's own properties, made from their table.
//!
//! It is for editors and for other programs that write contracts; it says nothing of the keys of the standard, which has a schema of its own.

use serde_json::{Value, json};
use wdl_vocab::Lang;

use crate::properties::{self, Holds, Needed, On, PAIR, PREFIX, Part, Property};

/// The JSON Schema (draft 2020-12) of a contract's `wdl.` properties, with meanings in a language.
///
/// ```
/// let schema = wdl_contract::json_schema(wdl_vocab::Lang::En);
/// let kinds = &schema["$defs"]["wdl.kind"]["properties"]["value"]["enum"];
/// assert_eq!(kinds[0], "text");
/// ```
pub fn json_schema(lang: Lang) -> Value {
    let mut definitions = serde_json::Map::new();
    for property in properties::properties() {
        definitions.insert(property.name.to_owned(), entry(property, lang));
    }
    for (name, on) in [
        ("contract", On::Contract),
        ("column", On::Column),
        ("rule", On::Rule),
    ] {
        definitions.insert(name.to_owned(), list(on));
    }
    let title = match lang {
        Lang::It => "Proprietà del laboratorio in un contratto ODCS 3.1",
        Lang::En => "Properties of the lab in an ODCS 3.1 contract",
    };
    let column = json!({
        "type": "object",
        "required": ["name", "physicalName", "logicalType", "customProperties"],
        "properties": { "customProperties": { "$ref": "#/$defs/column" }, "quality": quality() },
    });
    let object = json!({
        "type": "object",
        "required": ["name", "properties"],
        "properties": {
            "properties": { "type": "array", "items": column },
            "quality": quality(),
        },
    });
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": title,
        "type": "object",
        "required": ["schema", "customProperties"],
        "properties": {
            "customProperties": { "$ref": "#/$defs/contract" },
            "schema": { "type": "array", "minItems": 1, "maxItems": 1, "items": object },
        },
        "$defs": definitions,
    })
}

/// Rules of quality: one that has a property of the lab has all that it needs.
fn quality() -> Value {
    let is_of_lab = json!({
        "required": ["customProperties"],
        "properties": { "customProperties": { "contains": named(&prefix()) } },
    });
    let of_lab = json!({
        "required": ["id", "type", "query", "mustBe"],
        "properties": {
            "type": { "const": "sql" },
            "mustBe": { "const": 0 },
            "customProperties": { "$ref": "#/$defs/rule" },
        },
    });
    json!({ "type": "array", "items": { "if": is_of_lab, "then": of_lab } })
}

/// A list of custom properties: those of the lab are of this place, those it must have are there.
fn list(on: On) -> Value {
    let all: Vec<Value> = properties::of(on)
        .iter()
        .map(|property| json!({ "$ref": format!("#/$defs/{}", property.name) }))
        .collect();
    let due: Vec<Value> = properties::of(on)
        .iter()
        .filter(|property| matches!(property.needed, Needed::Always | Needed::ByLaw))
        .map(|property| json!({ "contains": named(&json!({ "const": property.name })) }))
        .collect();
    json!({
        "type": "array",
        "items": { "if": named(&prefix()), "then": { "oneOf": all } },
        "allOf": due,
    })
}

fn prefix() -> Value {
    json!({ "pattern": format!("^{}", PREFIX.replace('.', "\\.")) })
}

fn named(name: &Value) -> Value {
    json!({ "type": "object", "required": ["property"], "properties": { "property": name } })
}

/// One property: its name and its value.
fn entry(property: &Property, lang: Lang) -> Value {
    json!({
        "description": property.means(lang),
        "type": "object",
        "required": ["property", "value"],
        "properties": {
            "property": { "const": property.name },
            "value": value(property.holds, lang),
        },
    })
}

fn value(holds: Holds, lang: Lang) -> Value {
    match holds {
        Holds::Text => json!({ "type": "string", "minLength": 1 }),
        Holds::Word(words) => json!({ "type": "string", "enum": words() }),
        Holds::Pair => parts(PAIR, lang),
        Holds::Boolean => json!({ "type": "boolean" }),
        Holds::Whole => json!({ "type": "integer" }),
        Holds::Share => json!({ "type": "number", "minimum": 0 }),
        Holds::Texts => json!({ "type": "array", "items": { "type": "string" } }),
        Holds::Parts(of) => parts(of, lang),
    }
}

fn parts(of: &[Part], lang: Lang) -> Value {
    let mut all = serde_json::Map::new();
    for part in of {
        let mut schema = value(part.holds, lang);
        schema["description"] = part.means(lang).into();
        all.insert(part.name.to_owned(), schema);
    }
    let due: Vec<&str> = of
        .iter()
        .filter(|part| part.is_needed)
        .map(|part| part.name)
        .collect();
    json!({ "type": "object", "required": due, "properties": all, "additionalProperties": false })
}
