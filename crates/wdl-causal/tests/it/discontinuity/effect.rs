//! The effect at the cut-off on elections of the US Senate, beside rdrobust 2.1.1.

use serde_json::Value;
use wdl_causal::discontinuity::bandwidth::{Bandwidths, Selector, select};
use wdl_causal::discontinuity::design::{Kernel, MassPoints, Options, Rows, Selection, Variance};
use wdl_causal::discontinuity::estimate::{Estimate, estimate};

use crate::elsewhere::{self, Table};

/// The margin and the next vote, with the state of each row.
pub(super) fn senate() -> Option<(Vec<f64>, Vec<f64>, Vec<usize>)> {
    let table = Table::read("senate.csv", b',')?;
    let (margin, vote) = (table.numbers("margin"), table.numbers("vote"));
    let mut states = table.text("state");
    let own = states.clone();
    states.sort_unstable();
    states.dedup();
    let kept: Vec<usize> = (0..margin.len())
        .filter(|row| margin[*row].is_finite() && vote[*row].is_finite())
        .collect();
    let state = |row: usize| states.binary_search(&own[row]).expect("a state");
    Some((
        kept.iter().map(|row| margin[*row]).collect(),
        kept.iter().map(|row| vote[*row]).collect(),
        kept.iter().map(|row| state(*row)).collect(),
    ))
}

pub(super) fn close(found: f64, wanted: f64, tolerance: f64, what: &str) {
    assert!(
        (found - wanted).abs() <= tolerance * wanted.abs(),
        "{what}: {found} is not {wanted}, off by {:e}",
        (found - wanted).abs() / wanted.abs()
    );
}

fn numbers(value: &Value) -> Vec<f64> {
    let cells = value.as_array().expect("a list").iter();
    cells.map(|own| own.as_f64().expect("a number")).collect()
}

fn beside(found: &Estimate, wanted: &Value, what: &str) {
    let effect = found.effect;
    let readings = [effect.conventional, effect.bias_corrected, effect.robust];
    for (at, own) in readings.into_iter().enumerate() {
        let name = |part: &str| format!("{what} {part} {at}");
        close(
            own.value,
            numbers(&wanted["coef"])[at],
            1e-8,
            &name("value"),
        );
        close(
            own.standard_error,
            numbers(&wanted["se"])[at],
            1e-8,
            &name("error"),
        );
        close(own.p, numbers(&wanted["pv"])[at], 1e-6, &name("p"));
        let interval = numbers(&wanted["ci"][at]);
        close(own.interval[0], interval[0], 1e-8, &name("low"));
        close(own.interval[1], interval[1], 1e-8, &name("high"));
    }
    for side in 0..2 {
        let [main, bias] = [0, 1].map(|row: usize| numbers(&wanted["bws"][row])[side]);
        close(
            found.bandwidths.main[side],
            main,
            1e-8,
            &format!("{what} h"),
        );
        close(
            found.bandwidths.bias[side],
            bias,
            1e-8,
            &format!("{what} b"),
        );
        assert_eq!(found.rows[side] as f64, numbers(&wanted["N"])[side]);
        assert_eq!(found.effective[side] as f64, numbers(&wanted["N_h"])[side]);
    }
}

#[test]
fn senate_beside_rdrobust() {
    let (Some(expected), Some((margin, vote, state))) = (elsewhere::expected(), senate()) else {
        return;
    };
    let plain = Options::at(0.0);
    let chosen = |selector| Options {
        selection: Selection::Chosen(selector),
        ..plain
    };
    let given = Bandwidths {
        main: [10.0; 2],
        bias: [20.0; 2],
    };
    let cases = [
        ("senate_default", plain),
        (
            "senate_uniform",
            Options {
                kernel: Kernel::Uniform,
                ..plain
            },
        ),
        (
            "senate_epanechnikov",
            Options {
                kernel: Kernel::Epanechnikov,
                ..plain
            },
        ),
        (
            "senate_p2",
            Options {
                degree: 2,
                bias_degree: 3,
                ..plain
            },
        ),
        ("senate_msetwo", chosen(Selector::Msetwo)),
        ("senate_cerrd", chosen(Selector::Cerrd)),
        (
            "senate_hc1",
            Options {
                variance: Variance::Hc1,
                ..plain
            },
        ),
        (
            "senate_h10_b20",
            Options {
                selection: Selection::Given(given),
                ..plain
            },
        ),
        (
            "senate_masspoints_off",
            Options {
                mass_points: MassPoints::Off,
                ..plain
            },
        ),
    ];
    let rows = Rows::sharp(&margin, &vote);
    for (name, options) in cases {
        let found = estimate(&rows, &options).expect(name);
        beside(&found, &expected["rd_senate"][name], name);
    }
    let clustered = Rows {
        clusters: Some(&state),
        ..rows
    };
    let found = estimate(&clustered, &plain).expect("clustered");
    let name = "senate_cluster_state";
    beside(&found, &expected["rd_senate"][name], name);
    for selector in Selector::ALL {
        let name = format!("{selector:?}").to_lowercase();
        let found = select(&rows, &plain, selector).expect("bandwidths");
        let wanted = numbers(&expected["rd_senate"]["senate_bw_all"][&name]);
        let own = [found.main, found.bias].concat();
        for (own, wanted) in own.iter().zip(wanted) {
            close(*own, wanted, 1e-8, &name);
        }
    }
}
