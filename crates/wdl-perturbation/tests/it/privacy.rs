//! Against OpenDP 0.16.0 as its Python face reports it, and the laws of a budget.

use wdl_perturbation::privacy::{Account, Limit, Loss, Mechanism, PrivacyError, epsilon_of};

fn close(actual: f64, expected: f64) {
    assert!(
        (actual - expected).abs() < 1e-6,
        "{actual} is not {expected}"
    );
}

fn pure(mechanism: Mechanism, sensitivity: u32) -> f64 {
    match mechanism.loss(sensitivity).unwrap() {
        Loss::Pure(epsilon) => epsilon,
        Loss::Concentrated(_) => panic!("is pure"),
    }
}

#[test]
fn losses_are_those_of_opendp() {
    for epsilon in [0.1, 0.5, 1.0, 2.0] {
        close(
            pure(
                Mechanism::Laplace {
                    scale: 1.0 / epsilon,
                },
                1,
            ),
            epsilon,
        );
    }
    assert_eq!(
        Mechanism::laplace_for(0.5, 2).unwrap(),
        Mechanism::Laplace { scale: 4.0 }
    );
    assert_eq!(
        Mechanism::Gaussian { scale: 2.0 }.loss(1).unwrap(),
        Loss::Concentrated(0.125)
    );
    let Loss::Concentrated(rho) = Mechanism::gaussian_for(0.1, 3).unwrap().loss(3).unwrap() else {
        panic!("is concentrated")
    };
    assert!(rho <= 0.1 && rho > 0.1 - 1e-12);
}

#[test]
fn conversions_are_those_of_opendp() {
    close(epsilon_of(0.125, 1e-5).unwrap(), 2.165_716);
    close(epsilon_of(0.125, 1e-6).unwrap(), 2.419_093);
    close(epsilon_of(0.125, 1e-9).unwrap(), 3.058_122);
    close(epsilon_of(0.3125, 1e-6).unwrap(), 4.010_281);
    assert!(epsilon_of(0.125, 1e-6).unwrap() < 0.125 + 2.0 * (0.125 * 1e6_f64.ln()).sqrt());
}

#[test]
fn accuracy_is_that_of_opendp() {
    close(
        Mechanism::Laplace { scale: 1.0 }.accuracy(0.05).unwrap(),
        3.375_618,
    );
    close(
        Mechanism::Gaussian { scale: 2.0 }.accuracy(0.05).unwrap(),
        5.0,
    );
}

fn account(epsilon: f64) -> Account {
    Account::new(Limit {
        epsilon,
        delta: 1e-6,
    })
    .unwrap()
}

/// Ten answers with Gaussian noise of scale 4, and ten with Laplace noise of scale 2.
#[test]
fn answers_add_up() {
    let mut gaussian = account(100.0);
    let mut laplace = account(100.0);
    for _ in 0..10 {
        gaussian
            .answer(None, 50, Mechanism::Gaussian { scale: 4.0 }, 1)
            .unwrap();
        laplace
            .answer(None, 50, Mechanism::Laplace { scale: 2.0 }, 1)
            .unwrap();
    }
    close(gaussian.spent().unwrap(), 4.010_281);
    close(laplace.spent().unwrap(), 5.0);
}

/// 20,000 draws at scale 1: P(0) = (1 − e⁻¹)/(1 + e⁻¹) = 0.462117, variance 1.8413.
#[test]
fn draws_follow_the_discrete_laplace() {
    let mut account = account(1e9);
    let draws: Vec<f64> = (0..20_000)
        .map(|_| {
            account
                .answer(None, 7, Mechanism::Laplace { scale: 1.0 }, 1)
                .unwrap()
                .count as f64
                - 7.0
        })
        .collect();
    let zero = draws.iter().filter(|noise| **noise == 0.0).count() as f64 / 20_000.0;
    // Six standard errors: a chance of 2e-9 of a false alarm.
    assert!((zero - 0.462_117).abs() < 0.022, "{zero}");
    assert!((draws.iter().sum::<f64>() / 20_000.0).abs() < 0.06);
}

#[test]
fn the_same_question_has_the_same_answer_and_costs_nothing() {
    let mut account = account(1.0);
    let first = account
        .answer(None, 40, Mechanism::Laplace { scale: 2.0 }, 1)
        .unwrap();
    let spent = account.spent().unwrap();
    let again = account
        .answer(Some(first.count), 40, Mechanism::Laplace { scale: 2.0 }, 1)
        .unwrap();
    assert!(first.is_new && !again.is_new && first.count == again.count);
    assert_eq!(account.spent().unwrap(), spent);
}

#[test]
fn what_the_budget_does_not_reach_is_refused_and_not_charged() {
    let mut account = account(1.0);
    account.enter(Loss::Pure(0.75));
    let refused = account.answer(None, 40, Mechanism::Laplace { scale: 2.0 }, 1);
    assert!(
        matches!(refused, Err(PrivacyError::Spent { limit: 1.0, .. })),
        "{refused:?}"
    );
    assert!(!refused.unwrap_err().to_string().contains("40"));
    assert_eq!(account.spent().unwrap(), 0.75);
    account
        .answer(None, 40, Mechanism::Laplace { scale: 4.0 }, 1)
        .unwrap();
    assert!(
        account
            .answer(None, 40, Mechanism::Gaussian { scale: 1000.0 }, 1)
            .is_err()
    );
}

#[test]
fn parameters_that_are_none_are_refused() {
    assert!(matches!(
        Mechanism::laplace_for(0.0, 1),
        Err(PrivacyError::Parameter { name: "ε" })
    ));
    assert!(matches!(
        Mechanism::gaussian_for(f64::NAN, 1),
        Err(PrivacyError::Parameter { .. })
    ));
    assert!(matches!(
        Mechanism::Laplace { scale: 1.0 }.loss(0),
        Err(PrivacyError::Parameter { .. })
    ));
    assert!(
        Account::new(Limit {
            epsilon: 1.0,
            delta: 0.0
        })
        .is_err()
    );
}

/// Groups that do not overlap, asked together: one price, one draw for each, none where the price is too high.
#[test]
fn counts_of_a_table_cost_once() {
    let mut account = account(1.0);
    let mechanism = Mechanism::laplace_for(0.5, 1).unwrap();
    let counts = [0, 3, 250, 8];
    let answers = account.answer_all(None, &counts, mechanism, 1).unwrap();
    assert!(answers.is_new && answers.counts.len() == 4);
    close(account.spent().unwrap(), 0.5);
    let again = account
        .answer_all(Some(&answers.counts), &counts, mechanism, 1)
        .unwrap();
    assert_eq!((again.counts, again.is_new), (answers.counts, false));
    // Each person in two of the groups: twice the price.
    assert!(matches!(
        account.answer_all(None, &counts, mechanism, 2),
        Err(PrivacyError::Spent { .. })
    ));
    close(account.spent().unwrap(), 0.5);
}
