//! The effect among the matched: the difference of weighted means, and the one a regression corrects.

use wdl_causal::matching::{
    Effect, Estimand, MatchError, Metric, abadie_imbens, adjusted, difference,
};

use super::shared::{Groups, no_match, slices};
use super::{Found, Kinds};
use crate::answer::{Estimate, Evaluation, NoteKind};
use crate::fault::EvaluationError;
use crate::request::Request;
use crate::sample::{Covariate, independent};

/// Adds the difference of means among the matched and the one adjusted for covariates.
pub(super) fn effects(
    request: &Request,
    groups: &Groups,
    found: &Found,
    estimand: Estimand,
    answer: &mut Evaluation,
) -> Result<(), EvaluationError> {
    let (outcome, is_treated, weights) = (&groups.outcome, &groups.is_treated, found.weights());
    let level = request.level();
    let given = groups
        .clusters
        .as_ref()
        .map(|own| own.iter().copied().map(Some).collect::<Vec<_>>());
    let clusters = match (&given, &found.kinds) {
        (Some(given), _) => Some(given.clone()),
        (None, Kinds::Neighbours { matched, .. }) => matched.clusters(),
        (None, Kinds::Strata(_)) => None,
    };
    let plain = match &found.kinds {
        Kinds::Neighbours { matched, distance } if clusters.is_none() => {
            let metric = distance.as_ref().map_or(Metric::Score, Metric::Mahalanobis);
            abadie_imbens(outcome, is_treated, found.score.as_deref(), metric, matched)
        }
        _ => adjusted(outcome, is_treated, &[], weights, clusters.as_deref()),
    };
    let name = estimand.name();
    let add = |name: String, own: &Effect, answer: &mut Evaluation| {
        let own = Estimate::with_error(name, own.estimate, own.standard_error, None, level);
        answer.estimates.push(own);
    };
    match plain {
        Ok(own) => {
            if clusters.is_some() {
                answer.figure("clusters", own.clusters);
            }
            add(name.to_owned(), &own, answer);
        }
        Err(MatchError::TooFew) => {
            let own = difference(outcome, is_treated, weights)
                .map_err(|why| no_match(&why, &groups.all))?;
            answer.estimates.push(Estimate::point(name, own));
            answer.note(
                NoteKind::Warning,
                "no_standard_error",
                "gli abbinati (o i grappoli) sono troppo pochi per un errore standard",
                "the matched (or the clusters) are too few for a standard error",
            );
        }
        Err(why) => return Err(no_match(&why, &groups.all)),
    }
    let weighted: Vec<usize> = (0..weights.len())
        .filter(|row| weights[*row] > 0.0)
        .collect();
    let (covariates, left_out) = independent_among(&groups.independent, &weighted);
    match adjusted(
        outcome,
        is_treated,
        &slices(&covariates),
        weights,
        clusters.as_deref(),
    ) {
        Ok(own) => add(format!("{name}_adjusted"), &own, answer),
        Err(_) => answer.note(
            NoteKind::Warning,
            "not_adjusted",
            "gli abbinati sono troppo pochi per una regressione sulle covariate: la stima corretta non è data",
            "the matched are too few for a regression on the covariates: the corrected estimate is not given",
        ),
    }
    if !left_out.is_empty() {
        let names = left_out.join(", ");
        answer.note(
            NoteKind::Convention,
            "constant_among_the_matched",
            format!("tra gli abbinati queste covariate non variano o seguono da altre e la regressione le lascia fuori: {names}"),
            format!("among the matched these covariates do not vary or follow from others, and the regression leaves them out: {names}"),
        );
    }
    tell_variance(found, given.is_some(), answer);
    Ok(())
}

/// The covariates that do not follow from others among some rows, whole, and the names of the rest.
fn independent_among(covariates: &[Covariate], rows: &[usize]) -> (Vec<Covariate>, Vec<String>) {
    let among = covariates.iter().map(|own| Covariate {
        name: own.name.clone(),
        values: rows.iter().map(|row| own.values[*row]).collect(),
    });
    let (_, left_out) = independent(among.collect(), rows.len());
    let kept = covariates
        .iter()
        .filter(|own| !left_out.contains(&own.name));
    (kept.cloned().collect(), left_out)
}

fn tell_variance(found: &Found, has_clusters: bool, answer: &mut Evaluation) {
    answer.note(
        NoteKind::Convention,
        "estimates",
        "la prima stima è la differenza delle medie pesate tra gli abbinati; quella corretta è il coefficiente del trattamento in una regressione pesata anche sulle covariate, che corregge ciò che l'abbinamento non ha pareggiato",
        "the first estimate is the difference of weighted means among the matched; the corrected one is the coefficient of the treatment in a weighted regression on the covariates too, which mends what matching did not even out",
    );
    let (key, it, en) = match (&found.kinds, has_clusters) {
        (_, true) => (
            "clustered",
            "errori standard per grappoli come chiesto, con il fattore G/(G-1) (n-1)/(n-k); intervalli della normale; i pesi dell'abbinamento sono presi come dati",
            "standard errors by cluster as asked, with the factor G/(G-1) (n-1)/(n-k); intervals from the normal; the weights of matching are taken as given",
        ),
        (Kinds::Neighbours { matched, .. }, false) if matched.with_replacement => (
            "abadie_imbens",
            "l'errore standard della differenza è quello di Abadie e Imbens (2006), che conta chi serve più volte ma non che la propensione è stimata; quello della stima corretta è robusto (HC1) e prende i pesi come dati",
            "the standard error of the difference is that of Abadie and Imbens (2006), which counts who serves more than once but not that the propensity is estimated; that of the corrected estimate is robust (HC1) and takes the weights as given",
        ),
        (Kinds::Neighbours { .. }, false) => (
            "clustered_by_pair",
            "errori standard per grappoli di compagni (Abadie e Spiess 2022), con il fattore G/(G-1) (n-1)/(n-k); intervalli della normale",
            "standard errors clustered by match (Abadie and Spiess 2022), with the factor G/(G-1) (n-1)/(n-k); intervals from the normal",
        ),
        (Kinds::Strata(_), false) => (
            "robust",
            "errori standard robusti (HC1) della regressione pesata: i pesi delle celle sono presi come dati; intervalli della normale",
            "robust standard errors (HC1) of the weighted regression: the weights of the cells are taken as given; intervals from the normal",
        ),
    };
    answer.note(NoteKind::Convention, key, it, en);
}
