//! Writes the documentation of the lab that the project ships, or says whether what is there is up to date.
//!
//! `cargo run -p xtask -- documents [--check]` builds and runs it, with the lab folder and the folder of the pages.

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::path::Path;
use std::process::ExitCode;

use wdl_contract::Contracts;
use wdl_indicators::{Indicators, documents};
use wdl_protocol::Lab;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (lab, folder, is_check) = match arguments.as_slice() {
        [lab, folder] => (lab, folder, false),
        [lab, folder, check] if check == "--check" => (lab, folder, true),
        _ => {
            eprintln!("usage: documents LAB FOLDER [--check]");
            return ExitCode::from(2);
        }
    };
    match run(Path::new(lab), Path::new(folder), is_check) {
        Ok(stale) if stale.is_empty() => ExitCode::SUCCESS,
        Ok(stale) => {
            for path in &stale {
                eprintln!("documents: `{path}` is not what the definitions say");
            }
            eprintln!("run `cargo run -p xtask -- documents`");
            ExitCode::FAILURE
        }
        Err(why) => {
            eprintln!("documents: {why}");
            ExitCode::from(70)
        }
    }
}

/// Writes the pages, or gives those that are not as they should be.
fn run(lab: &Path, folder: &Path, is_check: bool) -> Result<Vec<String>, Box<dyn Error>> {
    let contracts = Contracts::read(lab)?;
    let indicators = Indicators::read(lab, contracts.lists())?;
    let themes = Lab::read(lab)?.themes;
    let themes: Vec<_> = themes
        .into_iter()
        .map(|theme| (theme.id.to_string(), theme.title))
        .collect();
    let wanted = documents(&indicators, &themes);
    let there = read(folder, folder)?;
    let names: BTreeSet<&String> = wanted.keys().chain(there.keys()).collect();
    let is_stale = |name: &&&String| wanted.get(**name) != there.get(**name);
    let stale: Vec<String> = names
        .iter()
        .filter(is_stale)
        .map(|name| (**name).clone())
        .collect();
    if is_check {
        println!("documents: {} pages looked at", wanted.len());
        return Ok(stale);
    }
    for name in &stale {
        let path = folder.join(name);
        match wanted.get(name) {
            Some(text) => {
                std::fs::create_dir_all(path.parent().unwrap_or(folder))?;
                std::fs::write(&path, text)?;
            }
            None => std::fs::remove_file(&path)?,
        }
    }
    println!("documents: {} pages, {} written", wanted.len(), stale.len());
    Ok(Vec::new())
}

/// The Markdown of a folder, by path inside it; a folder that is not there has none.
fn read(root: &Path, folder: &Path) -> Result<BTreeMap<String, String>, Box<dyn Error>> {
    let mut found = BTreeMap::new();
    if !folder.is_dir() {
        return Ok(found);
    }
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            found.extend(read(root, &path)?);
        } else if path.extension().is_some_and(|ending| ending == "md") {
            let parts: Vec<_> = path.strip_prefix(root)?.iter().collect();
            let parts: Vec<_> = parts.iter().map(|part| part.to_string_lossy()).collect();
            found.insert(parts.join("/"), std::fs::read_to_string(&path)?);
        }
    }
    Ok(found)
}
