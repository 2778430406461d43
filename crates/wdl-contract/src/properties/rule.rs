//! The properties of a rule of quality of type `sql`.

use super::{Holds, Needed, On, Property};
use crate::words;

pub(super) const TABLE: &[Property] = &[
    Property::new(
        On::Rule,
        "wdl.cause",
        (Holds::Pair, Needed::No),
        "Perché succede, per le persone.",
        "Why it happens, for people.",
    ),
    Property::new(
        On::Rule,
        "wdl.column",
        (Holds::Text, Needed::No),
        "La colonna di cui parla la regola, con il suo nome nel laboratorio; quella in cui la regola sta, se sta in una colonna.",
        "The column the rule is about, by its name in the lab; the one in which the rule stands, when it stands in one.",
    ),
    Property::new(
        On::Rule,
        "wdl.fix",
        (Holds::Pair, Needed::Always),
        "Che cosa fare, per le persone.",
        "What to do, for people.",
    ),
    Property::new(
        On::Rule,
        "wdl.lines",
        (Holds::Text, Needed::No),
        "Una SELECT di SQLite con le righe che violano la regola: la colonna `line` e, se serve, `value`. Senza, conta `query`, che deve dare 0.",
        "A SELECT of SQLite of the lines that break the rule: a column `line` and, where it helps, `value`. Without it `query` counts, and must give 0.",
    ),
    Property::new(
        On::Rule,
        "wdl.message",
        (Holds::Pair, Needed::Always),
        "Che cosa non va, per le persone. Una regola `sql` senza questa proprietà è di un altro programma, e non è eseguita.",
        "What is wrong, for people. A rule of type `sql` without this property is another program's, and is not run.",
    ),
    Property::new(
        On::Rule,
        "wdl.severity",
        (Holds::Word(words::severities), Needed::No),
        "Quanto è grave: `error` (la riga non parte; se non è detto), `to_justify` (parte se si dice perché), `note`.",
        "How grave it is: `error` (the row does not travel; when it is not said), `to_justify` (it travels when somebody says why), `note`.",
    ),
];
