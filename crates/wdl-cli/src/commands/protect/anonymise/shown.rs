//! The answer of `wdl protect anonymise`, for people and for programs.

use std::fmt::Write as _;

use serde_json::{Map, Value, json};
use wdl_anonymisation::lattice::{Metric, NodeFigures, Optimum};
use wdl_anonymisation::local::{Local, Round};
use wdl_anonymisation::models::Measures;
use wdl_anonymisation::mondrian::Parts;
use wdl_vocab::diagnostics::codes::disclosure as codes;
use wdl_vocab::{Diagnostic, Lang, Text};

/// What is told.
pub(super) struct Shown<'a> {
    pub(super) names: &'a [String],
    pub(super) sensitive: &'a [String],
    pub(super) metric: &'a str,
    pub(super) limit: u64,
    pub(super) losses: Option<[f64; 7]>,
    pub(super) optimum: &'a Optimum,
    pub(super) frontier: Option<&'a [NodeFigures]>,
    pub(super) before: &'a Measures,
    pub(super) after: Option<&'a Measures>,
    /// The rounds of the local recoding, and the fewest persons of a class.
    pub(super) local: Option<(&'a Local, u32)>,
    pub(super) parts: Option<&'a Parts>,
    pub(super) missing: &'a [(String, usize)],
    pub(super) open: &'a [String],
}

impl Shown<'_> {
    pub(super) fn value(&self) -> Value {
        let best = self.optimum.best.as_ref();
        let named = |losses: [f64; 7]| {
            let pairs = Metric::NAMES
                .iter()
                .zip(losses)
                .map(|((name, _), loss)| ((*name).to_owned(), json!(loss)));
            pairs.collect::<Map<String, Value>>()
        };
        let mut value = json!({
            "loss": best.map(|best| best.loss),
            "suppressed": best.map(|best| best.suppressed),
            "levels": best.map(|best| self.levels(&best.levels)),
            // The search ends only when every node is evaluated or shown to be no better.
            "proved": true,
            "useful": self.optimum.useful,
            "metric": self.metric,
            "rows": self.before.rows,
            "suppression_limit_rows": self.limit,
            "classes": best.map(|best| best.classes),
            "smallest_class": best.map(|best| best.smallest),
            "lattice": { "nodes": number(self.optimum.nodes), "worse_by_bound_alone": self.optimum.bounded_out.map(number) },
            "losses": self.losses.map(named),
            "before": self.measures(self.before),
            "after": self.after.map(|after| self.measures(after)),
            "missing": self.missing.iter().map(|(name, count)| (name.clone(), json!(count))).collect::<Map<String, Value>>(),
            "hierarchies_without_one_top": self.open,
        });
        if !self.optimum.useful {
            let diagnostic = self.not_useful(Lang::En);
            value["message"] =
                json!({ "code": diagnostic.code, "text": diagnostic.render(Lang::En) });
        }
        if let Some((local, smallest)) = self.local {
            let round = |round: &Round| json!({ "levels": self.levels(&round.levels), "rows": round.rows.len() });
            value["local"] = json!({
                "loss": local.loss,
                "loss_before": local.loss_before,
                "suppressed": local.suppressed.len(),
                "smallest_class": smallest,
                "rounds": local.rounds.iter().map(round).collect::<Vec<Value>>(),
            });
        }
        if let Some(parts) = self.parts {
            value["mondrian"] = json!({
                "loss": parts.loss,
                "parts": parts.parts.len(),
                "smallest_rows": parts.parts.iter().map(|part| part.rows.len()).min(),
            });
        }
        if let Some(frontier) = self.frontier {
            let node = |node: &NodeFigures| {
                json!({
                    "levels": self.levels(&node.levels),
                    "loss": node.losses.first(),
                    "suppressed": node.suppressed,
                    "smallest_class": node.smallest,
                    "highest_risk": 1.0 / f64::from(node.smallest),
                    "average_risk": node.classes as f64 / (self.before.rows as u64 - node.suppressed.unwrap_or(0)) as f64,
                })
            };
            value["frontier"] = frontier.iter().map(node).collect();
        }
        value
    }

    fn levels(&self, levels: &[usize]) -> Map<String, Value> {
        self.names
            .iter()
            .cloned()
            .zip(levels.iter().map(|level| json!(level)))
            .collect()
    }

    fn measures(&self, measures: &Measures) -> Value {
        let mut value = json!(measures);
        let of_column = self.sensitive.iter().zip(&measures.sensitive);
        value["sensitive"] = of_column
            .map(|(name, one)| (name.clone(), json!(one)))
            .collect::<Map<String, Value>>()
            .into();
        value
    }

    fn not_useful(&self, lang: Lang) -> Diagnostic {
        let reason = match &self.optimum.best {
            None => Text::fixed(
                "nessuna generalizzazione rispetta il limite dei record soppressi",
                "no generalisation keeps to the limit of suppressed records",
            ),
            Some(best) if best.classes == 0 => {
                Text::fixed("ogni record è soppresso", "every record is suppressed")
            }
            Some(_) => Text::fixed(
                "ogni valore è generalizzato fino a non dire nulla",
                "every value is generalised until it tells nothing",
            ),
        };
        Diagnostic::new(codes::NOT_USEFUL).with("reason", reason.get(lang))
    }

    pub(super) fn text(&self) -> Text {
        Text::new(self.words(Lang::It), self.words(Lang::En))
    }

    fn words(&self, lang: Lang) -> String {
        let mut shown = String::new();
        let count = |number: u64| lang.number(number as f64, 0);
        let word = |it: &'static str, en: &'static str| match lang {
            Lang::It => it,
            Lang::En => en,
        };
        let Some(best) = self.optimum.best.as_ref().filter(|_| self.optimum.useful) else {
            return self.not_useful(lang).render(lang);
        };
        let _ = writeln!(
            shown,
            "{}: {} ({}), {}",
            word("perdita", "loss"),
            lang.number(best.loss, 10),
            self.metric,
            word("minimo dimostrato", "proved least")
        );
        let _ = writeln!(
            shown,
            "{}: {} {} {}, {} {}",
            word("record soppressi", "records suppressed"),
            count(best.suppressed),
            word("di", "of"),
            count(self.before.rows as u64),
            word("al massimo", "at most"),
            count(self.limit)
        );
        let _ = writeln!(
            shown,
            "{}: {}; {}: {}",
            word("classi", "classes"),
            count(best.classes),
            word("persone nella più piccola", "persons in the smallest"),
            best.smallest
        );
        for (name, level) in self.names.iter().zip(&best.levels) {
            let _ = writeln!(shown, "  {name:<30} {} {level}", word("livello", "level"));
        }
        for (name, missing) in self.missing {
            let _ = writeln!(
                shown,
                "{name}: {} {}",
                count(*missing as u64),
                word(
                    "valori mancanti, una categoria a sé",
                    "missing values, a category of their own"
                )
            );
        }
        for name in self.open {
            let _ = writeln!(
                shown,
                "{name}: {}",
                word(
                    "la gerarchia non finisce in un solo valore",
                    "the hierarchy does not end in one value"
                )
            );
        }
        let excluded = self.optimum.bounded_out.map(|nodes| {
            format!(
                ", {} {}",
                lang.number(nodes as f64, 0),
                word(
                    "peggiori già per il limite inferiore",
                    "worse by their bound alone"
                )
            )
        });
        let nodes = lang.number(self.optimum.nodes as f64, 0);
        let _ = writeln!(
            shown,
            "{}: {nodes}{}",
            word("generalizzazioni possibili", "possible generalisations"),
            excluded.unwrap_or_default()
        );
        if let Some((local, _)) = self.local {
            let _ = writeln!(
                shown,
                "{}: {} {}, {} {}",
                word("ricodifica locale: perdita", "local recoding: loss"),
                lang.number(local.loss, 10),
                word("(media geometrica)", "(geometric mean)"),
                word("record soppressi", "records suppressed"),
                count(local.suppressed.len() as u64)
            );
        }
        if let Some(parts) = self.parts {
            let _ = writeln!(
                shown,
                "Mondrian: {} {} {}, {} {}",
                word("perdita", "loss"),
                lang.number(parts.loss, 10),
                word("(media geometrica)", "(geometric mean)"),
                word("parti", "parts"),
                count(parts.parts.len() as u64)
            );
        }
        for node in self.frontier.unwrap_or_default() {
            let levels: Vec<String> = node.levels.iter().map(usize::to_string).collect();
            let loss = node.losses.first().copied().unwrap_or(f64::NAN);
            let _ = writeln!(
                shown,
                "  1/{:<8} {:>14} {:>9}  [{}]",
                node.smallest,
                lang.number(loss, 6),
                count(node.suppressed.unwrap_or(0)),
                levels.join(" ")
            );
        }
        shown
    }
}

/// A number of nodes; as a word where it has more digits than a program can read as a number.
fn number(nodes: u128) -> Value {
    u64::try_from(nodes).map_or_else(|_| json!(nodes.to_string()), |nodes| json!(nodes))
}
