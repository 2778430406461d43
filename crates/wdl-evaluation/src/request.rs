//! A request: the columns and what was given for the options of one method, read by kind.

use wdl_vocab::{Text, did_you_mean};

use crate::columns::Columns;
use crate::fault::EvaluationError;
use crate::options::{Given, Kind, Opt};
use crate::sample::Sample;

/// What a method is asked.
// INVARIANT: every option given is one of `options`, has as many values as its kind takes, and the columns it names are among `columns`.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    pub(crate) columns: &'a Columns,
    pub(crate) given: &'a Given,
    pub(crate) options: &'static [Opt],
}

impl<'a> Request<'a> {
    /// A request to a method.
    ///
    /// # Errors
    /// [`EvaluationError`] when an option is missing or has a value that it does not take.
    ///
    /// # Panics
    /// When a column that the options name was not read: [`Given::columns`] lists them.
    pub fn new(
        options: &'static [Opt],
        given: &'a Given,
        columns: &'a Columns,
    ) -> Result<Request<'a>, EvaluationError> {
        let request = Request {
            columns,
            given,
            options,
        };
        for option in options {
            match given.values(option.name) {
                None if option.is_required => {
                    return Err(EvaluationError::Missing {
                        option: option.name,
                    });
                }
                None => {}
                Some(values) => check(option, values)?,
            }
        }
        Ok(request)
    }

    /// The rows that have a value in every column asked for.
    ///
    /// # Errors
    /// [`EvaluationError::Infinite`] when a number is not finite, [`EvaluationError::Nothing`] when no row is left.
    pub fn sample(&self) -> Result<Sample<'a>, EvaluationError> {
        Sample::of(self)
    }

    /// Whether an option was given.
    pub fn has(&self, option: &str) -> bool {
        self.given.values(option).is_some()
    }

    /// The one value of an option, as it was given.
    pub fn word(&self, option: &str) -> Option<&'a str> {
        self.given.values(option)?.first().map(String::as_str)
    }

    /// The values of an option, as they were given; none when it was not.
    pub fn words(&self, option: &str) -> &'a [String] {
        self.given.values(option).unwrap_or_default()
    }

    /// The word chosen, or the first of those that may be.
    ///
    /// # Panics
    /// When the method declares no such choice.
    pub fn choice(&self, option: &str) -> &'a str {
        let Kind::Choice(words) = self.option(option).kind else {
            panic!("`{option}` is declared as a choice");
        };
        self.word(option).unwrap_or(words[0])
    }

    /// A number, when it was given.
    pub fn real(&self, option: &str) -> Option<f64> {
        self.word(option)?.parse().ok()
    }

    /// The level of intervals: 0.95 unless said.
    pub fn level(&self) -> f64 {
        self.real("level").unwrap_or(0.95)
    }

    /// Numbers; none when the option was not given.
    pub fn reals(&self, option: &str) -> Vec<f64> {
        let words = self.words(option).iter();
        words.filter_map(|word| word.parse().ok()).collect()
    }

    /// A whole number, when it was given.
    pub fn whole(&self, option: &str) -> Option<u64> {
        self.word(option)?.parse().ok()
    }

    fn option(&self, name: &str) -> &'static Opt {
        let found = self.options.iter().find(|option| option.name == name);
        found.expect("a method asks for its own options")
    }
}

/// Whether values are of the option's kind.
fn check(option: &Opt, values: &[String]) -> Result<(), EvaluationError> {
    let must = |detail: Text| EvaluationError::Options {
        option: option.name,
        detail,
    };
    let numbers = || {
        values
            .iter()
            .all(|value| value.parse::<f64>().is_ok_and(f64::is_finite))
    };
    match option.kind {
        Kind::Choice(words) => match values.first() {
            Some(value) if words.contains(&value.as_str()) => Ok(()),
            value => {
                let value = value.cloned().unwrap_or_default();
                Err(EvaluationError::UnknownWord {
                    option: option.name,
                    meant: did_you_mean(&value, words.iter().copied()).map(str::to_owned),
                    value,
                    expected: words.join(", "),
                })
            }
        },
        Kind::Real | Kind::Reals if values.is_empty() || !numbers() => Err(must(Text::fixed(
            "serve un numero finito, con il punto decimale",
            "it takes a finite number",
        ))),
        Kind::Level if !matches!(values, [one] if one.parse().is_ok_and(|level: f64| level > 0.0 && level < 1.0)) => {
            Err(must(Text::fixed(
                "sta tra 0 e 1",
                "it lies between 0 and 1",
            )))
        }
        Kind::Whole if !matches!(values, [one] if one.parse::<u64>().is_ok()) => {
            Err(must(Text::fixed(
                "serve un numero intero da zero in su",
                "it takes a whole number of zero or more",
            )))
        }
        Kind::Number
        | Kind::NumberOrNone
        | Kind::Numbers
        | Kind::Label
        | Kind::LabelColumns
        | Kind::Covariates
            if values.is_empty() || values.iter().any(String::is_empty) =>
        {
            Err(must(Text::fixed(
                "serve il nome di una colonna",
                "it takes the name of a column",
            )))
        }
        Kind::Number
        | Kind::NumberOrNone
        | Kind::Numbers
        | Kind::Label
        | Kind::LabelColumns
        | Kind::Covariates
        | Kind::Real
        | Kind::Level
        | Kind::Reals
        | Kind::Whole
        | Kind::Flag
        | Kind::Words => Ok(()),
    }
}
