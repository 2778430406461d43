//! Intervals of forms against an enumeration of every population.

use proptest::prelude::*;
use wdl_suppression::bounds::{BoundsError, Form, Interval, Published, Statement};

fn told(atoms: usize, statements: &[Statement]) -> Published {
    let mut published = Published::new(atoms);
    for statement in statements {
        published.tell(statement.clone()).expect("atoms exist");
    }
    published
}

fn interval(low: i64, high: i64) -> Interval {
    Interval {
        low: Some(low),
        high: Some(high),
        is_reached: true,
    }
}

#[test]
fn three_outputs_that_give_a_cell_exactly() {
    // Rows by columns with the 3 hidden, row totals, and rows by coarser columns: 30 - 12 - 15 = 3.
    let published = told(
        3,
        &[
            Statement::exactly([(0, 1)], 12),
            Statement::exactly([(0, 1), (1, 1), (2, 1)], 30),
            Statement::exactly([(2, 1)], 15),
        ],
    );
    let attacker = published.attacker().expect("no contradiction");
    assert_eq!(attacker.interval(&[(1, 1)]), Ok(interval(3, 3)));
    assert_eq!(attacker.because(&[(1, 1)]), Ok(vec![0, 1, 2]));
}

#[test]
fn a_cohort_one_person_smaller() {
    // Atom 1 is the person who left the second cohort.
    let published = told(
        3,
        &[
            Statement::exactly([(0, 1), (1, 1), (2, 1)], 91),
            Statement::exactly([(0, 1), (2, 1)], 90),
            Statement::exactly([(0, 1), (1, 1)], 20),
            Statement::exactly([(2, 1)], 71),
        ],
    );
    let attacker = published.attacker().expect("no contradiction");
    assert_eq!(attacker.interval(&[(1, 1)]), Ok(interval(1, 1)));
    let because = attacker.because(&[(1, 1)]).expect("solved");
    assert_eq!(because, vec![0, 1]);
}

#[test]
fn two_ranges_of_one_sum_hold_together() {
    let sum = || [(0, 1), (1, 1)];
    for order in [[(2, 10), (4, 12)], [(4, 12), (2, 10)]] {
        let statements = order.map(|(least, most)| Statement::between(sum(), least, most));
        let published = told(2, &statements);
        let attacker = published.attacker().expect("no contradiction");
        assert_eq!(attacker.interval(&sum()), Ok(interval(4, 10)));
    }
}

#[test]
fn what_cannot_be_told_apart_has_the_sum_of_its_floors() {
    // The first two are at least two and three; the others can take no more than fifteen of the twenty-five, though each of them could.
    let published = told(
        6,
        &[
            Statement::between([(0, 1)], 2, 40),
            Statement::between([(1, 1)], 3, 40),
            Statement::exactly([(0, 1), (1, 1), (2, 1), (3, 1)], 20),
            Statement::between([(2, 1), (4, 1)], 15, 30),
            Statement::between([(3, 1), (5, 1)], 15, 30),
        ],
    );
    let attacker = published.attacker().expect("no contradiction");
    assert_eq!(attacker.interval(&[(0, 1), (1, 1)]), Ok(interval(5, 20)));
}

#[test]
fn an_end_that_is_not_proved_is_not_called_reached() {
    // A knapsack of fifteen sums over eighty atoms of none or one, too hard for the nodes that are allowed.
    let mut state = 7u64;
    let mut next = || {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        1 + ((state >> 33) % 1_000) as i64
    };
    let atoms = 80;
    let mut published = Published::new(atoms);
    for atom in 0..atoms {
        published.limit(atom, 1).expect("it exists");
    }
    let mut worth = vec![0; atoms];
    for _ in 0..15 {
        let terms: Vec<(usize, i64)> = (0..atoms).map(|atom| (atom, next())).collect();
        let all: i64 = terms.iter().map(|(_, by)| by).sum();
        for (atom, by) in &terms {
            worth[*atom] += by;
        }
        let most = Statement {
            terms,
            least: None,
            most: Some(all / 2),
        };
        published.tell(most).expect("atoms exist");
    }
    let form: Form = (0..atoms)
        .map(|atom| (atom, worth[atom] / 15 + next() / 4))
        .collect();
    let attacker = published.attacker().expect("no contradiction");
    let got = attacker.interval(&form).expect("solved");
    assert_eq!(got.low, Some(0));
    assert!(!got.is_reached, "{got:?}");
}

#[test]
fn nothing_published_means_no_bound() {
    let published = Published::new(2);
    let attacker = published.attacker().expect("no contradiction");
    let got = attacker.interval(&[(0, 1), (1, -1)]).expect("solved");
    assert_eq!((got.low, got.high), (None, None));
    let mut published = Published::new(2);
    published
        .tell(Statement {
            terms: vec![(0, 1), (1, 1)],
            least: Some(4),
            most: None,
        })
        .expect("atoms exist");
    let attacker = published.attacker().expect("no contradiction");
    let got = attacker.interval(&[(0, 1), (1, 1)]).expect("solved");
    assert_eq!((got.low, got.high), (Some(4), None));
}

#[test]
fn rounded_numbers_bound_less() {
    let published = told(
        2,
        &[
            Statement::between([(0, 1), (1, 1)], 8, 12),
            Statement::between([(0, 1)], 3, 7),
        ],
    );
    let attacker = published.attacker().expect("no contradiction");
    assert_eq!(attacker.interval(&[(1, 1)]), Ok(interval(1, 9)));
}

#[test]
fn only_whole_populations_count() {
    // 2a + 2b = 6 and a + 2c = 5, a ≤ 2: a is odd, so 1.
    let mut published = told(
        3,
        &[
            Statement::exactly([(0, 2), (1, 2)], 6),
            Statement::exactly([(0, 1), (2, 2)], 5),
        ],
    );
    published.limit(0, 2).expect("the atom exists");
    let attacker = published.attacker().expect("no contradiction");
    assert_eq!(attacker.interval(&[(0, 1)]), Ok(interval(1, 1)));
}

#[test]
fn contradictions_and_unknown_atoms() {
    let published = told(
        1,
        &[
            Statement::exactly([(0, 1)], 3),
            Statement::exactly([(0, 1)], 4),
        ],
    );
    assert!(matches!(
        published.attacker().err(),
        Some(BoundsError::Contradiction { statement: Some(1) })
    ));
    let published = Published::new(1);
    let attacker = published.attacker().expect("no contradiction");
    assert_eq!(
        attacker.interval(&[(4, 1)]),
        Err(BoundsError::UnknownAtom { atom: 4, atoms: 1 })
    );
    let mut published = Published::new(1);
    assert_eq!(
        published.tell(Statement::exactly([(0, 1)], i64::MAX)),
        Err(BoundsError::TooLarge)
    );
}

/// Every population of `atoms` atoms up to `most` that agrees with the statements, and what a form is in it.
fn enumerated(atoms: usize, most: i64, statements: &[Statement], form: &Form) -> Vec<i64> {
    let value = |terms: &Form, at: &[i64]| terms.iter().map(|(atom, by)| by * at[*atom]).sum();
    let mut found = Vec::new();
    let mut at = vec![0; atoms];
    loop {
        let agrees = statements.iter().all(|statement| {
            let sum: i64 = value(&statement.terms, &at);
            statement.least.is_none_or(|least| sum >= least)
                && statement.most.is_none_or(|most| sum <= most)
        });
        if agrees {
            found.push(value(form, &at));
        }
        let Some(next) = at.iter().position(|value| *value < most) else {
            return found;
        };
        at[next] += 1;
        at[..next].fill(0);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn the_interval_is_that_of_all_populations(
        truth in prop::collection::vec(0i64..4, 5),
        shapes in prop::collection::vec((prop::collection::vec(-1i64..3, 5), 0i64..2), 0..6),
        form in prop::collection::vec(-1i64..3, 5),
    ) {
        let terms = |coefficients: &[i64]| -> Form {
            coefficients.iter().copied().enumerate().filter(|(_, by)| *by != 0).collect()
        };
        let statements: Vec<Statement> = shapes.iter().map(|(coefficients, slack)| {
            let sum: i64 = coefficients.iter().zip(&truth).map(|(by, value)| by * value).sum();
            Statement::between(terms(coefficients), sum - slack, sum + slack)
        }).collect();
        let form = terms(&form);
        let mut published = told(5, &statements);
        for atom in 0..5 {
            published.limit(atom, 4).expect("the atom exists");
        }
        let attacker = published.attacker().expect("the truth agrees");
        let got = attacker.interval(&form).expect("solved");
        let all = enumerated(5, 4, &statements, &form);
        let (low, high) = (*all.iter().min().unwrap(), *all.iter().max().unwrap());
        prop_assert!(got.is_reached);
        prop_assert_eq!((got.low, got.high), (Some(low), Some(high)));
        // The reasons suffice, and none can be left out.
        let because = attacker.because(&form).expect("solved");
        let bounded_by = |chosen: &[usize]| {
            let some: Vec<Statement> = chosen.iter().map(|at| statements[*at].clone()).collect();
            let all = enumerated(5, 4, &some, &form);
            (*all.iter().min().unwrap(), *all.iter().max().unwrap())
        };
        prop_assert_eq!(bounded_by(&because), (low, high));
        for left in &because {
            let fewer: Vec<usize> = because.iter().copied().filter(|at| at != left).collect();
            prop_assert_ne!(bounded_by(&fewer), (low, high));
        }
    }
}

#[test]
fn a_thousand_releases_stacked() {
    // A population of 40 districts by 25 ages; each release counts a band of ages in a few districts.
    let atom = |district: usize, age: usize| district * 25 + age;
    let truth = |district: usize, age: usize| ((district * 7 + age * 3) % 11) as i64;
    let mut published = Published::new(40 * 25);
    for release in 0..1000 {
        let from = release % 23;
        let until = from + 2 + release % 3;
        for step in 0..8 {
            let district = (release * 13 + step * 5) % 40;
            let ages = from..until.min(25);
            let terms = ages.clone().map(|age| (atom(district, age), 1));
            let sum = ages.map(|age| truth(district, age)).sum();
            published
                .tell(Statement::exactly(terms, sum))
                .expect("atoms exist");
        }
    }
    let attacker = published.attacker().expect("no contradiction");
    let forms: Vec<Form> = (0..40 * 25).map(|atom| vec![(atom, 1)]).collect();
    let got = attacker.intervals(&forms).expect("solved");
    for (at, interval) in got.iter().enumerate() {
        let value = truth(at / 25, at % 25);
        assert!(interval.low.is_none_or(|low| low <= value));
        assert!(interval.high.is_none_or(|high| value <= high));
    }
}
