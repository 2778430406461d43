//! A data contract as typed data: what a body delivers, column by column, and what happens to each column on the way.

use std::fmt;
use std::io;
use std::path::Path;
use std::sync::Arc;

use wdl_vocab::{BodyId, DatasetId, Digest, Text};
use wdl_yaml::Node;

use crate::column::{Column, Treatment};
use crate::roles::{Drift, LateRule, Notice, Roles};
use crate::rule::{Rule, SqlRule};

/// The contract of one dataset of one body.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Contract {
    /// Its identifier: `comune-residenti`.
    pub id: String,
    /// Its version, three numbers: `1.0.0`.
    pub version: String,
    /// The body that delivers.
    pub body: BodyId,
    /// The dataset.
    pub dataset: DatasetId,
    /// What the dataset is called.
    pub title: Text,
    /// What a row describes in time.
    pub shape: Shape,
    /// How the export is encoded.
    pub encoding: Encoding,
    /// The mark between cells.
    pub delimiter: u8,
    /// The columns of the export, in order.
    pub columns: Vec<Column>,
    /// The legal basis of the delivery.
    pub legal_basis: String,
    /// The purpose of the agreement it serves.
    pub purpose: String,
    /// How long the delivery is kept.
    pub retention: String,
    /// The notice given to people.
    pub notice: Notice,
    /// Who answers for the data.
    pub roles: Roles,
    /// How the export is laid out; a reader takes other layouts too, and says so.
    pub layout: Layout,
    /// When a delivery is due.
    pub late: Option<LateRule>,
    /// The rules written in SQL, in the order of the file.
    pub sql_rules: Vec<SqlRule>,
    /// How much a delivery may differ from earlier ones.
    pub drift: Drift,
    /// The recipe of `linkage/` by which records without a valid code are linked.
    pub linkage: Option<String>,
    /// The digest of the file.
    pub digest: Digest,
    /// The whole file, with what the lab does not read.
    pub(crate) document: Document,
}

/// Everything the file says, kept so that writing loses nothing.
#[derive(Clone)]
pub(crate) struct Document {
    /// The file, as its faults name it.
    pub(crate) file: Arc<str>,
    pub(crate) root: Arc<Node>,
}

impl fmt::Debug for Document {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Document({})", self.file)
    }
}

/// What a row describes in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Shape {
    /// A state from `valid_from` until `valid_to`, the end not included.
    Episode,
    /// Something that happened on `event_date`.
    Event,
    /// A fact about `reference_year`.
    Yearly,
    /// A figure about `reference_year` and a group: no row is a person.
    Aggregate,
}

/// How an export is encoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Encoding {
    /// UTF-8, with or without its mark.
    Utf8,
    /// Windows code page 1252.
    Windows1252,
}

/// How an export is laid out.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Layout {
    /// Lines of cells with a mark between them.
    Delimited,
    /// A sheet of a workbook.
    Workbook {
        /// The sheet, when the contract names one.
        sheet: Option<String>,
    },
    /// Lines in which every column has its place.
    FixedWidth,
}

impl Contract {
    /// The columns that travel, in order.
    pub fn delivered(&self) -> impl Iterator<Item = &Column> {
        self.columns
            .iter()
            .filter(|column| column.treatment != Treatment::Drop)
    }

    /// The key column; an aggregate dataset has none.
    pub fn key(&self) -> Option<&Column> {
        self.columns.iter().find(|column| column.is_key)
    }

    /// A column by its name in the lab.
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|column| column.name == name)
    }

    /// The rules between the columns of a row, as the columns declare them; an episode does not end before it begins.
    pub fn rules(&self) -> Vec<Rule> {
        let mut rules = Vec::new();
        for column in &self.columns {
            let is_end = self.shape == Shape::Episode && column.name == "valid_to";
            let implied = is_end.then_some("valid_from");
            if let Some(earlier) = column.not_before.as_deref().or(implied) {
                rules.push(Rule::NotBefore {
                    earlier: earlier.to_owned(),
                    later: column.name.clone(),
                });
            }
            if !column.sum_of.is_empty() {
                rules.push(Rule::Sum {
                    parts: column.sum_of.clone(),
                    total: column.name.clone(),
                    tolerance: column.sum_tolerance,
                });
            }
        }
        rules
    }

    /// The whole contract as a file of the standard: what was read and is not the lab's is there too.
    ///
    /// Comments and the choice of quotes are not kept.
    pub fn to_yaml(&self) -> String {
        self.document.root.to_yaml()
    }

    /// The whole contract as a tree of values, for those who read what the lab does not.
    pub fn document(&self) -> &Node {
        &self.document.root
    }

    /// Writes the whole contract to a file.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn write(&self, path: &Path) -> io::Result<()> {
        std::fs::write(path, self.to_yaml())
    }

    /// The export's file name: `residenti.csv`.
    pub fn file_name(&self) -> String {
        format!("{}.csv", self.dataset)
    }

    /// The name of its table in the lab's SQL, without schema: `comune_residenti`.
    pub fn table(&self) -> String {
        format!("{}_{}", self.body, self.dataset)
    }
}
