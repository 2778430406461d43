//! The reference data on the Adult set, where they are there.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use wdl_anonymisation::hierarchy::Hierarchy;
use wdl_anonymisation::records::{QuasiIdentifier, Records, Sensitive};

/// The Adult set: columns of text and hierarchies.
pub(super) struct Adult {
    pub(super) names: Vec<String>,
    pub(super) columns: BTreeMap<String, Vec<String>>,
    pub(super) hierarchies: BTreeMap<String, Hierarchy>,
}

/// The folder of the reference; nothing when this machine has none.
pub(super) fn folder() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = folder.join("../../../shared/reference/disclosure/adult");
    match folder.is_dir() {
        true => Some(folder),
        false => {
            println!("skipped: {} is not there", folder.display());
            None
        }
    }
}

pub(super) fn json(path: &Path) -> serde_json::Value {
    // What Java writes for an undefined number is no JSON.
    let text = std::fs::read_to_string(path)
        .unwrap()
        .replace("NaN", "null");
    serde_json::from_str(&text).unwrap()
}

fn rows(path: &Path) -> Vec<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(b';')
        .has_headers(false)
        .from_path(path)
        .unwrap();
    let records = reader.records().map(|row| row.unwrap());
    records
        .map(|row| row.iter().map(str::to_owned).collect())
        .collect()
}

impl Adult {
    pub(super) fn read() -> Option<Adult> {
        let folder = folder()?;
        let mut rows_of = rows(&folder.join("adult.csv"));
        let names = rows_of.remove(0);
        let mut columns = BTreeMap::new();
        let mut hierarchies = BTreeMap::new();
        for (place, name) in names.iter().enumerate() {
            let column = rows_of.iter().map(|row| row[place].clone()).collect();
            columns.insert(name.clone(), column);
            let levels = rows(&folder.join(format!("adult_hierarchy_{name}.csv")));
            let hierarchy = Hierarchy::from_rows(&levels).unwrap().without_missing();
            hierarchies.insert(name.clone(), hierarchy);
        }
        Some(Adult {
            names,
            columns,
            hierarchies,
        })
    }

    /// Records with these quasi-identifiers.
    pub(super) fn records(&self, quasi: &[&str]) -> Records {
        let quasi = quasi.iter().map(|name| {
            let hierarchy = self.hierarchies[*name].clone();
            let codes = hierarchy.leaves_of(&self.columns[*name]).unwrap();
            QuasiIdentifier { hierarchy, codes }
        });
        Records::new(quasi.collect()).unwrap()
    }

    /// A sensitive column, numeric values by size, and its values in order.
    pub(super) fn sensitive(&self, name: &str) -> (Sensitive, Vec<String>) {
        let column = &self.columns[name];
        let mut values: Vec<String> = column.clone();
        values.sort_by_key(|value| (value.parse::<i64>().unwrap_or(0), value.clone()));
        values.dedup();
        let code = |value: &String| values.iter().position(|one| one == value).unwrap() as u32;
        let sensitive = Sensitive {
            codes: column.iter().map(|value| Some(code(value))).collect(),
            values: values.len(),
        };
        (sensitive, values)
    }
}
