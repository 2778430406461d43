//! What a design promises is what its method would see: held against outcomes that a second, slow hand draws.

use wdl_evaluation::{Columns, Given, Labels, Request};
use wdl_frame::Scope;
use wdl_result::study::{MAIN, Part, PowerFace};
use wdl_study::{Study, plan, run};

use crate::made::{Chance, DESK, areas, context, read};

/// The desks of sixteen areas, planned on declared counts.
fn desk() -> Study {
    let power = "power:\n  simulation: { level: 5, per: 100, between: 1, deviation: 0.5, autocorrelation: 0.4, draws: 400, seed: 3 }\n  basis: { it: supposta, en: assumed }\ntables:";
    let studies = read("desk.yaml", &DESK.replacen("tables:", power, 1)).unwrap();
    studies.get("desk").unwrap().clone()
}

fn normal(chance: &mut Chance) -> f64 {
    // Box and Muller.
    let (one, other) = (1.0 - chance.next(), chance.next());
    (-2.0 * one.ln()).sqrt() * (std::f64::consts::TAU * other).cos()
}

/// A count by multiplying chances until they fall below `e^-mean` (Knuth).
fn count(chance: &mut Chance, mean: f64) -> f64 {
    let (mut at, mut product) = (0.0, chance.next());
    while product > (-mean).exp() {
        at += 1.0;
        product *= chance.next();
    }
    at
}

/// How often an effect is seen: counts of every area and quarter are drawn with fewer events under the desk, and the method is asked.
fn seen(effect: f64, draws: u64) -> f64 {
    let method = wdl_evaluation::method("did").unwrap();
    let given = Given::default()
        .with("outcome", &["rate"])
        .with("unit", &["area"])
        .with("period", &["quarter"])
        .with("first-treated", &["first_quarter"])
        .with("draws", &["0"]);
    let found = (0..draws).filter(|draw| {
        let mut chance = Chance(1_000_003 * (draw + 1));
        let (mut area, mut quarter, mut first, mut rate) = (vec![], vec![], vec![], vec![]);
        for at in 0..16 {
            let own = match at {
                ..6 => Some(4.0),
                6..10 => Some(7.0),
                _ => None,
            };
            let lasting = normal(&mut chance);
            let mut swing = normal(&mut chance);
            for time in 1..=10 {
                swing = 0.4 * swing + (1.0 - 0.16_f64).sqrt() * normal(&mut chance);
                let is_on = own.is_some_and(|own| f64::from(time) >= own);
                let under = effect * f64::from(u8::from(is_on));
                let size = f64::from(300 + at);
                let expected: f64 = 5.0 + lasting + 0.5 * swing - under;
                let events = count(&mut chance, expected.max(0.0) * size / 100.0);
                area.push(Some(format!("r{at}")));
                quarter.push(Some(f64::from(time)));
                first.push(own);
                rate.push(Some(100.0 * events / size));
            }
        }
        let columns = Columns::new(160)
            .with_labels("area", Labels::of(&area))
            .with_numbers("quarter", quarter)
            .with_numbers("first_quarter", first)
            .with_numbers("rate", rate);
        let request = Request::new(method.options(), &given, &columns).unwrap();
        let answer = method.run(&request).unwrap();
        let [low, high] = answer.estimates[0].interval.unwrap();
        low > 0.0 || high < 0.0
    });
    found.count() as f64 / draws as f64
}

/// The areas without anything of the outcome.
fn design() -> Scope {
    areas(9)
}

#[test]
fn the_least_effect_of_sixteen_areas_is_that_of_a_second_simulation() {
    let planned = plan(&desk(), &[design()], 5).unwrap();
    let least = planned.least_effect.unwrap();
    // Within a quarter of itself the power crosses what was promised; three standard errors of a share of 400 are 0.06.
    let (below, above) = (seen(0.75 * least, 400), seen(1.25 * least, 400));
    assert!(below < 0.8 && above > 0.8, "{least}: {below} to {above}");
    let at = seen(least, 400);
    assert!((at - 0.8).abs() < 0.1, "{least}: {at}");
    // How often it finds what is not there is that of the second hand too.
    let alarms = planned.false_alarms.unwrap();
    let second = seen(0.0, 400);
    assert!((alarms - second).abs() < 0.06, "{alarms} or {second}");
}

#[test]
fn a_formula_for_one_start_would_have_promised_too_much() {
    // The same assumptions in the formula: errors of chance and swings, three quarters before, seven after.
    let method = wdl_evaluation::method("power").unwrap();
    let deviation = (100.0 * 5.0 / 307.0_f64 + 0.25).sqrt();
    let given = Given::default()
        .with("design", &["panel"])
        .with("treated", &["10"])
        .with("others", &["6"])
        .with("deviation", &[deviation.to_string().as_str()])
        .with("correlation", &["0.1"])
        .with("before", &["3"])
        .with("after", &["7"]);
    let columns = Columns::new(0);
    let request = Request::new(method.options(), &given, &columns).unwrap();
    let formula = method.run(&request).unwrap().estimates[0].estimate;
    let least = plan(&desk(), &[design()], 5).unwrap().least_effect.unwrap();
    assert!(least > 1.2 * formula, "{least} and {formula}");
    assert!(seen(formula, 200) < 0.7);
}

fn promised(study: &Study) -> (PowerFace, f64) {
    let ran = run(study, &[design()], &context()).unwrap();
    let effects = &ran.tables[0].0;
    let part = effects.header.study.as_ref().unwrap();
    assert_eq!(part.part, Part::Effects);
    let value = |figure| {
        let cell = effects.cell(wdl_vocab::Period::Year(2025), &[Some(MAIN), Some(figure)]);
        cell.unwrap().estimate.unwrap()
    };
    let half = (value("high") - value("low")) / 2.0;
    (part.face.as_ref().unwrap().power.clone().unwrap(), half)
}

#[test]
fn a_run_is_held_against_its_promise() {
    let planned = plan(&desk(), &[design()], 5).unwrap();
    let (power, half) = promised(&desk());
    assert_eq!(planned.least_effect, Some(power.minimum));
    let expected = half / planned.half_width.unwrap();
    assert!((power.widened.unwrap() - expected).abs() < 1e-12);
    // Outcomes made with a narrow chance of their own: the promise was too careful, and the ratio says so.
    assert!(power.widened.unwrap() < 1.0, "{power:?}");
}

#[test]
fn the_plan_reads_nothing_of_the_outcome() {
    // The number of events, which the outcome counts, moves the run and not the plan.
    let one = plan(&desk(), &[areas(9)], 5).unwrap();
    let other = plan(&desk(), &[areas(30)], 5).unwrap();
    assert_eq!(one, other);
}

#[test]
fn outcomes_like_a_column_of_the_design_are_planned_too() {
    let text = crate::made::CALL.replace(
        "  method: power\n  basis: { it: deviazione 0.4, en: deviation 0.4 }\n  options: { design: discontinuity, deviation: 0.4 }",
        "  simulation: { like: age, draws: 100 }\n  basis: { it: età, en: age }",
    );
    let study = crate::made::call(&text);
    let scope = crate::made::scope(&crate::made::rows(600, 80), false);
    let planned = plan(&study, std::slice::from_ref(&scope), 5).unwrap();
    // Ages are spread evenly over thirty years: a deviation of 8.7, on some of 300 a side.
    let least = planned.least_effect.unwrap();
    assert!((2.0..12.0).contains(&least), "{least}");
    assert_eq!(plan(&study, &[scope], 5).unwrap(), planned);
}

#[test]
fn what_rests_on_few_areas_is_named_and_columns_have_names() {
    let text = DESK.replace(
        "key: [area, quarter]",
        "key: [area, quarter]\ncolumns: { quarter: { it: trimestre, en: the quarter } }",
    );
    let studies = read("desk.yaml", &text).unwrap();
    let study = studies.get("desk").unwrap();
    let ran = run(study, &[areas(9)], &context()).unwrap();
    let face = ran.tables[0].0.header.study.clone().unwrap().face.unwrap();
    // Four areas begin in the seventh quarter, fewer than five; they alone are seen five to three quarters before.
    let main = &face.runs[0];
    let english = |all: &[wdl_vocab::Text]| -> Vec<String> {
        all.iter().map(|own| own.en.to_string()).collect()
    };
    assert_eq!(english(&main.few_tables), ["Effects by cohort and period"]);
    assert_eq!(
        english(&main.few),
        [5, 4, 3].map(|time| format!("{time} periods before the start"))
    );
    // Six alone are seen six quarters after.
    let of_few = wdl_study::Context {
        smallest_group: 7,
        ..context()
    };
    let ran = run(study, &[areas(9)], &of_few).unwrap();
    let of_few = ran.tables[0].0.header.study.clone().unwrap().face.unwrap();
    let named = english(&of_few.runs[0].few);
    assert!(
        named.contains(&"6 periods after the start".to_owned()),
        "{named:?}"
    );
    let columns: Vec<(&str, &str)> = face.runs[0]
        .columns
        .iter()
        .map(|(column, label)| (column.as_str(), label.en.as_ref()))
        .collect();
    assert_eq!(
        columns,
        [
            ("rate", "Evictions per hundred households"),
            ("quarter", "the quarter")
        ]
    );
}
