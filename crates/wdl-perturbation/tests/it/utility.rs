//! What a changed table costs in use, by hand.

use wdl_perturbation::rounding::Relation;
use wdl_perturbation::utility::table_utility;

#[test]
fn by_hand() {
    let sum = [Relation {
        total: 3,
        parts: vec![0, 1, 2],
    }];
    let told = table_utility(&[4, 9, 0, 13], &[9, 9, 1, 14], &sum).unwrap();
    assert_eq!((told.changed, told.largest), (3, 5));
    assert_eq!(told.mean_absolute, 7.0 / 4.0);
    assert!((told.root_mean_square - (27.0_f64 / 4.0).sqrt()).abs() < 1e-12);
    assert!((told.mean_relative.unwrap() - (5.0 / 4.0 + 1.0 / 13.0) / 3.0).abs() < 1e-12);
    let roots = (1.0 + 0.0 + 1.0 + (14.0_f64.sqrt() - 13.0_f64.sqrt())) / 4.0;
    assert!((told.mean_of_roots.unwrap() - roots).abs() < 1e-12);
    assert_eq!(told.broken, [3]);
}

#[test]
fn what_cannot_be_told_is_not() {
    assert_eq!(table_utility(&[], &[], &[]), None);
    assert_eq!(table_utility(&[1], &[1, 2], &[]), None);
    let told = table_utility(&[0, 0], &[0, -3], &[]).unwrap();
    assert_eq!(told.mean_relative, None);
    assert_eq!(told.mean_of_roots, Some(0.0));
}
