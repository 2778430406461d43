//! `wdl housing --scale isee`: the scale of law as the divisor of incomes.

use std::path::Path;

use wdl_household::Regime;
use wdl_indicators::plain::Errors;
use wdl_indicators::plain::housing::{Column, Options, evaluate, isee_scales};

use crate::housing::{near, of, persons, write};

/// Families of the worked cases of d.P.C.M. 159/2013 and of l. 199/2025, by the scales of the lab's own file.
#[test]
fn the_scale_of_the_isee_is_that_of_the_law_on_the_day() {
    let folder = tempfile::tempdir().unwrap();
    let file = Path::new(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../labs/modena/parameters/isee_scale.yaml"
    ));
    let scales = isee_scales(file).unwrap();
    let residual = |regime, rows: &str| {
        let text = format!("casa,persona,eta,lavorano,reddito,costi\n{rows}");
        let options = Options {
            isee: scales.on("2026-06-01".parse().unwrap(), regime).cloned(),
            measures: vec!["median_residual".parse().unwrap()],
            errors: Errors::None,
            ..persons(&[
                (Column::Income, "reddito"),
                (Column::Costs, "costi"),
                (Column::Age, "eta"),
                (Column::ParentsWork, "lavorano"),
            ])
        };
        let answer = evaluate(&write(folder.path(), &text), &options).unwrap();
        assert_eq!(answer.conventions.scale, "isee");
        let one = of(&answer, "median_residual", &[]);
        (one.value, one.untold.values().sum::<usize>())
    };
    let cases = [
        (Regime::Ordinary, "1,1,40,,10000,0\n", 1.0),
        (
            Regime::Ordinary,
            "1,1,40,1,10000,0\n1,2,38,1,10000,0\n1,3,2,1,10000,0\n",
            2.04 + 0.3,
        ),
        (
            Regime::Ordinary,
            "1,1,40,0,10000,0\n1,2,10,0,10000,0\n",
            1.57 + 0.2,
        ),
        (
            Regime::Ordinary,
            "1,1,40,0,10000,0\n1,2,38,0,10000,0\n1,3,9,0,10000,0\n",
            2.04,
        ),
        (
            Regime::Family,
            "1,1,40,1,10000,0\n1,2,38,1,10000,0\n1,3,9,1,10000,0\n1,4,7,1,10000,0\n",
            2.46 + 0.1 + 0.2,
        ),
    ];
    for (regime, rows, scale) in cases {
        let (value, untold) = residual(regime, rows);
        near(value, 10_000.0 / scale, 1e-12);
        assert_eq!(untold, 0);
    }
    // With minors nothing is known without the standing of the parents.
    let (value, untold) = residual(Regime::Ordinary, "1,1,40,,10000,0\n1,2,10,,10000,0\n");
    assert_eq!((value, untold), (None, 2));
    assert!(
        scales
            .on("2014-12-31".parse().unwrap(), Regime::Ordinary)
            .is_none()
    );
}
