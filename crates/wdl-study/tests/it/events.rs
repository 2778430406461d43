//! Events of a share, counted where the estimate is made: units may suffice where events do not.

use std::sync::Arc;

use arrow::array::{ArrayRef, Int64Array};
use wdl_frame::Scope;
use wdl_protocol::{DisclosureRules, Rule};
use wdl_result::study::Part;
use wdl_result::{Cell, Status, Table};
use wdl_study::{Protected, Study, protect, run};

use crate::made::{CALL, Call, call, context, rows, scope, scope_of};

fn rules() -> DisclosureRules {
    DisclosureRules::uniform(Rule {
        suppress_zero: false,
        ..Rule::default()
    })
}

fn protected(study: &Study, scope: Scope) -> Protected {
    let ran = run(study, &[scope], &context()).unwrap();
    protect(study, ran, &rules(), &[]).unwrap()
}

fn table(protected: &Protected, part: Part) -> &Table {
    let of = |table: &Table| table.header.study.as_ref().map(|own| own.part);
    let mut tables = protected.tables.iter().map(wdl_disclosure::Checked::get);
    tables.find(|own| of(own) == Some(part)).unwrap()
}

fn is_hidden(cell: &Cell) -> bool {
    cell.status == Status::SuppressedPrimary && cell.estimate.is_none()
}

/// Whether all that is told of a run is hidden, or nothing of it.
fn is_run_hidden(protected: &Protected, id: &str) -> bool {
    let cells = [Part::Effects, Part::PValues].map(|part| table(protected, part));
    let cells = cells.into_iter().flat_map(|own| &own.cells);
    let own: Vec<&Cell> = cells
        .filter(|cell| cell.keys[0].as_deref() == Some(id))
        .collect();
    let hidden = own.iter().filter(|cell| is_hidden(cell)).count();
    assert!(
        hidden == 0 || hidden == own.len(),
        "{id}: half of it leaves"
    );
    hidden > 0
}

/// A call in which, above the cut-off and within 0.3 of it, so many have the event and the others not, or the other way round.
fn band(with: usize, is_turned: bool) -> Call {
    let mut call = rows(600, 80);
    let mut met = 0;
    for at in 0..600 {
        let is_in = call.funded[at] == 1 && call.distance[at] < 0.3;
        if is_in && call.notice[at].is_some() {
            met += 1;
            call.notice[at] = Some(i64::from((met <= with) != is_turned));
        }
    }
    assert!(met > 50, "units suffice");
    call
}

/// The study within a bandwidth by hand, without subgroups.
fn within() -> Study {
    let text = CALL.replace(
        "options: { running: distance, cutoff: 0 }\nassumptions",
        "options: { running: distance, cutoff: 0, bandwidth: 0.3 }\nassumptions",
    );
    let (from, to) = (text.find("subgroups:"), text.find("checks:"));
    let text = format!("{}{}", &text[..from.unwrap()], &text[to.unwrap()..]);
    call(&text)
}

#[test]
fn few_events_within_the_band_hide_the_answer() {
    let hidden = |with, is_turned| {
        let own = protected(&within(), scope(&band(with, is_turned), true));
        is_run_hidden(&own, "main")
    };
    // In all of the arm there are many more: only those within the band are few.
    assert!(hidden(2, false));
    assert!(hidden(4, false));
    assert!(!hidden(5, false));
    // Few without the event give themselves away as well.
    assert!(hidden(3, true));
    assert!(!hidden(6, true));
}

#[test]
fn a_run_on_all_rows_is_shown_beside_one_that_is_hidden() {
    let own = protected(&within(), scope(&band(2, false), true));
    assert!(is_run_hidden(&own, "uniform"));
    assert!(!is_run_hidden(&own, "difference"));
}

const COHORT: &str = r#"
id: cohort
theme: casa
title: { it: Il corso, en: The course }
question: { it: Il corso evita sfratti?, en: Does the course avoid evictions? }
estimand: { it: Effetto su chi lo segue, en: Effect on those who take it }
population: { it: Famiglie, en: Families }
treatment: { it: Il corso, en: The course }
outcome:
  column: notice
  label: { it: sfratto nel trimestre, en: eviction in the quarter }
  unit: share
  decimals: 1
  better: lower
arms:
  column: attends
  treated: { it: con il corso, en: with the course }
  others: { it: senza, en: without }
n_label: { it: famiglie, en: families }
n_unit: households
period: { last: 2025 }
key: [family, quarter]
unit: family
frame: SELECT family, quarter, first_quarter, attends FROM base.course
outcomes: SELECT family, quarter, notice FROM base.course
design:
  method: did
  options: { unit: family, period: quarter, first-treated: first_quarter, draws: 0 }
assumptions: []
tables: [effects, p_values, times, sample]
how: { it: Prima e dopo, en: Before and after }
for_whom: { it: Chi segue il corso, en: Those who take it }
limits: []
source: { it: prova, en: test }
coverage: { it: tutti, en: all }
"#;

/// Eighty families over seven quarters, forty of which begin in the fourth; in each quarter twelve of each arm have the event, and `few` of the first arm in one quarter.
fn course(few: usize, in_quarter: i64) -> Scope {
    let (mut family, mut quarter, mut first) = (vec![], vec![], vec![]);
    let (mut attends, mut notice) = (vec![], vec![]);
    for own in 0..80 {
        let is_treated = own < 40;
        for time in 1..=7 {
            let with = match is_treated && time == in_quarter {
                true => few,
                false => 12,
            };
            family.push(own);
            quarter.push(time);
            first.push(is_treated.then_some(4));
            attends.push(i64::from(is_treated));
            // Another twelve in each quarter.
            let place = (own as usize % 40 + 7 * time as usize) % 40;
            notice.push(i64::from(place < with));
        }
    }
    let numbers = |own: Vec<i64>| -> ArrayRef { Arc::new(Int64Array::from(own)) };
    scope_of(
        "course",
        vec![
            ("family", numbers(family)),
            ("quarter", numbers(quarter)),
            ("first_quarter", Arc::new(Int64Array::from(first))),
            ("attends", numbers(attends)),
            ("notice", numbers(notice)),
        ],
    )
}

fn cohort() -> Study {
    let studies = crate::made::read("cohort.yaml", COHORT).unwrap();
    studies.get("cohort").unwrap().clone()
}

fn hidden_times(own: &Protected) -> Vec<String> {
    let cells = table(own, Part::Times).cells.iter();
    let cells = cells.filter(|cell| is_hidden(cell));
    let mut times: Vec<String> = cells.filter_map(|cell| cell.keys[1].clone()).collect();
    times.dedup();
    times
}

#[test]
fn few_events_of_a_cohort_in_a_quarter_hide_its_time_and_one_beside() {
    let own = protected(&cohort(), course(12, 5));
    assert!(hidden_times(&own).is_empty() && !is_run_hidden(&own, "main"));
    // The quarter after the start: its time, and another, since the mean of all is told.
    let own = protected(&cohort(), course(2, 5));
    assert!(!is_run_hidden(&own, "main"));
    let hidden = hidden_times(&own);
    assert!(hidden.contains(&"1".to_owned()), "{hidden:?}");
    assert_eq!(hidden.len(), 2, "{hidden:?}");
}

#[test]
fn few_events_in_the_quarter_compared_with_hide_everything_that_rests_on_it() {
    let own = protected(&cohort(), course(2, 3));
    assert!(is_run_hidden(&own, "main"));
    for time in ["0", "1", "2", "3"] {
        assert!(hidden_times(&own).contains(&time.to_owned()), "{time}");
    }
}

#[test]
fn a_share_of_something_else_than_events_is_refused() {
    let mut own = rows(300, 30);
    own.notice[4] = Some(2);
    assert!(run(&call(CALL), &[scope(&own, true)], &context()).is_err());
}
