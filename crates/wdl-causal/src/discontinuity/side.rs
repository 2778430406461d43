//! One side of the cut-off, by distance from it: checked once, sorted once, so that each window is a beginning of the arrays.

use super::design::{Column, NoEstimate, Options, Rows, Whose};
use crate::dense;

/// The rows on one side, nearest to the cut-off first.
#[derive(Clone, Debug)]
pub(super) struct Side {
    pub(super) whose: Whose,
    /// `|x - c|`, ascending.
    pub(super) distance: Vec<f64>,
    /// The outcome, the treatment of a fuzzy design, the covariates.
    pub(super) columns: Vec<Vec<f64>>,
    pub(super) weights: Option<Vec<f64>>,
    /// The cluster of each row, numbered from 0.
    pub(super) clusters: Option<Vec<usize>>,
    pub(super) clusters_count: usize,
    /// Where each distinct distance begins, and the end.
    pub(super) starts: Vec<usize>,
}

impl Side {
    pub(super) fn len(&self) -> usize {
        self.distance.len()
    }

    pub(super) fn distinct(&self) -> usize {
        self.starts.len() - 1
    }

    pub(super) fn range(&self) -> f64 {
        self.distance.last().copied().unwrap_or(0.0)
    }

    /// The sign of `x - c`, to a power.
    pub(super) fn sign(&self, power: usize) -> f64 {
        match self.whose == Whose::Below && power % 2 == 1 {
            true => -1.0,
            false => 1.0,
        }
    }

    /// Distinct distances among the first `count` rows, which end with a whole group.
    pub(super) fn distinct_among(&self, count: usize) -> usize {
        self.starts.partition_point(|start| *start < count)
    }

    /// A weighted sum of the columns.
    pub(super) fn combined(&self, combination: &[f64]) -> Vec<f64> {
        if let [factor] = combination {
            return self.columns[0].iter().map(|own| factor * own).collect();
        }
        let row = |at: usize| {
            let cells = self.columns.iter().zip(combination);
            cells.map(|(column, factor)| column[at] * factor).sum()
        };
        (0..self.len()).map(row).collect()
    }
}

/// Both sides of checked rows.
#[derive(Clone, Debug)]
pub(super) struct Sides {
    pub(super) both: [Side; 2],
    pub(super) is_fuzzy: bool,
    /// Covariates that repeat others or a constant.
    pub(super) covariates_left_out: Vec<usize>,
    pub(super) rows_without_weight: usize,
    /// The smaller of the standard deviation of the running variable and its interquartile range over 1.349.
    pub(super) spread: f64,
}

impl Sides {
    pub(super) fn of(rows: &Rows<'_>, options: &Options) -> Result<Sides, NoEstimate> {
        check(rows)?;
        let kept: Vec<usize> = match rows.weights {
            Some(weights) => (0..weights.len())
                .filter(|row| weights[*row] > 0.0)
                .collect(),
            None => (0..rows.running.len()).collect(),
        };
        let cutoff = options.cutoff;
        let (low, high) = bounds(kept.iter().map(|row| rows.running[*row]));
        if kept.is_empty() || cutoff.is_nan() || cutoff <= low || cutoff >= high {
            return Err(NoEstimate::CutoffOutside { cutoff, low, high });
        }
        let (least, most) = bounds(kept.iter().map(|row| rows.outcome[*row]));
        if least == most {
            return Err(NoEstimate::ConstantOutcome);
        }
        let covariates = independent_covariates(rows, &kept);
        let side = |whose| side(rows, &kept, cutoff, whose, &covariates);
        let (below, above) = rayon::join(|| side(Whose::Below), || side(Whose::Above));
        let both = [below, above];
        Ok(Sides {
            spread: spread(&both, cutoff),
            both,
            is_fuzzy: rows.treatment.is_some(),
            covariates_left_out: (0..rows.covariates.len())
                .filter(|own| !covariates.contains(own))
                .collect(),
            rows_without_weight: rows.running.len() - kept.len(),
        })
    }

    /// The same sides without the treatment.
    pub(super) fn without_treatment(mut self) -> Sides {
        if self.is_fuzzy {
            for side in &mut self.both {
                side.columns.remove(1);
            }
            self.is_fuzzy = false;
        }
        self
    }

    pub(super) fn len(&self) -> usize {
        self.both[0].len() + self.both[1].len()
    }
}

fn bounds(values: impl Iterator<Item = f64>) -> (f64, f64) {
    values.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), own| {
        (low.min(own), high.max(own))
    })
}

fn check(rows: &Rows<'_>) -> Result<(), NoEstimate> {
    let mut columns = vec![
        (Column::Running, rows.running),
        (Column::Outcome, rows.outcome),
    ];
    columns.extend(rows.treatment.map(|own| (Column::Treatment, own)));
    let covariates = rows.covariates.iter().enumerate();
    columns.extend(covariates.map(|(at, own)| (Column::Covariate(at), *own)));
    columns.extend(rows.weights.map(|own| (Column::Weights, own)));
    for (column, values) in columns {
        if values.len() != rows.running.len() {
            return Err(NoEstimate::Length(column));
        }
        let is_wrong = |own: &&f64| !own.is_finite() || (column == Column::Weights && **own < 0.0);
        match values.iter().filter(is_wrong).count() {
            0 => {}
            wrong => return Err(NoEstimate::NotFinite(column, wrong)),
        }
    }
    match rows.clusters {
        Some(clusters) if clusters.len() != rows.running.len() => {
            Err(NoEstimate::Length(Column::Clusters))
        }
        _ => Ok(()),
    }
}

/// The covariates that neither a constant nor those before them tell.
fn independent_covariates(rows: &Rows<'_>, kept: &[usize]) -> Vec<usize> {
    if rows.covariates.is_empty() {
        return Vec::new();
    }
    let mut columns = vec![vec![1.0; kept.len()]];
    for covariate in rows.covariates {
        columns.push(kept.iter().map(|row| covariate[*row]).collect());
    }
    let slices: Vec<&[f64]> = columns.iter().map(Vec::as_slice).collect();
    let independent = dense::independent(&slices, dense::COLLINEAR);
    independent.iter().skip(1).map(|own| own - 1).collect()
}

fn side(rows: &Rows<'_>, kept: &[usize], cutoff: f64, whose: Whose, covariates: &[usize]) -> Side {
    let is_here = |row: usize| (rows.running[row] < cutoff) == (whose == Whose::Below);
    // The bits of distances, none of them negative, stand in the order of the distances.
    let mut order: Vec<(u64, usize)> = kept
        .iter()
        .filter(|row| is_here(**row))
        .map(|row| ((rows.running[*row] - cutoff).abs().to_bits(), *row))
        .collect();
    order.sort_unstable();
    let taken =
        |column: &[f64]| -> Vec<f64> { order.iter().map(|(_, row)| column[*row]).collect() };
    let mut columns = vec![taken(rows.outcome)];
    columns.extend(rows.treatment.map(taken));
    columns.extend(covariates.iter().map(|own| taken(rows.covariates[*own])));
    let distance: Vec<f64> = order.iter().map(|own| f64::from_bits(own.0)).collect();
    let mut starts: Vec<usize> = (0..distance.len())
        .filter(|at| *at == 0 || distance[*at] != distance[at - 1])
        .collect();
    starts.push(distance.len());
    let mut numbers = rustc_hash::FxHashMap::default();
    let clusters = rows.clusters.map(|clusters| {
        let own = order.iter().map(|(_, row)| {
            let next = numbers.len();
            *numbers.entry(clusters[*row]).or_insert(next)
        });
        own.collect()
    });
    Side {
        whose,
        distance,
        columns,
        weights: rows.weights.map(taken),
        clusters,
        clusters_count: numbers.len(),
        starts,
    }
}

/// The smaller of the standard deviation and the interquartile range over 1.349 (quantiles of type 2 of Hyndman and Fan).
fn spread(both: &[Side; 2], cutoff: f64) -> f64 {
    let below = both[0].distance.iter().rev().map(|own| cutoff - own);
    let above = both[1].distance.iter().map(|own| cutoff + own);
    let sorted: Vec<f64> = below.chain(above).collect();
    let n = sorted.len() as f64;
    let mean = sorted.iter().sum::<f64>() / n;
    let squares: f64 = sorted.iter().map(|own| (own - mean) * (own - mean)).sum();
    let quantile = |share: f64| {
        let place = n * share;
        let at = place.floor() as usize;
        match place == place.floor() {
            true => 0.5 * (sorted[at - 1] + sorted[at]),
            false => sorted[at],
        }
    };
    (squares / (n - 1.0))
        .sqrt()
        .min((quantile(0.75) - quantile(0.25)) / 1.349)
}
