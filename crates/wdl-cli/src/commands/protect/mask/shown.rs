//! The answer of `wdl protect mask`: what was changed, and what that costs in use.

use std::fmt::Write as _;

use serde_json::{Map, Value, json};
use wdl_vocab::{Lang, Text};

use super::{K, Mask, Method, REACH, RETAIN, Told};
use crate::answer::Answer;

impl Mask {
    pub(super) fn answer(&self, told: &Told) -> Answer {
        let text = Text::new(self.text(told, Lang::It), self.text(told, Lang::En));
        Answer::new(text, self.value(told))
    }

    fn value(&self, told: &Told) -> Value {
        let mut value = match self.method {
            Method::Pram => json!({
                "method": "pram",
                "retain": self.retain.unwrap_or(RETAIN),
                "chance": self.secret.name(),
            }),
            Method::Microaggregate => json!({
                "method": "microaggregate",
                "k": self.k.unwrap_or(K),
                "smallest_group": told.smallest_group,
                "information_loss": told.information_loss,
            }),
            Method::Swap => json!({
                "method": "swap",
                "reach": self.reach.unwrap_or(REACH),
                "chance": self.secret.name(),
            }),
        };
        let columns = told.columns.iter().enumerate().map(|(at, column)| {
            let mut of = json!({ "changed": column.changed, "missing": column.missing });
            if let Some(change) = column.share_change {
                of["share_change"] = json!(change);
            }
            if let Some(utility) = &told.utility {
                of["mean_change"] = json!(utility.mean_change[at]);
                of["deviation_ratio"] = json!(utility.deviation_ratio[at]);
            }
            (column.name.clone(), of)
        });
        value["records"] = json!(told.columns.first().map_or(0, |column| column.cells.len()));
        value["columns"] = columns.collect::<Map<String, Value>>().into();
        if let Some(utility) = &told.utility {
            value["moved"] = json!(utility.moved);
            value["correlation_change"] = json!(utility.correlation_change);
        }
        value
    }

    fn text(&self, told: &Told, lang: Lang) -> String {
        let mut shown = String::new();
        let share = |value: f64| format!("{} %", lang.number(100.0 * value, 1));
        let _ = writeln!(shown, "{}", self.what(told, lang));
        if self.method != Method::Microaggregate {
            let _ = writeln!(shown, "{}", self.secret.words().get(lang));
        }
        for (at, column) in told.columns.iter().enumerate() {
            let changed = column.changed.map_or("-".to_owned(), share);
            let (name, missing) = (&column.name, column.missing);
            let _ = match lang {
                Lang::It => write!(shown, "  {name}: cambiati {changed}, mancanti {missing}"),
                Lang::En => write!(shown, "  {name}: {changed} changed, {missing} missing"),
            };
            if let Some(change) = column.share_change {
                let change = share(change);
                let _ = match lang {
                    Lang::It => write!(
                        shown,
                        ", quota di una categoria cambiata al più di {change}"
                    ),
                    Lang::En => write!(
                        shown,
                        ", the share of a category changed by at most {change}"
                    ),
                };
            }
            if let Some(utility) = &told.utility {
                let mean = lang.number(utility.mean_change[at], 3);
                let ratio = utility.deviation_ratio[at];
                let ratio = ratio.map_or("-".to_owned(), |ratio| lang.number(ratio, 3));
                let _ = match lang {
                    Lang::It => write!(shown, ", media {mean}, scarto tipo ×{ratio}"),
                    Lang::En => write!(shown, ", mean {mean}, standard deviation ×{ratio}"),
                };
            }
            let _ = writeln!(shown);
        }
        if let Some(change) = told.utility.as_ref().and_then(|of| of.correlation_change) {
            let change = lang.number(change, 3);
            let _ = match lang {
                Lang::It => writeln!(shown, "correlazioni cambiate al più di {change}"),
                Lang::En => writeln!(shown, "correlations changed by at most {change}"),
            };
        }
        shown
    }

    fn what(&self, told: &Told, lang: Lang) -> String {
        let number = |value: f64| lang.number(value, 3);
        match (self.method, lang) {
            (Method::Pram, Lang::It) => format!(
                "post-randomizzazione: una categoria resta con probabilità {}, altrimenti se ne estrae una secondo le frequenze",
                number(self.retain.unwrap_or(RETAIN))
            ),
            (Method::Pram, Lang::En) => format!(
                "post-randomisation: a category is kept with chance {}, otherwise one is drawn by its frequency",
                number(self.retain.unwrap_or(RETAIN))
            ),
            (Method::Microaggregate, Lang::It) => format!(
                "microaggregazione in gruppi di almeno {} (il più piccolo ne ha {}): perduto {} della variabilità",
                self.k.unwrap_or(K),
                told.smallest_group.unwrap_or(0),
                number(told.information_loss.unwrap_or(0.0))
            ),
            (Method::Microaggregate, Lang::En) => format!(
                "microaggregation in groups of at least {} (the smallest has {}): {} of the spread is lost",
                self.k.unwrap_or(K),
                told.smallest_group.unwrap_or(0),
                number(told.information_loss.unwrap_or(0.0))
            ),
            (Method::Swap, Lang::It) => format!(
                "scambio di ranghi: con un altro distante al più {} dei posti",
                number(self.reach.unwrap_or(REACH))
            ),
            (Method::Swap, Lang::En) => format!(
                "rank swapping: with another at most {} of the ranks away",
                number(self.reach.unwrap_or(REACH))
            ),
        }
    }
}
