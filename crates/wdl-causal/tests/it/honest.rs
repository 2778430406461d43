//! How large a violation of parallel trends a conclusion bears (Rambachan and Roth).

use nalgebra::{DMatrix, DVector};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution, StandardNormal};
use serde_json::Value;
use wdl_causal::honest::{
    self, Breakdown, Direction, EventStudy, Interval, NoInterval, Question, Restriction, Test,
};

use crate::elsewhere;

fn reference() -> Option<(EventStudy, Value)> {
    let text = std::fs::read_to_string(elsewhere::path("honest_did.json")?).expect("it is there");
    let value: Value = serde_json::from_str(&text).expect("it is JSON");
    let numbers = |value: &Value| -> Vec<f64> {
        let list = value.as_array().expect("a list");
        list.iter()
            .map(|own| own.as_f64().expect("a number"))
            .collect()
    };
    let coefficients = numbers(&value["input"]["betahat"]);
    let rows: Vec<f64> = value["input"]["sigma"]
        .as_array()
        .expect("rows")
        .iter()
        .flat_map(numbers)
        .collect();
    let covariance = DMatrix::from_row_slice(coefficients.len(), coefficients.len(), &rows);
    let study = EventStudy::new(&coefficients, &covariance, 4).expect("a study");
    Some((study, value))
}

#[test]
fn fixed_lengths_agree_with_elsewhere() {
    let Some((study, value)) = reference() else {
        return;
    };
    let question = Question::of_period(0, 4, 0.05);
    for row in value["moderndid_0.2.0"]["DeltaSD_FLCI"]
        .as_array()
        .expect("rows")
    {
        let own = honest::fixed_length(&study, &question, row["m"].as_f64().expect("m"))
            .expect("an interval");
        println!("{} {} {row}", own.lower, own.upper);
    }
}

#[test]
fn magnitudes_agree_with_elsewhere() {
    let Some((study, value)) = reference() else {
        return;
    };
    let question = Question::of_period(0, 4, 0.05);
    let start = std::time::Instant::now();
    for row in value["moderndid_0.2.0"]["DeltaRM_CLF_grid1000"]
        .as_array()
        .expect("rows")
    {
        let bound = Restriction::RelativeMagnitude(row["Mbar"].as_f64().expect("Mbar"));
        let own =
            honest::interval(&study, &question, bound, question.usual_test()).expect("an interval");
        println!(
            "{} {} {row} {:?}",
            own.lower.value, own.upper.value, own.pieces
        );
    }
    println!("{:?}", start.elapsed());
}
