//! The contract's rules written in SQL, run by SQLite over a private temporary table of the columns they name.
//!
//! A rule can only read: every other wish is refused before it runs, and one that does not end is stopped after a count of steps, not of seconds, so that the answer never depends on the machine.

mod guard;
mod names;
mod table;

use rusqlite::{Connection, ErrorCode, Statement};
use wdl_contract::{Contract, SqlRule};
use wdl_vocab::diagnostics::codes::holder as codes;
use wdl_vocab::{Diagnostic, Severity};

use crate::error::CheckError;
use crate::findings::{Findings, RuleWords, Seen, Subject};
use crate::terms::{Past, Terms};

pub(crate) use table::{Kept, Loader};

/// The columns of a dataset, by their lab names, that rules of other contracts of the delivery name.
///
/// Give them as [`Terms::kept`] when that dataset is checked, before the datasets whose rules ask for it.
pub fn named_elsewhere<'a>(
    dataset: &Contract,
    all: impl IntoIterator<Item = &'a Contract>,
) -> Vec<String> {
    let others = all
        .into_iter()
        .filter(|contract| contract.id != dataset.id)
        .flat_map(|contract| &contract.sql_rules)
        .map(|rule| names::words(&rule.lines))
        .filter(|words| words.contains(dataset.dataset.as_str()));
    let words: std::collections::BTreeSet<String> = others.flatten().collect();
    let columns = dataset.columns.iter();
    columns
        .filter(|column| words.contains(&column.name.to_lowercase()))
        .map(|column| column.name.clone())
        .collect()
}

/// The steps of SQLite's machine a run may take before its rows are counted, and for each row.
const STEPS_BASE: u64 = 50_000_000;
const STEPS_PER_ROW: u64 = 2_000;

/// Runs every rule over the loaded rows; `reject` is told the rows of errors.
pub(crate) fn hold(
    loader: Loader,
    terms: Terms<'_>,
    findings: &mut Findings,
    mut reject: impl FnMut(u64, u64),
) -> Result<Option<Kept>, CheckError> {
    let contract = terms.contract;
    let (database, rows) = loader.finish(terms).map_err(CheckError::Database)?;
    let limit = STEPS_BASE + STEPS_PER_ROW.saturating_mul(rows);
    for (nth, rule) in contract.sql_rules.iter().enumerate() {
        let run = Run {
            database: &database,
            contract,
            rule,
            subject: Subject::Sql(nth),
            limit,
        };
        run.hold(findings, &mut reject)?;
    }
    Ok((!terms.kept.is_empty()).then(|| Kept::new(database)))
}

/// The earlier delivery of a dataset of this delivery.
fn past(terms: Terms<'_>, name: &str, is_previous: bool) -> Option<Past> {
    let dataset = table::dataset(terms, name)?;
    match is_previous {
        true => terms.history.previous(dataset),
        false => terms.history.same_quarter_last_year(dataset),
    }
}

/// One rule over the loaded rows.
struct Run<'r> {
    database: &'r Connection,
    contract: &'r Contract,
    rule: &'r SqlRule,
    subject: Subject,
    limit: u64,
}

/// One row a rule answered.
struct Broken {
    line: Option<u64>,
    value: Option<String>,
}

impl Run<'_> {
    fn hold(
        &self,
        findings: &mut Findings,
        reject: &mut impl FnMut(u64, u64),
    ) -> Result<(), CheckError> {
        let words = names::words(&self.rule.lines);
        if let Some(table) = words.iter().find(|word| self.is_absent(word)) {
            self.skip(table, findings);
            return Ok(());
        }
        let select = format!(
            "SELECT row_ FROM {} WHERE line = ?",
            table::quoted(self.contract.dataset.as_str())
        );
        let mut row_of = self
            .database
            .prepare(&select)
            .map_err(CheckError::Database)?;
        let guard = guard::Guard::set(self.database, self.limit).map_err(CheckError::Database)?;
        let answered = self.answer(|mut broken| {
            let row = broken.line.and_then(|line| {
                let row = row_of.query_row([line.cast_signed()], row_number);
                Some((row.ok()?, line))
            });
            // A line that is not in the file is the rule's own mistake: what it found is about the whole file.
            broken.line = row.map(|(_, line)| line);
            self.tell(&broken, findings);
            if let (Some((row, line)), Severity::Error) = (row, self.rule.severity) {
                reject(row, line);
            }
        });
        drop(guard);
        match answered {
            Ok(()) => Ok(()),
            Err(error) => self.refuse(error, findings),
        }
    }

    /// Whether a rule names an earlier delivery that was not loaded.
    fn is_absent(&self, word: &str) -> bool {
        (word.starts_with("previous_") || word.starts_with("last_year_"))
            && self.database.table_exists(None::<&str>, word) == Ok(false)
            && self.contract.column(word).is_none()
    }

    fn skip(&self, table: &str, findings: &mut Findings) {
        let code = codes::RULE_SKIPPED;
        findings.add((Severity::Note, self.subject, code), None, || {
            Diagnostic::new(code)
                .with("name", &self.rule.id)
                .with("expected", format!("`{table}`"))
        });
    }

    /// Runs the rule and hands over each row it answers.
    fn answer(&self, mut tell: impl FnMut(Broken)) -> rusqlite::Result<()> {
        let mut statement = self.database.prepare(&self.rule.lines)?;
        if self.rule.counts {
            let count: i64 = statement
                .query_row((), |row| row.get(0))
                .map_err(without_words)?;
            if count != 0 {
                tell(Broken {
                    line: None,
                    value: Some(count.to_string()),
                });
            }
            return Ok(());
        }
        let line = place_of(&statement, "line").ok_or(rusqlite::Error::InvalidQuery)?;
        let value = place_of(&statement, "value");
        let mut rows = statement.query(())?;
        while let Some(row) = rows.next().map_err(without_words)? {
            let shown = value.map(|place| row.get_ref(place)).transpose()?;
            tell(Broken {
                line: row.get::<_, Option<i64>>(line)?.map(i64::cast_unsigned),
                value: shown.map(table::shown),
            });
        }
        Ok(())
    }

    fn tell(&self, broken: &Broken, findings: &mut Findings) {
        let rule = self.rule;
        let code = codes::RULE;
        let key = (rule.severity, self.subject, code);
        let value = broken.value.as_deref().unwrap_or_default();
        let seen = broken.line.map(|line| Seen::at(line, value));
        let column = rule.column.as_deref();
        let column = column.and_then(|name| self.contract.column(name));
        let finding = findings.add(key, seen, || {
            let diagnostic = Diagnostic::new(code).with("name", &rule.id);
            match column {
                Some(column) => diagnostic.with("column", &column.physical_name),
                None => diagnostic,
            }
        });
        if rule.counts {
            // The rule says how many rows; it does not say which.
            finding.count = value.parse::<i64>().map_or(1, |count| count.unsigned_abs());
        }
        finding.words.get_or_insert_with(|| RuleWords {
            id: rule.id.clone(),
            message: rule.message.clone(),
            cause: rule.cause.clone(),
            fix: rule.fix.clone(),
        });
    }

    /// What a fault of the database means for the rule.
    fn refuse(&self, error: rusqlite::Error, findings: &mut Findings) -> Result<(), CheckError> {
        let contract = self.contract.id.clone();
        let rule = self.rule.id.clone();
        let detail = message(&error);
        if let Some(table) = detail.strip_prefix("no such table: ") {
            self.skip(table, findings);
            return Ok(());
        }
        Err(match error.sqlite_error_code() {
            Some(ErrorCode::OperationInterrupted | ErrorCode::OutOfMemory | ErrorCode::TooBig) => {
                CheckError::RuleTooLong { contract, rule }
            }
            Some(ErrorCode::AuthorizationForStatementDenied) => CheckError::RuleForbidden {
                contract,
                rule,
                detail,
            },
            Some(ErrorCode::DiskFull | ErrorCode::SystemIoFailure) => CheckError::Database(error),
            _ => CheckError::RuleWrong {
                contract,
                rule,
                detail,
            },
        })
    }
}

fn row_number(row: &rusqlite::Row<'_>) -> rusqlite::Result<u64> {
    row.get::<_, i64>(0).map(i64::cast_unsigned)
}

/// Where a column of an answer stands.
fn place_of(statement: &Statement<'_>, wanted: &str) -> Option<usize> {
    let names = statement.column_names();
    names
        .iter()
        .position(|name| name.eq_ignore_ascii_case(wanted))
}

/// A fault met while rows are read, without the database's words: they may hold a cell (`bad JSON path: '…'`).
fn without_words(error: rusqlite::Error) -> rusqlite::Error {
    match error {
        rusqlite::Error::SqliteFailure(code, _) => rusqlite::Error::SqliteFailure(code, None),
        other => other,
    }
}

/// What the database says of a rule: of its text alone, never of a value.
fn message(error: &rusqlite::Error) -> String {
    match error {
        rusqlite::Error::SqlInputError { msg, .. } => msg.clone(),
        rusqlite::Error::SqliteFailure(_, Some(text)) => text.clone(),
        rusqlite::Error::MultipleStatement => "more than one statement".to_owned(),
        rusqlite::Error::InvalidQuery => "no column `line`".to_owned(),
        rusqlite::Error::InvalidColumnType(_, name, _) => format!("`{name}` is not a number"),
        rusqlite::Error::QueryReturnedNoRows => "no count".to_owned(),
        _ => "it cannot be run".to_owned(),
    }
}
