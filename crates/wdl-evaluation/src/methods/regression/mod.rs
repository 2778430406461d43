//! Linear regression with fixed effects, weights and instruments, and every kind of standard error.

pub(super) mod words;

use wdl_causal::regression::{
    self as kernel, ClusterFactor, Column, Draws, Fit, JackknifeFactor, Model, Randomisation,
    RandomisationAsked, RegressionError, Term, Variance, Wild, WildAsked,
};
use wdl_vocab::Text;

use crate::answer::{Cell, Evaluation, NoteKind, Table};
use crate::catalog::Method;
use crate::fault::EvaluationError;
use crate::groups::Rests;
use crate::options::{Kind, Opt};
use crate::request::Request;
use crate::sample::{Covariate, Sample};

/// `regression`.
pub(super) struct Regression;

/// The kinds of standard errors, as they are asked for.
pub(super) const VARIANCES: &[&str] = &[
    "usual",
    "iid",
    "hc0",
    "hc1",
    "hc2",
    "hc3",
    "cluster",
    "jackknife",
    "driscoll-kraay",
    "newey-west",
];

pub(super) const OUTCOME: Opt = Opt::required(
    "outcome",
    Kind::Number,
    "la colonna dell'esito",
    "the column of the outcome",
);
pub(super) const TREATMENT: Opt = Opt::required(
    "treatment",
    Kind::Numbers,
    "le colonne di cui si chiede l'effetto: senza variazione o assorbite dagli effetti fissi non c'è risposta",
    "the columns whose effect is asked: without variation, or absorbed by the fixed effects, there is no answer",
);
pub(super) const COVARIATES: Opt = Opt::new(
    "covariates",
    Kind::Covariates,
    "le altre colonne della regressione",
    "the other columns of the regression",
);
pub(super) const FIXED_EFFECTS: Opt = Opt::new(
    "fixed-effects",
    Kind::LabelColumns,
    "le colonne dei gruppi con un effetto proprio",
    "the columns of groups with an effect of their own",
);
pub(super) const WEIGHTS: Opt = Opt::new(
    "weights",
    Kind::Number,
    "la colonna dei pesi",
    "the column of the weights",
);
pub(super) const CLUSTER: Opt = Opt::new(
    "cluster",
    Kind::LabelColumns,
    "le colonne dei grappoli, in una o più vie",
    "the columns of the clusters, one or several ways",
);
pub(super) const VARIANCE: Opt = Opt::new(
    "variance",
    Kind::Choice(VARIANCES),
    "il tipo di errore standard; `usual` è per grappoli quando sono dati, altrimenti hc1",
    "the kind of standard error; `usual` is clustered when clusters are given, hc1 otherwise",
);
pub(super) const CLUSTER_FACTOR: Opt = Opt::new(
    "cluster-factor",
    Kind::Choice(&["least", "each-term", "none"]),
    "il fattore con più vie: dal minimo dei grappoli (fixest), per ogni termine (sandwich, Petersen), nessuno",
    "the factor with several ways: from the least number of clusters (fixest), for each term (sandwich, Petersen), none",
);
pub(super) const JACKKNIFE_FACTOR: Opt = Opt::new(
    "jackknife-factor",
    Kind::Choice(&["textbook", "small-sample"]),
    "il fattore del jackknife: (G-1)/G, oppure quello di pyfixest",
    "the factor of the jackknife: (G-1)/G, or that of pyfixest",
);
pub(super) const PERIOD: Opt = Opt::new(
    "period",
    Kind::Label,
    "la colonna del periodo, per driscoll-kraay, newey-west e la randomizzazione",
    "the column of the period, for driscoll-kraay, newey-west and randomisation",
);
pub(super) const UNIT: Opt = Opt::new(
    "unit",
    Kind::Label,
    "la colonna dell'unità, per newey-west e come unità di assegnazione della randomizzazione",
    "the column of the unit, for newey-west and as the unit of assignment of randomisation",
);
pub(super) const LAG: Opt = Opt::new(
    "lag",
    Kind::Whole,
    "il ritardo massimo di driscoll-kraay e newey-west: 1 se non detto",
    "the largest lag of driscoll-kraay and newey-west: 1 unless said",
);
pub(super) const LEVEL: Opt = Opt::new(
    "level",
    Kind::Level,
    "il livello degli intervalli: 0.95 se non detto",
    "the level of the intervals: 0.95 unless said",
);
pub(super) const SINGLETONS: Opt = Opt::new(
    "drop-singletons",
    Kind::Flag,
    "lascia fuori le righe sole nel loro gruppo, contandole",
    "leave out rows alone in their group, and count them",
);

const OPTIONS: &[Opt] = &[
    OUTCOME,
    TREATMENT,
    COVARIATES,
    FIXED_EFFECTS,
    Opt::new(
        "instruments",
        Kind::Numbers,
        "le colonne degli strumenti al posto dei trattamenti (minimi quadrati a due stadi)",
        "the columns of instruments that stand for the treatments (two-stage least squares)",
    ),
    WEIGHTS,
    CLUSTER,
    VARIANCE,
    CLUSTER_FACTOR,
    JACKKNIFE_FACTOR,
    PERIOD,
    UNIT,
    LAG,
    LEVEL,
    SINGLETONS,
    Opt::new(
        "bootstrap",
        Kind::Whole,
        "le estrazioni del wild bootstrap per grappoli del primo trattamento",
        "the draws of the wild cluster bootstrap of the first treatment",
    ),
    Opt::new(
        "bootstrap-draws",
        Kind::Choice(&["by-clusters", "rademacher", "webb"]),
        "i fattori del bootstrap; `by-clusters`: Webb con meno di dodici grappoli",
        "the factors of the bootstrap; `by-clusters`: Webb's below twelve clusters",
    ),
    Opt::new(
        "randomisation",
        Kind::Whole,
        "le permutazioni del primo trattamento tra le unità di assegnazione",
        "the permutations of the first treatment between units of assignment",
    ),
    Opt::new(
        "seed",
        Kind::Whole,
        "il seme delle estrazioni: 1 se non detto",
        "the seed of draws: 1 unless said",
    ),
];

impl Method for Regression {
    fn name(&self) -> &'static str {
        "regression"
    }

    fn title(&self) -> Text {
        Text::fixed(
            "Regressione lineare con effetti fissi, strumenti ed errori standard robusti",
            "Linear regression with fixed effects, instruments and robust standard errors",
        )
    }

    fn options(&self) -> &'static [Opt] {
        OPTIONS
    }

    fn rests_on(&self) -> &'static [Rests] {
        &[Rests::Whole {
            table: "first_stages",
        }]
    }

    fn run(&self, request: &Request) -> Result<Evaluation, EvaluationError> {
        let columns = Columns::of(request, request.sample()?);
        let model = columns.model();
        let fit = kernel::fit(&model).map_err(|why| columns.fault(&why))?;
        let mut answer = Evaluation::new(
            self.name(),
            Text::fixed(
                "Coefficiente di ciascun trattamento, a parità delle altre colonne e degli effetti fissi",
                "Coefficient of each treatment, the other columns and fixed effects being equal",
            ),
            columns.sample.kept.clone(),
        );
        columns.infer(request, &fit, &mut answer)?;
        told_of_instruments(&columns, &fit, &mut answer);
        bootstrap(request, &columns, &fit, &mut answer)?;
        randomisation(request, &columns, &model, &mut answer)?;
        answer.note(
            NoteKind::Assumption,
            "no_unobserved_confounding",
            "il coefficiente è un effetto solo se, a parità delle altre colonne, il trattamento non dipende da ciò che muove l'esito",
            "the coefficient is an effect only if, the other columns being equal, treatment does not depend on what moves the outcome",
        );
        Ok(answer)
    }
}

/// The columns that regressions of the catalog share.
pub(super) struct Columns<'a> {
    pub(super) sample: Sample<'a>,
    outcome: Vec<f64>,
    pub(super) regressors: Vec<Covariate>,
    treatments: usize,
    effects: Vec<(String, Vec<u32>, Vec<String>)>,
    instruments: Vec<Covariate>,
    weights: Option<Vec<f64>>,
    clusters: Vec<(String, Vec<u32>, Vec<String>)>,
    period: Option<Vec<u32>>,
    unit: Option<Vec<u32>>,
    is_without_singletons: bool,
}

impl<'a> Columns<'a> {
    pub(super) fn of(request: &Request<'a>, sample: Sample<'a>) -> Columns<'a> {
        let mut regressors = sample.columns_of_numbers("treatment");
        let treatments = regressors.len();
        regressors.extend(sample.covariates("covariates"));
        let codes = |option: &str| sample.labels(option).map(|(codes, _)| codes);
        Columns {
            outcome: sample.numbers("outcome").unwrap_or_default(),
            regressors,
            treatments,
            effects: sample.columns_of_labels("fixed-effects"),
            instruments: sample.columns_of_numbers("instruments"),
            weights: sample.numbers("weights"),
            clusters: sample.columns_of_labels("cluster"),
            period: codes("period"),
            unit: codes("unit"),
            is_without_singletons: request.has("drop-singletons"),
            sample,
        }
    }

    pub(super) fn model(&self) -> Model<'_> {
        let has_instruments = !self.instruments.is_empty();
        Model {
            outcome: &self.outcome,
            regressors: columns(&self.regressors),
            is_without_constant: false,
            fixed_effects: self.effects.iter().map(|own| own.1.as_slice()).collect(),
            weights: self.weights.as_deref(),
            endogenous: match has_instruments {
                true => (0..self.treatments).collect(),
                false => Vec::new(),
            },
            instruments: columns(&self.instruments),
            focus: (0..self.treatments).collect(),
            drops_singletons: self.is_without_singletons,
        }
    }

    /// The variance that was asked for.
    fn variance(&self, request: &Request) -> Result<Variance<'_>, EvaluationError> {
        let lag = request.whole("lag").unwrap_or(1) as usize;
        let missing = |option| EvaluationError::Missing { option };
        let ways: Vec<&[u32]> = self.clusters.iter().map(|own| own.1.as_slice()).collect();
        let wanted = match request.choice("variance") {
            "usual" if ways.is_empty() => "hc1",
            "usual" => "cluster",
            other => other,
        };
        Ok(match wanted {
            "iid" => Variance::Iid,
            "hc0" => Variance::Hc0,
            "hc2" => Variance::Hc2,
            "hc3" => Variance::Hc3,
            "cluster" if ways.is_empty() => return Err(missing("cluster")),
            "cluster" => Variance::Cluster {
                ways,
                factor: match request.choice("cluster-factor") {
                    "each-term" => ClusterFactor::EachTerm,
                    "none" => ClusterFactor::None,
                    _ => ClusterFactor::Least,
                },
            },
            "jackknife" => Variance::Jackknife {
                clusters: ways.first().copied().ok_or(missing("cluster"))?,
                factor: match request.choice("jackknife-factor") {
                    "small-sample" => JackknifeFactor::SmallSample,
                    _ => JackknifeFactor::Textbook,
                },
            },
            "driscoll-kraay" => Variance::DriscollKraay {
                periods: self.period.as_deref().ok_or(missing("period"))?,
                lag,
                has_factor: true,
            },
            "newey-west" => Variance::NeweyWest {
                units: self.unit.as_deref(),
                periods: self.period.as_deref().ok_or(missing("period"))?,
                lag,
                has_factor: true,
            },
            _ => Variance::Hc1,
        })
    }

    /// Adds the estimates and what must be told of them.
    pub(super) fn infer(
        &self,
        request: &Request,
        fit: &Fit,
        answer: &mut Evaluation,
    ) -> Result<(), EvaluationError> {
        let level = request.level();
        let variance = self.variance(request)?;
        if matches!(variance, Variance::Jackknife { .. }) && self.clusters.len() > 1 {
            return Err(EvaluationError::options(
                "cluster",
                "il jackknife prende i grappoli di una sola colonna",
                "the jackknife takes the clusters of one column",
            ));
        }
        let own = fit
            .inference(&variance, level)
            .map_err(|why| self.fault(&why))?;
        let name = |term: Term| match term {
            Term::Constant => "constant".to_owned(),
            Term::Regressor(at) => self.name(at),
        };
        words::add_estimates(&own, level, name, answer);
        self.count_groups(answer);
        self.tell_whom(answer);
        answer.opening.pictured = Some((0..self.treatments).collect());
        answer.figure("variance", Cell::word(variance.name()));
        if let Variance::Cluster { factor, .. } = &variance {
            answer.figure("cluster_factor", Cell::word(factor.name()));
        }
        if self.treatments > 1 {
            let all: Vec<usize> = (0..self.treatments).collect();
            let wald = own.wald(&all).map_err(|why| self.fault(&why))?;
            answer.figure("treatments_f", wald.f);
            answer.figure("treatments_p", wald.p);
        }
        words::told(fit, &own, answer);
        for (at, why) in &fit.left_out {
            words::tell_left_out(&self.name(*at), *why, answer);
        }
        Ok(())
    }

    /// Counts those behind the coefficient of a column of 0 and 1: the fewer of the two.
    fn count_groups(&self, answer: &mut Evaluation) {
        for own in &mut answer.estimates {
            let column = self
                .regressors
                .iter()
                .find(|column| column.name == own.name);
            own.units = column.and_then(|column| fewest(&column.values));
        }
    }

    /// Says what is compared by the first treatment.
    fn tell_whom(&self, answer: &mut Evaluation) {
        let Some(first) = self.regressors.first() else {
            return;
        };
        let name = &first.name;
        match fewest(&first.values) {
            Some(_) => answer.about(
                format!("tra chi ha `{name}` e chi no, a parità delle altre colonne"),
                format!("of those with `{name}` from those without, the other columns being equal"),
            ),
            None => answer.about(
                format!("con un'unità in più di `{name}`, a parità delle altre colonne"),
                format!("with one unit more of `{name}`, the other columns being equal"),
            ),
        }
    }

    fn name(&self, at: usize) -> String {
        self.regressors
            .get(at)
            .map_or_else(|| at.to_string(), |own| own.name.clone())
    }

    /// Why there is no answer, with names of columns.
    pub(super) fn fault(&self, why: &RegressionError) -> EvaluationError {
        words::fault(why, &|at| self.name(at))
    }
}

/// The fewer of zeros and ones; nothing for a column of other values.
fn fewest(values: &[f64]) -> Option<u64> {
    if values.iter().any(|own| *own != 0.0 && *own != 1.0) {
        return None;
    }
    let ones = values.iter().filter(|own| **own == 1.0).count();
    Some(ones.min(values.len() - ones) as u64)
}

fn columns(own: &[Covariate]) -> Vec<Column<'_>> {
    own.iter().map(|own| Column::Values(&own.values)).collect()
}

fn told_of_instruments(columns: &Columns, fit: &Fit, answer: &mut Evaluation) {
    let Some(strength) = &fit.strength else {
        return;
    };
    answer.figure("cragg_donald_f", strength.cragg_donald);
    answer.figure("anderson_lm", strength.anderson);
    answer.figure("anderson_p", strength.anderson_p);
    let rows = strength.first_stages.iter().map(|own| {
        vec![
            Cell::Words(columns.name(own.regressor)),
            own.f.into(),
            own.p.into(),
            own.partial_r_squared.into(),
        ]
    });
    answer.tables.push(Table {
        key: "first_stages",
        title: Text::fixed("Primi stadi", "First stages"),
        columns: vec![
            ("treatment", Text::fixed("trattamento", "treatment")),
            (
                "f",
                Text::fixed("F degli strumenti", "F of the instruments"),
            ),
            ("p", Text::fixed("p", "p")),
            (
                "partial_r_squared",
                Text::fixed("R² parziale", "partial R²"),
            ),
        ],
        rows: rows.collect(),
    });
    if strength.first_stages.iter().any(|own| own.f < 10.0) {
        answer.note(
            NoteKind::Warning,
            "weak_instruments",
            "gli strumenti sono deboli (F sotto 10): stima e intervallo non sono affidabili",
            "the instruments are weak (F below 10): estimate and interval are not to be trusted",
        );
    }
    answer.note(
        NoteKind::Assumption,
        "exclusion",
        "gli strumenti muovono l'esito solo attraverso il trattamento",
        "the instruments move the outcome only through the treatment",
    );
}

fn bootstrap(
    request: &Request,
    columns: &Columns,
    fit: &Fit,
    answer: &mut Evaluation,
) -> Result<(), EvaluationError> {
    let Some(draws) = request.whole("bootstrap") else {
        return Ok(());
    };
    let [(_, clusters, _)] = columns.clusters.as_slice() else {
        return Err(EvaluationError::options(
            "bootstrap",
            "serve `--cluster` con una sola colonna",
            "it takes `--cluster` with one column",
        ));
    };
    let asked = WildAsked {
        regressor: 0,
        clusters,
        hypothesis: 0.0,
        draws: draws as usize,
        kind: match request.choice("bootstrap-draws") {
            "rademacher" => Draws::Rademacher,
            "webb" => Draws::Webb,
            _ => Draws::ByClusters,
        },
        level: request.level(),
        seed: request.whole("seed").unwrap_or(1),
    };
    let own: Wild = fit.wild(&asked).map_err(|why| columns.fault(&why))?;
    answer.figure("bootstrap_p", own.p_symmetric);
    answer.figure("bootstrap_p_equal_tailed", own.p_equal_tailed);
    answer.figure("bootstrap_low", own.low);
    answer.figure("bootstrap_high", own.high);
    answer.figure("bootstrap_draws", own.draws);
    answer.figure("bootstrap_enumerated", own.is_enumerated);
    answer.figure(
        "bootstrap_kind",
        Cell::word(match own.kind {
            Draws::Webb => "webb",
            Draws::Rademacher | Draws::ByClusters => "rademacher",
        }),
    );
    Ok(())
}

fn randomisation(
    request: &Request,
    columns: &Columns,
    model: &Model,
    answer: &mut Evaluation,
) -> Result<(), EvaluationError> {
    let Some(draws) = request.whole("randomisation") else {
        return Ok(());
    };
    let units = columns
        .unit
        .as_deref()
        .ok_or(EvaluationError::Missing { option: "unit" })?;
    let asked = RandomisationAsked {
        regressor: 0,
        units,
        periods: columns.period.as_deref(),
        draws: draws as usize,
        level: request.level(),
        seed: request.whole("seed").unwrap_or(1),
    };
    let own: Randomisation = kernel::randomise(model, &asked).map_err(|why| columns.fault(&why))?;
    answer.figure("randomisation_p", own.p);
    answer.figure("randomisation_p_low", own.low);
    answer.figure("randomisation_p_high", own.high);
    answer.figure("randomisation_draws", own.draws);
    answer.figure("randomisation_enumerated", own.is_enumerated);
    answer.figure("randomisation_undefined", own.undefined);
    Ok(())
}
