//! The least effect that a design could see, by the study's own method on outcomes drawn without any effect.
//!
//! Nothing of an observed outcome is read: how outcomes vary is declared.
//! The effect is added to the estimate, as every method does whose estimate is in the unit of the outcome when the outcome of all with the measure moves by the same.

use wdl_causal::power::{Drawing, Seen, Seens};

use crate::answer::Evaluation;
use crate::catalog::Method;
use crate::columns::Columns;
use crate::fault::EvaluationError;
use crate::methods::power_fault;
use crate::opening::Scale;
use crate::options::Given;
use crate::request::Request;

pub use wdl_causal::power::{Noise, Outcomes, Rows};

/// A design whose outcomes are drawn.
#[derive(Clone, Copy)]
pub struct Promise<'a> {
    /// The method of the study.
    pub method: &'a dyn Method,
    /// What it is asked.
    pub given: &'a Given,
    /// The columns of the design.
    pub columns: &'a Columns,
    /// The name of the outcome among the options.
    pub outcome: &'a str,
    /// The estimate that is the answer; the first when nothing is said.
    pub estimate: Option<&'a str>,
    /// Where outcomes come from.
    pub outcomes: Outcomes<'a>,
    /// The units, periods and sizes of the rows.
    pub rows: Rows<'a>,
    /// How many draws.
    pub draws: u64,
    /// The seed.
    pub seed: u64,
    /// How often the effect is to be seen.
    pub power: f64,
}

/// What a design promises.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Promised {
    /// The least effect that would be seen as often as asked.
    pub least_effect: f64,
    /// The mean half-width of the intervals.
    pub half_width: f64,
    /// How often an effect is found that is not there.
    pub false_alarms: f64,
}

impl Promise<'_> {
    /// Draws outcomes, estimates them, and looks at the intervals.
    ///
    /// # Errors
    /// [`EvaluationError`] when a number is out of range, the method gives no answer on any draw, or its estimate is no amount.
    pub fn drawn(&self) -> Result<Promised, EvaluationError> {
        let drawing = Drawing::new(self.outcomes, self.rows, self.seed).map_err(power_fault)?;
        let mut seen = Seens {
            intervals: Vec::new(),
            draws: usize::try_from(self.draws).unwrap_or(usize::MAX),
        };
        let mut level = 0.95;
        let mut fault = None;
        for draw in 0..self.draws {
            match self.estimated(drawing.draw(draw)) {
                Ok(answer) => {
                    if let Scale::Multiplies(_) = answer.opening.scale {
                        return Err(EvaluationError::options(
                            "method",
                            "la stima moltiplica, e la simulazione aggiunge: serve un metodo la cui stima è nell'unità dell'esito",
                            "its estimate multiplies, and the simulation adds: it takes a method whose estimate is in the unit of the outcome",
                        ));
                    }
                    let own = self.chosen(&answer);
                    level = own.map_or(level, |own| own.level);
                    let interval = own.and_then(|own| own.interval);
                    seen.intervals
                        .extend(interval.map(|interval| Seen { interval }));
                }
                Err(why) => fault = Some(why),
            }
        }
        if let (true, Some(fault)) = (seen.intervals.is_empty(), fault) {
            return Err(fault);
        }
        let least = seen.minimum_detectable_effect(1.0 - level, self.power);
        Ok(Promised {
            least_effect: least.map_err(power_fault)?,
            half_width: seen.half_width(),
            false_alarms: seen.power(0.0),
        })
    }

    fn estimated(&self, outcomes: Vec<f64>) -> Result<Evaluation, EvaluationError> {
        let columns = self.columns.clone();
        let columns = columns.with_values(self.outcome, outcomes, None);
        let request = Request::new(self.method.options(), self.given, &columns)?;
        self.method.run(&request)
    }

    fn chosen<'e>(&self, answer: &'e Evaluation) -> Option<&'e crate::answer::Estimate> {
        match self.estimate {
            Some(name) => answer.estimates.iter().find(|own| own.name == name),
            None => answer.estimates.first(),
        }
    }
}
