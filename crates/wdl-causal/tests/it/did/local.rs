//! Local projections: against the package, and by hand.

use wdl_causal::did::local_projections::{Averaging, local_projections};
use wdl_causal::did::panel::{Gaps, Panel, Rows};

/// Sixty units over eight periods, as the same lines of Python make them.
fn sixty_units() -> (Vec<i64>, Vec<i64>, Vec<Option<i64>>, Vec<f64>) {
    let mut state = 17_u64;
    let mut next = |below: u64| {
        state = (state * 75 + 74) % 65_537;
        state % below
    };
    let (mut unit, mut period) = (Vec::new(), Vec::new());
    let (mut first, mut outcome) = (Vec::new(), Vec::new());
    for own in 0..60 {
        let cohort = [None, Some(3), Some(5), Some(6)][next(4) as usize];
        let level = next(1000) as f64 / 250.0;
        for at in 1..=8_i64 {
            let since = cohort.map_or(-1, |cohort| at - cohort);
            let effect = match since >= 0 {
                true => 0.5 + 0.25 * since as f64,
                false => 0.0,
            };
            unit.push(own);
            period.push(at);
            first.push(cohort);
            outcome.push(level + 0.3 * at as f64 + next(1000) as f64 / 500.0 + effect);
        }
    }
    (unit, period, first, outcome)
}

/// `lpdid` of pyfixest 0.60, clustered by unit.
#[test]
fn local_projections_as_pyfixest_does() {
    let (unit, period, first, outcome) = sixty_units();
    let rows = Rows {
        unit: &unit,
        period: &period,
        outcome: &outcome,
        first_treated: &first,
        covariates: &[],
        weights: None,
        clusters: None,
    };
    let panel = Panel::read(&rows, Gaps::Refuse).expect("a panel");
    let own = local_projections(&panel, Averaging::ByVariance, Some(2)).expect("effects");
    let expected = [
        (-4, -0.064_991_237_408_893_5, 0.156_298_773_663_031_7, 125),
        (-3, -0.228_620_424_207_681_6, 0.178_201_680_732_237_5, 177),
        (-2, 0.086_180_650_401_001_78, 0.151_938_925_812_792_06, 237),
        (0, 0.373_669_033_196_846_13, 0.143_760_193_458_048_16, 297),
        (1, 0.595_302_049_378_731_7, 0.171_331_098_159_767_8, 237),
        (2, 1.066_464_139_557_864, 0.157_142_664_128_845_78, 185),
        (3, 1.070_194_039_315_155_4, 0.235_165_942_144_177_6, 117),
        (4, 1.379_355_263_157_894_7, 0.273_967_124_535_842, 65),
        (5, 1.718_710_526_315_789_4, 0.323_474_239_470_192_1, 46),
    ];
    for (event, att, error, rows) in expected {
        let found = own.effects.iter().find(|own| own.event_time == event);
        let found = found.expect("an effect");
        assert!((found.att - att).abs() < 1e-9, "{event}: {found:?}");
        assert!(
            (found.error / error - 1.0).abs() < 1e-8,
            "{event}: {found:?}"
        );
        assert_eq!(found.rows, rows, "{event}");
    }
    let pooled = own.pooled.expect("an effect");
    assert!(
        (pooled.att - 0.680_255_520_589_046_3).abs() < 1e-9,
        "{pooled:?}"
    );
    assert!(
        (pooled.error / 0.132_487_652_970_591_2 - 1.0).abs() < 1e-8,
        "{pooled:?}"
    );
    // Each newly treated unit alike: by hand, its change less the mean change of those not yet treated.
    let own = local_projections(&panel, Averaging::ByTreated, None).expect("effects");
    let at = |unit: usize, period: i64| outcome[unit * 8 + (period - 1) as usize];
    let cohort = |unit: usize| first[unit * 8];
    for found in &own.effects {
        let event = found.event_time;
        let (mut sum, mut count) = (0.0, 0.0);
        for treated in 0..60 {
            let Some(since) = cohort(treated) else {
                continue;
            };
            let to = since + event;
            if !(1..=8).contains(&to) {
                continue;
            }
            let change = |unit: usize| at(unit, to) - at(unit, since - 1);
            let others: Vec<f64> = (0..60)
                .filter(|unit| cohort(*unit).is_none_or(|own| own > since.max(to)))
                .map(change)
                .collect();
            sum += change(treated) - others.iter().sum::<f64>() / others.len() as f64;
            count += 1.0;
        }
        assert!((found.att - sum / count).abs() < 1e-9, "{found:?}");
    }
}
