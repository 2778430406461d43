//! `wdl protect mask FILE`: values of records changed instead of hidden: post-randomisation, microaggregation, rank swapping.

mod shown;

use std::path::PathBuf;

use wdl_anonymisation::mask::{
    MaskError, NumericUtility, TransitionMatrix, aggregate, aggregate_one, categories_moved,
    numeric_utility, randomise, swap_ranks,
};
use wdl_lab::Stopped;
use wdl_plain::PlainTable;
use wdl_vocab::Diagnostic;
use wdl_vocab::diagnostics::codes::{disclosure as codes, usage};

use super::changed::{check_out, write_csv};
use super::secret::Secret;
use crate::answer::Answer;

/// Changes values of records: categories by chance, numbers in groups or between neighbours
#[derive(clap::Args)]
pub(crate) struct Mask {
    /// The CSV or Parquet file, one record in each row
    file: PathBuf,
    /// How values are changed
    #[arg(long, value_name = "METHOD", value_enum)]
    method: Method,
    /// The columns whose values are changed
    #[arg(long, value_name = "COL,…", value_delimiter = ',', required = true)]
    columns: Vec<String>,
    /// pram: the chance that a category is kept; otherwise one is drawn by its frequency
    #[arg(long, value_name = "SHARE")]
    retain: Option<f64>,
    /// microaggregate: the least size of a group
    #[arg(long, value_name = "K", value_parser = clap::value_parser!(u32).range(2..))]
    k: Option<u32>,
    /// swap: how far away in ranks a partner may be, as a share of the records
    #[arg(long, value_name = "SHARE")]
    reach: Option<f64>,
    /// Write the changed columns, and those of --keep, in the order of the file
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Columns that are written as they are
    #[arg(long, value_name = "COL,…", value_delimiter = ',', requires = "out")]
    keep: Vec<String>,
    #[command(flatten)]
    secret: Secret,
}

/// How values are changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Method {
    /// Categories are replaced by chance, so that their frequencies stay right on average
    Pram,
    /// Numbers become the mean of a group of at least K alike (MDAV; one column: the best groups)
    Microaggregate,
    /// Numbers change places with others of nearly the same rank
    Swap,
}

/// The chance that a category is kept, when nothing is said.
const RETAIN: f64 = 0.8;
/// The least group, when nothing is said.
const K: u32 = 5;
/// The reach, when nothing is said.
const REACH: f64 = 0.05;

/// What was done to a column.
struct Masked {
    name: String,
    /// As written.
    cells: Vec<String>,
    missing: usize,
    /// The share of the records whose value is another now; none where no record has a value.
    changed: Option<f64>,
    /// Largest change of the share of a category; for categories only.
    share_change: Option<f64>,
}

/// Everything told.
struct Told {
    columns: Vec<Masked>,
    /// For numbers: what became of means, spreads and correlations.
    utility: Option<NumericUtility>,
    /// For groups: the spread within them over the whole.
    information_loss: Option<f64>,
    /// For groups: the least of them.
    smallest_group: Option<usize>,
}

impl Mask {
    pub(crate) fn run(&self) -> Result<Answer, Stopped> {
        check_out(&self.file, self.out.as_deref())?;
        self.check_options()?;
        let mut wanted: Vec<&str> = self
            .columns
            .iter()
            .chain(&self.keep)
            .map(String::as_str)
            .collect();
        wanted.sort_unstable();
        wanted.dedup();
        let table = PlainTable::read(&self.file, &wanted)?;
        if table.rows() == 0 {
            return Err(Stopped::new(
                Diagnostic::new(codes::NO_RECORDS).with("file", self.file.display()),
            ));
        }
        let told = match self.method {
            Method::Pram => self.pram(&table)?,
            Method::Microaggregate => self.microaggregate(&table)?,
            Method::Swap => self.swap(&table)?,
        };
        if let Some(path) = &self.out {
            let kept: Vec<Vec<Option<String>>> =
                self.keep.iter().map(|name| table.text(name)).collect();
            let headers = self.columns.iter().chain(&self.keep);
            let headers: Vec<&str> = headers.map(String::as_str).collect();
            let rows = (0..table.rows()).map(|row| {
                let masked = told.columns.iter().map(|column| column.cells[row].clone());
                let kept = kept.iter().map(|of| of[row].clone().unwrap_or_default());
                masked.chain(kept).collect()
            });
            write_csv(path, &headers, rows)?;
        }
        Ok(self.answer(&told))
    }

    /// A column is named once, and no option stands for another method.
    fn check_options(&self) -> Result<(), Stopped> {
        let mut named: Vec<&String> = self.columns.iter().chain(&self.keep).collect();
        named.sort_unstable();
        if let Some(pair) = named.windows(2).find(|pair| pair[0] == pair[1]) {
            return Err(Stopped::new(
                Diagnostic::new(codes::TWO_ROLES)
                    .with("column", pair[0])
                    .with("name", "--columns")
                    .with("other", "--keep"),
            ));
        }
        let idle = [
            ("--retain", self.retain.is_some(), Method::Pram, "pram"),
            (
                "--k",
                self.k.is_some(),
                Method::Microaggregate,
                "microaggregate",
            ),
            ("--reach", self.reach.is_some(), Method::Swap, "swap"),
        ];
        match idle
            .iter()
            .find(|(_, given, method, _)| *given && *method != self.method)
        {
            Some((option, _, _, method)) => Err(bad(option, "", &format!("--method {method}"))),
            None => Ok(()),
        }
    }

    fn pram(&self, table: &PlainTable) -> Result<Told, Stopped> {
        let retain = self.retain.unwrap_or(RETAIN);
        let secret = self.secret.bytes()?;
        let mut columns = Vec::new();
        for name in &self.columns {
            let (codes, values) = table.coded(name);
            let mut frequencies = vec![0u64; values.len()];
            for code in codes.iter().flatten() {
                frequencies[*code as usize] += 1;
            }
            let masked = match values.is_empty() {
                // Nobody has a value: nothing to replace.
                true => codes.clone(),
                false => TransitionMatrix::proportional(&frequencies, retain)
                    .and_then(|matrix| {
                        randomise(
                            &codes,
                            &matrix,
                            Secret::seed(&secret, &format!("pram {name}")),
                        )
                    })
                    .map_err(|fault| self.refused(&fault))?,
            };
            let mut after = vec![0u64; values.len()];
            for code in masked.iter().flatten() {
                after[*code as usize] += 1;
            }
            let rows: u64 = frequencies.iter().sum();
            let share_change = frequencies
                .iter()
                .zip(&after)
                .map(|(before, after)| before.abs_diff(*after) as f64 / rows as f64)
                .reduce(f64::max);
            let cell = |code: &Option<u32>| {
                code.map_or(String::new(), |code| values[code as usize].clone())
            };
            columns.push(Masked {
                name: name.clone(),
                cells: masked.iter().map(cell).collect(),
                missing: codes.iter().filter(|code| code.is_none()).count(),
                changed: categories_moved(&codes, &masked),
                share_change,
            });
        }
        Ok(Told {
            columns,
            utility: None,
            information_loss: None,
            smallest_group: None,
        })
    }

    fn microaggregate(&self, table: &PlainTable) -> Result<Told, Stopped> {
        let k = self.k.unwrap_or(K) as usize;
        let numbers = self.numbers(table)?;
        // One column: its missing values stay missing. Several: a record is grouped by all or not at all.
        let rows: Vec<usize> = (0..table.rows())
            .filter(|row| numbers.iter().all(|of| of[*row].is_some()))
            .collect();
        if numbers.len() > 1 && rows.len() < table.rows() {
            return Err(self.missing(table.rows() - rows.len()));
        }
        let truth = present(&numbers, &rows);
        let found = match truth.as_slice() {
            [one] => aggregate_one(one, k),
            all => aggregate(all, k),
        }
        .map_err(|fault| self.refused(&fault))?;
        let mut sizes = std::collections::BTreeMap::<u32, usize>::new();
        for group in &found.group {
            *sizes.entry(*group).or_default() += 1;
        }
        Ok(Told {
            columns: self.written(&numbers, &rows, &found.columns),
            utility: numeric_utility(&truth, &found.columns).ok(),
            information_loss: Some(found.information_loss),
            smallest_group: sizes.values().copied().min(),
        })
    }

    fn swap(&self, table: &PlainTable) -> Result<Told, Stopped> {
        let reach = self.reach.unwrap_or(REACH);
        let secret = self.secret.bytes()?;
        let numbers = self.numbers(table)?;
        let mut columns = Vec::new();
        let mut utility = None;
        let whole: Vec<usize> = (0..table.rows())
            .filter(|row| numbers.iter().all(|of| of[*row].is_some()))
            .collect();
        let mut swapped_whole = Vec::new();
        for (name, of) in self.columns.iter().zip(&numbers) {
            let rows: Vec<usize> = (0..of.len()).filter(|row| of[*row].is_some()).collect();
            let values = present(std::slice::from_ref(of), &rows).remove(0);
            if reach * (values.len() as f64) < 1.0 {
                return Err(Stopped::new(
                    Diagnostic::new(codes::MASK_NOTHING)
                        .with("option", "--reach")
                        .with("value", reach)
                        .with("column", name)
                        .with("have", values.len()),
                ));
            }
            let seed = Secret::seed(&secret, &format!("swap {name}"));
            let swapped = swap_ranks(&values, reach, seed).map_err(|fault| self.refused(&fault))?;
            let mut all = vec![0.0; of.len()];
            for (row, value) in rows.iter().zip(&swapped) {
                all[*row] = *value;
            }
            swapped_whole.push(whole.iter().map(|row| all[*row]).collect::<Vec<f64>>());
            columns.push(column(name, of, &rows, &swapped));
        }
        // Correlations are those of the records that have all values, before and after.
        if !whole.is_empty() {
            utility = numeric_utility(&present(&numbers, &whole), &swapped_whole).ok();
        }
        Ok(Told {
            columns,
            utility,
            information_loss: None,
            smallest_group: None,
        })
    }

    fn numbers(&self, table: &PlainTable) -> Result<Vec<Vec<Option<f64>>>, Stopped> {
        let mut all = Vec::new();
        for name in &self.columns {
            all.push(table.numbers(name)?.to_vec());
        }
        Ok(all)
    }

    fn written(
        &self,
        numbers: &[Vec<Option<f64>>],
        rows: &[usize],
        masked: &[Vec<f64>],
    ) -> Vec<Masked> {
        let columns = self.columns.iter().zip(numbers).zip(masked);
        columns
            .map(|((name, of), masked)| column(name, of, rows, masked))
            .collect()
    }

    fn missing(&self, count: usize) -> Stopped {
        Stopped::new(
            Diagnostic::new(codes::MASK_VALUES)
                .with("file", self.file.display())
                .with("count", count)
                .with("column", self.columns.join(", ")),
        )
    }

    /// A refusal of the kernel, in words.
    fn refused(&self, fault: &MaskError) -> Stopped {
        match fault {
            MaskError::Groups { rows, k } => Stopped::new(
                Diagnostic::new(codes::TOO_FEW_PERSONS)
                    .with("have", rows)
                    .with("need", k),
            ),
            MaskError::Values { rows } => self.missing(*rows),
            MaskError::Share { .. } => {
                let (option, value) = match self.method {
                    Method::Pram => ("--retain", self.retain),
                    Method::Microaggregate | Method::Swap => ("--reach", self.reach),
                };
                let value = value.map_or(String::new(), |value| value.to_string());
                bad(option, &value, "0 … 1")
            }
            MaskError::Matrix { .. } | MaskError::Category { .. } | MaskError::Columns => {
                bad("--columns", &self.columns.join(","), "COL,…")
            }
        }
    }
}

fn bad(option: &str, value: &str, expected: &str) -> Stopped {
    Stopped::new(
        Diagnostic::new(usage::BAD_OPTION)
            .with("option", option)
            .with("value", value)
            .with("expected", expected),
    )
}

/// The numbers of the rows that have them all, by column.
fn present(numbers: &[Vec<Option<f64>>], rows: &[usize]) -> Vec<Vec<f64>> {
    let of = |column: &Vec<Option<f64>>| rows.iter().filter_map(|row| column[*row]).collect();
    numbers.iter().map(of).collect()
}

/// A column as it is written: what was masked in its rows, nothing where a value is missing.
///
/// Every number is written alike: one that kept the writing of the file would show that it was not changed.
fn column(name: &str, numbers: &[Option<f64>], rows: &[usize], masked: &[f64]) -> Masked {
    let mut cells = vec![String::new(); numbers.len()];
    let mut changed = 0usize;
    for (row, value) in rows.iter().zip(masked) {
        changed += usize::from(numbers[*row] != Some(*value));
        cells[*row] = value.to_string();
    }
    Masked {
        name: name.to_owned(),
        missing: numbers.iter().filter(|value| value.is_none()).count(),
        changed: (!rows.is_empty()).then(|| changed as f64 / rows.len() as f64),
        share_change: None,
        cells,
    }
}
