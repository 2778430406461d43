//! Reads the manifests through `cargo metadata` and compares every arrow with the floors and the walls.

use std::collections::{BTreeMap, BTreeSet};
use std::process::{Command, ExitCode};

use serde_json::Value;

use crate::floors::{FLOORS, GUARDED, WALLS};

/// The names a package depends on, without its development dependencies.
type Arrows = BTreeMap<String, BTreeSet<String>>;

pub(crate) fn check() -> ExitCode {
    let (ours, arrows, turned_off) = match read() {
        Ok(read) => read,
        Err(why) => {
            eprintln!("the manifests cannot be read: {why}");
            return ExitCode::from(70);
        }
    };
    let mut faults = faults(&ours, &arrows);
    faults.extend(turned_off);
    for fault in &faults {
        eprintln!("manifests: {fault}");
    }
    if faults.is_empty() {
        println!("manifests: {} crates, every arrow points down", ours.len());
        return ExitCode::SUCCESS;
    }
    ExitCode::FAILURE
}

/// The crates of the workspace, the arrows of every package in the lock file, and the faults of tests turned off.
fn read() -> Result<(BTreeSet<String>, Arrows, Vec<String>), String> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--locked", "--offline"])
        .output()
        .map_err(|fault| fault.to_string())?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned());
    }
    let metadata: Value =
        serde_json::from_slice(&output.stdout).map_err(|fault| fault.to_string())?;
    let names = package_names(&metadata);
    let ours = list(&metadata["workspace_members"])
        .filter_map(|id| names.get(text(id)).cloned())
        .collect();
    let mut arrows = Arrows::new();
    for node in list(&metadata["resolve"]["nodes"]) {
        let Some(from) = names.get(text(&node["id"])) else {
            continue;
        };
        let to = list(&node["deps"])
            .filter(|dependency| list(&dependency["dep_kinds"]).any(|kind| kind["kind"].is_null()))
            .filter_map(|dependency| names.get(text(&dependency["pkg"])).cloned());
        arrows.entry(from.clone()).or_default().extend(to);
    }
    let turned_off = crate::untested::faults(&metadata)?;
    Ok((ours, arrows, turned_off))
}

fn package_names(metadata: &Value) -> BTreeMap<String, String> {
    list(&metadata["packages"])
        .map(|package| {
            (
                text(&package["id"]).to_owned(),
                text(&package["name"]).to_owned(),
            )
        })
        .collect()
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

/// Every arrow that the house forbids, in words.
fn faults(ours: &BTreeSet<String>, arrows: &Arrows) -> Vec<String> {
    let floors: BTreeMap<&str, u8> = FLOORS.iter().copied().collect();
    let mut faults = Vec::new();
    for name in ours {
        let Some(floor) = floors.get(name.as_str()) else {
            faults.push(format!(
                "`{name}` has no floor: add it to xtask/src/floors.rs and ARCHITECTURE.md"
            ));
            continue;
        };
        for used in arrows.get(name).into_iter().flatten() {
            if floors
                .get(used.as_str())
                .is_some_and(|below| below >= floor)
            {
                faults.push(format!(
                    "`{name}` (floor {floor}) may not use `{used}` of the same or a higher floor"
                ));
            }
            faults.extend(unguarded(name, used));
        }
    }
    for wall in WALLS.iter().filter(|wall| ours.contains(wall.from)) {
        if reachable(wall.from, arrows).contains(wall.never) {
            faults.push(format!(
                "`{}` reaches `{}`: {}",
                wall.from, wall.never, wall.why
            ));
        }
    }
    faults
}

fn unguarded(name: &str, used: &str) -> Option<String> {
    let (_, allowed) = GUARDED.iter().find(|(guarded, _)| *guarded == used)?;
    (!allowed.contains(&name))
        .then(|| format!("`{name}` may not use `{used}`: only {allowed:?} may"))
}

fn reachable<'a>(from: &'a str, arrows: &'a Arrows) -> BTreeSet<&'a str> {
    let mut seen = BTreeSet::new();
    let mut waiting = vec![from];
    while let Some(name) = waiting.pop() {
        for next in arrows.get(name).into_iter().flatten() {
            if seen.insert(next.as_str()) {
                waiting.push(next);
            }
        }
    }
    seen
}

#[cfg(test)]
mod tests {
    use super::*;

    fn house(arrows: &[(&str, &str)]) -> Vec<String> {
        let mut map = Arrows::new();
        for (from, to) in arrows {
            map.entry((*from).to_owned())
                .or_default()
                .insert((*to).to_owned());
        }
        let ours = arrows.iter().map(|(from, _)| (*from).to_owned()).collect();
        faults(&ours, &map)
    }

    #[test]
    fn arrows_down_are_fine() {
        assert_eq!(
            house(&[("wdl-lab", "wdl-base"), ("wdl-frame", "datafusion")]),
            Vec::<String>::new()
        );
    }

    #[test]
    fn every_forbidden_arrow_is_named() {
        for (from, to) in [
            ("wdl-vocab", "wdl-lab"),
            ("wdl-lab", "wdl-identity"),
            ("wdl-base", "datafusion"),
            ("wdl-base", "wdl-publication"),
            ("wdl-new", "wdl-vocab"),
        ] {
            assert!(!house(&[(from, to)]).is_empty(), "{from} -> {to}");
        }
    }

    #[test]
    fn a_wall_is_seen_through_other_crates() {
        let through = house(&[
            ("wdl-publication", "wdl-chart"),
            ("wdl-chart", "other"),
            ("other", "arrow"),
        ]);
        assert!(
            through
                .iter()
                .any(|fault| fault.contains("`wdl-publication` reaches `arrow`")),
            "{through:?}"
        );
    }
}
