//! The review by people.

use proptest::prelude::*;
use rand::seq::SliceRandom as _;
use rand::{Rng as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;
use wdl_linkage::review::{
    Allocation, Answers, Candidate, Design, Kappa, ReviewError, Reviewer, Sample, Stratum, Verdict,
    draw, review, sheet,
};
use wdl_linkage::{Builder, Data};
use wdl_vocab::Text;

fn close(found: f64, expected: f64, tolerance: f64) {
    assert!(
        (found - expected).abs() <= tolerance,
        "{found} for {expected}"
    );
}

/// Two sources of so many records each.
fn data(records: u32) -> Data {
    let mut builder = Builder::new([]);
    for source in ["first", "second"] {
        builder.source(source);
        for record in 0..records {
            builder.push(&format!("{source}-{record:05}"), []).unwrap();
        }
    }
    builder.finish().unwrap()
}

fn candidates(records: u32, seed: u64) -> Vec<Candidate> {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    (0..records)
        .map(|a| {
            let weight: f64 = rng.random_range(-8.0..24.0);
            let probability = 1.0 / (1.0 + (-weight).exp2());
            Candidate {
                a,
                b: records + a,
                weight,
                probability,
                is_link: weight >= 0.0,
            }
        })
        .collect()
}

const DESIGN: Design = Design {
    size: 120,
    strata: 4,
    allocation: Allocation::Neyman,
    seed: 5,
};

/// Every pair judged by what `verdict` says of its place.
fn answers(
    sample: &Sample,
    reviewer: Reviewer,
    name: &str,
    verdict: impl Fn(usize) -> Verdict,
) -> Answers {
    Answers {
        name: name.to_owned(),
        verdicts: sample
            .asked
            .iter()
            .enumerate()
            .map(|(place, pair)| (reviewer.number(pair), verdict(place)))
            .collect(),
    }
}

/// Two tables with known kappa and standard error: Fleiss (*Statistical Methods for Rates and Proportions*, table 18.1: 0.676, error 0.087 to 0.088), and Agresti's 91 couples as R's vcd shows them (0.1293, error 0.0686).
#[test]
fn kappa_is_that_of_worked_examples() {
    let fleiss = Kappa::of(&[[75, 1, 4], [5, 4, 1], [0, 0, 10]]).unwrap();
    close(fleiss.kappa, 0.676, 0.0005);
    close(fleiss.error, 0.0877, 0.0005);
    close(fleiss.agreement, 0.89, 1e-12);
    let couples = Kappa::of(&[[7, 7, 2, 3], [2, 8, 3, 7], [1, 5, 4, 9], [2, 8, 9, 14]]).unwrap();
    close(couples.kappa, 0.1293, 0.00005);
    close(couples.error, 0.0686, 0.00005);
    assert_eq!(Kappa::of(&[[4, 0], [0, 0]]), None);
    assert_eq!(Kappa::of(&[[0, 0], [0, 0]]), None);
}

#[test]
fn a_sample_has_its_size_and_its_strata() {
    let (data, candidates) = (data(5000), candidates(5000, 1));
    let sample = draw(&data, &candidates, &DESIGN);
    assert_eq!(sample.asked.len(), 120);
    assert_eq!(sample.strata.len(), 8);
    assert_eq!(
        sample
            .strata
            .iter()
            .map(|stratum| stratum.pairs)
            .sum::<u64>(),
        5000
    );
    assert!(sample.planned_error().unwrap() < 0.05);
    for (place, stratum) in sample.strata.iter().enumerate() {
        let asked = sample.asked.iter().filter(|pair| pair.stratum == place);
        assert_eq!(asked.count() as u64, stratum.asked);
        assert!(stratum.asked >= 2 && stratum.asked <= stratum.pairs);
    }
    let few = draw(&data, &candidates[..30], &DESIGN);
    assert_eq!(few.asked.len(), 30, "all of few are asked");
    assert!(draw(&data, &[], &DESIGN).asked.is_empty());
}

#[test]
fn the_order_of_the_pairs_says_nothing() {
    let (data, candidates) = (data(900), candidates(900, 2));
    let mut mixed = candidates.clone();
    mixed.shuffle(&mut ChaCha8Rng::seed_from_u64(1));
    let shown = |sample: Sample| -> Vec<(u32, u32, usize, [u32; 2])> {
        let asked = sample.asked.iter();
        asked
            .map(|pair| (pair.a, pair.b, pair.stratum, pair.numbers))
            .collect()
    };
    let first = shown(draw(&data, &candidates, &DESIGN));
    assert_eq!(first, shown(draw(&data, &mixed, &DESIGN)));
    let other = shown(draw(&data, &candidates, &Design { seed: 6, ..DESIGN }));
    assert_ne!(first, other);
}

#[test]
fn a_sheet_shows_levels_in_an_order_of_its_own() {
    let (data, candidates) = (data(900), candidates(900, 2));
    let sample = draw(&data, &candidates, &DESIGN);
    let levels = |_: &_| vec![Text::fixed("uguale", "the same")];
    let [first, second] = Reviewer::BOTH.map(|reviewer| sheet(&sample, reviewer, levels));
    assert_eq!(first.rows[0].number, "A1");
    assert_eq!(second.rows[119].number, "B120");
    let order = |reviewer: usize| {
        let mut pairs: Vec<_> = sample.asked.iter().collect();
        pairs.sort_by_key(|pair| pair.numbers[reviewer]);
        pairs
            .into_iter()
            .map(|pair| pair.candidate)
            .collect::<Vec<_>>()
    };
    assert_ne!(order(0), order(1));
    // The order says nothing of the weight: the two halves have about the same share of links.
    let links = |half: &[usize]| {
        half.iter()
            .filter(|place| candidates[**place].is_link)
            .count() as f64
    };
    close(links(&order(0)[..60]), links(&order(0)[60..]), 20.0);
}

/// Stratified variance by hand: strata of 200 and 300 links, 20 and 30 asked, 18 and 24 matches.
#[test]
fn precision_has_the_variance_of_its_strata() {
    let strata =
        [(true, 200, 20), (true, 300, 30), (false, 1000, 10)].map(|(is_link, pairs, asked)| {
            Stratum {
                is_link,
                weight_from: 0.0,
                weight_to: 1.0,
                pairs,
                asked,
                expected: 0.0,
            }
        });
    let mut number = 0;
    let mut asked = Vec::new();
    for (stratum, of) in strata.iter().enumerate() {
        for _ in 0..of.asked {
            number += 1;
            asked.push(wdl_linkage::review::Asked {
                a: number,
                b: number,
                candidate: 0,
                stratum,
                numbers: [number; 2],
            });
        }
    }
    let sample = Sample {
        strata: strata.to_vec(),
        asked,
    };
    let verdict = |place: usize| match place {
        0..18 | 20..44 | 50..51 => Verdict::Match,
        _ => Verdict::NoMatch,
    };
    let both = [
        answers(&sample, Reviewer::First, "Anna", verdict),
        answers(&sample, Reviewer::Second, "Bruno", verdict),
    ];
    let found = review(&sample, &both, &[]).unwrap();
    let precision = found.precision.unwrap();
    close(
        precision.estimate,
        (200.0 * 0.9 + 300.0 * 0.8) / 500.0,
        1e-12,
    );
    let variance = 0.4_f64.powi(2) * 0.09 * 0.9 / 19.0 + 0.6_f64.powi(2) * 0.16 * 0.9 / 29.0;
    close(precision.error, variance.sqrt(), 1e-12);
    let recall = found.recall.unwrap();
    close(recall.estimate, 420.0 / (420.0 + 100.0), 1e-12);
    let (a, b) = (420.0, 100.0);
    let of_a = 500.0_f64.powi(2) * variance;
    let of_b = 1000.0_f64.powi(2) * 0.09 * 0.99 / 9.0;
    let error = ((b * b * of_a + a * a * of_b) / (a + b).powi(4)).sqrt();
    close(recall.error, error, 1e-12);
    assert_eq!(recall.bounds, (recall.estimate, recall.estimate));
    close(found.kappa.unwrap().kappa, 1.0, 1e-12);
}

#[test]
fn a_stratum_of_one_voice_has_an_interval_all_the_same() {
    let (data, candidates) = (data(900), candidates(900, 3));
    let sample = draw(&data, &candidates, &DESIGN);
    let both = [
        answers(&sample, Reviewer::First, "Anna", |_| Verdict::Match),
        answers(&sample, Reviewer::Second, "Bruno", |_| Verdict::Match),
    ];
    let found = review(&sample, &both, &[]).unwrap();
    let precision = found.precision.unwrap();
    assert_eq!((precision.estimate, precision.interval.1), (1.0, 1.0));
    assert!(precision.interval.0 > 0.8 && precision.interval.0 < 1.0);
    assert_eq!(
        found.kappa, None,
        "nothing is beyond chance where all is one"
    );
    // When all are asked nothing is uncertain.
    let whole = draw(
        &data,
        &candidates,
        &Design {
            size: 900,
            ..DESIGN
        },
    );
    let both = [
        answers(&whole, Reviewer::First, "Anna", |_| Verdict::Match),
        answers(&whole, Reviewer::Second, "Bruno", |_| Verdict::Match),
    ];
    let precision = review(&whole, &both, &[]).unwrap().precision.unwrap();
    assert_eq!((precision.error, precision.interval), (0.0, (1.0, 1.0)));
}

#[test]
fn what_the_two_do_not_agree_on_is_listed_and_can_be_settled() {
    let (data, candidates) = (data(900), candidates(900, 3));
    let sample = draw(&data, &candidates, &DESIGN);
    let truth = |place: usize| {
        if sample.asked[place].a.is_multiple_of(7) {
            Verdict::NoMatch
        } else {
            Verdict::Match
        }
    };
    let mut both = [
        answers(&sample, Reviewer::First, "Anna", truth),
        answers(&sample, Reviewer::Second, "Bruno", |place| {
            if place == 4 {
                Verdict::CannotSay
            } else {
                truth(place)
            }
        }),
    ];
    let left_out = both[0].verdicts.pop().unwrap();
    let found = review(&sample, &both, &[]).unwrap();
    assert_eq!(found.unanswered, [1, 0]);
    assert_eq!(found.disagreements.len(), 1);
    let open = &found.disagreements[0];
    assert_eq!(
        (open.asked, open.verdicts[1], open.settled),
        (4, Verdict::CannotSay, None)
    );
    let bounds = found.precision.unwrap().bounds;
    let number = open.numbers[0].clone();
    let settled = review(&sample, &both, &[(number, Verdict::Match)]).unwrap();
    assert_eq!(settled.disagreements[0].settled, Some(Verdict::Match));
    let narrower = settled.precision.unwrap().bounds;
    assert!(narrower.1 - narrower.0 <= bounds.1 - bounds.0);
    // What both agree on, or one left out, is not there to be settled.
    let refused = review(&sample, &both, &[(left_out.0.clone(), Verdict::Match)]);
    assert_eq!(
        refused,
        Err(ReviewError::NotAsked {
            first: left_out.0,
            count: 1
        })
    );
}

#[test]
fn answers_that_were_not_asked_are_refused() {
    let (data, candidates) = (data(900), candidates(900, 3));
    let sample = draw(&data, &candidates, &DESIGN);
    let good = || {
        [
            answers(&sample, Reviewer::First, "Anna", |_| Verdict::Match),
            answers(&sample, Reviewer::Second, "Bruno", |_| Verdict::Match),
        ]
    };
    let check = |change: &dyn Fn(&mut [Answers; 2]), expected: ReviewError| {
        let mut answers = good();
        change(&mut answers);
        assert_eq!(review(&sample, &answers, &[]), Err(expected));
    };
    let not_asked = |first: &str, count| ReviewError::NotAsked {
        first: first.to_owned(),
        count,
    };
    check(
        &|both| both[0].verdicts.push(("A121".to_owned(), Verdict::Match)),
        not_asked("A121", 1),
    );
    check(
        &|both| both.swap(0, 1),
        not_asked(&good()[1].verdicts[0].0, 120),
    );
    check(
        &|both| both[1].verdicts.extend_from_within(..2),
        ReviewError::Repeated {
            first: good()[1].verdicts[0].0.clone(),
            count: 2,
        },
    );
    check(
        &|both| both[1].name = " anna".to_owned(),
        ReviewError::SameReviewer {
            name: "Anna".to_owned(),
        },
    );
    check(
        &|both| both[1].name = " ".to_owned(),
        ReviewError::NoName { sheet: 'B' },
    );
}

#[test]
fn verdicts_are_read_in_both_languages() {
    for (words, verdict) in [
        ("Stessa  persona", Verdict::Match),
        ("different persons", Verdict::NoMatch),
        ("NON SI PUÒ DIRE", Verdict::CannotSay),
        ("non si puo' dire", Verdict::CannotSay),
    ] {
        assert_eq!(Verdict::read(words), Some(verdict), "{words}");
    }
    assert_eq!(Verdict::read("maybe"), None);
    assert_eq!(Verdict::read(""), None);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn every_allocation_keeps_to_its_size(seed: u64, records in 1_u32..400, size in 0_usize..500, strata in 0_usize..9, equal: bool) {
        let allocation = if equal { Allocation::Equal } else { Allocation::Neyman };
        let design = Design { size, strata, allocation, seed };
        let sample = draw(&data(records), &candidates(records, seed), &design);
        prop_assert_eq!(sample.asked.len(), size.min(records as usize));
        for stratum in &sample.strata {
            prop_assert!(stratum.asked <= stratum.pairs);
            prop_assert!(stratum.weight_from <= stratum.weight_to);
        }
    }
}

/// Drawn again and again, the interval holds the true share about as often as it says.
#[test]
fn intervals_hold_the_truth() {
    let records = 2000;
    let (data, candidates) = (data(records), candidates(records, 9));
    let mut rng = ChaCha8Rng::seed_from_u64(4);
    let truth: Vec<bool> = candidates
        .iter()
        .map(|pair| rng.random_bool(pair.probability))
        .collect();
    let links = candidates.iter().filter(|pair| pair.is_link).count() as f64;
    let right = candidates
        .iter()
        .zip(&truth)
        .filter(|(pair, is_match)| pair.is_link && **is_match)
        .count() as f64;
    let matches = truth.iter().filter(|is_match| **is_match).count() as f64;
    let (mut precise, mut recalled) = (0, 0);
    for seed in 0..200 {
        let sample = draw(&data, &candidates, &Design { seed, ..DESIGN });
        let verdict = |place: usize| {
            if truth[sample.asked[place].candidate] {
                Verdict::Match
            } else {
                Verdict::NoMatch
            }
        };
        let both = [
            answers(&sample, Reviewer::First, "Anna", verdict),
            answers(&sample, Reviewer::Second, "Bruno", verdict),
        ];
        let found = review(&sample, &both, &[]).unwrap();
        let holds = |interval: (f64, f64), truth: f64| interval.0 <= truth && truth <= interval.1;
        precise += i32::from(holds(found.precision.unwrap().interval, right / links));
        recalled += i32::from(holds(found.recall.unwrap().interval, right / matches));
    }
    assert!(
        precise >= 180 && recalled >= 180,
        "{precise} and {recalled} of 200"
    );
}
