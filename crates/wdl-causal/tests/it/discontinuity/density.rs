//! The density at the cut-off beside rddensity 3.0.

use wdl_causal::discontinuity::density::{DensityOptions, Model, density};
use wdl_causal::discontinuity::design::{Kernel, NoEstimate};

use super::effect::close;
use super::generated::Sample;
use crate::elsewhere::{self, Table};

fn check(
    name: &str,
    running: &[f64],
    options: &DensityOptions,
    wanted: [f64; 6],
    counts: [usize; 2],
) {
    let found = density(running, options).unwrap_or_else(|why| panic!("{name}: {why}"));
    let own = [
        found.t,
        found.p,
        found.bandwidths[0],
        found.bandwidths[1],
        found.densities[0],
        found.densities[1],
    ];
    for (at, (own, wanted)) in own.into_iter().zip(wanted).enumerate() {
        close(own, wanted, 1e-8, &format!("{name} {at}"));
    }
    assert_eq!(found.effective, counts, "{name}");
}

#[test]
fn senate_beside_rddensity() {
    let (Some(expected), Some(table)) = (elsewhere::expected(), Table::read("senate.csv", b','))
    else {
        return;
    };
    // Every election, also those whose next vote is not known.
    let margin = table.numbers("margin");
    let wanted = &expected["rd_senate"]["senate_rddensity"];
    let found = density(&margin, &DensityOptions::at(0.0)).expect("a test");
    let number = |path: [&str; 2]| wanted[path[0]][path[1]].as_f64().expect("a number");
    let pairs = [
        (found.t, ["test", "t_jk"]),
        (found.p, ["test", "p_jk"]),
        (found.bandwidths[0], ["h", "left"]),
        (found.bandwidths[1], ["h", "right"]),
        (found.densities[0], ["hat", "left"]),
        (found.densities[1], ["hat", "right"]),
    ];
    for (own, path) in pairs {
        close(own, number(path), 1e-8, path[1]);
    }
}

#[test]
fn options_beside_rddensity() {
    let sample = Sample::of(600, 7, 0);
    let plain = DensityOptions::at(0.0);
    let running = &sample.running;
    check(
        "default",
        running,
        &plain,
        [
            -0.5615892118362256,
            0.5743959323552437,
            0.2668953123776713,
            0.3314491667116738,
            0.38299927691594954,
            0.21907486983653154,
        ],
        [84, 99],
    );
    let restricted = DensityOptions {
        model: Model::Restricted,
        ..plain
    };
    check(
        "restricted",
        running,
        &restricted,
        [
            0.15954918478191898,
            0.8732362107156577,
            0.9994639208860694,
            0.9994639208860694,
            0.49772343639847155,
            0.5132872532313513,
        ],
        [304, 296],
    );
    let uniform = DensityOptions {
        kernel: Kernel::Uniform,
        ..plain
    };
    check(
        "uniform",
        running,
        &uniform,
        [
            -0.9185504914334142,
            0.3583307377153624,
            0.28018412000505694,
            0.3186842772514055,
            0.45812764683228085,
            0.19758711303273907,
        ],
        [89, 97],
    );
    let cubic = DensityOptions {
        kernel: Kernel::Epanechnikov,
        degree: 3,
        ..plain
    };
    check(
        "epan",
        running,
        &cubic,
        [
            -0.5012178473266791,
            0.6162178150600486,
            0.4544818511812789,
            0.3602670843851822,
            0.45581848672165914,
            0.28567153896073094,
        ],
        [135, 107],
    );
    let linear = DensityOptions { degree: 1, ..plain };
    check(
        "p1",
        running,
        &linear,
        [
            -1.1038259174457803,
            0.26966865986862265,
            0.18651135997558907,
            0.2576901964420979,
            0.526130325054226,
            0.29326124615480376,
        ],
        [70, 78],
    );
    let moved = DensityOptions::at(0.2);
    check(
        "c02",
        running,
        &moved,
        [
            -1.251980765560764,
            0.210576872795188,
            0.37258796960782686,
            0.3300027293065249,
            0.7776871721446343,
            0.4478673362624242,
        ],
        [130, 91],
    );
    let given = DensityOptions {
        bandwidths: Some([0.3, 0.5]),
        ..plain
    };
    check(
        "h",
        running,
        &given,
        [
            -0.4564787521960496,
            0.6480457466510687,
            0.3,
            0.5,
            0.43476188390892884,
            0.3173392252185181,
        ],
        [94, 148],
    );
}

#[test]
fn ties_beside_rddensity() {
    let sample = Sample::of(900, 11, 40);
    let plain = DensityOptions::at(0.0);
    check(
        "mass",
        &sample.running,
        &plain,
        [
            0.015609675966333848,
            0.9875457863191157,
            1.0,
            1.0,
            0.5264218616488705,
            0.5284254430576425,
        ],
        [435, 465],
    );
    let restricted = DensityOptions {
        model: Model::Restricted,
        kernel: Kernel::Uniform,
        ..plain
    };
    check(
        "mass_restricted",
        &sample.running,
        &restricted,
        [
            0.5513504798922523,
            0.5813934402149727,
            1.0,
            1.0,
            0.46800352433638803,
            0.5104906210573041,
        ],
        [435, 465],
    );
}

#[test]
fn bad_values_are_told() {
    let running: Vec<f64> = (0..100).map(f64::from).collect();
    let outside = density(&running, &DensityOptions::at(200.0));
    assert!(matches!(outside, Err(NoEstimate::CutoffOutside { .. })));
    let holed = [&running[..], &[f64::NAN]].concat();
    let refused = density(&holed, &DensityOptions::at(50.0));
    assert!(matches!(refused, Err(NoEstimate::NotFinite(_, 1))));
    let five: Vec<f64> = (0..100).map(|own| f64::from(own % 5)).collect();
    let refused = density(&five, &DensityOptions::at(2.0));
    assert!(matches!(refused, Err(NoEstimate::FewDistinct { .. })));
}
