//! Monday's list: what it says is what the deliveries say, it stays inside the lab, and who read it is in the record.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::leaks::{files, leaks};
use crate::slow;
use crate::stage::{demo, run, said, well};

/// The list of a demo as an office reads it.
fn list(home: &Path, more: &[&str]) -> Value {
    let (dir, key) = (
        home.to_str().unwrap().to_owned(),
        home.join("offices/analisi.key"),
    );
    let mut arguments = vec!["monday", "--format", "json", "--dir", &dir, "--as"];
    arguments.push(key.to_str().unwrap());
    arguments.extend(more);
    serde_json::from_slice(&well(run("wdl", &arguments)).stdout).unwrap()
}

fn items<'a>(list: &'a Value, kind: &str) -> Vec<&'a Value> {
    let all = list["items"].as_array().unwrap();
    all.iter().filter(|item| item["kind"] == kind).collect()
}

#[test]
fn the_list_is_read_inside_and_recorded() {
    let folder = tempfile::tempdir().unwrap();
    let home = folder.path().join("demo");
    // In a city of 2,000 every quarter of spending is hidden.
    demo(&home, "6000", &["--clean"]);
    let dir = home.to_str().unwrap();

    // Nobody in particular reads nothing.
    let nobody = run("wdl", &["monday", "--dir", dir]);
    assert!(said(&nobody).contains("WDL-U016"), "{}", said(&nobody));

    let page = folder.path().join("monday.html");
    let told = list(&home, &["--page", page.to_str().unwrap()]);
    let again = list(&home, &[]);
    assert_eq!(
        told["items"], again["items"],
        "the same data, the same list"
    );
    let record = fs::read_to_string(home.join("state/ledger/ledger.jsonl")).unwrap();
    assert_eq!(record.matches("\"kind\":\"drafts_read\"").count(), 2);
    well(run("wdl", &["audit", "verify", "--dir", dir]));

    page_is_fit(&fs::read_to_string(&page).unwrap());
    stays_inside(&home, folder.path());
    spending_is_that_of_the_deliveries(&home, &told);
    budgets_are_for_each_resident(&home, &told);
    dwellings_are_those_of_the_deliveries(&home, &told);
    months_are_those_of_the_deliveries(&home, &told);
    sources_are_those_of_the_record(&told, &record);
}

fn page_is_fit(page: &str) {
    for wanted in [
        "SYNTHETIC DATA",
        "DATI SINTETICI",
        "<h1>Monday",
        "<th scope=\"row\">",
    ] {
        assert!(page.contains(wanted), "{wanted}");
    }
    for forbidden in ["<script", "http://", "https://", "{ $", "&lt;"] {
        assert!(!page.contains(forbidden), "{forbidden}");
    }
}

/// No table for the lab alone is on the site, and no identity is in the list.
fn stays_inside(home: &Path, folder: &Path) {
    for file in files(&home.join("site")) {
        let name = file.to_string_lossy().into_owned();
        for inside in ["aid_spending_quarter", "adi_months_in_a_row"] {
            assert!(!name.contains(inside), "{name}");
        }
    }
    let key = wdl_crypto::SealingKey::read(&home.join("state/keys/secret/sealing.key")).unwrap();
    let canaries: Vec<String> = wdl_synthetic::CANARIES
        .iter()
        .map(|name| (*name).to_string())
        .collect();
    let place = folder.join("list");
    fs::create_dir_all(&place).unwrap();
    fs::copy(folder.join("monday.html"), place.join("monday.html")).unwrap();
    assert_eq!(leaks(&place, &key, &canaries), []);
}

/// Rows of every delivery of a dataset, the latest of each key.
fn delivered(home: &Path, dataset: &str, key: &str) -> Vec<slow::Row> {
    let mut paths: Vec<_> = files(&home.join("city/exports/comune"))
        .into_iter()
        .filter(|path| path.ends_with(format!("{dataset}.csv")))
        .collect();
    paths.sort();
    let mut latest = BTreeMap::new();
    for path in paths {
        for row in slow::read_export(&path).rows {
            latest.insert(row.text(key).to_owned(), row);
        }
    }
    latest.into_values().collect()
}

/// `1.234,50` and `1234,50` in cents.
fn cents(text: &str) -> i64 {
    text.replace(['.', ','], "").parse().unwrap()
}

/// Payments of the year until the end of the newest quarter, added up line by line.
fn spending_is_that_of_the_deliveries(home: &Path, told: &Value) {
    let codes = slow::read(&home.join("lab/codes/misure.csv"));
    let of_the_city: BTreeSet<&str> = codes
        .rows
        .iter()
        .filter(|row| row.text("level") == "comunale")
        .map(|row| row.text("code"))
        .collect();
    let mut spent: BTreeMap<String, i64> = BTreeMap::new();
    for row in delivered(home, "aiuti", "ID_EROGAZIONE") {
        let (measure, day) = (row.text("MISURA"), row.text("DATA"));
        let month: u32 = day[3..5].parse().unwrap();
        if of_the_city.contains(measure) && day.ends_with("/2026") && month <= 9 {
            let amount = cents(row.text("IMPORTO"));
            *spent.entry(measure.to_owned()).or_default() += amount;
            *spent.entry("total".to_owned()).or_default() += amount;
        }
    }
    let names = BTreeMap::from([
        ("money grant", "contributo_economico"),
        ("food vouchers", "buoni_spesa"),
        ("help with bills", "utenze"),
    ]);
    let (mut compared, mut hidden) = (0, 0);
    for item in items(told, "budget") {
        assert_eq!(item["known"].as_array().unwrap().len(), 3);
        for line in item["lines"].as_array().unwrap() {
            let label = line["label"]["en"].as_str();
            let name = label.map_or("total", |label| names[label]);
            match line["spent"]["status"].as_str().unwrap() {
                "value" => {
                    let value = line["spent"]["value"].as_f64().unwrap();
                    let slow = spent.get(name).copied().unwrap_or(0);
                    assert_eq!((value * 100.0).round() as i64, slow, "{name}");
                    compared += 1;
                }
                status => {
                    assert_eq!(status, "suppressed", "{name}");
                    assert_eq!(line["outlook"]["state"], "not_computable", "{name}");
                    hidden += 1;
                }
            }
        }
    }
    assert_eq!(compared + hidden, 4);
    assert!(compared > 0, "at least the total can be compared");
}

/// A budget is its amount times the positions that held on 31 December of the year before.
fn budgets_are_for_each_resident(home: &Path, told: &Value) {
    let day = |text: &str| format!("{}{}{}", &text[6..], &text[3..5], &text[..2]);
    let holds = |row: &slow::Row| {
        let is_begun = day(row.text("DATA_INIZIO")).as_str() <= "20251231";
        let is_open = |text: String| day(&text).as_str() > "20251231";
        is_begun && row.some("DATA_FINE").is_none_or(is_open)
    };
    let rows = delivered(home, "residenti", "ID_POSIZIONE");
    let residents = rows.iter().filter(|row| holds(row)).count() as u64;
    let mut lines = 0;
    for item in items(told, "budget") {
        for line in item["lines"].as_array().unwrap() {
            let basis = &line["basis"];
            assert_eq!(basis["period"], "2025-Q4");
            assert_eq!(basis["count"]["value"].as_f64().unwrap() as u64, residents);
            let each = cents_of(&basis["amount"]);
            assert_eq!(cents_of(&line["budget"][0]), each * residents as i64);
            lines += 1;
        }
    }
    assert_eq!(lines, 4);
}

/// An amount of the list in cents.
fn cents_of(amount: &Value) -> i64 {
    amount.as_i64().unwrap()
}

/// Families with the Assegno di inclusione in September 2026, by how many months they had it in a row, counted backwards month by month.
fn months_are_those_of_the_deliveries(home: &Path, told: &Value) {
    let mut months: BTreeMap<String, BTreeSet<(i32, u32)>> = BTreeMap::new();
    for row in delivered(home, "aiuti", "ID_EROGAZIONE") {
        if row.text("MISURA") != "assegno_inclusione" {
            continue;
        }
        let day = row.text("DATA");
        let month = (day[6..].parse().unwrap(), day[3..5].parse().unwrap());
        let who = row.some("CODICE_FAMIGLIA");
        let who = who.expect("clean archives write the family on every payment");
        months.entry(who).or_default().insert(month);
    }
    let (mut next, mut reached) = (0, 0);
    for paid in months.values() {
        let mut at = (2026, 9);
        let mut run = 0;
        while paid.contains(&at) {
            run += 1;
            at = if at.1 == 1 {
                (at.0 - 1, 12)
            } else {
                (at.0, at.1 - 1)
            };
        }
        match run {
            15..=17 => next += 1,
            18..=20 => reached += 1,
            _ => {}
        }
    }
    let all = items(told, "newest");
    let item = all
        .iter()
        .find(|item| item["indicator"] == "adi_months_in_a_row")
        .unwrap();
    assert_eq!(item["period"], "2026-Q3");
    for (line, slow) in [(0, next), (1, reached)] {
        let now = &item["lines"][line]["now"];
        match now["status"].as_str().unwrap() {
            "value" => assert_eq!(now["value"].as_f64().unwrap() as u64, slow),
            status => assert_eq!(status, "suppressed"),
        }
    }
    eprintln!("month 18: {next} in the next quarter, {reached} in this one");
}

/// ERP dwellings in which nobody resides, counted from the two registers.
fn dwellings_are_those_of_the_deliveries(home: &Path, told: &Value) {
    let stands = |row: &slow::Row, from: &str, to: &str| {
        let day = |text: &str| format!("{}{}{}", &text[6..], &text[3..5], &text[..2]);
        let last = "20260930";
        let begun = row
            .some(from)
            .is_none_or(|text| day(&text).as_str() <= last);
        begun && row.some(to).is_none_or(|text| day(&text).as_str() > last)
    };
    let lived: BTreeSet<String> = delivered(home, "residenti", "ID_POSIZIONE")
        .iter()
        .filter(|row| stands(row, "DATA_INIZIO", "DATA_FINE"))
        .filter_map(|row| row.some("CHIAVE_CATASTALE"))
        .collect();
    let erp: BTreeSet<String> = delivered(home, "alloggi", "ID_ALLOGGIO")
        .iter()
        .filter(|row| row.text("TITOLO") == "E" && stands(row, "DATA_INIZIO", "DATA_FINE"))
        .filter_map(|row| row.some("CHIAVE_CATASTALE"))
        .collect();
    let empty = erp.difference(&lived).count() as u64;
    let item = items(told, "newest")
        .into_iter()
        .find(|item| item["indicator"] == "erp_dwellings_empty")
        .unwrap();
    let now = &item["lines"][0]["now"];
    match now["status"].as_str().unwrap() {
        "value" => {
            assert_eq!(now["n"], erp.len() as u64);
            assert_eq!(now["n_with"], empty);
        }
        // A total is hidden also when a district could be worked out from it.
        status => assert_eq!(status, "suppressed"),
    }
}

/// Each dataset of the record is told with its newest period.
fn sources_are_those_of_the_record(told: &Value, record: &str) {
    let mut newest: BTreeMap<String, String> = BTreeMap::new();
    for line in record.lines() {
        let entry: Value = serde_json::from_str(line).unwrap();
        let act = &entry["act"];
        if act["kind"] == "received" {
            let period = act["period"].as_str().unwrap().to_owned();
            let known = newest.entry(act["dataset"].as_str().unwrap().to_owned());
            let known = known.or_default();
            *known = known.clone().max(period);
        }
    }
    let mut periods: Vec<&str> = newest.values().map(String::as_str).collect();
    periods.sort_unstable();
    let mut shown: Vec<&str> = told["sources"]
        .as_array()
        .unwrap()
        .iter()
        .map(|source| source["period"].as_str().unwrap())
        .collect();
    shown.sort_unstable();
    assert_eq!(shown, periods);
}
