//! How covariates move the probability of one of several events that exclude each other.

use wdl_causal::survival::{NoFineGray, fine_gray};
use wdl_vocab::Text;

use super::competing_risks::{CAUSE, causes};
use super::cox;
use super::survival::{TIME, independent_censoring, multiplies, spells};
use crate::answer::{Evaluation, NoteKind};
use crate::catalog::Method;
use crate::fault::EvaluationError;
use crate::groups::Rests;
use crate::options::{Kind, Opt};
use crate::request::Request;

/// `fine-gray`.
pub(super) struct FineGray;

const OPTIONS: &[Opt] = &[
    TIME,
    CAUSE,
    Opt::required(
        "covariates",
        Kind::Covariates,
        "le colonne delle covariate, anche del trattamento",
        "the columns of the covariates, also of the treatment",
    ),
    Opt::new(
        "of-cause",
        Kind::Whole,
        "la causa di cui si chiede: 1 se non detto",
        "the cause asked about: 1 unless said",
    ),
];

impl Method for FineGray {
    fn name(&self) -> &'static str {
        "fine-gray"
    }

    fn title(&self) -> Text {
        Text::fixed(
            "Probabilità di uno di più eventi che si escludono, secondo le covariate (Fine e Gray)",
            "Probability of one of several events that exclude each other, by covariates (Fine and Gray)",
        )
    }

    fn options(&self) -> &'static [Opt] {
        OPTIONS
    }

    fn rests_on(&self) -> &'static [Rests] {
        &[Rests::Whole {
            table: "hazard_ratios",
        }]
    }

    fn run(&self, request: &Request) -> Result<Evaluation, EvaluationError> {
        let wanted = request.whole("of-cause").unwrap_or(1);
        if wanted == 0 {
            return Err(EvaluationError::options(
                "of-cause",
                "da 1 in su",
                "1 or more",
            ));
        }
        let sample = request.sample()?;
        let (event, places) = causes(&sample)?;
        let spells = spells(&sample, &event)?;
        let covariates = sample.covariates("covariates");
        let columns: Vec<&[f64]> = covariates.iter().map(|own| own.values.as_slice()).collect();
        let place = usize::try_from(wanted - 1).unwrap_or(usize::MAX);
        let model = fine_gray(&spells, &places, place, &columns).map_err(|why| match why {
            NoFineGray::Model(why) => cox::told(why, &covariates),
            NoFineGray::NoEvent => EvaluationError::data(
                format!("nessuna riga ha la causa {wanted}"),
                format!("no row has the cause {wanted}"),
            ),
            NoFineGray::LateEntry(row) => EvaluationError::data(
                format!("la riga {} entra dopo il tempo zero", sample.row(row) + 1),
                format!("row {} enters after time zero", sample.row(row) + 1),
            ),
        })?;
        let mut answer = Evaluation::new(
            self.name(),
            Text::new(
                format!(
                    "Logaritmo del rapporto tra i rischi della causa {wanted} tra chi non l'ha avuta (anche se ne ha avuta un'altra), per un'unità in più della covariata"
                ),
                format!(
                    "Logarithm of the ratio of the hazards of cause {wanted} among those who have not had it (also if they had another), for one unit more of the covariate"
                ),
            ),
            sample.kept.clone(),
        );
        let ratios = cox::ratios(
            (&covariates, &model.coefficients, &model.covariance),
            Text::fixed(
                "Rapporti tra i rischi della sottodistribuzione",
                "Ratios of subdistribution hazards",
            ),
            &mut answer,
        );
        multiplies(
            &covariates,
            Text::fixed(
                "il rischio dell'evento tra chi non l'ha avuto",
                "the hazard of the event among those who have not had it",
            ),
            &mut answer,
        );
        let [events, others, censored] = model.counts;
        answer.figure("events", events);
        answer.figure("events_of_other_causes", others);
        answer.figure("censored", censored);
        answer.figure("log_likelihood_null", model.log_likelihood[0]);
        answer.figure("log_likelihood", model.log_likelihood[1]);
        answer.tables.push(ratios);
        independent_censoring(&mut answer);
        answer.note(
            NoteKind::Assumption,
            "proportional_subdistribution_hazards",
            "il rapporto è lo stesso a ogni durata, e chi esce dall'osservazione non dipende dalle covariate",
            "the ratio is the same at every duration, and who leaves observation does not depend on the covariates",
        );
        answer.note(
            NoteKind::Convention,
            "subdistribution",
            "un rapporto sopra 1 dice che la probabilità di avere l'evento cresce, non che cresce il rischio di chi è ancora esposto: per questo c'è `cox` con le altre cause come troncamento; errori di Fine e Gray, come cmprsk",
            "a ratio above 1 says that the probability of having the event rises, not that the hazard of those still exposed does: for that there is `cox` with the other causes as censoring; Fine and Gray's errors, as cmprsk",
        );
        Ok(answer)
    }
}
