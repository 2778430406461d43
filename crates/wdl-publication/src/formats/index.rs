//! `index.json`: which files hold which indicator, from which release and which version of the base, with the digest of each.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use wdl_vocab::{Lang, SYNTHETIC_NOTICE};

use super::json_stat::digest;
use crate::model::{Evaluated, Indicator, Model};
use crate::paths::PageId;
use crate::release_face::ReleasedTable;

/// What the first line of every index says: a folder with it is a site of this program.
pub(crate) const GENERATOR: &str = "wdl-publication";

/// The index of a site whose data files are all made.
pub(crate) fn document(model: &Model<'_>, files: &BTreeMap<String, Vec<u8>>) -> Vec<u8> {
    let indicators: Vec<Value> = model
        .indicators
        .iter()
        .map(|indicator| entry(indicator, files))
        .collect();
    let studies: Vec<Value> = model.studies.iter().map(|own| study(own, files)).collect();
    let lab = model.lab();
    let mut document = json!({
        "generator": GENERATOR,
        "format": 1,
        "lab": lab.name,
        "licence": { "id": lab.publication.licence.id, "url": lab.publication.licence.url },
        "synthetic": lab.synthetic,
        "indicators": indicators,
        "ledger": { "entries": model.input.acts.len(), "file": "ledger/ledger.jsonl", "acts": "data/acts.csv", "checkpoint": model.input.checkpoint },
    });
    if !studies.is_empty() {
        document["studies"] = Value::Array(studies);
    }
    if lab.synthetic {
        document["notice"] = json!(SYNTHETIC_NOTICE.it);
    }
    let mut bytes = serde_json::to_vec_pretty(&document).expect("a document of text");
    bytes.push(b'\n');
    bytes
}

fn entry(indicator: &Indicator<'_>, files: &BTreeMap<String, Vec<u8>>) -> Value {
    let page = PageId::Indicator(indicator.id.to_owned());
    let tables: Vec<Value> = indicator
        .tables
        .iter()
        .map(|released| table(released, files))
        .collect();
    json!({
        "id": indicator.id,
        "theme": indicator.header.theme,
        "title": indicator.header.title,
        "unit": indicator.header.unit,
        "pages": { "it": page.path(Lang::It), "en": page.path(Lang::En) },
        "tables": tables,
    })
}

fn study(own: &Evaluated<'_>, files: &BTreeMap<String, Vec<u8>>) -> Value {
    let page = PageId::Study(own.study.id().to_owned());
    let tables = own.tables.iter().map(|released| table(released, files));
    json!({
        "id": own.study.id(),
        "title": own.study.face().title,
        "pages": { "it": page.path(Lang::It), "en": page.path(Lang::En) },
        "tables": tables.collect::<Vec<_>>(),
    })
}

fn table(released: &ReleasedTable<'_>, files: &BTreeMap<String, Vec<u8>>) -> Value {
    let breakdown = released.table().breakdown();
    let header = &released.table().header;
    let stem = format!("data/{}/{breakdown}.", header.indicator);
    let made: Vec<Value> = files
        .range(stem.clone()..)
        .take_while(|(path, _)| path.starts_with(&stem))
        .map(|(path, bytes)| json!({ "path": path, "bytes": bytes.len(), "sha256": digest(bytes) }))
        .collect();
    let mut entry = json!({
        "breakdown": breakdown,
        "release": released.release.id,
        "ledger_entry": released.release.entry,
        "snapshot": header.lineage.snapshot,
        "table": released.table().digest(),
        "definition": header.lineage.definition,
        "code_version": header.lineage.code_version,
        "cells": released.table().cells.len(),
        "files": made,
    });
    if let Some(protection) = header.protection {
        entry["protection"] = json!(protection);
    }
    entry
}
