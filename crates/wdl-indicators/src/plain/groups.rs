//! The groups that the rows of a file fall into, numbered in the order of their names.

use rustc_hash::FxHashMap;
use wdl_plain::PlainTable;
use wdl_stats::Sample;

use super::Options;

/// The values of the grouping columns in one group.
pub(super) type GroupName = Vec<Option<String>>;

/// The groups that occur, numbered in the order of their names.
pub(super) struct Groups {
    pub(super) of_row: Vec<u32>,
    pub(super) names: Vec<GroupName>,
}

impl Groups {
    /// The groups of the rows at `places`.
    pub(super) fn of(places: &[usize], table: &PlainTable, options: &Options) -> Groups {
        if options.by.is_empty() {
            return Groups {
                of_row: Vec::new(),
                names: Vec::new(),
            };
        }
        // Rows are numbered by the first column, then each number with the next column's.
        let mut of_row: Vec<u32> = vec![0; places.len()];
        let mut names: Vec<GroupName> = vec![Vec::new()];
        for column in &options.by {
            let (codes, values) = table.coded(column);
            let mut known: FxHashMap<(u32, Option<u32>), u32> = FxHashMap::default();
            let mut met: Vec<GroupName> = Vec::new();
            for (own, place) in of_row.iter_mut().zip(places) {
                let next = u32::try_from(met.len()).expect("fewer groups than rows");
                let code = codes[*place];
                let group = *known.entry((*own, code)).or_insert(next);
                if group == next {
                    let mut name = names[*own as usize].clone();
                    name.push(code.map(|code| values[code as usize].clone()));
                    met.push(name);
                }
                *own = group;
            }
            names = met;
        }
        let mut order: Vec<u32> = (0..).take(names.len()).collect();
        order.sort_by(|a, b| names[*a as usize].cmp(&names[*b as usize]));
        let mut rank = vec![0; names.len()];
        for (at, group) in (0..).zip(&order) {
            rank[*group as usize] = at;
        }
        Groups {
            of_row: of_row.into_iter().map(|own| rank[own as usize]).collect(),
            names: order
                .iter()
                .map(|group| names[*group as usize].clone())
                .collect(),
        }
    }

    /// The rows of each group.
    pub(super) fn samples(&self, whole: &Sample) -> Vec<Sample> {
        match self.names.is_empty() {
            true => Vec::new(),
            false => whole.parts(&self.of_row, self.names.len()),
        }
    }
}
