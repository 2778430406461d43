//! Hierarchies that cannot be used, and what a missing value is in those that can.

use wdl_anonymisation::hierarchy::{Hierarchy, HierarchyError};

fn read(text: &str) -> Result<Hierarchy, HierarchyError> {
    let rows: Vec<Vec<&str>> = text.lines().map(|line| line.split(';').collect()).collect();
    Hierarchy::from_rows(&rows)
}

#[test]
fn one_that_is_not_nested_names_the_value_and_both_parents() {
    let fault = read("62;60-69;65+;*\n67;60-69;65+;*\n63;60-69;40-64;*").unwrap_err();
    let HierarchyError::NotNested {
        level,
        value,
        first,
        second,
    } = &fault
    else {
        panic!("{fault}")
    };
    assert_eq!(
        (*level, value.as_str(), first.as_str(), second.as_str()),
        (1, "60-69", "65+", "40-64")
    );
}

#[test]
fn unequal_twice_empty_and_unnamed_are_refused() {
    let faults = [
        (
            "a;x;*\nb;*",
            HierarchyError::Uneven {
                row: 2,
                actual: 2,
                expected: 3,
            },
        ),
        (
            "a;*\nb;*\na;*",
            HierarchyError::DuplicateLeaf {
                first: 1,
                second: 3,
            },
        ),
        ("a;*\nb;", HierarchyError::Unnamed { row: 2, level: 1 }),
        ("", HierarchyError::Empty),
        (";*", HierarchyError::Empty),
    ];
    for (text, fault) in faults {
        assert_eq!(read(text).unwrap_err(), fault);
    }
}

#[test]
fn values_that_it_lacks_are_told_by_their_places_and_accents_and_case_count() {
    let hierarchy = read("Forlì;*\nModena;*").unwrap();
    let values = ["Modena", "modena", "Forli", " Forlì "].map(str::to_owned);
    assert_eq!(hierarchy.leaves_of(&values), Err(vec![1, 2]));
    assert_eq!(hierarchy.leaf(Some(" Forlì ")), Some(0));
}

#[test]
fn a_missing_value_is_a_category_of_its_own_until_nothing_is_told() {
    let hierarchy = read("a;x;*\nb;x;*").unwrap();
    let missing = hierarchy.missing();
    assert_eq!(hierarchy.leaf(None), Some(missing));
    assert_eq!(
        (hierarchy.leaves(), hierarchy.values(1), hierarchy.values(2)),
        (3, 2, 1)
    );
    assert_eq!(
        hierarchy.label(1, hierarchy.of_leaf(1)[missing as usize]),
        ""
    );
    assert!(hierarchy.is_closed());
    let without = hierarchy.without_missing();
    assert_eq!(
        (without.leaves(), without.values(1), without.leaf(None)),
        (2, 1, None)
    );
}

#[test]
fn a_row_may_say_what_a_missing_value_becomes() {
    let hierarchy = read("a;x;*\n;x;*\nb;y;*").unwrap().without_missing();
    assert_eq!(hierarchy.leaf(None), Some(1));
    assert_eq!(hierarchy.of_leaf(1), [0, 0, 1]);
}

#[test]
fn without_one_value_at_the_end_it_is_not_closed() {
    assert!(!read("a;x\nb;y").unwrap().is_closed());
}
