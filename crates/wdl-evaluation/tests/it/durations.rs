//! Methods of durations, through the catalog.

use wdl_evaluation::{Cell, EvaluationError};

use crate::asked::{File, ask};

/// The leukaemia times of an old textbook shape, made up: two groups of six.
fn file() -> File {
    File::default()
        .with("t", &[2, 4, 6, 8, 10, 12, 1, 2, 3, 4, 5, 6])
        .with("e", &[1, 0, 1, 0, 1, 0, 1, 1, 1, 1, 0, 1])
        .with(
            "g",
            &["a", "a", "a", "a", "a", "a", "b", "b", "b", "b", "b", "b"],
        )
        .with("x", &[0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1])
}

#[test]
fn curves_are_compared() {
    let answer = ask(
        "survival",
        &file(),
        &[("time", "t"), ("event", "e"), ("group", "g")],
    )
    .unwrap();
    // By hand: the second group loses 1/6, 1/5, 1/4, 1/3 and its last.
    let medians = &answer
        .tables
        .iter()
        .find(|own| own.key == "medians")
        .unwrap()
        .rows;
    assert_eq!(medians[1][3], Cell::Number(3.5));
    let Some(Cell::Number(p)) = answer.figures.get("log_rank_p_value") else {
        panic!("a test")
    };
    assert!(*p > 0.0 && *p < 0.1, "{p}");
    let fault = ask("survival", &file(), &[("time", "x"), ("event", "e")]).unwrap_err();
    assert!(matches!(fault, EvaluationError::Data { .. }));
}

#[test]
fn hazards_are_modelled() {
    let options = [("time", "t"), ("event", "e"), ("covariates", "x")];
    let cox = ask("cox", &file(), &options).unwrap();
    let discrete = ask(
        "discrete-hazard",
        &file(),
        &[options[0], options[1], options[2], ("link", "cloglog")],
    )
    .unwrap();
    assert!(cox.estimates[0].estimate > 0.5 && discrete.estimates[0].estimate > 0.5);
    let fault = ask(
        "cox",
        &file(),
        &[options[0], options[1], ("covariates", "e")],
    )
    .unwrap_err();
    assert!(fault.to_string().contains("infinite"), "{fault}");
}

#[test]
fn causes_share_the_events() {
    let answer = ask(
        "competing-risks",
        &file().with("c", &[1, 0, 2, 0, 1, 0, 2, 2, 1, 1, 0, 1]),
        &[("time", "t"), ("cause", "c")],
    )
    .unwrap();
    let rows = &answer.tables[0].rows;
    // The first event of all: one of twelve, of the second cause.
    let first = rows.iter().find(|own| own[1] == Cell::Number(1.0)).unwrap();
    assert_eq!(
        (&first[0], &first[4]),
        (&Cell::Count(2), &Cell::Number(1.0 / 12.0))
    );
}

/// The same numbers as the kernel's test against cmprsk, in a smaller file; here its refusals and names.
#[test]
fn probabilities_of_an_event_by_covariate() {
    let file = file().with("c", &[1, 0, 2, 0, 1, 0, 2, 2, 1, 1, 0, 1]);
    let asked = [("time", "t"), ("cause", "c"), ("covariates", "x")];
    let answer = ask("fine-gray", &file, &asked).unwrap();
    assert_eq!(answer.estimates[0].name, "x");
    assert!(answer.estimates[0].standard_error.is_some());
    assert_eq!(answer.figures["events"], Cell::Count(5));
    assert_eq!(answer.figures["events_of_other_causes"], Cell::Count(3));
    let second = [&asked[..], &[("of-cause", "2")]].concat();
    let second = ask("fine-gray", &file, &second).unwrap();
    assert_eq!(second.figures["events"], Cell::Count(3));
    for wrong in ["0", "9"] {
        let asked = [&asked[..], &[("of-cause", wrong)]].concat();
        assert!(ask("fine-gray", &file, &asked).is_err(), "{wrong}");
    }
    let constant = file.with("k", &[1; 12]);
    let asked = [("time", "t"), ("cause", "c"), ("covariates", "k")];
    let fault = ask("fine-gray", &constant, &asked).unwrap_err();
    assert!(matches!(fault, EvaluationError::NotEstimable { .. }));
}
