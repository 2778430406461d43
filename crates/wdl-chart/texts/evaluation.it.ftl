
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
joint-subtitle = A sinistra l'effetto con il suo intervallo (la linea verticale è nessun effetto), a destra la quota di partecipanti che parla del tema
joint-note = Gli intervalli coprono il valore vero { $level } volte su 100; un cerchio vuoto è una stima il cui intervallo comprende lo zero. La quota parla soltanto di chi ha partecipato.
joint-caption = Effetti e temi
joint-of = gruppo
joint-share = quota che ne parla
joint-verdict = insieme
joint-hidden = nascosta
joint-nobody = nessuno
joint-convergent = convergente
joint-divergent = divergente
joint-silent = silenzio
joint-alt-one = { $label }: effetto { $estimate } { $interval }, quota { $share }, { $verdict }.
joint-alt = Effetti accanto ai temi. { $pairs }
paths-of = punto
paths-alt-one = { $label }: da { $from } ({ $first }) a { $to } ({ $last }).
paths-alt = { $upward }. { $paths }
