//! The words of the options: measures, kinds of errors.

use std::str::FromStr;

use wdl_stats::QuantileRule;
use wdl_stats::Resampling;
use wdl_stats::calibration::{Bounds, Distance};
use wdl_stats::scores::Bandwidth;
use wdl_vocab::diagnostics::codes::indicators as codes;
use wdl_vocab::{Diagnose, Diagnostic, did_you_mean};

use super::replicate::{Centre, ReplicateKind};
use crate::catalog::{Asked, AskedError, Kernel, STATISTICS, UnitsKernel};

/// A statistic of the catalog that needs nothing but an income per row.
#[derive(Clone, Copy, Debug, PartialEq)]
// INVARIANT: the statistic's kernel takes unit rows.
pub struct Measure(Asked);

/// The measures when none are named, in their order.
const USUAL: [&str; 5] = ["arpt", "arpr", "qsr", "rmpg", "gini"];

impl Measure {
    /// Every measure, each as it is without a number after its name.
    pub fn all() -> impl Iterator<Item = Measure> {
        STATISTICS
            .iter()
            .filter(|statistic| matches!(statistic.kernel, Kernel::Units(_)))
            .map(|statistic| Measure(Asked::usual(statistic)))
    }

    /// The five when none are named: threshold, rate, quintile share ratio, median gap, Gini.
    pub fn usual() -> Vec<Measure> {
        USUAL
            .iter()
            .filter_map(|id| Measure::all().find(|measure| measure.id() == *id))
            .collect()
    }

    /// Its id: `arpr`, `arpr:0.4`.
    pub fn id(self) -> String {
        self.0.name()
    }

    pub(super) fn argument(self) -> Option<f64> {
        self.0.argument()
    }

    pub(super) fn is_whole_population(self) -> bool {
        self.0.statistic.is_whole_population
    }

    pub(super) fn kernel(self) -> &'static UnitsKernel {
        match &self.0.statistic.kernel {
            Kernel::Units(kernel) => kernel,
            Kernel::Sums(_) | Kernel::Spells(_) | Kernel::Given => {
                unreachable!("a measure is a statistic of unit rows")
            }
        }
    }
}

/// How standard errors are computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Errors {
    /// Not at all.
    None,
    /// From influence values.
    Linearised,
    /// From replicates.
    Bootstrap(Resampling),
}

/// The bootstrap when nothing else is said: 1,000 replicates and a fixed seed, so that a second run gives the same.
pub const RESAMPLING: Resampling = Resampling {
    replicates: 1000,
    seed: 20_260_101,
};

/// An option has no such word.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("`{name}` is not one of {known}")]
pub struct UnknownWord {
    option: &'static str,
    name: String,
    meant: Option<String>,
    known: String,
}

impl UnknownWord {
    fn new(option: &'static str, name: &str, known: &[String]) -> UnknownWord {
        let names = known.iter().map(String::as_str);
        UnknownWord {
            option,
            name: name.chars().take(60).collect(),
            meant: did_you_mean(name, names).map(str::to_owned),
            known: known.join(", "),
        }
    }
}

impl Diagnose for UnknownWord {
    fn diagnostic(&self) -> Diagnostic {
        Diagnostic::new(codes::UNKNOWN_WORD)
            .with("option", self.option)
            .with("name", &self.name)
            .with("expected", &self.known)
            .suggest(self.meant.as_deref())
    }
}

impl FromStr for Measure {
    type Err = UnknownWord;

    fn from_str(name: &str) -> Result<Measure, UnknownWord> {
        let unknown = || {
            let known: Vec<String> = Measure::all().map(Measure::id).collect();
            UnknownWord::new("--measures", name, &known)
        };
        match Asked::parse(name) {
            Ok(asked) if matches!(asked.statistic.kernel, Kernel::Units(_)) => Ok(Measure(asked)),
            Ok(_) | Err(AskedError::Unknown(_)) => Err(unknown()),
            Err(AskedError::NoArgument(own)) => Err(UnknownWord {
                meant: Some(own.to_owned()),
                ..unknown()
            }),
            Err(AskedError::Bounds {
                name: own,
                from,
                to,
            }) => Err(UnknownWord {
                meant: None,
                known: format!("{own}:{from} … {own}:{to}"),
                ..unknown()
            }),
        }
    }
}

/// One of some words, each with what it stands for.
pub(super) fn word<T: Copy>(
    option: &'static str,
    name: &str,
    known: &[(&str, T)],
) -> Result<T, UnknownWord> {
    let found = known.iter().find(|(word, _)| *word == name);
    found.map(|(_, value)| *value).ok_or_else(|| {
        let words: Vec<String> = known.iter().map(|(word, _)| (*word).to_owned()).collect();
        UnknownWord::new(option, name, &words)
    })
}

impl FromStr for Errors {
    type Err = UnknownWord;

    fn from_str(name: &str) -> Result<Errors, UnknownWord> {
        let known = [
            ("none", Errors::None),
            ("linearised", Errors::Linearised),
            ("bootstrap", Errors::Bootstrap(RESAMPLING)),
        ];
        word("--se", name, &known)
    }
}

/// The rule for quantiles of a name: `eurostat`, `laeken`.
///
/// # Errors
/// [`UnknownWord`] for another name.
pub fn quantile_rule(name: &str) -> Result<QuantileRule, UnknownWord> {
    let known = [
        ("eurostat", QuantileRule::Eurostat),
        ("laeken", QuantileRule::Laeken05),
    ];
    word("--quantiles", name, &known)
}

/// The bandwidth of a name: `undersmoothed`, `convey`.
///
/// # Errors
/// [`UnknownWord`] for another name.
pub fn bandwidth(name: &str) -> Result<Bandwidth, UnknownWord> {
    let known = [
        ("undersmoothed", Bandwidth::Undersmoothed),
        ("convey", Bandwidth::Convey),
    ];
    word("--bandwidth", name, &known)
}

/// The centre of replicates of a name: `estimate`, `mean`.
///
/// # Errors
/// [`UnknownWord`] for another name.
pub fn centre(name: &str) -> Result<Centre, UnknownWord> {
    let known = [("estimate", Centre::Estimate), ("mean", Centre::Mean)];
    word("--replicate-centre", name, &known)
}

/// The kind of replicate weights of a name: `brr`, `fay:0.5`, `jk1`, `jkn`, `bootstrap`.
///
/// # Errors
/// [`UnknownWord`] for another name, or a coefficient that is not from 0 to less than 1.
pub fn replicate_kind(name: &str) -> Result<ReplicateKind, UnknownWord> {
    let known = [
        ("brr", ReplicateKind::Brr),
        ("jk1", ReplicateKind::Jackknife),
        ("jkn", ReplicateKind::Stratified),
        ("bootstrap", ReplicateKind::Bootstrap),
    ];
    let fay = name
        .strip_prefix("fay:")
        .and_then(|number| number.parse().ok());
    match fay.filter(|coefficient| (0.0..1.0).contains(coefficient)) {
        Some(coefficient) => Ok(ReplicateKind::Fay(coefficient)),
        None => word("--replicate-kind", name, &known).map_err(|fault| UnknownWord {
            known: format!("{}, fay:0.5", fault.known),
            ..fault
        }),
    }
}

/// How calibrated weights may move, of a name: `raking`, `linear`, `logit`; the latter two with bounds, `logit` needs them.
///
/// # Errors
/// [`UnknownWord`] for another name, or bounds that it does not take.
pub fn distance(name: &str, bounds: Option<Bounds>) -> Result<Distance, UnknownWord> {
    match (name, bounds) {
        ("raking", None) => Ok(Distance::Raking),
        ("linear", None) => Ok(Distance::Linear),
        ("linear", Some(bounds)) => Ok(Distance::Truncated(bounds)),
        ("logit", Some(bounds)) => Ok(Distance::Logit(bounds)),
        ("raking" | "logit", _) => Err(UnknownWord {
            option: "--bounds",
            name: name.to_owned(),
            meant: None,
            known: "raking (no bounds), linear, logit (with bounds)".to_owned(),
        }),
        _ => {
            let known = ["raking", "linear", "logit"].map(str::to_owned);
            Err(UnknownWord::new("--calibrate-method", name, &known))
        }
    }
}
