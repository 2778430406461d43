//! Records as coded columns: quasi-identifiers at the leaves of their hierarchies, sensitive columns, persons, a population register.
//!
//! Place in the flow: made once at the door, from dictionaries; the search and the models read only codes.
//! It must not know what a code stands for.

use crate::hierarchy::Hierarchy;

/// Why records cannot be looked at together.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RecordsError {
    /// There is no record.
    #[error("there are no records")]
    NoRecords,
    /// There is no quasi-identifier.
    #[error("there is no quasi-identifier")]
    NoQuasiIdentifiers,
    /// A column has another number of rows than the others.
    #[error("column {column} has {actual} rows, the others {expected}")]
    Uneven {
        /// The column among its kind, from 0.
        column: usize,
        /// Its rows.
        actual: usize,
        /// The rows of the others.
        expected: usize,
    },
    /// A code stands for no value.
    #[error("column {column} has a code that stands for no value")]
    UnknownCode {
        /// The column among its kind, from 0.
        column: usize,
    },
    /// There are more records than can be counted.
    #[error("there are more than {} records", u32::MAX)]
    TooMany,
    /// The quasi-identifiers have more values together than a key holds.
    #[error(
        "the quasi-identifiers need {bits} bits together, more than {}",
        crate::classes::MAX_BITS
    )]
    TooWide {
        /// The bits of one key.
        bits: usize,
    },
}

/// A quasi-identifier: what somebody outside may know of a person, with how it may be told less.
#[derive(Clone, Debug)]
pub struct QuasiIdentifier {
    /// How its values are generalised.
    pub hierarchy: Hierarchy,
    /// For each record the leaf of the hierarchy.
    pub codes: Vec<u32>,
}

/// A sensitive column: what must not be learnt of a person.
#[derive(Clone, Debug)]
pub struct Sensitive {
    /// For each record the number of its value; nothing where it is missing.
    ///
    /// Values are numbered in their order, for distances that know an order.
    pub codes: Vec<Option<u32>>,
    /// The number of values.
    pub values: usize,
}

/// Records to be protected.
#[derive(Clone, Debug)]
pub struct Records {
    rows: usize,
    quasi: Vec<QuasiIdentifier>,
    sensitive: Vec<Sensitive>,
    persons: Option<Vec<u32>>,
    population: Option<Vec<Vec<u32>>>,
}

impl Records {
    /// Records with their quasi-identifiers, each of `n` codes.
    ///
    /// # Errors
    /// [`RecordsError`] when there are none, too many, or columns do not fit together.
    pub fn new(quasi: Vec<QuasiIdentifier>) -> Result<Records, RecordsError> {
        let rows = quasi
            .first()
            .ok_or(RecordsError::NoQuasiIdentifiers)?
            .codes
            .len();
        if rows == 0 {
            return Err(RecordsError::NoRecords);
        }
        if u32::try_from(rows).is_err() {
            return Err(RecordsError::TooMany);
        }
        for (column, one) in quasi.iter().enumerate() {
            even(column, one.codes.len(), rows)?;
            known(column, &one.codes, one.hierarchy.leaves())?;
        }
        let bits = crate::classes::bits(quasi.iter().map(|one| one.hierarchy.leaves()));
        if bits > crate::classes::MAX_BITS {
            return Err(RecordsError::TooWide { bits });
        }
        Ok(Records {
            rows,
            quasi,
            sensitive: Vec::new(),
            persons: None,
            population: None,
        })
    }

    /// The same records with a sensitive column more.
    ///
    /// # Errors
    /// [`RecordsError`] when it does not fit.
    pub fn with_sensitive(mut self, column: Sensitive) -> Result<Records, RecordsError> {
        let place = self.sensitive.len();
        even(place, column.codes.len(), self.rows)?;
        let told: Vec<u32> = column.codes.iter().copied().flatten().collect();
        known(place, &told, column.values)?;
        self.sensitive.push(column);
        Ok(self)
    }

    /// The same records with the number of the person each is about: groups are counted in persons.
    ///
    /// # Errors
    /// [`RecordsError`] when it does not fit.
    pub fn with_persons(mut self, persons: Vec<u32>) -> Result<Records, RecordsError> {
        even(0, persons.len(), self.rows)?;
        self.persons = Some(persons);
        Ok(self)
    }

    /// The same records beside the register of the population they were drawn from: one column of leaves for each quasi-identifier.
    ///
    /// # Errors
    /// [`RecordsError`] when it does not fit.
    pub fn with_population(mut self, columns: Vec<Vec<u32>>) -> Result<Records, RecordsError> {
        even(0, columns.len(), self.quasi.len())?;
        let rows = columns.first().map_or(0, Vec::len);
        if u32::try_from(rows.saturating_add(self.rows)).is_err() {
            return Err(RecordsError::TooMany);
        }
        for (place, column) in columns.iter().enumerate() {
            even(place, column.len(), rows)?;
            known(place, column, self.quasi[place].hierarchy.leaves())?;
        }
        self.population = Some(columns);
        Ok(self)
    }

    /// The number of records.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// The quasi-identifiers in order.
    pub fn quasi_identifiers(&self) -> &[QuasiIdentifier] {
        &self.quasi
    }

    /// The sensitive columns in order.
    pub fn sensitive(&self) -> &[Sensitive] {
        &self.sensitive
    }

    /// The person of each record, where one may have several.
    pub fn persons(&self) -> Option<&[u32]> {
        self.persons.as_deref()
    }

    /// The register of the population, column by column.
    pub fn population(&self) -> Option<&[Vec<u32>]> {
        self.population.as_deref()
    }

    /// The number of persons.
    pub fn persons_count(&self) -> usize {
        match &self.persons {
            None => self.rows,
            Some(persons) => {
                let mut all = persons.clone();
                all.sort_unstable();
                all.dedup();
                all.len()
            }
        }
    }

    /// Some of the records, in the order asked for.
    ///
    /// # Panics
    /// When there is no such record.
    pub fn only(&self, rows: &[usize]) -> Records {
        let of = |codes: &[u32]| rows.iter().map(|row| codes[*row]).collect::<Vec<u32>>();
        let quasi = self.quasi.iter().map(|one| QuasiIdentifier {
            hierarchy: one.hierarchy.clone(),
            codes: of(&one.codes),
        });
        let sensitive = self.sensitive.iter().map(|one| Sensitive {
            codes: rows.iter().map(|row| one.codes[*row]).collect(),
            values: one.values,
        });
        Records {
            rows: rows.len(),
            quasi: quasi.collect(),
            sensitive: sensitive.collect(),
            persons: self.persons.as_deref().map(of),
            population: self.population.clone(),
        }
    }
}

fn even(column: usize, actual: usize, expected: usize) -> Result<(), RecordsError> {
    match actual == expected {
        true => Ok(()),
        false => Err(RecordsError::Uneven {
            column,
            actual,
            expected,
        }),
    }
}

fn known(column: usize, codes: &[u32], values: usize) -> Result<(), RecordsError> {
    match codes.iter().all(|code| (*code as usize) < values) {
        true => Ok(()),
        false => Err(RecordsError::UnknownCode { column }),
    }
}
