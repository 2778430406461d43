//! Groups of rows that share a code or a token: what one decision can concern, and all it can concern.
//!
//! Nothing outside a group bears on what is decided within it, which is why a delivery opens only the groups that it touches.

use rustc_hash::{FxHashMap, FxHashSet};

use super::decided::Decided;
use super::{Cause, Facts, Input, Rows, State, Superseded, Touched};

/// Groups, by one of their entities.
pub(super) type Roots = FxHashSet<u32>;

/// The rows of an input, with the groups they fall into.
///
/// An entity is the rows of one code, or one row without a code.
pub(super) struct Blocks<'a> {
    pub(super) input: &'a Input,
    /// The first row of each source.
    starts: Vec<u32>,
    /// The entity of each row.
    entities: Vec<u32>,
    /// The entity of each code; those from this number on stand on no row any more.
    persons: FxHashMap<i64, u32>,
    gone: u32,
    /// The entity that first bore a token.
    bearers: FxHashMap<(u8, i64), u32>,
    /// The root of each entity.
    roots: Vec<u32>,
    /// What people decided.
    pub(super) decided: Decided,
    /// The rows of the groups in which something can be decided, one group after another.
    rows: Vec<u32>,
    ends: Vec<usize>,
}

/// A forest of entities; the smallest of a tree is its root.
struct Forest(Vec<u32>);

impl Forest {
    fn root(&mut self, mut node: u32) -> u32 {
        while self.0[node as usize] != node {
            let above = self.0[self.0[node as usize] as usize];
            self.0[node as usize] = above;
            node = above;
        }
        node
    }

    fn join(&mut self, a: u32, b: u32) {
        let (a, b) = (self.root(a), self.root(b));
        let (low, high) = (a.min(b), a.max(b));
        self.0[high as usize] = low;
    }
}

impl<'a> Blocks<'a> {
    pub(super) fn of(input: &'a Input) -> Blocks<'a> {
        let mut starts = Vec::new();
        let mut count = 0;
        for source in &input.sources {
            starts.push(count);
            count += source.records.len() as u32;
        }
        let mut persons = FxHashMap::default();
        let mut entities = Vec::with_capacity(count as usize);
        let mut next = 0;
        let mut fresh = || {
            next += 1;
            next - 1
        };
        for person in input.sources.iter().flat_map(|source| &source.persons) {
            entities.push(match person {
                Some(person) => *persons.entry(*person).or_insert_with(&mut fresh),
                None => fresh(),
            });
        }
        let gone = fresh();
        let superseded = input.sources.iter().flat_map(|source| &source.superseded);
        for old in superseded {
            persons.entry(old.person).or_insert_with(&mut fresh);
        }
        let person = |person: i64| persons.get(&person).copied().filter(|one| *one < gone);
        let decided = Decided::of(input, &starts, &entities, person);
        let mut blocks = Blocks {
            input,
            decided,
            starts,
            entities,
            persons,
            gone,
            bearers: FxHashMap::default(),
            roots: Vec::new(),
            rows: Vec::new(),
            ends: Vec::new(),
        };
        blocks.join(next);
        blocks.gather();
        blocks
    }

    /// Joins the entities that share a token or a row, and those that a person decided to be one.
    fn join(&mut self, entities: u32) {
        let mut forest = Forest((0..entities).collect());
        for (source, start) in self.input.sources.iter().zip(&self.starts) {
            for (probe, tokens) in self.input.probes.iter().zip(&source.tokens) {
                for (token, entity) in tokens.iter().zip(&self.entities[*start as usize..]) {
                    let Some(token) = token else { continue };
                    let bearer = self.bearers.entry((probe.combination, *token));
                    forest.join(*bearer.or_insert(*entity), *entity);
                }
            }
            for old in &source.superseded {
                let now = self.entities[(start + old.row) as usize];
                forest.join(self.persons[&old.person], now);
            }
        }
        for (same, _) in &self.decided.same {
            for entity in same {
                forest.join(same[0], *entity);
            }
        }
        self.roots = (0..entities).map(|node| forest.root(node)).collect();
    }

    /// Gathers the rows of the groups with a row without a code, two codes, or a code that a row had before.
    fn gather(&mut self) {
        #[derive(Clone, Copy, Default)]
        struct Seen {
            codes: u32,
            without: bool,
        }
        let mut seen = vec![Seen::default(); self.roots.len()];
        for entity in self.persons.values() {
            seen[self.roots[*entity as usize] as usize].codes += 1;
        }
        for row in 0..self.entities.len() as u32 {
            if self.person(row).is_none() {
                seen[self.root_of(row) as usize].without = true;
            }
        }
        let is_interesting = |root: u32| {
            let Seen { codes, without } = seen[root as usize];
            without || codes > 1
        };
        let mut rows: Vec<(u32, u32)> = (0..self.entities.len() as u32)
            .map(|row| (self.root_of(row), row))
            .filter(|(root, _)| is_interesting(*root))
            .collect();
        rows.sort_unstable();
        for group in rows.chunk_by(|a, b| a.0 == b.0) {
            self.rows.extend(group.iter().map(|(_, row)| *row));
            self.ends.push(self.rows.len());
        }
    }

    /// The groups in which something can be decided, each with its rows ascending.
    pub(super) fn interesting(&self) -> impl Iterator<Item = &[u32]> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        starts
            .zip(&self.ends)
            .map(|(start, end)| &self.rows[start..*end])
    }

    /// The groups to resolve: all of them, or those that a delivery touches and those that had a row left over.
    pub(super) fn open(&self, earlier: Option<(&State, &Touched)>) -> Roots {
        let mut open = Roots::default();
        let Some((state, touched)) = earlier else {
            open.extend(self.interesting().map(|rows| self.root_of(rows[0])));
            return open;
        };
        let root = |entity: &u32| self.roots[*entity as usize];
        let tokens = touched.tokens.iter();
        open.extend(tokens.filter_map(|token| self.bearers.get(token).map(root)));
        let persons = touched.persons.iter();
        open.extend(persons.filter_map(|person| self.root_of_person(*person)));
        let records = touched.records.iter();
        open.extend(records.filter_map(|(dataset, record)| self.root_of_record(dataset, *record)));
        let mut settled: FxHashSet<(&str, i64)> = FxHashSet::default();
        let links = state.links.iter().filter(|link| link.is_coded);
        settled.extend(links.map(|link| (link.dataset.as_str(), link.record)));
        let doubts = state.doubts.iter();
        let doubts = doubts.filter(|doubt| doubt.cause != Cause::Alike);
        let doubts = doubts.flat_map(|doubt| doubt.about.records());
        settled.extend(doubts.map(|(dataset, record)| (dataset.as_str(), *record)));
        for rows in self.interesting() {
            let is_left = |row: &u32| {
                let (source, place) = self.place(*row);
                let known = (source.dataset.as_str(), source.records[place]);
                source.persons[place].is_none() && !settled.contains(&known)
            };
            if rows.iter().any(is_left) {
                open.insert(self.root_of(rows[0]));
            }
        }
        open
    }

    /// The source of a row, and its place there.
    pub(super) fn place(&self, row: u32) -> (&'a Rows, usize) {
        let source = self.starts.partition_point(|start| *start <= row) - 1;
        let place = row - self.starts[source];
        (&self.input.sources[source], place as usize)
    }

    /// Whose code a row has.
    pub(super) fn person(&self, row: u32) -> Option<i64> {
        let (source, place) = self.place(row);
        source.persons[place]
    }

    /// The codes a row had before.
    pub(super) fn superseded(&self, row: u32) -> &'a [Superseded] {
        let (source, place) = self.place(row);
        let all = &source.superseded;
        let start = all.partition_point(|old| (old.row as usize) < place);
        let end = all.partition_point(|old| (old.row as usize) <= place);
        &all[start..end]
    }

    pub(super) fn token(&self, row: u32, probe: usize) -> Option<i64> {
        let (source, place) = self.place(row);
        source.tokens[probe][place]
    }

    pub(super) fn facts(&self, row: u32) -> &'a Facts {
        let (source, place) = self.place(row);
        &source.facts[place]
    }

    pub(super) fn delivery(&self, row: u32) -> u32 {
        let (source, place) = self.place(row);
        source.deliveries[place]
    }

    pub(super) fn is_reference(&self, row: u32) -> bool {
        self.place(row).0.is_reference
    }

    /// The entity of a row: its code's, or its own.
    pub(super) fn entity(&self, row: u32) -> u32 {
        self.entities[row as usize]
    }

    pub(super) fn root_of(&self, row: u32) -> u32 {
        self.roots[self.entities[row as usize] as usize]
    }

    /// The root of an entity.
    pub(super) fn root_of_entity(&self, entity: u32) -> u32 {
        self.roots[entity as usize]
    }

    /// Whether any of these rows was decided not to be of any of those's person.
    pub(super) fn is_apart(&self, these: &[u32], those: &[u32]) -> bool {
        let entities =
            |rows: &[u32]| -> Vec<u32> { rows.iter().map(|row| self.entity(*row)).collect() };
        self.decided.is_apart(&entities(these), &entities(those))
    }

    /// The dataset and the number of a row.
    pub(super) fn record(&self, row: u32) -> (String, i64) {
        let (source, place) = self.place(row);
        (source.dataset.clone(), source.records[place])
    }

    pub(super) fn root_of_person(&self, person: i64) -> Option<u32> {
        let entity = self.persons.get(&person)?;
        Some(self.roots[*entity as usize])
    }

    pub(super) fn root_of_record(&self, dataset: &str, record: i64) -> Option<u32> {
        let source = self.input.sources.iter();
        let source = source.zip(&self.starts);
        let (source, start) = source.into_iter().find(|(one, _)| one.dataset == dataset)?;
        let place = source.records.binary_search(&record).ok()?;
        Some(self.root_of(start + place as u32))
    }

    /// Whether any row has the code.
    pub(super) fn knows(&self, person: i64) -> bool {
        let entity = self.persons.get(&person);
        entity.is_some_and(|entity| *entity < self.gone)
    }
}
