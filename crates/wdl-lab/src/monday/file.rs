//! `monday.yaml`: which figures the list shows, and the budgets they are compared with.
//!
//! Budgets are dated amounts with their source: no amount stands in code.

use std::fmt;
use std::path::Path;

use serde::Deserialize;
use wdl_indicators::{Indicator, Indicators, Span};
use wdl_result::{Dimension, Unit};
use wdl_vocab::diagnostics::codes::indicators as codes;
use wdl_vocab::{Diagnose, Diagnostic, Euro, Text, did_you_mean};
use wdl_yaml::{Placed, Source};

/// The file inside the lab folder.
const FILE: &str = "monday.yaml";

/// One thing the file asks for, its names known to the lab.
#[derive(Clone, Debug)]
pub(super) enum Wanted {
    Budget(WantedBudget),
    Newest(WantedNewest),
    NoneHere { title: Text, reason: Text },
}

impl Wanted {
    /// The indicator it reads, when it reads one.
    pub(super) fn indicator(&self) -> Option<&str> {
        match self {
            Wanted::Budget(wanted) => Some(&wanted.indicator),
            Wanted::Newest(wanted) => Some(&wanted.indicator),
            Wanted::NoneHere { .. } => None,
        }
    }
}

/// Spending by quarter and what it may be in a year.
#[derive(Clone, Debug)]
pub(super) struct WantedBudget {
    pub(super) title: Text,
    pub(super) indicator: String,
    pub(super) dimension: Option<String>,
    pub(super) lines: Vec<WantedLine>,
}

/// One line of a budget; no category means the total.
#[derive(Clone, Debug)]
pub(super) struct WantedLine {
    pub(super) category: Option<String>,
    pub(super) amounts: Vec<Amount>,
}

/// What may be spent in a year.
#[derive(Clone, Debug)]
pub(super) struct Amount {
    pub(super) year: i16,
    pub(super) amount: Euro,
    /// The indicator whose newest total before the year the amount is multiplied by: an amount for each resident.
    pub(super) per: Option<String>,
    pub(super) source: Text,
}

/// Figures of an indicator; no category means the total.
#[derive(Clone, Debug)]
pub(super) struct WantedNewest {
    pub(super) title: Text,
    pub(super) indicator: String,
    pub(super) dimension: Option<String>,
    pub(super) categories: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct MondayFile {
    items: Vec<ItemFile>,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
enum ItemFile {
    Budget(BudgetFile),
    Newest(NewestFile),
    NoneHere(NoneHereFile),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct BudgetFile {
    title: Text,
    indicator: Placed<String>,
    #[serde(default)]
    dimension: Option<Placed<String>>,
    lines: Vec<LineFile>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LineFile {
    #[serde(default)]
    category: Option<Placed<String>>,
    amounts: Vec<AmountFile>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AmountFile {
    year: i16,
    amount: Placed<String>,
    #[serde(default)]
    per: Option<Placed<String>>,
    source: Text,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewestFile {
    title: Text,
    indicator: Placed<String>,
    #[serde(default)]
    dimension: Option<Placed<String>>,
    #[serde(default)]
    categories: Vec<Placed<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NoneHereFile {
    title: Text,
    reason: Text,
}

/// What only Monday's list may have wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MondayFault {
    /// The lab folder has no such file.
    NoList,
    /// A budget of an indicator that is not a sum of euro by quarter.
    NotSpending {
        /// The indicator.
        indicator: String,
    },
    /// An amount for each unit of an indicator that counts none.
    NotCounted {
        /// The indicator.
        indicator: String,
    },
}

impl fmt::Display for MondayFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            MondayFault::NoList => f.write_str("the lab has no Monday's list"),
            MondayFault::NotSpending { indicator } => {
                write!(f, "`{indicator}` is not a sum of euro by quarter")
            }
            MondayFault::NotCounted { indicator } => {
                write!(
                    f,
                    "`{indicator}` does not count persons, families or dwellings"
                )
            }
        }
    }
}

impl std::error::Error for MondayFault {}

impl Diagnose for MondayFault {
    fn diagnostic(&self) -> Diagnostic {
        match self {
            MondayFault::NoList => Diagnostic::new(codes::NO_MONDAY),
            MondayFault::NotSpending { indicator } => {
                Diagnostic::new(codes::NOT_SPENDING).with("indicator", indicator)
            }
            MondayFault::NotCounted { indicator } => {
                Diagnostic::new(codes::NOT_COUNTED).with("indicator", indicator)
            }
        }
    }
}

type Fault = wdl_yaml::Fault<MondayFault>;
type FaultKind = wdl_yaml::FaultKind<MondayFault>;

/// Reads the file; the first name that the lab does not know stops it, with its place.
pub(super) fn read(lab: &Path, indicators: &Indicators) -> Result<Vec<Wanted>, Fault> {
    let path = lab.join(FILE);
    if !path.is_file() {
        return Err(Fault::whole(&path, FaultKind::Own(MondayFault::NoList)));
    }
    let source = Source::read(&path)?;
    let file: MondayFile = source.parse()?;
    let door = Door {
        source: &source,
        indicators,
    };
    file.items.into_iter().map(|item| door.item(item)).collect()
}

struct Door<'a> {
    source: &'a Source,
    indicators: &'a Indicators,
}

impl Door<'_> {
    fn item(&self, item: ItemFile) -> Result<Wanted, Fault> {
        match item {
            ItemFile::Budget(file) => self.budget(file).map(Wanted::Budget),
            ItemFile::Newest(file) => self.newest(file).map(Wanted::Newest),
            ItemFile::NoneHere(file) => Ok(Wanted::NoneHere {
                title: file.title,
                reason: file.reason,
            }),
        }
    }

    fn budget(&self, file: BudgetFile) -> Result<WantedBudget, Fault> {
        let indicator = self.indicator(&file.indicator)?;
        if indicator.span() != Span::Quarter || indicator.unit() != Unit::Euro {
            let kind = FaultKind::Own(MondayFault::NotSpending {
                indicator: file.indicator.value.clone(),
            });
            return Err(self.source.fault_at(&file.indicator, kind));
        }
        let dimension = self.dimension(indicator, file.dimension.as_ref())?;
        let mut lines = Vec::new();
        for line in file.lines {
            let category = line
                .category
                .map(|category| self.category(dimension, &category))
                .transpose()?;
            let amounts = line.amounts.into_iter().map(|amount| self.amount(amount));
            lines.push(WantedLine {
                category,
                amounts: amounts.collect::<Result<_, _>>()?,
            });
        }
        Ok(WantedBudget {
            title: file.title,
            indicator: file.indicator.value,
            dimension: dimension.map(|dimension| dimension.id.clone()),
            lines,
        })
    }

    fn newest(&self, file: NewestFile) -> Result<WantedNewest, Fault> {
        let indicator = self.indicator(&file.indicator)?;
        let dimension = self.dimension(indicator, file.dimension.as_ref())?;
        let categories = file.categories.iter();
        Ok(WantedNewest {
            title: file.title,
            indicator: file.indicator.value.clone(),
            dimension: dimension.map(|dimension| dimension.id.clone()),
            categories: categories
                .map(|category| self.category(dimension, category))
                .collect::<Result<_, _>>()?,
        })
    }

    fn indicator(&self, name: &Placed<String>) -> Result<&Indicator, Fault> {
        let ids = || self.indicators.list().iter().map(|each| each.id().as_str());
        let found = self.indicators.list().iter();
        let mut found = found.filter(|each| each.id().as_str() == name.value);
        found.next().ok_or_else(|| {
            let kind = FaultKind::UnknownName {
                list: "indicators".to_owned(),
                name: name.value.clone(),
                meant: did_you_mean(&name.value, ids()).map(str::to_owned),
            };
            self.source.fault_at(name, kind)
        })
    }

    /// A breakdown of one dimension that the indicator has a table for.
    fn dimension<'i>(
        &self,
        indicator: &'i Indicator,
        name: Option<&Placed<String>>,
    ) -> Result<Option<&'i Dimension>, Fault> {
        let Some(name) = name else { return Ok(None) };
        let single = || {
            indicator
                .breakdowns()
                .iter()
                .filter_map(|set| match set.as_slice() {
                    [one] => Some(one),
                    _ => None,
                })
        };
        match single().find(|dimension| dimension.id == name.value) {
            Some(dimension) => Ok(Some(dimension)),
            None => {
                let ids = single().map(|dimension| dimension.id.as_str());
                let kind = FaultKind::UnknownName {
                    list: "breakdowns".to_owned(),
                    name: name.value.clone(),
                    meant: did_you_mean(&name.value, ids).map(str::to_owned),
                };
                Err(self.source.fault_at(name, kind))
            }
        }
    }

    fn category(
        &self,
        dimension: Option<&Dimension>,
        name: &Placed<String>,
    ) -> Result<String, Fault> {
        let categories = || dimension.into_iter().flat_map(|each| &each.categories);
        match categories().any(|category| category.id == name.value) {
            true => Ok(name.value.clone()),
            false => {
                let ids = categories().map(|category| category.id.as_str());
                let kind = FaultKind::UnknownName {
                    list: "categories".to_owned(),
                    name: name.value.clone(),
                    meant: did_you_mean(&name.value, ids).map(str::to_owned),
                };
                Err(self.source.fault_at(name, kind))
            }
        }
    }

    fn amount(&self, file: AmountFile) -> Result<Amount, Fault> {
        let Some(amount) = euro(&file.amount.value) else {
            let kind = FaultKind::wrong("an amount is written like 120000.00");
            return Err(self.source.fault_at(&file.amount, kind));
        };
        let per = file.per.map(|per| self.counted(per)).transpose()?;
        Ok(Amount {
            year: file.year,
            amount,
            per,
            source: file.source,
        })
    }

    /// An indicator that counts what an amount can be for.
    fn counted(&self, per: Placed<String>) -> Result<String, Fault> {
        match self.indicator(&per)?.unit() {
            Unit::Persons | Unit::Households | Unit::Dwellings => Ok(per.value),
            Unit::Acts
            | Unit::Share
            | Unit::Euro
            | Unit::Days
            | Unit::Months
            | Unit::Years
            | Unit::Ratio => {
                let kind = FaultKind::Own(MondayFault::NotCounted {
                    indicator: per.value.clone(),
                });
                Err(self.source.fault_at(&per, kind))
            }
        }
    }
}

/// An amount with at most two decimals, never negative.
fn euro(text: &str) -> Option<Euro> {
    let (whole, cents) = text.split_once('.').unwrap_or((text, ""));
    let is_digits = |digits: &str| digits.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty()
        || whole.len() > 12
        || cents.len() > 2
        || !is_digits(whole)
        || !is_digits(cents)
    {
        return None;
    }
    let whole: i64 = whole.parse().ok()?;
    let cents: i64 = format!("{cents:0<2}").parse().ok()?;
    Some(Euro::from_cents(whole * 100 + cents))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_amount_is_read_to_the_cent() {
        let cents = |text: &str| euro(text).map(|euro| euro.cents);
        assert_eq!(cents("120000.00"), Some(12_000_000));
        assert_eq!(cents("7.5"), Some(750));
        assert_eq!(cents("7"), Some(700));
        for bad in ["", "-1", "1,5", "1.234", "1e3", "1234567890123"] {
            assert_eq!(cents(bad), None, "{bad}");
        }
    }
}
