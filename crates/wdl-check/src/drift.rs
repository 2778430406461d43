//! A delivery beside earlier ones: how much the counts moved, and what the contract tolerates without a word.

use wdl_contract::{Contract, Kind, Treatment};
use wdl_vocab::diagnostics::codes::holder as codes;
use wdl_vocab::{Code, DatasetId, Diagnostic, Lang, Severity};

use crate::findings::{Findings, Seen, Subject};
use crate::summary::Summary;
use crate::terms::{History, Past};

/// Compares with the last delivery and with that of the same quarter of last year.
///
/// What is beyond both is told once, beside the last delivery.
pub(crate) fn hold(
    contract: &Contract,
    summary: &Summary,
    history: &dyn History,
    findings: &mut Findings,
) {
    let dataset: &DatasetId = &contract.dataset;
    let previous = history.previous(dataset);
    let yearly = history.same_quarter_last_year(dataset);
    let is_same =
        matches!((&previous, &yearly), (Some(one), Some(other)) if one.period == other.period);
    for past in previous.iter().chain(yearly.iter().filter(|_| !is_same)) {
        Beside {
            contract,
            summary,
            past,
        }
        .hold(findings);
    }
}

/// A delivery beside one earlier one.
struct Beside<'a> {
    contract: &'a Contract,
    summary: &'a Summary,
    past: &'a Past,
}

impl Beside<'_> {
    fn hold(&self, findings: &mut Findings) {
        let (now, then) = (self.summary, &self.past.summary);
        let drift = &self.contract.drift;
        if let Some(tolerated) = drift.rows
            && relative(now.rows as f64, then.rows as f64) > tolerated
        {
            let described = Diagnostic::new(codes::ROWS_CHANGED)
                .with("actual", now.rows)
                .with("expected", then.rows)
                .with("maximum", percent(tolerated));
            self.tell(Subject::File, described, Severity::ToJustify, findings);
        }
        for (index, column) in self.contract.columns.iter().enumerate() {
            if column.treatment == Treatment::Drop {
                continue;
            }
            let subject = Subject::Column(index);
            if matches!(column.kind, Kind::Money { .. }) {
                self.totals(&column.name, subject, findings);
            }
            if matches!(column.kind, Kind::Code { .. }) {
                self.codes(&column.name, subject, findings);
            }
            self.missing(&column.name, subject, findings);
        }
    }

    fn totals(&self, column: &str, subject: Subject, findings: &mut Findings) {
        let total = |summary: &Summary| summary.columns.get(column)?.total;
        let (Some(now), Some(then), Some(tolerated)) = (
            total(self.summary),
            total(&self.past.summary),
            self.contract.drift.totals,
        ) else {
            return;
        };
        let change = relative(now.as_f64(), then.as_f64());
        if change > tolerated {
            // The totals themselves are not told: that of one row is a cell.
            let described = Diagnostic::new(codes::TOTAL_CHANGED)
                .with("column", self.shown(column))
                .with("actual", percent(change))
                .with("maximum", percent(tolerated));
            self.tell(subject, described, Severity::ToJustify, findings);
        }
    }

    fn missing(&self, column: &str, subject: Subject, findings: &mut Findings) {
        let (Some(now), Some(then), Some(tolerated)) = (
            self.summary.share_missing(column),
            self.past.summary.share_missing(column),
            self.contract.drift.missing,
        ) else {
            return;
        };
        if (now - then).abs() > tolerated {
            let described = Diagnostic::new(codes::MISSING_CHANGED)
                .with("column", self.shown(column))
                .with("actual", percent(now))
                .with("expected", percent(then))
                .with("maximum", percent(tolerated));
            self.tell(subject, described, Severity::ToJustify, findings);
        }
    }

    /// Codes that came, went, or changed their share of the rows.
    fn codes(&self, column: &str, subject: Subject, findings: &mut Findings) {
        let counts = |summary: &Summary| summary.columns.get(column).cloned();
        let (Some(now), Some(then)) = (counts(self.summary), counts(&self.past.summary)) else {
            return;
        };
        for (code, of, from) in [
            (codes::CODES_NEW, &now, &then),
            (codes::CODES_GONE, &then, &now),
        ] {
            let absent = of
                .codes
                .keys()
                .filter(|code| !from.codes.contains_key(*code));
            // Which codes is for the body alone: a rare one may speak of a person.
            for value in absent {
                let key = (Severity::Note, subject, code);
                let (column, period) = (self.shown(column), self.past.period);
                findings.add(key, Some(Seen::nowhere(value)), || {
                    Diagnostic::new(code)
                        .with("column", column)
                        .with("period", period)
                });
            }
        }
        let Some(tolerated) = self.contract.drift.rows else {
            return;
        };
        if let Some(moved) = moved(&now, &then)
            && moved > tolerated
        {
            let described = Diagnostic::new(codes::CODES_SHIFTED)
                .with("column", self.shown(column))
                .with("actual", percent(moved))
                .with("maximum", percent(tolerated));
            self.tell(subject, described, Severity::ToJustify, findings);
        }
    }

    fn shown(&self, column: &str) -> &str {
        let column = self.contract.column(column);
        column.map_or("", |column| &column.physical_name)
    }

    fn tell(
        &self,
        subject: Subject,
        described: Diagnostic,
        severity: Severity,
        findings: &mut Findings,
    ) {
        let code: Code = described.code;
        findings.add((severity, subject, code), None, || {
            described.with("period", self.past.period)
        });
    }
}

/// The fewest rows, in both deliveries, whose spread over codes is compared: fewer move by chance.
const SPREAD_ROWS_MIN: u64 = 100;

/// A change relative to what was; something where there was nothing is a whole change.
fn relative(now: f64, then: f64) -> f64 {
    match (now == then, then == 0.0) {
        (true, _) => 0.0,
        (false, true) => 1.0,
        (false, false) => ((now - then) / then).abs(),
    }
}

/// The share of rows that would have to move to another code for the two deliveries to be spread alike (total variation distance).
fn moved(now: &crate::ColumnSummary, then: &crate::ColumnSummary) -> Option<f64> {
    let rows = |of: &crate::ColumnSummary| of.codes.values().sum::<u64>();
    let (rows_now, rows_then) = (rows(now), rows(then));
    if rows_now < SPREAD_ROWS_MIN || rows_then < SPREAD_ROWS_MIN {
        return None;
    }
    let share = |of: &crate::ColumnSummary, code: &String, rows: u64| {
        of.codes.get(code).copied().unwrap_or(0) as f64 / rows as f64
    };
    let all: std::collections::BTreeSet<&String> =
        now.codes.keys().chain(then.codes.keys()).collect();
    let apart = all
        .into_iter()
        .map(|code| (share(now, code, rows_now) - share(then, code, rows_then)).abs());
    Some(apart.sum::<f64>() / 2.0)
}

/// A share as a percentage that reads the same in both languages.
fn percent(share: f64) -> String {
    let shown = Lang::It.number(100.0 * share, 1);
    format!("{}%", shown.strip_suffix(",0").unwrap_or(&shown))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_are_relative() {
        assert_eq!(relative(120.0, 100.0), 0.2);
        assert_eq!(relative(5.0, 0.0), 1.0);
        assert_eq!(relative(0.0, 0.0), 0.0);
        assert_eq!(percent(0.2), "20%");
        assert_eq!(percent(0.125), "12,5%");
    }

    #[test]
    fn a_shift_is_the_share_that_moved() {
        let of = |counts: &[(&str, u64)]| crate::ColumnSummary {
            codes: counts
                .iter()
                .map(|(code, n)| ((*code).to_owned(), *n))
                .collect(),
            ..crate::ColumnSummary::default()
        };
        let moved = |a, b| super::moved(&of(a), &of(b));
        assert_eq!(
            moved(&[("a", 50), ("b", 50)], &[("a", 100), ("b", 100)]),
            Some(0.0)
        );
        assert_eq!(moved(&[("a", 100)], &[("b", 100)]), Some(1.0));
        assert_eq!(
            moved(&[("a", 75), ("b", 25)], &[("a", 50), ("b", 50)]),
            Some(0.25)
        );
        assert_eq!(moved(&[("a", 10)], &[("b", 100)]), None);
    }
}
