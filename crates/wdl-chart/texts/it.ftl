# Parole dei grafici e delle tabelle.
total = Totale
unit-persons = persone
unit-households = famiglie anagrafiche
unit-dwellings = abitazioni
unit-acts = atti o domande
unit-share = percentuale
unit-euro = euro
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
source-line = Dati aggiornati al { $date }. Versione della base: { $snapshot }.

alt-lines = Grafico a linee, { $period }. { $population }.
alt-series = { $label }: da { $first } ({ $first_period }) a { $last } ({ $last_period }); massimo { $high } ({ $high_period }), minimo { $low } ({ $low_period }).
alt-series-one = { $label }: { $first } ({ $first_period }), unico valore.
alt-series-none = { $label }: nessun valore pubblicabile.
alt-dots = Grafico a punti per { $dimension }, { $period }. { $population }.
alt-dots-total = Totale { $value }.
alt-dots-ends = Il valore più alto è { $high } ({ $high_label }), il più basso { $low } ({ $low_label }).
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
caption-latest = { $title }: per { $dimension }, { $period }
caption-crossed = { $title }: { $unit }, per { $dimension } e { $other }, { $period }
