//! The names of estimates and the words in tables, by their keys.

use wdl_vocab::Text;

macro_rules! words {
    ($($key:literal $it:literal $en:literal;)*) => {
        &[$(($key, Text::fixed($it, $en))),*]
    };
}

/// Names of estimates that are ours; those that are names of columns stand for themselves.
pub(super) const ESTIMATES: &[(&str, Text)] = words! {
    "atc" "effetto medio sui non trattati" "average effect on those not treated";
    "ate" "effetto medio per tutti" "average effect for everybody";
    "ato" "effetto medio dove i gruppi si sovrappongono" "average effect where the groups overlap";
    "att" "effetto medio sui trattati" "average effect on the treated";
    "att ridge" "effetto medio, con la correzione ridge" "average effect, with the ridge correction";
    "bias-corrected" "corretta per la distorsione, errore convenzionale" "bias-corrected, conventional error";
    "cohen_kappa" "kappa di Cohen" "Cohen's kappa";
    "constant" "costante" "constant";
    "conventional" "convenzionale, senza correzione" "conventional, without correction";
    "cost" "costo in più (o medio)" "additional (or mean) cost";
    "cost-per-outcome" "costo per esito" "cost per outcome";
    "did" "differenza nelle differenze semplice, a pesi uguali" "plain difference-in-differences, equal weights";
    "difference" "differenza tra le medie" "difference of the means";
    "effect_on_chosen" "effetto medio su chi la regola sceglie" "average effect on those the rule chooses";
    "effect_on_others" "effetto medio su chi la regola non sceglie" "average effect on those the rule does not choose";
    "e-value" "valore E della stima" "E-value of the estimate";
    "first stage" "effetto della regola sul trattamento" "effect of the rule on the treatment";
    "fleiss_kappa" "kappa di Fleiss" "Fleiss' kappa";
    "gwet_ac1" "AC1 di Gwet" "Gwet's AC1";
    "hodges-lehmann" "effetto nelle coppie (Hodges e Lehmann)" "effect in the pairs (Hodges and Lehmann)";
    "iivm" "effetto medio per chi segue lo strumento" "average effect for those who follow the instrument";
    "irm-ate" "effetto medio per tutti" "average effect for everybody";
    "irm-atte" "effetto medio sui trattati" "average effect on the treated";
    "jump of density" "salto della densità alla soglia" "jump of the density at the cut-off";
    "krippendorff_alpha" "alfa di Krippendorff" "Krippendorff's alpha";
    "least-fall" "minimo calo rilevabile" "least fall detected";
    "least-rise" "minimo aumento rilevabile" "least rise detected";
    "level" "livello all'inizio della serie" "level at the start of the series";
    "level-change" "cambiamento di livello all'inizio" "change of level at the start";
    "limit" "valore E del limite dell'intervallo" "E-value of the limit of the interval";
    "mean-effect" "effetto medio dopo l'inizio" "mean effect after the start";
    "minimum-detectable-effect" "effetto minimo rilevabile" "minimum detectable effect";
    "outcome" "esito in più (o medio)" "additional (or mean) outcome";
    "parallel-trends" "con tendenze parallele esatte" "with trends exactly parallel";
    "pliv" "effetto mosso dallo strumento" "effect as moved by the instrument";
    "plr" "effetto del trattamento" "effect of the treatment";
    "policy_over_everybody" "guadagno della regola rispetto a trattare tutti" "gain of the rule over treating everybody";
    "policy_value" "guadagno della regola rispetto a non trattare nessuno" "gain of the rule over treating nobody";
    "robust" "stima robusta, da riportare" "robust estimate, to be reported";
    "slope" "pendenza prima dell'inizio" "slope before the start";
    "slope-change" "cambiamento di pendenza dopo l'inizio" "change of slope after the start";
    "treatment" "coefficiente del trattamento" "coefficient of the treatment";
};

/// Words in tables and in figures.
pub(super) const WORDS: &[(&str, Text)] = words! {
    "?" "troppo pochi casi" "too few cases";
    "0" "no" "no";
    "1" "sì" "yes";
    "C" "contraddizione" "contradiction";
    "above" "sopra la soglia" "above the cut-off";
    "all" "tutti" "everybody";
    "below" "sotto la soglia" "below the cut-off";
    "conditional" "condizionato" "conditional";
    "crv1" "per grappoli" "clustered";
    "crv3" "per grappoli, jackknife" "clustered, jackknife";
    "driscoll_kraay" "di Driscoll e Kraay" "Driscoll and Kraay's";
    "each_term" "per ogni via dei grappoli" "for each way of clustering";
    "fixed-length" "di lunghezza fissa" "of fixed length";
    "hc0" "robusti all'eteroschedasticità (HC0)" "robust to heteroskedasticity (HC0)";
    "hc1" "robusti all'eteroschedasticità (HC1)" "robust to heteroskedasticity (HC1)";
    "hc2" "robusti all'eteroschedasticità (HC2)" "robust to heteroskedasticity (HC2)";
    "hc3" "robusti all'eteroschedasticità (HC3)" "robust to heteroskedasticity (HC3)";
    "hybrid" "ibrido" "hybrid";
    "iid" "classici, di varianza uguale" "classical, of equal variance";
    "least" "dal minimo dei grappoli" "from the least number of clusters";
    "never_treated" "mai trattati" "never treated";
    "newey_west" "di Newey e West" "Newey and West's";
    "none" "nessuna" "none";
    "others" "altri" "others";
    "propensity" "propensione al trattamento" "propensity score";
    "rademacher" "di Rademacher" "Rademacher's";
    "treated" "trattati" "treated";
    "treated_earlier" "già trattati" "already treated";
    "treated_later" "trattati dopo" "treated later";
    "webb" "di Webb" "Webb's";
};
