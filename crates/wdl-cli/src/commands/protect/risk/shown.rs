//! The answer of `wdl protect risk`, for people and for programs.

use std::fmt::Write as _;

use serde_json::{Map, Value, json};
use wdl_anonymisation::risk::{AttackerRisk, Model, Unavailable};
use wdl_vocab::{Lang, Text};

use super::{Findings, Input, Missing, Risk};

/// What is told.
pub(super) struct Shown<'a> {
    pub(super) asked: &'a Risk,
    pub(super) input: &'a Input,
    pub(super) found: &'a Findings,
}

impl Shown<'_> {
    pub(super) fn value(&self) -> Value {
        let sensitive = &self.input.sensitive;
        let l = sensitive.iter().map(|(_, l, _)| *l).min();
        let t = sensitive.iter().map(|(_, _, t)| *t).reduce(f64::max);
        let mut value = json!({ "k": self.k(), "l": l, "t": t, "risk": self.risk() });
        if sensitive.is_empty() {
            value["not_told"] =
                json!({ "l": "no sensitive column is named", "t": "no sensitive column is named" });
        } else {
            let told = sensitive
                .iter()
                .map(|(name, l, t)| (name.clone(), json!({ "l": l, "t": t })));
            value["sensitive"] = told.collect::<Map<String, Value>>().into();
        }
        value
    }

    fn k(&self) -> u32 {
        self.found
            .frequencies
            .sample
            .iter()
            .copied()
            .min()
            .unwrap_or(0)
    }

    fn risk(&self) -> Value {
        let found = self.found;
        let below = |k: u32| found.frequencies.sample.iter().filter(|f| **f < k).count();
        let no_weights = "no weights say how many people each record stands for";
        let mut risk = json!({
            "records": self.input.persons.place.len(),
            "counted": found.frequencies.sample.len(),
            "counts": if self.asked.person.is_some() { "persons" } else { "records" },
            "unique": below(2),
            "below_3": below(3),
            "below_5": below(5),
            "missing_agrees_with": match self.asked.missing { Missing::OwnCategory => "missing", Missing::AnyValue => "any value" },
            "missing": self.asked.quasi_identifiers.iter().cloned().zip(self.input.missing.iter().map(|n| json!(n))).collect::<Map<String, Value>>(),
            "threshold": self.asked.threshold,
            "prosecutor": attacker(&found.prosecutor),
            "journalist": found.journalist.as_ref().map_or_else(|| json!({ "reason": no_weights }), attacker),
            "marketer": found.marketer,
            "individual": { "exact": summary(&found.exact), "sdcmicro": summary(&found.sdcmicro) },
            "household": match &found.household {
                Some([exact, sdcmicro]) => json!({ "exact": summary(exact), "sdcmicro": summary(sdcmicro) }),
                None => json!({ "reason": "no column of the household is named" }),
            },
            "population_uniqueness": self.uniqueness(),
        });
        if found.suda.is_some() {
            risk["suda"] = self.suda();
        }
        risk
    }

    fn uniqueness(&self) -> Value {
        let (Some(of), Some(fraction)) = (&self.found.uniqueness, self.found.sampling_fraction)
        else {
            return json!({ "reason": "neither weights nor --sampling-fraction say what share of the population is in the file" });
        };
        let told = |share: Result<f64, Unavailable>| {
            share.map_or_else(
                |reason| json!({ "reason": reason.to_string() }),
                |share| json!({ "share": share }),
            )
        };
        let dankar = of.dankar.map_or_else(
            |reason| json!({ "reason": reason.to_string() }),
            |dankar| json!({ "share": dankar.share, "model": name(dankar.model) }),
        );
        json!({ "sampling_fraction": fraction, "pitman": told(of.pitman), "zayatz": told(of.zayatz), "snb": told(of.snb), "dankar": dankar })
    }

    fn suda(&self) -> Value {
        let Some(suda) = &self.found.suda else {
            return Value::Null;
        };
        let named = |shares: &Vec<f64>| {
            self.asked
                .quasi_identifiers
                .iter()
                .cloned()
                .zip(shares.iter().map(|share| json!(share)))
                .collect::<Map<String, Value>>()
        };
        json!({
            "minimal_sample_uniques": suda.minimal.len(),
            "records_with_score": suda.score.iter().filter(|score| **score > 0.0).count(),
            "score": summary(&suda.score),
            "dis": match self.found.sampling_fraction {
                Some(_) => summary(&suda.dis),
                None => json!({ "reason": "neither weights nor --sampling-fraction say what share of the population is in the file" }),
            },
            "contribution": suda.contribution.as_ref().map_or_else(|| json!({ "reason": "no record is singled out" }), |shares| json!(named(shares))),
        })
    }

    pub(super) fn text(&self) -> Text {
        Text::new(self.words(Lang::It), self.words(Lang::En))
    }

    fn words(&self, lang: Lang) -> String {
        let found = self.found;
        let mut shown = String::new();
        let count = |number: usize| lang.number(number as f64, 0);
        let percent = |share: f64| format!("{}%", lang.number(share * 100.0, 2));
        let mut line = |it: String, en: String| {
            let _ = writeln!(
                shown,
                "{}",
                match lang {
                    Lang::It => it,
                    Lang::En => en,
                }
            );
        };
        let below = |k: u32| count(found.frequencies.sample.iter().filter(|f| **f < k).count());
        let (rows, alone, three) = (count(found.frequencies.sample.len()), below(2), below(3));
        line(
            format!(
                "{rows} record; {alone} soli, {three} con meno di tre simili; il più esposto ha {} simili (k)",
                self.k()
            ),
            format!(
                "{rows} records; {alone} alone, {three} with fewer than three alike; the most exposed has {} alike (k)",
                self.k()
            ),
        );
        for (name, l, t) in &self.input.sensitive {
            let t = lang.number(*t, 4);
            line(
                format!(
                    "`{name}`: almeno {l} valori per classe (l), distanza massima dall'insieme {t} (t)"
                ),
                format!(
                    "`{name}`: at least {l} values in each class (l), farthest from the whole {t} (t)"
                ),
            );
        }
        let (mean, above, limit) = (
            percent(found.prosecutor.average),
            percent(found.prosecutor.share_above),
            lang.number(self.asked.threshold, 2),
        );
        line(
            format!(
                "chi sa che la persona c'è: rischio medio {mean}, sopra {limit} per il {above} dei record"
            ),
            format!(
                "who knows the person is there: mean risk {mean}, above {limit} for {above} of the records"
            ),
        );
        if let Some(journalist) = &found.journalist {
            let (mean, most) = (percent(journalist.average), percent(journalist.maximum));
            line(
                format!("chi non lo sa: rischio medio {mean}, massimo {most}"),
                format!("who does not know: mean risk {mean}, at most {most}"),
            );
        }
        let expected = lang.number(found.exact.iter().sum::<f64>(), 2);
        line(
            format!("riconoscimenti attesi: {expected}"),
            format!("expected re-identifications: {expected}"),
        );
        if let Some([together, _]) = &found.household {
            let expected = lang.number(together.iter().sum::<f64>(), 2);
            line(
                format!("contando le famiglie: {expected}"),
                format!("counting households: {expected}"),
            );
        }
        if let Some(suda) = &found.suda {
            let scored = count(suda.score.iter().filter(|score| **score > 0.0).count());
            line(
                format!("{scored} record che poche colonne bastano a isolare"),
                format!("{scored} records that few columns are enough to single out"),
            );
        }
        match found.uniqueness.map(|of| of.dankar) {
            Some(Ok(dankar)) => {
                let (share, model) = (percent(dankar.share), name(dankar.model));
                line(
                    format!("unici nella popolazione (stima {model}): {share}"),
                    format!("unique in the population (estimate {model}): {share}"),
                );
            }
            Some(Err(_)) => line(
                "unici nella popolazione: nessun modello ha soluzione".to_owned(),
                "unique in the population: no model has a solution".to_owned(),
            ),
            None => line(
                "unici nella popolazione: non si può dire senza pesi o `--sampling-fraction`"
                    .to_owned(),
                "unique in the population: cannot be told without weights or `--sampling-fraction`"
                    .to_owned(),
            ),
        }
        shown
    }
}

fn attacker(risk: &AttackerRisk) -> Value {
    json!({ "average": risk.average, "maximum": risk.maximum, "share_above": risk.share_above })
}

/// Sum, mean and largest of the figures of all records.
fn summary(values: &[f64]) -> Value {
    let mut sorted = values.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    let sum: f64 = sorted.iter().sum();
    json!({ "sum": sum, "average": sum / values.len() as f64, "maximum": sorted.last() })
}

fn name(model: Model) -> &'static str {
    match model {
        Model::Pitman => "Pitman",
        Model::Zayatz => "Zayatz",
        Model::Snb => "SNB",
    }
}
