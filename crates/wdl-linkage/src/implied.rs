//! What a given name tells of the sex: two strangers of one name are of one sex, and that their sexes agree says nothing more.
//!
//! Were the two columns independent, strangers who share both would be half as frequent as they are, and two members of a house with one name would pass for one person twice as often as they should.
//! How often sexes agree at each level of the names is counted on random pairs; at the same name, from the bearers of that name.
//! The factor concerns people who are two, strangers or of one house: two records of one person have one sex whatever the name.

use crate::compare::level;
use crate::model::Kind;
use crate::outcome::{LEVEL_MISSING, Pattern};
use crate::prepare::{MISSING, Records};

/// How many pairs, and how many bearers of a name, are believed to be as independence would have them.
const BELIEF: f64 = 20.0;
/// More different values are no sexes.
const SEXES_MAX: usize = 16;
/// Levels of names.
const NAMES: usize = 15;

/// Counts of random pairs: for each level of the names, how many sexes agree and how many do not.
pub(crate) type Counts = [[u64; 2]; NAMES];

/// The two columns, where a file has both.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Columns {
    name: usize,
    sex: usize,
}

impl Columns {
    pub(crate) fn of(records: &Records) -> Option<Columns> {
        let field = |wanted: &[Kind]| {
            let mut fields = records.fields.iter();
            fields.position(|field| wanted.contains(&field.kind))
        };
        Some(Columns {
            name: field(&[Kind::GivenName]).or_else(|| field(&[Kind::FullName]))?,
            sex: field(&[Kind::Sex])?,
        })
    }

    /// Counts a pair of strangers.
    pub(crate) fn count(self, pattern: Pattern, counts: &mut Counts) {
        let (name, sex) = (level(pattern, self.name), level(pattern, self.sex));
        if name != LEVEL_MISSING && sex != LEVEL_MISSING {
            counts[usize::from(name)][usize::from(sex).min(1)] += 1;
        }
    }
}

/// How much more often than by their shares names and sexes agree together.
#[derive(Debug, Default)]
pub(crate) struct Implied(Option<Table>);

#[derive(Debug)]
struct Table {
    columns: Columns,
    /// For each level of the names, for sexes that agree and that do not.
    ratios: [[f64; 2]; NAMES],
    /// For each name, for each sex, how many times as frequent it is among the bearers.
    of_names: Vec<f32>,
    sexes: usize,
}

impl Implied {
    pub(crate) fn of(records: &Records, counted: Option<(Columns, Counts)>) -> Implied {
        let table = counted.and_then(|(columns, counts)| Table::of(records, columns, &counts));
        Implied(table)
    }

    /// How many times as frequent a pattern is among people who are two as it would be were the columns independent.
    #[inline]
    pub(crate) fn of_pattern(&self, pattern: Pattern) -> f64 {
        let Some(table) = &self.0 else { return 1.0 };
        let (name, sex) = table.levels(pattern);
        if name == LEVEL_MISSING || sex == LEVEL_MISSING {
            return 1.0;
        }
        table.ratios[usize::from(name)][usize::from(sex).min(1)]
    }

    /// The same of two rows, by the value where they share it; never less than once, so that no disagreement speaks for a match.
    #[inline]
    pub(crate) fn of_rows(&self, pattern: Pattern, a: &[u32], b: &[u32]) -> f64 {
        let Some(table) = &self.0 else { return 1.0 };
        let Columns { name, sex } = table.columns;
        let is_same = |field: usize| a[field] != MISSING && a[field] == b[field];
        let ratio = match is_same(name) && is_same(sex) && level(pattern, name) == 0 {
            true => f64::from(table.of_names[a[name] as usize * table.sexes + a[sex] as usize]),
            false => self.of_pattern(pattern),
        };
        ratio.max(1.0)
    }
}

impl Table {
    fn of(records: &Records, columns: Columns, counts: &Counts) -> Option<Table> {
        let sexes = records.dictionary(columns.sex).values.len();
        if sexes > SEXES_MAX {
            return None;
        }
        let sum = |sex: usize| counts.iter().map(|of| of[sex]).sum::<u64>() as f64;
        let shares = [0, 1].map(|sex| (sum(sex) + 0.5) / (sum(0) + sum(1) + 1.0));
        let ratio = |of: &[u64; 2], sex: usize| {
            let seen = (of[0] + of[1]) as f64;
            (of[sex] as f64 + BELIEF * shares[sex]) / (seen + BELIEF) / shares[sex]
        };
        let ratios = counts.map(|of| [ratio(&of, 0), ratio(&of, 1)]);
        let names = records.dictionary(columns.name).values.len();
        let mut bearers = vec![0_u32; names * sexes];
        for record in 0..records.len() as u32 {
            let row = records.row(record);
            bearers[row[columns.name] as usize * sexes + row[columns.sex] as usize] += 1;
        }
        let mut all = vec![0.0_f64; sexes];
        for of_name in bearers.chunks(sexes) {
            for (all, count) in all.iter_mut().zip(of_name) {
                *all += f64::from(*count);
            }
        }
        let known: f64 = all[1..].iter().sum::<f64>().max(1.0);
        let mut of_names = vec![1.0_f32; names * sexes];
        for (ratios, of_name) in of_names.chunks_mut(sexes).zip(bearers.chunks(sexes)) {
            let held: f64 = of_name[1..].iter().map(|count| f64::from(*count)).sum();
            for sex in 1..sexes {
                let share = (all[sex] / known).max(1e-6);
                let mine = (f64::from(of_name[sex]) + BELIEF * share) / (held + BELIEF);
                ratios[sex] = (mine / share) as f32;
            }
        }
        Some(Table {
            columns,
            ratios,
            of_names,
            sexes,
        })
    }

    fn levels(&self, pattern: Pattern) -> (u8, u8) {
        (
            level(pattern, self.columns.name),
            level(pattern, self.columns.sex),
        )
    }
}
