//! The words of the documentation, in both languages.

use wdl_result::{Additivity, ObservableFrom, Unit};
use wdl_vocab::{Lang, Text};

use crate::definition::Span;

/// Said at the top of every page, so that nobody edits one.
pub(super) const GENERATED: &str =
    "<!-- Made from the definitions by `cargo run -p xtask -- documents`: edit those. -->";

pub(super) static INDICATORS: Text = Text::fixed(
    "Gli indicatori del laboratorio",
    "The indicators of the lab",
);
pub(super) static STATISTICS: Text = Text::fixed(
    "Le statistiche del catalogo",
    "The statistics of the catalog",
);
pub(super) static OTHERS: Text = Text::fixed("Altri", "Others");
pub(super) static INDICATOR: Text = Text::fixed("Indicatore", "Indicator");
pub(super) static STATISTIC: Text = Text::fixed("Statistica", "Statistic");
pub(super) static PERIOD: Text = Text::fixed("Periodo", "Period");
pub(super) static OBSERVED: Text = Text::fixed("Dove si osserva", "Observed in");
pub(super) static THEME: Text = Text::fixed("Tema", "Theme");
pub(super) static UNIT: Text = Text::fixed("Unità", "Unit");
pub(super) static FROM: Text = Text::fixed("Dal", "From");
pub(super) static AUDIENCE: Text = Text::fixed("Per chi", "For whom");
pub(super) static INSIDE: Text = Text::fixed(
    "solo dentro il laboratorio, non si pubblica",
    "inside the lab only, never published",
);
pub(super) static FACTS: Text = Text::fixed("In breve", "In short");
pub(super) static POPULATION: Text = Text::fixed("Di chi si parla", "Who is described");
pub(super) static COUNTED: Text = Text::fixed("Che cosa conta `n`", "What `n` counts");
pub(super) static COVERAGE: Text = Text::fixed(
    "Che cosa si vede e che cosa no",
    "What is seen and what is not",
);
pub(super) static UNCERTAINTY: Text = Text::fixed("Incertezza", "Uncertainty");
pub(super) static SOURCE: Text = Text::fixed("Fonte della definizione", "Source of the definition");
pub(super) static BREAKDOWNS: Text = Text::fixed("Tabelle", "Tables");
pub(super) static WHOLE: Text = Text::fixed("Totale", "Total");
pub(super) static PARAMETERS: Text = Text::fixed("Importi datati", "Dated amounts");
pub(super) static AMOUNT: Text = Text::fixed("Importo", "Amount");
pub(super) static IN_FORCE: Text = Text::fixed("In vigore dal", "In force from");
pub(super) static VALUE: Text = Text::fixed("Valore", "Value");
pub(super) static ARTICLE: Text = Text::fixed("Fonte", "Source");
pub(super) static TESTS: Text = Text::fixed(
    "Che cosa devono superare i valori",
    "What the figures must pass",
);
pub(super) static RANGE: Text = Text::fixed("ogni valore sta fra", "every figure lies in");
pub(super) static CHANGE: Text = Text::fixed(
    "da un periodo al successivo il totale cambia al massimo di",
    "from one period to the next the total changes by at most",
);
pub(super) static RELATIVE: Text = Text::fixed(
    "da un periodo al successivo il totale cambia al massimo di una parte di sé:",
    "from one period to the next the total changes by at most a part of itself:",
);
pub(super) static COMPUTED: Text = Text::fixed("Come si calcola", "How it is computed");
pub(super) static READS: Text = Text::fixed(
    "Legge le tabelle della base:",
    "It reads these tables of the base:",
);
pub(super) static FRAME: Text = Text::fixed(
    "Una riga per unità, poi la statistica su ogni cella:",
    "One row per unit, then the statistic over each cell:",
);
pub(super) static COLLECTED: Text = Text::fixed(
    "Un periodo senza una riga vera di questa interrogazione si legge come non raccolto:",
    "A period without a true row of this query reads as not collected:",
);
pub(super) static MEASURED: Text = Text::fixed(
    "Ogni cella dice la quota di popolazione che le fonti vedono.",
    "Each cell states the share of the population that the sources see.",
);
pub(super) static NOWHERE: Text = Text::fixed(
    "Questo laboratorio non lo può osservare: non c’è una tabella, e nessun numero viene stimato al suo posto.",
    "This lab cannot observe it: there is no table, and no number is put in its place.",
);
pub(super) static OTHER_LANGUAGE: Text = Text::fixed("In English", "In italiano");
pub(super) static NAME: Text = Text::fixed("Nome", "Name");
pub(super) static WHAT: Text = Text::fixed("Che cosa è", "What it is");
pub(super) static VERSION: Text = Text::fixed("Versione", "Version");
pub(super) static ARGUMENT: Text = Text::fixed("Numero dopo il nome", "Number after the name");
pub(super) static COLUMNS: Text = Text::fixed("Colonne lette", "Columns read");
pub(super) static ADDS_UP: Text = Text::fixed("Come si sommano le celle", "How cells add up");
pub(super) static ERROR: Text = Text::fixed("Errore standard", "Standard error");
pub(super) static NOTES: Text = Text::fixed("Note", "Notes");
pub(super) static USUAL: Text = Text::fixed("se manca", "when left out");
pub(super) static ITS_OWN: Text =
    Text::fixed("della fonte, se lo dà", "of the source, where it gives one");
pub(super) static LINEARISED: Text = Text::fixed("linearizzato", "linearised");
pub(super) static NO_ERROR: Text = Text::fixed("nessuno", "none");
pub(super) static WHOLE_ONLY: Text = Text::fixed(
    "un valore solo per tutta la popolazione",
    "one value for the whole population",
);
pub(super) static POSITIVE: Text = Text::fixed(
    "solo valori positivi: gli altri restano fuori e sono contati",
    "positive values only: others are left out and counted",
);
pub(super) static ROUNDED: Text = Text::fixed(
    "darebbe il valore di un’unità: in tabella è arrotondato come si mostra",
    "it would give one unit’s value away: tables round it as it is shown",
);
pub(super) static CATALOG_LEAD: Text = Text::fixed(
    "Ciò che `statistic` di un indicatore può dire.\nLe formule e le fonti stanno in [docs/reference/indicators.md](../../reference/indicators.md).",
    "What the `statistic` of an indicator can say.\nFormulae and sources are in [docs/reference/indicators.md](../../reference/indicators.md).",
);

pub(super) fn say(text: &Text, lang: Lang) -> &str {
    text.get(lang)
}

pub(super) fn span(span: Span) -> Text {
    match span {
        Span::Quarter => Text::fixed("trimestre", "quarter"),
        Span::Year => Text::fixed("anno", "year"),
    }
}

pub(super) fn observed(from: ObservableFrom) -> Text {
    match from {
        ObservableFrom::Register => {
            Text::fixed("archivi amministrativi", "administrative registers")
        }
        ObservableFrom::Survey => Text::fixed("indagine", "survey"),
        ObservableFrom::Simulation => Text::fixed("simulazione", "simulation"),
        ObservableFrom::NoneHere => Text::fixed("non qui", "none here"),
    }
}

pub(super) fn unit(unit: Unit) -> Text {
    match unit {
        Unit::Persons => Text::fixed("persone", "persons"),
        Unit::Households => Text::fixed("famiglie", "households"),
        Unit::Dwellings => Text::fixed("alloggi", "dwellings"),
        Unit::Acts => Text::fixed("atti", "acts"),
        Unit::Share => Text::fixed("quota (frazione di uno)", "share (fraction of one)"),
        Unit::Euro => Text::fixed("euro", "euro"),
        Unit::Days => Text::fixed("giorni", "days"),
        Unit::Months => Text::fixed("mesi", "months"),
        Unit::Years => Text::fixed("anni", "years"),
        Unit::Ratio => Text::fixed("rapporto", "ratio"),
    }
}

pub(super) fn additivity(additivity: Additivity) -> Text {
    match additivity {
        Additivity::Count => Text::fixed(
            "un totale è la somma delle parti",
            "a total is the sum of its parts",
        ),
        Additivity::Share => Text::fixed(
            "si sommano i conteggi, non le quote",
            "counts add up, shares do not",
        ),
        Additivity::Sum => Text::fixed("si sommano gli importi", "amounts add up"),
        Additivity::None => Text::fixed("non si sommano", "they do not add up"),
    }
}
