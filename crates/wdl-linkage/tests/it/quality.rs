//! Quality with and without a truth.

use proptest::prelude::*;
use rand::{Rng as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;
use wdl_linkage::quality::{
    Counts, Judged, NameRates, Scope, Truth, TruthNotes, Unlinkable, blocking_recall, calibration,
    calibration_error, cuts, estimated, estimated_by_group, name_rates, unlinkable,
    unlinkable_by_group,
};
use wdl_linkage::{Builder, Data};

fn close(found: f64, expected: f64, tolerance: f64) {
    assert!(
        (found - expected).abs() <= tolerance,
        "{found} for {expected}"
    );
}

/// Records with nothing but ids.
fn data(sources: &[&[&str]]) -> Data {
    let mut builder = Builder::new([]);
    for (place, ids) in sources.iter().enumerate() {
        builder.source(&format!("source {place}"));
        for id in *ids {
            builder.push(id, []).unwrap();
        }
    }
    builder.finish().unwrap()
}

fn one_source(records: u32) -> Scope {
    Scope::new(std::slice::from_ref(&(0..records)), |_, _| true)
}

/// The worked example of Bagga and Baldwin (1998), by which B-cubed became known: 76 % and 58 % of precision.
#[test]
fn b_cubed_is_that_of_its_authors() {
    let labels = vec![1, 1, 1, 1, 1, 2, 2, 3, 3, 3, 3, 3];
    let truth = Truth::of_labels(one_source(12), labels);
    let first = truth.of_clusters(&[0, 0, 0, 0, 0, 5, 5, 5, 5, 5, 5, 5]);
    close(first.b_cubed.precision, 16.0 / 21.0, 1e-12);
    close(first.b_cubed.recall, 1.0, 1e-12);
    let second = truth.of_clusters(&[0, 0, 0, 0, 0, 5, 5, 0, 0, 0, 0, 0]);
    close(second.b_cubed.precision, 7.0 / 12.0, 1e-12);
    close(second.b_cubed.recall, 1.0, 1e-12);
    close(second.b_cubed.f1(), 2.0 * 7.0 / 19.0, 1e-12);
}

/// The examples in the documentation of the Python package er-evaluation (2.3.0): pairs 0.4 and 0.4; whole clusters 0.4 and 0.5.
#[test]
fn pairs_and_clusters_are_those_of_an_established_package() {
    let truth = Truth::of_labels(one_source(8), vec![1, 1, 1, 2, 2, 3, 3, 4]);
    let pairs = truth.of_clusters(&[0, 0, 2, 3, 2, 5, 5, 5]).pairs;
    assert_eq!(
        pairs,
        Counts {
            right: 2,
            found: 5,
            truth: 5
        }
    );
    close(pairs.f1().unwrap(), 0.4, 1e-12);
    let exact = truth.of_clusters(&[0, 0, 2, 3, 2, 5, 5, 7]).exact;
    close(exact.precision().unwrap(), 0.4, 1e-12);
    close(exact.recall().unwrap(), 0.5, 1e-12);
    let names = name_rates(&[0, 0, 2, 3, 2, 5, 5, 5], &[1, 2, 3, 4, 3, 1, 2, 8]);
    assert_eq!(
        (names.homonymy(), names.variation()),
        (Some(0.5), Some(0.5))
    );
}

#[test]
fn a_truth_of_pairs_tells_what_it_does_not_know() {
    let data = data(&[&["a1", "a2", "a3", "x"], &["b1", "b2", "x"]]);
    let pairs = [
        ("a1", "b1"),
        ("b2", "a2"),
        ("a1", "b1"),
        ("a3", "b9"),
        ("zz", "b1"),
        ("a1", "a2"),
        ("x", "x"),
    ];
    let truth = Truth::of_pairs(&data, Scope::of(&data), pairs);
    let expected = TruthNotes {
        unknown: 2,
        out_of_scope: 1,
        repeated: 1,
        implied: 0,
        unlabelled: 0,
    };
    assert_eq!(truth.notes(), expected);
    assert_eq!(truth.matches(), 3);
    // Record 3 is `x` of the first source, record 6 that of the second.
    let counts = truth.of_links([(0, 4), (4, 0), (1, 4), (3, 6)]);
    assert_eq!(
        counts,
        Counts {
            right: 2,
            found: 3,
            truth: 3
        }
    );
    assert_eq!((counts.wrong(), counts.missed()), (1, 1));
    let clusters = truth.of_clusters(&[0, 1, 2, 3, 0, 1, 3]);
    assert_eq!(
        clusters.pairs,
        Counts {
            right: 3,
            found: 3,
            truth: 3
        }
    );
    assert_eq!(
        clusters.exact,
        Counts {
            right: 4,
            found: 4,
            truth: 4
        }
    );
}

#[test]
fn pairs_that_follow_from_others_are_told() {
    let data = data(&[&["1", "2", "3", "4"]]);
    let truth = Truth::of_pairs(&data, Scope::of(&data), [("1", "2"), ("2", "3")]);
    assert_eq!(truth.notes().implied, 1);
    assert_eq!(truth.matches(), 2);
    assert_eq!(truth.is_match(0, 2), Some(false));
    assert_eq!(
        truth.of_clusters(&[0, 0, 0, 3]).pairs,
        Counts {
            right: 3,
            found: 3,
            truth: 3
        }
    );
}

#[test]
fn records_without_a_label_count_nowhere() {
    let truth = Truth::of_labels(one_source(4), vec![5, 5, 0, 7]);
    assert_eq!(truth.notes().unlabelled, 1);
    assert_eq!(
        truth.of_links([(0, 1), (0, 2), (2, 3)]),
        Counts {
            right: 1,
            found: 1,
            truth: 1
        }
    );
    assert_eq!(
        truth.of_clusters(&[0, 0, 0, 3]).pairs,
        Counts {
            right: 1,
            found: 1,
            truth: 1
        }
    );
}

#[test]
fn a_giant_cluster_is_counted_without_its_pairs() {
    let records = 200_000;
    let truth = Truth::of_labels(one_source(records), vec![1; records as usize]);
    let quality = truth.of_clusters(&vec![0; records as usize]);
    assert_eq!(quality.pairs.right, 199_999 * 100_000);
    assert_eq!(quality.b_cubed.f1(), 1.0);
}

#[test]
fn nothing_found_or_nothing_true_is_no_share() {
    let counts = Counts {
        right: 0,
        found: 0,
        truth: 3,
    };
    assert_eq!(
        (counts.precision(), counts.recall(), counts.f1()),
        (None, Some(0.0), Some(0.0))
    );
    assert_eq!(Counts::default().f1(), None);
}

proptest! {
    #[test]
    fn counting_by_cells_is_counting_pairs(seed: u64, records in 1_u32..30, persons in 1_u32..12, sources in 1_usize..4, within: bool) {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let mut ends: Vec<u32> = (1..sources).map(|_| rng.random_range(0..=records)).collect();
        ends.push(records);
        ends.sort_unstable();
        let ranges: Vec<std::ops::Range<u32>> = (0..sources)
            .map(|source| source.checked_sub(1).map_or(0, |before| ends[before])..ends[source])
            .collect();
        let source_of = |record: u32| ranges.iter().position(|range| range.contains(&record)).unwrap();
        let counts = |a: usize, b: usize| if a == b { within && a == 0 } else { (a, b) != (1, 2) };
        let labels: Vec<u32> = (0..records).map(|_| rng.random_range(0..persons + 1)).collect();
        let clusters: Vec<u32> = (0..records).map(|_| rng.random_range(0..persons)).collect();
        let truth = Truth::of_labels(Scope::new(&ranges, counts), labels.clone());
        let mut expected = Counts::default();
        let mut links = Vec::new();
        for a in 0..records {
            for b in a + 1..records {
                let (x, y) = (a as usize, b as usize);
                if labels[x] == 0 || labels[y] == 0 || !counts(source_of(a), source_of(b)) {
                    continue;
                }
                let (is_found, is_true) = (clusters[x] == clusters[y], labels[x] == labels[y]);
                expected.found += u64::from(is_found);
                expected.truth += u64::from(is_true);
                expected.right += u64::from(is_found && is_true);
                if is_found {
                    links.push((b, a));
                }
            }
        }
        let found = truth.of_clusters(&clusters);
        prop_assert_eq!(found.pairs, expected);
        prop_assert_eq!(truth.of_links(links), expected);
        let same = |of: &[u32], record: usize| -> Vec<usize> {
            (0..records as usize).filter(|other| labels[*other] != 0 && of[*other] == of[record]).collect()
        };
        let (mut precision, mut recall, mut known) = (0.0, 0.0, 0.0);
        for record in (0..records as usize).filter(|record| labels[*record] != 0) {
            let (cluster, person) = (same(&clusters, record), same(&labels, record));
            let both = cluster.iter().filter(|other| person.contains(other)).count() as f64;
            precision += both / cluster.len() as f64;
            recall += both / person.len() as f64;
            known += 1.0;
        }
        if known > 0.0 {
            prop_assert!((found.b_cubed.precision - precision / known).abs() < 1e-12);
            prop_assert!((found.b_cubed.recall - recall / known).abs() < 1e-12);
        }
    }
}

fn judged(a: u32, b: u32, probability: f64, is_link: bool) -> Judged {
    Judged {
        a,
        b,
        probability,
        is_link,
    }
}

#[test]
fn probabilities_tell_precision_and_recall() {
    let pairs = [
        judged(0, 2, 0.9, true),
        judged(1, 3, 0.7, true),
        judged(1, 2, 0.4, false),
    ];
    let all = estimated(&pairs, 0.5, 0.8);
    close(all.precision().unwrap(), 0.8, 1e-12);
    close(
        all.recall().unwrap(),
        1.6 / ((0.9 + 0.7 + 0.4 + 0.5) / 0.8),
        1e-12,
    );
    // Records 0 and 2 are of one group, 1 and 3 of the other.
    let groups = estimated_by_group(&pairs, &[0, 1, 0, 1], 2);
    close(groups[0].precision().unwrap(), 0.9, 1e-12);
    close(groups[0].recall().unwrap(), 0.9 / 1.3, 1e-12);
    close(groups[1].recall().unwrap(), 0.7 / 1.1, 1e-12);
    let none = estimated(&[judged(0, 1, 0.2, false)], 0.0, 1.0);
    assert_eq!((none.precision(), none.recall()), (None, None));
}

#[test]
fn a_cut_has_its_false_discoveries_and_its_misses() {
    // Half a match was never compared.
    let points = cuts(&[0.2, 1.0, 0.8, 0.5], &[0.0, 0.5, 0.9, 1.1], 3.0);
    let shown: Vec<(u64, f64, f64)> = points
        .iter()
        .map(|point| (point.links, point.fdr, point.fnr))
        .collect();
    let expected = [
        (4, 1.5 / 4.0, 0.5 / 3.0),
        (3, 0.7 / 3.0, 0.7 / 3.0),
        (1, 0.0, 2.0 / 3.0),
        (0, 0.0, 1.0),
    ];
    for (shown, expected) in shown.into_iter().zip(expected) {
        assert_eq!(shown.0, expected.0);
        close(shown.1, expected.1, 1e-12);
        close(shown.2, expected.2, 1e-12);
    }
}

#[test]
fn promises_are_held_against_truth_by_weight() {
    let pairs = [
        (-1.0, 0.2, false),
        (-0.5, 0.4, true),
        (3.0, 0.9, true),
        (0.0, 0.5, false),
    ];
    let bins = calibration(&pairs, &[0.0, 2.0]);
    let counts: Vec<(u64, u64)> = bins.iter().map(|bin| (bin.pairs, bin.matches)).collect();
    assert_eq!(counts, [(2, 1), (1, 0), (1, 1)]);
    close(calibration_error(&bins), (0.4 + 0.5 + 0.1) / 4.0, 1e-12);
    assert_eq!(calibration_error(&calibration(&[], &[])), 0.0);
}

/// Twenty-one species seen once and nineteen twice in fifty plots of 225 species, as in the plots of Barro Colorado (the data of the R package vegan); the estimate in its bias-corrected form by hand.
#[test]
fn what_blocking_lost_follows_from_what_it_found_once_and_twice() {
    let mut found_by = vec![0.0; 50];
    (found_by[0], found_by[1], found_by[9]) = (21.0, 19.0, 185.0);
    let recall = blocking_recall(&found_by).unwrap();
    close(recall.missed, 0.98 * 21.0 * 20.0 / 40.0, 1e-12);
    close(recall.recall, 225.0 / 235.29, 1e-12);
    assert!(recall.interval.0 < recall.recall && recall.recall < recall.interval.1);
    assert_eq!(blocking_recall(&[10.0]), None);
    assert_eq!(blocking_recall(&[0.0, 0.0]), None);
    let nothing_lost = blocking_recall(&[0.0, 3.0, 9.0]).unwrap();
    assert_eq!(
        (nothing_lost.recall, nothing_lost.interval),
        (1.0, (1.0, 1.0))
    );
}

/// Independent rules lose what the estimate says they lose.
#[test]
fn independent_rules_are_estimated_well() {
    let mut rng = ChaCha8Rng::seed_from_u64(3);
    let mut found_by = vec![0.0; 4];
    for _ in 0..100_000 {
        let rules = (0..4).filter(|_| rng.random_bool(0.5)).count();
        if rules > 0 {
            found_by[rules - 1] += 1.0;
        }
    }
    let recall = blocking_recall(&found_by).unwrap();
    close(recall.recall, 15.0 / 16.0, 0.02);
}

#[test]
fn records_that_match_nobody_are_counted() {
    let weights = [3.0, -2.0, 8.0, 0.0];
    let count = |unlinkable| Unlinkable {
        records: 4,
        unlinkable,
    };
    assert_eq!(
        unlinkable(&weights, &[-5.0, 0.0, 3.5]),
        [count(0), count(1), count(3)]
    );
    let groups = unlinkable_by_group(&weights, 1.0, &[0, 1, 1, 0], 2);
    assert_eq!(
        groups,
        [Unlinkable {
            records: 2,
            unlinkable: 1
        }; 2]
    );
    assert_eq!(name_rates(&[0, 1], &[0, 0]), NameRates::default());
}
