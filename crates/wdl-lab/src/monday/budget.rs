//! Spending of a year against its budget, and the day the budget runs out at the year's pace.

use jiff::ToSpan as _;
use jiff::civil::Date;
use serde::Serialize;
use wdl_result::Table;
use wdl_vocab::{Euro, Period, Text};

use super::file::{Amount, WantedBudget, WantedLine};
use super::{Day, Figure, Ground};

/// Spending against its budget, line by line.
#[derive(Clone, Debug, Serialize)]
pub struct Budgeted {
    /// What it is called.
    pub title: Text,
    /// The indicator of the spending.
    pub indicator: String,
    /// What its sources see and what they do not.
    pub coverage: Option<Text>,
    /// The quarters of the year that are known; none when no table is there.
    pub known: Vec<Period>,
    /// The lines.
    pub lines: Vec<BudgetedLine>,
}

/// One line of a budget.
#[derive(Clone, Debug, Serialize)]
pub struct BudgetedLine {
    /// The category; nothing for the total.
    pub label: Option<Text>,
    /// What may be spent in the year, and who decided it; nothing when the lab has no amount for the year.
    pub budget: Option<(Euro, Text)>,
    /// Where the budget is an amount for each unit: the amount and the units.
    pub basis: Option<Basis>,
    /// What was spent in the known quarters of the year.
    pub spent: Figure,
    /// What follows.
    pub outlook: Outlook,
}

/// An amount for each unit of a count, such as each resident.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Basis {
    /// The amount for each.
    pub amount: Euro,
    /// What is counted.
    pub of: Text,
    /// The last period before the year.
    pub period: Period,
    /// How many there are.
    pub count: Figure,
}

/// When a budget runs out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum Outlook {
    /// At the pace of the year so far.
    Pace {
        /// The first day that the budget does not cover; nothing when it lasts the year.
        day: Option<Day>,
        /// The same at the pace of the fastest of the last four quarters.
        earliest: Option<Day>,
        /// The same at the pace of the slowest.
        latest: Option<Day>,
        /// What is left on 31 December at the pace of the year; below zero, what is missing.
        left_at_end: Euro,
    },
    /// More was spent than the budget.
    Exceeded {
        /// By how much.
        over: Euro,
    },
    /// Nothing was spent yet, so there is no pace.
    NoSpending,
    /// A quarter of the year is hidden or missing.
    NotComputable,
    /// The lab has no amount for the year.
    NoBudget,
}

pub(super) fn of(ground: &Ground<'_>, wanted: &WantedBudget) -> Budgeted {
    let table = ground.table(&wanted.indicator, wanted.dimension.as_deref());
    let known = table.map(known).unwrap_or_default();
    let line = |line: &WantedLine| match table {
        Some(table) => budgeted(ground, table, &known, line),
        None => BudgetedLine {
            label: None,
            budget: None,
            basis: None,
            spent: Figure::NotCollected,
            outlook: Outlook::NotComputable,
        },
    };
    Budgeted {
        title: wanted.title.clone(),
        indicator: wanted.indicator.clone(),
        coverage: table.map(|table| table.header.coverage.clone()),
        lines: wanted.lines.iter().map(line).collect(),
        known,
    }
}

/// The quarters of the newest year, from its first to the newest that the table has.
fn known(table: &Table) -> Vec<Period> {
    let Some(newest) = table.periods().last().copied() else {
        return Vec::new();
    };
    let first = Period::quarter(newest.year(), 1);
    std::iter::successors(Some(first), |period| Some(period.next()))
        .take_while(|period| *period <= newest)
        .collect()
}

/// What may be spent by an amount of the file, and what it rests on; no euro when what it is for is not known.
fn granted(ground: &Ground<'_>, amount: &Amount) -> (Option<Euro>, Option<Basis>) {
    let Some(per) = &amount.per else {
        return (Some(amount.amount), None);
    };
    let before = |period: &Period| period.year() < amount.year;
    let table = ground.table(per, None);
    let newest = table.and_then(|table| table.periods().into_iter().rfind(before));
    let (Some(table), Some(period)) = (table, newest) else {
        return (None, None);
    };
    let count = Figure::of(table.cell(period, &[]));
    let whole = count.value().map(|count| count.round() as i64);
    let euro = whole.and_then(|whole| amount.amount.cents.checked_mul(whole));
    let basis = Basis {
        amount: amount.amount,
        of: table.header.title.clone(),
        period,
        count,
    };
    (euro.map(Euro::from_cents), Some(basis))
}

fn budgeted(
    ground: &Ground<'_>,
    table: &Table,
    known: &[Period],
    line: &WantedLine,
) -> BudgetedLine {
    let cell = |period: Period| {
        let keys: Vec<Option<&str>> = match table.dimensions.is_empty() {
            true => Vec::new(),
            false => vec![line.category.as_deref()],
        };
        Figure::of(table.cell(period, &keys))
    };
    let figures: Vec<Figure> = known.iter().map(|period| cell(*period)).collect();
    let spent = sum(&figures);
    let year = known.last().map(|newest| newest.year());
    let of_year = |amount: &&Amount| Some(amount.year) == year;
    let budget = line.amounts.iter().find(of_year);
    let (granted, basis) = budget.map_or((None, None), |amount| granted(ground, amount));
    let outlook = match (budget, granted, spent.value(), known.last()) {
        (None, ..) => Outlook::NoBudget,
        (Some(_), None, ..) | (Some(_), _, None, _) | (Some(_), _, _, None) => {
            Outlook::NotComputable
        }
        (Some(_), Some(granted), Some(spent), Some(newest)) => {
            let before = std::iter::successors(Some(*newest), |period| Some(period.previous()));
            let quarters = before.take(4).filter_map(|period| {
                let amount = cell(period).value()?;
                Some((cents(amount), days(period.first_day(), period.last_day())))
            });
            let quarters: Vec<(i64, i64)> = quarters.collect();
            outlook(granted.cents, cents(spent), newest.last_day(), &quarters)
        }
    };
    let dimension = table.dimensions.first();
    let category = dimension.and_then(|dimension| {
        let categories = dimension.categories.iter();
        let mut named = categories.filter(|each| Some(&each.id) == line.category.as_ref());
        named.next().map(|each| each.label.clone())
    });
    BudgetedLine {
        label: category,
        budget: budget
            .zip(granted)
            .map(|(budget, granted)| (granted, budget.source.clone())),
        basis,
        spent,
        outlook,
    }
}

/// The sum of the quarters; one that has no number leaves none.
fn sum(figures: &[Figure]) -> Figure {
    let gap = figures.iter().find(|figure| figure.value().is_none());
    match (gap, figures) {
        (Some(gap), _) => *gap,
        (None, []) => Figure::NotCollected,
        (None, figures) => {
            let total: i64 = figures
                .iter()
                .filter_map(|each| each.value())
                .map(cents)
                .sum();
            Figure::Value {
                value: Euro::from_cents(total).as_f64(),
                // Households may be aided in several quarters: their counts do not add up.
                n: None,
                n_with: None,
            }
        }
    }
}

fn cents(euro: f64) -> i64 {
    (euro * 100.0).round() as i64
}

/// Days from one to another, both counted.
fn days(first: Date, last: Date) -> i64 {
    i64::from(first.until(last).map_or(0, |span| span.get_days())) + 1
}

/// What follows of a budget, what was spent of it until a day, and the amounts and days of the last quarters.
///
/// A pace is an amount over its days; whole cents and whole days, so that the same amounts always give the same day.
fn outlook(budget: i64, spent: i64, until: Date, quarters: &[(i64, i64)]) -> Outlook {
    if spent > budget {
        return Outlook::Exceeded {
            over: Euro::from_cents(spent - budget),
        };
    }
    let first = jiff::civil::date(until.year(), 1, 1);
    let last = jiff::civil::date(until.year(), 12, 31);
    let elapsed = days(first, until);
    if spent <= 0 {
        return Outlook::NoSpending;
    }
    let left = budget - spent;
    // The first day not covered comes after as many whole days as what is left pays for.
    let day_at = |(amount, of): (i64, i64)| {
        if amount <= 0 {
            return None;
        }
        let covered = i128::from(left) * i128::from(of) / i128::from(amount);
        let room = days(until, last) - 1;
        let covered = i64::try_from(covered)
            .ok()
            .filter(|covered| *covered < room)?;
        until.checked_add((covered + 1).days()).ok().map(Day)
    };
    let by_pace = |one: &&(i64, i64), other: &&(i64, i64)| {
        // Amounts over days compared without dividing.
        (i128::from(one.0) * i128::from(other.1)).cmp(&(i128::from(other.0) * i128::from(one.1)))
    };
    let remaining = days(until, last) - 1;
    let to_come = i128::from(spent) * i128::from(remaining) / i128::from(elapsed);
    Outlook::Pace {
        day: day_at((spent, elapsed)),
        earliest: quarters
            .iter()
            .max_by(by_pace)
            .and_then(|pace| day_at(*pace)),
        latest: quarters
            .iter()
            .min_by(by_pace)
            .and_then(|pace| day_at(*pace)),
        left_at_end: Euro::from_cents(left - i64::try_from(to_come).unwrap_or(i64::MAX)),
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn day_of(outlook: Outlook) -> Option<Date> {
        match outlook {
            Outlook::Pace { day, .. } => day.map(|day| day.0),
            _ => panic!("{outlook:?}"),
        }
    }

    #[test]
    fn a_budget_runs_out_at_the_pace_of_the_year() {
        // 273 days of 1 euro a day; 300 euro last 27 days more, so 28 October is the first day without.
        let until = date(2026, 9, 30);
        let found = outlook(
            30_000,
            27_300,
            until,
            &[(9_200, 92), (18_400, 92), (4_600, 92)],
        );
        assert_eq!(day_of(found), Some(date(2026, 10, 28)));
        let Outlook::Pace {
            earliest,
            latest,
            left_at_end,
            ..
        } = found
        else {
            panic!("{found:?}");
        };
        assert_eq!(earliest, Some(Day(date(2026, 10, 14))));
        assert_eq!(latest, Some(Day(date(2026, 11, 24))));
        assert_eq!(left_at_end.cents, 30_000 - 27_300 - 9_200);
    }

    /// The same by walking day after day.
    #[test]
    fn the_day_is_that_of_a_walk_through_the_year() {
        for until in [date(2026, 3, 31), date(2024, 6, 30), date(2025, 12, 31)] {
            for (budget, spent) in [
                (100_000_i64, 33_333_i64),
                (50_000, 49_999),
                (90_001, 90_001),
                (123_456, 7),
            ] {
                let elapsed = days(date(until.year(), 1, 1), until);
                let mut day = until;
                let mut walked = None;
                let mut paid = i128::from(spent) * i128::from(elapsed);
                while day < date(until.year(), 12, 31) {
                    day = day.tomorrow().unwrap();
                    paid += i128::from(spent);
                    if paid > i128::from(budget) * i128::from(elapsed) {
                        walked = Some(day);
                        break;
                    }
                }
                assert_eq!(
                    day_of(outlook(budget, spent, until, &[])),
                    walked,
                    "{until} {budget} {spent}"
                );
            }
        }
    }

    #[test]
    fn more_money_never_runs_out_earlier_and_the_unit_of_money_changes_nothing() {
        let until = date(2026, 6, 30);
        let mut before = date(2026, 1, 1);
        for budget in (40_000..90_000).step_by(777) {
            let day = day_of(outlook(budget, 40_000, until, &[])).unwrap_or(date(2027, 1, 1));
            assert!(day >= before);
            let scaled = day_of(outlook(budget * 1_000, 40_000_000, until, &[]));
            assert_eq!(scaled.unwrap_or(date(2027, 1, 1)), day);
            before = day;
        }
    }

    #[test]
    fn what_has_no_day_says_so() {
        let until = date(2026, 6, 30);
        assert_eq!(outlook(100, 0, until, &[]), Outlook::NoSpending);
        assert_eq!(
            outlook(100, 101, until, &[]),
            Outlook::Exceeded {
                over: Euro::from_cents(1)
            }
        );
        assert_eq!(
            sum(&[Figure::Suppressed]),
            Figure::Suppressed,
            "a hidden quarter leaves no sum"
        );
        assert_eq!(sum(&[]), Figure::NotCollected);
    }
}
