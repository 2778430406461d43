//! What records are as they stand: each model's number over their classes, without asking for any bound.

use std::collections::BTreeMap;

use crate::classes::{Classes, Layout, Scratch, wide};
use crate::models::{ClassValues, Distance, Overall, Tree};
use crate::records::Records;

/// The numbers of records whose quasi-identifiers stand as they will be told.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct Measures {
    /// Records.
    pub rows: usize,
    /// Classes of records that look alike.
    pub classes: usize,
    /// The fewest persons of a class.
    pub k: u32,
    /// Records per class.
    pub average_class: f64,
    /// Records that look like no other.
    pub unique_rows: usize,
    /// The fewest people of the register who look like a record; nothing without a register.
    pub k_map: Option<u32>,
    /// The least and the largest share of a class of the register that is among the records; nothing without a register.
    pub presence: Option<(f64, f64)>,
    /// One for each sensitive column.
    pub sensitive: Vec<SensitiveMeasures>,
}

/// The numbers of one sensitive column; where values are missing, those of the worst case.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct SensitiveMeasures {
    /// The fewest distinct values.
    pub distinct_l: u32,
    /// The least `exp(entropy)`.
    pub entropy_l: f64,
    /// For each `l` from 2 to the fewest distinct values: what `c` must be above.
    pub recursive: BTreeMap<u32, f64>,
    /// The largest share of a value.
    pub alpha: f64,
    /// t-closeness when all values are equally far.
    pub t_equal: f64,
    /// t-closeness when values have an order: their codes.
    pub t_ordered: f64,
    /// t-closeness in a hierarchy; nothing without one.
    pub t_hierarchical: Option<f64>,
    /// Basic beta-likeness.
    pub beta: f64,
    /// Enhanced beta-likeness; nothing when no `beta` would do.
    pub enhanced_beta: Option<f64>,
    /// Delta-disclosure; nothing (infinite) when a class lacks a value.
    pub delta: Option<f64>,
    /// Delta-disclosure over the values each class has.
    pub delta_present: f64,
}

/// Measures records as they are, at the leaves of their quasi-identifiers; `trees[place]` is the hierarchy of a sensitive column, where there is one.
pub fn measure(records: &Records, trees: &[Option<Tree>]) -> Measures {
    measure_at(records, &vec![0; records.quasi_identifiers().len()], trees)
}

/// Measures records at a level of each quasi-identifier.
///
/// # Panics
/// When there is no such level.
pub fn measure_at(records: &Records, levels: &[usize], trees: &[Option<Tree>]) -> Measures {
    wide!(records, W => measured::<W>(records, levels, trees))
}

/// The shares of each sensitive column in these records.
pub fn overall(records: &Records) -> Vec<Overall> {
    let one = |column: &crate::records::Sensitive| {
        let mut counts = vec![0_u64; column.values];
        for code in column.codes.iter().flatten() {
            counts[*code as usize] += 1;
        }
        Overall::new(&counts)
    };
    records.sensitive().iter().map(one).collect()
}

fn measured<const W: usize>(
    records: &Records,
    levels: &[usize],
    trees: &[Option<Tree>],
) -> Measures {
    let layout = Layout::of(records);
    let (classes, _) = Classes::<W>::of(records, &layout, levels, &mut Scratch::default());
    let told: Vec<usize> = (0..classes.len())
        .filter(|class| classes.rows[*class] > 0)
        .collect();
    let overall = overall(records);
    let place = |place: usize| {
        of_column(
            &classes,
            &told,
            place,
            records.sensitive()[place].values,
            &overall[place],
            trees.get(place).and_then(Option::as_ref),
        )
    };
    let has_register = records.population().is_some();
    let shares = || {
        let share = |class: usize| match classes.population[class] {
            0 => f64::INFINITY,
            people => f64::from(classes.rows[class]) / f64::from(people),
        };
        let all = (0..classes.len()).map(share);
        all.fold((f64::INFINITY, 0.0), |(low, high): (f64, f64), share| {
            (low.min(share), high.max(share))
        })
    };
    Measures {
        rows: records.rows(),
        classes: told.len(),
        k: told
            .iter()
            .map(|class| classes.persons(*class))
            .min()
            .unwrap_or(0),
        average_class: records.rows() as f64 / told.len() as f64,
        unique_rows: told
            .iter()
            .filter(|class| classes.rows[**class] == 1)
            .count(),
        k_map: has_register.then(|| {
            told.iter()
                .map(|class| classes.population[*class])
                .min()
                .unwrap_or(0)
        }),
        presence: has_register.then(shares),
        sensitive: (0..records.sensitive().len()).map(place).collect(),
    }
}

fn of_column<const W: usize>(
    classes: &Classes<W>,
    told: &[usize],
    place: usize,
    values: usize,
    overall: &Overall,
    tree: Option<&Tree>,
) -> SensitiveMeasures {
    let views = || {
        told.iter().map(move |class| {
            let (codes, counts) = classes.runs[place].of(*class);
            ClassValues::new(codes, counts, values)
        })
    };
    let largest = |number: &dyn Fn(ClassValues<'_>) -> f64| views().map(number).fold(0.0, f64::max);
    let finite = |number: f64| number.is_finite().then_some(number);
    let distinct_l = views().map(|view| view.distinct()).min().unwrap_or(0);
    let recursive = (2..=distinct_l).map(|l| (l, largest(&|view| view.recursive(l as usize))));
    SensitiveMeasures {
        distinct_l,
        entropy_l: views()
            .map(|view| view.entropy())
            .fold(f64::INFINITY, f64::min),
        recursive: recursive.collect(),
        alpha: largest(&|view| view.largest_share()),
        t_equal: largest(&|view| view.closeness(overall, &Distance::Equal)),
        t_ordered: largest(&|view| view.closeness(overall, &Distance::Ordered)),
        t_hierarchical: tree.map(|tree| {
            let distance = Distance::Hierarchical(tree.clone());
            largest(&|view| view.closeness(overall, &distance))
        }),
        beta: largest(&|view| view.beta(overall)),
        enhanced_beta: finite(largest(&|view| view.enhanced_beta(overall))),
        delta: finite(largest(&|view| view.delta(overall))),
        delta_present: largest(&|view| view.delta_present(overall)),
    }
}
