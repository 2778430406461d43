//! The kinds of variance, and the middle of their sandwich.

use nalgebra::DMatrix;
use rayon::iter::{IntoParallelIterator, ParallelIterator};

use super::absorb;
use super::design::{self, CHUNK};
use super::fitting::{Inner, Kind};
use super::groups::Groups;
use super::leverage;
use super::model::RegressionError;

/// How the small-sample factor of several ways of clustering is formed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum ClusterFactor {
    /// `G/(G-1)` with the least number of clusters of all ways, for all terms alike (fixest, pyfixest).
    #[default]
    Least,
    /// `G/(G-1)` with each term's own number of clusters (Cameron, Gelbach and Miller 2011; sandwich, Petersen, Stata).
    EachTerm,
    /// No factor at all.
    None,
}

/// How the jackknife over clusters is scaled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum JackknifeFactor {
    /// `(G-1)/G` (MacKinnon, Nielsen and Webb 2023).
    #[default]
    Textbook,
    /// `G/(G-1) · (N-1)/(N-K)`, as pyfixest scales its CRV3.
    SmallSample,
}

/// How the variance of the coefficients is estimated. Groupings have a code for each row given.
#[derive(Clone, Debug)]
pub enum Variance<'a> {
    /// Errors of one variance; with weights, of one variance after weighting.
    Iid,
    /// White (1980), without a factor.
    Hc0,
    /// HC0 with the factor `N/(N-K)`.
    Hc1,
    /// Squared residuals over `1-h` (MacKinnon and White 1985).
    Hc2,
    /// Squared residuals over `(1-h)²`, close to a jackknife over rows.
    Hc3,
    /// Clustered one or several ways (CRV1).
    Cluster {
        /// A way of clustering each.
        ways: Vec<&'a [u32]>,
        /// The factor.
        factor: ClusterFactor,
    },
    /// Clusters left out in turn (CRV3).
    Jackknife {
        /// The clusters.
        clusters: &'a [u32],
        /// The factor.
        factor: JackknifeFactor,
    },
    /// Driscoll and Kraay (1998): sums by period, with Bartlett's weights over lags; factor `T/(T-1) · (N-1)/(N-K)`.
    DriscollKraay {
        /// The period of each row; lags count the periods that occur, in their order.
        periods: &'a [u32],
        /// The largest lag.
        lag: usize,
        /// Whether the factor is applied.
        has_factor: bool,
    },
    /// Newey and West (1987) within each unit, with Bartlett's weights over lags; factor `N/(N-K)`.
    NeweyWest {
        /// The unit of each row; without it the rows are one series.
        units: Option<&'a [u32]>,
        /// The period of each row.
        periods: &'a [u32],
        /// The largest lag.
        lag: usize,
        /// Whether the factor is applied.
        has_factor: bool,
    },
}

/// A middle, its factor within, and what is told of it.
pub(crate) struct Middle {
    pub(crate) matrix: DMatrix<f64>,
    /// The small-sample factor; with several factors, that of each term in the order of terms.
    pub(crate) factors: Vec<f64>,
    /// Clusters of each way, or periods.
    pub(crate) clusters: Vec<usize>,
    /// Degrees of freedom of t.
    pub(crate) degrees: f64,
    /// Coefficients that count, with those of the fixed effects that are not nested in clusters.
    pub(crate) counted: usize,
}

/// Coefficients and fixed effects that count: those of effects nested in a cluster do not (the default of fixest).
pub(crate) fn counted(inner: &Inner, clusters: &[Groups]) -> usize {
    let slopes = inner.stride - 1;
    if inner.rows.effects.is_empty() {
        return slopes;
    }
    let free: Vec<usize> = inner
        .rows
        .effects
        .iter()
        .filter(|effect| !clusters.iter().any(|way| effect.is_nested_in(way)))
        .map(|effect| effect.count)
        .collect();
    slopes + free.iter().sum::<usize>() + 1 - free.len()
}

/// Rows less what counts.
fn rest(inner: &Inner, counted: usize) -> Result<f64, RegressionError> {
    match inner.rows.len() > counted {
        true => Ok((inner.rows.len() - counted) as f64),
        false => Err(RegressionError::TooFew {
            rows: inner.rows.len(),
            coefficients: counted,
        }),
    }
}

/// One variance for all, `e'We/(N-K)`, or one for Poisson: the covariance itself, since its middle is the inverse of the bread.
pub(crate) fn same(inner: &Inner, squares: f64) -> Result<Middle, RegressionError> {
    let counted = counted(inner, &[]);
    let degrees = rest(inner, counted)?;
    let level = match inner.kind {
        Kind::Poisson => 1.0,
        Kind::Linear | Kind::Instruments => squares / degrees,
    };
    Ok(Middle {
        matrix: &inner.bread * level,
        factors: vec![1.0],
        clusters: Vec::new(),
        degrees,
        counted,
    })
}

/// White's middle, with residuals as HC0 to HC3 take them.
pub(crate) fn white(inner: &Inner, kind: &Variance<'_>) -> Result<Middle, RegressionError> {
    let counted = counted(inner, &[]);
    let degrees = rest(inner, counted)?;
    let power = match kind {
        Variance::Hc2 => 1,
        Variance::Hc3 => 2,
        _ => 0,
    };
    let leverages = match (power, inner.kind) {
        (0, _) => Vec::new(),
        (_, Kind::Instruments) => return Err(RegressionError::NotForInstruments),
        (_, Kind::Linear | Kind::Poisson) => leverage::leverages(inner)?,
    };
    let matrix = sums(inner, |row, score, sums| {
        let by = match power {
            0 => 1.0,
            1 => 1.0 / (1.0 - leverages[row]),
            _ => 1.0 / (1.0 - leverages[row]).powi(2),
        };
        design::outer(sums, score, by);
    });
    let factor = match kind {
        Variance::Hc1 => inner.rows.len() as f64 / degrees,
        _ => 1.0,
    };
    Ok(Middle {
        matrix: matrix * factor,
        factors: vec![factor],
        clusters: Vec::new(),
        degrees,
        counted,
    })
}

/// Sums over rows of what a function adds for each row's score.
fn sums(inner: &Inner, each: impl Fn(usize, &[f64], &mut [f64]) + Sync) -> DMatrix<f64> {
    let size = inner.stride - 1;
    let rows = inner.rows.len();
    let parts: Vec<Vec<f64>> = (0..rows.div_ceil(CHUNK))
        .into_par_iter()
        .map(|chunk| {
            let mut sums = vec![0.0; size * size];
            let mut score = vec![0.0; size];
            for row in chunk * CHUNK..((chunk + 1) * CHUNK).min(rows) {
                score.fill(0.0);
                add_score(inner, row, &mut score);
                each(row, &score, &mut sums);
            }
            sums
        })
        .collect();
    design::symmetric(absorb::added(parts, size * size), size)
}

/// Adds `w x e` of a row.
pub(crate) fn add_score(inner: &Inner, row: usize, to: &mut [f64]) {
    let (residual, regressors) = inner.row(row);
    absorb::add(to, regressors, inner.weight(row) * residual);
}

/// Clustered several ways: for every choice of ways the sums within rows that share all of them, added for odd choices and subtracted for even ones.
pub(crate) fn clustered(
    inner: &Inner,
    ways: &[&[u32]],
    factor: ClusterFactor,
) -> Result<Middle, RegressionError> {
    if ways.is_empty() || ways.len() > 6 {
        return Err(RegressionError::Setting(
            "one to six ways of clustering are possible",
        ));
    }
    let ways: Vec<Groups> = ways
        .iter()
        .map(|codes| inner.rows.groups(codes))
        .collect::<Result<_, _>>()?;
    if ways.iter().any(|way| way.count < 2) {
        return Err(RegressionError::OneCluster);
    }
    let least = ways.iter().map(|way| way.count).min().unwrap_or(0);
    let counted = counted(inner, &ways);
    let scale = (inner.rows.len() as f64 - 1.0) / rest(inner, counted)?;
    let size = inner.stride - 1;
    let mut matrix = DMatrix::zeros(size, size);
    let mut factors = Vec::new();
    for choice in 1_usize..1 << ways.len() {
        let chosen = ways.iter().enumerate();
        let mut chosen = chosen.filter(|(at, _)| choice & (1 << at) != 0);
        let (_, start) = chosen.next().expect("a choice is not empty");
        let groups = chosen.fold(start.clone(), |groups, (_, way)| groups.crossed(way));
        let clusters = match factor {
            ClusterFactor::Least => least,
            ClusterFactor::EachTerm => groups.count,
            ClusterFactor::None => 0,
        } as f64;
        let own = match factor {
            ClusterFactor::None => 1.0,
            ClusterFactor::Least | ClusterFactor::EachTerm => scale * clusters / (clusters - 1.0),
        };
        let sign = if choice.count_ones() % 2 == 1 {
            1.0
        } else {
            -1.0
        };
        matrix += within_groups(inner, &groups) * (sign * own);
        factors.push(own);
    }
    if factor == ClusterFactor::Least || factor == ClusterFactor::None {
        factors.truncate(1);
    }
    Ok(Middle {
        matrix,
        factors,
        clusters: ways.iter().map(|way| way.count).collect(),
        degrees: least as f64 - 1.0,
        counted,
    })
}

/// `Σ s s'` over the groups' sums of scores.
fn within_groups(inner: &Inner, groups: &Groups) -> DMatrix<f64> {
    let size = inner.stride - 1;
    let lists = groups.lists();
    let chunks = (inner.rows.len() / 32_768).clamp(1, 64).min(groups.count);
    let parts: Vec<Vec<f64>> = (0..chunks)
        .into_par_iter()
        .map(|chunk| {
            let border = |chunk: usize| groups.count * chunk / chunks;
            let mut sums = vec![0.0; size * size];
            let mut score = vec![0.0; size];
            for group in border(chunk)..border(chunk + 1) {
                score.fill(0.0);
                for row in lists.rows(group) {
                    add_score(inner, row, &mut score);
                }
                design::outer(&mut sums, &score, 1.0);
            }
            sums
        })
        .collect();
    design::symmetric(absorb::added(parts, size * size), size)
}

/// Sums by period, and products of sums apart by lags, with Bartlett's weights `1 - l/(L+1)`.
pub(crate) fn driscoll_kraay(
    inner: &Inner,
    periods: &[u32],
    lag: usize,
    has_factor: bool,
) -> Result<Middle, RegressionError> {
    let (groups, ranks) = ordered(inner, periods)?;
    let count = groups.count;
    if count < 2 {
        return Err(RegressionError::OneCluster);
    }
    if lag >= count {
        return Err(RegressionError::Setting(
            "the lag must be less than the number of periods",
        ));
    }
    let size = inner.stride - 1;
    let mut sums = vec![vec![0.0; size]; count];
    for (row, code) in groups.codes.iter().enumerate() {
        add_score(inner, row, &mut sums[ranks[*code as usize]]);
    }
    let mut matrix = DMatrix::zeros(size, size);
    for (at, own) in sums.iter().enumerate() {
        for back in 0..=lag.min(at) {
            add_lagged(&mut matrix, own, &sums[at - back], back, lag);
        }
    }
    let counted = counted(inner, &[groups]);
    let periods = count as f64;
    let factor = match has_factor {
        true => periods / (periods - 1.0) * (inner.rows.len() as f64 - 1.0) / rest(inner, counted)?,
        false => 1.0,
    };
    Ok(Middle {
        matrix: matrix * factor,
        factors: vec![factor],
        clusters: vec![count],
        degrees: periods - 1.0,
        counted,
    })
}

/// Adds `w (a b' + b a')`, or `a a'` for no lag.
fn add_lagged(matrix: &mut DMatrix<f64>, own: &[f64], before: &[f64], back: usize, lag: usize) {
    let by = 1.0 - back as f64 / (lag as f64 + 1.0);
    for row in 0..own.len() {
        for column in 0..own.len() {
            let product = own[row] * before[column];
            matrix[(row, column)] += match back {
                0 => product,
                _ => by * (product + before[row] * own[column]),
            };
        }
    }
}

/// Periods and the rank of each in time.
fn ordered(inner: &Inner, periods: &[u32]) -> Result<(Groups, Vec<usize>), RegressionError> {
    let groups = inner.rows.groups(periods)?;
    let mut values = vec![0; groups.count];
    for (row, code) in groups.codes.iter().enumerate() {
        values[*code as usize] = periods[inner.rows.rows[row] as usize];
    }
    let mut order: Vec<usize> = (0..groups.count).collect();
    order.sort_unstable_by_key(|at| values[*at]);
    let mut ranks = vec![0; groups.count];
    for (rank, at) in order.into_iter().enumerate() {
        ranks[at] = rank;
    }
    Ok((groups, ranks))
}

/// Products of scores of the same unit apart by lags.
pub(crate) fn newey_west(
    inner: &Inner,
    units: Option<&[u32]>,
    periods: &[u32],
    lag: usize,
    has_factor: bool,
) -> Result<Middle, RegressionError> {
    let (times, ranks) = ordered(inner, periods)?;
    if lag >= times.count {
        return Err(RegressionError::Setting(
            "the lag must be less than the number of periods",
        ));
    }
    let size = inner.stride - 1;
    let units = match units {
        Some(units) => inner.rows.groups(units)?,
        None => Groups {
            codes: vec![0; inner.rows.len()],
            count: 1,
        },
    };
    let lists = units.lists();
    let mut matrix = DMatrix::zeros(size, size);
    for unit in 0..units.count {
        let mut rows: Vec<(usize, usize)> = lists
            .rows(unit)
            .map(|row| (ranks[times.codes[row] as usize], row))
            .collect();
        rows.sort_unstable();
        let scores: Vec<Vec<f64>> = rows
            .iter()
            .map(|(_, row)| {
                let mut score = vec![0.0; size];
                add_score(inner, *row, &mut score);
                score
            })
            .collect();
        for at in 0..rows.len() {
            for before in (0..=at).rev() {
                let back = rows[at].0 - rows[before].0;
                if back > lag {
                    break;
                }
                if back == 0 && before < at {
                    return Err(RegressionError::Setting(
                        "a unit has two rows in one period: no order of its rows in time",
                    ));
                }
                add_lagged(&mut matrix, &scores[at], &scores[before], back, lag);
            }
        }
    }
    let counted = counted(inner, &[]);
    let degrees = rest(inner, counted)?;
    let factor = match has_factor {
        true => inner.rows.len() as f64 / degrees,
        false => 1.0,
    };
    Ok(Middle {
        matrix: matrix * factor,
        factors: vec![factor],
        clusters: vec![times.count],
        degrees,
        counted,
    })
}
