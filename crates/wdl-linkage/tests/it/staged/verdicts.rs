//! What a person decides on a doubt, and that the decision holds.

use wdl_linkage::staged::{Decision, Input, Likeness, State, Verdict, changes, link};

use super::{Row, input, row, rows, told};

/// What stands once every doubt has the same answer; and nothing is asked again.
fn decided(input: &Input, verdict: Verdict) -> (Input, State) {
    let mut input = input.clone();
    let (state, _) = link(&input);
    let decisions = state.doubts.iter().map(|doubt| Decision {
        about: doubt.about.clone(),
        verdict,
        delivery: 9,
    });
    input.decisions = decisions.collect();
    let (state, _) = link(&input);
    (input, state)
}

fn check_decided(jobs: &[Row], registry: &[Row], [same, different]: [&str; 2]) {
    let input = input(jobs, registry);
    for (verdict, expected) in [(Verdict::Same, same), (Verdict::Different, different)] {
        let (_, state) = decided(&input, verdict);
        let expected = expected.lines().map(|line| line.trim().to_owned() + "\n");
        assert_eq!(told(&state), expected.collect::<String>(), "{verdict:?}");
    }
}

#[test]
fn a_person_decides() {
    let two = [row(1, 100, 7).held(0, 0), row(2, 200, 7).held(0, 0)];
    check_decided(
        &[row(1, 0, 7)],
        &two,
        ["jobs 1 -> 100 by decision\n200 replaced by 100", ""],
    );
    check_decided(
        &[],
        &[row(1, 100, 7).held(0, 0), row(2, 0, 7).held(5, 0)],
        ["registry 2 -> 100 by decision", ""],
    );
    check_decided(
        &[row(1, 0, 7).born(3)],
        &[row(1, 100, 7).born(4)],
        ["jobs 1 -> 100 by decision", ""],
    );
    // The code that came later stands.
    check_decided(
        &[],
        &[row(1, 200, 7).held(0, 5), row(2, 100, 7).held(9, 0).came(3)],
        ["200 replaced by 100", ""],
    );
    check_decided(
        &[row(1, 300, 7)],
        &[row(1, 100, 7).held(0, 5), row(2, 200, 7).held(5, 0)],
        ["200 replaced by 100\n300 replaced by 100", ""],
    );
    // Rows without codes, two positions at once.
    check_decided(
        &[],
        &[row(1, 0, 7).held(0, 0), row(2, 0, 7).held(5, 0)],
        [
            "registry 1 -> ?1 by decision\nregistry 2 -> ?1 by decision",
            "",
        ],
    );
}

#[test]
fn a_decision_holds_and_what_is_new_is_asked() {
    let registry = [row(1, 100, 7).held(0, 0), row(2, 0, 7).held(5, 0)];
    // A second row with the token of two that are apart may be either's.
    let (mut input, _) = decided(&input(&[], &registry), Verdict::Different);
    input.sources[0] = rows("jobs", false, &[row(1, 0, 7)]);
    assert_eq!(told(&link(&input).0), "SharedToken [100] 2\n");
    // One person by decision draws the row without a question.
    input.decisions[0].verdict = Verdict::Same;
    assert_eq!(
        told(&link(&input).0),
        "jobs 1 -> 100 by names\nregistry 2 -> 100 by decision\n"
    );
    // A row that got its own code is its code's, whatever was decided.
    input.sources[1].persons[1] = Some(300);
    input.sources[0] = rows("jobs", false, &[]);
    assert_eq!(told(&link(&input).0), "");
    // What was decided to be apart stays apart, whatever else is said.
    let (mut both, _) = decided(&self::input(&[], &registry), Verdict::Different);
    let mut other = both.decisions[0].clone();
    other.verdict = Verdict::Same;
    both.decisions.push(other);
    assert_eq!(told(&link(&both).0), "");
}

#[test]
fn a_doubt_says_what_agrees() {
    let input = input(
        &[row(1, 0, 7).born(3).home(4)],
        &[row(1, 100, 7).born(4).home(4)],
    );
    let doubt = &link(&input).0.doubts[0];
    let words: Vec<(&str, Likeness)> = doubt
        .compared
        .tokens
        .iter()
        .map(|(name, likeness)| (name.as_str(), *likeness))
        .collect();
    assert_eq!(
        words,
        [("names", Likeness::Agrees), ("sound", Likeness::Unknown)]
    );
    assert_eq!(doubt.compared.born, Likeness::Differs);
    assert_eq!(doubt.compared.household, Likeness::Agrees);
    assert_eq!(doubt.compared.sex, Likeness::Unknown);
    assert_eq!(doubt.compared.at_once, None);
}

#[test]
fn a_settled_doubt_tells_that_it_was_decided() {
    let before = input(&[row(1, 0, 7).born(3)], &[row(1, 100, 7).born(4)]);
    let earlier = link(&before).0;
    for (verdict, expected) in [
        (Verdict::Same, &["linked", "decided"][..]),
        (Verdict::Different, &["decided"]),
    ] {
        let (now, later) = decided(&before, verdict);
        let kinds: Vec<&str> = changes(&earlier, &later, &now, &[])
            .iter()
            .map(wdl_linkage::staged::Change::kind)
            .collect();
        assert_eq!(kinds, expected);
    }
}
