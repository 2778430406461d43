//! Synthetic control: one treated unit beside a mixture of others that went the same way before.

pub(super) mod case;

use std::ops::Range;

use nalgebra::DMatrix;
use wdl_causal::synthetic::control::{Design, Fit, Importance, NoSynthetic, Predictors, Study};
use wdl_causal::synthetic::nested::Search;
use wdl_causal::synthetic::{augmented, conformal, placebo, range};
use wdl_vocab::Text;

use self::case::{Case, OUTCOME, PERIOD, UNIT};
use crate::answer::{Cell, Estimate, Evaluation, NoteKind, Table};
use crate::catalog::Method;
use crate::fault::EvaluationError;
use crate::glossary;
use crate::groups::Rests;
use crate::opening::Claim;
use crate::options::{Kind, Opt};
use crate::request::Request;

/// `synthetic-control`.
pub(super) struct SyntheticControl;

const OPTIONS: &[Opt] = &[
    OUTCOME,
    UNIT,
    PERIOD,
    Opt::required(
        "treatment",
        Kind::Number,
        "la colonna del trattamento: 1 per l'unità trattata dal primo periodo trattato in poi, altrimenti 0",
        "the column of the treatment: 1 for the treated unit from its first treated period on, else 0",
    ),
    Opt::new(
        "predictors",
        Kind::Numbers,
        "colonne di cui si confronta la media prima del trattamento; senza predittori i pesi seguono l'esito stesso",
        "columns whose mean before the treatment is matched; without predictors the weights follow the outcome itself",
    ),
    Opt::new(
        "lags",
        Kind::Reals,
        "periodi il cui esito è un predittore",
        "periods whose outcome is a predictor",
    ),
    Opt::new(
        "predictors-since",
        Kind::Real,
        "il primo periodo delle medie dei predittori",
        "the first period of the predictors' means",
    ),
    Opt::new(
        "fit-since",
        Kind::Real,
        "il primo periodo su cui si giudica l'aderenza",
        "the first period the fit is judged by",
    ),
    Opt::new(
        "slack",
        Kind::Real,
        "di quanto può crescere l'errore prima del trattamento nell'intervallo degli effetti: 0.02",
        "by how much the error before may grow in the range of effects: 0.02",
    ),
    Opt::new(
        "level",
        Kind::Level,
        "il livello degli intervalli conformi: 0.95",
        "the level of the conformal intervals: 0.95",
    ),
    Opt::new(
        "placebo-time",
        Kind::Real,
        "un periodo prima del trattamento in cui fingere che cominci",
        "a period before the treatment in which to pretend that it starts",
    ),
    Opt::new(
        "ridge",
        Kind::Flag,
        "corregge ciò che i pesi non pareggiano con una regressione ridge",
        "corrects what the weights leave unmatched by a ridge regression",
    ),
];

impl Method for SyntheticControl {
    fn name(&self) -> &'static str {
        "synthetic-control"
    }

    fn title(&self) -> Text {
        Text::fixed(
            "Controllo sintetico: un'unità trattata a fianco di una mescolanza di altre, con la prova che i pesi sono i migliori",
            "Synthetic control: one treated unit beside a mixture of others, with the proof that the weights are the best",
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
            Rests::Named { table: "weights" },
            Rests::Whole {
                table: "predictors",
            },
            Rests::Named { table: "path" },
            Rests::Named { table: "placebos" },
            Rests::Named {
                table: "leave_one_out",
            },
        ]
    }

    fn run(&self, request: &Request) -> Result<Evaluation, EvaluationError> {
        let case = Case::read(request)?;
        let [treated] = case.treated.as_slice() else {
            return Err(EvaluationError::data(
                format!(
                    "{} unità sono trattate: il controllo sintetico ne prende una, `sdid` più d'una",
                    case.treated.len()
                ),
                format!(
                    "{} units are treated: synthetic control takes one, `sdid` several",
                    case.treated.len()
                ),
            ));
        };
        let last = case.panel.periods().len();
        let (study, measures) = study(request, &case, *treated, case.start..last)?;
        let search = Search::default();
        let fit = study.fit(&search).map_err(|why| case.say(&why))?;
        let mut answer = Evaluation::new(
            self.name(),
            Text::new(
                format!(
                    "Effetto medio su {} nei periodi trattati",
                    case.names[*treated]
                ),
                format!(
                    "Mean effect on {} in the treated periods",
                    case.names[*treated]
                ),
            ),
            case.kept.clone(),
        );
        let name = &case.names[*treated];
        answer.about(
            format!("per {name}, in media dopo l'inizio del trattamento"),
            format!("for {name}, on average after the start of treatment"),
        );
        answer
            .estimates
            .push(Estimate::point("att", fit.att).resting_on(1));
        fit_figures(&mut answer, &fit);
        weight_table(&mut answer, &case, &fit);
        if let Some(importance) = &fit.importance {
            predictor_table(&mut answer, importance, &measures);
        }
        path_table(&mut answer, &case, &fit, *treated);
        inference(&mut answer, request, &case, &study, &fit)?;
        placebos(&mut answer, request, &case, &study, &fit)?;
        if request.has("ridge") {
            ridge(&mut answer, &case, &study, &fit)?;
        }
        assumptions(&mut answer, &fit);
        Ok(answer)
    }
}

/// The study with an effect asked for in some periods, all that it is fitted to from before them; and the names of its predictors.
fn study(
    request: &Request,
    case: &Case,
    treated: usize,
    post: Range<usize>,
) -> Result<(Study, Vec<String>), EvaluationError> {
    let window = case.before(post.start, request.real("predictors-since"));
    let mut measures: Vec<String> = Vec::new();
    let mut rows: Vec<Vec<f64>> = Vec::new();
    if !case.predictors.is_empty() && window.is_empty() {
        return Err(EvaluationError::options(
            "predictors-since",
            "nessun periodo resta prima del trattamento",
            "no period is left before the treatment",
        ));
    }
    for (name, values) in &case.predictors {
        let mut means = vec![0.0; case.names.len()];
        for ((unit, period), value) in case.units.iter().zip(&case.periods).zip(values) {
            if window.iter().any(|at| case.panel.periods()[*at] == *period) {
                means[*unit] += value / window.len() as f64;
            }
        }
        measures.push(name.clone());
        rows.push(means);
    }
    for lag in request.reals("lags") {
        let at = case.position("lags", lag)?;
        if at < case.start && at >= post.start {
            // A placebo in time knows nothing of what came after its date.
            continue;
        }
        if at >= case.start {
            return Err(EvaluationError::options(
                "lags",
                format!("il periodo {lag} non viene prima del trattamento"),
                format!("period {lag} does not come before the treatment"),
            ));
        }
        measures.push(format!(
            "{} {lag}",
            request.word("outcome").unwrap_or_default()
        ));
        rows.push(case.panel.values().row(at).iter().copied().collect());
    }
    let predictors = (!rows.is_empty()).then(|| {
        Predictors(DMatrix::from_fn(
            rows.len(),
            case.names.len(),
            |row, unit| rows[row][unit],
        ))
    });
    let design = Design {
        treated,
        donors: case.donors.clone(),
        fit: case.before(post.start, request.real("fit-since")),
        post: post.collect(),
    };
    let study = Study::new(&case.panel, &design, predictors.as_ref());
    Ok((study.map_err(|why| case.say(&why))?, measures))
}

fn fit_figures(answer: &mut Evaluation, fit: &Fit) {
    answer.figure("rmspe_before", fit.rmspe());
    answer.figure("rmspe_after", fit.rmspe_post);
    answer.figure("loss", fit.loss);
    answer.figure("loss_floor", fit.loss_floor);
    answer.figure("kkt_residual", fit.certificate.residual);
    answer.figure("weights_are_unique", fit.certificate.is_unique);
    answer.figure("distance_to_hull", fit.outside_hull);
    if let Some(importance) = &fit.importance {
        answer.figure("importances_tried", importance.evaluations);
        let (it, en) = match fit.is_at_floor() {
            true => (
                "i pesi sono l'ottimo dimostrato, e nessuna importanza dà un errore minore: `loss` è `loss_floor`, sotto il quale nessun peso scende",
                "the weights are the proved optimum, and no importance gives a lower error: `loss` is `loss_floor`, below which no weights go",
            ),
            false => (
                "i pesi sono l'ottimo dimostrato per l'importanza trovata; l'importanza migliore può dare un errore minore di al più `loss_gap` (una quota di `loss`): `loss_floor` è l'errore sotto il quale nessun peso scende",
                "the weights are the proved optimum for the importance found; the best importance may give an error lower by `loss_gap` at most (a share of `loss`): `loss_floor` is the error below which no weights go",
            ),
        };
        answer.figure("loss_gap", fit.loss_gap());
        answer.note(NoteKind::Convention, "importance_searched", it, en);
    }
}

fn weight_table(answer: &mut Evaluation, case: &Case, fit: &Fit) {
    let mut rows: Vec<(usize, f64)> = fit
        .donors
        .iter()
        .copied()
        .zip(fit.weights.iter().copied())
        .collect();
    rows.retain(|(_, own)| *own > 0.0);
    rows.sort_by(|a, b| b.1.total_cmp(&a.1));
    answer.tables.push(Table {
        key: "weights",
        title: Text::fixed(
            "Pesi (gli altri sono zero)",
            "Weights (the others are zero)",
        ),
        columns: vec![
            ("unit", Text::fixed("unità", "unit")),
            ("weight", Text::fixed("peso", "weight")),
        ],
        rows: rows
            .into_iter()
            .map(|(unit, own)| vec![case.names[unit].as_str().into(), own.into()])
            .collect(),
    });
}

fn predictor_table(answer: &mut Evaluation, importance: &Importance, measures: &[String]) {
    let rows = (0..measures.len()).map(|at| {
        let (treated, synthetic) = importance.balance[at];
        vec![
            measures[at].as_str().into(),
            treated.into(),
            synthetic.into(),
            importance.shares[at].into(),
            importance.outside.contains(&at).into(),
        ]
    });
    answer.tables.push(Table {
        key: "predictors",
        title: Text::fixed("Predittori", "Predictors"),
        columns: vec![
            ("predictor", Text::fixed("predittore", "predictor")),
            ("treated", Text::fixed("trattata", "treated")),
            ("synthetic", Text::fixed("sintetica", "synthetic")),
            ("importance", Text::fixed("importanza", "importance")),
            (
                "is_outside",
                Text::fixed("fuori dai donatori", "outside the donors"),
            ),
        ],
        rows: rows.collect(),
    });
    for at in &importance.constant {
        answer.note(
            NoteKind::Warning,
            "constant_predictor",
            format!(
                "il predittore `{}` è uguale per tutte le unità ed è lasciato fuori",
                measures[*at]
            ),
            format!(
                "predictor `{}` is the same for all units and is left out",
                measures[*at]
            ),
        );
    }
    if importance.is_undetermined {
        answer.note(
            NoteKind::Warning,
            "importance_undetermined",
            "i donatori pareggiano esattamente i predittori: ogni importanza dà lo stesso, e tra i pesi possibili ha deciso l'esito",
            "the donors match the predictors exactly: any importance gives the same, and the outcome decided between the weights",
        );
    }
}

fn path_table(answer: &mut Evaluation, case: &Case, fit: &Fit, treated: usize) {
    let values = case.panel.values().column(treated);
    let rows = case.panel.periods().iter().enumerate().map(|(at, period)| {
        vec![
            period.to_string().into(),
            values[at].into(),
            (values[at] - fit.gaps[at]).into(),
            fit.gaps[at].into(),
            (at >= case.start).into(),
        ]
    });
    answer.tables.push(Table {
        key: "path",
        title: Text::fixed(
            "L'unità trattata e la sintetica",
            "The treated unit and the synthetic one",
        ),
        columns: vec![
            ("period", Text::fixed("periodo", "period")),
            ("treated", Text::fixed("trattata", "treated")),
            ("synthetic", Text::fixed("sintetica", "synthetic")),
            ("gap", Text::fixed("differenza", "difference")),
            ("is_after", Text::fixed("dopo", "after")),
        ],
        rows: rows.collect(),
    });
}

/// The range of effects of weights of almost equal fit, and the conformal intervals of each period.
fn inference(
    answer: &mut Evaluation,
    request: &Request,
    case: &Case,
    study: &Study,
    fit: &Fit,
) -> Result<(), EvaluationError> {
    let say = |why: NoSynthetic| case.say(&why);
    let range = range::of_effect(study, fit, request.real("slack").unwrap_or(0.02)).map_err(say)?;
    answer.figure("effect_lowest", range.lowest);
    answer.figure("effect_highest", range.highest);
    answer.figure("range_gap", range.gap);
    answer.note(
        NoteKind::Convention,
        "range",
        "l'effetto medio più basso e più alto sono quelli di tutti i pesi il cui errore prima del trattamento supera al più della tolleranza quello trovato",
        "the lowest and the highest mean effect are those under all weights whose error before exceeds the one found by the slack at most",
    );
    let level = request.level();
    let conformal = conformal::intervals(study, level).map_err(say)?;
    answer.figure("conformal_p", conformal.p_value);
    for own in &conformal.periods {
        let period = case.panel.periods()[own.period];
        let estimate = Estimate::point(period.to_string(), fit.gaps[own.period]);
        let mut estimate = estimate.called(glossary::period(period)).resting_on(1);
        estimate.p_value = Some(own.p_value);
        estimate.level = level;
        if let (Some(low), Some(high)) = own.interval {
            estimate.interval = Some([low, high]);
        }
        answer.estimates.push(estimate);
    }
    if conformal
        .periods
        .iter()
        .any(|own| own.interval.0.is_none() || own.interval.1.is_none())
    {
        answer.note(
            NoteKind::Warning,
            "open_intervals",
            "un intervallo senza fine non è mostrato: con pochi periodi prima del trattamento nessun effetto si può escludere a questo livello",
            "an interval without an end is not shown: with few periods before the treatment no effect can be excluded at this level",
        );
    }
    answer.note(
        NoteKind::Convention,
        "conformal",
        "gli intervalli dei periodi sono conformi (Chernozhukov, Wüthrich e Zhu 2021), sui pesi che seguono l'esito, senza predittori",
        "the intervals of the periods are conformal (Chernozhukov, Wüthrich and Zhu 2021), on weights that follow the outcome, without predictors",
    );
    Ok(())
}

/// The largest error before, relative to the treated unit's, of the placebos counted in the second p-value.
const MULTIPLE: f64 = 5.0;

fn placebos(
    answer: &mut Evaluation,
    request: &Request,
    case: &Case,
    study: &Study,
    fit: &Fit,
) -> Result<(), EvaluationError> {
    let search = Search::default();
    let say = |why: NoSynthetic| case.say(&why);
    if let Some(period) = request.real("placebo-time") {
        let at = case.position("placebo-time", period)?;
        let treated = case.treated[0];
        let (early, _) = self::study(request, case, treated, at..case.start)?;
        let early = early.fit(&search).map_err(say)?;
        answer.estimates.push(
            Estimate::point(format!("placebo {period}"), early.att)
                .called(Text::new(
                    format!("placebo nel tempo: come se il trattamento cominciasse nel {period}"),
                    format!("placebo in time: as if treatment began in {period}"),
                ))
                .resting_on(1),
        );
    }
    if case.donors.len() < 3 {
        answer.note(
            NoteKind::Warning,
            "no_placebos",
            "con meno di tre donatori non c'è confronto con placebo",
            "with fewer than three donors there is no comparison with placebos",
        );
        return Ok(());
    }
    let space = placebo::in_space(study, fit, &search, MULTIPLE).map_err(say)?;
    answer.estimates[0].p_value = Some(space.p_value);
    answer.figure("placebo_rank", space.rank);
    answer.figure("placebo_units", space.placebos.len() + 1);
    answer.figure("placebo_failed", space.failed.len());
    answer.figure("placebo_p", space.p_value);
    answer.figure("placebo_p_of_good_fits", space.restricted.p_value);
    answer.figure("rmspe_ratio", fit.ratio());
    answer.note(
        NoteKind::Convention,
        "placebo_p",
        "il valore p dell'effetto medio è il rango del rapporto tra gli errori dopo e prima tra tutte le unità: non può scendere sotto uno diviso il loro numero",
        "the p-value of the mean effect is the rank of the ratio of errors after and before among all units: it cannot fall below one over their number",
    );
    let mut ranked: Vec<&Fit> = space.placebos.iter().collect();
    ranked.sort_by(|a, b| b.ratio().total_cmp(&a.ratio()));
    let row = |own: &&Fit| -> Vec<Cell> {
        vec![
            case.names[own.unit].as_str().into(),
            own.ratio().into(),
            own.rmspe().into(),
            own.att.into(),
        ]
    };
    answer.tables.push(fits_table(
        "placebos",
        Text::fixed(
            "Le altre unità come se fossero trattate",
            "The other units as if treated",
        ),
        ranked.iter().map(row).collect(),
    ));
    let without = placebo::leave_one_out(study, fit, &search).map_err(say)?;
    answer.tables.push(fits_table(
        "leave_one_out",
        Text::fixed("Senza un donatore", "Without one donor"),
        without
            .iter()
            .map(|(donor, own)| {
                let mut cells = row(&own);
                cells[0] = case.names[*donor].as_str().into();
                cells
            })
            .collect(),
    ));
    Ok(())
}

fn fits_table(key: &'static str, title: Text, rows: Vec<Vec<Cell>>) -> Table {
    Table {
        key,
        title,
        columns: vec![
            ("unit", Text::fixed("unità", "unit")),
            (
                "ratio",
                Text::fixed("errore dopo / prima", "error after / before"),
            ),
            ("rmspe_before", Text::fixed("errore prima", "error before")),
            ("att", Text::fixed("effetto medio", "mean effect")),
        ],
        rows,
    }
}

fn ridge(
    answer: &mut Evaluation,
    case: &Case,
    study: &Study,
    fit: &Fit,
) -> Result<(), EvaluationError> {
    let own = augmented::ridge(study, fit, None).map_err(|why| case.say(&why))?;
    answer
        .estimates
        .push(Estimate::point("att ridge", own.att).resting_on(1));
    answer.figure("ridge_penalty", own.ridge);
    answer.figure("ridge_rmspe_before", own.rmspe);
    answer.figure("ridge_negative_weights", own.negative);
    Ok(())
}

fn assumptions(answer: &mut Evaluation, fit: &Fit) {
    answer.note(
        NoteKind::Assumption,
        "no_interference",
        "nessun donatore risente del trattamento, e nessun altro fatto colpisce solo l'unità trattata",
        "no donor is touched by the treatment, and nothing else befalls the treated unit alone",
    );
    if fit.is_outside_hull() {
        answer.note(
            NoteKind::Warning,
            "outside_hull",
            "prima del trattamento l'unità trattata sta fuori dalle mescolanze dei donatori: nessun peso la segue esattamente",
            "before the treatment the treated unit lies outside the mixtures of the donors: no weights follow it exactly",
        );
    }
    if !fit.certificate.is_unique {
        answer.note(
            NoteKind::Warning,
            "weights_not_unique",
            "altri pesi danno lo stesso errore: si guardi l'intervallo degli effetti",
            "other weights give the same error: see the range of effects",
        );
    }
}
