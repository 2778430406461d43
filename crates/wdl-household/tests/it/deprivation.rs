//! Deprivation and exclusion: the counts, children, items that are not told.

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
    for none in [nobody_tells, of(3, &[])] {
        let told = none.is_child_deprived(Severity::Severe);
        assert_eq!(
            told,
            Err(Untold::ItemsMissing),
            "whatever the household lacks"
        );
    }
}

#[test]
fn exclusion_counts_once_and_is_told_only_as_a_whole() {
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
    check(Ok(false), Ok(false), Ok(Some(true)), Ok(true));
    check(Ok(false), Err(missing), Ok(Some(true)), Err(missing));
    check(Ok(true), Err(missing), Ok(None), Err(missing));
    check(Ok(false), Ok(false), Ok(None), Ok(false));
    check(Ok(false), Err(missing), Ok(Some(false)), Err(missing));
    check(
        Err(Untold::IncomeMissing),
        Err(missing),
        Ok(None),
        Err(Untold::IncomeMissing),
    );
}

proptest! {
    /// Whether something is told must not depend on what it says: of the same items left out, everybody is untold.
    #[test]
    fn what_is_left_out_decides_and_not_the_rest(answers in prop::collection::vec((any::<bool>(), prop::bool::weighted(0.1)), 13)) {
        let full = lacks(|place| Some(answers[place].0));
        let asked = lacks(|place| (!answers[place].1).then_some(answers[place].0));
        let is_complete = answers.iter().all(|(_, is_left_out)| !is_left_out);
        for severity in SEVERITIES {
            for of in [Lacks::is_deprived, Lacks::is_child_deprived] {
                let told = match is_complete {
                    true => of(&full, severity),
                    false => Err(Untold::ItemsMissing),
                };
                prop_assert_eq!(of(&asked, severity), told);
            }
        }
    }
}
