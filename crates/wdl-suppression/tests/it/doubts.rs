//! Doubts about many sums at once, against the interval of each.

use proptest::prelude::*;
use wdl_suppression::bounds::{BoundsError, Form, Published, Statement};

proptest! {
    #![proptest_config(ProptestConfig { cases: 80, ..ProptestConfig::default() })]

    /// A doubt that is told is there, and one that is not told is not, where every end is reached by a whole population.
    #[test]
    fn as_the_intervals_say(
        truth in prop::collection::vec(0_i64..7, 6),
        told in prop::collection::vec(prop::collection::vec(0_i64..2, 6), 1..6),
        asked in prop::collection::vec((prop::collection::vec(-1_i64..3, 6), 0_i64..9), 1..8),
    ) {
        let form = |by: &[i64]| -> Form { by.iter().copied().enumerate().collect() };
        let mut published = Published::new(6);
        for by in &told {
            let value = by.iter().zip(&truth).map(|(by, value)| by * value).sum();
            published.tell(Statement::exactly(form(by), value)).unwrap();
        }
        let attacker = published.attacker().unwrap();
        prop_assert!(attacker.agrees().is_ok());
        let asked: Vec<(Form, i64)> = asked.iter().map(|(by, width)| (form(by), *width)).collect();
        let forms: Vec<Form> = asked.iter().map(|(form, _)| form.clone()).collect();
        let intervals = attacker.intervals(&forms).unwrap();
        let doubts = attacker.are_in_doubt(&asked).unwrap();
        for (((_, width), interval), is_in_doubt) in asked.iter().zip(&intervals).zip(&doubts) {
            let is_wide = interval.width().is_none_or(|own| own >= *width);
            prop_assert!(is_wide || !is_in_doubt);
        }
    }
}

#[test]
fn one_population_answers_for_many_sums() {
    // Rows and columns of a square are known: one circle moves all four.
    let mut published = Published::new(4);
    for (pair, value) in [([0, 1], 10), ([2, 3], 12), ([0, 2], 9), ([1, 3], 13)] {
        let terms = pair.map(|at| (at, 1));
        published.tell(Statement::exactly(terms, value)).unwrap();
    }
    let attacker = published.attacker().unwrap();
    let asked: Vec<(Form, i64)> = (0..4).map(|at| (vec![(at, 1)], 9)).collect();
    assert_eq!(attacker.are_in_doubt(&asked), Ok(vec![true; 4]));
    let more: Vec<(Form, i64)> = (0..4).map(|at| (vec![(at, 1)], 10)).collect();
    assert_eq!(attacker.are_in_doubt(&more), Ok(vec![false; 4]));
    // Nothing is known of a sum beyond what is published of it.
    assert_eq!(
        attacker.are_in_doubt(&[(vec![(0, 1), (1, 1)], 1)]),
        Ok(vec![false])
    );
}

#[test]
fn a_contradiction_is_found_without_a_question() {
    // Each pair of three has one person: half of them each, which nobody is; and then the three have two.
    let mut published = Published::new(3);
    for pair in [[0, 1], [1, 2], [0, 2]] {
        published
            .tell(Statement::exactly(pair.map(|at| (at, 1)), 1))
            .unwrap();
    }
    published
        .tell(Statement::exactly([(0, 1), (1, 1), (2, 1)], 2))
        .unwrap();
    let told = published.attacker().and_then(|attacker| attacker.agrees());
    assert!(matches!(told, Err(BoundsError::Contradiction { .. })));
}
