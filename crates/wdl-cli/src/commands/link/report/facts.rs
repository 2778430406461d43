//! What the page tells of a run: numbers, names of columns and of sources, never a value of a record.

use wdl_chart::linkage::{
    BlockingCount, ClusterView, FieldWeights, SelfWeights, Waterfall, WeightBin,
};
use wdl_linkage::quality::{NameRates, Unlinkable};
use wdl_vocab::Text;

use super::super::columns::ColumnTold;

/// A run as the page tells it.
#[derive(Clone, Debug)]
pub(super) struct Facts {
    /// The sources and how many records they have.
    pub(super) sources: Vec<(String, u64)>,
    /// All pairs there could be.
    pub(super) possible: f64,
    /// The decided pairs.
    pub(super) links: u64,
    /// The probability from which a pair is a link.
    pub(super) cut: f64,
    /// How many clusters of each size above one.
    pub(super) cluster_sizes: Vec<(u64, u64)>,
    /// What the model expects.
    pub(super) estimated: Estimate,
    /// What known pairs say, when some are known.
    pub(super) measured: Option<Measure>,
    /// The same by group of records.
    pub(super) groups: Vec<Group>,
    /// Pairs of which the model is not sure: see [`UNSURE`].
    pub(super) unsure: u64,
    /// The weight of two records taken at random.
    pub(super) prior: f64,
    /// The fields and their outcomes.
    pub(super) fields: Vec<FieldWeights>,
    /// Pairs of columns that may be exchanged, and their outcomes.
    pub(super) crossed: Vec<FieldWeights>,
    /// The blocking rules and their pairs.
    pub(super) rules: Vec<BlockingCount>,
    /// The weights of the compared pairs.
    pub(super) bins: Vec<WeightBin>,
    /// The weights of records against themselves, of all records or of some.
    pub(super) selves: Vec<SelfWeights>,
    /// How many of these records do not reach the cut.
    pub(super) unlinkable: Unlinkable,
    /// Pairs that show how the model decides.
    pub(super) examples: Vec<Example>,
    /// A cluster to look at.
    pub(super) cluster: Option<ClusterView>,
    /// Clusters that broke a rule and were cut.
    pub(super) repairs: Vec<Repair>,
    /// How names stand to clusters, when there are names.
    pub(super) names: Option<NameRates>,
    /// What the columns were taken for.
    pub(super) columns: Vec<ColumnTold>,
    /// The model as it can be saved and used again.
    pub(super) model: String,
}

/// Between these probabilities a pair is neither surely one person nor surely not.
pub(super) const UNSURE: (f64, f64) = (0.1, 0.9);

/// What the model expects of its own links.
#[derive(Clone, Copy, Debug)]
pub(super) struct Estimate {
    /// The part of the links that is right; nothing without links.
    pub(super) precision: Option<f64>,
    /// The part of the true pairs that is linked; nothing where none is expected.
    pub(super) recall: Option<f64>,
    /// The part of the true pairs that is compared at all.
    pub(super) blocking_recall: f64,
    /// How many true pairs there are.
    pub(super) matches: f64,
}

/// What known pairs say.
#[derive(Clone, Copy, Debug)]
pub(in super::super) struct Measure {
    /// The known true pairs.
    pub(in super::super) pairs: u64,
    /// The part of the links that is right; nothing without links.
    pub(in super::super) precision: Option<f64>,
    /// The part of the known pairs that is linked; nothing where none is known.
    pub(in super::super) recall: Option<f64>,
    /// The harmonic mean of both.
    pub(in super::super) f1: Option<f64>,
}

/// A group of records: those without a value, those born elsewhere.
#[derive(Clone, Debug)]
pub(super) struct Group {
    /// Its name.
    pub(super) label: Text,
    /// How many records.
    pub(super) records: u64,
    /// How many of them are linked.
    pub(super) linked: u64,
    /// What the model expects of their links, when there are any.
    pub(super) precision: Option<f64>,
    /// What part of their true pairs is linked, when there are any.
    pub(super) recall: Option<f64>,
    /// What part of them says too little to be linked, when enough were weighed.
    pub(super) unlinkable: Option<f64>,
}

/// A pair and how it was decided. Its ids are the only ones on the page.
#[derive(Clone, Debug)]
pub(super) struct Example {
    /// Why it is shown.
    pub(super) why: Why,
    /// The ids.
    pub(super) ids: (String, String),
    /// How it was decided.
    pub(super) waterfall: Waterfall,
}

/// Why a pair is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Why {
    /// A link like most others.
    Usual,
    /// The link nearest to the cut.
    LastIn,
    /// The pair nearest to the cut that is not a link.
    FirstOut,
}

/// A cluster that was cut.
#[derive(Clone, Debug)]
pub(super) struct Repair {
    /// Which rule it broke.
    pub(super) reason: Text,
    /// How many clusters broke it.
    pub(super) clusters: u64,
    /// How many pairs were cut.
    pub(super) cut: u64,
}

impl Facts {
    pub(super) fn records(&self) -> u64 {
        self.sources.iter().map(|(_, records)| records).sum()
    }

    pub(super) fn compared(&self) -> u64 {
        self.rules.iter().map(|rule| rule.new_pairs).sum()
    }

    /// How many clusters hold more than one record, and how many records they hold.
    pub(super) fn in_clusters(&self) -> (u64, u64) {
        let clusters = self.cluster_sizes.iter().map(|(_, count)| count).sum();
        let records = self.cluster_sizes.iter().map(|(size, count)| size * count);
        (clusters, records.sum())
    }

    /// The weight of the cut.
    pub(super) fn cut_weight(&self) -> f64 {
        (self.cut / (1.0 - self.cut)).log2()
    }

    /// Whether the model expects a true pair at all: without one nothing can be said of cuts, nor of records that reach none.
    pub(super) fn has_matches(&self) -> bool {
        self.estimated.recall.is_some()
    }
}
