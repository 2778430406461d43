//! Clusters under their rules.

use proptest::prelude::*;
use rand::seq::SliceRandom as _;
use rand::{Rng as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;
use wdl_linkage::cluster::{ClusterRules, Clusters, Reason, clusters};
use wdl_linkage::decide::Edge;

fn edge(a: u32, b: u32, weight: f64) -> Edge {
    Edge { a, b, weight }
}

/// Rules of one source with duplicates and nothing else.
fn free(source_of: &(dyn Fn(u32) -> usize + Sync)) -> ClusterRules<'_> {
    ClusterRules {
        source_of,
        without_duplicates: &[],
        exclusive: None,
        size_max: 1000,
        absent_weight: None,
        scored: &[],
    }
}

#[test]
fn without_rules_a_cluster_is_a_connected_component() {
    let found = clusters(
        7,
        &[edge(5, 3, 2.0), edge(3, 6, 1.0), edge(1, 2, -4.0)],
        &free(&|_| 0),
    );
    assert_eq!(found.cluster_of, [0, 1, 1, 3, 4, 3, 3]);
    assert!(found.repairs.is_empty());
}

#[test]
fn a_source_without_duplicates_has_one_record_in_a_cluster() {
    // Records 0 and 1 of the first source; both are linked to record 2 of the second.
    let links = [edge(0, 2, 5.0), edge(1, 2, 9.0)];
    let rules = ClusterRules {
        without_duplicates: &[true, false],
        ..free(&|record| usize::from(record >= 2))
    };
    let found = clusters(3, &links, &rules);
    assert_eq!(found.cluster_of, [0, 1, 1]);
    let repair = &found.repairs[0];
    assert_eq!((repair.chain, repair.clusters), (0, (0, 1)));
    assert_eq!(repair.cut, [links[0]]);
    let expected = Reason::SameSource {
        source: 0,
        records: (0, 1),
    };
    assert_eq!(repair.reason, expected);
}

#[test]
fn two_valid_codes_are_two_persons() {
    let links = [edge(0, 1, 5.0), edge(1, 2, 6.0), edge(3, 4, 20.0)];
    let codes = [7, 0, 8, 1, 2];
    let rules = ClusterRules {
        exclusive: Some(&codes),
        ..free(&|_| 0)
    };
    let found = clusters(5, &links, &rules);
    assert_eq!(found.cluster_of, [0, 1, 1, 3, 4]);
    let reasons: Vec<Reason> = found.repairs.iter().map(|repair| repair.reason).collect();
    let two = |a, b| Reason::TwoCodes { records: (a, b) };
    assert_eq!(reasons, [two(0, 2), two(3, 4)]);
}

#[test]
fn one_wrong_link_does_not_hold_two_persons_together() {
    let mut links = Vec::new();
    for first in [0, 4] {
        for a in first..first + 4 {
            links.extend((a + 1..first + 4).map(|b| edge(a, b, 12.0)));
        }
    }
    links.push(edge(3, 4, 10.0));
    let whole = clusters(8, &links, &free(&|_| 0));
    assert_eq!(whole.cluster_of, [0; 8]);
    let rules = ClusterRules {
        absent_weight: Some(-3.0),
        ..free(&|_| 0)
    };
    let found = clusters(8, &links, &rules);
    assert_eq!(found.cluster_of, [0, 0, 0, 0, 4, 4, 4, 4]);
    assert_eq!(found.repairs[0].cut, [edge(3, 4, 10.0)]);
    let expected = Reason::Weak {
        weight: 10.0 - 15.0 * 3.0,
        compared: 1,
        absent: 15,
    };
    assert_eq!(found.repairs[0].reason, expected);
    // A third record with a partial tie stays: what was compared and not linked is known to be no more than unlikely.
    let scored = [edge(0, 2, -3.0)];
    let rules = ClusterRules {
        scored: &scored,
        ..free(&|_| 0)
    };
    let kept = clusters(3, &[edge(0, 1, 8.0), edge(1, 2, 8.0)], &rules);
    assert_eq!(kept.cluster_of, [0; 3]);
}

/// Sources one and two were linked with source nought, not with one another, and none within itself: nothing speaks against pairs that nobody looked for.
#[test]
fn pairs_that_were_never_looked_for_say_nothing() {
    let links = [edge(0, 1, 2.0), edge(0, 2, 2.0), edge(0, 3, 2.0)];
    let rules = ClusterRules {
        absent_weight: Some(-9.0),
        ..free(&|record| [0, 1, 2, 2][record as usize])
    };
    assert_eq!(clusters(4, &links, &rules).cluster_of, [0; 4]);
    let rules = ClusterRules {
        source_of: &|_| 0,
        ..rules
    };
    assert_eq!(clusters(4, &links, &rules).cluster_of, [0, 0, 2, 3]);
}

#[test]
fn a_cluster_is_never_larger_than_allowed() {
    let links: Vec<Edge> = (1..5000).map(|record| edge(0, record, 1.0)).collect();
    let rules = ClusterRules {
        size_max: 10,
        ..free(&|_| 0)
    };
    let found = clusters(5000, &links, &rules);
    assert_eq!(
        found
            .cluster_of
            .iter()
            .filter(|cluster| **cluster == 0)
            .count(),
        10
    );
    assert_eq!(found.cluster_of[..11], [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 10]);
    assert_eq!(found.repairs.len(), 4990);
    assert_eq!(found.repairs[0].reason, Reason::TooLarge { size: 11 });
}

const RECORDS: u32 = 40;

fn random_links(seed: u64, count: usize) -> Vec<Edge> {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    (0..count)
        .map(|_| {
            let (a, b) = (rng.random_range(0..RECORDS), rng.random_range(0..RECORDS));
            edge(a, b, f64::from(rng.random_range(-3..8)))
        })
        .collect()
}

fn keeps_the_rules(found: &Clusters, links: &[Edge], rules: &ClusterRules) {
    for record in 0..RECORDS {
        let members: Vec<u32> = (0..RECORDS)
            .filter(|other| found.cluster_of[*other as usize] == found.cluster_of[record as usize])
            .collect();
        assert_eq!(found.cluster_of[record as usize], members[0]);
        assert!(members.len() <= rules.size_max);
        let protected = |source: usize| rules.without_duplicates.get(source) == Some(&true);
        let mut sources: Vec<usize> = members
            .iter()
            .map(|record| (rules.source_of)(*record))
            .filter(|source| protected(*source))
            .collect();
        let count = sources.len();
        sources.sort_unstable();
        sources.dedup();
        assert_eq!(sources.len(), count);
        let codes = rules.exclusive.expect("the test has codes");
        let mut codes: Vec<u32> = members
            .iter()
            .map(|record| codes[*record as usize])
            .filter(|code| *code != 0)
            .collect();
        codes.dedup();
        codes.sort_unstable();
        codes.dedup();
        assert!(codes.len() <= 1);
    }
    let is_cut =
        |link: &Edge| found.cluster_of[link.a as usize] != found.cluster_of[link.b as usize];
    let mut cut: Vec<(u32, u32)> = links
        .iter()
        .filter(|link| is_cut(link))
        .map(|link| (link.a.min(link.b), link.a.max(link.b)))
        .collect();
    cut.sort_unstable();
    cut.dedup();
    let mut told: Vec<(u32, u32)> = found
        .repairs
        .iter()
        .flat_map(|repair| repair.cut.iter().map(|link| (link.a, link.b)))
        .collect();
    told.sort_unstable();
    assert_eq!(cut, told, "every cut link is told once");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn no_rule_is_ever_broken_and_the_order_says_nothing(seed: u64, count in 0_usize..120, size_max in 2_usize..12, absent in proptest::option::of(-6_i32..1)) {
        let links = random_links(seed, count);
        let scored = random_links(seed ^ 1, count / 2);
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let codes: Vec<u32> = (0..RECORDS).map(|_| rng.random_range(0..6_u32).saturating_sub(2)).collect();
        let rules = ClusterRules {
            source_of: &|record| record as usize % 3,
            without_duplicates: &[true, false, true],
            exclusive: Some(&codes),
            size_max,
            absent_weight: absent.map(f64::from),
            scored: &scored,
        };
        let found = clusters(RECORDS, &links, &rules);
        keeps_the_rules(&found, &links, &rules);
        let mut mixed = links.clone();
        mixed.shuffle(&mut rng);
        for link in &mut mixed {
            if rng.random_bool(0.5) {
                (link.a, link.b) = (link.b, link.a);
            }
        }
        prop_assert_eq!(clusters(RECORDS, &mixed, &rules), found);
    }
}
