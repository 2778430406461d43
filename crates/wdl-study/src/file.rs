//! The wire form of `studies/<id>.yaml`.

use std::collections::BTreeMap;
use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, SeqAccess, Visitor};
use wdl_result::Unit;
use wdl_result::study::{Better, Part};
use wdl_vocab::Text;
use wdl_yaml::Placed;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct StudyFile {
    pub(crate) id: Placed<String>,
    pub(crate) theme: String,
    pub(crate) title: Text,
    pub(crate) question: Text,
    pub(crate) estimand: Text,
    pub(crate) population: Text,
    pub(crate) treatment: Text,
    pub(crate) outcome: OutcomeFile,
    pub(crate) arms: ArmsFile,
    pub(crate) n_label: Text,
    pub(crate) n_unit: Unit,
    pub(crate) period: PeriodFile,
    pub(crate) key: Vec<Placed<String>>,
    #[serde(default)]
    pub(crate) columns: BTreeMap<String, Text>,
    #[serde(default)]
    pub(crate) unit: Option<String>,
    #[serde(default)]
    pub(crate) behind: Option<BehindFile>,
    pub(crate) frame: Placed<String>,
    pub(crate) outcomes: Placed<String>,
    pub(crate) design: AskedFile,
    pub(crate) assumptions: Vec<Text>,
    #[serde(default)]
    pub(crate) robustness: Vec<RunFile>,
    #[serde(default)]
    pub(crate) subgroups: Vec<SubgroupFile>,
    #[serde(default)]
    pub(crate) checks: Vec<CheckFile>,
    #[serde(default)]
    pub(crate) power: Option<PowerFile>,
    #[serde(default)]
    pub(crate) cost: Option<CostFile>,
    pub(crate) tables: Vec<Placed<Part>>,
    pub(crate) how: Text,
    pub(crate) for_whom: Text,
    pub(crate) limits: Vec<Text>,
    pub(crate) source: Text,
    pub(crate) coverage: Text,
    #[serde(default)]
    pub(crate) deviations: Vec<DeviationFile>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct OutcomeFile {
    pub(crate) column: Placed<String>,
    pub(crate) label: Text,
    pub(crate) unit: Unit,
    pub(crate) decimals: Placed<u8>,
    pub(crate) better: Better,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ArmsFile {
    pub(crate) column: String,
    pub(crate) treated: Text,
    pub(crate) others: Text,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PeriodFile {
    #[serde(default)]
    pub(crate) first: Option<Placed<String>>,
    pub(crate) last: Placed<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct BehindFile {
    pub(crate) units: String,
    #[serde(default)]
    pub(crate) events: Option<String>,
}

pub(crate) type OptionsFile = BTreeMap<String, Placed<OptionFile>>;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct AskedFile {
    pub(crate) method: Placed<String>,
    #[serde(default)]
    pub(crate) options: OptionsFile,
    #[serde(default)]
    pub(crate) estimate: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RunFile {
    pub(crate) id: Placed<String>,
    pub(crate) label: Text,
    #[serde(default)]
    pub(crate) method: Option<Placed<String>>,
    #[serde(default)]
    pub(crate) options: OptionsFile,
    #[serde(default)]
    pub(crate) estimate: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SubgroupFile {
    pub(crate) column: String,
    pub(crate) label: Text,
    pub(crate) values: BTreeMap<String, Text>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct CheckFile {
    pub(crate) id: Placed<String>,
    pub(crate) label: Text,
    #[serde(default)]
    pub(crate) of: Option<Placed<String>>,
    #[serde(default)]
    pub(crate) method: Option<Placed<String>>,
    #[serde(default)]
    pub(crate) options: OptionsFile,
    #[serde(default)]
    pub(crate) estimate: Option<String>,
    #[serde(default)]
    pub(crate) figure: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PowerFile {
    #[serde(default)]
    pub(crate) method: Option<Placed<String>>,
    #[serde(default)]
    pub(crate) simulation: Option<Placed<SimulationFile>>,
    pub(crate) basis: Text,
    #[serde(default)]
    pub(crate) options: OptionsFile,
    #[serde(default)]
    pub(crate) estimate: Option<String>,
}

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SimulationFile {
    #[serde(default)]
    pub(crate) like: Option<String>,
    #[serde(default)]
    pub(crate) level: Option<f64>,
    #[serde(default)]
    pub(crate) deviation: Option<f64>,
    #[serde(default)]
    pub(crate) autocorrelation: Option<f64>,
    #[serde(default)]
    pub(crate) between: Option<f64>,
    #[serde(default)]
    pub(crate) per: Option<f64>,
    #[serde(default)]
    pub(crate) power: Option<f64>,
    #[serde(default)]
    pub(crate) draws: Option<u64>,
    #[serde(default)]
    pub(crate) seed: Option<u64>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct CostFile {
    #[serde(default)]
    pub(crate) each: Option<Placed<String>>,
    #[serde(default)]
    pub(crate) column: Option<Placed<String>>,
    pub(crate) source: Text,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct DeviationFile {
    pub(crate) key: String,
    pub(crate) reason: Text,
}

/// The value of an option: one word, several, or whether a flag is given.
pub(crate) struct OptionFile(pub(crate) Vec<String>, pub(crate) bool);

impl<'de> Deserialize<'de> for OptionFile {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<OptionFile, D::Error> {
        struct Words;
        impl<'de> Visitor<'de> for Words {
            type Value = OptionFile;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a word, a number, a list of them, or true")
            }
            fn visit_bool<E>(self, is_given: bool) -> Result<OptionFile, E> {
                Ok(OptionFile(Vec::new(), is_given))
            }
            fn visit_str<E>(self, word: &str) -> Result<OptionFile, E> {
                Ok(OptionFile(vec![word.to_owned()], true))
            }
            fn visit_i64<E>(self, number: i64) -> Result<OptionFile, E> {
                Ok(OptionFile(vec![number.to_string()], true))
            }
            fn visit_u64<E>(self, number: u64) -> Result<OptionFile, E> {
                Ok(OptionFile(vec![number.to_string()], true))
            }
            fn visit_f64<E>(self, number: f64) -> Result<OptionFile, E> {
                Ok(OptionFile(vec![number.to_string()], true))
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<OptionFile, A::Error> {
                let mut words = Vec::new();
                while let Some(OptionFile(word, _)) = list.next_element()? {
                    words.extend(word);
                }
                Ok(OptionFile(words, true))
            }
        }
        deserializer.deserialize_any(Words)
    }
}
