//! Costs against income: limits met exactly, income that is not there, laws.

use proptest::prelude::*;
use wdl_household::{Above, Burden, Costs, Untold, WithoutIncome};

use crate::worked_examples;

fn rent(costs: f64, income: f64) -> Costs {
    Costs {
        costs,
        allowances: 0.0,
        income,
    }
}

fn is_above(costs: Costs, limit: f64) -> bool {
    costs
        .above(limit, WithoutIncome::Overburdened)
        .unwrap()
        .is_above
}

#[test]
fn the_worked_incidences() {
    let Some(cases) = worked_examples() else {
        return;
    };
    let mut met = 0;
    for case in cases["fondo_affitto_ER_2024"].as_array().unwrap() {
        let number = |key: &str| case["input"][key].as_f64().unwrap();
        let costs = rent(number("rent"), number("irpef_gross_income"));
        let expected = &case["expected_with_threshold_8000"]["incidence"];
        let Some(want) = expected.as_str() else {
            assert_eq!(
                costs.burden(),
                Burden::WithoutIncome,
                "no income, no incidence"
            );
            continue;
        };
        let Burden::Share(share) = costs.burden() else {
            panic!("{case}")
        };
        assert_eq!(format!("{:.2}", 100.0 * share), want, "{case}");
        let limits = [0.25, 0.4].map(|limit| is_above(costs, limit));
        let want: f64 = want.parse().unwrap();
        assert_eq!(limits, [want > 25.0, want > 40.0], "{case}");
        met += 1;
    }
    assert_eq!(met, 7);
}

#[test]
fn whoever_stands_on_the_limit_is_not_above_it() {
    // In binary each of these quotients, or products, may fall on either side.
    for cents in 1..2_000_u32 {
        let income = f64::from(cents * 10) / 100.0;
        for (limit, tenths) in [(0.3, 3), (0.4, 4)] {
            let costs = f64::from(cents * tenths) / 100.0;
            assert!(!is_above(rent(costs, income), limit), "{costs} of {income}");
            assert!(is_above(rent(costs + 0.01, income), limit));
            let with_allowance = Costs {
                costs: costs + 1234.56,
                allowances: 1234.56,
                income: income + 1234.56,
            };
            assert!(!is_above(with_allowance, limit), "{costs} of {income}");
        }
    }
}

#[test]
fn without_income_the_convention_is_told() {
    let above = |costs: Costs| costs.above(0.4, WithoutIncome::Overburdened);
    let by_convention = |is_above| {
        Ok(Above {
            is_above,
            is_by_convention: true,
        })
    };
    for income in [0.0, -0.0, -500.0] {
        assert_eq!(above(rent(6000.0, income)), by_convention(true));
        assert_eq!(above(rent(0.0, income)), by_convention(false));
        let left_out = rent(6000.0, income).above(0.4, WithoutIncome::LeftOut);
        assert_eq!(left_out, Err(Untold::IncomeNotPositive));
        assert_eq!(rent(6000.0, income).burden(), Burden::WithoutIncome);
    }
    // The allowance is all of the income, and pays all of the costs.
    let paid = Costs {
        costs: 1000.1,
        allowances: 1000.1,
        income: 1000.1,
    };
    assert_eq!(above(paid), by_convention(false));
}

proptest! {
    #[test]
    fn another_currency_changes_nothing(costs in 0.0f64..30_000.0, allowances in 0.0f64..5_000.0, income in -5_000.0f64..60_000.0, limit in 0.05f64..0.9) {
        let in_units = |unit: f64| Costs { costs: costs * unit, allowances: allowances * unit, income: income * unit };
        let euro = in_units(1.0).above(limit, WithoutIncome::Overburdened);
        for unit in [1e-6, 1936.27, 1e6] {
            prop_assert_eq!(euro, in_units(unit).above(limit, WithoutIncome::Overburdened));
        }
    }

    #[test]
    fn more_income_never_raises_the_burden(costs in 0.0f64..30_000.0, income in 1.0f64..60_000.0, more in 0.0f64..10_000.0) {
        prop_assert!(is_above(rent(costs, income), 0.4) || !is_above(rent(costs, income + more), 0.4));
    }
}
