//! Interrupted time series by segmented regression.

use wdl_causal::interrupted::{
    Counterfactual, Errors, Fitted, Mean, NoFit, Season, Series, Term, durbin_watson, fit,
    ljung_box,
};
use wdl_vocab::Text;

use crate::answer::{Cell, Estimate, Evaluation, NoteKind, Table};
use crate::catalog::Method;
use crate::fault::EvaluationError;
use crate::groups::Rests;
use crate::opening::Claim;
use crate::options::{Kind, Opt};
use crate::request::Request;
use crate::sample::Sample;

/// `interrupted-series`.
pub(super) struct InterruptedSeries;

const OPTIONS: &[Opt] = &[
    Opt::required(
        "outcome",
        Kind::Number,
        "la colonna dell'esito: una riga per periodo",
        "the column of the outcome: a row for each period",
    ),
    Opt::required(
        "period",
        Kind::Number,
        "la colonna del periodo: numeri a distanza uguale",
        "the column of the period: numbers at equal distances",
    ),
    Opt::required(
        "start",
        Kind::Real,
        "il primo periodo con l'intervento",
        "the first period with the intervention",
    ),
    Opt::new(
        "level-only",
        Kind::Flag,
        "cambia solo il livello, non la pendenza",
        "only the level changes, not the slope",
    ),
    Opt::new(
        "cycle",
        Kind::Whole,
        "quanti periodi ha un ciclo stagionale: 12 per i mesi",
        "how many periods a seasonal cycle has: 12 for months",
    ),
    Opt::new(
        "waves",
        Kind::Whole,
        "la stagione come tante coppie di seno e coseno, invece di un livello per periodo del ciclo",
        "the season as so many pairs of sine and cosine, instead of a level for each period of the cycle",
    ),
    Opt::new(
        "controls",
        Kind::Numbers,
        "le colonne di serie che l'intervento non tocca",
        "the columns of series that the intervention does not touch",
    ),
    Opt::new(
        "errors",
        Kind::Choice(&["newey-west", "prais-winsten", "independent"]),
        "come si tratta la correlazione nel tempo",
        "how correlation over time is treated",
    ),
    Opt::new(
        "lag",
        Kind::Whole,
        "fino a quale ritardo per newey-west",
        "up to which lag for newey-west",
    ),
    Opt::new(
        "level",
        Kind::Level,
        "il livello di confidenza: 0.95",
        "the level of confidence: 0.95",
    ),
];

impl Method for InterruptedSeries {
    fn name(&self) -> &'static str {
        "interrupted-series"
    }

    fn title(&self) -> Text {
        Text::fixed(
            "Serie storica interrotta: il cambiamento di livello e di pendenza a una data",
            "Interrupted time series: the change of level and of slope at a date",
        )
    }

    fn options(&self) -> &'static [Opt] {
        OPTIONS
    }

    fn claim(&self) -> Claim {
        Claim::Effect
    }

    fn rests_on(&self) -> &'static [Rests] {
        &[Rests::Untold {
            table: "counterfactual",
        }]
    }

    fn run(&self, request: &Request) -> Result<Evaluation, EvaluationError> {
        let alpha = 1.0 - request.level();
        let sample = request.sample()?;
        let line = Line::of(request, &sample)?;
        let series = Series {
            outcome: &line.outcome,
            start: line.start,
            has_slope_change: !request.has("level-only"),
            season: season(request)?,
            controls: line.controls.iter().map(Vec::as_slice).collect(),
        };
        let own = fit(&series, errors(request), 1.0 - alpha).map_err(fault)?;
        let mut answer = Evaluation::new(
            self.name(),
            Text::fixed(
                "Effetto sul livello e sulla pendenza della serie, se senza intervento sarebbe continuata come prima",
                "Effect on the level and the slope of the series, if without the intervention it had gone on as before",
            ),
            sample.kept,
        );
        estimates(&own, alpha, &mut answer);
        diagnostics(&own, &mut answer);
        answer
            .tables
            .push(counterfactual(&own.periods, &line.periods));
        answer.note(
            NoteKind::Assumption,
            "goes_on",
            "senza l'intervento la serie sarebbe continuata come prima, e nient'altro è cambiato alla stessa data",
            "without the intervention the series would have gone on as before, and nothing else changed at the same date",
        );
        answer.note(
            NoteKind::Convention,
            "level_change",
            "il cambiamento di livello è quello del primo periodo con l'intervento; gli intervalli sono di t",
            "the change of level is that of the first period with the intervention; intervals are of t",
        );
        Ok(answer)
    }
}

/// The rows in the order of time.
struct Line {
    periods: Vec<f64>,
    outcome: Vec<f64>,
    controls: Vec<Vec<f64>>,
    start: usize,
}

impl Line {
    fn of(request: &Request, sample: &Sample<'_>) -> Result<Line, EvaluationError> {
        let periods = sample.numbers("period").unwrap_or_default();
        let outcome = sample.numbers("outcome").unwrap_or_default();
        let mut places: Vec<usize> = (0..periods.len()).collect();
        places.sort_by(|a, b| periods[*a].total_cmp(&periods[*b]));
        let ordered = |values: &[f64]| {
            places
                .iter()
                .map(|place| values[*place])
                .collect::<Vec<_>>()
        };
        let line = ordered(&periods);
        let steps: Vec<f64> = line.windows(2).map(|pair| pair[1] - pair[0]).collect();
        let step = steps.first().copied().unwrap_or(0.0);
        let is_even = |own: &f64| (own - step).abs() <= 1e-6 * step;
        if step <= 0.0 || !steps.iter().all(is_even) {
            return Err(EvaluationError::data(
                "i periodi non sono a distanza uguale, uno per riga: un periodo manca o si ripete",
                "the periods are not at equal distances, one a row: one is missing or repeated",
            ));
        }
        let start = request.real("start").unwrap_or(f64::NAN);
        Ok(Line {
            start: line.iter().take_while(|own| **own < start).count(),
            outcome: ordered(&outcome),
            controls: sample
                .columns_of_numbers("controls")
                .iter()
                .map(|own| ordered(&own.values))
                .collect(),
            periods: line,
        })
    }
}

fn season(request: &Request) -> Result<Season, EvaluationError> {
    let whole = |option| {
        request
            .whole(option)
            .and_then(|own| usize::try_from(own).ok())
    };
    match (whole("cycle"), whole("waves")) {
        (None, None) => Ok(Season::None),
        (Some(cycle), None) => Ok(Season::Levels { cycle }),
        (Some(cycle), Some(pairs)) => Ok(Season::Waves { cycle, pairs }),
        (None, Some(_)) => Err(EvaluationError::options(
            "waves",
            "serve anche la lunghezza del ciclo",
            "it takes the length of the cycle as well",
        )),
    }
}

fn errors(request: &Request) -> Errors {
    match request.choice("errors") {
        "prais-winsten" => Errors::PraisWinsten,
        "independent" => Errors::Independent,
        _ => Errors::NeweyWest {
            lag: request
                .whole("lag")
                .and_then(|own| usize::try_from(own).ok()),
            is_corrected: true,
        },
    }
}

fn estimates(own: &Fitted, alpha: f64, answer: &mut Evaluation) {
    let add = |name: String, mean: Mean, answer: &mut Evaluation| {
        let label = label(&name);
        let own = Estimate::with_error(
            name,
            mean.estimate,
            mean.standard_error,
            Some(own.degrees),
            1.0 - alpha,
        );
        answer.estimates.push(own.named(label));
    };
    let first = [Term::LevelChange, Term::SlopeChange];
    for term in first {
        if let Some(mean) = own.coefficient(term) {
            add(name(term), mean, answer);
        }
    }
    add("mean-effect".to_owned(), own.mean_effect, answer);
    let main = answer.estimates.len() - 1;
    answer.opening.headline = main;
    let is_level = |own: &usize| answer.estimates[*own].name != "slope-change";
    answer.opening.pictured = Some((0..=main).filter(is_level).collect());
    answer.about(
        "in media dopo l'inizio dell'intervento",
        "on average after the start of the intervention",
    );
    for term in own.terms.iter().filter(|term| !first.contains(term)) {
        if let Some(mean) = own.coefficient(*term) {
            add(name(*term), mean, answer);
        }
    }
}

fn name(term: Term) -> String {
    match term {
        Term::Level => "level".to_owned(),
        Term::Slope => "slope".to_owned(),
        Term::LevelChange => "level-change".to_owned(),
        Term::SlopeChange => "slope-change".to_owned(),
        Term::Season(place) => format!("season={place}"),
        Term::Sine(round) => format!("sine={round}"),
        Term::Cosine(round) => format!("cosine={round}"),
        Term::Control(at) => format!("control={}", at + 1),
    }
}

/// The words of a term that is one of several of its kind.
fn label(name: &str) -> Option<Text> {
    let (kind, which) = name.split_once('=')?;
    let (it, en) = match kind {
        "season" => ("stagione, periodo del ciclo", "season, period of the cycle"),
        "sine" => ("stagione, seno", "season, sine"),
        "cosine" => ("stagione, coseno", "season, cosine"),
        _ => ("serie di controllo", "control series"),
    };
    Some(Text::new(format!("{it} {which}"), format!("{en} {which}")))
}

fn diagnostics(own: &Fitted, answer: &mut Evaluation) {
    answer.figure("durbin_watson", durbin_watson(&own.innovations));
    answer.figure("lag", own.lag);
    answer.figure("autocorrelation", own.autocorrelation);
    // A fifth of the periods and ten at most (Hyndman and Athanasopoulos 2021, section 5.4).
    let lags = (own.innovations.len() / 5).clamp(1, 10);
    if let Some(test) = ljung_box(&own.innovations, lags) {
        answer.figure("ljung_box", test.statistic);
        answer.figure("ljung_box_lags", test.lags);
        answer.figure("ljung_box_p", test.p_value);
        if test.p_value < 0.05 {
            answer.note(
                NoteKind::Warning,
                "correlated_residuals",
                "i residui sono ancora correlati nel tempo: manca forse una stagione o una serie di controllo",
                "the residuals still go together over time: a season or a control series may be missing",
            );
        }
    }
}

fn counterfactual(rows: &[Counterfactual], periods: &[f64]) -> Table {
    let row = |own: &Counterfactual| -> Vec<Cell> {
        vec![
            periods[own.period].into(),
            own.observed.into(),
            own.fitted.into(),
            own.without.estimate.into(),
            own.without.lower.into(),
            own.without.upper.into(),
            own.effect.estimate.into(),
            own.effect.lower.into(),
            own.effect.upper.into(),
        ]
    };
    Table {
        key: "counterfactual",
        title: Text::fixed(
            "Come è andata, e come sarebbe andata senza intervento",
            "As it was, and as it would have been without the intervention",
        ),
        columns: vec![
            ("period", Text::fixed("periodo", "period")),
            ("observed", Text::fixed("osservato", "observed")),
            ("fitted", Text::fixed("stimato", "fitted")),
            ("without", Text::fixed("senza", "without")),
            ("without_lower", Text::fixed("senza, da", "without, from")),
            ("without_upper", Text::fixed("senza, a", "without, to")),
            ("effect", Text::fixed("effetto", "effect")),
            ("effect_lower", Text::fixed("effetto, da", "effect, from")),
            ("effect_upper", Text::fixed("effetto, a", "effect, to")),
        ],
        rows: rows.iter().map(row).collect(),
    }
}

fn fault(error: NoFit) -> EvaluationError {
    let it = match error {
        NoFit::NotFinite(period) => {
            format!("il periodo {period} ha un valore che non è un numero finito")
        }
        NoFit::Length(control) => {
            format!("la serie di controllo {control} ha un'altra lunghezza")
        }
        NoFit::Cycle(cycle) => {
            format!("un ciclo di {cycle} periodi è troppo corto per i suoi termini")
        }
        NoFit::Start => "troppo pochi periodi prima o dopo l'inizio dell'intervento".to_owned(),
        NoFit::TooManyTerms { periods, terms } => {
            format!("{periods} periodi non bastano per {terms} termini")
        }
        NoFit::Collinear(term) => format!("il termine {term} segue da quelli prima"),
        NoFit::Exact => {
            "i termini dicono l'esito esattamente: non ci sono errori da cui giudicare".to_owned()
        }
        NoFit::NotStationary => "l'autocorrelazione non si ferma sotto uno".to_owned(),
    };
    match error {
        NoFit::Cycle(_) => EvaluationError::options("cycle", it, error.to_string()),
        NoFit::Start => EvaluationError::options("start", it, error.to_string()),
        _ => EvaluationError::not_estimable(it, error.to_string()),
    }
}
