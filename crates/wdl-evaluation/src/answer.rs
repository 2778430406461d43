//! What a method gives back: estimates with their uncertainty, the rows they rest on, tables of diagnostics, and what a reader must know.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::{Serialize, Serializer};
use wdl_vocab::Text;

use crate::glossary;
use crate::groups::SmallGroup;
use crate::opening::Opening;

/// The answer of a method.
#[derive(Clone, Debug, Serialize)]
pub struct Evaluation {
    /// The method's name.
    pub method: &'static str,
    /// What is estimated, for whom.
    pub estimand: Text,
    /// The answer in a sentence for everybody; empty until [`crate::evaluate`] wrote it.
    pub summary: Text,
    /// The estimates.
    pub estimates: Vec<Estimate>,
    /// The rows behind them.
    pub sample: Kept,
    /// Single figures of the method under stable keys: bandwidths, degrees of freedom, convergence.
    pub figures: BTreeMap<&'static str, Cell>,
    /// What the figures are called.
    pub figure_names: BTreeMap<&'static str, Text>,
    /// Further tables.
    pub tables: Vec<Table>,
    /// Assumptions, warnings and conventions.
    pub notes: Vec<Note>,
    /// The fewest units behind any row of the answer, as far as they are counted.
    pub smallest_group: Option<u64>,
    /// The rows that rest on fewer units than the threshold asked for.
    pub small_groups: Vec<SmallGroup>,
    /// The rows of each group that the estimates rest on, where they are not all rows: whoever knows more of the rows can count it there.
    #[serde(skip)]
    pub behind: Vec<Behind>,
    /// What the sentence for everybody is made of.
    #[serde(skip)]
    pub opening: Opening,
}

impl Evaluation {
    /// An answer without estimates yet.
    pub fn new(method: &'static str, estimand: Text, sample: Kept) -> Evaluation {
        Evaluation {
            method,
            estimand,
            summary: Text::fixed("", ""),
            estimates: Vec::new(),
            sample,
            figures: BTreeMap::new(),
            figure_names: BTreeMap::new(),
            tables: Vec::new(),
            notes: Vec::new(),
            smallest_group: None,
            small_groups: Vec::new(),
            behind: Vec::new(),
            opening: Opening::default(),
        }
    }

    /// Adds a note.
    pub fn note(
        &mut self,
        kind: NoteKind,
        key: &'static str,
        it: impl Into<String>,
        en: impl Into<String>,
    ) {
        self.notes.push(Note {
            kind,
            key,
            text: Text::new(it, en),
        });
    }

    /// Adds a single figure; the glossary has its name.
    pub fn figure(&mut self, key: &'static str, value: impl Into<Cell>) {
        self.figures.insert(key, value.into());
        if let Some(own) = glossary::figure(key) {
            self.figure_names.insert(key, own.name.clone());
        }
    }

    /// Says for whom the main estimate is, for the sentence for everybody.
    pub fn about(&mut self, it: impl Into<String>, en: impl Into<String>) {
        self.opening.whom = Some(Text::new(it, en));
    }

    /// The estimate that the sentence for everybody is about.
    pub fn headline(&self) -> Option<&Estimate> {
        self.estimates.get(self.opening.headline)
    }
}

/// The rows of one group that the estimates rest on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Behind {
    /// The group: `below`, `treated`.
    pub group: &'static str,
    /// Its rows in the table that the method was handed.
    pub rows: Vec<usize>,
}

/// One estimate.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Estimate {
    /// What it is of: `treatment`, `att`, `2004,2006`.
    pub name: String,
    /// What it is of, in plain words.
    pub label: Text,
    /// The estimate.
    pub estimate: f64,
    /// Its standard error; nothing where inference is not possible.
    pub standard_error: Option<f64>,
    /// The estimate over its error.
    pub statistic: Option<f64>,
    /// How often chance alone gives a statistic as far from zero.
    pub p_value: Option<f64>,
    /// The interval of confidence.
    pub interval: Option<[f64; 2]>,
    /// Its level: 0.95.
    pub level: f64,
    /// The degrees of freedom of the t distribution used; nothing for the normal.
    pub degrees_of_freedom: Option<f64>,
    /// The units of the smallest group it rests on, where they are counted.
    pub units: Option<u64>,
}

impl Estimate {
    /// An estimate without uncertainty; its name is looked up in the glossary, and stands for itself where it is that of a column.
    pub fn point(name: impl Into<String>, estimate: f64) -> Estimate {
        let name = name.into();
        let label = glossary::estimate(&name);
        Estimate {
            label: label.unwrap_or_else(|| Text::new(name.as_str(), name.as_str())),
            name,
            estimate,
            standard_error: None,
            statistic: None,
            p_value: None,
            interval: None,
            level: 0.95,
            degrees_of_freedom: None,
            units: None,
        }
    }

    /// The same estimate under other words.
    #[must_use]
    pub fn called(self, label: Text) -> Estimate {
        Estimate { label, ..self }
    }

    /// The same estimate under other words, where there are any.
    #[must_use]
    pub fn named(self, label: Option<Text>) -> Estimate {
        match label {
            Some(label) => self.called(label),
            None => self,
        }
    }

    /// The same estimate, resting on a smallest group of so many units.
    #[must_use]
    pub fn resting_on(self, units: usize) -> Estimate {
        Estimate {
            units: Some(units as u64),
            ..self
        }
    }

    /// An estimate with a standard error, judged by the normal, or by t with `degrees` of freedom.
    pub fn with_error(
        name: impl Into<String>,
        estimate: f64,
        error: f64,
        degrees: Option<f64>,
        level: f64,
    ) -> Estimate {
        use wdl_causal::distribution::{
            normal_quantile, normal_two_sided, student_quantile, student_two_sided,
        };
        let mut own = Estimate::point(name, estimate);
        own.level = level;
        own.degrees_of_freedom = degrees;
        if !error.is_finite() || error <= 0.0 {
            return own;
        }
        let statistic = estimate / error;
        let upper = 0.5 + level / 2.0;
        let (p, quantile) = match degrees {
            Some(degrees) => (
                student_two_sided(statistic, degrees),
                student_quantile(upper, degrees),
            ),
            None => (normal_two_sided(statistic), normal_quantile(upper)),
        };
        own.standard_error = Some(error);
        own.statistic = Some(statistic);
        own.p_value = Some(p);
        own.interval = Some([estimate - quantile * error, estimate + quantile * error]);
        own
    }
}

/// The rows an answer rests on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Kept {
    /// Rows of the file.
    pub rows: usize,
    /// Rows used.
    pub used: usize,
    /// Missing values by column; a row may lack several.
    pub missing: BTreeMap<String, usize>,
    /// Rows left out for another reason.
    pub left_out: Vec<LeftOut>,
}

/// Rows left out, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LeftOut {
    /// How many.
    pub count: usize,
    /// Why.
    pub reason: Text,
}

impl Kept {
    /// Counts rows that a method leaves out.
    pub fn leave_out(&mut self, count: usize, it: &str, en: &str) {
        if count > 0 {
            self.used -= count;
            self.left_out.push(LeftOut {
                count,
                reason: Text::new(it, en),
            });
        }
    }
}

/// A table of diagnostics.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Table {
    /// A stable key: `balance`.
    pub key: &'static str,
    /// Its title.
    pub title: Text,
    /// Stable keys of its columns with their titles.
    pub columns: Vec<(&'static str, Text)>,
    /// Its rows.
    pub rows: Vec<Vec<Cell>>,
}

/// A value of a table.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Cell {
    /// A number; one that is not finite is written as nothing.
    Number(f64),
    /// A count.
    Count(u64),
    /// Yes or no.
    Flag(bool),
    /// A name that the data have, or words in no language.
    Words(String),
    /// A word or a sentence of ours: written under its stable key, shown in the reader's language.
    Said(Said),
    /// There is none.
    None,
}

/// Words of ours in a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// The stable key.
    pub key: Cow<'static, str>,
    /// The words.
    pub text: Text,
}

impl Serialize for Said {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.key)
    }
}

impl Cell {
    /// A word of the glossary; one that it lacks is shown as it is.
    pub fn word(key: &'static str) -> Cell {
        let text = glossary::word(key).unwrap_or(Text::fixed(key, key));
        Cell::Said(Said {
            key: Cow::Borrowed(key),
            text,
        })
    }

    /// A sentence in both languages; its key is the English one.
    pub fn said(it: impl Into<String>, en: impl Into<String>) -> Cell {
        let text = Text::new(it, en);
        Cell::Said(Said {
            key: text.en.clone(),
            text,
        })
    }
}

impl From<f64> for Cell {
    fn from(value: f64) -> Cell {
        Cell::Number(value)
    }
}
impl From<usize> for Cell {
    fn from(value: usize) -> Cell {
        Cell::Count(value as u64)
    }
}
impl From<bool> for Cell {
    fn from(value: bool) -> Cell {
        Cell::Flag(value)
    }
}
impl From<&str> for Cell {
    fn from(value: &str) -> Cell {
        Cell::Words(value.to_owned())
    }
}
impl From<String> for Cell {
    fn from(value: String) -> Cell {
        Cell::Words(value)
    }
}
impl<T: Into<Cell>> From<Option<T>> for Cell {
    fn from(value: Option<T>) -> Cell {
        value.map_or(Cell::None, Into::into)
    }
}

/// Something a reader must know.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Note {
    /// What kind of thing.
    pub kind: NoteKind,
    /// A stable key: `parallel_trends`, `two_clusters`.
    pub key: &'static str,
    /// The sentence.
    pub text: Text,
}

/// The kinds of notes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum NoteKind {
    /// What must hold for the estimate to be an effect.
    Assumption,
    /// What speaks against trusting it.
    Warning,
    /// Which of several usages was followed.
    Convention,
}
