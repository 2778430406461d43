//! Comma-separated values (RFC 4180), and the same with semicolons and decimal commas for spreadsheets set to Italian.

use wdl_ledger::{Act, Entry, Outcome};
use wdl_result::{Cell, Protection, Unit};
use wdl_vocab::{BodyId, SYNTHETIC_NOTICE};

use super::{protection_word, status_word};
use crate::cell::{CellAddress, TOTAL};
use crate::release_face::ReleasedTable;
use crate::sentence::value_of;

/// How fields and decimals are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Dialect {
    /// Comma, decimal point: RFC 4180.
    Standard,
    /// Semicolon, decimal comma, byte-order mark: what an Italian spreadsheet opens without asking.
    Italian,
}

/// A file under way.
struct Sheet {
    dialect: Dialect,
    text: String,
}

impl Sheet {
    fn new(dialect: Dialect) -> Sheet {
        let mark = match dialect {
            Dialect::Standard => "",
            Dialect::Italian => "\u{feff}",
        };
        Sheet {
            dialect,
            text: mark.to_owned(),
        }
    }

    fn row(&mut self, fields: &[String]) {
        let separator = match self.dialect {
            Dialect::Standard => ',',
            Dialect::Italian => ';',
        };
        for (place, field) in fields.iter().enumerate() {
            if place > 0 {
                self.text.push(separator);
            }
            self.text.push_str(&quoted(field, separator));
        }
        self.text.push_str("\r\n");
    }

    fn number(&self, value: Option<f64>) -> String {
        let shown = value.map(|value| value.to_string()).unwrap_or_default();
        match self.dialect {
            Dialect::Standard => shown,
            Dialect::Italian => shown.replace('.', ","),
        }
    }
}

fn quoted(field: &str, separator: char) -> String {
    let is_plain = !field.contains([separator, '"', '\r', '\n']);
    match is_plain {
        true => field.to_owned(),
        false => format!("\"{}\"", field.replace('"', "\"\"")),
    }
}

/// The name of a unit in files: stable, not for reading aloud.
pub(crate) fn unit_word(unit: Unit) -> &'static str {
    match unit {
        Unit::Persons => "persons",
        Unit::Households => "households",
        Unit::Dwellings => "dwellings",
        Unit::Acts => "acts",
        Unit::Share => "share",
        Unit::Euro => "euro",
        Unit::Days => "days",
        Unit::Months => "months",
        Unit::Years => "years",
        Unit::Ratio => "ratio",
    }
}

/// A released table, a row per cell; the notice of invented data stands in every row, so that it survives any cut.
pub(crate) fn table(released: &ReleasedTable<'_>, dialect: Dialect) -> Vec<u8> {
    let mut sheet = Sheet::new(dialect);
    let mut head = vec!["indicator".to_owned(), "period".to_owned()];
    for dimension in &released.table().dimensions {
        head.extend(["", "_it", "_en"].map(|ending| format!("{}{ending}", dimension.id)));
    }
    let measures = [
        "value",
        "standard_error",
        "n",
        "n_with",
        "coverage",
        "status",
    ];
    head.extend(measures.map(str::to_owned));
    if released.table().header.protection.is_some() {
        head.extend(["protection", "distance_max"].map(str::to_owned));
    }
    head.extend(["unit", "release", "snapshot", "cell"].map(str::to_owned));
    if released.table().header.synthetic {
        head.push("notice".to_owned());
    }
    sheet.row(&head);
    for cell in &released.table().cells {
        let fields = cell_fields(released, cell, &sheet);
        sheet.row(&fields);
    }
    sheet.text.into_bytes()
}

fn cell_fields(released: &ReleasedTable<'_>, cell: &Cell, sheet: &Sheet) -> Vec<String> {
    let header = &released.table().header;
    let mut fields = vec![header.indicator.to_string(), cell.period.to_string()];
    for (dimension, key) in released.table().dimensions.iter().zip(&cell.keys) {
        let category = dimension
            .categories
            .iter()
            .find(|category| Some(&category.id) == key.as_ref());
        match category {
            Some(category) => fields.extend([
                category.id.clone(),
                category.label.it.to_string(),
                category.label.en.to_string(),
            ]),
            None => fields.extend([TOTAL, "Totale", "Total"].map(str::to_owned)),
        }
    }
    // A cell without a value shows nothing else either, whatever an analysis left in it.
    let value = value_of(cell);
    let shown = value.map(|_| cell);
    let whole = |count: Option<u64>| count.map(|count| count.to_string()).unwrap_or_default();
    fields.extend([
        sheet.number(value),
        sheet.number(shown.and_then(|cell| cell.standard_error)),
        whole(shown.and_then(|cell| cell.n)),
        whole(shown.and_then(|cell| cell.n_with)),
        sheet.number(shown.and_then(|cell| cell.coverage)),
        status_word(cell.status).to_owned(),
    ]);
    fields.extend(header.protection.into_iter().flat_map(changed));
    fields.extend([
        unit_word(header.unit).to_owned(),
        released.release.id.to_string(),
        header.lineage.snapshot.to_string(),
        CellAddress::of(released.table(), cell).to_string(),
    ]);
    if header.synthetic {
        fields.push(SYNTHETIC_NOTICE.it.to_string());
    }
    fields
}

/// How the numbers of a table were changed, and how far from the truth they may be at most.
fn changed(protection: Protection) -> [String; 2] {
    let furthest = protection.furthest();
    let away = furthest.map(|away| away.to_string());
    [
        protection_word(protection).to_owned(),
        away.unwrap_or_default(),
    ]
}

/// Every act of the ledger, a row each.
pub(crate) fn acts(acts: &[Entry], is_synthetic: bool) -> Vec<u8> {
    let mut sheet = Sheet::new(Dialect::Standard);
    let mut head: Vec<String> = [
        "sequence", "time", "actor", "act", "subject", "outcome", "code", "object", "entry",
    ]
    .map(str::to_owned)
    .into();
    if is_synthetic {
        head.push("notice".to_owned());
    }
    sheet.row(&head);
    for entry in acts {
        let (outcome, code) = match &entry.outcome {
            Outcome::Done {} => ("done", String::new()),
            Outcome::Refused { code } => ("refused", code.as_str().to_owned()),
        };
        let object = entry.object.map(|digest| digest.to_string());
        let mut fields = vec![
            entry.sequence.to_string(),
            entry.time.to_string(),
            entry.actor.to_string(),
            entry.act.kind().to_owned(),
            subject(&entry.act),
            outcome.to_owned(),
            code,
            object.unwrap_or_default(),
            entry.hash().to_string(),
        ];
        if is_synthetic {
            fields.push(SYNTHETIC_NOTICE.it.to_string());
        }
        sheet.row(&fields);
    }
    sheet.text.into_bytes()
}

/// What an act is about.
fn subject(act: &Act) -> String {
    fn word<T: ToString>(id: Option<&T>) -> String {
        id.map(ToString::to_string).unwrap_or_default()
    }
    match act {
        Act::LabCreated { agreement } => agreement.to_string(),
        Act::Certified { bodies, .. } => {
            let names: Vec<&str> = bodies.iter().map(BodyId::as_str).collect();
            names.join(" ")
        }
        Act::Received(received) => {
            format!("{}/{}/{}", received.body, received.dataset, received.period)
        }
        Act::Offered {
            body,
            dataset,
            period,
        } => {
            format!(
                "{}/{}/{}",
                word(body.as_ref()),
                word(dataset.as_ref()),
                word(period.as_ref())
            )
        }
        Act::Built { snapshot, .. } => word(snapshot.as_ref()),
        Act::DoubtDecided { doubt, .. } => word(doubt.as_ref()),
        Act::StudyPlanned { study }
        | Act::StudyRegistered { study }
        | Act::StudyRun { study, .. } => word(study.as_ref()),
        Act::ReleaseRequested { release, .. } => word(release.as_ref()),
        Act::NoisePaid { population, .. } => population.to_string(),
        Act::ReleaseReviewed { release }
        | Act::VoteOpened { release, .. }
        | Act::Released { release }
        | Act::Withdrawn { release } => release.to_string(),
        Act::Published { site, .. } => word(site.as_ref()),
        Act::DraftsRead { tables } => tables.to_string(),
        Act::TranscriptKept { transcript }
        | Act::TranscriptRead { transcript }
        | Act::TranscriptDestroyed { transcript } => word(transcript.as_ref()),
        Act::Verified { entries } => entries.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_quoted_when_they_must() {
        assert_eq!(quoted("a,b", ','), "\"a,b\"");
        assert_eq!(quoted("a,b", ';'), "a,b");
        assert_eq!(quoted("l\"a", ';'), "\"l\"\"a\"");
    }
}
