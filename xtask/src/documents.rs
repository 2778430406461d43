//! Makes the documentation of the shipped lab's indicators, or checks that it is what the definitions say.
//!
//! The pages are made by an example of `wdl-indicators`, built with the features of the whole workspace: xtask itself stays without a query engine, so that the manifests are checked in seconds.

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

const LAB: &str = "labs/modena";
const FOLDER: &str = "docs/indicators";

pub(crate) fn run(is_check: bool) -> ExitCode {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let build = Command::new(env!("CARGO"))
        .current_dir(&root)
        .args(["build", "--quiet", "--workspace", "--example", "documents"])
        .status();
    if !build.is_ok_and(|status| status.success()) {
        eprintln!("documents: the example that makes the pages cannot be built");
        return ExitCode::from(70);
    }
    let mut arguments = vec![LAB, FOLDER];
    arguments.extend(is_check.then_some("--check"));
    let made = Command::new(program(&root))
        .current_dir(&root)
        .args(arguments)
        .status();
    match made {
        Ok(status) if status.success() => ExitCode::SUCCESS,
        Ok(_) => ExitCode::FAILURE,
        Err(why) => {
            eprintln!("documents: {why}");
            ExitCode::from(70)
        }
    }
}

/// Beside xtask itself, whatever the folder of the build.
fn program(root: &Path) -> PathBuf {
    let name = format!("documents{}", std::env::consts::EXE_SUFFIX);
    let beside = std::env::current_exe().ok();
    let beside = beside.and_then(|own| own.parent().map(|folder| folder.join("examples")));
    beside
        .unwrap_or_else(|| root.join("target/debug/examples"))
        .join(name)
}
