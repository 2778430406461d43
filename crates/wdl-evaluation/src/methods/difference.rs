//! The difference of two means as it stands: what a causal method is compared with, not an effect.

use wdl_vocab::Text;

use crate::answer::{Cell, Estimate, Evaluation, NoteKind, Table};
use crate::catalog::Method;
use crate::fault::EvaluationError;
use crate::groups::Rests;
use crate::options::{Kind, Opt};
use crate::request::Request;

/// `difference`.
pub(super) struct Difference;

const OPTIONS: &[Opt] = &[
    Opt::required(
        "outcome",
        Kind::Number,
        "la colonna dell'esito",
        "the column of the outcome",
    ),
    Opt::required(
        "treatment",
        Kind::Number,
        "la colonna del trattamento: 0 e 1",
        "the column of the treatment: 0 and 1",
    ),
];

impl Method for Difference {
    fn name(&self) -> &'static str {
        "difference"
    }

    fn title(&self) -> Text {
        Text::fixed(
            "La differenza tra la media dei trattati e quella degli altri, senza alcuna correzione",
            "The mean of the treated less that of the others, with nothing corrected",
        )
    }

    fn options(&self) -> &'static [Opt] {
        OPTIONS
    }

    fn rests_on(&self) -> &'static [Rests] {
        &[Rests::Counted {
            table: "groups",
            names: 1,
            columns: &["count"],
        }]
    }

    fn run(&self, request: &Request) -> Result<Evaluation, EvaluationError> {
        let sample = request.sample()?;
        let outcome = sample.numbers("outcome").unwrap_or_default();
        let treated = sample.flags("treatment")?.unwrap_or_default();
        let group = |wanted: bool| {
            Moments::of(
                outcome
                    .iter()
                    .zip(&treated)
                    .filter(|(_, own)| **own == wanted)
                    .map(|(value, _)| *value),
            )
        };
        let (ones, zeros) = (group(true), group(false));
        if ones.count < 2.0 || zeros.count < 2.0 {
            return Err(EvaluationError::not_estimable(
                "servono almeno due trattati e due non trattati",
                "it takes two treated and two others at least",
            ));
        }
        let mut answer = Evaluation::new(
            self.name(),
            Text::fixed(
                "Differenza tra la media dei trattati e quella degli altri",
                "Mean of the treated less mean of the others",
            ),
            sample.kept,
        );
        let (a, b) = (ones.variance_of_mean(), zeros.variance_of_mean());
        // Welch and Satterthwaite (1946): the degrees of freedom of a sum of two variances.
        let degrees = (a + b).powi(2) / (a * a / (ones.count - 1.0) + b * b / (zeros.count - 1.0));
        let own = Estimate::with_error(
            "difference",
            ones.mean - zeros.mean,
            (a + b).sqrt(),
            Some(degrees),
            0.95,
        );
        answer.about(
            "tra i trattati e gli altri",
            "of the treated from the others",
        );
        let fewest = ones.count.min(zeros.count) as usize;
        answer.estimates.push(own.resting_on(fewest));
        answer.tables.push(Table {
            key: "groups",
            title: Text::fixed("I due gruppi", "The two groups"),
            columns: vec![
                ("group", Text::fixed("gruppo", "group")),
                ("count", Text::fixed("righe", "rows")),
                ("mean", Text::fixed("media", "mean")),
            ],
            rows: vec![
                vec![
                    Cell::word("treated"),
                    Cell::Count(ones.count as u64),
                    ones.mean.into(),
                ],
                vec![
                    Cell::word("others"),
                    Cell::Count(zeros.count as u64),
                    zeros.mean.into(),
                ],
            ],
        });
        answer.note(
            NoteKind::Warning,
            "not_an_effect",
            "questa differenza è un effetto solo se chi è trattato è come chi non lo è: di solito non è così",
            "this difference is an effect only if the treated are like the others: mostly they are not",
        );
        Ok(answer)
    }
}

/// Count, mean and sum of squared distances.
struct Moments {
    count: f64,
    mean: f64,
    squares: f64,
}

impl Moments {
    fn of(values: impl Iterator<Item = f64> + Clone) -> Moments {
        let count = values.clone().count() as f64;
        let mean = values.clone().sum::<f64>() / count;
        let squares = values.map(|value| (value - mean).powi(2)).sum();
        Moments {
            count,
            mean,
            squares,
        }
    }

    fn variance_of_mean(&self) -> f64 {
        self.squares / (self.count - 1.0) / self.count
    }
}
