
# Parole dei disegni di un collegamento fra record.
nothing-compared = Nessuna coppia è stata confrontata.
at-cut = soglia { $chance }
axis-weight = peso della coppia
axis-probability = probabilità che sia la stessa persona
axis-cut-weight = soglia (peso)
axis-cut-probability = soglia (probabilità)
times-for = { $times } volte più frequente nella stessa persona
times-against = { $times } volte più frequente in persone diverse
weight-range = da { $from } a { $to }

weights-subtitle = Quanto ogni esito di un confronto parla a favore (a destra) o contro (a sinistra) che due record siano della stessa persona
weights-for = a favore
weights-against = contro
weights-prior = Due record a caso
weights-prior-chance = stessa persona in { $chance } delle coppie
weights-note = Un punto in più raddoppia il rapporto fra probabilità a favore e contro; un punto in meno lo dimezza.
weights-caption = Peso di ogni esito del confronto, campo per campo
weights-alt = Due record presi a caso partono da { $prior } (stessa persona in { $chance } delle coppie).
weights-alt-for = A favore pesa di più «{ $field }: { $level }» ({ $weight }, esito { $times } volte più frequente nella stessa persona).
weights-alt-against = Contro pesa di più «{ $field }: { $level }» ({ $weight }, esito { $times } volte più frequente in persone diverse).

chances-subtitle = Quanto spesso ogni esito capita fra i record della stessa persona e fra quelli di persone diverse
chances-m = stessa persona (m)
chances-u = persone diverse (u)
chances-note = Un campo serve tanto più quanto più le due barre sono diverse. I valori che mancano non contano.
chances-caption = Frequenza di ogni esito fra i record della stessa persona (m) e di persone diverse (u)
chances-alt-m = Fra i record della stessa persona il campo che coincide più spesso è «{ $high }» ({ $high_share }), meno spesso «{ $low }» ({ $low_share }).
chances-alt-u = Fra persone diverse coincide per caso più spesso «{ $high }» ({ $high_share }), meno spesso «{ $low }» ({ $low_share }).

histogram-subtitle = Coppie confrontate per peso, in scala logaritmica; sotto, che cosa lascia passare e che cosa perde ogni soglia
histogram-pairs = coppie confrontate
histogram-matches = di cui attese della stessa persona
histogram-fdr = collegamenti sbagliati attesi (FDR)
histogram-fnr = coppie vere perse attese (FNR)
histogram-note = Le barre hanno una scala logaritmica: ogni riga vale dieci volte o più la riga sotto. FDR e FNR sono stime del modello.
histogram-caption = Coppie per peso, e stime del modello per una soglia all’inizio di ogni intervallo
histogram-alt = { $pairs } coppie confrontate, con pesi da { $low } a { $high }; il modello ne attende { $matches } della stessa persona. Dalla soglia { $chance } in su stanno { $above } coppie: ne sono attese sbagliate { $fdr }, e resta sotto { $fnr } di quelle vere.

waterfall-subtitle = Dal peso di due record a caso al totale della coppia, un campo alla volta; in alto la probabilità, in basso il peso
waterfall-for = a favore
waterfall-against = contro
waterfall-rare = { $field }: valore raro
waterfall-common = { $field }: valore comune
waterfall-total = Totale della coppia
waterfall-note = Un campo in cui manca un valore vale zero: non dice niente.
waterfall-caption = Il peso della coppia, passo per passo
waterfall-alt-link = La coppia è un collegamento: peso { $total } (probabilità { $chance }), non sotto la soglia { $cut }, partendo da { $prior }.
waterfall-alt-none = La coppia non è un collegamento: peso { $total } (probabilità { $chance }), sotto la soglia { $cut }, partendo da { $prior }.
waterfall-alt-link-below = La coppia è un collegamento anche se il suo peso { $total } (probabilità { $chance }), partendo da { $prior }, è sotto la soglia { $cut }: non c’è un’altra coppia per questi record.
waterfall-alt-none-above = La coppia non è un collegamento anche se il suo peso { $total } (probabilità { $chance }), partendo da { $prior }, non è sotto la soglia { $cut }: uno dei due record va meglio con un altro.
waterfall-alt-for = A favore pesa di più «{ $part }» ({ $weight }).
waterfall-alt-against = Contro pesa di più «{ $part }» ({ $weight }).

blocking-subtitle = Coppie che ogni regola porta a confrontare, in scala logaritmica
blocking-new = nuove
blocking-old = già trovate da una regola precedente
blocking-total = Tutte le regole, ogni coppia una volta
blocking-note = La scala è logaritmica: ogni riga verticale vale dieci volte o più quella a sinistra.
blocking-caption = Coppie per regola di confronto
blocking-alt = { $form ->
    [one] Una regola porta
   *[other] { $rules } regole portano
} a confrontare { $pairs } coppie su { $possible } possibili ({ $share }). Ne aggiunge di più «{ $most }»: { $most_new }.
blocking-alt-none = Nessuna regola di confronto: si confrontano tutte le coppie.

cut-subtitle = Quanto è preciso e quanto è completo il risultato con ogni soglia
cut-precision = precisione
cut-recall = completezza
cut-f1 = F1
cut-note = Precisione: parte giusta dei collegamenti. Completezza (recall): parte delle coppie vere che si collega. F1: la loro media armonica.
cut-caption = Che cosa dà ogni soglia; in evidenza la più vicina a quella usata
cut-alt = Con la soglia { $chance } la precisione è { $precision }, la completezza { $recall }, F1 { $f1 }. F1 è più alto con la soglia { $best }: { $best_f1 }.

unlinkables-subtitle = Parte dei record che, anche confrontati con sé stessi, non arrivano alla soglia: dicono troppo poco
unlinkables-caption = Record che non si possono collegare, per soglia; in evidenza la soglia usata
unlinkables-alt = Con la soglia { $chance } { $count } record su { $whole } ({ $share }) dicono troppo poco: non arrivano alla soglia nemmeno confrontati con sé stessi.
unlinkables-alt-one = Con la soglia { $chance } un record su { $whole } ({ $share }) dice troppo poco: non arriva alla soglia nemmeno confrontato con sé stesso.
unlinkables-alt-none = Con la soglia { $chance } tutti i { $whole } record dicono abbastanza da poter essere collegati.

cluster-subtitle = I record di un gruppo e le coppie che li tengono insieme; linee più larghe, pesi più alti
cluster-kept = coppia che tiene
cluster-cut = coppia tagliata
cluster-note = Ogni cerchio è una parte che resta insieme.
cluster-too-many = { $count } record: troppi da disegnare. Sono nella tabella.
cluster-caption = Le coppie del gruppo
cluster-alt = { $records } record da { $sources_form ->
    [one] una fonte
   *[other] { $sources } fonti
}, uniti da { $edges_form ->
    [one] una coppia (peso { $low })
   *[other] { $edges } coppie (pesi da { $low } a { $high })
}. Niente è stato tagliato.
cluster-alt-cut = { $records } record da { $sources_form ->
    [one] una fonte
   *[other] { $sources } fonti
}, con { $edges_form ->
    [one] una coppia (peso { $low })
   *[other] { $edges } coppie (pesi da { $low } a { $high })
}; { $cuts_form ->
    [one] una è stata tagliata
   *[other] { $cuts } sono state tagliate
}, e il gruppo è diviso in { $parts } parti.
cluster-alt-alone = Nessuna coppia lega questi record.

column-field = Campo
column-outcome = Esito del confronto
column-weight = Peso
column-times = In parole
column-m = Stessa persona (m)
column-u = Persone diverse (u)
column-weight-range = Peso
column-pairs = Coppie
column-expected = Attese vere
column-fdr = Sbagliate attese da qui in su (FDR)
column-fnr = Vere perse attese sotto (FNR)
column-step = Passo
column-sum = Somma
column-probability = Probabilità
column-rule = Regola
column-new = Nuove
column-old = Già trovate
column-left-out = Valori troppo frequenti lasciati fuori
column-cut = Soglia
column-links = Collegamenti
column-true-links = Di cui attesi giusti
column-precision = Precisione
column-recall = Completezza
column-f1 = F1
column-unlinkable = Record sotto la soglia
column-share = Parte
column-record = Record
column-source = Fonte
column-other-record = Altro record
column-other-source = Altra fonte
column-tie = Stato
tie-kept = tiene
tie-cut = tagliata
