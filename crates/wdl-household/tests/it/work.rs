//! Very low work intensity: both rules, who is not counted, the bound, what is not told.

use proptest::prelude::*;
use wdl_household::{AtBound, Untold, WorkRule, Worker, work_intensity};

use crate::age;

fn worker(years: u8, months: f64) -> Worker {
    Worker {
        age: age(years),
        months_worked: Some(months),
        months_possible: Some(12.0),
        is_student: Some(false),
        is_pensioner: Some(false),
        is_inactive: Some(false),
    }
}

fn is_low(rule: WorkRule, workers: &[Worker]) -> Result<Option<bool>, Untold> {
    work_intensity(rule, rule.bound(), workers, Some(false))
}

#[test]
fn the_bound_is_the_rules_own_and_can_be_said() {
    // A fifth of 12 + 12 + 12 months, in parts that do not add up exactly in binary.
    let at_a_fifth = [worker(30, 0.8), worker(31, 1.6), worker(32, 4.8)];
    assert_eq!(is_low(WorkRule::Eu2030, &at_a_fifth), Ok(Some(true)));
    assert_eq!(is_low(WorkRule::Eu2020, &at_a_fifth), Ok(Some(false)));
    let below = work_intensity(WorkRule::Eu2030, AtBound::DoesNotCount, &at_a_fifth, None);
    assert_eq!(below, Ok(Some(false)));
    let just_above = [worker(30, 0.8), worker(31, 1.6), worker(32, 4.9)];
    assert_eq!(is_low(WorkRule::Eu2030, &just_above), Ok(Some(false)));
}

#[test]
fn who_is_not_counted() {
    let student = Worker {
        is_student: Some(true),
        ..worker(22, 0.0)
    };
    let pensioner = Worker {
        is_pensioner: Some(true),
        ..worker(50, 0.0)
    };
    for workers in [vec![student], vec![worker(70, 0.0), worker(10, 0.0)]] {
        assert_eq!(is_low(WorkRule::Eu2030, &workers), Ok(None));
        assert_eq!(is_low(WorkRule::Eu2020, &workers), Ok(None));
    }
    assert_eq!(is_low(WorkRule::Eu2030, &[pensioner]), Ok(None));
    assert_eq!(is_low(WorkRule::Eu2020, &[pensioner]), Ok(Some(true)));
    let old_student = Worker {
        is_student: Some(true),
        ..worker(25, 0.0)
    };
    assert_eq!(is_low(WorkRule::Eu2030, &[old_student]), Ok(Some(true)));
    assert_eq!(is_low(WorkRule::Eu2030, &[worker(62, 0.0)]), Ok(Some(true)));
    assert_eq!(is_low(WorkRule::Eu2020, &[worker(62, 0.0)]), Ok(None));
    let inactive = Worker {
        is_inactive: Some(true),
        ..worker(62, 0.0)
    };
    let on_pensions = |lives| work_intensity(WorkRule::Eu2030, AtBound::Counts, &[inactive], lives);
    assert_eq!(on_pensions(Some(true)), Ok(None));
    assert_eq!(on_pensions(Some(false)), Ok(Some(true)));
    assert_eq!(on_pensions(None), Err(Untold::WorkMissing));
}

#[test]
fn months_that_are_not_told_leave_it_open_whatever_the_others_worked() {
    let silent = |years| Worker {
        months_worked: None,
        ..worker(years, 0.0)
    };
    assert_eq!(
        is_low(WorkRule::Eu2030, &[silent(40)]),
        Err(Untold::WorkMissing)
    );
    for months in [0.0, 12.0] {
        let beside = [worker(41, months), silent(40)];
        assert_eq!(is_low(WorkRule::Eu2030, &beside), Err(Untold::WorkMissing));
    }
    assert_eq!(
        is_low(WorkRule::Eu2030, &[silent(10), worker(40, 0.0)]),
        Ok(Some(true))
    );
    let ageless = Worker {
        age: None,
        ..worker(0, 0.0)
    };
    assert_eq!(
        is_low(WorkRule::Eu2030, &[ageless]),
        Err(Untold::AgeMissing)
    );
}

proptest! {
    #[test]
    fn more_work_never_makes_intensity_very_low(months in prop::collection::vec(0.0f64..12.0, 1..6), more in 0.0f64..4.0) {
        let household = |add: f64| -> Vec<Worker> {
            months.iter().map(|own| worker(40, (own + add).min(12.0))).collect()
        };
        let before = is_low(WorkRule::Eu2030, &household(0.0)).unwrap().unwrap();
        let after = is_low(WorkRule::Eu2030, &household(more)).unwrap().unwrap();
        prop_assert!(before || !after);
        let share = months.iter().sum::<f64>() / (12.0 * months.len() as f64);
        prop_assume!((share - 0.2).abs() > 1e-9);
        prop_assert_eq!(before, share < 0.2);
    }
}
