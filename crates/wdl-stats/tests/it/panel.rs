//! People over periods: persistence by its definition, spells by hand, mobility and its bounds.

use proptest::prelude::*;
use wdl_stats::panel::{Spell, after, classes, exits, is_persistent, mobility, spells};
use wdl_stats::{QuantileRule, Sample, Undefined};

const IN: Option<bool> = Some(true);
const OUT: Option<bool> = Some(false);

#[test]
fn persistence_is_now_and_two_of_three() {
    let check = |history: &[Option<bool>], want: Option<bool>| {
        assert_eq!(
            is_persistent(history, history.len() - 1),
            want,
            "{history:?}"
        );
    };
    check(&[IN, IN, OUT, IN], Some(true));
    check(&[OUT, IN, IN, IN], Some(true));
    check(&[IN, OUT, OUT, IN], Some(false));
    check(&[IN, IN, IN, OUT], Some(false));
    check(&[None, IN, IN, IN], None);
    check(&[IN, IN, IN, None], None);
    check(&[IN, IN, IN], None);
}

#[test]
fn entries_and_exits_need_both_periods() {
    let history = [OUT, IN, None, IN, OUT];
    assert_eq!(after(&history, 1, false), Some(true));
    assert_eq!(after(&history, 1, true), None);
    assert_eq!(after(&history, 3, true), None);
    assert_eq!(after(&history, 4, true), Some(false));
    assert_eq!(after(&history, 0, true), None);
}

#[test]
fn spells_know_what_is_seen_of_them() {
    let history = [IN, IN, OUT, IN, OUT, IN, None, IN];
    let spell = |begin, length, is_begin_seen, is_end_seen| Spell {
        begin,
        length,
        is_begin_seen,
        is_end_seen,
    };
    let want = [
        spell(0, 2, false, true),
        spell(3, 1, true, true),
        spell(5, 1, true, false),
        spell(7, 1, false, false),
    ];
    assert_eq!(spells(&history), want);
    assert_eq!(spells(&[]), []);
}

#[test]
fn exits_by_duration_by_hand() {
    let of = |history: &[Option<bool>], weight: f64| -> Vec<(Spell, f64)> {
        spells(history)
            .into_iter()
            .map(|spell| (spell, weight))
            .collect()
    };
    let mut all = of(&[OUT, IN, OUT, OUT], 1.0);
    all.extend(of(&[OUT, IN, IN, OUT], 2.0));
    all.extend(of(&[OUT, IN, IN, IN], 1.0));
    // Begun before what is seen: not counted. Not seen after: not at risk then.
    all.extend(of(&[IN, IN, OUT, OUT], 50.0));
    all.extend(of(&[OUT, IN, None, IN], 50.0));
    let found = exits(&all, 4);
    let short: Vec<(usize, usize, f64, f64)> = (found.iter())
        .map(|exit| (exit.duration, exit.spells, exit.at_risk, exit.ended))
        .collect();
    assert_eq!(short, [(1, 3, 4.0, 1.0), (2, 2, 3.0, 2.0)]);
    assert!((found[1].survival - 0.75 / 3.0).abs() < 1e-15);
    all.reverse();
    assert_eq!(exits(&all, 4), found);
}

#[test]
fn mobility_by_hand() {
    let moves = [(0, 0, 3.0), (0, 1, 1.0), (1, 0, 2.0), (1, 1, 2.0)];
    let found = mobility(&moves, 2).unwrap();
    assert_eq!(found.shares, [[0.75, 0.25], [0.5, 0.5]]);
    assert_eq!((found.same, found.up, found.down), (0.625, 0.125, 0.25));
    assert_eq!(found.shorrocks, Some(0.75));
    assert_eq!(
        mobility(&moves, 3).unwrap().shorrocks,
        None,
        "nobody was in the third"
    );
    assert_eq!(mobility(&[], 2), Err(Undefined::NoRows));
}

proptest! {
    #[test]
    fn nobody_moves_when_nothing_changes(
        values in prop::collection::vec(0.0..100.0_f64, 5..60),
    ) {
        let sample = Sample::new(&values, &vec![1.0; values.len()]).unwrap();
        let own = classes(&sample, 5, QuantileRule::Eurostat).unwrap();
        let moves: Vec<(usize, usize, f64)> =
            own.iter().flatten().map(|class| (*class, *class, 1.0)).collect();
        prop_assert_eq!(moves.len(), values.len());
        let found = mobility(&moves, 5).unwrap();
        prop_assert!((found.same - 1.0).abs() < 1e-12);
        if let Some(index) = found.shorrocks {
            prop_assert!(index.abs() < 1e-12);
        }
    }
}
