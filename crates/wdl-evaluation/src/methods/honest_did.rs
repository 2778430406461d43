//! Rambachan and Roth: how large a violation of parallel trends an event study's conclusion bears.

use nalgebra::DMatrix;
use wdl_causal::honest::{self, Breakdown, EventStudy, NoInterval, Question, Restriction, Test};
use wdl_vocab::Text;

use crate::answer::{Cell, Estimate, Evaluation, NoteKind, Table};
use crate::catalog::Method;
use crate::fault::EvaluationError;
use crate::groups::Rests;
use crate::opening::Claim;
use crate::options::{Kind, Opt};
use crate::request::Request;
use crate::sample::Sample;

/// `honest-did`.
pub(super) struct HonestDid;

const OPTIONS: &[Opt] = &[
    Opt::required(
        "period",
        Kind::Number,
        "la colonna del periodo relativo all'inizio: una riga per coefficiente",
        "the column of the period relative to the start: a row for each coefficient",
    ),
    Opt::required(
        "estimate",
        Kind::Number,
        "la colonna dei coefficienti dell'event study",
        "the column of the coefficients of the event study",
    ),
    Opt::required(
        "covariance",
        Kind::Numbers,
        "le colonne della matrice di covarianza, nell'ordine delle righe",
        "the columns of the covariance matrix, in the order of the rows",
    ),
    Opt::new(
        "reference",
        Kind::Real,
        "il periodo di riferimento: -1 se non detto",
        "the reference period: -1 unless said",
    ),
    Opt::new(
        "restriction",
        Kind::Choice(&["magnitude", "smoothness"]),
        "il limite alla violazione: in proporzione ai passi prima dell'inizio, o alle variazioni della pendenza",
        "what bounds the violation: the steps before the start, or changes of the slope",
    ),
    Opt::new(
        "bounds",
        Kind::Reals,
        "i limiti da provare: 0.5,1,1.5,2 per magnitude; 0 e quarti dell'errore standard per smoothness",
        "the bounds to try: 0.5,1,1.5,2 for magnitude; 0 and quarters of the standard error for smoothness",
    ),
    Opt::new(
        "interval",
        Kind::Choice(&["usual", "fixed-length", "hybrid", "conditional"]),
        "l'intervallo: di lunghezza fissa per smoothness e ibrido per magnitude, se non detto",
        "the interval: of fixed length for smoothness and hybrid for magnitude, unless said",
    ),
    Opt::new(
        "effect",
        Kind::Whole,
        "il periodo dopo l'inizio di cui si stima l'effetto, da 1",
        "the period after the start whose effect is estimated, from 1",
    ),
    Opt::new(
        "mean",
        Kind::Flag,
        "l'effetto medio di tutti i periodi dopo l'inizio",
        "the mean effect of all periods after the start",
    ),
    Opt::new(
        "level",
        Kind::Level,
        "il livello di confidenza: 0.95",
        "the level of confidence: 0.95",
    ),
];

impl Method for HonestDid {
    fn name(&self) -> &'static str {
        "honest-did"
    }

    fn title(&self) -> Text {
        Text::fixed(
            "Quanta violazione delle tendenze parallele regge una conclusione (Rambachan e Roth)",
            "How large a violation of parallel trends a conclusion bears (Rambachan and Roth)",
        )
    }

    fn options(&self) -> &'static [Opt] {
        OPTIONS
    }

    fn claim(&self) -> Claim {
        Claim::Effect
    }

    fn rests_on(&self) -> &'static [Rests] {
        &[Rests::Whole { table: "intervals" }]
    }

    fn run(&self, request: &Request) -> Result<Evaluation, EvaluationError> {
        let mut sample = request.sample()?;
        let study = study(request, &mut sample)?;
        let question = question(request, &study)?;
        let ask = Ask::of(request)?;
        let (low, high) = honest::original(&study, &question).map_err(fault)?;
        let bounds = match (request.has("bounds"), ask.is_magnitude) {
            (true, _) => request.reals("bounds"),
            (false, true) => vec![0.5, 1.0, 1.5, 2.0],
            (false, false) => {
                let quantile =
                    wdl_causal::distribution::normal_quantile(1.0 - question.alpha / 2.0);
                let error = 0.5 * (high - low) / quantile;
                [0.0, 0.25, 0.5, 1.0].map(|part| part * error).to_vec()
            }
        };
        let mut answer = Evaluation::new(self.name(), estimand(), sample.kept);
        let level = 1.0 - question.alpha;
        let mut original = Estimate::point("parallel-trends", 0.5 * (low + high));
        original.level = level;
        original.interval = Some([low, high]);
        answer.about(
            "dopo l'inizio, se le tendenze fossero parallele",
            "after the start, if trends were parallel",
        );
        answer.estimates.push(original);
        let rows = bounds
            .iter()
            .map(|bound| ask.row(&study, &question, *bound));
        let rows = rows.collect::<Result<Vec<_>, _>>().map_err(fault)?;
        answer.tables.push(table(rows));
        let breakdown =
            honest::breakdown(&study, &question, ask.family(), ask.test(&question), 0.0);
        match breakdown.map_err(fault)? {
            Breakdown::AtOnce => answer.figure("breakdown", 0.0),
            Breakdown::At(bound) => answer.figure("breakdown", bound),
            Breakdown::Beyond(bound) => answer.figure("breakdown_beyond", bound),
        }
        answer.note(
            NoteKind::Assumption,
            "bounded_violation",
            "l'intervallo vale se la differenza tra i trend dopo l'inizio resta entro il limite: i dati non possono dirlo",
            "the interval holds if the difference in trends after the start stays within the bound: the data cannot tell",
        );
        answer.note(
            NoteKind::Convention,
            "post_moments",
            "si provano le disuguaglianze che toccano un periodo dopo l'inizio; ogni passo prima dell'inizio può essere il più grande",
            "the inequalities that involve a period after the start are tested; every step before it may be the largest",
        );
        Ok(answer)
    }
}

fn estimand() -> Text {
    Text::fixed(
        "Effetto dopo l'inizio, con una violazione delle tendenze parallele entro il limite",
        "Effect after the start, with a violation of parallel trends within the bound",
    )
}

/// The event study of the file, its rows put in the order of time and the reference left out.
fn study(request: &Request, sample: &mut Sample<'_>) -> Result<EventStudy, EvaluationError> {
    let periods = sample.numbers("period").unwrap_or_default();
    let estimates = sample.numbers("estimate").unwrap_or_default();
    let columns = sample.columns_of_numbers("covariance");
    if sample.kept.used < sample.kept.rows {
        return Err(EvaluationError::data(
            "a un coefficiente manca il periodo, il valore o una covarianza",
            "a coefficient lacks its period, its value or a covariance",
        ));
    }
    if columns.len() != periods.len() {
        let (rows, columns) = (periods.len(), columns.len());
        return Err(EvaluationError::data(
            format!("{rows} coefficienti e {columns} colonne di covarianza"),
            format!("{rows} coefficients and {columns} columns of covariance"),
        ));
    }
    let reference = request.real("reference").unwrap_or(-1.0);
    let mut places: Vec<usize> = (0..periods.len())
        .filter(|place| periods[*place] != reference)
        .collect();
    places.sort_by(|a, b| periods[*a].total_cmp(&periods[*b]));
    if places
        .windows(2)
        .any(|pair| periods[pair[0]] == periods[pair[1]])
    {
        return Err(EvaluationError::data(
            "un periodo ha due coefficienti",
            "a period has two coefficients",
        ));
    }
    // Differences between neighbours mean something when no period is left out.
    let line: Vec<f64> = {
        let mut line: Vec<f64> = places.iter().map(|place| periods[*place]).collect();
        line.push(reference);
        line.sort_by(f64::total_cmp);
        line
    };
    if line.windows(2).any(|pair| pair[1] - pair[0] != 1.0) {
        return Err(EvaluationError::data(
            "i periodi, con quello di riferimento, non sono numeri interi senza salti",
            "the periods, with the reference, are not whole numbers without gaps",
        ));
    }
    sample.kept.leave_out(
        periods.len() - places.len(),
        "il periodo di riferimento",
        "the reference period",
    );
    let before = places.iter().filter(|place| periods[**place] < reference);
    let before = before.count();
    let coefficients: Vec<f64> = places.iter().map(|place| estimates[*place]).collect();
    let covariance = DMatrix::from_fn(places.len(), places.len(), |row, column| {
        columns[places[column]].values[places[row]]
    });
    EventStudy::new(&coefficients, &covariance, before).map_err(fault)
}

fn question(request: &Request, study: &EventStudy) -> Result<Question, EvaluationError> {
    let alpha = 1.0 - request.level();
    let after = study.after();
    if request.has("mean") {
        return Ok(Question::of_mean(after, alpha));
    }
    let effect = usize::try_from(request.whole("effect").unwrap_or(1)).unwrap_or(usize::MAX);
    match (1..=after).contains(&effect) {
        true => Ok(Question::of_period(effect - 1, after, alpha)),
        false => Err(EvaluationError::options(
            "effect",
            format!("i periodi dopo l'inizio sono {after}"),
            format!("there are {after} periods after the start"),
        )),
    }
}

struct Ask {
    is_magnitude: bool,
    interval: &'static str,
}

impl Ask {
    fn of(request: &Request) -> Result<Ask, EvaluationError> {
        let is_magnitude = request.choice("restriction") == "magnitude";
        let interval = match (request.choice("interval"), is_magnitude) {
            ("fixed-length", true) => {
                return Err(EvaluationError::options(
                    "interval",
                    "con magnitude la distorsione di ogni stimatore è senza limite",
                    "with magnitude the bias of every estimator has no bound",
                ));
            }
            ("conditional", _) => "conditional",
            ("hybrid", _) | ("usual", true) => "hybrid",
            _ => "fixed-length",
        };
        Ok(Ask {
            is_magnitude,
            interval,
        })
    }

    fn family(&self) -> fn(f64) -> Restriction {
        match self.is_magnitude {
            true => Restriction::RelativeMagnitude,
            false => Restriction::Smoothness,
        }
    }

    fn test(&self, question: &Question) -> Option<Test> {
        match self.interval {
            "hybrid" => Some(question.usual_test()),
            "conditional" => Some(Test::Conditional),
            _ => None,
        }
    }

    fn row(
        &self,
        study: &EventStudy,
        question: &Question,
        bound: f64,
    ) -> Result<Vec<Cell>, NoInterval> {
        let row = |low: f64, high: f64, is_open: bool, has_gap: bool| {
            let holds_zero = low <= 0.0 && 0.0 <= high;
            vec![
                bound.into(),
                Cell::word(self.interval),
                low.into(),
                high.into(),
                is_open.into(),
                has_gap.into(),
                holds_zero.into(),
            ]
        };
        let Some(test) = self.test(question) else {
            let own = honest::fixed_length(study, question, bound)?;
            return Ok(row(own.lower, own.upper, false, false));
        };
        match honest::interval(study, question, (self.family())(bound), test) {
            Ok(own) => {
                let is_open = own.lower.is_open || own.upper.is_open;
                Ok(row(own.lower.value, own.upper.value, is_open, own.has_gap))
            }
            Err(NoInterval::AllRejected) => Ok(vec![
                bound.into(),
                Cell::word(self.interval),
                Cell::None,
                Cell::None,
                false.into(),
                false.into(),
                false.into(),
            ]),
            Err(error) => Err(error),
        }
    }
}

fn table(rows: Vec<Vec<Cell>>) -> Table {
    Table {
        key: "intervals",
        title: Text::fixed(
            "Intervalli per limite alla violazione",
            "Intervals by the bound on the violation",
        ),
        columns: vec![
            ("bound", Text::fixed("limite", "bound")),
            ("interval", Text::fixed("intervallo", "interval")),
            ("lower", Text::fixed("da", "from")),
            ("upper", Text::fixed("a", "to")),
            ("is_open", Text::fixed("aperto", "open")),
            ("has_gap", Text::fixed("con lacuna", "with a gap")),
            ("holds_zero", Text::fixed("contiene lo zero", "holds zero")),
        ],
        rows,
    }
}

fn fault(error: NoInterval) -> EvaluationError {
    let it = match error {
        NoInterval::TooFewPeriods => {
            "serve un coefficiente prima e uno dopo il periodo di riferimento".to_owned()
        }
        NoInterval::Shape(size) => format!("la covarianza non è {size} per {size}"),
        NoInterval::NotFinite(at) => {
            format!("il coefficiente {at} o la sua covarianza non è un numero finito")
        }
        NoInterval::NotACovariance => {
            "la covarianza non è simmetrica, o ha una varianza negativa in qualche direzione"
                .to_owned()
        }
        NoInterval::Weights(periods) => {
            format!("servono {periods} pesi finiti, non tutti zero")
        }
        NoInterval::Size(size) => format!("{size} non è il livello di un test"),
        NoInterval::Bound(bound) => {
            let detail = format!("{bound} non è un limite da zero in su");
            return EvaluationError::options("bounds", detail, error.to_string());
        }
        NoInterval::NoVariance => {
            "la stima, o una differenza tra coefficienti che la limita, non ha varianza".to_owned()
        }
        NoInterval::Singular => {
            "una combinazione dei coefficienti prima dell'inizio non ha varianza".to_owned()
        }
        NoInterval::AllRejected => {
            "ogni valore è rifiutato: il limite non è compatibile con i dati".to_owned()
        }
    };
    match error {
        NoInterval::Shape(_) | NoInterval::NotACovariance | NoInterval::NotFinite(_) => {
            EvaluationError::data(it, error.to_string())
        }
        _ => EvaluationError::not_estimable(it, error.to_string()),
    }
}
