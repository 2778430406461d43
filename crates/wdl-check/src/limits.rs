//! What the cells of a column are held against: lists, ranges, the period of the delivery.

use std::collections::{HashMap, HashSet};

use wdl_contract::{CodeList, Column, Kind, Shape};
use wdl_vocab::diagnostics::codes::holder as codes;
use wdl_vocab::{Code, Diagnostic, Period, did_you_mean};

use crate::cells;
use crate::column::is_free_text;
use crate::semantics;
use crate::terms::Terms;

/// 1 January 1900.
pub(crate) const OLD: i32 = -25_567;

/// What the cells of a column are held against.
pub(crate) struct Limits<'a> {
    pub(crate) list: Option<List<'a>>,
    pub(crate) minimum: Option<i128>,
    pub(crate) maximum: Option<i128>,
    pub(crate) scale: u8,
    pub(crate) text_max: Option<usize>,
    /// The first day the delivery is about, for what it carries once.
    pub(crate) first: Option<i64>,
    /// The last day or year the delivery can speak of.
    pub(crate) last: Option<i64>,
    period: Period,
    pub(crate) is_free_text: bool,
    /// Whether it tells an end, which may be agreed for the future.
    pub(crate) is_end: bool,
}

impl<'a> Limits<'a> {
    pub(crate) fn of(column: &'a Column, terms: Terms<'a>) -> Limits<'a> {
        let period = terms.period;
        let (minimum, maximum, scale) = range(&column.kind);
        let list = match &column.kind {
            Kind::Code { list } => terms.codes.get(list).map(|list| List::of(list, period)),
            _ => None,
        };
        let is_year = column.name.ends_with("_year");
        Limits {
            list,
            minimum,
            maximum,
            scale,
            text_max: match column.kind {
                Kind::Text { max } => Some(max),
                _ => None,
            },
            first: is_carried_once(column, terms).then(|| i64::from(first_day(period))),
            last: match column.kind {
                Kind::Date => Some(i64::from(last_day(period))),
                Kind::Integer { .. } if is_year => Some(i64::from(period.year())),
                _ => None,
            },
            period,
            is_free_text: is_free_text(column),
            is_end: column.known_at_end || column.name == "valid_to",
        }
    }

    /// Fills the arguments a code's texts name.
    pub(crate) fn describe(&self, diagnostic: Diagnostic, code: Code) -> Diagnostic {
        let shown = |limit: Option<i128>| {
            limit.map_or_else(String::new, |limit| cells::shown(limit, self.scale))
        };
        match code {
            codes::UNKNOWN_CODE => {
                diagnostic.with("list", self.list.as_ref().map_or("", |l| l.name))
            }
            codes::BELOW_MINIMUM => diagnostic.with("minimum", shown(self.minimum)),
            codes::ABOVE_MAXIMUM => diagnostic.with("maximum", shown(self.maximum)),
            codes::TOO_MANY_DECIMALS => diagnostic.with("maximum", self.scale),
            codes::TOO_LONG => diagnostic.with("maximum", self.text_max.unwrap_or_default()),
            codes::AFTER_PERIOD | codes::PLANNED_END => diagnostic.with("period", self.period),
            codes::BEFORE_PERIOD => diagnostic
                .with("period", self.period)
                .with("minimum", cells::shown_date(first_day(self.period))),
            codes::ISEE_IMPLAUSIBLE => diagnostic
                .with("minimum", 0)
                .with("maximum", semantics::ISEE_PLAUSIBLE_MAX_EURO),
            _ => diagnostic,
        }
    }
}

/// Whether a column tells what a delivery carries once: the day of an event, or the end of an episode.
///
/// The first delivery of a dataset may carry episodes that ended long ago; later ones carry what went on in their period.
fn is_carried_once(column: &Column, terms: Terms<'_>) -> bool {
    match terms.contract.shape {
        Shape::Event => column.name == "event_date",
        Shape::Episode => {
            column.name == "valid_to" && terms.history.previous(&terms.contract.dataset).is_some()
        }
        Shape::Yearly | Shape::Aggregate => false,
    }
}

fn range(kind: &Kind) -> (Option<i128>, Option<i128>, u8) {
    let wide = |limit: &Option<i64>| limit.map(i128::from);
    match kind {
        Kind::Integer { min, max } => (wide(min), wide(max), 0),
        Kind::Money { min, max } => (
            min.map(|euro| i128::from(euro.cents)),
            max.map(|euro| i128::from(euro.cents)),
            2,
        ),
        Kind::Decimal {
            scale, min, max, ..
        } => (wide(min), wide(max), scale.unsigned_abs()),
        Kind::Text { .. } | Kind::Code { .. } | Kind::Date | Kind::TaxCode => (None, None, 0),
    }
}

/// The first day of a period, as days from 1970-01-01.
pub(crate) fn first_day(period: Period) -> i32 {
    days_of(period.first_day())
}

/// The last day of a period, as days from 1970-01-01.
pub(crate) fn last_day(period: Period) -> i32 {
    days_of(period.last_day())
}

fn days_of(day: jiff::civil::Date) -> i32 {
    let (month, date) = (day.month().unsigned_abs(), day.day().unsigned_abs());
    cells::days_from_civil(i32::from(day.year()), u32::from(month), u32::from(date))
}

/// A code list as cells are looked up in it.
pub(crate) struct List<'a> {
    name: &'a str,
    codes: HashSet<&'a str>,
    /// Codes whose last day of validity (`valid_to` of the list) is before the period.
    ended: HashSet<&'a str>,
    /// Codes by what a spreadsheet leaves of them.
    without_zeros: HashMap<&'a str, &'a str>,
}

impl<'a> List<'a> {
    fn of(list: &'a CodeList, period: Period) -> List<'a> {
        let mut columns = list.extra_columns().iter();
        let valid_to = columns.position(|name| name == "valid_to");
        let first_day = period.first_day().to_string();
        let all = || list.rows().iter();
        let mut without_zeros = HashMap::new();
        for row in all() {
            let short = row.code.trim_start_matches('0');
            if short.len() < row.code.len() && !short.is_empty() && !list.contains(short) {
                let kept = without_zeros.entry(short).or_insert(row.code.as_str());
                *kept = row.code.as_str().min(kept);
            }
        }
        List {
            name: list.name(),
            codes: all().map(|row| row.code.as_str()).collect(),
            ended: all()
                .filter(|row| {
                    let end = valid_to.map(|place| row.extra[place].trim());
                    end.is_some_and(|end| end.len() == 10 && *end < *first_day)
                })
                .map(|row| row.code.as_str())
                .collect(),
            without_zeros,
        }
    }

    pub(crate) fn contains(&self, code: &str) -> bool {
        self.codes.contains(code)
    }

    pub(crate) fn has_ended(&self, code: &str) -> bool {
        self.ended.contains(code)
    }

    /// The code a spreadsheet took the zeros from; some of them may be left.
    pub(crate) fn without_zeros(&self, text: &str) -> Option<&'a str> {
        let meant = *self.without_zeros.get(text.trim_start_matches('0'))?;
        (meant.len() > text.len()).then_some(meant)
    }

    /// The code that was probably meant: in the right case, or one slip away.
    pub(crate) fn nearest(&self, text: &str) -> Option<&'a str> {
        let folded = self
            .codes
            .iter()
            .filter(|code| code.eq_ignore_ascii_case(text))
            .min();
        folded
            .copied()
            .or_else(|| did_you_mean(text, self.codes.iter().copied()))
    }
}
