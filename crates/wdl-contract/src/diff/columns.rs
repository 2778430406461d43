//! Changes of columns.

use std::collections::BTreeMap;

use super::{Change, Raise, What, change};
use crate::column::{Column, Kind, Semantic, Treatment};
use crate::contract::Contract;

/// What changed in the columns.
pub(super) fn changes(old: &Contract, new: &Contract) -> Vec<Change> {
    let mut changes = Vec::new();
    let before: BTreeMap<&str, &Column> = by_name(old);
    for column in &new.columns {
        match before.get(column.name.as_str()) {
            Some(known) => changes.extend(column_changes(known, column)),
            None => changes.push(added(column)),
        }
    }
    let after = by_name(new);
    for column in &old.columns {
        if !after.contains_key(column.name.as_str()) {
            let name = &column.name;
            changes.push(change(
                What::ColumnRemoved,
                name,
                Raise::Major,
                format!("la colonna `{name}` non c'è più"),
                format!("the column `{name}` is gone"),
            ));
        }
    }
    changes
}

fn by_name(contract: &Contract) -> BTreeMap<&str, &Column> {
    let columns = contract.columns.iter();
    columns
        .map(|column| (column.name.as_str(), column))
        .collect()
}

fn added(column: &Column) -> Change {
    let name = &column.name;
    match column.required {
        true => change(
            What::ColumnAdded,
            name,
            Raise::Major,
            format!("è nuova la colonna `{name}`, obbligatoria"),
            format!("the column `{name}` is new and required"),
        ),
        false => change(
            What::ColumnAdded,
            name,
            Raise::Minor,
            format!("è nuova la colonna `{name}`, facoltativa"),
            format!("the column `{name}` is new and optional"),
        ),
    }
}

fn column_changes(old: &Column, new: &Column) -> Vec<Change> {
    let mut found = Vec::new();
    let name = new.name.as_str();
    let mut add = |what, raise, it: String, en: String| {
        found.push(change(
            what,
            name,
            raise,
            format!("`{name}`: {it}"),
            format!("`{name}`: {en}"),
        ));
    };
    if old.physical_name != new.physical_name {
        let (was, is) = (&old.physical_name, &new.physical_name);
        let it = format!("nell'esportazione si chiamava {was}, ora {is}");
        add(
            What::PhysicalName,
            Raise::Major,
            it,
            format!("in the export it was {was} and is {is}"),
        );
    }
    if let Some((what, raise)) = kind(&old.kind, &new.kind) {
        let (it, en) = match (what, raise) {
            (What::Range, Raise::Major) => ("limiti più stretti", "narrower limits"),
            (What::Range, _) => ("limiti più larghi", "wider limits"),
            _ => ("contiene altro", "it holds something else"),
        };
        let (was, is) = (told(&old.kind), told(&new.kind));
        add(
            what,
            raise,
            format!("{it}: era {was}, ora {is}"),
            format!("{en}: was {was}, is {is}"),
        );
    }
    constraints(old, new, &mut add);
    if old.treatment != new.treatment {
        let (was, is) = (treatment(&old.treatment), treatment(&new.treatment));
        let it = format!("il trattamento era {was}, ora è {is}");
        add(
            What::Treatment,
            Raise::Major,
            it,
            format!("the treatment was {was} and is {is}"),
        );
    }
    if old.semantic != new.semantic {
        let word = |of: &Option<Semantic>| {
            of.as_ref()
                .map_or("–".to_owned(), |it| it.word().to_owned())
        };
        let (was, is) = (word(&old.semantic), word(&new.semantic));
        // A known meaning is checked: what was right may no longer be.
        let is_checked =
            matches!(&new.semantic, Some(known) if !matches!(known, Semantic::Other(_)));
        let raise = if is_checked {
            Raise::Major
        } else {
            Raise::Minor
        };
        add(
            What::Semantic,
            raise,
            format!("il significato era {was}, ora è {is}"),
            format!("the meaning was {was} and is {is}"),
        );
    }
    if (old.width, &old.format) != (new.width, &new.format) {
        let it = "è cambiato il posto nella riga o la forma dei valori".to_owned();
        add(
            What::Form,
            Raise::Minor,
            it,
            "the place in the line or the form of values changed".to_owned(),
        );
    }
    if (&old.label, &old.description) != (&new.label, &new.description) {
        let it = "sono cambiate le parole per le persone".to_owned();
        add(
            What::Wording,
            Raise::Patch,
            it,
            "the words for people changed".to_owned(),
        );
    }
    found
}

fn constraints(old: &Column, new: &Column, add: &mut dyn FnMut(What, Raise, String, String)) {
    let mut told = |was: bool, is: bool, now: (&str, &str), no_longer: (&str, &str)| {
        let (raise, (it, en)) = match (was, is) {
            (false, true) => (Raise::Major, now),
            (true, false) => (Raise::Minor, no_longer),
            (true, true) | (false, false) => return,
        };
        add(What::Constraint, raise, it.to_owned(), en.to_owned());
    };
    told(
        old.required,
        new.required,
        ("ora è obbligatoria", "it is now required"),
        ("può essere vuota", "it may be empty"),
    );
    told(
        old.unique,
        new.unique,
        (
            "un valore ora sta in una riga sola",
            "a value now stands in one row only",
        ),
        (
            "un valore può stare in più righe",
            "a value may stand in several rows",
        ),
    );
    told(
        old.known_at_end,
        new.known_at_end,
        (
            "ora è nota solo alla fine dell'episodio",
            "it is now known only when the episode ends",
        ),
        ("è nota da subito", "it is known from the start"),
    );
    if old.is_key != new.is_key {
        let (it, en) = match new.is_key {
            true => ("ora è la chiave", "it is now the key"),
            false => ("non è più la chiave", "it is no longer the key"),
        };
        add(What::Constraint, Raise::Major, it.to_owned(), en.to_owned());
    }
}

/// How what a cell holds changed, when it did.
fn kind(old: &Kind, new: &Kind) -> Option<(What, Raise)> {
    if old == new {
        return None;
    }
    let is_wider = match (old, new) {
        (Kind::Text { max: old }, Kind::Text { max: new }) => new >= old,
        (
            Kind::Integer { min, max },
            Kind::Integer {
                min: least,
                max: most,
            },
        ) => holds(*min, *max, *least, *most),
        (
            Kind::Money { min, max },
            Kind::Money {
                min: least,
                max: most,
            },
        ) => holds(*min, *max, *least, *most),
        (
            Kind::Decimal {
                precision,
                scale,
                min,
                max,
            },
            Kind::Decimal {
                precision: digits,
                scale: decimals,
                min: least,
                max: most,
            },
        ) if scale == decimals => digits >= precision && holds(*min, *max, *least, *most),
        _ => return Some((What::Kind, Raise::Major)),
    };
    let raise = if is_wider { Raise::Minor } else { Raise::Major };
    Some((What::Range, raise))
}

/// Whether all that was within the old limits is within the new ones.
fn holds<N: PartialOrd>(min: Option<N>, max: Option<N>, least: Option<N>, most: Option<N>) -> bool {
    let is_low = least.is_none_or(|least| min.is_some_and(|min| least <= min));
    let is_high = most.is_none_or(|most| max.is_some_and(|max| most >= max));
    is_low && is_high
}

/// What a cell holds, in the words of the contract.
fn told(kind: &Kind) -> String {
    let limits = |min: Option<String>, max: Option<String>| {
        let mark = |limit: Option<String>| limit.unwrap_or_else(|| "…".to_owned());
        format!("{}–{}", mark(min), mark(max))
    };
    let number = |of: &Option<i64>| of.map(|limit| limit.to_string());
    match kind {
        Kind::Text { max } => format!("text {max}"),
        Kind::Code { list } => format!("code {list}"),
        Kind::Integer { min, max } => format!("integer {}", limits(number(min), number(max))),
        Kind::Money { min, max } => {
            let cents = |of: &Option<wdl_vocab::Euro>| of.map(|euro| euro.as_f64().to_string());
            format!("money {}", limits(cents(min), cents(max)))
        }
        Kind::Decimal {
            precision,
            scale,
            min,
            max,
        } => {
            let unit = 10_f64.powi(i32::from(*scale));
            let shown = |of: &Option<i64>| of.map(|limit| (limit as f64 / unit).to_string());
            format!(
                "decimal {precision},{scale} {}",
                limits(shown(min), shown(max))
            )
        }
        Kind::Date => "date".to_owned(),
        Kind::TaxCode => "tax_code".to_owned(),
    }
}

fn treatment(treatment: &Treatment) -> String {
    match treatment {
        Treatment::Keep => "keep".to_owned(),
        Treatment::Drop => "drop".to_owned(),
        Treatment::Oprf(domain) => format!("oprf {domain}"),
        Treatment::Keyed(domain) => format!("keyed {domain}"),
        Treatment::CoarsenMonth => "coarsen_month".to_owned(),
    }
}
