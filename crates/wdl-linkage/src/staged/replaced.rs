//! When two codes are one person's: the rule of [`Replaced`](super::Replaced).

use super::blocks::Blocks;
use super::{Cause, Evidence};

/// The rows of one code.
pub(super) struct Coded<'r> {
    pub(super) person: i64,
    pub(super) rows: &'r [u32],
}

/// What two codes that bear one token are.
pub(super) enum Verdict {
    /// One replaced the other: old and new, by their place in the pair.
    Replaced([usize; 2], Evidence),
    /// Two people of one name, born on one day.
    TwoPeople,
    /// A person must say.
    Doubt(Cause),
}

/// What two codes that bear one token are.
pub(super) fn judge(
    blocks: &Blocks<'_>,
    pair: [&Coded<'_>; 2],
    (probe, token): (usize, i64),
) -> Verdict {
    let [a, b] = pair;
    if differs(blocks, a.rows, b.rows) {
        return Verdict::TwoPeople;
    }
    let positions = [a, b].map(|one| reference(blocks, one.rows));
    for [old, new] in [[0, 1], [1, 0]] {
        let same_row = had(blocks, pair[new].rows, pair[old].person, (probe, token));
        if same_row && positions[old].is_empty() && !positions[new].is_empty() {
            return named(blocks, pair, [old, new], Evidence::SameRow, (probe, token));
        }
    }
    if positions.iter().any(Vec::is_empty) {
        return Verdict::Doubt(Cause::OutsideReference);
    }
    for [old, new] in [[0, 1], [1, 0]] {
        let Some(end) = end(blocks, &positions[old]) else {
            continue;
        };
        let Some(start) = positions[new]
            .iter()
            .filter_map(|row| blocks.facts(*row).from)
            .min()
        else {
            continue;
        };
        if end > start {
            continue;
        }
        let continues = end == start || shares_home(blocks, &positions[old], &positions[new]);
        if !continues {
            return Verdict::Doubt(Cause::NotContinued);
        }
        return named(
            blocks,
            pair,
            [old, new],
            Evidence::NextPosition,
            (probe, token),
        );
    }
    match shares_home(blocks, &positions[0], &positions[1]) {
        true => Verdict::Doubt(Cause::BothStand),
        false => Verdict::TwoPeople,
    }
}

/// Whether a row of these had the code before, with the same token.
pub(super) fn had(
    blocks: &Blocks<'_>,
    rows: &[u32],
    person: i64,
    (probe, token): (usize, i64),
) -> bool {
    let said_before = |row: &u32| {
        let mut before = blocks.superseded(*row).iter();
        before.any(|old| {
            let had = old.tokens.get(probe).copied().flatten();
            old.person == person && had == Some(token)
        })
    };
    rows.iter()
        .any(|row| blocks.is_reference(*row) && said_before(row))
}

/// A code was replaced when every row under it that says a name says this one.
fn named(
    blocks: &Blocks<'_>,
    pair: [&Coded<'_>; 2],
    [old, new]: [usize; 2],
    evidence: Evidence,
    (probe, token): (usize, i64),
) -> Verdict {
    let rows = pair[old].rows.iter();
    let mut said = rows.filter_map(|row| blocks.token(*row, probe));
    match said.all(|one| one == token) {
        true => Verdict::Replaced([old, new], evidence),
        false => Verdict::Doubt(Cause::OtherName),
    }
}

fn reference(blocks: &Blocks<'_>, rows: &[u32]) -> Vec<u32> {
    let rows = rows.iter().copied();
    rows.filter(|row| blocks.is_reference(*row)).collect()
}

/// The day on which the last position ended; none while one holds.
fn end(blocks: &Blocks<'_>, positions: &[u32]) -> Option<i32> {
    let ends = positions.iter().map(|row| blocks.facts(*row).until);
    ends.collect::<Option<Vec<i32>>>()?.into_iter().max()
}

fn shares_home(blocks: &Blocks<'_>, old: &[u32], new: &[u32]) -> bool {
    let same = |a: Option<i64>, b: Option<i64>| a.is_some() && a == b;
    old.iter().any(|a| {
        new.iter().any(|b| {
            let (a, b) = (blocks.facts(*a), blocks.facts(*b));
            same(a.household, b.household) || same(a.dwelling, b.dwelling)
        })
    })
}

/// Whether month of birth or sex forbid that two sets of rows are one person's.
pub(super) fn differs(blocks: &Blocks<'_>, a: &[u32], b: &[u32]) -> bool {
    let apart = |x: Option<i32>, y: Option<i32>| matches!((x, y), (Some(x), Some(y)) if x != y);
    a.iter().any(|a| {
        b.iter().any(|b| {
            let (a, b) = (blocks.facts(*a), blocks.facts(*b));
            apart(a.born, b.born) || apart(a.sex.map(i32::from), b.sex.map(i32::from))
        })
    })
}

/// Whether two positions of the reference population would be held at once.
pub(super) fn at_once(blocks: &Blocks<'_>, a: &[u32], b: &[u32]) -> bool {
    a.iter().any(|a| {
        b.iter().any(|b| {
            let (one, other) = (blocks.place(*a).0, blocks.place(*b).0);
            let is_same = one.is_reference && one.dataset == other.dataset;
            is_same && overlap(blocks, *a, *b)
        })
    })
}

fn overlap(blocks: &Blocks<'_>, a: u32, b: u32) -> bool {
    let (a, b) = (blocks.facts(a), blocks.facts(b));
    let (Some(from_a), Some(from_b)) = (a.from, b.from) else {
        return false;
    };
    let before = |until: Option<i32>, from: i32| until.is_some_and(|until| until <= from);
    !before(a.until, from_b) && !before(b.until, from_a)
}
