//! `wdl housing` on files: values of other programs, a slow second implementation, laws, and what is said of bad input.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use wdl_household::{Scale, WithoutIncome, WorkRule};
use wdl_indicators::Line;
use wdl_indicators::plain::housing::{
    Column, Columns, HousingMeasureOf, HousingMeasures, Options, Unit, evaluate,
};
use wdl_indicators::plain::{Errors, RESAMPLING, Resampling};
use wdl_vocab::{Diagnose, Exit};

use crate::invented_homes::{ITEMS, all_columns, as_csv, made_up, slowly};

pub(crate) fn write(folder: &Path, text: &str) -> PathBuf {
    let file = folder.join("famiglie.csv");
    std::fs::write(&file, text).unwrap();
    file
}

pub(crate) fn columns(named: &[(Column, &str)]) -> Columns {
    let named = named.iter();
    named
        .map(|(column, name)| (*column, (*name).to_owned()))
        .collect()
}

pub(crate) fn persons(named: &[(Column, &str)]) -> Options {
    Options {
        household: vec!["casa".into()],
        person: vec!["persona".into()],
        ..Options::new(columns(named))
    }
}

pub(crate) fn of<'a>(
    answer: &'a HousingMeasures,
    id: &str,
    group: &[(&str, &str)],
) -> &'a HousingMeasureOf {
    let group: Vec<(String, Option<String>)> = group
        .iter()
        .map(|(column, value)| ((*column).to_owned(), Some((*value).to_owned())))
        .collect();
    let mut found = answer.measures.iter();
    found
        .find(|one| one.id == id && one.group == group)
        .unwrap_or_else(|| panic!("no {id}"))
}

pub(crate) fn near(got: Option<f64>, want: f64, tolerance: f64) {
    let got = got.unwrap();
    let difference = (got - want).abs();
    assert!(difference <= tolerance * want.abs(), "{got} is not {want}");
}

/// The synthetic survey with the income of the household in place of the equivalised one.
fn survey(folder: &Path) -> Option<PathBuf> {
    let file = PathBuf::from(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../../shared/reference/poverty/eusilc.csv"
    ));
    if !file.is_file() {
        println!("skipped: ../shared/reference/poverty is absent");
        return None;
    }
    let mut reader = csv::Reader::from_path(file).unwrap();
    let names = reader.headers().unwrap().clone();
    let mut text =
        String::from("casa,zona,persona,eta,sesso,sussidio,affitto,costi,reddito,peso\n");
    for record in reader.records() {
        let record = record.unwrap();
        let cell = |name: &str| &record[names.iter().position(|known| known == name).unwrap()];
        let number = |name: &str| cell(name).parse::<f64>().unwrap();
        let income = number("eqIncome") * number("eqSS");
        let rent = if number("hy050n") > 0.0 {
            cell("hy050n")
        } else {
            ""
        };
        let _ = writeln!(
            text,
            "{},{},{},{},{},{},{rent},{},{income},{}",
            cell("db030"),
            cell("db040"),
            cell("rb030"),
            cell("age"),
            cell("rb090"),
            cell("hy070n"),
            cell("hy050n"),
            cell("rb050")
        );
    }
    Some(write(folder, &text))
}

fn survey_options() -> Options {
    Options {
        weight: Some("peso".into()),
        strata: Some("zona".into()),
        ..persons(&[
            (Column::Income, "reddito"),
            (Column::Costs, "costi"),
            (Column::Rent, "affitto"),
            (Column::Allowances, "sussidio"),
            (Column::Age, "eta"),
        ])
    }
}

/// The family allowances of the survey stand in for costs and rents, of which it has none.
/// Expected: R 4.2, survey 4.1 (svydesign(ids = ~db030, strata = ~db040, weights = ~rb050), svymean, subset) and laeken 0.5.2 (weightedMedian, arpr).
#[test]
fn the_values_of_other_programs() {
    let folder = tempfile::tempdir().unwrap();
    let Some(file) = survey(folder.path()) else {
        return;
    };
    let names = [
        "overburden:0.1",
        "overburden:0.25",
        "rent_over:0.1",
        "at_risk_of_poverty",
        "residual_below",
        "median_residual",
    ];
    let options = Options {
        measures: names.map(|name| name.parse().unwrap()).into(),
        by: vec!["sesso".into()],
        ..survey_options()
    };
    let answer = evaluate(&file, &options).unwrap();
    assert_eq!((answer.rows, answer.households), (14_827, 6_000));
    let check = |id: &str, group: &[(&str, &str)], value: f64, error: f64, tolerance: f64| {
        let got = of(&answer, id, group);
        near(got.value, value, 1e-9);
        near(got.se, error, tolerance);
    };
    check(
        "overburden:0.1",
        &[],
        0.295555561428230,
        0.007135909439779,
        1e-9,
    );
    check(
        "overburden:0.25",
        &[],
        0.08818783788993273,
        0.00464939562529643,
        1e-9,
    );
    check(
        "overburden:0.1",
        &[("sesso", "female")],
        0.295152348784,
        0.00752880460738,
        1e-9,
    );
    check(
        "overburden:0.1",
        &[("sesso", "male")],
        0.295981376532,
        0.00786485806035,
        1e-9,
    );
    check(
        "rent_over:0.1",
        &[],
        0.6018225349262539,
        0.0112911824689943,
        1e-9,
    );
    check(
        "at_risk_of_poverty",
        &[],
        0.144_442_181_675_335_5,
        0.0047595428,
        5e-3,
    );
    near(
        of(&answer, "residual_below", &[]).value,
        0.210369810752361,
        1e-9,
    );
    near(of(&answer, "median_residual", &[]).value, 16_958.45, 1e-12);
    assert_eq!(of(&answer, "overburden:0.1", &[]).by_convention, 3);
    assert_eq!(of(&answer, "rent_over:0.1", &[]).n, 7_758);
    near(answer.conventions.line, 10_859.235999999999, 1e-12);

    let of_households = Options {
        unit: Some(Unit::Households),
        by: Vec::new(),
        ..options
    };
    let answer = evaluate(&file, &of_households).unwrap();
    let got = of(&answer, "overburden:0.1", &[]);
    near(got.value, 0.18043451977592906, 1e-9);
    near(got.se, 0.00481066398300467, 1e-9);
    assert_eq!(got.n, 6_000);
    near(answer.conventions.line, 10_859.235999999999, 1e-12);
}

#[test]
fn linearised_and_drawn_errors_agree() {
    let folder = tempfile::tempdir().unwrap();
    let Some(file) = survey(folder.path()) else {
        return;
    };
    let resampling = Resampling {
        replicates: 300,
        ..RESAMPLING
    };
    let drawn = Options {
        errors: Errors::Bootstrap(resampling),
        ..survey_options()
    };
    let answer = evaluate(&file, &drawn).unwrap();
    assert_eq!(
        answer,
        evaluate(&file, &drawn).unwrap(),
        "the same bytes again"
    );
    for one in evaluate(&file, &survey_options()).unwrap().measures {
        // Half of the people have no such costs: beside so many equal values a density says nothing of the median.
        if one.id == "median_burden" {
            continue;
        }
        near(of(&answer, &one.id, &[]).se, one.se.unwrap(), 0.25);
    }
}

/// The line is estimated in each draw: its error counts, and in the union only for those whom nothing else excludes.
#[test]
fn errors_of_the_line_agree_with_draws() {
    let folder = tempfile::tempdir().unwrap();
    let file = write(folder.path(), &as_csv(&made_up(1_500)));
    let names = [
        "at_risk_of_poverty",
        "residual_below",
        "poverty_or_exclusion",
    ];
    let linearised = Options {
        measures: names.map(|name| name.parse().unwrap()).into(),
        ..all_columns()
    };
    let drawn = Options {
        errors: Errors::Bootstrap(RESAMPLING),
        ..linearised.clone()
    };
    let drawn = evaluate(&file, &drawn).unwrap();
    for one in evaluate(&file, &linearised).unwrap().measures {
        near(of(&drawn, &one.id, &[]).se, one.se.unwrap(), 0.25);
    }
}

/// Where nothing but income excludes anybody, the union is the poverty rate, and so is its error.
#[test]
fn the_union_of_one_side_is_that_side() {
    let folder = tempfile::tempdir().unwrap();
    let mut people = made_up(200);
    for person in &mut people {
        // An adult in every household, who tells the items of its children.
        if person["persona"].ends_with("-0") {
            person.insert("eta".into(), "40".into());
        }
        person.insert("mesi".into(), "12".into());
        for item in ITEMS {
            person.insert(item.into(), "0".into());
        }
    }
    let file = write(folder.path(), &as_csv(&people));
    let answer = evaluate(&file, &all_columns()).unwrap();
    let poor = of(&answer, "at_risk_of_poverty", &[]);
    let union = of(&answer, "poverty_or_exclusion", &[]);
    near(union.value, poor.value.unwrap(), 1e-15);
    near(union.se, poor.se.unwrap(), 1e-12);
}

#[test]
fn the_slow_second_implementation_says_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let people = made_up(300);
    let file = write(folder.path(), &as_csv(&people));
    for scale in [Scale::OecdModified, Scale::SquareRoot] {
        let options = Options {
            scale,
            errors: Errors::None,
            ..all_columns()
        };
        let answer = evaluate(&file, &options).unwrap();
        let slow = slowly(&people, scale);
        assert_eq!(slow.len(), 10);
        for (id, want) in slow {
            near(of(&answer, id, &[]).value, want, 1e-12);
        }
        assert_eq!(answer.conventions.scale, scale.name());
    }
}

#[test]
fn neither_the_order_of_rows_nor_the_scale_of_weights_matters() {
    let folder = tempfile::tempdir().unwrap();
    let people = made_up(120);
    let points = |people: &[BTreeMap<String, String>]| {
        let file = write(folder.path(), &as_csv(people));
        let options = Options {
            by: vec!["zona".into()],
            ..all_columns()
        };
        evaluate(&file, &options).unwrap().measures
    };
    let before = points(&people);
    let mut turned = people.clone();
    turned.reverse();
    let mut scaled = people.clone();
    for person in &mut scaled {
        let weight: f64 = person["peso"].parse().unwrap();
        person.insert("peso".into(), (weight * 1e6).to_string());
    }
    for after in [points(&turned), points(&scaled)] {
        assert_eq!(before.len(), after.len());
        for (one, other) in before.iter().zip(&after) {
            assert_eq!(
                (&one.id, &one.group, one.n),
                (&other.id, &other.group, other.n)
            );
            near(other.value, one.value.unwrap(), 1e-13);
            assert_eq!((&one.untold, &one.outside), (&other.untold, &other.outside));
            match (one.se, other.se) {
                (Some(one), Some(other)) => near(Some(other), one, 1e-9),
                (one, other) => assert_eq!(one, other),
            }
        }
    }
}

#[test]
fn groups_add_up_to_everybody() {
    let folder = tempfile::tempdir().unwrap();
    let file = write(folder.path(), &as_csv(&made_up(200)));
    let options = Options {
        by: vec!["zona".into()],
        weight: None,
        errors: Errors::None,
        ..all_columns()
    };
    let answer = evaluate(&file, &options).unwrap();
    for id in [
        "overburden:0.4",
        "overcrowding",
        "poverty_or_exclusion",
        "residual_below",
    ] {
        let whole = of(&answer, id, &[]);
        let groups = answer
            .measures
            .iter()
            .filter(|one| one.id == id && !one.group.is_empty());
        let (mut n, mut with) = (0, 0.0);
        for group in groups {
            n += group.n;
            with += group.value.unwrap() * group.n as f64;
        }
        assert_eq!(n, whole.n);
        near(Some(with), whole.value.unwrap() * n as f64, 1e-12);
    }
}

#[test]
fn one_row_per_household_counts_households_or_their_members() {
    let folder = tempfile::tempdir().unwrap();
    let text = "n;reddito;costi;stanze;servono;contratto\n1;10000;5000;2;2;L\n4;20000;5000;2;3;C\n1;0;1000;0;2;L\n2;-5;0;;3;C\n";
    let file = write(folder.path(), text);
    let mut options = Options::new(columns(&[
        (Column::Income, "reddito"),
        (Column::Costs, "costi"),
        (Column::Rooms, "stanze"),
        (Column::RoomsNeeded, "servono"),
        (Column::Size, "n"),
    ]));
    options.scale = Scale::SquareRoot;
    options.errors = Errors::None;
    let answer = evaluate(&file, &options).unwrap();
    assert_eq!(answer.unit, Unit::Persons);
    let overburden = of(&answer, "overburden:0.4", &[]);
    assert_eq!(
        (overburden.value, overburden.by_convention),
        (Some(2.0 / 8.0), 2)
    );
    let crowded = of(&answer, "overcrowding", &[]);
    assert_eq!((crowded.value, crowded.n), (Some(0.8), 2));
    let untold: Vec<_> = crowded.untold.clone().into_iter().collect();
    assert_eq!(untold, [("rooms_missing", 1), ("rooms_not_positive", 1)]);
    assert_eq!(
        of(&answer, "overcrowding_without_singles", &[]).value,
        Some(1.0)
    );

    options.unit = Some(Unit::Households);
    options.without_income = WithoutIncome::LeftOut;
    let answer = evaluate(&file, &options).unwrap();
    let overburden = of(&answer, "overburden:0.4", &[]);
    assert_eq!((overburden.value, overburden.n), (Some(0.5), 2));
    assert_eq!(overburden.untold["income_not_positive"], 2);

    options.only = vec![("contratto".into(), "C".into())];
    let answer = evaluate(&file, &options).unwrap();
    assert_eq!(of(&answer, "overburden:0.4", &[]).value, Some(0.0));
}

#[test]
fn rents_limits_and_contracts_at_zero() {
    let folder = tempfile::tempdir().unwrap();
    // Exactly 25, 30 and 40 %; above; rent above income; a contract at zero; no rent; no income.
    let text = "reddito,affitto\n12000.4,3000.10\n10000.1,3000.03\n10000.1,4000.04\n10000.1,4000.05\n3000,5000\n9000,0\n9000,\n0,4000\n";
    let file = write(folder.path(), text);
    let mut options = Options::new(columns(&[
        (Column::Income, "reddito"),
        (Column::Rent, "affitto"),
    ]));
    options.errors = Errors::None;
    let answer = evaluate(&file, &options).unwrap();
    for (id, above) in [
        ("rent_over:0.25", 5.0),
        ("rent_over:0.3", 4.0),
        ("rent_over:0.4", 3.0),
    ] {
        let got = of(&answer, id, &[]);
        assert_eq!(
            (got.value, got.n, got.by_convention),
            (Some(above / 7.0), 7, 1),
            "{id}"
        );
        assert_eq!(got.outside["no_rent"], 1);
    }
    let median = of(&answer, "median_rent_burden", &[]);
    assert_eq!(median.outside["income_not_positive"], 1);
    near(median.value, 0.35, 1e-9);
    assert_eq!(answer.unit, Unit::Households);
}

#[test]
fn what_nobody_tells_is_no_number() {
    let folder = tempfile::tempdir().unwrap();
    let file = write(
        folder.path(),
        "casa,persona,reddito,costi,eta\n1,a,,100,40\n2,b,,100,\n",
    );
    let options = persons(&[
        (Column::Income, "reddito"),
        (Column::Costs, "costi"),
        (Column::Age, "eta"),
    ]);
    let answer = evaluate(&file, &options).unwrap();
    for one in &answer.measures {
        assert_eq!((one.value, one.se, one.n), (None, None, 0), "{}", one.id);
        assert_eq!(one.why.unwrap().name(), "not_told");
        assert_eq!(one.untold["income_missing"], 2);
    }
    assert_eq!(answer.conventions.line, None);
    let json = serde_json::to_value(&answer).unwrap();
    assert!(json["measures"][0]["value"].is_null());
    assert_eq!(json["measures"][0]["why"], "not_told");
}

#[test]
fn bad_files_are_told() {
    let folder = tempfile::tempdir().unwrap();
    let check = |text: &str, options: &Options, code: &str, exit: Exit, line: usize| {
        let file = write(folder.path(), text);
        let told = evaluate(&file, options).unwrap_err().diagnostic();
        assert_eq!((told.code.id, told.code.exit), (code, exit), "{told:?}");
        assert_eq!(told.place.map_or(0, |place| place.line), line, "{text}");
    };
    let costs = persons(&[(Column::Income, "reddito"), (Column::Costs, "costi")]);
    let head = "casa,persona,reddito,costi\n";
    let with = |rows: &str| format!("{head}{rows}");
    let failed = Exit::ChecksFailed;
    check(
        &with("1,a,100,10\n1,b,200,10\n"),
        &costs,
        "WDL-I032",
        failed,
        0,
    );
    check(
        &with("1,a,100,10\n2,b,200,-1\n"),
        &costs,
        "WDL-I033",
        failed,
        3,
    );
    check(&with("1,a,inf,10\n"), &costs, "WDL-I033", failed, 2);
    check(
        &with("1,a,100,10\n2,a,100,10\n"),
        &costs,
        "WDL-I034",
        failed,
        0,
    );
    check(
        &with("1,a,100,10\n,b,100,10\n"),
        &costs,
        "WDL-I012",
        failed,
        0,
    );
    check(&with("1,a,cento,10\n"), &costs, "WDL-S010", failed, 2);
    let weighted = Options {
        weight: Some("costi".into()),
        ..persons(&[
            (Column::Income, "reddito"),
            (Column::EquivalentAdults, "reddito"),
        ])
    };
    check(&with("1,a,100,-1\n"), &weighted, "WDL-I033", failed, 2);
    let different = Options {
        unit: Some(Unit::Households),
        ..weighted.clone()
    };
    check(
        &with("1,a,100,1\n1,b,100,2\n"),
        &different,
        "WDL-I032",
        failed,
        0,
    );
    let only = Options {
        only: vec![("casa".into(), "9".into())],
        ..costs.clone()
    };
    check(&with("1,a,100,10\n"), &only, "WDL-I035", Exit::Usage, 0);
    let crowding = Options {
        measures: vec!["overcrowding".parse().unwrap()],
        ..persons(&[(Column::Rooms, "reddito"), (Column::Age, "costi")])
    };
    check(&with("1,a,3,-1\n"), &crowding, "WDL-I031", Exit::Usage, 0);
    check(
        &with("1,a,3,-1\n"),
        &Options::new(Columns::new()),
        "WDL-I031",
        Exit::Usage,
        0,
    );
    let aged = persons(&[(Column::Income, "reddito"), (Column::Age, "costi")]);
    check(&with("1,a,3,-2\n"), &aged, "WDL-I033", failed, 2);
    let sexed = persons(&[
        (Column::Rooms, "reddito"),
        (Column::Age, "costi"),
        (Column::Sex, "casa"),
        (Column::Partner, "persona"),
    ]);
    check(&with("x,a,3,1\n"), &sexed, "WDL-I033", failed, 2);
}

#[test]
fn one_number_of_a_household_in_two_years_is_two_households() {
    let folder = tempfile::tempdir().unwrap();
    let text = "anno,casa,persona,reddito,costi\n2024,1,a,100,50\n2025,1,a,200,50\n";
    let file = write(folder.path(), text);
    let mut options = persons(&[(Column::Income, "reddito"), (Column::Costs, "costi")]);
    let told = evaluate(&file, &options).unwrap_err().diagnostic();
    assert_eq!(told.code.id, "WDL-I034");
    options.person = vec!["persona".into(), "anno".into()];
    let told = evaluate(&file, &options).unwrap_err().diagnostic();
    assert_eq!(told.code.id, "WDL-I032");
    options.household = vec!["casa".into(), "anno".into()];
    options.by = vec!["anno".into()];
    let answer = evaluate(&file, &options).unwrap();
    assert_eq!(answer.households, 2);
    assert_eq!(
        of(&answer, "overburden:0.4", &[("anno", "2024")]).value,
        Some(1.0)
    );
    assert_eq!(
        of(&answer, "overburden:0.4", &[("anno", "2025")]).value,
        Some(0.0)
    );
}

#[test]
fn links_and_ages_that_are_not_clear_are_counted() {
    let folder = tempfile::tempdir().unwrap();
    // A couple by one link; a link to somebody elsewhere; a claim on oneself; nobody's age; a child born after the day.
    let text = "casa,persona,eta,sesso,partner,stanze\n1,11,40,f,12.0,2\n1,12,41,m,,2\n2,c,30,f,z,2\n3,d,30,f,d,2\n4,e,,m,,2\n5,f,30,f,,2\n5,g,-1,,,2\n";
    let file = write(folder.path(), text);
    let options = persons(&[
        (Column::Rooms, "stanze"),
        (Column::Age, "eta"),
        (Column::Sex, "sesso"),
        (Column::Partner, "partner"),
    ]);
    let answer = evaluate(&file, &options).unwrap();
    assert_eq!(
        answer.couples,
        Some(1),
        "also when an age is missing elsewhere"
    );
    let crowded = of(&answer, "overcrowding", &[]);
    assert_eq!((crowded.value, crowded.n), (Some(0.4), 5));
    let untold: Vec<_> = crowded.untold.clone().into_iter().collect();
    assert_eq!(untold, [("age_missing", 1), ("partner_unclear", 1)]);
    assert_eq!(of(&answer, "overcrowding_without_singles", &[]).n, 4);
}

#[test]
fn yes_and_no_are_read_as_files_write_them() {
    let folder = tempfile::tempdir().unwrap();
    let text = "stanze,servono,tetto,bagno,wc,buio\n1,2,sì,0,FALSE,1.0\n1,2,no,0,false,0\n1,2,,1,True,\n1,2,No,1,,0\n";
    let mut options = Options::new(columns(&[
        (Column::Rooms, "stanze"),
        (Column::RoomsNeeded, "servono"),
        (Column::Leaks, "tetto"),
        (Column::NoBath, "bagno"),
        (Column::NoToilet, "wc"),
        (Column::Dark, "buio"),
    ]));
    options.measures = vec!["severe_housing_deprivation".parse().unwrap()];
    let file = write(folder.path(), text);
    let answer = evaluate(&file, &options).unwrap();
    let severe = &answer.measures[0];
    assert_eq!((severe.value, severe.n), (Some(0.5), 2));
    assert_eq!(severe.untold["defects_missing"], 2);
    for wrong in ["2", "forse"] {
        let file = write(folder.path(), &text.replacen("sì", wrong, 1));
        let told = evaluate(&file, &options).unwrap_err().diagnostic();
        assert_eq!(told.code.id, "WDL-I033");
        assert_eq!(told.place.as_ref().map(|place| place.line), Some(2));
        assert!(!format!("{told:?}").contains("forse"), "no cell is told");
    }
}

#[test]
fn a_given_line_and_other_conventions_are_told() {
    let folder = tempfile::tempdir().unwrap();
    let file = write(folder.path(), &as_csv(&made_up(50)));
    let options = Options {
        line: Line::Fixed(9_000.0),
        work_rule: WorkRule::Eu2020,
        errors: Errors::None,
        ..all_columns()
    };
    let conventions = evaluate(&file, &options).unwrap().conventions;
    assert_eq!(
        (conventions.line, conventions.line_part),
        (Some(9_000.0), None)
    );
    assert_eq!(
        (conventions.work_rule, conventions.at_bound),
        ("eu2020", "below")
    );
    assert_eq!(conventions.residual_after, "costs");
}
