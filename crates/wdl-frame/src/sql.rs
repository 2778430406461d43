//! One SELECT of the lab: parsed once, its tables known, nothing but reading allowed.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use datafusion::common::ResolvedTableReference;
use datafusion::sql::parser::{DFParserBuilder, Statement as EngineStatement};
use datafusion::sql::resolve::resolve_table_references;
use datafusion::sql::sqlparser::ast::Statement;
use datafusion::sql::sqlparser::dialect::PostgreSqlDialect;
use wdl_vocab::diagnostics::codes::sql as codes;
use wdl_vocab::{Diagnose, Diagnostic};

/// The name of a table in the lab's SQL: `register.comune_residenti`, `base.person_period`, `codes.rioni`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TableName {
    /// `register`, `base` or `codes`.
    pub schema: String,
    /// The table.
    pub table: String,
}

impl TableName {
    /// A name from its two parts.
    pub fn new(schema: impl Into<String>, table: impl Into<String>) -> TableName {
        TableName {
            schema: schema.into(),
            table: table.into(),
        }
    }
}

impl fmt::Display for TableName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.schema, self.table)
    }
}

/// A checked SELECT statement.
// INVARIANT: exactly one statement, a query; `tables` is what it reads, without its own common table expressions.
#[derive(Clone, Debug)]
pub struct Sql {
    file: String,
    text: String,
    tables: BTreeSet<TableName>,
}

/// Why the lab's SQL cannot run.
#[derive(Debug, thiserror::Error)]
pub enum SqlError {
    /// The text is not SQL.
    #[error("`{file}` is not SQL: {detail}")]
    Syntax {
        /// The file of the lab folder.
        file: String,
        /// Line, from 1 (0 when unknown).
        line: usize,
        /// Column, from 1 (0 when unknown).
        column: usize,
        /// What the parser says.
        detail: String,
    },
    /// Not one SELECT.
    #[error("`{file}` is not one SELECT")]
    NotOneSelect {
        /// The file of the lab folder.
        file: String,
    },
    /// A table without schema, or of a schema the lab does not have.
    #[error("`{file}` reads `{name}`, which is not `register.…`, `base.…` or `codes.…`")]
    UnknownSchema {
        /// The file of the lab folder.
        file: String,
        /// The name as written.
        name: String,
    },
    /// A name or a type does not fit.
    #[error("`{file}` cannot be planned: {detail}")]
    Plan {
        /// The file of the lab folder.
        file: String,
        /// What the engine says.
        detail: String,
    },
    /// A plain floating sum, whose result depends on the order of rows.
    #[error("`{file}` uses a floating `{function}`")]
    FloatingSum {
        /// The file of the lab folder.
        file: String,
        /// `sum` or `avg`.
        function: String,
    },
    /// The query stopped.
    #[error("`{file}` stopped: {detail}")]
    Run {
        /// The file of the lab folder.
        file: String,
        /// What the engine says.
        detail: String,
    },
}

impl Diagnose for SqlError {
    fn diagnostic(&self) -> Diagnostic {
        match self {
            SqlError::Syntax {
                file,
                line,
                column,
                detail,
            } => Diagnostic::new(codes::SYNTAX)
                .with("file", file)
                .with("detail", detail)
                .at(file, *line, *column),
            SqlError::NotOneSelect { file } => {
                Diagnostic::new(codes::NOT_ONE_SELECT).with("file", file)
            }
            SqlError::UnknownSchema { file, name } => Diagnostic::new(codes::UNKNOWN_SCHEMA)
                .with("file", file)
                .with("name", name),
            SqlError::Plan { file, detail } => Diagnostic::new(codes::PLAN)
                .with("file", file)
                .with("detail", detail),
            SqlError::FloatingSum { file, function } => Diagnostic::new(codes::FLOATING_SUM)
                .with("file", file)
                .with("name", function),
            SqlError::Run { file, detail } => Diagnostic::new(codes::RUN)
                .with("file", file)
                .with("detail", detail),
        }
    }
}

const SCHEMAS: [&str; 3] = ["register", "base", "codes"];

impl Sql {
    /// Parses the text of `file`.
    ///
    /// # Errors
    /// [`SqlError`] when it is not SQL, not one SELECT, or reads a table outside the lab's schemas.
    pub fn parse(file: &str, text: &str) -> Result<Sql, SqlError> {
        let statement = one_statement(file, text)?;
        let (relations, _) =
            resolve_table_references(&statement, true).map_err(|fault| SqlError::Plan {
                file: file.to_owned(),
                detail: fault.to_string(),
            })?;
        let mut tables = BTreeSet::new();
        for relation in relations {
            let resolved: ResolvedTableReference = relation.resolve("lab", "");
            if !SCHEMAS.contains(&&*resolved.schema) {
                return Err(SqlError::UnknownSchema {
                    file: file.to_owned(),
                    name: resolved.table.to_string(),
                });
            }
            tables.insert(TableName::new(&*resolved.schema, &*resolved.table));
        }
        Ok(Sql {
            file: file.to_owned(),
            text: text.to_owned(),
            tables,
        })
    }

    /// The file it came from, for messages.
    pub fn file(&self) -> &str {
        &self.file
    }

    /// The text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The tables it reads, sorted.
    pub fn tables(&self) -> &BTreeSet<TableName> {
        &self.tables
    }

    /// The same tables under another query text around this one, for grouping a frame.
    ///
    /// # Errors
    /// As [`Sql::parse`].
    pub fn wrapped(&self, before: &str, after: &str) -> Result<Sql, SqlError> {
        Sql::parse(
            &self.file,
            &format!("{before}{}{after}", self.text.trim().trim_end_matches(';')),
        )
    }
}

fn one_statement(file: &str, text: &str) -> Result<EngineStatement, SqlError> {
    let syntax = |detail: String| {
        let (line, column) = position(&detail);
        SqlError::Syntax {
            file: file.to_owned(),
            line,
            column,
            detail,
        }
    };
    let dialect = PostgreSqlDialect {};
    let mut parser = DFParserBuilder::new(text)
        .with_dialect(&dialect)
        .build()
        .map_err(|fault| syntax(fault.to_string()))?;
    let mut statements = parser
        .parse_statements()
        .map_err(|fault| syntax(fault.to_string()))?;
    let not_one = || SqlError::NotOneSelect {
        file: file.to_owned(),
    };
    if statements.len() != 1 {
        return Err(not_one());
    }
    match statements.pop_front() {
        Some(EngineStatement::Statement(statement))
            if matches!(*statement, Statement::Query(_)) =>
        {
            Ok(EngineStatement::Statement(statement))
        }
        _ => Err(not_one()),
    }
}

/// The parser writes `... at Line: 3, Column: 12` at the end of its message.
fn position(detail: &str) -> (usize, usize) {
    let number_after = |mark: &str| {
        let rest = detail.rsplit_once(mark).map_or("", |(_, rest)| rest);
        let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
        usize::from_str(&digits).unwrap_or(0)
    };
    (number_after("Line: "), number_after("Column: "))
}
