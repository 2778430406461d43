//! The model file: read with every fault at its place, written so that it is read back the same.
//!
//! ```yaml
//! fields:
//!   - { column: nome, kind: given_name }
//!   - { column: cognome, kind: surname }
//!   - { column: data_nascita, kind: birth_date }
//! crossed:
//!   - [nome, cognome]
//! blocking:
//!   - cognome & data_nascita
//!   - nome.sound & data_nascita.year
//! cardinality: automatic
//! cut: 0.5
//! ```

use std::fmt::Write as _;

use serde::Deserialize;
use wdl_vocab::diagnostics::codes::linkage as codes;
use wdl_vocab::{Diagnose, Diagnostic, did_you_mean};
use wdl_yaml::{Placed, Source};

use crate::compare::FIELDS_MAX;
use crate::model::{BlockingRule, CUT, Cardinality, Field, Key, Kind, Model};

/// A model file cannot be used; every fault found is listed.
pub type ModelError = wdl_yaml::FolderError<ModelFault>;

type Fault = wdl_yaml::Fault<ModelFault>;
type FaultKind = wdl_yaml::FaultKind<ModelFault>;

/// What only the reader of a model can find wrong.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ModelFault {
    /// No field, or more than are compared.
    #[error("a model of {count} fields")]
    Fields {
        /// How many.
        count: usize,
    },
    /// A column that stands twice.
    #[error("the column `{column}` stands twice")]
    Twice {
        /// The column.
        column: String,
    },
    /// A rule, or a pair of exchanged columns, that speaks of something that is no field.
    #[error("`{name}` is no field and no part of one")]
    NoField {
        /// What it speaks of.
        name: String,
        /// The fields there are.
        known: String,
        /// What was probably meant.
        meant: Option<String>,
    },
    /// A probability that is none.
    #[error("a cut of {value}")]
    Cut {
        /// The number given.
        value: String,
    },
}

impl Diagnose for ModelFault {
    fn diagnostic(&self) -> Diagnostic {
        match self {
            ModelFault::Fields { count } => Diagnostic::new(codes::MODEL_FIELDS)
                .with("count", count)
                .with("maximum", FIELDS_MAX),
            ModelFault::Twice { column } => {
                Diagnostic::new(codes::MODEL_TWICE).with("column", column)
            }
            ModelFault::NoField { name, known, meant } => Diagnostic::new(codes::MODEL_NO_FIELD)
                .with("name", name)
                .with("expected", known)
                .suggest(meant.as_deref()),
            ModelFault::Cut { value } => Diagnostic::new(codes::MODEL_CUT).with("value", value),
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ModelFile {
    fields: Vec<FieldFile>,
    #[serde(default)]
    crossed: Vec<(Placed<String>, Placed<String>)>,
    #[serde(default)]
    blocking: Vec<Placed<String>>,
    #[serde(default)]
    cardinality: Option<Placed<String>>,
    #[serde(default)]
    cut: Option<Placed<f64>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FieldFile {
    column: Placed<String>,
    kind: Placed<String>,
}

impl Model {
    /// Reads a model file; `name` is what faults call it.
    ///
    /// # Errors
    /// Every fault, with its line and column.
    pub fn read(name: &str, text: &str) -> Result<Model, ModelError> {
        let source = Source::of(name, text);
        let file: ModelFile = source.parse()?;
        let mut reader = Reader {
            source: &source,
            faults: Vec::new(),
        };
        let model = reader.model(&file);
        ModelError::unless_empty(reader.faults)?;
        Ok(model)
    }

    /// The model as a file.
    pub fn write(&self) -> String {
        let mut text = String::from("fields:\n");
        for field in &self.fields {
            let _ = writeln!(
                text,
                "  - {{ column: {}, kind: {} }}",
                scalar(&field.column),
                field.kind.word()
            );
        }
        if !self.crossed.is_empty() {
            text.push_str("crossed:\n");
        }
        for (one, other) in &self.crossed {
            let _ = writeln!(text, "  - [{}, {}]", scalar(one), scalar(other));
        }
        if !self.blocking.is_empty() {
            text.push_str("blocking:\n");
        }
        for rule in &self.blocking {
            let _ = writeln!(text, "  - {}", scalar(&rule.to_string()));
        }
        let _ = writeln!(text, "cardinality: {}", self.cardinality.word());
        let _ = writeln!(text, "cut: {}", self.cut);
        text
    }
}

/// Text in quotation marks, unless no reader could take it for anything else.
fn scalar(text: &str) -> String {
    let is_letter = |byte: u8| byte.is_ascii_alphabetic() || byte == b'_';
    let is_plain = text.bytes().next().is_some_and(is_letter)
        && text.bytes().all(|byte| {
            is_letter(byte) || byte.is_ascii_digit() || matches!(byte, b'.' | b' ' | b'&')
        })
        && !text.ends_with(' ')
        && !["null", "true", "false", "yes", "no", "on", "off", "y", "n"]
            .contains(&text.to_ascii_lowercase().as_str());
    match is_plain {
        true => text.to_owned(),
        false => {
            let mut quoted = String::from("\"");
            for letter in text.chars() {
                match letter {
                    '"' | '\\' => {
                        quoted.push('\\');
                        quoted.push(letter);
                    }
                    letter if letter.is_control() => {
                        let _ = write!(quoted, "\\U{:08x}", u32::from(letter));
                    }
                    letter => quoted.push(letter),
                }
            }
            quoted.push('"');
            quoted
        }
    }
}

struct Reader<'a> {
    source: &'a Source,
    faults: Vec<Fault>,
}

impl Reader<'_> {
    fn model(&mut self, file: &ModelFile) -> Model {
        let fields = self.fields(&file.fields);
        let columns: Vec<&str> = fields.iter().map(|field| field.column.as_str()).collect();
        let blocking = file
            .blocking
            .iter()
            .filter_map(|rule| self.rule(rule, &columns))
            .collect();
        let crossed = file
            .crossed
            .iter()
            .map(|(one, other)| {
                for name in [one, other] {
                    if !columns.contains(&name.value.as_str()) {
                        self.no_field(name, &name.value, &columns);
                    }
                }
                (one.value.clone(), other.value.clone())
            })
            .collect();
        let cut = file.cut.as_ref().map_or(CUT, |cut| {
            if !(cut.value > 0.0 && cut.value < 1.0) {
                let value = cut.value.to_string();
                self.fault(cut, ModelFault::Cut { value });
            }
            cut.value
        });
        Model {
            blocking,
            crossed,
            cardinality: self.cardinality(file.cardinality.as_ref()),
            cut,
            fields,
        }
    }

    fn fields(&mut self, files: &[FieldFile]) -> Vec<Field> {
        let words: Vec<&str> = Kind::all().map(Kind::word).collect();
        let mut fields: Vec<Field> = Vec::new();
        for file in files {
            let column = file.column.value.clone();
            if fields.iter().any(|field| field.column == column) {
                self.fault(&file.column, ModelFault::Twice { column });
                continue;
            }
            match Kind::of(&file.kind.value) {
                Some(kind) => fields.push(Field { column, kind }),
                None => {
                    let kind = FaultKind::unknown_word(&file.kind.value, &words);
                    self.fault(&file.kind, kind);
                }
            }
        }
        if self.faults.is_empty() && !(1..=FIELDS_MAX).contains(&fields.len()) {
            let count = fields.len();
            self.faults
                .push(self.source.fault(1, 1, ModelFault::Fields { count }));
        }
        fields
    }

    fn rule(&mut self, rule: &Placed<String>, columns: &[&str]) -> Option<BlockingRule> {
        let mut keys = Vec::new();
        for part in rule.value.split('&') {
            match Key::read(part.trim(), columns) {
                Some(key) => keys.push(key),
                None => {
                    self.no_field(rule, part.trim(), columns);
                    return None;
                }
            }
        }
        Some(BlockingRule(keys))
    }

    fn cardinality(&mut self, word: Option<&Placed<String>>) -> Cardinality {
        let Some(word) = word else {
            return Cardinality::default();
        };
        Cardinality::of(&word.value).unwrap_or_else(|| {
            let words: Vec<&str> = Cardinality::all().map(Cardinality::word).collect();
            let kind = FaultKind::unknown_word(&word.value, &words);
            self.fault(word, kind);
            Cardinality::default()
        })
    }

    fn no_field<T>(&mut self, place: &Placed<T>, name: &str, columns: &[&str]) {
        let meant = did_you_mean(name, columns.iter().copied()).map(str::to_owned);
        let fault = ModelFault::NoField {
            name: name.to_owned(),
            known: columns.join(", "),
            meant,
        };
        self.fault(place, fault);
    }

    fn fault<T>(&mut self, place: &Placed<T>, kind: impl Into<FaultKind>) {
        let fault = self.source.fault_at(place, kind);
        self.faults.push(fault);
    }
}
