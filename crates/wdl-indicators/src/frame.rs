//! Runs a frame for one period and sorts its rows into the categories of the dimensions.

use wdl_frame::{ColumnError, Columns, Scope, Sql, SqlError, TextColumn};
use wdl_result::Dimension;
use wdl_stats::scores::Method;
use wdl_stats::{Design, Ending, Sample, Spells};
use wdl_vocab::Period;

use crate::behind::{SetsOf, spread, spread_text};
use crate::catalog::{Sums, SumsKernel, column};
use crate::definition::{Indicator, Query};
use crate::evaluate::EvaluateError;
use crate::population::{Line, Population};

/// Per dimension of the indicator, the category of each row; the number of categories means that it is not known.
pub(crate) struct Keys {
    codes: Vec<Vec<u16>>,
}

impl Keys {
    /// Whether a row lies in a cell: one category, or any, per dimension of the indicator.
    pub(crate) fn is_in(&self, row: usize, cell: &[Option<u16>]) -> bool {
        self.codes
            .iter()
            .zip(cell)
            .all(|(codes, wanted)| wanted.is_none_or(|wanted| codes[row] == wanted))
    }

    /// The category of a row in one dimension.
    pub(crate) fn code(&self, row: usize, dimension: usize) -> u16 {
        self.codes[dimension][row]
    }
}

/// The rows of a frame for disclosure control: who they speak of, and what they give.
pub(crate) struct BehindRows {
    pub(crate) keys: Keys,
    pub(crate) count: usize,
    /// Under the key of the lab; none when the frame does not say who each row speaks of.
    pub(crate) units: Option<Vec<u64>>,
    pub(crate) values: Option<Vec<f64>>,
}

/// The rows of a frame for a statistic that adds up.
pub(crate) struct GroupedRows {
    pub(crate) keys: Keys,
    pub(crate) groups: Vec<Sums>,
}

/// The rows of a frame for a statistic of unit rows.
pub(crate) struct UnitRows {
    /// Of all rows, also those without a value.
    pub(crate) keys: Keys,
    /// Which rows have a value.
    pub(crate) is_covered: Vec<bool>,
    /// Those rows, with the places of all rows, and the design over all rows.
    pub(crate) population: Population,
}

/// The rows of a frame of spells.
pub(crate) struct SpellRows {
    /// Their durations.
    pub(crate) units: UnitRows,
    /// When their observation began and how they ended.
    pub(crate) spells: Spells,
}

/// The rows of a frame that gives finished numbers.
pub(crate) struct GivenRows {
    pub(crate) keys: Keys,
    pub(crate) values: Vec<Option<f64>>,
    pub(crate) standard_errors: Vec<Option<f64>>,
    pub(crate) n: Vec<Option<i64>>,
}

/// One frame over the tables of one period.
pub(crate) struct Run<'a> {
    pub(crate) indicator: &'a Indicator,
    pub(crate) scope: &'a Scope,
    pub(crate) period: Period,
}

impl Run<'_> {
    /// Whether the source was delivered for the period.
    pub(crate) fn is_collected(&self) -> Result<bool, EvaluateError> {
        let Some(query) = &self.indicator.collected else {
            return Ok(true);
        };
        let wrap = (
            "SELECT COUNT(*) AS found FROM (",
            "\n) AS source WHERE collected",
        );
        let answer = self.answer(query, wrap)?;
        let found = answer
            .integers("found")
            .map_err(|fault| self.column_fault(&fault))?;
        Ok(found.first().is_some_and(|found| *found > Some(0)))
    }

    /// Counts and sums per group of the crossed dimensions.
    pub(crate) fn grouped(
        &self,
        frame: &Query,
        kernel: &SumsKernel,
    ) -> Result<GroupedRows, EvaluateError> {
        let dimensions = self.indicator.dimensions();
        let names: Vec<String> = dimensions
            .iter()
            .map(|dimension| format!("\"{}\"", dimension.id))
            .collect();
        let counted = kernel.column.unwrap_or("*");
        let with = match kernel.column {
            Some(column::HAS_PROPERTY) => "COUNT(*) FILTER (WHERE has_property)",
            _ => "0",
        };
        let sum = match kernel.column {
            Some(column::VALUE) => "SUM(value)",
            _ => "0",
        };
        let select: Vec<String> = names
            .iter()
            .cloned()
            .chain([
                "COUNT(*) AS wdl_rows".to_owned(),
                format!("COUNT({counted}) AS wdl_n"),
                format!("{with} AS wdl_with"),
                format!("{sum} AS wdl_sum"),
            ])
            .collect();
        let before = format!("SELECT {} FROM (", select.join(", "));
        let after = match names.is_empty() {
            true => "\n) AS unit".to_owned(),
            false => format!("\n) AS unit GROUP BY {}", names.join(", ")),
        };
        let answer = self
            .answer(frame, (&before, &after))
            .map_err(|fault| self.as_column_fault(fault, kernel))?;
        let counts = |name: &str| {
            answer
                .integers(name)
                .map_err(|fault| self.column_fault(&fault))
        };
        let (rows, n, n_with) = (counts("wdl_rows")?, counts("wdl_n")?, counts("wdl_with")?);
        let sums = answer
            .numbers("wdl_sum")
            .map_err(|fault| self.column_fault(&fault))?;
        let count = |value: Option<i64>| value.unwrap_or(0).unsigned_abs();
        let groups = (0..answer.rows())
            .map(|row| Sums {
                rows: count(rows[row]),
                n: count(n[row]),
                n_with: count(n_with[row]),
                cents: (sums[row].unwrap_or(0.0) * 100.0).round() as i128,
            })
            .collect();
        Ok(GroupedRows {
            keys: self.keys(&answer, &dimensions)?,
            groups,
        })
    }

    /// The spells as the kernel reads them; a row without a duration is not observed.
    pub(crate) fn spells(&self, frame: &Query) -> Result<SpellRows, EvaluateError> {
        let answer = self.answer(frame, ("", ""))?;
        let fault = |fault: ColumnError| self.column_fault(&fault);
        let entries = match answer.names().iter().any(|name| name == column::ENTRY) {
            true => answer.numbers(column::ENTRY).map_err(fault)?,
            false => vec![None; answer.rows()],
        };
        if entries.iter().flatten().any(|entry| !entry.is_finite()) {
            return Err(fault(ColumnError::Kind(
                column::ENTRY.to_owned(),
                "a number",
            )));
        }
        let endings = answer.integers(column::HAS_PROPERTY).map_err(fault)?;
        let ending = |has_property: &Option<i64>| match has_property {
            None => Ending::Open,
            Some(0) => Ending::Competing,
            Some(_) => Ending::Event,
        };
        let endings: Vec<Ending> = endings.iter().map(ending).collect();
        Ok(SpellRows {
            units: self.units_of(&answer)?,
            spells: Spells::new(&entries, &endings),
        })
    }

    /// The unit rows as the kernel reads them.
    pub(crate) fn units(&self, frame: &Query) -> Result<UnitRows, EvaluateError> {
        self.units_of(&self.answer(frame, ("", ""))?)
    }

    fn units_of(&self, answer: &Columns) -> Result<UnitRows, EvaluateError> {
        let fault = |fault| self.column_fault(&fault);
        let read = answer.numbers(column::VALUE).map_err(fault)?;
        let is_covered: Vec<bool> = read.iter().map(Option::is_some).collect();
        let names = answer.names();
        let has = |name: &str| names.iter().any(|known| known == name);
        let weights: Vec<f64> = match has(column::WEIGHT) {
            true => answer
                .numbers(column::WEIGHT)
                .map_err(fault)?
                .iter()
                .map(|weight| weight.unwrap_or(f64::NAN))
                .collect(),
            false => vec![1.0; answer.rows()],
        };
        // A row without a value keeps its place and weighs nothing; it may still have a reference.
        let weighed = |(weight, is_covered): (&f64, &bool)| if *is_covered { *weight } else { 0.0 };
        let own_weights: Vec<f64> = weights.iter().zip(&is_covered).map(weighed).collect();
        let values: Vec<f64> = read.iter().map(|value| value.unwrap_or(0.0)).collect();
        let sample_of = |values: &[f64], weights: &[f64]| {
            Sample::new(values, weights).map_err(|fault| EvaluateError::Rows {
                indicator: self.indicator.id.clone(),
                period: self.period,
                source: fault,
            })
        };
        let sample = sample_of(&values, &own_weights)?;
        let reference = match has(column::REFERENCE) {
            true => {
                let read = answer.numbers(column::REFERENCE).map_err(fault)?;
                let known = |(weight, value): (&f64, &Option<f64>)| match value {
                    Some(_) => *weight,
                    None => 0.0,
                };
                let weights: Vec<f64> = weights.iter().zip(&read).map(known).collect();
                let values: Vec<f64> = read.iter().map(|value| value.unwrap_or(0.0)).collect();
                Some(sample_of(&values, &weights)?)
            }
            false => None,
        };
        let line = match has(column::THRESHOLD) {
            true => {
                let read = answer.numbers(column::THRESHOLD).map_err(fault)?;
                self.threshold(&read)?
            }
            false => Line::default(),
        };
        let clusters = has(column::CLUSTER)
            .then(|| self.names(answer, column::CLUSTER))
            .transpose()?;
        let strata = has(column::STRATUM)
            .then(|| self.names(answer, column::STRATUM))
            .transpose()?;
        Ok(UnitRows {
            keys: self.keys(answer, &self.indicator.dimensions())?,
            is_covered,
            population: Population::new(
                sample,
                Design::new(values.len(), clusters.as_deref(), strata.as_deref()),
            )
            .under(line, Method::default(), reference),
        })
    }

    /// The one amount that every row gives as the threshold.
    fn threshold(&self, read: &[Option<f64>]) -> Result<Line, EvaluateError> {
        let mut amounts = read.iter().flatten();
        let first = amounts.next();
        match first {
            Some(first) if amounts.all(|amount| amount == first) => Ok(Line::Fixed(*first)),
            None if read.is_empty() => Ok(Line::default()),
            _ => Err(EvaluateError::Column {
                indicator: self.indicator.id.clone(),
                detail: format!("`{}` is one amount in all rows", column::THRESHOLD),
            }),
        }
    }

    /// Finished numbers, one row per cell.
    pub(crate) fn given(&self, frame: &Query) -> Result<GivenRows, EvaluateError> {
        let answer = self.answer(frame, ("", ""))?;
        let fault = |fault| self.column_fault(&fault);
        let has_error = answer
            .names()
            .iter()
            .any(|name| name == column::STANDARD_ERROR);
        Ok(GivenRows {
            keys: self.keys(&answer, &self.indicator.dimensions())?,
            values: answer.numbers(column::VALUE).map_err(fault)?,
            standard_errors: match has_error {
                true => answer.numbers(column::STANDARD_ERROR).map_err(fault)?,
                false => vec![None; answer.rows()],
            },
            n: answer.integers(column::N).map_err(fault)?,
        })
    }

    /// Who the rows that count speak of, each once per group of the crossed dimensions, and what they give together.
    pub(crate) fn behind(
        &self,
        frame: &Query,
        counted: Option<&str>,
        has_values: bool,
        sets: &SetsOf,
    ) -> Result<BehindRows, EvaluateError> {
        let dimensions = self.indicator.dimensions();
        let named = dimensions.iter().map(|one| format!("\"{}\"", one.id));
        let mut groups: Vec<String> = named.collect();
        let has_units = frame.gives(column::UNIT);
        if has_units {
            groups.push(format!("\"{}\"", column::UNIT));
        }
        let value = match (has_values, has_units) {
            (false, _) => "0 AS wdl_value",
            (true, true) => "SUM(value) AS wdl_value",
            (true, false) => "value AS wdl_value",
        };
        let select: Vec<&str> = groups.iter().map(String::as_str).chain([value]).collect();
        let before = format!("SELECT {} FROM (", select.join(", "));
        let mut after = "\n) AS counted_rows".to_owned();
        if let Some(column) = counted {
            after.push_str(&format!(" WHERE {column} IS NOT NULL"));
        }
        if has_units {
            after.push_str(&format!(" GROUP BY {}", groups.join(", ")));
        }
        let answer = self.answer(frame, (&before, &after))?;
        let fault = |fault: ColumnError| self.column_fault(&fault);
        let values = answer.numbers("wdl_value").map_err(fault)?;
        Ok(BehindRows {
            keys: self.keys(&answer, &dimensions)?,
            count: answer.rows(),
            units: match has_units {
                true => self.unit_numbers(&answer, sets)?,
                false => None,
            },
            values: has_values.then(|| values.iter().map(|one| one.unwrap_or(0.0)).collect()),
        })
    }

    /// The unit of each row under the lab's key; nothing when one of them is missing.
    fn unit_numbers(
        &self,
        answer: &Columns,
        sets: &SetsOf,
    ) -> Result<Option<Vec<u64>>, EvaluateError> {
        if let Some(numbers) = answer.whole_numbers(column::UNIT) {
            let spread = numbers
                .iter()
                .map(|one| spread(sets.key, one.cast_unsigned()));
            return Ok(Some(spread.collect()));
        }
        let text = answer
            .text(column::UNIT)
            .map_err(|fault| self.column_fault(&fault))?;
        let values: Vec<u64> = text
            .values
            .iter()
            .map(|id| spread_text(sets.key, id))
            .collect();
        let known = text
            .codes
            .iter()
            .map(|code| Some(values[(*code)? as usize]));
        Ok(known.collect())
    }

    fn answer(&self, query: &Query, wrap: (&str, &str)) -> Result<Columns, EvaluateError> {
        let sql: Sql = query
            .at(self.period, &self.indicator.parameters, wrap)
            .map_err(|name| EvaluateError::NoParameter {
                indicator: self.indicator.id.clone(),
                parameter: name.to_owned(),
                period: self.period,
            })??;
        let (schema, batches) = self.scope.run(&sql)?;
        Ok(Columns::new(&schema, &batches))
    }

    /// Names of clusters or strata as numbers; a missing one is a name of its own.
    fn names(&self, answer: &Columns, name: &str) -> Result<Vec<u64>, EvaluateError> {
        if let Some(numbers) = answer.whole_numbers(name) {
            return Ok(numbers
                .iter()
                .map(|number| number.cast_unsigned())
                .collect());
        }
        let text = answer
            .text(name)
            .map_err(|fault| self.column_fault(&fault))?;
        let beyond = text.values.len() as u64;
        let number = |(row, code): (usize, &Option<u32>)| match code {
            Some(code) => u64::from(*code),
            None => beyond + row as u64,
        };
        Ok(text.codes.iter().enumerate().map(number).collect())
    }

    fn keys(&self, answer: &Columns, dimensions: &[&Dimension]) -> Result<Keys, EvaluateError> {
        let codes = dimensions.iter().map(|dimension| {
            let text = answer
                .text(&dimension.id)
                .map_err(|fault| self.column_fault(&fault))?;
            categories_of(&text, dimension).ok_or_else(|| EvaluateError::UnknownCategory {
                indicator: self.indicator.id.clone(),
                dimension: dimension.id.clone(),
            })
        });
        Ok(Keys {
            codes: codes.collect::<Result<_, _>>()?,
        })
    }

    /// A column that the grouping asks of the frame, and not the frame of the base, is missing in the frame.
    fn as_column_fault(&self, fault: EvaluateError, kernel: &SumsKernel) -> EvaluateError {
        let dimensions = self.indicator.dimensions();
        let is_asked = |name: &str| {
            kernel.column == Some(name) || dimensions.iter().any(|dimension| dimension.id == name)
        };
        match fault {
            EvaluateError::Sql(SqlError::UnknownColumn { name, .. }) if is_asked(&name) => {
                self.column_fault(&ColumnError::Missing(name))
            }
            other => other,
        }
    }

    fn column_fault(&self, fault: &ColumnError) -> EvaluateError {
        EvaluateError::Column {
            indicator: self.indicator.id.clone(),
            detail: fault.to_string(),
        }
    }
}

/// The category of each row, or `None` when a value is none of them.
fn categories_of(text: &TextColumn, dimension: &Dimension) -> Option<Vec<u16>> {
    let place = |value: &String| {
        let found = dimension
            .categories
            .iter()
            .position(|category| category.id == *value);
        found.and_then(|place| u16::try_from(place).ok())
    };
    let places: Vec<u16> = text.values.iter().map(place).collect::<Option<_>>()?;
    let unknown = u16::try_from(dimension.categories.len()).ok()?;
    let code = |code: &Option<u32>| code.map_or(unknown, |code| places[code as usize]);
    Some(text.codes.iter().map(code).collect())
}
