//! Curves of survival: steps that are of few, few at risk, few who leave; and the same curve at wider times.

use wdl_result::{SurvivalCurve, SurvivalStep};

use super::{Breach, OutputClauses, OutputFinding};

pub(super) fn examine(curve: &SurvivalCurve, clauses: &OutputClauses) -> Vec<OutputFinding> {
    let mut found = Vec::new();
    for (at, step) in curve.steps.iter().enumerate() {
        let mut say = |breach| found.push(OutputFinding::new(step.time.to_string(), breach));
        let before = at.checked_sub(1).map(|before| &curve.steps[before]);
        if contradicts(step, before) {
            say(Breach::Contradiction);
            continue;
        }
        if step.at_risk < clauses.minimum_frequency.get() {
            say(Breach::FewAtRisk);
        }
        if clauses.is_few(step.events) {
            say(Breach::FewEvents);
        }
        if step.events > 0 && step.events == step.at_risk {
            say(Breach::Everybody);
        }
        if curve.shows_at_risk {
            let gone = before.map_or(0, |before| before.at_risk - before.events - step.at_risk);
            let is_last = at + 1 == curve.steps.len();
            let left = step.at_risk - step.events;
            if clauses.is_few(gone) || (is_last && clauses.is_few(left)) {
                say(Breach::FewLeave);
            }
        }
    }
    found
}

/// More events than at risk, more at risk than were left, time that does not pass, survival that rises or is no share.
fn contradicts(step: &SurvivalStep, before: Option<&SurvivalStep>) -> bool {
    let is_alone_wrong = step.events > step.at_risk
        || !step.time.is_finite()
        || !(0.0..=1.0).contains(&step.survival);
    is_alone_wrong
        || before.is_some_and(|before| {
            before.events > before.at_risk
                || step.at_risk > before.at_risk - before.events
                || step.time <= before.time
                || step.survival > before.survival
        })
}

/// The same curve at the times by which enough events came together; it ends before few are at risk or it happened to everybody.
///
/// The numbers at risk are left out where few leave between the times that stay.
/// A curve whose numbers contradict each other has no such times, and is empty.
pub fn coarsen(curve: &SurvivalCurve, clauses: &OutputClauses) -> SurvivalCurve {
    let least = clauses.minimum_frequency.get();
    let is_wrong = (0..curve.steps.len()).any(|at| {
        let before = at.checked_sub(1).map(|before| &curve.steps[before]);
        contradicts(&curve.steps[at], before)
    });
    let mut steps: Vec<SurvivalStep> = Vec::new();
    let mut open: Option<SurvivalStep> = None;
    for step in curve.steps.iter().filter(|_| !is_wrong) {
        if step.at_risk < least || step.events == step.at_risk {
            break;
        }
        let so_far = open.take();
        let joined = SurvivalStep {
            at_risk: so_far.as_ref().map_or(step.at_risk, |open| open.at_risk),
            events: so_far.as_ref().map_or(0, |open| open.events) + step.events,
            ..step.clone()
        };
        match joined.events >= least {
            true => steps.push(joined),
            false => open = Some(joined),
        }
    }
    let mut coarse = SurvivalCurve {
        steps,
        shows_at_risk: curve.shows_at_risk,
    };
    if examine(&coarse, clauses)
        .iter()
        .any(|finding| finding.breach == Breach::FewLeave)
    {
        coarse.shows_at_risk = false;
    }
    coarse
}
