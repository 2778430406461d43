//! A run against the truth: links, clusters, and whether the probabilities keep what they promise.

use serde::Serialize;
use wdl_linkage::Linked;
use wdl_linkage::quality::{Truth, calibration, calibration_error, cuts};

/// What the truth says of a run.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Judged {
    pub(super) true_pairs: u64,
    pub(super) wrong: u64,
    pub(super) missed: u64,
    pub(super) precision: Option<f64>,
    pub(super) recall: Option<f64>,
    pub(super) f1: Option<f64>,
    pub(super) clusters: Clusters,
    pub(super) calibration: Calibration,
}

/// What the truth says of the clusters.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Clusters {
    /// Of the pairs that the clusters imply.
    pub(super) precision: Option<f64>,
    pub(super) recall: Option<f64>,
    pub(super) f1: Option<f64>,
    pub(super) wrong: u64,
    pub(super) missed: u64,
    pub(super) b_cubed_precision: f64,
    pub(super) b_cubed_recall: f64,
    /// The share of the true groups that are a cluster exactly.
    pub(super) exact_recall: Option<f64>,
}

/// Promise and truth.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Calibration {
    /// The mean over pairs of how far the promise of their bin is from its truth.
    pub(super) error: f64,
    pub(super) bins: Vec<Bin>,
    pub(super) cuts: Vec<Cut>,
}

/// Pairs whose odds are alike.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Bin {
    /// From this logarithm, to base two, of the odds; the first bin has no lower end.
    pub(super) from: Option<f64>,
    pub(super) pairs: u64,
    pub(super) promised: f64,
    pub(super) matches: u64,
}

/// What linking everything from a probability upwards would be worth.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Cut {
    pub(super) cut: f64,
    pub(super) pairs: u64,
    /// The share of wrong links as the probabilities promise it.
    pub(super) promised_fdr: f64,
    /// The share of wrong links as it is.
    pub(super) fdr: f64,
    /// The share of missed matches as the probabilities and the rules' own losses promise it.
    pub(super) promised_fnr: f64,
    pub(super) fnr: f64,
}

/// The cuts at which promise and truth are put side by side.
const CUTS: [f64; 6] = [0.5, 0.7, 0.8, 0.9, 0.95, 0.99];

/// The bins are one wide and reach from odds of 1 to 64 to odds of a million to 1.
const EDGES: std::ops::RangeInclusive<i32> = -6..=20;

impl Judged {
    /// Judges a run.
    pub(super) fn new(linked: &Linked, truth: &Truth) -> Judged {
        let links = truth.of_links(linked.links.iter().map(|link| (link.a, link.b)));
        let clusters = truth.of_clusters(&linked.clusters);
        Judged {
            true_pairs: links.truth,
            wrong: links.wrong(),
            missed: links.missed(),
            precision: links.precision(),
            recall: links.recall(),
            f1: links.f1(),
            clusters: Clusters {
                precision: clusters.pairs.precision(),
                recall: clusters.pairs.recall(),
                f1: clusters.pairs.f1(),
                wrong: clusters.pairs.wrong(),
                missed: clusters.pairs.missed(),
                b_cubed_precision: clusters.b_cubed.precision,
                b_cubed_recall: clusters.b_cubed.recall,
                exact_recall: clusters.exact.recall(),
            },
            calibration: Calibration::new(linked, truth),
        }
    }
}

impl Calibration {
    fn new(linked: &Linked, truth: &Truth) -> Calibration {
        let edges: Vec<f64> = EDGES.map(f64::from).collect();
        let known: Vec<(f64, f64, bool)> = linked
            .near
            .iter()
            .filter_map(|pair| {
                let odds = pair.probability / (1.0 - pair.probability);
                let is_match = truth.is_match(pair.a, pair.b)?;
                Some((odds.log2(), pair.probability, is_match))
            })
            .collect();
        let bins = calibration(&known, &edges);
        let starts = std::iter::once(None).chain(edges.iter().map(|edge| Some(*edge)));
        Calibration {
            error: calibration_error(&bins),
            bins: starts
                .zip(&bins)
                .filter(|(_, bin)| bin.pairs > 0)
                .map(|(from, bin)| Bin {
                    from,
                    pairs: bin.pairs,
                    promised: bin.promised,
                    matches: bin.matches,
                })
                .collect(),
            cuts: at_cuts(&known, linked.estimated.blocking_recall, truth.matches()),
        }
    }
}

/// `compared` is the share of the matches that some rule is believed to find: what the others lose is promised as missed too.
fn at_cuts(known: &[(f64, f64, bool)], compared: f64, matches: u64) -> Vec<Cut> {
    let probabilities: Vec<f64> = known
        .iter()
        .map(|(_, probability, _)| *probability)
        .collect();
    let share = |part: u64, whole: u64| match whole {
        0 => 0.0,
        whole => part as f64 / whole as f64,
    };
    let promised = probabilities.iter().sum::<f64>() / compared;
    cuts(&probabilities, &CUTS, promised)
        .into_iter()
        .map(|point| {
            let right = known
                .iter()
                .filter(|(_, probability, is_match)| *is_match && *probability >= point.cut)
                .count() as u64;
            Cut {
                cut: point.cut,
                pairs: point.links,
                promised_fdr: point.fdr,
                fdr: share(point.links - right, point.links),
                promised_fnr: point.fnr,
                fnr: share(matches.saturating_sub(right), matches),
            }
        })
        .collect()
}
