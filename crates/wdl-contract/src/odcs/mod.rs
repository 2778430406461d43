//! The wire form: Open Data Contract Standard 3.1, with the lab's own properties under the prefix `wdl.`.
//!
//! A file is read as a tree that keeps everything; the tree is held to the standard and to the table of the lab's properties; then the contract is read off it.

mod agreement;
mod form;
mod lab;
mod quality;
mod read;
mod standard;

use std::path::Path;
use std::sync::Arc;

use wdl_yaml::{Node, Source, Value};

use crate::code_list::CodeLists;
use crate::contract::{Contract, Document};
use crate::error::{ContractError, Fault};
use crate::properties::On;

pub(crate) use form::custom;
pub(crate) use standard::API_VERSION;

impl Contract {
    /// Reads a contract; whether its code lists exist is looked at by [`Contracts::read`](crate::Contracts::read).
    ///
    /// # Errors
    /// [`ContractError`] with file, line and column of every fault found.
    pub fn read(path: &Path) -> Result<Contract, ContractError> {
        read(path, None)
    }

    /// Reads a contract and looks its code lists up.
    ///
    /// # Errors
    /// [`ContractError`] with file, line and column of every fault found.
    pub fn read_with(path: &Path, lists: &CodeLists) -> Result<Contract, ContractError> {
        read(path, Some(lists))
    }

    /// Reads a contract from a text that stands in no file; `name` is what its faults call it.
    ///
    /// # Errors
    /// [`ContractError`] with line and column of every fault found.
    pub fn parse(name: &str, text: &str) -> Result<Contract, ContractError> {
        from_source(&Source::of(name, text), None)
    }
}

/// Reads a contract, and looks its code lists up when there are any.
pub(crate) fn read(path: &Path, lists: Option<&CodeLists>) -> Result<Contract, ContractError> {
    from_source(&Source::read(path)?, lists)
}

fn from_source(source: &Source, lists: Option<&CodeLists>) -> Result<Contract, ContractError> {
    let mut faults = Vec::new();
    let mut document = source.tree()?;
    hold(&mut document, source, &mut faults);
    ContractError::unless_empty(std::mem::take(&mut faults))?;
    let document = Document {
        file: source.file().into(),
        root: Arc::new(document),
    };
    let reader = read::Reader::new(source, lists, &mut faults);
    match reader.contract(&document) {
        Some(contract) if faults.is_empty() => Ok(contract),
        _ => Err(ContractError::new(faults)),
    }
}

/// Holds a document to the standard, then to the table of the lab's properties.
fn hold(document: &mut Node, source: &Source, faults: &mut Vec<Fault>) {
    form::hold(
        document,
        form::Form::One(&standard::DOCUMENT),
        source,
        faults,
    );
    lab::hold(document, On::Contract, source, faults);
    for object in children(document, "schema") {
        for rule in children(object, "quality").filter(|rule| lab::has_any(rule)) {
            lab::hold(rule, On::Rule, source, faults);
        }
        for property in children(object, "properties") {
            lab::hold(property, On::Column, source, faults);
            for rule in children(property, "quality").filter(|rule| lab::has_any(rule)) {
                lab::hold(rule, On::Rule, source, faults);
            }
        }
    }
}

fn children<'a>(node: &'a mut Node, name: &str) -> impl Iterator<Item = &'a mut Node> {
    let items = match lab::child(node, name).map(|list| &mut list.value) {
        Some(Value::List(items, _)) => items.as_mut_slice(),
        Some(Value::Plain(_) | Value::Text(_) | Value::Map(..)) | None => &mut [],
    };
    items.iter_mut()
}
