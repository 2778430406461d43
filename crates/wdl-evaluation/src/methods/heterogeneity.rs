//! For whom an effect is larger: the best linear projection of the effect on some columns, and its means by group.

use wdl_causal::distribution::normal_quantile;
use wdl_causal::dml::{
    Dml as Fitted, GroupEffects, Model, group_effects, projection, quantile_groups,
};
use wdl_causal::matching::Estimand;
use wdl_vocab::Text;

use super::dml::{self, Asked};
use super::matching::shared::{self, slices};
use crate::answer::{Cell, Estimate, Evaluation, NoteKind, Table};
use crate::catalog::Method;
use crate::fault::EvaluationError;
use crate::glossary;
use crate::groups::Rests;
use crate::opening::Claim;
use crate::options::{Kind, Opt};
use crate::request::Request;
use crate::sample::{Sample, independent};

/// `heterogeneity`.
pub(super) struct Heterogeneity;

const OPTIONS: &[Opt] = &[
    shared::OUTCOME,
    shared::TREATMENT,
    shared::COVARIATES,
    Opt::new(
        "modifiers",
        Kind::Covariates,
        "le colonne lungo cui si chiede se l'effetto cambia: le covariate se non detto",
        "the columns along which the effect may change: the covariates unless said",
    ),
    Opt::new(
        "groups",
        Kind::Whole,
        "quanti gruppi di uguale numero per effetto previsto: 5 se non detto",
        "how many groups of one size by predicted effect: 5 unless said",
    ),
    Opt::new(
        "group",
        Kind::Label,
        "la colonna dei gruppi, invece di quelli per effetto previsto",
        "the column of the groups, instead of those by predicted effect",
    ),
    dml::FOLDS,
    dml::FOLD_COLUMN,
    Opt::new(
        "draws",
        Kind::Whole,
        "le estrazioni per le bande di tutti i gruppi insieme: 2000 se non detto",
        "the draws for the bands over all groups at once: 2000 unless said",
    ),
    shared::SEED,
    dml::RIDGE,
    dml::CLIP,
    shared::CLUSTER,
    shared::LEVEL,
];

impl Method for Heterogeneity {
    fn name(&self) -> &'static str {
        "heterogeneity"
    }

    fn title(&self) -> Text {
        Text::fixed(
            "Per chi l'effetto è più grande: proiezione lineare ed effetti medi per gruppo",
            "For whom the effect is larger: linear projection and mean effects by group",
        )
    }

    fn options(&self) -> &'static [Opt] {
        OPTIONS
    }

    fn claim(&self) -> Claim {
        Claim::Effect
    }

    fn rests_on(&self) -> &'static [Rests] {
        &[Rests::Counted {
            table: "group_effects",
            names: 1,
            columns: &["rows"],
        }]
    }

    fn run(&self, request: &Request) -> Result<Evaluation, EvaluationError> {
        if request.has("groups") && request.has("group") {
            return Err(EvaluationError::options(
                "groups",
                "non insieme a `--group`",
                "not together with `--group`",
            ));
        }
        let mut sample = request.sample()?;
        let kept = std::mem::take(&mut sample.kept);
        sample.flags("treatment")?;
        let asked = Asked::of(request, &sample)?;
        let fitted = asked.fit(Model::IrmAte, 0)?;
        let mut answer = Evaluation::new(
            self.name(),
            Text::fixed(
                "Effetto medio del trattamento per tutti (ATE), e come cambia lungo le colonne chieste",
                "Average effect of the treatment for everybody (ATE), and how it changes along the columns asked for",
            ),
            kept,
        );
        answer.estimates.push(Estimate::with_error(
            "ate",
            fitted.estimate,
            fitted.standard_error,
            None,
            request.level(),
        ));
        answer.opening.whom = Some(shared::told_whom(Estimand::Ate));
        answer.opening.pictured = Some(vec![0]);
        let scores = fitted.scores.as_deref().unwrap_or_default();
        project(request, &sample, &asked, scores, &mut answer)?;
        by_group(request, &sample, &asked, &fitted, &mut answer)?;
        dml::tell_clipped(Model::IrmAte, fitted.clipped, &mut answer);
        asked.tell(&mut answer);
        shared::tell_assumptions(&mut answer);
        Ok(answer)
    }
}

/// Adds the coefficients of the linear projection of the effect.
fn project(
    request: &Request,
    sample: &Sample,
    asked: &Asked,
    scores: &[f64],
    answer: &mut Evaluation,
) -> Result<(), EvaluationError> {
    let option = match request.has("modifiers") {
        true => "modifiers",
        false => "covariates",
    };
    let (modifiers, repeated) = independent(sample.covariates(option), sample.len());
    if option == "modifiers" {
        shared::tell_repeated(&repeated, answer);
    }
    let found = projection(scores, &slices(&modifiers)).map_err(|why| asked.fault(&why))?;
    let names = std::iter::once("constant").chain(modifiers.iter().map(|own| own.name.as_str()));
    let figures = found.coefficients.iter().zip(&found.standard_errors);
    for (name, (coefficient, error)) in names.zip(figures) {
        let column = glossary::column(name);
        let label = Text::new(
            format!("come cambia l'effetto: {}", column.it),
            format!("how the effect changes: {}", column.en),
        );
        let name = format!("projection:{name}");
        let own = match asked.clusters {
            Some(_) => Estimate::point(name, *coefficient),
            None => Estimate::with_error(name, *coefficient, *error, None, request.level()),
        };
        answer.estimates.push(own.called(label));
    }
    let (it, en) = match asked.clusters {
        Some(_) => (
            "le stime di come cambia l'effetto sono i coefficienti di una regressione dell'effetto sulle colonne chieste; con i grappoli non hanno errore standard",
            "the estimates of how the effect changes are the coefficients of a regression of the effect on the columns asked for; with clusters they have no standard error",
        ),
        None => (
            "le stime di come cambia l'effetto sono i coefficienti di una regressione dell'effetto sulle colonne chieste, con errori standard robusti (HC3): dicono come l'effetto cambia, non perché",
            "the estimates of how the effect changes are the coefficients of a regression of the effect on the columns asked for, with robust standard errors (HC3): they say how the effect changes, not why",
        ),
    };
    answer.note(NoteKind::Convention, "projection", it, en);
    Ok(())
}

/// Adds the mean effects by group with their bands.
fn by_group(
    request: &Request,
    sample: &Sample,
    asked: &Asked,
    fitted: &Fitted,
    answer: &mut Evaluation,
) -> Result<(), EvaluationError> {
    let level = request.level();
    let predicted = fitted.predicted.as_deref().unwrap_or_default();
    let (groups, names) = match sample.labels("group") {
        Some((codes, names)) => (codes.into_iter().map(|own| own as usize).collect(), names),
        None => {
            let count = request.whole("groups").unwrap_or(5) as usize;
            if !(2..=predicted.len() / 2).contains(&count) {
                return Err(EvaluationError::options(
                    "groups",
                    format!("da 2 a {}", predicted.len() / 2),
                    format!("from 2 to {}", predicted.len() / 2),
                ));
            }
            let names = (1..=count).map(|own| own.to_string()).collect();
            (quantile_groups(predicted, count), names)
        }
    };
    let draws = request.whole("draws").unwrap_or(2000) as usize;
    let found = group_effects(
        fitted.scores.as_deref().unwrap_or_default(),
        &groups,
        asked.clusters.as_deref(),
        level,
        draws,
        asked.seed,
    )
    .map_err(|why| asked.fault(&why))?;
    answer.figure("critical_value", found.critical_value);
    answer
        .tables
        .push(groups_table(&found, &names, &groups, predicted, level));
    let (it, en) = match request.has("group") {
        true => (
            "effetti medi dei gruppi della colonna data; la banda vale per tutti i gruppi insieme",
            "mean effects of the groups of the column given; the band holds for all groups at once",
        ),
        false => (
            "i gruppi hanno uguale numero e vanno dall'effetto previsto più basso al più alto, previsto da modelli che non hanno visto la riga; la banda vale per tutti i gruppi insieme e prende i gruppi come dati",
            "the groups are of one size and go from the least predicted effect to the largest, predicted by models that have not seen the row; the band holds for all groups at once and takes the groups as given",
        ),
    };
    answer.note(NoteKind::Convention, "groups", it, en);
    Ok(())
}

fn groups_table(
    found: &GroupEffects,
    names: &[String],
    groups: &[usize],
    predicted: &[f64],
    level: f64,
) -> Table {
    let quantile = normal_quantile(0.5 + level / 2.0);
    let rows = names.iter().enumerate().map(|(at, name)| {
        let (effect, error) = (found.effects[at], found.standard_errors[at]);
        let own = groups.iter().zip(predicted).filter(|(own, _)| **own == at);
        let mean = own.map(|(_, own)| own).sum::<f64>() / found.sizes[at] as f64;
        let band = |sign: f64| -> Cell {
            found
                .critical_value
                .map(|critical| effect + sign * critical * error)
                .into()
        };
        vec![
            name.as_str().into(),
            found.sizes[at].into(),
            effect.into(),
            error.into(),
            (effect - quantile * error).into(),
            (effect + quantile * error).into(),
            band(-1.0),
            band(1.0),
            mean.into(),
        ]
    });
    Table {
        key: "group_effects",
        title: Text::fixed("Effetti medi per gruppo", "Mean effects by group"),
        columns: vec![
            ("group", Text::fixed("gruppo", "group")),
            ("rows", Text::fixed("righe", "rows")),
            ("effect", Text::fixed("effetto", "effect")),
            (
                "standard_error",
                Text::fixed("errore standard", "standard error"),
            ),
            ("lower", Text::fixed("intervallo, da", "interval, from")),
            ("upper", Text::fixed("intervallo, a", "interval, to")),
            ("band_lower", Text::fixed("banda, da", "band, from")),
            ("band_upper", Text::fixed("banda, a", "band, to")),
            (
                "predicted",
                Text::fixed("effetto medio previsto", "mean predicted effect"),
            ),
        ],
        rows: rows.collect(),
    }
}
