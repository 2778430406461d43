//! Which form the days and numbers of each column are written in: another than the contract's only when the whole column agrees on it.
//!
//! A column keeps its type whatever its cells say: cells that do not fit its form are faults of those cells.

use wdl_contract::{Column, Contract, Kind};
use wdl_vocab::Text;
use wdl_vocab::diagnostics::codes::holder as codes;

use crate::IntakeError;
use crate::chunk::{Chunk, Native};
use crate::form::{DateForm, DateOrder, DecimalMark, Form};
use crate::question::{Answers, Choice, Decision, Question, Subject};

/// One cell in so many may be otherwise and the column still agrees.
const STRAYS_ONE_IN: usize = 50;

/// Filled cells from which a column may agree alone; fewer need every such cell of the file to agree.
const CELLS_ALONE: usize = 5;

/// What was found out about the columns.
pub(crate) struct Agreed {
    /// For each column of the contract.
    pub(crate) forms: Vec<Form>,
    pub(crate) decisions: Vec<Decision>,
    pub(crate) questions: Vec<Question>,
}

/// Looks at a sample of rows.
pub(crate) fn agree(
    contract: &Contract,
    places: &[Option<usize>],
    sample: &Chunk,
    answers: &Answers,
) -> Result<Agreed, IntakeError> {
    let expected: Vec<Form> = contract.columns.iter().map(Form::of).collect();
    let mut agreed = Agreed {
        forms: expected.clone(),
        decisions: Vec::new(),
        questions: Vec::new(),
    };
    dates(contract, places, sample, answers, &expected, &mut agreed)?;
    for (index, column) in contract.columns.iter().enumerate() {
        let (Some(place), Some(scale)) = (places[index], scale(&column.kind)) else {
            continue;
        };
        let key = format!("decimals:{}", column.physical_name);
        let marks = match answers.get(&key) {
            Some(answer) => vec![answered_mark(&key, answer)?],
            None => decimals(&Cells::of(sample, place), scale),
        };
        tell_decimals(index, column, &marks, &mut agreed);
    }
    Ok(agreed)
}

fn answered_mark(key: &str, answer: &str) -> Result<DecimalMark, IntakeError> {
    DecimalMark::parse(answer).ok_or_else(|| IntakeError::BadAnswer {
        question: key.to_owned(),
        value: answer.to_owned(),
        options: DecimalMark::ALL
            .map(|mark| mark.example().to_owned())
            .to_vec(),
    })
}

fn tell_decimals(index: usize, column: &Column, marks: &[DecimalMark], agreed: &mut Agreed) {
    let about = Subject::Decimals { column: index };
    let expected = agreed.forms[index].decimal;
    match marks {
        [mark] if *mark == expected => {}
        [mark] => {
            agreed.forms[index].decimal = *mark;
            agreed.decisions.push(
                Decision::new(about, true, codes::READ_DECIMALS)
                    .with("column", &column.physical_name)
                    .with("actual", mark.example())
                    .with("expected", expected.example()),
            );
        }
        _ => {
            let key = format!("decimals:{}", column.physical_name);
            let choices = marks
                .iter()
                .map(|mark| Choice::same(mark.example()))
                .collect();
            let question = Question::new(key, about, codes::ASK_DECIMALS, choices);
            agreed
                .questions
                .push(question.with("column", &column.physical_name));
        }
    }
}

/// The most decimals of a column of numbers.
fn scale(kind: &Kind) -> Option<usize> {
    match kind {
        Kind::Integer { .. } => Some(0),
        Kind::Money { .. } => Some(2),
        Kind::Decimal { scale, .. } => Some(usize::try_from(*scale).unwrap_or(0)),
        Kind::Text { .. } | Kind::Code { .. } | Kind::Date | Kind::TaxCode => None,
    }
}

/// The filled cells of text of one column; cells of a workbook with a type of their own need no form.
struct Cells<'a> {
    texts: Vec<&'a str>,
}

impl<'a> Cells<'a> {
    fn of(sample: &'a Chunk, place: usize) -> Cells<'a> {
        let cells = (0..sample.rows()).map(|row| sample.cell(row, place));
        let texts = cells
            .filter(|cell| cell.native == Native::Text && !cell.text.is_empty())
            .map(|cell| cell.text)
            .collect();
        Cells { texts }
    }

    /// How many cells are otherwise.
    fn strays(&self, fits: impl Fn(&str) -> bool) -> usize {
        self.texts.iter().filter(|text| !fits(text)).count()
    }

    fn agree_on(&self, fits: impl Fn(&str) -> bool) -> bool {
        !self.texts.is_empty() && self.strays(fits) <= self.texts.len() / STRAYS_ONE_IN
    }
}

/// The forms of numbers a column may have: one when it is clear.
fn decimals(cells: &Cells<'_>, scale: usize) -> Vec<DecimalMark> {
    let fits = |mark: DecimalMark, text: &str| {
        mark.plain(text).is_some_and(|plain| {
            let decimals = plain.split_once(',').map_or("", |(_, decimals)| decimals);
            decimals.trim_end_matches('0').len() <= scale
        })
    };
    let expected = DecimalMark::Comma;
    let others = || {
        DecimalMark::ALL
            .into_iter()
            .filter(|mark| *mark != expected)
    };
    let is_enough = cells.texts.len() >= CELLS_ALONE;
    if !is_enough
        || cells.agree_on(|text| fits(expected, text) || !others().any(|mark| fits(mark, text)))
    {
        return vec![expected];
    }
    let agreed: Vec<DecimalMark> = others()
        .filter(|mark| cells.agree_on(|text| fits(*mark, text)))
        .collect();
    let agreed = fewest(agreed, |mark| cells.strays(|text| fits(*mark, text)));
    match agreed.is_empty() {
        true => vec![expected],
        false => agreed,
    }
}

/// The forms of days a column may be found to have.
fn date_forms() -> Vec<DateForm> {
    let mut forms = Vec::new();
    for format in [
        "dd/MM/yyyy",
        "MM/dd/yyyy",
        "yyyy-MM-dd",
        "dd-MM-yyyy",
        "dd.MM.yyyy",
        "yyyy/MM/dd",
        "MM-dd-yyyy",
        "d/M/yyyy",
        "M/d/yyyy",
        "d-M-yyyy",
        "d.M.yyyy",
        "yyyyMMdd",
        "ddMMyyyy",
        "yyyy-MM-dd HH:mm:ss",
        "dd/MM/yyyy HH:mm:ss",
    ] {
        forms.extend(DateForm::parse(format));
    }
    forms
}

/// Whether the contract itself says how the column writes its days.
fn says_form(column: &Column) -> bool {
    column.format.is_some()
}

/// Whether a text is a day in this form, with a month there is and a day a month can have.
///
/// A day that its month does not have is still written in this form: it is a fault, not another form.
fn is_day(form: DateForm, text: &str) -> bool {
    form.split(text).is_some_and(|(year, month, day)| {
        (1000..=9999).contains(&year) && (1..=12).contains(&month) && (1..=31).contains(&day)
    })
}

fn dates(
    contract: &Contract,
    places: &[Option<usize>],
    sample: &Chunk,
    answers: &Answers,
    expected: &[Form],
    agreed: &mut Agreed,
) -> Result<(), IntakeError> {
    let columns: Vec<(usize, Cells<'_>)> = contract
        .columns
        .iter()
        .enumerate()
        .filter(|(_, column)| column.kind == Kind::Date)
        .filter_map(|(index, _)| Some((index, Cells::of(sample, places[index]?))))
        .collect();
    // Whether any cell of any column is in the contract's form; a few cells alone decide nothing against them.
    let is_form_used = columns.iter().any(|(index, cells)| {
        let form = expected[*index].date;
        cells.texts.iter().any(|text| is_day(form, text))
    });
    let mut found: Vec<Vec<DateForm>> = Vec::new();
    let mut orders = Orders::default();
    for (index, cells) in &columns {
        let form = expected[*index].date;
        let may_differ = cells.texts.len() >= CELLS_ALONE || !is_form_used;
        let forms = column_dates(cells, form, may_differ);
        forms.iter().for_each(|form| orders.add(*form, cells));
        found.push(forms);
    }
    for ((index, cells), mut forms) in columns.iter().zip(found) {
        let column = &contract.columns[*index];
        let key = format!("dates:{}", column.physical_name);
        if let Some(answer) = answers.get(&key) {
            forms = vec![
                DateForm::parse(answer).ok_or_else(|| IntakeError::BadAnswer {
                    question: key.clone(),
                    value: answer.to_owned(),
                    options: date_forms().iter().map(DateForm::to_string).collect(),
                })?,
            ];
        } else if let [form] = forms[..]
            && let Some(swapped) = swapped(form)
            && is_either(cells, form, swapped)
            && !orders.confirm(form, says_form(column))
        {
            forms.push(swapped);
        }
        tell_dates(*index, column, &forms, expected[*index].date, agreed);
    }
    Ok(())
}

fn tell_dates(
    index: usize,
    column: &Column,
    forms: &[DateForm],
    expected: DateForm,
    agreed: &mut Agreed,
) {
    let about = Subject::Dates { column: index };
    match forms {
        [actual] => {
            agreed.forms[index].date = *actual;
            if *actual != expected {
                agreed.decisions.push(
                    Decision::new(about, true, codes::READ_DATES)
                        .with("column", &column.physical_name)
                        .with("actual", actual)
                        .with("expected", expected),
                );
            }
        }
        _ => {
            let key = format!("dates:{}", column.physical_name);
            let choices = forms.iter().map(|form| date_choice(*form)).collect();
            let question = Question::new(key, about, codes::ASK_DATES, choices);
            agreed
                .questions
                .push(question.with("column", &column.physical_name));
        }
    }
}

/// The forms of days a column may have: one when it is clear.
fn column_dates(cells: &Cells<'_>, expected: DateForm, may_differ: bool) -> Vec<DateForm> {
    let is_expected = cells.agree_on(|text| is_day(expected, text));
    if cells.texts.is_empty() || !may_differ || is_expected {
        return vec![expected];
    }
    let agreed: Vec<DateForm> = date_forms()
        .into_iter()
        .filter(|form| *form != expected && cells.agree_on(|text| is_day(*form, text)))
        .collect();
    let has_padded = |form: &DateForm| {
        let padded = DateForm {
            is_padded: true,
            ..*form
        };
        !form.is_padded && agreed.contains(&padded)
    };
    let forms = agreed.iter().filter(|form| !has_padded(form)).copied();
    let forms = fewest(forms.collect(), |form| {
        cells.strays(|text| is_day(*form, text))
    });
    match forms.is_empty() {
        true => vec![expected],
        false => forms,
    }
}

/// Those of several forms that leave the fewest cells otherwise.
fn fewest<T: Copy>(forms: Vec<T>, strays: impl Fn(&T) -> usize) -> Vec<T> {
    let least = forms.iter().map(&strays).min();
    forms
        .into_iter()
        .filter(|form| Some(strays(form)) == least)
        .collect()
}

/// Day first against month first, over all columns of days of a file.
#[derive(Clone, Copy, Default)]
struct Orders {
    day_first: bool,
    month_first: bool,
}

impl Orders {
    /// Whether nothing speaks for the other order and something for this one: another column, or the contract.
    fn confirm(self, form: DateForm, is_said: bool) -> bool {
        let (this, other) = match form.order {
            DateOrder::MonthDayYear => (self.month_first, self.day_first),
            DateOrder::DayMonthYear | DateOrder::YearMonthDay => (self.day_first, self.month_first),
        };
        (this || is_said) && !other
    }

    fn add(&mut self, form: DateForm, cells: &Cells<'_>) {
        let Some(swapped) = swapped(form) else { return };
        let (day, month) = match form.order {
            DateOrder::MonthDayYear => (swapped, form),
            DateOrder::DayMonthYear | DateOrder::YearMonthDay => (form, swapped),
        };
        let proves = |one: DateForm, other: DateForm| {
            cells.agree_on(|text| is_day(one, text)) && cells.strays(|text| is_day(other, text)) > 0
        };
        self.day_first |= proves(day, month);
        self.month_first |= proves(month, day);
    }
}

/// The form with day and month in each other's place.
fn swapped(form: DateForm) -> Option<DateForm> {
    let order = match form.order {
        DateOrder::DayMonthYear => DateOrder::MonthDayYear,
        DateOrder::MonthDayYear => DateOrder::DayMonthYear,
        DateOrder::YearMonthDay => return None,
    };
    Some(DateForm { order, ..form })
}

/// Whether every cell is a day in both forms, and not always the same one or the first of a month.
fn is_either(cells: &Cells<'_>, form: DateForm, swapped: DateForm) -> bool {
    let is_both = |text: &str| is_day(form, text) && is_day(swapped, text);
    let tells = |text: &&str| {
        form.split(text)
            .is_some_and(|(_, month, day)| day != month && day != 1 && month != 1)
    };
    cells.texts.len() >= CELLS_ALONE && cells.strays(is_both) == 0 && cells.texts.iter().any(tells)
}

fn date_choice(form: DateForm) -> Choice {
    let example = form.write(2026, 3, 5);
    Choice {
        value: form.to_string(),
        label: Text::new(
            format!("{example} è il 5 marzo 2026"),
            format!("{example} is 5 March 2026"),
        ),
    }
}
