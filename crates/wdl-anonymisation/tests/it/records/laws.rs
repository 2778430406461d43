//! What always holds: the optimum beside a slow search, persons, missing values, nothing to be told.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use wdl_anonymisation::hierarchy::Hierarchy;
use wdl_anonymisation::lattice::{LatticeError, Mean, Metric, Node, Problem, frontier, whole};
use wdl_anonymisation::models::{
    Absent, ClassValues, Distance, Model, ModelError, Overall, Tree, measure,
};
use wdl_anonymisation::records::{QuasiIdentifier, Records, Sensitive};

fn hierarchy(text: &str) -> Hierarchy {
    let rows: Vec<Vec<&str>> = text.lines().map(|line| line.split(';').collect()).collect();
    Hierarchy::from_rows(&rows).unwrap()
}

const LETTERS: &str = "a;ab;abcd;*\nb;ab;abcd;*\nc;cd;abcd;*\nd;cd;abcd;*\ne;e;e;*";
const PAIR: &str = "m;*\nf;*";
const NUMBERS: &str = "1;1-2;*\n2;1-2;*\n3;3-4;*\n4;3-4;*";

/// Three codes of quasi-identifiers and a sensitive one.
type Row = (u32, u32, u32, u32);

/// Three quasi-identifiers and a sensitive column of four values; the last code of each is a missing value.
fn records(rows: &[Row]) -> Records {
    let column = |text: &str, of: &dyn Fn(&Row) -> u32| QuasiIdentifier {
        hierarchy: hierarchy(text),
        codes: rows.iter().map(of).collect(),
    };
    let quasi = vec![
        column(LETTERS, &|row| row.0),
        column(PAIR, &|row| row.1),
        column(NUMBERS, &|row| row.2),
    ];
    let codes = rows
        .iter()
        .map(|row| (row.3 < 4).then_some(row.3))
        .collect();
    Records::new(quasi)
        .unwrap()
        .with_sensitive(Sensitive { codes, values: 4 })
        .unwrap()
}

fn rows(most: usize) -> impl Strategy<Value = Vec<(u32, u32, u32, u32)>> {
    prop::collection::vec((0..6_u32, 0..3_u32, 0..5_u32, 0..5_u32), 1..most)
}

fn a_model() -> impl Strategy<Value = Model> {
    let sensitive = 0;
    prop_oneof![
        (1..4_u32).prop_map(Model::KAnonymity),
        (1..4_u32).prop_map(move |l| Model::DistinctL { sensitive, l }),
        (1.0..3.0).prop_map(move |l| Model::EntropyL { sensitive, l }),
        (1.0..3.0, 2..4_u32).prop_map(move |(c, l)| Model::RecursiveL { sensitive, c, l }),
        (0.1..0.9).prop_map(move |t| Model::TCloseness {
            sensitive,
            t,
            distance: Distance::Equal
        }),
        (0.1..0.9).prop_map(move |t| Model::TCloseness {
            sensitive,
            t,
            distance: Distance::Ordered
        }),
        (0.5..3.0).prop_map(move |beta| Model::BasicBeta { sensitive, beta }),
        (0.5..3.0).prop_map(move |beta| Model::EnhancedBeta { sensitive, beta }),
        (0.5..3.0).prop_map(move |delta| Model::DeltaDisclosure {
            sensitive,
            delta,
            absent: Absent::LeftOut
        }),
        (0.3..0.9).prop_map(move |alpha| Model::Alpha { sensitive, alpha }),
    ]
}

fn a_metric() -> impl Strategy<Value = Metric> {
    (0..Metric::NAMES.len()).prop_map(|place| Metric::NAMES[place].1)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    /// The search that leaves nodes out finds what the walk over all of them finds.
    #[test]
    fn what_is_left_out_is_never_better(rows in rows(40), models in prop::collection::vec(a_model(), 1..3), metric in a_metric(), limit in 0.0..1.0_f64) {
        let records = records(&rows);
        let Ok(problem) = Problem::new(&records, &models, metric, limit) else { return Ok(()) };
        let optimum = problem.optimum();
        let all = whole(&problem, &[metric]).unwrap();
        let kept = all.iter().filter(|node| node.suppressed.unwrap() <= problem.suppression_cap());
        let least = kept.map(|node| node.losses[0]).min_by(f64::total_cmp);
        prop_assert_eq!(optimum.best.is_some(), least.is_some());
        if let (Some(best), Some(least)) = (&optimum.best, least) {
            prop_assert!((best.loss - least).abs() <= 1e-12 * least.abs().max(1.0));
            let told = problem.suppressed(&best.levels).iter().filter(|lost| **lost).count() as u64;
            prop_assert_eq!(told, best.suppressed);
        }
    }

    /// The same records in another order have the same optimum.
    #[test]
    fn the_order_of_records_says_nothing(rows in rows(40), model in a_model(), limit in 0.0..0.5_f64) {
        let mut turned = rows.clone();
        turned.reverse();
        let best = |rows: &[(u32, u32, u32, u32)]| -> Option<Node> {
            let records = records(rows);
            let models = [model.clone()];
            Problem::new(&records, &models, Metric::Loss(Mean::Geometric), limit).ok()?.optimum().best
        };
        prop_assert_eq!(best(&rows), best(&turned));
    }

    /// A missing value never makes the sensitive column look safer than the value it may hide.
    #[test]
    fn a_missing_value_never_lowers_a_risk(rows in rows(30), place in 0..30_usize) {
        let complete: Vec<_> = rows.iter().map(|row| (row.0, row.1, row.2, row.3 % 4)).collect();
        let place = place % rows.len();
        let mut lacking = complete.clone();
        lacking[place].3 = 4;
        // The shares in all records must be the same on both sides: the models are held against them.
        let against = |rows: &[(u32, u32, u32, u32)]| measure(&records(rows), &[None]).sensitive[0].clone();
        let (told, hidden) = (against(&complete), against(&lacking));
        prop_assert!(hidden.distinct_l <= told.distinct_l);
        prop_assert!(hidden.entropy_l <= told.entropy_l + 1e-12);
        prop_assert!(hidden.alpha >= told.alpha - 1e-12);
    }

    /// Each number is that of the worst way to fill the missing values in.
    #[test]
    fn missing_values_are_the_worst_they_may_be(known in prop::collection::vec(0..4_u32, 4), missing in 0..4_u32, rest in prop::collection::vec(1..9_u64, 4)) {
        prop_assume!(known.iter().sum::<u32>() + missing > 0);
        let overall = Overall::new(&rest);
        let hierarchy = hierarchy("a;x;*\nb;x;*\nc;y;*\nd;y;*").without_missing();
        let tree = Tree::new(&hierarchy, &[0, 1, 2, 3]).unwrap();
        let numbers = |counts: &[u32]| {
            let told: Vec<(u32, u32)> = (0..5).zip(counts.iter().copied()).filter(|(_, count)| *count > 0).collect();
            let (codes, counts): (Vec<u32>, Vec<u32>) = told.into_iter().unzip();
            let class = ClassValues::new(&codes, &counts, 4);
            // Larger is worse in each.
            [
                -f64::from(class.distinct()),
                -class.entropy(),
                class.recursive(2),
                class.recursive(3),
                class.largest_share(),
                class.closeness(&overall, &Distance::Equal),
                class.closeness(&overall, &Distance::Ordered),
                class.closeness(&overall, &Distance::Hierarchical(tree.clone())),
                class.beta(&overall),
                class.enhanced_beta(&overall),
                class.delta(&overall),
                class.delta_present(&overall),
            ]
        };
        let mut filled = vec![known.clone()];
        for _ in 0..missing {
            filled = filled.iter().flat_map(|counts| (0..4).map(move |value| {
                let mut more = counts.clone();
                more[value] += 1;
                more
            })).collect();
        }
        let mut worst = [f64::NEG_INFINITY; 12];
        for counts in &filled {
            for (worst, number) in worst.iter_mut().zip(numbers(counts)) {
                *worst = worst.max(number);
            }
        }
        let mut counts = known;
        counts.push(missing);
        for (place, (number, worst)) in numbers(&counts).into_iter().zip(worst).enumerate() {
            prop_assert!(number == worst || (number - worst).abs() < 1e-9, "{place}: {number} and not {worst}");
        }
    }

    /// Counts by hand: classes, suppression and the loss of the node below all.
    #[test]
    fn the_bottom_is_what_counting_gives(rows in rows(40), k in 1..5_u32) {
        let records = records(&rows);
        let Ok(problem) = Problem::new(&records, &[Model::KAnonymity(k)], Metric::Loss(Mean::Arithmetic), 1.0).map(|problem| whole(&problem, &[Metric::Discernibility]).unwrap()) else { return Ok(()) };
        let mut classes: BTreeMap<(u32, u32, u32), u64> = BTreeMap::new();
        for row in &rows {
            *classes.entry((row.0, row.1, row.2)).or_default() += 1;
        }
        let lost: u64 = classes.values().filter(|size| **size < u64::from(k)).sum();
        let squares: u64 = classes.values().filter(|size| **size >= u64::from(k)).map(|size| size * size).sum();
        prop_assert_eq!(problem[0].suppressed, Some(lost));
        prop_assert_eq!(problem[0].losses[0], (squares + lost * rows.len() as u64) as f64);
    }
}

#[test]
fn k_counts_persons_and_not_records() {
    let rows = [(0, 0, 0, 0); 6];
    let persons = |of: [u32; 6]| {
        let records = records(&rows).with_persons(of.to_vec()).unwrap();
        measure(&records, &[None]).k
    };
    assert_eq!(persons([1, 2, 3, 4, 5, 6]), 6);
    assert_eq!(persons([1, 1, 1, 1, 1, 1]), 1);
    assert_eq!(persons([7, 7, 8, 8, 8, 9]), 3);
}

#[test]
fn persons_in_several_records_count_once_when_classes_merge() {
    let rows = [(0, 0, 0, 0), (1, 0, 0, 0), (0, 0, 0, 1), (1, 0, 0, 1)];
    let records = records(&rows).with_persons(vec![1, 1, 2, 2]).unwrap();
    let problem = Problem::new(&records, &[Model::KAnonymity(2)], Metric::Height, 0.0).unwrap();
    let all = whole(&problem, &[Metric::Height]).unwrap();
    assert!(all.iter().all(|node| node.smallest == 2), "{all:?}");
}

#[test]
fn more_persons_than_there_are_and_what_is_no_share_are_refused() {
    let records = records(&[(0, 0, 0, 0), (1, 1, 1, 1)]);
    let metric = Metric::Height;
    let fault = |models: &[Model], limit: f64| {
        Problem::new(&records, models, metric, limit)
            .map(|_| ())
            .unwrap_err()
    };
    let few = ModelError::TooFewPersons { k: 3, persons: 2 };
    assert_eq!(
        fault(&[Model::KAnonymity(3)], 0.0),
        LatticeError::Model(few)
    );
    assert_eq!(fault(&[], 0.0), LatticeError::NoModel);
    assert_eq!(fault(&[Model::KAnonymity(1)], 1.5), LatticeError::Limit);
    assert_eq!(
        fault(&[Model::KAnonymity(1)], f64::NAN),
        LatticeError::Limit
    );
    assert!(matches!(
        fault(&[Model::KAnonymity(0)], 0.0),
        LatticeError::Model(ModelError::Parameter { .. })
    ));
    assert!(matches!(
        fault(&[Model::DistinctL { sensitive: 0, l: 5 }], 0.0),
        LatticeError::Model(ModelError::TooFewValues { .. })
    ));
    assert!(matches!(
        fault(&[Model::KMap(1)], 0.0),
        LatticeError::Model(ModelError::NoPopulation { .. })
    ));
    assert!(
        Records::new(vec![QuasiIdentifier {
            hierarchy: hierarchy(PAIR),
            codes: Vec::new()
        }])
        .is_err()
    );
}

#[test]
fn a_solution_that_tells_nothing_is_not_useful() {
    // Two records that share nothing: only the top, where all is told as nothing, has two alike.
    let records = records(&[(0, 0, 0, 0), (4, 1, 3, 1)]);
    let problem = Problem::new(
        &records,
        &[Model::KAnonymity(2)],
        Metric::Loss(Mean::Geometric),
        0.0,
    )
    .unwrap();
    let optimum = problem.optimum();
    assert!(optimum.best.is_some() && !optimum.useful);
    assert!(frontier(&problem).unwrap().is_empty());
    // Everything may be left out, and is.
    let problem = Problem::new(
        &records,
        &[Model::DistinctL { sensitive: 0, l: 3 }],
        Metric::Height,
        1.0,
    )
    .unwrap();
    let optimum = problem.optimum();
    assert!(optimum.best.is_some_and(|node| node.suppressed == 2) && !optimum.useful);
    let problem = Problem::new(
        &records,
        &[Model::DistinctL { sensitive: 0, l: 3 }],
        Metric::Height,
        0.0,
    )
    .unwrap();
    assert_eq!(problem.optimum().best, None);
}

#[test]
fn a_register_counts_people_and_tells_who_is_absent() {
    let records = records(&[(0, 0, 0, 0), (1, 1, 1, 1)]);
    let register = vec![vec![0, 0, 1, 2], vec![0, 0, 1, 1], vec![0, 0, 1, 1]];
    let records = records.with_population(register).unwrap();
    let measures = measure(&records, &[None]);
    assert_eq!((measures.k, measures.k_map), (1, Some(1)));
    assert_eq!(measures.presence, Some((0.0, 1.0)));
    let presence = |minimum, maximum| {
        let models = [Model::DeltaPresence { minimum, maximum }];
        Problem::new(&records, &models, Metric::Height, 0.0)
            .unwrap()
            .optimum()
            .best
            .map(|node| node.levels)
    };
    assert_eq!(presence(0.0, 1.0), Some(vec![0, 0, 0]));
    // Whoever is in the third class is known to be absent: it must merge with one who is there.
    assert_eq!(presence(0.4, 0.6), Some(vec![2, 0, 0]));
    assert_eq!(presence(0.9, 1.0), None);
}

#[test]
fn the_frontier_rises_in_one_and_falls_in_the_other() {
    let rows: Vec<_> = (0..60_u32)
        .map(|row| (row * 7 % 5, row % 2, row * 3 % 4, row % 4))
        .collect();
    let records = records(&rows);
    let problem = Problem::new(
        &records,
        &[Model::KAnonymity(2)],
        Metric::Loss(Mean::Geometric),
        0.1,
    )
    .unwrap();
    let nodes = frontier(&problem).unwrap();
    assert!(nodes.len() > 1);
    assert!(
        nodes
            .windows(2)
            .all(|two| two[0].smallest > two[1].smallest && two[0].losses[0] > two[1].losses[0])
    );
    let sizes: BTreeSet<u32> = nodes.iter().map(|node| node.smallest).collect();
    assert_eq!(sizes.len(), nodes.len());
    let best = problem.optimum().best.unwrap();
    assert_eq!(nodes.last().map(|node| node.losses[0]), Some(best.loss));
}

#[test]
fn the_number_of_threads_changes_nothing() {
    let rows: Vec<_> = (0..300_u32)
        .map(|row| (row * row % 6, row * 5 % 3, row * 11 % 5, row % 5))
        .collect();
    let records = records(&rows);
    let of = |threads: usize, metric| {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .unwrap();
        pool.install(|| {
            Problem::new(&records, &[Model::KAnonymity(4)], metric, 0.05)
                .unwrap()
                .optimum()
        })
    };
    for (_, metric) in Metric::NAMES {
        assert_eq!(of(1, metric), of(4, metric));
    }
}
