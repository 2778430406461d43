//! The jackknife over clusters (CRV3): every cluster left out in turn, with the fixed effects fitted anew each time.

use nalgebra::{DMatrix, DVector};
use rayon::iter::{IntoParallelIterator, ParallelIterator};

use super::absorb;
use super::design;
use super::expanded::Expanded;
use super::fitting::{Inner, Kind};
use super::groups::Lists;
use super::model::RegressionError;
use super::variance::{self, JackknifeFactor, Middle};
use crate::dense;

/// The covariance of the columns' coefficients, as a middle without bread.
pub(crate) fn over_clusters(
    inner: &Inner,
    clusters: &[u32],
    factor: JackknifeFactor,
) -> Result<Middle, RegressionError> {
    match inner.kind {
        Kind::Linear => (),
        Kind::Instruments => return Err(RegressionError::NotForInstruments),
        Kind::Poisson => return Err(RegressionError::NotForPoisson),
    }
    let clusters = inner.rows.groups(clusters)?;
    if clusters.count < 2 {
        return Err(RegressionError::OneCluster);
    }
    let expanded = Expanded::new(inner, &clusters)?;
    let lists = clusters.lists();
    let changes: Vec<DVector<f64>> = (0..clusters.count)
        .into_par_iter()
        .map(|cluster| change(inner, &expanded, &lists, cluster))
        .collect::<Result<_, _>>()?;
    let size = inner.stride - 1;
    let mut matrix = DMatrix::zeros(size, size);
    for change in &changes {
        matrix.ger(1.0, change, change, 1.0);
    }
    let groups = clusters.count as f64;
    let rows = inner.rows.len() as f64;
    let counted = variance::counted(inner, std::slice::from_ref(&clusters));
    let own = match factor {
        JackknifeFactor::Textbook => (groups - 1.0) / groups,
        JackknifeFactor::SmallSample if rows > counted as f64 => {
            groups / (groups - 1.0) * (rows - 1.0) / (rows - counted as f64)
        }
        JackknifeFactor::SmallSample => {
            return Err(RegressionError::TooFew {
                rows: inner.rows.len(),
                coefficients: counted,
            });
        }
    };
    Ok(Middle {
        matrix: matrix * own,
        factors: vec![own],
        clusters: vec![clusters.count],
        degrees: groups - 1.0,
        counted,
    })
}

/// By how much the coefficients change without a cluster: the fit of the residuals on the other rows.
fn change(
    inner: &Inner,
    expanded: &Expanded,
    lists: &Lists,
    cluster: usize,
) -> Result<DVector<f64>, RegressionError> {
    let stride = expanded.stride;
    let mut sums = vec![0.0; stride * stride];
    for row in lists.rows(cluster) {
        design::outer(&mut sums, expanded.row(row), inner.weight(row));
    }
    let left = &expanded.gram - design::symmetric(sums, stride);
    let matrix = left.view((1, 1), (stride - 1, stride - 1)).into_owned();
    let sizes: Vec<f64> = (1..stride).map(|at| expanded.gram[(at, at)]).collect();
    let kept = absorb::independent(&matrix, &sizes);
    if let Some(lost) = (expanded.dummies..stride - 1).find(|at| !kept.contains(at)) {
        return Err(RegressionError::JackknifeUndefined {
            cluster,
            position: lost - expanded.dummies,
        });
    }
    let inverse = dense::inverse(&matrix.select_rows(&kept).select_columns(&kept));
    let inverse = inverse.ok_or(RegressionError::JackknifeUndefined {
        cluster,
        position: 0,
    })?;
    let right = DVector::from_iterator(kept.len(), kept.iter().map(|column| left[(column + 1, 0)]));
    let all = inverse * right;
    let size = inner.stride - 1;
    Ok(all.rows(kept.len() - size, size).into_owned())
}
