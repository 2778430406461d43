//! What every regression of the catalog tells: its estimates, its rows, its standard errors, the columns left out, and why there is no answer.

use wdl_causal::regression::{Coefficient, Fit, Inference, LeftOut, Note, RegressionError, Term};

use crate::answer::{Estimate, Evaluation, NoteKind};
use crate::fault::EvaluationError;
use crate::glossary;

/// Adds an estimate for each coefficient, the constant last.
pub(in crate::methods) fn add_estimates(
    own: &Inference,
    level: f64,
    name: impl Fn(Term) -> String,
    answer: &mut Evaluation,
) {
    let (constant, others): (Vec<&Coefficient>, Vec<&Coefficient>) = own
        .coefficients
        .iter()
        .partition(|coefficient| coefficient.term == Term::Constant);
    for coefficient in others.into_iter().chain(constant) {
        let name = name(coefficient.term);
        let label = glossary::column(&name);
        let own = Estimate::with_error(
            name,
            coefficient.estimate,
            coefficient.standard_error,
            Some(own.degrees).filter(|degrees| degrees.is_finite()),
            level,
        );
        answer.estimates.push(own.called(label));
    }
}

/// What every regression tells of its rows and its standard errors.
pub(in crate::methods) fn told(fit: &Fit, own: &Inference, answer: &mut Evaluation) {
    answer.sample.leave_out(
        fit.singletons.len(),
        "sole nel loro gruppo di un effetto fisso",
        "alone in their group of a fixed effect",
    );
    answer
        .sample
        .leave_out(fit.weightless, "con peso zero", "of weight zero");
    answer.figure("small_sample_factor", own.factors.first().copied());
    answer.figure("coefficients_counted", own.counted);
    answer.figure("degrees_of_freedom", own.degrees);
    answer.figure("r_squared", fit.r_squared);
    answer.figure("r_squared_within", fit.r_squared_within);
    answer.figure("absorption_steps", fit.absorption.steps);
    answer.figure("absorption_gap", fit.absorption.gap);
    if let Some(clusters) = own.clusters.iter().min() {
        answer.figure("clusters", *clusters);
    }
    for note in &own.notes {
        match note {
            Note::TwoClusters => answer.note(
                NoteKind::Warning,
                "two_clusters",
                "i grappoli sono due: un solo grado di libertà, l'errore standard non dice quasi nulla; chiedete `--randomisation`",
                "there are two clusters: one degree of freedom, the standard error says hardly anything; ask for `--randomisation`",
            ),
            Note::FewClusters(count) => answer.note(
                NoteKind::Warning,
                "few_clusters",
                format!("i grappoli sono {count}: con così pochi si trovano effetti troppo spesso; chiedete a `regression` il `--bootstrap` o la `--variance jackknife`"),
                format!("there are {count} clusters: with so few, effects are found too often; ask `regression` for `--bootstrap` or `--variance jackknife`"),
            ),
            Note::Repaired(least) => answer.note(
                NoteKind::Warning,
                "covariance_repaired",
                format!("la covarianza aveva un autovalore negativo ({least:.1e} del maggiore), posto a zero"),
                format!("the covariance had a negative eigenvalue ({least:.1e} of the largest), set to zero"),
            ),
        }
    }
}

/// Names a column without a coefficient, and why.
pub(in crate::methods) fn tell_left_out(name: &str, why: LeftOut, answer: &mut Evaluation) {
    let (it, en) = match why {
        LeftOut::NoVariation => ("non varia", "does not vary"),
        LeftOut::Absorbed => (
            "è assorbita dagli effetti fissi",
            "is absorbed by the fixed effects",
        ),
        LeftOut::Collinear => ("segue dalle altre", "follows from the others"),
    };
    answer.note(
        NoteKind::Warning,
        "left_out",
        format!("la colonna `{name}` non ha un coefficiente: {it}"),
        format!("column `{name}` has no coefficient: it {en}"),
    );
}

/// Why a regression has no answer, in both languages.
pub(in crate::methods) fn fault(
    why: &RegressionError,
    name: &dyn Fn(usize) -> String,
) -> EvaluationError {
    let (it, en) = match why {
        RegressionError::TreatmentWithoutVariation(at) => (
            format!("il trattamento `{}` non varia", name(*at)),
            format!("treatment `{}` is without variation", name(*at)),
        ),
        RegressionError::TreatmentAbsorbed(at) => (
            format!(
                "il trattamento `{}` è assorbito dagli effetti fissi",
                name(*at)
            ),
            format!("treatment `{}` is absorbed by the fixed effects", name(*at)),
        ),
        RegressionError::TreatmentCollinear(at) => (
            format!(
                "il trattamento `{}` segue dalle altre colonne e dagli effetti fissi",
                name(*at)
            ),
            format!(
                "treatment `{}` follows from the other columns and the fixed effects",
                name(*at)
            ),
        ),
        RegressionError::OneCluster => (
            "tutte le righe sono in un solo grappolo (o periodo): tra i grappoli non c'è varianza"
                .to_owned(),
            "all rows are in one cluster (or period): there is no variance between clusters"
                .to_owned(),
        ),
        RegressionError::OutcomeWithoutVariation => (
            "l'esito non varia (entro gli effetti fissi)".to_owned(),
            "the outcome does not vary (within the fixed effects)".to_owned(),
        ),
        RegressionError::TooFew { rows, coefficients } => (
            format!("{rows} righe per {coefficients} coefficienti ed effetti fissi"),
            format!("{rows} rows for {coefficients} coefficients and fixed effects"),
        ),
        RegressionError::LeverageOne(rows) => (
            format!(
                "{rows} righe hanno leva uno (sole nel loro gruppo): hc2 e hc3 non sono definiti; chiedete `--drop-singletons`"
            ),
            format!(
                "{rows} rows have a leverage of one (alone in a group): hc2 and hc3 are not defined; ask for `--drop-singletons`"
            ),
        ),
        RegressionError::NotIdentified {
            instruments,
            endogenous,
        } => (
            format!(
                "non identificato: {instruments} strumenti che variano per {endogenous} trattamenti"
            ),
            format!(
                "not identified: {instruments} instruments that vary for {endogenous} treatments"
            ),
        ),
        RegressionError::TreatmentVariesInside(units) => (
            format!("il trattamento varia dentro {units} unità di assegnazione: date `--period`"),
            format!("the treatment varies inside {units} units of assignment: give `--period`"),
        ),
        RegressionError::UnitsUnbalanced(units) => (
            format!(
                "{units} unità di assegnazione non hanno una riga in ogni periodo: i trattamenti non si possono scambiare"
            ),
            format!(
                "{units} units of assignment do not have a row in each period: their treatments cannot be exchanged"
            ),
        ),
        RegressionError::AllZero => (
            "l'esito è zero in tutte le righe".to_owned(),
            "the outcome is zero in all rows".to_owned(),
        ),
        RegressionError::Negative { rows, .. } => (
            format!("{rows} valori dell'esito o dei pesi sono negativi"),
            format!("{rows} values of the outcome or the weights are negative"),
        ),
        other => (
            format!("la regressione non ha risposta: {other}"),
            other.to_string(),
        ),
    };
    EvaluationError::not_estimable(it, en)
}
