//! The cells of one indicator across its tables: the same cell in two tables is one cell here.
//!
//! A key has one place for each dimension of the indicator; 0 is the total, `k` the category `k - 1`.

use std::collections::{BTreeMap, BTreeSet};

use wdl_result::{Cell, Status, Table};
use wdl_vocab::Period;

use crate::error::DisclosureError;

/// A cell's place in the indicator: one number for each dimension, 0 for the total.
pub(crate) type Key = Vec<u16>;

/// The dimensions and categories of all tables of an indicator.
#[derive(Debug)]
pub(crate) struct Layout {
    pub(crate) dimensions: Vec<Axis>,
    pub(crate) tables: Vec<Shape>,
}

/// One dimension.
#[derive(Debug)]
pub(crate) struct Axis {
    pub(crate) id: String,
    pub(crate) categories: Vec<String>,
}

/// The dimensions of one table: which they are, and which places their categories have.
#[derive(Debug)]
pub(crate) struct Shape {
    pub(crate) axes: Vec<usize>,
    pub(crate) places: Vec<Vec<u16>>,
}

impl Layout {
    pub(crate) fn new(tables: &[Table]) -> Layout {
        let mut layout = Layout {
            dimensions: Vec::new(),
            tables: Vec::new(),
        };
        for table in tables {
            let (axes, places) = table
                .dimensions
                .iter()
                .map(|dimension| layout.place(dimension))
                .unzip();
            layout.tables.push(Shape { axes, places });
        }
        layout
    }

    fn place(&mut self, dimension: &wdl_result::Dimension) -> (usize, Vec<u16>) {
        let known = self
            .dimensions
            .iter()
            .position(|axis| axis.id == dimension.id);
        let at = known.unwrap_or_else(|| {
            self.dimensions.push(Axis {
                id: dimension.id.clone(),
                categories: Vec::new(),
            });
            self.dimensions.len() - 1
        });
        let categories = &mut self.dimensions[at].categories;
        let places = dimension.categories.iter().map(|category| {
            let known = categories.iter().position(|id| *id == category.id);
            let place = known.unwrap_or_else(|| {
                categories.push(category.id.clone());
                categories.len() - 1
            });
            place as u16 + 1
        });
        (at, places.collect())
    }

    /// The key of a cell of a table, unless the cell is in no category of it.
    pub(crate) fn key(&self, table: usize, cell: &Cell) -> Option<Key> {
        let shape = &self.tables[table];
        if cell.keys.len() != shape.axes.len() {
            return None;
        }
        let mut key = vec![0; self.dimensions.len()];
        for ((axis, places), name) in shape.axes.iter().zip(&shape.places).zip(&cell.keys) {
            let Some(name) = name else { continue };
            let categories = &self.dimensions[*axis].categories;
            let place = categories.iter().position(|id| id == name)? as u16 + 1;
            if !places.contains(&place) {
                return None;
            }
            key[*axis] = place;
        }
        Some(key)
    }

    /// The names of a key: dimension and category, for those that are not the total.
    pub(crate) fn names(&self, key: &Key) -> Vec<(String, String)> {
        let broken_down = self
            .dimensions
            .iter()
            .zip(key)
            .filter(|(_, place)| **place > 0);
        broken_down
            .map(|(axis, place)| {
                (
                    axis.id.clone(),
                    axis.categories[usize::from(*place) - 1].clone(),
                )
            })
            .collect()
    }
}

impl Shape {
    /// Every key of the table, each dimension from the total through its categories.
    pub(crate) fn keys(&self, width: usize) -> Vec<Key> {
        let mut keys = vec![vec![0; width]];
        for (axis, places) in self.axes.iter().zip(&self.places) {
            keys = keys
                .into_iter()
                .flat_map(|key| {
                    std::iter::once(&0).chain(places).map(move |place| {
                        let mut key = key.clone();
                        key[*axis] = *place;
                        key
                    })
                })
                .collect();
        }
        keys
    }

    /// The names of a key in this table.
    pub(crate) fn cell_keys(&self, layout: &Layout, key: &Key) -> Vec<Option<String>> {
        let name = |axis: &usize| match key[*axis] {
            0 => None,
            place => Some(layout.dimensions[*axis].categories[usize::from(place) - 1].clone()),
        };
        self.axes.iter().map(name).collect()
    }
}

/// Where a cell comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    /// Tables hold it.
    Shown,
    /// No table holds it, and the table it belongs to has the period: nobody is in it, and its absence says so.
    Absent,
    /// A margin that no table holds: nobody publishes it, but it ties other cells together.
    Latent,
    /// The source did not deliver it.
    Unavailable,
}

/// One cell of a period, with the places it is shown at.
#[derive(Debug)]
pub(crate) struct Slot {
    pub(crate) key: Key,
    pub(crate) origin: Origin,
    /// Table and position in its cells.
    pub(crate) places: Vec<(usize, usize)>,
}

/// A margin and its parts: what an attacker adds up.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Sum {
    pub(crate) total: usize,
    pub(crate) parts: Vec<usize>,
}

/// All cells of one period and how they add up.
#[derive(Debug)]
pub(crate) struct Slice {
    pub(crate) period: Period,
    pub(crate) slots: Vec<Slot>,
    pub(crate) index: BTreeMap<Key, usize>,
    pub(crate) sums: Vec<Sum>,
    /// The sums of several categories at once, which moves by construction carry along.
    pub(crate) unions: Vec<Sum>,
    /// Whether several indicators stand in it, so that a key that one has another may lack.
    pub(crate) is_linked: bool,
}

/// Puts the cells of all tables into slices, one for each period.
pub(crate) fn slices(tables: &[Table], layout: &Layout) -> Result<Vec<Slice>, DisclosureError> {
    let mut slices: BTreeMap<Period, Slice> = BTreeMap::new();
    for (at, table) in tables.iter().enumerate() {
        for (position, cell) in table.cells.iter().enumerate() {
            let slice = slices.entry(cell.period).or_insert_with(|| Slice {
                period: cell.period,
                slots: Vec::new(),
                index: BTreeMap::new(),
                sums: Vec::new(),
                unions: Vec::new(),
                is_linked: false,
            });
            let key = layout
                .key(at, cell)
                .ok_or_else(|| DisclosureError::UnknownCategory {
                    indicator: table.header.indicator.clone(),
                    breakdown: table.breakdown(),
                    period: cell.period,
                })?;
            let slot = slice.slot(key, Origin::Unavailable);
            let slot = &mut slice.slots[slot];
            if slot.places.iter().any(|(table, _)| *table == at) {
                return Err(DisclosureError::CellTwice {
                    indicator: table.header.indicator.clone(),
                    breakdown: table.breakdown(),
                    period: cell.period,
                });
            }
            slot.places.push((at, position));
            if cell.status != Status::NotCollected {
                slot.origin = Origin::Shown;
            }
        }
    }
    let mut slices: Vec<Slice> = slices.into_values().collect();
    for slice in &mut slices {
        slice.complete(layout);
    }
    Ok(slices)
}

impl Slice {
    fn slot(&mut self, key: Key, origin: Origin) -> usize {
        if let Some(at) = self.index.get(&key) {
            return *at;
        }
        let at = self.slots.len();
        self.index.insert(key.clone(), at);
        self.slots.push(Slot {
            key,
            origin,
            places: Vec::new(),
        });
        at
    }

    /// Whether a table says anything of the period.
    pub(crate) fn covers(&self, table: usize) -> bool {
        self.slots.iter().any(|slot| {
            slot.origin == Origin::Shown && slot.places.iter().any(|(at, _)| *at == table)
        })
    }

    /// Adds the cells that tables leave out, and the sums.
    fn complete(&mut self, layout: &Layout) {
        let width = layout.dimensions.len();
        let covered: Vec<usize> = (0..layout.tables.len())
            .filter(|at| self.covers(*at))
            .collect();
        let mut sums = BTreeSet::new();
        for shape in covered.iter().map(|at| &layout.tables[*at]) {
            let keys = shape.keys(width);
            for key in &keys {
                let is_margin = shape.axes.iter().any(|axis| key[*axis] == 0);
                let origin = if is_margin {
                    Origin::Latent
                } else {
                    Origin::Absent
                };
                self.slot(key.clone(), origin);
            }
            for key in &keys {
                self.add_sums(shape, key, &mut sums);
            }
        }
        self.sums = sums.into_iter().collect();
    }

    fn add_sums(&self, shape: &Shape, key: &Key, sums: &mut BTreeSet<Sum>) {
        for (axis, places) in shape.axes.iter().zip(&shape.places) {
            if key[*axis] != 0 {
                continue;
            }
            let parts: Vec<usize> = places
                .iter()
                .map(|place| {
                    let mut part = key.clone();
                    part[*axis] = *place;
                    self.index[&part]
                })
                .collect();
            let total = self.index[key];
            let is_known = |at: &usize| self.slots[*at].origin != Origin::Unavailable;
            if !parts.is_empty() && is_known(&total) && parts.iter().all(is_known) {
                sums.insert(Sum { total, parts });
            }
        }
    }
}
