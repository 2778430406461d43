//! One SELECT of the lab: parsed once, its tables known, nothing but reading allowed.

use std::collections::BTreeSet;
use std::fmt;
use std::ops::ControlFlow;
use std::str::FromStr;

use datafusion::common::ResolvedTableReference;
use datafusion::sql::parser::{DFParserBuilder, Statement as EngineStatement};
use datafusion::sql::resolve::resolve_table_references;
use datafusion::sql::sqlparser::ast::{
    CastKind, DataType as SqlType, Expr, Statement, Value, visit_expressions, visit_expressions_mut,
};
use datafusion::sql::sqlparser::dialect::PostgreSqlDialect;
use wdl_vocab::diagnostics::codes::sql as codes;
use wdl_vocab::{Diagnose, Diagnostic, Period, did_you_mean};

/// The name of a table in the lab's SQL: `register.comune_residenti`, `base.person_period`, `codes.rioni`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TableName {
    /// `register`, `history`, `base` or `codes`; `base_1y`, `base_2y` and `base_3y` are the base so many years before.
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

    /// The same table so many years before, as an analysis names it: `base_2y.income_year`.
    pub fn earlier(&self, years: usize) -> Option<TableName> {
        let schema = EARLIER.get(years.checked_sub(1)?)?;
        (self.schema == BASE).then(|| TableName::new(*schema, &self.table))
    }

    /// The table that is meant and how many years before; none when the name is of no earlier year.
    pub fn of_earlier(&self) -> Option<(TableName, usize)> {
        let place = EARLIER.iter().position(|schema| *schema == self.schema)?;
        Some((TableName::new(BASE, &self.table), place + 1))
    }
}

impl fmt::Display for TableName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.schema, self.table)
    }
}

/// A checked SELECT statement.
// INVARIANT: exactly one statement, a query; `tables` is what it reads, without its own common table expressions;
// every placeholder is one of `PARAMETERS`.
#[derive(Clone, Debug)]
pub struct Sql {
    file: String,
    text: String,
    statement: Box<Statement>,
    tables: BTreeSet<TableName>,
    has_parameters: bool,
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
    #[error(
        "`{file}` reads `{name}`, which is not `register.…`, `history.…`, `base.…` or `codes.…`"
    )]
    UnknownSchema {
        /// The file of the lab folder.
        file: String,
        /// The name as written.
        name: String,
    },
    /// A placeholder that no run fills.
    #[error("`{file}` uses `{name}`, which is not a parameter of the lab")]
    UnknownParameter {
        /// The file of the lab folder.
        file: String,
        /// The placeholder as written.
        name: String,
        /// The one that was probably meant.
        meant: Option<String>,
        /// Line, from 1 (0 when unknown).
        line: usize,
        /// Column, from 1 (0 when unknown).
        column: usize,
    },
    /// The query needs a period and runs without one.
    #[error("`{file}` uses `$period` and the like, and runs outside a period")]
    NoPeriod {
        /// The file of the lab folder.
        file: String,
    },
    /// A table that is not there.
    #[error("`{file}` reads `{name}`, which does not exist")]
    UnknownTable {
        /// The file of the lab folder.
        file: String,
        /// The table as written.
        name: String,
        /// The one that was probably meant.
        meant: Option<String>,
        /// Line, from 1 (0 when unknown).
        line: usize,
        /// Column, from 1 (0 when unknown).
        column: usize,
    },
    /// A column that is not there.
    #[error("`{file}` names the column `{name}`, which does not exist")]
    UnknownColumn {
        /// The file of the lab folder.
        file: String,
        /// The column as written.
        name: String,
        /// The one that was probably meant.
        meant: Option<String>,
        /// Line, from 1 (0 when unknown).
        line: usize,
        /// Column, from 1 (0 when unknown).
        column: usize,
    },
    /// A function whose answer is not the same twice: the clock, chance.
    #[error("`{file}` uses `{function}`, whose answer changes from run to run")]
    NotRepeatable {
        /// The file of the lab folder.
        file: String,
        /// The function.
        function: String,
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
            SqlError::UnknownParameter {
                file,
                name,
                meant,
                line,
                column,
            } => Diagnostic::new(codes::UNKNOWN_PARAMETER)
                .with("file", file)
                .with("name", name)
                .at(file, *line, *column)
                .suggest(meant.as_deref()),
            SqlError::NoPeriod { file } => Diagnostic::new(codes::NO_PERIOD).with("file", file),
            SqlError::UnknownTable {
                file,
                name,
                meant,
                line,
                column,
            } => Diagnostic::new(codes::UNKNOWN_TABLE)
                .with("file", file)
                .with("table", name)
                .at(file, *line, *column)
                .suggest(meant.as_deref()),
            SqlError::UnknownColumn {
                file,
                name,
                meant,
                line,
                column,
            } => Diagnostic::new(codes::UNKNOWN_COLUMN)
                .with("file", file)
                .with("column", name)
                .at(file, *line, *column)
                .suggest(meant.as_deref()),
            SqlError::NotRepeatable { file, function } => Diagnostic::new(codes::NOT_REPEATABLE)
                .with("file", file)
                .with("name", function),
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

const BASE: &str = "base";
/// The base one, two and three years before: the longest that persistent poverty looks back.
const EARLIER: [&str; 3] = ["base_1y", "base_2y", "base_3y"];
/// How many years before an analysis may look.
pub const EARLIER_YEARS: usize = EARLIER.len();
/// The schemas of the lab.
pub(crate) const SCHEMAS: [&str; 7] = [
    "register", "history", BASE, "codes", EARLIER[0], EARLIER[1], EARLIER[2],
];

/// What a run over a period fills in: its first and last day, its name and its year.
pub const PARAMETERS: [&str; 4] = ["$first_day", "$last_day", "$period", "$year"];

impl Sql {
    /// Parses the text of `file`.
    ///
    /// # Errors
    /// [`SqlError`] when it is not SQL, not one SELECT, or reads a table outside the lab's schemas.
    pub fn parse(file: &str, text: &str) -> Result<Sql, SqlError> {
        let statement = one_statement(file, text)?;
        let has_parameters = known_parameters(file, text, &statement)?;
        let engine_statement = EngineStatement::Statement(statement.clone());
        let (relations, _) =
            resolve_table_references(&engine_statement, true).map_err(|fault| SqlError::Plan {
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
            statement,
            tables,
            has_parameters,
        })
    }

    /// The query in one fixed spelling, without comments: what a digest of its meaning covers.
    pub fn canonical(&self) -> String {
        self.statement.to_string()
    }

    /// The words of the query in small letters, among which stands every column it reads; none when it reads all columns of something (`SELECT *`).
    pub fn words(&self) -> Option<BTreeSet<String>> {
        let text = self.canonical();
        let mut words: BTreeSet<String> = BTreeSet::new();
        let mut before = String::new();
        let mut rest = text.as_str();
        while let Some(first) = rest.chars().next() {
            let is_word = |sign: char| sign.is_alphanumeric() || sign == '_';
            let end = match is_word(first) {
                true => rest.find(|sign| !is_word(sign)).unwrap_or(rest.len()),
                false => first.len_utf8(),
            };
            let (token, after) = rest.split_at(end);
            let token = token.to_lowercase();
            rest = after;
            // Between two numbers a star multiplies them, and in `COUNT(*)` it reads no column.
            let is_everything = ["select", "distinct", "all", ",", "."].contains(&before.as_str());
            match token.as_str() {
                "*" if is_everything => return None,
                blank if blank.trim().is_empty() => continue,
                _ => {}
            }
            if is_word(first) {
                words.insert(token.clone());
            }
            before = token;
        }
        Some(words)
    }

    /// The statement with its parameters filled in.
    pub(crate) fn bound(&self, period: Option<Period>) -> Result<EngineStatement, SqlError> {
        let mut statement = self.statement.clone();
        if self.has_parameters {
            let period = period.ok_or_else(|| SqlError::NoPeriod {
                file: self.file.clone(),
            })?;
            let _: ControlFlow<()> = visit_expressions_mut(&mut statement, |expression| {
                if let Some(value) = placeholder(expression).and_then(|name| filled(name, period)) {
                    *expression = value;
                }
                ControlFlow::Continue(())
            });
        }
        Ok(EngineStatement::Statement(statement))
    }

    /// Line and column, from 1, where a word first stands in the text; zeros when it does not.
    pub fn place_of(&self, word: &str) -> (usize, usize) {
        place_of(&self.text, word)
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

fn one_statement(file: &str, text: &str) -> Result<Box<Statement>, SqlError> {
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
            Ok(statement)
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

fn placeholder(expression: &Expr) -> Option<&str> {
    match expression {
        Expr::Value(value) => match &value.value {
            Value::Placeholder(name) => Some(name),
            _ => None,
        },
        _ => None,
    }
}

/// Whether the query has parameters, all of them known.
fn known_parameters(file: &str, text: &str, statement: &Statement) -> Result<bool, SqlError> {
    let mut has_parameters = false;
    let unknown = visit_expressions(statement, |expression| match placeholder(expression) {
        Some(name) if !PARAMETERS.contains(&name) => ControlFlow::Break(name.to_owned()),
        Some(_) => {
            has_parameters = true;
            ControlFlow::Continue(())
        }
        None => ControlFlow::Continue(()),
    });
    match unknown {
        ControlFlow::Break(name) => {
            let (line, column) = place_of(text, &name);
            Err(SqlError::UnknownParameter {
                file: file.to_owned(),
                meant: did_you_mean(&name, PARAMETERS).map(str::to_owned),
                name,
                line,
                column,
            })
        }
        ControlFlow::Continue(()) => Ok(has_parameters),
    }
}

/// The typed literal a parameter stands for.
fn filled(name: &str, period: Period) -> Option<Expr> {
    let day = |day: String| Expr::Cast {
        kind: CastKind::Cast,
        expr: Box::new(Expr::Value(Value::SingleQuotedString(day).into())),
        data_type: SqlType::Date,
        array: false,
        format: None,
    };
    match name {
        "$first_day" => Some(day(period.first_day().to_string())),
        "$last_day" => Some(day(period.last_day().to_string())),
        "$period" => Some(Expr::Value(
            Value::SingleQuotedString(period.to_string()).into(),
        )),
        "$year" => Some(Expr::Value(
            Value::Number(period.year().to_string(), false).into(),
        )),
        _ => None,
    }
}

/// Where a whole word first stands outside line comments.
fn place_of(text: &str, word: &str) -> (usize, usize) {
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    for (number, line) in text.lines().enumerate() {
        let code = line.split("--").next().unwrap_or_default();
        for (start, _) in code.match_indices(word) {
            let before = code[..start].chars().next_back();
            let after = code[start + word.len()..].chars().next();
            if !before.is_some_and(is_part) && !after.is_some_and(is_part) {
                return (number + 1, code[..start].chars().count() + 1);
            }
        }
    }
    (0, 0)
}
