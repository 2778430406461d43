//! Columns that are lent, coded from whole numbers or read with gaps: the answer is the same as from columns copied row by row.

use wdl_evaluation::{Columns, Evaluation, EvaluationError, Given, Labels, Names, Request, method};

use crate::asked::{File, ask};

/// Units of a panel, in an order of rows of its own.
struct Panel {
    unit: Vec<i64>,
    period: Vec<i64>,
    first: Vec<Option<i64>>,
    outcome: Vec<f64>,
}

impl Panel {
    /// Thirty units over six periods; the third treated from period 3 or 5, the others never.
    fn new() -> Panel {
        let rows: Vec<(i64, i64)> = (0..30)
            .flat_map(|unit| (1..=6).map(move |period| (unit, period)))
            .collect();
        // Numbers whose order as words is another: 7, 70, 700.
        let key = |unit: i64| [7, 70, 700][unit as usize % 3] + 1_000 * (unit / 3);
        let first = |unit: i64| match unit % 3 {
            0 => None,
            1 => Some(3),
            _ => Some(5),
        };
        let outcome = |(unit, period): (i64, i64)| {
            let effect = first(unit).map_or(0, |first| (period - first + 1).max(0));
            let noise = ((unit * 37 + period * 61) % 17) as f64 / 10.0;
            unit as f64 + 0.5 * period as f64 + effect as f64 + noise
        };
        Panel {
            unit: rows.iter().map(|row| key(row.0)).collect(),
            period: rows.iter().map(|row| row.1).collect(),
            first: rows.iter().map(|row| first(row.0)).collect(),
            outcome: rows.iter().map(|row| outcome(*row)).collect(),
        }
    }

    /// The rows at these places.
    fn at(&self, rows: &[usize]) -> Panel {
        Panel {
            unit: rows.iter().map(|row| self.unit[*row]).collect(),
            period: rows.iter().map(|row| self.period[*row]).collect(),
            first: rows.iter().map(|row| self.first[*row]).collect(),
            outcome: rows.iter().map(|row| self.outcome[*row]).collect(),
        }
    }

    fn shuffled(&self) -> Panel {
        // 77 and 180 share no factor: every row once.
        let rows: Vec<usize> = (0..self.unit.len()).map(|row| row * 77 % 180).collect();
        self.at(&rows)
    }

    /// As a table of text, the slow way.
    fn file(&self) -> File {
        let first = self.first.iter();
        let first: Vec<String> = first
            .map(|own| own.map_or_else(String::new, |own| own.to_string()))
            .collect();
        File::default()
            .with("u", &self.unit)
            .with("t", &self.period)
            .with("g", &first)
            .with("y", &self.outcome)
    }

    /// As columns of numbers, the units coded from numbers in the order they are met.
    fn columns(&self) -> Columns {
        let mut names = Vec::new();
        let codes = self.unit.iter().map(|unit| {
            let known = names.iter().position(|own| own == unit);
            let place = known.unwrap_or_else(|| {
                names.push(*unit);
                names.len() - 1
            });
            u32::try_from(place).unwrap()
        });
        let codes = codes.collect();
        let numbers = |own: &[i64]| own.iter().map(|own| *own as f64).collect();
        let first = self.first.iter().map(|own| own.unwrap_or(0) as f64);
        let never = self.first.iter().map(Option::is_none).collect();
        Columns::new(self.unit.len())
            .with_labels("u", Labels::new(codes, None, Names::Whole(names)))
            .with_values("t", numbers(&self.period), None)
            .with_values("g", first.collect(), Some(never))
            .with_values("y", self.outcome.clone(), None)
    }
}

const ASKED: [(&str, &str); 4] = [
    ("outcome", "y"),
    ("unit", "u"),
    ("period", "t"),
    ("first-treated", "g"),
];

fn lent(name: &str, panel: &Panel) -> Result<Evaluation, EvaluationError> {
    let method = method(name)?;
    let given = ASKED
        .iter()
        .fold(Given::default(), |given, (option, value)| {
            given.with(option, &[value])
        });
    let columns = panel.columns();
    method.run(&Request::new(method.options(), &given, &columns)?)
}

fn close(name: &str, one: &Evaluation, other: &Evaluation) {
    assert_eq!(one.estimates.len(), other.estimates.len(), "{name}");
    for (one, other) in one.estimates.iter().zip(&other.estimates) {
        assert_eq!(one.name, other.name, "{name}");
        assert!((one.estimate - other.estimate).abs() < 1e-10, "{name}");
        let errors = one.standard_error.unwrap() - other.standard_error.unwrap();
        assert!(errors.abs() < 1e-10, "{name}");
    }
}

#[test]
fn columns_of_numbers_and_of_text_give_one_answer_in_any_order_of_rows() {
    let panel = Panel::new();
    for name in ["event-study", "did", "sun-abraham", "imputation"] {
        let slow = ask(name, &panel.file(), &ASKED).unwrap();
        assert!(slow.estimates.len() > 1, "{name}");
        close(name, &slow, &lent(name, &panel).unwrap());
        close(name, &slow, &lent(name, &panel.shuffled()).unwrap());
        close(
            name,
            &slow,
            &ask(name, &panel.shuffled().file(), &ASKED).unwrap(),
        );
    }
}

#[test]
fn a_repeated_row_and_a_moved_date_are_found_in_any_order_of_rows() {
    let panel = Panel::new();
    let rows: Vec<usize> = (0..180).chain([100]).collect();
    let twice = panel.at(&rows);
    let mut moved = Panel::new();
    moved.first[177] = Some(6);
    for name in ["event-study", "did"] {
        for wrong in [&twice, &moved] {
            let told = lent(name, wrong).unwrap_err();
            assert!(matches!(told, EvaluationError::Data { .. }), "{told:?}");
        }
        let told = lent(name, &moved.shuffled()).unwrap_err();
        assert!(matches!(told, EvaluationError::Data { .. }), "{told:?}");
    }
}
