//! What clusters look like without a truth: names that several share, names that vary, and records that could not be linked to anybody.

/// How names stand to clusters (Binette and others, arXiv 2404.05622).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct NameRates {
    /// Clusters that have a name.
    pub clusters: u64,
    /// Those that share a name with another.
    pub homonymous: u64,
    /// Those that have more than one name.
    pub varied: u64,
}

impl NameRates {
    /// The share of clusters that have a name in common with another: two persons, or one that was not put together.
    pub fn homonymy(&self) -> Option<f64> {
        (self.clusters > 0).then(|| self.homonymous as f64 / self.clusters as f64)
    }

    /// The share of clusters with more than one name: variants, or two persons put together.
    pub fn variation(&self) -> Option<f64> {
        (self.clusters > 0).then(|| self.varied as f64 / self.clusters as f64)
    }
}

/// The rates of one column of names, given as numbers of which 0 is no name.
pub fn name_rates(cluster_of: &[u32], names: &[u32]) -> NameRates {
    let mut uses: Vec<(u32, u32)> = names
        .iter()
        .zip(cluster_of)
        .filter(|(name, _)| **name != 0)
        .map(|(name, cluster)| (*name, *cluster))
        .collect();
    uses.sort_unstable();
    uses.dedup();
    // By cluster, whether each of its names is another's too.
    let mut shared: Vec<(u32, bool)> = uses
        .chunk_by(|x, y| x.0 == y.0)
        .flat_map(|name| name.iter().map(|(_, cluster)| (*cluster, name.len() > 1)))
        .collect();
    shared.sort_unstable();
    let mut rates = NameRates::default();
    for cluster in shared.chunk_by(|x, y| x.0 == y.0) {
        rates.clusters += 1;
        rates.homonymous += u64::from(cluster.iter().any(|(_, is_shared)| *is_shared));
        rates.varied += u64::from(cluster.len() > 1);
    }
    rates
}

/// How many records could not be linked even to an exact copy of themselves.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Unlinkable {
    /// All records.
    pub records: u64,
    /// Those whose fields, all agreeing, do not reach the cut.
    pub unlinkable: u64,
}

/// For each cut, how many records stay below it when all fields that they have agree; `own_weights` are those weights.
pub fn unlinkable(own_weights: &[f64], cuts: &[f64]) -> Vec<Unlinkable> {
    let mut sorted = own_weights.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    cuts.iter()
        .map(|cut| Unlinkable {
            records: sorted.len() as u64,
            unlinkable: sorted.partition_point(|weight| weight < cut) as u64,
        })
        .collect()
}

/// The same at one cut, for each group of records; `group_of` has the place of each record's group.
pub fn unlinkable_by_group(
    own_weights: &[f64],
    cut: f64,
    group_of: &[u32],
    groups: usize,
) -> Vec<Unlinkable> {
    let mut counts = vec![Unlinkable::default(); groups];
    for (weight, group) in own_weights.iter().zip(group_of) {
        let count = &mut counts[*group as usize];
        count.records += 1;
        count.unlinkable += u64::from(*weight < cut);
    }
    counts
}
