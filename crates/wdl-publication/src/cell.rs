//! The address of one published cell: `arpr/quartiere/2024/Q1`, the same on pages, in files and for whoever traces a number back.

use std::fmt;
use std::str::FromStr;

use wdl_result::{Cell, Table};
use wdl_vocab::{IndicatorId, Period};

/// The word of a dimension's total in addresses and files.
pub(crate) const TOTAL: &str = "_T";

/// Where a published cell stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CellAddress {
    /// The indicator.
    pub indicator: IndicatorId,
    /// The table inside the indicator: `total`, `quartiere`.
    pub breakdown: String,
    /// The period the number describes.
    pub period: Period,
    /// One category per dimension; `None` is the total.
    pub keys: Vec<Option<String>>,
}

/// The text is not the address of a cell.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error(
    "`{0}` is not the address of a cell: write indicator/breakdown/period/categories, such as arpr/quartiere/2024/Q1"
)]
pub struct CellAddressError(String);

impl CellAddress {
    /// The address of a cell of a table.
    pub fn of(table: &Table, cell: &Cell) -> CellAddress {
        CellAddress {
            indicator: table.header.indicator.clone(),
            breakdown: table.breakdown(),
            period: cell.period,
            keys: cell.keys.clone(),
        }
    }

    /// The cell of a table that this address means.
    pub fn find<'a>(&self, table: &'a Table) -> Option<&'a Cell> {
        let keys: Vec<Option<&str>> = self.keys.iter().map(Option::as_deref).collect();
        let is_here =
            table.header.indicator == self.indicator && table.breakdown() == self.breakdown;
        is_here.then(|| table.cell(self.period, &keys)).flatten()
    }
}

impl fmt::Display for CellAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}/{}", self.indicator, self.breakdown, self.period)?;
        for key in &self.keys {
            write!(f, "/{}", key.as_deref().unwrap_or(TOTAL))?;
        }
        Ok(())
    }
}

impl FromStr for CellAddress {
    type Err = CellAddressError;

    fn from_str(text: &str) -> Result<CellAddress, CellAddressError> {
        let wrong = || CellAddressError(text.chars().take(80).collect());
        let parts: Vec<&str> = text.trim().split('/').collect();
        let [indicator, breakdown, period, keys @ ..] = parts.as_slice() else {
            return Err(wrong());
        };
        if breakdown.is_empty() || keys.iter().any(|key| key.is_empty()) {
            return Err(wrong());
        }
        Ok(CellAddress {
            indicator: IndicatorId::parse(indicator).map_err(|_| wrong())?,
            breakdown: (*breakdown).to_owned(),
            period: period.parse().map_err(|_| wrong())?,
            keys: keys
                .iter()
                .map(|key| (*key != TOTAL).then(|| (*key).to_owned()))
                .collect(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_read_as_they_are_written() {
        for text in [
            "arpr/total/2024",
            "evictions/kind-quartiere/2026-Q3/emesso/_T",
        ] {
            let address: CellAddress = text.parse().expect("an address");
            assert_eq!(address.to_string(), text);
        }
        for text in [
            "",
            "arpr",
            "arpr/total",
            "arpr/total/24",
            "arpr//2024",
            "arpr/total/2024/",
        ] {
            assert!(text.parse::<CellAddress>().is_err(), "{text}");
        }
    }
}
