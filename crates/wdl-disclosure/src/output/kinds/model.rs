//! Models that are handed out: leaves of few, leaves that say a class of everybody, and models that remember.

use wdl_result::Model;

use super::{Breach, OutputClauses, OutputFinding};

pub(super) fn examine(model: &Model, clauses: &OutputClauses) -> Vec<OutputFinding> {
    let least = clauses.leaf_min.max(clauses.minimum_frequency.get());
    let mut found = Vec::new();
    for leaf in &model.leaves {
        let mut say = |breach| found.push(OutputFinding::new(&leaf.name, breach));
        if leaf.units < least {
            say(Breach::SmallLeaf);
        }
        match leaf
            .of_class
            .map(|of_class| leaf.units.checked_sub(of_class))
        {
            Some(None) => say(Breach::Contradiction),
            Some(Some(others)) if others < clauses.minimum_frequency.get() => {
                say(Breach::LeafOfOneClass);
            }
            Some(Some(_)) | None => {}
        }
    }
    let is_given = !model.losses_of_members.is_empty() || !model.losses_of_others.is_empty();
    if is_given || model.leaves.is_empty() {
        let test = membership(&model.losses_of_members, &model.losses_of_others);
        found.extend(judged(test, clauses).map(|breach| OutputFinding::new("", breach)));
    }
    found
}

fn judged(test: Option<Membership>, clauses: &OutputClauses) -> Option<Breach> {
    let most = clauses.membership_advantage_max;
    match test {
        // A hair more, so that a hundred of a thousand are a tenth whatever the arithmetic leaves.
        Some(test) if test.advantage > most.max(test.noise) + 1e-9 => Some(Breach::Remembers),
        // An advantage that chance alone can show proves neither.
        Some(test) if test.noise <= most => None,
        Some(_) | None => Some(Breach::NotTested),
    }
}

/// How well losses tell members from others.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Membership {
    /// Largest share of members below a loss less that of others: what the best cut gains over chance (Yeom and others 2018).
    pub advantage: f64,
    /// The chance that a member has the smaller loss, ties counted half: one half says nothing.
    pub area_under_curve: f64,
    /// The advantage that no difference would exceed in 95 of 100 tests of this size (Smirnov, one-sided).
    pub noise: f64,
}

/// Tests whether members have smaller losses than others; nothing without both, or for losses that are not numbers.
pub fn membership(members: &[f64], others: &[f64]) -> Option<Membership> {
    let is_number = |loss: &f64| loss.is_finite();
    if members.is_empty() || others.is_empty() || !members.iter().chain(others).all(is_number) {
        return None;
    }
    let mut losses: Vec<(f64, bool)> = members.iter().map(|loss| (*loss, true)).collect();
    losses.extend(others.iter().map(|loss| (*loss, false)));
    losses.sort_by(|one, other| one.0.total_cmp(&other.0));
    let (of_members, of_others) = (members.len() as f64, others.len() as f64);
    let (mut below, mut below_others, mut advantage, mut wins) = (0.0, 0.0, 0.0f64, 0.0);
    for alike in losses.chunk_by(|one, other| one.0 == other.0) {
        let own = alike.iter().filter(|(_, is_member)| *is_member).count() as f64;
        let foreign = alike.len() as f64 - own;
        wins += foreign * below + foreign * own / 2.0;
        below += own;
        below_others += foreign;
        advantage = advantage.max(below / of_members - below_others / of_others);
    }
    let size = (of_members + of_others) / (of_members * of_others);
    Some(Membership {
        advantage,
        area_under_curve: wins / (of_members * of_others),
        noise: (20f64.ln() / 2.0 * size).sqrt(),
    })
}
