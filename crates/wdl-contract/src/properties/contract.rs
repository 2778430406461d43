//! The properties of the whole contract.

use super::{Holds, Needed, On, Part, Property};
use crate::contract::{Encoding, Shape};
use crate::words;

pub(super) const TABLE: &[Property] = &[
    Property::new(
        On::Contract,
        "wdl.body",
        (Holds::Text, Needed::Always),
        "L'ente che conferisce: il suo identificativo nell'accordo, che è anche il nome della cartella.",
        "The body that delivers: its identifier in the agreement, which is also the name of the folder.",
    ),
    Property::new(
        On::Contract,
        "wdl.controller",
        (Holds::Text, Needed::ByLaw),
        "Il titolare del trattamento: l'identificativo di un ente dell'accordo.",
        "The controller (titolare): the identifier of a body of the agreement.",
    ),
    Property::new(
        On::Contract,
        "wdl.dataset",
        (Holds::Text, Needed::Always),
        "L'archivio: il nome dell'unico oggetto di `schema`, che è anche il nome del file.",
        "The dataset: the name of the one object of `schema`, which is also the name of the file.",
    ),
    Property::new(
        On::Contract,
        "wdl.delimiter",
        (Holds::Word(words::delimiters), Needed::Sometimes),
        "Il segno tra le celle; necessario quando `wdl.layout` è `delimited`.",
        "The mark between cells; needed when `wdl.layout` is `delimited`.",
    ),
    Property::new(
        On::Contract,
        "wdl.drift",
        (Holds::Parts(DRIFT), Needed::No),
        "Di quanto una consegna può discostarsi dalla precedente e da quella dello stesso trimestre di un anno prima, prima che si debba dire perché; quello che non è detto ha il valore consueto (0.2, 0.3, 0.05).",
        "How much a delivery may differ from the last one and from that of the same quarter a year ago before somebody must say why; what is not said has the usual value (0.2, 0.3, 0.05).",
    ),
    Property::new(
        On::Contract,
        "wdl.encoding",
        (Holds::Word(words::of::<Encoding>), Needed::Sometimes),
        "La codifica dei caratteri attesa; necessaria quando `wdl.layout` non è `workbook`.",
        "The expected character encoding; needed unless `wdl.layout` is `workbook`.",
    ),
    Property::new(
        On::Contract,
        "wdl.joint_controllers",
        (Holds::Texts, Needed::No),
        "I contitolari del trattamento: identificativi di enti dell'accordo.",
        "The joint controllers (contitolari): identifiers of bodies of the agreement.",
    ),
    Property::new(
        On::Contract,
        "wdl.late_rule",
        (Holds::Parts(LATE), Needed::No),
        "Quando la consegna è dovuta, e fino a quando è accettata.",
        "When the delivery is due, and until when the lab may still take it.",
    ),
    Property::new(
        On::Contract,
        "wdl.layout",
        (Holds::Word(words::layouts), Needed::No),
        "Come è fatto il file atteso: `delimited` (se non è detto), `workbook` (un foglio di calcolo) o `fixed_width` (ogni colonna ha il suo posto nella riga). Chi legge accetta anche gli altri, e lo dice.",
        "How the expected file is laid out: `delimited` (when it is not said), `workbook` (a spreadsheet) or `fixed_width` (every column has its place in the line). A reader takes the others too, and says so.",
    ),
    Property::new(
        On::Contract,
        "wdl.legal_basis",
        (Holds::Text, Needed::ByLaw),
        "La base giuridica della comunicazione dei dati: articoli e leggi.",
        "The legal basis of the delivery: articles and laws.",
    ),
    Property::new(
        On::Contract,
        "wdl.linkage",
        (Holds::Text, Needed::No),
        "La ricetta di `linkage/` con cui si collegano le righe senza un codice valido: il nome del file senza `.yaml`.",
        "The recipe of `linkage/` by which rows without a valid code are linked: the name of the file without `.yaml`.",
    ),
    Property::new(
        On::Contract,
        "wdl.notice",
        (Holds::Parts(NOTICE), Needed::ByLaw),
        "L'informativa data alle persone (artt. 13 e 14 del Regolamento (UE) 2016/679).",
        "The notice given to people (arts. 13 and 14 of Regulation (EU) 2016/679).",
    ),
    Property::new(
        On::Contract,
        "wdl.processors",
        (Holds::Texts, Needed::Sometimes),
        "I responsabili del trattamento: identificativi dell'accordo; necessari quando una colonna è `oprf`, perché i custodi delle chiavi la trattano.",
        "The processors (responsabili): identifiers of the agreement; needed when a column is `oprf`, since the custodians of the keys process it.",
    ),
    Property::new(
        On::Contract,
        "wdl.purpose",
        (Holds::Text, Needed::ByLaw),
        "La finalità dell'accordo per cui i dati sono conferiti: il suo identificativo.",
        "The purpose of the agreement for which the data are delivered: its identifier.",
    ),
    Property::new(
        On::Contract,
        "wdl.retention",
        (Holds::Text, Needed::ByLaw),
        "Per quanto tempo la consegna è conservata e che cosa succede dopo.",
        "How long the delivery is kept and what happens then.",
    ),
    Property::new(
        On::Contract,
        "wdl.shape",
        (Holds::Word(words::of::<Shape>), Needed::Always),
        "Che cosa descrive una riga nel tempo: `episode` (ha `valid_from` e `valid_to`), `event` (ha `event_date`), `yearly` (ha `reference_year`), `aggregate` (ha `reference_year` e nessuna persona).",
        "What a row describes in time: `episode` (has `valid_from` and `valid_to`), `event` (has `event_date`), `yearly` (has `reference_year`), `aggregate` (has `reference_year` and no person).",
    ),
    Property::new(
        On::Contract,
        "wdl.sheet",
        (Holds::Text, Needed::No),
        "Il foglio atteso, quando `wdl.layout` è `workbook`.",
        "The expected sheet, when `wdl.layout` is `workbook`.",
    ),
    Property::new(
        On::Contract,
        "wdl.title",
        (Holds::Pair, Needed::Always),
        "Come si chiama l'archivio, per le persone.",
        "What the dataset is called, for people.",
    ),
];

const NOTICE: &[Part] = &[
    Part::new(
        "it",
        (Holds::Text, true),
        "Dove le persone sono informate, in italiano.",
        "Where people are told, in Italian.",
    ),
    Part::new(
        "en",
        (Holds::Text, true),
        "Dove le persone sono informate, in inglese.",
        "Where people are told, in English.",
    ),
    Part::new(
        "url",
        (Holds::Text, false),
        "L'indirizzo a cui l'informativa si legge.",
        "The address at which the notice can be read.",
    ),
];

const LATE: &[Part] = &[
    Part::new(
        "due_days",
        (Holds::Whole, true),
        "Giorni dalla fine del periodo entro cui la consegna è dovuta.",
        "Days after the end of the period in which the delivery is due.",
    ),
    Part::new(
        "last_days",
        (Holds::Whole, false),
        "Giorni dalla fine del periodo dopo i quali non è più accettata.",
        "Days after the end of the period after which the lab may refuse it.",
    ),
];

const DRIFT: &[Part] = &[
    Part::new(
        "rows",
        (Holds::Share, false),
        "Variazione relativa del numero di righe: 0.2 è un quinto in più o in meno.",
        "Relative change of the count of rows: 0.2 is a fifth more or less.",
    ),
    Part::new(
        "totals",
        (Holds::Share, false),
        "Variazione relativa del totale di una colonna di euro.",
        "Relative change of the total of a column of euro.",
    ),
    Part::new(
        "missing",
        (Holds::Share, false),
        "Variazione della quota di celle vuote di una colonna: 0.05 è cinque su cento.",
        "Change of the share of empty cells of a column: 0.05 is five in a hundred.",
    ),
];
