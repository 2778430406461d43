//! How the methods on staggered panels read theirs, and what they tell of it.

use std::borrow::Cow;
use std::collections::BTreeSet;

use wdl_causal::did::panel::{Column, Findings, Gaps, Panel, PanelError, Rows};

use crate::answer::{Evaluation, Kept, NoteKind};
use crate::fault::EvaluationError;
use crate::options::{Kind, Opt};
use crate::request::Request;

pub(in crate::methods) const OUTCOME: Opt = Opt::required(
    "outcome",
    Kind::Number,
    "la colonna dell'esito",
    "the column of the outcome",
);
pub(in crate::methods) const UNIT: Opt = Opt::required(
    "unit",
    Kind::Label,
    "la colonna dell'unità osservata nel tempo",
    "the column of the unit seen over time",
);
pub(in crate::methods) const PERIOD: Opt = Opt::required(
    "period",
    Kind::Number,
    "la colonna del periodo, in numeri interi",
    "the column of the period, in whole numbers",
);
pub(in crate::methods) const FIRST_TREATED: Opt = Opt::required(
    "first-treated",
    Kind::NumberOrNone,
    "la colonna del primo periodo di trattamento; vuota o 0 per chi non è mai trattato",
    "the column of the first period under treatment; empty or 0 for those never treated",
);
pub(in crate::methods) const WEIGHTS: Opt = Opt::new(
    "weights",
    Kind::Number,
    "la colonna dei pesi, uguali in tutte le righe di un'unità",
    "the column of weights, the same in every row of a unit",
);
pub(in crate::methods) const CLUSTER: Opt = Opt::new(
    "cluster",
    Kind::Label,
    "la colonna del grappolo per gli errori standard; senza, l'unità",
    "the column of the cluster for standard errors; the unit when absent",
);
pub(in crate::methods) const GAPS: Opt = Opt::new(
    "gaps",
    Kind::Choice(&["refuse", "drop-units", "as-they-are"]),
    "le unità a cui mancano periodi: rifiutare, escluderle, tenerle come sono",
    "units that lack periods: refuse, leave them out, keep them as they are",
);
pub(in crate::methods) const LEVEL: Opt = Opt::new(
    "level",
    Kind::Level,
    "il livello degli intervalli, 0.95 se non detto",
    "the level of the intervals, 0.95 unless said",
);

/// The rows of a panel as the kernel takes them.
#[derive(Debug)]
pub(in crate::methods) struct Read<'a> {
    unit: Vec<i64>,
    period: Vec<i64>,
    outcome: Cow<'a, [f64]>,
    first_treated: Vec<Option<i64>>,
    covariates: Vec<(String, Vec<f64>)>,
    weights: Option<Vec<f64>>,
    clusters: Option<Vec<i64>>,
    kept: Kept,
}

impl<'a> Read<'a> {
    pub(in crate::methods) fn of(request: &Request<'a>) -> Result<Read<'a>, EvaluationError> {
        let sample = request.sample()?;
        let coded = |option: &str| -> Option<Vec<i64>> {
            let codes = sample.codes(option)?;
            Some(codes.iter().map(|code| i64::from(*code)).collect())
        };
        let period = sample.values("period").unwrap_or_default();
        let period: Option<Vec<i64>> = period.iter().copied().map(whole).collect();
        let first: Option<Vec<Option<i64>>> = sample
            .numbers_or_none("first-treated")
            .into_iter()
            .flatten()
            .map(|own| match own {
                None => Some(None),
                Some(own) => whole(own).map(|own| (own != 0).then_some(own)),
            })
            .collect();
        let (Some(period), Some(first_treated)) = (period, first) else {
            return Err(EvaluationError::data(
                "i periodi e le date di trattamento devono essere numeri interi",
                "periods and dates of treatment must be whole numbers",
            ));
        };
        let has_covariates = request.options.iter().any(|own| own.name == "covariates");
        let covariates = match has_covariates {
            true => sample.covariates("covariates"),
            false => Vec::new(),
        };
        Ok(Read {
            unit: match request.has("unit") {
                true => coded("unit").unwrap_or_default(),
                false => (0..).take(period.len()).collect(),
            },
            outcome: sample.values("outcome").unwrap_or_default(),
            covariates: covariates
                .into_iter()
                .map(|own| (own.name, own.values))
                .collect(),
            weights: sample.numbers("weights"),
            clusters: coded("cluster"),
            period,
            first_treated,
            kept: sample.kept,
        })
    }

    pub(super) fn with<T>(
        &self,
        then: impl Fn(&Rows<'_>) -> Result<T, PanelError>,
    ) -> Result<T, EvaluationError> {
        let covariates: Vec<&[f64]> = self.covariates.iter().map(|own| own.1.as_slice()).collect();
        let read = then(&Rows {
            unit: &self.unit,
            period: &self.period,
            outcome: &self.outcome,
            first_treated: &self.first_treated,
            covariates: &covariates,
            weights: self.weights.as_deref(),
            clusters: self.clusters.as_deref(),
        });
        read.map_err(no_panel)
    }

    /// The panel; the rows it leaves out are counted.
    pub(in crate::methods) fn panel(
        &mut self,
        request: &Request<'_>,
    ) -> Result<Panel, EvaluationError> {
        let gaps = match request.choice("gaps") {
            "drop-units" => Gaps::DropUnits,
            "as-they-are" => Gaps::AsTheyAre,
            _ => Gaps::Refuse,
        };
        let panel = self.with(|rows| Panel::read(rows, gaps))?;
        self.count(panel.findings());
        Ok(panel)
    }

    pub(super) fn count(&mut self, findings: &Findings) {
        let rows_of = |units: &[i64]| {
            if units.is_empty() {
                return 0;
            }
            let units: BTreeSet<i64> = units.iter().copied().collect();
            self.unit.iter().filter(|own| units.contains(own)).count()
        };
        let always = rows_of(&findings.always_treated);
        let incomplete = match findings.incomplete_left_out {
            true => rows_of(&findings.incomplete),
            false => 0,
        };
        self.kept.leave_out(
            always,
            "unità trattate già dal primo periodo: non si sa nulla di loro senza trattamento",
            "units treated from the first period on: nothing is known of them untreated",
        );
        self.kept.leave_out(
            incomplete,
            "unità a cui mancano periodi",
            "units that lack periods",
        );
    }

    pub(in crate::methods) fn kept(self) -> Kept {
        self.kept
    }
}

fn whole(value: f64) -> Option<i64> {
    // Beyond 2⁵³ a float is no exact whole number any more.
    let is_whole = value.fract() == 0.0 && value.abs() < 9_007_199_254_740_992.0;
    is_whole.then_some(value as i64)
}

/// Why rows are no panel, with counts and never a unit's key.
fn no_panel(why: PanelError) -> EvaluationError {
    let (it, en) = match why {
        PanelError::Duplicate { period, count, .. } => (
            format!("{count} righe ripetono unità e periodo, la prima nel periodo {period}"),
            format!("{count} rows repeat a unit and period, the first in period {period}"),
        ),
        PanelError::Changes { column, count, .. } => {
            let (it, en) = match column {
                Column::FirstTreated => ("la data di trattamento", "the date of treatment"),
                Column::Weight => ("il peso", "the weight"),
                Column::Cluster => ("il grappolo", "the cluster"),
                Column::Outcome | Column::Covariate(_) => ("un valore", "a value"),
            };
            (
                format!("{it} cambia dentro {count} unità"),
                format!("{en} changes inside {count} units"),
            )
        }
        PanelError::Unbalanced { count, units, .. } => (
            format!(
                "a {count} unità su {units} mancano periodi: scegliere con --gaps se escluderle o tenerle"
            ),
            format!(
                "{count} of {units} units lack periods: choose with --gaps whether to leave them out or keep them"
            ),
        ),
        PanelError::Weight { .. } => (
            "ogni peso deve essere maggiore di zero".to_owned(),
            "every weight must be above zero".to_owned(),
        ),
        PanelError::OnePeriod => (
            "un confronto nel tempo vuole due periodi".to_owned(),
            "a comparison over time needs two periods".to_owned(),
        ),
        PanelError::NobodyTreated { always_treated } => (
            format!(
                "nessuna unità comincia il trattamento dopo il primo periodo ({always_treated} già trattate nel primo)"
            ),
            format!(
                "no unit begins treatment after the first period ({always_treated} treated in it already)"
            ),
        ),
        PanelError::Empty | PanelError::Lengths => (
            "non resta alcuna riga".to_owned(),
            "no row is left".to_owned(),
        ),
        PanelError::NotFinite { count, .. } => (
            format!("{count} valori non sono finiti"),
            format!("{count} values are not finite"),
        ),
    };
    EvaluationError::data(it, en)
}

/// What was found in the rows, as figures and notes.
pub(in crate::methods) fn tell(answer: &mut Evaluation, findings: &Findings) {
    answer.figure("units", findings.units);
    answer.figure("never_treated", findings.never_treated);
    answer.figure("always_treated_left_out", findings.always_treated.len());
    answer.figure("incomplete_units", findings.incomplete.len());
    answer.figure("treated_after_the_end", findings.treated_after_the_end);
    if !findings.missing_periods.is_empty() {
        let gone = joined(&findings.missing_periods);
        answer.note(
            NoteKind::Warning,
            "missing_periods",
            format!("nessuna unità ha i periodi {gone}: il periodo base è l'ultimo che c'è"),
            format!("no unit has the periods {gone}: the base is the last period there is"),
        );
    }
    if !findings.cohorts_of_one.is_empty() {
        let own = joined(&findings.cohorts_of_one);
        answer.note(
            NoteKind::Warning,
            "cohorts_of_one",
            format!("le coorti {own} hanno una sola unità: nessuna inferenza"),
            format!("the cohorts {own} have a single unit: no inference"),
        );
    }
    answer.note(
        NoteKind::Assumption,
        "parallel_trends",
        "senza trattamento, trattati e controlli avrebbero avuto lo stesso andamento",
        "without treatment, the treated and the controls would have moved alike",
    );
}

fn joined(values: &[i64]) -> String {
    let values: Vec<String> = values.iter().map(ToString::to_string).collect();
    values.join(", ")
}
