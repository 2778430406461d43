//! What the equations of a stack say of hidden cells: by the bounds of `wdl-suppression`, and only where the new release touches anything.

use std::collections::{BTreeMap, BTreeSet};

use wdl_suppression::bounds::{Attacker, BoundsError, Form, Published, Statement as Said};

use crate::between::stack::Row;

/// A hidden cell as a sum of unknowns, and how wide the doubt about it must be.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Asked {
    /// The unknowns it is the sum of.
    pub(crate) unknowns: Vec<u32>,
    /// How wide the doubt must be, when somebody said.
    pub(crate) needed: Option<u64>,
    /// The minimum frequency.
    pub(crate) minimum: u64,
}

impl Asked {
    /// A doubt so wide is enough, wherever it lies.
    fn enough(&self) -> i64 {
        self.needed.unwrap_or(self.minimum.max(1)) as i64
    }

    /// Whether the cell is held tighter than it may be.
    fn is_exposed(&self, low: i64, high: Option<i64>) -> bool {
        let Some(high) = high else { return false };
        let width = high - low;
        let minimum = self.minimum as i64;
        match self.needed {
            Some(needed) => width < needed as i64,
            None => width < 1 || (low < minimum && width < minimum),
        }
    }
}

/// What follows for a hidden cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// It is in doubt enough, or was given away before, or nothing that is new bears on it.
    Kept,
    /// It is given away.
    Exposed,
    /// Neither could be proved.
    Unproved,
}

/// Why a stack says nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Failure {
    /// The equations contradict each other.
    Contradiction,
    /// The solver gave up.
    GaveUp,
}

impl From<BoundsError> for Failure {
    fn from(error: BoundsError) -> Failure {
        match error {
            BoundsError::Contradiction { .. } => Failure::Contradiction,
            BoundsError::UnknownAtom { .. } | BoundsError::TooLarge | BoundsError::Solver(_) => {
                Failure::GaveUp
            }
        }
    }
}

/// Equations over so many unknowns.
pub(crate) struct Equations<'r> {
    pub(crate) unknowns: usize,
    /// What earlier releases say.
    pub(crate) before: &'r [Row],
    /// What the new one adds.
    pub(crate) added: &'r [Row],
}

impl Equations<'_> {
    /// What the new release gives away of each hidden cell that earlier ones did not.
    pub(crate) fn judge(&self, asked: &[Asked]) -> Result<Vec<Verdict>, Failure> {
        let before = published(self.unknowns, self.before)?;
        let before = before.attacker()?;
        let touched = Touched::new(self, &before, asked)?;
        let after = touched.published.attacker()?;
        let mut verdicts = vec![Verdict::Kept; asked.len()];
        let forms = &touched.forms;
        let mut open: Vec<usize> = (0..asked.len()).filter(|at| forms[*at].is_some()).collect();
        let form = |at: usize| {
            forms[at]
                .as_ref()
                .map_or((&[][..], 0), |(form, known)| (form.as_slice(), *known))
        };
        let wide: Vec<(Form, i64)> = open
            .iter()
            .map(|at| (form(*at).0.to_vec(), asked[*at].enough()))
            .collect();
        let is_wide = after.are_in_doubt(&wide)?;
        let mut is_wide = is_wide.into_iter();
        open.retain(|_| is_wide.next() == Some(false));
        let exact =
            |at: &[usize]| -> Vec<Form> { at.iter().map(|at| form(*at).0.to_vec()).collect() };
        let mut suspect = Vec::new();
        for (at, interval) in open.iter().zip(after.intervals(&exact(&open))?) {
            let known = form(*at).1;
            let low = interval.low.unwrap_or(0) + known;
            let high = interval.high.map(|high| high + known);
            match asked[*at].is_exposed(low, high) {
                true => suspect.push(*at),
                false if interval.is_reached => {}
                false => verdicts[*at] = Verdict::Unproved,
            }
        }
        // What earlier releases gave away without this one cannot be taken back by holding this one.
        let whole: Vec<Form> = suspect.iter().map(|at| sum(&asked[*at].unknowns)).collect();
        for (at, interval) in suspect.iter().zip(before.intervals(&whole)?) {
            let low = interval.low.unwrap_or(0);
            if !asked[*at].is_exposed(low, interval.high) {
                verdicts[*at] = Verdict::Exposed;
            }
        }
        Ok(verdicts)
    }
}

/// Whether some equations alone give a hidden cell away.
pub(crate) fn exposes(rows: &[&Row], asked: &Asked) -> bool {
    let (rows, unknowns, target) = around(rows, &asked.unknowns);
    let interval = || -> Result<_, Failure> {
        let published = published(unknowns, &rows)?;
        let attacker = published.attacker()?;
        Ok(attacker.interval(&sum(&target))?)
    };
    interval().is_ok_and(|interval| asked.is_exposed(interval.low.unwrap_or(0), interval.high))
}

/// Whether some equations contradict each other.
pub(crate) fn agree(unknowns: usize, rows: &[Row]) -> Result<(), Failure> {
    let published = published(unknowns, rows)?;
    Ok(published.attacker()?.agrees()?)
}

fn sum(unknowns: &[u32]) -> Form {
    unknowns.iter().map(|one| (*one as usize, 1)).collect()
}

fn published(unknowns: usize, rows: &[Row]) -> Result<Published, Failure> {
    let mut published = Published::new(unknowns);
    for row in rows {
        let terms = row
            .terms
            .iter()
            .map(|(unknown, sign)| (*unknown as usize, i64::from(*sign)));
        let said = match row.is_exact {
            true => Said::exactly(terms, row.value),
            false => Said {
                terms: terms.collect(),
                least: Some(row.value),
                most: None,
            },
        };
        published.tell(said)?;
    }
    Ok(published)
}

/// The part of the equations that what is new bears on, without what earlier releases settle.
struct Touched {
    published: Published,
    /// Each hidden cell over the atoms of that part, and what is known of the rest of it; `None` when nothing that is new bears on it.
    forms: Vec<Option<(Form, i64)>>,
}

impl Touched {
    fn new(
        equations: &Equations<'_>,
        before: &Attacker<'_>,
        asked: &[Asked],
    ) -> Result<Touched, Failure> {
        let reduced = |rows: &[Row]| -> BTreeSet<Row> {
            rows.iter().map(|row| reduced(row, before)).collect()
        };
        let (old, added) = (reduced(equations.before), reduced(equations.added));
        // What was said before adds nothing.
        let added: Vec<&Row> = added.difference(&old).collect();
        let mut parts = Parts::new(equations.unknowns, old.iter().chain(added.iter().copied()));
        let mut tops: BTreeSet<u32> = added
            .iter()
            .flat_map(|row| row.terms.first())
            .map(|(unknown, _)| parts.of(*unknown))
            .collect();
        let open = |one: &Asked| -> Vec<u32> {
            let is_open = |unknown: &u32| before.settled(*unknown as usize).is_none();
            one.unknowns.iter().copied().filter(is_open).collect()
        };
        let touched: Vec<Option<Vec<u32>>> = asked
            .iter()
            .map(|one| {
                let open = open(one);
                let is_touched = open
                    .iter()
                    .any(|unknown| tops.contains(&parts.of(*unknown)));
                is_touched.then_some(open)
            })
            .collect();
        // A cell with one foot in what is touched: the part under its other foot counts too.
        let feet = touched.iter().flatten().flatten();
        let feet: BTreeSet<u32> = feet.copied().collect();
        tops.extend(feet.iter().map(|unknown| parts.of(*unknown)));
        let rows: Vec<&Row> = old
            .iter()
            .filter(|row| {
                let first = row.terms.first();
                first.is_some_and(|(unknown, _)| tops.contains(&parts.of(*unknown)))
            })
            .chain(added)
            .collect();
        let named = rows.iter().flat_map(|row| row.terms.iter());
        let mut named: BTreeSet<u32> = named.map(|(unknown, _)| *unknown).collect();
        named.extend(feet);
        let atoms: BTreeMap<u32, usize> = named.into_iter().zip(0..).collect();
        let rows: Vec<Row> = rows.iter().map(|row| renumbered(row, &atoms)).collect();
        let form = |one: &Asked, open: &[u32]| {
            let settled = one.unknowns.iter();
            let known = settled.filter_map(|unknown| before.settled(*unknown as usize));
            let form: Form = open.iter().map(|unknown| (atoms[unknown], 1)).collect();
            (form, known.sum::<i64>())
        };
        let forms = asked.iter().zip(&touched);
        let forms = forms.map(|(one, open)| open.as_ref().map(|open| form(one, open)));
        Ok(Touched {
            published: published(atoms.len(), &rows)?,
            forms: forms.collect(),
        })
    }
}

/// Which unknowns equations tie together.
struct Parts {
    parent: Vec<u32>,
}

impl Parts {
    fn new<'r>(unknowns: usize, rows: impl Iterator<Item = &'r Row>) -> Parts {
        let mut parts = Parts {
            parent: (0..unknowns as u32).collect(),
        };
        for row in rows {
            for pair in row.terms.windows(2) {
                let (one, two) = (parts.of(pair[0].0), parts.of(pair[1].0));
                parts.parent[one.max(two) as usize] = one.min(two);
            }
        }
        parts
    }

    /// The part of an unknown, by its first unknown.
    fn of(&mut self, mut at: u32) -> u32 {
        while self.parent[at as usize] != at {
            let above = self.parent[self.parent[at as usize] as usize];
            self.parent[at as usize] = above;
            at = above;
        }
        at
    }
}

/// An equation without what earlier releases settle.
fn reduced(row: &Row, before: &Attacker<'_>) -> Row {
    let mut rest = row.value;
    let mut terms: Vec<(u32, i8)> = Vec::new();
    for (unknown, sign) in &row.terms {
        match before.settled(*unknown as usize) {
            Some(value) => rest -= value * i64::from(*sign),
            None => terms.push((*unknown, *sign)),
        }
    }
    terms.sort_unstable();
    Row {
        terms,
        value: rest,
        is_exact: row.is_exact,
    }
}

fn renumbered(row: &Row, atoms: &BTreeMap<u32, usize>) -> Row {
    let terms = row.terms.iter();
    Row {
        terms: terms
            .map(|(unknown, sign)| (atoms[unknown] as u32, *sign))
            .collect(),
        ..row.clone()
    }
}

/// The equations that hang together with some unknowns, numbered anew, how many unknowns they have, and the target among them.
fn around(rows: &[&Row], target: &[u32]) -> (Vec<Row>, usize, Vec<u32>) {
    let mut rows_of: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
    for (at, row) in rows.iter().enumerate() {
        for (unknown, _) in &row.terms {
            rows_of.entry(*unknown).or_default().push(at);
        }
    }
    let mut atoms: BTreeMap<u32, usize> = BTreeMap::new();
    let mut chosen: BTreeSet<usize> = BTreeSet::new();
    let mut waiting: Vec<u32> = target.to_vec();
    while let Some(unknown) = waiting.pop() {
        let next = atoms.len();
        if *atoms.entry(unknown).or_insert(next) != next {
            continue;
        }
        for row in rows_of.get(&unknown).into_iter().flatten() {
            if chosen.insert(*row) {
                waiting.extend(rows[*row].terms.iter().map(|(unknown, _)| *unknown));
            }
        }
    }
    let own = chosen.into_iter().map(|at| renumbered(rows[at], &atoms));
    let target = target.iter().map(|unknown| atoms[unknown] as u32).collect();
    (own.collect(), atoms.len(), target)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test that cannot go on stops")]
mod tests {
    use super::{Asked, Equations, Verdict};
    use crate::between::stack::Row;

    fn row(unknowns: &[u32], value: i64, is_exact: bool) -> Row {
        Row {
            terms: unknowns.iter().map(|unknown| (*unknown, 1)).collect(),
            value,
            is_exact,
        }
    }

    #[test]
    fn what_is_known_of_a_part_counts_on_both_ends() {
        // Of 50 and up to 10 nobody learns too much, though the 10 are few and the new release narrows them.
        let before = [row(&[0], 50, true), row(&[1, 2], 10, true)];
        let equations = Equations {
            unknowns: 3,
            before: &before,
            added: &[row(&[1], 3, false)],
        };
        let asked = |unknowns: &[u32]| Asked {
            unknowns: unknowns.to_vec(),
            needed: None,
            minimum: 15,
        };
        let verdicts = equations.judge(&[asked(&[0, 1])]).unwrap();
        assert_eq!(verdicts, [Verdict::Kept]);
    }
}
