//! The tables of group-time effects, with the reason wherever there is no figure.

use wdl_causal::did::aggregate::{Aggregate, NoPreTrend};
use wdl_causal::did::bands::{Bands, NoBands};
use wdl_causal::did::group_time::{GroupTime, NoCell, NoInference};
use wdl_causal::did::leads::NoLeadsTest;
use wdl_vocab::Text;

use crate::answer::{Cell, Table};

pub(super) fn bands(aggregate: &Aggregate, bands: &Bands) -> Table {
    let rows = aggregate.effects.iter().map(|own| {
        let wide = own.error.ok().map(|error| bands.critical * error);
        vec![
            own.at.map(|at| at as f64).into(),
            own.att.into(),
            wide.map(|wide| own.att - wide).into(),
            wide.map(|wide| own.att + wide).into(),
        ]
    });
    Table {
        key: "bands",
        title: Text::fixed(
            "Bande che coprono tutti gli effetti insieme",
            "Bands that cover all effects together",
        ),
        columns: vec![
            ("at", Text::fixed("distanza", "distance")),
            ("att", Text::fixed("effetto", "effect")),
            ("low", Text::fixed("da", "from")),
            ("high", Text::fixed("a", "to")),
        ],
        rows: rows.collect(),
    }
}

/// Every cohort in every period, with the reason where there is no figure.
pub(super) fn cells(effects: &GroupTime) -> Table {
    let rows = effects.cells.iter().map(|own| {
        let why = match (own.att, own.error) {
            (Err(why), _) => Cell::said(no_cell(why).it, no_cell(why).en),
            (Ok(_), Err(why)) => Cell::said(no_inference(why).it, no_inference(why).en),
            (Ok(_), Ok(_)) => Cell::None,
        };
        vec![
            (own.cohort as f64).into(),
            (own.period as f64).into(),
            own.base.map(|base| base as f64).into(),
            own.att.ok().into(),
            own.att.ok().and(own.error.ok()).into(),
            own.treated.into(),
            own.controls.into(),
            own.trimmed.into(),
            why,
        ]
    });
    Table {
        key: "group_time",
        title: Text::fixed(
            "Effetti per coorte e periodo",
            "Effects by cohort and period",
        ),
        columns: vec![
            ("cohort", Text::fixed("coorte", "cohort")),
            ("period", Text::fixed("periodo", "period")),
            ("base", Text::fixed("periodo base", "base period")),
            ("att", Text::fixed("effetto", "effect")),
            (
                "standard_error",
                Text::fixed("errore standard", "standard error"),
            ),
            ("treated", Text::fixed("trattati", "treated")),
            ("controls", Text::fixed("controlli", "controls")),
            (
                "trimmed",
                Text::fixed("controlli esclusi", "controls left out"),
            ),
            ("reason", Text::fixed("perché manca", "why it is missing")),
        ],
        rows: rows.collect(),
    }
}

/// Why a cohort has no effect in a period.
pub(super) fn no_cell(why: NoCell) -> Text {
    let it = match why {
        NoCell::NoBasePeriod => "la coorte non ha un periodo prima del trattamento".to_owned(),
        NoCell::NoTreated => "nessuno della coorte è visto in entrambi i periodi".to_owned(),
        NoCell::NoControls => "nessun controllo è visto in entrambi i periodi".to_owned(),
        NoCell::SingularCovariates { .. } => {
            "una covariata segue dalla costante e dalle covariate prima".to_owned()
        }
        NoCell::TooFewControls { rows, columns } => {
            format!("{rows} righe per {columns} coefficienti")
        }
        NoCell::NoOverlap => "le covariate dicono quasi esattamente chi è trattato".to_owned(),
        NoCell::NoConvergence => "il modello della propensione non converge".to_owned(),
        NoCell::NotBalanced => "nessun peso dà ai controlli le covariate dei trattati".to_owned(),
    };
    Text::new(it, why.to_string())
}

fn no_inference(why: NoInference) -> Text {
    let it = match why {
        NoInference::Reference => "il periodo base è zero per definizione",
        NoInference::OneUnit => "una sola unità da un lato",
        NoInference::OneCluster => "un solo grappolo",
        NoInference::NoVariation => "non resta variazione",
    };
    Text::new(it, why.to_string())
}

/// Why there are no simultaneous bands.
pub(super) fn no_bands(why: &NoBands) -> Text {
    let it = match why {
        NoBands::NoEffects => "nessun effetto ha un errore standard",
        NoBands::TooFewDraws => "troppo poche estrazioni per il livello",
        NoBands::NoVariation(_) => "un effetto non varia tra le estrazioni",
        NoBands::BelowPointwise => "il valore critico è sotto quello di un solo effetto",
    };
    Text::new(it, why.to_string())
}

/// Why the effects before treatment were not tested.
/// Why trends of few units before treatment are not tested.
pub(super) fn no_leads_test(why: NoLeadsTest) -> Text {
    let it = match why {
        NoLeadsTest::FewClusters(count) => format!("i gruppi sono {count} e ne servono sei"),
        NoLeadsTest::NoLeads => {
            "nessun periodo prima del trattamento si distingue dagli effetti di unità e periodo"
                .to_owned()
        }
    };
    Text::new(it, why.to_string())
}

pub(super) fn no_pre_trend(why: NoPreTrend) -> Text {
    let it = match why {
        NoPreTrend::None => "nessuno ha un errore standard",
        NoPreTrend::Singular => "dipendono l'uno dall'altro",
    };
    Text::new(it, why.to_string())
}
