//! The panel of a request: who is treated from when on, and the reasons of the kernel with the names of units.

use wdl_causal::synthetic::control::NoSynthetic;
use wdl_causal::synthetic::panel::{NoPanel, Panel};

use crate::answer::Kept;
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
    "la colonna dell'unità: comune, regione, servizio",
    "the column of the unit: municipality, region, service",
);
pub(in crate::methods) const PERIOD: Opt = Opt::required(
    "period",
    Kind::Number,
    "la colonna del periodo, in numeri interi",
    "the column of the period, in whole numbers",
);

/// A panel with one date of treatment.
pub(in crate::methods) struct Case {
    pub(in crate::methods) panel: Panel,
    pub(in crate::methods) names: Vec<String>,
    pub(in crate::methods) treated: Vec<usize>,
    pub(in crate::methods) donors: Vec<usize>,
    /// The position of the first treated period.
    pub(in crate::methods) start: usize,
    pub(in crate::methods) kept: Kept,
    pub(super) units: Vec<usize>,
    pub(super) periods: Vec<i64>,
    pub(super) predictors: Vec<(String, Vec<f64>)>,
}

impl Case {
    /// The panel of the options `outcome`, `unit`, `time` and `treatment`.
    pub(in crate::methods) fn read(request: &Request) -> Result<Case, EvaluationError> {
        let sample = request.sample()?;
        let outcome = sample.numbers("outcome").unwrap_or_default();
        let (codes, names) = sample.labels("unit").unwrap_or_default();
        let units: Vec<usize> = codes.iter().map(|code| *code as usize).collect();
        let times = sample.numbers("period").unwrap_or_default();
        // Doubles hold whole numbers exactly up to 2⁵³.
        let odd = times
            .iter()
            .filter(|own| own.fract() != 0.0 || own.abs() > 9e15)
            .count();
        if odd > 0 {
            return Err(EvaluationError::data(
                format!("{odd} valori del periodo non sono numeri interi"),
                format!("{odd} values of the period are no whole numbers"),
            ));
        }
        let periods: Vec<i64> = times.iter().map(|own| *own as i64).collect();
        let panel =
            Panel::from_rows(&units, &periods, &outcome).map_err(|why| no_panel(&why, &names))?;
        let flags = sample.flags("treatment")?.unwrap_or_default();
        let (treated, start) = treatment(&panel, &names, &units, &periods, &flags)?;
        let donors = (0..names.len())
            .filter(|own| !treated.contains(own))
            .collect();
        let predictors = sample.columns_of_numbers("predictors").into_iter();
        Ok(Case {
            predictors: predictors.map(|own| (own.name, own.values)).collect(),
            kept: sample.kept,
            panel,
            names,
            treated,
            donors,
            start,
            units,
            periods,
        })
    }

    /// The reason of the kernel with the names of this case.
    pub(in crate::methods) fn say(&self, why: &NoSynthetic) -> EvaluationError {
        let (it, en) = reason(why, &self.names);
        EvaluationError::not_estimable(it, en)
    }

    /// The position of a period given as an option.
    pub(super) fn position(
        &self,
        option: &'static str,
        period: f64,
    ) -> Result<usize, EvaluationError> {
        let known = self.panel.periods();
        known
            .iter()
            .position(|own| *own as f64 == period)
            .ok_or_else(|| {
                EvaluationError::options(
                    option,
                    format!("il periodo {period} non c'è"),
                    format!("there is no period {period}"),
                )
            })
    }

    /// The positions from a period on, before a start.
    pub(super) fn before(&self, start: usize, since: Option<f64>) -> Vec<usize> {
        let is_late =
            |at: &usize| since.is_none_or(|since| self.panel.periods()[*at] as f64 >= since);
        (0..start).filter(is_late).collect()
    }
}

/// The treated units and their first treated period: one for all of them, and never ending.
fn treatment(
    panel: &Panel,
    names: &[String],
    units: &[usize],
    periods: &[i64],
    flags: &[bool],
) -> Result<(Vec<usize>, usize), EvaluationError> {
    let mut first: Vec<Option<i64>> = vec![None; names.len()];
    for ((unit, period), _) in units
        .iter()
        .zip(periods)
        .zip(flags)
        .filter(|(_, own)| **own)
    {
        let own = first[*unit].get_or_insert(*period);
        *own = (*own).min(*period);
    }
    for ((unit, period), is_treated) in units.iter().zip(periods).zip(flags) {
        if first[*unit].is_some_and(|first| *period > first) && !is_treated {
            return Err(EvaluationError::data(
                format!(
                    "il trattamento di {} finisce: nel periodo {period} è 0",
                    names[*unit]
                ),
                format!(
                    "the treatment of {} ends: it is 0 in period {period}",
                    names[*unit]
                ),
            ));
        }
    }
    let treated: Vec<usize> = (0..names.len())
        .filter(|unit| first[*unit].is_some())
        .collect();
    let mut starts: Vec<i64> = first.iter().flatten().copied().collect();
    starts.sort_unstable();
    starts.dedup();
    match starts.as_slice() {
        [] => Err(EvaluationError::data(
            "nessuna unità è trattata",
            "no unit is treated",
        )),
        [start] => Ok((treated, panel.before(*start).len())),
        _ => Err(EvaluationError::data(
            format!(
                "il trattamento comincia in {} periodi diversi: questo metodo ne prende uno",
                starts.len()
            ),
            format!(
                "the treatment starts in {} different periods: this method takes one",
                starts.len()
            ),
        )),
    }
}

fn no_panel(why: &NoPanel, names: &[String]) -> EvaluationError {
    match why {
        NoPanel::Duplicate { unit, period, .. } => EvaluationError::data(
            format!("{} ha più di un valore nel periodo {period}", names[*unit]),
            format!(
                "{} has more than one value in period {period}",
                names[*unit]
            ),
        ),
        NoPanel::Missing(cells) => {
            let first: Vec<String> = cells
                .iter()
                .take(5)
                .map(|(unit, period)| format!("{} {period}", names[*unit]))
                .collect();
            let (count, first) = (cells.len(), first.join(", "));
            EvaluationError::data(
                format!("mancano {count} valori di unità e periodo: {first}"),
                format!("{count} values of unit and period are missing: {first}"),
            )
        }
        NoPanel::NotFinite(_) | NoPanel::Lengths | NoPanel::Empty => EvaluationError::Nothing,
    }
}

/// The reason in both languages.
pub(in crate::methods) fn reason(why: &NoSynthetic, names: &[String]) -> (String, String) {
    let it = match why {
        NoSynthetic::TooFewDonors { found, needed } => {
            format!("{found} donatori non bastano: ne servono almeno {needed}")
        }
        NoSynthetic::TooFewPeriods { found, needed } => {
            format!("{found} periodi prima del trattamento non bastano: ne servono almeno {needed}")
        }
        NoSynthetic::NoPeriodAfter => "non c'è alcun periodo dopo il trattamento".to_owned(),
        NoSynthetic::ConstantPredictors => "ogni predittore è uguale per tutte le unità".to_owned(),
        NoSynthetic::NoVariation => {
            "gli esiti dei donatori non differiscono prima del trattamento".to_owned()
        }
        NoSynthetic::OneTreated => {
            "con una sola unità trattata non ci sono né jackknife né bootstrap".to_owned()
        }
        NoSynthetic::NoTreated => "nessuna unità è trattata".to_owned(),
        NoSynthetic::NotCertified(_) => {
            "non si è potuto provare che i pesi siano i migliori".to_owned()
        }
        NoSynthetic::PredictorNotFinite { unit, .. } => {
            format!("un predittore di {} non è un numero", names[*unit])
        }
        NoSynthetic::Argument(_) => "un'opzione è fuori dai suoi limiti".to_owned(),
        NoSynthetic::UnknownUnit(_)
        | NoSynthetic::UnknownPeriod(_)
        | NoSynthetic::TreatedAmongDonors(_)
        | NoSynthetic::RepeatedDonor(_)
        | NoSynthetic::RepeatedPeriod(_)
        | NoSynthetic::FitAfterTreatment(_)
        | NoSynthetic::PredictorUnits { .. } => "le unità o i periodi non si accordano".to_owned(),
    };
    (it, why.to_string())
}
