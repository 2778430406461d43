//! Interrupted time series.

use nalgebra::{DMatrix, DVector};
use wdl_causal::interrupted::{Errors, NoFit, Season, Series, Term, durbin_watson, fit, ljung_box};

#[track_caller]
fn close(ours: f64, theirs: f64, tolerance: f64) {
    assert!((ours - theirs).abs() <= tolerance, "{ours} is not {theirs}");
}

const START: usize = 30;

/// A made series of 48 months with a jump of 3 and a bend of 0.2 at the thirtieth.
fn outcome() -> Vec<f64> {
    (0..48_u32)
        .map(|month| {
            let time = f64::from(month);
            let since = time - START as f64;
            let jump = if since >= 0.0 { 3.0 + 0.2 * since } else { 0.0 };
            20.0 + 0.3 * time
                + jump
                + 2.0 * (1.7 * time).sin()
                + f64::from((month * month * 37) % 11) / 5.0
        })
        .collect()
}

fn series(outcome: &[f64]) -> Series<'_> {
    Series {
        outcome,
        start: START,
        has_slope_change: true,
        season: Season::None,
        controls: Vec::new(),
    }
}

fn checked(errors: Errors, coefficients: [f64; 4], deviations: [f64; 4]) {
    let outcome = outcome();
    let own = fit(&series(&outcome), errors, 0.95).expect("a fit");
    let terms = [
        Term::Level,
        Term::Slope,
        Term::LevelChange,
        Term::SlopeChange,
    ];
    for (at, term) in terms.into_iter().enumerate() {
        let mean = own.coefficient(term).expect("a term");
        close(mean.estimate, coefficients[at], 1e-9);
        close(mean.standard_error, deviations[at], 1e-9);
    }
}

// statsmodels 0.15.0 throughout.
const LEAST_SQUARES: [f64; 4] = [
    20.911_907_630_246_09,
    0.291_262_192_475_201_8,
    3.476_336_944_395_43,
    0.168_593_752_635_836_29,
];

#[test]
fn least_squares_are_those_of_statsmodels() {
    let deviations = [
        0.554_562_687_613_315_4,
        0.032_839_857_671_350_95,
        0.914_329_866_522_864_8,
        0.077_982_063_510_480_81,
    ];
    checked(Errors::Independent, LEAST_SQUARES, deviations);
}

#[test]
fn newey_west_is_that_of_statsmodels() {
    let plain = [
        0.190_812_143_025_017_03,
        0.012_338_753_221_046_593,
        0.485_343_765_056_352_74,
        0.034_268_390_222_977_28,
    ];
    let corrected = [
        0.199_296_783_514_069_93,
        0.012_887_407_428_813_644,
        0.506_925_029_722_336_9,
        0.035_792_166_260_346_224,
    ];
    let at = |is_corrected| Errors::NeweyWest {
        lag: Some(3),
        is_corrected,
    };
    checked(at(false), LEAST_SQUARES, plain);
    checked(at(true), LEAST_SQUARES, corrected);
    let outcome = outcome();
    let usual = Errors::NeweyWest {
        lag: None,
        is_corrected: true,
    };
    // 4 (48 / 100)^(2/9) = 3.4.
    assert_eq!(
        fit(&series(&outcome), usual, 0.95).expect("a fit").lag,
        Some(3)
    );
}

#[test]
fn prais_winsten_is_generalised_least_squares_at_its_own_autocorrelation() {
    // GLS with the covariance rho^|s-t| written out, iterated on the residuals.
    let coefficients = [
        20.919_221_287_288_334,
        0.291_504_840_377_606_7,
        3.390_747_966_916_537_7,
        0.177_405_688_718_841_66,
    ];
    let deviations = [
        0.467_205_104_114_479_13,
        0.027_722_976_015_634_164,
        0.781_227_243_236_426_9,
        0.065_957_485_210_109_6,
    ];
    checked(Errors::PraisWinsten, coefficients, deviations);
    let outcome = outcome();
    let own = fit(&series(&outcome), Errors::PraisWinsten, 0.95).expect("a fit");
    close(
        own.autocorrelation.expect("one"),
        -0.182_500_773_817_53,
        1e-10,
    );
    assert_eq!(own.innovations.len(), 48);
}

#[test]
fn diagnostics_are_those_of_statsmodels() {
    let outcome = outcome();
    let own = fit(&series(&outcome), Errors::Independent, 0.95).expect("a fit");
    close(
        durbin_watson(&own.residuals),
        2.310_070_091_907_792_7,
        1e-10,
    );
    for (lags, statistic, p_value) in [(1, 1.548_049, 0.213_423_6), (4, 61.464_742, 1.427_590e-12)]
    {
        let own = ljung_box(&own.residuals, lags).expect("a test");
        close(own.statistic, statistic, 1e-6);
        close(own.p_value / p_value, 1.0, 1e-5);
    }
    assert!(ljung_box(&[1.0, 1.0, 1.0], 1).is_none());
    assert!(ljung_box(&[1.0, 2.0], 2).is_none());
}

#[test]
fn the_counterfactual_goes_on_as_before() {
    let outcome = outcome();
    let own = fit(&series(&outcome), Errors::Independent, 0.95).expect("a fit");
    assert_eq!(own.periods.len(), 18);
    for period in &own.periods {
        let time = period.period as f64;
        let without = LEAST_SQUARES[0] + LEAST_SQUARES[1] * time;
        close(period.without.estimate, without, 1e-9);
        let effect = LEAST_SQUARES[2] + LEAST_SQUARES[3] * (time - START as f64);
        close(period.effect.estimate, effect, 1e-9);
        close(
            period.without.estimate + period.effect.estimate,
            period.fitted,
            1e-9,
        );
        assert!(period.without.lower < period.without.estimate);
    }
    let mean = own
        .periods
        .iter()
        .map(|own| own.effect.estimate)
        .sum::<f64>()
        / 18.0;
    close(own.mean_effect.estimate, mean, 1e-10);
    // The interval of the mean of the line before: that of a regression of the months before alone, with the error of all.
    let x = DMatrix::from_fn(START, 2, |row, column| [1.0, row as f64][column]);
    let y = DVector::from_column_slice(&outcome[..START]);
    let alone = (x.transpose() * &x).try_inverse().expect("independent");
    let line = &alone * x.transpose() * &y;
    close(line[0], LEAST_SQUARES[0], 1e-9);
    let variance = own.residuals.iter().map(|own| own * own).sum::<f64>() / 44.0;
    let at = DVector::from_vec(vec![1.0, 40.0]);
    let error = (variance * at.dot(&(&alone * &at))).sqrt();
    close(own.periods[10].without.standard_error, error, 1e-10);
}

#[test]
fn seasons_and_controls_take_out_what_repeats() {
    let control: Vec<f64> = (0..72_u32).map(|at| f64::from((at * 7) % 13)).collect();
    let outcome: Vec<f64> = (0..72_u32)
        .map(|month| {
            let time = f64::from(month);
            let season = [
                4.0, 1.0, -2.0, 0.0, 3.0, 7.0, 1.0, -1.0, -5.0, 2.0, 0.0, -3.0,
            ];
            let noise = f64::from((month * month * 29) % 17) * 1e-3;
            10.0 + 0.1 * time
                + season[month as usize % 12]
                + 0.5 * control[month as usize]
                + if month >= 40 { 2.0 } else { 0.0 }
                + noise
        })
        .collect();
    let own = Series {
        outcome: &outcome,
        start: 40,
        has_slope_change: false,
        season: Season::Levels { cycle: 12 },
        controls: vec![&control],
    };
    let fitted = fit(&own, Errors::Independent, 0.95).expect("a fit");
    let at = |term| fitted.coefficient(term).expect("a term").estimate;
    close(at(Term::LevelChange), 2.0, 0.01);
    close(at(Term::Control(0)), 0.5, 1e-3);
    close(at(Term::Season(5)), 3.0, 0.02);
    assert!(fitted.coefficient(Term::SlopeChange).is_none());
    // All the waves of a year are the same season as its twelve levels.
    let waves = Series {
        season: Season::Waves {
            cycle: 12,
            pairs: 6,
        },
        ..own
    };
    let waves = fit(&waves, Errors::Independent, 0.95).expect("a fit");
    assert_eq!(waves.terms.len(), fitted.terms.len());
    let change = waves.coefficient(Term::LevelChange).expect("a term");
    close(change.estimate, at(Term::LevelChange), 1e-9);
}

#[test]
fn bad_series_are_refused_by_name() {
    let good = outcome();
    let refused = |own: &Series<'_>| fit(own, Errors::Independent, 0.95).err();
    let mut broken = good.clone();
    broken[7] = f64::INFINITY;
    assert_eq!(refused(&series(&broken)), Some(NoFit::NotFinite(7)));
    let late = Series {
        start: 47,
        ..series(&good)
    };
    assert_eq!(refused(&late), Some(NoFit::Start));
    let early = Series {
        start: 1,
        ..series(&good)
    };
    assert_eq!(refused(&early), Some(NoFit::Start));
    let short = [1.0, 2.0];
    let lopsided = Series {
        controls: vec![&short],
        ..series(&good)
    };
    assert_eq!(refused(&lopsided), Some(NoFit::Length(0)));
    let flat = vec![3.0; 48];
    let constant = Series {
        controls: vec![&flat],
        ..series(&good)
    };
    assert_eq!(refused(&constant), Some(NoFit::Collinear(4)));
    assert_eq!(refused(&series(&flat)), Some(NoFit::Exact));
    let seasonal = Series {
        outcome: &good[24..36],
        start: 6,
        season: Season::Levels { cycle: 12 },
        ..series(&good)
    };
    assert_eq!(
        refused(&seasonal),
        Some(NoFit::TooManyTerms {
            periods: 12,
            terms: 15
        })
    );
    let turns = Series {
        season: Season::Waves { cycle: 4, pairs: 3 },
        ..series(&good)
    };
    assert_eq!(refused(&turns), Some(NoFit::Cycle(4)));
}
