//! Counts that were changed instead of hidden: each within what is said of it, changed only as it is said, and the same wherever the same units are counted.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::leaks::files;
use crate::slow::{self, Address, Cell, Change, Figures, Row};
use crate::stage::{own_demo, run, said};

/// The least units that a cell of the lab may rest on, for every source whose counts are changed.
const MINIMUM: f64 = 5.0;
/// Noise of two exponentials is beyond so many scales once in 10¹³ draws.
const BEYOND: f64 = 30.0;

/// Whether a cell is changed as the agreement says, and no further.
pub(crate) fn is_right(row: &Row, cell: &Cell, change: Change) -> bool {
    let number = |column: &str| row.some(column).map(|text| text.parse::<f64>().unwrap());
    let (Some(value), Some(truth)) = (number("value"), cell.value) else {
        return false;
    };
    let (error, n) = (number("standard_error"), number("n"));
    let furthest = number("distance_max");
    let away = (value - truth).abs();
    let is_change = match change {
        Change::Rounded { base } => {
            let most = furthest.unwrap();
            // A multiple beyond the two around the count, where nothing nearer adds up.
            n == Some(value)
                && error.is_none()
                && value % base == 0.0
                && away <= most
                && most < 2.0 * base
        }
        Change::Keyed {
            deviation,
            variance,
        } => {
            n == Some(value)
                && error == Some(variance.sqrt())
                && furthest == Some(deviation)
                && away <= deviation
                && (value == 0.0 || value >= MINIMUM)
                && (truth > 0.0 || value == 0.0)
        }
        // How far it is away, and its error, are looked at where it is known what it adds up.
        Change::Noisy { .. } => n.is_none() && furthest.is_none() && value.fract() == 0.0,
    };
    let is_named = row.text("protection") == change.name();
    let says_no_more = number("n_with").is_none() && number("coverage").is_none();
    cell.is_collected && is_named && says_no_more && is_change
}

impl Change {
    /// What files call it.
    fn name(self) -> &'static str {
        match self {
            Change::Rounded { .. } => "controlled_rounding",
            Change::Keyed { .. } => "cell_keys",
            Change::Noisy { .. } => "differential_privacy",
        }
    }
}

/// A published number of a changed count.
struct Number {
    period: String,
    /// The categories that are not the total of their dimension.
    keys: BTreeMap<String, String>,
    value: f64,
    error: Option<f64>,
    truth: f64,
}

/// One changed indicator as it is published, table by table.
struct Published {
    indicator: String,
    tables: BTreeMap<Vec<String>, Vec<Number>>,
}

impl Published {
    fn read(data: &Path, indicator: &str, slow: &Figures) -> Published {
        let mut tables = BTreeMap::new();
        for ((own, breakdown), cells) in &slow.tables {
            if own != indicator {
                continue;
            }
            let dimensions: Vec<String> = match breakdown.as_str() {
                "total" => Vec::new(),
                some => some.split('-').map(str::to_owned).collect(),
            };
            let file = data.join(indicator).join(format!("{breakdown}.csv"));
            let rows = slow::read(&file).rows;
            let numbers = rows
                .iter()
                .filter_map(|row| number(row, &dimensions, cells))
                .collect();
            tables.insert(dimensions, numbers);
        }
        Published {
            indicator: indicator.to_owned(),
            tables,
        }
    }

    fn numbers(&self) -> impl Iterator<Item = &Number> {
        self.tables.values().flatten()
    }

    /// One cell has one number, whichever table shows it.
    fn two_numbers(&self) -> Vec<String> {
        let mut known = BTreeMap::new();
        let mut faults = Vec::new();
        for one in self.numbers() {
            let place = (&one.period, &one.keys);
            match known.insert(place, one.value) {
                Some(other) if other != one.value => faults.push(format!(
                    "{} {place:?}: {other} and {}",
                    self.indicator, one.value
                )),
                _ => {}
            }
        }
        faults
    }

    /// Totals that are not the sums of the categories under them.
    fn wrong_sums(&self) -> Vec<String> {
        let mut faults = Vec::new();
        for (dimensions, numbers) in &self.tables {
            if dimensions.len() != 1 {
                continue;
            }
            let mut sums: BTreeMap<&str, f64> = BTreeMap::new();
            for one in numbers {
                let sign = if one.keys.is_empty() { 1.0 } else { -1.0 };
                *sums.entry(&one.period).or_default() += sign * one.value;
            }
            let wrong = sums.iter().filter(|(_, rest)| **rest != 0.0);
            faults.extend(wrong.map(|(period, rest)| {
                format!(
                    "{}/{dimensions:?} {period}: {rest} in no category",
                    self.indicator
                )
            }));
        }
        faults
    }

    /// The finest table, and how many categories each of its dimensions has.
    fn finest(&self) -> (&[Number], BTreeMap<&str, usize>) {
        let most = self.tables.iter().max_by_key(|(own, _)| own.len());
        let (dimensions, numbers) = most.unwrap();
        let categories = dimensions.iter().map(|dimension| {
            let named: BTreeSet<&str> = numbers
                .iter()
                .filter_map(|one| one.keys.get(dimension).map(String::as_str))
                .collect();
            (dimension.as_str(), named.len())
        });
        (numbers, categories.collect())
    }

    /// Numbers whose error, or whose noise, is not that of the finest cells that they add up.
    fn wrong_noise(&self, scale: f64) -> Vec<String> {
        let (_, categories) = self.finest();
        let parts = |one: &Number| {
            let not_named = categories
                .iter()
                .filter(|(dimension, _)| !one.keys.contains_key(**dimension));
            not_named.map(|(_, count)| *count as f64).product::<f64>()
        };
        let is_right = |one: &Number| {
            let spread = spread(scale) * parts(one).sqrt();
            let away = (one.value - one.truth).abs();
            away <= BEYOND * scale * parts(one)
                && one.error.is_some_and(|error| (error - spread).abs() < 1e-9)
        };
        let wrong = self.numbers().filter(|one| !is_right(one));
        let told = wrong.map(|one| {
            format!(
                "{} {} {:?}: {} ± {:?} for {}, {} cells",
                self.indicator,
                one.period,
                one.keys,
                one.value,
                one.error,
                one.truth,
                parts(one)
            )
        });
        told.collect()
    }

    /// What every cell was changed by, once for each; who is nobody has no noise of its own under `Keyed`.
    fn differences(&self, change: Change) -> Vec<f64> {
        let (finest, categories) = self.finest();
        let is_drawn = |one: &Number| match change {
            Change::Rounded { .. } => true,
            Change::Keyed { .. } => one.truth > 0.0,
            Change::Noisy { .. } => one.keys.len() == categories.len(),
        };
        let drawn: Vec<&Number> = match change {
            Change::Rounded { .. } | Change::Keyed { .. } => self.numbers().collect(),
            Change::Noisy { .. } => finest.iter().collect(),
        };
        let mut seen = BTreeSet::new();
        drawn
            .into_iter()
            .filter(|one| is_drawn(one) && seen.insert((&one.period, &one.keys)))
            .map(|one| one.value - one.truth)
            .collect()
    }
}

fn number(row: &Row, dimensions: &[String], cells: &BTreeMap<Address, Cell>) -> Option<Number> {
    let value = row.some("value")?.parse().unwrap();
    let keys: Vec<String> = dimensions
        .iter()
        .map(|dimension| row.text(dimension).to_owned())
        .collect();
    let period = row.text("period").to_owned();
    let truth = cells.get(&(period.clone(), keys.clone()))?.value?;
    let named = dimensions.iter().cloned().zip(keys);
    Some(Number {
        period,
        keys: named.filter(|(_, key)| key != slow::TOTAL).collect(),
        value,
        error: row.some("standard_error").map(|text| text.parse().unwrap()),
        truth,
    })
}

/// What does not hold of a changed indicator as a whole.
pub(crate) fn wrong(data: &Path, indicator: &str, change: Change, slow: &Figures) -> Vec<String> {
    let published = Published::read(data, indicator, slow);
    let mut faults = published.two_numbers();
    faults.extend(match change {
        Change::Rounded { .. } => published.wrong_sums(),
        // Cells with noise of their own need not add up.
        Change::Keyed { .. } => Vec::new(),
        Change::Noisy { scale } => {
            let sums = published.wrong_sums();
            sums.into_iter()
                .chain(published.wrong_noise(scale))
                .collect()
        }
    });
    let differences = published.differences(change);
    faults.extend(not_drawn(indicator, change, &differences));
    faults
}

/// The standard deviation of whole numbers with P(v) proportional to exp(−|v| / scale).
fn spread(scale: f64) -> f64 {
    let a = (-1.0 / scale).exp();
    (2.0 * a).sqrt() / (1.0 - a)
}

/// Where the differences from the truth are not those of the noise that the agreement names.
fn not_drawn(indicator: &str, change: Change, differences: &[f64]) -> Option<String> {
    let count = differences.len() as f64;
    let mean = differences.iter().sum::<f64>() / count;
    let square = differences.iter().map(|one| one * one).sum::<f64>() / count;
    let changed = differences.iter().filter(|one| **one != 0.0).count();
    let told = format!(
        "{indicator}: {changed} of {count} numbers changed, by {mean:.2} on average and {:.2} in the root of the mean square",
        square.sqrt()
    );
    eprintln!("{told}");
    let is_right = match change {
        // A nought stays one, and of the others one in five is a multiple of 5.
        Change::Rounded { .. } => 4 * changed > differences.len(),
        // Cells of the same units have the same noise: the bounds are wider than those of so many draws.
        Change::Keyed { variance, .. } => {
            differences.len() > 100
                && mean.abs() < variance.sqrt() / 2.0
                && (variance / 2.0..variance * 2.0).contains(&square)
        }
        // Of thirty draws with so heavy tails the mean square is outside of this less than once in 10⁹ runs.
        Change::Noisy { scale } => {
            let variance = spread(scale).powi(2);
            differences.len() > 20 && (variance / 25.0..variance * 16.0).contains(&square)
        }
    };
    (!is_right).then_some(told)
}

#[test]
fn sdc_repeat_query_gives_the_same_changed_numbers_and_costs_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let home = folder.path().join("demo");
    own_demo(&home, "2000");
    let first = tables(&home, &BTreeSet::new());
    let (paid, account) = (payments(&home), account(&home));
    assert_eq!(paid.len(), 1, "{paid:?}");
    assert!(account["answers"].as_array().unwrap().len() >= 9);
    the_public_reads_what_was_spent(&home, &account);
    let known: BTreeSet<String> = requests(&home);
    // Nothing of the first run is left to copy from.
    fs::remove_dir_all(home.join("state/results/cells")).unwrap();
    let asked = ask(&home);
    assert_eq!(asked.status.code(), Some(4), "{}", said(&asked));
    assert_eq!(tables(&home, &known), first);
    assert_eq!(payments(&home), paid);
    assert_eq!(self::account(&home), account);
    trace_tells(&home);
    account_is_kept(&home);
}

/// Every answer costs ε = 1, as the agreement says; the page of the acts has the sum.
fn the_public_reads_what_was_spent(home: &Path, account: &Value) {
    let answers = account["answers"].as_array().unwrap().len();
    let page = home.join("site/en/what-is-done-with-the-data.html");
    let page = fs::read_to_string(page).unwrap();
    let told = format!("population aid_recipients: of its budget ε = {answers} is spent in all");
    assert!(page.contains(&told), "`{told}` is not on the page");
}

/// Whoever follows a number back hears that it was changed.
fn trace_tells(home: &Path) {
    let dir = home.to_str().unwrap();
    let trace = |name: &str| said(&run("wdl", &["trace", name, "--dir", dir]));
    let changed = trace("families_moved");
    assert!(changed.contains("at most 8 from the truth"), "{changed}");
    let exact = trace("families");
    assert!(!exact.contains("from the truth"), "{exact}");
}

/// Whoever loses the account cannot say what was spent: nothing more is drawn.
fn account_is_kept(home: &Path) {
    let file = home.join("state/release/budgets/aid_recipients.json");
    let whole = fs::read(&file).unwrap();
    fs::remove_file(&file).unwrap();
    let refused = ask(home);
    assert!(said(&refused).contains("WDL-X198"), "{}", said(&refused));
    let mut emptied: Value = serde_json::from_slice(&whole).unwrap();
    emptied["answers"] = Value::Array(Vec::new());
    fs::write(&file, emptied.to_string()).unwrap();
    let refused = ask(home);
    assert!(said(&refused).contains("WDL-X198"), "{}", said(&refused));
    fs::write(&file, &whole).unwrap();
    hidden_when_spent(home, &file);
}

/// What the budget does not reach is hidden whole and said to be, nothing is drawn, and everything else is asked for as before.
fn hidden_when_spent(home: &Path, file: &Path) {
    let whole = fs::read(file).unwrap();
    let lab = home.join("lab/lab.yaml");
    let text = fs::read_to_string(&lab).unwrap();
    let dear = text.replace("epsilon: 1, population", "epsilon: 12, population");
    assert_ne!(text, dear);
    fs::write(&lab, dear).unwrap();
    let known = requests(home);
    let asked = ask(home);
    assert_eq!(asked.status.code(), Some(4), "{}", said(&asked));
    assert_eq!(fs::read(file).unwrap(), whole);
    let made = tables(home, &known);
    let made = made
        .values()
        .map(|bytes| serde_json::from_slice::<Value>(bytes).unwrap());
    let (spent, others): (Vec<Value>, Vec<Value>) =
        made.partition(|table| table["header"]["indicator"] == "aid_recipients");
    let statuses = |tables: &[Value]| -> BTreeSet<String> {
        let cells = tables
            .iter()
            .flat_map(|table| table["cells"].as_array().unwrap());
        cells
            .map(|cell| cell["status"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(
        statuses(&spent),
        BTreeSet::from(["suppressed_primary".to_owned()])
    );
    assert!(statuses(&others).contains("value"));
    for table in &spent {
        let words = table["header"]["uncertainty"]["en"].as_str().unwrap();
        assert!(words.contains("are not published"), "{words}");
    }
}

fn ask(home: &Path) -> std::process::Output {
    let key = home.join("offices/analisi.key");
    run(
        "wdl",
        &[
            "release",
            "request",
            "--why",
            "the same numbers again",
            "--dir",
            home.to_str().unwrap(),
            "--as",
            key.to_str().unwrap(),
        ],
    )
}

/// The folders of the requests.
fn requests(home: &Path) -> BTreeSet<String> {
    let entries = fs::read_dir(home.join("state/release")).unwrap();
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    names.filter(|name| name != "budgets").collect()
}

/// The tables of the requests that are not known yet, by their digest.
fn tables(home: &Path, known: &BTreeSet<String>) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    for request in requests(home).difference(known) {
        let folder = home.join("state/release").join(request).join("tables");
        for file in files(&folder) {
            let name = file.file_name().unwrap().to_str().unwrap().to_owned();
            found.insert(name, fs::read(&file).unwrap());
        }
    }
    assert!(found.len() > 200, "{} tables", found.len());
    found
}

/// What the record says was paid.
fn payments(home: &Path) -> Vec<String> {
    let record = fs::read_to_string(home.join("state/ledger/ledger.jsonl")).unwrap();
    let paid = record
        .lines()
        .filter(|line| line.contains("\"noise_paid\""));
    paid.map(str::to_owned).collect()
}

fn account(home: &Path) -> Value {
    let file = home.join("state/release/budgets/aid_recipients.json");
    serde_json::from_slice(&fs::read(file).unwrap()).unwrap()
}

/// What is published of a changed table names how it was changed, in every form, on the pages of both languages and in the signed record beside it.
pub(crate) fn is_told(site: &Path, indicator: &str, change: Change) -> Vec<String> {
    let (it, en) = match change {
        Change::Rounded { base } => (
            format!("arrotondati a multipli di {base}"),
            format!("rounded to multiples of {base}"),
        ),
        Change::Keyed { deviation, .. } => (
            format!("dal vero al più {deviation}"),
            format!("at most {deviation} from the truth"),
        ),
        Change::Noisy { .. } => ("rumore casuale".to_owned(), "random noise".to_owned()),
    };
    let method = change.name();
    let mut faults = Vec::new();
    let mut must = |file: &Path, words: &[&str]| {
        let text = fs::read_to_string(file).unwrap();
        let lacking = words.iter().filter(|word| !text.contains(**word));
        faults.extend(lacking.map(|word| format!("{}: no `{word}`", file.display())));
    };
    let page = format!("{indicator}.html");
    must(
        &site.join("it/indicatori").join(&page),
        &[it.as_str(), "circa ", "Numeri modificati per riservatezza"],
    );
    must(
        &site.join("en/indicators").join(&page),
        &[en.as_str(), "about ", "Numbers changed for confidentiality"],
    );
    let named = format!("\"method\":\"{method}\"");
    for file in files(&site.join("data").join(indicator)) {
        let name = file.file_name().unwrap().to_str().unwrap().to_owned();
        match name.rsplit('.').next().unwrap() {
            "svg" if name.contains(".it.") => must(&file, &["modificati per riservatezza"]),
            "svg" => must(&file, &["changed for confidentiality"]),
            "csv" => must(&file, &[method, "distance_max"]),
            "json" if !name.ends_with("lineage.json") => must(&file, &[&named]),
            _ => {}
        }
    }
    faults
}

/// A row of a published table: value, error, units, coverage, way, distance.
fn row(fields: [&str; 6]) -> Row {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("total.csv");
    let [value, error, n, coverage, protection, away] = fields;
    let head = "period,value,standard_error,n,n_with,coverage,status,protection,distance_max";
    let line = format!("2024,{value},{error},{n},,{coverage},value,{protection},{away}");
    fs::write(&file, format!("{head}\n{line}\n")).unwrap();
    slow::read(&file).rows.remove(0)
}

fn of(truth: f64) -> Cell {
    Cell {
        is_collected: true,
        value: Some(truth),
        standard_error: None,
        n: truth as u64,
        n_with: None,
        coverage: None,
    }
}

#[test]
fn a_number_changed_otherwise_than_agreed_is_found() {
    let rounded = Change::Rounded { base: 5.0 };
    let keyed = Change::Keyed {
        deviation: 8.0,
        variance: 4.0,
    };
    let noisy = Change::Noisy { scale: 2.0 };
    let right = [
        (
            rounded,
            12.0,
            ["10", "", "10", "", "controlled_rounding", "4"],
        ),
        (rounded, 3.0, ["0", "", "0", "", "controlled_rounding", "4"]),
        (keyed, 10.0, ["12", "2", "12", "", "cell_keys", "8"]),
        (keyed, 3.0, ["0", "2", "0", "", "cell_keys", "8"]),
        (
            noisy,
            1.0,
            ["-2", "2.8", "", "", "differential_privacy", ""],
        ),
    ];
    for (change, truth, fields) in right {
        assert!(is_right(&row(fields), &of(truth), change), "{fields:?}");
    }
    let wrong = [
        // No multiple, too far, an error, a true count beside it, another way, a share that is covered.
        (
            rounded,
            12.0,
            ["12", "", "12", "", "controlled_rounding", "4"],
        ),
        (
            rounded,
            12.0,
            ["20", "", "20", "", "controlled_rounding", "4"],
        ),
        (
            rounded,
            12.0,
            ["20", "", "20", "", "controlled_rounding", "14"],
        ),
        (
            rounded,
            12.0,
            ["10", "1", "10", "", "controlled_rounding", "4"],
        ),
        (
            rounded,
            12.0,
            ["10", "", "12", "", "controlled_rounding", "4"],
        ),
        (rounded, 12.0, ["10", "", "10", "", "cell_keys", "4"]),
        (
            rounded,
            12.0,
            ["10", "", "10", "0.9", "controlled_rounding", "4"],
        ),
        // Too far, a small count, somebody who is nobody, another error, another distance.
        (keyed, 10.0, ["19", "2", "19", "", "cell_keys", "8"]),
        (keyed, 10.0, ["3", "2", "3", "", "cell_keys", "8"]),
        (keyed, 0.0, ["6", "2", "6", "", "cell_keys", "8"]),
        (keyed, 10.0, ["12", "3", "12", "", "cell_keys", "8"]),
        (keyed, 10.0, ["12", "2", "12", "", "cell_keys", "9"]),
        (keyed, 10.0, ["12", "2", "10", "", "cell_keys", "8"]),
        // A number of units, a distance that chance does not keep, a part of a person.
        (
            noisy,
            1.0,
            ["-2", "2.8", "1", "", "differential_privacy", ""],
        ),
        (
            noisy,
            1.0,
            ["-2", "2.8", "", "", "differential_privacy", "6"],
        ),
        (
            noisy,
            1.0,
            ["-2.5", "2.8", "", "", "differential_privacy", ""],
        ),
    ];
    for (change, truth, fields) in wrong {
        assert!(!is_right(&row(fields), &of(truth), change), "{fields:?}");
    }
}

/// A total and two categories of a dimension.
fn published(total: [f64; 2], parts: [f64; 2]) -> Published {
    let number = |key: Option<&str>, value: f64, cells: f64| Number {
        period: "2024".to_owned(),
        keys: key
            .map(|key| ("a".to_owned(), key.to_owned()))
            .into_iter()
            .collect(),
        value,
        error: Some(spread(2.0) * cells.sqrt()),
        truth: value,
    };
    let by_a = vec![
        number(None, total[1], 2.0),
        number(Some("a1"), parts[0], 1.0),
        number(Some("a2"), parts[1], 1.0),
    ];
    Published {
        indicator: "made".to_owned(),
        tables: BTreeMap::from([
            (Vec::new(), vec![number(None, total[0], 2.0)]),
            (vec!["a".to_owned()], by_a),
        ]),
    }
}

#[test]
fn tables_that_do_not_hold_together_are_found() {
    let whole = published([12.0, 12.0], [5.0, 7.0]);
    assert!(whole.two_numbers().is_empty() && whole.wrong_sums().is_empty());
    assert!(whole.wrong_noise(2.0).is_empty());
    assert_eq!(published([12.0, 13.0], [5.0, 8.0]).two_numbers().len(), 1);
    assert_eq!(published([12.0, 12.0], [5.0, 8.0]).wrong_sums().len(), 1);
    // Errors of another noise, and of a total that says it has the noise of one cell.
    assert_eq!(whole.wrong_noise(3.0).len(), 4);
    let mut one = published([12.0, 12.0], [5.0, 7.0]);
    one.tables.get_mut(&Vec::new()).unwrap()[0].error = Some(spread(2.0));
    assert_eq!(one.wrong_noise(2.0).len(), 1);
    // Farther away than noise comes.
    let mut far = published([12.0, 12.0], [5.0, 7.0]);
    far.tables.get_mut(&Vec::new()).unwrap()[0].truth = 500.0;
    assert_eq!(far.wrong_noise(2.0).len(), 1);
}

#[test]
fn differences_that_are_not_the_noise_of_the_agreement_are_found() {
    let rounded = Change::Rounded { base: 5.0 };
    let keyed = Change::Keyed {
        deviation: 8.0,
        variance: 7.0,
    };
    let noisy = Change::Noisy { scale: 2.0 };
    let repeated = |values: &[f64]| values.repeat(50);
    for (change, differences) in [
        (rounded, repeated(&[0.0, 1.0, -2.0])),
        (keyed, repeated(&[3.0, -3.0, 2.0, -2.0])),
        (noisy, repeated(&[3.0, -3.0, 2.0, -2.0])),
    ] {
        assert_eq!(not_drawn("made", change, &differences), None);
    }
    for (change, differences) in [
        // Nothing was changed.
        (rounded, repeated(&[0.0])),
        (keyed, repeated(&[0.0; 4])),
        (noisy, repeated(&[0.0])),
        // To one side, and too little, and too much.
        (keyed, repeated(&[2.0, 3.0, 2.0, 3.0])),
        (keyed, repeated(&[1.0, -1.0, 1.0, -1.0])),
        (keyed, repeated(&[8.0, -8.0, 8.0, -8.0])),
        (noisy, repeated(&[20.0, -20.0])),
    ] {
        assert!(not_drawn("made", change, &differences).is_some());
    }
}
