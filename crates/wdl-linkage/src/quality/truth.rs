//! Links and clusters against a known truth.

use std::ops::Range;

use rayon::prelude::*;

use crate::Data;
use crate::cluster::UnionFind;

/// Which pairs of records count: those of sources that were linked with one another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scope {
    /// Where the records of each source end.
    ends: Vec<u32>,
    /// For each pair of sources, whether it counts.
    counts: Vec<bool>,
}

impl Scope {
    /// Within the source when there is one, between sources when there are several.
    pub fn of(data: &Data) -> Scope {
        let records: Vec<Range<u32>> = data
            .sources
            .iter()
            .map(|source| source.records.clone())
            .collect();
        let is_one = records.len() == 1;
        Scope::new(&records, |a, b| is_one || a != b)
    }

    /// Pairs of the sources of which `counts` says so; it is asked with the smaller place first.
    pub fn new(sources: &[Range<u32>], counts: impl Fn(usize, usize) -> bool) -> Scope {
        let places = 0..sources.len();
        Scope {
            ends: sources.iter().map(|records| records.end).collect(),
            counts: places
                .clone()
                .flat_map(|a| places.clone().map(move |b| (a.min(b), a.max(b))))
                .map(|(a, b)| counts(a, b))
                .collect(),
        }
    }

    fn sources(&self) -> usize {
        self.ends.len()
    }

    fn source_of(&self, record: u32) -> usize {
        self.ends.partition_point(|end| *end <= record)
    }

    fn has_sources(&self, a: usize, b: usize) -> bool {
        self.counts[a * self.sources() + b]
    }

    fn has(&self, a: u32, b: u32) -> bool {
        a != b && self.has_sources(self.source_of(a), self.source_of(b))
    }

    /// How many pairs there are among records, given how many of each source.
    fn pairs(&self, records: &[u32]) -> u64 {
        let mut pairs = 0;
        for (a, count) in records.iter().enumerate().filter(|(_, count)| **count > 0) {
            let count = u64::from(*count);
            if self.has_sources(a, a) {
                pairs += count * (count - 1) / 2;
            }
            for (b, other) in records.iter().enumerate().skip(a + 1) {
                if self.has_sources(a, b) {
                    pairs += count * u64::from(*other);
                }
            }
        }
        pairs
    }
}

/// What a truth says of records that are not there, or says twice.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TruthNotes {
    /// Pairs of which a record is not among those that were linked; they count nowhere.
    pub unknown: u64,
    /// Pairs of sources that were not linked with one another, or of a record with itself; they count nowhere.
    pub out_of_scope: u64,
    /// Pairs named more than once.
    pub repeated: u64,
    /// Pairs that follow from others (of A and C, when A and B, B and C are named) and are not named themselves.
    pub implied: u64,
    /// Records without a label; they and their pairs count nowhere.
    pub unlabelled: u64,
}

/// Which records are one person in truth.
// INVARIANT: `pairs`, when the truth was given so, are in scope, unique and ascending, the smaller record first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Truth {
    scope: Scope,
    /// For each record the number of its person; 0 when it is not known.
    labels: Vec<u32>,
    pairs: Option<Vec<(u32, u32)>>,
    notes: TruthNotes,
}

impl Truth {
    /// From a label on each record, as the places of a column's values: equal labels are one person, and 0 is no label.
    pub fn of_labels(scope: Scope, labels: Vec<u32>) -> Truth {
        let unlabelled = labels.iter().filter(|label| **label == 0).count() as u64;
        Truth {
            scope,
            labels,
            pairs: None,
            notes: TruthNotes {
                unlabelled,
                ..TruthNotes::default()
            },
        }
    }

    /// From pairs of ids; records that no pair names are persons of their own.
    ///
    /// The first id is looked for in the first source and the second in the second, then the other way round, then in any two sources that are in scope.
    pub fn of_pairs<'a>(
        data: &Data,
        scope: Scope,
        pairs: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Truth {
        let mut notes = TruthNotes::default();
        let mut known = Vec::new();
        for (first, second) in pairs {
            match find(data, &scope, first, second) {
                Found::Pair(a, b) => known.push((a.min(b), a.max(b))),
                Found::OutOfScope => notes.out_of_scope += 1,
                Found::Unknown => notes.unknown += 1,
            }
        }
        let named = known.len();
        known.par_sort_unstable();
        known.dedup();
        notes.repeated = (named - known.len()) as u64;
        let mut union = UnionFind::new(data.len());
        for (a, b) in &known {
            union.join(*a, *b);
        }
        let labels = union
            .into_roots()
            .into_iter()
            .map(|root| root + 1)
            .collect();
        let mut truth = Truth {
            scope,
            labels,
            pairs: None,
            notes,
        };
        truth.notes.implied = truth.label_pairs() - known.len() as u64;
        truth.pairs = Some(known);
        truth
    }

    /// What it says of records that are not there, or says twice.
    pub fn notes(&self) -> TruthNotes {
        self.notes
    }

    /// Whether two records are one person; nothing when it is not known or out of scope.
    pub fn is_match(&self, a: u32, b: u32) -> Option<bool> {
        let (label_a, label_b) = (self.labels[a as usize], self.labels[b as usize]);
        if label_a == 0 || label_b == 0 || !self.scope.has(a, b) {
            return None;
        }
        Some(match &self.pairs {
            Some(pairs) => pairs.binary_search(&(a.min(b), a.max(b))).is_ok(),
            None => label_a == label_b,
        })
    }

    /// How many pairs are matches in truth.
    pub fn matches(&self) -> u64 {
        match &self.pairs {
            Some(pairs) => pairs.len() as u64,
            None => self.label_pairs(),
        }
    }

    /// Links against it, each pair counted once however often it is named.
    pub fn of_links(&self, links: impl IntoIterator<Item = (u32, u32)>) -> Counts {
        let mut links: Vec<(u32, u32)> = links
            .into_iter()
            .map(|(a, b)| (a.min(b), a.max(b)))
            .collect();
        links.par_sort_unstable();
        links.dedup();
        let judged: Vec<bool> = links
            .into_par_iter()
            .filter_map(|(a, b)| self.is_match(a, b))
            .collect();
        Counts {
            right: judged.iter().filter(|is_match| **is_match).count() as u64,
            found: judged.len() as u64,
            truth: self.matches(),
        }
    }

    /// Clusters against it, given for each record its cluster.
    ///
    /// The pairs of a cluster are all those between its records that are in scope, also where no link was.
    /// No pair is enumerated: records are counted by cluster and person.
    pub fn of_clusters(&self, cluster_of: &[u32]) -> ClusterQuality {
        let mut cells: Vec<(u32, u32, u32)> = self
            .labels
            .par_iter()
            .zip(cluster_of)
            .enumerate()
            .filter(|(_, (label, _))| **label != 0)
            .map(|(record, (label, cluster))| {
                (*cluster, *label, self.scope.source_of(record as u32) as u32)
            })
            .collect();
        cells.par_sort_unstable();
        let persons = self.label_counts();
        let mut quality = ClusterQuality::of(&persons, &self.scope);
        for cluster in cells.chunk_by(|x, y| x.0 == y.0) {
            quality.add(cluster, &persons, &self.scope);
        }
        quality.finished(cells.len())
    }

    /// For each label, how many records of each source bear it.
    fn label_counts(&self) -> LabelCounts {
        let sources = self.scope.sources();
        let most = self.labels.iter().copied().max().unwrap_or(0) as usize;
        let mut counts = vec![0; (most + 1) * sources];
        for (record, label) in self.labels.iter().enumerate() {
            if *label != 0 {
                counts[*label as usize * sources + self.scope.source_of(record as u32)] += 1;
            }
        }
        LabelCounts { counts, sources }
    }

    fn label_pairs(&self) -> u64 {
        let persons = self.label_counts();
        persons
            .iter()
            .map(|records| self.scope.pairs(records))
            .sum()
    }
}

enum Found {
    Pair(u32, u32),
    OutOfScope,
    Unknown,
}

fn find(data: &Data, scope: &Scope, first: &str, second: &str) -> Found {
    let sources = scope.sources();
    let mut orders: Vec<(usize, usize)> = (0..sources)
        .flat_map(|a| (0..sources).map(move |b| (a, b)))
        .collect();
    // Between the first two sources before all others; the sort is stable.
    orders.sort_by_key(|(a, b)| *a.max(b) != 1 || a == b);
    let mut found = Found::Unknown;
    for (source_a, source_b) in orders {
        let (Some(a), Some(b)) = (data.find(source_a, first), data.find(source_b, second)) else {
            continue;
        };
        if scope.has(a, b) {
            return Found::Pair(a, b);
        }
        found = Found::OutOfScope;
    }
    found
}

struct LabelCounts {
    counts: Vec<u32>,
    sources: usize,
}

impl LabelCounts {
    fn iter(&self) -> impl Iterator<Item = &[u32]> {
        self.counts.chunks(self.sources.max(1))
    }

    fn total(&self, label: u32) -> u64 {
        let start = label as usize * self.sources;
        let records = &self.counts[start..start + self.sources];
        records.iter().map(|count| u64::from(*count)).sum()
    }
}

/// Things found and things true.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Found and true.
    pub right: u64,
    /// Found.
    pub found: u64,
    /// True.
    pub truth: u64,
}

impl Counts {
    /// Found and not true.
    pub fn wrong(&self) -> u64 {
        self.found - self.right
    }

    /// True and not found.
    pub fn missed(&self) -> u64 {
        self.truth - self.right
    }

    /// The share of what was found that is true; nothing when nothing was found.
    pub fn precision(&self) -> Option<f64> {
        share(self.right as f64, self.found as f64)
    }

    /// The share of what is true that was found; nothing when nothing is true.
    pub fn recall(&self) -> Option<f64> {
        share(self.right as f64, self.truth as f64)
    }

    /// The harmonic mean of the two; nothing when nothing was found and nothing is true.
    pub fn f1(&self) -> Option<f64> {
        share(
            2.0 * self.right as f64,
            self.found as f64 + self.truth as f64,
        )
    }
}

fn share(part: f64, whole: f64) -> Option<f64> {
    (whole > 0.0).then(|| part / whole)
}

/// The mean over records of how pure and how complete the cluster around them is (Bagga and Baldwin, LREC workshop 1998, with the same weight for each record).
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct BCubed {
    /// The mean share of a record's cluster that is the same person.
    pub precision: f64,
    /// The mean share of a record's person that is in the same cluster.
    pub recall: f64,
}

impl BCubed {
    /// The harmonic mean of the two.
    pub fn f1(&self) -> f64 {
        let sum = self.precision + self.recall;
        if sum > 0.0 {
            2.0 * self.precision * self.recall / sum
        } else {
            0.0
        }
    }
}

/// Clusters against a truth.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct ClusterQuality {
    /// Records whose person is known.
    pub records: u64,
    /// Pairs of records in one cluster.
    pub pairs: Counts,
    /// Record by record.
    pub b_cubed: BCubed,
    /// Whole clusters that are exactly a person, those of a single record included.
    pub exact: Counts,
}

impl ClusterQuality {
    /// What is true, before any cluster.
    fn of(persons: &LabelCounts, scope: &Scope) -> ClusterQuality {
        let mut quality = ClusterQuality::default();
        for records in persons
            .iter()
            .filter(|records| records.iter().any(|count| *count > 0))
        {
            quality.pairs.truth += scope.pairs(records);
            quality.exact.truth += 1;
        }
        quality
    }

    /// Adds one cluster, given by its records in the order of label and source.
    fn add(&mut self, cluster: &[(u32, u32, u32)], persons: &LabelCounts, scope: &Scope) {
        let mut all = vec![0; scope.sources()];
        for cell in cluster.chunk_by(|x, y| x.1 == y.1) {
            let mut own = vec![0; scope.sources()];
            for (_, _, source) in cell {
                own[*source as usize] += 1;
                all[*source as usize] += 1;
            }
            self.pairs.right += scope.pairs(&own);
            let (both, person) = (cell.len() as u64, persons.total(cell[0].1));
            self.b_cubed.precision += (both * both) as f64 / cluster.len() as f64;
            self.b_cubed.recall += (both * both) as f64 / person as f64;
            self.exact.right += u64::from(cell.len() == cluster.len() && both == person);
        }
        self.pairs.found += scope.pairs(&all);
        self.exact.found += 1;
    }

    /// Sums over records become means.
    fn finished(mut self, records: usize) -> ClusterQuality {
        self.records = records as u64;
        if records > 0 {
            self.b_cubed.precision /= records as f64;
            self.b_cubed.recall /= records as f64;
        }
        self
    }
}
