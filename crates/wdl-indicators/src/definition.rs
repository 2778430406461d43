//! Indicators as the lab folder defines them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde::Deserialize;
use wdl_contract::{CodeList, CodeLists, CodeRow};
use wdl_frame::{Sql, SqlError, TableName};
use wdl_result::{Category, Dimension, Interval, ObservableFrom, OutputRule, Unit};
use wdl_vocab::diagnostics::codes::indicators as codes;
use wdl_vocab::{Diagnose, Diagnostic, Digest, IndicatorId, Period, Text, did_you_mean};

use crate::catalog::Asked;
use crate::definition_file;
use crate::fault::DefinitionError;
use crate::nested::Within;
use crate::parameter::{self, Parameter};
use crate::plausibility::Test;

/// How long a reference period is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Span {
    /// A calendar quarter.
    Quarter,
    /// A calendar year.
    Year,
}

/// Who may see an indicator's tables.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Audience {
    /// Everybody, once they are released.
    #[default]
    Public,
    /// Offices of the lab that may read drafts; a release is never asked for.
    Lab,
}

/// One indicator of the lab.
// INVARIANT: `frame` and `collected` are each one SELECT; `frame` is there unless the indicator is observable nowhere here.
#[derive(Clone, Debug)]
pub struct Indicator {
    pub(crate) id: IndicatorId,
    pub(crate) theme: String,
    pub(crate) statistic: Asked,
    pub(crate) span: Span,
    pub(crate) from: Option<Period>,
    pub(crate) unit: Unit,
    pub(crate) decimals: u8,
    pub(crate) interval: Interval,
    pub(crate) observable_from: ObservableFrom,
    pub(crate) audience: Audience,
    pub(crate) words: Words,
    pub(crate) is_coverage_measured: bool,
    pub(crate) breakdowns: Vec<Vec<Dimension>>,
    pub(crate) parameters: Vec<Parameter>,
    pub(crate) tests: Vec<Test>,
    pub(crate) frame: Option<Query>,
    pub(crate) collected: Option<Query>,
    pub(crate) digest: Digest,
}

/// What is said to people about an indicator.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub(crate) struct Words {
    pub(crate) title: Text,
    pub(crate) definition: Text,
    pub(crate) source: Text,
    pub(crate) population: Text,
    pub(crate) n_label: Text,
    pub(crate) coverage: Text,
    pub(crate) uncertainty: Text,
}

impl Indicator {
    /// When its numbers may be shown.
    pub fn output_rule(&self) -> OutputRule {
        (self.statistic.statistic.rule)(self.statistic.argument())
    }

    /// Its id.
    pub fn id(&self) -> &IndicatorId {
        &self.id
    }

    /// The theme it is shown under.
    pub fn theme(&self) -> &str {
        &self.theme
    }

    /// Its name.
    pub fn title(&self) -> &Text {
        &self.words.title
    }

    /// What it measures.
    pub fn definition(&self) -> &Text {
        &self.words.definition
    }

    /// How it is computed.
    pub fn statistic(&self) -> Asked {
        self.statistic
    }

    /// How long its reference periods are.
    pub fn span(&self) -> Span {
        self.span
    }

    /// Where it can be observed.
    pub fn observable_from(&self) -> ObservableFrom {
        self.observable_from
    }

    /// What its numbers count or measure.
    pub fn unit(&self) -> Unit {
        self.unit
    }

    /// Who may see its tables.
    pub fn audience(&self) -> Audience {
        self.audience
    }

    /// The sets of crossed dimensions it has tables for, the plain series first.
    pub fn breakdowns(&self) -> &[Vec<Dimension>] {
        &self.breakdowns
    }

    /// The dated amounts it rests on.
    pub fn parameters(&self) -> &[Parameter] {
        &self.parameters
    }

    /// The tests that its figures must pass.
    pub fn tests(&self) -> &[Test] {
        &self.tests
    }

    /// The tables of the base it reads, sorted.
    pub fn tables(&self) -> BTreeSet<TableName> {
        let queries = self.frame.iter().chain(&self.collected);
        queries.flat_map(|query| query.tables.clone()).collect()
    }

    /// The words of its queries, among which stand all columns they read; none when they read whole tables.
    pub(crate) fn words(&self) -> Option<BTreeSet<String>> {
        let mut all = BTreeSet::new();
        for query in self.frame.iter().chain(&self.collected) {
            all.extend(query.words.clone()?);
        }
        Some(all)
    }

    /// The digest of its file and of the dimensions it uses.
    pub fn digest(&self) -> Digest {
        self.digest
    }

    /// Every dimension of its breakdowns, once, in order of first use.
    pub(crate) fn dimensions(&self) -> Vec<&Dimension> {
        let mut all: Vec<&Dimension> = Vec::new();
        for dimension in self.breakdowns.iter().flatten() {
            if !all.iter().any(|known| known.id == dimension.id) {
                all.push(dimension);
            }
        }
        all
    }
}

/// One SELECT of a definition, which may name dated amounts.
#[derive(Clone, Debug)]
pub(crate) struct Query {
    file: String,
    text: String,
    tables: BTreeSet<TableName>,
    /// None when all columns of something are read.
    words: Option<BTreeSet<String>>,
}

impl Query {
    /// Checks the text with the parameters' first values in it.
    pub(crate) fn parse(
        file: &str,
        text: String,
        parameters: &[Parameter],
    ) -> Result<Query, SqlError> {
        let filled = parameters.iter().fold(text.clone(), |text, parameter| {
            text.replace(&format!("{{{}}}", parameter.name), "0")
        });
        let sql = Sql::parse(file, &filled)?;
        Ok(Query {
            tables: sql.tables().clone(),
            words: sql.words(),
            file: file.to_owned(),
            text,
        })
    }

    /// Whether a column of its own may have a name: the text has the word.
    pub(crate) fn gives(&self, column: &str) -> bool {
        let words = self
            .text
            .split(|one: char| !one.is_alphanumeric() && one != '_');
        words.into_iter().any(|word| word == column)
    }

    /// The text as the file has it.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// The SELECT as of a period, inside `before` and `after`; the inner error names a parameter that has no value yet.
    pub(crate) fn at<'a>(
        &self,
        period: Period,
        parameters: &'a [Parameter],
        wrap: (&str, &str),
    ) -> Result<Result<Sql, SqlError>, &'a str> {
        let filled = parameter::fill(&self.text, parameters, period)?;
        let inner = filled.trim_end().trim_end_matches(';');
        Ok(Sql::parse(
            &self.file,
            &format!("{}{inner}{}", wrap.0, wrap.1),
        ))
    }
}

/// The dimensions of the lab: `dimensions.yaml`.
#[derive(Clone, Debug)]
pub struct Dimensions {
    pub(crate) list: Vec<Dimension>,
    /// The code list of each dimension that has one.
    pub(crate) lists: BTreeMap<String, String>,
    /// What the categories of other dimensions lie in.
    pub(crate) within: Vec<Within>,
}

impl Dimensions {
    /// The dimension of an id.
    pub fn get(&self, id: &str) -> Option<&Dimension> {
        self.list.iter().find(|dimension| dimension.id == id)
    }

    /// The ids, in the order of the file.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        self.list.iter().map(|dimension| dimension.id.as_str())
    }
}

/// Every indicator of a lab, sorted by id.
#[derive(Clone, Debug)]
pub struct Indicators {
    dimensions: Dimensions,
    list: Vec<Indicator>,
}

/// No indicator has the name.
#[derive(Debug, thiserror::Error)]
#[error("there is no indicator `{name}`")]
pub struct UnknownIndicator {
    name: String,
    meant: Option<String>,
}

impl Diagnose for UnknownIndicator {
    fn diagnostic(&self) -> Diagnostic {
        Diagnostic::new(codes::UNKNOWN_INDICATOR)
            .with("indicator", &self.name)
            .suggest(self.meant.as_deref())
    }
}

impl Indicators {
    /// Reads `dimensions.yaml` and `indicators/*.yaml` of a lab folder.
    ///
    /// # Errors
    /// [`DefinitionError`] with every fault found, each with file, line and column.
    pub fn read(lab_folder: &Path, code_lists: &CodeLists) -> Result<Indicators, DefinitionError> {
        let names: Vec<&str> = code_lists.iter().map(CodeList::name).collect();
        let categories = |list: &str| {
            let rows = code_lists.get(list)?.rows().iter();
            let category = |row: &CodeRow| Category {
                id: row.code.clone(),
                label: row.label.clone(),
            };
            Some(rows.map(category).collect())
        };
        Indicators::read_with(lab_folder, &categories, &names)
    }

    /// The same with the categories of code lists that need not be files.
    ///
    /// # Errors
    /// As [`Indicators::read`].
    pub fn read_with(
        lab_folder: &Path,
        categories: &dyn Fn(&str) -> Option<Vec<Category>>,
        code_lists: &[&str],
    ) -> Result<Indicators, DefinitionError> {
        let (dimensions, list) = definition_file::read(lab_folder, categories, code_lists)?;
        Ok(Indicators { dimensions, list })
    }

    /// The indicators, sorted by id.
    pub fn list(&self) -> &[Indicator] {
        &self.list
    }

    /// The dimensions.
    pub fn dimensions(&self) -> &Dimensions {
        &self.dimensions
    }

    /// The indicator of a name.
    ///
    /// # Errors
    /// [`UnknownIndicator`] with the name that was probably meant.
    pub fn get(&self, name: &str) -> Result<&Indicator, UnknownIndicator> {
        let ids = self.list.iter().map(|indicator| indicator.id.as_str());
        match self
            .list
            .iter()
            .find(|indicator| indicator.id.as_str() == name)
        {
            Some(indicator) => Ok(indicator),
            None => Err(UnknownIndicator {
                name: name.chars().take(60).collect(),
                meant: did_you_mean(name, ids).map(str::to_owned),
            }),
        }
    }
}
