//! The properties of a column.

use super::{Holds, Needed, On, Part, Property};
use crate::words::{self, KindWord, TreatmentWord};

pub(super) const TABLE: &[Property] = &[
    Property::new(
        On::Column,
        "wdl.code_list",
        (Holds::Text, Needed::Sometimes),
        "La lista di codici, un file di `codes/` senza `.csv`; necessaria per `code`.",
        "The code list, a file of `codes/` without `.csv`; needed for `code`.",
    ),
    Property::new(
        On::Column,
        "wdl.description",
        (Holds::Pair, Needed::No),
        "Che cosa significa la colonna, per le persone.",
        "What the column means, for people.",
    ),
    Property::new(
        On::Column,
        "wdl.disclosure_class",
        (Holds::Word(words::disclosure_classes), Needed::No),
        "Quanto la colonna può far riconoscere una persona, per chi giudica un rilascio.",
        "How far the column may let a person be recognised, for those who judge a release.",
    ),
    Property::new(
        On::Column,
        "wdl.domain",
        (Holds::Text, Needed::Sometimes),
        "Di che cosa è lo pseudonimo (`person`, `household`, `dwelling`, `record`); necessario per `oprf` e `keyed`.",
        "What the pseudonym stands for (`person`, `household`, `dwelling`, `record`); needed for `oprf` and `keyed`.",
    ),
    Property::new(
        On::Column,
        "wdl.kind",
        (Holds::Word(words::of::<KindWord>), Needed::Always),
        "Che cosa contiene una cella; `logicalType` dello standard deve andare d'accordo: `string` per `text`, `code` e `tax_code`, `integer` per `integer`, `number` per `money` e `decimal`, `date` per `date`.",
        "What a cell holds; the standard's `logicalType` must agree: `string` for `text`, `code` and `tax_code`, `integer` for `integer`, `number` for `money` and `decimal`, `date` for `date`.",
    ),
    Property::new(
        On::Column,
        "wdl.known_at_end",
        (Holds::Boolean, Needed::No),
        "`true` per ciò che si sa solo alla fine di un episodio.",
        "`true` for what only the end of an episode brings.",
    ),
    Property::new(
        On::Column,
        "wdl.label",
        (Holds::Pair, Needed::Always),
        "Come si chiama la colonna, per le persone.",
        "What the column is called, for people.",
    ),
    Property::new(
        On::Column,
        "wdl.max",
        (Holds::Whole, Needed::No),
        "Per i numeri: il massimo, in unità intere (per `money` in euro).",
        "For numbers: the most, in whole units (for `money` in euro).",
    ),
    Property::new(
        On::Column,
        "wdl.max_length",
        (Holds::Whole, Needed::No),
        "Per `text`: il massimo di caratteri, 200 se non è detto.",
        "For `text`: the most characters, 200 when it is not said.",
    ),
    Property::new(
        On::Column,
        "wdl.min",
        (Holds::Whole, Needed::No),
        "Per i numeri: il minimo, in unità intere (per `money` in euro).",
        "For numbers: the least, in whole units (for `money` in euro).",
    ),
    Property::new(
        On::Column,
        "wdl.not_before",
        (Holds::Text, Needed::No),
        "Per `date`: il nome della data che questa non può precedere. La fine di un episodio non precede mai il suo inizio, anche se non è detto.",
        "For `date`: the name of the date this one may not be before. The end of an episode is never before its start, even when it is not said.",
    ),
    Property::new(
        On::Column,
        "wdl.precision",
        (Holds::Whole, Needed::Sometimes),
        "Per `decimal`, necessario: quante cifre in tutto, da 1 a 18.",
        "For `decimal`, needed: all digits, from 1 to 18.",
    ),
    Property::new(
        On::Column,
        "wdl.scale",
        (Holds::Whole, Needed::Sometimes),
        "Per `decimal`, necessario: quanti decimali.",
        "For `decimal`, needed: the decimals.",
    ),
    Property::new(
        On::Column,
        "wdl.semantic_type",
        (Holds::Text, Needed::No),
        "Che cosa sono i valori nel mondo. Controllati: `it.codice_fiscale`, `it.partita_iva`, `it.istat_comune`, `it.codice_catastale`, `it.cap`, `iban`, `it.isee`, `person.surname`, `person.given_name`, `person.birth_date`, `person.sex`, `person.birth_place`, `text.free`; ogni altra parola serve ai cataloghi.",
        "What the values are in the world. Checked: `it.codice_fiscale`, `it.partita_iva`, `it.istat_comune`, `it.codice_catastale`, `it.cap`, `iban`, `it.isee`, `person.surname`, `person.given_name`, `person.birth_date`, `person.sex`, `person.birth_place`, `text.free`; any other word is for catalogues.",
    ),
    Property::new(
        On::Column,
        "wdl.sum_of",
        (Holds::Texts, Needed::No),
        "Per `money`: i nomi degli importi di cui questo è la somma.",
        "For `money`: the names of the amounts of which this is the sum.",
    ),
    Property::new(
        On::Column,
        "wdl.sum_tolerance",
        (Holds::Whole, Needed::No),
        "Di quanti centesimi la somma può scostarsi; 1 se non è detto.",
        "By how many cents the sum may be off; 1 when it is not said.",
    ),
    Property::new(
        On::Column,
        "wdl.treatment",
        (Holds::Word(words::of::<TreatmentWord>), Needed::Always),
        "Che cosa ne fa l'ente: `keep` (parte com'è), `drop` (non parte), `oprf` (parte lo pseudonimo dei due custodi; solo per i codici fiscali), `keyed` (parte un codice ricavato con la chiave dell'ente), `coarsen_month` (parte il primo giorno del mese).",
        "What the body does with it: `keep` (it travels as it is), `drop` (it does not travel), `oprf` (the token of the two custodians travels; for tax codes only), `keyed` (a hash with the body's key travels), `coarsen_month` (the first day of its month travels).",
    ),
    Property::new(
        On::Column,
        "wdl.width",
        (Holds::Parts(WIDTH), Needed::Sometimes),
        "Il posto della colonna nella riga; necessario quando `wdl.layout` è `fixed_width`.",
        "The place of the column in the line; needed when `wdl.layout` is `fixed_width`.",
    ),
];

const WIDTH: &[Part] = &[
    Part::new(
        "start",
        (Holds::Whole, true),
        "Il primo carattere, contando da 0.",
        "The first character, counted from 0.",
    ),
    Part::new(
        "length",
        (Holds::Whole, true),
        "Quanti caratteri.",
        "How many characters.",
    ),
];
