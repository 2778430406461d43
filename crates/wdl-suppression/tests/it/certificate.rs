//! Certificates hold, travel, and do not hold once a number is changed.

use std::sync::LazyLock;

use proptest::prelude::*;
use wdl_suppression::certificate::{Certificate, End};
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
    assert!(matches!(
        refused(&|doctored| doctored.required[0].upper = 100),
        VerifyError::TooNarrow { .. }
    ));
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
