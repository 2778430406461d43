//! What is computed again, what is kept, and what a death in the middle leaves.

use std::path::Path;
use std::process::Command;
use std::sync::atomic::Ordering;

use wdl_base::{BuildError, Grain, Models, Reason, Snapshot, SnapshotError};
use wdl_frame::TableName;
use wdl_vocab::{Diagnose, Period, SnapshotId};

use crate::city::{City, ask, build, contracts, lines, models, quarter, span};
use crate::tiny::{history, with_second_quarter};

fn plan_steps(
    city: &City,
    state: &Path,
    earlier: Option<&Snapshot>,
) -> (Vec<(String, Reason)>, usize) {
    let models = models();
    let source = city.source();
    let reads = source.reads.clone();
    let plan = wdl_base::plan_from(
        &models,
        Box::new(source),
        span("2025-Q3", "2026-Q1"),
        state,
        earlier,
    )
    .unwrap();
    let steps = plan
        .steps()
        .iter()
        .map(|step| {
            (
                format!("{} {}", step.table, step.period),
                step.reason.clone(),
            )
        })
        .collect();
    (steps, reads.load(Ordering::SeqCst))
}

#[test]
fn nothing_changed_reads_nothing_and_computes_nothing() {
    let state = tempfile::tempdir().unwrap();
    let (steps, reads) = plan_steps(&history(), state.path(), None);
    assert!(reads > 0);
    assert!(steps.iter().all(|(_, reason)| *reason == Reason::New));
    let first = build(&history(), span("2025-Q3", "2026-Q1"), state.path());
    let (steps, reads) = plan_steps(&history(), state.path(), Some(&first));
    assert_eq!((steps.len(), reads), (0, 0));
    let again = build(&history(), span("2025-Q3", "2026-Q1"), state.path());
    assert_eq!(first.id(), again.id());
}

#[test]
fn a_later_delivery_computes_only_what_it_says_something_about() {
    let state = tempfile::tempdir().unwrap();
    let first = build(&history(), span("2025-Q3", "2026-Q1"), state.path());
    let (steps, _) = plan_steps(&with_second_quarter(), state.path(), Some(&first));
    assert!(!steps.is_empty());
    for (step, reason) in &steps {
        assert!(step.ends_with("2026-Q1"), "{step} {reason:?}");
        assert!(matches!(reason, Reason::Inputs(_)), "{step} {reason:?}");
    }
    assert!(
        steps
            .iter()
            .any(|(step, _)| step == "base.person_period 2026-Q1")
    );
    // Employment does not depend on the rent contracts, which nobody touched.
    assert!(
        !steps
            .iter()
            .any(|(step, _)| step.starts_with("base.dwelling_period"))
    );

    let second = build(
        &with_second_quarter(),
        span("2025-Q3", "2026-Q1"),
        state.path(),
    );
    assert_ne!(first.id(), second.id());
    // The earlier version stays readable, as it was.
    let count = "SELECT count(*) AS n FROM base.person_period";
    assert_eq!(ask(&first, quarter("2026-Q1"), count), "7\n");
    assert_eq!(ask(&second, quarter("2026-Q1"), count), "6\n");
    let reopened = Snapshot::read(state.path(), first.id()).unwrap();
    assert_eq!(ask(&reopened, quarter("2026-Q1"), count), "7\n");
}

/// Residents of the second quarter: one who came with it, and one who was there long before, both without a code.
fn with_newcomer() -> City {
    let mut city = with_second_quarter();
    city.deliver(
        "comune_residenti",
        "2026-Q1",
        "record person birth_month sex citizenship household relationship household_kind dwelling rione valid_from valid_to end_reason
         10 - 1999-05-01 F 100 80 IS F 505 R01 2026-02-01 - -",
    );
    city
}

#[test]
fn a_late_link_computes_only_the_periods_that_see_its_row() {
    let state = tempfile::tempdir().unwrap();
    let all = span("2025-Q3", "2026-Q1");
    let first = build(&with_newcomer(), all, state.path());
    let mut linked = with_newcomer();
    linked.link("comune_residenti", "10", "110");
    let (steps, _) = plan_steps(&linked, state.path(), Some(&first));
    assert!(!steps.is_empty());
    let residents = TableName::new("register", "comune_residenti");
    for (step, reason) in &steps {
        assert!(step.ends_with("2026-Q1"), "{step}");
        let Reason::Inputs(tables) = reason else {
            panic!("{step} {reason:?}");
        };
        let is_of_residents = |table: &TableName| *table == residents || table.schema == "base";
        assert!(tables.iter().all(is_of_residents), "{step} {tables:?}");
    }
    // Dwellings do not depend on residents.
    let is_dwelling = |step: &String| step.starts_with("base.dwelling_period");
    assert!(!steps.iter().any(|(step, _)| is_dwelling(step)));
    let second = build(&linked, all, state.path());
    let (steps, reads) = plan_steps(&linked, state.path(), Some(&second));
    assert_eq!((steps.len(), reads), (0, 0));
    let who = "SELECT person FROM base.person_period WHERE record = 10";
    assert_eq!(ask(&first, quarter("2026-Q1"), who), "-\n");
    assert_eq!(ask(&second, quarter("2026-Q1"), who), "110\n");

    // A row that was there in every period is seen in every one.
    linked.link("comune_residenti", "6", "106");
    let (steps, _) = plan_steps(&linked, state.path(), Some(&second));
    for period in ["2025-Q3", "2025-Q4", "2025", "2026-Q1"] {
        assert!(steps.iter().any(|(step, _)| step.ends_with(period)));
    }
    let grown = build(&linked, all, state.path());
    let other = tempfile::tempdir().unwrap();
    let fresh = build(&linked.reversed(), all, other.path());
    assert_eq!(
        manifest(state.path(), &grown),
        manifest(other.path(), &fresh)
    );
}

fn manifest(state: &Path, snapshot: &Snapshot) -> Vec<u8> {
    std::fs::read(state.join(format!("derived/snapshots/{}.json", snapshot.id()))).unwrap()
}

#[test]
fn the_same_deliveries_give_the_same_bytes_in_any_order_of_rows() {
    let (one, two) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let all = span("2025-Q3", "2026-Q1");
    build(&history(), all, one.path());
    let grown = build(&with_second_quarter(), all, one.path());
    let fresh = build(&with_second_quarter().reversed(), all, two.path());
    assert_eq!(grown.id(), fresh.id());
    for grain in [Grain::Quarter, Grain::Year] {
        for period in grown.periods(grain) {
            let tables = grown
                .tables()
                .into_iter()
                .filter(|table| grown.grain(table).is_none_or(|of| of == grain))
                .collect();
            assert_eq!(grown.inputs(&tables, period), fresh.inputs(&tables, period));
        }
    }
    assert_eq!(manifest(one.path(), &grown), manifest(two.path(), &fresh));
}

#[test]
fn a_partition_says_which_deliveries_its_rows_rest_on() {
    let state = tempfile::tempdir().unwrap();
    let snapshot = build(
        &with_second_quarter(),
        span("2025-Q3", "2026-Q1"),
        state.path(),
    );
    let tables = [TableName::new("base", "person_period")].into();
    let inputs = |period: &str| snapshot.inputs(&tables, quarter(period))[0].clone();
    assert_eq!(inputs("2026-Q1").table, "base.person_period/2026-Q1");
    assert_eq!(
        inputs("2026-Q1").deliveries,
        ["comune_residenti-2025-q4", "comune_residenti-2026-q1"]
    );
    let codes = [TableName::new("codes", "rioni")].into();
    assert!(
        snapshot.inputs(&codes, quarter("2025-Q3"))[0]
            .deliveries
            .is_empty()
    );
}

#[test]
fn a_year_sees_the_state_of_its_last_quarter() {
    let state = tempfile::tempdir().unwrap();
    let snapshot = build(&history(), span("2025-Q3", "2026-Q1"), state.path());
    assert_eq!(snapshot.periods(Grain::Year), [Period::Year(2025)]);
    let count = "SELECT count(*) AS n FROM base.person_period";
    assert_eq!(ask(&snapshot, Period::Year(2025), count), "7\n");
}

#[test]
fn an_analysis_looks_years_back() {
    let state = tempfile::tempdir().unwrap();
    let snapshot = build(&history(), span("2024-Q4", "2025-Q4"), state.path());
    let then = "SELECT record FROM base_1y.person_period ORDER BY record";
    let now = "SELECT record FROM base.person_period ORDER BY record";
    let (year, before) = (Period::Year(2025), Period::Year(2024));
    let (here, there) = (quarter("2025-Q4"), quarter("2024-Q4"));
    assert_eq!(ask(&snapshot, year, then), ask(&snapshot, before, now));
    assert_eq!(ask(&snapshot, here, then), ask(&snapshot, there, now));
    let earlier = [TableName::new("base_1y", "person_period")].into();
    let inputs = snapshot.inputs(&earlier, year);
    assert_eq!(inputs[0].table, "base.person_period/2024-Q4");
    let missing = snapshot.scope(&earlier, there).err().unwrap();
    assert!(
        matches!(missing, SnapshotError::NoPeriod { .. }),
        "{missing}"
    );
}

#[test]
fn strangers_are_told_with_what_was_meant() {
    let state = tempfile::tempdir().unwrap();
    let snapshot = build(&history(), span("2025-Q4", "2025-Q4"), state.path());
    let scope = |table: &str, period: Period| {
        snapshot
            .scope(&[TableName::new("base", table)].into(), period)
            .err()
            .unwrap()
    };
    let fault = scope("person_perod", quarter("2025-Q4"));
    assert!(
        matches!(&fault, SnapshotError::NoTable { meant: Some(meant), .. } if meant == "base.person_period")
    );
    assert!(matches!(
        scope("person_period", quarter("2031-Q1")),
        SnapshotError::NoPeriod { .. }
    ));
    assert!(matches!(
        scope("person_year", quarter("2025-Q4")),
        SnapshotError::NoPeriod { .. }
    ));
    let id = SnapshotId::parse("0123").unwrap();
    assert!(matches!(
        Snapshot::read(state.path(), &id),
        Err(SnapshotError::Missing { .. })
    ));
    let manifest = state
        .path()
        .join(format!("derived/snapshots/{}.json", snapshot.id()));
    std::fs::write(&manifest, "{").unwrap();
    let damaged = Snapshot::read(state.path(), snapshot.id()).err().unwrap();
    assert!(matches!(damaged, SnapshotError::Damaged { .. }));
    assert_eq!(damaged.diagnostic().code.id, "WDL-B012");
}

#[test]
fn a_join_that_multiplies_people_stops_the_build() {
    let lab = tempfile::tempdir().unwrap();
    std::fs::create_dir(lab.path().join("base")).unwrap();
    let text = "-- label.it: a\n-- label.en: a\n-- key: record\n-- period: quarter\n\nSELECT a.record FROM register.comune_residenti a JOIN register.comune_residenti b ON b.household = a.household";
    std::fs::write(lab.path().join("base/a.sql"), text).unwrap();
    let models = Models::read(lab.path(), &contracts()).unwrap();
    let state = tempfile::tempdir().unwrap();
    let source = Box::new(history().source());
    let plan = wdl_base::plan_from(
        &models,
        source,
        span("2025-Q4", "2026-Q1"),
        state.path(),
        None,
    )
    .unwrap();
    let fault = wdl_base::build(plan, &mut |_| {}).err().unwrap();
    assert!(
        matches!(&fault, BuildError::KeyNotUnique { table, period, .. } if table == "base.a" && *period == quarter("2025-Q4")),
        "{fault:?}"
    );
    assert!(Snapshot::ids(state.path()).is_empty());
}

const DYING: &str = "WDL_BASE_TEST_DYING_IN";

/// Not a test of its own: the next one starts it in another process, where it dies in the middle of a build.
#[test]
fn dies_in_the_middle() {
    let Ok(state) = std::env::var(DYING) else {
        return;
    };
    let models = models();
    let source = Box::new(with_second_quarter().source());
    let plan = wdl_base::plan_from(
        &models,
        source,
        span("2025-Q3", "2026-Q1"),
        Path::new(&state),
        None,
    )
    .unwrap();
    let _ = wdl_base::build(plan, &mut |progress| {
        if progress.done == 2 {
            std::process::abort();
        }
    });
}

#[test]
fn a_killed_build_leaves_the_earlier_snapshot_and_can_be_repeated() {
    let state = tempfile::tempdir().unwrap();
    let all = span("2025-Q3", "2026-Q1");
    let first = build(&history(), all, state.path());
    let status = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "build::dies_in_the_middle", "--nocapture"])
        .env(DYING, state.path())
        .output()
        .unwrap()
        .status;
    assert!(!status.success());
    assert_eq!(Snapshot::ids(state.path()), [first.id().clone()]);
    let people = "SELECT count(*) AS n FROM base.person_period";
    assert_eq!(ask(&first, quarter("2026-Q1"), people), "7\n");
    // A partition cut off by the death of the machine is made again, never read.
    let folder = state.path().join("derived/base/person_period");
    std::fs::write(folder.join("2026-Q1-cut.part"), "PAR1").unwrap();
    let second = build(&with_second_quarter(), all, state.path());
    let fresh = tempfile::tempdir().unwrap();
    let clean = build(&with_second_quarter(), all, fresh.path());
    assert_eq!(second.id(), clean.id());
    let query = "SELECT record, household FROM base.person_period ORDER BY record";
    assert_eq!(
        lines(&ask(&second, quarter("2026-Q1"), query)),
        lines(&ask(&clean, quarter("2026-Q1"), query))
    );
}
