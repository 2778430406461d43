//! Regression discontinuity: the jump of an outcome where a rule begins to hold.

use std::borrow::Cow;

use wdl_causal::discontinuity::bandwidth::{Bandwidths, Selector};
use wdl_causal::discontinuity::design::{
    Kernel, MassPoints, NoEstimate, Options, Rows, Selection, Variance, Whose,
};
use wdl_causal::discontinuity::estimate::{self as discontinuity, Caution};
use wdl_causal::discontinuity::picture;
use wdl_vocab::Text;

use crate::answer::{Cell, Estimate, Evaluation, NoteKind, Table};
use crate::catalog::Method;
use crate::fault::EvaluationError;
use crate::options::{Kind, Opt};
use crate::request::Request;
use crate::sample::{Covariate, Sample};

/// `rd`.
pub(super) struct Rd;

pub(super) const OUTCOME: Opt = Opt::required(
    "outcome",
    Kind::Number,
    "la colonna dell'esito",
    "the column of the outcome",
);
pub(super) const RUNNING: Opt = Opt::required(
    "running",
    Kind::Number,
    "la colonna della variabile che decide chi è trattato",
    "the column of the variable that decides who is treated",
);
pub(super) const CUTOFF: Opt = Opt::required(
    "cutoff",
    Kind::Real,
    "la soglia: da lì in su la regola vale",
    "the cut-off: from there upwards the rule holds",
);
pub(super) const TREATMENT: Opt = Opt::new(
    "treatment",
    Kind::Number,
    "la colonna del trattamento ricevuto, quando la regola non decide da sola (disegno sfumato)",
    "the column of the treatment received, when the rule alone does not decide (fuzzy design)",
);
pub(super) const COVARIATES: Opt = Opt::new(
    "covariates",
    Kind::Covariates,
    "colonne misurate prima del trattamento",
    "columns measured before the treatment",
);
pub(super) const CLUSTER: Opt = Opt::new(
    "cluster",
    Kind::Label,
    "la colonna dei gruppi le cui righe dipendono l'una dall'altra",
    "the column of groups whose rows depend on each other",
);
pub(super) const WEIGHTS: Opt = Opt::new(
    "weights",
    Kind::Number,
    "la colonna dei pesi",
    "the column of weights",
);
pub(super) const KERNEL: Opt = Opt::new(
    "kernel",
    Kind::Choice(&["triangular", "epanechnikov", "uniform"]),
    "come il peso di una riga cala con la distanza dalla soglia",
    "how the weight of a row falls with its distance from the cut-off",
);
pub(super) const DEGREE: Opt = Opt::new(
    "degree",
    Kind::Whole,
    "il grado del polinomio: 1, o 2 per un angolo, se non si dice altro",
    "the degree of the polynomial: 1, or 2 for a kink, unless said",
);
pub(super) const BIAS_DEGREE: Opt = Opt::new(
    "bias-degree",
    Kind::Whole,
    "il grado del polinomio che stima la distorsione: uno in più, se non si dice altro",
    "the degree of the polynomial that estimates the bias: one more unless said",
);
pub(super) const DERIVATIVE: Opt = Opt::new(
    "derivative",
    Kind::Whole,
    "0 per un salto, 1 per un angolo",
    "0 for a jump, 1 for a kink",
);
pub(super) const SELECTOR: Opt = Opt::new(
    "selector",
    Kind::Choice(&[
        "mserd", "msetwo", "msesum", "msecomb1", "msecomb2", "cerrd", "certwo", "cersum",
        "cercomb1", "cercomb2",
    ]),
    "per che cosa è ottima l'ampiezza di banda",
    "what the bandwidth is best for",
);
pub(super) const BANDWIDTH: Opt = Opt::new(
    "bandwidth",
    Kind::Reals,
    "l'ampiezza di banda a mano: una, o sotto e sopra la soglia",
    "the bandwidth by hand: one, or below and above the cut-off",
);
pub(super) const BIAS_BANDWIDTH: Opt = Opt::new(
    "bias-bandwidth",
    Kind::Reals,
    "quella della correzione, quando la prima è data a mano",
    "that of the correction, when the first is given by hand",
);
pub(super) const RHO: Opt = Opt::new(
    "rho",
    Kind::Real,
    "il rapporto tra le due ampiezze di banda",
    "the ratio of the two bandwidths",
);
pub(super) const REGULARISATION: Opt = Opt::new(
    "regularisation",
    Kind::Real,
    "il peso del termine che frena le ampiezze di banda: 1 se non si dice altro",
    "the weight of the term that holds bandwidths back: 1 unless said",
);
pub(super) const VARIANCE: Opt = Opt::new(
    "variance",
    Kind::Choice(&["nn", "hc0", "hc1", "hc2", "hc3"]),
    "come si stima la varianza; con dei gruppi, sempre per gruppo",
    "how the variance is estimated; with clusters, always by cluster",
);
pub(super) const NEIGHBOURS: Opt = Opt::new(
    "neighbours",
    Kind::Whole,
    "i vicini della varianza nn: 3 se non si dice altro",
    "the neighbours of the variance nn: 3 unless said",
);
pub(super) const MASS_POINTS: Opt = Opt::new(
    "mass-points",
    Kind::Choice(&["adjust", "check", "off"]),
    "che cosa si fa dei valori ripetuti della variabile che decide",
    "what is done about repeated values of the running variable",
);
pub(super) const EFFECTIVE_MIN: Opt = Opt::new(
    "effective-min",
    Kind::Whole,
    "righe che devono contare su ogni lato: 20 se non si dice altro",
    "rows that must count on each side: 20 unless said",
);
pub(super) const LEVEL: Opt = Opt::new(
    "level",
    Kind::Level,
    "il livello degli intervalli: 0.95 se non si dice altro",
    "the level of the intervals: 0.95 unless said",
);

const OPTIONS: &[Opt] = &[
    OUTCOME,
    RUNNING,
    CUTOFF,
    TREATMENT,
    COVARIATES,
    CLUSTER,
    WEIGHTS,
    KERNEL,
    DEGREE,
    BIAS_DEGREE,
    DERIVATIVE,
    SELECTOR,
    BANDWIDTH,
    BIAS_BANDWIDTH,
    RHO,
    REGULARISATION,
    VARIANCE,
    NEIGHBOURS,
    MASS_POINTS,
    EFFECTIVE_MIN,
    LEVEL,
];

impl Method for Rd {
    fn name(&self) -> &'static str {
        "rd"
    }

    fn title(&self) -> Text {
        Text::fixed(
            "Discontinuità: il salto dell'esito alla soglia di una regola, con intervallo robusto",
            "Regression discontinuity: the jump of the outcome at the cut-off of a rule, with a robust interval",
        )
    }

    fn options(&self) -> &'static [Opt] {
        OPTIONS
    }

    fn run(&self, request: &Request) -> Result<Evaluation, EvaluationError> {
        let options = options(request)?;
        let design = Design::of(request)?;
        let covariates = design.covariates();
        let rows = design.rows(&covariates);
        let (found, bins) = discontinuity::with_picture(&rows, &options).map_err(fault)?;
        let mut answer = Evaluation::new(
            self.name(),
            estimand(&design, &options),
            design.sample.kept.clone(),
        );
        answer
            .sample
            .leave_out(found.rows_without_weight, "senza peso", "without weight");
        answer.estimates = estimates("", &found.effect, options.level);
        if let Some(first) = &found.first_stage {
            answer
                .estimates
                .extend(estimates("first stage, ", first, options.level));
        }
        answer.tables = vec![sides(&found), points(&bins)];
        if let Some([below, above]) = found.clusters {
            answer.figure("clusters_below", below);
            answer.figure("clusters_above", above);
        }
        for place in &found.covariates_left_out {
            let name = &design.covariates[*place].name;
            answer.note(
                NoteKind::Warning,
                "covariate_left_out",
                format!("`{name}` segue dalle altre covariate: lasciata fuori"),
                format!("`{name}` follows from the other covariates: left out"),
            );
        }
        cautions(&mut answer, &found.cautions);
        assumptions(&mut answer);
        Ok(answer)
    }
}

/// The columns of a design.
pub(super) struct Design<'a> {
    pub(super) sample: Sample<'a>,
    outcome: Cow<'a, [f64]>,
    running: Cow<'a, [f64]>,
    treatment: Option<Vec<f64>>,
    pub(super) covariates: Vec<Covariate>,
    weights: Option<Vec<f64>>,
    clusters: Option<Vec<usize>>,
}

impl<'a> Design<'a> {
    pub(super) fn of(request: &Request<'a>) -> Result<Design<'a>, EvaluationError> {
        let sample = request.sample()?;
        let weights = sample.numbers("weights");
        if weights.iter().flatten().any(|own| *own < 0.0) {
            return Err(EvaluationError::data(
                "ci sono pesi negativi",
                "there are negative weights",
            ));
        }
        let clusters = sample.labels("cluster");
        Ok(Design {
            outcome: sample.values("outcome").unwrap_or_default(),
            running: sample.values("running").unwrap_or_default(),
            treatment: sample.numbers("treatment"),
            covariates: sample.covariates("covariates"),
            weights,
            clusters: clusters.map(|(codes, _)| codes.iter().map(|own| *own as usize).collect()),
            sample,
        })
    }

    pub(super) fn covariates(&self) -> Vec<&[f64]> {
        let own = self.covariates.iter();
        own.map(|own| own.values.as_slice()).collect()
    }

    pub(super) fn rows<'b>(&'b self, covariates: &'b [&'b [f64]]) -> Rows<'b> {
        Rows {
            running: &self.running,
            outcome: &self.outcome,
            treatment: self.treatment.as_deref(),
            covariates,
            weights: self.weights.as_deref(),
            clusters: self.clusters.as_deref(),
        }
    }
}

fn estimand(design: &Design<'_>, options: &Options) -> Text {
    match (options.derivative, design.treatment.is_some()) {
        (0, false) => Text::fixed(
            "Effetto della regola su chi sta alla soglia",
            "Effect of the rule on those at the cut-off",
        ),
        (0, true) => Text::fixed(
            "Effetto del trattamento su chi, alla soglia, lo riceve per via della regola",
            "Effect of the treatment on those at the cut-off who receive it because of the rule",
        ),
        (_, false) => Text::fixed(
            "Cambio di pendenza dell'esito alla soglia",
            "Change of the slope of the outcome at the cut-off",
        ),
        (_, true) => Text::fixed(
            "Cambio di pendenza dell'esito per cambio di pendenza del trattamento, alla soglia",
            "Change of the slope of the outcome for a change of the slope of the treatment, at the cut-off",
        ),
    }
}

/// The options of the estimate.
pub(super) fn options(request: &Request) -> Result<Options, EvaluationError> {
    let cutoff = request.real("cutoff").unwrap_or_default();
    let plain = Options::at(cutoff);
    let whole = |option: &str| {
        request
            .whole(option)
            .map(|own| usize::try_from(own).unwrap_or(usize::MAX))
    };
    let derivative = whole("derivative").unwrap_or(0);
    let degree = whole("degree").unwrap_or(derivative.saturating_add(1));
    Ok(Options {
        derivative,
        degree,
        bias_degree: whole("bias-degree").unwrap_or(degree.saturating_add(1)),
        kernel: kernel(request),
        selection: selection(request)?,
        rho: request.real("rho"),
        regularisation: request.real("regularisation").unwrap_or(1.0),
        mass_points: match request.choice("mass-points") {
            "check" => MassPoints::Check,
            "off" => MassPoints::Off,
            _ => MassPoints::Adjust,
        },
        variance: match request.choice("variance") {
            "hc0" => Variance::Hc0,
            "hc1" => Variance::Hc1,
            "hc2" => Variance::Hc2,
            "hc3" => Variance::Hc3,
            _ => Variance::Neighbours(whole("neighbours").unwrap_or(3)),
        },
        level: request.level(),
        effective_min: whole("effective-min").unwrap_or(plain.effective_min),
        ..plain
    })
}

pub(super) fn kernel(request: &Request) -> Kernel {
    match request.choice("kernel") {
        "epanechnikov" => Kernel::Epanechnikov,
        "uniform" => Kernel::Uniform,
        _ => Kernel::Triangular,
    }
}

/// One or two positive numbers, below and above.
pub(super) fn pair(
    request: &Request,
    option: &'static str,
) -> Result<Option<[f64; 2]>, EvaluationError> {
    let own = match request.reals(option)[..] {
        [] => return Ok(None),
        [one] => [one; 2],
        [below, above] => [below, above],
        _ => [f64::NAN; 2],
    };
    match own.iter().all(|own| *own > 0.0) {
        true => Ok(Some(own)),
        false => Err(EvaluationError::options(
            option,
            "servono uno o due numeri sopra lo zero",
            "it takes one or two numbers above zero",
        )),
    }
}

fn selection(request: &Request) -> Result<Selection, EvaluationError> {
    let bias = pair(request, "bias-bandwidth")?;
    match pair(request, "bandwidth")? {
        Some(main) => Ok(Selection::Given(Bandwidths {
            main,
            bias: bias.unwrap_or(main),
        })),
        None if bias.is_some() => Err(EvaluationError::options(
            "bias-bandwidth",
            "vale solo insieme a `--bandwidth`",
            "it counts only with `--bandwidth`",
        )),
        None => {
            let word = request.choice("selector");
            let name = |own: &&Selector| format!("{own:?}").to_lowercase() == word;
            let found = Selector::ALL.iter().find(name).copied();
            Ok(Selection::Chosen(found.unwrap_or(Selector::Mserd)))
        }
    }
}

/// The robust reading first.
pub(super) fn estimates(prefix: &str, effect: &discontinuity::Effect, level: f64) -> Vec<Estimate> {
    let readings = [
        ("robust", effect.robust),
        ("conventional", effect.conventional),
        ("bias-corrected", effect.bias_corrected),
    ];
    let own = readings.into_iter().map(|(name, figure)| {
        let name = format!("{prefix}{name}");
        Estimate::with_error(name, figure.value, figure.standard_error, None, level)
    });
    own.collect()
}

pub(super) fn side(side: Whose) -> &'static str {
    match side {
        Whose::Below => "below",
        Whose::Above => "above",
    }
}

fn sides(found: &discontinuity::Estimate) -> Table {
    let row = |at: usize| -> Vec<Cell> {
        vec![
            side(Whose::BOTH[at]).into(),
            found.rows[at].into(),
            found.distinct[at].into(),
            found.effective[at].into(),
            found.effective_bias[at].into(),
            found.bandwidths.main[at].into(),
            found.bandwidths.bias[at].into(),
            found.limits[at].into(),
            found.bias[at].into(),
        ]
    };
    Table {
        key: "sides",
        title: Text::fixed("I due lati della soglia", "The two sides of the cut-off"),
        columns: vec![
            ("side", Text::fixed("lato", "side")),
            ("rows", Text::fixed("righe", "rows")),
            (
                "distinct",
                Text::fixed("valori distinti", "distinct values"),
            ),
            (
                "effective",
                Text::fixed("righe che contano", "rows that count"),
            ),
            (
                "effective_bias",
                Text::fixed("righe della correzione", "rows of the correction"),
            ),
            ("bandwidth", Text::fixed("ampiezza h", "bandwidth h")),
            ("bias_bandwidth", Text::fixed("ampiezza b", "bandwidth b")),
            (
                "limit",
                Text::fixed("limite alla soglia", "limit at the cut-off"),
            ),
            ("bias", Text::fixed("distorsione stimata", "estimated bias")),
        ],
        rows: vec![row(0), row(1)],
    }
}

fn points(bins: &[picture::Bin]) -> Table {
    let row = |bin: &picture::Bin| -> Vec<Cell> {
        vec![
            side(bin.side).into(),
            bin.edges[0].into(),
            bin.edges[1].into(),
            bin.rows.into(),
            bin.running.into(),
            bin.outcome.into(),
        ]
    };
    Table {
        key: "bins",
        title: Text::fixed(
            "Medie in fasce di pari ampiezza, per la figura",
            "Means in bins of one width, for the picture",
        ),
        columns: vec![
            ("side", Text::fixed("lato", "side")),
            ("from", Text::fixed("da", "from")),
            ("to", Text::fixed("a", "to")),
            ("rows", Text::fixed("righe", "rows")),
            (
                "running",
                Text::fixed(
                    "media della variabile che decide",
                    "mean of the running variable",
                ),
            ),
            (
                "outcome",
                Text::fixed("media dell'esito", "mean of the outcome"),
            ),
        ],
        rows: bins.iter().map(row).collect(),
    }
}

fn cautions(answer: &mut Evaluation, cautions: &[Caution]) {
    for caution in cautions {
        let (key, it, en) = match caution {
            Caution::MassPoints {
                side: own,
                distinct,
                rows,
            } => (
                "mass_points",
                format!(
                    "{rows} righe ({}) hanno solo {distinct} valori diversi della variabile che decide: se sono pochi, la casualità locale è più onesta",
                    side(*own)
                ),
                format!(
                    "{rows} rows ({}) have only {distinct} different values of the running variable: when they are few, local randomisation is more honest",
                    side(*own)
                ),
            ),
            Caution::WeakFirstStage { f } => (
                "weak_first_stage",
                format!(
                    "il trattamento salta poco alla soglia (F = {f:.2}, sotto 10): l'intervallo può ingannare"
                ),
                format!(
                    "the treatment jumps little at the cut-off (F = {f:.2}, below 10): the interval may mislead"
                ),
            ),
            Caution::FewClusters {
                side: own,
                clusters,
            } => (
                "few_clusters",
                format!(
                    "solo {clusters} gruppi contano da un lato ({}): l'errore è incerto",
                    side(*own)
                ),
                format!(
                    "only {clusters} clusters count on one side ({}): the error is uncertain",
                    side(*own)
                ),
            ),
            Caution::WholeSide(own) => (
                "whole_side",
                format!(
                    "l'ampiezza di banda prende tutte le righe di un lato ({})",
                    side(*own)
                ),
                format!("the bandwidth takes all rows of a side ({})", side(*own)),
            ),
        };
        answer.note(NoteKind::Warning, key, it, en);
    }
}

fn assumptions(answer: &mut Evaluation) {
    answer.note(
        NoteKind::Assumption,
        "continuity",
        "senza la regola l'esito non salterebbe alla soglia: nient'altro cambia lì, e nessuno sceglie con esattezza da che parte stare (vedi `rd-density` e `rd-checks`)",
        "without the rule the outcome would not jump at the cut-off: nothing else changes there, and nobody chooses the side exactly (see `rd-density` and `rd-checks`)",
    );
    answer.note(
        NoteKind::Assumption,
        "local",
        "l'effetto vale per chi sta alla soglia, non per chi ne è lontano",
        "the effect is for those at the cut-off, not for those far from it",
    );
    answer.note(
        NoteKind::Convention,
        "robust",
        "la riga da riportare è `robust`: corretta per la distorsione, con l'incertezza della correzione (Calonico, Cattaneo e Titiunik 2014)",
        "the line to report is `robust`: corrected for bias, with the uncertainty of the correction (Calonico, Cattaneo and Titiunik 2014)",
    );
    answer.note(
        NoteKind::Convention,
        "interval_choice",
        "con le scelte solite l'intervallo robusto al 95 % copre di meno (tra l'89 e il 95 % nei disegni dei suoi autori); con `--rho 1 --variance hc3` copre il 95 % all'incirca in tutti, ed è più largo",
        "with the usual choices the robust interval of 95 % covers less (89 to 95 % in its authors' designs); with `--rho 1 --variance hc3` it covers about 95 % in all of them, and is wider",
    );
}

/// Why there is no estimate, in both languages.
pub(super) fn fault(why: NoEstimate) -> EvaluationError {
    let (it, en) = match &why {
        NoEstimate::Option(_) => {
            return EvaluationError::not_estimable(
                "un'opzione è fuori dai suoi limiti: gradi tra 0 e 5 con quello della distorsione maggiore, derivata non oltre il grado, livello tra 0 e 1, il resto sopra lo zero",
                format!("{why}: degrees from 0 to 5 with that of the bias larger, derivative not above the degree, level between 0 and 1, the rest above zero"),
            );
        }
        NoEstimate::CutoffOutside { cutoff, .. } => (
            format!("la soglia {cutoff} non sta dentro la variabile che decide: un lato è vuoto"),
            format!("the cut-off {cutoff} is not inside the running variable: one side is empty"),
        ),
        NoEstimate::ConstantOutcome => (
            "l'esito non varia".to_owned(),
            "the outcome does not vary".to_owned(),
        ),
        NoEstimate::FewDistinct { side: own, found, wanted } => (
            format!("un lato ({}) ha {found} valori diversi della variabile che decide e ne servono {wanted}: per una variabile di pochi valori c'è la casualità locale (`rd-checks --window`)", side(*own)),
            format!("one side ({}) has {found} different values of the running variable and it takes {wanted}: for a variable of few values there is local randomisation (`rd-checks --window`)", side(*own)),
        ),
        NoEstimate::FewRows { side: own, found, wanted } => (
            format!("un lato ({}) ha {found} righe dentro l'ampiezza di banda e ne servono {wanted}", side(*own)),
            format!("one side ({}) has {found} rows within the bandwidth and it takes {wanted}", side(*own)),
        ),
        NoEstimate::OneCluster(own) => (
            format!("un solo gruppo conta da un lato ({})", side(*own)),
            format!("only one cluster counts on one side ({})", side(*own)),
        ),
        NoEstimate::NoBandwidth => (
            "i dati non danno un'ampiezza di banda: l'esito o la variabile che decide variano troppo poco".to_owned(),
            "the data give no bandwidth: the outcome or the running variable varies too little".to_owned(),
        ),
        NoEstimate::NoFirstStage => (
            "il trattamento non salta alla soglia".to_owned(),
            "the treatment does not jump at the cut-off".to_owned(),
        ),
        NoEstimate::NoNoise => (
            "l'esito non varia attorno alla sua curva: non c'è incertezza da stimare".to_owned(),
            "the outcome does not vary around its curve: there is no uncertainty to estimate".to_owned(),
        ),
        NoEstimate::Length(_) | NoEstimate::NotFinite(..) => (
            "una colonna non ha un numero finito in ogni riga".to_owned(),
            "a column has not a finite number in each row".to_owned(),
        ),
    };
    EvaluationError::not_estimable(it, en)
}
