//! Code lists: `codes/<list>.csv` with the columns `code`, `it`, `en` and any others.

use std::collections::BTreeMap;
use std::path::Path;

use wdl_vocab::{Digest, Text};

use crate::error::{ContractError, ContractFault, Fault, FaultKind};

/// One code of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodeRow {
    /// The code.
    pub code: String,
    /// Its words.
    pub label: Text,
    /// The other columns, in the order of [`CodeList::extra_columns`].
    pub extra: Vec<String>,
}

/// A list of codes, in the order of its file.
#[derive(Clone, Debug)]
// INVARIANT: no code stands twice; every row has as many extras as there are extra columns.
pub struct CodeList {
    name: String,
    extra_columns: Vec<String>,
    rows: Vec<CodeRow>,
    places: BTreeMap<String, usize>,
    digest: Digest,
}

impl CodeList {
    /// Reads a list; its name is that of the file.
    ///
    /// # Errors
    /// [`ContractError`] with line and column when it is not a list of codes.
    pub fn read(path: &Path) -> Result<CodeList, ContractError> {
        let at = |line: usize, kind: FaultKind| {
            let whole = Fault::whole(path, kind);
            ContractError::from(Fault { line, ..whole })
        };
        let bytes = std::fs::read(path).map_err(|fault| Fault::unreadable(path, &fault))?;
        let mut reader = csv::ReaderBuilder::new().from_reader(bytes.as_slice());
        let shape =
            |line: usize, detail: String| at(line, ContractFault::ListShape { detail }.into());
        let headers = reader
            .headers()
            .map_err(|fault| shape(1, fault.to_string()))?
            .clone();
        if headers.iter().take(3).ne(["code", "it", "en"]) {
            return Err(shape(
                1,
                "the first columns are `code`, `it`, `en`".to_owned(),
            ));
        }
        let mut list = CodeList {
            name: path
                .file_stem()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned(),
            extra_columns: headers.iter().skip(3).map(str::to_owned).collect(),
            rows: Vec::new(),
            places: BTreeMap::new(),
            digest: Digest::of(&bytes),
        };
        for record in reader.records() {
            let record = record.map_err(|fault| {
                let line = fault.position().map_or(0, |place| place.line());
                shape(usize::try_from(line).unwrap_or(0), fault.to_string())
            })?;
            let line = record.position().map_or(0, |place| place.line());
            let line = usize::try_from(line).unwrap_or(0);
            let cell = |place: usize| record.get(place).unwrap_or_default().to_owned();
            if (0..3).any(|place| cell(place).trim().is_empty()) {
                let detail = "a code has its code and its words in both languages".to_owned();
                return Err(shape(line, detail));
            }
            if list.places.insert(cell(0), list.rows.len()).is_some() {
                let kind = FaultKind::DuplicateName {
                    name: cell(0),
                    list: list.name,
                };
                return Err(at(line, kind));
            }
            list.rows.push(CodeRow {
                code: cell(0),
                label: Text::new(cell(1), cell(2)),
                extra: (3..headers.len()).map(cell).collect(),
            });
        }
        Ok(list)
    }

    /// The name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The digest of the file.
    pub fn digest(&self) -> Digest {
        self.digest
    }

    /// The names of the columns after `code`, `it`, `en`.
    pub fn extra_columns(&self) -> &[String] {
        &self.extra_columns
    }

    /// The codes, in the order of the file.
    pub fn rows(&self) -> &[CodeRow] {
        &self.rows
    }

    /// Whether a code is in the list.
    pub fn contains(&self, code: &str) -> bool {
        self.places.contains_key(code)
    }

    /// The row of a code.
    pub fn row(&self, code: &str) -> Option<&CodeRow> {
        self.places.get(code).map(|place| &self.rows[*place])
    }

    /// The words of a code.
    pub fn label(&self, code: &str) -> Option<&Text> {
        self.row(code).map(|row| &row.label)
    }
}

/// Every code list of a lab, by name.
#[derive(Clone, Debug, Default)]
pub struct CodeLists(BTreeMap<String, CodeList>);

impl CodeLists {
    /// Reads `codes/*.csv` of a lab folder.
    ///
    /// # Errors
    /// [`ContractError`] when the folder or a list cannot be read.
    pub fn read(lab: &Path) -> Result<CodeLists, ContractError> {
        let mut lists = BTreeMap::new();
        for path in crate::folder::files(&lab.join("codes"), ".csv")? {
            let list = CodeList::read(&path)?;
            lists.insert(list.name.clone(), list);
        }
        Ok(CodeLists(lists))
    }

    /// A list by name.
    pub fn get(&self, name: &str) -> Option<&CodeList> {
        self.0.get(name)
    }

    /// Every list, by name.
    pub fn iter(&self) -> impl Iterator<Item = &CodeList> {
        self.0.values()
    }
}
