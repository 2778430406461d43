//! A scope: the tables one query may see, in memory, and the running of a query over them.

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow::datatypes::{DataType, SchemaRef};
use arrow::record_batch::RecordBatch;
use datafusion::catalog::{MemTable, MemorySchemaProvider};
use datafusion::common::TableReference;
use datafusion::common::tree_node::{TreeNode, TreeNodeRecursion};
use datafusion::error::DataFusionError;
use datafusion::execution::context::{SQLOptions, SessionContext};
use datafusion::logical_expr::{Expr, ExprSchemable, LogicalPlan};
use datafusion::prelude::SessionConfig;
use tokio::runtime::Runtime;

use crate::sql::{Sql, SqlError, TableName};

/// Tables in memory that queries run over; cheap to make, used by one thread.
pub struct Scope {
    context: SessionContext,
    runtime: Runtime,
    tables: BTreeMap<TableName, SchemaRef>,
}

impl Default for Scope {
    fn default() -> Scope {
        Scope::new()
    }
}

impl Scope {
    /// An empty scope.
    ///
    /// # Panics
    /// When the operating system refuses a timer: nothing can run then.
    pub fn new() -> Scope {
        let config = SessionConfig::new()
            .with_target_partitions(1)
            .with_batch_size(8192)
            .with_default_catalog_and_schema("lab", "base");
        let context = SessionContext::new_with_config(config);
        let catalog = context
            .catalog("lab")
            .expect("the default catalog was just named");
        for schema in ["register", "base", "codes"] {
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
        }
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
        self.context.deregister_table(reference.clone()).map_err(fail)?;
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
        let file = || sql.file().to_owned();
        let read_only = SQLOptions::new()
            .with_allow_ddl(false)
            .with_allow_dml(false)
            .with_allow_statements(false);
        let plan_fault = |fault: DataFusionError| SqlError::Plan {
            file: file(),
            detail: first_line(&fault),
        };
        let frame = self
            .context
            .sql_with_options(sql.text(), read_only)
            .await
            .map_err(plan_fault)?;
        refuse_floating_sums(sql, frame.logical_plan())?;
        let schema: SchemaRef = Arc::new(frame.schema().as_arrow().clone());
        let run_fault = |fault: DataFusionError| SqlError::Run {
            file: file(),
            detail: first_line(&fault),
        };
        let batches = frame.collect().await.map_err(run_fault)?;
        Ok((schema, batches))
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

/// A floating sum depends on the order of rows; the lab's own functions and decimals do not.
fn refuse_floating_sums(sql: &Sql, plan: &LogicalPlan) -> Result<(), SqlError> {
    let mut found: Option<String> = None;
    let walk = plan.apply_with_subqueries(|node| {
        for expression in node.expressions() {
            expression.apply(|part| {
                if let Some(function) = floating_sum(part, node) {
                    found = Some(function);
                    return Ok(TreeNodeRecursion::Stop);
                }
                Ok(TreeNodeRecursion::Continue)
            })?;
        }
        Ok(TreeNodeRecursion::Continue)
    });
    walk.map_err(|fault| SqlError::Plan {
        file: sql.file().to_owned(),
        detail: first_line(&fault),
    })?;
    match found {
        Some(function) => Err(SqlError::FloatingSum {
            file: sql.file().to_owned(),
            function,
        }),
        None => Ok(()),
    }
}

fn floating_sum(expression: &Expr, node: &LogicalPlan) -> Option<String> {
    let (name, arguments) = match expression {
        Expr::AggregateFunction(call) => (call.func.name(), &call.params.args),
        Expr::WindowFunction(call) => (call.fun.name(), &call.params.args),
        _ => return None,
    };
    if !matches!(name, "sum" | "avg") {
        return None;
    }
    let is_floating = arguments.iter().any(|argument| {
        let input = node.inputs().first().map(|input| input.schema().clone());
        input.is_some_and(|schema| {
            matches!(
                argument.get_type(&schema),
                Ok(DataType::Float64 | DataType::Float32)
            )
        })
    });
    is_floating.then(|| name.to_owned())
}
