//! `wdl housing` where a file leaves something out, counts households, or has no poverty line.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use wdl_indicators::Line;
use wdl_indicators::plain::housing::{Column, Options, Unit, evaluate, item_column};
use wdl_indicators::plain::{Errors, RESAMPLING, Resampling};
use wdl_vocab::Diagnose;

use crate::housing::{columns, near, of, persons, write};
use crate::invented_homes::{ITEMS, all_columns, as_csv, made_up};

/// Those who leave something out are left out whatever else they say: what remains is the file without them, and of nobody there is no number.
#[test]
fn what_some_do_not_tell_chooses_nobody_by_the_answer() {
    let folder = tempfile::tempdir().unwrap();
    let people = made_up(200);
    let asked = Options {
        line: Line::Fixed(9_000.0),
        errors: Errors::None,
        ..all_columns()
    };
    let measured = |people: &[BTreeMap<String, String>]| {
        evaluate(&write(folder.path(), &as_csv(people)), &asked).unwrap()
    };
    let is_odd = |person: &BTreeMap<String, String>| person["casa"].len() % 2 == 1;
    let told: Vec<_> = people.iter().filter(|one| !is_odd(one)).cloned().collect();
    let without = measured(&told);
    for (column, ids) in [
        ("stanze", vec!["severe_housing_deprivation"]),
        ("bagno", vec!["severe_housing_deprivation"]),
        (
            "eta",
            vec!["poverty_or_exclusion", "severe_material_social_deprivation"],
        ),
        ("reddito", vec!["poverty_or_exclusion"]),
        (
            "internet",
            vec!["material_social_deprivation", "poverty_or_exclusion"],
        ),
        (
            "arrears",
            vec!["severe_material_social_deprivation", "poverty_or_exclusion"],
        ),
    ] {
        let silent = |keep: &dyn Fn(&BTreeMap<String, String>) -> bool| {
            let mut people = people.clone();
            for person in people.iter_mut().filter(|one| !keep(one)) {
                person.insert(column.into(), String::new());
            }
            measured(&people)
        };
        let (half, none) = (silent(&|one| !is_odd(one)), silent(&|_| false));
        for id in ids {
            let (own, want) = (of(&half, id, &[]), of(&without, id, &[]));
            assert_eq!(
                (own.value, own.n),
                (want.value, want.n),
                "{id} without {column}"
            );
            let nobody = of(&none, id, &[]);
            assert_eq!((nobody.value, nobody.n), (None, 0), "{id} without {column}");
            assert_eq!(nobody.why.unwrap().name(), "not_told");
        }
    }
    // Months matter to those whom the rule describes.
    let mut people = people;
    people.iter_mut().for_each(|one| {
        one.insert("mesi".into(), String::new());
    });
    let low = measured(&people);
    let low = of(&low, "very_low_work_intensity", &[]);
    assert_eq!((low.value, low.n), (None, 0));
}

/// A household counts with the share of its members, the same in any order of the rows.
#[test]
fn households_count_with_the_share_of_their_members() {
    let folder = tempfile::tempdir().unwrap();
    let people = made_up(150);
    let asked = |errors| Options {
        unit: Some(Unit::Households),
        weight: None,
        by: vec!["zona".into()],
        line: Line::Fixed(9_000.0),
        errors,
        ..all_columns()
    };
    let drawn = Errors::Bootstrap(Resampling {
        replicates: 20,
        ..RESAMPLING
    });
    let mut turned = people.clone();
    turned.reverse();
    for errors in [Errors::Linearised, drawn] {
        let measured = |people: &[BTreeMap<String, String>]| {
            evaluate(&write(folder.path(), &as_csv(people)), &asked(errors)).unwrap()
        };
        let (before, after) = (measured(&people), measured(&turned));
        for (one, other) in before.measures.iter().zip(&after.measures) {
            assert_eq!(
                (&one.id, &one.group, one.n),
                (&other.id, &other.group, other.n)
            );
            assert_eq!((&one.untold, &one.outside), (&other.untold, &other.outside));
            near(other.value, one.value.unwrap(), 1e-12);
            match (one.se, other.se) {
                (Some(one), other) if one > 0.0 => near(other, one, 1e-9),
                (one, other) => assert_eq!(one, other),
            }
        }
        for one in &before.measures {
            let all =
                one.n + one.outside.values().sum::<usize>() + one.untold.values().sum::<usize>();
            assert!(!one.group.is_empty() || all == 150, "{} {all}", one.id);
        }
    }
    // Two of three lack all thirteen items and one none; alone a fourth lacks none.
    let mut text = String::from("casa,persona,eta");
    ITEMS.iter().for_each(|item| text += &format!(",{item}"));
    for (home, person, lacks) in [
        ("1", "a", "1"),
        ("1", "b", "0"),
        ("1", "c", "1"),
        ("2", "d", "0"),
    ] {
        let _ = write!(text, "\n{home},{person},40");
        for (place, _) in ITEMS.iter().enumerate() {
            let own = if place < 7 {
                u32::from(home == "1").to_string()
            } else {
                lacks.to_owned()
            };
            let _ = write!(text, ",{own}");
        }
    }
    let mut options = persons(&[(Column::Age, "eta")]);
    let items = ITEMS.map(|item| item_column(item).unwrap());
    options.columns.extend(items);
    options.unit = Some(Unit::Households);
    options.measures = vec!["material_social_deprivation".parse().unwrap()];
    let answer = evaluate(&write(folder.path(), &(text.clone() + "\n")), &options).unwrap();
    // Seven items are of the household: all of the first are deprived.
    assert_eq!(
        (answer.measures[0].value, answer.measures[0].n),
        (Some(0.5), 2)
    );
    options.measures = vec!["severe_material_social_deprivation".parse().unwrap()];
    let text = text.replace("1,1,1,1,1,1,1,", "1,1,1,1,1,0,0,");
    let answer = evaluate(&write(folder.path(), &(text + "\n")), &options).unwrap();
    near(answer.measures[0].value, (2.0 / 3.0) / 2.0, 1e-15);
}

#[test]
fn income_after_housing_needs_no_allowances() {
    let folder = tempfile::tempdir().unwrap();
    let text = "reddito,costi,sussidio,adulti\n10000,3000,,1\n8000,1000,500,1\n9000,,100,1\n";
    let file = write(folder.path(), text);
    let mut options = Options::new(columns(&[
        (Column::Income, "reddito"),
        (Column::Costs, "costi"),
        (Column::Allowances, "sussidio"),
        (Column::EquivalentAdults, "adulti"),
    ]));
    options.errors = Errors::None;
    let answer = evaluate(&file, &options).unwrap();
    let residual = of(&answer, "median_residual", &[]);
    assert_eq!((residual.value, residual.n), (Some(7000.0), 2));
    assert_eq!(residual.untold["costs_missing"], 1);
    let burden = of(&answer, "overburden:0.4", &[]);
    assert_eq!(burden.untold["allowances_missing"], 1, "the true reason");
    assert_eq!((burden.untold["costs_missing"], burden.n), (1, 1));
}

#[test]
fn a_line_is_a_finite_positive_number() {
    let folder = tempfile::tempdir().unwrap();
    let file = write(folder.path(), &as_csv(&made_up(20)));
    for wrong in [0.0, -1.0, f64::NAN, f64::INFINITY] {
        for (line, option) in [
            (Line::Fixed(wrong), "--threshold"),
            (Line::OfMedian(wrong), "--line"),
        ] {
            let options = Options {
                line,
                ..all_columns()
            };
            let told = evaluate(&file, &options).unwrap_err();
            assert_eq!(told.diagnostic().code.id, "WDL-I024");
            assert!(told.to_string().contains(option));
        }
    }
    // Half of the people have nothing: there is no line, and nobody is below it.
    let file = write(folder.path(), "reddito,adulti\n0,1\n-5,1\n0,1\n900,1\n");
    let asked = [
        (Column::Income, "reddito"),
        (Column::EquivalentAdults, "adulti"),
    ];
    let answer = evaluate(&file, &Options::new(columns(&asked))).unwrap();
    assert_eq!(answer.conventions.line, None);
    let poor = of(&answer, "at_risk_of_poverty", &[]);
    assert_eq!(poor.value, None);
    assert_eq!(poor.why.unwrap().name(), "threshold_not_positive");
}
