# Parole del rapporto di un collegamento.
skip = Vai al contenuto
brand = Collegamento di record: rapporto
summary = In breve
attention = Che cosa guardare
see = Guarda
toc = Parti del rapporto
numbers = I numeri
command = Comando
model-text = Modello
foot = Il rapporto non contiene valori dei record: solo conteggi, nomi delle colonne e, negli esempi di coppie, i codici dei record. Le stime vengono dal modello; dove ci sono coppie note, la misura sta accanto alla stima.

title-link = { $links ->
    [zero] Nessun collegamento fra «{ $a }» e «{ $b }»
    [one] Un collegamento fra «{ $a }» e «{ $b }»
   *[other] { $count } collegamenti fra «{ $a }» e «{ $b }»
}
title-dedupe = { $links ->
    [zero] Nessun doppione in «{ $a }»
    [one] Una coppia di doppioni in «{ $a }»
   *[other] { $count } coppie di doppioni in «{ $a }»
}
title-many = { $links ->
    [zero] Nessun collegamento fra { $sources } fonti
    [one] Un collegamento fra { $sources } fonti
   *[other] { $count } collegamenti fra { $sources } fonti
}
source-records = «{ $name }» ({ $form ->
    [one] un record
   *[other] { $count } record
})
lead-records = Sono stati cercati i record della stessa persona in { $sources }. { $form ->
    [zero] Non ne risulta nessuno.
    [one] Ne risulta un gruppo, con { $records } record.
   *[other] Ne risultano { $clusters } gruppi, con { $records } record in tutto.
}
lead-sure = Quanto è sicuro: il modello stima giusti { $precision } dei collegamenti e trovate { $recall } delle coppie vere. In numeri: collegamenti sbagliati, { $wrong }; coppie vere non trovate, { $lost }.
lead-measured = Misurato sulle coppie note ({ $pairs }): giusti { $precision } dei collegamenti, trovate { $recall } delle coppie.
less-than-one = meno di 1
about = circa { $count }
tile-records = record letti
tile-links = collegamenti
tile-precision = giusti, stimati (precisione)
tile-recall = trovati, stimati (completezza)

point-unsure = { $form ->
    [one] Una coppia è incerta
   *[other] { $count } coppie sono incerte
} (probabilità fra il { $low } e il { $high }): conviene che una persona le riveda.
point-sure = Nessuna coppia è incerta (probabilità fra il { $low } e il { $high }).
point-repairs = { $form ->
    [one] Un gruppo non rispettava le regole ed è stato diviso.
   *[other] { $count } gruppi non rispettavano le regole e sono stati divisi.
}
point-unlinkable = { $form ->
    [one] Un record su { $whole } dice troppo poco
   *[other] { $count } record su { $whole } dicono troppo poco
} per essere collegati: servono dati più completi, non un’altra soglia.
point-blocking = Le regole di confronto lasciano fuori circa { $share } delle coppie vere: un’altra regola le può recuperare.
point-useless-rule = { $form ->
    [one] Una regola di confronto non aggiunge
   *[other] { $count } regole di confronto non aggiungono
} nessuna coppia: si { $form ->
    [one] può
   *[other] possono
} togliere.
point-left-out = { $form ->
    [one] Una chiave troppo frequente è stata lasciata
   *[other] { $count } chiavi troppo frequenti sono state lasciate
} fuori dal confronto: chi ha in comune solo quella non è stato confrontato.
point-group = Categoria «{ $group }»: il risultato è peggiore che nel complesso: precisione { $precision }, completezza { $recall }.
point-weak-field = «{ $field }» distingue poco: anche quando coincide sposta il peso di meno di mezzo punto.
point-no-link = Nessuna coppia arriva alla soglia: o i record sono di persone diverse, o le colonne in comune non bastano.

section-trust = Quanto ci si può fidare
section-weights = I pesi delle coppie
section-fields = Che cosa conta nel confronto
section-blocking = Quali coppie si confrontano
section-unlinkable = Record che dicono troppo poco
section-clusters = Gruppi
section-examples = Tre coppie da vicino
section-review = La revisione a mano
section-model = Il modello

trust-words = Una coppia è un collegamento quando la probabilità che sia la stessa persona arriva a { $cut } (peso { $weight }). Alzando la soglia i collegamenti sbagliati calano, ma calano anche quelli trovati.
trust-caption = Quanto è giusto e quanto è completo il risultato
trust-corner = Misura
trust-estimated = Stima del modello
trust-measured = Misura sulle coppie note
trust-precision = Precisione: parte giusta dei collegamenti
trust-recall = Completezza: parte trovata delle coppie vere
trust-f1 = F1: media armonica delle due
trust-compared = Parte delle coppie vere che si confronta
trust-matches = Coppie vere in tutto
groups-caption = Stime per categoria di record
groups-corner = Categoria
groups-records = Record
groups-linked = Collegati
groups-precision = Precisione stimata
groups-recall = Completezza stimata
groups-unlinkable = Dicono troppo poco
cut-title = F1 è più alto con la soglia { $best }; quella usata è { $cut }
cut-title-good = La soglia usata è fra le migliori: nessun’altra alza F1 di più di un millesimo
cut-words = Il disegno conta tutte le coppie da una soglia in su; la tabella sopra conta i collegamenti decisi, in cui un record va con uno solo quando la fonte non ha doppioni, e comprende le coppie imposte dai gruppi.

weights-title = { $form ->
    [zero] Nessuna coppia è incerta
    [one] Una coppia incerta su { $pairs } confrontate
   *[other] { $count } coppie incerte su { $pairs } confrontate
}
weights-words = Il peso di una coppia riassume tutti i confronti, dopo la calibrazione, e tiene conto degli altri record con cui i due potrebbero andare: sopra zero è più probabile che sia la stessa persona, sotto zero che siano persone diverse.

fields-title = «{ $field }» è ciò che convince di più
fields-title-none = Nessun campo è stato confrontato
chances-title = Che cosa coincide per caso: soprattutto «{ $field }»

blocking-title = Confrontate { $share } delle coppie possibili
blocking-words = Non si confrontano tutte le coppie: solo quelle che hanno qualcosa in comune, secondo almeno una regola. Il modello stima che così si confrontino { $recall } delle coppie vere.

unlinkable-title = { $form ->
    [zero] Tutti i record dicono abbastanza
    [one] Un record su { $whole } dice troppo poco
   *[other] { $count } record su { $whole } dicono troppo poco
}

unlinkable-sample = I record sono molti: ne sono stati guardati { $count }, uno ogni tanti.

clusters-caption = Gruppi per numero di record
clusters-corner = Record nel gruppo
clusters-count = Gruppi
clusters-records = Record in tutto
clusters-none = Nessun gruppo ha più di un record.
cluster-title = { $form ->
    [zero] Un gruppo di { $count } record
   *[other] Un gruppo di { $count } record che è stato diviso
}
names-caption = Nomi e gruppi (un record non collegato è un gruppo da solo)
names-corner = Che cosa si vede
names-share = Parte
names-homonymous = Nome in comune con un altro gruppo: due persone omonime, o un collegamento mancato
names-varied = Più di un nome nello stesso gruppo: varianti, o due persone unite per errore
repairs-none = Nessun gruppo ha dovuto essere diviso.
repairs-caption = Gruppi divisi, per regola
repairs-corner = Regola non rispettata
repairs-clusters = Gruppi
repairs-cut = Coppie tagliate

examples-words = Il peso di una coppia parte da quello di due record a caso e cambia campo per campo. Qui stanno gli unici codici di record del rapporto.
example-usual = Un collegamento come tanti: { $a } – { $b }
example-last-in = Il collegamento più vicino alla soglia: { $a } – { $b }
example-first-out = La coppia più vicina alla soglia rimasta fuori: { $a } – { $b }

pair-link = I due record sono collegati
pair-no-link = I due record non sono collegati
step-together = insieme
step-together-why = ciò che i campi dicono l’uno con l’altro (chi convive, chi ha cambiato casa)
step-calibration = calibrazione
step-calibration-why = correzione con coppie che si sa di persone diverse

review-words = La revisione dice quanto le stime sono giuste. Si fa sugli esiti dei confronti, mai sui valori: chi rivede non ha bisogno di vedere nomi o date.
review-step-1 = Preparare i fogli: un campione di coppie di ogni peso, mescolate, in due copie per due persone.
review-step-2 = Ciascuna persona segna, per conto suo, se è la stessa persona, se non lo è, o se non si può dire.
review-step-3 = Rileggere i due fogli: ne vengono precisione e completezza con il loro intervallo, e quanto le due persone sono d’accordo (kappa).

columns-caption = Le colonne e che cosa se n’è riconosciuto
columns-corner = Colonna
columns-kind = Tipo
columns-why = Perché
columns-missing = Senza valore
columns-distinct = Valori diversi
model-words = Il modello completo, come è stato usato: salvato in un file si può riusare con --model.
