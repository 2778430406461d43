WDL-C010 = la lista di codici `{ $file }` non ha la forma attesa: { $detail }
    .cause = una lista ha le colonne `code`, `it`, `en` e poi quelle che servono
    .fix = correggere la riga indicata
WDL-C011 = le colonne di `{ $file }` non vanno con la forma dei dati: { $detail }
    .cause = ogni forma (`episode`, `event`, `yearly`, `aggregate`) chiede le sue colonne di tempo e la sua chiave
    .fix = aggiungere la colonna che manca o correggere `wdl.shape`
