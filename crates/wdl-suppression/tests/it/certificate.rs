//! Certificates hold, travel, and do not hold once a number is changed.

use std::sync::LazyLock;

use proptest::prelude::*;
use wdl_suppression::audit::difference;
use wdl_suppression::certificate::{Certificate, End, Required};
use wdl_suppression::verify::{Fault, VerifyError, verify};

use crate::material::{protect, two_way};

fn certificate() -> Certificate {
    static MADE: LazyLock<Certificate> = LazyLock::new(|| {
        let table = two_way(&[vec![5, 12, 1], vec![2, 7, 9], vec![14, 3, 8]]);
        protect(&table).expect("can be protected").certificate
    });
    MADE.clone()
}

#[test]
fn a_certificate_travels_as_json() {
    let certificate = certificate();
    let text = serde_json::to_string(&certificate).expect("written");
    let back: Certificate = serde_json::from_str(&text).expect("read");
    assert_eq!(back, certificate);
    let verified = verify(&back).expect("it holds");
    assert_eq!((verified.cells, verified.hidden), (16, 4));
    assert_eq!(verified.exact, verified.hidden);
}

#[test]
fn what_is_claimed_must_be_proved() {
    let certificate = certificate();
    let refused = |change: &dyn Fn(&mut Certificate)| {
        let mut doctored = certificate.clone();
        change(&mut doctored);
        verify(&doctored).expect_err("a doctored certificate")
    };
    // A small cell shown after all.
    let small = certificate
        .cells
        .iter()
        .position(|cell| cell.units == 1)
        .expect("there is one");
    assert!(matches!(
        refused(&|doctored| doctored.cells[small].hidden = false),
        VerifyError::SmallShown { .. } | VerifyError::BadProof { .. }
    ));
    // A requirement left out.
    assert!(matches!(
        refused(&|doctored| doctored.required.clear()),
        VerifyError::SmallShown { .. }
    ));
    // A proof left out.
    assert!(matches!(
        refused(&|doctored| {
            doctored.proofs.pop();
        }),
        VerifyError::NoProof { .. }
    ));
    // A requirement beyond what is reached.
    for beyond in [
        |required: &mut Required| required.upper = 100,
        |required: &mut Required| required.lower = 100,
        |required: &mut Required| required.sliding = 1_000,
    ] {
        assert!(matches!(
            refused(&|doctored| beyond(&mut doctored.required[0])),
            VerifyError::TooNarrow { .. }
        ));
    }
    // Another format, another truth.
    assert!(matches!(
        refused(&|doctored| doctored.format = "other".into()),
        VerifyError::Format { .. }
    ));
    assert!(matches!(
        refused(&|doctored| doctored.cells[0].value += 1),
        VerifyError::NotAdditive { .. }
    ));
    assert!(matches!(
        refused(&|doctored| doctored.equations[0][0].0 = 99),
        VerifyError::UnknownCell { cell: 99, .. }
    ));
    assert!(matches!(
        refused(&|doctored| doctored.proofs[0].low.moves_over = 0),
        VerifyError::BadProof {
            fault: Fault::Malformed,
            ..
        }
    ));
    assert!(matches!(
        refused(&|doctored| doctored.proofs[0].high.prices.push((999, 1))),
        VerifyError::BadProof {
            fault: Fault::Malformed,
            ..
        }
    ));
    assert!(matches!(
        refused(&|doctored| doctored.proofs[0].high.prices[0].1 = i64::MAX),
        VerifyError::BadProof { .. }
    ));
}

/// What a doctored certificate is refused for.
fn refused(change: impl Fn(&mut Certificate)) -> VerifyError {
    let mut doctored = certificate();
    change(&mut doctored);
    verify(&doctored).expect_err("a doctored certificate")
}

fn fault(error: &VerifyError) -> Option<Fault> {
    match error {
        VerifyError::BadProof { fault, .. } => Some(*fault),
        _ => None,
    }
}

#[test]
fn one_unit_is_small() {
    let shown = certificate().cells.iter().position(|cell| !cell.hidden);
    let shown = shown.expect("some cell is shown");
    for units in [1, 2] {
        assert!(matches!(
            refused(|doctored| doctored.cells[shown].units = units),
            VerifyError::SmallShown { .. }
        ));
    }
}

#[test]
fn moves_stay_within_what_is_believed() {
    let certificate = certificate();
    let mut tried = 0;
    for proof in &certificate.proofs {
        for (cell, by) in proof.low.moves.iter().chain(&proof.high.moves) {
            let error = refused(|doctored| {
                let cell = &mut doctored.cells[*cell];
                match *by < 0 {
                    true => cell.least = cell.value,
                    false => cell.most = cell.value,
                }
            });
            // The proofs before it hold, or rest on the same belief.
            assert_eq!(fault(&error), Some(Fault::LeavesBelief), "{error}");
            tried += usize::from(*by < 0);
        }
    }
    assert!(tried > 0);
}

#[test]
fn what_is_believed_has_the_truth_in_it() {
    for cell in 0..certificate().cells.len() {
        let few = refused(|doctored| doctored.cells[cell].most = doctored.cells[cell].value - 1);
        let many = refused(|doctored| doctored.cells[cell].least = doctored.cells[cell].value + 1);
        for error in [few, many] {
            assert!(matches!(error, VerifyError::Belief { .. }), "{error}");
        }
    }
}

#[test]
fn what_the_attacker_knows_does_not_move() {
    let certificate = certificate();
    for (at, proof) in certificate.proofs.iter().enumerate() {
        for (cell, _) in proof.low.moves.iter().chain(&proof.high.moves) {
            let error = refused(|doctored| doctored.proofs[at].known.push(*cell));
            assert_eq!(fault(&error), Some(Fault::MovesShown), "{error}");
        }
    }
}

#[test]
fn a_certificate_of_less_than_the_table_asks_is_not_of_it() {
    let table = two_way(&[vec![5, 12, 1], vec![2, 7, 9], vec![14, 3, 8]]);
    let done = protect(&table).expect("can be protected");
    let differs = |change: &dyn Fn(&mut Certificate)| {
        let mut other = done.certificate.clone();
        change(&mut other);
        difference(&other, &done.prepared.problem, &done.told)
    };
    assert_eq!(differs(&|_| {}), None);
    // More protection than is asked is no fault.
    assert_eq!(
        differs(&|other| {
            other.minimum_frequency += 1;
            other.required[0].upper += 1;
            other.required[0].lower += 1;
            other.required[0].sliding += 1;
        }),
        None
    );
    let asked = |cell: usize| done.certificate.cells[cell].name.clone();
    let first = done.certificate.required[0].terms[0].0;
    for change in [
        |other: &mut Certificate| other.required[0].upper -= 1,
        |other: &mut Certificate| other.required[0].lower -= 1,
    ] {
        assert_eq!(differs(&change), Some(asked(first)));
    }
    assert_eq!(
        differs(&|other| other.minimum_frequency -= 1),
        Some("minimum_frequency".to_owned())
    );
    assert_eq!(
        differs(&|other| other.cells[3].waiver = Some("because".to_owned())),
        Some(asked(3))
    );
    assert_eq!(differs(&|other| other.cells[3].units += 1), Some(asked(3)));
}

/// The numbers of an end that prove something.
fn numbers(end: &mut End) -> Vec<&mut i64> {
    let mut numbers = vec![
        &mut end.reached.over,
        &mut end.reached.under,
        &mut end.limit.over,
        &mut end.limit.under,
        &mut end.moves_over,
    ];
    numbers.extend(end.moves.iter_mut().map(|(_, by)| by));
    numbers.extend(end.prices.iter_mut().map(|(_, price)| price));
    numbers
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(120))]

    #[test]
    fn no_number_of_a_proof_can_be_changed(
        proof in any::<prop::sample::Index>(),
        is_high in any::<bool>(),
        number in any::<prop::sample::Index>(),
        by in prop_oneof![-3i64..0, 1i64..4],
    ) {
        let certificate = certificate();
        let mut doctored = certificate.clone();
        let proof = proof.get_mut(&mut doctored.proofs);
        let end = if is_high { &mut proof.high } else { &mut proof.low };
        let mut numbers = numbers(end);
        let at = number.index(numbers.len());
        *numbers[at] += by;
        prop_assert!(verify(&doctored).is_err());
    }

    #[test]
    fn no_cell_can_be_swapped(
        proof in any::<prop::sample::Index>(),
        at in any::<prop::sample::Index>(),
        cell in 0usize..16,
    ) {
        let certificate = certificate();
        let mut doctored = certificate.clone();
        let end = &mut proof.get_mut(&mut doctored.proofs).high;
        if end.moves.is_empty() {
            return Ok(());
        }
        let moved = at.get_mut(&mut end.moves);
        if moved.0 == cell {
            return Ok(());
        }
        moved.0 = cell;
        prop_assert!(verify(&doctored).is_err());
    }

    #[test]
    fn what_is_shown_and_hidden_cannot_be_changed(cell in 0usize..16, by in 1i64..3) {
        let certificate = certificate();
        let mut doctored = certificate.clone();
        doctored.cells[cell].hidden = !doctored.cells[cell].hidden;
        prop_assert!(verify(&doctored).is_err());
        let mut doctored = certificate.clone();
        doctored.cells[cell].value += by;
        prop_assert!(verify(&doctored).is_err());
        // Beliefs bear on the ends of hidden cells alone.
        if certificate.cells[cell].hidden {
            let mut doctored = certificate.clone();
            doctored.cells[cell].least -= 50;
            doctored.cells[cell].most = doctored.cells[cell].value;
            prop_assert!(verify(&doctored).is_err());
        }
    }
}

#[test]
fn a_threshold_below_every_rule_is_refused() {
    let mut certificate = protect(&two_way(&[vec![5, 12, 1], vec![2, 7, 9], vec![14, 3, 8]]))
        .expect("protected")
        .certificate;
    for given in 0..3 {
        certificate.minimum_frequency = given;
        assert_eq!(
            verify(&certificate),
            Err(VerifyError::BelowThree { given, least: 3 })
        );
    }
}
