//! How long the first delivery of a city takes: so many new people through two custodians, each its own service, in verifiable mode.
//!
//! `cargo run -p wdl-holder --example two_custodians [PEOPLE]`, with `wdl-keys` built beside it.
//! Standard output: one JSON object, `{"people":…,"seconds":…,"per_second":…,"cores":…}`.

use std::collections::BTreeMap;
use std::error::Error;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use wdl_crypto::{Certificate, Moment, Realm, SealingKey, SigningKey};
use wdl_holder::body::Body;
use wdl_holder::seal::{Custodian, HttpCustodian, Progress, Sealing, learn_ahead};
use wdl_vocab::{BodyId, DatasetId, Period};

type Outcome<T> = Result<T, Box<dyn Error>>;

struct Quiet;

impl Progress for Quiet {
    fn begin(&self, _: u64) {}
    fn advance(&self, _: u64) {}
}

/// A service, ended when it is dropped.
struct Service {
    child: Child,
    address: String,
}

impl Drop for Service {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

const NAMES: [&str; 2] = ["first", "second"];

fn main() -> Outcome<()> {
    let people: usize = match std::env::args().nth(1) {
        Some(text) => text.parse()?,
        None => 185_000,
    };
    let folder = tempfile::tempdir()?;
    let body = Body::init(&folder.path().join("body"), &BodyId::parse("comune")?)?;
    let now = certify(folder.path(), &body)?;
    let services = [
        serve(folder.path(), NAMES[0])?,
        serve(folder.path(), NAMES[1])?,
    ];
    let codes: Vec<String> = (0..people).map(|nth| format!("INVENTED{nth:08}")).collect();
    let codes: Vec<&str> = codes.iter().map(String::as_str).collect();
    let custodians = [
        HttpCustodian::new(&services[0].address, None)?,
        HttpCustodian::new(&services[1].address, None)?,
    ];
    let custodians: Vec<&dyn Custodian> =
        custodians.iter().map(|one| one as &dyn Custodian).collect();
    let sealing = Sealing {
        body: &body,
        realm: &Realm::new("modena", "welfare", "2026")?,
        period: Period::quarter(2026, 3),
        recipient: &SealingKey::generate().recipient(),
        custodians: &custodians,
        custodian_names: &NAMES.map(str::to_owned),
        custodian_keys: None,
        contracts: &[],
        recipes: &BTreeMap::new(),
        only_accepted: false,
        manners: &BTreeMap::new(),
        out: &folder.path().join("out"),
        created: &now.to_string(),
        progress: &Quiet,
    };
    let start = Instant::now();
    let asked = learn_ahead(
        &sealing,
        &DatasetId::parse("residenti")?,
        ("person", &codes),
    )?;
    let seconds = start.elapsed().as_secs_f64();
    let cores = std::thread::available_parallelism()?;
    println!(
        r#"{{"people":{asked},"seconds":{seconds:.2},"per_second":{:.0},"cores":{cores}}}"#,
        asked as f64 / seconds
    );
    Ok(())
}

/// The agreement's key, and its word for the body's.
fn certify(folder: &Path, body: &Body) -> Outcome<Moment> {
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs();
    let now = Moment::of_seconds(i64::try_from(seconds)?)?;
    let agreement = SigningKey::generate();
    agreement
        .verifying_key()
        .write(&folder.join("agreement.pub"))?;
    std::fs::create_dir(folder.join("bodies"))?;
    let certificate = Certificate {
        lab: "modena".to_owned(),
        body: body.id.clone(),
        key: body.signing.verifying_key(),
        not_before: now,
        not_after: now.plus_days(1),
    };
    certificate
        .sign(&agreement)?
        .write(&folder.join("bodies/comune.cert.json"))?;
    Ok(now)
}

/// Prepares a custodian and starts its service.
fn serve(folder: &Path, name: &str) -> Outcome<Service> {
    let own = std::env::current_exe()?;
    let programs = own
        .parent()
        .and_then(Path::parent)
        .ok_or("no folder of programs")?;
    let program = programs.join("wdl-keys");
    let dir = folder.join(name);
    let words = ["--id", name, "--lab", "modena", "--project", "welfare"];
    let made = Command::new(&program)
        .args(["init", "--key-period", "2026", "--dir"])
        .arg(&dir)
        .args(words)
        .stdout(Stdio::null())
        .status()
        .map_err(|error| format!("{}: {error}", program.display()))?;
    if !made.success() {
        return Err("the custodian cannot be prepared".into());
    }
    let mut child = Command::new(&program)
        .args(["serve", "--dir"])
        .arg(&dir)
        .arg("--bodies")
        .arg(folder.join("bodies"))
        .arg("--agreement")
        .arg(folder.join("agreement.pub"))
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()?;
    let mut line = String::new();
    BufReader::new(child.stdout.take().ok_or("no output")?).read_line(&mut line)?;
    let said: serde_json::Value = serde_json::from_str(&line)?;
    let address = said["listening"].as_str().ok_or("it does not listen")?;
    Ok(Service {
        address: address.to_owned(),
        child,
    })
}
