//! All minimal covers of a chart of prime implicants: the ambiguity of models.

/// How many covers are listed at most, and how many steps the search may take.
const COVERS_MAX: usize = 10_000;
const STEPS_MAX: u64 = 20_000_000;

/// Which covers are wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Minimal {
    /// Those with the fewest terms.
    Fewest,
    /// Every cover from which no term can be left out.
    Irredundant,
}

/// The minimal covers.
pub(super) struct Covers {
    /// The places of the columns of each, rising; sorted.
    pub(super) covers: Vec<Vec<usize>>,
    /// Whether these are all.
    pub(super) is_complete: bool,
}

/// All minimal covers of `rows` rows by columns, each the rows it covers; every row has a column.
pub(super) fn minimal_covers(rows: usize, columns: &[Vec<usize>], wanted: Minimal) -> Covers {
    let mut search = Search::new(rows, columns);
    let depths = match wanted {
        Minimal::Fewest => 1..=rows,
        Minimal::Irredundant => rows..=rows,
    };
    for depth in depths {
        search.depth = depth;
        search.wanted = wanted;
        search.descend(
            &Bits::full(rows),
            &mut Vec::new(),
            &mut vec![false; columns.len()],
        );
        if !search.found.is_empty() || !search.is_complete {
            break;
        }
    }
    search.found.sort();
    Covers {
        covers: search.found,
        is_complete: search.is_complete,
    }
}

/// A set of rows.
#[derive(Clone, PartialEq)]
struct Bits(Vec<u64>);

impl Bits {
    fn empty(rows: usize) -> Bits {
        Bits(vec![0; rows.div_ceil(64)])
    }

    fn full(rows: usize) -> Bits {
        let mut all = Bits::empty(rows);
        (0..rows).for_each(|row| all.0[row / 64] |= 1 << (row % 64));
        all
    }

    fn of(rows: usize, own: &[usize]) -> Bits {
        let mut set = Bits::empty(rows);
        own.iter()
            .for_each(|row| set.0[row / 64] |= 1 << (row % 64));
        set
    }

    fn is_empty(&self) -> bool {
        self.0.iter().all(|word| *word == 0)
    }

    fn without(&self, other: &Bits) -> Bits {
        Bits(
            self.0
                .iter()
                .zip(&other.0)
                .map(|(own, other)| own & !other)
                .collect(),
        )
    }

    fn shared(&self, other: &Bits) -> usize {
        let words = self.0.iter().zip(&other.0);
        words
            .map(|(own, other)| (own & other).count_ones() as usize)
            .sum()
    }

    fn rows(&self) -> impl Iterator<Item = usize> + '_ {
        self.0.iter().enumerate().flat_map(|(at, word)| {
            (0..64)
                .filter(move |bit| word >> bit & 1 == 1)
                .map(move |bit| 64 * at + bit)
        })
    }
}

struct Search {
    columns: Vec<Bits>,
    /// The columns over each row.
    over: Vec<Vec<usize>>,
    depth: usize,
    wanted: Minimal,
    found: Vec<Vec<usize>>,
    steps: u64,
    is_complete: bool,
}

impl Search {
    fn new(rows: usize, columns: &[Vec<usize>]) -> Search {
        let mut over = vec![Vec::new(); rows];
        for (column, own) in columns.iter().enumerate() {
            own.iter().for_each(|row| over[*row].push(column));
        }
        Search {
            columns: columns.iter().map(|own| Bits::of(rows, own)).collect(),
            over,
            depth: rows,
            wanted: Minimal::Fewest,
            found: Vec::new(),
            steps: 0,
            is_complete: true,
        }
    }

    /// Branches on the open row with the fewest columns; a column tried before is barred for its later siblings, so that no cover comes twice.
    fn descend(&mut self, open: &Bits, chosen: &mut Vec<usize>, is_barred: &mut Vec<bool>) {
        if open.is_empty() {
            self.keep(chosen);
            return;
        }
        self.steps += 1;
        if self.steps > STEPS_MAX || self.found.len() > COVERS_MAX {
            self.is_complete = false;
            return;
        }
        let left = self.depth - chosen.len();
        if left == 0 || !self.can_close(open, left, is_barred) {
            return;
        }
        let free = |row: usize| {
            self.over[row]
                .iter()
                .filter(|own| !is_barred[**own])
                .count()
        };
        let Some(row) = open.rows().min_by_key(|row| free(*row)) else {
            return;
        };
        let branches: Vec<usize> = self.over[row]
            .iter()
            .copied()
            .filter(|own| !is_barred[*own])
            .collect();
        for column in &branches {
            chosen.push(*column);
            if self.wanted == Minimal::Fewest || self.is_irredundant(chosen) {
                let rest = open.without(&self.columns[*column]);
                self.descend(&rest, chosen, is_barred);
            }
            chosen.pop();
            is_barred[*column] = true;
        }
        branches
            .iter()
            .for_each(|column| is_barred[*column] = false);
    }

    /// Whether so many columns could cover the open rows, by two bounds: the largest column, and rows that share none.
    fn can_close(&self, open: &Bits, left: usize, is_barred: &[bool]) -> bool {
        if self.wanted == Minimal::Irredundant {
            return true;
        }
        let allowed = self
            .columns
            .iter()
            .zip(is_barred)
            .filter(|(_, barred)| !**barred);
        let largest = allowed.map(|(own, _)| open.shared(own)).max().unwrap_or(0);
        if open.rows().count() > left * largest {
            return false;
        }
        let mut apart = 0;
        let mut is_taken = vec![false; self.columns.len()];
        for row in open.rows() {
            let own = self.over[row].iter().filter(|column| !is_barred[**column]);
            if own.clone().all(|column| !is_taken[*column]) {
                own.for_each(|column| is_taken[*column] = true);
                apart += 1;
                if apart > left {
                    return false;
                }
            }
        }
        true
    }

    /// Whether each chosen column has a row that no other chosen one covers: a cover of it can never lose this again by growing less.
    fn is_irredundant(&self, chosen: &[usize]) -> bool {
        chosen.iter().all(|column| {
            let others = chosen.iter().filter(|other| *other != column);
            let own = others.fold(self.columns[*column].clone(), |own, other| {
                own.without(&self.columns[*other])
            });
            !own.is_empty()
        })
    }

    fn keep(&mut self, chosen: &[usize]) {
        if self.found.len() == COVERS_MAX {
            self.is_complete = false;
            return;
        }
        let mut cover = chosen.to_vec();
        cover.sort_unstable();
        self.found.push(cover);
    }
}
