//! The attack on the structure of the exact tokens: who shares a token with whom, and which columns are empty.
//!
//! A token says nothing by itself; equal ones say that two rows have equal values.
//! The attacker draws the same graph of rows and tokens from the plaintext, refines the classes of rows that look alike until nothing changes (Weisfeiler, Leman 1968), and names a row whose class has one person.

use std::collections::BTreeMap;

use wdl_encoding::{Probe, Recipe, Role, Rows};

use super::encode::person;
use super::people::Known;

/// What the tokens show.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Shown {
    pub(crate) rows: usize,
    /// Rows that share a token of one column with another row.
    pub(crate) sharing: usize,
    /// The rows of the most frequent token.
    pub(crate) largest: usize,
    /// Classes of rows that look alike.
    pub(crate) classes: usize,
    /// Rows that look like no other.
    pub(crate) alone: usize,
}

impl Shown {
    /// The share of rows named rightly when each class is named at random: one of each, in the mean.
    pub(crate) fn share(&self) -> f64 {
        self.classes as f64 / self.rows.max(1) as f64
    }
}

/// The tokens of some people; `is_without_code` says who gets all columns.
pub(crate) fn shown(recipe: &Recipe, people: &[Known], is_without_code: &[bool]) -> Shown {
    let (rows, tokens) = incidence(recipe, people, is_without_code);
    let of_token = turned(&rows, tokens);
    let (sharing, largest) = sharing(recipe, &rows, tokens);
    let colours = refined(&rows, &of_token);
    let mut sizes: BTreeMap<u32, usize> = BTreeMap::new();
    for colour in &colours {
        *sizes.entry(*colour).or_default() += 1;
    }
    Shown {
        rows: rows.len(),
        sharing,
        largest,
        classes: sizes.len(),
        alone: sizes.values().filter(|size| **size == 1).count(),
    }
}

/// A row's tokens: the column and the number of the token, which two columns of one domain may share.
type Row = Vec<(u32, u32)>;

fn incidence(recipe: &Recipe, people: &[Known], is_without_code: &[bool]) -> (Vec<Row>, usize) {
    let mut numbers: BTreeMap<Vec<u8>, u32> = BTreeMap::new();
    let columns: Vec<Probe<'_>> = recipe.combinations.iter().flat_map(Probe::of).collect();
    let rows = people
        .iter()
        .zip(is_without_code)
        .map(|(known, without_code)| {
            let person = person(known);
            let columns = (0..).zip(&columns).filter(|(_, probe)| {
                *without_code || (probe.combination.rows == Rows::All && probe.role == Role::Plain)
            });
            let token = |(column, probe): (u32, &Probe<'_>)| {
                let bytes = probe.canonical(&person)?.to_vec();
                let next = u32::try_from(numbers.len()).expect("few tokens");
                Some((column, *numbers.entry(bytes).or_insert(next)))
            };
            columns.filter_map(token).collect()
        });
    let rows: Vec<Row> = rows.collect();
    (rows, numbers.len())
}

/// For each token, the rows and columns in which it stands.
fn turned(rows: &[Row], tokens: usize) -> Vec<Row> {
    let mut turned = vec![Row::new(); tokens];
    for (nth, row) in (0..).zip(rows) {
        for (column, token) in row {
            turned[*token as usize].push((*column, nth));
        }
    }
    turned
}

/// The rows that share a token of a plain column, and the most that share one.
fn sharing(recipe: &Recipe, rows: &[Row], tokens: usize) -> (usize, usize) {
    let roles: Vec<Role> = recipe
        .combinations
        .iter()
        .flat_map(Probe::of)
        .map(|probe| probe.role)
        .collect();
    let is_plain = |column: u32| roles[column as usize] == Role::Plain;
    let mut counts = vec![0; tokens];
    for (column, token) in rows.iter().flatten() {
        counts[*token as usize] += usize::from(is_plain(*column));
    }
    let shares = |row: &&Row| {
        row.iter()
            .any(|(column, token)| is_plain(*column) && counts[*token as usize] > 1)
    };
    (
        rows.iter().filter(shares).count(),
        counts.into_iter().max().unwrap_or(0),
    )
}

/// A number for each class of rows that look alike.
fn refined(rows: &[Row], of_token: &[Row]) -> Vec<u32> {
    let mut colours = vec![0; rows.len()];
    let mut classes = 1;
    loop {
        let tokens = recoloured(of_token, &vec![0; of_token.len()], &colours);
        let next = recoloured(rows, &colours, &tokens);
        let found = 1 + next.iter().max().copied().unwrap_or(0);
        if found == classes {
            return next;
        }
        (colours, classes) = (next, found);
    }
}

/// The classes of nodes by their own class and those of their neighbours in each column.
fn recoloured(nodes: &[Row], own: &[u32], neighbours: &[u32]) -> Vec<u32> {
    let signatures: Vec<(u32, Row)> = nodes
        .iter()
        .zip(own)
        .map(|(node, own)| {
            let mut seen: Row = node
                .iter()
                .map(|(column, other)| (*column, neighbours[*other as usize]))
                .collect();
            seen.sort_unstable();
            (*own, seen)
        })
        .collect();
    let mut numbers: BTreeMap<&(u32, Row), u32> = BTreeMap::new();
    for signature in &signatures {
        numbers.entry(signature).or_insert(0);
    }
    (0..)
        .zip(numbers.values_mut())
        .for_each(|(nth, number)| *number = nth);
    signatures
        .iter()
        .map(|signature| numbers[signature])
        .collect()
}
