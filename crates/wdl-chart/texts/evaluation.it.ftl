
# Parole delle figure di una valutazione.
effects-subtitle = Stima (punto) e intervallo (linea); la linea verticale è nessun effetto
effects-note = Gli intervalli coprono il valore vero { $level } volte su 100; un cerchio vuoto è una stima il cui intervallo comprende lo zero.
effects-caption = Stime e intervalli
effects-of = stima di
effects-estimate = stima
effects-low = da
effects-high = a
effects-no-interval = senza intervallo
effects-alt-one = { $label }: { $estimate } { $interval }.
effects-alt = Stime con intervalli al { $level } %. { $effects }
paths-of = punto
paths-alt-one = { $label }: da { $from } ({ $first }) a { $to } ({ $last }).
paths-alt = { $upward }. { $paths }
