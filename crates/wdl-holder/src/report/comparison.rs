//! A delivery beside an earlier one: rows, people, amounts, cells that are filled, codes that came and went.

use std::collections::BTreeMap;

use serde::Serialize;
use wdl_check::{Past, Summary};
use wdl_contract::{Column, Contract, Treatment};
use wdl_vocab::{Lang, Period, Text};

use crate::words::say;

/// A delivery beside an earlier one.
#[derive(Clone, Debug, Serialize)]
pub struct Comparison {
    /// The earlier one.
    pub with: Period,
    /// What is compared, line by line.
    pub lines: Vec<Line>,
    /// Codes that came and went.
    pub codes: Vec<CodesChanged>,
}

/// One thing compared.
#[derive(Clone, Debug, Serialize)]
pub struct Line {
    /// What.
    pub label: Text,
    /// In what it is counted.
    pub unit: Unit,
    /// In the earlier delivery.
    pub before: f64,
    /// In this one.
    pub now: f64,
}

/// In what a line is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// Rows or people.
    Count,
    /// Per cent of the rows.
    Percent,
    /// Euro: with few rows an amount is a cell, so that it never travels.
    Euro,
}

/// The codes of a column that came and went.
#[derive(Clone, Debug, Serialize)]
pub struct CodesChanged {
    /// The column of the export.
    pub column: String,
    /// Codes that were not there.
    pub appeared: Vec<String>,
    /// Codes that are no longer there.
    pub gone: Vec<String>,
}

impl Comparison {
    /// The accepted rows of a file beside an earlier delivery.
    pub fn of(contract: &Contract, now: &Summary, past: &Past) -> Comparison {
        let then = &past.summary;
        let counted = |unit, label, before: u64, now: u64| Line {
            label,
            unit,
            before: before as f64,
            now: now as f64,
        };
        let mut lines = vec![counted(
            Unit::Count,
            both("compare-rows", None),
            then.rows,
            now.rows,
        )];
        let mut codes = Vec::new();
        for column in &contract.columns {
            let (Some(before), Some(after)) = (
                then.columns.get(&column.name),
                now.columns.get(&column.name),
            ) else {
                continue;
            };
            if matches!(column.treatment, Treatment::Oprf(_)) {
                let label = both("compare-people", Some(column));
                lines.push(counted(Unit::Count, label, before.filled, after.filled));
            }
            if let (Some(before), Some(after)) = (before.total, after.total) {
                lines.push(Line {
                    label: both("compare-total", Some(column)),
                    unit: Unit::Euro,
                    before: before.as_f64(),
                    now: after.as_f64(),
                });
            }
            lines.extend(missing(column, then, now));
            codes.extend(changed(column, &before.codes, &after.codes));
        }
        Comparison {
            with: past.period,
            lines,
            codes,
        }
    }

    /// What of it may travel.
    pub(crate) fn shareable(&self) -> Comparison {
        let lines = self.lines.iter();
        Comparison {
            with: self.with,
            lines: lines
                .filter(|line| line.unit != Unit::Euro)
                .cloned()
                .collect(),
            // Codes stand in the lab's lists, but which of them came is said by a row.
            codes: Vec::new(),
        }
    }
}

/// The share of rows without a value, where there is any.
fn missing(column: &Column, then: &Summary, now: &Summary) -> Option<Line> {
    let share = |summary: &Summary| summary.share_missing(&column.name);
    let (before, now) = (share(then)?, share(now)?);
    (before > 0.0 || now > 0.0).then(|| Line {
        label: both("compare-missing", Some(column)),
        unit: Unit::Percent,
        before: 100.0 * before,
        now: 100.0 * now,
    })
}

fn changed(
    column: &Column,
    then: &BTreeMap<String, u64>,
    now: &BTreeMap<String, u64>,
) -> Option<CodesChanged> {
    let absent = |of: &BTreeMap<String, u64>, from: &BTreeMap<String, u64>| -> Vec<String> {
        let absent = of.keys().filter(|code| !from.contains_key(*code));
        absent.cloned().collect()
    };
    let (appeared, gone) = (absent(now, then), absent(then, now));
    (!appeared.is_empty() || !gone.is_empty()).then(|| CodesChanged {
        column: column.physical_name.clone(),
        appeared,
        gone,
    })
}

/// Words of the tool about a column, in both languages.
fn both(key: &str, column: Option<&Column>) -> Text {
    let [it, en] = Lang::ALL.map(|lang| {
        let label = column.map_or("", |column| column.label.get(lang));
        say(lang, key, &[("column", label.to_owned())])
    });
    Text::new(it, en)
}

impl Line {
    /// A value as readers of the language write it.
    pub(crate) fn shown(&self, value: f64, lang: Lang) -> String {
        match self.unit {
            Unit::Count => lang.number(value, 0),
            Unit::Percent => format!("{}\u{a0}%", lang.number(value, 1)),
            Unit::Euro => format!("{}\u{a0}€", lang.number(value, 2)),
        }
    }

    /// The difference in words: per cent of the earlier value, or points.
    pub(crate) fn change(&self, lang: Lang) -> String {
        let sign = |value: f64| if value > 0.0 { "+" } else { "" };
        let difference = self.now - self.before;
        match self.unit {
            Unit::Percent => format!("{}{}", sign(difference), lang.number(difference, 1)),
            Unit::Count | Unit::Euro if self.before == 0.0 => "–".to_owned(),
            Unit::Count | Unit::Euro => {
                let share = 100.0 * difference / self.before;
                format!("{}{}\u{a0}%", sign(share), lang.number(share, 1))
            }
        }
    }

    /// Both values as parts of the longer bar, in hundredths.
    pub(crate) fn bars(&self) -> (u32, u32) {
        let longest = self.before.max(self.now).max(f64::MIN_POSITIVE);
        let part = |value: f64| (100.0 * value / longest).round().clamp(0.0, 100.0) as u32;
        (part(self.before), part(self.now))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_says_both_values_and_the_change() {
        let line = |unit, before, now| Line {
            label: Text::fixed("righe", "rows"),
            unit,
            before,
            now,
        };
        let rows = line(Unit::Count, 1200.0, 900.0);
        assert_eq!(rows.shown(rows.before, Lang::It), "1.200");
        assert_eq!(rows.change(Lang::It), "−25,0\u{a0}%");
        assert_eq!(rows.bars(), (100, 75));
        assert_eq!(line(Unit::Count, 0.0, 3.0).change(Lang::It), "–");
        assert_eq!(line(Unit::Percent, 2.0, 3.5).change(Lang::En), "+1.5");
        assert_eq!(line(Unit::Count, 0.0, 0.0).bars(), (0, 0));
    }
}
