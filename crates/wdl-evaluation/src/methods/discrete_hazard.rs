//! Hazards in discrete time.

use wdl_causal::survival::{Link, NoHazard, discrete_hazard};
use wdl_vocab::Text;

use super::survival::{COVARIATES, ENTRY, EVENT, TIME, independent_censoring, multiplies};
use crate::answer::{Estimate, Evaluation, NoteKind, Table};
use crate::catalog::Method;
use crate::fault::EvaluationError;
use crate::glossary;
use crate::groups::Rests;
use crate::options::{Kind, Opt};
use crate::request::Request;
use crate::sample::Covariate;

/// `discrete-hazard`.
pub(super) struct DiscreteHazard;

const OPTIONS: &[Opt] = &[
    TIME,
    EVENT,
    ENTRY,
    COVARIATES,
    Opt::new(
        "link",
        Kind::Choice(&["logit", "cloglog"]),
        "il legame: logit, o cloglog per rischi proporzionali",
        "the link: logit, or cloglog for proportional hazards",
    ),
];

fn told(error: NoHazard, covariates: &[Covariate]) -> EvaluationError {
    let name = |at: usize| covariates.get(at).map_or("?", |own| own.name.as_str());
    let (it, en) = match error {
        NoHazard::Ragged => (
            "non ci sono righe".to_owned(),
            "there are no rows".to_owned(),
        ),
        NoHazard::NoPeriod(_) => (
            "una riga entra quando esce, o dopo".to_owned(),
            "a row enters when it leaves, or later".to_owned(),
        ),
        NoHazard::NotFinite { column, .. } => (
            format!("`{}` ha valori che non sono numeri finiti", name(column)),
            format!("`{}` has values that are not finite numbers", name(column)),
        ),
        NoHazard::NoVariation => (
            "in nessun periodo c'è chi ha l'evento e chi no".to_owned(),
            "no period has both events and others at risk".to_owned(),
        ),
        NoHazard::TooMany => (
            "troppi periodi per persona".to_owned(),
            "too many person-periods".to_owned(),
        ),
        NoHazard::Collinear(at) => (
            format!(
                "`{}` segue dai periodi e dalle covariate prima di essa",
                name(at)
            ),
            format!(
                "`{}` follows from the periods and the covariates before it",
                name(at)
            ),
        ),
        NoHazard::Separation => (
            "le covariate dicono esattamente chi ha l'evento".to_owned(),
            "the covariates tell exactly who has the event".to_owned(),
        ),
        NoHazard::NotConverged => (
            "la stima non converge".to_owned(),
            "the fit does not converge".to_owned(),
        ),
    };
    EvaluationError::not_estimable(it, en)
}

/// Whole periods.
fn periods(values: &[f64]) -> Result<Vec<u32>, EvaluationError> {
    let is_whole = |own: &f64| own.fract() == 0.0 && (0.0..=1e6).contains(own);
    let wrong = values.iter().filter(|own| !is_whole(own)).count();
    if wrong > 0 {
        return Err(EvaluationError::data(
            format!("{wrong} durate non sono un numero intero di periodi"),
            format!("{wrong} durations are not a whole number of periods"),
        ));
    }
    Ok(values.iter().map(|own| *own as u32).collect())
}

impl Method for DiscreteHazard {
    fn name(&self) -> &'static str {
        "discrete-hazard"
    }

    fn title(&self) -> Text {
        Text::fixed(
            "Rischio in tempo discreto: regressione sui periodi a rischio di ciascuno",
            "Hazard in discrete time: a regression on the periods each is at risk",
        )
    }

    fn options(&self) -> &'static [Opt] {
        OPTIONS
    }

    fn rests_on(&self) -> &'static [Rests] {
        &[Rests::Untold { table: "baseline" }]
    }

    fn run(&self, request: &Request) -> Result<Evaluation, EvaluationError> {
        let sample = request.sample()?;
        let event = sample.flags("event")?.unwrap_or_default();
        let exit = periods(&sample.numbers("time").unwrap_or_default())?;
        let entry = sample
            .numbers("entry")
            .map(|own| periods(&own))
            .transpose()?;
        let covariates = sample.covariates("covariates");
        let columns: Vec<&[f64]> = covariates.iter().map(|own| own.values.as_slice()).collect();
        let link = match request.choice("link") {
            "cloglog" => Link::ComplementaryLogLog,
            _ => Link::Logit,
        };
        let model = discrete_hazard(entry.as_deref(), &exit, &event, &columns, link)
            .map_err(|error| told(error, &covariates))?;
        let mut answer = Evaluation::new(
            self.name(),
            Text::fixed(
                "Coefficienti del rischio dell'evento in un periodo, per chi vi arriva",
                "Coefficients of the hazard of the event in a period, for those who reach it",
            ),
            sample.kept.clone(),
        );
        for (at, covariate) in covariates.iter().enumerate() {
            let error = model.covariance[(at, at)].sqrt();
            let own =
                Estimate::with_error(&covariate.name, model.coefficients[at], error, None, 0.95);
            answer
                .estimates
                .push(own.called(glossary::column(&covariate.name)));
        }
        let thing = match link {
            Link::Logit => Text::fixed(
                "il rapporto tra chi ha l'evento nel periodo e chi no",
                "the odds of the event in a period",
            ),
            Link::ComplementaryLogLog => {
                Text::fixed("il rischio dell'evento", "the hazard of the event")
            }
        };
        multiplies(&covariates, thing, &mut answer);
        answer.figure("person_periods", model.person_periods);
        answer.figure("deviance", model.deviance);
        let baseline = model.baseline.iter();
        answer.tables.push(Table {
            key: "baseline",
            title: Text::fixed("Base di ciascun periodo", "Baseline of each period"),
            columns: vec![
                ("period", Text::fixed("periodo", "period")),
                ("coefficient", Text::fixed("coefficiente", "coefficient")),
            ],
            rows: baseline
                .map(|(period, own)| vec![(*period as usize).into(), (*own).into()])
                .collect(),
        });
        if !model.left_out_periods.is_empty() {
            let all: Vec<String> = model.left_out_periods.iter().map(u32::to_string).collect();
            let (all, count) = (all.join(", "), model.left_out_person_periods);
            answer.note(
                NoteKind::Warning,
                "periods_left_out",
                format!("nei periodi {all} l'evento l'hanno tutti o nessuno: {count} periodi per persona lasciati fuori"),
                format!("in the periods {all} everybody or nobody has the event: {count} person-periods left out"),
            );
        }
        independent_censoring(&mut answer);
        Ok(answer)
    }
}
