//! Whom to treat: a short rule of thresholds, searched exactly, and what it is worth on rows it has not seen.

use wdl_causal::dml::{Model, Policy, PolicyAsked, PolicyValue, policy};
use wdl_vocab::Text;

use super::dml::{self, Asked};
use super::matching::shared::{self, slices};
use crate::answer::{Cell, Estimate, Evaluation, NoteKind, Table};
use crate::catalog::Method;
use crate::fault::EvaluationError;
use crate::groups::Rests;
use crate::opening::Claim;
use crate::options::{Kind, Opt};
use crate::request::Request;
use crate::sample::{Covariate, independent};

/// `policy-tree`.
pub(super) struct PolicyTree;

const OPTIONS: &[Opt] = &[
    shared::OUTCOME,
    shared::TREATMENT,
    shared::COVARIATES,
    Opt::new(
        "rule-columns",
        Kind::Covariates,
        "le colonne che la regola può usare: le covariate se non detto",
        "the columns the rule may use: the covariates unless said",
    ),
    Opt::new(
        "depth",
        Kind::Whole,
        "quante soglie una dopo l'altra: 1 o 2; 2 se non detto",
        "how many thresholds one after the other: 1 or 2; 2 unless said",
    ),
    Opt::new(
        "cost",
        Kind::Real,
        "quanto costa trattare una riga, nell'unità dell'esito: 0 se non detto",
        "what treating one row costs, in the unit of the outcome: 0 unless said",
    ),
    Opt::new(
        "leaf-min",
        Kind::Whole,
        "quante righe almeno in ogni gruppo della regola: 10 se non detto",
        "how many rows at least in each group of the rule: 10 unless said",
    ),
    dml::FOLDS,
    dml::FOLD_COLUMN,
    shared::SEED,
    dml::RIDGE,
    dml::CLIP,
    shared::CLUSTER,
    shared::LEVEL,
];

impl Method for PolicyTree {
    fn name(&self) -> &'static str {
        "policy-tree"
    }

    fn title(&self) -> Text {
        Text::fixed(
            "A chi dare una misura: una regola breve di soglie, e quanto vale su chi non ha visto",
            "Whom to give a measure: a short rule of thresholds, and what it is worth on people it has not seen",
        )
    }

    fn options(&self) -> &'static [Opt] {
        OPTIONS
    }

    fn claim(&self) -> Claim {
        Claim::Effect
    }

    fn rests_on(&self) -> &'static [Rests] {
        &[Rests::Counted {
            table: "rule",
            names: 1,
            columns: &["rows"],
        }]
    }

    fn run(&self, request: &Request) -> Result<Evaluation, EvaluationError> {
        let rule_asked = rule_asked(request)?;
        let mut sample = request.sample()?;
        let kept = std::mem::take(&mut sample.kept);
        sample.flags("treatment")?;
        let asked = Asked::of(request, &sample)?;
        let option = match request.has("rule-columns") {
            true => "rule-columns",
            false => "covariates",
        };
        let (columns, _) = independent(sample.covariates(option), sample.len());
        if columns.is_empty() {
            return Err(EvaluationError::not_estimable(
                "nessuna colonna della regola varia",
                "no column of the rule varies",
            ));
        }
        let fitted = asked.fit(Model::IrmAte, 0)?;
        let scores = fitted.scores.as_deref().unwrap_or_default();
        let rule =
            policy(scores, &slices(&columns), rule_asked).map_err(|why| asked.fault(&why))?;
        let value = asked.policy_value(scores, &slices(&columns), rule_asked)?;
        let mut answer = Evaluation::new(
            self.name(),
            Text::fixed(
                "Guadagno medio per riga della regola rispetto a non trattare nessuno, al netto del costo",
                "Mean gain per row of the rule over treating nobody, less the cost",
            ),
            kept,
        );
        answer.about(
            "per riga, con una regola cercata su altre righe, rispetto a non trattare nessuno",
            "for each row, with a rule searched on other rows, over treating nobody",
        );
        let level = request.level();
        estimates(&value, &mut answer, level);
        answer.estimates.push(Estimate::with_error(
            "ate",
            fitted.estimate,
            fitted.standard_error,
            None,
            level,
        ));
        answer.figure("share_treated", value.share);
        answer.figure("cost", rule_asked.cost);
        answer.tables.push(rule_table(&rule, &columns));
        tell(&mut answer);
        dml::tell_clipped(Model::IrmAte, fitted.clipped, &mut answer);
        asked.tell(&mut answer);
        shared::tell_assumptions(&mut answer);
        Ok(answer)
    }
}

fn rule_asked(request: &Request) -> Result<PolicyAsked, EvaluationError> {
    let plain = PolicyAsked::default();
    let depth = request.whole("depth").unwrap_or(2);
    if !(1..=2).contains(&depth) {
        return Err(EvaluationError::options("depth", "1 o 2", "1 or 2"));
    }
    let leaf_min = request.whole("leaf-min").unwrap_or(plain.leaf_min as u64);
    if leaf_min == 0 {
        return Err(EvaluationError::options(
            "leaf-min",
            "almeno 1",
            "at least 1",
        ));
    }
    Ok(PolicyAsked {
        depth: depth as usize,
        cost: request.real("cost").unwrap_or(0.0),
        leaf_min: usize::try_from(leaf_min).unwrap_or(usize::MAX),
        ..plain
    })
}

/// Adds what the rule is worth.
fn estimates(value: &PolicyValue, answer: &mut Evaluation, level: f64) {
    let named = [
        ("policy_value", Some(value.over_nobody)),
        ("policy_over_everybody", Some(value.over_everybody)),
        ("effect_on_chosen", value.chosen),
        ("effect_on_others", value.others),
    ];
    for (name, own) in named {
        if let Some((estimate, error)) = own {
            let own = Estimate::with_error(name, estimate, error, None, level);
            answer.estimates.push(own);
        }
    }
}

/// The groups of the rule with the conditions that lead to them.
fn rule_table(rule: &Policy, columns: &[Covariate]) -> Table {
    let mut rows = Vec::new();
    walk(rule, columns, &mut Vec::new(), &mut rows);
    Table {
        key: "rule",
        title: Text::fixed(
            "La regola (effetti dalle righe su cui è stata cercata: troppo favorevoli)",
            "The rule (effects from the rows it was searched on: too favourable)",
        ),
        columns: vec![
            ("condition", Text::fixed("condizione", "condition")),
            ("treats", Text::fixed("si tratta", "treated")),
            ("rows", Text::fixed("righe", "rows")),
            (
                "gain",
                Text::fixed("effetto medio meno il costo", "mean effect less the cost"),
            ),
        ],
        rows,
    }
}

fn walk(rule: &Policy, columns: &[Covariate], path: &mut Vec<String>, rows: &mut Vec<Vec<Cell>>) {
    match rule {
        Policy::Leaf {
            treats,
            rows: count,
            gain,
        } => {
            let condition = match path.is_empty() {
                true => "*".to_owned(),
                false => path.join(", "),
            };
            rows.push(vec![
                condition.into(),
                (*treats).into(),
                (*count).into(),
                (*gain).into(),
            ]);
        }
        Policy::Split {
            column,
            threshold,
            below,
            above,
        } => {
            let name = &columns[*column].name;
            for (sign, part) in [("≤", below), (">", above)] {
                path.push(format!("{name} {sign} {threshold}"));
                walk(part, columns, path, rows);
                path.pop();
            }
        }
    }
}

fn tell(answer: &mut Evaluation) {
    answer.note(
        NoteKind::Convention,
        "policy_value",
        "la regola della tabella viene da tutte le righe; quanto vale si stima parte per parte con regole cercate sulle altre parti, da modelli che non hanno visto la parte: il valore è del modo di cercare, e la regola di una parte può differire da quella della tabella",
        "the rule of the table comes from all rows; what it is worth is estimated part by part with rules searched on the other parts, from models that have not seen the part: the value is that of the way of searching, and the rule of a part may differ from that of the table",
    );
    answer.note(
        NoteKind::Convention,
        "policy_search",
        "la ricerca è esatta tra tutte le soglie di ogni colonna con al più 256 valori diversi, altrimenti tra 255 soglie a quote uguali di righe",
        "the search is exact among all thresholds of each column with at most 256 distinct values, else among 255 thresholds at equal shares of the rows",
    );
    answer.note(
        NoteKind::Warning,
        "policy_law",
        "una regola che conviene non è per questo lecita: chi può ricevere una misura lo dice la norma, e le colonne della regola vanno guardate prima di usarla",
        "a rule that pays is not lawful for that: who may receive a measure is for the law to say, and the columns of the rule are to be looked at before it is used",
    );
}
