//! A test that the treated moved like the others before treatment, for few clusters: sign changes of what each cluster adds.
//!
//! On untreated observations alone (Borusyak, Jaravel and Spiess 2024, section 4.3) an indicator of each period before treatment is held against effects of units and periods.
//! What a cluster adds to it is computed with the period effects of the other clusters: the restricted wild cluster bootstrap on scores, with the jackknife's transformation of the residuals (MacKinnon, Nielsen and Webb, *Journal of Applied Econometrics* 38, 2023).
//! The Wald test needs many more clusters than effects, and finds far too much where it has not.

use rand::Rng;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;

use super::panel::Panel;
use super::two_way::{Observed, clusters};
use super::within::TwoWay;

/// The fewest clusters: with fewer, no pattern of signs is rare.
pub const CLUSTERS_MIN: usize = 6;

/// What is tested, and how many sign changes are drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asked {
    /// How many periods before treatment are tested; those before them are what they are compared with.
    pub reach: u32,
    /// How long before treatment units may react to it: such periods are no untreated ones.
    pub anticipation: u32,
    /// How many sign changes are drawn.
    pub draws: u32,
    /// The seed.
    pub seed: u64,
}

/// The test.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LeadsTest {
    /// The largest of the periods' statistics.
    pub statistic: f64,
    /// The periods before treatment that were tested.
    pub leads: usize,
    /// The probability of one so large.
    pub p_value: f64,
    /// The clusters.
    pub clusters: usize,
}

/// Why nothing is tested.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoLeadsTest {
    /// Too few clusters for signs to tell anything.
    #[error("there are {0} clusters, and it takes six")]
    FewClusters(usize),
    /// No period before treatment can be told from effects of units and periods.
    #[error("no period before treatment can be told from effects of units and periods")]
    NoLeads,
}

/// The test of the periods before treatment.
///
/// # Errors
/// [`NoLeadsTest`] says why there is none.
pub fn leads_test(panel: &Panel, asked: Asked) -> Result<LeadsTest, NoLeadsTest> {
    let (cluster_of_unit, count) = clusters(panel);
    if count < CLUSTERS_MIN {
        return Err(NoLeadsTest::FewClusters(count));
    }
    let untreated = Observed::of(panel, |unit, period| {
        time(panel, unit, period).is_none_or(|time| time < -i64::from(asked.anticipation))
    });
    let solver = untreated.solver(panel).ok_or(NoLeadsTest::NoLeads)?;
    let leads = leads(panel, &untreated, &solver, asked);
    let cluster: Vec<usize> = untreated
        .unit
        .iter()
        .map(|unit| cluster_of_unit[*unit as usize])
        .collect();
    let residuals = without_own_cluster(panel, &untreated, &cluster, count);
    let scored: Vec<Scores> = leads
        .iter()
        .filter_map(|lead| Scores::of(lead, &untreated, &residuals, (&cluster, count)))
        .collect();
    if scored.is_empty() {
        return Err(NoLeadsTest::NoLeads);
    }
    let largest = |size: &dyn Fn(&Scores) -> f64| scored.iter().map(size).fold(0.0, f64::max);
    let statistic = largest(&|own: &Scores| own.total.abs() / own.error);
    let mut random = ChaCha8Rng::seed_from_u64(asked.seed);
    let as_large = (0..asked.draws).filter(|_| {
        let signs: Vec<f64> = (0..count)
            .map(|_| f64::from(2 * i8::from(random.random::<bool>()) - 1))
            .collect();
        // Rounding must not tell a pattern of signs from its mirror.
        largest(&|own: &Scores| own.signed(&signs).abs() / own.error) >= statistic * (1.0 - 1e-12)
    });
    Ok(LeadsTest {
        statistic,
        leads: scored.len(),
        p_value: (1.0 + as_large.count() as f64) / (1.0 + f64::from(asked.draws)),
        clusters: count,
    })
}

/// Periods since treatment; nothing for a unit never treated.
fn time(panel: &Panel, unit: usize, period: usize) -> Option<i64> {
    let first = panel.first_treated()[unit]?;
    Some(panel.periods()[period] - first)
}

/// The indicator of each period tested, without what units and periods explain of it.
fn leads(panel: &Panel, untreated: &Observed, solver: &TwoWay, asked: Asked) -> Vec<Vec<f64>> {
    let nearest = -i64::from(asked.anticipation) - 1;
    let cells = || untreated.unit.iter().zip(&untreated.period);
    let tested = (0..i64::from(asked.reach)).map(|back| nearest - back);
    tested
        .map(|lead| {
            let is_it =
                |unit: u32, period: u32| time(panel, unit as usize, period as usize) == Some(lead);
            let own: Vec<f64> = cells()
                .map(|(unit, period)| f64::from(u8::from(is_it(*unit, *period))))
                .collect();
            solver.residuals(&own)
        })
        .collect()
}

/// What period effects of the other clusters leave of each observation, less the mean of its unit; nothing where the others have no such period.
fn without_own_cluster(
    panel: &Panel,
    untreated: &Observed,
    cluster: &[usize],
    count: usize,
) -> Vec<f64> {
    let mut residuals = vec![0.0; cluster.len()];
    for own in 0..count {
        let others = untreated.only(|at| cluster[at] != own);
        let Some(solver) = others.solver(panel) else {
            continue;
        };
        let effects = solver.fit(&others.outcome);
        let mut sums = vec![(0.0, 0.0); panel.units().len()];
        let places: Vec<usize> = (0..cluster.len())
            .filter(|at| cluster[*at] == own)
            .filter(|at| effects.period[untreated.period[*at] as usize].is_finite())
            .collect();
        for at in &places {
            residuals[*at] =
                untreated.outcome[*at] - effects.period[untreated.period[*at] as usize];
            let (sum, total) = &mut sums[untreated.unit[*at] as usize];
            *sum += untreated.weights[*at] * residuals[*at];
            *total += untreated.weights[*at];
        }
        for at in places {
            let (sum, total) = sums[untreated.unit[at] as usize];
            residuals[at] -= sum / total;
        }
    }
    residuals
}

/// What each cluster adds to the statistic of a period before treatment.
struct Scores {
    total: f64,
    /// By cluster, with the period effects of the others.
    of_cluster: Vec<f64>,
    error: f64,
}

impl Scores {
    /// Nothing when fewer than two clusters add anything.
    fn of(
        lead: &[f64],
        untreated: &Observed,
        residuals: &[f64],
        (cluster, count): (&[usize], usize),
    ) -> Option<Scores> {
        let mut of_cluster = vec![0.0; count];
        let (mut total, mut size) = (0.0, 0.0);
        for (at, own) in lead.iter().enumerate() {
            let weighted = own * untreated.weights[at];
            total += weighted * untreated.outcome[at];
            size += (weighted * untreated.outcome[at]).abs();
            of_cluster[cluster[at]] += weighted * residuals[at];
        }
        let error = of_cluster.iter().map(|own| own * own).sum::<f64>().sqrt();
        let adding = of_cluster.iter().filter(|own| own.abs() > 1e-12 * size);
        (adding.count() > 1).then_some(Scores {
            total,
            of_cluster,
            error,
        })
    }

    fn signed(&self, signs: &[f64]) -> f64 {
        let pairs = self.of_cluster.iter().zip(signs);
        pairs.map(|(own, sign)| own * sign).sum()
    }
}
