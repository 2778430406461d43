//! Tables: leaves and hierarchies in, every margin derived, cells tied by sums out; several tables share the cells that mean the same.

use std::collections::BTreeMap;

use crate::bounds::Form;
use crate::hierarchy::Hierarchy;
use crate::primary::Contribution;
use crate::problem::{System, SystemError};

/// A dimension with its name; two tables share a dimension when it has the same name in both.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dimension {
    /// The name.
    pub name: String,
    /// The categories.
    pub hierarchy: Hierarchy,
}

/// What is known of one cell of the finest level, or of a margin that was given as well.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// One label for each dimension.
    pub key: Vec<String>,
    /// How many units; for a table of counts the value itself.
    pub units: u64,
    /// The amount, in units of `10^-decimals`; for a table of counts the same as the units.
    pub value: i64,
    /// Who contributes what, where it is known.
    pub contributions: Vec<Contribution>,
}

/// A table with all its margins.
// INVARIANT: cells are in the order of the dimensions' categories, the last dimension fastest.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    dimensions: Vec<Dimension>,
    decimals: u32,
    cells: Vec<Cell>,
}

/// A cell: its place in each dimension and what it holds.
#[derive(Clone, Debug, PartialEq)]
pub struct Cell {
    /// The category in each dimension.
    pub key: Vec<usize>,
    /// How many units it counts.
    pub units: u64,
    /// Its value, in units of `10^-decimals`.
    pub value: i64,
    /// Who contributes, from all its leaves.
    pub contributions: Vec<Contribution>,
}

/// Input that is no table.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TableError {
    /// A key with more or fewer labels than there are dimensions.
    #[error("`{key}` has {labels} labels and the table {dimensions} dimensions")]
    KeyLength {
        /// The key.
        key: String,
        /// Its labels.
        labels: usize,
        /// The dimensions.
        dimensions: usize,
    },
    /// A label that its dimension does not have.
    #[error("`{label}` is no category of `{dimension}`")]
    UnknownLabel {
        /// The label.
        label: String,
        /// The dimension.
        dimension: String,
    },
    /// The same key twice.
    #[error("`{key}` stands there twice")]
    Twice {
        /// The key.
        key: String,
    },
    /// A margin that was given is not the sum of its leaves.
    #[error("the parts of `{key}` do not add up to it")]
    NotAdditive {
        /// The margin.
        key: String,
    },
    /// More cells than can be handled.
    #[error("the table would have more than {most} cells")]
    TooManyCells {
        /// How many can be.
        most: usize,
    },
    /// A number that is too large.
    #[error("a number of `{key}` is too large to be handled exactly")]
    TooLarge {
        /// The cell.
        key: String,
    },
    /// Two tables disagree about a cell they share.
    #[error("two tables give different numbers for `{key}`")]
    Disagree {
        /// The cell.
        key: String,
    },
    /// Nothing to protect.
    #[error("there is no table")]
    Nothing,
}

/// No table of a city has more cells; beyond, somebody mistook a column.
const MOST_CELLS: usize = 1_000_000;

impl Table {
    /// A table from its leaves; absent leaves are empty, margins are derived and, where given, compared.
    ///
    /// Amounts are whole numbers of units of `10^-decimals`, so that sums are exact whatever the order.
    ///
    /// # Errors
    /// [`TableError`] naming the cell, never its value.
    pub fn new(
        dimensions: Vec<Dimension>,
        decimals: u32,
        entries: &[Entry],
    ) -> Result<Table, TableError> {
        let mut table = empty(dimensions, decimals)?;
        let mut is_given = vec![false; table.cells.len()];
        let mut margins = Vec::new();
        for entry in entries {
            let at = table.place(&entry.key)?;
            if std::mem::replace(&mut is_given[at], true) {
                return Err(TableError::Twice {
                    key: join(&entry.key),
                });
            }
            match table.is_leaf(at) {
                true => table.fill(at, entry)?,
                false => margins.push((at, entry)),
            }
        }
        for (at, entry) in margins {
            let cell = &table.cells[at];
            if cell.units != entry.units || cell.value != entry.value {
                return Err(TableError::NotAdditive {
                    key: join(&entry.key),
                });
            }
        }
        for cell in &mut table.cells {
            cell.contributions
                .sort_by(|one, two| one.by.cmp(&two.by).then(one.value.cmp(&two.value)));
        }
        Ok(table)
    }

    /// The dimensions.
    pub fn dimensions(&self) -> &[Dimension] {
        &self.dimensions
    }

    /// The cells, margins among them.
    pub fn cells(&self) -> &[Cell] {
        &self.cells
    }

    /// The decimals of the unit of the values.
    pub fn decimals(&self) -> u32 {
        self.decimals
    }

    /// The name of a cell: its labels joined with `|`.
    pub fn name(&self, at: usize) -> String {
        let labels = self.cells[at].key.iter().zip(&self.dimensions);
        let labels: Vec<String> = labels
            .map(|(node, dimension)| dimension.hierarchy.label(*node).to_owned())
            .collect();
        join(&labels)
    }

    /// The place of the cell with these labels.
    ///
    /// # Errors
    /// [`TableError`] when a label is unknown.
    pub fn place(&self, key: &[String]) -> Result<usize, TableError> {
        if key.len() != self.dimensions.len() {
            return Err(TableError::KeyLength {
                key: join(key),
                labels: key.len(),
                dimensions: self.dimensions.len(),
            });
        }
        let mut at = 0;
        for (label, dimension) in key.iter().zip(&self.dimensions) {
            let node = dimension
                .hierarchy
                .find(label)
                .ok_or_else(|| TableError::UnknownLabel {
                    label: label.clone(),
                    dimension: dimension.name.clone(),
                })?;
            at = at * dimension.hierarchy.len() + node;
        }
        Ok(at)
    }

    /// Whether a cell is of the finest level in every dimension.
    pub(crate) fn is_leaf(&self, at: usize) -> bool {
        let nodes = self.cells[at].key.iter().zip(&self.dimensions);
        nodes
            .into_iter()
            .all(|(node, dimension)| dimension.hierarchy.children(*node).is_empty())
    }

    /// Adds a leaf to its cell and to every margin above it.
    fn fill(&mut self, at: usize, entry: &Entry) -> Result<(), TableError> {
        let too_large = || TableError::TooLarge {
            key: join(&entry.key),
        };
        for cell in self.above(at) {
            let cell = &mut self.cells[cell];
            cell.units = cell.units.checked_add(entry.units).ok_or_else(too_large)?;
            cell.value = cell.value.checked_add(entry.value).ok_or_else(too_large)?;
            cell.contributions
                .extend(entry.contributions.iter().cloned());
        }
        Ok(())
    }

    /// A cell and every margin that counts it.
    pub(crate) fn above(&self, at: usize) -> Vec<usize> {
        let mut cells = vec![0];
        for (node, dimension) in self.cells[at].key.iter().zip(&self.dimensions) {
            let mut nodes = Vec::new();
            let mut next = Some(*node);
            while let Some(node) = next {
                nodes.push(node);
                next = dimension.hierarchy.parent(node);
            }
            cells = cells
                .iter()
                .flat_map(|before| {
                    nodes
                        .iter()
                        .map(move |node| before * dimension.hierarchy.len() + node)
                })
                .collect();
        }
        cells
    }

    /// Whether a cell holds all units of a group that has several categories.
    pub(crate) fn is_whole(&self, at: usize) -> bool {
        let cell = &self.cells[at];
        let mut step = 1;
        for (axis, dimension) in self.dimensions.iter().enumerate().rev() {
            let node = cell.key[axis];
            if let Some(parent) = dimension.hierarchy.parent(node) {
                let is_divided = dimension.hierarchy.children(parent).len() > 1;
                let group = self.cells[at - (node - parent) * step].units;
                if is_divided && cell.units > 0 && cell.units == group {
                    return true;
                }
            }
            step *= dimension.hierarchy.len();
        }
        false
    }

    /// The sums of the table: each category that has parts, in each combination of the other dimensions.
    pub fn sums(&self) -> Vec<Form> {
        let sizes: Vec<usize> = self
            .dimensions
            .iter()
            .map(|dimension| dimension.hierarchy.len())
            .collect();
        let mut sums = Vec::new();
        for (at, cell) in self.cells.iter().enumerate() {
            let mut step = 1;
            for (axis, dimension) in self.dimensions.iter().enumerate().rev() {
                let node = cell.key[axis];
                let parts = dimension.hierarchy.children(node);
                if !parts.is_empty() {
                    let mut sum: Form = parts
                        .iter()
                        .map(|part| (at + (part - node) * step, 1))
                        .collect();
                    sum.push((at, -1));
                    sums.push(sum);
                }
                step *= sizes[axis];
            }
        }
        sums
    }

    /// The modules of the table: in each dimension one category with its parts, from the totals down.
    pub(crate) fn modules(&self) -> Vec<Vec<usize>> {
        let depth = |hierarchy: &Hierarchy, node: usize| {
            std::iter::successors(Some(node), |node| hierarchy.parent(*node)).count()
        };
        // So far: how deep, and the places of the cells by the dimensions seen.
        let mut modules: Vec<(usize, Vec<usize>)> = vec![(0, vec![0])];
        for dimension in &self.dimensions {
            let hierarchy = &dimension.hierarchy;
            let tops = (0..hierarchy.len()).filter(|node| !hierarchy.children(*node).is_empty());
            let groups: Vec<(usize, Vec<usize>)> = tops
                .map(|top| {
                    let parts = hierarchy.children(top).iter().copied();
                    let nodes = std::iter::once(top).chain(parts).collect();
                    (depth(hierarchy, top), nodes)
                })
                .collect();
            let mut next = Vec::with_capacity(modules.len() * groups.len());
            for (deep, cells) in &modules {
                for (deeper, nodes) in &groups {
                    let at = |cell: &usize| cell * hierarchy.len();
                    let cells = cells
                        .iter()
                        .flat_map(|cell| nodes.iter().map(move |node| at(cell) + node));
                    next.push((deep + deeper, cells.collect()));
                }
            }
            modules = next;
        }
        modules.sort();
        modules.into_iter().map(|(_, cells)| cells).collect()
    }

    /// The table as a linear system.
    ///
    /// # Errors
    /// [`SystemError`] when a number is too large.
    pub fn system(&self) -> Result<System, SystemError> {
        System::new(
            (0..self.cells.len()).map(|at| self.name(at)).collect(),
            self.cells.iter().map(|cell| cell.value).collect(),
            self.decimals,
            self.sums(),
        )
    }
}

fn empty(dimensions: Vec<Dimension>, decimals: u32) -> Result<Table, TableError> {
    if dimensions.is_empty() {
        return Err(TableError::Nothing);
    }
    let mut size: usize = 1;
    for dimension in &dimensions {
        size = size.saturating_mul(dimension.hierarchy.len());
        if size > MOST_CELLS {
            return Err(TableError::TooManyCells { most: MOST_CELLS });
        }
    }
    let mut keys: Vec<Vec<usize>> = vec![Vec::new()];
    for dimension in &dimensions {
        keys = keys
            .iter()
            .flat_map(|key| {
                (0..dimension.hierarchy.len()).map(move |node| {
                    let mut key = key.clone();
                    key.push(node);
                    key
                })
            })
            .collect();
    }
    let cells = keys
        .into_iter()
        .map(|key| Cell {
            key,
            units: 0,
            value: 0,
            contributions: Vec::new(),
        })
        .collect();
    Ok(Table {
        dimensions,
        decimals,
        cells,
    })
}

/// Labels as one name: joined with `|`, with a `\` before those inside a label.
pub fn join(labels: &[String]) -> String {
    let escaped: Vec<String> = labels
        .iter()
        .map(|label| label.replace('\\', "\\\\").replace('|', "\\|"))
        .collect();
    escaped.join("|")
}

/// Several tables as one: the cells that mean the same in two tables are one cell.
#[derive(Clone, Debug, PartialEq)]
pub struct Linked {
    /// All cells with all sums.
    pub system: System,
    /// The place in the system of each cell of each table.
    pub places: Vec<Vec<usize>>,
}

impl Linked {
    /// Joins tables: a cell is known by its category in each dimension it is broken down by, whatever the table.
    ///
    /// The first category of a hierarchy is its total and says nothing about the cell.
    /// All tables must count the same units over the same totals.
    ///
    /// # Errors
    /// [`TableError`] when two tables disagree about a shared cell, naming it.
    pub fn join(tables: &[Table]) -> Result<Linked, TableError> {
        if tables.is_empty() {
            return Err(TableError::Nothing);
        }
        let mut by_meaning: BTreeMap<Vec<(&str, &str)>, usize> = BTreeMap::new();
        let mut names = Vec::new();
        let mut values: Vec<(i64, u64)> = Vec::new();
        let mut places = Vec::new();
        let mut sums = Vec::new();
        let decimals = tables.iter().map(Table::decimals).max().unwrap_or(0);
        for table in tables {
            let factor = 10i64.pow(decimals - table.decimals);
            let mut of = Vec::with_capacity(table.cells.len());
            for (at, cell) in table.cells.iter().enumerate() {
                let too_large = || TableError::TooLarge {
                    key: table.name(at),
                };
                let value = cell.value.checked_mul(factor).ok_or_else(too_large)?;
                let meaning = table.meaning(cell);
                let next = values.len();
                let place = *by_meaning.entry(meaning).or_insert(next);
                if place == next {
                    names.push(linked_name(table, at));
                    values.push((value, cell.units));
                } else if values[place] != (value, cell.units) {
                    return Err(TableError::Disagree {
                        key: table.name(at),
                    });
                }
                of.push(place);
            }
            for sum in table.sums() {
                let mut sum: Form = sum.into_iter().map(|(at, by)| (of[at], by)).collect();
                sum.sort_unstable();
                sums.push(sum);
            }
            places.push(of);
        }
        sums.sort_unstable();
        sums.dedup();
        let values = values.into_iter().map(|(value, _)| value).collect();
        let system = System::new(names, values, decimals, sums).map_err(no_system)?;
        Ok(Linked { system, places })
    }

    /// Nothing yet: cells and sums can be added to it.
    ///
    /// # Errors
    /// None: nothing adds up to nothing.
    pub fn nothing(decimals: u32) -> Result<Linked, TableError> {
        let system = System::new(Vec::new(), Vec::new(), decimals, Vec::new());
        Ok(Linked {
            system: system.map_err(no_system)?,
            places: Vec::new(),
        })
    }

    /// Adds cells and their sums: a cell of the same name is the same cell.
    ///
    /// Both must count in the same unit.
    ///
    /// # Errors
    /// [`TableError::Disagree`] naming a cell that is there already with another number.
    pub fn with(self, other: &System) -> Result<Linked, TableError> {
        let mut names = self.system.names().to_vec();
        let mut values = self.system.values().to_vec();
        let mut sums = self.system.equations().to_vec();
        let mut by_name: BTreeMap<&str, usize> = BTreeMap::new();
        for (at, name) in self.system.names().iter().enumerate() {
            by_name.insert(name, at);
        }
        let mut of = Vec::with_capacity(other.len());
        for (name, value) in other.names().iter().zip(other.values()) {
            let next = names.len();
            let place = *by_name.entry(name.as_str()).or_insert(next);
            if place == next {
                names.push(name.clone());
                values.push(*value);
            } else if values[place] != *value {
                return Err(TableError::Disagree { key: name.clone() });
            }
            of.push(place);
        }
        for sum in other.equations() {
            let mut sum: Form = sum.iter().map(|(at, by)| (of[*at], *by)).collect();
            sum.sort_unstable();
            sums.push(sum);
        }
        sums.sort_unstable();
        sums.dedup();
        let mut places = self.places;
        places.push(of);
        let decimals = self.system.decimals();
        let system = System::new(names, values, decimals, sums).map_err(no_system)?;
        Ok(Linked { system, places })
    }
}

fn no_system(error: SystemError) -> TableError {
    match error {
        SystemError::NotAdditive { total } => TableError::NotAdditive { key: total },
        SystemError::TooLarge { name } => TableError::TooLarge { key: name },
        SystemError::Twice { name } => TableError::Twice { key: name },
        SystemError::UnknownCell { .. } => TableError::Nothing,
    }
}

impl Table {
    /// What a cell is about: the dimensions in which it is not the total, by name.
    fn meaning(&self, cell: &Cell) -> Vec<(&str, &str)> {
        let mut meaning: Vec<(&str, &str)> = cell
            .key
            .iter()
            .zip(&self.dimensions)
            .filter(|(node, _)| **node != 0)
            .map(|(node, dimension)| (dimension.name.as_str(), dimension.hierarchy.label(*node)))
            .collect();
        meaning.sort_unstable();
        meaning
    }
}

/// One table's names are its labels; of several, each label is said with its dimension.
fn linked_name(table: &Table, at: usize) -> String {
    let meaning = table.meaning(&table.cells[at]);
    if meaning.is_empty() {
        return "total".to_owned();
    }
    let said: Vec<String> = meaning
        .iter()
        .map(|(dimension, label)| format!("{dimension}={label}"))
        .collect();
    join(&said)
}
