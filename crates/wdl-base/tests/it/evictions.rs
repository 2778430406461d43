//! What a period sees of acts that came before it, and the cases of eviction made of them; every row written out by hand.

use wdl_base::{Plan, Snapshot};
use wdl_vocab::Period;

use crate::city::{City, ask, build, lines, models, quarter, span};

fn acts() -> City {
    let mut city = City::default();
    city.deliver(
        "comune_sfratti",
        "2025-Q4",
        "record person dwelling kind reason event_date
         1 101 500 emesso morosita 2025-07-10
         2 101 500 richiesto morosita 2025-11-05
         3 102 501 richiesto finita_locazione 2025-08-01
         4 103 501 emesso morosita 2025-09-01
         5 - - emesso morosita 2025-09-02
         6 - - eseguito necessita 2025-09-02",
    );
    city.deliver(
        "comune_contratti_affitto",
        "2025-Q4",
        "contract dwelling tenant contract_type rent_eur_month area_m2 valid_from valid_to
         1 500 101 L 700.00 75.00 2018-02-01 -
         2 501 102 C 500.00 45.00 2016-09-01 2025-08-20
         3 501 103 S 500.00 45.00 2025-08-25 -
         4 501 104 T 500.00 45.00 2025-10-25 -",
    );
    city.deliver(
        "comune_sfratti",
        "2026-Q1",
        "record person dwelling kind reason event_date
         7 101 500 eseguito morosita 2026-02-01
         8 104 500 emesso necessita 2026-03-01
         9 101 500 richiesto morosita 2026-02-01",
    );
    city
}

fn check(snapshot: &Snapshot, period: Period, query: &str, expected: &str) {
    assert_eq!(
        ask(snapshot, period, query),
        lines(expected),
        "{query} {period}"
    );
}

const STAGES: &str = "SELECT record, dwelling, ordered, requested, executed, last_act, reason FROM base.eviction_case ORDER BY record";

#[test]
fn a_case_is_an_order_and_what_follows_it() {
    let state = tempfile::tempdir().unwrap();
    let snapshot = build(&acts(), span("2025-Q3", "2026-Q1"), state.path());
    check(
        &snapshot,
        quarter("2025-Q3"),
        STAGES,
        "1 500 2025-07-10 - - 2025-07-10 morosita
         3 501 - 2025-08-01 - 2025-08-01 finita_locazione
         4 501 2025-09-01 - - 2025-09-01 morosita
         5 - 2025-09-02 - - 2025-09-02 morosita
         6 - - - 2025-09-02 2025-09-02 necessita",
    );
    // The request of November belongs to the order of July; on 1 February the request stands before the execution, and is not the first.
    check(
        &snapshot,
        quarter("2026-Q1"),
        STAGES,
        "1 500 2025-07-10 2025-11-05 2026-02-01 2026-02-01 morosita
         3 501 - 2025-08-01 - 2025-08-01 finita_locazione
         4 501 2025-09-01 - - 2025-09-01 morosita
         5 - 2025-09-02 - - 2025-09-02 morosita
         6 - - - 2025-09-02 2025-09-02 necessita
         8 500 2026-03-01 - - 2026-03-01 necessita",
    );
    check(
        &snapshot,
        quarter("2026-Q1"),
        "SELECT record, contract_type, contract_began FROM base.eviction_case ORDER BY record",
        "1 L 2018-02-01
         3 C 2016-09-01
         4 S 2025-08-25
         5 - -
         6 - -
         8 L 2018-02-01",
    );
    // The acts of the quarter alone, as before.
    check(
        &snapshot,
        quarter("2026-Q1"),
        "SELECT record, kind FROM base.eviction ORDER BY record",
        "7 eseguito
         8 emesso
         9 richiesto",
    );
}

#[test]
fn a_late_act_computes_every_later_period_and_no_earlier_one() {
    let state = tempfile::tempdir().unwrap();
    let all = span("2025-Q2", "2026-Q1");
    let mut city = acts();
    build(&city, all, state.path());
    city.deliver(
        "comune_sfratti",
        "2026-Q1",
        "record person dwelling kind reason event_date
         10 103 501 richiesto morosita 2025-10-10",
    );
    let models = models();
    let plan: Plan<'_> =
        wdl_base::plan_from(&models, Box::new(city.source()), all, state.path(), None).unwrap();
    let steps = plan.steps().iter();
    let mut steps: Vec<String> = steps
        .filter(|step| step.table.table.starts_with("eviction"))
        .map(|step| format!("{} {}", step.table.table, step.period))
        .collect();
    steps.sort();
    assert_eq!(
        steps,
        [
            "eviction 2025-Q4",
            "eviction_case 2025-Q4",
            "eviction_case 2026-Q1"
        ]
    );
}

#[test]
fn applications_of_a_year_with_what_they_had_waited() {
    let mut city = City::default();
    city.deliver(
        "comune_graduatoria_erp",
        "2025-Q4",
        "application person household valid_from valid_to outcome
         1 102 10 2024-12-31 2025-01-01 A
         2 109 70 2025-01-01 - -
         3 110 71 2023-01-01 2024-12-31 R
         4 111 72 2024-01-01 2026-02-01 X",
    );
    let state = tempfile::tempdir().unwrap();
    let snapshot = build(&city, span("2025-Q1", "2026-Q1"), state.path());
    check(
        &snapshot,
        Period::Year(2025),
        "SELECT application, ended, outcome, days_before, days FROM base.list_year ORDER BY application",
        "1 2025-01-01 A 0 1
         2 - - - 364
         4 - - 365 730",
    );
}
