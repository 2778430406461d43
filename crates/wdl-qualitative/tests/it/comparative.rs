//! Qualitative comparative analysis against values from outside, against brute force, and on bad memberships.

use std::collections::BTreeSet;

use proptest::prelude::{Strategy, prop, prop_assert, prop_assert_eq, proptest};
use wdl_qualitative::comparative::{
    CalibrationError, Condition, Cuts, Expectation, Literal, Model, Models, Necessary, Outcome,
    Sets, SetsError, SolutionType, SolveError, SupersetCuts, Term, Thresholds, TruthTable, direct,
    indirect, linear, necessity, robustness, solve, sufficiency, supersets,
};

use crate::elsewhere::{self, Table};

const NAMES: [&str; 5] = ["DEV", "URB", "LIT", "IND", "STB"];

fn check(value: f64, expected: f64, what: &str) {
    let error = (value - expected).abs();
    assert!(error <= 1e-12, "{what}: {value} is not {expected}");
}

fn lipset(kind: &str) -> Option<Sets> {
    let table = Table::read(&format!("lipset_{kind}.csv"), b',')?;
    let conditions = NAMES.iter().map(|name| Condition::Set(table.numbers(name)));
    Some(Sets::new(conditions.collect(), table.numbers("SURV")).expect("sets"))
}

fn expected() -> Option<serde_json::Value> {
    let path = elsewhere::path("expected_qca.json")?;
    let text = std::fs::read_to_string(path).expect("it is there");
    Some(serde_json::from_str(&text).expect("it is JSON"))
}

fn word(term: &Term) -> String {
    let literals = term.literals().into_iter().map(|own| match own.level {
        0 => format!("~{}", NAMES[own.condition]),
        _ => NAMES[own.condition].to_owned(),
    });
    literals.collect::<Vec<String>>().join("*")
}

fn words(model: &Model) -> BTreeSet<String> {
    model.terms.iter().map(|own| word(&own.term)).collect()
}

fn parsed(text: &str) -> BTreeSet<String> {
    text.split(" + ").map(str::to_owned).collect()
}

fn only(sets: &Sets, solution_type: &SolutionType) -> Model {
    let table = TruthTable::new(sets, Cuts::at(0.8));
    let answer = solve(sets, &table, solution_type, Models::Fewest).expect("a solution");
    assert_eq!(answer.solutions.len(), 1);
    assert_eq!(answer.solutions[0].models.len(), 1, "one model");
    answer.solutions[0].models[0].clone()
}

fn all_present() -> SolutionType {
    SolutionType::Intermediate(vec![Expectation(vec![1]); 5])
}

#[test]
fn the_truth_table_meets_r() {
    let (Some(sets), Some(expected)) = (lipset("fuzzy"), expected()) else {
        return;
    };
    let table = TruthTable::new(&sets, Cuts::at(0.8));
    let rows = expected["fuzzy"]["truth_table"].as_object().expect("rows");
    assert_eq!(table.rows.len(), rows.len());
    for row in &table.rows {
        let name: String = row.configuration.iter().map(u8::to_string).collect();
        let known = &rows[&name];
        assert_eq!(Some(row.cases.len() as u64), known[0].as_u64(), "{name}");
        check(row.inclusion, known[1].as_f64().expect("a number"), &name);
        check(row.pri, known[2].as_f64().expect("a number"), &name);
    }
    let with = table.of(Outcome::With).count();
    assert_eq!((with, table.remainders()), (2, 23));
    // Finland and Ireland, and the four of the full configuration, all have the outcome; France and Sweden have it in a row that does not reach the cut.
    assert!(table.rows.iter().all(|row| !row.is_contradictory()));
}

#[test]
fn the_solutions_meet_r() {
    let (Some(crisp), Some(fuzzy), Some(expected)) = (lipset("crisp"), lipset("fuzzy"), expected())
    else {
        return;
    };
    for (name, solution_type) in [
        ("conservative", SolutionType::Conservative),
        ("parsimonious", SolutionType::Parsimonious),
    ] {
        let known = expected["crisp"][name].as_str().expect("a text");
        assert_eq!(words(&only(&crisp, &solution_type)), parsed(known));
        let model = only(&fuzzy, &solution_type);
        let known = expected["fuzzy"][name].as_object().expect("terms");
        assert_eq!(model.terms.len() + 1, known.len());
        for term in &model.terms {
            let word = word(&term.term);
            let fit = term.fit;
            let values = [fit.inclusion, fit.pri, fit.coverage, term.unique_coverage];
            for (at, value) in values.into_iter().enumerate() {
                check(value, known[&word][at].as_f64().expect("a number"), &word);
            }
        }
        let values = [model.fit.inclusion, model.fit.pri, model.fit.coverage];
        for (at, value) in values.into_iter().enumerate() {
            check(
                value,
                known["solution"][at].as_f64().expect("a number"),
                name,
            );
        }
    }
    let known = expected["fuzzy"]["intermediate_dir_exp_all_present"].as_str();
    let model = only(&fuzzy, &all_present());
    assert_eq!(words(&model), parsed(known.expect("a text")));
    // As printed by R, to three digits: DEV*URB*LIT*STB, then DEV*LIT*~IND*STB.
    for (word_of, printed) in [
        ("DEV*URB*LIT*STB", [0.901, 0.879, 0.468, 0.378]),
        ("DEV*LIT*~IND*STB", [0.814, 0.721, 0.282, 0.191]),
    ] {
        let term = model.terms.iter().find(|own| word(&own.term) == word_of);
        let term = term.expect("the term");
        let fit = term.fit;
        let values = [fit.inclusion, fit.pri, fit.coverage, term.unique_coverage];
        for (value, printed) in values.into_iter().zip(printed) {
            assert!(
                (value - printed).abs() <= 0.0005,
                "{word_of}: {value} {printed}"
            );
        }
    }
    // Belgium, Czechoslovakia, the Netherlands and the United Kingdom; Finland and Ireland.
    let cases: BTreeSet<Vec<usize>> = model.terms.iter().map(|own| own.cases.clone()).collect();
    assert_eq!(cases, BTreeSet::from([vec![1, 2, 11, 17], vec![4, 9]]));
    assert_eq!(model.uncovered_cases, [5, 16]);
}

#[test]
fn necessity_meets_r() {
    let (Some(sets), Some(expected)) = (lipset("fuzzy"), expected()) else {
        return;
    };
    let literal = |condition: usize, level: u8| Literal { condition, level };
    for (at, name) in NAMES.iter().enumerate() {
        let set = Term::new(&[literal(at, 1)]).memberships(&sets);
        let fit = necessity(&set, sets.outcome());
        let known = &expected["fuzzy"]["necessity"][name];
        for (at, value) in [fit.inclusion, fit.relevance, fit.coverage]
            .into_iter()
            .enumerate()
        {
            check(value, known[at].as_f64().expect("a number"), name);
        }
    }
    let cuts = SupersetCuts {
        inclusion: 0.9,
        relevance: 0.6,
        coverage: 0.0,
        literals_max: 5,
    };
    let found = supersets(&sets, cuts);
    let printed: Vec<(Necessary, String, [f64; 3])> = found
        .iter()
        .map(|own| {
            let words: Vec<String> = own
                .literals
                .iter()
                .map(|own| word(&Term::new(&[*own])))
                .collect();
            let fit = own.fit;
            let rounded =
                [fit.inclusion, fit.relevance, fit.coverage].map(|own| (own * 1e3).round() / 1e3);
            (own.joined, words.join(" "), rounded)
        })
        .collect();
    // The search printed by R at an inclusion of .9 and a relevance of .6.
    assert_eq!(
        printed,
        [
            (
                Necessary::Conjunction,
                "STB".to_owned(),
                [0.920, 0.680, 0.707]
            ),
            (
                Necessary::Conjunction,
                "LIT STB".to_owned(),
                [0.915, 0.800, 0.793]
            ),
            (
                Necessary::Disjunction,
                "DEV URB IND".to_owned(),
                [0.903, 0.704, 0.716]
            ),
        ]
    );
}

#[test]
fn calibration_meets_r() {
    let (Some(expected), Some(raw)) = (expected(), Table::read("lipset_raw.csv", b',')) else {
        return;
    };
    let values = raw.numbers("DEV");
    let thresholds = Thresholds {
        exclusion: 400.0,
        crossover: 550.0,
        inclusion: 900.0,
    };
    let known = &expected["calibration_DEV_400_550_900"];
    for (name, found) in [
        (
            "logistic_idm_0.95",
            direct(&values, thresholds, 0.95).expect("memberships"),
        ),
        ("linear", linear(&values, thresholds).expect("memberships")),
    ] {
        for (at, value) in found.into_iter().enumerate() {
            check(value, known[name][at].as_f64().expect("a number"), name);
        }
    }
}

#[test]
fn thresholds_that_fall_mirror_those_that_rise() {
    let values = [1.0, 2.0, 3.5, 7.0];
    let rising = Thresholds {
        exclusion: 1.0,
        crossover: 2.5,
        inclusion: 6.0,
    };
    let falling = Thresholds {
        exclusion: 6.0,
        crossover: 2.5,
        inclusion: 1.0,
    };
    let up = direct(&values, rising, 0.95).expect("memberships");
    let down = direct(&values, falling, 0.95).expect("memberships");
    up.iter()
        .zip(down)
        .for_each(|(up, down)| check(up + down, 1.0, "the sum"));
    let bent = Thresholds {
        exclusion: 1.0,
        crossover: 1.0,
        inclusion: 6.0,
    };
    assert_eq!(
        direct(&values, bent, 0.95),
        Err(CalibrationError::Thresholds)
    );
    assert_eq!(
        direct(&[f64::NAN], rising, 0.95),
        Err(CalibrationError::NotFinite(0))
    );
    assert_eq!(direct(&values, rising, 0.5), Err(CalibrationError::Degree));
}

#[test]
fn the_indirect_method_gives_back_a_curve_of_its_own_kind() {
    let values: Vec<f64> = (1..40).map(f64::from).collect();
    let curve = |value: f64| 1.0 / (1.0 + (-(1.2 * value.ln() - 0.004 * value * value)).exp());
    let grades: Vec<f64> = values.iter().map(|own| curve(*own)).collect();
    let found = indirect(&values, &grades).expect("memberships");
    for (found, grade) in found.iter().zip(&grades) {
        assert!((found - grade).abs() < 1e-8, "{found} {grade}");
    }
    // Grades in six steps are smoothed, and keep their mean (the score of the constant).
    let steps: Vec<f64> = grades.iter().map(|own| (own * 5.0).round() / 5.0).collect();
    let found = indirect(&values, &steps).expect("memberships");
    check(
        found.iter().sum::<f64>() / 39.0,
        steps.iter().sum::<f64>() / 39.0,
        "the mean",
    );
    assert_eq!(
        indirect(&[0.0, 1.0], &[0.0, 1.0]),
        Err(CalibrationError::NotPositive(0))
    );
    assert_eq!(
        indirect(&values, &[0.2; 39]),
        Err(CalibrationError::NoCurve)
    );
    assert_eq!(indirect(&values, &[0.2; 38]), Err(CalibrationError::Grades));
    let parted: Vec<f64> = (0..39).map(|at| f64::from(u8::from(at > 20))).collect();
    assert_eq!(indirect(&values, &parted), Err(CalibrationError::NoCurve));
}

/// Sets with each configuration as a case, once with the outcome where wanted.
fn sets_of(levels: &[u8], rows: &[(Vec<u8>, bool)]) -> Sets {
    let conditions = (0..levels.len()).map(|at| {
        let values: Vec<u8> = rows.iter().map(|(own, _)| own[at]).collect();
        match levels[at] {
            2 => Condition::Set(values.into_iter().map(f64::from).collect()),
            _ => Condition::Values(values),
        }
    });
    let outcome = rows.iter().map(|(_, own)| f64::from(u8::from(*own)));
    Sets::new(conditions.collect(), outcome.collect()).expect("sets")
}

/// All terms over some levels as one choice a condition, nothing where it is free.
fn all_terms(levels: &[u8]) -> Vec<Vec<Option<u8>>> {
    levels.iter().fold(vec![Vec::new()], |all, levels| {
        let longer = all.iter().flat_map(|known: &Vec<Option<u8>>| {
            let choices = std::iter::once(None).chain((0..*levels).map(Some));
            choices
                .map(|choice| [known.clone(), vec![choice]].concat())
                .collect::<Vec<_>>()
        });
        longer.collect()
    })
}

fn lies_in(configuration: &[u8], term: &[Option<u8>]) -> bool {
    let mut pairs = configuration.iter().zip(term);
    pairs.all(|(level, choice)| choice.is_none_or(|own| own == *level))
}

/// The minimal covers by trying all sets of prime implicants: those with the fewest terms.
fn brute_force(
    levels: &[u8],
    positive: &[Vec<u8>],
    is_allowed: &dyn Fn(&[u8]) -> bool,
) -> BTreeSet<Vec<Term>> {
    let terms = all_terms(levels);
    let configurations: Vec<Vec<u8>> = terms
        .iter()
        .filter_map(|own| own.iter().copied().collect::<Option<Vec<u8>>>())
        .collect();
    let is_implicant = |term: &Vec<Option<u8>>| {
        let mut own = configurations.iter().filter(|own| lies_in(own, term));
        own.all(|own| is_allowed(own)) && positive.iter().any(|own| lies_in(own, term))
    };
    let implicants: Vec<&Vec<Option<u8>>> = terms.iter().filter(|own| is_implicant(own)).collect();
    let is_prime = |term: &&&Vec<Option<u8>>| {
        (0..levels.len())
            .filter(|at| term[*at].is_some())
            .all(|at| {
                let mut shorter = (**term).clone();
                shorter[at] = None;
                !implicants.contains(&&shorter)
            })
    };
    let primes: Vec<&Vec<Option<u8>>> = implicants.iter().filter(is_prime).copied().collect();
    let covers = |chosen: &[usize]| {
        positive
            .iter()
            .all(|own| chosen.iter().any(|at| lies_in(own, primes[*at])))
    };
    for size in 1..=positive.len() {
        let mut found = BTreeSet::new();
        choose(primes.len(), size, &mut Vec::new(), &mut |chosen| {
            if covers(chosen) {
                let mut model: Vec<Term> = chosen.iter().map(|at| as_term(primes[*at])).collect();
                model.sort();
                found.insert(model);
            }
        });
        if !found.is_empty() {
            return found;
        }
    }
    BTreeSet::new()
}

fn as_term(choices: &[Option<u8>]) -> Term {
    let literals = choices.iter().enumerate();
    let literals: Vec<Literal> = literals
        .filter_map(|(condition, own)| own.map(|level| Literal { condition, level }))
        .collect();
    Term::new(&literals)
}

fn choose(from: usize, size: usize, chosen: &mut Vec<usize>, each: &mut dyn FnMut(&[usize])) {
    if chosen.len() == size {
        return each(chosen);
    }
    for next in chosen.last().map_or(0, |last| last + 1)..from {
        chosen.push(next);
        choose(from, size, chosen, each);
        chosen.pop();
    }
}

fn tables() -> impl Strategy<Value = (Vec<u8>, Vec<(Vec<u8>, bool)>)> {
    let levels = prop::sample::select(vec![
        vec![2, 2, 2],
        vec![2, 3, 2],
        vec![3, 3],
        vec![2, 2, 2, 2],
    ]);
    levels.prop_flat_map(|levels| {
        let size: usize = levels.iter().map(|own: &u8| usize::from(*own)).product();
        let kinds = prop::collection::vec(0_u8..3, size);
        kinds.prop_map(move |kinds| {
            let mut rows = Vec::new();
            for (at, kind) in kinds.into_iter().enumerate() {
                let mut rest = at;
                let configuration = levels.iter().map(|own| {
                    let level = rest % usize::from(*own);
                    rest /= usize::from(*own);
                    level as u8
                });
                let configuration: Vec<u8> = configuration.collect();
                if kind < 2 {
                    rows.push((configuration, kind == 1));
                }
            }
            (levels.clone(), rows)
        })
    })
}

proptest! {
    #[test]
    fn minimisation_is_that_of_brute_force((levels, rows) in tables()) {
        let positive: Vec<Vec<u8>> = rows.iter().filter(|own| own.1).map(|own| own.0.clone()).collect();
        let negative: Vec<Vec<u8>> = rows.iter().filter(|own| !own.1).map(|own| own.0.clone()).collect();
        let spans = |at: usize| rows.iter().map(|own| own.0[at]).collect::<BTreeSet<u8>>().len() == usize::from(levels[at]);
        if positive.is_empty() || negative.is_empty() || !(0..levels.len()).all(spans) || positive.len() > 7 {
            return Ok(());
        }
        let sets = sets_of(&levels, &rows);
        let table = TruthTable::new(&sets, Cuts::at(1.0));
        let found = solve(&sets, &table, &SolutionType::Conservative, Models::Fewest).expect("a solution");
        prop_assert!(found.solutions[0].is_complete);
        prop_assert_eq!(found.model_terms(), brute_force(&levels, &positive, &|own| positive.iter().any(|row| row == own)));
        let found = solve(&sets, &table, &SolutionType::Parsimonious, Models::Fewest).expect("a solution");
        prop_assert_eq!(found.model_terms(), brute_force(&levels, &positive, &|own| !negative.iter().any(|row| row == own)));
        // Every model covers each case with the outcome and none without.
        for model in &found.solutions[0].models {
            prop_assert_eq!((model.fit.inclusion, model.fit.coverage), (1.0, 1.0));
        }
        // Models without superfluous terms include those with the fewest.
        let all = solve(&sets, &table, &SolutionType::Parsimonious, Models::Irredundant).expect("a solution");
        prop_assert!(all.model_terms().is_superset(&found.model_terms()));
        // An intermediate solution lies between: it holds every conservative case and nothing outside the parsimonious one.
        let expectations: Vec<Expectation> = levels.iter().map(|_| Expectation(vec![1])).collect();
        let between = solve(&sets, &table, &SolutionType::Intermediate(expectations), Models::Fewest).expect("a solution");
        for solution in &between.solutions {
            for model in &solution.models {
                prop_assert_eq!((model.fit.inclusion, model.fit.coverage), (1.0, 1.0));
                let assumed = model.assumptions.clone().expect("few");
                prop_assert!(assumed.iter().all(|own| solution.easy_counterfactuals.contains(own)));
            }
        }
        // Without expectations there are only the assumptions that both models share: none but the conservative ones.
        let none = SolutionType::Intermediate(vec![Expectation::default(); levels.len()]);
        let without = solve(&sets, &table, &none, Models::Fewest).expect("a solution");
        let conservative = solve(&sets, &table, &SolutionType::Conservative, Models::Fewest).expect("a solution");
        prop_assert_eq!(without.model_terms(), conservative.model_terms());
    }
}

#[test]
fn an_ambiguous_chart_lists_every_model() {
    // The cyclic chart of Quine: six primes, two covers of three.
    let rows = [0, 1, 3, 4, 6, 7, 2, 5].map(|own: u8| {
        let configuration = vec![own >> 2 & 1, own >> 1 & 1, own & 1];
        (configuration, own != 2 && own != 5)
    });
    let sets = sets_of(&[2, 2, 2], &rows);
    let table = TruthTable::new(&sets, Cuts::at(1.0));
    let found = solve(&sets, &table, &SolutionType::Conservative, Models::Fewest).expect("models");
    let solution = &found.solutions[0];
    assert_eq!(
        (solution.prime_implicants.len(), solution.models.len()),
        (6, 2)
    );
    assert!(solution.essential.is_empty());
    let all = solve(
        &sets,
        &table,
        &SolutionType::Conservative,
        Models::Irredundant,
    )
    .expect("models");
    // Petrick's product has three further sums of four terms.
    assert_eq!(all.solutions[0].models.len(), 5);
}

#[test]
fn the_absence_of_the_outcome_has_its_own_solution() {
    let Some(sets) = lipset("crisp") else { return };
    let absent = sets.negated();
    let table = TruthTable::new(&absent, Cuts::at(0.8));
    let found =
        solve(&absent, &table, &SolutionType::Parsimonious, Models::Fewest).expect("models");
    assert_eq!(words(&found.solutions[0].models[0]), parsed("~DEV + ~STB"));
    assert_eq!(found.solutions[0].models[0].fit.coverage, 1.0);
}

#[test]
fn the_range_of_the_cuts_is_where_the_solution_changes() {
    let Some(sets) = lipset("fuzzy") else { return };
    let table = TruthTable::new(&sets, Cuts::at(0.8));
    let kind = SolutionType::Conservative;
    let range = robustness(&sets, &table, &kind, Models::Fewest).expect("a range");
    check(
        range.inclusion_above,
        0.708771929824562,
        "the row of France and Sweden",
    );
    check(
        range.inclusion_up_to,
        0.804270462633452,
        "the row of Finland and Ireland",
    );
    assert_eq!((range.frequency_min, range.frequency_max), (1, 2));
    let known = solve(&sets, &table, &kind, Models::Fewest)
        .expect("models")
        .model_terms();
    for (cut, stays) in [
        (0.709, true),
        (0.8042, true),
        (0.708, false),
        (0.805, false),
    ] {
        let answer = solve(&sets, &table.recut(Cuts::at(cut)), &kind, Models::Fewest);
        assert_eq!(
            answer.expect("models").model_terms() == known,
            stays,
            "{cut}"
        );
    }
}

#[test]
fn contradictions_are_told() {
    let a = Condition::Set(vec![1.0, 1.0, 0.0, 0.0]);
    let b = Condition::Set(vec![1.0, 1.0, 1.0, 0.0]);
    let sets = Sets::new(vec![a, b], vec![1.0, 0.0, 1.0, 0.0]).expect("sets");
    let cuts = Cuts {
        inclusion: 0.8,
        inclusion_without: 0.3,
        pri: 0.0,
        frequency: 1,
    };
    let table = TruthTable::new(&sets, cuts);
    let row = table
        .of(Outcome::Contradiction)
        .next()
        .expect("a contradiction");
    assert_eq!(
        (row.cases.clone(), row.cases_without_outcome.clone()),
        (vec![0, 1], vec![1])
    );
    assert!(row.is_contradictory());
    // Contradictions and rows too small alone leave nothing to minimise.
    let table = table.recut(Cuts {
        frequency: 2,
        ..cuts
    });
    let answer = solve(&sets, &table, &SolutionType::Conservative, Models::Fewest);
    let error = SolveError::NothingWith {
        without: 0,
        contradictions: 1,
        too_few_cases: 2,
    };
    assert_eq!(answer, Err(error));
    // Nothing without the outcome: the parsimonious solution would be everything.
    let table = table.recut(Cuts {
        frequency: 1,
        ..Cuts::at(0.0)
    });
    let answer = solve(&sets, &table, &SolutionType::Parsimonious, Models::Fewest);
    assert_eq!(answer, Err(SolveError::NothingWithout));
    let short = SolutionType::Intermediate(vec![Expectation::default()]);
    let answer = solve(&sets, &TruthTable::new(&sets, cuts), &short, Models::Fewest);
    assert_eq!(answer, Err(SolveError::Expectations { have: 1, need: 2 }));
}

#[test]
fn memberships_that_cannot_be_analysed_name_the_case() {
    let set = |values: &[f64]| Condition::Set(values.to_vec());
    let outcome = vec![1.0, 0.0, 0.3];
    let half = Sets::new(
        vec![set(&[0.1, 0.9, 0.8]), set(&[0.1, 0.9, 0.5])],
        outcome.clone(),
    );
    assert_eq!(
        half,
        Err(SetsError::OnTheBorder {
            case: 2,
            condition: 1
        })
    );
    let far = Sets::new(vec![set(&[0.1, 1.1, 0.8])], outcome.clone());
    assert_eq!(
        far,
        Err(SetsError::NotMembership {
            case: 1,
            condition: Some(0)
        })
    );
    let nan = Sets::new(vec![set(&[0.1, 0.9, 0.8])], vec![1.0, f64::NAN, 0.0]);
    assert_eq!(
        nan,
        Err(SetsError::NotMembership {
            case: 1,
            condition: None
        })
    );
    let same = Sets::new(vec![set(&[0.6, 0.9, 0.8])], outcome.clone());
    assert_eq!(same, Err(SetsError::ConditionConstant(0)));
    let flat = Sets::new(vec![set(&[0.1, 0.9, 0.8])], vec![1.0; 3]);
    assert_eq!(flat, Err(SetsError::OutcomeConstant));
    assert_eq!(
        Sets::new(Vec::new(), outcome.clone()),
        Err(SetsError::Empty)
    );
    let ragged = Sets::new(vec![set(&[0.1, 0.9])], outcome.clone());
    assert_eq!(ragged, Err(SetsError::Ragged(0)));
    let many = Sets::new(vec![set(&[0.1, 0.9, 0.8]); 17], outcome);
    assert_eq!(many, Err(SetsError::TooManyConditions(17)));
    // A set in which nobody is: no inclusion, rather than a figure.
    assert!(sufficiency(&[0.0, 0.0], &[1.0, 0.0]).inclusion.is_nan());
}

#[test]
fn ten_conditions_and_sixty_cases_are_fast() {
    let mut state = 5_u64;
    let mut next = || {
        state = (state * 1_103_515_245 + 12_345) % (1 << 31);
        (state >> 16) % 100
    };
    let conditions: Vec<Vec<f64>> = (0..10)
        .map(|_| (0..60).map(|_| (next() % 2) as f64).collect())
        .collect();
    // A rule and one case in twelve against it.
    let outcome = (0..60).map(|case: usize| {
        let has = |at: usize| conditions[at][case] == 1.0;
        let rule = (has(0) && has(1)) || (has(2) && !has(3));
        f64::from(u8::from(rule != next().is_multiple_of(12)))
    });
    let outcome: Vec<f64> = outcome.collect();
    let sets = Sets::new(
        conditions.iter().cloned().map(Condition::Set).collect(),
        outcome,
    )
    .expect("sets");
    let start = std::time::Instant::now();
    let table = TruthTable::new(&sets, Cuts::at(0.8));
    for kind in [SolutionType::Conservative, SolutionType::Parsimonious] {
        let found = solve(&sets, &table, &kind, Models::Fewest).expect("models");
        let own = &found.solutions[0];
        println!(
            "{kind:?}: {} positive rows, {} primes, {} models of {} terms, complete {}, {:?}",
            table.of(Outcome::With).count(),
            own.prime_implicants.len(),
            own.models.len(),
            own.models[0].terms.len(),
            own.is_complete,
            start.elapsed()
        );
    }
    assert!(start.elapsed().as_secs_f64() < 10.0);
}
