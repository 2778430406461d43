//! Few clusters: the designs of Cameron, Gelbach and Miller (Review of Economics and Statistics 2008, section IV).
//!
//! Thirty rows in each cluster; regressor and error are each the sum of a part of the cluster and a part of the row.

use std::ops::Range;

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha20Rng;
use rand_distr::StandardNormal;
use wdl_causal::regression::{
    ClusterFactor, Column, Draws, JackknifeFactor, Model, Variance, WildAsked, fit,
};

use crate::{Part, Seen, count};

const ROWS: usize = 30;
const TRUTH: f64 = 1.0;

#[derive(Clone, Copy)]
enum Design {
    /// Errors of one variance.
    Even,
    /// The row's error grows with the regressor: variance `9 x²`.
    Uneven,
    /// The regressor is the same within a cluster.
    Constant,
}

const DESIGNS: [(Design, &str); 3] = [
    (Design::Even, "equal variances"),
    (Design::Uneven, "unequal variances"),
    (Design::Constant, "regressor constant in clusters"),
];

fn draw(design: Design, clusters: usize, seed: u64) -> (Vec<f64>, Vec<f64>, Vec<u32>) {
    let mut random = ChaCha20Rng::seed_from_u64(seed);
    let mut normal = || random.sample::<f64, _>(StandardNormal);
    let (mut x, mut y, mut cluster) = (Vec::new(), Vec::new(), Vec::new());
    for at in 0..clusters {
        let (regressor, error) = (normal(), normal());
        for _ in 0..ROWS {
            let (own, noise) = (normal(), normal());
            let value = match design {
                Design::Even | Design::Uneven => regressor + own,
                Design::Constant => regressor,
            };
            let scale = match design {
                Design::Even | Design::Constant => 1.0,
                Design::Uneven => 3.0 * value.abs(),
            };
            x.push(value);
            y.push(TRUTH * value + error + scale * noise);
            cluster.push(at as u32);
        }
    }
    (x, y, cluster)
}

/// The rates of the usual clustered interval, of the jackknife and of the wild bootstrap.
pub(crate) fn part(draws: &Range<u64>) -> Part {
    let names = [
        "wild bootstrap, Webb (our choice below 12 clusters)".to_owned(),
        "wild bootstrap, Rademacher".to_owned(),
        "clustered (CRV1), t of G - 1".to_owned(),
        "jackknife over clusters (CRV3), t of G - 1".to_owned(),
    ];
    let mut lines = Vec::new();
    for (design, name) in DESIGNS {
        for clusters in [10, 20] {
            let title = format!("{name}, {clusters} clusters");
            lines.extend(count(&title, clusters * ROWS, &names, draws, |seed| {
                let (x, y, cluster) = draw(design, clusters, seed);
                let model = Model {
                    outcome: &y,
                    regressors: vec![Column::Values(&x)],
                    ..Model::default()
                };
                let Ok(found) = fit(&model) else {
                    return vec![None; names.len()];
                };
                let wild = |kind| {
                    let asked = WildAsked {
                        regressor: 0,
                        clusters: &cluster,
                        hypothesis: TRUTH,
                        draws: 1_999,
                        kind,
                        level: 0.95,
                        seed,
                    };
                    let own = found.wild(&asked).ok()?;
                    Some(Seen::of(own.low, own.high, found.coefficients[1], TRUTH))
                };
                let by = |variance: &Variance<'_>| {
                    let inference = found.inference(variance, 0.95).ok()?;
                    let own = inference.of(0)?;
                    Some(Seen::of(own.low, own.high, own.estimate, TRUTH))
                };
                vec![
                    wild(Draws::Webb),
                    wild(Draws::Rademacher),
                    by(&Variance::Cluster {
                        ways: vec![&cluster],
                        factor: ClusterFactor::Least,
                    }),
                    by(&Variance::Jackknife {
                        clusters: &cluster,
                        factor: JackknifeFactor::Textbook,
                    }),
                ]
            }));
        }
    }
    Part {
        title: "Few clusters",
        designs: "The designs of Cameron, Gelbach and Miller (2008), thirty rows in each cluster.",
        lines,
    }
}
