//! Packs the lab folder that the program ships, so that `wdl new` and `wdl demo` work without the repository.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

fn main() {
    let home =
        PathBuf::from(env::var("CARGO_MANIFEST_DIR").expect("cargo names the manifest's folder"));
    let lab = home.join("../../labs/modena");
    println!("cargo:rerun-if-changed={}", lab.display());
    let mut files = Vec::new();
    walk(&lab, &mut files);
    files.sort();
    let mut list = String::from("&[\n");
    for file in files {
        let name = file
            .strip_prefix(&lab)
            .expect("the walk begins at the folder");
        let path = file.canonicalize().expect("the file was just listed");
        let _ = writeln!(
            list,
            "    ({:?}, include_bytes!({:?})),",
            name.to_string_lossy(),
            path.to_string_lossy()
        );
    }
    list.push(']');
    let out = PathBuf::from(env::var("OUT_DIR").expect("cargo names the output folder"));
    fs::write(out.join("lab_files.rs"), list).expect("the output folder can be written");
}

fn walk(folder: &Path, files: &mut Vec<PathBuf>) {
    println!("cargo:rerun-if-changed={}", folder.display());
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        match path.is_dir() {
            true => walk(&path, files),
            false => files.push(path),
        }
    }
}
