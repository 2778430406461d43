//! Measures of poverty and inequality as aggregate functions of the lab's SQL: `gini(value, weight)` and the like.
//!
//! They are the kernel's, on rows sorted by value, so that neither order nor grouping changes a byte.
//! A row with a missing argument is left out; what cannot be computed is null.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray};
use arrow::datatypes::{DataType, Field, FieldRef, Float64Type};
use datafusion::common::ScalarValue;
use datafusion::error::{DataFusionError, Result};
use datafusion::execution::context::SessionContext;
use datafusion::logical_expr::function::{AccumulatorArgs, StateFieldsArgs};
use datafusion::logical_expr::utils::format_state_name;
use datafusion::logical_expr::{
    Accumulator, AggregateUDF, AggregateUDFImpl, Signature, Volatility,
};
use wdl_stats::{Measured, QuantileRule, Sample, measures, quantile};

/// Value and weight, which every measure takes first.
const ROW_ARGUMENTS: usize = 2;

/// Takes the rows, and the numbers after value and weight, as many as the measure asks for.
type Kernel = fn(&Sample, &[f64]) -> Measured;

/// Name, how many numbers follow value and weight, kernel.
const MEASURES: [(&str, usize, Kernel); 5] = [
    ("wquantile", 1, |rows, more| {
        quantile(rows, more[0], QuantileRule::default())
    }),
    ("gini", 0, |rows, _| measures::gini(rows)),
    ("qsr", 0, |rows, _| {
        measures::qsr(rows, QuantileRule::default())
    }),
    ("arpr", 1, |rows, more| measures::arpr(rows, more[0])),
    ("fgt", 2, |rows, more| measures::fgt(rows, more[0], more[1])),
];

/// Gives a session the measures.
pub(crate) fn register(context: &SessionContext) {
    for (name, more, kernel) in MEASURES {
        context.register_udaf(AggregateUDF::from(Measure {
            name,
            kernel,
            signature: Signature::exact(
                vec![DataType::Float64; ROW_ARGUMENTS + more],
                Volatility::Immutable,
            ),
        }));
    }
}

/// One measure; its name tells it from the others.
struct Measure {
    name: &'static str,
    kernel: Kernel,
    signature: Signature,
}

impl fmt::Debug for Measure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

impl PartialEq for Measure {
    fn eq(&self, other: &Measure) -> bool {
        self.name == other.name
    }
}

impl Eq for Measure {}

impl Hash for Measure {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.name.hash(state);
    }
}

impl AggregateUDFImpl for Measure {
    fn name(&self) -> &str {
        self.name
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType> {
        Ok(DataType::Float64)
    }

    fn accumulator(&self, arguments: AccumulatorArgs<'_>) -> Result<Box<dyn Accumulator>> {
        if arguments.is_distinct {
            return Err(refused(self.name, "does not take DISTINCT"));
        }
        Ok(Box::new(Rows {
            name: self.name,
            kernel: self.kernel,
            columns: vec![Vec::new(); arguments.exprs.len()],
        }))
    }

    fn state_fields(&self, arguments: StateFieldsArgs<'_>) -> Result<Vec<FieldRef>> {
        let places = 0..arguments.input_fields.len();
        let field = |place: usize| {
            let name = format_state_name(arguments.name, &format!("rows_{place}"));
            let item = Field::new_list_field(DataType::Float64, true);
            Arc::new(Field::new_list(name, item, true))
        };
        Ok(places.map(field).collect())
    }
}

fn refused(name: &str, why: &str) -> DataFusionError {
    DataFusionError::Execution(format!("`{name}` {why}"))
}

/// The rows of a group, column by column.
struct Rows {
    name: &'static str,
    kernel: Kernel,
    columns: Vec<Vec<f64>>,
}

impl fmt::Debug for Rows {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} rows of {}", self.columns[0].len(), self.name)
    }
}

impl Accumulator for Rows {
    fn update_batch(&mut self, values: &[ArrayRef]) -> Result<()> {
        let arrays: Vec<_> = values
            .iter()
            .map(|array| array.as_primitive::<Float64Type>())
            .collect();
        for row in 0..arrays[0].len() {
            if arrays.iter().all(|array| array.is_valid(row)) {
                for (column, array) in self.columns.iter_mut().zip(&arrays) {
                    column.push(array.value(row));
                }
            }
        }
        Ok(())
    }

    fn evaluate(&mut self) -> Result<ScalarValue> {
        let (row_columns, more) = self.columns.split_at(ROW_ARGUMENTS);
        let [values, weights] = row_columns else {
            return Err(refused(self.name, "takes a value and a weight"));
        };
        let mut numbers = Vec::new();
        for column in more {
            match column.first() {
                Some(first) if column.iter().all(|number| number == first) => numbers.push(*first),
                Some(_) => {
                    let why = "takes numbers that are one in all rows after value and weight";
                    return Err(refused(self.name, why));
                }
                None => return Ok(ScalarValue::Float64(None)),
            }
        }
        let sample = Sample::new(values, weights)
            .map_err(|why| refused(self.name, &format!("cannot measure its rows: {why}")))?;
        Ok(ScalarValue::Float64((self.kernel)(&sample, &numbers).ok()))
    }

    fn size(&self) -> usize {
        let numbers: usize = self.columns.iter().map(Vec::capacity).sum();
        size_of_val(self) + numbers * size_of::<f64>()
    }

    fn state(&mut self) -> Result<Vec<ScalarValue>> {
        let list = |column: &Vec<f64>| {
            let numbers: Vec<ScalarValue> = column.iter().copied().map(ScalarValue::from).collect();
            ScalarValue::List(ScalarValue::new_list_nullable(&numbers, &DataType::Float64))
        };
        Ok(self.columns.iter().map(list).collect())
    }

    fn merge_batch(&mut self, states: &[ArrayRef]) -> Result<()> {
        for (column, state) in self.columns.iter_mut().zip(states) {
            for list in state.as_list::<i32>().iter().flatten() {
                column.extend(list.as_primitive::<Float64Type>().values().iter());
            }
        }
        Ok(())
    }
}
