//! A scope: the tables one query may see, in memory, and the running of a query over them.

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow::datatypes::{DataType, SchemaRef};
use arrow::record_batch::RecordBatch;
use datafusion::catalog::{MemTable, MemorySchemaProvider};
use datafusion::common::tree_node::{TreeNode, TreeNodeRecursion};
use datafusion::common::{SchemaError, TableReference};
use datafusion::error::DataFusionError;
use datafusion::execution::context::{SQLOptions, SessionContext};
use datafusion::logical_expr::{Expr, ExprSchemable, LogicalPlan, Volatility};
use datafusion::prelude::SessionConfig;
use tokio::runtime::Runtime;
use wdl_vocab::{Period, did_you_mean};

use crate::measures;
use crate::sql::{SCHEMAS, Sql, SqlError, TableName};

/// Tables in memory that queries run over; cheap to make, used by one thread.
pub struct Scope {
    context: SessionContext,
    runtime: Runtime,
    tables: BTreeMap<TableName, SchemaRef>,
    period: Option<Period>,
}

impl Default for Scope {
    fn default() -> Scope {
        Scope::new()
    }
}

impl Scope {
    /// An empty scope of a period, which fills `$first_day`, `$last_day`, `$period` and `$year` of every run.
    pub fn of(period: Period) -> Scope {
        let mut scope = Scope::new();
        scope.period = Some(period);
        scope
    }

    /// An empty scope outside any period.
    ///
    /// # Panics
    /// When the operating system refuses a timer: nothing can run then.
    pub fn new() -> Scope {
        let mut config = SessionConfig::new()
            .with_target_partitions(1)
            .with_batch_size(8192)
            .with_default_catalog_and_schema("lab", "base");
        // Thousands of short queries: a second and third pass over their plans cost more than they win.
        config.options_mut().optimizer.max_passes = 1;
        let context = SessionContext::new_with_config(config);
        measures::register(&context);
        let catalog = context
            .catalog("lab")
            .expect("the default catalog was just named");
        for schema in SCHEMAS {
            let provider = Arc::new(MemorySchemaProvider::new());
            catalog
                .register_schema(schema, provider)
                .expect("an in-memory catalog takes schemas");
        }
        let runtime = tokio::runtime::Builder::new_current_thread()
            .build()
            .expect("a runtime without timers or sockets needs nothing of the system");
        Scope {
            context,
            runtime,
            tables: BTreeMap::new(),
            period: None,
        }
    }

    /// The period that fills the parameters of a run.
    pub fn period(&self) -> Option<Period> {
        self.period
    }

    /// The tables that are there, sorted, with their columns.
    pub fn tables(&self) -> impl Iterator<Item = (&TableName, &SchemaRef)> {
        self.tables.iter()
    }

    /// Whether a table is there.
    pub fn has(&self, name: &TableName) -> bool {
        self.tables.contains_key(name)
    }

    /// Puts a table in, replacing an earlier one of the name.
    ///
    /// # Errors
    /// [`SqlError::Run`] when the batches do not have the schema.
    pub fn put(
        &mut self,
        name: &TableName,
        schema: SchemaRef,
        batches: Vec<RecordBatch>,
    ) -> Result<(), SqlError> {
        let fail = |fault: DataFusionError| SqlError::Run {
            file: name.to_string(),
            detail: fault.to_string(),
        };
        let table = MemTable::try_new(schema.clone(), vec![batches]).map_err(fail)?;
        let reference = TableReference::partial(name.schema.as_str(), name.table.as_str());
        self.context
            .deregister_table(reference.clone())
            .map_err(fail)?;
        self.context
            .register_table(reference, Arc::new(table))
            .map_err(fail)?;
        self.tables.insert(name.clone(), schema);
        Ok(())
    }

    /// Runs a query and returns its rows.
    ///
    /// # Errors
    /// [`SqlError`] when a name or type does not fit, when it sums floating numbers, or when it stops.
    pub fn run(&self, sql: &Sql) -> Result<(SchemaRef, Vec<RecordBatch>), SqlError> {
        self.runtime.block_on(self.run_async(sql))
    }

    async fn run_async(&self, sql: &Sql) -> Result<(SchemaRef, Vec<RecordBatch>), SqlError> {
        self.refuse_unknown_tables(sql)?;
        let statement = sql.bound(self.period)?;
        let plan_fault = |fault: DataFusionError| plan_fault(sql, &fault);
        let plan = self
            .context
            .state()
            .statement_to_plan(statement)
            .await
            .map_err(plan_fault)?;
        SQLOptions::new()
            .with_allow_ddl(false)
            .with_allow_dml(false)
            .with_allow_statements(false)
            .verify_plan(&plan)
            .map_err(plan_fault)?;
        refuse_unstable_functions(sql, &plan)?;
        let frame = self
            .context
            .execute_logical_plan(plan)
            .await
            .map_err(plan_fault)?;
        let schema: SchemaRef = Arc::new(frame.schema().as_arrow().clone());
        let batches = frame.collect().await.map_err(|fault| SqlError::Run {
            file: sql.file().to_owned(),
            detail: first_line(&fault),
        })?;
        Ok((schema, batches))
    }

    fn refuse_unknown_tables(&self, sql: &Sql) -> Result<(), SqlError> {
        let Some(name) = sql.tables().iter().find(|name| !self.has(name)) else {
            return Ok(());
        };
        let known: Vec<String> = self.tables.keys().map(ToString::to_string).collect();
        let name = name.to_string();
        let (line, column) = sql.place_of(&name);
        Err(SqlError::UnknownTable {
            file: sql.file().to_owned(),
            meant: did_you_mean(&name, known.iter().map(String::as_str)).map(str::to_owned),
            name,
            line,
            column,
        })
    }
}

/// The engine's complaint, as an unknown column when it is one.
fn plan_fault(sql: &Sql, fault: &DataFusionError) -> SqlError {
    let DataFusionError::SchemaError(schema_fault, _) = fault.find_root() else {
        return SqlError::Plan {
            file: sql.file().to_owned(),
            detail: first_line(fault),
        };
    };
    let SchemaError::FieldNotFound {
        field,
        valid_fields,
    } = schema_fault.as_ref()
    else {
        return SqlError::Plan {
            file: sql.file().to_owned(),
            detail: first_line(fault),
        };
    };
    let (line, column) = sql.place_of(field.name());
    SqlError::UnknownColumn {
        file: sql.file().to_owned(),
        name: field.name().to_owned(),
        meant: did_you_mean(field.name(), valid_fields.iter().map(|known| known.name()))
            .map(str::to_owned),
        line,
        column,
    }
}

fn first_line(fault: &DataFusionError) -> String {
    fault
        .strip_backtrace()
        .lines()
        .next()
        .unwrap_or_default()
        .to_owned()
}

/// Refuses what would not give the same bytes twice: floating sums, the clock, chance.
fn refuse_unstable_functions(sql: &Sql, plan: &LogicalPlan) -> Result<(), SqlError> {
    let mut found: Option<SqlError> = None;
    let walk = plan.apply_with_subqueries(|node| {
        for expression in node.expressions() {
            expression.apply(|part| {
                found = unstable(sql, part, node);
                match found {
                    Some(_) => Ok(TreeNodeRecursion::Stop),
                    None => Ok(TreeNodeRecursion::Continue),
                }
            })?;
            if found.is_some() {
                return Ok(TreeNodeRecursion::Stop);
            }
        }
        Ok(TreeNodeRecursion::Continue)
    });
    walk.map_err(|fault| plan_fault(sql, &fault))?;
    found.map_or(Ok(()), Err)
}

/// Aggregates that add floating numbers up, whatever they are given.
const FLOATING: [&str; 12] = [
    "var",
    "var_pop",
    "var_samp",
    "stddev",
    "stddev_pop",
    "stddev_samp",
    "covar_pop",
    "covar_samp",
    "corr",
    "approx_percentile_cont",
    "approx_median",
    "approx_percentile_cont_with_weight",
];

fn unstable(sql: &Sql, expression: &Expr, node: &LogicalPlan) -> Option<SqlError> {
    let (name, arguments) = match expression {
        Expr::AggregateFunction(call) => (call.func.name(), &call.params.args),
        Expr::WindowFunction(call) => (call.fun.name(), &call.params.args),
        Expr::ScalarFunction(call) => {
            let is_stable = call.func.signature().volatility == Volatility::Immutable;
            return (!is_stable).then(|| SqlError::NotRepeatable {
                file: sql.file().to_owned(),
                function: call.func.name().to_owned(),
            });
        }
        _ => return None,
    };
    let adds = matches!(name, "sum" | "avg");
    let is_floating = FLOATING.contains(&name)
        || name.starts_with("regr_")
        || (adds && arguments.iter().any(|argument| is_float(argument, node)));
    is_floating.then(|| SqlError::FloatingSum {
        file: sql.file().to_owned(),
        function: name.to_owned(),
    })
}

fn is_float(argument: &Expr, node: &LogicalPlan) -> bool {
    node.inputs().iter().any(|input| {
        matches!(
            argument.get_type(input.schema()),
            Ok(DataType::Float64 | DataType::Float32 | DataType::Float16)
        )
    })
}
