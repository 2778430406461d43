# Parole del sito pubblico.

# Navigazione
skip = Vai al contenuto
notice-label = Avviso sui dati
languages-label = Lingue
language-name = Italiano
menu-label = Menu principale
crumbs-label = Percorso
foot-label = Piede di pagina
aside-label = In breve
toc-label = In questa pagina
nav-home = Pagina iniziale
nav-data = Dati da scaricare
nav-acts = Che cosa si fa con i dati
nav-how-to-read = Come leggere i dati
nav-accessibility = Accessibilità
foot-contact = Per domande e segnalazioni:
foot-licence = I dati si possono riusare con licenza
foot-plain = Il sito non usa cookie, non esegue programmi nel browser e non chiede nulla ad altri siti.
accessibility-contact = Per segnalare un ostacolo o chiedere un contenuto in un’altra forma:

# Frasi sui dati
finding-none = dato non ancora pubblicato
finding-title-none = { $title }: nessun dato pubblicabile.
finding = { $title }: { $value }{ $about } { $when }.
finding-rest = { $when }{ $about }.
finding-hidden = { $title }: il dato del { $period } { $gap ->
    [suppressed] è soppresso
    [not-computable] non è calcolabile
   *[other] non è raccolto
}.
last-shown = L’ultimo dato pubblicato era { $value }{ $about }, { $when }.
last-none = Nessun periodo ha un dato che si possa pubblicare.
spread-ends-finding = { $title }: da { $low } ({ $low_label }) a { $high } ({ $high_label }) { $when }.
spread-ends-rest = { $when }: il valore più basso per “{ $low_label }”, il più alto per “{ $high_label }”.
spread-same-finding = { $title }: { $low } per ogni gruppo pubblicato, { $when }.
spread-same-rest = { $when }, lo stesso per ogni gruppo pubblicato.
spread-one-finding = { $title }: { $low } per “{ $low_label }”, l’unico gruppo pubblicato, { $when }.
spread-one-rest = { $when } per “{ $low_label }”, l’unico gruppo pubblicato.
spread-when-one = per “{ $label }”, { $period }
spread-when = per { $dimension }, { $period }
finding-about = { " " }(circa { $words })
finding-newer = Nel { $period } il dato { $gap ->
    [suppressed] è soppresso
    [not-computable] non è calcolabile
   *[other] non è raccolto
}.
when = nel { $period }
one-in = { $some } su { $of }
change-none = Un anno prima era lo stesso: { $before }.
change-up-points = Un anno prima era { $before }: { $diff } punti percentuali in più.
change-down-points = Un anno prima era { $before }: { $diff } punti percentuali in meno.
change-up = Un anno prima era { $before }: { $diff } in più ({ $percent }).
change-down = Un anno prima era { $before }: { $diff } in meno ({ $percent }).
change-unknown = Non si può confrontare con il { $period }: il dato { $gap ->
    [suppressed] è soppresso
    [not-computable] non è calcolabile
   *[other] non è raccolto
}.
change-uncertain = La differenza rientra nell’incertezza della misura.
changed-at-most = Il numero è modificato un poco per riservatezza: dista dal vero al più { $away }.
changed-by-chance = Il numero ha un rumore casuale per riservatezza: almeno 95 volte su 100 dista dal vero non più di { $away }.
changed-value = circa { $value }
period-range = { $first } – { $last }
figure-series-title = { $title }: { $value } { $when }
figure-ends-title = { $said ->
    [yes] { $title }
   *[no] { $title } per { $dimension }
}: da { $low } ({ $low_label }) a { $high } ({ $high_label })
figure-ends-uncertain-title = { $said ->
    [yes] { $title }
   *[no] { $title } per { $dimension }
}: fra { $low } ({ $low_label }) e { $high } ({ $high_label }), differenza entro l’incertezza
figure-by-title = { $said ->
    [yes] { $title }, { $period }
   *[no] { $title } per { $dimension }, { $period }
}
figure-history-title = { $said ->
    [yes] { $title }, { $first } – { $last }
   *[no] { $title } per { $dimension }, { $first } – { $last }
}
figure-too-deep = La tabella incrocia troppe dimensioni per stare in una pagina: si trova nei file da scaricare.
figure-changed-title = { $title } (numeri modificati per riservatezza)
block-more = { $title }: definizione, tabelle e file

# File
csv-period = Periodo
total-word = Totale
measure-label = Misura
measure-standard-error = Errore standard
measure-n-with = Casi con la caratteristica
measure-coverage = Copertura
files-title = Scaricare questi dati
file-csv = CSV
file-csv-it = CSV per Excel italiano
file-json-stat = JSON-stat 2.0
file-svg = Grafico SVG
file-map = Mappa SVG
file-lineage = Provenienza (JSON)
file-rules = Regole applicate (JSON, firmato)

# Pagina iniziale
home-dated = Dati aggiornati al { $date }.
home-articles = Approfondimenti
home-theme-more = altri { $count } dati
home-acts = Ogni consegna, elaborazione, esame e pubblicazione lascia una traccia firmata in un registro che chiunque può verificare.
home-acts-more = Leggi chi ha fatto che cosa, e che cosa è stato rifiutato
home-more = Per capire e per riusare
home-how-to-read = che cosa vuol dire un dato soppresso, che cosa è un intervallo, di quale anno sono i redditi
home-data = ogni tabella in CSV e JSON-stat, senza registrazione
home-returns = che cosa hanno reso possibile le consegne di ciascun ente
home-bodies = Aderiscono:

# Tema
theme-indicators = I dati
theme-others = Gli altri dati

# Indicatore
indicator-over-time = Nel tempo
indicator-by = Per { $dimension }
indicator-history = Tutti i periodi ({ $count })
indicator-facts = Che cosa misura e come leggerlo
indicator-origin = Da dove viene
fact-population = Di chi si parla
fact-period = Periodo descritto
fact-date = Dati aggiornati al
fact-hidden-short = Dati soppressi
fact-changed = Numeri modificati per riservatezza
fact-definition = Definizione
fact-source = Fonte della definizione
fact-base = Su che cosa si basa
fact-coverage = Che cosa si vede e che cosa no
fact-uncertainty = Incertezza
fact-hidden = Dati soppressi o mancanti
fact-observable = Dove si osserva
period-years = { $range }, anni interi. Per i redditi è l’anno in cui sono stati percepiti, non quello in cui sono stati dichiarati.
period-quarters = { $range }, trimestri. Le situazioni sono quelle dell’ultimo giorno; gli eventi sono quelli avvenuti nel periodo.
observable-register = archivi amministrativi degli enti
observable-survey = indagine campionaria
observable-simulation = simulazione di regole
observable-none = non osservabile con i dati del laboratorio
hidden-none-short = nessuno
hidden-some-short = { $count } su { $cells }
changed-at-most-short = tutti, ciascuno al più di { $away }
changed-by-chance-short = tutti, con un rumore casuale
hidden-none = Nessun dato è stato soppresso.
hidden-some = { $form ->
    [one] È soppressa una cella su { $cells }
   *[other] Sono soppresse { $count } celle su { $cells }
}, per non rendere riconoscibile nessuno: la cella riguarda troppo pochi casi (o tutti quelli di un gruppo), oppure permetterebbe di ricavarne un’altra con una sottrazione.
hidden-not-computable = { $form ->
    [one] Una cella non è calcolabile: non c’è nessun caso o la misura non è definita.
   *[other] { $count } celle non sono calcolabili: non c’è nessun caso o la misura non è definita.
}
hidden-not-collected = { $form ->
    [one] Una cella manca perché la fonte non è arrivata per quel periodo.
   *[other] { $count } celle mancano perché la fonte non è arrivata per quei periodi.
}
origin-method = Metodo e versione
origin-code = Versione del programma
origin-definition = Impronta della definizione
origin-snapshot = Versione della base
origin-tables = Tabelle della base lette
origin-deliveries = Consegne
origin-deliveries-count = { $form ->
    [one] una consegna degli enti
   *[other] { $count } consegne degli enti
} (l’elenco è nel file della provenienza)
releases-caption = Chi ha chiesto e chi ha permesso la pubblicazione
release-id = Rilascio
release-asked = Chiesto da
release-reviews = Esaminato da
release-day = Rilasciato il
release-entry = Voce del registro
trace-title = Risalire da un numero alle consegne
trace-words = Ogni cella pubblicata ha un indirizzo. Con il programma del laboratorio, anche senza rete, si risale dalla cella alle consegne, alle versioni dei contratti e del programma, e a chi ha approvato:
trace-form = L’indirizzo di ogni cella sta nella colonna “cell” dei file CSV; ha la forma
trace-breakdown = tabella
trace-period = periodo
trace-categories = categorie

# Dati
data-lead = Ogni tabella pubblicata, in formati aperti. I file in un’altra lingua si trovano nelle pagine in quella lingua.
data-cells = celle
data-changed = numeri modificati per riservatezza
data-whole = Tutto insieme
data-file-acts = ogni voce del registro
data-file-ledger = il registro firmato, come lo scrive il laboratorio
data-file-index = l’elenco di tutti i file, con rilascio, versione della base e impronta di ognuno
data-fields = Le colonne dei file CSV
data-fields-words = I CSV seguono la norma RFC 4180: virgola fra i campi, punto decimale, UTF-8. La versione per Excel italiano usa il punto e virgola e la virgola decimale. Per ogni dimensione ci sono il codice e i nomi nelle due lingue; “_T” è il totale. Le quote sono frazioni di uno.
field-indicator = l’indicatore
field-period = il periodo descritto: anno (2024) o trimestre (2026-Q3)
field-value = il valore; vuoto se non c’è
field-standard-error = l’errore standard, dove ha senso
field-n = i casi su cui si basa
field-n-with = per le quote: i casi con la caratteristica
field-coverage = la parte della popolazione che le fonti vedono
field-status = value (valore), suppressed (soppresso), not_computable (non calcolabile), not_collected (non raccolto)
field-protection = solo dove i numeri sono modificati invece di sopprimere quelli piccoli: controlled_rounding (arrotondati), cell_keys (spostati un poco), differential_privacy (con un rumore casuale)
field-distance-max = solo lì: di quanto al più il valore dista dal vero; vuoto dove lo limita solo il caso, e allora lo dice l’errore standard
field-unit = l’unità di misura
field-release = il rilascio con cui la tabella è uscita
field-snapshot = la versione della base
field-cell = l’indirizzo della cella, per risalire alle consegne

# Che cosa si fa con i dati
acts-title = Che cosa si fa con i dati
acts-lead = Gli enti consegnano al laboratorio dati pseudonimizzati. Qui si legge che cosa è arrivato, che cosa se ne è fatto, chi lo ha permesso e che cosa è stato rifiutato.
acts-people = Il laboratorio non può dare un nome alle persone: nomi e codici fiscali restano agli enti. Escono soltanto tabelle esaminate da due persone diverse da chi le ha preparate. Nessuna decisione su una singola persona può nascere da qui.
acts-who = Che cosa è arrivato
acts-none = Ancora nulla.
acts-uses = Che cosa è uscito, e chi lo ha permesso
acts-uses-words = Ogni rilascio è chiesto da una persona ed esaminato da altre due. Solo ciò che è stato rilasciato si trova in questo sito.
acts-refusals = Che cosa è stato rifiutato
acts-refusals-words = Anche un rifiuto lascia una voce nel registro. Il codice dice il motivo.
acts-no-refusals = Nessun rifiuto.
acts-all = Il registro
acts-all-words = Il registro è una catena: ogni voce contiene l’impronta di quella prima, così che nessuna si possa cambiare o togliere senza che si veda. Il file con tutte le voci:
acts-ledger-words = Il registro firmato, com’è:
acts-shown = Le voci del registro, dalla più recente ({ $shown } su { $count })
acts-checkpoint = Come verificare
acts-checkpoint-words = Chi conserva questo sigillo può controllare più avanti che il registro non sia stato accorciato né riscritto, con il comando “wdl audit verify”.
checkpoint-words = Il sigillo copre { $count } voci, fino al { $time }.
checkpoint-root = Impronta
checkpoint-signature = Firma
checkpoint-key = Chiave
checkpoint-none = Nessun sigillo ancora pubblicato.
datasets-caption = Consegne accettate, per archivio
dataset-name = Archivio
dataset-body = Ente
dataset-deliveries = Consegne
dataset-newest = Ultimo periodo
dataset-rows = Righe, circa
dataset-last = Ultimo arrivo
refusals-caption = Voci con un rifiuto, dalla più recente
use-asked = Chiesto da:
use-reviewed = Esaminato da:
use-released = Rilasciato il
tally-deliveries = { $form ->
    [one] consegna accettata
   *[other] consegne accettate
}
tally-builds = { $form ->
    [one] versione della base
   *[other] versioni della base
}
tally-releases = { $form ->
    [one] rilascio
   *[other] rilasci
}
tally-refusals = { $form ->
    [one] rifiuto
   *[other] rifiuti
}
act-sequence = Voce
act-time = Quando (UTC)
act-words = Che cosa
act-actor = Chi
act-outcome = Esito
act-entry = Impronta
act-done = fatto
act-refused = rifiutato ({ $code })
act-lab = Nasce il laboratorio, con il suo accordo
act-received = Consegna di { $body }: { $dataset }, { $period }, circa { $rows } righe
act-offered = Consegna offerta: { $known }
act-offered-unknown = Consegna offerta, di origine non riconosciuta
act-study-plan = Letto il disegno dello studio { $study }, senza l’esito
act-study-register = Registrato lo studio { $study }, prima di leggerne l’esito
act-study-run = Eseguito lo studio { $study }
act-study-run-before = Eseguito lo studio { $study } senza registrarlo prima
act-request-none = Richiesta di rilascio
act-review-none = Voto sigillato sul rilascio { $release }
act-vote-opened = Aperto un voto sul rilascio { $release }
act-noise-paid = Estratto il rumore per la popolazione { $population }: del suo budget è speso in tutto ε = { $spent }
act-drafts-read = Lette dentro il laboratorio tabelle non rilasciate, già passate dal controllo di riservatezza
act-transcript-kept = Sigillata la trascrizione { $transcript }
act-transcript-read = Letta dentro il laboratorio la trascrizione { $transcript }
act-transcript-destroyed = Distrutta la trascrizione { $transcript }, per revoca del consenso
act-transcript-none = Atto su una trascrizione
act-verified = Verificato il registro
act-build = Costruita la versione { $snapshot } della base
act-doubt-same = Deciso sul dubbio { $doubt } del collegamento: una persona sola
act-doubt-different = Deciso sul dubbio { $doubt } del collegamento: persone diverse
act-doubt-none = Decisione sul dubbio { $doubt } del collegamento
act-doubt-unknown = Decisione su un dubbio del collegamento
act-build-none = Costruzione della base
act-request = Chiesto il rilascio { $release }
act-review-yes = Voti a favore del rilascio { $release }, aperto l'ultimo
act-review-no = Voti contrari al rilascio { $release }, aperto l'ultimo
act-release = Rilascio { $release }
act-withdrawal = Ritiro del rilascio { $release }
withdrawn-told = Questo dato è stato ritirato il { $date }: non è più pubblicato (rilascio { $release }).
withdrawn-why = Perché: { $reason }
act-certified = Certificate le chiavi per { $days } giorni: { $bodies }
act-publication = Pubblicato il sito

# Cosa torna agli enti
nav-bodies = Cosa torna agli enti
bodies-lead = Ogni ente consegna dati e ne riceve conoscenza che da solo non avrebbe. Per ognuno: gli indicatori che poggiano sulle sue consegne, e che fine hanno fatto le righe consegnate.
body-title = Cosa torna al tuo ente: { $body }
body-lead = { $form ->
    [one] Una consegna
   *[other] { $deliveries } consegne
} di { $datasets_form ->
    [one] un archivio
   *[other] { $datasets } archivi
}: su questi dati { $indicators_form ->
    [one] poggia un indicatore
   *[other] poggiano { $indicators } indicatori
} dei { $published } pubblicati in questo sito.
body-lead-unused = { $form ->
    [one] Una consegna
   *[other] { $deliveries } consegne
} di { $datasets_form ->
    [one] un archivio
   *[other] { $datasets } archivi
}: nessuno dei { $published } indicatori pubblicati in questo sito poggia ancora su questi dati.
body-lead-none = { $body } non consegna dati propri al laboratorio: ciò che ha fatto sta nel registro degli atti.
body-returned = Gli indicatori che i tuoi dati hanno reso possibili
body-returned-words = L’elenco non è scritto a mano: viene dalla provenienza di ogni tabella pubblicata, che nomina le consegne da cui è nata.
body-rests-on = Dai tuoi archivi: { $names }.
body-with = Insieme ai dati di: { $names }.
body-deliveries = Che cosa è arrivato da te
body-deliveries-words = Le consegne accettate dal { $first } al { $last }. Un trimestre senza consegna è normale per gli archivi che cambiano una volta l’anno.
body-quarters = Trimestri con una consegna
body-quarters-all = { $came } su { $all }
body-quarters-some = { $came } su { $all } (mancano: { $missed })
body-indicators = Indicatori
body-rejected = Righe respinte
body-without-person = Righe senza una persona
body-share-none = nessuna
body-share-little = meno di 0,1%
body-rows-words = Le righe sono contate alla decina, come nel registro pubblico. Una riga senza una persona non ha un codice fiscale valido: resta nei conteggi, e il collegamento la attribuisce dove può.
body-refused = { $form ->
    [one] Una consegna è stata rifiutata: il motivo è nel registro.
   *[other] { $count } consegne sono state rifiutate: i motivi sono nel registro.
}
body-work = Che cosa hanno fatto i tuoi uffici
body-builds = { $form ->
    [one] Hanno costruito una versione della base.
   *[other] Hanno costruito { $count } versioni della base.
}
body-reviews = { $form ->
    [one] Hanno esaminato una richiesta di pubblicazione.
   *[other] Hanno esaminato { $count } richieste di pubblicazione.
}
body-releases = { $form ->
    [one] Hanno eseguito un rilascio.
   *[other] Hanno eseguito { $count } rilasci.
}
body-acts = ogni consegna, esame e rifiuto, con la sua firma
origin-bodies = Enti che l’hanno reso possibile

# Valutazioni
nav-studies = Valutazioni
studies-lead = Che cosa cambiano le misure, e per chi: ogni valutazione dichiara domanda, dati e metodo prima di leggere i risultati.
study-mark = Esito letto prima della registrazione: domanda e metodo non erano dichiarati quando si sono visti i risultati.
study-draft = Bozza di laboratorio: i numeri hanno passato il controllo di riservatezza, ma escono solo con il rilascio.
study-finding = Effetto su “{ $outcome }”: { $estimate } (intervallo al { $percent } %: da { $low } a { $high }).
study-finding-point = Effetto su “{ $outcome }”: { $estimate }, senza un intervallo: non si può dire quanto sia sicuro.
study-finding-hidden = L’effetto non si pubblica: poggia su troppo pochi casi.
study-finding-none = I dati non permettono una stima.
study-verdict-good = La misura sembra migliorare le cose: senza effetto, dati così sarebbero rari.
study-verdict-bad = La misura sembra peggiorare le cose: senza effetto, dati così sarebbero rari.
study-verdict-more = La misura sembra far crescere l’esito: senza effetto, dati così sarebbero rari.
study-verdict-less = La misura sembra far calare l’esito: senza effetto, dati così sarebbero rari.
study-verdict-open = Non si può dire se la misura cambi qualcosa: l’intervallo comprende lo zero.
study-sure = Quanto è sicuro
study-whom = Per chi
study-cost = Quanto costa
study-how = Come lo sappiamo
study-limits = Che cosa non sappiamo
study-registered = Domanda, dati e metodo erano registrati dal { $date }, prima di leggere l’esito.
study-checks-one = La prova che poteva smentire il disegno non lo smentisce.
study-checks-none = Nessuna delle { $count } prove che potevano smentire il disegno lo smentisce.
study-checks-some = { $form ->
    [one] Una prova su { $count } parla
   *[other] { $against } prove su { $count } parlano
} contro il disegno: il risultato va letto con prudenza.
study-checks-missing = { $form ->
    [one] Una prova sul disegno non si è potuta fare
   *[other] { $count } prove sul disegno non si sono potute fare
}.
study-times-hidden = I tempi che mancano non si pubblicano, o non si possono stimare: poggiano su troppo pochi casi.
study-ways-one = Un altro modo di stimare dà un effetto nello stesso verso: { $low }.
study-ways-one-other = Un altro modo di stimare dà un effetto nel verso opposto: { $low }.
study-ways-all = Gli altri { $count } modi di stimare danno un effetto nello stesso verso: da { $low } a { $high }.
study-ways-some = { $alike } degli altri { $count } modi di stimare danno un effetto nello stesso verso: si va da { $low } a { $high }.
study-power = Il disegno vede con buona probabilità ({ $percent } volte su cento) effetti da { $effect } in su: di più piccoli potrebbero sfuggire.
study-power-kept = L’intervallo è largo { $times } volte quello promesso: si sarebbero visti effetti da circa { $effect } in su.
study-power-far = Molto lontano da quanto promesso: l’intervallo è largo { $times } volte quello del disegno, e si sarebbero visti solo effetti da circa { $effect } in su.
study-false-alarms = Senza alcun effetto questo disegno ne troverebbe uno { $percent } volte su cento, non { $stated }: un risultato appena fuori dall’incertezza vale poco.
study-few = { $run }: queste stime poggiano su poche unità: { $rows }.
study-few-tables = Restano nel laboratorio tabelle con righe che poggiano su poche unità: { $tables }.
study-deviations-short = { $form ->
    [one] Una cosa è cambiata
   *[other] { $count } cose sono cambiate
} dopo la registrazione: sono elencate in fondo.
study-between = { $estimate } (da { $low } a { $high })
study-run-hidden = non si pubblica: troppo pochi casi
study-run-none = i dati non bastano
study-cost-each = La misura costa circa { $cost } per ciascuno ({ $source }).
study-cost-share = { $way ->
    [less] Per ogni caso in meno
   *[more] Per ogni caso in più
} si spendono circa { $cost } (intervallo al { $percent } %: da { $low } a { $high }).
study-cost-euro = Per ogni euro speso l’esito è di circa { $cost } euro { $way ->
    [less] in meno
   *[more] in più
} (intervallo al { $percent } %: da { $low } a { $high }).
study-cost-unit = Per ogni unità { $way ->
    [less] in meno
   *[more] in più
} si spendono circa { $cost } (intervallo al { $percent } %: da { $low } a { $high }).
study-cost-open = Quanto costi ogni risultato non si può dire: l’effetto potrebbe essere nullo.
study-cost-none = Quanto costi ogni risultato non si può dire: manca una stima dell’effetto.
study-counted = Nella stima: { $count } { $unit }, di cui { $treated } { $treated_label } e { $others } { $others_label }.
study-scale-share = effetto su “{ $outcome }”, in punti percentuali
study-scale-euro = effetto su “{ $outcome }”, in euro
study-scale-days = effetto su “{ $outcome }”, in giorni
study-scale-months = effetto su “{ $outcome }”, in mesi
study-scale-years = effetto su “{ $outcome }”, in anni
study-scale-plain = effetto su “{ $outcome }”
study-picture-main = Risultato principale: { $scale }
study-picture-ways = Il risultato e altri modi di stimarlo: { $scale }
study-picture-groups = Il risultato per gruppi: { $scale }
study-picture-times = Prima e dopo l’inizio della misura: { $scale }
study-time = tempo { $time }
study-times = Effetti prima e dopo l’inizio
study-estimates-caption = Tutte le stime: { $scale }
study-run = stima
study-estimate = effetto
study-interval = intervallo
study-p = valore p
study-n = unità
study-mean = media
study-all = tutti
study-sample-caption = Dal disegno alla stima: { $unit }
study-group-caption = Nella stima, per { $group }: { $unit }
study-technical = Rapporto tecnico
study-treatment = La misura
study-outcome = L’esito
study-estimand = Che cosa si stima
study-assumptions = Che cosa deve valere
study-warnings = A che cosa stare attenti
study-warnings-kept = Altri avvisi restano nel laboratorio, perché nominano numeri piccoli.
study-conventions = Come è stato calcolato
study-runs = Stime, metodi e opzioni
study-origin = Registrazione e versioni
study-origin-run = Eseguito
study-origin-registered = Registrato
study-origin-none = no: l’esito è stato letto prima
study-origin-digest = Impronta della registrazione
study-origin-entry = Voce del registro degli atti
study-origin-methods = Metodi registrati
study-deviations = Che cosa è cambiato dopo la registrazione
study-deviations-none = Niente.
study-deviations-caption = Parole dello studio che non sono come furono registrate
study-deviation-key = dove
study-deviation-before = registrato
study-deviation-now = ora
study-deviation-why = perché
study-no-reason = nessuna ragione detta
study-sheet = Scheda di una pagina (PDF)
study-sheet-ident = Scheda di valutazione
study-sheet-foot = Rapporto tecnico, tabelle e registrazione: pagina dello studio sul sito del laboratorio. Versione della base { $snapshot }, registrazione { $digest }.
