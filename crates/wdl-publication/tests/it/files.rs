//! Files of data: what they hold, what they must never hold.

use serde_json::Value;
use wdl_publication::CellAddress;

use crate::invented;
use crate::released::with_site;

#[test]
fn every_json_stat_file_is_a_dataset() {
    with_site(true, |site, _| {
        let mut count = 0;
        for (path, bytes) in site.files() {
            if !path.starts_with("data/")
                || !(path.ends_with(".it.json") || path.ends_with(".en.json"))
            {
                continue;
            }
            let document: Value = serde_json::from_slice(bytes).unwrap();
            assert_dataset(path, &document);
            count += 1;
        }
        assert_eq!(count, 2 * invented::tables());
    });
}

/// The rules of JSON-stat 2.0 for a dataset: json-stat.org/full.
fn assert_dataset(path: &str, document: &Value) {
    assert_eq!(document["version"], "2.0", "{path}");
    assert_eq!(document["class"], "dataset", "{path}");
    let ids: Vec<&str> = document["id"]
        .as_array()
        .unwrap()
        .iter()
        .map(|id| id.as_str().unwrap())
        .collect();
    let sizes: Vec<u64> = document["size"]
        .as_array()
        .unwrap()
        .iter()
        .map(|size| size.as_u64().unwrap())
        .collect();
    assert_eq!(ids.len(), sizes.len(), "{path}");
    let values = document["value"].as_array().unwrap();
    assert_eq!(values.len() as u64, sizes.iter().product::<u64>(), "{path}");
    assert!(
        values
            .iter()
            .all(|value| value.is_number() || value.is_null()),
        "{path}"
    );
    for (id, size) in ids.iter().zip(&sizes) {
        let dimension = &document["dimension"][id];
        assert!(dimension["label"].is_string(), "{path} {id}");
        let index = dimension["category"]["index"].as_array().unwrap();
        assert_eq!(index.len() as u64, *size, "{path} {id}");
        for category in index {
            assert!(
                dimension["category"]["label"][category.as_str().unwrap()].is_string(),
                "{path} {id}"
            );
        }
    }
    for role in document["role"].as_object().unwrap().values() {
        assert!(
            role.as_array()
                .unwrap()
                .iter()
                .all(|id| ids.contains(&id.as_str().unwrap())),
            "{path}"
        );
    }
    for (place, word) in document["status"].as_object().unwrap() {
        let place: usize = place.parse().unwrap();
        assert!(
            values[place].is_null() && word.is_string(),
            "{path}: a status beside a value"
        );
    }
    let missing = values.iter().filter(|value| value.is_null()).count();
    assert_eq!(
        missing,
        document["status"].as_object().unwrap().len(),
        "{path}: a gap without its reason"
    );
}

#[test]
fn csv_files_say_the_same_in_both_dialects() {
    with_site(true, |site, known| {
        let read = |path: &str| String::from_utf8(site.files()[path].clone()).unwrap();
        let standard = read("data/arpr/quartiere.csv");
        let italian = read("data/arpr/quartiere.it.csv");
        insta::assert_snapshot!("csv_standard", known.redact(&first_lines(&standard, 4)));
        insta::assert_snapshot!("csv_italian", known.redact(&first_lines(&italian, 3)));
        assert_eq!(standard.lines().count(), italian.lines().count());
        assert!(standard.lines().all(|line| line.matches(',').count() >= 15));
    });
}

fn first_lines(text: &str, count: usize) -> String {
    text.lines().take(count).collect::<Vec<_>>().join("\n")
}

#[test]
fn every_row_names_its_cell() {
    with_site(true, |site, known| {
        for table in known.tables() {
            let breakdown = table.breakdown();
            let path = format!("data/{}/{breakdown}.csv", table.header.indicator);
            let text = String::from_utf8(site.files()[&path].clone()).unwrap();
            let mut rows = text.lines();
            let place = rows
                .next()
                .unwrap()
                .split(',')
                .position(|name| name == "cell")
                .unwrap();
            let from_end = text.lines().next().unwrap().split(',').count() - place;
            for (row, cell) in rows.zip(&table.cells) {
                let fields: Vec<&str> = row.split(',').collect();
                let address: CellAddress = fields[fields.len() - from_end].parse().unwrap();
                assert_eq!(address.find(table), Some(cell), "{row}");
            }
        }
    });
}

#[test]
fn sdc_small_cell_is_nowhere() {
    with_site(true, |site, known| {
        let hidden = known.hidden();
        assert!(
            hidden.len() > 20,
            "{} suppressed cells to look for",
            hidden.len()
        );
        for (path, bytes) in site.files() {
            let file = String::from_utf8_lossy(bytes);
            for word in &hidden {
                assert!(!file.contains(word.as_str()), "{path} shows {word}");
            }
        }
    });
}

#[test]
fn the_index_names_every_data_file_with_its_digest() {
    with_site(true, |site, _| {
        let index: Value = serde_json::from_slice(&site.files()["index.json"]).unwrap();
        let mut named = 0;
        for indicator in index["indicators"].as_array().unwrap() {
            for table in indicator["tables"].as_array().unwrap() {
                for file in table["files"].as_array().unwrap() {
                    let bytes = &site.files()[file["path"].as_str().unwrap()];
                    assert_eq!(file["sha256"], wdl_vocab::Digest::of(bytes).to_string());
                    named += 1;
                }
            }
        }
        let made = site
            .files()
            .keys()
            .filter(|path| path.starts_with("data/") && *path != "data/acts.csv");
        assert_eq!(named, made.count());
    });
}

#[test]
fn lineage_leads_to_deliveries_and_approvals() {
    with_site(true, |site, _| {
        let lineage: Value =
            serde_json::from_slice(&site.files()["data/arpr/quartiere.lineage.json"]).unwrap();
        assert_eq!(lineage["inputs"][0]["deliveries"][0], "d-residenti");
        assert_eq!(lineage["release"]["reviews"].as_array().unwrap().len(), 2);
        assert!(lineage["snapshot"].is_string() && lineage["code_version"].is_string());
    });
}

#[test]
fn the_published_ledger_verifies_offline() {
    with_site(true, |site, known| {
        let lines = &site.files()["ledger/ledger.jsonl"];
        assert_eq!(
            lines.iter().filter(|byte| **byte == b'\n').count(),
            known.entries()
        );
        let checkpoint =
            wdl_ledger::Checkpoint::from_bytes(&site.files()["ledger/checkpoint.json"]).unwrap();
        let last = lines
            .strip_suffix(b"\n")
            .unwrap()
            .rsplit(|byte| *byte == b'\n')
            .next()
            .unwrap();
        assert_eq!(checkpoint.root, wdl_vocab::Digest::of(last));
    });
}
