//! What a delivery does to those before it.

use proptest::prelude::*;
use wdl_delivery::{Delivery, DeliveryKind, Scope, Sealed};
use wdl_register::{Accepted, in_force};
use wdl_vocab::{DeliveryId, Diagnose as _, Digest, Period};

use crate::invented::{Home, Lab, homes, words};

const ROWS: [Home; 3] = [
    (1, Some(11), "F", 10),
    (2, Some(12), "M", 20),
    (3, Some(13), "F", 30),
];

/// A delivery of another kind, with a reason.
fn seal(lab: &Lab, quarter: i8, kind: DeliveryKind, rows: &[Home]) -> Delivery<Sealed> {
    let mut declared = lab.declaration("comune", "case", quarter);
    declared.kind = kind;
    declared.reason = Some("importi sbagliati".to_owned());
    lab.seal(declared, &homes(rows))
}

fn whole(of: &Accepted) -> DeliveryKind {
    DeliveryKind::Substitutive {
        of: of.delivery.clone(),
        scope: Scope::Whole,
    }
}

fn rejected(of: &Accepted) -> DeliveryKind {
    DeliveryKind::Substitutive {
        of: of.delivery.clone(),
        scope: Scope::Rejected,
    }
}

fn cancelling(of: &Accepted) -> DeliveryKind {
    DeliveryKind::Cancelling {
        of: of.delivery.clone(),
    }
}

/// The first letter of each row's sex, sorted by the lab's number of the row's record.
fn sexes(lab: &Lab, all: &[Accepted]) -> Vec<String> {
    let contract = lab.contract("comune", "case");
    words(&lab.register.dataset(contract, all).unwrap(), "sex")
}

fn rows(lab: &Lab, all: &[Accepted]) -> usize {
    sexes(lab, all).len()
}

fn code(lab: &Lab, delivery: Delivery<Sealed>, all: &[Accepted]) -> &'static str {
    match lab.admit(delivery, all) {
        Ok(_) => "accepted",
        Err(refused) => refused.diagnostic().code.id,
    }
}

#[test]
fn a_whole_substitutive_takes_the_place_of_another() {
    let lab = Lab::new();
    let mut all = vec![lab.admit(lab.homes(1, &ROWS), &[]).unwrap()];
    let again = seal(&lab, 1, whole(&all[0]), &ROWS[..1]);
    all.push(lab.admit(again, &all).unwrap());
    assert_eq!(rows(&lab, &all), 1);
    assert_eq!(in_force(&all), [all[1].clone()]);
    let once_more = seal(&lab, 1, whole(&all[0]), &ROWS[..2]);
    assert_eq!(
        code(&lab, once_more, &all),
        "WDL-R017",
        "no longer in force"
    );
    let once_more = seal(&lab, 1, whole(&all[1]), &ROWS[..2]);
    all.push(lab.admit(once_more, &all).unwrap());
    assert_eq!(rows(&lab, &all), 2);
}

#[test]
fn rejected_rows_are_added_and_go_with_what_they_complete() {
    let lab = Lab::new();
    let bad = [ROWS[0], (2, Some(12), "X", 20), ROWS[2]];
    let answer = lab.answer(lab.homes(1, &bad), &[]).unwrap();
    assert_eq!(answer.accepted.rows_rejected, 1);
    let mut all = vec![answer.accepted];
    assert_eq!(rows(&lab, &all), 2);
    let corrected = seal(&lab, 1, rejected(&all[0]), &ROWS[1..2]);
    all.push(lab.admit(corrected, &all).unwrap());
    assert_eq!(rows(&lab, &all), 3);
    // The same rows as if they had been right at once.
    let other = Lab::with_secrets_of(&lab);
    let right = vec![other.admit(other.homes(1, &ROWS), &[]).unwrap()];
    assert_eq!(sexes(&lab, &all), sexes(&other, &right));

    // A row of the same key takes the place of the one that was accepted.
    let turned = seal(&lab, 1, rejected(&all[0]), &[(1, Some(11), "M", 10)]);
    all.push(lab.admit(turned, &all).unwrap());
    assert_eq!(rows(&lab, &all), 3);
    assert_eq!(in_force(&all).len(), 3);
    let back = seal(&lab, 1, cancelling(&all[0]), &[]);
    all.push(lab.admit(back, &all).unwrap());
    assert_eq!((rows(&lab, &all), in_force(&all).len()), (0, 0));
}

#[test]
fn what_is_cancelled_can_be_delivered_anew() {
    let lab = Lab::new();
    let first = lab.homes(1, &ROWS);
    let same_file = Delivery::from_bytes(&first.to_bytes().unwrap()).unwrap();
    let mut all = vec![lab.admit(first, &[]).unwrap()];
    all.push(
        lab.admit(seal(&lab, 1, cancelling(&all[0]), &[]), &all)
            .unwrap(),
    );
    assert_eq!(rows(&lab, &all), 0);
    assert_eq!(
        code(&lab, same_file, &all),
        "WDL-R013",
        "the very file never again"
    );
    let twice = seal(&lab, 1, cancelling(&all[0]), &[]);
    assert_eq!(code(&lab, twice, &all), "WDL-R017");
    all.push(lab.admit(lab.homes(1, &ROWS), &all).unwrap());
    assert_eq!(rows(&lab, &all), 3);
}

#[test]
fn only_what_is_in_force_for_the_same_data_can_be_named() {
    let lab = Lab::new();
    let all = vec![lab.admit(lab.homes(1, &ROWS), &[]).unwrap()];
    let unknown = DeliveryKind::Cancelling {
        of: DeliveryId::parse("0123456789abcdef0123456789abcdef").unwrap(),
    };
    assert_eq!(code(&lab, seal(&lab, 1, unknown, &[]), &all), "WDL-R017");
    let other_period = seal(&lab, 2, whole(&all[0]), &ROWS[..1]);
    assert_eq!(code(&lab, other_period, &all), "WDL-R017");
    let same_rows = seal(&lab, 1, whole(&all[0]), &ROWS);
    assert_eq!(
        code(&lab, same_rows, &all),
        "WDL-R013",
        "it changes nothing"
    );
}

#[test]
fn del_old_after_new() {
    let lab = Lab::new();
    let mut all = vec![lab.admit(lab.homes(2, &ROWS), &[]).unwrap()];
    assert_eq!(code(&lab, lab.homes(1, &ROWS[..2]), &all), "WDL-R018");
    let with_reason = seal(&lab, 1, DeliveryKind::ORDINARY, &[(1, Some(11), "M", 9)]);
    all.push(lab.admit(with_reason, &all).unwrap());
    // What the later period says of a key stands.
    assert_eq!(rows(&lab, &all), 3);
    assert!(!sexes(&lab, &all).iter().take(3).all(|sex| sex == "M"));
    let contract = lab.contract("comune", "case");
    let periods = words(
        &lab.register.dataset(contract, &all).unwrap(),
        "delivery_period",
    );
    assert_eq!(periods, ["2026-Q2"; 3]);
}

/// A delivery that came in, without its files.
fn came(number: usize, kind: DeliveryKind) -> Accepted {
    let digest = Digest::of(&number.to_be_bytes());
    Accepted {
        delivery: id(number),
        body: "comune".parse().unwrap(),
        dataset: "case".parse().unwrap(),
        period: Period::quarter(2026, 1),
        kind,
        contract_version: "1.0.0".to_owned(),
        rows: 1,
        rows_rejected: 0,
        rows_without_person: 0,
        sealed_content: digest,
        content: digest,
        file: "x.parquet".into(),
    }
}

fn id(number: usize) -> DeliveryId {
    DeliveryId::parse(&format!("d{number}")).unwrap()
}

/// What is in force, the slow and obvious way: each delivery with everything it hangs from.
fn obvious(all: &[Accepted]) -> Vec<Accepted> {
    let mut alive: Vec<(Accepted, Vec<DeliveryId>)> = Vec::new();
    for one in all {
        let above = |alive: &[(Accepted, Vec<DeliveryId>)], of: &DeliveryId| {
            let found = alive.iter().find(|(other, _)| other.delivery == *of);
            found.map(|(_, above)| above.clone())
        };
        match &one.kind {
            DeliveryKind::Ordinary {} => alive.push((one.clone(), Vec::new())),
            DeliveryKind::Substitutive {
                of,
                scope: Scope::Rejected,
            } => {
                let mut above = above(&alive, of).unwrap_or_default();
                above.push(of.clone());
                alive.push((one.clone(), above));
            }
            DeliveryKind::Substitutive {
                of,
                scope: Scope::Whole,
            } => {
                let above = above(&alive, of).unwrap_or_default();
                alive.retain(|(other, above)| other.delivery != *of && !above.contains(of));
                alive.push((one.clone(), above));
            }
            DeliveryKind::Cancelling { of } => {
                alive.retain(|(other, above)| other.delivery != *of && !above.contains(of));
            }
        }
    }
    alive.into_iter().map(|(one, _)| one).collect()
}

proptest! {
    #[test]
    fn the_slow_and_obvious_way_agrees(acts in prop::collection::vec((0_u8..4, any::<prop::sample::Index>()), 1..14)) {
        let mut all: Vec<Accepted> = Vec::new();
        for (act, which) in acts {
            let alive = in_force(&all);
            let named = (!alive.is_empty()).then(|| which.get(&alive).clone());
            let kind = match (act, named) {
                (0, _) | (_, None) => DeliveryKind::ORDINARY,
                (1, Some(of)) => whole(&of),
                (2, Some(of)) => rejected(&of),
                (_, Some(of)) => cancelling(&of),
            };
            all.push(came(all.len(), kind));
            prop_assert_eq!(in_force(&all), obvious(&all));
        }
    }
}
