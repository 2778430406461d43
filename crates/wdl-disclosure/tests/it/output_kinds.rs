//! Rules of results that are no table: a made-up example on each side of each rule.

use proptest::prelude::*;
use wdl_disclosure::kinds::{Breach, OutputClauses, coarsen, examine, membership};
use wdl_protocol::MinimumFrequency;
use wdl_result::{
    Areas, ClassBound, EventEffect, EventStudy, Leaf, Mark, Model, Output, Picture, Piece,
    PositionOf, Positions, Regression, SurvivalCurve, SurvivalStep, Term, Transcript,
};
use wdl_vocab::Lang;

/// What is found, as place and rule; every reason is said in both languages.
fn found(output: Output) -> Vec<(String, Breach)> {
    let clauses = OutputClauses::default();
    let findings = examine(&output, &clauses);
    for finding in &findings {
        let words = finding.words(&clauses);
        assert!(
            Lang::ALL
                .iter()
                .all(|lang| words.get(*lang).starts_with(&finding.place))
        );
        assert_ne!(words.get(Lang::It), words.get(Lang::En));
    }
    findings
        .into_iter()
        .map(|finding| (finding.place, finding.breach))
        .collect()
}

fn breaches(output: Output) -> Vec<Breach> {
    found(output)
        .into_iter()
        .map(|(_, breach)| breach)
        .collect()
}

fn regression(change: impl Fn(&mut Regression)) -> Output {
    let mut regression = Regression {
        observations: 13,
        clusters: Some(5),
        parameters: 3,
        patterns: Some(4),
        r_squared: Some(0.999),
        terms: vec![Term {
            name: "renting".to_owned(),
            estimate: -0.4,
            standard_error: Some(0.1),
            units: Some([8, 5]),
        }],
    };
    change(&mut regression);
    Output::Regression(regression)
}

#[test]
fn sdc_regression_saturated_few_degrees_few_with_a_value() {
    // Ten degrees of freedom, four patterns, five groups, five without the value: just enough.
    assert_eq!(breaches(regression(|_| ())), []);
    let nine = regression(|one| one.parameters = 4);
    assert_eq!(breaches(nine), [Breach::ResidualFreedom, Breach::Saturated]);
    assert_eq!(
        breaches(regression(|one| one.patterns = Some(3))),
        [Breach::Saturated]
    );
    assert_eq!(
        breaches(regression(|one| one.r_squared = Some(1.0))),
        [Breach::PerfectFit]
    );
    assert_eq!(
        breaches(regression(|one| one.clusters = Some(4))),
        [Breach::FewClusters]
    );
    for units in [[9, 4], [4, 9]] {
        let few = regression(|one| one.terms[0].units = Some(units));
        assert_eq!(found(few), [("renting".to_owned(), Breach::FewWithValue)]);
    }
    // Nobody has the value: the coefficient speaks of nobody.
    assert_eq!(
        breaches(regression(|one| one.terms[0].units = Some([13, 0]))),
        []
    );
    let other = regression(|one| one.terms[0].units = Some([8, 6]));
    assert_eq!(breaches(other), [Breach::Contradiction]);
    // More coefficients than units.
    let beyond = regression(|one| one.parameters = 20);
    assert_eq!(
        breaches(beyond),
        [Breach::ResidualFreedom, Breach::Saturated]
    );
}

fn curve(shows_at_risk: bool, steps: &[(u64, u64)]) -> SurvivalCurve {
    let mut survival = 1.0;
    let steps = steps.iter().enumerate().map(|(at, (at_risk, events))| {
        survival *= 1.0 - *events as f64 / *at_risk as f64;
        SurvivalStep {
            time: (at + 1) as f64,
            at_risk: *at_risk,
            events: *events,
            survival,
        }
    });
    SurvivalCurve {
        steps: steps.collect(),
        shows_at_risk,
    }
}

#[test]
fn curves_of_survival() {
    let of = |shows, steps: &[(u64, u64)]| breaches(Output::Survival(curve(shows, steps)));
    assert_eq!(of(true, &[(40, 5), (30, 5), (25, 20)]), []);
    assert_eq!(of(true, &[(40, 4), (30, 5)]), [Breach::FewEvents]);
    assert_eq!(of(true, &[(40, 0), (35, 5)]), []);
    // One fewer at the second time than is left after the first: one went away.
    assert_eq!(of(true, &[(40, 5), (34, 5)]), [Breach::FewLeave]);
    assert_eq!(of(false, &[(40, 5), (34, 5)]), []);
    assert_eq!(of(true, &[(40, 36)]), [Breach::FewLeave]);
    assert_eq!(of(false, &[(4, 0)]), [Breach::FewAtRisk]);
    assert_eq!(of(false, &[(6, 6)]), [Breach::Everybody]);
    assert_eq!(of(false, &[(40, 5), (36, 5)]), [Breach::Contradiction]);
}

proptest! {
    /// Whatever the curve, at wider times nothing is found, and every time that stays has the survival it had.
    #[test]
    fn wider_times_give_nobody_away(start in 0_u64..80, falls in prop::collection::vec((0_u64..9, 0_u64..4), 0..20), shows in any::<bool>()) {
        let mut at_risk = start;
        let mut steps = Vec::new();
        for (events, gone) in falls {
            let events = events.min(at_risk);
            if at_risk > 0 {
                steps.push((at_risk, events));
            }
            at_risk = (at_risk - events).saturating_sub(gone);
        }
        let fine = curve(shows, &steps);
        let coarse = coarsen(&fine, &OutputClauses::default());
        prop_assert_eq!(found(Output::Survival(coarse.clone())), []);
        for step in &coarse.steps {
            prop_assert!(fine.steps.iter().any(|one| one.time == step.time && one.survival == step.survival));
        }
    }
}

#[test]
fn a_curve_at_wider_times_by_hand() {
    let coarse = coarsen(
        &curve(false, &[(40, 3), (37, 2), (35, 4), (31, 1), (30, 2)]),
        &OutputClauses::default(),
    );
    let steps: Vec<(f64, u64, u64)> = coarse
        .steps
        .iter()
        .map(|step| (step.time, step.at_risk, step.events))
        .collect();
    assert_eq!(steps, [(2.0, 40, 5), (4.0, 35, 5)]);
}

#[test]
fn event_studies() {
    let of = |units: &[(i64, u64, u64)]| {
        let effects = units.iter().map(|(time, treated, compared)| EventEffect {
            time: *time,
            estimate: 0.2,
            standard_error: Some(0.1),
            treated: *treated,
            compared: *compared,
        });
        found(Output::EventStudy(EventStudy {
            effects: effects.collect(),
        }))
    };
    assert_eq!(of(&[(-1, 15, 90), (0, 10, 5), (1, 5, 90)]), []);
    assert_eq!(of(&[(0, 4, 90)]), [("0".to_owned(), Breach::FewTreated)]);
    assert_eq!(of(&[(0, 0, 90)]), [("0".to_owned(), Breach::FewTreated)]);
    assert_eq!(of(&[(0, 5, 4)]), [("0".to_owned(), Breach::FewCompared)]);
    assert_eq!(
        of(&[(0, 15, 90), (1, 14, 90)]),
        [("1".to_owned(), Breach::FewChange)]
    );
    assert_eq!(
        of(&[(1, 15, 90), (0, 15, 90)]),
        [("0".to_owned(), Breach::Contradiction)]
    );
}

fn model(leaves: &[(u64, Option<u64>)], members: Vec<f64>, others: Vec<f64>) -> Output {
    let leaves = leaves
        .iter()
        .enumerate()
        .map(|(at, (units, of_class))| Leaf {
            name: format!("leaf {at}"),
            units: *units,
            of_class: *of_class,
        });
    Output::Model(Model {
        leaves: leaves.collect(),
        losses_of_members: members,
        losses_of_others: others,
    })
}

#[test]
fn leaves() {
    let of = |leaves: &[(u64, Option<u64>)]| breaches(model(leaves, vec![], vec![]));
    assert_eq!(of(&[(10, None), (20, Some(15))]), []);
    assert_eq!(of(&[(9, None)]), [Breach::SmallLeaf]);
    assert_eq!(of(&[(20, Some(16))]), [Breach::LeafOfOneClass]);
    assert_eq!(of(&[(20, Some(21))]), [Breach::Contradiction]);
    // A model without leaves and without a test.
    assert_eq!(of(&[]), [Breach::NotTested]);
}

/// Losses 0, 1, … of which the first so many are shifted down below all others.
fn losses(rows: usize, remembered: usize) -> (Vec<f64>, Vec<f64>) {
    let others: Vec<f64> = (0..rows).map(|row| row as f64).collect();
    let members = (0..rows).map(|row| match row >= rows - remembered {
        true => -1.0,
        false => row as f64,
    });
    (members.collect(), others)
}

#[test]
fn models_that_remember() {
    let of = |rows, remembered| {
        let (members, others) = losses(rows, remembered);
        breaches(model(&[], members, others))
    };
    // Of 1,000 a tenth stands below everybody: an advantage of exactly a tenth is allowed, one more is not.
    assert_eq!(of(1000, 100), []);
    assert_eq!(of(1000, 101), [Breach::Remembers]);
    // With a hundred chance alone reaches 0.17: nothing is told, until the advantage is beyond that.
    assert_eq!(of(100, 0), [Breach::NotTested]);
    assert_eq!(of(100, 17), [Breach::NotTested]);
    assert_eq!(of(100, 18), [Breach::Remembers]);
    assert_eq!(
        breaches(model(&[(50, None)], vec![f64::NAN], vec![1.0])),
        [Breach::NotTested]
    );
}

proptest! {
    /// Against every cut and every pair.
    #[test]
    fn advantage_and_area_the_slow_way(members in prop::collection::vec(0_i32..9, 1..12), others in prop::collection::vec(0_i32..9, 1..12)) {
        let [members, others] = [members, others].map(|of| of.into_iter().map(f64::from).collect::<Vec<f64>>());
        let told = membership(&members, &others).unwrap();
        let below = |of: &[f64], cut: f64| of.iter().filter(|loss| **loss <= cut).count() as f64 / of.len() as f64;
        let best = (-1..9).map(|cut| below(&members, f64::from(cut)) - below(&others, f64::from(cut))).fold(0.0, f64::max);
        prop_assert!((told.advantage - best).abs() < 1e-12);
        let pairs = members.iter().flat_map(|one| others.iter().map(move |other| (one, other)));
        let wins: f64 = pairs.map(|(one, other)| if one < other { 1.0 } else if one == other { 0.5 } else { 0.0 }).sum();
        prop_assert!((told.area_under_curve - wins / (members.len() * others.len()) as f64).abs() < 1e-12);
    }
}

#[test]
fn places_of_a_distribution() {
    let of = |at_or_below, at_or_above| {
        breaches(Output::Positions(Positions {
            positions: vec![PositionOf {
                name: "p90".to_owned(),
                at_or_below,
                at_or_above,
            }],
        }))
    };
    assert_eq!(of(46, 5), []);
    assert_eq!(of(47, 4), [Breach::FewBeyond]);
    // A least value that one has; one that five share.
    assert_eq!(of(1, 50), [Breach::FewBeyond]);
    assert_eq!(of(5, 50), []);
}

fn picture(bounds: &[(u64, bool)], texts: &[&str], mark: Mark) -> Vec<Breach> {
    let bounds = bounds.iter().map(|(units, is_given)| ClassBound {
        name: "up to 1,204".to_owned(),
        units: *units,
        is_given: *is_given,
    });
    breaches(Output::Picture(Picture {
        marks: vec![mark],
        bounds: bounds.collect(),
        texts: texts.iter().map(|text| (*text).to_owned()).collect(),
    }))
}

fn mark(is_hidden: bool, texts: &[&str]) -> Mark {
    Mark {
        name: "Rione 4, 2024".to_owned(),
        is_hidden,
        texts: texts.iter().map(|text| (*text).to_owned()).collect(),
        hidden: Some("1.204".to_owned()),
    }
}

#[test]
fn charts_and_maps() {
    let shown = || mark(false, &["Rione 4, 2024: 1.204"]);
    assert_eq!(picture(&[], &[], shown()), []);
    assert_eq!(
        picture(&[(5, false), (0, false), (1, true)], &[], shown()),
        []
    );
    assert_eq!(picture(&[(4, false)], &[], shown()), [Breach::BoundOfFew]);
    let quiet = || mark(true, &["Rione 4, 2024: hidden", "too few people"]);
    assert_eq!(picture(&[], &["Four districts, 2024"], quiet()), []);
    let loud = mark(true, &["Rione 4, 2024: 1,204"]);
    assert_eq!(picture(&[], &[], loud), [Breach::HiddenInText]);
    let alternative = "In Rione 4, 2024 there were 1,204 families.";
    assert_eq!(
        picture(&[], &[alternative], quiet()),
        [Breach::HiddenInText]
    );
    // The number of another district, and the name without its number.
    assert_eq!(
        picture(&[], &["In Rione 5 there were 1,204 families."], quiet()),
        []
    );
    assert_eq!(
        picture(&[], &["In Rione 4, 2024 the number is hidden."], quiet()),
        []
    );
}

#[test]
fn slivers_between_areas() {
    let of = |pieces: &[(&str, &str, u64)]| {
        let pieces = pieces.iter().map(|(one, other, units)| Piece {
            one: (*one).to_owned(),
            other: (*other).to_owned(),
            units: *units,
        });
        found(Output::Areas(Areas {
            pieces: pieces.collect(),
        }))
    };
    // Parish P lies in district D, which has four more people, of parish Q that goes on beyond.
    let sliver = |few| vec![("D", "P", 50), ("D", "Q", few), ("E", "Q", 60)];
    assert_eq!(
        of(&sliver(4)),
        [
            ("D".to_owned(), Breach::Sliver),
            ("Q".to_owned(), Breach::Sliver)
        ]
    );
    assert_eq!(of(&sliver(5)), []);
    assert_eq!(of(&sliver(0)), []);
}

#[test]
fn the_words_of_people_are_refused_whatever_the_clauses() {
    let loosest = OutputClauses {
        minimum_frequency: MinimumFrequency::new(MinimumFrequency::FLOOR).unwrap(),
        residual_freedom_min: 0,
        leaf_min: 0,
        membership_advantage_max: 0.99,
    };
    for clauses in [OutputClauses::default(), loosest] {
        let found = examine(&Output::Transcript(Transcript {}), &clauses);
        let [only] = found.as_slice() else {
            panic!("one finding")
        };
        assert_eq!(only.breach, Breach::OwnWords);
    }
    // The kind has no room for a word: what brings one along is no result at all.
    let read = |text: &str| serde_json::from_str::<Output>(text);
    assert!(read(r#"{"kind":"transcript"}"#).is_ok());
    assert!(read(r#"{"kind":"transcript","text":"da quando ho perso il lavoro"}"#).is_err());
}
