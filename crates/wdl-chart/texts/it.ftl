# Parole dei grafici e delle tabelle.
total = Totale
unit-persons = persone
unit-households = famiglie anagrafiche
unit-dwellings = abitazioni
unit-acts = atti o domande
unit-share = percentuale
unit-euro = euro
unit-day = giorno
unit-days = giorni
unit-month = mese
unit-months = mesi
unit-year = anno
unit-years = anni
unit-ratio = rapporto

gap-suppressed = soppresso
gap-suppressed-meaning = il dato riguarda troppo pochi casi, oppure permetterebbe di ricavarne uno che li riguarda: non si pubblica
gap-not-computable = non calcolabile
gap-not-computable-meaning = non c’è nessun caso, o la misura qui non è definita
gap-not-collected = non raccolto
gap-not-collected-meaning = la fonte non è arrivata per questo periodo
gap-absent = non disponibile
gap-absent-meaning = la tabella non contiene questo valore

period-range = { $first } – { $last }
axis-cut = L’asse verticale non parte da zero.
band-95 = La fascia chiara è l’intervallo di confidenza al 95%.
line-total = La linea tratteggiata è il totale.
whisker-95 = La barretta è l’intervallo di confidenza al 95%.
interval-logarithm = L’intervallo è calcolato sul logaritmo del rapporto, dove il doppio e la metà sono ugualmente lontani da 1: per questo non è simmetrico.
by-dimension = per { $dimension }
source-line = Dati aggiornati al { $date }. Versione della base: { $snapshot }.

alt-lines = Grafico a linee, { $period }. { $population }.
alt-series = { $label }: da { $first } ({ $first_period }) a { $last } ({ $last_period }); massimo { $high } ({ $high_period }), minimo { $low } ({ $low_period }).
alt-series-one = { $label }: { $first } ({ $first_period }), unico valore.
alt-series-none = { $label }: nessun valore pubblicabile.
alt-dots = Grafico a punti per { $dimension }, { $period }. { $population }.
alt-dots-total = Totale { $value }.
alt-dots-ends = Il valore più alto è { $high } ({ $high_label }), il più basso { $low } ({ $low_label }).
alt-dots-one = L’unico valore pubblicabile è { $value } ({ $label }).
alt-dots-none = Nessun valore pubblicabile.
alt-gaps = { $form ->
    [one] Manca un valore
   *[other] Mancano { $count } valori
} ({ $reasons }).

column-period = Periodo
column-value = Valore
column-interval = Intervallo al 95%
column-coverage = Copertura
caption-series = { $title }: { $unit }, per periodo, { $period }
caption-over-time = { $title }: { $unit }, per periodo e { $dimension }, { $period }
caption-over-time-cut = { $title }: { $unit }, per { $dimension }, ultimi { $shown } periodi su { $count } (tutti nei file da scaricare)
caption-latest = { $said ->
    [yes] { $title }, { $period }
   *[no] { $title }: per { $dimension }, { $period }
}
caption-crossed = { $title }: { $unit }, per { $dimension } e { $other }, { $period }

alt-map = Mappa per { $dimension }, { $period }. { $population }.
alt-heat = Tabella a colori per { $dimension } e { $other }, { $period }. { $population }.
classes-note = Ogni classe comprende il suo limite inferiore.
map-circles = L’area di ogni cerchio è proporzionale al numero.
map-no-error = Il colore non dice quanto è incerto il valore: l’intervallo è nella tabella.
map-total = Totale: { $value }.
map-off = Fuori dalla mappa: { $label } ({ $value }).
map-unwritten = Dove il valore non è scritto nell’area, lo è nella tabella.
heat-shared = La scala dei colori è la stessa per tutte le celle; i totali non sono colorati.
alt-multiples = Piccoli grafici a linee, uno per { $dimension }, { $period }. { $population }. Nell’ultimo periodo ({ $last }):
multiples-scale = Tutti i grafici hanno la stessa scala.

alt-funnel = Grafico a imbuto per { $dimension }, { $period }. { $population }. Il totale è { $total }. { $form ->
    [none] Nessuno dei { $count } valori sta fuori dai limiti del caso al 99,8%.
    [one] Uno dei { $count } valori sta fuori dai limiti del caso al 99,8%: { $names }.
   *[other] { $outside } valori su { $count } stanno fuori dai limiti del caso al 99,8%: { $names }.
}
funnel-total = La linea piena è il totale, { $total }.
funnel-limits = Fra le due curve tratteggiate starebbe il 95% dei valori, fra le due piene il 99,8%, se le differenze fossero solo casuali.
funnel-width = I limiti sono { $width } volte più larghi di quelli di casi indipendenti, come gli errori standard della tabella: chi sta nella stessa famiglia ha la stessa sorte.

alt-histogram = Istogramma per { $dimension }, { $period }. { $population }.
alt-thresholds = Linee: { $lines }.
histogram-upward = { $unit } per ogni { $width } di ampiezza
histogram-area = L’area di ogni barra è proporzionale al numero: le classi hanno ampiezze diverse.
histogram-open = L’ultima classe non ha un limite superiore: è disegnata larga come la precedente.

alt-lorenz = Curva di Lorenz, { $period }. { $population }. La metà più povera ha { $half } del totale; il doppio dell’area fra la curva e l’uguaglianza è { $area }.
lorenz-across = parte della popolazione, dai più poveri
lorenz-upward = parte del totale
lorenz-half = La metà più povera ha { $half } del totale.
lorenz-equal = La linea tratteggiata è l’uguaglianza: ogni parte della popolazione avrebbe la stessa parte del totale.
lorenz-groups = Dentro ogni gruppo tutti sono presi come uguali: la disuguaglianza che si vede è un poco meno di quella che c’è.

alt-flow = Passaggi, { $period }. { $population }. { $stages }.
flow-passed = { $share } del passaggio precedente
flow-note = Ogni passaggio è una parte di quello sopra: le larghezze sono proporzionali ai numeri.
