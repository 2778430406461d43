//! What an estimate of a discontinuity tells: its sides, its bins, its cautions, and why there is none.

use wdl_causal::discontinuity::design::{NoEstimate, Whose};
use wdl_causal::discontinuity::estimate::{self as discontinuity, Caution};
use wdl_causal::discontinuity::picture;
use wdl_vocab::{Lang, Text};

use crate::answer::{Cell, Evaluation, NoteKind, Table};
use crate::fault::EvaluationError;

/// The side of a cut-off as a word of a table.
pub(in crate::methods) fn side(side: Whose) -> Cell {
    Cell::word(match side {
        Whose::Below => "below",
        Whose::Above => "above",
    })
}

/// The side of a cut-off in a sentence.
fn on(side: Whose) -> Text {
    match side {
        Whose::Below => Text::fixed("sotto la soglia", "below the cut-off"),
        Whose::Above => Text::fixed("sopra la soglia", "above the cut-off"),
    }
}

pub(super) fn sides(found: &discontinuity::Estimate) -> Table {
    let row = |at: usize| -> Vec<Cell> {
        vec![
            side(Whose::BOTH[at]),
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

pub(super) fn points(bins: &[picture::Bin]) -> Table {
    let row = |bin: &picture::Bin| -> Vec<Cell> {
        vec![
            side(bin.side),
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

pub(super) fn cautions(answer: &mut Evaluation, cautions: &[Caution]) {
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
                    on(*own).it
                ),
                format!(
                    "{rows} rows ({}) have only {distinct} different values of the running variable: when they are few, local randomisation is more honest",
                    on(*own).en
                ),
            ),
            Caution::WeakFirstStage { f } => (
                "weak_first_stage",
                format!(
                    "il trattamento salta poco alla soglia (F = {}, sotto 10): l'intervallo può ingannare",
                    Lang::It.number(*f, 2)
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
                    on(*own).it
                ),
                format!(
                    "only {clusters} clusters count on one side ({}): the error is uncertain",
                    on(*own).en
                ),
            ),
            Caution::WholeSide(own) => (
                "whole_side",
                format!(
                    "l'ampiezza di banda prende tutte le righe di un lato ({})",
                    on(*own).it
                ),
                format!("the bandwidth takes all rows of a side ({})", on(*own).en),
            ),
        };
        answer.note(NoteKind::Warning, key, it, en);
    }
}

pub(super) fn assumptions(answer: &mut Evaluation) {
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
        "la riga da riportare è quella robusta: corretta per la distorsione, con l'incertezza della correzione (Calonico, Cattaneo e Titiunik 2014)",
        "the line to report is the robust one: corrected for bias, with the uncertainty of the correction (Calonico, Cattaneo and Titiunik 2014)",
    );
    answer.note(
        NoteKind::Convention,
        "interval_choice",
        "con le scelte solite l'intervallo robusto al 95 % copre di meno (tra l'89 e il 95 % nei disegni dei suoi autori); con `--rho 1 --variance hc3` copre il 95 % all'incirca in tutti (con dei gruppi e `cr3` tra il 93 e il 95 %), ed è più largo",
        "with the usual choices the robust interval of 95 % covers less (89 to 95 % in its authors' designs); with `--rho 1 --variance hc3` it covers about 95 % in all of them (with clusters and `cr3` 93 to 95 %), and is wider",
    );
}

/// Why there is no estimate, in both languages.
pub(in crate::methods) fn fault(why: NoEstimate) -> EvaluationError {
    let (it, en) = reason(&why);
    EvaluationError::not_estimable(it, en)
}

/// Why a row of a table has no estimate.
pub(in crate::methods) fn why(why: &NoEstimate) -> Cell {
    let (it, en) = reason(why);
    Cell::said(it, en)
}

fn reason(why: &NoEstimate) -> (String, String) {
    match why {
        NoEstimate::Option(_) => (
                "un'opzione è fuori dai suoi limiti: gradi tra 0 e 5 con quello della distorsione maggiore, derivata non oltre il grado, livello tra 0 e 1, il resto sopra lo zero".to_owned(),
                format!("{why}: degrees from 0 to 5 with that of the bias larger, derivative not above the degree, level between 0 and 1, the rest above zero"),
        ),
        NoEstimate::CutoffOutside { cutoff, .. } => (
            format!("la soglia {cutoff} non sta dentro la variabile che decide: un lato è vuoto"),
            format!("the cut-off {cutoff} is not inside the running variable: one side is empty"),
        ),
        NoEstimate::ConstantOutcome => (
            "l'esito non varia".to_owned(),
            "the outcome does not vary".to_owned(),
        ),
        NoEstimate::FewDistinct { side: own, found, wanted } => (
            format!("un lato ({}) ha {found} valori diversi della variabile che decide e ne servono {wanted}: per una variabile di pochi valori c'è la casualità locale (`rd-checks --window`)", on(*own).it),
            format!("one side ({}) has {found} different values of the running variable and it takes {wanted}: for a variable of few values there is local randomisation (`rd-checks --window`)", on(*own).en),
        ),
        NoEstimate::FewRows { side: own, found, wanted } => (
            format!("un lato ({}) ha {found} righe dentro l'ampiezza di banda e ne servono {wanted}", on(*own).it),
            format!("one side ({}) has {found} rows within the bandwidth and it takes {wanted}", on(*own).en),
        ),
        NoEstimate::OneCluster(own) => (
            format!("un solo gruppo conta da un lato ({})", on(*own).it),
            format!("only one cluster counts on one side ({})", on(*own).en),
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
    }
}
