//! Agreement between coders.

use wdl_qualitative::agreement::{
    Codes, Metric, NoAgreement, Weights, cohen_kappa, fleiss_kappa, gwet_ac1, krippendorff_alpha,
    percentage_agreement, unit_bootstrap,
};
use wdl_vocab::Text;

use crate::answer::{Estimate, Evaluation, Kept, NoteKind};
use crate::catalog::Method;
use crate::columns::{Labels, Numbers};
use crate::fault::EvaluationError;
use crate::opening::Claim;
use crate::options::{Kind, Opt};
use crate::request::Request;

/// `agreement`.
pub(super) struct Agreement;

const OPTIONS: &[Opt] = &[
    Opt::required(
        "coders",
        Kind::Covariates,
        "le colonne dei codici, una per codificatore; vuoto dove non ha codificato",
        "the columns of codes, one for each coder; empty where one did not code",
    ),
    Opt::new(
        "metric",
        Kind::Choice(&["nominal", "ordinal", "interval", "ratio"]),
        "che cosa dicono i numeri dei codici",
        "what the numbers of the codes mean",
    ),
    Opt::new(
        "weights",
        Kind::Choice(&["none", "linear", "quadratic"]),
        "i pesi del kappa di Cohen",
        "the weights of Cohen's kappa",
    ),
    Opt::new(
        "draws",
        Kind::Whole,
        "quante estrazioni di unità per l'intervallo di alfa (1000 se non detto)",
        "how many draws of units for the interval of alpha (1000 unless said)",
    ),
    Opt::new(
        "seed",
        Kind::Whole,
        "il seme delle estrazioni",
        "the seed of the draws",
    ),
];

/// The codes of each coder; words are numbered in their order.
fn codes(request: &Request, metric: Metric) -> Result<Codes, EvaluationError> {
    let names = request.words("coders");
    let numbers: Vec<Option<&Numbers>> = names
        .iter()
        .map(|name| request.columns.numbers(name))
        .collect();
    let rows: Vec<Vec<Option<f64>>> = match numbers.iter().all(Option::is_some) {
        true => numbers
            .into_iter()
            .flatten()
            .map(|own| (0..own.values.len()).map(|row| own.at(row)).collect())
            .collect(),
        false if metric != Metric::Nominal => {
            return Err(EvaluationError::options(
                "metric",
                "i codici sono parole: solo `nominal` ha senso",
                "the codes are words: only `nominal` makes sense",
            ));
        }
        false => words(request, names)?,
    };
    Codes::new(&rows).map_err(told)
}

fn words(request: &Request, names: &[String]) -> Result<Vec<Vec<Option<f64>>>, EvaluationError> {
    let columns: Option<Vec<_>> = names
        .iter()
        .map(|name| request.columns.labels(name))
        .collect();
    let Some(columns) = columns else {
        return Err(EvaluationError::data(
            "alcuni codificatori hanno usato parole e altri numeri",
            "some coders used words and others numbers",
        ));
    };
    let names = |own: &Labels| -> Vec<String> {
        let codes = 0..u32::try_from(own.names().len()).expect("fewer names than rows");
        codes.map(|code| own.names().of(code)).collect()
    };
    let mut all: Vec<String> = columns.iter().flat_map(|own| names(own)).collect();
    all.sort();
    all.dedup();
    let rows = columns.iter().map(|own| {
        let places: Vec<Option<f64>> = names(own)
            .iter()
            .map(|name| all.binary_search(name).map(|at| at as f64).ok())
            .collect();
        let is_missing = |row: usize| own.missing().is_some_and(|missing| missing[row]);
        let codes = own.codes().iter().enumerate();
        codes
            .map(|(row, code)| match is_missing(row) {
                true => None,
                false => places[*code as usize],
            })
            .collect()
    });
    Ok(rows.collect())
}

fn reason(error: NoAgreement) -> (String, String) {
    match error {
        NoAgreement::OneCoder => ("servono almeno due codificatori".into(), error.to_string()),
        NoAgreement::NotTwoCoders(_) => (
            "serve esattamente due codificatori".into(),
            error.to_string(),
        ),
        NoAgreement::Ragged(_) => (
            "le colonne hanno lunghezze diverse".into(),
            error.to_string(),
        ),
        NoAgreement::NotFinite { unit, .. } => (
            format!("un codice della riga {} non è un numero finito", unit + 1),
            format!("a code of row {} is not a finite number", unit + 1),
        ),
        NoAgreement::Negative { unit, .. } => (
            format!(
                "un codice della riga {} è negativo su una scala di rapporti",
                unit + 1
            ),
            format!("a code of row {} is negative on a ratio scale", unit + 1),
        ),
        NoAgreement::NoPairableUnits => (
            "nessuna unità è stata codificata da due persone".into(),
            error.to_string(),
        ),
        NoAgreement::OneUnit => (
            "una sola unità non ha variabilità".into(),
            error.to_string(),
        ),
        NoAgreement::NoVariation => (
            "i codici confrontabili sono tutti uguali: l'accordo oltre il caso non è definito"
                .into(),
            error.to_string(),
        ),
        NoAgreement::NoLevel => ("servono estrazioni".into(), error.to_string()),
    }
}

fn told(error: NoAgreement) -> EvaluationError {
    let (it, en) = reason(error);
    match error {
        NoAgreement::NotFinite { .. } | NoAgreement::Negative { .. } | NoAgreement::Ragged(_) => {
            EvaluationError::data(it, en)
        }
        NoAgreement::OneCoder
        | NoAgreement::NotTwoCoders(_)
        | NoAgreement::NoPairableUnits
        | NoAgreement::OneUnit
        | NoAgreement::NoVariation
        | NoAgreement::NoLevel => EvaluationError::not_estimable(it, en),
    }
}

impl Method for Agreement {
    fn name(&self) -> &'static str {
        "agreement"
    }

    fn title(&self) -> Text {
        Text::fixed(
            "Accordo tra codificatori: alfa di Krippendorff, kappa di Cohen e Fleiss, AC1 di Gwet",
            "Agreement between coders: Krippendorff's alpha, Cohen's and Fleiss' kappa, Gwet's AC1",
        )
    }

    fn options(&self) -> &'static [Opt] {
        OPTIONS
    }

    fn claim(&self) -> Claim {
        Claim::Measure
    }

    fn run(&self, request: &Request) -> Result<Evaluation, EvaluationError> {
        let metric = match request.choice("metric") {
            "ordinal" => Metric::Ordinal,
            "interval" => Metric::Interval,
            "ratio" => Metric::Ratio,
            _ => Metric::Nominal,
        };
        let codes = codes(request, metric)?;
        let alpha = krippendorff_alpha(&codes, metric).map_err(told)?;
        let mut kept = Kept {
            rows: codes.units(),
            used: codes.units(),
            ..Kept::default()
        };
        kept.leave_out(
            alpha.left_out.len(),
            "con meno di due codici",
            "with fewer than two codes",
        );
        let mut answer = Evaluation::new(
            self.name(),
            Text::fixed(
                "Accordo tra codificatori oltre quello che darebbe il caso",
                "Agreement between coders beyond what chance would give",
            ),
            kept,
        );
        answer.about("alfa di Krippendorff", "Krippendorff's alpha");
        let mut own = Estimate::point("krippendorff_alpha", alpha.alpha);
        let draws = request.whole("draws").unwrap_or(1000).min(100_000) as usize;
        let seed = request.whole("seed").unwrap_or(1);
        match unit_bootstrap(&codes, metric, 0.95, draws, seed) {
            Ok(interval) => {
                own.standard_error = Some(interval.standard_error);
                own.interval = Some([interval.lower, interval.upper]);
                answer.figure("undefined_draws", interval.undefined_draws);
            }
            Err(error) => {
                let (it, en) = reason(error);
                answer.note(NoteKind::Warning, "no_interval", it, en);
            }
        }
        answer.estimates.push(own);
        let weights = match request.choice("weights") {
            "linear" => Weights::Linear,
            "quadratic" => Weights::Quadratic,
            _ => Weights::None,
        };
        if codes.coders() == 2
            && let Ok(own) = cohen_kappa(&codes, weights)
        {
            answer.estimates.push(Estimate::with_error(
                "cohen_kappa",
                own.kappa,
                own.standard_error,
                None,
                0.95,
            ));
        }
        for (name, many) in [
            ("fleiss_kappa", fleiss_kappa(&codes)),
            ("gwet_ac1", gwet_ac1(&codes)),
        ] {
            if let Ok(own) = many {
                let error = own.standard_error.unwrap_or(f64::NAN);
                answer.estimates.push(Estimate::with_error(
                    name,
                    own.coefficient,
                    error,
                    None,
                    0.95,
                ));
            }
        }
        if let Ok(own) = percentage_agreement(&codes) {
            answer.figure("agreement_pairwise", own.pairwise);
            answer.figure("agreement_unanimous", own.unanimous);
        }
        answer.figure("coders", codes.coders());
        answer.figure("pairable_codes", alpha.pairable_codes);
        answer.note(
            NoteKind::Convention,
            "unit_bootstrap",
            "l'intervallo di alfa viene da estrazioni di unità intere, con i loro codici insieme",
            "the interval of alpha comes from draws of whole units, their codes together",
        );
        Ok(answer)
    }
}
