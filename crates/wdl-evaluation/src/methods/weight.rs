//! Weighting by the propensity score, doubly robust estimates and entropy balancing.

use wdl_causal::matching::{Estimand, propensity};
use wdl_causal::weighting::{
    Normalised, WeightError, Weighted, aipw, crump, entropy_balance, ipw, overlap, trim,
};
use wdl_vocab::Text;

use super::matching::shared::{self, Groups, no_score, no_weights, slices};
use crate::answer::{Estimate, Evaluation, NoteKind};
use crate::catalog::Method;
use crate::fault::EvaluationError;
use crate::groups::Rests;
use crate::opening::Claim;
use crate::options::{Kind, Opt};
use crate::request::Request;

/// `weight`.
pub(super) struct Weight;

const OPTIONS: &[Opt] = &[
    shared::OUTCOME,
    shared::TREATMENT,
    shared::COVARIATES,
    Opt::new(
        "estimator",
        Kind::Choice(&["aipw", "ipw", "entropy"]),
        "lo stimatore: doppiamente robusto, pesi inversi alla propensione, pesi che pareggiano le medie (entropia)",
        "the estimator: doubly robust, weights inverse to the propensity, weights that even out the means (entropy)",
    ),
    Opt::new(
        "estimand",
        Kind::Choice(&["ate", "att", "atc", "ato"]),
        "per chi si chiede l'effetto: tutti, trattati, non trattati, chi sta dove i gruppi si sovrappongono (solo ipw)",
        "for whom the effect is asked: everybody, the treated, those not treated, those where the groups overlap (ipw only)",
    ),
    Opt::new(
        "normalisation",
        Kind::Choice(&["hajek", "horvitz-thompson"]),
        "come le somme pesate diventano medie: divise per la somma dei pesi del gruppo, o per il numero di persone (ipw)",
        "how weighted sums become means: divided by the sum of the weights of the group, or by the number of people (ipw)",
    ),
    Opt::new(
        "trim",
        Kind::Real,
        "lascia fuori chi ha propensione sotto questo valore o sopra uno meno questo valore",
        "leave out those with a propensity below this value or above one less it",
    ),
    Opt::new(
        "crump",
        Kind::Flag,
        "lascia fuori secondo il limite di Crump, Hotz, Imbens e Mitnik (2009)",
        "leave out by the bound of Crump, Hotz, Imbens and Mitnik (2009)",
    ),
    Opt::new(
        "weights",
        Kind::Number,
        "la colonna dei pesi di campionamento",
        "the column of sampling weights",
    ),
    shared::CLUSTER,
    shared::LEVEL,
];

impl Method for Weight {
    fn name(&self) -> &'static str {
        "weight"
    }

    fn title(&self) -> Text {
        Text::fixed(
            "Pesi che rendono confrontabili trattati e altri: propensione, doppia robustezza, entropia",
            "Weights that make treated and others comparable: propensity, double robustness, entropy",
        )
    }

    fn options(&self) -> &'static [Opt] {
        OPTIONS
    }

    fn claim(&self) -> Claim {
        Claim::Effect
    }

    fn rests_on(&self) -> &'static [Rests] {
        &[
            Rests::Whole { table: "balance" },
            Rests::Counted {
                table: "groups",
                names: 1,
                columns: &["rows"],
            },
        ]
    }

    fn run(&self, request: &Request) -> Result<Evaluation, EvaluationError> {
        check(request)?;
        let mut groups = Groups::of(request)?;
        let estimand = shared::estimand(request.choice("estimand"));
        let bound = trimmed(request, &mut groups)?;
        let mut answer = Evaluation::new(
            self.name(),
            shared::told_estimand(estimand),
            groups.kept.clone(),
        );
        let fault = |why: WeightError| no_weights(&why, &groups.independent);
        let own = weighted(request, &groups, estimand, &mut answer).map_err(fault)?;
        let error = match &groups.clusters {
            Some(clusters) => clustered(&own.influence, clusters, &mut answer)?,
            None => own.standard_error,
        };
        answer.estimates.push(Estimate::with_error(
            estimand.name(),
            own.estimate,
            error,
            None,
            request.level(),
        ));
        answer.opening.whom = Some(shared::told_whom(estimand));
        shared::count_groups(&groups, &own.weights, &mut answer);
        answer.figure("mean_treated", own.mean_treated);
        answer.figure("mean_others", own.mean_others);
        shared::tell_balance(
            &groups.all,
            &groups.is_treated,
            &own.weights,
            estimand,
            &mut answer,
        )?;
        tell_overlap(&groups, &own, &mut answer)?;
        tell_trimmed(bound, &mut answer);
        groups.tell_repeated(&mut answer);
        shared::tell_assumptions(&mut answer);
        tell_conventions(request, groups.clusters.is_some(), &mut answer);
        Ok(answer)
    }
}

/// Options that do not go together, and values out of range.
fn check(request: &Request) -> Result<(), EvaluationError> {
    let is_ipw = request.choice("estimator") == "ipw";
    if request.has("normalisation") && !is_ipw {
        return Err(EvaluationError::options(
            "normalisation",
            "solo con `--estimator ipw`",
            "only with `--estimator ipw`",
        ));
    }
    if request.choice("estimand") == "ato" && !is_ipw {
        return Err(EvaluationError::options(
            "estimand",
            "`ato` solo con `--estimator ipw`",
            "`ato` only with `--estimator ipw`",
        ));
    }
    if request.has("trim") && request.has("crump") {
        return Err(EvaluationError::options(
            "crump",
            "non insieme a `--trim`",
            "not together with `--trim`",
        ));
    }
    if request
        .real("trim")
        .is_some_and(|own| !(0.0..0.5).contains(&own))
    {
        return Err(EvaluationError::options(
            "trim",
            "sta tra 0 e un mezzo",
            "it lies between 0 and one half",
        ));
    }
    Ok(())
}

/// Leaves out rows with a propensity near 0 or 1 and counts them; the bound used.
fn trimmed(request: &Request, groups: &mut Groups) -> Result<Option<f64>, EvaluationError> {
    if !request.has("trim") && !request.has("crump") {
        return Ok(None);
    }
    let score = propensity(
        &slices(&groups.independent),
        &groups.is_treated,
        groups.weights.as_deref(),
    )
    .map_err(|why| no_score(&why, &groups.independent))?;
    let score = score.probabilities.as_slice();
    let bound = request.real("trim").unwrap_or_else(|| crump(score));
    let (rows, left_out) = trim(score, bound, 1.0 - bound);
    if rows.is_empty() {
        return Err(EvaluationError::not_estimable(
            "nessuno ha una propensione entro il limite di --trim",
            "nobody has a propensity within the bound of --trim",
        ));
    }
    let is_treated = &groups.is_treated;
    let of = |group: bool| {
        let rows = left_out.iter();
        rows.filter(|row| is_treated[**row] == group).count()
    };
    let (treated, others) = (of(true), of(false));
    groups.kept.leave_out(
        treated,
        "trattati con propensione oltre il limite",
        "treated with a propensity beyond the bound",
    );
    groups.kept.leave_out(
        others,
        "non trattati con propensione oltre il limite",
        "others with a propensity beyond the bound",
    );
    groups.keep(&rows);
    Ok(Some(bound))
}

fn weighted(
    request: &Request,
    groups: &Groups,
    estimand: Estimand,
    answer: &mut Evaluation,
) -> Result<Weighted, WeightError> {
    let (outcome, is_treated) = (&groups.outcome, &groups.is_treated);
    let (covariates, rows) = (slices(&groups.independent), groups.weights.as_deref());
    match request.choice("estimator") {
        "ipw" => {
            let normalised = match request.choice("normalisation") {
                "horvitz-thompson" => Normalised::HorvitzThompson,
                _ => Normalised::Hajek,
            };
            ipw(outcome, is_treated, &covariates, rows, estimand, normalised)
        }
        "entropy" => {
            let own = entropy_balance(outcome, is_treated, &covariates, rows, estimand)?;
            answer.figure("largest_gap", own.largest_gap);
            answer.figure("steps", own.steps);
            Ok(own.effect)
        }
        _ => aipw(outcome, is_treated, &covariates, rows, estimand),
    }
}

/// `sqrt(G/(G-1) Σ_g (Σ φ)²) / n`: influences summed by cluster.
fn clustered(
    influence: &[f64],
    clusters: &[usize],
    answer: &mut Evaluation,
) -> Result<f64, EvaluationError> {
    let mut sums = std::collections::BTreeMap::new();
    for (own, cluster) in influence.iter().zip(clusters) {
        *sums.entry(*cluster).or_insert(0.0) += own;
    }
    if sums.len() < 2 {
        return Err(EvaluationError::not_estimable(
            "tutte le righe sono in un solo grappolo: tra i grappoli non c'è varianza",
            "all rows are in one cluster: there is no variance between clusters",
        ));
    }
    let count = sums.len() as f64;
    answer.figure("clusters", sums.len());
    let squares: f64 = sums.values().map(|own: &f64| own * own).sum();
    Ok((count / (count - 1.0) * squares).sqrt() / influence.len() as f64)
}

/// Adds the sizes of the groups and how far their propensities overlap.
fn tell_overlap(
    groups: &Groups,
    own: &Weighted,
    answer: &mut Evaluation,
) -> Result<(), EvaluationError> {
    // Entropy balancing needs no propensity, and may have an answer where there is none.
    let score = propensity(
        &slices(&groups.independent),
        &groups.is_treated,
        groups.weights.as_deref(),
    )
    .ok();
    let score = score.as_ref().map(|own| own.probabilities.as_slice());
    shared::tell_sizes(&groups.is_treated, &own.weights, score, answer);
    let Some(score) = score else {
        return Ok(());
    };
    let found = overlap(score, &groups.is_treated, &own.weights)
        .map_err(|why| no_weights(&why, &groups.independent))?;
    let (treated, others) = (found.treated_outside.len(), found.others_outside.len());
    answer.figure("treated_outside_overlap", treated);
    answer.figure("others_outside_overlap", others);
    if treated + others > 0 {
        answer.note(
            NoteKind::Warning,
            "outside_overlap",
            format!(
                "{treated} trattati e {others} altri hanno una propensione che nell'altro gruppo nessuno raggiunge: lì la stima si regge sul modello"
            ),
            format!(
                "{treated} treated and {others} others have a propensity that nobody of the other group reaches: there the estimate rests on the model"
            ),
        );
    }
    Ok(())
}

fn tell_trimmed(bound: Option<f64>, answer: &mut Evaluation) {
    let Some(bound) = bound else {
        return;
    };
    answer.figure("trim", bound);
    if !answer.sample.left_out.is_empty() {
        answer.note(
            NoteKind::Warning,
            "estimand_of_the_kept",
            "la stima vale per chi è rimasto, non per tutti; la propensione è stimata di nuovo sui rimasti e l'errore standard prende il limite come dato",
            "the estimate is for those kept, not for everybody; the propensity is estimated again on those kept and the standard error takes the bound as given",
        );
    }
}

fn tell_conventions(request: &Request, has_clusters: bool, answer: &mut Evaluation) {
    let (it, en) = match request.choice("estimator") {
        "ipw" => (
            "pesi inversi alla propensione di un logit; l'errore standard conta che la propensione è stimata",
            "weights inverse to the propensity of a logit; the standard error counts that the propensity is estimated",
        ),
        "entropy" => (
            "pesi più vicini a pesi uguali che pareggiano esattamente le medie delle covariate (Hainmueller 2012); l'errore standard conta che sono stimati",
            "the weights nearest to equal ones that even out the means of the covariates exactly (Hainmueller 2012); the standard error counts that they are estimated",
        ),
        _ => (
            "propensione di un logit ed esito lineare in ciascun gruppo: basta che uno dei due modelli sia giusto per la stima; l'errore standard vale se lo sono entrambi",
            "propensity of a logit and a linear outcome in each group: one right model is enough for the estimate; the standard error holds when both are",
        ),
    };
    answer.note(NoteKind::Convention, "estimator", it, en);
    let (it, en) = match has_clusters {
        true => (
            "errori standard dalle influenze sommate per grappolo, con il fattore G/(G-1); intervalli della normale",
            "standard errors from the influences summed by cluster, with the factor G/(G-1); intervals from the normal",
        ),
        false => (
            "errori standard dalle influenze delle righe, che contano ciascuna per sé; intervalli della normale",
            "standard errors from the influences of the rows, each counting for itself; intervals from the normal",
        ),
    };
    answer.note(NoteKind::Convention, "variance", it, en);
    if request.has("weights") {
        answer.note(
            NoteKind::Convention,
            "row_weights",
            "i pesi di campionamento entrano nella propensione e nelle medie; nell'equilibrio il prima è senza pesi, il dopo con il loro prodotto",
            "the sampling weights enter the propensity and the means; in the balance, before is without weights and after with their product",
        );
    }
}
