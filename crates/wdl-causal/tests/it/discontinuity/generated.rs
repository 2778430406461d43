//! Data from a small generator of integers, and what rdrobust 2.1.1 says of them: the options that the elections do not show.

use wdl_causal::discontinuity::bandwidth::{Bandwidths, Selector};
use wdl_causal::discontinuity::checks;
use wdl_causal::discontinuity::design::{Kernel, MassPoints, Options, Rows, Selection, Variance};
use wdl_causal::discontinuity::estimate::{Effect, estimate};
use wdl_causal::discontinuity::picture;

use super::effect::close;

/// Knuth's linear congruence.
pub(super) struct Draws(u64);

impl Draws {
    pub(super) fn new(seed: u64) -> Draws {
        Draws(seed)
    }

    /// In `[0, 1)`.
    pub(super) fn uniform(&mut self) -> f64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// Nearly normal: twelve uniforms.
    pub(super) fn noise(&mut self) -> f64 {
        (0..12).map(|_| self.uniform()).sum::<f64>() - 6.0
    }
}

/// A sample with all that a design may have.
pub(super) struct Sample {
    pub(super) running: Vec<f64>,
    pub(super) outcome: Vec<f64>,
    pub(super) treatment: Vec<f64>,
    pub(super) covariates: [Vec<f64>; 2],
    pub(super) weights: Vec<f64>,
    pub(super) clusters: Vec<usize>,
}

impl Sample {
    /// `steps` values of the running variable, or any for 0.
    pub(super) fn of(rows: usize, seed: u64, steps: u32) -> Sample {
        let mut draws = Draws::new(seed);
        let mut own = Sample {
            running: Vec::new(),
            outcome: Vec::new(),
            treatment: Vec::new(),
            covariates: [Vec::new(), Vec::new()],
            weights: Vec::new(),
            clusters: Vec::new(),
        };
        for _ in 0..rows {
            let place = draws.uniform();
            let x = match steps {
                0 => 2.0 * place - 1.0,
                steps => {
                    let steps = f64::from(steps);
                    (place * steps).floor() / (steps / 2.0) - 1.0
                }
            };
            let above = f64::from(u8::from(x >= 0.0));
            let t = f64::from(u8::from(draws.uniform() < 0.2 + 0.6 * above));
            let one = 0.5 * x + draws.noise();
            let two = draws.uniform();
            own.weights.push(0.5 + draws.uniform());
            own.clusters.push((draws.uniform() * 40.0) as usize);
            let curve = 0.5 + x + 0.8 * x * x - 0.5 * x * x * x + 1.2 * t + 0.7 * above * x;
            own.outcome
                .push(curve + 0.4 * one + 0.6 * two + 0.3 * draws.noise());
            own.running.push(x);
            own.treatment.push(t);
            own.covariates[0].push(one);
            own.covariates[1].push(two);
        }
        own
    }

    pub(super) fn sharp(&self) -> Rows<'_> {
        Rows::sharp(&self.running, &self.outcome)
    }

    fn fuzzy(&self) -> Rows<'_> {
        Rows {
            treatment: Some(&self.treatment),
            ..self.sharp()
        }
    }
}

fn check(name: &str, rows: &Rows<'_>, options: &Options, wanted: [f64; 8], counts: [usize; 2]) {
    let found = estimate(rows, options).unwrap_or_else(|why| panic!("{name}: {why}"));
    let effect = found.effect;
    let own = [
        effect.conventional.value,
        effect.robust.value,
        effect.conventional.standard_error,
        effect.robust.standard_error,
        found.bandwidths.main[0],
        found.bandwidths.main[1],
        found.bandwidths.bias[0],
        found.bandwidths.bias[1],
    ];
    for (at, (own, wanted)) in own.into_iter().zip(wanted).enumerate() {
        close(own, wanted, 1e-8, &format!("{name} {at}"));
    }
    assert_eq!(found.effective, counts, "{name}");
}

#[test]
fn variances_beside_rdrobust() {
    let sample = Sample::of(600, 7, 0);
    let of = |variance| Options {
        variance,
        ..Options::at(0.0)
    };
    check(
        "hc0",
        &sample.sharp(),
        &of(Variance::Hc0),
        [
            0.5309495195597693,
            0.48903678884012947,
            0.21848034634944738,
            0.2642640958215172,
            0.39328656964967224,
            0.39328656964967224,
            0.616593780401026,
            0.616593780401026,
        ],
        [117, 118],
    );
    check(
        "hc2",
        &sample.sharp(),
        &of(Variance::Hc2),
        [
            0.5319850761233742,
            0.49024005404291904,
            0.22195622582155428,
            0.26967037817295747,
            0.3950811542150228,
            0.3950811542150228,
            0.6186879571704289,
            0.6186879571704289,
        ],
        [117, 118],
    );
    check(
        "hc3",
        &sample.sharp(),
        &of(Variance::Hc3),
        [
            0.5330109827988148,
            0.4914995706940135,
            0.22547623896536995,
            0.27519201008274446,
            0.3968913589880634,
            0.3968913589880634,
            0.6208268310147403,
            0.6208268310147403,
        ],
        [117, 119],
    );
}

#[test]
fn fuzzy_and_kinks_beside_rdrobust() {
    let sample = Sample::of(600, 7, 0);
    let plain = Options::at(0.0);
    check(
        "fuzzy",
        &sample.fuzzy(),
        &plain,
        [
            0.9237399791338415,
            0.8442426089471653,
            0.28671018070394777,
            0.3368392559708467,
            0.3666108361470063,
            0.3666108361470063,
            0.6036935392764198,
            0.6036935392764198,
        ],
        [110, 111],
    );
    let first: Option<Effect> = estimate(&sample.fuzzy(), &plain)
        .expect("fuzzy")
        .first_stage;
    let first = first.expect("a first stage");
    close(
        first.conventional.value,
        0.5622815004603596,
        1e-8,
        "first stage",
    );
    close(
        first.robust.standard_error,
        0.14821191785344293,
        1e-8,
        "its error",
    );
    let hc3 = Options {
        variance: Variance::Hc3,
        kernel: Kernel::Epanechnikov,
        ..plain
    };
    check(
        "fuzzy_hc3",
        &sample.fuzzy(),
        &hc3,
        [
            0.9217993500066964,
            0.8417154579002819,
            0.29232232118393925,
            0.34546613792449943,
            0.3550015577262484,
            0.3550015577262484,
            0.6038379637960825,
            0.6038379637960825,
        ],
        [105, 105],
    );
    let kink = Options {
        derivative: 1,
        degree: 2,
        bias_degree: 3,
        ..plain
    };
    check(
        "kink",
        &sample.sharp(),
        &kink,
        [
            1.6601345474671874,
            2.201817236657014,
            3.399322417841456,
            4.965448577724795,
            0.4760425244494806,
            0.4760425244494806,
            0.6674672409703626,
            0.6674672409703626,
        ],
        [142, 143],
    );
    let kink = Options {
        variance: Variance::Hc1,
        ..kink
    };
    check(
        "fuzzy_kink",
        &sample.fuzzy(),
        &kink,
        [
            1.6988581764993314,
            1.4325296090831396,
            2.4503441639048833,
            3.5087151010568935,
            0.46890794966321625,
            0.46890794966321625,
            0.666437686539255,
            0.666437686539255,
        ],
        [140, 140],
    );
}

#[test]
fn covariates_weights_and_clusters_beside_rdrobust() {
    let sample = Sample::of(600, 7, 0);
    let plain = Options::at(0.0);
    let covariates: Vec<&[f64]> = sample.covariates.iter().map(Vec::as_slice).collect();
    let adjusted = Rows {
        covariates: &covariates,
        ..sample.sharp()
    };
    check(
        "covs",
        &adjusted,
        &plain,
        [
            0.6480634499157235,
            0.6454345953782338,
            0.17278887112071453,
            0.21050610335996878,
            0.40498682864521046,
            0.40498682864521046,
            0.6087102550203441,
            0.6087102550203441,
        ],
        [119, 121],
    );
    let weighted = Rows {
        weights: Some(&sample.weights),
        ..sample.sharp()
    };
    check(
        "weights",
        &weighted,
        &plain,
        [
            0.5415745746028553,
            0.5164753904250334,
            0.23296808745879624,
            0.28493782175625076,
            0.4086571495571244,
            0.4086571495571244,
            0.6208127819462494,
            0.6208127819462494,
        ],
        [119, 122],
    );
    let all = Rows {
        covariates: &covariates,
        treatment: Some(&sample.treatment),
        weights: Some(&sample.weights),
        clusters: Some(&sample.clusters),
        ..sample.sharp()
    };
    let options = Options {
        selection: Selection::Chosen(Selector::Msecomb2),
        ..plain
    };
    check(
        "all",
        &all,
        &options,
        [
            1.1451941635179754,
            1.1254655431769256,
            0.15759192665802332,
            0.17737546852455974,
            0.322328988852229,
            0.322328988852229,
            0.5771211075635104,
            0.5762960758000862,
        ],
        [101, 97],
    );
    let clustered = Rows {
        clusters: Some(&sample.clusters),
        ..sample.sharp()
    };
    let given = Options {
        selection: Selection::Given(Bandwidths {
            main: [0.4; 2],
            bias: [0.4; 2],
        }),
        ..plain
    };
    check(
        "h_cluster",
        &clustered,
        &given,
        [
            0.5347889981813434,
            0.4937012552074871,
            0.23323398556357752,
            0.32420940163474177,
            0.4,
            0.4,
            0.4,
            0.4,
        ],
        [118, 120],
    );
    let options = Options {
        selection: Selection::Chosen(Selector::Cercomb1),
        ..plain
    };
    check(
        "cluster_cer",
        &clustered,
        &options,
        [
            0.5279708060034691,
            0.4983678620866683,
            0.26498000714361103,
            0.2981854593179916,
            0.30060725800648846,
            0.30060725800648846,
            0.5444403829073023,
            0.5444403829073023,
        ],
        [95, 90],
    );
}

#[test]
fn further_options_beside_rdrobust() {
    let sample = Sample::of(600, 7, 0);
    let plain = Options::at(0.0);
    let rho = Options {
        rho: Some(0.8),
        ..plain
    };
    check(
        "rho",
        &sample.sharp(),
        &rho,
        [
            0.5322475094259633,
            0.45788847048225767,
            0.22205348553026882,
            0.2968899811278842,
            0.3955461527897181,
            0.3955461527897181,
            0.4944326909871476,
            0.4944326909871476,
        ],
        [117, 118],
    );
    let regularised = Options {
        regularisation: 0.5,
        selection: Selection::Chosen(Selector::Certwo),
        ..plain
    };
    check(
        "regul",
        &sample.sharp(),
        &regularised,
        [
            0.5594721363115314,
            0.5238240289797178,
            0.21422913508982758,
            0.2500206262521638,
            0.3788836458883697,
            0.47125807498226713,
            0.6962770559787004,
            0.743679287881379,
        ],
        [114, 140],
    );
    let moved = Options {
        cutoff: 0.2,
        selection: Selection::Chosen(Selector::Msesum),
        ..plain
    };
    check(
        "cutoff",
        &sample.sharp(),
        &moved,
        [
            0.0990586026652509,
            0.1771275060353097,
            0.24158643799774637,
            0.28889895698842055,
            0.25473714455700713,
            0.25473714455700713,
            0.3926770741360825,
            0.3926770741360825,
        ],
        [81, 72],
    );
    let constant = Options {
        degree: 0,
        bias_degree: 1,
        kernel: Kernel::Uniform,
        ..plain
    };
    check(
        "p0",
        &sample.sharp(),
        &constant,
        [
            0.7065258694406382,
            0.5807811059754757,
            0.20927164232620765,
            0.22784846929318894,
            0.08839377125952923,
            0.08839377125952923,
            0.467825982041376,
            0.467825982041376,
        ],
        [33, 21],
    );
    let narrow_bias = Options {
        selection: Selection::Given(Bandwidths {
            main: [0.5; 2],
            bias: [0.4; 2],
        }),
        variance: Variance::Hc2,
        ..plain
    };
    check(
        "h_gt_b",
        &sample.sharp(),
        &narrow_bias,
        [
            0.5956628428822797,
            0.5288519065080639,
            0.18931384363847562,
            0.40165327241793647,
            0.5,
            0.5,
            0.4,
            0.4,
        ],
        [148, 148],
    );
}

#[test]
fn mass_points_beside_rdrobust() {
    let sample = Sample::of(900, 11, 40);
    let plain = Options::at(0.0);
    check(
        "mass_adjust",
        &sample.sharp(),
        &plain,
        [
            0.6805105156462075,
            0.6862071319995957,
            0.1738712403727942,
            0.2133746559302106,
            0.3767820093537342,
            0.3767820093537342,
            0.5811587613938191,
            0.5811587613938191,
        ],
        [150, 186],
    );
    let told = Options {
        mass_points: MassPoints::Check,
        ..plain
    };
    check(
        "mass_check",
        &sample.sharp(),
        &told,
        [
            0.6729672872780026,
            0.6832511810200503,
            0.17693211171796694,
            0.21367151917091884,
            0.3642356143591317,
            0.3642356143591317,
            0.5934862763304629,
            0.5934862763304629,
        ],
        [150, 186],
    );
    let wide = Options {
        distinct_min: Some(15),
        variance: Variance::Hc1,
        ..plain
    };
    check(
        "mass_wide",
        &sample.sharp(),
        &wide,
        [
            0.6809103581491547,
            0.68829946678337,
            0.17240232417251697,
            0.21230475575513086,
            0.3775754408888311,
            0.3775754408888311,
            0.5850131614510333,
            0.5850131614510333,
        ],
        [150, 186],
    );
    let covariates: Vec<&[f64]> = sample.covariates.iter().map(Vec::as_slice).collect();
    let all = Rows {
        covariates: &covariates,
        ..sample.fuzzy()
    };
    check(
        "mass_fuzzy",
        &all,
        &plain,
        [
            1.1331223870484342,
            1.1207365339046425,
            0.1335657444530591,
            0.15352104625862387,
            0.268126756417497,
            0.268126756417497,
            0.5287172672078253,
            0.5287172672078253,
        ],
        [105, 141],
    );
}

#[test]
fn bins_beside_rdplot() {
    let sample = Sample::of(600, 7, 0);
    let bins = picture::bins(&sample.sharp(), 0.0, None).expect("bins");
    assert_eq!(bins.len(), 17 + 28);
    // First and last bin of rdplot 2.1.1, six digits printed.
    let (first, last) = (bins[0], bins[44]);
    assert_eq!((first.rows, last.rows), (23, 6));
    let near = |own: Option<f64>, wanted: f64| (own.expect("a mean") - wanted).abs() < 1e-6;
    assert!(near(first.running, -0.968461) && near(first.outcome, 1.104345));
    assert!(near(last.running, 0.979028) && near(last.outcome, 3.821842));
    assert!((first.edges[1] + 0.940672).abs() < 1e-6 && (last.edges[0] - 0.958733).abs() < 1e-6);
    assert_eq!(bins.iter().map(|own| own.rows).sum::<usize>(), 600);
}

#[test]
fn checks_agree_with_estimates_made_by_hand() {
    let sample = Sample::of(600, 7, 0);
    let (rows, plain) = (sample.sharp(), Options::at(0.0));
    let own = estimate(&rows, &plain).expect("an estimate");
    let curve = checks::bandwidth_curve(&rows, &plain, &[0.5, 1.0]).expect("a curve");
    let whole = curve[1].found.as_ref().expect("the same");
    close(
        whole.effect.robust.value,
        own.effect.robust.value,
        1e-12,
        "share 1",
    );
    let half = curve[0].found.as_ref().expect("half");
    close(
        half.bandwidths.main[0],
        own.bandwidths.main[0] / 2.0,
        1e-12,
        "half",
    );
    let above: Vec<usize> = (0..600).filter(|row| sample.running[*row] >= 0.0).collect();
    let running: Vec<f64> = above.iter().map(|row| sample.running[*row]).collect();
    let outcome: Vec<f64> = above.iter().map(|row| sample.outcome[*row]).collect();
    let by_hand = estimate(&Rows::sharp(&running, &outcome), &Options::at(0.4)).expect("placebo");
    let placebos = checks::placebo_cutoffs(&rows, &plain, &[0.4, 0.0]);
    assert_eq!(placebos[0].found.as_ref(), Ok(&by_hand));
    assert_eq!(placebos[1].found.as_ref(), Ok(&own));
    let holes = checks::donuts(&rows, &plain, &[0.0, 0.05]);
    assert_eq!(holes[0].found.as_ref(), Ok(&own));
    let left: usize = holes[1].found.as_ref().expect("a hole").rows.iter().sum();
    let inside = sample.running.iter().filter(|own| own.abs() < 0.05).count();
    assert_eq!(left, 600 - inside);
    let covariates: Vec<&[f64]> = sample.covariates.iter().map(Vec::as_slice).collect();
    let with = Rows {
        covariates: &covariates,
        ..rows
    };
    let balance = checks::covariate_balance(&with, &plain);
    let alone = estimate(&Rows::sharp(&sample.running, covariates[1]), &plain);
    assert_eq!(balance[1], alone);
}
