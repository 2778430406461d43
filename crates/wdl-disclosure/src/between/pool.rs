//! All that was ever told of the same units in one period: statements about regions.

use std::collections::{BTreeMap, BTreeSet};

use wdl_protocol::{Counted, Selection};
use wdl_result::{Additivity, Cell, Status, Table};
use wdl_vocab::Period;

use crate::between::edition::{CellName, Edition, Ground};
use crate::between::region::{Axes, Named, Region};
use crate::between::sets::UnitSet;
use crate::report::Quantity;

/// Where a statement stands: edition, table, cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Place {
    pub(crate) edition: u32,
    pub(crate) table: u32,
    pub(crate) cell: u32,
    pub(crate) quantity: Quantity,
}

/// A count of a region that was told, or hidden.
#[derive(Clone, Debug)]
pub(crate) struct Statement<'a> {
    pub(crate) region: Region,
    pub(crate) version: u16,
    /// `None` when it is hidden.
    pub(crate) value: Option<u64>,
    /// How wide the doubt must be, when it is hidden and somebody said.
    pub(crate) needed: Option<u64>,
    /// The minimum frequency.
    pub(crate) minimum: u64,
    /// What everybody knows it to be at least.
    pub(crate) least: u64,
    pub(crate) units: Option<&'a UnitSet>,
    /// How far the value may be from the true one.
    pub(crate) away: u64,
    /// Where it stands, the first place first; one for each edition and table.
    pub(crate) places: Vec<Place>,
}

impl Statement<'_> {
    /// Whether an edition tells it.
    pub(crate) fn is_in(&self, edition: u32) -> bool {
        self.places.iter().any(|place| place.edition == edition)
    }

    /// Whether an edition before this one tells it.
    pub(crate) fn is_before(&self, edition: u32) -> bool {
        self.places.iter().any(|place| place.edition < edition)
    }

    /// Whether two statements stand in one edition.
    pub(crate) fn shares_edition(&self, other: &Statement<'_>) -> bool {
        self.places.iter().any(|place| other.is_in(place.edition))
    }
}

/// All statements about the same units in one period.
#[derive(Debug)]
pub(crate) struct Pool<'a> {
    /// How many categories each axis has.
    pub(crate) sizes: Vec<usize>,
    /// How many versions of the base, in the order in which they came.
    pub(crate) versions: usize,
    pub(crate) statements: Vec<Statement<'a>>,
}

/// The same units in one period.
type PoolName = (String, Period);

/// Statements and where they are known by.
#[derive(Default)]
struct Gathered<'a> {
    versions: BTreeMap<String, u16>,
    statements: Vec<Statement<'a>>,
    known: BTreeMap<(Region, u16, Option<u64>, u64), usize>,
}

/// Puts all statements of all editions where they belong.
pub(crate) fn gather<'a>(ground: &Ground, editions: &'a [Edition<'a>]) -> Vec<Pool<'a>> {
    let axes = axes(ground, editions);
    let mut pools: BTreeMap<PoolName, Gathered<'a>> = BTreeMap::new();
    for (at, edition) in editions.iter().enumerate() {
        for (number, table) in edition.tables.iter().enumerate() {
            // Noise with a budget says nothing of a count: the budget bounds what all of it says together.
            let Some(away) = away(table) else { continue };
            let (space, counted) = ground.space(&table.header.indicator);
            let teller = Teller {
                table,
                edition,
                axes: &axes[&space],
                minimum: minimum(ground, edition, table),
                least: u64::from(!ground.rule(table).suppress_zero),
                counts: counts(table, &counted),
                away,
                place: (at as u32, number as u32),
            };
            let mut of_period: BTreeMap<Period, Vec<Statement<'a>>> = BTreeMap::new();
            teller.tell(&mut of_period);
            for (period, told) in of_period {
                let pool = pools.entry((space.clone(), period)).or_default();
                pool.add(table.header.lineage.snapshot.to_string(), told);
            }
        }
    }
    pools
        .into_iter()
        .map(|((space, _), gathered)| Pool {
            sizes: axes[&space].axes.iter().map(|axis| axis.size).collect(),
            versions: gathered.versions.len(),
            statements: gathered.statements,
        })
        .collect()
}

/// The least units a cell of a table may rest on.
pub(crate) fn minimum(ground: &Ground, edition: &Edition<'_>, table: &Table) -> u64 {
    let told = edition.facts.minimum(&table.header.indicator);
    told.unwrap_or(0)
        .max(ground.rule(table).minimum_frequency.get())
}

/// How far the numbers of a table may be from the true ones; `None` when they may be anywhere.
fn away(table: &Table) -> Option<u64> {
    match table.header.protection {
        None => Some(0),
        Some(protection) => protection.furthest().map(u64::from),
    }
}

/// The dimension that tells units with the property from the others, when the lab ties it to none.
fn property(table: &Table) -> String {
    format!("with {}", table.header.indicator)
}

/// The quantities of a table that add up, and the units each of them counts.
fn counts(table: &Table, counted: &Counted) -> Vec<(Quantity, Selection)> {
    let units = (Quantity::Units, counted.n.clone());
    if table.header.additivity != Additivity::Share {
        return vec![units];
    }
    let with = counted.with.clone().unwrap_or_else(|| {
        let mut own = counted.n.clone();
        own.insert(property(table), vec!["yes".to_owned()]);
        own
    });
    vec![units, (Quantity::With, with)]
}

/// The dimensions of a table, each with its categories.
type Shape<'a> = Vec<(&'a str, Vec<&'a str>)>;

fn axes(ground: &Ground, editions: &[Edition<'_>]) -> BTreeMap<String, Axes> {
    let mut named: BTreeMap<String, Named> = BTreeMap::new();
    let mut seen: BTreeSet<(String, Shape<'_>)> = BTreeSet::new();
    for table in editions.iter().flat_map(|edition| &edition.tables) {
        let (space, counted) = ground.space(&table.header.indicator);
        let own = named.entry(space.clone()).or_default();
        for (_, selection) in counts(table, &counted) {
            for (dimension, categories) in &selection {
                own.add(dimension, categories.iter());
            }
        }
        let shape = table.dimensions.iter().map(|dimension| {
            let ids = dimension.categories.iter().map(|one| one.id.as_str());
            (dimension.id.as_str(), ids.collect())
        });
        if seen.insert((space, shape.collect())) {
            for dimension in &table.dimensions {
                let categories = dimension.categories.iter().map(|category| &category.id);
                own.add_whole(&dimension.id, categories);
            }
        }
    }
    let refined = named
        .into_iter()
        .map(|(space, named)| (space, named.refined(ground.nestings())));
    refined.collect()
}

impl<'a> Gathered<'a> {
    fn add(&mut self, version: String, told: Vec<Statement<'a>>) {
        let next = self.versions.len() as u16;
        let version = *self.versions.entry(version).or_insert(next);
        for mut statement in told {
            statement.version = version;
            let key = (
                statement.region.clone(),
                version,
                statement.value,
                statement.away,
            );
            match self.known.get(&key) {
                Some(at) => {
                    let known = &mut self.statements[*at];
                    known.needed = known.needed.max(statement.needed);
                    known.minimum = known.minimum.max(statement.minimum);
                    known.units = known.units.or(statement.units);
                    known.places.extend(statement.places);
                }
                None => {
                    self.known.insert(key, self.statements.len());
                    self.statements.push(statement);
                }
            }
        }
    }
}

/// Reads the statements of one table.
struct Teller<'a, 'c> {
    table: &'a Table,
    edition: &'a Edition<'a>,
    axes: &'c Axes,
    minimum: u64,
    least: u64,
    counts: Vec<(Quantity, Selection)>,
    away: u64,
    place: (u32, u32),
}

impl<'a> Teller<'a, '_> {
    fn tell(&self, of_period: &mut BTreeMap<Period, Vec<Statement<'a>>>) {
        for (at, cell) in self.table.cells.iter().enumerate() {
            if cell.status == Status::NotCollected {
                continue;
            }
            let told = of_period.entry(cell.period).or_default();
            for (quantity, selection) in &self.counts {
                told.push(self.statement(at, cell, *quantity, selection));
            }
        }
        for (period, told) in of_period {
            self.tell_absent(*period, told);
        }
    }

    fn statement(
        &self,
        at: usize,
        cell: &Cell,
        quantity: Quantity,
        selection: &Selection,
    ) -> Statement<'a> {
        let keys: Vec<(&String, &[String])> = self
            .table
            .dimensions
            .iter()
            .zip(&cell.keys)
            .filter_map(|(dimension, key)| {
                Some((&dimension.id, std::slice::from_ref(key.as_ref()?)))
            })
            .collect();
        let selected = selection
            .iter()
            .map(|(dimension, categories)| (dimension, categories.as_slice()));
        let value = value(self.table, cell, quantity);
        let name = CellName::of(self.table, cell);
        let facts = self.edition.facts;
        Statement {
            region: self.axes.region(keys.into_iter().chain(selected)),
            version: 0,
            needed: value
                .is_none()
                .then(|| facts.required(&name, quantity))
                .flatten(),
            value,
            minimum: self.minimum,
            least: match quantity {
                Quantity::Units => self.least,
                _ => 0,
            },
            units: facts.units(&name).filter(|_| quantity == Quantity::Units),
            away: self.away,
            places: vec![Place {
                edition: self.place.0,
                table: self.place.1,
                cell: at as u32,
                quantity,
            }],
        }
    }

    /// A category that other tables have and this one leaves out holds nobody here.
    fn tell_absent(&self, period: Period, told: &mut Vec<Statement<'a>>) {
        let Some(cell) = self
            .table
            .cells
            .iter()
            .position(|cell| cell.period == period)
        else {
            return;
        };
        for dimension in &self.table.dimensions {
            let is_listed = |id: &String| dimension.categories.iter().any(|one| one.id == *id);
            let listed: Vec<String> = dimension
                .categories
                .iter()
                .map(|one| one.id.clone())
                .collect();
            let all = self
                .axes
                .region(std::iter::once((&dimension.id, listed.as_slice())));
            for absent in self.axes.categories(&dimension.id) {
                let own = std::slice::from_ref(absent);
                let region = self.axes.region(std::iter::once((&dimension.id, own)));
                // Categories that are a finer reading of the listed ones are there.
                let overlaps = all.is_empty()
                    || region.iter().any(|(axis, places)| {
                        let shown = all.iter().find(|(other, _)| other == axis);
                        shown.is_some_and(|(_, shown)| places.iter().any(|one| shown.contains(one)))
                    });
                if is_listed(absent) || overlaps || region.is_empty() {
                    continue;
                }
                told.push(Statement {
                    region,
                    version: 0,
                    value: Some(0),
                    needed: None,
                    minimum: self.minimum,
                    least: 0,
                    units: None,
                    away: 0,
                    places: vec![Place {
                        edition: self.place.0,
                        table: self.place.1,
                        cell: cell as u32,
                        quantity: Quantity::Without,
                    }],
                });
            }
        }
    }
}

/// The count that a cell tells.
fn value(table: &Table, cell: &Cell, quantity: Quantity) -> Option<u64> {
    if matches!(
        cell.status,
        Status::SuppressedPrimary | Status::SuppressedSecondary
    ) {
        return None;
    }
    let n = cell.n.or(match (cell.status, cell.estimate) {
        (Status::NotComputableEmpty, _) => Some(0),
        (_, Some(count)) if table.header.additivity == Additivity::Count && count >= 0.0 => {
            Some(count.round() as u64)
        }
        _ => None,
    })?;
    match quantity {
        Quantity::With => {
            let derived = cell
                .estimate
                .map(|share| (share * n as f64).round().max(0.0) as u64);
            cell.n_with.or(derived).or((n == 0).then_some(0))
        }
        _ => Some(n),
    }
}
