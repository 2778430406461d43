//! The scale of the ISEE: the worked cases with the amounts that the lab ships, dates, faults of the file.

use std::path::Path;

use wdl_household::{Hundredths, IseeFamily, IseeScales, Minors, Parents, Regime, ScaleFault};
use wdl_vocab::Diagnose;
use wdl_yaml::Source;

use crate::worked_examples;

fn shipped() -> IseeScales {
    let file = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../labs/modena/parameters/isee_scale.yaml"
    );
    let source = Source::read::<ScaleFault>(Path::new(file)).unwrap();
    IseeScales::read(&source).unwrap()
}

fn family(input: &serde_json::Value) -> IseeFamily {
    let number = |key: &str| u32::try_from(input[key].as_u64().unwrap_or(0)).unwrap();
    let is = |key: &str| input[key].as_bool().unwrap_or(false);
    IseeFamily {
        members: number("n"),
        children: number("children"),
        minors: match (number("minors"), is("any_u3")) {
            (0, _) => Minors::None,
            (_, false) => Minors::FromThree,
            (_, true) => Minors::SomeUnderThree,
        },
        parents: match is("parents_worked_6m") {
            true => Parents::Work,
            false => Parents::Neither,
        },
    }
}

#[test]
fn the_worked_cases() {
    let Some(cases) = worked_examples() else {
        return;
    };
    let scales = shipped();
    let cases = cases["isee"].as_array().unwrap().clone();
    assert_eq!(cases.len(), 7);
    for case in cases {
        let regime = match case["input"]["regime"].as_str() {
            Some("famiglia2026") => Regime::Family,
            _ => Regime::Ordinary,
        };
        let scale = scales.on("2026-06-30".parse().unwrap(), regime).unwrap();
        let got = scale.parameter(&family(&case["input"])).unwrap();
        let want: f64 = case["expected"]["SE"].as_str().unwrap().parse().unwrap();
        assert_eq!(got.as_f64(), want, "{case}");
    }
}

#[test]
fn two_scales_at_once_and_none_before_the_first() {
    let scales = shipped();
    let on = |day: &str, regime| scales.on(day.parse().unwrap(), regime);
    assert!(on("2014-12-31", Regime::Ordinary).is_none());
    assert!(on("2025-12-31", Regime::Family).is_none());
    let two_children = IseeFamily {
        members: 4,
        children: 2,
        minors: Minors::FromThree,
        parents: Parents::Neither,
    };
    let parameter = |regime| {
        let scale = on("2026-01-01", regime).unwrap();
        scale.parameter(&two_children).unwrap()
    };
    assert_eq!(parameter(Regime::Ordinary), Hundredths::of(246));
    assert_eq!(parameter(Regime::Family), Hundredths::of(256));
}

#[test]
fn members_beyond_the_list_children_and_a_lone_parent() {
    let scales = shipped();
    let scale = scales
        .on("2020-01-01".parse().unwrap(), Regime::Ordinary)
        .unwrap();
    let parameter = |members, children, minors, parents| {
        let family = IseeFamily {
            members,
            children,
            minors,
            parents,
        };
        scale.parameter(&family).map(Hundredths::get)
    };
    assert_eq!(
        parameter(7, 0, Minors::None, Parents::Neither),
        Some(285 + 70)
    );
    assert_eq!(
        parameter(8, 6, Minors::FromThree, Parents::Neither),
        Some(285 + 105 + 50)
    );
    assert_eq!(
        parameter(2, 1, Minors::SomeUnderThree, Parents::LoneWithoutWork),
        Some(157 + 30)
    );
    assert_eq!(
        parameter(2, 0, Minors::None, Parents::Work),
        Some(157),
        "work without minors"
    );
    assert_eq!(parameter(0, 0, Minors::None, Parents::Neither), None);
    assert!(scale.source().it.contains("159"));
}

#[test]
fn faults_of_the_file_stand_at_their_place() {
    let good = std::fs::read_to_string(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../labs/modena/parameters/isee_scale.yaml"
    ))
    .unwrap();
    let check = |from: &str, to: &str, code: &str, line: usize| {
        assert!(good.contains(from), "{from}");
        let fault =
            IseeScales::read(&Source::of("s.yaml", good.replacen(from, to, 1))).unwrap_err();
        assert_eq!(
            (fault.diagnostic().code.id, fault.line),
            (code, line),
            "{to}"
        );
    };
    check("1.57", "1,57x", "WDL-I030", 11);
    check("2.04", "2.041", "WDL-I030", 11);
    check("[1.00, 1.57", "[2.00, 1.57", "WDL-I030", 6);
    check("2015-01-01", "2015-13-01", "WDL-I030", 6);
    check("2015-01-01", "2027-01-01", "WDL-I030", 6);
}
