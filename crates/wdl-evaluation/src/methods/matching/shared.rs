//! What the methods that compare people alike in what is observed share: options, rows, tables of balance and size, why there is no answer.

use wdl_causal::logit::NoLogit;
use wdl_causal::matching::{
    Balance, Estimand, MatchError, Moments, balance, effective_sample_size,
};
use wdl_causal::weighting::WeightError;
use wdl_vocab::Text;

use crate::answer::{Behind, Cell, Evaluation, Kept, NoteKind, Table};
use crate::fault::EvaluationError;
use crate::options::{Kind, Opt};
use crate::request::Request;
use crate::sample::{Covariate, independent};

pub(in crate::methods) const OUTCOME: Opt = Opt::required(
    "outcome",
    Kind::Number,
    "la colonna dell'esito",
    "the column of the outcome",
);
pub(in crate::methods) const TREATMENT: Opt = Opt::required(
    "treatment",
    Kind::Number,
    "la colonna del trattamento: 1 per chi è trattato, 0 per gli altri",
    "the column of the treatment: 1 for the treated, 0 for the others",
);
pub(in crate::methods) const COVARIATES: Opt = Opt::required(
    "covariates",
    Kind::Covariates,
    "le colonne, misurate prima del trattamento, in cui trattati e altri devono somigliarsi",
    "the columns, measured before treatment, in which treated and others must be alike",
);
pub(in crate::methods) const CLUSTER: Opt = Opt::new(
    "cluster",
    Kind::Label,
    "la colonna del grappolo per gli errori standard",
    "the column of the cluster for standard errors",
);
pub(in crate::methods) const SEED: Opt = Opt::new(
    "seed",
    Kind::Whole,
    "il seme di ciò che si estrae a sorte: 1 se non detto",
    "the seed of what is drawn by chance: 1 unless said",
);
pub(in crate::methods) const LEVEL: Opt = Opt::new(
    "level",
    Kind::Level,
    "il livello degli intervalli: 0.95 se non detto",
    "the level of the intervals: 0.95 unless said",
);

/// Treated and others with what is known of them.
// INVARIANT: every column has one value for each row used.
pub(in crate::methods) struct Groups {
    pub(in crate::methods) kept: Kept,
    /// The rows of the table.
    rows: Vec<usize>,
    pub(in crate::methods) outcome: Vec<f64>,
    pub(in crate::methods) is_treated: Vec<bool>,
    /// Every covariate, for balance and cells.
    pub(in crate::methods) all: Vec<Covariate>,
    /// Those that do not follow from others, for models.
    pub(in crate::methods) independent: Vec<Covariate>,
    pub(in crate::methods) repeated: Vec<String>,
    pub(in crate::methods) weights: Option<Vec<f64>>,
    pub(in crate::methods) clusters: Option<Vec<usize>>,
}

impl Groups {
    pub(in crate::methods) fn of(request: &Request<'_>) -> Result<Groups, EvaluationError> {
        let sample = request.sample()?;
        let is_treated = sample.flags("treatment")?.unwrap_or_default();
        let all = sample.covariates("covariates");
        let (independent, repeated) = independent(all.clone(), sample.len());
        let groups = Groups {
            outcome: sample.numbers("outcome").unwrap_or_default(),
            weights: sample.numbers("weights"),
            clusters: clusters(sample.labels("cluster")),
            rows: (0..sample.len()).map(|place| sample.row(place)).collect(),
            kept: sample.kept,
            is_treated,
            all,
            independent,
            repeated,
        };
        let why = match (
            groups.is_treated.contains(&true),
            groups.is_treated.contains(&false),
        ) {
            (false, _) => MatchError::NobodyTreated,
            (_, false) => MatchError::EverybodyTreated,
            (true, true) => return Ok(groups),
        };
        Err(no_match(&why, &[]))
    }

    /// Keeps some rows; whoever calls counts those left out.
    pub(in crate::methods) fn keep(&mut self, rows: &[usize]) {
        let numbers = |own: &[f64]| rows.iter().map(|row| own[*row]).collect::<Vec<f64>>();
        self.rows = rows.iter().map(|row| self.rows[*row]).collect();
        self.outcome = numbers(&self.outcome);
        self.is_treated = rows.iter().map(|row| self.is_treated[*row]).collect();
        self.weights = self.weights.as_deref().map(numbers);
        self.clusters = self
            .clusters
            .as_ref()
            .map(|own| rows.iter().map(|row| own[*row]).collect());
        for own in &mut self.all {
            own.values = numbers(&own.values);
        }
        (self.independent, self.repeated) = independent(self.all.clone(), rows.len());
    }

    /// Names the covariates that follow from others.
    pub(in crate::methods) fn tell_repeated(&self, answer: &mut Evaluation) {
        tell_repeated(&self.repeated, answer);
    }
}

/// The clusters of rows as places.
pub(in crate::methods) fn clusters(labels: Option<(Vec<u32>, Vec<String>)>) -> Option<Vec<usize>> {
    labels.map(|(codes, _)| codes.into_iter().map(|own| own as usize).collect())
}

/// The values of covariates.
pub(in crate::methods) fn slices(covariates: &[Covariate]) -> Vec<&[f64]> {
    covariates.iter().map(|own| own.values.as_slice()).collect()
}

/// Names the covariates that a model leaves out because they follow from those before them.
pub(in crate::methods) fn tell_repeated(repeated: &[String], answer: &mut Evaluation) {
    if repeated.is_empty() {
        return;
    }
    let names = repeated.join(", ");
    answer.note(
        NoteKind::Warning,
        "collinear",
        format!(
            "queste covariate sono costanti o seguono da quelle prima e i modelli le lasciano fuori: {names}"
        ),
        format!(
            "these covariates are constant or follow from those before them, and the models leave them out: {names}"
        ),
    );
}

/// The word of an estimand.
pub(in crate::methods) fn estimand(word: &str) -> Estimand {
    match word {
        "att" => Estimand::Att,
        "atc" => Estimand::Atc,
        "ato" => Estimand::Overlap,
        _ => Estimand::Ate,
    }
}

/// What is estimated, for whom.
pub(in crate::methods) fn told_estimand(estimand: Estimand) -> Text {
    match estimand {
        Estimand::Ate => Text::fixed(
            "Effetto medio del trattamento per tutti (ATE)",
            "Average effect of the treatment for everybody (ATE)",
        ),
        Estimand::Att => Text::fixed(
            "Effetto medio del trattamento per i trattati (ATT)",
            "Average effect of the treatment for the treated (ATT)",
        ),
        Estimand::Atc => Text::fixed(
            "Effetto medio del trattamento per i non trattati (ATC)",
            "Average effect of the treatment for those not treated (ATC)",
        ),
        Estimand::Overlap => Text::fixed(
            "Effetto medio del trattamento per chi poteva stare nell'uno o nell'altro gruppo (ATO)",
            "Average effect of the treatment for those who could have been in either group (ATO)",
        ),
    }
}

/// For whom, in plain words.
pub(in crate::methods) fn told_whom(estimand: Estimand) -> Text {
    match estimand {
        Estimand::Ate => Text::fixed("per tutti, in media", "for everybody, on average"),
        Estimand::Att => Text::fixed("per i trattati, in media", "for the treated, on average"),
        Estimand::Atc => Text::fixed(
            "per chi non è stato trattato, in media",
            "for those not treated, on average",
        ),
        Estimand::Overlap => Text::fixed(
            "per chi poteva stare nell'uno o nell'altro gruppo, in media",
            "for those who could have been in either group, on average",
        ),
    }
}

/// Names the treated and the others that have a weight, and counts the fewer.
pub(in crate::methods) fn count_groups(groups: &Groups, weights: &[f64], answer: &mut Evaluation) {
    let of = |group, wanted: bool| {
        let places = groups.is_treated.iter().zip(weights).enumerate();
        let places = places.filter(|(_, (own, weight))| **own == wanted && **weight > 0.0);
        Behind {
            group,
            rows: places.map(|(place, _)| groups.rows[place]).collect(),
        }
    };
    answer.behind = vec![of("treated", true), of("others", false)];
    let fewest = answer.behind.iter().map(|own| own.rows.len()).min();
    for own in &mut answer.estimates {
        own.units = fewest.map(|own| own as u64);
    }
}

/// What must hold for a comparison on observed columns to be an effect.
pub(in crate::methods) fn tell_assumptions(answer: &mut Evaluation) {
    answer.note(
        NoteKind::Assumption,
        "no_unobserved_confounding",
        "la stima è un effetto solo se, a parità di covariate, essere trattati non dipende da altro che muova l'esito: ciò che non si osserva non viene pareggiato",
        "the estimate is an effect only if, the covariates being equal, being treated depends on nothing else that moves the outcome: what is not observed is not evened out",
    );
    answer.note(
        NoteKind::Assumption,
        "overlap",
        "per ogni combinazione delle covariate si può essere trattati oppure no: nessuno lo è, o non lo è, di certo",
        "for every combination of the covariates people could be treated or not: for nobody is it certain",
    );
    answer.note(
        NoteKind::Assumption,
        "covariates_before_treatment",
        "le covariate sono misurate prima del trattamento e non ne sono mosse",
        "the covariates are measured before treatment and are not moved by it",
    );
}

/// Adds the balance of the covariates, and names those still apart.
pub(in crate::methods) fn tell_balance(
    covariates: &[Covariate],
    is_treated: &[bool],
    weights: &[f64],
    estimand: Estimand,
    answer: &mut Evaluation,
) -> Result<(), EvaluationError> {
    let found = balance(&slices(covariates), is_treated, weights, estimand)
        .map_err(|why| no_match(&why, covariates))?;
    let rows = covariates.iter().zip(&found).map(|(covariate, own)| {
        let mut cells = vec![match covariate.name.as_str() {
            "propensity" => Cell::word("propensity"),
            name => name.into(),
        }];
        cells.extend(of_moments(&own.before));
        cells.extend(of_moments(&own.after));
        cells
    });
    answer.tables.push(Table {
        key: "balance",
        title: Text::fixed(
            "Bilanciamento delle covariate, prima e dopo",
            "Balance of the covariates, before and after",
        ),
        columns: balance_columns(),
        rows: rows.collect(),
    });
    let size = |own: &Moments| own.standardised_difference.map_or(0.0, f64::abs);
    let largest = |of: &dyn Fn(&Balance) -> f64| found.iter().map(of).fold(0.0, f64::max);
    answer.figure("largest_smd_before", largest(&|own| size(&own.before)));
    answer.figure("largest_smd_after", largest(&|own| size(&own.after)));
    let apart: Vec<&str> = covariates
        .iter()
        .zip(&found)
        .filter(|(_, own)| size(&own.after) > 0.1)
        .map(|(covariate, _)| covariate.name.as_str())
        .collect();
    if !apart.is_empty() {
        let names = apart.join(", ");
        answer.note(
            NoteKind::Warning,
            "imbalance",
            format!(
                "anche dopo, trattati e altri distano più di 0,1 deviazioni standard in: {names}"
            ),
            format!(
                "even afterwards treated and others are more than 0.1 standard deviations apart in: {names}"
            ),
        );
    }
    answer.note(
        NoteKind::Convention,
        "standardised_difference",
        "la differenza standardizzata divide per la deviazione standard prima: dei trattati per ATT, dei non trattati per ATC, altrimenti la radice della media delle due varianze; il rapporto delle varianze non è dato per covariate di 0 e 1",
        "the standardised difference divides by the standard deviation before: of the treated for ATT, of the others for ATC, else the root of the mean of both variances; the variance ratio is not given for covariates of 0 and 1",
    );
    Ok(())
}

fn of_moments(own: &Moments) -> [Cell; 5] {
    [
        own.mean_treated.into(),
        own.mean_others.into(),
        own.standardised_difference.into(),
        own.variance_ratio.into(),
        own.distribution_largest.into(),
    ]
}

fn balance_columns() -> Vec<(&'static str, Text)> {
    vec![
        ("covariate", Text::fixed("covariata", "covariate")),
        (
            "mean_treated_before",
            Text::fixed("media trattati, prima", "mean treated, before"),
        ),
        (
            "mean_others_before",
            Text::fixed("media altri, prima", "mean others, before"),
        ),
        (
            "smd_before",
            Text::fixed("diff. standardizzata, prima", "std. difference, before"),
        ),
        (
            "variance_ratio_before",
            Text::fixed("rapporto varianze, prima", "variance ratio, before"),
        ),
        (
            "ks_before",
            Text::fixed(
                "distanza delle distribuzioni, prima",
                "distance of distributions, before",
            ),
        ),
        (
            "mean_treated_after",
            Text::fixed("media trattati, dopo", "mean treated, after"),
        ),
        (
            "mean_others_after",
            Text::fixed("media altri, dopo", "mean others, after"),
        ),
        (
            "smd_after",
            Text::fixed("diff. standardizzata, dopo", "std. difference, after"),
        ),
        (
            "variance_ratio_after",
            Text::fixed("rapporto varianze, dopo", "variance ratio, after"),
        ),
        (
            "ks_after",
            Text::fixed(
                "distanza delle distribuzioni, dopo",
                "distance of distributions, after",
            ),
        ),
    ]
}

/// Adds how many people each group has, and how many they are worth under the weights; says when that is less than half.
pub(in crate::methods) fn tell_sizes(
    is_treated: &[bool],
    weights: &[f64],
    score: Option<&[f64]>,
    answer: &mut Evaluation,
) {
    let rows = [(true, "treated"), (false, "others")].map(|(group, word)| {
        let members: Vec<usize> = (0..weights.len())
            .filter(|row| is_treated[*row] == group)
            .collect();
        let weighted: Vec<usize> = members
            .iter()
            .copied()
            .filter(|row| weights[*row] > 0.0)
            .collect();
        let effective = effective_sample_size(members.iter().map(|row| weights[*row]));
        if effective < 0.5 * weighted.len() as f64 {
            tell_unequal(group, weighted.len(), effective, answer);
        }
        let bound = |start: f64, pick: fn(f64, f64) -> f64| -> Cell {
            score
                .map(|score| members.iter().map(|row| score[*row]).fold(start, pick))
                .into()
        };
        vec![
            Cell::word(word),
            members.len().into(),
            weighted.len().into(),
            effective.into(),
            bound(f64::INFINITY, f64::min),
            bound(f64::NEG_INFINITY, f64::max),
        ]
    });
    answer.tables.push(Table {
        key: "groups",
        title: Text::fixed("I due gruppi", "The two groups"),
        columns: vec![
            ("group", Text::fixed("gruppo", "group")),
            ("rows", Text::fixed("righe", "rows")),
            (
                "weighted",
                Text::fixed("righe con un peso", "rows with a weight"),
            ),
            (
                "effective",
                Text::fixed("numerosità effettiva", "effective number"),
            ),
            (
                "least_score",
                Text::fixed("propensione minima", "least propensity"),
            ),
            (
                "largest_score",
                Text::fixed("propensione massima", "largest propensity"),
            ),
        ],
        rows: rows.to_vec(),
    });
}

fn tell_unequal(group: bool, rows: usize, effective: f64, answer: &mut Evaluation) {
    let (key, it, en) = match group {
        true => ("few_effective_treated", "trattati", "treated"),
        false => ("few_effective_others", "altri", "others"),
    };
    answer.note(
        NoteKind::Warning,
        key,
        format!("{it}: {rows} righe con pesi così diseguali che valgono come {effective:.0}"),
        format!("{en}: {rows} rows with weights so unequal that they are worth {effective:.0}"),
    );
}

fn named(covariates: &[Covariate], at: usize) -> String {
    covariates
        .get(at)
        .map_or_else(|| (at + 1).to_string(), |own| own.name.clone())
}

/// Why nobody is matched; `covariates` are those the kernel was given.
pub(in crate::methods) fn no_match(why: &MatchError, covariates: &[Covariate]) -> EvaluationError {
    let (it, en) = match why {
        MatchError::NobodyTreated => ("nessuno è trattato".to_owned(), "nobody is treated".to_owned()),
        MatchError::EverybodyTreated => ("tutti sono trattati".to_owned(), "everybody is treated".to_owned()),
        MatchError::NobodyMatched => (
            "nessuno ha trovato un compagno: il limite alla distanza, gli strati o le classi sono troppo stretti".to_owned(),
            "nobody found a match: the caliper, the strata or the bins are too narrow".to_owned(),
        ),
        MatchError::NoVariation => (
            "tutti hanno la stessa propensione o le stesse covariate".to_owned(),
            "all have the same propensity or covariates".to_owned(),
        ),
        MatchError::TooFewForSubclasses { have, need } => (
            format!("{have} persone di un gruppo non riempiono {need} classi: chiederne meno con --subclasses"),
            format!("{have} people of a group cannot fill {need} subclasses: ask for fewer with --subclasses"),
        ),
        MatchError::Collinear(at) => return collinear(&named(covariates, *at)),
        MatchError::TooFew => (
            "troppo pochi per una stima con errore standard".to_owned(),
            "too few people for an estimate with a standard error".to_owned(),
        ),
        MatchError::Estimand(_) => {
            return EvaluationError::options(
                "estimand",
                "questo stimatore non lo dà",
                "this estimator does not give it",
            );
        }
        other => (format!("non c'è risposta: {other}"), other.to_string()),
    };
    EvaluationError::not_estimable(it, en)
}

fn collinear(name: &str) -> EvaluationError {
    EvaluationError::not_estimable(
        format!(
            "la covariata `{name}` è costante o segue da quelle prima, tra le righe di un gruppo o di una parte"
        ),
        format!(
            "covariate `{name}` is constant or follows from those before it, in the rows of a group or a part"
        ),
    )
}

/// Why there is no propensity score.
pub(in crate::methods) fn no_score(why: &NoLogit, covariates: &[Covariate]) -> EvaluationError {
    let (it, en) = match why {
        NoLogit::Separation => (
            "le covariate dicono esattamente chi è trattato: trattati e altri non si sovrappongono e non c'è con chi confrontare",
            "the covariates tell exactly who is treated: treated and others do not overlap and there is nobody to compare with",
        ),
        NoLogit::NoVariation => (
            "tutti o nessuno sono trattati",
            "everybody or nobody is treated",
        ),
        NoLogit::NotConverged => (
            "il modello della propensione non converge",
            "the model of the propensity does not converge",
        ),
        NoLogit::Collinear(at) => return collinear(&named(covariates, *at)),
    };
    EvaluationError::not_estimable(it, en)
}

/// Why there is no weighted estimate.
pub(in crate::methods) fn no_weights(
    why: &WeightError,
    covariates: &[Covariate],
) -> EvaluationError {
    let (it, en) = match why {
        WeightError::Rows(why) => return no_match(why, covariates),
        WeightError::Score(why) => return no_score(why, covariates),
        WeightError::Collinear(at) => return collinear(&named(covariates, *at)),
        WeightError::RowWeights => {
            return EvaluationError::data(
                "i pesi delle righe sono negativi, o zero per un intero gruppo",
                "row weights are negative, or zero for a whole group",
            );
        }
        WeightError::NoOverlap { .. } => (
            "una propensione è zero o uno: non c'è sovrapposizione; provate --trim".to_owned(),
            "a propensity is zero or one: there is no overlap; try --trim".to_owned(),
        ),
        WeightError::Infeasible { covariate } => {
            let name = named(covariates, *covariate);
            (
                format!(
                    "nessun peso porta la media di `{name}` al suo bersaglio: sta al margine di un gruppo o oltre"
                ),
                format!(
                    "no weights bring the mean of `{name}` to its target: it lies at or beyond the edge of a group"
                ),
            )
        }
        WeightError::TooFew { have, need } => (
            format!("un gruppo ha {have} righe per {need} coefficienti"),
            format!("a group has {have} rows for {need} coefficients"),
        ),
    };
    EvaluationError::not_estimable(it, en)
}
