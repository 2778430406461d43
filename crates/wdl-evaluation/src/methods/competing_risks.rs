//! Competing risks: the cumulative incidence of each cause.

use wdl_causal::survival::{Incidence, cumulative_incidence};
use wdl_vocab::{Lang, Text};

use super::survival::{ENTRY, TIME, independent_censoring, spells};
use crate::answer::{Evaluation, NoteKind, Table};
use crate::catalog::Method;
use crate::fault::EvaluationError;
use crate::groups::Rests;
use crate::numbers;
use crate::opening::Claim;
use crate::options::{Kind, Opt};
use crate::request::Request;
use crate::sample::Sample;

/// `competing-risks`.
pub(super) struct CompetingRisks;

pub(super) const CAUSE: Opt = Opt::required(
    "cause",
    Kind::Number,
    "la colonna della causa: 0 se la durata è troncata, 1, 2, ... secondo l'evento",
    "the column of the cause: 0 if the duration is censored, 1, 2, ... by the event",
);

const OPTIONS: &[Opt] = &[TIME, CAUSE, ENTRY];

/// The most causes a column may number.
const CAUSES_MAX: f64 = 100.0;

/// Whether each row had an event, and of which cause, from zero.
pub(super) fn causes(sample: &Sample<'_>) -> Result<(Vec<bool>, Vec<usize>), EvaluationError> {
    let cause = sample.numbers("cause").unwrap_or_default();
    let is_cause = |own: &&f64| own.fract() == 0.0 && (0.0..=CAUSES_MAX).contains(*own);
    let wrong = cause.len() - cause.iter().filter(is_cause).count();
    if wrong > 0 {
        return Err(EvaluationError::data(
            format!("{wrong} righe non hanno una causa tra 0 e 100"),
            format!("{wrong} rows have no cause between 0 and 100"),
        ));
    }
    let place = |own: &f64| (*own as usize).saturating_sub(1);
    Ok((
        cause.iter().map(|own| *own > 0.0).collect(),
        cause.iter().map(place).collect(),
    ))
}

/// How many have had the event of each cause at the end of observation, in a sentence.
fn opening(curves: &[Vec<Incidence>]) -> Text {
    let say = |lang: Lang| {
        let ends = curves.iter().enumerate().filter_map(|(at, curve)| {
            let last = curve.last()?;
            let cause = Text::fixed("causa", "cause");
            let share = numbers::percent(last.incidence, 1, lang);
            Some(format!("{} {}: {share}", cause.get(lang), at + 1))
        });
        let ends = ends.collect::<Vec<String>>().join("; ");
        let words = Text::new(
            format!(
                "Quanti hanno avuto l'evento entro la fine dell'osservazione, per causa ({ends})."
            ),
            format!("How many had the event by the end of observation, by cause ({ends})."),
        );
        words.get(lang).to_owned()
    };
    Text::new(say(Lang::It), say(Lang::En))
}

impl Method for CompetingRisks {
    fn name(&self) -> &'static str {
        "competing-risks"
    }

    fn title(&self) -> Text {
        Text::fixed(
            "Incidenza cumulata di eventi che si escludono (Aalen e Johansen)",
            "Cumulative incidence of events that exclude each other (Aalen and Johansen)",
        )
    }

    fn options(&self) -> &'static [Opt] {
        OPTIONS
    }

    fn claim(&self) -> Claim {
        Claim::Measure
    }

    fn rests_on(&self) -> &'static [Rests] {
        &[Rests::Counted {
            table: "incidence",
            names: 2,
            columns: &["at_risk", "events"],
        }]
    }

    fn run(&self, request: &Request) -> Result<Evaluation, EvaluationError> {
        let sample = request.sample()?;
        let (event, places) = causes(&sample)?;
        let curves = cumulative_incidence(&spells(&sample, &event)?, &places).unwrap_or_default();
        let mut answer = Evaluation::new(
            self.name(),
            Text::fixed(
                "Probabilità di avere avuto l'evento di ciascuna causa, per durata",
                "Probability of having had the event of each cause, by duration",
            ),
            sample.kept.clone(),
        );
        answer.opening.own = Some(opening(&curves));
        let rows = curves.iter().enumerate().flat_map(|(at, curve)| {
            let own = curve.iter().filter(|own| own.events > 0);
            own.map(move |own| {
                vec![
                    (at + 1).into(),
                    own.time.into(),
                    own.at_risk.into(),
                    own.events.into(),
                    own.incidence.into(),
                    own.standard_error.into(),
                ]
            })
        });
        answer.tables.push(Table {
            key: "incidence",
            title: Text::fixed("Incidenza cumulata", "Cumulative incidence"),
            columns: vec![
                ("cause", Text::fixed("causa", "cause")),
                ("time", Text::fixed("durata", "duration")),
                ("at_risk", Text::fixed("a rischio", "at risk")),
                ("events", Text::fixed("eventi", "events")),
                ("incidence", Text::fixed("incidenza", "incidence")),
                (
                    "standard_error",
                    Text::fixed("errore standard", "standard error"),
                ),
            ],
            rows: rows.collect(),
        });
        independent_censoring(&mut answer);
        answer.note(
            NoteKind::Convention,
            "delta_method",
            "errori con il metodo delta; altri programmi usano la varianza di Aalen, di poco diversa",
            "errors by the delta method; other programs use Aalen's variance, which differs a little",
        );
        Ok(answer)
    }
}
