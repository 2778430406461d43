//! What the methods of discontinuity can be asked, and how it is read.

use wdl_causal::discontinuity::bandwidth::{Bandwidths, Selector};
use wdl_causal::discontinuity::design::{Kernel, MassPoints, Options, Selection, Variance};

use crate::fault::EvaluationError;
use crate::options::{Kind, Opt};
use crate::request::Request;

pub(in crate::methods) const OUTCOME: Opt = Opt::required(
    "outcome",
    Kind::Number,
    "la colonna dell'esito",
    "the column of the outcome",
);
pub(in crate::methods) const RUNNING: Opt = Opt::required(
    "running",
    Kind::Number,
    "la colonna della variabile che decide chi è trattato",
    "the column of the variable that decides who is treated",
);
pub(in crate::methods) const CUTOFF: Opt = Opt::required(
    "cutoff",
    Kind::Real,
    "la soglia: da lì in su la regola vale",
    "the cut-off: from there upwards the rule holds",
);
pub(in crate::methods) const TREATMENT: Opt = Opt::new(
    "treatment",
    Kind::Number,
    "la colonna del trattamento ricevuto, quando la regola non decide da sola (disegno sfumato)",
    "the column of the treatment received, when the rule alone does not decide (fuzzy design)",
);
pub(in crate::methods) const COVARIATES: Opt = Opt::new(
    "covariates",
    Kind::Covariates,
    "colonne misurate prima del trattamento",
    "columns measured before the treatment",
);
pub(in crate::methods) const CLUSTER: Opt = Opt::new(
    "cluster",
    Kind::Label,
    "la colonna dei gruppi le cui righe dipendono l'una dall'altra",
    "the column of groups whose rows depend on each other",
);
pub(in crate::methods) const WEIGHTS: Opt = Opt::new(
    "weights",
    Kind::Number,
    "la colonna dei pesi",
    "the column of weights",
);
pub(in crate::methods) const KERNEL: Opt = Opt::new(
    "kernel",
    Kind::Choice(&["triangular", "epanechnikov", "uniform"]),
    "come il peso di una riga cala con la distanza dalla soglia",
    "how the weight of a row falls with its distance from the cut-off",
);
pub(in crate::methods) const DEGREE: Opt = Opt::new(
    "degree",
    Kind::Whole,
    "il grado del polinomio: 1, o 2 per un angolo, se non si dice altro",
    "the degree of the polynomial: 1, or 2 for a kink, unless said",
);
pub(in crate::methods) const BIAS_DEGREE: Opt = Opt::new(
    "bias-degree",
    Kind::Whole,
    "il grado del polinomio che stima la distorsione: uno in più, se non si dice altro",
    "the degree of the polynomial that estimates the bias: one more unless said",
);
pub(in crate::methods) const DERIVATIVE: Opt = Opt::new(
    "derivative",
    Kind::Whole,
    "0 per un salto, 1 per un angolo",
    "0 for a jump, 1 for a kink",
);
pub(in crate::methods) const SELECTOR: Opt = Opt::new(
    "selector",
    Kind::Choice(&[
        "mserd", "msetwo", "msesum", "msecomb1", "msecomb2", "cerrd", "certwo", "cersum",
        "cercomb1", "cercomb2",
    ]),
    "per che cosa è ottima l'ampiezza di banda",
    "what the bandwidth is best for",
);
pub(in crate::methods) const BANDWIDTH: Opt = Opt::new(
    "bandwidth",
    Kind::Reals,
    "l'ampiezza di banda a mano: una, o sotto e sopra la soglia",
    "the bandwidth by hand: one, or below and above the cut-off",
);
pub(in crate::methods) const BIAS_BANDWIDTH: Opt = Opt::new(
    "bias-bandwidth",
    Kind::Reals,
    "quella della correzione, quando la prima è data a mano",
    "that of the correction, when the first is given by hand",
);
pub(in crate::methods) const RHO: Opt = Opt::new(
    "rho",
    Kind::Real,
    "il rapporto tra le due ampiezze di banda",
    "the ratio of the two bandwidths",
);
pub(in crate::methods) const REGULARISATION: Opt = Opt::new(
    "regularisation",
    Kind::Real,
    "il peso del termine che frena le ampiezze di banda: 1 se non si dice altro",
    "the weight of the term that holds bandwidths back: 1 unless said",
);
pub(in crate::methods) const VARIANCE: Opt = Opt::new(
    "variance",
    Kind::Choice(&["nn", "hc0", "hc1", "hc2", "hc3", "cr3"]),
    "come si stima la varianza; con dei gruppi, sempre per gruppo, e cr3 togliendo un gruppo alla volta",
    "how the variance is estimated; with clusters, always by cluster, and cr3 by leaving out one cluster at a time",
);
pub(in crate::methods) const NEIGHBOURS: Opt = Opt::new(
    "neighbours",
    Kind::Whole,
    "i vicini della varianza nn: 3 se non si dice altro",
    "the neighbours of the variance nn: 3 unless said",
);
pub(in crate::methods) const MASS_POINTS: Opt = Opt::new(
    "mass-points",
    Kind::Choice(&["adjust", "check", "off"]),
    "che cosa si fa dei valori ripetuti della variabile che decide",
    "what is done about repeated values of the running variable",
);
pub(in crate::methods) const EFFECTIVE_MIN: Opt = Opt::new(
    "effective-min",
    Kind::Whole,
    "righe che devono contare su ogni lato: 20 se non si dice altro",
    "rows that must count on each side: 20 unless said",
);
pub(in crate::methods) const LEVEL: Opt = Opt::new(
    "level",
    Kind::Level,
    "il livello degli intervalli: 0.95 se non si dice altro",
    "the level of the intervals: 0.95 unless said",
);

/// The options of the estimate.
pub(in crate::methods) fn options(request: &Request) -> Result<Options, EvaluationError> {
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
            "cr3" => Variance::Jackknife,
            _ => Variance::Neighbours(whole("neighbours").unwrap_or(3)),
        },
        level: request.level(),
        effective_min: whole("effective-min").unwrap_or(plain.effective_min),
        ..plain
    })
}

pub(in crate::methods) fn kernel(request: &Request) -> Kernel {
    match request.choice("kernel") {
        "epanechnikov" => Kernel::Epanechnikov,
        "uniform" => Kernel::Uniform,
        _ => Kernel::Triangular,
    }
}

/// One or two positive numbers, below and above.
pub(in crate::methods) fn pair(
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
