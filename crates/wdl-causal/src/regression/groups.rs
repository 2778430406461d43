//! Groups of rows: codes from zero without gaps, in the order of first rows.

use rustc_hash::FxHashMap;

/// A group for each row.
#[derive(Clone, Debug)]
pub(crate) struct Groups {
    /// INVARIANT: every number below `count` occurs.
    pub(crate) codes: Vec<u32>,
    pub(crate) count: usize,
}

/// The rows of each group, in their order.
#[derive(Debug)]
pub(crate) struct Lists {
    pub(crate) starts: Vec<usize>,
    /// Nothing when the rows already stand group by group.
    order: Option<Vec<u32>>,
}

impl Lists {
    /// The rows of a group.
    pub(crate) fn rows(&self, group: usize) -> impl Iterator<Item = usize> + '_ {
        (self.starts[group]..self.starts[group + 1]).map(|at| self.row(at))
    }

    /// The row at a place of the order by groups.
    pub(crate) fn row(&self, at: usize) -> usize {
        self.order.as_ref().map_or(at, |order| order[at] as usize)
    }
}

impl Groups {
    /// The groups of any codes.
    pub(crate) fn new(raw: impl ExactSizeIterator<Item = u32> + Clone) -> Groups {
        let largest = raw.clone().max().unwrap_or(0) as usize;
        let mut codes = Vec::with_capacity(raw.len());
        let mut count = 0;
        if largest <= 8 * raw.len() + 1024 {
            let mut table = vec![u32::MAX; largest + 1];
            for code in raw {
                let own = &mut table[code as usize];
                if *own == u32::MAX {
                    *own = count;
                    count += 1;
                }
                codes.push(*own);
            }
        } else {
            let mut table = FxHashMap::default();
            for code in raw {
                let own = *table.entry(code).or_insert_with(|| {
                    count += 1;
                    count - 1
                });
                codes.push(own);
            }
        }
        Groups {
            codes,
            count: count as usize,
        }
    }

    /// The groups that rows share in both.
    pub(crate) fn crossed(&self, other: &Groups) -> Groups {
        let mut table = FxHashMap::default();
        let mut codes = Vec::with_capacity(self.codes.len());
        for pair in self.codes.iter().zip(&other.codes) {
            let next = table.len() as u32;
            codes.push(*table.entry(pair).or_insert(next));
        }
        Groups {
            codes,
            count: table.len(),
        }
    }

    /// Whether each of these groups lies inside one of the others.
    pub(crate) fn is_nested_in(&self, other: &Groups) -> bool {
        let mut outer = vec![u32::MAX; self.count];
        self.codes.iter().zip(&other.codes).all(|(own, theirs)| {
            let known = &mut outer[*own as usize];
            if *known == u32::MAX {
                *known = *theirs;
            }
            *known == *theirs
        })
    }

    /// Rows of each group.
    pub(crate) fn sizes(&self) -> Vec<usize> {
        let mut sizes = vec![0; self.count];
        for code in &self.codes {
            sizes[*code as usize] += 1;
        }
        sizes
    }

    /// The rows by group.
    pub(crate) fn lists(&self) -> Lists {
        let mut starts = vec![0; self.count + 1];
        for (group, size) in self.sizes().into_iter().enumerate() {
            starts[group + 1] = starts[group] + size;
        }
        if self.codes.is_sorted() {
            return Lists {
                starts,
                order: None,
            };
        }
        let mut next = starts.clone();
        let mut order = vec![0; self.codes.len()];
        for (row, code) in self.codes.iter().enumerate() {
            let place = &mut next[*code as usize];
            order[*place] = row as u32;
            *place += 1;
        }
        Lists {
            starts,
            order: Some(order),
        }
    }

    /// These groups for the rows given.
    pub(crate) fn of(&self, rows: impl ExactSizeIterator<Item = usize> + Clone) -> Groups {
        Groups::new(rows.map(|row| self.codes[row]))
    }
}
