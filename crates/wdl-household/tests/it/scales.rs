//! Equivalence scales: the synthetic EU-SILC, published coefficients, households of children only.

use std::collections::BTreeMap;

use proptest::prelude::*;
use wdl_household::{Age, Scale, Untold};

use crate::{age, reference};

#[test]
fn the_modified_scale_is_that_of_the_synthetic_survey() {
    let Some(file) = reference("eusilc.csv") else {
        return;
    };
    let mut reader = csv::Reader::from_path(file).unwrap();
    let names = reader.headers().unwrap().clone();
    let place = |name: &str| names.iter().position(|column| column == name).unwrap();
    let (household, years, scale) = (place("db030"), place("age"), place("eqSS"));
    let mut households: BTreeMap<String, (Vec<Option<Age>>, f64)> = BTreeMap::new();
    for record in reader.records() {
        let record = record.unwrap();
        let entry = households.entry(record[household].to_owned()).or_default();
        entry
            .0
            .push(Some(Age::of_years(record[years].parse().unwrap()).unwrap()));
        entry.1 = record[scale].parse().unwrap();
    }
    assert_eq!(households.len(), 6000);
    let mut of_children_only = 0;
    for (ages, want) in households.into_values() {
        if ages.iter().flatten().all(|age| age.years() < 14) {
            of_children_only += 1;
            continue;
        }
        let got = Scale::OecdModified.of_ages(&ages).unwrap();
        assert!((got - want).abs() < 1e-12, "{got} is not {want}");
    }
    assert_eq!(of_children_only, 0);
}

#[test]
fn households_of_children_only_have_a_first_member() {
    let scale = |ages: &[u8]| {
        let ages: Vec<Option<Age>> = ages.iter().map(|years| age(*years)).collect();
        Scale::OecdModified.of_ages(&ages)
    };
    assert_eq!(scale(&[12]), Ok(1.0));
    assert_eq!(scale(&[12, 13]), Ok(1.3));
    assert_eq!(scale(&[13, 14]), Ok(1.3), "one of 14 is the adult");
    assert_eq!(scale(&[14, 14]), Ok(1.5));
    assert_eq!(scale(&[]), Err(Untold::NoMembers));
}

#[test]
fn ages_that_are_not_told() {
    assert_eq!(
        Scale::OecdModified.of_ages(&[None]),
        Ok(1.0),
        "alone, of any age"
    );
    assert_eq!(
        Scale::OecdModified.of_ages(&[age(40), None]),
        Err(Untold::AgeMissing)
    );
    assert_eq!(
        Scale::SquareRoot.of_ages(&[age(40), None, None, None]),
        Ok(2.0)
    );
    assert_eq!(Scale::OecdModified.of_size(2), Err(Untold::AgeMissing));
}

#[test]
fn the_coefficients_of_carbonaro() {
    // As the Comune di Bergamo prints them, citing ISTAT; from the seventh member on they do not grow.
    let printed = [0.60, 1.00, 1.33, 1.63, 1.90, 2.16, 2.40, 2.40, 2.40];
    for (members, want) in (1..).zip(printed) {
        assert_eq!(Scale::Carbonaro.of_size(members), Ok(want));
    }
    assert_eq!(Scale::Carbonaro.of_size(0), Err(Untold::NoMembers));
}

proptest! {
    #[test]
    fn another_member_never_makes_a_household_smaller(ages in prop::collection::vec(0u8..100, 1..12), more in 0u8..100) {
        let told = |ages: &[u8]| ages.iter().map(|years| age(*years)).collect::<Vec<_>>();
        let mut larger = ages.clone();
        larger.push(more);
        for (_, scale) in Scale::NAMES {
            let before = scale.of_ages(&told(&ages)).unwrap();
            let after = scale.of_ages(&told(&larger)).unwrap();
            prop_assert!(before <= after, "{}", scale.name());
            prop_assert!(before <= ages.len() as f64);
        }
    }
}
