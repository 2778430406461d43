//! A study as it is planned and run.

use wdl_evaluation::{Columns, Given, Request};
use wdl_result::study::{FIGURES, Part};
use wdl_result::{Cell, Status, Table};
use wdl_study::{Ran, Registration, plan, run};

use crate::made::{CALL, DESK, areas, call, context, read, rows, scope};

fn table(ran: &Ran, part: Part) -> &Table {
    let is_it = |table: &&Table| {
        table
            .header
            .study
            .as_ref()
            .is_some_and(|own| own.part == part)
    };
    ran.tables.iter().map(|own| &own.0).find(is_it).unwrap()
}

fn cell<'t>(table: &'t Table, keys: &[Option<&str>]) -> &'t Cell {
    table.cell(wdl_vocab::Period::Year(2025), keys).unwrap()
}

#[test]
fn the_design_is_planned_where_there_is_no_outcome_at_all() {
    let planned = plan(&call(CALL), &[scope(&rows(400, 3), false)], 5).unwrap();
    let [treated, others] = planned.arms;
    assert_eq!(treated.unwrap() + others.unwrap(), 400);
    assert!(planned.least_effect.unwrap() > 0.0);
    let ids: Vec<&str> = planned.checks.iter().map(|own| own.id.as_str()).collect();
    assert_eq!(ids, ["density", "age"]);
    assert!(planned.checks.iter().all(|own| own.p_value.is_some()));
    // The same without the outcome is no run.
    assert!(run(&call(CALL), &[scope(&rows(400, 3), false)], &context()).is_err());
}

#[test]
fn a_design_of_few_is_not_told() {
    let mut call_of_few = rows(60, 3);
    for (at, funded) in call_of_few.funded.iter_mut().enumerate() {
        *funded = i64::from(at < 4);
    }
    let planned = plan(&call(CALL), &[scope(&call_of_few, false)], 5).unwrap();
    assert_eq!(
        (planned.arms, planned.rows, planned.least_effect),
        ([None, None], None, None)
    );
    assert!(planned.checks.is_empty());
}

#[test]
fn a_run_is_the_method_on_the_joined_rows() {
    let own = rows(400, 30);
    let ran = run(&call(CALL), &[scope(&own, true)], &context()).unwrap();
    let effects = table(&ran, Part::Effects);

    // The same by hand: complete rows, the method of the catalog, its first estimate.
    let used: Vec<usize> = (0..400).filter(|at| own.notice[*at].is_some()).collect();
    let numbers = |of: &dyn Fn(usize) -> f64| used.iter().map(|at| Some(of(*at))).collect();
    let columns = Columns::new(used.len())
        .with_numbers("notice", numbers(&|at| own.notice[at].unwrap() as f64))
        .with_numbers("distance", numbers(&|at| own.distance[at]));
    let given = Given::default()
        .with("outcome", &["notice"])
        .with("running", &["distance"])
        .with("cutoff", &["0"]);
    let method = wdl_evaluation::method("rd").unwrap();
    let request = Request::new(method.options(), &given, &columns).unwrap();
    let answer = method.run(&request).unwrap();
    let robust = &answer.estimates[0];
    let [low, high] = robust.interval.unwrap();
    let figures = FIGURES.map(|figure| cell(effects, &[Some("main"), Some(figure)]).estimate);
    assert_eq!(figures, [Some(robust.estimate), Some(low), Some(high)]);
    let p_value = cell(table(&ran, Part::PValues), &[Some("main")]).estimate;
    assert_eq!(p_value, robust.p_value);
    assert_eq!(
        cell(effects, &[Some("main"), Some("estimate")]).n,
        Some(392)
    );

    // The plain difference is the difference of the means.
    let means = table(&ran, Part::Means);
    let of = |arm| cell(means, &[Some(arm)]).estimate.unwrap();
    let plain = cell(effects, &[Some("difference"), Some("estimate")])
        .estimate
        .unwrap();
    assert!((plain - (of("treated") - of("others"))).abs() < 1e-12);

    // Nobody is lost: used and left out add up to the design, in all and by subgroup.
    let sample = table(&ran, Part::Sample);
    let count = |keys: &[Option<&str>]| cell(sample, keys).n.unwrap();
    assert_eq!(count(&[Some("used"), None]), 392);
    assert_eq!(count(&[Some("no_outcome"), None]), 8);
    assert_eq!(
        count(&[Some("used"), Some("treated")]) + count(&[Some("used"), Some("others")]),
        392
    );
    let groups = ran
        .tables
        .iter()
        .map(|own| &own.0)
        .find(|own| own.breakdown() == "step-origin-arm");
    let groups = groups.unwrap();
    let all: u64 = ["a", "b", "c"]
        .iter()
        .map(|own| cell(groups, &[Some("used"), Some(own), None]).n.unwrap())
        .sum();
    assert_eq!(all, 392);
}

#[test]
fn the_order_of_rows_does_not_matter() {
    let study = call(CALL);
    let own = rows(300, 30);
    let mut turned = rows(300, 30);
    turned.application.reverse();
    turned.distance.reverse();
    turned.funded.reverse();
    turned.age.reverse();
    turned.origin.reverse();
    turned.notice.reverse();
    let one = run(&study, &[scope(&own, true)], &context()).unwrap();
    let other = run(&study, &[scope(&turned, true)], &context()).unwrap();
    assert_eq!(one.standing, other.standing);
    for (one, other) in one.tables.iter().zip(&other.tables) {
        for (one, other) in one.0.cells.iter().zip(&other.0.cells) {
            assert_eq!((one.n, &one.keys), (other.n, &other.keys));
            let near = |a: Option<f64>, b: Option<f64>| match (a, b) {
                (Some(a), Some(b)) => (a - b).abs() <= 1e-9 * (1.0 + a.abs()),
                (a, b) => a == b,
            };
            assert!(near(one.estimate, other.estimate), "{one:?} {other:?}");
        }
    }
}

#[test]
fn registration_and_deviations_stand_on_the_face() {
    let study = call(CALL);
    let registration = Registration::of(&study, "0.1.0");
    let changed = call(&CALL.replace("kernel: uniform", "kernel: epanechnikov"));
    let told = wdl_study::Context {
        registration: Some((registration.clone(), "2026-11-01T00:00:00Z".to_owned(), 12)),
        ..context()
    };
    let own = scope(&rows(400, 30), true);
    let ran = run(&changed, std::slice::from_ref(&own), &told).unwrap();
    let face = table(&ran, Part::Effects)
        .header
        .study
        .clone()
        .unwrap()
        .face
        .unwrap();
    let registered = face.registration.unwrap();
    assert_eq!(
        (registered.digest, registered.entry),
        (registration.digest(), 12)
    );
    assert!(!face.outcome_read_before);
    assert_eq!(face.deviations.len(), 1);
    assert_eq!(face.cost.unwrap().each.cents, 150_000);

    let ran = run(&study, &[own], &context()).unwrap();
    let face = table(&ran, Part::Effects)
        .header
        .study
        .clone()
        .unwrap()
        .face
        .unwrap();
    assert!(face.outcome_read_before && face.registration.is_none());
}

#[test]
fn bad_rows_are_refused() {
    let own = rows(200, 20);
    let study = call(CALL);
    let mut twice = rows(200, 20);
    twice.application[5] = twice.application[6];
    assert!(run(&study, &[scope(&twice, true)], &context()).is_err());
    let mut half = rows(200, 20);
    half.funded[3] = 2;
    assert!(plan(&study, &[scope(&half, false)], 5).is_err());
    let nobody = call(&CALL.replace("    estimate: funded", "    estimate: nothing"));
    // A run of robustness without its estimate is told, and stops nothing.
    let ran = run(&nobody, &[scope(&own, true)], &context()).unwrap();
    let missing = cell(
        table(&ran, Part::Effects),
        &[Some("difference"), Some("estimate")],
    );
    assert_eq!(missing.status, Status::NotComputableUndefined);
}

#[test]
fn areas_count_the_people_in_them() {
    let studies = read("desk.yaml", DESK).unwrap_or_else(|fault| panic!("{fault}"));
    let ran = run(studies.get("desk").unwrap(), &[areas(9)], &context()).unwrap();
    let main = &ran.standing[0];
    // Households of each area once, not once a quarter.
    assert_eq!(
        main.arms,
        [(300..310).sum::<u64>(), (310..316).sum::<u64>()]
    );
    assert_eq!(main.clusters, Some(16));
    let three = main.times.iter().find(|own| own.time == 3).unwrap();
    assert_eq!(three.treated, (300..310).sum::<u64>());
    let six = main.times.iter().find(|own| own.time == 6).unwrap();
    assert_eq!(six.treated, (300..306).sum::<u64>());
    assert_eq!(three.compared, (310..316).sum::<u64>());
    let times = table(&ran, Part::Times);
    assert!(
        cell(times, &[Some("main"), Some("m1"), Some("estimate")])
            .estimate
            .is_some()
    );
    let checks = table(&ran, Part::Checks);
    assert!(cell(checks, &[Some("before")]).estimate.is_some());
}
