//! From a contract to a Table Schema.

use serde_json::{Map, Value as Json, json};
use wdl_vocab::{Euro, Lang};
use wdl_yaml::Node;

use super::{DATE_PARTS, to_json};
use crate::code_list::CodeLists;
use crate::column::{Column, Kind};
use crate::contract::Contract;
use crate::properties::PREFIX;

/// The contract as a Frictionless Table Schema, with texts in a language; codes become an `enum` where their lists are given.
///
/// ```
/// use wdl_contract::{Contracts, to_frictionless};
/// use wdl_vocab::Lang;
/// # let lab = std::path::Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../labs/modena"));
/// let contracts = Contracts::read(lab)?;
/// let residents = contracts.iter().find(|contract| contract.id == "comune-residenti").unwrap();
/// let schema = to_frictionless(residents, Some(contracts.lists()), Lang::It);
/// assert_eq!(schema["fields"][4]["name"], "DATA_NASCITA");
/// assert_eq!(schema["fields"][4]["format"], "%d/%m/%Y");
/// # Ok::<(), wdl_contract::ContractError>(())
/// ```
pub fn to_frictionless(contract: &Contract, lists: Option<&CodeLists>, lang: Lang) -> Json {
    let mut schema = Map::new();
    schema.insert("name".to_owned(), json!(contract.id));
    schema.insert("title".to_owned(), json!(contract.title.get(lang)));
    let properties = contract
        .document()
        .get("schema")
        .map_or(&[][..], Node::items);
    let properties = properties
        .first()
        .and_then(|object| object.get("properties"));
    let properties = properties.map_or(&[][..], Node::items);
    let fields = contract.columns.iter().zip(properties);
    let fields: Vec<Json> = fields
        .map(|(column, property)| field(column, property, lists, lang))
        .collect();
    schema.insert("fields".to_owned(), json!(fields));
    let key = contract.key().map(|column| &column.physical_name);
    if let Some(key) = key {
        schema.insert("primaryKey".to_owned(), json!([key]));
    }
    schema.insert("missingValues".to_owned(), json!([""]));
    schema.insert(VERSION.to_owned(), json!(contract.version));
    own(contract.document(), &mut schema);
    Json::Object(schema)
}

/// What the lab calls the version of a contract in a Table Schema, which has none.
pub(super) const VERSION: &str = "wdl.version";
/// What the lab calls its own name of a column in a Table Schema, whose name is that of the export.
pub(super) const NAME: &str = "wdl.name";

fn field(column: &Column, property: &Node, lists: Option<&CodeLists>, lang: Lang) -> Json {
    let mut field = Map::new();
    let mut put = |key: &str, value: Json| {
        field.insert(key.to_owned(), value);
    };
    put("name", json!(column.physical_name));
    put("title", json!(column.label.get(lang)));
    put("description", json!(column.description.get(lang)));
    put("type", json!(kind(&column.kind)));
    if matches!(column.kind, Kind::Money { .. } | Kind::Decimal { .. }) {
        put("decimalChar", json!(","));
    }
    if let (Kind::Date, Some(format)) = (&column.kind, &column.format) {
        put("format", json!(pattern(format)));
    }
    put("constraints", Json::Object(constraints(column, lists)));
    put(NAME, json!(column.name));
    own(property, &mut field);
    Json::Object(field)
}

/// The lab's own properties, under their names.
fn own(owner: &Node, into: &mut Map<String, Json>) {
    for entry in owner.get("customProperties").map_or(&[][..], Node::items) {
        let name = entry.get("property").and_then(Node::letters);
        if let (Some(name), Some(value)) = (name, entry.get("value"))
            && name.starts_with(PREFIX)
        {
            into.insert(name.to_owned(), to_json(value));
        }
    }
}

fn kind(kind: &Kind) -> &'static str {
    match kind {
        Kind::Text { .. } | Kind::Code { .. } | Kind::TaxCode => "string",
        Kind::Integer { .. } => "integer",
        Kind::Money { .. } | Kind::Decimal { .. } => "number",
        Kind::Date => "date",
    }
}

/// `dd/MM/yyyy` as `%d/%m/%Y`.
fn pattern(format: &str) -> String {
    let parts = DATE_PARTS.iter();
    parts.fold(format.to_owned(), |text, (ours, theirs)| {
        text.replace(ours, theirs)
    })
}

fn constraints(column: &Column, lists: Option<&CodeLists>) -> Map<String, Json> {
    let mut all = Map::new();
    let mut put = |key: &str, value: Option<Json>| {
        if let Some(value) = value {
            all.insert(key.to_owned(), value);
        }
    };
    put("required", column.required.then(|| json!(true)));
    put("unique", column.unique.then(|| json!(true)));
    match &column.kind {
        Kind::Text { max } => put("maxLength", Some(json!(max))),
        Kind::Code { list } => {
            let list = lists.and_then(|lists| lists.get(list));
            let codes = list.map(|list| list.rows().iter().map(|row| json!(row.code)).collect());
            put("enum", codes.map(Json::Array));
        }
        Kind::Integer { min, max } => {
            put("minimum", min.map(|least| json!(least)));
            put("maximum", max.map(|most| json!(most)));
        }
        Kind::Money { min, max } => {
            let number = |euro: Euro| json!(euro.as_f64());
            put("minimum", min.map(number));
            put("maximum", max.map(number));
        }
        Kind::Decimal {
            scale, min, max, ..
        } => {
            let unit = 10_f64.powi(i32::from(*scale));
            let number = |limit: i64| json!(limit as f64 / unit);
            put("minimum", min.map(number));
            put("maximum", max.map(number));
        }
        Kind::Date | Kind::TaxCode => {}
    }
    all
}
