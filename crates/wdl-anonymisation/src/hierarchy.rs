//! Generalisation hierarchies: how each value of a quasi-identifier is told less and less precisely.
//!
//! Place in the flow: read from text by whoever owns the files, before any record is looked at.
//! It must not know records, files, or what a value means.

use std::collections::HashMap;

/// Why a generalisation hierarchy cannot be used.
///
/// The values named are those of the hierarchy, never those of a record.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HierarchyError {
    /// It has no row, or rows without a value.
    #[error("the hierarchy is empty")]
    Empty,
    /// A row has more or fewer levels than the first one.
    #[error("row {row} of the hierarchy has {actual} levels, the first has {expected}")]
    Uneven {
        /// The row, from 1.
        row: usize,
        /// Its levels.
        actual: usize,
        /// The levels of the first row.
        expected: usize,
    },
    /// A value of the lowest level stands in two rows.
    #[error("rows {first} and {second} of the hierarchy begin with the same value")]
    DuplicateLeaf {
        /// The first row, from 1.
        first: usize,
        /// The second row, from 1.
        second: usize,
    },
    /// Something above the lowest level has no name.
    #[error("row {row} of the hierarchy has no value at level {level}")]
    Unnamed {
        /// The row, from 1.
        row: usize,
        /// The level, from 0.
        level: usize,
    },
    /// A value has two parents: what is told less precisely would tell more.
    #[error("`{value}` of level {level} is generalised to `{first}` and to `{second}`")]
    NotNested {
        /// The level of the value, from 0.
        level: usize,
        /// The value.
        value: String,
        /// Its parent in the first row that has it.
        first: String,
        /// Another parent.
        second: String,
    },
    /// It has more values than can be numbered.
    #[error("the hierarchy has too many values")]
    TooLarge,
}

/// What a missing value is called where it is a category of its own.
const MISSING_LABEL: &str = "";

/// A nested generalisation hierarchy: level 0 holds the values as they are, each next level tells less.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hierarchy {
    // INVARIANT: one entry per level, at least one level; every leaf has a value at each; nested.
    levels: Vec<Level>,
    missing: u32,
    is_missing_added: bool,
}

/// One level: which of its values each leaf has, what they are called, how many leaves are under each.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Level {
    of_leaf: Vec<u32>,
    labels: Vec<String>,
    leaves: Vec<u32>,
    parent: Vec<u32>,
}

impl Hierarchy {
    /// Reads rows of levels, the value first and the most general last, blanks around them left off.
    ///
    /// An empty first value says how a missing value is generalised; without such a row a missing value is a category of its own, joined with the others only by a level that has one value alone.
    ///
    /// # Errors
    /// [`HierarchyError`] for an empty hierarchy, rows of unequal length, a value that stands in two rows, a value with two parents.
    pub fn from_rows<R: AsRef<[S]>, S: AsRef<str>>(
        rows: &[R],
    ) -> Result<Hierarchy, HierarchyError> {
        let height = rows.first().map_or(0, |row| row.as_ref().len());
        if height == 0 {
            return Err(HierarchyError::Empty);
        }
        even(rows, height)?;
        let mut columns: Vec<Vec<&str>> = (0..height)
            .map(|level| {
                rows.iter()
                    .map(|row| row.as_ref()[level].as_ref().trim())
                    .collect()
            })
            .collect();
        unique(&columns[0])?;
        if columns[0].iter().all(|leaf| leaf.is_empty()) {
            return Err(HierarchyError::Empty);
        }
        for (level, column) in columns.iter().enumerate().skip(1) {
            if let Some(row) = column.iter().position(|value| value.is_empty()) {
                let row = row + 1;
                return Err(HierarchyError::Unnamed { row, level });
            }
        }
        let missing = columns[0].iter().position(|leaf| leaf.is_empty());
        let is_missing_added = missing.is_none();
        let missing = missing.unwrap_or_else(|| add_missing(&mut columns));
        let mut levels: Vec<Level> = columns
            .iter()
            .map(|column| Level::of(column))
            .collect::<Result<_, _>>()?;
        for level in 1..levels.len() {
            let (below, above) = levels.split_at_mut(level);
            nest(level - 1, &mut below[level - 1], &above[0])?;
        }
        let missing = u32::try_from(missing).map_err(|_| HierarchyError::TooLarge)?;
        Ok(Hierarchy {
            levels,
            missing,
            is_missing_added,
        })
    }

    /// The number of levels, the values themselves included.
    pub fn levels(&self) -> usize {
        self.levels.len()
    }

    /// The leaf that a value as it stands in a record is; `None` when the hierarchy lacks it.
    pub fn leaf(&self, value: Option<&str>) -> Option<u32> {
        let Some(value) = value.map(str::trim).filter(|value| !value.is_empty()) else {
            return Some(self.missing).filter(|leaf| *leaf != u32::MAX);
        };
        let found = self.levels[0]
            .labels
            .iter()
            .position(|label| label == value);
        found.and_then(|place| u32::try_from(place).ok())
    }

    /// The leaves of all values of a dictionary in order; `Err` holds the places of those that the hierarchy lacks.
    ///
    /// # Errors
    /// The places in `values` that the hierarchy does not know.
    pub fn leaves_of(&self, values: &[String]) -> Result<Vec<u32>, Vec<usize>> {
        let labels = self.levels[0].labels.iter().enumerate();
        let known: HashMap<&str, usize> = labels
            .map(|(place, label)| (label.as_str(), place))
            .collect();
        let mut leaves = Vec::with_capacity(values.len());
        let mut absent = Vec::new();
        for (place, value) in values.iter().enumerate() {
            let value = value.trim();
            match known.get(value) {
                Some(_) if value.is_empty() => leaves.push(self.missing),
                Some(leaf) => leaves.push(u32::try_from(*leaf).unwrap_or(u32::MAX)),
                None => absent.push(place),
            }
        }
        match absent.is_empty() {
            true => Ok(leaves),
            false => Err(absent),
        }
    }

    /// The leaf of a missing value; no leaf at all (`u32::MAX`) after [`Hierarchy::without_missing`].
    pub fn missing(&self) -> u32 {
        self.missing
    }

    /// The number of leaves, that of a missing value included.
    pub fn leaves(&self) -> usize {
        self.levels[0].of_leaf.len()
    }

    /// The number of values of a level.
    ///
    /// # Panics
    /// When there is no such level.
    pub fn values(&self, level: usize) -> usize {
        self.levels[level].labels.len()
    }

    /// For each leaf its value at a level.
    ///
    /// # Panics
    /// When there is no such level.
    pub fn of_leaf(&self, level: usize) -> &[u32] {
        &self.levels[level].of_leaf
    }

    /// For each value of a level its parent at the next; empty at the last level.
    ///
    /// # Panics
    /// When there is no such level.
    pub fn parents(&self, level: usize) -> &[u32] {
        &self.levels[level].parent
    }

    /// For each value of a level how many leaves are under it.
    ///
    /// # Panics
    /// When there is no such level.
    pub fn leaves_under(&self, level: usize) -> &[u32] {
        &self.levels[level].leaves
    }

    /// What a value of a level is called; empty for a missing value.
    ///
    /// # Panics
    /// When there is no such level or value.
    pub fn label(&self, level: usize, value: u32) -> &str {
        &self.levels[level].labels[value as usize]
    }

    /// Whether the last level has one value alone, so that a column at it tells nothing.
    pub fn is_closed(&self) -> bool {
        self.levels
            .last()
            .is_some_and(|level| level.labels.len() == 1)
    }

    /// The same hierarchy without the leaf of a missing value, where no record needs it and no row names it.
    ///
    /// What a leaf costs is a share of all leaves, so one that cannot occur must not be counted.
    pub fn without_missing(mut self) -> Hierarchy {
        if self.is_missing_added {
            for level in &mut self.levels {
                level.drop_last_leaf();
            }
            self.is_missing_added = false;
            self.missing = u32::MAX;
        }
        self
    }
}

impl Level {
    fn of(column: &[&str]) -> Result<Level, HierarchyError> {
        let mut known: HashMap<&str, u32> = HashMap::new();
        let mut level = Level {
            of_leaf: Vec::with_capacity(column.len()),
            labels: Vec::new(),
            leaves: Vec::new(),
            parent: Vec::new(),
        };
        for value in column {
            let next = u32::try_from(level.labels.len())
                .ok()
                .filter(|next| *next < u32::MAX);
            let next = next.ok_or(HierarchyError::TooLarge)?;
            let code = *known.entry(value).or_insert_with(|| {
                level.labels.push((*value).to_owned());
                level.leaves.push(0);
                next
            });
            level.of_leaf.push(code);
            level.leaves[code as usize] += 1;
        }
        Ok(level)
    }

    /// Takes the last leaf off, and its value where it was the only one there.
    fn drop_last_leaf(&mut self) {
        let Some(value) = self.of_leaf.pop() else {
            return;
        };
        let value = value as usize;
        self.leaves[value] -= 1;
        // The last leaf is the last to bring a new value, so a value of its own is the last one.
        if self.leaves[value] == 0 {
            self.labels.truncate(value);
            self.leaves.truncate(value);
            self.parent.truncate(value);
        }
    }
}

fn even<R: AsRef<[S]>, S>(rows: &[R], height: usize) -> Result<(), HierarchyError> {
    let uneven = rows.iter().position(|row| row.as_ref().len() != height);
    match uneven {
        Some(row) => Err(HierarchyError::Uneven {
            row: row + 1,
            actual: rows[row].as_ref().len(),
            expected: height,
        }),
        None => Ok(()),
    }
}

fn unique(leaves: &[&str]) -> Result<(), HierarchyError> {
    let mut known: HashMap<&str, usize> = HashMap::new();
    for (row, leaf) in leaves.iter().enumerate() {
        if let Some(first) = known.insert(leaf, row) {
            return Err(HierarchyError::DuplicateLeaf {
                first: first + 1,
                second: row + 1,
            });
        }
    }
    Ok(())
}

/// Adds the leaf of a missing value: a category of its own up to a level that has one value alone.
fn add_missing(columns: &mut [Vec<&str>]) -> usize {
    let last = columns.len() - 1;
    for (level, column) in columns.iter_mut().enumerate() {
        let joins = level > 0 && level == last && column.iter().all(|value| *value == column[0]);
        let value = if joins { column[0] } else { MISSING_LABEL };
        column.push(value);
    }
    columns[0].len() - 1
}

/// Gives each value of a level its one parent.
fn nest(level: usize, below: &mut Level, above: &Level) -> Result<(), HierarchyError> {
    let mut parent = vec![u32::MAX; below.labels.len()];
    for (value, up) in below.of_leaf.iter().zip(&above.of_leaf) {
        let slot = &mut parent[*value as usize];
        if *slot != u32::MAX && *slot != *up {
            return Err(HierarchyError::NotNested {
                level,
                value: below.labels[*value as usize].clone(),
                first: above.labels[*slot as usize].clone(),
                second: above.labels[*up as usize].clone(),
            });
        }
        *slot = *up;
    }
    below.parent = parent;
    Ok(())
}
