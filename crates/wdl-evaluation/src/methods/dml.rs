//! Double machine learning with linear and logit models: partially linear and interactive, with and without an instrument.
//!
//! Here too is how `heterogeneity` and `policy-tree` read their rows and folds.

use wdl_causal::dml::{
    Confounding, Dml as Fitted, DmlError, Learner, Model, PolicyAsked, PolicyRows, PolicyValue,
    Ridge, Rows, draw, draw_clusters, fit, median, policy_value,
};
use wdl_causal::matching::Estimand;
use wdl_vocab::Text;

use super::matching::shared::{self, no_match, no_score, slices};
use crate::answer::{Cell, Estimate, Evaluation, NoteKind, Table};
use crate::catalog::Method;
use crate::fault::EvaluationError;
use crate::groups::Rests;
use crate::opening::Claim;
use crate::options::{Kind, Opt};
use crate::request::Request;
use crate::sample::{Covariate, Sample, independent};

/// `dml`.
pub(super) struct Dml;

pub(super) const FOLDS: Opt = Opt::new(
    "folds",
    Kind::Whole,
    "in quante parti dividere le righe a sorte: 5 se non detto; grappoli interi se dati",
    "into how many parts to divide the rows by chance: 5 unless said; whole clusters if given",
);
pub(super) const FOLD_COLUMN: Opt = Opt::new(
    "fold-column",
    Kind::Label,
    "la colonna che dice la parte di ogni riga, invece del sorteggio",
    "the column that says the part of each row, instead of a draw",
);
pub(super) const RIDGE: Opt = Opt::new(
    "ridge",
    Kind::Real,
    "la penalità dei modelli lineari, come quota delle righe: 0 (minimi quadrati) se non detto",
    "the penalty of the linear models, as a share of the rows: 0 (least squares) unless said",
);
pub(super) const CLIP: Opt = Opt::new(
    "clip",
    Kind::Real,
    "le propensioni più vicine di così a 0 o 1 sono portate qui: 0.01 se non detto",
    "propensities nearer than this to 0 or 1 are moved to it: 0.01 unless said",
);

const OPTIONS: &[Opt] = &[
    shared::OUTCOME,
    Opt::required(
        "treatment",
        Kind::Number,
        "la colonna del trattamento: 0 e 1 per i modelli irm e iivm",
        "the column of the treatment: 0 and 1 for the models irm and iivm",
    ),
    shared::COVARIATES,
    Opt::new(
        "model",
        Kind::Choice(&["plr", "pliv", "irm-ate", "irm-atte", "iivm"]),
        "il modello: parzialmente lineare, lo stesso con strumento, interattivo per tutti o per i trattati, interattivo con strumento",
        "the model: partially linear, the same with an instrument, interactive for everybody or for the treated, interactive with an instrument",
    ),
    Opt::new(
        "instrument",
        Kind::Number,
        "la colonna dello strumento (pliv; iivm con 0 e 1)",
        "the column of the instrument (pliv; iivm with 0 and 1)",
    ),
    FOLDS,
    FOLD_COLUMN,
    Opt::new(
        "repeats",
        Kind::Whole,
        "quante volte ripetere il sorteggio delle parti e prenderne la mediana: 1 se non detto",
        "how often to repeat the draw of parts and take the median: 1 unless said",
    ),
    shared::SEED,
    RIDGE,
    CLIP,
    shared::CLUSTER,
    Opt::new(
        "confounding",
        Kind::Reals,
        "la forza di una variabile omessa: le quote di ciò che resta di esito e trattamento che spiega, 0.03,0.03 se non detto",
        "the strength of a variable left out: the shares of what remains of outcome and treatment that it explains, 0.03,0.03 unless said",
    ),
    shared::LEVEL,
];

impl Method for Dml {
    fn name(&self) -> &'static str {
        "dml"
    }

    fn title(&self) -> Text {
        Text::fixed(
            "Double machine learning: effetti con modelli stimati su altre parti dei dati",
            "Double machine learning: effects with models fitted on other parts of the data",
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
            Rests::Whole { table: "repeats" },
            Rests::Whole {
                table: "sensitivity",
            },
        ]
    }

    fn run(&self, request: &Request) -> Result<Evaluation, EvaluationError> {
        let model = model(request)?;
        let confounding = confounding(request)?;
        let mut sample = request.sample()?;
        let kept = std::mem::take(&mut sample.kept);
        let asked = Asked::of(request, &sample)?;
        let repeats: Vec<Fitted> = (0..asked.repeats)
            .map(|repeat| asked.fit(model, repeat))
            .collect::<Result<_, _>>()?;
        let mut answer = Evaluation::new(self.name(), told_model(model), kept);
        answer.opening.whom = Some(told_whom(model));
        let level = request.level();
        let (estimate, error) = median(&repeats).unwrap_or((f64::NAN, f64::NAN));
        answer.estimates.push(Estimate::with_error(
            request.choice("model"),
            estimate,
            error,
            None,
            level,
        ));
        if repeats.len() > 1 {
            tell_repeats(&repeats, &mut answer);
        }
        if let Some(first) = repeats.first() {
            tell_sensitivity(first, confounding, repeats.len() > 1, level, &mut answer);
        }
        let clipped: usize = repeats.iter().map(|own| own.clipped).sum();
        tell_clipped(model, clipped, &mut answer);
        asked.tell(&mut answer);
        tell_assumptions(model, &mut answer);
        Ok(answer)
    }
}

fn model(request: &Request) -> Result<Model, EvaluationError> {
    let model = match request.choice("model") {
        "pliv" => Model::Pliv,
        "irm-ate" => Model::IrmAte,
        "irm-atte" => Model::IrmAtte,
        "iivm" => Model::Iivm,
        _ => Model::Plr,
    };
    let takes_instrument = matches!(model, Model::Pliv | Model::Iivm);
    if takes_instrument && !request.has("instrument") {
        return Err(EvaluationError::Missing {
            option: "instrument",
        });
    }
    if !takes_instrument && request.has("instrument") {
        return Err(EvaluationError::options(
            "instrument",
            "solo con `--model pliv` o `iivm`",
            "only with `--model pliv` or `iivm`",
        ));
    }
    if takes_instrument && request.has("confounding") {
        return Err(EvaluationError::options(
            "confounding",
            "non con uno strumento",
            "not with an instrument",
        ));
    }
    Ok(model)
}

fn confounding(request: &Request) -> Result<Confounding, EvaluationError> {
    let given = request.reals("confounding");
    let (outcome, treatment) = match given.as_slice() {
        [] => (0.03, 0.03),
        [outcome, treatment] if given.iter().all(|own| (0.0..1.0).contains(own)) => {
            (*outcome, *treatment)
        }
        _ => {
            return Err(EvaluationError::options(
                "confounding",
                "due quote, da 0 a meno di 1",
                "two shares, from 0 to less than 1",
            ));
        }
    };
    Ok(Confounding {
        outcome,
        treatment,
        correlation: 1.0,
    })
}

/// The rows of a model with the folds asked for.
pub(super) struct Asked {
    outcome: Vec<f64>,
    treatment: Vec<f64>,
    instrument: Option<Vec<f64>>,
    covariates: Vec<Covariate>,
    repeated: Vec<String>,
    pub(super) clusters: Option<Vec<usize>>,
    given_folds: Option<Vec<usize>>,
    folds: usize,
    repeats: u64,
    pub(super) seed: u64,
    learner: Learner,
}

impl Asked {
    pub(super) fn of(request: &Request, sample: &Sample) -> Result<Asked, EvaluationError> {
        let (covariates, repeated) = independent(sample.covariates("covariates"), sample.len());
        let asked = Asked {
            outcome: sample.numbers("outcome").unwrap_or_default(),
            treatment: sample.numbers("treatment").unwrap_or_default(),
            instrument: sample.numbers("instrument"),
            covariates,
            repeated,
            clusters: shared::clusters(sample.labels("cluster")),
            given_folds: shared::clusters(sample.labels("fold-column")),
            folds: request.whole("folds").unwrap_or(5) as usize,
            repeats: request.whole("repeats").unwrap_or(1),
            seed: request.whole("seed").unwrap_or(1),
            learner: Learner {
                ridge: Ridge(request.real("ridge").unwrap_or(0.0)),
                clip: request.real("clip").unwrap_or(0.01),
            },
        };
        asked.check(request)?;
        Ok(asked)
    }

    fn check(&self, request: &Request) -> Result<(), EvaluationError> {
        for option in ["folds", "repeats"] {
            if self.given_folds.is_some() && request.has(option) {
                return Err(EvaluationError::options(
                    option,
                    "non insieme a `--fold-column`",
                    "not together with `--fold-column`",
                ));
            }
        }
        let units = match &self.clusters {
            Some(own) => own.iter().max().map_or(0, |last| last + 1),
            None => self.outcome.len(),
        };
        if self.given_folds.is_none() && !(2..=units).contains(&self.folds) {
            return Err(EvaluationError::options(
                "folds",
                format!("da 2 a {units}, quante sono le righe o i grappoli"),
                format!("from 2 to {units}, the number of rows or clusters"),
            ));
        }
        if self.repeats == 0 {
            return Err(EvaluationError::options(
                "repeats",
                "almeno 1",
                "at least 1",
            ));
        }
        if self.learner.ridge.0 < 0.0 {
            return Err(EvaluationError::options(
                "ridge",
                "da zero in su",
                "zero or more",
            ));
        }
        if !(0.0..0.5).contains(&self.learner.clip) {
            return Err(EvaluationError::options(
                "clip",
                "da 0 a meno di un mezzo",
                "from 0 to less than one half",
            ));
        }
        Ok(())
    }

    /// Fits a model with the folds given, or with those of a draw.
    pub(super) fn fit(&self, model: Model, repeat: u64) -> Result<Fitted, EvaluationError> {
        let covariates = slices(&self.covariates);
        fit(
            model,
            self.rows(&covariates),
            &self.folds_of(repeat),
            self.learner,
        )
        .map_err(|why| self.fault(&why))
    }

    /// The fold of each row: as given, or of a draw.
    fn folds_of(&self, repeat: u64) -> Vec<usize> {
        let seed = self.seed.wrapping_add(repeat);
        match (&self.given_folds, &self.clusters) {
            (Some(own), _) => own.clone(),
            (None, Some(clusters)) => draw_clusters(clusters, self.folds, seed),
            (None, None) => draw(self.outcome.len(), self.folds, seed),
        }
    }

    fn rows<'b>(&'b self, covariates: &'b [&'b [f64]]) -> Rows<'b> {
        Rows {
            outcome: &self.outcome,
            treatment: &self.treatment,
            instrument: self.instrument.as_deref(),
            covariates,
            clusters: self.clusters.as_deref(),
        }
    }

    /// What rules on `columns` are worth on rows they have not seen, with the folds of [`Asked::fit`].
    pub(super) fn policy_value(
        &self,
        scores: &[f64],
        columns: &[&[f64]],
        asked: PolicyAsked,
    ) -> Result<PolicyValue, EvaluationError> {
        let covariates = slices(&self.covariates);
        let folds = self.folds_of(0);
        if folds.iter().max().is_none_or(|last| *last < 2) {
            return Err(EvaluationError::options(
                "folds",
                "almeno 3: la regola si cerca in tutte le parti meno una, con modelli stimati su meno ancora",
                "at least 3: the rule is searched in all parts but one, with models fitted on fewer still",
            ));
        }
        let on = PolicyRows {
            rows: self.rows(&covariates),
            scores,
            columns,
            folds: &folds,
        };
        policy_value(&on, self.learner, asked).map_err(|why| self.fault(&why))
    }

    /// Says how folds, models and errors are made.
    pub(super) fn tell(&self, answer: &mut Evaluation) {
        shared::tell_repeated(&self.repeated, answer);
        let folds = match &self.given_folds {
            Some(own) => own.iter().max().map_or(0, |last| last + 1),
            None => {
                answer.figure("seed", Cell::Count(self.seed));
                self.folds
            }
        };
        answer.figure("folds", folds);
        let (it, en) = match self.learner.ridge.0 > 0.0 {
            true => (
                "modelli lineari con penalità ridge sulle covariate standardizzate, logit per le probabilità; ogni riga è giudicata da modelli che non hanno visto la sua parte",
                "linear models with a ridge penalty on the standardised covariates, logit for probabilities; each row is judged by models that have not seen its part",
            ),
            false => (
                "minimi quadrati, logit per le probabilità; ogni riga è giudicata da modelli che non hanno visto la sua parte",
                "least squares, logit for probabilities; each row is judged by models that have not seen its part",
            ),
        };
        answer.note(NoteKind::Convention, "learners", it, en);
        let (it, en) = match &self.clusters {
            Some(own) => {
                answer.figure("clusters", own.iter().max().map_or(0, |last| last + 1));
                (
                    "errori standard dalle influenze sommate per grappolo, senza correzione per campioni piccoli; intervalli della normale",
                    "standard errors from the influences summed by cluster, without a correction for small samples; intervals from the normal",
                )
            }
            None => (
                "errori standard dalle influenze delle righe, senza correzione per campioni piccoli, come DoubleML; intervalli della normale",
                "standard errors from the influences of the rows, without a correction for small samples, as DoubleML; intervals from the normal",
            ),
        };
        answer.note(NoteKind::Convention, "variance", it, en);
    }

    /// Why there is no estimate, with names of columns.
    pub(super) fn fault(&self, why: &DmlError) -> EvaluationError {
        let (it, en) = match why {
            DmlError::Rows(why) => return no_match(why, &self.covariates),
            DmlError::Collinear(at) => {
                let why = wdl_causal::matching::MatchError::Collinear(*at);
                return no_match(&why, &self.covariates);
            }
            DmlError::Score { source, .. } => return no_score(source, &self.covariates),
            DmlError::NoInstrument => {
                return EvaluationError::Missing {
                    option: "instrument",
                };
            }
            DmlError::Folds => {
                return EvaluationError::data(
                    "le parti non dividono le righe in almeno due, o spezzano un grappolo",
                    "the parts do not divide the rows into two at least, or break a cluster",
                );
            }
            DmlError::NotZeroOne { .. } => {
                return EvaluationError::data(
                    "trattamento e strumento di questo modello devono essere 0 e 1",
                    "treatment and instrument of this model must be 0 and 1",
                );
            }
            DmlError::TooFew { .. } => (
                "senza una delle parti restano troppo poche righe di un gruppo per i modelli",
                "without one of the parts too few rows of a group are left for the models",
            ),
            DmlError::NoVariation => (
                "le covariate non lasciano variazione nel trattamento (o lo strumento non lo muove)",
                "the covariates leave no variation of the treatment (or the instrument does not move it)",
            ),
        };
        EvaluationError::not_estimable(it, en)
    }
}

/// For whom, in plain words.
fn told_whom(model: Model) -> Text {
    match model {
        Model::Plr | Model::Pliv => Text::fixed(
            "per un'unità in più di trattamento, in media",
            "for one unit more of treatment, on average",
        ),
        Model::IrmAte => shared::told_whom(Estimand::Ate),
        Model::IrmAtte => shared::told_whom(Estimand::Att),
        Model::Iivm => Text::fixed(
            "per chi segue lo strumento, in media",
            "for those who follow the instrument, on average",
        ),
    }
}

fn told_model(model: Model) -> Text {
    match model {
        Model::Plr => Text::fixed(
            "Effetto del trattamento in un modello parzialmente lineare",
            "Effect of the treatment in a partially linear model",
        ),
        Model::Pliv => Text::fixed(
            "Effetto del trattamento in un modello parzialmente lineare, mosso dallo strumento",
            "Effect of the treatment in a partially linear model, as moved by the instrument",
        ),
        Model::IrmAte => Text::fixed(
            "Effetto medio del trattamento per tutti (ATE)",
            "Average effect of the treatment for everybody (ATE)",
        ),
        Model::IrmAtte => Text::fixed(
            "Effetto medio del trattamento per i trattati (ATT)",
            "Average effect of the treatment for the treated (ATT)",
        ),
        Model::Iivm => Text::fixed(
            "Effetto medio del trattamento per chi segue lo strumento (LATE)",
            "Average effect of the treatment for those who follow the instrument (LATE)",
        ),
    }
}

fn tell_repeats(repeats: &[Fitted], answer: &mut Evaluation) {
    let rows = repeats.iter().enumerate().map(|(at, own)| {
        vec![
            (at + 1).into(),
            own.estimate.into(),
            own.standard_error.into(),
        ]
    });
    answer.tables.push(Table {
        key: "repeats",
        title: Text::fixed("I sorteggi delle parti", "The draws of parts"),
        columns: vec![
            ("repeat", Text::fixed("sorteggio", "draw")),
            ("estimate", Text::fixed("stima", "estimate")),
            (
                "standard_error",
                Text::fixed("errore standard", "standard error"),
            ),
        ],
        rows: rows.collect(),
    });
    answer.note(
        NoteKind::Convention,
        "median",
        "la stima è la mediana dei sorteggi, e l'errore standard conta quanto ne distano (Chernozhukov e altri 2018, definizione 3.3)",
        "the estimate is the median of the draws, and the standard error counts how far they are from it (Chernozhukov and others 2018, definition 3.3)",
    );
}

fn tell_sensitivity(
    first: &Fitted,
    confounding: Confounding,
    is_repeated: bool,
    level: f64,
    answer: &mut Evaluation,
) {
    let Some(sensitivity) = &first.sensitivity else {
        return;
    };
    let bounds = sensitivity.bounds(confounding, level);
    answer.figure("robustness_value", sensitivity.robustness(0.0));
    answer.figure(
        "robustness_value_of_interval",
        sensitivity.robustness_of_interval(0.0, level),
    );
    answer.tables.push(Table {
        key: "sensitivity",
        title: Text::fixed(
            "Se mancasse una variabile di questa forza",
            "If a variable of this strength were missing",
        ),
        columns: vec![
            (
                "outcome",
                Text::fixed("quota dell'esito", "share of the outcome"),
            ),
            (
                "treatment",
                Text::fixed("quota del trattamento", "share of the treatment"),
            ),
            ("lower", Text::fixed("effetto minimo", "least effect")),
            ("upper", Text::fixed("effetto massimo", "largest effect")),
            (
                "lower_limit",
                Text::fixed("limite inferiore", "lower limit"),
            ),
            (
                "upper_limit",
                Text::fixed("limite superiore", "upper limit"),
            ),
        ],
        rows: vec![vec![
            confounding.outcome.into(),
            confounding.treatment.into(),
            bounds.effect[0].into(),
            bounds.effect[1].into(),
            bounds.interval[0].into(),
            bounds.interval[1].into(),
        ]],
    });
    answer.note(
        NoteKind::Convention,
        "sensitivity",
        "il valore di robustezza è la quota, uguale per esito e trattamento, che una variabile omessa dovrebbe spiegare di ciò che resta per annullare la stima (o il suo limite unilaterale), nel caso peggiore (Chernozhukov e altri 2022)",
        "the robustness value is the share, the same for outcome and treatment, that a variable left out would have to explain of what remains to undo the estimate (or its one-sided limit), in the worst case (Chernozhukov and others 2022)",
    );
    if is_repeated {
        answer.note(
            NoteKind::Convention,
            "sensitivity_of_the_first",
            "la sensibilità è quella del primo sorteggio delle parti",
            "the sensitivity is that of the first draw of parts",
        );
    }
}

/// Counts the propensities moved to the clip.
pub(super) fn tell_clipped(model: Model, clipped: usize, answer: &mut Evaluation) {
    if matches!(model, Model::Plr | Model::Pliv) {
        return;
    }
    answer.figure("clipped", clipped);
    if clipped > 0 {
        answer.note(
            NoteKind::Warning,
            "clipped",
            format!("{clipped} propensioni erano troppo vicine a 0 o 1 e sono state portate al limite: dove i gruppi non si sovrappongono la stima si regge sui modelli"),
            format!("{clipped} propensities were too near 0 or 1 and were moved to the clip: where the groups do not overlap the estimate rests on the models"),
        );
    }
}

fn tell_assumptions(model: Model, answer: &mut Evaluation) {
    match model {
        Model::Plr | Model::IrmAte | Model::IrmAtte => shared::tell_assumptions(answer),
        Model::Pliv | Model::Iivm => {
            answer.note(
                NoteKind::Assumption,
                "exclusion",
                "a parità di covariate lo strumento è come a sorte e muove l'esito solo attraverso il trattamento",
                "the covariates being equal, the instrument is as if by chance and moves the outcome only through the treatment",
            );
        }
    }
    if model == Model::Iivm {
        answer.note(
            NoteKind::Assumption,
            "monotonicity",
            "lo strumento non spinge nessuno nel verso contrario",
            "the instrument pushes nobody the other way",
        );
    }
    if matches!(model, Model::Plr | Model::Pliv) {
        answer.note(
            NoteKind::Assumption,
            "constant_effect",
            "l'effetto è lo stesso per tutti; se non lo è, la stima è una media pesata degli effetti",
            "the effect is the same for everybody; if not, the estimate is a weighted mean of effects",
        );
    }
    answer.note(
        NoteKind::Assumption,
        "models",
        "i modelli di esito e trattamento si avvicinano abbastanza al vero; sono lineari nelle covariate date: aggiungete quadrati e prodotti se servono",
        "the models of outcome and treatment come near enough to the truth; they are linear in the covariates given: add squares and products if needed",
    );
}
