WDL-Y001 = una città sintetica di { $value } residenti non si può fare
    .cause = ne servono da { $minimum } a { $maximum }: con meno mancherebbero gruppi interi, con più i numeri progressivi non basterebbero
    .fix = indicare con `--residents` un numero tra { $minimum } e { $maximum }
WDL-Y002 = il file `{ $file }` della città sintetica non si può scrivere: { $detail }
    .cause = la cartella non esiste, non è scrivibile o il disco è pieno
    .fix = indicare con `--out` una cartella in cui si può scrivere
