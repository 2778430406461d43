//! The quantities of a slice that add up, each on its own: counts of units, or with and without the property, and amounts.
//!
//! With and without the property add up independently of each other, and the units are their sum: a doubt about either is a doubt about the units.

use wdl_protocol::Rule;
use wdl_result::{Additivity, Cell, Status, Table};
use wdl_vocab::Period;

use crate::cells::{Key, Origin, Slice};
use crate::error::DisclosureError;
use crate::primary::{self, Frequencies, Reason};
use crate::report::Quantity;

/// How far apart two possible amounts of a small cell must be: 10 % of the amount on either side (the p % rule with p = 10).
const AMOUNT_WIDTH: f64 = 0.2;
/// Amounts are moved in whole steps, of which the largest amount has about this many.
const AMOUNT_STEPS: f64 = 1e6;

/// One quantity over the cells of a slice.
#[derive(Debug)]
pub(crate) struct Layer {
    pub(crate) quantity: Quantity,
    /// The true values.
    pub(crate) values: Vec<f64>,
    /// How much one step is worth.
    pub(crate) step: f64,
    /// How many whole steps a value can go down before it cannot be true any more.
    pub(crate) room: Vec<i64>,
    /// How many steps wide the doubt must be once the cell is hidden for its own sake; 1 for the others.
    pub(crate) needed: Vec<i64>,
}

/// The quantities of a slice, what is hidden for its own sake, and what hiding a cell costs.
#[derive(Debug)]
pub(crate) struct Layers {
    pub(crate) layers: Vec<Layer>,
    pub(crate) reasons: Vec<Option<Reason>>,
    /// Units a cell rests on: what is lost when it is hidden.
    pub(crate) units: Vec<u64>,
}

/// What one cell rests on.
#[derive(Clone, Copy)]
struct Content {
    counts: Frequencies,
    amount: f64,
}

const NOTHING: Content = Content {
    counts: Frequencies { n: 0, with: None },
    amount: 0.0,
};

/// Why a cell is hidden although its counts are large enough.
#[derive(Clone, Copy)]
pub(crate) enum Hiding {
    /// For the sake of other indicators.
    Forced,
    /// Few give most of it: so many euros above and below must stay possible.
    Dominated(f64),
}

/// Reads the quantities of a slice from its tables; what must be hidden for the sake of other indicators is hidden for its own here.
pub(crate) fn read(
    tables: &[Table],
    slice: &Slice,
    rule: Rule,
    hiding: &dyn Fn(&Key) -> Option<Hiding>,
) -> Result<Layers, DisclosureError> {
    let additivity = tables[0].header.additivity;
    let (contents, mut reasons) = contents(tables, slice, rule)?;
    let mut levels = vec![0.0; reasons.len()];
    for ((reason, level), slot) in reasons.iter_mut().zip(&mut levels).zip(&slice.slots) {
        match hiding(&slot.key) {
            Some(Hiding::Forced) => *reason = reason.or(Some(Reason::Complementary)),
            Some(Hiding::Dominated(by)) if slot.origin == Origin::Shown => {
                *reason = reason.or(Some(Reason::Dominated));
                *level = by;
            }
            Some(Hiding::Dominated(_)) | None => {}
        }
    }
    let minimum = rule.minimum_frequency.get() as i64;
    let counts = |quantity, of: &dyn Fn(&Content) -> u64| {
        count_layer(
            quantity,
            contents.iter().map(of).collect(),
            &reasons,
            minimum,
        )
    };
    let units = || {
        let mut layer = counts(Quantity::Units, &|content| content.counts.n);
        if !rule.suppress_zero {
            keep_above_zero(&mut layer, slice);
        }
        layer
    };
    let layers = match additivity {
        Additivity::Count | Additivity::None => vec![units()],
        Additivity::Share => vec![
            counts(Quantity::With, &|content| content.counts.with.unwrap_or(0)),
            counts(Quantity::Without, &|content| {
                content.counts.n - content.counts.with.unwrap_or(0)
            }),
        ],
        Additivity::Sum => {
            let amounts = contents.iter().map(|content| content.amount).collect();
            vec![units(), amount_layer(amounts, &reasons, &levels)]
        }
    };
    Ok(Layers {
        layers,
        reasons,
        units: contents.iter().map(|content| content.counts.n).collect(),
    })
}

/// What every cell of a slice rests on, and whether it is hidden for its own sake.
fn contents(
    tables: &[Table],
    slice: &Slice,
    rule: Rule,
) -> Result<(Vec<Content>, Vec<Option<Reason>>), DisclosureError> {
    let mut contents = Vec::with_capacity(slice.slots.len());
    let mut reasons = Vec::with_capacity(slice.slots.len());
    for slot in &slice.slots {
        let (content, reason) = match slot.origin {
            Origin::Shown => shown(tables, &slot.places, rule)?,
            Origin::Absent => (NOTHING, rule.suppress_zero.then_some(Reason::Zero)),
            Origin::Latent | Origin::Unavailable => (NOTHING, None),
        };
        contents.push(content);
        reasons.push(reason);
    }
    fill_latent(slice, &mut contents);
    Ok((contents, reasons))
}

/// The counts of every cell of a slice.
pub(crate) fn frequencies(
    tables: &[Table],
    slice: &Slice,
    rule: Rule,
) -> Result<Vec<Frequencies>, DisclosureError> {
    let (contents, _) = contents(tables, slice, rule)?;
    Ok(contents.iter().map(|content| content.counts).collect())
}

/// The units alone, when the counts are known: each small one is hidden for its own sake.
pub(crate) fn of_units(slice: &Slice, counts: Vec<u64>, rule: Rule) -> Layers {
    let reasons: Vec<Option<Reason>> = slice
        .slots
        .iter()
        .zip(&counts)
        .map(|(slot, n)| match slot.origin {
            Origin::Shown | Origin::Absent => {
                primary::reason(Frequencies { n: *n, with: None }, rule)
            }
            Origin::Latent | Origin::Unavailable => None,
        })
        .collect();
    let minimum = rule.minimum_frequency.get() as i64;
    let mut units = count_layer(Quantity::Units, counts.clone(), &reasons, minimum);
    if !rule.suppress_zero {
        keep_above_zero(&mut units, slice);
    }
    Layers {
        layers: vec![units],
        reasons,
        units: counts,
    }
}

/// The content of a cell that tables show; where they differ the smallest holds, and any reason hides all of them.
fn shown(
    tables: &[Table],
    places: &[(usize, usize)],
    rule: Rule,
) -> Result<(Content, Option<Reason>), DisclosureError> {
    let mut smallest: Option<Content> = None;
    let mut why = None;
    for (table, position) in places {
        let table = &tables[*table];
        let cell = &table.cells[*position];
        if cell.status == Status::NotCollected {
            continue;
        }
        let content = content(table, cell)?;
        why = why.or(primary::reason(content.counts, rule));
        smallest = Some(match smallest {
            Some(least) if least.counts.n <= content.counts.n => least,
            _ => content,
        });
    }
    Ok((smallest.unwrap_or(NOTHING), why))
}

fn content(table: &Table, cell: &Cell) -> Result<Content, DisclosureError> {
    let is_share = table.header.additivity == Additivity::Share;
    let is_count = table.header.additivity == Additivity::Count;
    let n = match (cell.n, cell.status, cell.estimate) {
        (Some(n), _, _) => n,
        (None, Status::NotComputableEmpty, _) => 0,
        // The estimate of a count is the count.
        (None, _, Some(count)) if is_count && count >= 0.0 => count.round() as u64,
        _ => {
            return Err(DisclosureError::NoFrequency {
                indicator: table.header.indicator.clone(),
                breakdown: table.breakdown(),
                period: cell.period,
            });
        }
    };
    let with = match (cell.n_with, cell.estimate) {
        (Some(with), _) => Some(with),
        // A share with its base gives the numerator away.
        (None, Some(share)) => Some((share * n as f64).round().max(0.0) as u64),
        (None, None) => None,
    };
    let with = with.filter(|_| is_share);
    if with.is_some_and(|with| with > n) {
        return Err(above_one(table, cell.period));
    }
    Ok(Content {
        counts: Frequencies { n, with },
        amount: cell.estimate.unwrap_or(0.0),
    })
}

fn above_one(table: &Table, period: Period) -> DisclosureError {
    DisclosureError::ShareAboveOne {
        indicator: table.header.indicator.clone(),
        breakdown: table.breakdown(),
        period,
    }
}

/// A margin that nobody publishes is the sum of its parts: margins of margins come last.
fn fill_latent(slice: &Slice, contents: &mut [Content]) {
    let mut latent: Vec<usize> = (0..slice.slots.len())
        .filter(|at| slice.slots[*at].origin == Origin::Latent)
        .collect();
    let breadth = |at: &usize| {
        slice.slots[*at]
            .key
            .iter()
            .filter(|place| **place > 0)
            .count()
    };
    latent.sort_by_key(|at| std::cmp::Reverse(breadth(at)));
    for at in latent {
        if let Some(sum) = slice.sums.iter().find(|sum| sum.total == at) {
            let parts = || sum.parts.iter().map(|part| contents[*part]);
            contents[at] = Content {
                counts: Frequencies {
                    n: parts().map(|part| part.counts.n).sum(),
                    with: Some(parts().filter_map(|part| part.counts.with).sum()),
                },
                amount: parts().map(|part| part.amount).sum(),
            };
        }
    }
}

fn count_layer(
    quantity: Quantity,
    counts: Vec<u64>,
    reasons: &[Option<Reason>],
    minimum: i64,
) -> Layer {
    let room: Vec<i64> = counts
        .iter()
        .map(|count| i64::try_from(*count).unwrap_or(i64::MAX))
        .collect();
    let needed = room
        .iter()
        .zip(reasons)
        .map(|(count, reason)| match reason {
            Some(_) if *count < minimum => minimum,
            _ => 1,
        })
        .collect();
    Layer {
        quantity,
        values: counts.iter().map(|count| *count as f64).collect(),
        step: 1.0,
        room,
        needed,
    }
}

/// Where empty cells are shown, a hidden cell is known not to be empty: nobody believes a table in which it is.
fn keep_above_zero(layer: &mut Layer, slice: &Slice) {
    for (room, slot) in layer.room.iter_mut().zip(&slice.slots) {
        if slot.origin != Origin::Latent {
            *room = (*room - 1).max(0);
        }
    }
}

fn amount_layer(amounts: Vec<f64>, reasons: &[Option<Reason>], levels: &[f64]) -> Layer {
    let largest = amounts
        .iter()
        .fold(0.0_f64, |largest, amount| largest.max(amount.abs()));
    let step = (largest / AMOUNT_STEPS).max(1.0);
    let can_be_negative = amounts.iter().any(|amount| *amount < 0.0);
    let room = amounts.iter().map(|amount| match can_be_negative {
        true => AMOUNT_STEPS as i64,
        false => (amount / step).floor() as i64,
    });
    let needed = amounts
        .iter()
        .zip(reasons.iter().zip(levels))
        .map(|(amount, (reason, level))| match reason {
            // As far above as below, where an amount dominated by a few asks for more.
            Some(_) => {
                let width = (AMOUNT_WIDTH * amount.abs()).max(2.0 * level);
                ((width / step).ceil() as i64).max(1)
            }
            None => 1,
        });
    Layer {
        quantity: Quantity::Amount,
        step,
        room: room.collect(),
        needed: needed.collect(),
        values: amounts,
    }
}
