//! Event studies: effects that rest on few, and units that change by few from one time to the next.

use wdl_result::EventStudy;

use super::{Breach, OutputClauses, OutputFinding};

pub(super) fn examine(study: &EventStudy, clauses: &OutputClauses) -> Vec<OutputFinding> {
    let least = clauses.minimum_frequency.get();
    let mut found = Vec::new();
    for (at, effect) in study.effects.iter().enumerate() {
        let mut say = |breach| found.push(OutputFinding::new(effect.time.to_string(), breach));
        if effect.treated < least {
            say(Breach::FewTreated);
        }
        if effect.compared < least {
            say(Breach::FewCompared);
        }
        let before = at.checked_sub(1).map(|before| &study.effects[before]);
        if let Some(before) = before {
            if before.time >= effect.time {
                say(Breach::Contradiction);
            }
            if clauses.is_few(before.treated.abs_diff(effect.treated)) {
                say(Breach::FewChange);
            }
        }
    }
    found
}
