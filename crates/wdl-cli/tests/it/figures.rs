//! No published figure is wrong: each equals what a separate, slow implementation finds.
//!
//! With archives without errors it is computed from the truth of the city; with errors, from the very files the bodies delivered, and the distance to the truth is stated.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use crate::changed;
use crate::leaks::files;
use crate::programmes;
use crate::shown::pages_agree;
use crate::slow::{self, Cell, Change, City, Figures};
use crate::stage;

/// What the demo is asked for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Archives {
    Clean,
    WithErrors,
}

/// A demo that was run: the city, the lab, the site.
struct Demo {
    home: PathBuf,
    _folder: Option<tempfile::TempDir>,
}

impl Demo {
    fn run(archives: Archives) -> Demo {
        match archives {
            Archives::Clean => {
                let folder = tempfile::tempdir().unwrap();
                let home = folder.path().join("demo");
                stage::demo(&home, "2000", &["--clean"]);
                Demo {
                    home,
                    _folder: Some(folder),
                }
            }
            Archives::WithErrors => Demo {
                home: stage::shared_demo("2000"),
                _folder: None,
            },
        }
    }

    fn path(&self, part: &str) -> PathBuf {
        self.home.join(part)
    }

    fn truth(&self) -> Figures {
        slow::figures(&City::true_one(&self.path("city/truth"), &self.path("lab")))
    }

    fn delivered(&self) -> Figures {
        slow::figures(&City::delivered(
            &self.path("city/exports"),
            &self.path("lab"),
        ))
    }
}

#[test]
fn clean_figures_equal_the_truth() {
    let demo = Demo::run(Archives::Clean);
    everything_was_accepted(&demo);
    published_equals(&demo, &demo.truth());
    programmes::equal_the_truth(&demo.path(""));
}

#[test]
fn figures_with_errors_equal_the_deliveries() {
    let demo = Demo::run(Archives::WithErrors);
    everything_was_accepted(&demo);
    let delivered = demo.delivered();
    published_equals(&demo, &delivered);
    distance_is_stated(&delivered, &demo.truth());
}

/// The record names every file of the bodies as received.
fn everything_was_accepted(demo: &Demo) {
    let exports = demo.path("city/exports");
    let mut written = BTreeSet::new();
    for file in files(&exports) {
        let parts: Vec<&str> = file
            .strip_prefix(&exports)
            .unwrap()
            .iter()
            .map(|part| part.to_str().unwrap())
            .collect();
        let dataset = parts[2].strip_suffix(".csv").unwrap();
        written.insert(format!("{}/{dataset}/{}", parts[0], parts[1]));
    }
    let acts = slow::read(&demo.path("site/data/acts.csv"));
    let received = acts
        .rows
        .iter()
        .filter(|row| row.text("act") == "received" && row.text("outcome") == "done");
    let received: BTreeSet<String> = received.map(|row| row.text("subject").to_owned()).collect();
    assert_eq!(received, written);
}

/// Every published cell is the slow one, or as far from it as the agreement says, and every slow cell is published or said to be hidden.
fn published_equals(demo: &Demo, slow: &Figures) {
    let site = &demo.path("site");
    let data = &site.join("data");
    let changes = slow::changes(&demo.path("lab"));
    assert_eq!(changes.len(), 4, "every way to change a count is tried");
    let mut faults = Faults::default();
    let mut seen = BTreeSet::new();
    for file in files(data) {
        let name = file.file_name().unwrap().to_str().unwrap();
        let folder = file.parent().unwrap();
        if folder == data || !name.ends_with(".csv") || name.ends_with(".it.csv") {
            continue;
        }
        let indicator = folder.file_name().unwrap().to_str().unwrap();
        // Evaluations have pages and tests of their own.
        if indicator.starts_with("study-") {
            continue;
        }
        let breakdown = name.strip_suffix(".csv").unwrap();
        let table = (indicator.to_owned(), breakdown.to_owned());
        match slow.tables.get(&table) {
            Some(cells) => {
                let change = changes.get(indicator).copied();
                compare_table(&file, &table, (cells, change), &mut faults);
            }
            None => faults.add(format!(
                "{indicator}/{breakdown} is published and nobody computed it again"
            )),
        }
        other_forms_agree(&file, &mut faults);
        seen.insert(table);
    }
    for table in slow.tables.keys().filter(|table| !seen.contains(table)) {
        faults.add(format!("{}/{} is not published", table.0, table.1));
    }
    for (indicator, change) in &changes {
        let own = changed::wrong(data, indicator, *change, slow);
        faults.found.extend(own);
        let told = changed::is_told(site, indicator, *change);
        faults.found.extend(told);
    }
    let tables: Vec<(String, String)> = seen.into_iter().collect();
    let shown = pages_agree(site, &tables, &mut faults.found);
    eprintln!(
        "{} tables: {} cells with a number, {} with a changed one, {} hidden, {} without one; {shown} on the pages",
        tables.len(),
        faults.equal,
        faults.changed,
        faults.hidden,
        faults.without
    );
    faults.none();
    assert!(
        faults.equal > 5_000 && faults.changed > 500 && shown > 5_000,
        "too few cells to mean anything"
    );
}

/// What is wrong, and how much is right.
#[derive(Default)]
struct Faults {
    found: Vec<String>,
    equal: usize,
    changed: usize,
    hidden: usize,
    without: usize,
}

impl Faults {
    fn add(&mut self, fault: String) {
        self.found.push(fault);
    }

    fn none(&self) {
        let first: Vec<&str> = self.found.iter().take(60).map(String::as_str).collect();
        assert!(
            first.is_empty(),
            "{} faults:\n{}",
            self.found.len(),
            first.join("\n")
        );
    }
}

fn compare_table(
    file: &Path,
    table: &(String, String),
    (cells, change): (&BTreeMap<slow::Address, Cell>, Option<Change>),
    faults: &mut Faults,
) {
    let published = slow::read(file);
    let is_marked = published.columns.iter().any(|one| one == "protection");
    if is_marked != change.is_some() {
        faults.add(format!(
            "{}: changed, or not, as nobody said",
            file.display()
        ));
        return;
    }
    let dimensions: Vec<&String> = published
        .columns
        .iter()
        .filter(|column| published.columns.contains(&format!("{column}_it")))
        .collect();
    let mut seen = BTreeSet::new();
    for row in &published.rows {
        let keys: Vec<String> = dimensions
            .iter()
            .map(|dimension| row.text(dimension).to_owned())
            .collect();
        let address = (row.text("period").to_owned(), keys);
        let place = format!("{}/{} {} {:?}", table.0, table.1, address.0, address.1);
        match cells.get(&address) {
            Some(cell) => match change.filter(|_| row.text("status") != "not_collected") {
                Some(change) => {
                    faults.changed += 1;
                    if !changed::is_right(row, cell, change) {
                        let value = row.text("value");
                        faults.add(format!("{place}: {value} by {change:?}, slow {cell:?}"));
                    }
                }
                None => compare_cell(row, cell, &place, faults),
            },
            None => faults.add(format!("{place}: nobody computed this cell again")),
        }
        if !seen.insert(address) {
            faults.add(format!("{place}: published twice"));
        }
    }
    for (address, cell) in cells {
        // The category of what is not known is shown where something lies in it.
        let is_unknown = address.1.iter().any(|key| key == slow::UNKNOWN);
        let is_said = seen.contains(address) || is_unknown && cell.n == 0;
        if !is_said {
            faults.add(format!(
                "{}/{} {address:?}: absent, {cell:?}",
                table.0, table.1
            ));
        }
    }
}

fn compare_cell(row: &slow::Row, cell: &Cell, place: &str, faults: &mut Faults) {
    let number = |column: &str| row.some(column).map(|text| text.parse::<f64>().unwrap());
    let count = |column: &str| row.some(column).map(|text| text.parse::<u64>().unwrap());
    let (value, error) = (number("value"), number("standard_error"));
    let (n, n_with, coverage) = (count("n"), count("n_with"), number("coverage"));
    let said = format!(
        "{place}: published {value:?} ± {error:?} n {n:?} with {n_with:?} coverage {coverage:?}, slow {cell:?}"
    );
    let is_empty =
        value.is_none() && n.is_none() && n_with.is_none() && coverage.is_none() && error.is_none();
    let is_right = match row.text("status") {
        "value" => {
            faults.equal += 1;
            cell.is_collected
                && is_near(value, cell.value, 1e-9)
                // Where everybody is alike one way of computing gives zero and the other what rounding leaves of it.
                && (is_near(error, cell.standard_error, 1e-7)
                    || is_nothing(error) && is_nothing(cell.standard_error))
                && !is_few(cell.n, place)
                && n == Some(cell.n)
                && n_with == cell.n_with
                && is_near(coverage, cell.coverage, 1e-9)
        }
        "suppressed" => {
            faults.hidden += 1;
            cell.is_collected && is_empty
        }
        "not_collected" => {
            faults.without += 1;
            !cell.is_collected && is_empty
        }
        "not_computable" => {
            faults.without += 1;
            cell.is_collected && cell.value.is_none() && value.is_none()
        }
        _ => false,
    };
    if !is_right {
        faults.add(format!("{} {said}", row.text("status")));
    }
}

/// Whether a cell rests on somebody, but on fewer than the lab may show.
fn is_few(n: u64, place: &str) -> bool {
    let strict = ["passi_", "accidents", "injured_"];
    let is_strict = strict.iter().any(|indicator| place.starts_with(indicator));
    let least = if is_strict { 10 } else { 5 };
    n > 0 && n < least
}

/// Whether both are absent, or both there and equal to a part of them.
fn is_near(published: Option<f64>, slow: Option<f64>, part: f64) -> bool {
    match (published, slow) {
        (None, None) => true,
        (Some(one), Some(other)) => (one - other).abs() <= part * one.abs().max(other.abs()),
        _ => false,
    }
}

/// An error of zero, but for what rounding leaves of it.
fn is_nothing(error: Option<f64>) -> bool {
    error.is_some_and(|error| error.abs() < 1e-12)
}

/// The Italian table and the JSON-stat documents say what the table says.
fn other_forms_agree(file: &Path, faults: &mut Faults) {
    let table = slow::read(file);
    let italian = slow::read_with(&file.with_extension("it.csv"), b';');
    if italian.rows.len() != table.rows.len() {
        faults.add(format!(
            "{}: the Italian table has {} rows",
            file.display(),
            italian.rows.len()
        ));
        return;
    }
    for (row, other) in table.rows.iter().zip(&italian.rows) {
        let agrees = |column: &&str| other.text(column).replace(',', ".") == row.text(column);
        if ![
            "period",
            "value",
            "standard_error",
            "n",
            "n_with",
            "coverage",
            "status",
        ]
        .iter()
        .all(agrees)
        {
            faults.add(format!(
                "{}: the Italian table says otherwise",
                file.display()
            ));
        }
    }
    for language in ["it", "en"] {
        let document = file.with_extension(format!("{language}.json"));
        if let Err(fault) = json_agrees(&document, &table) {
            faults.add(format!("{}: {fault}", document.display()));
        }
    }
}

fn json_agrees(document: &Path, table: &slow::TextTable) -> Result<(), String> {
    let text = fs::read_to_string(document).map_err(|fault| fault.to_string())?;
    let json: serde_json::Value = serde_json::from_str(&text).map_err(|fault| fault.to_string())?;
    let ids: Vec<&str> = json["id"]
        .as_array()
        .unwrap()
        .iter()
        .map(|id| id.as_str().unwrap())
        .collect();
    let categories = |id: &str| -> Vec<String> {
        let index = json["dimension"][id]["category"]["index"]
            .as_array()
            .unwrap();
        index
            .iter()
            .map(|key| key.as_str().unwrap().to_owned())
            .collect()
    };
    let values = json["value"].as_array().unwrap();
    let mut addresses: Vec<Vec<String>> = vec![Vec::new()];
    for id in &ids {
        let crossed = |address: &Vec<String>| -> Vec<Vec<String>> {
            let keys = categories(id).into_iter();
            keys.map(|key| address.iter().cloned().chain([key]).collect())
                .collect()
        };
        addresses = addresses.iter().flat_map(crossed).collect();
    }
    if addresses.len() != values.len() {
        return Err(format!(
            "{} values for {} places",
            values.len(),
            addresses.len()
        ));
    }
    let mut rows = BTreeMap::new();
    for row in &table.rows {
        let own = |id: &&str| match *id {
            "TIME_PERIOD" => row.text("period").to_owned(),
            dimension => row.text(dimension).to_owned(),
        };
        let key: Vec<String> = ids[..ids.len() - 1].iter().map(own).collect();
        rows.insert(key, row);
    }
    for (address, value) in addresses.iter().zip(values) {
        let (measure, key) = address.split_last().unwrap();
        let row = rows
            .get(key)
            .ok_or_else(|| format!("{key:?} is not in the table"))?;
        let cell = row.some(measure).map(|text| text.parse::<f64>().unwrap());
        if value.as_f64() != cell {
            return Err(format!(
                "{key:?} {measure}: {value}, and {cell:?} in the table"
            ));
        }
    }
    Ok(())
}

/// How far a figure may lie from the truth.
#[derive(Clone, Copy)]
enum Bound {
    /// Not at all: these count rows by their own keys, or by a family written on them, and a wrong codice fiscale loses no row.
    Exact,
    /// As a part of the true figure.
    Part(f64),
    /// In its own unit; for a share, 0.01 is one point.
    Units(f64),
}

/// The plain series and how far errors in the archives may move them, in the worst year.
///
/// About two in a hundred returns and declarations carry no usable codice fiscale and are lost to their person.
/// Families then look poorer than they are: the threshold falls, the rest is spread more widely.
/// The bounds are about one and a half times the worst of four cities of 2,000 residents; in a larger city the distance is smaller.
const BOUNDS: &[(&str, Bound)] = &[
    ("residents", Bound::Exact),
    ("families", Bound::Exact),
    ("rented_dwellings", Bound::Exact),
    ("rent_per_m2", Bound::Exact),
    ("housing_waiting_list", Bound::Exact),
    ("housing_allocations", Bound::Exact),
    ("evictions", Bound::Exact),
    ("aided_households", Bound::Exact),
    ("aid_spending", Bound::Exact),
    ("rent_support_applications", Bound::Exact),
    ("rent_support_admitted", Bound::Exact),
    ("rent_support_paid", Bound::Exact),
    ("rent_support_spending", Bound::Exact),
    ("income_distribution", Bound::Part(0.02)),
    ("income_share_by_tenth", Bound::Exact),
    ("at_risk_of_poverty_threshold", Bound::Part(0.05)),
    ("at_risk_of_poverty_rate", Bound::Units(0.015)),
    // Half of the poor of 2,000 residents are some 250 people, and their median jumps from one to the next.
    ("poverty_gap", Bound::Units(0.10)),
    ("gini", Bound::Units(0.015)),
    // The poorest fifth has next to no taxable income, and a lost return takes what little there is.
    ("income_quintile_share_ratio", Bound::Part(0.15)),
    ("rent_burden_over_30", Bound::Units(0.02)),
    ("rent_burden_over_40", Bound::Units(0.02)),
    ("isee_below_limit", Bound::Units(0.01)),
    // From here on about three times the distance in one city.
    ("aided_persons", Bound::Part(0.02)),
    ("aid_recipients", Bound::Part(0.02)),
    ("aid_payments", Bound::Exact),
    ("aid_several_measures", Bound::Exact),
    ("aid_municipal_and_national", Bound::Exact),
    ("national_aid_households", Bound::Exact),
    ("aid_mean_amount", Bound::Exact),
    ("aid_again", Bound::Exact),
    ("contracts_ended", Bound::Exact),
    ("unemployment_registrations", Bound::Exact),
    ("unemployment_long_term", Bound::Exact),
    ("unemployment_duration", Bound::Exact),
    ("accidents", Bound::Exact),
    ("injured_at_risk_of_poverty", Bound::Units(0.2)),
    ("injured_aided", Bound::Units(0.1)),
    ("employed_residents", Bound::Units(0.006)),
    ("fixed_term_contracts", Bound::Units(0.004)),
    ("months_worked", Bound::Units(0.05)),
    ("short_work_year", Bound::Units(0.005)),
    ("working_poor", Bound::Units(0.025)),
    ("at_risk_of_poverty_rate_40", Bound::Units(0.015)),
    ("at_risk_of_poverty_rate_50", Bound::Units(0.02)),
    ("at_risk_of_poverty_rate_70", Bound::Units(0.015)),
    ("at_risk_of_poverty_rate_anchored", Bound::Units(0.015)),
    ("persistent_poverty_rate", Bound::Units(0.01)),
    ("poverty_entry_rate", Bound::Units(0.02)),
    ("poverty_exit_rate", Bound::Units(0.08)),
    ("poverty_gap_index", Bound::Units(0.012)),
    ("poverty_severity", Bound::Units(0.01)),
    ("sen_shorrocks_thon", Bound::Units(0.02)),
    ("palma_ratio", Bound::Part(0.05)),
    ("atkinson_index", Bound::Units(0.008)),
    ("theil_index", Bound::Units(0.02)),
    ("mean_log_deviation", Bound::Units(0.025)),
    ("income_share_poorest_fifth", Bound::Units(0.004)),
    ("income_share_richest_tenth", Bound::Units(0.015)),
    ("income_first_decile", Bound::Part(0.4)),
    ("median_income", Bound::Part(0.05)),
    ("income_ninth_decile", Bound::Part(0.08)),
    ("isee_declared", Bound::Units(0.01)),
    ("isee_median", Bound::Part(0.02)),
    ("isee_below_limit_aided", Bound::Units(0.03)),
    ("dwellings", Bound::Exact),
    ("unused_dwellings", Bound::Exact),
    ("erp_dwellings_empty", Bound::Exact),
    ("renting_families", Bound::Exact),
    ("rent_monthly", Bound::Exact),
    ("rent_contracts_signed", Bound::Exact),
    ("rent_per_m2_new", Bound::Exact),
    ("homes_below_minimum_area", Bound::Exact),
    ("eviction_reasons", Bound::Exact),
    ("evictions_pending", Bound::Exact),
    ("eviction_request_hazard", Bound::Exact),
    ("eviction_execution_hazard", Bound::Exact),
    ("eviction_requested_within_two_years", Bound::Exact),
    ("eviction_executed_within_two_years", Bound::Exact),
    ("housing_applications_filed", Bound::Exact),
    ("housing_applications_closed", Bound::Exact),
    // The same waits, added up in another order.
    ("housing_waiting_years", Bound::Units(1e-12)),
    ("housing_allocated_within_three_years", Bound::Exact),
    (
        "housing_closed_without_home_within_three_years",
        Bound::Exact,
    ),
    // Who cannot be followed from one home to the next is in no pair.
    ("families_moved", Bound::Part(0.1)),
    ("rent_burden_over_25", Bound::Units(0.02)),
    ("residual_income_after_rent", Bound::Part(0.1)),
    ("poverty_after_rent", Bound::Units(0.015)),
    ("evictions_after_risk", Bound::Units(0.005)),
    ("families_under_eviction", Bound::Units(0.005)),
    ("families_at_risk_of_losing_home", Bound::Units(0.02)),
    ("rent_support_potential", Bound::Part(0.1)),
    ("rent_support_coverage", Bound::Units(0.07)),
    ("rent_support_coverage_paid", Bound::Units(0.07)),
];

/// Says how far each plain series lies from the truth, and that it is no farther than it should be.
fn distance_is_stated(delivered: &Figures, truth: &Figures) {
    let bounds: BTreeMap<&str, Bound> = BOUNDS.iter().copied().collect();
    let mut farther: Vec<String> = Vec::new();
    let plain = delivered
        .tables
        .iter()
        .filter(|((_, breakdown), _)| breakdown == "total");
    for ((indicator, breakdown), cells) in plain {
        let right = &truth.tables[&(indicator.clone(), breakdown.clone())];
        let mut worst = (0.0, 0.0);
        let mut sum = 0.0;
        let mut periods = 0;
        for (address, cell) in cells {
            let (Some(value), Some(right)) = (cell.value, right[address].value) else {
                assert_eq!(cell.value, right[address].value, "{indicator} {address:?}");
                continue;
            };
            let distance: f64 = value - right;
            if distance.abs() > worst.0 {
                worst = (distance.abs(), distance.abs() / right.abs());
            }
            sum += distance;
            periods += 1;
        }
        eprintln!(
            "{indicator}: at most {:.6} from the truth ({:.2} % of it), {:+.6} on average over {periods} periods",
            worst.0,
            worst.1 * 100.0,
            sum / f64::from(periods)
        );
        let is_within = match bounds[indicator.as_str()] {
            Bound::Exact => worst.0 == 0.0,
            // One unit more or less is the least that a count can be off.
            Bound::Part(part) => worst.1 <= part || (worst.0 == 1.0 && worst.1 <= 0.1),
            Bound::Units(units) => worst.0 <= units,
        };
        if !is_within {
            farther.push(format!("{indicator} by {worst:?}"));
        }
    }
    assert_eq!(farther, [""; 0], "farther from the truth than they should");
    let said = delivered
        .tables
        .keys()
        .filter(|(_, breakdown)| breakdown == "total")
        .count();
    assert_eq!(said, BOUNDS.len(), "a bound for each plain series");
}
