//! Durations against R's survival and cmprsk on generated spells, by their laws, and on bad spells.

use wdl_causal::survival::{
    Cox, CoxRequest, Link, NoComparison, NoCox, NoFineGray, NoHazard, Spells, SpellsError, Ties,
    TimeScale, cox, cumulative_incidence, discrete_hazard, fine_gray, kaplan_meier, log_rank,
};

fn check(value: f64, expected: f64, tolerance: f64, what: &str) {
    let error = (value - expected).abs() / expected.abs().max(1.0);
    assert!(error <= tolerance, "{what}: {value} is not {expected}");
}

/// 120 spells by `s ← 75 s + 74 mod 65537` from 17, as the same lines of R make them.
struct Generated {
    exit: Vec<f64>,
    entry: Vec<f64>,
    status: Vec<usize>,
    x: [Vec<f64>; 2],
    group: Vec<usize>,
}

fn generated() -> Generated {
    let mut state = 17_u64;
    let mut next = |below: u64| {
        state = (state * 75 + 74) % 65_537;
        state % below
    };
    let mut all = Generated {
        exit: Vec::new(),
        entry: Vec::new(),
        status: Vec::new(),
        x: [Vec::new(), Vec::new()],
        group: Vec::new(),
    };
    for _ in 0..120 {
        let exit = 1 + next(20);
        all.exit.push(exit as f64);
        all.entry.push(next(4).min(exit - 1) as f64);
        all.status.push(next(3) as usize);
        all.x[0].push(next(2) as f64);
        all.x[1].push(next(100) as f64 / 25.0);
        all.group.push(next(3) as usize);
    }
    all
}

impl Generated {
    fn event(&self) -> Vec<bool> {
        self.status.iter().map(|own| *own == 1).collect()
    }

    fn spells(&self, enters_late: bool) -> Spells {
        let entry = enters_late.then_some(self.entry.as_slice());
        Spells::new(entry, &self.exit, &self.event()).expect("spells")
    }
}

#[test]
fn the_curve_meets_r() {
    // survfit(Surv(t, ev) ~ 1, conf.type = "log-log"), survival 3.5-3.
    let own = generated();
    let curve = kaplan_meier(&own.spells(false), 0.95);
    for (time, survival, error, lower, upper) in [
        (
            5.0,
            0.9372461238615594,
            0.02302553785778621,
            0.8726339119607524,
            0.9696403990713457,
        ),
        (
            12.0,
            0.8046089394822047,
            0.04223831372526667,
            0.7054089301924377,
            0.8733396712471547,
        ),
    ] {
        let point = curve
            .points
            .iter()
            .find(|own| own.time == time)
            .expect("a point");
        check(point.survival, survival, 1e-12, "survival");
        check(point.standard_error, error, 1e-12, "error");
        let [low, high] = point.interval.expect("an interval");
        check(low, lower, 1e-12, "lower");
        check(high, upper, 1e-12, "upper");
        assert_eq!(curve.at(time + 0.5), point.survival);
    }
    assert_eq!(curve.median, Some(19.0));
    assert_eq!(curve.median_interval, [Some(16.0), Some(20.0)]);
    let mean = curve.restricted_mean(15.0).expect("a mean");
    check(mean.mean, 13.50515788031275, 1e-12, "mean");
    check(mean.standard_error, 0.3293478519056436, 1e-12, "its error");
    // Late entry.
    let curve = kaplan_meier(&own.spells(true), 0.95);
    for (time, survival, error, at_risk) in [
        (5.0, 0.8950295307996615, 0.04064099837453961, 98),
        (12.0, 0.768366753670719, 0.04987913500886255, 61),
    ] {
        let point = curve
            .points
            .iter()
            .find(|own| own.time == time)
            .expect("a point");
        check(point.survival, survival, 1e-12, "survival");
        check(point.standard_error, error, 1e-12, "error");
        assert_eq!(point.at_risk, at_risk);
    }
}

#[test]
fn the_log_rank_test_meets_r() {
    let own = generated();
    let spells = own.spells(false);
    let test = log_rank(&spells, &own.group, None).expect("a test");
    check(test.statistic, 2.56097380846096, 1e-11, "chi-squared");
    let expected = [10.7994129978142, 12.25870864617892, 14.94187835600688];
    for (value, expected) in test.expected.iter().zip(expected) {
        check(*value, expected, 1e-12, "expected");
    }
    assert_eq!(test.degrees, 2);
    let strata: Vec<usize> = (0..120).map(|row| row % 2).collect();
    let test = log_rank(&spells, &own.group, Some(&strata)).expect("a test");
    check(
        test.statistic,
        2.222298734696377,
        1e-11,
        "chi-squared over strata",
    );
    // Two groups: the score test of Cox without ties is the log-rank test; the same labels reversed change nothing.
    let turned: Vec<usize> = own.group.iter().map(|group| 2 - group).collect();
    let other = log_rank(&spells, &turned, Some(&strata)).expect("a test");
    check(other.statistic, test.statistic, 1e-12, "turned labels");
    assert_eq!(
        log_rank(&spells, &[0; 120], None),
        Err(NoComparison::OneGroup)
    );
    assert_eq!(log_rank(&spells, &[0; 3], None), Err(NoComparison::Ragged));
    let apart = Spells::new(Some(&[0.0, 5.0]), &[2.0, 7.0], &[true, true]).expect("spells");
    assert_eq!(
        log_rank(&apart, &[0, 1], None),
        Err(NoComparison::NeverTogether)
    );
}

fn meets(model: &Cox, expected: [f64; 8], what: &str) {
    let [
        one,
        two,
        error_one,
        error_two,
        robust_one,
        robust_two,
        without,
        with,
    ] = expected;
    check(model.coefficients[0], one, 1e-9, what);
    check(model.coefficients[1], two, 1e-9, what);
    check(model.covariance[(0, 0)].sqrt(), error_one, 1e-9, what);
    check(model.covariance[(1, 1)].sqrt(), error_two, 1e-9, what);
    check(model.robust[(0, 0)].sqrt(), robust_one, 1e-9, what);
    check(model.robust[(1, 1)].sqrt(), robust_two, 1e-9, what);
    check(model.log_likelihood[0], without, 1e-11, what);
    check(model.log_likelihood[1], with, 1e-11, what);
}

fn tested(model: &Cox, expected: [f64; 3], what: &str) {
    let test = model.proportional.as_ref().expect("a test");
    check(test.statistics[0], expected[0], 1e-8, what);
    check(test.statistics[1], expected[1], 1e-8, what);
    check(test.statistic_all, expected[2], 1e-8, what);
}

#[test]
fn proportional_hazards_meet_r() {
    // coxph and cox.zph, survival 3.5-3.
    let own = generated();
    let columns = [own.x[0].as_slice(), own.x[1].as_slice()];
    let plain = CoxRequest {
        covariates: &columns,
        ..CoxRequest::default()
    };
    let model = cox(&own.spells(false), &plain).expect("a model");
    let efron = [
        1.029195266399188,
        -0.1930268992231746,
        0.363332378959505,
        0.1536904478215274,
        0.3478861029842379,
        0.1534058010559084,
        -140.8870191815551,
        -136.1775537540802,
    ];
    meets(&model, efron, "Efron");
    tested(
        &model,
        [1.249973512883698, 5.569187827590349, 7.984204735695847],
        "against 1 - S",
    );
    let request = CoxRequest {
        scale: TimeScale::Identity,
        ..plain
    };
    let model = cox(&own.spells(false), &request).expect("a model");
    tested(
        &model,
        [1.019404021642184, 3.297420538554652, 4.801851546949175],
        "against time",
    );
    let request = CoxRequest {
        ties: Ties::Breslow,
        ..plain
    };
    let model = cox(&own.spells(false), &request).expect("a model");
    let breslow = [
        0.9394438202517597,
        -0.1635749347342231,
        0.3558237231795551,
        0.1523216102696399,
        0.3298940899669557,
        0.1467043483660985,
        -142.6743377337608,
        -138.7056007217027,
    ];
    meets(&model, breslow, "Breslow");
    let strata: Vec<usize> = (0..120).map(|row| row % 2).collect();
    let clusters: Vec<usize> = (0..120).map(|row| row % 20).collect();
    let request = CoxRequest {
        strata: Some(&strata),
        clusters: Some(&clusters),
        scale: TimeScale::Identity,
        ..plain
    };
    let model = cox(&own.spells(true), &request).expect("a model");
    let full = [
        1.006493025605196,
        -0.1766179869910166,
        0.36754949012689,
        0.1564486267668601,
        0.3784774279033795,
        0.1565240834055045,
        -112.6867323621354,
        -108.3130511923396,
    ];
    meets(&model, full, "late entry, strata and clusters");
    tested(
        &model,
        [0.449146700058379, 3.500441763425575, 4.208794175107168],
        "with strata",
    );
    assert_eq!(model.clusters, Some(20));
}

#[test]
fn models_that_cannot_be_fitted_say_why() {
    let own = generated();
    let spells = own.spells(false);
    let fit = |columns: &[&[f64]]| {
        cox(
            &spells,
            &CoxRequest {
                covariates: columns,
                ..CoxRequest::default()
            },
        )
        .map(|_| ())
    };
    assert_eq!(fit(&[]), Err(NoCox::Ragged));
    assert_eq!(fit(&[&[1.0; 120]]), Err(NoCox::Collinear(0)));
    let twice: Vec<f64> = own.x[0].iter().map(|own| 3.0 - 2.0 * own).collect();
    assert_eq!(
        fit(&[&own.x[0], &own.x[1], &twice]),
        Err(NoCox::Collinear(2))
    );
    let mut broken = own.x[0].clone();
    broken[7] = f64::NAN;
    assert_eq!(
        fit(&[&own.x[1], &broken]),
        Err(NoCox::NotFinite { column: 1, row: 7 })
    );
    // Nobody without the mark has the event.
    let marked: Vec<f64> = own
        .event()
        .iter()
        .map(|own| f64::from(u8::from(*own)))
        .collect();
    assert_eq!(
        fit(&[&own.x[1], &marked]),
        Err(NoCox::MonotoneLikelihood(1))
    );
    let clusters = [4; 120];
    let request = CoxRequest {
        covariates: &[&own.x[0]],
        clusters: Some(&clusters),
        ..CoxRequest::default()
    };
    assert_eq!(cox(&spells, &request).map(|_| ()), Err(NoCox::OneCluster));
    let strata: Vec<usize> = (0..120).collect();
    let request = CoxRequest {
        covariates: &[&own.x[0]],
        strata: Some(&strata),
        ..CoxRequest::default()
    };
    assert_eq!(
        cox(&spells, &request).map(|_| ()),
        Err(NoCox::NoInformation)
    );
}

#[test]
fn the_unit_of_a_covariate_does_not_matter() {
    let own = generated();
    let spells = own.spells(true);
    let large: Vec<f64> = own.x[1].iter().map(|own| 1e6 + 1e3 * own).collect();
    let one = cox(
        &spells,
        &CoxRequest {
            covariates: &[&own.x[1]],
            ..CoxRequest::default()
        },
    );
    let other = cox(
        &spells,
        &CoxRequest {
            covariates: &[&large],
            ..CoxRequest::default()
        },
    );
    let (one, other) = (one.expect("a model"), other.expect("a model"));
    check(
        1e3 * other.coefficients[0],
        one.coefficients[0],
        1e-9,
        "coefficient",
    );
    check(
        1e3 * other.robust[(0, 0)].sqrt(),
        one.robust[(0, 0)].sqrt(),
        1e-9,
        "error",
    );
}

#[test]
fn cumulative_incidence_meets_r() {
    // cuminc, cmprsk 2.2-11; its variance is another estimator (Aalen's), close to the delta method.
    let own = generated();
    let any: Vec<bool> = own.status.iter().map(|own| *own > 0).collect();
    let spells = Spells::new(None, &own.exit, &any).expect("spells");
    let cause: Vec<usize> = own.status.iter().map(|own| own.saturating_sub(1)).collect();
    let curves = cumulative_incidence(&spells, &cause).expect("curves");
    let expected = [
        (0, 5.0, 0.06044281827563561, 0.02225505485870497),
        (0, 12.0, 0.1702416973634484, 0.03699266775537844),
        (1, 5.0, 0.095231572692873, 0.02745027503222238),
        (1, 12.0, 0.2233134348725793, 0.04072480677055954),
    ];
    for (cause, time, incidence, error) in expected {
        let point = curves[cause]
            .iter()
            .find(|own| own.time == time)
            .expect("a point");
        check(point.incidence, incidence, 1e-12, "incidence");
        assert!(
            (point.standard_error / error - 1.0).abs() < 0.02,
            "{} {error}",
            point.standard_error
        );
    }
    // All causes and survival make one.
    let curve = kaplan_meier(&spells, 0.95);
    for (one, two) in curves[0].iter().zip(&curves[1]) {
        check(
            one.incidence + two.incidence + curve.at(one.time),
            1.0,
            1e-12,
            "the sum",
        );
    }
    // One cause: the complement of the curve, with Greenwood's error.
    let alone = cumulative_incidence(&spells, &[0; 120]).expect("curves");
    for point in alone[0].iter().filter(|own| own.incidence < 1.0) {
        let own = curve
            .points
            .iter()
            .find(|own| own.time == point.time)
            .expect("a point");
        check(point.standard_error, own.standard_error, 1e-12, "Greenwood");
    }
    // No censoring: the error of a share.
    let all = Spells::new(None, &own.exit, &[true; 120]).expect("spells");
    let curves = cumulative_incidence(
        &all,
        &own.x[0].iter().map(|own| *own as usize).collect::<Vec<_>>(),
    );
    for point in curves.expect("curves").into_iter().flatten() {
        let share = (point.incidence * (1.0 - point.incidence) / 120.0).sqrt();
        check(point.standard_error, share, 1e-12, "a share");
    }
}

#[test]
fn discrete_hazards_meet_r() {
    // glm(y ~ 0 + factor(period) + x1 + x2, binomial(link)) on the person-periods, period 7 without events left out.
    let own = generated();
    let whole = |times: &[f64]| times.iter().map(|own| *own as u32).collect::<Vec<u32>>();
    let (entry, exit) = (whole(&own.entry), whole(&own.exit));
    let columns = [own.x[0].as_slice(), own.x[1].as_slice()];
    for (link, expected) in [
        (
            Link::Logit,
            [
                1.10365352072423,
                -0.1783856045728527,
                0.39022656359893,
                0.1651561675025177,
                272.5291540227148,
                -3.195370487123922,
            ],
        ),
        (
            Link::ComplementaryLogLog,
            [
                1.109004345493389,
                -0.2017927706457538,
                0.363403849311957,
                0.1530547376936985,
                271.2907702144023,
                -3.195409861837781,
            ],
        ),
    ] {
        let model =
            discrete_hazard(Some(&entry), &exit, &own.event(), &columns, link).expect("a model");
        assert_eq!(
            (model.person_periods, model.left_out_periods.as_slice()),
            (1077, [7].as_slice())
        );
        let errors = [
            model.covariance[(0, 0)].sqrt(),
            model.covariance[(1, 1)].sqrt(),
        ];
        let found = [
            model.coefficients[0],
            model.coefficients[1],
            errors[0],
            errors[1],
            model.deviance,
            model.baseline[0].1,
        ];
        for (found, expected) in found.into_iter().zip(expected) {
            check(found, expected, 1e-7, &format!("{link:?}"));
        }
    }
    let none = discrete_hazard(None, &exit, &[false; 120], &columns, Link::Logit);
    assert_eq!(none.map(|_| ()), Err(NoHazard::NoVariation));
    let none = discrete_hazard(Some(&exit), &exit, &own.event(), &columns, Link::Logit);
    assert_eq!(none.map(|_| ()), Err(NoHazard::NoPeriod(0)));
    let twice = [own.x[0].as_slice(), own.x[0].as_slice()];
    let none = discrete_hazard(None, &exit, &own.event(), &twice, Link::ComplementaryLogLog);
    assert_eq!(none.map(|_| ()), Err(NoHazard::Collinear(1)));
}

#[test]
fn bad_spells_are_named() {
    let new = |entry: Option<&[f64]>, exit: &[f64], event: &[bool]| {
        Spells::new(entry, exit, event).map(|_| ())
    };
    let yes = [true, true];
    assert_eq!(new(None, &[], &[]), Err(SpellsError::Empty));
    assert_eq!(new(None, &[1.0], &yes), Err(SpellsError::Ragged));
    assert_eq!(
        new(None, &[1.0, 0.0], &yes),
        Err(SpellsError::NotPositive(1))
    );
    assert_eq!(
        new(None, &[-1.0, 1.0], &yes),
        Err(SpellsError::NotPositive(0))
    );
    assert_eq!(
        new(None, &[1.0, f64::NAN], &yes),
        Err(SpellsError::NotFinite(1))
    );
    assert_eq!(
        new(None, &[1.0, f64::INFINITY], &yes),
        Err(SpellsError::NotFinite(1))
    );
    assert_eq!(
        new(Some(&[0.0, 2.0]), &[1.0, 2.0], &yes),
        Err(SpellsError::EntryAfterExit(1))
    );
    assert_eq!(
        new(Some(&[-1.0, 0.0]), &[1.0, 2.0], &yes),
        Err(SpellsError::EntryNegative(0))
    );
    assert_eq!(
        new(None, &[1.0, 2.0], &[false, false]),
        Err(SpellsError::NoEvent)
    );
}

/// `crr` of cmprsk 2.2-11 on the same spells: coefficients, covariance, likelihood.
#[test]
fn subdistribution_hazards_meet_r() {
    let own = generated();
    let any: Vec<bool> = own.status.iter().map(|own| *own > 0).collect();
    let spells = Spells::new(None, &own.exit, &any).expect("spells");
    let cause: Vec<usize> = own.status.iter().map(|own| own.saturating_sub(1)).collect();
    let columns = [own.x[0].as_slice(), own.x[1].as_slice()];
    let expected = [
        (
            [0.665_339_141_662_425_9, -0.061_176_406_306_129_645],
            [
                0.101_723_895_867_497_3,
                -0.006_171_555_459_588_358,
                0.022_078_838_327_222_268,
            ],
            [-161.694_437_553_868_88, -159.607_398_469_232_35],
        ),
        (
            [-0.410_454_036_589_416_8, -0.019_820_600_473_253_642],
            [
                0.088_071_772_618_100_62,
                -0.001_254_683_372_969_545,
                0.016_583_554_409_838_695,
            ],
            [-192.233_121_049_130_92, -191.284_159_682_351_88],
        ),
    ];
    for (wanted, (coefficients, covariance, likelihood)) in expected.into_iter().enumerate() {
        let model = fine_gray(&spells, &cause, wanted, &columns).expect("a model");
        let found = &model.covariance;
        for (value, expected) in [
            (model.coefficients[0], coefficients[0]),
            (model.coefficients[1], coefficients[1]),
            (found[(0, 0)], covariance[0]),
            (found[(0, 1)], covariance[1]),
            (found[(1, 1)], covariance[2]),
            (model.log_likelihood[0], likelihood[0]),
            (model.log_likelihood[1], likelihood[1]),
        ] {
            check(value, expected, 1e-8, "cmprsk");
        }
        assert_eq!(model.counts, [[38, 45, 37], [45, 38, 37]][wanted]);
    }
}

#[test]
fn subdistribution_hazards_of_one_cause_are_those_of_cox() {
    let own = generated();
    let spells = Spells::new(None, &own.exit, &own.event()).expect("spells");
    let columns = [own.x[0].as_slice(), own.x[1].as_slice()];
    let model = fine_gray(&spells, &[0; 120], 0, &columns).expect("a model");
    let asked = CoxRequest {
        covariates: &columns,
        ties: Ties::Breslow,
        ..CoxRequest::default()
    };
    let other = cox(&spells, &asked).expect("a model");
    for at in 0..2 {
        check(
            model.coefficients[at],
            other.coefficients[at],
            1e-9,
            "the coefficient",
        );
        check(
            model.covariance[(at, at)],
            other.robust[(at, at)],
            1e-9,
            "the robust variance",
        );
    }
    let late = own.spells(true);
    assert!(matches!(
        fine_gray(&late, &[0; 120], 0, &columns),
        Err(NoFineGray::LateEntry(_))
    ));
    assert_eq!(
        fine_gray(&spells, &[0; 120], 7, &columns),
        Err(NoFineGray::NoEvent)
    );
}
