//! A statistic with the number that follows its name, as definitions and commands write it: `arpr`, `arpr:0.4`.

use crate::catalog::{STATISTICS, Statistic};

/// A statistic of the catalog and its argument.
#[derive(Clone, Copy, Debug, PartialEq)]
// INVARIANT: `argument` lies in the statistic's bounds, and is none when the statistic takes none.
pub struct Asked {
    /// The statistic.
    pub statistic: &'static Statistic,
    argument: Option<f64>,
}

/// The text names no statistic, or the number after it does not fit.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum AskedError {
    /// No statistic has the name.
    #[error("there is no statistic `{0}`")]
    Unknown(String),
    /// A number after a statistic that takes none.
    #[error("`{0}` takes no number")]
    NoArgument(&'static str),
    /// No number, or one out of bounds.
    #[error("the number after `{name}` lies between {from} and {to}")]
    Bounds {
        /// The statistic.
        name: &'static str,
        /// From.
        from: f64,
        /// To.
        to: f64,
    },
}

impl Asked {
    /// Reads a name and its number.
    ///
    /// # Errors
    /// [`AskedError`] when there is no such statistic, or the number does not fit it.
    pub fn parse(text: &str) -> Result<Asked, AskedError> {
        let (name, number) = match text.split_once(':') {
            Some((name, number)) => (name, Some(number)),
            None => (text, None),
        };
        let statistic = STATISTICS
            .iter()
            .copied()
            .find(|statistic| statistic.name == name)
            .ok_or_else(|| AskedError::Unknown(name.chars().take(60).collect()))?;
        let argument = match (number, &statistic.argument) {
            (None, _) => None,
            (Some(_), None) => return Err(AskedError::NoArgument(statistic.name)),
            (Some(number), Some(argument)) => {
                let is_in = |read: &f64| (argument.from..=argument.to).contains(read);
                let read = number.parse().ok().filter(is_in);
                Some(read.ok_or(AskedError::Bounds {
                    name: statistic.name,
                    from: argument.from,
                    to: argument.to,
                })?)
            }
        };
        Ok(Asked {
            statistic,
            argument,
        })
    }

    /// The statistic as it is when no number is given.
    pub fn usual(statistic: &'static Statistic) -> Asked {
        Asked {
            statistic,
            argument: None,
        }
    }

    /// The number, or that which is usual.
    pub(crate) fn argument(&self) -> Option<f64> {
        let usual = || self.statistic.argument.as_ref()?.usual;
        self.argument.or_else(usual)
    }

    /// As it was asked for: `arpr`, `arpr:0.4`.
    pub fn name(&self) -> String {
        match self.argument {
            Some(number) => format!("{}:{number}", self.statistic.name),
            None => self.statistic.name.to_owned(),
        }
    }

    /// Name and version, as results carry it: `arpr/1`, `arpr:0.4/1`.
    pub fn id(&self) -> String {
        format!("{}/{}", self.name(), self.statistic.version)
    }
}
