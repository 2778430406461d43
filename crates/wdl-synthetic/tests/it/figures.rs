//! The published figures, at the three sizes.

use wdl_synthetic::{City, Request};

fn check(residents: u32, seed: u64) {
    let city = City::live(Request {
        residents,
        seed,
        clean: false,
    })
    .unwrap();
    let missed: Vec<String> = city
        .targets()
        .into_iter()
        .filter(|target| !target.holds())
        .map(|target| {
            format!(
                "{}: {} for {} ± {}",
                target.name, target.achieved, target.expected, target.tolerance
            )
        })
        .collect();
    assert!(
        missed.is_empty(),
        "{residents} residents, seed {seed}: {missed:#?}"
    );
}

#[test]
fn a_village_has_the_published_figures() {
    for seed in 1..=4 {
        check(2_000, seed);
    }
}

#[test]
fn a_town_has_the_published_figures() {
    check(20_000, 1);
    check(20_000, 2);
}

#[test]
fn the_whole_city_has_the_published_figures() {
    check(185_000, 1);
}

#[test]
fn a_size_out_of_range_is_refused() {
    for residents in [0, 499, 1_000_001] {
        assert!(
            City::live(Request {
                residents,
                seed: 1,
                clean: true
            })
            .is_err()
        );
    }
}
