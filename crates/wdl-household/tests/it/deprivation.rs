//! Deprivation and exclusion: the counts, children, items that are not told against every way to fill them in.

use proptest::prelude::*;
use wdl_household::{Exclusion, Item, Lacks, Severity, Untold, is_at_risk, items_of_children};

const SEVERITIES: [Severity; 2] = [Severity::MaterialAndSocial, Severity::Severe];

fn lacks(of: impl Fn(usize) -> Option<bool>) -> Lacks {
    let mut lacks = Lacks::default();
    for (place, item) in Item::ALL.into_iter().enumerate() {
        lacks.set(item, of(place));
    }
    lacks
}

#[test]
fn five_and_seven_of_thirteen() {
    let first = |count: usize| lacks(|place| Some(place < count));
    for count in 0..=13 {
        assert_eq!(
            first(count).is_deprived(Severity::MaterialAndSocial),
            Ok(count >= 5)
        );
        assert_eq!(first(count).is_deprived(Severity::Severe), Ok(count >= 7));
    }
    assert_eq!(
        Item::ALL
            .iter()
            .filter(|item| item.is_of_household())
            .count(),
        7
    );
}

#[test]
fn children_take_from_the_adults_and_need_three_lacks_of_the_household() {
    let household = |count: usize| lacks(|place| (place < 7).then_some(place < count));
    let adult = |is_lacking: Option<bool>| lacks(|place| if place < 7 { None } else { is_lacking });
    let of = |lacking: usize, adults: &[Lacks]| items_of_children(&household(lacking), adults);
    let half = of(3, &[adult(Some(true)), adult(Some(false))]);
    assert_eq!(
        half.get(Item::Internet),
        Some(true),
        "half of the adults are enough"
    );
    assert_eq!(half.is_child_deprived(Severity::Severe), Ok(true));
    let third = of(
        3,
        &[adult(Some(true)), adult(Some(false)), adult(Some(false))],
    );
    assert_eq!(
        third.is_child_deprived(Severity::MaterialAndSocial),
        Ok(false)
    );
    let one_tells = of(3, &[adult(Some(true)), adult(None), adult(None)]);
    assert_eq!(
        one_tells.get(Item::Friends),
        Some(true),
        "of those who tell"
    );
    let two_of_household = of(2, &[adult(Some(true))]);
    assert_eq!(two_of_household.is_deprived(Severity::Severe), Ok(true));
    assert_eq!(
        two_of_household.is_child_deprived(Severity::Severe),
        Ok(false)
    );
    let nobody_tells = of(2, &[]);
    assert_eq!(nobody_tells.is_child_deprived(Severity::Severe), Ok(false));
    assert_eq!(
        of(3, &[]).is_child_deprived(Severity::Severe),
        Err(Untold::ItemsMissing)
    );
}

#[test]
fn exclusion_counts_once_and_one_yes_is_enough() {
    let missing = Untold::ItemsMissing;
    let check = |is_poor, is_deprived, is_of_low_work, want| {
        let sides = Exclusion {
            is_poor,
            is_deprived,
            is_of_low_work,
        };
        assert_eq!(is_at_risk(&sides), want, "{sides:?}");
    };
    check(Ok(true), Ok(true), Ok(Some(true)), Ok(true));
    check(Ok(false), Err(missing), Ok(Some(true)), Ok(true));
    check(Ok(false), Ok(false), Ok(None), Ok(false));
    check(Ok(false), Err(missing), Ok(Some(false)), Err(missing));
    check(
        Err(Untold::IncomeMissing),
        Err(missing),
        Ok(None),
        Err(Untold::IncomeMissing),
    );
}

/// Every way to fill in what is not told.
fn fillings(lacks: &Lacks) -> Vec<Lacks> {
    let mut all = vec![*lacks];
    for item in Item::ALL {
        if lacks.get(item).is_none() {
            all = all
                .iter()
                .flat_map(|filling| {
                    [true, false].map(|answer| {
                        let mut filled = *filling;
                        filled.set(item, Some(answer));
                        filled
                    })
                })
                .collect();
        }
    }
    all
}

proptest! {
    #[test]
    fn it_is_told_exactly_when_every_filling_says_the_same(answers in prop::collection::vec(prop::option::weighted(0.6, any::<bool>()), 13)) {
        let asked = lacks(|place| answers[place]);
        let filled = fillings(&asked);
        for severity in SEVERITIES {
            let adult: Vec<bool> = filled.iter().map(|one| one.is_deprived(severity).unwrap()).collect();
            let child: Vec<bool> = filled.iter().map(|one| one.is_child_deprived(severity).unwrap()).collect();
            for (told, ways) in [(asked.is_deprived(severity), adult), (asked.is_child_deprived(severity), child)] {
                let is_one = ways.iter().all(|way| *way == ways[0]);
                match told {
                    Ok(answer) => prop_assert!(is_one && ways[0] == answer),
                    Err(why) => prop_assert!(!is_one && why == Untold::ItemsMissing),
                }
            }
        }
    }
}
