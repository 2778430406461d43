//! A file of people or of households: who lives together, what the household shares, and what is refused.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use wdl_plain::PlainTable;
use wdl_stats::Design;

use super::column::{Column, FLAG, Words};
use super::{HousingError, Options, Unit};
use crate::plain::Errors;

/// The rows of a file and the households they make.
pub(super) struct File<'a> {
    path: &'a Path,
    table: PlainTable,
    options: &'a Options,
    /// The household of each row.
    pub(super) household_of_row: Vec<u32>,
    /// The rows of each household, in the order of the file.
    pub(super) members: Vec<Vec<usize>>,
}

impl<'a> File<'a> {
    pub(super) fn read(path: &'a Path, options: &'a Options) -> Result<File<'a>, HousingError> {
        let mut table = PlainTable::read(path, &options.read())?;
        if matches!(options.errors, Errors::Bootstrap(_)) {
            table = table.in_order_of(&options.order());
        }
        let mut file = File {
            path,
            table,
            options,
            household_of_row: Vec::new(),
            members: Vec::new(),
        };
        let names = match options.household.is_empty() {
            true => (0..file.rows() as u64).collect(),
            false => numbered(&file.names(&options.household)?),
        };
        file.members = vec![Vec::new(); names.iter().max().map_or(0, |last| *last as usize + 1)];
        for (row, household) in names.into_iter().enumerate() {
            file.members[household as usize].push(row);
            file.household_of_row.push(household as u32);
        }
        file.refuse_people_twice()?;
        Ok(file)
    }

    pub(super) fn rows(&self) -> usize {
        self.table.rows()
    }

    /// Whether a row is a person and not a household.
    pub(super) fn is_of_persons(&self) -> bool {
        !self.options.household.is_empty()
    }

    /// Whether a column was named.
    pub(super) fn has(&self, column: Column) -> bool {
        self.options.columns.contains_key(&column)
    }

    /// What a partner's link names of each row.
    pub(super) fn person_names(&self) -> Option<Vec<Option<String>>> {
        self.options
            .person
            .first()
            .map(|column| self.table.text(column))
    }

    /// The values of some columns in each row, which must all be there.
    fn names(&self, columns: &[String]) -> Result<Vec<Vec<String>>, HousingError> {
        let mut names = vec![Vec::new(); self.rows()];
        for column in columns {
            let texts = self.complete(column, self.table.text(column))?;
            for (name, text) in names.iter_mut().zip(texts) {
                name.push(text);
            }
        }
        Ok(names)
    }

    fn complete<T>(&self, column: &str, values: Vec<Option<T>>) -> Result<Vec<T>, HousingError> {
        match values.iter().filter(|value| value.is_none()).count() {
            0 => Ok(values.into_iter().flatten().collect()),
            count => Err(HousingError::Missing {
                path: self.path.to_owned(),
                column: column.to_owned(),
                count,
            }),
        }
    }

    fn refuse_people_twice(&self) -> Result<(), HousingError> {
        if self.options.person.is_empty() {
            return Ok(());
        }
        let people = self.names(&self.options.person)?;
        let different: BTreeSet<&Vec<String>> = people.iter().collect();
        match people.len() - different.len() {
            0 => Ok(()),
            count => Err(HousingError::PersonTwice {
                path: self.path.to_owned(),
                count,
            }),
        }
    }

    /// The design: households, or the clusters that were drawn, in strata.
    pub(super) fn design(&self) -> Result<Design, HousingError> {
        let named = |columns: &[String]| self.names(columns).map(|names| numbered(&names));
        let clusters = match &self.options.cluster {
            Some(column) => named(std::slice::from_ref(column))?,
            None => self
                .household_of_row
                .iter()
                .map(|one| u64::from(*one))
                .collect(),
        };
        let strata = match &self.options.strata {
            Some(column) => Some(named(std::slice::from_ref(column))?),
            None => None,
        };
        Ok(Design::new(self.rows(), Some(&clusters), strata.as_deref()))
    }

    /// The weight of each row as the file has it; one without a column.
    fn weights(&self) -> Result<Vec<f64>, HousingError> {
        let Some(column) = &self.options.weight else {
            return Ok(vec![1.0; self.rows()]);
        };
        let read = self.table.numbers(column)?.to_vec();
        let weights = self.complete(column, read)?;
        let is_weight = |weight: &f64| weight.is_finite() && *weight >= 0.0;
        match weights.iter().position(|weight| !is_weight(weight)) {
            None => Ok(weights),
            Some(row) => Err(self.refused(column, row, "0 …")),
        }
    }

    /// The weight of the persons of each row: of a household's row, its members.
    pub(super) fn person_weights(&self) -> Result<Vec<f64>, HousingError> {
        let weights = self.weights()?;
        let Some(sizes) = self.numbers(Column::Size)? else {
            return Ok(weights);
        };
        if !self.options.household.is_empty() {
            return Ok(weights);
        }
        let sizes = self.complete(&self.options.columns[&Column::Size], sizes)?;
        Ok(weights
            .iter()
            .zip(sizes)
            .map(|(own, size)| own * size)
            .collect())
    }

    /// The weight with which each row counts: a person's, or that of the household, which all its members have.
    pub(super) fn unit_weights(&self, unit: Unit) -> Result<Vec<f64>, HousingError> {
        let mut weights = match unit {
            Unit::Persons => self.person_weights()?,
            Unit::Households => {
                let own = self.weights()?;
                let shared = self.shared(self.options.weight.as_deref(), &|row| Some(own[row]))?;
                let mut weights = vec![0.0; self.rows()];
                for (members, weight) in self.members.iter().zip(shared) {
                    for row in members {
                        weights[*row] = weight.unwrap_or(0.0);
                    }
                }
                weights
            }
        };
        for (column, value) in &self.options.only {
            let texts = self.table.text(column);
            let is_met = |text: &Option<String>| text.as_ref() == Some(value);
            if !texts.iter().any(is_met) {
                return Err(HousingError::Nobody {
                    path: self.path.to_owned(),
                    column: column.clone(),
                });
            }
            if unit == Unit::Households {
                self.refuse_different(column, &texts)?;
            }
            for (weight, text) in weights.iter_mut().zip(&texts) {
                if !is_met(text) {
                    *weight = 0.0;
                }
            }
        }
        Ok(weights)
    }

    fn refused(&self, column: &str, row: usize, allowed: &'static str) -> HousingError {
        HousingError::Value {
            path: self.path.to_owned(),
            column: column.to_owned(),
            line: self.table.line(row),
            allowed,
        }
    }

    /// A column of numbers that its meaning allows; nothing when it was not named.
    pub(super) fn numbers(&self, column: Column) -> Result<Option<Vec<Option<f64>>>, HousingError> {
        let Some(name) = self.options.columns.get(&column) else {
            return Ok(None);
        };
        let numbers = self.table.numbers(name)?;
        let is_bad = |value: &Option<f64>| value.is_some_and(|number| !column.allows(number));
        match numbers.iter().position(is_bad) {
            None => Ok(Some(numbers.to_vec())),
            Some(row) => Err(self.refused(name, row, column.allowed())),
        }
    }

    /// A column of words; nothing when it was not named.
    pub(super) fn texts(&self, column: Column) -> Option<Vec<Option<String>>> {
        let name = self.options.columns.get(&column)?;
        Some(self.table.text(name))
    }

    /// A column of codes or words; nothing where it was not named or is empty.
    pub(super) fn words<T: Clone>(
        &self,
        column: Column,
        words: &Words<T>,
    ) -> Result<Vec<Option<T>>, HousingError> {
        let Some(name) = self.options.columns.get(&column) else {
            return Ok(vec![None; self.rows()]);
        };
        let read: Vec<Option<Option<T>>> = match self.table.numbers(name) {
            Ok(codes) => codes.iter().map(|code| code.map(words.code)).collect(),
            Err(_) => {
                // Among yes and no the `NA` of R is a missing one.
                let texts = self.table.text(name);
                let told = texts
                    .iter()
                    .map(|text| text.as_deref().filter(|text| *text != "NA"));
                told.map(|text| text.map(|text| words.read(text))).collect()
            }
        };
        let is_unknown = |cell: &Option<Option<T>>| matches!(cell, Some(None));
        match read.iter().position(is_unknown) {
            None => Ok(read.into_iter().map(Option::flatten).collect()),
            Some(row) => Err(self.refused(name, row, column.allowed())),
        }
    }

    /// A column of yes and no.
    pub(super) fn flags(&self, column: Column) -> Result<Vec<Option<bool>>, HousingError> {
        self.words(column, &FLAG)
    }

    /// A number of the household: what those members say who say something, who must agree.
    pub(super) fn household_numbers(
        &self,
        column: Column,
    ) -> Result<Option<Vec<Option<f64>>>, HousingError> {
        let Some(numbers) = self.numbers(column)? else {
            return Ok(None);
        };
        let name = self.options.columns.get(&column).map(String::as_str);
        // The negative zero of some files is the zero of the others.
        let of_row = |row: usize| numbers[row].map(|number| number + 0.0);
        self.shared(name, &of_row).map(Some)
    }

    /// A yes or no of the household.
    pub(super) fn household_flags(
        &self,
        column: Column,
    ) -> Result<Vec<Option<bool>>, HousingError> {
        let flags = self.flags(column)?;
        let name = self.options.columns.get(&column).map(String::as_str);
        self.shared(name, &|row| flags[row])
    }

    fn shared<T: PartialEq + Copy>(
        &self,
        column: Option<&str>,
        of_row: &dyn Fn(usize) -> Option<T>,
    ) -> Result<Vec<Option<T>>, HousingError> {
        let mut differing = 0;
        let mut shared = Vec::with_capacity(self.members.len());
        for members in &self.members {
            let mut told = members.iter().filter_map(|row| of_row(*row));
            let first = told.next();
            differing += usize::from(told.any(|other| Some(other) != first));
            shared.push(first);
        }
        match differing {
            0 => Ok(shared),
            count => Err(HousingError::Differs {
                path: self.path.to_owned(),
                column: column.unwrap_or_default().to_owned(),
                count,
            }),
        }
    }

    /// The group of each row, and the names of the groups in their order.
    pub(super) fn groups(&self, unit: Unit) -> Result<(Vec<u32>, Vec<GroupName>), HousingError> {
        if self.options.by.is_empty() {
            return Ok((Vec::new(), Vec::new()));
        }
        let mut of_row: Vec<GroupName> = vec![Vec::new(); self.rows()];
        for column in &self.options.by {
            let texts = self.table.text(column);
            if unit == Unit::Households {
                self.refuse_different(column, &texts)?;
            }
            for (name, text) in of_row.iter_mut().zip(texts) {
                name.push(text);
            }
        }
        let names: Vec<GroupName> = of_row
            .iter()
            .collect::<BTreeSet<_>>()
            .into_iter()
            .cloned()
            .collect();
        let place = |name: &GroupName| {
            let place = names
                .binary_search(name)
                .expect("every name is in the list");
            u32::try_from(place).expect("fewer groups than a file has rows")
        };
        Ok((of_row.iter().map(place).collect(), names))
    }

    /// Groups and conditions of households are those of all their members.
    fn refuse_different(&self, column: &str, texts: &[Option<String>]) -> Result<(), HousingError> {
        let names: Vec<u64> = numbered(texts);
        self.shared(Some(column), &|row| Some(names[row]))
            .map(|_| ())
    }
}

/// The values of the grouping columns in one group.
pub(super) type GroupName = Vec<Option<String>>;

/// Each distinct name as a number, in the order in which they are met.
fn numbered<T: Ord>(names: &[T]) -> Vec<u64> {
    let mut known: BTreeMap<&T, u64> = BTreeMap::new();
    let mut numbers = Vec::with_capacity(names.len());
    for name in names {
        let next = known.len() as u64;
        numbers.push(*known.entry(name).or_insert(next));
    }
    numbers
}
